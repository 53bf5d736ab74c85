"""The catalogue of tenancy over the wire: scenarios whose files say what is expected, and the flash that proves it."""

import pytest
from by_hand import ESME, GPF
from outsider import (
    METERS,
    PAST,
    START,
    Outsider,
    check_gone,
    check_kept,
    check_past,
    check_remembered,
    check_rewind,
    check_untouched,
    lived,
    record,
)
from whole_board import received

from tools import image
from tools.image import HALF_HOUR

# The display's answers to what was published: command and status of each.
ANSWERS = {
    "T05": "0000 0000",
    "T06": "0000 008b 008b",
    "T07": "0000 0000 0000 0000",
    "T08": "0000 0000 0000 0000",
    "T11": "",
    "T14": "",
    "T15": "",
    "T16": "0000",
    "T19": "0000",
    "T21": "",
    "T22": "0080 0080 0000",
    "T24": "0000 0000",
    "T26": "0000 0000",
    "T27": "0000 0000",
    "T27-autumn": "0000 0000",
    "T31": "0000",
    "T33": "0100 0100",
    "T35": "",
    "T45": "",
}


def check_flash(seen):
    """Every receipt is proved by the flash; a meter without one is as it was."""
    starts = len(seen.of("boot"))
    for meter in METERS:
        receipts = seen.of("receipt", meter=meter)
        if receipts:
            (told,) = receipts
            identity = told["floor"], told["source"], told["issuer_event_id"]
            check_rewind(seen, meter, *identity, gap=starts, kind=told["kind"])
        elif starts > 1:
            check_remembered(seen, meter, gap=2)
        else:
            check_untouched(seen, meter)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_scenario_is_lived_and_the_flash_proves_it(name, tmp_path):
    seen = lived(name, tmp_path)
    assert " ".join(payload[3:].hex() for payload, *_ in seen.answers(after=14)) == ANSWERS[name]
    check_flash(seen)


def test_T20_a_wrong_direction_profile_or_sequence_number_changes_nothing(tmp_path):
    seen = lived("T20", tmp_path)
    answers = {(payload[-1], address) for payload, _, _, address in seen.answers(after=14)}
    assert answers == {(0xC3, ESME), (0xC3, GPF)}  # we serve no such cluster; none to another profile
    check_flash(seen)


def test_T36_tenancy_and_supplier_at_the_same_moment_forget_once(tmp_path):
    seen = lived("T36", tmp_path)
    for meter, floor, first in ((ESME, START + 30 * 60, "tenancy"), (GPF, PAST, "supplier")):
        receipts = seen.of("receipt", meter=meter)
        assert receipts[0]["kind"] == first and {receipt["floor"] for receipt in receipts} == {floor}
        assert receipts[0]["slots"] > 100 and not [each for each in receipts[1:] if each["slots"]]
        gates = [gate["open"] for gate in seen.of("gate", 1, meter=meter)]
        assert gates == [False, True]
        for kind in ("tenancy", "supplier"):
            assert seen.of("tenancy", meter=meter, kind=kind)[-1]["state"] == "CLEAR"
        check_gone(seen.images[meter], seen.flash)
    journal = image.Image(seen.flash).journal
    assert not [each for each in journal.events() if each.state == "pending"] and journal.open_intents() == []


def test_T38_every_control_bit_alone_and_all_together(tmp_path):
    seen = lived("T38", tmp_path)
    every = list(range(1000, 1033))
    assert [receipt["issuer_event_id"] for receipt in seen.of("receipt", meter=ESME)] == every
    assert [each["issuer_event_id"] - 2000 for each in seen.of("receipt", meter=GPF)] == [7, 8, 9, 10, 13, 14, 32]
    for meter, fuel in ((ESME, "electricity"), (GPF, "gas")):
        floor = seen.of("receipt", meter=meter)[-1]["floor"]
        assert all(half_hour >= image.first_kept(floor) for half_hour in record(seen.flash, fuel))
    assert list(image.Image(seen.flash).journal.open_intents()) == []


def test_T44_a_change_to_come_that_is_published_over_an_enacted_one(tmp_path):
    seen = lived("T44", tmp_path)
    due = START + 35 * 60
    receipts = seen.of("receipt", meter=ESME)
    told = [(each["source"], each["issuer_event_id"], each["floor"], each["verified"]) for each in receipts]
    assert told == [("attribute", None, PAST, True), ("command", 78, due, True)]
    before = seen.images[ESME]  # of the second
    assert min(record(before, "electricity")) == image.first_kept(PAST)
    check_kept(seen, before, before, "electricity", 0)
    check_gone(before, seen.flash)
    check_untouched(seen, GPF)


def test_T48_a_first_binding_to_a_meter_with_an_old_change_takes_nothing_older_and_says_nothing(tmp_path):
    seen = lived("T48", tmp_path)
    first, now = image.first_kept(PAST), seen.utc(seen.life.ms) // HALF_HOUR
    found = record(seen.flash, "electricity")
    assert sorted(found) == list(range(first, now))
    assert found == {half_hour: seen.used("electricity", half_hour) for half_hour in found}
    assert [image.Image(seen.flash).journal.floors()[0, scope] for scope in (1, 2)] == [PAST, PAST]
    assert seen.of("screen")[-1]["name"] == "now" and not seen.of("screen", name="fresh_start")
    check_past(seen, seen.flash, "gas", now)


def test_T25_the_frame_that_gcs09_prints_rewinds_to_its_time_and_is_answered(tmp_path):
    frame = bytes.fromhex("090000" + "00000000" + "804a371c" + "00" + "206ec61f" + "00020000")
    with Outsider("T25", tmp_path) as seen:
        seen.feed[15 * 60_000] = received(0x0708, frame, source=GPF, short=0x8C02, source_endpoint=9)
        seen.run()
        check_rewind(seen, GPF, 0x1FC66E20, "unsolicited", 0x1C374A80)
        ((payload, options, endpoint, address),) = seen.answers(after=15)
        assert (payload.hex(), options, endpoint, address) == ("00000b0000", 0x20, 9, GPF)
        check_untouched(seen, ESME)
