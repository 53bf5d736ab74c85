"""A scenario: what happens on the HAN and when, and what the board has to say about it, read from a TOML file."""

import dataclasses
import datetime
import itertools
import pathlib
import re
import tomllib

from tools.bench.load import ZIGBEE_EPOCH
from tools.bench.registers import TABLE

HERE = pathlib.Path(__file__).parent / "scenarios"
NODES = ("display", "hub", "electricity", "gas")

# Steps and their keys: required ones True. A device is one of NODES but the display.
STEPS = {
    "lose": {"device": True},
    "find": {"device": True, "nwk": False},
    "report": {"device": True},
    "unsecured": {"device": True},
    "noise": {"bytes": False},
    "leave": {"away": False},
    "reset": {},
    "ask": {},
    "clock": {"known": True},
}
EXPECTATION = {"event": True, "why": True, "after": False, "within": False, "never": False}
TOP = {"title", "start", "duration", "seed", "network", "eui64", "radio", "load", "step", "expect"}
LOAD = ("electricity", "gas", "solar_watts")
NETWORK = {"pan": 0x3A7C, "extended_pan": 0x1C8E2B0000A54D01, "channel": 15}
# A bench key, known to everyone, good for nothing else.
LINK_KEY = int.from_bytes(b"bench, not a HAN", "big")


class ScenarioError(ValueError):
    """A scenario file that cannot be played; the message names the place."""


@dataclasses.dataclass(frozen=True)
class Step:
    """`ms` from the start; `do` is a key of STEPS; `keys` its values."""

    ms: int
    do: str
    keys: dict


@dataclasses.dataclass(frozen=True)
class Expectation:
    """An event with these fields arrives, or with `never` does not, from after_ms up to until_ms."""

    fields: dict
    why: str
    after_ms: int
    until_ms: int
    never: bool


@dataclasses.dataclass(frozen=True)
class Scenario:
    """start: Zigbee UTC at board millisecond 0. eui64s: {node: 16 hex digits}. radio: {AT register: value}."""

    title: str
    start: int
    duration_ms: int
    seed: int
    eui64s: dict
    pan: int
    extended_pan: int
    channel: int
    link_key: int
    radio: dict
    load: dict
    steps: tuple
    expectations: tuple


def load(path):
    """The scenario in a file; a bare name is one of those that come along. Raises ScenarioError."""
    name, path = path, pathlib.Path(path)
    if not path.suffix:
        path = HERE / f"{path}.toml"
        if not path.is_file():
            known = ", ".join(sorted(each.stem for each in HERE.glob("*.toml")))
            raise ScenarioError(f"{name} is no scenario that comes along; there is {known}")
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{name}: not a text in UTF-8") from error
    except (ScenarioError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path.name}: {error}") from error


def parse(text):
    """The scenario in a TOML text. Raises ScenarioError, tomllib.TOMLDecodeError."""
    table = tomllib.loads(text)
    _keys("scenario", table, dict.fromkeys(TOP, False) | {"title": True, "start": True, "eui64": True})
    start = table["start"]
    if not isinstance(start, datetime.datetime) or start.tzinfo is None:
        raise ScenarioError("start: a date and time with its zone is needed, such as 2026-01-14T00:00:00Z")
    duration = _ms("duration", table.get("duration", "24:00"))
    network = table.get("network", {})
    _keys("network", network, dict.fromkeys(NETWORK, False))
    radio, registers = table.get("radio", {}), table.get("load", {})
    _keys("radio", radio, dict.fromkeys(TABLE, False))
    _keys("load", registers, dict.fromkeys(LOAD, False))
    steps = [_step(f"step {n}", step, duration) for n, step in enumerate(table.get("step", ()), 1)]
    for n, (step, following) in enumerate(itertools.pairwise(steps), 2):
        if following.ms < step.ms:
            raise ScenarioError(f"step {n}: it is earlier than the step before it")
    expected = enumerate(table.get("expect", ()), 1)
    return Scenario(
        title=table["title"],
        start=int((start - ZIGBEE_EPOCH).total_seconds()),
        duration_ms=duration,
        seed=table.get("seed", 1),
        eui64s=_eui64s(table["eui64"]),
        link_key=LINK_KEY,
        radio=radio,
        load=registers,
        steps=tuple(steps),
        expectations=tuple(_expectation(f"expect {n}", each, duration) for n, each in expected),
        **(NETWORK | network),
    )


def _keys(place, table, allowed):
    for key in table:
        if key not in allowed:
            raise ScenarioError(f"{place}: {key!r} is unknown; it takes {', '.join(sorted(allowed)) or 'nothing'}")
    for key, required in allowed.items():
        if required and key not in table:
            raise ScenarioError(f"{place}: {key!r} is missing")


def _ms(place, text):
    """Milliseconds of 'HH:MM' or 'HH:MM:SS'; hours may exceed 24."""
    match = re.fullmatch(r"(\d+):([0-5]\d)(?::([0-5]\d))?", text) if isinstance(text, str) else None
    if match is None:
        raise ScenarioError(f"{place}: {text!r} is not HH:MM or HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _eui64s(table):
    _keys("eui64", table, dict.fromkeys(NODES, True))
    for node, text in table.items():
        if not re.fullmatch(r"[0-9a-f]{16}", str(text)):
            raise ScenarioError(f"eui64: {node} needs 16 lower-case hex digits, not {text!r}")
    if len(set(table.values())) < len(table):
        raise ScenarioError("eui64: two nodes have the same address")
    return table


def _step(place, table, duration):
    do = table.get("do")
    if do not in STEPS:
        raise ScenarioError(f"{place}: do = {do!r} is not one of {', '.join(STEPS)}")
    _keys(place, table, STEPS[do] | {"do": True, "at": True})
    keys = {key: value for key, value in table.items() if key not in ("at", "do")}
    if "device" in keys and keys["device"] not in NODES[1:]:
        raise ScenarioError(f"{place}: device = {keys['device']!r} is not one of {', '.join(NODES[1:])}")
    if do in ("report", "unsecured") and keys["device"] == "hub":
        raise ScenarioError(f"{place}: the hub has no register to report")
    if "away" in keys:
        keys["away"] = _ms(f"{place}: away", keys["away"])
    ms = _ms(f"{place}: at", table["at"])
    if ms > duration:
        raise ScenarioError(f"{place}: at = {table['at']!r} is after the end")
    return Step(ms, do, keys)


def _expectation(place, table, duration):
    _keys(place, table, EXPECTATION)
    fields = table["event"]
    if not isinstance(fields, dict) or "event" not in fields:
        raise ScenarioError(f"{place}: event needs a table of fields, the name of the event among them")
    after = _ms(f"{place}: after", table.get("after", "00:00"))
    within = table.get("within")
    if within is not None and (not isinstance(within, int) or within <= 0):
        raise ScenarioError(f"{place}: within = {within!r} is not a number of minutes")
    until = duration if within is None else after + within * 60_000
    return Expectation(fields, table["why"], after, until, table.get("never", False))
