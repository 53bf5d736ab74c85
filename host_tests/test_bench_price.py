"""The prices of the bench's meters, asked for and published, in bytes written down by hand."""

import tshark
from by_hand import ESME, GPF, Board, send, step

from tools.bench import cost
from tools.bench.load import DAY
from tools.bench.tariff import Conversion, Tariff, Windows

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
FLAT = '[tariff.electricity]\nstanding = 54794\nprice = 24500\nlabel = "Basic"\n'
ECONOMY_7 = """
[tariff.electricity]
standing = 54794
windows = [{ from = "00:30", price = 9000 }, { from = "07:30", price = 28000 }]
"""
GAS = "[tariff.gas]\nstanding = 31000\nprice = 6200\n"
ENDPOINTS = {ESME: 43, GPF: 9}
HEAD = {ESME: "91" + ESME + "3f212b01" + "07000109", GPF: "91" + GPF + "8c020901" + "07000109"}


def little(number, size=4):
    return number.to_bytes(size, "little").hex()


def ask(board, meter, payload, wait=200):
    """The payloads of all the frames that a meter answers with; each is APS-secured."""
    status, *answers = board.say(send(meter, 1, ENDPOINTS[meter], 0x0700, payload), wait)
    assert status[:2] == "8b" and all(answer[34:36] == "21" for answer in answers)
    return [answer[36:] for answer in answers]


def price(price, start, minutes, now, event=None, tier="5111", label=""):
    """The fields of a PublishPrice."""
    label = f"{len(label):02x}" + label.encode().hex()
    event = start if event is None else event
    head = "00000000" + label + little(event) + little(now) + "00" + "3a03" + tier
    return head + little(start) + little(minutes, 2) + little(price)


def test_without_a_tariff_nothing_is_found_and_no_attribute_supported():
    board = Board()
    zeros = "00000000" + "00000000" + "00"
    for meter in ENDPOINTS:
        for command, body in ((0, "00"), (1, "0000000000"), (4, zeros), (5, zeros), (6, zeros + "00")):
            assert ask(board, meter, f"0110{command:02x}{body}") == [f"18100b{command:02x}8b"]
        assert ask(board, meter, "002000" + "0103" + "0203" + "1606" + "1706") == [
            "182001" + "010386" + "020386" + "160686" + "170686"
        ]
        assert ask(board, meter, "011000") == ["18100b0080"]


def test_a_flat_price_is_published_with_the_moment_of_the_answer():
    board = Board(FLAT)
    now = MIDNIGHT + 5
    assert ask(board, ESME, "01100000") == ["091000" + price(24500, MIDNIGHT, 0xFFFF, now, label="Basic")]
    assert ask(board, ESME, "0011000103" + "1606" + "1706") == [
        "181101" + "01030023" + little(54794) + "16060021" + "3a03" + "17060018" + "50"
    ]
    assert ask(board, GPF, "01100000") == ["18100b008b"]


def test_windows_of_the_day_are_scheduled_in_frames_of_one_sequence_number():
    board = Board(ECONOMY_7)
    board.until(45)
    now = MIDNIGHT + 2700
    assert ask(board, ESME, "01100000") == ["091000" + price(9000, MIDNIGHT + 1800, 420, now, MIDNIGHT, "5121")]
    half_past_seven = MIDNIGHT + 27_000
    tomorrow = MIDNIGHT + DAY + 1800
    first = "091100" + price(9000, MIDNIGHT + 1800, 420, now, MIDNIGHT, "5121")
    second = "091100" + price(28000, half_past_seven, 1020, now, MIDNIGHT, "5222")
    third = "091100" + price(9000, tomorrow, 420, now, MIDNIGHT, "5121")
    assert ask(board, ESME, "011101" + little(0) + "02") == [first, second]
    assert ask(board, ESME, "011101" + little(0) + "03") == [first, second, third]
    assert ask(board, ESME, "011101" + little(half_past_seven) + "01") == [second]
    assert len(ask(board, ESME, "011101" + little(0) + "00", 1000)) == 5
    board.until(7 * 60 + 30)
    now = half_past_seven
    assert ask(board, ESME, "01100000") == ["091000" + price(28000, half_past_seven, 1020, now, MIDNIGHT, "5222")]


def test_gas_is_converted_and_electricity_is_not():
    board = Board(FLAT + GAS)
    any_time = little(0) + little(0xFFFFFFFF) + "01"
    assert ask(board, GPF, "011004" + any_time) == [
        "091002" + little(MIDNIGHT) + little(MIDNIGHT) + little(102_264) + "50"
    ]
    assert ask(board, GPF, "011005" + any_time) == [
        "091003" + little(MIDNIGHT) + little(MIDNIGHT) + little(395) + "01" + "10"
    ]
    for command in (4, 5):
        assert ask(board, ESME, f"0110{command:02x}" + any_time) == [f"18100b0{command}8b"]
    newer = little(0) + little(MIDNIGHT + 1) + "01"
    assert ask(board, GPF, "011004" + newer) == ["18100b048b"]
    assert ask(board, GPF, "001100" + "0203" + "0303" + "0403" + "0503" + "0603") == [
        "181101"
        + ("02030023" + little(102_264) + "03030018" + "50")
        + ("04030023" + little(395) + "05030030" + "01" + "06030018" + "10")
    ]


def test_information_of_the_tariff_has_label_tiers_and_standing_charge():
    board = Board(ECONOMY_7.replace("standing", 'label = "E7"\nstanding'))
    wanted = little(0) + little(0) + "00" + "00"
    event = little(MIDNIGHT)
    fields = "00000000" + event + event + event + "00" + "02" + b"E7".hex() + "02" + "00" + "00" + "3a03" + "50"
    assert ask(board, ESME, "011006" + wanted) == ["091004" + fields + little(54794) + "ff" + "010000" + "010000"]


def test_a_new_price_is_published_unasked_and_in_force():
    board = Board(FLAT + step("price", device="electricity", price=31000) + step("standing", device="gas", charge=9))
    event = MIDNIGHT + 300
    assert board.until(5) == [HEAD[ESME] + "21" + "090100" + price(31000, event, 0xFFFF, event, label="Basic")]
    assert ask(board, ESME, "01100000") == ["091000" + price(31000, event, 0xFFFF, event, label="Basic")]
    assert ask(board, GPF, "0011000103") == ["181101" + "01030023" + little(9)]
    assert board.told == [
        "The electricity meter has a price of 31000, now.",
        "The gas proxy has a standing charge of 9 a day.",
    ]
    assert [board.bench.tariffs["electricity"].price(event - n) for n in (1, 0)] == [24500, 31000]


def test_a_price_to_come_is_scheduled_and_takes_effect_then():
    board = Board(FLAT + step("price", device="electricity", price=31000, when="00:12", publish=False, event=7))
    assert board.until(5) == []
    event, then = MIDNIGHT + 300, MIDNIGHT + 720
    old = price(24500, MIDNIGHT, 12, event, label="Basic")
    new = price(31000, then, 0xFFFF, event, 7, label="Basic")
    assert ask(board, ESME, "011001" + little(0) + "00") == ["091000" + old, "091000" + new]
    board.until(12)
    assert ask(board, ESME, "01100000") == ["091000" + price(31000, then, 0xFFFF, then, 7, label="Basic")]


def test_windows_may_begin_with_a_step():
    windows = '[[step]]\nat = "00:05"\ndo = "price"\ndevice = "gas"\nclock = "utc"\n'
    windows += 'windows = [{ from = "00:10", price = 5 }, { from = "12:00", price = 6 }]\n'
    board = Board(windows)
    event = MIDNIGHT + 300
    assert board.until(5) == [HEAD[GPF] + "21" + "090100" + price(6, event, 5, event, tier="5222")]
    assert board.told == ["The gas proxy has prices by the time of day, now."]


def test_a_forged_price_is_published_and_the_meter_knows_nothing_of_it():
    for wrong, options in (({"secured": False}, "01"), ({"spoil": "truncated"}, "21")):
        board = Board(FLAT + step("price", device="electricity", price=1, **wrong))
        (frame,) = board.until(5)
        assert frame.startswith(HEAD[ESME] + options + "090100")
        assert board.bench.tariffs["electricity"].price(MIDNIGHT + 400) == 24500
        assert board.told == ["The frame that pretends to be of the electricity meter has a price of 1, now."]


def test_windows_follow_the_wall_clock_or_utc():
    parts = ((1800, 9), (27_000, 28))
    winter, spring = MIDNIGHT, MIDNIGHT + 74 * DAY  # 2026-03-29: clocks go forward at 01:00 UTC
    wall, utc = Tariff([(winter, Windows(parts))]), Tariff([(winter, Windows(parts, local=False))])
    assert wall.changes(winter + 1, winter + DAY) == [(winter + 1800, 9), (winter + 27_000, 28)]
    assert wall.changes(spring, spring + DAY) == [(spring + 1800, 9), (spring + 23_400, 28), (spring + 84_600, 9)]
    assert utc.changes(spring, spring + DAY) == [(spring + 1800, 9), (spring + 27_000, 28)]
    assert wall.price(winter) == 28 and wall.price(winter - 1) is None
    autumn = MIDNIGHT + 284 * DAY  # 2026-10-25: clocks go back at 01:00 UTC
    assert wall.changes(autumn, autumn + DAY) == [(autumn + 27_000, 28)]
    # A window within the hour that is skipped is not reached; one within the hour that comes twice is reached twice.
    hour = Tariff([(winter, Windows(((0, 1), (4500, 2), (6300, 3))))])
    assert hour.changes(spring, spring + 7200) == [(spring, 1), (spring + 3600, 3)]
    assert hour.changes(autumn, autumn + 9000) == [
        (autumn + 900, 2),
        (autumn + 2700, 3),
        (autumn + 3600, 1),
        (autumn + 4500, 2),
        (autumn + 6300, 3),
    ]


def test_every_change_is_where_the_price_changes_and_nowhere_else():
    tariff = Tariff([(MIDNIGHT, 5), (MIDNIGHT + 5000, Windows(((0, 1), (7200, 2), (50_000, 3)))), (MIDNIGHT + DAY, 4)])
    moments = dict(tariff.changes(MIDNIGHT, MIDNIGHT + 2 * DAY))
    held = None
    for utc in range(MIDNIGHT, MIDNIGHT + 2 * DAY, 200):
        held = moments.get(utc, held)
        assert tariff.price(utc) == held
    spans = tariff.spans(MIDNIGHT - 100, MIDNIGHT + DAY + 100)
    assert [price for _, _, price in spans] == [5, 1, 2, 3, 4]
    assert spans[0][0] == MIDNIGHT and spans[-1][1] == MIDNIGHT + DAY + 100


def test_a_day_costs_what_its_minutes_cost():
    board = Board(ECONOMY_7 + GAS)
    tariff, load = board.bench.tariffs["electricity"], board.bench.electricity_load
    end = MIDNIGHT + 20 * 3600
    money = sum(max(load.rate(minute), 0) * 60 * tariff.price(minute) for minute in range(MIDNIGHT, end, 60))
    assert cost.of_day(load, tariff, end) == 54794 + money // 3_600_000 > 100_000
    gas_tariff, gas_load = board.bench.tariffs["gas"], board.bench.gas_load
    litres = sum(gas_load.rate(minute) * 60 for minute in range(MIDNIGHT, end, 60))
    kwh_of_a_million_litres = 1000 * 1.02264 * 39.5 / 3.6
    expected = litres / 3600 / 1e6 * kwh_of_a_million_litres * 6200 + 31000
    assert abs(cost.of_day(gas_load, gas_tariff, end) - expected) <= 1
    assert gas_tariff.conversion == Conversion()


def test_prices_are_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "prices.pcap"
    board = Board(ECONOMY_7 + GAS + step("price", device="gas", price=7000), capture=path)
    board.until(5)
    wanted = little(0) + little(0) + "00"
    for payload in ("01100000", "011101" + little(0) + "02", "011204" + wanted, "011305" + wanted):
        ask(board, GPF, payload)
    ask(board, GPF, "011406" + wanted + "00")
    board.bench.close()
    assert tshark.malformed(path) == 0
    answers = [frame["command"] for frame in tshark.frames(path) if frame.get("to_client")]
    assert answers[:2] == [0x00, 0x00] and answers[-3:] == [0x02, 0x03, 0x04]
