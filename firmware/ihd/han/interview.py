"""Looks for meters: asks everyone, and each that answers for its endpoints, what they serve and what it meters.

Loaded while meters are looked for. The functions are parts of a dialogue's script (dialogue.py).
"""

from micropython import const

from ihd import radio as radios
from ihd import wire
from ihd.han import zdo
from ihd.han.exchange import Request
from ihd.zcl import general, schema
from ihd.zcl.clusters import basic, device_management, metering

# what goes out of memory together
WITH = ("ihd.han.interview", "ihd.zcl.clusters.basic", "ihd.zcl.clusters.device_management")

_ASKED = const(0x0200)  # of Device Management, whatever it says
_GATHER_MS = const(2000)  # for answers to the broadcast
_MOST_ENDPOINTS = const(8)


def look(network, exchange, directory, refused, found):
    """Ask everyone who meters unless all are found, then hold() an interview with each candidate of `network`."""
    if not network.complete():
        network.match_sequence = sequence = exchange.next_sequence()
        wanted = zdo.match_request(zdo.EVERYONE, metering.CLUSTER, device_management.CLUSTER)
        network.broadcast(zdo.MATCH_DESC_REQ, bytes((sequence,)) + wanted)
        yield _GATHER_MS
    while network.candidates:
        address, short = network.candidates.pop()
        if address == radios.UNKNOWN:
            address = yield from _address(exchange, refused, short)
        if address is not None:
            yield from _hold(exchange, directory, refused, address, short, found)


def _address(exchange, refused, short):
    """Ask who is at a network address: the EUI-64, None when that cannot be learnt."""
    payload = schema.write("BHBB", exchange.next_sequence(), short, 0, 0)
    answer = yield Request(radios.UNKNOWN, short, 0, zdo.IEEE_ADDR_REQ, zdo.PROFILE, payload)
    try:
        status, address, _ = schema.read(zdo.ADDRESSES, answer[1]) if answer else (None, None, None)
    except wire.Malformed:
        refused.count("malformed")
        return None
    return address if status == zdo.SUCCESS and address != radios.UNKNOWN else None


def _hold(exchange, directory, refused, address, short, found):
    """Enter what the device at `address` meters into `directory`, and tell found(device).

    address: EUI-64, 8 bytes in printed order. short: its network address.
    """

    def ask(cluster, form, *fields):
        payload = schema.write("B" + form, exchange.next_sequence(), *fields)
        return Request(address, short, 0, cluster, zdo.PROFILE, payload)

    def read(endpoint, cluster, attribute):
        return _read(exchange, address, short, endpoint, cluster, attribute)

    device = None
    known = directory.find(address)
    heard = known and known.bound and not known.lost and (known.metering, known.management)
    management = 0
    missed = False  # an endpoint that did not tell what it serves
    try:
        answer = yield ask(zdo.ACTIVE_EP_REQ, "H", short)
        endpoints = schema.read(zdo.MATCHES, answer[1])[2] if answer else ()
        for endpoint in endpoints[:_MOST_ENDPOINTS]:
            answer = yield ask(zdo.SIMPLE_DESC_REQ, "HB", short, endpoint)
            if answer is None:
                missed = True
                continue
            _, _, _, _, profile, _, _, servers, _ = schema.read(zdo.SIMPLE, answer[1])
            if profile != zdo.SMART_ENERGY or not servers:
                continue
            if device_management.CLUSTER in servers:
                management = management or endpoint
            if metering.CLUSTER not in servers:
                continue
            model = None
            if basic.CLUSTER in servers:
                answer = yield read(endpoint, basic.CLUSTER, basic.MODEL_IDENTIFIER)
                model = _value(answer, basic.TYPES, basic.MODEL_IDENTIFIER)
            answer = yield read(endpoint, metering.CLUSTER, metering.METERING_DEVICE_TYPE)
            device_type = _value(answer, metering.TYPES, metering.METERING_DEVICE_TYPE)
            entered = directory.enter(address, short, endpoint, device_type)
            if entered:
                device = entered
                device.model = model and wire.printable(model)
    except wire.Malformed:
        refused.count("malformed")
    if device is None:
        return
    if not management and missed and not device.management:
        device.lost = True  # it is looked at again: where it manages must not be guessed
        return
    management = yield from _proven(exchange, device, management)
    device.management = management or device.management or device.metering
    if heard != (device.metering, device.management):
        found(device)


def _read(exchange, address, short, endpoint, cluster, attribute):
    payload = general.read_attributes(exchange.next_sequence(), (attribute,))
    return Request(address, short, endpoint, cluster, zdo.SMART_ENERGY, payload)


def _proven(exchange, device, management):
    """`management`; 0 when the bound `device`, known to manage elsewhere, does not answer there with its key."""
    if not (device.bound and device.management) or management == device.management:
        return management
    address, short, cluster = device.address, device.short, device_management.CLUSTER
    answer = yield _read(exchange, address, short, management or device.metering, cluster, _ASKED)
    return management if answer and answer[0] == general.READ_ATTRIBUTES_RESPONSE else 0


def _value(answer, types, wanted):
    """The value of attribute `wanted` in a Read Attributes Response, None when it has none. Raises wire.Malformed."""
    if answer is None or answer[0] != general.READ_ATTRIBUTES_RESPONSE:
        return None
    attribute, _, kind, value, _ = general.record(answer[1], 0, True)
    return value if attribute == wanted and schema.has_type(types, attribute, kind) else None
