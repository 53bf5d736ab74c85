"""The devices of a British home: communications hub, electricity meter (ESME) and gas proxy (GPF), as tables.

Endpoint numbers differ everywhere on purpose: a display has to discover them. Attributes: Zigbee SE 1.4, D.3.
"""

from zigpy.zcl.clusters.general import Basic, Time
from zigpy.zcl.clusters.smartenergy import Metering
from zigpy.zdo.types import LogicalType

from tools.bench import sampled_data
from tools.bench.british_time import SUMMER_SHIFT_S, local_time, summer
from tools.bench.device_management import DeviceManagement
from tools.bench.devices import ENERGY_SERVICE_INTERFACE, METERING_DEVICE, Device, Endpoint, Server
from tools.bench.frame import COORDINATOR
from tools.bench.sampled_data import HALF_HOUR

BASIC = 0x0000
TIME = 0x000A
PRICE = 0x0700
METERING = 0x0702
MESSAGING = 0x0703
DEVICE_MANAGEMENT = 0x0708

TIME_UNKNOWN = 0xFFFFFFFF
# TimeStatus: master clock, synchronised.
SYNCHRONISED = 0x03
# Three digits right of the point, seven left, no leading zeros.
THREE_DECIMALS = 0xBB

_metering = Metering.AttributeDefs


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


def electricity_meter(eui64, nwk, load):
    metering = Server(
        {
            _metering.current_summ_delivered: load.delivered,
            _metering.current_summ_received: load.received,
            _metering.status: 0,
            _metering.unit_of_measure: Metering.MeteringUnitofMeasure.Kwh_and_Kwh_binary,
            _metering.multiplier: 1,
            _metering.divisor: 1000,
            _metering.summation_formatting: THREE_DECIMALS,
            _metering.demand_formatting: THREE_DECIMALS,
            _metering.metering_device_type: Metering.MeteringDeviceType.Electric_Metering,
            _metering.instantaneous_demand: load.rate,
        },
        {sampled_data.GET_SAMPLED_DATA: sampled_data.log(load)},
    )
    basic = _basic("Reference bench", "ESME-1")
    return Device(
        "electricity meter",
        eui64,
        nwk,
        [
            Endpoint(43, ENERGY_SERVICE_INTERFACE, {BASIC: basic, PRICE: Server()}, clients=(TIME,)),
            Endpoint(
                21,
                METERING_DEVICE,
                {BASIC: basic, METERING: metering, DEVICE_MANAGEMENT: DeviceManagement()},
            ),
        ],
    )


def gas_proxy(eui64, nwk, load):
    """It speaks for a gas meter that wakes on the half-hour, so its register moves only then."""
    mirror = Server(
        {
            _metering.current_summ_delivered: lambda utc: load.delivered(utc // HALF_HOUR * HALF_HOUR),
            _metering.status: 0,
            _metering.unit_of_measure: Metering.MeteringUnitofMeasure.Cubic_Meter_and_Cubic_Meter_per_Hour_binary,
            _metering.multiplier: 1,
            _metering.divisor: 1000,
            _metering.summation_formatting: THREE_DECIMALS,
            _metering.metering_device_type: Metering.MeteringDeviceType.Mirrored_Gas_Metering,
        },
        {sampled_data.GET_SAMPLED_DATA: sampled_data.log(load)},
    )
    basic = _basic("Reference bench", "GPF-1")
    return Device(
        "gas proxy",
        eui64,
        nwk,
        [
            Endpoint(3, METERING_DEVICE, {BASIC: basic, METERING: mirror}),
            Endpoint(
                9,
                ENERGY_SERVICE_INTERFACE,
                {BASIC: basic, PRICE: Server(), DEVICE_MANAGEMENT: DeviceManagement()},
                clients=(TIME,),
            ),
        ],
    )


def _basic(manufacturer, model):
    return Server(
        {
            Basic.AttributeDefs.zcl_version: 2,
            Basic.AttributeDefs.manufacturer: manufacturer,
            Basic.AttributeDefs.model: model,
            Basic.AttributeDefs.power_source: Basic.PowerSource.Mains_single_phase,
        }
    )
