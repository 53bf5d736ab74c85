"""`make demo`: its story, pictures and files, and that a bad day does not pass for a good one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import by_hand
import pytest
import tshark
from board_program import folder
from by_hand import step
from PIL import Image

from ihd import refused
from tools import demo, micropython_vm
from tools.audit import Audit
from tools.bench import load_scenario
from tools.bench.load import Load
from tools.day import Day
from tools.story import REFUSALS

ROOT = Path(__file__).resolve().parent.parent
NEVER_COMES = '[[expect]]\nwhy = "it makes tea"\nevent = { event = "tea" }\nwithin = 2\n'

TOLD = """
00:00  The display is switched on.
seconds its radio is on the home's network
00:00  The communications hub tells it the time: 00:00, Wednesday 14 January 2026.
00:00  It asks who measures anything, and finds the electricity meter
[screen-1-searching.png]
104 W are in use.
finds the gas meter
00:02  The communications hub asks the display who it is.
00:02  It answers that it is an "IHD"
00:30  The first half-hour is complete:
06:02  The first gas of the day: 220 litres
08:05  The morning is over. Its peak was 3,463 W, at 06:49.
[screen-2-now-morning.png]
08:15  The display shows it at once: 190 W.
10:30  The display refuses a message not encrypted
13:05  The electricity meter goes silent.
[screen-3-now-lost.png]
13:40  After 35 minutes the display hears the electricity meter again.
[screen-4-now-found-again.png]
21:05  The evening is over. Its peak was 3,584 W, at 20:22.
[screen-5-now-evening.png]
[screen-6-at-the-end.png]
last half-hour closes after the end of the day, and so is not in the sums
frames as if decrypted, so APS security is not to be seen in it.
Electricity: 8.97
half-hours from 13:00 and 13:30
Gas: 9.356 cubic metres were used.
1 refused:
radio frames travelled
All 8 things that were expected of the display came about.
""".strip().splitlines()


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """(the finished process, the folder) of a whole day at home."""
    into = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "tools.demo", "--into", str(into)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False), into


def flat(text):
    """A story without its line breaks and margins."""
    return re.sub(r"\n {2,}(?=\S)", " ", text)


def scenario(tmp_path, *steps):
    path = tmp_path / "short.toml"
    path.write_text(by_hand.HOME + "".join(steps))
    return str(path)


def test_a_day_at_home_ends_well_and_the_story_is_what_was_printed(day):
    done, into = day
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WRONG" not in done.stdout and "Traceback" not in done.stderr
    assert (into / "story.txt").read_text() == done.stdout
    assert ("held to 112 KiB" in done.stdout) == bool(micropython_vm.find(bits=32))


def test_story_can_be_read_on_any_terminal(day):
    text = day[0].stdout
    assert text.isascii() and "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= demo.COLUMNS


def test_story_tells_what_happened_in_the_order_in_which_it_happened(day):
    text, at = flat(day[0].stdout), 0
    for phrase in TOLD:
        assert phrase in text[at:], phrase
        at = text.index(phrase, at) + len(phrase)


def test_pictures_are_those_of_the_story_and_no_two_are_alike(day):
    done, into = day
    files = sorted(file.name for file in into.glob("screen-*.png"))
    assert files == re.findall(r"\[(screen-.*?\.png)\]", done.stdout)
    pictures = [Image.open(into / file) for file in files]
    assert {picture.size for picture in pictures} == {(128 * 4 + 32, 64 * 4 + 32)}
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_events_and_history_partition_are_left_behind(day):
    _, into = day
    events = [json.loads(line) for line in (into / "events.jsonl").read_text().splitlines()]
    assert events[0]["event"] == "boot" and all({"event", "t", "ms"} <= event.keys() for event in events)
    assert not [event for event in events if event["event"] == "error"]
    assert (into / "flash.bin").stat().st_size == 524_288


def test_tshark_finds_no_malformed_frame_in_a_day(day):
    tshark.needed()
    done, into = day
    assert tshark.malformed(into / "capture.pcap") == 0
    count = int(re.search(r"([\d,]+) radio frames", done.stdout)[1].replace(",", ""))
    assert count > 15_000


def test_an_expectation_that_is_not_met_ends_with_1_and_says_so(tmp_path, capsys):
    (tmp_path / "screen-9-of-yesterday.png").touch()
    assert demo.main(["--scenario", scenario(tmp_path, NEVER_COMES), "--into", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "WRONG  Expected, but not so: it makes tea" in told.out
    assert "NOT ALL IS WELL: see 1 x WRONG above." in told.out
    assert "Traceback" not in told.err
    assert not list(tmp_path.glob("screen-9*"))


def test_without_a_vm_the_story_is_told_on_cpython_and_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(micropython_vm, "find", lambda **_: None)
    lost = step("lose", at="00:05", device="electricity") + step("find", at="00:12", device="electricity")
    assert demo.main(["--scenario", scenario(tmp_path, lost), "--into", str(tmp_path)]) == 0
    text = flat(capsys.readouterr().out).replace("\n", " ")
    assert "on CPython without a memory limit, as no MicroPython can be had here" in text
    assert "After 7 minutes the display hears the electricity meter again." in text
    assert "Memory:" not in text and "WRONG" not in text


def test_what_cannot_be_played_is_refused_in_one_line(tmp_path, capsys):
    assert demo.main(["--scenario", str(tmp_path / "nowhere.toml"), "--into", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("The demo cannot be played:") and told.err.count("\n") == 1


def test_a_program_that_fails_is_a_sentence_and_not_a_traceback(tmp_path):
    told = []
    program = folder(tmp_path, 'say(event="error", what="no tea", where="pot")\nraise ValueError("no such thing")')
    it = Day(load_scenario(scenario(tmp_path)), tmp_path, lambda text, label: told.append(label + text))
    it.live("cpython", [program])
    it.check()
    assert "WRONG  The display's program has failed: ValueError: no such thing." in told
    assert "WRONG  It reported an error: no tea (pot)." in told
    assert "WRONG  0 readings of the gas register: not one came." in told
    assert len(it.wrong) == len([line for line in told if line.startswith("WRONG")])


def test_readings_and_half_hours_that_the_meter_did_not_have_are_found_out():
    steady = Load(lambda dice, date: [600] * 1440, 1, 0, register=1000)

    def audit(summation, power, half_hour):
        it = Audit(0, {"electricity": steady, "gas": steady})
        for fuel in ("electricity", "gas"):
            fact = {"event": "fact", "fuel": fuel, "t": 1800, "ms": 1_800_050}
            it.event(fact | {"what": "summation", "value": summation})
            it.event(fact | {"what": "half_hour", "value": half_hour})
        it.event(fact | {"fuel": "electricity", "what": "power", "value": power})
        return [right for right, _ in it.findings()]

    assert audit(1300, 600, 300) == [True] * 5
    assert audit(1301, 600, 300) == [True, False, False, True, True]
    assert audit(1300, 601, 300) == [False, True, True, True, True]
    assert audit(1300, 600, 311) == [True, True, True, False, False]
    assert audit(1300, 600, 301) == [True, True, True, True, False]


def test_every_reason_to_refuse_has_its_words():
    assert set(REFUSALS) == set(re.findall(r"^(\w+)  ", refused.__doc__, re.MULTILINE))
