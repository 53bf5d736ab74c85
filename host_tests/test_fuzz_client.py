"""Whatever comes out of the air, the whole client goes on: nothing raises, nothing grows, and power is shown after it.

FRAMES in the environment says how many frames come, SEED which.
"""

import array
import os
import random
import types

import pytest
from fuzz_frames import ESME, corpus, frame, spoiler

from ihd import on_demand

FRAMES = int(os.environ.get("FRAMES", "20000"))
SEED = int(os.environ.get("SEED", "6"))
AT_ONCE = 8  # frames between two looks at the panel
MOST = 400, 32, 2000  # things that the whole client is made of, the longest list, dict or set, octets in bytes
CODE = type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType


def sizes(roots, without):
    """(how many things are reachable, the longest list, dict or set of them, octets in bytes), but for `without`."""
    seen = {id(thing): thing for thing in without}
    longest = octets = 0
    waiting = list(roots)
    while waiting:
        thing = waiting.pop()
        if thing is None or id(thing) in seen or isinstance(thing, (*CODE, str, int, memoryview, array.array)):
            continue
        seen[id(thing)] = thing
        if isinstance(thing, bytes | bytearray):
            octets += len(thing)
        elif isinstance(thing, dict | list | set | tuple):
            longest = max(longest, len(thing))
            waiting.extend(thing)
            if isinstance(thing, dict):
                waiting.extend(thing.values())
        elif isinstance(thing, types.GeneratorType):
            waiting += [thing.gi_yieldfrom, *(thing.gi_frame.f_locals.values() if thing.gi_frame else ())]
        elif isinstance(thing, types.MethodType):
            waiting.append(thing.__self__)
        else:
            waiting.extend(getattr(thing, "__dict__", {}).values())
    return len(seen), longest, octets


def held(home):
    """The sizes of the client without its home."""
    return sizes([home.app], [home, home.app.history.flash])


@pytest.fixture
def resident(monkeypatch):
    """Modules stay in memory, which is faster and changes nothing else."""
    monkeypatch.setattr(on_demand, "drop", lambda *names: None)


def lived(home, frames, dice, count):
    """`count` spoilt frames come in, some in place of good answers, while screens are turned and time passes."""
    spoil = spoiler(dice)
    left = count
    spoilt = []

    def now_and_then(given):
        nonlocal left
        if dice.randrange(4):
            return given
        left -= 1
        spoilt.append(spoil(given))
        return spoilt[-1]

    home.spoil = now_and_then
    try:
        while left > 0:
            spoilt.clear()
            for _ in range(AT_ONCE):
                spoilt.append(spoil(dice.choice(frames)))
            left -= AT_ONCE
            home.injected += spoilt
            home.press(dice.choice(("next", "next", "prev", "select")) if home.app.director._place <= 10 else "next")
            if dice.randrange(8) == 0:
                home.run(dice.randrange(60))
    except BaseException:
        print("these came last:", *spoilt, sep="\n    ")
        raise
    home.spoil = None
    home.run(60)  # what waits to be written is


def test_spoilt_frames_raise_nothing_and_grow_nothing_and_power_is_shown_after_them(resident):
    home, frames = corpus()
    assert len({(each["cluster"], each["payload"][2:3]) for each in frames if each["profile"]}) >= 25
    assert home.refused.counts == {}
    before = held(home)
    dice = random.Random(SEED)
    lived(home, frames, dice, FRAMES // 2)
    halfway, counted = held(home), sum(home.refused.counts.values())
    lived(home, frames, dice, FRAMES - FRAMES // 2)
    after = held(home)
    assert sum(home.refused.counts.values()) > counted > FRAMES // 10
    for sizes_then in (before, halfway, after):
        assert all(size <= most for size, most in zip(sizes_then, MOST, strict=True)), (before, halfway, after)
    shows_power(home)


def shows_power(home):
    """Every gate opens again, and the power of a good poll is shown."""
    home.run(3600)
    home.injected.append(frame(0x0702, b"\x18\x07\x0a\0\3\x30\0\1\3\x22\1\0\0\2\3\x22\xe8\3\0"))  # its scale
    home.run(60)
    electricity = home.app.electricity
    assert electricity.gate is None and home.app.gas.gate is None
    assert electricity.watts == home.electricity.watts(electricity.heard), electricity.watts
    assert home.utc - electricity.heard <= 10 and home.app.director._screen_name == "now"


def test_the_count_of_what_is_held_sees_what_grows(resident):
    home, _ = corpus()
    things, longest, octets = held(home)
    home.app.electricity.account.prices += [(n, None, n, b"grown", n, n) for n in range(500)]
    grown = held(home)
    assert grown[0] >= things + 500 and grown[1] >= 500 > longest and grown[2] >= octets


def test_the_frames_are_good_before_they_are_spoilt(resident):
    home, frames = corpus()
    for given in frames:
        if given["cluster"] not in (0x0705, 0x0708) and given["source"] == ESME and given["payload"][2:3] != b"\x01":
            home.injected.append(given)
            home.run(1)
    assert set(home.refused.counts) <= {"unasked", "command", "value"}, home.refused.counts
