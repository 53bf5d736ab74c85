"""The planted defects: what each guard of the project is there for, and the test that would notice its loss.

Usage: python host_tests/mutants.py [NAME...]; a NAME is a part of a mutant's name. See planting.py.
"""

import importlib
import sys
from pathlib import Path

from planting import main

MUTANTS = [
    mutant
    for path in sorted(Path(__file__).parent.glob("mutants_*.py"))
    for mutant in importlib.import_module(path.stem).MUTANTS
]

if __name__ == "__main__":
    sys.exit(main(MUTANTS))
