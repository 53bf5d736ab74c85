"""The display room on a panel that keeps its picture: what is sent, how it looks, and how quantities are worded."""

from fake_panel import I2C, Panel

from ihd.display import canvas as canvases
from ihd.display import dates, units
from ihd.display.canvas import Canvas
from ihd.display.fonts import big, small, unit
from ihd.display.panels.ssd1306 import SSD1306
from ihd.local_clock import LocalClock

MIDNIGHT = 9571 * 86400  # 2026-03-16
NOON = MIDNIGHT + 12 * 3600


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
    assert units.clock(None, LocalClock()) == "--:--"
    assert units.clock(MIDNIGHT, LocalClock()) == "00:00"
    assert units.clock(NOON - 1, LocalClock()) == "11:59"
    assert units.clock(0xFFFFFFFE, LocalClock()) == "06:28"  # the last second that Zigbee UTC can say


def test_date_is_right_on_both_sides_of_every_kind_of_february_and_to_the_last_second():
    for days, text in (
        (0, "1 Jan 2000"),
        (58, "28 Feb 2000"),
        (59, "29 Feb 2000"),
        (60, "1 Mar 2000"),
        (365, "31 Dec 2000"),
        (366, "1 Jan 2001"),
        (366 + 59, "1 Mar 2001"),
        (6170, "22 Nov 2016"),
        (12427, "9 Jan 2034"),  # 2**30 s
        (36218, "28 Feb 2099"),
        (36219, "1 Mar 2099"),
        (36524, "31 Dec 2099"),
        (36583, "28 Feb 2100"),  # and no 29th
        (36584, "1 Mar 2100"),
        (49709, "6 Feb 2136"),
    ):
        assert "%d %s %d" % dates.date(days * 86400 + 43200, LocalClock()) == text, days
    assert dates.date(533_098_016, LocalClock()) == (22, "Nov", 2016)  # the published GB test frame
    assert dates.date(0xFFFFFFFE, LocalClock()) == (7, "Feb", 2136)
    assert dates.date(9677 * 86400 - 3600, LocalClock())[0] == 30  # half past midnight, in summer


def test_moment_is_a_time_of_day_until_that_would_be_ambiguous():
    assert units.moment(NOON - 86399, NOON, LocalClock(), "at %s", "%d h ago") == "at 12:00"
    assert units.moment(NOON - 86400, NOON, LocalClock(), "at %s", "%d h ago") == "24 h ago"
    assert units.moment(0, NOON, LocalClock(), "at %s", "%d h ago") == "999 h ago"
    assert units.moment(NOON + 60, NOON, LocalClock(), "at %s", "%d h ago") == "at 12:01"  # the clock was put back


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


def test_wipe_zeroes_what_was_drawn_in_and_takes_nothing_for_shown_without_the_panel():
    on, panel = canvas()
    on.text(0, 8, 128, "PRIVATE")
    sent = len(panel.shown)
    assert any(canvases._SCRATCH) and any(canvases._GLYPH)
    panel.answers = False
    on.wipe()
    panel.answers = True
    assert not any(canvases._SCRATCH) and not any(canvases._GLYPH) and not on._shown
    assert len(panel.shown) == sent
    on.text(0, 8, 128, "PRIVATE")
    assert len(panel.shown) == sent + 1


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
