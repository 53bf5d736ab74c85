"""Frames of a meter that are wrong in one field, as bytes written down by a hand that shares nothing with the bench."""

import pytest
from by_hand import ESME, GPF, Board, send, step

HEAD, TAIL = "91" + ESME, "07080109"
TENANCY = "00000000" + "07000000" + "00" + "00000000" + "00020000"
RIGHT = HEAD + "3f21" + "15" + "01" + TAIL + "21" + "090100" + TENANCY


@pytest.mark.parametrize(
    ("way", "frame"),
    [
        ("endpoint", HEAD + "3f21" + "55" + "01" + TAIL + "21" + "090100" + TENANCY),
        ("profile", HEAD + "3f21" + "15" + "01" + "07080104" + "21" + "090100" + TENANCY),
        ("broadcast", HEAD + "3f21" + "15" + "01" + TAIL + "22" + "090100" + TENANCY),
        ("direction", HEAD + "3f21" + "15" + "01" + TAIL + "21" + "010100" + TENANCY),
        ("sequence", HEAD + "3f21" + "15" + "01" + TAIL + "21" + "095400" + TENANCY),
        ("truncated", RIGHT[:-2]),
        ("header", HEAD + "3f21" + "15" + "01" + TAIL + "21" + "090100"),
        ("empty", HEAD + "3f21" + "15" + "01" + TAIL + "21"),
        ("longer", RIGHT + "5aa5"),
    ],
)
def test_a_publication_is_wrong_in_the_field_that_is_named(way, frame):
    board = Board(step("tenancy", device="electricity", event=7, when="now", spoil=way))
    assert board.until(5) == [frame]
    assert board.ask(send(ESME, 1, 21, 0x0708, "011000"))[0] == "18100b008b"  # the meter knows nothing of it
    assert board.told == [f"The electricity meter publishes a change of tenancy, now, with a fault: {way}."]


def test_garbage_has_no_octet_right():
    board = Board(step("tenancy", device="electricity", event=7, when="now", spoil="garbage"))
    (frame,) = board.until(5)
    right, wrong = bytes.fromhex(RIGHT), bytes.fromhex(frame)
    assert wrong[:18] == right[:18] and len(wrong) == len(right)
    assert not [one for one, other in zip(wrong[18:], right[18:], strict=True) if one == other]


def test_answers_are_wrong_until_they_are_right_again_and_those_of_other_clusters_never_were():
    board = Board(
        step("management", device="gas", spoil="sequence") + step("management", at="00:06", device="gas", spoil="none")
    )
    board.until(5)
    assert board.ask(send(GPF, 1, 9, 0x0708, "011000"))[0] == "18450b008b"
    assert board.ask(send(GPF, 1, 9, 0x0708, "0011000002"))[0][:6] == "184401"
    assert board.ask(send(GPF, 1, 3, 0x0702, "0010000603"))[0][:6] == "181001"
    board.until(6)
    assert board.ask(send(GPF, 1, 9, 0x0708, "011000"))[0] == "18100b008b"


def test_each_control_bit_comes_alone_and_then_all_of_them():
    board = Board(step("supplier", device="electricity", event=100, when="now", control="each", every=2))
    heard = board.until(7)
    assert len(heard) == 33
    for n, frame in enumerate(heard):
        assert frame[36:42] == f"09{n + 1:02x}01"
        control = (1 << n if n < 32 else 0xFFFFFFFF).to_bytes(4, "little").hex()
        assert frame[42:] == "00000000" + f"{100 + n:02x}000000" + "00" + "00000000" * 2 + control + "0000"
