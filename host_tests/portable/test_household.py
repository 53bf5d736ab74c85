"""Household records: what is kept, what a cut costs, and that nothing tells afterwards what there was."""

import binascii
import struct

from fakes import raises
from flash import (
    AFTER,
    BEFORE,
    READS_DONE,
    READS_UNDONE,
    Flash,
    PowerCut,
    prefix,
    reads_at_random,
)
from household_records import kept, old, put, started

from ihd.history.sector import header
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA, Stored

SIZE = 1024  # of a sector: 31 records
PAIR = 82 * SIZE
DESTROYING = 2 * SIZE // 256 + 2  # operations
HOWS = (BEFORE, AFTER, READS_DONE, READS_UNDONE, 2, 3, prefix(5), prefix(40), reads_at_random(1))
NOW = 832_000_200


def small():
    """A flash with the two sectors as its last."""
    return Flash(84, SIZE)


def forgotten(keeper, scope=BOTH, meter=0):
    """Forget to the end; the number of steps."""
    steps = 0
    while keeper.forget(meter, NOW, scope):
        steps += 1
        assert steps < 200
    return steps


def lived_in(flash, puts=40, mark=0):
    """A keeper of so many records put, at most 20 octets each, and all of them different."""
    keeper = started(flash)
    for number in range(puts):
        put(keeper, number * 7 % 16, old(number + mark))
    return keeper


def blank(flash):
    """Whether both sectors are."""
    return not {82, 83} & flash.written()


def test_what_is_put_is_found_with_its_length_and_the_latest_counts():
    flash = small()
    keeper = started(flash)
    assert kept(keeper) == {}
    for length in range(21):
        for key in (0, 5, 15):
            put(keeper, key, bytes(range(key, key + length)))
            assert keeper.visit().get(key) == bytes(range(key, key + length))
    put(keeper, 5, b"\0\0")
    for either in (keeper, started(flash)):
        assert kept(either) == {0: bytes(range(20)), 5: b"\0\0", 15: bytes(range(15, 35))}


def test_every_key_is_kept_apart_through_any_number_of_compactions():
    flash = small()
    keeper = started(flash)
    expected = {}
    for number in range(200):
        key = number * 7 % 16
        expected[key] = old(number) + bytes(number % 9)
        put(keeper, key, expected[key])
    assert flash.erases >= 12
    for either in (keeper, started(flash)):
        assert kept(either) == expected
    assert not flash.contains(old(100))


def test_a_record_stands_in_the_flash_as_specified():
    flash = Flash()
    keeper = started(flash)
    put(keeper, 14, bytearray(b"abc"))
    at = 82 * 4096
    assert flash.octets(at, 16) == header(0xC1, 1, 0)
    record = struct.pack("<BBBBI20s", 8, 3, 2, 3, 2, b"abc")
    assert flash.octets(at + 32, 32) == record + struct.pack("<I", binascii.crc32(record))
    assert flash.octets(at + 16, 16) == b"\xff" * 16 and set(flash.sectors) == {82}


def test_a_key_or_a_value_out_of_range_is_refused_and_costs_nothing():
    for store in (small(), {}):
        keeper = Stored("household", "ihd.history.household", store)
        visit = keeper.visit()
        for key in (-1, 16):
            assert raises(ValueError, visit.get, key) and raises(ValueError, visit.put, key, b"")
        assert raises(ValueError, visit.put, 0, bytes(21))
        assert not (store if isinstance(store, dict) else store.log)


def test_two_blank_sectors_cost_nothing_until_the_first_record():
    flash = small()
    keeper = started(flash)
    assert kept(keeper) == {} and not keeper.holds(0, NOW, BOTH) and forgotten(keeper) == 0
    assert flash.log == []
    put(keeper, 0, b"1")
    put(keeper, 0, b"2")
    records = [("program", PAIR + 32, 32), ("program", PAIR + 64, 32)]
    assert flash.log == [("erase", PAIR, SIZE), ("program", PAIR, 16)] + records


def test_a_start_makes_firm_what_stands_there_and_the_next_one_changes_nothing():
    flash = small()
    lived_in(flash, 3)
    flash.log = []
    keeper = started(flash)
    copied = [("program", PAIR + 32 * place, 32) for place in (4, 5, 6)]
    assert flash.log == [("program", PAIR, 16)] + copied  # noqa: RUF005 - portable
    put(keeper, 9, b"new")
    assert flash.octets(PAIR + 128, 32) == bytes(32)  # left out: a record may have been cut short there
    keeper = started(flash)
    before = flash.copy()
    assert kept(started(flash)) == kept(keeper) and flash.same(before)


def test_forgetting_leaves_two_blank_sectors_an_operation_a_step():
    for puts in (1, 29, 30, 31, 100):
        flash = small()
        keeper = lived_in(flash, puts)
        assert keeper.holds(1, NOW, CONSUMER)
        flash.log = []
        assert keeper.forget(1, NOW, CONSUMER) and len(flash.log) == 1
        assert kept(keeper) == {}
        steps = 1 + forgotten(keeper, CONSUMER, 1)
        assert steps == len(flash.log) == DESTROYING
        assert blank(flash) and not keeper.holds(0, NOW, BOTH)
        assert kept(keeper) == kept(started(flash)) == {}


def test_a_supplier_alone_changes_nothing():
    flash = small()
    keeper = lived_in(flash)
    before = flash.copy()
    assert forgotten(keeper, SUPPLIER_DATA) == 0 and not keeper.holds(0, NOW, SUPPLIER_DATA)
    assert flash.same(before) and len(kept(keeper)) == 16


def test_two_households_that_set_different_things_leave_the_same_flash():
    flashes = []
    for puts, starts in ((0, 1), (1, 0), (17, 3), (40, 0), (151, 2)):
        flash = small()
        keeper = lived_in(flash, puts, puts)
        for _ in range(starts):
            keeper = started(flash)
            put(keeper, 3, b"x" * starts)
        forgotten(keeper)
        put(keeper, 2, b"theirs")
        keeper = started(flash)
        put(keeper, 3, b"theirs too")
        assert kept(keeper) == {2: b"theirs", 3: b"theirs too"}
        flashes.append(flash)
    assert all(flash.same(flashes[0]) for flash in flashes)


def test_what_has_no_header_is_destroyed_by_the_first_record_or_an_order_to_forget():
    for sector, offset, octets in (
        (82, 0, header(0xC1, 1, 0)[:9]),
        (82, 0, header(0xC0, 7, 0)),
        (83, 900, b"\x12"),
        (82, 0, bytes(SIZE)),
        (83, 0, bytes(SIZE - 1)),
    ):
        flash = small()
        flash.put(sector * SIZE + offset, octets)
        before = flash.copy()
        keeper = started(flash)
        assert kept(keeper) == {} and flash.same(before) and flash.log == []
        assert keeper.holds(0, NOW, BOTH) == (octets != bytes(SIZE))
        other = before.copy()
        assert forgotten(started(other)) == DESTROYING and blank(other)
        put(keeper, 1, b"one")
        clean = small()
        put(started(clean), 1, b"one")
        assert flash.same(clean)


def test_records_without_a_header_are_left_where_they_are_until_they_are_forgotten():
    flash = small()
    lived_in(flash, 20)
    flash.put(PAIR, b"\xff" * 16)
    before = flash.copy()
    keeper = started(flash)
    assert kept(keeper) == {} and flash.same(before)
    assert keeper.holds(0, NOW, BOTH) and forgotten(keeper) and blank(flash)


def test_a_cut_at_every_operation_of_putting_costs_only_what_was_not_acknowledged():
    flash = small()
    keeper = started(flash)
    points = []
    flash.watch = lambda *what: points.append((flash.copy(), what, len(lives) - 1))
    lives = [{}]
    for number in range(34):  # past a compaction
        put(keeper, number * 7 % 16, old(number))
        lives.append(with_one(lives[-1], number * 7 % 16, old(number)))
    assert len(points) > 50
    for place, (state, what, number) in enumerate(points):
        before, after = lives[number : number + 2]
        key = number * 7 % 16
        for how in HOWS[:4] + HOWS[4 + place % 5 :][:1]:
            flash = state.copy()
            flash.tear(*what, how)
            for _ in range(2):
                flash.restart()
                keeper = started(flash)
                assert kept(keeper) in (before, after), (what[:2], how)
            put(keeper, 4, b"new")
            put(keeper, key, b"again")
            for _ in range(2):
                flash.restart()
                assert kept(started(flash)) == with_one(with_one(before, 4, b"new"), key, b"again")


def with_one(values, key, value):
    """A copy with that under the key."""
    copy = dict(values)
    copy[key] = value
    return copy


def forget_through_cuts(flash, cuts):
    """Forget, with a cut at each of (operation, how) in turn; a start after each; then to the end."""
    keeper = started(flash)
    for cut in cuts + (None,):
        if cut:
            flash.cut_after(*cut)
        try:
            if keeper is None:
                keeper = started(flash)
            forgotten(keeper)
            flash.cut_after(None, None)
            if keeper.holds(0, NOW, BOTH):
                raise AssertionError("still there")
            return keeper
        except PowerCut:
            keeper = None
            flash.restart()
    return None


def check_nothing_left(flash, keeper, puts):
    """Nothing of the past stands there, and it never will; the records of the present are as good as ever."""
    for start in range(3):
        for number in range(puts):
            assert not flash.could_contain(old(number)[:4])
        if start == 1:
            put(keeper, 3, b"theirs")
        assert kept(keeper) == ({3: b"theirs"} if start else {})
        flash.restart()
        keeper = started(flash)


def test_a_cut_at_every_operation_of_forgetting_leaves_nothing_once_it_is_finished():
    lived = small()
    lived_in(lived, 36)
    for how in HOWS:
        for operation in range(DESTROYING):
            flash = lived.copy()
            check_nothing_left(flash, forget_through_cuts(flash, ((operation, how),)), 36)


def test_nor_does_a_second_cut_at_every_operation_of_the_start_and_forgetting_that_follow():
    lived = small()
    lived_in(lived, 36)
    for first in range(DESTROYING):
        for number in range(first % 3, len(HOWS), 3):
            for second in range(0, DESTROYING + 2, 2):
                flash = lived.copy()
                cuts = (first, HOWS[number]), (second, HOWS[(number + second) % len(HOWS)])
                check_nothing_left(flash, forget_through_cuts(flash, cuts), 36)


def test_what_a_cut_in_a_compaction_left_is_forgotten_too():
    full = small()
    lived_in(full, 31)
    for how in HOWS:
        for operation in range(24):
            flash = full.copy()
            keeper = started(flash)
            flash.cut_after(operation, how)
            try:
                put(keeper, 0, old(31))
                put(keeper, 0, old(32))
            except PowerCut:
                pass
            flash.cut_after(None, None)
            flash.restart()
            keeper = started(flash)
            forgotten(keeper)
            assert not keeper.holds(0, NOW, BOTH)
            check_nothing_left(flash, keeper, 33)


def test_a_record_in_a_sector_that_only_looks_blank_is_forgotten_through_another_cut():
    full = small()
    lived_in(full, 26)  # with what a start copies and leaves out, it is full
    for how in (READS_UNDONE, reads_at_random(1)):
        for operation in range(DESTROYING + 2):
            for again in (READS_DONE, READS_UNDONE):
                flash = full.copy()
                keeper = started(flash)
                flash.cut_after(3, how)  # the first copy of a compaction
                assert raises(PowerCut, put, keeper, 0, old(26))
                flash.restart()
                check_nothing_left(flash, forget_through_cuts(flash, ((operation, again),)), 27)


def test_an_operation_that_is_refused_or_does_nothing_is_noticed_and_can_be_done_again():
    for fault in ("fail", "skip"):
        for begin, operations in ((0, 5), (30, 35)):
            for operation in range(operations):
                flash = small()
                keeper = lived_in(flash, begin)
                expected = kept(keeper)
                flash.cut_after(operation, fault)
                for number in range(begin, begin + 4):
                    expected[number * 7 % 16] = old(number)
                    for _ in range(3):
                        try:
                            put(keeper, number * 7 % 16, old(number))
                            break
                        except (OSError, AssertionError):  # the flash of the tests sees that an erase was skipped
                            pass
                assert kept(keeper) == expected, (fault, operation)
                flash.cut_after(None, None)
                assert kept(started(flash)) == expected


def test_a_worn_sector_is_zeroed_and_left_so_and_forgetting_ends():
    for fault in ("fail", "skip"):
        flash = small()
        keeper = lived_in(flash, 5)
        flash.cut_after(2 * SIZE // 256, fault)
        forgotten(keeper)
        assert flash.octets(PAIR, SIZE) == bytes(SIZE)
        assert not keeper.holds(0, NOW, BOTH)
        keeper = started(flash)
        assert kept(keeper) == {} and forgotten(keeper) and blank(flash)
    flash = HalfErased(84, SIZE)
    keeper = lived_in(flash, 5)
    forgotten(keeper)
    assert flash.octets(PAIR, SIZE) == bytes(SIZE) and not keeper.holds(0, NOW, BOTH)


class HalfErased(Flash):
    """Its first household sector is erased in part, and that is told."""

    def erase(self, sector):
        """Refuses when it has begun."""
        super().erase(sector)
        if sector == 82 and self.programs:
            self.put(PAIR, b"\x00\x55" * (SIZE // 2))
            raise OSError(5)


def test_a_program_that_is_refused_or_does_nothing_is_done_again():
    for fault in ("fail", "skip"):
        for operation in range(2 * SIZE // 256):
            flash = small()
            keeper = lived_in(flash, 31)
            flash.cut_after(operation, fault)
            assert raises(OSError, forgotten, keeper) == (fault == "fail")
            forgotten(keeper)
            assert blank(flash) and not keeper.holds(0, NOW, BOTH)


def test_a_record_put_between_the_steps_of_forgetting_is_refused_and_one_put_after_them_is_forgotten_too():
    flash = small()
    keeper = lived_in(flash, 5)
    while keeper.forget(0, NOW, BOTH):
        assert raises(OSError, put, keeper, 1, b"now")
    put(keeper, 1, b"now")
    assert keeper.holds(0, NOW, BOTH)
    forgotten(keeper)
    assert not keeper.holds(0, NOW, BOTH) and blank(flash)


def test_without_a_partition_they_are_kept_until_the_power_goes():
    keeper = Stored("household", "ihd.history.household", {})
    value = bytearray(b"ours")
    put(keeper, 1, value)
    value[0] = 0
    assert kept(keeper) == {1: b"ours"} and keeper.holds(0, NOW, BOTH)
    assert forgotten(keeper, SUPPLIER_DATA) == 0 and kept(keeper) == {1: b"ours"}
    assert forgotten(keeper) == 0 and not keeper.holds(0, NOW, BOTH) and kept(keeper) == {}
