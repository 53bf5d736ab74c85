"""Brings an XBee 3 to its profile, and finds one that is in another mode.

Source: Digi 90001539, "AT commands", "Command mode". The functions are parts of the driver's script (xbee.py): they
yield (AT command, value or b"") and are sent the answer or None, or yield (None, ms) to wait. Loaded at every set-up.
"""

from micropython import const

from ihd.radio import MISSING, STARTING, sized

_GUARD_MS = const(1100)  # of silence around +++


def set_up(radio, profile, save):
    """Read every setting of `profile`, write what differs; read the EUI-64. save: write to flash in any case."""
    if radio.state != MISSING:
        radio.state = STARTING
    for row in range(0, len(profile), 3):
        command, wanted = profile[row : row + 2], profile[row + 2 : row + 3]
        held = yield command, b""
        if held is not None:
            radio.state = STARTING
            if int.from_bytes(held, "big") != int.from_bytes(wanted, "big"):
                save = True
                yield command, wanted
    if save:
        yield b"WR", b""
    high = sized((yield b"SH", b""), 4)
    low = sized((yield b"SL", b""), 4)
    if high and low:
        radio.eui64 = high + low


def seek(radio, uart):
    """Bring a module in API mode 1 or in transparent mode to API mode 2."""
    radio.write(bytes((0x08, radio.next_id())) + b"AP\x02", False)
    yield None, _GUARD_MS
    uart.write(b"+++")
    yield None, _GUARD_MS
    uart.write(b"ATAP2\rATAC\rATCN\r")
    yield None, _GUARD_MS
