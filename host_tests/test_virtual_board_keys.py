"""Keys that end the program's wait: board/esp32/keys.py itself, on the virtual board and on pins made of numbers."""

import io
from pathlib import Path

import pytest
from board_program import BOTH, Peer, folder, need, said
from keys import NAMES, Keys

from ihd.clock import ticks_add
from tools.virtual_board.board import Board
from tools.virtual_board.clocks import RealTime

ROOT = Path(__file__).parent.parent
POLL, POLLIN, POLLOUT = 3, 1, 4

START = """
import pins
from keys import Keys

keys = Keys(pins.keys())
poll.register(keys, select.POLLIN)
buffer = bytearray(100)
"""

# Waits for a minute at most, and tells of every wake what it was.
WATCH = (
    START
    + """
while True:
    found = poll.poll(60000)
    uart.readinto(buffer)
    say(ready=["uart" if each is uart else "keys" for each, _ in found], key=keys.take(time.ticks_ms()))
"""
)


def board(interpreter, tmp_path, program, peer=None, **options):
    """(a Board with `program` and the keys' own module, the list that its events go to)."""
    need(interpreter)
    events = []
    device = [folder(tmp_path, program), ROOT / "board/esp32", ROOT / "firmware"]
    return Board(peer, interpreter=interpreter, device=device, on_event=events.append, **options), events


def wakes(events):
    return [(event["ms"], event["ready"], event["key"]) for event in events if event["event"] == "said"]


@BOTH
def test_a_press_and_its_release_end_the_wait_and_nothing_else_does(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, WATCH)
    it.press("next", at_ms=1234)
    it.press("select", at_ms=70_000, ms=1000)
    with it:
        it.run(140_000)
    assert wakes(events) == [
        (1234, ["keys"], "next"),
        (1434, ["keys"], None),
        (61_434, [], None),
        (70_000, ["keys"], "select"),
        (71_000, ["keys"], None),
        (131_000, [], None),
    ]


@BOTH
def test_keys_and_uart_are_told_apart_and_together(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, WATCH, Peer({500: b"one", 1000: b"two"}))
    it.press("prev", at_ms=1000, ms=50)
    with it:
        it.run(2000)
    assert wakes(events) == [(500, ["uart"], None), (1000, ["uart", "keys"], "prev"), (1050, ["keys"], None)]


@BOTH
def test_bounces_press_nothing_and_two_keys_at_once_are_two_presses(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, WATCH)
    for at, ms in ((1000, 2), (1004, 3), (1010, 400), (1415, 4), (3000, 100)):
        it.press("prev", at_ms=at, ms=ms)
    it.press("prev", at_ms=5000)
    it.press("next", at_ms=5000)
    with it:
        it.run(10_000)
    pressed = [(ms, key) for ms, _, key in wakes(events) if key]
    assert pressed == [(1000, "prev"), (3000, "prev"), (5000, "prev"), (5000, "next")]


@BOTH
def test_what_is_not_taken_is_ready_for_ever(interpreter, tmp_path):
    program = (
        START
        + """
for _ in range(3):
    say(ready=len(poll.poll(1000)))
say(key=keys.take(time.ticks_ms()))
say(ready=len(poll.poll(1000)))
rest()
"""
    )
    it, events = board(interpreter, tmp_path, program)
    it.press("select", at_ms=100, ms=5000)
    with it:
        it.run(3000)
    assert said(events) == [{"ready": 1}] * 3 + [{"key": "select"}, {"ready": 0}]
    assert [event["ms"] for event in events] == [100] * 4 + [1100]


@BOTH
def test_a_change_that_nobody_waited_for_is_found_by_the_next_wait(interpreter, tmp_path):
    program = (
        START
        + """
poll.poll(100)
time.sleep_ms(1000)
say(ready=len(poll.poll(60000)))
say(key=keys.take(time.ticks_ms()))
time.sleep_ms(5000)
say(ready=len(poll.poll(60000)), key=keys.take(time.ticks_ms()))
rest()
"""
    )
    it, events = board(interpreter, tmp_path, program)
    it.press("next", at_ms=600, ms=1000)
    it.press("prev", at_ms=3000, ms=10)  # over before the program looks, as on the real board
    with it:
        it.run(100_000)
    assert said(events) == [{"ready": 1}, {"key": "next"}, {"ready": 1, "key": None}]
    assert [event["ms"] for event in events] == [1100, 1100, 6100]


@BOTH
def test_in_real_time_a_press_reaches_the_waiting_program(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, WATCH, clock=RealTime(10))
    it.press("select", at_ms=2000, ms=500)
    with it:
        it.run(8000)
    (pressed, ready, key), (released, *_) = wakes(events)[:2]
    assert (ready, key) == (["keys"], "select")
    # The program counts from its own first line, which takes a while.
    assert 1000 < pressed < 4000 and pressed < released


def test_both_interpreters_live_the_same_run_with_keys(tmp_path):
    runs = []
    for interpreter in ("micropython", "cpython"):
        it, events = board(interpreter, tmp_path, WATCH, Peer({n * 311: b"%d" % n for n in range(60)}))
        for n in range(40):
            it.press(NAMES[n % 3], at_ms=n * 401, ms=n * 7 + 1)
        with it:
            it.run(20_000)
        runs.append(events)
    assert runs[0] == runs[1] and len(runs[0]) > 100


class Pin:
    def __init__(self, level=1):
        self.level = level

    def value(self):
        return self.level


@pytest.fixture
def three():
    """Keys on three pins, and the pins."""
    pins = [Pin(), Pin(), Pin()]
    return Keys(pins), pins


def test_only_a_question_for_reading_is_answered_and_others_refused(three):
    keys, pins = three
    assert isinstance(keys, io.IOBase)
    assert keys.ioctl(POLL, POLLIN) == 0
    pins[1].level = 0
    assert [keys.ioctl(POLL, events) for events in (POLLIN, POLLIN | POLLOUT, POLLOUT)] == [POLLIN, POLLIN, 0]
    # A close, a flush, a file descriptor: a negative errno is an error for io.IOBase.
    assert {keys.ioctl(request, 0) for request in (1, 4, 10)} == {-22}


def test_a_key_held_at_the_start_is_no_press(three):
    _, pins = three
    pins[2].level = 0
    keys = Keys(pins)
    assert keys.ioctl(POLL, POLLIN) == 0 and keys.take(0) is None
    pins[2].level = 1
    assert keys.ioctl(POLL, POLLIN) and keys.take(100) is None
    pins[2].level = 0
    assert keys.take(200) == "select"


def test_30_ms_are_counted_for_each_key_across_the_wrap_and_after_a_week(three):
    keys, pins = three
    start = ticks_add(0, -10)

    def change(pin, level, ms):
        pins[pin].level = level
        return keys.take(ticks_add(start, ms))

    assert change(0, 0, 0) == "prev"
    assert change(1, 0, 1) == "next"
    assert change(0, 1, 20) is None  # across the wrap
    assert change(0, 0, 49) is None  # 29 ms after its last change
    assert change(0, 1, 79) is None
    assert change(0, 0, 109) == "prev"  # 30 ms after it
    assert change(0, 1, 500) is None
    for days in (7, 6, 13):  # where the difference of two ticks says nothing any more
        assert change(0, 0, days * 86_400_000) == "prev"
        assert change(0, 1, days * 86_400_000 + 100) is None
