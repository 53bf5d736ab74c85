"""Days, weeks and months of GB's clocks in Zigbee UTC."""

from civil import days_of, utc

from ihd.local_time import LocalTime

HALF_HOUR = 1800
DAY = 86400
GB = LocalTime()
# summer time's first and last days as published: year, day of March, day of October
SUMMERS = (
    (2000, 26, 29),
    (2001, 25, 28),
    (2012, 25, 28),
    (2022, 27, 30),
    (2023, 26, 29),
    (2024, 31, 27),
    (2025, 30, 26),
    (2026, 29, 25),
    (2027, 28, 31),
    (2028, 26, 29),
)
NOT_KNOWN = 0xFFFFFFFF
NO_SHIFT = -(1 << 31)
LAST = 0xFFFFFFFE


def half_hours(period):
    """How many half-hours a period has."""
    start, end = period
    assert start % HALF_HOUR == end % HALF_HOUR == 0
    return (end - start) // HALF_HOUR


def test_summer_time_is_an_hour_from_the_last_sunday_of_march_to_that_of_october():
    for year, march, october in SUMMERS:
        start = utc(year, 3, march, 1)
        end = utc(year, 10, october, 1)
        assert GB.date(start)[3] == GB.date(end)[3] == 6
        for moment, ahead in ((start - 1, 0), (start, 3600), (end - 1, 3600), (end, 0)):
            assert GB.local(moment) - moment == ahead, (year, moment)


def test_a_day_has_46_half_hours_when_summer_time_begins_and_50_when_it_ends():
    for year, march, october in SUMMERS:
        noon = utc(year, 3, march, 12)
        assert GB.day(noon) == (utc(year, 3, march), utc(year, 3, march, 23))
        assert [half_hours(GB.day(noon + days * DAY)) for days in (-1, 0, 1)] == [48, 46, 48]
        noon = utc(year, 10, october, 12)
        assert GB.day(noon) == (utc(year, 10, october) - 3600, utc(year, 10, october) + DAY)
        assert [half_hours(GB.day(noon + days * DAY)) for days in (-1, 0, 1)] == [48, 50, 48]


def test_a_summer_day_is_told_from_its_first_second_to_its_last():
    day = utc(2025, 7, 1) - 3600, utc(2025, 7, 1, 23)
    assert GB.day(day[0]) == GB.day(day[1] - 1) == day
    assert GB.day(day[0] - 1)[1] == day[0] and GB.day(day[1])[0] == day[1]
    assert GB.date(day[0]) == GB.date(day[1] - 1) == (2025, 7, 1, 1)
    assert GB.date(day[0] - 1) == (2025, 6, 30, 0)


def test_a_week_begins_on_monday_also_across_the_new_year():
    week = utc(2024, 12, 30), utc(2025, 1, 6)
    for moment in (week[0], utc(2024, 12, 31, 23, 30), utc(2025, 1, 1), week[1] - 1):
        assert GB.week(moment) == week
    assert GB.week(week[0] - 1) == (utc(2024, 12, 23), week[0])
    assert half_hours(GB.week(utc(2025, 3, 30, 12))) == 7 * 48 - 2
    assert GB.week(utc(2025, 3, 30, 22, 59)) == (utc(2025, 3, 24), utc(2025, 3, 30, 23))
    assert GB.week(utc(2025, 3, 30, 23)) == (utc(2025, 3, 30, 23), utc(2025, 4, 6, 23))
    assert half_hours(GB.week(utc(2025, 10, 26))) == 7 * 48 + 2


def test_months_have_their_lengths_and_february_a_leap_day_in_2000_and_none_in_2100():
    for year in range(2000, 2136):
        for month in range(1, 13):
            first = utc(year, month, 1)
            summer = 3600 if 4 <= month <= 10 else 0
            period = GB.month(first + 15 * DAY)
            assert period[0] == first - summer, (year, month)
            more = {3: -2, 10: 2}.get(month, 0)
            assert half_hours(period) == days_of(year, month) * 48 + more
            assert GB.date(period[0])[:3] == (year, month, 1)
            assert GB.date(period[1] - 1)[:3] == (year, month, days_of(year, month))
    assert [days_of(year, 2) for year in (2000, 2023, 2024, 2100, 2104)] == [29, 28, 29, 28, 29]


def test_every_date_from_2000_to_2136_follows_the_one_before():
    noon = 12 * 3600
    weekday = 5  # Saturday
    for year in range(2000, 2136):
        for month in range(1, 13):
            for day in range(1, days_of(year, month) + 1):
                if day in (1, 28, 29, 30, 31):
                    assert GB.date(noon) == (year, month, day, weekday)
                noon += DAY
                weekday = (weekday + 1) % 7


def test_periods_before_are_counted_back():
    now = utc(2025, 3, 31, 9)
    assert GB.day(now, 1) == (utc(2025, 3, 30), utc(2025, 3, 30, 23))
    assert GB.day(now, 2) == (utc(2025, 3, 29), utc(2025, 3, 30))
    assert GB.week(now, 1) == (utc(2025, 3, 24), utc(2025, 3, 30, 23))
    assert GB.month(now, 1) == (utc(2025, 2, 1), utc(2025, 3, 1))
    assert GB.month(now, 12) == (utc(2024, 3, 1), utc(2024, 3, 31, 23))
    for period in (GB.day, GB.week, GB.month):
        for back in range(1, 60):
            assert period(now, back)[1] == period(now, back - 1)[0]
            assert period(period(now, back)[0]) == period(now, back)


def test_nothing_begins_before_2000_and_2136_is_told_rightly():
    assert GB.day(0) == (0, DAY)
    assert GB.week(0) == (0, utc(2000, 1, 3))
    assert GB.month(0) == (0, utc(2000, 2, 1))
    assert GB.day(DAY, 5) == GB.week(0, 5) == GB.month(0, 5) == (0, 0)
    assert GB.date(0) == (2000, 1, 1, 5)
    assert GB.date(LAST) == (2136, 2, 7, 1)
    assert GB.day(LAST) == (utc(2136, 2, 7), utc(2136, 2, 8))
    assert GB.week(LAST) == (utc(2136, 2, 6), utc(2136, 2, 13))
    assert GB.month(LAST) == (utc(2136, 2, 1), utc(2136, 3, 1))
    assert GB.day(1 << 30) == (utc(2034, 1, 9), utc(2034, 1, 10))


def test_a_summer_time_told_by_the_han_holds_in_its_own_year_only():
    told = LocalTime(0, utc(2026, 4, 5, 2), utc(2026, 9, 27, 1, 30), 7200)
    assert half_hours(told.day(utc(2026, 4, 5, 12))) == 44
    assert half_hours(told.day(utc(2026, 9, 27, 12))) == 52
    assert half_hours(told.day(utc(2026, 3, 29, 12))) == half_hours(told.day(utc(2026, 10, 25, 12))) == 48
    for change, ahead in ((utc(2026, 4, 5, 2), 7200), (utc(2026, 9, 27, 1, 30), 0)):
        assert told.local(change - 1) - (change - 1) == 7200 - ahead
        assert told.local(change) - change == ahead
    for year, march, october in ((2025, 30, 26), (2027, 28, 31)):
        assert half_hours(told.day(utc(year, 3, march, 12))) == 46
        assert half_hours(told.day(utc(year, 10, october, 12))) == 50


def test_a_summer_time_of_half_an_hour_makes_days_of_47_and_49_half_hours():
    told = LocalTime(0, utc(2026, 3, 29, 1), utc(2026, 10, 25, 1), 1800)
    assert half_hours(told.day(utc(2026, 3, 29, 12))) == 47
    assert half_hours(told.day(utc(2026, 10, 25, 12))) == 49


def test_another_zone_moves_every_midnight():
    told = LocalTime(3600)
    assert told.day(utc(2025, 1, 1)) == (utc(2024, 12, 31, 23), utc(2025, 1, 1, 23))
    assert told.day(utc(2025, 7, 1)) == (utc(2025, 6, 30, 22), utc(2025, 7, 1, 22))
    assert told.local(utc(2025, 7, 1)) == utc(2025, 7, 1, 2)
    assert told.day(0) == (0, 23 * 3600)
    west = LocalTime(-5 * 3600)
    assert west.date(0) == (1999, 12, 31, 4)
    assert west.day(0) == (0, 5 * 3600)
    assert west.month(0) == (0, 5 * 3600)


def test_what_makes_no_sense_is_ignored_in_favour_of_the_rule():
    start, end = utc(2026, 5, 3, 1), utc(2026, 9, 6, 1)
    assert LocalTime(0, start, end).local(start) == start + 3600  # this one does
    moments = [utc(2026, month, 3, 1) for month in range(1, 13)] + [start - 1, start, end - 1, end]
    for told in (
        (0, None, end, 3600),
        (0, start, None, 3600),
        (0, start, end, None),
        (0, NOT_KNOWN, NOT_KNOWN, NO_SHIFT),
        (0, NOT_KNOWN, end, 3600),
        (0, start, NOT_KNOWN, 3600),
        (0, 0, 0, 0),
        (0, end, start, 3600),
        (0, start, start, 3600),
        (0, start, end, NO_SHIFT),
        (0, start, end, 0),
        (0, start, end, -3600),
        (0, start, end, 900),
        (0, start, end, 3601),
        (0, start, end, 9000),
        (0, start, end, DAY),
        (0, start + 1, end, 3600),
        (0, start, end - 1, 3600),
        (0, utc(2026, 5, 3), end, 3600),
        (0, start, utc(2026, 9, 6), 3600),
        (0, utc(2026, 5, 3, 23, 30), end, 3600),
        (0, start, utc(2026, 9, 6, 23, 30), 3600),
        (0, start - 365 * DAY, end, 3600),
        (0, start, end + 365 * DAY, 3600),
        (None, None, None, None),
        (NO_SHIFT, None, None, None),
        (900, None, None, None),
        (15 * 3600, None, None, None),
        (-15 * 3600, None, None, None),
        (-3600, None, None, None),
        (-5400, None, None, None),
    ):
        local = LocalTime(*told)
        for moment in moments:
            assert local.local(moment) == GB.local(moment), told
            assert local.day(moment) == GB.day(moment), told


def test_local_days_are_whole_and_follow_each_other_whatever_the_han_tells():
    for zone_s in (0, 3600, -7200, 19800, 50400, -50400):
        for shift_s in (1800, 3600, 7200):
            for half_hour in (0, 1, 3, 13, 24, 44, 45, 46, 47):
                start = utc(2026, 4, 5) + half_hour * HALF_HOUR
                end = utc(2026, 4, 8) + (95 - half_hour) * HALF_HOUR
                local = LocalTime(zone_s, start, end, shift_s)
                moment = local.day(start - DAY)[0]
                while moment < end + DAY:
                    day = local.day(moment)
                    assert day[0] == moment, (zone_s, shift_s, half_hour)
                    date = local.date(moment)
                    for other in range(moment, day[1], HALF_HOUR):
                        assert local.day(other) == day and local.date(other) == date
                    assert local.date(day[1]) != date
                    moment = day[1]
