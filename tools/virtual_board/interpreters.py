"""The process that runs the board's program: a MicroPython VM under its heap limit, or CPython."""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

from tools import micropython_vm

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STANDINS = HERE / "standins"

COMPILED = [ROOT / "build" / "device"]
SOURCES = [ROOT / "board" / "esp32", ROOT / "board" / "xbee3", ROOT / "firmware"]

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)  # opened here: after a fork is no time to load libraries


class NoInterpreter(Exception):
    """The interpreter that was asked for, or the program it shall run, is not there; the text says which."""


class MicroPython:
    """A genuine VM; on a 64-bit one objects are twice the size, so its limit is doubled and judges nothing."""

    name = "micropython"

    def __init__(self, command: list[str], bits: int, device):
        self._command, self._wide = command, bits == 64
        self._folders = [Path(folder).resolve() for folder in device or _compiled()]
        self._program = _program(self._folders)
        if self._wide:
            print("virtual board: 64-bit MicroPython, heap doubled; heap is judged on 32 bits only", file=sys.stderr)

    def start(self, heap: int, standins: int) -> "Child":
        """Run the program with `heap` bytes of its own and enough for the stand-ins, which take `standins` bytes."""
        # Of every 128 bytes of heap the collector keeps 3 for its tables.
        limit = heap * (1 + self._wide) + standins * 128 // 125 + 16
        path = ":".join(str(folder) for folder in (STANDINS, *self._folders, ".frozen"))
        code = f"import gc; gc.collect(); b = gc.mem_alloc(); import _start; _start.run({str(self._program)!r}, b)"
        return Child([*self._command, "-X", f"heapsize={limit}", "-c", code], {"MICROPYPATH": path}, "/")


class CPython:
    """The interpreter that runs this tool, on the sources; it knows no heap limit."""

    name = "cpython"

    def __init__(self, device):
        self._folders = [Path(folder).resolve() for folder in device or SOURCES]
        self._program = _program(self._folders)

    def start(self, folder: Path) -> "Child":
        """Run the program with `folder` as the root of its file system."""
        words = [self._program, *self._folders]
        return Child([sys.executable, "-ISu", HERE / "cpython" / "run.py", *words], {}, folder)


class Child:
    """The running program: pipes for requests, answers, events and logs. It dies with the thread that started it."""

    def __init__(self, command, environment, folder):
        self.requests, sender = os.pipe()
        self._process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            pass_fds=(sender,),
            env={**os.environ, **environment, "REQUESTS": f"/dev/fd/{sender}"},
            cwd=folder,
            preexec_fn=_in_the_child,  # noqa: PLW1509 - two system calls, no lock is taken
        )
        os.close(sender)
        self.pid = self._process.pid
        self.answers = self._process.stdin.fileno()
        self.events = self._process.stdout.fileno()
        self.log = self._process.stderr.fileno()

    def wait(self) -> int:
        return self._process.wait()

    def kill(self):
        """Cut the power."""
        self._process.kill()
        self._process.wait()

    def close(self):
        if self.requests is not None:
            os.close(self.requests)
            self.requests = None
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                pipe.close()


def choose(interpreter: str = "auto", device=None):
    """The interpreter for `auto`, `micropython` or `cpython`.

    device: the folders of modules, the first main.py in them is run; without, the compiled files of
    `python -m tools.mpy` for the VM and the sources for CPython.
    """
    if interpreter == "cpython":
        return CPython(device)
    command = micropython_vm.find(bits=32) or micropython_vm.find()
    if command:
        return MicroPython(command, micropython_vm.probe(command[0])[0], device)
    if interpreter == "micropython":
        raise NoInterpreter("no MicroPython VM here: python -m tools.micropython_vm --obtain looks for one")
    print("virtual board: no MicroPython VM here, so this is CPython and no heap limit holds", file=sys.stderr)
    return CPython(device)


def _compiled():
    """Where the compiled program is, made again if a source is newer."""
    program = COMPILED[0] / "main.py"
    sources = [file for folder in SOURCES for file in folder.rglob("*.py")]
    if not program.exists() or program.stat().st_mtime < max(file.stat().st_mtime for file in sources):
        print("virtual board: compiling the firmware (python -m tools.mpy)", file=sys.stderr)
        if subprocess.run([sys.executable, "-m", "tools.mpy"], cwd=ROOT, stdout=sys.stderr, check=False).returncode:
            raise NoInterpreter("python -m tools.mpy failed: there is no compiled program to run")
    return COMPILED


def _program(folders) -> Path:
    for folder in folders:
        if (folder / "main.py").exists():
            return folder / "main.py"
    raise NoInterpreter(f"no main.py in {', '.join(str(folder) for folder in folders)}")


def _in_the_child():
    # Ctrl-C and SIGTERM reach the whole group; only the parent answers them, and takes the child along.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    if sys.platform == "linux":
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
