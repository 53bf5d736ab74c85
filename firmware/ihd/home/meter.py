"""One meter as the home sees it: power, register and half-hours, from attributes.

Energy is in Wh, gas in litres (0.001 m3), power in W. Source: Smart Energy 1.4, D.3.2.2.
"""

from micropython import const

from ihd import wire
from ihd.clock import HALF_HOUR
from ihd.han.directory import ELECTRICITY
from ihd.history.ring import BACK_FILLED
from ihd.home.account import Account
from ihd.home.cost import Cost
from ihd.home.half_hours import HalfHours
from ihd.home.supplier import Supplier
from ihd.tenancy.keepers import CONSUMER, SUPPLIER_DATA
from ihd.tenancy.watch import ASKING
from ihd.zcl import general, schema
from ihd.zcl.clusters import metering

_ELECTRICITY_SLACK_S = const(60)
_COST = const(2)  # of the series of a meter's cost, before its number
_CREDIT_STATUS = const(0x07050003)
_LOW_OR_GONE = const(0x42)
_LARGEST = const(0xFFFFFE)  # what a slot holds
_GAS_SLACK_S = const(900)  # the gas meter wakes every half-hour; its register is as old as that


class Meter:
    """The meter behind `device` (han.directory.Device), and the keeper of what was read from it and of its Supplier.

    home: has clock, refused, history, recorder and guard; fact(meter, what, value, unit) is told of everything learnt,
    link(meter) when the meter falls silent, and when it is heard again.
    """

    def __init__(self, device, home):
        self.device = device
        self.name = device.fuel
        self._home = home
        self._unit = self._multiplier = self._divisor = None
        electricity = device.fuel == ELECTRICITY
        slack_s = _ELECTRICITY_SLACK_S if electricity else _GAS_SLACK_S
        self.half_hours = HalfHours(slack_s, self._known, home.clock.local.day)
        self._wanted_unit = metering.KWH if electricity else metering.CUBIC_METRES
        self.unit = "Wh" if electricity else "l"
        self.supplier = Supplier()
        self.account = Account()
        self.cost = Cost(not electricity)
        self.watts = None  # now; negative when the home exports; None when not known
        self.ambient = None  # what the meter itself calls that: 0 low, 1 medium, 2 high; None when not known
        self.register = None  # Wh or litres, None when not known
        self.read_at = None  # Zigbee UTC of the register
        self.heard = None  # Zigbee UTC of the last frame

    @property
    def lost(self):
        """Whether the meter does not answer."""
        return self.device.lost

    @property
    def today(self):
        """Wh or litres since `today_since`; None when not known."""
        return self.half_hours.today()

    @property
    def today_since(self):
        """Zigbee UTC from which `today` counts: local midnight, or later when the day was not seen to begin."""
        return self.half_hours.day_since

    @property
    def spending(self):
        """What the power in use costs, in 1e-5 GBP an hour; None when power or price is not known, or none is used."""
        held = self.account.price(self.heard) if self.heard is not None else None
        return None if held is None or self.watts is None or self.watts < 0 else self.watts * held[0][2] // 1000000

    def spent(self, utc):
        """1e-5 GBP since the local day of Zigbee UTC `utc` began, as far as known; None when nothing is."""
        if not self.account.priced(self.unit != "Wh"):
            return None
        spent = self.cost.running
        start = self._home.clock.local.day(utc)[0] // HALF_HOUR
        try:
            for value in self._home.history.read(self.device.number + _COST, start, utc // HALF_HOUR):
                spent += value or 0
        except OSError:
            return None  # the flash cannot be read now
        return spent

    @property
    def level(self):
        """0 low, 1 medium, 2 high: how much the power in use is; None when nobody says."""
        if self.supplier.thresholds is None or self.watts is None:
            return self.ambient
        low_medium, medium_high = self.supplier.thresholds
        return (self.watts >= low_medium) + (self.watts >= medium_high)

    @property
    def unread(self):
        """Whether there is a message, its time has come, and it was not looked at."""
        message = None if self.heard is None else self.account.message(self.heard)
        return message is not None and message[0] == self.account.unread

    @property
    def gate(self):
        """Why nothing remembered of this meter may be shown, None when it may."""
        watch = self._home.guard.watches.get(self.device.number)
        return watch.closed if watch else ASKING

    @property
    def cannot_tell(self):
        """Whether the meter cannot tell of a change of tenancy."""
        watch = self._home.guard.watches.get(self.device.number)
        return bool(watch and watch.cannot_tell)

    @property
    def low_credit(self):
        """Whether the meter is paid before its energy is used, and says that credit is low or gone."""
        return bool(self.account.prepaid and (self.account.value(_CREDIT_STATUS) or 0) & _LOW_OR_GONE)

    def used(self, start, end):
        """Wh or litres in each half-hour from `start` to before `end`, None for a gap."""
        return self._home.history.read(self.device.number, start, end)

    def record(self, half_hour, value, marks=0):
        """Have a complete half-hour written; as history.ring.Ring.append."""
        self._home.recorder.take(self.device.number, half_hour, value, marks)

    def past(self, half_hour, used):
        """Have a half-hour of the meter's own log written, and what it cost as far as rates are known."""
        if used > _LARGEST:
            self._home.refused.count("value")
            return
        self.record(half_hour, used, BACK_FILLED)
        try:
            cost = self.cost.once(self.account, half_hour, used, self._begins_day(half_hour))
        except ValueError:
            self._home.refused.count("value")
            return
        if cost:
            self._home.recorder.take(self.device.number + _COST, half_hour, cost[0], cost[1] | BACK_FILLED)

    def told(self, key, value, utc):
        """The meter says, at Zigbee UTC `utc`, that `key` (home.account.Account) has this value; None: it has none."""
        changed = value != self.account.value(key)
        self.account.put(key, value, utc)
        if changed:
            self._home.fact(self, "%08x" % key, wire.printable(value) if isinstance(value, bytes) else value, "")

    def set_back(self):
        """The clock was ahead: what it dated counts no more."""
        self.half_hours.clear()
        self.cost.clear()
        self.account.clear()
        self.supplier.set_back()
        self.read_at = None

    def forget(self, meter, before, scope):
        """See tenancy.keepers."""
        if meter == self.device.number and scope & CONSUMER:
            self.cost.forget(before, self.half_hours.current)
            self.half_hours.forget(before)
            if self.read_at is None or self.read_at < before:
                self.register = self.read_at = self.watts = self.ambient = None
        if meter == self.device.number and scope & SUPPLIER_DATA:
            self.supplier.forget(before)
            self.account.forget(before)
        return False

    def holds(self, meter, before, scope):
        """See tenancy.keepers."""
        if meter != self.device.number:
            return False
        if scope & SUPPLIER_DATA and (self.supplier.holds(before) or self.account.holds(before)):
            return True
        read = self.register is not None and (self.read_at is None or self.read_at < before)
        return bool(scope & CONSUMER) and (read or self.half_hours.holds(before) or self.cost.holds(before))

    def _known(self, half_hour):
        try:
            for value in self.used(half_hour, half_hour + 1):
                return value
        except OSError:
            return None  # as good as a gap

    def scaled(self):
        """Whether unit, multiplier and divisor are known and make sense: no value is taken before."""
        return self._unit == self._wanted_unit and bool(self._multiplier) and bool(self._divisor)

    def silent(self):
        """The meter does not answer: what it said of this moment is no longer true."""
        self.watts = self.ambient = None
        if not self.device.lost:
            self.device.lost = True
            self._home.link(self)

    def answers(self, now):
        """Something was heard from the meter at ticks `now`."""
        self.heard = self._home.clock.utc(now)
        if self.device.lost:
            self.device.lost = False
            self._home.link(self)

    def attributes(self, payload, with_status, now):
        """Take the attribute records in `payload`, of the Metering cluster, at ticks `now`. Raises wire.Malformed."""
        self.answers(now)
        at = 0
        while at < len(payload):
            attribute, _, kind, value, at = general.record(payload, at, with_status)
            if kind is None:
                if attribute == metering.INSTANTANEOUS_DEMAND:
                    self.watts = None
                continue
            right = schema.has_type(metering.TYPES, attribute, kind)
            if right:
                self._attribute(attribute, value)
            elif right is False:
                self._home.refused.count("attribute_type")

    def _attribute(self, attribute, value):
        if attribute == metering.INSTANTANEOUS_DEMAND:
            if self._wanted_unit == metering.KWH:  # a gas meter's demand is no power
                self.watts = self.scale(value)
                self._home.fact(self, "power", self.watts, "W")
        elif attribute == metering.CURRENT_SUMMATION_DELIVERED:
            value = self.scale(value)
            if value is not None:
                self._summation(value)
        elif attribute == metering.AMBIENT_CONSUMPTION_INDICATOR:
            self.ambient = value if value is not None and value <= 2 else None
        elif attribute == metering.UNIT_OF_MEASURE:
            self._unit = value
            if value != self._wanted_unit:
                self._home.refused.count("value")
        elif attribute == metering.MULTIPLIER:
            self._multiplier = value
        elif attribute == metering.DIVISOR:
            self._divisor = value

    def _summation(self, register):
        if self.heard is None:
            self._read(register)
            return
        before = self.half_hours.current
        closed = None
        try:
            closed = self.half_hours.reading(self.heard, register)
            self.cost.reading(self.account, self.heard, register)
        except ValueError:
            self._home.refused.count("value")
        if not self.half_hours.odd:
            self._read(register)
        if closed:
            half_hour, used = closed
            self.record(half_hour, used)
            self._home.fact(self, "half_hour", used, self.unit)
            self._close_cost(half_hour)
        elif before != self.half_hours.current:
            self.cost.drop()

    def _read(self, register):
        self.register = register
        self.read_at = self.heard
        self._home.fact(self, "summation", register, self.unit)

    def _close_cost(self, half_hour):
        try:
            cost = self.cost.close(self.account, self._begins_day(half_hour))
        except ValueError:
            self._home.refused.count("value")
            return
        if cost:
            self._home.recorder.take(self.device.number + _COST, half_hour, cost[0], cost[1])
            self._home.fact(self, "cost", cost[0], "1e-5 GBP")

    def _begins_day(self, half_hour):
        """Whether it is the first half-hour of a local day, which bears the standing charge."""
        return self._home.clock.local.day(half_hour * HALF_HOUR)[0] == half_hour * HALF_HOUR

    def scale(self, raw):
        """A raw value in thousandths of the meter's unit, towards zero; None for the non-value or without a scale."""
        if raw is None or not self.scaled():
            return None
        if self._multiplier * 1000 == self._divisor:
            return raw  # the usual scale, without a product beyond 30 bits, which would cost 96 octets of heap
        value = raw * self._multiplier * 1000
        return value // self._divisor if value >= 0 else -(-value // self._divisor)
