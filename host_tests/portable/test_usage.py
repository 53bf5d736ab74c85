"""What a history answers about a day, a week, a month, 13 months."""

import gc

from civil import utc
from fakes import raises
from flash import Flash
from slots import SLOTS, destroy, keep, mounted, word

from ihd.history.flash import FlashError
from ihd.history.live_only import LiveOnly
from ihd.history.ring import BACK_FILLED, ESTIMATED
from ihd.history.usage import Periods, add_up
from ihd.local_time import LocalTime

HALF_HOUR = 1800
DAY = 86400
ELECTRICITY, GAS, COST = 0, 1, 2
LARGEST = 0xFFFFFE
LOCAL = LocalTime()
NOW = utc(2025, 6, 18, 14, 10)  # a Wednesday, 15:10 on the wall


def number(moment):
    """The half-hour that begins at a time."""
    assert moment % HALF_HOUR == 0
    return moment // HALF_HOUR


def fill(history, series, start, end, value=1, marks=0):
    """Record every half-hour of Zigbee UTC `start` to `end`."""
    for half_hour in range(number(start), number(end)):
        keep(history, series, half_hour, value, marks)


def asked(history):
    """The questions about a history."""
    return Periods(history, LOCAL)


def test_the_day_in_progress_ends_now_and_the_half_hour_in_progress_is_not_expected():
    ring = mounted(Flash())
    midnight = utc(2025, 6, 17, 23)
    fill(ring, ELECTRICITY, midnight - DAY, midnight, 100)
    fill(ring, ELECTRICITY, midnight, midnight + DAY, 3)
    usage = asked(ring)
    assert usage.day(ELECTRICITY, NOW) == (midnight, midnight, 90, 30, 30, 0)
    for now, count in ((midnight, 0), (midnight + 1799, 0), (midnight + 1800, 1), (midnight + DAY - 1, 47)):
        total = 3 * count if count else None
        assert usage.day(ELECTRICITY, now) == (midnight, midnight, total, count, count, 0)
    assert usage.day(ELECTRICITY, NOW, 1) == (midnight - DAY, midnight - DAY, 4800, 48, 48, 0)


def test_a_gap_is_a_gap_and_nothing_known_is_no_zero():
    ring = mounted(Flash())
    midnight = utc(2025, 6, 17, 23)
    keep(ring, ELECTRICITY, number(midnight) + 3, 0)
    keep(ring, ELECTRICITY, number(midnight) + 29, 7)
    usage = asked(ring)
    assert usage.day(ELECTRICITY, NOW) == (midnight, midnight, 7, 2, 30, 0)
    assert usage.day(ELECTRICITY, midnight + 4 * HALF_HOUR) == (midnight, midnight, 0, 1, 4, 0)
    assert usage.day(ELECTRICITY, midnight + 3 * HALF_HOUR) == (midnight, midnight, None, 0, 3, 0)
    assert usage.day(ELECTRICITY, NOW, 1) == (midnight - DAY, midnight - DAY, None, 0, 48, 0)
    assert usage.day(GAS, NOW) == (midnight, midnight, None, 0, 30, 0)


def test_a_day_of_a_clock_change_has_46_or_50_half_hours():
    ring = mounted(Flash())
    usage = asked(ring)
    for day, length, later in ((utc(2025, 3, 30), 46, utc(2025, 4, 2)), (utc(2025, 10, 25, 23), 50, utc(2025, 10, 29))):
        fill(ring, GAS, day - DAY, later, 2)
        back = (later - day) // DAY
        assert usage.day(GAS, later, back) == (day, day, 2 * length, length, length, 0)
        assert usage.day(GAS, later, back + 1)[2:5] == (96, 48, 48)
        assert usage.day(GAS, later, back - 1)[2:5] == (96, 48, 48)


def test_a_day_in_progress_counts_what_has_ended_across_a_clock_change():
    ring = mounted(Flash())
    autumn = utc(2025, 10, 25, 23)
    fill(ring, GAS, autumn, autumn + 50 * HALF_HOUR)
    for ended in range(1, 50):
        now = autumn + ended * HALF_HOUR + 900
        assert asked(ring).day(GAS, now) == (autumn, autumn, ended, ended, ended, 0)


def test_a_week_begins_on_monday_and_goes_on_across_the_new_year():
    ring = mounted(Flash())
    monday = utc(2024, 12, 30)
    fill(ring, COST, monday - DAY, monday, 1000)
    fill(ring, COST, monday, utc(2025, 1, 2), 5)
    usage = asked(ring)
    assert usage.week(COST, utc(2025, 1, 2)) == (monday, monday, 5 * 3 * 48, 3 * 48, 3 * 48, 0)
    assert usage.week(COST, utc(2025, 1, 8), 1) == (monday, monday, 5 * 3 * 48, 3 * 48, 7 * 48, 0)
    assert usage.week(COST, utc(2025, 1, 2), 1) == (monday - 7 * DAY, monday - 7 * DAY, 48000, 48, 7 * 48, 0)


def test_a_month_has_its_own_length():
    ring = mounted(Flash())
    usage = asked(ring)
    fill(ring, ELECTRICITY, utc(2024, 2, 28), utc(2024, 3, 2))
    now = utc(2024, 4, 15)
    april = utc(2024, 3, 31, 23)
    assert usage.month(ELECTRICITY, now) == (april, april, None, 0, 14 * 48 + 2, 0)
    assert usage.month(ELECTRICITY, now, 1) == (utc(2024, 3, 1), utc(2024, 3, 1), 48, 48, 31 * 48 - 2, 0)
    assert usage.month(ELECTRICITY, now, 2) == (utc(2024, 2, 1), utc(2024, 2, 1), 96, 96, 29 * 48, 0)
    assert usage.month(ELECTRICITY, now, 14)[4] == 28 * 48


def test_marks_of_any_half_hour_mark_the_period():
    ring = mounted(Flash())
    sunday, monday, tuesday = (utc(2025, 6, day, 23) for day in (14, 15, 16))
    fill(ring, GAS, sunday, sunday + 3600, 1)
    fill(ring, GAS, monday, monday + 3600, 1)
    keep(ring, GAS, number(monday) + 9, 1, BACK_FILLED)
    keep(ring, GAS, number(tuesday) + 2, 1, ESTIMATED)
    usage = asked(ring)
    assert [usage.day(GAS, NOW, back)[5] for back in (3, 2, 1, 0)] == [0, BACK_FILLED, ESTIMATED, 0]
    assert usage.week(GAS, NOW)[2:] == (4, 4, 48 * 2 + 30, BACK_FILLED | ESTIMATED)


def test_a_period_that_began_before_the_floor_counts_since_the_floor():
    ring = mounted(Flash())
    midnight = utc(2025, 6, 17, 23)
    floor = utc(2025, 6, 18, 9, 30)
    fill(ring, ELECTRICITY, utc(2025, 5, 30), utc(2025, 6, 18, 14), 10)
    ring.set_floor(ELECTRICITY, number(floor))
    usage = asked(ring)
    for _ in range(2):  # hidden, then destroyed
        assert usage.day(ELECTRICITY, NOW) == (midnight, floor, 90, 9, 9, 0)
        assert usage.week(ELECTRICITY, NOW) == (utc(2025, 6, 15, 23), floor, 90, 9, 9, 0)
        assert usage.month(ELECTRICITY, NOW) == (utc(2025, 5, 31, 23), floor, 90, 9, 9, 0)
        assert usage.day(ELECTRICITY, NOW + DAY)[1] == midnight + DAY
        destroy(ring, ELECTRICITY, number(floor))
    assert usage.day(GAS, NOW)[:2] == (midnight, midnight)


def test_what_lies_before_the_floor_or_in_the_future_is_nothing_of_nothing():
    ring = mounted(Flash())
    floor = utc(2025, 6, 18, 9, 30)
    fill(ring, ELECTRICITY, utc(2025, 6, 17), utc(2025, 6, 21), 10)
    ring.set_floor(ELECTRICITY, number(floor))
    usage = asked(ring)
    yesterday = utc(2025, 6, 16, 23)
    assert usage.day(ELECTRICITY, NOW, 1) == (yesterday, floor, None, 0, 0, 0)
    assert usage.month(ELECTRICITY, NOW, 13) == (utc(2024, 5, 1) - 3600, floor, None, 0, 0, 0)
    tomorrow = utc(2025, 6, 18, 23)
    assert usage.day(ELECTRICITY, NOW, -1) == (tomorrow, tomorrow, None, 0, 0, 0)
    assert usage.between(ELECTRICITY, NOW, tomorrow, NOW) == (tomorrow, tomorrow, None, 0, 0, 0)
    ring.set_floor(ELECTRICITY, number(tomorrow))
    assert usage.day(ELECTRICITY, NOW) == (utc(2025, 6, 17, 23), tomorrow, None, 0, 0, 0)


def test_only_half_hours_that_lie_within_a_range_count():
    ring = mounted(Flash())
    noon = utc(2025, 6, 18, 12)
    for place in range(4):
        keep(ring, GAS, number(noon) + place, 1 << place)
    usage = asked(ring)
    assert usage.between(GAS, NOW, noon, noon + 3600) == (noon, noon, 3, 2, 2, 0)
    assert usage.between(GAS, NOW, noon + 1, noon + 5399) == (noon + 1, noon + HALF_HOUR, 2, 1, 1, 0)
    assert usage.between(GAS, NOW, noon + 1, noon + 1799)[2:] == (None, 0, 0, 0)
    assert usage.between(GAS, noon + 5399, noon, noon + 7200) == (noon, noon, 3, 2, 2, 0)


def test_a_week_has_seven_days_also_those_to_come():
    ring = mounted(Flash())
    monday = utc(2025, 6, 15, 23)
    fill(ring, ELECTRICITY, monday - DAY, NOW // HALF_HOUR * HALF_HOUR, 2)
    start, end = LOCAL.week(NOW)
    days = list(asked(ring).days(ELECTRICITY, NOW, start, end))
    assert [day[0] for day in days] == [monday + place * DAY for place in range(7)]
    assert [day[2] for day in days] == [96, 96, 60] + [None] * 4
    assert [day[4] for day in days] == [48, 48, 30] + [0] * 4


def test_the_days_of_a_month_follow_its_clock_change():
    ring = mounted(Flash())
    start, end = LOCAL.month(utc(2025, 3, 5))
    fill(ring, ELECTRICITY, start, end, 2)
    days = list(asked(ring).days(ELECTRICITY, NOW, start, end))
    assert [LOCAL.date(day[0])[2] for day in days] == list(range(1, 32))
    assert [day[3] for day in days] == [48] * 29 + [46] + [48]


def test_a_range_that_begins_or_ends_within_a_day_has_parts_of_days():
    ring = mounted(Flash())
    start = utc(2025, 6, 16, 12)
    fill(ring, ELECTRICITY, start, start + 2 * DAY + 7200)
    days = list(asked(ring).days(ELECTRICITY, NOW, start, start + 2 * DAY))
    assert [day[3] for day in days] == [22, 48, 26]
    assert [day[0] for day in days] == [start, utc(2025, 6, 16, 23), utc(2025, 6, 17, 23)]


def test_thirteen_months_come_a_day_a_step_and_the_ring_holds_them():
    flash = Flash()
    ring = mounted(flash)
    now = utc(2024, 3, 31, 23)
    start = LOCAL.month(now - 1, 12)[0]
    for noon in range(start + 12 * 3600, now, DAY):
        keep(ring, GAS, number(noon), 5)
    lengths = []
    flash.reads = 0
    for day in asked(ring).days(GAS, now, start, now):
        assert flash.reads <= 2
        flash.reads = 0
        lengths.append(day[4])
        assert day[2:4] == (5, 1) and day[5] == 0
    assert len(lengths) == 397  # the most there are: with a leap day, from March to March
    assert [place for place, length in enumerate(lengths) if length == 46] == [25, 396]
    assert [place for place, length in enumerate(lengths) if length == 50] == [242]
    assert sum(lengths) == number(now - start) == 394 * 48 + 46 + 46 + 50


def test_what_the_ring_gave_up_is_a_gap():
    ring = mounted(Flash())
    newest = number(utc(2025, 6, 17, 23)) // SLOTS
    first = (newest - 19) * SLOTS  # the oldest half-hour that the ring holds
    for epoch in range(newest - 20, newest + 1):
        keep(ring, ELECTRICITY, epoch * SLOTS, 1)
        keep(ring, ELECTRICITY, epoch * SLOTS - 1 + SLOTS, 1)
    usage = asked(ring)
    assert usage.between(ELECTRICITY, NOW, (first - SLOTS) * HALF_HOUR, first * HALF_HOUR)[2:] == (None, 0, SLOTS, 0)
    start, end = LOCAL.day(first * HALF_HOUR)
    assert start < first * HALF_HOUR < end
    assert usage.between(ELECTRICITY, NOW, start, end)[2:] == (1, 1, 48, 0)
    assert sum([day[3] for day in usage.days(ELECTRICITY, end, start - 5 * DAY, end)]) == 1


def test_sums_go_beyond_32_bits():
    ring = mounted(Flash())
    start, end = LOCAL.month(utc(2025, 5, 5))
    fill(ring, COST, start, end, LARGEST)
    expected = 31 * 48
    answer = (start, start, expected * LARGEST, expected, expected, 0)
    assert asked(ring).month(COST, NOW, 1) == answer and answer[2] > 1 << 34
    assert asked(ring).between(COST, NOW, start, start + 70 * HALF_HOUR)[2] == 70 * LARGEST


def test_times_at_both_ends_of_zigbee_s_are_told():
    ring = mounted(Flash())
    last = 0xFFFFFFFE
    keep(ring, GAS, 0, 4)
    keep(ring, GAS, last // HALF_HOUR - 1, 6)
    usage = asked(ring)
    for back in range(3):
        assert usage.week(GAS, 3600, back)[:2] == (0, 0)
    assert usage.day(GAS, 0) == (0, 0, None, 0, 0, 0)
    assert usage.month(GAS, 3600) == (0, 0, 4, 1, 2, 0)
    assert usage.day(GAS, 3600, 1) == (0, 0, None, 0, 0, 0)
    today = utc(2136, 2, 7)
    assert usage.day(GAS, last) == (today, today, 6, 1, 12, 0)
    assert len(list(usage.days(GAS, last, today, last))) == 1


def test_a_display_without_a_partition_answers_for_the_last_48_half_hours():
    live = LiveOnly()
    midnight = utc(2025, 10, 25, 23)
    fill(live, ELECTRICITY, midnight - DAY, midnight + 50 * HALF_HOUR, 2)
    fill(live, COST, midnight, midnight + DAY, 2)
    now = midnight + 50 * HALF_HOUR - 1
    usage = asked(live)
    assert usage.day(ELECTRICITY, now) == (midnight, midnight, 94, 47, 49, 0)
    assert usage.day(ELECTRICITY, now + 1, 1) == (midnight, midnight, 96, 48, 50, 0)
    assert usage.day(ELECTRICITY, now, 1)[2:] == (None, 0, 48, 0)
    assert usage.day(COST, now)[2:] == (None, 0, 49, 0)
    live.set_floor(ELECTRICITY, number(midnight) + 40)
    assert usage.day(ELECTRICITY, now)[1:] == (midnight + 40 * HALF_HOUR, 18, 9, 9, 0)


def test_a_floor_that_rises_between_two_days_is_heeded():
    ring = mounted(Flash())
    monday = utc(2025, 6, 15, 23)
    fill(ring, GAS, monday, monday + 2 * DAY)
    days = asked(ring).days(GAS, NOW, monday, monday + 2 * DAY)
    assert next(days)[3] == 48
    ring.set_floor(GAS, number(monday + DAY + 3600))
    assert next(days)[1:] == (monday + DAY + 3600, 46, 46, 46, 0)


def test_nothing_before_the_floor_is_added_up():
    ring = mounted(Flash())
    fill(ring, GAS, utc(2025, 6, 18), utc(2025, 6, 18, 3))
    floor = number(utc(2025, 6, 18, 2))
    ring.set_floor(GAS, floor)
    assert add_up(ring, GAS, floor - 4, floor + 2) == (2, 2, 0)


def test_a_medium_that_refuses_says_so():
    ring = mounted(Flash())
    fill(ring, GAS, utc(2025, 6, 18), utc(2025, 6, 18, 3))

    def refuse(offset, buffer):
        raise FlashError

    ring.flash.read_into = refuse
    assert raises(OSError, asked(ring).day, GAS, NOW)


def test_a_question_allocates_nothing_a_half_hour():
    if not hasattr(gc, "mem_alloc"):
        return
    live = LiveOnly()
    fill(live, GAS, NOW // DAY * DAY, NOW // HALF_HOUR * HALF_HOUR, 2)
    ring = mounted(Flash())
    start, end = LOCAL.month(NOW, 1)
    for half_hour in range(number(start), number(end), 500):
        keep(ring, GAS, half_hour, 2)
    values = memoryview(word(2) * 128)

    def read_into(offset, buffer):  # the simulator allocates
        buffer[:] = values[: len(buffer)]

    ring.flash.read_into = read_into
    for history, known in ((ring, 31 * 48), (live, 0)):
        usage = asked(history)
        used = []
        for period in (usage.day, usage.month):
            gc.collect()
            gc.disable()
            before = gc.mem_alloc()
            answer = period(GAS, NOW, 1)
            used.append(gc.mem_alloc() - before)
            gc.enable()
        assert answer[3] == known
        # a month of 1488 half-hours takes a dozen reads more than a day of 48
        assert used[1] - used[0] < 1440 and used[0] < 2048, used
