"""How much of the channel a display takes, and how fast a month goes by: a month of January, in this process.

    python -m tools.measure_month      a part of `make bench`

The whole App in a lean home (lean_home.py) where every question is answered: electricity is asked each 10 s, gas each
half-hour, and everything else as often as the firmware sees fit. What a frame takes of the channel, in octets of 32 us
at 250 kbit/s: 6 PHY preamble and length, 11 MAC header, 2 FCS, 8 NWK header, 18 NWK security, 8 APS header, 9 APS
security (5 and a MIC of 4) with a link key, its ZCL or ZDO payload; and 11 for the acknowledgement of the MAC, its PHY
preamble included, but not for a broadcast. Beside it the same with an APS acknowledgement for each frame but a
broadcast, which an XBee asks for. Ignored: that frames of more than 127 octets go in fragments (they are counted), that
a hub between the two sends a frame on, that routers repeat a broadcast, back-off and tries again.

The panel is drawn each ten minutes, not at every number, and modules stay in memory: this makes a month short. Prints a
table; ends with 1 when the goal of the channel is missed. Time depends on the machine, so its goal is only printed.
"""

import sys
import time
from collections import Counter
from pathlib import Path

from tools.counted_flash import CountedFlash

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "firmware"), str(HERE / "virtual_board" / "cpython")]

from ihd import on_demand, settings  # noqa: E402 - found through the line before
from ihd.app import App  # noqa: E402
from ihd.refused import Refused  # noqa: E402
from tools import lean_home  # noqa: E402

DAYS = 31
SECONDS = 60  # a month
PERCENT = 0.2  # of the channel
DRAWN_S = 600
OCTET_MS = 8 / 250
PHY, MAC, NWK, APS, LINK_KEY, ACKNOWLEDGED = 6, 11 + 2, 8 + 18, 8, 9, 11
LONGEST = 127  # octets behind the PHY's
DAY_MS = lean_home.DAY * 1000


class Air(lean_home.Home):
    """A home in which what goes over the air is counted: octets and frames by kind."""

    log_days = 397  # as GB meters have it

    def __init__(self):
        super().__init__()
        self.octets = Counter()
        self.frames = Counter()
        self.acknowledging = 0  # octets of APS acknowledgements
        self.long = 0  # frames that would go in fragments
        self.told = Counter()

    def went(self, kind, size, secured, everyone):
        """A frame went over the air."""
        headers = MAC + NWK + APS + (LINK_KEY if secured else 0)
        self.octets[kind] += PHY + headers + size + (0 if everyone else ACKNOWLEDGED)
        self.frames[kind] += 1
        self.long += headers + size > LONGEST
        if not everyone:
            self.acknowledging += PHY + headers + ACKNOWLEDGED

    def boot(self):
        """The App comes to life."""
        refused = Refused()
        chosen = settings.checked({}, None)
        self.app = App(self, lean_home.Panel(), CountedFlash(), chosen, refused, self._emit, lambda: (0, 0))
        director = self.app.director
        drawn, last = director.draw, None

        def draw(now, app):
            nonlocal last
            if last == self.utc // DRAWN_S:
                return DRAWN_S * 1000
            last = self.utc // DRAWN_S
            return drawn(now, app)

        director.draw = draw

    def total_ms(self):
        """Milliseconds of the channel so far, without and with APS acknowledgements."""
        octets = self.octets.total()
        return octets * OCTET_MS, (octets + self.acknowledging) * OCTET_MS

    def _emit(self, event, **fields):
        self.told[event] += 1


def lived():
    """(seconds it took, Air after a month, channel ms of its first day)."""
    drop, on_demand.drop = on_demand.drop, lambda *names: None
    home = Air()
    start = time.perf_counter()
    try:
        home.boot()
        home.run(lean_home.DAY)
        first = home.total_ms()
        home.run((DAYS - 1) * lean_home.DAY)
    finally:
        on_demand.drop = drop
    return time.perf_counter() - start, home, first


def measure():
    """Measure, print; returns whether the goals are met."""
    seconds, home, first = lived()
    took = "met" if seconds <= SECONDS else "NOT MET, which only this machine answers for"
    print(f"\n{'A month of the whole display, in process:':<42}{seconds:.1f} s   goal: at most {SECONDS}, {took}")
    print(f"{'Air time a day by kind':<42}{'frames':>10}{'octets':>12}{'ms':>10}{'of the channel':>16}")
    for kind, octets in home.octets.most_common():
        row(kind, home.frames[kind] / DAYS, octets / DAYS, octets * OCTET_MS / DAYS)
    ms, acknowledged_ms = (each / DAYS for each in home.total_ms())
    row("in all", home.frames.total() / DAYS, home.octets.total() / DAYS, ms, True)
    row("    with APS acknowledgements", None, acknowledged_ms / OCTET_MS, acknowledged_ms, True)
    row("    of its first day, with all back-fill", None, first[1] / OCTET_MS, first[1], True)
    print(f"{'    frames that would go in fragments':<42}{home.long / DAYS:>10,.1f}")
    refused = dict(home.app.refused.counts)
    print(f"{'    refused, lost or in error':<42}{len(refused) + home.told['error']:>10}")
    return max(acknowledged_ms, first[1]) <= DAY_MS * PERCENT / 100 and not refused and not home.told["error"]


def row(what, frames, octets, ms, judged=False):
    """One line of the table."""
    percent = 100 * ms / DAY_MS
    goal = f"   goal: at most {PERCENT} %, {'met' if percent <= PERCENT else 'NOT MET'}" if judged else ""
    count = "" if frames is None else f"{frames:,.0f}"
    print(f"{what:<42}{count:>10}{octets:>12,.0f}{ms:>10,.0f}{percent:>14.4f} %{goal}", flush=True)


if __name__ == "__main__":
    sys.exit(0 if measure() else 1)
