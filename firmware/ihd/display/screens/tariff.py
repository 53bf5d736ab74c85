"""The Tariff screen of one fuel: who supplies it, its rate now and next, each day's charge, and which meter it is."""

from micropython import const

from ihd import wire
from ihd.display import dates, units
from ihd.display.screens import sheet

WITH = ("ihd.display.dates", "ihd.display.screens.sheet")  # what goes out of memory together

_PHONE = const(19)  # characters shown
_LINE = const(24)  # characters of a line with two ends
_DAY = const(86400)
_SITE_ID = const(0x07020307)
_RECEIVED = const(0x07020001)
_CONVERSION_FACTOR = const(0x07000302)
_CALORIFIC_VALUE = const(0x07000304)
_PROVIDER = const(0x07080101)  # its name; the phone is the next


def draw(canvas, home, number):
    """Draw what changed.

    home: has utc, local, and a meter (gate, account, supplier, scale()) as electricity and gas, or None. number: 0
    electricity, 1 gas.
    """
    meter, lines = sheet.meter(home, number)
    if meter:
        lines = _lines(meter, number, home.utc, home.local)
    sheet.draw(canvas, home, "GAS TARIFF" if number else "ELECTRICITY TARIFF", lines)


def _lines(meter, gas, utc, local):
    account = meter.account
    unit = "/m³" if account.volume else "/kWh"
    name, phone = _provider(account, meter.supplier)
    name, phone = wire.printable(name), wire.printable(phone)[:_PHONE]
    lines = [((name or "Supplier not known")[: _LINE - len(phone)], phone)]  # a phone number is whole
    held = account.price(utc)
    if held:
        price, sure = held
        lines.append(("Now " + wire.printable(price[3]), units.pence(price[2]) + unit))
        if not sure:
            lines.append(("", "may have changed"))
        else:
            lines.append(("", "until " + ("changed" if price[1] is None else _moment(price[1], utc, local))))
    else:
        lines += [("Now", units.UNKNOWN), ("", "")]
    following = account.next_price(utc)
    if following:
        lines.append(("Next " + _moment(following[0], utc, local), units.pence(following[2]) + unit))
    else:
        lines.append(("Next", units.UNKNOWN))
    lines.append(("Each day", units.pence(account.standing)))
    if gas:
        factor = _decimal(account, _CONVERSION_FACTOR, 1)
        value = _decimal(account, _CALORIFIC_VALUE, 2)
        known = units.UNKNOWN not in (factor, value)
        lines.append(("kWh a m³", "%sx%s/3.6" % (factor, value) if known else units.UNKNOWN))
    else:
        lines.append(("Export", units.reading(meter.scale(account.value(_RECEIVED))) + " kWh"))
    lines.append(("MPRN" if gas else "MPAN", wire.printable(account.value(_SITE_ID))[:20] or units.UNKNOWN))
    return lines


def _provider(account, supplier):
    """(name, phone), each octets or None: what the meter published of its supplier, or told in attributes since."""
    name, told = account.values.get(_PROVIDER, (None, None))
    if name and (not supplier.name or told is not None and supplier.at is not None and supplier.at <= told):
        return name, account.value(_PROVIDER + 1)
    return supplier.name, supplier.phone


def _decimal(account, key, places):
    """A number of the account with the point where the value `places` further on says; a dash when one is missing.

    At most seven characters, of which digits behind the point are cut.
    """
    number, digits = account.value(key), account.value(key + places)
    if number is None or digits is None:
        return units.UNKNOWN
    digits >>= 4
    whole = str(number)
    while len(whole) <= digits:
        whole = "0" + whole
    point = len(whole) - digits
    return whole[:point] + ("." + whole[point:6] if digits and point < 6 else "") if point < 7 else "9999+"


def _moment(then, utc, local):
    """When Zigbee UTC `then` will be, seen from `utc`: the time of day, or the day when that is not within 24 hours."""
    return units.clock(then, local) if then - utc < _DAY else "%d %s" % dates.date(then, local)[:2]
