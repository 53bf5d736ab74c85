"""The three keys as a stream for `select.poll`: readable while a level differs from the one last taken.

MicroPython asks a Python object what is ready through io.IOBase's ioctl (py/stream.h), in every round of the wait.
"""

import io

from micropython import const

from ihd.clock import ticks_diff

NAMES = ("prev", "next", "select")
_POLL = const(3)  # MP_STREAM_POLL
_POLLIN = const(1)
_EINVAL = const(22)
_BOUNCE_MS = const(30)


class Keys(io.IOBase):
    """pins: one a name of NAMES, low while the key is held. A key held at the start counts when it is pressed again."""

    def __init__(self, pins):
        self._pins = pins
        self._levels = bytearray(pin.value() for pin in pins)  # as last taken
        self._changed = [None] * len(pins)  # ticks of the last change taken

    def ioctl(self, request, argument):
        """What select.poll asks; a negative errno for anything else."""
        if request != _POLL:
            return -_EINVAL
        for i, pin in enumerate(self._pins):
            if pin.value() != self._levels[i]:
                return argument & _POLLIN
        return 0

    def take(self, now):
        """Take the levels at ticks `now`; the name of a key newly pressed, or None.

        A key's changes within 30 ms of its last one are bounces and press nothing. Of two keys pressed together the
        second is left, and select.poll finds it at once.
        """
        for i, pin in enumerate(self._pins):
            level = pin.value()
            if level == self._levels[i]:
                continue
            self._levels[i] = level
            last, self._changed[i] = self._changed[i], now
            bounced = last is not None and 0 <= ticks_diff(now, last) < _BOUNCE_MS
            if not level and not bounced:
                return NAMES[i]
        return None
