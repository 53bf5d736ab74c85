"""Price (0x0700): what energy costs now and next, each day, and what makes kWh of a gas meter's cubic metres.

Source: Zigbee Smart Energy 1.4, D.4; GB use: GBCS GCS01a, GCS21f, GCS23. GB sends currency 826 and five digits behind
the point: a price is in 1e-5 GBP.
"""

from micropython import const

CLUSTER = const(0x0700)

# client to server
GET_CURRENT_PRICE = const(0x00)
CURRENT_PRICE = "B"  # options: bit 0, our receiver is on when idle
GET_SCHEDULED_PRICES = const(0x01)
SCHEDULED_PRICES = "IB"  # earliest start (UTC), how many; 0: all
GET_CONVERSION_FACTOR = const(0x04)
GET_CALORIFIC_VALUE = const(0x05)
FACTORS = "IIB"  # earliest start (UTC), least issuer event id, how many; of both questions
GET_TARIFF_INFORMATION = const(0x06)
TARIFFS = "IIBB"  # earliest start (UTC), least issuer event id, how many, tariff type

# server to client
PUBLISH_PRICE = const(0x00)
# provider, rate label, issuer event id, current time (UTC), unit of measure, currency, trailing digit and tier, tiers
# and register tier, start (UTC), duration in minutes, price; then, each only if the payload reaches so far: price
# ratio, generation price, its ratio, alternate cost, its unit and trailing digit, block thresholds, price control,
# generation tiers and tier, extended number of tiers, tier and register tier
PRICE = "IoIIBHBBIHI?BIBIBBBBBBBBB"
PUBLISH_CONVERSION_FACTOR = const(0x02)
CONVERSION_FACTOR = "IIIB"  # issuer event id, start (UTC), factor, trailing digit
PUBLISH_CALORIFIC_VALUE = const(0x03)
CALORIFIC_VALUE = "IIIBB"  # issuer event id, start (UTC), value, unit, trailing digit
PUBLISH_TARIFF_INFORMATION = const(0x04)
# provider, issuer event id, issuer tariff id, start (UTC), tariff type and charging scheme, label, tiers, block
# thresholds, unit of measure, currency, price trailing digit, standing charge, block mode, threshold multiplier and
# divisor
TARIFF_INFORMATION = "IIIIBoBBBHBIBTT"

STANDING_CHARGE_ATTRIBUTE = const(0x0301)
CONVERSION_FACTOR_ATTRIBUTE = const(0x0302)
CONVERSION_FACTOR_TRAILING_DIGIT = const(0x0303)
CALORIFIC_VALUE_ATTRIBUTE = const(0x0304)
CALORIFIC_VALUE_UNIT = const(0x0305)
CALORIFIC_VALUE_TRAILING_DIGIT = const(0x0306)
TARIFF_CURRENCY = const(0x0616)
TARIFF_PRICE_TRAILING_DIGIT = const(0x0617)

POUNDS = const(826)  # ISO 4217
MEGAJOULES_A_CUBIC_METRE = const(0x01)  # CalorificValueUnit

TYPES = (
    b"\x01\x03\x23"  # StandingCharge, u32
    b"\x02\x03\x23"  # ConversionFactor, u32
    b"\x03\x03\x18"  # ConversionFactorTrailingDigit, bitmap8: the digits behind the point in bits 4-7
    b"\x04\x03\x23"  # CalorificValue, u32
    b"\x05\x03\x30"  # CalorificValueUnit, enum8
    b"\x06\x03\x18"  # CalorificValueTrailingDigit, bitmap8, as above
    b"\x16\x06\x21"  # TariffCurrency, u16
    b"\x17\x06\x18"  # TariffPriceTrailingDigit, bitmap8, as above
)
