"""Runs the portable tests named on the command line, on any interpreter, and prints `N passed, M failed`."""

import sys


def run(module):
    """(passed, failed) of every function test_* in `module`."""
    passed = failed = 0
    for name in sorted(dir(module)):
        if name.startswith("test_"):
            try:
                getattr(module, name)()
                passed += 1
            except Exception as error:
                failed += 1
                print("FAILED", module.__name__, name)
                if hasattr(sys, "print_exception"):
                    sys.print_exception(error)
                else:
                    raise
    return passed, failed


total = [0, 0]
for argument in sys.argv[1:]:
    for place, count in enumerate(run(__import__(argument))):
        total[place] += count
print("%d passed, %d failed" % tuple(total))
sys.exit(1 if total[1] or not total[0] else 0)
