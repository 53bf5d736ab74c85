"""A year of readings costs what it costs, to 1e-11 GBP: beside a reckoning with fractions that shares no code."""

import random
import struct
from fractions import Fraction
from itertools import pairwise

import cost_by_hand
import pytest
from cost_by_hand import HALF_HOUR, SLOT, Bill, date, days, months, switches, utc, weeks
from portable.fakes import START, Home, counts
from portable.flash import Flash

from ihd import radio as radios
from ihd.clock import ticks_add
from ihd.history import partition
from ihd.history.ring import BACK_FILLED
from ihd.history.usage import Periods
from ihd.home import publications
from ihd.home.meter import Meter
from ihd.tenancy.keepers import BOTH

BEGIN, END = days()[0], days()[-1]
READ_S = 300
PRICE, TARIFF, FACTOR, CALORIFIC = 0, 4, 2, 3
FOR_EVER = 0xFFFF
OUTAGE = utc(2026, 11, 12, 20, 11), utc(2026, 11, 13, 3, 24)
CHEAP, DEAR, DEARER = 13_437, 28_911, 31_073  # 1e-5 GBP a kWh
DEARER_FROM = utc(2026, 6, 10, 14, 10)
STANDING = [(BEGIN, 54_794), (utc(2026, 7, 1), 61_233)]  # 1e-5 GBP a day
UNIT = 1000  # 1e-11 GBP a Wh in the 1e-5 GBP of a kWh


class Recorder:
    """Writes at once to a Ring."""

    def __init__(self, history):
        self.history = history
        self.live = {}

    def room(self):
        return 96

    def take(self, series, half_hour, value, marks=0):
        if series > 1 and not marks & BACK_FILLED:
            self.live[half_hour] = value
        self.history.present = max(half_hour + 1, 0 if self.history.present == 0x3FFFFFFF else self.history.present)
        while not self.history.append(series, half_hour, value, marks):
            pass


class Year:
    """One meter of a home, told what a supplier publishes and read as often as a display does."""

    def __init__(self, fuel):
        history, _ = partition.opening(Flash())
        self.recorder = Recorder(history)
        self.home = Home(fuel, BEGIN, history, self.recorder)
        self.meter = Meter(self.home.device, self.home)
        self.periods = Periods(history, self.home.clock.local.calendar())
        unit = "00030030" + ("01" if fuel == "gas" else "00")
        self.meter.attributes(bytes.fromhex(unit + "01030022010000" + "02030022e80300"), True, START)
        self.series = 2 + self.home.device.number

    def publish(self, now, command, form, *fields):
        """The meter publishes at Zigbee UTC `now`."""
        parts = []
        for kind, value in zip(form, fields, strict=True):
            parts.append(bytes((len(value),)) + value if kind == "o" else struct.pack("<" + kind, value))
        indication = radios.Indication()
        indication.cluster = 0x0700
        assert publications.hear(self.meter, self.home, indication, 1, command, b"".join(parts), now) == 0

    def price(self, now, start, minutes, price, event):
        """A PublishPrice in GB's money; start 0: now."""
        fields = 0, b"", event, now, self.home.device.number, 826, 0x51, 0x20, start, minutes, price
        self.publish(now, PRICE, "IoIIBHBBIHI", *fields)

    def stand(self, now, start, charge):
        """A PublishTariffInformation with a standing charge."""
        fields = 0, start, 1, start, 0, b"", 2, 0, 0, 826, 0x50, charge, 0, 0, 0
        self.publish(now, TARIFF, "IIIIBoBBBHBIBIH", *fields)

    def read(self, now, register):
        """The meter answers with its register."""
        record = b"\0\0\0\x25" + register.to_bytes(6, "little")
        self.meter.attributes(record, True, ticks_add(START, (now - BEGIN) * 1000))

    def recorded(self):
        """{half-hour: 1e-5 GBP} of the whole year."""
        first = BEGIN // HALF_HOUR
        read = self.home.history.read(self.series, first, END // HALF_HOUR)
        return {first + n: value for n, value in enumerate(read) if value is not None}


def registers(seed, times, most):
    """[(Zigbee UTC, register)] of a seeded load."""
    dice = random.Random(seed)
    register = 18_402_611
    found = []
    for now in times:
        found.append((now, register))
        register += dice.randrange(most) if dice.randrange(4) else 0
    return found


def economy_7():
    """[(from, minutes, 1e-5 GBP a kWh, issuer event id)] of every price that is published in the year."""
    changes = switches()
    found = []
    for (start, cheap), (end, _) in zip(changes, changes[1:] + [(utc(2027, 1, 1, 0, 30), True)], strict=True):
        later = start >= DEARER_FROM
        found.append((start, (end - start) // 60, CHEAP if cheap else DEARER if later else DEAR, 9 if later else 5))
        if start < DEARER_FROM < end:
            found.append((DEARER_FROM, (end - DEARER_FROM) // 60, DEARER, 9))
    return found


def electricity():
    """(Year that was lived, its readings, half-hours that were read back)."""
    year = Year("electricity")
    prices = economy_7()
    readings = registers(20_260_101, range(BEGIN, END + 1, READ_S), 90)
    told = 0
    standing = list(STANDING)
    before, after = OUTAGE
    out = range(before // HALF_HOUR, after // HALF_HOUR + 1)
    filled = False
    for now, register in readings:
        while told < len(prices) and prices[told][0] <= now:
            start, minutes, price, event = prices[told]
            year.price(max(now, start), 0 if told % 3 == 0 and start == now else start, minutes, price, event)
            if told % 5 == 0 and told + 1 < len(prices):
                year.price(now, *prices[told + 1])  # the next one, ahead of its time
            told += 1
        while standing and standing[0][0] <= now:
            year.stand(now, *standing.pop(0))
        if not before < now < after:
            year.read(now, register)
        if now >= (out[-1] + 2) * HALF_HOUR and not filled:
            filled = True
            by_time = dict(readings)
            for half_hour in reversed(out):
                year.meter.past(half_hour, by_time[(half_hour + 1) * HALF_HOUR] - by_time[half_hour * HALF_HOUR])
    assert told == len(prices) and filled
    return year, readings, out


@pytest.fixture(scope="module")
def lived():
    """A year of electricity, the Bill of it, and what its slots must hold."""
    year, readings, out = electricity()
    rates = [(start, Fraction(price * UNIT)) for start, _, price, _ in economy_7()]
    bill = Bill(rates, lambda day: [charge for start, charge in STANDING if start <= day][-1] * SLOT)
    return year, bill, *bill.slots(readings, out), out


def test_every_half_hour_of_a_year_of_economy_7_costs_what_it_costs(lived):
    year, _, slots, _, _, _ = lived
    assert year.recorded() == slots and len(slots) == 365 * 48
    assert counts(year.home.refused) == {}


def test_every_day_week_and_month_of_the_year_is_the_sum_of_what_it_costs(lived):
    year, _, slots, _, _, _ = lived
    for of, begins in ((year.periods.day, days()), (year.periods.week, weeks()), (year.periods.month, months())):
        for begin, end in pairwise(begins):
            wanted = [slots[half_hour] for half_hour in range(begin // HALF_HOUR, end // HALF_HOUR)]
            start, since, total, known, expected, _ = of(year.series, end, 1)
            assert (start, since) == (begin, begin), date(begin)
            assert (total, known, expected) == (sum(wanted), len(wanted), len(wanted)), date(begin)
            assert of(year.series, end - 1)[2] == sum(wanted[:-1])  # the last half-hour is in progress


def test_nothing_of_the_year_s_money_is_lost_between_half_hours(lived):
    year, _, slots, live, carried, out = lived
    recorded = sum(year.recorder.live.values())
    assert sorted(year.recorder.live) == sorted(set(slots) - set(out))
    assert recorded * SLOT + year.meter.cost._carry + year.meter.cost._open == live
    assert year.meter.cost._carry == carried and year.meter.cost.running == 0


def test_an_outage_is_read_back_and_costs_what_it_cost_when_it_was_used(lived):
    year, bill, slots, _, _, out = lived
    start, end = out[0] * HALF_HOUR, (out[-1] + 1) * HALF_HOUR
    moments = (start, utc(2026, 11, 13, 0, 30), end)
    assert start < moments[1] < end and len({bill.rate(moment) for moment in (start, moments[1])}) == 2
    assert bill.charged(utc(2026, 11, 13) // HALF_HOUR) == STANDING[-1][1] * SLOT
    answer = year.periods.between(year.series, END, start, end)
    assert answer[2:] == (sum(slots[each] for each in out), len(out), len(out), BACK_FILLED)


def test_each_day_bears_one_standing_charge_also_with_23_and_25_hours(lived):
    _, bill, slots, _, _, _ = lived
    lengths = []
    for begin, end in pairwise(days()):
        half_hours = range(begin // HALF_HOUR, end // HALF_HOUR)
        lengths.append(len(half_hours))
        assert [each for each in half_hours if bill.charged(each)] == [half_hours[0]]
        assert slots[half_hours[0]] >= (54_794 if begin < STANDING[1][0] else 61_233)
        assert max(slots[each] for each in half_hours[1:]) < 54_794
    assert (lengths.count(46), lengths.count(48), lengths.count(50)) == (1, 363, 1)


def test_a_rewind_begins_the_year_s_fraction_anew(lived):
    year, _, _, _, carried, _ = lived
    assert carried and year.meter.cost.holds(END - 40 * 86400)
    year.meter.forget(0, END - 86400, BOTH)
    assert year.meter.cost._carry == year.meter.cost._rest == 0
    assert not year.meter.holds(0, END - 86400, BOTH)


def gas():
    """(Year that was lived, its readings, what a litre costs)."""
    year = Year("gas")
    year.meter.account.volume = False
    year.publish(BEGIN, FACTOR, "IIIB", 1, BEGIN, 102_264, 0x50)
    year.publish(BEGIN, CALORIFIC, "IIIBB", 1, BEGIN, 395, 1, 0x10)
    year.stand(BEGIN, *STANDING[0])
    fields = 0, b"", 5, BEGIN, 0, 826, 0x51, 0x20, 0, FOR_EVER, 6_329
    year.publish(BEGIN, PRICE, "IoIIBHBBIHI", *fields)
    readings = registers(7, range(BEGIN, END + 1, HALF_HOUR // 2), 190)
    for now, register in readings:
        year.read(now, register)
    litre = Fraction(102_264, 100_000) * Fraction(395, 10) / Fraction(36, 10)
    return year, readings, litre * 6_329 * UNIT


def test_a_year_of_gas_costs_what_its_litres_heat_and_no_fraction_is_lost():
    year, readings, litre = gas()
    bill = Bill([(0, litre)], lambda day: STANDING[0][1] * SLOT)
    slots, live, carried = bill.slots(readings)
    assert year.recorded() == slots and len(slots) == 365 * 48
    cost = year.meter.cost
    exact = sum(slots.values()) * SLOT + cost._carry + Fraction(cost._rest, cost._denominator)
    assert exact == live and carried == cost._carry + Fraction(cost._rest, cost._denominator)
    assert carried.denominator > 1  # it is not whole: the remainder is put to the test


def test_between_two_readings_energy_is_split_evenly_at_the_switch():
    year = Year("electricity")
    year.price(BEGIN, BEGIN, 21, CHEAP, 5)
    year.price(BEGIN, BEGIN + 21 * 60, FOR_EVER, DEAR, 5)
    for now, register in ((0, 1000), (1200, 1400), (1500, 1507), (1800, 1600)):
        year.read(BEGIN + now, register)
    cheap = 400 + 107 * 60 // 300
    assert year.recorder.live == {BEGIN // HALF_HOUR: (cheap * CHEAP + (600 - cheap) * DEAR) * UNIT // SLOT}


def test_the_hand_s_calendar_knows_both_changes_of_the_clock():
    assert utc(2026, 3, 29, 0, 30) + 90 * 60 == utc(2026, 3, 29, 3, 0)
    assert utc(2026, 10, 25, 1, 30, fold=1) - utc(2026, 10, 25, 1, 30) == 3600
    assert cost_by_hand.ahead(utc(2026, 7, 1)) == 3600 and date(days()[200]).hour == 0
