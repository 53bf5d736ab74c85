"""The planted defects: what each guard of the project is there for, and the test that would notice its loss.

Usage: python host_tests/mutants.py [NAME...]; a NAME is a part of a mutant's name. See planting.py.
"""

import sys

import mutants_bad_flash
import mutants_history
import mutants_household
import mutants_journal
import mutants_road
import mutants_tenancy
from planting import main

MUTANTS = mutants_road.MUTANTS + mutants_history.MUTANTS + mutants_tenancy.MUTANTS
MUTANTS += mutants_household.MUTANTS + mutants_journal.MUTANTS + mutants_bad_flash.MUTANTS

if __name__ == "__main__":
    sys.exit(main(MUTANTS))
