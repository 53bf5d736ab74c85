"""The question whether to forget everything, asked twice."""

from ihd.display.screens import question

WITH = ("ihd.display.screens.question",)  # what goes out of memory together

_LINES = ("Forget everything the", "display knows of this", "home's use?") + ("Sure?", "It cannot be undone.", "")


def draw(canvas, page):
    """Draw what changed. page: 1 or 2."""
    question.draw(canvas, "I HAVE MOVED IN", page, _LINES)
