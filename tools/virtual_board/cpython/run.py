"""Makes CPython the board: the stand-ins take the places of MicroPython's modules, then main.py runs.

Usage: python -ISu run.py PROGRAM FOLDER...; the FOLDERs hold modules, the current directory is the file system.
"""

import gc
import importlib.util
import runpy
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
STANDINS = HERE.parent / "standins"


def _replace(name):
    spec = importlib.util.spec_from_file_location(name, STANDINS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _print_exception(exception, file=None):
    traceback.print_exception(exception, file=file or sys.stdout)


def main(program, *folders):
    sys.path[:0] = [str(STANDINS), str(HERE), *folders]
    for name in ("time", "select"):  # CPython's own are built in and would be found before any folder
        _replace(name)
    import _operations
    import _wires

    # CPython cannot tell; the host reports heap as null.
    gc.mem_alloc = gc.mem_free = lambda: 0
    gc.threshold = lambda octets: None
    sys.print_exception = _print_exception
    _wires.ask(_operations.READY)
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
