"""The model of the SSD1306, byte by byte as on its bus, and the picture that comes of it."""

import pytest
from board_program import BOTH, board, said
from PIL import Image

from tools.virtual_board.panel import ADDRESS, SSD1306

ON = (0x8D, 0x14, 0xA1, 0xC8, 0xAF)  # charge pump, upright, on
HORIZONTAL, VERTICAL, PAGE = (0x20, 0x00), (0x20, 0x01), (0x20, 0x02)


def panel(*commands):
    """A panel with its RAM blanked, lit, after `commands`."""
    it = SSD1306()
    send(it, *HORIZONTAL, *ON)
    data(it, bytes(1024))
    send(it, *commands)
    return it


def send(it, *commands):
    assert it.write(ADDRESS, bytes((0x00, *commands)))


def data(it, octets):
    assert it.write(ADDRESS, b"\x40" + octets)


def lit(it):
    """The dots that are on."""
    picture = it.picture()
    assert picture.mode == "1" and picture.size == (128, 64)
    return {(x, y) for x in range(128) for y in range(64) if picture.getpixel((x, y))}


def columns(x, y, *octets):
    """The dots of MONO_VLSB bytes at x and the page's first row y."""
    return {(x + i, y + bit) for i, octet in enumerate(octets) for bit in range(8) if octet >> bit & 1}


def test_power_up_is_dark_and_its_ram_is_noise():
    it = SSD1306(seed=1)
    assert lit(it) == set()
    send(it, *ON)
    assert 3500 < len(lit(it)) < 4700
    assert it.picture().tobytes() != SSD1306(seed=2).picture().tobytes()
    assert it.faults == []


@pytest.mark.parametrize("missing", [(0x8D, 0x14), (0xAF,)])
def test_without_charge_pump_or_switch_it_stays_dark(missing):
    it = SSD1306()
    for command in ((0x8D, 0x14), (0xAF,)):
        if command != missing:
            send(it, *command)
    assert lit(it) == set()


def test_data_stays_inside_the_address_window():
    it = panel(0x21, 40, 43, 0x22, 3, 4)
    data(it, bytes((0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80)))
    expected = columns(40, 24, 0x01, 0x02, 0x04, 0x08) | columns(40, 32, 0x10, 0x20, 0x40, 0x80)
    assert lit(it) == expected
    data(it, b"\xff")  # full: it goes on at the window's start, not behind it
    assert lit(it) == expected - columns(40, 24, 0x01) | columns(40, 24, 0xFF)


def test_vertical_addressing_fills_the_window_by_columns():
    it = panel(*VERTICAL, 0x21, 5, 6, 0x22, 6, 7)
    data(it, bytes((1, 2, 4, 8)))
    assert lit(it) == columns(5, 48, 1, 4) | columns(5, 56, 2, 8)


def test_page_addressing_wraps_in_its_page():
    it = panel(*PAGE, 0xB2, 0x0E, 0x17)
    data(it, bytes((1, 2, 4)))
    assert lit(it) == columns(126, 16, 1, 2) | columns(0, 16, 4)


def test_window_holds_for_a_picture_sent_byte_by_byte():
    it = panel()
    for command in (0x21, 10, 11, 0x22, 0, 0):  # each in a transfer of its own, as many drivers do
        assert it.write(ADDRESS, bytes((0x80, command)))
    for octet in (0x0F, 0xF0):
        data(it, bytes((octet,)))
    assert lit(it) == columns(10, 0, 0x0F, 0xF0)
    assert it.faults == []


def test_control_bytes_may_mix_commands_and_data_in_one_transfer():
    it = panel()
    mixed = (0x80, 0x21, 0x80, 7, 0x80, 7, 0x80, 0x22, 0x80, 1, 0x80, 1, 0xC0, 0x81, 0x80, 0xA6, 0x40, 0x18)
    assert it.write(ADDRESS, bytes(mixed))
    assert lit(it) == columns(7, 8, 0x18)


def test_orientation_is_upright_only_with_both_turned():
    def corner(*commands):
        it = SSD1306()
        send(it, *HORIZONTAL, *ON, *commands)
        data(it, b"\x01" + bytes(1023))
        return lit(it)

    assert corner() == {(0, 0)}
    assert corner(0xA0) == {(127, 0)}
    assert corner(0xC0) == {(0, 63)}
    assert corner(0xA0, 0xC0) == {(127, 63)}


def test_turning_segments_leaves_what_is_stored():
    it = panel()
    data(it, b"\x01" + bytes(1023))
    send(it, 0xA0)
    assert lit(it) == {(0, 0)}


def test_start_line_offset_and_ratio_move_what_is_shown_and_not_what_is_stored():
    it = panel(0x21, 0, 0)
    data(it, b"\x01" + bytes(7))
    assert lit(it) == {(0, 0)}
    send(it, 0x40 | 8)
    assert lit(it) == {(0, 56)}
    send(it, 0x40, 0xD3, 8)
    assert lit(it) == {(0, 56)}
    send(it, 0xD3, 0, 0xA8, 31)
    assert lit(it) == {(0, 32)}
    send(it, 0xA8, 63)
    assert lit(it) == {(0, 0)}


def test_inverse_all_on_and_contrast():
    it = panel()
    assert len(lit(it)) == 0
    send(it, 0xA7)
    assert len(lit(it)) == 8192
    send(it, 0xA6, 0xA5)
    assert len(lit(it)) == 8192
    send(it, 0xA4, 0x81, 0x10)
    assert len(lit(it)) == 0
    assert it.contrast == 0x10
    assert it.faults == []


@pytest.mark.parametrize(
    "commands, fault",
    [
        ((0xFF,), "unknown command 0xff"),
        ((0x21, 5, 128), "window 0x21 from 5 to 128"),
        ((0x22, 4, 3), "window 0x22 from 4 to 3"),
        ((*PAGE, 0x21, 0, 127), "0x21 in page addressing"),
        ((0xB0,), "0xb0 outside page addressing"),
        ((0x20, 3), "addressing mode 3"),
        ((0xA8, 3), "multiplex ratio 4"),
        ((0xDA, 0x02), "COM pins 0x02: this glass alternates (0x12)"),
        ((0x2F,), "scrolling is not modelled"),
    ],
)
def test_what_no_driver_should_send_is_a_fault(commands, fault):
    assert panel(*commands, *commands).faults == [fault]


def test_every_parameter_is_swallowed_with_its_command():
    scrolls = ((0x26, 0, 0, 0, 7, 0, 0xFF), (0x27, 0, 0, 0, 7, 0, 0xFF), (0x29, 0, 0, 0, 7, 1), (0x2A, 0, 0, 0, 7, 1))
    settings = ((0xA3, 0, 64), (0xD5, 0x80), (0xD9, 0xF1), (0xDA, 0x12), (0xDB, 0x40), (0x2E,), (0xE3,), (0xA8, 63))
    it = panel()
    for command in (*scrolls, *settings):
        send(it, *command)
        send(it, 0xA7, 0xA6)  # would be swallowed if a parameter were missing
    assert it.faults == [] and lit(it) == set()


def test_data_in_the_middle_of_a_command_is_a_fault():
    it = panel(0x21, 3)
    data(it, b"\x00")
    assert it.faults == ["data while command 0x21 waits for parameters"]


def test_other_addresses_and_an_unplugged_panel_do_not_answer():
    it = panel(0xA7)
    assert not it.write(ADDRESS + 1, b"\x00\xaf")
    it.unplug()
    assert not it.write(ADDRESS, b"\x00\xaf")
    assert lit(it) == set()
    it.plug()
    assert lit(it) == set()  # it comes back as after power-up


@BOTH
def test_the_picture_file_and_callback_follow_what_the_program_draws(interpreter, tmp_path):
    png = tmp_path / "panel.png"
    program = """
i2c.writeto(0x3C, bytes((0x00, 0x20, 0x00, 0x8D, 0x14, 0xA1, 0xC8, 0xAF)))
i2c.writevto(0x3C, (b"\\x40", bytes(1024)))
poll.poll(10)
for x in (8, 16):
    i2c.writeto(0x3C, bytes((0x00, 0x21, x, x + 7, 0x22, 2, 2)))
    i2c.writevto(0x3C, (b"\\x40", b"\\xff" * 8))
poll.poll(10)
i2c.writeto(0x3C, b"\\x00\\xA6")
poll.poll(10)
rest()
"""
    pictures = []
    it, events = board(interpreter, tmp_path, program, screen=png, on_picture=pictures.append)
    with it:
        it.start()
        assert Image.open(png).getbbox() is None
        it.run(100)
        shown = Image.open(png)
        assert shown.size == (128, 64) and shown.tobytes() == it.picture().tobytes()
    assert shown.getbbox() == (8, 16, 24, 24)
    # dark, dark when blanked is no change, both squares at once, and nothing for a command that changes nothing
    assert [picture.getbbox() for picture in pictures] == [None, (8, 16, 24, 24)]
    assert [file.name for file in tmp_path.glob("*png*")] == ["panel.png"]
    assert events == []


@BOTH
def test_a_bus_without_panel_raises_enodev_until_it_is_plugged(interpreter, tmp_path):
    program = """
while True:
    say(result=attempt(i2c.writeto, 0x3C, b"\\x00\\xAF") or 0, other=attempt(i2c.writevto, 0x3D, (b"\\x00", b"\\xAF")))
    poll.poll(10)
"""
    it, events = board(interpreter, tmp_path, program)
    it.panel.unplug()
    with it:
        it.run(5)
        it.panel.plug()
        it.run(15)
    assert said(events) == [{"result": "OSError 19", "other": "OSError 19"}, {"result": 2, "other": "OSError 19"}]


@BOTH
def test_a_fault_of_the_driver_is_an_error_event_once(interpreter, tmp_path):
    program = 'i2c.writeto(0x3C, b"\\x00\\xFF")\ni2c.writeto(0x3C, b"\\x00\\xFF\\xFE")\nrest()'
    it, events = board(interpreter, tmp_path, program)
    with it:
        it.run(1)
    assert [(event["event"], event["what"], event["where"]) for event in events] == [
        ("error", "unknown command 0xff", "panel"),
        ("error", "unknown command 0xfe", "panel"),
    ]
