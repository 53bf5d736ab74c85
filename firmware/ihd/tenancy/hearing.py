"""Where meters are bound and events judged, and what follows is ordered and written down; loaded when there is one."""

from micropython import const

from ihd import on_demand
from ihd.history.flash import FlashError
from ihd.tenancy import event as events
from ihd.tenancy import judge as law
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import NEVER, NOW, USER
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA
from ihd.tenancy.watch import SUPPLIER, TENANCY
from ihd.zcl import general

WITH = ("ihd.tenancy.hearing", "ihd.tenancy.judge")  # what goes out of memory together

_FAILURE = const(0x01)
_NOT_FOUND = const(0x8B)
_NAME = const(16)  # octets kept
_PHONE = const(19)


class Hearing:
    """One sitting. guard: the Guard whose watches it is about. office: where it is written down."""

    def __init__(self, guard, office):
        self._guard = guard
        self._office = office
        office.refused = False
        self.ledger = office.ledger

    def bind(self, device):
        """`device` is bound: the Watch of it."""
        guard, number = self._guard, device.number
        watch = guard.watches.get(number) or guard.watch(device, guard.home.clock.utc(guard.now), True)
        known = self.ledger.binding(number)
        if known is None or known[:3] != (device.address, device.metering, device.management):
            self._office.durably(self.ledger.put_binding, number, device, watch.joined, not watch.first)
        self._office.limit(number)
        return watch

    def answered(self, watch):
        """The first tenancy enquiry of a binding was answered."""
        watch.first = False
        self._office.durably(self.ledger.put_binding, watch.number, watch.device, watch.joined, True)

    def published(self, watch, kind, payload):
        """Judge an unsolicited publication; the ZCL status of our answer. Raises wire.Malformed."""
        publication = on_demand.load("ihd.tenancy.publication")
        on_demand.drop(*publication.WITH)
        event = publication.published(kind, events.UNSOLICITED, payload)
        verdict = self.judge(watch, event)
        if verdict == law.UNMATCHED:
            return _NOT_FOUND
        again = verdict == law.LATER or self._office.refused
        return _FAILURE if again else general.SUCCESS  # so that it is published again

    def due(self, watch, kind):
        """The time of the pending event has come."""
        event = self.ledger.event(ledgers.PENDING, watch.number, kind)
        if event is None:
            watch.dues[kind] = None
            return
        event.at = self._guard.home.clock.utc(self._guard.now)
        if event.time == NOW:
            event.time = event.at
        if kind == SUPPLIER:
            supplier = self._supplier(watch)  # the rewind forgets who it was until now
            if supplier.coming:
                _told(supplier, supplier.coming[0], supplier.coming[1], event.at)
            supplier.coming = None
        self._guard.rewind(watch, event, self._scope(event))

    def final(self, watch, event):
        """Judge an answer; whether it is a change that counts, at or before now."""
        self.judge(watch, event)
        utc = self._guard.home.clock.utc(self._guard.now)
        return event.genuine and utc is not None and event.time <= utc

    def told(self, watch, event):
        """Judge what the attributes tell; what was pending by attribute follows them."""
        pending = self.ledger.event(ledgers.PENDING, watch.number, event.kind)
        if pending and pending.source == events.ATTRIBUTE and pending.time != event.time:
            utc = self._guard.home.clock.utc(self._guard.now)
            if utc is not None and pending.time > utc:
                self._strike(watch, event.kind)
        self.judge(watch, event)

    def knows(self, watch, kind, time):
        """Whether an event of that time is pending or was carried out last."""
        found = [self.ledger.event(what, watch.number, kind) for what in (ledgers.PENDING, ledgers.APPLIED)]
        return any(event and event.time == time for event in found)

    def quiet(self, watch, kind, not_found):
        """The attributes tell no time: what is pending by attribute is withdrawn, by command if that is silent too."""
        pending = self.ledger.event(ledgers.PENDING, watch.number, kind)
        utc = self._guard.home.clock.utc(self._guard.now)
        if pending and utc is not None and pending.time > utc and (not_found or pending.event_id is None):
            self._strike(watch, kind)

    def judge(self, watch, event):
        """Act on what `event` means; returns the verdict. Raises OSError where nothing is proven: judge it again."""
        guard, ledger = self._guard, self.ledger
        number, kind = watch.number, event.kind
        utc = guard.home.clock.utc(guard.now)
        if watch.overdue(kind, utc):  # before anything else is judged
            self.due(watch, kind)
        pending = ledger.event(ledgers.PENDING, number, kind)
        applied = ledger.event(ledgers.APPLIED, number, kind)
        for queued, ordered, _, _ in guard.queue:
            if queued is watch and ordered.kind == kind and ordered.source < USER:
                applied = ordered  # as good as carried out
        joined = watch.joined if watch.first else None
        scope = self._scope(event)
        verdict = law.judge(event, pending, applied, ledger.floor(number, scope), utc, joined)
        event.highest = max([event.highest] + [each.highest for each in (pending, applied) if each])
        event.at = utc
        if verdict == law.STALE:
            guard.home.refused.count("stale")
        elif verdict == law.LATER:
            watch.again = True
        elif verdict == law.CANCEL:
            self._strike(watch, kind)
        elif verdict == law.PEND:
            if self._pend(watch, event):
                pending = event
        elif verdict >= law.RECORD:
            if event.time == NOW:
                event.time = utc
            if verdict == law.REWIND:
                guard.rewind(watch, event, scope)
            else:
                self._record(watch, event, verdict, scope)
                if pending and event.overtakes(pending):
                    self._strike(watch, kind)
        self._introduce(watch, event, verdict, event.same_as(pending) and not event.same_as(applied))
        return verdict

    def set_floor(self, number, floor, scope=BOTH):
        """Take nothing from before `floor` of this meter any more; nothing older is held. A floor only rises.

        Whether the journal took it.
        """
        taken = True
        for one in (CONSUMER, SUPPLIER_DATA):
            held = self.ledger.floor(number, one)
            if held == NEVER:  # of a time that was not known
                held = 0
            if scope & one and held < floor:
                taken = self._office.durably(self.ledger.put_floor, number, one, floor) and taken
            if scope & one & CONSUMER:
                self._office.forbid(number, max(held, floor))
        return taken

    def _pend(self, watch, event):
        """Keep `event` for its time; whether the journal took it."""
        if self._office.durably(self.ledger.put, ledgers.PENDING, watch.number, event):
            watch.dues[event.kind] = event.time
            watch.sources[event.kind] = event.source
            return True
        if event.at is None:
            raise FlashError  # it may be due already: nothing is proven
        return False

    def _record(self, watch, event, verdict, scope):
        """`event` is carried out without a rewind."""
        if verdict == law.FLOOR and not self.set_floor(watch.number, event.time, scope):
            raise FlashError  # or it would count as carried out after a start, and the floor be lost
        watch.sources[event.kind] = event.source
        watch.applied = watch.applied or event.kind == TENANCY
        self._office.durably(self.ledger.put, ledgers.APPLIED, watch.number, event)

    def _scope(self, event):
        return law.scope_of(event, self._guard.home.settings["supplier_change"])

    def _supplier(self, watch):
        return self._guard.home.meters[watch.device.fuel].supplier

    def _introduce(self, watch, event, verdict, to_come):
        """Keep name and phone that came with `event`: contact details at once, those of a change for its time."""
        if event.kind != SUPPLIER:
            return
        supplier = self._supplier(watch)
        if to_come and (verdict == law.PEND or verdict == law.DUPLICATE and (event.name or event.phone)):
            named = event.name or event.phone
            supplier.coming = (event.name, event.phone, event.at) if named else None
        elif verdict == law.DETAILS or verdict == law.DUPLICATE and not to_come or verdict >= law.RECORD:
            _told(supplier, event.name, event.phone, event.at)

    def _strike(self, watch, kind):
        """Nothing is pending any more."""
        if self._office.durably(self.ledger.nothing_pending, watch.number, kind):
            watch.dues[kind] = watch.sources[kind] = None
            if kind == SUPPLIER:
                self._supplier(watch).coming = None


def _told(supplier, name, phone, utc):
    """Name and phone, octets of any length or None, as told at Zigbee UTC `utc`; neither says nothing."""
    if name or phone:
        supplier.name = name[:_NAME] if name else None
        supplier.phone = phone[:_PHONE] if phone else None
        supplier.at = utc
