"""Bad messages in good frames, to a whole board: counted by their reason, answered or not, and nothing believed."""

import pytest
from by_hand import ESME, GPF, HUB
from portable.flash import Flash
from rough_handling import KINDS, added, again, bounded, reads_its_meter, report, takes_a_report
from whole_board import at_home, received

METERING, MANAGEMENT, BASIC, TIME = 0x0702, 0x0708, 0x0000, 0x000A
CHANGE = "00000000" + "804a371c" + "00" + "206ec61f" + "00020000"  # of tenancy, 2016
OF_SUPPLIER = "00000000" + "804a371c" + "00" + "01000000" + "206ec61f" + "00020000" + "04452d4f4e" + "0130"
OPEN, BROADCAST = 0x01, 0x02


def zdo(cluster, digits, **parts):
    """A ZDO frame as the module hands it over."""
    plain = {"profile": 0, "source_endpoint": 0, "endpoint": 0, "options": OPEN}
    return received(cluster, bytes.fromhex(digits), **(plain | parts))


def demand(digits):
    return received(METERING, bytes.fromhex("18770a0004" + digits))


def summation(digits):
    return received(METERING, bytes.fromhex("18770a000025" + digits))


def test_a_payload_cut_at_any_octet_in_a_frame_with_a_right_checksum_is_survived():
    board = at_home()
    for told in KINDS:
        for end in range(len(told["payload"])):
            board.hear(again(told, told["payload"][:end]))
            assert takes_a_report(board), (told, end)
    assert board.counts["malformed"] and bounded(board)


def test_every_cluster_and_every_command_is_answered_or_counted_once():
    board = at_home()
    clusters = {*range(0, 0x10000, 251), *range(0x06F0, 0x0710), BASIC, TIME, 0x0015, 0x0019, 0xFFFF}
    for cluster in sorted(clusters):
        for control in ("00", "01", "08", "09"):
            board.hear(received(cluster, bytes.fromhex(control + "2142" + "00")))
    for command in range(256):
        for control in (0x00, 0x01, 0x08, 0x09, 0x10, 0x19):
            frame = received(METERING, bytes([control, 0x22, command, 0, 0, 0x42]))
            counted, sent, _ = added(board, frame)
            assert sum(counted.values()) == 1 and len(sent) <= 1, (control, command)
    assert set(board.counts) == {"cluster", "command", "unasked", "malformed"}
    assert bounded(board) and takes_a_report(board)


def test_attributes_of_every_type_in_a_report_are_survived_and_never_power():
    board = at_home()
    for kind in range(256):
        for attribute in (0x0400, 0x0000, 0x0300, 0x4242):
            record = attribute.to_bytes(2, "little") + bytes([kind]) + bytes(range(1, 9))
            counted, _, told = added(board, received(METERING, b"\x08\x23\x0a" + record))
            if (attribute, kind) not in ((0x0400, 0x2A), (0x0000, 0x25), (0x0300, 0x30)):
                assert set(counted) <= {"attribute_type", "malformed", "value"}
                assert counted or attribute == 0x4242  # which we do not use, so any type of it is right
                assert [event for event in told if event["event"] == "fact"] == []
    assert takes_a_report(board)


def test_a_non_value_is_no_number():
    board = at_home()
    meter = board.app.meters["electricity"]
    board.hear(demand("2a" + "000080"))
    assert meter.watts is None
    assert board.of("fact")[-1]["value"] is None
    register, facts = meter.register, len(board.of("fact"))
    board.hear(summation("ffffffffffff"))
    assert (meter.register, len(board.of("fact"))) == (register, facts)
    board.hear(summation("feffffffffff"))
    assert meter.register == register  # no half-hour takes as much
    board.hear(summation("feffffffffff"))
    assert meter.register == 0xFFFFFFFFFFFE
    board.run(120_000)
    assert meter.watts is not None and meter.register < 1 << 32 and board.counts["value"]


@pytest.mark.parametrize(
    "scale",
    ["0003 30 01", "0003 30 ff", "0103 22 000000", "0103 22 ffffff", "0203 22 000000", "0203 22 ffffff"],
)
def test_without_a_scale_that_makes_sense_nothing_is_a_number(scale):
    board = at_home()
    board.hear(received(METERING, bytes.fromhex("18770a" + scale.replace(" ", ""))))
    facts = len(board.of("fact"))
    board.hear(summation("010000000000"))
    board.hear(demand("2a" + "d20400"))
    assert [fact["value"] for fact in board.of("fact")[facts:]] in ([], [None])
    assert board.app.meters["electricity"].watts is None
    board.run(90_000)
    assert board.app.meters["electricity"].watts is not None


@pytest.mark.parametrize("flash", [None, Flash()], ids=["live only", "history"])
def test_the_largest_numbers_are_survived_and_drawn(flash):
    board = at_home(flash=flash)
    scale = bytes.fromhex("000330" + "00" + "010322" + "feffff" + "020322" + "010000")
    board.hear(received(METERING, b"\x18\x77\x0a" + scale))
    for value in ("2affff7f", "2a010080"):
        board.hear(demand(value))
        board.run(10)
    board.hear(summation("feffffffffff"))
    board.hear(summation("feffffffffff"))
    assert board.app.meters["electricity"].register == 0xFFFFFFFFFFFE * 0xFFFFFE * 1000
    board.run(3_600_000)
    assert takes_a_report(board)


def test_unsecured_smart_energy_is_counted_and_changes_nothing():
    board = at_home()
    for cluster in range(0x0700, 0x070C):
        for payload in ("18770a00042ad20400", "097700", "1877010004002ad20400"):
            frame = received(cluster, bytes.fromhex(payload), options=OPEN)
            counted, _, told = added(board, frame)
            assert (counted, told) == ({"unsecured": 1}, [])
    assert takes_a_report(board)


def test_time_of_others_and_time_unasked_is_not_believed():
    board = at_home()
    board.hear(report(1))
    utc = board.app.utc
    answer = bytes.fromhex("180001" + "000000e2" + "00ca9a3b" + "0100001803")
    for parts in ({}, {"source": HUB, "short": 0, "source_endpoint": 7}, {"source": GPF, "short": 0}):
        for sequence in range(256):
            payload = answer[:1] + bytes([sequence]) + answer[2:]
            board.hear(received(TIME, payload, **parts))
    assert board.app.utc == utc and set(board.counts) == {"stranger", "unasked"}


def test_zdo_rubbish_is_counted_and_answered_only_where_it_asks():
    board = at_home()
    for cluster in (*range(0x0040), 0x7FFF, *range(0x8000, 0x8040), 0xFFFF):
        for size in range(14):
            for octet in ("00", "ff", "d1"):
                board.hear(zdo(cluster, octet * size))
                board.hear(zdo(cluster, octet * size, options=BROADCAST))
    assert set(board.counts) <= {"zdo", "malformed", "unasked"} and bounded(board)
    assert takes_a_report(board)


def test_lists_longer_than_their_frame_are_malformed():
    board = at_home()
    for cluster, digits in (
        (0x0006, "21" + "d15a" + "0901" + "ff" + "0207" * 8),
        (0x0006, "22" + "d15a" + "0901" + "00" + "ff" + "0207"),
        (0x8006, "23" + "00" + "213f" + "ff" + "15"),
        (0x8005, "24" + "00" + "213f" + "ff" + "15"),
    ):
        board.hear(zdo(cluster, digits))
    assert board.counts == {"malformed": 3, "unasked": 1}
    board.hear(received(BASIC, b"\x18\x21\x01\x05\x00\x00\x42\xfe" + b"M" * 100))
    board.hear(received(METERING, b"\x08\x22\x0a\x07\x03\x41\xfe" + b"1" * 100))
    assert board.counts["malformed"] == 4


def test_a_crowd_of_strangers_fills_no_memory_and_the_meters_are_kept():
    board = at_home()
    for number in range(300):
        address = f"70b3d5c100{number:06x}"
        little = bytes.fromhex(address)[::-1].hex()
        nwk = (0x1000 + number).to_bytes(2, "little").hex()
        board.hear(zdo(0x0013, "01" + nwk + little + "8e", source=address, options=BROADCAST))
        board.hear(zdo(0x8006, "02" + "00" + nwk + "01" + "09", source=address))
        board.hear(received(METERING, bytes.fromhex("18770a00042ad20400"), source=address))
        assert bounded(board)
    board.run(600_000)
    assert bounded(board) and takes_a_report(board)
    assert {meter.device.name for meter in board.app.meters.values()} == {ESME, GPF}
    assert not any(meter.lost for meter in board.app.meters.values())


def test_a_publication_cut_at_any_octet_is_malformed_and_changes_nothing():
    board = at_home()
    for command, payload in (("00", bytes.fromhex(CHANGE)), ("01", bytes.fromhex(OF_SUPPLIER))):
        for end in range(len(payload)):
            frame = received(MANAGEMENT, bytes.fromhex("0977" + command) + payload[:end])
            counted, sent, told = added(board, frame)
            assert (counted, len(sent), told) == ({"malformed": 1}, 1, []), (command, end)
    assert takes_a_report(board) and bounded(board)


def test_a_flood_of_publications_is_survived_and_every_gate_opens_again():
    board = at_home()
    for number in range(300):
        event_id = number.to_bytes(4, "little")
        for command, payload in (("00", bytes.fromhex(CHANGE)), ("01", bytes.fromhex(OF_SUPPLIER))):
            board.hear(received(MANAGEMENT, bytes.fromhex("1977" + command) + payload[:4] + event_id + payload[8:]))
            assert bounded(board)
    board.run(120_000)
    assert board.of("rewind") and all({each["meter"]: each["open"] for each in board.of("gate")}.values())
    assert takes_a_report(board) and reads_its_meter(board)
