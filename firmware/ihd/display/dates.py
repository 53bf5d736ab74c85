"""Dates as short text; loaded with the screens that show one."""

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def date(utc, local):
    """Zigbee UTC as the local (day, name of the month, year)."""
    year, month, day, _ = local.calendar().date(utc)
    return day, _MONTHS[3 * month - 3 : 3 * month], year
