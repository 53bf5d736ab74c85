"""Numbers, types and non-values as they travel."""

from fakes import raises

from ihd import wire

# ZCL 8, table 2-11
DATA8, BOOL, BITMAP8, BITMAP32, U8, U16, U24, U32, U48 = 0x08, 0x10, 0x18, 0x1B, 0x20, 0x21, 0x22, 0x23, 0x25
S24, S32, ENUM8, SINGLE, OCTETS, CHARS, UTC, EUI64 = 0x2A, 0x2B, 0x30, 0x39, 0x41, 0x42, 0xE2, 0xF0


def test_unsigned_numbers_are_little_endian():
    data = bytes((1, 2, 3, 4, 5, 6))
    assert wire.unsigned(data, 0, 1) == 1
    assert wire.unsigned(data, 0, 2) == 0x0201
    assert wire.unsigned(data, 1, 3) == 0x040302
    assert wire.unsigned(data, 0, 6) == 0x060504030201


def test_signed_numbers_are_two_s_complement():
    assert wire.signed(b"\xfe\xff\xff", 0, 3) == -2
    assert wire.signed(b"\xff\xff\x7f", 0, 3) == 0x7FFFFF
    assert wire.signed(b"\x80", 0, 1) == -128


def test_a_number_that_ends_behind_the_data_is_malformed():
    assert raises(wire.Malformed, wire.unsigned, b"\x01\x02", 0, 3)
    assert raises(wire.Malformed, wire.unsigned, b"", 0, 1)
    assert raises(wire.Malformed, wire.eui64, bytes(7), 0)


def test_octets_are_what_the_numbers_were():
    for value, size in ((0, 1), (255, 1), (0x1234, 2), (0x060504030201, 6)):
        data = wire.octets(value, size)
        assert len(data) == size
        assert wire.unsigned(data, 0, size) == value
    assert raises(OverflowError, wire.octets, 256, 1)
    assert raises(OverflowError, wire.octets, -1, 2)


def test_the_non_value_of_every_number_is_none():
    for kind, data in (
        (U8, b"\xff"),
        (U16, b"\xff\xff"),
        (U24, b"\xff\xff\xff"),
        (U32, b"\xff\xff\xff\xff"),
        (U48, b"\xff\xff\xff\xff\xff\xff"),
        (S24, b"\x00\x00\x80"),
        (S32, b"\x00\x00\x00\x80"),
        (ENUM8, b"\xff"),
        (BOOL, b"\xff"),
        (UTC, b"\xff\xff\xff\xff"),
        (EUI64, b"\xff" * 8),
    ):
        assert wire.attribute(kind, data, 0) == (None, len(data))


def test_a_bitmap_has_no_non_value():
    assert wire.attribute(BITMAP8, b"\xff", 0) == (255, 1)
    assert wire.attribute(BITMAP32, b"\xff\xff\xff\xff", 0) == (0xFFFFFFFF, 4)
    assert wire.attribute(DATA8, b"\xff", 0) == (255, 1)


def test_values_next_to_the_non_value_are_values():
    assert wire.attribute(S24, b"\x01\x00\x80", 0) == (-0x7FFFFF, 3)
    assert wire.attribute(S24, b"\xff\xff\xff", 0) == (-1, 3)
    assert wire.attribute(U48, b"\xfe\xff\xff\xff\xff\xff", 0) == (0xFFFFFFFFFFFE, 6)


def test_strings_say_their_length():
    assert wire.attribute(OCTETS, b"\x03abcd", 0) == (b"abc", 4)
    assert wire.attribute(CHARS, b"\x00", 0) == (b"", 1)
    assert wire.attribute(CHARS, b"\xffabc", 0) == (None, 1)
    assert raises(wire.Malformed, wire.attribute, CHARS, b"\x04abc", 0)


def test_floating_point_is_stepped_over_unread():
    assert wire.attribute(SINGLE, b"\x00\x00\x80\x3f", 0) == (None, 4)


def test_a_type_that_cannot_be_stepped_over_is_malformed():
    for kind in (0x00, 0x48, 0x4C, 0x07, 0xFF):
        assert raises(wire.Malformed, wire.attribute, kind, bytes(20), 0)


def test_an_eui64_is_turned_to_the_order_in_which_it_is_printed():
    assert wire.hex_text(wire.eui64(bytes((8, 7, 6, 5, 4, 3, 2, 1)), 0)) == "0102030405060708"
