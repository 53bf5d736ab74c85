"""The journal: what it takes, compacts and finds again."""

import binascii
import gc
import struct

from fakes import raises
from flash import Flash
from records import RECORDS, SIZE, compacted, mounted, payloads, small, text

from ihd.history.flash import FlashError
from ihd.history.journal import (
    ANSWERED,
    APPLIED,
    BINDING,
    DONE,
    FLOOR,
    HAS_ID,
    INTENT,
    NONE,
    PENDING,
    RECEIPT,
    VERIFIED,
)
from ihd.history.ram_flash import RamFlash
from ihd.history.sector import header


def until_compacted(journal, flash):
    """Put receipts until the journal goes on in its other sector; how many."""
    erases = flash.erases
    count = 0
    while flash.erases == erases:
        journal.put(RECEIPT, 0, 0, payload=text(1000 + count))
        count += 1
    return count


def test_a_record_stands_in_the_flash_as_specified():
    flash = Flash()
    journal = mounted(flash, 80)
    assert journal.put(PENDING, 1, 1, 5, HAS_ID | 8, text(7)) == 2
    at = 80 * 4096
    assert flash.octets(at, 16) == header(0xC0, 1, 0)
    assert flash.octets(at + 32, 64) == bytes(64)  # left out: test_partition.py
    record = flash.octets(at + 96, 32)
    assert record[:8] == bytes((4, 1, 0x51, 9, 2, 0, 0, 0))
    assert record[8:28] == text(7)
    assert record[28:] == struct.pack("<I", binascii.crc32(record[:28]))
    journal.put(DONE, 1, 1)
    assert flash.octets(at + 128, 28) == bytes((2, 1, 1, 0, 3)) + bytes(23)
    assert flash.log[-4:] == [("program", at + place, 32) for place in (32, 64, 96, 128)]
    assert min(flash.sectors) >= 80 and max(flash.sectors) <= 81


def test_the_latest_record_of_its_type_meter_and_kind_is_found():
    flash = small()
    journal = mounted(flash)
    assert journal.get(APPLIED, 0, 0) is None
    for meter in range(2):
        for kind in range(2):
            for kept in range(2):
                journal.put(APPLIED, meter, kind, meter + 2, kept, text(meter * 10 + kind))
    journal.put(FLOOR, 1, 3, payload=struct.pack("<I", 99))
    for either in (journal, mounted(flash)):
        for meter in range(2):
            for kind in range(2):
                sequence = 3 + meter * 4 + kind * 2
                expected = (kind | (meter + 2) << 4, 1, sequence, text(meter * 10 + kind))
                assert either.get(APPLIED, meter, kind) == expected
        assert either.get(FLOOR, 1, 3)[3] == struct.pack("<I16x", 99)
        assert either.get(FLOOR, 1, 1) is None
        assert either.get(PENDING, 0, 0) is None


def test_an_intent_is_open_until_it_is_done():
    flash = small()
    journal = mounted(flash)
    assert journal.open_intent(0, 0) is None
    journal.put(INTENT, 0, 0, payload=text(1))
    journal.put(DONE, 0, 1)
    journal.put(DONE, 1, 0)
    for either in (journal, mounted(flash)):
        assert either.open_intent(0, 0) == (0, 0, 2, text(1))
        assert either.open_intent(0, 1) is None
    journal = mounted(flash)
    journal.put(DONE, 0, 0)
    for either in (journal, mounted(flash)):
        assert either.open_intent(0, 0) is None
        assert either.get(INTENT, 0, 0) == (0, 0, 2, text(1))
    journal = mounted(flash)
    journal.put(INTENT, 0, 0, payload=text(2))
    assert mounted(flash).open_intent(0, 0)[3] == text(2)


def test_a_longer_payload_is_refused():
    flash = small()
    journal = mounted(flash)
    done = len(flash.log)
    assert raises(ValueError, journal.put, RECEIPT, 0, 0, 0, 0, bytes(21))
    assert len(flash.log) == done


def test_compaction_keeps_what_is_live_and_destroys_the_rest():
    flash = small()
    journal = mounted(flash)
    for number in (1, 2):
        for type in (APPLIED, PENDING, BINDING):
            journal.put(type, 0, 0, payload=text(100 * type + number))
        journal.put(FLOOR, 0, 1, payload=text(number))
    journal.put(PENDING, 1, 0, payload=text(3))
    journal.put(PENDING, 1, 0, flags=NONE)
    journal.put(INTENT, 0, 0, payload=text(4))
    journal.put(DONE, 0, 0)
    journal.put(INTENT, 1, 1, payload=text(5))
    journal.put(INTENT, 1, 0, payload=text(6))
    journal.put(DONE, 1, 0)
    journal.put(INTENT, 1, 0, payload=text(7))
    sequence = journal.get(FLOOR, 0, 1)[2]
    until_compacted(journal, flash)
    for either in (journal, mounted(flash)):
        for type in (APPLIED, PENDING, BINDING):
            assert either.get(type, 0, 0)[3] == text(100 * type + 2)
        assert either.get(FLOOR, 0, 1) == (1, 0, sequence, text(2))
        assert either.get(PENDING, 1, 0) is None
        assert either.open_intent(0, 0) is None
        assert either.open_intent(1, 1)[3] == text(5)
        assert either.open_intent(1, 0)[3] == text(7)
    for number in (1, 3, 4, 6, 100 * BINDING + 1):
        assert not flash.contains(text(number))
    assert flash.octets(0, SIZE) == b"\xff" * SIZE


def test_the_last_receipts_are_kept_in_order_with_their_numbers():
    for flash, first, most in ((small(), 0, 8), (Flash(), 80, 16)):
        flash.log = None
        journal = mounted(flash, first)
        numbers = {}
        for number in range(300):
            numbers[number] = journal.put(RECEIPT, number % 2, 1, 2, VERIFIED, text(number))
            found = payloads(journal)
            least = min(number + 1, most)
            assert found == list(range(number + 1 - least, number + 1))
        for meter, kind_source, flags, sequence, payload in mounted(flash, first).receipts():
            number = struct.unpack("<I", payload[:4])[0]
            assert (meter, kind_source, flags, sequence) == (number % 2, 0x21, VERIFIED, numbers[number])


def test_sequences_rise_across_compaction_and_starts():
    flash = small()
    last = 0
    for number in range(150):
        journal = mounted(flash)
        for type in (INTENT, DONE):  # neither is left after a compaction
            sequence = journal.put(type, 0, 0)
            assert sequence > last
            last = sequence
        if number % 10 == 0:
            compacted(journal)


def test_a_full_set_of_everything_fits_the_smallest_sector():
    flash = small()
    flash.log = None
    journal = mounted(flash)
    for number in range(60):
        for meter in range(2):
            for kind in range(2):
                for type in (INTENT, PENDING, APPLIED):
                    journal.put(type, meter, kind, payload=text(number))
            journal.put(BINDING, meter, 0, flags=ANSWERED, payload=text(number))
            for scope in (1, 2, 3):
                journal.put(FLOOR, meter, scope, payload=text(number))
        journal.put(RECEIPT, 0, 0, payload=text(number))
    assert payloads(mounted(flash)) == list(range(52, 60))


def test_a_record_inside_a_payload_is_none():
    flash = small()
    journal = mounted(flash)
    journal.put(RECEIPT, 0, 0, payload=header(0xC0, 999, 0))
    journal.put(BINDING, 0, 0, payload=struct.pack("<BBBBI", FLOOR, 0, 1, 0, 9))
    journal = mounted(flash)
    assert journal.get(FLOOR, 0, 1) is None
    assert journal.put(RECEIPT, 0, 0) == 4


def test_the_new_header_comes_last_and_only_then_the_old_sector_goes():
    flash = small()
    journal = mounted(flash)
    for number in range(3):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    flash.log = []
    compacted(journal)
    copies = [("program", SIZE + 32 * number, 32) for number in (1, 2, 3)]
    zeros = [("program", 16, 16)] + [("program", page, 256) for page in range(0, SIZE, 256)]
    assert flash.log == [("erase", SIZE, SIZE)] + copies + [("program", SIZE, 16)] + zeros + [("erase", 0, SIZE)]


def test_compaction_is_one_operation_a_step_and_a_record_meanwhile_ends_it():
    for steps in range(12):
        flash = small()
        journal = mounted(flash)
        for number in range(3):
            journal.put(RECEIPT, 0, 0, payload=text(number))
        flash.log = []
        compaction = journal.compact()
        for step in range(steps):
            next(compaction, None)
            assert len(flash.log) == min(step + 1, 11)
        journal.put(RECEIPT, 0, 0, payload=text(3))
        assert payloads(journal) == payloads(mounted(flash)) == [0, 1, 2, 3]
        assert not steps or not flash.contains(b"\xff" * (SIZE - 31)) or flash.octets(0, SIZE) == b"\xff" * SIZE
        assert not journal.crowded()


def test_a_journal_is_crowded_long_before_it_is_full_and_no_more_once_it_is_compacted():
    flash = Flash()
    journal = mounted(flash, 80)
    crowded = []
    for number in range(100):
        crowded.append(journal.crowded())
        journal.put(RECEIPT, 0, 0, payload=text(number))
    assert crowded == [False] * 94 + [True] * 6 and flash.erases == 1
    next(journal.compact())
    assert journal.crowded()
    compacted(journal)
    assert not journal.crowded()


def test_an_operation_that_is_refused_or_does_nothing_loses_nothing():
    for fault in ("fail", "skip"):
        for operation in range(60):
            flash = small()
            journal = mounted(flash)
            journal.put(FLOOR, 0, 1, payload=text(3))
            for number in range(RECORDS - 2):
                journal.put(RECEIPT, 0, 0, payload=text(number))
            flash.cut_after(operation, fault)
            for number in range(RECORDS - 2, RECORDS + 20):
                try:
                    journal.put(RECEIPT, 0, 0, payload=text(number))
                except FlashError:
                    journal.put(RECEIPT, 0, 0, payload=text(number))
                except AssertionError:  # the flash of the tests sees that an erase was skipped
                    assert fault == "skip"
                    journal.put(RECEIPT, 0, 0, payload=text(number))
            flash.cut_after(None, None)
            for either in (journal, None):
                either = either or mounted(flash)
                assert either.get(FLOOR, 0, 1)[3] == text(3)
                assert payloads(either) == list(range(RECORDS + 12, RECORDS + 20))


def test_what_a_refused_compaction_left_is_destroyed_by_the_next_one():
    flash = small()
    journal = mounted(flash)
    journal.put(FLOOR, 0, 1, payload=text(5))
    flash.fail_after(4)  # erased, a record, the header, marked; then the first page
    assert raises(FlashError, compacted, journal)
    assert journal.crowded() and journal.live == 1
    compacted(journal)
    assert not journal.crowded() and journal.get(FLOOR, 0, 1)[3] == text(5)


def test_an_old_sector_that_is_erased_no_more_is_left_as_zeros():
    flash = small()
    journal = mounted(flash)
    journal.put(FLOOR, 0, 1, payload=text(5))
    flash.fail_after(4 + SIZE // 256)
    compacted(journal)
    assert not journal.crowded() and flash.octets(0, SIZE) == bytes(SIZE)
    assert mounted(flash).get(FLOOR, 0, 1)[3] == text(5)


def test_a_display_without_a_partition_keeps_its_journal_in_ram():
    flash = RamFlash()
    assert (flash.sector_size, flash.sector_count) == (SIZE, 2)
    journal = mounted(flash)
    for number in range(100):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    assert payloads(journal) == list(range(92, 100))
    assert payloads(mounted(flash)) == list(range(92, 100))


def test_the_flash_in_ram_programs_and_erases_as_nor_flash_does():
    flash = RamFlash(1024, 3)
    read = bytearray(4)
    flash.program(2046, b"\x0f\xf0\x55\xff")
    flash.program(2046, b"\x3c\xff\x0f\xff")
    flash.read_into(2046, read)
    assert read == bytes((0x0C, 0xF0, 0x05, 0xFF))
    flash.erase(1)
    flash.read_into(2046, read)
    assert read == bytes((0xFF, 0xFF, 0x05, 0xFF))


def test_a_mounted_journal_takes_little():
    if hasattr(gc, "mem_alloc"):
        flash = Flash()
        mounted(flash, 80)
        gc.collect()
        before = gc.mem_alloc()
        journal = mounted(flash, 80)
        gc.collect()
        assert journal and gc.mem_alloc() - before <= 512
