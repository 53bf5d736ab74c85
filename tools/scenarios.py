"""The catalogue of tenancy: lives every scenario, in the core on both interpreters and over the wire, prints a table.

    python -m tools.scenarios

A scenario is shown by the tests with its id in their names: test_T05_... or ...[T05]. Those of host_tests/portable are
of the core, all others of the whole display on the virtual board. Ends with 1 when a cell is not filled with a pass.
"""

import ast
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tools import micropython_vm, mpy

ROOT = Path(__file__).resolve().parent.parent
PORTABLE = ROOT / "host_tests/portable"
FILES = ROOT / "host_tests/scenarios"
IDS = [f"T{number:02}" for number in range(1, 49)]
# No bench can do these to a board from outside.
CORE_ONLY = {
    "T28": "A power cut at every flash operation of the rewind",
    "T29": "Two rewinds in a row, a second cut inside the first's recovery",
    "T39": "A keeper that fails",
}
NAMED = re.compile(r"(?:^test_|\[)(T\d\d)(?!\d)")
PASS, FAIL, MISSING, NONE = "pass", "FAIL", "missing", "-"
COLUMNS = ("CPython", "MicroPython", "wire")


def titles():
    """{id: what it shows}, from the scenario files."""
    found = dict(CORE_ONLY)
    for path in sorted(FILES.glob("T[0-9][0-9].toml")):
        found[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))["title"]
    return {name: found.get(name, MISSING) for name in IDS}


def readme():
    """The lines of the README's table."""
    wire = {name: "core only" if name in CORE_ONLY else "yes" for name in IDS}
    rows = [f"| {name} | {title} | yes | {wire[name]} |" for name, title in titles().items()]
    return ["| id | what it shows | core, both interpreters | over the wire |", "|---|---|---|---|", *rows]


class Recorder:
    """A plugin of pytest that runs what belongs to the catalogue. outcomes: {(column, id): [passed, ...]}."""

    def __init__(self):
        self.outcomes = defaultdict(list)

    def pytest_collection_modifyitems(self, config, items):
        other = [item for item in items if not NAMED.search(item.name)]
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in other]

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or not report.passed:
            name = NAMED.search(report.nodeid.rpartition("::")[2])[1]
            column = "CPython" if "/portable/" in report.nodeid else "wire"
            self.outcomes[column, name].append(report.passed)


def core_tests():
    """(module, name of a test) of every test of the catalogue in the core."""
    for path in sorted(PORTABLE.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and NAMED.search(node.name):
                yield path.stem, node.name


def run_on_vm(outcomes):
    """The core's tests of the catalogue with the compiled firmware on a MicroPython VM, into `outcomes`."""
    vm = micropython_vm.find()
    if vm is None:
        print("No MicroPython VM at hand: `make setup` looks for one.", file=sys.stderr)
        return
    by_module = defaultdict(list)
    for module, name in core_tests():
        by_module[module].append(name)
    with tempfile.TemporaryDirectory() as folder:
        mpy.compile_all(Path(folder), PORTABLE.glob("*.py"))
        for module, names in by_module.items():
            command = [*vm, "-X", "heapsize=2m", str(ROOT / "host_tests/run_portable.py"), f"{module}:test_T"]
            path = f"{folder}:{PORTABLE}:.frozen"
            run = subprocess.run(
                command, env=dict(os.environ, MICROPYPATH=path), capture_output=True, text=True, check=False
            )
            ended = run.stdout.rstrip().endswith(" failed")
            failed = re.findall(rf"^FAILED {module} (\w+)$", run.stdout, re.MULTILINE)
            if run.returncode:
                print(run.stdout + run.stderr, file=sys.stderr)
            for name in names:
                outcomes["MicroPython", NAMED.search(name)[1]].append(ended and name not in failed)


def table(outcomes):
    """(lines, whether every cell that has to be filled is a pass)."""
    rows, good = [], True
    for name, title in titles().items():
        cells = []
        for column in COLUMNS:
            told = outcomes.get((column, name), ())
            if column == "wire" and name in CORE_ONLY and not told:
                cells.append(NONE)
                continue
            cells.append(MISSING if not told else PASS if all(told) else FAIL)
        good = good and not {MISSING, FAIL} & {title, *cells}
        rows.append((name, title, *cells))
    heads = ("id", "what it shows", "core: CPython", "core: MicroPython", "wire")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in (heads, *rows)]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return lines, good


def main():
    recorder = Recorder()
    pytest.main(["-q", "--tb=short", "-p", "no:cacheprovider", str(ROOT / "host_tests")], plugins=[recorder])
    run_on_vm(recorder.outcomes)
    lines, good = table(recorder.outcomes)
    print("\n" + "\n".join(lines))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
