"""Household records in a home that changes hands: they go with the first rewind, and no power cut keeps them."""

from fakes import raises
from flash import AFTER, BEFORE, READS_DONE, READS_UNDONE, Flash, PowerCut
from household_records import PAST, at_home, kept, old
from tenants import check_order, fill
from world import HALF_HOUR, NOW, SILENT, World, tenancy

PAIR = 82 * 4096


def operations(world):
    """What was done to the two sectors."""
    return [entry for entry in world.log if isinstance(entry, tuple) and PAIR <= entry[1] < PAIR + 8192]


def blank(flash):
    """Whether both sectors are."""
    return flash.octets(PAIR, 4096) == flash.octets(PAIR + 4096, 4096) == b"\xff" * 4096


def test_they_outlive_a_power_cut():
    world = at_home()
    world.cut()
    world.boot()
    assert kept(world.app.household)[3] == old(19) and len(kept(world.app.household)) == 16
    assert world.app.note == ""


def test_a_rewind_forgets_them_and_says_so_only_when_they_are_gone():
    for meter, event_id in (("electricity", 5), ("gas", 6)):
        world = at_home()
        world.publish(getattr(world, meter), tenancy(PAST, event_id))
        world.run(30)
        check_order(world, getattr(world, meter), PAST, "unsolicited", event_id)
        assert kept(world.app.household) == {} and blank(world.flash)
        assert not world.flash.could_contain(old(7)[:4])
        world.app.household.visit().put(0, b"theirs")
        world.cut()
        world.boot()
        assert kept(world.app.household) == {0: b"theirs"}


def test_where_nothing_was_set_a_start_and_a_rewind_cost_nothing():
    world = at_home(0)
    world.publish(world.electricity, tenancy(PAST, 7))
    world.run(30)
    assert len(world.of("receipt")) == 1 and operations(world) == []


def test_a_step_of_the_rewind_does_one_flash_operation_at_most():
    world = at_home()
    world.publish(world.electricity, tenancy(PAST, 8))
    done = 0
    for _ in range(200):
        world.step()
        count = len([entry for entry in world.log if isinstance(entry, tuple)])
        assert count - done <= 1 or not done
        done = count
    assert len(operations(world)) == 34 and len(world.of("receipt")) == 1


def test_two_households_that_set_different_things_are_the_same_after_a_rewind():
    worlds = []
    for puts, mark in ((20, 0), (133, 500), (1, 1000), (0, 0)):
        world = at_home(puts, None, mark)
        world.publish(world.electricity, tenancy(NOW, 9))
        world.run(30)
        world.app.household.visit().put(1, b"theirs")
        fill(world, 0)
        world.run(HALF_HOUR)
        worlds.append(world)
    assert all(world.flash.same(worlds[0].flash) for world in worlds)
    assert all(world.panel.ram == worlds[0].panel.ram for world in worlds)


def survive(flash, cut, how):
    """Cut a rewind of gas at its operation `cut`; check what must be so after it. Whether it was finished before."""
    world = World(flash.copy())
    world.settle()
    world.log.clear()
    world.flash.cut_after(cut, how)
    try:
        world.publish(world.gas, tenancy(PAST, 10))
        world.run(30)
        finished = True
    except PowerCut:
        finished = False
    world.flash.cut_after(None, None)
    world.flash.restart()
    world.cut()
    world.log.clear()
    world.gas.gets[0] = SILENT
    world.boot()
    world.run(30)
    if cut > 1:  # the third operation is the INTENT
        assert kept(world.app.household) == {}
        for sector in (82, 83):  # an erase that was cut short may read as done, and leave zeros
            assert len(set(world.flash.octets(sector * 4096, 4096)) | {0, 0xFF}) == 2
        receipts = list(world.app.guard.office().ledger._journal.receipts())
        assert len(receipts) == 1 and receipts[0][2] & 32  # verified
        assert world.app.guard.office().ledger.unfinished(1, 0) is None
    else:
        assert len(kept(world.app.household)) == 16 and not world.of("rewind")
    return finished


def test_a_power_cut_at_any_operation_of_the_rewind_keeps_none_of_them():
    flash = at_home().flash
    cut = 0
    while not survive(flash, cut, (BEFORE, AFTER, READS_DONE, READS_UNDONE)[cut % 4]):
        cut += 1
    assert cut > 40


def test_two_sectors_that_refuse_keep_the_gate_shut_and_are_named():
    world = at_home()
    world.publish(world.electricity, tenancy(PAST, 11))
    while not operations(world):
        world.step()
    world.flash.fail_after(3)
    for _ in range(10):
        world.step()
    assert world.app.electricity.gate == "FAILS: flash" and not world.of("receipt")
    world.run(30)
    assert len(world.of("receipt")) == 1 and blank(world.flash)
    world.app.household.visit().put(0, b"theirs")


def test_what_is_set_while_it_forgets_is_forgotten_too_or_refused():
    world = at_home()
    world.publish(world.electricity, tenancy(PAST, 12))
    keeper = world.app.household
    keeper.visit().put(0, b"early")
    while not keeper.destroying:
        world.step()
    assert raises(OSError, keeper.visit().put, 0, b"meanwhile")
    world.run(30)
    assert len(world.of("receipt")) == 1 and kept(keeper) == {} and blank(world.flash)
    keeper.visit().put(0, b"late")
    assert kept(keeper) == {0: b"late"}


def test_without_a_partition_they_are_forgotten_in_memory():
    world = World()
    world.flash = None
    world.settle()
    world.app.household.visit().put(0, b"ours")
    world.log.clear()
    world.publish(world.electricity, tenancy(world.now - 60, 13))
    world.run(30)
    assert len(world.of("receipt")) == 1 and kept(world.app.household) == {}


def test_a_display_with_worn_sectors_goes_on_without_them():
    world = at_home(0, Worn())
    assert world.app.history.durable and world.app.note == ""
    world.publish(world.electricity, tenancy(PAST, 14))
    world.run(30)
    assert len(world.of("receipt")) == 1


class Worn(Flash):
    """Its two sectors take nothing, and say so."""

    def program(self, offset, data):
        """Refuses."""
        if PAIR <= offset < PAIR + 8192:
            raise OSError(5)
        super().program(offset, data)
