"""A conversation with the bench written down as bytes, by a hand that shares nothing with it."""

from by_hand import ALL, COORDINATOR, ESME, GPF, HUB, Board, send, step, zdo

from tools.bench.provision_steps import STEPS as PROVISIONS
from tools.bench.scenario import load as load_scenario
from tools.bench.steps import STEPS

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900


def test_the_hub_tells_the_time_with_and_without_link_key():
    board = Board()
    # Read 0x0000, 0x0001 and 0x0007 of the Time cluster.
    read = "000700" + "0000" + "0100" + "0700"
    for options in (0x20, 0x00):
        answer, received = board.ask(send(COORDINATOR, 1, 7, 0x000A, read, options=options))
        second = int.from_bytes(bytes.fromhex(answer[14:22]), "little") - MIDNIGHT
        assert second in (5, board.ms // 1000)
        time = (MIDNIGHT + second).to_bytes(4, "little").hex()
        assert answer == "180701" + "000000e2" + time + "0100001803" + "07000023" + time
        assert received == 0x01 | options


def test_a_hub_that_lost_the_time_says_so():
    board = Board(step("clock", known=False))
    board.until(6)
    answer, _ = board.ask(send(HUB, 1, 7, 0x000A, "000700" + "0000" + "0100"))
    assert answer == "180701" + "000000e2ffffffff" + "0100001800"


def test_meters_are_found_by_any_of_the_clusters_asked_for():
    board = Board()
    # Match_Desc_req: to all that listen, profile 0x0109, servers of 0x0702 or 0x0708, no clients.
    heard = board.say(zdo(ALL, 0x0006, "11" + "fdff" + "0901" + "02" + "02070807" + "00"))
    assert heard[0] == "8b01fffe000000"
    answers = {frame[2:18]: (frame[18:22], frame[22:36], frame[36:]) for frame in heard[1:]}
    expected = {ESME: ("3f21", "01" + "15"), GPF: ("8c02", "02" + "0309")}
    assert set(answers) == set(expected)
    for eui64, (nwk, endpoints) in expected.items():
        little = nwk[2:] + nwk[:2]
        assert answers[eui64] == (nwk, "00008006000001", "11" + "00" + little + endpoints)


def test_addresses_and_descriptors_answer_for_the_node_they_are_asked_of():
    board = Board()
    reversed_esme = bytes.fromhex(ESME)[::-1].hex()
    expected = {
        (ALL, 0x0000, "21" + reversed_esme + "0000"): "2100" + reversed_esme + "213f",
        (ESME, 0x0001, "22213f0000"): "2200" + reversed_esme + "213f",
        (ESME, 0x0005, "23213f"): "2300213f" + "02" + "2b15",
        (ESME, 0x0004, "24213f15"): "2400213f" + "0e" + "15" + "0901" + "0105" + "00" + "03" + "000002070807" + "00",
        (ESME, 0x0004, "25213f16"): "2583213f" + "00",
        (ESME, 0x0005, "26022c"): "2681022c" + "00",
        (ESME, 0x0006, "27213f" + "0901" + "01000a" + "00"): "2786213f" + "00",
        (ESME, 0x0003, "28213f"): "2800213f" + "10c1",
        (ESME, 0x0031, "2900"): "2984",
    }
    for (eui64, cluster, payload), answer in expected.items():
        _, heard = board.say(zdo(eui64, cluster, payload))
        assert heard[2:22] == ESME + "3f21"
        assert heard[22:34] == "0000" + f"{cluster | 0x8000:04x}" + "0000"
        assert heard[36:] == answer
    heard = board.say(zdo(ESME, 0x0002, "30213f"))[1]
    assert heard[36:] == "3000213f" + "01" + "40" + "8e" + "0000" + "52" + "ff00" + "0000" + "ff00" + "00"


def test_the_electricity_meter_answers_with_its_register_and_its_nature():
    board = Board()
    # 0x0000, 0x0300 to 0x0304, 0x0306, 0x0400, and 0x0C01, which it does not have.
    wanted = "0000" + "0003" + "0103" + "0203" + "0303" + "0403" + "0603" + "0004" + "010c"
    answer, received = board.ask(send(ESME, 1, 21, 0x0702, "0009" + "00" + wanted))
    watts = board.bench.electricity_load.rate(MIDNIGHT + 5).to_bytes(3, "little").hex()
    assert (
        answer
        == "180901"
        + (
            "00000025" + "33cd18010000"  # 18,402,611 Wh
            "0003003000" + "01030022010000" + "02030022e80300"
            "03030018bb" + "04030018bb" + "0603001800" + "0004002a" + watts + "010c86"
        )
    )
    assert received == 0x21


def test_the_gas_proxy_gives_cubic_metres_that_move_on_the_half_hour():
    board = Board()
    answer, _ = board.ask(send(GPF, 1, 3, 0x0702, "0009" + "00" + "0000" + "0003" + "0603" + "0004"))
    # 6,201,934 litres; unit m3; mirrored gas; no demand.
    assert answer == "180901" + "000000254ea25e000000" + "0003003001" + "0603001880" + "000486"
    litres = []
    for minute in range(361, 480, 10):
        board.until(minute)
        answer, _ = board.ask(send(GPF, 1, 3, 0x0702, "0009000000"))
        litres.append(int.from_bytes(bytes.fromhex(answer[14:26]), "little"))
    assert len(set(litres)) == 4
    assert litres == sorted(litres)
    assert litres[0] == board.bench.gas_load.delivered(MIDNIGHT + 6 * 3600)


def test_smart_energy_without_link_key_gets_failure_unsecured_and_nothing_to_a_broadcast():
    board = Board()
    answer, received = board.ask(send(ESME, 1, 21, 0x0702, "0005000000", options=0))
    assert (answer, received) == ("18050b" + "0001", 0x01)
    assert len(board.say(send(ALL, 1, 21, 0x0702, "0005000000", options=0))) == 1
    # A Default Response is never answered.
    assert len(board.say(send(ESME, 1, 21, 0x0702, "18050b0a01", options=0))) == 1


def test_what_a_meter_does_not_do_it_refuses_as_the_standard_says():
    board = Board()
    expected = {
        (21, 0x0708, "011000"): "18100b" + "008b",  # GetChangeOfTenancy: nothing to publish
        (9, 0x0708, "011101"): "18110b" + "018b",  # GetChangeOfSupplier
        (21, 0x0708, "011202" + "01"): "18120b" + "0281",  # RequestNewPassword
        (21, 0x0702, "011306"): "18130b" + "0681",  # GetSnapshot
        (21, 0x0702, "00140c0000ff"): "18140b" + "0c82",  # Discover Attributes
        (43, 0x0702, "0016000000"): "18160b" + "00c3",  # no such cluster on this endpoint
        (21, 0x0702, "0017000000" + "04"): "18170b" + "0080",  # half an attribute
    }
    for (endpoint, cluster, payload), answer in expected.items():
        meter = GPF if endpoint == 9 else ESME
        assert board.ask(send(meter, 1, endpoint, cluster, payload)) == (answer, 0x21)


def test_a_lost_meter_is_silent_and_announces_itself_to_all_when_it_is_back():
    board = Board(step("lose", device="electricity") + step("find", at="00:10", device="electricity", nwk=0x2B3C))
    board.until(5)
    assert board.say(send(ESME, 1, 21, 0, "0001000000", options=0), 2000) == ["8b01fffd002100"]
    heard = board.until(10)
    little = bytes.fromhex(ESME)[::-1].hex()
    assert heard == ["91" + ESME + "2b3c" + "0000" + "0013" + "0000" + "02" + "01" + "3c2b" + little + "8e"]
    assert board.told == ["The electricity meter goes silent.", "The electricity meter is back and announces itself."]


def test_reports_come_unasked_with_and_without_link_key():
    for do, options in (("report", "21"), ("unsecured", "01")):
        board = Board(step(do, device="electricity"))
        load = board.bench.electricity_load
        heard = board.until(5)
        summation = load.delivered(MIDNIGHT + 300).to_bytes(6, "little").hex()
        watts = load.rate(MIDNIGHT + 300).to_bytes(3, "little").hex()
        head = "91" + ESME + "3f21" + "15" + "01" + "0702" + "0109" + options
        assert heard == [head + "18010a" + "000025" + summation + "00042a" + watts]


def test_the_radio_leaves_stays_away_and_joins_again():
    board = Board(step("leave", away="00:02"))
    assert board.until(5) == ["8a03"]
    assert board.say("08014149") == ["8801414900" + "ff"]
    assert board.until(6) == []
    assert board.say("08014149") == ["8801414900" + "21"]
    assert board.until(8) == ["8a02"]


def test_noise_is_the_same_every_time_and_a_reset_starts_over():
    noise = []
    for _ in range(2):
        board = Board(step("noise", bytes=16) + step("reset", at="00:06"))
        noise.append(board.bench.advance(300_000))
        board.ms = 300_000
        assert board.until(7) == ["8a00", "8a02"]
    assert noise[0] == noise[1] and len(noise[0]) == 16


def test_the_same_conversation_gives_the_same_bytes():
    def talk():
        board = Board()
        return [
            board.say(zdo(ALL, 0x0006, "11fdff0901020207080700")),
            board.say(send(ESME, 1, 21, 0x0702, "0001000000")),
        ]

    assert talk() == talk()


def test_every_step_of_a_scenario_file_can_be_done_and_the_day_at_home_loads():
    bench = Board().bench
    assert [do for do in STEPS | PROVISIONS if not hasattr(bench, "_do_" + do)] == []
    day = load_scenario("a-day-at-home")
    assert (day.start, day.duration_ms) == (MIDNIGHT, 86_400_000)
    assert [s.do for s in day.steps if s.do in ("lose", "find")] == ["lose", "find"]
