"""The walk: which key leads where, how long a place stands, and what of it a closed gate leaves."""

from desk import Desk
from fake_home import NOON, Home, meter
from fake_panel import Receipt

WALK = [
    "now",
    "electricity",
    "gas",
    "gas in kWh",
    "electricity days",
    "gas days",
    "electricity tariff",
    "gas tariff",
] + ["electricity account", "gas account", "messages", "status", "links", "device", "reset 1", "page 1"]
SCREENS = ["now", "usage", "past", "tariff", "account", "messages", "status", "links", "device", "factory_reset"] + [
    "moved_in"
]


def without(*words):
    """The walk without the places whose names have one of these in them."""
    return [place for place in WALK if not [word for word in words if word in place]]


def test_the_walk_reaches_every_screen_both_ways_round():
    desk = Desk()
    desk.draw()
    assert [desk.press("next") for _ in range(17)] == WALK[1:] + WALK[:2]
    desk.press("prev")
    assert [desk.press("prev") for _ in range(17)] == list(reversed(WALK[1:])) + ["now", "page 1"]
    assert desk.home.moves == desk.home.resets == desk.home.confirmed == 0
    names = [fields["name"] for event, fields in desk.events if event == "screen"]
    assert names[:12] == SCREENS + ["now"]


def test_select_turns_the_pages_of_the_past_and_goes_round():
    for fuel, units in (("electricity", ("",)), ("gas", ("", " in kWh"))):
        wanted = [fuel + " " + what + unit for unit in units for what in ("days", "days", "weeks", "months", "months")]
        desk = Desk()
        desk.draw()
        while desk.press("next") != wanted[0]:
            pass
        pictures = [bytes(desk.panel.ram)]
        for place in wanted[1:] + wanted[:1]:
            assert desk.press("select") == place
            pictures.append(bytes(desk.panel.ram))
        assert len(set(pictures)) == len(wanted) and pictures[0] == pictures[-1]
        desk.press("select", "next", "prev")
        assert desk.panel.ram == pictures[0]  # it begins anew when it is come back to


def test_select_turns_the_pages_of_an_account_that_has_several():
    desk = Desk()
    desk.home.electricity.account.put(0x07050000, 2, NOON)  # it is prepaid
    desk.draw()
    while desk.press("next") != "electricity account":
        pass
    pictures = [bytes(desk.panel.ram)]
    while desk.press("select") and desk.panel.ram != pictures[0]:
        pictures.append(bytes(desk.panel.ram))
    assert len(set(pictures)) == len(pictures) == 3
    assert desk.press("next") == "gas account"
    picture = bytes(desk.panel.ram)
    assert desk.press("select") == "gas account" and desk.panel.ram == picture  # it has one


def test_select_confirms_the_message_that_stands_and_nothing_elsewhere():
    desk = Desk()
    desk.draw()
    for place in WALK[1:14]:
        assert desk.press("next") == place
        assert desk.press("select")
        assert desk.home.confirmed == (WALK.index(place) >= WALK.index("messages"))
        if place == "messages":
            assert desk.screen == "messages"
    assert desk.home.moves == desk.home.resets == 0


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
        assert desk.press("prev", "prev", "prev") == "status"


def test_what_is_not_there_is_stepped_over():
    desk = Desk()
    desk.change(gas=None)
    there = without("gas")
    assert [desk.press("next") for _ in there] == there[1:] + ["now"]
    desk.change(gas=meter(), electricity=None)
    there = without("electricity")
    assert [desk.press("next") for _ in there] == there[1:] + ["now"]
    desk.change(gas=None)
    there = ["messages", "status", "links", "device", "reset 1"]
    assert [desk.press("next") for _ in range(6)] == there + ["searching"]
    desk.change(gas=meter(), utc=None)
    there = list(reversed(there + ["page 1"]))
    assert [desk.press("prev") for _ in range(7)] == there + ["searching"]


def test_without_time_the_question_can_be_asked_too_but_not_without_a_meter():
    desk = Desk()
    desk.change(utc=None, gas=None)
    assert desk.press("next") == "page 1"
    assert desk.press("select", "next") == "searching" and desk.home.moves == 1
    desk.change(electricity=None)
    desk.press("next", "select", "next")
    assert desk.home.moves == 1


def test_a_screen_that_nobody_turns_gives_way_to_now_after_five_minutes():
    for presses in range(1, 14):
        desk = Desk()
        desk.draw()
        desk.press(*["next"] * presses)
        desk.draw(298900)
        assert desk.screen == WALK[presses]
        desk.draw(100)
        assert desk.screen == "now"


def test_what_tells_of_the_past_gives_way_to_checking_when_a_gate_closes_and_status_and_links_stay():
    for presses in range(1, 13):
        desk = Desk()
        desk.draw()
        place = desk.press(*["next"] * presses)
        assert desk.held == [True, True]
        desk.close(desk.home.electricity, desk.home.gas)
        assert not any(desk.panel.ram) and desk.held == [False, False]
        desk.draw()
        assert desk.screen == (place if place in ("status", "links") else "checking") and desk.held == [False, False]


def test_behind_closed_gates_no_screen_tells_two_homes_with_different_pasts_apart():
    pictures = []
    for past in (3, 8):
        desk = Desk(home=Home(past))
        desk.home.electricity.gate = desk.home.gas.gate = "NO ANSWER"
        for each in (desk.home.electricity, desk.home.gas):
            each.heard = NOON - 60 * past
            each.cost = each.spending = 1000 * past
            each.supplier.name = b"SUPPLIER %d" % past
            each.account.tell_price(NOON - past, 0xFFFF, 1000000 * past, b"RATE %d" % past, 1, NOON)
            each.account.show((past, 0x80, NOON - past, None, b"TEXT %d" % past, NOON))
            for key in (0x07000301, 0x07020014, 0x07020307, 0x07050000, 0x07050001):
                each.account.put(key, past, NOON)
        desk.draw()
        pictures.append([(desk.press("prev"), bytes(desk.panel.ram)) for _ in WALK])
        assert desk.home.history.asked == []
    assert pictures[0] == pictures[1]
    assert [name for name, _ in pictures[0]] == list(reversed(WALK[1:])) + ["checking"]


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
    while desk.press("next") != "status":
        pass
    desk.change(fresh=Receipt(5, NOON))
    assert desk.screen == "status"
    assert desk.press(*["prev"] * 11) == "fresh_start"
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
