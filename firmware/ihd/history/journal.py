"""The journal: what was decided about each meter, durable before it is acted on.

Two sectors take turns; the live one is that with a whole header (sector.py, owner 0xC0) of the higher sequence. Records
of 32 octets follow from octet 32 on, little-endian "<BBBBI20sI":
    type          INTENT ... BINDING, below
    meter         0 to 3
    kind, source  kind 0 to 3 (of a FLOOR: its scope) in bits 0-3, source in bits 4-7
    flags         HAS_ID ... ANSWERED, below
    sequence      1 more than the record or header before; the number of a receipt
    payload       as its type has it
    crc32         of the 28 octets before
A record is programmed once and whole. Blank: not written; zeros, or a wrong crc: none.

payloads
    INTENT, PENDING, APPLIED  "<IIIII" time (INTENT: the floor), event id, provider, control, at (UTC when it was
                              written; 0xFFFFFFFF unknown)
    DONE                      zeros: closes the latest INTENT of its meter and kind
    RECEIPT                   "<IIIHHI" floor, event id, applied (UTC), sectors erased, slots destroyed, milliseconds
    FLOOR                     "<I16x" the floor, UTC
    BINDING                   "<8sBBI6x" EUI-64 as printed, metering and management endpoint, joined (UTC, 0xFFFFFFFF)

A full sector is compacted: what is live goes into the other one, freshly erased, its header last; only then is the old
one zeroed, header first, and erased. Live are the latest FLOOR, APPLIED, PENDING and BINDING of each meter and kind
unless flagged NONE, each INTENT that is not closed, and the last 16 receipts (8 in 1024 octets). They keep their
sequence.

After a cut at any operation, mount() finds every record that was acknowledged and is live. A torn record is zeroed,
what stands behind it counts. Of two whole headers the higher sequence wins: its header is programmed again, lest it is
one that reads whole only today, and the other sector destroyed. Without a whole header the journal begins anew.

Costs: a record 1 program; each 90 or so a compaction: 2 erases, 17 programs, 1 for each record kept, 0.2 s.
RAM: 128 octets, where the latest record of each type, meter and kind stands.
"""

import struct
from binascii import crc32

from micropython import const

from ihd.history.sector import PAGE, filled, header, read_header, write

# types
INTENT = const(1)
DONE = const(2)
RECEIPT = const(3)
PENDING = const(4)
APPLIED = const(5)
FLOOR = const(6)
BINDING = const(7)

# flags
HAS_ID = const(1)
HAS_CONTROL = const(2)
SCOPE = const(12)  # INTENT, RECEIPT: bits 2-3
NONE = const(16)  # there is none any more
VERIFIED = const(32)  # RECEIPT
RESUMED = const(64)  # RECEIPT: its counts are those since the last start
ANSWERED = const(128)  # BINDING

_OWNER = const(0xC0)
_RECORD = const(32)
_PAYLOAD = const(20)
_RECEIPTS = const(16)


class Journal:
    """The journal in `first_sector` of a Flash and the next, each of at least 1024 octets. mount() comes first."""

    def __init__(self, flash, first_sector):
        self._flash = flash
        self._first = first_sector
        self._end = min(flash.sector_size // _RECORD, 256)

    def mount(self):
        """Find the live sector and its records, and finish what was cut short. Raises OSError."""
        self._live = self._first
        self._sequence = 0
        for sector in (self._first, self._first + 1):
            head = read_header(self._flash, sector, _OWNER)
            if head and head[0] > self._sequence:
                self._live = sector
                self._sequence = head[0]
        if not self._sequence:
            self._destroy(self._live)
            self._begin(self._live)
        offset = self._other() * self._flash.sector_size
        if not filled(self._flash, offset, offset + self._flash.sector_size, 0xFF):
            write(self._flash, self._offset(0), header(_OWNER, self._sequence, 0))
            self._destroy(self._other())
        self._scan()

    def put(self, type, meter, kind, source=0, flags=0, payload=b""):
        """Write a record; returns its sequence. One program, a whole compaction when the sector is full.

        Raises OSError: the record may stand there or not, and may be put again; ValueError for a longer payload.
        """
        if len(payload) > _PAYLOAD:
            raise ValueError
        if self._next == self._end:
            self.compact()
        position = self._next
        self._next += 1  # also when it fails: nothing is programmed twice
        self._sequence += 1
        record = struct.pack("<BBBBI20s", type, meter, kind | source << 4, flags, self._sequence, payload)
        write(self._flash, self._offset(position), record + struct.pack("<I", crc32(record)))
        self._latest[_key(record)] = position
        return self._sequence

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

    def compact(self):
        """Go on in the other sector with what is live, and destroy the rest. Raises OSError."""
        receipts = self._receipts()
        old = self._live
        new = self._other()
        self._flash.erase(new)
        offset = new * self._flash.sector_size
        for position in range(1, self._next):
            record = self._record(position)
            if record and (position in receipts or self._is_live(position, record)):
                offset += _RECORD
                write(self._flash, offset, record)
        self._begin(new)
        self._scan()
        self._destroy(old)

    def _other(self):
        return 2 * self._first + 1 - self._live

    def _offset(self, position):
        return self._live * self._flash.sector_size + position * _RECORD

    def _begin(self, sector):
        """Make the erased `sector` the live one."""
        self._sequence += 1
        write(self._flash, sector * self._flash.sector_size, header(_OWNER, self._sequence, 0))
        self._live = sector

    def _destroy(self, sector):
        start = sector * self._flash.sector_size
        zeros = bytes(PAGE)
        for offset in range(start, start + self._flash.sector_size, PAGE):
            self._flash.program(offset, zeros)
        self._flash.erase(sector)

    def _scan(self):
        """Learn where the records of the live sector stand; zero those that are torn."""
        self._latest = bytearray(128)
        self._next = 1
        page = memoryview(bytearray(PAGE))
        blank = b"\xff" * _RECORD
        zeros = bytes(_RECORD)
        for position in range(1, self._end):
            offset = self._offset(position)
            if position == 1 or offset % PAGE == 0:
                self._flash.read_into(offset // PAGE * PAGE, page)
            record = page[offset % PAGE : offset % PAGE + _RECORD]
            if record != blank:
                self._next = position + 1
                if _is_whole(record):
                    self._latest[_key(record)] = position
                    self._sequence = max(self._sequence, _fields(record)[2])
                elif record != zeros:
                    self._flash.program(offset, zeros)

    def _record(self, position):
        """The 32 octets of a record, None when it is not whole; the header's are none."""
        record = bytearray(_RECORD)
        self._flash.read_into(self._offset(position), record)
        return record if _is_whole(record) else None

    def _receipts(self):
        """The positions of the last receipts."""
        found = []
        for position in range(1, self._next):
            record = self._record(position)
            if record and record[0] == RECEIPT:
                found.append(position)
        return found[-min(_RECEIPTS, self._end // 4) :]

    def _is_live(self, position, record):
        key = _key(record)
        if self._latest[key] != position:
            return False
        if record[0] == INTENT:
            return self._latest[key + (DONE - INTENT << 4)] < position
        return record[0] >= PENDING and not record[3] & NONE


def _key(record):
    """An octet that tells apart records of different type, meter or kind."""
    return record[0] << 4 | (record[1] & 3) << 2 | record[2] & 3


def _is_whole(record):
    return 0 < record[0] <= BINDING and struct.unpack("<I", record[28:])[0] == crc32(record[:28])


def _fields(record):
    return record[2], record[3], struct.unpack("<I", record[4:8])[0], bytes(record[8:28])
