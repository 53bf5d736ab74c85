"""The hub's questions to the display's own node, answered by hand: well, badly, and not at all."""

from by_hand import COORDINATOR, HUB, Board, send, step, zdo

OWN = bytes.fromhex("0013a20041d5e0c7")[::-1].hex() + "d15a"
# Cluster of the question: the answer after its sequence number.
GOOD = {
    "0000": "00" + OWN,
    "0001": "00" + OWN,
    "0002": "00d15a" + "01408e" + "0000" + "52" + "ff00" + "0000" + "ff00" + "00",
    "0003": "00d15a" + "10c1",
    "0004": "00d15a" + "0e" + "01" + "0901" + "0205" + "00" + "01" + "0000" + "02" + "0a000207",
    "0005": "00d15a" + "01" + "01",
    "0006": "00d15a" + "01" + "01",
}


def interview(answers, basic):
    """The bench after it has asked; basic: what answers a read of the Basic cluster, from the command on."""
    board = Board(step("ask", at="00:01"))
    heard = board.until(1)
    while heard:
        (question,) = (frame for frame in heard if frame.startswith("91"))
        assert question[2:18] == HUB and question[22:24] in ("00", "07")
        cluster, payload = question[26:30], question[36:]
        if question[30:34] == "0109":
            answer = send(COORDINATOR, 1, 7, 0x0000, "18" + payload[2:4] + basic, options=0)
        elif answers.get(cluster) is None:
            heard = board.wait(5000)
            continue
        else:
            answer = zdo(COORDINATOR, 0x8000 | int(cluster, 16), payload[:2] + answers[cluster])
        heard = [frame for frame in board.say(answer) if frame.startswith("91")]
    return board.bench


def test_good_answers_are_kept_by_name_and_leave_no_fault():
    bench = interview(GOOD, basic="01" + "040000" + "4203494844" + "050086")
    assert bench.faults == []
    answers = bench.answers
    assert sorted(answers) == sorted(
        ["NWK_addr_rsp", "IEEE_addr_rsp", "Node_Desc_rsp", "Power_Desc_rsp", "Simple_Desc_rsp 1", "Active_EP_rsp"]
        + ["Match_Desc_rsp", "Basic 1"]
    )
    assert answers["NWK_addr_rsp"]["NWKAddr"] == 0x5AD1
    assert str(answers["IEEE_addr_rsp"]["IEEEAddr"]) == "00:13:a2:00:41:d5:e0:c7"
    assert answers["Node_Desc_rsp"]["NodeDescriptor"].maximum_buffer_size == 82
    assert answers["Match_Desc_rsp"]["MatchList"] == [1]
    descriptor = answers["Simple_Desc_rsp 1"]["SimpleDescriptor"]
    assert (descriptor.profile, descriptor.device_type) == (0x0109, 0x0502)
    assert (descriptor.input_clusters, descriptor.output_clusters) == ([0x0000], [0x000A, 0x0702])
    assert answers["Basic 1"] == {0x0004: "IHD", 0x0005: 0x86}


def test_a_refused_basic_cluster_is_an_answer_too():
    bench = interview(GOOD, basic="0b" + "00" + "c3")
    assert bench.faults == []
    assert bench.answers["Basic 1"] == {0x0000: 0xC3}


def test_each_missing_answer_is_a_fault_and_the_next_question_is_asked():
    bench = interview(GOOD | {"0003": None, "0006": None}, basic="0b00c3")
    assert [fault.partition(": ")[2] for fault in bench.faults] == [
        "the display gave no Power_Desc_rsp within 5 s",
        "the display gave no Match_Desc_rsp within 5 s",
    ]
    assert bench.answers["Active_EP_rsp"]["Status"] == 0


def test_answers_that_are_too_short_or_too_long_are_faults():
    for cluster, answer in (("0002", "00d15a0140"), ("0001", "00" + OWN[:12]), ("0005", "00d15a010199")):
        bench = interview(GOOD | {cluster: answer}, basic="0b00c3")
        assert len(bench.faults) == 1 and "cannot be decoded" in bench.faults[0], (cluster, bench.faults)
