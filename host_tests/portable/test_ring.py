"""The half-hours in raw flash: their format, what is taken and what is refused."""

import gc

from fakes import raises
from flash import Flash
from slots import BASE, SECTOR, SECTORS, SLOTS, keep, mounted, offset, value, word

from ihd.history.errors import BeforeFloor, Occupied, OutOfRange
from ihd.history.ring import BACK_FILLED, ESTIMATED
from ihd.history.sector import header


def test_a_slot_stands_in_the_flash_as_specified():
    flash = Flash()
    ring = mounted(flash)
    half_hour = BASE
    for number in (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 0x7FFFFF, 0x800000, 0xFFFFFD, 0xFFFFFE):
        for marks in (0, BACK_FILLED, ESTIMATED, BACK_FILLED | ESTIMATED):
            keep(ring, 1, half_hour, number, marks)
            assert flash.octets(offset(1, half_hour), 4) == word(number, marks), (number, marks)
            assert value(ring, 1, half_hour) == number
            half_hour += 1
    assert word(0) == bytes((0, 0, 0, 0xF8))
    assert word(0xFFFFFE, 3) == bytes((0xFE, 0xFF, 0xFF, 0x83))


def test_a_sector_begins_with_its_header():
    flash = Flash()
    keep(mounted(flash), 2, BASE + 5, 1)
    head = flash.octets(offset(2, BASE) - 16, 16)
    assert head[:12] == bytes((0x49, 0x48, 2, 1, 1, 0, 0, 0)) + BASE.to_bytes(4, "little")
    assert head == header(2, 1, BASE)


def test_values_that_no_slot_holds_are_out_of_range():
    flash = Flash()
    ring = mounted(flash)
    for number in (-1, 0xFFFFFF, 0x1000000, 1 << 32):
        assert raises(OutOfRange, ring.append, 0, BASE, number)
    assert flash.log == []


def test_the_first_value_of_a_sector_takes_an_erase_and_a_header_one_a_call():
    flash = Flash()
    ring = mounted(flash)
    at = offset(0, BASE)
    assert ring.append(0, BASE, 7) is False
    assert flash.log == [("erase", at - 16, SECTOR)]
    assert ring.append(0, BASE, 7) is False
    assert ring.append(0, BASE, 7) is True
    assert ring.append(0, BASE + 1019, 8) is True
    assert flash.log[1:] == [("program", at - 16, 16), ("program", at, 4), ("program", at + 4 * 1019, 4)]


def test_series_that_need_a_sector_at_the_same_time_do_not_hinder_each_other():
    ring = mounted(Flash())
    for _ in range(2):
        assert [ring.append(series, BASE, series) for series in range(4)] == [False] * 4
    assert [ring.append(series, BASE, series) for series in range(4)] == [True] * 4
    assert [value(ring, series, BASE) for series in range(4)] == [0, 1, 2, 3]


def test_late_values_find_their_place_and_gaps_stay():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE + 3, 30)
    keep(ring, 0, BASE - 1, 9)
    keep(ring, 0, BASE + 1, 10, BACK_FILLED)
    expected = [None, 9, None, 10, None, 30, None]
    assert list(ring.read(0, BASE - 2, BASE + 5)) == expected
    assert list(mounted(flash).read(0, BASE - 2, BASE + 5)) == expected
    assert list(ring.read(1, BASE - 2, BASE + 5)) == [None] * 7
    assert list(ring.read(0, BASE, BASE)) == []


def test_the_same_value_again_is_welcome_whatever_its_marks():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 5, ESTIMATED)
    done = len(flash.log)
    for marks in range(4):
        assert ring.append(0, BASE, 5, marks) is True
    assert flash.log[done:] == [("program", offset(0, BASE), 4)] * 4
    assert flash.octets(offset(0, BASE), 4) == word(5, ESTIMATED)


def test_another_value_for_a_written_slot_is_refused_and_programs_nothing():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 5)
    done = len(flash.log)
    assert raises(Occupied, ring.append, 0, BASE, 4)
    assert raises(Occupied, ring.append, 0, BASE, 0)
    assert len(flash.log) == done
    assert value(ring, 0, BASE) == 5


def test_a_floor_forbids_and_hides_what_began_before_it():
    ring = mounted(Flash())
    keep(ring, 0, BASE, 5)
    keep(ring, 0, BASE + 1, 6)
    ring.set_floor(0, BASE + 1)
    assert ring.floor(0) == BASE + 1
    assert ring.floor(1) == 0
    assert raises(BeforeFloor, ring.append, 0, BASE, 5)
    assert list(ring.read(0, BASE, BASE + 2)) == [None, 6]
    assert ring.append(0, BASE + 1, 6) is True


def test_a_reader_under_way_stops_at_a_floor_that_rises():
    ring = mounted(Flash())
    for number in range(4):
        keep(ring, 0, BASE + number, number)
    reader = ring.read(0, BASE, BASE + 4)
    assert next(reader) == 0
    ring.set_floor(0, BASE + 3)
    assert list(reader) == [None, None, 3]


def test_the_ring_s_oldest_sector_gives_way():
    flash = Flash()
    ring = mounted(flash)
    for turn in range(SECTORS):
        keep(ring, 0, BASE + turn * SLOTS, turn)
    ring = mounted(flash)
    assert value(ring, 0, BASE) == 0
    assert keep(ring, 0, BASE + SECTORS * SLOTS, 20) == 2
    for either in (ring, mounted(flash)):
        found = [value(either, 0, BASE + turn * SLOTS) for turn in range(SECTORS + 1)]
        assert found == [None] + list(range(1, 21))
        assert raises(OutOfRange, either.append, 0, BASE, 0)
    assert flash.erases == 21
    assert list(flash.sectors) and max(flash.sectors) < SECTORS


def test_what_is_older_than_the_ring_is_out_of_range_also_where_its_place_is_free():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE + SECTORS * SLOTS, 1)
    done = len(flash.log)
    assert raises(OutOfRange, ring.append, 0, BASE + SLOTS - 1, 2)
    assert len(flash.log) == done
    keep(ring, 0, BASE + SLOTS, 2)
    keep(ring, 1, BASE, 3)


def test_any_one_bit_changed_in_a_word_makes_it_a_gap():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    for number in (0, 1, 0x5A5A5A, 0xFFFFFE):
        for marks in (0, 3):
            good = int.from_bytes(word(number, marks), "little")
            for bit in range(32):
                flash.put(offset(0, BASE), (good ^ 1 << bit).to_bytes(4, "little"))
                assert value(ring, 0, BASE) is None, (number, marks, bit)


def subsets(bits):
    """Every number made of some of the bits that are 1 in `bits`."""
    some = bits
    while True:
        yield some
        if not some:
            return
        some = some - 1 & bits


def test_a_word_cut_short_is_the_value_or_a_gap_never_another_value():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    whole = torn = 0
    for number, marks in ((0xFFFFFE, 0), (0xFF7F3C, 0), (0xF7FFF5, 3)):
        target = int.from_bytes(word(number, marks), "little")
        for missing in subsets(0xFFFFFFFF ^ target):
            flash.put(offset(0, BASE), (target | missing).to_bytes(4, "little"))
            found = value(ring, 0, BASE)
            assert found is None or found == number and not missing
            whole += found is not None
            torn += found is None
    assert whole == 3 and torn > 500


def test_a_word_half_destroyed_or_half_erased_is_the_value_or_a_gap():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    for number in (0, 1, 0x101):
        target = int.from_bytes(word(number), "little")
        for left in subsets(target):
            flash.put(offset(0, BASE), left.to_bytes(4, "little"))
            assert value(ring, 0, BASE) == (number if left == target else None)


def test_a_torn_slot_stays_a_gap_and_is_not_used_again():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    torn = bytes((0xFF, 0xFF, 0xF0, 0xFF))
    flash.put(offset(0, BASE + 1), torn)
    for either in (ring, mounted(flash)):
        keep(either, 0, BASE, 1)
        done = len(flash.log)
        assert value(either, 0, BASE + 1) is None
        assert raises(Occupied, either.append, 0, BASE + 1, 5)
        assert raises(Occupied, either.append, 0, BASE + 1, 0xF0FFFF)
        assert len(flash.log) == done
        assert either.append(0, BASE + 2, 7) is True
    assert flash.octets(offset(0, BASE + 1), 4) == torn


def test_a_header_with_any_bit_changed_is_none_and_costs_its_sector_only():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    keep(ring, 0, BASE + SLOTS, 2)
    at = offset(0, BASE) - 16
    good = flash.octets(at, 16)
    for bit in range(128):
        head = bytearray(good)
        head[bit >> 3] ^= 1 << (bit & 7)
        flash.put(at, head)
        ring = mounted(flash)
        assert list(ring.read(0, BASE, BASE + 1021)) == [None] * 1020 + [2], bit
    assert keep(ring, 0, BASE, 3) == 2
    assert value(mounted(flash), 0, BASE) == 3


NEVER = header(0, 1, 2347 * SLOTS)  # a half-hour that no Zigbee time reaches


def test_a_header_of_another_series_place_or_half_hour_is_none():
    flash = Flash()
    keep(mounted(flash), 0, BASE, 1)
    at = offset(0, BASE) - 16
    for head in (header(1, 1, BASE), header(0xC0, 1, BASE), header(0, 1, BASE + SLOTS), header(0, 1, BASE + 1), NEVER):
        flash.put(at, head)
        ring = mounted(flash)
        for half_hour in (BASE, BASE + 1, BASE + SLOTS):
            assert value(ring, 0, half_hour) is None
            assert value(ring, 1, half_hour) is None
        assert ring.holds_before(0, BASE)


def test_numbers_of_sectors_rise_across_a_start():
    flash = Flash()
    keep(mounted(flash), 0, BASE, 1)
    keep(mounted(flash), 3, BASE, 1)
    assert flash.octets(offset(3, BASE) - 12, 4) == bytes((2, 0, 0, 0))


def test_mounting_reads_a_header_a_sector_and_changes_nothing():
    flash = Flash()
    ring = mounted(flash)
    for series in range(4):
        keep(ring, series, BASE, 1)
    flash.reads = 0
    flash.log = []
    mounted(flash)
    assert flash.reads == 80 and flash.log == []


def test_a_year_of_half_hours_costs_four_octets_each_and_twenty_erases():
    flash = Flash()
    flash.log = None
    ring = mounted(flash)
    first = BASE + 500
    for number in range(19056):
        keep(ring, 0, first + number, number % 5000)
    assert flash.programmed < 4.2 * 19056
    assert flash.erases <= 20
    ring = mounted(flash)
    for number, found in enumerate(ring.read(0, first, first + 19056)):
        assert found == number % 5000
    gc.collect()
    if hasattr(gc, "mem_alloc"):
        reader = ring.read(0, first, first + 2000)
        next(reader)
        gc.collect()
        gc.disable()
        flash.read_into = lambda offset, buffer: None  # the simulator allocates
        before = gc.mem_alloc()
        for _ in reader:
            pass
        used = gc.mem_alloc() - before
        gc.enable()
        assert used < 2000 * 16, used


def test_a_mounted_ring_takes_less_than_a_kilobyte_and_a_half():
    if hasattr(gc, "mem_alloc"):
        flash = Flash()
        gc.collect()
        before = gc.mem_alloc()
        ring = mounted(flash)
        gc.collect()
        assert ring and gc.mem_alloc() - before <= 1536


def test_the_flash_of_these_tests_sets_no_bit():
    flash = Flash()
    flash.program(10, b"\x0f")
    flash.program(10, b"\x0e")
    assert raises(AssertionError, flash.program, 10, b"\x0f")
    assert raises(AssertionError, flash.program, 10, b"\xff")
    assert raises(AssertionError, flash.program, SECTOR - 1, b"\0\0")
    assert raises(AssertionError, flash.program, 128 * SECTOR, b"\0")
    assert raises(AssertionError, flash.erase, 128)
    flash.erase(0)
    flash.program(10, b"\xff")
    assert flash.octets(10, 1) == b"\xff"
