"""One scenario, lived by the virtual board among the bench's meters, and then looked back on."""

import contextlib
import json
from collections import Counter

from scapy.utils import RawPcapReader

from tools.album import Album
from tools.audit import HALF_HOUR, Audit
from tools.bench import Checker, ScenarioError
from tools.bench.load import DAY
from tools.chip import Chip
from tools.life import Life
from tools.moving import Moving
from tools.story import REFUSALS, Story, clock, date
from tools.virtual_board.board import BoardDied
from tools.virtual_board.wires import Silent

FILES = ("screen-*.png", "events.jsonl", "capture.pcap", "flash*.bin")
LARGE_UNITS = {"electricity": "kWh", "gas": "cubic metres"}


class Day:
    """One scenario, lived and then looked back on.

    say(text, label): prints a paragraph after a label. heap_goal: bytes in use at the end, None where they cannot be
    judged. wrong: a sentence for each thing that is not as it should be. chip: the tools.chip.Chip.
    """

    def __init__(self, scenario, folder, say, heap_goal=None):
        self.wrong = []
        self.chip = Chip(folder)
        self._scenario = scenario
        self._folder = folder
        self._say = say
        self._heap_goal = heap_goal
        self._checker = Checker(scenario)
        self._album = Album(folder)
        self._life = self._board = self._audit = self._story = self._moving = self._events = None
        self._date = None  # the day that the story is in
        self._panel_faults = []
        self._heaps = []  # bytes used, bytes free
        self._refused, self._refused_before = {}, Counter()  # since the last start, and before it
        self._errors = []
        self._last_line = None  # of the program's log, in which nothing should be

    def live(self, interpreter, device):
        """Let the board run to the end of the scenario and tell what happens; see Board for the two arguments.

        Raises ScenarioError for a home that cannot be.
        """
        heard = {"on_event": self._event, "on_picture": self._picture, "on_log": self._log, "tell": self._told}
        with contextlib.ExitStack() as stack:
            self._events = stack.enter_context(open(self._folder / "events.jsonl", "w", encoding="utf-8"))
            parts = {"capture": self._folder / "capture.pcap", "flash": self.chip.flash}
            try:
                self._life = life = Life(self._scenario, interpreter=interpreter, device=device, **parts, **heard)
            except ValueError as error:  # the loads find out what a register must have been before its history
                raise ScenarioError(error) from error
            stack.callback(self.chip.settle)
            stack.enter_context(life)
            bench, start = life.bench, self._scenario.start
            self._audit = Audit(start, {"electricity": bench.electricity_load, "gas": bench.gas_load})
            self._story = Story(start, self._tell, self._album, lambda: bench.answers)
            fuels = {self._scenario.eui64s[fuel]: fuel for fuel in LARGE_UNITS}
            self._moving = Moving(self._story, self.chip, fuels, lambda: life.operations)
            self._board = life.board
            try:
                if not life.run():
                    self._errors.append("The display's program has ended by itself.")
            except (BoardDied, Silent, RuntimeError) as failure:  # the last: it did not wait
                self._errors.append(f"The display's program has failed: {failure}.")
            self._errors += [f"The power was not cut in a rewind as planned: step {step.keys}." for step in life.armed]
            self._panel_faults += life.board.panel.faults
            self._story.end(bench.now)

    def add_up(self):
        """Tell the numbers of the days."""
        for fuel, unit in LARGE_UNITS.items():
            whole, rest = divmod(self._audit.used(fuel), 1000)
            self._say(f"{fuel.capitalize()}: {whole}.{rest:03} {unit} were used.", "- ")
        for why, count in (self._refused_before + Counter(self._refused)).items():
            self._say(f"{count} refused: {REFUSALS.get(why, why)}.", "- ")
        if self._heaps:
            (used, free), most = self._heaps[-1], max(used for used, _ in self._heaps)
            text = f"{used:,} bytes in use at the end, {free:,} free; never more than {most:,} in use when measured"
            self._say(f"Memory: {text}, each half-hour.", "- ")
        frames = sum(1 for _ in RawPcapReader(str(self._folder / "capture.pcap")))
        self._say(f"{frames:,} radio frames travelled, and the panel changed {self._album.count:,} times.", "- ")

    def check(self):
        """Set what the display said against what the meters held, and what it did against what was expected of it."""
        end = (self._scenario.start + self._scenario.duration_ms // 1000) // HALF_HOUR - 1
        self._findings(self._audit.findings())
        self._findings(self.chip.findings(self._audit, self._moving.receipts, end))
        self._findings(self._moving.findings())
        self._findings(self._memory())
        expected = len(self._scenario.expectations)
        unmet = [f"Expected, but not so: {each}." for each in self._checker.unmet()]
        self._verdict(unmet, f"All {expected} things that were expected of the display came about.")
        self._verdict(self._life.bench.faults, "The display broke no rule of its radio module or of the network.")
        self._verdict(self._panel_faults, "Every command that it sent to the panel is in the panel's data sheet.")
        logged = [f"It logged: {self._last_line}."] if self._last_line is not None else []
        self._verdict(self._errors + logged, "It reported no error but those expected.")

    def _memory(self):
        """What the display takes of its memory in the end, where that can be judged."""
        if self._heap_goal is not None and self._heaps:
            used = self._heaps[-1][0]
            text = f"Memory in use at the end: {used:,} bytes; the goal: at most {self._heap_goal:,}."
            yield used <= self._heap_goal, text

    def _findings(self, findings):
        for right, sentence in findings:
            self._verdict([] if right else [sentence], sentence)

    def _verdict(self, wrong, sentence):
        self.wrong += wrong
        for text in wrong or [sentence]:
            self._say(text, "WRONG  " if wrong else "right  ")

    def _told(self, sentence):
        self._story.told(sentence, self._life.bench.now)

    def _tell(self, utc, sentence):
        if self._scenario.duration_ms > DAY * 1000 and self._date != utc // DAY:
            if self._date is not None:
                self._say()
            self._date = utc // DAY
            self._say(date(utc))
        self._say(sentence, f"{clock(utc)}  ")

    def _event(self, event):
        self._notice_restart()
        print(json.dumps(event), file=self._events)
        self._checker.event(event, event["ms"])
        self._audit.event(event)
        self._story.event(event)
        self._moving.event(event)
        if event["event"] == "heap" and event["used"] is not None:
            self._heaps.append((event["used"], event["free"]))
        elif event["event"] == "refused":
            self._refused[event["why"]] = event["count"]
        elif event["event"] == "error" and not self._expected(event):
            self._errors.append(f"It reported an error: {event['what']} ({event['where']}).")

    def _picture(self, picture):
        self._notice_restart()
        self._album.show(picture)
        self._moving.picture(picture)

    def _notice_restart(self):
        if self._board is not self._life.board:
            self._panel_faults += self._board.panel.faults
            self._board = self._life.board
            self._refused_before.update(self._refused)
            self._refused = {}
            self._moving.power_is_back()

    def _expected(self, event):
        return any(each.fields.items() <= event.items() for each in self._scenario.expectations if not each.never)

    def _log(self, line):
        self._last_line = line
