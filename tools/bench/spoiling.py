"""Ways in which the frame of a meter can be wrong, one field each.

What comes over the air of another network, of a broken meter, or of somebody who means harm.
"""

import dataclasses

from tools.bench.frame import RX_ON_WHEN_IDLE

HOME_AUTOMATION_PROFILE = 0x0104
# ZCL header: frame control, sequence number, command.
TO_SERVER, SEQUENCE, HEADER = 0x08, 1, 3


def _payload(change):
    return lambda frame: dataclasses.replace(frame, payload=change(frame.payload))


WAYS = {
    "endpoint": lambda frame: dataclasses.replace(frame, source_endpoint=frame.source_endpoint ^ 0x40),
    "profile": lambda frame: dataclasses.replace(frame, profile=HOME_AUTOMATION_PROFILE),
    "broadcast": lambda frame: dataclasses.replace(frame, destination=RX_ON_WHEN_IDLE),
    "direction": _payload(lambda octets: bytes([octets[0] ^ TO_SERVER]) + octets[1:]),
    "sequence": _payload(lambda octets: octets[:SEQUENCE] + bytes([octets[SEQUENCE] ^ 0x55]) + octets[SEQUENCE + 1 :]),
    "truncated": _payload(lambda octets: octets[:-1]),
    "header": _payload(lambda octets: octets[:HEADER]),
    "empty": _payload(lambda octets: b""),
    "garbage": _payload(lambda octets: bytes(octet ^ 0xFF for octet in octets)),
    # Not wrong: a newer edition of the standard may have added a field.
    "longer": _payload(lambda octets: octets + b"\x5a\xa5"),
}


def spoil(frame, way):
    """The frame with the fault that `way`, a key of WAYS, names; as it is for None."""
    return frame if way is None else WAYS[way](frame)
