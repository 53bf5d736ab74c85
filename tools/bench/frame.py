"""One APS frame on the Home Area Network, with the fields of its layers."""

import dataclasses

COORDINATOR = 0x0000
ALL_DEVICES = 0xFFFF
RX_ON_WHEN_IDLE = 0xFFFD
ALL_ROUTERS = 0xFFFC
LOWEST_BROADCAST = 0xFFF8

ZDO_PROFILE = 0x0000
SMART_ENERGY_PROFILE = 0x0109
ALL_ENDPOINTS = 0xFF


@dataclasses.dataclass(frozen=True)
class Frame:
    """Addresses are 16-bit network addresses; `secured` says that the APS link key protects the payload."""

    source: int
    destination: int
    source_endpoint: int
    destination_endpoint: int
    profile: int
    cluster: int
    payload: bytes
    secured: bool = False

    @property
    def broadcast(self):
        return self.destination >= LOWEST_BROADCAST
