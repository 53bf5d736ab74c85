"""Carries out a change of tenancy or supplier: intent, forgetting, verification, receipt.

Loaded when there is one. The gate is closed and the panel overwritten before it begins. After a power cut it is done
again from the intent on: every step may be repeated.
"""

from ihd.clock import ticks_diff
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import NEVER, RESET, USER
from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA
from ihd.tenancy.receipt import Receipt
from ihd.tenancy.watch import KIND_NAMES, SOURCES, TENANCY

WITH = ("ihd.tenancy.rewind", "ihd.tenancy.receipt")  # what goes out of memory together

_SCOPES = (None, "CONSUMER", "SUPPLIER", "BOTH")


def carry_out(guard, office, watch, event, scope, resumed):
    """Forget what the meter of `watch` gave before event.time, Zigbee UTC, NEVER for everything; tell of it.

    A generator: does at most one flash operation a step, yields None, or the name of a keeper that still holds
    something. resumed: the INTENT stands already. Raises OSError; call it anew then.
    """
    kind, ledger = event.kind, office.ledger
    if _is_behind(event, ledger.floor(watch.number, scope)) and not ledger.unfinished(watch.number, kind):
        yield from _note(ledger, watch.number, event)  # another one of that time, or later, went before it
        watch.rewinding[kind] -= 1
        office.pending(watch, kind)
        return
    told = {"meter": watch.device.name, "kind": KIND_NAMES[kind], "scope": _SCOPES[scope]}
    told["floor"] = None if event.time == NEVER else event.time
    guard.tell(watch)
    if watch.failing is None:
        guard.emit("rewind", phase="begin", **told)
    receipt = yield from _forget(guard, ledger, watch.number, event, scope, resumed)
    watch.rewinding[kind] -= 1
    if event.time == NEVER:
        guard.timeless[watch.number] = True
    watch.applied = watch.applied or kind == TENANCY
    if event.source < USER:
        office.pending(watch, kind)
    guard.emit("rewind", phase="done", **told)
    guard.emit(
        "receipt",
        meter=watch.device.name,
        kind=KIND_NAMES[kind],
        source=SOURCES[receipt.source],
        issuer_event_id=receipt.event_id,
        floor=receipt.since,
        applied=receipt.applied,
        sectors=receipt.sectors,
        slots=receipt.slots,
        took=receipt.ms,
        verified=receipt.verified,
        resumed=receipt.resumed,
        number=receipt.number,
    )
    guard.fresh = receipt
    if watch.release and event.source >= USER:  # this home's meter is another one
        office.release(watch)
        guard.release(watch)
        if event.source == RESET:
            guard.home.reset()


def _decide(guard, ledger, meter, event, scope):
    """Have it durable: what is to be forgotten, that nothing older is taken, and which event it was."""
    for queued, what, how, _ in list(guard.queue):  # all that was ordered, before anything is done
        number, kind = queued.number, what.kind
        covered = number == meter and what is not event and how & scope == how and _is_behind(what, event.time)
        covered = covered or _is_behind(what, ledger.floor(number, how))
        begun = ledger.unfinished(number, kind)
        if not covered and (begun is None or what.source >= USER > begun[0].source):
            ledger.begin(number, what, how)
            yield None
    for one in (CONSUMER, SUPPLIER_DATA):
        if scope & one and ledger.floor(meter, one) < event.time:
            ledger.put_floor(meter, one, event.time)
            yield None
    if event.source < USER:
        yield from _note(ledger, meter, event)


def _note(ledger, meter, event):
    """Have it durable that `event` is carried out, and not to come any more."""
    if not event.same_as(ledger.event(ledgers.APPLIED, meter, event.kind)):
        ledger.put(ledgers.APPLIED, meter, event)
        yield None
    pending = ledger.event(ledgers.PENDING, meter, event.kind)
    if pending and event.overtakes(pending):
        ledger.nothing_pending(meter, event.kind)
        yield None


def _is_behind(event, floor):
    """Whether nothing is held any more that a meter's `event` would have forgotten."""
    return event.source < USER and event.time <= floor


def _forget(guard, ledger, meter, event, scope, resumed):
    """From INTENT to DONE; returns the Receipt."""
    keepers, history = guard.home.keepers, guard.home.history
    floor = event.time
    begun = guard.now
    history.sectors_erased = history.slots_destroyed = 0
    yield from _decide(guard, ledger, meter, event, scope)
    for keeper in keepers:
        while keeper.forget(meter, floor, scope):
            yield None
    while True:
        failing = keepers.holding(meter, floor, scope)
        if failing is None:
            break
        yield failing
        for keeper in keepers:
            while keeper.name == failing and keeper.forget(meter, floor, scope):
                yield None
    receipt = ledger.receipt_since(meter, event.kind)
    if receipt is None:
        ms = max(0, ticks_diff(guard.now, begun))
        erased, destroyed = history.sectors_erased, history.slots_destroyed
        receipt = Receipt(meter, event, scope, floor, event.at, erased, destroyed, ms, resumed)
        ledger.put_receipt(receipt)
        yield None
    yield from ledger.tidy()
    ledger.done(meter, event.kind)
    return receipt
