"""The process of the virtual board dies in the middle of a rewind, and another finishes it."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from board_program import need
from by_hand import ESME
from outsider import FOLLOWS, SCENARIOS, record

from tools import erase_proof, image
from tools.bench import load_scenario
from tools.life import Life

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = SCENARIOS / "killed.toml"
SPEED = ("--speed", "10")
RINGS = 80 * image.SECTOR
ATTEMPTS = 5  # the rewind takes some tenths of a second, the signal some milliseconds: rarely it comes too late


class Tool:
    """A running tool of this repository, in a process group of its own; use it as a context."""

    def __init__(self, *words):
        self.it = subprocess.Popen(
            [sys.executable, "-m", *map(str, words)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.it.kill()
        self.it.wait()
        self.it.stdout.close()


def board(port, folder):
    """The process of a virtual board whose radio is at that port."""
    words = ["--interpreter", "micropython", "--uart", f"tcp:127.0.0.1:{port}", *SPEED]
    words += ["--flash", folder / "flash.img", "--vfs", folder / "vfs.img"]
    return Tool("tools.virtual_board", *words, *(f"--set={key}={value}" for key, value in FOLLOWS.items()))


def until(process, **fields):
    """The events up to the first with these fields."""
    events = []
    for line in process.it.stdout:
        events.append(json.loads(line))
        if all(key in events[-1] and events[-1][key] == fields[key] for key in fields):
            return events
    raise AssertionError(f"no {fields} among {events}")


def killed_in_a_rewind(port, folder, past):
    """Kill a board in a rewind of the past it is given; False when the rewind was finished before."""
    flash = folder / "flash.img"
    flash.write_bytes(past)
    with board(port, folder) as process:
        until(process, event="rewind", phase="begin", meter=ESME)
        # The intent stands before anything is destroyed.
        while flash.read_bytes()[:RINGS] == past[:RINGS] and process.it.poll() is None:
            time.sleep(0.001)
        os.kill(process.it.pid, signal.SIGKILL)
        process.it.wait()
    return bool(image.Image(flash.read_bytes()).journal.open_intents())


def test_a_board_that_is_killed_in_a_rewind_finishes_it_when_it_starts_again(tmp_path):
    need("micropython")
    flash = tmp_path / "flash.img"
    quiet = dataclasses.replace(load_scenario(SCENARIO), steps=())
    with Life(quiet, flash=flash, vfs=tmp_path / "vfs.img", interpreter="micropython", settings=FOLLOWS) as life:
        life.run(5 * 60_000)
    past = flash.read_bytes()
    assert len(record(past, "electricity")) > 60 * 48
    for _ in range(ATTEMPTS):
        with Tool("tools.bench", "--uart", "tcp-listen:0", "--scenario", SCENARIO, *SPEED) as bench:
            port = bench.it.stdout.readline().rpartition(" ")[2].strip(".\n")
            if not killed_in_a_rewind(port, tmp_path, past):
                continue
            half = flash.read_bytes()
            with board(port, tmp_path) as process:
                events = until(process, event="gate", meter=ESME, open=True)
            break
    (intent,) = image.Image(half).journal.open_intents()
    assert intent.time == 820825800 and half != past
    of_meter = [event for event in events if event.get("meter") == ESME]
    told = [event.get("phase", event["event"]) for event in of_meter if event["event"] in ("gate", "rewind", "receipt")]
    assert told == ["gate", "begin", "done", "receipt", "gate"]
    (receipt,) = [event for event in of_meter if event["event"] == "receipt"]
    assert receipt["resumed"] and receipt["verified"] and receipt["issuer_event_id"] == 91
    before = events.index(receipt)
    assert not [event for event in events[:before] if event["event"] in ("screen", "fact")]
    check_resumed(past, flash.read_bytes(), receipt)


def check_resumed(past, after, receipt):
    """Nothing old is left, what began since and the other meter's record are whole, and the receipt is the one told."""
    found = erase_proof.compare(past, after)
    assert found.left == 0 and found.different > 10
    assert list(erase_proof.findings(image.Image(after))) == []
    first = image.first_kept(receipt["floor"])
    kept = {half_hour: value for half_hour, value in record(past, "electricity").items() if half_hour >= first}
    assert kept and record(after, "electricity").items() >= kept.items()
    assert record(after, "gas").items() >= record(past, "gas").items()
    (written,) = image.Image(after).journal.receipts()
    assert written.resumed and (written.slots, written.sectors) == (receipt["slots"], receipt["sectors"])
