"""Measures in one run how fast and how small the firmware is, beside the goals and beside zigpy.

Prints a table, that of a month's air time (measure_month.py), of a week's heap (measure_week.py), of the history store
(measure_store.py) and of a rewind (measure_rewind.py); ends with 1 when a goal of theirs is missed, or in CI when they
cannot be measured. Speed depends on the machine and on its other work, so its goal is only printed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zigpy.zcl.foundation import GENERAL_COMMANDS, ZCLHeader

from tools import measure_month, measure_rewind, measure_store, measure_week, micropython_vm, mpy
from tools.bench import Bench, load_scenario
from tools.virtual_board.board import Board

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "firmware"), str(HERE / "virtual_board" / "cpython")]

from ihd.zcl import frame, general  # noqa: E402 - found through the line before

FASTER = 5  # times zigpy
ALLOCATED = 384  # octets a frame
HEAP = 92 * 1024  # octets after a day

ROUNDS = 15
REPEATS = 50

# Reports and Read Attributes Responses of Metering, as GB meters send them.
FRAMES = [
    bytes.fromhex(digits)
    for digits in (
        "18 2a 0a 0004 2a d20400 0000 25 b3cc18010000",
        "18 2b 0a 0004 2a 2efbff",
        "08 2c 0a 0000 25 16a25e000000",
        "18 05 01 0004 00 2a 9b0100 0000 00 25 b4cc18010000",
        "18 06 01 0003 00 30 00 0103 00 22 010000 0203 00 22 e80300",
        "18 07 01 0603 00 18 00 0004 86",
    )
]


def by_firmware(data):
    """The records of a frame, as the firmware reads them."""
    _, _, command, at = frame.read(data)
    with_status = command == general.READ_ATTRIBUTES_RESPONSE
    records = []
    while at < len(data):
        *record, at = general.record(data, at, with_status)
        records.append(record)
    return records


def by_zigpy(data):
    """The records of a frame, as zigpy reads them."""
    header, payload = ZCLHeader.deserialize(data)
    command, _ = GENERAL_COMMANDS[header.command_id].schema.deserialize(payload)
    return command[0]


def plain(record):
    """zigpy's record as the firmware has it: attribute, status, type, value."""
    kind, value = (record.value.type, record.value.value) if record.value else (None, None)
    return [record.attrid, getattr(record, "status", 0), kind, value]


def per_second(decode):
    """Frames decoded in a second."""
    start = time.perf_counter()
    for _ in range(REPEATS):
        for data in FRAMES:
            decode(data)
    return REPEATS * len(FRAMES) / (time.perf_counter() - start)


def speed():
    """Decoding beside zigpy's, in alternating rounds."""
    for data in FRAMES:
        assert by_firmware(data) == [plain(record) for record in by_zigpy(data)], data.hex()
    rounds = [(per_second(by_firmware), per_second(by_zigpy)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in rounds)
    row("decoded a second by the firmware on CPython", f"{ours:,.0f} frames")
    row("decoded a second by zigpy", f"{theirs:,.0f} frames")
    row("the firmware is faster", f"{ratio:.1f} times", f"at least {FASTER}", ratio >= FASTER)


def allocation(vm, device):
    """Heap that a received frame takes on the VM; returns whether the goals are met."""
    done = subprocess.run(
        [*vm, "-X", "heapsize=2m", str(HERE / "measure_on_vm.py")],
        env={**os.environ, "MICROPYPATH": f"{device}:.frozen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    met = True
    for what, (allocated, retained) in sorted(json.loads(done.stdout.splitlines()[-1]).items()):
        judged = "JSON" not in what  # the console is no part of the receive path
        met &= not judged or allocated <= ALLOCATED and retained <= 0
        row(f"allocated for {what}", f"{allocated:,} octets", judged and f"at most {ALLOCATED}", allocated <= ALLOCATED)
        row("    retained of it", f"{retained:,} octets", judged and "none", retained <= 0)
    return met


def day(interpreter, device):
    """A simulated day at home: octets of heap used after it, None on CPython."""
    scenario = load_scenario("a-day-at-home")
    bench = Bench(scenario)
    used = []

    def hear(event):
        if event["event"] == "heap":
            used.append(event["used"])

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        parts = {"flash": Path(folder) / "flash.bin", "on_event": hear, "on_log": lambda line: None}
        with Board(bench, interpreter=interpreter, device=device, **parts) as board:
            board.run(scenario.duration_ms)
    bench.close()
    row(f"a simulated day on {interpreter}", f"{time.perf_counter() - start:.1f} s")
    return used[-1]


def row(what, figure, goal=None, met=True):
    """One line of the table."""
    print(f"{what:<50}{figure:>18}" + (f"   goal: {goal}, {'met' if met else 'NOT MET'}" if goal else ""), flush=True)


def main():
    """Measure, print, judge."""
    print("Measuring, about four minutes ...", flush=True)
    speed()
    day("cpython", None)
    month = measure_month.measure()
    vm = micropython_vm.find(bits=32)
    if not vm:
        print("No 32-bit MicroPython VM at hand (`make setup` looks for one): neither memory nor history is measured.")
        return 1 if os.environ.get("CI") or not month else 0
    with tempfile.TemporaryDirectory() as device:
        mpy.compile_all(Path(device), [*HERE.glob("measure_*on_vm.py"), *measure_week.PROGRAMS])
        used = day("micropython", [device])
        row("heap used after it", f"{used:,} octets", f"at most {HEAP:,}", used <= HEAP)
        met = [month, used <= HEAP, allocation(vm, device), measure_week.measure(vm, device)]
        met += [measure_store.measure(vm, device), measure_rewind.measure(device)]
        return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
