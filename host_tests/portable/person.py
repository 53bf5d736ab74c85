"""A person before the panel of a World: presses keys, and reads what stands there by the shapes of the faces."""

from ihd.display.fonts import big, small, unit

WIDTH = 128
MOST_KEYS = 20  # to walk round


def shapes(face):
    """{the columns of a glyph, row after row: its character}"""
    size = face.WIDTH * face.HEIGHT // 8
    return {face.GLYPHS[n * size : (n + 1) * size]: chr(code) for n, code in enumerate(face.CHARS)}


SMALL, BIG, UNIT = shapes(small), shapes(big), shapes(unit)
_AT = big.CHARS.find(b".") * 48
POINT = b"".join([big.GLYPHS[_AT + page + 4 : _AT + page + 12] for page in (0, 16, 32)])  # half as wide


def line(ram, row):
    """(left, right) of the text on a row of 8 pixels, with "?" for what is none."""
    octets = bytes(ram[row * WIDTH : row * WIDTH + WIDTH])
    if octets[0] == 0xFF:  # inverse
        octets = bytes([255 - octet for octet in octets])
    right, start = _ending(octets, WIDTH, 0)
    left = _beginning(octets, start)
    if "?" in left and right:  # what stood at the right end was the end of what begins at the left
        return _beginning(octets, WIDTH), ""
    return left, right


def lines(world):
    """(left, right) of each row."""
    return [line(world.panel.ram, row) for row in range(8)]


def power(world):
    """The large number of the Now screen with its unit, and the word beside it."""
    ram = world.panel.ram
    text = ""
    at = 96
    while at >= 8:
        if _block(ram, at - 8, 8, 1, 3) == POINT:
            text = "." + text
            at -= 8
        elif at >= 16 and _block(ram, at - 16, 16, 1, 3) in BIG:
            at -= 16
            text = BIG[_block(ram, at, 16, 1, 3)] + text
        else:
            break
    unit_text = ""
    at = 98
    while at < WIDTH - 8 and _block(ram, at, 8, 2, 2) in UNIT:
        unit_text += UNIT[_block(ram, at, 8, 2, 2)]
        at += 8
    word, _ = _ending(bytes(ram[WIDTH : 2 * WIDTH]), WIDTH, 96)
    return text + " " + unit_text, word


def press(world, *keys):
    """Press them, a second each."""
    for key in keys:
        world.app.key(key)
        world.step()
        world.run(1)


def look(world, title, pages=0):
    """The lines of the screen with this title, to which NEXT leads, and SELECT so many times from there."""
    for _ in range(MOST_KEYS):
        if lines(world)[0][0] == title:
            break
        press(world, "next")
    press(world, *("select",) * pages)
    found = lines(world)
    assert found[0][0] == title, found
    return found[1:]


def leave(world):
    """Wait until the first screen stands again."""
    world.run(301)


def _block(ram, x, width, page, pages):
    return b"".join([bytes(ram[n * WIDTH + x : n * WIDTH + x + width]) for n in range(page, page + pages)])


def _ending(octets, end, least):
    """(text, where it begins) at the right end."""
    text = ""
    while end - 5 >= least:
        character = SMALL.get(octets[end - 5 : end])
        if character is None or character == " " and (not text or text[0] == " "):
            break
        text = character + text
        end -= 5
    return text.lstrip(), end


def _beginning(octets, end):
    """The text at the left end."""
    text = ""
    for at in range(1, end - 4, 5):
        text += SMALL.get(octets[at : at + 5], "?")
    return text.rstrip()
