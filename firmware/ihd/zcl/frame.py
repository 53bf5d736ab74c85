"""The ZCL header, read and written.

Source: ZCL 8, 2.4.1.
"""

from micropython import const

from ihd.wire import Malformed

CLUSTER_SPECIFIC = const(0x01)
MANUFACTURER_SPECIFIC = const(0x04)
FROM_SERVER = const(0x08)
NO_DEFAULT_RESPONSE = const(0x10)
_RESERVED_TYPE = const(0x02)


def read(data):
    """(control, sequence, command, offset of the payload) of the ZCL frame `data`. Raises Malformed.

    control: the frame control octet. A manufacturer code is stepped over: we know none.
    """
    if len(data) < 3:
        raise Malformed
    control = data[0]
    at = 3 if control & MANUFACTURER_SPECIFIC else 1
    if control & _RESERVED_TYPE or len(data) < at + 2:
        raise Malformed
    return control, data[at], data[at + 1], at + 2


def write(control, sequence, command, payload=b""):
    """The ZCL frame as bytes. control: frame control octet without the manufacturer bit."""
    return bytes((control, sequence, command)) + payload
