"""The Now screen: the power in use as one large number, what today took, and the last day in half-hours."""

from ihd.display import units
from ihd.display.fonts import big, unit


def draw(canvas, electricity, gas, utc, note):
    """Draw what changed.

    electricity, gas: a meter (watts, lost, heard, today, today_since, read_at, half_hour(n)) or None without one.
    utc: Zigbee UTC. note: what is missing, up to 25 characters, or "".
    """
    canvas.text(0, 0, 128, "ELECTRICITY", units.clock(utc) + " UTC", inverse=True)
    if electricity is None:
        _words(canvas, "NO ELECTRICITY", "METER FOUND")
    elif electricity.lost:
        _words(canvas, "NO ANSWER", _when(electricity.heard, utc, "SINCE %s", "FOR %d H"))
    elif electricity.watts is None:
        _words(canvas, "NO READING", "")
    else:
        digits, unit_text = units.power(electricity.watts)
        canvas.number(0, 8, 96, digits)
        canvas.text(96, 8, 32, "", "EXPORT" if electricity.watts < 0 else "")
        canvas.text(96, 16, 32, unit_text, face=unit)

    canvas.text(0, 32, 128, *_electricity(electricity, utc))
    canvas.text(0, 40, 128, *_gas(gas, utc))

    values = _last_day(electricity, utc)
    if note:
        canvas.text(0, 48, 128, note, inverse=True)
        canvas.bars(32, 56, 96, 8, values)
    else:
        canvas.text(0, 48, 32, "last")
        canvas.bars(32, 48, 96, 16, values)
    canvas.text(0, 56, 32, "24 h")


def _words(canvas, first, second):
    """A dash where the number stands, and why."""
    canvas.text(0, 8, 40, units.UNKNOWN, face=big)
    canvas.text(40, 8, 88, "")
    canvas.text(40, 16, 88, first)
    canvas.text(40, 24, 88, second)


def _electricity(meter, utc):
    """The two ends of the line of today's electricity."""
    left = "ELEC %6s kWh" % units.energy(meter and meter.today)
    if meter and meter.lost:
        return left, _when(meter.read_at, utc, "at %s", "%d h ago")
    if meter and meter.today_since and meter.today_since % 86400:
        return left, "from " + units.clock(meter.today_since)  # the day was not seen to begin
    return left, "today"


def _gas(meter, utc):
    """The two ends of the line of today's gas; it is measured each half-hour only, so it carries its time."""
    if meter is None:
        return "GAS", "no meter"
    left = "GAS  %6s m³" % units.volume(meter.today)
    if meter.lost:
        return left, _when(meter.heard, utc, "lost %s", "lost %d h") or "no answer"
    return left, _when(meter.read_at, utc, "at %s", "%d h ago")


def _when(then, utc, at, hours):
    return "" if then is None else units.moment(then, utc, at, hours)


def _last_day(electricity, utc):
    """The values of the 48 half-hours before the present one."""
    if electricity is None:
        return (None,) * 48
    now = utc // 1800
    return [electricity.half_hour(n) for n in range(now - 48, now)]
