"""Hears what a bound meter publishes of prices, messages and numbers, asked for or not; loaded when it does.

Source: Smart Energy 1.4, D.4 (Price), D.5 (Messaging), D.11 (Device Management).
"""

from micropython import const

from ihd.home.account import A_TIME, money
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management, messaging, metering, price

# what goes out of memory together
WITH = ("ihd.home.publications", "ihd.zcl.clusters.device_management", "ihd.zcl.clusters.price") + (
    "ihd.zcl.clusters.messaging",
)

_INSUFFICIENT_SPACE = const(0x89)  # ZCL statuses
_NOT_FOUND = const(0x8B)
_INVALID_VALUE = const(0x87)
_UNSUP_CLUSTER_COMMAND = const(0x81)
_TEXT = const(200)  # octets kept of a message
_LABEL = const(12)
_SOON_S = const(60)  # two clocks may differ by so much
_NUMBER = const(24)  # octets kept of a site id or customer id number
_CUBIC_METRES = const(0x01)  # UnitOfMeasure
_EXTENDED_TIERS = const(15)


def hear(meter, home, indication, sequence, command, payload, utc, asked=False):
    """What `meter` (home.meter.Meter) published: the ZCL status of our answer, None for none. Raises wire.Malformed.

    asked: whether it answers a question of ours. home: refused, exchange; fact() is told what was learnt. utc: Zigbee
    UTC, None while it is not known.
    """
    cluster = indication.cluster
    if cluster == price.CLUSTER:
        return _price(meter, home, command, payload, utc)
    if cluster == messaging.CLUSTER:
        return _message(meter, home, command, payload, utc, asked)
    return _management(meter, home, indication, sequence, command, payload, utc)


def _price(meter, home, command, payload, utc):
    if command == price.PUBLISH_PRICE:
        return _rate(meter, home, schema.read(price.PRICE, payload), utc)
    if command == price.PUBLISH_CONVERSION_FACTOR:
        _, start, factor, places = schema.read(price.CONVERSION_FACTOR, payload)
        keys = (price.CONVERSION_FACTOR_ATTRIBUTE, price.CONVERSION_FACTOR_TRAILING_DIGIT)
        values = (factor, places)
    elif command == price.PUBLISH_CALORIFIC_VALUE:
        _, start, value, unit, places = schema.read(price.CALORIFIC_VALUE, payload)
        keys = (price.CALORIFIC_VALUE_ATTRIBUTE, price.CALORIFIC_VALUE_UNIT, price.CALORIFIC_VALUE_TRAILING_DIGIT)
        values = (value, unit, places)
    elif command == price.PUBLISH_TARIFF_INFORMATION:
        fields = schema.read(price.TARIFF_INFORMATION, payload)
        start = fields[3]
        keys = (price.TARIFF_CURRENCY, price.TARIFF_PRICE_TRAILING_DIGIT, price.STANDING_CHARGE_ATTRIBUTE)
        values = fields[9:12]
    else:
        home.refused.count("command")
        return _UNSUP_CLUSTER_COMMAND
    if utc is not None and start <= utc + _SOON_S:  # what is to come is read when it has
        for n, attribute in enumerate(keys):
            meter.told(price.CLUSTER << 16 | attribute, None if values[n] == 0xFFFFFFFF else values[n], utc)
    return general.SUCCESS


def _rate(meter, home, fields, utc):
    """A PublishPrice."""
    _, label, event_id, told, unit, currency, tier, _, start, minutes, amount = fields[:11]
    gas = meter.unit != "Wh"
    amount = None if amount == 0xFFFFFFFF else money(amount, tier)
    if utc is None:
        utc = told
    if currency != price.POUNDS or amount is None or unit > (_CUBIC_METRES if gas else 0):
        home.refused.count("value")
        return _INVALID_VALUE
    tier &= 0x0F
    if tier == _EXTENDED_TIERS and fields[22]:
        tier += fields[22]
    if not label:
        label = b"rate %d" % tier if tier else b""
    account = meter.account
    account.volume = unit == _CUBIC_METRES
    account.tell_price(start or utc, minutes, amount, label[:_LABEL], event_id, utc)
    home.fact(meter, "price", amount, "1e-8 GBP/m3" if account.volume else "1e-8 GBP/kWh")
    return general.SUCCESS


def _message(meter, home, command, payload, utc, asked):
    account = meter.account
    if command == messaging.DISPLAY_MESSAGE or command == messaging.DISPLAY_PROTECTED_MESSAGE:
        number, control, start, minutes, text, _ = schema.read(messaging.MESSAGE, payload)
        if not text:
            return general.SUCCESS
        text = text[:_TEXT]
        timed = number > A_TIME
        issued = min(start or number, number) if timed else start or (0 if asked else utc)
        if issued is not None and issued < account.floor:  # also one that is told again, and nobody knows since when
            home.refused.count("before_floor")
            return general.SUCCESS
        start = start or (number if timed else utc or 0)
        for each in account.messages:
            if each[0] == number and each[4] == text and (each[2] == start or asked):
                return general.SUCCESS  # told again: its time goes on, and what was confirmed is
        end = None if minutes == messaging.UNTIL_CHANGED else start + 60 * minutes
        if end is None or utc is None or utc < end:
            account.show((number, control, start, end, text, utc))
            home.fact(meter, "message", number, "id")
        return general.SUCCESS
    if command == messaging.CANCEL_MESSAGE:
        number, _ = schema.read(messaging.CANCELLED, payload)
        kept = [each for each in account.messages if each[0] != number]
        known = len(kept) < len(account.messages)
    elif command == messaging.CANCEL_ALL_MESSAGES:
        (start,) = schema.read(messaging.ALL_CANCELLED, payload)
        kept = []
        known = True
        if utc is not None and start > utc:  # until then they stand
            for each in account.messages:
                end = start if each[3] is None or each[3] > start else each[3]
                kept.append(each[:3] + (end,) + each[4:])
    else:
        home.refused.count("command")
        return _UNSUP_CLUSTER_COMMAND
    account.messages = kept
    home.fact(meter, "message", None, "id")
    return general.SUCCESS if known else _NOT_FOUND


def _management(meter, home, indication, sequence, command, payload, utc):
    if command == device_management.UPDATE_SITE_ID or command == device_management.UPDATE_CIN:
        _, start, _, number = schema.read(device_management.IDENTITY, payload)
        site = command == device_management.UPDATE_SITE_ID
        attribute = metering.SITE_ID if site else metering.CUSTOMER_ID_NUMBER
        if utc is not None and start <= utc + _SOON_S:
            meter.told(metering.CLUSTER << 16 | attribute, number and number[:_NUMBER], utc)
        return general.SUCCESS
    if command == device_management.SET_EVENT_CONFIGURATION:
        _, _, wanted, _ = schema.read(device_management.EVENT_CONFIGURATION, payload)
        return _INSUFFICIENT_SPACE if wanted else general.SUCCESS  # this display logs no events
    if command == device_management.GET_EVENT_CONFIGURATION:
        (event,) = schema.read(device_management.EVENT, payload)
        report = schema.write(device_management.EVENT_CONFIGURATIONS + "HB", 0, 1, event, 0)
        report = frame.write(frame.CLUSTER_SPECIFIC, sequence, device_management.REPORT_EVENT_CONFIGURATION, report)
        home.exchange.send(indication, indication.cluster, report, True)
        return None
    if command == device_management.REQUEST_NEW_PASSWORD_RESPONSE:
        schema.read(device_management.NEW_PASSWORD, payload)
        home.refused.count("unasked")  # this display has no menu that a password opens
        return general.SUCCESS
    home.refused.count("command")
    return _UNSUP_CLUSTER_COMMAND
