"""A home as the director and the screens see it: its meters, its history, its clock."""

from fake_panel import Meter

from ihd.home.account import Account
from ihd.home.supplier import Supplier
from ihd.local_clock import LocalClock
from ihd.refused import Refused

NOON = 9571 * 86400 + 12 * 3600  # 2026-03-16


def meter(**more):
    past = more.pop("past", 7)
    given = {
        "name": "electricity",
        "watts": 345,
        "today": 1000 + past,
        "read_at": NOON - 60 * past,
        "half_hours": [(NOON // 1800 - n, past * n % 400) for n in range(60)],
        "since": NOON - 3600 * past,
        "account": Account(),
        "supplier": Supplier(),
        "scale": lambda raw: raw,
    }
    given.update(more)
    return Meter(**given)


class Watch:
    """A watch as the screens see it."""

    def __init__(self, tenancy="CLEAR", supplier="CLEAR", failing=None):
        self.states = (tenancy, supplier)
        self.failing = failing

    def state(self, kind):
        return self.states[kind]


class History:
    """A history, as the screens see it, whose every half-hour of a series from its floor on took as much; gaps in some.

    used: {series: Wh or litres; of cost only, that is none where there is none}. floors: {series: half-hour}. fails:
    whether it cannot be read. marks: {series: those of its half-hours}.
    """

    durable = False

    def __init__(self, used=(), floors=(), gaps=(), durable=False):
        self.used = dict(used)
        self.floors = dict(floors)
        self.gaps = gaps
        self.durable = durable
        self.asked = []
        self.marks = {}
        self.fails = False

    def floor(self, series):
        return self.floors.get(series, 0)

    def add_up(self, series, start, end):
        self.asked.append(series)
        if self.fails:
            raise OSError(5)
        start = max(start, self.floor(series))
        known = 0
        if series < 2 or series in self.used:
            known = max(0, end - start)
            if self.gaps:
                known = sum([half_hour not in self.gaps for half_hour in range(start, end)])
        return self.used.get(series, 0) * known, known, self.marks.get(series, 0)


class Home:
    """The app as the director sees it; `past` makes what is remembered."""

    def __init__(self, past=7):
        self.radio = self.guard = self
        self.state = "joined"
        self.utc = NOON
        self.local = LocalClock()
        self.note = ""
        self.electricity = meter(past=past)
        self.gas = meter(past=past + 1, name="gas")
        self.fresh = None
        self.recovering = False
        self.signal = -52
        self.moves = self.resets = self.confirmed = 0
        self.version = "0.1.0"
        self.refused = Refused()
        self.history = History({0: 100 + past, 1: 200 + past})
        self.watches = {0: Watch(), 1: Watch()}

    def heap(self):
        return 77_000, 35_000

    def moved_in(self):
        self.moves += 1

    def confirm(self):
        self.confirmed += 1

    def factory_reset(self):
        self.resets += 1
