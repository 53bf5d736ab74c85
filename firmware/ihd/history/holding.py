"""Finds what stands in a ring before a floor, and looks whether anything does; loaded when there is a rewind.

Definitions and layout are those of ring.py.
"""

from micropython import const

from ihd.history.ring import HEADER, READY, SECTORS, SLOTS
from ihd.history.sector import filled

_SECTOR = const(4096)
PART = const(64)  # octets read at once: a rewind meets a heap in pieces


def holds_before(ring, series, half_hour):
    """Whether anything stands before `half_hour`, or what cannot be told. Reads the flash.

    Zeros hold nothing. A sector begun since, blank up to `half_hour`, holds nothing. Raises OSError.
    """
    for place, at, end in old(ring, series, half_hour):
        start = place * _SECTOR
        if not at or end == _SECTOR or not _is_empty(ring.flash, start + at, start + end):
            return True
    return False


def misdated(ring, series):
    """Whether something stands from the present on, of a clock that was ahead. Raises OSError.

    Not of a clock that is behind.
    """
    now, epochs, ahead = _epochs(ring, series)
    if ahead:
        return not is_behind(ring, series)
    place = series * SECTORS + now % SECTORS
    at = HEADER + ring.present % SLOTS * 4
    start = place * _SECTOR
    return now in epochs and not _is_unwritten(ring.flash, start + at, start + _SECTOR)


def is_behind(ring, series):
    """Whether most of a series lies ahead of the present: then the clock is behind, and is not believed."""
    _, epochs, ahead = _epochs(ring, series)
    return 2 * ahead > len(epochs) + 1


def _epochs(ring, series):
    """(epoch of the present, epochs of a series, how many of them lie ahead)."""
    now = ring.present // SLOTS
    epochs = [epoch for epoch in ring.epochs[series * SECTORS : (series + 1) * SECTORS] if epoch < READY]
    return now, epochs, len([epoch for epoch in epochs if epoch > now])


def old(ring, series, half_hour):
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
    return filled(flash, start, end, 0xFF, PART) or filled(flash, start, end, 0, PART)


def _is_unwritten(flash, start, end):
    """Whether each word is zeros or blank."""
    page = memoryview(bytearray(PART))
    while start < end:
        part = page[: end - start]
        flash.read_into(start, part)
        for word in range(0, len(part), 4):
            if not part[word] == part[word + 1] == part[word + 2] == part[word + 3] or 0 < part[word] < 0xFF:
                return False
        start += PART
    return True
