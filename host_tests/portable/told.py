"""Homes whose meters told of prices, credit and messages, and the words that screens then show."""

from civil import utc
from fake_home import History, Home, meter
from test_screens import Words

from ihd.display.fonts import small

NOW = utc(2025, 11, 6, 14, 37)  # a Thursday
POUNDS, FIVE_DIGITS = 826, 0x50
PENNY = 1000000  # 1e-8 GBP
CLOSED = "ASKING THE METER"

STANDING, FACTOR, FACTOR_DIGITS, CALORIFIC, CALORIFIC_UNIT, CALORIFIC_DIGITS = (
    0x07000301,
    0x07000302,
    0x07000303,
    0x07000304,
    0x07000305,
    0x07000306,
)
CURRENCY, DIGITS = 0x07000616, 0x07000617
EXPORTED, SUPPLY, SITE, CUSTOMER = 0x07020001, 0x07020014, 0x07020307, 0x07020311
CONTROL, BALANCE, EMERGENCY, STATUS, DEBT = 0x07050000, 0x07050001, 0x07050002, 0x07050003, 0x07050005
LOW_CREDIT, EVERY, RECOVERY = 0x07050031, 0x07050216, 0x07050217
SCALING, COST_TODAY = 0x07050502, 0x0705051C


class Cutting(Words):
    """Words of lines whose left end gives way to the right one, as on a Canvas, but never by a digit."""

    def text(self, x, y, w, left, right="", face=small, inverse=False):
        if len(left + right) * face.WIDTH + face.WIDTH // 4 > w:
            room = max((w - face.WIDTH // 4) // face.WIDTH - len(right), 0)
            assert not [c for c in left[room:] if c in "0123456789"], (left, right)
            left = left[:room]
        Words.text(self, x, y, w, left, right, face, inverse)


def lines(screen, *state):
    """The words of a screen that need no cutting."""
    words = Words()
    screen.draw(words, *state)
    return words.lines


def cut(screen, *state):
    """The words of a screen that may need it."""
    words = Cutting()
    screen.draw(words, *state)
    return words.lines


def home(**what):
    """A home at 14:37 whose meters told nothing yet, of which electricity took 100 Wh each half-hour and gas 50 l."""
    given = Home()
    given.utc = NOW
    given.history = History({0: 100, 1: 50})
    given.electricity = meter(heard=NOW - 8, read_at=NOW - 8)
    given.gas = meter(heard=NOW - 1800, read_at=NOW - 1800, name="gas")
    for name, value in what.items():
        setattr(given, name, value)
    return given


def put(meter, values):
    """The meter told {key: value}."""
    for key in values:
        meter.account.put(key, values[key], NOW)


def priced(price=2450 * 10000):
    """A home whose meters told what a tariff consists of; price: that of electricity in 1e-8 GBP a kWh."""
    given = home()
    for each, standing, site in ((given.electricity, 53350, b"1200023305967"), (given.gas, 29820, b"9337421609")):
        each.supplier.name = b"E-ON"
        each.supplier.phone = b"0333 202 4650"
        put(each, {STANDING: standing, DIGITS: FIVE_DIGITS, CURRENCY: POUNDS, SITE: site})
    put(given.electricity, {EXPORTED: 1234567})
    put(given.gas, {FACTOR: 102264, FACTOR_DIGITS: 0x50, CALORIFIC: 395, CALORIFIC_UNIT: 1, CALORIFIC_DIGITS: 0x10})
    given.electricity.account.tell_price(NOW - 600, 60, price, b"DAY", 1, NOW - 600)
    given.gas.account.tell_price(NOW - 86400, 0xFFFF, 6 * PENNY, b"", 1, NOW - 600)
    return given


def prepaid(status=0, **values):
    """A home whose electricity is paid for before it is used."""
    given = home()
    told = {CONTROL: 2, SUPPLY: 2, BALANCE: 1234567, EMERGENCY: 1000000, STATUS: status, DEBT: 4250000}
    told.update({RECOVERY - 1: 2, RECOVERY: 325000, LOW_CREDIT: 200000, DIGITS: FIVE_DIGITS})
    put(given.electricity, told)
    return given


def messaged(text, control=0, fuel="electricity", start=NOW - 60, end=None, number=1):
    """A home with a message of one of its meters."""
    given = home()
    getattr(given, fuel).account.show((number, control, start, end, text, NOW))
    return given
