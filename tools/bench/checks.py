"""What a value in a scenario file may be, and the error that names one that is not."""

import datetime
import re

from tools.bench.device_management import NO_TIME, NOW
from tools.bench.load import ZIGBEE_EPOCH


class ScenarioError(ValueError):
    """A scenario file that cannot be played; the message names the place."""


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


def check(place, key, value, allowed):
    """Raises ScenarioError unless the value of this key is one of `allowed`: words, or a sort as below.

    None allows every value.
    """
    if allowed is None:
        return
    if callable(allowed[0]):
        test, wanted = allowed
        if not test(value):
            raise ScenarioError(f"{place}: {key} = {value!r} is not {wanted}")
    elif value not in allowed:
        raise ScenarioError(f"{place}: {key} = {value!r} is not one of {', '.join(allowed)}")


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


def _count(value):
    return type(value) is int and value > 0


def _flag(value):
    return isinstance(value, bool)


# Sorts of values: (a test, what it wants).
FLAG = (_flag, "true or false")
COUNT = (_count, "a whole number above 0")


def unsigned(bits):
    """The sort of unsigned numbers of so many bits."""
    return lambda value: type(value) is int and 0 <= value < 1 << bits, f"a number of {bits} bits"


def signed(bits):
    """The sort of signed numbers of so many bits."""
    least = -1 << bits - 1
    return lambda value: type(value) is int and least <= value < -least, f"a signed number of {bits} bits"


def text(most):
    """The sort of texts of at most so many bytes."""
    return lambda value: isinstance(value, str) and len(value.encode()) <= most, f"a text of at most {most} bytes"
