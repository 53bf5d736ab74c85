"""From attribute records to watts, watt-hours and litres."""

import fakes
from fakes import START, counts, raises

from ihd import wire
from ihd.clock import ticks_add
from ihd.home.meter import Meter
from ihd.tenancy.keepers import BOTH, CONSUMER, SUPPLIER_DATA

NOON = 821577600 + 43200
SCALE = "0003003000" + "01030022010000" + "02030022e80300"  # kWh, x 1, / 1000
GAS_SCALE = "0003003001" + "01030022010000" + "02030022e80300"


class Watch:
    """What a meter asks of its tenancy.watch.Watch."""

    closed = None
    cannot_tell = False


class Home(fakes.Home):
    """One meter with what it told."""

    def __init__(self, fuel="electricity", utc=NOON):
        super().__init__(fuel, utc)
        self.watch = Watch()
        self.guard.watches[self.device.number] = self.watch
        self.meter = Meter(self.device, self)

    def answer(self, records, seconds=0):
        self.meter.attributes(bytes.fromhex(records), True, ticks_add(START, seconds * 1000))


def test_power_and_register_are_scaled_to_watts_and_watt_hours():
    home = Home()
    home.answer(SCALE)
    home.answer("0004002ad20400" + "0000002540e201000000")
    assert home.facts == [("power", 1234, "W"), ("summation", 123456, "Wh")]
    assert (home.meter.watts, home.meter.register, home.meter.read_at) == (1234, 123456, NOON)


def test_octets_of_any_kind_that_a_meter_tells_are_told_as_printable_text():
    home = Home()
    for value, text in ((b"\xff\xc2\x00", "???"), (b"12 Rose Lane", "12 Rose Lane"), (bytes(range(256)), None)):
        home.meter.told(0x07020307, value, NOON)
        assert home.meter.account.value(0x07020307) == value
        what, said, unit = home.facts[-1]
        assert (what, unit) == ("07020307", "") and (said == text or text is None and len(said) == 256)
    home.meter.told(0x07020307, None, NOON)
    assert home.facts[-1] == ("07020307", None, "")


def test_export_is_negative_power():
    home = Home()
    home.answer(SCALE)
    home.answer("0004002a2efbff")
    assert home.meter.watts == -1234


def test_a_non_value_is_no_number():
    home = Home()
    home.answer(SCALE)
    home.answer("0004002ad20400")
    home.answer("0004002a000080" + "00000025ffffffffffff")
    assert home.facts[-1] == ("power", None, "W")
    assert home.meter.watts is None and home.meter.register is None


def test_nothing_is_taken_before_the_scale_is_known():
    home = Home()
    home.answer("0004002ad20400" + "0000002540e201000000")
    assert home.meter.watts is None and home.meter.register is None
    assert not home.meter.scaled()


def test_an_odd_scale_is_rational_and_towards_zero():
    home = Home()
    home.answer("0003003000" + "01030022030000" + "02030022100000")
    home.answer("0004002a050000")
    assert home.meter.watts == 937
    home.answer("0004002afbffff")
    assert home.meter.watts == -937


def test_a_scale_of_nothing_blocks_the_value():
    for scale in (
        "0003003000" + "01030022000000" + "02030022e80300",
        "0003003000" + "01030022010000" + "02030022000000",
    ):
        home = Home()
        home.answer(scale)
        home.answer("0004002ad20400")
        assert home.meter.watts is None


def test_a_unit_that_is_not_the_fuel_s_blocks_the_value():
    home = Home()
    home.answer(GAS_SCALE)
    home.answer("0004002ad20400")
    assert home.meter.watts is None
    assert counts(home.refused) == {"value": 1}


def test_gas_is_counted_in_litres():
    home = Home("gas")
    home.answer(GAS_SCALE)
    home.answer("0000002540e201000000")
    assert home.facts == [("summation", 123456, "l")]


def test_an_attribute_of_another_type_is_refused():
    home = Home()
    home.answer(SCALE)
    home.answer("00040022d20400")
    assert home.meter.watts is None
    assert counts(home.refused) == {"attribute_type": 1}


def test_an_attribute_we_do_not_use_is_stepped_over():
    home = Home()
    home.answer(SCALE)
    home.answer("0702003001" + "0004002ad20400")
    assert home.meter.watts == 1234
    assert counts(home.refused) == {}


def test_a_gas_meter_s_demand_is_no_power():
    home = Home("gas")
    home.answer(GAS_SCALE)
    home.answer("0004002ad20400")
    assert home.facts == [] and home.meter.watts is None


def test_an_unsupported_demand_is_unknown_power():
    home = Home()
    home.answer(SCALE)
    home.answer("0004002ad20400")
    home.answer("000486")
    assert home.meter.watts is None


def test_records_cut_short_are_malformed_and_what_came_before_counts():
    home = Home()
    home.answer(SCALE)
    assert raises(wire.Malformed, home.answer, "0004002ad20400" + "0000002540e2")
    assert home.meter.watts == 1234


def test_a_half_hour_is_told_when_it_closes():
    home = Home()
    home.answer(SCALE)
    home.answer("00000025e80300000000", 5)
    home.answer("000000254c0400000000", 1805)
    assert home.facts[-1] == ("half_hour", 100, "Wh")
    assert home.recorder.taken == [(0, NOON // 1800, 100, 0)]
    assert list(home.meter.used(NOON // 1800 - 1, NOON // 1800 + 2)) == [None, 100, None]


def test_a_half_hour_of_gas_is_recorded_as_the_gas_meter_s():
    home = Home("gas")
    home.answer(GAS_SCALE)
    home.answer("00000025e80300000000", 120)
    home.answer("000000254c0400000000", 1920)
    assert home.facts[-1] == ("half_hour", 100, "l")
    assert home.recorder.taken == [(1, NOON // 1800, 100, 0)]
    assert list(home.meter.used(NOON // 1800, NOON // 1800 + 1)) == [100]


def test_today_reaches_back_over_what_the_history_knows():
    home = Home()
    for half_hour in range(NOON // 1800 - 48, NOON // 1800):
        home.history.append(0, half_hour, 7)
        home.history.append(1, half_hour, 1000)  # the other meter's
    home.answer(SCALE)
    home.answer("00000025e80300000000", 5)
    home.answer("000000254c0400000000", 1805)
    assert (home.meter.today, home.meter.today_since) == (24 * 7 + 100, NOON - 43200)


def test_without_time_there_is_power_but_no_half_hour():
    home = Home(utc=None)
    home.answer(SCALE)
    home.answer("0004002ad20400" + "0000002540e201000000")
    assert home.meter.watts == 1234
    assert home.meter.read_at is None and home.meter.today is None


def test_a_number_that_is_no_text_is_told_all_the_same():
    home = Home()
    home.meter.told(0x07020307, b"19\x8000\xff\n", NOON)
    assert home.facts == [("07020307", "19?00??", "")]
    assert home.meter.account.value(0x07020307) == b"19\x8000\xff\n"


def test_silence_takes_the_power_away_but_not_the_register():
    home = Home()
    home.answer(SCALE)
    home.answer("0004002ad20400" + "0000002540e201000000")
    home.meter.silent()
    home.meter.silent()
    assert home.meter.lost and home.meter.watts is None and home.meter.register == 123456
    home.answer("0004002ad20400", 60)
    assert home.links == [True, False]
    assert home.meter.heard == NOON + 60


def read(fuel="electricity"):
    """A home whose meter was read at noon, and now, at ten past."""
    home = Home(fuel)
    home.answer(SCALE if fuel == "electricity" else GAS_SCALE)
    home.answer("0004002ad20400" + "00000025e80300000000")
    home.answer("00000025f80300000000", 600)
    return home


def told(home):
    meter = home.meter
    return meter.register, meter.read_at, meter.watts, meter.today


def test_what_was_read_before_is_held_until_it_is_forgotten():
    for before in (NOON + 601, 0xFFFFFFFF):
        home = read()
        assert home.meter.holds(0, before, CONSUMER)
        assert home.meter.forget(0, before, BOTH) is False
        assert told(home) == (None, None, None, None)
        assert not home.meter.holds(0, before, BOTH)


def test_of_what_was_read_since_only_the_day_s_sum_is_cut():
    home = read()
    assert not home.meter.holds(0, NOON, BOTH)
    home.meter.forget(0, NOON, BOTH)
    assert told(home) == (1016, NOON + 600, 1234, 16)
    assert home.meter.holds(0, NOON + 300, BOTH)
    home.meter.forget(0, NOON + 300, BOTH)
    assert told(home) == (1016, NOON + 600, 1234, None)
    assert not home.meter.holds(0, NOON + 300, BOTH)


def test_what_was_read_while_the_time_was_not_known_is_forgotten():
    home = Home(utc=None)
    home.answer(SCALE)
    home.answer("0004002ad20400" + "00000025e80300000000")
    assert home.meter.holds(0, NOON, BOTH)
    home.meter.forget(0, NOON, BOTH)
    assert told(home) == (None, None, None, None)
    assert not home.meter.holds(0, NOON, BOTH)


def test_a_meter_forgets_its_own_usage_only():
    for fuel, number in (("electricity", 0), ("gas", 1)):
        home = read(fuel)
        before = told(home)
        for meter, scope in ((1 - number, BOTH), (number, SUPPLIER_DATA)):
            assert not home.meter.holds(meter, 0xFFFFFFFF, scope)
            assert home.meter.forget(meter, 0xFFFFFFFF, scope) is False
            assert told(home) == before
        home.meter.forget(number, 0xFFFFFFFF, CONSUMER)
        assert told(home) == (None, None, None, None)


def test_the_gate_is_the_watch_s_and_closed_without_one():
    home = Home()
    assert home.meter.gate is None and home.meter.cannot_tell is False
    home.watch.closed = "FORGETTING"
    home.watch.cannot_tell = True
    assert home.meter.gate == "FORGETTING" and home.meter.cannot_tell is True
    del home.guard.watches[0]
    assert home.meter.gate == "ASKING THE METER" and home.meter.cannot_tell is False
