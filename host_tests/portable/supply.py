"""A World whose meters have a supplier: prices, credit, messages and names, in octets written by hand."""

from world import HALF_HOUR, UTC, World, le

PRICE, METERING, MESSAGING, PREPAYMENT, MANAGEMENT = 0x0700, 0x0702, 0x0703, 0x0705, 0x0708
LAST_YEAR = UTC - 400 * 86400
FOR_EVER = 0xFFFF
DAYS = 12  # of this month and before, that the meters' logs hold


def price(amount, start=LAST_YEAR, minutes=FOR_EVER, event=1, label=b"", tier=1, unit=0, currency=826, trailing=5):
    """A PublishPrice payload."""
    head = le(0, 4) + bytes((len(label),)) + label + le(event, 4) + le(UTC, 4) + bytes((unit,)) + le(currency, 2)
    return head + bytes((trailing << 4 | tier, 0x20 | tier)) + le(start, 4) + le(minutes, 2) + le(amount, 4)


def message(text, number=7, control=0, start=0, minutes=FOR_EVER):
    """A DisplayMessage payload."""
    return le(number, 4) + bytes((control,)) + le(start, 4) + le(minutes, 2) + bytes((len(text),)) + text


def u8(value):
    """The record of an enumeration."""
    return bytes((0x30, value))


def bits(value):
    """The record of a bitmap of 8 bits."""
    return bytes((0x18, value))


def u16(value):
    """The record of an unsigned number of 16 bits."""
    return b"\x21" + le(value, 2)


def u32(value):
    """The record of an unsigned number of 32 bits."""
    return b"\x23" + le(value, 4)


def s32(value):
    """The record of a signed number of 32 bits."""
    return b"\x2b" + le(value & 0xFFFFFFFF, 4)


def u48(value):
    """The record of an unsigned number of 48 bits."""
    return b"\x25" + le(value, 6)


def octets(text):
    """The record of an octet string."""
    return b"\x41" + bytes((len(text),)) + text


def prepaid(**more):
    """The records of a meter in prepayment mode. more: values of the hexadecimal ids, such as x0001=..."""
    found = {(PREPAYMENT, 0x0000): b"\x19\x83\x00"}
    for name, record in more.items():
        found[PREPAYMENT, int(name[1:], 16)] = record
    return found


def at_home(**chosen):
    """A World that is not yet switched on: electricity at 24.5 p and gas at 6.2 p a kWh, and a charge for each day.

    Each has used 100 Wh or litres in every half-hour of the last days.
    """
    world = World(**chosen)
    first = UTC // HALF_HOUR - 48 * DAYS - 48
    for meter, amount, charge, endpoint in ((world.electricity, 24500, 54794, 0x23), (world.gas, 6200, 29110, 0x0B)):
        meter.serves = {PRICE: endpoint, MESSAGING: endpoint, PREPAYMENT: endpoint}
        meter.records = {
            (PRICE, 0x0301): u32(charge),
            (PRICE, 0x0616): u16(826),
            (PRICE, 0x0617): bits(0x50),
        }
        meter.publishes = {(PRICE, 0): [(0, price(amount))]}
        meter.log = lambda half_hour: 100 if half_hour >= first else None
    world.gas.records.update(
        {
            (PRICE, 0x0302): u32(102264),
            (PRICE, 0x0303): bits(0x50),
            (PRICE, 0x0304): u32(395),
            (PRICE, 0x0305): u8(1),
            (PRICE, 0x0306): bits(0x10),
        }
    )
    return world


def lived(world, seconds=240):
    """Switch it on, and let it ask for everything; the same World."""
    world.settle()
    world.run(seconds)
    return world
