"""NOR flash for the tests: strict, countable, and its power can be cut at any operation.

Source of the faults: `../shared/facts/anchors.md`, 2.4. The contract is in firmware/ihd/history/flash.py.
"""

from ihd.history.flash import FlashError

# what a cut leaves of the operation that it meets
BEFORE = 0  # nothing
AFTER = 1  # all, not acknowledged
# any larger number: a subset of its bit changes, drawn from that seed


class PowerCut(Exception):
    """The power went in the middle of an operation; the flash is as it was left. Make everything else anew."""


class Flash:
    """A Flash that is blank at first; sectors take memory once they are written.

    log: (operation, offset, length) of what was programmed and erased; None keeps none. reads, programs, erases,
    programmed (octets): counts.
    """

    def __init__(self, sector_count=128, sector_size=4096):
        self.sector_count = sector_count
        self.sector_size = sector_size
        self.sectors = {}  # bytearrays of those that are not blank
        self.log = []
        self.reads = self.programs = self.erases = self.programmed = 0
        self._left = None  # operations before the fault
        self._fault = None

    def cut_after(self, operations, how):
        """Cut the power when `operations` more were done, in the next; how: BEFORE, AFTER or a seed."""
        self._left = operations
        self._fault = how

    def fail_after(self, operations):
        """Refuse the operation after the next `operations`, once."""
        self.cut_after(operations, "fail")

    def skip_after(self, operations):
        """Do nothing and say nothing in the operation after the next `operations`, once."""
        self.cut_after(operations, "skip")

    def copy(self):
        """Another flash with the same octets, no log and no fault to come."""
        other = Flash(self.sector_count, self.sector_size)
        for number, octets in self.sectors.items():
            other.sectors[number] = bytearray(octets)
        return other

    def octets(self, offset, length):
        """What stands there, as bytes; not counted as a read."""
        number = offset // self.sector_size
        start = offset % self.sector_size
        assert 0 <= number < self.sector_count and start + length <= self.sector_size, (offset, length)
        if number not in self.sectors:
            return b"\xff" * length
        return bytes(self.sectors[number][start : start + length])

    def put(self, offset, data):
        """Make `data` stand there, whatever bits that sets; no operation."""
        number = offset // self.sector_size
        start = offset % self.sector_size
        if number not in self.sectors:
            self.sectors[number] = bytearray(b"\xff" * self.sector_size)
        self.sectors[number][start : start + len(data)] = data

    def contains(self, data):
        """Whether `data` stands anywhere, at any alignment, within a sector."""
        return any(data in octets for octets in self.sectors.values())

    def same(self, other):
        """Whether the octets are those of the flash `other`."""
        for number in set(self.sectors) | set(other.sectors):
            offset = number * self.sector_size
            if self.octets(offset, self.sector_size) != other.octets(offset, self.sector_size):
                return False
        return True

    def read_into(self, offset, buffer):
        """Fill `buffer` from `offset` on, within one sector."""
        self.reads += 1
        buffer[:] = self.octets(offset, len(buffer))

    def program(self, offset, data):
        """Clear bits. AssertionError when one would have to be set, or at a sector's end."""
        old = self.octets(offset, len(data))
        before = int.from_bytes(old, "little")
        after = int.from_bytes(bytes(data), "little")
        assert before & after == after, "0 to 1 at 0x%x" % offset
        self._do("program", offset, old, bytes(data))

    def erase(self, sector):
        """Set every bit of one sector."""
        offset = sector * self.sector_size
        self._do("erase", offset, self.octets(offset, self.sector_size), b"\xff" * self.sector_size)

    def _do(self, operation, offset, old, new):
        fault = None
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                fault = self._fault
                self._left = None
        if fault == "fail":
            raise FlashError
        if fault is not None and fault != AFTER:
            new = old if fault in (BEFORE, "skip") else _torn(old, new, fault)
        self.put(offset, new)
        if fault is not None and fault != "skip":
            raise PowerCut
        if operation == "erase":
            self.erases += 1
        else:
            self.programs += 1
            self.programmed += len(new)
        if self.log is not None:
            self.log.append((operation, offset, len(new)))


def _torn(old, new, seed):
    """`old` with some of its bits as in `new`."""
    torn = bytearray(old)
    for place in range(len(torn)):
        seed = (seed * 16807 + 12345) % 2147483647
        torn[place] ^= (old[place] ^ new[place]) & (seed >> 11)
    return torn
