"""Puts right what lies in the future of the clock; loaded when HAN time became known, or jumped.

A clock that was ahead dated half-hours, floors and changes that it carried out. A floor in the future is lowered to
now, and its change is pending again if it is still to come; what stands from the present on is destroyed, which leaves
gaps for ever. Behind a floor that was in the future nothing is held, so whole sectors are made new.

It may also be that the clock is behind, for once. Where most of the record lies ahead of it, it is not believed; else
the floor holds again when the clock jumps past it.
"""

from micropython import const

from ihd import on_demand
from ihd.history.flash import FlashError
from ihd.history.ring import SLOTS
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA, first_half_hour
from ihd.tenancy.watch import KINDS

WITH = ("ihd.tenancy.set_back",)  # what goes out of memory with it

_HOLDING = "ihd.history.holding"
_SERIES = const(4)
_TOLERANCE_S = const(60)  # a clock that is put right by less has not jumped


def put_right(guard, office):
    """A generator: does at most one flash operation a step. Raises OSError; call it anew then.

    Everything may be repeated: the floors, which tell that something is to be done, are lowered last.
    """
    utc = guard.home.clock.utc(guard.now)
    ledger, history = office.ledger, guard.home.history
    yield from _raise_again(guard, office, utc)
    lacking = set()  # meters of which half-hours were destroyed
    for meter in (0, 1):
        ahead = [scope for scope in (CONSUMER, SUPPLIER_DATA) if ledger.floor(meter, scope) > utc + _TOLERANCE_S]
        if ahead and history.durable and _holding().is_behind(history, meter):
            continue  # floors are right, and the clock is not
        for series in range(meter, _SERIES, 2):
            first = (history.present // SLOTS + 1) * SLOTS if CONSUMER in ahead else history.floor(series)
            if CONSUMER in ahead or _misdated(history, series):
                yield from history.destroy_before(series, first)
                if history.holds_before(series, first):
                    raise FlashError
                lacking.add(meter)
        watch = guard.watches.get(meter)
        if watch:
            for kind in KINDS:
                yield from _pend_again(office, watch, kind, utc)
            if watch.joined is not None and watch.joined > utc + _TOLERANCE_S:
                watch.joined = utc
                ledger.put_binding(meter, watch.device, utc, not watch.first)
                yield None
        for scope in ahead:
            guard.lowered[meter, scope] = ledger.floor(meter, scope)
            ledger.put_floor(meter, scope, utc)
            yield None
        if ahead:
            office.forbid(meter, ledger.floor(meter))
    for watch in guard.watches.values():
        if watch.closed is None and watch.number in lacking:
            guard.home.gate_opened(watch.number)  # its meter may still have it


def _misdated(history, series):
    """Whether something stands from the present on."""
    if not history.durable:
        return True
    return _holding().misdated(history, series)


def _holding():
    module = on_demand.load(_HOLDING)
    on_demand.drop(_HOLDING, "ihd.history.sector")
    return module


def _raise_again(guard, office, utc):
    """The clock has jumped past a floor that it had before it fell back: that floor holds, and nothing older."""
    ledger, history = office.ledger, guard.home.history
    for (meter, scope), floor in list(guard.lowered.items()):
        if floor <= utc and ledger.floor(meter, scope) < floor:
            if scope == CONSUMER:
                office.forbid(meter, floor)
                for series in range(meter, _SERIES, 2):
                    yield from history.destroy_before(series, first_half_hour(floor))
            ledger.put_floor(meter, scope, floor)
            yield None
            for each in guard.home.meters.values():
                each.forget(meter, floor, scope)  # what was told behind it
            office.limit(meter)
        if floor <= utc:
            del guard.lowered[meter, scope]


def _pend_again(office, watch, kind, utc):
    """What was carried out too early is to come again; not what said "now", whatever the clock said then."""
    ledger = office.ledger
    event = ledger.event(ledgers.APPLIED, watch.number, kind)
    if event is None or event.at_once or event.time <= utc + _TOLERANCE_S:
        return
    if ledger.event(ledgers.PENDING, watch.number, kind) is None:  # else a later one has taken its place
        ledger.put(ledgers.PENDING, watch.number, event)
        yield None
    ledger.strike(ledgers.APPLIED, watch.number, kind)
    yield None
    office.pending(watch, kind)
