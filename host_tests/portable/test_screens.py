"""The screens: their words in every state, and no pixel that stays from another state."""

from fake_panel import Meter, Panel, Receipt

from ihd.display.canvas import Canvas
from ihd.display.fonts import big, small
from ihd.display.screens import checking, factory_reset, fresh_start, moved_in, now, searching
from ihd.local_clock import LocalClock

MIDNIGHT = 9571 * 86400  # 2026-03-16
NOON = MIDNIGHT + 12 * 3600
LOCAL = LocalClock()
LAST_DAY = range(NOON // 1800 - 48, NOON // 1800)


def household():
    """Every kind of state of the Now screen, as arguments of draw."""
    busy = [(n, 100 + n * 37 % 400) for n in LAST_DAY]
    gas = Meter(today=1245, read_at=NOON - 600)
    return [
        (Meter(345, today=8349, half_hours=busy), gas, NOON, "", LOCAL),
        (Meter(-2349, today=8349, half_hours=busy[9:]), gas, NOON, "", LOCAL),
        (Meter(2349, today=8349, half_hours=busy), gas, NOON + 60, "NO HISTORY PARTITION", LOCAL),
        (Meter(None, half_hours=busy[:20]), Meter(), NOON, "", LOCAL),
        (
            Meter(None, lost=True, heard=NOON - 3900, today=7777, read_at=NOON - 3900, half_hours=busy),
            None,
            NOON,
            "",
            LOCAL,
        ),
        (Meter(None, lost=True), Meter(today=1, read_at=NOON - 90000, lost=True), NOON, "NO HISTORY PARTITION", LOCAL),
        (None, None, NOON, "NO GAS METER", LOCAL),
        (Meter(-(1 << 40), today=1 << 40, half_hours=[(n, 1 << 40) for n in LAST_DAY]), gas, NOON, "W" * 25, LOCAL),
    ]


def searches():
    """States of the Searching screen, as arguments of draw."""
    return [
        ("missing", False, None, None, "NO RADIO"),
        ("starting", False, None, None, ""),
        ("joining", False, None, None, "NO HISTORY PARTITION"),
        ("joined", False, None, None, ""),
        ("joined", True, Meter(), Meter(lost=True), ""),
    ]


def gates():
    """States of the Checking screen, as arguments of draw."""
    asking = {"gate": "ASKING THE METER"}
    return [
        (Meter(345, **asking), Meter(**asking), NOON, "", LOCAL),
        (Meter(-2349, gate="FORGETTING"), Meter(gate="TIME NOT KNOWN"), NOON, "NO HISTORY PARTITION", LOCAL),
        (Meter(lost=True, heard=NOON - 3900, gate="NO ANSWER"), None, NOON, "NO NETWORK", LOCAL),
        (None, Meter(gate="FAILS: usage"), NOON, "", LOCAL),
        (Meter(-(1 << 40), gate="W" * 18), Meter(), NOON, "W" * 25, LOCAL),
    ]


def receipts():
    """States of the Fresh start screen, as arguments of draw."""
    return [
        (Receipt(17, 533_098_016), LOCAL),
        (Receipt(0xFFFFFFFF, 0xFFFFFFFE, 20_400, 40, "gas", 1), LOCAL),
        (Receipt(1, None, 1, 0), LOCAL),
    ]


SCREENS = (
    (now, household()),
    (searching, searches()),
    (checking, gates()),
    (fresh_start, receipts()),
    (moved_in, [(1,), (2,)]),
    (factory_reset, [(1,), (2,)]),
)


class Words:
    """A canvas that keeps the words instead of drawing them."""

    def __init__(self):
        self.lines = []
        self.digits = None
        self.values = None

    def text(self, x, y, w, left, right="", face=small, inverse=False):
        assert all(ord(c) in face.CHARS for c in left + right)
        assert len(left + right) * face.WIDTH + face.WIDTH // 4 <= w
        if face is big:
            self.digits = left
        else:
            self.lines += [part for part in (left, right) if part]

    def number(self, x, y, w, digits):
        assert all(ord(c) in big.CHARS for c in digits)
        assert sum(big.WIDTH // 2 if ord(c) in big.NARROW else big.WIDTH for c in digits) <= w
        self.digits = digits

    def bars(self, x, y, w, h, values):
        self.values = list(values)


def words(screen, *state):
    words = Words()
    screen.draw(words, *state)
    return words


def canvas():
    panel = Panel()
    canvas = Canvas(panel)
    canvas.clear()
    return canvas, panel


def test_every_word_of_every_state_fits_and_has_its_glyphs():
    for screen, states in SCREENS:
        for state in states:
            words(screen, *state)  # Words is strict


def test_no_screen_leaves_a_pixel_of_what_it_showed_before():
    for screen, states in SCREENS:
        draw = screen.draw
        alone = []
        for state in states:
            on, panel = canvas()
            draw(on, *state)
            alone.append(bytes(panel.ram))
        assert len(set(alone)) == len(states)
        on, panel = canvas()
        for first in range(len(states)):
            for second in range(len(states)):
                draw(on, *states[first])
                draw(on, *states[second])
                assert panel.ram == alone[second], (first, second)


def test_nothing_is_sent_when_nothing_changed():
    for screen, states in SCREENS:
        for state in states:
            on, panel = canvas()
            screen.draw(on, *state)
            sent = len(panel.shown)
            screen.draw(on, *state)
            assert len(panel.shown) == sent


def test_a_minute_later_only_the_header_is_sent():
    on, panel = canvas()
    electricity, gas, utc, note, _ = household()[0]
    now.draw(on, electricity, gas, utc, note, LOCAL)
    del panel.shown[:]
    now.draw(on, electricity, gas, utc + 60, note, LOCAL)
    assert panel.shown == [(0, 0, 128, 8)]


def test_now_says_power_and_todays_use_with_the_time_of_the_gas_reading():
    said = words(now, *household()[0])
    assert said.digits == "345"
    assert said.lines == [
        "ELECTRICITY",
        "12:00",
        "W",
        "ELEC  8.34 kWh",
        "today",
        "GAS   1.24 m³",
        "at 11:50",
        "last",
        "24 h",
    ]


def test_a_day_that_was_not_seen_to_begin_says_since_when():
    said = words(now, Meter(345, today=1200, since=NOON + 7380), None, NOON + 8000, "", LOCAL)
    assert "ELEC  1.20 kWh" in said.lines and "from 14:03" in said.lines and "today" not in said.lines


def test_export_has_a_minus_and_its_word():
    said = words(now, *household()[1])
    assert said.digits == "-2.34"
    assert "EXPORT" in said.lines and "kW" in said.lines


def test_unknown_power_is_a_dash_and_no_unit():
    said = words(now, *household()[3])
    assert said.digits == "--"
    assert "NO READING" in said.lines and "W" not in said.lines
    assert "ELEC    -- kWh" in said.lines and "GAS     -- m³" in said.lines


def test_lost_meter_is_a_dash_since_when_and_its_bars_remain():
    said = words(now, *household()[4])
    assert said.digits == "--"
    assert "NO ANSWER" in said.lines and "SINCE 10:55" in said.lines
    assert "at 10:55" in said.lines and "today" not in said.lines  # the day's use is as old as that
    assert None not in said.values


def test_meter_lost_for_days_tells_the_hours():
    said = words(now, Meter(lost=True, heard=NOON - 31 * 3600), None, NOON, "", LOCAL)
    assert "FOR 31 H" in said.lines


def test_lost_gas_meter_keeps_its_value_and_says_since_when():
    for heard, text in ((NOON - 3900, "lost 10:55"), (NOON - 31 * 3600, "lost 31 h"), (None, "no answer")):
        said = words(now, None, Meter(lost=True, heard=heard, today=1245), NOON, "", LOCAL)
        assert "GAS   1.24 m³" in said.lines and text in said.lines


def test_bars_are_the_48_complete_half_hours_before_now_and_gaps_stay_gaps():
    half_hours = [(n, n) for n in range(LAST_DAY[0] - 1, LAST_DAY[-1] + 2) if n % 5]
    said = words(now, Meter(5, half_hours=half_hours), None, NOON + 1799, "", LOCAL)
    assert said.values == [n if n % 5 else None for n in LAST_DAY]


def test_a_flash_that_cannot_be_read_costs_the_bars_and_nothing_else():
    electricity, gas, utc, note, _ = household()[0]
    expected = words(now, electricity, gas, utc, note, LOCAL)

    def used(start, end):
        raise OSError(5)

    electricity.used = used
    said = words(now, electricity, gas, utc, note, LOCAL)
    assert said.values == [None] * 48
    assert (said.digits, said.lines) == (expected.digits, expected.lines)


def test_note_hides_neither_number_nor_todays_use_nor_bars():
    electricity, gas, utc, note, _ = household()[2]
    without, said = words(now, electricity, gas, utc, "", LOCAL), words(now, electricity, gas, utc, note, LOCAL)
    assert set(without.lines) - {"last"} | {note} == set(said.lines)
    assert said.digits == without.digits and said.values == without.values


def test_values_of_any_size_fit():
    for power in range(0, 48, 3):
        for value in ((1 << power) - 1, 10**15 >> power):
            for watts in (value, -value):
                meter = Meter(watts, today=value, read_at=value)
                words(now, meter, meter, NOON, "", LOCAL)  # Words is strict about widths
                words(now, Meter(lost=True, heard=value, today=value, read_at=value), meter, NOON, "", LOCAL)


def test_searching_has_a_word_for_each_thing_that_is_looked_for():
    for radio, expected in (
        ("missing", ["not found", "waiting", "waiting", "waiting", "waiting"]),
        ("starting", ["starting", "waiting", "waiting", "waiting", "waiting"]),
        ("joining", ["ready", "joining", "waiting", "waiting", "waiting"]),
        ("joined", ["ready", "joined", "asking", "asking", "asking"]),
    ):
        said = words(searching, radio, False, None, None, "")
        assert said.lines[2::2] == expected
        for name, line in zip(("Radio", "Network", "Time", "Electricity", "Gas"), said.lines[1::2]):
            assert line[2:].split()[0] == name


def test_searching_ticks_only_what_is_there():
    said = words(searching, "joined", True, Meter(), Meter(lost=True), "NO HISTORY PARTITION")
    assert [line[0] for line in said.lines[1:-1:2]] == ["\xac", "\xac", "\xac", "\xac", " "]
    assert said.lines[2:-1:2] == ["ready", "joined", "known", "found", "no answer"]
    assert said.lines[-1] == "NO HISTORY PARTITION"


def test_searching_says_how_to_forget_once_there_is_something_that_remembers():
    hint = "NEXT: I have moved in"
    assert hint in words(searching, "joined", False, Meter(), None, "").lines
    assert hint in words(searching, "joined", False, None, Meter(), "").lines
    assert hint not in words(searching, "joined", False, None, None, "").lines


def test_gas_behind_a_closed_gate_says_checking_and_nothing_else():
    electricity, _, utc, note, _ = household()[0]
    said = words(now, electricity, Meter(today=1245, read_at=NOON - 600, gate="ASKING THE METER"), utc, note, LOCAL)
    at = said.lines.index("GAS")
    assert said.lines[at : at + 3] == ["GAS", "checking", "last"]


def test_a_meter_that_cannot_tell_of_moves_has_a_standing_notice():
    notice = "METER CANNOT TELL MOVES"
    dumb = Meter(345, cannot_tell=True)
    for electricity, gas in ((dumb, None), (None, dumb), (Meter(1), dumb)):
        assert notice in words(now, electricity, gas, NOON, "", LOCAL).lines
    assert notice not in words(now, Meter(1), Meter(), NOON, "", LOCAL).lines


def test_the_standing_notice_takes_turns_with_another_note():
    said = [
        words(now, Meter(345, cannot_tell=True), None, NOON + 60 * n, "NO HISTORY PARTITION", LOCAL) for n in (0, 1)
    ]
    assert "NO HISTORY PARTITION" in said[0].lines and "METER CANNOT TELL MOVES" not in said[0].lines
    assert "NO HISTORY PARTITION" not in said[1].lines and "METER CANNOT TELL MOVES" in said[1].lines


def test_checking_says_the_power_the_time_and_why_and_nothing_that_is_remembered():
    why = {"gate": "ASKING THE METER", "heard": NOON - 3900, "read_at": NOON - 3900, "since": NOON - 7200}
    electricity = Meter(345, today=8349, half_hours=[(n, 5) for n in LAST_DAY], **why)
    said = words(checking, electricity, Meter(today=1), NOON, "", LOCAL)
    assert said.digits == "345" and said.values is None
    assert said.lines == [
        "CHECKING",
        "12:00",
        "W",
        "ELEC",
        "ASKING THE METER",
        "GAS",
        "checked",
        "Past use is not shown.",
        "NEXT: I have moved in",
    ]


def test_checking_without_an_answer_does_not_say_since_when():
    said = words(checking, *gates()[2])
    assert said.digits == "--"
    assert said.lines == ["CHECKING", "12:00"] + [
        "NO ANSWER",
        "ELEC",
        "NO ANSWER",
        "GAS",
        "no meter",
        "NO NETWORK",
        "NEXT: I have moved in",
    ]


def test_fresh_start_says_since_when_what_was_erased_and_the_receipt():
    assert words(fresh_start, *receipts()[0]).lines == [
        "FRESH START",
        "NEW TENANCY",
        "Electricity record since",
        "22 Nov 2016 02:46",
        "Erased",
        "384 half-hours",
        "1 sector",
        "Receipt",
        "17",
        "ANY KEY: go on",
    ]
    said = words(fresh_start, *receipts()[1]).lines
    assert "NEW SUPPLIER" in said and "Gas record since" in said and "7 Feb 2136 06:28" in said
    assert "20400 half-hours" in said and "40 sectors" in said and "4294967295" in said
    said = words(fresh_start, *receipts()[2]).lines
    assert "--" in said and "1 half-hour" in said and "0 sectors" in said


def test_moving_in_and_factory_reset_are_asked_twice_and_the_second_yes_is_another_key():
    for question in (moved_in, factory_reset):
        first, second = words(question, 1).lines, words(question, 2).lines
        assert "SELECT: yes" in first and "NEXT: forget" not in first
        assert "NEXT: forget" in second and "SELECT: yes" not in second
        assert "NEXT: no" in first and "PREV: no" in second


def test_gas_of_a_day_that_was_not_seen_to_begin_says_from_when_too():
    said = words(now, None, Meter(today=1200, read_at=NOON, since=NOON + 7380), NOON + 8000, "", LOCAL)
    assert "GAS   1.20 m³" in said.lines and "from 14:03" in said.lines
