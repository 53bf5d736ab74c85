"""The planted defects of the journal, and of what a start mends and refuses: a rule of the format each."""

from planting import Mutant

PORTABLE = "host_tests/portable/test_"
JOURNAL = "firmware/ihd/history/journal.py"
PARTITION = "firmware/ihd/history/partition.py"

MUTANTS = [
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
        "            flash.program(offset, bytes(RECORD))\n    to =",
        "            pass\n    to =",
        PORTABLE + "partition.py::test_a_torn_record_is_zeroed_and_those_after_it_count",
    ),
    Mutant(
        "last record not copied",
        PARTITION,
        "if last != before and copied:",
        "if False:",
        PORTABLE + "partition.py::test_at_a_start_the_header_is_programmed_again_and_the_last_record_copied_once",
    ),
    Mutant(
        "copy copied",
        PARTITION,
        "if last != before and copied:",
        "if last and copied:",
        PORTABLE + "partition.py::test_at_a_start_the_header_is_programmed_again_and_the_last_record_copied_once",
    ),
    Mutant(
        "copy of a receipt told twice",
        JOURNAL,
        "if record == last:",
        "if False:",
        PORTABLE + "partition.py::test_at_a_start_the_header_is_programmed_again_and_the_last_record_copied_once",
    ),
    Mutant(
        "place that looks blank not left out",
        JOURNAL,
        "while 0 < self._left_out - self.offset(self.next) <= DOUBTFUL * RECORD:",
        "while False:",
        PORTABLE + "partition.py::test_two_places_behind_the_last_record_are_zeroed_before_the_first_record_of_a_start",
    ),
    Mutant(
        "place that is left out not zeroed",
        JOURNAL,
        "            self.flash.program(self.offset(self.next), bytes(RECORD))\n",
        "",
        PORTABLE + "partition.py::test_two_places_behind_the_last_record_are_zeroed_before_the_first_record_of_a_start",
    ),
    Mutant(
        "one place left out",
        JOURNAL,
        "DOUBTFUL = const(2)",
        "DOUBTFUL = const(1)",
        PORTABLE + "partition.py::test_two_cuts_in_a_row_cost_no_record_behind_them",
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
        "compaction at a start into a sector that was not marked",
        PARTITION,
        "    if not filled(flash, start, start + flash.sector_size, 0xFF):\n        for _",
        "    if copied and not filled(flash, start, start + flash.sector_size, 0xFF):\n        for _",
        PORTABLE + "partition.py::test_two_cuts_in_a_row_at_the_headers_of_a_compaction_cost_nothing",
    ),
    Mutant(
        "sector of a compaction that keeps nothing left blank",
        JOURNAL,
        "if offset == new * self.flash.sector_size:",
        "if False:",
        PORTABLE + "partition.py::test_a_cut_in_a_compaction_that_keeps_nothing_costs_no_record_behind_it",
    ),
    Mutant(
        "last of two sectors without a header gone on with",
        PARTITION,
        "if journal.sequence > highest:",
        "if journal.sequence:",
        PORTABLE + "partition.py::test_of_two_sectors_whose_headers_are_lost_the_newer_records_are_gone_on_with",
    ),
    Mutant(
        "header that was not read back left unmarked",
        JOURNAL,
        "                mark(self.flash, new)",
        "                pass",
        PORTABLE + "partition.py::test_a_header_that_is_refused_when_it_is_read_back_costs_no_record_behind_it",
    ),
    Mutant(
        "start that was refused an operation not begun again",
        PARTITION,
        "_TRIES = const(2)",
        "_TRIES = const(1)",
        PORTABLE
        + "partition.py::test_an_operation_that_is_refused_at_a_start_after_a_cut_compaction_costs_no_record_behind_it",
    ),
    Mutant(
        "journal gone on with beside a sector that may come back",
        PARTITION,
        "    if not (is_empty(flash, other) or is_marked(flash, other) or read_header(flash, other, owner)):",
        "    if False:",
        PORTABLE
        + "partition.py::test_a_journal_whose_other_sector_cannot_be_destroyed_makes_its_records_firm_all_the_same",
    ),
    Mutant(
        "compaction that was refused not ended",
        JOURNAL,
        " or self.next > _CROWDED or not is_empty(self.flash, self.other())",
        " or self.next > _CROWDED",
        PORTABLE + "journal.py::test_what_a_refused_compaction_left_is_destroyed_by_the_next_one",
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
        "self.next > _CROWDED or",
        "False or",
        PORTABLE + "journal.py::test_a_journal_is_crowded_long_before_it_is_full_and_no_more_once_it_is_compacted",
    ),
    Mutant(
        "compaction under way forgotten by a record",
        JOURNAL,
        "if self._compaction or self.next == self.end:",
        "if self.next == self.end:",
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
        "        self.next += 1  # also when it fails: nothing is programmed twice\n",
        "        self.next = position\n",
        PORTABLE + "journal.py::test_an_operation_that_is_refused_or_does_nothing_loses_nothing",
    ),
    Mutant(
        "sector not marked before it is destroyed",
        JOURNAL,
        "    mark(flash, sector)\n    yield\n",
        "",
        PORTABLE + "partition.py::test_two_cuts_in_a_row_at_the_headers_of_a_compaction_cost_nothing",
    ),
    Mutant(
        "sector that was about to be destroyed taken for live",
        JOURNAL,
        "rank = not is_marked(self.flash, sector), head[0]",
        "rank = True, head[0]",
        PORTABLE + "partition.py::test_two_cuts_in_a_row_at_the_headers_of_a_compaction_cost_nothing",
    ),
]
