"""Prepayment (0x0705) of a meter: how it is paid, what is left and owed, and what today has cost.

Source: Zigbee Smart Energy 1.4, D.7. Money is an integer of 1e-5 pounds.
"""

import zigpy.types as t
from zigpy.zcl.foundation import ZCLAttributeDef

from tools.bench import cost
from tools.bench.devices import Server
from tools.bench.tariff import POUNDS

CREDIT_MODE, PREPAYMENT_MODE = "credit", "prepayment"
# PaymentControlConfiguration: disconnection, prepayment and contactor; nothing of it in credit mode.
CONFIGURATION = {CREDIT_MODE: 0x0000, PREPAYMENT_MODE: 0x0083}
CREDIT_OK = 0x01
# CurrencyScalingFactor: 1e-5.
HUNDRED_THOUSANDTHS = 0x01

# The key of a scenario: id, type. There is such an attribute only in prepayment mode.
BALANCES = {
    "balance": (0x0001, t.int32s),
    "emergency": (0x0002, t.int32s),
    "status": (0x0003, t.bitmap8),
    "debt": (0x0005, t.int32s),
    "emergency_limit": (0x0010, t.uint32_t),
    "emergency_threshold": (0x0011, t.uint32_t),
    "low_credit": (0x0031, t.uint32_t),
    "debt_1": (0x0211, t.uint32_t),
    "debt_1_every": (0x0216, t.enum8),
    "debt_1_recovery": (0x0217, t.uint32_t),
    "debt_2": (0x0221, t.uint32_t),
    "debt_2_every": (0x0226, t.enum8),
    "debt_2_recovery": (0x0227, t.uint32_t),
    "debt_3": (0x0231, t.uint32_t),
    "debt_3_percent": (0x0239, t.uint16_t),
}


class Prepayment(Server):
    """mode: CREDIT_MODE or PREPAYMENT_MODE. balances: {key of BALANCES: integer}.

    spending: whether the balance is less by what energy has cost since it was set, at Zigbee UTC `since`; nothing else
    is taken from it. All to be changed at will.
    """

    def __init__(self, load, tariff, counted=lambda utc: utc):
        """counted(utc): until when the meter has counted what today has cost."""
        self.mode = CREDIT_MODE
        self.spending, self.since = False, load.origin
        self.balances = dict.fromkeys(BALANCES, 0) | {"status": CREDIT_OK}
        self._spent = lambda utc: cost.of_energy(load, tariff, self.since, max(self.since, counted(utc)))
        attributes = [
            (0x0000, t.bitmap16, lambda utc: CONFIGURATION[self.mode]),
            *((number, kind, self._reader(key)) for key, (number, kind) in BALANCES.items()),
            (0x0502, t.enum8, HUNDRED_THOUSANDTHS),
            (0x0503, t.uint16_t, POUNDS),
            (0x051C, t.uint48_t, lambda utc: cost.of_day(load, tariff, counted(utc))),
        ]
        super().__init__({ZCLAttributeDef(id=number, type=kind): value for number, kind, value in attributes})

    def _reader(self, key):
        def read(utc):
            if self.mode != PREPAYMENT_MODE:
                return None
            return self.balances[key] - (self._spent(utc) if key == "balance" and self.spending else 0)

        return read
