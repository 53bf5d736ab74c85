"""A tariff as a TOML file says it: one price, or one for each window of the day."""

from tools.bench.checks import ScenarioError, check, check_keys, milliseconds, text, unsigned
from tools.bench.load import DAY
from tools.bench.tariff import Windows

U32 = unsigned(32)
CLOCKS = ("local", "utc")
LONGEST_LABEL = 24
RATE = dict.fromkeys(("price", "windows", "clock"), False)
TARIFF = RATE | dict.fromkeys(("standing", "label", "trailing"), False)
OF_GAS = dict.fromkeys(("factor", "calorific_value"), False)
SORTS = {
    "price": U32,
    "clock": CLOCKS,
    "standing": U32,
    "label": text(LONGEST_LABEL),
    "trailing": (lambda value: type(value) is int and 0 <= value <= 15, "a number of digits up to 15"),
    "factor": U32,
    "calorific_value": U32,
}


def tariff(place, table, fuel):
    """{key: value} of a fuel's tariff, with windows under the key `price`. Raises ScenarioError."""
    check_keys(place, table, TARIFF | (OF_GAS if fuel == "gas" else {}))
    for key, value in table.items():
        check(place, key, value, SORTS.get(key))
    return with_rate(place, table)


def with_rate(place, table):
    """The table with a price or Windows under `price`, if it has either, in place of `windows` and `clock`."""
    keys = {key: value for key, value in table.items() if key not in ("windows", "clock")}
    if "windows" in table:
        if "price" in table:
            raise ScenarioError(f"{place}: it has either price or windows")
        keys["price"] = Windows(_parts(place, table["windows"]), table.get("clock", CLOCKS[0]) == CLOCKS[0])
    elif "clock" in table:
        raise ScenarioError(f"{place}: clock is of windows")
    return keys


def _parts(place, windows):
    if not isinstance(windows, list) or not windows or not all(isinstance(each, dict) for each in windows):
        raise ScenarioError(f"{place}: windows needs a list of tables with from and price")
    parts = []
    for n, window in enumerate(windows, 1):
        where = f"{place}: window {n}"
        check_keys(where, window, {"from": True, "price": True})
        check(where, "price", window["price"], U32)
        begin = milliseconds(f"{where}: from", window["from"]) // 1000
        if begin >= DAY:
            raise ScenarioError(f"{where}: from = {window['from']!r} is no time of day")
        if parts and begin <= parts[-1][0]:
            raise ScenarioError(f"{where}: it is not later than the window before it")
        parts.append((begin, window["price"]))
    return tuple(parts)
