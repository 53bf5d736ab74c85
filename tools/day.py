"""One scenario, lived by the virtual board among the bench's meters, and then looked back on."""

import contextlib
import json

from scapy.utils import RawPcapReader

from tools.album import Album
from tools.audit import HALF_HOUR, Audit
from tools.bench import Bench, Checker
from tools.story import REFUSALS, Story, clock
from tools.virtual_board.board import Board, BoardDied
from tools.virtual_board.wires import Silent

FILES = ("screen-*.png", "events.jsonl", "capture.pcap", "flash.bin")
LARGE_UNITS = {"electricity": "kWh", "gas": "cubic metres"}


class Day:
    """One scenario, lived and then looked back on.

    say(text, label): prints a paragraph after a label. wrong: a sentence for each thing that is not as it should be.
    """

    def __init__(self, scenario, folder, say):
        self.wrong = []
        self._scenario = scenario
        self._folder = folder
        self._say = say
        self._checker = Checker(scenario)
        self._bench = Bench(scenario, folder / "capture.pcap", tell=self._told)
        self._audit = Audit(scenario.start, {"electricity": self._bench.electricity_load, "gas": self._bench.gas_load})
        self._album = Album(folder)
        self._story = Story(scenario.start, self._tell, self._album, lambda: self._bench.answers)
        self._board = self._events = None
        self._heaps = []  # bytes used, bytes free
        self._refused = {}
        self._errors = []
        self._last_line = None  # of the program's log, in which nothing should be

    def live(self, interpreter, device):
        """Let the board run to the end of the scenario and tell what happens; see Board for the two arguments."""
        flash = self._folder / "flash.bin"
        heard = {"on_event": self._event, "on_picture": self._album.show, "on_log": self._log}
        with contextlib.ExitStack() as stack:
            stack.callback(self._bench.close)
            self._events = stack.enter_context(open(self._folder / "events.jsonl", "w", encoding="utf-8"))
            self._board = Board(self._bench, interpreter=interpreter, device=device, flash=flash, **heard)
            stack.enter_context(self._board)
            try:
                if not self._board.run(self._scenario.duration_ms):
                    self._errors.append("The display's program has ended by itself.")
            except (BoardDied, Silent, RuntimeError) as failure:  # the last: it did not wait
                self._errors.append(f"The display's program has failed: {failure}.")
            self._story.end(self._board.clock.ms())

    def add_up(self):
        """Tell the numbers of the day."""
        for fuel, unit in LARGE_UNITS.items():
            whole, rest = divmod(self._audit.used(fuel), 1000)
            self._say(f"{fuel.capitalize()}: {whole}.{rest:03} {unit} were used.", "- ")
            gaps = " and ".join(clock(n * HALF_HOUR) for n in self._audit.gaps(fuel))
            if gaps:
                text = "the register was not read when they began or ended, and the display does not guess"
                self._say(f"No {fuel} value for the half-hours from {gaps}: {text}.", "- ")
        for why, count in self._refused.items():
            self._say(f"{count} refused: {REFUSALS.get(why, why)}.", "- ")
        if self._heaps:
            (used, free), most = self._heaps[-1], max(used for used, _ in self._heaps)
            text = f"{used:,} bytes in use at the end, {free:,} free; never more than {most:,} in use when measured"
            self._say(f"Memory: {text}, each half-hour.", "- ")
        frames = sum(1 for _ in RawPcapReader(str(self._folder / "capture.pcap")))
        self._say(f"{frames:,} radio frames travelled, and the panel changed {self._album.count:,} times.", "- ")

    def check(self):
        """Set what the display said against what the meters held, and what it did against what was expected of it."""
        for right, sentence in self._audit.findings():
            self._verdict([] if right else [sentence], sentence)
        expected = len(self._scenario.expectations)
        unmet = [f"Expected, but not so: {each}." for each in self._checker.unmet()]
        self._verdict(unmet, f"All {expected} things that were expected of the display came about.")
        self._verdict(self._bench.faults, "The display broke no rule of its radio module or of the network.")
        self._verdict(self._board.panel.faults, "Every command that it sent to the panel is in the panel's data sheet.")
        logged = [f"It logged: {self._last_line}."] if self._last_line is not None else []
        self._verdict(self._errors + logged, "It reported no error but those expected.")

    def _verdict(self, wrong, sentence):
        self.wrong += wrong
        for text in wrong or [sentence]:
            self._say(text, "WRONG  " if wrong else "right  ")

    def _told(self, sentence):
        self._story.told(sentence, self._board.clock.ms())

    def _tell(self, utc, sentence):
        self._say(sentence, f"{clock(utc)}  ")

    def _event(self, event):
        print(json.dumps(event), file=self._events)
        self._checker.event(event, event["ms"])
        self._audit.event(event)
        self._story.event(event)
        if event["event"] == "heap" and event["used"] is not None:
            self._heaps.append((event["used"], event["free"]))
        elif event["event"] == "refused":
            self._refused[event["why"]] = event["count"]
        elif event["event"] == "error" and not self._expected(event):
            self._errors.append(f"It reported an error: {event['what']} ({event['where']}).")

    def _expected(self, event):
        return any(each.fields.items() <= event.items() for each in self._scenario.expectations if not each.never)

    def _log(self, line):
        self._last_line = line
