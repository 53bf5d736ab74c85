"""The steps of a scenario: which there are, and what their keys may say."""

import dataclasses
import datetime
import re

from tools.bench.device_management import NO_TIME, NONE, NOW, PUBLISH, REFUSALS, SILENT, UNSUPPORTED
from tools.bench.load import ZIGBEE_EPOCH
from tools.bench.spoiling import WAYS

METERS = ("electricity", "gas")
# Meters that a scenario may give addresses to: they are on the network from the step that finds them.
OTHERS = ("other_electricity", "other_gas")
DEVICES = ("hub", *METERS, *OTHERS)
PANEL_KEYS = ("prev", "next", "select")
KINDS = ("tenancy", "supplier")

# How a change reaches the display: published unasked and in answers; in answers only; in the attributes only.
PUBLISHED, ANSWERED, ATTRIBUTE = "publish", "answer", "attribute"

# A control for 33 publications: each bit alone, then all together.
EACH_BIT = "each"

# Keys of a publication that nobody asked for.
UNASKED = ("times", "every", "secured", "from", "endpoint", "spoil")
CHANGE = dict.fromkeys(("when", "event", "control", "how", "cancel", *UNASKED), False) | {"device": True}

# Steps of the bench and their keys: required ones True.
STEPS = {
    "lose": {"device": True},
    "find": {"device": True, "nwk": False, "key": False},
    "claim": {"device": True, "nwk": False},
    "report": {"device": True},
    "unsecured": {"device": True},
    "noise": {"bytes": False},
    "leave": {"away": False},
    "reset": {},
    "ask": {},
    "say": {"text": True},
    "clock": {"known": False, "ahead": False},
    "tenancy": CHANGE,
    "supplier": CHANGE | dict.fromkeys(("current", "proposed", "name", "contact"), False),
    "management": {"device": True} | dict.fromkeys(("kind", "command", "attributes", "secured", "spoil"), False),
}
# Steps of whoever holds the board (tools.life); the bench passes over them.
BOARD_STEPS = {
    "press": {"key": True},
    "cut": {"away": False, "operations": False, "device": False},
}
OF_METERS = ("tenancy", "supplier", "management", "claim")
LONGEST_TEXT = 100
LONGEST_SAYING = 400


class ScenarioError(ValueError):
    """A scenario file that cannot be played; the message names the place."""


@dataclasses.dataclass(frozen=True)
class Step:
    """`ms` from the start; `do` is a key of STEPS or BOARD_STEPS; `keys` its values, `from` under the name `sender`."""

    ms: int
    do: str
    keys: dict


def step(place, table, start, duration_ms):
    """The Step that a table of TOML says. start: Zigbee UTC. Raises ScenarioError."""
    known = STEPS | BOARD_STEPS
    do = table.get("do")
    if do not in known:
        raise ScenarioError(f"{place}: do = {do!r} is not one of {', '.join(known)}")
    check_keys(place, table, known[do] | {"do": True, "at": True})
    keys = {key: value for key, value in table.items() if key not in ("at", "do")}
    devices = METERS if do == "cut" else METERS + OTHERS if do in OF_METERS else DEVICES
    choices = CHOICES | {"device": devices} | ({"key": PANEL_KEYS} if do == "press" else {})
    for key, value in keys.items():
        check(place, key, value, choices.get(key))
    if do == "clock" and not keys:
        raise ScenarioError(f"{place}: it needs known or ahead")
    if do in ("report", "unsecured") and keys["device"] == "hub":
        raise ScenarioError(f"{place}: the hub has no register to report")
    if do in KINDS:
        _check_change(place, keys)
    if do == "cut" and "device" in keys and "operations" not in keys:
        raise ScenarioError(f"{place}: device is of a cut that waits for operations of a rewind")
    for key in ("away", "ahead"):
        if key in keys:
            keys[key] = milliseconds(f"{place}: {key}", keys[key])
    if "when" in keys:
        keys["when"] = moment(f"{place}: when", keys["when"], start)
    if "from" in keys:
        keys["sender"] = keys.pop("from")
    at = milliseconds(f"{place}: at", table["at"])
    if at > duration_ms:
        raise ScenarioError(f"{place}: at = {table['at']!r} is after the end")
    return Step(at, do, keys)


def check_keys(place, table, allowed):
    """Raises ScenarioError unless every key is one of `allowed`, {key: whether it has to be there}."""
    for key in table:
        if key not in allowed:
            raise ScenarioError(f"{place}: {key!r} is unknown; it takes {', '.join(sorted(allowed)) or 'nothing'}")
    for key, required in allowed.items():
        if required and key not in table:
            raise ScenarioError(f"{place}: {key!r} is missing")


def milliseconds(place, text):
    """Milliseconds of 'HH:MM' or 'HH:MM:SS'; hours may exceed 24."""
    match = re.fullmatch(r"(\d+):([0-5]\d)(?::([0-5]\d))?", text) if isinstance(text, str) else None
    if match is None:
        raise ScenarioError(f"{place}: {text!r} is not HH:MM or HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _count(value):
    return type(value) is int and value > 0


def _unsigned(bits):
    return lambda value: type(value) is int and 0 <= value < 1 << bits


def _flag(value):
    return isinstance(value, bool)


def _text(most):
    return lambda value: isinstance(value, str) and len(value.encode()) <= most


# What a key may say: one of these words, or (a test, what it wants).
FLAG = (_flag, "true or false")
COUNT = (_count, "a whole number above 0")
U32 = (_unsigned(32), "a number of 32 bits")
CONTROL = (lambda value: value == EACH_BIT or _unsigned(32)(value), f"a number of 32 bits, or {EACH_BIT!r}")
TEXT = (_text(LONGEST_TEXT), f"a text of at most {LONGEST_TEXT} bytes")
CHOICES = {
    "from": DEVICES,
    "key": FLAG,
    "kind": KINDS,
    "how": (PUBLISHED, ANSWERED, ATTRIBUTE),
    "command": (PUBLISH, *REFUSALS, SILENT),
    "attributes": (NONE, UNSUPPORTED),
    "known": FLAG,
    "cancel": FLAG,
    "secured": FLAG,
    "times": COUNT,
    "every": COUNT,
    "spoil": (*WAYS, NONE),
    "bytes": COUNT,
    "operations": COUNT,
    "endpoint": (_unsigned(8), "a number of 8 bits"),
    "nwk": (_unsigned(16), "a number of 16 bits"),
    "event": U32,
    "control": CONTROL,
    "current": U32,
    "proposed": U32,
    "name": TEXT,
    "contact": TEXT,
    "text": (_text(LONGEST_SAYING), f"a text of at most {LONGEST_SAYING} bytes"),
}


def check(place, key, value, allowed):
    """Raises ScenarioError unless the value of this key is one of `allowed`, which is of the sort that CHOICES has."""
    if allowed is None:
        return
    if callable(allowed[0]):
        test, wanted = allowed
        if not test(value):
            raise ScenarioError(f"{place}: {key} = {value!r} is not {wanted}")
    elif value not in allowed:
        raise ScenarioError(f"{place}: {key} = {value!r} is not one of {', '.join(allowed)}")


def _check_change(place, keys):
    cancel = keys.get("cancel", False)
    if cancel == ("when" in keys):
        raise ScenarioError(f"{place}: it needs either when or cancel = true")
    unasked = [key for key in UNASKED if key in keys]
    if unasked and keys.get("how", PUBLISHED) != PUBLISHED:
        raise ScenarioError(f'{place}: {unasked[0]} is of a publication that nobody asked for, how = "publish"')


def moment(place, value, start):
    """Zigbee UTC of "now" (0), of 'HH:MM' since `start`, or of a date and time with its zone."""
    if value == "now":
        return NOW
    if isinstance(value, str) and "T" not in value:
        utc = start + milliseconds(place, value) // 1000
    else:
        utc = zigbee_utc(place, value)
    if not NOW < utc < NO_TIME:
        raise ScenarioError(f"{place}: {value!r} is a moment that Zigbee cannot tell")
    return utc


def zigbee_utc(place, value):
    """Zigbee UTC of a date and time with its zone, TOML's own or a text."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            pass  # said below
    if not isinstance(value, datetime.datetime) or value.tzinfo is None:
        raise ScenarioError(f"{place}: a date and time with its zone is needed, such as 2026-01-14T00:00:00Z")
    return int((value - ZIGBEE_EPOCH).total_seconds())
