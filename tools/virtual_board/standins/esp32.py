"""Stands in for MicroPython's `esp32`: the partition `history`, if the board has one."""

import _operations
import _wires

# A stock 4 MB table with `history` put directly after the application.
_SUBTYPE = 0x40
_ADDRESS = 0x200000


class Partition(_wires.Blocks):
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, label):
        super().__init__(_operations.HISTORY)
        self._size = _wires.ask(_operations.BLOCK_SIZE)
        if label != "history" or not self._size:
            raise OSError(2)

    @staticmethod
    def find(type=TYPE_APP, subtype=0xFF, label=None, block_size=4096):
        if type != Partition.TYPE_DATA or subtype not in (0xFF, _SUBTYPE) or label not in (None, "history"):
            return []
        return [Partition("history")] if _wires.ask(_operations.BLOCK_SIZE) else []

    def info(self):
        return (Partition.TYPE_DATA, _SUBTYPE, _ADDRESS, self._size, "history", False)
