"""The Tariff and Account screens: what is paid for energy, to whom, and how."""

from fake_home import meter
from told import (
    BALANCE,
    CALORIFIC,
    CALORIFIC_DIGITS,
    CLOSED,
    CONTROL,
    CURRENCY,
    CUSTOMER,
    DEBT,
    DIGITS,
    EMERGENCY,
    EVERY,
    EXPORTED,
    FACTOR,
    FACTOR_DIGITS,
    LOW_CREDIT,
    NOW,
    PENNY,
    RECOVERY,
    SITE,
    STANDING,
    STATUS,
    SUPPLY,
    cut,
    home,
    lines,
    prepaid,
    priced,
    put,
)

from ihd.display.screens import account, tariff

EVERY_OCTET = bytes([octet for octet in range(256) if not 48 <= octet < 58])  # but digits, which are not to be cut
SIZES = [(1 << power) - 1 for power in range(0, 49, 3)] + [10**power for power in range(16)]


def test_tariff_of_electricity_says_who_supplies_it_what_it_costs_and_which_meter_it_is():
    assert lines(tariff, priced(), 0) == [
        "ELECTRICITY TARIFF",
        "14:37",
        "E-ON",
        "0333 202 4650",
        "Now DAY",
        "24.500p/kWh",
        "until 15:27",
        "Next",
        "--",
        "Each day",
        "53.350p",
        "Export",
        "1234.567 kWh",
        "MPAN",
        "1200023305967",
    ]


def test_tariff_of_gas_says_how_cubic_metres_become_kilowatt_hours():
    assert lines(tariff, priced(), 1) == [
        "GAS TARIFF",
        "14:37",
        "E-ON",
        "0333 202 4650",
        "Now ",
        "6.000p/kWh",
        "until changed",
        "Next",
        "--",
        "Each day",
        "29.820p",
        "kWh a m³",
        "1.02264x39.5/3.6",
        "MPRN",
        "9337421609",
    ]


def test_a_price_of_cubic_metres_says_so():
    given = priced()
    given.gas.account.volume = True
    assert "6.000p/m³" in lines(tariff, given, 1)


def test_the_next_price_comes_with_its_time_or_further_on_with_its_day():
    for minutes, when in ((50, "15:27"), (24 * 60 - 1, "14:36"), (24 * 60, "7 Nov"), (60 * 24 * 60, "5 Jan")):
        given = priced()
        given.electricity.account.tell_price(NOW + 60 * minutes, 30, 9 * PENNY, b"NIGHT", 2, NOW)
        said = lines(tariff, given, 0)
        assert said[7:9] == ["Next " + when, "9.000p/kWh"]


def test_a_price_that_ends_on_another_day_says_which():
    given = priced()
    given.electricity.account.tell_price(NOW, 24 * 60, 9 * PENNY, b"", 2, NOW)
    assert "until 7 Nov" in lines(tariff, given, 0)


def test_a_price_that_has_ended_or_is_to_begin_may_have_changed():
    for start, minutes in ((NOW - 7200, 60), (NOW + 60, 60)):
        given = home()
        given.electricity.account.tell_price(start, minutes, 9 * PENNY, b"", 1, NOW)
        said = lines(tariff, given, 0)
        assert "9.000p/kWh" in said and "may have changed" in said


def test_a_tariff_that_nobody_told_is_dashes():
    for number, rest in ((0, ["Export", "-- kWh", "MPAN", "--"]), (1, ["kWh a m³", "--", "MPRN", "--"])):
        said = lines(tariff, home(), number)
        assert said[2:] == ["Supplier not known", "Now", "--", "Next", "--", "Each day", "--"] + rest


def test_a_supplier_that_no_change_named_is_named_by_the_meter():
    given = home()
    put(given.electricity, {0x07080101: b"Lion Power", 0x07080102: b"0800 1"})
    assert lines(tariff, given, 0)[2:4] == ["Lion Power", "0800 1"]
    given.electricity.supplier.name = b"E-ON"
    assert lines(tariff, given, 0)[2:4] == ["E-ON", "Now"]  # a phone of another would be none


def test_half_of_what_makes_a_number_is_no_number():
    for missing, line in (
        (FACTOR, "kWh a m³"),
        (FACTOR_DIGITS, "kWh a m³"),
        (CALORIFIC, "kWh a m³"),
        (CALORIFIC_DIGITS, "kWh a m³"),
        (STANDING, "Each day"),
    ):
        given = priced()
        given.gas.account.put(missing, None, NOW)
        said = lines(tariff, given, 1)
        assert said[said.index(line) + 1] == "--"
    given = priced()
    given.gas.account.put(CURRENCY, 978, NOW)
    assert "29.820p" not in lines(tariff, given, 1)


def test_numbers_of_a_tariff_of_any_size_are_never_cut():
    for size in SIZES:
        for digits in (0x00, 0x10, 0x50, 0x80, 0xF0):
            given = priced(size)
            put(given.electricity, {STANDING: size, DIGITS: digits, EXPORTED: size})
            given.electricity.account.tell_price(NOW + 60, 60, size, b"", 2, NOW)
            cut(tariff, given, 0)
            put(given.gas, {FACTOR: size, FACTOR_DIGITS: digits, CALORIFIC: size, CALORIFIC_DIGITS: digits})
            cut(tariff, given, 1)


def test_a_factor_keeps_its_first_digits_and_loses_those_behind():
    for number, digits, told in (
        (102264, 0x50, "1.02264"),
        (10226400, 0x70, "1.02264"),
        (1, 0xF0, "0.00000"),
        (395, 0x10, "39.5"),
        (40, 0x00, "40"),
        (123456, 0x00, "123456"),
        (1234567, 0x00, "9999+"),
        (1234567, 0x10, "123456"),
        (1234567, 0x20, "12345.6"),
        (0, 0x20, "0.00"),
    ):
        given = priced()
        put(given.gas, {FACTOR: number, FACTOR_DIGITS: digits})
        assert told + "x39.5/3.6" in lines(tariff, given, 1), (number, digits)


def test_names_and_numbers_of_any_octets_are_safe_and_no_longer_than_their_line():
    for text in (EVERY_OCTET, b"\x00", b"\xa3\xff", b"W" * 24, b""):
        given = priced(9 * PENNY)
        for each in (given.electricity, given.gas):
            each.supplier.name = each.supplier.phone = text
            put(each, {SITE: text, CUSTOMER: text, CONTROL: 0})
            each.account.prices = [(NOW, None, 9 * PENNY, text[:12], 1, NOW)]
        for number in (0, 1):
            cut(account, given, number)
            said = cut(tariff, given, number)
            assert "9.000p/kWh" in said
    given.electricity.supplier.name = b"\x1b[2J\xc2\xa3"
    assert "?[2J??" in lines(tariff, given, 0)


def test_a_prepaid_account_says_credit_emergency_credit_and_debt():
    assert lines(account, prepaid(), 0) == [
        "ELECTRICITY ACCOUNT",
        "14:37",
        "Supply",
        "on",
        "Payment",
        "prepayment",
        "Balance",
        "£12.34",
        "Emergency",
        "£10.00",
        "Debt",
        "£42.50",
        "Low credit alert",
        "£2.00",
        "SELECT: more",
    ]
    said = lines(account, prepaid(), 0, 1)
    assert said[2:] == [
        "Emergency limit",
        "--",
        " when less than",
        "--",
        "Debt 1",
        "--",
        " taken a week",
        "£3.25",
        "Debt 2",
        "--",
        " taken a time",
        "--",
        "SELECT: more",
    ]
    assert lines(account, prepaid(), 0, 2)[2:6] == ["Debt 3", "--", " of each top-up", "--"]
    assert lines(account, prepaid(), 0, 3) == lines(account, prepaid(), 0)


def test_what_the_credit_status_says_stands_beside_its_credit():
    for status, balance, emergency in (
        (0x01, "Balance", "Emergency"),
        (0x02, "Balance LOW", "Emergency"),
        (0x0A, "Balance LOW", "Emergency ready"),
        (0x12, "Balance LOW", "Emergency selected"),
        (0x3A, "Balance LOW", "Emergency IN USE"),
        (0x42, "Balance EXHAUSTED", "Emergency"),
        (0xFF, "Balance EXHAUSTED", "Emergency IN USE"),
        (None, "Balance", "Emergency"),
    ):
        said = lines(account, prepaid(status), 0)
        assert (said[6], said[8]) == (balance, emergency), status


def test_an_account_paid_later_says_whose_it_is():
    given = home()
    put(given.gas, {CONTROL: 0, SUPPLY: 0, CUSTOMER: b"A-2719450"})
    said = lines(account, given, 1)
    assert said == ["GAS ACCOUNT", "14:37", "Supply", "off", "Payment", "credit"] + [
        "Reading, m³",
        "--",
        "at 14:07",
        "Customer number:",
        "A-2719450",
    ]
    put(given.gas, {SUPPLY: 1})
    assert "armed" in lines(account, given, 1)


def test_an_account_of_which_nothing_is_known_is_dashes():
    for number in (0, 1):
        assert lines(account, home(), number)[2:8:2] == ["Supply", "Payment", "Reading, " + ("m³" if number else "kWh")]
        assert lines(account, home(), number)[3:8:2] == ["--"] * 3
    given = home()
    put(given.electricity, {CONTROL: 2})
    said = lines(account, given, 0)
    assert said[6:] == [
        "Balance",
        "--",
        "Emergency",
        "--",
        "Debt",
        "--",
        "Low credit alert",
        "--",
        "SELECT: more",
    ]
    put(given.electricity, {SUPPLY: 200, EVERY: 200})
    assert lines(account, given, 0)[3] == "--" and " taken a time" in lines(account, given, 0, 1)


def test_a_debt_is_below_zero_and_pence_are_cut_towards_it():
    given = prepaid()
    put(given.electricity, {BALANCE: -5999})
    assert "-£0.05" in lines(account, given, 0)
    put(given.electricity, {BALANCE: 5999, DIGITS: 0x20})
    assert "£59.99" in lines(account, given, 0)
    put(given.electricity, {BALANCE: 5999, DIGITS: None})
    assert "£0.05" in lines(account, given, 0)
    put(given.electricity, {BALANCE: 5999, DIGITS: 0x90})  # more digits than are counted in
    assert lines(account, given, 0)[7] == "--"


def test_sums_of_an_account_of_any_size_are_never_cut():
    for size in SIZES:
        for value in (size, -size):
            for digits in (0x00, 0x20, 0x50, 0x80, 0xF0):
                given = prepaid(0xFF)
                values = {BALANCE: value, EMERGENCY: value, DEBT: value, LOW_CREDIT: size, RECOVERY: size}
                put(given.electricity, values)
                put(given.electricity, {DIGITS: digits, STATUS: size & 0xFF, SUPPLY: size, CONTROL: 0xFFFF})
                cut(account, given, 0)


def test_behind_a_closed_gate_without_a_meter_or_time_neither_tells_anything():
    for screen, titles in (
        (tariff, ("ELECTRICITY TARIFF", "GAS TARIFF")),
        (account, ("ELECTRICITY ACCOUNT", "GAS ACCOUNT")),
    ):
        for number, name in ((0, "electricity"), (1, "gas")):
            for change, why, clock in (
                ({name: meter(gate=CLOSED)}, CLOSED, "14:37"),
                ({name: None}, "no meter", "14:37"),
                ({"utc": None}, "time not known", "--:--"),
            ):
                given = priced()
                for each in (given.electricity, given.gas):
                    put(each, {CONTROL: 2, BALANCE: 1234567})
                for what in change:
                    setattr(given, what, change[what])
                assert lines(screen, given, number) == [titles[number], clock, "Not shown:", " " + why]
