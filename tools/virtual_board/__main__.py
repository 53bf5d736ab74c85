"""The command line of the virtual board; the README says what it promises."""

import argparse
import json
import math
import os
import signal
import sys

from .board import HEAP, Board, BoardDied
from .clocks import RealTime
from .devices import KEYS
from .flash import FlashError
from .interpreters import NoInterpreter
from .transports import FORMS, Nothing, address, open_uart
from .wires import Silent

SLOWEST, FASTEST = 0.01, 100_000


class Parser(argparse.ArgumentParser):
    """Refuses a command line in one sentence, with status 2."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')}\n")


def uart(text, kinds=tuple(FORMS)):
    """What `--uart` says, see transports.address."""
    try:
        return address(text, kinds)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def speed(text):
    """How many seconds of board time pass in one of ours."""
    value = _number(text)
    if not SLOWEST <= value <= FASTEST:  # neither is NaN
        raise argparse.ArgumentTypeError(f"{text} is not a number from {SLOWEST} to {FASTEST}")
    return value


def file(text):
    """A file that is there or can be made."""
    folder = os.path.dirname(text) or "."
    if os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text} is a folder, not a file")
    if not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"{text} cannot be made, as there is no folder {folder}")
    if not os.access(text if os.path.exists(text) else folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text} cannot be written")
    return text


def _events(text):
    return text if text == "-" else file(text)


def _number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


def _bytes(text):
    """112K, 1M or plain bytes."""
    factor = {"K": 1024, "M": 1 << 20}.get(text[-1:].upper(), 1)
    digits = text if factor == 1 else text[:-1]
    if not (digits.isdecimal() and 0 < int(digits) * factor < 1 << 31):
        raise argparse.ArgumentTypeError(f"{text} is not a number of bytes such as 112K, 1M or 114688")
    return int(digits) * factor


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
    if not 0 <= _number(seconds) < math.inf:
        raise argparse.ArgumentTypeError(f"{text} needs seconds since the start, such as {key}@3")
    return key, round(float(seconds) * 1000)


def _panel(text):
    if text != "oled":
        raise argparse.ArgumentTypeError("tft is not built yet, only oled" if text == "tft" else f"{text} is not oled")
    return text


def _arguments(words):
    parser = Parser(
        prog="python -m tools.virtual_board",
        description="Runs the ESP32's program without an ESP32. Events go to standard output, logs to standard error.",
    )
    add, several = parser.add_argument, {"action": "append", "default": []}
    add("--uart", metavar="|".join(FORMS.values()), type=uart, help="the radio's end of the UART; without it, no radio")
    add("--flash", metavar="FILE", type=file, help="the history partition, made if absent; without it, no partition")
    add("--vfs", metavar="FILE", type=file, help="the file system, made if absent; without it, one that is not kept")
    add("--set", metavar="KEY=VALUE", type=_setting, **several, help="a setting of README's table; repeatable")
    add("--panel", metavar="oled", type=_panel, default="oled", help="the default and the only one; tft not yet")
    add("--screen", metavar="FILE.png", type=file, help="what the panel shows, replaced at every change")
    add("--heap", metavar="BYTES", type=_bytes, default=HEAP, help="for the program, default 112K; on MicroPython only")
    kinds = (
        "micropython: a VM that holds the heap limit; cpython: no limit; auto, the default: the VM if one is at hand"
    )
    add("--interpreter", choices=("micropython", "cpython", "auto"), default="auto", help=kinds)
    add("--device", metavar="FOLDER", action="append", help="another program's folder, not the firmware; repeatable")
    add("--speed", metavar="N", type=speed, default=1, help="seconds of board time a second, default 1; the peer's too")
    add("--events", metavar="FILE|-", type=_events, default="-", help="a file that gets the events too")
    pressed = "hold prev, next or select down for a moment; repeatable"
    add("--press", metavar="KEY@SECONDS", type=_press, **several, help=pressed)
    options = parser.parse_args(words)
    try:
        options.uart = open_uart(*options.uart) if options.uart else Nothing()
    except OSError as error:
        port = f":{options.uart[2]}" if options.uart[2] else ""
        parser.error(f"--uart: {options.uart[0]}{port} cannot be had: {os.strerror(error.errno)}")
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
        named = isinstance(error, OSError) and error.filename
        print(f"virtual board: {f'{error.filename}: {error.strerror}' if named else error}", file=sys.stderr)
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
