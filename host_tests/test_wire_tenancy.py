"""Changes of tenancy over the wire: the whole display among the bench's meters, judged by what an outsider sees."""

import random
from datetime import timedelta
from functools import partial

import pytest
from board_program import BOTH
from by_hand import ESME, GPF
from outsider import (
    Operation,
    Outsider,
    Picture,
    check_destroyed,
    check_order,
    check_remembered,
    check_rewind,
    check_untouched,
    record,
)
from whole_board import packets

from tools import image
from tools.bench import load, sampled_data
from tools.image import HALF_HOUR

PAST = 820825800  # 2026-01-04 07:10:00 UTC, ten minutes into a half-hour
START = 820843800  # 2026-01-04 12:10:00 UTC
JOURNAL = 80 * image.SECTOR
DARK = 0xA5  # an octet that no screen puts into the panel's memory


@pytest.fixture
def live(tmp_path):
    """A function that gives an Outsider for the scenario of a name."""
    lives = []

    def make(name, *words, **options):
        folder = tmp_path / str(len(lives))
        folder.mkdir()
        lives.append(Outsider(name, folder, *words, **options))
        return lives[-1]

    yield make
    for each in lives:
        each.life.close()


def lived(live, name, *words, **options):
    """The Outsider of a scenario that was lived to its end."""
    outsider = live(name, *words, **options)
    outsider.run()
    return outsider


@BOTH
def test_T01_a_command_with_a_past_time_rewinds_to_it_at_once(live, interpreter):
    seen = lived(live, "T01", interpreter)
    receipt = check_rewind(seen, ESME, PAST, "command", 77)
    assert (receipt["slots"], receipt["sectors"]) == (2 * 48 + 15, 1)
    check_untouched(seen, GPF)


def test_T02_a_command_that_says_now_rewinds_to_its_receipt(live):
    seen = lived(live, "T02")
    (floor,) = {begin["floor"] for begin in seen.of("rewind", phase="begin")}
    assert floor - (START + 35 * 60 + 7) in (-1, 0)  # HAN time is asked for, so it is up to a second late
    check_rewind(seen, GPF, floor, "unsolicited", 78)
    check_untouched(seen, ESME)


def test_T03_a_future_change_is_carried_out_on_time(live):
    seen = lived(live, "T03")
    due = START + 45 * 60 + 20
    check_rewind(seen, ESME, due, "unsolicited", 79)
    (begin,) = seen.of("rewind", phase="begin")
    assert begin["t"] == due and seen.utc(begin["ms"]) - due in (0, 1)
    check_untouched(seen, GPF)


def test_T04_a_change_that_fell_due_while_the_power_was_off_is_carried_out_before_anything_is_shown(live):
    def keep_picture(outsider):  # as a panel with a supply of its own would
        outsider.panel.ram[:] = bytes([DARK]) * len(outsider.panel.ram)

    seen = lived(live, "T04", on_boot=keep_picture)
    check_rewind(seen, ESME, START + 40 * 60, "unsolicited", 80, gap=3, blank=False)
    back = next(place for place, entry in enumerate(seen.log) if isinstance(entry, dict) and entry["ms"] >= 3_600_000)
    after = [entry for entry in seen.log[back:] if isinstance(entry, Operation)]
    assert after and DARK not in after[0].panel
    screens = [screen["name"] for screen in seen.of("screen", 60)]
    assert screens.index("fresh_start") > 0 and "now" not in screens[: screens.index("fresh_start")]
    assert seen.of("screen", 60, name="fresh_start")[0]["ms"] >= seen.of("receipt")[0]["ms"]
    check_remembered(seen, GPF, gap=2)


def test_T09_the_same_event_a_thousand_times_is_one_event(live):
    seen = lived(live, "T09")
    check_rewind(seen, ESME, PAST, "unsolicited", 81)
    answers = {(payload[3:].hex(), *asked) for payload, *asked in seen.answers(after=15)}
    assert answers == {("0000", 0x20, 21, ESME)} and len(seen.answers(after=15)) == 1000
    told = next(place for place, entry in enumerate(seen.log) if entry in seen.of("receipt"))
    written = [entry.offset for entry in seen.log[told:] if isinstance(entry, Operation)]
    assert written and max(written) < JOURNAL  # nothing but half-hours since
    check_untouched(seen, GPF)


def test_T10_after_not_found_the_attributes_tell(live):
    seen = lived(live, "T10")
    check_rewind(seen, GPF, PAST, "attribute", None)
    check_untouched(seen, ESME)


def test_T12_without_the_command_the_attributes_tell(live):
    seen = lived(live, "T12")
    check_rewind(seen, ESME, PAST, "attribute", None)
    check_untouched(seen, GPF)


def test_T13_a_meter_with_neither_cannot_tell_and_its_gate_opens_with_a_notice(live):
    seen = live("T13")
    seen.run(14)
    before = seen.panel.picture().tobytes()
    seen.run()
    check_remembered(seen, ESME, gap=2)
    check_remembered(seen, GPF, gap=2)
    assert seen.of("tenancy", 15, meter=ESME)[0]["source"] is None
    assert seen.of("screen")[-1]["name"] == "now"
    notice = [mine ^ other for mine, other in zip(seen.panel.picture().tobytes(), before, strict=True)]
    assert any(notice[-128:])  # it stands in the last lines


def test_T17_nothing_unsecured_changes_anything_nor_opens_a_gate(live):
    seen = lived(live, "T17")
    answers = [(payload.hex()[4:], options, address) for payload, options, _, address in seen.answers(after=15)]
    assert answers == [("0b0001", 0, ESME), ("0b0101", 0, ESME)]  # FAILURE, itself unsecured; none to a response
    check_remembered(seen, ESME, gap=2)
    check_remembered(seen, GPF, gap=2)
    assert seen.of("screen")[-1]["name"] == "checking"


def test_T17_nor_do_attributes_that_are_unsecured_alone(live):
    seen = live("T17-attributes")
    taken = []

    def strip_security(data):
        found = packets(data)
        for packet in found:
            told = bytes(getattr(packet, "rf_data", None) or b"")
            if getattr(packet, "cluster_id", None) == 0x0708 and told[0] & 1 == 0 and told[2] == 1:
                packet.receive_options = packet.receive_options & ~0x20
                taken.append(told)
        return b"".join(bytes(packet.output(escaped=True)) for packet in found)

    seen.run(14)
    seen.line = strip_security
    seen.run()
    answers = {(payload[3:].hex(), options) for payload, options, _, _ in seen.answers(after=14)}
    assert taken and answers == {("0101", 0)}  # FAILURE, itself unsecured
    check_remembered(seen, ESME, gap=2)
    check_remembered(seen, GPF, gap=2)


def test_T18_another_address_changes_nothing(live):
    seen = lived(live, "T18")
    assert len(seen.answers(after=15)) == 2
    check_untouched(seen, ESME)
    check_untouched(seen, GPF)


def test_T23_a_change_of_electricity_leaves_gas_untouched(live):
    seen = lived(live, "T23")
    check_rewind(seen, ESME, 820786800, "unsolicited", 86)
    check_untouched(seen, GPF)
    before, after = image.Image(seen.images[ESME]).sectors, image.Image(seen.flash).sectors
    for old, new in zip(before, after, strict=True):
        if old.series in (1, 3):
            assert [word for word in old.words if word != image.UNKNOWN] == [
                now for word, now in zip(old.words, new.words, strict=True) if word != image.UNKNOWN
            ]


def test_T30_what_the_meter_offers_from_before_the_floor_is_dropped(live, monkeypatch):
    honest = sampled_data.log

    def generous(load):
        log = honest(load)

        def answer(body, utc):
            wanted, _ = sampled_data.GetSampledData.deserialize(body)
            wanted.earliest, wanted.count = wanted.earliest - 12 * HALF_HOUR, wanted.count + 12
            return log(wanted.serialize(), utc)

        return answer

    monkeypatch.setattr(sampled_data, "log", generous)
    monkeypatch.setattr(sampled_data, "MOST_SAMPLES", 36)
    seen = lived(live, "T30")
    floor = 820850100
    receipt = check_order(seen, ESME, floor, blank=False)
    check_destroyed(seen.images[ESME], seen.flash, ESME, receipt)
    found = record(seen.flash, "electricity")
    now = seen.utc(seen.life.ms) // HALF_HOUR
    assert sorted(found) == list(range(image.first_kept(floor), now))
    assert found == {half_hour: seen.used("electricity", half_hour) for half_hour in found}
    check_remembered(seen, GPF)


def test_T46_i_have_moved_in_forgets_everything_of_every_meter(live):
    seen = lived(live, "T46")
    (floor,) = {begin["floor"] for begin in seen.of("rewind", phase="begin")}
    assert floor - (START + 15 * 60 + 14) in (-1, 0)
    for meter in (ESME, GPF):
        check_rewind(seen, meter, floor, "user", None)


def test_T46_it_also_forgets_a_meter_that_does_not_answer_and_lets_it_go(live):
    seen = lived(live, "T46-silent")
    (floor,) = {begin["floor"] for begin in seen.of("rewind", phase="begin")}
    assert floor - (START + 25 * 60 + 14) in (-1, 0)
    check_rewind(seen, GPF, floor, "user", None)
    told = [
        event.get("phase", event["event"])
        for event in seen.log
        if isinstance(event, dict) and event["event"] in ("rewind", "receipt") and event["meter"] == ESME
    ]
    assert told == ["begin", "done", "receipt"]
    (receipt,) = seen.of("receipt", meter=ESME)
    assert (receipt["source"], receipt["issuer_event_id"], receipt["floor"]) == ("user", None, floor)
    check_destroyed(seen.images[ESME], seen.flash, ESME, receipt)


@pytest.mark.parametrize("fuel, meter", [("electricity", ESME), ("gas", GPF)])
def test_two_lives_that_differ_before_the_change_are_the_same_after_it(live, monkeypatch, fuel, meter):
    lives = []
    for former in ("one", "other"):
        monkeypatch.setattr("tools.bench.bench.Load", partial(load_with_a_past, former, fuel))
        lives.append(lived(live, "two-lives-" + fuel))
    one, other = lives
    for seen in lives:
        check_rewind(seen, meter, seen.of("receipt")[0]["floor"], "unsolicited", 90)
    pasts = [record(seen.images[meter], fuel) for seen in lives]
    assert pasts[0].keys() == pasts[1].keys()
    assert len([half_hour for half_hour in pasts[0] if pasts[0][half_hour] != pasts[1][half_hour]]) > 40
    ends = [since_change(seen) for seen in lives]
    assert ends[0][0] != ends[1][0] and len(set(ends[0][1])) > 20
    assert ends[0][1:] == ends[1][1:]
    assert one.flash == other.flash
    assert one.vfs.read_bytes() == other.vfs.read_bytes()
    assert one.panel.ram == other.panel.ram


def load_with_a_past(former, fuel, shape, seed, origin, register=0, history_days=0):
    """A Load as the bench makes it; until the midnight after its start another household lives there, named `former`.

    `register` is what is shown at that midnight, so that nothing after it tells of what was before.
    """
    change = (load.ZIGBEE_EPOCH + timedelta(seconds=origin + load.DAY)).date()

    def lived_by_both(dice, date):
        theirs = date < change and fuel == ("gas" if shape is load.gas else "electricity")
        return shape(random.Random(f"{former} {date}") if theirs else dice, date)

    return load.Load(lived_by_both, seed, origin + load.DAY, register, history_days + 1)


def since_change(seen):
    """What was shown before the rewind; and since its gate closed: Pictures, events, and the bytes on the wire."""
    closed = next(entry for entry in seen.log if isinstance(entry, dict) and entry.get("why") == "forgetting")
    place = seen.log.index(closed)
    parts = seen.log[:place], seen.log[place:]
    pictures = [[entry for entry in part if isinstance(entry, Picture)] for part in parts]
    told = [entry for entry in seen.log[place:] if isinstance(entry, dict) and entry["event"] not in ("boot", "heap")]
    wire = [[each for each in way if each.ms > closed["ms"]] for way in (seen.sent, seen.heard)]
    return *pictures, told, *wire
