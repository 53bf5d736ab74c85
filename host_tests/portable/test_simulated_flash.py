"""The flash of these tests itself: what a cut may leave of an operation, and what is not settled after it."""

from fakes import raises
from flash import AFTER, BEFORE, READS_DONE, READS_UNDONE, Flash, PowerCut, prefix, reads_at_random

SECTOR = 4096
OLD = b"\xf3\x5a\xff\x0f"
NEW = b"\x51\x1a\x3f\x05"  # what may be programmed over it


def torn(how, old=OLD, new=NEW):
    """A flash in which programming `new` over `old` at octet 8 was cut."""
    flash = Flash(2)
    flash.put(8, old)
    flash.cut_after(0, how)
    assert raises(PowerCut, flash.program, 8, new)
    return flash


def torn_erase(how):
    """A flash in which the erase of a sector that begins with OLD was cut."""
    flash = Flash(2)
    flash.put(0, OLD)
    flash.cut_after(0, how)
    assert raises(PowerCut, flash.erase, 0)
    return flash


def read(flash, offset=8, length=4):
    """What is read there."""
    octets = bytearray(length)
    flash.read_into(offset, octets)
    return bytes(octets)


def starts(flash, offset=8):
    """What is read there in four starts."""
    found = []
    for _ in range(4):
        flash.restart()
        found.append(read(flash, offset))
        assert found[-1] == read(flash, offset)
    return found


def test_a_cut_leaves_nothing_all_or_the_first_octets_for_good():
    assert starts(torn(BEFORE)) == [OLD] * 4
    assert starts(torn(AFTER)) == [NEW] * 4
    for length in range(5):
        assert starts(torn(prefix(length))) == [NEW[:length] + OLD[length:]] * 4
    for length in (1, 2, 4096):
        assert starts(torn_erase(prefix(length)), 0) == [b"\xff\xff\xff\xff"[:length] + OLD[length:]] * 4


def test_a_cut_leaves_a_subset_of_the_changes_for_good():
    found = set()
    for seed in range(2, 200):
        flash = torn(seed)
        left = read(flash)
        assert starts(flash) == [left] * 4
        for octet, old, new in zip(left, OLD, NEW):
            assert octet & ~old == 0 and octet & new == new
        found.add(left)
        left = starts(torn_erase(seed), 0)[0]
        for octet, old in zip(left, OLD):
            assert octet & old == old
    assert len(found) > 50


def test_what_reads_as_done_is_not_done_in_the_next_start_and_so_on():
    assert starts(torn(READS_DONE)) == [NEW, OLD, NEW, OLD]
    assert starts(torn(READS_UNDONE)) == [OLD, NEW, OLD, NEW]
    assert starts(torn_erase(READS_DONE), 0) == [b"\xff" * 4, OLD] * 2


def test_what_reads_at_random_is_drawn_anew_at_each_read_and_only_where_it_was_to_change():
    flash = torn(reads_at_random(5))
    found = {read(flash) for _ in range(200)}
    assert len(found) > 50
    for octets in found:
        for octet, old, new in zip(octets, OLD, NEW):
            assert octet & ~old == 0 and octet & new == new
    one, other = torn(reads_at_random(5)), torn(reads_at_random(6))
    assert [read(one) for _ in range(9)] != [read(other) for _ in range(9)]


def test_checks_see_what_stood_before_and_all_that_could_be_read():
    flash = torn(READS_DONE)
    assert read(flash) == NEW and flash.octets(8, 4) == OLD
    assert flash.contains(OLD) and not flash.contains(NEW)
    assert flash.could_contain(OLD) and flash.could_contain(NEW)
    assert not flash.could_contain(OLD[:2] + NEW[2:])
    blank = torn(READS_UNDONE, b"\xff" * 4)
    blank.sectors.clear()
    assert blank.could_contain(NEW) and blank.written() == {0}


def test_what_is_programmed_is_settled_where_it_has_zeros():
    flash = torn(READS_UNDONE)
    flash.program(8, NEW)
    assert starts(flash) == [NEW] * 4 and not flash.unsettled
    flash = torn(READS_UNDONE)
    flash.program(8, OLD[:3] + NEW[3:])
    assert starts(flash) == [OLD[:3] + NEW[3:], NEW] * 2
    flash = torn_erase(READS_DONE)
    flash.program(0, b"\xff\x12\xff\xff")
    assert starts(flash, 0) == [b"\xff\x12\xff\xff", OLD[:1] + b"\x12" + OLD[2:]] * 2


def test_an_erase_settles_its_sector_and_no_other():
    flash = torn(READS_DONE)
    flash.erase(1)
    assert starts(flash) == [NEW, OLD] * 2
    flash.erase(0)
    assert starts(flash) == [b"\xff" * 4] * 4 and not flash.unsettled and not flash.sectors


def test_two_torn_operations_read_each_for_itself():
    flash = torn(READS_UNDONE)
    flash.cut_after(0, READS_UNDONE)
    assert raises(PowerCut, flash.erase, 0)
    assert starts(flash) == [OLD, b"\xff" * 4] * 2
    assert len(flash.readings(0)) == 4 and flash.could_contain(NEW)
    flash = torn(READS_UNDONE)
    flash.restart()
    flash.cut_after(0, READS_DONE)
    assert raises(PowerCut, flash.program, 8, bytes(4))
    flash.restart()
    assert [read(flash)] + starts(flash) == [bytes(4), OLD, bytes(4), OLD, bytes(4)]


def test_a_copy_reads_the_same_and_neither_sees_what_the_other_is_told():
    for how in (READS_DONE, reads_at_random(9), BEFORE):
        flash = torn(how)
        other = flash.copy()
        assert other.same(flash)
        assert [read(flash) for _ in range(5)] == [read(other) for _ in range(5)]
        other.restart()
        other.program(8, bytes(4))
        flash.program(9, b"\x10")
        assert flash.octets(8, 4) == OLD[:1] + b"\x10" + OLD[2:] and other.octets(8, 4) == bytes(4)
        assert not other.same(flash)
    flash = torn(READS_DONE)
    other = flash.copy()
    other.program(8, OLD[:3] + NEW[3:])
    assert flash.unsettled[0].bits != other.unsettled[0].bits


def test_bits_flip_and_garbage_comes_without_an_operation():
    flash = Flash(2)
    flash.flip(5, 3)
    assert flash.octets(4, 3) == b"\xff\xf7\xff"
    flash.flip(5, 3)
    assert flash.octets(4, 3) == b"\xff\xff\xff"
    flash.garbage(1, 7)
    assert len(set(flash.octets(SECTOR, SECTOR))) > 200 and flash.octets(0, SECTOR) == b"\xff" * SECTOR
    assert flash.log == []


def test_a_chip_that_is_not_strict_leaves_the_zeros():
    flash = torn(BEFORE)
    assert raises(AssertionError, flash.program, 8, b"\xff\x5a\xff\x0f")
    flash.strict = False
    flash.program(8, b"\xff\xfa\xff\x0e")
    assert flash.octets(8, 4) == b"\xf3\x5a\xff\x0e"


def test_every_operation_can_be_watched_before_it_is_done():
    flash = Flash(2)
    seen = []
    flash.watch = lambda operation, offset, data: seen.append((operation, offset, data[:2], flash.octets(offset, 2)))
    flash.program(8, b"\x01\x02\x03")
    flash.erase(0)
    assert seen == [("program", 8, b"\x01\x02", b"\xff\xff"), ("erase", 0, b"\xff\xff", b"\xff\xff")]
