"""Command mode of an XBee in transparent mode: guard times, `+++`, and AT commands as text."""

GUARD_MS = 1000
TIMEOUT_MS = 10_000


class CommandMode:
    def __init__(self, timeline, xbee, put):
        """put(bytes) sends to the UART; the xbee offers `registers`, apply() and reset()."""
        self._timeline = timeline
        self._xbee = xbee
        self._put = put
        self._line = bytearray()
        self._pluses = 0
        self._last_ms = -GUARD_MS
        self.active = False

    def feed(self, data):
        for byte in data:
            if self.active:
                self._type(byte)
            elif byte == ord("+") and (self._pluses or self._timeline.now - self._last_ms >= GUARD_MS):
                self._pluses += 1
            else:
                self._pluses = 0
        self._last_ms = self._timeline.now
        if self.active:
            self._timeline.after(TIMEOUT_MS, self._time_out, self._last_ms)
        elif self._pluses == 3:
            self._timeline.after(GUARD_MS, self._enter, self._last_ms)

    def _enter(self, asked_ms):
        if self._last_ms == asked_ms and self._pluses == 3:
            self._pluses = 0
            self._line.clear()
            self.active = True
            self._put(b"OK\r")
            self._timeline.after(TIMEOUT_MS, self._time_out, self._last_ms)

    def _time_out(self, since_ms):
        if self.active and self._last_ms == since_ms:
            self.active = False
            self._xbee.apply()

    def _type(self, byte):
        if byte != ord("\r"):
            self._line.append(byte)
            return
        line = self._line.decode("latin-1").strip().upper()
        self._line.clear()
        self._put(self._execute(line).encode() + b"\r")
        if line == "ATCN":
            self.active = False
            self._xbee.apply()
        elif line == "ATAC":
            self._xbee.apply()
        elif line == "ATFR":
            self.active = False
            self._xbee.reset()

    def _execute(self, line):
        """The answer to one line; CN, AC and FR act after they have been answered."""
        registers = self._xbee.registers
        name, value = line[2:4], line[4:].strip()
        if line in ("AT", "ATCN", "ATAC", "ATFR"):
            return "OK"
        if line == "ATWR":
            registers.save()
            return "OK"
        try:
            if line.startswith("AT") and value:
                registers.queue(name, int(value, 16))
                return "OK"
            if line.startswith("AT"):
                return f"{int.from_bytes(registers.read(name), 'big'):X}"
        except (KeyError, ValueError):
            return "ERROR"
        return "ERROR"
