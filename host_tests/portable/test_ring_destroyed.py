"""Half-hours destroyed in raw flash: all of what is old, none of what is new, and after a cut at every operation."""

from fakes import raises
from flash import READS_DONE, Flash, PowerCut
from slots import BASE, SECTOR, SECTORS, SLOTS, destroy, distinct, keep, mounted, offset, value, word

from ihd.history.errors import Occupied
from ihd.history.flash import FlashError


def filled_series(flash, series):
    """Two sectors of old values, and a third with 100 old ones and 5 new; returns (floor, old, new values)."""
    ring = mounted(flash)
    old = {}
    new = {}
    floor = BASE + 2 * SLOTS + 100
    for half_hour in [BASE + n for n in range(0, SLOTS, 60)] + [BASE + SLOTS + n for n in range(0, SLOTS, 75)]:
        old[half_hour] = distinct(len(old))
    for half_hour in range(floor - 100, floor, 3):
        old[half_hour] = distinct(len(old))
    for half_hour in range(floor, floor + 5):
        new[half_hour] = half_hour % 1000
    for values in (old, new):
        for half_hour, number in values.items():
            keep(ring, series, half_hour, number)
    return floor, old, new


def test_destroying_leaves_nothing_old_and_nothing_new_is_touched():
    flash = Flash()
    floor, old, new = filled_series(flash, 1)
    untouched = flash.octets(offset(1, floor), 400)
    head = flash.octets(offset(1, floor - 100) - 16, 16)
    ring = mounted(flash)
    ring.set_floor(1, floor)
    assert ring.holds_before(1, floor)
    destroy(ring, 1, floor)
    assert not ring.holds_before(1, floor)
    assert (ring.sectors_erased, ring.slots_destroyed) == (2, len(old))
    for number in old.values():
        for order in (word(number), bytes(reversed(list(word(number))))):
            assert not flash.contains(order)
    assert flash.octets(offset(1, floor - 100), 400) == bytes(400)
    assert flash.octets(offset(1, floor), 400) == untouched
    assert flash.octets(offset(1, floor - 100) - 16, 16) == head
    for either in (ring, mounted(flash)):
        assert [half_hour for half_hour in old if value(either, 1, half_hour) is not None] == []
        assert [value(either, 1, half_hour) for half_hour in new] == list(new.values())


def test_destroying_is_one_operation_a_step_and_holds_until_the_last():
    flash = Flash()
    floor, _, _ = filled_series(flash, 0)
    ring = mounted(flash)
    flash.log = []
    steps = 0
    for _ in ring.destroy_before(0, floor):
        steps += 1
        assert len(flash.log) == steps
        between = steps > 36 and len(flash.log[-1:]) and flash.log[-1][0] == "program"
        assert ring.holds_before(0, floor) is (steps < 36 or between)
    assert steps == 36 + 2 + 2 * (SECTORS - 3)  # the headers of those that look blank


def test_whole_sectors_lose_their_headers_first_and_all_is_zeros_when_they_are_erased():
    flash = Flash()
    floor, _, _ = filled_series(flash, 0)
    start = offset(0, BASE) - 16
    stays = offset(0, floor) // SECTOR
    flash.log = []
    steps = mounted(flash).destroy_before(0, floor)
    next(steps)
    assert flash.octets(start, 256) == bytes(256)
    for _ in range(15):
        next(steps)
    assert flash.octets(start, SECTOR) == bytes(SECTOR)
    for _ in range(20):
        next(steps)
    assert flash.log[:32] == [("program", start + page, 256) for page in range(0, 2 * SECTOR, 256)]
    flash.log = []
    for _ in steps:
        pass
    erases = [entry for entry in flash.log if entry[0] == "erase"]
    assert erases == [("erase", sector * SECTOR, SECTOR) for sector in range(SECTORS) if sector != stays]
    assert [entry for entry in flash.log if entry not in erases] == [
        ("program", sector * SECTOR, 16) for sector in range(SECTORS) if sector not in (stays, stays - 1, stays - 2)
    ]


def test_where_the_header_stays_live_goes_before_the_rest():
    flash = Flash()
    floor, _, _ = filled_series(flash, 0)
    start = offset(0, floor - 100)
    before = flash.octets(start, 400)
    flash.log = []
    steps = mounted(flash).destroy_before(0, floor)
    for _ in range(33):
        next(steps)
    assert flash.log[32:] == [("program", start, 240)]
    after = flash.octets(start, 400)
    assert after[240:] == before[240:]
    for octet in range(240):
        assert after[octet] == before[octet] & (0x7F if octet % 4 == 3 else 0xFF)
    next(steps)
    assert flash.octets(start, 400) == bytes(240) + before[240:]


def test_what_cannot_be_told_is_destroyed_and_what_looks_blank_erased_once_more():
    flash = Flash()
    ring = mounted(flash)
    flash.put(3 * SECTOR + 2000, b"\xaf\xfe")
    flash.put(25 * SECTOR, b"\x00")
    assert ring.holds_before(0, BASE) and ring.holds_before(1, BASE) and not ring.holds_before(2, BASE)
    assert destroy(ring, 0, BASE) == 16 + 1 + 2 * (SECTORS - 1)
    assert (ring.sectors_erased, ring.slots_destroyed) == (1, 0) and not ring.holds_before(0, BASE)
    assert ring.holds_before(1, BASE)
    flash.log = []
    assert destroy(ring, 2, BASE) == 2 * SECTORS
    assert flash.log[1::2] == [("erase", sector * SECTOR, SECTOR) for sector in range(2 * SECTORS, 3 * SECTORS)]
    assert destroy(ring, 2, BASE) == 0  # once a start is enough


def test_a_floor_at_a_sector_s_begin_or_in_its_last_slot_destroys_just_that():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    keep(ring, 0, BASE + 1018, 2)
    keep(ring, 0, BASE + 1019, 3)
    assert destroy(ring, 0, BASE) == 2 * (SECTORS - 1) and not ring.holds_before(0, BASE)
    assert destroy(ring, 0, BASE + 1019) == 32
    assert list(ring.read(0, BASE, BASE + 1020)) == [None] * 1019 + [3]
    assert ring.holds_before(0, BASE + 1020)
    assert destroy(ring, 0, BASE + 1020) == 17
    assert not flash.contains(bytes(4)) and not ring.holds_before(0, BASE + 1020)


def test_a_sector_begun_after_the_destruction_holds_nothing_before_the_floor():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE, 1)
    destroy(ring, 0, BASE + 2000)
    keep(ring, 0, BASE + 2000, 5)
    assert not ring.holds_before(0, BASE + 2000)
    flash.put(offset(0, BASE + 1900), bytes(4))
    assert ring.holds_before(0, BASE + 2000)


def test_a_rewind_of_a_full_ring_erases_no_sector_twice():
    flash = Flash()
    ring = mounted(flash)
    for turn in range(SECTORS):
        for slot in (0, 500, 1019):
            keep(ring, 0, BASE + turn * SLOTS + slot, distinct(turn * 3 + slot))
    flash.erases = 0
    now = BASE + 19 * SLOTS + 700
    ring.set_floor(0, now)
    destroy(ring, 0, now)
    assert flash.erases == ring.sectors_erased == 19
    assert ring.slots_destroyed == 59
    assert not ring.holds_before(0, now)


def test_values_may_come_while_their_new_sector_is_being_destroyed():
    for steps_before in range(1, 17):
        flash = Flash()
        ring = mounted(flash)
        keep(ring, 0, BASE, 1)
        later = BASE + SECTORS * SLOTS
        ring.set_floor(0, later)
        steps = ring.destroy_before(0, later)
        for _ in range(steps_before):
            next(steps)
        ring.append(0, later, 77)
        if steps_before % 2:
            next(steps, None)
        keep(ring, 0, later, 77)
        keep(ring, 0, later + 1019, 78)
        for _ in steps:
            pass
        assert value(mounted(flash), 0, later) == 77
        assert value(mounted(flash), 0, later + 1019) == 78
        assert not ring.holds_before(0, later)


def test_destroying_that_is_refused_is_begun_again():
    for operation in range(36 + 2 + 2 * (SECTORS - 3)):
        flash = Flash()
        floor, _, new = filled_series(flash, 0)
        ring = mounted(flash)
        flash.fail_after(operation)
        if operation >= 36:  # what it would have erased is empty
            raises(FlashError, destroy, ring, 0, floor)
            destroy(ring, 0, floor)
        else:
            assert raises(FlashError, destroy, ring, 0, floor)
            assert ring.holds_before(0, floor)
            destroy(ring, 0, floor)
        assert not ring.holds_before(0, floor)
        assert [value(ring, 0, half_hour) for half_hour in new] == list(new.values())


def test_a_worn_sector_is_left_as_zeros_and_holds_nothing():
    for fault in ("fail", "skip", "some"):
        flash = Flash()
        floor, _, new = filled_series(flash, 0)
        ring = mounted(flash)
        steps = ring.destroy_before(0, floor)
        for _ in range(36 + 2 * 7):  # the blank ones before it
            next(steps)
        flash.cut_after(0, "skip" if fault == "some" else fault)
        next(steps)
        if fault == "some":  # bits were set
            flash.put(offset(0, BASE) - 16, b"\xa5" * 100)
        for _ in steps:
            pass
        assert flash.octets(offset(0, BASE) - 16, SECTOR) == bytes(SECTOR), fault
        assert ring.sectors_erased == 1
        for either in (ring, mounted(flash)):
            assert not either.holds_before(0, floor)
            assert [value(either, 0, half_hour) for half_hour in new] == list(new.values())


def test_a_program_that_does_nothing_leaves_something_that_is_held():
    for operation in (0, 5, 32, 33, 35):
        flash = Flash()
        floor, _, _ = filled_series(flash, 0)
        ring = mounted(flash)
        flash.skip_after(operation)
        destroy(ring, 0, floor)
        assert ring.holds_before(0, floor) is (operation in (33, 35))  # what was erased is gone all the same
        destroy(ring, 0, floor)
        assert not ring.holds_before(0, floor)


def test_what_a_clock_that_was_ahead_left_goes_with_what_is_old():
    flash = Flash()
    floor, old, new = filled_series(flash, 0)
    ring = mounted(flash)
    ahead = {floor + 5: distinct(901), floor + 300: distinct(902), floor + 9 * SLOTS: distinct(903)}
    for half_hour, number in ahead.items():
        keep(ring, 0, half_hour, number)
    ring.present = floor + 5
    ring.set_floor(0, floor)
    assert destroy(ring, 0, floor) == 36 + 2 * 15 + 16 + 3 + 2 * (SECTORS - 4)
    assert not ring.holds_before(0, floor)
    for number in list(old.values()) + list(ahead.values()):
        assert not flash.contains(word(number))
    ring = mounted(flash)
    assert [value(ring, 0, half_hour) for half_hour in new] == list(new.values())
    ring.present = floor + 400
    keep(ring, 0, floor + 6, 6)
    keep(ring, 0, floor + 301, 7)
    assert raises(Occupied, ring.append, 0, floor + 300, 7)


def test_what_is_dated_from_the_present_on_is_held_until_it_is_destroyed():
    for late, number in ((5, 1), (300, 1), (3 * SLOTS, 1), (5, 0xE9E9E9)):  # the last one's octets are all 0xE9
        flash = Flash()
        ring = mounted(flash)
        keep(ring, 0, BASE + late, number)
        ring.present = BASE + 5
        assert ring.holds_before(0, BASE)
        destroy(ring, 0, BASE)
        assert not ring.holds_before(0, BASE)


def test_what_only_looks_blank_is_erased_wherever_it_is():
    for turn, late in ((0, 0), (5, 0), (5, 700)):  # the oldest gave way; an epoch was skipped; a late value
        flash = Flash()
        ring = mounted(flash)
        for number in range(SECTORS):
            keep(ring, 0, BASE + number * SLOTS, distinct(number))
        flash.cut_after(0, READS_DONE)
        assert raises(PowerCut, ring.append, 0, BASE + (turn + SECTORS) * SLOTS + late, 7)
        flash.restart()
        ring, floor = mounted(flash), BASE + (turn + 1) * SLOTS
        assert not any(ring.slot(0, BASE + gone * SLOTS) for gone in (turn, turn + SECTORS))
        destroy(ring, 0, floor)
        assert not ring.holds_before(0, floor) and ring.sectors_erased == turn
        for gone in range(turn + 1):
            assert not flash.could_contain(word(distinct(gone)))


def test_a_sector_of_zeros_is_erased_once_more():
    flash = Flash()
    ring = mounted(flash)
    keep(ring, 0, BASE + 5 * SLOTS, 1)
    flash.put(offset(0, BASE) - 16, bytes(SECTOR))
    ring = mounted(flash)
    assert not ring.holds_before(0, BASE + SLOTS) and destroy(ring, 0, BASE + SLOTS) == 1 + 2 * (SECTORS - 2)
    assert ring.sectors_erased == 1
    assert flash.octets(offset(0, BASE) - 16, SECTOR) == b"\xff" * SECTOR


def test_an_erase_that_does_nothing_to_what_only_looks_blank_is_seen():
    flash = Flash()
    ring = mounted(flash)
    for number in range(SECTORS):
        keep(ring, 0, BASE + number * SLOTS, distinct(number))
    flash.cut_after(0, READS_DONE)
    assert raises(PowerCut, ring.append, 0, BASE + SECTORS * SLOTS, 7)
    flash.restart()
    ring = mounted(flash)
    steps = ring.destroy_before(0, BASE + SLOTS)
    next(steps)
    flash.skip_after(0)
    for _ in steps:
        pass
    assert not ring.holds_before(0, BASE + SLOTS) and not flash.could_contain(word(distinct(0)))


def test_a_torn_word_amid_what_is_destroyed_becomes_no_value_on_the_way():
    torn = word(0)[:3] + b"\xff"  # to zeros in one step it may pass through words whose count is right
    for seed in range(2, 200):
        flash = Flash()
        ring = mounted(flash)
        keep(ring, 0, BASE + 50, 9)
        flash.put(offset(0, BASE + 20), bytes((0x12, 0xF0, 0x55, 0xFF)))
        flash.put(offset(0, BASE + 21), torn)
        for operation in range(2):
            cut = flash.copy()
            cut.cut_after(operation, seed)
            assert raises(PowerCut, destroy, mounted(cut), 0, BASE + 40)
            assert list(mounted(cut).read(0, BASE, BASE + 50)) == [None] * 50
