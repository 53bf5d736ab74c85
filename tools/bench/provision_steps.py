"""The steps of a scenario about what meters charge, tell and hold: which there are, and what their keys may say."""

from tools.bench.checks import COUNT, FLAG, ScenarioError, check_keys, moment, signed, text, unsigned
from tools.bench.devices import INVALID, OWN, UNSUPPORTED
from tools.bench.prepayment import BALANCES, CREDIT_MODE, PREPAYMENT_MODE
from tools.bench.spoiling import WAYS
from tools.bench.tariff_table import RATE, SORTS, with_rate

U8, U16, U32 = unsigned(8), unsigned(16), unsigned(32)
LONGEST_MESSAGE = 200
LONGEST_PAYLOAD = 80
# How a frame that nobody asked for may be wrong.
WRONG = dict.fromkeys(("secured", "spoil"), False)
DETAILS = ("provider", "name", "contact", "site", "cin", "low_medium", "medium_high")
WORDS = (UNSUPPORTED, INVALID, OWN)

# Keys: required ones True.
STEPS = {
    "price": {"device": True} | dict.fromkeys(("when", "event", "publish"), False) | RATE | WRONG,
    "standing": {"device": True, "charge": True},
    "message": {"device": True}
    | dict.fromkeys(
        ("text", "id", "control", "start", "duration", "extended", "cancel", "cancel_all", "publish"), False
    )
    | WRONG,
    "prepayment": {"device": True, "mode": False, "spending": False} | dict.fromkeys(BALANCES, False),
    "attribute": {"device": True, "cluster": True, "attribute": True, "value": True},
    "log": {"device": True} | dict.fromkeys(("sampled", "profile", "gaps"), False),
    "details": {"device": True, "event": False, "publish": False} | dict.fromkeys(DETAILS, False) | WRONG,
    "publish": {"device": True, "cluster": True, "command": True, "payload": False, "times": False} | WRONG,
}
# Those that may be of the hub, too.
OF_ALL = ("attribute", "publish")


def _is_integer(value):
    return type(value) is int


def _is_hex(value):
    try:
        return len(bytes.fromhex(value)) <= LONGEST_PAYLOAD
    except (TypeError, ValueError):
        return False


_SIGNED = ("balance", "emergency", "debt")
_BYTES = ("status", "debt_1_every", "debt_2_every")
_frame = {"secured": FLAG, "publish": FLAG, "spoil": tuple(WAYS)}
# What the keys of each step may say, as in tools.bench.steps.
CHOICES = {
    "price": SORTS | _frame | {"event": U32},
    "standing": {"charge": U32},
    "message": _frame
    | {"text": text(LONGEST_MESSAGE), "id": U32, "control": U8, "duration": U16, "extended": U8}
    | {"cancel": FLAG, "cancel_all": FLAG},
    "prepayment": {
        key: signed(32) if key in _SIGNED else U8 if key in _BYTES else U16 if key == "debt_3_percent" else U32
        for key in BALANCES
    }
    | {"mode": (CREDIT_MODE, PREPAYMENT_MODE), "spending": FLAG},
    "attribute": {
        "cluster": U16,
        "attribute": U16,
        "value": (lambda value: _is_integer(value) or value in WORDS, f"a whole number or one of {', '.join(WORDS)}"),
    },
    "log": {"sampled": FLAG, "profile": FLAG},
    "details": _frame
    | {"event": U32, "provider": U32, "name": text(16), "contact": text(19), "site": text(32), "cin": text(24)}
    | {"low_medium": U32, "medium_high": U32},
    "publish": _frame
    | {"cluster": U16, "command": U8, "times": COUNT}
    | {"payload": (_is_hex, f"hex digits of at most {LONGEST_PAYLOAD} bytes")},
}


def prepare(place, do, keys, start):
    """The keys of a step with its moments as Zigbee UTC and its price as one value. Raises ScenarioError."""
    if do == "price":
        keys = with_rate(place, keys)
        if "price" not in keys:
            raise ScenarioError(f"{place}: it needs price or windows")
    elif do == "message":
        if ("text" in keys) + keys.get("cancel", False) + keys.get("cancel_all", False) != 1:
            raise ScenarioError(f"{place}: it needs one of text, cancel = true, cancel_all = true")
        if "start" in keys:
            keys = keys | {"start": moment(f"{place}: start", keys["start"], start)}
    elif do in ("log", "prepayment", "details") and len(keys) < 2:
        raise ScenarioError(f"{place}: it needs one of {', '.join(sorted(STEPS[do].keys() - {'device'}))}")
    if "gaps" in keys:
        keys = keys | {"gaps": _gaps(place, keys["gaps"], start)}
    return keys


def _gaps(place, gaps, start):
    """[(Zigbee UTC from, Zigbee UTC until)]"""
    if not isinstance(gaps, list) or not all(isinstance(gap, dict) for gap in gaps):
        raise ScenarioError(f"{place}: gaps needs a list of tables with from and until")
    found = []
    for n, gap in enumerate(gaps, 1):
        where = f"{place}: gap {n}"
        check_keys(where, gap, {"from": True, "until": True})
        begin, end = (moment(f"{where}: {key}", gap[key], start) for key in ("from", "until"))
        if begin >= end:
            raise ScenarioError(f"{where}: it ends before it begins")
        found.append((begin, end))
    return found
