"""The occupant's own word; loaded when it is given."""

from ihd.tenancy import event as events
from ihd.tenancy.keepers import BOTH

WITH = ("ihd.tenancy.user", "ihd.tenancy.event")  # what goes out of memory together


def moved_in(guard):
    """Forget everything until now, of every bound meter, and open their gates."""
    utc = guard.home.clock.utc(guard.now)
    for watch in guard.watches.values():
        watch.vouched = True
        watch.release = not watch.spoke
        guard.rewind(watch, events.moved_in(utc), BOTH)
        guard.tell(watch)
