"""A meter's half-hours: closed on the clock from what its register reads.

A half-hour is known when the register was read soon after it began and soon after it ended. Otherwise it stays a gap.
"""

from array import array

from micropython import const

from ihd.clock import DAY, HALF_HOUR

_KEPT = const(48)  # half-hours in RAM
_LARGEST = const(0xFFFFFE)  # Wh or litres in one half-hour: what a 24-bit slot holds

_GAP = const(0xFFFFFFFF)


class HalfHours:
    """The last 48 half-hours and today's sum.

    slack_s: seconds after a half-hour began in which a reading still counts as taken when it began.
    """

    def __init__(self, slack_s):
        self._slack_s = slack_s
        self._values = array("I", [_GAP] * _KEPT)
        self._current = None  # half-hour in progress
        self._start = None  # register when it began; None when that is not known
        self._day = None  # UTC day of _day_start
        self._day_start = 0  # register when the day, or what is known of it, began
        self._register = 0
        self._fell = False  # whether the last reading was below the one before
        self.day_since = None  # Zigbee UTC from which today() counts

    def reading(self, utc, register):
        """The register read `register` (Wh or litres) at Zigbee UTC `utc`.

        Returns the half-hour that this reading closed, or None. Raises ValueError when time or register ran backwards,
        or the register too far for a half-hour: a lower register is believed when it is read twice in a row, and
        counted from then. Half-hours already closed stay.
        """
        half_hour = utc // HALF_HOUR
        prompt = utc % HALF_HOUR <= self._slack_s
        if self._current is not None and register < self._register and not self._fell:
            self._fell = True
            raise ValueError
        if self._fell and register < self._register:
            self._start = self._day = None
            self._register = register
        self._fell = False
        if self._current is not None and half_hour < self._current:
            if half_hour < self._current - 1:  # more than a clock put right at a boundary
                self._current = half_hour
                self._start = self._day = None
            raise ValueError
        self._register = register
        if self._day != utc // DAY:
            self._day = utc // DAY
            self._day_start = register
            self.day_since = self._day * DAY if utc % DAY <= self._slack_s else utc
        if half_hour == self._current:
            return None
        closed = used = None
        if prompt and self._start is not None and half_hour == self._current + 1:
            closed = self._current
            used = register - self._start
        self._begin(utc, half_hour, register)
        if closed is None:
            return None
        if used > _LARGEST:
            raise ValueError
        self._values[closed % _KEPT] = used
        return closed

    def value(self, half_hour):
        """Wh or litres used in half-hour `half_hour` (Zigbee UTC // 1800); None for a gap or one no longer kept."""
        if self._current is None or not self._current - _KEPT <= half_hour < self._current:
            return None
        value = self._values[half_hour % _KEPT]
        return None if value == _GAP else value

    def today(self):
        """Wh or litres since `day_since`, 00:00 UTC when the day was seen to begin; None before the first reading."""
        return None if self._day is None else self._register - self._day_start

    def _begin(self, utc, half_hour, register):
        """Go on to `half_hour`; those skipped, and those that wrap round, become gaps."""
        first = half_hour - _KEPT if self._current is None else max(self._current, half_hour - _KEPT)
        for gap in range(first, half_hour):
            self._values[gap % _KEPT] = _GAP
        self._current = half_hour
        self._start = register if utc % HALF_HOUR <= self._slack_s else None
        self._register = register
