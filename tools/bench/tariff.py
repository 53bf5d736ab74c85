"""What energy costs and when: prices in force from moments on, one for the whole day or one for each of its windows.

Money is an integer of 10^-trailing pounds, in Great Britain 1e-5; a price is of one kWh.
"""

import bisect
import dataclasses
import itertools

from tools.bench.british_time import SUMMER_SHIFT_S, local_time, summer
from tools.bench.load import DAY

POUNDS = 826
KWH = 0x00
TRAILING = 5
HALF_A_YEAR = 182 * DAY


@dataclasses.dataclass(frozen=True)
class Windows:
    """A price for each part of the day, as in Economy 7.

    parts: ((second of the day from which it is in force, price), ...) in order; before the first one of a day the last
    one of the day before is in force. local: the seconds are those of the wall clock, not of UTC.
    """

    parts: tuple
    local: bool = True

    def index(self, utc):
        """Which of `parts` is in force."""
        second = (local_time(utc) if self.local else utc) % DAY
        return (bisect.bisect_right([begin for begin, _ in self.parts], second) - 1) % len(self.parts)

    def moments(self, start, end):
        """Zigbee UTC of whatever may be a switch in start <= utc < end, in order."""
        shifts = (0, SUMMER_SHIFT_S) if self.local else (0,)
        days = range(start // DAY - 1, end // DAY + 2)
        found = {day * DAY + begin - shift for day in days for begin, _ in self.parts for shift in shifts}
        if self.local:
            found.update(utc for moment in (*range(start, end, HALF_A_YEAR), end) for utc in summer(moment))
        return sorted(utc for utc in found if start <= utc < end)


@dataclasses.dataclass(frozen=True)
class Rate:
    """In force from `start` on. price: an integer or Windows. event: issuer event id, Zigbee UTC of its issue in GB."""

    start: int
    price: int | Windows
    event: int

    @property
    def prices(self):
        """The different prices in the order of the day; the number of one, from 1, is its tier."""
        if isinstance(self.price, Windows):
            return list(dict.fromkeys(price for _, price in self.price.parts))
        return [self.price]

    @property
    def tiers(self):
        return len(self.prices)


@dataclasses.dataclass(frozen=True)
class Conversion:
    """From cubic metres of gas to kWh: factor and calorific value (MJ/m3) with the digits right of their points."""

    factor: int = 102_264
    factor_trailing: int = 5
    calorific_value: int = 395
    calorific_trailing: int = 1


@dataclasses.dataclass(frozen=True)
class Published:
    """One price as a meter publishes it: in force from `start` until `end`, or until changed (None)."""

    start: int
    end: int | None
    price: int
    tier: int
    tiers: int
    event: int


class Tariff:
    """rates: [Rate], by their start. standing_charges: [(Zigbee UTC from which, charge a day)]. Both may be empty."""

    def __init__(self, rates=(), standing=None, label="", trailing=TRAILING, conversion=None):
        """rates: [(Zigbee UTC from which, price or Windows)]. standing: the charge a day since ever, or None."""
        self.rates = []
        self.standing_charges = [] if standing is None else [(0, standing)]
        self.label = label
        self.trailing = trailing
        self.conversion = conversion
        for start, price in rates:
            self.charge(start, price, start)

    @property
    def known(self):
        """Whether there is anything to say at all."""
        return bool(self.rates or self.standing_charges)

    def charge(self, start, price, event):
        """From `start` on it is this price (or Windows), until the next one known; the same start is replaced."""
        self.rates = [rate for rate in self.rates if rate.start != start] + [Rate(start, price, event)]
        self.rates.sort(key=lambda rate: rate.start)

    def stand(self, start, charge):
        """From `start` on it is this standing charge."""
        charges = [each for each in self.standing_charges if each[0] != start]
        self.standing_charges = sorted([*charges, (start, charge)])

    def price(self, utc):
        """The price in force, or None."""
        rate = self.rate(utc)
        if rate is None or isinstance(rate.price, int):
            return rate and rate.price
        return rate.price.parts[rate.price.index(utc)][1]

    def standing(self, utc):
        """The standing charge of a day in force, or None."""
        return next((charge for start, charge in reversed(self.standing_charges) if start <= utc), None)

    def rate(self, utc):
        """The Rate in force, or None."""
        return next((rate for rate in reversed(self.rates) if rate.start <= utc), None)

    def changes(self, start, end):
        """[(Zigbee UTC, price)] of each price that comes into force in start <= utc < end."""
        return [(utc, self.price(utc)) for utc in self._switches(start, end)]

    def spans(self, start, end):
        """[(begin, end, price)] that make up start..end; without those in which there is no price."""
        moments = [start, *(utc for utc in self._switches(start, end) if utc > start), end]
        spans = [(begin, end, self.price(begin)) for begin, end in itertools.pairwise(moments)]
        return [span for span in spans if span[2] is not None and span[0] < span[1]]

    def publication(self, utc):
        """What is Published of the price in force at this moment, or None."""
        rate = self.rate(utc)
        if rate is None:
            return None
        before = self._switches(max(rate.start, utc - 2 * DAY), utc + 1)
        later = [each.start for each in self.rates if each.start > utc][:1]
        after = self._switches(utc + 1, utc + 2 * DAY) or later
        price = self.price(utc)
        return Published(
            start=before[-1] if before else rate.start,
            end=after[0] if after else None,
            price=price,
            tier=rate.prices.index(price) + 1,
            tiers=rate.tiers,
            event=rate.event,
        )

    def schedule(self, utc, most):
        """What is Published of the price in force at this moment and of those after it; `most` of them."""
        found = []
        if self.rate(utc) is None:
            utc = next((rate.start for rate in self.rates if rate.start > utc), None)
        while utc is not None and len(found) < most:
            found.append(self.publication(utc))
            utc = found[-1].end
        return found

    def _switches(self, start, end):
        """Zigbee UTC of each beginning of a rate or of a window in start <= utc < end, in order."""
        found = []
        for rate, following in zip(self.rates, [*self.rates[1:], None], strict=True):
            until = end if following is None else min(end, following.start)
            if start <= rate.start < until:
                found.append(rate.start)
            if isinstance(rate.price, Windows):
                moments = rate.price.moments(max(start, rate.start + 1), until)
                found += [utc for utc in moments if rate.price.index(utc) != rate.price.index(utc - 1)]
        return found
