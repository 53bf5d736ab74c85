"""ZCL headers, general commands and payloads by format string."""

from fakes import raises

from ihd import wire
from ihd.zcl import frame, general, schema


def test_a_header_is_control_sequence_command():
    assert frame.read(b"\x09\x2a\x05\xaa") == (0x09, 0x2A, 0x05, 3)


def test_a_manufacturer_code_is_stepped_over():
    assert frame.read(b"\x05\x34\x12\x2a\x05") == (0x05, 0x2A, 0x05, 5)


def test_a_header_cut_short_or_of_a_reserved_type_is_malformed():
    for data in (b"", b"\x09", b"\x09\x01", b"\x05\x34\x12\x2a", b"\x02\x00\x00", b"\x03\x00\x00"):
        assert raises(wire.Malformed, frame.read, data)


def test_read_attributes_asks_for_each_id():
    assert general.read_attributes(7, (0x0400, 0x0000)) == b"\x00\x07\x00\x00\x04\x00\x00"


def test_a_record_of_a_response_has_a_status():
    data = b"\x00\x04\x00\x2a\x2e\xfb\xff\x00\x00\x86\x01\x03\x00\x22\xe8\x03\x00"
    assert general.record(data, 0, True) == (0x0400, 0, 0x2A, -1234, 7)
    assert general.record(data, 7, True) == (0x0000, 0x86, None, None, 10)
    assert general.record(data, 10, True) == (0x0301, 0, 0x22, 1000, 17)


def test_a_record_of_a_report_has_none():
    assert general.record(b"\x00\x04\x2a\x00\x00\x80", 0, False) == (0x0400, 0, 0x2A, None, 6)


def test_a_record_cut_anywhere_is_malformed():
    data = b"\x00\x04\x00\x2a\x2e\xfb\xff"
    for end in range(len(data)):
        assert raises(wire.Malformed, general.record, data[:end], 0, True)


def test_a_default_response_turns_the_direction():
    assert general.default_response(0x09, 5, 0x42, 0x81) == b"\x00\x05\x0b\x42\x81"
    assert general.default_response(0x01, 5, 0x42, 0x81) == b"\x08\x05\x0b\x42\x81"


def test_success_is_not_said_to_who_wants_no_default_response():
    assert general.default_response(0x18, 5, 0x0A, general.SUCCESS) is None
    assert general.default_response(0x18, 5, 0x0A, 0x01) == b"\x00\x05\x0b\x0a\x01"


def test_every_field_is_read_and_written():
    form = "BHTIYEo"
    fields = [1, 0x0302, 0x060504, 0x0A090807, 0x100F0E0D0C0B, bytes(range(8)), b"abc"]
    data = schema.write(form, *fields)
    assert data[:6] == b"\x01\x02\x03\x04\x05\x06"
    assert schema.read(form, data) == fields


def test_a_counted_field_is_a_tuple():
    data = schema.write("B#HB", 1, (0x0702, 0x0708), 9)
    assert data == b"\x01\x02\x02\x07\x08\x07\x09"
    assert schema.read("B#HB", data) == [1, (0x0702, 0x0708), 9]


def test_what_may_be_missing_is_none():
    assert schema.read("B?HB", b"\x01") == [1, None, None]
    assert schema.read("B?#HB", b"\x01") == [1, None, None]
    assert schema.read("B?HB", b"\x01\x02\x03\x04") == [1, 0x0302, 4]
    assert schema.write("B?H", 1) == b"\x01"


def test_what_must_be_there_is_malformed_when_it_is_not():
    data = schema.write("BI#H", 1, 2, (3, 4))
    for end in range(len(data)):
        assert raises(wire.Malformed, schema.read, "BI#H", data[:end])


def test_octets_behind_the_payload_are_ignored():
    assert schema.read("B", b"\x01\x02\x03") == [1]


def test_a_field_too_large_is_refused():
    assert raises(OverflowError, schema.write, "B", 256)


def test_an_attribute_has_the_type_of_its_whole_id():
    table = b"\x00\x00\x25" + b"\x00\x04\x2a"
    assert schema.has_type(table, 0x0000, 0x25) and schema.has_type(table, 0x0400, 0x2A)
    assert not schema.has_type(table, 0x0400, 0x25) and not schema.has_type(table, 0x0000, 0x2A)
