"""Planted defects of what a fresh reader found: what comes back after a change, or is lost by one."""

from planting import Mutant

HOME = "firmware/ihd/home/"
TENANCY = "firmware/ihd/tenancy/"
TESTS = "host_tests/portable/test_reviewed.py::test_"
LOG = "host_tests/portable/test_backfill.py::test_"

MUTANTS = [
    Mutant(
        "a meter bound anew takes messages from before the floor",
        TENANCY + "hearing.py",
        "        self._office.limit(number)\n",
        "",
        TESTS + "a_meter_that_is_bound_anew_after_a_factory_reset_tells_nothing_of_before",
    ),
    Mutant(
        "what was told by a clock that was ahead outlives a change",
        HOME + "meter.py",
        "        self.account.clear()\n",
        "",
        TESTS + "what_was_told_while_the_clock_was_ahead_goes_with_the_next_change",
    ),
    Mutant(
        "what was told behind a floor stays when that holds again",
        TENANCY + "set_back.py",
        "                each.forget(meter, floor, scope)  # what was told behind it\n",
        "                pass\n",
        TESTS + "a_message_of_before_is_not_shown_because_the_clock_fell_back_for_a_while",
    ),
    Mutant(
        "an address is not learnt from answers",
        "firmware/ihd/han/inbox.py",
        "                device.short = indication.short\n",
        "                pass\n",
        TESTS + "clusters_are_looked_for_again_where_the_meter_s_address_was_not_known",
    ),
    Mutant(
        "a message told again begins anew",
        HOME + "publications.py",
        "if each[0] == number and each[4] == text and (each[2] == start or asked):",
        "if False:",
        TESTS + "a_message_told_again_keeps_its_time_and_that_it_was_confirmed",
    ),
    Mutant(
        "of a log that comes in parts the newer one is never asked",
        HOME + "backfill.py",
        "        return end, stop  # it",
        "        return start, 0  # it",
        LOG + "of_a_meter_that_gives_fewer_samples_than_asked_the_rest_is_asked_too",
    ),
    Mutant(
        "a message that was told again since a change is taken for the new occupant's",
        HOME + "account.py",
        "return min(told, start, number if number > A_TIME else told)",
        "return told",
        TESTS + "a_message_of_before_that_was_told_since_goes_with_a_change_that_is_told_late",
    ),
    Mutant(
        "a message without a text ends the program",
        HOME + "publications.py",
        "        if not text:\n            return general.SUCCESS\n",
        "",
        TESTS + "a_message_without_a_text_changes_nothing",
    ),
    Mutant(
        "a poller that was stopped asks again when there is need of room",
        HOME + "poller.py",
        '        """Ask no more."""\n        self._parting = False\n',
        '        """Ask no more."""\n',
        TESTS + "a_poller_that_was_stopped_stays_so",
    ),
]
