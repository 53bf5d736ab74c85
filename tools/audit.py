"""Sets what the display said of the meters against what the meters really held.

Nothing of the firmware is asked: readings are the board's `fact` events, the truth is the bench's load model.
"""

HALF_HOUR = 1800
LATE_S = 2  # at most, from the meter's answer to the display's event
STRIKE_S = 60  # a half-hour may be closed by a reading that comes so much after it
UNITS = {"electricity": "Wh", "gas": "litres"}
READINGS = {"power": "the power in use", "electricity": "the electricity register", "gas": "the gas register"}


class Audit:
    """half_hours: {fuel: {Zigbee UTC // 1800: Wh or litres}}, as the display closed them."""

    def __init__(self, start, loads):
        """start: Zigbee UTC of board millisecond 0. loads: {fuel: tools.bench.load.Load}."""
        self.half_hours = {fuel: {} for fuel in UNITS}
        self._start = start
        self._loads = loads
        self._registers = {fuel: [] for fuel in UNITS}
        self._right = dict.fromkeys(READINGS, 0)
        self._wrong = dict.fromkeys(READINGS, 0)

    def event(self, event):
        """Take an event of the board; only facts with a value matter."""
        if event["event"] != "fact" or event["value"] is None:
            return
        fuel, what, value = event["fuel"], event["what"], event["value"]
        utc = self._start + event["ms"] // 1000
        earliest = max(self._start, utc - LATE_S)
        if what == "summation":
            self._registers[fuel].append(value)
            self._count(fuel, self._held(fuel, earliest) <= value <= self._held(fuel, utc))
        elif what == "power":
            self._count("power", value in [self._loads[fuel].rate(then) for then in range(earliest, utc + 1)])
        elif what == "half_hour":
            self.half_hours[fuel][event["t"] // HALF_HOUR - 1] = value

    def used(self, fuel):
        """Wh or litres between the first and the last reading of the register; 0 without any."""
        readings = self._registers[fuel] or [0]
        return readings[-1] - readings[0]

    def first(self, fuel):
        """The first half-hour of which the meter knows."""
        return self._loads[fuel].origin // HALF_HOUR

    def counted(self, fuel, half_hour):
        """Wh or litres that the meter counted in a half-hour."""
        return self._moved(fuel, half_hour * HALF_HOUR, HALF_HOUR)

    def allows(self, fuel, half_hour, value, exactly=False):
        """Whether the meter counted `value` in a half-hour, as far as readings on the clock can tell."""
        true = self.counted(fuel, half_hour)
        if exactly:
            return value == true
        least = true - self._moved(fuel, half_hour * HALF_HOUR, STRIKE_S)
        return least <= value <= true + self._moved(fuel, (half_hour + 1) * HALF_HOUR, STRIKE_S)

    def findings(self):
        """(whether it is right, a sentence) for each thing that was checked."""
        for key, kind in READINGS.items():
            wrong, count = self._wrong[key], self._right[key] + self._wrong[key]
            verdict = f"{wrong:,} differ from what the meter had" if wrong else "each is what the meter had just then"
            yield count > 0 and wrong == 0, f"{count:,} readings of {kind}: {verdict if count else 'not one came'}."
        for fuel in UNITS:
            yield self._half_hours(fuel)

    def _half_hours(self, fuel):
        said, unit = self.half_hours[fuel], UNITS[fuel]
        true = {n: self.counted(fuel, n) for n in said}
        right = all(self.allows(fuel, n, value) for n, value in said.items())
        most = max((abs(value - true[n]) for n, value in said.items()), default=0)
        differ = f"none differs by more than {most} {unit}" if most else "none differs"
        return right, (
            f"{len(said)} half-hours of {fuel} that it saw pass add up to {sum(said.values()):,} {unit}. "
            f"In the same half-hours the meter counted {sum(true.values()):,} {unit}; {differ}."
        )

    def _count(self, key, right):
        (self._right if right else self._wrong)[key] += 1

    def _held(self, fuel, utc):
        """The register; that of the gas meter moves when it wakes, on the half-hour."""
        return self._loads[fuel].delivered(utc if fuel == "electricity" else utc // HALF_HOUR * HALF_HOUR)

    def _moved(self, fuel, utc, seconds):
        return self._held(fuel, utc + seconds) - self._held(fuel, utc)
