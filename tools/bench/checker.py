"""Whether the events of a board meet what its scenario expects."""


class Checker:
    def __init__(self, scenario):
        self._open = {n: each for n, each in enumerate(scenario.expectations) if not each.never}
        self._forbidden = [each for each in scenario.expectations if each.never]
        self._broken = []

    def event(self, event, ms):
        """An event of the board, a dict as it was printed, at board milliseconds from the scenario's start."""
        # Judged by what was open before this event, which thus meets no expectation and the one that follows it.
        waiting = {n for n, each in self._open.items() if each.follows and n - 1 in self._open}
        self._open = {n: each for n, each in self._open.items() if n in waiting or not _meets(each, event, ms)}
        for each in self._forbidden:
            if _meets(each, event, ms):
                self._broken.append(f"{each.why}: but at {_clock(ms)} came {event}")

    def unmet(self):
        """A sentence for each expectation that has not been met; empty when all have."""
        missing = [
            f"{each.why}: no {each.fields} between {_clock(each.after_ms)} and {_clock(each.until_ms)}"
            for each in self._open.values()
        ]
        return missing + self._broken


def _meets(expectation, event, ms):
    timely = expectation.after_ms <= ms <= expectation.until_ms
    return timely and all(key in event and event[key] == value for key, value in expectation.fields.items())


def _clock(ms):
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
