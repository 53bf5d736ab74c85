"""How soon a change of tenancy leaves the panel blank, and what forgetting two full fuels costs the flash.

    python -m tools.measure_rewind      a part of `make bench`

The whole display, on the virtual board's 32-bit VM: its record is full when both meters publish a change that says now.
A step is what the program does between two waits; all that time the radio waits too. Prints a table; ends with 1 when a
goal is missed, or in CI when there is no such VM.
"""

import os
import struct
import sys
import tempfile
import time
from pathlib import Path

from tools import micropython_vm, mpy
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.counted_flash import CountedFlash
from tools.image import HALF_HOUR, RING, SECTOR, SERIES, SLOTS, slot_word
from tools.measure_store import ERASE_MS, PROGRAM_MS
from tools.virtual_board.board import Board
from tools.virtual_board.standins import _operations as op

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "firmware"), str(HERE / "virtual_board" / "cpython")]

from ihd.history import partition, sector  # noqa: E402 - found through the line before

START = 820_843_800  # 2026-01-04 12:10 UTC
FULL = 19_000  # half-hours of each series, up to a day before the start
PAGE = 256  # octets that the chip programs at once
I2C_BITS_MS = 400  # a bus at 400 kHz; 9 bits an octet
LONGEST_MS = 50  # of a step, on an ESP32: an erase of the flash stops the program, and is all that one may hold
SCENARIO = """
title = "A change of both meters that says now"
start = 2026-01-04T12:10:00Z
duration = "00:20"
[eui64]
display = "0013a20041d5e0c7"
hub = "70b3d5c1e4aa0001"
electricity = "70b3d5c1e47e1357"
gas = "70b3d5c1e4aa0f02"
[load]
electricity = 18402611
gas = 6201934
[[step]]
at = "00:05"
do = "tenancy"
device = "electricity"
when = "now"
event = 80
[[step]]
at = "00:05:01"
do = "tenancy"
device = "gas"
when = "now"
event = 80
"""


class Watched:
    """Looks on while a board lives: what came in, what its panel was told, what its flash did, and the steps between.

    blank: (octets to the panel, milliseconds) from the last octet of the UART before the first flash operation to a
    panel whose memory is all zeros; milliseconds are None when it was not. steps: [[erases, pages programmed]] since.
    """

    def __init__(self, board):
        self._board = board
        self._answer, self._listen = board.devices.answer, board.devices.listen
        board.devices.answer, board.devices.listen = self._look, self._wait
        self.blank = None
        self.steps = []
        self._heard = self._blanked = self._sent = 0
        self._begun = False

    def begin(self):
        """From here on it counts."""
        self._begun = True

    def _wait(self, ms):
        if self.blank:
            self.steps.append([0, 0])
        self._listen(ms)

    def _look(self, request):
        answer = self._answer(request)
        if not self._begun:
            return answer
        if request.operation == op.UART_READ and answer:
            self._heard, self._blanked, self._sent = time.perf_counter(), 0, 0
        elif request.operation == op.I2C_WRITE and not self._blanked:
            self._sent += request.length
            self._blanked = 0 if any(self._board.panel.ram) else time.perf_counter()
        elif request.operation in (op.BLOCK_PROGRAM, op.BLOCK_ERASE) and request.unit == op.HISTORY:
            if not self.blank:
                self.blank = self._sent, (self._blanked - self._heard) * 1000 if self._blanked else None
                self.steps.append([0, 0])
            first, last = request.value // PAGE, (request.value + request.length - 1) // PAGE
            if request.operation == op.BLOCK_ERASE:
                self.steps[-1][0] += 1
            else:
                self.steps[-1][1] += last - first + 1
        return answer


def full(path):
    """Write an image of a history partition with a full record to `path`."""
    flash = CountedFlash()
    partition.opening(flash)  # begins a journal
    end = START // HALF_HOUR - 48
    for series in range(len(SERIES)):
        for first in range((end - FULL) // SLOTS * SLOTS, end, SLOTS):
            words = [slot_word(half_hour % 5000) for half_hour in range(first, min(first + SLOTS, end))]
            octets = sector.header(series, 1 + first // SLOTS, first) + struct.pack(f"<{len(words)}I", *words)
            flash.program((series * RING + first // SLOTS % RING) * SECTOR, octets)
    path.write_bytes(flash.octets)


def measure(device):
    """Measure with the firmware compiled in the folder `device`, print; returns whether the goals are met."""
    receipts = []

    def hear(event):
        if event["event"] == "receipt":
            receipts.append(event)

    bench = Bench(parse(SCENARIO))
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "flash.bin"
        full(image)
        parts = {"flash": image, "on_event": hear, "on_log": lambda line: None}
        with Board(bench, interpreter="micropython", device=[device], **parts) as board:
            watched = Watched(board)
            board.run(299_000)
            watched.begin()
            board.run(1_200_000)
    bench.close()
    return tell(watched, receipts)


def tell(watched, receipts):
    """Print the table; returns whether the goals are met."""
    octets, ms = watched.blank
    costs = [erases * ERASE_MS + programs * PROGRAM_MS for erases, programs in watched.steps]
    busy = [step for step in watched.steps if any(step)]
    erases, programs = map(sum, zip(*busy, strict=True))
    slots = [receipt["slots"] for receipt in receipts]
    print(f"\n{'A change that says now, with the record of two fuels full:':<60}")
    bus_ms = octets * 9 / I2C_BITS_MS
    rows = [
        ("octets to the panel until it is blank", f"{octets:,}", None, True),
        ("    on a bus of 400 kHz", f"{bus_ms:.0f} ms", None, True),
        ("    after the last octet from the radio, on this VM", "never" if ms is None else f"{ms:.1f} ms", None, True),
        ("    before any flash operation", "no" if ms is None else "yes", "yes", ms is not None),
        ("half-hours forgotten", " + ".join(f"{each:,}" for each in slots), None, True),
        ("rewind of both: erases and page programs", f"{erases + programs:,}", None, True),
        ("    erases", f"{erases:,}", None, True),
        ("    steps that use the flash", f"{len(busy):,}", None, True),
        (f"    at {ERASE_MS} ms and {PROGRAM_MS} ms, as of an ESP32", f"{sum(costs):,.0f} ms", None, True),
        ("    its longest step", f"{max(costs):.1f} ms", f"at most {LONGEST_MS} ms", max(costs) <= LONGEST_MS),
    ]
    for what, figure, goal, met in rows:
        told = f"   goal: {goal}, {'met' if met else 'NOT MET'}" if goal else ""
        print(f"{what:<60}{figure:>18}{told}", flush=True)
    return all(met for *_, met in rows) and len(receipts) == 2 and min(slots) > FULL


def main():
    """Only this part of `make bench`."""
    if not micropython_vm.find(bits=32):
        print("No 32-bit MicroPython VM at hand (`make setup` looks for one): the rewind is not measured.")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as device:
        mpy.compile_all(Path(device))
        return 0 if measure(device) else 1


if __name__ == "__main__":
    sys.exit(main())
