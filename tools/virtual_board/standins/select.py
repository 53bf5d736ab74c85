"""Stands in for MicroPython's `select`: waiting for the UART, which is how board time passes."""

import _operations
from _wires import ask

POLLIN = 1


class poll:
    def __init__(self):
        self._found = ()

    def register(self, stream, eventmask):
        if self._found or eventmask != POLLIN:
            raise NotImplementedError("one UART and POLLIN")
        self._found = ((stream, POLLIN),)

    def poll(self, timeout=-1):
        waiting = ask(_operations.POLL, timeout if timeout >= 0 else _operations.FOREVER)
        return list(self._found) if waiting else []
