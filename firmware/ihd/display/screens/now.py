"""The Now screen: the power in use as one large number, what today took, and the last day in half-hours."""

from ihd.display import units
from ihd.display.screens import power


def draw(canvas, electricity, gas, utc, note):
    """Draw what changed.

    electricity, gas: a meter (watts, lost, heard, today, today_since, read_at, used(start, end), cannot_tell, and gate,
    which for electricity is open) or None without one.
    utc: Zigbee UTC. note: what is missing, up to 25 characters, or "".
    """
    canvas.text(0, 0, 128, "ELECTRICITY", units.clock(utc) + " UTC", inverse=True)
    power.draw(canvas, electricity, _when(electricity and electricity.heard, utc, "SINCE %s", "FOR %d H"))
    canvas.text(0, 32, 128, *_electricity(electricity, utc))
    canvas.text(0, 40, 128, *_gas(gas, utc))

    values = _last_day(electricity, utc)
    if (_cannot_tell(electricity) or _cannot_tell(gas)) and (not note or utc // 60 % 2):  # in turn with another note
        note = "METER CANNOT TELL MOVES"
    if note:
        canvas.text(0, 48, 128, note, inverse=True)
        canvas.bars(32, 56, 96, 8, values)
    else:
        canvas.text(0, 48, 32, "last")
        canvas.bars(32, 48, 96, 16, values)
    canvas.text(0, 56, 32, "24 h")


def _electricity(meter, utc):
    """The two ends of the line of today's electricity."""
    left = "ELEC %5s kWh" % units.energy(meter and meter.today)
    if meter and meter.lost:
        return left, _when(meter.read_at, utc, "at %s", "%d h ago")
    if meter and meter.today_since and meter.today_since % 86400:
        return left, "from " + units.clock(meter.today_since)  # the day was not seen to begin
    return left, "today"


def _gas(meter, utc):
    """The two ends of the line of today's gas; it is measured each half-hour only, so it carries its time."""
    if meter is None:
        return "GAS", "no meter"
    if meter.gate:
        return "GAS", "checking"
    left = "GAS  %5s m³" % units.volume(meter.today)
    if meter.lost:
        return left, _when(meter.heard, utc, "lost %s", "lost %d h") or "no answer"
    if meter.today_since and meter.today_since % 86400:
        return left, "from " + units.clock(meter.today_since)
    return left, _when(meter.read_at, utc, "at %s", "%d h ago")


def _cannot_tell(meter):
    return meter is not None and meter.cannot_tell


def _when(then, utc, at, hours):
    return "" if then is None else units.moment(then, utc, at, hours)


def _last_day(electricity, utc):
    """The values of the 48 half-hours before the present one."""
    if electricity is None:
        return (None,) * 48
    now = utc // 1800
    return list(electricity.used(now - 48, now))
