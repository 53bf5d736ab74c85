"""The Today, Week and Month screen of one fuel: what was used, since when that counts, and what is missing of it."""

from micropython import const

from ihd.clock import HALF_HOUR
from ihd.display import dates, units
from ihd.history import usage

WITH = ("ihd.history.usage", "ihd.display.dates")  # what goes out of memory together

_COST = 2  # of the series of a fuel's cost, before its number
_WIDTH = const(25)  # characters
_NAMES = ("Today", "Week", "Month")


def draw(canvas, home, number):
    """Draw what changed.

    home: has utc, local, history, and a meter (gate, account) as electricity and gas, or None. number: 0 electricity in
    kWh, 1 gas in m3, 2 gas in kWh. Of a meter whose gate is closed nothing is asked of the history. Reads all
    half-hours of a month each time.
    """
    utc, local = home.utc, home.local
    title = ("ELECTRICITY, kWh", "GAS, m\xb3", "GAS, kWh")[number]
    canvas.text(0, 0, 128, title, units.clock(utc, local), inverse=True)
    meter = home.gas if number else home.electricity
    why = "no meter" if meter is None else "time not known" if utc is None else meter.gate
    canvas.text(0, 8, 128, "", "" if why else "until " + units.clock(utc // HALF_HOUR * HALF_HOUR, local))
    periods = None if why else usage.Periods(home.history, local.calendar())
    for row, name in enumerate(_NAMES):
        if periods:
            period = (periods.day, periods.week, periods.month)[row]
            lines = _lines(
                name, period, number and 1, utc, local, meter.account.watt_hours() if number == 2 else (1, 1)
            )
        else:
            lines = (("", ""), ("", "")) if row else (("Past use is not shown:", ""), (" " + why, ""))
        canvas.text(0, 16 + 16 * row, 128, *lines[0])
        canvas.text(0, 24 + 16 * row, 128, *lines[1])


def _lines(name, period, number, utc, local, factors):
    """The two ends of both lines of a period. factors: (numerator, denominator) of what is shown a unit, or None."""
    try:
        start, since, total, known, expected, _ = period(number, utc)
        _, _, cost, _, _, marks = period(number + _COST, utc)
    except OSError:
        return (name, units.UNKNOWN), (" cannot be read", "")
    if since != start:
        name += " since " + (units.clock(since, local) if name == _NAMES[0] else "%d %s" % dates.date(since, local)[:2])
    missing = expected - known
    if total is not None:
        total = total * factors[0] // factors[1] if factors else None
    cost = "" if cost is None else ("~" if marks else "") + units.pounds(cost)
    lacks = " lacks %d of %d" % (missing, expected) if missing else ""
    if len(lacks) + len(cost) > _WIDTH:
        lacks = lacks.replace(" of ", "/")
    return (name, units.energy(total)), (lacks, cost)
