"""Half-hours on their way into the history."""

from fakes import START, Listener, counts, refusals
from flash import Flash

from ihd.clock import ticks_add
from ihd.history.errors import BeforeFloor, ClockBehind, Occupied, OutOfRange
from ihd.history.flash import FlashError
from ihd.history.ring import BACK_FILLED, Ring
from ihd.home.recorder import Recorder
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA

FIRST = 821577600 // 1800
NEVER = 0xFFFFFFFF


class History:
    """Keeps what is appended; does next what `outcomes` says, True or False to return, or an error to raise."""

    def __init__(self):
        self.asked = []
        self.values = []
        self.outcomes = []

    def append(self, series, half_hour, value, marks=0):
        """As history.ring.Ring."""
        self.asked.append(half_hour)
        outcome = self.outcomes.pop(0) if self.outcomes else True
        if outcome is True:
            self.values.append((series, half_hour, value, marks))
        elif outcome is not False:
            raise outcome
        return outcome


class Desk:
    """A recorder with what it told."""

    def __init__(self, history=None):
        self.history = history or History()
        self.refused = refusals()
        self.listener = Listener()
        self.recorder = Recorder(self.history, self.refused, self.listener.emit)

    def step(self, ms=0):
        """A step so many milliseconds after the start; those until the next."""
        self.recorder.step(ticks_add(START, ms))
        return self.recorder.wake(ticks_add(START, ms))

    def take(self, *half_hours):
        for half_hour in half_hours:
            self.recorder.take(0, half_hour, half_hour - FIRST)


def test_what_is_taken_is_written_in_its_order_one_a_step():
    desk = Desk()
    assert desk.step() is None
    desk.recorder.take(0, FIRST, 100)
    desk.recorder.take(1, FIRST, 200)
    desk.recorder.take(0, FIRST - 5, 300, BACK_FILLED)
    assert desk.recorder.wake(START) == 0
    assert [desk.step(), desk.step(), desk.step()] == [0, 0, None]
    assert desk.history.values == [(0, FIRST, 100, 0), (1, FIRST, 200, 0), (0, FIRST - 5, 300, BACK_FILLED)]
    assert counts(desk.refused) == {} and desk.listener.events == []


def test_what_the_history_made_ready_for_is_written_in_a_later_step():
    desk = Desk()
    desk.history.outcomes = [False, False, True]
    desk.take(FIRST)
    assert [desk.step(), desk.step(), desk.step()] == [0, 0, None]
    assert desk.history.asked == [FIRST] * 3 and len(desk.history.values) == 1


def test_a_step_is_one_flash_operation():
    flash = Flash()
    ring = Ring(flash)
    ring.mount()
    desk = Desk(ring)
    for series in (0, 1):
        for half_hour in (FIRST, FIRST + 1, FIRST + 1020):
            desk.recorder.take(series, half_hour, 7)
    steps = 0
    while desk.recorder.wake(START) is not None:
        done = len(flash.log)
        desk.step()
        assert len(flash.log) <= done + 1
        steps += 1
    assert len(flash.log) == steps == 6 + 2 * 4  # two sectors a series are erased and given a header
    assert list(ring.read(1, FIRST - 1, FIRST + 3)) == [None, 7, 7, None]


def test_what_the_history_refuses_is_counted_and_dropped():
    for error, why in (
        (BeforeFloor, "before_floor"),
        (Occupied, "value"),
        (OutOfRange, "value"),
        (ClockBehind, "clock"),
    ):
        desk = Desk()
        desk.history.outcomes = [error]
        desk.take(FIRST, FIRST + 1)
        assert [desk.step(), desk.step()] == [0, None]
        assert desk.history.values == [(0, FIRST + 1, 1, 0)]
        assert counts(desk.refused) == {why: 1}
        assert desk.listener.events == []


def test_a_flash_that_refuses_for_a_moment_is_tried_again_and_nothing_is_lost():
    desk = Desk()
    desk.history.outcomes = [FlashError(), FlashError(), True, FlashError()]
    desk.take(FIRST, FIRST + 1)
    assert [desk.step(), desk.step(1), desk.step(4999)] == [5000, 4999, 1]
    assert desk.history.asked == [FIRST]
    assert desk.step(5000) == 5000
    assert [event["where"] for event in desk.listener.of("error")] == ["flash"]
    assert desk.step(10000) == 0
    assert desk.history.values == [(0, FIRST, 0, 0)]
    assert desk.step(10001) == 5000
    assert len(desk.listener.of("error")) == 2  # it worked in between
    assert desk.step(15001) is None
    assert desk.history.values[1:] == [(0, FIRST + 1, 1, 0)]
    assert counts(desk.refused) == {}


def test_what_the_flash_does_not_take_is_given_up_after_three_tries():
    desk = Desk()
    desk.history.outcomes = [FlashError(), False, FlashError(), False, False, FlashError()]
    desk.take(FIRST)
    ms = 0
    while desk.step(ms) is not None:
        ms += 5000
    assert desk.history.asked == [FIRST] * 6 and desk.history.values == []
    assert counts(desk.refused) == {"flash": 1}
    assert len(desk.listener.of("error")) == 1  # a sector made ready is nothing written


def test_what_the_flash_does_not_take_keeps_nothing_else_waiting():
    desk = Desk()
    desk.history.outcomes = [FlashError(), True, True, FlashError(), FlashError()]
    desk.take(FIRST, FIRST + 1, FIRST + 2)
    assert [desk.step(0), desk.step(5000), desk.step(5001)] == [5000, 0, 0]
    assert desk.history.asked == [FIRST, FIRST + 1, FIRST + 2]
    assert [desk.step(5002), desk.step(10002)] == [5000, None]
    assert [half_hour for _, half_hour, _, _ in desk.history.values] == [FIRST + 1, FIRST + 2]
    assert counts(desk.refused) == {"flash": 1}
    desk.take(FIRST + 3)
    assert desk.step(10003) == 4999  # it failed a moment ago
    assert desk.step(15002) is None
    assert desk.history.values[2:] == [(0, FIRST + 3, 3, 0)]


def test_a_slot_torn_by_a_try_that_failed_is_the_flash_s_fault():
    desk = Desk()
    desk.history.outcomes = [FlashError(), Occupied]
    desk.take(FIRST)
    assert [desk.step(), desk.step(5000)] == [5000, None]
    assert counts(desk.refused) == {"flash": 1}


def test_what_was_tried_in_vain_is_forgotten_like_all_that_waits():
    desk = Desk()
    desk.history.outcomes = [FlashError()]
    desk.take(FIRST, FIRST + 1)
    desk.step()
    assert desk.recorder.holds(0, FIRST * 1800 + 1, BOTH)
    desk.recorder.forget(0, FIRST * 1800 + 1, BOTH)
    assert not desk.recorder.holds(0, FIRST * 1800 + 1, BOTH)
    assert desk.step(5000) is None
    assert desk.history.asked == [FIRST, FIRST + 1]


def test_no_more_wait_than_two_days_of_one_meter():
    desk = Desk()
    desk.history.outcomes = [FlashError()]
    desk.take(*range(FIRST, FIRST + 200))
    ms = 0
    while desk.step(ms) is not None:
        ms += 5000
    assert sorted(half_hour for _, half_hour, _, _ in desk.history.values) == list(range(FIRST, FIRST + 96))


def waiting():
    """A recorder with four half-hours of each of the four series waiting."""
    desk = Desk()
    for half_hour in range(FIRST, FIRST + 4):
        for series in range(4):
            desk.recorder.take(series, half_hour, 7)
    return desk


def left(desk):
    while desk.step() is not None:
        pass
    return [(series, half_hour - FIRST) for series, half_hour, _, _ in desk.history.values]


def test_what_waits_from_before_is_forgotten_of_that_meter_only():
    whole = [(series, n) for n in range(4) for series in range(4)]
    for meter in (0, 1):
        for before, first in (
            (0, 0),
            (FIRST * 1800, 0),
            (FIRST * 1800 + 1, 1),  # the half-hour in which the floor lies is no one's
            (FIRST * 1800 + 3600, 2),
            (NEVER, 4),
        ):
            desk = waiting()
            for scope in (BOTH, CONSUMER):
                assert desk.recorder.holds(meter, before, scope) == (first > 0)
            assert desk.recorder.forget(meter, before, BOTH) is False
            assert not desk.recorder.holds(meter, before, BOTH)
            assert left(desk) == [(series, n) for series, n in whole if series % 2 != meter or n >= first]


def test_usage_is_no_data_of_a_supplier():
    desk = waiting()
    assert not desk.recorder.holds(0, NEVER, SUPPLIER_DATA)
    assert desk.recorder.forget(0, NEVER, SUPPLIER_DATA) is False
    assert desk.recorder.holds(0, NEVER, CONSUMER)
    assert len(left(desk)) == 16


def test_a_half_hour_forgotten_while_its_sector_was_made_ready_is_not_written():
    desk = Desk()
    desk.history.outcomes = [False]
    desk.take(FIRST, FIRST + 1)
    desk.step()
    desk.recorder.forget(0, FIRST * 1800 + 1800, BOTH)
    assert left(desk) == [(0, 1)]
