"""Half-hours closed on the clock, and the day's sum, which forgets and reaches back."""

from fakes import raises

from ihd.home.half_hours import HalfHours

DAY = 86400
HALF_HOUR = 1800
MIDNIGHT = 821577600 + DAY
FIRST = MIDNIGHT // HALF_HOUR


def utc_day(utc):
    """Days without summer time."""
    return utc - utc % DAY, utc - utc % DAY + DAY


class Series:
    """A HalfHours and its history: what is known of before, and all that it closes from now on."""

    def __init__(self, known=None, slack_s=60, day=utc_day):
        self.known = known or {}
        self.half_hours = HalfHours(slack_s, self._known, day)

    def _known(self, half_hour):
        return self.known.get(half_hour)

    def read(self, utc, register):
        """A reading; returns the half-hour that it closed, or None."""
        closed = self.half_hours.reading(utc, register)
        if closed is None:
            return None
        half_hour, used = closed
        self.known[half_hour] = used
        return half_hour

    def follow(self, start, end, step=600):
        """Readings of metered() from `start` on, the last at or before `end`."""
        for utc in range(start, end + 1, step):
            self.read(utc, metered(utc))

    def used(self, count):
        """Of the first `count` half-hours of the day."""
        return [self.known.get(FIRST + n) for n in range(count)]

    def forget(self, before):
        """Forget, as the history does before."""
        for half_hour in list(self.known):
            if half_hour * HALF_HOUR < before:
                del self.known[half_hour]
        self.half_hours.forget(before)
        assert not self.half_hours.holds(before), before

    def today(self):
        return self.half_hours.today(), self.half_hours.day_since


def metered(utc):
    """What a register reads that is never in the same way used twice."""
    n = utc - MIDNIGHT + 2 * DAY
    return n * n // 5000


def used(half_hour):
    return metered((half_hour + 1) * HALF_HOUR) - metered(half_hour * HALF_HOUR)


def lived(start, end):
    """A history of the half-hours that began from `start` to before `end`, both at one's begin."""
    return {half_hour: used(half_hour) for half_hour in range(start // HALF_HOUR, end // HALF_HOUR)}


def at(clock, day=0):
    """Zigbee UTC of "hh:mm" of the day."""
    return MIDNIGHT + DAY * day + int(clock[:2]) * 3600 + int(clock[3:]) * 60


def test_a_half_hour_is_what_the_register_went_on_between_its_ends():
    series = HalfHours(60, {}.get, utc_day)
    assert series.reading(MIDNIGHT + 10, 1000) is None
    assert series.reading(MIDNIGHT + 1790, 1240) is None
    assert series.reading(MIDNIGHT + 1805, 1250) == (FIRST, 250)


def test_the_sum_of_half_hours_is_the_register_s_step():
    series = Series()
    register = 5
    for second in range(7, DAY + 30, 10):
        register += second % 13
        series.read(MIDNIGHT + second, register)
        if second == 7:
            start = register
    values = series.used(48)
    assert None not in values
    assert 0 <= register - start - sum(values) < 3 * 13


def test_a_half_hour_whose_begin_was_missed_is_a_gap():
    series = Series()
    series.read(MIDNIGHT + 61, 1000)
    assert series.read(MIDNIGHT + 1800, 1100) is None
    assert series.read(MIDNIGHT + 3600, 1150) == FIRST + 1
    assert series.used(2) == [None, 50]


def test_a_half_hour_whose_end_was_missed_is_a_gap_and_so_are_those_skipped():
    series = Series()
    series.read(MIDNIGHT, 0)
    assert series.read(MIDNIGHT + 1861, 100) is None
    assert series.read(MIDNIGHT + 7200, 400) is None
    assert series.read(MIDNIGHT + 9000, 500) == FIRST + 4
    assert series.used(5) == [None, None, None, None, 100]


def test_a_step_over_several_half_hours_belongs_to_none_of_them():
    series = Series()
    series.read(MIDNIGHT, 0)
    assert series.read(MIDNIGHT + 3600, 100) is None
    assert series.used(2) == [None, None]


def test_no_use_is_zero_not_a_gap():
    series = Series()
    series.read(MIDNIGHT, 7)
    assert series.read(MIDNIGHT + 1800, 7) == FIRST
    assert series.used(1) == [0]


def test_a_long_gap_closes_nothing_and_counting_goes_on_behind_it():
    series = Series()
    series.read(MIDNIGHT, 0)
    series.read(MIDNIGHT + 1800, 5)
    assert series.read(MIDNIGHT + 1800 * 51, 50) is None
    assert series.read(MIDNIGHT + 1800 * 52, 57) == FIRST + 51
    assert series.known == {FIRST: 5, FIRST + 51: 7}


def test_one_reading_below_the_register_changes_nothing():
    series = Series()
    series.read(MIDNIGHT, 1000)
    series.read(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.read, MIDNIGHT + 1810, 10)
    assert series.read(MIDNIGHT + 3600, 1130) == FIRST + 1
    assert series.used(2) == [100, 30]
    assert series.today() == (130, MIDNIGHT)


def test_a_register_that_stays_lower_is_counted_from_anew_and_what_is_closed_stays():
    series = Series()
    series.read(MIDNIGHT, 1000)
    series.read(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.read, MIDNIGHT + 3600, 10)
    assert series.read(MIDNIGHT + 3610, 11) is None
    assert series.today() == (0, MIDNIGHT + 3610)
    assert series.read(MIDNIGHT + 5400, 31) == FIRST + 2
    assert series.used(3) == [100, None, 20]
    assert series.today() == (20, MIDNIGHT + 3600)  # the half-hour was seen to begin


def test_a_clock_put_back_over_a_boundary_keeps_what_is_closed():
    series = Series()
    series.read(MIDNIGHT, 1000)
    series.read(MIDNIGHT + 1800, 1100)
    assert raises(ValueError, series.read, MIDNIGHT + 1799, 1101)
    assert series.read(MIDNIGHT + 3600, 1130) == FIRST + 1
    assert series.used(2) == [100, 30]


def test_a_clock_put_back_by_hours_begins_anew_there():
    series = Series()
    for half_hour in range(6):
        series.read(MIDNIGHT + 1800 * half_hour, 1000 + 100 * half_hour)
    assert raises(ValueError, series.read, MIDNIGHT + 1800, 1501)
    assert series.today()[0] is None
    assert series.read(MIDNIGHT + 3600, 1502) is None
    assert series.read(MIDNIGHT + 5400, 1510) == FIRST + 2
    assert series.half_hours.today() == 8 + 200  # and the two half-hours closed before


def test_a_step_too_large_for_a_slot_is_refused():
    series = Series()
    series.read(MIDNIGHT, 0)
    assert raises(ValueError, series.read, MIDNIGHT + 1800, 0xFFFFFF)
    assert series.used(1) == [None]
    assert series.read(MIDNIGHT + 3600, 0) is None  # it was a slip
    assert series.read(MIDNIGHT + 5400, 0xFFFFFE) == FIRST + 2


def test_a_register_that_stays_far_above_is_believed_and_counted_from_then():
    series = Series()
    series.read(MIDNIGHT, 0)
    assert raises(ValueError, series.read, MIDNIGHT + 600, 0x1000000)
    assert series.read(MIDNIGHT + 1800, 0x1000000) is None
    assert series.used(1) == [None]
    assert series.read(MIDNIGHT + 3600, 0x1000005) == FIRST + 1


def test_nothing_is_known_before_the_first_reading_and_after_clear():
    series = Series()
    assert series.today() == (None, None)
    assert not series.half_hours.holds(0xFFFFFFFF)
    series.follow(at("00:00"), at("10:10"))
    series.half_hours.clear()
    assert series.today() == (None, None)
    assert not series.half_hours.holds(0xFFFFFFFF)
    assert series.read(at("10:30"), 3) is None  # below what the register was, and taken
    assert series.today() == (0, at("10:30"))


def test_today_begins_at_midnight():
    series = Series()
    series.read(MIDNIGHT - 600, 100)
    assert series.half_hours.day_since == MIDNIGHT - 600
    series.read(MIDNIGHT + 5, 130)
    assert series.today() == (0, MIDNIGHT)
    series.read(MIDNIGHT + 4000, 190)
    assert series.half_hours.today() == 60


def test_today_of_a_day_whose_begin_was_not_seen_counts_from_the_first_reading():
    series = Series()
    series.read(MIDNIGHT + 61, 100)
    series.read(MIDNIGHT + 1000, 130)
    assert series.today() == (30, MIDNIGHT + 61)


def test_after_a_restart_today_reaches_back_over_what_the_history_knows():
    series = Series(lived(at("00:00", -1), at("10:30")))
    series.follow(at("10:10"), at("10:50"))
    assert series.today() == (metered(at("10:50")) - metered(at("10:10")), at("10:10"))
    series.follow(at("11:00"), at("11:10"))  # closes the half-hour that was seen to begin
    assert series.today() == (metered(at("11:10")) - metered(MIDNIGHT), MIDNIGHT)


def test_today_reaches_back_to_a_gap_and_over_it_once_it_was_filled():
    series = Series(lived(at("00:00"), at("10:30")))
    gap = at("03:00") // HALF_HOUR
    del series.known[gap]
    series.follow(at("10:10"), at("11:10"))
    assert series.today() == (metered(at("11:10")) - metered(at("03:30")), at("03:30"))
    series.known[gap] = used(gap)
    series.follow(at("11:20"), at("11:40"))
    assert series.today() == (metered(at("11:40")) - metered(MIDNIGHT), MIDNIGHT)


def test_without_a_history_today_counts_from_the_first_half_hour_that_was_seen_to_begin():
    series = Series()
    series.read(at("10:30") + 20, 100)
    series.read(at("11:00") + 20, 130)
    assert series.today() == (30, at("10:30"))


def test_today_never_reaches_into_yesterday():
    series = Series(lived(at("00:00", -1), at("00:00")))
    series.follow(at("23:10", -1), at("02:10"))
    assert series.today() == (metered(at("02:10")) - metered(MIDNIGHT), MIDNIGHT)
    late = Series(lived(at("00:00", -1), at("01:00")))
    late.follow(at("00:10"), at("02:10"))
    assert late.today() == (metered(at("02:10")) - metered(MIDNIGHT), MIDNIGHT)


def test_a_floor_before_the_day_changes_nothing_of_today():
    for before in (at("00:00", -1), at("12:20", -1), MIDNIGHT - 1, MIDNIGHT):
        series = Series()
        series.follow(at("00:00", -1), at("10:10"))
        told = series.today()
        series.forget(before)
        assert series.today() == told == (metered(at("10:10")) - metered(MIDNIGHT), MIDNIGHT)
        assert series.read(at("10:30"), metered(at("10:30"))) == at("10:00") // HALF_HOUR


def test_a_floor_at_a_boundary_leaves_what_was_used_from_there_on():
    for clock in ("00:30", "03:00", "09:30", "10:00"):
        series = Series()
        series.follow(at("00:00"), at("10:10"))
        series.forget(at(clock))
        assert series.today() == (metered(at("10:10")) - metered(at(clock)), at(clock))
        assert series.read(at("10:30"), metered(at("10:30"))) == at("10:00") // HALF_HOUR


def test_a_floor_within_a_closed_half_hour_leaves_what_was_used_after_that():
    series = Series()
    series.follow(at("00:00"), at("10:10"))
    series.forget(at("03:00") + 1)
    assert series.today() == (metered(at("10:10")) - metered(at("03:30")), at("03:30"))


def test_a_floor_within_the_open_half_hour_leaves_nothing_of_it():
    for before in (at("10:00") + 1, at("10:10"), at("10:20")):
        series = Series()
        series.follow(at("00:00"), at("10:20"))
        series.forget(before)
        assert series.today()[0] is None
        assert series.read(at("10:30"), metered(at("10:30"))) is None  # it is no one's
        assert series.read(at("11:00"), metered(at("11:00"))) == at("10:30") // HALF_HOUR
        assert series.today() == (metered(at("11:00")) - metered(at("10:30")), at("10:30"))


def test_a_floor_after_the_last_reading_leaves_nothing():
    for before in (at("10:20") + 1, at("11:00"), at("12:00", 1), 0xFFFFFFFF):
        series = Series()
        series.follow(at("00:00"), at("10:20"))
        series.forget(before)
        assert series.today() == (None, None)
        assert not series.half_hours.holds(0xFFFFFFFF)


def test_a_floor_at_the_very_last_reading_leaves_what_comes_after_it():
    series = Series()
    series.follow(at("00:00"), at("10:30"))
    series.forget(at("10:30"))
    assert series.today() == (0, at("10:30"))
    series.follow(at("10:40"), at("11:00"))
    assert series.today() == (metered(at("11:00")) - metered(at("10:30")), at("10:30"))
    assert series.known == lived(at("10:30"), at("11:00"))


def test_forgetting_again_and_later_is_forgetting_the_later():
    series = Series()
    series.follow(at("00:00"), at("10:10"))
    for clock in ("02:00", "02:00", "01:00", "09:00"):
        series.forget(at(clock))
    assert series.today() == (metered(at("10:10")) - metered(at("09:00")), at("09:00"))


def test_wherever_the_floor_is_today_is_true_and_from_then_on_and_reaches_as_far_as_it_may():
    last, end = at("02:40"), at("04:00")
    places = set(range(at("23:40", -1), at("03:10"), 420))
    for half_hour in range(FIRST - 1, FIRST + 7):
        places.update([half_hour * HALF_HOUR + second for second in (-1, 0, 1)])
    for begin, seen in ((at("22:00", -1), MIDNIGHT), (at("00:10"), at("00:10")), (at("01:00"), MIDNIGHT), (last, last)):
        for before in sorted(places):
            series = Series(lived(at("00:00", -1), begin // HALF_HOUR * HALF_HOUR))
            series.follow(begin, last)
            series.forget(before)
            check(series, before, last)
            series.follow(max(at("02:50"), -(-before // 600) * 600), end)
            check(series, before, end)
            assert series.half_hours.day_since <= max(seen, -(-before // HALF_HOUR) * HALF_HOUR)


def check(series, before, now):
    """All is true, and nothing older than `before` counted."""
    today, since = series.today()
    assert not series.half_hours.holds(before)
    if today is not None:
        assert since >= max(before, MIDNIGHT)
        assert today == metered(now) - metered(since)
    for half_hour, value in series.known.items():
        assert half_hour * HALF_HOUR >= before
        assert value == used(half_hour)


def test_a_day_that_began_before_is_held():
    series = Series()
    series.follow(at("00:00"), at("10:10"))
    assert series.half_hours.holds(at("00:00") + 1)
    assert not series.half_hours.holds(at("00:00"))


def test_a_register_read_before_is_held_though_its_day_is_not_counted():
    series = Series()
    for half_hour in range(6):
        series.read(MIDNIGHT + 1800 * half_hour, 1000 + 100 * half_hour)
    assert raises(ValueError, series.read, MIDNIGHT + 1800, 1501)  # a clock put back: the day is not counted
    assert series.half_hours.holds(MIDNIGHT + 9001)
    series.forget(MIDNIGHT + 9001)


def test_a_half_hour_that_began_before_is_held_though_the_day_counts_from_later():
    series = Series()
    series.read(at("00:00"), 1000)
    series.read(at("00:30"), 1100)
    assert raises(ValueError, series.read, at("01:00"), 5)
    series.read(at("01:00") + 30, 6)
    assert series.today() == (0, at("01:00") + 30)
    assert series.half_hours.holds(at("01:00") + 20)
    series.forget(at("01:00") + 20)
    assert series.today() == (0, at("01:00") + 30)
    assert series.read(at("01:30"), 16) is None
