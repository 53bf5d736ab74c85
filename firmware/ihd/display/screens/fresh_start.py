"""The Fresh start screen: since when the record starts, and what was erased before it did."""

from ihd.display import dates, units
from ihd.tenancy.keepers import CONSUMER

WITH = ("ihd.display.dates",)  # what goes out of memory together


def draw(canvas, receipt, local):
    """Draw what changed.

    receipt: fuel, kind (0 tenancy, 1 supplier), scope, since (Zigbee UTC or None), slots and sectors erased, number.
    local: LocalClock.
    """
    fuel = "Gas" if receipt.fuel == "gas" else "Electricity"
    canvas.text(0, 0, 128, "FRESH START", "NEW SUPPLIER" if receipt.kind else "NEW TENANCY", inverse=True)
    used = receipt.scope & CONSUMER
    canvas.text(0, 16, 128, fuel + (" record since" if used else " details since"))
    canvas.text(0, 24, 128, _moment(receipt.since, local))
    canvas.text(0, 32, 128, "Erased", _count(receipt.slots, "half-hour") if used else "what the old")
    canvas.text(0, 40, 128, "", _count(receipt.sectors, "sector") if used else "supplier told")
    canvas.text(0, 48, 128, "Receipt", str(receipt.number))
    canvas.text(0, 56, 128, "ANY KEY: go on")


def _count(number, what):
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


def _moment(utc, local):
    """As "22 Nov 2016 02:46"; None, and 0xFFFFFFFF, which says "not known", as "--"."""
    if utc is None or utc == 0xFFFFFFFF:
        return units.UNKNOWN
    return "%d %s %d " % dates.date(utc, local) + units.clock(utc, local)
