"""The Fresh start screen: since when the record starts, and what was erased before it did."""

from micropython import const

from ihd.display import units

_SUPPLIER = const(1)  # tenancy.event.SUPPLIER


def draw(canvas, receipt):
    """Draw what changed.

    receipt: fuel, kind (0 tenancy, 1 supplier), since (Zigbee UTC or None), slots and sectors erased, number.
    """
    fuel = "Gas" if receipt.fuel == "gas" else "Electricity"
    canvas.text(0, 0, 128, "FRESH START", "NEW SUPPLIER" if receipt.kind else "NEW TENANCY", inverse=True)
    canvas.text(0, 16, 128, fuel + " record since")
    canvas.text(0, 24, 128, units.date(receipt.since) + " UTC")
    canvas.text(0, 32, 128, "Erased", _count(receipt.slots, "half-hour"))
    canvas.text(0, 40, 128, "", _count(receipt.sectors, "sector"))
    canvas.text(0, 48, 128, "Receipt", str(receipt.number))
    canvas.text(0, 56, 128, "ANY KEY: go on")


def _count(number, what):
    return "%d %s%s" % (number, what, "" if number == 1 else "s")
