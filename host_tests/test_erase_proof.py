"""`make erase-proof`: each thing that could betray the people before is found, and nothing is cried over nothing."""

import json
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from image_by_hand import (
    APPLIED,
    BINDING,
    BOTH,
    COST,
    DATE,
    DONE,
    ELECTRICITY,
    FIRST,
    FLOOR,
    FLOORS,
    GAS,
    INTENT,
    JOURNAL,
    MIDDLE,
    PENDING,
    RECEIPT,
    SECTOR,
    Chip,
    faults,
    lived_in,
    only_fault,
    rewound,
    run,
    slot,
)

from tools import erase_proof
from tools.erase_proof import floors, receipts

ROOT = Path(__file__).resolve().parent.parent


def test_a_blank_partition_is_proven_and_says_so():
    status, told = run(Chip())
    assert status == 0
    assert "0 sectors of 128 not blank" in told
    assert told.endswith("The partition is blank: there is nothing to be read.")


def test_a_display_that_was_never_told_to_forget_says_so():
    status, told = run(lived_in())
    assert status == 0
    assert "There is no floor: nothing was to be forgotten" in told


def test_a_rewound_display_is_proven_and_told_in_plain_words():
    status, told = run(rewound())
    assert status == 0
    assert told.endswith("VERDICT Nothing before a floor can be read.")
    for sentence in (
        "7 electricity energy 1 2026-01-02 18:00 10 510 500 0",
        "80 journal 1 13 records, 114 free, 0 destroyed, 0 broken",
        f"electricity, usage and supplier's data: {DATE} gas, usage and supplier's data: {DATE} BOUND",
        "electricity: 00158d0001020304, endpoints 1 (metering) and 2 (management), since 2026-01-12 03:48:20 ",
        f"gas, change of tenancy, last applied: {DATE} (command, event 42, provider 7, control 0x0), noted at 2026-",
        "REWINDS BEGUN AND NOT FINISHED none",
        f"7 electricity, change of tenancy (command, event 42). Back to {DATE}, usage and supplier's data; judged",
        "judged at 2026-01-13 03:48:26; took 1,234 ms: 19 sectors erased, 500 slots destroyed; verified.",
    ):
        assert sentence in told


def test_floors_and_receipts_are_read_by_name():
    octets = bytes(rewound().octets)
    assert floors(octets) == {(0, 1): FLOOR, (0, 2): FLOOR, (1, 1): FLOOR, (1, 2): FLOOR}
    first, second = receipts(octets)
    assert (first.number, first.meter, second.number, second.meter) == (7, 0, 13, 1)
    assert (first.kind, first.source, first.scope, first.event_id) == (0, 0, BOTH, 42)
    assert (first.floor, first.applied, first.sectors, first.slots, first.ms) == (FLOOR, FLOOR + 6, 19, 500, 1234)
    assert first.verified and not first.resumed


def test_a_record_that_a_start_copied_is_one():
    chip = rewound()
    last = JOURNAL * SECTOR + 13 * 32
    chip.put(last + 3 * 32, bytes(chip.octets[last : last + 32]))
    assert [receipt.number for receipt in receipts(bytes(chip.octets))] == [7, 13]
    status, told = run(chip)
    assert status == 0 and "80 journal 1 14 records, 113 free, 0 destroyed, 0 broken" in told


def test_events_without_an_id_and_an_unknown_time_are_told_as_such():
    chip = Chip()
    chip.record(PENDING, 0, 1 | 2 << 4, 0, struct.pack("<IIIII", 0, 5, 9, 6, 0xFFFFFFFF))
    chip.record(PENDING, 1, 0, 16, struct.pack("<IIIII", FLOOR, 5, 9, 6, FLOOR))
    chip.record(RECEIPT, 1, 4 << 4, 64 | 1 << 2, struct.pack("<IIIHHI", FLOOR, 42, 0xFFFFFFFF, 1, 1, 9))
    chip.floor(1, scopes=[1])
    chip.floor(1, FLOOR + 86400, scopes=[2])
    status, told = run(chip)
    assert status == 0
    assert f"gas, usage and its cost: {DATE} gas, supplier's data: 2026-01-14 03:48:20 BOUND" in told
    assert (
        "EVENTS electricity, change of supplier, pending: as soon as the time is known "
        "(unsolicited, no event id, provider 9), noted at an unknown time REWINDS" in told
    )
    assert f"3 gas, change of tenancy (home, no event id). Back to {DATE}, usage and its cost; judged at" in told
    assert "1 sector erased, 1 slot destroyed, counted since the last start; NOT VERIFIED." in told


def test_the_half_hour_in_which_the_floor_falls_may_not_be_read():
    chip = rewound()
    chip.slots(ELECTRICITY, [slot(345)], begin=499)
    assert only_fault(chip) == (
        "Sector 7 (electricity energy): 1 slot from before the floor can be read, as 2026-01-13 03:30, 345 Wh."
    )


def test_a_floor_on_the_half_hour_keeps_the_one_that_begins_then():
    chip = rewound()
    chip.floor(0, MIDDLE * 1800)
    assert faults(chip) == []
    chip.floor(0, MIDDLE * 1800 + 1)
    assert "as 2026-01-13 04:00, 10 Wh" in only_fault(chip)


def test_cost_obeys_the_floor_of_its_fuel_and_gas_only_its_own():
    chip = lived_in()
    chip.ring(COST, [slot(1234567)])
    chip.floor(1, scopes=[1])
    assert only_fault(chip) == (
        "Sector 27 (gas energy): 500 slots from before the floor can be read, as 2026-01-02 18:00, 3,000 litres."
    )
    chip.floor(0, scopes=[1])
    assert "Sector 47 (electricity cost): 1 slot" in faults(chip)[2]
    assert faults(chip)[2].endswith("as 2026-01-02 18:00, 12.34567 GBP.")


def test_a_floor_for_the_suppliers_data_forbids_no_usage():
    chip = lived_in()
    chip.floor(0, scopes=[2])
    assert faults(chip) == []


@pytest.mark.parametrize("word", [slot(345) & ~(1 << 31), 1, 0x7FFFFFFF, slot(345) ^ 1])
def test_a_remnant_of_a_slot_from_before_the_floor_is_found(word):
    chip = rewound()
    chip.slots(GAS, [word], begin=3)
    assert only_fault(chip) == (
        f"Sector 27 (gas energy): a remnant in 1 slot from before the floor, as 2026-01-02 19:30, {word:08x}."
    )


def test_a_slot_never_written_before_the_floor_says_nothing():
    """So it is in a sector that is taken into use only after the rewind."""
    chip = rewound()
    chip.ring(COST, [slot(9)], begin=600)
    assert faults(chip) == []


def test_broken_words_of_the_people_now_are_counted_and_no_fault():
    chip = rewound()
    chip.slots(ELECTRICITY, [slot(7) ^ 2], begin=700)
    status, told = run(chip)
    assert status == 0
    assert "7 electricity energy 1 2026-01-02 18:00 10 509 500 1" in told


def test_an_open_intent_is_a_rewind_not_finished_and_its_floor_counts():
    chip = lived_in()
    chip.record(DONE, 0)  # of an earlier one
    chip.record(INTENT, 0, 0, 1 | BOTH << 2, struct.pack("<IIIII", FLOOR, 42, 7, 0, FLOOR + 5))
    chip.record(DONE, 1)
    chip.record(DONE, 0, 1)  # of another kind
    first, second = faults(chip)
    assert first == (
        f"A rewind is not finished: electricity, change of tenancy (command, event 42), back to {DATE}, "
        "usage and supplier's data; begun at 2026-01-13 03:48:25."
    )
    assert second.startswith("Sector 7 (electricity energy): 500 slots from before the floor can be read")


def test_an_intent_without_a_time_forbids_everything():
    chip = lived_in()
    chip.record(INTENT, 0, 3 << 4, BOTH << 2, struct.pack("<IIIII", 0xFFFFFFFF, 0, 0, 0, 0xFFFFFFFF))
    assert "back to an unknown time" in faults(chip)[0]
    assert "500 slots" in faults(chip)[1]


def test_a_torn_header_leaves_a_sector_of_which_nobody_can_tell():
    chip = rewound()
    chip.octets[GAS * SECTOR + 12] ^= 1
    assert (
        only_fault(chip) == "Sector 27 (gas energy): not blank, without a valid header; 10 words there could be slots."
    )


@pytest.mark.parametrize(
    "header, trouble",
    [
        ((27, 0, FIRST), "a header that belongs elsewhere"),
        ((28, 1, FIRST), "a header of a half-hour that does not belong here"),
        ((27, 1, FIRST + 20), "a header of a half-hour that does not belong here"),
        ((27, 1, 1020 * (447 + 20 * 200000)), "a header of a half-hour that does not belong here"),
        ((27, 1, FIRST, 1, 2), "not blank, without a valid header"),
        ((100, 1, FIRST), "not blank, though nothing belongs here"),
        ((81, 0xC0, 1020), "a header of a half-hour that does not belong here"),
    ],
)
def test_a_header_in_the_wrong_place_dates_nothing(header, trouble):
    chip = Chip()
    chip.header(*header)
    assert trouble in only_fault(chip)


def test_a_spare_sector_that_is_not_blank_is_found():
    chip = rewound()
    chip.put(127 * SECTOR + 4095, b"\xfe")
    assert only_fault(chip).startswith("Sector 127 (spare): not blank, though nothing belongs here; 0 words")


def test_a_half_zeroed_sector_is_found_and_a_zeroed_one_is_no_fault():
    chip = rewound()
    chip.ring(6, [slot(value) for value in range(1020)], first=FIRST - 1020)
    chip.put(6 * SECTOR, bytes(2048))
    assert only_fault(chip) == (
        "Sector 6 (electricity energy): not blank, without a valid header; 512 words there could be slots."
    )
    chip.put(6 * SECTOR, bytes(SECTOR))
    _, found, remarks, _ = erase_proof.prove(bytes(chip.octets))
    assert found == []
    assert remarks == ["Destroyed but not yet erased, nothing but zeros: sector 6."]


def test_records_with_a_wrong_crc_do_not_count():
    chip = rewound()
    last = chip.record(FLOORS, 0, 1, payload=struct.pack("<I", FLOOR + 86400))
    assert "10 slots" in only_fault(chip)
    chip.octets[last + 8] ^= 1
    status, told = run(chip)
    assert status == 0
    assert f"1 journal record with a wrong crc, not counted: at 0x{last:06x}." in told
    chip.put(last, bytes(32))
    assert "wrong crc" not in run(chip)[1]


def test_the_latest_word_counts_and_a_floor_may_be_lowered():
    chip = rewound()
    chip.floor(0, FLOOR + 86400)
    assert len(faults(chip)) == 1
    chip.floor(0, FLOOR)
    assert faults(chip) == []


def test_the_newer_copy_of_the_journal_counts_and_the_older_one_is_found():
    chip = rewound()
    newer = Chip()
    newer.header(81, 0xC0, 0, sequence=2)
    newer.sequence = 100
    for meter in (0, 1):
        for scope in (1, 2):
            at = 81 * SECTOR + 32 * (1 + 2 * meter + scope)
            newer.record(FLOORS, meter, scope, payload=struct.pack("<I", FLOOR), at=at)
    chip.put(81 * SECTOR, newer.octets[81 * SECTOR : 82 * SECTOR])
    assert only_fault(chip) == "Sector 80 (journal): an older copy of the journal still stands, with 13 records."
    chip.put(80 * SECTOR, b"\xff" * SECTOR)
    assert faults(chip) == []
    assert floors(bytes(chip.octets)) == {(0, 1): FLOOR, (0, 2): FLOOR, (1, 1): FLOOR, (1, 2): FLOOR}
    assert receipts(bytes(chip.octets)) == []


def test_valid_records_and_headers_where_none_belong_are_found():
    chip = rewound()
    chip.record(APPLIED, 0, payload=b"who was here", at=ELECTRICITY * SECTOR + 16 + 4 * 800 + 1)
    assert only_fault(chip).startswith("Sector 7 (electricity energy): 1 valid record of a journal stands where none")
    chip = rewound()
    chip.put(JOURNAL * SECTOR + 4000, chip.octets[GAS * SECTOR : GAS * SECTOR + 16])
    assert only_fault(chip) == "Sector 80 (journal): 1 valid header of a sector stands inside it."


def test_octets_that_the_format_leaves_empty_must_be_empty():
    chip = rewound()
    at = chip.record(FLOORS, 0, 1, payload=struct.pack("<II", FLOOR, slot(3001)))
    assert only_fault(chip) == (
        f"A journal record (type 6, number 14) at 0x{at:06x} carries octets that the format leaves empty."
    )
    assert len(faults(chip, values=[3001])) == 2
    chip = rewound()
    chip.record(9, 0)
    assert "type 9" in only_fault(chip)
    chip = rewound()
    chip.put(JOURNAL * SECTOR + 20, b"\0")
    assert only_fault(chip) == "Sector 80 (journal): not blank between the header and the first record."


def test_a_receipt_without_its_floor_is_found():
    chip = Chip()
    chip.record(RECEIPT, 0, 0, 1 << 2, struct.pack("<IIIHHI", FLOOR, 42, FLOOR, 1, 1, 9))
    assert only_fault(chip) == (
        "Receipt 1 speaks of a floor for usage and its cost of electricity, but the journal holds none."
    )


def test_an_earlier_binding_is_remarked_on():
    chip = rewound()
    chip.record(BINDING, 0, 0, 0, struct.pack("<8sBBI", bytes(7) + b"\x05", 1, 1, 0xFFFFFFFF))
    status, told = run(chip)
    assert status == 0
    assert (
        "electricity: 0000000000000005, endpoints 1 (metering) and 1 (management), since an unknown time, not" in told
    )
    assert "An earlier binding can still be read: electricity 00158d0001020304." in told


def test_a_garbage_image_is_judged_in_a_few_sentences():
    chip = Chip()
    chip.put(0, random.Random(1).randbytes(len(chip.octets)))
    status, told = run(chip)
    assert status == 1
    assert "NOT PROVEN: 7 findings. 1. Sectors 0 to 19 (electricity energy): not blank, without a valid header" in told


def test_a_part_of_the_partition_is_accepted_with_a_remark():
    chip = Chip(40)
    status, told = run(chip)
    assert status == 0
    assert "A part of the partition, 40 of 128 sectors: the rest is not judged." in told
    chip.ring(ELECTRICITY, [slot(1)])
    status, told = run(chip)
    assert status == 1
    assert "The journal is not in this part of the partition, so the floors are not known." in told


def test_json_holds_the_same(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(rewound().octets)
    assert erase_proof.main([str(path), "--known", "15", "--against", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["proven"] and said["findings"] == [] and said["open_intents"] == []
    assert said["receipts"][0]["floor"] == said["floors"][0]["floor"] == FLOOR
    assert said["known"] == {"places": [], "own": 2, "chance": 0, "left": 0}
    assert said["against"]["old_words"] == 0
    slots = {"valid": 10, "never_written": 510, "destroyed": 500, "invalid": 0}
    assert said["sectors"][0]["slots"] == slots


@pytest.mark.parametrize("size", [0, 1, SECTOR - 1, SECTOR * 127 + 1, SECTOR * 129])
def test_a_file_of_another_size_is_refused_in_a_sentence(size, tmp_path, capsys):
    path = tmp_path / "other.bin"
    path.write_bytes(bytes(size))
    assert erase_proof.main([str(path)]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err == (
        f"{path} holds {size:,} octets; an image of the history partition holds 524,288, "
        "or a part of it in whole sectors of 4,096.\n"
    )


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["missing.bin"], "missing.bin cannot be read: No such file or directory."),
        (["."], ". cannot be read: Is a directory."),
        ([""], "Say which image: make erase-proof DUMP=image.bin"),
        (["image.bin", "--against", "missing.bin"], "missing.bin cannot be read: No such file or directory."),
        (["image.bin", "--known", "values.txt"], "--known values.txt cannot be used: No such file or directory."),
        (["image.bin", "--known", ""], "--known  cannot be used: there is no value in it."),
        (["image.bin", "--known", "1,-2"], "--known 1,-2 cannot be used: -2 is no value of a slot"),
        (["image.bin", "--known", "16777215"], "--known 16777215 cannot be used: 16777215 is no value of a slot"),
        (["image.bin", "--known", "image.bin"], "--known image.bin cannot be used: '"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("image.bin").write_bytes(Chip(1).octets)
    assert erase_proof.main(words) == 2
    said = capsys.readouterr()
    assert said.err.startswith(sentence) and said.err.count("\n") == 1
    assert not said.out


def test_as_a_command_it_ends_with_its_status(tmp_path):
    (tmp_path / "image.bin").write_bytes(lived_in().octets)
    for path, status in (("image.bin", 0), ("missing.bin", 2)):
        command = [sys.executable, "-m", "tools.erase_proof", tmp_path / path]
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == status
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["--help"], ["image.bin"], ["image.bin", "--json"]])
def test_it_needs_nothing_but_the_standard_library(words, tmp_path):
    (tmp_path / "image.bin").write_bytes(rewound().octets)
    words = [str(tmp_path / word) if word.endswith("bin") else word for word in words]
    command = [sys.executable, "-S", "-E", "-m", "tools.erase_proof", *words]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
