"""The AT registers of an XBee 3: widths, limits, and the values a provisioned module wakes up with."""

import collections

# width: bytes in an answer. low, high: what may be written; None where nothing may.
Register = collections.namedtuple("Register", "width value low high")


def _read_only(width, value=0):
    return Register(width, value, None, None)


# Digi 90001539. As delivered, but in API mode 2 at 115200 and with the network's security settings: that much
# provisioning does. AO and D6 are left for the display to set.
TABLE = {
    "AP": Register(1, 2, 0, 4),
    "AO": Register(1, 0, 0, 0x3F),
    "BD": Register(4, 7, 0, 921_600),
    "D6": Register(1, 0, 0, 5),
    "D7": Register(1, 1, 0, 7),
    "CE": Register(1, 0, 0, 1),
    "SM": Register(1, 0, 0, 6),
    "ZS": Register(1, 2, 0, 2),
    "EE": Register(1, 1, 0, 1),
    "EO": Register(1, 2, 0, 0xFF),
    "KY": Register(16, 0, 0, 2**128 - 1),
    "ID": Register(8, 0, 0, 2**64 - 1),
    "SC": Register(2, 0x7FFF, 1, 0xFFFF),
    "SD": Register(1, 3, 0, 7),
    "JV": Register(1, 0, 0, 1),
    "NW": Register(2, 0, 0, 0x64FF),
    "NJ": Register(1, 0xFE, 0, 0xFF),
    "PS": Register(1, 0, 0, 1),
    "OP": _read_only(8),
    "OI": _read_only(2, 0xFFFF),
    "MY": _read_only(2, 0xFFFE),
    "SH": _read_only(4),
    "SL": _read_only(4),
    "CH": _read_only(1),
    "AI": _read_only(1, 0xFF),
    "DB": _read_only(1, 0x34),
    "VR": _read_only(2, 0x1014),
    "HV": _read_only(2, 0x4242),
    "NP": _read_only(2, 0xFF),
    "%V": _read_only(2, 3300),
}
# They never come out again.
WRITE_ONLY = ("KY",)
# A module that changes one of these leaves its network and looks for another.
NETWORK = ("CE", "ZS", "EE", "EO", "KY", "ID", "SC")


class BadValue(ValueError):
    """The register does not take this value."""


class Registers:
    """Working values, the values saved by WR, and those queued until AC."""

    def __init__(self, values):
        """values: {name: value} that differ from TABLE."""
        self._saved = {name: register.value for name, register in TABLE.items()} | values
        self._values = dict(self._saved)
        self._queued = {}

    def __getitem__(self, name):
        return self._values[name]

    def show(self, name, value):
        """The module itself changes what a read-only register says."""
        self._values[name] = value

    def read(self, name):
        """The bytes of an answer; KeyError for a register that does not exist."""
        if name in WRITE_ONLY:
            return b""
        return self._queued.get(name, self._values[name]).to_bytes(TABLE[name].width, "big")

    def queue(self, name, value):
        """Keep a value until apply(); raises BadValue, KeyError."""
        register = TABLE[name]
        if register.low is None or not register.low <= value <= register.high:
            raise BadValue(name)
        self._queued[name] = value

    def apply(self):
        """Let queued values take effect; returns the names of those that changed."""
        changed = [name for name, value in self._queued.items() if self._values[name] != value]
        self._values.update(self._queued)
        self._queued.clear()
        return changed

    def save(self):
        """What was applied or queued outlives a reset."""
        for name, register in TABLE.items():
            if register.low is not None:
                self._saved[name] = self._queued.get(name, self._values[name])

    def reset(self):
        self._queued.clear()
        self._values = dict(self._saved)
