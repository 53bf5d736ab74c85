"""What the firmware uses of MicroPython's `micropython` module, for CPython."""


def const(value):
    """The value itself; MicroPython's compiler folds it into the code."""
    return value
