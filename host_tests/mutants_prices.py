"""The planted defects of what a home sees: what is believed of a meter, asked of it, forgotten and shown."""

from planting import Mutant

ACCOUNT = "firmware/ihd/home/account.py"
COST = "firmware/ihd/home/cost.py"
EXCHANGE = "firmware/ihd/han/exchange.py"
HALF_HOURS = "firmware/ihd/home/half_hours.py"
INBOX = "firmware/ihd/han/inbox.py"
METER = "firmware/ihd/home/meter.py"
PUBLICATIONS = "firmware/ihd/home/publications.py"
SERVICES = "firmware/ihd/home/services.py"
SCREENS = "firmware/ihd/display/screens/"

PORTABLE = "host_tests/portable/test_"
UNIT = PORTABLE + "cost.py::test_"
GUARDS = PORTABLE + "home_guards.py::test_"
PRICES = PORTABLE + "home_prices.py::test_"
USAGE = PORTABLE + "home_usage.py::test_"
CREDIT = PORTABLE + "home_credit.py::test_"
TOLD = PORTABLE + "home_supplier.py::test_"
CHANGED = PORTABLE + "supplier_data.py::test_"
WIRE = "host_tests/test_wire_complaints.py::test_"

MUTANTS = [
    Mutant(
        "what was used before a switch is charged at the rate after it",
        COST,
        "self._charged(account, part - done, start)",
        "self._charged(account, part - done, utc)",
        WIRE + "multirate_each_half_hour_costs_its_own_rate_and_one_with_a_change_both",
    ),
    Mutant(
        "each half-hour bears the standing charge",
        COST,
        "        if standing:\n",
        "        if True:\n",
        WIRE + "clock_change_its_day_has_its_own_length_and_one_standing_charge",
    ),
    Mutant(
        "a jump of the register is charged",
        COST,
        "before < register <= before + _LARGEST:",
        "before < register:",
        GUARDS + "a_register_that_jumps_for_good_costs_nothing",
    ),
    Mutant(
        "a register that jumps for a moment is believed",
        HALF_HOURS,
        "        if odd and not self.odd:\n",
        "        if odd and register < self._register and not self.odd:\n",
        PORTABLE + "half_hours.py::test_a_step_too_large_for_a_slot_is_refused",
    ),
    Mutant(
        "a cost that is read back looks like one that was seen",
        METER,
        "cost[1] | BACK_FILLED",
        "cost[1]",
        USAGE + "H07_what_today_this_week_and_this_month_cost_is_shown_with_their_use",
    ),
    Mutant(
        "a rate that nobody is sure of is taken for certain",
        COST,
        "self._sure = self._sure and sure",
        "pass",
        WIRE + "multirate_each_half_hour_costs_its_own_rate_and_one_with_a_change_both",
    ),
    Mutant(
        "a unit that is not the meter's is taken for kWh",
        PUBLICATIONS,
        " or unit > (_CUBIC_METRES if gas else 0):",
        ":",
        UNIT + "a_price_in_no_money_that_is_known_is_refused",
    ),
    Mutant(
        "a standing charge in euros is shown in pounds",
        ACCOUNT,
        "if charge is None or self.value(_TARIFF_CURRENCY) not in (None, _POUNDS):",
        "if charge is None:",
        GUARDS + "money_that_is_not_pounds_is_not_shown",
    ),
    Mutant(
        "a stale event within a newer one wins",
        "firmware/ihd/home/entering.py",
        "return  # stale",
        "break  # stale",
        GUARDS + "a_stale_price_is_not_shown",
    ),
    Mutant(
        "a price is taken from a meter that is not bound",
        INBOX,
        "if device is None or not device.bound or not (managed",
        "if device is None or not (managed",
        GUARDS + "a_price_of_a_meter_of_another_home_changes_nothing",
    ),
    Mutant(
        "a message outlives its end",
        ACCOUNT,
        "if each[3] is None or utc < each[3]]",
        "if True]",
        TOLD + "H16_a_message_goes_when_its_time_is_over_or_it_is_cancelled",
    ),
    Mutant(
        "a message is shown before its time",
        ACCOUNT,
        "            if each[2] <= utc:\n",
        "            if True:\n",
        TOLD + "H16_a_message_goes_when_its_time_is_over_or_it_is_cancelled",
    ),
    Mutant(
        "the cancelling of a message that nobody knows is a success",
        PUBLICATIONS,
        "return general.SUCCESS if known else _NOT_FOUND",
        "return general.SUCCESS",
        TOLD + "H16_a_message_goes_when_its_time_is_over_or_it_is_cancelled",
    ),
    Mutant(
        "the old supplier's account outlives the change",
        METER,
        "            self.account.forget(before)\n",
        "",
        CHANGED + "T34_with_supplier_data_they_go_and_usage_and_its_cost_stay",
    ),
    Mutant(
        "an account that is left is not looked for by the verification",
        METER,
        "(self.supplier.holds(before) or self.account.holds(before))",
        "self.supplier.holds(before)",
        CHANGED + "T34_an_account_that_is_left_fails_the_verification",
    ),
    Mutant(
        "the old supplier's messages outlive the change",
        ACCOUNT,
        "self.messages = [each for each in self.messages if not _old(_issued(each), before)]",
        "pass",
        CHANGED + "T34_while_it_forgets_nothing_of_the_old_supplier_is_held",
    ),
    Mutant(
        "the old supplier's prices outlive the change",
        ACCOUNT,
        "self.prices = [each for each in self.prices if not _old(each[5], before)]",
        "pass",
        CHANGED + "T34_while_it_forgets_nothing_of_the_old_supplier_is_held",
    ),
    Mutant(
        "the new supplier is asked for nothing until the hour is over",
        ACCOUNT,
        "        self.confirm = self.hour = self.minute = None\n",
        "        self.confirm = None\n",
        CHANGED + "T34_with_supplier_data_they_go_and_usage_and_its_cost_stay",
    ),
    Mutant(
        "two requests in flight to one device",
        EXCHANGE,
        " or request.address in [each.address for each in self._requests]:",
        ":",
        PORTABLE + "exchange.py::test_one_request_is_in_flight_to_a_device_at_a_time",
    ),
    Mutant(
        "an attribute that a meter does not support is asked again",
        SERVICES,
        "account.lacking.update([cluster << 16 | each for each in found[1]])",
        "pass",
        GUARDS + "what_a_meter_does_not_support_is_asked_once",
    ),
    Mutant(
        "a command that a meter does not support is asked again",
        SERVICES,
        "            self._account.lacking.add(key)\n",
        "            pass\n",
        GUARDS + "what_a_meter_does_not_support_is_asked_once",
    ),
    Mutant(
        "low credit is told in the account only",
        SCREENS + "now.py",
        "and meter.low_credit:",
        "and False:",
        CREDIT + "H12_low_credit_is_told_on_the_first_screen_and_its_level_on_the_account_screen",
    ),
    Mutant(
        "one notice hides the others",
        SCREENS + "now.py",
        "notes[utc // 60 % len(notes)]",
        "notes[0]",
        CREDIT + "H12_low_credit_takes_turns_with_other_notices",
    ),
    Mutant(
        "debt 2 is debt 1 once more",
        SCREENS + "account.py",
        "debt = _DEBT_1 + 16 * n",
        "debt = _DEBT_1",
        CREDIT + "H13_debt_is_told_in_all_and_each_with_what_is_taken_for_it",
    ),
    Mutant(
        "a phone number loses its end to a long name",
        SCREENS + "tariff.py",
        "[: _LINE - len(phone)], phone)",
        "[:16], phone[:8])",
        TOLD + "H15_a_phone_number_is_whole_though_the_name_is_cut_for_it",
    ),
    Mutant(
        "the past of gas in kWh is its cubic metres",
        SCREENS + "past.py",
        "meter.account.watt_hours() if number and in_kwh else (1, 1)",
        "(1, 1)",
        USAGE + "H06_the_past_of_gas_is_told_in_cubic_metres_and_in_kwh",
    ),
    Mutant(
        "a meter's reading is cut as a day's use is",
        SCREENS + "account.py",
        "units.reading(meter.register)",
        "units.energy(meter.register)",
        USAGE + "H08_the_reading_of_each_meter_is_whole_and_says_when_it_was_taken",
    ),
    Mutant(
        "a register is read before its divisor is known",
        METER,
        " and bool(self._multiplier) and bool(self._divisor)",
        " and bool(self._multiplier)",
        WIRE + "scaling_by_odd_numbers_is_right_and_without_a_divisor_nothing_is_taken",
    ),
]
