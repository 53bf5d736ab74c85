"""Scenario files: a bad one is refused by name, and a checker says what a board left undone."""

import by_hand
import pytest
from by_hand import step

from tools.bench import Checker, ScenarioError, load_scenario
from tools.bench.scenario import parse
from tools.bench.tariff import Windows

EXPECT = '[[expect]]\nwhy = "it joins"\nevent = { event = "joined" }\nwithin = 2\n'

PRICE = '[[step]]\ndo = "price"\nat = "00:05"\ndevice = "gas"\n'
WINDOW = "windows = [{ from = '00:00', price = 1 }, { from = '07:00', price = 2 }]\n"
GAP = '[[step]]\ndo = "log"\nat = "00:05"\ndevice = "gas"\ngaps = [{ from = "00:01", until = "00:02" }]\n'

BAD = {
    step("lsoe", device="gas"): "step 1: do = 'lsoe' is not one of lose, find,",
    step("lose"): "step 1: 'device' is missing",
    step("lose", device="water"): "step 1: device = 'water' is not one of hub, electricity, gas",
    step("report", device="hub"): "step 1: the hub has no register to report",
    step("reset") + step("reset", at="00:04"): "step 2: it is earlier than the step before it",
    step("reset", at="5 past"): "step 1: at: '5 past' is not HH:MM or HH:MM:SS",
    step("reset", at="00:16"): "step 1: at = '00:16' is after the end",
    step("reset", hard=True): "step 1: 'hard' is unknown; it takes at, do",
    step("noise", bytes=0): "step 1: bytes = 0 is not a whole number above 0",
    step("clock", known="yes"): "step 1: known = 'yes' is not true or false",
    step("tenancy", device="hub", when="now"): "step 1: device = 'hub' is not one of electricity, gas",
    step("tenancy", device="gas"): "step 1: it needs either when or cancel = true",
    step("supplier", device="gas", when="now", cancel=True): "step 1: it needs either when or cancel = true",
    step("tenancy", device="gas", when="soon"): "step 1: when: 'soon' is not HH:MM or HH:MM:SS",
    step("tenancy", device="gas", when="2026-01-14T00:00:00"): "step 1: when: a date and time with its zone is needed",
    step("tenancy", device="gas", when=7): "step 1: when: a date and time with its zone is needed",
    step("tenancy", device="gas", when="1999-12-31T00:00:00Z"): "step 1: when: '1999-12-31T00:00:00Z' is a moment that",
    step("tenancy", device="gas", when="now", how="email"): "step 1: how = 'email' is not one of publish, answer, attr",
    step("tenancy", device="gas", when="now", event=-1): "step 1: event = -1 is not a number of 32 bits",
    step("tenancy", device="gas", when="now", control=True): "step 1: control = True is not a number of 32 bits",
    step("tenancy", device="gas", when="now", name="Lion"): "step 1: 'name' is unknown",
    step("tenancy", device="gas", when="now", endpoint=256): "step 1: endpoint = 256 is not a number of 8 bits",
    step("tenancy", device="gas", when="now", **{"from": "display"}): "step 1: from = 'display' is not one of hub,",
    step("tenancy", device="gas", when="now", how="answer", secured=False): "step 1: secured is of a publication that",
    step("supplier", device="gas", when="now", name="L" * 101): f"step 1: name = '{'L' * 101}' is not a text",
    step("management", device="gas", command="sulk"): "step 1: command = 'sulk' is not one of publish, not_found",
    step("management", device="gas", attributes="some"): "step 1: attributes = 'some' is not one of none, unsupported",
    step("management", device="gas", kind="price"): "step 1: kind = 'price' is not one of tenancy, supplier",
    step("management", device="gas", spoil="all"): "step 1: spoil = 'all' is not one of endpoint, profile, broadcast",
    step(
        "tenancy", device="gas", when="now", control="some"
    ): "step 1: control = 'some' is not a number of 32 bits, or",
    step("tenancy", device="gas", when="now", how="answer", spoil="empty"): "step 1: spoil is of a publication that",
    step("price", device="hub", price=1): "step 1: device = 'hub' is not one of electricity, gas",
    step("price", device="gas"): "step 1: it needs price or windows",
    step("price", device="gas", price=0.5): "step 1: price = 0.5 is not a number of 32 bits",
    step("price", device="gas", price=1, when="soon"): "step 1: when: 'soon' is not HH:MM or HH:MM:SS",
    step("price", device="gas", price=1, clock="utc"): "step 1: clock is of windows",
    step("price", device="gas", price=1, windows=[]): "step 1: it has either price or windows",
    step("price", device="gas", windows=[]): "step 1: windows needs a list of tables with from and price",
    step("price", device="gas", price=1, spoil="all"): "step 1: spoil = 'all' is not one of endpoint, profile",
    step("standing", device="gas", charge=-1): "step 1: charge = -1 is not a number of 32 bits",
    step("message", device="gas"): "step 1: it needs one of text, cancel = true, cancel_all = true",
    step("message", device="gas", text="A", cancel=True): "step 1: it needs one of text, cancel = true, cancel_all =",
    step("message", device="gas", text="M" * 201): f"step 1: text = '{'M' * 201}' is not a text of at most 200 bytes",
    step("message", device="gas", text="A", control=256): "step 1: control = 256 is not a number of 8 bits",
    step("message", device="gas", text="A", start="soon"): "step 1: start: 'soon' is not HH:MM or HH:MM:SS",
    step("prepayment", device="gas"): "step 1: it needs one of balance, debt, debt_1,",
    step("prepayment", device="gas", mode="cash"): "step 1: mode = 'cash' is not one of credit, prepayment",
    step("prepayment", device="gas", balance=1 << 31): "step 1: balance = 2147483648 is not a signed number of 32 bits",
    step("attribute", device="gas", cluster=0x0702, attribute=0): "step 1: 'value' is missing",
    step("attribute", device="gas", cluster=0x0702, attribute=0, value="nan"): "step 1: value = 'nan' is not a whole",
    step("log", device="gas"): "step 1: it needs one of gaps, profile, sampled",
    step("log", device="gas", gaps=7): "step 1: gaps needs a list of tables with from and until",
    step("details", device="gas"): "step 1: it needs one of cin, contact, event,",
    step(
        "details", device="gas", name="L" * 17
    ): "step 1: name = 'LLLLLLLLLLLLLLLLL' is not a text of at most 16 bytes",
    step("publish", device="gas", cluster=0x0708, command=5, payload="0"): "step 1: payload = '0' is not hex digits of",
    PRICE + "windows = [{ from = '00:30' }]\n": "step 1: window 1: 'price' is missing",
    PRICE + "windows = [{ from = '24:00', price = 1 }]\n": "step 1: window 1: from = '24:00' is no time of day",
    PRICE + WINDOW.replace("7", "0"): "step 1: window 2: it is not later than the window before it",
    GAP.replace("00:02", "00:01"): "step 1: gap 1: it ends before it begins",
    GAP.replace("until", "to"): "step 1: gap 1: 'to' is unknown; it takes from, until",
    "[tariff.water]\n": "tariff: 'water' is unknown; it takes electricity, gas",
    "[tariff.gas]\nprice = -1\n": "tariff.gas: price = -1 is not a number of 32 bits",
    "[tariff.gas]\ntrailing = 16\n": "tariff.gas: trailing = 16 is not a number of digits up to 15",
    "[tariff.electricity]\nfactor = 1\n": "tariff.electricity: 'factor' is unknown",
    "[tariff.gas]\nprice = 1\n" + WINDOW: "tariff.gas: it has either price or windows",
    step("press", key="up"): "step 1: key = 'up' is not one of prev, next, select",
    step("cut", operations=0): "step 1: operations = 0 is not a whole number above 0",
    step("cut", device="gas"): "step 1: device is of a cut that waits for operations of a rewind",
    step("cut", away=5): "step 1: away: 5 is not HH:MM or HH:MM:SS",
    "history_days = 401\n": "load: history_days = 401 is not a number of days up to 400",
    EXPECT.replace("within", "during"): "expect 1: 'during' is unknown",
    EXPECT.replace("= 2", "= 0"): "expect 1: within = 0 is not a number of minutes",
    EXPECT.replace("{ event", "{ was"): "expect 1: event needs a table of fields",
    EXPECT + "follows = true\n": "expect 1: it follows nothing that is expected",
    EXPECT + "never = true\n" + EXPECT + "follows = true\n": "expect 2: it follows nothing that is expected",
    EXPECT + "untouched = 'gas'\n": "expect 1: it needs one of event, rewind, untouched, remembered",
    "[[expect]]\nuntouched = ['gas', 'hub']\n": "expect 1: device = 'hub' is not one of electricity, gas",
    "[[expect]]\nuntouched = 'gas'\nnever = true\n": "expect 1: never and follows are of an event",
    "[[expect]]\nrewind = { floor = 5 }\n": "expect 1: rewind: 'device' is missing",
    "[[expect]]\nrewind = 'gas'\n": "expect 1: rewind needs a table of fields, the device among them",
    "[[expect]]\nrewind = { device = 'gas', kind = 'x' }\n": "expect 1: kind = 'x' is not one of tenancy, supplier",
    "[[expect]]\nrewind = { device = 'gas', floor = 'x' }\n": "expect 1: floor: 'x' is not HH:MM",
    step("say"): "step 1: 'text' is missing",
    step("say", text="M" * 401): f"step 1: text = '{'M' * 401}' is not a text of at most 400 bytes",
    EXPECT + EXPECT.replace('why = "it joins"\n', ""): "expect 2: 'why' is missing",
    "[radio]\nXX = 1\n": "radio: 'XX' is unknown",
    "water = 1\n": "load: 'water' is unknown",
    "[network]\nchanel = 1\n": "network: 'chanel' is unknown",
    "[weather]\n": "scenario: 'weather' is unknown",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_scenario_is_refused_and_the_place_is_named(text):
    with pytest.raises(ScenarioError) as refusal:
        parse(by_hand.HOME + text)
    assert str(refusal.value).startswith(BAD[text])


def test_bad_heads_are_refused_too(tmp_path):
    for good, bad, message in (
        ("2026-01-14T00:00:00Z", '"tomorrow"', "start: a date and time with its zone is needed"),
        ("2026-01-14T00:00:00Z", "2026-01-14T00:00:00", "start: a date and time with its zone is needed"),
        ('"00:15"', '"15"', "duration: '15' is not HH:MM"),
        ("0013a20041d5e0c7", "0013A20041D5E0C7", "eui64: display needs 16 lower-case hex digits"),
        ("0013a20041d5e0c7", "70b3d5c1e4aa0001", "eui64: two nodes have the same address"),
        ("title", "name", "scenario: 'name' is unknown"),
    ):
        with pytest.raises(ScenarioError) as refusal:
            parse(by_hand.HOME.replace(good, bad))
        assert str(refusal.value).startswith(message)
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(ScenarioError, match=r"^broken\.toml: "):
        load_scenario(broken)


def test_a_scenario_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"^nope is no scenario that comes along; there is a-day-at-home, moving-day$"
    ):
        load_scenario("nope")
    nowhere = tmp_path / "nowhere.toml"
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(nowhere)
    assert str(refusal.value) == f"{nowhere}: No such file or directory"


def test_moments_are_now_or_since_the_start_or_dates_of_toml_or_texts():
    start = parse(by_hand.HOME).start
    moments = {'"now"': 0, '"00:10"': start + 600, '"48:00:01"': start + 172_801}
    moments |= dict.fromkeys(("2016-11-22T02:46:56Z", '"2016-11-22T03:46:56+01:00"'), 0x1FC66E20)
    for when, utc in moments.items():
        text = f'[[step]]\ndo = "tenancy"\nat = "00:05"\ndevice = "gas"\nfrom = "hub"\nwhen = {when}\n'
        (change,) = parse(by_hand.HOME + text).steps
        assert change.keys == {"device": "gas", "sender": "hub", "when": utc}


def test_a_tariff_is_a_price_or_windows_and_what_a_price_of_gas_needs():
    text = "[tariff.electricity]\nstanding = 5\nlabel = 'E7'\n" + WINDOW + "[tariff.gas]\nprice = 3\ntrailing = 4\n"
    tariffs = parse(by_hand.HOME + text + "factor = 1\ncalorific_value = 2\n").tariffs
    assert tariffs["electricity"] == {"standing": 5, "label": "E7", "price": Windows(((0, 1), (25_200, 2)))}
    assert tariffs["gas"] == {"price": 3, "trailing": 4, "factor": 1, "calorific_value": 2}
    (price,) = parse(by_hand.HOME + PRICE + "clock = 'utc'\n" + WINDOW).steps
    assert price.keys == {"device": "gas", "price": Windows(((0, 1), (25_200, 2)), local=False)}
    (log,) = parse(by_hand.HOME + GAP).steps
    start = parse(by_hand.HOME).start
    assert log.keys["gaps"] == [(start + 60, start + 120)]


def test_the_bench_passes_over_what_is_done_to_the_board():
    board = by_hand.Board(step("press", key="next") + step("cut", at="00:06", away="00:01"))
    assert board.until(8) == [] and board.told == [] and len(board.scenario.steps) == 2


def test_expectations_are_met_in_their_time_by_events_with_their_fields():
    scenario = parse(
        by_hand.HOME
        + EXPECT
        + """
[[expect]]
why = "it finds gas again"
event = { event = "meter", fuel = "gas" }
after = "00:05"
within = 5

[[expect]]
why = "nothing is said meanwhile"
event = { event = "fact" }
after = "00:03"
within = 2
never = true
"""
    )
    checker = Checker(scenario)
    checker.event({"event": "joined", "pan": 1}, 119_000)
    checker.event({"event": "meter", "fuel": "gas"}, 120_000)
    checker.event({"event": "meter", "fuel": "electricity"}, 360_000)
    checker.event({"event": "fact", "value": 1}, 400_000)
    missing = "it finds gas again: no {'event': 'meter', 'fuel': 'gas'} between 00:05:00 and 00:10:00"
    assert checker.unmet() == [missing]
    checker.event({"event": "meter", "fuel": "gas"}, 600_000)
    assert checker.unmet() == []
    checker.event({"event": "fact", "value": 2}, 200_000)
    assert checker.unmet() == ["nothing is said meanwhile: but at 00:03:20 came {'event': 'fact', 'value': 2}"]

    late = Checker(scenario)
    late.event({"event": "joined"}, 121_000)
    assert len(late.unmet()) == 2


def test_what_follows_counts_only_after_what_it_follows():
    follows = EXPECT.replace("joined", "time").replace("it joins", "then it asks") + "follows = true\n"
    again = EXPECT.replace("it joins", "it joins again") + "follows = true\n"
    scenario = parse(by_hand.HOME + EXPECT + follows + again)

    def unmet(*names):
        checker = Checker(scenario)
        for name in names:
            checker.event({"event": name}, 1000)
        return [sentence.partition(":")[0] for sentence in checker.unmet()]

    assert unmet("joined", "time", "joined") == []
    assert unmet("time", "joined", "joined") == ["then it asks", "it joins again"]
    assert unmet("joined", "joined", "time") == ["it joins again"]
    assert unmet("time", "joined", "time") == ["it joins again"]


def test_a_rewind_is_five_events_one_after_the_other():
    text = '[[expect]]\nrewind = { device = "gas", floor = "00:04", source = "command", event = 7, slots = 3 }\n'
    scenario = parse(by_hand.HOME + text + 'after = "00:05"\nwithin = 1\n')
    gas, floor = {"meter": by_hand.GPF}, scenario.start + 240
    begin = {"event": "rewind", "phase": "begin", "kind": "tenancy", "scope": "BOTH", "floor": floor} | gas
    told = [
        {"event": "gate", "open": False} | gas,
        begin,
        begin | {"phase": "done"},
        {"event": "receipt", "kind": "tenancy", "source": "command", "issuer_event_id": 7, "floor": floor} | gas,
        {"event": "gate", "open": True} | gas,
    ]
    told[3] |= {"verified": True, "slots": 3}

    def unmet(events):
        checker = Checker(scenario)
        for event in events:
            checker.event(event, 310_000)
        return len(checker.unmet())

    assert unmet(told) == 0
    for n in range(5):
        assert unmet(told[:n] + told[n + 1 :]) == 5 - n
        for field in told[n].keys() - {"event"}:
            assert unmet([*told[:n], told[n] | {field: "other"}, *told[n + 1 :]]) == 5 - n
    assert unmet([told[0], told[2], told[1], *told[3:]]) == 3


def test_a_meter_left_alone_is_not_forgotten_and_its_gate_does_not_close():
    for sort, closes in (("untouched", 1), ("remembered", 0)):
        scenario = parse(by_hand.HOME + f'[[expect]]\n{sort} = ["electricity", "gas"]\n')
        for meter in (by_hand.ESME, by_hand.GPF):
            for event, broken in (("rewind", 1), ("receipt", 1), ("gate", closes), ("fact", 0)):
                checker = Checker(scenario)
                checker.event({"event": "gate", "open": False, "meter": meter}, 30_000)  # at the start
                checker.event({"event": event, "open": False, "meter": meter}, 120_000)
                assert len(checker.unmet()) == broken


def test_a_scenario_may_be_like_another_and_say_only_what_differs(tmp_path):
    (tmp_path / "home.toml").write_text(by_hand.HOME + step("reset") + EXPECT)
    like = tmp_path / "like.toml"
    like.write_text('like = "home"\ntitle = "Another"\n' + step("ask") + EXPECT + "[load]\ngas = 7\n")
    home, other = load_scenario(tmp_path / "home.toml"), load_scenario(like)
    assert (other.title, other.start, other.eui64s) == ("Another", home.start, home.eui64s)
    assert other.load == home.load | {"gas": 7}
    assert [step.do for step in other.steps] == ["reset", "ask"]
    assert other.expectations == home.expectations * 2
    like.write_text('like = "house"\n')
    with pytest.raises(ScenarioError, match=r"^like\.toml: like = 'house': there is no file house\.toml beside it$"):
        load_scenario(like)
