"""The committed glyph modules are what tools/fonts.py makes of Spleen."""

import hashlib

import pytest

from tools import fonts

# Spleen 1.9.1, as Debian 12 packages it; another release may draw a glyph otherwise
SHA256 = {
    "5x8": "dfbb81319d00c2fe8085e1139327cb832c126caac46f3e30a9765d03b224c045",
    "16x32": "a7ed7683c3dc19e086151bc92466165f6a3f346e1a8c359e02c566e248185f59",
    "8x16": "113681fe85c44758aab7162e52651132136dea3dd9223f45bc620e64bac955e1",
}


@pytest.mark.parametrize("name", fonts.FACES)
def test_committed_module_is_made_of_the_packaged_font(name):
    size = fonts.FACES[name][0]
    file = fonts.CONSOLE_FONTS / f"spleen-{size}.psfu.gz"
    if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != SHA256[size]:
        pytest.skip("Debian's package fonts-spleen, version 1.9.1, is not installed")
    assert fonts.module(name, fonts.CONSOLE_FONTS) == (fonts.MODULES / f"{name}.py").read_text()


def test_file_that_is_no_font_is_refused():
    with pytest.raises(ValueError, match="not a PC screen font"):
        fonts.Psf(b"PNG or anything else")


def test_glyph_that_would_be_cut_is_refused():
    font = fonts.Psf(psf2("A", ["##......", "##......"] * 8))
    assert fonts.glyph(font, "8x16", "A", 0, 16) == b"\xff\xff" + bytes(6) + b"\xff\xff" + bytes(6)
    with pytest.raises(ValueError, match="does not fit"):
        fonts.glyph(font, "8x16", "A", 0, 8)


def test_character_that_the_font_maps_to_nothing_is_refused():
    font = fonts.Psf(psf2("£", ["........"] * 16))
    with pytest.raises(ValueError, match="empty glyph"):
        fonts.glyph(font, "8x16", "£", 0, 16)


def psf2(character, rows):
    """A PSF2 file with one glyph, 8 pixels wide."""
    header = b"\x72\xb5\x4a\x86" + b"".join(n.to_bytes(4, "little") for n in (0, 32, 1, 1, 16, len(rows), 8))
    return header + bytes(int(r.replace("#", "1").replace(".", "0"), 2) for r in rows) + character.encode() + b"\xff"
