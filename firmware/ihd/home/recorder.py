"""Puts half-hours into the history, one flash operation a step.

What the flash does not take goes behind what else waits, and is given up after three tries: a bad sector costs what
belongs there, and keeps nothing else from being written.
"""

from micropython import const

from ihd.clock import ticks_add, ticks_diff
from ihd.history.errors import BeforeFloor, ClockBehind, Occupied, OutOfRange
from ihd.tenancy.keepers import CONSUMER, first_half_hour

_MOST = const(96)  # half-hours that wait to be written; of further ones the meter's log is asked again
_RETRY_MS = const(5000)
_TRIES = const(3)


class Recorder:
    """The keeper of what waits to be written to `history`. emit(event, **fields): told when the flash refuses."""

    name = "recorder"

    def __init__(self, history, refused, emit):
        self._history = history
        self._refused = refused
        self._emit = emit
        self._waiting = []  # (series, half_hour, value, marks, tries that failed)
        self._retry = None  # ticks at which the flash is tried again
        self._told = False  # that the flash refuses; nothing was written since

    def room(self):
        """How many half-hours it can take now."""
        return _MOST - len(self._waiting)

    def take(self, series, half_hour, value, marks=0):
        """Have the complete `half_hour` written; as history.ring.Ring.append."""
        if len(self._waiting) < _MOST:
            self._waiting.append((series, half_hour, value, marks, 0))

    def step(self, now):
        """One flash operation, if something waits. now: ticks."""
        if not self._waiting or self._retry is not None and ticks_diff(now, self._retry) < 0:
            return
        waiting = self._waiting[0]
        failed = waiting[4]
        self._retry = None
        try:
            if not self._history.append(*waiting[:4]):
                return
            self._told = False
        except BeforeFloor:
            self._refused.count("before_floor")
        except ClockBehind:
            self._refused.count("clock")
        except (Occupied, OutOfRange):
            if failed:  # the try that failed may have left a torn slot
                self._refused.count("flash")
            else:
                self._refused.count("value")
        except OSError:
            if not self._told:
                self._emit("error", what="history cannot be written", where="flash")
                self._told = True
            self._retry = ticks_add(now, _RETRY_MS)
            if failed + 1 < _TRIES:
                self._waiting.append(waiting[:4] + (failed + 1,))
            else:
                self._refused.count("flash")
        self._waiting.pop(0)

    def wake(self, now):
        """Milliseconds until step has something to do, None when nothing waits."""
        if not self._waiting:
            return None
        return 0 if self._retry is None else max(0, ticks_diff(self._retry, now))

    def forget(self, meter, before, scope):
        """See tenancy.keepers."""
        if scope & CONSUMER:
            first = first_half_hour(before)
            self._waiting = [each for each in self._waiting if each[0] & 1 != meter or each[1] >= first]
        return False

    def holds(self, meter, before, scope):
        """See tenancy.keepers."""
        first = first_half_hour(before) if scope & CONSUMER else 0
        return any(each[0] & 1 == meter and each[1] < first for each in self._waiting)
