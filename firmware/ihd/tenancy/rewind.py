"""Carries out a change of tenancy or supplier: intent, forgetting, verification, receipt.

Loaded when there is one. The gate is closed and the panel overwritten before it begins. After a power cut it is done
again from the intent on: every step may be repeated.
"""

from ihd.clock import ticks_diff
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import USER
from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA
from ihd.tenancy.receipt import Receipt


def carry_out(ledger, keepers, history, meter, event, scope, ticks, resumed):
    """Forget what `meter` gave before event.time, Zigbee UTC, NEVER for everything; returns the Receipt.

    A generator: does at most one flash operation a step, yields None, or the name of a keeper that still holds
    something. ticks(): now. resumed: the INTENT stands already. Raises OSError; call it anew then.
    """
    floor = event.time
    begun = ticks()
    history.sectors_erased = history.slots_destroyed = 0
    if ledger.unfinished(meter, event.kind) is None:
        ledger.begin(meter, event, scope)
        yield None
    for one in (CONSUMER, SUPPLIER_DATA):
        if scope & one and ledger.floor(meter, one) < floor:
            ledger.put_floor(meter, one, floor)
            yield None
    if event.source < USER:
        if not event.same_as(ledger.event(ledgers.APPLIED, meter, event.kind)):
            ledger.put(ledgers.APPLIED, meter, event)
            yield None
        pending = ledger.event(ledgers.PENDING, meter, event.kind)
        if pending and (event.same_as(pending) or event.event_id is not None):
            ledger.nothing_pending(meter, event.kind)
            yield None
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
        ms = max(0, ticks_diff(ticks(), begun))
        erased, destroyed = history.sectors_erased, history.slots_destroyed
        receipt = Receipt(meter, event, floor, event.at, erased, destroyed, ms, resumed)
        ledger.put_receipt(receipt, scope)
        yield None
    ledger.done(meter, event.kind)
    return receipt
