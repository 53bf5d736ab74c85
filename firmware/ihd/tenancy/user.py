"""The occupant's own word; loaded when it is given."""

from ihd.tenancy import event as events
from ihd.tenancy.keepers import BOTH

WITH = ("ihd.tenancy.user", "ihd.tenancy.event")  # what goes out of memory together


def moved_in(guard, reset=False):
    """Forget everything until now, of every bound meter, and open their gates; reset: and their bindings."""
    utc = guard.home.clock.utc(guard.now)
    for watch in guard.watches.values():
        watch.vouched = True
        watch.release = reset or not watch.spoke
        guard.rewind(watch, events.moved_in(utc, events.RESET if reset else events.USER), BOTH)
        guard.tell(watch)
    if reset:
        for number in (0, 1):
            if number not in guard.watches:  # whoever is bound next
                guard.visit("set_floor", number, events.NEVER if utc is None else utc)
        if not guard.watches:  # else it goes with the rewind of a meter
            _forget(guard.home.household, guard.emit)


def _forget(keeper, emit):
    """Have what the household set forgotten, in a single step: without a meter there is nothing that waits for it."""
    try:
        while keeper.forget(0, events.NEVER, BOTH):
            pass
        held = keeper.holds(0, events.NEVER, BOTH)
    except OSError:
        held = True
    if held:
        emit("error", what="cannot forget", where=keeper.name)
