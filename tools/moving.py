"""The part of a story that is about forgetting: gates, rewinds, receipts, and what must not be seen meanwhile."""

from tools.story import clock, date

FORGETTING = "forgetting"  # why a gate is closed
_BURST_MS = 60_000  # half-hours read back are told of when so long no more came


class Moving:
    """Tells and remembers what a display does when the people change. receipts: the events, in their order."""

    def __init__(self, story, album, chip, fuels, operations):
        """story: tools.story.Story. chip: tools.chip.Chip. fuels: {EUI-64: fuel}. operations(): those on the chip since
        the latest rewind began."""
        self.receipts = []
        self._story = story
        self._album = album
        self._chip = chip
        self._fuels = fuels
        self._operations = operations
        self._gates = {}  # meter: (open, why); none after a start until it is told
        self._cannot_tell = set()  # meters
        self._running = None  # the meter of a rewind begun and without a receipt
        self._owed = False  # that rewind was interrupted: nothing may be drawn until it is finished
        self._closed = None  # fuel of a gate that closed, until the panel shows it
        self._fresh = None  # fuel of the Fresh start screen, until the screen after it
        self._filled, self._filled_ms = {}, 0  # fuel: half-hours read back, in the present burst
        self._closings = self._interrupted = 0
        self._told_early, self._drawn_early = [], 0

    def event(self, event):
        """Take an event of the board."""
        if self._filled and event["ms"] - self._filled_ms > _BURST_MS:
            count = " and ".join(f"{count:,} of {fuel}" for fuel, count in self._filled.items())
            self._filled = {}
            self._story.say(f"From the meters' own logs it has read back what it lacked: {count} (half-hours).")
        handle = getattr(self, "_on_" + event["event"], None)
        if handle:
            handle(event)

    def picture(self, image):
        """Take a picture of the panel."""
        if image.getbbox() is None:
            return
        self._drawn_early += self._owed
        if self._closed:
            name, self._closed = f"gate-closed-{self._closed}", None
            self._story.say("The panel at this moment:", name)

    def power_is_back(self):
        """The board starts again after a power cut; before its first event."""
        self._gates = {}
        self._closed = self._fresh = None
        if self._running:
            self._owed = True
            self._interrupted += 1

    def findings(self):
        """(whether it is right, a sentence) for each thing that was watched."""
        if not self._closings:
            return
        text = "nothing of that meter was told but the power of the moment"
        if self._told_early:
            text = f"all the same it told {', '.join(sorted(set(self._told_early)))}"
        times = "once" if self._closings == 1 else f"{self._closings} times"
        yield not self._told_early, f"While a gate was closed ({times} for a change, and at each start), {text}."
        if self._interrupted:
            drawn = f"the panel changed {self._drawn_early} times" if self._drawn_early else "nothing was drawn"
            yield not self._drawn_early, f"After the power cut {drawn} before the interrupted rewind was finished."
        if self._running:
            yield False, f"The rewind of {self._fuels[self._running]} was never finished."

    def _on_boot(self, _event):
        if self._owed:
            self._story.say(
                f"The power went in the middle of forgetting, after {self._operations()} operations on the chip: its "
                "process was killed (SIGKILL) and is a new one now."
            )

    def _on_gate(self, event):
        meter, fuel = event["meter"], self._fuels[event["meter"]]
        was_open, was_why = self._gates.get(meter, (False, None))
        self._gates[meter] = event["open"], event["why"]
        if was_open and event["why"] == FORGETTING:
            self._closings += 1
            name = self._chip.freeze(fuel)
            text = f"So far the panel showed what it remembers. A copy of the chip is taken ({name})."
            self._story.say(text, f"now-before-{fuel}")
            self._story.say(f"In the same step the display closes the gate on all that it remembers of {fuel}.")
            self._closed = fuel
        elif event["open"] and was_why == FORGETTING:
            self._story.say(f"The gate of {fuel} opens again, on a record that has just begun.")
        elif event["open"]:
            said = "it cannot tell" if meter in self._cannot_tell else "nothing is left to be forgotten"
            text = f"It asks the {fuel} meter whether the people have changed: {said}."
            self._story.say(f"{text} Only now may it show what it remembers.")

    def _on_tenancy(self, event):
        fuel, kind = self._fuels[event["meter"]], event["kind"]
        if kind == "tenancy":
            (self._cannot_tell.add if event["state"] == "CANNOT_TELL" else self._cannot_tell.discard)(event["meter"])
        if event["state"] == "PENDING":
            due = f"at {clock(event['due'])} all {fuel} use of before is to be forgotten"
            self._story.say(f"The display writes it down where no power cut can reach it: {due}.")

    def _on_rewind(self, event):
        if event["phase"] != "begin":
            return
        fuel, floor = self._fuels[event["meter"]], event["floor"]
        what = "all" if floor is None else f"all {fuel} use that began before {_moment(floor)}"
        if self._owed:
            self._story.say(f"First of all, and with the panel dark, it finishes what it had begun: it forgets {what}.")
        else:
            self._story.say(f"It forgets {what}.")
        self._running = event["meter"]

    def _on_receipt(self, event):
        self.receipts.append(event)
        fuel, sectors, slots = self._fuels[event["meter"]], event["sectors"], event["slots"]
        self._running = None
        text = (
            f"Receipt {event['number']}: {fuel}, change of {event['kind']}; floor {_moment(event['floor'])}; "
            f"{sectors} sector{'' if sectors == 1 else 's'} erased, {slots:,} half-hours destroyed, in {event['ms']} ms; "
            f"verified: {_word(event['verified'])}; resumed: {_word(event['resumed'])}."
        )
        if event["resumed"]:
            text += " (What was destroyed before the power cut is not in its counts.)"
        self._story.say(text)
        if self._owed and not self._drawn_early:
            self._story.say("Until this moment nothing was drawn.")
        self._owed = False

    def _on_screen(self, event):
        if event["name"] == "fresh_start" and self.receipts:
            self._fresh = fuel = self._fuels[self.receipts[-1]["meter"]]
            text = f"The panel tells whoever lives here since when there is a record of {fuel}."
            self._story.later(lambda: self._story.say(text, f"fresh-start-{fuel}"))
        elif self._fresh and event["name"] == "now":
            fuel, self._fresh = self._fresh, None
            text = "After ten minutes the panel shows the present again, and nothing of before the change."
            self._story.later(lambda: self._story.say(text, f"now-after-{fuel}"))

    def _on_fact(self, event):
        if event["what"] == "back_filled":
            fuel = event["fuel"]
            self._filled[fuel] = self._filled.get(fuel, 0) + event["value"]
            self._filled_ms = event["ms"]
        if event["what"] != "power" and not self._gates.get(event["meter"], (False, None))[0]:
            self._told_early.append(event["what"])


def _moment(utc):
    return "the first time known" if utc is None else f"{clock(utc)} on {date(utc)}"


def _word(true):
    return "yes" if true else "no"
