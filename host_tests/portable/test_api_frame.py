"""XBee API frames in streams of octets, whole, in pieces and damaged."""

from fakes import counts, refusals

from ihd.radio import api_frame

# published by Digi, here with escapes: an explicit receive, and a transmit request whose checksum needs one too
RX = bytes.fromhex("7e001891007d33a20040522baa7d5d84e0e0227d31c1050252784461746152")
TX = bytes.fromhex("7e001610" + "01007d33a200400a0127fffe000054784461746130417d33")


def frames(parser, stream, cuts=()):
    found = []
    ends = list(cuts) + [len(stream)]
    at = 0
    for end in ends:
        while at < end:
            at, complete = parser.feed(stream, at, end)
            if complete:
                found.append(bytes(parser.frame))
    return found


def test_an_escaped_frame_is_read():
    refused = refusals()
    (frame,) = frames(api_frame.Parser(refused), TX)
    assert frame == bytes.fromhex("10010013a200400a0127fffe00005478446174613041")
    assert counts(refused) == {}


def test_an_escaped_frame_is_written():
    assert api_frame.write(bytes.fromhex("10010013a200400a0127fffe00005478446174613041")) == TX


def test_every_octet_that_needs_it_is_escaped():
    frame = bytes(range(256))
    stream = api_frame.write(frame)
    for octet in (0x7E, 0x11, 0x13):
        assert bytes((octet,)) not in stream[1:]
    assert frames(api_frame.Parser(refusals()), stream) == [frame]


def test_mode_1_escapes_nothing():
    assert api_frame.write(b"\x08\x01AP\x02", False) == bytes.fromhex("7e0005080141500263")


def test_a_frame_cut_at_any_place_is_the_same_frame():
    stream = RX + TX
    whole = frames(api_frame.Parser(refusals()), stream)
    assert len(whole) == 2
    for cut in range(1, len(stream)):
        assert frames(api_frame.Parser(refusals()), stream, (cut,)) == whole
    assert frames(api_frame.Parser(refusals()), stream, range(1, len(stream))) == whole


def test_a_wrong_checksum_is_counted_and_the_next_frame_survives():
    for at in range(3, len(TX) - 2):
        if TX[at - 1] == 0x7D or TX[at] == 0x7D:
            continue
        refused = refusals()
        bad = TX[:at] + bytes((TX[at] ^ 0x40,)) + TX[at + 1 :]
        assert frames(api_frame.Parser(refused), bad + RX)[-1:] == frames(api_frame.Parser(refusals()), RX)
        assert counts(refused) == {"checksum": 1}


def test_noise_before_a_frame_is_counted_once():
    refused = refusals()
    assert len(frames(api_frame.Parser(refused), b"\x00\x7d\x11noise" + TX)) == 1
    assert counts(refused) == {"noise": 1}


def test_a_frame_cut_short_gives_way_to_the_next():
    for end in range(1, len(TX)):
        refused = refusals()
        assert len(frames(api_frame.Parser(refused), TX[:end] + RX)) == 1
        assert counts(refused) == {"length": 1}


def test_impossible_lengths_are_refused():
    for high, low in ((0, 0), (0x01, 0x19), (0xFF, 0xFF)):
        refused = refusals()
        stream = bytes((0x7E, high, low)) + bytes(700) + TX
        assert len(frames(api_frame.Parser(refused), stream)) == 1
        assert counts(refused)["length"] == 1


def test_the_longest_frame_fits():
    frame = bytes((i * 7) & 0xFF for i in range(api_frame.LONGEST))
    assert frames(api_frame.Parser(refusals()), api_frame.write(frame)) == [frame]
