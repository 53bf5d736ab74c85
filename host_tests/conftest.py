"""What every test run needs: the CPython stand-ins on the path, and in CI no test that is skipped."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "tools/virtual_board/cpython"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A test that skips itself for want of a VM, tshark or a font fails in CI, where all of them must be there."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI skips nothing: {report.longrepr[2]}"
    return report
