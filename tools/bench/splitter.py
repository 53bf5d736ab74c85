"""Bytes of a UART into whole API frames, with a complaint about every byte that breaks the rules."""

START = 0x7E
ESCAPE = 0x7D
ESCAPED = (0x7E, 0x7D, 0x11, 0x13)
# Explicit transmit with 255 bytes of payload is 275 long.
LONGEST = 300


class Splitter:
    def __init__(self, escaped, fault):
        """escaped: API mode 2. fault(sentence) is called for each breach."""
        self._escaped = escaped
        self._fault = fault
        self._frame = None
        self._escape = False

    def feed(self, data):
        """Whole frames (bytearray, unescaped, start to checksum) completed by these bytes; the sum is verified."""
        frames = []
        stray = 0
        for byte in data:
            if byte == START and (self._escaped or self._frame is None):
                self._start()
            elif self._frame is None:
                stray += 1
            elif byte == ESCAPE and self._escaped and not self._escape:
                self._escape = True
            else:
                self._frame.append(self._plain(byte) if self._escaped else byte)
                frames.extend(self._complete())
        if stray:
            self._fault(f"{stray} bytes outside any frame")
        return frames

    def _start(self):
        if self._frame is not None:
            self._fault(f"a frame was cut short after {len(self._frame)} bytes by a new start")
        self._frame = bytearray([START])
        self._escape = False

    def _plain(self, byte):
        if self._escape:
            self._escape = False
            if byte ^ 0x20 not in ESCAPED:
                self._fault(f"byte 0x{byte ^ 0x20:02X} was escaped without need")
            return byte ^ 0x20
        if byte in ESCAPED:
            self._fault(f"byte 0x{byte:02X} was sent unescaped")
        return byte

    def _complete(self):
        """The frame at hand, in a list, if it is whole and right."""
        frame = self._frame
        if len(frame) < 3:
            return []
        length = int.from_bytes(frame[1:3], "big")
        if not 0 < length <= LONGEST:
            self._fault(f"a frame claims a length of {length}")
        elif len(frame) < 4 + length:
            return []
        elif sum(frame[3:]) & 0xFF != 0xFF:
            self._fault(f"a frame of type 0x{frame[3]:02X} has a wrong checksum")
        else:
            self._frame = None
            return [frame]
        self._frame = None
        return []
