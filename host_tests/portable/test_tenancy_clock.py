"""HAN time that jumps ahead and back: what it carried out and dated too early is put right (T32)."""

from flash import AFTER, Flash, PowerCut
from tenants import LIVED, check_forgotten, check_kept, left, lived_in, value
from world import HALF_HOUR, NOW, SILENT, UTC, World, tenancy

from ihd.tenancy.ledger import APPLIED, PENDING

AHEAD = 5 * 3600
DUE = UTC + 2 * 3600 + 300
END = UTC // HALF_HOUR
DAY = 86400


def jump(world, seconds):
    """The hub's clock jumps; the display hears of it."""
    world.utc += seconds
    world.run(400)


def ledger(world):
    return world.app.guard.office().ledger


def too_early(world):
    """A change still to come is carried out by a clock that is ahead."""
    world.electricity.gets[0] = tenancy(DUE, 50)
    world.publish(world.electricity, tenancy(DUE, 50))
    jump(world, AHEAD)
    (receipt,) = world.of("receipt")
    assert receipt["floor"] == DUE and ledger(world).floor(0) == DUE


def test_T32_a_change_carried_out_too_early_is_pending_again_and_its_floor_is_lowered():
    world = lived_in()
    too_early(world)
    world.log.clear()
    jump(world, -AHEAD)
    assert world.of("tenancy", kind="tenancy", meter=world.electricity.name)[-1]["state"] == "PENDING"
    assert world.of("tenancy", meter=world.electricity.name)[-1]["due"] == DUE
    for scope in (1, 2):
        assert UTC < ledger(world).floor(0, scope) <= world.now
    assert ledger(world).event(APPLIED, 0, 0) is None and ledger(world).event(PENDING, 0, 0).event_id == 50
    assert world.app.history.floor(0) <= world.now // HALF_HOUR + 1
    assert world.app.electricity.gate is None
    world.run(2 * HALF_HOUR)  # usage is recorded again
    assert list(world.app.history.read(0, world.now // HALF_HOUR - 1, world.now // HALF_HOUR)) == [0]
    world.run(DUE - world.now + 60)
    assert [(each["floor"], each["source"]) for each in world.of("receipt")] == [(DUE, "unsolicited")]
    check_forgotten(world, 0, DUE, 2)
    check_kept(world, 1, END - LIVED, END)


def test_T32_what_is_pending_again_is_so_after_a_power_cut_at_any_operation():
    for cut in range(12):
        world = lived_in(half_hours=6)
        too_early(world)
        world.flash.cut_after(cut, AFTER)
        try:
            jump(world, -AHEAD)
        except PowerCut:
            pass
        world.flash.cut_after(None, None)
        world.cut()
        world.boot()
        world.run(60)
        assert ledger(world).event(PENDING, 0, 0).time == DUE, cut
        assert ledger(world).event(APPLIED, 0, 0) is None, cut
        assert max(ledger(world).floor(0, scope) for scope in (1, 2)) <= world.now, cut


def test_T32_a_later_change_is_not_displaced_by_the_one_that_is_to_come_again():
    world = lived_in()
    too_early(world)
    world.electricity.gets[0] = SILENT
    world.publish(world.electricity, tenancy(UTC + 90_000, 51))
    jump(world, -AHEAD)
    assert ledger(world).event(PENDING, 0, 0).event_id == 51 and ledger(world).event(APPLIED, 0, 0) is None


def test_T32_what_said_now_is_not_to_come_again():
    world = lived_in()
    jump(world, AHEAD)
    assert world.publish(world.electricity, tenancy(NOW, 52)) == (0, True)
    world.run(30)
    jump(world, -AHEAD)
    assert ledger(world).event(PENDING, 0, 0) is None and ledger(world).floor(0) <= world.now
    assert world.publish(world.electricity, tenancy(NOW, 52)) == (0, True)  # again
    world.run(AHEAD + 60)
    assert len(world.of("receipt")) == 1
    check_forgotten(world, 0, UTC)


def test_T32_half_hours_of_a_clock_that_was_ahead_are_destroyed_and_the_true_ones_taken():
    world = lived_in()
    jump(world, AHEAD)
    world.run(HALF_HOUR)
    world.electricity.register += 700
    world.run(2 * HALF_HOUR)
    now = world.now // HALF_HOUR
    found = list(world.app.history.read(0, END + 2, now))
    destroyed = [END + 2 + n for n in range(len(found)) if found[n] is not None]
    assert 700 in found and len(destroyed) >= 2
    jump(world, -AHEAD)
    begin = world.now // HALF_HOUR + 1
    assert begin < destroyed[0] and world.flash.octets(world.app.history.slot(0, destroyed[0]), 4) == bytes(4)
    check_kept(world, 0, END - LIVED, END)
    check_kept(world, 1, END - LIVED, END)
    assert not world.of("rewind") and not world.of("gate")
    assert world.app.electricity.today is None or world.app.electricity.today_since <= world.now
    world.run(AHEAD)
    end = world.now // HALF_HOUR - 1
    found = list(world.app.history.read(0, begin, end))
    assert found == [None if each in destroyed else 0 for each in range(begin, end)]


def test_T32_nor_do_they_outlive_a_start():
    world = lived_in()
    for series in (0, 1):
        world.app.history.present = END + 20
        while not world.app.history.append(series, END + 9, value(series, END + 9)):
            pass
    world.cut()
    world.boot()
    world.run(60)
    for series in (0, 1):
        assert world.flash.octets(world.app.history.slot(series, END + 9), 4) == bytes(4)
        check_kept(world, series, END - LIVED, END)


def test_T32_a_clock_behind_most_of_the_record_destroys_nothing():
    world = lived_in(2100)
    jump(world, -3000 * HALF_HOUR)
    jump(world, 3000 * HALF_HOUR)
    for series in (0, 1):
        check_kept(world, series, END - 2100, END)


def test_T32_a_change_just_after_the_clock_was_put_back_leaves_nothing_of_the_day():
    world = lived_in()
    jump(world, AHEAD)
    world.electricity.register += 5000
    world.run(400)
    assert world.app.electricity.today == 5000
    world.utc -= AHEAD
    while not world.of("time") or world.of("time")[-1]["utc"] > UTC + AHEAD:
        world.step()
        world.ms += 500
    world.publish(world.electricity, tenancy(NOW, 53))
    assert not world.app.electricity.today
    assert not world.app.electricity.half_hours.holds(1 << 32)


def test_T32_a_jump_has_the_meters_asked_at_once():
    world = lived_in()
    for seconds, asked in ((50, 0), (70, 1), (-50, 0), (-70, 1)):
        world.run(901)
        world.electricity.asked.clear()
        jump(world, seconds)
        assert (world.electricity.asked.count((0x0708, 0)) >= 1) == bool(asked), seconds


def test_T32_without_a_partition_the_same_in_memory():
    world = World()
    world.flash = None
    world.settle()
    world.run(3 * HALF_HOUR)
    jump(world, AHEAD)
    world.publish(world.electricity, tenancy(NOW, 54))
    world.run(3 * HALF_HOUR)
    jump(world, -AHEAD - 2 * HALF_HOUR)
    assert world.app.history.floor(0) <= world.now // HALF_HOUR + 1
    assert not world.app.history.holds_before(0, world.now // HALF_HOUR)


class Refusing(Flash):
    """Programs and erases nothing while `refusing`."""

    refusing = False

    def _do(self, operation, offset, data):
        if self.refusing:
            raise OSError(5)
        super()._do(operation, offset, data)


def test_T32_a_flash_that_refuses_is_told_once_and_tried_again():
    world = lived_in(flash=Refusing())
    too_early(world)
    world.flash.refusing = True
    jump(world, -AHEAD)
    assert [each["what"] for each in world.of("error") if "forget" in each["what"]] == [
        "cannot forget: the flash refuses"
    ]
    world.flash.refusing = False
    world.run(30)
    assert ledger(world).floor(0) <= world.now and ledger(world).event(PENDING, 0, 0).time == DUE


def test_T32_a_clock_that_falls_back_for_once_lowers_no_floor_for_ever():
    for moved in (True, False):
        for back in (DAY, 30 * DAY):
            world = World()
            world.settle()
            world.electricity.log = lambda half_hour: 0x600000 + half_hour % 4096
            if moved:
                world.app.moved_in()
            else:
                world.publish(world.electricity, tenancy(NOW, 52))
            world.run(60)
            floor = ledger(world).floor(0)
            world.utc -= back
            world.run(400)
            world.utc += back
            world.run(8000)
            first = -(-floor // HALF_HOUR)
            assert ledger(world).floor(0) == floor and world.app.electricity.gate is None
            assert list(world.app.history.read(0, first - 96, first)) == [None] * 96
            assert left(world, 0, first - 96, first) == 0


def test_T32_a_clock_that_falls_back_behind_a_floor_and_most_of_the_record_destroys_nothing():
    world = lived_in(2100)
    floor = (END - 2000) * HALF_HOUR
    world.publish(world.electricity, tenancy(floor, 5))
    world.run(60)
    world.utc -= 3000 * HALF_HOUR
    world.run(400)
    world.utc += 3000 * HALF_HOUR
    world.run(400)
    assert ledger(world).floor(0) == floor and len(world.of("receipt")) == 1
    check_kept(world, 0, END - 2000, END)
