"""Stands in for MicroPython's `select`: waiting for the UART and the keys, which is how board time passes."""

import _operations
from _wires import ask
from machine import UART

POLLIN = 1
_MP_STREAM_POLL = 3


class poll:
    def __init__(self):
        self._uart = self._keys = None
        self._ready = False  # what the keys said when last asked

    def register(self, stream, eventmask):
        if eventmask != POLLIN or (self._uart if isinstance(stream, UART) else self._keys):
            raise NotImplementedError("one UART, one object with an ioctl for the keys, and POLLIN")
        if isinstance(stream, UART):
            self._uart = stream
        else:
            self._keys = stream
            self._ready = True  # not known yet

    def poll(self, timeout=-1):
        # Where nothing was ready, the models know of every change since, and need not be asked in vain.
        if self._ready:
            self._ask_keys()
        wait = 0 if self._ready else timeout if timeout >= 0 else _operations.FOREVER
        result = ask(_operations.POLL, wait, unit=1 if self._keys else 0)
        if result & _operations.KEYS:
            self._ask_keys()
        found = []
        if self._uart and result & ~_operations.KEYS:
            found.append((self._uart, POLLIN))
        if self._ready:
            found.append((self._keys, POLLIN))
        return found

    def _ask_keys(self):
        self._ready = bool(self._keys.ioctl(_MP_STREAM_POLL, POLLIN) & POLLIN)
