"""Which GPIO of an ESP32-DevKitC goes where.

On a WROVER module 16 and 17 belong to its memory: take 25 and 33 for the radio instead.
"""

from micropython import const

RADIO_TX = const(17)  # to the XBee's DIN (3), with 10 k to 3.3 V
RADIO_RX = const(16)  # from its DOUT (2)
RADIO_RTS = const(27)  # to its RTS (16)
RADIO_CTS = const(35)  # from its CTS (12)
RADIO_BAUD = const(115200)

PANEL_SCL = const(22)
PANEL_SDA = const(21)
PANEL_HZ = const(400000)
PANEL_ADDRESS = const(0x3C)
