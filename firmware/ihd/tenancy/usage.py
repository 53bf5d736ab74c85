"""How usage is forgotten: the half-hours of a meter's energy, then of its cost; loaded when there is a rewind."""

from micropython import const

_SERIES = const(4)  # energy of both meters, then cost of both


class Visit:
    """See tenancy.keepers.Stored. keeper: its store is a history.ring.Ring, or a history.live_only.LiveOnly."""

    def __init__(self, keeper):
        self._history = keeper.store

    def destroy(self, meter, first):
        """Generator that destroys what began before half-hour `first`, an operation a step. Raises OSError."""
        for series in range(meter, _SERIES, 2):
            self._history.set_floor(series, max(first, self._history.floor(series)))
            yield from self._history.destroy_before(series, first)

    def holds(self, meter, first):
        """Whether anything that began before half-hour `first` stands there; reads the flash. Raises OSError."""
        return any(self._history.holds_before(series, first) for series in range(meter, _SERIES, 2))
