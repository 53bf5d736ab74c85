"""Widgets that own a rectangle of the panel, drawn in one shared scratch, sent only when what they show changed.

Rectangles start at multiples of 8 rows and are multiples of 8 rows high. A widget sent over others makes them unknown,
so screens may divide the same area differently from one draw to the next.
"""

from framebuf import MONO_VLSB, FrameBuffer

from ihd.display.fonts import big, small

# the largest rectangle is 128x24; the largest glyph 16x24
_SCRATCH = memoryview(bytearray(128 * 24 // 8))
_GLYPH = bytearray(16 * 24 // 8)
_INVERSE = FrameBuffer(bytearray((1, 0)), 2, 1, MONO_VLSB)


def _latin(string):
    """The Latin-1 codes of `string`, with a space for every other character.

    Octets, because MicroPython keeps every character that it cuts from a string for ever.
    """
    codes = bytearray()
    lead = 0
    for octet in string.encode():
        if octet < 0x80:
            codes.append(octet)
        elif octet >= 0xC0:
            lead = octet
            codes.append(0x20)
        elif lead == 0xC2:  # U+0080 to U+00BF
            codes[-1] = octet
    return codes


def _step(face, code):
    return face.WIDTH // 2 if code in face.NARROW else face.WIDTH


def _width(face, codes):
    width = 0
    for code in codes:
        width += _step(face, code)
    return width


class Canvas:
    """Draws widgets on a panel; OSError of the panel passes through, and then nothing counts as shown."""

    def __init__(self, panel):
        self._panel = panel
        self._shown = {}  # (x, y, w, h) -> what stands there

    def clear(self):
        """Wipe, and blank the panel: at a change of screen and when the panel comes back."""
        self.wipe()
        self._panel.blank()

    def wipe(self):
        """Forget what was shown and zero what it was drawn in."""
        self.forget()
        for buffer in (_SCRATCH, _GLYPH):
            for i in range(len(buffer)):
                buffer[i] = 0

    def forget(self):
        """Take nothing for shown: every widget is sent again when it is drawn next."""
        self._shown.clear()

    def text(self, x, y, w, left, right="", face=small, inverse=False):
        """A line of `w` pixels, as high as the face: `left` at its left end, `right` at its right end.

        When both do not fit, `left` loses its last characters: put numbers on the right.
        """
        box = (x, y, w, face.HEIGHT)
        what = "%s\t%s\t%d" % (left, right, inverse)
        frame = self._begin(box, what)
        if frame is None:
            return
        left, right = _latin(left), _latin(right)
        margin = face.WIDTH // 4
        start = w - _width(face, right)
        while left and margin + _width(face, left) > start:
            left = left[:-1]
        if inverse:
            frame.fill(1)
        self._write(frame, margin, left, face, inverse)
        self._write(frame, start, right, face, inverse)
        self._send(box, what)

    def number(self, x, y, w, digits):
        """A number of large digits, 24 rows high, at the right end of `w` pixels."""
        self.text(x, y, w, "", digits, big)

    def bars(self, x, y, w, h, values):
        """A bar for each of `values`, every w // len(values) pixels; the highest nearly fills `h`.

        values: whole numbers, at least 0, or None, for which nothing is drawn. Zero is a line at the bottom, so that
        it is not taken for a gap; the smallest other value stands above it.
        """
        top = h - h // 8  # air to what stands above
        peak = 1
        for value in values:
            if value is not None and value > peak:
                peak = value
        what = bytes([0 if v is None else 1 + (v * (top - 1) + peak - 1) // peak for v in values])
        box = (x, y, w, h)
        frame = self._begin(box, what)
        if frame is None:
            return
        pitch = w // len(what)
        for i, height in enumerate(what):
            if height:
                frame.hline(i * pitch, h - 1, pitch, 1)
                frame.fill_rect(i * pitch, h - height, pitch - 1, height, 1)
        self._send(box, what)

    def _begin(self, box, what):
        """An empty frame of the box's size in the scratch, or None when `what` stands there already."""
        if self._shown.get(box) == what:
            return None
        frame = FrameBuffer(_SCRATCH, box[2], box[3], MONO_VLSB)
        frame.fill(0)
        return frame

    def _send(self, box, what):
        x, y, w, h = box
        for other in list(self._shown):
            if other[0] < x + w and x < other[0] + other[2] and other[1] < y + h and y < other[1] + other[3]:
                del self._shown[other]
        self._panel.show(x, y, w, h, _SCRATCH[: w * h // 8])
        self._shown[box] = what

    def _write(self, frame, x, codes, face, inverse):
        size = face.WIDTH * face.HEIGHT // 8
        glyph = FrameBuffer(_GLYPH, face.WIDTH, face.HEIGHT, MONO_VLSB)
        for n, code in enumerate(codes):
            start = max(face.CHARS.find(codes[n : n + 1]), 0) * size
            for i in range(size):  # copied: a FrameBuffer takes no read-only bytes
                _GLYPH[i] = face.GLYPHS[start + i]
            step = _step(face, code)
            frame.blit(glyph, x - (face.WIDTH - step) // 2, 0, int(inverse), _INVERSE if inverse else None)
            x += step
