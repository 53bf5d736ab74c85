"""The question whether to forget everything, asked twice."""

_PAGES = (
    ("Forget everything the", "display knows of this", "home's use?", "SELECT: yes"),
    ("Sure?", "It cannot be undone.", "", "NEXT: forget"),
)


def draw(canvas, page):
    """Draw what changed. page: 1 or 2."""
    first, second, third, yes = _PAGES[page - 1]
    canvas.text(0, 0, 128, "I HAVE MOVED IN", "%d of 2" % page, inverse=True)
    canvas.text(0, 16, 128, first)
    canvas.text(0, 24, 128, second)
    canvas.text(0, 32, 128, third)
    canvas.text(0, 56, 128, yes, "PREV: no")
