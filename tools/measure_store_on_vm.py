"""Counts on the MicroPython VM what our store asks of the flash, beside a file on littlefs.

Run by tools/measure_store.py: measure_store_on_vm.py FOLDER. Leaves in FOLDER raw images of both before and after the
rewind, and `old`, the values that were to go, 4 octets each. Its last line is JSON: {what: [our figure, that of
littlefs or None]}; "month_ms" has a list of both for each round.
"""

import gc
import json
import struct
import sys
import time
from array import array

from counted_flash import PART, CountedFlash

from ihd.history import partition, usage
from ihd.history.journal import APPLIED, BINDING, FLOOR, RECEIPT, Journal

BEGIN = 438336  # 2025-01-01; from there 397 days reach into all 20 sectors of a series
HALF_HOURS = 397 * 48
END = BEGIN + HALF_HOURS
YEAR = 365 * 48
FLOOR_AT = END - 500  # what the rewind keeps
MONTH = 31 * 48
ROUNDS = 9


class Ours:
    """The history partition, of which the first series is used.

    journal: the arguments of its Journal.
    """

    def __init__(self):
        self.flash = CountedFlash()
        self.mount()

    def mount(self):
        """As after a start."""
        self.ring, self.journal = partition.opening(self.flash)
        self.ring.present = END

    def append(self, half_hour, value, series=0):
        """To the end, an operation a step."""
        while not self.ring.append(series, half_hour, value):
            pass

    def add_up(self, start, end):
        """The sum of the values from `start` to before `end`."""
        total, _, _ = usage.add_up(self.ring, 0, start, end)
        return total

    def rewind(self, floor):
        """Destroy what was before `floor`."""
        for _ in self.ring.destroy_before(0, floor):
            pass
        assert not self.ring.holds_before(0, floor)


class Littlefs:
    """A file of 4 octets a half-hour.

    Mounted with the device alone, as the esp32 port's _boot.py and inisetup.py do. So MicroPython's defaults hold:
    readsize 32, progsize 32, lookahead 32, and with them caches of 128 octets.
    """

    def __init__(self):
        import vfs  # CPython has none

        self._mount = vfs.VfsLfs2
        self.flash = CountedFlash()
        self._mount.mkfs(self.flash)
        self._files = self._mount(self.flash)
        self._file = self._files.open("history", "ab")
        self._begin = BEGIN

    def mount(self):
        """As after a start, until the file can be read."""
        self._file.close()
        self._files = self._mount(self.flash)
        self._file = self._files.open("history", "rb")

    def append(self, half_hour, value):
        """Flushed, so that it outlives a cut."""
        self._file.write(struct.pack("<I", value))
        self._file.flush()

    def add_up(self, start, end):
        """The sum of the values from `start` to before `end`."""
        part = memoryview(array("I", bytes(PART)))
        total = 0
        self._file.seek(4 * (start - self._begin))
        while start < end:
            self._file.readinto(part)
            total += sum(part[: end - start])
            start += PART // 4
        return total

    def rewind(self, floor):
        """Write what is kept to another file, which takes the place of this one."""
        part = bytearray(PART)
        self._file.seek(4 * (floor - self._begin))
        with self._files.open("kept", "wb") as kept:
            size = self._file.readinto(part)
            while size:
                kept.write(part[:size])
                size = self._file.readinto(part)
        self._file.close()
        self._files.rename("kept", "history")
        self._file = self._files.open("history", "rb")
        self._begin = floor


def value_at(half_hour):
    """A value that no other half-hour has, and whose octets tell where in a word they stand.

    Two octets are 16 to 159, the third is 1; the fourth of a word is 0 (littlefs) or at least 224 (ours). So
    neighbouring words, at whatever alignment and in either byte order, never look like another. Small enough that the
    VM need not add up a month in big integers.
    """
    n = half_hour - BEGIN
    return 1 << 16 | n // 144 + 16 << 8 | n % 144 + 16


def record(store):
    """Half-hour by half-hour."""
    flash = store.flash
    figures = {}
    flash.count_anew()
    for half_hour in range(BEGIN, END):
        store.append(half_hour, value_at(half_hour))
        if half_hour == BEGIN + YEAR - 1:
            figures = {"year_octets": flash.octets_programmed, "year_erases": flash.erases}
    figures["octets"] = flash.octets_programmed
    figures["erases"] = flash.erases
    return figures


def mount(store):
    """Up to where the first half-hour could be read."""
    store.flash.count_anew()
    store.mount()
    return {"mount_reads": store.flash.reads, "mount_octets": store.flash.octets_read}


def rewind(store):
    """And whether what is kept is still there."""
    store.flash.count_anew()
    start = time.ticks_us()
    store.rewind(FLOOR_AT)
    spent = time.ticks_diff(time.ticks_us(), start)
    figures = {
        "rewind_ms": spent / 1000,
        "rewind_programs": store.flash.programs,
        "rewind_erases": store.flash.erases,
    }
    assert store.add_up(FLOOR_AT, END) == sum(value_at(half_hour) for half_hour in range(FLOOR_AT, END))
    return figures


def ask(stores):
    """The sum of a month, in alternating rounds: [[milliseconds of ours, of littlefs], ...]."""
    start = BEGIN + HALF_HOURS // 2
    right = sum(value_at(half_hour) for half_hour in range(start, start + MONTH))
    rounds = []
    for _ in range(ROUNDS):
        spent = []
        for store in stores:
            gc.collect()
            before = time.ticks_us()
            total = store.add_up(start, start + MONTH)
            spent.append(time.ticks_diff(time.ticks_us(), before) / 1000)
            assert total == right
        rounds.append(spent)
    return rounds


def ram(flash):
    """Octets of heap that the mounted store holds: the ring of all series and the journal."""
    gc.collect()
    before = gc.mem_alloc()
    ring, arguments = partition.opening(flash)
    journal = Journal(*arguments)
    journal.mount()
    gc.collect()
    held = gc.mem_alloc() - before
    assert ring and journal  # they live until here
    return held


def journal_costs(store):
    """A record; then a compaction that keeps what two meters leave there and 16 receipts."""
    flash = store.flash
    journal = Journal(*store.journal)
    journal.mount()
    for meter in (0, 1):
        for type in (BINDING, FLOOR, APPLIED):
            journal.put(type, meter, 0)
    flash.count_anew()
    journal.put(RECEIPT, 0, 0)
    costs = {"record_octets": flash.octets_programmed, "record_operations": flash.operations}
    for _ in range(40):
        journal.put(RECEIPT, 0, 0)
    flash.count_anew()
    for _ in journal.compact():
        pass
    costs["compaction_octets"] = flash.octets_programmed
    costs["compaction_operations"] = flash.operations
    return costs


def dump(folder, name, octets):
    """For the host to search."""
    with open(folder + "/" + name, "wb") as file:
        file.write(octets)


def main(folder):
    """All of it, and the line of JSON."""
    stores = ours, _ = Ours(), Littlefs()
    figures = [record(store) for store in stores]
    for series in (1, 2, 3):  # the ring is full for whom mounts it when each sector holds something
        for half_hour in range(BEGIN, END + 1019, 1020):
            ours.append(min(half_hour, END - 1), 1, series)
    alone = journal_costs(ours)
    alone["ram"] = ram(ours.flash)
    for store, its in zip(stores, figures):
        its.update(mount(store))
    rounds = ask(stores)
    for store, its, name in zip(stores, figures, ("ours", "littlefs")):
        dump(folder, name + "-before", store.flash.octets)
        its.update(rewind(store))
        dump(folder, name + "-after", store.flash.octets)
    dump(folder, "old", array("I", (value_at(half_hour) for half_hour in range(BEGIN, FLOOR_AT))))
    told = {what: [its[what] for its in figures] for what in figures[0]}
    told.update({what: [figure, None] for what, figure in alone.items()})
    told["half_hours"] = [HALF_HOURS, HALF_HOURS]
    told["old_sectors"] = [(FLOOR_AT - 1) // 1020 - BEGIN // 1020 + 1, None]
    told["month_ms"] = rounds
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
