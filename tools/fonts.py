"""Turn Spleen's console fonts into the small glyph modules of firmware/ihd/display/fonts.

Spleen (BSD-2-Clause) comes with Debian's package fonts-spleen; `--from` names another folder with its spleen-*.psfu.gz.
"""

import argparse
import gzip
import struct
from pathlib import Path

CONSOLE_FONTS = Path("/usr/share/consolefonts")
MODULES = Path(__file__).parent.parent / "firmware/ihd/display/fonts"

ASCII = "".join(map(chr, range(0x20, 0x7F)))
TICK = "\xac"  # a Latin-1 character that no screen needs: there the face has its tick

# module: source size, characters, first row taken, rows taken, characters set half as wide
FACES = {
    "small": ("5x8", ASCII + "£³" + TICK, 0, 8, ""),
    "big": ("16x32", "0123456789.-+£", 4, 24, "."),
    # two rows are added above so that unit and number stand on one line
    "unit": ("8x16", "kWh£/", -2, 16, ""),
}

# what Spleen maps to an empty glyph, drawn here on its grid
DRAWN = {
    ("5x8", "£"): (".....", "..##.", ".#..#", ".#...", "###..", ".#...", "####.", "....."),
    ("5x8", "³"): ("##...", "..#..", ".#...", "..#..", "##...", ".....", ".....", "....."),
    ("5x8", TICK): (".....", "....#", "...#.", "...#.", "#.#..", ".##..", "..#..", "....."),
}


class Psf:
    """A PC screen font, version 1 or 2: its size, its glyphs and which character has which."""

    def __init__(self, data):
        """data: the unpacked file. Raises ValueError when it is no such font or has no Unicode table."""
        if data[:2] == b"\x36\x04":
            mode, size = data[2:4]
            count, start, self.width, self.height = (512 if mode & 1 else 256), 4, 8, size
            unicode_table = mode & 6
        elif data[:4] == b"\x72\xb5\x4a\x86":
            _, start, flags, count, size, self.height, self.width = struct.unpack_from("<7I", data, 4)
            unicode_table = flags & 1
        else:
            raise ValueError("not a PC screen font")
        if not unicode_table:
            raise ValueError("the font does not say which glyph is which character")
        self._glyphs = [data[start + i * size : start + (i + 1) * size] for i in range(count)]
        table = data[start + count * size :]
        # an entry: characters, then (after a mark) combined ones, which are not wanted here, then an end
        if start == 4:
            text, end, mark = table.decode("utf-16-le", "surrogatepass"), "\uffff", "\ufffe"
            entries = [entry.split(mark)[0] for entry in text.split(end)]
        else:
            entries = [entry.split(b"\xfe")[0].decode() for entry in table.split(b"\xff")]
        self._index = {c: i for i, entry in enumerate(entries[:count]) for c in entry}

    def rows(self, character):
        """The rows of a character's glyph as strings of '#' and '.'."""
        glyph, stride = self._glyphs[self._index[character]], (self.width + 7) // 8
        lines = [int.from_bytes(glyph[y * stride : (y + 1) * stride]) for y in range(self.height)]
        bits = [f"{line:0{stride * 8}b}"[: self.width] for line in lines]
        return [row.replace("0", ".").replace("1", "#") for row in bits]


def glyph(font, size, character, top, height):
    """The bytes of one glyph in MONO_VLSB: a byte is 8 pixels from the top down, least significant first.

    Raises ValueError when the character has no shape or rows outside `top`, `height` are lit.
    """
    rows = DRAWN.get((size, character)) or font.rows(character)
    if character != " " and not any("#" in row for row in rows):
        raise ValueError(f"{size} has an empty glyph for {character!r}")
    empty = "." * font.width
    if any("#" in row for y, row in enumerate(rows) if not top <= y < top + height):
        raise ValueError(f"{size} {character!r} does not fit into {height} rows from {top}")
    rows = [rows[y] if 0 <= y < len(rows) else empty for y in range(top, top + height)]
    return bytes(
        sum((rows[page + bit][x] == "#") << bit for bit in range(8))
        for page in range(0, height, 8)
        for x in range(font.width)
    )


def _bytes(text):
    """`text` as a bytes literal in Latin-1, in the quotes that ruff format wants."""
    inside = "".join(c if c in ASCII else f"\\x{ord(c):02x}" for c in text.replace("\\", "\\\\").replace('"', '\\"'))
    return f'b"{inside}"'


def module(name, folder):
    """The text of one generated module; folder: where the .psfu.gz files are."""
    size, characters, top, height, narrow = FACES[name]
    font = Psf(gzip.decompress((folder / f"spleen-{size}.psfu.gz").read_bytes()))
    lines = []
    for character in characters:
        data = glyph(font, size, character, top, height)
        for start in range(0, len(data), 16):
            text = "".join(f"\\x{byte:02x}" for byte in data[start : start + 16])
            name_it = f"  # {character}" if not start and character != " " else ""
            lines.append(f'    b"{text}"{name_it}')
    quoted, quoted_narrow = (_bytes(text) for text in (characters, narrow))
    return "\n".join(
        [
            f'"""The face `{name}`: Spleen {size}, {len(characters)} glyphs; made by tools/fonts.py."""',
            "",
            "# Copyright (c) 2018-2020 Frederic Cambus, BSD-2-Clause: LICENSE-spleen",
            f"WIDTH = {font.width}",
            f"HEIGHT = {height}",
            "# characters set half as wide",
            f"NARROW = {quoted_narrow}",
            "# the characters in Latin-1",
            f"CHARS = {quoted}",
            "# MONO_VLSB, WIDTH * HEIGHT // 8 bytes a glyph, in the order of CHARS",
            "GLYPHS = (",
            *lines,
            ")",
            "",
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="folder", type=Path, default=CONSOLE_FONTS, help="folder with spleen-*.psfu.gz")
    folder = parser.parse_args().folder
    if not folder.is_dir() or not list(folder.glob("spleen-*.psfu.gz")):
        parser.error(f"no spleen-*.psfu.gz in {folder}: install Debian's package fonts-spleen, or name a folder")
    for name in FACES:
        (MODULES / f"{name}.py").write_text(module(name, folder))


if __name__ == "__main__":
    main()
