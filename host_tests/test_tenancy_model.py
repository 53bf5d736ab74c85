"""Random lives of a display, and what the tenancy design says of them: the page's sections 2 and 3 as a model.

STEPS in the environment says how many steps a long run takes at least; SEED where it begins, SMALLEST=1 looks for the
smallest example of what it finds.
"""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tenancy_home import HALF_HOUR, NEVER, SILENT, TIME_POLL_S, Home, PowerCut, supplier, tenancy

from ihd import on_demand

DROP = on_demand.drop
SHORT = 400  # steps of the run that is a part of every test run
A_LIFE = 40  # steps
STRANGE = {  # what is other with a publication, and how it is answered: (status, secured)
    "unsecured": ({"secured": False}, (1, False)),
    "unknown whether secured": ({"secured": None}, (1, False)),
    "to all": ({"broadcast": True}, None),
    "endpoint": ({"source_endpoint": 0x77}, (0, True)),
    "stranger": ({"source": bytes(8)}, (0, True)),
    "torn": ({}, (0x80, True)),
}
meters = st.sampled_from((0, 0, 0, 1))
kinds = st.sampled_from((0, 0, 1))
ids = st.integers(1, 6)
providers = st.sampled_from((0, 0, 0, 7))
controls = st.sampled_from((0x200, 0x200, 0, 0x1800, 0x400, 0x80000000, 0xFFFFFFFF))
offsets = st.sampled_from((-40 * HALF_HOUR, -9 * HALF_HOUR - 300, -3000, -1, 0, 1, 40, 400, 5000, 40 * HALF_HOUR))
whens = st.tuples(st.sampled_from(("now", "now", "floor")), st.sampled_from((-9000, -300, -1, 0, 1, 500, 4000, 20_000)))
statuses = st.sampled_from((0x8B, 0x8B, 0x81, 0x82, 0x83, 0x84, 0xC3, 0x01, 0x7E, SILENT, b"\0" * 9))


class Life(RuleBasedStateMachine):
    """One home."""

    steps = 0

    def __init__(self):
        super().__init__()
        self.home = Home()

    def step_done(self):
        """Come to rest, and compare."""
        Life.steps += 1
        self.home.rest()

    def time_of(self, time):
        """A time as World has it: an offset from now, or what is no time."""
        return time if time in ("now", "cancel") else max(1, self.home.now + time)

    def payload(self, kind, time, event_id, provider, control, current):
        """A publication."""
        time = {"now": 0, "cancel": NEVER}.get(time) if isinstance(time, str) else max(1, self.home.now + time)
        if kind:
            return supplier(time, event_id, control, current, provider)
        return tenancy(time, event_id, control, provider)

    @initialize(known=st.booleans(), old=st.booleans(), attribute=st.booleans(), logs=st.booleans())
    def begin(self, known, old, attribute, logs):
        """Meters that may have an old change to tell, and a log of their own; the time may not be known yet."""
        home = self.home
        if logs:
            home.electricity.log = home.gas.log = lambda half_hour: 0x700000 + half_hour % 4096
        home.knows_time = known
        if old:
            home.electricity.gets[0] = tenancy(home.now - 50 * HALF_HOUR, 1)
        if attribute:
            home.gas.attributes[0x0200] = home.now - 60 * HALF_HOUR
        home.start()
        home.run(60)
        self.step_done()

    @rule(
        number=meters,
        kind=kinds,
        time=st.one_of(offsets, st.sampled_from(("now", "now", "cancel", "cancel"))),
        event_id=ids,
        provider=providers,
        control=controls,
        current=providers,
        way=st.sampled_from(("unasked", "quiet", "asked")),
    )
    def publishes(self, number, kind, time, event_id, provider, control, current, way):
        """Unasked, or from now on in answer to the GET."""
        payload = self.payload(kind, time, event_id, provider, control, current)
        if way == "asked":
            self.home.both[number].gets[kind] = payload
        else:
            self.home.say(number, payload, kind, control=0x19 if way == "quiet" else 0x09)
        self.step_done()

    @rule(number=meters, kind=kinds, status=statuses)
    def has_nothing_to_publish(self, number, kind, status):
        """Or cannot."""
        self.home.both[number].gets[kind] = status
        self.step_done()

    @rule(
        number=meters,
        kind=kinds,
        time=st.one_of(st.sampled_from((None, None, "zero", "unsupported")), offsets),
        control=controls,
    )
    def attributes(self, number, kind, time, control):
        """They have a time, or none, or are not there."""
        first = 0x0112 if kind else 0x0200
        attributes = self.home.both[number].attributes
        attributes.pop(first, None), attributes.pop(first + 1, None)
        if time != "unsupported":
            time = 0 if time == "zero" else time and max(1, self.home.now + time)
            attributes.update({first: time, first + 1: control, 0x0110: 5})
        self.step_done()

    @rule(
        which=st.integers(0, 11),
        way=st.sampled_from(("cancel", "again", "now", "other", "attribute", "other attribute", "smaller")),
        got=st.booleans(),
        when=whens,
        provider=providers,
    )
    def follows(self, which, way, got, when, provider):
        """Something is told of an event that is pending, or was applied last."""
        told = [(meter, event) for meter in self.home.models[0].meters for event in meter.pending + meter.applied]
        told = [(meter, event) for meter, event in told if event]
        if told:
            meter, event = told[which % len(told)]
            time = {"again": event.time, "attribute": event.time, "now": 0, "cancel": NEVER}.get(way)
            time = self.moment(meter, when) if time is None else time
            event_id = max(1, (event.id or event.highest) - (way == "smaller"))
            if way == "again":
                provider = event.provider
            self.tell(meter.number, event.kind, time, event_id, event.control or 0x600, provider, got, "attr" in way)

    @rule(number=meters, kind=kinds, when=whens, got=st.booleans(), more=st.integers(0, 2))
    def another(self, number, kind, when, got, more):
        """A change with a later id than all before."""
        meter = self.home.models[0].meters[number]
        highest = max([event.highest for event in (meter.pending[kind], meter.applied[kind]) if event] + [0])
        self.tell(number, kind, self.moment(meter, when), highest + more, 0x600, 0, got, False)

    def moment(self, meter, when):
        """The time of a word of `whens`."""
        near, seconds = when
        return max(1, (meter.floor if near == "floor" and meter.floor < NEVER else self.home.now) + seconds)

    def tell(self, number, kind, time, event_id, control, provider, got, by_attribute):
        """By attribute, in answer to the GET, or unasked."""
        payload = supplier(time, event_id, control, 3, provider) if kind else tenancy(time, event_id, control, provider)
        if by_attribute:
            self.home.both[number].attributes[0x0112 if kind else 0x0200] = time
        elif got:
            self.home.both[number].gets[kind] = payload
        else:
            self.home.say(number, payload, kind)
        self.step_done()

    @rule(
        number=meters,
        silent=st.sampled_from((False, False, True)),
        secured=st.sampled_from((True, True, True, False)),
        refusal=st.sampled_from((None, None, None, 0x7E, 0x01, SILENT)),
    )
    def reach(self, number, silent, secured, refusal):
        """A meter falls silent, or loses its key, or refuses its attributes, or is back."""
        self.home.both[number].silent = silent
        self.home.both[number].secured = secured
        self.home.refuses[number] = refusal
        self.step_done()

    @rule(number=meters, kind=kinds, time=offsets, way=st.sampled_from(sorted(STRANGE)))
    def strange(self, number, kind, time, way):
        """What looks like a publication, and is none that counts."""
        other, answer = STRANGE[way]
        payload = self.payload(kind, time, 9, 0, 0x600, 0)
        meter = self.home.both[number]
        bound = self.home.models[0].meters[number].bound
        if way in ("torn", "endpoint") and not bound:
            answer = 0, True  # a stranger's
        given = self.home.publish(meter, payload[:16] if way == "torn" else payload, kind, **other)
        assert given == answer, (way, given)
        self.step_done()

    @rule(confirmed=st.sampled_from((True, False, False, False)))
    def moved_in(self, confirmed):
        """The occupant says so."""
        if confirmed:
            self.home.move_in()
            self.step_done()

    @rule(seconds=st.sampled_from((1, 40, 100, 400, 700, 700, 1800, 4000)))
    def wait(self, seconds):
        """Time passes."""
        self.home.run(seconds)
        self.step_done()

    @rule(
        seconds=st.sampled_from((0, 0, 50, 70, 3000, 40 * HALF_HOUR)), known=st.sampled_from((True, True, True, False))
    )
    def clock(self, seconds, known):
        """HAN time jumps ahead; those who start now may not be told it."""
        self.home.knows_time = known
        self.home.utc += seconds
        self.home.run(TIME_POLL_S + 5)
        self.step_done()

    @rule(number=meters, half_hours=st.integers(1, 60))
    def live(self, number, half_hours):
        """Usage is recorded."""
        if self.home.open[number]:
            self.home.live(number, half_hours)
            self.step_done()

    @rule(off=st.sampled_from((0, 0, 30, 6000, 41 * HALF_HOUR)))
    def restart(self, off):
        """The power is off for so many seconds."""
        self.home.cut()
        self.home.run(off)
        self.home.start()
        self.step_done()

    @rule(
        number=meters,
        kind=kinds,
        time=st.sampled_from((-9 * HALF_HOUR - 300, -1, 0, 400)),
        event_id=ids,
        operations=st.integers(0, 45),
        how=st.integers(0, 5),
        again=st.one_of(st.none(), st.integers(0, 30)),
    )
    def power_fails(self, number, kind, time, event_id, operations, how, again):
        """While a change is taken in, and perhaps once more in the start after it."""
        home = self.home
        home.flash.cut_after(operations, how)
        try:
            home.say(number, self.payload(kind, time, event_id, 0, 0x600, 0), kind)
            home.run(30)
            home.flash.cut_after(None, None)
            home.cut()
            home.past.append(home.models)
        except PowerCut:
            home.lose_power()
        try:
            if again is not None:
                home.flash.cut_after(again, how)
            home.start()
            home.run(5)
        except PowerCut:
            home.lose_power()
            home.start()
        home.flash.cut_after(None, None)
        self.step_done()


def live_through(steps, first_seed, smallest=False):
    """Let homes live for so many steps at least."""
    phases = (Phase.generate, Phase.shrink) if smallest else (Phase.generate,)
    chosen = settings(
        max_examples=max(1, min(steps, 2000) // A_LIFE),
        stateful_step_count=A_LIFE,
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    Life.steps = 0
    kept, on_demand.drop = set(), lambda *names: kept.update(names)  # or most of the time goes into imports
    try:
        while Life.steps < steps:
            run_state_machine_as_test(seed(first_seed)(Life), settings=chosen)
            first_seed += 1
            print(f"{Life.steps} steps", flush=True)
    finally:
        on_demand.drop = DROP
        DROP(*kept)


def test_a_display_lives_as_the_page_says():
    steps = int(os.environ.get("STEPS", SHORT))
    live_through(steps, int(os.environ.get("SEED", "1")), "SMALLEST" in os.environ)
