"""Homes with a past, and what must be so once it is forgotten."""

from flash import Flash
from world import HALF_HOUR, UTC, World

OLD = 0x500000  # half-hour values of the past begin here, one for each half-hour and series: all are different
LIVED = 96  # half-hours
PAST = UTC - 40 * HALF_HOUR + 600  # ten minutes into a half-hour
SUCCESS = (0, True)  # an answer: status, secured


def value(series, half_hour):
    """What the home used in that half-hour."""
    return OLD + (series << 19) + half_hour % 0x40000


def lived_in(half_hours=LIVED, flash=None, **chosen):
    """A World whose display is at home, and remembers so many half-hours of both fuels before now."""
    world = World(Flash() if flash is None else flash, **chosen)
    world.settle()
    fill(world, half_hours)
    world.log.clear()
    return world


def fill(world, half_hours, mark=0):
    """Have the history hold the last `half_hours` of both fuels; mark: added to each value."""
    now = world.now // HALF_HOUR
    for series in (0, 1):
        for half_hour in range(now - half_hours, now):
            while not world.app.history.append(series, half_hour, value(series, half_hour) + mark):
                pass


def undrawn(world):
    """The same, with nothing drawn until the next start, which is what takes long."""
    world.app.director.draw = lambda now, home: 60_000
    return world


def untouched(world):
    """Nothing was forgotten, closed or written."""
    assert not world.of("rewind") and not world.of("receipt") and not world.of("gate")
    for series in (0, 1):
        check_kept(world, series, UTC // HALF_HOUR - LIVED, UTC // HALF_HOUR)
    return not [entry for entry in world.log if isinstance(entry, tuple)]


def words(number):
    """The slot word of a value with each of its marks, in both byte orders."""
    zeros = 24 - bin(number).count("1")  # noqa: FURB161 - MicroPython has no bit_count
    found = []
    for marks in range(4):
        top = 0xE0 & ~(marks << 5) | zeros + (marks & 1) + (marks >> 1)
        word = number.to_bytes(3, "little") + bytes((top,))
        found += [word, bytes(reversed(word))]
    return found


def left(world, series, start, end):
    """How many of the old values of half-hours start..end-1 stand anywhere in the flash."""
    count = 0
    for half_hour in range(start, end):
        for word in words(value(series, half_hour)):
            count += world.flash.contains(word)
    return count


def check_forgotten(world, series, floor, half_hours=LIVED):
    """Of what was before `floor` nothing stands; what began since is whole."""
    first = -(-floor // HALF_HOUR)
    end = UTC // HALF_HOUR
    begin = end - half_hours
    assert left(world, series, begin, min(first, end)) == 0
    for each in (series, series + 2):
        assert not world.app.history.holds_before(each, first)
    check_kept(world, series, max(first, begin), end)


def check_kept(world, series, start, end):
    """The half-hours start..end-1 are as they were."""
    found = list(world.app.history.read(series, start, end))
    assert found == [value(series, half_hour) for half_hour in range(start, end)]


def check_order(world, meter, floor, source, event_id, kind="tenancy", scope="BOTH"):
    """One rewind of `meter`, told in order, and its panel overwritten before the first flash operation; the receipt."""
    names = []
    first_operation = closed = blank = None
    for place, entry in enumerate(world.log):
        if isinstance(entry, tuple) and first_operation is None:
            first_operation = place
        elif entry == "blank" and closed is None and blank is None:
            blank = place
        elif isinstance(entry, dict) and entry.get("meter") == meter.name:
            if entry["event"] == "gate":
                names.append("open" if entry["open"] else "closed")
                closed = place if closed is None and not entry["open"] else closed
            elif entry["event"] == "rewind":
                assert (entry["floor"], entry["scope"], entry["kind"]) == (floor, scope, kind)
                names.append(entry["phase"])
            elif entry["event"] == "receipt":
                names.append("receipt")
    assert names == ["closed", "begin", "done", "receipt", "open"], names
    assert blank is not None and first_operation is not None and max(blank, closed) < first_operation
    (receipt,) = world.of("receipt", meter=meter.name)
    assert (receipt["source"], receipt["issuer_event_id"]) == (source, event_id)
    assert (receipt["floor"], receipt["kind"], receipt["verified"]) == (floor, kind, True)
    states = [each["state"] for each in world.of("tenancy", meter=meter.name, kind=kind)]
    assert states[-2:] == ["REWINDING", "CLEAR"], states
    return receipt
