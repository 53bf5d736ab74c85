"""Supplier data alone, clocks that jump, meters exchanged, homes left, a factory reset: over the wire."""

from by_hand import ESME, GPF
from outsider import (
    METERS,
    PAST,
    START,
    check_destroyed,
    check_gone,
    check_kept,
    check_past,
    check_rewind,
    check_untouched,
    lived,
    record,
)

from tools import image
from tools.image import HALF_HOUR

OTHER_GPF = "70b3d5c1e4aa0f99"


def floors(seen, meter):
    """The floors of a meter in the journal, of usage and of supplier data."""
    return [image.Image(seen.flash).journal.floors().get((METERS.index(meter), scope)) or 0 for scope in (1, 2)]


def test_T32_a_floor_from_a_clock_that_was_ahead_is_lowered_and_the_change_comes_again(tmp_path):
    seen = lived("T32", tmp_path)
    due = START + 3600
    receipts = seen.of("receipt")
    assert {(each["meter"], each["floor"], each["issuer_event_id"]) for each in receipts} == {(ESME, due, 80)}
    assert len(receipts) == 2 and floors(seen, ESME) == [due, due]
    assert min(record(seen.flash, "electricity"), default=due) >= image.first_kept(due)
    # Of gas everything from before the jump is there, nothing that the wrong clock dated, and all of it is true.
    now = seen.utc(seen.life.ms) // HALF_HOUR
    check_past(seen, seen.flash, "gas", START // HALF_HOUR)
    check_kept(seen, seen.flash, seen.flash, "gas", 0)
    assert max(record(seen.flash, "gas")) < now and floors(seen, GPF) == [0, 0]


def test_T34_a_change_of_supplier_may_leave_usage_alone_unless_a_bit_clears_it(tmp_path):
    seen = lived("T34-supplier-data", tmp_path)
    check_past(seen, seen.flash, "electricity", seen.utc(seen.life.ms) // HALF_HOUR - 1)
    check_kept(seen, seen.flash, seen.flash, "electricity", 0)
    assert floors(seen, ESME) == [0, PAST]
    check_rewind(seen, GPF, PAST, "unsolicited", 77, kind="supplier")


def test_T37_in_a_new_home_nothing_of_the_old_one_is_left(tmp_path):
    seen = lived("T37", tmp_path)
    for meter in METERS:
        (receipt,) = seen.of("receipt", meter=meter)
        assert (receipt["source"], receipt["issuer_event_id"], receipt["verified"]) == ("home", None, True)
        assert receipt["floor"] - seen.utc(receipt["ms"]) in range(-20, 1)
        assert receipt["slots"] > 100
        check_gone(seen.images[meter], seen.flash)
    journal = image.Image(seen.flash).journal
    bound = {each.eui64 for each in journal.bindings()[0]}
    others = {seen.scenario.eui64s["other_electricity"], seen.scenario.eui64s["other_gas"]}
    assert bound == others and journal.open_intents() == []
    old = seen.of("fact", after=70, meter=ESME)
    assert not [fact for fact in old if fact["what"] != "power"]


def test_T41_an_exchanged_hub_forgets_nothing_and_gas_goes_on(tmp_path):
    seen = lived("T41", tmp_path)
    check_untouched(seen, ESME)
    found = record(seen.flash, "gas")
    first, lost = seen.since("gas"), (START + 15 * 60) // HALF_HOUR
    assert [found.get(each) for each in range(first, lost)] == [seen.used("gas", each) for each in range(first, lost)]
    assert floors(seen, GPF) == [0, 0] and not seen.of("receipt")
    bound = {each.meter: each.eui64 for each in image.Image(seen.flash).journal.bindings()[0]}
    assert bound == {0: ESME, 1: OTHER_GPF}


def test_T47_a_factory_reset_leaves_nothing_and_takes_nothing_older_again(tmp_path):
    seen = lived("T47", tmp_path)
    (floor,) = {receipt["floor"] for receipt in seen.of("receipt")}
    assert floor - (START + 15 * 60 + 16) in (-1, 0)
    for meter, fuel in zip(METERS, ("electricity", "gas"), strict=True):
        (receipt,) = seen.of("receipt", meter=meter)
        assert (receipt["source"], receipt["issuer_event_id"]) == ("reset", None)
        check_destroyed(seen.images[meter], seen.flash, meter, receipt)
        assert min(record(seen.flash, fuel), default=floor) >= image.first_kept(floor)
    check_kept(seen, seen.flash, seen.flash, "electricity", 0)
