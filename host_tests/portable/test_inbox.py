"""What becomes of frames: matched, handed on, refused, answered."""

from fakes import START, Radio, counts, indication, refusals

from ihd.clock import Clock
from ihd.han.directory import Directory
from ihd.han.exchange import Exchange
from ihd.han.inbox import Inbox
from ihd.han.network import Network
from ihd.han.timekeeper import Timekeeper

METER = bytes(range(8))


class Han:
    """The HAN rooms around a fake radio."""

    def __init__(self):
        self.radio = Radio()
        self.refused = refusals()
        self.clock = Clock()
        self.directory = Directory()
        self.reports = []
        self.found = []
        self.exchange = Exchange(self.radio, self.refused)
        self.network = Network(self.radio, self.exchange, self.directory, self.refused, self._found)
        self.timekeeper = Timekeeper(self.exchange, self.clock, self.refused, 300, lambda utc: None)
        self.inbox = Inbox(
            self.radio, self.exchange, self.directory, self.network, self.timekeeper, self.refused, self._report
        )

    def _report(self, device, payload, now):
        self.reports.append((device.name, bytes(payload)))

    def _found(self, device):
        self.found.append((device.name, device.model))

    def take(self, payload, cluster, **other):
        """What is sent in answer to this frame, as hex, and how secured; None for nothing."""
        self.radio.sent.clear()
        self.inbox.take(indication(bytes.fromhex(payload), cluster, **other), START)
        if not self.radio.sent:
            return None
        ((_, _, _, _, _, endpoint, answer, secured),) = self.radio.sent
        assert endpoint == 9
        return answer.hex(), secured


def bound():
    han = Han()
    han.directory.enter(METER, 0x5566, 9, 0x00)
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
    assert han.take("090a00", 0x0700) == ("000a0b00c3", True)
    assert han.take("010a00", 0x0006, secured=False) == ("080a0b00c3", False)
    assert counts(han.refused) == {"cluster": 2}


def test_a_manufacturer_s_command_is_answered_so():
    assert bound().take("0d1e100a42", 0x0702) == ("041e100a0b4283", True)
    assert bound().take("0c1e100a42", 0x0702) == ("041e100a0b4284", True)


def test_a_command_cut_short_is_answered_malformed():
    han = bound()
    han.take("080a0a0004", 0x0702)
    han.inbox._reported = lambda device, payload, now: _cut()
    assert han.take("080a0a0004", 0x0702) == ("000a0b0a80", True)
    assert counts(han.refused) == {"malformed": 1}


def _cut():
    from ihd.wire import Malformed

    raise Malformed


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
