"""Changes that meet each other, a journal that refuses just then, and meters that are released meanwhile."""

from flash import Flash
from tenants import SUCCESS, check_forgotten, left, lived_in
from test_tenancy_home import another_electricity, bound, ledger
from world import HALF_HOUR, NOW, UNSUPPORTED, UTC, World, supplier, tenancy

from ihd.tenancy.event import COMMAND, HOME, RESET, Event, moved_in
from ihd.tenancy.keepers import BOTH
from ihd.tenancy.ledger import APPLIED
from ihd.tenancy.receipt import Receipt

END = UTC // HALF_HOUR
FLOOR_RECORD = 6


class Picky(Flash):
    """Refuses what `refuses(operation, offset, data)` says."""

    def refuses(self, operation, offset, data):
        """Nothing, to begin with."""
        return False

    def _do(self, operation, offset, data):
        if self.refuses(operation, offset, data):
            raise OSError(5)
        super()._do(operation, offset, data)


class Stuck:
    """A keeper that holds something of one meter, or of both, until it is told to let go."""

    name = "stuck"
    stuck = True

    def __init__(self, meters=(0, 1)):
        self._meters = meters

    def forget(self, _meter, _before, _scope):
        return False

    def holds(self, meter, _before, scope):
        return self.stuck and meter in self._meters and bool(scope & 1)


def held_up(meters=(0, 1), half_hours=6):
    """A home in which what is to be forgotten of these meters is not, and the keeper to blame."""
    world = lived_in(half_hours)
    keeper = Stuck(meters)
    world.app.keepers.register(keeper)
    return world, keeper


def test_T48_a_floor_that_the_journal_did_not_take_at_once_holds_after_a_start_too():
    flash = Picky()
    world = World(flash)
    refused = []

    def refuses(operation, offset, data):
        if offset >= 80 * 4096 and len(data) == 32 and data[0] == FLOOR_RECORD and not refused:
            refused.append(offset)
            return True
        return False

    flash.refuses = refuses
    world.electricity.gets[0] = tenancy(UTC - 40 * HALF_HOUR + 600, 50)
    world.electricity.log = lambda half_hour: 0x600000 + half_hour % 4096
    world.boot()
    world.run(120)
    assert refused and not world.of("receipt")
    for _ in range(2):
        assert list(world.app.history.read(0, END - 96, END - 39)) == [None] * 57
        assert list(world.app.history.read(0, END - 39, END - 38)) == [0x600000 + (END - 39) % 4096]
        assert ledger(world).floor(0, BOTH) == UTC - 40 * HALF_HOUR + 600
        world.cut()
        world.boot()
        world.run(300)


def test_T46_the_occupant_s_word_outlives_a_power_cut_while_another_change_is_carried_out():
    world = lived_in()
    world.electricity.gets = {0: UNSUPPORTED, 1: UNSUPPORTED}
    world.electricity.attributes = {}
    world.run(1000)
    assert world.app.electricity.cannot_tell
    world.publish(world.electricity, supplier(world.now - 80 * HALF_HOUR, 9, 0, 1, 2), 1)
    for _ in range(4):
        world.step()
    world.app.moved_in()
    now = world.now
    for _ in range(2):  # an operation for each meter
        world.step()
    world.cut()
    world.boot()
    world.run(120)
    assert [each["source"] for each in world.of("receipt", kind="tenancy")] == ["user", "user"]
    check_forgotten(world, 0, now)
    check_forgotten(world, 1, now)
    assert world.app.electricity.gate is None


def test_T47_what_a_meter_told_before_it_was_released_is_no_concern_of_the_next_one():
    for failing in (2, 9):
        world, keeper = held_up()
        world.publish(world.electricity, tenancy(world.now - 600, 900))
        world.run(failing)
        world.electricity.silent = world.gas.silent = True
        world.app.factory_reset()
        world.run(6)
        keeper.stuck = False
        world.run(60)
        assert bound(world) == set() and [ledger(world).event(APPLIED, 0, kind) for kind in (0, 1)] == [None, None]
        assert [ledger(world).unfinished(0, kind) for kind in (0, 1)] == [None, None]
        world.others = (other,) = [another_electricity()]
        world.cut()
        world.boot()
        world.run(700)
        assert world.publish(other, tenancy(NOW, 899)) == SUCCESS
        world.run(30)
        assert world.of("receipt")[-1]["issuer_event_id"] == 899 and "stale" not in world.counts()


def test_T47_a_reset_that_was_interrupted_beside_a_change_of_supplier_is_finished():
    world = lived_in(6)
    world.electricity.silent = world.gas.silent = True
    journal = ledger(world)
    journal.begin(0, Event(1, COMMAND, world.now - 5000, 9), BOTH)
    for number in (0, 1):
        journal.begin(number, moved_in(world.now, RESET), BOTH)
    world.cut()
    world.boot()
    world.run(120)
    assert bound(world) == set() and world.unset == 1


def test_a_second_change_of_a_smaller_scope_does_not_overtake_one_that_fails():
    flash = Picky()
    world = lived_in(flash=flash, supplier_change="supplier-data")
    first = world.now - 20 * HALF_HOUR
    flash.refuses = lambda operation, offset, data: offset < 20 * 4096
    world.publish(world.electricity, supplier(first, 5, 0x80, 1, 2), 1)
    world.publish(world.gas, tenancy(world.now - 600, 5))  # so that there is another one to go before it
    world.run(8)
    assert world.app.electricity.gate == "FAILS: flash"
    world.publish(world.electricity, supplier(world.now - 600, 6, 0, 2, 3), 1)
    world.run(12)
    flash.refuses = lambda operation, offset, data: False
    world.run(60)
    assert world.app.electricity.gate is None and not world.app.history.holds_before(0, first // HALF_HOUR)
    assert left(world, 0, END - 96, first // HALF_HOUR) == 0
    told = [(each["floor"], each["slots"] > 0) for each in world.of("receipt", meter=world.electricity.name)]
    assert told[0] == (first, True)


def test_a_meter_that_could_not_be_bound_at_once_is_bound_a_little_later():
    flash = Picky()
    world = World(flash)
    world.boot()
    read = flash.read_into
    flash.log = []

    def unreadable(offset, buffer):
        if offset >= 80 * 4096:
            raise OSError(5)
        read(offset, buffer)

    flash.read_into = unreadable
    world.run(60)
    assert not world.app.guard.watches
    flash.read_into = read
    world.run(60)
    assert (
        bound(world)
        == {world.electricity.name, world.gas.name}
        == {watch.device.name for watch in world.app.guard.watches.values()}
    )
    assert world.app.electricity.gate is None and world.app.gas.gate is None


def test_a_start_whose_journal_takes_nothing_lives_on():
    world = lived_in(6)
    ledger(world).put_receipt(Receipt(0, moved_in(world.now, HOME), BOTH, world.now, world.now, 0, 0, 0, False))
    world.cut()

    def refuse(operation, offset, data):
        raise OSError(5)

    world.flash._do = refuse
    world.boot()
    world.run(60)
    assert world.of("fact", what="power") and "the journal cannot be written" in [e["what"] for e in world.of("error")]


def test_T47_a_factory_reset_without_a_meter_forgets_what_the_household_set():
    world = World()
    world.electricity.silent = world.gas.silent = True
    world.boot()
    world.run(60)
    world.app.household.visit().put(1, b"Aunt Mary")
    assert world.app.household.holds(0, UTC, BOTH)
    world.app.factory_reset()
    world.run(70)
    assert not world.app.household.holds(0, UTC, BOTH) and world.unset == 1


def test_a_retry_is_not_waited_for_any_longer_than_it_is_due():
    world = lived_in(6)
    world.app.guard._unreadable()
    assert world.app.guard._retry is not None
    world.run(70)
    assert world.app.guard._retry is None  # or it would be to come again when the ticks have gone half round
