"""What a scenario expects of the board, as a TOML file says it: an event, a whole rewind, or a meter left alone."""

import dataclasses

from tools.bench.checks import ScenarioError, check, check_keys, milliseconds, moment
from tools.bench.steps import CHOICES, METERS, OTHERS

TABLE = dict.fromkeys(
    ("event", "rewind", "untouched", "remembered", "why", "after", "within", "never", "follows"), False
)
SORTS = ("event", "rewind", "untouched", "remembered")
REWIND = {"device": True} | dict.fromkeys(("kind", "scope", "floor", "source", "event", "slots"), False)
# Until then a meter that is asked for the first time has its gate closed.
ASKED_MS = 60_000


@dataclasses.dataclass(frozen=True)
class Expectation:
    """An event with these fields arrives, or with `never` does not, from after_ms up to until_ms.

    follows: only an event counts that comes after the one that met the expectation before this one.
    """

    fields: dict
    why: str
    after_ms: int
    until_ms: int
    never: bool = False
    follows: bool = False


def expectations(place, table, start, duration_ms, eui64s):
    """The Expectations that one table says. start: Zigbee UTC. eui64s: {node: address}. Raises ScenarioError."""
    check_keys(place, table, TABLE)
    sorts = [sort for sort in SORTS if sort in table]
    if len(sorts) != 1:
        raise ScenarioError(f"{place}: it needs one of {', '.join(SORTS)}")
    after = milliseconds(f"{place}: after", table.get("after", "00:00"))
    within = table.get("within")
    if within is not None and (not isinstance(within, int) or within <= 0):
        raise ScenarioError(f"{place}: within = {within!r} is not a number of minutes")
    span = after, duration_ms if within is None else after + within * 60_000
    if "event" in table:
        return [_event(place, table, span)]
    if "never" in table or "follows" in table:
        raise ScenarioError(f"{place}: never and follows are of an event")
    if "rewind" in table:
        return _rewind(place, table, span, start, eui64s)
    return _left_alone(place, table, span, eui64s)


def _event(place, table, span):
    if "why" not in table:
        raise ScenarioError(f"{place}: 'why' is missing")
    fields = table["event"]
    if not isinstance(fields, dict) or "event" not in fields:
        raise ScenarioError(f"{place}: event needs a table of fields, the name of the event among them")
    return Expectation(fields, table["why"], *span, table.get("never", False), table.get("follows", False))


def _rewind(place, table, span, start, eui64s):
    """The five events of a rewind, one after the other."""
    told = table["rewind"]
    if not isinstance(told, dict):
        raise ScenarioError(f"{place}: rewind needs a table of fields, the device among them")
    check_keys(f"{place}: rewind", told, REWIND)
    device = told["device"]
    check(place, "device", device, tuple(device for device in METERS + OTHERS if device in eui64s))
    meter = {"meter": eui64s[device]}
    floor = {"floor": moment(f"{place}: floor", told["floor"], start)} if "floor" in told else {}
    kind = {"kind": told.get("kind", "tenancy")}
    check(place, "kind", kind["kind"], CHOICES["kind"])
    proof = {"issuer_event_id": told["event"]} if "event" in told else {}
    proof |= {key: told[key] for key in ("source", "slots") if key in told}
    begun = {"event": "rewind"} | meter | kind | {"scope": told.get("scope", "BOTH")} | floor
    expected = (
        (f"the gate of {device} closes", {"event": "gate", "open": False} | meter),
        ("the rewind begins", begun | {"phase": "begin"}),
        ("the rewind is done", begun | {"phase": "done"}),
        ("there is a receipt", {"event": "receipt", "verified": True} | meter | kind | floor | proof),
        ("the gate opens", {"event": "gate", "open": True} | meter),
    )
    why = f"{table['why']}: " if "why" in table else ""
    return [Expectation(fields, why + what, *span, follows=n > 0) for n, (what, fields) in enumerate(expected)]


def _left_alone(place, table, span, eui64s):
    """Nothing is forgotten of these meters; of those that are untouched no gate closes either, once it was open."""
    untouched = "untouched" in table
    devices = table["untouched" if untouched else "remembered"]
    found = []
    for device in [devices] if isinstance(devices, str) else devices:
        check(place, "device", device, tuple(device for device in METERS + OTHERS if device in eui64s))
        meter = {"meter": eui64s[device]}
        why = table.get("why", f"nothing is forgotten of {device}")
        found += [Expectation({"event": event} | meter, why, *span, never=True) for event in ("rewind", "receipt")]
        if untouched:
            asked = max(span[0], ASKED_MS)
            closed = {"event": "gate", "open": False} | meter
            found.append(Expectation(closed, f"the gate of {device} does not close", asked, span[1], never=True))
    return found
