"""Keeps up the search for the meters of this home until both fuels are found.

Match_Desc asks everyone; each device that answers is interviewed (interview.py). Nothing about it is assumed.
"""

from micropython import const

from ihd import on_demand
from ihd import radio as radios
from ihd.han import zdo
from ihd.han.dialogue import Dialogue
from ihd.han.directory import ELECTRICITY, GAS
from ihd.zcl import schema

_FIRST_PAUSE_MS = const(30000)
_LONGEST_PAUSE_MS = const(600000)
_MOST_CANDIDATES = const(6)


class Network:
    """The search for meters, begun when the radio joins.

    found(device): called for each device that meters something, again when it is found again. candidates: (EUI-64,
    network address) of devices to be interviewed. match_sequence: of the broadcast under way.
    """

    def __init__(self, radio, exchange, directory, refused, found):
        self._radio = radio
        self._exchange = exchange
        self._directory = directory
        self._refused = refused
        self._found = found
        self._joined = False
        self.candidates = []
        self.match_sequence = None
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
        if sequence != self.match_sequence:
            self._refused.count("unasked")
        elif status == zdo.SUCCESS and endpoints:
            self._propose(indication.source, indication.short)

    def announced(self, payload, now):
        """A Device_annce: a device is there, again or for the first time. Raises wire.Malformed."""
        _, short, address, _ = schema.read("B" + zdo.ANNOUNCEMENT, payload)
        device = self._directory.find(address)
        if device and not device.lost:
            device.short = short
        elif device and device.bound and device.management:
            device.short = short
            self._found(device)
        else:
            self._propose(address, short)
            self.dialogue.hurry(now)

    def hurry(self, now):
        """Something is missing: search now."""
        self.dialogue.hurry(now)

    def complete(self):
        """Whether a meter of each fuel is bound and answers."""
        for fuel in (ELECTRICITY, GAS):
            device = self._directory.bound(fuel)
            if device is None or device.lost or device.mute:
                return False
        return True

    def broadcast(self, cluster, payload):
        """Send a ZDO request to everyone."""
        self._radio.send(radios.BROADCAST, radios.UNKNOWN_SHORT, cluster, zdo.PROFILE, 0, 0, payload, False)

    def _propose(self, address, short):
        device = self._directory.find(address)
        if device and device.bound and not device.lost and not device.mute:
            device.short = short  # nothing new is to be learnt of it
        elif len(self.candidates) < _MOST_CANDIDATES and (address, short) not in self.candidates:
            self.candidates.append((address, short))

    def _search(self):
        pause = _FIRST_PAUSE_MS
        while True:
            if self.candidates or not self.complete():
                interview = on_demand.load("ihd.han.interview")
                on_demand.drop(*interview.WITH)
                yield from interview.look(self, self._exchange, self._directory, self._refused, self._found)
                del interview  # or this generator would keep it
            if self.complete():
                pause = _FIRST_PAUSE_MS
            yield pause
            pause = min(2 * pause, _LONGEST_PAUSE_MS)
