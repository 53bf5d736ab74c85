"""XBee API frames to and from bytes in API mode 2.

Source: Digi 90001539, "API mode with escapes". 7E, length (2 octets, big-endian), frame data, checksum; behind 7E every
7E 7D 11 13 travels as 7D and the octet XOR 20, the length and checksum too. So a bare 7E always starts a frame.
"""

from micropython import const

_START = const(0x7E)
_ESCAPE = const(0x7D)
_XON = const(0x11)
_XOFF = const(0x13)

LONGEST = const(280)  # octets of frame data: a 0x91 of 255 octets of payload has 273

_IDLE = const(-2)  # outside any frame
_LENGTH_HIGH = const(-1)


class Parser:
    """Finds the frames in a stream of octets, which may come in pieces of any size.

    frame: view of the frame data found last, until the next feed. Every refusal is counted in `refused`.
    """

    def __init__(self, refused):
        self._refused = refused
        self._buffer = bytearray(LONGEST + 1)  # frame data and checksum
        self._view = memoryview(self._buffer)
        self._got = _IDLE  # octets of this frame stored; or one of the above
        self._length = 0
        self._sum = 0
        self._escaped = False
        self.frame = self._view[:0]

    def wipe(self):
        """Overwrite what was received, but for the frame that has begun."""
        for at in range(max(self._got, 0), len(self._buffer)):
            self._buffer[at] = 0

    def held(self):
        """Whether octets of a frame that is over are kept."""
        return any(self._view[max(self._got, 0) :])

    def feed(self, data, at, end):
        """Take octets data[at:end] until a frame is complete: (offset behind the last octet taken, found).

        Time is one pass over the octets; allocates the tuple and, when found, one view.
        """
        got = self._got
        while at < end:
            octet = data[at]
            at += 1
            if octet == _START:
                if got > _IDLE:
                    self._refused.count("length")  # cut short: the next frame begins
                got = _LENGTH_HIGH
                self._length = self._sum = 0
                self._escaped = False
                continue
            if got == _IDLE:
                self._refused.count("noise")
                while at < end and data[at] != _START:
                    at += 1
                continue
            if octet == _ESCAPE:
                self._escaped = True
                continue
            if self._escaped:
                self._escaped = False
                octet ^= 0x20
            if got == _LENGTH_HIGH:
                self._length = self._length << 8 | octet
                self._sum += 1
                if self._sum == 2:
                    got = self._sum = 0
                    if not 0 < self._length <= LONGEST:
                        self._refused.count("length")
                        got = _IDLE
                continue
            self._buffer[got] = octet
            self._sum += octet
            got += 1
            if got > self._length:
                self._got = _IDLE
                if self._sum & 0xFF == 0xFF:
                    self.frame = self._view[: self._length]
                    return at, True
                self._refused.count("checksum")
                got = _IDLE
        self._got = got
        return at, False


def write(frame, escape=True):
    """The octets of the API frame with the frame data `frame`. escape: API mode 2; without, mode 1."""
    length = len(frame)
    out = bytearray(2 * length + 8)
    out[0] = _START
    at = _put(out, 1, length >> 8, escape)
    at = _put(out, at, length & 0xFF, escape)
    total = 0
    for octet in frame:
        total += octet
        at = _put(out, at, octet, escape)
    at = _put(out, at, 0xFF - (total & 0xFF), escape)
    return bytes(out[:at])


def _put(out, at, octet, escape):
    if escape and (octet == _START or octet == _ESCAPE or octet == _XON or octet == _XOFF):
        out[at] = _ESCAPE
        at += 1
        octet ^= 0x20
    out[at] = octet
    return at + 1
