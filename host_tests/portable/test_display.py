"""The display room on a panel that keeps its picture: what is sent, what it shows, and what the words say."""

from fake_panel import I2C, Meter, Panel

from ihd.display import units
from ihd.display.canvas import Canvas
from ihd.display.fonts import big, small, unit
from ihd.display.panels.ssd1306 import SSD1306
from ihd.display.screens import now, searching

MIDNIGHT = 9571 * 86400  # 2026-03-16
NOON = MIDNIGHT + 12 * 3600
LAST_DAY = range(NOON // 1800 - 48, NOON // 1800)


def canvas():
    panel = Panel()
    canvas = Canvas(panel)
    canvas.clear()
    return canvas, panel


def raises_os_error(function, *arguments):
    try:
        function(*arguments)
    except OSError:
        return True
    return False


def household():
    """Every kind of state of the Now screen, as arguments of draw."""
    busy = [(n, 100 + n * 37 % 400) for n in LAST_DAY]
    gas = Meter(today=1245, read_at=NOON - 600)
    return [
        (Meter(345, today=8349, half_hours=busy), gas, NOON, ""),
        (Meter(-2349, today=8349, half_hours=busy[9:]), gas, NOON, ""),
        (Meter(2349, today=8349, half_hours=busy), gas, NOON + 60, "NO HISTORY PARTITION"),
        (Meter(None, half_hours=busy[:20]), Meter(), NOON, ""),
        (Meter(None, lost=True, heard=NOON - 3900, today=7777, read_at=NOON - 3900, half_hours=busy), None, NOON, ""),
        (Meter(None, lost=True), Meter(today=1, read_at=NOON - 90000, lost=True), NOON, "NO HISTORY PARTITION"),
        (None, None, NOON, "NO GAS METER"),
        (Meter(-(1 << 40), today=1 << 40, half_hours=[(n, 1 << 40) for n in LAST_DAY]), gas, NOON, "W" * 25),
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


def test_every_face_has_as_many_glyphs_as_characters_and_a_pound_sign():
    for face in (small, big, unit):
        size = face.WIDTH * face.HEIGHT // 8
        assert len(face.GLYPHS) == len(face.CHARS) * size
        pound = face.CHARS.find(b"\xa3") * size
        assert pound >= 0 and any(face.GLYPHS[pound : pound + size])


def test_power_is_watts_below_a_kilowatt_and_kilowatts_above():
    for watts, text in (
        (None, ("--", "")),
        (0, ("0", "W")),
        (-1, ("-1", "W")),
        (345, ("345", "W")),
        (999, ("999", "W")),
        (1000, ("1.00", "kW")),
        (2345, ("2.34", "kW")),
        (-2345, ("-2.34", "kW")),
        (9999, ("9.99", "kW")),
        (10000, ("10.0", "kW")),
        (123456, ("123.4", "kW")),
        (-999999, ("-999.9", "kW")),
        (1000000, ("1000", "kW")),
        (9999999, ("9999", "kW")),
        (10000000, ("9999+", "kW")),
        (-(1 << 47), ("-9999+", "kW")),
    ):
        assert units.power(watts) == text, watts


def test_energy_and_volume_have_two_decimals_that_are_never_rounded_up():
    for value, text in (
        (None, "--"),
        (-1, "--"),
        (0, "0.00"),
        (9, "0.00"),
        (10, "0.01"),
        (999, "0.99"),
        (1245, "1.24"),
        (8349, "8.34"),
        (999999, "999.99"),
        (1000000, "1000.0"),
        (9999999, "9999.9"),
        (10000000, "9999+"),
    ):
        assert units.energy(value) == text
        assert units.volume(value) == text


def test_clock_is_hours_and_minutes_of_utc():
    assert units.clock(None) == "--:--"
    assert units.clock(MIDNIGHT) == "00:00"
    assert units.clock(NOON - 1) == "11:59"
    assert units.clock(0xFFFFFFFE) == "06:28"  # the last second that Zigbee UTC can say


def test_moment_is_a_time_of_day_until_that_would_be_ambiguous():
    assert units.moment(NOON - 86399, NOON, "at %s", "%d h ago") == "at 12:00"
    assert units.moment(NOON - 86400, NOON, "at %s", "%d h ago") == "24 h ago"
    assert units.moment(0, NOON, "at %s", "%d h ago") == "999 h ago"
    assert units.moment(NOON + 60, NOON, "at %s", "%d h ago") == "at 12:01"  # the clock was put back


def test_text_is_sent_once_and_again_only_when_it_changes():
    on, panel = canvas()
    on.text(0, 8, 50, "TODAY")
    on.text(0, 8, 50, "TODAY")
    assert panel.shown == [(0, 8, 50, 8)]
    on.text(0, 8, 50, "TODAY", inverse=True)
    on.text(0, 8, 50, "TODAY", "1", inverse=True)
    assert len(panel.shown) == 3


def test_text_on_a_bus_that_failed_is_not_remembered_as_shown():
    on, panel = canvas()
    on.text(0, 8, 50, "OLD")
    panel.answers = False
    assert raises_os_error(on.text, 0, 8, 50, "NEW")
    panel.answers = True
    on.text(0, 8, 50, "OLD")  # half of NEW may stand there
    on.text(0, 8, 50, "NEW")
    assert len(panel.shown) == 3


def test_clear_forgets_even_when_the_panel_does_not_answer():
    on, panel = canvas()
    on.number(0, 8, 64, "1.5")
    assert any(panel.ram)
    panel.answers = False
    assert raises_os_error(on.clear)
    panel.answers = True
    on.clear()
    assert not any(panel.ram)
    on.number(0, 8, 64, "1.5")
    assert any(panel.ram)


def test_widget_that_was_drawn_over_is_sent_again():
    on, panel = canvas()
    on.text(0, 8, 50, "UNDER")
    on.text(50, 8, 50, "BESIDE")
    under = bytes(panel.ram)
    on.number(40, 0, 10, "1")
    on.text(50, 8, 50, "BESIDE")
    assert len(panel.shown) == 3
    on.text(0, 8, 50, "UNDER")
    assert panel.ram[128:256] == under[128:256]


def test_inverse_text_is_the_negative_of_plain_text():
    on, panel = canvas()
    on.text(0, 8, 128, "LEFT", "14:37")
    plain = bytes(panel.ram[128:256])
    on.text(0, 8, 128, "LEFT", "14:37", inverse=True)
    assert bytes(byte ^ 0xFF for byte in plain) == panel.ram[128:256]


def test_left_text_gives_way_to_right_text():
    on, panel = canvas()
    on.text(0, 8, 51, "ABCDEFGHIJ", "12.34")
    cut = bytes(panel.ram)
    on.text(0, 8, 51, "ABCDE", "12.34")
    assert panel.ram == cut


def test_character_without_a_glyph_does_not_stop_the_line():
    on, panel = canvas()
    on.text(0, 8, 50, "A\u20acB")
    other = bytes(panel.ram)
    on.text(0, 8, 50, "A B")
    assert panel.ram == other


def test_gap_is_empty_zero_is_a_line_and_the_least_use_stands_above_it():
    on, panel = canvas()
    on.bars(0, 48, 8, 16, [None, 0, 1, 100000])
    heights = [sum(panel.lit(x, y) for y in range(48, 64)) for x in range(8)]
    assert heights == [0, 0, 1, 1, 2, 1, 14, 1]
    assert all(panel.lit(x, 63) for x in range(2, 8))


def test_now_leaves_no_pixel_of_what_it_showed_before():
    for draw, states in ((now.draw, household()), (searching.draw, searches())):
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
    for draw, states in ((now.draw, household()), (searching.draw, searches())):
        for state in states:
            on, panel = canvas()
            draw(on, *state)
            sent = len(panel.shown)
            draw(on, *state)
            assert len(panel.shown) == sent


def test_a_minute_later_only_the_header_is_sent():
    on, panel = canvas()
    electricity, gas, utc, note = household()[0]
    now.draw(on, electricity, gas, utc, note)
    del panel.shown[:]
    now.draw(on, electricity, gas, utc + 60, note)
    assert panel.shown == [(0, 0, 128, 8)]


def test_now_says_power_and_todays_use_with_the_time_of_the_gas_reading():
    said = words(now, *household()[0])
    assert said.digits == "345"
    assert said.lines == [
        "ELECTRICITY",
        "12:00 UTC",
        "W",
        "ELEC   8.34 kWh",
        "today",
        "GAS    1.24 m³",
        "at 11:50",
        "last",
        "24 h",
    ]


def test_a_day_that_was_not_seen_to_begin_says_since_when():
    said = words(now, Meter(345, today=1200, since=NOON + 7380), None, NOON + 8000, "")
    assert "ELEC   1.20 kWh" in said.lines and "from 14:03" in said.lines and "today" not in said.lines


def test_export_has_a_minus_and_its_word():
    said = words(now, *household()[1])
    assert said.digits == "-2.34"
    assert "EXPORT" in said.lines and "kW" in said.lines


def test_unknown_power_is_a_dash_and_no_unit():
    said = words(now, *household()[3])
    assert said.digits == "--"
    assert "NO READING" in said.lines and "W" not in said.lines
    assert "ELEC     -- kWh" in said.lines and "GAS      -- m³" in said.lines


def test_lost_meter_is_a_dash_since_when_and_its_bars_remain():
    said = words(now, *household()[4])
    assert said.digits == "--"
    assert "NO ANSWER" in said.lines and "SINCE 10:55" in said.lines
    assert "at 10:55" in said.lines and "today" not in said.lines  # the day's use is as old as that
    assert None not in said.values


def test_meter_lost_for_days_tells_the_hours():
    said = words(now, Meter(lost=True, heard=NOON - 31 * 3600), None, NOON, "")
    assert "FOR 31 H" in said.lines


def test_lost_gas_meter_keeps_its_value_and_says_since_when():
    for heard, text in ((NOON - 3900, "lost 10:55"), (NOON - 31 * 3600, "lost 31 h"), (None, "no answer")):
        said = words(now, None, Meter(lost=True, heard=heard, today=1245), NOON, "")
        assert "GAS    1.24 m³" in said.lines and text in said.lines


def test_bars_are_the_48_complete_half_hours_before_now_and_gaps_stay_gaps():
    half_hours = [(n, n) for n in range(LAST_DAY[0] - 1, LAST_DAY[-1] + 2) if n % 5]
    said = words(now, Meter(5, half_hours=half_hours), None, NOON + 1799, "")
    assert said.values == [n if n % 5 else None for n in LAST_DAY]


def test_note_hides_neither_number_nor_todays_use_nor_bars():
    electricity, gas, utc, note = household()[2]
    without, said = words(now, electricity, gas, utc, ""), words(now, electricity, gas, utc, note)
    assert set(without.lines) - {"last"} | {note} == set(said.lines)
    assert said.digits == without.digits and said.values == without.values


def test_values_of_any_size_fit():
    for power in range(0, 48, 3):
        for value in ((1 << power) - 1, 10**15 >> power):
            for watts in (value, -value):
                meter = Meter(watts, today=value, read_at=value)
                words(now, meter, meter, NOON, "")  # Words is strict about widths
                words(now, Meter(lost=True, heard=value, today=value, read_at=value), meter, NOON, "")


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


def test_show_sets_the_window_then_sends_the_data_in_one_transaction():
    bus = I2C(0x3C)
    SSD1306(bus).show(96, 16, 32, 16, bytes(range(64)))
    assert bus.transactions == [
        b"\x00\x21\x60\x7f\x22\x02\x03",  # columns 96 to 127, pages 2 and 3
        b"\x40" + bytes(range(64)),
    ]


def test_start_blanks_the_whole_ram_between_display_off_and_display_on():
    bus = I2C(0x3D)
    SSD1306(bus, 0x3D).start()
    first, second, last = bus.transactions[0], bus.transactions[1], bus.transactions[-1]
    assert first == b"\x00\xae"
    assert b"\x20\x00" in second and b"\x8d\x14" in second and b"\xaf" not in second
    assert last == b"\x00\xaf"
    blanking = bus.transactions[2:-1]
    assert blanking[0::2] == [bytes((0, 0x21, 0, 127, 0x22, page, page)) for page in range(8)]
    assert blanking[1::2] == [b"\x40" + bytes(128)] * 8


def test_refresh_sets_up_and_switches_on_without_touching_the_ram():
    bus = I2C(0x3D)
    panel = SSD1306(bus, 0x3D)
    panel.start()
    started = list(bus.transactions)
    panel.refresh()
    assert bus.transactions[len(started) :] == [started[1], started[-1]]


def test_panel_that_does_not_answer_raises_os_error():
    panel = SSD1306(I2C(0x3C), 0x3D)
    assert raises_os_error(panel.start)
    assert raises_os_error(panel.blank)
    assert raises_os_error(panel.show, 0, 0, 8, 8, bytes(8))
