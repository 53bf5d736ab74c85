"""Quantities as short text: digits are cut, never rounded up, and what is not known is a dash.

Every result is bounded, a value too large for its place becomes "9999+": nobody has to cut digits later.
"""

from micropython import const

UNKNOWN = "--"
_DAY = const(86400)
_LARGE = const(10000000)


def _abbreviated(thousandths, two_places, one_place):
    """A decimal number: two places below `two_places`, one below `one_place`, none up to 9999."""
    if thousandths >= _LARGE:
        return "9999+"
    digits = "%04d" % thousandths
    whole = digits[:-3]
    if thousandths < two_places:
        return whole + "." + digits[-3:-1]
    if thousandths < one_place:
        return whole + "." + digits[-3:-2]
    return whole


def power(watts):
    """(digits, unit) of a power in W, negative when exporting; at most 6 characters and 2.

    345 is ("345", "W"), -2349 ("-2.34", "kW"), 123456 ("123.4", "kW"), None ("--", "").
    """
    if watts is None:
        return UNKNOWN, ""
    sign = "-" if watts < 0 else ""
    watts = abs(watts)
    if watts < 1000:
        return sign + str(watts), "W"
    return sign + _abbreviated(watts, 10000, 1000000), "kW"


def energy(watt_hours):
    """Wh as kWh: 8349 is "8.34"; at most 6 characters. None or negative is no consumption: "--"."""
    if watt_hours is None or watt_hours < 0:
        return UNKNOWN
    return _abbreviated(watt_hours, 1000000, 10000000)


volume = energy  # litres as cubic metres, by the same rule


def reading(register):
    """A meter's whole register, in Wh or litres, as kWh or cubic metres: 18402611 is "18402.611"; None is "--"."""
    return UNKNOWN if register is None else "%d.%03d" % (register // 1000, register % 1000)


def pounds(amount):
    """1e-5 GBP as "£2.41" or "-£0.05", whole pence towards zero; from £10000 on "£9999+"; None is "--"."""
    if amount is None:
        return UNKNOWN
    pence = abs(amount) // 1000
    sign = "-" if amount < 0 else ""
    return sign + ("£9999+" if pence >= 1000000 else "£%d.%02d" % (pence // 100, pence % 100))


def pence(price):
    """1e-8 GBP as pence with three digits behind the point: 24500000 is "24.500p"; none from 1000p on; None is "--"."""
    if price is None:
        return UNKNOWN
    whole = price // 1000000
    return "9999+p" if whole > 9999 else "%dp" % whole if whole > 999 else "%d.%03dp" % (whole, price // 1000 % 1000)


def clock(utc, local):
    """Zigbee UTC as "14:37", as local clocks (an ihd.local_clock.LocalClock) show it; None as "--:--"."""
    if utc is None:
        return "--:--"
    minutes = local.local(utc) % _DAY // 60
    return "%02d:%02d" % (minutes // 60, minutes % 60)


def moment(then, utc, local, at, hours):
    """When Zigbee UTC `then` was, seen from `utc`: `at` % "14:00" within a day, else `hours` % 31, at most 999."""
    passed = (utc - then) // 3600
    return at % clock(then, local) if passed < 24 else hours % min(passed, 999)
