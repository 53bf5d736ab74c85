"""The planted defects of prices and cost."""

from planting import Mutant

COST = "firmware/ihd/home/cost.py"
ACCOUNT = "firmware/ihd/home/account.py"
ENTERING = "firmware/ihd/home/entering.py"
METER = "firmware/ihd/home/meter.py"
PUBLICATIONS = "firmware/ihd/home/publications.py"

UNIT = "host_tests/portable/test_cost.py::test_"
YEAR = "host_tests/test_cost_year.py::test_"
FUZZ = "host_tests/test_fuzz_client.py::test_spoilt_frames_raise_nothing_and_grow_nothing_and_power_is_shown_after_them"

MUTANTS = [
    Mutant(
        "the fraction of a half-hour is lost",
        COST,
        "        self._carry = total % _UNIT\n",
        "        self._carry = 0\n",
        YEAR + "nothing_of_the_year_s_money_is_lost_between_half_hours",
    ),
    Mutant(
        "the fraction of a litre's cost is lost",
        COST,
        "        self._rest = total % denominator\n",
        "        self._rest = 0\n",
        YEAR + "a_year_of_gas_costs_what_its_litres_heat_and_no_fraction_is_lost",
    ),
    Mutant(
        "what is used within a second costs nothing",
        COST,
        "if at is not None and before < register <= before",
        "if at is not None and at < utc and before < register <= before",
        UNIT + "what_is_read_twice_in_a_second_is_charged_once_and_wholly",
    ),
    Mutant(
        "a switch between two readings is not seen",
        COST,
        "for change in account.changes(at, utc) + [utc]:",
        "for change in [utc]:",
        YEAR + "between_two_readings_energy_is_split_evenly_at_the_switch",
    ),
    Mutant(
        "what was used before its price came is not charged",
        COST,
        "                self._seen = utc, register\n                return\n",
        "                self._at, self._register = utc, register\n                return\n",
        UNIT + "a_price_that_comes_late_in_the_half_hour_charges_what_was_used_since_it_began",
    ),
    Mutant(
        "a fraction outlives a rewind",
        COST,
        "            self._carry = self._rest = 0\n            self._since = before\n",
        "            self._since = before\n",
        YEAR + "a_rewind_begins_the_year_s_fraction_anew",
    ),
    Mutant(
        "a standing charge on the first half-hour of a day of UTC",
        METER,
        "return self._home.clock.local.day(half_hour * HALF_HOUR)[0] == half_hour * HALF_HOUR",
        "return half_hour % 48 == 0",
        YEAR + "every_half_hour_of_a_year_of_economy_7_costs_what_it_costs",
    ),
    Mutant(
        "what is read back bears no standing charge",
        METER,
        "cost = self.cost.once(self.account, half_hour, used, self._begins_day(half_hour))",
        "cost = self.cost.once(self.account, half_hour, used, False)",
        YEAR + "an_outage_is_read_back_and_costs_what_it_cost_when_it_was_used",
    ),
    Mutant(
        "a price that has ended is taken for certain",
        ACCOUNT,
        "found, sure = each, each[1] is None or utc < each[1]",
        "found, sure = each, True",
        UNIT + "a_price_that_has_ended_holds_on_as_an_estimate",
    ),
    Mutant(
        "an overtaken price stays",
        ENTERING,
        "continue  # overtaken",
        "pass  # overtaken",
        UNIT + "a_newer_event_overtakes_the_prices_that_it_covers",
    ),
    Mutant(
        "euros are taken for pounds",
        PUBLICATIONS,
        "if currency != price.POUNDS or amount is None",
        "if amount is None",
        UNIT + "a_price_in_no_money_that_is_known_is_refused",
    ),
    Mutant(
        "a name that is no text ends the program",
        METER,
        "wire.printable(value) if isinstance(value, bytes)",
        'str(value, "utf-8") if isinstance(value, bytes)',
        FUZZ,
    ),
    Mutant(
        "prices are kept for ever",
        ENTERING,
        "if len(prices) > _MOST_PRICES:",
        "if not prices:",
        UNIT + "of_many_prices_the_past_goes_first_and_then_the_far_future",
    ),
]
