"""From a meter's octets to what a person reads: prices, charges, power and how much that is. Rows H01 to H04."""

from person import lines, look, power
from supply import PRICE, at_home, lived, price, u32
from world import UNSUPPORTED, UTC, le

ELECTRICITY, GAS = "ELECTRICITY TARIFF", "GAS TARIFF"


def test_H01_the_price_in_force_is_on_the_tariff_screen_of_each_fuel():
    world = at_home()
    night = 0, price(9000, UTC - 3600, 90, 5, b"E7 night", 1)
    day = 0, price(28000, UTC + 1800, 600, 5, b"E7 day", 2)
    world.electricity.publishes = {(PRICE, 0): [night], (PRICE, 1): [night, day]}
    lived(world)
    said = look(world, ELECTRICITY)
    assert said[1:4] == [("Now E7 night", "9.000p/kWh"), ("", "until 16:40"), ("Next 16:40", "28.000p/kWh")]
    assert look(world, GAS)[1:4] == [("Now rate 1", "6.200p/kWh"), ("", "until changed"), ("Next", "--")]
    world.run(1800)
    assert look(world, ELECTRICITY)[1:3] == [("Now E7 day", "28.000p/kWh"), ("", "until 02:40")]


def test_H01_a_price_that_is_published_counts_at_once():
    world = lived(at_home())
    meter = world.electricity
    published = price(31007, UTC, event=9, label=b"new")
    assert world.publish(meter, published, 0, cluster=PRICE, source_endpoint=0x23) == (0, True)
    assert look(world, ELECTRICITY)[1] == ("Now new", "31.007p/kWh")


def test_H01_what_has_no_price_has_a_dash():
    world = at_home()
    world.electricity.publishes = {}
    lived(world)
    assert look(world, ELECTRICITY)[1:4] == [("Now", "--"), ("", ""), ("Next", "--")]


def test_H01_a_price_of_cubic_metres_says_so():
    world = at_home()
    world.gas.publishes = {(PRICE, 0): [(0, price(70123, unit=1))]}
    assert look(lived(world), GAS)[1] == ("Now rate 1", "70.123p/m³")


def test_H02_the_standing_charge_of_each_fuel_is_on_its_tariff_screen():
    world = lived(at_home())
    assert ("Each day", "54.794p") in look(world, ELECTRICITY)
    assert ("Each day", "29.110p") in look(world, GAS)


def test_H02_a_standing_charge_that_is_only_published_is_shown_too():
    world = at_home()
    del world.electricity.records[PRICE, 0x0301]
    head = le(0, 4) + le(3, 4) + le(3, 4) + le(UTC - 9, 4) + b"\0\3any\1\0\0" + le(826, 2) + b"\x50"
    world.electricity.publishes[PRICE, 6] = [(4, head + le(61237, 4) + b"\xff" + le(1, 3) + le(1, 3))]
    assert ("Each day", "61.237p") in look(lived(world), ELECTRICITY)


def test_H02_without_a_standing_charge_there_is_a_dash():
    world = at_home()
    world.electricity.records[PRICE, 0x0301] = u32(0xFFFFFFFF)
    assert ("Each day", "--") in look(lived(world), ELECTRICITY)


def test_H03_power_and_what_it_costs_an_hour_are_on_the_first_screen():
    world = at_home()
    world.electricity.watts = 2345
    lived(world, 400)
    assert power(world)[0] == "2.34 kW" and lines(world)[0][0] == "ELEC £0.57/h"
    world.electricity.watts = 300
    world.run(300)
    assert power(world)[0] == "300 W" and lines(world)[0][0] == "ELEC £0.07/h"


def test_H03_power_without_a_price_costs_nothing_that_is_known():
    world = at_home()
    world.electricity.publishes = {(PRICE, 0): UNSUPPORTED}
    lived(world, 400)
    assert power(world)[0] == "300 W" and lines(world)[0][0] == "ELECTRICITY"


def test_H03_power_that_is_no_value_is_no_number():
    world = at_home()
    world.electricity.watts = 0x800000
    lived(world, 400)
    assert "NO READING" in lines(world)[2][0] and lines(world)[0][0] == "ELECTRICITY"


def test_H04_how_much_the_power_is_stands_beside_it_by_the_supplier_s_thresholds():
    world = at_home()
    world.electricity.attributes.update({0x0400: 500, 0x0401: 3000})
    for watts, word in ((499, "LOW"), (500, "MED"), (2999, "MED"), (3000, "HIGH")):
        world.electricity.watts = watts
        if world.app:
            world.run(300)
        else:
            lived(world, 400)
        assert power(world)[1] == word, watts


def test_H04_without_thresholds_the_meter_s_own_word_counts():
    world = at_home()
    world.electricity.ambient = 2
    lived(world, 700)
    assert power(world)[1] == "HIGH"
    world.electricity.ambient = 0
    world.run(300)
    assert power(world)[1] == "LOW"


def test_H04_where_nobody_says_there_is_no_word():
    assert power(lived(at_home(), 700))[1] == ""
