"""What sections 2 and 3 of the tenancy design say, and nothing of how the firmware does it.

A Model is told what a home puts on the air, in its order, and says what must be so then. Where the page leaves a choice
it asks choose(); all_of() gives a Model for each answer, and who compares keeps those that agree with what is seen.
Times are Zigbee UTC seconds; `ms` is the milliseconds of the whole test.
"""

import copy
from collections import namedtuple

NOW = 0
NEVER = 0xFFFFFFFF
HALF_HOUR = 1800
TENANCY, SUPPLIER = 0, 1
CLEARS = sum(1 << bit for bit in (7, 8, 9, 10, 13, 14))
JUMP_S = 60
SOON_MS = 60_000  # within which a display has begun what it is to do at once
GIVEN_UP_MS = 40_000  # after a try: the longest pause is 20 s, and another question to it may take 12

# source: "command", "attribute", "unsolicited" or "user". id: None by attribute. highest: the largest id seen until it.
Event = namedtuple("Event", "kind source time id provider control genuine highest", defaults=(0, None, True, 0))
Receipt = namedtuple("Receipt", "meter kind source id floor")

# Where the firmware is known to do otherwise; to be empty.
STAYS_PENDING = "a change at or before the floor leaves pending what it supersedes"
ANSWER_FIRST = "an answer that comes in the step in which the time becomes known is judged before what is overdue"
FLOOR_BEHIND = "what is judged while a rewind is still to come does not see the floor of that"
CONCEDED = set()


class Disagreement(AssertionError):
    """What was seen is not what the page says."""


class Watched:
    """One meter. answered: ms of the last answered tenancy enquiry since the start, None without one."""

    def __init__(self, number):
        self.number = number
        self.bound = False
        self.joined = None
        self.first = True
        self.floor = 0
        self.floor_before = (0, 0)  # and the ms at which it rose
        self.pending = [None, None]
        self.applied = [None, None]
        self.receipts = []
        self.start()

    def start(self):
        """What holds since the last start only."""
        self.answered = None
        self.heard = None
        self.vouched = False
        self.outcome = ["UNKNOWN", "UNKNOWN"]
        self.enquiry = None
        self.ask_by = None  # ms
        self.wanted = False  # whether it is to be asked at once
        self.untimely = False  # whether it told what could not be judged without time, and was not asked again since
        self.timed = False  # whether the time was known when the enquiry began

    def asking(self, ms):
        """Whether an enquiry is under way."""
        enquiry = self.enquiry
        if enquiry is None or enquiry.step == "over":
            return bool(enquiry) and enquiry.kind == TENANCY
        return not enquiry.tries or ms - enquiry.tries[-1][0] < GIVEN_UP_MS

    def want(self, ms):
        """It is to be asked at once."""
        self.ask_by = ms + SOON_MS if self.ask_by is None else min(self.ask_by, ms + SOON_MS)
        self.wanted = True


class Law:
    """Two meters and the clock. poll_s, stale_s: the settings."""

    def __init__(self, poll_s, stale_s):
        self.poll_ms = poll_s * 1000
        self.stale_ms = stale_s * 1000
        self.clock = None  # (Zigbee UTC, ms at which it was told)
        self.meters = [Watched(0), Watched(1)]
        self.verdict = None  # of the last event judged
        self.acted = 0  # ms at which something fell due
        self.held_up = None  # ms of a step in which nothing is carried out
        self.choices = []  # still to be taken
        self.taken = []
        self.open_ends = []

    # the choices that the page leaves

    def choose(self, count):
        """One of `count` ways, 0 first."""
        if self.choices:
            way = self.choices.pop(0)
        else:
            way = 0
            self.open_ends += [[*self.taken, other] for other in range(1, count)]
        self.taken.append(way)
        return way

    def all_of(self, act, *what):
        """The Models that self may be after `act`, the name of a method."""
        found, ways = [], [[]]
        while ways:
            model = copy.deepcopy(self)
            model.choices, model.taken, model.open_ends = list(ways.pop()), [], []
            getattr(model, act)(*what)
            ways += model.open_ends
            model.taken = model.open_ends = []
            found.append(model)
        return found

    # time

    def utc(self, ms):
        """Zigbee UTC, None while it is not known."""
        return None if self.clock is None else self.clock[0] + (ms - self.clock[1]) // 1000

    def told_time(self, ms, utc):
        """The trust centre said what time it is."""
        self.pass_time(ms)
        before = self.utc(ms)
        self.clock = utc, ms
        for meter in self.meters:
            if before is None and meter.bound and meter.joined is None:
                meter.joined = utc
            if meter.floor == NEVER:  # everything was forgotten before the time was known
                meter.floor = utc
            jumped = before is not None and abs(utc - before) > JUMP_S
            if jumped and meter.bound and not meter.asking(ms):
                meter.want(ms)
            if before is None and meter.untimely:
                meter.want(ms)
            for kind, event in enumerate(meter.pending):
                if event and event.time == NOW:  # fixed to the first time known
                    meter.pending[kind] = event._replace(time=utc)
        if before is None and ANSWER_FIRST in CONCEDED and self.overdue(utc) and self.choose(2):
            self.held_up = self.acted = ms
        self.pass_time(ms)

    def overdue(self, utc):
        """Whether anything is."""
        return any(event and event.time <= utc for meter in self.meters for event in meter.pending)

    def pass_time(self, ms):
        """Carry out what is due."""
        now = self.utc(ms)
        if now is None or ms == self.held_up:
            return
        for meter in self.meters:
            due = [event for event in meter.pending if event and event.time <= now]
            if due:
                self.acted = ms
            if len(due) == 2 and self.choose(2):  # the page has no order among them
                due.reverse()
            queued = len(due) == 2 and self.choose(2)  # whether the second was ordered before the first was done
            floor = meter.floor
            for event in due:
                self._carry_out(meter, event, floor if queued else meter.floor, ms, True)

    # starts

    def start(self, ms):
        """The power comes back."""
        self.clock = None
        for meter in self.meters:
            meter.start()
            if meter.bound:
                meter.want(ms)

    def bind(self, ms, number):
        """A meter was found."""
        meter = self.meters[number]
        if not meter.bound:
            meter.bound = True
            meter.joined = self.utc(ms)
            meter.want(ms)

    def moved_in(self, ms):
        """The occupant's own word."""
        self.pass_time(ms)
        now = self.utc(ms)
        for meter in self.meters:
            if meter.bound:
                meter.floor = NEVER if now is None else now
                meter.receipts.append(Receipt(meter.number, TENANCY, "user", None, meter.floor))
                meter.vouched = True
                if meter.answered is None:  # it is bound no more
                    meter.bound, meter.first, meter.joined = False, True, None
                    meter.pending, meter.applied = [None, None], [None, None]
                    meter.start()

    # judging (section 2)

    def published(self, ms, number, event):
        """A publication that nobody asked for was accepted."""
        self.pass_time(ms)
        if self.meters[number].bound:
            self._judge(self.meters[number], event, ms)

    def _judge(self, meter, event, ms):
        """What an event means; leaves the word for it in `verdict`."""
        self.verdict = self._verdict(meter, event, ms)

    def _verdict(self, meter, event, ms):
        now, kind = self.utc(ms), event.kind
        pending, applied = meter.pending[kind], meter.applied[kind]
        earlier = [each for each in (pending, applied) if each]
        by_attribute = event.source == "attribute"
        if event.time == NEVER and not by_attribute:
            if not pending or (pending.id, pending.provider) != (event.id, event.provider):
                return "unmatched"
            meter.pending[kind] = None
            return "cancelled"
        if kind == SUPPLIER and not event.genuine:
            return "details"
        if not by_attribute and any(event.id < each.highest for each in earlier):
            return "stale"
        if any(same(event, each) for each in earlier):
            return "same"
        event = event._replace(highest=max([event.highest] + [each.highest for each in earlier]))
        if now is None and pending:  # which may be overdue, and is not displaced
            meter.untimely = True
            return "later"
        if now is None or event.time > now:
            if by_attribute and pending and pending.id is not None:
                return "same"  # a time without an id never displaces what was announced
            meter.pending[kind] = event
            return "pending"
        if event.time == NOW:
            event = event._replace(time=now)
        self._carry_out(meter, event, meter.floor, ms, False)
        return "applied"

    def _carry_out(self, meter, event, floor, ms, was_pending):
        """An event whose time has come: the floor rises and all before it goes."""
        kind = event.kind
        before, rose = meter.floor_before
        if FLOOR_BEHIND in CONCEDED and before < event.time <= floor and ms - rose <= 1000 and self.choose(2):
            floor = before
        pending = meter.pending[kind]
        if pending and (pending == event or event.id is not None):
            recorded = event.time <= floor and not was_pending
            if not (recorded and STAYS_PENDING in CONCEDED and self.choose(2)):
                meter.pending[kind] = None
        meter.applied[kind] = event
        if event.time <= floor and not (was_pending and self.choose(2)):
            return
        old = meter.joined is None or event.time <= meter.joined
        if meter.first and old and not was_pending:
            meter.floor = event.time
            return
        if event.time > meter.floor:
            meter.floor_before = meter.floor, ms
            meter.floor = event.time
        meter.receipts.append(Receipt(meter.number, kind, event.source, event.id, event.time))

    # what must be so

    def gate(self, number, ms):
        """Whether the gate of a meter is open at rest; None where the page can be read either way."""
        meter = self.meters[number]
        timeless = self.utc(ms) is None and any(meter.pending)
        if meter.vouched or not meter.bound:
            return None if timeless else True
        if timeless or meter.answered is None or meter.untimely:
            return False
        age = ms - meter.answered
        return None if 0 <= age - self.stale_ms <= 10_000 else age < self.stale_ms

    def may_open(self, number, ms):
        """Whether its gate may be open now, be there rest or not."""
        meter, enquiry = self.meters[number], self.meters[number].enquiry
        refused = (
            enquiry and enquiry.kind == TENANCY and enquiry.step == "read" and any(why for _, why in enquiry.tries)
        )
        timeless = self.utc(ms) is None and any(meter.pending)
        return bool(refused) and not timeless or self.gate(number, ms) is not False

    def states(self, number, ms):
        """The states that tenancy may have at rest."""
        meter = self.meters[number]
        outcome = meter.outcome[TENANCY]
        if meter.answered is not None and ms - meter.answered >= self.stale_ms:
            return ("UNREACHABLE", outcome) if ms - meter.answered < self.stale_ms + 10_000 else ("UNREACHABLE",)
        if meter.pending[TENANCY] is None:
            return (outcome,)
        return {"CLEAR": ("PENDING",), "CANNOT_TELL": ("PENDING", "CANNOT_TELL")}.get(outcome, (outcome,))

    def first_kept(self, number):
        """The first half-hour that may be readable."""
        return -(-self.meters[number].floor // HALF_HOUR)


def same(event, other):
    """Whether an event is the one that is pending or was applied last."""
    if event.id is not None:
        return event.id == other.id and event.time in (NOW, other.time)
    controls = event.kind == SUPPLIER and None not in (event.control, other.control)
    return event.time == other.time and (not controls or event.control == other.control)


def genuine(time, control, current, proposed):
    """Whether a PublishChangeOfSupplier tells of a change."""
    return time != NOW or bool(current and proposed and current != proposed) or bool(control & CLEARS)
