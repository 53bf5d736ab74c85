"""Metering (0x0702): power, registers and how to scale them.

Source: Smart Energy 1.4, D.3; GB use: facts from GBCS 10.4.
"""

from micropython import const

CLUSTER = const(0x0702)

CURRENT_SUMMATION_DELIVERED = const(0x0000)
CURRENT_SUMMATION_RECEIVED = const(0x0001)
SUPPLY_STATUS = const(0x0014)
AMBIENT_CONSUMPTION_INDICATOR = const(0x0207)
UNIT_OF_MEASURE = const(0x0300)
MULTIPLIER = const(0x0301)
DIVISOR = const(0x0302)
METERING_DEVICE_TYPE = const(0x0306)
SITE_ID = const(0x0307)
CUSTOMER_ID_NUMBER = const(0x0311)
INSTANTANEOUS_DEMAND = const(0x0400)

GET_PROFILE = const(0x00)  # client to server
GET_PROFILE_FORM = "BIB"  # interval channel, end (UTC; 0: the latest), periods
PROFILE = const(0x00)  # server to client
PROFILE_FORM = "IBBB"  # end (UTC), status, interval period, periods; then they, u24 each, newest first
HALF_HOURS = const(2)  # interval period
REQUEST_FAST_POLL_MODE = const(0x03)  # client to server
FAST_POLL_FORM = "BB"  # update period in s, for so many minutes
FAST_POLL_MODE = const(0x03)  # server to client
FAST_POLL_MODE_FORM = "BI"  # update period applied, in s; its end (UTC)
GET_SAMPLED_DATA = const(0x08)  # client to server
GET_SAMPLED_DATA_FORM = "HIBH"  # sample id, earliest (UTC), sample type, number of samples
SAMPLED_DATA = const(0x07)  # server to client
SAMPLED_DATA_FORM = "HIBHH"  # sample id, start (UTC), sample type, interval in s, samples; then they, u24 each
PROFILE_DATA_LOG = const(0)  # sample id: the half-hours; a sample's time is the begin of its half-hour
CONSUMPTION_DELIVERED = const(0)  # sample type

KWH = const(0x00)  # UnitOfMeasure: kWh, and kW for demand
CUBIC_METRES = const(0x01)  # UnitOfMeasure: m3, and m3/h

ELECTRIC = const(0x00)  # MeteringDeviceType
GAS = const(0x01)
MIRRORED_GAS = const(0x80)

TYPES = (
    b"\x00\x00\x25"  # CurrentSummationDelivered, u48
    b"\x01\x00\x25"  # CurrentSummationReceived, u48
    b"\x14\x00\x30"  # SupplyStatus, enum8: 0 off, 1 off and armed, 2 on
    b"\x07\x02\x30"  # AmbientConsumptionIndicator, enum8: 0 low, 1 medium, 2 high
    b"\x00\x03\x30"  # UnitOfMeasure, enum8
    b"\x01\x03\x22"  # Multiplier, u24
    b"\x02\x03\x22"  # Divisor, u24
    b"\x06\x03\x18"  # MeteringDeviceType, bitmap8 in the standard ...
    b"\x06\x03\x30"  # ... and enum8 on meters that read it as the list it is
    b"\x07\x03\x41"  # SiteID, octet string: MPAN or MPRN
    b"\x11\x03\x41"  # CustomerIDNumber, octet string
    b"\x00\x04\x2a"  # InstantaneousDemand, s24
)
