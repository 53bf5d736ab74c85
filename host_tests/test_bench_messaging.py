"""Messages of the bench's meters and their confirmations, in bytes written down by hand."""

import pytest
import tshark
from by_hand import ESME, GPF, Board, send, step

from tools.bench.meters import MESSAGING

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
ENDPOINTS = {ESME: 43, GPF: 9}
HEAD = {ESME: "91" + ESME + "3f212b01" + "07030109", GPF: "91" + GPF + "8c020901" + "07030109"}
GB_EVENT = 0x1C374A80
# GB's published test frame (RTDS GCS07) behind frame control and sequence number.
GB_MESSAGE = "00" + "804a371c" + "00" + "00000000" + "ffff" + "05" + b"Reset".hex()


def ask(board, meter, payload="011000"):
    """What a meter answers to GetLastMessage, or to another command."""
    answer, options = board.ask(send(meter, 1, ENDPOINTS[meter], 0x0703, payload))
    assert options == 0x21
    return answer


def test_without_a_message_nothing_is_found():
    board = Board()
    for meter in ENDPOINTS:
        assert ask(board, meter) == "18100b008b"


def test_the_published_test_frame_comes_unasked_and_as_an_answer():
    board = Board(step("message", device="gas", text="Reset", id=GB_EVENT))
    assert board.until(5) == [HEAD[GPF] + "21" + "0901" + GB_MESSAGE]
    assert ask(board, GPF) == "0910" + GB_MESSAGE
    assert ask(board, ESME) == "18100b008b"
    assert board.told == ["The gas proxy publishes the message 'Reset'."]


def test_a_message_has_control_start_duration_and_extended_control_and_ends():
    board = Board(
        step("message", device="electricity", text="£5", control=0x84, start="00:06", duration=3, extended=1)
        + step("message", at="00:12", device="electricity", text="A", publish=False)
    )
    message = "00" + "2c9af930" + "84" + "689af930" + "0300" + "03" + "c2a335" + "01"
    assert board.until(5) == [HEAD[ESME] + "21" + "0901" + message]
    assert ask(board, ESME) == "0910" + message
    board.until(9)
    assert ask(board, ESME) == "18100b008b"
    assert board.until(12) == []
    assert ask(board, ESME) == "091000" + "d09bf930" + "00" + "00000000" + "ffff" + "01" + "41"


def test_messages_are_cancelled_one_or_all():
    board = Board(
        step("message", device="electricity", text="A", id=7)
        + step("message", at="00:06", device="electricity", cancel=True, id=6)
        + step("message", at="00:07", device="electricity", cancel=True)
        + step("message", at="00:08", device="electricity", text="B", id=9)
        + step("message", at="00:09", device="electricity", cancel_all=True, start="00:10")
    )
    board.until(5)
    assert board.until(6) == [HEAD[ESME] + "21" + "090201" + "06000000" + "00"]
    assert ask(board, ESME)[:14] == "091000" + "07000000"
    assert board.until(7) == [HEAD[ESME] + "21" + "090301" + "07000000" + "00"]
    assert ask(board, ESME) == "18100b008b"
    board.until(8)
    assert board.until(9) == [HEAD[ESME] + "21" + "090503" + "589bf930"]
    assert ask(board, ESME) == "18100b008b"


def test_a_forged_message_or_cancellation_is_published_and_the_meter_knows_nothing_of_it():
    board = Board(
        step("message", device="gas", text="B", secured=False)
        + step("message", at="00:06", device="gas", text="A", publish=False, id=1)
        + step("message", at="00:07", device="gas", cancel=True, spoil="longer")
    )
    (frame,) = board.until(5)
    assert frame.startswith(HEAD[GPF] + "01" + "090100")
    assert ask(board, GPF) == "18100b008b"
    board.until(6)
    assert board.until(7) == [HEAD[GPF] + "21" + "090201" + "01000000" + "00" + "5aa5"]
    assert ask(board, GPF)[:14] == "091000" + "01000000"


@pytest.mark.parametrize(
    ("payload", "control", "response"),
    [("", None, None), ("01", 1, None), ("01" + "03594553", 1, b"YES")],
)
def test_a_confirmation_is_kept_and_answered(payload, control, response):
    board = Board()
    confirmation = "07000000" + "2c9af930"
    assert ask(board, ESME, "011001" + confirmation + payload) == "18100b0100"
    (kept,) = board.bench.server("electricity", MESSAGING).confirmations
    assert (kept.message_id, kept.time, kept.control, kept.response) == (7, MIDNIGHT + 300, control, response)
    assert board.bench.server("gas", MESSAGING).confirmations == []


def test_half_a_confirmation_is_malformed():
    board = Board()
    assert ask(board, GPF, "011001" + "07000000" + "2c9a") == "18100b0180"
    assert board.bench.server("gas", MESSAGING).confirmations == []


def test_messages_are_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "messages.pcap"
    board = Board(
        step("message", device="electricity", text="A", extended=1)
        + step("message", device="electricity", cancel=True)
        + step("message", device="gas", text="B")
        + step("message", device="gas", cancel_all=True),
        capture=path,
    )
    board.until(5)
    board.bench.close()
    assert tshark.malformed(path) == 0
    assert [frame["command"] for frame in tshark.frames(path) if frame.get("to_client")] == [0, 1, 0, 3]
