"""Finds a ring's sectors, and makes one ready for its next value; loaded at the start, and when a sector is begun.

Definitions and layout are those of ring.py.
"""

from micropython import const

from ihd.history.errors import ClockBehind, OutOfRange
from ihd.history.flash import FlashError
from ihd.history.ring import HEADER, NONE, READY, SECTORS, SLOTS
from ihd.history.sector import filled, header, read_header, write

_SECTOR = const(4096)
_LAST = const(2340)  # the first epoch that no Zigbee time reaches


def mount(ring):
    """Read the headers of the sectors. Raises OSError."""
    for place in range(len(ring.epochs)):
        epoch = NONE
        head = read_header(ring.flash, place, place // SECTORS)
        if head:
            sequence, first = head
            ring.sequence = max(ring.sequence, sequence)
            if first % SLOTS == 0 and first // SLOTS % SECTORS == place % SECTORS and first < _LAST * SLOTS:
                epoch = first // SLOTS
        ring.epochs[place] = epoch


def make_ready(ring, series, epoch):
    """The next operation that makes the sector of `epoch` ready. Raises OutOfRange, ClockBehind, OSError."""
    place = series * SECTORS + epoch % SECTORS
    if ring.epochs[place] == epoch:
        _make_firm(ring, place)
        return
    _judge(ring, series, epoch)
    ready = ring.epochs[place] == READY
    ring.epochs[place] = NONE  # should the operation fail
    if ready:
        ring.sequence += 1
        write(ring.flash, place * _SECTOR, header(series, ring.sequence, epoch * SLOTS))
        ring.epochs[place] = epoch
        ring.firm[place] = 1
    else:
        ring.flash.erase(place)
        if not filled(ring.flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF):
            raise FlashError  # a worn one: what stands there would be read as values
        ring.epochs[place] = READY


def _judge(ring, series, epoch):
    """Raise OutOfRange for what is too old, ClockBehind before something gives way to a clock that is not believed."""
    now = ring.present // SLOTS
    first = series * SECTORS
    ahead = 0
    for other in ring.epochs[first : first + SECTORS]:
        if other < READY:
            if epoch + SECTORS <= other <= now:
                raise OutOfRange
            ahead += 1 if other > now else -1
    if ahead > 1 and now < ring.epochs[first + epoch % SECTORS] < READY:
        raise ClockBehind


def _make_firm(ring, place):
    """Program a sector's header again. One that is read no more costs its sector if that is blank, else FlashError."""
    start = place * _SECTOR
    head = read_header(ring.flash, place, place // SECTORS)
    if head:
        write(ring.flash, start, header(place // SECTORS, *head))
        ring.firm[place] = 1
    elif filled(ring.flash, start + HEADER, start + _SECTOR, 0xFF):
        ring.epochs[place] = NONE
    else:
        raise FlashError
