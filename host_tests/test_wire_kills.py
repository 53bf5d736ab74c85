"""SIGKILL at many random moments: of a rewind of a full ring, and of half-hours that are read back at many a second.

KILLS in the environment says how many of each. The images that the tests begin with are put down by hand, what the
killed boards leave is read by tools.image and tools.erase_proof.
"""

import functools
import os
import random
import struct

from board_program import need
from full_ring import HEADER, LOG, different, full_ring, place, words
from killing import Board, Meters, at, in_lanes, opened
from outsider import FUELS, METERS, SCENARIOS

from tools import erase_proof, image
from tools.bench import Bench, load_scenario
from tools.image import HALF_HOUR, RING, SECTOR, SERIES, SLOTS, Image

KILLS = int(os.environ.get("KILLS", "10"))
REWIND, APPENDS = SCENARIOS / "kills-rewind.toml", SCENARIOS / "kills-appends.toml"
SPEED = 40
ENOUGH_MS = 3 * 3_600_000  # of board time: by then anything that is waited for has happened
OFF = 100 * 48  # half-hours for which the display was off
PAGE = 256
RECORD = 32
RECORDS = 12  # that a rewind of both meters writes
BACK_FILLED = 1
TOLD = ("gate", "rewind", "receipt")
# Moments that would be hit seldom.
JOURNAL_SHARE = 0.2  # of those in a rewind: near a record
AGAIN_SHARE = 0.2  # of the recoveries is killed too
HEADER_SHARE = 0.5  # of those in a sector still to be begun: near its erase


def start_of(scenario):
    """The half-hour in progress when it starts."""
    return load_scenario(scenario).start // HALF_HOUR


def all_open(events):
    """Whether the gates of both meters are open; that has to happen in time."""
    in_time(events)
    return opened(events) == set(METERS)


def in_time(events):
    """Nothing that is waited for takes so long."""
    assert not events or events[-1]["ms"] < ENOUGH_MS, events


def is_rewound(octets):
    """Whether both meters' rewinds are finished."""
    journal = Image(octets).journal
    return not journal.open_intents() and len(list(journal.receipts())) == len(METERS)


def began(octets):
    """The meters, by number, whose rewind has begun."""
    journal = Image(octets).journal
    return {one.meter for one in (*journal.open_intents(), *journal.receipts())}


class Past:
    """A full ring before its rewind. octets: the image. kept, old: {slot: word}."""

    def __init__(self):
        self.now = start_of(REWIND)
        self.octets = full_ring(self.now, different)
        first = [image.first_kept(step.keys["when"]) for step in load_scenario(REWIND).steps]
        stand = words(self.octets)
        self.kept = {slot: word for slot, word in stand.items() if slot[1] >= first[slot[0] % len(METERS)]}
        self.old = {slot: word for slot, word in stand.items() if slot not in self.kept}
        self.pages = sorted({place(*slot) // PAGE * PAGE for slot in self.old})

    def moment(self, octets, dice):
        """Something that will be changed in this image by a rewind: whether an open flash has it changed."""
        pages = [page for page in self.pages if octets[page : page + PAGE] == self.octets[page : page + PAGE]]
        if pages and dice.random() > JOURNAL_SHARE:
            page = dice.choice(pages)
            return lambda flash: at(flash, page, PAGE) != self.octets[page : page + PAGE]
        # After a start one place or another may be left out.
        offset, count = Image(octets).journal.free[dice.randrange(RECORDS)], 8 * RECORD
        return lambda flash: at(flash, offset, count) != b"\xff" * count

    def touched(self, half):
        """How many of the pages that hold something old are not as they were."""
        return sum(half[page : page + PAGE] != self.octets[page : page + PAGE] for page in self.pages)

    def check_half(self, half):
        """What a killed board leaves: nothing newer is lost, and nothing older is gone without an intent."""
        stand = words(half)
        assert stand.items() >= self.kept.items()
        assert {slot: word for slot, word in stand.items() if slot in self.old}.items() <= self.old.items()
        assert {series % len(METERS) for series, _ in self.old.keys() - stand.keys()} <= began(half)

    def check_finished(self, half, after, events):
        """What the next start makes of it."""
        found = erase_proof.compare(self.octets, after)
        assert found.left == 0 and found.old_words == len(self.old) == found.different
        assert list(erase_proof.findings(Image(after))) == []
        stand = words(after)
        assert stand.items() >= self.kept.items()
        assert all(half_hour >= self.now for _, half_hour in stand.keys() - self.kept.keys())
        written = list(Image(after).journal.receipts())
        assert sorted(one.meter for one in written) == [0, 1] and all(one.verified for one in written)
        check_told(Image(half).journal, events, {METERS[one.meter]: one for one in written})


def check_told(journal, events, written):
    """What a start tells that finds this journal; written: {meter: its receipt in the end}."""
    told = {event["meter"]: event for event in events if event["event"] == "receipt"}
    before = {METERS[one.meter] for one in journal.receipts()}
    unfinished = {METERS[one.meter] for one in journal.open_intents()}
    for meter, receipt in told.items():
        assert receipt["verified"] and receipt["number"] == written[meter].number
        assert receipt["resumed"] == written[meter].resumed == (meter in unfinished - before)
        of_meter = [event for event in events if event.get("meter") == meter]
        order = [event.get("phase", event["event"]) for event in of_meter if event["event"] in TOLD]
        assert order == ["gate", "begin", "done", "receipt", "gate"]
    assert told.keys() == unfinished | (written.keys() - before)
    last = max((events.index(told[meter]) for meter in unfinished), default=0)
    shown = [event for event in events[:last] if event["event"] in ("screen", "fact")]
    assert all(event.get("what") == "power" for event in shown)  # what is so now is nobody's past


def is_killed(past, port, folder, dice):
    """Kill a board in the rewind that what is in its flash sets off; False when the signal came too late."""
    flash = folder / "flash.img"
    moment = past.moment(flash.read_bytes(), dice)
    with Board(port, folder, SPEED) as board:
        board.kill_when(moment, all_open, dice)
    half = flash.read_bytes()
    past.check_half(half)
    return began(half) and not is_rewound(half)


def killed_in_rewinds(folder, seed, kills):
    """Kill boards in a rewind and let the next ones finish it.

    Returns how many pages were touched at each kill, and at each further kill in the recovery.
    """
    past, dice = Past(), random.Random(f"rewind {seed}")
    flash = folder / "flash.img"
    touched, again = [], []
    with Meters(REWIND, SPEED) as meters:
        while len(touched) < kills:
            flash.write_bytes(past.octets)
            if not is_killed(past, meters.port, folder, dice):
                continue
            half = flash.read_bytes()
            touched.append(past.touched(half))
            if dice.random() < AGAIN_SHARE and is_killed(past, meters.port, folder, dice):
                half = flash.read_bytes()
                again.append(past.touched(half))
            flash.write_bytes(half)
            with Board(meters.port, folder, SPEED) as board:
                board.wait_for(all_open)
            past.check_finished(half, flash.read_bytes(), board.events)
    return touched, again


def test_killed_at_any_moment_of_a_rewind_of_a_full_ring_the_board_finishes_it_at_the_next_start(tmp_path):
    need("micropython")
    lanes = in_lanes(killed_in_rewinds, tmp_path, KILLS)
    touched, again = ([each for lane in lanes for each in lane[which]] for which in (0, 1))
    assert len(touched) == KILLS
    print(f"\n{KILLS} kills in a rewind, each finished. Pages touched of {len(Past().pages)}:", *sorted(touched))
    print(f"{len(again)} more kills in the recovery:", *sorted(again))


class Logs:
    """What the meters of APPENDS remember, and the image of a display that was off since OFF half-hours."""

    def __init__(self):
        bench = Bench(load_scenario(APPENDS))
        self.loads = [getattr(bench, fuel + "_load") for fuel in FUELS.values()]
        self.now = start_of(APPENDS)
        self.half_hours = range(self.now - LOG, self.now)
        self.missing = range(self.now - OFF, self.now)
        self.words = {
            (meter, half_hour): image.slot_word(self._used(meter, half_hour), BACK_FILLED)
            for meter in range(len(METERS))
            for half_hour in self.missing
        }
        self.past = full_ring(self.missing.start, self._past)
        self.told = self.words | words(self.past)

    def _used(self, meter, half_hour):
        load = self.loads[meter]
        return load.delivered((half_hour + 1) * HALF_HOUR) - load.delivered(half_hour * HALF_HOUR)

    def _past(self, series, half_hour):
        known = series < len(METERS) and half_hour * HALF_HOUR >= self.loads[series].origin
        return self._used(series, half_hour) if known else different(series, half_hour)

    def lacking(self, stand):
        """The slots of what is missing, newest first as it is read back."""
        slots = [(meter, half_hour) for half_hour in reversed(self.missing) for meter in range(len(METERS))]
        return [slot for slot in slots if slot not in stand]

    def moment(self, octets, stand, kills, dice):
        """One of the appends to come, so few ahead that there are enough for so many kills: whether it is done."""
        gaps = self.lacking(stand)
        slot = gaps[dice.randrange(len(gaps) // kills)]
        start = place(*slot) // SECTOR * SECTOR
        head = octets[start : start + HEADER]
        if Image(octets).sectors[start // SECTOR].first > slot[1] - SLOTS or dice.random() > HEADER_SHARE:
            return lambda flash: self.stands(flash, slot)
        return lambda flash: at(flash, start, HEADER) != head

    def all_stand(self, slots, flash):
        """Whether an open flash has all these slots as the meter told them."""
        return all(self.stands(flash, slot) for slot in reversed(slots))

    def stands(self, flash, slot):
        """Whether an open flash has that slot as the meter told it."""
        return at(flash, place(*slot), 4) == struct.pack("<I", self.words[slot])

    def check(self, stood, stand):
        """Nothing that stood is lost, and what was added is what the meter told; stood, stand: before and after."""
        kept = {slot: word for slot, word in stood.items() if slot[1] in self.half_hours}
        reach = {slot: word for slot, word in stand.items() if slot[1] in self.half_hours}
        assert kept.items() <= reach.items() <= self.told.items()


def killed_in_appends(folder, seed, kills):
    """Kill boards that read back what is missing, and let the last one finish.

    Returns how much each of them added, and how often a sector was left erased and without its header.
    """
    logs, dice = Logs(), random.Random(f"appends {seed}")
    flash = folder / "flash.img"
    flash.write_bytes(logs.past)
    stand, added, between = words(logs.past), [], 0
    with Meters(APPENDS, SPEED) as meters:
        for left in range(kills, -1, -1):
            rest = logs.lacking(stand)
            happened = functools.partial(logs.all_stand, rest)
            if left:
                happened = logs.moment(flash.read_bytes(), stand, left, dice)
            with Board(meters.port, folder, SPEED) as board:
                board.kill_when(happened, in_time, dice)
            stood, stand = stand, words(flash.read_bytes())
            logs.check(stood, stand)
            found = Image(flash.read_bytes())
            # Nothing is torn: what the kernel writes of a few octets, it writes whole.
            assert not any(sector.count()["invalid"] for sector in found.rings())
            between += any(sector.blank for sector in found.sectors[: len(SERIES) * RING])
            added.append(len(rest) - len(logs.lacking(stand)))
    assert sum(added) == len(logs.words) and not logs.lacking(stand)
    assert list(erase_proof.findings(found)) == []
    return added, between


def test_killed_at_any_moment_of_appends_the_board_loses_none_that_it_had_done_and_has_them_all_in_the_end(tmp_path):
    need("micropython")
    lanes = in_lanes(killed_in_appends, tmp_path, KILLS)
    added = [each for lane, _ in lanes for each in lane[:-1]]
    assert len(added) == KILLS
    print(f"\n{KILLS} kills in appends, of which so many were done since the start:", *sorted(added))
    print("Done by the last ones, which finish:", *(lane[-1] for lane, _ in lanes))
    print("Kills between a sector's erase and its header:", sum(between for _, between in lanes))
