"""Runs the portable tests named on the command line, on any interpreter, and prints `N passed, M failed`.

A name is that of a module, or module:prefix for those of its tests whose names begin so.
"""

import sys


def run(module, prefix):
    """(passed, failed) of every function in `module` whose name begins with `prefix`."""
    passed = failed = 0
    for name in sorted(dir(module)):
        if name.startswith(prefix):
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
    name, _, prefix = argument.partition(":")
    for place, count in enumerate(run(__import__(name), prefix or "test_")):
        total[place] += count
print("%d passed, %d failed" % tuple(total))
sys.exit(1 if total[1] or not total[0] else 0)
