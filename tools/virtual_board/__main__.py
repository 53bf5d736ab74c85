"""The command line of the virtual board; `../shared/design/virtual-board.md` and the README say what it promises."""

import argparse
import json
import signal
import sys

from .board import HEAP, Board, BoardDied
from .clocks import RealTime
from .devices import KEYS
from .flash import FlashError
from .interpreters import NoInterpreter
from .transports import Nothing, open_uart
from .wires import Silent


def _bytes(text):
    """112K, 1M or plain bytes."""
    factor = {"K": 1024, "M": 1 << 20}.get(text[-1:].upper(), 1)
    return int(text if factor == 1 else text[:-1]) * factor


def _setting(text):
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text} is not KEY=VALUE")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _press(text):
    key, _, seconds = text.partition("@")
    if key not in KEYS:
        raise argparse.ArgumentTypeError(f"{key} is none of {', '.join(KEYS)}")
    return key, round(float(seconds) * 1000)


def _speed(text):
    speed = float(text)
    if speed <= 0:
        raise argparse.ArgumentTypeError("not above 0")
    return speed


def _arguments(words):
    parser = argparse.ArgumentParser(
        prog="python -m tools.virtual_board",
        description="Runs the ESP32's program without an ESP32. Events go to standard output, logs to standard error.",
    )
    add = parser.add_argument
    add("--uart", metavar="tcp:HOST:PORT|tcp-listen:PORT|pty", help="the radio's end of the UART; without it, no radio")
    add("--flash", metavar="FILE", help="the history partition, made of ones if absent; without it, no partition")
    add("--vfs", metavar="FILE", help="the file system's image, made if absent; without it, one that is not kept")
    add("--set", metavar="KEY=VALUE", type=_setting, action="append", default=[], help="an installation setting")
    add("--panel", choices=("oled", "tft"), default="oled", help="only oled is built so far")
    add("--screen", metavar="FILE.png", help="what the panel shows, replaced at every change")
    add("--heap", metavar="BYTES", type=_bytes, default=HEAP, help="for the program, default 112K")
    add("--interpreter", choices=("micropython", "cpython", "auto"), default="auto")
    add("--device", metavar="FOLDER", action="append", help="another program's folder, instead of the firmware")
    add("--speed", metavar="N", type=_speed, default=1, help="seconds of board time a second")
    add("--events", metavar="FILE|-", default="-", help="a file that gets the events too")
    add("--press", metavar="KEY@SECONDS", type=_press, action="append", default=[], help="prev, next or select")
    options = parser.parse_args(words)
    if options.panel == "tft":
        parser.error("--panel tft is not built yet")
    try:
        options.uart = open_uart(options.uart) if options.uart else Nothing()
    except (ValueError, OSError) as error:
        parser.error(f"--uart {options.uart}: {error}")
    return options


def _end(signum, frame):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def main(words=None) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    options = _arguments(words)
    outputs = [sys.stdout]

    def tell(event):
        for stream in outputs:
            print(json.dumps(event), file=stream, flush=True)

    try:
        if options.events != "-":
            outputs.insert(0, open(options.events, "w"))  # noqa: SIM115 - first, so what was printed is in the file
        with Board(
            options.uart,
            interpreter=options.interpreter,
            device=options.device,
            heap=options.heap,
            clock=RealTime(options.speed),
            flash=options.flash,
            vfs=options.vfs,
            settings=dict(options.set),
            screen=options.screen,
            on_event=tell,
        ) as board:
            return _live(board, options)
    except (BoardDied, FlashError, NoInterpreter, Silent, OSError) as error:
        print(f"virtual board: {error}", file=sys.stderr)
        return 1


def _live(board, options):
    for key, ms in options.press:
        board.press(key, ms)
    if hasattr(options.uart, "port"):
        board.report("uart", port=options.uart.port)
    board.start()
    if board.standins is not None:
        print(f"virtual board: the stand-ins take {board.standins} bytes of heap, not charged", file=sys.stderr)
    board.run()
    print("virtual board: main.py has ended", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
