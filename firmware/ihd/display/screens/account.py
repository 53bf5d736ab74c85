"""The Account screen of one fuel: how it is paid, what credit and debt there is, and whether the supply is on."""

from micropython import const

from ihd import printable
from ihd.display import units
from ihd.display.screens import sheet
from ihd.home.account import money

WITH = ("ihd.printable", "ihd.display.screens.sheet")  # what goes out of memory together

_SUPPLY_STATUS = const(0x07020014)
_CUSTOMER_ID = const(0x07020311)
_BALANCE = const(0x07050001)
_EMERGENCY = const(0x07050002)
_STATUS = const(0x07050003)
_DEBT = const(0x07050005)
_LOW_CREDIT = const(0x07050031)
_RECOVERY = const(0x07050217)  # of debt 1; the frequency stands before it
_TRAILING_DIGIT = const(0x07000617)
_SUPPLY = ("off", "armed", "on")
_EVERY = ("hour", "day", "week", "month", "quarter")


def draw(canvas, home, number):
    """Draw what changed.

    home: has utc, local, and a meter (gate, account) as electricity and gas, or None. number: 0 electricity, 1 gas.
    """
    meter, lines = sheet.meter(home, number)
    if meter:
        lines = _lines(meter.account)
    sheet.draw(canvas, home, "GAS ACCOUNT" if number else "ELECTRICITY ACCOUNT", lines)


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
        every = account.value(_RECOVERY - 1)
        every = _EVERY[every] if every is not None and every < len(_EVERY) else "time"
        lines.append((" taken a " + every, _pounds(account, _RECOVERY)))
        lines.append(("Low credit alert", _pounds(account, _LOW_CREDIT)))
    else:
        lines.append(("Customer", printable.text(account.value(_CUSTOMER_ID))[:16] or units.UNKNOWN))
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
