"""A title and seven lines under it, each with two ends: the form of most screens that the keys lead to."""

from ihd.display import units


def draw(canvas, home, title, lines):
    """Draw what changed. home: has utc and local. lines: up to seven pairs of texts; what is left stays empty."""
    canvas.text(0, 0, 128, title, units.clock(home.utc, home.local), inverse=True)
    for row in range(7):
        left, right = lines[row] if row < len(lines) else ("", "")
        canvas.text(0, 8 + 8 * row, 128, left, right)


def meter(home, number):
    """(the meter of 0 electricity or 1 gas, None) or (None, lines that say why nothing of it is shown)."""
    found = home.gas if number else home.electricity
    why = "no meter" if found is None else "time not known" if home.utc is None else found.gate
    return (None, (("Not shown:", ""), (" " + why, ""))) if why else (found, None)
