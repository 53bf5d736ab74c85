"""The ZDO server of a device: address, descriptor, endpoint and match requests."""

import zigpy.types as t
from zigpy.zdo.types import (
    CLUSTERS,
    AddrRequestType,
    CurrentPowerMode,
    LogicalType,
    NodeDescriptor,
    PowerDescriptor,
    PowerSourceLevel,
    PowerSources,
    Status,
    ZDOCmd,
    ZDOHeader,
)

from tools.bench.frame import LOWEST_BROADCAST

RESPONSE = 0x8000
# Announcements ask nothing.
UNANSWERED = (ZDOCmd.Device_annce, ZDOCmd.Parent_annce)
UNKNOWN_NWK = 0xFFFF


def answer(device, frame):
    """(cluster, payload) of the device's answer to a ZDO request frame, or None when none is due."""
    if frame.cluster & RESPONSE or frame.cluster in UNANSWERED or not frame.payload:
        return None
    header, body = ZDOHeader.deserialize(frame.cluster, frame.payload)
    handler = HANDLERS.get(header.command_id)
    if handler is None:
        parameters = (Status.NOT_SUPPORTED,)
    else:
        names, schema = CLUSTERS[header.command_id]
        try:
            values, _ = t.deserialize(body, schema)
        except ValueError:
            return None
        parameters = handler(device, **dict(zip(names, values, strict=True)))
    if frame.broadcast and parameters[0] != Status.SUCCESS:
        return None
    payload = message(frame.cluster | RESPONSE, header.tsn, *parameters)
    if header.command_id == ZDOCmd.Simple_Desc_req and parameters[0] != Status.SUCCESS:
        # The length of the descriptor is there even if the descriptor is not.
        payload += b"\0"
    return frame.cluster | RESPONSE, payload


def message(command, tsn, *parameters):
    """The payload of a ZDO request or response; trailing parameters that a status leaves out may be missing."""
    _, schema = CLUSTERS.get(ZDOCmd(command), ((), (Status,)))
    return ZDOHeader(command, tsn).serialize() + t.serialize(parameters, schema)


def _nwk_address(device, IEEEAddr, RequestType, StartIndex):
    if IEEEAddr != device.eui64:
        return Status.DEVICE_NOT_FOUND, IEEEAddr, UNKNOWN_NWK
    return _addresses(device, RequestType)


def _ieee_address(device, NWKAddrOfInterest, RequestType, StartIndex):
    if NWKAddrOfInterest != device.nwk:
        return Status.DEVICE_NOT_FOUND, t.EUI64.UNKNOWN, NWKAddrOfInterest
    return _addresses(device, RequestType)


def _addresses(device, kind):
    addresses = (Status.SUCCESS, device.eui64, device.nwk)
    # An extended response lists associated devices: none here, so the list ends at its count.
    return addresses + (0,) if kind == AddrRequestType.Extended else addresses


def _node(device, NWKAddrOfInterest):
    if NWKAddrOfInterest != device.nwk:
        return Status.DEVICE_NOT_FOUND, NWKAddrOfInterest
    flags = NodeDescriptor.MACCapabilityFlags
    descriptor = NodeDescriptor(
        logical_type=device.logical_type,
        complex_descriptor_available=0,
        user_descriptor_available=0,
        reserved=0,
        aps_flags=0,
        frequency_band=NodeDescriptor.FrequencyBand.Freq2400MHz,
        mac_capability_flags=flags.FullFunctionDevice | flags.MainsPowered | flags.RxOnWhenIdle | flags.AllocateAddress,
        manufacturer_code=0,
        maximum_buffer_size=82,
        maximum_incoming_transfer_size=255,
        server_mask=1 if device.logical_type == LogicalType.Coordinator else 0,
        maximum_outgoing_transfer_size=255,
        descriptor_capability_field=0,
    )
    return Status.SUCCESS, device.nwk, descriptor


def _power(device, NWKAddrOfInterest):
    if NWKAddrOfInterest != device.nwk:
        return Status.DEVICE_NOT_FOUND, NWKAddrOfInterest
    descriptor = PowerDescriptor(
        current_power_mode=CurrentPowerMode.RxOnSyncedWithNodeDesc,
        available_power_sources=PowerSources.MainsPower,
        current_power_source=PowerSources.MainsPower,
        current_power_source_level=PowerSourceLevel.Percent100,
    )
    return Status.SUCCESS, device.nwk, descriptor


def _simple(device, NWKAddrOfInterest, EndPoint):
    if NWKAddrOfInterest != device.nwk:
        return Status.DEVICE_NOT_FOUND, NWKAddrOfInterest
    if EndPoint in device.endpoints:
        return Status.SUCCESS, device.nwk, device.endpoints[EndPoint].descriptor()
    return Status.NOT_ACTIVE if 1 <= EndPoint <= 240 else Status.INVALID_EP, device.nwk


def _active_endpoints(device, NWKAddrOfInterest):
    if NWKAddrOfInterest != device.nwk:
        return Status.DEVICE_NOT_FOUND, NWKAddrOfInterest, []
    return Status.SUCCESS, device.nwk, list(device.endpoints)


def _match(device, NWKAddrOfInterest, ProfileID, InClusterList, OutClusterList):
    if NWKAddrOfInterest != device.nwk and NWKAddrOfInterest < LOWEST_BROADCAST:
        return Status.DEVICE_NOT_FOUND, NWKAddrOfInterest, []
    matching = [
        endpoint.number
        for endpoint in device.endpoints.values()
        if endpoint.profile == ProfileID
        and (
            any(cluster in endpoint.servers for cluster in InClusterList)
            or any(cluster in endpoint.clients for cluster in OutClusterList)
        )
    ]
    return Status.SUCCESS if matching else Status.NO_MATCH, device.nwk, matching


# Parameter names are those of zigpy's schemas.
HANDLERS = {
    ZDOCmd.NWK_addr_req: _nwk_address,
    ZDOCmd.IEEE_addr_req: _ieee_address,
    ZDOCmd.Node_Desc_req: _node,
    ZDOCmd.Power_Desc_req: _power,
    ZDOCmd.Simple_Desc_req: _simple,
    ZDOCmd.Active_EP_req: _active_endpoints,
    ZDOCmd.Match_Desc_req: _match,
}
