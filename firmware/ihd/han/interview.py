"""Asks one device for its endpoints, what they serve, what it is called and what it meters.

Loaded while meters are looked for. The functions are parts of a dialogue's script (dialogue.py).
"""

from micropython import const

from ihd import wire
from ihd.han import zdo
from ihd.han.exchange import Request
from ihd.zcl import general, schema
from ihd.zcl.clusters import basic, metering

_MOST_ENDPOINTS = const(8)


def hold(exchange, directory, refused, address, short, found):
    """Enter what the device at `address` meters into `directory`, and tell found(device).

    address: EUI-64, 8 bytes in printed order. short: its network address.
    """

    def ask(cluster, form, *fields):
        payload = schema.write("B" + form, exchange.next_sequence(), *fields)
        return Request(address, short, 0, cluster, zdo.PROFILE, payload)

    def read(endpoint, cluster, attribute):
        payload = general.read_attributes(exchange.next_sequence(), (attribute,))
        return Request(address, short, endpoint, cluster, zdo.SMART_ENERGY, payload)

    try:
        answer = yield ask(zdo.ACTIVE_EP_REQ, "H", short)
        endpoints = schema.read(zdo.MATCHES, answer[1])[2] if answer else ()
        for endpoint in endpoints[:_MOST_ENDPOINTS]:
            answer = yield ask(zdo.SIMPLE_DESC_REQ, "HB", short, endpoint)
            if answer is None:
                continue
            _, _, _, _, profile, _, _, servers, _ = schema.read(zdo.SIMPLE, answer[1])
            if profile != zdo.SMART_ENERGY or not servers or metering.CLUSTER not in servers:
                continue
            model = None
            if basic.CLUSTER in servers:
                answer = yield read(endpoint, basic.CLUSTER, basic.MODEL_IDENTIFIER)
                model = _value(answer, basic.TYPES, basic.MODEL_IDENTIFIER)
            answer = yield read(endpoint, metering.CLUSTER, metering.METERING_DEVICE_TYPE)
            device_type = _value(answer, metering.TYPES, metering.METERING_DEVICE_TYPE)
            device = directory.enter(address, short, endpoint, device_type)
            if device:
                device.model = model and _printable(model)
                found(device)
    except wire.Malformed:
        refused.count("malformed")


def _value(answer, types, wanted):
    """The value of attribute `wanted` in a Read Attributes Response, None when it has none. Raises wire.Malformed."""
    if answer is None or answer[0] != general.READ_ATTRIBUTES_RESPONSE:
        return None
    attribute, _, kind, value, _ = general.record(answer[1], 0, True)
    return value if attribute == wanted and schema.has_type(types, attribute, kind) else None


def _printable(data):
    """`data` as text in printable ASCII, any other octet as a question mark."""
    return bytes([octet if 32 <= octet < 127 else 63 for octet in data]).decode()
