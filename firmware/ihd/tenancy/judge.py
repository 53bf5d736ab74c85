"""What an event means: the law of changes of tenancy and supplier, and nothing else.

Pure: it sends nothing, stores nothing and reads no clock. Its rows are those of the design, "Judging", and are quoted
where they stand.
"""

from micropython import const

from ihd.tenancy.event import COMMAND, NEVER, NOW, UNSOLICITED
from ihd.tenancy.keepers import BOTH, SUPPLIER_DATA
from ihd.tenancy.watch import SUPPLIER

STALE = const(0)  # overtaken by a later one: nothing
DUPLICATE = const(1)  # pending or carried out already: nothing
UNMATCHED = const(2)  # cancels what is not pending: nothing
DETAILS = const(3)  # no change: GB's way to set the supplier's name and phone
CANCEL = const(4)  # the pending one is called off
LATER = const(5)  # nothing can be said until the time is known: it is asked for again then
PEND = const(6)  # carry it out when its time comes
RECORD = const(7)  # at or before the floor: carried out, as nothing older is held
FLOOR = const(8)  # older than the binding: raise the floor, as nothing older is held
REWIND = const(9)  # carry it out at once

_USAGE = const(0x380)  # bits 7 to 9: block or clear historical load profiles, clear the consumer's data


def judge(event, pending, applied, floor, now, joined=None):
    """What to do about `event`: one of the above.

    pending, applied: the Event to come and the one carried out last, of the same meter and kind, or None. floor: of its
    scope, Zigbee UTC, 0 without one. now: Zigbee UTC, None while the HAN has not told it. joined: Zigbee UTC of a
    binding whose first tenancy enquiry is not answered yet, else None.
    """
    # "0xFFFFFFFF: cancels the pending event with the same provider (supplier: the proposed provider) and event id;
    # never undoes one carried out"
    if event.time == NEVER and event.source in (COMMAND, UNSOLICITED):
        matches = pending and pending.event_id == event.event_id and pending.provider == event.provider
        return CANCEL if matches else UNMATCHED
    # "Event id smaller than the pending or last applied one: stale, ignored."
    if event.event_id is not None:
        for earlier in (pending, applied):
            if earlier and event.event_id < earlier.highest:
                return STALE
    # "Anything else is GB's way of setting contact details: update name and phone, forget nothing, consume no event
    # id."
    if event.kind == SUPPLIER and not event.genuine:
        return DETAILS
    # "Already applied = same id and same time; or same id with time 0; or, without an id, same time as the pending or
    # last applied event (supplier: and same control, if known): a no-op however often repeated. Same id, another time:
    # judged anew."
    if event.same_as(pending) or event.same_as(applied):
        return DUPLICATE
    # "HAN time not known yet: pending, with the gate closed"; but what is pending may be overdue, and is carried out
    # "before any enquiry" then: it is not displaced before that can be told
    if now is None:
        return LATER if pending else PEND
    # "0x00000000 in a command: now: the HAN time at receipt"
    time = now if event.time == NOW else event.time
    # "after now: pending"; but a time without an event id never displaces what a command announced, and the attributes
    # still tell it afterwards
    if time > now:
        return DUPLICATE if pending and pending.event_id is not None and event.event_id is None else PEND
    # "at or before the floor: recorded as applied; no rewind, no events"
    if time <= floor:
        return RECORD
    # "First binding, until its first tenancy enquiry is answered: an old change sets the floor; no rewind, no receipt"
    if joined is not None and time <= joined:
        return FLOOR
    # "at or before now: rewind to it at once"
    return REWIND


def scope_of(event, supplier_change):
    """What a rewind for `event` forgets: BOTH or SUPPLIER_DATA. supplier_change: the setting, a word."""
    # "Tenancy: always, scope BOTH."
    # "A genuine change follows the setting supplier_change = rewind (default; scope BOTH) or supplier-data (scope
    # SUPPLIER ...; bit 7, 8 or 9 makes it BOTH all the same)."
    if event.kind == SUPPLIER and supplier_change != "rewind" and not (event.control or 0) & _USAGE:
        return SUPPLIER_DATA
    return BOTH
