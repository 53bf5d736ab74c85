"""Walks every object that can be reached from an object of the firmware, and names what holds state.

An attribute that only leads to other objects of the firmware is no state; they are walked themselves. What is not of
the firmware (the radio's simulator, the flash, the panel) is where the walk ends.
"""

import sys
import types

OURS = "ihd."
PLAIN = (int, str, bytes, float, bool)
BUFFERS = (bytearray, memoryview)
HOLDING = (*PLAIN, *BUFFERS, type(None))  # what is nothing now may be something later
CODE = (type, types.FunctionType, types.BuiltinFunctionType)


class Place:
    """One attribute, local of a generator or global of a module. where: its owner's class, and its own name."""

    def __init__(self, owner, where, value, path):
        self.owner = owner
        self.where = where
        self.value = value
        self.path = path


def is_ours(value):
    """Whether it is an object or a generator of the firmware."""
    if isinstance(value, types.GeneratorType):
        return value.gi_frame is not None and value.gi_frame.f_globals["__name__"].startswith(OURS)
    return type(value).__module__.startswith(OURS)


def members(value):
    """(name, value) of each attribute of an object, or local of a generator and what that waits for."""
    if isinstance(value, types.GeneratorType):
        yield from value.gi_frame.f_locals.items()
        if value.gi_yieldfrom is not None:
            yield "yield from", value.gi_yieldfrom
    else:
        yield from vars(value).items()


def owner_name(value):
    """The class of an object without the firmware's name, or the module and name of a generator."""
    if isinstance(value, types.GeneratorType):
        return value.gi_frame.f_globals["__name__"].removeprefix(OURS) + "." + value.gi_code.co_name + "()"
    return type(value).__module__.removeprefix(OURS) + "." + type(value).__name__


def inside(value):
    """What a value consists of, down to what is no container: objects of ours are not looked into."""
    if isinstance(value, dict):
        for pair in value.items():
            yield from inside(pair[0])
            yield from inside(pair[1])
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from inside(each)
    elif isinstance(value, types.MethodType):
        yield value.__self__
    else:
        yield value


def is_state(value):
    """Whether it holds something, or may: anything but a way to other objects, or to code."""
    if isinstance(value, (*CODE, types.ModuleType, types.MethodType)) or is_ours(value):
        return False
    parts = list(inside(value))
    return not parts or any(isinstance(part, HOLDING) or type(part).__module__ == "array" for part in parts)


def places(root, stop=()):
    """Every Place that can be reached from `root`, without going through the objects in `stop`."""
    seen = {id(each) for each in stop}
    to_go = [(root, "app")]
    while to_go:
        owner, path = to_go.pop()
        if id(owner) in seen or not is_ours(owner):
            continue
        seen.add(id(owner))
        for name, value in members(owner):
            at = f"{path}.{name}"
            yield Place(owner, (owner_name(owner), name), value, at)
            to_go += [(part, at) for part in inside(value)]


def module_places():
    """The globals of the firmware's modules that can be changed."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith(OURS):
            for variable, value in vars(module).items():
                if isinstance(value, (list, dict, set, *BUFFERS)) and not variable.startswith("__") or is_ours(value):
                    short = name.removeprefix(OURS)
                    yield Place(module, (short, variable), value, f"{short}.{variable}")


def reach(keeper, stop):
    """The ids of all objects that a keeper can reach without going through those in `stop`."""
    return {id(place.owner) for place in places(keeper, stop)} | {id(keeper)}


def atoms(value):
    """Every number, text and run of octets in a value."""
    for part in inside(value):
        if isinstance(part, BUFFERS) or type(part).__module__ == "array":
            yield bytes(part)
        elif isinstance(part, PLAIN):
            yield part
