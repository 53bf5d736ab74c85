"""Reads attributes of any of a meter's clusters, as part of a dialogue's script; loaded with what asks."""

from micropython import const

from ihd import wire
from ihd.han import zdo
from ihd.han.exchange import Request
from ihd.zcl import general, schema

_UNSUPPORTED_ATTRIBUTE = const(0x86)


def read(home, device, endpoint, cluster, types, wanted):
    """(values, ids that the meter does not support) of the attributes `wanted` of `cluster`; None without an answer.

    A value is None where there is none. types: the cluster's table. home: has exchange and refused.
    """
    payload = general.read_attributes(home.exchange.next_sequence(), wanted)
    answer = yield Request(device.address, device.short, endpoint, cluster, zdo.SMART_ENERGY, payload)
    if answer is None:
        return None
    found = [None] * len(wanted)
    lacking = []
    if answer[0] == general.READ_ATTRIBUTES_RESPONSE:
        payload = answer[1]
        at = 0
        try:
            while at < len(payload):
                attribute, status, kind, value, at = general.record(payload, at, True)
                if attribute not in wanted:
                    continue
                if status == _UNSUPPORTED_ATTRIBUTE:
                    lacking.append(attribute)
                elif status:
                    pass  # it has none now
                elif schema.has_type(types, attribute, kind):
                    found[wanted.index(attribute)] = value
                else:
                    home.refused.count("attribute_type")
        except wire.Malformed:
            home.refused.count("malformed")
            return None
    return found, lacking
