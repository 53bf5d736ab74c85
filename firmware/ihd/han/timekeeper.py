"""Keeps the clock by the trust centre's time: decides when it is asked, and whose time counts.

The coordinator's EUI-64 is asked for first: time counts from nobody else. Once time came APS-encrypted, it is taken in
no other way. What is asked is in time_question.py.
"""

from micropython import const

from ihd import on_demand
from ihd.han.dialogue import Dialogue

_UNKNOWN_PAUSE_MS = const(5000)


class Timekeeper:
    """Keeps `clock` by the trust centre's. poll_s: seconds between questions.

    told(utc): called when time is set; with None, once after each joining, when it could not be had. trust_centre:
    EUI-64, None until it has answered. endpoint: its endpoint with Time, None until found.
    """

    def __init__(self, exchange, clock, refused, poll_s, told):
        self._exchange = exchange
        self._clock = clock
        self._refused = refused
        self._poll_ms = poll_s * 1000
        self._told = told
        self._secured = False
        self.trust_centre = self.endpoint = None
        self.dialogue = Dialogue(exchange)

    def joined(self, now):
        """The radio is on a network, whose trust centre may be another."""
        self.trust_centre = self.endpoint = None
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
        told = False
        while True:
            question = on_demand.load("ihd.han.time_question")
            on_demand.drop(*question.WITH)
            answer = yield from question.ask(self, self._exchange, self._refused)
            del question  # or this generator would keep it
            if answer:
                utc, local = answer
                self._clock.set(utc, self.dialogue.now)
                self._clock.local.tell(*local)
                self._told(utc)
            unknown = self._clock.utc(self.dialogue.now) is None
            if unknown and self.endpoint is None:
                self.trust_centre = None  # perhaps it was misheard
            if unknown and not told:
                told = True
                self._told(None)
            yield _UNKNOWN_PAUSE_MS if unknown else self._poll_ms
