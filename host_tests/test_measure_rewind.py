"""`make bench` notices a panel that is blank too late, and a step that holds the radio up too long."""

from types import SimpleNamespace

import pytest

from tools.measure_rewind import Watched, tell
from tools.virtual_board.standins import _operations as op

HEARD, SHOWN = SimpleNamespace(operation=op.UART_READ), SimpleNamespace(operation=op.I2C_WRITE, length=1025)
PAGE = SimpleNamespace(operation=op.BLOCK_PROGRAM, unit=op.HISTORY, value=0x1000, length=257)
ERASE = SimpleNamespace(operation=op.BLOCK_ERASE, unit=op.HISTORY, value=0x1000, length=4096)
WAIT = None


def lived(*requests, shows=b"\0"):
    """What was seen of a board that made these requests."""
    devices = SimpleNamespace(answer=lambda request: b"*", listen=lambda ms: None)
    watched = Watched(SimpleNamespace(devices=devices, panel=SimpleNamespace(ram=shows)))
    watched.begin()
    for request in requests:
        devices.listen(0) if request is WAIT else devices.answer(request)
    return watched


def met(watched):
    return tell(watched, [{"slots": 38_856}] * 2)


def test_a_blank_panel_before_the_flash_is_touched_meets_the_goal():
    watched = lived(HEARD, SHOWN, PAGE, WAIT, WAIT, ERASE, WAIT)
    assert watched.blank[0] == 1025 and watched.blank[1] >= 0
    assert [step for step in watched.steps if any(step)] == [[0, 2], [1, 0]]
    assert met(watched)


@pytest.mark.parametrize(
    "requests, shows",
    [
        ((HEARD, PAGE, SHOWN, WAIT), b"\0"),
        ((HEARD, SHOWN, PAGE, WAIT), b"\1"),
        ((SHOWN, HEARD, PAGE, WAIT), b"\0"),
        ((HEARD, SHOWN, ERASE, ERASE, WAIT), b"\0"),
    ],
)
def test_the_flash_before_a_blank_panel_or_two_erases_a_step_are_told(requests, shows, capsys):
    assert not met(lived(*requests, shows=shows))
    assert capsys.readouterr().out.count("NOT MET") == 1
