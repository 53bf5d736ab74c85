"""Asks the trust centre for the time.

The coordinator's EUI-64 is asked for first: time counts from nobody else. Time counts when it is set: master or
synchronised (ZCL 8, 3.12.2.2.2). Once it came APS-encrypted, it is taken in no other way.
"""

from micropython import const

from ihd import radio as radios
from ihd import wire
from ihd.han import zdo
from ihd.han.dialogue import Dialogue
from ihd.han.exchange import Request
from ihd.zcl import general, schema
from ihd.zcl.clusters import time

_UNKNOWN_PAUSE_MS = const(5000)


class Timekeeper:
    """Keeps `clock` by the trust centre's. poll_s: seconds between questions.

    told(utc): called when time is set; with None, once after each joining, when it could not be had.
    """

    def __init__(self, exchange, clock, refused, poll_s, told):
        self._exchange = exchange
        self._clock = clock
        self._refused = refused
        self._poll_ms = poll_s * 1000
        self._told = told
        self._secured = False
        self.trust_centre = None  # EUI-64, None until it has answered
        self.dialogue = Dialogue(exchange)

    def joined(self, now):
        """The radio is on a network, whose trust centre may be another."""
        self.trust_centre = None
        self._secured = False
        self.dialogue.begin(self._script(), now)

    def left(self):
        """The radio is on no network."""
        self.dialogue.stop()

    def accepts(self, indication):
        """Whether time may come in this frame of the Time cluster; counts the reason when not."""
        if indication.short != 0 or self.trust_centre not in (None, indication.source):
            self._refused.count("stranger")
            return False
        if self._secured and not indication.secured:
            self._refused.count("unsecured")
            return False
        self._secured = self._secured or bool(indication.secured)
        return True

    def _script(self):
        endpoint = None
        told = False
        while True:
            if self.trust_centre is None:
                answer = yield self._zdo(zdo.IEEE_ADDR_REQ, schema.write("HBB", 0, 0, 0))
                address = self._first(answer, zdo.ADDRESSES, 1)
                self.trust_centre = address
            if endpoint is None:
                answer = yield self._zdo(zdo.MATCH_DESC_REQ, zdo.match_request(0, time.CLUSTER))
                endpoints = self._first(answer, zdo.MATCHES, 2)
                endpoint = endpoints[0] if endpoints else None
            if endpoint is not None:
                payload = general.read_attributes(self._exchange.next_sequence(), (time.TIME, time.TIME_STATUS))
                answer = yield Request(self._address(), 0, endpoint, time.CLUSTER, zdo.SMART_ENERGY, payload)
                if answer and answer[0] == general.READ_ATTRIBUTES_RESPONSE:
                    self._set(answer[1])
                else:
                    endpoint = None  # it may have moved: ask again
            unknown = self._clock.utc(self.dialogue.now) is None
            if unknown and endpoint is None:
                self.trust_centre = None  # perhaps it was misheard
            if unknown and not told:
                told = True
                self._told(None)
            yield _UNKNOWN_PAUSE_MS if unknown else self._poll_ms

    def _address(self):
        return self.trust_centre or radios.COORDINATOR

    def _zdo(self, cluster, payload):
        payload = bytes((self._exchange.next_sequence(),)) + payload
        return Request(self._address(), 0, 0, cluster, zdo.PROFILE, payload)

    def _first(self, answer, form, field):
        """One field of a ZDO response of the format `form`; None when there is none or it is no success."""
        if answer is None:
            return None
        try:
            fields = schema.read(form, answer[1])
        except wire.Malformed:
            self._refused.count("malformed")
            return None
        return fields[field] if fields[0] == zdo.SUCCESS else None

    def _set(self, payload):
        utc = status = None
        at = 0
        try:
            while at < len(payload):
                attribute, _, kind, value, at = general.record(payload, at, True)
                if kind is not None and schema.has_type(time.TYPES, attribute, kind) is False:
                    self._refused.count("attribute_type")
                elif attribute == time.TIME:
                    utc = value
                elif attribute == time.TIME_STATUS:
                    status = value
        except wire.Malformed:
            self._refused.count("malformed")
            return
        if utc is None:
            return
        if status is not None and not status & (time.MASTER | time.SYNCHRONISED):
            self._refused.count("not_synchronised")
            return
        self._clock.set(utc, self.dialogue.now)
        self._told(utc)
