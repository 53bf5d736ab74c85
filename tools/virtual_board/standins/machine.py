"""Stands in for MicroPython's `machine` as on an ESP32: pins, one UART and one I2C bus, forwarded."""

import _operations
from _wires import ask


class Pin:
    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if id > 33 and mode in (Pin.OUT, Pin.OPEN_DRAIN):
            raise ValueError("pin can only be input")
        self._id = id
        if value is not None:
            self.value(value)

    def value(self, level=None):
        if level is None:
            return ask(_operations.PIN_READ, self._id)
        ask(_operations.PIN_WRITE, self._id, unit=1 if level else 0)


class UART:
    RTS = 1
    CTS = 2

    def __init__(
        self, id, baudrate=115200, *, tx=None, rx=None, rts=None, cts=None, txbuf=256, rxbuf=256, timeout=0, flow=0
    ):
        pass

    def readinto(self, buffer):
        return ask(_operations.UART_READ, into=buffer) or None

    def write(self, data):
        return ask(_operations.UART_WRITE, send=(data,))


class I2C:
    def __init__(self, id, *, scl=None, sda=None, freq=400000):
        pass

    def writeto(self, address, data):
        return self.writevto(address, (data,))

    def writevto(self, address, vector):
        return ask(_operations.I2C_WRITE, send=vector, unit=address)
