"""The records of 32 octets in an image's pairs of sectors, the journal's and the household's, and what they say.

A part of image.py, and like it a second hand: by the layout in firmware/ihd/history/journal.py and household.py alone.
"""

import struct
import zlib
from dataclasses import dataclass

SECTOR = 4096
RECORD = 32

_RECORD = struct.Struct("<BBBBI20sI")  # type, meter, kind and source, flags, sequence, payload, crc32
_INTENT, _DONE, _RECEIPT, _PENDING, _APPLIED, _FLOOR, _BINDING, _HOUSEHOLD = range(1, 9)
_HAS_ID, _HAS_CONTROL, _NONE, _VERIFIED, _RESUMED, _ANSWERED = 1, 2, 16, 32, 64, 128
_EVENT_PAYLOAD = struct.Struct("<IIIII")  # time, event id, provider, control, at
_RECEIPT_PAYLOAD = struct.Struct("<IIIHHI")  # floor, event id, applied, sectors, slots, milliseconds
_BINDING_PAYLOAD = struct.Struct("<8sBBI6x")  # EUI-64 as printed, metering and management endpoint, joined
_USED = {_DONE: 0, _FLOOR: 4, _BINDING: 14}  # octets of a payload that mean something; all 20 in the others


def checked(octets):
    """Whether the last four octets are the crc32 of those before."""
    return zlib.crc32(octets[:-4]) == int.from_bytes(octets[-4:], "little")


@dataclass
class Record:
    """One record whose crc is right. offset: in the image."""

    offset: int
    type: int
    meter: int
    kind: int
    source: int
    flags: int
    sequence: int
    payload: bytes

    @property
    def scope(self):
        return self.flags >> 2 & 3

    @property
    def well_formed(self):
        """Whether the type is known and the payload is empty where the format leaves it empty."""
        if self.type == _HOUSEHOLD:
            known = self.meter < 4 and self.kind < 4 and not self.source and self.flags <= len(self.payload)
            return known and not any(self.payload[self.flags :])
        return _INTENT <= self.type < _HOUSEHOLD and not any(self.payload[_USED.get(self.type, 20) :])


@dataclass
class Binding:
    """A bound meter. eui64: 16 hex digits as printed. joined: UTC or UNKNOWN."""

    meter: int
    eui64: str
    metering: int
    management: int
    joined: int
    answered: bool


@dataclass
class Event:
    """What a meter announced: state is `applied`, `pending` or `intent` (then time is the floor)."""

    state: str
    meter: int
    kind: int
    source: int
    scope: int
    time: int
    event_id: int | None
    provider: int
    control: int | None
    at: int


@dataclass
class Receipt:
    """The display's own proof of a rewind. number: of the record; floor, applied: UTC; event_id: None without one."""

    number: int
    meter: int
    kind: int
    source: int
    scope: int
    event_id: int | None
    floor: int
    applied: int
    sectors: int
    slots: int
    ms: int
    verified: bool
    resumed: bool


def record_at(octets, offset):
    """The record that stands at an offset, or None when its crc is wrong."""
    cell = octets[offset : offset + _RECORD.size]
    if len(cell) < _RECORD.size or not checked(cell):
        return None
    kind, meter, kind_source, flags, sequence, payload, _ = _RECORD.unpack(cell)
    return Record(offset, kind, meter, kind_source & 15, kind_source >> 4, flags, sequence, payload)


class Pair:
    """Two sectors that take turns: the one with the newest header, and its records whose crc is right."""

    types = ()  # of the records that belong here

    def __init__(self, sectors):
        valid = sorted((one for one in sectors if not one.trouble), key=lambda one: one.sequence)
        self.sector = valid.pop() if valid else None
        self.records = []
        self.torn, self.destroyed, self.free = [], [], []  # offsets of records that are broken, zero, never written
        for within in range(_RECORD.size, SECTOR, _RECORD.size) if self.sector else ():
            self._take(self.sector.octets[within : within + _RECORD.size], self.sector.number * SECTOR + within)
        self.records.sort(key=lambda record: record.sequence)

    def _take(self, cell, offset):
        record = record_at(cell, 0)
        if record:
            record.offset = offset
            self.records.append(record)
        elif not any(cell):
            self.destroyed.append(offset)
        elif cell == b"\xff" * len(cell):
            self.free.append(offset)
        else:
            self.torn.append(offset)

    def misplaced(self):
        """The records that do not belong here, or carry octets that the format leaves empty."""
        return [record for record in self.records if record.type not in self.types or not record.well_formed]


class Journal(Pair):
    """What was decided about each meter; of each thing the latest word."""

    types = range(_INTENT, _HOUSEHOLD)

    def floors(self):
        """{(meter, scope): UTC}; a record of both scopes is two."""
        floors = {}
        for record in self._all(_FLOOR):
            utc = int.from_bytes(record.payload[:4], "little")
            floors |= {(record.meter, scope): utc for scope in (1, 2) if record.kind & scope}
        return dict(sorted(floors.items()))

    def bindings(self):
        """The binding of each meter, and those before that can still be read: ([latest], [earlier])."""
        latest, earlier = {}, []
        for record in self._all(_BINDING):
            eui64, metering, management, joined = _BINDING_PAYLOAD.unpack(record.payload)
            old = latest.get(record.meter)
            if old and old.eui64 != eui64.hex():
                earlier.append(old)
            answered = bool(record.flags & _ANSWERED)
            latest[record.meter] = Binding(record.meter, eui64.hex(), metering, management, joined, answered)
        return [one for _, one in sorted(latest.items())], earlier

    def events(self):
        """The last applied and the pending events, of each meter and kind."""
        kept = ((_APPLIED, "applied"), (_PENDING, "pending"))
        return [self._event(one, state) for kind, state in kept for one in self._latest(kind) if not one.flags & _NONE]

    def open_intents(self):
        """The rewinds that were begun and not finished."""
        done = {(one.meter, one.kind): one.sequence for one in self._latest(_DONE)}
        intents = self._latest(_INTENT)
        return [self._event(one, "intent") for one in intents if done.get((one.meter, one.kind), -1) < one.sequence]

    def receipts(self):
        """Every receipt, oldest first; one that a start of the display copied is told once."""
        for record in {record.sequence: record for record in self._all(_RECEIPT)}.values():
            floor, event_id, applied, sectors, slots, ms = _RECEIPT_PAYLOAD.unpack(record.payload)
            whose = record.sequence, record.meter, record.kind, record.source, record.scope
            event_id = event_id if record.flags & _HAS_ID else None
            verified, resumed = bool(record.flags & _VERIFIED), bool(record.flags & _RESUMED)
            yield Receipt(*whose, event_id, floor, applied, sectors, slots, ms, verified, resumed)

    def _all(self, kind):
        return [record for record in self.records if record.type == kind]

    def _latest(self, kind):
        return [one for _, one in sorted({(one.meter, one.kind): one for one in self._all(kind)}.items())]

    def _event(self, record, state):
        time, event_id, provider, control, at = _EVENT_PAYLOAD.unpack(record.payload)
        event_id = event_id if record.flags & _HAS_ID else None
        control = control if record.flags & _HAS_CONTROL else None
        whose = record.meter, record.kind, record.source, record.scope
        return Event(state, *whose, time, event_id, provider, control, at)


class Household(Pair):
    """What the people of the home set."""

    types = (_HOUSEHOLD,)

    def latest(self):
        """{key: octets}, of the records that belong here."""
        held = {}
        for record in self.records:
            if record.type in self.types and record.well_formed:
                held[4 * record.meter + record.kind] = record.payload[: record.flags]
        return dict(sorted(held.items()))
