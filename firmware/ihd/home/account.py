"""What one meter's supplier and its payment say: prices, standing charge, credit, messages; in RAM only.

Money is in 1e-8 GBP. A value has a key, its cluster << 16 | its attribute, as in zcl.clusters.
"""

from micropython import const

from ihd import on_demand

_ENTERING = "ihd.home.entering"
_MORE_PLACES = (100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1)  # to eight behind the point

_STANDING_CHARGE = const(0x07000301)
_CONVERSION_FACTOR = const(0x07000302)
_CALORIFIC_VALUE = const(0x07000304)
_CALORIFIC_VALUE_UNIT = const(0x07000305)
_TARIFF_CURRENCY = const(0x07000616)
_TRAILING_DIGIT = const(0x07000617)
_PAYMENT_CONTROL = const(0x07050000)
_PREPAYMENT = const(0x0002)
_POUNDS = const(826)
_MEGAJOULES = const(1)
A_TIME = const(0x10000000)  # Zigbee UTC of 2008: in GB a message's id is the time of its issue


class Account:
    """Owned by its Meter, which forgets with it; home.services asks for what it holds, home.publications hears it.

    values: {key: (value, Zigbee UTC at which it was told)}. lacking: keys that the meter does not support. places:
    {cluster: endpoint that serves it, 0 for none}. prices: (start, end or None, price in 1e-8 GBP a kWh, or a cubic
    metre with `volume`, label, issuer event id, told), by start. messages: (id, control, start, end or None, text,
    told), the newest first. confirm: id and control of a message that the occupant confirmed, or None. hour, minute:
    ticks at which everything, and what changes often, is asked again; None: at once. Times are Zigbee UTC.
    """

    floor = 0  # Zigbee UTC; messages from before it are another's
    hour = minute = confirm = None
    unread = None  # id of the last message that came, until it was looked at
    volume = False  # whether prices are of cubic metres

    def __init__(self):
        self.lacking = set()
        self.places = {}
        self.clear()

    def clear(self):
        """Know nothing of the supplier; it is asked for again."""
        self.values = {}
        self.prices = []
        self.messages = []
        self.unread = self.confirm = self.hour = self.minute = None

    def joined(self):
        """The meter may be another one by now: look at everything anew."""
        self.lacking = set()
        self.places = {}
        self.hour = self.minute = None

    def value(self, key):
        """The value of `key`, None when it is not known."""
        return self.values.get(key, (None,))[0]

    def put(self, key, value, at):
        """`key` has this value, None where there is none, as told at `at`."""
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value, at

    @property
    def standing(self):
        """The standing charge of a day in 1e-8 GBP; None when it is not known, or in no money that is known."""
        charge = self.value(_STANDING_CHARGE)
        if charge is None or self.value(_TARIFF_CURRENCY) not in (None, _POUNDS):
            return None
        return money(charge, self.value(_TRAILING_DIGIT))

    @property
    def prepaid(self):
        """Whether energy is paid for before it is used; None when that is not known."""
        mode = self.value(_PAYMENT_CONTROL)
        return None if mode is None else bool(mode & _PREPAYMENT)

    def watt_hours(self):
        """(numerator, denominator) of what a litre of gas is in Wh; None when factor or calorific value is not known.

        kWh = cubic metres x conversion factor x calorific value / 3.6.
        """
        factor, value = self.value(_CONVERSION_FACTOR), self.value(_CALORIFIC_VALUE)
        places = (self.value(_CONVERSION_FACTOR + 1), self.value(_CALORIFIC_VALUE + 2))
        if not factor or not value or None in places or self.value(_CALORIFIC_VALUE_UNIT) != _MEGAJOULES:
            return None
        return factor * value * 10, 36 * 10 ** ((places[0] >> 4) + (places[1] >> 4))

    def priced(self, gas):
        """Whether what is used has a price. gas: in litres, else in Wh."""
        return bool(self.prices) and (not gas or self.volume or self.watt_hours() is not None)

    def tell_price(self, start, minutes, price, label, event_id, told):
        """A price that holds from `start` on for `minutes`, 0xFFFF until it is changed."""
        on_demand.load(_ENTERING).enter_price(self, start, minutes, price, label, event_id, told)
        on_demand.drop(_ENTERING)

    def price(self, utc):
        """(the price, whether it is known to hold) at `utc`; None without any.

        The last that began counts. What has ended holds on until another is known, and what is first known held before,
        but neither for certain.
        """
        found = self.prices[0] if self.prices else None
        sure = False
        for each in self.prices:
            if each[0] <= utc:
                found, sure = each, each[1] is None or utc < each[1]
        return found and (found, sure)

    def next_price(self, utc):
        """The first price that begins after `utc`, None when none is known."""
        for each in self.prices:
            if each[0] > utc:
                return each
        return None

    def changes(self, start, end):
        """When prices change between `start` and `end`, in order."""
        found = []
        for each in self.prices:
            for moment in each[:2]:
                if moment is not None and start < moment < end:
                    found.append(moment)
        found.sort()
        return found

    def message(self, utc):
        """The newest message whose time it is at `utc`, None without one; those that have had it are dropped."""
        self.messages = [each for each in self.messages if each[3] is None or utc < each[3]]
        for each in self.messages:
            if each[2] <= utc:
                return each
        return None

    def show(self, message):
        """Keep `message`, in place of one with the same id."""
        on_demand.load(_ENTERING).enter_message(self, message)
        on_demand.drop(_ENTERING)

    def forget(self, before):
        """Forget what was told before Zigbee UTC `before`; it is asked for again."""
        self.values = {key: held for key, held in self.values.items() if not _old(held[1], before)}
        self.prices = [each for each in self.prices if not _old(each[5], before)]
        self.messages = [each for each in self.messages if not _old(_issued(each), before)]
        self.unread = self.unread if self.messages else None
        self.confirm = self.hour = self.minute = None
        self.floor = max(self.floor, before)

    def holds(self, before):
        """Whether anything that was told before Zigbee UTC `before` is still there."""
        told = [held[1] for held in self.values.values()]
        told += [each[5] for each in self.prices] + [_issued(each) for each in self.messages]
        return any(_old(at, before) for at in told)


def money(amount, trailing_digit):
    """`amount` in 1e-8 GBP; trailing_digit: bits 4-7 are its digits behind the point. None for more than eight."""
    places = (trailing_digit or 0) >> 4
    return amount * _MORE_PLACES[places] if places < len(_MORE_PLACES) else None


def _issued(message):
    """Zigbee UTC at which a message was issued, as far as that is known: never after it was told; None, not at all."""
    number, start, told = message[0], message[2], message[5]
    if told is None:
        return None
    return min(told, start, number if number > A_TIME else told)


def _old(at, before):
    return at is None or at < before
