"""Half-hours read back from a meter's own log."""

from fakes import counts
from meter_log import (
    END,
    GAS_SCALE,
    HALF_HOUR,
    LOG,
    NOT_FOUND,
    SCALE,
    UTC,
    Log,
    nothing,
    profile,
    sampled,
    silence,
    whole,
)

from ihd.history.ring import BACK_FILLED


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


def test_of_a_meter_that_gives_fewer_samples_than_asked_the_rest_is_asked_too():
    log = Log(lambda start, count: whole(start, min(count, 10)))
    log.home.guard.since = (END - 30) * HALF_HOUR
    log.run(60)
    assert sorted(set(log.taken)) == list(range(END - 30, END))
    assert log.asked == [(END - 24, 24), (END - 14, 14), (END - 4, 4), (END - 30, 6)]


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
        (lambda end, count: profile(end, min(3, count), 4), 192, {}),  # fewer than were asked for, each time
        (lambda end, count: profile(end, count, 1), 0, {"malformed": 1}),
        (lambda end, count: profile(end, count, 0, 1), 0, {"malformed": 1}),
        (lambda end, count: profile(end, count)[:-1], 0, {"malformed": 1}),
        (lambda end, count: b"\0" * 7, 0, {"malformed": 1}),
    ):
        log = Log(lambda start, count: 0xC3)
        log.profile = answer
        log.home.guard.since = (END - 24 * 8) * HALF_HOUR
        log.run(120)
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
