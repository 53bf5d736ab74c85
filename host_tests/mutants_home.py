"""The planted defects of homes: of a clock that jumps, meters and networks that change, keepers that fail."""

from planting import Mutant

EVENT = "firmware/ihd/tenancy/event.py"
JUDGE = "firmware/ihd/tenancy/judge.py"
GUARD = "firmware/ihd/tenancy/guard.py"
HOMECOMING = "firmware/ihd/tenancy/homecoming.py"
RESTORE = "firmware/ihd/tenancy/restore.py"
REWIND = "firmware/ihd/tenancy/rewind.py"
SET_BACK = "firmware/ihd/tenancy/set_back.py"

CLOCK = "host_tests/portable/test_tenancy_clock.py::test_T32_"
RESETS = "host_tests/portable/test_tenancy_reset.py::test_T47_"
HOME = "host_tests/portable/test_tenancy_home.py::test_"
HEARING = "firmware/ihd/tenancy/hearing.py"
MEETING = "host_tests/portable/test_tenancy_troubles.py::test_"
JUDGED = "host_tests/portable/test_tenancy_judged.py::test_"

MUTANTS = [
    Mutant(
        "a floor lowered by a clock that fell back stays low",
        SET_BACK,
        "    yield from _raise_again(guard, office, utc)\n",
        "",
        CLOCK + "a_clock_that_falls_back_for_once_lowers_no_floor_for_ever",
    ),
    Mutant(
        "a clock that is behind lowers a floor and destroys the record",
        SET_BACK,
        "if ahead and history.durable and _holding().is_behind(history, meter):",
        "if False:",
        CLOCK + "a_clock_that_falls_back_behind_a_floor_and_most_of_the_record_destroys_nothing",
    ),
    Mutant(
        "a change carried out although its floor was not taken",
        HEARING,
        "if verdict == law.FLOOR and not self.set_floor(watch.number, event.time, scope):",
        "if verdict == law.FLOOR and self.set_floor(watch.number, event.time, scope) is None:",
        MEETING + "T48_a_floor_that_the_journal_did_not_take_at_once_holds_after_a_start_too",
    ),
    Mutant(
        "the occupant's word waits behind what a meter told",
        GUARD,
        "        if event.source >= USER and not resumed:  # nobody",
        "        if False:  # nobody",
        MEETING + "T46_the_occupant_s_word_outlives_a_power_cut_while_another_change_is_carried_out",
    ),
    Mutant(
        "what the occupant's word covers is begun once more",
        REWIND,
        "covered = covered or _is_behind(what, ledger.floor(number, how))",
        "pass",
        "host_tests/portable/test_troubles.py::test_the_occupant_s_word_counts_during_a_rewind_too",
    ),
    Mutant(
        "what a released meter told is carried out all the same",
        GUARD,
        "if entry[0] is not watch]  # what",
        "if True]  # what",
        MEETING + "T47_what_a_meter_told_before_it_was_released_is_no_concern_of_the_next_one",
    ),
    Mutant(
        "a reset forgotten beside a change of supplier",
        RESTORE,
        "watch.release = watch.release or",
        "watch.release =",
        MEETING + "T47_a_reset_that_was_interrupted_beside_a_change_of_supplier_is_finished",
    ),
    Mutant(
        "a change of a smaller scope overtakes one that fails",
        GUARD,
        "others = [entry for entry in self.queue if entry[0] is not self._watch]",
        "others = self.queue[1:]",
        MEETING + "a_second_change_of_a_smaller_scope_does_not_overtake_one_that_fails",
    ),
    Mutant(
        "a meter that could not be bound is never bound",
        GUARD,
        "            self._late.append(device)\n",
        "            pass\n",
        MEETING + "a_meter_that_could_not_be_bound_at_once_is_bound_a_little_later",
    ),
    Mutant(
        "a start that cannot release a meter ends the display",
        RESTORE,
        "office.durably(ledger.release, number)",
        "ledger.release(number)",
        MEETING + "a_start_whose_journal_takes_nothing_lives_on",
    ),
    Mutant(
        "a factory reset without a meter keeps what the household set",
        "firmware/ihd/tenancy/user.py",
        "_forget(guard.home.household, guard.emit)",
        "pass",
        MEETING + "T47_a_factory_reset_without_a_meter_forgets_what_the_household_set",
    ),
    Mutant(
        "what may be overdue displaced while the time is not known",
        JUDGE,
        "return LATER if pending else PEND",
        "return PEND",
        JUDGED + "T31_what_is_told_without_a_clock_does_not_displace_what_may_be_overdue",
    ),
    Mutant(
        "the gate opened before what was told without time is asked again",
        "firmware/ihd/tenancy/watch.py",
        "self.answered is not None and not self.again:",
        "self.answered is not None:",
        JUDGED + "T31_what_is_told_without_a_clock_does_not_displace_what_may_be_overdue",
    ),
    Mutant(
        "a keeper that fails holds up the other meter",
        GUARD,
        "            if self._watch and others:  # they do not wait for it\n",
        "            if False:\n",
        "host_tests/portable/test_catalogue.py::test_T39_a_keeper_that_fails_does_not_hold_up_the_other_meter",
    ),
    Mutant(
        "a second change of the same moment carried out again",
        REWIND,
        "if _is_behind(event, ledger.floor(watch.number, scope)) and not",
        "if False and not",
        JUDGED + "T36_tenancy_and_supplier_at_the_same_moment",
    ),
    Mutant(
        "what was ordered behind it begun although it is covered",
        REWIND,
        "if not covered and (begun",
        "if (begun",
        JUDGED + "T36_tenancy_and_supplier_at_the_same_moment",
    ),
    Mutant(
        "the past read back again each time the clock is known",
        SET_BACK,
        "if watch.closed is None and watch.number in lacking:",
        "if watch.closed is None:",
        "host_tests/portable/test_reviewed.py::test_a_clock_that_is_put_right_has_nothing_read_back_again",
    ),
    Mutant(
        "a half-hour that cannot be read ends the display",
        "firmware/ihd/home/meter.py",
        "            return None  # as good as a gap\n",
        "            raise\n",
        "host_tests/portable/test_bad_flash.py::test_a_flash_that_cannot_be_read_any_more_ends_nothing",
    ),
    Mutant(
        "a back-fill that cannot read ends the display",
        "firmware/ihd/home/poller.py",
        "                whole = False  # the flash cannot be read now\n",
        "                raise\n",
        "host_tests/portable/test_bad_flash.py::test_a_flash_that_cannot_be_read_any_more_ends_nothing",
    ),
    Mutant(
        "a floor in the future stays",
        SET_BACK,
        "            ledger.put_floor(meter, scope, utc)\n            yield None\n",
        "            pass\n",
        CLOCK + "a_change_carried_out_too_early_is_pending_again_and_its_floor_is_lowered",
    ),
    Mutant(
        "a change carried out too early is not to come again",
        SET_BACK,
        "yield from _pend_again(office, watch, kind, utc)",
        "pass",
        CLOCK + "a_change_carried_out_too_early_is_pending_again_and_its_floor_is_lowered",
    ),
    Mutant(
        "the change that is to come again displaces a later one",
        SET_BACK,
        "if ledger.event(ledgers.PENDING, watch.number, kind) is None:",
        "if True:",
        CLOCK + "a_later_change_is_not_displaced_by_the_one_that_is_to_come_again",
    ),
    Mutant(
        "what said now is to come again",
        EVENT,
        "            flags |= _AT_ONCE\n",
        "            pass\n",
        CLOCK + "what_said_now_is_not_to_come_again",
    ),
    Mutant(
        "misdated half-hours kept",
        SET_BACK,
        "if CONSUMER in ahead or _misdated(history, series):",
        "if CONSUMER in ahead:",
        CLOCK + "half_hours_of_a_clock_that_was_ahead_are_destroyed_and_the_true_ones_taken",
    ),
    Mutant(
        "a clock that is behind destroys the record",
        "firmware/ihd/history/holding.py",
        "return 2 * ahead > len(epochs) + 1",
        "return False",
        CLOCK + "a_clock_behind_most_of_the_record_destroys_nothing",
    ),
    Mutant(
        "the day of a clock that was ahead kept",
        GUARD,
        "                    meter.set_back()\n",
        "                    pass\n",
        CLOCK + "a_change_just_after_the_clock_was_put_back_leaves_nothing_of_the_day",
    ),
    Mutant(
        "a new network opens the gates at once",
        GUARD,
        "                watch.answered = None\n                watch.vouched = False\n",
        "                watch.vouched = False\n",
        HOME + "a_new_network_closes_each_gate_until_its_meter_has_answered_and_forgets_nothing",
    ),
    Mutant(
        "the occupant's word outlasts the network",
        GUARD,
        "                watch.vouched = False\n",
        "",
        HOME + "the_occupant_s_word_does_not_outlast_the_network",
    ),
    Mutant(
        "a network that cannot be told taken for the same",
        "firmware/ihd/app.py",
        "self.radio.pan is not None and self.radio.pan == self._pan",
        "self.radio.pan in (None, self._pan)",
        HOME + "the_same_network_again_closes_nothing_and_one_that_cannot_be_told_does",
    ),
    Mutant(
        "a second meter of a fuel bound",
        "firmware/ihd/han/directory.py",
        "device.bound = device.bound or self.bound(fuel) is None",
        "device.bound = True",
        HOME + "T42_a_second_meter_of_a_fuel_is_listed_and_not_bound",
    ),
    Mutant(
        "a gas meter displaced while it answers",
        HOMECOMING,
        "if old is None or not old.missing or old.release:",
        "if old is None or old.release:",
        HOME + "T41_not_while_the_old_one_answers_nor_before_it_is_known_to_be_silent",
    ),
    Mutant(
        "an electricity meter that came later vouches",
        HOMECOMING,
        " or witness.joined > old.joined + DAY:",
        ":",
        HOME + "T41_an_electricity_meter_that_came_long_after_the_gas_meter_vouches_for_nothing",
    ),
    Mutant(
        "another hub's gate opened before it has answered",
        HOMECOMING,
        "    watch.answered = watch.since = None\n",
        "",
        HOME + "T41_another_hub_s_gas_meter_has_to_answer_before_its_gate_opens",
    ),
    Mutant(
        "another home at the first silence",
        HOMECOMING,
        "if old.stale and utc is not None:",
        "if utc is not None:",
        HOME + "T37_meters_of_another_home_are_bound_when_the_old_ones_are_silent_for_a_day_and_all_is_forgotten",
    ),
    Mutant(
        "silence from before the network was lost counts",
        GUARD,
        "if watch.answered is None or watch.outcomes[TENANCY] == UNREACHABLE:",
        "if not same:",
        HOME + "T37_nor_when_the_network_was_away_for_days_and_the_meters_are_there_again",
    ),
    Mutant(
        "the old binding kept after another home",
        REWIND,
        "if watch.release and event.source >= USER:",
        "if watch.release and event.source == USER:",
        HOME + "T37_meters_of_another_home_are_bound_when_the_old_ones_are_silent_for_a_day_and_all_is_forgotten",
    ),
    Mutant(
        "the old binding kept after another home and a cut",
        RESTORE,
        "                watch.release = watch.release or unfinished[0].source >= HOME\n",
        "",
        MEETING + "T47_a_reset_that_was_interrupted_beside_a_change_of_supplier_is_finished",
    ),
    Mutant(
        "Device Management believed to be where anybody says",
        "firmware/ihd/han/interview.py",
        "    management = yield from _proven(exchange, device, management)\n",
        "    yield from _proven(exchange, device, management)\n",
        HOME + "T43_a_false_descriptor_does_not_lead_an_enquiry_of_a_bound_meter_elsewhere",
    ),
    Mutant(
        "a meter that says nothing about tenancy not looked for",
        "firmware/ihd/han/network.py",
        "if device is None or device.lost or device.mute:",
        "if device is None or device.lost:",
        HOME + "a_meter_that_answers_nothing_about_tenancy_is_looked_for",
    ),
    Mutant(
        "bindings kept at a factory reset",
        "firmware/ihd/tenancy/user.py",
        "watch.release = reset or not watch.spoke",
        "watch.release = not watch.spoke",
        RESETS + "a_factory_reset_forgets_everything_and_the_bindings_but_a_floor",
    ),
    Mutant(
        "no floor for a meter not bound at a factory reset",
        "firmware/ihd/tenancy/user.py",
        "if number not in guard.watches:",
        "if False:",
        RESETS + "a_meter_that_was_not_bound_then_gives_nothing_older_either",
    ),
    Mutant(
        "settings removed before all is forgotten",
        "firmware/ihd/app.py",
        "if self._resetting and not self.guard.queue:",
        "if self._resetting:",
        RESETS + "the_settings_go_when_all_else_is_forgotten_and_not_before",
    ),
]
