"""General commands: read attributes, report, default response.

Source: ZCL 8, 2.5.
"""

from micropython import const

from ihd import wire
from ihd.zcl import frame

READ_ATTRIBUTES = const(0x00)
READ_ATTRIBUTES_RESPONSE = const(0x01)
REPORT_ATTRIBUTES = const(0x0A)
DEFAULT_RESPONSE = const(0x0B)

SUCCESS = const(0x00)
UNSUPPORTED = b"\x81\x82\x83\x84\xc3"  # statuses that say that a device lacks the command

# responses to: read, write, configure reporting, read reporting configuration; default response; discover attributes,
# write structured, discover commands received and generated, discover attributes extended
_ANSWERS = b"\x01\x04\x07\x09\x0b\x0d\x10\x12\x14\x16"


def read_attributes(sequence, attributes):
    """The Read Attributes frame that asks a server for `attributes`, a sequence of 16-bit ids."""
    return frame.write(0, sequence, READ_ATTRIBUTES, b"".join([wire.octets(a, 2) for a in attributes]))


def record(data, at, with_status):
    """One attribute record at `at`: (attribute id, status, type or None, value or None, offset behind it).

    with_status: a Read Attributes Response has a status in each record, a report has not. Raises Malformed.
    """
    attribute = wire.unsigned(data, at, 2)
    at += 2
    if with_status:
        status = wire.unsigned(data, at, 1)
        at += 1
        if status:
            return attribute, status, None, None, at
    kind = wire.unsigned(data, at, 1)
    value, at = wire.attribute(kind, data, at + 1)
    return attribute, SUCCESS, kind, value, at


def default_response(control, sequence, command, status, manufacturer=b""):
    """The Default Response frame, with `status`, to a received frame's control, sequence and command.

    manufacturer: the two octets of the frame's manufacturer code, if it had one.

    None where ZCL 8, 2.5.12.2 wants none: the sender asked for none on success.
    """
    if status == SUCCESS and control & frame.NO_DEFAULT_RESPONSE:
        return None
    turned = (control ^ frame.FROM_SERVER) & frame.FROM_SERVER  # and nothing else, as GB meters and hubs send it
    if control & frame.MANUFACTURER_SPECIFIC:
        turned |= frame.MANUFACTURER_SPECIFIC
    return bytes((turned,)) + manufacturer + bytes((sequence, DEFAULT_RESPONSE, command, status))


def is_answer(control, command):
    """Whether a frame answers another one, so that it gets no Default Response."""
    return not control & frame.CLUSTER_SPECIFIC and command in _ANSWERS
