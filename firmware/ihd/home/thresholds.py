"""Reads from the electricity meter where low use ends and high use begins; loaded when it is asked.

Source: Smart Energy 1.4, D.11 (LowMediumThreshold, MediumHighThreshold); in W, as GB suppliers set them (ECS34).
Without them the meter's own AmbientConsumptionIndicator (D.3.2.2.3) tells, if it has one.
"""

from micropython import const

from ihd.clock import ticks_add
from ihd.home.reading import read
from ihd.zcl.clusters import device_management, metering

# what goes out of memory together
WITH = ("ihd.home.thresholds", "ihd.home.reading", "ihd.zcl.clusters.device_management")

_DAY_MS = const(86400000)
_RETRY_MS = const(900000)  # after silence

_LOW_MEDIUM = const(0x0400)  # attributes of Device Management, W
_MEDIUM_HIGH = const(0x0401)


def ask(meter, home, dialogue):
    """A part of the script of `dialogue`. meter: home.meter.Meter of electricity. home: exchange, refused, clock."""
    device = meter.device
    wanted = (_LOW_MEDIUM, _MEDIUM_HIGH)
    found = yield from read(home, device, device.management, device_management.CLUSTER, device_management.TYPES, wanted)
    thresholds = found and sound(*found[0])
    indicated = None
    if found and not thresholds:
        wanted = (metering.AMBIENT_CONSUMPTION_INDICATOR,)
        indicated = yield from read(home, device, device.metering, metering.CLUSTER, metering.TYPES, wanted)
    supplier = meter.supplier
    supplier.thresholds = thresholds
    supplier.thresholds_at = home.clock.utc(dialogue.now)
    supplier.indicates = bool(indicated and indicated[0][0] is not None)
    supplier.again = ticks_add(dialogue.now, _DAY_MS if thresholds or indicated else _RETRY_MS)


def sound(low_medium, medium_high):
    """Both thresholds in W as they are, or None: one is missing, both are 0, or they are crossed."""
    if low_medium is None or medium_high is None or not medium_high or low_medium > medium_high:
        return None
    return low_medium, medium_high
