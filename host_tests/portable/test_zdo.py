"""What we say of our own node."""

from fakes import raises

from ihd import wire
from ihd.han import descriptors

EUI64 = bytes.fromhex("0013a20001020304")
LITTLE = bytes(reversed(EUI64))
SHORT = 0x1234


def answer(cluster, payload, broadcast=False):
    return descriptors.answer(cluster, bytes.fromhex(payload), broadcast, EUI64, SHORT)


def test_addresses():
    assert answer(0x0000, "07" + LITTLE.hex() + "0000") == b"\x07\x00" + LITTLE + b"\x34\x12"
    assert answer(0x0001, "0734120000") == b"\x07\x00" + LITTLE + b"\x34\x12"
    assert answer(0x0001, "0734120100") == b"\x07\x00" + LITTLE + b"\x34\x12\x00"
    assert answer(0x0001, "0734120700") == b"\x07\x80" + LITTLE + b"\x34\x12"


def test_addresses_of_others_are_not_ours_to_tell():
    assert answer(0x0000, "07" + "11" * 8 + "0000", True) is None
    assert answer(0x0000, "07" + "11" * 8 + "0000")[1] == 0x81
    assert answer(0x0001, "0799990000")[1] == 0x81


def test_node_and_power_descriptors():
    assert answer(0x0002, "073412") == bytes.fromhex("07003412" + "01408e1e1052ff000000ff0000")
    assert answer(0x0003, "073412") == bytes.fromhex("0700341210c1")


def test_active_endpoints():
    assert answer(0x0005, "073412") == bytes.fromhex("070034120101")


def test_simple_descriptor():
    described = (
        "01" + "0901" + "0205" + "00" + "01" + "0000" + "06" + "0a00" + "0007" + "0207" + "0307" + "0507" + "0807"
    )
    assert answer(0x0004, "07341201") == bytes.fromhex("07003412" + "16" + described)
    assert answer(0x0004, "07341205") == bytes.fromhex("0783341200")
    assert answer(0x0004, "073412ff") == bytes.fromhex("0782341200")


def test_match_descriptor():
    assert answer(0x0006, "07fdff0901" + "010000" + "00") == bytes.fromhex("070034120101")
    assert answer(0x0006, "0734120901" + "00" + "010207") == bytes.fromhex("070034120101")
    assert answer(0x0006, "0734120901" + "010207" + "00") == bytes.fromhex("0700341200")
    assert answer(0x0006, "07fdff0901" + "010207" + "00", True) is None
    assert answer(0x0006, "07fdff0401" + "010000" + "00", True) is None


def test_descriptors_of_others_are_not_found():
    assert answer(0x0002, "079999") == bytes.fromhex("07819999")
    assert answer(0x0005, "079999") == bytes.fromhex("0781999900")
    assert answer(0x0002, "079999", True) is None


def test_other_requests_are_not_supported():
    assert answer(0x0031, "0700") == b"\x07\x84"
    assert answer(0x0031, "0700", True) is None


def test_a_request_cut_short_is_malformed():
    for cluster, payload in ((0x0000, "07"), (0x0002, "0734"), (0x0004, "073412"), (0x0006, "0734120901"), (2, "")):
        assert raises(wire.Malformed, answer, cluster, payload)
