"""Prepayment (0x0705): how energy is paid, what credit and debt there is, and the meter's own cost.

Source: Zigbee Smart Energy 1.4, D.7. Money of GB meters is in 1e-5 GBP (GBCS GCS60: 2500000 is 25 GBP).
"""

from micropython import const

CLUSTER = const(0x0705)

PAYMENT_CONTROL_CONFIGURATION = const(0x0000)
CREDIT_REMAINING = const(0x0001)
EMERGENCY_CREDIT_REMAINING = const(0x0002)
CREDIT_STATUS = const(0x0003)
ACCUMULATED_DEBT = const(0x0005)
EMERGENCY_CREDIT_LIMIT = const(0x0010)
EMERGENCY_CREDIT_THRESHOLD = const(0x0011)
LOW_CREDIT_WARNING = const(0x0031)
DEBT_AMOUNT_1 = const(0x0211)
DEBT_RECOVERY_FREQUENCY_1 = const(0x0216)
DEBT_RECOVERY_AMOUNT_1 = const(0x0217)
DEBT_AMOUNT_2 = const(0x0221)
DEBT_RECOVERY_FREQUENCY_2 = const(0x0226)
DEBT_RECOVERY_AMOUNT_2 = const(0x0227)
DEBT_AMOUNT_3 = const(0x0231)
DEBT_RECOVERY_TOP_UP_PERCENTAGE_3 = const(0x0239)
CURRENCY_SCALING_FACTOR = const(0x0502)
CURRENCY = const(0x0503)
CURRENT_DAY_COST_DELIVERED = const(0x051C)

PREPAYMENT = const(0x0002)  # bit of PaymentControlConfiguration

# bits of CreditStatus
LOW_CREDIT = const(0x02)
EMERGENCY_CREDIT_AVAILABLE = const(0x08)
EMERGENCY_CREDIT_IN_USE = const(0x20)
CREDIT_EXHAUSTED = const(0x40)

TYPES = (
    b"\x00\x00\x19"  # PaymentControlConfiguration, bitmap16
    b"\x01\x00\x2b"  # CreditRemaining, s32
    b"\x02\x00\x2b"  # EmergencyCreditRemaining, s32
    b"\x03\x00\x18"  # CreditStatus, bitmap8
    b"\x05\x00\x2b"  # AccumulatedDebt, s32
    b"\x10\x00\x23"  # EmergencyCreditLimitAllowance, u32
    b"\x11\x00\x23"  # EmergencyCreditThreshold, u32
    b"\x31\x00\x23"  # LowCreditWarning, u32
    b"\x11\x02\x23"  # DebtAmount1, u32
    b"\x16\x02\x30"  # DebtRecoveryFrequency1, enum8: 0 hour, 1 day, 2 week, 3 month, 4 quarter
    b"\x17\x02\x23"  # DebtRecoveryAmount1, u32
    b"\x21\x02\x23"  # DebtAmount2, u32
    b"\x26\x02\x30"  # DebtRecoveryFrequency2, enum8
    b"\x27\x02\x23"  # DebtRecoveryAmount2, u32
    b"\x31\x02\x23"  # DebtAmount3, u32
    b"\x39\x02\x21"  # DebtRecoveryTopUpPercentage3, u16: hundredths of a percent
    b"\x02\x05\x30"  # CurrencyScalingFactor, enum8: 0 is 1e-6, 1 is 1e-5, to 12, 1e6
    b"\x03\x05\x21"  # Currency, u16
    b"\x1c\x05\x25"  # CurrentDayCostConsumptionDelivered, u48
)
