"""`make erase-proof`: old words are found wherever they stand, and the present record is not taken for them."""

import random
import struct
import time

import pytest
from image_by_hand import (
    ELECTRICITY,
    FIRST,
    SECTOR,
    Chip,
    faults,
    lived_in,
    rewound,
    run,
    slot,
)

from tools import erase_proof
from tools.erase_proof import compare

PLANTED = [
    (7 * SECTOR + 16 + 4 * 400, False, "the slot of 2026-01-11 02:00"),
    (7 * SECTOR + 16 + 4 * 900 + 1, False, "the slot of 2026-01-21 12:00"),
    (7 * SECTOR + 16 + 4 * 900 + 3, True, "octets reversed"),
    (7 * SECTOR + 16 + 4 * 400, True, "octets reversed"),
    (4 * SECTOR - 2, False, "sector 3 (electricity energy)"),  # across two sectors
    (80 * SECTOR + 2049, True, "sector 80 (journal)"),
    (128 * SECTOR - 4, False, "sector 127 (spare)"),
]


@pytest.mark.parametrize("marks", range(4))
@pytest.mark.parametrize("offset, backwards, where", PLANTED)
def test_a_planted_word_is_found_at_any_octet_in_either_order_with_any_marks(offset, backwards, where, marks):
    chip = rewound()
    chip.put(offset, struct.pack(">I" if backwards else "<I", slot(3210, marks)))
    status, told = run(chip, "--known", "3209,3210")
    assert status == 1
    assert f"3,210 stands as {slot(3210, marks):08x} at 0x{offset:06x}" in told
    assert where in told
    assert "Values that must not occur stand in 1 place." in told


def test_a_planted_half_sector_is_found_whether_or_not_its_sector_has_a_header():
    words = struct.pack("<512I", *(slot(3000 + n) for n in range(512)))
    for offset in (27 * SECTOR + 2048, 5 * SECTOR, 100 * SECTOR + 2048):
        chip = rewound()
        chip.header(27, 1, FIRST - 20400)  # where it is older than any floor
        chip.put(27 * SECTOR + 16, bytes(SECTOR - 16))
        assert faults(chip) == []
        chip.put(offset, words)
        status, told = run(chip, "--known", "3000,3001,3002")
        assert status == 1
        assert f"1. Sector {offset // SECTOR} " in told
        assert "Values that must not occur stand in 3 places." in told


def test_known_values_in_the_present_record_are_its_own(tmp_path):
    values = tmp_path / "values.txt"
    values.write_text("15\n3000\n")
    status, told = run(rewound(), "--known", values)
    assert status == 0
    assert "None of them stands outside the present record" in told
    assert "Such a word is in 2 slots of the present record" in told


def looked_for(chip, value):
    found = erase_proof.search(erase_proof.Image(chip.octets), {slot(value)})
    return found.left, found.own, found.chance


def test_neighbours_whose_octets_look_like_a_word_are_no_remnant():
    """The last octet of slot 600 and the first three of slot 601, reversed, are what 25 would be."""
    chip = rewound()
    chip.slots(ELECTRICITY, [slot(7), slot(25 << 16)], begin=600)
    assert looked_for(chip, 25) == (0, 0, 1)
    chip.slots(ELECTRICITY, [slot(7) ^ 1], begin=600)  # but a broken word may be made of anything
    assert looked_for(chip, 25) == (1, 0, 0)


def test_a_crc_beside_zeros_is_no_remnant():
    """The crc32 of one header in 256 ends with f8: with three zeros after it, it looks like the value 0 reversed."""
    chip = rewound()
    sequence = 1
    while chip.octets[ELECTRICITY * SECTOR + 15] != 0xF8:
        sequence += 1
        chip.header(ELECTRICITY, 0, FIRST, sequence)
    assert looked_for(chip, 0) == (0, 0, 1)


def test_against_the_image_before_every_old_word_is_looked_for(tmp_path):
    before = tmp_path / "before.bin"
    before.write_bytes(lived_in().octets)
    status, told = run(rewound(), "--against", before)
    assert status == 0
    assert "1,000 slots held 500 different words." in told
    chip = rewound()
    chip.put(60 * SECTOR + 1001, struct.pack(">I", slot(3499)))
    status, told = run(chip, "--against", before)
    assert status == 1
    assert "Words from before the floors still stand in 1 place." in told


def test_compare_counts_what_is_left_and_what_the_people_now_wrote_themselves():
    before, after = lived_in(), rewound()
    before.slots(ELECTRICITY, [slot(99999)], begin=500)  # at the floor: not old
    after.slots(ELECTRICITY, [slot(3001), slot(3002), slot(3002, 1), slot(99999)], begin=600)
    result = compare(bytes(before.octets), bytes(after.octets))
    assert (result.old_words, result.different, result.left, result.own) == (1000, 500, 0, 2)
    nothing_done = lived_in()
    nothing_done.floor(0)
    nothing_done.floor(1)
    result = compare(bytes(before.octets), bytes(nothing_done.octets))
    assert (result.old_words, result.left, result.own) == (1000, 1000, 0)
    assert result.places[0] == (ELECTRICITY * SECTOR + 16, slot(3000), False)


def test_against_proves_nothing_without_a_floor(tmp_path):
    before = tmp_path / "before.bin"
    before.write_bytes(lived_in().octets)
    status, told = run(Chip(), "--against", before)
    assert status == 1
    assert "There is no floor for usage in it" in told


def test_many_places_are_counted_after_the_first_dozen(tmp_path):
    before = tmp_path / "before.bin"
    before.write_bytes(lived_in().octets)
    chip = lived_in()
    chip.floor(0)
    status, told = run(chip, "--against", before)
    assert status == 1
    assert "And in 488 more places." in told


def test_a_year_of_two_fuels_takes_a_few_seconds():
    dice = random.Random(7)
    before, after = Chip(), Chip()
    for series in range(4):
        for sector in range(20):
            first = 1020 * (440 + (sector - 440) % 20)
            values = [slot(dice.randrange(20000)) for _ in range(1020)]
            before.ring(20 * series + sector, values, first=first)
    for meter in (0, 1):
        after.floor(meter, 1020 * 460 * 1800)
    begin = time.monotonic()
    _, found, _, searches = erase_proof.prove(bytes(after.octets), bytes(before.octets), range(20000))
    assert found == []
    assert searches["against"].old_words == 81600
    assert time.monotonic() - begin < 10
    assert len(faults(before)) == 0
