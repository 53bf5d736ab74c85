"""The virtual board in lock-step: what a program sees of its devices and of time."""

import hashlib

import pytest
from board_program import BOTH, Peer, board, folder, said

from tools import micropython_vm
from tools.virtual_board.board import BoardDied
from tools.virtual_board.interpreters import NoInterpreter, choose


@BOTH
def test_uart_carries_bytes_both_ways_and_wakes_the_wait(interpreter, tmp_path):
    peer = Peer({1234: b"\x7e\x00\x11\x13", 70_000: b"late"})
    program = """
buffer = bytearray(100)
uart.write(b"first")
while True:
    ready = poll.poll(60000)
    count = uart.readinto(buffer)
    say(ready=len(ready), count=count)
    if count:
        assert ready[0][0] is uart and ready[0][1] == select.POLLIN
        uart.write(memoryview(buffer)[:count])
"""
    it, events = board(interpreter, tmp_path, program, peer)
    with it:
        assert it.run(100_000)
    assert peer.got == [(0, b"first"), (1234, b"\x7e\x00\x11\x13"), (70_000, b"late")]
    assert said(events) == [{"ready": 1, "count": 4}, {"ready": 0, "count": None}, {"ready": 1, "count": 4}]
    assert [event["ms"] for event in events] == [1234, 61_234, 70_000]


@BOTH
def test_receive_buffer_holds_1024_bytes_and_the_rest_is_not_lost(interpreter, tmp_path):
    flood = bytes(range(256)) * 12
    program = """
import hashlib
buffer = bytearray(4000)
counts, whole = [], hashlib.sha256()
while sum(counts) < 3072:
    poll.poll(1000)
    counts.append(uart.readinto(buffer))
    whole.update(memoryview(buffer)[:counts[-1]])
say(counts=counts, sha="".join("%02x" % byte for byte in whole.digest()))
rest()
"""
    it, events = board(interpreter, tmp_path, program, Peer({10: flood}))
    with it:
        it.run(1000)
    assert said(events) == [{"counts": [1024, 1024, 1024], "sha": hashlib.sha256(flood).hexdigest()}]


@BOTH
def test_ticks_wrap_one_minute_after_power_up(interpreter, tmp_path):
    program = """
before = time.ticks_ms()
poll.poll(60000)
after = time.ticks_ms()
time.sleep_ms(5)
say(before=before, after=after, passed=time.ticks_diff(time.ticks_ms(), before), sum=time.ticks_add(before, 60001))
rest()
"""
    it, events = board(interpreter, tmp_path, program)
    with it:
        it.run(100_000)
    assert said(events) == [{"before": 2**30 - 60_000, "after": 0, "passed": 60_005, "sum": 1}]


@BOTH
def test_run_stops_inside_a_wait_and_goes_on_from_there(interpreter, tmp_path):
    program = """
while True:
    poll.poll(700)
    say()
"""
    it, events = board(interpreter, tmp_path, program)
    with it:
        for until in (100, 699, 700, 1500):
            assert it.run(until)
            assert it.clock.ms() == until
    assert [event["ms"] for event in events] == [700, 1400]


@BOTH
def test_keys_pull_their_pins_low_for_as_long_as_they_are_held(interpreter, tmp_path):
    program = """
keys = [Pin(32, Pin.IN, Pin.PULL_UP), Pin(33, Pin.IN, Pin.PULL_UP), Pin(39, Pin.IN)]
while True:
    say(levels=[key.value() for key in keys])
    poll.poll(100)
"""
    it, events = board(interpreter, tmp_path, program)
    it.press("prev", at_ms=100)
    it.press("select", at_ms=200, ms=50)
    with it:
        it.run(250)
        it.press("next")
        it.run(500)
    levels = [what["levels"] for what in said(events)]
    assert levels == [[1, 1, 1], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 1], [1, 1, 1]]


@BOTH
def test_output_pins_are_seen_from_outside_and_input_only_pins_refused(interpreter, tmp_path):
    program = """
reset = Pin(4, Pin.OUT, value=0)
poll.poll(10)
reset.value(1)
try:
    Pin(39, Pin.OUT)
except ValueError:
    say(refused=39, level=reset.value())
rest()
"""
    it, events = board(interpreter, tmp_path, program)
    with it:
        it.run(5)
        assert it.devices.outputs == {4: 0}
        it.run(20)
        assert it.devices.outputs == {4: 1}
    assert said(events) == [{"refused": 39, "level": 1}]


@BOTH
def test_settings_are_in_the_current_directory_of_the_board(interpreter, tmp_path):
    image = tmp_path / "vfs.img"
    program = """
with open("settings.json") as file:
    say(settings=json.load(file))
rest()
"""
    for settings, expected in (({"a": 1}, {"a": 1}), ({"b": "x"}, {"a": 1, "b": "x"}), (None, {"a": 1, "b": "x"})):
        it, events = board(interpreter, tmp_path, program, vfs=image, settings=settings)
        with it:
            it.run(1)
        assert said(events) == [{"settings": expected}]


def test_what_the_program_writes_into_its_file_system_is_there_after_a_power_cut(tmp_path):
    program = """
lives = attempt(lambda: len(open("lives").read()))
with open("lives", "a") as file:
    file.write("x")
say(lives=lives)
rest()
"""
    lives = []
    for _ in range(3):
        it, events = board("micropython", tmp_path, program, vfs=tmp_path / "vfs.img")
        with it:
            it.run(1)
            it.kill()
        lives += [what["lives"] for what in said(events)]
    assert lives == ["OSError 2", 1, 2]


@BOTH
def test_modules_come_from_the_device_folders_and_from_nowhere_else(interpreter, tmp_path):
    program = """
import helper
try:
    import pytest
except ImportError:
    say(answer=helper.answer, name=__name__)
rest()
"""
    it, events = board(interpreter, tmp_path, program)
    (tmp_path / "device" / "helper.py").write_text("answer = 42")
    with it:
        it.run(1)
    assert said(events) == [{"answer": 42, "name": "__main__"}]


def test_heap_limit_is_hard_and_the_stand_ins_are_not_charged(tmp_path):
    program = """
import gc
gc.collect()
used, free = gc.mem_alloc(), gc.mem_free()
say(total=used + free)
say(event="heap", used=used, free=free)
held = []
try:
    while True:
        held.append(bytearray(1000))
except MemoryError:
    count = len(held)
    held = None
    say(held=count)
rest()
"""
    limit = 112 * 1024
    it, events = board("micropython", tmp_path, program)
    with it:
        it.run(1)
    heap = next(event for event in events if event["event"] == "heap")
    total, held = said(events)
    collector = limit * 3 // 128  # its own tables
    assert abs(total["total"] - it.standins - (limit - collector)) < 300
    assert abs(heap["used"] + heap["free"] - (limit - collector)) < 300
    assert 3000 < it.standins < 12_000
    assert 0 < heap["used"] < 6000
    assert 95 <= held["held"] <= 108


def test_a_program_that_holds_200_kilobytes_dies_of_it(tmp_path):
    it, events = board("micropython", tmp_path, "held = bytearray(200000)", on_log=lambda line: None)
    with it, pytest.raises(BoardDied, match="MemoryError") as died:
        it.run(1)
    assert died.value.status == 1
    assert events[-1]["event"] == "error" and "MemoryError" in events[-1]["what"]
    roomy, events = board("micropython", tmp_path, "held = bytearray(200000)\nsay()\nrest()", heap=256 * 1024)
    with roomy:
        assert roomy.run(1)
    assert said(events) == [{}]


@BOTH
def test_boot_event_names_the_process_and_the_interpreter(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, 'say(event="boot", version="1")\nrest()')
    with it:
        it.run(1)
    boot = events[0]
    assert list(boot)[:3] == ["event", "t", "ms"]
    assert boot["interpreter"] == interpreter
    known = interpreter == "micropython"
    assert (boot["heap"], boot["standins"]) == ((114_688, it.standins) if known else (None, None))


@BOTH
def test_an_exception_ends_the_run_with_its_last_line(interpreter, tmp_path):
    lines = []
    program = 'say()\nsys.stdout.write("half a line")\nraise ValueError("no such thing")'
    it, events = board(interpreter, tmp_path, program, on_log=lines.append)
    with it, pytest.raises(BoardDied, match="ValueError: no such thing"):
        it.run()
    assert events[-1]["what"] == "ValueError: no such thing"
    assert "not an event: half a line" in lines
    assert [event["event"] for event in events] == ["said", "error"]


@BOTH
def test_a_program_that_ends_by_itself_ends_the_run(interpreter, tmp_path):
    it, events = board(interpreter, tmp_path, "say()")
    with it:
        assert it.run() is False
    assert said(events) == [{}]


@BOTH
def test_what_is_no_event_goes_to_the_log(interpreter, tmp_path):
    lines = []
    program = 'print("hello")\nsys.stderr.write("to the log\\n")\nprint("[1]")\nsay()\nrest()'
    it, events = board(interpreter, tmp_path, program, on_log=lines.append)
    with it:
        it.run(1)
    assert sorted(lines) == ["not an event: [1]", "not an event: hello", "to the log"]
    assert len(events) == 1


@BOTH
def test_a_program_that_spins_instead_of_waiting_is_found_out(interpreter, tmp_path):
    program = """
end = time.ticks_add(time.ticks_ms(), 10)
while time.ticks_diff(end, time.ticks_ms()) > 0:
    pass
"""
    it, _ = board(interpreter, tmp_path, program)
    with it, pytest.raises(RuntimeError, match="does not wait"):
        it.run()


def test_auto_takes_cpython_where_no_vm_can_be_had_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(micropython_vm, "find", lambda **_: None)
    device = [folder(tmp_path, "rest()")]
    assert choose("auto", device).name == "cpython"
    said = capsys.readouterr().err
    assert "no MicroPython VM here" in said and said.count("\n") == 1
    with pytest.raises(NoInterpreter, match="no MicroPython VM here"):
        choose("micropython", device)


def test_a_64_bit_vm_is_given_twice_the_heap_and_judges_nothing(tmp_path, monkeypatch, capsys):
    wide = ["/nowhere/micropython"]
    monkeypatch.setattr(micropython_vm, "find", lambda bits=None: None if bits == 32 else wide)
    monkeypatch.setattr(micropython_vm, "probe", lambda command: (64, "1.26.0"))
    assert choose("auto", [folder(tmp_path, "rest()")]).name == "micropython"
    assert "heap doubled" in capsys.readouterr().err


def test_folders_without_a_program_are_refused_by_name(tmp_path):
    with pytest.raises(NoInterpreter, match=f"no main.py in {tmp_path}"):
        choose("cpython", [tmp_path])


def test_both_interpreters_live_the_same_run(tmp_path):
    program = """
buffer = bytearray(8)
for turn in range(50):
    poll.poll(turn * 37)
    say(turn=turn, count=uart.readinto(buffer), level=Pin(32).value())
"""
    runs = []
    for interpreter in ("micropython", "cpython", "micropython"):
        it, events = board(interpreter, tmp_path, program, Peer({n * 311: b"%d" % n for n in range(60)}))
        it.press("prev", at_ms=5000, ms=3000)
        with it:
            it.run()
        runs.append(events)
    assert runs[0] == runs[1] == runs[2] and len(runs[0]) == 50
