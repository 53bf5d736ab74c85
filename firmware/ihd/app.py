"""Wires the rooms and owns the loop.

The app does no input or output of its own: step(now) takes what the radio has, lets timers fire, draws what changed and
says when it wants to be called again.
"""

from micropython import const

from ihd import on_demand
from ihd import radio as radios
from ihd.clock import HALF_HOUR, Clock, ticks_add, ticks_diff
from ihd.display.canvas import Canvas
from ihd.han.directory import ELECTRICITY, GAS, Directory
from ihd.han.exchange import Exchange
from ihd.han.inbox import Inbox
from ihd.han.network import Network
from ihd.han.timekeeper import Timekeeper
from ihd.home.meter import Meter
from ihd.home.poller import Poller
from ihd.wire import hex_text

VERSION = "0.1.0"

_SCREENS = "ihd.display.screens."
_PANEL_RETRY_MS = const(5000)
_REFRESH_MS = const(60000)  # a panel that lost its power for a moment is dark no longer than that
_LONGEST_WAIT_MS = const(60000)


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
        self._exchange = Exchange(radio, refused)
        self._network = Network(radio, self._exchange, self.directory, refused, self._found)
        self._timekeeper = Timekeeper(self._exchange, self.clock, refused, settings["time_poll_s"], self._told_time)
        self._inbox = Inbox(
            radio, self._exchange, self.directory, self._network, self._timekeeper, refused, self._reported
        )
        self._canvas = Canvas(panel)
        self._panel = panel
        self._panel_due = None  # ticks at which a panel that does not answer is tried again
        self._panel_ready = False
        self._refreshed = 0  # ticks at which the panel was last set up
        self._screen = None  # the module of the screen shown ...
        self._screen_name = None  # ... and its name
        self._changed = True
        self._minute = None
        self._next_heap = None
        self._now = 0
        self._note = "" if flash else "NO HISTORY PARTITION"
        if not flash:
            emit("error", what="no history partition: nothing outlives a restart", where="flash")

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
        wait = _LONGEST_WAIT_MS
        for dialogue in self._dialogues():
            dialogue.step(now)
        for dialogue in self._dialogues():
            wait = sooner(wait, dialogue.wake(now))
        wait = sooner(wait, self._exchange.wake(now))
        wait = sooner(wait, radio.wake(now))
        wait = sooner(wait, self._keep_time(now))
        wait = sooner(wait, self._draw(now))
        self.refused.tell(self.emit)
        return wait

    def utc(self):
        """Zigbee UTC at the last step, None until the HAN has told it."""
        return self.clock.utc(self._now)

    def _dialogues(self):
        yield self._timekeeper.dialogue
        yield self._network.dialogue
        for poller in self._pollers.values():
            yield poller.dialogue

    def _network_changed(self, now):
        self._changed = True
        if self.radio.state == radios.JOINED:
            self.emit("joined", pan=hex_text(self.radio.pan or b""))
            self._timekeeper.joined(now)
            self._network.joined(now)
            for poller in self._pollers.values():
                poller.begin(now)
        else:
            if self.radio.state == radios.MISSING:
                self.emit("error", what="no answer from the radio", where="xbee")
            if self._network.left():
                self.emit("left")
            self._timekeeper.left()
            for fuel, poller in self._pollers.items():
                poller.dialogue.stop()
                self.meters[fuel].silent()

    def _found(self, device):
        """The search found a device that meters something, or one that it knows announced itself."""
        self._emit_meter(device)
        if not device.bound:
            return
        if device.fuel not in self.meters:
            meter = Meter(device, self.clock, self.refused, self._fact, self._link)
            period = self._settings["electricity_poll_s" if device.fuel == ELECTRICITY else "gas_poll_s"]
            self.meters[device.fuel] = meter
            self._pollers[device.fuel] = Poller(meter, self._exchange, self.clock, self.refused, period)
        self._pollers[device.fuel].begin(self._now)

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
        self._changed = True

    def _told_time(self, utc):
        if utc is None:
            self.emit("error", what="no time from the trust centre", where="time")
        else:
            self.emit("time", utc=utc)
        self._changed = True

    def _reported(self, device, payload, now):
        self.meters[device.fuel].attributes(payload, False, now)

    def _fact(self, meter, what, value, unit):
        device = meter.device
        self.emit("fact", meter=device.name, fuel=device.fuel, what=what, value=value, unit=unit)
        self._changed = True

    def _link(self, meter):
        self._emit_meter(meter.device)
        if meter.lost:
            self._network.hurry(self._now)

    def _keep_time(self, now):
        """Notice a new minute, and tell of the heap every half-hour; milliseconds until the next minute."""
        utc = self.clock.utc(now)
        if utc is None:
            return None
        if self._minute != utc // 60:
            self._minute = utc // 60
            self._changed = True
            if self._next_heap is None or self._minute >= self._next_heap:
                self._next_heap = (utc // HALF_HOUR + 1) * (HALF_HOUR // 60)
                used, free = self._heap()
                self.emit("heap", used=used, free=free)
        return (60 - utc % 60) * 1000

    def _draw(self, now):
        """Show what changed; milliseconds until the panel is to be set up again."""
        left = _REFRESH_MS - ticks_diff(now, self._refreshed)
        if not self._changed and self._panel_ready and left > 0:
            return left
        if self._panel_due is not None and ticks_diff(now, self._panel_due) < 0:
            return ticks_diff(self._panel_due, now)
        try:
            if not self._panel_ready:
                self._panel.start()
                self._panel_ready = True
                self._panel_due = None
                self._canvas.clear()
                if self._screen_name:
                    self.emit("screen", name=self._screen_name)
                self._refreshed = now
            elif ticks_diff(now, self._refreshed) >= _REFRESH_MS:
                self._panel.refresh()
                self._canvas.forget()
                self._refreshed = now
            self._show()
            self._changed = False
            return _REFRESH_MS
        except OSError:
            if self._panel_due is None:
                self.emit("error", what="no answer from the panel", where="panel")
            self._panel_ready = False
            self._panel_due = ticks_add(now, _PANEL_RETRY_MS)
            return _PANEL_RETRY_MS

    def _show(self):
        electricity = self.meters.get(ELECTRICITY)
        gas = self.meters.get(GAS)
        utc = self.utc()
        name = "searching" if utc is None or not self.meters else "now"
        if self._screen_name != name:
            self._load(name)
        if name == "searching":
            self._screen.draw(self._canvas, self.radio.state, utc is not None, electricity, gas, self._note)
        else:
            state = self.radio.state
            note = "NO RADIO" if state == radios.MISSING else self._note if state == radios.JOINED else "NO NETWORK"
            self._screen.draw(self._canvas, electricity, gas, utc, note)

    def _load(self, name):
        """Have one screen's module in memory, drop that of the screen before; costs about 1.4 KiB a screen."""
        self._screen = None
        if self._screen_name:
            on_demand.drop(_SCREENS + self._screen_name)
        self._screen = on_demand.load(_SCREENS + name)
        self._screen_name = name
        self._canvas.clear()
        self.emit("screen", name=name)


def sooner(wait, other):
    """The smaller of two waits in milliseconds, of which the second may be None."""
    return wait if other is None or wait < other else other
