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


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a whole file; only the published frames may be missing, where GBCS_VECTORS does not name them."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        if collector.path.name.startswith("test_vectors") and not os.environ.get("GBCS_VECTORS"):
            return report
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI skips nothing: {report.longrepr[2]}"
    return report
