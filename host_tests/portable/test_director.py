"""The director: which screen when, which key leads where, and what is drawn at all."""

import sys

from desk import Desk
from fake_home import NOON, Home, meter
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
        {"usage"},
        {"usage"},
        {"status"},
        {"device"},
        {"factory_reset", "question"},
        {"moved_in", "question"},
    ):
        desk.director.key("next", desk.now)
        desk.draw()
        assert loaded() == screens
        assert "ihd.display.walk" not in sys.modules
        assert ("ihd.history.usage" in sys.modules) == ("usage" in screens)
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


WALK = ["now", "electricity", "gas", "status", "device", "reset 1", "page 1"]


def test_the_walk_reaches_every_screen_both_ways_round():
    desk = Desk()
    desk.draw()
    assert [desk.press("next") for _ in range(8)] == WALK[1:] + WALK[:2]
    desk.press("prev")
    assert [desk.press("prev") for _ in range(8)] == WALK[:0:-1] + ["now", "page 1"]
    assert desk.home.moves == desk.home.resets == 0
    names = [fields["name"] for event, fields in desk.events if event == "screen"]
    assert names[:7] == ["now", "usage", "status", "device", "factory_reset", "moved_in", "now"]


def test_select_asks_and_asks_again_and_only_the_other_key_then_says_it():
    for gate, home in ((None, "now"), ("NO ANSWER", "checking")):
        desk = Desk()
        desk.home.electricity.gate = gate
        desk.home.gas = None
        desk.draw()
        for keys, screen, moves in (
            (("select",), home, 0),
            (("prev",), "page 1", 0),
            (("next",), home, 0),
            (("prev", "select"), "page 2", 0),
            (("prev",), home, 0),
            (("prev", "select", "select"), home, 0),
            (("prev", "select", "next"), home, 1),
            (("prev", "prev", "prev"), "device", 1),
            (("select",), "device", 1),
        ):
            assert desk.press(*keys) == screen, (keys, desk.screen)
            assert (desk.home.moves, desk.home.resets) == (moves, 0)


def test_factory_reset_is_asked_twice_too():
    for meters in ({}, {"electricity": None, "gas": None}):
        desk = Desk()
        desk.change(**meters)
        here = desk.screen
        ask = ("prev",) if meters else ("prev", "prev")
        for keys, screen, resets in (
            (ask + ("prev",), "device", 0),
            (("next",), "reset 1", 0),
            (("select",), "reset 2", 0),
            (("select",), here, 0),
            (ask + ("select",), "reset 2", 0),
            (("prev",), here, 0),
            (ask + ("select",), "reset 2", 0),
            (("next",), here, 1),
        ):
            assert desk.press(*keys) == screen, (keys, desk.screen)
            assert (desk.home.moves, desk.home.resets) == (0, resets)


def test_while_checking_or_searching_the_question_comes_next_and_the_rest_behind_it():
    for change, home in (({}, "checking"), ({"utc": None}, "searching")):
        desk = Desk()
        desk.home.electricity.gate = desk.home.gas.gate = "NO ANSWER"
        desk.change(**change)
        assert desk.press("next") == "page 1"
        assert desk.press("select", "next") == home and desk.home.moves == 1
        assert desk.press("next", "next") == home
        assert desk.press("next", "prev") == "reset 1"
        assert desk.press("prev", "prev") == "status"


def test_what_is_not_there_is_stepped_over():
    desk = Desk()
    desk.change(gas=None)
    assert [desk.press("next") for _ in range(6)] == ["electricity"] + WALK[3:] + ["now"]
    desk.change(gas=meter(), electricity=None)
    assert [desk.press("next") for _ in range(6)] == ["gas", "status", "device", "reset 1", "page 1", "now"]
    desk.change(gas=None)
    assert [desk.press("next") for _ in range(4)] == ["status", "device", "reset 1", "searching"]
    desk.change(gas=meter(), utc=None)
    assert [desk.press("prev") for _ in range(5)] == ["page 1", "reset 1", "device", "status", "searching"]


def test_without_time_the_question_can_be_asked_too_but_not_without_a_meter():
    desk = Desk()
    desk.change(utc=None, gas=None)
    assert desk.press("next") == "page 1"
    assert desk.press("select", "next") == "searching" and desk.home.moves == 1
    desk.change(electricity=None)
    desk.press("next", "select", "next")
    assert desk.home.moves == 1


def test_a_screen_that_nobody_turns_gives_way_to_now_after_five_minutes():
    for keys in (("next",), ("next", "next"), ("next",) * 3, ("next",) * 4):
        desk = Desk()
        desk.draw()
        desk.press(*keys)
        desk.draw(298900)
        assert desk.screen == WALK[len(keys)]
        desk.draw(100)
        assert desk.screen == "now"


def test_use_gives_way_to_checking_when_a_gate_closes_and_status_stays():
    for keys, screen in ((("next",), "checking"), (("next", "next"), "checking"), (("next",) * 3, "status")):
        desk = Desk()
        desk.draw()
        desk.press(*keys)
        assert desk.held == [True, True]
        desk.close(desk.home.electricity, desk.home.gas)
        assert not any(desk.panel.ram) and desk.held == [False, False]
        desk.draw()
        assert desk.screen == screen and desk.held == [False, False]


def test_behind_closed_gates_no_screen_tells_two_homes_with_different_pasts_apart():
    pictures = []
    for past in (3, 8):
        desk = Desk(home=Home(past))
        desk.home.electricity.gate = desk.home.gas.gate = "NO ANSWER"
        desk.home.electricity.heard = desk.home.gas.heard = NOON - 60 * past
        desk.draw()
        pictures.append([(desk.press("prev"), bytes(desk.panel.ram)) for _ in range(7)])
        assert desk.home.history.asked == []
    assert pictures[0] == pictures[1]
    assert [name for name, _ in pictures[0]] == [
        "page 1",
        "reset 1",
        "device",
        "status",
        "gas",
        "electricity",
        "checking",
    ]


def test_of_the_fuel_whose_gate_is_open_use_is_shown_beside_the_other_s():
    desk = Desk()
    desk.home.gas.gate = "NO ANSWER"
    desk.draw()
    assert desk.press("next") == "electricity" and desk.home.history.asked
    del desk.home.history.asked[:]
    assert desk.press("next") == "gas" and desk.held[1] is False
    assert 1 not in desk.home.history.asked


def test_fresh_start_waits_until_the_walk_is_left():
    desk = Desk()
    desk.draw()
    desk.press("next", "next", "next")
    desk.change(fresh=Receipt(5, NOON))
    assert desk.screen == "status"
    assert desk.press("prev", "prev", "prev") == "fresh_start"
    assert desk.press("next") == "now"


def test_a_question_goes_with_the_last_meter():
    desk = Desk()
    desk.draw()
    assert desk.press("prev", "select") == "page 2"
    desk.change(electricity=None, gas=None)
    assert desk.screen == "searching"
    desk.press("next")
    assert desk.home.moves == 0


def test_a_question_that_nobody_answers_goes_away_after_a_minute():
    for keys, page in ((("prev",), "page 1"), (("prev", "select"), "page 2")):
        desk = Desk()
        desk.draw()
        desk.press(*keys)
        desk.draw(58900)
        assert desk.screen == page
        desk.draw(100)
        assert desk.screen == "now" and desk.home.moves == 0


def test_a_key_answers_only_what_stands_on_the_panel():
    desk = Desk()
    desk.draw()
    for key in ("prev", "select", "next"):  # faster than the panel
        desk.director.key(key, desk.now)
    desk.draw()
    assert desk.screen == "page 1" and desk.home.moves == 0
    desk.press("select")
    desk.panel.answers = False
    desk.change(note="")
    desk.draw(59000)  # the panel is found dark when it is set up again
    desk.press("next")
    assert desk.home.moves == 0


def test_a_question_outlasts_a_gate_that_closes():
    desk = Desk()
    desk.draw()
    desk.press("prev")
    desk.close(desk.home.electricity)
    assert not any(desk.panel.ram)
    desk.draw()
    assert desk.screen == "page 1"
    assert desk.press("select", "next") == "checking" and desk.home.moves == 1


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


def test_what_the_last_word_sets_off_goes_before_the_drawing():
    desk = Desk()
    desk.draw()
    desk.press("prev", "select")

    def moved_in():
        desk.close(desk.home.electricity, desk.home.gas)

    desk.home.moved_in = moved_in
    desk.director.key("next", desk.now)
    assert desk.director.draw(desk.now, desk.home) == 0
    assert not any(desk.panel.ram)
    desk.draw()
    assert desk.screen == "checking"
