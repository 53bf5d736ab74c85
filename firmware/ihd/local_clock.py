"""What local clocks show, and when the local day begins: the little of local_time.py that is asked all the time.

The calendar itself is in memory only while something else is asked: once a day, and where dates and periods are told.
"""

from ihd import on_demand

_CALENDAR = "ihd.local_time"


class LocalClock:
    """Local time by GB's rule, or as the HAN tells it. Every time is in seconds, as in clock.py."""

    _told = None

    def __init__(self):
        self.tell()

    def tell(self, *told):
        """The HAN told its (zone_s, dst_start, dst_end, dst_shift_s), as local_time.LocalTime takes them."""
        if told != self._told:
            self._told = told
            self._day = self._steady = (0, 0)

    def calendar(self):
        """The LocalTime, for the moment."""
        calendar = on_demand.load(_CALENDAR).LocalTime(*self._told)
        on_demand.drop(_CALENDAR)
        return calendar

    def local(self, utc):
        """Seconds on local clocks since their 2000-01-01T00:00:00."""
        if not self._steady[0] <= utc < self._steady[1]:
            calendar = self.calendar()
            self._steady = calendar.steady(utc)
            self._ahead = calendar.local(utc) - utc
        return utc + self._ahead

    def day(self, utc):
        """(start, end) of the local day that holds `utc`, in Zigbee UTC and on half-hours."""
        if not self._day[0] <= utc < self._day[1]:
            self._day = self.calendar().day(utc)
        return self._day
