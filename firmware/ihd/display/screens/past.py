"""The Past screen of one fuel: use and cost of the last 8 days, 5 weeks and 13 months; of gas in m3, then in kWh."""

from ihd.display import dates, units
from ihd.display.screens import sheet
from ihd.history import usage

WITH = ("ihd.history.usage", "ihd.display.dates", "ihd.display.screens.sheet")  # what goes out of memory together

# title, method of history.usage.Periods, first and last back; SELECT turns the page
_PAGES = (
    ("DAYS", 0, 1, 6),
    ("DAYS", 0, 7, 8),
    ("WEEKS", 1, 1, 5),
    ("MONTHS", 2, 1, 6),
    ("MONTHS", 2, 7, 13),
)
_COST = 2  # of the series of a fuel's cost, before its number


def draw(canvas, home, number, page):
    """Draw what changed.

    home: has utc, local, history, and a meter (gate, account) as electricity and gas, or None. number: 0 electricity,
    1 gas.
    page: counts on. Reads all half-hours of the periods each time.
    """
    meter, lines = sheet.meter(home, number)
    title, what, first, last = _PAGES[page % len(_PAGES)]
    in_kwh = not number or page // len(_PAGES) % 2
    if meter:
        factors = meter.account.watt_hours() if number and in_kwh else (1, 1)
        periods = usage.Periods(home.history, home.local.calendar())
        period = (periods.day, periods.week, periods.month)[what]
        lines = [_line(period, number, home, back, factors) for back in range(first, last + 1)]
        lines += [("", "")] * (6 - len(lines)) + [("", "SELECT: more")] * (len(lines) < 7)
    title = "%s %s, %s" % ("GAS" if number else "ELEC", title, "kWh" if in_kwh else "m³")
    sheet.draw(canvas, home, title, lines)


def _line(period, number, home, back, factors):
    """The two ends of the line of a period: its first day, use with a mark where half-hours are missing, cost.

    factors: (numerator, denominator) of what is shown a unit of the history, or None where that is not known.
    """
    utc = home.utc
    try:
        start, _, total, known, expected, _ = period(number, utc, back)
        _, _, cost, _, _, marks = period(number + _COST, utc, back)
    except OSError:
        return "cannot be read", ""
    day, month, _ = dates.date(start, home.local)
    if total is not None:
        total = total * factors[0] // factors[1] if factors else None
    used = units.energy(total) + ("*" if known < expected else "")
    return "%2d %s %8s" % (day, month, used), "" if cost is None else ("~" if marks else "") + units.pounds(cost)
