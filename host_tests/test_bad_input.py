"""Whatever random or mutated octets come in at the UART: nothing raises, nothing grows, and life goes on."""

import random

import pytest
from by_hand import api, split
from hypothesis import given, settings
from hypothesis import strategies as st
from rough_handling import CORPUS, again, bounded, reads_its_meter, takes_a_report
from whole_board import WholeBoard, at_home

DEVICE_TYPE = b"\x06\x03"  # a meter that says it is another is another
OCTET = st.integers(0, 0xFF)
SEED = st.integers(0, 2**32)
thorough = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def mutated(dice, octets):
    """These octets with one to three of them changed, missing or too many."""
    octets = bytearray(octets)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(octets) + 1)
        way = dice.randrange(4)
        if way == 0:
            octets[at:at] = dice.randbytes(dice.randrange(1, 9))
        elif way == 1:
            del octets[at : at + dice.randrange(1, 9)]
        elif at < len(octets):
            octets[at] = (
                octets[at] ^ 1 << dice.randrange(8) if way == 2 else dice.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
            )
    return bytes(octets[:255])


def lying(dice):
    """A line on which three in ten frames from the network say something else than was sent, with a right checksum."""

    def line(data):
        frames = [bytes.fromhex(digits) for digits in split(data)]
        for at, frame in enumerate(frames):
            if frame[0] == 0x91 and DEVICE_TYPE not in frame and dice.random() < 0.3:
                frames[at] = frame[:18] + mutated(dice, frame[18:])
        return b"".join(api(frame.hex()) for frame in frames)

    return line


@thorough
@given(st.lists(st.binary(max_size=300), max_size=6))
def test_random_octets_are_survived(pieces):
    board = at_home()
    for piece in pieces:
        board.hear(piece)
    assert bounded(board) and takes_a_report(board) and reads_its_meter(board)


@thorough
@given(st.lists(st.tuples(OCTET, st.binary(max_size=60)), max_size=12))
def test_random_frames_with_a_right_checksum_are_survived(frames):
    board = at_home()
    for kind, rest in frames:
        board.hear(api((bytes([kind]) + rest).hex()))
    assert bounded(board) and takes_a_report(board) and reads_its_meter(board)


@thorough
@given(st.lists(st.tuples(st.sampled_from(CORPUS), SEED), min_size=1, max_size=12))
def test_mutated_payloads_in_good_frames_are_survived(mutations):
    board = at_home()
    for told, seed in mutations:
        board.hear(again(told, mutated(random.Random(seed), told["payload"])))
    assert bounded(board) and takes_a_report(board) and reads_its_meter(board)


@thorough
@given(st.lists(st.tuples(st.sampled_from(CORPUS), SEED), min_size=1, max_size=12), st.integers(1, 300))
def test_damage_on_the_serial_line_is_survived(damages, piece):
    board = at_home()
    stream = b"".join(mutated(random.Random(seed), again(told, told["payload"])) for told, seed in damages)
    for at in range(0, len(stream), piece):
        board.hear(stream[at : at + piece])
    assert bounded(board) and takes_a_report(board) and reads_its_meter(board)


@pytest.mark.parametrize("seed", range(25))
def test_lies_in_the_first_three_minutes_keep_nobody_from_home(seed):
    board = WholeBoard()
    honest, board.line = board.line, lying(random.Random(seed))
    board.run(180_000)
    assert bounded(board)
    board.line = honest
    board.run(1_500_000)
    meters = board.app.meters
    assert board.app.utc and set(meters) == {"electricity", "gas"}
    assert not any(meter.lost for meter in meters.values())
    assert takes_a_report(board) and reads_its_meter(board)
