"""The Zigbee Device Object: our own descriptors for whoever asks, and our questions for theirs.

Source: Zigbee PRO R22 (05-3474), 2.4. Payloads begin with a transaction sequence number.
"""

from micropython import const

from ..wire import Malformed
from ..zcl import schema
from ..zcl.clusters import basic, metering, time

PROFILE = const(0x0000)
SMART_ENERGY = const(0x0109)
_IN_HOME_DISPLAY = const(0x0502)
ENDPOINT = const(1)

SERVERS = (basic.CLUSTER,)
CLIENTS = (time.CLUSTER, metering.CLUSTER)

NWK_ADDR_REQ = const(0x0000)
IEEE_ADDR_REQ = const(0x0001)
_NODE_DESC_REQ = const(0x0002)
_POWER_DESC_REQ = const(0x0003)
SIMPLE_DESC_REQ = const(0x0004)
ACTIVE_EP_REQ = const(0x0005)
MATCH_DESC_REQ = const(0x0006)
DEVICE_ANNCE = const(0x0013)
RESPONSE = const(0x8000)

SUCCESS = const(0x00)
_INVALID_EP = const(0x82)
_DEVICE_NOT_FOUND = const(0x81)
_NOT_SUPPORTED = const(0x84)
_NOT_ACTIVE = const(0x83)

EVERYONE = const(0xFFFD)  # all devices whose receiver is on

ADDRESSES = "BEH"  # status, EUI-64, network address: NWK_addr_rsp and IEEE_addr_rsp
MATCHES = "BH#B"  # status, network address, endpoints: Match_Desc_rsp and Active_EP_rsp
SIMPLE = "BHB?BHHB#H#H"  # status, address, length; endpoint, profile, device, version, servers, clients
ANNOUNCEMENT = "HEB"  # network address, EUI-64, capability

# router on 2.4 GHz; mains, receiver always on; Digi's code; buffer and transfers as the XBee 3 has them
_NODE = schema.write("BBBHBHHHB", 0x01, 0x40, 0x8E, 0x101E, 82, 255, 0, 255, 0)
_POWER = b"\x10\xc1"  # always on, mains available and in use, full


def match_request(short, *servers):
    """A Match_Desc_req behind its sequence number: who at `short` serves one of the Smart Energy clusters `servers`?"""
    return schema.write("HH#H#H", short, SMART_ENERGY, servers, ())


def answer(cluster, payload, broadcast, eui64, short):
    """The response payload to a ZDO request for our node, or None where none is due.

    cluster: of the request. eui64: ours, 8 bytes in printed order. short: our network address. Raises wire.Malformed.
    """
    sequence = payload[:1]
    if len(sequence) == 0:
        raise Malformed
    if cluster == NWK_ADDR_REQ or cluster == IEEE_ADDR_REQ:
        return _addresses(cluster, payload, broadcast, eui64, short)
    if not _NODE_DESC_REQ <= cluster <= MATCH_DESC_REQ:
        return None if broadcast else bytes(sequence) + bytes((_NOT_SUPPORTED,))
    of_interest = schema.read("H", payload, 1)[0]
    if of_interest != short and of_interest < 0xFFF8:
        return (
            None if broadcast else schema.write("BBH", payload[0], _DEVICE_NOT_FOUND, of_interest) + _nothing(cluster)
        )
    status = SUCCESS
    body = _nothing(cluster)
    if cluster == _NODE_DESC_REQ:
        body = _NODE
    elif cluster == _POWER_DESC_REQ:
        body = _POWER
    elif cluster == ACTIVE_EP_REQ:
        body = schema.write("#B", (ENDPOINT,))
    elif cluster == MATCH_DESC_REQ:
        _, profile, servers, clients = schema.read("HH#H#H", payload, 1)
        if profile == SMART_ENERGY and (_any_of(servers, SERVERS) or _any_of(clients, CLIENTS)):
            body = schema.write("#B", (ENDPOINT,))
        elif broadcast:
            return None
    else:
        endpoint = schema.read("HB", payload, 1)[1]
        if endpoint == ENDPOINT:
            described = schema.write("BHHB#H#H", ENDPOINT, SMART_ENERGY, _IN_HOME_DISPLAY, 0, SERVERS, CLIENTS)
            body = bytes((len(described),)) + described
        else:
            status = _NOT_ACTIVE if 0 < endpoint < 0xF1 else _INVALID_EP
    return schema.write("BBH", payload[0], status, short) + body


def _addresses(cluster, payload, broadcast, eui64, short):
    form = "EBB" if cluster == NWK_ADDR_REQ else "HBB"
    wanted, kind, _ = schema.read(form, payload, 1)
    if wanted == eui64 or wanted == short:
        return schema.write("BBEH", payload[0], SUCCESS, eui64, short) + (b"\x00\x00" if kind == 1 else b"")
    if broadcast:
        return None
    asked = (wanted, 0xFFFF) if cluster == NWK_ADDR_REQ else (b"\xff" * 8, wanted)
    return schema.write("BBEH", payload[0], _DEVICE_NOT_FOUND, *asked)


def _nothing(cluster):
    """The empty list with which a response that lists endpoints or a descriptor says that there is none."""
    return b"\0" if cluster >= SIMPLE_DESC_REQ else b""


def _any_of(wanted, held):
    for cluster in wanted:
        if cluster in held:
            return True
    return False
