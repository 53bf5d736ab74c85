"""Local time agrees with the C library's reading of GB's rule, and with the time zone database where there is one."""

import datetime
import random
import time
import zoneinfo

import pytest

from ihd.local_time import LocalTime

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
UNIX_EPOCH = int(EPOCH.timestamp())
HALF_HOUR, DAY = 1800, 86400
LAST = 0xFFFFFFFE
GB = LocalTime()
RULE = "GMT0BST,M3.5.0/1,M10.5.0"  # as POSIX has it, and as the file Europe/London ends


@pytest.fixture
def by_the_rule(monkeypatch):
    """The C library's local time: Zigbee UTC to (seconds ahead of UTC, date, weekday). It needs no data."""
    monkeypatch.setenv("TZ", RULE)
    time.tzset()

    def local(utc):
        told = time.localtime(UNIX_EPOCH + utc)
        return told.tm_gmtoff, (told.tm_year, told.tm_mon, told.tm_mday, told.tm_wday)

    yield local
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def in_london():
    """The time zone database's local time of Europe/London, as by_the_rule."""
    try:
        london = zoneinfo.ZoneInfo("Europe/London")
    except zoneinfo.ZoneInfoNotFoundError:
        pytest.skip("no time zone database: Debian's package tzdata has one")

    def local(utc):
        told = (EPOCH + datetime.timedelta(seconds=utc)).astimezone(london)
        return told.utcoffset().seconds, (told.year, told.month, told.day, told.weekday())

    return local


@pytest.fixture(params=["by_the_rule", "in_london"])
def oracle(request):
    """Each of the two."""
    return request.getfixturevalue(request.param)


def agrees(oracle, utc):
    """Whether clock and calendar are the oracle's at Zigbee UTC `utc`."""
    return (GB.local(utc) - utc, GB.date(utc)) == oracle(utc)


def near_changes():
    """The half-hours, and the seconds before them, of the days in which summer time can begin or end, and New Year."""
    for year in range(2000, 2100):
        for month, day in ((3, 24), (10, 24), (12, 31)):
            first = datetime.datetime(year, month, day, tzinfo=datetime.UTC)
            utc = int(first.timestamp()) - UNIX_EPOCH
            for half_hour in range(utc, utc + (9 if month < 12 else 2) * DAY, HALF_HOUR):
                yield from (half_hour - 1, half_hour)


def test_clock_and_calendar_near_every_change_from_2000_to_2099(oracle):
    assert [utc for utc in near_changes() if not agrees(oracle, utc)] == []


def test_clock_and_calendar_at_any_time_to_2136(oracle):
    draw = random.Random(5)
    assert [utc for utc in (draw.randint(0, LAST) for _ in range(20000)) if not agrees(oracle, utc)] == []
    assert agrees(oracle, 0) and agrees(oracle, LAST)


def test_every_day_to_2136_is_the_half_hours_of_one_date(oracle):
    start = 0
    while start < LAST - DAY:
        day = GB.day(start + HALF_HOUR)
        date = oracle(start)[1]
        assert day[0] == start
        assert oracle(day[1] - 1)[1] == date and oracle(day[1])[1] != date, date
        start = day[1]


def test_weeks_and_months_begin_with_the_days_that_have_their_dates(oracle):
    draw = random.Random(6)
    for utc in (draw.randint(40 * DAY, LAST) for _ in range(5000)):
        for start in GB.week(utc):
            assert oracle(start)[1][3] == 0 and oracle(start - 1)[1][3] == 6
        for start in GB.month(utc):
            assert oracle(start)[1][2] == 1 and oracle(start - 1)[1][2] >= 28
        assert GB.week(utc)[0] <= utc < GB.week(utc)[1] <= GB.week(utc)[0] + 7 * DAY + 3600
        assert GB.month(utc)[0] <= utc < GB.month(utc)[1]
        assert oracle(GB.month(utc)[0])[1][:2] == oracle(utc)[1][:2]
