"""Local time as the HAN tells it: what is taken of it, and the days that follow from it."""

from civil import utc
from fakes import counts
from tenants import fill
from test_half_hours import HALF_HOUR, Series
from test_network import HUB, NOVEMBER, READ_TIME, TIME, timed
from world import NOW, World, le, tenancy

from ihd.local_clock import LocalClock

SPRING, AUTUMN = utc(2025, 3, 30), utc(2025, 10, 26)  # midnights of the days on which GB's clocks change
KNOWN = "000000e2206ec61f" + "01000018" + "03"  # Time and TimeStatus
UNSUPPORTED = "020086" + "030086" + "040086" + "050086"
BEGIN, END = utc(2016, 11, 6, 1), utc(2016, 12, 4, 1)  # of a HAN in whose November it is summer


def told(zone, start, end, shift):
    """The records of TimeZone to DstShift."""
    parts = (b"\x02\0\0\x2b", zone), (b"\x03\0\0\x23", start), (b"\x04\0\0\x23", end), (b"\x05\0\0\x2b", shift)
    return b"".join([head + le(value & 0xFFFFFFFF, 4) for head, value in parts])


def ahead(records, status="03"):
    """How far local clocks are ahead of UTC once the hub answered these records, hex; and what was refused."""
    table = dict(TIME)
    table[(HUB, 0x000A, READ_TIME)] = [(HUB, 0, "01" + "000000e2206ec61f" + "01000018" + status + records)]
    play = timed(table)
    return play.han.clock.local.local(NOVEMBER) - NOVEMBER, counts(play.han.refused)


def test_zone_and_summer_time_are_asked_for_with_the_time_and_hold():
    assert ahead(told(0, BEGIN, END, 3600).hex()) == (3600, {})
    assert ahead(told(-18000, BEGIN, END, 7200).hex()) == (-10800, {})
    assert ahead(told(7200, BEGIN, END, 3600).hex()) == (10800, {})


def test_what_is_not_told_or_makes_no_sense_leaves_gb_s_rule_in_force():
    none, never = 0x80000000, 0xFFFFFFFF
    assert ahead("") == ahead(UNSUPPORTED) == (0, {})
    for records in (
        (none, never, never, none),
        (0, BEGIN, END, none),
        (0, never, END, 3600),
        (0, BEGIN, never, 3600),
        (none, END, BEGIN, 3600),
        (900, BEGIN, END, 0),
        (90000, BEGIN, END, 90000),
        (-90000, BEGIN, END, -3600),
    ):
        assert ahead(told(*records).hex()) == (0, {}), records
    assert ahead("020000" + "23" + "100e0000") == (0, {"attribute_type": 1})  # an hour, as an unsigned number


def test_local_time_counts_only_with_a_time_that_counts():
    assert ahead(told(0, BEGIN, END, 3600).hex(), "00") == (0, {"not_synchronised": 1})
    assert ahead(told(0, BEGIN, END, 3600).hex()[:-2]) == (0, {"malformed": 1})


def test_what_the_hub_tells_later_holds_from_then_on():
    local = LocalClock()
    assert local.local(NOVEMBER) == NOVEMBER and local.day(NOVEMBER)[0] % 86400 == 0
    for zone, begins in ((3600, 82800), (None, 0), (7200, 79200)):
        local.tell(zone, None, None, None)
        assert local.local(NOVEMBER) - NOVEMBER == (zone or 0)
        assert local.day(NOVEMBER)[0] % 86400 == begins


def test_the_clock_and_the_day_are_the_calendar_s_at_every_half_hour_of_a_year():
    local, calendar = LocalClock(), LocalClock().calendar()
    for half_hour in range(utc(2024, 12, 25) // HALF_HOUR, utc(2026, 1, 5) // HALF_HOUR):
        moment = half_hour * HALF_HOUR
        assert local.local(moment) == calendar.local(moment)
        assert local.day(moment) == calendar.day(moment)
    assert local.local(SPRING) == SPRING and local.day(AUTUMN) == (AUTUMN - 3600, AUTUMN + 86400)  # and back again


def test_the_calendar_is_fetched_once_a_day_and_where_clocks_change():
    local = LocalClock()
    fetched = []
    calendar = local.calendar
    local.calendar = lambda: fetched.append(1) or calendar()
    for moment in range(AUTUMN - 30 * 3600, AUTUMN + 30 * 3600, 600):
        local.day(moment)
        local.local(moment)
        local.local(moment - 1800)
    assert len(fetched) <= 12, len(fetched)


def metered(moment):
    """What a register reads that is never in the same way used twice."""
    return (moment - utc(2025, 1, 1)) ** 2 // 500_000


def follow(midnight, hours):
    """A day of GB's from its midnight, seen to begin and to end."""
    series = Series(day=LocalClock().day)
    sums = []
    for moment in range(midnight - 1200, midnight + hours * 3600 + 1200, 600):
        series.read(moment, metered(moment))
        sums.append((moment, series.today()))
    return sums


def test_today_is_the_local_day_also_when_it_has_46_half_hours_or_50():
    for midnight, hours in ((SPRING, 23), (AUTUMN - 3600, 25), (utc(2025, 7, 1) - 3600, 24), (utc(2025, 1, 15), 24)):
        end = midnight + hours * 3600
        for moment, (used, since) in follow(midnight, hours):
            if midnight <= moment < end:
                assert (used, since) == (metered(moment) - metered(midnight), midnight)
            elif moment >= end:
                assert (used, since) == (metered(moment) - metered(end), end)


def test_today_reaches_back_to_local_midnight_and_no_further():
    for midnight in (SPRING, AUTUMN - 3600, utc(2025, 7, 1) - 3600):
        series = Series(day=LocalClock().day)
        for half_hour in range(midnight // HALF_HOUR - 48, midnight // HALF_HOUR + 20):
            series.known[half_hour] = metered((half_hour + 1) * HALF_HOUR) - metered(half_hour * HALF_HOUR)
        for moment in range(midnight + 10 * 3600, midnight + 11 * 3600 + 1, 600):
            series.read(moment, metered(moment))
        assert series.today() == (metered(moment) - metered(midnight), midnight)


def test_T27_within_the_day_on_which_it_happens_also_across_a_clock_change():
    for midnight, hours in ((SPRING, 23), (AUTUMN - 3600, 25), (utc(2025, 7, 1) - 3600, 24)):
        world = World(utc=midnight - 600)
        world.electricity.register = 0
        world.settle()
        fill(world, 96)
        for _ in range(6):  # past the moment at which clocks change
            world.electricity.register += 100
            world.run(HALF_HOUR)
        meter = world.app.electricity
        assert meter.today_since == midnight
        assert meter.today == world.electricity.register - 100
        begin = world.now
        assert world.app.clock.local.day(begin) == (midnight, midnight + hours * 3600)
        world.publish(world.electricity, tenancy(NOW, 6))
        world.run(60)
        floor = world.of("receipt")[0]["floor"]
        assert begin <= floor <= begin + 1
        assert meter.today is None or meter.today_since >= floor
        for _ in range(3):
            world.electricity.register += 70
            world.run(HALF_HOUR)
        assert floor <= meter.today_since <= floor + 300 and meter.today == 210
        assert not meter.holds(0, floor, 3)


def test_T27_a_change_earlier_in_the_day_leaves_what_was_used_since():
    for midnight in (SPRING, AUTUMN - 3600):
        world = World(utc=midnight - 600)
        world.settle()
        grew = []
        for _ in range(7):
            world.electricity.register += 100
            grew.append(world.now)
            world.run(HALF_HOUR)
        world.run(300)  # the flash has what was closed
        floor = world.now - 4000
        world.publish(world.electricity, tenancy(floor, 6))
        world.run(60)
        first = -(-floor // HALF_HOUR) * HALF_HOUR
        used = 100 * len([moment for moment in grew if moment > first])
        assert used and (world.app.electricity.today_since, world.app.electricity.today) == (first, used)


def test_T27_a_change_at_local_midnight_leaves_the_whole_day():
    for midnight in (SPRING, AUTUMN - 3600, utc(2025, 7, 1) - 3600):
        world = World(utc=midnight - 4200)
        world.settle()
        world.run(5400)
        world.publish(world.electricity, tenancy(midnight, 6))
        world.run(60)
        assert world.of("receipt")[0]["floor"] == midnight
        assert world.app.electricity.today_since == midnight


def test_the_day_of_a_display_follows_what_the_hub_tells():
    midnight = utc(2016, 11, 21, 23)  # local, in a summer of November
    world = World(utc=midnight - 600)
    world.local = told(0, BEGIN, END, 3600)
    world.settle()
    world.run(1200)
    assert world.app.electricity.today_since == midnight
