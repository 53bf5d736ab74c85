"""The Status screen: of each meter whether it answers, its tenancy and its supplier; how much was refused."""

from micropython import const

from ihd.display import units

_KINDS = (" tenancy", " supplier")  # tenancy.watch.KINDS
_MOST = const(999999)


def draw(canvas, home):
    """Draw what changed.

    home: has utc, local, radio (state), refused (counts), guard (watches), and a meter (lost, heard, gate) as
    electricity and gas, or None. When a meter was heard is told behind its open gate only.
    """
    canvas.text(0, 0, 128, "STATUS", units.clock(home.utc, home.local), inverse=True)
    _meter(canvas, 8, "ELEC", home.electricity, home, 0)
    _meter(canvas, 32, "GAS", home.gas, home, 1)
    refused = min(sum(home.refused.counts.values()), _MOST)
    state = home.radio.state
    canvas.text(0, 56, 128, {"missing": "NO RADIO", "joined": "HAN joined"}.get(state, state), "%d refused" % refused)


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
