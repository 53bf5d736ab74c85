"""The planted defects that random lives beside the model of the tenancy page, and the walk of memory, must find."""

from mutants_tenancy import INBOX, JUDGE, REWIND
from planting import Mutant

LIVES = "host_tests/test_tenancy_model.py::test_a_display_lives_as_the_page_says"
WALKS = "host_tests/test_memory_walk.py::test_"

MUTANTS = [
    Mutant(
        "random lives: stale comparison turned round",
        JUDGE,
        "event.event_id < earlier.highest",
        "event.event_id > earlier.highest",
        LIVES,
    ),
    Mutant(
        "random lives: floor not durable",
        REWIND,
        "            ledger.put_floor(meter, one, event.time)\n",
        "            pass\n",
        LIVES,
    ),
    Mutant(
        "random lives: floor forgotten at the start",
        "firmware/ihd/tenancy/restore.py",
        "        office.forbid(number, ledger.floor(number))  # whoever is bound next\n",
        "",
        LIVES,
    ),
    Mutant(
        "random lives: future change carried out early",
        JUDGE,
        "    if time > now:\n",
        "    if time > now + 600:\n",
        LIVES,
    ),
    Mutant(
        "random lives: cancel without its provider obeyed",
        JUDGE,
        " and pending.provider == event.provider",
        "",
        LIVES,
    ),
    Mutant(
        "random lives: unsecured answer opens the gate",
        INBOX,
        "if security.needs_aps(cluster) and not indication.secured:",
        "if security.needs_aps(cluster) and not indication.secured and not general.is_answer(control, command):",
        LIVES,
    ),
    Mutant(
        "a meter that remembers its last ten readings",
        "firmware/ihd/home/meter.py",
        "        self.read_at = self.heard\n",
        "        self.read_at = self.heard\n        self.last = (getattr(self, 'last', ()) + (register,))[-10:]\n",
        WALKS + "everything_that_can_be_reached_is_declared",
    ),
    Mutant(
        "today's register kept in memory after a rewind",
        "firmware/ihd/home/meter.py",
        "            self.half_hours.forget(before)\n",
        "            pass\n",
        WALKS + "after_a_rewind_nothing_that_can_be_reached_is_of_the_past",
    ),
]
