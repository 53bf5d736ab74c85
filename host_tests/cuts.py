"""Cuts the power at every operation of the script, and of the recoveries, and has what must hold checked.

A cut is (number of the operation, what it leaves: portable/flash.py). The first is of the script; the second of the
recovery from the first: a start, a half-hour of each meter and a record, another start, some steps of the script; or
the steps at once, and the others after them.
"""

import collections
import contextlib

from cut_checks import RAISED, check
from cut_life import Life
from cut_model import Broken, Model
from cut_script import BEGIN, EARLY, FLOORS, Script, rewind
from portable.flash import AFTER, BEFORE, READS_DONE, READS_UNDONE, Flash, prefix, reads_at_random

from ihd.history import journal
from ihd.history.partition import JOURNAL

ERASES = 44  # that a cut may cost: a sector made ready again, the journal's, fresh half-hours', two series' once more
FOLLOWING = 2  # steps of the script that are part of a recovery
PAGE = 256
HEADER = 16

# What is known just before an operation: Flash, what the operation is, Model; operations and erases so far.
Point = collections.namedtuple("Point", "flash operation offset data model done erases")


class Cuts:
    """The states that cuts of a script leave, and what becomes of them. Methods raise cut_checks.RAISED."""

    def __init__(self, script):
        self._script = script
        life = self._blank()
        points = []
        _record(life, points)
        _live(life)
        life.flash.watch = None
        check(life.flash, life.model)
        self.images = [*life.rewound, life.flash]
        self._erases = {point.model.step: point.erases for point in reversed(points)}
        self._erases[life.model.step] = life.flash.erases
        self.points = [point for point in points if not EARLY <= point.model.step < BEGIN and _counts(point)]

    def cut(self, point, how):
        """(Flash, Model) as a cut leaves them at `point`."""
        flash, model = point.flash.copy(), point.model.copy()
        flash.log = None
        flash.tear(point.operation, point.offset, point.data, how)
        model.cuts += 1
        return flash, model

    def recover(self, flash, model, at_once=False, recovery=None, tell=None):
        """Recover from a state and check it; the Life. at_once: go on with the script before anything else.

        recovery: a list that takes the Points of the recovery.
        """
        begun = model.step
        life = Life(flash, model, tell)
        if recovery is not None:
            _record(life, recovery)
        life.start()
        check(flash, model, True)
        if at_once:
            life.go_on(FOLLOWING)
        life.fresh()
        life.start()
        if not at_once:
            life.go_on(FOLLOWING)
        if recovery is not None:
            flash.watch = None
        check(flash, model)
        most = self._erases[model.step] - self._erases[begun] + ERASES * model.cuts
        if flash.erases > most:
            raise Broken(f"erases: {flash.erases}, and {most} are enough")
        return life

    def go_on(self, flash, model, tell=None):
        """Start and go on to the end; copies of the flash after each rewind, and at the end."""
        life = Life(flash, model, tell)
        life.start()
        life.go_on()
        check(flash, model)
        return [*life.rewound, flash]

    def rewind(self, flash, model, tell=None):
        """Start and rewind, whatever the script has next."""
        life = Life(flash, model, tell)
        life.start()
        life.rewind(rewind(0, 1, FLOORS[1], 0x1003, 4).intent)
        check(flash, model)

    def refuse(self, number, how, tell=None):
        """Do it all without a cut; one operation is refused or skipped, and what it was part of done again."""
        life = self._blank(tell)
        life.flash.cut_after(self.points[number].done, how)
        life.flash.strict = False  # an erase that was skipped is not known of
        try:
            _live(life)
        except OSError:
            life.tell("the flash refuses")
            _live(life)
        check(life.flash, life.model)

    def _blank(self, tell=None):
        life = Life(Flash(), Model(self._script), tell)
        life.flash.log = None
        return life


def _live(life):
    """From a start to the end of the script."""
    if life.model.step < BEGIN:
        life.start()
        life.go_on(BEGIN - life.model.step)
    life.start()
    life.go_on()


class Lives:
    """One life, and another in which only the first occupant's values differ. Methods raise cut_checks.RAISED."""

    def __init__(self):
        self.one = Cuts(Script())
        self.other = Cuts(Script(True))
        _compare(self.one.images, self.other.images)

    def single(self, number, how, tell=None):
        """All that may follow a cut."""
        point, twin = self.one.points[number], self.other.points[number]
        self.one.rewind(*self.one.cut(point, how), tell)
        for at_once in (False, True):
            self.one.recover(*self.one.cut(point, how), at_once, None, tell)
        images = self.one.go_on(*self.one.cut(point, how), tell)
        intents = [ghost for ghost in point.model.ghosts if ghost.type == journal.INTENT]
        if how in (BEFORE, AFTER) or intents or any(point.model.floors):  # else a torn word may differ, and stays
            _compare(images, self.other.go_on(*self.other.cut(twin, how)))

    def recovery(self, number, how):
        """The Points of a recovery, as far as it goes."""
        points = []
        with contextlib.suppress(*RAISED):  # single() tells of it
            self.one.recover(*self.one.cut(self.one.points[number], how), number % 2, points)
        return [point for point in points if _counts(point)]

    def double(self, number, point, how, tell=None):
        """What may follow a cut at `point`, the one of that number of a recovery."""
        self.one.recover(*self.one.cut(point, how), number // 2 % 2, None, tell)


def _compare(images, others):
    if len(images) != len(others) or not all(one.same(other) for one, other in zip(images, others)):
        raise Broken("interference: what the first occupant used changes what stands after the rewind")


def _record(life, points):
    flash, model, before = life.flash, life.model, life.flash.watch

    def watch(operation, offset, data):
        if before:
            before(operation, offset, data)
        points.append(Point(flash.copy(), operation, offset, data, model.copy(), len(points), flash.erases))

    flash.watch = watch


def _counts(point):
    """Whether it is worth a cut: of a ring's sectors in which only zeros may stand one in seven is; all are alike."""
    sector = point.offset // point.flash.sector_size
    alike = point.operation == "erase" or point.data == bytes(HEADER)
    return not alike or sector >= JOURNAL or sector % 7 == 0 or _holds(point.flash, sector)


def _holds(flash, sector):
    """Whether a sector may hold anything but zeros."""
    return sector in flash.written() and any(octets.strip(b"\0\xff") for octets in flash.readings(sector))


def hows(point):
    """All that a single cut may leave of the operation at `point`."""
    size = len(point.data)
    lengths = range(1, size) if size <= 32 else (2, 16, 20, 130, size - 1)
    return (
        [BEFORE, AFTER, READS_DONE, READS_UNDONE]
        + [reads_at_random(seed) for seed in range(1, 5)]
        + list(range(2, 6))
        + [prefix(length) for length in lengths]
    )


def first_hows(number):
    """What the first of two cuts may leave of operation `number`; some of hows()."""
    return BEFORE, READS_DONE, READS_UNDONE, (reads_at_random(1), 2, prefix(2), reads_at_random(2))[number % 4]


def second_hows(number, point):
    """What the second of two cuts may leave of the operation at `point`, number `number` of its recovery."""
    every = READS_DONE, READS_UNDONE, (BEFORE, reads_at_random(8), 8, prefix(3), AFTER)[number % 5]
    between = 0 < point.offset % point.flash.sector_size < point.flash.sector_size - PAGE
    return (every[number % 3],) if len(point.data) == PAGE and between else every  # one such page is like another


def is_metastable(how):
    """Whether it leaves what may read differently from one time to the next."""
    return isinstance(how, tuple) and how[0] != "PREFIX"


def name(how):
    """What a cut leaves, or a fault does, in a word."""
    if isinstance(how, tuple):
        return how[0] + (str(how[1]) if how[1] else "")
    return {BEFORE: "BEFORE", AFTER: "AFTER"}.get(how, f"SUBSET{how}" if isinstance(how, int) else how.upper())


def named(word):
    """What a cut leaves, or a fault does, from its name(). Raises ValueError."""
    for how in (BEFORE, AFTER, READS_DONE, READS_UNDONE, "fail", "skip"):
        if word == name(how):
            return how
    for begin, make in (("SUBSET", int), ("PREFIX", prefix), ("RANDOM", reads_at_random)):
        if word.startswith(begin):
            return make(int(word[len(begin) :]))
    raise ValueError(word)
