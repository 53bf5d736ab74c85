"""Where the guard has the journal read and written; loaded when there is need."""

from micropython import const

from ihd.history.journal import Journal
from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import NEVER
from ihd.tenancy.keepers import SUPPLIER_DATA, first_half_hour

# what comes into memory with this module, and goes with it
WITH = (
    "ihd.tenancy.office",
    "ihd.tenancy.event",
    "ihd.tenancy.ledger",
    "ihd.history.journal",
    "ihd.history.sector",
)

_SERIES = const(4)


class Office:
    """One visit: the journal is mounted anew for it. guard: the Guard whose watches it is about."""

    def __init__(self, guard):
        self._guard = guard
        self.refused = False  # whether the journal did not take something
        journal = Journal(*guard.journal)
        journal.mount()
        self.ledger = ledgers.Ledger(journal)

    def release(self, watch):
        """Its meter is bound no more, and what it announced is no concern of the next one."""
        self.durably(self.ledger.release, watch.number)

    def forbid(self, number, floor):
        """Have history and account refuse what is from before `floor`; everything, while the time is not known."""
        self._guard.timeless[number] = floor == NEVER
        for series in range(number, _SERIES, 2):
            self._guard.home.history.set_floor(series, first_half_hour(floor))
        self.limit(number, floor)

    def limit(self, number, floor=0):
        """Have the account of the meter refuse messages from before `floor`, and from before its floors."""
        for meter in self._guard.home.meters.values():
            if meter.device.number == number:
                meter.account.floor = max(floor, self.ledger.floor(number), self.ledger.floor(number, SUPPLIER_DATA))

    def pending(self, watch, kind):
        """Know when the pending event is due."""
        pending = self.ledger.event(ledgers.PENDING, watch.number, kind)
        watch.dues[kind] = pending and pending.time
        if pending:
            watch.sources[kind] = pending.source

    def durably(self, put, *arguments):
        """Whether the journal took it; what it did not take is learnt again from the meter."""
        try:
            put(*arguments)
            return True
        except OSError:
            self.refused = True
            self._guard.emit("error", what="the journal cannot be written", where="flash")
            return False
