"""A home whose air is overheard: the whole app in portable/world.py, and beside it every Model that may be true."""

import sys
from pathlib import Path

from tenancy_asking import Model
from tenancy_model import HALF_HOUR, NEVER, TENANCY, Disagreement, Event, genuine

from tools.image import SECTOR, Image, is_valid

sys.path.append(str(Path(__file__).parent / "portable"))

from flash import PowerCut
from tenants import value
from world import SILENT, World, supplier, tenancy

POLL_S, STALE_S, TIME_POLL_S = 600, 3600, 60
SOURCES = ("command", "attribute", "unsolicited", "user", "home", "reset")
UNITS = ("kWh", "m³")  # of what is remembered of either fuel, on the Now screen
MOST_MODELS = 200
REST_S = 400  # within which a display comes to rest


def event_of(kind, source, payload):
    """The Event in the payload of a publication."""
    numbers = [int.from_bytes(payload[at : at + 4], "little") for at in (0, 4, 9, 13, 17)]
    provider, event_id, time, control, _ = numbers
    if kind == TENANCY:
        return Event(kind, source, time, event_id, provider, control, True, event_id)
    current, event_id, proposed, time, control = numbers
    real = genuine(time, control, current, proposed)
    return Event(kind, source, time, event_id, proposed, control, real, event_id)


class Home(World):
    """refuses: by meter name, what it answers when its attributes are read instead of them: a status, SILENT or None.

    models: all that agree with what was seen. Raises Disagreement when none is left.
    """

    def __init__(self, flash=None):
        super().__init__(
            flash,
            electricity_poll_s=300,
            gas_poll_s=7200,
            tenancy_poll_s=POLL_S,
            tenancy_stale_s=STALE_S,
            time_poll_s=TIME_POLL_S,
        )
        self.both = (self.electricity, self.gas)
        self.refuses = [None, None]
        self.models = [Model(POLL_S, STALE_S)]
        self.past = []  # the models at each moment since the last rest
        self.open = [False, False]  # the gates, by their events
        self.states = [None, None]
        self.forgetting = [0, 0]
        self.kept = [{}, {}]  # {half-hour: value} that could be read at the last rest
        self.receipts = [0, 0]
        self.heard_of = [0, 0]  # receipts, since the start

    # what the models are told

    def tell(self, act, *what):
        """Each model hears of it; what they have in common is said once."""
        found, refusal = {}, None
        for model in self.models:
            try:
                for each in model.all_of(act, *what):
                    found.setdefault(repr(key(each)), each)
            except Disagreement as one:
                refusal = one
        if not found:
            raise refusal
        self.models = list(found.values())
        if len(self.models) > MOST_MODELS:
            raise Disagreement("too many ways to read the page")
        self.past.append(self.models)

    def agree(self, what, seen, expected):
        """Keep the models of which expected(model) allows what was seen."""
        agreeing = [model for model in self.models if expected(model)]
        if not agreeing:
            raise Disagreement(f"{what}: seen {seen!r}; the page: {[brief(model, self.ms) for model in self.models]}")
        self.models = agreeing

    # the air

    def _hear(self, sent):
        _, _, cluster, profile, _, _, payload, _ = sent
        question = profile and payload[0] & 3 != 0 or payload[2] == 0
        if profile and cluster == 0x000A and self.knows_time:
            self.tell("told_time", self.ms, self.now)
        if profile and cluster == 0x0708 and question:
            self._overhear(sent[0], payload)
        super()._hear(sent)

    def _overhear(self, address, payload):
        number = [meter.address for meter in self.both].index(address)
        meter = self.both[number]
        believed = meter.secured and not meter.silent
        if payload[0] & 1:
            if payload[2] not in meter.gets:
                return None  # names and numbers change nothing
            kind, told = payload[2], meter.gets[payload[2]]
            if not believed or told == SILENT:
                told = None
            elif not isinstance(told, int):
                told = event_of(kind, "command", told) if len(told) >= 17 + 6 * kind else None
            return self.tell("heard", self.ms, number, "get", kind, told)
        first = int.from_bytes(payload[3:5], "little")
        if first in (0x0101, 0x0400):  # names and thresholds change nothing
            return None
        question = "read" if first in (0x0200, 0x0112) else "provider"
        kind = 0 if first == 0x0200 else 1
        answer = None
        if believed and self.refuses[number] != SILENT:
            status = self.refuses[number] or (0 if first in meter.attributes else 0x86)
            time = meter.attributes.get(first) if status == 0 else None
            control = meter.attributes.get(first + 1) if status == 0 else None
            answer = time, status, control
        return self.tell("heard", self.ms, number, question, kind, answer)

    def _zcl(self, meter, cluster, payload):
        refusal = self.refuses[self.both.index(meter)]
        if cluster == 0x0708 and not payload[0] & 1 and refusal is not None:
            if refusal == SILENT:
                return None
            wanted = [payload[at : at + 2] for at in range(3, len(payload), 2)]
            return bytes((0x18, payload[1], 1)) + b"".join([each + bytes((refusal,)) for each in wanted])
        return super()._zcl(meter, cluster, payload)

    # what is seen

    def _emit(self, event, **fields):
        super()._emit(event, **fields)
        names = [meter.name for meter in self.both]
        number = names.index(fields["meter"]) if fields.get("meter") in names else None
        if event == "meter" and fields["bound"]:
            self.tell("bind", self.ms, number)
        elif event == "gate":
            self.open[number] = fields["open"]
            if fields["open"]:
                self.agree(f"gate {number}", "open", lambda model: model.may_open(number, self.ms))
        elif event == "fact" and fields["what"] != "power" and not self.open[number]:
            raise Disagreement(f"told behind a closed gate: {fields}")
        elif event == "tenancy" and fields["kind"] == "tenancy":
            self.states[number] = fields["state"]
        elif event == "rewind":
            self.forgetting[number] += 1 if fields["phase"] == "begin" else -1
            if self.open[number]:
                raise Disagreement(f"forgets behind an open gate: {fields}")
        elif event == "screen" and fields["name"] == "now" and not self.open[self.shown()]:
            raise Disagreement("what is remembered is shown behind a closed gate")

    def _text(self, x, y, w, left, right="", face=None, inverse=False):
        for number, unit in enumerate(UNITS):
            known = any(character.isdigit() for character in left)
            if unit in left and known and not self.open[number]:
                raise Disagreement(f"shown behind a closed gate: {left} {right}")

    def _bars(self, x, y, w, h, values):
        if not self.open[0] and any(values):
            raise Disagreement("half-hours are shown behind a closed gate")

    def shown(self):
        """The number of the meter whose gate decides what is shown."""
        return 0 if self.app.electricity else 1

    # what happens

    def start(self):
        """Power on."""
        self.open, self.states, self.forgetting = [False, False], [None, None], [0, 0]
        self.flash.restart()
        self.tell("start", self.ms)
        self.boot()
        canvas = self.app.director._canvas  # words instead of pixels: other tests look at pictures
        canvas.text, canvas.bars = self._text, self._bars

    def lose_power(self):
        """The power went in an operation: what was decided since the last rest may be lost from some moment on."""
        self.flash.cut_after(None, None)
        self.cut()
        found = {repr(key(model)): model for models in self.past for model in models}
        self.models = list(found.values())
        self.past = [self.models]

    def say(self, number, payload, kind=0, **other):
        """The meter publishes; our answer is as the page says."""
        meter = self.both[number]
        event = event_of(kind, "unsolicited", payload)
        self.tell("published", self.ms, number, event)
        answer = self.publish(meter, payload, kind, **other)
        quiet = other.get("control", 0x09) & 0x10

        def fits(model):
            status = {"unmatched": 0x8B, "later": 1}.get(model.verdict, 0) if model.meters[number].bound else 0
            return answer == (None if quiet and not status else (status, True))

        self.agree(f"answer to {event}", answer, fits)
        for model in self.models:
            model.verdict = None

    def move_in(self):
        """The occupant says that they have moved in."""
        self.step()
        self.tell("moved_in", self.ms)
        self.app.moved_in()
        self.step()

    def rest(self):
        """Run until nothing is under way, then compare all that can be seen."""
        for _ in range(REST_S):
            self.run(1)
            self.tell("pass_time", self.ms)
            quiet = all(model.quiet_at(number, self.ms) for model in self.models for number in (0, 1))
            if quiet and not any(self.forgetting) and not self.radio.queue:
                break
        else:
            raise Disagreement(f"comes to no rest: {[brief(model, self.ms) for model in self.models]}")
        self.tell("rest", self.ms)
        self.compare()
        self.past = [self.models]

    def compare(self):
        """All that can be seen, with all that the models say."""
        numbers = sorted(self.flash.sectors)
        last = max([83, *numbers])
        image = Image(b"".join([self.flash.octets(n * SECTOR, SECTOR) for n in range(last + 1)]))
        journal = image.journal
        if journal.open_intents():
            raise Disagreement(f"unfinished at rest: {journal.open_intents()}")
        floors = journal.floors()
        events = {state: {(e.meter, e.kind): seen(e) for e in journal.events() if e.state == state} for state in STATES}
        receipts = [(r.meter, r.kind, SOURCES[r.source], r.event_id, r.floor) for r in journal.receipts()]
        if not all(receipt.verified for receipt in journal.receipts()):
            raise Disagreement("a receipt is not verified")
        for number in (0, 1):
            mine = [floors.get((number, scope), 0) for scope in (1, 2)]
            self.agree(f"floors {number}", mine, lambda m, n=number, f=mine: f == [m.meters[n].floor] * 2)
            for kind in (0, 1):
                for state in STATES:
                    found = events[state].get((number, kind))
                    expected = lambda m, n=number, k=kind, s=state, f=found: f == seen(getattr(m.meters[n], s)[k])  # noqa: E731
                    self.agree(f"{state} {number} {kind}", found, expected)
            mine = [receipt for receipt in receipts if receipt[0] == number]
            self.agree(f"receipts {number}", mine, lambda m, n=number, f=mine: tail(m.meters[n].receipts, f))
            self.agree(
                f"gate {number}",
                self.open[number],
                lambda m, n=number: not m.meters[n].bound or m.gate(n, self.ms) in (None, self.open[n]),
            )
            if self.models[0].meters[number].bound:
                state = self.states[number]
                self.agree(f"state {number}", state, lambda m, n=number, s=state: s in m.states(n, self.ms))
            self._compare_half_hours(image, number)

    def _compare_half_hours(self, image, number):
        """Nothing from before the floor stands anywhere; nothing since is lost."""
        first = self.models[0].first_kept(number)
        found = {}
        for sector in image.rings():
            if sector.meter == number:
                if sector.before(first):
                    raise Disagreement(f"before the floor {first} of {number}: {sector.before(first)[:3]}")
                if sector.series == number:
                    words = enumerate(sector.words, sector.first)
                    found |= {half_hour: word & 0xFFFFFF for half_hour, word in words if is_valid(word)}
        count = len(self.models[0].meters[number].receipts)
        present = self.present() if count != self.receipts[number] else None
        for half_hour, kept in self.kept[number].items():
            if half_hour >= first and (present is None or half_hour < present) and found.get(half_hour) != kept:
                raise Disagreement(f"lost: half-hour {half_hour} of {number}, {first=}, {found.get(half_hour)}")
        self.kept[number], self.receipts[number] = found, count

    def present(self):
        """The half-hour in progress, as the display may know it; 0 while it cannot."""
        return min([0 if model.clock is None else model.utc(self.ms) // HALF_HOUR for model in self.models])

    def live(self, number, half_hours):
        """The history takes the last half-hours of a meter, as far as it may."""
        first = max([model.first_kept(number) for model in self.models])
        for half_hour in range(max(first, self.present() - half_hours), self.present()):
            if half_hour not in self.kept[number]:
                while not self.app.history.append(number, half_hour, value(number, half_hour)):
                    pass
                self.kept[number][half_hour] = value(number, half_hour)


STATES = ("pending", "applied")


def seen(event):
    """What is compared of an event, as the image or a model has it."""
    if event is None:
        return None
    if hasattr(event, "event_id"):
        return SOURCES[event.source], event.time, event.event_id
    return event.source, event.time, event.id


def tail(receipts, found):
    """Whether `found` are the last of these Receipts; the journal keeps 16 of both meters."""
    return [tuple(receipt) for receipt in receipts][-len(found) or len(receipts) :] == found


def key(model):
    """What makes one model another."""
    told = dict(vars(model), meters=[sorted(vars(meter).items()) for meter in model.meters])
    for items in told["meters"]:
        items[:] = [(name, vars(what) if name == "enquiry" and what else what) for name, what in items]
    return sorted((name, what) for name, what in told.items())


def brief(model, ms):
    """A model for people."""
    return [
        {
            "floor": meter.floor,
            "pending": meter.pending,
            "applied": meter.applied,
            "receipts": meter.receipts[-3:],
            "gate": model.gate(meter.number, ms),
            "states": model.states(meter.number, ms),
            "enquiry": meter.enquiry and vars(meter.enquiry),
            "utc": model.utc(ms),
        }
        for meter in model.meters
    ]


__all__ = ["NEVER", "SILENT", "Home", "PowerCut", "supplier", "tenancy"]
