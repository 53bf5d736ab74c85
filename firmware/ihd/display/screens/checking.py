"""The Checking screen: whose home it is has still to be told, so nothing but the power of this moment is shown."""

from ihd.display import units
from ihd.display.screens import power

WITH = ("ihd.display.screens.power",)  # what goes out of memory together


def draw(canvas, electricity, gas, utc, note, local):
    """Draw what changed.

    electricity, gas: a meter (gate: why it is closed, up to 18 characters, or None; watts, lost) or None without one.
    utc: Zigbee UTC. note: what is missing, up to 25 characters, or "". local: LocalClock.
    """
    canvas.text(0, 0, 128, "CHECKING", units.clock(utc, local), inverse=True)
    power.draw(canvas, electricity, "")
    canvas.text(0, 32, 128, "ELEC", _why(electricity))
    canvas.text(0, 40, 128, "GAS", _why(gas))
    canvas.text(0, 48, 128, note or "Past use is not shown.", inverse=bool(note))
    canvas.text(0, 56, 128, "NEXT: I have moved in")


def _why(meter):
    return "no meter" if meter is None else meter.gate or "checked"
