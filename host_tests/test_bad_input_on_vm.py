"""Half an hour of lies and noise leaves no more in the heap of a genuine MicroPython VM than a quiet one."""

import random

import pytest
from board_program import need
from by_hand import HOME, api
from test_bad_input import lying, mutated

from tools import mpy
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.virtual_board.board import Board

HALF_HOUR = 1_800_000
SLACK = 1024  # octets of heap


class Noisy:
    """The bench at the other end of a bad line that gets good after half an hour; seed None: good from the start."""

    def __init__(self, bench, seed):
        self._bench = bench
        self._dice = random.Random(seed)
        self._lie = lying(self._dice)
        self._until = 0 if seed is None else HALF_HOUR
        self.due, self.board_sent = bench.due, bench.board_sent

    def advance(self, ms):
        data = self._bench.advance(ms)
        if ms >= self._until:
            return data
        dice, data = self._dice, self._lie(data)
        if data and dice.random() < 0.05:
            data = mutated(dice, data)
        if dice.random() < 0.05:
            data += dice.randbytes(dice.randrange(700))
        if dice.random() < 0.05:
            data += api("91" + dice.randbytes(dice.randrange(17, 250)).hex())
        return data


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    """A folder with the firmware as it is on the device."""
    need("micropython")
    folder = tmp_path_factory.mktemp("device")
    mpy.compile_all(folder)
    return folder


def an_hour(device, seed):
    """The events of an hour."""
    events = []
    bench = Bench(parse(HOME.replace('"00:15"', '"02:00"')))
    with Board(Noisy(bench, seed), interpreter="micropython", device=[device], on_event=events.append) as board:
        board.run(2 * HALF_HOUR + 5000)
    return events


@pytest.mark.parametrize("seed", range(3))
def test_bad_input_is_not_kept_in_memory(device, seed):
    quiet, noisy = an_hour(device, None), an_hour(device, seed)
    used = [[event["used"] for event in events if event["event"] == "heap"] for events in (quiet, noisy)]
    assert used[1][-1] <= used[0][-1] + SLACK
    refused = {event["why"]: event["count"] for event in noisy if event["event"] == "refused"}
    assert {"noise", "length", "malformed"} <= set(refused) and sum(refused.values()) > 200
    last = [event for event in noisy if event["event"] == "fact" and event["fuel"] == "electricity"][-1]
    assert last["ms"] > 2 * HALF_HOUR - 15_000
