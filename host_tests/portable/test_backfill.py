"""Half-hours read back from a meter's own log."""

from fakes import START, Home, counts, indication

from ihd.clock import ticks_add, ticks_diff
from ihd.han.exchange import OWN
from ihd.history.ring import BACK_FILLED
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


def test_gaps_are_asked_about_newest_first_24_half_hours_at_a_time():
    log = Log()
    log.home.guard.since = (END - 60) * HALF_HOUR
    log.run(60)
    assert log.asked == [(END - 24, 24), (END - 48, 24), (END - 60, 12)]
    assert sorted(log.taken) == list(range(END - 60, END))
    assert log.recorder.taken[0] == (0, END - 24, (END - 24) & 0xFFFF, BACK_FILLED)
    assert log.told == [24, 24, 12]
    assert counts(log.refused) == {}


def test_gas_is_read_back_in_litres_into_its_own_series():
    log = Log(fuel="gas", scale="0003003001" + "01030022020000" + "02030022e80300")
    log.home.guard.since = (END - 3) * HALF_HOUR
    log.run(60)
    assert log.recorder.taken == [(1, n, 2 * (n & 0xFFFF), BACK_FILLED) for n in range(END - 3, END)]


def test_only_where_there_is_a_gap_is_the_meter_asked():
    for gaps, asked in (
        ((), []),
        ((END,), []),  # in progress: no gap yet
        ((END - 1,), [END - 24]),
        ((END - 24, END - 1), [END - 24]),
        ((END - 25,), [END - 48]),
        ((END - 100, END - 30), [END - 48, END - 120]),
    ):
        log = Log()
        log.history.gaps = lambda half_hour, gaps=gaps: half_hour in gaps
        log.run(60)
        assert [start for start, _ in log.asked] == asked, gaps
        assert set(gaps) - {END} <= set(log.taken)


def test_nothing_is_asked_from_before_the_earliest_half_hour():
    for earliest, first in (
        ((END - 5) * HALF_HOUR, END - 5),
        ((END - 5) * HALF_HOUR + 1, END - 4),
        ((END - 4) * HALF_HOUR - 1, END - 4),
        ((END - 1) * HALF_HOUR + 1, END),
        (UTC, END),
        (UTC + 86400, END),
        (0xFFFFFFFF, END),
    ):
        log = Log()
        log.home.guard.since = earliest
        log.run(60)
        assert log.asked == ([(first, END - first)] if first < END else [])


def test_nothing_is_asked_from_before_the_log_begins():
    log = Log()
    log.history.gaps = lambda half_hour: half_hour < END - LOG + 2
    log.run(60)
    assert log.asked == [(END - LOG, 24)] and LOG % 24 == 0


def test_samples_from_before_what_was_asked_are_counted_and_dropped():
    log = Log(lambda start, count: whole(start - 3, count + 3))
    log.home.guard.since = (END - 5) * HALF_HOUR
    log.run(60)
    assert log.taken == list(range(END - 5, END))
    assert counts(log.refused) == {"before_floor": 3}
    assert log.told == [5]


def test_samples_of_the_half_hour_in_progress_and_later_are_dropped():
    log = Log(lambda start, count: whole(start, count + 3))
    log.home.guard.since = (END - 5) * HALF_HOUR
    log.run(60)
    assert log.taken == list(range(END - 5, END))
    assert counts(log.refused) == {}


def test_a_sample_that_is_none_stays_a_gap():
    log = Log(lambda start, count: sampled(start, [5, 0xFFFFFF, 0, 0xFFFFFF]))
    log.home.guard.since = (END - 4) * HALF_HOUR
    log.run(60)
    assert [(half_hour, value) for _, half_hour, value, _ in log.recorder.taken] == [(END - 4, 5), (END - 2, 0)]
    assert log.told == [2] and counts(log.refused) == {}


def test_a_chunk_without_a_value_is_not_told_of_and_the_walk_goes_on():
    log = Log(lambda start, count: sampled(start, [0xFFFFFF] * count))
    log.home.guard.since = (END - 30) * HALF_HOUR
    log.run(60)
    assert log.asked == [(END - 24, 24), (END - 30, 6)]
    assert log.taken == [] and log.told == []


def test_fewer_samples_than_asked_are_taken():
    log = Log(lambda start, count: whole(start, min(count, 10)))
    log.home.guard.since = (END - 30) * HALF_HOUR
    log.run(60)
    assert sorted(log.taken) == list(range(END - 30, END - 24)) + list(range(END - 24, END - 14))


def test_what_is_not_as_it_should_be_is_malformed_and_nothing_of_it_taken():
    values = [7] * 5
    start = END - 5
    for payload in (
        sampled(start, values, sample=1),
        sampled(start, values, kind=1),
        sampled(start, values, interval=900),
        sampled(start, values, interval=0),
        sampled(start, values, late=1),
        sampled(start, values, late=-600),
        sampled(start, values, count=6),
        sampled(start, values, count=0xFFFF),
        sampled(start, values)[:-1],
        sampled(start, values)[:10],
        b"",
    ):
        log = Log(lambda start, count, payload=payload: payload)
        log.home.guard.since = start * HALF_HOUR
        log.run(60)
        assert log.taken == [] and log.told == []
        assert counts(log.refused) == {"malformed": 1}, payload
        assert len(log.asked) == 1


def test_a_log_that_reaches_no_further_ends_the_walk():
    for refusal in (NOT_FOUND, 0x81):
        log = Log(lambda start, count, refusal=refusal: whole(start, count) if start > END - 100 else refusal)
        log.run(600)
        assert log.asked == [(END - 24 * n, 24) for n in range(1, 6)]
        assert sorted(log.taken) == list(range(END - 96, END))


def profile(end, count, status=0, interval=2):
    """A GetProfileResponse: each half-hour took as much as its number says, as in whole(); newest first."""
    head = (end * HALF_HOUR).to_bytes(4, "little") + bytes((status, interval, count))
    return head + b"".join([((end - 1 - n) & 0xFFFF).to_bytes(3, "little") for n in range(count)])


def test_a_meter_without_sampled_data_is_asked_for_its_profile():
    log = Log(lambda start, count: 0x81)
    log.profile = profile
    log.home.guard.since = (END - 30) * HALF_HOUR
    log.run(60)
    assert log.asked == [(END - 24, 24)]  # once
    assert log.profiled == [(END, 24), (END - 24, 6)]
    assert sorted(log.recorder.taken) == [(0, n, n & 0xFFFF, BACK_FILLED) for n in range(END - 30, END)]


def test_a_profile_that_ends_or_is_no_profile_of_half_hours_ends_the_walk():
    for answer, taken, refused in (
        (lambda end, count: profile(end, 0, 5), 0, {}),
        (lambda end, count: profile(end, 3, 4), 24, {}),  # fewer than were asked for, each time
        (lambda end, count: profile(end, count, 1), 0, {"malformed": 1}),
        (lambda end, count: profile(end, count, 0, 1), 0, {"malformed": 1}),
        (lambda end, count: profile(end, count)[:-1], 0, {"malformed": 1}),
        (lambda end, count: b"\0" * 7, 0, {"malformed": 1}),
    ):
        log = Log(lambda start, count: 0xC3)
        log.profile = answer
        log.home.guard.since = (END - 24 * 8) * HALF_HOUR
        log.run(60)
        assert len(log.taken) == taken and counts(log.refused) == refused


def test_no_sample_at_all_ends_the_walk():
    log = Log(lambda start, count: sampled(start, []))
    log.run(600)
    assert len(log.asked) == 1 and counts(log.refused) == {}


def test_the_next_gap_is_asked_about_soon_after_it_ended():
    for fuel, scale, seconds in (("electricity", SCALE, 150), ("gas", GAS_SCALE, 1020)):
        log = Log(fuel=fuel, scale=scale)
        log.history.gaps = lambda half_hour: False
        first = HALF_HOUR - UTC % HALF_HOUR + seconds
        if first > HALF_HOUR:
            first -= HALF_HOUR  # of the half-hour that ended before the start
        log.run(first)
        assert log.asked == []
        ended = (UTC + first) // HALF_HOUR
        log.history.gaps = lambda half_hour, ended=ended: half_hour >= ended - 1
        log.run(4 * HALF_HOUR)
        assert log.at == [first + n * HALF_HOUR for n in range(4)]
        assert log.taken[-1] == ended + 2 and log.asked[-1] == (ended + 3 - 24, 24)


def test_once_the_log_was_read_back_only_the_last_day_is_looked_at():
    log = Log(nothing)
    log.run(3 * HALF_HOUR)
    log.log = whole
    log.asked.clear()
    log.run(HALF_HOUR)
    assert [start for start, _ in log.asked] == [END + 4 - 24, END + 4 - 48]


def test_a_meter_that_does_not_answer_is_asked_again_later_and_as_far_back_as_ever():
    log = Log(silence)
    log.run(600)
    assert log.asked == [(END - 24, 24)] * 3  # tries of one question
    log.log = whole
    log.home.guard.since = (END - 100) * HALF_HOUR
    log.run(2 * HALF_HOUR)
    assert min(log.taken) == END - 100


def test_a_gap_that_the_meter_cannot_fill_is_asked_about_in_its_time_and_no_oftener():
    log = Log(nothing)
    log.run(86400)
    assert len(log.asked) == 1 + 48


def test_while_the_gate_is_closed_the_log_is_not_asked():
    log = Log()
    log.home.guard.since = None
    log.run(86400)
    assert log.asked == []


def test_without_time_or_a_scale_the_log_is_not_asked():
    for log in (Log(utc=None), Log(scale="0003003000")):
        log.run(86400)
        assert log.asked == []


def test_a_walk_that_is_stopped_asks_no_more_and_hears_no_answer():
    log = Log(silence)
    log.run(1)
    log.poller.stop()
    log.run(3600)
    assert len(log.asked) == 1 and log.taken == []
    log.log = whole
    log.home.guard.since = (END - 5) * HALF_HOUR
    log.poller.refill(log.now)
    log.run(60)
    assert min(log.taken) == END - 5


class Tally:
    """A recorder that keeps how often each half-hour of a whole log was taken, and forgets its value."""

    def __init__(self):
        self.times = bytearray(LOG + 1)

    def room(self):
        """Always."""
        return 96

    def take(self, series, half_hour, value, marks=0):
        """A complete half-hour."""
        self.times[half_hour - END + LOG] += 1


def test_a_log_is_read_back_to_its_end():
    tally = Tally()
    log = Log(recorder=tally)
    log.run(1000)  # the half-hour in progress does not end
    for half_hour in range(LOG + 1):
        assert tally.times[half_hour] == (half_hour < LOG)
    assert len(log.asked) == LOG // 24


def test_of_what_the_meter_gives_only_gaps_are_taken():
    log = Log()
    log.history.gaps = lambda half_hour: half_hour in (END - 3, END - 20)
    log.run(60)
    assert log.taken == [END - 20, END - 3]
    assert log.told == [2]


def test_a_gate_that_closes_ends_the_walk():
    log = Log()

    def closing(start, count):
        if len(log.asked) == 2:
            log.poller.backfill.stop()  # as the app does
        return whole(start, count)

    log.log = closing
    log.home.guard.since = (END - 100) * HALF_HOUR
    log.run(600)
    assert len(log.asked) == 2


def test_a_scale_that_is_lost_on_the_way_ends_the_walk():
    log = Log()

    def losing(start, count):
        log.meter.attributes(bytes.fromhex("01030022000000"), True, log.now)
        return whole(start, count)

    log.log = losing
    log.home.guard.since = (END - 100) * HALF_HOUR
    log.run(600)
    assert log.taken == [] and len(log.asked) == 1
