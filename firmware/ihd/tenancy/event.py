"""A change of tenancy or of supplier, as a meter tells it and as the journal keeps it.

Source: Smart Energy 1.4, D.11 (PublishChangeOfTenancy, PublishChangeOfSupplier); journal: design of the history
partition, records of 20 octets.
"""

from micropython import const

from ihd.tenancy.watch import SUPPLIER, TENANCY
from ihd.zcl import schema
from ihd.zcl.clusters import device_management

COMMAND = const(0)  # sources
ATTRIBUTE = const(1)
UNSOLICITED = const(2)
USER = const(3)
HOME = const(4)
RESET = const(5)

NOW = const(0)  # times
NEVER = 0xFFFFFFFF  # in a command it cancels; in the journal it says "not known"

_HAS_ID = const(1)  # flags of a record, as in history.journal
_HAS_CONTROL = const(2)

_RECORD = "IIIII"  # time, issuer event id, provider, control, written at

# Bits 7-10, 13 and 14 block or clear what a display holds too (D.11.2.4.1.2); the others are for meters.
_CLEARS = const(0x6780)


class Event:
    """kind: TENANCY or SUPPLIER. source: COMMAND to RESET. time: Zigbee UTC, NOW or NEVER.

    event_id: issuer event id, None when it came by attribute. provider: who takes over, 0 in GB. control: bitmap or
    None. genuine: whether the supplier really changes; GB sets contact details with the same command. highest: the
    highest issuer event id seen until this event. at: Zigbee UTC at which the journal took it, or None.
    """

    def __init__(self, kind, source, time, event_id=None, provider=0, control=None):
        self.kind = kind
        self.source = source
        self.time = time
        self.event_id = event_id
        self.provider = provider
        self.control = control
        self.genuine = True
        self.highest = event_id or 0
        self.at = None

    def same_as(self, other):
        """Whether `other`, an event before this one or None, is this one."""
        if other is None:
            return False
        if self.event_id is not None:
            return self.event_id == other.event_id and self.time in (NOW, other.time)
        controls = self.kind == SUPPLIER and None not in (self.control, other.control)
        return self.time == other.time and not (controls and self.control != other.control)

    def record(self):
        """(flags, payload) of a journal record."""
        flags = _HAS_ID if self.event_id is not None else 0
        if self.control is not None:
            flags |= _HAS_CONTROL
        at = NEVER if self.at is None else self.at
        return flags, schema.write(_RECORD, self.time, self.highest, self.provider, self.control or 0, at)


def recorded(record):
    """The Event of a journal record (kind and source, flags, sequence, payload)."""
    kind_source, flags, _, payload = record
    time, highest, provider, control, at = schema.read(_RECORD, payload)
    event = Event(kind_source & 0x0F, kind_source >> 4, time, highest if flags & _HAS_ID else None, provider)
    event.control = control if flags & _HAS_CONTROL else None
    event.highest = highest
    event.at = None if at == NEVER else at
    return event


def moved_in(utc):
    """The Event of an occupant who has moved in at Zigbee UTC `utc`, None while that is not known."""
    event = Event(TENANCY, USER, NEVER if utc is None else utc)
    event.at = utc
    return event


def published(kind, source, payload):
    """The Event of a PublishChangeOfTenancy or PublishChangeOfSupplier payload. Raises wire.Malformed."""
    if kind == TENANCY:
        provider, event_id, _, time, control = schema.read(device_management.CHANGE_OF_TENANCY, payload)
        return Event(kind, source, time, event_id, provider, control)
    form = device_management.CHANGE_OF_SUPPLIER
    current, event_id, _, proposed, time, control, _, _ = schema.read(form, payload)
    event = Event(kind, source, time, event_id, proposed, control)
    event.genuine = time != NOW or bool(current and proposed and current != proposed or control & _CLEARS)
    return event


def told_by_attributes(kind, time, control, provider=0):
    """The Event that attributes tell: `time` Zigbee UTC; control and provider as read, or None."""
    return Event(kind, ATTRIBUTE, time, None, provider or 0, control)
