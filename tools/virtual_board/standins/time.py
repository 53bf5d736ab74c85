"""Stands in for MicroPython's `time`: the board's milliseconds and nothing of the host's clock."""

import _operations
from _wires import ask

_PERIOD = 1 << 30


def ticks_ms():
    return ask(_operations.TICKS)


def ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def ticks_diff(end, start):
    half = _PERIOD // 2
    return (end - start + half) % _PERIOD - half


def sleep_ms(ms):
    if ms > 0:
        ask(_operations.SLEEP, ms)
