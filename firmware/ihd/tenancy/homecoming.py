"""Same home or another: what a meter that is not bound means; loaded when one has answered with its key.

A bound meter stays bound while it answers. Another gas meter beside the same electricity meter is another hub. A meter
whose predecessor is silent for too long, with no electricity meter that vouches for it, is another home.
"""

from ihd.clock import DAY
from ihd.han.directory import ELECTRICITY, GAS, NUMBERS
from ihd.tenancy import event as events
from ihd.tenancy.keepers import BOTH
from ihd.tenancy.watch import ASKING, CANNOT_TELL, CLEAR, TENANCY, UNKNOWN

WITH = ("ihd.tenancy.homecoming", "ihd.tenancy.event")  # what goes out of memory together


def judge(guard, candidate):
    """What `candidate`, an unbound han.directory.Device, means; whether it is bound now as another hub's gas meter."""
    old = guard.watches.get(candidate.number)
    if old is None or not old.missing or old.release:
        return False
    witness = _witness(guard, old)
    if witness and not witness.missing:
        answers = not witness.device.lost and witness.outcomes[TENANCY] in (CLEAR, CANNOT_TELL)
        if answers and candidate.fuel == GAS:
            _another_hub(guard, old, candidate)
            return True
        return False
    utc = guard.home.clock.utc(guard.now)
    if old.stale and utc is not None:
        for watch in guard.watches.values():
            if watch.missing and not watch.release:
                watch.release = True
                guard.rewind(watch, events.moved_in(utc, events.HOME), BOTH)
                guard.tell(watch)
    return False


def _witness(guard, old):
    """The watch of the electricity meter that vouches for the home of `old`, a gas meter's; None without one.

    One that was bound long after the gas meter may be that of another home.
    """
    witness = guard.watches.get(NUMBERS.index(ELECTRICITY))
    if witness in (None, old) or None in (witness.joined, old.joined) or witness.joined > old.joined + DAY:
        return None
    return witness


def _another_hub(guard, watch, candidate):
    """Bind `candidate` in place of the gas meter of `watch`, whose history, floors and changes stay."""
    device = watch.device
    guard.move(watch, ASKING)
    guard.hush(watch)
    guard.emit("gate", meter=device.name, open=True, why=None)
    guard.home.released(device)
    candidate.bound = True
    watch.device = candidate
    watch.answered = watch.since = None
    watch.spoke = watch.stale = watch.vouched = False
    watch.outcomes = [UNKNOWN, UNKNOWN]
    watch.told = [None, None]
    guard.emit("gate", meter=candidate.name, open=False, why=ASKING.lower())
    guard.emit("hub", meter=candidate.name, before=device.name)
