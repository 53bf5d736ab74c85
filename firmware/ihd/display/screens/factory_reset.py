"""The question whether to forget the meters and the settings too, asked twice."""

from ihd.display.screens import question

WITH = ("ihd.display.screens.question",)  # what goes out of memory together

_LINES = ("Forget all use, all", "meters and all settings", "of this display?") + (
    "Sure?",
    "It begins as when new.",
    "It cannot be undone.",
)


def draw(canvas, page):
    """Draw what changed. page: 1 or 2."""
    question.draw(canvas, "FACTORY RESET", page, _LINES)
