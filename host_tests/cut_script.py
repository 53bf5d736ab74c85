"""What the store is told to do in the tests of power cuts: two occupants leave one meter, the other's is untouched.

Series 0 and 2 are energy and cost of meter 0, which changes hands twice; series 1 is the energy of meter 1. What meter
0 gave before its first change is the first occupant's, before the second the second's: no word of theirs is anyone
else's. In order, from a blank flash: a past, of which only the very first steps are cut; a start; half-hours across a
sector's end into one that was blank (series 2), and into one that gives up what was oldest (series 0); late ones,
one where something older gives way; records; a rewind amid which the journal is full; the second occupant, and a
rewind; the third.
"""

import collections
import struct
from binascii import crc32

from ihd.history import journal

SLOTS = 1020
HALF_HOUR = 1800
METERS = 2
FIRST = 460 * SLOTS  # first half-hour of the sector in which it begins; 460 is the first of the ring's places
NEXT = FIRST + SLOTS
OLDEST = NEXT - 20 * SLOTS  # first half-hour of the sector that gives way to NEXT
OLDER = OLDEST - 4 * SLOTS  # of one that gives way to what is late
FLOORS = (NEXT + 66, NEXT + 74)
FRESH = (FIRST + 20, NEXT + 900)  # 60 half-hours from these on are no part of the script
PRESENT = NEXT + 1000

Append = collections.namedtuple("Append", "series half_hour")
Put = collections.namedtuple("Put", "type meter kind source flags payload")
Rewind = collections.namedtuple("Rewind", "meter kind floor intent")
Fill = collections.namedtuple("Fill", "left")  # records until so many places are left, when it is nearly full


def put(type, meter, kind, source=0, flags=0, *numbers):
    """A Put; its payload is of 20 octets, as it will be read."""
    return Put(type, meter, kind, source, flags, struct.pack("<5I", *(numbers + (0,) * 5)[:5]))


def filler(number):
    """A record that nobody needs."""
    return put(journal.BINDING, 2, 0, 0, 0, number)


def rewind(meter, kind, floor, event, source=0):
    """A Rewind with the INTENT that orders it; floor: a half-hour. Its time is not that of a half-hour."""
    return Rewind(meter, kind, floor, put(journal.INTENT, meter, kind, source, 13, floor * HALF_HOUR - 700, event))


def floor_of(intent):
    """The first half-hour that an INTENT spares."""
    return -(-struct.unpack("<I", intent.payload[:4])[0] // HALF_HOUR)


def _appends(*half_hours, series=(0, 2)):
    """Both series of meter 0 in turn, as they come."""
    return [Append(each, half_hour) for half_hour in half_hours for each in series]


def _events(number):
    """Records that no rewind is about."""
    return [
        put(journal.PENDING, 0, 1, 1, journal.HAS_ID, PRESENT * HALF_HOUR, number),
        put(journal.BINDING, 1, 0, 0, journal.ANSWERED, number, 0x00158D00),
        put(journal.APPLIED, 1, 1, 4, journal.HAS_ID, FIRST * HALF_HOUR, number),
    ]


_PAST = (
    _appends(OLDEST + 1, series=(0,))
    + _events(1)
    + _appends(OLDEST + 300, OLDEST + 301, OLDEST + 1019, OLDER + 5, series=(0,))
    + _appends(FIRST, FIRST + 7, *range(FIRST + 1006, FIRST + 1012))
    + _appends(FIRST + 900, FIRST + 1010, series=(1,))
    + [put(journal.FLOOR, 1, scope, 0, 0, (FIRST - 2000) * HALF_HOUR) for scope in (1, 2)]
    + [put(journal.RECEIPT, 1, kind, 4, journal.VERIFIED, FIRST * HALF_HOUR, 7 + kind) for kind in (0, 1)]
    + [filler(number) for number in range(104)]
)
_CHANGES = (
    _appends(*range(FIRST + 1012, FIRST + 1015))
    + _events(2)[:2]
    + _appends(FIRST + 1015, FIRST + 1018, FIRST + 1019)
    + _appends(FIRST + 1011, FIRST + 1019, NEXT, series=(1,))
    + _appends(NEXT, NEXT + 1)
    + _appends(OLDER + 20 * SLOTS + 9, series=(0,))
    + _appends(FIRST + 1016, FIRST + 8, FIRST + 1017)  # late
    + _appends(*range(NEXT + 60, NEXT + 69, 2))
    + _appends(NEXT + 65, NEXT + 67, series=(0,))
    + [put(journal.PENDING, 0, 1, 1, journal.NONE)]
    + _appends(NEXT + 63, series=(1,))
    + [Fill(3), rewind(0, 0, FLOORS[0], 0x1001)]
    + _appends(NEXT + 70, NEXT + 71)
    + _appends(NEXT + 64, NEXT + 70, series=(1,))
    + _events(3)
    + _appends(NEXT + 75, NEXT + 73, NEXT + 76)
    + [rewind(0, 1, FLOORS[1], 0x1002, 4)]
    + _appends(NEXT + 77, NEXT + 78)
    + _appends(NEXT + 71, series=(1,))
    + _events(4)[1:]
)
STEPS = _PAST + _CHANGES
EARLY = 2  # the first of these steps are cut ...
BEGIN = len(_PAST)  # ... and those from here on, which are done after a start


class Script:
    """STEPS with the values of one life; other: those of a life with another first occupant."""

    def __init__(self, other=False):
        self._other = other

    def value(self, series, half_hour):
        """What that half-hour is recorded as, whenever it is."""
        number = crc32(struct.pack("<BI?", series, half_hour, self._other and self.is_first(series, half_hour)))
        if not self.is_old(series, half_hour, FLOORS[1]) and number % 4 == 0:
            return (0, 1, 0xFFFFFE, 0x800000)[number >> 8 & 3]  # these occur by chance
        return number % 0xFFFFFF

    def marks(self, series, half_hour):
        """Its marks."""
        return (0, 0, 1, 3)[(half_hour + series) % 4]

    def is_old(self, series, half_hour, floor):
        """Whether a rewind of meter 0 to `floor` takes it."""
        return series % METERS == 0 and half_hour < floor

    def is_first(self, series, half_hour):
        """Whether it is the first occupant's."""
        return self.is_old(series, half_hour, FLOORS[0])

    def half_hours(self):
        """(series, half-hour) of all that is ever recorded, fresh ones too."""
        found = {(step.series, step.half_hour) for step in STEPS if isinstance(step, Append)}
        fresh = {(series, half_hour + n) for series in (0, 1) for half_hour in FRESH for n in range(60)}
        return found | fresh
