"""The Past screen of one fuel: energy and cost of the last 8 days, 5 weeks and 13 months, a page of each."""

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

    home: has utc, local, history, and a meter (gate) as electricity and gas, or None. number: 0 electricity, 1 gas.
    page: from 0. Reads all half-hours of the periods each time.
    """
    meter, lines = sheet.meter(home, number)
    title, what, first, last = _PAGES[page]
    if meter:
        periods = usage.Periods(home.history, home.local.calendar())
        period = (periods.day, periods.week, periods.month)[what]
        lines = [_line(period, number, home.utc, home.local, back) for back in range(first, last + 1)]
        lines += [("", "")] * (6 - len(lines)) + [("", "SELECT: more")] * (len(lines) < 7)
    title = "%s %s, %s" % ("GAS" if number else "ELEC", title, "m³" if number else "kWh")
    sheet.draw(canvas, home, title, lines)


def _line(period, number, utc, local, back):
    """The two ends of the line of a period: its first day, energy with a mark where half-hours are missing, cost."""
    try:
        start, _, total, known, expected, _ = period(number, utc, back)
        _, _, cost, _, _, marks = period(number + _COST, utc, back)
    except OSError:
        return "cannot be read", ""
    day, month, _ = dates.date(start, local)
    used = units.energy(total) + ("*" if known < expected else "")
    return "%2d %s %8s" % (day, month, used), "" if cost is None else ("~" if marks else "") + units.pounds(cost)
