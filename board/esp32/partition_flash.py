"""The `history` partition of an ESP32 as a Flash.

Source: MicroPython, esp32.Partition. Only the three-argument writeblocks is used: with two it erases.
"""

from esp32 import Partition
from micropython import const

_ERASE = const(6)
_BLOCKS = const(4)
_BLOCK_SIZE = const(5)


def find():
    """The history partition as a PartitionFlash, or None when the partition table has none."""
    for partition in Partition.find(Partition.TYPE_DATA, label="history"):
        return PartitionFlash(partition)
    return None


class PartitionFlash:
    """The Flash contract (ihd.history.flash) on one esp32.Partition, whose OSErrors pass through."""

    def __init__(self, partition):
        self._partition = partition
        self.sector_size = partition.ioctl(_BLOCK_SIZE, 0)
        self.encrypted = partition.info()[5]
        self.sector_count = partition.ioctl(_BLOCKS, 0)

    def read_into(self, offset, buffer):
        """Fill `buffer` with the octets from `offset` on."""
        self._partition.readblocks(offset // self.sector_size, buffer, offset % self.sector_size)

    def program(self, offset, data):
        """Clear the bits of `data` that are 0, from `offset` on; never erases."""
        self._partition.writeblocks(offset // self.sector_size, data, offset % self.sector_size)

    def erase(self, sector):
        """Set every bit of `sector`."""
        failed = self._partition.ioctl(_ERASE, sector)
        if failed:
            raise OSError(failed)
