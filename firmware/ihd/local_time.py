"""Local time: where GB's days, weeks and months begin and end in Zigbee UTC.

GB's rule: UTC in winter, an hour more from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
October. What the HAN's Time cluster tells (TimeZone 0x0002, DstStart 0x0003, DstEnd 0x0004, DstShift 0x0005) is of one
year: the other years of the history follow the rule.
"""

from micropython import const

from ihd.clock import DAY, HALF_HOUR

_HOUR = const(3600)
_FURTHEST_S = const(50400)  # of all time zones from UTC
_LARGEST_SHIFT_S = const(7200)


class LocalTime:
    """Local time by GB's rule and, where they make sense, by the attributes of a Time cluster.

    zone_s, dst_shift_s: seconds. dst_start, dst_end: Zigbee UTC. None, as any non-value, is not told. What would make
    a day anything but whole half-hours from one midnight to the next is ignored, and so is a summer time that does not
    lie within one year: then the zone is 0, and the rule holds in every year.

    day, week and month give (start, end) of the local one that holds `utc`, or of that `back` ones before, in Zigbee
    UTC. None starts before 0; the ends of the last, in 2136, are beyond 32 bits.
    """

    def __init__(self, zone_s=0, dst_start=None, dst_end=None, dst_shift_s=_HOUR):
        if zone_s is None or abs(zone_s) > _FURTHEST_S or not _fits(_HOUR, zone_s, _HOUR):
            zone_s = 0
        self._zone_s = zone_s
        self._year = None  # years from 2000 to that of the summer time that was told
        if _makes_sense(zone_s, dst_start, dst_end, dst_shift_s):
            self._year = _year(dst_start)
            self._dst_start = dst_start
            self._dst_end = dst_end
            self._dst_shift_s = dst_shift_s

    def local(self, utc):
        """Seconds on local clocks since their 2000-01-01T00:00:00."""
        year = _year(utc)
        start, end = self._summer(year)
        shift = self._dst_shift_s if year == self._year else _HOUR
        return utc + self._zone_s + (shift if start <= utc < end else 0)

    def steady(self, utc):
        """(start, end) of a time around `utc`, at most a year, in which local clocks keep their distance from UTC."""
        year = _year(utc)
        start, end = self._summer(year)
        if utc < start:
            return _first(12 * year) * DAY, start
        return (start, end) if utc < end else (end, _first(12 * year + 12) * DAY)

    def date(self, utc):
        """(year, month from 1, day from 1, weekday from 0, which is Monday) on local calendars."""
        day = self.local(utc) // DAY
        month = _month(day)
        return 2000 + month // 12, month % 12 + 1, day - _first(month) + 1, (day + 5) % 7

    def day(self, utc, back=0):
        """46 half-hours when summer time begins, 50 when it ends, else 48."""
        day = self.local(utc) // DAY - back
        return self._midnight(day), self._midnight(day + 1)

    def week(self, utc, back=0):
        """From Monday."""
        day = self.local(utc) // DAY
        monday = day - (day + 5) % 7 - 7 * back
        return self._midnight(monday), self._midnight(monday + 7)

    def month(self, utc, back=0):
        """From the first."""
        month = _month(self.local(utc) // DAY) - back
        return self._midnight(_first(month)), self._midnight(_first(month + 1))

    def _summer(self, year):
        """(start, end) of summer time in Zigbee UTC; year: from 2000."""
        if year == self._year:
            return self._dst_start, self._dst_end
        return _last_sunday_before(12 * year + 3) * DAY + _HOUR, _last_sunday_before(12 * year + 10) * DAY + _HOUR

    def _midnight(self, day):
        """Zigbee UTC at which the local day begins that is `day` days from 2000-01-01."""
        utc = day * DAY - self._zone_s  # in winter
        return max(utc - (self.local(utc) - day * DAY), 0)


def _makes_sense(zone_s, start, end, shift_s):
    if start is None or end is None or shift_s is None or not 0 < shift_s <= _LARGEST_SHIFT_S:
        return False
    if not 0 <= start < end or _year(start) != _year(end):
        return False
    return _fits(start, zone_s, shift_s) and _fits(end, zone_s, shift_s)


def _fits(change, zone_s, shift_s):
    """Whether a change is on half-hours, and far enough from midnight that this comes once."""
    if change % HALF_HOUR or zone_s % HALF_HOUR or shift_s % HALF_HOUR:
        return False
    return 0 < (change + zone_s) % DAY <= DAY - shift_s


def _year(utc):
    """The UTC year, from 2000."""
    return _month(utc // DAY) // 12


def _month(day):
    """The month, counted from January 2000, that holds the day that is `day` days from 2000-01-01."""
    month = day * 4800 // 146097  # there are so many months and days in 400 years
    while _first(month) > day:
        month -= 1
    while _first(month + 1) <= day:
        month += 1
    return month


def _first(month):
    """The first day of a month, counted from January 2000, in days from 2000-01-01."""
    year = 1999 + (month + 10) // 12  # it begins with March, so that a leap day is its last
    return 365 * year + year // 4 - year // 100 + year // 400 + ((month + 10) % 12 * 153 + 2) // 5 - 730425


def _last_sunday_before(month):
    """The last Sunday before the first of a month."""
    return _first(month) - 1 - (_first(month) + 5) % 7
