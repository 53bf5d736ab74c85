"""The screens of the walk: use of a day, week and month, the state of the meters, and of the display."""

from civil import utc
from fake_home import History, Home, Watch, meter
from tenants import check_order, lived_in
from test_screens import words
from world import NOW as AT_ONCE
from world import tenancy

from ihd.display.screens import device, status, usage

NOW = utc(2025, 11, 6, 14, 37)  # a Thursday
MIDNIGHT = utc(2025, 11, 6)


def home(**what):
    """A home at 14:37, of which electricity took 100 Wh each half-hour and gas 50 l."""
    given = Home()
    given.utc = NOW
    given.history = History({0: 100, 1: 50})
    given.electricity = meter(heard=NOW - 8)
    given.gas = meter(heard=NOW - 1800)
    for name, value in what.items():
        setattr(given, name, value)
    return given


def lines(screen, *state):
    return words(screen, *state).lines


def test_use_of_today_the_week_and_the_month_is_told_with_its_end():
    assert lines(usage, home(), 0) == [
        "ELECTRICITY, kWh",
        "14:37",
        "until 14:30",
        "Today",
        "2.90",
        "Week",
        "17.30",
        "Month",
        "26.90",
    ]
    said = lines(usage, home(), 1)
    assert said[0] == "GAS, m\xb3" and said[4::2] == ["1.45", "8.65", "13.45"]


def test_days_begin_at_local_midnight():
    summer = home(utc=utc(2025, 7, 1, 0, 40))
    assert lines(usage, summer, 0)[1:5] == ["01:40", "until 01:30", "Today", "0.30"]
    spring = home(utc=utc(2025, 3, 30, 22, 59))
    assert "4.50" in lines(usage, spring, 0)  # 45 of 46 half-hours have ended


def test_a_period_that_began_before_the_floor_says_since_when():
    since = home(history=History({0: 100}, {0: utc(2025, 11, 6, 3, 30) // 1800}))
    said = lines(usage, since, 0)
    assert said[3:] == ["Today since 03:30", "2.20", "Week since 6 Nov", "2.20", "Month since 6 Nov", "2.20"]
    said = lines(usage, home(history=History({0: 100}, {0: utc(2025, 11, 4) // 1800})), 0)
    assert [line for line in said if "since" in line] == ["Week since 4 Nov", "Month since 4 Nov"]
    said = lines(usage, home(history=History({0: 100}, {0: utc(2025, 11, 6, 15) // 1800})), 0)
    assert said[3:5] == ["Today since 15:00", "--"]  # the half-hour in which it was changed is no one's
    said = lines(usage, home(history=History({0: 100}, {1: NOW // 1800})), 0)
    assert "since" not in "".join(said)  # the other fuel's floor


def test_gaps_are_told_and_are_no_zero():
    first = MIDNIGHT // 1800
    said = lines(usage, home(history=History({0: 100}, gaps=range(first + 2, first + 5))), 0)
    assert said[3:6] == ["Today", "2.60", " lacks 3 of 29"]
    assert " lacks 3 of 173" in said and " lacks 3 of 269" in said
    said = lines(usage, home(history=History({0: 100}, gaps=range(first, first + 48))), 0)
    assert said[3:6] == ["Today", "--", " lacks 29 of 29"]
    said = lines(usage, home(history=History({0: 0})), 0)
    assert said[3:5] == ["Today", "0.00"]


def test_nothing_of_a_meter_behind_a_closed_gate_is_asked_for():
    closed = home(electricity=meter(gate="ASKING THE METER"))
    assert lines(usage, closed, 0) == ["ELECTRICITY, kWh", "14:37", "Past use is not shown:", " ASKING THE METER"]
    assert closed.history.asked == []
    assert "2.90" not in lines(usage, closed, 1) and 0 not in closed.history.asked


def test_use_without_a_meter_time_or_a_readable_flash_says_so():
    assert " no meter" in lines(usage, home(gas=None), 1)
    assert " time not known" in lines(usage, home(utc=None), 0)
    broken = home()
    broken.history.fails = True
    assert lines(usage, broken, 0).count(" cannot be read") == 3


class Everything:
    """What has all half-hours in it."""

    def __contains__(self, half_hour):
        return True


def test_use_of_any_size_fits():
    for size in (0, 7, 999_999, 10**12):
        for floor in (0, NOW // 1800 - 3, NOW // 1800 + 1):
            for gaps in ((), Everything()):
                for fuel in (0, 1):
                    lines(usage, home(history=History({0: size, 1: size}, {0: floor, 1: floor}, gaps)), fuel)


def test_status_says_of_each_meter_whether_it_answers_and_its_states():
    assert lines(status, home(watches={0: Watch("PENDING", "CLEAR"), 1: Watch("CANNOT_TELL", "UNKNOWN")})) == [
        "STATUS",
        "14:37",
        "ELEC ok",
        "heard 14:36",
        " tenancy",
        "pending",
        " supplier",
        "clear",
        "GAS ok",
        "heard 14:07",
        " tenancy",
        "cannot tell",
        " supplier",
        "unknown",
        "HAN joined",
        "0 refused",
    ]


def test_status_says_how_much_was_refused():
    busy = home(state="starting")
    for _ in range(3):
        busy.refused.count("stranger")
    busy.refused.count("unsecured")
    assert lines(status, busy)[-2:] == ["starting", "4 refused"]
    busy.refused.counts["noise"] = 10**9
    assert lines(status, busy)[-2:] == ["starting", "999999 refused"]


def test_status_of_a_meter_that_is_lost_or_missing_or_behind_its_gate():
    lost = home(electricity=meter(lost=True, heard=NOW - 31 * 3600), gas=None, watches={0: Watch()})
    said = lines(status, lost)
    assert said[2:4] == ["ELEC lost", "heard 31 h ago"] and said[8:10] == ["GAS", "no meter"]
    for reason in ("ASKING THE METER", "FAILS: household", "TIME NOT KNOWN"):
        closed = home(gas=meter(lost=True, heard=NOW - 420, gate=reason))
        said = lines(status, closed)
        assert "GAS lost" in said and reason in said and "heard 14:30" not in said
    for state in ("missing", "starting", "joining"):
        lines(status, home(utc=None, state=state, watches={}, electricity=meter(heard=None)))


def test_the_display_tells_its_version_memory_record_and_what_it_refused():
    said = home(note="NO HISTORY PARTITION")
    for why, count in (("malformed", 2), ("default_response", 9), ("stranger", 3)):
        for _ in range(count):
            said.refused.count(why)
    assert lines(device, said) == [
        "THIS DISPLAY",
        "14:37",
        "Version",
        "0.1.0",
        "Memory",
        "75 of 109 KB",
        "NO HISTORY PARTITION",
        "Keepers",
        "ok",
        "Refused",
        "14",
        " most",
        "default response",
        "Radio",
        "ok",
    ]
    durable = home(history=History(durable=True), watches={0: Watch(), 1: Watch(failing="recorder")}, state="missing")
    said = lines(device, durable)
    assert "in flash" in said and "fails: recorder" in said and "not found" in said
    assert said[said.index("Refused") + 1 :][:3] == ["0", " most", "--"]
    assert "HISTORY IN MEMORY ONLY" in lines(device, home(utc=None))


def walk(world, *keys):
    """Press them; the names of the screens that were told."""
    place = len(world.log)
    for key in keys:
        world.app.key(key)
        world.step()
        world.run(1)
    return [each["name"] for each in world.log[place:] if isinstance(each, dict) and each["event"] == "screen"]


def test_the_walk_at_home():
    world = lived_in()
    world.run(5)
    ring = ["usage", "past", "tariff", "account", "messages", "status", "links", "device", "factory_reset", "moved_in"]
    assert walk(world, *["next"] * 16) == ring + ["now"]
    assert world.of("error") == []


def test_T02_a_change_while_use_stands_on_the_panel_blanks_it_first():
    world = lived_in()
    assert walk(world, "next") == ["usage"]
    asked = world.app.electricity
    shown = bytes(world.panel.ram)
    world.publish(world.electricity, tenancy(AT_ONCE, 6))
    assert world.app.electricity is asked and bytes(world.panel.ram) != shown
    world.run(60)
    check_order(world, world.electricity, world.of("receipt")[0]["floor"], "unsolicited", 6)
    names = [each["name"] for each in world.of("screen")]
    assert names[1:] == ["checking", "fresh_start"], names
