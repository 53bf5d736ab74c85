"""Owns the loop, and hands what the rooms tell each other on.

The app does no input or output of its own: step(now) takes what the radio has, lets timers fire, draws what changed and
says when it wants to be called again. Its parts are made in assembly.py.
"""

from ihd import on_demand
from ihd import radio as radios
from ihd.clock import HALF_HOUR
from ihd.han.directory import ELECTRICITY, GAS, NUMBERS
from ihd.wire import hex_text

VERSION = "0.1.0"

_ASSEMBLY = "ihd.assembly"


class App:
    """The display.

    radio: a Radio. panel: a Panel. flash: the history partition as a Flash, or None. settings: a dict of
    settings.TABLE. refused: counts. emit(event, **fields): an event for whoever listens; the board adds the time.
    heap(): (used, free) octets. unset(): remove the installation settings, or None; may raise OSError.
    """

    version = VERSION

    def __init__(self, radio, panel, flash, settings, refused, emit, heap, unset=None):
        self.radio = radio
        self.settings = settings
        self.refused = refused
        self.emit = emit
        self.heap = heap
        self._unset = unset
        self._resetting = False  # the settings go when all else is forgotten
        self.meters = {}  # fuel: Meter
        self.pollers = {}  # fuel: Poller
        self.note = ""  # what is missing, for the screens
        self._minute = self._next_heap = self._pan = None
        self._now = 0
        on_demand.load(_ASSEMBLY).build(self, panel, flash)
        on_demand.drop(_ASSEMBLY)

    @property
    def utc(self):
        """Zigbee UTC at the last step, None until the HAN has told it."""
        return self.clock.utc(self._now)

    @property
    def suppliers(self):
        """{fuel: home.supplier.Supplier} of the bound meters."""
        return {fuel: meter.supplier for fuel, meter in self.meters.items()}

    @property
    def electricity(self):
        """The Meter of electricity, None when none is bound."""
        return self.meters.get(ELECTRICITY)

    @property
    def gas(self):
        """The Meter of gas, None when none is bound."""
        return self.meters.get(GAS)

    def key(self, name):
        """The key "prev", "next" or "select" was pressed."""
        self.director.key(name, self._now)

    def moved_in(self):
        """The occupant confirmed that they have moved in: forget everything."""
        self.guard.moved_in(self._now)

    def factory_reset(self):
        """The occupant confirmed it: forget everything, the bindings and the installation settings too."""
        self.guard.moved_in(self._now, True)
        self.reset()

    def confirm(self):
        """The occupant has read the message that stands on the panel: its meter is told, if it wants to know."""
        messages = on_demand.load("ihd.display.screens.messages")
        meter, message = messages.newest(self)
        if message and message[1] & 0x80:
            account = meter.account
            account.confirm = message[:2]
            account.show((message[0], message[1] & 0x7F) + message[2:])
            account.minute = None
            self.pollers[meter.device.fuel].dialogue.hurry(self._now)

    def reset(self):
        """The installation settings go when all else is forgotten; the defaults count from the next start."""
        self._resetting = True

    def step(self, now):
        """Do what is due at ticks `now`; returns the milliseconds within which it wants to be called again."""
        self._now = now
        radio = self.radio
        while True:
            kind = radio.poll(now)
            if kind is None:
                break
            if kind == radios.INDICATION:
                self.inbox.take(radio.indication, now)
            elif kind == radios.DELIVERY:
                self.exchange.delivery(radio.token, radio.delivered, now)
            else:
                self._network_changed(now)
        self.exchange.step(now)
        for dialogue in self._dialogues():
            dialogue.step(now)
        if not self.guard.step(now):  # one flash operation a step
            self.recorder.step(now)
            if self._resetting and not self.guard.queue:
                self._remove_settings()
        wait = sooner(self.director.draw(now, self), self._keep_time(now))
        for dialogue in self._dialogues():
            wait = sooner(wait, dialogue.wake(now))
        for part in (self.exchange, radio, self.guard, self.recorder):
            wait = sooner(wait, part.wake(now))
        self.refused.tell(self.emit)
        return wait

    def found(self, device):
        """The search found a device that meters something, or one that it knows announced itself."""
        self._emit_meter(device)
        if not device.bound:
            if not self.guard.candidate(device, self._now):
                return
            self._emit_meter(device)
        if device.fuel not in self.meters:
            on_demand.load(_ASSEMBLY).add(self, device)
            on_demand.drop(_ASSEMBLY)
        self.pollers[device.fuel].begin(self._now)
        self.guard.bind(device, self._now)

    def told_time(self, utc):
        """The clock was set to Zigbee UTC `utc`; None: the time cannot be had."""
        if utc is None:
            self.emit("error", what="no time from the trust centre", where="time")
        else:
            self.emit("time", utc=utc)
        self.director.changed = True

    def reported(self, device, payload, now):
        """A bound meter reported attributes. Raises wire.Malformed."""
        meter = self.meters.get(device.fuel)
        if meter:
            meter.attributes(payload, False, now)
        else:  # still being asked what it is
            self.refused.count("stranger")

    def heard(self, device, indication, sequence, command, payload, now, asked):
        """A bound meter published what is no change; the status of our answer, or None. Raises wire.Malformed."""
        meter = self.meters.get(device.fuel)
        if meter is None:  # still being asked what it is
            self.refused.count("stranger")
            return None
        meter.answers(now)
        publications = on_demand.load("ihd.home.publications")
        on_demand.drop(*publications.WITH)
        return publications.hear(meter, self, indication, sequence, command, payload, self.clock.utc(now), asked)

    def fact(self, meter, what, value, unit):
        """Tell what was learnt; while the meter's gate is closed, only what is so at this moment."""
        if what == "power" or meter.gate is None:
            device = meter.device
            self.emit("fact", meter=device.name, fuel=device.fuel, what=what, value=value, unit=unit)
        self.director.changed = True

    def link(self, meter):
        """A meter fell silent, or is heard again."""
        self._emit_meter(meter.device)
        if meter.lost:
            self.network.hurry(self._now)
        else:
            self.guard.ask(meter.device.number, self._now)

    def make_room(self):
        """A hearing takes much memory; and after what it may order, what was asked for in part is asked for again."""
        for poller in self.pollers.values():
            poller.make_room(self._now)

    def gate_closing(self, number):
        """A gate closes: what the panel shows is overwritten before anything else happens."""
        self.director.overwrite(self._now)
        self.pollers[NUMBERS[number]].backfill.stop()

    def gate_opened(self, number):
        """A gate opened: look at the meter anew, and for what the history lacks."""
        poller = self.pollers[NUMBERS[number]]
        poller.dialogue.hurry(self._now)
        poller.refill(self._now)
        self.director.changed = True

    def released(self, device):
        """`device` is bound no more; if it is found again, it is a meter like any other."""
        fuel = device.fuel
        self.keepers.dismiss(self.meters.pop(fuel))
        self.pollers.pop(fuel).stop()
        self.directory.devices.remove(device)
        device.bound = False
        self._emit_meter(device)
        self.network.hurry(self._now)

    def _remove_settings(self):
        self._resetting = False
        try:
            if self._unset:
                self._unset()
        except OSError:
            self.emit("error", what="the settings cannot be removed", where="settings.json")

    def _dialogues(self):
        yield self.timekeeper.dialogue
        yield self.network.dialogue
        for watch in self.guard.watches.values():
            yield watch.dialogue
        for poller in self.pollers.values():
            yield poller.dialogue
            yield poller.backfill

    def _network_changed(self, now):
        self.director.changed = True
        if self.radio.state == radios.JOINED:
            self.emit("joined", pan=hex_text(self.radio.pan or b""))
            self.guard.rejoined(self.radio.pan is not None and self.radio.pan == self._pan)
            self._pan = self.radio.pan
            self.timekeeper.joined(now)
            self.network.joined(now)
            for fuel, poller in self.pollers.items():
                poller.begin(now)
                self.guard.ask(NUMBERS.index(fuel), now)
                if self.meters[fuel].gate is None:
                    poller.refill(now)
            return
        if self.radio.state == radios.MISSING:
            self.emit("error", what="no answer from the radio", where="xbee")
        if self.network.left():
            self.emit("left")
        self.timekeeper.left()
        for fuel, poller in self.pollers.items():
            poller.stop()
            self.meters[fuel].silent()
        for watch in self.guard.watches.values():
            self.guard.hush(watch)

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
                used, free = self.heap()
                self.emit("heap", used=used, free=free)
        return (60 - utc % 60) * 1000


def sooner(wait, other):
    """The smaller of two waits in milliseconds, of which the second may be None."""
    return wait if other is None or wait < other else other
