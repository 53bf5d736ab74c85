"""What a history does not take, by name; whoever keeps one in RAM needs no ring for it."""


class BeforeFloor(ValueError):
    """The half-hour began before the floor of its series: it is not this occupant's."""


class OutOfRange(ValueError):
    """The value does not fit a slot; or the half-hour has not ended, or is older than the ring is long."""


class ClockBehind(OutOfRange):
    """Most of the series lies ahead of the clock, and something of it would have to give way."""


class Occupied(ValueError):
    """Another value stands in the slot, or a torn one."""
