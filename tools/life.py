"""Lives a scenario: the board among the bench's meters, keys pressed and power cut as the scenario says."""

from tools.bench import Bench
from tools.bench.steps import BOARD_STEPS
from tools.virtual_board.board import HEAP, Board


class _PowerCut(Exception):
    """Raised out of a flash operation: the board dies with it done and unanswered."""


class _Line:
    """The UART between one board and the bench, whose time began `offset` ms before the board's."""

    def __init__(self, bench, offset):
        self._bench, self._offset = bench, offset

    def board_sent(self, data, ms):
        self._bench.board_sent(data, ms + self._offset)

    def due(self):
        due = self._bench.due()
        return None if due is None else due - self._offset

    def advance(self, ms):
        return self._bench.advance(ms + self._offset)


class Life:
    """A board that survives its power cuts, from the start of a scenario to its end.

    with Life(scenario, flash="flash.bin", on_event=events.append) as life:
        life.run()

    bench: the Bench. board: the Board there is now; another after each cut. armed: steps that cut the power in a
    rewind and have not yet done it. operations: on the history partition since the latest rewind began.
    """

    def __init__(
        self,
        scenario,
        *,
        capture=None,
        tell=None,
        flash=None,
        vfs=None,
        interpreter="auto",
        device=None,
        settings=None,
        heap=HEAP,
        on_event=None,
        on_picture=None,
        on_log=None,
        on_flash=None,
    ):
        """capture, tell: as of Bench. interpreter, device, heap, flash, vfs, on_picture, on_log, on_flash: as of Board.

        settings: for settings.json, written before the first start only where a vfs keeps it. on_event: gets the
        board's events with `ms` since the start of the scenario, however often the board has started since.
        """
        self.bench = Bench(scenario, capture, tell=tell)
        self.board = None
        self.armed = []
        self.operations = 0
        self._end_ms = scenario.duration_ms
        self._steps = [step for step in scenario.steps if step.do in BOARD_STEPS]
        self._on_event = on_event or (lambda event: None)
        self._on_flash = on_flash or (lambda operation, offset, length: None)
        self._parts = {"interpreter": interpreter, "device": device, "heap": heap, "flash": flash, "vfs": vfs}
        self._parts |= {"on_picture": on_picture, "on_log": on_log}
        self._settings = settings
        self._offset = 0  # scenario ms at which the present board was switched on
        self._counting = []  # [operations to go, step] of armed cuts whose rewind has begun
        self._switch_on()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def ms(self):
        """Milliseconds since the start of the scenario."""
        return self._offset + self.board.clock.ms()

    def run(self, until_ms=None):
        """Live on until that millisecond of the scenario, by default its end.

        False when the board's program has ended by itself. Raises what Board.run raises.
        """
        until_ms = self._end_ms if until_ms is None else until_ms
        while self._steps and self._steps[0].ms <= until_ms:
            step = self._steps[0]
            arms = "operations" in step.keys
            # What is armed at the very start is armed before the board's first line.
            if not (arms and step.ms <= self.ms) and not self._live(step.ms):
                return False
            self._steps.pop(0)
            if arms:
                self.armed.append(step)
            elif step.ms >= self.ms:  # the power may be away
                getattr(self, "_do_" + step.do)(**step.keys)
        return self._live(until_ms)

    def close(self):
        """Switch the board off for good and finish the capture."""
        self.board.stop()
        self.bench.close()

    def cut(self, away_ms=0):
        """Cut the power now; it is back after so many milliseconds, in which the home goes on."""
        back_ms = self.ms + away_ms
        self.board.stop()
        self.armed += [step for _, step in self._counting]
        self._counting = []
        self.bench.tell("The power of the display is cut.")
        self.bench.advance(back_ms)
        self._offset = back_ms
        self.bench.tell("The display has power again.")
        self.bench.xbee.reset()
        if self._parts["vfs"] is not None:
            self._settings = None
        self._switch_on()

    def _switch_on(self):
        line = _Line(self.bench, self._offset)
        heard = {"on_event": self._event, "on_flash": self._flash}
        self.board = Board(line, settings=self._settings, **self._parts, **heard)

    def _live(self, until_ms):
        while self.ms <= until_ms:
            try:
                return self.board.run(until_ms - self._offset)
            except _PowerCut as cut:
                (step,) = cut.args
                self.cut(step.keys.get("away", 0))
        return True

    def _do_press(self, key):
        self.bench.tell(f"Somebody presses the key {key}.")
        self.board.press(key)

    def _do_cut(self, away=0):
        self.cut(away)

    def _event(self, event):
        event = {**event, "ms": event["ms"] + self._offset}
        if event["event"] == "rewind" and event["phase"] == "begin":
            self.operations = 0
            step = next((step for step in self.armed if self._concerns(step, event)), None)
            if step is not None:
                self.armed.remove(step)
                self._counting.append([step.keys["operations"], step])
        self._on_event(event)

    def _concerns(self, step, event):
        device = step.keys.get("device")
        return device is None or self.bench.scenario.eui64s[device] == event["meter"]

    def _flash(self, operation, offset, length):
        self.operations += 1
        self._on_flash(operation, offset, length)
        for count in self._counting:
            count[0] -= 1
        fired = next((count for count in self._counting if not count[0]), None)
        if fired is not None:
            self._counting.remove(fired)
            raise _PowerCut(fired[1])
