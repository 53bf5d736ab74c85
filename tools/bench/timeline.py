"""Board milliseconds, and what falls due on them, in order."""

import heapq


class Timeline:
    """The bench's only clock: it stands still until it is run to a later millisecond."""

    def __init__(self):
        self.now = 0
        self._heap = []
        self._count = 0

    def at(self, ms, action, *arguments):
        """Call `action(*arguments)` at board millisecond `ms`; equal times keep the order in which they were asked."""
        heapq.heappush(self._heap, (ms, self._count, action, arguments))
        self._count += 1

    def after(self, delay_ms, action, *arguments):
        self.at(self.now + delay_ms, action, *arguments)

    def due(self):
        """The millisecond of the next action, or None."""
        return self._heap[0][0] if self._heap else None

    def run(self, ms):
        """Do everything due up to and including `ms`, each action at its own time."""
        while self._heap and self._heap[0][0] <= ms:
            due, _, action, arguments = heapq.heappop(self._heap)
            self.now = max(self.now, due)
            action(*arguments)
        self.now = max(self.now, ms)
