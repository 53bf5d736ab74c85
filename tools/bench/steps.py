"""The steps of a scenario: which there are, and what their keys may say."""

import dataclasses

from tools.bench import provision_steps
from tools.bench.checks import COUNT, FLAG, ScenarioError, check, check_keys, milliseconds, moment, text, unsigned
from tools.bench.device_management import NONE, PUBLISH, REFUSALS, SILENT, UNSUPPORTED
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
CHANGES = (*KINDS, "management")
# Steps of whoever holds the board (tools.life); the bench passes over them.
BOARD_STEPS = {
    "press": {"key": True},
    "cut": {"away": False, "operations": False, "device": False},
}
OF_METERS = ("tenancy", "supplier", "management", "claim")
LONGEST_TEXT = 100
LONGEST_SAYING = 400


@dataclasses.dataclass(frozen=True)
class Step:
    """`ms` from the start; `do` is one of STEPS, BOARD_STEPS or the STEPS of provision_steps.

    `keys` are its values, `from` under the name `sender`.
    """

    ms: int
    do: str
    keys: dict


def step(place, table, start, duration_ms):
    """The Step that a table of TOML says. start: Zigbee UTC. Raises ScenarioError."""
    known = STEPS | provision_steps.STEPS | BOARD_STEPS
    do = table.get("do")
    if do not in known:
        raise ScenarioError(f"{place}: do = {do!r} is not one of {', '.join(known)}")
    check_keys(place, table, known[do] | {"do": True, "at": True})
    keys = {key: value for key, value in table.items() if key not in ("at", "do")}
    of_meters = do in OF_METERS or (do in provision_steps.STEPS and do not in provision_steps.OF_ALL)
    devices = METERS if do == "cut" else METERS + OTHERS if of_meters else DEVICES
    choices = CHOICES | {"device": devices} | ({"key": PANEL_KEYS} if do == "press" else {})
    choices |= provision_steps.CHOICES.get(do, {})
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
    if do in provision_steps.STEPS:
        keys = provision_steps.prepare(place, do, keys, start)
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


# What a key may say: one of these words, or (a test, what it wants).
U32 = unsigned(32)
CONTROL = (lambda value: value == EACH_BIT or U32[0](value), f"a number of 32 bits, or {EACH_BIT!r}")
TEXT = text(LONGEST_TEXT)
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
    "endpoint": unsigned(8),
    "nwk": unsigned(16),
    "event": U32,
    "control": CONTROL,
    "current": U32,
    "proposed": U32,
    "name": TEXT,
    "contact": TEXT,
    "text": text(LONGEST_SAYING),
}


def _check_change(place, keys):
    cancel = keys.get("cancel", False)
    if cancel == ("when" in keys):
        raise ScenarioError(f"{place}: it needs either when or cancel = true")
    unasked = [key for key in UNASKED if key in keys]
    if unasked and keys.get("how", PUBLISHED) != PUBLISHED:
        raise ScenarioError(f'{place}: {unasked[0]} is of a publication that nobody asked for, how = "publish"')
