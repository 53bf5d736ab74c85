"""A poller that reads half-hours back from a meter's own log, and what that log answers."""

from fakes import START, Home, indication

from ihd.clock import ticks_add, ticks_diff
from ihd.han.exchange import OWN
from ihd.home.meter import Meter
from ihd.home.poller import Poller

METER = bytes(range(8))
HALF_HOUR = 1800
UTC = 832_000_200  # ten minutes into a half-hour
END = UTC // HALF_HOUR  # the half-hour in progress
LOG = 19056  # half-hours in a meter's log
NOT_FOUND = 0x8B
SCALE = "0003003000" + "01030022010000" + "02030022e80300"
GAS_SCALE = "0003003001" + "01030022010000" + "02030022e80300"


class Shelf:
    """A history that is full but for `gaps`; what was appended stands in `values`."""

    def __init__(self):
        self.values = {}
        self.gaps = lambda half_hour: True

    def read(self, series, start, end):
        """As history.ring.Ring."""
        for half_hour in range(start, end):
            yield self.values.get((series, half_hour), None if self.gaps(half_hour) else 1)

    def append(self, series, half_hour, value, marks=0):
        """As history.ring.Ring."""
        self.values[(series, half_hour)] = value
        return True


def le(value, size):
    return value.to_bytes(size, "little")


def sampled(start, values, sample=0, kind=0, interval=HALF_HOUR, count=None, late=0):
    """A SampledData payload: `values` of the half-hours from `start` on. late: seconds that its time is wrong."""
    head = le(sample, 2) + le(start * HALF_HOUR + late, 4) + le(kind, 1) + le(interval, 2)
    return head + le(len(values) if count is None else count, 2) + b"".join([le(value, 3) for value in values])


def whole(start, count):
    """A log that has everything: the value of a half-hour is its number's low bits."""
    return sampled(start, [half_hour & 0xFFFF for half_hour in range(start, start + count)])


def nothing(start, count):
    return NOT_FOUND


def silence(start, count):
    return None


class Log:
    """A poller that fills gaps from a meter's log. log(start, count): its answer as payload, a status, or None."""

    def __init__(self, log=whole, fuel="electricity", utc=UTC, scale=SCALE, recorder=None):
        self.home = home = Home(fuel, utc, Shelf(), recorder)
        home.guard.since = 0
        self.radio, self.exchange, self.refused = home.radio, home.exchange, home.refused
        self.history, self.recorder = home.history, home.recorder
        self.meter = Meter(home.device, home)
        self.meter.attributes(bytes.fromhex(scale), True, START)
        self.meter.account.hour = START  # prices were asked for
        self.poller = Poller(self.meter, home, 10)
        self.log = log
        self.profile = None
        self.profiled = []  # (half-hour at the end, number of half-hours) of every GetProfile
        self.asked = []  # (first half-hour, number of half-hours)
        self.at = []  # seconds after the start at which each was asked
        self.now = START
        self.poller.refill(START)

    def run(self, seconds):
        """Let so much time pass, from one thing that is due to the next."""
        end = ticks_add(self.now, seconds * 1000)
        while True:
            self.poller.backfill.step(self.now)
            self.exchange.step(self.now)
            while self.radio.sent:
                self._hear(self.radio.sent.pop(0))
            waits = [each.wake(self.now) for each in (self.poller.backfill, self.exchange)]
            wait = min([wait for wait in waits if wait is not None] or [1000])
            if wait >= ticks_diff(end, self.now):
                self.now = end
                return
            self.now = ticks_add(self.now, wait)

    def _hear(self, sent):
        address, short, cluster, profile, _, endpoint, payload, secured = sent
        assert (address, short, cluster, profile, endpoint, secured) == (METER, 0x5566, 0x0702, 0x0109, 9, True)
        assert payload[0] == 0x01
        if payload[2] == 0x00:
            self._hear_profile(payload)
            return
        assert payload[2] == 0x08 and payload[3:5] == b"\0\0" and payload[9] == 0
        start = int.from_bytes(payload[5:9], "little")
        assert start % HALF_HOUR == 0 and len(payload) == 12
        self.asked.append((start // HALF_HOUR, payload[10] | payload[11] << 8))
        self.at.append(ticks_diff(self.now, START) // 1000)
        answer = self.log(*self.asked[-1])
        if answer is None:
            return
        sequence = payload[1]
        if isinstance(answer, int):
            frame = indication(bytes((0x18, sequence, 0x0B, 8, answer)), 0x0702)
            request = self.exchange.match(frame, 0x0702, sequence, None, 8)
            request.dialogue.answered(0x0B, frame.payload[3:], self.now)
        else:
            frame = indication(bytes((0x09, sequence, 7)) + answer, 0x0702)
            request = self.exchange.match(frame, 0x0702, sequence, OWN | 7)
            if request:
                request.dialogue.answered(OWN | 7, frame.payload[3:], self.now)

    def _hear_profile(self, payload):
        """GetProfile, answered by self.profile(end, count)."""
        assert payload[3] == 0 and len(payload) == 9
        end = int.from_bytes(payload[4:8], "little")
        self.profiled.append((end // HALF_HOUR, payload[8]))
        answer = self.profile(end // HALF_HOUR, payload[8])
        frame = indication(bytes((0x09, payload[1], 0)) + answer, 0x0702)
        request = self.exchange.match(frame, 0x0702, payload[1], OWN)
        request.dialogue.answered(OWN, frame.payload[3:], self.now)

    @property
    def told(self):
        """How many half-hours were read back, each time."""
        assert {(what, unit) for what, _, unit in self.home.facts} <= {("back_filled", "half_hours")}
        return [value for _, value, _ in self.home.facts]

    @property
    def taken(self):
        """The half-hours recorded."""
        return [half_hour for _, half_hour, _, _ in self.recorder.taken]


def profile(end, count, status=0, interval=2):
    """A GetProfileResponse: each half-hour took as much as its number says, as in whole(); newest first."""
    head = (end * HALF_HOUR).to_bytes(4, "little") + bytes((status, interval, count))
    return head + b"".join([((end - 1 - n) & 0xFFFF).to_bytes(3, "little") for n in range(count)])
