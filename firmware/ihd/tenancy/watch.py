"""One bound meter as the guard sees it: what is known of its tenancy and supplier, and whether its gate is open."""

from micropython import const

from ihd.clock import ticks_diff

TENANCY = const(0)  # kinds
SUPPLIER = const(1)
KINDS = (TENANCY, SUPPLIER)
KIND_NAMES = ("tenancy", "supplier")
SOURCES = ("command", "attribute", "unsolicited", "user", "home", "reset")  # by number

UNKNOWN = "UNKNOWN"  # states
CLEAR = "CLEAR"
PENDING = "PENDING"
CANNOT_TELL = "CANNOT_TELL"
UNREACHABLE = "UNREACHABLE"
REWINDING = "REWINDING"

ASKING = "ASKING THE METER"  # why a gate is closed
SILENT = "NO ANSWER"
FORGETTING = "FORGETTING"
TIMELESS = "TIME NOT KNOWN"
FAILING = "FAILS: "  # and the name of the keeper


class Watch:
    """State is per kind; `outcomes` what the last enquiry gave, `dues` when the pending event is due (Zigbee UTC, 0 for
    "now" while the time is not known).

    joined: Zigbee UTC of the binding, None when that is not known. first: whether its first tenancy enquiry is not
    answered yet. applied: whether a change of tenancy was ever carried out. answered: ticks of the last answer to a
    tenancy enquiry, None without one for too long; spoke: whether there was one since the start; stale: whether it is
    silent for too long, as long as is known. vouched: the occupant
    said that they have moved in, which opens the gate until the next start. rewinding: how many rewinds are to be done.
    """

    def __init__(self, device, dialogue, joined, first):
        self.device = device
        self.number = device.number
        self.dialogue = dialogue
        self.joined = joined
        self.first = first
        self.applied = False
        self.answered = None
        self.spoke = self.stale = False
        self.since = None  # ticks of the last answer, or of the first step
        self.vouched = False
        self.again = False  # it told something that could not be judged without time: it is to be asked again
        self.release = False  # after the rewind it is bound no more
        self.outcomes = [UNKNOWN, UNKNOWN]
        self.sources = [None, None]  # of the event that the state is about
        self.dues = [None, None]
        self.rewinding = [0, 0]
        self.failing = None  # the name of a keeper that does not forget
        self.told = [None, None]  # (state, due) of the last event about it
        self.closed = ASKING  # why its gate is closed, None when it is open

    def state(self, kind):
        """The state of one kind."""
        if self.rewinding[kind]:
            return REWINDING
        outcome = self.outcomes[kind]
        return PENDING if self.dues[kind] is not None and outcome in (CLEAR, CANNOT_TELL) else outcome

    @property
    def missing(self):
        """Whether the meter answers neither about tenancy nor about anything else."""
        return self.device.lost and self.outcomes[TENANCY] == UNREACHABLE

    @property
    def cannot_tell(self):
        """Whether the meter cannot tell of a change of tenancy."""
        return self.outcomes[TENANCY] == CANNOT_TELL

    def overdue(self, kind, utc):
        """Whether the event of this kind is to be carried out at Zigbee UTC `utc`, None while that is not known."""
        due = self.dues[kind]
        return utc is not None and due is not None and due <= utc and not self.rewinding[kind]

    def why_closed(self, utc, now, stale_ms):
        """Why nothing remembered may be shown, None when it may. now: ticks."""
        if self.since is None:
            self.since = now
        if not self.stale and ticks_diff(now, self.since) > stale_ms:
            self.stale = True
            if self.answered is not None:
                self.answered = None
                self.outcomes[TENANCY] = UNREACHABLE
        if self.rewinding[0] or self.rewinding[1]:
            return FAILING + self.failing if self.failing else FORGETTING
        for kind in KINDS:
            if self.dues[kind] is not None and utc is None:
                return TIMELESS
            if self.overdue(kind, utc):
                return FORGETTING
        if self.vouched or self.answered is not None and not self.again:
            return None
        return SILENT if self.outcomes[TENANCY] == UNREACHABLE else ASKING
