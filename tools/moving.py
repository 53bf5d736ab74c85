"""The part of a story that is about forgetting: gates, rewinds, receipts, and what must not be seen meanwhile."""

from tools.image import UNKNOWN
from tools.story import clock, day

FORGETTING = "forgetting"  # why a gate is closed
_BURST_MS = 60_000  # half-hours read back are told of when so long no more came


class Moving:
    """Tells and remembers what a display does when the people change. receipts: the events, in their order."""

    def __init__(self, story, chip, fuels, operations):
        """story: tools.story.Story. chip: tools.chip.Chip. fuels: {EUI-64: fuel}. operations(): those on the chip since
        the latest rewind began."""
        self.receipts = []
        self._story = story
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
            self._story.say(f"It has read back from the meters' own logs what half-hours it lacked: {count}.")
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
            self._story.say("While it does so, the panel shows this:", name)

    def power_is_back(self):
        """The board starts again after a power cut; before its first event."""
        self._gates = {}
        self._closed = self._fresh = None
        if self._running:
            self._owed = True
            self._interrupted += 1
            self._story.say(
                f"The power went in the middle of forgetting, after {self._operations()} operations on the chip: the "
                "process of the display was killed (SIGKILL), and another begins."
            )

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

    def _on_gate(self, event):
        meter, fuel = event["meter"], self._fuels[event["meter"]]
        was_open, was_why = self._gates.get(meter, (False, None))
        self._gates[meter] = event["open"], event["why"]
        if was_open and event["why"] == FORGETTING:
            self._closings += 1
            name = self._chip.freeze(fuel)
            text = f"The display closes the gate: it shows and tells nothing any more that it remembers of {fuel}."
            self._story.say(f"{text} Until now the panel showed this:", f"now-before-{fuel}")
            self._story.say(f"(Before it does more, its chip is copied, for the proof at the end: {name}.)")
            self._closed = fuel
        elif event["open"] and was_why == FORGETTING:
            self._story.say(f"The gate of {fuel} opens again, on a record that has just begun.")
        elif event["open"]:
            said = "it cannot tell" if meter in self._cannot_tell else "nothing is left to be forgotten"
            text = f"It asks the {fuel} meter whether the people have changed: {said}."
            self._story.say(f"{text} Only now does it show what it remembers of {fuel}.")

    def _on_tenancy(self, event):
        fuel, kind = self._fuels[event["meter"]], event["kind"]
        if kind == "tenancy":
            (self._cannot_tell.add if event["state"] == "CANNOT_TELL" else self._cannot_tell.discard)(event["meter"])
        if event["state"] == "PENDING":
            due = f"all {fuel} use of before {_moment(event['due'])} is to be forgotten then"
            self._story.say(f"The display writes down where no power cut can reach it: {due}.")

    def _on_rewind(self, event):
        if event["phase"] != "begin":
            return
        fuel, floor = self._fuels[event["meter"]], event["floor"]
        what = f"all {fuel} use" if floor is None else f"all {fuel} use from before {_moment(floor)}"
        begins = "First of all it finishes what it had begun, with the panel dark: it" if self._owed else "It"
        self._story.say(f"{begins} forgets {what}, and the half-hour in which that falls.")
        self._running = event["meter"]

    def _on_receipt(self, event):
        self.receipts.append(event)
        self._running = None
        if self._owed and not self._drawn_early:
            self._story.say("That is done, and until now nothing was drawn.")
        self._owed = False
        receipt = self._chip.receipt(event["number"])
        if receipt is None:
            self._story.say(f"It speaks of a receipt {event['number']}, which is not on its chip.")
            return
        count = " (numbers count all records of its journal)" if len(self.receipts) == 1 else ""
        sectors = f"{receipt.sectors} sector{'' if receipt.sectors == 1 else 's'} of the chip erased"
        resumed = "yes, and it counts only what was left to do" if receipt.resumed else "no"
        self._story.say(
            f"It keeps a receipt, number {receipt.number}{count}: {self._fuels[event['meter']]}, change of "
            f"{event['kind']}, nothing from before {_moment(receipt.floor)} (the floor), {sectors}, "
            f"{receipt.slots:,} half-hours destroyed, {receipt.ms:,} ms (the simulated chip needs no time), "
            f"verified: {_word(receipt.verified)}, resumed: {resumed}."
        )

    def _on_screen(self, event):
        if event["name"] == "fresh_start" and self.receipts:
            self._fresh = fuel = self._fuels[self.receipts[-1]["meter"]]
            text = f"The panel tells whoever lives here now since when there is a record of {fuel}."
            self._story.later(lambda: self._story.say(text, f"fresh-start-{fuel}"))
        elif self._fresh and event["name"] == "now":
            fuel, self._fresh = self._fresh, None
            text = f"The panel shows the present again, and of {fuel} nothing from before the change."
            self._story.later(lambda: self._story.say(text, f"now-after-{fuel}"))

    def _on_fact(self, event):
        if event["what"] == "back_filled":
            fuel = event["fuel"]
            self._filled[fuel] = self._filled.get(fuel, 0) + event["value"]
            self._filled_ms = event["ms"]
        if event["what"] != "power" and not self._gates.get(event["meter"], (False, None))[0]:
            self._told_early.append(event["what"])


def _moment(utc):
    return "the first time known" if utc in (None, UNKNOWN) else f"{clock(utc)} on {day(utc)}"


def _word(true):
    return "yes" if true else "no"
