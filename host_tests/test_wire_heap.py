"""A rewind, also one that meets a start, leaves room in the heap: it is lived with less than the board has."""

import pytest
from board_program import need
from outsider import SCENARIOS

from tools.bench import load_scenario
from tools.life import Life
from tools.virtual_board.board import HEAP

SPARE = 2 * 1024


@pytest.mark.parametrize("name", ["T01", "T04", "T30"])
def test_a_rewind_leaves_two_kilobytes_of_the_heap_unused(name, tmp_path):
    need("micropython")
    events = []
    parts = {"flash": tmp_path / "flash.img", "interpreter": "micropython", "heap": HEAP - SPARE}
    with Life(load_scenario(SCENARIOS / f"{name}.toml"), on_event=events.append, **parts) as life:
        assert life.run()
    assert [event["verified"] for event in events if event["event"] == "receipt"] == [True]
