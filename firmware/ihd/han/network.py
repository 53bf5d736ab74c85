"""Looks for the meters of this home.

Match_Desc asks everyone; each device that answers is interviewed. Nothing about it is assumed.
"""

from micropython import const

from ihd import on_demand
from ihd import radio as radios
from ihd.han import zdo
from ihd.han.dialogue import Dialogue
from ihd.han.directory import ELECTRICITY, GAS
from ihd.han.exchange import Request
from ihd.wire import Malformed
from ihd.zcl import schema
from ihd.zcl.clusters import metering

_DEVICE_MANAGEMENT = const(0x0708)

_GATHER_MS = const(2000)  # for answers to the broadcast
_FIRST_PAUSE_MS = const(30000)
_LONGEST_PAUSE_MS = const(600000)
_MOST_CANDIDATES = const(6)


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
        device = self._directory.find(address)
        if device and not device.lost:
            device.short = short  # nothing new is to be learnt of it
        elif len(self._candidates) < _MOST_CANDIDATES and (address, short) not in self._candidates:
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
                if address == radios.UNKNOWN:
                    address = yield from self._address(short)
                    if address is None:
                        continue
                interview = on_demand.load("ihd.han.interview")
                yield from interview.hold(self._exchange, self._directory, self._refused, address, short, self._found)
                del interview  # or this generator would keep it
                on_demand.drop("ihd.han.interview", "ihd.zcl.clusters.basic")
            if self._complete():
                pause = _FIRST_PAUSE_MS
            yield pause
            pause = min(2 * pause, _LONGEST_PAUSE_MS)

    def _broadcast_match(self):
        self._match_sequence = self._exchange.next_sequence()
        wanted = zdo.match_request(zdo.EVERYONE, metering.CLUSTER, _DEVICE_MANAGEMENT)
        payload = bytes((self._match_sequence,)) + wanted
        self._radio.send(radios.BROADCAST, radios.UNKNOWN_SHORT, zdo.MATCH_DESC_REQ, zdo.PROFILE, 0, 0, payload, False)

    def _address(self, short):
        """Ask who is at a network address: the EUI-64, None when that cannot be learnt."""
        payload = schema.write("BHBB", self._exchange.next_sequence(), short, 0, 0)
        answer = yield Request(radios.UNKNOWN, short, 0, zdo.IEEE_ADDR_REQ, zdo.PROFILE, payload)
        try:
            status, address, _ = schema.read(zdo.ADDRESSES, answer[1]) if answer else (None, None, None)
        except Malformed:
            self._refused.count("malformed")
            return None
        return address if status == zdo.SUCCESS and address != radios.UNKNOWN else None
