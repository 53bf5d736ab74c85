"""Answers ZDO requests for our own node: its addresses and descriptors.

Source: Zigbee PRO R22 (05-3474), 2.4.4. Loaded when somebody asks.
"""

from micropython import const

from ihd.han import zdo
from ihd.wire import Malformed
from ihd.zcl import schema

_IN_HOME_DISPLAY = const(0x0502)
_NODE_DESC_REQ = const(0x0002)
_POWER_DESC_REQ = const(0x0003)

_INV_REQUESTTYPE = const(0x80)
_DEVICE_NOT_FOUND = const(0x81)
_INVALID_EP = const(0x82)
_NOT_ACTIVE = const(0x83)
_NOT_SUPPORTED = const(0x84)

# router on 2.4 GHz; mains, receiver always on; Digi's code; buffer and transfers as the XBee 3 has them
_NODE = schema.write("BBBHBHHHB", 0x01, 0x40, 0x8E, 0x101E, 82, 255, 0, 255, 0)
_POWER = b"\x10\xc1"  # always on, mains available and in use, full


def serve(indication, radio, exchange, refused):
    """Answer a ZDO request, or count why not. Raises wire.Malformed."""
    if radio.eui64 is None:
        refused.count("busy")
        return
    cluster = indication.cluster
    response = answer(cluster, indication.payload, indication.broadcast, radio.eui64, radio.short)
    if response:
        exchange.send(indication, cluster | zdo.RESPONSE, response, False)
    if not zdo.NWK_ADDR_REQ <= cluster <= zdo.MATCH_DESC_REQ:
        refused.count("zdo")


def answer(cluster, payload, broadcast, eui64, short):
    """The response payload to a ZDO request for our node, or None where none is due.

    cluster: of the request. eui64: ours, 8 bytes in printed order. short: our network address. Raises wire.Malformed.
    """
    sequence = payload[:1]
    if len(sequence) == 0:
        raise Malformed
    if cluster == zdo.NWK_ADDR_REQ or cluster == zdo.IEEE_ADDR_REQ:
        return _addresses(cluster, payload, broadcast, eui64, short)
    if not _NODE_DESC_REQ <= cluster <= zdo.MATCH_DESC_REQ:
        return None if broadcast else bytes(sequence) + bytes((_NOT_SUPPORTED,))
    of_interest = schema.read("H", payload, 1)[0]
    if of_interest != short and of_interest < 0xFFF8:
        return (
            None if broadcast else schema.write("BBH", payload[0], _DEVICE_NOT_FOUND, of_interest) + _nothing(cluster)
        )
    status = zdo.SUCCESS
    body = _nothing(cluster)
    if cluster == _NODE_DESC_REQ:
        body = _NODE
    elif cluster == _POWER_DESC_REQ:
        body = _POWER
    elif cluster == zdo.ACTIVE_EP_REQ:
        body = schema.write("#B", (zdo.ENDPOINT,))
    elif cluster == zdo.MATCH_DESC_REQ:
        _, profile, servers, clients = schema.read("HH#H#H", payload, 1)
        if profile == zdo.SMART_ENERGY and (_any_of(servers, zdo.SERVERS) or _any_of(clients, zdo.CLIENTS)):
            body = schema.write("#B", (zdo.ENDPOINT,))
        elif broadcast:
            return None
    else:
        endpoint = schema.read("HB", payload, 1)[1]
        if endpoint == zdo.ENDPOINT:
            described = schema.write(
                "BHHB#H#H", zdo.ENDPOINT, zdo.SMART_ENERGY, _IN_HOME_DISPLAY, 0, zdo.SERVERS, zdo.CLIENTS
            )
            body = bytes((len(described),)) + described
        else:
            status = _NOT_ACTIVE if 0 < endpoint < 0xF1 else _INVALID_EP
    return schema.write("BBH", payload[0], status, short) + body


def _addresses(cluster, payload, broadcast, eui64, short):
    form = "EBB" if cluster == zdo.NWK_ADDR_REQ else "HBB"
    wanted, kind, _ = schema.read(form, payload, 1)
    if wanted == eui64 or wanted == short:
        if kind > 1:
            return schema.write("BBEH", payload[0], _INV_REQUESTTYPE, eui64, short)
        # the extended response counts associated devices, of which there are none
        return schema.write("BBEH", payload[0], zdo.SUCCESS, eui64, short) + (b"\0" if kind else b"")
    if broadcast:
        return None
    asked = (wanted, 0xFFFF) if cluster == zdo.NWK_ADDR_REQ else (b"\xff" * 8, wanted)
    return schema.write("BBEH", payload[0], _DEVICE_NOT_FOUND, *asked)


def _nothing(cluster):
    """The empty list with which a response that lists endpoints or a descriptor says that there is none."""
    return b"\0" if cluster >= zdo.SIMPLE_DESC_REQ else b""


def _any_of(wanted, held):
    for cluster in wanted:
        if cluster in held:
            return True
    return False
