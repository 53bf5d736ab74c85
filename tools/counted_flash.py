"""NOR flash in RAM that is strict and counts, for our store and for a file system alike; on both interpreters."""

PAGE = 256  # octets that the chip programs at once
PART = 512  # octets of a read that counts as one


class CountedFlash:
    """A Flash (firmware/ihd/history/flash.py) and an extended block device of MicroPython, on the same octets.

    reads: a longer one counts for each 512 octets. programs: for each page touched.
    """

    encrypted = False

    def __init__(self, sector_count=128, sector_size=4096):
        self.sector_count = sector_count
        self.sector_size = sector_size
        self._blank = b"\xff" * sector_size
        self.octets = bytearray(self._blank * sector_count)
        self._view = memoryview(self.octets)
        self.count_anew()

    def count_anew(self):
        """From 0."""
        self.reads = self.octets_read = self.programs = self.octets_programmed = self.erases = 0

    @property
    def operations(self):
        """What changes the flash."""
        return self.programs + self.erases

    def read_into(self, offset, buffer):
        """Fill `buffer` from `offset` on."""
        buffer[:] = self._part(offset, len(buffer))
        self.reads += (len(buffer) + PART - 1) // PART
        self.octets_read += len(buffer)

    def program(self, offset, data):
        """Clear the bits of `data` that are 0. Raises ValueError for one that would have to be set."""
        stands = self._part(offset, len(data))
        if stands != self._blank[: len(data)]:  # the rest is slow
            wanted = int.from_bytes(data, "little")
            if int.from_bytes(stands, "little") & wanted != wanted:
                raise ValueError("0 to 1 from octet %d on" % offset)
        stands[:] = data
        self.programs += (offset + len(data) - 1) // PAGE - offset // PAGE + 1
        self.octets_programmed += len(data)

    def erase(self, sector):
        """Set every bit of one sector."""
        self._part(sector * self.sector_size, self.sector_size)[:] = self._blank
        self.erases += 1

    def readblocks(self, block, buffer, offset=0):
        """As MicroPython's block device."""
        self.read_into(block * self.sector_size + offset, buffer)

    def writeblocks(self, block, buffer, offset):
        """As MicroPython's block device. The form without `offset`, which erases, is not used by littlefs."""
        self.program(block * self.sector_size + offset, buffer)

    def ioctl(self, operation, argument):
        """As MicroPython's block device: 4 how many blocks, 5 their size, 6 erase one; 1 to 3 ask for nothing."""
        if operation == 6:
            self.erase(argument)
        return {4: self.sector_count, 5: self.sector_size}.get(operation, 0)

    def _part(self, offset, length):
        """A view. Raises ValueError outside the flash."""
        if not 0 <= offset <= offset + length <= len(self.octets):
            raise ValueError("outside")
        return self._view[offset : offset + length]
