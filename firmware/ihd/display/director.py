"""Chooses the screen and keeps the panel fed; forgets both when a gate closes."""

from micropython import const

from ihd import on_demand
from ihd.clock import ticks_add, ticks_diff
from ihd.display.canvas import Canvas

_SCREENS = "ihd.display.screens."
_WALK = "ihd.display.walk"
_RETRY_MS = const(5000)
_REFRESH_MS = const(60000)  # a panel that lost its power for a moment is dark no longer than that
_FRESH_MS = const(600000)

# see walk.py: a screen, and of those of a fuel which
_PLACES = (("", None), ("usage", 0), ("usage", 1), ("usage", 2), ("past", 0), ("past", 1), ("tariff", 0)) + (
    ("tariff", 1),
    ("account", 0),
    ("account", 1),
    ("messages", None),
    ("status", None),
    ("links", None),
    ("device", None),
    ("factory_reset", None),
    ("moved_in", None),
)
_LAST_LEFT = const(10)  # what tells of a past only gives way when a gate closes ...
_LAST_PRIVATE = const(12)  # ... and what says why stays, without it
_QUESTIONS = const(14)


class Director:
    """Owns the canvas; is the keeper of it and of the panel's own memory.

    panel: a Panel. emit(event, **fields): told of every `screen`, and once of a panel that does not answer.
    changed: to be set by whoever changes what a screen shows.

    The `home` that is drawn has: radio (state), utc (Zigbee UTC or None), local (LocalClock), note (what is missing),
    electricity and gas (a meter with gate: None or why it is closed, or None), fresh (None or a receipt: fuel, since,
    number, slots, sectors, kind), recovering (nothing may be drawn), moved_in(), factory_reset() and
    confirm() (the occupant did so); and what the screens of the walk say that they need.
    """

    name = "panel"

    def __init__(self, panel, emit):
        self.changed = True
        self._panel = panel
        self._emit = emit
        self._canvas = Canvas(panel)
        self._ready = False
        self._retry = None  # ticks at which a panel that does not answer is tried again
        self._refreshed = 0  # ticks at which the panel was last set up
        self._now = 0
        self._screen = None  # the module of the screen shown ...
        self._screen_name = None  # ... and its name
        self._private = 0  # bit 1 << meter number: what the panel holds may tell of this meter's past
        self._place = 0  # of the walk
        self._page = 0  # of the screen there; 1 of a question: it is asked for the second time
        self._seen = False  # whether all of that stands on the panel
        self._key = None  # a key that was pressed since then
        self._receipt = None  # number of the last receipt that had the Fresh start screen ...
        self._fresh = False  # ... and whether it has it still
        self._until = None  # ticks at which a place of the walk or the Fresh start screen goes away

    def draw(self, now, home):
        """Show at ticks `now` what changed or is due; milliseconds until it wants to be called again."""
        self._now = now
        if self._key and self._turn(home):
            return 0  # what that set off goes first
        if self._ready and (self._private & ~_open(home) or home.guard.recovering and self._screen):
            self.overwrite(now)
        if self._until is not None and ticks_diff(now, self._until) >= 0:
            self._home()
        if self._retry is not None and ticks_diff(now, self._retry) < 0:
            return ticks_diff(self._retry, now)
        try:
            if not self._ready:
                self._start()
            elif ticks_diff(now, self._refreshed) >= _REFRESH_MS:
                self._panel.refresh()
                self._canvas.forget()
                self._refreshed = now
                self.changed = True
            if self.changed and not home.guard.recovering:
                self._show(home)
                self.changed = False
        except OSError:
            self._failed()
            return _RETRY_MS
        wait = _REFRESH_MS - ticks_diff(now, self._refreshed)
        return wait if self._until is None else min(wait, ticks_diff(self._until, now))

    def key(self, name, _now):
        """The key "prev", "next" or "select" was pressed: the next draw() does what it says.

        Ignored while what it answers is not on the panel.
        """
        if self._seen:
            self._seen = False
            self._key = name

    def overwrite(self, now):
        """Overwrite the panel's own memory at once, and everything that its picture was made in and of.

        A panel that does not answer still owes it: holds() says so until the panel was started again.
        """
        self._now = now
        self.changed = True
        self._drop()
        if 0 < self._place <= _LAST_LEFT:
            self._home()
        self._canvas.wipe()
        if self._ready or self._private:
            try:
                self._start()
            except OSError:
                self._failed()

    def forget(self, meter, _before, _scope):
        """The keepers' contract, tenancy.keepers; a picture is forgotten as a whole."""
        if self._private >> meter & 1:
            self.overwrite(self._now)
        return False

    def holds(self, meter, _before, _scope):
        """The keepers' contract, tenancy.keepers."""
        return bool(self._private >> meter & 1)

    def _turn(self, home):
        """Do what the key says; whether that was the last word of a question."""
        walk = on_demand.load(_WALK)
        on_demand.drop(_WALK)
        key, self._key = self._key, None
        place, page, stay_ms = walk.turn(key, self._place, self._page, self._screen_name, home)
        self._home()
        self._place = place
        self._page = page
        if place:
            self._until = ticks_add(self._now, stay_ms)
        return stay_ms == 0

    def _home(self):
        self._place = 0
        self._page = 0
        self._fresh = False
        self._until = None
        self.changed = True

    def _start(self):
        self._panel.start()
        self._canvas.clear()
        self._private = 0
        self._ready = True
        self._retry = None
        self._refreshed = self._now
        self.changed = True
        if self._screen_name:
            self._emit("screen", name=self._screen_name)

    def _failed(self):
        if self._retry is None:
            self._emit("error", what="no answer from the panel", where="panel")
        self._ready = False
        self._seen = False
        self._retry = ticks_add(self._now, _RETRY_MS)

    def _show(self, home):
        electricity, gas, utc = home.electricity, home.gas, home.utc
        name = self._choose(home, electricity or gas, utc)
        if self._screen_name != name:
            self._load(name)
        state = home.radio.state
        if name == "searching":
            what = state, utc is not None, electricity, gas, home.note
        elif self._place >= _QUESTIONS:
            what = (1 + self._page,)
        elif name == "past" or name == "account":
            what = home, _PLACES[self._place][1], self._page
        elif self._place:
            number = _PLACES[self._place][1]
            what = (home,) if number is None else (home, number)
        elif name == "fresh_start":
            what = home.guard.fresh, home.local
        else:
            note = "NO RADIO" if state == "missing" else home.note if state == "joined" else "NO NETWORK"
            what = electricity, gas, utc, note, home.local
        if name == "now" or 0 < self._place <= _LAST_PRIVATE:
            self._private |= _open(home)  # before it is drawn: a part of it may stand there when the panel fails
        self._seen = False
        self._screen.draw(self._canvas, *what)
        self._seen = True

    def _choose(self, home, meter, utc):
        """The name of the screen; meter: the one whose gate decides, or None."""
        name = _PLACES[self._place][0]
        if name == "moved_in" and meter is None:
            self._home()
        elif name:
            return name
        if meter is None or utc is None:
            return "searching"
        if meter.gate:
            return "checking"
        fresh = home.guard.fresh
        if fresh and fresh.number != self._receipt:
            self._receipt = fresh.number
            self._fresh = True
            self._until = ticks_add(self._now, _FRESH_MS)
        owner = fresh and (home.gas if fresh.fuel == "gas" else home.electricity)
        if fresh and not self._fresh:
            home.guard.fresh = fresh = None  # it has been seen
        # what was erased of a meter is told behind its gate only
        return "fresh_start" if fresh and not (owner and owner.gate) else "now"

    def _load(self, name):
        """Have one screen's module in memory, drop that of the screen before; costs about 1.4 KiB a screen."""
        self._drop()
        self._canvas.clear()
        self._private = 0
        self._screen = on_demand.load(_SCREENS + name)
        self._screen_name = name
        self._emit("screen", name=name)

    def _drop(self):
        self._seen = False
        if self._screen:
            on_demand.drop(_SCREENS + self._screen_name, *getattr(self._screen, "WITH", ()))
        self._screen = self._screen_name = None


def _open(home):
    """The meters of which remembered things may be shown, as bits 1 << meter number."""
    electricity, gas = home.electricity, home.gas
    return (electricity is not None and electricity.gate is None) | (gas is not None and gas.gate is None) << 1
