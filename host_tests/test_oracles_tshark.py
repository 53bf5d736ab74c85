"""Every frame that either side sends, on the air and at the UART, means to tshark what it means to the firmware."""

import itertools
import os
import re
import subprocess
import types

import pytest
import tshark
import tshark_commands
from by_hand import ALL, ESME, GPF, HOME, step
from test_oracles_tables import attributes
from whole_board import explicit

from ihd import wire
from ihd.han import zdo
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management, messaging, metering, prepayment, price
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.virtual_board.board import Board

OWN_NWK = 0x5AD1
UNKNOWN_SHORT = 0xFFFE
RECEIVED_BROADCAST, APS_ENCRYPTED = 0x02, 0x20  # options
METERING, MANAGEMENT, PRICE = metering.CLUSTER, device_management.CLUSTER, price.CLUSTER
MESSAGING, PREPAYMENT = messaging.CLUSTER, prepayment.CLUSTER
NAMES = {0x0000: "summation", 0x0400: "power"}
HALF_HOUR = 1800
ZIGBEE_EPOCH = int(tshark.ZIGBEE_EPOCH.timestamp())
NO_TIME, UTC_TIME = 0xFFFFFFFF, 0xE2  # the non-value of the type
NOT_FOUND, OCTETS = 0x8B, 0x41
TEXT = "Water boils at 100 C."
# What every home with a tariff asks and is told: (cluster, to the client, command).
SERVICES = {
    (PRICE, False, price.GET_CURRENT_PRICE),
    (PRICE, False, price.GET_SCHEDULED_PRICES),
    (PRICE, True, price.PUBLISH_PRICE),
    (MESSAGING, False, messaging.GET_LAST_MESSAGE),
    (MESSAGING, True, messaging.DISPLAY_MESSAGE),
    (METERING, False, metering.REQUEST_FAST_POLL_MODE),
    (METERING, True, metering.FAST_POLL_MODE),
}
# Attributes of which every value is told as it is: (cluster, id).
TOLD = {(METERING, number) for number in (0x0001, 0x0014, 0x0307, 0x0311)}
TOLD |= {(MANAGEMENT, number) for number in (0x0101, 0x0102)}
TOLD |= {(module.CLUSTER, number) for module in (price, prepayment) for number, _, _ in attributes(module)}
TARIFFS = """
[tariff.electricity]
price = 24500
standing = 53350
label = "Day"
[tariff.gas]
price = 6420
standing = 29820
"""
# A half-hour and some minutes round the moment in which the sun makes no more than the home takes.
SCENARIO = HOME.replace('"00:15"', '"00:38"').replace("T00:00:00Z", "T15:25:00Z") + (
    "solar_watts = 9000\n"
    + TARIFFS
    + step("prepayment", at="00:00", device="gas", mode="prepayment", balance=1_234_567, debt=42_000)
    + step("ask", at="00:02")
    + step("message", at="00:03", device="electricity", text=TEXT, control=0x80)
    + step("price", at="00:04", device="electricity", when="00:20", price=31_415, publish=True)
    + step("report", at="00:05", device="electricity")
    + step("unsecured", at="00:06", device="electricity")
    + step("lose", at="00:08", device="electricity")
    + step("find", at="00:10", device="electricity", nwk=0x7E13)
    + step("details", at="00:13", device="gas", site="9337421609", cin="A-2719450", publish=True)
    + step("message", at="00:30", device="electricity", cancel=True)
)
TYPES = "zbee_zcl.attr.data.type"
# To the message, and yes, it was read.
PRESSES = [(870_000 + 1500 * n, key) for n, key in enumerate(["prev"] * 6 + ["select"])]
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
    return travelled(SCENARIO, tmp_path_factory.mktemp("road"), PRESSES)


def travelled(toml, folder, presses=(), **options):
    """One run: sent and heard, the fields of each frame at the UART; frames, what tshark sees; events.

    presses: (millisecond, key). options: of the virtual board. The capture is `road.pcap` in the folder.
    """
    tshark.needed()
    path = folder / "road.pcap"
    scenario = parse(toml)
    bench = Bench(scenario, path)
    tap, events = Tap(bench), []
    with Board(tap, interpreter="cpython", on_event=events.append, **options) as board:
        for ms, key in presses:
            board.press(key, ms)
        board.run(scenario.duration_ms)
    bench.close()
    assert bench.faults == []
    sent, heard = explicit(bytes(tap.sent)), explicit(bytes(tap.heard))
    frames = dissected(path)
    for number, each in enumerate(frames):
        each["number"] = number
        each["ms"] = each["unix_ms"] - (ZIGBEE_EPOCH + scenario.start) * 1000  # of the board
    return types.SimpleNamespace(path=path, sent=sent, heard=heard, frames=frames, events=events)


def dissected(path):
    """tshark's frames, with `types` of their attributes and `fields` of a cluster's own commands added."""
    command = ["tshark", "-r", str(path), "-T", "fields", "-E", "aggregator=;", "-e", TYPES]
    environment = os.environ | {"TZ": "UTC"}
    lines = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
    frames = tshark.frames(path)
    for each, line in zip(frames, lines, strict=True):
        each["types"] = [int(kind, 16) for kind in line.split(";") if kind]
        if each.get("general") is False:
            command = tshark_commands.COMMANDS[each["cluster"], each["to_client"], each["command"]]
            each["octets"] = b"".join(octets for _, _, octets in each["payload"])
            each["fields"] = tshark_commands.seen(command, each["payload"])
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
    if control & frame.CLUSTER_SPECIFIC:
        return *head, payload[at:], tshark_commands.told(tshark_commands.COMMANDS[cluster, *head[2:]], payload[at:])
    if command == general.DEFAULT_RESPONSE:
        return *head, tuple(payload[at:])
    if command == general.READ_ATTRIBUTES:
        return *head, [(wire.unsigned(payload, place, 2), None, None, None) for place in range(at, len(payload), 2)]
    records = []
    while at < len(payload):
        attribute, status, kind, value, at = general.record(payload, at, command == general.READ_ATTRIBUTES_RESPONSE)
        text = value.decode() if isinstance(value, bytes) else value
        if kind == UTC_TIME and value is None:
            text = NO_TIME  # which tshark shows as the moment it would be
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
    if "fields" in each:
        return *head, each["octets"], each["fields"]
    kinds = iter(each["types"])
    records = []
    for attribute, status, value in each["attributes"]:
        kind = None if value is None else next(kinds)
        records.append((attribute, status, kind, shown(kind, value)))
    return *head, records


def shown(kind, value):
    """The value of an attribute; tshark writes those octets in hex of which it does not know that they are text."""
    if kind == OCTETS and re.fullmatch("([0-9a-f]{2}:)*[0-9a-f]{2}", str(value)):
        return bytes.fromhex(value.replace(":", "")).decode()
    return value


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
    """(frame at the UART, the same as tshark sees it on the air) of each that the board sent or heard, in order."""
    ours = [each for each in road.frames if each["source"] == OWN_NWK and each["cluster"] != zdo.DEVICE_ANNCE]
    theirs = [each for each in road.frames if each["source"] != OWN_NWK]
    found = [*zip(road.sent, ours, strict=True), *zip(road.heard, theirs, strict=True)]
    return sorted(found, key=lambda pair: pair[1]["number"])


def trusted(road, meter):
    """What tshark sees of each frame that is the meter's own, with its link key."""
    for told, each in pairs(road):
        if told["options"] & APS_ENCRYPTED and each["source"] != OWN_NWK and told["address"] == meter:
            yield each


def readings(road, meter):
    """(frame, whether the meter's gate was open, name, value) of each power and register that tshark reads."""
    gates = [event for event in road.events if event["event"] == "gate" and event["meter"] == meter]
    for each in trusted(road, meter):
        shown = [False, *(event["open"] for event in gates if event["ms"] < each["ms"])][-1]
        for number, _, value in each.get("attributes", ()) if each["cluster"] == METERING else ():
            if number in NAMES:
                yield each, shown, NAMES[number], value


def check_meaning(road):
    """No frame is malformed, none is missing, and every one means to tshark what it means to the firmware."""
    assert tshark.malformed(road.path) == 0 and not any(each["malformed"] for each in road.frames)
    announced = [each for each in road.frames if each["source"] == OWN_NWK and each["cluster"] == zdo.DEVICE_ANNCE]
    assert len(announced) == 1  # by the radio's stack, not by the board
    assert len(road.frames) == len(pairs(road)) + 1 > 250
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


def check_facts(road, meter):
    """Power is told as tshark reads it, and the register and its half-hours too while the gate is open."""
    read = list(readings(road, meter))
    # Multiplier and divisor make Wh, W and litres of what is read.
    values = [(name, value) for _, shown, name, value in read if shown or name == "power"]
    facts = [event for event in road.events if event["event"] == "fact" and event["meter"] == meter]
    assert [(event["what"], event["value"]) for event in facts if event["what"] in NAMES.values()] == values
    registers = [(each["unix_ms"] // 1000 // HALF_HOUR, value) for each, _, name, value in read if name == "summation"]
    firsts = [next(found)[1] for _, found in itertools.groupby(registers, lambda register: register[0])]
    assert [event["value"] for event in facts if event["what"] == "half_hour"] == [firsts[2] - firsts[1]]
    powers = [value for name, value in values if name == "power"]
    assert powers == [] if meter == GPF else min(powers) < 0 < max(powers)


def check_told(road, meter):
    """Every other attribute whose value is told is one that tshark reads, and all of them are told."""
    read = {}
    for each in trusted(road, meter):
        records = each["attributes"] if each["command"] == general.READ_ATTRIBUTES_RESPONSE and each["general"] else ()
        kinds = iter(each["types"])
        for key, name in (("07020307", "site_id"), ("07020311", "customerid_number")):
            if name in each.get("fields", ()):
                read.setdefault(key, set()).add(each["fields"][name])
        for number, _, value in records:
            kind = None if value is None else next(kinds)
            if (each["cluster"], number) in TOLD and value is not None:
                read.setdefault("%04x%04x" % (each["cluster"], number), set()).add(shown(kind, value))
    told = {}
    for event in road.events:
        if event["event"] == "fact" and event["meter"] == meter and re.fullmatch("[0-9a-f]{8}", event["what"]):
            told.setdefault(event["what"], set()).add(event["value"])
    assert told == read and len(told) >= 10


def own_commands(frames):
    """(cluster, to the client, command) of the clusters' own commands among the frames."""
    return {(each["cluster"], each["to_client"], each["command"]) for each in frames if "fields" in each}


def questions(road):
    """(cluster, attributes) of each Read Attributes of the board."""
    return {
        (each["cluster"], tuple(number for number, _, _ in each["attributes"]))
        for each in road.frames
        if each["source"] == OWN_NWK and each.get("general") and each["command"] == general.READ_ATTRIBUTES
    }


def test_no_frame_is_malformed_or_missing_and_each_means_to_tshark_what_it_means_to_the_firmware(road):
    check_meaning(road)


def test_the_run_had_every_kind_of_frame(road):
    clusters = {(each["profile"], each["cluster"]) for each in road.frames}
    ours = {(0x0109, cluster) for cluster in (0, 0x000A, METERING, MANAGEMENT, PRICE, MESSAGING, PREPAYMENT)}
    assert clusters == {(0, cluster) for cluster in ZDO} | ours
    kinds = {kind for each in road.frames for kind in each["types"]}
    assert kinds == {0x18, 0x19, 0x1B, 0x21, 0x22, 0x23, 0x25, 0x2A, 0x2B, 0x30, OCTETS, 0x42, 0xE2}
    assert {each["command"] for each in road.frames if each.get("general")} == {0x00, 0x01, 0x0A, 0x0B}
    assert own_commands(road.frames) == SERVICES | {  # of Device Management the other file has all
        (MANAGEMENT, False, device_management.GET_CHANGE_OF_TENANCY),
        (MANAGEMENT, False, device_management.GET_CHANGE_OF_SUPPLIER),
        (MANAGEMENT, False, device_management.GET_CIN),
        (MANAGEMENT, True, device_management.UPDATE_SITE_ID),
        (MANAGEMENT, True, device_management.UPDATE_CIN),
        (MESSAGING, True, messaging.CANCEL_MESSAGE),
        (MESSAGING, False, messaging.MESSAGE_CONFIRMATION),
    }
    heard = [each for each in road.frames if each["source"] != OWN_NWK and each["cluster"] == MANAGEMENT]
    refusals = {each["default_response"] for each in heard if "default_response" in each}
    assert refusals == {(0, NOT_FOUND), (1, NOT_FOUND), (device_management.GET_CIN, NOT_FOUND)}


def test_the_board_asks_what_it_should(road):
    assert questions(road) == {
        (0x000A, (0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005)),  # time, whether it is set, zone and summer time
        (0x0000, (0x0005,)),  # the model
        (METERING, (0x0306,)),  # what it meters
        (METERING, (0x0300, 0x0301, 0x0302)),  # unit, multiplier, divisor
        (METERING, (0x0400, 0x0000)),  # power and register
        (METERING, (0x0000,)),
        (MANAGEMENT, (0x0200, 0x0201)),  # change of tenancy: when, and what to do
        (MANAGEMENT, (0x0112, 0x0113)),  # the same of supplier
        (MANAGEMENT, (0x0400, 0x0401)),  # thresholds of low and high use
        (METERING, (0x0207,)),  # what the meter itself calls its use
        (METERING, (0x0014, 0x0001)),  # whether supply is on, and export ...
        (METERING, (0x0014,)),  # ... which a gas meter has not
        (METERING, (0x0307, 0x0311)),  # which meter, which customer
        (MANAGEMENT, (0x0101, 0x0102)),  # who supplies
        (PRICE, (0x0617, 0x0616, 0x0301)),  # money, standing charge ...
        (PRICE, (0x0617, 0x0616, 0x0301, 0x0302, 0x0303, 0x0304)),  # ... and what makes kWh of gas
        (PRICE, (0x0305, 0x0306)),
        (PREPAYMENT, (0x0502, 0x0503, 0x051C, 0x0000)),  # the meter's own cost, how it is paid
        (PREPAYMENT, (0x0001, 0x0002, 0x0003, 0x0005)),  # credit, more often than ...
        (PREPAYMENT, (0x0001, 0x0002, 0x0003, 0x0005, 0x0010, 0x0011)),  # ... with its terms and debts
        (PREPAYMENT, (0x0031, 0x0211, 0x0216, 0x0217, 0x0221, 0x0226)),
        (PREPAYMENT, (0x0227, 0x0231, 0x0239)),
    }


def test_facts_are_the_values_tshark_reads(road):
    for meter in (ESME, GPF):
        check_facts(road, meter)


def test_what_meters_tell_of_money_and_names_is_told_as_tshark_reads_it(road):
    for meter in (ESME, GPF):
        check_told(road, meter)
    published = [each["fields"] for each in trusted(road, ESME) if (each["cluster"], each["command"]) == (PRICE, 0)]
    prices = [fields["price"] * 1000 for fields in published if "price" in fields]  # 1e-5 GBP
    facts = [event for event in road.events if event["event"] == "fact" and event["meter"] == ESME]
    assert [event["value"] for event in facts if event["what"] == "price"] == prices and len(set(prices)) == 2
    ids = [each["fields"]["id"] for each in trusted(road, ESME) if "fields" in each and each["cluster"] == MESSAGING]
    assert [event["value"] for event in facts if event["what"] == "message"] == [
        ids[0],
        None,
    ]  # told again, it is the same


def test_the_occupant_s_word_that_a_message_was_read_is_its_id_and_the_time(road):
    sent = [each for each in road.frames if each["source"] == OWN_NWK and each["cluster"] == MESSAGING]
    (said,) = [each for each in sent if each.get("command") == messaging.MESSAGE_CONFIRMATION and "fields" in each]
    (told, *_) = [each for each in trusted(road, ESME) if each["cluster"] == MESSAGING and "fields" in each]
    assert said["fields"]["id"] == told["fields"]["id"] and told["fields"]["message"] == TEXT
    assert abs(said["fields"]["confirm_time"] - (said["unix_ms"] // 1000 - ZIGBEE_EPOCH)) <= 1
    assert said["ms"] >= PRESSES[-1][0]
