"""What a ring's sectors and a journal's share: their header, and reading back what was programmed.

Header, 16 octets, little-endian: magic 0x4849, owner (a series 0 to 3; 0xC0 the journal, 0xC1 household records),
version 1, sequence, first half-hour (a series alone, else 0), crc32 of the 12 octets before. Always programmed whole.
"""

import struct
from binascii import crc32

from micropython import const

from ihd.history.flash import FlashError

PAGE = const(256)  # octets, the most that is programmed at once

_MAGIC = const(0x4849)
_VERSION = const(1)


def header(owner, sequence, first):
    """The header of a sector of `owner` as 16 bytes."""
    head = struct.pack("<HBBII", _MAGIC, owner, _VERSION, sequence, first)
    return head + struct.pack("<I", crc32(head))


def read_header(flash, sector, owner):
    """(sequence, first half-hour) of a sector; None when it has no whole header, or another owner's. One read."""
    head = bytearray(16)
    flash.read_into(sector * flash.sector_size, head)
    _, _, _, sequence, first, _ = struct.unpack("<HBBIII", head)
    return (sequence, first) if head == header(owner, sequence, first) else None


def write(flash, offset, data):
    """Program `data` and read it back. Raises OSError, also when something else stands there afterwards."""
    flash.program(offset, data)
    stands = bytearray(len(data))
    flash.read_into(offset, stands)
    if stands != data:
        raise FlashError


def filled(flash, start, end, octet, at_once=PAGE):
    """Whether every octet from offset `start` to before `end` is `octet`. at_once: how many are read, 16 or more."""
    page = memoryview(bytearray(at_once))
    wanted = bytes((octet,)) * 16
    while start < end:
        part = page[: end - start]
        flash.read_into(start, part)
        for at in range(0, len(part), 16):
            piece = part[at : at + 16]
            if piece != wanted[: len(piece)]:
                return False
        start += at_once
    return True


def is_empty(flash, sector):
    """Whether everything in a sector is blank, or everything zeros, which hold nothing."""
    start = sector * flash.sector_size
    end = start + flash.sector_size
    return filled(flash, start, end, 0xFF) or filled(flash, start, end, 0)


def zero(flash, sector):
    """Generator that zeroes a sector, an operation a step. Raises OSError."""
    start = sector * flash.sector_size
    zeros = bytes(PAGE)
    for offset in range(start, start + flash.sector_size, PAGE):
        flash.program(offset, zeros)
        yield


def erase(flash, sector):
    """Generator that erases a sector of zeros, an operation a step; a worn one is zeroed again. Raises OSError."""
    try:
        flash.erase(sector)
    except OSError:
        pass
    yield
    if not is_empty(flash, sector):
        yield from zero(flash, sector)
