"""A meter that answers nonsense for a week costs bounded retries and memory, and neither wipes nor reveals."""

import gc
import random

from tenants import check_kept, fill, left, undrawn
from world import HALF_HOUR, UTC, World

DAY = 86400
END = UTC // HALF_HOUR
HELD = 6  # half-hours of the past
ASKED = DAY // 10  # questions a day at most, repeats and all


class Babbling(World):
    """A home whose electricity meter answers each question with octets that mean nothing, once it `babbles`."""

    babbles = False

    def _zcl(self, meter, cluster, payload):
        if not (self.babbles and meter is self.electricity):
            return World._zcl(self, meter, cluster, payload)
        octets = bytes([random.getrandbits(8) for _ in range(random.getrandbits(4))])  # too few for a change
        head = bytes((random.getrandbits(5), payload[1], random.getrandbits(4)))
        return (head if random.getrandbits(2) else payload[:3]) + octets


def test_a_meter_that_answers_nonsense_for_a_week_costs_bounded_retries_and_memory():
    random.seed(5)
    world = Babbling(electricity_poll_s=300, gas_poll_s=7200)
    world.settle()
    fill(world, HELD)
    undrawn(world)
    world.babbles = True
    world.electricity.asked = []
    used = []
    for _ in range(7):
        programmed = world.flash.programs
        world.run(DAY)
        assert 0 < len(world.electricity.asked) < ASKED
        assert world.flash.programs - programmed < 200  # the half-hours of gas
        assert not world.of("rewind") and not world.app.guard.queue and world.app.gas.gate is None
        world.log.clear()
        world.answers = []
        world.electricity.asked = []
        world.gas.asked = []
        world.app.make_room()
        gc.collect()
        used.append(gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)
    assert min(used[5:]) - used[1] < 2048, used  # an enquiry may be in memory just then
    assert left(world, 0, END - HELD, END) == HELD  # nothing of it was wiped
    check_kept(world, 1, END - HELD, END)
    world.babbles = False
    world.run(2 * DAY)
    assert world.app.electricity.gate is None
    check_kept(world, 0, END - HELD, END)
