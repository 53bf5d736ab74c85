"""The half-hourly log of the bench's meters, read with bytes written by hand."""

import pytest
import tshark
from by_hand import ESME, GPF, HOME, Board, send

from tools.bench import Bench
from tools.bench.scenario import parse

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
HALF_HOUR = 1800
METERS = {ESME: 21, GPF: 3}
HISTORY = "history_days = 30\n"


def ask(board, meter, earliest, count, sample_id=0, sample_type=0):
    """(start, values) of what GetSampledData brings, or the status that stood for it."""
    wanted = sample_id.to_bytes(2, "little") + earliest.to_bytes(4, "little")
    wanted += bytes([sample_type]) + count.to_bytes(2, "little")
    answer, options = board.ask(send(meter, 1, METERS[meter], 0x0702, "013008" + wanted.hex()))
    assert options == 0x21
    data = bytes.fromhex(answer)
    if data[2] == 0x0B:
        assert data[:4] == bytes.fromhex("18300b08") and len(data) == 5
        return data[4]
    assert data[:5] == bytes.fromhex("0930070000") and data[9] == 0 and data[10:12] == bytes.fromhex("0807")
    assert len(data) == 14 + 3 * data[12] and data[13] == 0
    values = [int.from_bytes(data[at : at + 3], "little") for at in range(14, len(data), 3)]
    return int.from_bytes(data[5:9], "little"), values


def load(board, meter):
    return board.bench.electricity_load if meter == ESME else board.bench.gas_load


def used(board, meter, start, count):
    """What the register moved in each half-hour."""
    registers = [load(board, meter).delivered(start + n * HALF_HOUR) for n in range(count + 1)]
    return [registers[n + 1] - registers[n] for n in range(count)]


@pytest.mark.parametrize("meter", METERS)
def test_samples_are_the_consumption_of_complete_half_hours_in_order(meter):
    board = Board()
    board.until(12 * 60 + 29)
    assert ask(board, meter, MIDNIGHT, 48) == (MIDNIGHT, used(board, meter, MIDNIGHT, 24))
    noon = MIDNIGHT + 12 * 3600
    assert ask(board, meter, noon - 2 * HALF_HOUR, 24) == (
        noon - 2 * HALF_HOUR,
        used(board, meter, noon - 2 * HALF_HOUR, 2),
    )
    assert ask(board, meter, noon, 24) == 0x8B
    board.until(12 * 60 + 30)
    assert ask(board, meter, noon, 24) == (noon, used(board, meter, noon, 1))
    values = ask(board, meter, MIDNIGHT + 6 * 3600, 3)[1]
    assert len(values) == 3 and sum(values) > 0


def test_the_first_half_hour_begins_at_or_after_the_moment_asked_for():
    board = Board()
    board.until(240)
    for earliest, start in ((1, 1), (1799, 1), (1800, 1), (1801, 2), (0, 0)):
        assert ask(board, ESME, MIDNIGHT + earliest, 1)[0] == MIDNIGHT + start * HALF_HOUR


def test_gas_moves_with_the_mirror_s_register():
    board = Board()
    board.until(9 * 60)
    answer, _ = board.ask(send(GPF, 1, 3, 0x0702, "0009000000"))
    register = int.from_bytes(bytes.fromhex(answer[14:26]), "little")
    assert sum(ask(board, GPF, MIDNIGHT, 24)[1]) == register - 6_201_934 > 0


@pytest.mark.parametrize("meter", METERS)
def test_history_goes_back_as_many_days_as_the_scenario_says_and_shifts_nothing(meter):
    board, plain = Board(HISTORY), Board()
    oldest = MIDNIGHT - 30 * 86_400
    assert ask(board, meter, 0, 24) == (oldest, used(board, meter, oldest, 24))
    assert ask(plain, meter, 0, 24) == 0x8B
    for moment in range(MIDNIGHT, MIDNIGHT + 86_400, 601):
        assert load(board, meter).delivered(moment) == load(plain, meter).delivered(moment)
    everything, start = [], oldest
    while start < MIDNIGHT:
        first, values = ask(board, meter, start, 24)
        assert first == start and len(values) == 24
        everything += values
        start += 24 * HALF_HOUR
    assert sum(everything) == load(board, meter).delivered(MIDNIGHT) - load(board, meter).delivered(oldest) > 30_000


def test_another_log_another_kind_and_none_at_all_are_not_found_and_half_a_question_is_malformed():
    board = Board(HISTORY)
    for keys in ({"sample_id": 1}, {"sample_id": 256}, {"sample_type": 1}):
        assert ask(board, ESME, 0, 24, **keys) == 0x8B
    assert ask(board, ESME, 0, 0) == 0x8B
    assert ask(board, ESME, 0xFFFFFFFF, 1) == 0x8B
    assert board.ask(send(ESME, 1, 21, 0x0702, "013008" + "0000000000000018")) == ("18300b" + "0880", 0x21)


def test_a_register_that_did_not_last_for_its_history_is_refused():
    poor = HOME.replace("electricity = 18402611", "electricity = 1000")
    with pytest.raises(ValueError, match="a register of 1000 is less than what 30 days before used"):
        Bench(parse(poor + HISTORY))


def test_samples_are_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "samples.pcap"
    board = Board(HISTORY, capture=path)
    for meter in METERS:
        ask(board, meter, 0, 24)
        ask(board, meter, 0, 24, sample_id=1)
    board.bench.close()
    assert tshark.malformed(path) == 0
    answers = [frame for frame in tshark.frames(path) if frame.get("to_client")]
    assert [frame["command"] for frame in answers] == [0x07, 0x0B] * 2
