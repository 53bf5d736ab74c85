"""A raw image of the history partition, read from its written format alone.

Nothing of the firmware is imported, nor anything but the standard library: a second hand, by the layout that stands at
the top of firmware/ihd/history/ring.py, sector.py, journal.py and household.py. The records of the last two are read
in image_records.py.
Times are Zigbee UTC seconds (since 2000-01-01), half-hours are those // 1800.
"""

import datetime
import struct
from pathlib import Path

from tools.image_records import RECORD, SECTOR, Household, Journal, Receipt, checked, record_at  # noqa: F401

ZIGBEE_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
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
_HOUSEHOLD = _CONTROL + 2
_SPARE = _HOUSEHOLD + 2
_PAIRS = {  # what else than a series the header of a sector may have
    "journal": (range(_CONTROL, _HOUSEHOLD), 0xC0),
    "household records": (range(_HOUSEHOLD, _SPARE), 0xC1),
}

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


class Sector:
    """`sequence` and `first` (half-hour) come from a valid header; without one `trouble` says why there is none."""

    def __init__(self, number, octets):
        self.number = number
        self.octets = octets
        self.series = number // RING if number < _CONTROL else None
        self.pair = next((what for what, (numbers, _) in _PAIRS.items() if number in numbers), None)
        self.name = SERIES[self.series] if number < _CONTROL else self.pair or "spare"
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
        if magic != _MAGIC or version != _VERSION or not checked(self.octets[: _HEADER.size]):
            return "not blank, without a valid header"
        if series != (_PAIRS[self.pair][1] if self.pair else self.series):
            return "a header that belongs elsewhere"
        place = self.first // SLOTS % RING
        misplaced = self.first % SLOTS or self.first * HALF_HOUR > UNKNOWN or place != self.number % RING
        if self.first if self.pair else misplaced:
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


def header_at(octets, offset):
    """Whether the header of some sector stands at an offset."""
    cell = octets[offset : offset + _HEADER.size]
    return len(cell) == _HEADER.size and cell[:2] == _MAGIC.to_bytes(2, "little") and checked(cell)


class Image:
    """octets: of whole sectors, from the first of the partition on."""

    def __init__(self, octets):
        self.octets = bytes(octets)
        starts = range(0, len(self.octets), SECTOR)
        self.sectors = [Sector(start // SECTOR, self.octets[start : start + SECTOR]) for start in starts]
        self.journal = Journal(self.sectors[_CONTROL:_HOUSEHOLD])
        self.household = Household(self.sectors[_HOUSEHOLD:_SPARE])
        self.has_journal = len(self.sectors) >= _HOUSEHOLD
        self._first_kept = [self._kept_from(meter) for meter in range(len(METERS))]

    def _kept_from(self, meter):
        intents = [one.time for one in self.journal.open_intents() if one.meter == meter and one.scope & CONSUMER]
        return first_kept(max([self.journal.floors().get((meter, CONSUMER), 0), *intents]))

    def first_kept(self, sector):
        """The first half-hour that the usage floor allows in a ring sector; an open intent counts as a floor too."""
        return self._first_kept[sector.meter]

    def pair_of(self, sector):
        """The Journal or Household whose records stand in a sector, None where none do."""
        return next((pair for pair in (self.journal, self.household) if sector is pair.sector), None)

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
        for pair in (self.journal, self.household):
            if pair.sector:
                yield pair.sector.number * SECTOR, _HEADER.size
            yield from ((offset, RECORD) for offset in pair.destroyed)
            yield from ((record.offset, RECORD) for record in pair.records if record.well_formed)

    def slot_at(self, offset):
        """The half-hour of the slot in which an octet lies, or None."""
        sector = self.sectors[offset // SECTOR]
        within = offset % SECTOR - _HEADER.size
        return sector.first + within // 4 if sector.is_ring and within >= 0 else None
