"""What users of displays complain about, over the wire: each theme a scenario, and what the flash and the panel say."""

import sys
from pathlib import Path

import pytest
from by_hand import ESME, GPF
from outsider import Outsider, lived, record

from tools import image
from tools.bench import cost
from tools.bench.british_time import local_midnight
from tools.image import HALF_HOUR

sys.path.append(str(Path(__file__).parent / "portable"))

from person import lines, power

STANDING = {"electricity": 54794, "gas": 29110}
BACK_FILLED, ESTIMATED = 1, 2


class Panel:
    """What a person sees of it, as `person` reads it."""

    def __init__(self, seen):
        self.panel = self
        picture = seen.panel.picture().convert("1")
        self.ram = bytes(
            sum((picture.getpixel((x, 8 * row + bit)) > 0) << bit for bit in range(8))
            for row in range(8)
            for x in range(128)
        )


def shown(seen):
    """(left, right) of each row of the panel."""
    return lines(Panel(seen))


def costs(octets, fuel):
    """{half-hour: (cost in 1e-5 GBP, marks)} in an image."""
    found = {}
    for sector in image.Image(octets).rings():
        if sector.name == fuel + " cost":
            for half_hour, word in enumerate(sector.words, sector.first):
                if image.is_valid(word):
                    found[half_hour] = word & 0xFFFFFF, ~(word >> 29) & 3
    return found


def reckoned(seen, fuel, half_hour):
    """What the bench itself reckons a half-hour has cost, with the standing charge if it begins the local day."""
    load, tariff = getattr(seen.life.bench, fuel + "_load"), seen.life.bench.tariffs[fuel]
    begin = half_hour * HALF_HOUR
    standing = tariff.standing(begin) if local_midnight(begin) == begin else 0
    return cost.of_energy(load, tariff, begin, begin + HALF_HOUR) + (standing or 0)


def check_cost(seen, fuel, half_hours, most=300):
    """Each of these half-hours costs what the bench reckons, but for `most` 1e-5 GBP, and so does their sum."""
    found = costs(seen.flash, fuel)
    differences = [found[each][0] - reckoned(seen, fuel, each) for each in half_hours]
    assert max(map(abs, differences)) <= most, dict(zip(half_hours, differences, strict=True))
    assert abs(sum(differences)) <= most
    return found


def now(seen):
    """The half-hour in which the scenario ended."""
    return seen.utc(seen.life.ms) // HALF_HOUR


def test_multirate_each_half_hour_costs_its_own_rate_and_one_with_a_change_both(tmp_path):
    seen = lived("complaint-multirate", tmp_path)
    midnight = seen.scenario.start // HALF_HOUR
    found = check_cost(seen, "electricity", range(midnight - 32, midnight + 4))
    live = [found[midnight + n] for n in (1, 2, 3)]
    assert [marks for _, marks in live] == [0, 0, 0]
    rates = [value / seen.used("electricity", midnight + n) for n, (value, _) in enumerate(live, 1)]
    assert 8.5 < rates[0] < 9.5 and 9.5 < rates[1] < 30.5 and 30 < rates[2] < 32
    assert {found[midnight - n][1] for n in range(1, 30)} == {BACK_FILLED}
    assert found[midnight - 40][1] == BACK_FILLED | ESTIMATED  # before the first rate that is known


def test_gas_units_litres_are_recorded_and_kwh_are_charged_and_shown(tmp_path):
    seen = lived("complaint-gas-units", tmp_path)
    end = now(seen)
    assert record(seen.flash, "gas") == {n: seen.used("gas", n) for n in range(seen.since("gas"), end)}
    check_cost(seen, "gas", range(end - 48, end))
    units = {each["unit"] for each in seen.of("fact", fuel="gas", what="half_hour")}
    assert units == {"l"} and {each["unit"] for each in seen.of("fact", fuel="gas", what="price")} == {"1e-8 GBP/kWh"}
    day = sum(seen.used("gas", n) for n in range(local_midnight(seen.utc(seen.life.ms)) // HALF_HOUR, end))
    said = shown(seen)
    in_kwh = day * 102264 * 395 // (36 * 10**5)
    assert day > 500 and said[0][0] == "GAS, kWh"
    assert said[2] == ("Today", f"{in_kwh // 1000}.{in_kwh % 1000 // 10:02}")


def test_scaling_by_odd_numbers_is_right_and_without_a_divisor_nothing_is_taken(tmp_path):
    with Outsider("complaint-scaling", tmp_path) as seen:
        seen.run(24)
        assert record(seen.flash, "electricity") == {} and costs(seen.flash, "electricity") == {}
        assert "NO READING" in shown(seen)[2][0]
        assert ("ELEC    -- kWh", "today") in shown(seen)
        seen.run()
    end = now(seen)
    for fuel, multiplier, divisor in (("electricity", 7, 2500), ("gas", 3, 1250)):
        found = record(seen.flash, fuel)
        assert sorted(found) == list(range(seen.since(fuel), end))
        for half_hour, value in found.items():
            assert abs(value - seen.used(fuel, half_hour) * multiplier * 1000 // divisor) <= 1
    watts = seen.of("fact", after=31, what="power")[-1]
    raw = seen.life.bench.electricity_load.rate(seen.utc(watts["ms"]))
    assert watts["value"] == raw * 7000 // 2500


def test_invalid_values_are_dashes_and_nothing_of_them_is_kept(tmp_path):
    with Outsider("complaint-invalid", tmp_path) as seen:
        seen.run(20)
        assert power(Panel(seen))[0].endswith("W") and seen.of("fact", what="07050001")[-1]["value"] == 1234567
        seen.run(29)
        assert "NO READING" in shown(seen)[2][0] and seen.of("fact", what="power")[-1]["value"] is None
        assert seen.of("fact", what="07050001")[-1]["value"] is None
        assert not seen.of("fact", after=28, what="summation", fuel="electricity")
        seen.run()
    # The half-hours that began or ended without a register, or with one that jumped, are the meter's own log's.
    end = now(seen)
    assert record(seen.flash, "electricity") == {
        n: seen.used("electricity", n) for n in range(seen.since("electricity"), end)
    }
    check_cost(seen, "electricity", range(end - 14, end))
    assert len(seen.of("fact", what="half_hour", fuel="electricity")) < 3
    assert seen.of("fact", what="price", fuel="electricity")[-1]["value"] == 24500000


def test_gaps_are_gaps_and_what_a_log_has_heals_them(tmp_path):
    seen = lived("complaint-gaps", tmp_path)
    end = now(seen)
    for fuel, first, count in (("electricity", "03:00", 4), ("gas", "06:00", 1)):
        hole = seen.scenario.start // 86400 * 86400 // HALF_HOUR + int(first[:2]) * 2
        wanted = set(range(seen.since(fuel), end)) - set(range(hole, hole + count))
        found = record(seen.flash, fuel)
        assert found == {n: seen.used(fuel, n) for n in sorted(wanted)}, fuel
    assert "ELEC" in shown(seen)[4][0]
    lost = seen.of("meter", meter=ESME, lost=True)
    assert lost and seen.of("screen")[-1]["name"] == "now"
    assert not seen.of("meter", meter=GPF, lost=True)


def test_clock_change_the_night_in_which_summer_begins_has_no_slot_twice_and_one_standing_charge(tmp_path):
    seen = lived("complaint-summer-begins", tmp_path)
    end = now(seen)
    found = check_cost(seen, "electricity", range(end - 30, end))
    midnight = (seen.scenario.start + 20 * 60) // HALF_HOUR
    assert found[midnight][0] > STANDING["electricity"] > found[midnight + 1][0]
    assert sorted(record(seen.flash, "electricity")) == list(range(seen.since("electricity"), end))


@pytest.mark.parametrize("name, half_hours, date", [("summer", 46, "29 Mar"), ("winter", 50, "25 Oct")])
def test_clock_change_its_day_has_its_own_length_and_one_standing_charge(name, half_hours, date, tmp_path):
    seen = lived(f"complaint-{name}-day", tmp_path)
    end = local_midnight(seen.utc(seen.life.ms)) // HALF_HOUR
    day = range(end - half_hours, end)
    for fuel in ("electricity", "gas"):
        found = check_cost(seen, fuel, (*day, end))
        assert min(found[day[0]][0], found[end][0]) >= STANDING[fuel]
    used = sum(seen.used("electricity", n) for n in day)
    said = shown(seen)
    assert said[0][0] == "ELEC DAYS, kWh"
    assert said[1][0] == f"{date} " + f"{used // 1000}.{used % 1000 // 10:02}".rjust(8)


def test_only_electricity_the_screen_says_that_there_is_no_gas_meter(tmp_path):
    seen = lived("complaint-electricity-only", tmp_path)
    said = shown(seen)
    assert ("GAS", "no meter") in said and power(Panel(seen))[0].endswith("W")
    assert len(record(seen.flash, "electricity")) > 90 and not record(seen.flash, "gas")
    assert seen.of("screen")[-1]["name"] == "now"


def test_only_gas_the_screen_says_that_there_is_no_electricity_meter(tmp_path):
    seen = lived("complaint-gas-only", tmp_path)
    said = shown(seen)
    assert "NO ELECTRICITY" in said[2][0] and "METER FOUND" in said[3][0]
    assert [left for left, _ in said if left.startswith("GAS  ")]
    assert len(record(seen.flash, "gas")) > 90 and not record(seen.flash, "electricity")
