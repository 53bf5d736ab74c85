"""What the old supplier told goes with a genuine change of supplier, and with nothing less: T34, T33 in the core."""

from person import leave, lines, look, press
from supply import (
    MANAGEMENT,
    MESSAGING,
    METERING,
    PREPAYMENT,
    PRICE,
    at_home,
    bits,
    lived,
    message,
    octets,
    prepaid,
    price,
    s32,
    u32,
)
from tenants import SUCCESS
from world import HALF_HOUR, NOW, UTC, supplier

from ihd.tenancy.keepers import BOTH, SUPPLIER_DATA

OLD = ("Old Ltd", "0800 111", "SMITH-1", "24.500p", "54.794p", "£12.34", "Dear Ms Smith")
NEW = ("New Ltd", "0800 222", "20.000p", "40.000p", "£5.00")
SCREENS = ("ELECTRICITY TARIFF", "ELECTRICITY ACCOUNT", "MESSAGES", "ELEC MESSAGE")


def supplied(**chosen):
    """A World, lived in, whose supplier of electricity told everything that it may."""
    world = at_home(**chosen)
    meter = world.electricity
    meter.gets[1] = supplier(0, 5, 0x1800, 1, 0, b"Old Ltd", b"0800 111")
    meter.records.update(prepaid(x0001=s32(1_234_567), x0003=bits(1)))
    meter.records[METERING, 0x0311] = octets(b"SMITH-1")
    meter.publishes[MESSAGING, 0] = [(0, message(b"Dear Ms Smith", 7))]
    lived(world, 900)
    assert everything(world, *OLD) == len(OLD)
    leave(world)
    world.log.clear()
    return world


def everything(world, *words):
    """How many of the words stand on the screens that tell of the supplier of electricity."""
    found = ""
    for _ in range(20):
        press(world, "next")
        if lines(world)[0][0] in SCREENS:
            for _ in range(3):
                found += "".join([left + "|" + right + "|" for left, right in lines(world)])
                if "ACCOUNT" not in lines(world)[0][0]:
                    break
                press(world, "select")
    return sum([word in found for word in words])


def change_hands(world):
    """The meter has another supplier, whose change it publishes: what it told is gone, its own is there."""
    meter = world.electricity
    meter.gets[1] = supplier(NOW, 92, 0, 1, 2, b"New Ltd", b"0800 222")
    meter.records[PRICE, 0x0301] = u32(40000)
    meter.records[PREPAYMENT, 0x0001] = s32(500_000)
    del meter.records[METERING, 0x0311]
    meter.publishes = {(PRICE, 0): [(0, price(20000, world.now, event=92, label=b"fix"))]}
    meter.asked = []
    assert world.publish(meter, meter.gets[1], 1) == SUCCESS


def used(world, series):
    """What the history has of it, gaps left out."""
    end = UTC // HALF_HOUR
    return [value for value in world.app.history.read(series, end - 200, end) if value is not None]


def test_T34_with_rewind_the_old_supplier_s_tariff_messages_and_balances_go_with_the_usage():
    world = supplied()
    change_hands(world)
    assert world.app.electricity.gate
    world.run(30)
    (begun,) = world.of("rewind", phase="begin")
    assert begun["scope"] == "BOTH"
    assert not used(world, 0) and not used(world, 2)
    assert len(used(world, 1)) == len(used(world, 3)) == 200
    check_asked_again(world, begun["floor"], BOTH)


def test_T34_with_supplier_data_they_go_and_usage_and_its_cost_stay():
    world = supplied(supplier_change="supplier-data")
    before = used(world, 0), used(world, 2)
    change_hands(world)
    assert world.app.electricity.gate
    world.run(30)
    (begun,) = world.of("rewind", phase="begin")
    assert begun["scope"] == "SUPPLIER"
    assert len(before[0]) == 200 and (used(world, 0), used(world, 2)) == before
    check_asked_again(world, begun["floor"], SUPPLIER_DATA)


def check_asked_again(world, floor, scope):
    """Nothing of before the floor is held, and what there is now was asked for since."""
    meter = world.app.electricity
    assert not meter.holds(0, floor, scope)
    assert {(METERING, 0), (PRICE, 0), (PREPAYMENT, 0), (MESSAGING, 0)} <= set(world.electricity.asked)
    press(world, "next")  # what was erased has been read
    assert everything(world, *OLD) == 0
    assert everything(world, *NEW) == len(NEW)
    assert everything(world, "fix") == 1 and meter.account.price(world.now)[0][2] == 20_000_000


def test_T34_while_it_forgets_nothing_of_the_old_supplier_is_held():
    for chosen in ("rewind", "supplier-data"):
        world = supplied(supplier_change=chosen)
        world.electricity.silent = True  # so that nothing is asked again
        assert world.publish(world.electricity, supplier(NOW, 92, 0, 1, 2), 1) == SUCCESS
        world.run(60)
        account = world.app.electricity.account
        assert not account.values and not account.prices and not account.messages and account.confirm is None


def test_T34_gas_keeps_its_own_supplier():
    world = supplied()
    change_hands(world)
    world.run(60)
    press(world, "next")
    said = look(world, "GAS TARIFF")
    assert ("Now rate 1", "6.200p/kWh") in said and ("Each day", "29.110p") in said


def test_T33_a_price_a_message_and_contact_details_forget_nothing():
    world = supplied()
    meter = world.electricity
    before = used(world, 0), used(world, 2)
    how = {"source_endpoint": 0x23}
    assert world.publish(meter, price(31000, world.now, event=93), cluster=PRICE, **how) == SUCCESS
    assert world.publish(meter, message(b"News.", 8), cluster=MESSAGING, **how) == SUCCESS
    details = supplier(NOW, 94, 0x1800, 1, 0, b"Older Ltd", b"0800 333")
    assert world.publish(meter, details, 1) == SUCCESS
    number = bytes(12) + b"\3ABC"
    assert world.publish(meter, number, 6, cluster=MANAGEMENT) == SUCCESS
    world.run(60)
    assert not world.of("rewind") and not world.of("gate") and not world.of("receipt")
    assert (used(world, 0), used(world, 2)) == before
    assert everything(world, "31.000p", "54.794p", "£12.34", "News.", "Older Ltd", "0800 333", "ABC") == 7


def test_T34_an_account_that_is_left_fails_the_verification():
    world = supplied(supplier_change="supplier-data")
    meter = world.app.electricity
    floor = world.now + 1
    for left in ("values", "prices", "messages"):
        kept = {name: getattr(meter.account, name) for name in ("values", "prices", "messages")}
        assert meter.holds(0, floor, SUPPLIER_DATA)
        meter.supplier.forget(floor)
        meter.account.forget(floor)
        assert not meter.holds(0, floor, SUPPLIER_DATA)
        setattr(meter.account, left, kept[left])
        assert meter.holds(0, floor, SUPPLIER_DATA), left
        for name, held in kept.items():
            setattr(meter.account, name, held)
