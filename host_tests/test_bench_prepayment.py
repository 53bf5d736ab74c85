"""What the bench's meters say of payment, balances and today's cost, in bytes written down by hand."""

import tshark
from by_hand import ESME, GPF, Board, send, step

from tools.bench import cost

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
ENDPOINTS = {ESME: 43, GPF: 9}
TARIFFS = "[tariff.electricity]\nstanding = 54794\nprice = 24500\n[tariff.gas]\nstanding = 31000\nprice = 6200\n"
BALANCES = "010002000300050010001100310011021602170221022602270231023902"


def read(board, meter, attributes):
    """The attribute records that a meter answers with."""
    answer, options = board.ask(send(meter, 1, ENDPOINTS[meter], 0x0705, "002000" + attributes))
    assert answer[:6] == "182001" and options == 0x21
    return answer[6:]


def test_in_credit_mode_there_are_no_balances_and_without_a_tariff_no_cost():
    board = Board()
    for meter in ENDPOINTS:
        assert read(board, meter, "0000") == "000000190000"
        numbers = [BALANCES[n : n + 4] for n in range(0, len(BALANCES), 4)]
        assert read(board, meter, BALANCES) == "".join(number + "86" for number in numbers)
        assert read(board, meter, "020503051c05") == "0205003001" + "030500213a03" + "1c0586"


def test_in_prepayment_mode_every_balance_has_its_type():
    keys = {"balance": -1234567, "emergency": 500000, "status": 0x0B, "debt": 7, "emergency_limit": 1000000}
    keys |= {"emergency_threshold": 200000, "low_credit": 300000, "debt_1": 1, "debt_1_every": 2, "debt_1_recovery": 3}
    keys |= {"debt_2": 4, "debt_2_every": 5, "debt_2_recovery": 6, "debt_3": 8, "debt_3_percent": 2500}
    board = Board(step("prepayment", device="gas", mode="prepayment", **keys))
    board.until(5)
    assert read(board, GPF, "0000" + BALANCES) == (
        ("00000019" + "8300" + "0100002b" + "7929edff" + "0200002b" + "20a10700" + "03000018" + "0b")
        + ("0500002b" + "07000000" + "10000023" + "40420f00" + "11000023" + "400d0300" + "31000023" + "e0930400")
        + ("11020023" + "01000000" + "16020030" + "02" + "17020023" + "03000000")
        + ("21020023" + "04000000" + "26020030" + "05" + "27020023" + "06000000")
        + ("31020023" + "08000000" + "39020021" + "c409")
    )
    assert read(board, ESME, "00000100") == "000000190000" + "010086"
    assert board.told[0].startswith("The gas proxy is in prepayment mode: balance -1234567, emergency 500000,")


def test_a_meter_goes_from_prepayment_to_credit_and_keeps_what_it_knew():
    board = Board(
        step("prepayment", device="electricity", mode="prepayment", balance=5)
        + step("prepayment", at="00:06", device="electricity", mode="credit")
        + step("prepayment", at="00:07", device="electricity", mode="prepayment")
    )
    found = []
    for minute in (5, 6, 7):
        board.until(minute)
        found.append(read(board, ESME, "0100"))
    assert found == ["0100002b05000000", "010086", "0100002b05000000"]


def test_a_balance_may_be_spent_by_what_energy_costs():
    board = Board(TARIFFS + step("prepayment", device="electricity", mode="prepayment", balance=1000, spending=True))
    board.until(300)
    now = board.bench.now // 1000 + MIDNIGHT
    watt_seconds = sum(max(board.bench.electricity_load.rate(utc), 0) for utc in range(MIDNIGHT + 300, now))
    balance = 1000 - watt_seconds * 24500 // 3_600_000
    assert read(board, ESME, "0100") == "0100002b" + balance.to_bytes(4, "little", signed=True).hex() and balance < 0


def test_what_today_has_cost_is_counted_to_the_second_and_of_gas_to_the_half_hour():
    board = Board(TARIFFS)
    board.until(8 * 60 + 40)
    now = board.bench.now // 1000 + MIDNIGHT
    load = board.bench.electricity_load
    watt_seconds = sum(max(load.rate(utc), 0) for utc in range(MIDNIGHT, now))
    money = 54794 + watt_seconds * 24500 // 3_600_000
    assert read(board, ESME, "1c05") == "1c050025" + money.to_bytes(6, "little").hex()
    half_past = MIDNIGHT + 8 * 3600 + 1800
    of_gas = cost.of_day(board.bench.gas_load, board.bench.tariffs["gas"], half_past)
    assert read(board, GPF, "1c05") == "1c050025" + of_gas.to_bytes(6, "little").hex()
    board.until(24 * 60)
    assert read(board, GPF, "1c05") == "1c050025" + (31000).to_bytes(6, "little").hex()


def test_prepayment_is_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "prepayment.pcap"
    board = Board(TARIFFS + step("prepayment", device="electricity", mode="prepayment", balance=-5), capture=path)
    board.until(5)
    read(board, ESME, "0000" + BALANCES + "020503051c05")
    board.bench.close()
    assert tshark.malformed(path) == 0
