"""SSD1306: 128x64 monochrome OLED on I2C.

Source: Solomon Systech SSD1306 data sheet rev 1.1, sections 8.1.5 (I2C), 9 and 10 (commands), application note (charge
pump). Display RAM is 8 pages of 128 bytes; a byte is 8 pixels from the top down, least significant first: MONO_VLSB.
"""

from micropython import const

_COLUMNS = const(0x21)
_PAGES = const(0x22)

# the first byte of a transaction says what follows it (8.1.5.2): commands or display data
_COMMANDS = const(0x00)
_DATA = b"\x40"

_OFF = b"\x00\xae"
_SETTINGS = (
    b"\x00"  # commands follow
    b"\xd5\x80"  # clock: divide by 1, oscillator as after reset
    b"\xa8\x3f"  # 64 rows are driven
    b"\xd3\x00"  # no vertical offset
    b"\x40"  # RAM row 0 is the top
    b"\x8d\x14"  # charge pump on: the module has 3.3 V only
    b"\x20\x00"  # addressing runs along the window's columns, then to its next page
    b"\xa1"  # column 0 is on the left and
    b"\xc8"  # page 0 at the top when the connector is above
    b"\xda\x12"  # COM pins: alternating, as 128x64 glass is wired
    b"\x81\x7f"  # half contrast spares the OLED
    b"\xd9\xf1"  # pre-charge 1 and 15 clocks, for the charge pump
    b"\xdb\x20"  # deselect level 0.77 Vcc
    b"\xa4"  # show the RAM
    b"\xa6"  # 1 is lit
)
_ON = b"\x00\xaf"


class SSD1306:
    """The panel at `address` of a machine.I2C; every method lets OSError of the bus through."""

    width = 128
    height = 64

    def __init__(self, i2c, address=0x3C):
        self._i2c = i2c
        self._address = address
        self._window = bytearray((_COMMANDS, _COLUMNS, 0, 0, _PAGES, 0, 0))

    def start(self):
        """Set the controller up; its RAM holds noise after power-up, so it is blanked before it is shown."""
        self._i2c.writeto(self._address, _OFF)
        self._i2c.writeto(self._address, _SETTINGS)
        self.blank()
        self._i2c.writeto(self._address, _ON)

    def refresh(self):
        """Set up and switch on again a controller that may have lost its power unnoticed; its RAM may be noise then."""
        self._i2c.writeto(self._address, _SETTINGS)
        self._i2c.writeto(self._address, _ON)

    def blank(self):
        """Overwrite the whole display RAM with zeros."""
        row = bytes(self.width)
        for y in range(0, self.height, 8):
            self.show(0, y, self.width, 8, row)

    def show(self, x, y, w, h, buffer):
        """Put `buffer`, MONO_VLSB of exactly w x h pixels, at x, y; y and h are multiples of 8."""
        window = self._window
        window[2] = x
        window[3] = x + w - 1
        window[5] = y >> 3
        window[6] = (y + h - 1) >> 3
        self._i2c.writeto(self._address, window)
        self._i2c.writevto(self._address, (_DATA, buffer))
