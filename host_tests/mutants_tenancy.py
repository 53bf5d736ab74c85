"""The planted defects of tenancy: of what is asked, judged, kept shut, forgotten and proved."""

from planting import Mutant

ASSEMBLY = "firmware/ihd/assembly.py"
ENQUIRY = "firmware/ihd/tenancy/enquiry.py"
EVENT = "firmware/ihd/tenancy/event.py"
GUARD = "firmware/ihd/tenancy/guard.py"
INBOX = "firmware/ihd/han/inbox.py"
JUDGE = "firmware/ihd/tenancy/judge.py"
HEARING = "firmware/ihd/tenancy/hearing.py"
REWIND = "firmware/ihd/tenancy/rewind.py"
WATCH = "firmware/ihd/tenancy/watch.py"

TENANCY = "host_tests/portable/test_tenancy.py::test_"
ANSWERS = "host_tests/portable/test_tenancy_answers.py::test_"
JUDGED = "host_tests/portable/test_tenancy_judged.py::test_"
SUPPLIERS = "host_tests/portable/test_supplier.py::test_"
REWINDS = "host_tests/portable/test_rewind.py::test_"
TROUBLES = "host_tests/portable/test_troubles.py::test_"
INBOXES = "host_tests/portable/test_inbox.py::test_"
BACKFILLS = "host_tests/portable/test_backfill.py::test_"
REGISTERED = TENANCY + "everything_that_remembers_is_registered"

MUTANTS = [
    Mutant(
        "control bitmap read big-endian",
        "firmware/ihd/tenancy/publication.py",
        "    current, event_id, _, proposed, time, control, name, phone = schema.read(form, payload)\n",
        "    current, event_id, _, proposed, time, control, name, phone = schema.read(form, payload)\n"
        '    control = int.from_bytes(control.to_bytes(4, "big"), "little")\n',
        JUDGED + "T38_a_supplier_told_with_now_counts_with_a_bit_that_clears_or_with_another_provider",
    ),
    Mutant(
        "no attribute fallback",
        ENQUIRY,
        "if event and guard.hearing().final(watch, event):",
        "if event is None or guard.hearing().final(watch, event):",
        TENANCY + "T12_without_the_command_the_attributes_tell",
    ),
    Mutant(
        "NOT_FOUND taken for never changed",
        ENQUIRY,
        "if event and guard.hearing().final(watch, event):",
        "if status == _NOT_FOUND or event and guard.hearing().final(watch, event):",
        TENANCY + "T10_after_not_found_the_attributes_tell",
    ),
    Mutant(
        "a meter that cannot tell called clear",
        ENQUIRY,
        "return CANNOT_TELL",
        "return CLEAR",
        TENANCY + "T13_a_meter_with_neither_cannot_tell_and_its_gate_opens_with_a_notice",
    ),
    Mutant(
        "an enacted change behind an announced one not looked for",
        HEARING,
        "return event.genuine and utc is not None and event.time <= utc",
        "return True",
        ANSWERS + "T44_an_enacted_change_is_found_behind_an_announced_one",
    ),
    Mutant(
        "gate open at the start",
        WATCH,
        "return SILENT if self.outcomes[TENANCY] == UNREACHABLE else ASKING",
        "return None",
        TENANCY + "T17_an_unsecured_not_found_opens_no_gate_at_the_start",
    ),
    Mutant(
        "gate open while the time of a pending change is not known",
        WATCH,
        "if self.dues[kind] is not None and utc is None:",
        "if False:",
        TENANCY + "T04_a_change_that_fell_due_while_the_power_was_off_is_carried_out_before_anything_is_shown",
    ),
    Mutant(
        "gate of a meter long silent left open",
        WATCH,
        "if not self.stale and ticks_diff(now, self.since) > stale_ms:",
        "if False:",
        TENANCY + "a_meter_that_is_silent_is_asked_again_and_then_counted_unreachable",
    ),
    Mutant(
        "panel not overwritten when the gate closes",
        GUARD,
        "            self.home.gate_closing(watch.number)\n",
        "            pass\n",
        TENANCY + "T02_a_command_that_says_now_rewinds_to_its_receipt",
    ),
    Mutant(
        "INTENT left out",
        REWIND,
        "            ledger.begin(number, what, how)\n",
        "            pass\n",
        REWINDS + "T28_a_power_cut_at_any_operation_of_the_rewind_loses_nothing_and_leaves_nothing",
    ),
    Mutant(
        "DONE left out",
        REWIND,
        "    ledger.done(meter, event.kind)\n",
        "    pass\n",
        REWINDS + "T28_a_power_cut_at_any_operation_of_the_rewind_loses_nothing_and_leaves_nothing",
    ),
    Mutant(
        "an interrupted rewind gets a second receipt",
        REWIND,
        "receipt = ledger.receipt_since(meter, event.kind)",
        "receipt = None",
        REWINDS + "T28_a_power_cut_at_any_operation_of_the_rewind_loses_nothing_and_leaves_nothing",
    ),
    Mutant(
        "drawn before an interrupted rewind is finished",
        GUARD,
        "self.recovering = self.recovering or resumed",
        "pass",
        REWINDS + "T28_a_power_cut_at_any_operation_of_the_rewind_loses_nothing_and_leaves_nothing",
    ),
    Mutant(
        "verification left out",
        REWIND,
        "failing = keepers.holding(meter, floor, scope)",
        "failing = None",
        REWINDS + "a_panel_that_does_not_answer_keeps_the_gate_shut_until_it_was_overwritten",
    ),
    Mutant(
        "the keeper of the history not registered",
        ASSEMBLY,
        "(usage, app.household, app.recorder, app.director, app.radio)",
        "(app.household, app.recorder, app.director, app.radio)",
        TENANCY + "T01_a_command_with_a_past_time_rewinds_to_it_at_once",
    ),
    Mutant(
        "a meter not registered as a keeper",
        ASSEMBLY,
        "    app.keepers.register(meter)\n",
        "",
        REGISTERED,
    ),
    Mutant(
        "the recorder not registered as a keeper",
        ASSEMBLY,
        "(usage, app.household, app.recorder, app.director, app.radio)",
        "(usage, app.household, app.director, app.radio)",
        REGISTERED,
    ),
    Mutant(
        "back-fill older than the floor kept",
        "firmware/ihd/home/backfill.py",
        "if half_hour < start:",
        "if False:",
        BACKFILLS + "samples_from_before_what_was_asked_are_counted_and_dropped",
    ),
    Mutant(
        "back-fill from before the start kept without a partition",
        GUARD,
        "if proven and history.durable:",
        "if proven:",
        TENANCY + "without_a_partition_nothing_from_before_the_start_is_read_back",
    ),
    Mutant(
        "unsecured NOT_FOUND opens the gate",
        INBOX,
        "if security.needs_aps(cluster) and not indication.secured:",
        "if security.needs_aps(cluster) and not indication.secured and not general.is_answer(control, command):",
        TENANCY + "T17_an_unsecured_not_found_opens_no_gate_at_the_start",
    ),
    Mutant(
        "publication taken from a wrong endpoint",
        INBOX,
        " or not (managed or device.management == indication.source_endpoint):",
        ":",
        JUDGED + "T19_the_right_meter_s_wrong_endpoint_changes_nothing",
    ),
    Mutant(
        "broadcast publication taken",
        INBOX,
        "        if indication.broadcast:\n            self._refused.count(",
        "        if False:\n            self._refused.count(",
        JUDGED + "T21_a_broadcast_changes_nothing_and_is_not_answered",
    ),
    Mutant(
        "Default Response to another question believed",
        INBOX,
        ", None, payload[0])",
        ")",
        INBOXES + "a_default_response_that_names_another_command_than_ours_is_unasked",
    ),
    Mutant(
        "stale event judged",
        JUDGE,
        "if earlier and event.event_id < earlier.highest:",
        "if False:",
        JUDGED + "T08_a_smaller_event_id_is_stale",
    ),
    Mutant(
        "the same event judged anew",
        JUDGE,
        "if event.same_as(pending) or event.same_as(applied):",
        "if False:",
        TENANCY + "T09_the_same_event_a_thousand_times_is_one_event",
    ),
    Mutant(
        "the same event id taken for a new now",
        EVENT,
        "return self.event_id == other.event_id and self.time in (NOW, other.time)",
        "return self.event_id == other.event_id and self.time == other.time",
        TENANCY + "T09_the_same_event_a_thousand_times_is_one_event",
    ),
    Mutant(
        "cancel without its provider obeyed",
        JUDGE,
        " and pending.provider == event.provider",
        "",
        JUDGED + "T05_a_cancelled_change_is_not_carried_out",
    ),
    Mutant(
        "contact details taken for a change",
        JUDGE,
        "if event.kind == SUPPLIER and not event.genuine:",
        "if False:",
        SUPPLIERS + "T33_contact_details_of_a_supplier_forget_nothing",
    ),
    Mutant(
        "future change carried out at once",
        JUDGE,
        "if time > now:",
        "if False:",
        TENANCY + "T03_a_future_change_is_carried_out_on_time",
    ),
    Mutant(
        "first meeting rewinds",
        JUDGE,
        "if joined is not None and time <= joined:",
        "if False:",
        JUDGED + "T48_a_first_meeting_with_an_old_change_sets_the_floor_and_forgets_nothing",
    ),
    Mutant(
        "the half-hour in which the change falls kept",
        "firmware/ihd/tenancy/keepers.py",
        "return -(-before // HALF_HOUR)",
        "return before // HALF_HOUR",
        TENANCY + "T01_a_command_with_a_past_time_rewinds_to_it_at_once",
    ),
    Mutant(
        "one meter's change forgets the other's past",
        "firmware/ihd/tenancy/usage.py",
        "        for series in range(meter, _SERIES, 2):\n            self._history.set_floor",
        "        for series in range(_SERIES):\n            self._history.set_floor",
        TENANCY + "T23_a_change_of_electricity_leaves_gas_untouched",
    ),
    Mutant(
        "day's sum keeps what was before",
        "firmware/ihd/home/meter.py",
        "            self.half_hours.forget(before)\n",
        "",
        REWINDS + "two_lives_that_differ_before_the_change_are_the_same_after_it",
    ),
    Mutant(
        "what was received stays in the buffers",
        "firmware/ihd/radio/xbee.py",
        "                    self._wipe()\n                    break\n",
        "                    break\n",
        "host_tests/portable/test_xbee.py::test_what_was_received_is_overwritten_by_the_poll_that_finds_nothing_more",
    ),
    Mutant(
        "facts told while the gate is closed",
        "firmware/ihd/app.py",
        'if what == "power" or meter.gate is None:',
        "if True:",
        TENANCY + "T04_a_change_that_fell_due_while_the_power_was_off_is_carried_out_before_anything_is_shown",
    ),
    Mutant(
        "gate opened between two rewinds",
        REWIND,
        "watch.rewinding[kind] -= 1\n    if event.time",
        "watch.rewinding[kind] = 0\n    if event.time",
        TROUBLES + "a_second_change_during_a_rewind_keeps_the_gate_shut_until_both_are_done",
    ),
    Mutant(
        "the same event judged anew during its own rewind",
        HEARING,
        "if queued is watch and ordered.kind == kind and ordered.source < USER:",
        "if False:",
        TROUBLES + "the_same_change_during_its_own_rewind_is_the_same",
    ),
    Mutant(
        "floor forgotten with the binding",
        "firmware/ihd/tenancy/restore.py",
        "        office.forbid(number, ledger.floor(number))  # whoever is bound next\n",
        "",
        TROUBLES + "a_floor_outlives_the_binding",
    ),
    Mutant(
        "order to forget a second meter not durable at once",
        REWIND,
        "    for queued, what, how, _ in list(guard.queue):  # all",
        "    for queued, what, how, _ in guard.queue[:1]:  # all",
        TROUBLES + "the_occupant_s_word_is_durable_for_every_meter_before_anything_is_forgotten",
    ),
    Mutant(
        "endpoint of Device Management guessed",
        "firmware/ihd/han/interview.py",
        "if not management and missed and not device.management:",
        "if False:",
        TROUBLES + "an_endpoint_that_does_not_answer_is_not_guessed",
    ),
    Mutant(
        "what is pending by attribute kept against the attribute",
        HEARING,
        "if pending and pending.source == events.ATTRIBUTE and pending.time != event.time:",
        "if False:",
        TROUBLES + "what_is_pending_by_attribute_follows_the_attribute",
    ),
]
