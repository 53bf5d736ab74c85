"""Scenarios of a change of tenancy in the core: learnt, judged, carried out (T01 to T25 of the tenancy design)."""

from tenants import LIVED, PAST, SUCCESS, check_forgotten, check_kept, check_order, left, lived_in, untouched
from world import HALF_HOUR, NOT_FOUND, NOW, SILENT, UNSUPPORTED, UTC, World, le, supplier, tenancy

from ihd.tenancy.ledger import APPLIED, PENDING

STRANGER = bytes.fromhex("00db1234567890ff")


def test_T01_a_command_with_a_past_time_rewinds_to_it_at_once():
    world = lived_in()
    world.electricity.gets[0] = tenancy(PAST, 77)
    world.run(1000)  # the next enquiry
    receipt = check_order(world, world.electricity, PAST, "command", 77)
    assert receipt["slots"] == LIVED - 39 and receipt["sectors"] >= 0
    assert (receipt["applied"] - UTC) in range(900, 1000)
    check_forgotten(world, 0, PAST)
    check_kept(world, 1, UTC // HALF_HOUR - LIVED, UTC // HALF_HOUR)


def test_T02_a_command_that_says_now_rewinds_to_its_receipt():
    world = lived_in()
    assert world.publish(world.gas, tenancy(NOW, 78)) == SUCCESS
    floor = world.now
    world.run(30)
    check_order(world, world.gas, floor, "unsolicited", 78)
    check_forgotten(world, 1, floor)
    assert list(world.app.history.read(1, UTC // HALF_HOUR - LIVED, UTC // HALF_HOUR + 1)) == [None] * (LIVED + 1)


def test_T03_a_future_change_is_carried_out_on_time():
    world = lived_in()
    due = UTC + 5000
    world.electricity.gets[0] = tenancy(due, 79)
    world.run(1000)
    (pending,) = world.of("tenancy", state="PENDING")
    assert (pending["due"], pending["source"], pending["kind"]) == (due, "command", "tenancy")
    assert not world.of("gate") and not world.of("rewind")
    world.run(due - world.now - 1)
    assert not world.of("rewind")
    world.run(2)
    assert world.of("rewind", phase="begin")[0]["at"] == due
    assert not world.of("gate", open=False)[0]["at"] > due
    world.run(5000)
    (receipt,) = world.of("receipt")
    assert (receipt["floor"], receipt["issuer_event_id"], receipt["source"]) == (due, 79, "command")
    check_forgotten(world, 0, due)
    assert world.app.guard.office().ledger.event(PENDING, 0, 0) is None
    assert world.app.guard.office().ledger.event(APPLIED, 0, 0).time == due


def test_T04_a_change_that_fell_due_while_the_power_was_off_is_carried_out_before_anything_is_shown():
    world = lived_in()
    due = UTC + 5000
    world.publish(world.electricity, tenancy(due, 80))
    world.run(100)
    world.cut()
    world.run(20_000)
    world.log.clear()
    world.knows_time = False
    world.boot()
    world.run(60)
    assert {each["why"] for each in world.of("gate", open=True)} <= {None}
    assert not world.of("gate", meter=world.electricity.name, open=True) and not world.of("rewind")
    assert not [each for each in world.of("fact", fuel="electricity") if each["what"] != "power"]
    world.knows_time = True
    world.run(60)
    names = [each["event"] for each in world.events if each["event"] in ("screen", "rewind", "receipt")]
    assert names.index("receipt") < len(names) and "now" not in [
        each["name"] for each in world.of("screen") if each["at"] < world.of("receipt")[0]["at"]
    ]
    (receipt,) = world.of("receipt")
    assert (receipt["floor"], receipt["issuer_event_id"]) == (due, 80)
    check_forgotten(world, 0, due)
    assert world.of("gate", meter=world.electricity.name)[-1]["open"]


def test_T09_the_same_event_a_thousand_times_is_one_event():
    world = lived_in()
    for time in (PAST, NOW):
        world.log.clear()
        event_id = 81 + (time == NOW)
        assert world.publish(world.electricity, tenancy(time, event_id)) == SUCCESS
        world.run(20)
        assert len(world.of("receipt")) == 1
        world.log.clear()
        for _ in range(1000):
            assert world.publish(world.electricity, tenancy(time, event_id)) == SUCCESS
        world.run(20)
        assert not world.of("rewind") and not world.of("gate")
        assert not [entry for entry in world.log if isinstance(entry, tuple)]


def test_T10_after_not_found_the_attributes_tell():
    world = lived_in()
    assert world.gas.gets[0] == NOT_FOUND
    world.gas.attributes[0x0200] = PAST
    world.run(1000)
    receipt = check_order(world, world.gas, PAST, "attribute", None)
    check_forgotten(world, 1, PAST)
    assert receipt["slots"] == LIVED - 39
    world.log.clear()
    world.run(2000)  # told again and again, it is the same
    assert not world.of("rewind")


def test_T12_without_the_command_the_attributes_tell():
    for status in (UNSUPPORTED, 0x82, 0x83, 0x84, 0xC3):
        world = lived_in(half_hours=50)
        world.electricity.gets[0] = status
        world.electricity.attributes[0x0200] = PAST
        world.run(1000)
        check_order(world, world.electricity, PAST, "attribute", None)
        check_forgotten(world, 0, PAST, 50)


def test_T13_a_meter_with_neither_cannot_tell_and_its_gate_opens_with_a_notice():
    world = lived_in()
    world.electricity.gets = {0: UNSUPPORTED, 1: UNSUPPORTED}
    world.electricity.attributes = {}
    world.run(1000)
    assert [each["state"] for each in world.of("tenancy")] == ["CANNOT_TELL", "CANNOT_TELL"]
    assert untouched(world)
    assert world.app.electricity.cannot_tell and world.app.electricity.gate is None
    assert not world.app.gas.cannot_tell


def test_T17_nothing_unsecured_changes_anything():
    world = lived_in()
    for command, payload in ((0, tenancy(PAST, 83)), (1, supplier(PAST, 83, 0x600))):
        assert world.publish(world.electricity, payload, command, secured=False) == (1, False)
    assert world.counts() == {"unsecured": 2} and untouched(world)
    world.electricity.secured = False  # NOT_FOUND and attributes without its key
    world.electricity.attributes[0x0200] = PAST
    world.run(1100)
    assert untouched(world)
    assert world.of("tenancy", kind="tenancy")[-1]["state"] == "UNREACHABLE"


def test_T17_an_unsecured_not_found_opens_no_gate_at_the_start():
    world = lived_in()
    world.cut()
    world.log.clear()
    world.electricity.secured = False
    world.boot()
    world.run(3000)
    assert not world.of("gate", meter=world.electricity.name, open=True)
    assert world.of("gate", meter=world.gas.name, open=True)
    assert world.app.electricity.gate == "NO ANSWER"
    assert not world.of("fact", fuel="electricity", what="summation")


def test_T18_another_address_changes_nothing():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 84), source=STRANGER) == SUCCESS
    assert world.publish(world.electricity, tenancy(PAST, 84), source=STRANGER, short=0x1111) == SUCCESS
    assert world.publish(world.electricity, tenancy(PAST, 84), source=world.gas.address) == SUCCESS
    assert world.counts() == {"stranger": 3} and untouched(world)


def test_T23_a_change_of_electricity_leaves_gas_untouched():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 85))
    world.run(60)
    check_order(world, world.electricity, PAST, "unsolicited", 85)
    check_forgotten(world, 0, PAST)
    check_kept(world, 1, UTC // HALF_HOUR - LIVED, UTC // HALF_HOUR)
    assert not world.of("gate", meter=world.gas.name) and not world.of("receipt", meter=world.gas.name)
    assert world.app.guard.office().ledger.floor(1) == 0


def test_T30_what_the_meter_offers_from_before_the_floor_is_dropped():
    world = lived_in()
    begin = UTC // HALF_HOUR - LIVED

    def log(half_hour):
        return 0x111100 + half_hour % 256

    class Generous:
        """Gives whatever it has, older than asked for too."""

        def __init__(self, meter):
            self.meter = meter

        def samples(self, sequence, asked):
            start = int.from_bytes(asked[2:6], "little") // HALF_HOUR - 12
            asked = asked[:2] + le(start * HALF_HOUR, 4) + asked[6:7] + le(24, 2)
            return honest(self.meter, sequence, asked)

    honest = world._samples
    world._samples = lambda meter, sequence, asked: Generous(meter).samples(sequence, asked)
    world.electricity.log = log
    floor = UTC - 6 * HALF_HOUR
    world.publish(world.electricity, tenancy(floor, 86))
    world.run(4000)
    first = -(-floor // HALF_HOUR)
    assert list(world.app.history.read(0, begin, first)) == [None] * (first - begin)
    assert not world.app.history.holds_before(0, first) and left(world, 0, begin, first) == 0
    assert world.counts()["before_floor"] >= 1


def test_after_a_rewind_the_refresh_brings_back_what_the_meter_has_since_the_floor():
    world = lived_in()
    first = -(-PAST // HALF_HOUR)
    gap = first + 7
    world.app.history = world.app.history
    world.electricity.log = lambda half_hour: 0x222200 + half_hour % 256
    world.cut()
    world.run(6 * HALF_HOUR)
    world.log.clear()
    world.boot()
    world.electricity.gets[0] = tenancy(PAST, 87)
    world.run(3600)
    end = UTC // HALF_HOUR
    check_kept(world, 0, first, end)
    assert gap < end
    back = list(world.app.history.read(0, end, end + 6))
    assert back == [0x222200 + half_hour % 256 for half_hour in range(end, end + 6)]


def test_a_meter_that_speaks_before_it_was_asked_what_it_is_is_a_stranger():
    world = World()
    world.boot()
    while not any(device.bound for device in world.app.directory.devices):
        world.run(1)
        meter = world.electricity if world.app.directory.find(world.electricity.address) else world.gas
    world.app.guard.watches.clear()
    assert world.publish(meter, tenancy(PAST, 4)) == SUCCESS
    assert world.counts() == {"stranger": 1}
    world.app.meters.clear()
    world.publish(
        meter, b"\x00\x04\x2a\x01\x00\x00", 0x0A, cluster=0x0702, source_endpoint=meter.metering, control=0x18
    )
    assert world.counts() == {"stranger": 2}


def test_without_a_partition_nothing_from_before_the_start_is_read_back():
    world = World()
    world.flash = None
    world.electricity.log = lambda half_hour: 0x1234
    world.settle()
    world.run(3 * HALF_HOUR)
    first = UTC // HALF_HOUR
    assert list(world.app.history.read(0, first - 40, first + 1)) == [None] * 41
    assert list(world.app.history.read(0, first + 1, first + 2)) == [0]  # as its register says


def test_a_meter_that_is_silent_is_asked_again_and_then_counted_unreachable():
    world = lived_in()
    world.electricity.gets[0] = SILENT
    world.electricity.asked.clear()
    world.run(1000)
    assert len([each for each in world.electricity.asked if each == (0x0708, 0)]) == 4
    assert world.of("tenancy", kind="tenancy")[-1]["state"] == "UNREACHABLE"
    assert untouched(world)  # a day may pass until its gate closes
    world.run(90_000)
    assert world.of("gate", meter=world.electricity.name)[-1]["why"] == "no answer"


def test_everything_that_remembers_is_registered():
    world = lived_in(half_hours=1)
    names = sorted([keeper.name for keeper in world.app.keepers])
    assert names == ["electricity", "gas", "household", "panel", "radio", "recorder", "usage"]
