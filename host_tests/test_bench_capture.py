"""The capture of the HAN as tshark reads it: well-formed, dated by the HAN, and with the values the bench meant."""

import pytest
import tshark
from by_hand import ALL, COORDINATOR, ESME, GPF, HUB, Board, send, step, zdo

MIDNIGHT = 0x30F99900
MIDNIGHT_UNIX_MS = 1_768_348_800_000
DISPLAY_NWK, HUB_NWK, ESME_NWK, GPF_NWK = 0x5AD1, 0x0000, 0x3F21, 0x8C02


@pytest.fixture
def talk(tmp_path):
    """A board whose HAN is captured, and a function that gives the frames tshark sees."""
    tshark.needed()
    path = tmp_path / "han.pcap"
    board = Board(step("report", device="electricity") + step("find", at="00:06", device="electricity"), capture=path)

    def seen():
        board.bench.close()
        assert tshark.malformed(path) == 0
        return tshark.frames(path)

    return board, seen


def test_a_conversation_is_captured_with_its_addresses_and_its_time(talk):
    board, seen = talk
    board.say(send(COORDINATOR, 1, 7, 0x000A, "000700" + "0000" + "0100" + "0700"))
    joined, asked, answered = seen()
    assert (joined["source"], joined["destination"], joined["broadcast"]) == (DISPLAY_NWK, 0xFFFF, True)
    assert joined["zdo"]["ext_addr"] == "00:13:a2:00:41:d5:e0:c7"
    assert (asked["source"], asked["destination"], asked["broadcast"]) == (DISPLAY_NWK, HUB_NWK, False)
    assert (asked["source_endpoint"], asked["destination_endpoint"]) == (1, 7)
    assert asked["attributes"] == [(0, None, None), (1, None, None), (7, None, None)]
    assert asked["unix_ms"] == MIDNIGHT_UNIX_MS + 5200
    assert 40 <= answered["unix_ms"] - asked["unix_ms"] <= 120
    assert (answered["profile"], answered["cluster"], answered["to_client"]) == (0x0109, 0x000A, True)
    assert (answered["tsn"], answered["command"]) == (7, 0x01)
    assert answered["attributes"] == [(0, 0, MIDNIGHT + 5), (1, 0, 3), (7, 0, MIDNIGHT + 5)]


def test_attribute_values_are_those_the_bench_meant(talk):
    board, seen = talk
    wanted = "0000" + "0003" + "0103" + "0203" + "0303" + "0603" + "0004" + "010c"
    for meter, endpoint in ((ESME, 21), (GPF, 3)):
        board.ask(send(meter, 1, endpoint, 0x0702, "000900" + wanted))
    board.ask(send(ESME, 1, 21, 0x0000, "000a00" + "0000" + "0400" + "0500" + "0700", options=0))
    board.until(5)
    watts = board.bench.electricity_load.rate
    electricity, gas, basic, report = (frame for frame in seen() if frame.get("to_client"))
    head = [(0x0300, 0, 0), (0x0301, 0, 1), (0x0302, 0, 1000), (0x0303, 0, 0xBB), (0x0306, 0, 0)]
    assert electricity["attributes"] == [
        (0x0000, 0, 18_402_611),
        *head,
        (0x0400, 0, watts(MIDNIGHT + 5)),
        (0x0C01, 0x86, None),
    ]
    head[0], head[-1] = (0x0300, 0, 1), (0x0306, 0, 0x80)
    assert gas["attributes"] == [(0x0000, 0, 6_201_934), *head, (0x0400, 0x86, None), (0x0C01, 0x86, None)]
    assert basic["attributes"] == [(0, 0, 2), (4, 0, "Reference bench"), (5, 0, "ESME-1"), (7, 0, 1)]
    assert (report["command"], report["source"]) == (0x0A, ESME_NWK)
    delivered = board.bench.electricity_load.delivered(MIDNIGHT + 300)
    assert report["attributes"] == [(0x0000, None, delivered), (0x0400, None, watts(MIDNIGHT + 300))]


def test_negative_demand_is_captured_as_such(tmp_path):
    tshark.needed()
    path = tmp_path / "sun.pcap"
    sunny = "solar_watts = 9000\n"
    board = Board(sunny, capture=path)
    board.until(12 * 60)
    board.ask(send(ESME, 1, 21, 0x0702, "000900" + "0004" + "0100"))
    board.bench.close()
    demand, received = tshark.frames(path)[-1]["attributes"]
    assert demand == (0x0400, 0, board.bench.electricity_load.rate(MIDNIGHT + 12 * 3600))
    assert demand[2] < 0 < received[2]


def test_refusals_and_descriptors_are_read_as_such(talk):
    board, seen = talk
    board.say(send(ESME, 1, 21, 0x0708, "011000"))
    board.say(send(ESME, 1, 21, 0x0702, "0011000000", options=0))
    board.say(zdo(ALL, 0x0006, "12fdff0901020207080700"))
    board.say(zdo(ESME, 0x0004, "13213f15"))
    board.say(zdo(ESME, 0x0004, "14213f16"))
    board.say(zdo(ESME, 0x0002, "15213f"))
    board.say(zdo(ESME, 0x0003, "16213f"))
    board.say(zdo(ESME, 0x0005, "17022c"))
    board.until(6)
    frames = [frame for frame in seen() if frame["source"] in (ESME_NWK, GPF_NWK)]
    assert [frame["default_response"] for frame in frames[:2]] == [(0x00, 0x8B), (0x00, 0x01)]
    by_source = {frame["source"]: frame["zdo"] for frame in frames if frame["cluster"] == 0x8006}
    assert by_source[ESME_NWK]["endpoint"] == "21" and by_source[GPF_NWK]["endpoint"] == ["3", "9"]
    simple, inactive, node, power, elsewhere = (
        frame["zdo"] for frame in frames if 0x8002 <= frame["cluster"] <= 0x8005
    )
    assert simple["in_cluster"] == ["0x0000", "0x0702", "0x0708"] and simple["app.device"] == "0x0501"
    assert (inactive["status"], elsewhere["status"]) == (str(0x83), str(0x81))
    assert (node["node.type"], node["node.max_buffer"], node["cinfo.idle_rx"]) == ("1", "82", "1")
    assert (power["power.source.ac"], power["power.level"]) == ("1", "12")
    assert frames[-1]["cluster"] == 0x0013 and frames[-1]["broadcast"]


def test_the_hub_speaks_as_node_zero(talk):
    board, seen = talk
    board.say(zdo(HUB, 0x0002, "210000"))
    node = seen()[-1]
    assert (node["source"], node["zdo"]["node.type"], node["zdo"]["server.pri_trust"]) == (HUB_NWK, "0", "1")
