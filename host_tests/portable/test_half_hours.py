"""Half-hours closed on the clock."""

from fakes import raises

from ihd.home.half_hours import HalfHours

KEPT = 48
MIDNIGHT = 821577600 + 86400  # a UTC day's begin
FIRST = MIDNIGHT // 1800


def test_a_half_hour_is_what_the_register_went_on_between_its_ends():
    series = HalfHours(60)
    assert series.reading(MIDNIGHT + 10, 1000) is None
    assert series.reading(MIDNIGHT + 1790, 1240) is None
    assert series.value(FIRST) is None
    assert series.reading(MIDNIGHT + 1805, 1250) == FIRST
    assert series.value(FIRST) == 250


def test_the_sum_of_half_hours_is_the_register_s_step():
    series = HalfHours(60)
    register = 5
    for second in range(7, 86400 + 30, 10):
        register += second % 13
        series.reading(MIDNIGHT + second, register)
        if second == 7:
            start = register
    values = [series.value(FIRST + n) for n in range(48)]
    closing = sum(values)
    assert None not in values
    assert 0 <= register - start - closing < 3 * 13


def test_a_half_hour_whose_begin_was_missed_is_a_gap():
    series = HalfHours(60)
    series.reading(MIDNIGHT + 61, 1000)
    assert series.reading(MIDNIGHT + 1800, 1100) is None
    assert series.value(FIRST) is None
    assert series.reading(MIDNIGHT + 3600, 1150) == FIRST + 1
    assert series.value(FIRST + 1) == 50


def test_a_half_hour_whose_end_was_missed_is_a_gap_and_so_are_those_skipped():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 0)
    assert series.reading(MIDNIGHT + 1861, 100) is None
    assert series.reading(MIDNIGHT + 7200, 400) is None
    assert series.reading(MIDNIGHT + 9000, 500) == FIRST + 4
    assert [series.value(FIRST + n) for n in range(5)] == [None, None, None, None, 100]


def test_a_step_over_several_half_hours_belongs_to_none_of_them():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 0)
    assert series.reading(MIDNIGHT + 3600, 100) is None
    assert [series.value(FIRST), series.value(FIRST + 1)] == [None, None]


def test_no_use_is_zero_not_a_gap():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 7)
    series.reading(MIDNIGHT + 1800, 7)
    assert series.value(FIRST) == 0


def test_old_half_hours_are_dropped_also_across_a_long_gap():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 0)
    series.reading(MIDNIGHT + 1800, 5)
    series.reading(MIDNIGHT + 1800 * (KEPT + 3), 50)
    assert series.value(FIRST) is None
    assert series.value(FIRST + KEPT) is None


def test_one_reading_below_the_register_changes_nothing():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 1000)
    series.reading(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.reading, MIDNIGHT + 1810, 10)
    assert series.reading(MIDNIGHT + 3600, 1130) == FIRST + 1
    assert [series.value(FIRST), series.value(FIRST + 1), series.today()] == [100, 30, 130]


def test_a_register_that_stays_lower_is_counted_from_anew_and_what_is_closed_stays():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 1000)
    series.reading(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.reading, MIDNIGHT + 3600, 10)
    assert series.reading(MIDNIGHT + 3610, 11) is None
    assert series.reading(MIDNIGHT + 5400, 31) == FIRST + 2
    assert [series.value(FIRST + n) for n in range(3)] == [100, None, 20]
    assert (series.today(), series.day_since) == (20, MIDNIGHT + 3610)


def test_a_clock_put_back_over_a_boundary_keeps_what_is_closed():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 1000)
    series.reading(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.reading, MIDNIGHT + 1799, 1101)
    assert series.reading(MIDNIGHT + 3600, 1130) == FIRST + 1
    assert [series.value(FIRST), series.value(FIRST + 1)] == [100, 30]


def test_a_clock_put_back_by_hours_begins_anew_there():
    series = HalfHours(60)
    for half_hour in range(6):
        series.reading(MIDNIGHT + 1800 * half_hour, 1000 + 100 * half_hour)
    assert raises(ValueError, series.reading, MIDNIGHT + 1800, 1501)
    assert series.reading(MIDNIGHT + 3600, 1502) is None
    assert series.reading(MIDNIGHT + 5400, 1510) == FIRST + 2
    assert [series.value(FIRST + n) for n in range(4)] == [100, None, 8, None]


def test_a_step_too_large_for_a_slot_is_refused():
    series = HalfHours(60)
    series.reading(MIDNIGHT, 0)
    assert raises(ValueError, series.reading, MIDNIGHT + 1800, 0xFFFFFF)
    assert series.value(FIRST) is None


def test_today_begins_at_midnight():
    series = HalfHours(60)
    series.reading(MIDNIGHT - 600, 100)
    assert series.day_since == MIDNIGHT - 600
    series.reading(MIDNIGHT + 5, 130)
    assert (series.today(), series.day_since) == (0, MIDNIGHT)
    series.reading(MIDNIGHT + 4000, 190)
    assert series.today() == 60
