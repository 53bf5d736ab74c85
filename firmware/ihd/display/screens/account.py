"""The Account screen of one fuel: whether the supply is on, the meter's reading, how it is paid, credit and debt."""

from micropython import const

from ihd import wire
from ihd.display import units
from ihd.display.screens import sheet
from ihd.home.account import money

WITH = ("ihd.display.screens.sheet",)  # what goes out of memory together

_SUPPLY_STATUS = const(0x07020014)
_CUSTOMER_ID = const(0x07020311)
_BALANCE = const(0x07050001)
_EMERGENCY = const(0x07050002)
_STATUS = const(0x07050003)
_DEBT = const(0x07050005)
_LIMIT = const(0x07050010)  # of emergency credit ...
_THRESHOLD = const(0x07050011)  # ... and the balance below which it may be used
_LOW_CREDIT = const(0x07050031)
_DEBT_1 = const(0x07050211)  # its amount; debt 2 is 0x10 further on
_EVERY = const(5)  # from the amount to how often it is recovered, and how much stands behind that
_DEBT_3 = const(0x07050231)
_OF_TOP_UPS = const(0x07050239)  # hundredths of a percent of each top-up that debt 3 takes
_TRAILING_DIGIT = const(0x07000617)
_SUPPLY = ("off", "armed", "on")
_PERIODS = ("hour", "day", "week", "month", "quarter")


def draw(canvas, home, number, page=0):
    """Draw what changed.

    home: has utc, local, and a meter (gate, account, register, read_at) as electricity and gas, or None. number: 0
    electricity, 1 gas. page: counts on.
    """
    meter, lines = sheet.meter(home, number)
    if meter:
        lines = _lines(meter.account)
        lines.append(("Reading, " + ("m³" if number else "kWh"), units.reading(meter.register)))
        at = meter.read_at and units.moment(meter.read_at, home.utc, home.local, "at %s", "%d h ago")
        lines.append(("", at or ""))
        lines.append(("Customer number:", ""))
        lines.append(("", wire.printable(meter.account.value(_CUSTOMER_ID))[:24] or units.UNKNOWN))
    sheet.draw(canvas, home, "GAS ACCOUNT" if number else "ELECTRICITY ACCOUNT", lines, page)


def _lines(account):
    prepaid = account.prepaid
    supply = account.value(_SUPPLY_STATUS)
    lines = [("Supply", _SUPPLY[supply] if supply is not None and supply < 3 else units.UNKNOWN)]
    lines.append(("Payment", units.UNKNOWN if prepaid is None else "prepayment" if prepaid else "credit"))
    if prepaid:
        status = account.value(_STATUS) or 0
        lines.append(("Balance" + _word(status), _pounds(account, _BALANCE)))
        lines.append(("Emergency" + _emergency(status), _pounds(account, _EMERGENCY)))
        lines.append(("Debt", _pounds(account, _DEBT)))
        lines.append(("Low credit alert", _pounds(account, _LOW_CREDIT)))
        lines.append(("Emergency limit", _pounds(account, _LIMIT)))
        lines.append((" when less than", _pounds(account, _THRESHOLD)))
        for n in (0, 1):
            debt = _DEBT_1 + 16 * n
            every = account.value(debt + _EVERY)
            every = _PERIODS[every] if every is not None and every < len(_PERIODS) else "time"
            lines.append(("Debt %d" % (1 + n), _pounds(account, debt)))
            lines.append((" taken a " + every, _pounds(account, debt + _EVERY + 1)))
        lines.append(("Debt 3", _pounds(account, _DEBT_3)))
        share = account.value(_OF_TOP_UPS)
        share = units.UNKNOWN if share is None else "%d.%02d%%" % (share // 100, share % 100)
        lines.append((" of each top-up", share))
    return lines


def _pounds(account, key):
    """A value in the money of the tariff; GB's is in 1e-5 GBP, which also holds while the tariff does not say."""
    amount = account.value(key)
    digits = account.value(_TRAILING_DIGIT)
    amount = None if amount is None else money(amount, 0x50 if digits is None else digits)
    if amount is None:
        return units.UNKNOWN
    return units.pounds(amount // 1000 if amount >= 0 else -(-amount // 1000))


def _word(status):
    return " EXHAUSTED" if status & 0x40 else " LOW" if status & 0x02 else ""


def _emergency(status):
    return " IN USE" if status & 0x20 else " selected" if status & 0x10 else " ready" if status & 0x08 else ""
