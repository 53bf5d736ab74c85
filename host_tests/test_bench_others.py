"""Meters of another home on the bench, and a hub's clock that is wrong, in bytes written down by hand."""

import by_hand
import pytest
from by_hand import ESME, HUB, Board, send, step

from tools.bench import ScenarioError
from tools.bench.scenario import parse

OTHER = "70b3d5c1e47e2468"
OTHER_NWK = "3f22"
ADDRESS = '[eui64]\nother_electricity = "' + OTHER + '"\n'
LITTLE = bytes.fromhex(OTHER)[::-1].hex()


@pytest.fixture
def home(monkeypatch):
    """A home with an address for another electricity meter."""
    text = by_hand.HOME.replace("[load]", ADDRESS.partition("\n")[2] + "[load]")
    monkeypatch.setattr(by_hand, "HOME", text)


def test_it_is_not_there_until_it_is_found_and_then_it_is_a_meter(home):
    board = Board(step("find", device="other_electricity"))
    basic = send(OTHER, 1, 21, 0x0702, "0010000603")
    (status,) = board.say(basic, wait=20_000)
    assert status[:2] == "8b" and status[10:12] != "00"
    announced = board.until(5)
    assert [frame[:22] for frame in announced] == ["91" + OTHER + OTHER_NWK]
    assert announced[0].endswith("223f" + LITTLE + "8e")
    answer, options = board.ask(basic)
    assert answer == "181001" + "060300" + "1800" and options == 0x21
    assert board.told == ["The other electricity meter is there and announces itself."]


def test_its_register_is_its_own(home):
    board = Board(step("find", device="other_electricity"))
    board.until(10)
    read = [board.ask(send(meter, 1, 21, 0x0702, "0010000000"))[0] for meter in (ESME, OTHER)]
    assert read[0] != read[1] and read[0][:14] == read[1][:14] == "18100100000025"


def test_without_a_link_key_nothing_it_says_is_secured(home):
    board = Board(step("find", device="other_electricity", key=False))
    board.until(5)
    for cluster in (0x0702, 0x0708):
        assert board.ask(send(OTHER, 1, 21, cluster, "0010000000"))[1] == 0x01
    assert board.told[0].startswith("The other electricity meter is there, without a link key, and")


def test_it_claims_to_be_a_meter_unasked_for_itself_or_for_another(home):
    board = Board(
        step("find", device="other_electricity")
        + step("claim", at="00:06", device="other_electricity")
        + step("claim", at="00:07", device="other_electricity", nwk=0x3F21)
    )
    board.until(5)
    head = "91" + OTHER + OTHER_NWK + "0000" + "8006" + "0000"
    assert board.until(6) == [head + "01" + "02" + "00" + "223f" + "01" + "15"]
    assert board.until(7) == [head + "01" + "03" + "00" + "213f" + "01" + "15"]


def test_who_has_no_address_takes_no_step():
    for text in (step("find", device="other_gas"), step("tenancy", device="gas", when="now", **{"from": "other_gas"})):
        with pytest.raises(ScenarioError, match="^step 1: other_gas has no address under eui64$"):
            parse(by_hand.HOME + text)
    with pytest.raises(ScenarioError, match="^step 1: it needs known or ahead$"):
        parse(by_hand.HOME + step("clock"))


def test_a_clock_may_be_ahead_and_right_again_and_meters_do_not_follow():
    board = Board(step("clock", ahead="02:00") + step("clock", at="00:06", ahead="00:00"))
    times = []
    for minute in (5, 6):
        board.until(minute)
        answer, _ = board.ask(send(HUB, 1, 7, 0x000A, "0010000000"))
        times.append(int.from_bytes(bytes.fromhex(answer)[7:11], "little") - board.scenario.start)
    assert times == [7500, 360]
    assert board.told == ["The hub's clock is 120 minutes ahead.", "The hub's clock is right."]


def test_the_hub_tells_when_summer_time_is():
    board = Board()
    board.until(1)
    answer, _ = board.ask(send(HUB, 1, 7, 0x000A, "001000" + "0200" + "0300" + "0400" + "0500"))
    march, october = 0x315B3610, 0x32701110  # 2026-03-29 and 2026-10-25, 01:00 UTC
    assert answer == (
        "181001" + "0200002b00000000" + "03000023" + march.to_bytes(4, "little").hex()
        + "04000023" + october.to_bytes(4, "little").hex() + "0500002b100e0000"
    )  # fmt: skip
