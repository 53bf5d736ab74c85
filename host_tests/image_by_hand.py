"""Images of the history partition, put down octet by octet as a test wants them, right or wrong."""

import binascii
import contextlib
import io
import struct
import tempfile
from pathlib import Path

from tools import erase_proof

SECTOR, SECTORS = 4096, 128
FIRST = 1020 * 447  # a half-hour that begins a sector, from 2026-01-02 18:00; 447 % 20 is 7
MIDDLE = FIRST + 500
FLOOR = MIDDLE * 1800 - 700  # so the half-hour in which it falls is MIDDLE - 1, and goes
DATE = "2026-01-13 03:48:20"
ELECTRICITY, GAS, COST = 7, 27, 47  # their sectors for FIRST
JOURNAL = 80
EUI64 = bytes.fromhex("00158d0001020304")
BOTH = 3
INTENT, DONE, RECEIPT, PENDING, APPLIED, FLOORS, BINDING = range(1, 8)


def slot(value, marks=0):
    """A slot word by hand: the zeros are counted in its digits."""
    digits = f"{value:024b}" + f"{3 & ~marks:02b}"
    return 1 << 31 | (3 & ~marks) << 29 | digits.count("0") << 24 | value


def with_crc(octets):
    return octets + struct.pack("<I", binascii.crc32(octets))


class Chip:
    """A tiny writer of images: it puts down what it is told to, right or wrong."""

    def __init__(self, sectors=SECTORS):
        self.octets = bytearray(b"\xff" * SECTOR * sectors)
        self.sequence = 0

    def put(self, offset, octets):
        self.octets[offset : offset + len(octets)] = octets

    def header(self, sector, series, first, sequence=1, version=1):
        self.put(sector * SECTOR, with_crc(struct.pack("<HBBII", 0x4849, series, version, sequence, first)))

    def slots(self, sector, words, begin=0):
        self.put(sector * SECTOR + 16 + 4 * begin, struct.pack(f"<{len(words)}I", *words))

    def ring(self, sector, words, begin=0, first=FIRST):
        self.header(sector, sector // 20, first)
        self.slots(sector, words, begin)

    def record(self, kind, meter, kind_source=0, flags=0, payload=b"", sector=JOURNAL, at=None):
        """The next record of the journal; returns its offset."""
        if not self.sequence:
            self.header(sector, 0xC0, 0)
        self.sequence += 1
        offset = sector * SECTOR + 32 * self.sequence if at is None else at
        octets = struct.pack("<BBBBI20s", kind, meter, kind_source, flags, self.sequence, payload)
        self.put(offset, with_crc(octets))
        return offset

    def floor(self, meter=0, utc=FLOOR, scopes=(1, 2)):
        for scope in scopes:
            self.record(FLOORS, meter, scope, payload=struct.pack("<I", utc))


def old_values():
    return [3000 + n for n in range(500)]


def lived_in():
    """A display before the change of tenancy: sectors of electricity and gas, half of them the people before's."""
    chip = Chip()
    for sector in (ELECTRICITY, GAS):
        chip.ring(sector, [slot(value) for value in old_values()])
    chip.record(BINDING, 0, 0, 128, struct.pack("<8sBBI", EUI64, 1, 2, FLOOR - 86400))
    return chip


def rewound():
    """The same after it, with ten half-hours of the people now, and a receipt."""
    chip = Chip()
    for sector in (ELECTRICITY, GAS):
        chip.ring(sector, [0] * 500 + [slot(value) for value in range(10, 20)])
    chip.record(BINDING, 0, 0, 128, struct.pack("<8sBBI", EUI64, 1, 2, FLOOR - 86400))
    for meter in (0, 1):
        event = struct.pack("<IIIII", FLOOR, 42, 7, 0, FLOOR + 5)
        chip.record(INTENT, meter, 0, 1 | BOTH << 2, event)
        chip.floor(meter)
        chip.record(APPLIED, meter, 0, 3, event)
        chip.record(DONE, meter)
        receipt = struct.pack("<IIIHHI", FLOOR, 42, FLOOR + 6, 19, 500, 1234)
        chip.record(RECEIPT, meter, 0, 1 | 32 | BOTH << 2, receipt)
    return chip


def faults(chip, **more):
    return erase_proof.prove(bytes(chip.octets), **more)[1]


def only_fault(chip, **more):
    [fault] = faults(chip, **more)
    return fault


def run(chip, *words):
    """`make erase-proof` of it: (status, what it tells, with every white space one blank)."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        path = Path(folder) / "image.bin"
        path.write_bytes(chip.octets)
        status = erase_proof.main([str(path), *map(str, words)])
    told = out.getvalue()
    assert all(len(line) <= 100 for line in told.splitlines() if "/" not in line)
    return status, " ".join(told.split())
