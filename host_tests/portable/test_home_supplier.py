"""From a meter's octets to what a person reads: supplier, messages, numbers, moves, time and links. Rows H15 to H22."""

from person import leave, line, lines, look, power, press
from supply import MANAGEMENT, MESSAGING, METERING, at_home, lived, message, octets
from world import NOT_FOUND, UTC, le, supplier, tenancy

ELECTRICITY, GAS = "ELECTRICITY TARIFF", "GAS TARIFF"


def test_H15_name_and_phone_of_the_supplier_head_the_tariff_screen():
    world = at_home()
    world.electricity.gets[1] = supplier(0, 5, 0x1800)
    world.gas.attributes.update({0x0101: b"Gas Ltd", 0x0102: b"0800 111 999"})
    lived(world)
    assert look(world, ELECTRICITY)[0] == ("E-ON", "0333 202 4650")
    assert look(world, GAS)[0] == ("Gas Ltd", "0800 111 999")


def test_H15_a_phone_number_is_whole_though_the_name_is_cut_for_it():
    world = lived(at_home())
    for name, phone, shown in (
        (b"Sixteen letters!", b"+44 333 202 4650", ("Sixteen", "+44 333 202 4650")),
        (b"Another Ltd", b"0800 1", ("Another Ltd", "0800 1")),
    ):
        world.publish(world.gas, supplier(0, 6, 0x1800, name=name, contact=phone), 1)
        assert look(world, GAS)[0] == shown
        leave(world)


def test_H15_a_name_in_the_attributes_counts_once_it_is_told_later():
    world = at_home()
    world.gas.attributes.update({0x0101: b"Gas Ltd", 0x0102: b"0800 111 999"})
    lived(world)
    world.publish(world.gas, supplier(0, 6, 0x1800, name=b"New Ltd", contact=b"0800 2"), 1)
    assert look(world, GAS)[0] == ("New Ltd", "0800 2")
    world.gas.attributes.update({0x0101: b"Newer Ltd", 0x0102: b"0800 3"})
    world.run(5400)
    assert look(world, GAS)[0] == ("Newer Ltd", "0800 3")


def test_H15_without_a_supplier_that_is_known_the_screen_says_so():
    assert look(lived(at_home()), ELECTRICITY)[0] == ("Supplier not known", "")


def test_H16_the_newest_message_is_whole_and_says_of_which_fuel_it_is():
    world = at_home()
    text = b"Your meter will be visited on Monday between 9 and 12. Call 0800 111 999 if you will be out."
    world.electricity.publishes[MESSAGING, 0] = [(0, message(text, control=0x08))]
    said = look(lived(world), "ELEC: IMPORTANT")
    assert said == [
        ("Your meter will be", ""),
        ("visited on Monday between", ""),
        ("9 and 12. Call 0800 111", ""),
        ("999 if you will be out.", ""),
        ("", ""),
        ("", ""),
        ("", ""),
    ]


def test_H16_a_message_that_wants_to_be_confirmed_is_confirmed_by_a_key():
    world = lived(at_home())
    meter = world.gas
    told = message(b"Please read this.", 99, 0x8C)
    assert world.publish(meter, told, cluster=MESSAGING, source_endpoint=0x0B) == (0, True)
    said = look(world, "GAS: CRITICAL")
    assert said[0][0] == "Please read this."
    assert said[6][0] == "SELECT: I have read it"
    press(world, "select")
    world.run(5)
    assert (MESSAGING, 1) in meter.asked and look(world, "GAS: CRITICAL")[6] == ("", "")


def test_H16_a_message_goes_when_its_time_is_over_or_it_is_cancelled():
    world = lived(at_home())
    meter = world.electricity
    how = {"cluster": MESSAGING, "source_endpoint": 0x23}
    world.publish(meter, message(b"Short.", 1, minutes=5), **how)
    world.publish(meter, message(b"Longer.", 2, start=world.now + 60, minutes=60), **how)
    assert look(world, "ELEC MESSAGE")[0][0] == "Short."
    leave(world)
    assert look(world, "ELEC MESSAGE")[0][0] == "Longer."
    assert world.publish(meter, le(2, 4) + b"\0", 1, **how) == (0, True)
    assert look(world, "MESSAGES")[1][0] == "No message to show."
    assert world.publish(meter, le(2, 4) + b"\0", 1, **how) == (NOT_FOUND, True)


def test_H17_the_customer_number_is_on_the_account_screen_and_may_be_published():
    world = at_home()
    world.electricity.records[METERING, 0x0311] = octets(b"0123456789")
    lived(world)
    assert look(world, "ELECTRICITY ACCOUNT")[4:6] == [("Customer number:", ""), ("", "0123456789")]
    assert look(world, "GAS ACCOUNT")[5] == ("", "--")
    told = le(1, 4) + le(0, 4) + le(0, 4) + b"\5G-555"
    assert world.publish(world.gas, told, 6, cluster=MANAGEMENT) == (0, True)
    assert look(world, "GAS ACCOUNT")[5] == ("", "G-555")


def test_H18_mpan_and_mprn_are_on_the_tariff_screens():
    world = at_home()
    world.electricity.records[METERING, 0x0307] = octets(b"9900012345678")
    world.gas.publishes[MANAGEMENT, 3] = [(3, le(1, 4) + le(0, 4) + le(0, 4) + b"\x0a9912345604")]
    lived(world)
    assert look(world, ELECTRICITY)[6] == ("MPAN", "9900012345678")
    assert look(world, GAS)[6] == ("MPRN", "9912345604")


def test_H19_after_a_change_of_tenancy_nothing_of_before_is_shown_and_the_screen_says_since_when():
    world = at_home()
    world.electricity.gets[1] = supplier(0, 5, 0x1800)
    world.electricity.publishes[MESSAGING, 0] = [(0, message(b"Dear Ms Smith"))]
    world.electricity.records[METERING, 0x0311] = octets(b"SMITH-1")
    lived(world)
    assert look(world, "ELECTRICITY, kWh")[1] == ("Today", "3.20")
    assert look(world, "ELEC MESSAGE")[0][0] == "Dear Ms Smith"
    leave(world)
    world.electricity.publishes = {}
    del world.electricity.records[METERING, 0x0311]
    world.electricity.gets = {0: NOT_FOUND, 1: NOT_FOUND}
    change = world.now
    world.publish(world.electricity, tenancy(change, 77))
    world.run(30)
    assert lines(world)[0] == ("FRESH START", "NEW TENANCY")
    assert lines(world)[2:4] == [
        ("Electricity record since", ""),
        ("13 May 2026 16:" + str(10 + (change - UTC) // 60), ""),
    ]
    press(world, "next")
    assert look(world, "ELECTRICITY, kWh")[1] == ("Today since 16:30", "--")
    assert look(world, "ELEC DAYS, kWh")[0] == ("12 May       --", "")
    said = look(world, ELECTRICITY)
    assert said[0] == ("Supplier not known", "") and said[1] == ("Now", "--")
    assert look(world, "ELECTRICITY ACCOUNT")[5] == ("", "--")
    assert look(world, "MESSAGES")[1][0] == "No message to show."
    assert look(world, "GAS, m³")[1] == ("Today", "3.20")  # the other fuel's


def test_H19_while_it_is_not_known_whose_home_it_is_nothing_remembered_is_shown():
    world = at_home()
    world.electricity.gets[0] = "silent"
    world.boot()
    world.run(60)
    assert lines(world)[0][0] == "CHECKING" and power(world)[0] == "300 W"
    for title in ("ELECTRICITY, kWh", "ELEC DAYS, kWh", ELECTRICITY, "ELECTRICITY ACCOUNT"):
        press(world, "prev")
        for _ in range(16):
            if line(world.panel.ram, 0)[0] == title:
                break
            press(world, "prev")
        said = lines(world)
        assert said[0][0] == title and said[4:] == [("", "")] * 4, said


def test_H20_every_screen_tells_the_local_time_of_the_hub():
    world = lived(at_home())
    assert lines(world)[0][1] == "16:15"  # in summer
    world.run(300)
    assert lines(world)[0][1] == "16:20"
    for _ in range(13):
        press(world, "next")
        assert lines(world)[0][1] == "16:20"
    winter = lived(at_home(utc=UTC - 150 * 86400))
    assert lines(winter)[0][1] == "15:15"


def test_H20_the_hub_s_own_zone_counts():
    world = at_home()
    summer = b"\3\0\0\x23" + le(UTC - 9, 4) + b"\4\0\0\x23" + le(UTC + 99999, 4)
    world.local = b"\2\0\0\x2b" + le(3600, 4) + summer + b"\5\0\0\x2b" + le(3600, 4)
    assert lines(lived(world))[0][1] == "17:15"


def test_H21_network_signal_and_each_meter_s_link_have_their_screens():
    world = lived(at_home())
    said = look(world, "STATUS")
    assert said[0] == ("ELEC ok", "heard 16:15") and said[3] == ("GAS ok", "heard 16:10")
    assert said[6] == ("HAN joined", "0 refused")
    assert ("Signal, last hop", "-52 dBm") in look(world, "LINKS AND COST")


def test_H21_a_meter_that_falls_silent_is_told_with_the_time():
    world = lived(at_home())
    world.electricity.silent = True
    leave(world)
    world.run(300)
    assert "NO ANSWER" in lines(world)[2][0] + lines(world)[2][1]
    assert look(world, "STATUS")[0][0] == "ELEC lost" and look(world, "STATUS")[3][0] == "GAS ok"


def test_H22_every_screen_is_reached_by_one_key_and_every_state_has_its_word():
    world = at_home()
    world.electricity.ambient = 2
    lived(world, 700)
    assert power(world) == ("300 W", "HIGH")  # no colour tells it
    seen = []
    for _ in range(16):
        seen.append(lines(world)[0][0])
        press(world, "next")
    assert len(set(seen)) == 16 and lines(world)[0][0] == seen[0]
    assert seen[-2:] == ["FACTORY RESET", "I HAVE MOVED IN"]
