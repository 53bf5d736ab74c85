"""A new memory fails: whatever can be reached from the app is declared, and what is personal goes in a rewind."""

import sys
from pathlib import Path

import pytest
from memory_table import IMPERSONAL, KEPT, PASSING, SHARED
from memory_walk import BUFFERS, atoms, is_state, module_places, places, reach

sys.path.append(str(Path(__file__).parent / "portable"))

from fakes import Radio
from serving import serve
from tenants import fill, value
from world import HALF_HOUR, World, supplier, tenancy

from ihd.tenancy.keepers import BOTH

LIVED = 50  # half-hours
LOGGED = 0x223400  # and up: what the meters' own logs have
OUR_NAME = b"Rosebank 14"
OUR_WORDS = (b"Rosebank ELEC", b"Rosebank GAS")  # what the meters tell of names, numbers and messages begins so
TOLD = 7_000_000  # and up to 100 more of each meter: prices, balances and debts
NEW_WORDS = (b"Elm Street ELEC", b"Elm Street GAS")  # of the next occupant ...
NEW = 9_000_000  # ... likewise
WHAT_TO_DO = (
    "{path} ({where[0]}.{where[1]}) may remember something, and is not declared. If it can tell of the people, "
    "have a registered keeper forget it (forget and holds, firmware/ihd/tenancy/keepers.py) and name it under KEPT in "
    "host_tests/memory_table.py; if it cannot, name it under IMPERSONAL with a word why (tenancy design, section 5)."
)


class ForgetfulRadio(Radio):
    """Overwrites what was received in the poll that finds nothing more, as radio/xbee.py does."""

    def poll(self, now):
        """As Radio."""
        if not self.queue and self.indication:
            self.indication.payload[:] = bytes(len(self.indication.payload))
        kind = super().poll(now)
        if self.indication and self.indication.payload.readonly:
            self.indication.payload = memoryview(bytearray(self.indication.payload))
        return kind


class Walked(World):
    """A World that is walked again and again. undeclared: {where: Place}. seen: everything that was walked."""

    def __init__(self):
        super().__init__()
        self.steps = 0
        self.undeclared = {}
        self.seen = set()

    def boot(self):
        """As World."""
        super().boot()
        forgetful = ForgetfulRadio()
        forgetful.queue = self.radio.queue
        vars(self.radio).update(vars(forgetful))
        self.radio.__class__ = ForgetfulRadio

    def step(self):
        """As World; the registers move with every step."""
        self.electricity.register += 3
        self.gas.register += 5
        super().step()
        self.steps += 1
        if self.steps < 300 or self.steps % 10 == 0 or self.app.guard.queue:
            self.walk()

    def walk(self):
        """Note what is not declared."""
        cared_for = set()
        for keeper in self.app.keepers:
            others = [each for each in self.app.keepers if each is not keeper]
            cared_for |= reach(keeper, [self.app, *others])
        for place in [*places(self.app), *module_places()]:
            if is_state(place.value):
                self.seen.add(place.where)
                who, name = place.where
                if name in KEPT.get(who, "").split() and id(place.owner) in cared_for:
                    continue
                if not any(name in names.split() for names in declared(who)):
                    self.undeclared[place.where] = place


def declared(who):
    """The lists of names that may be there without a keeper that reaches them."""
    yield from IMPERSONAL.get(who, {}).values()
    yield PASSING.get(who, "")
    yield SHARED.get(who, "")


def complain(world):
    """Fail when something is not declared, and say what to do."""
    assert not world.undeclared, "\n".join(WHAT_TO_DO.format(**vars(place)) for place in world.undeclared.values())


def live(world):
    """A life in which everything happens that fills a memory."""
    for number, meter in enumerate((world.electricity, world.gas)):
        serve(meter, world.now, TOLD + 100 * number, OUR_WORDS[number], bool(number))
    world.knows_time = False
    world.boot()
    world.run(70)
    world.knows_time = True
    world.run(200)
    fill(world, LIVED)
    world.app.household.visit().put(1, OUR_NAME)
    world.electricity.log = world.gas.log = lambda half_hour: LOGGED + half_hour % 200
    world.publish(world.electricity, supplier(world.now + 5000, 3, 0x600, 5, 6), 1)
    world.run(2 * HALF_HOUR)
    for key in (*["next"] * 10, "select"):  # past every screen that tells of the people, to the message
        world.app.key(key)
        world.step()
        world.run(2)
    assert world.app.director._screen_name == "messages" and (0x0703, 1) in world.electricity.asked
    for _ in range(9):
        world.app.key("prev")
        world.step()
        world.run(2)
    world.run(70)
    world.electricity.silent = True
    world.run(700)
    world.electricity.silent = False
    world.run(900)


def test_everything_that_can_be_reached_is_declared():
    world = Walked()
    live(world)
    world.publish(world.gas, tenancy(world.now - 3000, 3))
    world.run(700)
    world.cut()
    world.boot()
    world.run(1000)
    complain(world)
    assert {(who, name) for who, names in KEPT.items() for name in names.split()} <= world.seen
    assert len(world.seen) > 150


@pytest.mark.parametrize("who", ["electricity", "clock", "guard", "exchange", "director"])
def test_a_new_memory_anywhere_fails_and_is_told_what_to_do(who):
    world = Walked()
    world.boot()
    world.run(20)
    complain(world)
    getattr(world.app, who).last_ten = [1, 2, 3]
    world.walk()
    with pytest.raises(AssertionError, match=r"last_ten\) may remember something, and is not declared"):
        complain(world)


def past_of(world):
    """(numbers, octets, texts) that only the past has, as far as they can be told from others."""
    half_hours = range(world.now // HALF_HOUR - LIVED - 10, world.now // HALF_HOUR)
    numbers = {value(series, half_hour) for series in (0, 1) for half_hour in half_hours}
    numbers |= set(range(1_000_000, max(world.electricity.register, world.gas.register) + 1))
    numbers |= set(range(LOGGED, LOGGED + 200))
    for meter in world.app.meters.values():
        account = meter.account
        numbers |= {value for value, _ in account.values.values() if isinstance(value, int) and value >= TOLD}
        numbers |= {price[2] for price in account.prices} | {message[0] for message in account.messages}
        numbers |= {each for each in (meter.cost._open, meter.cost._carry) if each > 100_000}
    shown = world.app.director._canvas._shown.values()
    texts = {what for what in shown if isinstance(what, str) and ("kWh" in what or "m³" in what)}
    return numbers, [OUR_NAME, *OUR_WORDS, *(what for what in shown if isinstance(what, bytes))], texts


def found(world, past):
    """The paths under which anything of the past can still be reached."""
    numbers, octets, texts = past
    paths = []
    for place in [*places(world.app), *module_places()]:
        for atom in atoms(place.value):
            if isinstance(atom, str):
                hit = atom in texts
            elif isinstance(atom, (bytes, *BUFFERS)):
                parts = [int.from_bytes(atom[at : at + 3], "little") for at in range(len(atom) - 2)]
                hit = any(each in atom for each in octets) or not numbers.isdisjoint(parts)
            else:
                hit = atom in numbers
            if hit:
                paths.append(place.path)
    return paths


def test_after_a_rewind_nothing_that_can_be_reached_is_of_the_past():
    world = Walked()
    live(world)
    world.run(30)
    past = past_of(world)
    assert len(past[2]) == 2 and len(found(world, past)) > 8
    for number in (0, 1):
        holding = {keeper.name for keeper in world.app.keepers if keeper.holds(number, world.now, BOTH)}
        assert {"usage", "household", "panel", ("electricity", "gas")[number]} <= holding
    for number, meter in enumerate((world.electricity, world.gas)):
        serve(meter, world.now, NEW + 100 * number, NEW_WORDS[number], bool(number))
        meter.register += 5_000_000
        meter.log = lambda half_hour: None
        world.publish(meter, tenancy(0, 9))
    for _ in range(1000):
        if len(world.of("receipt", kind="tenancy")) == 2:
            break
        world.step()
    assert found(world, past) == []
    floor = world.of("receipt")[-1]["floor"]
    assert not [keeper.name for keeper in world.app.keepers for number in (0, 1) if keeper.holds(number, floor, BOTH)]
    world.run(HALF_HOUR + 300)
    assert found(world, past) == []
    assert not world.flash.contains(OUR_NAME)


def between_two_answers(world, number):
    """Go on until the meter gave the first of several answers about its credit, and the next is lost."""
    world.app.meters[("electricity", "gas")[number]].account.hour = None
    meter = (world.electricity, world.gas)[number]
    for _ in range(20_000):
        if not world.radio.queue:
            world.ms = max(world.ms, world.due)
        asked = len(meter.asked)
        world.step()
        if len(meter.asked) == asked + 1 and meter.asked[-3:] == [(0x0705, 0)] * 3:
            world.radio.queue.clear()
            world.ms += 2000
            return
    raise AssertionError("it was not asked")


def test_a_rewind_between_two_questions_leaves_nothing_of_the_answer_to_the_first():
    world = Walked()
    live(world)
    past = past_of(world)
    between_two_answers(world, 0)
    assert found(world, past)
    world.electricity.silent = world.gas.silent = True
    for meter in (world.electricity, world.gas):
        world.publish(meter, tenancy(0, 9))
    began = world.ms
    while len(world.of("receipt", kind="tenancy")) < 2:
        world.ms = max(world.ms, world.due)
        world.step()
    assert world.ms - began < 4000  # no question was given up
    assert found(world, past) == []
