"""Destroys what stands in a ring before a floor; loaded when there is a rewind.

Definitions and layout are those of ring.py.
"""

from micropython import const

from ihd.history.holding import PART, old
from ihd.history.ring import HEADER, NONE, READY, SECTORS, value_of
from ihd.history.sector import PAGE, filled

_SECTOR = const(4096)


def destroy_before(ring, series, half_hour):
    """Generator that destroys what stands before `half_hour`, an operation a step: nothing can be read any more.

    So goes what cannot be told: a sector without a whole header, and what stands from the present on. First all of it
    is zeroed; then each sector without a header is erased, also one that looks blank, which is not counted: an erase of
    it may have been cut short, and then what stood there is read again at another start. Its header is zeroed first, so
    that an erase is seen that does nothing. What was erased since the start is left. Raises OSError; begin again.
    """
    for place, at, end in old(ring, series, half_hour):
        if not at:
            ring.epochs[place] = NONE
        yield from _zero(ring, place, at, end, at and end == _SECTOR)
    for place in range(series * SECTORS, (series + 1) * SECTORS):
        if ring.epochs[place] == NONE:
            counts = not filled(ring.flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF, PART)
            if not counts:
                ring.flash.program(place * _SECTOR, bytes(HEADER))
                yield
        if ring.epochs[place] == NONE:
            if _erased(ring.flash, place):
                ring.sectors_erased += counts
                ring.epochs[place] = READY
            yield
            if ring.epochs[place] == NONE:
                yield from _zero(ring, place, 0, _SECTOR)


def _erased(flash, place):
    """Whether a sector is blank when it was erased; a worn one refuses, or is not."""
    try:
        flash.erase(place)
    except OSError:
        return False
    return filled(flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF, PART)


def _zero(ring, place, at, end, keep_blank=False):
    """Generator that zeroes a sector from octet `at` to before `end`; LIVE first when the header stays.

    keep_blank: words never written stay so. It ends early when the sector is given another epoch meanwhile.
    """
    stands = ring.epochs[place]
    page = memoryview(bytearray(PAGE))
    keep_header = at
    while at < end and ring.epochs[place] == stands:
        offset = place * _SECTOR + at
        size = min(end, (at | PAGE - 1) + 1) - at
        part = page[:size]
        ring.flash.read_into(offset, part)
        for word in range(0 if at else HEADER, size, 4):
            ring.slots_destroyed += value_of(part, word) is not None
            if not (keep_blank and _is_blank(part, word)):
                part[word + 3] &= 0x7F
        if keep_header:
            ring.flash.program(offset, part)
            yield
        for word in range(0, size, 4):
            if not (keep_blank and _is_blank(part, word)):
                part[word] = part[word + 1] = part[word + 2] = part[word + 3] = 0
        ring.flash.program(offset, part)
        at += size
        yield


def _is_blank(words, at):
    return words[at] & words[at + 1] & words[at + 2] & words[at + 3] == 0xFF
