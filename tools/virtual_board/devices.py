"""Everything on the far side of the ESP32's pins and buses: keys, UART buffer, panel, flash."""

import errno

from .flash import SECTOR, FlashError
from .panel import SSD1306
from .standins import _operations as op

UART_BUFFER = 1024
KEYS = {"prev": 32, "next": 33, "select": 39}  # active low


class Devices:
    """Answers the requests that concern a device; `fault(what, where)` hears of what no program should do.

    peer: what the UART is wired to. clock: board time. flash: the history partition or None. on_flash(operation,
    offset, length): called after each "program" or "erase" of it.
    """

    def __init__(self, peer, clock, flash, file_system, fault, on_flash):
        self.panel = SSD1306()
        self.outputs = {}  # pin: level, as the program set them
        self.received = b""  # waits at the UART
        self._peer, self._clock, self._fault = peer, clock, fault
        self._flashes = {op.HISTORY: ("flash", flash), op.VFS: ("file system", file_system)}
        self._presses = []  # (pin, board ms, for how many ms)
        self._held = {}  # pin: board ms until which it is low
        self._read = dict.fromkeys(KEYS.values(), 1)  # pin: the level that the program last saw
        self._told = 0
        self._on_flash = on_flash
        self._serve = {
            op.PIN_READ: self._pin_read,
            op.PIN_WRITE: self._pin_write,
            op.UART_READ: self._uart_read,
            op.UART_WRITE: self._uart_write,
            op.I2C_WRITE: self._i2c_write,
            op.BLOCK_SIZE: self._block_size,
            op.BLOCK_READ: self._block_read,
            op.BLOCK_PROGRAM: self._block_write,
            op.BLOCK_ERASE: self._block_write,
        }

    def answer(self, request):
        """An int, or bytes for what was read."""
        return self._serve[request.operation](request)

    def listen(self, ms: int):
        """Let the peer speak, unless what it said before is still in the buffer: that is flow control."""
        if not self.received:
            self.received = self._peer.advance(ms)

    def press(self, key: str, start: int, ms: int):
        self._presses.append((KEYS[key], start, ms))

    def keys_changed(self, ms: int) -> bool:
        """Whether a key's level differs from the one that the program last read."""
        if not (self._presses or self._held):  # nearly always, and every wait asks
            return False
        return any(self._level(pin, ms, read=False) != level for pin, level in self._read.items())

    def keys_due(self, ms: int):
        """The board ms after `ms` at which a key's level may change next, or None."""
        if not (self._presses or self._held):
            return None
        moments = [start for _, start, _ in self._presses] + list(self._held.values())
        return min((moment for moment in moments if moment > ms), default=None)

    def _pin_read(self, request):
        level = self._level(request.value, self._clock.ms())
        if request.value in self._read:
            self._read[request.value] = level
            if level:
                self._held.pop(request.value, None)
        return level

    def _level(self, pin, now, read=True):
        for press in [press for press in self._presses if press[0] == pin and press[1] <= now]:
            # In real time a finger waits until the program looks: the host may stall, and that is not its fault.
            if not (read or self._clock.lock_step):
                return 0
            self._presses.remove(press)
            self._held[pin] = press[2] + (press[1] if self._clock.lock_step else now)
        return 0 if now < self._held.get(pin, 0) else self.outputs.get(pin, 1)

    def _pin_write(self, request):
        self.outputs[request.value] = request.unit
        return 0

    def _uart_read(self, request):
        count = min(request.length, UART_BUFFER)
        data, self.received = self.received[:count], self.received[count:]
        return data

    def _uart_write(self, request):
        self._peer.board_sent(request.data, self._clock.ms())
        return request.length

    def _i2c_write(self, request):
        heard = self.panel.write(request.unit, request.data)
        for what in self.panel.faults[self._told :]:
            self._fault(what, "panel")
        self._told = len(self.panel.faults)
        return request.length if heard else -errno.ENODEV

    def _block_size(self, request):
        _, flash = self._flashes[request.unit]
        return flash.size if flash else 0

    def _block_read(self, request):
        name, flash = self._flashes[request.unit]
        try:
            return flash.read(request.value, request.length)
        except FlashError as error:
            self._fault(str(error), name)
            return -errno.EINVAL

    def _block_write(self, request):
        name, flash = self._flashes[request.unit]
        try:
            if request.operation == op.BLOCK_ERASE:
                flash.erase(request.value)
            else:
                flash.program(request.value, request.data)
        except FlashError as error:
            self._fault(str(error), name)
            return -errno.EINVAL
        if request.unit == op.HISTORY:
            erased = request.operation == op.BLOCK_ERASE
            self._on_flash("erase" if erased else "program", request.value, SECTOR if erased else len(request.data))
        return 0
