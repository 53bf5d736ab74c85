"""Destroys what stands in a ring before a floor, and looks whether anything is left; loaded when there is a rewind.

Definitions and layout are those of ring.py.
"""

from micropython import const

from ihd.history.ring import HEADER, NONE, READY, SECTORS, SLOTS, value_of
from ihd.history.sector import PAGE, filled

_SECTOR = const(4096)


def destroy_before(ring, series, half_hour):
    """Generator that destroys what stands before `half_hour`, an operation a step: nothing can be read any more.

    So goes what cannot be told: a sector without a whole header that is not blank. Raises OSError; begin again.
    """
    for place, straddles in _old(ring, series, half_hour):
        if straddles:
            yield from _zero(ring, place, HEADER, ring.slot(series, half_hour) % _SECTOR)
        else:
            ring.epochs[place] = NONE
            yield from _zero(ring, place, 0, _SECTOR)
            if ring.epochs[place] == NONE:
                ring.flash.erase(place)
                ring.sectors_erased += 1
                yield


def holds_before(ring, series, half_hour):
    """Whether anything but zeros stands before `half_hour`, or what cannot be told. Reads the flash.

    A sector begun since, blank up to `half_hour`, holds nothing. Raises OSError.
    """
    for place, straddles in _old(ring, series, half_hour):
        if not straddles:
            return True
        start = place * _SECTOR + HEADER
        end = ring.slot(series, half_hour)
        if not (filled(ring.flash, start, end, 0) or filled(ring.flash, start, end, 0xFF)):
            return True
    return False


def _old(ring, series, half_hour):
    """Generator of (sector, whether it goes on after `half_hour`) of what may hold something older."""
    for place in range(series * SECTORS, (series + 1) * SECTORS):
        stands = ring.epochs[place]
        if stands == half_hour // SLOTS:
            yield place, True
        elif stands < half_hour // SLOTS or stands >= READY and not _is_blank(ring, place):
            yield place, False


def _is_blank(ring, place):
    return filled(ring.flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF)


def _zero(ring, place, at, end):
    """Generator that zeroes a sector from octet `at` to before `end`; LIVE first when the header stays.

    It ends early when the sector is given another epoch meanwhile.
    """
    stands = ring.epochs[place]
    page = memoryview(bytearray(PAGE))
    zeros = bytes(PAGE)
    keep = at
    while at < end and ring.epochs[place] == stands:
        offset = place * _SECTOR + at
        size = min(end, (at | PAGE - 1) + 1) - at
        ring.flash.read_into(offset, page[:size])
        for word in range(0 if at else HEADER, size, 4):
            ring.slots_destroyed += value_of(page, word) is not None
            page[word + 3] &= 0x7F
        if keep:
            ring.flash.program(offset, page[:size])
            yield
        ring.flash.program(offset, zeros[:size])
        at += size
        yield
