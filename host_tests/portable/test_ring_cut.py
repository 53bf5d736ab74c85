"""A ring through power cuts at every operation of appending and destroying, and of the destruction begun again."""

from flash import AFTER, Flash, PowerCut
from slots import BASE, HOWS, SECTORS, SLOTS, destroy, distinct, keep, mounted, value, word

from ihd.history.errors import Occupied


class Run:
    """Values over the end of a sector, one late, then a floor amid the second sector; `done` tells how far it came."""

    FLOOR = BASE + SLOTS + 70
    VALUES = ((BASE + 1018, distinct(1)), (BASE + SLOTS + 60, distinct(2)), (BASE + 1019, distinct(3)), (FLOOR + 1, 99))

    def __init__(self, flash):
        self.flash = flash
        self.done = {}
        self.destroying = False

    def go(self):
        """From wherever the flash is; raises PowerCut."""
        ring = mounted(self.flash)
        for half_hour, number in self.VALUES:
            if not self.destroying and half_hour not in self.done:
                try:
                    keep(ring, 0, half_hour, number)
                except Occupied:  # torn by an earlier cut
                    continue
                self.done[half_hour] = number
        self.destroying = True
        ring.set_floor(0, self.FLOOR)
        destroy(ring, 0, self.FLOOR)

    def check(self, ended):
        """What must hold after a cut, and when it `ended`."""
        before = self.flash.copy()
        ring = mounted(self.flash)
        mounted(self.flash)
        assert self.flash.same(before)
        floor = self.FLOOR if self.destroying else 0
        ring.set_floor(0, floor)
        allowed = dict(self.VALUES)
        for half_hour, found in enumerate(ring.read(0, BASE + 1000, BASE + SLOTS + 100), BASE + 1000):
            if half_hour < floor:
                assert found is None
            elif half_hour in self.done:
                assert found == self.done[half_hour]
            else:
                assert found is None or found == allowed[half_hour]
        if ended:
            assert not ring.holds_before(0, floor)
            for _, number in self.VALUES[:3]:
                assert not self.flash.contains(word(number))
            keep(ring, 0, self.FLOOR + 5, 123)
            assert value(mounted(self.flash), 0, self.FLOOR + 5) == 123


def cuts(make, flash, how, step=1):
    """make(flash).go() cut at each `step`th operation in turn; yields (the run, whether the cut came)."""
    operation = 0
    cut = True
    while cut:
        run = make(flash.copy())
        run.flash.cut_after(operation, how)
        cut = False
        try:
            run.go()
        except PowerCut:
            cut = True
        run.flash.cut_after(None, None)
        yield run, cut
        operation += step


def test_a_cut_at_every_operation_of_appending_and_destroying_costs_nothing_acknowledged():
    for how in HOWS:
        count = 0
        for run, cut in cuts(Run, Flash(), how):
            count += cut
            run.check(not cut)
            if cut:
                run.go()
                run.check(True)
        assert count == 8 + 16 + 4 + 1 + 2 * (SECTORS - 2), count


def test_a_second_cut_at_many_operations_of_the_destruction_begun_again():
    flash = Flash()
    ring = mounted(flash)
    for half_hour, number in Run.VALUES:
        keep(ring, 0, half_hour, number)

    def resumed(flash):
        run = Run(flash)
        run.done = dict(Run.VALUES)
        run.destroying = True
        return run

    for how in (AFTER, 6):
        for run, _ in cuts(resumed, flash, how):
            for again, cut in cuts(resumed, run.flash, how + 5, 5):
                again.check(not cut)
                if cut:
                    again.go()
                    again.check(True)
