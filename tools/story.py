"""A run of the board in plain words: its events and the bench's, as a person at home would tell them."""

import datetime

from tools.audit import HALF_HOUR, UNITS
from tools.bench.load import DAY, ZIGBEE_EPOCH

# What the display refuses; the reasons are those of firmware/ihd/refused.py.
REFUSALS = {
    "noise": "bytes on the serial line that are no frame",
    "checksum": "a frame from the radio with a wrong checksum",
    "length": "a frame from the radio of an impossible length",
    "api_type": "a kind of frame from the radio that it has no use for",
    "profile": "a message that is neither Zigbee's own nor Smart Energy",
    "endpoint": "a message for an endpoint that it does not have",
    "zdo": "a question about the network that it does not answer",
    "malformed": "a message that ends too early",
    "unsecured": "a message not encrypted with the meter's key, so anybody could have sent it",
    "stranger": "a message from none of its meters",
    "unasked": "an answer to a question that it did not ask",
    "broadcast": "word of a change that was sent to everybody at once, which no meter does",
    "stale": "word of a change that a later one has overtaken",
    "before_floor": "use from before a change, which is not to be known any more",
    "cluster": "a message on a subject that it does not know",
    "command": "a command that it does not know",
    "attribute_type": "a value of the wrong type",
    "value": "a value that cannot be true",
    "flash": "a half-hour that its memory did not take",
    "clock": "a half-hour told by a clock that is behind most of what it remembers",
    "not_synchronised": "a time from a clock that says it is not set",
    "default_response": "one of its own messages, which the other side turned down",
    "busy": "a message for which it had no room",
}

# Told when they are over: (name, first minute of the day, last one); the last half-hour gets five minutes to close.
PARTS = (("morning", 5 * 60, 8 * 60 + 5), ("evening", 16 * 60, 21 * 60 + 5))


def clock(utc):
    """Zigbee UTC as HH:MM."""
    return f"{utc % DAY // 3600:02}:{utc % 3600 // 60:02}"


def day(utc):
    """Zigbee UTC as 14 January."""
    then = ZIGBEE_EPOCH + datetime.timedelta(seconds=utc)
    return f"{then.day} {then:%B}"


def date(utc):
    """Zigbee UTC as Wednesday 14 January 2026."""
    then = ZIGBEE_EPOCH + datetime.timedelta(seconds=utc)
    return f"{then:%A} {day(utc)} {then.year}"


class Story:
    """A run, told sentence by sentence."""

    def __init__(self, start, tell, album, answers):
        """start: Zigbee UTC of board millisecond 0. tell(utc, sentence) hears it. album: a tools.album.Album that knows
        what the panel shows. answers(): what the display said of itself, see Bench.answers."""
        self._start = start
        self._tell = tell
        self._album = album
        self._answers = answers
        self._now = 0  # board ms
        self._next = []  # to do when this moment is over, and the panel shows it
        self._done = set()  # what is told once only
        self._told_ms = None
        self._lost = {}  # fuel: board ms since which its meter is silent, None while it answers
        self._register = {}
        self._part = self._peak = self._busiest = None

    def told(self, sentence, ms):
        """The bench says what happens in the home."""
        self._move(ms)
        self._told_ms = ms
        self.say(sentence)

    def event(self, event):
        """Take an event of the board."""
        self._move(event["ms"])
        handle = getattr(self, "_on_" + event["event"], None)
        if handle:
            handle(event)
        for name, said in self._answers().items():
            if name.startswith("Basic") and self._first("identity"):
                self.say(f'It answers that it is an "{said.get(5)}" by "{said.get(4)}", and tells what it can do.')

    def end(self, ms):
        """The run is over."""
        self._move(ms)
        self._end_part()
        self.say("The day is over." if ms <= DAY * 1000 else "That is the end.", "at-the-end")
        self.say(
            "The last half-hour closes after the end, and so is not in the sums; the capture holds frames "
            "as if decrypted, so APS security is not to be seen in it."
        )

    def say(self, sentence, picture=None, image=None):
        """Tell a sentence; picture: the name under which `image` is kept, without one what the panel shows."""
        if picture and self._album.latest:
            sentence += f" [{self._album.keep(picture, image)}]"
        self._tell(self._start + self._now // 1000, sentence)

    def later(self, action):
        """Have action() called when the present moment is over, and the panel shows what it brought."""
        self._next.append(action)

    def _first(self, what):
        new = what not in self._done
        self._done.add(what)
        return new

    def _move(self, ms):
        if ms > self._now:
            actions, self._next = self._next, []
            for action in actions:
                action()
        self._now = ms
        minute = (self._start + ms // 1000) % DAY // 60
        part = next((part for part in PARTS if part[1] <= minute < part[2]), None)
        if part != self._part:
            self._end_part()
            self._part = part

    def _end_part(self):
        if self._peak:
            name = self._part[0]
            watts, utc, picture = self._peak
            sentence = f"The {name} is over. Its peak was {watts:,} W, at {clock(utc)}."
            if self._busiest:
                value, n = self._busiest
                sentence += f" The half-hour that took most began at {clock(n * HALF_HOUR)}: {value:,} Wh."
            self.say(sentence, f"now-{name}" if self._first(name) else None, picture)
        self._peak = self._busiest = None

    def _on_boot(self, event):
        if self._first("boot"):
            self.say("The display is switched on. It knows no network, no time and no meter.")
        else:
            self.say("It starts again. It knows its meters, but neither the network nor the time.")

    def _on_joined(self, event):
        when = f"After {self._now // 1000} seconds" if self._first("joined") else "Once more"
        self.say(f"{when} its radio is on the home's network (PAN {event['pan']}).")

    def _on_left(self, event):
        self.say("Its radio has lost the network.")

    def _on_time(self, event):
        if self._first("time"):
            self.say(f"The communications hub tells it the time: {clock(event['utc'])}, {date(event['utc'])}.")

    def _on_screen(self, event):
        if event["name"] != "searching" and self._first("found"):
            self.say("Until now the panel told what it was looking for; now it shows the power in use.", "searching")

    def _on_meter(self, event):
        fuel, lost = event["fuel"], event["lost"]
        if not event["bound"]:
            return
        if fuel not in self._lost:
            self.say(f"It asks who measures anything, and finds the {fuel} meter ({event['meter']}).")
            self._lost[fuel] = None
        since = self._lost[fuel]
        if lost and since is None:
            self._lost[fuel] = self._now
            self.later(lambda: self._missed(fuel))
        elif since is not None and not lost:
            self._lost[fuel] = None
            minutes, before = (self._now - since + 30_000) // 60_000, self._register.get(fuel)
            self.later(lambda: self._found(fuel, minutes, before))

    def _missed(self, fuel):
        sentence = f"The display has asked the {fuel} meter in vain. Rather than keep an old number, the panel says so."
        self.say(sentence, "now-lost")

    def _found(self, fuel, minutes, before):
        sentence = f"After {minutes} minutes the display hears the {fuel} meter again."
        if before is not None:
            moved = f"{self._register[fuel] - before:,} {UNITS[fuel]}"
            sentence += f" Its register is {moved} further than when last read, so the day's total lacks nothing."
        self.say(sentence, "now-found-again")

    def _on_fact(self, event):
        if event["value"] is None:
            return
        if event["what"] == "power":
            self._power(event)
        elif event["what"] == "summation":
            self._register[event["fuel"]] = event["value"]
        elif event["what"] == "half_hour":
            self._half_hour(event)

    def _power(self, event):
        watts = event["value"]
        if self._first("power"):
            self.say(f"The first number, {self._now // 1000} seconds after the start: {watts:,} W are in use.")
        elif self._told_ms == event["ms"]:
            self.say(f"The display shows it at once: {watts:,} W.")
        if self._part and (not self._peak or watts > self._peak[0]):
            self._peak = peak = [watts, self._start + self._now // 1000, None]
            self.later(lambda: peak.__setitem__(2, self._album.latest))

    def _half_hour(self, event):
        value, n = event["value"], event["t"] // HALF_HOUR - 1
        between = f"between {clock(n * HALF_HOUR)} and {clock((n + 1) * HALF_HOUR)}"
        if event["fuel"] == "electricity":
            if self._first("half_hour"):
                self.say(f"The first half-hour is complete: {value:,} Wh {between}. It is the chart's first bar.")
            if self._part and n * HALF_HOUR % DAY >= self._part[1] * 60:
                self._busiest = max(self._busiest or (0, n), (value, n))
        elif value and self._first("gas"):
            self.say(f"The first gas of the day: {value:,} litres {between}.")

    def _on_refused(self, event):
        self.say(f"The display refuses {REFUSALS.get(event['why'], event['why'])}.")

    def _on_error(self, event):
        self.say(f"The display reports an error: {event['what']} ({event['where']}).")
