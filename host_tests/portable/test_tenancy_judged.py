"""What a published change means, and what is no change at all (T05 to T08, T16 to T48 of the tenancy design)."""

from tenants import LIVED, PAST, SUCCESS, check_forgotten, check_kept, check_order, lived_in, untouched
from world import HALF_HOUR, NEVER, NOT_FOUND, NOW, SILENT, UTC, World, le, supplier, tenancy

from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA
from ihd.tenancy.ledger import APPLIED, PENDING

LATER = UTC - 20 * HALF_HOUR


def states(world, kind="tenancy"):
    """The states told of electricity, in their order."""
    return [each["state"] for each in world.of("tenancy", kind=kind, meter=world.electricity.name)]


def home():
    """A World whose electricity meter has no attributes, so that only a command withdraws what a command announced."""
    world = lived_in()
    world.electricity.attributes = {}
    return world


def ledger(world):
    """What the journal knows."""
    return world.app.guard.office().ledger


def test_T05_a_cancelled_change_is_not_carried_out():
    world = home()
    world.publish(world.electricity, tenancy(UTC + 5000, 202))
    assert world.publish(world.electricity, tenancy(NEVER, 202, provider=1)) == (NOT_FOUND, True)
    assert world.publish(world.electricity, tenancy(NEVER, 202)) == SUCCESS
    world.run(6000)
    assert not world.of("rewind") and states(world) == ["PENDING", "CLEAR"]
    assert ledger(world).event(PENDING, 0, 0) is None


def test_T05_a_change_of_supplier_is_cancelled_with_the_proposed_provider():
    world = home()
    world.publish(world.electricity, supplier(UTC + 5000, 203, 0, 5, 6), 1)
    assert world.publish(world.electricity, supplier(NEVER, 203, 0, 6, 5), 1) == (NOT_FOUND, True)
    assert world.publish(world.electricity, supplier(NEVER, 203, 0, 0, 6), 1) == SUCCESS
    world.run(6000)
    assert not world.of("rewind") and states(world, "supplier") == ["PENDING", "CLEAR"]


def test_T06_a_cancel_that_matches_nothing_is_told_so():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(NEVER, 90)) == (NOT_FOUND, True)
    assert world.publish(world.electricity, supplier(NEVER, 90), 1) == (NOT_FOUND, True)
    assert untouched(world)
    world.publish(world.electricity, tenancy(PAST, 90))
    world.run(30)
    assert world.publish(world.electricity, tenancy(NEVER, 90)) == (NOT_FOUND, True)  # it is carried out
    check_forgotten(world, 0, PAST)
    assert ledger(world).floor(0) == PAST


def test_T07_a_later_event_id_supersedes_what_was_announced():
    world = home()
    for event_id, due in ((200, UTC + 5000), (201, UTC + 8000), (201, UTC + 7000)):
        assert world.publish(world.electricity, tenancy(due, event_id)) == SUCCESS
    world.run(10_000)
    (receipt,) = world.of("receipt")
    assert (receipt["floor"], receipt["issuer_event_id"]) == (UTC + 7000, 201)


def test_T07_one_that_is_carried_out_without_a_rewind_supersedes_too():
    world = home()
    world.publish(world.electricity, tenancy(PAST, 200))
    world.run(30)
    world.publish(world.electricity, tenancy(UTC + 5000, 201))
    assert world.publish(world.electricity, tenancy(PAST - 9, 202)) == SUCCESS
    world.run(6000)
    assert [each["floor"] for each in world.of("receipt")] == [PAST]
    assert ledger(world).event(PENDING, 0, 0) is None and ledger(world).floor(0) == PAST


def test_T07_what_is_announced_during_a_rewind_stays():
    world = home()
    world.publish(world.electricity, tenancy(PAST, 200))
    world.publish(world.electricity, tenancy(UTC + 5000, 201))
    world.run(6000)
    assert [each["floor"] for each in world.of("receipt")] == [PAST, UTC + 5000]


def test_T08_a_smaller_event_id_is_stale():
    world = lived_in()
    world.publish(world.electricity, tenancy(UTC + 9000, 200))
    assert world.publish(world.electricity, tenancy(PAST, 199)) == SUCCESS
    world.run(100)
    assert world.counts() == {"stale": 1} and not world.of("rewind")
    world.publish(world.electricity, tenancy(PAST, 201))  # a later one overtakes what was announced
    assert world.publish(world.electricity, tenancy(LATER, 200)) == SUCCESS  # during its rewind
    world.run(100)
    assert len(world.of("receipt")) == 1
    assert ledger(world).event(PENDING, 0, 0) is None
    world.publish(world.electricity, tenancy(LATER, 200))  # and after it
    world.run(100)
    assert len(world.of("receipt")) == 1 and world.of("refused", why="stale")[-1]["count"] == 3


def test_T08_an_event_by_attribute_keeps_the_highest_event_id_seen():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 200))
    world.run(30)
    world.electricity.attributes[0x0200] = LATER
    world.run(1000)
    receipt = world.of("receipt")[-1]
    assert (receipt["floor"], receipt["issuer_event_id"]) == (LATER, None)
    world.publish(world.electricity, tenancy(UTC - HALF_HOUR, 199))
    world.run(30)
    assert world.counts() == {"stale": 1} and len(world.of("receipt")) == 2


def test_T16_an_unsolicited_publication_is_judged_at_once():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 85), sequence=200) == SUCCESS
    assert world.app.electricity.gate == "FORGETTING"
    world.run(30)
    check_order(world, world.electricity, PAST, "unsolicited", 85)
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 85), control=0x19) is None  # no default response is wanted
    assert world.publish(world.electricity, tenancy(NEVER, 86), control=0x19) == (NOT_FOUND, True)
    world.run(30)
    assert len(world.of("receipt")) == 1


def test_T19_the_right_meter_s_wrong_endpoint_changes_nothing():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 89), source_endpoint=0x22) == SUCCESS
    assert world.publish(world.gas, tenancy(PAST, 89), source_endpoint=world.gas.metering) == SUCCESS
    assert world.counts()["stranger"] >= 1 and untouched(world)


def test_T20_a_wrong_direction_or_profile_changes_nothing():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 89), control=0x01) == (0xC3, True)
    assert world.publish(world.electricity, tenancy(PAST, 89), profile=0x0104) is None
    assert world.publish(world.electricity, tenancy(PAST, 89), profile=0x0104, secured=False) is None
    assert world.counts()["cluster"] == 1 and world.of("refused", why="profile")[-1]["count"] >= 1
    assert untouched(world)


def test_T20_an_answer_with_another_sequence_number_is_none():
    world = lived_in()
    world.cut()
    world.electricity.gets[0] = SILENT
    asked = []
    answer = world._zcl

    def note(meter, cluster, payload):
        if meter is world.electricity and cluster == 0x0708:
            asked.append(payload[1])
        return answer(meter, cluster, payload)

    world._zcl = note
    world.log.clear()
    world.boot()
    while not asked:
        world.run(1)
    wrong = asked[-1] + 1 & 0xFF
    not_found = b"\0\x8b"
    time = b"\0\2\0\xe2" + le(PAST, 4)
    for control, command, payload in ((0x18, 0x0B, not_found), (0x18, 1, time), (0x08, 0x0B, not_found)):
        assert world.publish(world.electricity, payload, command, wrong, control=control) is None
    world.step()
    assert world.app.electricity.gate == "ASKING THE METER" and not world.of("rewind")
    assert world.of("refused", why="unasked")[-1]["count"] >= 1
    right = {"sequence": asked[-1], "control": 0x18}
    world.publish(world.electricity, not_found, 0x0B, source_endpoint=0x22, **right)
    world.publish(world.electricity, not_found, 0x0B, source=world.gas.address, **right)
    world.step()
    assert world.app.electricity.gate == "ASKING THE METER"
    world.publish(world.electricity, not_found, 0x0B, **right)
    world.run(2)
    assert world.app.electricity.gate is None  # that was the answer


def test_T21_a_broadcast_changes_nothing_and_is_not_answered():
    world = lived_in()
    for command, payload in ((0, tenancy(PAST, 89)), (1, supplier(PAST, 89, 0, 5, 6)), (0, tenancy(NEVER, 1))):
        assert world.publish(world.electricity, payload, command, broadcast=True) is None
    assert world.of("refused", why="broadcast") and untouched(world)


def test_T22_truncated_and_garbage_payloads_change_nothing():
    world = lived_in()
    meter = world.electricity
    whole = supplier(PAST, 89, 0, 5, 6)
    for command, payload in ((0, tenancy(PAST, 89)), (1, whole)):
        for length in range(len(payload)):
            assert world.publish(meter, payload[:length], command) == (0x80, True)
    assert world.publish(meter, whole[:21] + b"\xfe" * 200, 1) == (0x80, True)
    assert untouched(world)
    world.run(1)
    meter.gets[0] = tenancy(PAST, 89)[:16]  # as an answer too: asked again, then given up
    meter.asked.clear()
    world.run(1000)
    assert meter.asked.count((0x0708, 0)) == 4 and states(world) == ["UNREACHABLE"]
    assert untouched(world)


def test_T22_octets_behind_a_whole_payload_are_ignored():
    world = lived_in()
    assert world.publish(world.electricity, tenancy(PAST, 89) + b"\xff\1\2") == SUCCESS
    world.run(30)
    check_forgotten(world, 0, PAST)


def test_T24_both_fuels_with_different_times():
    world = lived_in()
    world.publish(world.electricity, tenancy(PAST, 85))
    world.publish(world.gas, tenancy(LATER, 86))
    world.run(60)
    check_forgotten(world, 0, PAST)
    check_forgotten(world, 1, LATER)
    told = {each["meter"]: (each["floor"], each["issuer_event_id"]) for each in world.of("receipt")}
    assert told == {world.electricity.name: (PAST, 85), world.gas.name: (LATER, 86)}


def test_T26_the_half_hour_in_which_it_happens_goes_and_the_one_that_it_begins_stays():
    for seconds, lost in ((0, 0), (1, 1), (HALF_HOUR - 1, 1)):
        world = lived_in()
        begin = UTC // HALF_HOUR - 40
        world.publish(world.electricity, tenancy(begin * HALF_HOUR + seconds, 85))
        world.run(30)
        assert world.of("receipt")[0]["slots"] == LIVED - 40 + lost
        check_kept(world, 0, begin + lost, UTC // HALF_HOUR)
        assert list(world.app.history.read(0, begin, begin + 1)) == [None] or not lost


def test_T31_while_the_clock_is_unknown_a_pending_event_shuts_the_gate_and_is_not_withdrawn():
    world = lived_in()
    world.electricity.attributes[0x0200] = UTC + 20_000
    world.run(1000)
    world.cut()
    world.electricity.attributes[0x0200] = None
    world.knows_time = False
    world.log.clear()
    world.boot()
    world.run(2000)
    assert world.app.electricity.gate == "TIME NOT KNOWN" and world.app.gas.gate is None
    assert "CLEAR" not in states(world)
    assert ledger(world).event(PENDING, 0, 0).time == UTC + 20_000
    world.knows_time = True
    world.run(100)
    assert world.app.electricity.gate is None and not world.of("rewind")  # its time is to come
    world.run(1000)
    assert ledger(world).event(PENDING, 0, 0) is None  # now it is withdrawn


def test_T31_what_is_told_without_a_clock_does_not_displace_what_may_be_overdue():
    for unasked in (True, False):
        world = lived_in()
        due = world.now + 600
        world.publish(world.electricity, tenancy(due, 85))
        world.run(10)
        world.cut()
        world.knows_time = False
        world.utc += 1000
        world.boot()
        later = tenancy(due + 40 * HALF_HOUR, 86)
        if unasked:
            world.run(100)
            assert world.publish(world.electricity, later) == (0x01, True)  # it may publish it again
        world.electricity.gets[0] = later
        world.run(2000)
        assert world.app.electricity.gate == "TIME NOT KNOWN"
        world.knows_time = True
        world.electricity.silent = True
        world.run(20)  # what it told may be due too: the gate waits for that
        assert [each["floor"] for each in world.of("receipt")] == [due] and world.app.electricity.gate
        world.electricity.silent = False
        world.run(1000)
        assert len(world.of("receipt")) == 1 and world.app.electricity.gate is None
        check_forgotten(world, 0, due)
        assert ledger(world).event(PENDING, 0, 0).time == due + 40 * HALF_HOUR


def test_T31_now_without_a_clock_is_the_first_time_known():
    world = lived_in()
    world.cut()
    world.knows_time = False
    world.log.clear()
    world.boot()
    world.run(60)
    assert world.publish(world.electricity, tenancy(NOW, 85)) == SUCCESS
    assert world.app.electricity.gate == "TIME NOT KNOWN"
    world.run(600)
    world.cut()
    world.run(600)
    world.boot()
    world.run(60)
    assert not world.of("rewind")
    world.knows_time = True
    world.run(60)
    known = world.of("time")[0]["utc"]
    assert [each["floor"] for each in world.of("receipt")] == [known]
    assert world.publish(world.electricity, tenancy(NOW, 85)) == SUCCESS  # no new "now"
    world.run(60)
    assert len(world.of("receipt")) == 1


def test_T36_tenancy_and_supplier_at_the_same_moment():
    world = home()
    due = UTC + 5000
    world.publish(world.electricity, tenancy(due, 85))
    world.publish(world.electricity, supplier(due, 86, 0, 5, 6), 1)
    world.run(6000)
    assert [(each["kind"], each["floor"]) for each in world.of("receipt")] == [("tenancy", due)]
    assert [ledger(world).event(APPLIED, 0, kind).time for kind in (0, 1)] == [due, due]
    assert [world.of("tenancy", kind=kind)[-1]["state"] for kind in ("tenancy", "supplier")] == ["CLEAR", "CLEAR"]
    assert [each["open"] for each in world.of("gate", meter=world.electricity.name)] == [False, True]
    check_forgotten(world, 0, due)
    world.log.clear()
    assert world.publish(world.electricity, supplier(due, 87, 0, 5, 6), 1) == SUCCESS  # at the floor: only recorded
    world.run(30)
    assert not world.of("rewind") and not world.of("gate") and ledger(world).event(APPLIED, 0, 1).event_id == 87


def test_T38_a_change_of_tenancy_forgets_everything_with_every_control_bit_alone_and_with_all():
    world = lived_in(half_hours=2)
    for bit in list(range(32)) + [None]:
        control = 0xFFFFFFFF if bit is None else 1 << bit
        floor = world.now
        world.publish(world.electricity, tenancy(NOW, 100 + world.now - UTC, control))
        world.run(10)
        assert world.of("rewind", phase="done")[-1]["scope"] == "BOTH"
        assert world.of("receipt")[-1]["floor"] == floor and ledger(world).event(APPLIED, 0, 0).control == control
    assert len(world.of("receipt")) == 33


def test_T38_a_supplier_told_with_now_counts_with_a_bit_that_clears_or_with_another_provider():
    world = lived_in(half_hours=2)
    rewinds = 0
    for bit in list(range(32)) + [None]:
        control = 0xFFFFFFFF if bit is None else 1 << bit
        event_id = 100 + world.now - UTC
        assert world.publish(world.electricity, supplier(NOW, event_id, control), 1) == SUCCESS
        world.run(10)
        rewinds += bit in (None, 7, 8, 9, 10, 13, 14)
        assert len(world.of("receipt", kind="supplier")) == rewinds, bit
        if bit in (None, 7, 8, 9, 10, 13, 14):
            applied = ledger(world).event(APPLIED, 0, 1)
            assert (applied.control, applied.event_id) == (control, event_id)
    for current, proposed in ((0, 5), (5, 0), (5, 5), (5, 6)):
        world.publish(world.electricity, supplier(NOW, 100 + world.now - UTC, 0, current, proposed), 1)
        world.run(10)
        assert len(world.of("receipt")) == rewinds + (proposed == 6)


def test_T48_a_first_meeting_with_an_old_change_sets_the_floor_and_forgets_nothing():
    world = World()
    world.electricity.gets[0] = tenancy(PAST, 88)
    world.gas.attributes[0x0200] = LATER
    world.electricity.log = lambda half_hour: 0x2000 + half_hour % 256
    world.settle()
    assert not world.of("rewind") and not world.of("receipt")
    assert not [each for each in world.of("screen") if each["name"] == "fresh_start"]
    assert (ledger(world).floor(0), ledger(world).floor(1)) == (PAST, LATER)
    world.run(4000)
    assert not world.of("rewind")
    first = -(-PAST // HALF_HOUR)
    assert list(world.app.history.read(0, first - 1, first + 1)) == [None, 0x2000 + first % 256]
    world.publish(world.electricity, tenancy(LATER, 89))  # a change after the first answer is one
    world.run(30)
    assert [each["floor"] for each in world.of("receipt")] == [LATER]


def test_T48_a_floor_never_falls():
    world = lived_in(supplier_change="supplier-data")
    world.publish(world.electricity, supplier(LATER, 5, 0, 5, 6), 1)
    world.run(30)
    hearing = world.app.guard.hearing()
    hearing.set_floor(0, PAST)
    assert [hearing.ledger.floor(0, scope) for scope in (CONSUMER, SUPPLIER_DATA)] == [PAST, LATER]
