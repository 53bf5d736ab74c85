"""A scenario: what happens on the HAN and when, and what the board has to say about it, read from a TOML file."""

import dataclasses
import itertools
import pathlib
import re
import tomllib

from tools.bench.registers import TABLE
from tools.bench.steps import DEVICES, ScenarioError, check_keys, milliseconds, step, zigbee_utc

HERE = pathlib.Path(__file__).parent / "scenarios"
NODES = ("display", *DEVICES)

EXPECTATION = {"event": True, "why": True} | dict.fromkeys(("after", "within", "never", "follows"), False)
TOP = {"title", "start", "duration", "seed", "network", "eui64", "radio", "load", "step", "expect"}
LOAD = ("electricity", "gas", "solar_watts", "history_days")
MOST_HISTORY_DAYS = 400
NETWORK = {"pan": 0x3A7C, "extended_pan": 0x1C8E2B0000A54D01, "channel": 15}
# A bench key, known to everyone, good for nothing else.
LINK_KEY = int.from_bytes(b"bench, not a HAN", "big")


@dataclasses.dataclass(frozen=True)
class Expectation:
    """An event with these fields arrives, or with `never` does not, from after_ms up to until_ms.

    follows: only an event counts that comes after the one that met the expectation before this one.
    """

    fields: dict
    why: str
    after_ms: int
    until_ms: int
    never: bool
    follows: bool


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
    check_keys("scenario", table, dict.fromkeys(TOP, False) | {"title": True, "start": True, "eui64": True})
    start = zigbee_utc("start", table["start"])
    duration = milliseconds("duration", table.get("duration", "24:00"))
    network = table.get("network", {})
    check_keys("network", network, dict.fromkeys(NETWORK, False))
    radio, registers = table.get("radio", {}), table.get("load", {})
    check_keys("radio", radio, dict.fromkeys(TABLE, False))
    check_keys("load", registers, dict.fromkeys(LOAD, False))
    days = registers.get("history_days", 0)
    if type(days) is not int or not 0 <= days <= MOST_HISTORY_DAYS:
        raise ScenarioError(f"load: history_days = {days!r} is not a number of days up to {MOST_HISTORY_DAYS}")
    steps = [step(f"step {n}", each, start, duration) for n, each in enumerate(table.get("step", ()), 1)]
    for n, (before, following) in enumerate(itertools.pairwise(steps), 2):
        if following.ms < before.ms:
            raise ScenarioError(f"step {n}: it is earlier than the step before it")
    expectations = [_expectation(f"expect {n}", each, duration) for n, each in enumerate(table.get("expect", ()), 1)]
    for n, each in enumerate(expectations):
        if each.follows and (each.never or not n or expectations[n - 1].never):
            raise ScenarioError(f"expect {n + 1}: it follows nothing that is expected")
    return Scenario(
        title=table["title"],
        start=start,
        duration_ms=duration,
        seed=table.get("seed", 1),
        eui64s=_eui64s(table["eui64"]),
        link_key=LINK_KEY,
        radio=radio,
        load=registers,
        steps=tuple(steps),
        expectations=tuple(expectations),
        **(NETWORK | network),
    )


def _eui64s(table):
    check_keys("eui64", table, dict.fromkeys(NODES, True))
    for node, text in table.items():
        if not re.fullmatch(r"[0-9a-f]{16}", str(text)):
            raise ScenarioError(f"eui64: {node} needs 16 lower-case hex digits, not {text!r}")
    if len(set(table.values())) < len(table):
        raise ScenarioError("eui64: two nodes have the same address")
    return table


def _expectation(place, table, duration):
    check_keys(place, table, EXPECTATION)
    fields = table["event"]
    if not isinstance(fields, dict) or "event" not in fields:
        raise ScenarioError(f"{place}: event needs a table of fields, the name of the event among them")
    after = milliseconds(f"{place}: after", table.get("after", "00:00"))
    within = table.get("within")
    if within is not None and (not isinstance(within, int) or within <= 0):
        raise ScenarioError(f"{place}: within = {within!r} is not a number of minutes")
    until = duration if within is None else after + within * 60_000
    return Expectation(fields, table["why"], after, until, table.get("never", False), table.get("follows", False))
