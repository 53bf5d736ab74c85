"""Where the guard has events judged and written into the journal; loaded when there is one."""

from micropython import const

from ihd.history.flash import FlashError
from ihd.history.journal import Journal
from ihd.tenancy import event as events
from ihd.tenancy import judge as law
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import NEVER, NOW
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA, first_half_hour
from ihd.tenancy.watch import TENANCY
from ihd.zcl import general

# what comes into memory with this module, and goes with it
WITH = (
    "ihd.tenancy.event",
    "ihd.tenancy.judge",
    "ihd.tenancy.ledger",
    "ihd.history.journal",
    "ihd.history.sector",
    "ihd.zcl.clusters.device_management",
)

_FAILURE = const(0x01)
_NOT_FOUND = const(0x8B)
_SERIES = const(4)


class Office:
    """One visit: the journal is mounted anew for it. guard: the Guard whose watches it is about."""

    def __init__(self, guard):
        self._guard = guard
        self._refused = False  # whether the journal did not take something
        journal = Journal(*guard.journal)
        journal.mount()
        self.ledger = ledgers.Ledger(journal)

    def bind(self, device):
        """`device` is bound: the Watch of it."""
        guard, number = self._guard, device.number
        watch = guard.watches.get(number) or guard.watch(device, guard.home.clock.utc(guard.now), True)
        known = self.ledger.binding(number)
        if known is None or known[:3] != (device.address, device.metering, device.management):
            self._durably(self.ledger.put_binding, number, device, watch.joined, not watch.first)
        return watch

    def answered(self, watch):
        """The first tenancy enquiry of a binding was answered."""
        watch.first = False
        self._durably(self.ledger.put_binding, watch.number, watch.device, watch.joined, True)

    def published(self, watch, kind, payload):
        """Judge an unsolicited publication; the ZCL status of our answer. Raises wire.Malformed."""
        event = events.published(kind, events.UNSOLICITED, payload)
        if self.judge(watch, event) == law.UNMATCHED:
            return _NOT_FOUND
        return _FAILURE if self._refused else general.SUCCESS  # so that it is published again

    def due(self, watch, kind):
        """The time of the pending event has come."""
        event = self.ledger.event(ledgers.PENDING, watch.number, kind)
        if event is None:
            watch.dues[kind] = None
            return
        event.at = self._guard.home.clock.utc(self._guard.now)
        if event.time == NOW:
            event.time = event.at
        self._guard.rewind(watch, event, BOTH)

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
        """Act on what `event` means; returns the verdict."""
        guard, ledger = self._guard, self.ledger
        number, kind = watch.number, event.kind
        utc = guard.home.clock.utc(guard.now)
        pending = ledger.event(ledgers.PENDING, number, kind)
        applied = ledger.event(ledgers.APPLIED, number, kind)
        joined = watch.joined if watch.first else None
        verdict = law.judge(event, pending, applied, ledger.floor(number, BOTH), utc, joined)
        for queued, earlier, _, _ in guard.queue:
            if queued is watch and earlier.kind == kind and event.same_as(earlier):
                return law.DUPLICATE
        for earlier in (pending, applied):
            if earlier:
                event.highest = max(event.highest, earlier.highest)
        event.at = utc
        if verdict == law.STALE:
            guard.home.refused.count("stale")
        elif verdict == law.CANCEL:
            self._strike(watch, kind)
        elif verdict == law.PEND:
            if self._durably(ledger.put, ledgers.PENDING, number, event):
                watch.dues[kind] = event.time
                watch.sources[kind] = event.source
            elif utc is None:
                raise FlashError  # it may be due already: nothing is proven
        elif verdict >= law.RECORD:
            if event.time == NOW:
                event.time = utc
            if verdict == law.REWIND:
                guard.rewind(watch, event, BOTH)
            else:
                if verdict == law.FLOOR:
                    self.set_floor(number, event.time)
                watch.sources[kind] = event.source
                watch.applied = watch.applied or kind == TENANCY
                self._durably(ledger.put, ledgers.APPLIED, number, event)
        return verdict

    def set_floor(self, number, floor):
        """Take nothing from before `floor` of this meter any more; nothing older is held."""
        for scope in (CONSUMER, SUPPLIER_DATA):
            self._durably(self.ledger.put_floor, number, scope, floor)
        self.forbid(number, floor)

    def release(self, watch):
        """Its meter is bound no more, and what it announced is no concern of the next one."""
        self._durably(self.ledger.release, watch.number)

    def forbid(self, number, floor):
        """Have the history refuse what began before `floor`; everything, while the time is not known."""
        self._guard.timeless[number] = floor == NEVER
        for series in range(number, _SERIES, 2):
            self._guard.home.history.set_floor(series, first_half_hour(floor))

    def pending(self, watch, kind):
        """Know when the pending event is due."""
        pending = self.ledger.event(ledgers.PENDING, watch.number, kind)
        watch.dues[kind] = pending and pending.time
        if pending:
            watch.sources[kind] = pending.source

    def _strike(self, watch, kind):
        """Nothing is pending any more."""
        if self._durably(self.ledger.nothing_pending, watch.number, kind):
            watch.dues[kind] = watch.sources[kind] = None

    def _durably(self, put, *arguments):
        """Whether the journal took it; what it did not take is learnt again from the meter."""
        try:
            put(*arguments)
            return True
        except OSError:
            self._refused = True
            self._guard.emit("error", what="the journal cannot be written", where="flash")
            return False
