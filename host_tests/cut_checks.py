"""What must hold after a power cut and the start that followed it."""

import functools
import struct

from cut_life import Life
from cut_model import Broken
from cut_script import METERS, SLOTS

_SERIES = 4
_SECTORS = 20  # of a series
_HEADER = 16
_NO_EPOCH = 0xFFFE

# what a check raises, and the firmware when it has gone wrong
RAISED = (Broken, ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, ValueError)


def check(flash, model, twice=False):
    """On copies, so `flash` stays as it is: in the present start, and in one that follows. Raises RAISED.

    twice: also that mounting twice changes nothing the second time.
    """
    check_remnants(flash, model)
    now = Life(flash.copy(), model.copy())
    now.open()
    _check_slots(now)
    if twice:
        before = now.flash.copy()
        now.open()
        if not now.flash.same(before):
            raise Broken("mount: changes something the second time")
    later = Life(flash.copy(), model.copy())
    later.start()
    check_remnants(later.flash, later.model)
    _check_slots(later)


def _check_slots(life):
    """What was acknowledged reads back, with its marks; nothing else does, unless it was begun and is right."""
    model, script = life.model, life.model.script
    found = _readable(life)
    for slot in model.kept:
        if slot[1] >= model.floors[slot[0] % METERS] and slot not in found:
            raise Broken(f"lost: {_named(slot)} was acknowledged")
    for slot, (value, words) in found.items():
        if slot[1] < model.floors[slot[0] % METERS]:
            raise Broken(f"old: {_named(slot)} can be read")
        if slot not in model.tried:
            raise Broken(f"wrong: {_named(slot)} was never written and reads {value}")
        if value != script.value(*slot) or _word(value, script.marks(*slot)) not in words:
            raise Broken(f"wrong: {_named(slot)} reads {value}, its word {words.pop():08x}")


def _named(slot):
    return f"half-hour {slot[1]} of series {slot[0]}"


def _readable(life):
    """{(series, half-hour): (value, words that may stand there)} of what can be read where no floor hides it."""
    flash, ring = life.flash, life.ring
    found = {}
    for series in range(_SERIES):
        ring.set_floor(series, 0)
    for number in flash.written():
        if number >= _SERIES * _SECTORS or ring.epochs[number] >= _NO_EPOCH:
            continue
        words = {}
        for octets in flash.readings(number):
            for place, word in _written(octets):
                words.setdefault(place, set()).add(word)
        for place, stand in words.items():
            slot = number // _SECTORS, ring.epochs[number] * SLOTS + place
            value = next(ring.read(*slot, slot[1] + 1))
            if value is not None:
                found[slot] = value, stand
    return found


@functools.lru_cache(1 << 12)
def _written(octets):
    """(slot, word) of those of a sector that are neither blank nor zeros."""
    words = struct.unpack_from("<1020I", octets, _HEADER)
    return [(place, word) for place, word in enumerate(words) if 0 < word < 0xFFFFFFFF]


def check_remnants(flash, model):
    """No word of what a floor took stands anywhere, at any alignment and in either order, however torn bits read."""
    floor = model.floors[0]
    if floor:
        for number in sorted(flash.written()):
            for octets in flash.readings(number):
                left = _remnants(octets, model.script, floor)
                if left:
                    raise Broken(f"remnant: sector {number} holds {len(left)} old words, {left[0]:08x}")


@functools.lru_cache(1 << 12)
def _remnants(octets, script, floor):
    """The words that stand in a sector and must not, as numbers."""
    old = _old_words(script, floor)
    left = []
    for alignment in range(4):
        count = (len(octets) - alignment) // 4
        words = struct.unpack_from(f"<{count}I", octets, alignment)
        if not old.isdisjoint(words):
            left += [each for each in words if each in old]
    return left


@functools.lru_cache(16)
def _old_words(script, floor):
    """The words, in both orders, of all that is ever recorded and that a rewind to `floor` takes."""
    words = [
        _word(script.value(*slot), script.marks(*slot)) for slot in script.half_hours() if script.is_old(*slot, floor)
    ]
    return frozenset(int.from_bytes(each.to_bytes(4, "little"), order) for each in words for order in ("little", "big"))


def _word(value, marks):
    """The slot word of a value, from the format, as a number."""
    counted = value | (3 & ~marks) << 29
    return 1 << 31 | counted | 26 - counted.bit_count() << 24
