"""Who remembers what: everything that holds personal data is a keeper and is registered here.

A keeper has
    name                        what a screen or an event calls it
    forget(meter, before, scope) -> whether more is left; at most one flash operation a call
    holds(meter, before, scope)  -> whether anything older can still be found
meter: 0 electricity, 1 gas. before: Zigbee UTC. scope: CONSUMER, SUPPLIER_DATA or BOTH.
"""

from micropython import const

from ihd import on_demand
from ihd.clock import HALF_HOUR

CONSUMER = const(1)  # usage and what was made of it
SUPPLIER_DATA = const(2)  # tariff, contact details, messages, balances
BOTH = const(3)


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


class Stored:
    """The keeper of what stands in `store`; how that is destroyed is in memory only while there is need.

    module: its full name. Its class Visit, made with this keeper, has destroy(meter, first), a generator, one flash
    operation a step, and holds(meter, first); what began before half-hour `first` is old.
    """

    destroying = None  # the generator under way ...
    _what = None  # ... and whose past it destroys, before when
    left_out = None  # of household records: history.household

    def __init__(self, name, module, store):
        self.name = name
        self._module = module
        self.store = store

    def visit(self):
        """Its Visit, for the moment."""
        module = on_demand.load(self._module)
        on_demand.drop(self._module, "ihd.history.sector")
        return module.Visit(self)

    def forget(self, meter, before, scope):
        """See the contract. Raises OSError; the next call begins anew."""
        if not scope & CONSUMER:
            return False
        destroying = self.destroying
        if destroying is None or self._what != (meter, before):  # another one may have been put off
            self._what = meter, before
            destroying = self.visit().destroy(meter, first_half_hour(before))
        self.destroying = None
        for _ in destroying:
            self.destroying = destroying
            return True
        return False

    def holds(self, meter, before, scope):
        """See the contract; reads the flash."""
        return bool(scope & CONSUMER) and self.visit().holds(meter, first_half_hour(before))
