"""The journal after a cut at every operation, and at every operation of the start that follows."""

from fakes import raises
from flash import PowerCut
from records import HOWS, RECORDS, SIZE, compacted, mounted, small, text

from ihd.history.journal import (
    ANSWERED,
    APPLIED,
    BINDING,
    DONE,
    FLOOR,
    HAS_ID,
    INTENT,
    NONE,
    PENDING,
    RECEIPT,
    VERIFIED,
)


class Model:
    """A journal on a flash, and what it acknowledged."""

    PUTS = (
        (FLOOR, 0, 1, 0, 0),
        (BINDING, 1, 0, 3, ANSWERED),
        (PENDING, 0, 1, 1, HAS_ID),
        (INTENT, 0, 0, 2, 0),
        (RECEIPT, 0, 0, 2, VERIFIED),
        (DONE, 0, 0, 2, 0),
        (PENDING, 0, 1, 1, NONE),
        (RECEIPT, 1, 1, 0, 0),
        (INTENT, 1, 1, 4, 0),
        (APPLIED, 1, 1, 4, HAS_ID),
    )

    def __init__(self, flash, number=0, latest=None, receipts=()):
        self.flash = flash
        self.number = number  # of the put that comes next, or was cut
        self.latest = dict(latest or {})
        self.receipts = list(receipts)
        self.under_way = None
        self.sequence = 0

    def go(self, puts):
        """So many puts; raises PowerCut."""
        journal = mounted(self.flash)
        for _ in range(puts):
            type, meter, kind, source, flags = self.PUTS[self.number % len(self.PUTS)]
            self.under_way = (type, meter, kind), (kind | source << 4, flags, text(self.number))
            sequence = journal.put(type, meter, kind, source, flags, text(self.number))
            assert sequence > self.sequence
            self.sequence = sequence
            self._note(self.under_way)
            self.under_way = None
            self.number += 1

    def check(self):
        """After a cut, or the end: what was acknowledged is there, and the record under way whole or not at all."""
        journal = mounted(self.flash)
        before = self.flash.copy()
        self.flash.log = []
        journal = mounted(self.flash)
        assert self.flash.same(before)
        if self.under_way and not self._agrees(journal):
            self._note(self.under_way)
            self.number += 1
        self.under_way = None
        assert self._agrees(journal)

    def _note(self, what):
        key, value = what
        self.latest[key] = value
        if key[0] == RECEIPT:
            self.receipts.append(value[2])

    def _agrees(self, journal):
        for type, meter, kind in {put[:3] for put in self.PUTS}:
            key = type, meter, kind
            found = journal.get(type, meter, kind)
            found = found and (found[0], found[1], found[3])
            expected = self.latest.get(key)
            if type == INTENT:
                found = journal.open_intent(meter, kind)
                found = found and (found[0], found[1], found[3])
                if (INTENT, meter, kind) in self.latest and (DONE, meter, kind) in self.latest:
                    done = self.latest[(DONE, meter, kind)][2] > self.latest[key][2]
                    expected = None if done else expected
            elif type == PENDING and expected and expected[1] & NONE:
                expected = None
                found = None if found is None or found[1] & NONE else found
            elif type in (DONE, RECEIPT):
                continue
            if found != expected:
                return False
        found = [receipt[4] for receipt in journal.receipts()]
        return len(found) == min(len(self.receipts), 8) and found == self.receipts[-8:][-len(found) :]


def test_a_cut_at_every_operation_from_the_first_to_past_two_compactions():
    puts = 60
    whole = Model(small())
    whole.go(puts)
    operations = whole.flash.programs + whole.flash.erases
    whole.check()
    assert whole.flash.erases >= 5
    for how in HOWS[:3]:
        for operation in range(operations):
            model = Model(small())
            model.flash.cut_after(operation, how)
            assert raises(PowerCut, model.go, puts)
            model.check()
            model.go(3)
            model.check()


def test_a_second_cut_at_every_operation_of_a_compaction_begun_again():
    full = Model(small())
    full.go(RECORDS)
    for how in HOWS:
        for first in range(40):
            model = Model(full.flash.copy(), full.number, full.latest, full.receipts)
            model.flash.cut_after(first, how)
            try:
                model.go(2)
            except PowerCut:
                pass
            model.flash.cut_after(None, None)
            for second in range(0, 40, 3):
                again = Model(model.flash.copy(), model.number, model.latest, model.receipts)
                again.under_way = model.under_way
                again.flash.cut_after(second, how + 3)
                try:
                    mounted(again.flash)
                except PowerCut:
                    pass
                again.flash.cut_after(None, None)
                again.check()
                again.go(2)
                again.check()


def test_a_cut_leaves_nothing_of_what_was_dropped_once_it_is_mounted():
    for how in HOWS:
        for operation in range(30):
            flash = small()
            journal = mounted(flash)
            for number in range(RECORDS - 2):
                journal.put(BINDING, 0, 0, payload=text(number))
            flash.cut_after(operation, how)
            cut = False
            try:
                compacted(journal)
            except PowerCut:
                cut = True
            flash.cut_after(None, None)
            journal = mounted(flash)
            assert journal.get(BINDING, 0, 0)[3] == text(RECORDS - 3)
            sectors = [sector for sector in range(2) if flash.octets(sector * SIZE, SIZE) != b"\xff" * SIZE]
            assert len(sectors) == 1
            if not cut or sectors == [1]:
                assert not flash.contains(text(RECORDS - 4))
