"""The virtual board: the program, the devices it talks to, and the time that passes between them.

    with Board(peer, screen="panel.png", on_event=print) as board:
        board.run(60_000)

In lock-step, the default, board time passes only in the program's `select.poll` and `sleep_ms`, up to the moment at
which something is due: a run is as fast as the machine and the same every time.
"""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections import deque
from pathlib import Path

from . import file_system, interpreters
from .clocks import LockStep
from .devices import UART_BUFFER, Devices
from .flash import HISTORY_SIZE, NorFlash, write_whole
from .standins import _operations as op
from .transports import Nothing
from .wires import Wires

HEAP = 112 * 1024
TICKS_PERIOD = 1 << 30
TICKS_AT_START = TICKS_PERIOD - 60_000  # every run lives through the wrap
PRESS_MS = 200
TOO_BUSY = 100_000  # looks at the clock without board time passing: no program that waits makes so many
_MEASURING_ROOM = 1 << 20


class BoardDied(Exception):
    """The program ended with a status other than 0; the text is its last line, `log` its last lines."""

    def __init__(self, status, log):
        super().__init__(log[-1] if log else f"main.py ended with status {status}")
        self.status, self.log = status, log


class Board:
    """One ESP32 with a radio socket, an OLED, three keys, a file system and perhaps a history partition.

    peer: what the UART is wired to, with board_sent(data, ms), due() and advance(ms). device: the folders of the
    program, see interpreters.choose. heap: bytes for the program. flash: the history partition's file, None for a board
    without one. vfs: the file system's image, None for one that nobody keeps; on CPython what the program writes there
    is lost. settings: for its settings.json. screen: a PNG that follows the panel. Called back: on_event(dict),
    on_picture(image of mode 1), on_log(str); pictures come when the program waits, never half drawn;
    on_flash("program" or "erase", offset, length), when that operation on the history partition is in its file and the
    program does not know it yet: what it raises comes out of `run`, and `stop` then cuts the power right there.
    """

    def __init__(
        self,
        peer=None,
        *,
        interpreter="auto",
        device=None,
        heap=HEAP,
        clock=None,
        flash=None,
        vfs=None,
        settings=None,
        screen=None,
        on_event=None,
        on_picture=None,
        on_log=None,
        on_flash=None,
    ):
        self.peer = peer or Nothing()
        self.clock = clock or LockStep()
        self.heap = heap
        self.interpreter = interpreters.choose(interpreter, device)
        self.flash = NorFlash(HISTORY_SIZE, flash) if flash is not None else None
        self.file_system = NorFlash(file_system.SIZE, vfs, file_system.prepare(vfs, settings))
        on_flash = on_flash or (lambda operation, offset, length: None)
        self.devices = Devices(self.peer, self.clock, self.flash, self.file_system, self._fault, on_flash)
        self.panel = self.devices.panel
        self.standins = None  # bytes of heap that the stand-ins take; None on CPython
        self._screen = Path(screen) if screen is not None else None
        self._on_event = on_event or (lambda event: None)
        self._on_picture = on_picture or (lambda picture: None)
        self._on_log = on_log or (lambda line: print(line, file=sys.stderr))
        self._child = self._wires = self._folder = self._shown = self._t = None
        self._waiting = None  # (its request, board ms of its end or None) while the program waits
        self._busy = 0
        self._last_lines = deque(maxlen=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Power up: the program is loaded and about to run its first line. `run` does it too."""
        if self.interpreter.name == "cpython":
            self._folder = tempfile.mkdtemp(prefix="virtual-board-")
            file_system.extract(bytes(self.file_system.cells), Path(self._folder))
            self._launch(self.interpreter.start(self._folder))
        else:
            self.standins = self._launch(self.interpreter.start(self.heap, _MEASURING_ROOM))
            self._power_off()
            self._launch(self.interpreter.start(self.heap, self.standins))
        self.clock.start()
        self._show()
        self._wires.answer(0)

    def run(self, until_ms: int | None = None) -> bool:
        """Run until board time `until_ms` (for ever if None) and leave the program waiting there, to be run on.

        False when the program has ended by itself. Raises BoardDied when it failed, Silent when it hangs.
        """
        if self._child is None:
            self.start()
        self._show()
        with self._one_cpu():
            while self._waiting is None or self._wait(until_ms):
                request = self._wires.request()
                if not request:
                    self._ended()
                    return False
                self._answer(request)
        return True

    def stop(self):
        """Cut the power: nothing is flushed, nobody is told."""
        self._power_off()
        for flash in (self.flash, self.file_system):
            if flash:
                flash.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    kill = stop

    def picture(self):
        """What the panel shows now."""
        return self.panel.picture()

    def press(self, key: str, at_ms: int | None = None, ms: int = PRESS_MS):
        """Hold `prev`, `next` or `select` down for `ms` of board time, from now or from `at_ms`."""
        self.devices.press(key, self.clock.ms() if at_ms is None else at_ms, ms)

    def report(self, event: str, **more):
        """Tell `on_event` something that the virtual board itself has to say."""
        self._on_event({"event": event, "t": self._t, "ms": self.clock.ms(), **more})

    def _fault(self, what, where):
        self.report("error", what=what, where=where)

    def _launch(self, child):
        """Serve `child` until it is ready for the program; returns what its stand-ins take."""
        self._child = child
        self._wires = Wires(child, self._hear_event, self._hear_log)
        while request := self._wires.request():
            if request.operation == op.READY:
                return request.value
            self._answer(request)
        self._ended()
        raise BoardDied(0, ["the interpreter ended before the program began"])

    def _power_off(self):
        if self._child:
            self._child.kill()
            self._child.close()

    def _ended(self):
        status = self._child.wait()
        if status:
            died = BoardDied(status, list(self._last_lines))
            self._fault(str(died), "main.py")
            raise died

    @contextlib.contextmanager
    def _one_cpu(self):
        """In lock-step only one side ever runs: on one CPU they hand over seven times as fast."""
        if not (self.clock.lock_step and hasattr(os, "sched_setaffinity")):
            yield
            return
        before = os.sched_getaffinity(0)
        here = {int(Path("/proc/thread-self/stat").read_text().rpartition(")")[2].split()[36])}
        try:
            for process in (0, self._child.pid):
                os.sched_setaffinity(process, here)
            yield
        finally:
            os.sched_setaffinity(0, before)

    def _answer(self, request):
        if request.operation in (op.POLL, op.SLEEP):
            self._show()
            end = None if request.value == op.FOREVER else self.clock.ms() + request.value
            self._waiting = request, end
            self._looked()
        elif request.operation == op.TICKS:
            self._wires.answer((TICKS_AT_START + self.clock.ms()) % TICKS_PERIOD)
            self._looked()
        else:
            self._wires.answer(self.devices.answer(request))

    def _looked(self):
        self._busy += 1
        if self._busy > TOO_BUSY and self.clock.lock_step:
            raise RuntimeError(f"{TOO_BUSY} looks at the clock and no board time passed: the program does not wait")

    def _wait(self, until_ms):
        """Let time pass; True when the program's wait is over, False at `until_ms`."""
        request, end = self._waiting
        polls = request.operation == op.POLL
        watches_keys = polls and request.unit
        while True:
            now = self.clock.ms()
            self.devices.listen(now)
            heard = len(self.devices.received)
            keys = op.KEYS if watches_keys and self.devices.keys_changed(now) else 0
            if (end is not None and now >= end) or (polls and (heard or keys)):
                break
            if until_ms is not None and now >= until_ms:
                return False
            due = None if heard else self.peer.due()
            key_due = self.devices.keys_due(now) if watches_keys else None
            moments = (end, until_ms, key_due, due if due is None else max(due, now + 1))
            self.clock.wait(min((ms for ms in moments if ms is not None), default=None), self._sleep)
            self._busy = 0
            if self._waiting is None:
                return True
        self._waiting = None
        self._wires.answer(min(heard, UART_BUFFER) | keys)
        return True

    def _sleep(self, seconds):
        interest = () if self.devices.received else getattr(self.peer, "interest", tuple)()
        if self._wires.sleep(seconds, interest):
            self._waiting = None  # the program ended while it waited

    def _show(self):
        if not self.panel.changed:
            return
        self.panel.changed = False
        picture = self.panel.picture()
        if picture.tobytes() == self._shown:
            return
        self._shown = picture.tobytes()
        if self._screen:
            png = io.BytesIO()
            picture.save(png, "PNG")
            write_whole(self._screen, png.getvalue())
        self._on_picture(picture)

    def _hear_event(self, line):
        try:
            event = json.loads(line)
            name, self._t = event["event"], event["t"]
            event = {"event": name, "t": self._t, "ms": event["ms"], **event}  # MicroPython's dicts have no order
        except (ValueError, TypeError, KeyError):
            self._on_log(f"not an event: {line.decode(errors='replace')}")
            return
        known = self.standins is not None
        if name == "boot":
            event.update(pid=os.getpid(), interpreter=self.interpreter.name)
            event.update(heap=self.heap if known else None, standins=self.standins)
        elif name == "heap":
            event["used"] = event["used"] - self.standins if known else None
            event["free"] = event["free"] if known else None
        self._on_event(event)

    def _hear_log(self, line):
        text = line.decode(errors="replace")
        self._last_lines.append(text)
        self._on_log(text)
