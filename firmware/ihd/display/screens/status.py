"""The Status screen: of each meter whether it answers, and what is known of its tenancy and its supplier."""

from ihd.display import units

_KINDS = (" tenancy", " supplier")  # tenancy.watch.KINDS
_NETWORK = {"missing": "no radio", "starting": "starting", "joining": "joining", "joined": "joined"}


def draw(canvas, home):
    """Draw what changed.

    home: has utc, local, radio (state), guard (watches), and a meter (lost, heard, gate) as electricity and gas, or
    None. When a meter was heard is told behind its open gate only.
    """
    canvas.text(0, 0, 128, "STATUS", units.clock(home.utc, home.local), inverse=True)
    _meter(canvas, 8, "ELEC", home.electricity, home, 0)
    _meter(canvas, 32, "GAS", home.gas, home, 1)
    canvas.text(0, 56, 128, "Network", _NETWORK[home.radio.state])


def _meter(canvas, y, name, meter, home, number):
    if meter is None:
        canvas.text(0, y, 128, name, "no meter")
    else:
        canvas.text(0, y, 128, name + (" lost" if meter.lost else " ok"), meter.gate or _heard(meter, home))
    watch = meter and home.guard.watches.get(number)
    for kind in (0, 1):
        left, right = "", ""
        if watch:
            left, right = _KINDS[kind], watch.state(kind).lower().replace("_", " ")
        canvas.text(0, y + 8 + 8 * kind, 128, left, right)


def _heard(meter, home):
    if meter.heard is None or home.utc is None:
        return "not heard yet"
    return units.moment(meter.heard, home.utc, home.local, "heard %s", "heard %d h ago")
