"""The planted defects of what is done about flash, partitions, clocks and images that are not as they should be."""

from planting import Mutant

RECORDER = "firmware/ihd/home/recorder.py"
PARTITION = "firmware/ihd/history/partition.py"
JOURNAL = "firmware/ihd/history/journal.py"
RECORDED = "host_tests/portable/test_recorder.py::"
BAD_FLASH = "host_tests/portable/test_bad_flash.py::"
IMAGES = "host_tests/test_history_images.py::"

MUTANTS = [
    Mutant(
        "a half-hour is tried for ever",
        RECORDER,
        "if failed + 1 < _TRIES:",
        "if True:",
        RECORDED + "test_what_the_flash_does_not_take_is_given_up_after_three_tries",
    ),
    Mutant(
        "a half-hour is tried once",
        RECORDER,
        "if failed + 1 < _TRIES:",
        "if False:",
        RECORDED + "test_a_flash_that_refuses_for_a_moment_is_tried_again_and_nothing_is_lost",
    ),
    Mutant(
        "a failing half-hour stays in front",
        RECORDER,
        "self._waiting.append(waiting[:4] + (failed + 1,))",
        "self._waiting.insert(1, waiting[:4] + (failed + 1,))",
        RECORDED + "test_what_the_flash_does_not_take_keeps_nothing_else_waiting",
    ),
    Mutant(
        "a sector made ready counts as written",
        RECORDER,
        """            if not self._history.append(*waiting[:4]):
                return
            self._told = False
""",
        """            written = self._history.append(*waiting[:4])
            self._told = False
            if not written:
                return
""",
        RECORDED + "test_what_the_flash_does_not_take_is_given_up_after_three_tries",
    ),
    Mutant(
        "torn slot is the meter's fault",
        RECORDER,
        "if failed:  # the try",
        "if False:  # the try",
        RECORDED + "test_a_slot_torn_by_a_try_that_failed_is_the_flash_s_fault",
    ),
    Mutant(
        "what is given up is not counted",
        RECORDER,
        '                self._refused.count("flash")\n        self._waiting',
        "                pass\n        self._waiting",
        BAD_FLASH + "test_one_worn_sector_costs_its_half_hours_and_no_others",
    ),
    Mutant(
        "clock behind not told apart",
        RECORDER,
        'self._refused.count("clock")',
        'self._refused.count("value")',
        BAD_FLASH + "test_a_clock_that_was_years_behind_for_two_hours_costs_nothing",
    ),
    Mutant(
        "sequence of the ring not judged",
        PARTITION,
        "    _judge(ring.sequence)\n",
        "",
        BAD_FLASH + "test_a_partition_that_cannot_be_used_is_named_and_never_written_and_the_display_lives_without",
    ),
    Mutant(
        "sequence of the journal not judged",
        PARTITION,
        "        _judge(journal.sequence)\n",
        "",
        "host_tests/portable/test_partition.py::test_a_sequence_that_no_flash_lives_to_see_is_foreign",
    ),
    Mutant(
        "sequence of a rescue not judged",
        PARTITION,
        "    _judge(highest)\n",
        "",
        IMAGES + "test_an_image_is_opened_or_refused_by_name_and_a_second_start_changes_nothing",
    ),
    Mutant(
        "a partition that takes nothing is unreadable",
        PARTITION,
        'raise NotUsable("cannot be written")',
        "raise",
        BAD_FLASH + "test_a_partition_that_cannot_be_used_is_named_and_never_written_and_the_display_lives_without",
    ),
    Mutant(
        "kind of a record not checked",
        JOURNAL,
        "or record[2] & 0x0F > 3 ",
        "",
        BAD_FLASH + "test_records_that_cannot_be_are_none_whatever_their_crc_and_nobody_trips_over_them",
    ),
    Mutant(
        "source of a record not checked",
        JOURNAL,
        " or record[2] >= 0x60:",
        ":",
        BAD_FLASH + "test_records_that_cannot_be_are_none_whatever_their_crc_and_nobody_trips_over_them",
    ),
    Mutant(
        "meter of a record not checked",
        JOURNAL,
        "record[1] > 3 or ",
        "",
        BAD_FLASH + "test_records_that_cannot_be_are_none_whatever_their_crc_and_nobody_trips_over_them",
    ),
]
