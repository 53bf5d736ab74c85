"""What a household draws: a power for every minute of a day, made from a seed, and its exact integral."""

import datetime
import functools
import random

ZIGBEE_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
MINUTES = 1440
DAY = 86_400

# Percent of a January day, by month: lights and hot drinks; space heating; sun on the roof.
LIGHTS = (100, 95, 85, 75, 65, 60, 60, 65, 75, 85, 95, 100)
HEATING = (100, 95, 80, 55, 30, 10, 8, 8, 20, 50, 80, 100)
SUN = (100, 150, 230, 310, 360, 380, 370, 320, 250, 170, 110, 90)


class Load:
    """Whole watts (or litres an hour), constant within a minute; amounts are whole Wh (or litres), rounded down.

    shape(random, date) gives the 1440 rates of one day. origin: Zigbee UTC of a midnight; register: the amount the
    register showed then. The object's own `origin` is the midnight before which nothing is known.
    """

    def __init__(self, shape, seed, origin, register=0, history_days=0):
        """history_days: how many days before `origin` are known too; raises ValueError if they used more than
        `register`."""
        # Whether the meter shows an export register; to be set before there is a meter.
        self.exports = False
        self._shape = shape
        self._seed = seed
        self.origin = origin - history_days * DAY
        self._day_ends = [(0, 0)]
        self._day = functools.lru_cache(maxsize=4)(self._make_day)
        # Watt-seconds, so that history does not shift a later Wh.
        self._register = register * 3600 - self._seconds(origin)[0]
        if self._register < 0:
            raise ValueError(f"a register of {register} is less than what {history_days} days before used")

    def rate(self, utc):
        """Watts drawn (negative: exported), or litres an hour, at this Zigbee UTC."""
        day, second = divmod(utc - self.origin, DAY)
        return self._day(day)[0][second // 60]

    def delivered(self, utc):
        """The import register in Wh, or the gas register in litres."""
        return (self._register + self._seconds(utc)[0]) // 3600

    def received(self, utc):
        """The export register in Wh; it starts at 0, with what is known."""
        return self._seconds(utc)[1] // 3600

    def watt_seconds(self, utc):
        """What has been delivered since the origin, exactly; of gas in litres an hour during seconds."""
        return self._seconds(utc)[0]

    def _seconds(self, utc):
        """Watt-seconds delivered and received since the origin."""
        day, second = divmod(utc - self.origin, DAY)
        while len(self._day_ends) <= day:
            number = len(self._day_ends) - 1
            _, delivered, received = self._day(number)
            before = self._day_ends[number]
            self._day_ends.append((before[0] + delivered[-1], before[1] + received[-1]))
        rates, delivered, received = self._day(day)
        minute, rest = divmod(second, 60)
        before, rate = self._day_ends[day], rates[minute]
        return (
            before[0] + delivered[minute] + max(rate, 0) * rest,
            before[1] + received[minute] + max(-rate, 0) * rest,
        )

    def _make_day(self, day):
        """The rates of a day, and the amounts delivered and received in it before each minute and at its end."""
        start = self.origin + day * DAY
        date = (ZIGBEE_EPOCH + datetime.timedelta(seconds=start)).date()
        rates = self._shape(random.Random(f"{self._seed} {start}"), date)
        delivered, received = [0], [0]
        for rate in rates:
            delivered.append(delivered[-1] + max(rate, 0) * 60)
            received.append(received[-1] + max(-rate, 0) * 60)
        return rates, delivered, received


def moment(utc):
    """Zigbee UTC for people: 2026-01-14 13:05:00."""
    return f"{ZIGBEE_EPOCH + datetime.timedelta(seconds=utc):%Y-%m-%d %H:%M:%S}"


def electricity(dice, date, solar_watts=0):
    """The watts of each minute of one day: fridge, morning, evening, oven, washing, kettle, and sun on the roof."""
    base = dice.randrange(95, 125)
    watts = [base + dice.randrange(12) for _ in range(MINUTES)]
    season = LIGHTS[date.month - 1]
    wake = dice.randrange(380, 430) + (75 if date.weekday() >= 5 else 0)
    bed = dice.randrange(1340, 1400)
    dinner = dice.randrange(1050, 1110)

    for start in range(dice.randrange(45), MINUTES, 45):
        _add(watts, start, 15, 85)
    _add(watts, wake, 85, 420 * season // 100)
    _add(watts, 985, bed - 985, 360 * season // 100)
    _add(watts, 1170, bed - 1170, 190)
    for start in range(dinner, dinner + 50, 10):
        _add(watts, start, 6, 2100)
    if dice.randrange(100) < 45:
        start = dice.randrange(560, 900)
        _add(watts, start, 22, 2000)
        _add(watts, start + 22, 55, 240)
    for start in [wake + 12] + [dice.randrange(wake + 60, bed) for _ in range(6)]:
        _add(watts, start, 3, 2850)
    if solar_watts:
        clear = dice.randrange(40, 101) * SUN[date.month - 1] // max(SUN)
        for minute in range(480, 961):
            watts[minute] -= solar_watts * clear * (57_600 - (minute - 720) ** 2) // 5_760_000
    return watts


def gas(dice, date):
    """The litres an hour of each minute of one day: a boiler that heats morning and evening, and hot water."""
    rates = [0] * MINUTES
    season = HEATING[date.month - 1]
    wake = dice.randrange(345, 375)
    cold = dice.randrange(80, 121)
    for start, length, rate in ((wake, 150, 1050), (dice.randrange(945, 975), 375, 850)):
        _add(rates, start, length, rate * season * cold // 10_000)
    for _ in range(4):
        _add(rates, dice.randrange(wake, 1320), 7, 2200)
    return rates


def _add(rates, start, minutes, rate):
    for minute in range(start, min(start + minutes, MINUTES)):
        rates[minute] += rate
