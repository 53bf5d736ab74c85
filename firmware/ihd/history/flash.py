"""The Flash contract: raw NOR flash as the history rooms see it.

A Flash has
    sector_size, sector_count   octets, sectors
    encrypted                   whether only 16 octets at a time can be programmed
    read_into(offset, buffer)   fill `buffer` from `offset` on
    program(offset, data)       clear the bits of `data` that are 0; never erases
    erase(sector)               set every bit of one sector
Offsets are octets from the start of the partition. Each raises OSError when the medium refuses.
"""


class FlashError(OSError):
    """The medium was asked, and something else stands there; nothing may be assumed of the octets concerned."""
