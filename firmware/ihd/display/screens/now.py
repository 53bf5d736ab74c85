"""The Now screen: the power in use as one large number, what today took, and the last day in half-hours."""

from ihd.display import units
from ihd.display.screens import power

WITH = ("ihd.display.screens.power",)  # what goes out of memory together


def draw(canvas, electricity, gas, utc, note, local):
    """Draw what changed.

    electricity, gas: a meter (watts, level, spending, spent(), lost, heard, today, today_since, read_at, used(start,
    end), cannot_tell, low_credit, unread, and gate, which for electricity is open) or None without one.
    utc: Zigbee UTC. note: what is missing, up to 25 characters, or "". local: LocalClock.
    """
    spending = electricity and electricity.spending
    title = "ELECTRICITY" if spending is None else "ELEC " + units.pounds(spending) + "/h"
    canvas.text(0, 0, 128, title, units.clock(utc, local), inverse=True)
    power.draw(canvas, electricity, _when(electricity and electricity.heard, utc, local, "SINCE %s", "FOR %d H"))
    canvas.text(0, 32, 128, *_electricity(electricity, utc, local))
    canvas.text(0, 40, 128, *_gas(gas, utc, local))

    values = _last_day(electricity, utc)
    notes = [each for each in _notices(note, electricity, gas) if each]
    if notes:
        canvas.text(0, 48, 128, notes[utc // 60 % len(notes)], inverse=True)  # in turn
        canvas.bars(32, 56, 96, 8, values)
    else:
        canvas.text(0, 48, 32, "last")
        canvas.bars(32, 48, 96, 16, values)
    canvas.text(0, 56, 32, "24 h")


def _electricity(meter, utc, local):
    """The two ends of the line of today's electricity."""
    left = "ELEC %5s kWh" % units.energy(meter and meter.today)
    if meter and meter.lost:
        return left, _when(meter.read_at, utc, local, "at %s", "%d h ago")
    if meter and _late(meter.today_since, local):
        return left, "from " + units.clock(meter.today_since, local)
    cost = meter and meter.spent(utc)
    return left, "today" if cost is None else units.pounds(cost)


def _gas(meter, utc, local):
    """The two ends of the line of today's gas; it is measured each half-hour only, so it carries its time."""
    if meter is None:
        return "GAS", "no meter"
    if meter.gate:
        return "GAS", "checking"
    left = "GAS  %5s m³" % units.volume(meter.today)
    if meter.lost:
        return left, _when(meter.heard, utc, local, "lost %s", "lost %d h") or "no answer"
    if _late(meter.today_since, local):
        return left, "from " + units.clock(meter.today_since, local)
    return left, _when(meter.read_at, utc, local, "at %s", "%d h ago")


def _notices(note, electricity, gas):
    """What the occupant has to know, "" for nothing."""
    cannot_tell = low = message = ""
    for name, meter in (("ELEC", electricity), ("GAS", gas)):
        if meter is not None and meter.cannot_tell:
            cannot_tell = "METER CANNOT TELL MOVES"
        if meter is not None and meter.gate is None and meter.low_credit:
            low = "CREDIT IS LOW: BOTH" if low else "CREDIT IS LOW: " + name
        if meter is not None and meter.gate is None and meter.unread:
            message = "A MESSAGE: SEE MESSAGES"
    return note, cannot_tell, low, message


def _late(since, local):
    """Whether the day was not seen to begin."""
    return bool(since) and local.local(since) % 86400 != 0


def _when(then, utc, local, at, hours):
    return "" if then is None else units.moment(then, utc, local, at, hours)


def _last_day(electricity, utc):
    """The values of the 48 half-hours before the present one; gaps, where the flash cannot be read."""
    now = utc // 1800
    try:
        return list(electricity.used(now - 48, now)) if electricity else (None,) * 48
    except OSError:  # which would be taken for the panel's
        return (None,) * 48
