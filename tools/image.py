"""A raw image of the history partition, read from its written format alone.

Nothing of the firmware is imported, nor anything but the standard library: a second hand, by the layout that stands at
the top of firmware/ihd/history/ring.py, sector.py and journal.py.
Times are Zigbee UTC seconds (since 2000-01-01), half-hours are those // 1800.
"""

import datetime
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

ZIGBEE_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
SECTOR = 4096
SECTORS = 128
SIZE = SECTOR * SECTORS
RING = 20  # sectors of a series
SLOTS = 1020  # of a ring sector
HALF_HOUR = 1800
UNKNOWN = 0xFFFFFFFF  # a time that was not known

SERIES = ("electricity energy", "gas energy", "electricity cost", "gas cost")
METERS = ("electricity", "gas")
KINDS = ("change of tenancy", "change of supplier")
SOURCES = ("command", "attribute", "unsolicited", "user", "home", "reset")
SCOPES = {1: "usage and its cost", 2: "supplier's data", 3: "usage and supplier's data"}
CONSUMER = 1

_HEADER = struct.Struct("<HBBIII")  # magic, series, version, sequence, first half-hour, crc32
_MAGIC = 0x4849
_VERSION = 1
_CONTROL = len(SERIES) * RING  # the first of the journal's two sectors
_SPARE = _CONTROL + 2
_JOURNAL = 0xC0  # the "series" of those two

_RECORD = struct.Struct("<BBBBI20sI")  # type, meter, kind and source, flags, sequence, payload, crc32
_INTENT, _DONE, _RECEIPT, _PENDING, _APPLIED, _FLOOR, _BINDING = range(1, 8)
_HAS_ID, _HAS_CONTROL, _NONE, _VERIFIED, _RESUMED, _ANSWERED = 1, 2, 16, 32, 64, 128
_EVENT_PAYLOAD = struct.Struct("<IIIII")  # time, event id, provider, control, at
_RECEIPT_PAYLOAD = struct.Struct("<IIIHHI")  # floor, event id, applied, sectors, slots, milliseconds
_BINDING_PAYLOAD = struct.Struct("<8sBBI6x")  # EUI-64 as printed, metering and management endpoint, joined
_USED = {_DONE: 0, _FLOOR: 4, _BINDING: 14}  # octets of a payload that mean something; all 20 in the others

_LIVE = 0x80000000
_MARKS = 0x60000000  # both bits are set in a value without marks
_NO_VALUE = (0, 0xFFFFFFFF)  # destroyed, never written


class NotAnImageError(Exception):
    """The file is no image of the history partition; the text says why, in one sentence."""


def load(path) -> bytes:
    """Read an image of whole sectors, at most 128 of them. Raises NotAnImageError."""
    try:
        octets = Path(path).read_bytes()
    except OSError as trouble:
        raise NotAnImageError(f"{path} cannot be read: {trouble.strerror}.") from trouble
    if not octets or len(octets) % SECTOR or len(octets) > SIZE:
        raise NotAnImageError(
            f"{path} holds {len(octets):,} octets; an image of the history partition holds {SIZE:,}, "
            f"or a part of it in whole sectors of {SECTOR:,}."
        )
    return octets


def date(utc):
    """Zigbee UTC as 2026-01-14 12:00:00."""
    return (
        "an unknown time" if utc == UNKNOWN else f"{ZIGBEE_EPOCH + datetime.timedelta(seconds=utc):%Y-%m-%d %H:%M:%S}"
    )


def name(number, names, what):
    """The word for a number, or the number itself with what it is."""
    return names[number] if number < len(names) else f"{what} {number}"


def first_kept(floor):
    """The first half-hour that a floor (Zigbee UTC) does not forbid."""
    return -(-floor // HALF_HOUR)


def slot_word(value, marks=0):
    """The word of a value 0..0xFFFFFE. marks: 1 back-filled, 2 estimated. Raises ValueError."""
    if not 0 <= value < 0xFFFFFF:
        raise ValueError(f"{value} is no value of a slot, which holds 0 to {0xFFFFFE:,}")
    bits = value | _MARKS & ~(marks << 29)
    return _LIVE | (26 - bits.bit_count()) << 24 | bits


def is_valid(word):
    """Whether a slot's word is alive, and its zero bits are as many as it says."""
    return word >= _LIVE and 26 - (word & (_MARKS | 0xFFFFFF)).bit_count() == word >> 24 & 31


def _checked(octets):
    """Whether the last four octets are the crc32 of those before."""
    return zlib.crc32(octets[:-4]) == int.from_bytes(octets[-4:], "little")


class Sector:
    """`sequence` and `first` (half-hour) come from a valid header; without one `trouble` says why there is none."""

    def __init__(self, number, octets):
        self.number = number
        self.octets = octets
        self.series = number // RING if number < _CONTROL else None
        self.is_journal = _CONTROL <= number < _SPARE
        self.name = SERIES[self.series] if number < _CONTROL else "journal" if self.is_journal else "spare"
        self.blank = octets == b"\xff" * SECTOR
        self.zero = not any(octets)
        magic, series, version, self.sequence, self.first, _ = _HEADER.unpack_from(octets)
        self.trouble = self._why_not(magic, series, version)
        self.words = struct.unpack_from(f"<{SLOTS}I", octets, _HEADER.size)

    def _why_not(self, magic, series, version):
        if self.blank or self.zero:
            return "blank" if self.blank else "nothing but zeros"
        if self.number >= _SPARE:
            return "not blank, though nothing belongs here"
        if magic != _MAGIC or version != _VERSION or not _checked(self.octets[: _HEADER.size]):
            return "not blank, without a valid header"
        if series != (_JOURNAL if self.is_journal else self.series):
            return "a header that belongs elsewhere"
        place = self.first // SLOTS % RING
        misplaced = self.first % SLOTS or self.first * HALF_HOUR > UNKNOWN or place != self.number % RING
        if self.first if self.is_journal else misplaced:
            return "a header of a half-hour that does not belong here"
        return None

    @property
    def is_ring(self):
        """Whether it is a ring sector with a valid header: its slots have dates."""
        return self.series is not None and not self.trouble

    @property
    def unaccounted(self):
        """Whether it holds something of which nobody can tell whose it is."""
        return bool(self.trouble) and not self.blank and not self.zero

    @property
    def meter(self):
        """The number of the meter whose usage a ring sector holds."""
        return self.series % len(METERS)

    def count(self):
        """How many words are {valid, never written, destroyed, invalid}, also without a header."""
        kinds = {"valid": sum(map(is_valid, self.words))}
        kinds["never_written"], kinds["destroyed"] = self.words.count(0xFFFFFFFF), self.words.count(0)
        return kinds | {"invalid": SLOTS - sum(kinds.values())}

    def before(self, half_hour):
        """(half-hour, word) of each slot that began before it and still says something."""
        early = self.words[: max(0, half_hour - self.first)]
        return [(self.first + index, word) for index, word in enumerate(early) if word not in _NO_VALUE]


@dataclass
class Record:
    """One record of the journal whose crc is right. offset: in the image."""

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
        return _INTENT <= self.type <= _BINDING and not any(self.payload[_USED.get(self.type, 20) :])


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
    if len(cell) < _RECORD.size or not _checked(cell):
        return None
    kind, meter, kind_source, flags, sequence, payload, _ = _RECORD.unpack(cell)
    return Record(offset, kind, meter, kind_source & 15, kind_source >> 4, flags, sequence, payload)


def header_at(octets, offset):
    """Whether the header of some sector stands at an offset."""
    cell = octets[offset : offset + _HEADER.size]
    return len(cell) == _HEADER.size and cell[:2] == _MAGIC.to_bytes(2, "little") and _checked(cell)


class Journal:
    """What the newest of the two control sectors says, of each thing the latest word."""

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
        events = [self._event(one, "applied") for one in self._latest(_APPLIED)]
        return events + [self._event(one, "pending") for one in self._latest(_PENDING) if not one.flags & _NONE]

    def open_intents(self):
        """The rewinds that were begun and not finished."""
        done = {(one.meter, one.kind): one.sequence for one in self._latest(_DONE)}
        intents = self._latest(_INTENT)
        return [self._event(one, "intent") for one in intents if done.get((one.meter, one.kind), -1) < one.sequence]

    def receipts(self):
        """Every receipt, oldest first."""
        for record in self._all(_RECEIPT):
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


class Image:
    """octets: of whole sectors, from the first of the partition on."""

    def __init__(self, octets):
        self.octets = bytes(octets)
        starts = range(0, len(self.octets), SECTOR)
        self.sectors = [Sector(start // SECTOR, self.octets[start : start + SECTOR]) for start in starts]
        self.journal = Journal(self.sectors[_CONTROL:_SPARE])
        self.has_journal = len(self.sectors) >= _SPARE
        self._first_kept = [self._kept_from(meter) for meter in range(len(METERS))]

    def _kept_from(self, meter):
        intents = [one.time for one in self.journal.open_intents() if one.meter == meter and one.scope & CONSUMER]
        return first_kept(max([self.journal.floors().get((meter, CONSUMER), 0), *intents]))

    def first_kept(self, sector):
        """The first half-hour that the usage floor allows in a ring sector; an open intent counts as a floor too."""
        return self._first_kept[sector.meter]

    @property
    def has_floor(self):
        """Whether any usage is forbidden."""
        return any(self._first_kept)

    def rings(self):
        """The ring sectors with a valid header."""
        return [sector for sector in self.sectors if sector.is_ring]

    def kept_slots(self):
        """(offset, word) of each valid slot at or after its floor: the present record."""
        for sector in self.rings():
            begin = max(0, self.first_kept(sector) - sector.first)
            offset = sector.number * SECTOR + _HEADER.size
            for index in range(begin, SLOTS):
                if is_valid(sector.words[index]):
                    yield offset + 4 * index, sector.words[index]

    def says_nothing_else(self):
        """(offset, count) of octets whose meaning is checked, other than kept slots: headers, records, zeros."""
        for sector in self.sectors:
            start = sector.number * SECTOR
            if sector.is_ring:
                yield start, _HEADER.size
                yield from ((start + _HEADER.size + 4 * n, 4) for n, word in enumerate(sector.words) if not word)
            elif sector is self.journal.sector:
                yield start, _HEADER.size
        yield from ((offset, _RECORD.size) for offset in self.journal.destroyed)
        yield from ((record.offset, _RECORD.size) for record in self.journal.records if record.well_formed)

    def slot_at(self, offset):
        """The half-hour of the slot in which an octet lies, or None."""
        sector = self.sectors[offset // SECTOR]
        within = offset % SECTOR - _HEADER.size
        return sector.first + within // 4 if sector.is_ring and within >= 0 else None
