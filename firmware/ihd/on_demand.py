"""Modules that are in memory only while they are needed: code is memory on the device."""

import gc
import sys

# Rubbish is swept out before a module comes in, lest its many small pieces fill the gaps that larger things need, and
# after it: reading it in leaves rubbish among its pieces. CPython, which has no mem_free, needs none of that.
_collect = gc.collect if hasattr(gc, "mem_free") else int


def load(name):
    """The module with the full name `name`, imported if it is not in memory."""
    if name not in sys.modules:
        _collect()
        __import__(name)
        _collect()
    return sys.modules[name]


def drop(*names):
    """Take the modules of these full names out of memory, as soon as nobody refers to them any more."""
    for name in names:
        module = sys.modules.pop(name, None)
        parent, _, child = name.rpartition(".")
        if module and parent and getattr(sys.modules[parent], child, None) is module:
            delattr(sys.modules[parent], child)
