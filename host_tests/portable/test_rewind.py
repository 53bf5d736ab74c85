"""The rewind proved: power cuts, two lives compared, the published frame, the occupant's own word."""

from flash import AFTER, BEFORE, Flash, PowerCut
from tenants import check_forgotten, check_kept, check_order, fill, left, lived_in
from world import HALF_HOUR, NOW, SILENT, UTC, World, tenancy

LONG = 200  # half-hours: they reach over the end of a sector
PAST = UTC - 40 * HALF_HOUR + 600
# RTDS 4.5.0, GCS09: what a GB gas proxy is sent; its time is 2016-11-22 02:46:56 UTC
GCS09 = bytes.fromhex("00000000804a371c00206ec61f00020000")
GCS09_FLOOR = 0x1FC66E20


def again(flash, **chosen):
    """A World on a flash with a past, at home."""
    world = World(flash, **chosen)
    world.settle()
    world.log.clear()
    return world


def operations(log):
    return len([entry for entry in log if isinstance(entry, tuple)])


def survive(flash, cut, how, cut_again=None):
    """Cut a rewind of electricity at its operation `cut`, and perhaps the recovery; check what must be so after it."""
    world = again(flash.copy())
    world.flash.cut_after(cut, how)
    try:
        world.publish(world.electricity, tenancy(PAST, 5))
        world.run(30)
        finished = True
    except PowerCut:
        finished = False
    world.flash.cut_after(None, None)
    begun = cut + (how == AFTER) > 2  # the third operation is the INTENT
    picture = bytes(world.panel.ram)
    world.cut()
    world.log.clear()
    world.electricity.gets[0] = SILENT
    if cut_again is not None:
        world.flash.cut_after(*cut_again)
        try:
            world.boot()
            world.run(30)
        except PowerCut:
            pass
        world.flash.cut_after(None, None)
        world.cut()
        world.log.clear()
    world.boot()
    if begun and not finished:
        shown = []
        for _ in range(400):  # nothing is drawn before it is finished
            if not world.app.guard.watches[0].rewinding[0]:
                break
            shown.append(any(world.panel.ram) and bytes(world.panel.ram) != picture)
            world.step()
        assert not any(shown) and len(shown) < 400
    world.run(30)
    names = [each["event"] for each in world.events if each["event"] in ("rewind", "receipt")]
    if begun:
        check_forgotten(world, 0, PAST, LONG)
        assert names in ([], ["rewind", "rewind", "receipt"])
        assert len(list(world.app.guard.office().ledger._journal.receipts())) == 1
    else:
        check_kept(world, 0, UTC // HALF_HOUR - LONG, UTC // HALF_HOUR)
        assert names == []
    check_kept(world, 1, UTC // HALF_HOUR - LONG, UTC // HALF_HOUR)
    assert world.app.guard.office().ledger.unfinished(0, 0) is None
    assert not world.of("gate", meter=world.electricity.name, open=True)  # it has not answered
    world.cut()
    world.boot()
    before = world.flash.copy()
    world.cut()
    world.boot()
    assert world.flash.same(before)
    return finished


def test_T28_a_power_cut_at_any_operation_of_the_rewind_loses_nothing_and_leaves_nothing():
    flash = lived_in(LONG).flash
    for how in (BEFORE, AFTER):
        cut = 0
        while not survive(flash, cut, how):
            cut += 1
        assert cut > 25


def test_T28_nor_does_a_second_cut_within_the_recovery():
    flash = lived_in(LONG).flash
    for cut in range(1, 30, 4):
        for second in range(0, 30, 5):
            survive(flash, cut, AFTER, (second, BEFORE))


def life(mark):
    """A life with other values before the change; what the chip, and the panel each half minute, look like after it."""
    world = World()
    world.electricity.register += 10_000 * mark
    world.electricity.watts += mark
    world.settle()
    fill(world, LONG, mark)
    world.run(2 * HALF_HOUR)
    world.publish(world.electricity, tenancy(NOW, 6))
    world.publish(world.gas, tenancy(NOW, 6))
    world.electricity.watts = 250
    pictures = []
    for n in range(200):
        world.electricity.register += 5
        world.run(30)
        pictures.append(bytes(world.panel.ram))
        if n == 30:
            world.app.key("select")
            world.step()
        if n == 100:
            world.cut()
            world.boot()
    return world.flash, pictures


def test_two_lives_that_differ_before_the_change_are_the_same_after_it():
    flash, pictures = life(0)
    other, others = life(77)
    assert flash.same(other)
    assert pictures == others and len(set(pictures)) > 20


def test_T25_the_published_frame_rewinds_to_its_time():
    utc = GCS09_FLOOR + 5 * HALF_HOUR
    world = World(utc=utc)
    world.settle()
    begin = utc // HALF_HOUR - 50
    for half_hour in range(begin, utc // HALF_HOUR):
        while not world.app.history.append(1, half_hour, 0x510000 + half_hour % 1000):
            pass
    world.log.clear()
    assert world.publish(world.gas, GCS09, sequence=0) == (0, True)
    world.run(30)
    receipt = check_order(world, world.gas, GCS09_FLOOR, "unsolicited", 0x1C374A80)
    first = -(-GCS09_FLOOR // HALF_HOUR)
    assert receipt["slots"] == first - begin
    found = list(world.app.history.read(1, begin, utc // HALF_HOUR))
    assert found[: first - begin] == [None] * (first - begin)
    assert found[first - begin :] == [0x510000 + n % 1000 for n in range(first, utc // HALF_HOUR)]


def move_in(world):
    """The keys that say it."""
    for key in ("prev", "select", "next"):
        world.app.key(key)
        world.step()
    world.run(1)


def test_T46_i_have_moved_in_forgets_everything_of_every_meter():
    world = lived_in()
    world.run(5)
    move_in(world)
    floor = world.of("rewind", phase="begin")[0]["floor"]
    assert floor == world.of("gate", open=False)[0]["at"]
    world.run(30)
    for series, meter in enumerate((world.electricity, world.gas)):
        (receipt,) = world.of("receipt", meter=meter.name)
        assert (receipt["source"], receipt["issuer_event_id"], receipt["floor"]) == ("user", None, floor)
        assert world.of("gate", meter=meter.name)[-1]["open"]
        check_forgotten(world, series, floor)


def test_T46_it_opens_the_gate_of_a_meter_that_cannot_be_heard_and_releases_it():
    world = lived_in()
    world.cut()
    world.electricity.silent = True
    world.log.clear()
    world.boot()
    world.run(600)
    assert world.app.electricity.gate == "NO ANSWER"
    floor = world.now
    move_in(world)
    world.run(30)
    assert len(world.of("receipt")) == 2 and world.app.electricity is None
    assert left(world, 0, UTC // HALF_HOUR - 96, UTC // HALF_HOUR) == 0
    world.electricity.silent = False
    world.run(1300)  # it is found again, and is a meter like any other
    assert world.app.electricity is not None and world.app.electricity.gate is None
    assert world.app.guard.office().ledger.floor(0) >= floor


def test_T46_without_time_all_goes_and_the_record_begins_with_the_first_time_known():
    world = lived_in()
    world.cut()
    world.knows_time = False
    world.log.clear()
    world.boot()
    world.run(60)
    world.app.moved_in()
    world.run(60)
    assert len(world.of("receipt")) == 2
    for series in (0, 1):
        assert left(world, series, UTC // HALF_HOUR - 96, UTC // HALF_HOUR) == 0
    world.knows_time = True
    world.run(60)
    known = world.of("time")[0]["utc"]
    assert world.app.guard.office().ledger.floor(0) == known and world.app.guard.office().ledger.floor(1) == known
    world.run(2 * HALF_HOUR)
    assert not world.of("rewind", floor=known)
    first = -(-known // HALF_HOUR)
    assert list(world.app.history.read(0, first - 2, first + 1))[:2] == [None, None]


def test_a_panel_that_does_not_answer_keeps_the_gate_shut_until_it_was_overwritten():
    world = lived_in()
    world.run(5)
    world.panel.answers = False
    picture = bytes(world.panel.ram)
    assert any(picture)
    world.publish(world.electricity, tenancy(PAST, 9))
    world.run(60)
    assert world.app.electricity.gate == "FAILS: panel" and not world.of("receipt")
    world.panel.answers = True
    world.run(20)
    assert len(world.of("receipt")) == 1 and world.app.electricity.gate is None


def test_a_flash_that_refuses_keeps_the_gate_shut_until_it_takes_the_intent():
    world = lived_in()
    world.flash.fail_after(0)
    world.publish(world.electricity, tenancy(PAST, 10))
    assert world.app.electricity.gate is not None and not world.of("receipt")
    world.run(60)
    assert [each["what"] for each in world.of("error")] == ["cannot forget: the flash refuses"]
    check_forgotten(world, 0, PAST)
    assert len(world.of("receipt")) == 1 and world.app.electricity.gate is None


def test_without_a_partition_the_rewind_is_in_memory_and_its_receipt_is_shown():
    world = World()
    partition = world.flash
    world.flash = None
    world.settle()
    world.run(4 * HALF_HOUR)
    world.log.clear()
    world.publish(world.electricity, tenancy(world.now - HALF_HOUR - 60, 11))
    world.run(10)
    (receipt,) = world.of("receipt")
    assert receipt["slots"] >= 1 and receipt["sectors"] == 0
    assert world.app.electricity.gate is None and not partition.sectors


class Unreadable(Flash):
    """Its journal cannot be read."""

    def read_into(self, offset, buffer):
        """Refuses the sectors behind the rings."""
        if offset >= 80 * self.sector_size:
            raise OSError(5)
        super().read_into(offset, buffer)


def test_a_journal_that_cannot_be_read_leaves_a_display_that_shows_what_is_so_now():
    world = World(Unreadable())
    world.settle()
    assert [each["what"] for each in world.of("error")] == [
        "the history partition is not used: cannot be read; nothing outlives a restart"
    ]
    assert world.app.note and not world.app.history.durable and not operations(world.log)


def test_a_step_of_the_rewind_does_one_flash_operation_at_most():
    world = lived_in(LONG)
    world.electricity.log = world.gas.log = lambda half_hour: 0x333300 + half_hour % 256
    done = 0
    for entry in (world.electricity, world.gas):
        world.publish(entry, tenancy(PAST, 12))
        assert operations(world.log) - done <= 1
        done = operations(world.log)
    for _ in range(600):
        world.step()
        assert operations(world.log) - done <= 1
        done = operations(world.log)
    assert len(world.of("receipt")) == 2
