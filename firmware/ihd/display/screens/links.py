"""The Links screen: how well the radio hears, and whether our cost of today is the meter's own."""

from micropython import const

from ihd.display import units
from ihd.display.screens import sheet

WITH = ("ihd.display.screens.sheet",)  # what goes out of memory together

_CURRENCY_SCALING = const(0x07050502)
_COST_TODAY = const(0x0705051C)


def draw(canvas, home):
    """Draw what changed.

    home: has utc, local, radio (state, signal), and a meter (gate, account, spent(), read_at) as electricity and gas,
    or None.
    """
    signal = home.radio.signal if home.radio.state == "joined" else None
    lines = [("Signal, last hop", "%d dBm" % signal if signal else units.UNKNOWN)]
    lines += _lines("ELEC", home.electricity, home) + _lines("GAS", home.gas, home)
    sheet.draw(canvas, home, "LINKS AND COST", lines)


def _lines(name, meter, home):
    why = sheet.why(home, meter)
    if why:
        return [(name, why), ("", ""), ("", "")]
    ours, theirs = meter.spent(home.utc), _theirs(meter.account)
    differ = units.UNKNOWN
    if ours is not None and theirs is not None:
        differ = ("" if ours < theirs else "+") + units.pounds(ours - theirs)
    read = meter.read_at and units.moment(meter.read_at, home.utc, home.local, "read %s", "read %d h ago")
    return [(name, read or ""), (" today, meter says", units.pounds(theirs)), (" ours less that", differ)]


def _theirs(account):
    """The meter's own cost of today in 1e-5 GBP; None when it has none, or in no money that is known."""
    scale, cost = account.value(_CURRENCY_SCALING), account.value(_COST_TODAY)
    if scale is None or cost is None or scale > 12:
        return None
    return cost // 10 if scale == 0 else cost * 10 ** (scale - 1)
