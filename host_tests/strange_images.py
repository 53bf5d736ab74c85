"""Images of the history partition from pure noise to nearly right, as strategies of hypothesis.

An image is one that the firmware made and a few strokes over it, each a tuple that a failing example shows:
    fill, sector, octet                             every octet of a sector
    noise, sector, seed, length                     its first octets at random
    header, sector, owner, sequence, first          with a right crc
    ring, sector, sequence, first, seed, mix        a header of the sector's series, and slots: how, see _slots()
    record, sector, place, type, meter, kind and source, flags, sequence, payload
    records, sector, place, count, seed             right crc, everything else at random
    flip, sector, octet, bit
    copy, sector, to sector
    shift, sector, octets
"""

import functools
import random
import struct
import sys
from binascii import crc32
from pathlib import Path

from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parent / "portable"))

from flash import Flash
from tenants import fill, lived_in
from world import HALF_HOUR, UTC, le, supplier, tenancy

SECTOR, SECTORS, RINGS, JOURNAL = 4096, 128, 80, 80
SLOTS = 1020
NOW = UTC // HALF_HOUR
OWNERS = (0, 1, 2, 3, 0xC0, 0xC1)
METERS = ("00db1234567890a0", "00db1234567890b0")
LAST = 0xFFFFFFFF


def painted(base, strokes):
    """The Flash of an image."""
    flash = made(base).copy()
    flash.log = None
    for what, sector, *how in strokes:
        STROKES[what](flash, sector * SECTOR, *how)
    return flash


@functools.cache
def made(base):
    """A Flash as the firmware leaves it."""
    flash = Flash()
    if base == "blank":
        return flash
    world = lived_in(1100, flash)
    if base != "lived in":
        world.publish(world.gas, tenancy(UTC + 5000, 76))
        world.publish(world.gas, supplier(UTC + 6000, 75, 0, 5, 6))
        world.publish(world.electricity, tenancy(UTC - 40 * HALF_HOUR, 77))
        if base == "interrupted":
            for _ in range(20):
                world.step()
        else:
            world.run(1000)
    if base == "crowded":
        for number in range(40):
            world.publish(world.gas, tenancy(UTC + 5000 + number, 100 + number))
            world.run(5)
        fill(world, 3)
    flash.watch = None
    return flash


def _fill(flash, at, octet):
    flash.put(at, bytes((octet,)) * SECTOR)


def _noise(flash, at, seed, length):
    flash.put(at, random.Random(seed).randbytes(length))


def _header(flash, at, owner, sequence, first):
    head = struct.pack("<HBBII", 0x4849, owner, 1, sequence, first)
    flash.put(at, head + struct.pack("<I", crc32(head)))


def _ring(flash, at, sequence, first, seed, mix):
    _header(flash, at, at // SECTOR // 20, sequence, first)
    flash.put(at + 16, b"".join(_slots(random.Random(seed), mix)))


def _slots(dice, mix):
    """Slot words: "right" ones, "noise", or "mixed" with zeros and blanks, "late" ones behind a blank half."""
    for slot in range(SLOTS):
        value = dice.randrange(0xFFFFFF)
        word = 1 << 31 | 3 << 29 | 24 - value.bit_count() << 24 | value
        if mix == "noise" or mix == "mixed" and dice.random() < 0.2:
            word = dice.getrandbits(32)
        elif mix == "mixed" and dice.random() < 0.5 or mix == "late" and slot < SLOTS // 2:
            word = dice.choice((0, LAST))
        yield word.to_bytes(4, "little")


def _record(flash, at, place, type, meter, kind_source, flags, sequence, payload):
    record = struct.pack("<BBBBI20s", type, meter, kind_source, flags, sequence, payload)
    flash.put(at + 32 * place, record + struct.pack("<I", crc32(record)))


def _records(flash, at, place, count, seed):
    dice = random.Random(seed)
    for each in range(place, min(place + count, 128)):
        times = dice.choice((0, 1, UTC - 5000, UTC - 30, UTC + 40, UTC + 10**6, LAST - 1, LAST, dice.getrandbits(32)))
        payload = le(times, 4) + dice.choice((dice.randbytes(16), bytes(16)))
        kind = dice.choice((0, 1, 1, 2, 3, dice.getrandbits(8)))
        sequence = dice.choice((each, dice.getrandbits(16)))
        _record(flash, at, each, dice.randrange(10), dice.randrange(5), kind, dice.getrandbits(8), sequence, payload)


def _flip(flash, at, octet, bit):
    flash.flip(at + octet, bit)


def _copy(flash, at, to):
    flash.put(to * SECTOR, flash.octets(at, SECTOR))


def _shift(flash, at, octets):
    stood = flash.octets(at, SECTOR)
    flash.put(at, stood[-octets:] + stood[:-octets])


STROKES = {
    "fill": _fill,
    "noise": _noise,
    "header": _header,
    "ring": _ring,
    "record": _record,
    "records": _records,
    "flip": _flip,
    "copy": _copy,
    "shift": _shift,
}

seeds = st.integers(0, 10**6)
journals = st.sampled_from((80, 80, 81, 80, 80, 81, 82, 83))
ring_sectors = st.integers(0, RINGS - 1)
sectors = st.one_of(ring_sectors, journals, st.integers(0, SECTORS - 1))
octets = st.integers(0, 255)
HIGHEST = 0x3FFFFFFF  # sequence that is believed; those just below are left out here, as no flash lives to see them
sequences = st.one_of(
    st.integers(0, 300),
    st.sampled_from((HIGHEST - 10**6, HIGHEST + 1, 0x7FFFFFFF, 0x80000000, LAST - 2, LAST - 1, LAST)),
    st.integers(0, HIGHEST - 10**6),
    st.integers(HIGHEST + 1, LAST),
)
firsts = st.one_of(
    st.integers(NOW // SLOTS - 22, NOW // SLOTS + 22).map(lambda epoch: epoch * SLOTS),
    st.sampled_from((0, SLOTS, 1, SLOTS - 1, LAST, 2339 * SLOTS, 2340 * SLOTS)),
    st.sampled_from((65533, 65534, 65535, 65536, 65540)).map(lambda epoch: epoch * SLOTS),
    st.integers(0, LAST),
)
times = st.one_of(
    st.sampled_from((0, 1, 1799, 1800, LAST - 1, LAST, UTC, UTC + 30)),
    st.integers(UTC - 90 * 86400, UTC + 86400),
    st.integers(0, LAST),
)
numbers = st.one_of(times, st.just(77))
events = st.tuples(times, numbers, numbers, numbers, times).map(lambda fields: struct.pack("<5I", *fields))
addresses = st.one_of(st.sampled_from(METERS).map(bytes.fromhex), st.binary(min_size=8, max_size=8))
bindings = st.tuples(addresses, octets, octets, times).map(lambda fields: struct.pack("<8sBBI6x", *fields))
payloads = st.one_of(events, bindings, st.binary(min_size=20, max_size=20))


@st.composite
def placed_firsts(draw, sector):
    """A first half-hour that belongs in this sector of a ring: some of the ages of a place, or of no age."""
    epoch = NOW // SLOTS - 19
    epoch += (sector - epoch) % 20
    return (epoch + draw(st.sampled_from((0, 0, 0, 0, 20, 40, 1860, 65040, -20, -440)))) % 65536 * SLOTS


@st.composite
def rings(draw):
    """A stroke that makes a sector of a ring with a right header."""
    sector = draw(ring_sectors)
    first = draw(st.one_of(placed_firsts(sector % 20), firsts))
    mix = draw(st.sampled_from(("right", "noise", "mixed", "late")))
    return "ring", sector, draw(sequences), min(first, LAST), draw(seeds), mix


def stroke(what, *how):
    """A strategy of one sort of strokes."""
    return st.tuples(st.just(what), *how)


records = stroke(
    "record",
    journals,
    st.integers(1, 127),
    st.one_of(st.integers(1, 8), octets),
    st.one_of(st.integers(0, 1), octets),
    st.one_of(st.sampled_from((0, 1, 2, 3, 0x10, 0x20, 0x31)), octets),
    octets,
    sequences,
    payloads,
)
headers = stroke("header", sectors, st.sampled_from(OWNERS), sequences, firsts)
journal_headers = stroke("header", journals, st.sampled_from((0xC0, 0xC0, 0xC1)), sequences, st.just(0))
strokes = st.one_of(
    stroke("fill", sectors, st.sampled_from((0, 0, 0xFF, 0xFF, 0x49, 0xA5))),
    stroke("noise", sectors, seeds, st.integers(1, SECTOR)),
    headers,
    journal_headers,
    rings(),
    records,
    records,
    stroke("records", journals, st.integers(1, 127), st.integers(1, 127), seeds),
    stroke("flip", sectors, st.integers(0, SECTOR - 1), st.integers(0, 7)),
    stroke("copy", sectors, sectors),
    stroke("shift", sectors, st.integers(1, SECTOR - 1)),
)
BASES = ("blank", "lived in", "rewound", "interrupted", "crowded")
images = st.tuples(st.sampled_from(BASES), st.lists(strokes, max_size=12))  # arguments for painted()
