"""A change of supplier: what it forgets, name and phone, thresholds (T33 to T35 of the tenancy design)."""

from tenants import LIVED, PAST, SUCCESS, check_forgotten, check_kept, check_order, lived_in, untouched
from world import HALF_HOUR, NEVER, NOT_FOUND, NOW, SILENT, UTC, supplier, tenancy

from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA
from ihd.tenancy.ledger import APPLIED

END = UTC // HALF_HOUR
FIRST = -(-PAST // HALF_HOUR)
OLD, NEW = (b"E-ON", b"0333 202 4650"), (b"OCTOPUS", b"0808 164 1088")
# RTDS 4.5.0, GCS44: how GB's suppliers set contact details of gas
GCS44 = bytes.fromhex("00000000804a371c0000000000000000000018000004452d4f4e0d30333333203230322034363530")


def of(world, fuel="electricity"):
    """(name, phone)."""
    found = world.app.suppliers[fuel]
    return found.name, found.phone


def publish(world, time, event_id, control=0, current=0, proposed=0, who=NEW):
    """By electricity."""
    return world.publish(world.electricity, supplier(time, event_id, control, current, proposed, *who), 1)


def told_of(**chosen):
    """A World that knows its supplier of electricity by contact details."""
    world = lived_in(**chosen)
    world.electricity.attributes = {0x0200: None, 0x0201: 0}
    assert publish(world, NOW, 91, 0x1800, who=OLD) == SUCCESS
    assert of(world) == OLD
    return world


def test_T33_contact_details_of_a_supplier_forget_nothing():
    world = lived_in()
    assert publish(world, NOW, 91, 0x1800, who=OLD) == SUCCESS
    world.run(100)
    assert untouched(world) and of(world) == OLD and of(world, "gas") == (None, None)
    assert publish(world, NOW, 90, 0x1800) == SUCCESS  # they consume no event id
    assert of(world) == NEW and untouched(world)
    world.gas.gets[1] = supplier(NOW, 92, 0x1800)  # and the same as an answer
    world.run(1000)
    assert of(world, "gas") == OLD and not world.of("rewind")


def test_T33_the_published_contact_details():
    world = lived_in()
    assert world.publish(world.gas, GCS44, 1, 0) == SUCCESS
    world.run(30)
    assert untouched(world) and of(world, "gas") == (b"E-ON", b"0333 202 4650")
    assert world.app.guard.office().ledger.event(APPLIED, 1, 1) is None


def test_T33_long_names_are_taken_and_cut():
    world = lived_in(half_hours=2)
    long = bytes(range(32, 127)) * 3
    assert publish(world, NOW, 91, 0x1800, who=(long[:254], long[:254])) == SUCCESS
    assert of(world) == (long[:16], long[:19])
    assert publish(world, NOW, 92, 0x1800, who=(b"", b"")) == SUCCESS  # says nothing
    assert of(world) == (long[:16], long[:19])


def test_T34_a_genuine_change_rewinds_both():
    world = told_of()
    assert publish(world, PAST, 92, 0, 5, 6) == SUCCESS
    world.run(100)
    check_order(world, world.electricity, PAST, "unsolicited", 92, "supplier")
    check_forgotten(world, 0, PAST)
    check_kept(world, 1, END - LIVED, END)
    assert of(world) == NEW


def test_T34_supplier_data_leaves_usage_and_its_floor_where_they_are():
    world = told_of(supplier_change="supplier-data")
    world.electricity.attributes.update({0x0400: 2300, 0x0401: 4600})
    world.cut()
    world.boot()
    world.run(600)
    assert world.app.suppliers["electricity"].thresholds == (2300, 4600)
    publish(world, NOW, 91, 0x1800, who=OLD)
    world.log.clear()
    assert publish(world, UTC, 92, 0, 5, 6) == SUCCESS
    world.electricity.attributes.update({0x0400: 1000, 0x0401: 2000})
    assert world.app.suppliers["electricity"].thresholds == (2300, 4600) and world.app.electricity.gate
    world.run(3)
    check_order(world, world.electricity, UTC, "unsolicited", 92, "supplier", "SUPPLIER")
    check_kept(world, 0, END - LIVED, END)
    known = world.app.guard.office().ledger
    assert (known.floor(0, CONSUMER), known.floor(0, SUPPLIER_DATA)) == (0, UTC)
    assert of(world) == NEW
    world.run(600)
    assert world.app.suppliers["electricity"].thresholds == (1000, 2000)
    world.log.clear()
    publish(world, UTC, 93, 0, 5, 6)  # at the floor of its scope
    world.run(30)
    assert not world.of("rewind") and not world.of("gate")
    publish(world, PAST, 94, 1 << 9, 5, 6)  # bit 9: usage too, though before the other floor
    world.run(30)
    assert world.of("rewind")[0]["scope"] == "BOTH"
    check_forgotten(world, 0, PAST)
    known = world.app.guard.office().ledger
    assert (known.floor(0, CONSUMER), known.floor(0, SUPPLIER_DATA)) == (PAST, UTC)


def test_T34_bits_7_to_9_make_it_both_all_the_same():
    world = lived_in(half_hours=2, supplier_change="supplier-data")
    for bit in (None, 0, 5, 6, 7, 8, 9, 10, 13, 14):
        publish(world, world.now, 100 + world.now - UTC, 0 if bit is None else 1 << bit, 5, 6)
        world.run(10)
        scope = "BOTH" if bit in (7, 8, 9) else "SUPPLIER"
        assert world.of("rewind", phase="done")[-1]["scope"] == scope, bit
    assert len(world.of("receipt")) == 10


def test_T34_a_change_of_supplier_after_a_power_cut_keeps_its_scope():
    world = told_of(supplier_change="supplier-data")
    publish(world, UTC + 60, 92, 0, 5, 6)
    world.cut()
    world.run(200)
    world.boot()
    world.run(30)
    assert world.of("rewind", phase="done")[-1]["scope"] == "SUPPLIER"
    check_kept(world, 0, END - LIVED, END)


def test_T34_a_genuine_change_s_name_comes_at_its_time():
    world = told_of(supplier_change="supplier-data")
    publish(world, UTC + 5000, 92, 0, 5, 6)
    world.run(UTC + 4990 - world.now)
    assert of(world) == OLD and not world.of("rewind")
    world.run(60)
    assert of(world) == NEW and len(world.of("receipt")) == 1
    assert world.of("rewind")[0]["scope"] == "SUPPLIER"
    publish(world, world.now + 5000, 93, 0, 6, 5, OLD)
    publish(world, NEVER, 93, 0, 6, 5, (b"", b""))
    assert world.app.suppliers["electricity"].coming is None  # it is cancelled
    world.run(6000)
    assert of(world) == NEW and len(world.of("receipt")) == 1


def test_T34_the_announced_supplier_takes_over_from_one_told_later():
    world = told_of(supplier_change="supplier-data")
    publish(world, UTC + 5000, 92, 0, 5, 6, (b"", b""))
    world.cut()
    world.run(UTC + 5100 - world.now)
    world.knows_time = False
    world.boot()
    world.run(60)
    assert publish(world, NOW, 93, 0x1800, who=OLD) == SUCCESS  # when, is not known
    world.knows_time = True
    world.run(60)
    assert of(world) == (None, None) and len(world.of("receipt")) == 1


def test_T34_a_change_of_tenancy_is_always_of_both():
    world = told_of(supplier_change="supplier-data")
    world.publish(world.electricity, tenancy(PAST, 95, control=0))
    world.run(30)
    check_order(world, world.electricity, PAST, "unsolicited", 95)
    check_forgotten(world, 0, PAST)


def test_T34_a_name_that_nobody_announced_is_none_at_the_time_of_the_change():
    world = told_of()
    publish(world, UTC + 5000, 92, 0, 5, 6, (b"", b""))
    world.run(5100)
    assert of(world) == (None, None) and len(world.of("receipt")) == 1


def test_T34_an_answer_tells_name_and_phone_again_after_a_start():
    world = told_of()
    publish(world, PAST, 92, 0, 5, 6)
    world.electricity.gets[1] = supplier(PAST, 92, 0, 5, 6, *NEW)
    world.run(30)
    world.cut()
    world.boot()
    assert of(world) == (None, None)
    world.run(60)
    assert of(world) == NEW and len(world.of("receipt")) == 1


def test_a_change_of_tenancy_forgets_name_and_phone_too():
    world = told_of()
    world.run(10)
    world.publish(world.electricity, tenancy(NOW, 95))
    world.run(30)
    assert of(world) == (None, None)


def test_what_a_supplier_told_before_is_held_until_it_is_forgotten():
    world = told_of()
    electricity, gas = world.app.electricity, world.app.gas
    told = world.now
    assert electricity.holds(0, told + 1, SUPPLIER_DATA) and not electricity.holds(0, told, SUPPLIER_DATA)
    assert not electricity.holds(1, told + 1, SUPPLIER_DATA) and not gas.holds(1, told + 1, SUPPLIER_DATA)
    assert not electricity.supplier.forget(told) and of(world) == OLD
    electricity.forget(0, told + 1, CONSUMER)
    assert of(world) == OLD
    electricity.forget(0, told + 1, SUPPLIER_DATA)
    assert not electricity.holds(0, NEVER, SUPPLIER_DATA) and of(world) == (None, None)
    publish(world, UTC + 5000, 92, 0, 5, 6)  # one who is to take over is held as well
    assert electricity.holds(0, NEVER, SUPPLIER_DATA)
    electricity.forget(0, NEVER, SUPPLIER_DATA)
    assert not electricity.holds(0, NEVER, SUPPLIER_DATA)


def test_T35_a_supplier_told_by_attributes_rewinds():
    world = lived_in()
    world.gas.attributes.update({0x0112: PAST, 0x0113: 0x600, 0x0110: 77})  # 0x0111 and 0x0114 are missing
    world.run(1000)
    check_order(world, world.gas, PAST, "attribute", None, "supplier")
    check_forgotten(world, 1, PAST)
    assert of(world, "gas") == (None, None)
    world.log.clear()
    world.run(3000)
    assert not world.of("rewind")


def test_T35_name_and_phone_are_read_only_when_the_time_is_another():
    world = lived_in()
    read = []
    answer = world._zcl

    def note(meter, cluster, payload):
        if meter is world.gas and cluster == 0x0708 and not payload[0] & 1:
            read.append([payload[at] | payload[at + 1] << 8 for at in range(3, len(payload), 2)])
        return answer(meter, cluster, payload)

    world._zcl = note
    world.gas.attributes.update({0x0112: UTC + 5000, 0x0113: 0, 0x0110: 77, 0x0111: NEW[0]})  # 0x0114 is missing
    world.run(3000)
    assert read.count([0x0110, 0x0111, 0x0114]) == 1 and read.count([0x0112, 0x0113]) == 3
    assert of(world, "gas") == (None, None)
    world.run(3000)
    assert of(world, "gas") == (NEW[0], None) and len(world.of("receipt")) == 1
    assert read.count([0x0110, 0x0111, 0x0114]) == 1
    world.gas.attributes.update({0x0112: UTC + 5500, 0x0114: NEW[1]})
    world.run(1000)
    assert of(world, "gas") == NEW and len(world.of("receipt")) == 2


def thresholds(low_medium, medium_high, ambient=None):
    """(what became of them, the indicator) once electricity has been read."""
    world = lived_in(half_hours=2)
    for attribute, value in ((0x0400, low_medium), (0x0401, medium_high)):
        if value is not None:
            world.electricity.attributes[attribute] = value
    world.electricity.ambient = ambient
    world.cut()
    world.boot()
    world.run(700)
    assert not world.app.gas.supplier.thresholds and world.app.gas.ambient is None
    return world.app.suppliers["electricity"].thresholds, world.app.electricity.ambient


def test_thresholds_that_make_no_sense_are_none_and_the_meter_s_own_indicator_counts():
    assert thresholds(2300, 4600, 2) == ((2300, 4600), None)
    assert thresholds(0, 4600, 2) == ((0, 4600), None)
    assert thresholds(0, 0, 2) == (None, 2)
    assert thresholds(4600, 2300, 1) == (None, 1)
    assert thresholds(2300, None, 0) == (None, 0)
    assert thresholds(None, None, None) == (None, None)
    assert thresholds(None, NEVER, 3) == (None, None)


def test_thresholds_are_read_daily():
    world = lived_in(half_hours=2)
    world.electricity.attributes.update({0x0400: 2300, 0x0401: 4600})
    world.cut()
    world.boot()
    world.run(700)
    world.electricity.attributes.update({0x0400: 1000, 0x0401: 2000})
    world.run(80_000)
    assert world.app.electricity.supplier.thresholds == (2300, 4600)
    world.run(7000)
    assert world.app.electricity.supplier.thresholds == (1000, 2000)


def test_thresholds_are_not_asked_for_while_the_gate_is_closed():
    world = lived_in(half_hours=2)
    world.electricity.attributes.update({0x0400: 2300, 0x0401: 4600})
    world.cut()
    world.electricity.gets[0] = SILENT
    world.boot()
    world.run(2000)
    assert world.app.electricity.gate and world.app.electricity.supplier.thresholds is None
    world.electricity.gets[0] = NOT_FOUND
    world.run(1500)
    assert world.app.electricity.supplier.thresholds == (2300, 4600)


def test_half_hours_from_before_the_join_are_read_back_from_a_meter_that_cannot_tell_only_where_that_is_set():
    for unproven in (0, 1):
        world = lived_in(half_hours=0, backfill_unproven=unproven)
        world.electricity.gets = {0: 0x81, 1: 0x81}
        world.electricity.attributes = {}
        world.electricity.log = lambda half_hour: 0x2000 if half_hour > END - 60 else None
        world.cut()
        world.boot()
        world.run(2000)
        assert world.app.electricity.cannot_tell
        assert list(world.app.history.read(0, END - 10, END - 9)) == [0x2000 if unproven else None]
        assert world.gas.gets[0] == NOT_FOUND
