"""What a world's meter tells of prices, credit, messages and names, in bytes written by hand."""

from world import le

PRICE, MESSAGING, METERING, PREPAYMENT, MANAGEMENT = 0x0700, 0x0703, 0x0702, 0x0705, 0x0708
UNTIL_CHANGED = 0xFFFF


def text(octets):
    """An octet string."""
    return bytes((len(octets),)) + octets


def price(amount, label, event_id, now, start=0, minutes=UNTIL_CHANGED, unit=0):
    """A PublishPrice payload in 1e-5 GBP a kWh, or with unit 1 a cubic metre."""
    head = le(0x01020304, 4) + text(label) + le(event_id, 4) + le(now, 4) + bytes((unit,)) + le(826, 2) + b"\x50\x11"
    return head + le(start, 4) + le(minutes, 2) + le(amount, 4)


def message(number, words, control=0, start=0, minutes=UNTIL_CHANGED):
    """A DisplayMessage payload."""
    return le(number, 4) + bytes((control,)) + le(start, 4) + le(minutes, 2) + text(words)


def u8(value):
    return b"\x20" + le(value, 1)


def u16(value):
    return b"\x21" + le(value, 2)


def u32(value):
    return b"\x23" + le(value, 4)


def s32(value):
    return b"\x2b" + le(value, 4)


def bits(value):
    return b"\x18" + le(value, 1)


def enum(value):
    return b"\x30" + le(value, 1)


def octets(value):
    return b"\x41" + text(value)


def serve(meter, now, first, words, gas=False):
    """Have the meter say so from now on: numbers from `first` on, and octets that begin with `words`.

    It is prepaid, and its message wants to be confirmed.
    """
    meter.serves = {PRICE: meter.metering, MESSAGING: meter.metering, PREPAYMENT: meter.metering}
    numbers = iter(range(first, first + 100))
    records = {
        (PREPAYMENT, 0x0000): b"\x19" + le(2, 2),
        (PREPAYMENT, 0x0003): bits(2),
        (PREPAYMENT, 0x0502): enum(1),
        (PREPAYMENT, 0x0503): u16(826),
        (PREPAYMENT, 0x0216): enum(2),
        (PREPAYMENT, 0x051C): b"\x25" + le(next(numbers), 6),
        (PRICE, 0x0301): u32(next(numbers)),
        (PRICE, 0x0616): u16(826),
        (PRICE, 0x0617): bits(0x50),
        (METERING, 0x0014): enum(2),
        (METERING, 0x0001): b"\x25" + le(next(numbers), 6),
        (METERING, 0x0307): octets(words + b" SITE"),
        (METERING, 0x0311): octets(words + b" CUSTOMER"),
        (MANAGEMENT, 0x0101): octets(words + b" SUPPLIER"),
        (MANAGEMENT, 0x0102): octets(words + b" PHONE"),
    }
    for attribute in (0x0001, 0x0002, 0x0005):
        records[PREPAYMENT, attribute] = s32(next(numbers))
    for attribute in (0x0010, 0x0011, 0x0031, 0x0211, 0x0217, 0x0221, 0x0227, 0x0231):
        records[PREPAYMENT, attribute] = u32(next(numbers))
    if gas:
        records[PRICE, 0x0302] = u32(102264)
        records[PRICE, 0x0303] = bits(0x50)
        records[PRICE, 0x0304] = u32(395)
        records[PRICE, 0x0305] = enum(1)
        records[PRICE, 0x0306] = bits(0x10)
    meter.records = records
    meter.publishes = {
        (PRICE, 0): [(0, price(next(numbers), words[-4:] + b" DAY", 1, now, now - 60, 120))],
        (PRICE, 1): [(0, price(next(numbers), words[-4:] + b" NIGHT", 2, now, now + 7140))],
        (MESSAGING, 0): [(0, message(next(numbers), words + b" MESSAGE", 0x80))],
        (METERING, 3): [(3, b"\x0a" + le(now + 900, 4))],
    }
