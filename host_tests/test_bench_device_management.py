"""What the bench's meters say of tenancy and supplier, as bytes written down by a hand that shares nothing with it."""

import subprocess
import xml.etree.ElementTree

import pytest
import tshark
from by_hand import ESME, GPF, HUB, Board, send, step

from tools.bench.zcl import RESPONSES

# 2026-01-14 00:00:00 as Zigbee UTC.
MIDNIGHT = 0x30F99900
GB_EVENT = 0x1C374A80
# GB's published test frames (RTDS GCS09, GCS44) behind frame control and sequence number.
GB_TENANCY = "00" + "00000000" + "804a371c" + "00" + "206ec61f" + "00020000"
GB_SUPPLIER = (
    "01" + "00000000" + "804a371c" + "00" + "00000000" + "00000000" + "00180000"
    "04" + b"E-ON".hex() + "0d" + b"0333 202 4650".hex()
)
GB_CONTACT = {"event": GB_EVENT, "when": "now", "control": 0x1800, "name": "E-ON", "contact": "0333 202 4650"}
HEAD = {ESME: "91" + ESME + "3f21" + "15" + "01" + "0708" + "0109", GPF: "91" + GPF + "8c02" + "09" + "01" + "07080109"}
ENDPOINTS = {ESME: 21, GPF: 9}
NONE = "ffffffff"


def little(number):
    return number.to_bytes(4, "little").hex()


def ask(board, meter, command, tsn="10"):
    """What a meter answers to GetChangeOfTenancy (0) or GetChangeOfSupplier (1), and whether it was APS-secured."""
    answer, options = board.ask(send(meter, 1, ENDPOINTS[meter], 0x0708, f"01{tsn}{command:02x}"))
    assert answer[2:4] == tsn
    return answer[:2] + answer[4:], bool(options & 0x20)


def read(board, meter, *attributes):
    """The attribute records that a meter answers with."""
    wanted = "".join(attribute.to_bytes(2, "little").hex() for attribute in attributes)
    answer, _ = board.ask(send(meter, 1, ENDPOINTS[meter], 0x0708, "002000" + wanted))
    assert answer[:6] == "182001"
    return answer[6:]


def seen(path, kind, *fields):
    """What tshark shows of the first publication of this kind. Of tenancy's control it shows the wrong bits."""
    names = [f"zbee_zcl_se.device_management.publish_change_of_{kind}.{field}" for field in fields]
    pdml = subprocess.run(["tshark", "-r", str(path), "-T", "pdml"], check=True, capture_output=True, text=True).stdout
    for packet in xml.etree.ElementTree.fromstring(pdml).iter("packet"):
        shown = {field.get("name"): field.get("show") for field in packet.iter("field")}
        if names[0] in shown:
            return [shown[name] for name in names]
    return None


def test_before_anything_happened_there_is_nothing_to_publish_and_no_time():
    board = Board()
    for meter in ENDPOINTS:
        assert ask(board, meter, 0) == ("180b" + "008b", True)
        assert ask(board, meter, 1) == ("180b" + "018b", True)
        assert read(board, meter, 0x0200, 0x0201) == "000200e2" + NONE + "0102001b00000000"
        none = "1001002300000000" + "1101004100" + "120100e2" + NONE + "1301001b00000000" + "1401004100"
        assert read(board, meter, *range(0x0110, 0x0115)) == none
        assert read(board, meter, 0x0400) == "000486"


def test_the_published_test_frames_come_unasked_and_as_answers():
    board = Board(
        step("tenancy", device="electricity", event=GB_EVENT, when="2016-11-22T02:46:56Z")
        + step("supplier", at="00:06", device="gas", **GB_CONTACT)
    )
    assert board.until(5) == [HEAD[ESME] + "21" + "0901" + GB_TENANCY]
    assert board.until(6) == [HEAD[GPF] + "21" + "0901" + GB_SUPPLIER]
    assert ask(board, ESME, 0) == ("09" + GB_TENANCY, True)
    assert ask(board, GPF, 1) == ("09" + GB_SUPPLIER, True)
    # Each meter and each kind stands for itself, and attributes are another thing.
    assert ask(board, ESME, 1) == ("180b018b", True) and ask(board, GPF, 0) == ("180b008b", True)
    assert read(board, ESME, 0x0200) == "000200e2" + NONE
    assert board.told == [
        "The electricity meter publishes a change of tenancy, at 2016-11-22 02:46:56 UTC.",
        "The gas proxy publishes a change of supplier, now.",
    ]


def test_an_answer_only_is_not_published_and_defaults_are_those_of_gb():
    board = Board(step("tenancy", device="gas", when="00:12", how="answer"))
    assert board.until(6) == []
    event, time = little(MIDNIGHT + 300), little(MIDNIGHT + 720)
    assert ask(board, GPF, 0) == ("0900" + "00000000" + event + "00" + time + "00020000", True)


def test_attributes_hold_a_change_of_tenancy_while_the_command_finds_nothing():
    board = Board(
        step("tenancy", device="gas", when="00:04:30", how="attribute", control=0x40000201)
        + step("tenancy", at="00:06", device="gas", when="now", how="attribute")
        + step("tenancy", at="00:07", device="gas", cancel=True, how="attribute")
    )
    assert board.until(5) == []
    assert ask(board, GPF, 0) == ("180b008b", True)
    assert read(board, GPF, 0x0201, 0x0200) == "0102001b01020040" + "000200e2" + little(MIDNIGHT + 270)
    board.until(6)
    assert read(board, GPF, 0x0200) == "000200e2" + little(MIDNIGHT + 360)
    board.until(7)
    assert read(board, GPF, 0x0200) == "000200e2" + NONE


def test_attributes_hold_a_change_of_supplier_and_without_contact_there_is_none():
    change = {"device": "electricity", "when": "2026-02-01T00:00:00Z", "how": "attribute", "proposed": 0x01020304}
    board = Board(
        step("supplier", name="Lion Power", contact="0800 1", **change) + step("supplier", at="00:06", **change)
    )
    board.until(5)
    name, contact = "0a" + b"Lion Power".hex(), "06" + b"0800 1".hex()
    february = little(MIDNIGHT + 18 * 86_400)
    head = "1001002304030201" + "11010041"
    tail = "120100e2" + february + "1301001b00020000"
    assert read(board, ESME, *range(0x0110, 0x0115)) == head + name + tail + "14010041" + contact
    board.until(6)
    assert read(board, ESME, *range(0x0110, 0x0115)) == head + "00" + tail + "140186"


def test_a_cancelled_change_has_no_time_and_the_same_event():
    change = {"device": "electricity", "current": 1, "proposed": 2}
    board = Board(
        step("supplier", when="00:14", **change)
        + step("supplier", at="00:06", cancel=True, **change)
        + step("tenancy", at="00:07", device="electricity", cancel=True, event=77)
    )
    assert len(board.until(5)) == 1
    event = little(MIDNIGHT + 300)
    cancelled = "01" + "01000000" + event + "00" + "02000000" + NONE + "00020000" + "00" + "00"
    assert board.until(6) == [HEAD[ESME] + "21" + "0902" + cancelled]
    assert board.until(7) == [HEAD[ESME] + "21" + "0903" + "00" + "00000000" + little(77) + "00" + NONE + "00020000"]
    assert board.told[1:] == [
        "The electricity meter publishes that a change of supplier is cancelled.",
        "The electricity meter publishes that a change of tenancy is cancelled.",
    ]


def test_repeats_come_a_second_apart_with_numbers_of_their_own():
    board = Board(step("tenancy", device="gas", when="now", event=7, times=3))
    now = "00" + "00000000" + "07000000" + "00" + "00000000" + "00020000"
    board.wait(299_500 - board.ms)
    heard = [board.wait(500) for _ in range(8)]
    assert heard[1::2] == [[]] * 4
    assert heard[::2] == [*([HEAD[GPF] + "21" + f"090{n}" + now] for n in (1, 2, 3)), []]


@pytest.mark.parametrize(
    ("forgery", "head", "options"),
    [
        ({"secured": False}, HEAD[ESME], "01"),
        ({"from": "hub"}, "91" + HUB + "0000" + "15" + "01" + "07080109", "21"),
        ({"from": "gas"}, "91" + GPF + "8c02" + "15" + "01" + "07080109", "21"),
        ({"endpoint": 43}, "91" + ESME + "3f21" + "2b" + "01" + "07080109", "21"),
    ],
)
def test_a_forged_publication_comes_from_elsewhere_and_the_meter_knows_nothing_of_it(forgery, head, options):
    forged = step("tenancy", device="electricity", event=GB_EVENT, when="2016-11-22T02:46:56Z", **forgery)
    board = Board(forged)
    assert board.until(5) == [head + options + "0901" + GB_TENANCY]
    assert ask(board, ESME, 0) == ("180b008b", True)
    assert board.told[0].startswith("The frame that pretends to be of the electricity meter publishes")


def test_a_meter_may_refuse_fail_or_keep_silent_and_recover():
    board = Board(
        step("tenancy", device="gas", when="now", event=5)
        + step("management", at="00:06", device="gas", command="unsupported")
        + step("management", at="00:07", device="gas", command="failure", kind="tenancy")
        + step("management", at="00:08", device="gas", command="silent")
        + step("management", at="00:09", device="gas", command="not_found", attributes="unsupported")
        + step("management", at="00:10", device="gas", command="publish", attributes="none")
    )
    board.until(6)
    assert [ask(board, GPF, command) for command in (0, 1)] == [("180b0081", True), ("180b0181", True)]
    assert ask(board, ESME, 0) == ("180b008b", True)
    board.until(7)
    assert [ask(board, GPF, command) for command in (0, 1)] == [("180b0001", True), ("180b0181", True)]
    board.until(8)
    for command in (0, 1):
        assert board.say(send(GPF, 1, 9, 0x0708, f"01100{command}")) == ["8b018c02000000"]
    assert read(board, GPF, 0x0200) == "000200e2" + NONE
    board.until(9)
    assert [ask(board, GPF, command) for command in (0, 1)] == [("180b008b", True), ("180b018b", True)]
    assert read(board, GPF, 0x0200, 0x0201, 0x0112, 0x0114) == "000286" + "010286" + "120186" + "140186"
    board.until(10)
    assert ask(board, GPF, 0)[0] == "0900" + "00000000" + "05000000" + "00" + "00000000" + "00020000"
    assert read(board, GPF, 0x0112) == "120100e2" + NONE
    assert board.told[2] == "The gas proxy answers otherwise on tenancy: command failure."


def test_answers_may_come_without_link_key_each_kind_of_them():
    board = Board(
        step("tenancy", device="gas", when="now", how="answer") + step("management", device="gas", secured=False)
    )
    board.until(6)
    answers = [board.ask(send(GPF, 1, 9, 0x0708, payload)) for payload in ("011000", "011101", "0012000002")]
    assert [answer[:6] for answer, _ in answers] == ["091000", "18110b", "181201"]
    assert [options for _, options in answers] == [0x01] * 3
    assert board.ask(send(GPF, 1, 3, 0x0702, "0013000000"))[1] == 0x21


def test_a_question_without_link_key_and_a_response_of_ours_are_treated_as_ever():
    board = Board(step("tenancy", device="gas", when="now"))
    board.until(5)
    assert board.ask(send(GPF, 1, 9, 0x0708, "011000", options=0)) == ("18100b" + "0001", 0x01)
    # Our Default Response to an unsolicited publication is not answered.
    assert 0x0B in RESPONSES
    assert len(board.say(send(GPF, 1, 9, 0x0708, "18010b" + "0000"))) == 1


def test_all_of_it_is_well_formed_in_a_capture(tmp_path):
    tshark.needed()
    path = tmp_path / "tenancy.pcap"
    board = Board(
        step("tenancy", device="electricity", event=GB_EVENT, when="2016-11-22T02:46:56Z")
        + step("supplier", device="gas", **GB_CONTACT)
        + step("supplier", at="00:06", device="electricity", when="00:10", how="attribute", name="Lion", contact="0")
        + step("tenancy", at="00:07", device="electricity", cancel=True),
        capture=path,
    )
    board.until(7)
    for payload in ("011000", "011101", "0012000002" + "0102" + "".join(f"1{n}01" for n in range(5))):
        board.ask(send(ESME, 1, 21, 0x0708, payload))
    board.bench.close()
    assert tshark.malformed(path) == 0
    frames = [frame for frame in tshark.frames(path) if frame.get("to_client")]
    assert [(frame["cluster"], frame["command"]) for frame in frames] == [
        (0x0708, command) for command in (0, 1, 0, 0, 0x0B, 1)
    ]
    held = {number: (status, value) for number, status, value in frames[-1]["attributes"]}
    assert held[0x0112] == (0, MIDNIGHT + 600) and held[0x0110] == (0, 0)
    shown = seen(path, "tenancy", "provider_id", "issuer_event_id", "implementation_date")
    assert shown == ["0x00000000", "0x1c374a80", "Nov 22, 2016 02:46:56.000000000 UTC"]
    assert seen(
        path,
        "supplier",
        "provider_change_control",
        "provider_proposed_provider_name",
        "provider_proposed_provider_contact_details",
    ) == ["0x00001800", "E-ON", "0333 202 4650"]
