"""What a meter may answer to the enquiry, and what follows (T10 to T15, T44, T45 of the tenancy design, section 1)."""

from tenants import PAST, check_forgotten, check_order, lived_in
from world import NOT_FOUND, SILENT, UNSUPPORTED, UTC, World, tenancy

NOT_AUTHORIZED = 0x7E


def state(world, meter, kind="tenancy"):
    """The state last told."""
    return world.of("tenancy", meter=meter.name, kind=kind)[-1]["state"]


def questions(world, meter):
    """A list that grows by one with each GetChangeOfTenancy that `meter` is asked."""
    asked = []
    answer = world._zcl

    def note(of, cluster, payload):
        if of is meter and cluster == 0x0708 and payload[0] & 1 and payload[2] == 0:
            asked.append(world.now)
        return answer(of, cluster, payload)

    world._zcl = note
    return asked


def test_T11_not_found_and_no_attribute_is_clear():
    for attributes in ({}, {0x0200: None}, {0x0200: 0, 0x0201: 0}):
        world = World()
        world.electricity.attributes = attributes
        world.settle()
        assert state(world, world.electricity) == "CLEAR"
        assert not world.app.electricity.cannot_tell and not world.of("rewind")


def test_T13_attributes_that_are_refused_after_not_found_cannot_tell():
    world = lived_in()
    answer = world._zcl

    def refuse(meter, cluster, payload):
        if cluster == 0x0708 and not payload[0] & 1:
            return bytes((0x18, payload[1], 0x0B, 0, NOT_AUTHORIZED))
        return answer(meter, cluster, payload)

    world._zcl = refuse
    world.run(1000)
    assert state(world, world.electricity) == "CANNOT_TELL" and world.app.electricity.gate is None
    world.gas.gets[0] = tenancy(UTC + 9000, 5)  # after a publication it adds nothing
    world.run(1000)
    assert state(world, world.gas) == "PENDING" and not world.app.gas.cannot_tell


def test_T14_silence_and_then_an_answer():
    world = lived_in()
    world.electricity.gets[0] = SILENT
    asked = questions(world, world.electricity)
    while len(asked) < 3:
        world.run(1)
    assert asked[1] - asked[0] in range(5, 15) and asked[2] - asked[1] in range(10, 20)
    world.electricity.gets[0] = tenancy(PAST, 77)
    world.run(40)
    check_order(world, world.electricity, PAST, "command", 77)
    assert "UNREACHABLE" not in [each["state"] for each in world.of("tenancy", kind="tenancy")]


def test_T14_a_meter_silent_at_the_start_opens_its_gate_with_its_next_answer():
    world = lived_in()
    world.cut()
    world.electricity.gets[0] = SILENT
    world.boot()
    world.run(120)
    assert world.app.electricity.gate == "NO ANSWER" and world.app.gas.gate is None
    world.electricity.gets[0] = NOT_FOUND
    world.run(900)
    assert world.app.electricity.gate is None


def test_T15_failure_for_ever_counts_as_unsupported_after_the_retries():
    for status in (0x01, NOT_AUTHORIZED, 0x00):
        world = lived_in()
        world.electricity.gets[0] = status
        world.electricity.attributes[0x0200] = PAST
        asked = questions(world, world.electricity)
        world.run(1000)
        assert len(asked) == 4
        check_order(world, world.electricity, PAST, "attribute", None)
        check_forgotten(world, 0, PAST)


def test_T15_failure_for_ever_without_attributes_cannot_tell():
    world = lived_in()
    world.electricity.gets[0] = 0x01
    world.electricity.attributes = {}
    asked = questions(world, world.electricity)
    world.run(5000)
    assert state(world, world.electricity) == "CANNOT_TELL"
    assert len(asked) == 20
    assert not world.of("rewind") and world.app.electricity.gate is None


def test_T44_an_enacted_change_is_found_behind_an_announced_one():
    world = lived_in()
    world.gas.gets[0] = tenancy(UTC + 50_000, 204)
    world.gas.attributes[0x0200] = PAST
    world.run(1000)
    (receipt,) = world.of("receipt")
    assert (receipt["floor"], receipt["source"]) == (PAST, "attribute")
    assert world.of("tenancy", kind="tenancy")[-1]["due"] == UTC + 50_000
    world.run(51_000)
    assert [each["floor"] for each in world.of("receipt")] == [PAST, UTC + 50_000]


def test_T45_an_announcement_that_the_attributes_do_not_know_stays():
    world = lived_in()
    world.gas.gets[0] = tenancy(UTC + 5000, 203)
    world.run(2000)
    world.gas.gets[0] = UNSUPPORTED
    world.run(1000)
    assert [each["state"] for each in world.of("tenancy", kind="tenancy")] == ["PENDING"]
    world.gas.gets[0] = NOT_FOUND  # and is withdrawn when both say that there is nothing
    world.run(1000)
    assert [each["state"] for each in world.of("tenancy", kind="tenancy")] == ["PENDING", "CLEAR"]
    world.run(3000)
    assert not world.of("rewind")


def off_meanwhile(world, change):
    """Power off; the meter's mind changes; power on, for a time beyond the one announced."""
    world.run(1000)
    assert state(world, world.electricity) == "PENDING"
    world.cut()
    world.run(1000)
    change()
    world.log.clear()
    world.boot()
    world.run(20_000)
    assert world.app.electricity.gate is None


def test_T45_what_was_pending_by_attribute_is_withdrawn_while_off():
    for without in ({0x0200: None}, {0x0200: 0}):
        world = lived_in()
        world.electricity.attributes[0x0200] = UTC + 10_000
        off_meanwhile(world, lambda world=world, without=without: world.electricity.attributes.update(without))
        assert state(world, world.electricity) == "CLEAR" and not world.of("rewind")


def test_T45_what_was_pending_by_command_is_withdrawn_while_off():
    world = lived_in()
    world.electricity.gets[0] = tenancy(UTC + 10_000, 205)
    off_meanwhile(world, lambda: world.electricity.gets.update({0: NOT_FOUND}))
    assert state(world, world.electricity) == "CLEAR" and not world.of("rewind")


def test_T45_without_attributes_it_stays():
    for source in (0, 1):
        world = lived_in()
        if source:
            world.electricity.attributes[0x0200] = UTC + 10_000
        else:
            world.electricity.gets[0] = tenancy(UTC + 10_000, 206)

        def change(meter=world.electricity):
            meter.gets[0] = NOT_FOUND
            meter.attributes = {}

        off_meanwhile(world, change)
        assert [each["floor"] for each in world.of("receipt")] == [UTC + 10_000]
