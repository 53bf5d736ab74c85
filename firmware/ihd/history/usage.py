"""Usage: what a history holds of a day, week, month or any range, told so that a gap cannot pass for zero.

An answer is (start, since, total, known, expected, marks):
    start     Zigbee UTC at which the period begins
    since     Zigbee UTC from when it counts: `start`, or the floor when that is later: the "since ..." of its label
    total     Wh, litres or 1e-5 GBP; None when nothing is known
    known     how many half-hours from `since` on are in `total`
    expected  how many there are that have ended; more than `known`: there are gaps
    marks     BACK_FILLED and ESTIMATED (ring.py), even if one half-hour alone has them
Of a period that is all to come, or all before the floor (`since` is after its end), 0 are known of 0.

series: 0 electricity, 1 gas, 2 and 3 the cost of each. now: Zigbee UTC; the period in progress ends there. back: so
many periods before that in progress. Every method raises OSError when the medium refuses, and allocates nothing a
half-hour; a month is 1488 of them, which days() takes a day at a time. Nothing is remembered here: whoever remembers an
answer is a keeper (tenancy/keepers.py).
"""

from micropython import const

from ihd.clock import HALF_HOUR
from ihd.history.ring import SLOTS, value_of

_SLOTS = const(128)  # read at once


class Periods:
    """Answers for periods of local_time.LocalTime `local`, out of a Ring or a LiveOnly."""

    def __init__(self, history, local):
        self._history = history
        self._local = local

    def day(self, series, now, back=0):
        """The answer for the day in progress, or one before."""
        start, end = self._local.day(now, back)
        return self.between(series, now, start, end)

    def week(self, series, now, back=0):
        """The answer for the week in progress, or one before."""
        start, end = self._local.week(now, back)
        return self.between(series, now, start, end)

    def month(self, series, now, back=0):
        """The answer for the month in progress, or one before."""
        start, end = self._local.month(now, back)
        return self.between(series, now, start, end)

    def between(self, series, now, start, end):
        """The answer for the half-hours that lie within Zigbee UTC `start` to `end`."""
        first = max(-(-start // HALF_HOUR), self._history.floor(series))
        expected = max(min(end, now) // HALF_HOUR - first, 0)
        total, known, marks = add_up(self._history, series, first, first + expected)
        return start, first * HALF_HOUR, total if known else None, known, expected, marks

    def days(self, series, now, start, end):
        """Generator of the answer for each day of Zigbee UTC `start` to `end`, oldest first and a day a step.

        For 13 months: days(series, now, local.month(now, 12)[0], now).
        """
        while start < end:
            stop = min(self._local.day(start)[1], end)
            yield self.between(series, now, start, stop)
            start = stop


def add_up(history, series, start, end):
    """(sum, how many are known, all their marks) of the half-hours from `start` to before `end`.

    No allocation a slot, one read of at most 512 octets for 128 of them. Raises OSError.
    """
    if not history.durable:
        return history.add_up(series, start, end)
    total = known = marks = 0
    part = memoryview(bytearray(4 * _SLOTS))
    half_hour = max(start, history.floor(series))
    while half_hour < end:
        slots = min(end - half_hour, SLOTS - half_hour % SLOTS)  # of this sector
        offset = history.slot(series, half_hour)
        if offset:
            slots = min(slots, _SLOTS)
            history.flash.read_into(offset, part[: 4 * slots])
            for at in range(0, 4 * slots, 4):
                value = value_of(part, at)
                if value is not None:
                    total += value
                    known += 1
                    marks |= ~part[at + 3] >> 5 & 3
        half_hour += slots
    return total, known, marks
