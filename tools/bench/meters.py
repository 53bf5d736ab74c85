"""The devices of a British home: communications hub, electricity meter (ESME) and gas proxy (GPF), as tables.

Endpoint numbers differ everywhere on purpose: a display has to discover them. Attributes: Zigbee SE 1.4, D.3.
"""

from zigpy.zcl.clusters.general import Basic, Time
from zigpy.zcl.clusters.smartenergy import Metering as Zigpy
from zigpy.zdo.types import LogicalType

from tools.bench.british_time import SUMMER_SHIFT_S, local_time, summer
from tools.bench.details import Details
from tools.bench.device_management import DeviceManagement
from tools.bench.devices import ENERGY_SERVICE_INTERFACE, METERING_DEVICE, Device, Endpoint, Server
from tools.bench.frame import COORDINATOR
from tools.bench.messaging import Messaging
from tools.bench.metering import THREE_DECIMALS, Metering
from tools.bench.prepayment import Prepayment
from tools.bench.price import Price
from tools.bench.sampled_data import HALF_HOUR
from tools.bench.tariff import Conversion, Tariff

BASIC = 0x0000
TIME = 0x000A
PRICE = 0x0700
METERING = 0x0702
MESSAGING = 0x0703
PREPAYMENT = 0x0705
DEVICE_MANAGEMENT = 0x0708

TIME_UNKNOWN = 0xFFFFFFFF
# TimeStatus: master clock, synchronised.
SYNCHRONISED = 0x03

_metering = Zigpy.AttributeDefs


def communications_hub(eui64, clock):
    """The coordinator, trust centre and time server. clock(utc): the Zigbee UTC it knows, or None."""
    time = Server(
        {
            Time.AttributeDefs.time: lambda utc: TIME_UNKNOWN if clock(utc) is None else clock(utc),
            Time.AttributeDefs.time_status: lambda utc: 0 if clock(utc) is None else SYNCHRONISED,
            Time.AttributeDefs.time_zone: 0,
            Time.AttributeDefs.dst_start: lambda utc: TIME_UNKNOWN if clock(utc) is None else summer(clock(utc))[0],
            Time.AttributeDefs.dst_end: lambda utc: TIME_UNKNOWN if clock(utc) is None else summer(clock(utc))[1],
            Time.AttributeDefs.dst_shift: SUMMER_SHIFT_S,
            Time.AttributeDefs.local_time: lambda utc: TIME_UNKNOWN if clock(utc) is None else local_time(clock(utc)),
        }
    )
    endpoint = Endpoint(
        7, ENERGY_SERVICE_INTERFACE, {BASIC: _basic("Reference bench", "CH-1"), TIME: time, MESSAGING: Server()}
    )
    return Device("communications hub", eui64, COORDINATOR, [endpoint], LogicalType.Coordinator)


def electricity_meter(eui64, nwk, load, tariff=None, site=None):
    """tariff: tools.bench.tariff.Tariff; without one it has no price. site: its MPAN."""
    tariff, details = tariff or Tariff(), Details(site=site)
    metering = Metering(
        load,
        {
            _metering.unit_of_measure: Zigpy.MeteringUnitofMeasure.Kwh_and_Kwh_binary,
            _metering.demand_formatting: THREE_DECIMALS,
            _metering.metering_device_type: Zigpy.MeteringDeviceType.Electric_Metering,
            _metering.instantaneous_demand: load.rate,
        },
        details,
        fast_poll=True,
    )
    basic = _basic("Reference bench", "ESME-1")
    interface = {BASIC: basic, PRICE: Price(tariff), MESSAGING: Messaging(), PREPAYMENT: Prepayment(load, tariff)}
    return Device(
        "electricity meter",
        eui64,
        nwk,
        [
            Endpoint(43, ENERGY_SERVICE_INTERFACE, interface, clients=(TIME,)),
            Endpoint(
                21,
                METERING_DEVICE,
                {BASIC: basic, METERING: metering, DEVICE_MANAGEMENT: DeviceManagement(details)},
            ),
        ],
    )


def gas_proxy(eui64, nwk, load, tariff=None, site=None):
    """It speaks for a gas meter that wakes on the half-hour, so its register moves only then.

    tariff: tools.bench.tariff.Tariff with a Conversion; without one it has no price. site: its MPRN.
    """
    tariff, details = tariff or Tariff(conversion=Conversion()), Details(site=site)
    mirror = Metering(
        load,
        {
            _metering.current_summ_delivered: lambda utc: load.delivered(_mirrored(utc)),
            _metering.unit_of_measure: Zigpy.MeteringUnitofMeasure.Cubic_Meter_and_Cubic_Meter_per_Hour_binary,
            _metering.metering_device_type: Zigpy.MeteringDeviceType.Mirrored_Gas_Metering,
        },
        details,
    )
    basic = _basic("Reference bench", "GPF-1")
    interface = {
        BASIC: basic,
        PRICE: Price(tariff),
        MESSAGING: Messaging(),
        PREPAYMENT: Prepayment(load, tariff, _mirrored),
        DEVICE_MANAGEMENT: DeviceManagement(details),
    }
    return Device(
        "gas proxy",
        eui64,
        nwk,
        [
            Endpoint(3, METERING_DEVICE, {BASIC: basic, METERING: mirror}),
            Endpoint(9, ENERGY_SERVICE_INTERFACE, interface, clients=(TIME,)),
        ],
    )


def _mirrored(utc):
    """When the gas meter was awake last."""
    return utc // HALF_HOUR * HALF_HOUR


def _basic(manufacturer, model):
    return Server(
        {
            Basic.AttributeDefs.zcl_version: 2,
            Basic.AttributeDefs.manufacturer: manufacturer,
            Basic.AttributeDefs.model: model,
            Basic.AttributeDefs.power_source: Basic.PowerSource.Mains_single_phase,
        }
    )
