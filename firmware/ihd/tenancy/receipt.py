"""The proof of a rewind, as the journal keeps it and the screen shows it."""

from ihd.han.directory import NUMBERS

_NEVER = 0xFFFFFFFF


class Receipt:
    """number: the journal's. meter: 0 or 1. kind, source: as of an Event. scope: what was forgotten, as of a keeper.
    event_id: None without one. floor, applied: Zigbee UTC; applied is None when that was not known. sectors: erased.
    slots: destroyed. ms: it took. verified: every keeper was found to hold nothing. resumed: it was interrupted, and
    sectors, slots and ms are those since then.
    """

    def __init__(self, meter, event, scope, floor, applied, sectors, slots, ms, resumed):
        self.number = 0
        self.meter = meter
        self.fuel = NUMBERS[meter]
        self.kind = event.kind
        self.source = event.source
        self.scope = scope
        self.event_id = event.event_id
        self.floor = floor
        self.applied = applied
        self.sectors = sectors
        self.slots = slots
        self.ms = ms
        self.verified = True
        self.resumed = resumed

    @property
    def since(self):
        """Zigbee UTC since when there is a record; None when that was not known."""
        return None if self.floor == _NEVER else self.floor
