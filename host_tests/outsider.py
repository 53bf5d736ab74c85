"""A display's life as an outsider sees it: events, flash, panel and the bytes on the wire, in their order.

Nothing of the firmware is looked into. Half-hours are compared with the meters' own logs, the flash is read with
tools.image and tools.erase_proof.
"""

from collections import namedtuple
from pathlib import Path

from board_program import need
from by_hand import ESME, GPF
from whole_board import explicit

from tools import erase_proof, image
from tools.bench import Checker, load_scenario
from tools.image import HALF_HOUR
from tools.life import Life

SCENARIOS = Path(__file__).parent / "scenarios"
FOLLOWS = {
    "tenancy_poll_s": 300,
    "electricity_poll_s": 300,
}  # installation settings: asks soon, and no more than needed
FUELS = {ESME: "electricity", GPF: "gas"}
METERS = tuple(FUELS)  # by number
# What a receipt in the journal says, in the order in which an event says it.
WRITTEN = ("event_id", "floor", "applied", "sectors", "slots", "verified")
NOTHING_REMEMBERED = ("searching", "checking", "status", "device", "moved_in", "factory_reset")  # screens
ORDER = ["closed", "begin", "done", "receipt", "open"]

Operation = namedtuple("Operation", "kind offset length panel")  # panel: its memory when the operation was done
Picture = namedtuple("Picture", "ms dots")
Sent = namedtuple("Sent", "ms data")
START = 820843800  # 2026-01-04 12:10:00 UTC, as of home.toml
PAST = START - 5 * 3600  # of most changes


class Outsider:
    """One scenario lived in lock-step; use it as a context.

    log: events (dicts), Operations on the flash and Pictures in their order. images: {address of a meter: the flash as
    it was when the gate closed for its latest rewind}. sent, heard: what the board wrote and was given, as Sent.
    line(bytes): what becomes of the bench's bytes on their way to the board. feed: {ms of the scenario: bytes} that
    come to the UART besides.
    """

    def __init__(self, name, folder, interpreter="micropython", on_boot=None, settings=None):
        """name: of a scenario file. folder: for the flash and the file system. on_boot(self): called at each start.

        settings: installation settings besides those of the file.
        """
        need(interpreter)
        self.scenario = load_scenario(SCENARIOS / f"{name}.toml")
        self.path, self.vfs = folder / "flash.img", folder / "vfs.img"
        self.log, self.sent, self.heard = [], [], []
        self.images, self._closing = {}, {}
        self.line = lambda data: data
        self.feed = {}
        self._on_boot = on_boot or (lambda outsider: None)
        self._checker = Checker(self.scenario)
        self.life = Life(
            self.scenario,
            flash=self.path,
            vfs=self.vfs,
            interpreter=interpreter,
            settings=FOLLOWS | self.scenario.settings | (settings or {}),
            on_event=self._event,
            on_picture=lambda picture: self.log.append(Picture(self.life.ms, picture.tobytes())),
            on_flash=lambda *what: self.log.append(Operation(*what, bytes(self.panel.ram))),
            on_log=lambda line: None,
        )
        self._tap(self.life.bench)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.life.close()

    @property
    def panel(self):
        """The model of the panel of the board there is now."""
        return self.life.board.panel

    def utc(self, ms):
        """Zigbee UTC of a millisecond of the scenario."""
        return self.scenario.start + ms // 1000

    @property
    def flash(self):
        """The image of the history partition as it is now."""
        return self.path.read_bytes()

    @property
    def operations(self):
        """The Operations on the flash."""
        return [entry for entry in self.log if isinstance(entry, Operation)]

    def run(self, minute=None):
        """Live until that minute of the scenario; without one to its end, where all that it expects has to be met."""
        self.life.run(None if minute is None else int(minute * 60_000))
        if minute is None:
            assert self._checker.unmet() == []
            check_private(self)
        assert self.life.bench.faults == [] and self.panel.faults == []
        assert [error for error in self.of("error") if error["where"] != "time"] == []

    def of(self, event, after=0, **fields):
        """The events of this name with these fields, from minute `after` on."""
        found = [each for each in self.log if isinstance(each, dict) and each["event"] == event]
        found = [each for each in found if each["ms"] >= after * 60_000]
        return [each for each in found if all(key in each and each[key] == fields[key] for key in fields)]

    def answers(self, after=0):
        """(payload, options, endpoint, address) of each Default Response that the board sent, from a minute on."""
        found = [frame for sent in self.sent if sent.ms >= after * 60_000 for frame in explicit(sent.data)]
        return [
            (frame["payload"], frame["options"], frame["endpoint"], frame["address"])
            for frame in found
            if frame["profile"] == 0x0109 and not frame["payload"][0] & 1 and frame["payload"][2] == 0x0B
        ]

    def used(self, fuel, half_hour):
        """What the meter's own log says of a half-hour."""
        load = getattr(self.life.bench, fuel + "_load")
        return load.delivered((half_hour + 1) * HALF_HOUR) - load.delivered(half_hour * HALF_HOUR)

    def since(self, fuel):
        """The first half-hour in the meter's own log."""
        return getattr(self.life.bench, fuel + "_load").origin // HALF_HOUR

    def _event(self, event):
        self.log.append(event)
        self._checker.event(event, event["ms"])
        if event["event"] == "boot":
            self._on_boot(self)
        if event["event"] == "gate" and not event["open"]:
            self._closing[event["meter"]] = self.flash
        if event["event"] == "rewind" and event["phase"] == "begin":
            self.images[event["meter"]] = self._closing[event["meter"]]

    def _tap(self, bench):
        """Listen, and speak, between board and bench."""
        advance, board_sent, due = bench.advance, bench.board_sent, bench.due

        def listen(ms):
            data = self.line(advance(ms))
            for moment in sorted(moment for moment in self.feed if moment <= ms):
                data += self.feed.pop(moment)
            if data:
                self.heard.append(Sent(ms, data))
            return data

        def speak(data, ms):
            self.sent.append(Sent(ms, bytes(data)))
            board_sent(data, ms)

        def next_due():
            return min((ms for ms in (due(), *self.feed) if ms is not None), default=None)

        bench.advance, bench.board_sent, bench.due = listen, speak, next_due


def record(octets, fuel):
    """{half-hour: value} of the energy of a fuel in an image."""
    found = {}
    for sector in image.Image(octets).rings():
        if sector.name == fuel + " energy":
            words = enumerate(sector.words, sector.first)
            found |= {half_hour: word & 0xFFFFFF for half_hour, word in words if image.is_valid(word)}
    return found


def check_past(outsider, octets, fuel, until):
    """Before the change the flash holds what the meter knows, without a gap up to half-hour `until`."""
    found, wanted = record(octets, fuel), range(outsider.since(fuel), until)
    assert len(wanted) > 90
    assert [found.get(half_hour) for half_hour in wanted] == [outsider.used(fuel, half_hour) for half_hour in wanted]


def check_rewind(outsider, meter, floor, source, event_id, gap=1, blank=True, kind="tenancy"):
    """One rewind of `meter`, told in order and proved by the flash; the receipt.

    floor: Zigbee UTC. gap: half-hours at the end of the record that may be missing when the gate closed. blank, kind:
    as of check_order.
    """
    receipt = check_order(outsider, meter, floor, blank, kind)
    assert (receipt["source"], receipt["issuer_event_id"], receipt["floor"]) == (source, event_id, floor)
    assert (receipt["kind"], receipt["verified"]) == (kind, True)
    assert receipt["applied"] - receipt["t"] in (-1, 0)
    before, after, fuel = outsider.images[meter], outsider.flash, FUELS[meter]
    check_past(outsider, before, fuel, outsider.utc(receipt["ms"]) // HALF_HOUR - gap)
    check_destroyed(before, after, meter, receipt)
    check_kept(outsider, before, after, fuel, image.first_kept(floor))
    check_journal(after, meter, receipt)
    return receipt


def check_order(outsider, meter, floor, blank=True, kind="tenancy"):
    """The five events of one rewind, and the panel overwritten before the first operation on the flash; the receipt.

    blank: whether the gate closed for this rewind, rather than at a start. kind: of the change.
    """
    told, panel, receipt = [], None, None
    for entry in outsider.log:
        if isinstance(entry, Operation) and panel is None:
            panel = entry.panel
        if not isinstance(entry, dict) or entry.get("meter") != meter:
            continue
        if entry["event"] == "gate":
            told = told + ["open"] if entry["open"] else ["closed"]
            panel = panel if entry["open"] else None
            if told == ORDER:
                assert not (blank and any(panel)), "the panel held a picture when the flash was written to"
                return receipt
        elif entry["event"] == "rewind":
            assert (entry["floor"], entry["scope"], entry["kind"]) == (floor, "BOTH", kind)
            told.append(entry["phase"])
        elif entry["event"] == "receipt":
            told.append("receipt")
            receipt = entry
    raise AssertionError(f"{told} instead of {ORDER}")


def check_private(outsider):
    """While a gate is closed, and from a start until it opens, nothing but power is told, and nothing else shown."""
    bound, opened = set(), set()
    for entry in outsider.log:
        if not isinstance(entry, dict):
            continue
        if entry["event"] == "boot":
            opened.clear()
        elif entry["event"] == "gate":
            bound.add(entry["meter"])
            (opened.add if entry["open"] else opened.discard)(entry["meter"])
        elif entry["event"] == "receipt" and entry["source"] in ("user", "home", "reset"):
            bound.discard(entry["meter"])  # one that does not answer is let go; the gate of another opens, next
        elif entry["event"] == "fact":
            assert entry["what"] == "power" or entry["meter"] in opened, entry
        elif entry["event"] == "screen" and (ESME in bound - opened or not opened):
            assert entry["name"] in NOTHING_REMEMBERED, entry


def check_destroyed(before, after, meter, receipt):
    """Nothing from before the floor is in the flash, at any octet; the receipt counts what was destroyed."""
    check_gone(before, after)
    first = image.first_kept(receipt["floor"])
    rings = [sector for sector in image.Image(before).rings() if sector.meter == METERS.index(meter)]
    old = [word for sector in rings for _, word in sector.before(first) if image.is_valid(word)]
    assert receipt["slots"] == len(old) > 80
    assert receipt["sectors"] == len([sector for sector in rings if sector.first + image.SLOTS <= first])
    fuel = FUELS[meter]
    assert len(old) == len([half_hour for half_hour in record(before, fuel) if half_hour < first])
    assert not [half_hour for half_hour in record(after, fuel) if half_hour < first]


def check_gone(before, after):
    """No word that the floors of the flash `after` forbid is in it, of those that it held before."""
    found = erase_proof.compare(before, after)
    assert found.left == 0 and found.different > 5, found
    assert list(erase_proof.findings(image.Image(after))) == []


def check_kept(outsider, before, after, fuel, first):
    """What was recorded from half-hour `first` on is there still, and all of it is what the meter counted."""
    kept = {half_hour: value for half_hour, value in record(before, fuel).items() if half_hour >= first}
    now = record(after, fuel)
    assert kept.items() <= now.items()
    assert now == {half_hour: outsider.used(fuel, half_hour) for half_hour in now}


def check_journal(after, meter, receipt):
    """The journal holds the floor and the receipt that was told, and nothing is pending or unfinished."""
    journal = image.Image(after).journal
    number = METERS.index(meter)
    assert [journal.floors().get((number, scope)) for scope in (1, 2)] == 2 * [receipt["floor"]]
    assert journal.open_intents() == [] and not [each for each in journal.events() if each.state == "pending"]
    (written,) = [each for each in journal.receipts() if each.meter == number]
    told = [receipt[key] for key in ("issuer_event_id", "floor", "applied", "sectors", "slots", "verified")]
    assert told == [getattr(written, key) for key in WRITTEN] and written.ms < 60_000
    kind = ("tenancy", "supplier").index(receipt["kind"])
    assert (image.SOURCES[written.source], written.kind, written.scope) == (receipt["source"], kind, 3)
    assert written.resumed == receipt["resumed"]


def check_untouched(outsider, meter, minute=1):
    """This meter's history is whole, from the start of its log on; since `minute` its gate has not closed."""
    assert not outsider.of("rewind", meter=meter) and not outsider.of("receipt", meter=meter)
    assert not outsider.of("gate", minute, meter=meter, open=False)
    check_remembered(outsider, meter)


def check_remembered(outsider, meter, gap=1):
    """The flash holds what the meter knows but for the last `gap` half-hours, and no floor, event or receipt of it."""
    fuel, octets = FUELS[meter], outsider.flash
    check_past(outsider, octets, fuel, outsider.utc(outsider.life.ms) // HALF_HOUR - gap)
    check_kept(outsider, octets, octets, fuel, 0)
    journal, number = image.Image(octets).journal, METERS.index(meter)
    assert not [each for each in (*journal.events(), *journal.receipts()) if each.meter == number]
    assert not [whose for whose, floor in journal.floors().items() if whose[0] == number and floor]
    assert [each.eui64 for each in journal.bindings()[0] if each.meter == number] == [meter]


def lived(name, folder):
    """The Outsider of a scenario that was lived to its end, where all that its file expects was met."""
    with Outsider(name, folder) as seen:
        seen.run()
    return seen
