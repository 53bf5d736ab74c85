"""Whatever stands in the history partition mounts, or is refused by name, with bounded work, and then all of it works.

IMAGES in the environment says how many of each sort.
"""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strange_images import HALF_HOUR, HIGHEST, LAST, NOW, RINGS, SLOTS, images, painted, seeds

from ihd.history import journal as journals
from ihd.history.errors import BeforeFloor, Occupied, OutOfRange
from ihd.history.journal import Journal
from ihd.history.partition import NotUsable, opening
from ihd.history.ring import UNKNOWN
from ihd.history.usage import add_up
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.keepers import BOTH
from ihd.tenancy.ledger import Ledger

sys.path.append(str(Path(__file__).parent / "portable"))

from household_records import kept, started
from world import World, tenancy

MOST = int(os.environ.get("IMAGES", "60"))
PAGES = 16  # of a sector
READS = 128 * PAGES + 6 * 128  # every page of a partition taken for a blank one, and a journal record by record
OPERATIONS = 128 + 2 * (PAGES + 2) + 128 + 2  # a rescue: records moved, two sectors destroyed, records zeroed
COMPACTION = 128 + PAGES + 3
DESTROYING = 20 * (2 * PAGES + 1 + PAGES) + 2 * 2 * PAGES


def some(examples):
    """hypothesis' settings for a test of so many images."""
    return settings(
        max_examples=max(examples * MOST // 60, 1),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


class Counted:
    """What is done to a flash within a `with`, which must not be more."""

    def __init__(self, flash, reads=None, operations=None):
        self.flash = flash
        self.reads = reads
        self.operations = operations

    def __enter__(self):
        self._reads = self.flash.reads
        self._operations = self.flash.programs + self.flash.erases
        return self

    def __exit__(self, error, *_):
        if error is None or issubclass(error, NotUsable):
            done = self.flash.programs + self.flash.erases - self._operations
            assert self.operations is None or done <= self.operations, done
            assert self.reads is None or self.flash.reads - self._reads <= self.reads, self.flash.reads - self._reads


class Opened:
    """An opened partition; None of its parts is there when it was refused by name."""

    def __init__(self, flash, present=UNKNOWN):
        self.flash = flash
        self.journal = None
        before = flash.copy()
        done = flash.programs + flash.erases
        try:
            with Counted(flash, READS, OPERATIONS):
                self.ring, place = opening(flash)
        except NotUsable as refusal:
            assert refusal.args[0] == "foreign data"
            assert flash.same(before) and flash.programs + flash.erases == done
            return
        with Counted(flash, READS, OPERATIONS):
            self.household = started(flash)
        self.ring.present = present
        self.journal = Journal(*place)
        with Counted(flash, 4 + PAGES, 0):
            self.journal.mount()
        self.ledger = Ledger(self.journal)

    def reads(self):
        """Everything that can be read, as a list; nothing raises, and no value is out of range."""
        found = [kept(self.household)]
        for type in range(1, 9):
            found += [self.journal.get(type, meter, kind) for meter in range(4) for kind in range(4)]
        found += [self.journal.open_intent(meter, kind) for meter in range(4) for kind in range(4)]
        for meter in (0, 1):
            found += [self.ledger.floor(meter, scope) for scope in (1, 2, 3)]
            found.append(self.ledger.binding(meter))
            for kind in (0, 1):
                for what in (ledgers.PENDING, ledgers.APPLIED):
                    found.append(_told(self.ledger.event(what, meter, kind)))
                unfinished = self.ledger.unfinished(meter, kind)
                found.append(unfinished and (_told(unfinished[0]), unfinished[1]))
                found.append(_told(self.ledger.receipt_since(meter, kind)))
        receipts = list(self.journal.receipts())
        assert len(receipts) <= 16
        values = []
        for series in range(4):
            epochs = {epoch for epoch in self.ring.epochs[series * 20 : series * 20 + 20] if epoch < 65534}
            for epoch in sorted(epochs):
                values += self.ring.read(series, epoch * SLOTS - 3, epoch * SLOTS + 30)
            values += self.ring.read(series, NOW - 48, NOW + 2)
            total, known, marks = add_up(self.ring, series, 0, LAST // HALF_HOUR + 1)
            assert 0 <= total <= 0xFFFFFE * known and known <= 20 * SLOTS and marks in range(4)
            found.append((total, known, marks))
        assert all(value is None or 0 <= value <= 0xFFFFFE for value in values)
        return found + receipts + values

    def append(self, series, half_hour, value):
        """Whether it is taken, within four calls of an operation each; it reads back then."""
        try:
            for _ in range(4):
                with Counted(self.flash, 3 + PAGES, 1):
                    if self.ring.append(series, half_hour, value):
                        assert list(self.ring.read(series, half_hour, half_hour + 1)) == [value]
                        return True
        except (BeforeFloor, Occupied, OutOfRange):
            return False
        raise AssertionError("append does not end")

    def put_many(self):
        """200 records through compactions: the latest can be read, and the work is bounded."""
        numbers = []
        with Counted(self.flash, None, 200 + 200 // 14 * COMPACTION):
            for number in range(200):
                payload = number.to_bytes(20, "little")
                numbers.append(self.journal.put(journals.FLOOR, number % 2, number % 4, 0, 0, payload))
                assert self.journal.get(journals.FLOOR, number % 2, number % 4)[3] == payload
        assert numbers == sorted(set(numbers))
        return numbers[-1]

    def put_household(self):
        """So with household records, of which there are never more than the keys."""
        with Counted(self.flash, None, 2 + 2 * (PAGES + 1) + 110 + 2 * COMPACTION):
            visit = self.household.visit()
            for number in range(110):
                visit.put(number % 16, bytes((number,)) * (number % 21))
        assert kept(self.household) == {number % 16: bytes((number,)) * (number % 21) for number in range(94, 110)}

    def forget_household(self):
        """To the end: nothing is left."""
        with Counted(self.flash, None, 2 * (2 * PAGES + 1)):
            while self.household.forget(0, LAST, BOTH):
                pass
        assert not self.household.holds(0, LAST, BOTH)
        assert blank(self.flash, 82) and blank(self.flash, 83)

    def destroy(self, series, half_hour):
        """Destroy to the end: nothing is held any more, and nothing left that can be read."""
        with Counted(self.flash, None, DESTROYING):
            for _ in self.ring.destroy_before(series, half_hour):
                pass
        assert not self.ring.holds_before(series, half_hour)
        assert add_up(self.ring, series, 0, half_hour)[1] == 0
        with Counted(self.flash, None, 4 * PAGES + 2):
            for _ in self.ring.destroy_before(series, half_hour):
                pass


class Watched(World):
    """A World that counts the steps of its display."""

    steps = 0

    def step(self):
        """As World."""
        self.steps += 1
        super().step()


def _told(event):
    return event and sorted(vars(event).items(), key=str)


def blank(flash, sector):
    """Whether a sector is."""
    return flash.octets(sector * 4096, 4096) in (b"\xff" * 4096, bytes(4096))


presents = st.sampled_from((UNKNOWN, NOW, NOW, NOW + 30 * SLOTS, NOW - 30 * SLOTS, 5))
half_hours = st.one_of(st.integers(NOW - 21 * SLOTS, NOW + 3), st.sampled_from((0, NOW, LAST // HALF_HOUR + 1)))


# what was found by these tests
HIGHEST_RECORD = ("blank", [("record", 80, 1, 1, 0, 0, 0, LAST, bytes(20))])
HIGHEST_HEADER = ("blank", [("header", 80, 0xC0, LAST, 0)])
HIGHEST_IN_A_RING = ("lived in", [("header", 3, 0, HIGHEST + 1, 440 * SLOTS + 3 * SLOTS)])
NO_KIND = ("lived in", [("record", 80, 40, 1, 0, 4, 13, 99, bytes(20))])
NO_SOURCE = ("lived in", [("record", 80, 40, 4, 1, 0x90, 3, 99, bytes(20))])
LATER_THAN_TIME = ("lived in", [("ring", 0, 7, 65480 * SLOTS, 1, "right")])


@some(150)
@example(HIGHEST_RECORD)
@given(images)
def test_an_image_is_opened_or_refused_by_name_and_a_second_start_changes_nothing(image):
    flash = painted(*image)
    first = Opened(flash)
    if first.journal:
        found = first.reads()
        before = flash.copy()
        again = Opened(flash)
        assert flash.same(before)
        assert again.reads() == found and flash.same(before)


@some(60)
@example(HIGHEST_HEADER, NOW, NOW - 5, 6)
@example(HIGHEST_IN_A_RING, NOW, NOW - 5, 6)
@given(images, presents, half_hours, seeds)
def test_whatever_was_opened_is_written_to_like_any_other(image, present, half_hour, value):
    flash = painted(*image)
    opened = Opened(flash, present)
    if opened.journal:
        for series in range(4):
            if opened.append(series, half_hour, value):
                assert opened.append(series, half_hour, value)
            if present == NOW:
                opened.append(series, NOW - 1, 5)
        last = opened.put_many()
        opened.put_household()
        found = opened.reads()
        again = Opened(flash, present)
        assert again.reads() == found
        assert again.journal.put(journals.FLOOR, 0, 1) > last


@some(60)
@example(LATER_THAN_TIME, UNKNOWN, NOW)
@given(images, presents, half_hours)
def test_whatever_was_opened_can_be_forgotten(image, present, half_hour):
    flash = painted(*image)
    opened = Opened(flash, present)
    if opened.journal:
        for series in range(4):
            opened.destroy(series, half_hour)
        opened.forget_household()
        again = Opened(flash, present)
        for series in range(4):
            assert not again.ring.holds_before(series, half_hour)
        again.ring.present = NOW  # what is dated after any time there is goes once the time is known
        for series in range(4):
            again.destroy(series, LAST // HALF_HOUR + 2)
        assert all(blank(flash, sector) for sector in range(RINGS))


@some(12)
@example(HIGHEST_IN_A_RING, False)
@example(NO_KIND, False)
@example(NO_SOURCE, False)
@given(images, st.booleans())
def test_a_display_starts_and_lives_with_any_image(image, moved_in):
    world = Watched(painted(*image))
    world.boot()
    world.run(40)
    world.publish(world.electricity, tenancy(world.now - 5 * HALF_HOUR, LAST - 1))
    if moved_in:
        world.app.moved_in()
    world.run(HALF_HOUR)
    assert world.steps < 20_000 and any(world.panel.ram)
