"""Requests in flight: each is answered, or repeated, or given up.

A request is asked in a dialogue (dialogue.py), which hears of its end.
"""

from micropython import const

from ihd import radio as radios
from ihd.clock import ticks_add, ticks_diff
from ihd.han import zdo
from ihd.zcl import general

OWN = const(0x100)  # with a cluster's own command, to tell it from the general ones

_MOST = const(4)  # requests in flight at a time
_TRIES = const(3)
_ANSWER_MS = const(4000)  # to wait for an answer before the next try
_RETRY_MS = const(1000)  # to wait after the radio could not deliver


class Request:
    """One question under way: to whom, what, and how often it was tried.

    answer: the ZCL command that answers it; a cluster's own command with OWN. tries: how often it is sent at most.
    """

    def __init__(
        self, address, short, endpoint, cluster, profile, payload, answer=general.READ_ATTRIBUTES_RESPONSE, tries=_TRIES
    ):
        self.address = address
        self.short = short
        self.endpoint = endpoint
        self.cluster = cluster
        self.profile = profile
        self.payload = payload
        self.sequence = payload[1] if profile else payload[0]
        self.dialogue = None
        self.answer = answer
        self.tries = tries  # left
        self.token = None
        self.due = 0


class Exchange:
    """Sends requests through `radio` and finds the request that a received frame answers."""

    def __init__(self, radio, refused):
        self._radio = radio
        self._refused = refused
        self._requests = []
        self._sequence = 0

    def next_sequence(self):
        """A transaction sequence number, 0 to 255 and round again."""
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence

    def ask(self, request, dialogue, now):
        """Send `request` for `dialogue`; False when as many are in flight as may be, or one to the same device."""
        if len(self._requests) >= _MOST or request.address in [each.address for each in self._requests]:
            return False
        request.dialogue = dialogue
        self._requests.append(request)
        self._send(request, now)
        return True

    def forget(self, dialogue):
        """Drop the request that `dialogue` waits for, if any."""
        for request in self._requests:
            if request.dialogue is dialogue:
                self._requests.remove(request)
                return

    def send(self, indication, cluster, payload, secured):
        """Send `payload` back to where `indication` came from, once; it is lost when the radio has no room."""
        if not self._radio.send(
            indication.source,
            indication.short,
            cluster,
            indication.profile,
            zdo.ENDPOINT if indication.profile else 0,
            indication.source_endpoint,
            payload,
            secured,
        ):
            self._refused.count("busy")

    def match(self, indication, cluster, sequence, answer=None, asked=None):
        """The request that a frame with this cluster and sequence number answers, no longer in flight; or None.

        answer: the command it is, as in Request; asked: the command it names. None where that is not to be compared.
        """
        for request in self._requests:
            if (
                request.sequence == sequence
                and request.cluster == cluster
                and request.profile == indication.profile
                and request.endpoint == indication.source_endpoint
                and answer in (None, request.answer)
                and asked in (None, request.payload[2])
                and (
                    request.address == indication.source
                    or request.address == radios.COORDINATOR
                    and indication.short == 0
                    or request.address == radios.UNKNOWN
                    and indication.short == request.short
                )
            ):
                self._requests.remove(request)
                return request
        return None

    def delivery(self, token, delivered, now):
        """The radio says what became of the frame `token`."""
        if delivered:
            return
        for request in self._requests:
            if request.token == token:
                request.due = ticks_add(now, _RETRY_MS)

    def step(self, now):
        """Repeat what was not answered in time, give up what was repeated often enough."""
        for request in list(self._requests):
            # a dialogue that hears of its end may drop other requests
            if request in self._requests and ticks_diff(now, request.due) >= 0:
                if request.tries > 0:
                    self._send(request, now)
                else:
                    self._requests.remove(request)
                    request.dialogue.answered(None, None, now)

    def wake(self, now):
        """Milliseconds until step has something to do; None when nothing is in flight."""
        wake = None
        for request in self._requests:
            left = max(0, ticks_diff(request.due, now))
            if wake is None or left < wake:
                wake = left
        return wake

    def _send(self, request, now):
        request.tries -= 1
        request.due = ticks_add(now, _ANSWER_MS)
        request.token = self._radio.send(
            request.address,
            request.short,
            request.cluster,
            request.profile,
            zdo.ENDPOINT if request.profile else 0,
            request.endpoint,
            request.payload,
            request.profile != zdo.PROFILE,
        )
        if request.token is None:
            request.due = ticks_add(now, _RETRY_MS)
