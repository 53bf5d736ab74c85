"""The history store beside a file on littlefs: what each asks of the same flash, counted in one run on the 32-bit VM.

    python -m tools.measure_store      a part of `make bench`

Prints a table; ends with 1 when a goal is missed, or in CI when there is no such VM. What can be counted has goals;
times depend on the machine and are only printed.
"""

import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import micropython_vm, mpy
from tools.image import slot_word

ON_VM = Path(__file__).resolve().parent / "measure_store_on_vm.py"
HEAP = "4m"  # of the VM, which holds two flashes of 512 KiB

# What ours may cost at most; ../shared/design/history.md
PROGRAMMED = 4.2  # octets a half-hour
ERASES = 20  # in 397 days
MOUNT_READS = 2 * (4 * 20 + 2) + 16  # two a sector of the four series and of the journal
RAM = 1536  # octets

# of an ESP32's flash, typical
ERASE_MS = 45  # a sector
PROGRAM_MS = 0.4  # a page


def measure(vm, device):
    """Measure on `vm` with the firmware compiled in the folder `device`, print; returns whether the goals are met."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*vm, "-X", f"heapsize={HEAP}", str(ON_VM), folder],
            env={**os.environ, "MICROPYPATH": f"{device}:.frozen"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        figures = json.loads(done.stdout.splitlines()[-1])
        figures["words_old"], figures["words_left"] = remnants(Path(folder))
    return tell(figures)


def remnants(folder):
    """[how many words were to go of ours, of littlefs], [how many of them are left]."""
    values = struct.unpack(f"<{(folder / 'old').stat().st_size // 4}I", (folder / "old").read_bytes())
    old, remaining = [], []
    for name, words in (("ours", {slot_word(value) for value in values}), ("littlefs", set(values))):
        before, after = ((folder / f"{name}-{when}").read_bytes() for when in ("before", "after"))
        assert found(before, words) == words, f"{name}: not all are there before the rewind, or the search is blind"
        old.append(len(words))
        remaining.append(len(found(after, words)))
    return old, remaining


def found(octets, words):
    """Those of the 4-octet `words` that stand in `octets`, at any octet and in either byte order."""
    stand = set()
    for shift in range(4):
        for order in "<>":
            stand.update(struct.unpack_from(f"{order}{(len(octets) - shift) // 4}I", octets, shift))
    return words & stand


def tell(figures):
    """Print the table; returns whether the goals are met."""
    half_hours = figures["half_hours"][0]
    old_sectors = figures["old_sectors"][0]
    pairs = {what: pair for what, pair in figures.items() if what != "month_ms"}
    pairs["operations"] = map(sum, zip(pairs["rewind_erases"], pairs["rewind_programs"], strict=True))
    pairs["on_esp32"] = [
        erases * ERASE_MS + programs * PROGRAM_MS
        for erases, programs in zip(pairs["rewind_erases"], pairs["rewind_programs"], strict=True)
    ]
    pairs["month"] = [statistics.median(column) for column in zip(*figures["month_ms"], strict=True)]
    pairs["ratio"] = [statistics.median(ours / theirs for ours, theirs in figures["month_ms"]), 1]
    pairs["a_half_hour"] = [octets / half_hours for octets in figures["octets"]]
    pairs["erases_a_half_hour"] = [erases / half_hours for erases in figures["erases"]]
    print(f"\n{'The history store, on the same flash as a file:':<52}{'ours':>13}{'littlefs':>13}")
    met = [
        row(what, pairs[name], form, goal)
        for what, name, form, goal in (
            ("octets programmed a half-hour and series", "a_half_hour", "{:,.2f}", PROGRAMMED),
            ("    in a year of 365 days", "year_octets", "{:,}", None),
            (f"erases in {half_hours // 48} days of half-hours", "erases", "{:,}", ERASES),
            ("    a half-hour", "erases_a_half_hour", "{:.3f}", None),
            ("    in a year of 365 days", "year_erases", "{:,}", None),
            ("mount of full ring and journal: reads of 512 octets", "mount_reads", "{:,}", MOUNT_READS),
            ("    octets read", "mount_octets", "{:,}", None),
            ("the sum of a month, on this VM", "month", "{:.2f} ms", None),
            ("    that of littlefs in the same round is 1", "ratio", "{:.1f}", None),
            ("rewind of a full ring, keeping 500: erases", "rewind_erases", "{:,}", old_sectors + 2),
            ("    erases and page programs", "operations", "{:,}", None),
            ("    on this VM", "rewind_ms", "{:.1f} ms", None),
            (f"    at {ERASE_MS} ms and {PROGRAM_MS} ms, as of an ESP32", "on_esp32", "{:,.0f} ms", None),
            (f"    old words left of {figures['words_old'][0]:,}", "words_left", "{:,}", 0),
            ("heap of the mounted store, ring and journal", "ram", "{:,} octets", RAM),
            ("a record of the journal: octets programmed", "record_octets", "{:,}", None),
            ("    operations", "record_operations", "{:,}", None),
            ("its compaction, of 22 records: octets programmed", "compaction_octets", "{:,}", None),
            ("    operations", "compaction_operations", "{:,}", None),
        )
    ]
    return all(met)


def row(what, pair, form, goal):
    """One line of the table; returns whether ours is at most `goal`, or has none."""
    ours, theirs = pair
    met = goal is None or ours <= goal
    columns = "".join(f"{'' if figure is None else form.format(figure):>13}" for figure in (ours, theirs))
    told = "" if goal is None else f"   goal: {f'at most {goal:,}' if goal else 'none'}, {'met' if met else 'NOT MET'}"
    print(f"{what:<52}{columns}{told}".rstrip(), flush=True)
    return met


def main():
    """Only this part of `make bench`."""
    vm = micropython_vm.find(bits=32)
    if not vm:
        print("No 32-bit MicroPython VM at hand (`make setup` looks for one): the history store is not measured.")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as device:
        mpy.compile_all(Path(device), [ON_VM])
        return 0 if measure(vm, device) else 1


if __name__ == "__main__":
    sys.exit(main())
