"""Answers Read Attributes of our own Basic cluster: what this device is.

Source: ZCL 8, 3.2. Loaded when somebody asks.
"""

from micropython import const

from ihd import wire
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import basic

WITH = ("ihd.han.basic_server", "ihd.zcl.clusters.basic")  # what goes out of memory together

_UNSUPPORTED_ATTRIBUTE = const(0x86)
_ROOM = const(200)  # octets of records in one answer

# attribute, type, value
_ATTRIBUTES = (
    (basic.ZCL_VERSION, wire.U8, 8),
    (basic.MANUFACTURER_NAME, wire.CHARS, b"Open reference"),
    (basic.MODEL_IDENTIFIER, wire.CHARS, b"IHD"),
    (basic.POWER_SOURCE, wire.ENUM8, 1),  # mains
)


def read(sequence, payload):
    """The Read Attributes Response frame to a request's payload, ids of two octets. Raises wire.Malformed."""
    records = b""
    for at in range(0, len(payload), 2):
        wanted = wire.unsigned(payload, at, 2)
        record = wire.octets(wanted, 2) + bytes((_UNSUPPORTED_ATTRIBUTE,))
        for attribute, kind, value in _ATTRIBUTES:
            if attribute == wanted:
                record = schema.write("HBB" + ("o" if kind == wire.CHARS else "B"), wanted, 0, kind, value)
        if len(records) + len(record) > _ROOM:
            break
        records += record
    control = frame.FROM_SERVER | frame.NO_DEFAULT_RESPONSE
    return frame.write(control, sequence, general.READ_ATTRIBUTES_RESPONSE, records)
