"""Makes the parts of an App and joins them; loaded at the start, and when a meter is bound."""

from micropython import const

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
from ihd.tenancy.keepers import Keepers, Usage

_RESTORE = "ihd.tenancy.restore"
_JOURNAL = const(80)  # the first of its two sectors, behind the rings


def build(app, panel, flash):
    """Everything that `app` has from its start; the meters bound before are known, their gates closed."""
    emit, refused, settings = app.emit, app.refused, app.settings
    app.clock = clock = Clock()
    app.directory = Directory()
    app.director = Director(panel, emit)
    app.exchange = exchange = Exchange(app.radio, refused)
    app.network = Network(app.radio, exchange, app.directory, refused, app.found)
    app.timekeeper = Timekeeper(exchange, clock, refused, settings["time_poll_s"], app.told_time)
    app.history, journal, sector = _storage(app, flash)
    app.recorder = Recorder(app.history, refused, emit)
    app.keepers = keepers = Keepers()
    for keeper in (Usage(app.history), app.recorder, app.director, app.radio):
        keepers.register(keeper)
    app.guard = guard = Guard(app, journal, sector)
    app.inbox = Inbox(
        app.radio, exchange, app.directory, app.network, app.timekeeper, refused, app.reported, guard.published
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
    """(history, the Flash of its journal, the journal's first sector); in RAM where there is no partition."""
    what = "no history partition"
    if flash:
        history = on_demand.load("ihd.history.ring").Ring(flash)
        try:
            history.mount()
            on_demand.load("ihd.history.journal").Journal(flash, _JOURNAL).mount()
            on_demand.drop("ihd.history.journal")
            return history, flash, _JOURNAL
        except OSError:
            what = "the history partition cannot be read"
    app.note = "NO HISTORY PARTITION"
    app.emit("error", what=what + ": nothing outlives a restart", where="flash")
    return on_demand.load("ihd.history.live_only").LiveOnly(), on_demand.load("ihd.history.ram_flash").RamFlash(), 0
