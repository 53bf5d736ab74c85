"""Small programs for the virtual board, standing where the firmware's main.py stands."""

from pathlib import Path

import pytest

from tools import micropython_vm
from tools.virtual_board.board import Board

BOTH = pytest.mark.parametrize("interpreter", ["micropython", "cpython"])

# What every program starts with: the parts, `say` for an event, `rest` for the end.
START = """
import json, select, sys, time
from esp32 import Partition
from machine import I2C, UART, Pin

flow = UART.RTS | UART.CTS
uart = UART(2, baudrate=115200, tx=17, rx=16, rts=27, cts=35, flow=flow, rxbuf=1024, txbuf=1024, timeout=0)
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400000)
poll = select.poll()
poll.register(uart, select.POLLIN)
power_up = time.ticks_ms()

def say(**fields):
    fields.update({"event": fields.get("event", "said"), "t": None, "ms": time.ticks_diff(time.ticks_ms(), power_up)})
    sys.stdout.write(json.dumps(fields) + "\\n")

def rest():
    while True:
        poll.poll(-1)

def attempt(do, *arguments):
    try:
        return do(*arguments)
    except OSError as error:
        return "OSError %d" % error.args[0]
"""


def need(interpreter):
    """Skip where no VM can be had."""
    if interpreter == "micropython" and not micropython_vm.find(bits=32):
        pytest.skip("no 32-bit MicroPython VM at hand: `make setup` looks for one")


def folder(tmp_path, program) -> Path:
    """A device folder with `program` behind START as its main.py."""
    place = tmp_path / "device"
    place.mkdir(exist_ok=True)
    (place / "main.py").write_text(START + program)
    return place


def board(interpreter, tmp_path, program, peer=None, **options):
    """(a Board with `program`, the list that its events go to)."""
    need(interpreter)
    events = []
    device = [folder(tmp_path, program)]
    return Board(peer, interpreter=interpreter, device=device, on_event=events.append, **options), events


def said(events):
    """What the program said, without what every event has."""
    common = ("event", "t", "ms")
    return [{k: v for k, v in event.items() if k not in common} for event in events if event["event"] == "said"]


class Peer:
    """The other end of the UART: sends `script`, {board ms: bytes}, and writes down what it gets."""

    def __init__(self, script=()):
        self.script = sorted(dict(script).items())
        self.got = []

    def board_sent(self, data, ms):
        self.got.append((ms, bytes(data)))

    def due(self):
        return self.script[0][0] if self.script else None

    def advance(self, ms):
        sent = b""
        while self.script and self.script[0][0] <= ms:
            sent += self.script.pop(0)[1]
        return sent
