"""A week of the whole App in a lean home, inside the heap of a MicroPython VM: what is used after each day.

Run by tools/measure_week.py, compiled as the firmware is: run(before, image, days), where `before` is what was
allocated before this module came in. Prints JSON: what this home takes, and then for each day [used, largest, its
screen].
"""

import gc
import json

import lean_home

from ihd import settings
from ihd.app import App
from ihd.refused import Refused

DAY = 86400
LOOK_S = 600  # of each day the keys are pressed in
PLACES = 16  # of the walk; its fourth and fifth have pages
PAGED = (4, 5)
PAGES = 5


class FileFlash:
    """A Flash in a file, which takes nothing of the heap."""

    sector_size = 4096
    sector_count = 128
    encrypted = False

    def __init__(self, path):
        self._file = open(path, "r+b")  # noqa: SIM115 - for as long as the program lives

    def read_into(self, offset, buffer):
        """Fill `buffer` from `offset` on."""
        self._file.seek(offset)
        self._file.readinto(buffer)

    def program(self, offset, data):
        """Clear the bits of `data` that are 0."""
        stands = bytearray(len(data))
        self.read_into(offset, stands)
        for n in range(len(data)):
            stands[n] &= data[n]
        self._file.seek(offset)
        self._file.write(stands)

    def erase(self, sector):
        """Set every bit of one sector."""
        self._file.seek(sector * 4096)
        for _ in range(16):
            self._file.write(b"\xff" * 256)


def used():
    """Octets of the heap, when rubbish is swept out."""
    gc.collect()
    return gc.mem_alloc()


def heap():
    """As board/esp32/main.py."""
    return used(), gc.mem_free()


def emit(event, **fields):
    """What the display tells; an error or a refusal is none that belongs here."""
    if event in ("error", "refused"):
        raise RuntimeError(str(fields))


def walk(home):
    """(octets used, name) of the screen with which most is used, of all to which keys lead."""
    largest = (0, "")
    for place in range(1, PLACES + 1):
        home.press("next")
        for _ in range(PAGES if place in PAGED else 1):
            largest = max(largest, (used(), home.app.director._screen_name))
            if place in PAGED:
                home.press("select")
    return largest


def run(before, image, days):
    """Live `days` days on the flash in the file `image`, and print."""
    gc.threshold(16384)
    home = lean_home.Home()
    flash = FileFlash(image)
    panel = lean_home.Panel()
    print(json.dumps(used() - before))
    if not days:
        return
    home.app = App(home, panel, flash, settings.checked({}, None), Refused(), emit, heap)
    for day in range(1, days + 1):
        home.run(DAY - LOOK_S)
        now = used()
        largest, screen = walk(home)
        print(json.dumps([now, largest, screen]))
        home.run(day * DAY - home.ms // 1000)
