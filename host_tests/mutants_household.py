"""The planted defects of household records: a rule of how they are kept, or destroyed, each."""

from planting import Mutant

HOUSEHOLD = "firmware/ihd/history/household.py"
SECTOR = "firmware/ihd/history/sector.py"
TESTS = "host_tests/portable/test_household.py::test_"

MUTANTS = [
    Mutant(
        "household sectors that are read no more begun anew",
        "firmware/ihd/history/partition.py",
        "        return household.UNREAD\n",
        "        return None\n",
        "host_tests/portable/test_partition.py::test_household_sectors_that_cannot_be_read_at_a_start_keep_their_records",
    ),
    Mutant(
        "household sectors that could not be read asked once only",
        HOUSEHOLD,
        "        if self._keeper.left_out == UNREAD:\n            partition",
        "        if False:\n            partition",
        "host_tests/portable/test_partition.py::"
        "test_household_sectors_that_cannot_be_read_at_a_start_may_be_blank_all_the_same",
    ),
    Mutant(
        "household records not registered",
        "firmware/ihd/assembly.py",
        "(usage, app.household, app.recorder, app.director, app.radio)",
        "(usage, app.recorder, app.director, app.radio)",
        "host_tests/portable/test_household_rewind.py::test_a_rewind_forgets_them_and_says_so_only_when_they_are_gone",
    ),
    Mutant(
        "length of a household record lost",
        HOUSEHOLD,
        "record[3][: record[1]]",
        "record[3]",
        TESTS + "what_is_put_is_found_with_its_length_and_the_latest_counts",
    ),
    Mutant(
        "a household record's length taken for a flag",
        "firmware/ihd/history/journal.py",
        "return record[0] == HOUSEHOLD or ",
        "return ",
        TESTS + "every_key_is_kept_apart_through_any_number_of_compactions",
    ),
    Mutant(
        "a household sector that looks blank is not zeroed",
        HOUSEHOLD,
        "                yield from step(flash, sector)\n",
        "                if not filled(flash, sector * flash.sector_size, (sector + 1) * flash.sector_size, 0xFF):\n"
        "                    yield from step(flash, sector)\n",
        TESTS + "a_record_in_a_sector_that_only_looks_blank_is_forgotten_through_another_cut",
    ),
    Mutant(
        "two blank household sectors destroyed again and again",
        HOUSEHOLD,
        "if filled(flash, FIRST * flash.sector_size, (FIRST + 2) * flash.sector_size, 0xFF):",
        "if False:",
        TESTS + "two_blank_sectors_cost_nothing_until_the_first_record",
    ),
    Mutant(
        "household records that are destroyed still read",
        HOUSEHOLD,
        "        self._keeper.left_out = None\n        if",
        "        if",
        TESTS + "forgetting_leaves_two_blank_sectors_an_operation_a_step",
    ),
    Mutant(
        "a worn household sector not zeroed again",
        SECTOR,
        "    if not is_empty(flash, sector):\n        yield from zero(flash, sector)\n",
        "",
        TESTS + "a_worn_sector_is_zeroed_and_left_so_and_forgetting_ends",
    ),
    Mutant(
        "a worn household sector keeps the gate shut",
        SECTOR,
        "    except OSError:\n        pass\n",
        "    except ValueError:\n        pass\n",
        TESTS + "a_worn_sector_is_zeroed_and_left_so_and_forgetting_ends",
    ),
    Mutant(
        "household records begun on what stands there",
        HOUSEHOLD,
        "        for _ in self.destroy():\n            pass\n",
        "",
        TESTS + "what_has_no_header_is_destroyed_by_the_first_record_or_an_order_to_forget",
    ),
    Mutant(
        "household records begun in a sector that only looks blank",
        HOUSEHOLD,
        "        self._store.erase(FIRST)\n",
        "",
        TESTS + "two_blank_sectors_cost_nothing_until_the_first_record",
    ),
    Mutant(
        "household records put while they are destroyed",
        HOUSEHOLD,
        "if self._keeper.destroying:",
        "if False:",
        TESTS + "a_record_put_between_the_steps_of_forgetting_is_refused_and_one_put_after_them_is_forgotten_too",
    ),
    Mutant(
        "household records without a header gone on with",
        "firmware/ihd/history/partition.py",
        "        if owner != OWNER:\n            raise\n        if not _rescue(journal, first_sector):\n",
        "        if not _rescue(journal, first_sector):\n            if owner != OWNER:\n                raise\n",
        TESTS + "records_without_a_header_are_left_where_they_are_until_they_are_forgotten",
    ),
    Mutant(
        "household records that only the other hand sees",
        "tools/erase_proof.py",
        "    if household.torn:",
        "    if False:",
        "host_tests/test_erase_proof_household.py::test_remains_of_a_record_are_found",
    ),
]
