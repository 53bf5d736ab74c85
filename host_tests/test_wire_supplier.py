"""A genuine change of supplier over the wire: tariff, message, balance and contact of the old one go; usage by setting.

And before it nothing that a supplier may say, a price, a message or a name, forgets anything.
"""

import pytest
from by_hand import ESME, GPF
from outsider import Outsider, check_gone, check_kept, check_untouched, record
from test_wire_complaints import costs, shown

OLD = ("Dear Ms Smith", "0800 111", "0800 222", "Old Ltd", "Older Ltd")


@pytest.fixture
def lived(tmp_path):
    """A function that gives the Outsider of the change, lived with a setting, and the flash as it was before."""

    def live(setting):
        with Outsider("T34-account", tmp_path, settings={"supplier_change": setting}) as seen:
            seen.run(24)
            before = seen.flash
            seen.run()
            return seen, before

    return live


@pytest.mark.parametrize("setting, scope", [("rewind", "BOTH"), ("supplier-data", "SUPPLIER")])
def test_T34_what_the_old_supplier_charged_and_said_goes_with_both_settings(lived, setting, scope):
    seen, before = lived(setting)
    (begun,) = seen.of("rewind", phase="begin")
    assert (begun["meter"], begun["scope"], begun["kind"]) == (ESME, scope, "supplier")
    check_untouched(seen, GPF)
    facts = [each for each in seen.of("fact", after=25, meter=ESME) if each["ms"] > begun["ms"]]
    told = {}
    for each in facts:
        told.setdefault(each["what"], []).append(each["value"])
    assert 31000000 not in told["price"] and told["price"][0] == 20000000
    assert told["07050001"] == [500000] and told["07000301"] == [40000] and told["07080101"] == ["New Ltd"]
    assert "message" not in told and not {value for values in told.values() for value in values} & set(OLD)
    said = shown(seen)
    assert said[0][0] == "ELECTRICITY TARIFF" and said[1] == ("New Ltd", "0800 333")
    assert said[2][1] == "20.000p/kWh" and ("Each day", "40.000p") in said
    floor = begun["floor"]
    if scope == "BOTH":
        check_gone(before, seen.flash)
        assert not [
            n for n in (*record(seen.flash, "electricity"), *costs(seen.flash, "electricity")) if n < floor // 1800
        ]
        (receipt,) = seen.of("receipt")
        assert receipt["slots"] == len(record(before, "electricity")) + len(costs(before, "electricity"))
    else:
        check_kept(seen, before, seen.flash, "electricity", 0)
        assert len(record(before, "electricity")) > 100 and len(costs(before, "electricity")) > 100
        assert costs(before, "electricity").items() <= costs(seen.flash, "electricity").items()


def test_T33_what_a_supplier_may_say_forgets_nothing(tmp_path):
    with Outsider("T34-account", tmp_path) as seen:
        seen.run(24)
        assert not seen.of("rewind") and not seen.of("receipt")
        check_untouched(seen, ESME)
        assert [each["value"] for each in seen.of("fact", what="price", meter=ESME)][-1] == 31000000
        assert [each["value"] for each in seen.of("fact", what="message")] == [7]
