"""Changes of tenancy and supplier, and half-hours read back, mean to tshark what they mean to the firmware."""

import pytest
from by_hand import ESME, GPF, HOME, step
from test_oracles_tshark import (
    HALF_HOUR,
    MANAGEMENT,
    METERING,
    NO_TIME,
    NOT_FOUND,
    OWN_NWK,
    ZIGBEE_EPOCH,
    check_facts,
    check_meaning,
    own_commands,
    pairs,
    questions,
    readings,
    travelled,
    trusted,
)

from ihd.zcl.clusters import device_management, messaging, metering, price
from tools import image

SUCCESS, FAILURE, UNSUPPORTED_COMMAND, UNSUPPORTED_ATTRIBUTE = 0x00, 0x01, 0x81, 0x86
# What is asked of a home without prices and messages, and what it answers: (cluster, to the client, command).
ASKED = {
    *((METERING, False, command) for command in (metering.GET_SAMPLED_DATA, metering.REQUEST_FAST_POLL_MODE)),
    (MANAGEMENT, False, device_management.GET_CHANGE_OF_TENANCY),
    (MANAGEMENT, False, device_management.GET_CHANGE_OF_SUPPLIER),
    (MANAGEMENT, False, device_management.GET_CIN),
    (price.CLUSTER, False, price.GET_CURRENT_PRICE),
    (price.CLUSTER, False, price.GET_SCHEDULED_PRICES),
    (price.CLUSTER, False, price.GET_TARIFF_INFORMATION),
    (price.CLUSTER, False, price.GET_CONVERSION_FACTOR),
    (price.CLUSTER, False, price.GET_CALORIFIC_VALUE),
    (messaging.CLUSTER, False, messaging.GET_LAST_MESSAGE),
}
ANSWERED = {
    *((METERING, True, command) for command in (metering.SAMPLED_DATA, metering.FAST_POLL_MODE)),
    (MANAGEMENT, True, device_management.PUBLISH_CHANGE_OF_TENANCY),
    (MANAGEMENT, True, device_management.PUBLISH_CHANGE_OF_SUPPLIER),
}
TIMES = {0x0200: "tenancy", 0x0112: "supplier"}  # attributes that say when the change is
ANSWER_MS = 4000  # in which an answer comes
NOT_BACK_FILLED = 1 << 29  # in a slot's word
SETTINGS = {"tenancy_poll_s": 60, "electricity_poll_s": 30, "gas_poll_s": 300}
GB_EVENT = 0x1C374A80
CONTACT = {"name": "E-ON", "contact": "0333 202 4650"}
CHANGE = {"current": 0x01020304, "proposed": 0x05060708, "name": "Lion Power", "contact": "0800 1"}
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


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes")
    road = travelled(SCENARIO, folder, flash=folder / "history.img", settings=SETTINGS)
    road.flash = image.Image(image.load(folder / "history.img"))
    return road


def sampled(each):
    """{half-hour: value} of the samples in a frame."""
    told = each.get("fields", {})
    first = told.get("sample_start_time", 0) // HALF_HOUR
    return dict(enumerate(told.get("samples", ()), first))


def changes(each):
    """(kind, issuer event id, Zigbee UTC) of each change that a frame tells."""
    told = each.get("fields", {})
    for kind, name in (("tenancy", "implementation_date"), ("supplier", "provider_change_implementation_time")):
        if name in told:
            yield kind, told["issuer_event_id"], told[name]
    for number, _, value in each.get("attributes", ()) if each["cluster"] == MANAGEMENT else ():
        if number in TIMES and value is not None:
            yield TIMES[number], None, value


def test_no_frame_is_malformed_or_missing_and_each_means_to_tshark_what_it_means_to_the_firmware(road):
    check_meaning(road)


def test_the_run_had_every_kind_of_frame(road):
    assert own_commands(road.frames) == ASKED | ANSWERED
    heard = [each for each in road.frames if each["source"] != OWN_NWK and each["cluster"] == MANAGEMENT]
    assert {kind for each in heard for kind in each["types"]} == {0x1B, 0x23, 0x41, 0xE2}
    assert {status for each in heard for _, status, _ in each.get("attributes", ())} == {0, UNSUPPORTED_ATTRIBUTE}
    statuses = {each["default_response"] for each in heard if "default_response" in each}
    changes = {(command, status) for command in (0, 1) for status in (UNSUPPORTED_COMMAND, NOT_FOUND)}
    assert statuses == changes | {(device_management.GET_CIN, NOT_FOUND)}
    told = [each["fields"] for each in heard if "fields" in each]
    controls = {fields.get("proposed_tenancy_change_control", 0) for fields in told}
    assert controls == {0, 0x00000200}  # no number that is the same from both ends
    texts = {fields.get("provider_proposed_provider_name") for fields in told}
    assert texts == {None, CHANGE["name"], CONTACT["name"]}


def test_the_board_asks_what_it_should(road):
    assert {attributes for cluster, attributes in questions(road) if cluster == MANAGEMENT} == {
        (0x0200, 0x0201),
        (0x0112, 0x0113),
        (0x0110, 0x0111, 0x0114),  # who takes over, where the attributes tell a change that is news
        (0x0400, 0x0401),  # thresholds of low and high use
        (0x0101, 0x0102),  # who supplies
    }
    sent = [each for each in road.frames if each["source"] == OWN_NWK]
    assert own_commands(sent) == ASKED
    samples = [each for each in sent if each["cluster"] == METERING and "sample_id" in each.get("fields", ())]
    for asked in (each["fields"] for each in samples):
        assert (asked["sample_id"], asked["sample_type"]) == (0, 0)  # the log of half-hours, delivered
        assert asked["sample_start_time"] % HALF_HOUR == 0 and 0 < asked["number_of_samples"] <= 24


def test_publications_come_unasked_and_as_answers_and_only_the_former_are_answered(road):
    asked, publications, answers = {}, [], []
    for told, each in pairs(road):
        if each["cluster"] != MANAGEMENT:
            continue
        question = told["address"], each["tsn"], each["command"]
        if "fields" in each and each["source"] == OWN_NWK:
            asked[question] = each["ms"]
        elif "fields" in each:
            answer = each["ms"] - asked.pop(question, -ANSWER_MS) < ANSWER_MS
            ((_, _, utc),) = changes(each)
            publications.append((each["command"], answer, utc == NO_TIME))
        elif "default_response" in each and each["source"] == OWN_NWK:
            answers.append(each["default_response"])
    assert {(0, False, True), (0, True, False), (1, True, True), (1, False, False)} <= set(publications)
    assert [command for command, answer, _ in publications if not answer] == [command for command, _ in answers]
    assert answers == [
        (1, SUCCESS),  # a supplier to come
        (0, SUCCESS),  # a tenancy to come
        (0, SUCCESS),  # its cancellation
        (0, NOT_FOUND),  # the cancellation of another
        (0, SUCCESS),  # a past tenancy
        (1, SUCCESS),  # the supplier's name and phone
        (0, FAILURE),  # without encryption
        (1, SUCCESS),  # a stranger's
    ]


def test_changes_are_expected_and_carried_out_as_tshark_reads_them(road):
    to_come, past = set(), set()
    for meter in (ESME, GPF):
        for each in trusted(road, meter):
            now = each["unix_ms"] // 1000 - ZIGBEE_EPOCH
            for kind, event_id, utc in changes(each):
                if now < utc < NO_TIME:
                    to_come.add((meter, kind, utc))
                elif 0 < utc <= now:  # 0: the supplier's name and phone
                    past.add((meter, kind, event_id, utc))
    pending = [event for event in road.events if event["event"] == "tenancy" and event["state"] == "PENDING"]
    assert {(event["meter"], event["kind"], event["due"]) for event in pending} == to_come
    receipts = [event for event in road.events if event["event"] == "receipt"]
    assert {(e["meter"], e["kind"], e["issuer_event_id"], e["floor"]) for e in receipts} == past
    assert [event["source"] for event in receipts] == ["command", "unsolicited", "attribute"]
    assert len(to_come) == len(past) == 3


def test_facts_are_the_values_tshark_reads_and_behind_a_closed_gate_only_power_is_told(road):
    for meter in (ESME, GPF):
        check_facts(road, meter)
        assert {shown for _, shown, name, _ in readings(road, meter) if name == "summation"} == {False, True}


def test_half_hours_in_the_ring_are_the_samples_tshark_reads(road):
    for meter, fuel in ((ESME, "electricity"), (GPF, "gas")):
        log = [(each["ms"], 0, sampled(each)) for each in trusted(road, meter)]
        log += [(event["ms"], 1, event) for event in road.events if event.get("meter") == meter]
        held, live, counts, told = {}, {}, [], []
        for _, is_event, what in sorted(log, key=lambda entry: entry[:2]):
            if not is_event:
                fresh = {half_hour: what[half_hour] for half_hour in what if half_hour not in held | live}
                held |= fresh
                counts += [len(fresh)] if fresh else []
            elif what.get("what") == "half_hour":
                live[what["t"] // HALF_HOUR - 1] = what["value"]
            elif what.get("what") == "back_filled":
                told.append(what["value"])
            elif what["event"] == "receipt":
                held = {half_hour: held[half_hour] for half_hour in held if half_hour * HALF_HOUR >= what["floor"]}
        assert told == counts and sum(counts) > len(held) > 1 and len(live) == 1
        words = {}
        for sector in road.flash.rings():
            if sector.name == fuel + " energy":
                words |= {n: word for n, word in enumerate(sector.words, sector.first) if image.is_valid(word)}
        assert {n: word & 0xFFFFFF for n, word in words.items()} == held | live
        assert {n for n, word in words.items() if word & NOT_BACK_FILLED} == set(live)
