"""A model of the SSD1306 at the byte level of its I2C bus: what is written to it becomes the picture it shows.

Source: Solomon Systech SSD1306 data sheet rev 1.1, sections 8.1.5 (I2C), 8.7 (GDDRAM), 9 and 10 (commands); its charge
pump application note. Wired as on the common 128x64 modules: COM pins alternating, the charge pump as the only supply,
upright when segments and COM scan are both turned (0xA1, 0xC8).
"""

import random

from PIL import Image, ImageChops

ADDRESS = 0x3C
WIDTH, HEIGHT, PAGES = 128, 64, 8

HORIZONTAL, VERTICAL, PAGE = range(3)

# Bytes that follow a command; a command that is not here does not exist.
_PARAMETERS = {
    **dict.fromkeys(range(0x20), 0),  # column, page addressing only
    0x20: 1,  # addressing mode
    0x21: 2,  # column window
    0x22: 2,  # page window
    0x26: 6,  # scroll right
    0x27: 6,  # scroll left
    0x29: 5,  # scroll up and right
    0x2A: 5,  # scroll up and left
    0x2E: 0,  # scrolling off
    0x2F: 0,  # scrolling on
    **dict.fromkeys(range(0x40, 0x80), 0),  # start line
    0x81: 1,  # contrast
    0x8D: 1,  # charge pump
    0xA0: 0,  # segments as they are
    0xA1: 0,  # segments turned
    0xA3: 2,  # vertical scroll area
    0xA4: 0,  # show the RAM
    0xA5: 0,  # all dots on
    0xA6: 0,  # normal
    0xA7: 0,  # inverse
    0xA8: 1,  # multiplex ratio
    0xAE: 0,  # off
    0xAF: 0,  # on
    **dict.fromkeys(range(0xB0, 0xB8), 0),  # page, page addressing only
    **dict.fromkeys(range(0xC0, 0xC8), 0),  # COM scan up
    **dict.fromkeys(range(0xC8, 0xD0), 0),  # COM scan down
    0xD3: 1,  # display offset
    0xD5: 1,  # clock
    0xD9: 1,  # pre-charge
    0xDA: 1,  # COM pins
    0xDB: 1,  # VCOMH
    0xE3: 0,  # no operation
}


class SSD1306:
    """The chip and its glass. `faults` lists what no driver should send, each once; who looks clears `changed`.

    seed: what the display RAM holds after power-up, which is never the same on two chips.
    """

    def __init__(self, seed: int = 0):
        self.faults = []
        self.connected = True
        self._noise = random.Random(seed)
        self._power_up()

    def unplug(self):
        self.connected = False
        self.changed = True

    def plug(self):
        self.connected = True
        self._power_up()

    def write(self, address: int, data: bytes) -> bool:
        """One I2C write; False when nothing acknowledges that address."""
        if address != ADDRESS or not self.connected:
            return False
        place = 0
        while place < len(data):
            control = data[place]
            if control & 0x3F:
                self._fault(f"control byte 0x{control:02x}")
            end = place + 2 if control & 0x80 else len(data)  # Co: one byte follows, then another control byte
            body = data[place + 1 : end]
            if control & 0x40:
                self._data(body)
            else:
                for byte in body:
                    self._command_byte(byte)
            place = end
        return True

    def picture(self) -> Image.Image:
        """What a person sees, 128x64, mode 1: black when unplugged, off or without its supply."""
        if not (self.connected and self.on and self.charge_pump):
            return Image.new("1", (WIDTH, HEIGHT))
        if self.all_on:
            return Image.new("1", (WIDTH, HEIGHT), 1)
        # A segment's 8 bytes are 64 dots from top to bottom: one line of a picture lying on its side.
        lying = b"".join(self.ram[segment::WIDTH] for segment in reversed(range(WIDTH)))
        stored = Image.frombytes("1", (HEIGHT, WIDTH), lying, "raw", "1;R").transpose(Image.Transpose.TRANSPOSE)
        if self.inverse:
            stored = ImageChops.invert(stored)
        rows = [self._row(y) for y in range(HEIGHT)]
        if rows == list(range(HEIGHT)):
            return stored
        shown = Image.new("1", (WIDTH, HEIGHT))
        for y, row in enumerate(rows):
            if row is not None:
                shown.paste(stored.crop((0, row, WIDTH, row + 1)), (0, y))
        return shown

    def _power_up(self):
        self.ram = bytearray(self._noise.randbytes(WIDTH * PAGES))  # 8 rows a byte, by page, then by segment
        self.on = self.charge_pump = self.inverse = self.all_on = False
        self.contrast = 0x7F
        self._mode = PAGE
        self._columns, self._pages = (0, WIDTH - 1), (0, PAGES - 1)
        self._column = self._page = 0
        self._start_line = self._offset = 0
        self._rows = HEIGHT
        self._segments_turned = self._scan_down = False
        self._pending = bytearray()  # a command that waits for its parameters, across transfers too
        self.changed = True

    def _fault(self, text):
        if text not in self.faults:
            self.faults.append(text)

    def _row(self, y):
        """The row of RAM that is shown in line y, or None for a line that is not driven."""
        com = HEIGHT - 1 - y
        row = ((self._rows - 1 - com if self._scan_down else com) + self._offset) % HEIGHT
        return (row + self._start_line) % HEIGHT if row < self._rows else None

    # Data

    def _data(self, data):
        if self._pending:
            self._fault(f"data while command 0x{self._pending[0]:02x} waits for parameters")
        for byte in data:
            segment = WIDTH - 1 - self._column if self._segments_turned else self._column
            self.ram[self._page * WIDTH + segment] = byte
            self._advance()
        self.changed = True

    def _advance(self):
        column, page = self._column, self._page
        if self._mode == PAGE:
            self._column = (column + 1) % WIDTH
            return
        if self._mode == HORIZONTAL or page == self._pages[1]:
            self._column = _next(column, self._columns, WIDTH)
        if self._mode == VERTICAL or column == self._columns[1]:
            self._page = _next(page, self._pages, PAGES)

    # Commands

    def _command_byte(self, byte):
        self._pending.append(byte)
        count = _PARAMETERS.get(self._pending[0])
        if count is None:
            self._fault(f"unknown command 0x{byte:02x}")
        elif len(self._pending) <= count:
            return
        else:
            self._command(self._pending[0], *self._pending[1:])
            self.changed = True
        self._pending = bytearray()

    def _command(self, command, first=0, second=0, *rest):
        if command < 0x20 or 0xB0 <= command < 0xB8:
            self._page_pointer(command)
        elif command in (0x21, 0x22):
            self._window(command, first, second)
        elif command == 0x20:
            self._mode = first & 3
            if self._mode > PAGE:
                self._fault("addressing mode 3")
                self._mode = PAGE
        elif 0x40 <= command < 0x80:
            self._start_line = command & 0x3F
        elif command in (0xA0, 0xA1):
            self._segments_turned = command == 0xA1  # for data written from now on
        elif 0xC0 <= command < 0xD0:
            self._scan_down = command >= 0xC8
        else:
            self._glass(command, first)

    def _glass(self, command, first):
        """What changes how the RAM is shown, and what does not change the picture at all."""
        if command in (0xAE, 0xAF):
            self.on = command == 0xAF
        elif command in (0xA4, 0xA5):
            self.all_on = command == 0xA5
        elif command in (0xA6, 0xA7):
            self.inverse = command == 0xA7
        elif command == 0x8D:
            self.charge_pump = bool(first & 4)
        elif command == 0x81:
            self.contrast = first
        elif command == 0xD3:
            self._offset = first & 0x3F
        elif command == 0xA8:
            self._rows = (first & 0x3F) + 1
            if self._rows < 16:
                self._fault(f"multiplex ratio {self._rows}")
        elif command == 0xDA and first & 0x32 != 0x12:
            self._fault(f"COM pins 0x{first:02x}: this glass alternates (0x12)")
        elif command == 0x2F:
            self._fault("scrolling is not modelled")

    def _page_pointer(self, command):
        if self._mode != PAGE:
            self._fault(f"0x{command:02x} outside page addressing")
        elif command >= 0xB0:
            self._page = command & 7
        elif command >= 0x10:
            self._column = (command & 7) << 4 | self._column & 0x0F
        else:
            self._column = self._column & 0x70 | command

    def _window(self, command, start, end):
        limit = WIDTH if command == 0x21 else PAGES
        if self._mode == PAGE:
            self._fault(f"0x{command:02x} in page addressing")
        elif not start <= end < limit:
            self._fault(f"window 0x{command:02x} from {start} to {end}")
        elif command == 0x21:
            self._columns, self._column = (start, end), start
        else:
            self._pages, self._page = (start, end), start


def _next(place, window, size):
    return window[0] if place == window[1] else (place + 1) % size
