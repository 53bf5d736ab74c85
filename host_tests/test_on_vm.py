"""The portable tests, with the compiled firmware, on a genuine MicroPython VM."""

import os
import pathlib
import subprocess

import pytest

from tools import micropython_vm, mpy

HERE = pathlib.Path(__file__).parent
MODULES = sorted(path.stem for path in (HERE / "portable").glob("test_*.py"))


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    """A folder with the firmware as it is on the device."""
    folder = tmp_path_factory.mktemp("device")
    mpy.compile_all(folder, (HERE / "portable").glob("*.py"))
    return folder


@pytest.mark.parametrize("module", MODULES)
def test_portable_tests_pass_on_micropython(module, device):
    vm = micropython_vm.find()
    if vm is None:
        pytest.skip("no MicroPython VM at hand: `make setup` looks for one")
    run = subprocess.run(
        [*vm, "-X", "heapsize=4m", str(HERE / "run_portable.py"), module],
        env=dict(os.environ, MICROPYPATH=f"{device}:{HERE / 'portable'}:.frozen"),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.rstrip().endswith(" 0 failed")
