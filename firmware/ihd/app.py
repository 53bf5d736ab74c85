"""Wires the rooms and owns the loop.

The app does no input or output of its own: step(now) takes what the radio has, lets timers fire, draws what changed and
says when it wants to be called again.
"""

from micropython import const

from ihd import on_demand
from ihd import radio as radios
from ihd.clock import HALF_HOUR, Clock
from ihd.display.director import Director
from ihd.han.directory import ELECTRICITY, GAS, NUMBERS, Directory
from ihd.han.exchange import Exchange
from ihd.han.inbox import Inbox
from ihd.han.network import Network
from ihd.han.timekeeper import Timekeeper
from ihd.home.meter import Meter
from ihd.home.poller import Poller
from ihd.home.recorder import Recorder
from ihd.tenancy.guard import Guard
from ihd.tenancy.keepers import Keepers, Usage
from ihd.wire import hex_text

VERSION = "0.1.0"

_CONTROL = const(80)  # the first sector behind the rings, the journal's


class App:
    """The display.

    radio: a Radio. panel: a Panel. flash: the history partition as a Flash, or None. settings: a dict of
    settings.TABLE. refused: counts. emit(event, **fields): an event for whoever listens; the board adds the time.
    heap(): (used, free) octets.
    """

    def __init__(self, radio, panel, flash, settings, refused, emit, heap):
        self.radio = radio
        self.clock = Clock()
        self.refused = refused
        self.emit = emit
        self._heap = heap
        self._settings = settings
        self.directory = Directory()
        self.meters = {}  # fuel: Meter
        self._pollers = {}  # fuel: Poller
        self._minute = None
        self._next_heap = None
        self._now = 0
        self.note = ""
        self.history, journal, sector = self._storage(flash)
        self._exchange = Exchange(radio, refused)
        self._network = Network(radio, self._exchange, self.directory, refused, self._found)
        self._timekeeper = Timekeeper(self._exchange, self.clock, refused, settings["time_poll_s"], self._told_time)
        self.director = Director(panel, emit)
        self.recorder = Recorder(self.history, refused, emit)
        self.keepers = Keepers()
        self.guard = Guard(
            self._exchange,
            self.clock,
            journal,
            sector,
            self.keepers,
            self.history,
            refused,
            settings,
            emit,
            self._closing,
            self._opened,
            self._released,
        )
        self._inbox = Inbox(
            radio,
            self._exchange,
            self.directory,
            self._network,
            self._timekeeper,
            refused,
            self._reported,
            self.guard.published,
        )
        for keeper in (Usage(self.history), self.recorder, self.director, radio):
            self.keepers.register(keeper)
        self._restore()

    @property
    def utc(self):
        """Zigbee UTC at the last step, None until the HAN has told it."""
        return self.clock.utc(self._now)

    @property
    def radio_state(self):
        """As of the Radio contract."""
        return self.radio.state

    @property
    def electricity(self):
        """The Meter of electricity, None when none is bound."""
        return self.meters.get(ELECTRICITY)

    @property
    def gas(self):
        """The Meter of gas, None when none is bound."""
        return self.meters.get(GAS)

    @property
    def fresh(self):
        """The receipt of the last rewind since the start, or None."""
        return self.guard.fresh

    @property
    def recovering(self):
        """Whether a rewind that was interrupted is being finished: nothing may be drawn."""
        return self.guard.recovering

    def key(self, name):
        """The key "prev", "next" or "select" was pressed."""
        self.director.key(name, self._now)

    def moved_in(self):
        """The occupant confirmed that they have moved in: forget everything."""
        self.guard.moved_in(self._now)

    def step(self, now):
        """Do what is due at ticks `now`; returns the milliseconds within which it wants to be called again."""
        self._now = now
        radio = self.radio
        while True:
            kind = radio.poll(now)
            if kind is None:
                break
            if kind == radios.INDICATION:
                self._inbox.take(radio.indication, now)
            elif kind == radios.DELIVERY:
                self._exchange.delivery(radio.token, radio.delivered, now)
            else:
                self._network_changed(now)
        self._exchange.step(now)
        for dialogue in self._dialogues():
            dialogue.step(now)
        self.guard.step(now)
        self.recorder.step(now)
        wait = self._keep_time(now)
        wait = sooner(self.director.draw(now, self), wait)
        for dialogue in self._dialogues():
            wait = sooner(wait, dialogue.wake(now))
        for part in (self._exchange, radio, self.guard, self.recorder):
            wait = sooner(wait, part.wake(now))
        self.refused.tell(self.emit)
        return wait

    def _storage(self, flash):
        """(history, the Flash of its journal, the journal's first sector); in RAM where there is no partition."""
        if flash:
            history = on_demand.load("ihd.history.ring").Ring(flash)
            try:
                history.mount()
                return history, flash, _CONTROL
            except OSError:
                self._without("the history partition cannot be read: nothing outlives a restart")
        else:
            self._without("no history partition: nothing outlives a restart")
        return on_demand.load("ihd.history.live_only").LiveOnly(), on_demand.load("ihd.history.ram_flash").RamFlash(), 0

    def _without(self, what):
        self.note = "NO HISTORY PARTITION"
        self.emit("error", what=what, where="flash")

    def _restore(self):
        """Know the meters bound before, whose gates are closed until they have answered."""
        office = self.guard.office()
        for number, *known in office.bindings():
            device = self.directory.restore(NUMBERS[number], *known)
            self._add(device)
            office.restore(device)

    def _dialogues(self):
        yield self._timekeeper.dialogue
        yield self._network.dialogue
        for watch in self.guard.watches.values():
            yield watch.dialogue
        for poller in self._pollers.values():
            yield poller.dialogue
            yield poller.backfill

    def _network_changed(self, now):
        self.director.changed = True
        if self.radio.state == radios.JOINED:
            self.emit("joined", pan=hex_text(self.radio.pan or b""))
            self._timekeeper.joined(now)
            self._network.joined(now)
            for fuel, poller in self._pollers.items():
                poller.begin(now)
                self.guard.ask(NUMBERS.index(fuel), now)
        else:
            if self.radio.state == radios.MISSING:
                self.emit("error", what="no answer from the radio", where="xbee")
            if self._network.left():
                self.emit("left")
            self._timekeeper.left()
            for fuel, poller in self._pollers.items():
                poller.stop()
                self.meters[fuel].silent()
            for watch in self.guard.watches.values():
                watch.dialogue.stop()

    def _found(self, device):
        """The search found a device that meters something, or one that it knows announced itself."""
        self._emit_meter(device)
        if not device.bound:
            return
        if device.fuel not in self.meters:
            self._add(device)
        self._pollers[device.fuel].begin(self._now)
        self.guard.bind(device, self._now)

    def _add(self, device):
        """Have a Meter and a Poller for the bound `device`."""
        fuel, number = device.fuel, device.number
        meter = Meter(
            device,
            self.clock,
            self.refused,
            self.history,
            self.recorder,
            lambda: self.guard.watches.get(number),
            self._fact,
            self._link,
        )
        period = self._settings["electricity_poll_s" if fuel == ELECTRICITY else "gas_poll_s"]
        self.meters[fuel] = meter
        self.keepers.register(meter)
        self._pollers[fuel] = Poller(
            meter,
            self._exchange,
            self.clock,
            self.refused,
            period,
            lambda: self.guard.earliest(number),
            lambda count: self._fact(meter, "back_filled", count, "half_hours"),
        )

    def _emit_meter(self, device):
        self.emit(
            "meter",
            meter=device.name,
            endpoint=device.metering,
            fuel=device.fuel,
            bound=device.bound,
            model=device.model,
            lost=device.lost,
        )
        self.director.changed = True

    def _told_time(self, utc):
        if utc is None:
            self.emit("error", what="no time from the trust centre", where="time")
        else:
            self.emit("time", utc=utc)
        self.director.changed = True

    def _reported(self, device, payload, now):
        self.meters[device.fuel].attributes(payload, False, now)

    def _fact(self, meter, what, value, unit):
        """Tell what was learnt; while the meter's gate is closed, only what is so at this moment."""
        if what == "power" or meter.gate is None:
            device = meter.device
            self.emit("fact", meter=device.name, fuel=device.fuel, what=what, value=value, unit=unit)
        self.director.changed = True

    def _link(self, meter):
        self._emit_meter(meter.device)
        if meter.lost:
            self._network.hurry(self._now)
        else:
            self.guard.ask(meter.device.number, self._now)

    def _closing(self):
        """A gate closes: what the panel shows is overwritten before anything else happens."""
        self.director.overwrite(self._now)

    def _opened(self, number):
        """A gate opens: look at the meter anew, and for what the history lacks."""
        fuel = NUMBERS[number]
        self._pollers[fuel].dialogue.hurry(self._now)
        self._pollers[fuel].refill(self._now)
        self.director.changed = True

    def _released(self, device):
        """`device` is bound no more; if it is found again, it is a meter like any other."""
        fuel = device.fuel
        self._remove(fuel)
        self.directory.devices.remove(device)
        self._network.hurry(self._now)

    def _remove(self, fuel):
        self.keepers.dismiss(self.meters.pop(fuel))
        self._pollers.pop(fuel).stop()

    def _keep_time(self, now):
        """Notice a new minute, and tell of the heap every half-hour; milliseconds until the next minute."""
        utc = self.clock.utc(now)
        if utc is None:
            return None
        if self._minute != utc // 60:
            self._minute = utc // 60
            self.director.changed = True
            if self._next_heap is None or self._minute >= self._next_heap:
                self._next_heap = (utc // HALF_HOUR + 1) * (HALF_HOUR // 60)
                used, free = self._heap()
                self.emit("heap", used=used, free=free)
        return (60 - utc % 60) * 1000


def sooner(wait, other):
    """The smaller of two waits in milliseconds, of which the second may be None."""
    return wait if other is None or wait < other else other
