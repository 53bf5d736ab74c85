"""Household records: the few small things that the people of a home set, such as a budget, a nickname, units.

A record is a key, 0 to 15, and at most 20 octets; the latest of a key counts. They have sectors 82 and 83 of the
history partition to themselves, and there a journal of their own (journal.py, owner 0xC1), so that all of it can be
destroyed: both sectors are then blank, whatever stood there and however often it was set.

Two blank sectors are no journal yet, and cost nothing; the first record begins it. Where no header is whole there are
no records either: what stands there is destroyed by the first record, or an order to forget. A cut leaves such a thing
only when the journal was being begun, or destroyed.

To destroy, both are zeroed, also one that looks blank, for a record that was cut short may be read there another day;
only then is the first erased. So as long as anything could be read, something stands there that says so.

They have no dates. All of them go with the first rewind of either meter that concerns the consumer, whatever its time.
One that the new occupant put before goes too, when the rewind was late or is finished after a power cut. One put
between its steps is refused, or has it go on until nothing is found.

Without a partition they are a dict, until the power goes.

Costs: a record 1 program, the first one an erase and a program more; each 100 or so a compaction, at once (journal.py).
Destroying 32 programs and 2 erases. A start 2 reads; where there are records 50, and 4 programs.
"""

from micropython import const

from ihd import on_demand
from ihd.history.flash import FlashError
from ihd.history.sector import erase, filled, is_empty, zero

FIRST = const(82)  # of its two sectors
OWNER = const(0xC1)
UNREAD = const(-1)  # as left_out: the medium refused at the start, and is asked again
KEYS = const(16)
LONGEST = const(20)

_HOUSEHOLD = const(8)  # the type of the records, as in journal.py
_JOURNAL = "ihd.history.journal"
_PARTITION = "ihd.history.partition"


class Visit:
    """One visit to the records, for the moment. keeper: a tenancy.keepers.Stored.

    Its store is the history partition as a Flash, or a dict; its left_out what partition.household_in() said of that.
    """

    def __init__(self, keeper):
        self._keeper = keeper
        self._store = keeper.store
        self._mounted = None  # the journal, once it is asked

    def get(self, key):
        """The octets that were put last under `key`, None when none were. Raises ValueError, OSError."""
        _check(key)
        if isinstance(self._store, dict):
            return self._store.get(key)
        journal = self._journal()
        record = journal and journal.get(_HOUSEHOLD, key >> 2, key & 3)
        return record and record[3][: record[1]]

    def put(self, key, value):
        """Keep the octets `value` under `key`. Raises ValueError; OSError: it may be kept or not, and put again."""
        _check(key)
        if len(value) > LONGEST:
            raise ValueError
        if isinstance(self._store, dict):
            self._store[key] = bytes(value)
            return
        if self._keeper.destroying:
            raise FlashError
        journal = self._journal() or self._begun()
        journal.put(_HOUSEHOLD, key >> 2, key & 3, 0, len(value), value)

    def destroy(self, meter=0, first=0):
        """Generator that makes both sectors blank, an operation a step; none where they are. Raises OSError.

        So goes all that stands there, whichever the meter and the time. A worn sector, that refuses to be erased or is
        not blank then, is zeroed again and left so.
        """
        flash = self._store
        if isinstance(flash, dict):
            flash.clear()
            return
        self._keeper.left_out = None
        if filled(flash, FIRST * flash.sector_size, (FIRST + 2) * flash.sector_size, 0xFF):
            return
        for step in (zero, erase):
            for sector in (FIRST, FIRST + 1):
                yield from step(flash, sector)

    def holds(self, meter, first):
        """Whether anything stands there, zeros are nothing; reads the flash. Raises OSError."""
        if isinstance(self._store, dict):
            return bool(self._store)
        return not (is_empty(self._store, FIRST) and is_empty(self._store, FIRST + 1))

    def _journal(self):
        """The journal mounted, None where there is none."""
        if self._keeper.left_out == UNREAD:
            partition = on_demand.load(_PARTITION)
            self._keeper.left_out = partition.household_in(self._store)
            on_demand.drop(_PARTITION, "ihd.history.sector", _JOURNAL)
            if self._keeper.left_out == UNREAD:
                raise FlashError
        if self._keeper.left_out is None:
            self._mounted = None
        elif self._mounted is None:
            journal = _journals().Journal(self._store, FIRST, self._keeper.left_out, OWNER)
            journal.mount()
            self._mounted = journal
        return self._mounted

    def _begun(self):
        """The journal begun, in a sector that is erased however blank it looks: an erase may have been cut short."""
        for _ in self.destroy():
            pass
        self._store.erase(FIRST)
        journal = _journals().Journal(self._store, FIRST, 0, OWNER)
        journal.sequence = 0
        journal.begin(FIRST)
        journal.scan()
        self._keeper.left_out = 0
        self._mounted = journal
        return journal


def _check(key):
    if not 0 <= key < KEYS:
        raise ValueError


def _journals():
    """The module journal.py for the moment; it is large, and to destroy takes none of it."""
    module = on_demand.load(_JOURNAL)
    on_demand.drop(_JOURNAL, "ihd.history.sector")
    return module
