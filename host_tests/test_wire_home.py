"""Which meters are of this home, over the wire: others that answer are listed or refused, and change nothing."""

from by_hand import ESME, GPF
from outsider import PAST, check_remembered, check_rewind, check_untouched, lived

NEIGHBOUR = "70b3d5c1e47e2468"


def test_T34_a_genuine_change_of_supplier_rewinds_as_one_of_tenancy_does(tmp_path):
    seen = lived("T34", tmp_path)
    receipt = check_rewind(seen, ESME, PAST, "unsolicited", 77, kind="supplier")
    assert (receipt["slots"], receipt["sectors"]) == (2 * 48 + 15, 1)
    check_untouched(seen, GPF)


def test_T42_a_second_electricity_meter_is_listed_and_changes_nothing(tmp_path):
    seen = lived("T42", tmp_path)
    ((payload, _, _, address),) = seen.answers(after=15)
    assert (payload[3:].hex(), address) == ("0000", NEIGHBOUR)
    check_untouched(seen, ESME)
    check_untouched(seen, GPF)


def test_T43_who_claims_to_be_a_meter_without_a_link_key_neither_wipes_nor_reveals(tmp_path):
    seen = lived("T43", tmp_path)
    assert seen.of("refused", 15, why="unsecured") and not seen.of("meter", meter=NEIGHBOUR)
    for meter in (ESME, GPF):
        check_remembered(seen, meter, gap=2)
