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
from tools import demo, erase_proof, image, micropython_vm
from tools.audit import Audit
from tools.bench import load_scenario
from tools.bench.load import Load
from tools.chip import Chip
from tools.day import Day
from tools.moving import Moving
from tools.story import REFUSALS

ROOT = Path(__file__).resolve().parent.parent
NEVER_COMES = '[[expect]]\nwhy = "it makes tea"\nevent = { event = "tea" }\nwithin = 2\n'

TOLD = """
Wednesday 14 January 2026
00:00  The display is switched on.
seconds its radio is on the home's network
00:00  The communications hub tells it the time: 00:00, Wednesday 14 January 2026.
00:00  It asks who measures anything, and finds the electricity meter
[screen-1-searching.png]
00:00  It asks the electricity meter whether the people have changed: nothing is left to be forgotten.
finds the gas meter
104 W are in use.
00:01  It has read back from the meters' own logs what half-hours it lacked: 960 of electricity and 960 of gas.
00:02  The communications hub asks the display who it is.
00:02  It answers that it is an "IHD"
00:30  The first half-hour is complete:
06:02  The first gas of the day: 220 litres
08:05  The morning is over. Its peak was 3,463 W, at 06:49.
[screen-2-now-morning.png]
21:05  The evening is over. Its peak was 3,584 W, at 20:22.
[screen-3-now-evening.png]
Thursday 15 January 2026
08:30  The display refuses a message not encrypted
Friday 16 January 2026
08:00  Moving day: the family leaves, other people move in.
11:15  The gas supplier has entered the end of the old tenancy: this morning, 08:10.
11:15  The gas proxy publishes a change of tenancy, at 2026-01-16 08:10:00 UTC.
11:15  The display closes the gate: it shows and tells nothing any more that it remembers of gas.
[screen-4-now-before-gas.png]
its chip is copied, for the proof at the end: flash-before.bin.
11:15  It forgets all gas use from before 08:10 on 16 January, and the half-hour in which that falls.
[screen-5-gate-closed-gas.png]
11:15  The power of the display is cut.
11:17  The display has power again.
11:17  The power went in the middle of forgetting, after 20 operations on the chip: the process of the display was
11:17  It starts again. It knows its meters
11:17  First of all it finishes what it had begun, with the panel dark: it forgets all gas use from before 08:10
11:17  That is done, and until now nothing was drawn.
(numbers count all records of its journal):
gas, change of tenancy, nothing from before 08:10 on 16 January (the floor), 1 sector of the chip erased, 653 half-hours
verified: yes, resumed: yes, and it counts only what was left to do.
11:17  Once more its radio is on the home's network
whether the people have changed: nothing is left to be forgotten.
[screen-6-fresh-start-gas.png]
11:27  The panel shows the present again, and of gas nothing from before the change. [screen-7-now-after-gas.png]
11:33  It has read back from the meters' own logs what half-hours it lacked: 1 of electricity.
11:48  It has read back from the meters' own logs what half-hours it lacked: 1 of gas.
12:10  The electricity meter publishes a change of tenancy, at 2026-01-16 12:40:00 UTC.
12:10  The display writes down where no power cut can reach it: all electricity use of before 12:40 on 16 January
12:40  The display closes the gate: it shows and tells nothing any more that it remembers of electricity.
[screen-8-now-before-electricity.png]
12:40  It forgets all electricity use from before 12:40 on 16 January
[screen-9-gate-closed-electricity.png]
electricity, change of tenancy, nothing from before 12:40 on 16 January (the floor), 1 sector of the chip erased, 1,081
verified: yes, resumed: no.
12:40  The gate of electricity opens again, on a record that has just begun.
[screen-10-fresh-start-electricity.png]
[screen-11-now-after-electricity.png]
21:05  The evening is over. Its peak was 3,335 W, at 19:01.
[screen-12-at-the-end.png]
last half-hour closes after the end, and so is not in the sums
frames as if decrypted, so APS security is not to be seen in it.
Electricity: 28.212 kWh were used.
Gas: 29.022 cubic metres were used.
1 refused: a message not encrypted
radio frames travelled
On the chip are 21 of the 21 half-hours of electricity since 13:00 on 16 January (the first after the change)
30 of the 30 half-hours of gas since 08:30 on 16 January (the first after the change)
Just before the gate of gas closed, the chip held 2,151 half-hours of both fuels that were to go by the end
Old words left at the end: 0.
Just before the gate of electricity closed, the chip held 1,081 half-hours of electricity that were to go by the end
Old words left at the end: 0.
"Nothing before a floor can be read."
is a verified one, and the journal on the chip holds the same.
nothing of that meter was told but the power of the moment.
After the power cut nothing was drawn before the interrupted rewind was finished.
All 44 things that were expected of the display came about.
make erase-proof DUMP=
""".strip().splitlines()


# 16 January 2026 08:10 and 12:40, and 14 January 00:00 as Zigbee UTC.
GAS_FLOOR, ELECTRICITY_FLOOR, MIDNIGHT = 821_866_200, 821_882_400, 821_664_000
MOVED = step("tenancy", at="00:05", device="electricity", when="00:04")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """(the finished process, the folder) of moving day."""
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


def moving(tmp_path, then):
    """The findings of a Moving that saw the gate of gas close for a rewind, and what comes `then`."""

    class Quiet:
        def say(self, *_):
            pass

    (tmp_path / "flash.bin").write_bytes(b"\xff" * image.SIZE)
    it = Moving(Quiet(), Chip(tmp_path), {by_hand.GPF: "gas"}, lambda: 3)
    event = {"ms": 0, "meter": by_hand.GPF, "fuel": "gas"}
    it.event(event | {"event": "gate", "open": True, "why": None})
    it.event(event | {"event": "gate", "open": False, "why": "forgetting"})
    it.event(event | {"event": "rewind", "phase": "begin", "floor": 0})
    for what, more in then:
        if what == "power_is_back":
            it.power_is_back()
        elif what == "picture":
            it.picture(more)
        else:
            it.event(event | {"event": what} | more)
    return list(it.findings())


def test_moving_day_ends_well_and_the_story_is_what_was_printed(played):
    done, into = played
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WRONG" not in done.stdout and "Traceback" not in done.stderr
    assert (into / "story.txt").read_text() == done.stdout
    assert ("held to 112 KiB" in done.stdout) == bool(micropython_vm.find(bits=32))


def test_memory_is_judged_on_a_32_bit_vm_only(played):
    text = flat(played[0].stdout)
    judged = re.search(r"right  Memory in use at the end: ([\d,]+) bytes; the goal: at most 94,208.", text)
    assert bool(judged) == bool(micropython_vm.find(bits=32))
    assert not judged or int(judged[1].replace(",", "")) <= 94_208
    assert re.search(r"never more than [\d,]+ in use when measured", text) or not micropython_vm.find()


def test_story_can_be_read_on_any_terminal(played):
    text = played[0].stdout
    assert text.isascii() and "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= demo.COLUMNS


def test_story_tells_what_happened_in_the_order_in_which_it_happened(played):
    text, at = flat(played[0].stdout), 0
    for phrase in TOLD:
        assert phrase in text[at:], phrase
        at = text.index(phrase, at) + len(phrase)


def test_pictures_are_those_of_the_story_and_no_two_are_alike(played):
    done, into = played
    files = sorted((file.name for file in into.glob("screen-*.png")), key=lambda name: int(name.split("-")[1]))
    assert files == re.findall(r"\[(screen-.*?\.png)\]", done.stdout)
    pictures = [Image.open(into / file) for file in files]
    assert {picture.size for picture in pictures} == {(128 * 4 + 32, 64 * 4 + 32)}
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_events_are_left_behind(played):
    _, into = played
    events = [json.loads(line) for line in (into / "events.jsonl").read_text().splitlines()]
    assert events[0]["event"] == "boot" and all({"event", "t", "ms"} <= event.keys() for event in events)
    assert not [event for event in events if event["event"] == "error"]
    boots = [event["ms"] for event in events if event["event"] == "boot"]
    assert boots == [0, (59 * 60 + 17) * 60_000]
    receipts = [event for event in events if event["event"] == "receipt"]
    assert [(event["floor"], event["resumed"], event["verified"]) for event in receipts] == [
        (GAS_FLOOR, True, True),
        (ELECTRICITY_FLOOR, False, True),
    ]
    assert receipts[1]["applied"] == ELECTRICITY_FLOOR


def test_the_chip_is_left_behind_as_it_was_and_as_it_is(played):
    _, into = played
    assert sorted(file.name for file in into.glob("flash*")) == [
        "flash-after.bin",
        "flash-before-2.bin",
        "flash-before.bin",
    ]
    before, after = (into / "flash-before.bin").read_bytes(), (into / "flash-after.bin").read_bytes()
    found = erase_proof.compare(before, after)
    assert (found.old_words, found.left) == (2_151, 0)
    assert erase_proof.floors(after) == {(0, 1): ELECTRICITY_FLOOR, (0, 2): ELECTRICITY_FLOOR} | {
        (1, 1): GAS_FLOOR,
        (1, 2): GAS_FLOOR,
    }
    assert [(receipt.meter, receipt.floor) for receipt in erase_proof.receipts(after)] == [
        (1, GAS_FLOOR),
        (0, ELECTRICITY_FLOOR),
    ]
    assert erase_proof.main([str(into / "flash-after.bin"), "--against", str(into / "flash-before.bin")]) == 0


def test_nothing_but_power_is_told_of_gas_until_its_gate_is_open_again(played):
    _, into = played
    events = [json.loads(line) for line in (into / "events.jsonl").read_text().splitlines()]
    gas = [event for event in events if event.get("meter") == by_hand.GPF]
    closing = next(n for n, event in enumerate(gas) if event.get("why") == "forgetting")
    opening = next(n for n, event in enumerate(gas) if n > closing and event["event"] == "gate" and event["open"])
    told = [event["event"] for event in gas[closing:opening]]
    assert [event for event in told if event in ("rewind", "receipt")] == ["rewind", "rewind", "rewind", "receipt"]
    assert {event["what"] for event in gas[closing:opening] if event["event"] == "fact"} <= {"power"}


def test_tshark_finds_no_malformed_frame_in_three_days(played):
    tshark.needed()
    done, into = played
    assert tshark.malformed(into / "capture.pcap") == 0
    count = int(re.search(r"([\d,]+) radio frames", done.stdout)[1].replace(",", ""))
    assert count > 45_000


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


def test_a_remnant_on_the_chip_ends_with_1_and_says_so(tmp_path, capsys, monkeypatch):
    settle = Chip.settle

    def leave_a_word(chip):
        """Copy the last old value into a sector where nothing belongs."""
        settle(chip)
        octets = bytearray(chip.after.read_bytes())
        before = image.Image((tmp_path / "flash-before.bin").read_bytes())
        *_, (_, word) = before.rings()[0].before(MIDNIGHT // 1800)
        octets[100 * image.SECTOR : 100 * image.SECTOR + 4] = word.to_bytes(4, "big")
        chip.after.write_bytes(octets)

    monkeypatch.setattr(Chip, "settle", leave_a_word)
    assert demo.main(["--scenario", scenario(tmp_path, "history_days = 2\n", MOVED), "--into", str(tmp_path)]) == 1
    text = flat(capsys.readouterr().out)
    held = "96 half-hours of electricity that were to go by the end"
    assert f"WRONG  Just before the gate of electricity closed, the chip held {held}" in text
    assert "Old words left at the end: 1." in text
    assert "WRONG  Sector 100 (spare): not blank, though nothing belongs here" in text
    assert 'says: "NOT PROVEN: 1 finding."' in text


def test_a_receipt_that_is_not_on_the_chip_and_a_lost_half_hour_are_found_out(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Chip, "settle", lambda chip: chip.after.write_bytes(b"\xff" * chip.flash.stat().st_size))
    quarter = scenario(tmp_path, "history_days = 2\n", MOVED)
    assert demo.main(["--scenario", quarter, "--into", str(tmp_path)]) == 1
    text = flat(capsys.readouterr().out)
    assert "WRONG  The journal on the chip holds other receipts than the display told" in text
    assert (
        "WRONG  On the chip are 0 of the 95 half-hours of electricity since 00:00 on 12 January (where its log begins)"
        in text
    )
    assert "Missing: 00:00 on 12 January, 00:30 on 12 January," in text and "and 89 more." in text


def test_too_much_memory_in_use_ends_with_1_and_says_so(tmp_path, capsys, monkeypatch):
    if not micropython_vm.find(bits=32):
        pytest.skip("needs a 32-bit MicroPython")
    monkeypatch.setattr(demo, "HEAP_GOAL", 30_000)
    assert demo.main(["--scenario", scenario(tmp_path), "--into", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert re.search(r"WRONG  Memory in use at the end: [\d,]+ bytes; the goal: at most 30,000\.", told)


def test_what_a_gate_should_hold_back_is_found_out(tmp_path):
    found = moving(tmp_path, [("fact", {"what": "summation", "value": 7})])
    assert found[0] == (
        False,
        "While a gate was closed (once for a change, and at each start), all the same it told summation.",
    )
    assert found[1] == (False, "The rewind of gas was never finished.")
    assert [right for right, _ in moving(tmp_path, [("fact", {"what": "power", "value": 7})])] == [True, False]


def test_a_picture_before_the_rewind_is_finished_is_found_out(tmp_path):
    lit, dark = Image.new("1", (128, 64), 1), Image.new("1", (128, 64))
    for picture, right in ((dark, True), (lit, False)):
        _, after_the_cut, _ = moving(tmp_path, [("power_is_back", None), ("picture", picture)])
        assert after_the_cut[1].startswith("After the power cut") and after_the_cut[0] == right


@pytest.mark.parametrize("name", ["nowhere.toml", "a-day-at-sea"])
def test_what_cannot_be_played_is_refused_in_one_line(name, tmp_path, capsys):
    assert demo.main(["--scenario", name, "--into", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("The demo cannot be played:") and told.err.count("\n") == 1


def test_a_home_that_cannot_be_is_refused_in_one_line(tmp_path, capsys):
    path = scenario(tmp_path, "history_days = 400\n")
    Path(path).write_text(Path(path).read_text().replace("gas = 6201934", "gas = 5"))
    assert demo.main(["--scenario", path, "--into", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "a register of 5 is less than what 400 days before used" in told.err and "Traceback" not in told.err


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
