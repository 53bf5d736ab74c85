"""What the display uses of MicroPython's `framebuf`, for CPython; a test compares it with the real one.

Source: MicroPython 1.25, docs/library/framebuf.rst; coordinates outside a buffer are clipped, as there.
"""

MONO_VLSB = 0
GS4_HMSB = 2
MONO_HLSB = 3


class FrameBuffer:
    """`buffer` seen as width x height pixels in one of the three formats."""

    def __init__(self, buffer, width, height, format):
        if format not in (MONO_VLSB, GS4_HMSB, MONO_HLSB):
            raise ValueError("invalid format")
        view = memoryview(buffer)
        if view.readonly:
            raise TypeError("object with writable buffer required")
        self._buffer = view
        self._width = width
        self._height = height
        self._format = format
        # pixels a row takes: whole bytes where a byte holds pixels of one row
        self._stride = {MONO_VLSB: width, GS4_HMSB: width + 1 & ~1, MONO_HLSB: width + 7 & ~7}[format]
        needed = (height + 7) // 8 * width if format == MONO_VLSB else self._bits() * self._stride * height // 8
        if len(view) < needed:
            raise ValueError("buffer too small")

    def _bits(self):
        return 4 if self._format == GS4_HMSB else 1

    def _place(self, x, y):
        """Index of the byte and shift of the lowest bit of a pixel."""
        if self._format == MONO_VLSB:
            return (y >> 3) * self._stride + x, y & 7
        if self._format == MONO_HLSB:
            return (y * self._stride + x) >> 3, 7 - (x & 7)
        return (y * self._stride + x) >> 1, 0 if x & 1 else 4

    def _get(self, x, y):
        index, shift = self._place(x, y)
        return self._buffer[index] >> shift & ((1 << self._bits()) - 1)

    def _set(self, x, y, colour):
        index, shift = self._place(x, y)
        mask = (1 << self._bits()) - 1
        colour = int(colour != 0) if self._bits() == 1 else colour & mask
        self._buffer[index] = self._buffer[index] & ~(mask << shift) & 0xFF | colour << shift

    def pixel(self, x, y, c=None):
        """Set the pixel, or without `c` return its colour; None outside the buffer."""
        if not (0 <= x < self._width and 0 <= y < self._height):
            return None
        return self._get(x, y) if c is None else self._set(x, y, c)

    def fill(self, c):
        self.fill_rect(0, 0, self._width, self._height, c)

    def fill_rect(self, x, y, w, h, c):
        if self._format == MONO_VLSB:  # most of a test's time would go into pixels
            self._fill_bytes(max(x, 0), max(y, 0), min(x + w, self._width), min(y + h, self._height), c)
            return
        for row in range(max(y, 0), min(y + h, self._height)):
            for column in range(max(x, 0), min(x + w, self._width)):
                self._set(column, row, c)

    def _fill_bytes(self, left, top, right, bottom, c):
        """Fill columns `left` to before `right` of rows `top` to before `bottom`, up to eight pixels at a time."""
        while top < bottom and left < right:
            end = min((top | 7) + 1, bottom)
            mask = (1 << end - top) - 1 << (top & 7)
            start = (top >> 3) * self._stride + left
            stop = start + right - left
            if mask == 0xFF:
                self._buffer[start:stop] = (b"\xff" if c else b"\0") * (stop - start)
            else:
                for place in range(start, stop):
                    self._buffer[place] = self._buffer[place] | mask if c else self._buffer[place] & ~mask
            top = end

    def hline(self, x, y, w, c):
        self.fill_rect(x, y, w, 1, c)

    def vline(self, x, y, h, c):
        self.fill_rect(x, y, 1, h, c)

    def blit(self, fbuf, x, y, key=-1, palette=None):
        """Copy `fbuf` to x, y; `palette`'s pixel at column c replaces colour c; what is then `key` stays out."""
        whole = not (y % 8 or fbuf._height % 8) and 0 <= y <= self._height - fbuf._height
        if whole and self._format == fbuf._format == MONO_VLSB:  # as in fill_rect
            self._blit_bytes(fbuf, x, y, key, palette)
            return
        for row in range(max(-y, 0), min(fbuf._height, self._height - y)):
            for column in range(max(-x, 0), min(fbuf._width, self._width - x)):
                colour = fbuf._get(column, row)
                if palette is not None:
                    colour = palette._get(colour, 0)
                if colour != key:
                    self._set(x + column, y + row, colour)

    def _blit_bytes(self, fbuf, x, y, key, palette):
        """The same of whole bytes."""
        colours = [(0, 0xFF), (1, 0)]  # (colour, what a byte is changed with so that the pixels of that colour are 1)
        for page in range(fbuf._height // 8):
            for column in range(max(-x, 0), min(fbuf._width, self._width - x)):
                octet = fbuf._buffer[page * fbuf._stride + column]
                place = (y // 8 + page) * self._stride + x + column
                for colour, turned in colours:
                    pixels = octet ^ turned
                    shown = colour if palette is None else palette._get(colour, 0)
                    if pixels and shown != key:
                        stands = self._buffer[place]
                        self._buffer[place] = stands | pixels if shown else stands & ~pixels
