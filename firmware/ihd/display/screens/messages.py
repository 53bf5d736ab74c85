"""The Message screen: what a supplier has to say, and the key that confirms it."""

from ihd import wire
from ihd.display import units

_IMPORTANCE = (" MESSAGE", " MESSAGE", ": IMPORTANT", ": CRITICAL")


def draw(canvas, home):
    """Draw what changed. home: has utc, local, and a meter (gate, account) as electricity and gas, or None."""
    meter, message = newest(home)
    title = "MESSAGES"
    lines = ["", "No message to show."]
    control = message[1] if message else 0
    if message:
        if meter.account.unread == message[0]:
            meter.account.unread = None
        title = ("GAS" if meter is home.gas else "ELEC") + _IMPORTANCE[control >> 2 & 3]
        lines = lines_of(message[4], 25, 6)
    canvas.text(0, 0, 128, title, units.clock(home.utc, home.local), inverse=True)
    for row in range(6):
        canvas.text(0, 8 + 8 * row, 128, lines[row] if row < len(lines) else "")
    canvas.text(0, 56, 128, "SELECT: I have read it" if control & 0x80 else "", inverse=bool(control & 0x80))


def newest(home):
    """(its meter, the newest message whose time it is) behind open gates; (None, None) without one."""
    found = None, None
    for meter in (home.electricity, home.gas):
        if meter is not None and meter.gate is None and home.utc is not None:
            message = meter.account.message(home.utc)
            if message and (found[1] is None or message[2] > found[1][2]):
                found = meter, message
    return found


def lines_of(octets, width, most):
    """The text in at most `most` lines of `width` characters, broken at spaces where there are any.

    The last line of a text that is longer ends with three points.
    """
    rest = wire.printable(octets)
    found = []
    while rest and len(found) < most:
        end = len(rest)
        if end > width:
            end = rest.rfind(" ", 0, width + 1)
            end = end if end > 0 else width
        found.append(rest[:end])
        rest = rest[end:].lstrip()
    if rest:
        found[-1] = found[-1][: width - 3] + "..."
    return found
