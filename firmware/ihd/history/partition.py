"""Opens the history partition at the start: mends what a power cut left, refuses what is not ours.

Nothing is written to a partition that has the wrong size, is encrypted, or holds anything while it has no journal: it
was another's, or the floors that stood in its journal are lost; nor to one whose sequences are higher than any flash
lives to see. A blank one is ours from now on.

A journal whose two headers are lost goes on, in its other sector, from the records that are whole. Of two whole headers
the higher sequence wins. A cut may have left what reads otherwise at the next start. So the header is programmed again,
a torn record is zeroed, and the last record copied to another place, two zeroed ones between, unless it is a copy.
"""

from micropython import const

from ihd.history import household
from ihd.history.flash import FlashError
from ihd.history.journal import DOUBTFUL, OWNER, RECORD, Journal, NoHeader, destroy, is_marked, is_whole
from ihd.history.ring import Ring
from ihd.history.sector import PAGE, filled, header, is_empty, read_header, write

JOURNAL = const(80)  # the first of its two sectors, behind the rings

_SECTOR = const(4096)
_SECTORS = const(128)
_HEADER = const(16)
_TRIES = const(2)
_HIGHEST = const(0x3FFFFFFF)  # a sequence; 100 000 erases of two sectors are 25 million records


class NotUsable(FlashError):
    """The partition is none of ours; args[0] says why in a few words."""


def opening(flash):
    """(mounted Ring, arguments of its Journal) of the partition `flash`. Raises NotUsable, OSError."""
    if flash.encrypted:
        raise NotUsable("encrypted")
    if flash.sector_size != _SECTOR or flash.sector_count < _SECTORS:
        raise NotUsable("wrong size")
    ring = Ring(flash)
    ring.mount()
    _judge(ring.sequence)
    return ring, journal_in(flash, JOURNAL)


def journal_in(flash, first_sector, owner=OWNER):
    """The first three arguments for a Journal that begins, or goes on, in `first_sector` of `flash`.

    Raises NotUsable, OSError; NoHeader where another owner has none yet, or has lost it.
    """
    journal = Journal(flash, first_sector, owner=owner)
    try:
        journal.mount()
        _judge(journal.sequence)
    except NoHeader:
        if owner != OWNER:
            raise
        if not _rescue(journal, first_sector):
            _begin(journal, first_sector)
    for _ in range(_TRIES):
        try:
            _mend(journal)
            break
        except OSError:
            journal.scan()  # what stands there is still ours to read; what cannot be written will be told of
    other = journal.other()
    if not (is_empty(flash, other) or is_marked(flash, other) or read_header(flash, other, owner)):
        raise FlashError  # its header may be read another day, and then what was written until then is lost
    return flash, first_sector, journal.offset(min(journal.next + DOUBTFUL, journal.end))


def household_in(flash):
    """The third argument for the journal of household records, None where there is none; household.UNREAD where the
    medium refuses: the whole partition is not lost with these two sectors."""
    try:
        return journal_in(flash, household.FIRST, household.OWNER)[2]
    except (NoHeader, NotUsable):
        return None
    except OSError:
        return household.UNREAD


def _judge(sequence):
    if sequence > _HIGHEST:
        raise NotUsable("foreign data")


def _rescue(journal, first):
    """Go on from whole records in a sector whose header is lost; whether there are any."""
    highest = journal.sequence = 0
    for sector in (first, first + 1):
        journal.live = sector
        journal.scan()
        if journal.sequence > highest:
            highest = journal.sequence
            found = sector
    _judge(highest)
    if highest:
        journal.live = found
        journal.scan()
        for _ in journal.compact():
            pass
    return highest


def _begin(journal, first):
    """Begin on a blank flash; the header of `first` may have been cut short."""
    flash = journal.flash
    size = flash.sector_size
    for sector in range(flash.sector_count):
        start = sector * size
        if not filled(flash, start + _HEADER if sector == first else start, start + size, 0xFF):
            raise NotUsable("foreign data")
    try:
        flash.erase(first)
        journal.begin(first)
    except OSError:
        raise NotUsable("cannot be written")
    journal.scan()


def _mend(journal):
    """Make firm what stands there, and nothing of what does not."""
    flash = journal.flash
    head = read_header(flash, journal.live, journal.owner)
    if head:
        write(flash, journal.offset(0), header(journal.owner, *head))
    page = memoryview(bytearray(PAGE))
    last = before = None  # the last records that are whole
    for position in range(1, journal.next):
        offset = journal.offset(position)
        if position == 1 or offset % PAGE == 0:
            flash.read_into(offset // PAGE * PAGE, page)
        record = page[offset % PAGE : offset % PAGE + RECORD]
        if is_whole(record):
            before, last = last, bytes(record)
        elif record != bytes(RECORD):
            flash.program(offset, bytes(RECORD))
    to = journal.next + DOUBTFUL
    copied = last == before or to < journal.end
    if last != before and copied:
        for position in range(journal.next, to):
            flash.program(journal.offset(position), bytes(RECORD))
        write(flash, journal.offset(to), last)
        journal.scan()
    start = journal.other() * flash.sector_size
    if not filled(flash, start, start + flash.sector_size, 0xFF):
        for _ in destroy(flash, journal.other()):
            pass
    if not copied:
        for _ in journal.compact():  # into a sector that was marked before it was erased
            pass
        _mend(journal)  # there is room now
