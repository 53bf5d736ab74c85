"""The planted defects of the screens, the keys and local time."""

from planting import Mutant

PORTABLE = "host_tests/portable/test_"
DAYS = PORTABLE + "local_days.py::"
WALK = PORTABLE + "director_walk.py::"
WALKED = PORTABLE + "walk_screens.py::"
DIRECTOR = "firmware/ihd/display/director.py"
KEYS = "firmware/ihd/display/walk.py"
USAGE = "firmware/ihd/display/screens/usage.py"

MUTANTS = [
    Mutant(
        "zone and summer time not asked for",
        "firmware/ihd/han/time_question.py",
        "(exchange.next_sequence(), _ASKED)",
        "(exchange.next_sequence(), _ASKED[:2])",
        DAYS + "test_zone_and_summer_time_are_asked_for_with_the_time_and_hold",
    ),
    Mutant(
        "what the hub tells of local time not used",
        "firmware/ihd/han/timekeeper.py",
        "self._clock.local.tell(*local)",
        "pass",
        DAYS + "test_zone_and_summer_time_are_asked_for_with_the_time_and_hold",
    ),
    Mutant(
        "any distance from UTC believed",
        "firmware/ihd/local_time.py",
        "abs(zone_s) > _FURTHEST_S",
        "False",
        DAYS + "test_what_is_not_told_or_makes_no_sense_leaves_gb_s_rule_in_force",
    ),
    Mutant(
        "local time kept after the hub told another",
        "firmware/ihd/local_clock.py",
        "if told != self._told:",
        "if not self._told:",
        DAYS + "test_what_the_hub_tells_later_holds_from_then_on",
    ),
    Mutant(
        "local clocks not changed when clocks change",
        "firmware/ihd/local_clock.py",
        "if not self._steady[0] <= utc < self._steady[1]:",
        "if not self._steady[1]:",
        DAYS + "test_the_clock_and_the_day_are_the_calendar_s_at_every_half_hour_of_a_year",
    ),
    Mutant(
        "a day is 24 hours when clocks change too",
        "firmware/ihd/local_clock.py",
        "self._day = self.calendar().day(utc)",
        "self._day = (self.calendar().day(utc)[0], self.calendar().day(utc)[0] + 86400)",
        DAYS + "test_today_is_the_local_day_also_when_it_has_46_half_hours_or_50",
    ),
    Mutant(
        "today counted from the UTC midnight",
        "firmware/ihd/home/half_hours.py",
        "day = self._day_of(utc)[0]",
        "day = utc // 86400 * 86400",
        DAYS + "test_T27_within_the_day_on_which_it_happens_also_across_a_clock_change",
    ),
    Mutant(
        "today kept over a change within the day",
        "firmware/ihd/home/half_hours.py",
        "if self._day is not None and self.day_since < before:",
        "if False:",
        DAYS + "test_T27_a_change_earlier_in_the_day_leaves_what_was_used_since",
    ),
    Mutant(
        "clocks on screens show UTC",
        "firmware/ihd/display/units.py",
        "minutes = local.local(utc) % _DAY // 60",
        "minutes = utc % _DAY // 60",
        WALKED + "test_days_begin_at_local_midnight",
    ),
    Mutant(
        "a flash that cannot be read taken for a panel that does not answer",
        "firmware/ihd/display/screens/now.py",
        "except OSError:",
        "except KeyError:",
        PORTABLE + "screens.py::test_a_flash_that_cannot_be_read_costs_the_bars_and_nothing_else",
    ),
    Mutant(
        "use behind a closed gate shown",
        USAGE,
        "utc is None else meter.gate",
        "utc is None else None",
        WALKED + "test_nothing_of_a_meter_behind_a_closed_gate_is_asked_for",
    ),
    Mutant(
        "a period from before the floor without its since",
        USAGE,
        "if since != start:",
        "if False:",
        WALKED + "test_a_period_that_began_before_the_floor_says_since_when",
    ),
    Mutant(
        "gaps not told",
        USAGE,
        "missing = expected - known",
        "missing = 0",
        WALKED + "test_gaps_are_told_and_are_no_zero",
    ),
    Mutant(
        "supplier's data forgotten told as a record of usage begun anew",
        "firmware/ihd/display/screens/fresh_start.py",
        "used = receipt.scope & CONSUMER",
        "used = CONSUMER",
        "host_tests/test_display_pictures.py::test_screen_looks_like_its_picture[fresh-start-supplier-data]",
    ),
    Mutant(
        "what was refused not told on the status screen",
        "firmware/ihd/display/screens/status.py",
        "sum(home.refused.counts.values())",
        "0",
        WALKED + "test_status_says_how_much_was_refused",
    ),
    Mutant(
        "when a meter was heard told behind its closed gate",
        "firmware/ihd/display/screens/status.py",
        "meter.gate or _heard(meter, home)",
        "_heard(meter, home)",
        WALK + "test_behind_closed_gates_no_screen_tells_two_homes_with_different_pasts_apart",
    ),
    Mutant(
        "use and status not counted as private",
        DIRECTOR,
        'if name == "now" or 0 < self._place <= _LAST_PRIVATE:',
        'if name == "now":',
        WALK + "test_what_tells_of_the_past_gives_way_to_checking_when_a_gate_closes_and_status_and_links_stay",
    ),
    Mutant(
        "use stays chosen when a gate closes",
        DIRECTOR,
        "if 0 < self._place <= _LAST_LEFT:",
        "if False:",
        WALK + "test_what_tells_of_the_past_gives_way_to_checking_when_a_gate_closes_and_status_and_links_stay",
    ),
    Mutant(
        "a key answers what does not stand on the panel",
        DIRECTOR,
        "        if self._seen:\n",
        "        if True:\n",
        WALK + "test_a_key_answers_only_what_stands_on_the_panel",
    ),
    Mutant(
        "a question stands for ever",
        DIRECTOR,
        "            self._until = ticks_add(self._now, stay_ms)\n",
        "            pass\n",
        WALK + "test_a_question_that_nobody_answers_goes_away_after_a_minute",
    ),
    Mutant(
        "asked once only",
        KEYS,
        "        page = int(place >= _FACTORY_RESET)\n",
        "        return turn('next', place, place >= _FACTORY_RESET, standing, home)\n",
        WALK + "test_select_asks_and_asks_again_and_only_the_other_key_then_says_it",
    ),
    Mutant(
        "any key says the last word",
        KEYS,
        'if key != "next":',
        "if False:",
        WALK + "test_select_asks_and_asks_again_and_only_the_other_key_then_says_it",
    ),
    Mutant(
        "factory reset forgets only as who moved in does",
        KEYS,
        "            home.factory_reset()",
        "            home.moved_in()",
        WALK + "test_factory_reset_is_asked_twice_too",
    ),
    Mutant(
        "from Checking the question does not come next",
        KEYS,
        'standing in ("checking", "searching")',
        "False",
        WALK + "test_while_checking_or_searching_the_question_comes_next_and_the_rest_behind_it",
    ),
    Mutant(
        "the screens of the walk stay in memory",
        DIRECTOR,
        'on_demand.drop(_SCREENS + self._screen_name, *getattr(self._screen, "WITH", ()))',
        "on_demand.drop(_SCREENS + self._screen_name)",
        PORTABLE + "director.py::test_one_screen_is_in_memory_at_a_time",
    ),
    Mutant(
        "the past has one page",
        KEYS,
        "page += 1",
        "page = 0",
        WALK + "test_select_turns_the_pages_of_the_past_and_goes_round",
    ),
    Mutant(
        "select confirms whatever stands",
        KEYS,
        "elif place == _MESSAGES:",
        "elif place < _FACTORY_RESET:",
        WALK + "test_select_confirms_the_message_that_stands_and_nothing_elsewhere",
    ),
]
