"""Dates as Zigbee UTC, counted day by day: the calendar told once more for the tests."""


def days_of(year, month):
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def utc(year, month, day, hour=0, minute=0):
    """Zigbee UTC of a date and time from 2000 on."""
    days = day - 1
    for passed in range(2000, year):
        days += 337 + days_of(passed, 2)
    for passed in range(1, month):
        days += days_of(year, passed)
    return days * 86400 + hour * 3600 + minute * 60
