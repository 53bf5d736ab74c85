"""Reads a change of tenancy or of supplier as a meter tells it; loaded when one does.

Source: Smart Energy 1.4, D.11 (PublishChangeOfTenancy, PublishChangeOfSupplier and the attributes of both).
"""

from micropython import const

from ihd.tenancy.event import ATTRIBUTE, NOW, Event
from ihd.tenancy.watch import TENANCY
from ihd.zcl import schema
from ihd.zcl.clusters import device_management

WITH = ("ihd.tenancy.publication", "ihd.zcl.clusters.device_management")  # what goes out of memory together

# Bits 7-10, 13 and 14 block or clear what a display holds too (D.11.2.4.1.2); the others are for meters.
_CLEARS = const(0x6780)


def published(kind, source, payload):
    """The Event of a PublishChangeOfTenancy or PublishChangeOfSupplier payload. Raises wire.Malformed."""
    if kind == TENANCY:
        provider, event_id, _, time, control = schema.read(device_management.CHANGE_OF_TENANCY, payload)
        return Event(kind, source, time, event_id, provider, control)
    form = device_management.CHANGE_OF_SUPPLIER
    current, event_id, _, proposed, time, control, name, phone = schema.read(form, payload)
    event = Event(kind, source, time, event_id, proposed, control)
    # "a real time, by either route; with time 0 only if both provider ids are non-zero and differ, or one of bits 7-10,
    # 13, 14 is set"
    event.genuine = time != NOW or bool(current and proposed and current != proposed or control & _CLEARS)
    event.name = name
    event.phone = phone
    return event


def told_by_attributes(kind, time, control, provider=0, name=None, phone=None):
    """The Event that attributes tell: `time` Zigbee UTC; control, provider, name and phone as read, or None."""
    event = Event(kind, ATTRIBUTE, time, None, provider or 0, control)
    event.name = name
    event.phone = phone
    return event
