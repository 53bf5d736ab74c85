"""Destroys what stands in a ring before a floor, and looks whether anything is left; loaded when there is a rewind.

Definitions and layout are those of ring.py.
"""

from micropython import const

from ihd.history.ring import HEADER, NONE, READY, SECTORS, SLOTS, value_of
from ihd.history.sector import PAGE, filled

_SECTOR = const(4096)


def destroy_before(ring, series, half_hour):
    """Generator that destroys what stands before `half_hour`, an operation a step: nothing can be read any more.

    So goes what cannot be told: a sector without a whole header, and what stands from the present on. First all of it
    is zeroed; then each sector without a header is erased, also one that looks blank, which is not counted: an erase of
    it may have been cut short, and then what stood there is read again at another start. Its header is zeroed first, so
    that an erase is seen that does nothing. What was erased since the start is left. Raises OSError; begin again.
    """
    for place, at, end in _old(ring, series, half_hour):
        if not at:
            ring.epochs[place] = NONE
        yield from _zero(ring, place, at, end, at and end == _SECTOR)
    for place in range(series * SECTORS, (series + 1) * SECTORS):
        if ring.epochs[place] == NONE:
            counts = not filled(ring.flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF)
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


def holds_before(ring, series, half_hour):
    """Whether anything stands before `half_hour`, or what cannot be told. Reads the flash.

    Zeros hold nothing. A sector begun since, blank up to `half_hour`, holds nothing. Raises OSError.
    """
    for place, at, end in _old(ring, series, half_hour):
        start = place * _SECTOR
        if not at or end == _SECTOR or not _is_empty(ring.flash, start + at, start + end):
            return True
    return False


def misdated(ring, series):
    """Whether something stands from the present on, of a clock that was ahead. Raises OSError.

    Not when most of the series lies there: then the clock is behind, and is not believed.
    """
    now = ring.present // SLOTS
    epochs = [epoch for epoch in ring.epochs[series * SECTORS : (series + 1) * SECTORS] if epoch < READY]
    ahead = len([epoch for epoch in epochs if epoch > now])
    if ahead:
        return 2 * ahead <= len(epochs) + 1
    place = series * SECTORS + now % SECTORS
    at = HEADER + ring.present % SLOTS * 4
    start = place * _SECTOR
    return now in epochs and not _is_unwritten(ring.flash, start + at, start + _SECTOR)


def _old(ring, series, half_hour):
    """Generator of (sector, octets from, to) of what may hold something older; the whole sector from 0 on."""
    floor, now = half_hour // SLOTS, ring.present // SLOTS
    for place in range(series * SECTORS, (series + 1) * SECTORS):
        epoch = ring.epochs[place]
        start = place * _SECTOR
        if epoch >= READY:
            if not _is_empty(ring.flash, start, start + _SECTOR):
                yield place, 0, _SECTOR
        elif epoch < floor or epoch > now:
            yield place, 0, _SECTOR
        else:
            if epoch == floor:
                yield place, HEADER, ring.slot(series, half_hour) % _SECTOR
            at = HEADER + ring.present % SLOTS * 4
            if epoch == now and not _is_unwritten(ring.flash, start + at, start + _SECTOR):
                yield place, at, _SECTOR


def _is_empty(flash, start, end):
    """Whether everything is zeros, or everything blank."""
    return filled(flash, start, end, 0xFF) or filled(flash, start, end, 0)


def _is_unwritten(flash, start, end):
    """Whether each word is zeros or blank."""
    page = memoryview(bytearray(PAGE))
    while start < end:
        part = page[: end - start]
        flash.read_into(start, part)
        for word in range(0, len(part), 4):
            if not part[word] == part[word + 1] == part[word + 2] == part[word + 3] or 0 < part[word] < 0xFF:
                return False
        start += PAGE
    return True


def _erased(flash, place):
    """Whether a sector is blank when it was erased; a worn one refuses, or is not."""
    try:
        flash.erase(place)
    except OSError:
        return False
    return filled(flash, place * _SECTOR, (place + 1) * _SECTOR, 0xFF)


def _zero(ring, place, at, end, keep_blank=False):
    """Generator that zeroes a sector from octet `at` to before `end`; LIVE first when the header stays.

    keep_blank: words never written stay so. It ends early when the sector is given another epoch meanwhile.
    """
    stands = ring.epochs[place]
    page = memoryview(bytearray(PAGE))
    wiped = memoryview(bytearray(PAGE))
    keep_header = at
    while at < end and ring.epochs[place] == stands:
        offset = place * _SECTOR + at
        size = min(end, (at | PAGE - 1) + 1) - at
        part = page[:size]
        ring.flash.read_into(offset, part)
        for word in range(0 if at else HEADER, size, 4):
            ring.slots_destroyed += value_of(part, word) is not None
            if keep_blank and _is_blank(part, word):
                wiped[word : word + 4] = part[word : word + 4]
            else:
                part[word + 3] &= 0x7F
        if keep_header:
            ring.flash.program(offset, part)
            yield
        ring.flash.program(offset, wiped[:size])
        wiped[:] = bytes(PAGE)
        at += size
        yield


def _is_blank(words, at):
    return words[at] & words[at + 1] & words[at + 2] & words[at + 3] == 0xFF
