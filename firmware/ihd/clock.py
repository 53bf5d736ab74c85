"""Zigbee UTC kept on millisecond ticks.

Zigbee UTC is seconds since 2000-01-01T00:00:00Z, unsigned 32 bit; 0xFFFFFFFF says "not known" (ZCL 8, 2.6.2.22).
Ticks are MicroPython's: they wrap at 2**30 ms, 12.4 days.
"""

from micropython import const

from ihd.local_clock import LocalClock

HALF_HOUR = const(1800)
DAY = const(86400)
_PERIOD = const(1 << 30)
_HALF_PERIOD = const(1 << 29)


def ticks_diff(later, earlier):
    """Milliseconds from `earlier` to `later`, right across the wrap for intervals under 6 days."""
    return ((later - earlier + _HALF_PERIOD) & (_PERIOD - 1)) - _HALF_PERIOD


def ticks_add(ticks, ms):
    """The ticks `ms` milliseconds after `ticks`; ms under 6 days."""
    return (ticks + ms) & (_PERIOD - 1)


class Clock:
    """Tells UTC from ticks once the HAN has told it. local: the LocalClock."""

    def __init__(self):
        self.local = LocalClock()
        self._utc = None  # seconds at _ticks
        self._ticks = 0

    def set(self, utc, now):
        """Zigbee UTC `utc`, seconds, is the time at ticks `now`."""
        self._utc = utc
        self._ticks = now

    def fraction(self, now):
        """Milliseconds of the second that utc(now) tells which have passed at ticks `now`."""
        return ticks_diff(now, self._ticks) % 1000

    def utc(self, now):
        """Zigbee UTC in whole seconds at ticks `now`; None until the HAN has told it."""
        if self._utc is None:
            return None
        seconds = ticks_diff(now, self._ticks) // 1000
        if seconds > 3600:  # move the anchor on long before ticks wrap past it
            self._utc += seconds
            self._ticks = ticks_add(self._ticks, seconds * 1000)
            return self._utc
        return self._utc + seconds
