"""Counts on the MicroPython VM what one received frame allocates, from the UART's octets to the meter's facts.

Run by tools/measure.py. Its last line is JSON: {what comes in: [octets allocated a frame, retained of all frames]}.
"""

import gc
import json
import sys

import xbee3_profile

from ihd import radio as radios
from ihd.clock import Clock
from ihd.han.directory import Directory
from ihd.han.exchange import Exchange
from ihd.han.inbox import Inbox
from ihd.history.live_only import LiveOnly
from ihd.home.meter import Meter
from ihd.home.poller import Poller
from ihd.radio import api_frame
from ihd.radio.xbee import XBee
from ihd.refused import Refused

FRAMES = 200
NOW = 1000  # ticks stand still: no timer of the radio falls into the count
UTC = 821577600  # 2026-01-13, so that times and registers are as large as they are in use
ESME = bytes.fromhex("00db1234567890a0")
POWER, REGISTER = 411, 18402611  # W, Wh
SCALE = bytes.fromhex("0003003000" + "01030022010000" + "02030022e80300")  # kWh, x 1, / 1000


class Uart:
    """Gives one frame at a time, keeps what was sent last; neither allocates."""

    def __init__(self):
        self.frame = b""
        self.sent = bytearray(700)
        self._at = 0

    def receive(self, frame):
        """`frame` comes in."""
        self.frame = frame
        self._at = 0

    def readinto(self, buffer):
        """As machine.UART does."""
        n = 0
        while n < len(buffer) and self._at < len(self.frame):
            buffer[n] = self.frame[self._at]
            n += 1
            self._at += 1
        return n or None

    def write(self, data):
        """As machine.UART does."""
        for i in range(len(data)):
            self.sent[i] = data[i]
        return len(data)


class Guard:
    """Of a home whose meter has still to answer: its gate is closed."""

    def __init__(self):
        self.watches = {}


class Road:
    """One electricity meter's way from the UART to its facts, which go to `fact`; the home of its Meter and Poller."""

    def __init__(self, fact):
        self.uart = Uart()
        self.refused = refused = Refused()
        self.radio = XBee(self.uart, xbee3_profile.PROFILE, refused, None)
        self.radio.poll(NOW)
        self.radio.state = radios.JOINED
        self.radio.poll(NOW)
        self.exchange = exchange = Exchange(self.radio, refused)
        self.clock = Clock()
        self.clock.set(UTC, NOW)
        directory = Directory()
        device = directory.enter(ESME, 0x5566, 9, 0x00)
        self.inbox = Inbox(self.radio, exchange, directory, None, None, refused, self._reported, None, None)
        self.history = LiveOnly()
        self.guard = Guard()
        self.fact = fact
        self.meter = Meter(device, self)
        self.meter.attributes(SCALE, True, NOW)
        self.poller = Poller(self.meter, self, 10)
        self.poller.begin(NOW)

    def _reported(self, device, payload, now):
        self.meter.attributes(payload, False, now)

    def take(self):
        """What the app's loop does with what was received."""
        while True:
            kind = self.radio.poll(NOW)
            if kind is None:
                return
            if kind == radios.INDICATION:
                self.inbox.take(self.radio.indication, NOW)

    def report(self, n):
        """A report of power and register comes in."""
        records = b"\x00\x04\x2a" + (POWER + n).to_bytes(3, "little") + b"\x00\x00\x25"
        self._receive(bytes((0x18, n & 0xFF, 0x0A)) + records + (REGISTER + n).to_bytes(6, "little"))

    def answer(self, n):
        """The poller asks; the answer with power and register comes in."""
        self.poller.dialogue.hurry(NOW)
        self.poller.dialogue.step(NOW)
        parser = api_frame.Parser(Refused())
        parser.feed(self.uart.sent, 0, len(self.uart.sent))
        sequence = parser.frame[21]
        records = b"\x00\x04\x00\x2a" + (POWER + n).to_bytes(3, "little") + b"\x00\x00\x00\x25"
        self._receive(bytes((0x18, sequence, 0x01)) + records + (REGISTER + n).to_bytes(6, "little"))

    def _receive(self, payload):
        self.uart.receive(api_frame.write(b"\x91" + ESME + b"\x55\x66\x09\x01\x07\x02\x01\x09\x21" + payload))

    def count(self, come):
        """(octets allocated a frame, octets retained after all); come(road, n) lets the n-th come in."""
        for first in (0, FRAMES):  # the first round warms up
            gc.collect()
            gc.disable()
            held = gc.mem_alloc()
            allocated = 0
            for n in range(first, first + FRAMES):
                come(self, n)
                before = gc.mem_alloc()
                self.take()
                allocated += gc.mem_alloc() - before
                assert self.meter.watts == POWER + n and self.meter.register == REGISTER + n
            gc.enable()
            self.refused.tell(refuse)
            gc.collect()
            held = gc.mem_alloc() - held
        return allocated // FRAMES, held


def ignore(meter, what, value, unit):
    """A listener that does nothing."""


def refuse(event, why, count):
    """Nothing that comes in here is refused."""
    raise AssertionError(why)


def write(meter, what, value, unit):
    """A fact as the board writes it to its console."""
    emit("fact", meter=meter.device.name, fuel=meter.device.fuel, what=what, value=value, unit=unit)


def emit(event, **fields):
    """An event as board/esp32/main.py writes it."""
    fields["event"] = event
    fields["t"] = UTC
    fields["ms"] = NOW
    json.dump(fields, sys.stdout)
    sys.stdout.write("\n")


counts = {
    "a report": Road(ignore).count(Road.report),
    "an answer to a poll": Road(ignore).count(Road.answer),
    "a report, its facts written as JSON": Road(write).count(Road.report),
}
print(json.dumps(counts))
