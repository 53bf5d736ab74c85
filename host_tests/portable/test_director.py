"""The director: which screen when, and what is drawn at all."""

import sys

from desk import Desk
from fake_home import NOON, meter
from fake_panel import Receipt

from ihd import on_demand
from ihd.clock import ticks_diff


def loaded():
    """The names of the screens' modules in memory."""
    start = "ihd.display.screens."
    return {name[len(start) :] for name in sys.modules if name.startswith(start)}


def test_without_time_or_meters_the_searching_screen_stands():
    desk = Desk()
    desk.home.utc = None
    desk.draw()
    assert desk.screen == "searching" and desk.held == [False, False]
    desk.change(utc=NOON)
    assert desk.screen == "now" and desk.held == [True, True]
    desk.change(utc=None)
    assert desk.screen == "searching" and desk.held == [False, False]
    desk.change(utc=NOON, electricity=None, gas=None)
    assert desk.screen == "searching"


def test_the_electricity_gate_decides_and_without_electricity_that_of_gas():
    for electricity, gas, name in (
        (None, None, "now"),
        ("NO ANSWER", None, "checking"),
        (None, "NO ANSWER", "now"),
        ("NO ANSWER", "NO ANSWER", "checking"),
        ("no meter", None, "now"),
        ("no meter", "NO ANSWER", "checking"),
        ("NO ANSWER", "no meter", "checking"),
    ):
        desk = Desk()
        desk.home.electricity = None if electricity == "no meter" else meter(gate=electricity)
        desk.home.gas = None if gas == "no meter" else meter(gate=gas)
        desk.draw()
        assert desk.screen == name, (electricity, gas)
        assert desk.held == [electricity is None and name == "now", gas is None and name == "now"]


def test_only_what_changed_is_drawn_and_all_of_it_once_a_minute():
    desk = Desk()
    assert desk.draw() == 60000
    del desk.panel.shown[:]
    desk.home.electricity.watts = 2000
    assert desk.draw(20000) == 40000
    assert desk.panel.shown == []  # nobody said that it changed
    desk.director.changed = True
    desk.draw()
    assert 0 < len(desk.panel.shown) <= 3
    del desk.panel.shown[:]
    desk.draw(40000)
    assert len(desk.panel.shown) > 6


def test_a_panel_that_may_have_lost_its_power_is_set_up_once_a_minute():
    desk = Desk()
    times = []
    desk.panel.refresh = lambda: times.append(desk.now)
    desk.draw()
    begun = desk.now
    desk.draw(150000)
    assert [ticks_diff(time, begun) for time in times] == [60000, 120000]


def test_a_panel_that_failed_is_started_again_after_five_seconds_and_shows_all_of_the_screen():
    desk = Desk()
    desk.draw()
    picture = bytes(desk.panel.ram)
    desk.panel.answers = False
    assert desk.change(note="NO HISTORY PARTITION") == 5000
    desk.home.note = ""
    desk.panel.ram[:] = bytes(b"\xa5" * 1024)  # it had lost its power
    desk.panel.answers = True
    assert desk.draw(4999) == 1
    assert desk.panel.ram != picture
    assert desk.draw(1) == 60000
    assert desk.panel.ram == picture
    assert [event for event, _ in desk.events] == ["screen", "error", "screen"]


def test_one_screen_is_in_memory_at_a_time():
    on_demand.drop(*["ihd.display.screens." + name for name in loaded()])  # the tests' own
    desk = Desk()
    desk.draw()
    for change, screens in (
        ({"utc": None}, {"searching"}),
        ({"utc": NOON}, {"now", "power"}),
        ({"fresh": Receipt(1, NOON)}, {"fresh_start"}),
        ({"electricity": meter(gate="NO ANSWER")}, {"checking", "power"}),
    ):
        desk.change(**change)
        assert loaded() == screens
    desk.change(electricity=meter(), fresh=None)
    for screens in (
        [{"usage"}] * 3
        + [{"past", "sheet"}] * 2
        + [{"tariff", "sheet"}] * 2
        + [{"account", "sheet"}] * 2
        + [{"messages"}, {"status"}, {"links", "sheet"}, {"device"}]
        + [{"factory_reset", "question"}, {"moved_in", "question"}]
    ):
        desk.director.key("next", desk.now)
        desk.draw()
        assert loaded() == screens
        assert "ihd.display.walk" not in sys.modules
        assert ("ihd.history.usage" in sys.modules) == bool(screens & {"usage", "past"})
        assert ("ihd.display.dates" in sys.modules) == bool(screens & {"usage", "past", "tariff"})
    desk.director.overwrite(desk.now)
    assert loaded() == set()


def test_the_note_says_what_is_missing_most():
    desk = Desk()
    desk.draw()
    seen = set()
    for state, note in (("missing", "NOTE"), ("joining", "NOTE"), ("joined", "NOTE"), ("joined", "")):
        desk.change(state=state, note=note)
        seen.add(bytes(desk.panel.ram))
    assert len(seen) == 4


def test_fresh_start_stands_until_any_key():
    for key in ("prev", "next", "select"):
        desk = Desk()
        desk.draw()
        desk.change(fresh=Receipt(5, NOON))
        assert desk.screen == "fresh_start" and desk.held == [False, False]
        assert desk.press(key) == "now"
        desk.change(fresh=Receipt(5, NOON))
        assert desk.screen == "now"
        desk.change(fresh=Receipt(6, NOON))
        assert desk.screen == "fresh_start"
        desk.change(fresh=None)
        assert desk.screen == "now"


def test_fresh_start_of_a_meter_waits_for_its_gate():
    desk = Desk()
    desk.draw()
    desk.home.gas.gate = "FORGETTING"
    desk.change(fresh=Receipt(5, NOON, fuel="gas"))
    assert desk.screen == "now"
    desk.home.gas.gate = None
    desk.change(fresh=Receipt(5, NOON, fuel="gas"))
    assert desk.screen == "fresh_start"


def test_fresh_start_stands_ten_minutes_from_when_it_first_appeared():
    desk = Desk()
    desk.home.electricity.gate = "FORGETTING"
    desk.home.fresh = Receipt(5, NOON)
    desk.draw(700000)
    assert desk.screen == "checking"
    desk.home.electricity.gate = None
    desk.change()
    desk.draw(300000)
    assert desk.screen == "fresh_start"
    desk.close(desk.home.electricity)
    desk.draw(200000)
    assert desk.screen == "checking"
    desk.home.electricity.gate = None
    desk.change()
    assert desk.screen == "fresh_start"
    desk.draw(99999)
    assert desk.screen == "fresh_start"
    desk.draw(1)
    assert desk.screen == "now"
