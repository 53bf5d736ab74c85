"""Half-hours whose sector is not ready: made firm, given away, refused for the clock's sake, or cut short."""

from fakes import raises
from flash import AFTER, Flash, PowerCut
from slots import BASE, HOWS, SECTORS, SLOTS, distinct, keep, mounted, offset, value

from ihd.history.errors import ClockBehind, Occupied, OutOfRange
from ihd.history.flash import FlashError


def test_nothing_is_taken_of_a_half_hour_that_has_not_ended():
    ring = mounted(Flash())
    ring.present = BASE + 5
    assert raises(OutOfRange, ring.append, 0, BASE + 5, 1)
    assert raises(OutOfRange, ring.append, 0, BASE + SLOTS, 1)
    assert ring.flash.log == []
    assert keep(ring, 0, BASE + 4, 1) == 2


def test_what_a_clock_that_was_ahead_left_bars_nothing_and_gives_way():
    flash = Flash()
    ring = mounted(flash)
    for turn in range(SECTORS):
        keep(ring, 0, BASE + turn * SLOTS, turn)
    wrong = BASE + (SECTORS * 9 + 3) * SLOTS
    ring.present = wrong + 1
    keep(ring, 0, wrong, 77)
    for either in (ring, mounted(flash)):
        either.present = BASE + 20 * SLOTS
        keep(either, 0, BASE + 19 * SLOTS + 5, 5)
        assert value(either, 0, BASE + 4 * SLOTS) == 4
    ring.present = BASE + 24 * SLOTS
    keep(ring, 0, BASE + 23 * SLOTS, 23)
    assert value(mounted(flash), 0, BASE + 23 * SLOTS) == 23 and value(mounted(flash), 0, wrong) is None
    assert value(ring, 0, BASE + 4 * SLOTS) == 4


def test_a_clock_that_is_behind_most_of_a_series_costs_nothing():
    flash = Flash()
    ring = mounted(flash)
    for turn in range(SECTORS):
        keep(ring, 0, BASE + turn * SLOTS, turn)
    before = flash.copy()
    for either in (ring, mounted(flash)):
        either.present = BASE - 2 * SLOTS + 1
        assert raises(ClockBehind, either.append, 0, BASE - 2 * SLOTS, 1)
        either.present = BASE + 9 * SLOTS + 1
        assert keep(either, 0, BASE + 9 * SLOTS, 9) <= 1
    assert flash.same(before)


def test_a_header_is_programmed_again_before_the_first_value_since_a_start():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    done = len(flash.log)
    ring = mounted(flash)
    at = offset(0, BASE)
    assert ring.append(0, BASE + 1, 2) is False
    assert ring.append(0, BASE + 1, 2) is True
    assert ring.append(0, BASE + 2, 3) is True
    assert flash.log[done:] == [("program", at - 16, 16), ("program", at + 4, 4), ("program", at + 8, 4)]


def test_a_header_that_is_read_no_more_costs_its_sector_only_when_that_is_blank():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    head = flash.octets(offset(0, BASE) - 16, 16)
    ring = mounted(flash)
    flash.put(offset(0, BASE) - 16, bytes(16))
    for _ in range(2):
        assert raises(FlashError, ring.append, 0, BASE + 1, 2)
    flash.put(offset(0, BASE) - 16, head)
    keep(ring, 0, BASE + 1, 2)
    assert list(mounted(flash).read(0, BASE, BASE + 2)) == [1, 2]
    flash.put(offset(0, BASE), b"\xff" * 8)
    ring = mounted(flash)
    flash.put(offset(0, BASE) - 16, bytes(16))
    assert [ring.append(0, BASE, 3) for _ in range(4)] == [False] * 3 + [True]
    assert value(mounted(flash), 0, BASE) == 3


def test_an_operation_that_is_refused_loses_nothing():
    for operation in range(4):
        flash = Flash()
        ring = mounted(flash)
        keep(ring, 0, BASE, 1)
        flash.fail_after(operation)
        failures = 0
        for half_hour in (BASE + SLOTS, BASE + SLOTS + 1):
            for _ in range(6):
                try:
                    if ring.append(0, half_hour, 2):
                        break
                except FlashError:
                    failures += 1
        assert failures == 1
        for either in (ring, mounted(flash)):
            assert list(either.read(0, BASE + 1019, BASE + 1022)) == [None, 2, 2] and value(either, 0, BASE) == 1


def test_an_operation_that_did_nothing_is_not_acknowledged():
    for operation in range(2):
        flash = Flash()
        ring = mounted(flash)
        ring.append(0, BASE, 1)
        flash.skip_after(operation)
        assert raises(FlashError, keep, ring, 0, BASE, 1)
        keep(ring, 0, BASE, 1)
        assert value(mounted(flash), 0, BASE) == 1


def test_a_sector_that_was_not_erased_is_noticed_before_it_has_a_header():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    later = BASE + SECTORS * SLOTS
    flash.skip_after(0)
    assert raises(FlashError, ring.append, 0, later, 2)
    assert keep(ring, 0, later, 2) == 2
    assert value(mounted(flash), 0, later) == 2


def test_a_cut_while_the_oldest_sector_is_erased_leaves_no_wrong_value():
    flash = Flash()
    ring = mounted(flash)
    for slot in range(0, SLOTS, 3):
        keep(ring, 0, BASE + slot, distinct(slot))
    later = BASE + SECTORS * SLOTS
    for how in HOWS + tuple(range(20, 40)):
        for operation in range(3):
            cut = flash.copy()
            cut.cut_after(operation, how)
            assert raises(PowerCut, keep, mounted(cut), 0, later, 5)
            ring = mounted(cut)
            for slot, found in enumerate(ring.read(0, BASE, BASE + SLOTS)):
                assert found is None or found == distinct(slot)
            assert value(ring, 0, later) in (None, 5)
            try:
                keep(ring, 0, later, 5)
            except Occupied:
                assert operation == 2 and how > AFTER
            keep(ring, 0, later + 1, 6)
            assert value(mounted(cut), 0, later + 1) == 6


def test_a_sector_that_looks_blank_is_erased_all_the_same():
    flash = Flash()
    ring = mounted(flash)
    ring.append(0, BASE, 1)
    ring = mounted(flash)  # erased, and nobody remembers
    assert keep(ring, 0, BASE, 1) == 2
    assert [entry[0] for entry in flash.log] == ["erase", "erase", "program", "program"]
