"""Every frame that either side sends, on the air and at the UART, means to tshark what it means to the firmware."""

import datetime
import itertools
import os
import subprocess
import types

import pytest
import tshark
from by_hand import ALL, ESME, GPF, HOME, step
from whole_board import explicit

from ihd import wire
from ihd.han import zdo
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management, metering
from tools import image
from tools.bench import Bench
from tools.bench.scenario import parse
from tools.virtual_board.board import Board

OWN_NWK = 0x5AD1
UNKNOWN_SHORT = 0xFFFE
RECEIVED_BROADCAST, APS_ENCRYPTED = 0x02, 0x20  # options
METERING, MANAGEMENT = metering.CLUSTER, device_management.CLUSTER
NAMES = {0x0000: "summation", 0x0400: "power"}
TIMES = {0x0200: "tenancy", 0x0112: "supplier"}  # attributes that say when the change is
HALF_HOUR = 1800
NOW, NEVER = 0, 0xFFFFFFFF
UTC_TIME = 0xE2
BY_ITSELF = 1 << 29  # of a slot's word: not back-filled
ZIGBEE_EPOCH = int(tshark.ZIGBEE_EPOCH.timestamp())
SUCCESS, FAILURE, UNSUPPORTED_COMMAND, UNSUPPORTED_ATTRIBUTE, NOT_FOUND = 0x00, 0x01, 0x81, 0x86, 0x8B
SETTINGS = {"tenancy_poll_s": 60, "electricity_poll_s": 30, "gas_poll_s": 300}
GB_EVENT = 0x1C374A80
CONTACT = {"name": "E-ON", "contact": "0333 202 4650"}
CHANGE = {"current": 0x01020304, "proposed": 0x05060708, "name": "Lion Power", "contact": "0800 1"}
# A half-hour and some minutes round the moment in which the sun makes no more than the home takes.
SCENARIO = HOME.replace('"00:15"', '"00:40"').replace("T00:00:00Z", "T15:25:00Z") + (
    "solar_watts = 9000\nhistory_days = 1\n"
    + step("management", at="00:00", device="electricity", command="silent")
    + step("management", at="00:00", device="gas", command="silent")
    + step("management", at="00:01", device="electricity", command="publish")
    + step("ask", at="00:02")
    + step("report", at="00:02:30", device="gas")
    + step("management", at="00:03", device="gas", command="publish")
    + step("supplier", at="00:04", device="electricity", when="00:35", event=5, **CHANGE)
    + step("report", at="00:05", device="electricity")
    + step("unsecured", at="00:06", device="electricity")
    + step("lose", at="00:08", device="electricity")
    + step("find", at="00:10", device="electricity", nwk=0x7E13)
    + step("tenancy", at="00:12", device="electricity", event=GB_EVENT, when="2026-01-14T13:10:00Z", how="answer")
    + step("tenancy", at="00:14", device="gas", event=GB_EVENT, when="00:25")
    + step("tenancy", at="00:16", device="gas", cancel=True)
    + step("tenancy", at="00:17", device="gas", event=GB_EVENT + 1, cancel=True)
    + step("supplier", at="00:18", device="electricity", cancel=True, how="answer", **CHANGE)
    + step("tenancy", at="00:19", device="gas", event=GB_EVENT + 2, when="2026-01-14T11:40:00Z")
    + step("supplier", at="00:20", device="gas", event=GB_EVENT, when="now", control=0x1800, **CONTACT)
    + step("tenancy", at="00:21", device="gas", when="00:30", how="attribute", control=0x40000201)
    + step("supplier", at="00:23", device="gas", when="2026-01-14T12:05:00Z", proposed=0x01020304, how="attribute")
    + step("tenancy", at="00:25", device="gas", cancel=True, how="attribute")
    + step("tenancy", at="00:26", device="electricity", when="now", secured=False)
    + step("supplier", at="00:27", device="gas", when="now", **CHANGE, **{"from": "hub"})
    + step("management", at="00:28", device="electricity", command="unsupported", attributes="unsupported")
    + step("management", at="00:30", device="electricity", command="publish", attributes="none")
)
# A cluster's own command, (cluster, to the client, command): the format of its payload and tshark's names for it.
MET, DM = "zbee_zcl_se.met.", "zbee_zcl_se.device_management."
COMMANDS = {
    (METERING, False, metering.GET_SAMPLED_DATA): (
        metering.GET_SAMPLED_DATA_FORM,
        MET + "get_sampled_data.",
        "sample_id sample_start_time sample_type number_of_samples",
    ),
    (METERING, True, metering.SAMPLED_DATA): (
        metering.SAMPLED_DATA_FORM,
        MET + "get_sampled_data_rsp.",
        "sample_id sample_start_time sample_type sample_request_interval number_of_samples samples",
    ),
    (MANAGEMENT, False, device_management.GET_CHANGE_OF_TENANCY): ("", "", ""),
    (MANAGEMENT, False, device_management.GET_CHANGE_OF_SUPPLIER): ("", "", ""),
    (MANAGEMENT, True, device_management.PUBLISH_CHANGE_OF_TENANCY): (
        device_management.CHANGE_OF_TENANCY,
        DM + "publish_change_of_tenancy.",
        "provider_id issuer_event_id tariff_type implementation_date proposed_tenancy_change_control",
    ),
    (MANAGEMENT, True, device_management.PUBLISH_CHANGE_OF_SUPPLIER): (
        device_management.CHANGE_OF_SUPPLIER,
        DM + "publish_change_of_supplier.",
        "current_provider_id issuer_event_id tariff_type proposed_provider_id provider_change_implementation_time "
        "provider_change_control provider_proposed_provider_name provider_proposed_provider_contact_details",
    ),
}
TYPES = "zbee_zcl.attr.data.type"
FIELDS = (TYPES, *(prefix + name for _, prefix, names in COMMANDS.values() for name in names.split()))
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
    """One run: sent and heard, the fields of each frame at the UART; frames, what tshark sees; events; flash."""
    tshark.needed()
    path = tmp_path_factory.mktemp("road") / "road.pcap"
    flash = path.with_name("history.img")
    scenario = parse(SCENARIO)
    bench = Bench(scenario, path)
    tap, events = Tap(bench), []
    with Board(tap, interpreter="cpython", on_event=events.append, flash=flash, settings=SETTINGS) as board:
        board.run(scenario.duration_ms)
    bench.close()
    assert bench.faults == []
    sent, heard = explicit(bytes(tap.sent)), explicit(bytes(tap.heard))
    frames = dissected(path)
    for each in frames:
        each["ms"] = each["unix_ms"] - (ZIGBEE_EPOCH + scenario.start) * 1000
    return types.SimpleNamespace(
        path=path, sent=sent, heard=heard, frames=frames, events=events, flash=image.Image(image.load(flash))
    )


def dissected(path):
    """tshark's frames, with `types` of their attributes and `fields` of a cluster's own commands added."""
    command = ["tshark", "-r", str(path), "-T", "fields", "-E", "aggregator=;"]
    for name in FIELDS:
        command += ["-e", name]
    environment = os.environ | {"TZ": "UTC"}
    lines = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()
    frames = tshark.frames(path)
    for each, line in zip(frames, lines, strict=True):
        texts = dict(zip(FIELDS, line.split("\t"), strict=True))
        each["types"] = [int(kind, 16) for kind in texts[TYPES].split(";") if kind]
        if each.get("general") is False:
            _, prefix, names = COMMANDS[each["cluster"], each["to_client"], each["command"]]
            each["fields"] = {name: field(name, texts[prefix + name]) for name in names.split()}
    return frames


def field(name, text):
    """A field of a cluster's own command as the firmware has it: an integer, a tuple of them, or a text."""
    if name == "samples":
        return tuple(int(sample, 0) for sample in text.split(";"))
    if name.endswith(("_name", "_details")):
        return text
    if text.endswith(" UTC"):
        moment = datetime.datetime.strptime(text.partition(".")[0], "%b %d, %Y %H:%M:%S")
        return int((moment.replace(tzinfo=datetime.UTC) - tshark.ZIGBEE_EPOCH).total_seconds())
    if name == "proposed_tenancy_change_control":
        # tshark 4.0 reads this one bitmap big-endian; it is little-endian as everything on the air (GB: 00 02 00 00).
        return int.from_bytes(int(text, 0).to_bytes(4, "big"), "little")
    return int(text, 0)


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
        return *head, commanded(cluster, *head[2:], payload[at:])
    if command == general.DEFAULT_RESPONSE:
        return *head, tuple(payload[at:])
    if command == general.READ_ATTRIBUTES:
        return *head, [(wire.unsigned(payload, place, 2), None, None, None) for place in range(at, len(payload), 2)]
    records = []
    while at < len(payload):
        attribute, status, kind, value, at = general.record(payload, at, command == general.READ_ATTRIBUTES_RESPONSE)
        text = value.decode() if isinstance(value, bytes) else value
        if kind == UTC_TIME and value is None:
            text = NEVER  # its non-value, which tshark shows as the number it is
        records.append((attribute, status if command == general.READ_ATTRIBUTES_RESPONSE else None, kind, text))
    return *head, records


def commanded(cluster, to_client, command, payload):
    """What the firmware reads in the payload of a cluster's own command, by tshark's names, to the last octet."""
    form, _, names = COMMANDS[cluster, to_client, command]
    values = schema.read(form, payload)
    if form == metering.SAMPLED_DATA_FORM:
        samples = "T" * values[-1]
        values = [*values, tuple(schema.read(form + samples, payload)[len(values) :])]
        assert schema.write(form + samples, *values[:-1], *values[-1]) == payload
    else:
        assert schema.write(form, *values) == payload
    texts = [value.decode() if isinstance(value, bytes) else value for value in values]
    return dict(zip(names.split(), texts, strict=True))


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
        return *head, each["fields"]
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
    ours = {(0x0109, cluster) for cluster in (0, 0x000A, METERING, MANAGEMENT)}
    assert clusters == {(0, cluster) for cluster in ZDO} | ours
    kinds = {kind for each in road.frames for kind in each["types"]}
    assert kinds == {0x18, 0x1B, 0x22, 0x23, 0x25, 0x2A, 0x30, 0x42, 0xE2}
    commands = [each for each in road.frames if "command" in each]
    assert {each["command"] for each in commands if each["general"]} == {0x00, 0x01, 0x0A, 0x0B}
    own = {(each["cluster"], each["to_client"], each["command"]) for each in commands if not each["general"]}
    assert own == set(COMMANDS)
    heard = [each for each in commands if each["source"] != OWN_NWK and each["cluster"] == MANAGEMENT]
    assert {status for each in heard for _, status, _ in each.get("attributes", ())} == {0, UNSUPPORTED_ATTRIBUTE}
    statuses = {each["default_response"] for each in heard if "default_response" in each}
    assert statuses == {(command, status) for command in (0, 1) for status in (UNSUPPORTED_COMMAND, NOT_FOUND)}


def test_the_board_asks_what_it_should(road):
    sent = [each for each in road.frames if each["source"] == OWN_NWK]
    asked = {
        (each["cluster"], tuple(attribute for attribute, _, _ in each["attributes"]))
        for each in sent
        if each.get("general") and each["command"] == general.READ_ATTRIBUTES
    }
    assert asked == {
        (0x000A, (0x0000, 0x0001)),  # time, and whether it is set
        (0x0000, (0x0005,)),  # the model
        (METERING, (0x0306,)),  # what it meters
        (METERING, (0x0300, 0x0301, 0x0302)),  # unit, multiplier, divisor
        (METERING, (0x0400, 0x0000)),  # power and register
        (METERING, (0x0000,)),
        (MANAGEMENT, (0x0200, 0x0201)),  # change of tenancy: when, and what to do
        (MANAGEMENT, (0x0112, 0x0113)),  # the same of supplier
        (MANAGEMENT, (0x0110,)),  # who takes over
    }
    for each in (each["fields"] for each in sent if each["cluster"] == METERING and "fields" in each):
        assert (each["sample_id"], each["sample_type"]) == (0, 0)  # the log of half-hours, delivered
        assert each["sample_start_time"] % HALF_HOUR == 0 and 0 < each["number_of_samples"] <= 24


def test_publications_come_unasked_and_as_answers_and_only_the_former_are_answered(road):
    publications, asked, answers = [], set(), []
    for told, each in pairs(road):
        if each["cluster"] != MANAGEMENT:
            continue
        if each["source"] != OWN_NWK and "fields" in each:
            publications.append((each["command"], (told["address"], each["tsn"], each["command"]) in asked))
        elif "fields" in each:
            asked.add((told["address"], each["tsn"], each["command"]))
        elif "default_response" in each and each["source"] == OWN_NWK:
            answers.append(each["default_response"])
    assert set(publications) == {(command, answer) for command in (0, 1) for answer in (False, True)}
    assert [command for command, answer in publications if not answer] == [command for command, _ in answers]
    assert answers == [
        (1, SUCCESS),  # supplier, to come
        (0, SUCCESS),  # tenancy, to come
        (0, SUCCESS),  # its cancellation
        (0, NOT_FOUND),  # the cancellation of another
        (0, SUCCESS),  # tenancy, past
        (1, SUCCESS),  # the supplier's name and phone
        (0, FAILURE),  # without encryption
        (1, SUCCESS),  # a stranger's
    ]


def test_facts_are_the_values_tshark_reads(road):
    for meter in (ESME, GPF):
        values, registers = [], []
        for told, each in pairs(road):
            if trusted(told, each, meter) and each["cluster"] == METERING:
                read = [(NAMES[number], value) for number, _, value in each.get("attributes", ()) if number in NAMES]
                shown = is_open(road, meter, each["ms"])
                # multiplier and divisor make Wh, W and litres of them
                values += [(name, value) for name, value in read if shown or name == "power"]
                registers += [(each["unix_ms"] // 1000, shown, value) for name, value in read if name == "summation"]
        facts = [event for event in road.events if event["event"] == "fact" and event["meter"] == meter]
        apart = ("half_hour", "back_filled")
        assert [(e["what"], e["value"]) for e in facts if e["what"] not in apart] == values
        assert {shown for _, shown, _ in registers} == {False, True}
        firsts = [next(found)[2] for _, found in itertools.groupby(registers, lambda read: read[0] // HALF_HOUR)]
        assert [e["value"] for e in facts if e["what"] == "half_hour"] == [firsts[2] - firsts[1]]
        powers = [value for name, value in values if name == "power"]
        assert powers == [] if meter == GPF else min(powers) < 0 < max(powers)


def test_half_hours_in_the_ring_are_the_samples_tshark_reads(road):
    for meter, fuel in ((ESME, "electricity"), (GPF, "gas")):
        samples = {each["ms"]: sampled(each) for told, each in pairs(road) if trusted(told, each, meter)}
        due, held, live = {ms for ms in samples if samples[ms]}, {}, {}
        for event in road.events:
            if event.get("meter") != meter:
                continue
            if event.get("what") == "back_filled":
                fresh = {half_hour: value for half_hour, value in samples[event["ms"]].items() if half_hour not in held}
                assert event["value"] == len(fresh)
                held |= fresh
                due.remove(event["ms"])
            elif event.get("what") == "half_hour":
                live[event["t"] // HALF_HOUR - 1] = event["value"]
            elif event["event"] == "receipt":
                held = {half_hour: held[half_hour] for half_hour in held if half_hour * HALF_HOUR >= event["floor"]}
        assert not due and max(held.values()) > 0 and len(live) == 1
        words = [
            (half_hour, word)
            for sector in road.flash.rings()
            if sector.name == fuel + " energy"
            for half_hour, word in enumerate(sector.words, sector.first)
            if image.is_valid(word)
        ]
        assert {half_hour: word & 0xFFFFFF for half_hour, word in words if not word & BY_ITSELF} == held
        assert {half_hour: word & 0xFFFFFF for half_hour, word in words if word & BY_ITSELF} == live


def test_changes_are_carried_out_and_expected_as_tshark_reads_them(road):
    to_come, past = set(), set()
    for told, each in pairs(road):
        for meter in (ESME, GPF):
            for kind, event_id, utc in changes(each) if trusted(told, each, meter) else ():
                now = each["unix_ms"] // 1000 - ZIGBEE_EPOCH
                if now < utc < NEVER:
                    to_come.add((meter, kind, utc))
                elif NOW < utc <= now:
                    past.add((meter, kind, event_id, utc))
    pending = [event for event in road.events if event["event"] == "tenancy" and event["state"] == "PENDING"]
    assert {(event["meter"], event["kind"], event["due"]) for event in pending} == to_come
    receipts = [event for event in road.events if event["event"] == "receipt"]
    assert [event["source"] for event in receipts] == ["command", "unsolicited", "attribute"]
    assert {(e["meter"], e["kind"], e["issuer_event_id"], e["floor"]) for e in receipts} == past
    assert len(to_come) == len(past) == 3


def trusted(told, each, meter):
    """Whether a frame is the meter's own, with its link key."""
    return told["options"] & APS_ENCRYPTED and each["source"] != OWN_NWK and told["address"] == meter


def is_open(road, meter, ms):
    """Whether the gate of a meter was open when a frame came at board millisecond `ms`."""
    moves = (event for event in road.events if event["event"] == "gate" and event["meter"] == meter)
    return [False, *(event["open"] for event in moves if event["ms"] < ms)][-1]


def sampled(each):
    """{half-hour: value} of the samples in a frame."""
    told = each.get("fields", {})
    first = told.get("sample_start_time", 0) // HALF_HOUR
    return dict(enumerate(told.get("samples", ()), first))


def changes(each):
    """(kind, issuer event id, Zigbee UTC) of each change that a frame tells."""
    if each["cluster"] != MANAGEMENT:
        return
    told = each.get("fields", {})
    for kind, name in (("tenancy", "implementation_date"), ("supplier", "provider_change_implementation_time")):
        if name in told:
            yield kind, told["issuer_event_id"], told[name]
    for number, _, value in each.get("attributes", ()):
        if number in TIMES and value is not None:
            yield TIMES[number], None, value
