"""Ticks that wrap and the time kept on them."""

from fakes import START

from ihd.clock import Clock, ticks_add, ticks_diff


def test_ticks_differ_rightly_across_the_wrap():
    later = ticks_add(START, 90000)
    assert later == 30000
    assert ticks_diff(later, START) == 90000
    assert ticks_diff(START, later) == -90000


def test_time_is_not_known_until_it_is_told():
    assert Clock().utc(START) is None


def test_time_goes_on_across_the_wrap_and_past_2034():
    clock = Clock()
    clock.set((1 << 30) - 5, START)
    assert clock.utc(ticks_add(START, 999)) == (1 << 30) - 5
    assert clock.utc(ticks_add(START, 90000)) == (1 << 30) + 85


def test_time_is_kept_for_weeks_if_it_is_asked_for_daily():
    clock = Clock()
    clock.set(821577600, START)
    ticks = START
    for day in range(30):
        assert clock.utc(ticks) == 821577600 + day * 86400
        ticks = ticks_add(ticks, 86400000)
