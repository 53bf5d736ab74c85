"""What a year of energy costs, reckoned once more with fractions: nothing here knows the firmware.

Times are Zigbee UTC. Rates are in 1e-11 GBP a Wh or a litre. The local calendar is that of 2026 in Great Britain.
"""

import datetime
import itertools
from fractions import Fraction

HALF_HOUR = 1800
SLOT = 1_000_000  # 1e-11 GBP in the 1e-5 GBP that is recorded
EPOCH = datetime.datetime(2000, 1, 1)
SUMMER = [int((datetime.datetime(2026, month, day, 1) - EPOCH).total_seconds()) for month, day in ((3, 29), (10, 25))]


def ahead(utc):
    """Seconds that local clocks are ahead."""
    return 3600 if SUMMER[0] <= utc < SUMMER[1] else 0


def date(utc):
    """The local date and time."""
    return EPOCH + datetime.timedelta(seconds=utc + ahead(utc))


def utc(*local, fold=0):
    """Zigbee UTC of a local date and time; fold 1: the second time that clocks show it."""
    shown = int((datetime.datetime(*local) - EPOCH).total_seconds())
    found = [moment for moment in (shown - 3600, shown) if moment + ahead(moment) == shown]
    return found[fold]


def days():
    """The first moment of each local day of 2026, and of the day after."""
    first = datetime.date(2026, 1, 1)
    return [
        utc(day.year, day.month, day.day) for day in (first + datetime.timedelta(days=number) for number in range(366))
    ]


def switches():
    """[(Zigbee UTC, whether energy is cheap from then on)] of Economy 7 in 2026, from before its first day on."""
    found = [(utc(2025, 12, 31, 7, 30), False)]
    for day in days()[:-1]:
        local = date(day)
        found.append((utc(local.year, local.month, local.day, 0, 30), True))
        found.append((utc(local.year, local.month, local.day, 7, 30), False))
    return found


class Bill:
    """rates: [(from, 1e-11 GBP a unit)], in order. standing(day): 1e-11 GBP of the local day that begins at `day`."""

    def __init__(self, rates, standing):
        self._rates = rates
        self._standing = standing
        self._days = set(days())

    def rate(self, moment):
        """The rate in force."""
        return [rate for start, rate in self._rates if start <= moment][-1]

    def used(self, readings):
        """{half-hour: what its energy cost, exactly} of [(Zigbee UTC, register)], read at each half-hour and switch.

        What is read when a half-hour begins was used before.
        """
        costs = {}
        rates = iter([*self._rates, (1 << 32, None)])
        following = next(rates)
        rate = None
        for (begin, before), (end, after) in itertools.pairwise(readings):
            while following[0] <= begin:
                rate, following = following[1], next(rates)
            assert end <= following[0] and begin // HALF_HOUR == (end - 1) // HALF_HOUR
            half_hour = begin // HALF_HOUR
            costs[half_hour] = costs.get(half_hour, Fraction(0)) + (after - before) * rate
        return costs

    def charged(self, half_hour):
        """The standing charge that this half-hour bears."""
        return self._standing(half_hour * HALF_HOUR) if half_hour * HALF_HOUR in self._days else 0

    def slots(self, readings, out=()):
        """({half-hour: 1e-5 GBP}, exact sum of those that were live, fraction that is carried on).

        out: the half-hours that were read back later, each rounded down for itself.
        """
        slots = {}
        live = carried = Fraction(0)
        for half_hour, cost in sorted(self.used(readings).items()):
            cost += self.charged(half_hour)
            if half_hour in out:
                slots[half_hour] = cost // SLOT
            else:
                live += cost
                slots[half_hour], carried = divmod(carried + cost, SLOT)
        return slots, live, carried


def weeks():
    """The first moment of each whole week, from Monday, of 2026, and of the one after."""
    return [day for day in days() if date(day).weekday() == 0]


def months():
    """The first moment of each month of 2026, and of the one after."""
    return [day for day in days() if date(day).day == 1]
