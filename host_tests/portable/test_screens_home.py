"""The Message, Past, Usage and Links screens, and what Now says of money, in every state."""

from fake_home import History, meter
from fake_panel import Meter
from test_screens import LOCAL, NOON
from test_screens import words as words_of
from told import CALORIFIC, CLOSED, COST_TODAY, NOW, PENNY, SCALING, cut, home, lines, messaged, priced, put

from ihd import wire
from ihd.display import units
from ihd.display.screens import links, messages, now, past, usage

SIZES = [(1 << power) - 1 for power in range(0, 49, 4)] + [10**power for power in range(13)]
HALF_HOUR = 1800
TITLES = ("ELEC DAYS, kWh", "ELEC DAYS, kWh", "ELEC WEEKS, kWh", "ELEC MONTHS, kWh")
FIRST = NOW // HALF_HOUR


def test_pounds_are_whole_pence_towards_zero_and_bounded():
    for amount, text in (
        (None, "--"),
        (0, "£0.00"),
        (999, "£0.00"),
        (-999, "-£0.00"),
        (1000, "£0.01"),
        (-5999, "-£0.05"),
        (241999, "£2.41"),
        (999999999, "£9999.99"),
        (1000000000, "£9999+"),
        (-999999999, "-£9999.99"),
        (-1000000000, "-£9999+"),
        (10**30, "£9999+"),
    ):
        assert units.pounds(amount) == text, amount


def test_pence_have_three_digits_behind_the_point_while_there_is_room():
    for price, text in (
        (None, "--"),
        (0, "0.000p"),
        (999, "0.000p"),
        (1000, "0.001p"),
        (24500000, "24.500p"),
        (999999999, "999.999p"),
        (1000000000, "1000p"),
        (9999999999, "9999p"),
        (10000000000, "9999+p"),
        (10**30, "9999+p"),
    ):
        assert units.pence(price) == text, price


def test_text_from_the_air_is_printable_ascii():
    assert wire.printable(None) == wire.printable(b"") == ""
    assert wire.printable(b"E-ON 24/7 ~") == "E-ON 24/7 ~"
    assert wire.printable(b"\x00\x1f\x7f\x80\xc2\xa3\xff\n") == "?" * 8
    assert wire.printable(memoryview(bytearray(b"a\x07b"))) == "a?b"


def test_lines_break_at_spaces_where_there_are_any():
    for text, found in (
        (b"", []),
        (None, []),
        (b"one", ["one"]),
        (b"one two", ["one two"]),
        (b"one two three", ["one two", "three"]),
        (b"0123456789abcdef", ["0123456789", "abcdef"]),
        (b"a 0123456789abcdef", ["a", "0123456789", "abcdef"]),
        (b"0123456789 abc", ["0123456789", "abc"]),
        (b"one   two    three", ["one   two ", "three"]),
        (b"line\nfeed\x00", ["line?feed?"]),
    ):
        assert messages.lines_of(text, 10, 3) == found, text


def test_lines_that_do_not_hold_a_text_end_with_three_points():
    assert messages.lines_of(b"one two three four five six seven", 10, 2) == ["one two", "three f..."]
    assert messages.lines_of(b"x" * 21, 10, 2) == ["x" * 10, "x" * 7 + "..."]
    assert messages.lines_of(b"x" * 20, 10, 2) == ["x" * 10, "x" * 10]
    for length in range(200):
        for each in messages.lines_of(b"ab cdefghij "[: length % 13] * 20, 25, 6):
            assert 0 < len(each) <= 25


def test_a_message_is_shown_in_lines_with_its_meter_and_its_weight():
    text = b"Your meter will be exchanged on 12 May between 8 and 12."
    body = ["Your meter will be", "exchanged on 12 May", "between 8 and 12."]
    for control, fuel, title in (
        (0x00, "electricity", "ELEC MESSAGE"),
        (0x04, "gas", "GAS MESSAGE"),
        (0x08, "electricity", "ELEC: IMPORTANT"),
        (0x0C, "gas", "GAS: CRITICAL"),
    ):
        assert lines(messages, messaged(text, control, fuel)) == [title, "14:37"] + body
        confirm = lines(messages, messaged(text, 0x80 | control, fuel))
        assert confirm == [title, "14:37"] + body + ["SELECT: I have read it"]


def test_without_a_message_whose_time_it_is_there_is_none():
    none = ["MESSAGES", "14:37", "No message to show."]
    assert lines(messages, home()) == none
    assert lines(messages, messaged(b"later", start=NOW + 1)) == none
    assert lines(messages, messaged(b"over", end=NOW)) == none
    assert lines(messages, home(electricity=None, gas=None)) == none
    assert "still" in lines(messages, messaged(b"still", end=NOW + 1))


def test_the_newest_message_of_either_meter_is_shown():
    given = messaged(b"old", start=NOW - 600)
    given.gas.account.show((2, 0x80, NOW - 60, None, b"new", NOW))
    given.electricity.account.show((3, 0, NOW + 60, None, b"later", NOW))
    assert lines(messages, given) == ["GAS MESSAGE", "14:37", "new", "SELECT: I have read it"]
    given.gas.gate = CLOSED
    assert lines(messages, given) == ["ELEC MESSAGE", "14:37", "old"]


def test_messages_behind_closed_gates_or_without_time_are_not_shown():
    given = messaged(b"secret", 0x80)
    given.electricity.gate = CLOSED
    assert lines(messages, given) == ["MESSAGES", "14:37", "No message to show."]
    assert lines(messages, messaged(b"secret", 0x80)) != lines(messages, given)
    given = messaged(b"secret", 0x80)
    given.utc = None
    assert lines(messages, given) == ["MESSAGES", "--:--", "No message to show."]


def test_messages_of_any_octets_and_length_are_safe():
    for text in (bytes(range(256))[:200], b"\xff" * 200, b"a" * 200, b"word " * 40, b" " * 30, b"\n", b"x"):
        for control in (0x00, 0xFF):
            lines(messages, messaged(text, control))
    assert "???" in lines(messages, messaged(b"\x00\xc2\xa3"))


def test_a_page_of_the_past_has_a_line_a_period_with_energy_and_cost():
    given = home(history=History({0: 100, 2: 1000}))
    assert lines(past, given, 0, 0)[:8] == [
        TITLES[0],
        "14:37",
        " 5 Nov     4.80",
        "£0.48",
        " 4 Nov     4.80",
        "£0.48",
    ] + [
        " 3 Nov     4.80",
        "£0.48",
    ]
    first_days = []
    for page, count, first, last in (
        (0, 6, " 5 Nov", "31 Oct"),
        (1, 2, "30 Oct", "29 Oct"),
        (2, 5, "27 Oct", "29 Sep"),
    ):
        said = lines(past, given, 0, page)
        assert said[0] == TITLES[page] and said[-1] == "SELECT: more"
        starts = [line[:6] for line in said[2:-1:2]]
        assert len(starts) == count and (starts[0], starts[-1]) == (first, last)
        first_days += starts
    months = []
    for page in (3, 4):
        said = lines(past, given, 0, page)
        assert said[0] == TITLES[3]
        months += [line[:6] for line in said[2:] if line[:2] == " 1"]
    assert months[0] == " 1 Oct" and months[-1] == " 1 Oct" and len(months) == 13
    assert len(set(months)) == 12


def test_the_past_of_gas_is_in_cubic_metres_and_of_its_own_series():
    given = home(history=History({1: 50, 3: 2000}))
    said = lines(past, given, 1, 0)
    assert said[0] == "GAS DAYS, m³" and said[2:4] == [" 5 Nov     2.40", "£0.96"]
    assert set(given.history.asked) == {1, 3}


def test_a_period_with_gaps_has_a_star_and_a_cost_that_is_estimated_a_wave():
    first = (NOW // 86400 - 1) * 48
    given = home(history=History({0: 100, 2: 1000}, gaps=(first,)))
    given.history.marks = {2: 1}
    assert lines(past, given, 0, 0)[2:6] == [" 5 Nov    4.70*", "~£0.47", " 4 Nov     4.80", "~£0.48"]


def test_a_period_of_which_nothing_is_known_is_a_dash():
    given = home(history=History({0: 100}, {0: FIRST, 2: FIRST}))
    assert lines(past, given, 0, 0)[2:8] == [" 5 Nov       --", " 4 Nov       --", " 3 Nov       --"] + [
        " 2 Nov       --",
        " 1 Nov       --",
        "31 Oct       --",
    ]
    given.history.fails = True
    assert lines(past, given, 0, 0)[2:] == ["cannot be read"] * 6 + ["SELECT: more"]


def test_the_past_of_any_size_fits():
    for size in SIZES:
        given = home(history=History({0: size, 1: size, 2: size, 3: size}, gaps=(FIRST - 60,)))
        given.history.marks = {2: 3, 3: 3}
        for number in (0, 1):
            for page in (0, 2, 3):
                lines(past, given, number, page)


def test_gas_in_kilowatt_hours_is_what_its_cubic_metres_give():
    given = priced()
    said = lines(usage, given, 2)
    assert said[0] == "GAS, kWh"
    # 29, 173 and 269 half-hours of 50 l, times 1.02264 x 39.5 / 3.6
    assert said[4::2] == ["16.26", "97.05", "150.91"]
    put(given.gas, {CALORIFIC: None})
    assert lines(usage, given, 2)[4::2] == ["--"] * 3
    assert lines(usage, given, 1)[4::2] == ["1.45", "8.65", "13.45"]


def test_use_says_what_it_cost_beside_it():
    given = home(history=History({0: 100, 1: 50, 2: 1000, 3: 3000}))
    said = lines(usage, given, 0)
    assert said[3:] == ["Today", "2.90", "£0.29", "Week", "17.30", "£1.73", "Month", "26.90", "£2.69"]
    given.history.marks = {3: 1}
    for number in (1, 2):
        assert "~£0.87" in lines(usage, given, number)


def test_gaps_and_cost_stand_in_one_line_of_whole_numbers():
    gaps = range(FIRST - 1000, FIRST - 10)
    given = home(history=History({0: 100, 2: 1000000}, gaps=gaps))
    given.history.marks = {2: 1}
    said = lines(usage, given, 0)
    assert " lacks 163 of 173" in said and " lacks 259 of 269" in said and "~£100.00" in said
    late = home(history=given.history, utc=NOW + 24 * 86400)  # 1421 half-hours of a month of 1440
    for gaps in (range(0), range(FIRST, FIRST + 1100)):
        given.history.gaps = gaps
        said = lines(usage, late, 0)
        assert said[-1] == "~£%d.00" % (10 * (1421 - len(gaps))) if len(gaps) else "~£9999+"
    assert said[-2] == " lacks 1100/1421"


def test_cost_and_gas_in_kilowatt_hours_of_any_size_fit():
    for size in SIZES:
        for gaps in ((), range(FIRST - 1400, FIRST, 2)):
            given = priced()
            given.utc = NOW + 24 * 86400
            given.history = History({0: size, 1: size, 2: size, 3: size}, gaps=gaps)
            given.history.marks = {2: 3, 3: 3}
            for number in (0, 1, 2):
                lines(usage, given, number)


def test_behind_a_closed_gate_without_a_meter_or_time_nothing_of_the_past_is_asked_for():
    for change, why in (
        ({"electricity": meter(gate=CLOSED), "gas": meter(gate=CLOSED)}, CLOSED),
        ({"electricity": None, "gas": None}, "no meter"),
        ({"utc": None}, "time not known"),
    ):
        given = home(history=History({0: 100, 1: 50, 2: 1000, 3: 1000}), **change)
        for number in (0, 1):
            for page in range(5):
                assert lines(past, given, number, page)[2:] == ["Not shown:", " " + why]
        for number in (0, 1, 2):
            assert lines(usage, given, number)[2:] == ["Past use is not shown:", " " + why]
        assert given.history.asked == []


def compared(ours, cost, scaling=1):
    """A home whose electricity meter says that today cost so much."""
    given = home()
    given.electricity.cost = ours
    put(given.electricity, {SCALING: scaling, COST_TODAY: cost})
    return given


def test_links_say_how_well_the_radio_hears_and_how_our_cost_and_the_meter_s_differ():
    assert lines(links, compared(241000, 240000)) == [
        "LINKS AND COST",
        "14:37",
        "Signal, last hop",
        "-52 dBm",
        "ELEC",
        "read 14:36",
        " today, meter says",
        "£2.40",
        " ours less that",
        "+£0.01",
        "GAS",
        "read 14:07",
        " today, meter says",
        "--",
        " ours less that",
        "--",
    ]


def test_the_meter_s_cost_is_read_in_its_own_scale():
    for scaling, cost, told in ((0, 24000000, "£24.00"), (1, 240000, "£2.40"), (4, 240, "£2.40"), (6, 2, "£2.00")):
        assert told in lines(links, compared(0, cost, scaling)), scaling
    for scaling, cost in ((13, 240), (255, 240), (None, 240), (1, None)):
        assert lines(links, compared(0, cost, scaling))[7:10:2] == ["--", "--"]


def test_a_cost_below_the_meter_s_has_a_minus():
    assert lines(links, compared(230000, 240000))[9] == "-£0.10"
    assert lines(links, compared(240000, 240000))[9] == "+£0.00"
    assert lines(links, compared(None, 240000))[9] == "--"


def test_links_without_a_signal_or_a_network_have_a_dash():
    for change in ({"signal": None}, {"signal": 0}, {"state": "missing"}, {"state": "joining"}):
        assert lines(links, home(**change))[3] == "--"
    assert lines(links, home(signal=-255))[3] == "-255 dBm"


def test_links_of_a_meter_behind_its_gate_or_without_one_say_why():
    given = compared(241000, 240000)
    given.electricity.gate = CLOSED
    given.gas = None
    assert lines(links, given)[4:] == ["ELEC", CLOSED, "GAS", "no meter"]
    given = compared(241000, 240000)
    given.utc = None
    assert lines(links, given)[1:] == ["--:--", "Signal, last hop", "-52 dBm"] + [
        "ELEC",
        "time not known",
        "GAS",
        "time not known",
    ]


def test_links_of_any_size_fit():
    for size in SIZES:
        for scaling in (0, 1, 12):
            for ours in (size, 0):
                given = compared(ours, size, scaling)
                for each in (given.electricity, given.gas):
                    each.read_at = NOW - 3600 * size
                cut(links, given)


def test_now_says_what_the_power_costs_and_whether_it_is_much():
    for level, word in ((0, "LOW"), (1, "MED"), (2, "HIGH")):
        said = words_of(now, Meter(345, level=level, spending=8452, cost=241000), None, NOON, "", LOCAL)
        assert said.lines[:6] == ["ELEC £0.08/h", "12:00", word, "W", "ELEC    -- kWh", "£2.41"]


def test_now_without_a_price_says_neither():
    said = words_of(now, Meter(345, today=1000), None, NOON, "", LOCAL).lines
    assert said[0] == "ELECTRICITY" and "today" in said
    assert not [line for line in said if "£" in line or line in ("LOW", "MED", "HIGH")]


def test_export_is_told_as_such_whatever_its_level():
    said = words_of(now, Meter(-345, level=2, cost=-5999), None, NOON, "", LOCAL).lines
    assert "EXPORT" in said and "HIGH" not in said and "-£0.05" in said


def test_what_a_lost_meter_s_day_cost_gives_way_to_how_old_it_is():
    said = words_of(now, Meter(lost=True, read_at=NOON - 60, cost=241000), None, NOON, "", LOCAL).lines
    assert "at 11:59" in said and "£2.41" not in said


def test_money_of_any_size_fits_on_now():
    for size in SIZES:
        for sign in (1, -1):
            given = Meter(sign * size, today=size, spending=sign * size, cost=sign * size, level=1)
            words_of(now, given, None, NOON, "", LOCAL)


def test_a_price_is_in_pence_whatever_it_is():
    assert units.pence(PENNY) == "1.000p"
