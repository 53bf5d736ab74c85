"""The Fresh start screen: since when the record starts, and what was erased before it did."""

from micropython import const

from ihd.display import units

_DAY = const(86400)
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"

_SUPPLIER = const(1)  # tenancy.event.SUPPLIER


def draw(canvas, receipt):
    """Draw what changed.

    receipt: fuel, kind (0 tenancy, 1 supplier), since (Zigbee UTC or None), slots and sectors erased, number.
    """
    fuel = "Gas" if receipt.fuel == "gas" else "Electricity"
    canvas.text(0, 0, 128, "FRESH START", "NEW SUPPLIER" if receipt.kind else "NEW TENANCY", inverse=True)
    canvas.text(0, 16, 128, fuel + " record since")
    canvas.text(0, 24, 128, date(receipt.since) + " UTC")
    canvas.text(0, 32, 128, "Erased", _count(receipt.slots, "half-hour"))
    canvas.text(0, 40, 128, "", _count(receipt.sectors, "sector"))
    canvas.text(0, 48, 128, "Receipt", str(receipt.number))
    canvas.text(0, 56, 128, "ANY KEY: go on")


def _count(number, what):
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


def date(utc):
    """Zigbee UTC as "22 Nov 2016 02:46"; None, and 0xFFFFFFFF, which says "not known", as "--".

    It ends in February 2136, so 2100 is the only fourth year without a 29 February.
    """
    if utc is None or utc == 0xFFFFFFFF:
        return units.UNKNOWN
    days = utc // _DAY
    year = 2000
    while True:
        february = 29 if year % 4 == 0 and year != 2100 else 28
        if days < 337 + february:
            break
        days -= 337 + february
        year += 1
    lengths = (31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    month = 0
    while days >= lengths[month]:
        days -= lengths[month]
        month += 1
    return "%d %s %d %s" % (days + 1, _MONTHS[month * 3 : month * 3 + 3], year, units.clock(utc))
