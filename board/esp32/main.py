"""An ESP32 with an XBee 3, an SSD1306 and three keys: gives the parts to the app and runs it for ever."""

import errno
import gc
import json
import os
import select
import sys
import time

import partition_flash
import xbee3_profile
from keys import Keys

from ihd import on_demand
from ihd.app import VERSION, App
from ihd.display.panels.ssd1306 import SSD1306
from ihd.radio.xbee import XBee
from ihd.refused import Refused

uptime_ms = 0
ticks = time.ticks_ms()
app = None


def tick():
    """Ticks now; they wrap, so the time since the start is added up."""
    global ticks, uptime_ms
    now = time.ticks_ms()
    uptime_ms += time.ticks_diff(now, ticks)
    ticks = now
    return now


def emit(event, **fields):
    """One event, a line of JSON, on the console."""
    tick()
    fields["event"] = event
    fields["t"] = app.utc if app else None
    fields["ms"] = uptime_ms
    json.dump(fields, sys.stdout)
    sys.stdout.write("\n")


def report(what, where):
    """Something is not as it should be."""
    emit("error", what=what, where=where)


def heap():
    """(used, free) octets, when rubbish is swept out."""
    gc.collect()
    return gc.mem_alloc(), gc.mem_free()


def installation():
    """The installation settings, from settings.json where there is one."""
    try:
        with open("settings.json") as file:
            given = json.load(file)
    except OSError:
        given = {}
    except ValueError:
        report("not JSON", "settings.json")
        given = {}
    if not isinstance(given, dict):
        report("not an object", "settings.json")
        given = {}
    settings = on_demand.load("ihd.settings")
    on_demand.drop("ihd.settings")
    return settings.checked(given, lambda name: report("bad setting " + name, "settings.json"))


def unset():
    """Remove the installation settings."""
    try:
        os.remove("settings.json")
    except OSError as refusal:
        if refusal.errno != errno.ENOENT:
            raise


gc.threshold(16384)  # sweep often, so that what stays lies close together and a module finds room: T30 needs 3 KB less
used, free = heap()
emit("boot", version=VERSION, heap=used + free)
pins = on_demand.load("pins")
uart = pins.radio_uart()
refused = Refused()
app = App(
    XBee(uart, xbee3_profile.PROFILE, refused, report),
    SSD1306(pins.panel_i2c()),
    partition_flash.find(),
    installation(),
    refused,
    emit,
    heap,
    unset,
)
keys = Keys(pins.keys())
on_demand.drop("pins")
del pins, installation
poll = select.poll()
poll.register(uart, select.POLLIN)
poll.register(keys, select.POLLIN)
while True:
    for stream, _ in poll.poll(app.step(tick())):
        if stream is keys:
            key = keys.take(tick())
            if key:
                app.key(key)
