"""ZCL headers, general commands, attribute values and Metering's commands agree with zigpy both ways."""

import zigpy.types as t
from hypothesis import given, settings
from hypothesis import strategies as st
from portable.fakes import raises
from zigpy.zcl import foundation
from zigpy.zcl.clusters.smartenergy import Metering
from zigpy.zcl.foundation import DataType, DataTypeId, FrameType, GeneralCommand, Status, ZCLHeader

from ihd import wire
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import metering

OCTET = st.integers(0, 0xFF)
WORD = st.integers(0, 0xFFFF)
STRINGS = (DataTypeId.octstr, DataTypeId.string)
EMPTY_OR_VARIABLE = (DataTypeId.nodata, DataTypeId.unk, *range(DataTypeId.octstr, DataTypeId.bag + 1))
FLOATS = (DataTypeId.semi, DataTypeId.single, DataTypeId.double)
# zigpy 2.4 errs in three non-values, first its own, then that of ZCL 8, table 2-10.
ERRATA = {
    DataTypeId.enum16: (0x00FF, 0xFFFF),
    DataTypeId.uint64: (2**56 - 1, 2**64 - 1),
    DataTypeId.int64: (-(2**55), -(2**63)),
}
# Metering's commands: whether to the client, number, format; whether samples of three octets follow the last field.
COMMANDS = (
    (False, metering.GET_PROFILE, metering.GET_PROFILE_FORM, False),
    (True, metering.PROFILE, metering.PROFILE_FORM, True),
    (False, metering.REQUEST_FAST_POLL_MODE, metering.FAST_POLL_FORM, False),
    (True, metering.FAST_POLL_MODE, metering.FAST_POLL_MODE_FORM, False),
    (False, metering.GET_SAMPLED_DATA, metering.GET_SAMPLED_DATA_FORM, False),
    (True, metering.SAMPLED_DATA, metering.SAMPLED_DATA_FORM, True),
)
thorough = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def width(kind):
    """How many octets zigpy takes for a value of this type."""
    return next(
        n for n in range(1, 17) if not raises(ValueError, DataType.from_type_id(kind).python_type.deserialize, bytes(n))
    )


WIDTHS = {kind: width(kind) for kind in DataTypeId if kind not in EMPTY_OR_VARIABLE}


@st.composite
def typed(draw):
    """A zigpy TypeValue of any type that we take, extremes and non-values more often than chance has them."""
    kind = draw(st.sampled_from([*WIDTHS, *STRINGS]))
    python_type = DataType.from_type_id(kind).python_type
    if kind in STRINGS:
        octets = draw(st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=80)).encode()
        raw = draw(st.sampled_from((bytes([len(octets)]) + octets, b"\xff" if kind == DataTypeId.string else b"\0")))
    else:
        width = WIDTHS[kind]
        extremes = (b"\xff" * width, bytes(width), bytes(width - 1) + b"\x80", b"\xff" * (width - 1) + b"\x7f")
        raw = draw(st.one_of(st.binary(min_size=width, max_size=width), st.sampled_from(extremes)))
    value, rest = python_type.deserialize(raw)
    assert rest == b""
    return foundation.TypeValue(kind, value)


def meant(record):
    """What zigpy's TypeValue says, as we have it: an integer, bytes, or None."""
    kind, value = record.type, record.value
    if kind in FLOATS:
        return None
    if kind in STRINGS:
        return None if getattr(value, "invalid", False) else record.serialize()[2:]
    number = int(value) if isinstance(value, int) else int.from_bytes(value.serialize(), "little")
    non_value = DataType.from_type_id(kind).non_value
    if kind in ERRATA:
        non_value = ERRATA[kind][1]
    if non_value is not None and not isinstance(non_value, int):
        non_value = int.from_bytes(non_value.serialize(), "little")
    return None if number == non_value else number


def records(payload, with_status):
    """Every record that we read in a payload, without its offset."""
    found, at = [], 0
    while at < len(payload):
        *record, at = general.record(payload, at, with_status)
        found.append(tuple(record))
    return found


def read(data):
    """(control, sequence, command, payload) of a frame, as we read it."""
    control, sequence, command, at = frame.read(data)
    return control, sequence, command, data[at:]


def test_the_errors_of_zigpy_are_still_those_named_here():
    for kind, (wrong, _) in ERRATA.items():
        assert DataType.from_type_id(kind).non_value == wrong


def test_sizes_of_all_256_types_are_zigpy_s():
    for kind in range(256):
        assert wire.size_of(kind) == WIDTHS.get(kind, 0), hex(kind)
        if kind not in WIDTHS and kind not in STRINGS:
            assert raises(wire.Malformed, wire.attribute, kind, bytes(20), 0), hex(kind)


@thorough
@given(st.lists(st.tuples(WORD, st.one_of(typed(), st.sampled_from([s for s in Status if s]))), max_size=6), OCTET)
def test_read_attributes_responses_of_zigpy_are_read_to_the_same_values(contents, sequence):
    answered, expected = [], []
    for attribute, content in contents:
        if isinstance(content, Status):
            answered.append(foundation.ReadAttributeRecord(attribute, content))
            expected.append((attribute, int(content), None, None))
        else:
            answered.append(foundation.ReadAttributeRecord(attribute, Status.SUCCESS, content))
            expected.append((attribute, 0, int(content.type), meant(content)))
    header = ZCLHeader.general(
        sequence, GeneralCommand.Read_Attributes_rsp, direction=foundation.Direction.Server_to_Client
    )
    data = header.serialize() + foundation.ReadAttributesResponse(answered).serialize()
    control, told, command, payload = read(memoryview(data))
    assert (told, command) == (sequence, general.READ_ATTRIBUTES_RESPONSE)
    assert control & frame.FROM_SERVER and general.is_answer(control, command)
    assert records(payload, True) == expected


@thorough
@given(st.lists(st.tuples(WORD, typed()), max_size=6), OCTET)
def test_reports_of_zigpy_are_read_to_the_same_values(contents, sequence):
    attributes = [foundation.Attribute(attribute, content) for attribute, content in contents]
    header = ZCLHeader.general(sequence, GeneralCommand.Report_Attributes)
    data = header.serialize() + t.List[foundation.Attribute](attributes).serialize()
    control, told, command, payload = read(memoryview(data))
    assert (told, command, general.is_answer(control, command)) == (sequence, general.REPORT_ATTRIBUTES, False)
    assert records(payload, False) == [
        (attribute, 0, int(content.type), meant(content)) for attribute, content in contents
    ]


@thorough
@given(st.lists(st.tuples(WORD, typed()), min_size=1, max_size=4), st.data())
def test_a_report_cut_anywhere_is_malformed_exactly_where_zigpy_finds_it_so(contents, data):
    attributes = t.List[foundation.Attribute]([foundation.Attribute(*content) for content in contents])
    payload = attributes.serialize()
    payload = payload[: data.draw(st.integers(0, len(payload)))]
    try:
        whole = len(t.List[foundation.Attribute].deserialize(payload)[0])
    except ValueError:
        assert raises(wire.Malformed, records, payload, False)
    else:
        assert len(records(payload, False)) == whole


@thorough
@given(st.sampled_from((0, 1)), st.booleans(), st.booleans(), st.none() | WORD, OCTET, OCTET, st.binary(max_size=9))
def test_headers_of_zigpy_are_read(kind, from_server, no_default_response, manufacturer, sequence, command, payload):
    control = foundation.FrameControl(
        frame_type=FrameType(kind),
        is_manufacturer_specific=manufacturer is not None,
        direction=foundation.Direction(from_server),
        disable_default_response=no_default_response,
        reserved=0,
    )
    header = ZCLHeader(control, manufacturer, sequence, command)
    told, *rest = read(header.serialize() + payload)
    assert rest == [sequence, command, payload]
    flags = (frame.CLUSTER_SPECIFIC, frame.MANUFACTURER_SPECIFIC, frame.FROM_SERVER, frame.NO_DEFAULT_RESPONSE)
    wanted = [bool(kind), manufacturer is not None, from_server, no_default_response]
    assert [bool(told & flag) for flag in flags] == wanted
    if manufacturer is None:
        assert frame.write(told, sequence, command, payload) == header.serialize() + payload


@thorough
@given(OCTET, st.lists(WORD, max_size=20))
def test_read_attributes_says_to_zigpy_what_was_asked(sequence, attributes):
    header, payload = ZCLHeader.deserialize(general.read_attributes(sequence, attributes))
    assert header == ZCLHeader.general(sequence, GeneralCommand.Read_Attributes)
    asked, rest = foundation.GENERAL_COMMANDS[GeneralCommand.Read_Attributes].schema.deserialize(payload)
    assert (list(asked.attribute_ids), rest) == (attributes, b"")


@thorough
@given(OCTET, OCTET, OCTET, st.sampled_from(list(Status)))
def test_a_default_response_says_to_zigpy_what_was_answered(control, sequence, command, status):
    asked = foundation.FrameControl.deserialize(bytes([control]))[0]
    code = b"\x1e\x10" if asked.is_manufacturer_specific else b""
    answer = general.default_response(control, sequence, command, int(status), code)
    if status is Status.SUCCESS and asked.disable_default_response:
        assert answer is None
        return
    header, payload = ZCLHeader.deserialize(answer)
    assert (header.tsn, header.command_id) == (sequence, GeneralCommand.Default_Response)
    assert header.frame_control.is_general and header.direction == asked.direction.flip()
    assert header.manufacturer == (0x101E if code else None)
    told, rest = foundation.DefaultResponse.deserialize(payload)
    assert (told.command_id, told.status, rest) == (command, status, b"")


def test_what_answers_another_frame_is_what_zigpy_calls_a_response():
    for command in GeneralCommand:
        answers = command.name.endswith("_rsp") or command is GeneralCommand.Default_Response
        assert general.is_answer(frame.FROM_SERVER, command) == answers, command
        assert not general.is_answer(frame.FROM_SERVER | frame.CLUSTER_SPECIFIC, command)


@st.composite
def commands(draw):
    """(whether to the client, number, format, fields, samples) of a command of Metering."""
    to_client, number, form, sampled = draw(st.sampled_from(COMMANDS))
    fields = [draw(st.integers(0, (1 << 8 * {"B": 1, "H": 2, "I": 4}[letter]) - 1)) for letter in form]
    samples = draw(st.lists(st.integers(0, 0xFFFFFF), max_size=24)) if sampled else []
    return to_client, number, form, [*fields[:-1], len(samples)] if sampled else fields, samples


@thorough
@given(commands(), OCTET, st.binary(max_size=4))
def test_metering_s_commands_say_to_zigpy_what_was_written_and_are_read_to_what_zigpy_wrote(command, sequence, later):
    to_client, number, form, fields, samples = command
    definition = (Metering.client_commands if to_client else Metering.server_commands)[number]
    payload = schema.write(form + "T" * len(samples), *fields, *samples)
    data = frame.write(frame.CLUSTER_SPECIFIC | frame.FROM_SERVER * to_client, sequence, number, payload)
    header, rest = ZCLHeader.deserialize(data)
    assert header.frame_control.is_cluster and (header.tsn, header.command_id) == (sequence, definition.id)
    assert header.direction == foundation.Direction(to_client)
    told, rest = definition.schema.deserialize(rest)
    assert rest == b""
    *numbers, last = told.as_tuple()
    assert [int(each) for each in numbers] + ([] if isinstance(last, list) else [int(last)]) == fields
    assert (list(last) if isinstance(last, list) else []) == samples
    wrote = definition.schema(*fields, *([samples] if isinstance(last, list) else [])).serialize()
    assert wrote == payload
    assert schema.read(form, wrote + later) == fields  # later versions may add octets
    assert schema.read(form + "T" * len(samples), wrote) == fields + samples


@thorough
@given(commands(), st.data())
def test_a_command_of_metering_cut_anywhere_is_malformed_as_zigpy_finds_it(command, data):
    to_client, number, form, fields, samples = command
    definition = (Metering.client_commands if to_client else Metering.server_commands)[number]
    form += "T" * len(samples)
    payload = schema.write(form, *fields, *samples)
    cut = payload[: data.draw(st.integers(0, len(payload) - 1))]
    assert raises(ValueError, definition.schema.deserialize, cut)
    assert raises(wire.Malformed, schema.read, form, cut)
