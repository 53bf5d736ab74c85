"""What becomes of frames: matched, handed on, refused, answered."""

from fakes import START, Radio, counts, indication, refusals

from ihd import wire
from ihd.clock import Clock
from ihd.han.dialogue import Dialogue
from ihd.han.directory import Directory
from ihd.han.exchange import OWN, Exchange, Request
from ihd.han.inbox import Inbox
from ihd.han.network import Network
from ihd.han.timekeeper import Timekeeper

METER = bytes(range(8))
TENANCY = "00000000" + "07000000" + "00" + "20a1c41f" + "00020000"  # a PublishChangeOfTenancy payload


class Han:
    """The HAN rooms around a fake radio."""

    def __init__(self):
        self.radio = Radio()
        self.refused = refusals()
        self.clock = Clock()
        self.directory = Directory()
        self.reports = []
        self.publications = []
        self.heard = []
        self.verdict = 0  # the status that a publication is answered with; None for no answer
        self.found = []
        self.exchange = Exchange(self.radio, self.refused)
        self.network = Network(self.radio, self.exchange, self.directory, self.refused, self._found)
        self.timekeeper = Timekeeper(self.exchange, self.clock, self.refused, 300, lambda utc: None)
        self.inbox = Inbox(
            self.radio,
            self.exchange,
            self.directory,
            self.network,
            self.timekeeper,
            self.refused,
            self._report,
            self._publish,
            self._hear,
        )

    def _report(self, device, payload, now):
        self.reports.append((device.name, bytes(payload)))

    def _publish(self, device, command, payload, now):
        self.publications.append((device.name, command, bytes(payload)))
        return self.verdict

    def _hear(self, device, indication, sequence, command, payload, now, asked):
        self.heard.append((device.name, indication.cluster, command, bytes(payload)))
        return self.verdict

    def _found(self, device):
        self.found.append((device.name, device.model))

    def take(self, payload, cluster, **other):
        """What is sent in answer to this frame, as hex, and how secured; None for nothing."""
        self.radio.sent.clear()
        self.inbox.take(indication(bytes.fromhex(payload), cluster, **other), START)
        if not self.radio.sent:
            return None
        ((_, _, _, _, _, endpoint, answer, secured),) = self.radio.sent
        assert endpoint == other.get("source_endpoint", 9)
        return answer.hex(), secured

    def ask(self, cluster, payload, answer):
        """Ask the bound meter; returns the list of the answers that its dialogue is given."""
        answers = []

        def script():
            got = yield Request(METER, 0x5566, 9, cluster, 0x0109, bytes.fromhex(payload), answer)
            answers.append(got and (got[0], bytes(got[1]).hex()))

        dialogue = Dialogue(self.exchange)
        dialogue.begin(script(), START)
        dialogue.step(START)
        return answers


def bound():
    han = Han()
    han.directory.enter(METER, 0x5566, 9, 0x00).management = 9
    return han


def test_a_report_of_the_bound_meter_is_handed_on_and_acknowledged():
    han = bound()
    assert han.take("080a0a0004" + "2ad20400", 0x0702) == ("000a0b0a00", True)
    assert han.reports == [("0001020304050607", bytes.fromhex("00042ad20400"))]


def test_a_report_that_wants_no_answer_gets_none():
    han = bound()
    assert han.take("180a0a00042ad20400", 0x0702) is None
    assert len(han.reports) == 1


def test_an_unsecured_smart_energy_frame_changes_nothing_and_is_answered_failure_unsecured():
    for secured in (False, None):
        han = bound()
        assert han.take("180a0a00042ad20400", 0x0702, secured=secured) == ("000a0b0a01", False)
        assert han.reports == []
        assert counts(han.refused) == {"unsecured": 1}


def test_an_unsecured_default_response_is_never_answered():
    han = bound()
    assert han.take("180a0b0001", 0x0702, secured=False) is None
    assert counts(han.refused) == {"unsecured": 1}


def test_every_smart_energy_cluster_needs_encryption():
    for cluster in list(range(0x0700, 0x070C)) + [0x0015, 0x0019]:
        han = bound()
        han.take("090a00", cluster, secured=False)
        assert counts(han.refused) == {"unsecured": 1}


def test_a_broadcast_is_never_answered():
    han = bound()
    assert han.take("090a42", 0x0702, broadcast=True) is None
    assert han.take("090a42", 0x0702, broadcast=True, secured=False) is None


def test_a_report_of_a_stranger_or_of_another_endpoint_is_refused():
    han = bound()
    han.take("180a0a00042ad20400", 0x0702, source=bytes(8))
    han.take("180a0a00042ad20400", 0x0702, source_endpoint=10)
    assert han.reports == []
    assert counts(han.refused) == {"stranger": 2}


def test_a_report_of_a_meter_that_is_not_bound_is_refused():
    han = bound()
    han.directory.enter(b"12345678", 0x7788, 9, 0x00)
    han.take("180a0a00042ad20400", 0x0702, source=b"12345678")
    assert han.reports == []
    assert counts(han.refused) == {"stranger": 1}


def test_an_unknown_cluster_command_is_answered_so():
    han = bound()
    assert han.take("090a4200", 0x0702) == ("000a0b4281", True)
    assert counts(han.refused) == {"command": 1}


def test_an_unknown_general_command_is_answered_so():
    assert bound().take("080a42", 0x0702) == ("000a0b4282", True)


def test_an_unknown_cluster_is_answered_so():
    han = bound()
    assert han.take("090a00", 0x0709) == ("000a0b00c3", True)
    assert han.take("010a00", 0x0006, secured=False) == ("080a0b00c3", False)
    assert counts(han.refused) == {"cluster": 2}


def test_a_manufacturer_s_command_is_answered_so():
    assert bound().take("0d1e100a42", 0x0702) == ("041e100a0b4283", True)
    assert bound().take("0c1e100a42", 0x0702) == ("041e100a0b4284", True)


def test_a_command_cut_short_is_answered_malformed():
    han = bound()
    han.take("080a0a0004", 0x0702)
    han.inbox._reported = han.inbox._published = han.inbox._heard = cut
    assert han.take("080a0a0004", 0x0702) == ("000a0b0a80", True)
    assert han.take("190a00" + TENANCY[:-2], 0x0708) == ("000a0b0080", True)
    assert counts(han.refused) == {"malformed": 2}


def cut(*_):
    raise wire.Malformed


def test_a_frame_without_a_header_is_counted_and_dropped():
    han = bound()
    for payload in ("", "09", "0901", "020000"):
        assert han.take(payload, 0x0702) is None
    assert counts(han.refused) == {"malformed": 4}


def test_other_profiles_and_endpoints_are_not_ours():
    han = bound()
    assert han.take("010a00", 0x0006, profile=0x0104) is None
    assert han.take("010a00", 0x0702, endpoint=2) is None
    assert counts(han.refused) == {"profile": 1, "endpoint": 1}


def test_an_answer_to_no_question_is_counted():
    han = bound()
    assert han.take("180a010004002ad20400", 0x0702) is None
    assert han.take("080a0b0081", 0x0702) is None
    assert counts(han.refused) == {"unasked": 2}


def test_an_answer_to_our_question_goes_to_who_asked():
    han = bound()
    answers = han.ask(0x0702, "00070000040000", 1)
    assert han.take("180701" + "00042ad20400", 0x0702) is None
    assert answers == [(1, "00042ad20400")]
    assert counts(han.refused) == {}


def test_an_answer_comes_from_a_server_to_us_alone_and_is_what_was_asked_for():
    for payload, other in (
        ("100701" + "00042ad20400", {}),  # from a client
        ("180701" + "00042ad20400", {"broadcast": True}),
        ("1c1e100701" + "00042ad20400", {}),  # a manufacturer's
        ("180704" + "00", {}),  # Write Attributes Response
        ("18070b" + "0186", {}),  # a Default Response to Read Attributes Response
        ("18070b", {}),
    ):
        han = bound()
        answers = han.ask(0x0702, "00070000040000", 1)
        assert han.take(payload, 0x0702, **other) is None
        assert answers == [] and counts(han.refused) == {"unasked": 1}, payload
        han.take("180701" + "00042ad20400", 0x0702)
        assert len(answers) == 1, payload


def test_a_default_response_to_our_question_is_its_answer():
    han = bound()
    answers = han.ask(0x0702, "00070000040000", 1)
    assert han.take("08070b" + "0086", 0x0702) is None
    assert answers == [(0x0B, "0086")]
    assert counts(han.refused) == {"default_response": 1}


def test_that_a_meter_has_nothing_to_publish_is_no_refusal():
    for cluster, payload, answer in ((0x0708, "010700", OWN), (0x0702, "010708", OWN | 7)):
        han = bound()
        answers = han.ask(cluster, payload, answer)
        assert han.take("18070b" + payload[4:] + "8b", cluster) is None
        assert answers == [(0x0B, payload[4:] + "8b")] and counts(han.refused) == {}


def test_what_a_meter_refuses_an_enquiry_with_is_for_the_enquiry_to_judge():
    han = bound()
    answers = han.ask(0x0708, "010700", OWN)
    han.take("18070b" + "0081", 0x0708)
    assert answers == [(0x0B, "0081")] and counts(han.refused) == {}


def test_a_default_response_that_names_another_command_than_ours_is_unasked():
    han = bound()
    answers = han.ask(0x0708, "010700", OWN)
    assert han.take("18070b" + "018b", 0x0708) is None
    assert answers == [] and counts(han.refused) == {"unasked": 1}
    han.take("18070b" + "008b", 0x0708)
    assert answers == [(0x0B, "008b")]


def test_a_publication_of_the_bound_meter_is_handed_on_and_its_status_answered():
    for command in (0, 1):
        for verdict in (0x00, 0x8B):
            han = bound()
            han.verdict = verdict
            answer = han.take("092c%02x" % command + TENANCY, 0x0708)
            assert answer == ("002c0b%02x%02x" % (command, verdict), True)
            assert han.publications == [("0001020304050607", command, bytes.fromhex(TENANCY))]
            assert counts(han.refused) == {}


def test_a_publication_that_wants_no_answer_gets_one_only_when_it_is_refused():
    han = bound()
    assert han.take("192c00" + TENANCY, 0x0708) is None
    han.verdict = 0x8B
    assert han.take("192c00" + TENANCY, 0x0708) == ("002c0b008b", True)
    han.verdict = None
    assert han.take("092c00" + TENANCY, 0x0708) is None
    assert len(han.publications) == 3


def test_a_publication_that_answers_our_question_goes_to_who_asked_and_is_not_answered():
    for command in (0, 1):
        han = bound()
        answers = han.ask(0x0708, "0107%02x" % command, OWN | command)
        assert han.take("0907%02x" % command + TENANCY, 0x0708) is None
        assert answers == [(OWN | command, TENANCY)]
        assert han.publications == [] and counts(han.refused) == {}


def test_a_publication_of_the_other_kind_than_we_asked_for_is_unsolicited():
    han = bound()
    answers = han.ask(0x0708, "010700", OWN)
    assert han.take("090701" + TENANCY, 0x0708) == ("00070b0100", True)
    assert answers == [] and len(han.publications) == 1


def test_a_publication_of_a_stranger_or_of_another_endpoint_is_refused():
    han = bound()
    han.directory.enter(b"12345678", 0x7788, 9, 0x00).management = 9  # listed, not bound
    for other in ({"source": bytes(8)}, {"source_endpoint": 10}, {"source": b"12345678"}):
        assert han.take("092c00" + TENANCY, 0x0708, **other) == ("002c0b0000", True)
    assert han.publications == []
    assert counts(han.refused) == {"stranger": 3}


def test_a_publication_counts_from_the_endpoint_of_device_management_not_of_metering():
    han = bound()
    han.directory.find(METER).management = 10
    han.take("092c00" + TENANCY, 0x0708)
    assert han.publications == [] and counts(han.refused) == {"stranger": 1}
    assert han.take("092c00" + TENANCY, 0x0708, source_endpoint=10) == ("002c0b0000", True)
    assert len(han.publications) == 1


def test_a_publication_to_all_is_refused_and_answers_no_question():
    han = bound()
    answers = han.ask(0x0708, "010700", OWN)
    assert han.take("090700" + TENANCY, 0x0708, broadcast=True) is None
    assert han.publications == [] and answers == []
    assert counts(han.refused) == {"broadcast": 1}


def test_an_unsecured_publication_changes_nothing():
    for secured in (False, None):
        han = bound()
        answers = han.ask(0x0708, "010700", OWN)
        assert han.take("090700" + TENANCY, 0x0708, secured=secured) == ("00070b0001", False)
        assert han.publications == [] and answers == []
        assert counts(han.refused) == {"unsecured": 1}


def test_a_publication_the_wrong_way_or_of_another_kind_is_none():
    han = bound()
    assert han.take("012c00" + TENANCY, 0x0708) == ("082c0b00c3", True)  # to a server that we are not
    assert han.take("092c02" + TENANCY, 0x0708) == ("002c0b0200", True)  # other numbers, but not in vain
    assert han.take("0d1e102c00" + TENANCY, 0x0708) == ("041e102c0b0083", True)
    assert han.publications == []
    assert [each[:3] for each in han.heard] == [("0001020304050607", 0x0708, 2)]
    assert counts(han.refused) == {"cluster": 1, "command": 1}


def test_our_basic_cluster_says_what_we_are():
    han = bound()
    answer, secured = han.take("000a00" + "0000" + "0400" + "0500" + "0700" + "0342", 0x0000, secured=False)
    records = "00000020 08" + "04000042 0e" + b"Open reference".hex() + "05000042 03" + b"IHD".hex() + "07000030 01"
    assert answer == "180a01" + records.replace(" ", "") + "034286"
    assert secured is False


def test_our_zdo_answers():
    han = bound()
    assert han.take("073412", 0x0005, profile=0, secured=False, source_endpoint=9) == ("070034120101", False)


def test_zdo_is_not_answered_before_we_know_our_own_address():
    han = bound()
    han.radio.eui64 = None
    assert han.take("073412", 0x0002, profile=0, secured=False) is None
    assert counts(han.refused) == {"busy": 1}


def test_zdo_that_is_not_handled_is_counted():
    han = bound()
    assert han.take("0700", 0x0031, profile=0, secured=False) == ("0784", False)
    assert han.take("07003412", 0x8002, profile=0, secured=False) is None
    assert han.take("", 0x0002, profile=0, secured=False) is None
    assert counts(han.refused) == {"zdo": 1, "unasked": 1, "malformed": 1}


def test_a_radio_without_room_loses_the_answer_and_counts_it():
    han = bound()
    han.radio.room = False
    assert han.take("090a42", 0x0702) is None
    assert counts(han.refused) == {"command": 1, "busy": 1}
