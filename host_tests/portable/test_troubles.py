"""Changes that meet each other, a flash that refuses, meters that go and come: what is proved still holds."""

from fakes import indication
from flash import Flash
from tenants import LIVED, check_forgotten, check_kept, left, lived_in
from world import HALF_HOUR, NOT_FOUND, SILENT, UTC, World, tenancy

from ihd import radio as radios
from ihd.tenancy.ledger import APPLIED, PENDING

PAST = UTC - 40 * HALF_HOUR + 600
LATER = UTC - 20 * HALF_HOUR
END = UTC // HALF_HOUR


def names(world, meter):
    """What was told of its gate and its rewinds."""
    told = []
    for each in world.events:
        if each.get("meter") == meter.name and each["event"] in ("gate", "rewind", "receipt"):
            told.append(each.get("phase") or each["event"] + ("" if each.get("open") is None else str(each["open"])))
    return told


def test_a_second_change_during_a_rewind_keeps_the_gate_shut_until_both_are_done():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 77))
    world.step()
    world.publish(world.electricity, tenancy(LATER, 78))
    world.run(30)
    once = ["begin", "done", "receipt"]
    assert names(world, world.electricity) == ["gateFalse"] + once + once + ["gateTrue"]
    check_forgotten(world, 0, LATER)


def test_the_same_change_during_its_own_rewind_is_the_same():
    world = lived_in()
    for _ in range(5):
        assert world.publish(world.electricity, tenancy(PAST, 77)) == (0, True)
        assert len(world.app.guard.queue) == 1
    world.run(30)
    assert len(world.of("receipt")) == 1


def test_the_occupant_s_word_counts_during_a_rewind_too():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 77))
    world.app.moved_in()
    floor = world.now
    world.run(30)
    assert [each["source"] for each in world.of("receipt", meter=world.electricity.name)] == ["user"]
    assert world.app.guard.office().ledger.event(APPLIED, 0, 0).event_id == 77  # recorded
    for series in (0, 1):
        check_forgotten(world, series, floor)


def test_the_occupant_s_word_is_durable_for_every_meter_before_anything_is_forgotten():
    for steps in range(2, 12):
        world = lived_in()
        world.app.moved_in()
        for _ in range(steps):
            world.step()
        world.cut()
        world.boot()
        world.run(30)
        for series in (0, 1):
            assert left(world, series, END - LIVED, END) == 0, steps


def released():
    """A home whose electricity meter did not answer when the occupant moved in, and what is its floor."""
    world = lived_in()
    world.publish(world.electricity, tenancy(UTC + 90_000, 0x30000000))
    world.cut()
    world.electricity.silent = True
    world.boot()
    world.run(200)
    world.app.moved_in()
    floor = world.now
    world.run(60)
    assert world.app.electricity is None
    return world, floor


def test_a_floor_outlives_the_binding():
    world, floor = released()
    world.electricity.silent = False
    world.electricity.log = lambda half_hour: 0x777
    world.cut()
    world.boot()
    world.run(4000)
    first = -(-floor // HALF_HOUR)
    assert world.app.electricity.gate is None and world.app.history.floor(0) == first
    assert list(world.app.history.read(0, first - 100, first)) == [None] * 100


def test_what_a_released_meter_announced_is_no_concern_of_the_next():
    world, _ = released()
    world.electricity.silent = False
    world.electricity.address = bytes.fromhex("00db1234567890ee")
    world.electricity.name = "00db1234567890ee"
    world.run(1300)
    assert world.app.electricity.gate is None
    world.log.clear()
    assert world.publish(world.electricity, tenancy(world.now - 60, 5)) == (0, True)
    world.run(30)
    assert len(world.of("receipt")) == 1 and world.counts() == {}


def test_time_that_comes_during_a_rewind_without_time_sets_the_floor():
    for steps in range(1, 60, 4):
        world = lived_in()
        world.cut()
        world.knows_time = False
        world.boot()
        world.run(60)
        world.app.moved_in()
        for _ in range(steps):
            world.step()
        world.knows_time = True
        world.run(3 * HALF_HOUR)
        assert world.app.guard.office().ledger.floor(0) <= world.now
        assert list(world.app.history.read(0, END + 2, END + 3)) == [0], steps


def test_a_change_that_the_journal_does_not_take_is_learnt_again():
    world = lived_in()
    world.flash.fail_after(0)
    assert world.publish(world.electricity, tenancy(UTC + 5000, 77)) == (1, True)
    world.run(300)
    assert not world.of("tenancy") and world.app.electricity.gate is None
    world.electricity.gets[0] = tenancy(UTC + 5000, 77)
    world.run(1000)
    assert world.of("tenancy")[-1]["due"] == UTC + 5000


class Stubborn(Flash):
    """Its journal cannot be read while `closed`."""

    closed = False

    def read_into(self, offset, buffer):
        """As Flash, or OSError."""
        if self.closed and offset >= 80 * self.sector_size:
            raise OSError(5)
        super().read_into(offset, buffer)


def test_a_journal_that_cannot_be_read_for_a_while_stops_nothing_else():
    world = lived_in(flash=Stubborn())
    world.flash.closed = True
    assert world.publish(world.electricity, tenancy(PAST, 77)) == (1, True)
    world.app.moved_in()
    world.electricity.gets[0] = tenancy(PAST, 77)
    world.run(2000)
    assert world.app.electricity.gate == world.app.gas.gate == "FAILS: flash"
    assert world.of("fact", what="power")
    world.flash.closed = False
    world.run(2000)
    assert world.app.electricity.gate is None
    assert left(world, 0, END - LIVED, END) == left(world, 1, END - LIVED, END) == 0


def test_gaps_are_filled_after_the_network_was_lost():
    world = lived_in()
    world.electricity.log = lambda half_hour: 0x300 + half_hour % 256 if half_hour >= END - 120 else None
    world.radio.queue.append((radios.NETWORK, radios.JOINING))
    world.run(5400)
    world.radio.queue.append((radios.NETWORK, radios.JOINED))
    world.run(2 * 3600)
    assert None not in list(world.app.history.read(0, END - LIVED, world.now // HALF_HOUR - 1))


def test_a_log_is_read_back_whole_though_the_flash_refuses_for_a_minute():
    world = World()
    world.electricity.log = lambda half_hour: 0x300 + half_hour % 256 if half_hour >= END - 408 else None
    world.boot()
    world.run(20)
    for _ in range(40):
        world.flash.fail_after(0)
        world.run(3)
    world.run(3600)
    assert list(world.app.history.read(0, END - 408, END)).count(None) == 0


def test_an_endpoint_that_does_not_answer_is_not_guessed():
    world = World()
    answer = world._zdo
    world._zdo = lambda address, cluster, payload: (
        None if cluster == 4 and payload[3] == 9 and world.ms < 100_000 else answer(address, cluster, payload)
    )
    world.boot()
    world.run(90)
    assert world.app.gas is None
    world.run(200)
    assert world.app.gas.device.management == 9 and world.app.gas.gate is None


def test_what_is_pending_by_attribute_follows_the_attribute():
    world = lived_in()
    world.gas.attributes[0x0200] = UTC + 50_000
    world.run(1000)
    assert world.of("tenancy")[-1]["due"] == UTC + 50_000
    world.gas.attributes[0x0200] = PAST
    world.run(1000)
    assert [each["floor"] for each in world.of("receipt")] == [PAST]
    assert world.app.guard.office().ledger.event(PENDING, 1, 0) is None
    assert world.of("tenancy", kind="tenancy")[-1]["state"] == "CLEAR"


def test_an_interrupted_rewind_that_goes_on_failing_is_named_on_the_screen_and_the_other_meter_asked():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 77))
    world.step()
    world.cut()
    world.flash.erase = world.flash.program = lambda *what: refuse()
    world.log.clear()
    world.boot()
    world.run(120)
    assert world.app.electricity.gate == "FAILS: flash" and any(world.panel.ram)
    assert world.app.gas.gate is None
    check_kept(world, 1, END - LIVED, END)
    del world.flash.erase, world.flash.program
    world.run(60)
    assert world.app.electricity.gate is None
    check_forgotten(world, 0, PAST)


def refuse():
    """As a medium that cannot be written."""
    raise OSError(5)


def test_a_known_meter_that_announces_itself_is_not_asked_again_and_again():
    world = lived_in()
    world.gas.gets[0] = NOT_FOUND
    world.electricity.asked.clear()
    for n in range(20):
        world.radio.queue.append((radios.INDICATION, announcement(world.electricity, n)))
        world.run(1)
    assert world.electricity.asked.count((0x0708, 0)) == 0


def announcement(meter, sequence):
    """A Device_annce."""
    payload = bytes((sequence,)) + meter.short.to_bytes(2, "little") + bytes(reversed(meter.address)) + b"\x8e"
    return indication(payload, 0x0013, 0, secured=False, source=meter.address, short=meter.short, source_endpoint=0)


def test_a_meter_that_fell_silent_long_ago_but_answered_since_the_start_stays_bound():
    world = lived_in()
    world.electricity.silent = True
    world.electricity.gets[0] = SILENT
    world.run(95_000)
    assert world.app.electricity.gate == "NO ANSWER"
    world.app.moved_in()
    world.run(60)
    assert world.app.electricity is not None and len(world.of("receipt")) == 2
