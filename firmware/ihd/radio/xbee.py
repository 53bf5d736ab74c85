"""An XBee 3 in API mode 2 behind a UART, as a Radio.

Source: Digi 90001539, "API frames", "AT commands". The module is first brought to its profile by read, compare, write;
then its association (AI) is asked for ever. Two questions in a row without an answer are 10 s of silence: the module is
missing, and it is sought in API mode 1 and in command mode.
"""

from micropython import const

from ihd import on_demand
from ihd.clock import ticks_add, ticks_diff
from ihd.radio import (
    BROADCAST,
    DELIVERY,
    INDICATION,
    JOINED,
    JOINING,
    MISSING,
    NETWORK,
    STARTING,
    UNKNOWN_SHORT,
    Indication,
    api_frame,
    sized,
)

_AT = const(0x08)
_AT_RESPONSE = const(0x88)
_EXPLICIT_TRANSMIT = const(0x11)
_EXPLICIT_RECEIVE = const(0x91)
_TRANSMIT_STATUS = const(0x8B)
_MODEM_STATUS = const(0x8A)
_EXTENDED_MODEM_STATUS = const(0x98)  # tells of the joining in detail; AI tells what we need

_APS = const(0x20)  # transmit and receive option: APS-encrypted
_BROADCAST = const(0x02)  # receive option

_HARDWARE_RESET = const(0x00)  # modem status
_WATCHDOG_RESET = const(0x01)

_INVALID_COMMAND = const(2)  # AT status

_AT_TIMEOUT = const(2500)  # ms
_AT_TRIES = const(2)
_JOIN_POLL = const(2000)  # ms between questions for the association, until it is there ...
_LINK_POLL = const(30000)  # ... and while it lasts

_LONGEST_PAYLOAD = const(255)  # octets, unicast, fragmented by the module


class XBee:
    """The module at `uart` (readinto and write of a MicroPython UART with timeout 0).

    profile: a row of three octets a setting, command and value. refused: counts. report(what, where): tells of one
    that the module refuses.
    """

    def __init__(self, uart, profile, refused, report):
        self.name = "radio"
        self._uart = uart
        self._profile = profile
        self._refused = refused
        self._report = report
        self._parser = api_frame.Parser(refused)
        self._rx = bytearray(128)
        self._rx_at = self._rx_end = 0
        self._dirty = False  # whether octets that were taken still stand in _rx
        self._tx = memoryview(b"")  # what the UART has not taken yet
        self._frame_id = 0
        self._asked = self._answer_to = None  # the AT command under way, and its frame id
        self._tries = self._silent = 0
        self._hurry = False  # the script's next wait is to be none
        self._due = None  # ticks at which the script goes on without an answer
        self._script = self._set_up(False)
        self._told = None
        self.state = STARTING
        self.eui64 = None  # 8 bytes in printed order, None until read
        self.short = UNKNOWN_SHORT
        self.pan = None  # extended PAN id, 8 bytes, None until joined
        self.signal = None  # dBm of the last frame's last hop; None: not told yet, 0: the module does not tell
        self.indication = Indication()
        self.token = 0
        self.delivered = False

    def poll(self, now):
        """The next thing that happened: a kind of the Radio contract or None. now: ticks, ms."""
        self._flush()
        while True:
            if self._rx_at == self._rx_end:
                self._rx_at = 0
                self._rx_end = self._uart.readinto(self._rx) or 0
                if not self._rx_end:
                    self._wipe()
                    break
                self._dirty = True
            self._rx_at, found = self._parser.feed(self._rx, self._rx_at, self._rx_end)
            if found:
                kind = self._receive(self._parser.frame, now)
                if kind:
                    return kind
        if self._due is None or ticks_diff(now, self._due) >= 0:
            self._time_out(now)
        if self._told != self.state:
            self._told = self.state
            return NETWORK
        return None

    def wake(self, now):
        """Milliseconds until poll wants to be called though nothing is received."""
        if self._tx:
            return 5
        return 0 if self._due is None else max(0, ticks_diff(self._due, now))

    def forget(self, meter, before, scope):
        """See tenancy.keepers; by itself nothing received is kept longer than until it was taken."""
        self._wipe()
        return False

    def holds(self, meter, before, scope):
        """See tenancy.keepers."""
        return self._dirty or self._parser.held()

    def send(self, address, short, cluster, profile, source_endpoint, endpoint, payload, secured):
        """Transmit; returns the token a DELIVERY will name, or None when there is no room now.

        address: EUI-64 as 8 bytes, or radio.COORDINATOR, BROADCAST or UNKNOWN. secured: with APS encryption.
        Raises ValueError for more than 255 octets of payload.
        """
        if len(payload) > _LONGEST_PAYLOAD:
            raise ValueError
        if self._tx or self.state != JOINED:
            return None
        token = self.next_id()
        head = bytes((_EXPLICIT_TRANSMIT, token)) + address + short.to_bytes(2, "big")
        way = bytes((source_endpoint, endpoint)) + cluster.to_bytes(2, "big") + profile.to_bytes(2, "big")
        options = _APS if secured and address != BROADCAST else 0  # an XBee cannot encrypt a broadcast
        self.write(head + way + bytes((0, options)) + payload)
        return token

    def next_id(self):
        """A frame id, 1 to 255 and round again."""
        self._frame_id = self._frame_id % 255 + 1
        return self._frame_id

    def write(self, frame, escape=True):
        """Send the API frame with this frame data. escape: API mode 2; without, mode 1."""
        self._tx = memoryview(api_frame.write(frame, escape))
        self._flush()

    def _wipe(self):
        """Overwrite what was received and taken, in the receive buffer and in the parser's."""
        if self._dirty:
            self._parser.wipe()
            for at in range(len(self._rx)):
                if not self._rx_at <= at < self._rx_end:
                    self._rx[at] = 0
            self._dirty = self._rx_at < self._rx_end

    def _flush(self):
        while self._tx:
            written = self._uart.write(self._tx)
            if not written:
                return
            self._tx = self._tx[written:]

    def _receive(self, frame, now):
        kind = frame[0]
        if kind == _EXPLICIT_RECEIVE and len(frame) >= 18:
            indication = self.indication
            if frame[1:9] != indication.source:  # mostly the same meter speaks: no copy then
                indication.source = bytes(frame[1:9])
            indication.short = frame[9] << 8 | frame[10]
            indication.source_endpoint = frame[11]
            indication.endpoint = frame[12]
            indication.cluster = frame[13] << 8 | frame[14]
            indication.profile = frame[15] << 8 | frame[16]
            indication.broadcast = bool(frame[17] & _BROADCAST)
            indication.secured = bool(frame[17] & _APS)
            indication.payload = frame[18:]
            return INDICATION
        if kind == _TRANSMIT_STATUS and len(frame) >= 7:
            self.token = frame[1]
            self.delivered = frame[5] == 0
            return DELIVERY
        if kind == _AT_RESPONSE and len(frame) >= 5:
            if frame[1] == self._answer_to and bytes(frame[2:4]) == self._asked:
                self._answered(frame, now)
        elif kind == _MODEM_STATUS and len(frame) >= 2:
            if frame[1] in (_HARDWARE_RESET, _WATCHDOG_RESET):
                self._restart(self._set_up(False), now)
            elif self.state in (JOINING, JOINED):  # joined, left, new key or PAN: ask soon
                if self._asked is None:
                    self._due = now
                else:
                    self._hurry = True
        elif kind in (_EXPLICIT_RECEIVE, _TRANSMIT_STATUS, _AT_RESPONSE, _MODEM_STATUS):
            self._refused.count("length")
        elif kind != _EXTENDED_MODEM_STATUS:
            self._refused.count("api_type")
        return None

    def _answered(self, frame, now):
        status = frame[4] & 0x0F
        if status:
            if status == _INVALID_COMMAND:
                self._report("radio knows no " + self._asked.decode(), "xbee")
            else:
                self._report("radio refused " + self._asked.decode(), "xbee")
        self._silent = 0
        self._go_on(None if status else bytes(frame[5:]), now)

    def _time_out(self, now):
        if self._asked is None:
            self._go_on(None, now)
        elif self._tries < _AT_TRIES:
            self._ask(now)
        else:
            self._silent += 1
            if self._silent < 2:
                self._go_on(None, now)
            else:
                self._silent = 0
                self.state = MISSING
                self._restart(self._seek(), now)

    def _restart(self, script, now):
        self._script = script
        self._go_on(None, now)

    def _go_on(self, answer, now):
        """Let the script say what is next: (AT command, value or b"") to ask, or (None, ms) to wait."""
        self._asked = None
        try:
            step = self._script.send(answer)
        except StopIteration:
            self._script = self._set_up(True)
            step = next(self._script)
        self._asked, self._value = step
        if self._asked is None:
            self._due = ticks_add(now, 0 if self._hurry else self._value)
            self._hurry = False
        else:
            self._tries = 0
            self._ask(now)

    def _ask(self, now):
        self._due = ticks_add(now, _AT_TIMEOUT)
        if not self._tx:
            self._answer_to = self.next_id()
            self.write(bytes((_AT, self._answer_to)) + self._asked + self._value)
        self._tries += 1

    def _set_up(self, save):
        """Bring the module to its profile, then watch the association. save: write to its flash in any case."""
        at_setup = on_demand.load("ihd.radio.at_setup")
        yield from at_setup.set_up(self, self._profile, save)
        del at_setup
        on_demand.drop("ihd.radio.at_setup")
        while True:
            association = yield b"AI", b""
            if association is not None and int.from_bytes(association, "big") == 0:
                if self.state != JOINED:
                    self.pan = sized((yield b"OP", b""), 8)
                short = sized((yield b"MY", b""), 2)
                self.short = int.from_bytes(short, "big") if short else UNKNOWN_SHORT
                self.state = JOINED
                if self.signal != 0:
                    strength = yield b"DB", b""
                    if strength:
                        self.signal = -strength[0] or None  # 0 is said until something was received
                    elif not self._silent:
                        self.signal = 0
                yield None, _LINK_POLL
            else:
                if association is not None:
                    self.state = JOINING
                yield None, _JOIN_POLL

    def _seek(self):
        yield from on_demand.load("ihd.radio.at_setup").seek(self, self._uart)
