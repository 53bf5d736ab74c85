"""Bad API frames at the UART of a whole board: counted by their reason, not believed, and the next one is taken."""

import pytest
from by_hand import HUB, api, split
from rough_handling import KINDS, added, again, bounded, report, takes_a_report
from whole_board import WholeBoard, at_home, received

KNOWN_TYPES = {0x88, 0x8A, 0x8B, 0x91, 0x98}


def test_a_frame_cut_at_any_octet_gives_way_to_the_next():
    board = at_home()
    for told in KINDS:
        whole = again(told, told["payload"])
        for end in range(1, len(whole)):
            board.hear(whole[:end])
            assert takes_a_report(board), (told, end)
    assert set(board.counts) == {"length"} and bounded(board)


def test_a_wrong_checksum_is_counted_and_its_frame_is_not_believed():
    board = at_home()
    good = report(1)
    last = 2 if good[-2] == 0x7D else 1
    for wrong in range(256):
        if wrong != good[-1] and wrong not in (0x7E, 0x7D):
            counted, sent, told = added(board, good[:-last] + bytes([wrong]))
            assert (set(counted), sent, told) == ({"checksum"}, [], []), wrong
    assert takes_a_report(board)


def test_impossible_lengths_are_counted():
    board = at_home()
    for length in ("0000", "0119", "01f4", "ffff", "7d5e7d5e", "7d5dff"):
        counted, sent, told = added(board, bytes.fromhex("7e" + length))
        assert (counted, sent, told) == ({"length": 1}, [], []), length
        board.hear(bytes(1000))
        assert takes_a_report(board)
    assert set(board.counts) == {"length", "noise"}


def test_every_type_of_api_frame_is_taken_or_counted():
    board = at_home()
    for kind in sorted(set(range(256)) - KNOWN_TYPES):
        frame = api(f"{kind:02x}" + "00" * 20)
        assert added(board, frame) == ({"api_type": 1}, [], [])
    assert takes_a_report(board)
    for kind in KNOWN_TYPES:
        board = at_home()
        board.hear(api(f"{kind:02x}" + "00" * 20))
        assert "api_type" not in board.counts and takes_a_report(board)


def test_a_frame_too_short_for_its_type_is_counted():
    board = at_home()
    for kind, shortest in (("91", 18), ("8b", 7), ("88", 5), ("8a", 2)):
        for length in range(shortest - 1):
            frame = api(kind + "00" * length)
            assert added(board, frame) == ({"length": 1}, [], []), frame
    assert takes_a_report(board)


def test_a_radio_that_takes_nothing_loses_answers_and_is_heard_again():
    board = at_home()
    board.uart.room = 0
    for sequence in range(50):
        board.hear(received(0x0709, bytes([0x09, sequence, 0x00])))
    assert board.counts["busy"] >= 49 and board.counts["cluster"] == 50
    board.uart.room = 4096
    board.run(120_000)
    assert takes_a_report(board) and bounded(board)


@pytest.mark.parametrize("command", ["AP", "AO", "CE", "SH", "SL", "AI", "OP", "MY"])
def test_an_at_answer_of_any_length_is_survived(command):
    for size in range(18):
        board = WholeBoard()
        board.line = answering(command.encode().hex(), "11" * size)
        board.run(12_000)
        for cluster, payload in ((0x0001, "21d15a0000"), (0x0005, "22d15a"), (0x0004, "23ffff01")):
            frame = bytes.fromhex(payload)
            board.hear(received(cluster, frame, 0, HUB, 0, 0, 0, 0x01))
        assert bounded(board)


def answering(command, value):
    """A line on which the module answers this AT command, in hex digits, with this value."""

    def line(data):
        frames = [d[:10] + value if d.startswith("88") and d[4:8] == command else d for d in split(data)]
        return b"".join(api(digits) for digits in frames)

    return line
