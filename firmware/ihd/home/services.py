"""Asks one meter for what changes seldom: prices, credit, messages, names and numbers; loaded when it is asked.

Source: Smart Energy 1.4, D.4 (Price), D.5 (Messaging), D.7 (Prepayment), D.11 (Device Management). What a meter says it
does not support is asked again only after it was joined again.
"""

from micropython import const

from ihd import wire
from ihd.clock import ticks_add, ticks_diff
from ihd.han import zdo
from ihd.han.directory import ELECTRICITY
from ihd.han.exchange import OWN, Request
from ihd.home.reading import read
from ihd.radio import UNKNOWN_SHORT
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management, messaging, metering, prepayment, price

# what goes out of memory together
WITH = ("ihd.home.services", "ihd.home.reading", "ihd.zcl.clusters.device_management") + (
    "ihd.zcl.clusters.price",
    "ihd.zcl.clusters.prepayment",
    "ihd.zcl.clusters.messaging",
)

_HOUR_MS = const(3540000)  # a minute less, as gas is asked each half-hour, and a little sooner or later
_MINUTE_MS = const(60000)
_AT_A_TIME = const(6)  # attributes of which the answer fits a frame
_CURRENT = const(0x01)  # option of GetCurrentPrice: our receiver is on when idle
_SCHEDULED = const(2)  # prices asked for ahead
_FAST_S = const(10)  # the most often that we ask, for as long as may be asked for
_FAST_MINUTES = const(15)

_SLOW = (metering.SITE_ID, metering.CUSTOMER_ID_NUMBER)
_FAST = (metering.SUPPLY_STATUS, metering.CURRENT_SUMMATION_RECEIVED)
_SUPPLIER = (device_management.PROVIDER_NAME, device_management.PROVIDER_CONTACT_DETAILS)
_PRICE = (price.TARIFF_PRICE_TRAILING_DIGIT, price.TARIFF_CURRENCY, price.STANDING_CHARGE_ATTRIBUTE)
_GAS = (
    price.CONVERSION_FACTOR_ATTRIBUTE,
    price.CONVERSION_FACTOR_TRAILING_DIGIT,
    price.CALORIFIC_VALUE_ATTRIBUTE,
    price.CALORIFIC_VALUE_UNIT,
    price.CALORIFIC_VALUE_TRAILING_DIGIT,
)
_COST = (
    prepayment.CURRENCY_SCALING_FACTOR,
    prepayment.CURRENCY,
    prepayment.CURRENT_DAY_COST_DELIVERED,
    prepayment.PAYMENT_CONTROL_CONFIGURATION,
)
_CREDIT = (
    prepayment.CREDIT_REMAINING,
    prepayment.EMERGENCY_CREDIT_REMAINING,
    prepayment.CREDIT_STATUS,
    prepayment.ACCUMULATED_DEBT,
)
_DEBTS = (
    prepayment.EMERGENCY_CREDIT_LIMIT,
    prepayment.EMERGENCY_CREDIT_THRESHOLD,
    prepayment.LOW_CREDIT_WARNING,
    prepayment.DEBT_AMOUNT_1,
    prepayment.DEBT_RECOVERY_FREQUENCY_1,
    prepayment.DEBT_RECOVERY_AMOUNT_1,
    prepayment.DEBT_AMOUNT_2,
    prepayment.DEBT_RECOVERY_FREQUENCY_2,
    prepayment.DEBT_RECOVERY_AMOUNT_2,
    prepayment.DEBT_AMOUNT_3,
    prepayment.DEBT_RECOVERY_TOP_UP_PERCENTAGE_3,
)


def ask(meter, home, dialogue):
    """A part of the script of `dialogue`: what is due of `meter` (home.meter.Meter).

    home: has exchange, refused and clock. Ends early when the meter falls silent, and goes on at the next minute.
    """
    account = meter.account
    begun = dialogue.now
    hour = account.hour is None or ticks_diff(begun, account.hour) >= 0
    account.minute = ticks_add(begun, _MINUTE_MS)
    rounds = _Rounds(meter, home, dialogue)
    if (yield from rounds.often()) and hour and (yield from rounds.seldom()):
        account.hour = ticks_add(begun, _HOUR_MS)


class _Rounds:
    """Both rounds over the clusters of one meter. Each part tells whether the meter answered."""

    def __init__(self, meter, home, dialogue):
        self._meter = meter
        self._device = meter.device
        self._account = meter.account
        self._home = home
        self._dialogue = dialogue

    def often(self):
        """What changes from minute to minute, and what the occupant said."""
        utc = self._home.clock.utc(self._dialogue.now)
        account = self._account
        answered = yield from self._attributes(metering, _FAST)
        if answered and account.prepaid:
            answered = yield from self._attributes(prepayment, _CREDIT)
        ended = utc is not None and bool(account.prices) and not account.price(utc)[1]
        if answered and ended:
            answered = yield from self._command(price.CLUSTER, price.GET_CURRENT_PRICE, bytes((_CURRENT,)))
        if answered and account.confirm and utc is not None:
            confirmed = account.confirm
            payload = schema.write(messaging.CONFIRMATION, confirmed[0], utc)
            if confirmed[1] & messaging.ENHANCED_CONFIRMATION:
                payload += b"\1\0"  # yes, and no text
            answered = yield from self._command(messaging.CLUSTER, messaging.MESSAGE_CONFIRMATION, payload)
            if answered and account.confirm == confirmed:
                account.confirm = None
        return answered

    def seldom(self):
        """Everything else."""
        electricity = self._device.fuel == ELECTRICITY
        for cluster, wanted in (
            (metering, _SLOW),
            (device_management, _SUPPLIER),
            (price, _PRICE if electricity else _PRICE + _GAS),
            (prepayment, _COST),
        ):
            if not (yield from self._attributes(cluster, wanted)):
                return False
        if self._account.prepaid and not (yield from self._attributes(prepayment, _CREDIT + _DEBTS)):
            return False
        commands = [
            (price, price.GET_CURRENT_PRICE, bytes((_CURRENT,))),
            (price, price.GET_SCHEDULED_PRICES, schema.write(price.SCHEDULED_PRICES, 0, _SCHEDULED)),
            (messaging, messaging.GET_LAST_MESSAGE, b""),
        ]
        if not self._has(price, price.STANDING_CHARGE_ATTRIBUTE):
            fields = schema.write(price.TARIFFS, 0, 0, 1, 0)
            commands.append((price, price.GET_TARIFF_INFORMATION, fields))
        if not electricity and self._account.watt_hours() is None:
            fields = schema.write(price.FACTORS, 0, 0, 1)
            commands.append((price, price.GET_CONVERSION_FACTOR, fields))
            commands.append((price, price.GET_CALORIFIC_VALUE, fields))
        if not self._has(metering, metering.SITE_ID):
            commands.append((device_management, device_management.GET_SITE_ID, b""))
        if not self._has(metering, metering.CUSTOMER_ID_NUMBER):
            commands.append((device_management, device_management.GET_CIN, b""))
        if electricity:
            fields = schema.write(metering.FAST_POLL_FORM, _FAST_S, _FAST_MINUTES)
            commands.append((metering, metering.REQUEST_FAST_POLL_MODE, fields))
        for cluster, command, payload in commands:
            if not (yield from self._command(cluster.CLUSTER, command, payload)):
                return False
        return True

    def _has(self, cluster, attribute):
        return self._account.value(cluster.CLUSTER << 16 | attribute) is not None

    def _attributes(self, module, wanted):
        """Ask for those of `wanted` that the meter may have, and keep what it says."""
        account, cluster = self._account, module.CLUSTER
        endpoint = yield from self._place(cluster)
        wanted = [each for each in wanted if cluster << 16 | each not in account.lacking]
        if endpoint is None:
            return False
        while endpoint and wanted:
            some, wanted = tuple(wanted[:_AT_A_TIME]), wanted[_AT_A_TIME:]
            found = yield from read(self._home, self._device, endpoint, cluster, module.TYPES, some)
            if found is None:
                return False
            told = self._home.clock.utc(self._dialogue.now)
            for n, attribute in enumerate(some):
                self._meter.told(cluster << 16 | attribute, found[0][n], told)
            account.lacking.update([cluster << 16 | each for each in found[1]])
        return True

    def _command(self, cluster, command, payload):
        """Send a command, whose answer home.publications hears; not again to a meter that does not support it."""
        key = cluster << 16 | 0xFF00 | command
        endpoint = yield from self._place(cluster)
        if endpoint is None:
            return False
        if not endpoint or key in self._account.lacking:
            return True
        payload = frame.write(frame.CLUSTER_SPECIFIC, self._home.exchange.next_sequence(), command, payload)
        device = self._device
        answer = OWN | _answer_to(cluster, command)
        answer = yield Request(device.address, device.short, endpoint, cluster, zdo.SMART_ENERGY, payload, answer)
        if answer is None:
            return False
        if answer[0] == general.DEFAULT_RESPONSE and len(answer[1]) > 1 and answer[1][1] in general.UNSUPPORTED:
            self._account.lacking.add(key)
        return True

    def _place(self, cluster):
        """The endpoint that serves `cluster`, 0 when none does, None without an answer."""
        device = self._device
        if cluster == metering.CLUSTER:
            return device.metering
        if cluster == device_management.CLUSTER:
            return device.management
        places = self._account.places
        if cluster not in places:
            if device.short == UNKNOWN_SHORT:
                return None
            payload = bytes((self._home.exchange.next_sequence(),)) + zdo.match_request(device.short, cluster)
            answer = yield Request(device.address, device.short, 0, zdo.MATCH_DESC_REQ, zdo.PROFILE, payload)
            if answer is None:
                return None
            try:
                status, _, endpoints = schema.read(zdo.MATCHES, answer[1])
            except wire.Malformed:
                self._home.refused.count("malformed")
                return None
            if status != zdo.SUCCESS:
                return None
            places[cluster] = endpoints[0] if endpoints else 0
        return places[cluster]


def _answer_to(cluster, command):
    """The server's command that answers a command of ours. A confirmation is answered by a Default Response alone."""
    if cluster == device_management.CLUSTER:
        site = command == device_management.GET_SITE_ID
        return device_management.UPDATE_SITE_ID if site else device_management.UPDATE_CIN
    if cluster == price.CLUSTER:
        if command == price.GET_TARIFF_INFORMATION:
            return price.PUBLISH_TARIFF_INFORMATION
        if command >= price.GET_CONVERSION_FACTOR:
            return command - 2  # PublishConversionFactor, PublishCalorificValue
        return price.PUBLISH_PRICE
    return metering.FAST_POLL_MODE if cluster == metering.CLUSTER else messaging.DISPLAY_MESSAGE
