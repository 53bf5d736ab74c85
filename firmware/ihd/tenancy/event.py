"""A change of tenancy or of supplier, and how the journal keeps it.

Source: design of the history partition, records of 20 octets.
"""

from micropython import const

from ihd.tenancy.watch import SUPPLIER, TENANCY
from ihd.zcl import schema

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
_AT_ONCE = const(64)

_RECORD = "IIIII"  # time, issuer event id, provider, control, written at


class Event:
    """kind: TENANCY or SUPPLIER. source: COMMAND to RESET. time: Zigbee UTC, NOW or NEVER.

    event_id: issuer event id, None when it came by attribute. provider: who takes over, 0 in GB. control: bitmap or
    None. genuine: whether the supplier really changes; GB sets contact details with the same command. highest: the
    highest issuer event id seen until this event. at: Zigbee UTC at which the journal took it, or None. at_once:
    whether it said "now", and `time` is but what the clock said then. name, phone: of the supplier, bytes or None; the
    journal does not keep them.
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
        self.name = self.phone = None
        self.at_once = time == NOW

    def same_as(self, other):
        """Whether `other`, an event before this one or None, is this one."""
        if other is None:
            return False
        if self.event_id is not None:
            return self.event_id == other.event_id and self.time in (NOW, other.time)
        controls = self.kind == SUPPLIER and None not in (self.control, other.control)
        return self.time == other.time and not (controls and self.control != other.control)

    def overtakes(self, pending):
        """Whether `pending`, an Event to come, is not to come any more once this one is carried out."""
        return self.same_as(pending) or self.event_id is not None and pending.highest <= self.event_id

    def record(self):
        """(flags, payload) of a journal record."""
        flags = _HAS_ID if self.event_id is not None else 0
        if self.control is not None:
            flags |= _HAS_CONTROL
        if self.at_once:
            flags |= _AT_ONCE
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
    event.at_once = bool(flags & _AT_ONCE)
    return event


def moved_in(utc, source=USER):
    """The Event of an occupant who has moved in at Zigbee UTC `utc`, None while that is not known.

    source: USER; HOME, when the display has moved; or RESET.
    """
    event = Event(TENANCY, source, NEVER if utc is None else utc)
    event.at = utc
    return event
