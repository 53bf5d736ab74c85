"""Which GPIO of an ESP32-DevKitC goes where.

On a WROVER module 16 and 17 belong to its memory: take 25 for 16 and 26 for 17, which are free here.
"""

from machine import I2C, UART, Pin


def radio_uart():
    """The UART to the XBee: 17 to its DIN (3), 16 from its DOUT (2), 27 to its RTS (16).

    115,200 baud. Give 17 a 10 k resistor to 3.3 V: a low DIN at reset starts the module's boot loader. CTS is left
    alone: an ESP32's write waits for it for ever, so a missing module would stop the display, and we say little.
    """
    return UART(2, baudrate=115200, tx=17, rx=16, rts=27, flow=UART.RTS, rxbuf=1024, txbuf=1024, timeout=0)


def panel_i2c():
    """The I2C bus to the SSD1306, which answers at 0x3C: SCL 22, SDA 21, 400 kHz."""
    return I2C(0, scl=Pin(22), sda=Pin(21), freq=400000)


def keys():
    """The pins of prev (32), next (33) and select (39), each with a key to ground that pulls it low.

    39 has no pull-up of its own: give it 10 k to 3.3 V, also where there is no key, or it floats.
    """
    return Pin(32, Pin.IN, Pin.PULL_UP), Pin(33, Pin.IN, Pin.PULL_UP), Pin(39, Pin.IN)
