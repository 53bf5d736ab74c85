"""The wall clock of a British home: UTC, and an hour more in summer."""

import datetime

from tools.bench.load import DAY, ZIGBEE_EPOCH

SUMMER_SHIFT_S = 3600


def local_time(utc):
    """British wall clock time as Zigbee seconds."""
    begin, end = summer(utc)
    return utc + SUMMER_SHIFT_S if begin <= utc < end else utc


def local_midnight(utc):
    """Zigbee UTC at which the local day of this moment began."""
    midnight = local_time(utc) // DAY * DAY
    return midnight - SUMMER_SHIFT_S if local_time(midnight - SUMMER_SHIFT_S) == midnight else midnight


def summer(utc):
    """Zigbee UTC of begin and end of British summer time of that year: last Sundays of March and October."""
    year = (ZIGBEE_EPOCH + datetime.timedelta(seconds=utc)).year
    return _last_sunday(year, 3), _last_sunday(year, 10)


def _last_sunday(year, month):
    """Zigbee UTC of 01:00 on the last Sunday of a month of 31 days."""
    last = datetime.datetime(year, month, 31, 1, tzinfo=datetime.UTC)
    last -= datetime.timedelta(days=last.isoweekday() % 7)
    return int((last - ZIGBEE_EPOCH).total_seconds())
