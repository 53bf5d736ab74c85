"""The command behind `make test-cuts`: all states of cuts.py, or a single one told operation by operation.

cut_states.py                           all of them
cut_states.py 137:AFTER                 one cut of the script
cut_states.py 137:AFTER 12:READS_DONE   and one of the recovery that followed
cut_states.py 137:FAIL                  no cut; the flash refuses, or skips (SKIP)

What a cut leaves: BEFORE, AFTER, READS_DONE, READS_UNDONE, SUBSET and a seed, RANDOM and a seed, PREFIX and octets.
"""

import concurrent.futures
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for folder in ("host_tests", "firmware", "tools/virtual_board/cpython"):
    sys.path.insert(0, str(ROOT / folder))

import cuts  # noqa: E402 - found through the lines before
from cut_checks import RAISED  # noqa: E402
from cut_words import operation  # noqa: E402

from ihd import on_demand  # noqa: E402

MOST = 20  # failures that are told
ENOUGH = 1_000, 50_000  # single-cut, double-cut states
REFUSALS = {"fail", "skip"}

lives = None  # of this process


class Count:
    """How many states there were, and what was wrong with some."""

    def __init__(self):
        self.singles = self.doubles = self.metastable = self.refusals = 0
        self.failures = []

    def add(self, other):
        """And those of another Count."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def note(self, *where):
        """A failure is being handled; where: (number of an operation, what was left of it) of each cut."""
        error = sys.exc_info()[1]
        places = ", then ".join(f"{number} {cuts.name(how)}" for number, how in where)
        words = " ".join(f"{number}:{cuts.name(how)}" for number, how in where)
        what = str(error) if isinstance(error, cuts.Broken) else f"{type(error).__name__}: {error}"
        self.failures.append(f"FAILED cut {places}: {what}; replay: .venv/bin/python host_tests/cut_states.py {words}")


def prepare():
    """Make this process ready to try states."""
    global lives
    on_demand.drop = lambda *names: None  # to compile modules anew for each state takes longer than all the rest
    lives = cuts.Lives()


def attempt(number):
    """Try all states that begin with a cut at operation `number` of the script; a Count."""
    count = Count()
    for how in sorted(REFUSALS):
        count.refusals += 1
        try:
            lives.one.refuse(number, how)
        except RAISED:
            count.note((number, how))
    for how in cuts.hows(lives.one.points[number]):
        count.singles += 1
        count.metastable += cuts.is_metastable(how)
        try:
            lives.single(number, how)
        except RAISED:
            count.note((number, how))
    for how in cuts.first_hows(number):
        for second, point in enumerate(lives.recovery(number, how)):
            for then in cuts.second_hows(number + second, point):
                count.doubles += 1
                count.metastable += cuts.is_metastable(how) or cuts.is_metastable(then)
                try:
                    lives.double(second, point, then)
                except RAISED:
                    count.note((number, how), (second, then))
    return count


def attempt_all():
    """Try all states, on all processors; the exit status."""
    numbers = range(len(cuts.Lives().one.points))
    print(f"Power cuts at each of {len(numbers)} operations, and of the recoveries; some minutes ...", flush=True)
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), initializer=prepare) as pool:
        return tell(pool.map(attempt, numbers), *ENOUGH)


def tell(counts, singles=0, doubles=0):
    """Print the failures of these Counts as they come, at most MOST, and their sum; the exit status.

    singles, doubles: how many states there must be.
    """
    total = Count()
    for number, count in enumerate(counts):
        for failure in count.failures[: max(0, MOST - len(total.failures))]:
            print(failure, flush=True)
        total.add(count)
        if number % 10 == 9:
            print(f"{number + 1} operations, {total.singles + total.doubles} states ...", file=sys.stderr, flush=True)
    end = f"{len(total.failures)} fail" if total.failures else "all invariants hold"
    states = f"{total.singles} single-cut states, {total.doubles} double-cut states"
    print(f"{states}, {total.metastable} metastable among them, {total.refusals} refusals; {end}")
    if total.singles < singles or total.doubles < doubles:
        print(f"too few: {singles} single-cut and {doubles} double-cut states are wanted")
        return 1
    return 1 if total.failures else 0


class NoSuchState(Exception):
    """There is no such state; the text says why."""


def cut_of(word):
    """(number, what it leaves) of a word such as "137:AFTER". Raises NoSuchState."""
    number, _, how = word.partition(":")
    try:
        return int(number), cuts.named(how)
    except ValueError:
        raise NoSuchState(f"{word} is no cut") from None


def operation_at(points, number):
    """The one of this number. Raises NoSuchState."""
    if not 0 <= number < len(points):
        raise NoSuchState(f"there are operations 0 to {len(points) - 1}, and no {number}")
    return points[number]


def replay(words):
    """Try one state and tell what happens; the exit status. Raises NoSuchState."""
    (number, how), *then = [cut_of(word) for word in words]
    if len(then) > 1 or then and REFUSALS & {how, then[0][1]}:
        raise NoSuchState("there are one cut, or two, or a refusal alone")
    prepare()
    point = operation_at(lives.one.points, number)
    if then:
        ((second, left),) = then
        later = operation_at(lives.recovery(number, how), second)
    print(f"{cuts.name(how)}: {operation(point.operation, point.offset, point.data)}")
    try:
        if how in REFUSALS:
            lives.one.refuse(number, how, print)
        elif not then:
            lives.single(number, how, print)
        else:
            print(f"{cuts.name(left)}: {operation(later.operation, later.offset, later.data)}")
            lives.double(second, later, left, print)
    except RAISED as error:
        print(f"FAILED: {type(error).__name__}: {error}")
        return 1
    print("all invariants hold")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(replay(sys.argv[1:]) if sys.argv[1:] else attempt_all())
    except NoSuchState as reason:
        print(
            f"{reason}. This tries one state, or all:\n\n{__doc__.partition(chr(10) * 2)[2]}", end="", file=sys.stderr
        )
        sys.exit(2)
