"""A store on a flash between two power cuts: what a start of the display does, and what comes after it.

A rewind goes as in firmware/ihd/tenancy/rewind.py: INTENT, floors, destroying, verifying, RECEIPT, DONE.
"""

import struct

from cut_model import Broken
from cut_script import FRESH, HALF_HOUR, METERS, NEXT, PRESENT, Append, Fill, Put, filler, floor_of, put
from cut_words import operation

from ihd.history import journal, partition
from ihd.history.errors import Occupied

_SERIES = 4
_KINDS = 2
_SCOPES = (1, 2)
_NEARLY_FULL = 20
_MOST_CALLS = 4  # until a half-hour is taken: erase, header, header made firm, the slot


class Life:
    """flash: a simulated one. model: a cut_model.Model, told of all that is begun and acknowledged.

    tell(text): is told what happens. Raises Broken, and what the firmware raises.
    """

    def __init__(self, flash, model, tell=None):
        self.flash = flash
        self.model = model
        self.tell = tell or (lambda text: None)
        if tell:
            flash.watch = lambda *what: tell("    " + operation(*what))
        self.rewound = []  # a copy of the flash at the end of each rewind

    def open(self):
        """As the display opens its partition."""
        self.ring, self._arguments = partition.opening(self.flash)
        self.ring.present = PRESENT
        self._visit()

    def start(self):
        """The power comes back. What a cut interrupted is finished; the floors are as the journal has them."""
        self.tell("start")
        self.flash.restart()
        self.open()
        self.model.see(self.journal)
        for meter in range(METERS):
            record = self.journal.get(journal.FLOOR, meter, 1)
            if record:
                self._set_floor(meter, -(-_time(record[3]) // HALF_HOUR))
        for meter in range(METERS):
            for kind in range(_KINDS):
                intent = self.model.records.get((journal.INTENT, meter, kind))
                if intent:
                    self._forget(intent)

    def go_on(self, steps=None):
        """Do what comes next of the script, so many steps; to its end."""
        while self.model.now() and steps != 0:
            number = self.model.step
            step = self.model.now()
            if isinstance(step, Append):
                self.append(step.series, step.half_hour)
            elif isinstance(step, Put):
                self._visit()
                self.put(step)
            elif isinstance(step, Fill):
                self._fill(step.left)
            else:
                self.rewind(step.intent)
            if self.model.step != number + 1:
                raise Broken(f"script: step {number} was done, and step {self.model.step} comes next")
            steps = steps and steps - 1

    def _fill(self, left):
        self._visit()
        while left < self.journal.end - self.journal.next < _NEARLY_FULL:
            self.put(filler(self.journal.sequence))
        self.model.step += 1

    def fresh(self):
        """Record what nobody recorded before: a half-hour of each meter, and a record."""
        self.model.fresh += 1
        for series in range(METERS):
            self.append(series, FRESH[self.model.newest(series) >= NEXT] + self.model.fresh)
        self._visit()
        self.put(put(journal.BINDING, 3, 0, 0, 0, self.model.fresh))

    def append(self, series, half_hour):
        """Record a half-hour."""
        script, model = self.model.script, self.model
        known = (series, half_hour) in model.tried
        model.appending(series, half_hour, not self.ring.slot(series, half_hour))
        value = script.value(series, half_hour)
        marks = script.marks(series, half_hour)
        kept = None
        for _ in range(_MOST_CALLS):
            try:
                kept = self.ring.append(series, half_hour, value, marks)
            except Occupied:
                if not known:
                    raise Broken(f"append: half-hour {half_hour} of series {series} is occupied, and was never written")
                kept = False
                break
            if kept:
                break
        else:
            raise Broken(f"append: half-hour {half_hour} of series {series} is not taken in {_MOST_CALLS} steps")
        self.tell(f"series {series} half-hour {half_hour} {'taken' if kept else 'is torn'}")
        model.appended(series, half_hour, kept)

    def put(self, record):
        """Write a record."""
        self.model.putting(record)
        number = self.journal.put(*record)
        self.tell(f"record {number}: type {record.type} meter {record.meter} kind {record.kind}")
        self.model.put(record, number)

    def rewind(self, intent):
        """Carry out what `intent` orders, or go on with it."""
        self._visit()
        if self.model.records.get(intent[:3]) != intent:
            self.put(intent)
        self._forget(intent)

    def _visit(self):
        """The journal is mounted anew for each errand."""
        self.journal = journal.Journal(*self._arguments)
        self.journal.mount()

    def _set_floor(self, meter, half_hour):
        for series in range(meter, _SERIES, METERS):
            self.ring.set_floor(series, max(half_hour, self.ring.floor(series)))

    def _forget(self, intent):
        """From the floors to DONE; every step may have been done before."""
        meter, kind, ring = intent.meter, intent.kind, self.ring
        floor = floor_of(intent)
        self.tell(f"rewind of meter {meter}, kind {kind}, to half-hour {floor}")
        ring.sectors_erased = ring.slots_destroyed = 0
        for scope in _SCOPES:
            record = self.journal.get(journal.FLOOR, meter, scope)
            if record is None or _time(record[3]) < _time(intent.payload):
                self.put(put(journal.FLOOR, meter, scope, 0, 0, _time(intent.payload)))
        self._set_floor(meter, floor)
        for _ in range(2):  # a sector that was not blank is zeroed and left
            for series in range(meter, _SERIES, METERS):
                for _ in ring.destroy_before(series, floor):
                    pass
            if not any(ring.holds_before(series, floor) for series in range(meter, _SERIES, METERS)):
                break
        else:
            raise Broken("rewind: something older is held after it was destroyed twice")
        if not self._has_receipt(meter, kind):
            counts = ring.sectors_erased, ring.slots_destroyed
            payload = struct.pack("<IIIHHI", floor, 0, PRESENT * HALF_HOUR, *counts, 0)
            self.put(Put(journal.RECEIPT, meter, kind, intent.source, journal.VERIFIED, payload))
        self.put(put(journal.DONE, meter, kind))
        self.tell("rewound")
        self.rewound.append(self.flash.copy())

    def _has_receipt(self, meter, kind):
        """Whether only the DONE of its INTENT is missing."""
        intent = self.journal.open_intent(meter, kind)
        return any(
            receipt[0] == meter and receipt[1] & 15 == kind and receipt[3] > intent[2]
            for receipt in self.journal.receipts()
        )


def _time(payload):
    """What the payload of an INTENT or a FLOOR begins with."""
    return struct.unpack("<I", payload[:4])[0]
