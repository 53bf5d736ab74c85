"""What else the bench's meters measure, know and can be made to say, in bytes written down by hand."""

import pytest
import tshark
from by_hand import ESME, GPF, HOME, HUB, Board, send, step

from tools.bench import ScenarioError
from tools.bench.bench import Bench
from tools.bench.meters import DEVICE_MANAGEMENT
from tools.bench.scenario import parse

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
HALF_HOUR = 1800
METERS = {ESME: 21, GPF: 3}
MANAGERS = {ESME: 21, GPF: 9}
HISTORY, SOLAR = "history_days = 2\n", "solar_watts = 3000\n"
HEAD = {ESME: "91" + ESME + "3f211501", GPF: "91" + GPF + "8c020901"}


def little(number, size=4):
    return number.to_bytes(size, "little").hex()


def ask(board, meter, payload, cluster=0x0702):
    endpoints = METERS if cluster == 0x0702 else MANAGERS
    answer, options = board.ask(send(meter, 1, endpoints[meter], cluster, payload))
    assert options == 0x21
    return answer


def profile(board, meter, end=0, periods=24, channel=0):
    """(end, status, amounts) of what GetProfile brings."""
    answer = ask(board, meter, f"011000{channel:02x}{little(end)}{periods:02x}")
    data = bytes.fromhex(answer)
    assert answer[:6] == "091000" and data[8] == 2 and len(data) == 10 + 3 * data[9]
    amounts = [int.from_bytes(data[at : at + 3], "little") for at in range(10, len(data), 3)]
    return int.from_bytes(data[3:7], "little"), data[7], amounts


def used(board, meter, end, count, register="delivered"):
    """What the register moved in each of the half-hours before `end`, newest first."""
    bench = board.bench
    read = getattr(bench.electricity_load if meter == ESME else bench.gas_load, register)
    return [read(end - n * HALF_HOUR) - read(end - (n + 1) * HALF_HOUR) for n in range(count)]


def test_supply_is_on_and_the_site_has_a_number():
    board = Board()
    assert ask(board, ESME, "002000" + "1400" + "0703" + "1103") == (
        "182001" + "14000030" + "02" + "07030041" + "0d" + b"9900012345678".hex() + "110386"
    )
    assert ask(board, GPF, "002000" + "0703") == "182001" + "07030041" + "0a" + b"9912345604".hex()


def test_only_a_meter_with_sun_on_its_roof_has_an_export_register():
    assert ask(Board(), ESME, "0020000100") == "182001" + "010086"
    assert ask(Board(SOLAR), ESME, "0020000100") == "182001" + "01000025" + "000000000000"
    assert ask(Board(SOLAR), GPF, "0020000100") == "182001" + "010086"


@pytest.mark.parametrize("meter", METERS)
def test_a_profile_is_the_half_hours_before_its_end_newest_first(meter):
    board = Board(HISTORY)
    board.until(12 * 60 + 40)
    noon = MIDNIGHT + 12 * 3600
    assert profile(board, meter) == (noon + HALF_HOUR, 0, used(board, meter, noon + HALF_HOUR, 24))
    assert profile(board, meter, noon + 7, 3) == (noon, 0, used(board, meter, noon, 3))
    assert profile(board, meter, periods=30)[1:] == (4, used(board, meter, noon + HALF_HOUR, 24))
    oldest = MIDNIGHT - 2 * 86_400
    assert profile(board, meter, oldest + 2 * HALF_HOUR, 3)[1:] == (4, used(board, meter, oldest + 2 * HALF_HOUR, 2))
    assert profile(board, meter, oldest, 3) == (oldest, 5, [])
    assert profile(board, meter, noon + 3600, 3)[1:] == (3, [])
    assert profile(board, meter, channel=1)[1:] == (2, [])
    assert profile(board, meter, channel=2)[1:] == (1, [])
    assert ask(board, meter, "01100000") == "18100b0080"


def test_a_profile_of_export_comes_from_the_export_register():
    board = Board(SOLAR)
    board.until(14 * 60)
    amounts = used(board, ESME, MIDNIGHT + 14 * 3600, 8, "received")
    assert profile(board, ESME, periods=8, channel=1)[2] == amounts and sum(amounts) > 0


def test_fast_polling_is_granted_for_a_quarter_of_an_hour_at_most():
    board = Board()
    now = MIDNIGHT + 5
    assert ask(board, ESME, "011003" + "05" + "0a") == "091003" + "05" + little(now + 600)
    assert ask(board, ESME, "011003" + "01" + "ff") == "091003" + "02" + little(now + 900)
    assert ask(board, GPF, "011003" + "05" + "0a") == "18100b0381"


def test_a_log_may_lack_commands_and_half_hours():
    board = Board(
        HISTORY
        + step("log", device="electricity", sampled=False)
        + step("log", at="00:06", device="electricity", sampled=True, profile=False)
        + '[[step]]\nat = "00:07"\ndo = "log"\ndevice = "electricity"\nprofile = true\n'
        + "gaps = [{ from = 2026-01-13T21:10:00Z, until = 2026-01-13T22:00:00Z },\n"
        + '  { from = "00:00", until = "01:00" }]\n'
        + step("log", at="00:08", device="electricity", gaps=[])
    )
    sampled = "011008" + "0000" + little(MIDNIGHT - 4 * 3600) + "00" + "0600"
    answers = []
    for minute in (4, 5, 6, 7, 8):
        board.until(minute)
        answers.append((ask(board, ESME, sampled), profile(board, ESME) if minute != 6 else None))
        if minute == 6:
            assert ask(board, ESME, "01100000" + little(0) + "08") == "18100b0081"
    whole, refused, back, gappy, again = (answer for answer, _ in answers)
    assert whole == back == again and whole[:6] == "091007" and refused == "18100b0881"
    lost = whole[:-36] + whole[-36:-24] + "ffffff" * 2 + whole[-12:]
    assert gappy == lost
    amounts = used(board, ESME, MIDNIGHT, 8)
    assert answers[3][1][2][:8] == [*amounts[:4], 0xFFFFFF, 0xFFFFFF, *amounts[6:]]
    assert board.told == [
        "The electricity meter lacks GetSampledData.",
        "The electricity meter has GetSampledData, lacks GetProfile.",
        "The electricity meter has GetProfile, has 2 gaps in its log.",
        "The electricity meter has 0 gaps in its log.",
    ]


def test_an_attribute_may_be_another_number_invalid_or_unsupported_and_itself_again():
    def override(value, at, attribute=0x0400):
        return step("attribute", at=at, device="electricity", cluster=0x0702, attribute=attribute, value=value)

    board = Board(
        override(-5, "00:01")
        + override("invalid", "00:02")
        + override("unsupported", "00:03")
        + override("own", "00:04")
        + override("invalid", "00:05", 0x0307)
        + override("invalid", "00:05", 0x0000)
        + override(7, "00:05", 0x0001)
        + override(10, "00:05", 0x0301)
        + step("report", at="00:06", device="electricity")
    )
    expected = ("0004002a" + "fbffff", "0004002a" + "000080", "000486")
    for minute, record in enumerate(expected, 1):
        board.until(minute)
        assert ask(board, ESME, "0020000004") == "182001" + record
    board.until(4)
    assert ask(board, ESME, "0020000004")[:14] == "182001" + "0004002a"
    board.until(5)
    assert ask(board, ESME, "002000" + "0703" + "0000" + "0100" + "0103") == (
        "182001" + "07030041" + "ff" + "00000025" + "ff" * 6 + "01000025" + "070000000000" + "01030022" + "0a0000"
    )
    (report,) = board.until(6)
    assert report[36:].startswith("18010a" + "000025" + "ff" * 6 + "00042a")
    assert board.told[1] == "The electricity meter has attribute 0x0400 of 0x0702: invalid."


def test_an_unsupported_attribute_is_not_reported():
    board = Board(
        step("attribute", device="gas", cluster=0x0702, attribute=0, value="unsupported")
        + step("report", at="00:06", device="gas")
    )
    (report,) = board.until(6)
    assert report[36:] == "18010a"


@pytest.mark.parametrize(
    ("device", "cluster", "attribute", "value", "message"),
    [
        ("gas", 0x0702, 0x0400, 1, "step 1: the gas proxy's cluster 0x0702: there is no attribute 0x0400"),
        ("gas", 0x0704, 0x0000, 1, "step 1: the gas proxy serves no cluster 0x0704"),
        (
            "gas",
            0x0702,
            0x0301,
            1 << 24,
            "step 1: the gas proxy's cluster 0x0702: 16777216 is not an unsigned 24 bit integer",
        ),
        ("gas", 0x0702, 0x0307, 1, "step 1: the gas proxy's cluster 0x0702: attribute 0x0307 is no number"),
        (
            "gas",
            0x0702,
            0x0200,
            "invalid",
            "step 1: the gas proxy's cluster 0x0702: attribute 0x0200 is of a type in which",
        ),
    ],
)
def test_an_attribute_that_cannot_be_so_is_refused_before_the_start(device, cluster, attribute, value, message):
    keys = {"cluster": cluster, "attribute": attribute, "value": value}
    with pytest.raises(ScenarioError) as refusal:
        Bench(parse(HOME + step("attribute", device=device, **keys)))
    assert str(refusal.value).startswith(message)


def test_the_hub_s_clock_can_be_made_invalid_by_its_attribute():
    board = Board(step("attribute", device="hub", cluster=0x000A, attribute=0, value="invalid"))
    board.until(5)
    answer, _ = board.ask(send(HUB, 1, 7, 0x000A, "0020000000", options=0))
    assert answer == "182001" + "000000e2" + "ffffffff"


def test_details_are_held_asked_for_and_published():
    keys = {"provider": 7, "name": "Lion", "contact": "0800 1", "site": "1" * 13, "cin": "1234"}
    board = Board(step("details", device="electricity", low_medium=300, medium_high=2000, publish=True, **keys))
    nothing = "182001" + "000186" + "010186" + "020186" + "000486" + "010486"
    wanted = "002000" + "0001" + "0101" + "0201" + "0004" + "0104"
    assert ask(board, ESME, wanted, 0x0708) == nothing
    assert ask(board, ESME, "011005", 0x0708) == "18100b058b"
    site = "00000000" * 3 + "0d" + b"9900012345678".hex()
    assert ask(board, ESME, "011003", 0x0708) == "091003" + site
    event = little(MIDNIGHT + 300)
    site, cin = (event * 2 + "07000000" + text for text in ("0d" + "31" * 13, "04" + "31323334"))
    assert board.until(5) == [HEAD[ESME] + "07080109" + "21" + head for head in ("090103" + site, "090206" + cin)]
    assert ask(board, ESME, "011003", 0x0708) == "091003" + site
    assert ask(board, ESME, "011005", 0x0708) == "091006" + cin
    assert ask(board, ESME, wanted, 0x0708) == (
        ("182001" + "00010023" + "07000000" + "01010041" + "04" + b"Lion".hex())
        + ("02010041" + "06" + b"0800 1".hex() + "00040023" + "2c010000" + "01040023" + "d0070000")
    )
    assert ask(board, ESME, "0020000703" + "1103") == (
        "182001" + "07030041" + "0d" + "31" * 13 + "11030041" + "04" + "31323334"
    )
    assert ask(board, GPF, wanted, 0x0708) == nothing


def test_the_published_cin_of_gb_comes_as_it_stands():
    board = Board(step("details", device="gas", cin="1234", event=0x1C374A80))
    board.until(5)
    event = "804a371c"
    assert ask(board, GPF, "011005", 0x0708) == "091006" + event + event + "00000000" + "04" + "31323334"


def test_forged_details_are_published_and_the_meter_knows_nothing_of_them():
    board = Board(step("details", device="gas", cin="1234", event=7, publish=True, secured=False))
    fields = "07000000" * 2 + "00000000" + "04" + "31323334"
    assert board.until(5) == [HEAD[GPF] + "07080109" + "01" + "090106" + fields]
    assert ask(board, GPF, "011005", 0x0708) == "18100b058b"
    assert board.told == ["The frame that pretends to be of the gas proxy has been told: cin 1234."]


def test_a_report_of_the_event_configuration_is_kept_and_answered():
    board = Board()
    assert ask(board, GPF, "011004" + "00" + "01" + "c006" + "08" + "c106" + "10", 0x0708) == "18100b0400"
    (kept,) = board.bench.server("gas", DEVICE_MANAGEMENT).event_configurations
    assert [(each.event_id, each.configuration) for each in kept.configurations] == [(0x06C0, 8), (0x06C1, 16)]
    assert ask(board, GPF, "011004" + "00", 0x0708) == "18100b0480"


def test_any_command_of_a_server_can_be_published_with_and_without_link_key():
    board = Board(
        step("publish", device="gas", cluster=0x0708, command=5, payload="ff06", times=2)
        + step("publish", at="00:06", device="electricity", cluster=0x0708, command=4, payload="0102", secured=False)
    )
    assert board.until(5) == [HEAD[GPF] + "07080109" + "21" + head + "05" + "ff06" for head in ("0901", "0902")]
    assert board.until(6) == [HEAD[ESME] + "07080109" + "01" + "0901" + "04" + "0102"]
    assert board.told[0] == "The gas proxy publishes command 0x05 of 0x0708."


def test_all_of_it_is_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "metering.pcap"
    board = Board(HISTORY + step("details", device="electricity", cin="1", name="Lion", publish=True), capture=path)
    board.until(5)
    profile(board, ESME)
    ask(board, ESME, "011003" + "05" + "0a")
    ask(board, ESME, "002000" + "1400" + "0703" + "1103")
    for payload in ("011003", "011005"):
        ask(board, ESME, payload, 0x0708)
    board.bench.close()
    assert tshark.malformed(path) == 0
