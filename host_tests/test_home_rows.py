"""What a home has to see: the README's table is that of tools/home_rows.py, and it names what has a test, no more."""

import ast
import re
from pathlib import Path

from tools import home_rows

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"^test_(H\d\d)_")


def shown():
    """The ids in the names of tests."""
    for path in (ROOT / "host_tests/portable").glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and NAMED.match(node.name):
                yield NAMED.match(node.name)[1]


def test_the_readme_has_the_table_of_the_rows():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## What a home sees\n", 1)[1].split("\n## ", 1)[0]
    assert [line for line in section.splitlines() if line.startswith("|")] == home_rows.readme()


def test_what_the_table_says_is_seen_has_a_test_and_nothing_else_has():
    seen = {name for name, (_, where, answer) in home_rows.ROWS.items() if where and answer == home_rows.YES}
    assert set(shown()) == seen


def test_what_is_not_seen_says_why():
    for what, where, answer in home_rows.ROWS.values():
        assert what and (answer == home_rows.YES) == bool(where)
        assert answer == home_rows.YES or answer.startswith("no, because ")
