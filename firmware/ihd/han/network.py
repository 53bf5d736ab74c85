"""Looks for the meters of this home.

Match_Desc asks everyone; then each device that answers is asked for its endpoints, what they serve, what it is called
and what it meters. Nothing about it is assumed.
"""

from micropython import const

from .. import radio as radios
from .. import wire
from ..zcl import general, schema
from ..zcl.clusters import basic, device_management, metering
from . import zdo
from .dialogue import Dialogue
from .directory import ELECTRICITY, GAS
from .exchange import Request

_GATHER_MS = const(2000)  # for answers to the broadcast
_FIRST_PAUSE_MS = const(30000)
_LONGEST_PAUSE_MS = const(600000)
_MOST_CANDIDATES = const(6)
_MOST_ENDPOINTS = const(8)


class Network:
    """The search for meters, begun when the radio joins and kept up until both fuels are found.

    found(device): called for each device that meters something, again when it is found again.
    """

    def __init__(self, radio, exchange, directory, refused, found):
        self._radio = radio
        self._exchange = exchange
        self._directory = directory
        self._refused = refused
        self._found = found
        self._joined = False
        self._candidates = []
        self._match_sequence = None
        self.dialogue = Dialogue(exchange)

    def joined(self, now):
        """The radio is on a network: search."""
        self._joined = True
        self.dialogue.begin(self._search(), now)

    def left(self):
        """The radio is on no network; returns whether it was on one until now."""
        was_joined = self._joined
        self._joined = False
        self.dialogue.stop()
        return was_joined

    def matched(self, indication):
        """A Match_Desc_rsp to our broadcast. Raises wire.Malformed."""
        sequence, status, _, endpoints = schema.read("B" + zdo.MATCHES, indication.payload)
        if sequence != self._match_sequence:
            self._refused.count("unasked")
        elif status == zdo.SUCCESS and endpoints:
            self._propose(indication.source, indication.short)

    def announced(self, payload, now):
        """A Device_annce: a device is there, again or for the first time. Raises wire.Malformed."""
        _, short, address, _ = schema.read("B" + zdo.ANNOUNCEMENT, payload)
        device = self._directory.find(address)
        if device:
            device.short = short
            self._found(device)
        else:
            self._propose(address, short)
            self.dialogue.hurry(now)

    def hurry(self, now):
        """Something is missing: search now."""
        self.dialogue.hurry(now)

    def _propose(self, address, short):
        if len(self._candidates) < _MOST_CANDIDATES and not any(held == address for held, _ in self._candidates):
            self._candidates.append((address, short))

    def _complete(self):
        for fuel in (ELECTRICITY, GAS):
            device = self._directory.bound(fuel)
            if device is None or device.lost:
                return False
        return True

    def _search(self):
        pause = _FIRST_PAUSE_MS
        while True:
            if not self._complete():
                self._broadcast_match()
                yield _GATHER_MS
            while self._candidates:
                address, short = self._candidates.pop()
                yield from self._examine(address, short)
            if self._complete():
                pause = _FIRST_PAUSE_MS
            yield pause
            pause = min(2 * pause, _LONGEST_PAUSE_MS)

    def _broadcast_match(self):
        self._match_sequence = self._exchange.next_sequence()
        wanted = zdo.match_request(zdo.EVERYONE, metering.CLUSTER, device_management.CLUSTER)
        payload = bytes((self._match_sequence,)) + wanted
        self._radio.send(radios.BROADCAST, radios.UNKNOWN_SHORT, zdo.MATCH_DESC_REQ, zdo.PROFILE, 0, 0, payload, False)

    def _zdo(self, address, short, cluster, form, *fields):
        payload = schema.write("B" + form, self._exchange.next_sequence(), *fields)
        return Request(address, short, 0, cluster, zdo.PROFILE, payload)

    def _read(self, address, short, endpoint, cluster, *attributes):
        payload = general.read_attributes(self._exchange.next_sequence(), attributes)
        return Request(address, short, endpoint, cluster, zdo.SMART_ENERGY, payload)

    def _examine(self, address, short):
        """Ask one device for its endpoints and enter what it meters."""
        try:
            answer = yield self._zdo(address, short, zdo.ACTIVE_EP_REQ, "H", short)
            endpoints = schema.read(zdo.MATCHES, answer[1])[2] if answer else ()
            for endpoint in endpoints[:_MOST_ENDPOINTS]:
                answer = yield self._zdo(address, short, zdo.SIMPLE_DESC_REQ, "HB", short, endpoint)
                if answer is None:
                    continue
                _, _, _, _, profile, _, _, servers, _ = schema.read(zdo.SIMPLE, answer[1])
                if profile == zdo.SMART_ENERGY and servers and metering.CLUSTER in servers:
                    yield from self._identify(address, short, endpoint, basic.CLUSTER in servers)
        except wire.Malformed:
            self._refused.count("malformed")

    def _identify(self, address, short, endpoint, has_basic):
        """Ask a metering endpoint what it is and what it meters."""
        model = None
        if has_basic:
            answer = yield self._read(address, short, endpoint, basic.CLUSTER, basic.MODEL_IDENTIFIER)
            model = _value(answer, basic.TYPES, basic.MODEL_IDENTIFIER)
        answer = yield self._read(address, short, endpoint, metering.CLUSTER, metering.METERING_DEVICE_TYPE)
        device_type = _value(answer, metering.TYPES, metering.METERING_DEVICE_TYPE)
        if device_type is not None:
            device = self._directory.enter(address, short, endpoint, device_type)
            if device:
                device.model = model and wire.printable(model)
                self._found(device)


def _value(answer, types, wanted):
    """The value of attribute `wanted` in a Read Attributes Response, None when it has none. Raises wire.Malformed."""
    if answer is None or answer[0] != general.READ_ATTRIBUTES_RESPONSE:
        return None
    attribute, _, kind, value, _ = general.record(answer[1], 0, True)
    return value if attribute == wanted and schema.has_type(types, attribute, kind) else None
