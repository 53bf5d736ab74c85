"""What the tests of the journal share: its smallest sectors, and short words for what they do with it."""

import struct

from flash import AFTER, BEFORE, Flash

from ihd.history.journal import Journal
from ihd.history.partition import journal_in

SIZE = 1024
RECORDS = 31  # of a sector
HOWS = (BEFORE, AFTER, 2, 3, 4, 5)  # the cuts to try: flash.py


def mounted(flash, first_sector=0):
    """A journal as a start makes it: mended and mounted."""
    journal = Journal(*journal_in(flash, first_sector))
    journal.mount()
    return journal


def small():
    """Two sectors of 1024 octets."""
    return Flash(2, SIZE)


def text(number):
    """A payload of 20 octets."""
    return struct.pack("<IIIII", number, 0x5A5A0000 + number, 3, 4, 5)


def payloads(journal):
    """The first number of each receipt's payload."""
    return [struct.unpack("<I", receipt[4][:4])[0] for receipt in journal.receipts()]


def compacted(journal):
    """Compact to the end; the number of steps."""
    return len([1 for _ in journal.compact()])
