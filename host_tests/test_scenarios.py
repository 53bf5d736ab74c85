"""The catalogue of tenancy: the README's table is that of the scenario files, and its printed one tells the truth."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import scenarios
from tools.bench import load_scenario

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "host_tests/scenarios").glob("T*.toml"))


def test_the_readme_has_the_table_of_the_scenario_files():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## Scenarios\n", 1)[1].split("\n## ", 1)[0]
    assert [line for line in section.splitlines() if line.startswith("|")] == scenarios.readme()


def test_every_scenario_has_a_title_of_its_own():
    titles = list(scenarios.titles().values())
    assert len(titles) == 48 and scenarios.MISSING not in titles and len(set(titles)) == 48


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_file_can_be_played_and_expects_something(path):
    scenario = load_scenario(path)
    assert scenario.expectations and scenario.duration_ms


def test_a_cell_is_a_pass_only_if_every_test_of_it_passed():
    names = [name for name in scenarios.IDS if name != "T05"]
    outcomes = {(column, name): [True] for column in scenarios.COLUMNS for name in names}
    for told, shown in (([True, True], "pass"), ([True, False], "FAIL"), ([], "missing")):
        for column, place in (("CPython", 3), ("MicroPython", 4), ("wire", 5)):
            outcomes |= {(each, "T05"): [True] for each in scenarios.COLUMNS} | {(column, "T05"): told}
            lines, good = scenarios.table(outcomes)
            (row,) = [line.split("|") for line in lines if line.startswith("| T05")]
            assert row[place].strip() == shown and good == (shown == "pass")


def test_only_three_scenarios_need_no_wire():
    outcomes = {(column, name): [True] for column in scenarios.COLUMNS[:2] for name in scenarios.IDS}
    lines, good = scenarios.table(outcomes)
    assert not good and sum("missing" in line for line in lines) == 45
    assert [line[2:5] for line in lines if line.rstrip(" |").endswith("-") and "T" in line] == ["T28", "T29", "T39"]


def test_a_portable_test_is_told_by_the_beginning_of_its_name(tmp_path):
    (tmp_path / "test_some.py").write_text("def test_T05_a():\n    pass\n\ndef test_T06_b():\n    assert 0\n")
    program, there = ROOT / "host_tests/run_portable.py", {"PYTHONPATH": str(tmp_path)}
    for argument, failed in (("test_some:test_T05", 0), ("test_some:test_T07", 1), ("test_some", 1)):
        command = [sys.executable, program, argument]
        run = subprocess.run(command, env=there, capture_output=True, text=True, check=False)
        assert run.returncode == failed
        assert run.stdout.endswith("1 passed, 0 failed\n") == (not failed)
