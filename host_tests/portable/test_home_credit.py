"""From a meter's octets to what a person reads: payment, credit, debt and supply. Rows H09 to H14."""

from person import leave, lines, look
from supply import METERING, PREPAYMENT, at_home, bits, lived, octets, prepaid, s32, u8, u16, u32

ELECTRICITY, GAS = "ELECTRICITY ACCOUNT", "GAS ACCOUNT"
LOW = ("CREDIT IS LOW: ELEC", "")


def paying(**more):
    """A World, lived in, whose electricity is paid for before it is used."""
    world = at_home()
    world.electricity.records.update(prepaid(**more))
    return lived(world)


def again(world, **more):
    """The meter has other values now, and was asked for them."""
    world.electricity.records.update(prepaid(**more))
    leave(world)
    world.run(300)


def test_H09_how_each_fuel_is_paid_for_is_on_its_account_screen():
    world = paying()
    assert ("Payment", "prepayment") in look(world, ELECTRICITY)
    assert ("Payment", "--") in look(world, GAS)
    world.gas.records[PREPAYMENT, 0] = b"\x19\x00\x00"
    world.app.pollers["gas"].begin(world.ticks)
    world.run(30)
    assert ("Payment", "credit") in look(world, GAS)


def test_H10_the_balance_is_in_pounds_and_may_be_below_nothing():
    world = paying(x0001=s32(1_234_567))
    assert ("Balance", "£12.34") in look(world, ELECTRICITY)
    again(world, x0001=s32(-52_000))
    assert ("Balance", "-£0.52") in look(world, ELECTRICITY)
    again(world, x0001=s32(-0x80000000))
    assert ("Balance", "--") in look(world, ELECTRICITY)


def test_H10_a_credit_meter_has_no_balance_to_show():
    world = at_home()
    world.electricity.records[PREPAYMENT, 0] = b"\x19\x00\x00"
    assert not [left for left, _ in look(lived(world), ELECTRICITY) if left.startswith(("Balance", "Debt"))]


def test_H11_emergency_credit_has_its_balance_its_limit_and_from_when_it_may_be_used():
    world = paying(x0002=s32(500_000), x0003=bits(0x08), x0010=u32(1_000_000), x0011=u32(200_000))
    assert ("Emergency ready", "£5.00") in look(world, ELECTRICITY)
    said = look(world, ELECTRICITY, 1)
    assert said[:2] == [("Emergency limit", "£10.00"), (" when less than", "£2.00")]
    for status, word in ((0x10, " selected"), (0x20, " IN USE"), (0x01, "")):
        again(world, x0003=bits(status))
        assert ("Emergency" + word, "£5.00") in look(world, ELECTRICITY)


def test_H12_low_credit_is_told_on_the_first_screen_and_its_level_on_the_account_screen():
    world = paying(x0001=s32(900_000), x0003=bits(0x01), x0031=u32(200_000))
    assert LOW not in lines(world)
    assert ("Low credit alert", "£2.00") in look(world, ELECTRICITY)
    again(world, x0001=s32(150_000), x0003=bits(0x02))
    assert lines(world)[6] == LOW
    assert ("Balance LOW", "£1.50") in look(world, ELECTRICITY)
    again(world, x0001=s32(0), x0003=bits(0x42))
    assert lines(world)[6] == LOW
    assert ("Balance EXHAUSTED", "£0.00") in look(world, ELECTRICITY)


def test_H12_the_low_credit_of_both_fuels_is_told():
    world = at_home()
    for meter in (world.electricity, world.gas):
        meter.records.update(prepaid(x0003=bits(0x02)))
    assert lines(lived(world))[6] == ("CREDIT IS LOW: BOTH", "")


def test_H12_low_credit_takes_turns_with_other_notices():
    world = at_home(utc=832_000_200)
    world.electricity.records.update(prepaid(x0003=bits(0x02)))
    world.electricity.attributes = {}
    world.electricity.gets = {0: 0x81, 1: 0x81}
    lived(world, 600)
    told = set()
    for _ in range(2):
        told.add(lines(world)[6][0])
        world.run(300)
    assert told == {"METER CANNOT TELL MOVES", LOW[0]}


def test_H13_debt_is_told_in_all_and_each_with_what_is_taken_for_it():
    world = paying(
        x0005=s32(7_654_000),
        x0211=u32(5_000_000),
        x0216=u8(2),
        x0217=u32(350_000),
        x0221=u32(1_500_000),
        x0226=u8(1),
        x0227=u32(10_000),
        x0231=u32(1_154_000),
        x0239=u16(1250),
    )
    assert ("Debt", "£76.54") in look(world, ELECTRICITY)
    said = look(world, ELECTRICITY, 1)
    assert said[2:] == [
        ("Debt 1", "£50.00"),
        (" taken a week", "£3.50"),
        ("Debt 2", "£15.00"),
        (" taken a day", "£0.10"),
        ("", "SELECT: more"),
    ]
    assert look(world, ELECTRICITY, 1)[:2] == [("Debt 3", "£11.54"), (" of each top-up", "12.50%")]
    assert look(world, ELECTRICITY, 1)[0] == ("Supply", "--")  # round again


def test_H13_debt_that_the_meter_does_not_tell_is_a_dash():
    world = paying()
    said = look(world, ELECTRICITY, 1)
    assert said[2:4] == [("Debt 1", "--"), (" taken a time", "--")]


def test_H14_whether_the_supply_is_on_is_on_the_account_screen():
    world = at_home()
    for status, word in ((0, "off"), (1, "armed"), (2, "on"), (0xFF, "--")):
        world.electricity.records[METERING, 0x0014] = u8(status)
        if world.app:
            leave(world)
            world.run(300)
        else:
            lived(world)
        assert look(world, ELECTRICITY)[0] == ("Supply", word)


def test_H17_the_longest_customer_number_is_whole():
    world = at_home()
    world.electricity.records[METERING, 0x0311] = octets(b"ABCDEFGHIJKLMNOPQRSTUVWX")
    said = look(lived(world), ELECTRICITY)
    assert said[4:6] == [("Customer number:", ""), ("", "ABCDEFGHIJKLMNOPQRSTUVWX")]
