"""From a meter's octets to what a person reads: use, cost and readings, now and in the past. Rows H05 to H08, H23."""

from person import lines, look, press
from supply import METERING, PREPAYMENT, PRICE, at_home, lived, u8, u16, u48
from world import HALF_HOUR, UTC

USED = "ELECTRICITY, kWh"
MIDNIGHT = UTC - 15 * 3600 - 600 - 3600  # local, of a Wednesday
TODAY, WEEK, MONTH = 32, 128, 608  # half-hours of them that have ended


def a_year():
    """A World whose meters' logs hold all that they can, every local day and half-hour of it another amount."""
    world = at_home()
    for meter in (world.electricity, world.gas):
        meter.log = a_year_s_log
    world.settle()
    world.run(2400)
    return world


def a_year_s_log(half_hour):
    """100 Wh, and as many more as days have passed since."""
    return 100 + (MIDNIGHT + 86400 - 1 - half_hour * HALF_HOUR) // 86400


def test_H05_use_of_today_this_week_and_this_month_is_shown_for_each_fuel():
    world = lived(at_home())
    said = look(world, USED)
    assert said[0] == ("", "until 16:00")
    assert [said[row] for row in (1, 3, 5)] == [("Today", "3.20"), ("Week", "12.80"), ("Month", "60.80")]
    said = look(world, "GAS, m³")
    assert [said[row] for row in (1, 3, 5)] == [("Today", "3.20"), ("Week", "12.80"), ("Month", "60.80")]


def test_H05_today_goes_on_with_what_the_register_says():
    world = lived(at_home())
    for _ in range(4):
        world.electricity.register += 250
        world.run(300)
    assert look(world, USED)[0:2] == [("", "until 16:30"), ("Today", "3.30")]  # by the log
    for _ in range(6):
        world.electricity.register += 250
        world.run(300)
    assert look(world, USED)[0:3] == [("", "until 17:00"), ("Today", "4.80"), ("", "~£1.72")]


def test_H06_the_last_eight_days_five_weeks_and_thirteen_months_have_their_use_and_cost():
    world = a_year()
    pages = [look(world, "ELEC DAYS, kWh")]
    for title in ("DAYS", "WEEKS", "MONTHS", "MONTHS"):
        assert press_select(world) == "ELEC %s, kWh" % title
        pages.append(lines(world)[1:])
    days = [each for page in pages[:2] for each in page if each[0]]
    assert len(days) == 8
    for back in range(1, 9):
        used = 48 * (100 + back)
        cost = used * 2450000 // 1000 + 5479400
        assert days[back - 1] == (
            "%2d May %8s" % (13 - back, "%d.%02d" % (used // 1000, used % 1000 // 10)),
            "~£%d.%02d" % (cost // 10000000, cost // 100000 % 100),
        )
    weeks = [each for each in pages[2] if each[0]]
    assert [each[0][:6] for each in weeks] == [" 4 May", "27 Apr", "20 Apr", "13 Apr", " 6 Apr"]
    assert weeks[0] == (" 4 May    35.61", "~£12.56")
    months = [each for page in pages[3:] for each in page if each[0]]
    names = ["Apr", "Mar", "Feb", "Jan", "Dec", "Nov", "Oct", "Sep", "Aug", "Jul", "Jun", "May", "Apr"]
    assert [each[0][:6] for each in months] == [" 1 " + name for name in names]
    assert months[0] == (" 1 Apr   183.60", "~£61.41") and "*" not in months[10][0]
    assert months[12][0].endswith("*")  # the meter's log begins within it


def test_H06_the_past_of_gas_is_told_in_cubic_metres_and_in_kwh():
    world = lived(at_home())
    said = look(world, "GAS DAYS, m³")
    assert said[0] == ("12 May     4.80", "~£3.62")
    for _ in range(4):
        assert press_select(world).endswith("m³")
    assert press_select(world) == "GAS DAYS, kWh"
    assert lines(world)[1] == ("12 May    53.85", "~£3.62")


def press_select(world):
    """Press it; the title that stands then."""
    press(world, "select")
    return lines(world)[0][0]


def test_H06_a_day_that_lacks_half_hours_has_a_mark_and_none_at_all_a_dash():
    world = at_home()
    world.electricity.log = lambda half_hour: 100 if half_hour >= UTC // HALF_HOUR - 48 else None
    said = look(lived(world), "ELEC DAYS, kWh")
    assert said[0] == ("12 May    1.60*", "~£0.39") and said[1] == ("11 May      --*", "")


def test_H07_what_today_this_week_and_this_month_cost_is_shown_with_their_use():
    world = lived(at_home())
    said = look(world, USED)
    charge = 54794
    cost = [TODAY * 2450 + charge, WEEK * 2450 + 3 * charge, MONTH * 2450 + 13 * charge]
    assert [said[row][1] for row in (2, 4, 6)] == ["~£%d.%02d" % divmod(each // 1000, 100) for each in cost]


def test_H07_what_the_meter_reckons_today_has_cost_stands_beside_ours():
    world = at_home()
    world.electricity.records.update({(PREPAYMENT, 0x0502): u8(1), (PREPAYMENT, 0x0503): u16(826)})
    world.electricity.records[PREPAYMENT, 0x051C] = u48(134_000)
    said = look(lived(world), "LINKS AND COST")
    at = said.index((" today, meter says", "£1.34"))
    assert said[at + 1] == (" ours less that", "-£0.00") or said[at + 1][1] in ("£0.00", "-£0.01")


def test_H07_without_a_price_there_is_no_cost():
    world = at_home()
    world.electricity.publishes = {}
    said = look(lived(world), USED)
    assert said[1] == ("Today", "3.20") and said[2] == ("", "")


def test_H08_the_reading_of_each_meter_is_whole_and_says_when_it_was_taken():
    world = at_home()
    world.electricity.register, world.gas.register = 18_402_611, 6_201_934
    lived(world, 400)
    said = look(world, "ELECTRICITY ACCOUNT")
    at = said.index(("Reading, kWh", "18402.611"))
    assert said[at + 1] == ("", "at 16:15")
    said = look(world, "GAS ACCOUNT")
    at = said.index(("Reading, m³", "6201.934"))
    assert said[at + 1] == ("", "at 16:10")


def test_H08_what_was_exported_is_on_the_tariff_screen():
    world = at_home()
    assert ("Export", "-- kWh") in look(lived(world), "ELECTRICITY TARIFF")
    world.electricity.records[METERING, 1] = u48(1_234_567)
    world.app.pollers["electricity"].begin(world.ticks)
    world.run(400)
    assert ("Export", "1234.567 kWh") in look(world, "ELECTRICITY TARIFF")


def test_H08_a_register_that_is_no_value_is_a_dash():
    world = at_home()
    world.electricity.register = (1 << 48) - 1
    said = look(lived(world, 400), "ELECTRICITY ACCOUNT")
    assert ("Reading, kWh", "--") in said


def test_H23_gas_is_shown_in_cubic_metres_and_in_kwh_by_factor_and_calorific_value():
    world = lived(at_home())
    assert look(world, "GAS, m³")[1] == ("Today", "3.20")
    assert look(world, "GAS, kWh")[1] == ("Today", "35.90")  # 3.2 x 1.02264 x 39.5 / 3.6
    assert ("kWh a m³", "1.02264x39.5/3.6") in look(world, "GAS TARIFF")


def test_H23_without_factor_or_calorific_value_the_kwh_of_gas_are_a_dash_and_the_cost_is_unknown():
    world = at_home()
    del world.gas.records[PRICE, 0x0304]
    lived(world)
    assert look(world, "GAS, m³")[1:3] == [("Today", "3.20"), ("", "")]
    assert look(world, "GAS, kWh")[1] == ("Today", "--")
    assert ("kWh a m³", "--") in look(world, "GAS TARIFF")
