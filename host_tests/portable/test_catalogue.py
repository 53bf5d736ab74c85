"""Scenarios of the tenancy design that need a core and no wire: cuts in a row, a keeper that fails, a year of use."""

from flash import AFTER, BEFORE, PowerCut
from tenants import LIVED, check_forgotten, check_kept, fill, lived_in
from world import HALF_HOUR, NOW, UTC, World, tenancy

PAST = UTC - 40 * HALF_HOUR + 600
LATER = UTC - 20 * HALF_HOUR + 600
END = UTC // HALF_HOUR
YEAR = 17_520  # half-hours


def until_cut(world, cut, how):
    """Live on until the power fails at an operation of the flash; whether it did."""
    world.flash.cut_after(cut, how)
    try:
        world.run(60)
        failed = False
    except PowerCut:
        failed = True
    world.flash.cut_after(None, None)
    return failed


def test_T29_a_second_change_and_a_second_cut_within_the_first_recovery_leave_nothing():
    past = lived_in().flash
    for cut in range(1, 30, 7):
        for second in range(0, 24, 7):
            for meter in ("electricity", "gas"):
                check_two_in_a_row(past.copy(), cut, second, meter)


def check_two_in_a_row(flash, cut, second, meter):
    """Cut a rewind, have the second change told meanwhile, and cut the recovery too; then both are carried out."""
    world = World(flash)
    world.settle()
    told = getattr(world, meter)
    world.electricity.gets[0] = tenancy(PAST, 77)
    world.publish(world.electricity, tenancy(PAST, 77))
    until_cut(world, cut, AFTER)
    world.cut()
    told.gets[0] = tenancy(LATER, 78)
    world.boot()
    until_cut(world, second, BEFORE)
    world.cut()
    world.log.clear()
    world.boot()
    world.run(120)
    number = 0 if told is world.electricity else 1
    check_forgotten(world, 0, PAST if number else LATER)
    if number:
        check_forgotten(world, 1, LATER)
    else:
        check_kept(world, 1, END - LIVED, END)
    ledger = world.app.guard.office().ledger
    assert [ledger.unfinished(each, 0) for each in (0, 1)] == [None, None]
    assert ledger.floor(number) == LATER
    for each in (world.electricity, world.gas):
        assert world.of("gate", meter=each.name)[-1]["open"]


class Stubborn:
    """A keeper that does not forget electricity until it is told to; or whose medium refuses."""

    name = "stubborn"

    def __init__(self, refuses):
        self.refuses = refuses
        self.willing = False
        self.asked = 0
        self.gone = False

    def forget(self, meter, _before, _scope):
        self.asked += meter == 0
        if not self.willing and self.refuses and meter == 0:
            raise OSError(5)
        self.gone = self.gone or self.willing and meter == 0
        return False

    def holds(self, meter, _before, _scope):
        return meter == 0 and not self.gone


def test_T39_a_keeper_that_fails_keeps_the_gate_shut_is_named_and_retried():
    for refuses in (False, True):
        world = lived_in()
        keeper = Stubborn(refuses)
        world.app.keepers.register(keeper)
        world.publish(world.electricity, tenancy(PAST, 77))
        world.run(60)
        assert world.app.electricity.gate == ("FAILS: flash" if refuses else "FAILS: stubborn")
        assert not world.of("receipt") and not world.of("rewind", phase="done")
        asked = keeper.asked
        assert 5 < asked < 50  # every five seconds
        world.cut()
        world.log.clear()
        world.boot()  # what it did not forget before the power went is owed after it, too
        world.app.keepers.register(keeper)
        world.run(60)
        assert not world.of("receipt") and keeper.asked > asked
        assert not world.of("gate", meter=world.electricity.name, open=True)
        assert not world.of("fact", what="summation", meter=world.electricity.name)
        keeper.willing = True
        world.run(60)
        (receipt,) = world.of("receipt")
        assert (receipt["floor"], receipt["verified"], receipt["issuer_event_id"]) == (PAST, True, 77)
        assert world.of("gate", meter=world.electricity.name)[-1]["open"]
        check_forgotten(world, 0, PAST)


def test_T39_a_keeper_that_fails_does_not_hold_up_the_other_meter():
    for refuses in (False, True):
        world = lived_in()
        keeper = Stubborn(refuses)
        world.app.keepers.register(keeper)
        for meter in (world.electricity, world.gas):
            world.publish(meter, tenancy(PAST, 77))
        world.run(60)
        assert world.app.electricity.gate in ("FAILS: flash", "FAILS: stubborn") and world.app.gas.gate is None
        (receipt,) = world.of("receipt")
        assert (receipt["meter"], receipt["verified"]) == (world.gas.name, True)
        check_forgotten(world, 1, PAST)
        keeper.willing = True
        world.run(60)
        assert [each["meter"] for each in world.of("receipt")] == [world.gas.name, world.electricity.name]
        assert world.of("gate")[-1]["open"] and world.app.electricity.gate is None
        check_forgotten(world, 0, PAST)


def a_year(mark):
    """A life whose first year is that of others; what the chip and the panel look like after the change."""
    world = World()
    world.flash.log = None  # it would not fit beside a year
    world.electricity.register += 10_000 * mark
    world.settle()
    fill(world, YEAR, mark)
    world.run(HALF_HOUR)
    for meter in (world.electricity, world.gas):
        world.publish(meter, tenancy(NOW, 6))
    world.run(300)
    assert [receipt["verified"] for receipt in world.of("receipt")] == [True, True]
    pictures = []
    for _ in range(40):
        world.electricity.register += 5
        world.run(60)
        pictures.append(bytes(world.panel.ram))
    return world.flash, pictures


def test_T40_after_a_year_of_use_nothing_depends_on_who_lived_there_before():
    flash, pictures = a_year(0)
    other, others = a_year(77)
    assert pictures == others and len(set(pictures)) > 10
    assert flash.same(other)
