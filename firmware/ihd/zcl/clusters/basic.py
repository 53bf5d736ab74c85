"""Basic (0x0000): what a device is.

Source: ZCL 8, 3.2.
"""

from micropython import const

CLUSTER = const(0x0000)

ZCL_VERSION = const(0x0000)
MANUFACTURER_NAME = const(0x0004)
MODEL_IDENTIFIER = const(0x0005)
POWER_SOURCE = const(0x0007)

TYPES = (
    b"\x00\x00\x20"  # ZCLVersion, u8
    b"\x04\x00\x42"  # ManufacturerName, character string
    b"\x05\x00\x42"  # ModelIdentifier, character string
    b"\x07\x00\x30"  # PowerSource, enum8: 1 mains
)
