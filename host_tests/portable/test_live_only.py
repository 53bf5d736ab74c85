"""Half-hours of a display without a history partition."""

import gc

from fakes import raises

from ihd.history.errors import BeforeFloor, OutOfRange
from ihd.history.live_only import LiveOnly

FIRST = 456432


def test_the_last_48_half_hours_of_each_meter_are_kept():
    live = LiveOnly()
    live.mount()
    for number in range(100):
        assert live.append(0, FIRST + number, number) is True
        assert live.append(1, FIRST + number, 1000 + number, 1) is True
    assert list(live.read(0, FIRST + 50, FIRST + 102)) == [None, None] + list(range(52, 100)) + [None, None]
    assert list(live.read(1, FIRST + 98, FIRST + 100)) == [1098, 1099]


def test_cost_is_taken_and_not_kept():
    live = LiveOnly()
    assert live.append(2, FIRST, 5) is True
    assert list(live.read(2, FIRST, FIRST + 1)) == list(live.read(3, FIRST, FIRST + 1)) == [None]
    assert not live.holds_before(2, FIRST + 1)


def test_late_values_are_kept_when_recent_and_gaps_stay():
    live = LiveOnly()
    live.append(0, FIRST, 1)
    live.append(0, FIRST + 3, 4)
    live.append(0, FIRST + 1, 2)
    live.append(0, FIRST - 44, 9)
    assert live.append(0, FIRST - 45, 8) is True
    assert list(live.read(0, FIRST - 45, FIRST + 5)) == [None, 9] + [None] * 43 + [1, 2, None, 4, None]
    live.append(0, FIRST + 500, 7)
    assert [kept for kept in live.read(0, FIRST - 50, FIRST + 600) if kept is not None] == [7]


def test_a_floor_hides_and_drops_what_began_before_it():
    live = LiveOnly()
    live.append(0, FIRST, 1)
    live.append(0, FIRST + 1, 2)
    live.set_floor(0, FIRST + 1)
    assert (live.floor(0), live.floor(1)) == (FIRST + 1, 0)
    assert list(live.read(0, FIRST, FIRST + 2)) == [None, 2]
    assert raises(BeforeFloor, live.append, 0, FIRST, 3)
    assert raises(OutOfRange, live.append, 0, FIRST + 1, 0xFFFFFF)
    assert live.holds_before(0, FIRST + 1)
    for _ in live.destroy_before(0, FIRST + 1):
        pass
    assert not live.holds_before(0, FIRST + 1)
    assert (live.sectors_erased, live.slots_destroyed) == (0, 1)
    assert raises(BeforeFloor, live.append, 0, FIRST, 3)
    assert not live.holds_before(0, FIRST + 1)
    assert live.holds_before(0, FIRST + 2)


def test_destroying_takes_one_meter_s_old_values_only():
    live = LiveOnly()
    for number in range(60):
        live.append(0, FIRST + number, number)
        live.append(1, FIRST + number, number)
    for _ in live.destroy_before(0, FIRST + 58):
        pass
    assert live.slots_destroyed == 46
    assert list(live.read(0, FIRST + 56, FIRST + 60)) == [None, None, 58, 59]
    assert list(live.read(1, FIRST + 56, FIRST + 60)) == [56, 57, 58, 59]
    for _ in live.destroy_before(1, FIRST + 1000):
        pass
    assert live.slots_destroyed == 46 + 48


def test_the_half_hour_in_progress_and_what_comes_after_it_is_not_taken():
    live = LiveOnly()
    live.present = FIRST + 10
    for ahead in (0, 1, 5000):
        assert raises(OutOfRange, live.append, 0, FIRST + 10 + ahead, 3)
    assert live.append(0, FIRST + 9, 4) is True
    assert list(live.read(0, FIRST + 8, FIRST + 12)) == [None, 4, None, None]


def test_what_a_clock_that_was_ahead_left_gives_way_to_the_next_value():
    for jump in (1, 20, 47, 48, 49, 96, 5000, 17520):
        live = LiveOnly()
        for number in range(60):
            live.append(0, FIRST + number, number)
        live.append(1, FIRST + 59, 1059)
        live.present = FIRST + 60 + jump
        live.append(0, FIRST + 59 + jump, 999)
        live.present = FIRST + 61
        live.append(0, FIRST + 60, 60)
        kept = list(live.read(0, FIRST, FIRST + 61))
        first = min(12 + jump, 60)  # of those that the last 48 before the far one had room for
        assert kept == [None] * first + list(range(first, 61))
        assert list(live.read(0, FIRST + 61, FIRST + 20_000)).count(None) == 20_000 - 61
        assert list(live.read(1, FIRST + 59, FIRST + 61)) == [1059, None]
        live.present = FIRST + 200
        live.append(0, FIRST + 100, 100)
        found = [value for value in live.read(0, FIRST, FIRST + 200) if value is not None]
        assert 999 not in found and found[-1] == 100


def test_what_a_clock_that_was_ahead_left_goes_with_whatever_is_destroyed():
    live = LiveOnly()
    live.append(0, FIRST + 59, 59)
    live.append(0, FIRST + 70, 999)
    live.present = FIRST + 61
    assert live.holds_before(0, FIRST + 20)
    for _ in live.destroy_before(0, FIRST + 20):
        pass
    assert not live.holds_before(0, FIRST + 20) and live.slots_destroyed == 1
    assert [value for value in live.read(0, FIRST, FIRST + 100) if value is not None] == [59]


def test_it_takes_half_a_kilobyte():
    if hasattr(gc, "mem_alloc"):
        gc.collect()
        before = gc.mem_alloc()
        live = LiveOnly()
        gc.collect()
        assert live and gc.mem_alloc() - before <= 1024
