"""The published GB frames are read to what they say, written to the same bytes, and answered as ZCL prescribes."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from by_hand import GPF
from whole_board import at_home, fields, received
from zigpy.zcl import foundation
from zigpy.zcl.foundation import GeneralCommand, ZCLHeader

from ihd import wire
from ihd.han import zdo
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management

FOLDER = Path(os.environ.get("GBCS_VECTORS", Path(__file__).parent.parent.parent / "shared/vectors"))
if not FOLDER.is_dir():
    pytest.skip(f"no published test frames at {FOLDER} (GBCS_VECTORS)", allow_module_level=True)
FRAMES = json.loads((FOLDER / "zcl-frames.json").read_text(encoding="utf-8"))

METERING, MANAGEMENT, BASIC = 0x0702, 0x0708, 0x0000
LONGEST = 255  # octets that an XBee hands over at a time
EVENT_ID = 0x1C374A80  # 2015-01-01 00:00:00
STATUS = {"Success": 0x00, "Failure": 0x01, "Not Found": 0x8B, "Hardware Failure": 0xC0}
TOO_MANY, INVALID = 0x89, 0x87
# What a meter publishes to a display, and our status.
HEARD = dict.fromkeys(("PublishConversionFactor", "PublishCalorificValue", "PublishTariffInformation"), 0x00)
HEARD |= dict.fromkeys(("DisplayMessage", "UpdateSiteId", "UpdateCIN"), 0x00)
HEARD |= {"SetEventConfiguration": TOO_MANY}  # we log no events
HEARD |= {"PublishPrice": INVALID}  # of gas, from the meter of electricity
# Smart Energy 1.4, table D-11 and on; ZCL 8, 3.2: the names as the vectors print them.
ATTRIBUTES = {
    METERING: {
        "Current Summation Delivered": 0x0000,
        "Supply Status": 0x0014,
        "Remaining Battery Life in Days": 0x0205,
        "Unit of Measure": 0x0300,
        "Multiplier": 0x0301,
        "Divisor": 0x0302,
        "Supply Tamper State": 0x0607,
        "SupplyDepletionState": 0x0608,
        "Current no Tier Block 1 Summation Delivered": 0x0700,
        "Current no Tier Block 2 Summation Delivered": 0x0701,
        "Current no Tier Block 3 Summation Delivered": 0x0702,
        "Current no Tier Block 4 Summation Delivered": 0x0703,
        "Uncontrolled Flow Threshold": 0x0B10,
        "Uncontrolled Flow Threshold Unit of Measure": 0x0B11,
        "Uncontrolled Flow Multiplier": 0x0B12,
        "Uncontrolled Flow Divisor": 0x0B13,
        "Flow Stabilisation Period": 0x0B14,
        "Flow Measurement Period": 0x0B15,
    },
    BASIC: {"HW Version": 0x0003, "Manufacturer Name": 0x0004, "Model Identifier": 0x0005},
}
MODEL = (0x0005, 0, wire.CHARS, b"GFI     \0\xdb\x124Vx\x90\xa1")
SHORT_MODEL = (0x0005, 0, wire.CHARS, b"12345678")
FLOW = [(0x0B13, 0, 0x21, 1), (0x0B12, 0, 0x21, 1), (0x0B11, 0, 0x30, 1), (0x0B10, 0, 0x21, 200)]
# The vectors print no values of answers; these were read by hand: (id, status, type, value).
ANSWERS = {
    (METERING, "0800010602c0"): [(0x0206, 0xC0, None, None)],
    (METERING, "080001000a0023e0673500"): [(0x0A00, 0, 0x23, 3_500_000)],
    (METERING, "08010108060030030706003003"): [(0x0608, 0, 0x30, 3), (0x0607, 0, 0x30, 3)],
    (METERING, "0800010703c0"): [(0x0307, 0xC0, None, None)],
    (METERING, "080001070300410a31303030393939383838"): [(0x0307, 0, 0x41, b"1000999888")],
    (METERING, "0800010502002164001400c0"): [(0x0205, 0, 0x21, 100), (0x0014, 0xC0, None, None)],
    (METERING, "080101130b00210100120b00210100110b003001100b0021c800140bc0150b0021100e"): [
        *FLOW,
        (0x0B14, 0xC0, None, None),
        (0x0B15, 0, 0x21, 3600),
    ],
    (METERING, "080101130b00210100120b00210100110b003001100b0021c800140b00200a150b0021100e"): [
        *FLOW,
        (0x0B14, 0, 0x20, 10),
        (0x0B15, 0, 0x21, 3600),
    ],
    (BASIC, "0800010400c00500004210474649202020202000db1234567890a10300002001"): [
        (0x0004, 0xC0, None, None),
        MODEL,
        (0x0003, 0, 0x20, 1),
    ],
}


def published(command=None, direction=None):
    """(entry, cluster, frame) of the published frames, all or those of one command or direction."""
    for entry in FRAMES:
        if command in (None, entry["command"]) and direction in (None, entry["direction"]):
            yield entry, int(entry["cluster"], 16), bytes.fromhex(entry["zcl"])


def read(data):
    """(control, sequence, command, payload)."""
    control, sequence, command, at = frame.read(memoryview(data))
    return control, sequence, command, data[at:]


def records(payload):
    found, at = [], 0
    while at < len(payload):
        *record, at = general.record(payload, at, True)
        found.append(tuple(record))
    return found


def plain(name):
    return name.replace(" ", "").lower()


def test_the_header_of_every_frame_is_read_as_zigpy_reads_it():
    assert len(FRAMES) == 430
    general_names = {"ReadAttributes": 0x00, "ReadAttributesResponse": 0x01, "DefaultResponse": 0x0B}
    for entry, _, data in published():
        control, sequence, command, payload = read(data)
        header, rest = ZCLHeader.deserialize(data)
        assert (sequence, command, payload) == (header.tsn, header.command_id, rest)
        assert bool(control & frame.FROM_SERVER) == (entry["direction"] == "s2c")
        own = entry["command"] not in general_names
        assert bool(control & frame.CLUSTER_SPECIFIC) == own == header.frame_control.is_cluster
        assert own or command == general_names[entry["command"]]
        assert bool(control & frame.NO_DEFAULT_RESPONSE) == header.frame_control.disable_default_response
        assert not control & frame.MANUFACTURER_SPECIFIC
        assert frame.write(control, sequence, command, payload) == data


def test_read_attributes_are_written_to_the_same_bytes():
    for entry, cluster, data in published("ReadAttributes"):
        _, sequence, _, payload = read(data)
        asked = [wire.unsigned(payload, at, 2) for at in range(0, len(payload), 2)]
        if cluster in ATTRIBUTES:
            assert asked == [ATTRIBUTES[cluster][name] for name in entry["fields"].values()]
        assert len(asked) == len(entry["fields"])
        assert general.read_attributes(sequence, asked) == data


def test_read_attributes_responses_are_read_to_their_last_octet_and_to_zigpy_s_values():
    for entry, _, data in published("ReadAttributesResponse"):
        control, _, command, payload = read(data)
        assert general.is_answer(control, command)
        found = records(payload)
        told, rest = foundation.ReadAttributesResponse.deserialize(payload)
        assert rest == b"" and len(found) == len(entry["fields"]) == len(told.status_records)
        for (attribute, status, kind, value), record in zip(found, told.status_records, strict=True):
            assert (attribute, status) == (record.attrid, record.status)
            if not status:
                assert kind == record.value.type
                told_value = record.value.value
                assert value == getattr(told_value, "raw", told_value)  # zigpy's text ends at a zero, its raw does not


def test_values_of_our_clusters_are_those_read_by_hand():
    seen = {(cluster, data.hex()): data for _, cluster, data in published("ReadAttributesResponse")}
    for which, expected in ANSWERS.items():
        assert records(read(seen[which])[3]) == expected


def test_default_responses_are_read_and_written_to_the_same_bytes():
    commands = {}
    for entry, cluster, data in published():
        if data[0] & frame.CLUSTER_SPECIFIC:
            commands[cluster, entry["direction"], plain(entry["command"])] = data[2]
    named = 0
    for entry, cluster, data in published("DefaultResponse"):
        control, sequence, command, payload = read(data)
        answered, status = payload
        assert (command, status) == (general.DEFAULT_RESPONSE, STATUS[entry["fields"]["Status Code"]])
        other = "c2s" if entry["direction"] == "s2c" else "s2c"
        wanted = commands.get((cluster, other, plain(entry["fields"]["Command Id"])))
        named += wanted is not None
        assert wanted in (None, answered)
        asked = frame.CLUSTER_SPECIFIC | (frame.FROM_SERVER & ~control)
        assert general.default_response(asked, sequence, answered, status) == data
    assert named > 100


def test_every_frame_at_the_uart_is_answered_as_zcl_prescribes_and_counted():
    board = at_home()
    for entry, cluster, data in published():
        if len(data) > LONGEST:
            continue
        control, sequence, command, payload = read(data)
        before = sum(board.counts.values())
        endpoint = 20 if is_change(entry) else 21  # a change that the bound meter tells is carried out, below
        sent = [fields(packet) for packet in board.hear(received(cluster, data, source_endpoint=endpoint))]
        from_server, own = control & frame.FROM_SERVER, control & frame.CLUSTER_SPECIFIC
        if general.is_answer(control, command):
            assert sent == []
        else:
            (answer,) = sent
            assert (answer["cluster"], answer["source_endpoint"], answer["endpoint"]) == (cluster, 1, endpoint)
            assert answer["options"] == 0x20
            back, told, answered, body = read(answer["payload"])
            assert (back & frame.FROM_SERVER, told) == (frame.FROM_SERVER & ~from_server, sequence)
            if cluster == BASIC and not own:
                assert answered == GeneralCommand.Read_Attributes_rsp
                assert [record[0] for record in records(body)] == list(memoryview(payload).cast("H"))
                continue
            if entry["command"] == "GetEventConfiguration":
                assert (answered, body[:2]) == (device_management.REPORT_EVENT_CONFIGURATION, b"\0\1")
                continue
            known = cluster in (zdo.CLIENTS if from_server else zdo.SERVERS)
            status = HEARD.get(entry["command"], STATUS["Success"] if is_change(entry) else 0x81 if known else 0xC3)
            assert (answered, *body) == (general.DEFAULT_RESPONSE, command, status), entry["command"]
        counted = HEARD.get(entry["command"]) not in (STATUS["Success"], TOO_MANY)
        assert sum(board.counts.values()) == before + counted, entry["command"]
    assert set(board.counts) == {"unasked", "cluster", "command", "stranger", "value"}
    assert (board.counts["stranger"], board.counts["value"]) == (2, 1)
    for _, cluster, data in published():
        if len(data) > LONGEST:
            assert board.hear(received(cluster, data)) == [] and board.counts["length"]
    board.run(60_000)
    assert board.of("fact")[-1]["fuel"] == "electricity"


def test_the_published_price_of_gas_is_taken_from_the_meter_of_gas():
    board = at_home()
    ((_, cluster, data),) = published("PublishPrice")
    board.hear(received(cluster, data, source=GPF))
    assert board.counts == {}
    held, sure = board.app.gas.account.price(board.app.utc)
    assert (held[2], held[3], sure, board.app.gas.account.volume) == (9_600_000, b"rate 1", True, True)


def is_change(entry):
    """Whether the published entry tells of a change of tenancy or supplier."""
    return entry["command"] in ("PublishChangeOfTenancy", "PublishChangeOfSupplier")


def test_the_changes_are_read_to_what_the_vectors_print_of_them():
    tenancy, supplier = (read(data)[3] for entry, _, data in published() if is_change(entry))
    provider, event_id, tariff, time, control = schema.read(device_management.CHANGE_OF_TENANCY, tenancy)
    assert (provider, event_id, tariff, control) == (0, EVENT_ID, 0x00, 0x00000200)
    assert datetime(2000, 1, 1) + timedelta(seconds=time) == datetime(2016, 11, 22, 2, 46, 56)
    assert schema.read(device_management.CHANGE_OF_SUPPLIER, supplier) == [
        *(0, EVENT_ID, 0x00, 0, 0, 0x00001800),
        *(b"E-ON", b"0333 202 4650"),
    ]


def test_the_answers_to_the_changes_are_the_published_ones_and_a_stranger_s_change_nothing():
    changes = [(entry, data) for entry, _, data in published() if is_change(entry)]
    answers = {data for entry, cluster, data in published("DefaultResponse") if cluster == MANAGEMENT}
    for entry, data in changes:
        for parts, counted in (
            ({}, {}),
            ({"source_endpoint": 20}, {"stranger": 1}),
            ({"source": "70b3d5c100000001"}, {"stranger": 1}),
        ):
            board = at_home()
            told = len(board.of("tenancy"))
            (answer,) = [fields(packet) for packet in board.hear(received(MANAGEMENT, data, **parts))]
            assert answer["payload"] in answers and answer["payload"][-1] == STATUS["Success"], entry["command"]
            assert board.counts == counted
            board.run(60_000)
            rewound = entry["command"] == "PublishChangeOfTenancy" and not counted
            assert bool(board.of("rewind")) == bool(board.of("receipt")) == rewound
            assert (len(board.of("tenancy")) > told) == rewound
            assert all(gate["open"] for gate in {each["meter"]: each for each in board.of("gate")}.values())
