"""What the tests of household records share: people who set things, and what is kept of it."""

import struct

from tenants import lived_in
from world import HALF_HOUR, UTC

from ihd.history.partition import household_in
from ihd.tenancy.keepers import Stored

PAST = UTC - 2 * HALF_HOUR + 600


def started(flash):
    """Their keeper, as a start makes it."""
    keeper = Stored("household", "ihd.history.household", flash)
    keeper.left_out = household_in(flash)
    return keeper


def put(keeper, key, value):
    """Keep it."""
    keeper.visit().put(key, value)


def kept(keeper):
    """{key: what is kept} of the keys that have something."""
    visit = keeper.visit()
    found = {key: visit.get(key) for key in range(16)}
    return {key: value for key, value in found.items() if value is not None}


def old(number):
    """What the people before set: 12 octets that stand nowhere else."""
    return struct.pack("<III", 0x5A5A0000 + number, 0xA1B2C3D4 - number, number * 65537)


def at_home(puts=20, flash=None, mark=0):
    """A World whose people set so many things; it remembers four half-hours."""
    world = lived_in(4, flash)
    visit = world.app.household.visit()
    for number in range(puts):
        visit.put(number % 16, old(number + mark))
    world.log.clear()
    return world
