"""The process of the virtual board dies in the middle of a rewind, and another finishes it."""

import dataclasses
import random

from board_program import need
from by_hand import ESME
from killing import Board, Meters, at, opened
from outsider import FOLLOWS, SCENARIOS, record

from tools import erase_proof, image
from tools.bench import load_scenario
from tools.life import Life

SCENARIO = SCENARIOS / "killed.toml"
SPEED = 10
RINGS = 80 * image.SECTOR
ATTEMPTS = 5  # the rewind takes some tenths of a second, the signal some milliseconds: rarely it comes too late


def killed_in_a_rewind(port, folder, past):
    """Kill a board in a rewind of the past it is given; False when the rewind was finished before."""
    flash = folder / "flash.img"
    flash.write_bytes(past)
    with Board(port, folder, SPEED) as board:
        board.until(event="rewind", phase="begin", meter=ESME)
        # The intent stands before anything is destroyed.
        board.kill_when(lambda file: at(file, 0, RINGS) != past[:RINGS], opened, random.Random(1))
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
        with Meters(SCENARIO, SPEED) as meters:
            if not killed_in_a_rewind(meters.port, tmp_path, past):
                continue
            half = flash.read_bytes()
            with Board(meters.port, tmp_path, SPEED) as board:
                events = board.until(event="gate", meter=ESME, open=True)
            break
    (intent,) = image.Image(half).journal.open_intents()
    assert intent.time == 820825800 and half != past
    of_meter = [event for event in events if event.get("meter") == ESME]
    told = [event.get("phase", event["event"]) for event in of_meter if event["event"] in ("gate", "rewind", "receipt")]
    assert told == ["gate", "begin", "done", "receipt", "gate"]
    (receipt,) = [event for event in of_meter if event["event"] == "receipt"]
    assert receipt["resumed"] and receipt["verified"] and receipt["issuer_event_id"] == 91
    before = events.index(receipt)
    shown = [event for event in events[:before] if event["event"] in ("screen", "fact")]
    assert all(event.get("what") == "power" for event in shown)  # what is so now is nobody's past
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
