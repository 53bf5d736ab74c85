"""The planted defects of the history partition: a rule of its format each."""

from planting import Mutant

PORTABLE = "host_tests/portable/test_"
DESTROYING = "firmware/ihd/history/destroying.py"
RING = "firmware/ihd/history/ring.py"
SECTOR = "firmware/ihd/history/sector.py"
JOURNAL = "firmware/ihd/history/journal.py"
TEST_FLASH = "host_tests/portable/flash.py"

MUTANTS = [
    Mutant(
        "flash of the tests sets bits",
        TEST_FLASH,
        'assert before & after == after, "0 to 1 at 0x%x" % offset',
        "pass",
        PORTABLE + "ring.py::test_the_flash_of_these_tests_sets_no_bit",
    ),
    Mutant(
        "count of a slot not checked",
        RING,
        "if words[at + 3] >> 7 and words[at + 3] & 31 == _count(words, at):",
        "if words[at + 3] >> 7 and words[at + 3] != 0xFF:",
        PORTABLE + "ring.py::test_a_word_cut_short_is_the_value_or_a_gap_never_another_value",
    ),
    Mutant(
        "marks not counted",
        RING,
        "count = _ZEROS[words[at + 3] >> 5 & 3 | 12]",
        "count = 0",
        PORTABLE + "ring.py::test_a_slot_stands_in_the_flash_as_specified",
    ),
    Mutant(
        "LIVE not cleared first",
        DESTROYING,
        "        if keep:\n",
        "        if False:\n",
        PORTABLE + "ring_destroyed.py::test_a_torn_word_amid_what_is_destroyed_becomes_no_value_on_the_way",
    ),
    Mutant(
        "sector without a header not destroyed",
        DESTROYING,
        "elif stands < half_hour // SLOTS or stands >= READY and not _is_blank(ring, place):",
        "elif stands < half_hour // SLOTS:",
        PORTABLE + "ring_destroyed.py::test_what_cannot_be_told_is_destroyed_and_what_is_blank_left_alone",
    ),
    Mutant(
        "sector without a header not told of",
        DESTROYING,
        " or stands >= READY and not _is_blank(ring, place):",
        ":",
        PORTABLE + "ring_destroyed.py::test_what_cannot_be_told_is_destroyed_and_what_is_blank_left_alone",
    ),
    Mutant(
        "old slots of the straddling sector stay",
        DESTROYING,
        "yield from _zero(ring, place, HEADER, ring.slot(series, half_hour) % _SECTOR)",
        "pass",
        PORTABLE + "ring_destroyed.py::test_destroying_leaves_nothing_old_and_nothing_new_is_touched",
    ),
    Mutant(
        "sector erased before it is zeroed",
        DESTROYING,
        "yield from _zero(ring, place, 0, _SECTOR)",
        "pass",
        PORTABLE + "ring_destroyed.py::test_a_whole_sector_loses_its_header_first_and_is_zeros_when_it_is_erased",
    ),
    Mutant(
        "zeroing goes on in a sector begun meanwhile",
        DESTROYING,
        "while at < end and ring.epochs[place] == stands:",
        "while at < end:",
        PORTABLE + "ring_destroyed.py::test_values_may_come_while_their_new_sector_is_being_destroyed",
    ),
    Mutant(
        "floor not heeded by append",
        RING,
        "if half_hour < self._floors[series]:",
        "if False:",
        PORTABLE + "ring.py::test_a_floor_forbids_and_hides_what_began_before_it",
    ),
    Mutant(
        "floor not heeded by a reader under way",
        RING,
        "if offset and half_hour >= self._floors[series]:",
        "if offset:",
        PORTABLE + "ring.py::test_a_reader_under_way_stops_at_a_floor_that_rises",
    ),
    Mutant(
        "sector found blank not erased",
        RING,
        "ready = self.epochs[place] == READY",
        "ready = self.epochs[place] in (READY, NONE)",
        PORTABLE + "ring.py::test_a_sector_that_looks_blank_is_erased_all_the_same",
    ),
    Mutant(
        "ring given back to an older half-hour",
        RING,
        "if epoch + SECTORS <= other < READY:",
        "if False:",
        PORTABLE + "ring.py::test_what_is_older_than_the_ring_is_out_of_range_also_where_its_place_is_free",
    ),
    Mutant(
        "another value programmed over a slot",
        RING,
        "if word != _BLANK:",
        "if _value(word, 0) == value:",
        PORTABLE + "ring.py::test_a_torn_slot_stays_a_gap_and_is_not_used_again",
    ),
    Mutant(
        "place of a sector not compared",
        RING,
        "if first % SLOTS == 0 and first // SLOTS % SECTORS == place % SECTORS:",
        "if True:",
        PORTABLE + "ring.py::test_a_header_of_another_series_place_or_half_hour_is_none",
    ),
    Mutant(
        "crc of a header not verified",
        SECTOR,
        "if head == header(owner, sequence, first) else None",
        "if head[:12] == header(owner, sequence, first)[:12] else None",
        PORTABLE + "ring.py::test_a_header_with_any_bit_changed_is_none_and_costs_its_sector_only",
    ),
    Mutant(
        "what was programmed not read back",
        SECTOR,
        "if stands != data:",
        "if False:",
        PORTABLE + "ring.py::test_an_operation_that_did_nothing_is_not_acknowledged",
    ),
    Mutant(
        "crc of a record not verified",
        JOURNAL,
        ' and struct.unpack("<I", record[28:])[0] == crc32(record[:28])',
        "",
        PORTABLE + "journal.py::test_a_torn_record_is_zeroed_and_those_after_it_count",
    ),
    Mutant(
        "torn record left as it is",
        JOURNAL,
        "elif record != zeros:",
        "elif False:",
        PORTABLE + "journal.py::test_a_torn_record_is_zeroed_and_those_after_it_count",
    ),
    Mutant(
        "header of a compacted journal not last",
        JOURNAL,
        """        self._flash.erase(new)
        offset = new * self._flash.sector_size
        for position in range(1, self._next):
            record = self._record(position)
            if record and (position in receipts or self._is_live(position, record)):
                offset += _RECORD
                write(self._flash, offset, record)
        self._begin(new)
""",
        """        self._flash.erase(new)
        self._begin(new)
        self._live = old
        offset = new * self._flash.sector_size
        for position in range(1, self._next):
            record = self._record(position)
            if record and (position in receipts or self._is_live(position, record)):
                offset += _RECORD
                write(self._flash, offset, record)
        self._live = new
""",
        PORTABLE + "journal_cut.py::test_a_cut_at_every_operation_from_the_first_to_past_two_compactions",
    ),
    Mutant(
        "old journal sector not destroyed",
        JOURNAL,
        "        self._scan()\n        self._destroy(old)\n",
        "        self._scan()\n",
        PORTABLE + "journal.py::test_the_new_header_comes_last_and_only_then_the_old_sector_goes",
    ),
    Mutant(
        "what a cut compaction left not destroyed",
        JOURNAL,
        "            self._destroy(self._other())\n",
        "            pass\n",
        PORTABLE + "journal_cut.py::test_a_cut_leaves_nothing_of_what_was_dropped_once_it_is_mounted",
    ),
    Mutant(
        "header of the journal not made firm",
        JOURNAL,
        "            write(self._flash, self._offset(0), header(_OWNER, self._sequence, 0))\n",
        "",
        PORTABLE + "journal.py::test_of_two_whole_headers_the_higher_sequence_wins_and_is_made_firm_first",
    ),
    Mutant(
        "open intent lost in compaction",
        JOURNAL,
        "return self._latest[key + (DONE - INTENT << 4)] < position",
        "return False",
        PORTABLE + "journal.py::test_compaction_keeps_what_is_live_and_destroys_the_rest",
    ),
    Mutant(
        "closed intent kept open by compaction",
        JOURNAL,
        "return self._latest[key + (DONE - INTENT << 4)] < position",
        "return True",
        PORTABLE + "journal.py::test_compaction_keeps_what_is_live_and_destroys_the_rest",
    ),
    Mutant(
        "numbers begin again after a start",
        JOURNAL,
        "        self._sequence += 1\n        write(self._flash, sector *",
        "        self._sequence = 1\n        write(self._flash, sector *",
        PORTABLE + "journal.py::test_sequences_rise_across_compaction_and_starts",
    ),
    Mutant(
        "place of a failed record used again",
        JOURNAL,
        "        self._next += 1  # also when it fails: nothing is programmed twice\n",
        "        self._next += 1\n        self._next = position\n",
        PORTABLE + "journal.py::test_an_operation_that_is_refused_or_does_nothing_loses_nothing",
    ),
]
