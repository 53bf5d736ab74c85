"""The journal: what was decided about each meter, durable before it is acted on.

Two sectors take turns; the live one is that with a whole header (sector.py, owner 0xC0) of the higher sequence. One
whose octets 16 to 31 are zeros was about to be destroyed, and is live only alone. Records of 32 octets follow from
octet 32 on, little-endian "<BBBBI20sI":
    type          INTENT ... HOUSEHOLD, below
    meter         0 to 3
    kind, source  kind 0 to 3 (of a FLOOR: its scope) in bits 0-3, source 0 to 5 in bits 4-7
    flags         HAS_ID ... ANSWERED, below; of a HOUSEHOLD how many octets of the payload mean something
    sequence      1 more than the record or header before; the number of a receipt
    payload       as its type has it
    crc32         of the 28 octets before
A record is programmed once and whole. Blank: not written; zeros, a wrong crc, or what cannot be in a record: none.

Two more sectors, owner 0xC1, hold household records alone (household.py): a journal of its own.

payloads
    INTENT, PENDING, APPLIED  "<IIIII" time (INTENT: the floor), event id, provider, control, at (UTC when it was
                              written; 0xFFFFFFFF unknown)
    DONE                      zeros: closes the latest INTENT of its meter and kind
    RECEIPT                   "<IIIHHI" floor, event id, applied (UTC), sectors erased, slots destroyed, milliseconds
    FLOOR                     "<I16x" the floor, UTC
    BINDING                   "<8sBBI6x" EUI-64 as printed, metering and management endpoint, joined (UTC, 0xFFFFFFFF)
    HOUSEHOLD                 as it was put, then zeros; its key is 4 times the meter, plus the kind

A full sector is compacted: what is live goes into the other one, freshly erased, its header last; only then is the old
one marked in octets 16 to 31, zeroed, header first, and erased. Live are the latest FLOOR, APPLIED, PENDING and BINDING
of each meter and kind unless flagged NONE, the latest HOUSEHOLD of each key, each INTENT that is not closed, and the
last 16 receipts (8 in 1024 octets). They keep their sequence.

What a cut left is mended at the start (partition.py), so that every record that was acknowledged and is live is found.
A record, or such zeros, may have been cut short where it looks blank: two places behind the last one, as many as cuts
in a row are reckoned with, are zeroed before the first record of each start, and left out. A receipt and its copy are
one.

Costs: a record 1 program, the first of a start 3; each 90 or so a compaction, at once but for that of a rewind: 2
erases, 18 programs, 1 for each record kept, 0.2 s.
RAM: 144 octets, where the latest record of each type, meter and kind stands.
"""

import struct
from binascii import crc32

from micropython import const

from ihd.history.flash import FlashError
from ihd.history.sector import PAGE, erase, filled, header, is_empty, read_header, write, zero

# types
INTENT = const(1)
DONE = const(2)
RECEIPT = const(3)
PENDING = const(4)
APPLIED = const(5)
FLOOR = const(6)
BINDING = const(7)
HOUSEHOLD = const(8)

# flags
HAS_ID = const(1)
HAS_CONTROL = const(2)
SCOPE = const(12)  # INTENT, RECEIPT: bits 2-3
NONE = const(16)  # there is none any more
VERIFIED = const(32)  # RECEIPT
RESUMED = const(64)  # RECEIPT: its counts are those since the last start
AT_ONCE = const(64)  # INTENT, PENDING, APPLIED: it said "now"
ANSWERED = const(128)  # BINDING

OWNER = const(0xC0)
HEADER = const(16)
RECORD = const(32)
DOUBTFUL = const(2)  # places behind the last record at a start
_PAYLOAD = const(20)
_RECEIPTS = const(16)
_CROWDED = const(96)  # more than are live


class NoHeader(FlashError):
    """Neither sector has a whole header."""


class Journal:
    """The journal in `first_sector` of a Flash and the next, each of at least 1024 octets. mount() comes first.

    left_out: the offset before which two places are zeroed and not used, 0 for none. owner: as in the header of its
    sectors.
    """

    def __init__(self, flash, first_sector, left_out=0, owner=OWNER):
        self.flash = flash
        self.owner = owner
        self._first = first_sector
        self._left_out = left_out
        self.end = min(flash.sector_size // RECORD, 256)
        self._compaction = None

    def mount(self):
        """Find the live sector and its records. Changes nothing in the flash. Raises NoHeader, OSError."""
        best = None
        for sector in (self._first, self._first + 1):
            head = read_header(self.flash, sector, self.owner)
            if head:
                rank = not is_marked(self.flash, sector), head[0]
                if best is None or rank > best:
                    best = rank
                    self.live = sector
        if best is None:
            raise NoHeader
        self.sequence = best[1]
        self.scan()

    def put(self, type, meter, kind, source=0, flags=0, payload=b""):
        """Write a record; returns its sequence. One program, three for the first of a start; a compaction when full.

        Raises OSError: the record may stand there or not, and may be put again; ValueError for a longer payload.
        """
        if len(payload) > _PAYLOAD:
            raise ValueError
        while 0 < self._left_out - self.offset(self.next) <= DOUBTFUL * RECORD:
            self.flash.program(self.offset(self.next), bytes(RECORD))
            self.next += 1
        if self._compaction or self.next == self.end:
            for _ in self.compact():
                pass
        position = self.next
        self.next += 1  # also when it fails: nothing is programmed twice
        self.sequence += 1
        record = struct.pack("<BBBBI20s", type, meter, kind | source << 4, flags, self.sequence, payload)
        write(self.flash, self.offset(position), record + struct.pack("<I", crc32(record)))
        self._latest[_key(record)] = position
        return self.sequence

    def get(self, type, meter, kind):
        """(kind and source, flags, sequence, payload) of the latest such record, None without. Raises OSError."""
        record = self._record(self._latest[_key((type, meter, kind))])
        return record and _fields(record)

    def open_intent(self, meter, kind):
        """As get() of the INTENT that no DONE has closed; None without."""
        if self._latest[_key((INTENT, meter, kind))] < self._latest[_key((DONE, meter, kind))]:
            return None
        return self.get(INTENT, meter, kind)

    def receipts(self):
        """Generator of (meter, kind and source, flags, sequence, payload) of the last receipts, oldest first.

        Nothing may be put before it has ended. Raises OSError.
        """
        for position in self._receipts():
            record = self._record(position)
            yield (record[1],) + _fields(record)

    def crowded(self):
        """Whether a compaction is due soon, under way, or was not ended. Raises OSError."""
        return self._compaction is not None or self.next > _CROWDED or not is_empty(self.flash, self.other())

    def compact(self):
        """Generator, an operation a step: go on in the other sector with what is live, and destroy the rest.

        The one under way is gone on with. Raises OSError; begin again.
        """
        if self._compaction is None:
            self._compaction = self._compacting()
        return self._compaction

    def _compacting(self):
        try:
            receipts = self._receipts()
            old = self.live
            new = self.other()
            self.flash.erase(new)
            yield
            offset = new * self.flash.sector_size
            for position in range(1, self.next):
                record = self._record(position)
                if record and (position in receipts or self._is_live(position, record)):
                    offset += RECORD
                    write(self.flash, offset, record)
                    yield
            if offset == new * self.flash.sector_size:  # so that a sector whose header was cut short is seen
                self.flash.program(offset + RECORD, bytes(RECORD))
                yield
            try:
                self.begin(new)
            except OSError:
                mark(self.flash, new)  # it may be read as whole another day
                raise
            self.scan()
            yield
            yield from destroy(self.flash, old)
        finally:
            self._compaction = None

    def begin(self, sector):
        """Make the erased `sector` the live one. Raises OSError."""
        self.sequence += 1
        write(self.flash, sector * self.flash.sector_size, header(self.owner, self.sequence, 0))
        self.live = sector

    def other(self):
        """The sector that is not live."""
        return 2 * self._first + 1 - self.live

    def offset(self, position):
        """Where a record of the live sector stands; 0: its header."""
        return self.live * self.flash.sector_size + position * RECORD

    def scan(self):
        """Learn where the records of the live sector stand."""
        self._latest = bytearray(144)
        self.next = 1
        page = memoryview(bytearray(PAGE))
        blank = b"\xff" * RECORD
        for position in range(1, self.end):
            offset = self.offset(position)
            if position == 1 or offset % PAGE == 0:
                self.flash.read_into(offset // PAGE * PAGE, page)
            record = page[offset % PAGE : offset % PAGE + RECORD]
            if record != blank:
                self.next = position + 1
                if is_whole(record):
                    self._latest[_key(record)] = position
                    self.sequence = max(self.sequence, _fields(record)[2])

    def _record(self, position):
        """The 32 octets of a record, None when it is not whole; the header's are none."""
        record = bytearray(RECORD)
        self.flash.read_into(self.offset(position), record)
        return record if is_whole(record) else None

    def _receipts(self):
        """The positions of the last receipts."""
        found = []
        last = None
        for position in range(1, self.next):
            record = self._record(position)
            if record and record[0] == RECEIPT:
                if record == last:  # its copy
                    found.pop()
                found.append(position)
                last = record
        return found[-min(_RECEIPTS, self.end // 4) :]

    def _is_live(self, position, record):
        key = _key(record)
        if self._latest[key] != position:
            return False
        if record[0] == INTENT:
            return self._latest[key + (DONE - INTENT << 4)] < position
        return record[0] == HOUSEHOLD or record[0] >= PENDING and not record[3] & NONE


def mark(flash, sector):
    """From now on a journal's sector is live only alone. Raises OSError."""
    flash.program(sector * flash.sector_size + HEADER, bytes(HEADER))


def is_marked(flash, sector):
    """Whether it is."""
    gap = sector * flash.sector_size + HEADER
    return filled(flash, gap, gap + HEADER, 0)


def destroy(flash, sector):
    """Generator that marks, zeroes and erases a journal's sector, an operation a step. Raises OSError."""
    mark(flash, sector)
    yield
    yield from zero(flash, sector)
    yield from erase(flash, sector)


def _key(record):
    """An octet that tells apart records of different type, meter or kind."""
    return record[0] << 4 | (record[1] & 3) << 2 | record[2] & 3


def is_whole(record):
    if record[1] > 3 or record[2] & 0x0F > 3 or record[2] >= 0x60:  # nobody wrote that
        return False
    return 0 < record[0] <= HOUSEHOLD and struct.unpack("<I", record[28:])[0] == crc32(record[:28])


def _fields(record):
    return record[2], record[3], struct.unpack("<I", record[4:8])[0], bytes(record[8:28])
