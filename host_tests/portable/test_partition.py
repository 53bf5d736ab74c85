"""The history partition at a start: what is mended, what is begun, and what is refused by name."""

import binascii
import struct

from fakes import raises
from flash import READS_DONE, READS_UNDONE, Flash, PowerCut
from household_records import kept, put, started
from records import RECORDS, SIZE, compacted, mounted, payloads, small, text

from ihd.history.flash import FlashError
from ihd.history.journal import BINDING, FLOOR, INTENT, RECEIPT
from ihd.history.partition import NotUsable, journal_in, opening
from ihd.history.sector import header


def refusal(flash):
    """Why it is not used."""
    try:
        opening(flash)
    except NotUsable as error:
        return error.args[0]
    return None


def blank_but(flash, *sectors):
    """Whether every other sector is blank."""
    size = flash.sector_size
    return all(flash.octets(n * size, size) == b"\xff" * size for n in range(flash.sector_count) if n not in sectors)


def test_a_blank_partition_is_begun_and_a_torn_first_header_begun_again():
    for torn in (b"", b"\x49", header(0xC0, 1, 0)[:9], bytes(16)):
        flash = Flash()
        flash.put(80 * 4096, torn)
        ring, place = opening(flash)
        assert ring.durable and place == (flash, 80, 80 * 4096 + 96)
        assert flash.octets(80 * 4096, 16) == header(0xC0, 1, 0)
        assert blank_but(flash, 80)


def test_starting_again_changes_no_octet_and_reads_little():
    flash = Flash()
    journal = mounted(flash, 80)
    for number in range(40):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    opening(flash)
    before = flash.copy()
    flash.reads = 0
    opening(flash)
    assert flash.same(before) and flash.reads <= 2 * 82 + 16
    assert payloads(mounted(flash, 80)) == list(range(24, 40))


def test_what_is_not_ours_is_refused_by_name_and_nothing_is_written_to_it():
    whole = Flash()
    opening(whole)
    encrypted = whole.copy()
    encrypted.encrypted = True
    found = [(encrypted, "encrypted"), (Flash(64), "wrong size"), (Flash(512, 1024), "wrong size")]
    for offset in (0, 3 * 4096 + 77, 79 * 4096 + 4095, 80 * 4096 + 16, 81 * 4096, 90 * 4096, 128 * 4096 - 1):
        foreign = Flash()
        foreign.put(offset, b"\xfe")
        found.append((foreign, "foreign data"))
    for flash, why in found:
        before = flash.copy()
        assert refusal(flash) == why
        assert flash.same(before) and flash.log == []


def test_a_partition_whose_journal_is_lost_is_not_taken_for_a_new_one():
    flash = Flash()
    ring, _ = opening(flash)
    for _ in range(3):
        ring.append(0, 447 * 1020, 5)
    flash.erase(80)
    assert refusal(flash) == "foreign data"


def test_a_medium_that_does_not_keep_what_is_written_is_noticed_when_its_journal_begins():
    for operation in (0, 1):
        flash = Flash()
        flash.put(80 * 4096, b"\0")
        flash.skip_after(operation)
        assert raises((FlashError, AssertionError), opening, flash)


def test_a_lost_header_of_the_journal_costs_nothing_of_what_stands_behind_it():
    for damage in (b"\0", bytes(16), b"\xff" * 16):
        for compactions in (0, 1):
            flash = small()
            journal = mounted(flash)
            journal.put(FLOOR, 0, 1, payload=text(5))
            journal.put(INTENT, 1, 0, payload=text(6))
            for number in range(3):
                journal.put(RECEIPT, 0, 0, payload=text(number))
            if compactions:
                compacted(journal)
            flash.put(compactions * SIZE, damage)
            journal = mounted(flash)
            assert journal.get(FLOOR, 0, 1)[3] == text(5)
            assert journal.open_intent(1, 0)[3] == text(6)
            assert payloads(journal) == [0, 1, 2]
            assert journal.put(RECEIPT, 0, 0) > 6
            assert flash.octets(compactions * SIZE, SIZE) == b"\xff" * SIZE


def test_two_cuts_in_a_row_at_the_headers_of_a_compaction_cost_nothing():
    for first, second, records in [
        (first, second, records)
        for first in (READS_DONE, READS_UNDONE)
        for second in (READS_DONE, READS_UNDONE)
        for records in (0, RECORDS - 4)  # a start that copies the last record has no room
    ]:
        cut = True
        operations = -1
        while cut:
            operations += 1
            flash = small()
            journal = mounted(flash)
            journal.put(FLOOR, 0, 1, payload=text(7))
            for number in range(records):
                journal.put(BINDING, 0, 0, payload=text(number))
            flash.cut_after(3 if records else 2, first)  # the header of the other sector
            assert raises(PowerCut, compacted, journal)
            flash.restart()
            flash.cut_after(operations, second)
            cut = raises(PowerCut, mounted, flash)
            flash.cut_after(None, None)
            for _ in range(4):
                flash.restart()
                found = mounted(flash).get(FLOOR, 0, 1)
                assert found and found[3] == text(7), (first, second, operations)


def test_a_cut_in_a_compaction_that_keeps_nothing_costs_no_record_behind_it():
    for how in (READS_DONE, READS_UNDONE):
        for operation in range(12):
            flash = small()
            journal = mounted(flash)
            flash.cut_after(operation, how)
            assert raises(PowerCut, compacted, journal) or operation > 5
            flash.cut_after(None, None)
            flash.restart()
            mounted(flash).put(FLOOR, 0, 1, payload=text(7))
            for _ in range(4):
                flash.restart()
                found = mounted(flash).get(FLOOR, 0, 1)
                assert found and found[3] == text(7), (how, operation)


def test_of_two_sectors_whose_headers_are_lost_the_newer_records_are_gone_on_with():
    for order in ((3, 9), (9, 3)):
        flash = small()
        journal = mounted(flash)
        for sector, number in enumerate(order):
            journal.live, journal.next, journal.sequence = sector, 1, number - 1
            journal.put(FLOOR, 0, 1, payload=text(number))
        flash.put(0, bytes(16))
        journal = mounted(flash)
        assert journal.get(FLOOR, 0, 1)[3] == text(9) and journal.sequence > 9


def test_a_journal_whose_other_sector_cannot_be_destroyed_makes_its_records_firm_all_the_same():
    flash = small()
    mounted(flash).put(FLOOR, 0, 1, payload=text(1))
    flash.put(SIZE, b"old")
    refuses(flash, SIZE)
    assert raises(FlashError, journal_in, flash, 0)
    assert standing(flash, 8) == "zeros zeros record zeros zeros record blank" and flash.octets(SIZE, 3) == b"old"


def refuses(flash, offset):
    """From now on `flash` programs nothing from this offset on."""
    program = flash.program

    def refusing(at, data):
        if at >= offset:
            raise FlashError
        program(at, data)

    flash.program = refusing


def test_an_operation_that_is_refused_at_a_start_after_a_cut_compaction_costs_no_record_behind_it():
    for how in (READS_DONE, READS_UNDONE):
        for operation in range(12):
            flash = small()
            journal = mounted(flash)
            journal.put(FLOOR, 0, 1, payload=text(1))
            flash.cut_after(2, how)  # the header of the other sector
            assert raises(PowerCut, compacted, journal)
            flash.restart()
            flash.fail_after(operation)
            journal = mounted(flash)
            if raises(FlashError, journal.put, FLOOR, 0, 1, 0, 0, text(7)):
                journal.put(FLOOR, 0, 1, payload=text(7))
            flash.fail_after(None)
            for _ in range(4):
                flash.restart()
                found = mounted(flash).get(FLOOR, 0, 1)
                assert found and found[3] == text(7), (how, operation)


def test_a_header_that_is_refused_when_it_is_read_back_costs_no_record_behind_it():
    flash = small()
    journal = mounted(flash)
    journal.put(FLOOR, 0, 1, payload=text(1))
    read_into = flash.read_into

    def misread(offset, buffer):
        read_into(offset, buffer)
        if offset == SIZE and len(buffer) == 16:
            buffer[0] ^= 1

    flash.read_into = misread
    assert raises(FlashError, compacted, journal)
    flash.read_into = read_into
    journal.put(FLOOR, 0, 1, payload=text(7))
    assert mounted(flash).get(FLOOR, 0, 1)[3] == text(7)


def standing(flash, places):
    """For each place: blank, zeros, or a record."""
    said = {b"\xff" * 32: "blank", bytes(32): "zeros"}
    return " ".join(said.get(flash.octets(32 * place, 32), "record") for place in range(1, places))


def test_two_places_behind_the_last_record_are_zeroed_before_the_first_record_of_a_start():
    flash = small()
    journal = mounted(flash)
    assert standing(flash, 3) == "blank blank"
    for number in (0, 1):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    assert standing(flash, 6) == "zeros zeros record record blank"
    journal = mounted(flash)
    copied = "zeros zeros record record zeros zeros record"
    assert standing(flash, 9) == copied + " blank"
    journal.put(RECEIPT, 0, 0, payload=text(2))
    assert standing(flash, 12) == copied + " zeros zeros record blank"
    assert payloads(mounted(flash)) == [0, 1, 2]


def mounted_and_put(flash):
    """Start, and put a record."""
    mounted(flash).put(RECEIPT, 0, 0, payload=text(5))


def test_two_cuts_in_a_row_cost_no_record_behind_them():
    tried = 0
    for first in (READS_DONE, READS_UNDONE):
        for second in (READS_DONE, READS_UNDONE):
            for operations in range(3, 12):
                flash = small()
                journal = mounted(flash)
                journal.put(RECEIPT, 0, 0, payload=text(0))
                flash.cut_after(0, first)
                assert raises(PowerCut, journal.put, RECEIPT, 0, 0, 0, 0, text(1))
                flash.restart()
                flash.cut_after(operations - 3, second)
                tried += raises(PowerCut, mounted_and_put, flash) is True
                flash.cut_after(None, None)
                flash.restart()
                mounted(flash).put(RECEIPT, 0, 0, payload=text(9))
                for _ in range(4):
                    flash.restart()
                    assert payloads(mounted(flash))[-1] == 9, (first, second, operations)
    assert tried > 20


def test_at_a_start_the_header_is_programmed_again_and_the_last_record_copied_once():
    flash = small()
    journal = mounted(flash)
    for number in range(3):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    flash.log = []
    assert payloads(mounted(flash)) == [0, 1, 2]
    assert flash.log == [("program", 0, 16), ("program", 192, 32), ("program", 224, 32), ("program", 256, 32)]
    assert flash.octets(192, 64) == bytes(64) and flash.octets(256, 32) == flash.octets(160, 32)
    flash.log = []
    journal = mounted(flash)
    assert flash.log == [("program", 0, 16)]
    journal.put(RECEIPT, 0, 0, payload=text(3))
    compacted(journal)
    assert payloads(journal) == payloads(mounted(flash)) == [0, 1, 2, 3]


def test_a_full_journal_leaves_nothing_out():
    flash = small()
    journal = mounted(flash)
    for number in range(30):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    for number in range(30, 40):
        mounted(flash).put(RECEIPT, 0, 0, payload=text(number))
    assert payloads(mounted(flash)) == list(range(32, 40))


def test_a_torn_record_is_zeroed_and_those_after_it_count():
    flash = small()
    journal = mounted(flash)
    for number in range(4):
        journal.put(RECEIPT, 0, 0, payload=text(number))
    mounted(flash)
    torn = bytearray(flash.octets(128, 32))
    for bit in range(256):
        torn[bit >> 3] ^= 1 << (bit & 7)
        flash.put(128, torn)
        torn[bit >> 3] ^= 1 << (bit & 7)
        journal = mounted(flash)
        assert flash.octets(128, 32) == bytes(32), bit
        assert payloads(journal) == [0, 2, 3]
    before = flash.copy()
    journal = mounted(flash)
    assert flash.same(before)
    journal.put(RECEIPT, 0, 0, payload=text(9))
    assert payloads(mounted(flash)) == [0, 2, 3, 9]


def test_a_record_of_no_known_type_is_none_whatever_its_crc():
    flash = small()
    journal = mounted(flash)
    journal.put(RECEIPT, 0, 0, payload=text(1))
    for type in (0, 9, 200):
        record = struct.pack("<BBBBI20s", type, 0, 0, 0, 7, text(2))
        flash.put(128, record + struct.pack("<I", binascii.crc32(record)))
        assert payloads(mounted(flash)) == [1]
        assert flash.octets(128, 32) == bytes(32)


def test_of_two_whole_headers_the_higher_sequence_wins_and_is_made_firm_first():
    for live in range(2):
        flash = small()
        journal = mounted(flash)
        journal.put(RECEIPT, 0, 0, payload=text(1))
        if live:
            compacted(journal)
        other = 1 - live
        flash.put(other * SIZE, header(0xC0, 1 if live else 0, 0))
        flash.put(other * SIZE + 64, flash.octets(live * SIZE + 64, 32))
        flash.log = []
        journal = mounted(flash)
        assert payloads(journal) == [1]
        assert flash.log[0] == ("program", live * SIZE, 16)
        zeros = [("program", other * SIZE + 16, 16)]
        zeros += [("program", other * SIZE + page, 256) for page in range(0, SIZE, 256)]
        assert flash.log[-6:] == zeros + [("erase", other * SIZE, SIZE)]


def test_a_sequence_that_no_flash_lives_to_see_is_foreign():
    flash = Flash()
    mounted(flash, 80)
    flash.put(80 * 4096, header(0xC0, 0x40000000, 0))
    assert refusal(flash) == "foreign data"


def test_household_sectors_that_cannot_be_read_at_a_start_may_be_blank_all_the_same():
    flash = Flash()
    read_into = flash.read_into

    def refuse(offset, buffer):
        raise FlashError

    flash.read_into = refuse
    keeper = started(flash)
    flash.read_into = read_into
    assert kept(keeper) == {}
    put(keeper, 1, b"ours")
    assert kept(keeper) == kept(started(flash)) == {1: b"ours"}


def test_household_sectors_that_cannot_be_read_at_a_start_keep_their_records():
    flash = Flash()
    put(started(flash), 1, b"ours")
    read_into = flash.read_into

    def refuse(offset, buffer):
        if offset >= 82 * 4096:
            raise FlashError
        read_into(offset, buffer)

    flash.read_into = refuse
    keeper = started(flash)
    assert raises(OSError, kept, keeper) and raises(OSError, put, keeper, 1, b"new")
    flash.read_into = read_into
    assert kept(keeper) == kept(started(flash)) == {1: b"ours"}
