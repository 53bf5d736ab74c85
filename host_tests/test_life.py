"""A life with keys and power cuts: one bench, many boards, and nothing lost but what a power cut takes."""

import by_hand
import pytest
from board_program import folder, need, said
from by_hand import ESME, GPF, step

from tools.bench.scenario import parse
from tools.life import Life

# What comes in has to be read, or every wait is over at once.
WAIT = """
buffer = bytearray(1000)

def wait(ms):
    poll.poll(ms)
    return uart.readinto(buffer)
"""

ALIVE = """
while True:
    say()
    wait(60000)
"""

# Each start takes up where flash says it was cut off: sector 0 counts starts, sector 1 is programmed byte by byte.
REWINDS = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
cell = bytearray(16)

def zeros():
    return sum(1 for byte in cell if not byte)

history.readblocks(0, cell, 0)
starts = zeros()
history.writeblocks(0, b"\\0", starts)
for meter in ("METER", "OTHER"):
    say(event="rewind", phase="begin", meter=meter)
    history.readblocks(1, cell, 0)
    say(starts=starts, found=zeros())
    for n in range(zeros(), 3):
        history.writeblocks(1, b"\\0", n)
        wait(10)
    history.ioctl(6, 1)
    say(event="rewind", phase="done", meter=meter)
while True:
    wait(60000)
""".replace("METER", ESME).replace("OTHER", GPF)


@pytest.fixture
def life(tmp_path):
    """A function that gives (a Life in lock-step on MicroPython, its events, what was told)."""
    need("micropython")
    lives = []

    def make(program, toml="", **options):
        events, told = [], []
        device = [folder(tmp_path, WAIT + program)]
        options = {"interpreter": "micropython", "device": device, "flash": tmp_path / "flash.img"} | options
        lives.append(Life(parse(by_hand.HOME + toml), tell=told.append, on_event=events.append, **options))
        return lives[-1], events, told

    yield make
    for each in lives:
        each.close()


def test_events_are_told_in_the_milliseconds_of_the_scenario_across_a_power_cut(life):
    it, events, told = life(ALIVE, step("cut", at="00:03:30", away="00:02:00"))
    first = it.board
    assert it.run() and it.ms == 900_000 and it.board is not first
    minutes = [event["ms"] / 60_000 for event in events if event["event"] == "said"]
    # Before it joins the module speaks once or twice; those wake the wait.
    whole = [minute for minute in minutes if minute > 1]
    assert max(minute for minute in whole if minute < 4) < 3.5
    assert min(minute for minute in whole if minute > 3.5) == 5.5
    assert minutes[-1] > 14
    assert told == ["The power of the display is cut.", "The display has power again."]
    assert it.board.clock.ms() == 900_000 - 330_000


def test_a_life_may_be_lived_in_pieces_and_ends_with_the_scenario(life):
    it, events, _ = life(ALIVE, step("cut", at="00:02"))
    for until in (0, 30_000, 120_000, 120_001):
        assert it.run(until) and it.ms == until
    assert it.board.clock.ms() == 1
    assert it.run() and it.ms == 900_000
    assert events == sorted(events, key=lambda event: event["ms"])


def test_the_module_loses_its_power_too_and_joins_again(life):
    program = """
while True:
    count = wait(60000)
    if count:
        say(heard="".join("%02x" % byte for byte in buffer[:count]))
"""
    it, events, _ = life(program, step("cut", at="00:05", away="00:00:30"))
    it.run()
    heard = [(event["ms"], event["heard"]) for event in events]
    reset, joined = "7e00028a0075", "7e00028a0273"
    assert heard == [(60, reset), (4000, joined), (330_060, reset), (334_000, joined)]


def test_what_the_bench_does_while_the_power_is_away_is_missed_but_done(life):
    it, events, told = life(
        ALIVE,
        step("cut", at="00:03", away="00:05")
        + step("lose", device="gas", at="00:04")
        + step("press", key="next", at="00:05"),
    )
    it.run()
    assert told == [
        "The power of the display is cut.",
        "The gas proxy goes silent.",
        "The display has power again.",
    ]
    assert not [event for event in events if 180_000 < event["ms"] < 480_000]


def test_keys_are_pressed_when_the_scenario_says_so(life):
    program = """
keys = [Pin(32, Pin.IN, Pin.PULL_UP), Pin(33, Pin.IN, Pin.PULL_UP), Pin(39, Pin.IN)]
while True:
    levels = [key.value() for key in keys]
    if 0 in levels:
        say(levels=levels)
    wait(100)
"""
    it, events, told = life(program, step("press", key="prev", at="00:01") + step("press", key="select", at="00:02"))
    it.run()
    seen = {event["ms"] // 60_000: event["levels"] for event in events}
    assert seen == {1: [0, 1, 1], 2: [1, 1, 0]}
    assert told == ["Somebody presses the key prev.", "Somebody presses the key select."]


@pytest.mark.parametrize("operations", range(1, 5))
def test_power_is_cut_after_each_operation_of_a_rewind_and_only_then(life, operations):
    flash = []
    it, events, _ = life(
        REWINDS,
        step("cut", at="00:00", operations=operations),
        on_flash=lambda operation, offset, length: flash.append((operation, offset, length)),
    )
    it.run(60_000)
    assert it.armed == []
    begins = [event for event in events if event["event"] == "rewind" and event["phase"] == "begin"]
    assert [event["meter"] for event in begins] == [ESME, ESME, GPF]
    found = [what for what in said(events)]
    # Three bytes are programmed, then the sector is erased: the fourth operation leaves nothing to do.
    assert found[1] == {"starts": 1, "found": operations if operations < 4 else 0}
    assert flash[0] == ("program", 0, 1) and flash[1] == ("program", 4096, 1)
    assert flash[1 + operations] == ("program", 1, 1)  # the first after the start that followed
    assert flash[-1] == ("erase", 4096, 4096)
    assert it.operations == 4


def test_an_armed_cut_waits_for_its_meter_and_for_its_number(life):
    it, events, _ = life(REWINDS, step("cut", at="00:00", operations=2, device="gas", away="00:00:10"))
    it.run(60_000)
    begins = [(event["ms"] // 10_000, event["meter"]) for event in events if event.get("phase") == "begin"]
    assert begins == [(0, ESME), (0, GPF), (1, ESME), (1, GPF)]
    assert it.armed == []

    unmet, _, _ = life(REWINDS, step("cut", at="00:01", operations=2))
    unmet.run()
    assert len(unmet.armed) == 1


def test_two_cuts_in_a_row_the_second_inside_the_recovery(life):
    it, events, _ = life(REWINDS, 2 * step("cut", at="00:00", operations=2))
    it.run(60_000)
    assert [what["found"] for what in said(events)] == [0, 2, 0, 0]
    # The second fires at the erase that ends the recovery: one byte, and the sector.
    assert [what["starts"] for what in said(events)] == [0, 1, 2, 2]


def test_settings_are_written_once_and_what_the_board_makes_of_them_stays(life, tmp_path):
    program = """
with open("settings.json") as file:
    say(settings=json.load(file))
with open("settings.json", "w") as file:
    json.dump({"mine": 1}, file)
while True:
    wait(60000)
"""
    it, events, _ = life(program, step("cut", at="00:01"), vfs=tmp_path / "vfs.img", settings={"given": 1})
    it.run(120_000)
    assert said(events) == [{"settings": {"given": 1}}, {"settings": {"mine": 1}}]
    kept_nowhere, events, _ = life(program, step("cut", at="00:01"), settings={"given": 1})
    kept_nowhere.run(120_000)
    assert said(events) == 2 * [{"settings": {"given": 1}}]


def test_a_program_that_ends_by_itself_ends_the_life(life):
    it, events, _ = life("say()")
    assert it.run() is False
    assert said(events) == [{}]
