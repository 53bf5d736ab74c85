"""A scenario: what happens on the HAN and when, and what the board has to say about it, read from a TOML file."""

import dataclasses
import itertools
import pathlib
import re
import tomllib

from tools.bench.checks import ScenarioError, check_keys, milliseconds, zigbee_utc
from tools.bench.expectations import Expectation, expectations
from tools.bench.registers import TABLE
from tools.bench.steps import METERS, OTHERS, step
from tools.bench.tariff_table import tariff

HERE = pathlib.Path(__file__).parent / "scenarios"
NODES = ("display", "hub", *METERS)

__all__ = ["Expectation", "Scenario", "ScenarioError", "load", "parse"]

TOP = {"like", "title", "start", "duration", "seed", "network", "eui64", "radio", "load", "settings"}
TOP |= {"tariff", "step", "expect"}
LOAD = ("electricity", "gas", "solar_watts", "history_days")
MOST_HISTORY_DAYS = 400
NETWORK = {"pan": 0x3A7C, "extended_pan": 0x1C8E2B0000A54D01, "channel": 15}
# A bench key, known to everyone, good for nothing else.
LINK_KEY = int.from_bytes(b"bench, not a HAN", "big")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """start: Zigbee UTC at board millisecond 0. eui64s: {node: 16 hex digits}. radio: {AT register: value}.

    tariffs: {fuel: keys of tools.bench.tariff_table}.
    settings: {name: value} of the installation settings that the board has to have.
    """

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
    tariffs: dict
    settings: dict
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
        return parse(path.read_text(encoding="utf-8"), path.parent)
    except OSError as error:
        raise ScenarioError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{name}: not a text in UTF-8") from error
    except (ScenarioError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path.name}: {error}") from error


def parse(text, folder=HERE):
    """The scenario in a TOML text. folder: where what it is like is found. Raises ScenarioError, TOMLDecodeError."""
    table = tomllib.loads(text)
    if "like" in table:
        table = _alike(folder, table)
    check_keys("scenario", table, dict.fromkeys(TOP, False) | {"title": True, "start": True, "eui64": True})
    start = zigbee_utc("start", table["start"])
    duration = milliseconds("duration", table.get("duration", "24:00"))
    network = table.get("network", {})
    check_keys("network", network, dict.fromkeys(NETWORK, False))
    radio, registers = table.get("radio", {}), table.get("load", {})
    check_keys("radio", radio, dict.fromkeys(TABLE, False))
    check_keys("load", registers, dict.fromkeys(LOAD, False))
    tariffs = table.get("tariff", {})
    check_keys("tariff", tariffs, dict.fromkeys(METERS, False))
    days = registers.get("history_days", 0)
    if type(days) is not int or not 0 <= days <= MOST_HISTORY_DAYS:
        raise ScenarioError(f"load: history_days = {days!r} is not a number of days up to {MOST_HISTORY_DAYS}")
    steps = [step(f"step {n}", each, start, duration) for n, each in enumerate(table.get("step", ()), 1)]
    for n, (before, following) in enumerate(itertools.pairwise(steps), 2):
        if following.ms < before.ms:
            raise ScenarioError(f"step {n}: it is earlier than the step before it")
    eui64s = _eui64s(table["eui64"])
    for n, each in enumerate(steps, 1):
        absent = {each.keys.get("device"), each.keys.get("sender")} & set(OTHERS) - eui64s.keys()
        if absent:
            raise ScenarioError(f"step {n}: {absent.pop()} has no address under eui64")
    expected = []
    for n, each in enumerate(table.get("expect", ()), 1):
        told = expectations(f"expect {n}", each, start, duration, eui64s)
        if told[0].follows and (told[0].never or not expected or expected[-1].never):
            raise ScenarioError(f"expect {n}: it follows nothing that is expected")
        expected += told
    return Scenario(
        title=table["title"],
        start=start,
        duration_ms=duration,
        seed=table.get("seed", 1),
        eui64s=eui64s,
        link_key=LINK_KEY,
        radio=radio,
        load=registers,
        tariffs={fuel: tariff(f"tariff.{fuel}", each, fuel) for fuel, each in tariffs.items()},
        settings=table.get("settings", {}),
        steps=tuple(steps),
        expectations=tuple(expected),
        **(NETWORK | network),
    )


def _alike(folder, table):
    """The table with what it does not say taken from the file that it is like; that file's lists come first."""
    name = table.pop("like")
    path = folder / f"{name}.toml"
    if not isinstance(name, str) or not path.is_file():
        raise ScenarioError(f"like = {name!r}: there is no file {path.name} beside it")
    base = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, value in table.items():
        if isinstance(value, dict):
            base[key] = base.get(key, {}) | value
        elif isinstance(value, list):
            base[key] = base.get(key, []) + value
        else:
            base[key] = value
    return base


def _eui64s(table):
    check_keys("eui64", table, dict.fromkeys(NODES, True) | dict.fromkeys(OTHERS, False))
    for node, text in table.items():
        if not re.fullmatch(r"[0-9a-f]{16}", str(text)):
            raise ScenarioError(f"eui64: {node} needs 16 lower-case hex digits, not {text!r}")
    if len(set(table.values())) < len(table):
        raise ScenarioError("eui64: two nodes have the same address")
    return table
