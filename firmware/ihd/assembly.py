"""Makes the parts of an App and joins them; loaded at the start, and when a meter is bound."""

from ihd import on_demand
from ihd.clock import Clock
from ihd.display.director import Director
from ihd.han.directory import ELECTRICITY, NUMBERS, Directory
from ihd.han.exchange import Exchange
from ihd.han.inbox import Inbox
from ihd.han.network import Network
from ihd.han.timekeeper import Timekeeper
from ihd.home.meter import Meter
from ihd.home.poller import Poller
from ihd.home.recorder import Recorder
from ihd.tenancy.guard import Guard
from ihd.tenancy.keepers import Keepers, Stored

_RESTORE = "ihd.tenancy.restore"
_PARTITION = "ihd.history.partition"
_HOUSEHOLD = "ihd.history.household"


def build(app, panel, flash):
    """Everything that `app` has from its start; the meters bound before are known, their gates closed."""
    emit, refused, settings = app.emit, app.refused, app.settings
    app.clock = clock = Clock()
    app.local = clock.local
    app.directory = Directory()
    app.director = Director(panel, emit)
    app.exchange = exchange = Exchange(app.radio, refused)
    app.network = Network(app.radio, exchange, app.directory, refused, app.found)
    app.timekeeper = Timekeeper(exchange, clock, refused, settings["time_poll_s"], app.told_time)
    try:
        panel.start()  # it may still show what was remembered before the start
    except OSError:
        pass  # the director will tell
    app.history, journal, app.household = _storage(app, flash)
    app.recorder = Recorder(app.history, refused, emit)
    app.keepers = keepers = Keepers()
    usage = Stored("usage", "ihd.tenancy.usage", app.history)
    for keeper in (usage, app.household, app.recorder, app.director, app.radio):
        keepers.register(keeper)
    app.guard = guard = Guard(app, journal)
    app.inbox = Inbox(
        app.radio,
        exchange,
        app.directory,
        app.network,
        app.timekeeper,
        refused,
        app.reported,
        guard.published,
        app.heard,
    )
    on_demand.load(_RESTORE).restore(guard, guard.office(), lambda *known: _bound(app, *known))
    on_demand.drop(_RESTORE)


def _bound(app, number, *known):
    device = app.directory.restore(NUMBERS[number], *known)
    add(app, device)
    return device


def add(app, device):
    """A Meter and a Poller for the bound `device`."""
    fuel = device.fuel
    app.meters[fuel] = meter = Meter(device, app)
    app.keepers.register(meter)
    period = app.settings["electricity_poll_s" if fuel == ELECTRICITY else "gas_poll_s"]
    app.pollers[fuel] = Poller(meter, app, period)


def _storage(app, flash):
    """(history, arguments of its Journal, keeper of household records); in RAM without a partition that can be used."""
    partition = on_demand.load(_PARTITION)
    on_demand.drop(_PARTITION, "ihd.history.sector", "ihd.history.journal", _HOUSEHOLD)
    note = "NO HISTORY PARTITION"
    what = "no history partition"
    if flash:
        try:
            history, journal = partition.opening(flash)
            household = Stored("household", _HOUSEHOLD, flash)
            household.left_out = partition.household_in(flash)
            return history, journal, household
        except partition.NotUsable as refusal:
            why = refusal.args[0]
        except OSError:
            why = "cannot be read"
        note = "HISTORY " + why.upper()
        what = "the history partition is not used: " + why
    on_demand.drop("ihd.history.ring")
    app.note = note
    app.emit("error", what=what + "; nothing outlives a restart", where="flash")
    flash = on_demand.load("ihd.history.ram_flash").RamFlash()
    household = Stored("household", _HOUSEHOLD, {})
    return on_demand.load("ihd.history.live_only").LiveOnly(), partition.journal_in(flash, 0), household
