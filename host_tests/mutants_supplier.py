"""The planted defects of changes of supplier, of what a supplier tells, and of the rows of the law."""

from planting import Mutant

ENQUIRY = "firmware/ihd/tenancy/enquiry.py"
EVENT = "firmware/ihd/tenancy/event.py"
GUARD = "firmware/ihd/tenancy/guard.py"
JUDGE = "firmware/ihd/tenancy/judge.py"
METER = "firmware/ihd/home/meter.py"
HEARING = "firmware/ihd/tenancy/hearing.py"
POLLER = "firmware/ihd/home/poller.py"
REWIND = "firmware/ihd/tenancy/rewind.py"
SUPPLIER = "firmware/ihd/home/supplier.py"
THRESHOLDS = "firmware/ihd/home/thresholds.py"

ANSWERS = "host_tests/portable/test_tenancy_answers.py::test_"
JUDGED = "host_tests/portable/test_tenancy_judged.py::test_"
SUPPLIERS = "host_tests/portable/test_supplier.py::test_"

MUTANTS = [
    Mutant(
        "a refusal of the question asked about once only",
        ENQUIRY,
        "        if not status or status in",
        "        if True or status in",
        ANSWERS + "T15_failure_for_ever_counts_as_unsupported_after_the_retries",
    ),
    Mutant(
        "SUCCESS to the question taken for an answer",
        ENQUIRY,
        "            return None, wire.unsigned(answer[1], 1, 1) or _FAILURE\n",
        "            return None, wire.unsigned(answer[1], 1, 1)\n",
        ANSWERS + "T15_failure_for_ever_counts_as_unsupported_after_the_retries",
    ),
    Mutant(
        "what is pending withdrawn while the time is unknown",
        HEARING,
        "if pending and utc is not None and pending.time > utc and (",
        "if pending and (",
        JUDGED + "T31_while_the_clock_is_unknown_a_pending_event_shuts_the_gate_and_is_not_withdrawn",
    ),
    Mutant(
        "what is pending by command withdrawn without NOT_FOUND",
        HEARING,
        "(not_found or pending.event_id is None)",
        "True",
        ANSWERS + "T45_an_announcement_that_the_attributes_do_not_know_stays",
    ),
    Mutant(
        "a later event that is only recorded leaves an earlier one pending",
        HEARING,
        "                if pending and event.overtakes(pending):",
        "                if False:",
        JUDGED + "T07_one_that_is_carried_out_without_a_rewind_supersedes_too",
    ),
    Mutant(
        "what is announced during a rewind struck out by it",
        EVENT,
        "self.event_id is not None and pending.highest <= self.event_id",
        "self.event_id is not None",
        JUDGED + "T07_what_is_announced_during_a_rewind_stays",
    ),
    Mutant(
        "an event older than the one being carried out judged",
        HEARING,
        "                applied = ordered  # as good as carried out\n",
        "                applied = ordered if event.same_as(ordered) else applied\n",
        JUDGED + "T08_a_smaller_event_id_is_stale",
    ),
    Mutant(
        "floor lowered at a first meeting",
        HEARING,
        "            if scope & one and held < floor:\n",
        "            if scope & one:\n",
        JUDGED + "T48_a_floor_never_falls",
    ),
    Mutant(
        "change of tenancy without the consumer's bit forgets less",
        JUDGE,
        "    if event.kind == SUPPLIER and supplier_change",
        "    if supplier_change",
        SUPPLIERS + "T34_a_change_of_tenancy_is_always_of_both",
    ),
    Mutant(
        "setting supplier_change not followed",
        JUDGE,
        'supplier_change != "rewind" and not',
        "False and not",
        SUPPLIERS + "T34_supplier_data_leaves_usage_and_its_floor_where_they_are",
    ),
    Mutant(
        "bits 7 to 9 of a change of supplier not heeded",
        JUDGE,
        " and not (event.control or 0) & _USAGE:",
        ":",
        SUPPLIERS + "T34_bits_7_to_9_make_it_both_all_the_same",
    ),
    Mutant(
        "a change of supplier that falls due forgets usage",
        HEARING,
        "        self._guard.rewind(watch, event, self._scope(event))\n",
        "        self._guard.rewind(watch, event, 3)\n",
        SUPPLIERS + "T34_a_genuine_change_s_name_comes_at_its_time",
    ),
    Mutant(
        "event compared with the lower floor whatever its scope",
        HEARING,
        "ledger.floor(number, scope), utc, joined)",
        "ledger.floor(number, 3), utc, joined)",
        SUPPLIERS + "T34_supplier_data_leaves_usage_and_its_floor_where_they_are",
    ),
    Mutant(
        "floor of usage raised with a supplier's",
        REWIND,
        "if scope & one and ledger.floor(meter, one) < event.time:",
        "if ledger.floor(meter, one) < event.time:",
        SUPPLIERS + "T34_supplier_data_leaves_usage_and_its_floor_where_they_are",
    ),
    Mutant(
        "name and phone not forgotten",
        METER,
        "            self.supplier.forget(before)\n",
        "            pass\n",
        SUPPLIERS + "a_change_of_tenancy_forgets_name_and_phone_too",
    ),
    Mutant(
        "name and phone not looked for by the verification",
        METER,
        "if scope & SUPPLIER_DATA and (self.supplier.holds(before) or self.account.holds(before)):\n",
        "if scope & SUPPLIER_DATA and self.account.holds(before):\n",
        SUPPLIERS + "what_a_supplier_told_before_is_held_until_it_is_forgotten",
    ),
    Mutant(
        "the announced supplier's name shown before its time",
        HEARING,
        "            supplier.coming = (event.name, event.phone, event.at) if named else None\n",
        "            _told(supplier, event.name, event.phone, event.at)\n",
        SUPPLIERS + "T34_a_genuine_change_s_name_comes_at_its_time",
    ),
    Mutant(
        "a cancelled supplier's name comes all the same",
        HEARING,
        "                self._supplier(watch).coming = None\n",
        "                pass\n",
        SUPPLIERS + "T34_a_genuine_change_s_name_comes_at_its_time",
    ),
    Mutant(
        "a long name kept whole",
        HEARING,
        "name[:_NAME]",
        "name",
        SUPPLIERS + "T33_long_names_are_taken_and_cut",
    ),
    Mutant(
        "name and phone read at every enquiry",
        ENQUIRY,
        "if kind == SUPPLIER and not guard.hearing().knows(watch, kind, time):",
        "if kind == SUPPLIER:",
        SUPPLIERS + "T35_name_and_phone_are_read_only_when_the_time_is_another",
    ),
    Mutant(
        "crossed thresholds taken",
        THRESHOLDS,
        " or low_medium > medium_high:",
        ":",
        SUPPLIERS + "thresholds_that_make_no_sense_are_none_and_the_meter_s_own_indicator_counts",
    ),
    Mutant(
        "thresholds read once only",
        POLLER,
        "return ticks is None or ticks_diff(self.dialogue.now, ticks) >= 0",
        "return ticks is None",
        SUPPLIERS + "thresholds_are_read_daily",
    ),
    Mutant(
        "thresholds not read again after a rewind",
        SUPPLIER,
        "        self.thresholds = self.again = None\n",
        "        self.thresholds = None\n",
        SUPPLIERS + "T34_supplier_data_leaves_usage_and_its_floor_where_they_are",
    ),
    Mutant(
        "thresholds asked for while the gate is closed",
        POLLER,
        "if known and meter.gate is None and self._calm():",
        "if known and self._calm():",
        SUPPLIERS + "thresholds_are_not_asked_for_while_the_gate_is_closed",
    ),
    Mutant(
        "half-hours from before the join read back from a meter that cannot tell",
        GUARD,
        'proven = proven or watch.cannot_tell and self.home.settings["backfill_unproven"]',
        "proven = proven or watch.cannot_tell",
        SUPPLIERS
        + "half_hours_from_before_the_join_are_read_back_from_a_meter_that_cannot_tell_only_where_that_is_set",
    ),
]
