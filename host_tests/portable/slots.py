"""What the tests of the ring share: its format told once more, and short words for what they do with it."""

from flash import AFTER, BEFORE

from ihd.history.ring import Ring

SLOTS = 1020
SECTOR = 4096
SECTORS = 20
BASE = 447 * SLOTS  # the first half-hour of a sector, in 2025; its place in the ring is 7
HOWS = (BEFORE, AFTER, 2, 3, 4, 5)  # the cuts to try: flash.py


def mounted(flash):
    """A mounted ring."""
    ring = Ring(flash)
    ring.mount()
    return ring


def keep(ring, series, half_hour, value, marks=0):
    """Append until it is recorded; returns how many calls made the sector ready."""
    calls = 0
    while not ring.append(series, half_hour, value, marks):
        calls += 1
        assert calls <= 2
    return calls


def value(ring, series, half_hour):
    """The value of one half-hour."""
    return next(ring.read(series, half_hour, half_hour + 1))


def destroy(ring, series, half_hour):
    """Destroy to the end; the number of steps."""
    return len([1 for _ in ring.destroy_before(series, half_hour)])


def offset(series, half_hour):
    """Where the slot stands, from the format."""
    place = series * SECTORS + half_hour // SLOTS % SECTORS
    return place * SECTOR + 16 + half_hour % SLOTS * 4


def word(number, marks=0):
    """The slot word of a value, bit by bit from the format, as 4 octets."""
    bits = number & 0xFFFFFF
    for mark in (0, 1):
        bits |= 0 if marks >> mark & 1 else 1 << 29 + mark
    zeros = len([1 for bit in list(range(24)) + [29, 30] if not bits >> bit & 1])
    return (1 << 31 | bits | zeros << 24).to_bytes(4, "little")


def distinct(number):
    """A value whose word is found nowhere by chance."""
    return 0x5A0001 + number * 7919 % 0x3FFFF
