"""The bench's XBee against bytes written by hand, published frames and digi-xbee."""

import pathlib

import by_hand
from by_hand import ALL, ESME, HUB, Board, api, send, step
from digi.xbee.models.status import ATCommandStatus, ModemStatus, TransmitStatus
from digi.xbee.packets.common import (
    ATCommPacket,
    ATCommResponsePacket,
    ExplicitRXIndicatorPacket,
    ModemStatusPacket,
    TransmitStatusPacket,
)
from digi.xbee.packets.factory import build_frame

from tools.bench.splitter import Splitter

# Frames of Digi's manuals, unescaped.
PUBLISHED = (
    "7e00161101 0013a20040401234 fffe 00 00 0031 0000 00 00 7600 ce",
    "7e001f1101 000000000000ffff fffe 00 00 0000 0000 00 00 44 3412404000a21300 00 00 33",
    "7e0018 91 0013a20040522baa 7d84 e0 e0 2211 c105 02 527844617461 52",
    "7e0007 8b 52 1234 02 00 01 d9",
    "7e0002 8a 02 73",
    "7e001f 24 d5 0013a20012345678 fffe 01 f6f1913d834a08d6adaf1f91baf4052d7316 6a",
    "7e0017 11 05 ffffffffffffffff 1a2b 01 01 0700 0109 00 20 011000 68",
)
# One with an escaped byte inside and an escaped checksum.
ESCAPED = "7e00161001007d33a200400a0127fffe00005478446174613041 7d33"


def heard_by_digi(digits):
    return build_frame(bytearray(api(digits, escaped=False)))


def test_published_frames_pass_the_splitter_in_both_modes():
    for text in PUBLISHED:
        raw = bytes.fromhex(text)
        for escaped in (False, True):
            faults = []
            line = api(raw[3:-1].hex(), escaped)
            assert Splitter(escaped, faults.append).feed(line) == [raw]
            assert faults == []
    faults = []
    frame = Splitter(True, faults.append).feed(bytes.fromhex(ESCAPED))[0]
    assert frame[-1] == 0x13 and faults == []


def test_a_frame_arrives_whole_however_it_is_cut():
    line = api("08014149" + "7e7d1113")
    for cut in range(len(line) + 1):
        faults = []
        splitter = Splitter(True, faults.append)
        assert len(splitter.feed(line[:cut]) + splitter.feed(line[cut:])) == 1
        assert faults == []


def test_what_a_board_does_wrong_on_the_line_is_a_fault_and_the_next_frame_is_heard():
    wrong = {
        "wrong checksum": b"\x7e\x00\x04\x08\x01AI\x00",
        "outside any frame": b"hello",
        "cut short": b"\x7e\x00\x04\x08\x01",
        "unescaped": b"\x7e\x00\x04\x08\x13AI\x5a",
        "without need": b"\x7e\x00\x04\x08\x01\x7d\x61I\x6c",
        "claims a length": b"\x7e\xff\xff",
        "type 0x42": api("4201"),
        "malformed": api("0801"),
        "reserved transmit options": api(send(HUB, 1, 7, 0, "0001000000", options=0x02)),
    }
    for word, line in wrong.items():
        board = Board()
        board.bench.board_sent(line, board.ms)
        assert "8809414900" in [frame[:10] for frame in board.say("08094149")], word
        assert [word in fault for fault in board.bench.faults] == [True], (word, board.bench.faults)


def test_it_starts_with_a_reset_and_joins_after_some_seconds():
    board = Board(joined=False)
    assert board.wait(100) == ["8a00"]
    assert board.say("08014149") == ["88014149" + "00ff"]
    assert board.say("08024d59") == ["88024d59" + "00fffe"]
    assert board.wait(5000) == ["8a02"]
    assert board.say("08014149") == ["88014149" + "0000"]
    assert board.say("08024d59") == ["88024d59" + "005ad1"]


def test_at_commands_read_write_refuse_and_keep_secrets():
    board = Board()
    assert board.say("0801" + b"SH".hex()) == ["8801" + b"SH".hex() + "00" + "0013a200"]
    assert board.say("0801" + b"SL".hex()) == ["8801" + b"SL".hex() + "00" + "41d5e0c7"]
    assert board.say("0801" + b"%V".hex()) == ["8801" + b"%V".hex() + "00" + "0ce4"]
    assert board.say("0801" + b"DB".hex()) == ["8801" + b"DB".hex() + "00" + "34"]
    assert board.say("0801" + b"DB".hex() + "20") == ["8801" + b"DB".hex() + "03"]
    assert board.say("0801" + b"XX".hex()) == ["8801" + b"XX".hex() + "02"]
    assert board.say("0801" + b"AP".hex() + "09") == ["8801" + b"AP".hex() + "03"]
    assert board.say("0801" + b"MY".hex() + "0001") == ["8801" + b"MY".hex() + "03"]
    assert board.say("0801" + b"KY".hex()) == ["8801" + b"KY".hex() + "00"]
    assert board.say("0801" + b"D6".hex() + "01") == ["8801" + b"D6".hex() + "00"]
    assert board.say("0801" + b"D6".hex()) == ["8801" + b"D6".hex() + "0001"]
    assert board.say("0800" + b"D6".hex()) == []
    assert board.bench.faults == []


def test_queued_values_wait_for_apply_and_unsaved_ones_do_not_survive_a_reset():
    board = Board()
    board.say("0901" + b"AP".hex() + "01")
    assert board.bench.xbee.registers["AP"] == 2
    board.bench.board_sent(api("0801" + b"AC".hex()), board.ms)
    board.ms += 100
    assert by_hand.split(board.bench.advance(board.ms), escaped=True) == ["8801" + b"AC".hex() + "00"]
    assert board.bench.xbee.registers["AP"] == 1

    board = Board()
    board.say("0801" + b"WR".hex())
    board.say("0801" + b"AO".hex() + "01")
    assert board.say("0801" + b"FR".hex(), 6000) == ["8801" + b"FR".hex() + "00", "8a00", "8a02"]
    assert board.say("0801" + b"AO".hex()) == ["8801" + b"AO".hex() + "0007"]


def test_a_changed_security_setting_leaves_the_network_and_says_why_it_cannot_join():
    board = Board()
    assert board.say("0801" + b"EE".hex() + "00") == ["8801" + b"EE".hex() + "00", "8a03"]
    board.wait(5000)
    assert board.say("08014149") == ["88014149" + "0027"]
    board.say("0801" + b"EE".hex() + "01")
    assert board.wait(5000) == ["8a02"]


def test_transmit_status_tells_what_became_of_a_frame():
    board = Board(step("lose", at="00:01", device="electricity"))
    read = "0001000000"

    def status(digits, wait=200):
        return next(frame for frame in board.say(digits, wait) if frame.startswith("8b"))

    assert status(send(HUB, 1, 7, 0x000A, read)) == "8b01" + "0000" + "00" + "00" + "00"
    assert status(send("0013a20000000001", 1, 7, 0x0702, read)) == "8b01" + "fffd" + "00" + "24" + "00"
    assert status(send(ALL, 1, 7, 0x0702, read)) == "8b01" + "fffd" + "00" + "2d" + "00"
    assert status(send(ALL, 1, 7, 0x0702, read, options=0)) == "8b01" + "fffe" + "00" + "00" + "00"
    assert status(send("f" * 16, 1, 7, 0x0702, read, nwk=0x5AD1)) == "8b01" + "fffd" + "00" + "23" + "00"
    assert status(send(HUB, 1, 7, 0x000A, "00" * 256)) == "8b01" + "fffd" + "00" + "74" + "00"
    board.wait(60_000)
    assert status(send(ESME, 1, 21, 0x0702, read), 2000) == "8b01" + "fffd" + "00" + "21" + "00"
    assert "8b01" + "fffd" + "00" + "22" + "00" in Board(joined=False).say(send(HUB, 1, 7, 0x000A, read))


def test_without_explicit_output_and_zdo_the_module_speaks_for_itself():
    board = Board(step("ask", at="00:00:30"), joined=False)
    assert board.wait(60_000) == ["8a00", "8a02"]
    assert board.bench.answers["Active_EP_rsp"]["ActiveEPList"] == [0xE6, 0xE8]


def test_a_module_in_mode_1_escapes_nothing():
    board = Board("[radio]\nAP = 1\n", joined=False)
    board.bench.board_sent(api("0813534c", escaped=False), 10)
    answer = by_hand.split(board.bench.advance(1000), escaped=False)
    assert "8813" + b"SL".hex() + "00" + "41d5e0c7" in answer
    assert board.bench.faults == []


def test_a_fresh_module_in_transparent_mode_is_brought_to_api_mode_by_text():
    board = Board("[radio]\nAP = 0\n", joined=False)
    bench = board.bench

    def type_(text, ms):
        bench.board_sent(text, ms)

    assert bench.advance(2000) == b""
    type_(b"+++", 2000)
    assert bench.advance(2999) == b""
    assert bench.advance(3000) == b"OK\r"
    for ms, line, answer in (
        (3100, b"ATAP\r", b"0\r"),
        (3200, b"ATAP2\r", b"OK\r"),
        (3300, b"ATXX\r", b"ERROR\r"),
        (3400, b"ATWR\r", b"OK\r"),
        (3500, b"ATAC\r", b"OK\r"),
        (3600, b"ATCN\r", b"OK\r"),
    ):
        type_(line, ms)
        assert bench.advance(ms + 50) == answer
    board.ms = 6000
    assert [frame[:10] for frame in board.say("08014149")] == ["8a02", "8801414900"]


def test_pluses_within_the_guard_time_do_not_open_command_mode():
    bench = Board("[radio]\nAP = 0\n", joined=False).bench
    bench.advance(2000)
    bench.board_sent(b"x", 2000)
    bench.board_sent(b"+++", 2500)
    assert bench.advance(10_000) == b""
    bench.board_sent(b"+++", 10_000)
    bench.board_sent(b"y", 10_500)
    assert bench.advance(20_000) == b""


def test_digi_xbee_reads_whatever_the_bench_sends():
    board = Board(joined=False)
    kinds = set()
    heard = board.wait(5000) + board.say("0801414f07") + board.say("08015858")
    heard += board.say(send(ESME, 1, 21, 0x0702, "00010000000004"))
    for digits in heard:
        packet = heard_by_digi(digits)
        assert packet.output() == api(digits, escaped=False)
        assert packet.output(escaped=True) == api(digits)
        kinds.add(type(packet))
    assert kinds == {ATCommResponsePacket, ExplicitRXIndicatorPacket, ModemStatusPacket, TransmitStatusPacket}
    assert [heard_by_digi(heard[n]).modem_status for n in (0, 1)] == [
        ModemStatus.HARDWARE_RESET,
        ModemStatus.JOINED_NETWORK,
    ]
    assert heard_by_digi(heard[3]).status == ATCommandStatus.INVALID_COMMAND
    assert heard_by_digi(heard[4]).transmit_status == TransmitStatus.SUCCESS


def test_the_bench_reads_what_digi_xbee_sends():
    board = Board()
    board.bench.board_sent(bytes(ATCommPacket(0x11, "SL").output(escaped=True)), board.ms)
    assert board.wait(100) == ["8811" + b"SL".hex() + "00" + "41d5e0c7"]
    assert board.bench.faults == []


def test_nothing_of_the_bench_knows_the_firmware():
    folder = pathlib.Path(by_hand.__file__).parents[1] / "tools" / "bench"
    for path in folder.rglob("*.py"):
        assert "ihd" not in path.read_text(encoding="utf-8"), path.name
