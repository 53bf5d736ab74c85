"""The half-hours of a display without a history partition: the last 48 of each meter's energy, until the power goes.

It has the methods of ring.Ring.
"""

from array import array

from micropython import const

from ihd.history.errors import BeforeFloor, OutOfRange
from ihd.history.ring import UNKNOWN

_METERS = const(2)  # series 0 and 1; cost is not kept
_KEPT = const(48)
_GAP = const(0xFFFFFFFF)
_LARGEST = const(0xFFFFFE)


class LiveOnly:
    """Four series, two of them empty."""

    durable = False  # what is read back after a start would be from before it

    def __init__(self):
        self._values = [array("I", (_GAP for _ in range(_KEPT))) for _ in range(_METERS)]
        self._ends = [0] * _METERS  # the half-hour after the newest
        self._floors = [0] * 4
        self.present = UNKNOWN  # as a Ring's
        self.sectors_erased = self.slots_destroyed = 0

    def mount(self):
        """Nothing to read."""

    def append(self, series, half_hour, value, marks=0):
        """Keep the value while it is among the last 48. Always True; raises BeforeFloor, OutOfRange."""
        if half_hour < self._floors[series]:
            raise BeforeFloor
        if not 0 <= value <= _LARGEST or half_hour >= self.present:
            raise OutOfRange
        if series < _METERS:
            values = self._values[series]
            for ahead in range(max(self.present, self._ends[series] - _KEPT), self._ends[series]):
                values[ahead % _KEPT] = _GAP  # of a clock that was ahead
            self._ends[series] = min(self._ends[series], self.present)
            for passed in range(max(self._ends[series], half_hour + 1 - _KEPT), half_hour + 1):
                values[passed % _KEPT] = _GAP
            self._ends[series] = max(self._ends[series], half_hour + 1)
            if half_hour >= self._ends[series] - _KEPT:
                values[half_hour % _KEPT] = value
        return True

    def read(self, series, start, end):
        """Generator of the value, or None for a gap, of each half-hour from `start` to before `end`."""
        for half_hour in range(start, end):
            value = _GAP
            if series < _METERS and half_hour >= self._floors[series]:
                end = self._ends[series]
                value = self._values[series][half_hour % _KEPT] if end - _KEPT <= half_hour < end else _GAP
            yield None if value == _GAP else value

    def add_up(self, series, start, end):
        """(sum, how many are known, 0: no marks are kept) of the half-hours from `start` to before `end`."""
        if series >= _METERS:
            return 0, 0, 0
        newest = self._ends[series]
        known = [
            value for value in self.read(series, max(start, newest - _KEPT), min(end, newest)) if value is not None
        ]
        return sum(known), len(known), 0

    def set_floor(self, series, half_hour):
        """From now on what began before `half_hour` is neither taken nor read."""
        self._floors[series] = half_hour

    def floor(self, series):
        """The first half-hour that is taken and read."""
        return self._floors[series]

    def destroy_before(self, series, half_hour):
        """Generator that forgets what began before `half_hour`, in a single step."""
        for place in self._held(series, half_hour):
            self._values[series][place] = _GAP
            self.slots_destroyed += 1
        yield

    def holds_before(self, series, half_hour):
        """Whether a value of before `half_hour` is kept."""
        return any(True for _ in self._held(series, half_hour))

    def _held(self, series, half_hour):
        """Generator of the places of values that began before `half_hour`."""
        if series < _METERS:
            end = self._ends[series]
            for old in range(end - _KEPT, end):
                if (old < half_hour or old >= self.present) and self._values[series][old % _KEPT] != _GAP:
                    yield old % _KEPT
