"""The power in use as one large number, or a dash and why there is none."""

from ihd.display import units
from ihd.display.fonts import big, unit

_LEVELS = ("LOW", "MED", "HIGH")


def draw(canvas, electricity, since):
    """Draw what changed, on rows 8 to 31.

    electricity: a meter (watts, level, lost) or None without one. since: since when a lost one is, up to 17 characters.
    """
    if electricity is None:
        _words(canvas, "NO ELECTRICITY", "METER FOUND")
    elif electricity.lost:
        _words(canvas, "NO ANSWER", since)
    elif electricity.watts is None:
        _words(canvas, "NO READING", "")
    else:
        digits, unit_text = units.power(electricity.watts)
        canvas.number(0, 8, 96, digits)
        level = electricity.level
        word = "EXPORT" if electricity.watts < 0 else "" if level is None else _LEVELS[level]
        canvas.text(96, 8, 32, "", word)
        canvas.text(96, 16, 32, unit_text, face=unit)


def _words(canvas, first, second):
    """A dash where the number stands, and why."""
    canvas.text(0, 8, 40, units.UNKNOWN, face=big)
    canvas.text(40, 8, 88, "")
    canvas.text(40, 16, 88, first)
    canvas.text(40, 24, 88, second)
