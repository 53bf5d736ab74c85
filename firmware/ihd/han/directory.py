"""Who is there: the devices that serve Metering, and which of them are this home's meters."""

from micropython import const

from ihd import radio as radios
from ihd import wire
from ihd.zcl.clusters import metering

ELECTRICITY = "electricity"
GAS = "gas"
NUMBERS = (ELECTRICITY, GAS)

_MOST = const(6)  # devices remembered; further ones are not listed


class Device:
    """One device with a Metering server.

    address: EUI-64, 8 bytes in printed order. name: the same in hex. short: network address. metering: its endpoint
    with Metering. management: that with Device Management, or `metering` when none was found: a meter says itself, with
    its key, that it has none. fuel: ELECTRICITY or GAS. model: its ModelIdentifier or None. bound: whether it is this
    home's meter. lost: does not answer. mute: does not answer about tenancy.
    """

    def __init__(self, address, short):
        self.address = address
        self.name = wire.hex_text(address)
        self.short = short
        self.metering = self.management = 0
        self.fuel = self.model = None
        self.bound = False
        self.lost = self.mute = False

    @property
    def number(self):
        """0 for electricity, 1 for gas: how history and tenancy name a meter."""
        return NUMBERS.index(self.fuel)


class Directory:
    """The devices found so far."""

    def __init__(self):
        self.devices = []

    def find(self, address):
        """The device with this EUI-64, or None."""
        for device in self.devices:
            if device.address == address:
                return device
        return None

    def bound(self, fuel):
        """The device bound as the meter of this fuel, or None."""
        for device in self.devices:
            if device.bound and device.fuel == fuel:
                return device
        return None

    def restore(self, fuel, address, metering, management):
        """The device that was bound before the start, not heard of yet."""
        device = Device(address, radios.UNKNOWN_SHORT)
        device.fuel = fuel
        device.metering = metering
        device.management = management
        device.bound = device.lost = True
        self.devices.append(device)
        return device

    def enter(self, address, short, endpoint, device_type):
        """The device, new or known, whose `endpoint` meters what `device_type` (0x0306) says.

        None when it meters neither fuel, or too many are known. The first meter of a fuel is bound, others are listed.
        """
        fuel = fuel_of(device_type)
        device = self.find(address)
        if fuel is None:
            return None
        if device is None:
            if len(self.devices) >= _MOST:
                return None
            device = Device(address, short)
            self.devices.append(device)
        elif device.bound and device.fuel != fuel:
            return None  # a meter does not change its fuel
        device.short = short
        device.metering = endpoint
        device.fuel = fuel
        device.bound = device.bound or self.bound(fuel) is None
        return device


def fuel_of(device_type):
    """ELECTRICITY, GAS or None for a MeteringDeviceType or None; a mirrored electricity meter is no meter of ours."""
    if device_type == metering.ELECTRIC:
        return ELECTRICITY
    if device_type == metering.GAS or device_type == metering.MIRRORED_GAS:
        return GAS
    return None
