"""A meter's open half-hour and its day: closed on the clock from what its register reads.

A half-hour is known when the register was read soon after it began and soon after it ended. Otherwise it stays a gap.
"""

from micropython import const

from ihd.clock import HALF_HOUR

_LARGEST = const(0xFFFFFE)  # Wh or litres in one half-hour: what a 24-bit slot holds


class HalfHours:
    """The half-hour in progress and today's sum. current: that half-hour, None before the first reading. odd: whether
    the last register was refused.

    slack_s: seconds after a half-hour began in which a reading still counts as taken when it began. known(half_hour):
    what the history has for it, None for a gap. day(utc): (start, end) of the local day in Zigbee UTC, on half-hours.
    """

    def __init__(self, slack_s, known, day):
        self._slack_s = slack_s
        self._known = known
        self._day_of = day
        self.clear()

    def clear(self):
        """Know nothing."""
        self.current = None  # half-hour in progress
        self._start = None  # register when it began; None when that is not known
        self._day = None  # Zigbee UTC at which the local day of _day_start began
        self._day_start = 0  # register when the day, or what is known of it, began
        self._register = 0
        self._read_at = None  # Zigbee UTC of _register
        self.odd = False  # whether the last reading was below the one before, or too far above it
        self.day_since = None  # Zigbee UTC from which today() counts

    def reading(self, utc, register):
        """The register read `register` (Wh or litres) at Zigbee UTC `utc`.

        Returns (half_hour, used) for the half-hour that this reading closed, or None. Raises ValueError when time or
        register ran backwards, or the register too far for a half-hour: such a register is believed when it is read
        twice in a row, and counted from then.
        """
        half_hour = utc // HALF_HOUR
        prompt = utc % HALF_HOUR <= self._slack_s
        odd = self.current is not None and not 0 <= register - self._register <= _LARGEST
        if odd and not self.odd:
            self.odd = True
            raise ValueError
        if odd:
            self._start = self._day = None
            self._register = register
        self.odd = False
        if self.current is not None and half_hour < self.current:
            if half_hour < self.current - 1:  # more than a clock put right at a boundary
                self.current = half_hour
                self._start = self._day = None
            raise ValueError
        self._register = register
        self._read_at = utc
        day = self._day_of(utc)[0]
        if self._day != day:
            self._day = day
            self._day_start = register
            self.day_since = day if utc - day <= self._slack_s else utc
        if half_hour == self.current:
            return None
        closed = None
        start = self._start
        if prompt and start is not None and half_hour == self.current + 1:
            closed = self.current, register - start
            self._reach_back(self.current, start)
        self.current = half_hour
        self._start = register if prompt else None
        if closed and closed[1] > _LARGEST:
            raise ValueError
        return closed

    def today(self):
        """Wh or litres since `day_since`, midnight when the day was seen to begin; None before the first reading."""
        return None if self._day is None else self._register - self._day_start

    def forget(self, before):
        """Forget what was counted before Zigbee UTC `before`, and the half-hour in which that lies."""
        if self._read_at is None or self._read_at < before:
            self.clear()
            return
        if self.current * HALF_HOUR < before:
            self._start = None
        if self._day is not None and self.day_since < before:
            if self._start is None:
                self.clear()
            else:
                self._day_start = self._start
                self.day_since = self.current * HALF_HOUR
                self._reach_back(self.current, self._start)

    def holds(self, before):
        """Whether anything of before Zigbee UTC `before` is counted."""
        if self._read_at is None:
            return False
        counted = self._day is not None and self.day_since < before
        return counted or self._read_at < before or self._start is not None and self.current * HALF_HOUR < before

    def _reach_back(self, half_hour, register):
        """Count today from as early as is known without a gap: the register read `register` when `half_hour` began."""
        first = self._day // HALF_HOUR
        if half_hour <= first:
            return
        while half_hour > first and self.day_since > first * HALF_HOUR:
            value = self._known(half_hour - 1)
            if value is None:
                break
            half_hour -= 1
            register -= value
        if half_hour * HALF_HOUR < self.day_since:
            self._day_start = register
            self.day_since = half_hour * HALF_HOUR
