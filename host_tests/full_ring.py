"""An image of a display whose ring is full, put down by hand, and the slots of an image by their half-hours.

A slot is (series, half-hour); series 0 and 1 are the energy of both meters, 2 and 3 its cost.
"""

import struct

from image_by_hand import BINDING, Chip
from outsider import METERS

from tools.image import HALF_HOUR, RING, SECTOR, SERIES, SLOTS, Image, is_valid, slot_word

LOG = 19_056  # half-hours, as many as a meter remembers
HEADER = 16
ENDPOINTS = ((21, 21), (3, 9))  # of the bench's meters: metering, management
ANSWERED = 128


def full_ring(end, value):
    """The image: full up to half-hour `end`, both meters bound. value(series, half-hour) in Wh, litres or money."""
    chip = Chip()
    begin = end - LOG
    for series in range(len(SERIES)):
        for first in range(begin // SLOTS * SLOTS, end, SLOTS):
            half_hours = range(max(first, begin), min(first + SLOTS, end))
            stand = [slot_word(value(series, half_hour)) for half_hour in half_hours]
            chip.ring(place(series, first) // SECTOR, stand, half_hours.start - first, first)
    for meter, address in enumerate(METERS):
        payload = struct.pack("<8sBBI", bytes.fromhex(address), *ENDPOINTS[meter], (begin - 48) * HALF_HOUR)
        chip.record(BINDING, meter, flags=ANSWERED, payload=payload)
    return bytes(chip.octets)


def different(series, half_hour):
    """A value that no other slot of a ring has."""
    return 5_000_000 + (half_hour % LOG * len(SERIES) + series) * 127


def place(series, half_hour):
    """The offset of a slot, if its sector has it."""
    return (series * RING + half_hour // SLOTS % RING) * SECTOR + HEADER + 4 * (half_hour % SLOTS)


def words(octets):
    """{slot: word} of what is valid in an image."""
    found = {}
    for sector in Image(octets).rings():
        slots = enumerate(sector.words, sector.first)
        found |= {(sector.series, half_hour): word for half_hour, word in slots if is_valid(word)}
    return found
