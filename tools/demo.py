"""Moving day, told as it happens: the firmware on the virtual board, among meters that the bench simulates."""

import argparse
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from tools import micropython_vm, mpy
from tools.bench import ScenarioError, load_scenario
from tools.bench.load import DAY
from tools.day import FILES, Day
from tools.story import date
from tools.virtual_board.board import HEAP
from tools.virtual_board.flash import FlashError
from tools.virtual_board.interpreters import NoInterpreter

OUT = Path(__file__).resolve().parent.parent / "build" / "demo"
STORY = "story.txt"
COLUMNS = 78
HEAP_GOAL = 92 * 1024  # bytes in use, judged on a 32-bit VM


def stage(folder):
    """Compile the program for a VM into a folder.

    Returns (interpreter, folders of the program, what runs it, bytes that it may have in use or None).
    """
    vm = micropython_vm.find(bits=32) or micropython_vm.find()
    if not vm:
        return "cpython", None, "CPython without a memory limit, as no MicroPython can be had here", None
    try:
        mpy.compile_all(folder)
    except subprocess.CalledProcessError as error:
        raise NoInterpreter(f"{error.cmd} does not compile for the device") from error
    if micropython_vm.probe(vm[0])[0] == 64:
        return "micropython", [folder], "a 64-bit MicroPython, on which its memory cannot be judged", None
    return "micropython", [folder], f"MicroPython, held to {HEAP // 1024} KiB of memory", HEAP_GOAL


def play(scenario, folder, file):
    """Tell the story of a scenario on the terminal and in `file`; returns whether all was as it should be."""

    def say(text="", label=""):
        layout = textwrap.TextWrapper(COLUMNS, label, " " * len(label), break_on_hyphens=False)
        for stream in (sys.stdout, file):
            print(layout.fill(text), file=stream, flush=True)

    with tempfile.TemporaryDirectory(prefix="demo-") as staged:
        interpreter, device, where, heap_goal = stage(Path(staged) / "device")
        say(scenario.title.upper())
        say()
        say(
            f"An in-home display is switched on in a British home on {date(scenario.start)}. It runs its real program, "
            f"on {where}; the radio, the meters and the home around it are simulated. A day takes about 20 seconds "
            "here. Times are GMT; names in [brackets] are pictures of its panel."
        )
        say()
        day = Day(scenario, folder, say, heap_goal)
        day.live(interpreter, device)
    say()
    say("THE DAY IN NUMBERS" if scenario.duration_ms <= DAY * 1000 else "THE DAYS IN NUMBERS")
    say()
    day.add_up()
    say()
    say("CHECKED (the simulated meters know what the home really used)")
    say()
    day.check()
    say()
    if day.wrong:
        say(f"NOT ALL IS WELL: see {len(day.wrong)} x WRONG above.")
        say()
    say(
        f"Now look in {os.path.relpath(folder)}: this story (story.txt), the pictures (screen-*.png), what the display "
        "reported (events.jsonl), every radio frame (capture.pcap, for Wireshark) and its chip (flash*.bin)."
    )
    if day.chip.had_to_forget:
        say("Whether anything from before a change can still be read on the chip, anybody may ask again:")
        say(f"make erase-proof DUMP={os.path.relpath(day.chip.after)}", "    ")
    return not day.wrong


def main(words=None):
    """Play the scenario of the command line; 0 only if all was as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--scenario", default="moving-day", help="a TOML file, or the name of one that comes along")
    parser.add_argument("--into", metavar="FOLDER", type=Path, default=OUT, help="where the files go")
    options = parser.parse_args(words)
    try:
        scenario = load_scenario(options.scenario)
        options.into.mkdir(parents=True, exist_ok=True)
        for old in [path for pattern in (STORY, *FILES) for path in options.into.glob(pattern)]:
            old.unlink()
        with open(options.into / STORY, "w", encoding="utf-8") as file:
            return 0 if play(scenario, options.into, file) else 1
    except (ScenarioError, NoInterpreter, FlashError, OSError) as trouble:
        print(f"The demo cannot be played: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped before the end.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
