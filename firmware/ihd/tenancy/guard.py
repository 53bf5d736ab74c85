"""Stands at the door of everything remembered: holds the gates, has meters asked and changes carried out.

A gate is private until proven: it opens when the meter has answered since the start that nothing is to be forgotten.
What events mean and do is in hearing.py, which is in memory only while there is one.
"""

from micropython import const

from ihd import on_demand
from ihd.clock import HALF_HOUR, ticks_add, ticks_diff
from ihd.han.dialogue import Dialogue
from ihd.tenancy.event import USER
from ihd.tenancy.watch import (
    ASKING,
    CLEAR,
    FORGETTING,
    KIND_NAMES,
    KINDS,
    PENDING,
    REWINDING,
    SOURCES,
    TENANCY,
    UNKNOWN,
    UNREACHABLE,
    Watch,
)
from ihd.zcl import general

_OFFICE = "ihd.tenancy.office"
_HEARING = "ihd.tenancy.hearing"
_ENQUIRY = "ihd.tenancy.enquiry"
_REWIND = "ihd.tenancy.rewind"
_SET_BACK = "ihd.tenancy.set_back"
_HOMECOMING = "ihd.tenancy.homecoming"
_FAILURE = const(0x01)  # ZCL status
_RETRY_MS = const(5000)  # after a keeper or the flash failed
_TURN_MS = const(500)
_JUMP_S = const(60)  # HAN time that jumps further than this is asked about


class Guard:
    """watches: {meter number: Watch} of the bound meters. fresh: the last Receipt since the start, or None.

    home: has clock, exchange, keepers, history, meters, refused; settings (tenancy_poll_s, tenancy_stale_s,
    supplier_change, backfill_unproven); emit(event, **fields); gate_closing(number), called in the step in which a gate
    closes; gate_opened(number); released(device), called when a meter is bound no more. journal: the arguments of a
    history.journal.Journal.
    """

    def __init__(self, home, journal):
        self.home = home
        self.journal = journal
        self.emit = home.emit
        settings = home.settings
        self._poll_ms = settings["tenancy_poll_s"] * 1000
        self._stale_ms = settings["tenancy_stale_s"] * 1000
        self.queue = []  # (watch, event, scope, whether it was begun before): rewinds to carry out, the first one now
        self.timeless = [False, False]  # meters of which all was forgotten without time: their floor is still to be set
        self._running = None  # generator of what goes on step by step ...
        self._watch = None  # ... the watch whose rewind that is, None when it puts right what the clock misdated ...
        self._open = None  # ... and the office, which stays open for it
        self._failing = None  # the name of what failed last, once it was told
        self._jumped = False  # HAN time became known or jumped: what lies in its future is to be put right
        self._retry = None  # ticks at which it is tried again
        self._late = []  # devices that are to be bound once the journal can be read
        self.lowered = {}  # (meter, scope): the floor that was in the future of a clock, which may have been behind
        self._asking = None  # the watch whose enquiry is in memory: one at a time
        self._utc = None  # (Zigbee UTC, ticks) at the last step with time
        self.now = 0  # ticks of the present step
        self.watches = {}
        self.fresh = None
        self.recovering = False  # a rewind that a power cut interrupted is being finished: nothing may be drawn

    def office(self):
        """Where the journal is; for the moment, unless a rewind keeps it."""
        if self._open:
            return self._open
        module = on_demand.load(_OFFICE)
        office = module.Office(self)
        on_demand.drop(*module.WITH)
        return office

    def hearing(self):
        """Where events are judged; for the moment."""
        self.home.make_room()
        module = on_demand.load(_HEARING)
        hearing = module.Hearing(self, self.office())
        on_demand.drop(*module.WITH)
        return hearing

    def watch(self, device, joined, first):
        """A new Watch of the bound `device`; its gate is closed."""
        self.watches[device.number] = watch = Watch(device, Dialogue(self.home.exchange), joined, first)
        self.emit("gate", meter=device.name, open=False, why=ASKING.lower())
        return watch

    def bind(self, device, now):
        """`device` was found, or heard of again, and is bound: ask it."""
        self.now = now
        self.visit("bind", device)
        watch = self.watches.get(device.number)
        if watch:
            self.tell(watch)
            self.ask(device.number, now)
        elif device not in self._late:
            self._late.append(device)

    def candidate(self, device, now):
        """`device`, not bound, answered with its key: whether it is bound now, as another hub's gas meter."""
        self.now = now
        module = on_demand.load(_HOMECOMING)
        on_demand.drop(*module.WITH)
        return module.judge(self, device)

    def rejoined(self, same):
        """The radio is on a network; same: the one before. On another each meter is to answer before its gate opens."""
        for watch in self.watches.values():
            if not same:
                watch.answered = None
                watch.vouched = False
            if watch.answered is None or watch.outcomes[TENANCY] == UNREACHABLE:
                watch.outcomes[TENANCY] = UNKNOWN

    def ask(self, number, now):
        """Begin the enquiry of a bound meter, unless it is under way."""
        watch = self.watches.get(number)
        if watch and self._asking is not watch:
            self.hush(watch)
            watch.dialogue.begin(self._enquiries(watch), now)

    def hush(self, watch):
        """Ask the meter of `watch` no more."""
        watch.dialogue.stop()
        if self._asking is watch:
            self._asking = None

    def published(self, device, kind, payload, now):
        """Judge what a bound meter published unasked; returns the ZCL status for it. Raises wire.Malformed."""
        self.now = now
        watch = self.watches.get(device.number)
        if watch is None:  # still being asked what it is
            self.home.refused.count("stranger")
            return general.SUCCESS
        status = self.visit("published", watch, kind, payload)
        self.tell(watch)
        return _FAILURE if status is None else status  # it may publish it again

    def moved_in(self, now, reset=False):
        """The occupant's own word: forget everything until now, of every bound meter, and open their gates.

        reset: also their bindings.
        """
        self.now = now
        user = on_demand.load("ihd.tenancy.user")
        on_demand.drop(*user.WITH)
        user.moved_in(self, reset)

    def earliest(self, number):
        """Zigbee UTC before which nothing may be taken from this meter's own log; None while nothing may be."""
        watch = self.watches.get(number)
        if watch is None or watch.closed:
            return None
        history = self.home.history
        floor = history.floor(number) * HALF_HOUR
        proven = watch.applied or watch.outcomes[TENANCY] == CLEAR and watch.dues[TENANCY] is None
        proven = proven or watch.cannot_tell and self.home.settings["backfill_unproven"]
        if proven and history.durable:
            return floor
        return None if watch.joined is None else max(floor, watch.joined)

    def step(self, now):
        """Carry out what is due, one flash operation at most, and open or close the gates.

        Returns whether a rewind went on, so that the flash is busy.
        """
        self.now = now
        if self._retry is not None and ticks_diff(now, self._retry) >= 0:
            self._retry = None
        utc = self.home.clock.utc(now)
        if utc is not None:
            self._time(utc)
            for number in (0, 1):
                if self.timeless[number] and self._retry is None:
                    self.visit("set_floor", number, utc)
        if self._late and self._retry is None:
            self.bind(self._late.pop(), now)
        for watch in self.watches.values():
            for kind in KINDS:
                if watch.overdue(kind, utc) and self._retry is None:
                    self.visit("due", watch, kind)
        busy = self._go_on()
        for watch in self.watches.values():
            why = watch.why_closed(utc, now, self._stale_ms)
            if why != watch.closed:
                self.move(watch, why)
            self.tell(watch)
        return busy

    def wake(self, now):
        """Milliseconds until step has something to do, None when only others can bring it."""
        if self.queue or self._jumped:
            return 0 if self._retry is None else max(0, ticks_diff(self._retry, now))
        wake = None
        utc = self.home.clock.utc(now)
        for watch in self.watches.values():
            for due in watch.dues:
                if due is not None and utc is not None:
                    left = min(max(0, due - utc), 3600) * 1000
                    wake = left if wake is None else min(wake, left)
        return wake

    def release(self, watch):
        """The meter of `watch` is bound no more."""
        self.hush(watch)
        self.emit("gate", meter=watch.device.name, open=True, why=None)
        del self.watches[watch.number]
        self.queue[1:] = [entry for entry in self.queue[1:] if entry[0] is not watch]  # what it told is done with
        self.home.released(watch.device)

    def rewind(self, watch, event, scope, resumed=False):
        """Have `event` carried out step by step; close the gate at once, before any flash operation."""
        watch.rewinding[event.kind] += 1
        watch.sources[event.kind] = event.source
        self.recovering = self.recovering or resumed
        entry = (watch, event, scope, resumed)
        if event.source >= USER and not resumed:  # nobody can be asked for it again, so it is made durable first
            self._put_off()
            self._retry = None
            self.queue.insert(0, entry)
        else:
            self.queue.append(entry)
        self.move(watch, FORGETTING)

    def move(self, watch, why):
        """Open or close a gate."""
        was, watch.closed = watch.closed, why
        if why and not was:
            self.home.gate_closing(watch.number)
        if bool(was) != bool(why):
            self.emit("gate", meter=watch.device.name, open=not why, why=why and why.lower())
        if was and not why:
            self.home.gate_opened(watch.number)

    def tell(self, watch):
        """An event `tenancy` for each state that changed."""
        for kind in KINDS:
            state = watch.state(kind)
            due = watch.dues[kind] if state == PENDING else None
            if watch.told[kind] != (state, due):
                watch.told[kind] = (state, due)
                source = watch.sources[kind]
                acted = source is not None and state in (PENDING, CLEAR, REWINDING)
                self.emit(
                    "tenancy",
                    meter=watch.device.name,
                    endpoint=watch.device.management,
                    kind=KIND_NAMES[kind],
                    state=state,
                    source=SOURCES[source] if acted else None,
                    due=due or None,
                )

    def _time(self, utc):
        """Notice HAN time that became known, or jumped."""
        before, self._utc = self._utc, (utc, self.now)
        self.home.history.present = utc // HALF_HOUR
        if before is None:
            for watch in self.watches.values():
                if watch.joined is None:
                    watch.joined = utc
                    if not watch.first:
                        self.visit("answered", watch)
                for kind in KINDS:
                    if watch.dues[kind] == 0:
                        watch.dues[kind] = utc
                if watch.again:
                    self.ask(watch.number, self.now)
        else:
            jump = utc - before[0] - ticks_diff(self.now, before[1]) // 1000
            if abs(jump) <= _JUMP_S:
                return
            for number in self.watches:
                self.ask(number, self.now)
            if jump < 0:
                for meter in self.home.meters.values():
                    meter.set_back()
        self._jumped = True

    def _enquiries(self, watch):
        """The script of a watch's dialogue: both enquiries, again and again."""
        while True:
            pause_ms = self._poll_ms
            timed = self._utc is not None
            for kind in KINDS:
                # what goes on step by step needs the memory first
                while self._asking or (self.queue or self._jumped) and self._retry is None:
                    yield _TURN_MS
                self._asking = watch
                enquiry = on_demand.load(_ENQUIRY)
                on_demand.drop(_ENQUIRY, *enquiry.WITH)
                try:
                    outcome = yield from enquiry.enquire(self, watch, kind)
                except OSError:
                    self._unreadable()
                    outcome = UNREACHABLE
                    pause_ms = _RETRY_MS
                del enquiry  # or this generator would keep it
                self._asking = None
                watch.outcomes[kind] = outcome
                if kind == TENANCY:
                    watch.device.mute = outcome == UNREACHABLE
                if outcome != UNREACHABLE and kind == TENANCY:
                    watch.answered = watch.since = self.now = watch.dialogue.now
                    watch.spoke = True
                    watch.stale = False
                    if watch.first:
                        self.visit("answered", watch)
                self.tell(watch)
                if outcome == UNREACHABLE:
                    break
            else:
                watch.again = watch.again and not timed
            if watch.again and not timed and self._utc is not None:
                pause_ms = 0
            yield pause_ms

    def _go_on(self):
        """One step of the rewind under way, or of putting right what a clock misdated; whether there is one."""
        if not (self.queue or self._jumped) or self._retry is not None:
            return False
        failing = None
        try:
            if self._running is None:
                self._begin()
            failing = next(self._running)
        except StopIteration:
            if self._watch:
                self.queue.pop(0)
                self.recovering = self.recovering and bool(self.queue)
            else:
                self._jumped = False
            self._running = self._open = self._failing = None
        except OSError:
            self._put_off()
            failing = "flash"
        if self._watch:
            self._watch.failing = failing
        if failing:
            self._failed(failing)
            self._retry = ticks_add(self.now, _RETRY_MS)
            self.recovering = False  # it is named on the screen, with nothing remembered beside it
            others = [entry for entry in self.queue if entry[0] is not self._watch]
            if self._watch and others:  # they do not wait for it
                self._put_off()
                self.queue = others + [entry for entry in self.queue if entry[0] is self._watch]
        return True

    def _put_off(self):
        """What is under way is begun anew later: every step of it may be repeated."""
        if self._running and self._watch:
            self.queue[0] = self.queue[0][:3] + (True,)
        self._running = self._open = None

    def _failed(self, name):
        """The keeper `name` does not forget: tell of it once, and try again in a while."""
        if name != self._failing:
            self._failing = name
            what = "cannot forget: the flash refuses" if name == "flash" else "cannot forget"
            self.emit("error", what=what, where=name)

    def _begin(self):
        """Load what is to be done next; rewinds come first."""
        self._watch = None
        if self.queue:
            self._watch, event, scope, resumed = self.queue[0]
        module = on_demand.load(_REWIND if self._watch else _SET_BACK)
        self._open = self.office()  # after it, so that they share what both use
        on_demand.drop(*module.WITH)
        if self._watch:
            self._running = module.carry_out(self, self._open, self._watch, event, scope, resumed)
        else:
            self._running = module.put_right(self, self._open)

    def visit(self, errand, *what):
        """Have a hearing do one thing, the name of a method: what it returns, None when the journal cannot be read."""
        try:
            return getattr(self.hearing(), errand)(*what)
        except OSError:
            self._unreadable()
            return None

    def _unreadable(self):
        self._retry = ticks_add(self.now, _RETRY_MS)
        self.emit("error", what="the journal cannot be read", where="flash")
