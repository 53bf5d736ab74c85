"""Takes up at the start what the journal knows of the meters bound before; loaded once."""

from ihd.tenancy import ledger as ledgers
from ihd.tenancy.event import HOME
from ihd.tenancy.watch import KINDS, TENANCY


def restore(guard, office, bound):
    """A Watch of each meter, its gate closed; what was begun is to be finished first.

    bound(number, EUI-64, metering endpoint, management endpoint): called for each; returns its han.directory.Device.
    """
    ledger = office.ledger
    for number in (0, 1):
        office.forbid(number, ledger.floor(number))  # whoever is bound next
        known = ledger.binding(number)
        if known is None:
            continue
        if ledger.outlived(number):  # the power went just then
            office.durably(ledger.release, number)
            continue
        *identity, joined, answered = known
        watch = guard.watch(bound(number, *identity), joined, not answered)
        office.limit(number)
        watch.applied = ledger.event(ledgers.APPLIED, number, TENANCY) is not None
        for kind in KINDS:
            office.pending(watch, kind)
            unfinished = ledger.unfinished(number, kind)
            if unfinished:
                watch.release = watch.release or unfinished[0].source >= HOME
                guard.rewind(watch, *unfinished, True)
        guard.tell(watch)
