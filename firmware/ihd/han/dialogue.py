"""A conversation written as a generator: ask, wait, go on with the answer.

The generator yields an exchange.Request, and is sent (command, payload) or None when no answer came; or yields
milliseconds to wait, and is sent None. command: the ZCL command, or the ZDO cluster, of the answer. payload: what
follows the header, a view that lives until the next yield.
"""

from micropython import const

from ihd.clock import ticks_add, ticks_diff

_NO_ROOM_MS = const(100)  # until the next try when too many requests are in flight


class Dialogue:
    """Runs one generator over `exchange`."""

    def __init__(self, exchange):
        self._exchange = exchange
        self._script = None
        self._request = None  # to be asked as soon as there is room
        self._due = None  # ticks to go on at; None while an answer is awaited or there is no script
        self.now = 0  # ticks at which the script was last resumed

    def begin(self, script, now):
        """Run the generator `script` from its start, in place of whatever ran before."""
        self.stop()
        self._script = script
        self._due = now

    def stop(self):
        """End the conversation; an answer still under way is not waited for."""
        self._exchange.forget(self)
        self._script = self._request = self._due = None

    def hurry(self, now):
        """End the wait, if it is one."""
        if self._due is not None and self._request is None:
            self._due = now

    def step(self, now):
        """Go on if the wait is over."""
        if self._due is not None and ticks_diff(now, self._due) >= 0:
            if self._request:
                self._ask(now)
            else:
                self._go_on(None, now)

    def wake(self, now):
        """Milliseconds until step has something to do; None when it waits for an answer."""
        return None if self._due is None else max(0, ticks_diff(self._due, now))

    def answered(self, command, payload, now):
        """The exchange has an answer, or, with command None, gave up."""
        self._go_on(None if command is None else (command, payload), now)

    def _go_on(self, answer, now):
        self._due = None
        self.now = now
        try:
            step = self._script.send(answer)
        except StopIteration:
            self._script = None
            return
        if isinstance(step, int):
            self._due = ticks_add(now, step)
        else:
            self._request = step
            self._ask(now)

    def _ask(self, now):
        self._due = None
        if self._exchange.ask(self._request, self, now):
            self._request = None
        else:
            self._due = ticks_add(now, _NO_ROOM_MS)
