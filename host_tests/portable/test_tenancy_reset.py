"""The factory reset (T47): everything is forgotten, the bindings and the installation settings too; a floor stays."""

from tenants import check_forgotten, left, lived_in
from test_tenancy_home import END, another_electricity, another_gas, bound, ledger
from world import HALF_HOUR, World


def unreadable(_offset, _buffer):
    raise OSError(5)


def test_T47_a_factory_reset_forgets_everything_and_the_bindings_but_a_floor():
    world = lived_in()
    world.app.factory_reset()
    floor = world.now
    assert world.app.electricity.gate and not world.unset
    world.electricity.silent = world.gas.silent = True
    world.run(60)
    for series, meter in enumerate((world.electricity, world.gas)):
        (receipt,) = world.of("receipt", meter=meter.name)
        assert (receipt["source"], receipt["floor"], receipt["issuer_event_id"]) == ("reset", floor, None)
        check_forgotten(world, series, floor)
        assert ledger(world).binding(series) is None and ledger(world).floor(series) == floor
    assert world.unset == 1 and bound(world) == set()
    world.cut()
    world.others = [another_electricity(), another_gas()]
    for meter in world.others:
        meter.log = lambda half_hour: 0x777
    world.boot()
    world.run(4000)
    assert bound(world) == {meter.name for meter in world.others} and world.unset == 1
    first = -(-floor // HALF_HOUR)
    for series in (0, 1):
        assert list(world.app.history.read(series, first - 100, first)) == [None] * 100


def test_T47_without_time_all_goes_and_the_record_begins_with_the_first_time_known():
    world = lived_in(half_hours=6)
    world.cut()
    world.knows_time = False
    world.boot()
    world.run(60)
    world.app.factory_reset()
    world.run(60)
    assert left(world, 0, END - 6, END) == left(world, 1, END - 6, END) == 0 and world.unset == 1
    world.knows_time = True
    world.run(60)
    known = world.of("time")[0]["utc"]
    assert ledger(world).floor(0) == ledger(world).floor(1) == known


def test_T47_the_settings_go_when_all_else_is_forgotten_and_not_before():
    world = lived_in(half_hours=6)
    world.panel.answers = False
    world.run(120)
    world.app.director._private = 3
    world.app.factory_reset()
    world.run(60)
    assert not world.unset and not world.of("receipt")
    world.panel.answers = True
    world.run(60)
    assert world.unset == 1 and len(world.of("receipt")) == 2


def test_T47_a_cut_at_any_time_of_it_leaves_nothing_bound_and_no_settings():
    for steps in range(4, 200, 17):
        world = lived_in(half_hours=6)
        world.electricity.silent = world.gas.silent = True
        world.app.factory_reset()
        for _ in range(steps):
            world.step()
        world.cut()
        world.boot()
        world.run(60)
        assert bound(world) == set() and world.unset >= 1, steps
        assert left(world, 0, END - 6, END) == left(world, 1, END - 6, END) == 0, steps


def test_T47_a_meter_that_was_not_bound_then_gives_nothing_older_either():
    world = World()
    world.gas.silent = True
    world.boot()
    world.run(60)
    world.app.factory_reset()
    floor = world.now
    world.run(60)
    assert ledger(world).floor(0) == ledger(world).floor(1) == floor


def test_T47_a_factory_reset_whose_journal_cannot_be_read_says_so():
    world = lived_in(half_hours=6)
    world.app.factory_reset()
    world.run(60)  # now no meter is bound
    world.flash.read_into = unreadable
    world.app.factory_reset()
    assert world.of("error")[-1]["what"] == "the journal cannot be read"
