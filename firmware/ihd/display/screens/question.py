"""A question that is asked twice, because what it sets off cannot be undone."""


def draw(canvas, title, page, lines):
    """Draw what changed. page: 1 or 2. lines: what it will do, three of up to 25 characters a page."""
    canvas.text(0, 0, 128, title, "%d of 2" % page, inverse=True)
    for n in range(3):
        canvas.text(0, 16 + 8 * n, 128, lines[3 * page - 3 + n])
    if page == 1:
        canvas.text(0, 56, 128, "SELECT: yes", "NEXT: no")
    else:
        canvas.text(0, 56, 128, "NEXT: forget", "PREV: no")
