"""NOR flash for the tests: strict, countable, and its power can be cut at any operation.

Source of the faults: `../shared/facts/anchors.md`, 2.4. The contract is in firmware/ihd/history/flash.py.

Of an operation that a cut met it may not be settled what it did: the sectors then hold what stood before it, and each
read applies it, or a part of it, or not. Programming a bit to 0 settles that bit, an erase all of its sector.
"""

from ihd.history.flash import FlashError

# what a cut leaves of the operation that it meets
BEFORE = 0  # nothing
AFTER = 1  # all, not acknowledged
# any larger number: a subset of its bit changes, drawn from that seed
READS_DONE = ("READS_DONE", 0)  # it reads as done in the first start after the cut, as not done in the next, and so on
READS_UNDONE = ("READS_UNDONE", 0)  # the other way round


def prefix(length):
    """What a cut may leave, too: what the operation did to its first `length` octets."""
    return "PREFIX", length


def reads_at_random(seed):
    """What a cut may leave, too: each bit that was to change reads anew at each read, drawn from that seed."""
    return "RANDOM", seed


class PowerCut(Exception):
    """The power went in the middle of an operation; the flash is as it was left. Make everything else anew."""


class Unsettled:
    """Bits of one sector that a torn operation was to set, or else to clear.

    bits: an int, bit 0 of octet 0 first. starts: how often the power came back since.
    """

    def __init__(self, sector, bits, sets, how, starts=0, seed=0):
        self.sector = sector
        self.bits = bits
        self.sets = sets
        self.how = how
        self.starts = starts
        self.seed = seed

    def copy(self):
        """Another one that will read the same."""
        return Unsettled(self.sector, self.bits, self.sets, self.how, self.starts, self.seed)

    def read(self, octets, at):
        """`octets`, which stand `at` octets into the sector, as they read now."""
        bits = self.bits >> 8 * at & _ones(len(octets))
        if bits and self.how == "RANDOM":
            drawn, self.seed = _draw(len(octets), self.seed)
            bits &= drawn
        elif (self.how == "READS_DONE") != (max(self.starts, 1) % 2 == 1):
            bits = 0
        return _changed(octets, bits, self.sets) if bits else octets


class Flash:
    """A Flash that is blank at first; sectors take memory once they are written.

    log: (operation, offset, length) of what was programmed and erased; None keeps none. reads, programs, erases,
    programmed (octets): counts. watch(operation, offset, data), if any, is called before each operation. strict:
    whether it is an error to program a 1 where a 0 stands; the chip leaves the 0.
    """

    def __init__(self, sector_count=128, sector_size=4096):
        self.sector_count = sector_count
        self.sector_size = sector_size
        self.encrypted = False
        self.strict = True
        self.sectors = {}  # bytearrays of those that are not blank
        self.unsettled = []  # the oldest first
        self.log = []
        self.watch = None
        self.reads = self.programs = self.erases = self.programmed = 0
        self._shared = set()  # sectors whose bytearray is that of a copy, too
        self._left = None  # operations before the fault
        self._fault = None

    def cut_after(self, operations, how):
        """Cut the power when `operations` more were done, in the next; how: what is left of that."""
        self._left = operations
        self._fault = how

    def fail_after(self, operations):
        """Refuse the operation after the next `operations`, once."""
        self.cut_after(operations, "fail")

    def skip_after(self, operations):
        """Do nothing and say nothing in the operation after the next `operations`, once."""
        self.cut_after(operations, "skip")

    def restart(self):
        """The power comes back; what is not settled may read differently from now on."""
        for torn in self.unsettled:
            torn.starts += 1

    def copy(self):
        """Another flash with the same octets, no log and no fault to come; cheap until one of the two is written."""
        other = Flash(self.sector_count, self.sector_size)
        other.sectors.update(self.sectors)
        other.unsettled = [torn.copy() for torn in self.unsettled]
        self._shared = set(self.sectors)
        other._shared = set(self.sectors)
        return other

    def octets(self, offset, length):
        """What stands there, as bytes, without what is not settled; not counted as a read."""
        number = offset // self.sector_size
        start = offset % self.sector_size
        assert 0 <= number < self.sector_count and start + length <= self.sector_size, (offset, length)
        if number not in self.sectors:
            return b"\xff" * length
        return bytes(self.sectors[number][start : start + length])

    def put(self, offset, data):
        """Make `data` stand there, whatever bits that sets; no operation."""
        self._stand(offset, data)
        self._settle(offset, _ones(len(data)))

    def flip(self, offset, bit):
        """Turn one bit over, as age may; no operation."""
        self.put(offset, bytes((self.octets(offset, 1)[0] ^ 1 << bit,)))

    def garbage(self, sector, seed):
        """Fill a sector with what means nothing; no operation."""
        self.put(sector * self.sector_size, _draw(self.sector_size, seed)[0].to_bytes(self.sector_size, "little"))

    def contains(self, data):
        """Whether `data` stands anywhere, at any alignment, within a sector."""
        return any(data in octets for octets in self.sectors.values())

    def could_contain(self, data):
        """As contains(), whichever of the torn operations read as done."""
        return any(data in octets for number in self.written() for octets in self.readings(number))

    def written(self):
        """The numbers of the sectors that are not blank, or may read as if they were not."""
        return set(self.sectors) | {torn.sector for torn in self.unsettled}

    def readings(self, number):
        """A list of all that a sector can read as, as bytes, when each torn operation reads as done or as not done."""
        found = [self.octets(number * self.sector_size, self.sector_size)]
        for torn in self.unsettled:
            if torn.sector == number:
                found += [_changed(octets, torn.bits, torn.sets) for octets in found]
        return found

    def same(self, other):
        """Whether the octets are those of the flash `other`, and none is settled in one only."""
        for number in set(self.sectors) | set(other.sectors):
            offset = number * self.sector_size
            if self.octets(offset, self.sector_size) != other.octets(offset, self.sector_size):
                return False
        mine, others = [[(torn.sector, torn.bits) for torn in each.unsettled] for each in (self, other)]
        return mine == others

    def read_into(self, offset, buffer):
        """Fill `buffer` from `offset` on, within one sector."""
        self.reads += 1
        octets = self.octets(offset, len(buffer))
        for torn in self.unsettled:
            if torn.sector == offset // self.sector_size:
                octets = torn.read(octets, offset % self.sector_size)
        buffer[:] = octets

    def program(self, offset, data):
        """Clear bits. AssertionError when one would have to be set, or at a sector's end."""
        before = self._could_be(1, offset, len(data))
        after = int.from_bytes(bytes(data), "little")
        if self.strict:
            assert before & after == after, "0 to 1 at 0x%x" % offset
        self._do("program", offset, bytes(data))

    def erase(self, sector):
        """Set every bit of one sector."""
        assert 0 <= sector < self.sector_count, sector
        self._do("erase", sector * self.sector_size, b"\xff" * self.sector_size)

    def tear(self, operation, offset, data, how):
        """Leave of an operation what a cut leaves of it; data: what is programmed, ones when it erases."""
        sets = operation == "erase"
        bits = int.from_bytes(data, "little")
        bits = bits if sets else bits ^ _ones(len(data))
        if how == AFTER:
            self._change(offset, len(data), bits, sets)
        elif how != BEFORE:
            bits &= self._could_be(not sets, offset, len(data))
            if isinstance(how, int):
                self._change(offset, len(data), bits & _draw(len(data), how)[0], sets)
            elif how[0] == "PREFIX":
                self._change(offset, len(data), bits & _ones(how[1]), sets)
            else:
                bits <<= 8 * (offset % self.sector_size)
                self.unsettled.append(Unsettled(offset // self.sector_size, bits, sets, how[0], 0, how[1]))

    def _do(self, operation, offset, data):
        if self.watch:
            self.watch(operation, offset, data)
        fault = None
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                fault = self._fault
                self._left = None
        if fault == "fail":
            raise FlashError
        if fault != "skip":
            self.tear(operation, offset, data, AFTER if fault is None else fault)
            if fault is not None:
                raise PowerCut
        if operation == "erase":
            self.erases += 1
        else:
            self.programs += 1
            self.programmed += len(data)
        if self.log is not None:
            self.log.append((operation, offset, len(data)))

    def _could_be(self, value, offset, length):
        """The bits, as an int, that are `value`, or may read so."""
        bits = int.from_bytes(self.octets(offset, length), "little")
        bits = bits if value else bits ^ _ones(length)
        for torn in self.unsettled:
            if torn.sector == offset // self.sector_size and torn.sets == value:
                bits |= torn.bits >> 8 * (offset % self.sector_size) & _ones(length)
        return bits

    def _change(self, offset, length, bits, sets):
        """Set these bits, or clear them, for good."""
        self._settle(offset, bits)
        if length == self.sector_size and bits == _ones(length) and sets:
            self.sectors.pop(offset // length, None)
        else:
            self._stand(offset, _changed(self.octets(offset, length), bits, sets))

    def _stand(self, offset, data):
        number = offset // self.sector_size
        start = offset % self.sector_size
        if number not in self.sectors:
            self.sectors[number] = bytearray(b"\xff" * self.sector_size)
        elif number in self._shared:
            self.sectors[number] = bytearray(self.sectors[number])
        self._shared.discard(number)
        self.sectors[number][start : start + len(data)] = data

    def _settle(self, offset, bits):
        for torn in self.unsettled:
            if torn.sector == offset // self.sector_size:
                torn.bits ^= torn.bits & bits << 8 * (offset % self.sector_size)
        self.unsettled = [torn for torn in self.unsettled if torn.bits]


def _ones(length):
    return (1 << 8 * length) - 1


def _changed(octets, bits, sets):
    """`octets` with these bits set, or else cleared."""
    number = int.from_bytes(octets, "little")
    return (number | bits if sets else number ^ (number & bits)).to_bytes(len(octets), "little")


def _draw(length, seed):
    """(`length` octets, as an int, that look like chance; the seed for the next)."""
    drawn = bytearray(length)
    for place in range(length):
        seed = (seed * 16807 + 12345) % 2147483647
        drawn[place] = seed >> 11 & 0xFF
    return int.from_bytes(drawn, "little"), seed
