"""A Flash in RAM: what the journal of a display without a history partition is kept in, until the power goes."""


class RamFlash:
    """Two sectors of 1024 octets, or as told. The contract is in flash.py."""

    encrypted = False

    def __init__(self, sector_size=1024, sector_count=2):
        self.sector_size = sector_size
        self.sector_count = sector_count
        self._octets = bytearray(b"\xff" * (sector_size * sector_count))

    def read_into(self, offset, buffer):
        """Fill `buffer` from `offset` on."""
        buffer[:] = self._octets[offset : offset + len(buffer)]

    def program(self, offset, data):
        """Clear the bits of `data` that are 0."""
        for octet in data:
            self._octets[offset] &= octet
            offset += 1

    def erase(self, sector):
        """Set every bit of one sector."""
        for offset in range(sector * self.sector_size, (sector + 1) * self.sector_size):
            self._octets[offset] = 0xFF
