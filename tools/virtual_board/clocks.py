"""Where board time comes from: the work itself, or the host's clock."""

import time


class LockStep:
    """Time that passes only while the board waits, at once and as far as anything can happen: a day takes seconds."""

    lock_step = True

    def __init__(self):
        self._ms = 0

    def start(self):
        self._ms = 0

    def ms(self) -> int:
        return self._ms

    def wait(self, until, sleep):
        if until is None:
            raise RuntimeError("the board waits for ever and nothing is due")
        self._ms = max(self._ms, until)


class RealTime:
    """`speed` seconds of board time in every second."""

    lock_step = False

    def __init__(self, speed: float = 1):
        self.speed = speed
        self._zero = None

    def start(self):
        self._zero = time.monotonic()

    def ms(self) -> int:
        if self._zero is None:
            return 0
        return int((time.monotonic() - self._zero) * 1000 * self.speed)

    def wait(self, until, sleep):
        """Call `sleep(seconds)`, which may return early; None is for ever."""
        sleep(None if until is None else max(0.0, (until - self.ms()) / 1000 / self.speed))
