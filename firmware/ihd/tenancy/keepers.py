"""Who remembers what: everything that holds personal data is a keeper and is registered here.

A keeper has
    name                        what a screen or an event calls it
    forget(meter, before, scope) -> whether more is left; at most one flash operation a call
    holds(meter, before, scope)  -> whether anything older can still be found
meter: 0 electricity, 1 gas. before: Zigbee UTC. scope: CONSUMER, SUPPLIER_DATA or BOTH.
"""

from micropython import const

from ihd.clock import HALF_HOUR

CONSUMER = const(1)  # usage and what was made of it
SUPPLIER_DATA = const(2)  # tariff, contact details, messages, balances
BOTH = const(3)

_SERIES = const(4)  # energy of both meters, then cost of both


def first_half_hour(before):
    """The first half-hour that belongs to whoever lives here from Zigbee UTC `before` on."""
    return -(-before // HALF_HOUR)


class Keepers:
    """The registry."""

    def __init__(self):
        self._keepers = []

    def register(self, keeper):
        """`keeper` forgets and is asked from now on."""
        self._keepers.append(keeper)

    def dismiss(self, keeper):
        """`keeper` is used no more."""
        self._keepers.remove(keeper)

    def __iter__(self):
        return iter(self._keepers)

    def holding(self, meter, before, scope):
        """The name of the first keeper that still holds something older, None when all have forgotten."""
        for keeper in self._keepers:
            if keeper.holds(meter, before, scope):
                return keeper.name
        return None


class Usage:
    """The keeper of the half-hours in `history` (history.ring.Ring or history.live_only.LiveOnly)."""

    name = "usage"

    def __init__(self, history):
        self._history = history
        self._destroying = None  # a generator, one flash operation a step

    def forget(self, meter, before, scope):
        """See the contract. Raises OSError; the next call begins anew."""
        if not scope & CONSUMER:
            return False
        destroying = self._destroying or self._destroy(meter, first_half_hour(before))
        self._destroying = None
        for _ in destroying:
            self._destroying = destroying
            return True
        return False

    def holds(self, meter, before, scope):
        """See the contract; reads the flash."""
        if not scope & CONSUMER:
            return False
        first = first_half_hour(before)
        return any(self._history.holds_before(series, first) for series in range(meter, _SERIES, 2))

    def _destroy(self, meter, first):
        for series in range(meter, _SERIES, 2):
            self._history.set_floor(series, max(first, self._history.floor(series)))
            yield from self._history.destroy_before(series, first)
