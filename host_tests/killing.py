"""The virtual board and the bench as processes of their own, and SIGKILL at a moment that the flash tells."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from outsider import FOLLOWS

from tools.virtual_board import interpreters

ROOT = Path(__file__).resolve().parent.parent
LOOK_S = 0.0002  # an operation takes thrice as long
LATE_S = 0.0015  # so that every other signal comes some operations later
LANES = 2


class Tool:
    """A running tool of this repository, in a process group of its own; use it as a context."""

    def __init__(self, *words):
        self.it = subprocess.Popen(
            [sys.executable, "-m", *map(str, words)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.it.stdout.close()

    def kill(self):
        """SIGKILL, and wait until the process is gone."""
        self.it.kill()
        self.it.wait()


class Meters(Tool):
    """The bench with a scenario, at whose `port` one board after the other may call."""

    def __init__(self, scenario, speed):
        super().__init__("tools.bench", "--uart", "tcp-listen:0", "--scenario", scenario, "--speed", speed)
        self.port = int(self.it.stdout.readline().rpartition(b" ")[2].strip(b".\n"))


class Board(Tool):
    """The virtual board with a genuine VM, its radio at that port, flash.img and vfs.img in `folder`.

    events: what it has told so far.
    """

    def __init__(self, port, folder, speed):
        words = ["--interpreter", "micropython", "--uart", f"tcp:127.0.0.1:{port}", "--speed", speed]
        words += ["--flash", folder / "flash.img", "--vfs", folder / "vfs.img"]
        super().__init__("tools.virtual_board", *words, *(f"--set={key}={value}" for key, value in FOLLOWS.items()))
        self.flash = folder / "flash.img"
        self.events = []
        self._partial = b""

    def until(self, **fields):
        """The events up to the first with these fields, waited for."""
        told = self.wait_for(lambda events: [event for event in events if event.items() >= fields.items()])
        return self.events[: self.events.index(told[0]) + 1]

    def wait_for(self, condition):
        """What condition(events) is when it is true at last."""
        while not (found := condition(self.events)):
            assert self.hear(), self.events
        return found

    def hear(self, seconds=None):
        """Take what it tells within so many seconds, or at last; whether it still can tell anything."""
        if not select.select([self.it.stdout], [], [], seconds)[0]:
            return True
        told = os.read(self.it.stdout.fileno(), 65536)
        *lines, self._partial = (self._partial + told).split(b"\n")
        self.events += map(json.loads, lines)
        return bool(told)

    def kill_when(self, changed, over, dice):
        """SIGKILL soon after `changed(flash)`, which reads the open file, is true; before that, when over(events).

        dice: a random.Random, for how soon.
        """
        with self.flash.open("rb", buffering=0) as flash:
            while not (changed(flash) or over(self.events)):
                assert self.hear(LOOK_S), self.events
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0, LATE_S))
        self.kill()
        assert self.it.returncode == -signal.SIGKILL


def in_lanes(work, folder, kills):
    """What work(folder, seed, kills) returns, of each lane: a process of its own with its share of the kills."""
    interpreters.choose("micropython")  # compiles the firmware, which two at once must not
    with ProcessPoolExecutor(LANES, get_context("fork")) as pool:
        lanes = []
        for lane in range(LANES):
            place = folder / str(lane)
            place.mkdir()
            lanes.append(pool.submit(work, place, lane, kills // LANES + (lane < kills % LANES)))
        return [lane.result() for lane in lanes]


def at(flash, offset, count):
    """So many octets of an open flash file."""
    return os.pread(flash.fileno(), count, offset)


def opened(events):
    """The meters whose gate is open after these events."""
    gates = {event["meter"]: event["open"] for event in events if event["event"] == "gate"}
    return {meter for meter, is_open in gates.items() if is_open}
