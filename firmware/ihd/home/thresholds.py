"""Reads from the electricity meter where low use ends and high use begins; loaded when it is asked.

Source: Smart Energy 1.4, D.11 (LowMediumThreshold, MediumHighThreshold); in W, as GB suppliers set them (ECS34).
Without them the meter's own AmbientConsumptionIndicator (D.3.2.2.3) tells, if it has one.
"""

from micropython import const

from ihd import wire
from ihd.clock import ticks_add
from ihd.han import zdo
from ihd.han.exchange import Request
from ihd.zcl import general, schema
from ihd.zcl.clusters import device_management, metering

WITH = ("ihd.home.thresholds", "ihd.zcl.clusters.device_management")  # what goes out of memory together

_DAY_MS = const(86400000)
_RETRY_MS = const(900000)  # after silence

_LOW_MEDIUM = const(0x0400)  # attributes of Device Management, W
_MEDIUM_HIGH = const(0x0401)


def ask(meter, home, dialogue):
    """A part of the script of `dialogue`. meter: home.meter.Meter of electricity. home: exchange, refused, clock."""
    device = meter.device
    found = yield from _read(home, device, device.management, device_management, (_LOW_MEDIUM, _MEDIUM_HIGH))
    thresholds = found and sound(*found)
    indicated = None
    if found and not thresholds:
        indicated = yield from _read(home, device, device.metering, metering, (metering.AMBIENT_CONSUMPTION_INDICATOR,))
    supplier = meter.supplier
    supplier.thresholds = thresholds
    supplier.thresholds_at = home.clock.utc(dialogue.now)
    supplier.indicates = bool(indicated and indicated[0] is not None)
    supplier.again = ticks_add(dialogue.now, _DAY_MS if thresholds or indicated else _RETRY_MS)


def sound(low_medium, medium_high):
    """Both thresholds in W as they are, or None: one is missing, both are 0, or they are crossed."""
    if low_medium is None or medium_high is None or not medium_high or low_medium > medium_high:
        return None
    return low_medium, medium_high


def _read(home, device, endpoint, cluster, wanted):
    """The values of the attributes `wanted`, None for each that there is not; None without an answer."""
    payload = general.read_attributes(home.exchange.next_sequence(), wanted)
    answer = yield Request(device.address, device.short, endpoint, cluster.CLUSTER, zdo.SMART_ENERGY, payload)
    if answer is None:
        return None
    found = [None] * len(wanted)
    if answer[0] == general.READ_ATTRIBUTES_RESPONSE:
        payload = answer[1]
        at = 0
        try:
            while at < len(payload):
                attribute, _, kind, value, at = general.record(payload, at, True)
                if attribute in wanted and kind is not None:
                    if schema.has_type(cluster.TYPES, attribute, kind):
                        found[wanted.index(attribute)] = value
                    else:
                        home.refused.count("attribute_type")
        except wire.Malformed:
            home.refused.count("malformed")
            return None
    return found
