"""What an event means: the law of changes of tenancy and supplier, and nothing else.

Pure: it sends nothing, stores nothing and reads no clock.
"""

from micropython import const

from ihd.tenancy.event import COMMAND, NEVER, NOW, UNSOLICITED
from ihd.tenancy.watch import SUPPLIER

STALE = const(0)  # overtaken by a later one: nothing
DUPLICATE = const(1)  # pending or carried out already: nothing
UNMATCHED = const(2)  # cancels what is not pending: nothing
DETAILS = const(3)  # no change: GB's way to set the supplier's name and phone
CANCEL = const(4)  # the pending one is called off
PEND = const(5)  # carry it out when its time comes
RECORD = const(6)  # at or before the floor: carried out, as nothing older is held
FLOOR = const(7)  # older than the binding: raise the floor, as nothing older is held
REWIND = const(8)  # carry it out at once


def judge(event, pending, applied, floor, now, joined=None):
    """What to do about `event`: one of the above.

    pending, applied: the Event to come and the one carried out last, of the same meter and kind, or None. floor: Zigbee
    UTC, 0 without one. now: Zigbee UTC, None while the HAN has not told it. joined: Zigbee UTC of a binding whose first
    tenancy enquiry is not answered yet, else None.
    """
    commanded = event.source in (COMMAND, UNSOLICITED)
    if event.time == NEVER and commanded:
        matches = pending and pending.event_id == event.event_id and pending.provider == event.provider
        return CANCEL if matches else UNMATCHED
    if event.kind == SUPPLIER and not event.genuine:
        return DETAILS
    if event.event_id is not None:
        for earlier in (pending, applied):
            if earlier and event.event_id < earlier.highest:
                return STALE
    if event.same_as(pending) or event.same_as(applied):
        return DUPLICATE
    if now is None:
        return PEND
    time = now if event.time == NOW else event.time
    if time > now:
        # a time without an event id never displaces an announcement
        announced = pending and pending.event_id is not None and event.event_id is None
        return DUPLICATE if announced else PEND
    if time <= floor:
        return RECORD
    if joined is not None and time <= joined:
        return FLOOR
    return REWIND
