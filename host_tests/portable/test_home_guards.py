"""What is not believed of prices and registers, and what is not asked in vain."""

from person import lines, look
from supply import METERING, PREPAYMENT, PRICE, at_home, lived, price
from world import UTC, Meter

from ihd.home.account import Account
from ihd.home.cost import Cost

FOR_EVER = 0xFFFF
TARIFF = "ELECTRICITY TARIFF"


def test_an_older_event_changes_nothing_of_what_a_newer_one_covers():
    account = Account()
    account.tell_price(UTC, FOR_EVER, 20, b"", 5, UTC)
    account.tell_price(UTC + 60, FOR_EVER, 10, b"", 4, UTC)
    account.tell_price(UTC + 60, 5, 11, b"", 4, UTC)
    assert [each[2] for each in account.prices] == [20]
    account = Account()
    account.tell_price(UTC, 60, 20, b"", 5, UTC)
    account.tell_price(UTC + 3600, FOR_EVER, 10, b"", 4, UTC)
    assert [each[2] for each in account.prices] == [20, 10]


def test_a_stale_price_is_not_shown():
    world = lived(at_home())
    told = price(31000, world.now, event=9), price(17000, world.now + 60, event=8)
    for payload in told:
        assert world.publish(world.electricity, payload, cluster=PRICE, source_endpoint=0x23) == (0, True)
    world.run(120)
    assert look(world, TARIFF)[1:4] == [("Now rate 1", "31.000p/kWh"), ("", "until changed"), ("Next", "--")]


def test_a_price_of_a_meter_of_another_home_changes_nothing():
    world = lived(at_home())
    other = Meter("00db1234567890d0", 0x1234, 0x21, 0x21, 0x00, 0x00)
    world.others.append(other)
    world.gas.silent = True  # so that there is a search
    world.run(2400)
    assert world.of("meter", meter=other.name)[-1]["bound"] is False
    world.publish(other, price(1), cluster=PRICE, source_endpoint=0x21)
    assert look(world, TARIFF)[1] == ("Now rate 1", "24.500p/kWh")
    assert world.counts()["stranger"] == 1


def test_money_that_is_not_pounds_is_not_shown():
    world = lived(at_home())
    told = price(1, world.now, event=9, currency=978)
    assert world.publish(world.electricity, told, cluster=PRICE, source_endpoint=0x23) == (0x87, True)
    assert look(world, TARIFF)[1] == ("Now rate 1", "24.500p/kWh")
    world.electricity.records[PRICE, 0x0616] = b"\x21\xd2\x03"
    world.run(5400)
    assert ("Each day", "--") in look(world, TARIFF)


def test_what_a_meter_does_not_support_is_asked_once():
    world = at_home()
    meter = world.electricity
    meter.publishes = {}
    del meter.records[PRICE, 0x0301]
    asked = []
    attribute = meter.attribute

    def note(cluster, number):
        asked.append((cluster, number))
        return attribute(cluster, number)

    meter.attribute = note
    lived(world)
    world.run(8000)
    for command in (1, 6):
        assert meter.asked.count((PRICE, command)) == 1, command
    for each in ((PRICE, 0x0301), (PREPAYMENT, 0x0000), (METERING, 0x0307)):
        assert asked.count(each) == 1, each
    assert asked.count((PRICE, 0x0616)) == 3


def test_a_register_that_jumps_for_good_costs_nothing():
    account = Account()
    account.tell_price(UTC - 9, FOR_EVER, 20_000_000, b"", 1, UTC)
    cost = Cost(False)
    cost.reading(account, UTC, 5_000)
    cost.reading(account, UTC + 60, 5_100)
    assert cost.running == 2000
    cost.reading(account, UTC + 120, 5_100 + 0xFFFFFF)
    assert cost.running == 2000
    cost.reading(account, UTC + 180, 5_200 + 0xFFFFFF)
    assert cost.running == 4000


def test_a_jump_of_the_register_is_no_spending_of_today():
    world = lived(at_home())
    for register in (1_000_100, 1_000_200, 800_000_000, 800_000_000, 800_000_100):
        world.electricity.register = register
        world.run(300)
    assert [right for _, right in lines(world) if right.startswith("£")] == [], lines(world)
    world.run(3600)
    said = look(world, "ELECTRICITY, kWh")
    assert said[2][1].startswith("~£1.")
