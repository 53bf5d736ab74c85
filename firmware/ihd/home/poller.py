"""Asks one meter for what it measures, as often as it is worth it, and for half-hours that were missed.

Source for the periods: GB displays refresh electricity every 10 s; a gas meter wakes every half-hour.
"""

from micropython import const

from ihd import on_demand, wire
from ihd.clock import HALF_HOUR, ticks_diff
from ihd.han import zdo
from ihd.han.dialogue import Dialogue
from ihd.han.directory import ELECTRICITY
from ihd.han.exchange import Request
from ihd.radio import UNKNOWN_SHORT
from ihd.zcl import general
from ihd.zcl.clusters import metering

_SCALE = (metering.UNIT_OF_MEASURE, metering.MULTIPLIER, metering.DIVISOR)
_ELECTRICITY = (metering.INSTANTANEOUS_DEMAND, metering.CURRENT_SUMMATION_DELIVERED)
_GAS = (metering.CURRENT_SUMMATION_DELIVERED,)
_AFTER_WAKING_S = const(120)  # the gas meter's new register is with the hub by then
_LONGEST_WITHOUT_TIME_S = const(60)
_RETRY_MS = const(5000)  # after silence, doubled each time
_LONGEST_RETRY_MS = const(60000)

_SOON_S = const(20)
_PATIENCE = const(12)
_LOG = const(19056)  # half-hours in a meter's own log
_DAY = const(48)
_RECORDED_S = const(150)  # by then an electricity half-hour that ended is recorded, if it was seen ...
_GAS_RECORDED_S = const(1020)  # ... and one of gas


class Poller:
    """Keeps `meter` fresh. home: has clock, exchange, refused and guard. poll_s: seconds between questions."""

    def __init__(self, meter, home, poll_s):
        self.meter = meter
        self._home = home
        self._poll_s = poll_s
        self._electricity = meter.device.fuel == ELECTRICITY
        self._parting = False  # whether a part of the script is in memory
        self.dialogue = Dialogue(home.exchange)
        self.backfill = Dialogue(home.exchange)

    def begin(self, now):
        """Start asking, anew if it asks already."""
        self.meter.account.joined()
        self._parting = False
        self.dialogue.begin(self._script(), now)

    def make_room(self, now):
        """What is needed now takes much memory: ask for what changes seldom another time."""
        if self._parting:
            self._parting = False
            self.dialogue.begin(self._script(), now)

    def refill(self, now):
        """Look for gaps as far back as the meter's log reaches, then for new ones after each half-hour."""
        self.backfill.begin(self._fill(), now)

    def stop(self):
        """Ask no more."""
        self._parting = False
        self.dialogue.stop()
        self.backfill.stop()

    def _script(self):
        meter = self.meter
        retry = _RETRY_MS
        while True:
            wanted = (_ELECTRICITY if self._electricity else _GAS) if meter.scaled() else _SCALE
            if meter.supplier.indicates:
                wanted += (metering.AMBIENT_CONSUMPTION_INDICATOR,)
            device = meter.device
            payload = general.read_attributes(self._home.exchange.next_sequence(), wanted)
            short = UNKNOWN_SHORT if device.lost else device.short
            answer = yield Request(device.address, short, device.metering, metering.CLUSTER, zdo.SMART_ENERGY, payload)
            if answer is None:
                meter.silent()
                yield retry
                retry = min(2 * retry, _LONGEST_RETRY_MS)
                continue
            retry = _RETRY_MS
            known = meter.scaled()
            meter.answers(self.dialogue.now)
            if answer[0] == general.READ_ATTRIBUTES_RESPONSE:
                self._take(answer[1])
            if known and meter.gate is None and self._calm():
                if self._electricity and self._is_due(meter.supplier.again):
                    yield from self._part("ihd.home.thresholds")
                    self._parting = False
                if self._is_due(meter.account.minute):
                    yield from self._part("ihd.home.services")
                    self._parting = False
            if known or not meter.scaled():
                yield self._pause()

    def _calm(self):
        """Whether no half-hour of electricity ends soon: its register is read at that moment."""
        utc = self._home.clock.utc(self.dialogue.now)
        return utc is None or not self._electricity or HALF_HOUR - utc % HALF_HOUR > _SOON_S

    def _is_due(self, ticks):
        return ticks is None or ticks_diff(self.dialogue.now, ticks) >= 0

    def _part(self, name):
        """A part of the script that is in memory only meanwhile."""
        self._parting = True
        module = on_demand.load(name)
        on_demand.drop(*module.WITH)
        ask = module.ask
        del module  # or this generator would keep it
        return ask(self.meter, self._home, self.dialogue)

    def _fill(self):
        home = self._home
        reach = _LOG
        waited = 0
        after = _RECORDED_S if self._electricity else _GAS_RECORDED_S
        while True:
            earliest = home.guard.earliest(self.meter.device.number)
            utc = self._home.clock.utc(self.backfill.now)
            if earliest is None or utc is None or not self.meter.scaled():
                yield _RETRY_MS
                continue
            if self.meter.account.hour is None and waited < _PATIENCE:
                waited += 1
                yield _RETRY_MS  # prices come first, so that what is read back has its cost
                continue
            fill = on_demand.load("ihd.home.backfill").fill
            on_demand.drop("ihd.home.backfill")
            try:
                whole = yield from fill(self.meter, home, utc, earliest, reach)
            except OSError:
                whole = False  # the flash cannot be read now
            del fill  # or this generator would keep it
            reach = _DAY if whole else _LOG
            utc = self._home.clock.utc(self.backfill.now) or 0
            yield (HALF_HOUR - (utc - after) % HALF_HOUR) * 1000

    def _take(self, payload):
        try:
            self.meter.attributes(payload, True, self.dialogue.now)
        except wire.Malformed:
            self._home.refused.count("malformed")

    def _pause(self):
        """Milliseconds until the next question: as set, but also when a half-hour closes."""
        utc = self._home.clock.utc(self.dialogue.now)
        if utc is None:
            return min(self._poll_s, _LONGEST_WITHOUT_TIME_S) * 1000
        closes = 0 if self._electricity else _AFTER_WAKING_S
        ends = (HALF_HOUR - (utc - closes) % HALF_HOUR) * 1000 - self._home.clock.fraction(self.dialogue.now)
        return min(self._poll_s * 1000, ends)
