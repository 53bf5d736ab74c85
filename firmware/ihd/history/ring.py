"""The ring: 403 days of half-hours in raw flash, each in a place of its own.

Medium (flash.py): erasing sets a sector to ones; programming clears bits, a bit any number of times. An operation that
is cut short leaves any subset of its changes.

Layout: series s (0 electricity, 1 gas, 2 and 3 the cost of each) has the 20 sectors of 4096 octets from 20 s on. A
sector is a header of 16 octets (sector.py) and 1020 slots of 4. Its epoch e says which half-hours: slot i is half-hour
1020 e + i, and the sector's place is e mod 20. So position is time: a late value finds its slot, a gap costs no record.

Slot word, little-endian, programmed once and whole:
    bits 0-23    value, 0 to 0xFFFFFE
    bits 24-28   how many of bits 0-23, 29 and 30 are 0
    bit 29, 30   0: back-filled, estimated
    bit 31       LIVE, 1
All ones: never written. All zeros: destroyed. Anything else is a value only with LIVE and the right count. On the way
from ones to a word, from it to zeros, or by an erase back to ones, bits change one way only: as the zeros get more, the
number that should count them gets less. So a word cut short on any of these ways is the old, the new, or no value. That
does not hold from a blank or torn word to zeros: where the header stays, LIVE, a single bit, goes before the rest.

After a cut at any operation, mount() reads every value that was acknowledged: a torn slot is a gap for ever, a torn
header costs its sector, which was empty. What an operation cut short leaves may read otherwise at the next start. So a
sector is erased when it is given an epoch, however blank it looks; after a start its header is programmed again before
the first value behind it; and where a value stands that is recorded again, its word is programmed again. A torn slot
that looks blank, and is then given another value or other marks than those cut short, may become a gap.

Time: `present` is the half-hour in progress. Nothing is taken from it on; what stands there is of a clock that was
ahead, may be replaced, and goes with whatever is destroyed. A clock behind most of a series is not believed.

What is destroyed is zeroed before anything is erased, headers first: an erase takes 45 ms and may be cut, 16 programs
take 6. Then every sector of the series that has no epoch is erased, once a start: one that looks blank may be read
otherwise at the next. A sector that is not blank after its erase is zeroed again, and left: zeros hold nothing.
destroy_before() may be begun again at any point; it is done when holds_before() is False.

Costs: append 1 program of 4 octets, and 1 erase and a header each 1020 half-hours; mount 80 reads of 16 octets;
destroying a sector 16 programs and 1 erase, a part of one at most 32 programs, what looks blank a program and 1 erase.
RAM: 3 octets a sector.
"""

from array import array

from micropython import const

from ihd import on_demand
from ihd.history.errors import BeforeFloor, Occupied, OutOfRange
from ihd.history.flash import FlashError

BACK_FILLED = const(1)
ESTIMATED = const(2)

_ALLOCATING = "ihd.history.allocating"
_DESTROYING = "ihd.history.destroying"
_HOLDING = "ihd.history.holding"

_SERIES = const(4)
SECTORS = const(20)  # of a series
_SECTOR = const(4096)
HEADER = const(16)
SLOTS = const(1020)  # of a sector
_LARGEST = const(0xFFFFFE)

UNKNOWN = const(0x3FFFFFFF)  # as `present`: the time is not known

# epochs that are none; those of Zigbee times end at 2339
READY = const(0xFFFE)  # erased, its header comes next
NONE = const(0xFFFF)  # no whole header

_BLANK = b"\xff\xff\xff\xff"
_ZEROS = b"\4\3\3\2\3\2\2\1\3\2\2\1\2\1\1\0"  # in the four bits of the index


class Ring:
    """All four series on a Flash of at least 80 sectors. mount() comes first.

    present: the half-hour in progress, UNKNOWN until the caller sets it. sectors_erased, slots_destroyed: what
    destroy_before() did; the caller sets them to 0.
    """

    durable = True

    def __init__(self, flash):
        self.flash = flash
        self.epochs = array("H", (NONE for _ in range(_SERIES * SECTORS)))
        self.present = UNKNOWN
        self._floors = [0] * _SERIES
        self.firm = bytearray(_SERIES * SECTORS)  # 1: the header was programmed since the start
        self._word = bytearray(4)
        self.sequence = 0
        self.sectors_erased = self.slots_destroyed = 0

    def mount(self):
        """Read the headers. Changes nothing in the flash. Raises OSError."""
        _on_demand(_ALLOCATING).mount(self)

    def append(self, series, half_hour, value, marks=0):
        """Record one complete half-hour; late values, and repeats whatever their marks, are welcome.

        half_hour: Zigbee UTC // 1800. value: 0..0xFFFFFE. marks: BACK_FILLED, ESTIMATED.
        True: it stands in the flash. False: one operation made its sector ready, call again in the next step.
        Raises BeforeFloor, OutOfRange, ClockBehind, Occupied (nothing is programmed); OSError when the medium refuses.
        """
        if half_hour < self._floors[series]:
            raise BeforeFloor
        if not 0 <= value <= _LARGEST or half_hour >= self.present:
            raise OutOfRange
        offset = self.slot(series, half_hour)
        if not (offset and self.firm[offset // _SECTOR]):
            _on_demand(_ALLOCATING).make_ready(self, series, half_hour // SLOTS)
            return False
        word = self._word
        self.flash.read_into(offset, word)
        if word == _BLANK:
            word[0] = value & 0xFF
            word[1] = value >> 8 & 0xFF
            word[2] = value >> 16
            word[3] = 0xE0 & ~(marks << 5)
            word[3] |= _count(word, 0)
        elif value_of(word, 0) != value:
            raise Occupied
        self.flash.program(offset, word)
        self.flash.read_into(offset, word)
        found = value_of(word, 0)
        word[0] = word[1] = word[2] = word[3] = 0  # it is remembered nowhere else
        if found != value:
            raise FlashError
        return True

    def read(self, series, start, end):
        """Generator of the value, or None for a gap, of each half-hour from `start` to before `end`.

        No allocation a slot, one read of 64 octets for 16 of them. Raises OSError.
        """
        part = bytearray(64)  # its own: anything may happen between two values
        begin = None
        for half_hour in range(start, end):
            value = None
            offset = self.slot(series, half_hour)
            if offset and half_hour >= self._floors[series]:
                if offset // 64 != begin:
                    begin = offset // 64
                    self.flash.read_into(begin * 64, part)
                value = value_of(part, offset % 64)
            yield value

    def set_floor(self, series, half_hour):
        """From now on what began before `half_hour` is neither taken nor read."""
        self._floors[series] = half_hour

    def floor(self, series):
        """The first half-hour that is taken and read."""
        return self._floors[series]

    def destroy_before(self, series, half_hour):
        """Generator that destroys what stands before `half_hour`, an operation a step; see destroying.py."""
        return _on_demand(_DESTROYING).destroy_before(self, series, half_hour)

    def holds_before(self, series, half_hour):
        """Whether anything but zeros stands before `half_hour`, or what cannot be told; see holding.py."""
        return _on_demand(_HOLDING).holds_before(self, series, half_hour)

    def slot(self, series, half_hour):
        """The offset of a slot; 0, which is a header's, when no sector has it."""
        epoch = half_hour // SLOTS
        place = series * SECTORS + epoch % SECTORS
        return place * _SECTOR + HEADER + half_hour % SLOTS * 4 if self.epochs[place] == epoch else 0


def _count(words, at):
    """How many of bits 0-23, 29 and 30 of the slot word at `at` are 0."""
    count = _ZEROS[words[at + 3] >> 5 & 3 | 12]
    for octet in range(at, at + 3):
        count += _ZEROS[words[octet] >> 4] + _ZEROS[words[octet] & 15]
    return count


def value_of(words, at):
    """The value of the slot word at `at`; None for one never written, destroyed or torn."""
    if words[at + 3] >> 7 and words[at + 3] & 31 == _count(words, at):
        return words[at] | words[at + 1] << 8 | words[at + 2] << 16
    return None


def _on_demand(name):
    """A module of this room that is seldom needed; code is memory."""
    module = on_demand.load(name)
    on_demand.drop(name, _HOLDING, "ihd.history.sector")
    return module
