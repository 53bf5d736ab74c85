"""`make erase-proof`: household records are listed, their remains found, and all of it said in JSON too."""

import json
import struct
import sys
from pathlib import Path

import pytest
from image_by_hand import (
    ELECTRICITY,
    FLOOR,
    JOURNAL,
    RECEIPT,
    SECTOR,
    Chip,
    faults,
    only_fault,
    rewound,
    run,
    slot,
    with_crc,
)

from tools import erase_proof
from tools.image import Image

sys.path.append(str(Path(__file__).parent / "portable"))

from household_records import PAST, at_home, kept
from world import tenancy

PAIR = 82


def record(key, value, sequence=2, kind=8, source=0, length=None):
    """A household record as 32 octets."""
    length = len(value) if length is None else length
    return with_crc(struct.pack("<BBBBI20s", kind, key >> 2, key & 3 | source << 4, length, sequence, value))


def household(chip, *records, sector=PAIR, sequence=1):
    """Sector 82 or 83 with these records."""
    chip.header(sector, 0xC1, 0, sequence)
    for place, octets in enumerate(records, 1):
        chip.put(sector * SECTOR + 32 * place, octets)
    return chip


def image_of(flash):
    """A portable.flash.Flash as the bytes of an image."""
    return b"".join(flash.octets(number * SECTOR, SECTOR) for number in range(flash.sector_count))


def test_the_latest_of_each_key_is_listed_and_no_fault():
    records = record(14, b"Anna", 2), record(0, b"\x20\x03", 3), record(14, b"Bert", 4), record(3, b"", 5)
    status, told = run(household(rewound(), *records))
    assert status == 0
    assert "82 household records 1 4 records, 123 free, 0 destroyed, 0 broken" in told
    for sentence in ("key 0: 2 octets 20 03 key 3: 0 octets key 14: 4 octets 42 65 72 74, 'Bert'",):
        assert sentence in told
    assert "HOUSEHOLD RECORDS (a rewind leaves none: they are the present occupant's) none" in run(rewound())[1]


def test_destroyed_records_and_destroyed_sectors_are_no_fault():
    chip = household(rewound(), record(0, b"a"), bytes(32), record(1, b"b", 3))
    assert faults(chip) == []
    chip.put(PAIR * SECTOR, bytes(SECTOR))
    _, found, remarks, _ = erase_proof.prove(bytes(chip.octets))
    assert found == [] and remarks == ["Destroyed but not yet erased, nothing but zeros: sector 82."]


def test_remains_of_a_record_are_found():
    chip = household(rewound(), record(0, b"a"), record(1, b"nobody knows whose")[:31] + b"\0")
    assert only_fault(chip) == ("Sector 82 (household records): 1 record neither whole nor destroyed, at 0x052040.")


@pytest.mark.parametrize(
    "offset, octets, trouble",
    [
        (0, b"\0", "not blank, without a valid header"),
        (SECTOR - 1, b"\0", "not blank, without a valid header"),
        (0, with_crc(struct.pack("<HBBII", 0x4849, 0xC0, 1, 1, 0)), "a header that belongs elsewhere"),
        (0, with_crc(struct.pack("<HBBII", 0x4849, 0xC1, 1, 1, 7)), "a header of a half-hour that does not belong"),
    ],
)
@pytest.mark.parametrize("sector", [PAIR, PAIR + 1])
def test_a_sector_without_its_header_that_is_not_blank_is_found(offset, octets, trouble, sector):
    chip = rewound()
    chip.put(sector * SECTOR + offset, octets)
    assert only_fault(chip).startswith(f"Sector {sector} (household records): {trouble}")


def test_records_without_their_header_are_found():
    chip = household(rewound(), record(0, b"a"), record(1, b"b", 3))
    chip.put(PAIR * SECTOR, bytes(16))
    first, second = faults(chip)
    assert first.startswith("Sector 82 (household records): not blank, without a valid header")
    assert second == "Sector 82 (household records): 2 valid records of a journal stands where none is kept."


def test_an_older_copy_is_found():
    chip = household(rewound(), record(0, b"a"), record(1, b"b", 3))
    household(chip, record(1, b"c", 4), sector=PAIR + 1, sequence=5)
    assert (
        only_fault(chip)
        == "Sector 82 (household records): an older copy of the household records still stands, with 2 records."
    )
    assert Image(chip.octets).household.latest() == {1: b"c"}


@pytest.mark.parametrize(
    "octets, why",
    [
        (record(1, b"longer than it says", length=6), "carries octets that the format leaves empty"),
        (record(1, b"", length=21), "carries octets that the format leaves empty"),
        (record(1, b"", source=1), "carries octets that the format leaves empty"),
        (record(16, b""), "carries octets that the format leaves empty"),
        (record(1, b"", kind=RECEIPT), "does not belong there"),
        (record(1, b"", kind=9), "does not belong there"),
    ],
)
def test_a_record_that_says_more_than_it_may_is_found(octets, why):
    chip = household(rewound(), octets)
    assert only_fault(chip) == f"A household record (type {octets[0]}, number 2) at 0x052020 {why}."
    assert Image(chip.octets).household.latest() == {}


def test_a_household_record_anywhere_else_is_found():
    chip = rewound()
    chip.put(JOURNAL * SECTOR + 32 * 100, record(1, b"Anna", 100))
    assert only_fault(chip) == "A journal record (type 8, number 100) at 0x050c80 does not belong there."
    chip = rewound()
    chip.put(ELECTRICITY * SECTOR + 3001, record(1, b"Anna"))
    assert only_fault(chip).startswith("Sector 7 (electricity energy): 1 valid record")


def test_octets_between_the_header_and_the_first_record_are_found():
    chip = household(rewound(), record(0, b"a"))
    chip.put(PAIR * SECTOR + 20, b"\x55")
    assert only_fault(chip) == "Sector 82 (household records): not blank between the header and the first record."


def test_an_old_word_is_found_among_the_remains_and_not_in_what_the_people_now_have_set():
    word = struct.pack("<I", slot(3210))
    chip = household(rewound(), record(0, b"ab" + word))
    assert run(chip, "--known", "3210")[0] == 0
    chip.put(PAIR * SECTOR + 64, b"remains " + word)
    status, told = run(chip, "--known", "3210")
    assert status == 1
    assert "sector 82 (household records)" in told and "Values that must not occur stand in 1 place." in told


def test_what_the_display_put_is_read_by_the_other_hand_and_gone_after_its_rewind():
    world = at_home(puts=133)
    before = image_of(world.flash)
    assert Image(before).household.latest() == kept(world.app.household)
    assert faults_of(before) == []
    world.publish(world.electricity, tenancy(PAST, 5))
    world.run(30)
    after = image_of(world.flash)
    assert faults_of(after) == [] and not erase_proof.compare(before, after).left
    assert Image(after).household.latest() == {}
    (receipt,) = erase_proof.receipts(after)
    assert receipt.verified and receipt.event_id == 5 and receipt.floor == PAST
    world.app.household.visit().put(9, b"theirs")
    assert Image(image_of(world.flash)).household.latest() == {9: b"theirs"}


def faults_of(octets):
    return erase_proof.prove(octets)[1]


def said(chip, tmp_path, capsys):
    """`--json` of it."""
    path = tmp_path / "image.bin"
    path.write_bytes(chip.octets)
    erase_proof.main([str(path), "--json"])
    return json.loads(capsys.readouterr().out)


def test_json_has_household_records(tmp_path, capsys):
    chip = household(rewound(), record(14, b"Anna"), record(0, b"\0\1", 3))
    assert said(chip, tmp_path, capsys)["household"] == [
        {"key": 0, "octets": "0001"},
        {"key": 14, "octets": "416e6e61"},
    ]


def test_json_has_every_receipt_as_an_object_in_words(tmp_path, capsys):
    chip = rewound()
    never = 0xFFFFFFFF
    chip.record(RECEIPT, 1, 1 | 3 << 4, 64 | 1 << 2, struct.pack("<IIIHHI", never, 42, never, 1, 2, 9))
    held = said(chip, tmp_path, capsys)
    assert held["receipts"][0] == {
        "number": 7,
        "meter": "electricity",
        "kind": "tenancy",
        "source": "command",
        "scope": "BOTH",
        "event_id": 42,
        "floor": FLOOR,
        "applied": FLOOR + 6,
        "sectors": 19,
        "slots": 500,
        "ms": 1234,
        "verified": True,
        "resumed": False,
    }
    assert held["receipts"][2] == {
        "number": 14,
        "meter": "gas",
        "kind": "supplier",
        "source": "user",
        "scope": "CONSUMER",
        "event_id": None,
        "floor": None,
        "applied": None,
        "sectors": 1,
        "slots": 2,
        "ms": 9,
        "verified": False,
        "resumed": True,
    }
    assert held["floors"][0] == {"meter": "electricity", "scope": "CONSUMER", "floor": FLOOR}
    assert held["bindings"][0]["meter"] == "electricity"
    assert (held["events"][0]["kind"], held["events"][0]["source"]) == ("tenancy", "command")


def test_a_number_that_has_no_word_stays_a_number(tmp_path, capsys):
    chip = Chip()
    chip.record(RECEIPT, 3, 2 | 9 << 4, 0, struct.pack("<IIIHHI", FLOOR, 42, FLOOR, 1, 2, 9))
    (receipt,) = said(chip, tmp_path, capsys)["receipts"]
    assert [receipt[what] for what in ("meter", "kind", "source", "scope")] == [3, 2, 9, None]
