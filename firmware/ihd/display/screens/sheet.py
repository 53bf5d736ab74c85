"""A title and lines under it, each with two ends: the form of most screens that the keys lead to."""

from micropython import const

from ihd.display import units

_LINES = const(7)


def draw(canvas, home, title, lines, page=0):
    """Draw what changed.

    home: has utc and local. lines: pairs of texts; of more than seven, six a page and how to go on. page: counts on.
    """
    if len(lines) > _LINES:
        start = page % -(-len(lines) // (_LINES - 1)) * (_LINES - 1)
        lines = lines[start : start + _LINES - 1]
        lines += [("", "")] * (_LINES - 1 - len(lines)) + [("", "SELECT: more")]
    canvas.text(0, 0, 128, title, units.clock(home.utc, home.local), inverse=True)
    for row in range(_LINES):
        left, right = lines[row] if row < len(lines) else ("", "")
        canvas.text(0, 8 + 8 * row, 128, left, right)


def why(home, meter):
    """Why nothing of `meter`, None without one, is shown: up to 18 characters, or None."""
    return "no meter" if meter is None else "time not known" if home.utc is None else meter.gate


def meter(home, number):
    """(the meter of 0 electricity or 1 gas, None) or (None, lines that say why nothing of it is shown)."""
    found = home.gas if number else home.electricity
    reason = why(home, found)
    return (None, (("Not shown:", ""), (" " + reason, ""))) if reason else (found, None)
