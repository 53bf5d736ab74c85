"""The planted defects of the history partition: a rule of its format each."""

from planting import Mutant

PORTABLE = "host_tests/portable/test_"
DESTROYING = "firmware/ihd/history/destroying.py"
RING = "firmware/ihd/history/ring.py"
ALLOCATING = "firmware/ihd/history/allocating.py"
PARTITION = "firmware/ihd/history/partition.py"
USAGE = "firmware/ihd/history/usage.py"
LOCAL_TIME = "firmware/ihd/local_time.py"
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
        "crc of a header not verified",
        SECTOR,
        "if head == header(owner, sequence, first) else None",
        "if head[:12] == header(owner, sequence, first)[:12] else None",
        PORTABLE + "ring.py::test_a_header_with_any_bit_changed_is_none_and_costs_its_sector_only",
    ),
    Mutant(
        "LIVE not cleared first",
        DESTROYING,
        "        if keep_header:\n",
        "        if False:\n",
        PORTABLE + "ring_destroyed.py::test_a_torn_word_amid_what_is_destroyed_becomes_no_value_on_the_way",
    ),
    Mutant(
        "sector without a header not destroyed",
        DESTROYING,
        "if place == doubtful and epoch == NONE or not _is_empty(ring.flash, start, start + _SECTOR):",
        "if False:",
        PORTABLE + "ring_destroyed.py::test_what_cannot_be_told_is_destroyed_and_what_is_blank_left_alone",
    ),
    Mutant(
        "sector of a full ring trusted to be blank",
        DESTROYING,
        "if place == doubtful and epoch == NONE or not",
        "if not",
        PORTABLE + "ring_destroyed.py::test_in_a_full_ring_a_sector_that_looks_blank_is_destroyed",
    ),
    Mutant(
        "old slots of the straddling sector stay",
        DESTROYING,
        "                yield place, HEADER, ring.slot(series, half_hour) % _SECTOR\n",
        "                pass\n",
        PORTABLE + "ring_destroyed.py::test_destroying_leaves_nothing_old_and_nothing_new_is_touched",
    ),
    Mutant(
        "slots of a clock that was ahead stay",
        DESTROYING,
        "            if epoch == now and not _is_unwritten(ring.flash, start + at, start + _SECTOR):\n",
        "            if False:\n",
        PORTABLE + "ring_destroyed.py::test_what_a_clock_that_was_ahead_left_goes_with_what_is_old",
    ),
    Mutant(
        "sectors of a clock that was ahead stay",
        DESTROYING,
        "elif epoch < floor or epoch > now:",
        "elif epoch < floor:",
        PORTABLE + "ring_destroyed.py::test_what_a_clock_that_was_ahead_left_goes_with_what_is_old",
    ),
    Mutant(
        "slots to come destroyed with those of a wrong clock",
        DESTROYING,
        "if keep_blank and _is_blank(part, word):",
        "if False:",
        PORTABLE + "ring_destroyed.py::test_what_a_clock_that_was_ahead_left_goes_with_what_is_old",
    ),
    Mutant(
        "sector erased before it is zeroed",
        DESTROYING,
        "        yield from _zero(ring, place, 0, _SECTOR)\n        if ring",
        "        if ring",
        PORTABLE + "ring_destroyed.py::test_a_whole_sector_loses_its_header_first_and_is_zeros_when_it_is_erased",
    ),
    Mutant(
        "worn sector not zeroed again",
        DESTROYING,
        "if not erased and ring.epochs[place] == NONE:",
        "if False:",
        PORTABLE + "ring_destroyed.py::test_a_worn_sector_is_left_as_zeros_and_holds_nothing",
    ),
    Mutant(
        "worn sector said to hold something",
        DESTROYING,
        "return filled(flash, start, end, 0xFF) or filled(flash, start, end, 0)",
        "return filled(flash, start, end, 0xFF)",
        PORTABLE + "ring_destroyed.py::test_a_worn_sector_is_left_as_zeros_and_holds_nothing",
    ),
    Mutant(
        "sector found blank not erased",
        ALLOCATING,
        "ready = ring.epochs[place] == READY",
        "ready = ring.epochs[place] in (READY, NONE)",
        PORTABLE + "ring_allocated.py::test_a_sector_that_looks_blank_is_erased_all_the_same",
    ),
    Mutant(
        "header not made firm",
        RING,
        "if not (offset and self.firm[offset // _SECTOR]):",
        "if not offset:",
        PORTABLE + "ring_allocated.py::test_a_header_is_programmed_again_before_the_first_value_since_a_start",
    ),
    Mutant(
        "sector erased because its header was misread",
        ALLOCATING,
        "elif filled(ring.flash, start + HEADER, start + _SECTOR, 0xFF):",
        "elif True:",
        PORTABLE + "ring_allocated.py::test_a_header_that_is_read_no_more_costs_its_sector_only_when_that_is_blank",
    ),
    Mutant(
        "value that stands not programmed again",
        RING,
        "        elif value_of(word, 0) != value:\n",
        "        elif value_of(word, 0) == value:\n            return True\n        else:\n",
        PORTABLE + "ring.py::test_the_same_value_again_is_welcome_whatever_its_marks",
    ),
    Mutant(
        "half-hour taken that has not ended",
        RING,
        "if not 0 <= value <= _LARGEST or half_hour >= self.present:",
        "if not 0 <= value <= _LARGEST:",
        PORTABLE + "ring_allocated.py::test_nothing_is_taken_of_a_half_hour_that_has_not_ended",
    ),
    Mutant(
        "clock that is behind believed",
        ALLOCATING,
        "if ahead > 0 and now < ring.epochs[first + epoch % SECTORS] < READY:",
        "if False:",
        PORTABLE + "ring_allocated.py::test_a_clock_that_is_behind_most_of_a_series_costs_nothing",
    ),
    Mutant(
        "what a clock that was ahead left bars what is true",
        ALLOCATING,
        "if epoch + SECTORS <= other <= now:",
        "if epoch + SECTORS <= other:",
        PORTABLE + "ring_allocated.py::test_what_a_clock_that_was_ahead_left_bars_nothing_and_gives_way",
    ),
    Mutant(
        "ring given back to an older half-hour",
        ALLOCATING,
        "if epoch + SECTORS <= other <= now:",
        "if False:",
        PORTABLE + "ring.py::test_what_is_older_than_the_ring_is_out_of_range_also_where_its_place_is_free",
    ),
    Mutant(
        "another value programmed over a slot",
        RING,
        "        if word == _BLANK:\n",
        "        if value_of(word, 0) != value:\n",
        PORTABLE + "ring.py::test_a_torn_slot_stays_a_gap_and_is_not_used_again",
    ),
    Mutant(
        "word of a slot not read back",
        RING,
        "        if value_of(word, 0) != value:\n            raise FlashError\n",
        "",
        PORTABLE + "ring_allocated.py::test_an_operation_that_did_nothing_is_not_acknowledged",
    ),
    Mutant(
        "place of a sector not compared",
        ALLOCATING,
        "first // SLOTS % SECTORS == place % SECTORS and ",
        "",
        PORTABLE + "ring.py::test_a_header_of_another_series_place_or_half_hour_is_none",
    ),
    Mutant(
        "record or header not read back",
        SECTOR,
        "if stands != data:",
        "if False:",
        PORTABLE + "journal.py::test_an_operation_that_is_refused_or_does_nothing_loses_nothing",
    ),
    Mutant(
        "crc of a record not verified",
        JOURNAL,
        "return 0 < record[0] <= HOUSEHOLD and struct",
        "return 0 < record[0] <= HOUSEHOLD or struct",
        PORTABLE + "partition.py::test_a_torn_record_is_zeroed_and_those_after_it_count",
    ),
    Mutant(
        "torn record left as it is",
        PARTITION,
        "                flash.program(offset, bytes(RECORD))\n",
        "                pass\n",
        PORTABLE + "partition.py::test_a_torn_record_is_zeroed_and_those_after_it_count",
    ),
    Mutant(
        "last record not made firm",
        PARTITION,
        "        elif position == journal.next - 1:\n",
        "        elif False:\n",
        PORTABLE + "partition.py::test_the_header_and_the_last_record_are_programmed_again_at_a_start",
    ),
    Mutant(
        "place that looks blank not left out",
        JOURNAL,
        "if self.offset(self.next) == self._left_out:",
        "if False:",
        PORTABLE + "partition.py::test_the_place_after_the_last_record_is_zeroed_before_the_first_record_of_a_start",
    ),
    Mutant(
        "place that is left out not zeroed",
        JOURNAL,
        "            self.flash.program(self._left_out, bytes(RECORD))\n",
        "",
        PORTABLE + "partition.py::test_a_record_that_looked_blank_when_the_power_came_back_costs_none_behind_it",
    ),
    Mutant(
        "foreign data taken for ours",
        PARTITION,
        '            raise NotUsable("foreign data")\n',
        "            pass\n",
        PORTABLE + "partition.py::test_what_is_not_ours_is_refused_by_name_and_nothing_is_written_to_it",
    ),
    Mutant(
        "encrypted partition used",
        PARTITION,
        "if flash.encrypted:",
        "if False:",
        PORTABLE + "partition.py::test_what_is_not_ours_is_refused_by_name_and_nothing_is_written_to_it",
    ),
    Mutant(
        "partition of another size used",
        PARTITION,
        "if flash.sector_size != _SECTOR or flash.sector_count < _SECTORS:",
        "if False:",
        PORTABLE + "partition.py::test_what_is_not_ours_is_refused_by_name_and_nothing_is_written_to_it",
    ),
    Mutant(
        "journal without a header begun anew",
        PARTITION,
        "    if highest:\n",
        "    if False:\n",
        PORTABLE + "partition.py::test_a_lost_header_of_the_journal_costs_nothing_of_what_stands_behind_it",
    ),
    Mutant(
        "header of a compacted journal not last",
        JOURNAL,
        """            self.flash.erase(new)
            yield
""",
        """            self.flash.erase(new)
            yield
            self.begin(new)
            self.live = old
""",
        PORTABLE + "journal_cut.py::test_a_cut_at_every_operation_from_the_first_to_past_two_compactions",
    ),
    Mutant(
        "old journal sector not destroyed",
        JOURNAL,
        "            yield from destroy(self.flash, old)\n",
        "",
        PORTABLE + "journal.py::test_the_new_header_comes_last_and_only_then_the_old_sector_goes",
    ),
    Mutant(
        "what a cut compaction left not destroyed",
        PARTITION,
        "        for _ in destroy(flash, journal.other()):\n            pass\n",
        "        pass\n",
        PORTABLE + "journal_cut.py::test_a_cut_leaves_nothing_of_what_was_dropped_once_it_is_mounted",
    ),
    Mutant(
        "header of the journal not made firm",
        PARTITION,
        "        write(flash, journal.offset(0), header(",
        "        (flash, journal.offset(0), header(",
        PORTABLE + "partition.py::test_of_two_whole_headers_the_higher_sequence_wins_and_is_made_firm_first",
    ),
    Mutant(
        "journal compacted only when it is full",
        JOURNAL,
        "self.next > _CROWDED",
        "False",
        PORTABLE + "journal.py::test_a_journal_is_crowded_long_before_it_is_full_and_no_more_once_it_is_compacted",
    ),
    Mutant(
        "compaction under way forgotten by a record",
        JOURNAL,
        "if self._compaction or self.next >= self._end:",
        "if self.next >= self._end:",
        PORTABLE + "journal.py::test_compaction_is_one_operation_a_step_and_a_record_meanwhile_ends_it",
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
        "numbers begin again after a compaction",
        JOURNAL,
        "        self.sequence += 1\n        write(self.flash, sector *",
        "        self.sequence = 1\n        write(self.flash, sector *",
        PORTABLE + "journal.py::test_sequences_rise_across_compaction_and_starts",
    ),
    Mutant(
        "place of a failed record used again",
        JOURNAL,
        "        self._go_to(position + 1)  # also when it fails: nothing is programmed twice\n",
        "        self.next = position\n",
        PORTABLE + "journal.py::test_an_operation_that_is_refused_or_does_nothing_loses_nothing",
    ),
]
