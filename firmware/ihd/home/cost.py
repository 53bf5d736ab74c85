"""What energy costs, at the rate in force when it was used: exact to 1e-11 GBP, and no fraction is lost.

Source: Smart Energy 1.4, D.4; GB's prices are in 1e-5 GBP a kWh, so that a Wh costs whole 1e-8 GBP.
"""

from micropython import const

from ihd.clock import HALF_HOUR
from ihd.history.ring import ESTIMATED

_UNIT = const(1000000)  # 1e-11 GBP in the 1e-5 GBP of a slot
_LARGEST = const(0xFFFFFE)


class Cost:
    """The cost of the half-hour in progress, in 1e-11 GBP, and the fraction that earlier ones left.

    gas: whether registers are in litres; else Wh.
    """

    def __init__(self, gas):
        self._gas = gas
        self.clear()

    def clear(self):
        """Know nothing."""
        self._at = None  # Zigbee UTC of the last reading that was charged for ...
        self._register = 0  # ... and its register
        self._seen = None  # (Zigbee UTC, register) of the last reading, while what was used since _at has no rate yet
        self._open = 0
        self._sure = True  # whether every rate was known to hold
        self._carry = 0  # below 1e-5 GBP ...
        self._rest = 0  # ... and below 1e-11 GBP, as a numerator of _denominator
        self._denominator = 1
        self._since = None  # Zigbee UTC from which the fraction comes

    def reading(self, account, utc, register):
        """The register read `register` at Zigbee UTC `utc`: charge what was used since the reading before."""
        at, before = self._at, self._register
        if at is not None and before < register <= before + _LARGEST:  # one that jumps is no use
            if not account.priced(self._gas):
                self._seen = utc, register
                return
            used = register - before
            done = 0
            start = at
            for change in account.changes(at, utc) + [utc]:
                part = used * (change - at) // (utc - at) if change < utc else used
                self._open += self._charged(account, part - done, start)
                done = part
                start = change
        elif self._since is None:
            self._since = utc
        self._at = utc
        self._register = register
        self._seen = None

    def close(self, account, standing):
        """The half-hour is over: (its cost in 1e-5 GBP, marks), or None when a rate was not known. Begins the next.

        standing: whether it is the first of its day, to which the standing charge is added. Raises ValueError for a
        cost that no slot holds.
        """
        known = self._seen is None and account.priced(self._gas)
        total = self._open + self._carry
        marks = 0 if self._sure else ESTIMATED
        if standing:
            charge = account.standing
            if charge is None:
                marks = ESTIMATED
            else:
                total += charge * 1000
        self.drop()
        if not known:
            return None
        if total // _UNIT > _LARGEST:
            raise ValueError
        self._carry = total % _UNIT
        return total // _UNIT, marks

    def drop(self):
        """Begin the next half-hour; what was charged in this one is not kept."""
        self._open = 0
        self._sure = True
        if self._seen:
            self._at, self._register = self._seen
            self._seen = None

    @property
    def running(self):
        """1e-5 GBP of the half-hour in progress, so far."""
        return (self._open + self._carry) // _UNIT

    def once(self, account, half_hour, used, standing):
        """(cost in 1e-5 GBP, marks) of a past half-hour in which `used` Wh or litres were used; None without a rate.

        Charged evenly over its time. standing: as in close(). Raises ValueError.
        """
        one = Cost(self._gas)
        one.reading(account, half_hour * HALF_HOUR, 0)
        one.reading(account, (half_hour + 1) * HALF_HOUR, used)
        return one.close(account, standing)

    def forget(self, before, current):
        """Forget what was charged before Zigbee UTC `before`. current: the half-hour in progress, None for none."""
        if self._at is None or self._at < before or current is None or current * HALF_HOUR < before:
            self.clear()
        else:
            self._carry = self._rest = 0
            self._since = before

    def holds(self, before):
        """Whether anything of before Zigbee UTC `before` is in it."""
        return self._since is not None and self._since < before

    def _charged(self, account, used, at):
        """The cost of `used` from Zigbee UTC `at` on, in 1e-11 GBP."""
        price, sure = account.price(at)
        self._sure = self._sure and sure
        if not self._gas or account.volume:
            return used * price[2]
        numerator, denominator = account.watt_hours()
        if denominator != self._denominator:
            self._denominator = denominator
            self._rest = 0
        total = used * price[2] * numerator + self._rest
        self._rest = total % denominator
        return total // denominator
