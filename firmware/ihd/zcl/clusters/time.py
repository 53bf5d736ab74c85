"""Time (0x000A): what the communications hub says the time is.

Source: ZCL 8, 3.12.
"""

from micropython import const

CLUSTER = const(0x000A)

TIME = const(0x0000)
TIME_STATUS = const(0x0001)
TIME_ZONE = const(0x0002)
DST_START = const(0x0003)
DST_END = const(0x0004)
DST_SHIFT = const(0x0005)

MASTER = const(0x01)  # TimeStatus bit 0
SYNCHRONISED = const(0x02)  # TimeStatus bit 1

TYPES = (
    b"\x00\x00\xe2"  # Time, UTC
    b"\x01\x00\x18"  # TimeStatus, bitmap8
    b"\x02\x00\x2b"  # TimeZone, seconds
    b"\x03\x00\x23"  # DstStart, UTC
    b"\x04\x00\x23"  # DstEnd, UTC
    b"\x05\x00\x2b"  # DstShift, seconds
)
