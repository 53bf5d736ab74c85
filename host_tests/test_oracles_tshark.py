"""Every frame that either side sends, on the air and at the UART, means to tshark what it means to the firmware."""

import itertools
import subprocess
import types

import pytest
import tshark
from by_hand import ALL, ESME, GPF, HOME, step
from whole_board import explicit

from ihd import wire
from ihd.han import zdo
from ihd.zcl import frame, general, schema
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.virtual_board.board import Board

OWN_NWK = 0x5AD1
UNKNOWN_SHORT = 0xFFFE
RECEIVED_BROADCAST, APS_ENCRYPTED = 0x02, 0x20  # options
NAMES = {0x0000: "summation", 0x0400: "power"}
HALF_HOUR = 1800
# Half an hour and some minutes round noon, when the sun makes more than the home takes.
SCENARIO = HOME.replace('"00:15"', '"00:38"').replace("T00:00:00Z", "T12:25:00Z") + (
    "solar_watts = 9000\n"
    + step("ask", at="00:02")
    + step("report", at="00:05", device="electricity")
    + step("unsecured", at="00:06", device="electricity")
    + step("lose", at="00:08", device="electricity")
    + step("find", at="00:10", device="electricity", nwk=0x7E13)
)
# ZDO cluster: the format behind the sequence number, and tshark's names for its fields.
ZDO = {
    0x0000: ("EBB", "ext_addr req_type index"),
    0x0001: ("HBB", "nwk_addr req_type index"),
    0x0002: ("H", "nwk_addr"),
    0x0003: ("H", "nwk_addr"),
    0x0004: ("HB", "nwk_addr endpoint"),
    0x0005: ("H", "nwk_addr"),
    0x0006: ("HH#H#H", "nwk_addr profile in_cluster out_cluster"),
    0x0013: (zdo.ANNOUNCEMENT, "nwk_addr ext_addr cinfo"),
    0x8000: (zdo.ADDRESSES, "status ext_addr nwk_addr"),
    0x8001: (zdo.ADDRESSES, "status ext_addr nwk_addr"),
    0x8002: ("BHBBBHBHHHB", "status nwk_addr - - cinfo node.manufacturer node.max_buffer node.max_incoming_transfer"),
    0x8003: ("BHH", "status nwk_addr power"),
    0x8004: (
        zdo.SIMPLE,
        "status nwk_addr simple_length endpoint profile app.device app.version in_cluster out_cluster",
    ),
    0x8005: (zdo.MATCHES, "status nwk_addr endpoint"),
    0x8006: (zdo.MATCHES, "status nwk_addr endpoint"),
}


class Tap:
    """Stands between the board and the bench, and keeps what passes."""

    def __init__(self, bench):
        self._bench = bench
        self.due = bench.due
        self.sent, self.heard = bytearray(), bytearray()

    def board_sent(self, data, ms):
        self.sent.extend(data)
        self._bench.board_sent(data, ms)

    def advance(self, ms):
        data = self._bench.advance(ms)
        self.heard.extend(data)
        return data


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    """One run: sent and heard, the fields of each frame at the UART; frames, what tshark sees; events."""
    tshark.needed()
    path = tmp_path_factory.mktemp("road") / "road.pcap"
    scenario = parse(SCENARIO)
    bench = Bench(scenario, path)
    tap, events = Tap(bench), []
    with Board(tap, interpreter="cpython", on_event=events.append) as board:
        board.run(scenario.duration_ms)
    bench.close()
    assert bench.faults == []
    sent, heard = explicit(bytes(tap.sent)), explicit(bytes(tap.heard))
    return types.SimpleNamespace(path=path, sent=sent, heard=heard, frames=dissected(path), events=events)


def dissected(path):
    """tshark's frames, with `types` of their attributes added."""
    command = ["tshark", "-r", str(path), "-T", "fields", "-e", "zbee_zcl.attr.data.type"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    frames = tshark.frames(path)
    for seen, line in zip(frames, lines, strict=True):
        seen["types"] = [int(kind, 16) for kind in line.split(",") if kind]
    return frames


def meant(told):
    """What the firmware reads in a frame at the UART: (sequence, ...) in the form of `seen`."""
    payload, cluster = told["payload"], told["cluster"]
    if told["profile"] == zdo.PROFILE:
        form, names = ZDO[cluster]
        values = schema.read(form, payload, 1)
        told = zip(names.split(), values)
        return payload[0], {name: value for name, value in told if name != "-" and value is not None}
    control, sequence, command, at = frame.read(payload)
    head = sequence, not control & frame.CLUSTER_SPECIFIC, bool(control & frame.FROM_SERVER), command
    if command == general.DEFAULT_RESPONSE:
        return *head, tuple(payload[at:])
    if command == general.READ_ATTRIBUTES:
        return *head, [(wire.unsigned(payload, place, 2), None, None, None) for place in range(at, len(payload), 2)]
    records = []
    while at < len(payload):
        attribute, status, kind, value, at = general.record(payload, at, command == general.READ_ATTRIBUTES_RESPONSE)
        text = value.decode() if isinstance(value, bytes) else value
        records.append((attribute, status if command == general.READ_ATTRIBUTES_RESPONSE else None, kind, text))
    return *head, records


def seen(each):
    """What tshark reads in the same frame."""
    if each["profile"] == zdo.PROFILE:
        _, names = ZDO[each["cluster"]]
        told = ((name, zdo_value(name, each["zdo"])) for name in names.split())
        return each["tsn"], {name: value for name, value in told if value is not None}
    head = tuple(each[name] for name in ("tsn", "general", "to_client", "command"))
    if "default_response" in each:
        return *head, each["default_response"]
    kinds = iter(each["types"])
    return *head, [
        (attribute, status, None if value is None else next(kinds), value)
        for attribute, status, value in each["attributes"]
    ]


def zdo_value(name, texts):
    """A field of tshark's ZDO layer as the firmware has it: an integer, a tuple of them, an EUI-64, or None."""
    text = texts.get(name)
    count = texts.get({"in_cluster": "in_count", "out_cluster": "out_count", "endpoint": "ep_count"}.get(name))
    if count is not None:
        held = text if isinstance(text, list) else [text] * int(count)
        return tuple(int(each, 0) for each in held)
    if text is None:
        return None
    return bytes.fromhex(text.replace(":", "")) if name == "ext_addr" else int(text, 0)


def pairs(road):
    """(frame at the UART, the same as tshark sees it on the air) of every frame that the board sent or heard."""
    ours = [each for each in road.frames if each["source"] == OWN_NWK and each["cluster"] != zdo.DEVICE_ANNCE]
    theirs = [each for each in road.frames if each["source"] != OWN_NWK]
    return [*zip(road.sent, ours, strict=True), *zip(road.heard, theirs, strict=True)]


def test_no_frame_is_malformed_and_none_is_missing(road):
    assert tshark.malformed(road.path) == 0 and not any(each["malformed"] for each in road.frames)
    announced = [each for each in road.frames if each["source"] == OWN_NWK and each["cluster"] == zdo.DEVICE_ANNCE]
    assert len(announced) == 1  # by the radio's stack, not by the board
    assert len(road.frames) == len(pairs(road)) + 1 > 250


def test_every_frame_means_to_tshark_what_it_means_to_the_firmware(road):
    for told, each in pairs(road):
        for name in ("profile", "cluster", "source_endpoint"):
            assert told[name] == each[name]
        assert told["endpoint"] == each["destination_endpoint"]
        assert meant(told) == seen(each)
        if each["source"] != OWN_NWK:
            assert told["short"] == each["source"]
            assert bool(told["options"] & RECEIVED_BROADCAST) == each["broadcast"]
        else:
            assert (told["address"] == ALL) == each["broadcast"]
            assert told["short"] in (UNKNOWN_SHORT, each["destination"])


def test_the_run_had_every_kind_of_frame(road):
    clusters = {(each["profile"], each["cluster"]) for each in road.frames}
    assert clusters == {(0, cluster) for cluster in ZDO} | {(0x0109, cluster) for cluster in (0, 0x000A, 0x0702)}
    kinds = {kind for each in road.frames for kind in each["types"]}
    assert kinds == {0x18, 0x22, 0x25, 0x2A, 0x30, 0x42, 0xE2}
    assert {each["command"] for each in road.frames if "command" in each} == {0x00, 0x01, 0x0A, 0x0B}


def test_the_board_asks_what_it_should(road):
    asked = {
        (each["cluster"], tuple(attribute for attribute, _, _ in each["attributes"]))
        for each in road.frames
        if each["source"] == OWN_NWK and each.get("command") == general.READ_ATTRIBUTES
    }
    assert asked == {
        (0x000A, (0x0000, 0x0001)),  # time, and whether it is set
        (0x0000, (0x0005,)),  # the model
        (0x0702, (0x0306,)),  # what it meters
        (0x0702, (0x0300, 0x0301, 0x0302)),  # unit, multiplier, divisor
        (0x0702, (0x0400, 0x0000)),  # power and register
        (0x0702, (0x0000,)),
    }


def test_facts_are_the_values_tshark_reads(road):
    for meter in (ESME, GPF):
        values, registers = [], []
        for told, each in pairs(road):
            trusted = told["options"] & APS_ENCRYPTED and each["source"] != OWN_NWK
            if trusted and told["address"] == meter and each["cluster"] == 0x0702:
                read = [(NAMES[attribute], value) for attribute, _, value in each["attributes"] if attribute in NAMES]
                values += read  # multiplier and divisor make Wh, W and litres of them
                registers += [(each["unix_ms"] // 1000, value) for name, value in read if name == "summation"]
        facts = [event for event in road.events if event["event"] == "fact" and event["meter"] == meter]
        assert [(e["what"], e["value"]) for e in facts if e["what"] != "half_hour"] == values
        firsts = [next(found)[1] for _, found in itertools.groupby(registers, lambda read: read[0] // HALF_HOUR)]
        assert [e["value"] for e in facts if e["what"] == "half_hour"] == [firsts[2] - firsts[1]]
        powers = [value for name, value in values if name == "power"]
        assert powers == [] if meter == GPF else min(powers) < 0
