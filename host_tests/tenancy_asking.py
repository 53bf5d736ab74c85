"""What section 1 of the tenancy design says of asking a meter, over the law of tenancy_model.py."""

from tenancy_model import NEVER, NOW, TENANCY, Disagreement, Event, Law

NOT_FOUND = 0x8B
UNSUPPORTED = (0x81, 0x82, 0x83, 0x84, 0xC3)
SETTLED_MS = 2000  # what falls due is carried out within a second
ENQUIRY_MS = 300_000  # an enquiry with all its retries is over


class Enquiry:
    """What was asked and answered so far. step: "get", "read" or "over". command: what the GET gave, None so far."""

    def __init__(self, kind):
        self.kind = kind
        self.step = "get"
        self.command = None
        self.must_read = None  # True, False, or None where the page leaves it open
        self.tries = []  # (ms, what came instead of an answer: None or a status)


class Model(Law):
    """A Law that hears what is asked and answered."""

    def heard(self, ms, number, question, kind, answer):
        """A question of the display, and what it heard in answer.

        question: "get", "read" or "provider". answer: None for silence and what may not be believed; a status; an
        Event; or (time or None, status of the time, control or None) of attributes.
        """
        self.pass_time(ms)
        meter = self.meters[number]
        if not meter.bound:
            return
        enquiry = meter.enquiry
        goes_on = enquiry and (enquiry.kind, enquiry.step) == (kind, "get") and meter.asking(ms)
        if question == "get" and (meter.wanted or not goes_on):
            self._begin(meter, kind, ms)
            enquiry = meter.enquiry
        elif question == "read" and enquiry.step == "get":
            self._get_over(enquiry, kind)
        if enquiry is None or enquiry.kind != kind or question == "read" and enquiry.step == "over":
            raise Disagreement(f"{question} {kind} is asked out of turn")
        if question == "get":
            self._got(meter, enquiry, answer, ms)
        elif question == "read":
            self._read(meter, enquiry, answer, ms)

    def _begin(self, meter, kind, ms):
        before = meter.enquiry
        if kind == TENANCY:
            meter.ask_by = ms + self.poll_ms + ENQUIRY_MS
            meter.wanted = False
            meter.timed = self.utc(ms) is not None
        elif not before or (before.kind, before.step) != (TENANCY, "over"):
            raise Disagreement("the supplier is asked about before tenancy was answered")
        meter.enquiry = Enquiry(kind)

    def _get_over(self, enquiry, kind):
        """The attributes are asked for: was the command done with?"""
        if enquiry.command is None:
            if len(enquiry.tries) < 4 or enquiry.tries[-1][1] is None:
                raise Disagreement("the attributes are read before the command was answered")
            enquiry.command = "refused"
        elif enquiry.must_read is False:
            raise Disagreement("the attributes are read after a change at or before now")
        enquiry.step, enquiry.tries = "read", []

    def _got(self, meter, enquiry, answer, ms):
        enquiry.command = enquiry.must_read = None
        if isinstance(answer, Event):
            now = self.utc(ms)
            self._judge(meter, answer, ms)
            self.verdict = None
            enquiry.command = "published"
            enquiry.must_read = now is None or answer.time > now or not answer.genuine
            if now is None and answer.time == NOW and answer.genuine:
                enquiry.must_read = None
            if not enquiry.must_read and (enquiry.must_read is False or self.choose(2)):
                self._over(meter, enquiry, "CLEAR", ms)
        elif answer == NOT_FOUND or answer in UNSUPPORTED:
            enquiry.command = "not found" if answer == NOT_FOUND else "unsupported"
            enquiry.must_read = True
        else:
            enquiry.tries.append((ms, answer))

    def _read(self, meter, enquiry, answer, ms):
        if answer is None:
            enquiry.tries.append((ms, None))
            return
        time, status, control = answer
        kind, now = enquiry.kind, self.utc(ms)
        pending = meter.pending[kind]
        to_come = pending is not None and now is not None and pending.time > now
        if time in (NOW, NEVER):
            time = None
        if time is not None:
            if to_come and pending.source == "attribute" and pending.time != time:
                meter.pending[kind] = None
                keeps = pending.highest
            else:
                keeps = 0
            self._judge(meter, Event(kind, "attribute", time, None, 0, control, True, keeps), ms)
            self.verdict = None
        elif status == 0 and to_come and (pending.source == "attribute" or enquiry.command == "not found"):
            meter.pending[kind] = None
        if status not in (0, 0x86) and len(enquiry.tries) < 3:
            enquiry.tries.append((ms, status))  # it may be asked again
            return
        unknown = status and not (status == 0x86 and enquiry.command == "not found")
        cannot = time is None and unknown and enquiry.command != "published"
        self._over(meter, enquiry, "CANNOT_TELL" if cannot else "CLEAR", ms)

    def _over(self, meter, enquiry, outcome, ms):
        enquiry.step = "over"
        meter.outcome[enquiry.kind] = outcome
        meter.untimely = meter.untimely and not (enquiry.kind and meter.timed)
        if enquiry.kind == TENANCY:
            meter.answered = ms
            meter.first = False

    # at rest

    def quiet_at(self, number, ms):
        """Whether nothing of an enquiry is under way."""
        meter = self.meters[number]
        if ms - self.acted < SETTLED_MS and self.acted:
            return False
        return not meter.bound or bool(meter.enquiry) and not meter.wanted and not meter.asking(ms)

    def rest(self, ms):
        """Nothing was asked for so long that what was not answered is given up."""
        self.pass_time(ms)
        for meter in self.meters:
            enquiry = meter.enquiry
            if meter.ask_by is not None and ms > meter.ask_by:
                raise Disagreement(f"meter {meter.number} is not asked")
            if enquiry is None or enquiry.step == "over":
                if enquiry and enquiry.kind == TENANCY:
                    raise Disagreement(f"meter {meter.number} is not asked about its supplier")
                continue
            if len(enquiry.tries) < 4:
                raise Disagreement(f"the enquiry of meter {meter.number} stands still: {vars(enquiry)}")
            gaps = [after - before for (before, _), (after, _) in zip(enquiry.tries, enquiry.tries[1:], strict=False)]
            if gaps[-3] < 5000 or gaps[-2] < 10_000 or gaps[-1] < 20_000:
                raise Disagreement(f"asked again after {gaps} ms")
            meter.outcome[enquiry.kind] = "UNREACHABLE"
