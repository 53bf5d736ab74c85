"""Same home or another: other networks, hubs, meters and homes, and neighbours who pretend (T37, T41, T42, T43)."""

from fakes import indication
from tenants import LIVED, check_forgotten, check_kept, left, lived_in, undrawn
from world import HALF_HOUR, NOT_FOUND, SILENT, UNSUPPORTED, UTC, Meter, World, le, reverse, tenancy

from ihd import radio as radios
from ihd.tenancy.ledger import APPLIED, PENDING

END = UTC // HALF_HOUR
DAY = 86400
SELDOM = {"electricity_poll_s": 300, "gas_poll_s": 7200}  # where days are lived, which takes long


def another_electricity(short=0x1111):
    """Another home's electricity meter."""
    return Meter("00db1234567890a9", short, 0x21, 0x21, 0x00, 0x00)


def another_gas(short=0x2222):
    """Another hub's gas meter."""
    return Meter("00db1234567890b9", short, 0x2B, 0x0A, 0x80, 0x01)


def network(world, state, pan=None):
    """The radio lost its network, or joined one."""
    if pan:
        world.radio.pan = pan
    world.radio.queue.append((radios.NETWORK, state))
    world.step()


def ledger(world):
    return world.app.guard.office().ledger


def bound(world):
    """The EUI-64 of the bound meters, in hex."""
    return {device.name for device in world.app.directory.devices if device.bound}


def moved(world, seconds=DAY + 4000):
    """The display wakes in another home."""
    world.electricity.silent = world.gas.silent = True
    world.others = [another_electricity(), another_gas()]
    world.run(seconds)


def test_a_new_network_closes_each_gate_until_its_meter_has_answered_and_forgets_nothing():
    world = lived_in()
    world.electricity.silent = True
    network(world, radios.JOINING)
    assert world.app.electricity.gate is None
    network(world, radios.JOINED, bytes(7) + b"\1")
    assert world.app.electricity.gate == world.app.gas.gate == "ASKING THE METER"
    assert not any(world.panel.ram) or not world.app.director._private
    world.run(100)  # one meter is asked at a time, and electricity may be the first
    assert world.app.electricity.gate and world.app.gas.gate is None
    world.electricity.silent = False
    world.run(1000)
    assert world.app.electricity.gate is None and not world.of("rewind")
    for series in (0, 1):
        check_kept(world, series, END - LIVED, END)


def test_on_a_new_network_an_unsecured_answer_opens_no_gate():
    world = lived_in()
    world.electricity.secured = False
    network(world, radios.JOINED, bytes(7) + b"\1")
    world.run(2000)
    assert world.app.electricity.gate == "NO ANSWER"


def test_the_same_network_again_closes_nothing_and_one_that_cannot_be_told_does():
    world = lived_in()
    network(world, radios.JOINING)
    network(world, radios.JOINED)
    world.run(60)
    assert not world.of("gate")
    world.radio.pan = None
    network(world, radios.JOINED)
    assert world.app.electricity.gate and world.app.gas.gate


def test_the_occupant_s_word_does_not_outlast_the_network():
    world = lived_in()
    world.electricity.gets[0] = world.gas.gets[0] = "silent"
    world.app.moved_in()
    world.run(60)
    assert world.app.electricity.gate is None
    network(world, radios.JOINED, bytes(7) + b"\1")
    world.run(60)
    assert world.app.electricity.gate


def test_T42_a_second_meter_of_a_fuel_is_listed_and_not_bound():
    world = undrawn(lived_in(**SELDOM))
    world.others = [another_electricity()]
    world.gas.silent = True  # so that there is a search
    world.run(3 * DAY)
    (listed,) = [each for each in world.app.directory.devices if each.name == world.others[0].name]
    assert not listed.bound and listed.fuel == "electricity"
    assert world.app.electricity.device.name == world.electricity.name
    assert not world.of("rewind") and world.app.electricity.gate is None
    answer = world.publish(world.others[0], tenancy(0, 5))
    assert answer == (0, True) and world.counts()["stranger"] == 1 and not world.of("rewind")
    check_kept(world, 0, END - LIVED, END)


def test_T41_another_hub_s_gas_meter_takes_the_place_of_one_that_does_not_answer():
    world = lived_in()
    old = UTC - 20 * HALF_HOUR
    world.gas.gets[0] = tenancy(old, 6)
    world.run(1000)
    assert len(world.of("receipt")) == 1
    world.publish(world.gas, tenancy(UTC + 90_000, 7))
    world.log.clear()
    world.gas.silent = True
    world.others = [another_gas()]
    world.others[0].gets[0] = tenancy(UTC + 90_000, 7)
    world.run(3000)
    assert bound(world) == {world.electricity.name, world.others[0].name}
    (told,) = world.of("hub")
    assert (told["meter"], told["before"]) == (world.others[0].name, world.gas.name)
    assert not world.of("rewind") and world.app.gas.gate is None
    assert world.of("gate", meter=world.others[0].name)[0]["open"] is False
    check_kept(world, 1, END - 19, END)
    assert ledger(world).floor(1) == old
    assert ledger(world).event(APPLIED, 1, 0).event_id == 6 and ledger(world).event(PENDING, 1, 0).event_id == 7
    assert ledger(world).binding(1)[0] == world.others[0].address
    world.gas.silent = False  # the old one is a stranger now
    assert world.publish(world.gas, tenancy(0, 8)) == (0, True) and not world.of("rewind")
    world.cut()
    world.log.clear()
    world.boot()
    world.run(60)
    assert bound(world) == {world.electricity.name, world.others[0].name} and world.app.gas.gate is None
    world.run(UTC + 90_100 - world.now)
    assert [(each["floor"], each["meter"]) for each in world.of("receipt")] == [(UTC + 90_000, world.others[0].name)]


def test_T41_another_hub_s_gas_meter_has_to_answer_before_its_gate_opens():
    world = lived_in()
    world.gas.silent = True
    world.others = [another_gas()]
    world.others[0].gets[0] = SILENT
    world.run(3000)
    assert world.of("hub") and world.app.gas.gate
    world.others[0].gets[0] = NOT_FOUND
    world.run(1000)
    assert world.app.gas.gate is None


def test_T41_not_while_the_old_one_answers_nor_before_it_is_known_to_be_silent():
    world = lived_in()
    world.others = (other,) = [another_gas()]
    spoof(world, 0x0013, announcement(other.address, other.short), source=other.address, short=other.short)
    world.run(2000)
    (listed,) = [each for each in world.app.directory.devices if each.name == other.name]
    assert listed.fuel == "gas" and not listed.bound and not world.of("hub")
    world.gas.silent = True
    world.run(30)
    assert not world.of("hub")
    world.gas.silent = False
    world.run(4000)
    assert bound(world) == {world.electricity.name, world.gas.name}


def test_T41_an_electricity_meter_that_came_long_after_the_gas_meter_vouches_for_nothing():
    world = World(**SELDOM)
    world.electricity.silent = True
    world.boot()
    world.run(2 * DAY)
    assert bound(world) == {world.gas.name}
    world.electricity.silent = False
    world.gas.silent = True
    world.others = [another_gas()]
    world.log.clear()
    world.run(DAY - 2000)
    assert bound(world) == {world.electricity.name, world.gas.name} and not world.of("hub")
    world.run(6000)
    assert not world.of("hub") and [each["source"] for each in world.of("receipt")] == ["home"]
    assert bound(world) == {world.electricity.name, world.others[0].name}


def test_T37_meters_of_another_home_are_bound_when_the_old_ones_are_silent_for_a_day_and_all_is_forgotten():
    world = undrawn(lived_in(**SELDOM))
    moved(world, DAY - 1000)
    assert not world.of("rewind") and bound(world) == {world.electricity.name, world.gas.name}
    world.log.clear()
    world.run(5000)
    floors = set()
    for series, meter in enumerate((world.electricity, world.gas)):
        (receipt,) = world.of("receipt", meter=meter.name)
        assert (receipt["source"], receipt["kind"], receipt["issuer_event_id"]) == ("home", "tenancy", None)
        assert receipt["verified"] and receipt["applied"] == receipt["floor"]
        floors.add(receipt["floor"])
        check_forgotten(world, series, receipt["floor"])
        assert ledger(world).floor(series) == receipt["floor"]
    assert len(floors) == 1 and len(world.of("receipt")) == 2
    assert bound(world) == {meter.name for meter in world.others}
    assert world.app.electricity.gate is None and world.app.gas.gate is None
    for number, meter in enumerate(world.others):
        assert ledger(world).binding(number)[0] == meter.address
        names = [each["event"] for each in world.events if each.get("meter") in (meter.name, world.electricity.name)]
        assert names.index("receipt") < len(names)


def test_T37_not_while_a_bound_electricity_meter_vouches():
    world = undrawn(lived_in(**SELDOM))
    moved(world, 1000)
    world.electricity.silent = False
    world.run(3 * DAY)
    assert not world.of("rewind") and world.electricity.name in bound(world)
    assert bound(world) == {world.electricity.name, world.others[1].name}  # another hub


def test_T37_nor_when_the_network_was_away_for_days_and_the_meters_are_there_again():
    world = undrawn(lived_in(**SELDOM))
    network(world, radios.JOINING)
    world.run(3 * DAY)
    world.others = [another_electricity(), another_gas()]
    world.electricity.silent = world.gas.silent = True
    network(world, radios.JOINED)
    world.run(30)  # the others are quicker to answer
    world.electricity.silent = world.gas.silent = False
    world.run(4000)
    assert not world.of("rewind") and not world.of("hub")
    assert bound(world) == {world.electricity.name, world.gas.name}


def test_T37_a_cut_at_any_time_of_it_leaves_the_new_meters_bound_and_nothing_of_the_old():
    for steps in range(0, 400, 23):
        world = lived_in(half_hours=6, tenancy_stale_s=3600)
        moved(world, 100)
        while not world.of("rewind"):
            world.run(10)
        for _ in range(steps):
            world.step()
        world.cut()
        world.boot()
        world.run(3000)
        assert bound(world) == {meter.name for meter in world.others}, steps
        assert left(world, 0, END - 6, END) == left(world, 1, END - 6, END) == 0
        assert len([each for each in world.of("receipt") if each["source"] == "home"]) <= 3


def test_T43_who_cannot_answer_with_a_key_is_neither_bound_nor_another_home():
    world = undrawn(lived_in(**SELDOM))
    moved(world, 100)
    for meter in world.others:
        meter.secured = False
    world.run(3 * DAY)
    assert bound(world) == {world.electricity.name, world.gas.name} and not world.of("rewind")
    assert world.app.electricity.gate == world.app.gas.gate == "NO ANSWER"
    for series in (0, 1):
        check_kept(world, series, END - LIVED, END)


def spoof(world, cluster, payload, **other):
    """A frame of a neighbour's on the same network, who has no key."""
    world.radio.queue.append((radios.INDICATION, indication(payload, cluster, 0, secured=False, **other)))
    world.step()


def announcement(address, short):
    return b"\7" + le(short, 2) + reverse(address) + b"\x8e"


def test_T43_false_match_replies_and_announcements_displace_nobody():
    world = lived_in()
    stranger = bytes.fromhex("00db1234567890ff")
    for n in range(40):
        sequence = world.app.network.match_sequence or 0
        reply = bytes((sequence, 0)) + le(0x3333, 2) + b"\1\x21"
        spoof(world, 0x8006, reply, source=stranger, short=0x3333)
        spoof(world, 0x8006, reply, source=world.electricity.address, short=0x3333)
        spoof(world, 0x0013, announcement(stranger, 0x3333), source=stranger, short=0x3333)
        spoof(world, 0x0013, announcement(world.electricity.address, 0x3333), source=stranger, short=0x3333)
        world.run(60 + n)
    world.run(2000)
    assert bound(world) == {world.electricity.name, world.gas.name} and len(world.app.directory.devices) == 2
    assert not world.of("rewind") and not world.of("hub") and not world.of("gate")
    for series in (0, 1):
        check_kept(world, series, END - LIVED, END)


def test_T43_a_false_descriptor_does_not_lead_an_enquiry_of_a_bound_meter_elsewhere():
    world = lived_in()
    world.publish(world.gas, tenancy(UTC + 90_000, 7))
    world.gas.gets[0] = tenancy(UTC + 90_000, 7)
    honest = world._zdo

    def lying(address, cluster, payload):
        if cluster == 4 and address == world.gas.address and payload[3] == 9:
            return None
        if cluster == 4 and address == world.gas.address:  # all of it at the endpoint that meters
            simple = payload[3:4] + b"\x09\1\1\5\0\2\2\7\x08\7\0"
            found = b"\0" + le(world.gas.short, 2) + bytes((len(simple),)) + simple
            return world._reply(address, world.gas.short, 0x8004, 0, payload[:1] + found, False, 0)
        return honest(address, cluster, payload)

    hear = world._hear

    def strict(sent):
        address, _, cluster, _, _, endpoint, payload, _ = sent
        if address == world.gas.address and cluster == 0x0708 and endpoint != 9:
            unsupported = bytes((0x18, payload[1], 0x0B, payload[2], 0xC3))
            return world._reply(address, world.gas.short, cluster, endpoint, unsupported)
        return hear(sent)

    world._zdo, world._hear = lying, strict
    world.gas.silent = True
    world.run(3000)
    world.gas.silent = False
    world.app.network.hurry(world.ticks)  # the search finds it before it is asked for its register again
    world.run(3000)
    assert world.app.gas.device.management == 9 and not world.app.gas.cannot_tell
    assert world.of("tenancy", meter=world.gas.name, kind="tenancy")[-1]["state"] == "PENDING"


def test_T43_each_field_of_a_meter_s_identity_counts_on_its_own():
    world = lived_in()
    change = tenancy(UTC - 40 * HALF_HOUR, 9)
    stranger = bytes.fromhex("00db1234567890ff")
    for wrong, why in (
        ({"source": stranger}, "stranger"),
        ({"source": radios.UNKNOWN}, "stranger"),
        ({"source": world.gas.address}, "stranger"),
        ({"source_endpoint": 0x22}, "stranger"),
        ({"secured": False}, "unsecured"),
        ({"secured": None}, "unsecured"),
        ({"endpoint": 2}, "endpoint"),
        ({"profile": 0x0104}, "profile"),
        ({"cluster": 0x0702}, "unasked"),
        ({"broadcast": True}, "broadcast"),
    ):
        before = world.counts().get(why, 0)
        world.publish(world.electricity, change, **wrong)
        world.run(5)
        assert world.counts().get(why, 0) == before + 1, wrong
        assert not world.of("rewind") and not world.of("gate") and not world.of("tenancy"), wrong
    check_kept(world, 0, END - LIVED, END)
    # a network address says nothing: the right meter counts from any
    assert world.publish(world.electricity, change, short=0x4444) == (0, True)
    assert len(world.of("rewind", phase="begin")) == 1


def test_a_meter_that_answers_nothing_about_tenancy_is_looked_for():
    world = lived_in()
    world.gas.management = 0x0A  # after an update of its firmware
    world.gas.gets = {0: NOT_FOUND, 1: UNSUPPORTED}
    world.run(4000)
    assert world.app.gas.device.management == 0x0A and world.app.gas.gate is None
    assert ledger(world).binding(1)[2] == 0x0A and not world.of("rewind")
