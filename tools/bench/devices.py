"""A device on the Home Area Network: its addresses, its endpoints, and the attributes each serves."""

import dataclasses

import zigpy.types as t
from zigpy.zcl import foundation
from zigpy.zdo import types as zdo_types

from tools.bench import zcl, zdo
from tools.bench.frame import ALL_ENDPOINTS, SMART_ENERGY_PROFILE, ZDO_PROFILE, Frame
from tools.bench.spoiling import spoil

METERING_DEVICE = 0x0501
ENERGY_SERVICE_INTERFACE = 0x0500

# What an attribute can be made to be, besides a number: unsupported, its type's non-value, itself again.
UNSUPPORTED, INVALID, OWN = "unsupported", "invalid", "own"


@dataclasses.dataclass(eq=False)
class Server:
    """The server side of one cluster.

    attributes: {attribute definition of zigpy: value, or function of Zigbee UTC}. A value of None is not supported.
    commands: {command id: function(payload, Zigbee UTC)}, which returns the Status of a Default Response, or (command
    id, zigpy's Struct) to answer with, or a list of those, or None for silence; its ValueError says that the payload
    is malformed. secured: whether what it answers to a secured question is APS-secured too. spoil: a way of
    tools.bench.spoiling in which its answers are wrong, or None.
    """

    attributes: dict = dataclasses.field(default_factory=dict)
    commands: dict = dataclasses.field(default_factory=dict)
    secured: bool = True
    spoil: str | None = None
    _overrides: dict = dataclasses.field(default_factory=dict, init=False)

    def read(self, attribute_id, utc):
        """The Read Attributes Response record of one attribute (zigpy's ReadAttributeRecord)."""
        definition = self._definition(attribute_id)
        if attribute_id in self._overrides:
            value = self._overrides[attribute_id]
        else:
            value = self.attributes.get(definition)
            value = value(utc) if callable(value) else value
            value = None if value is None else definition.type(value)
        if value is None:
            return foundation.ReadAttributeRecord(attribute_id, foundation.Status.UNSUPPORTED_ATTRIBUTE)
        typed = foundation.TypeValue(definition.zcl_type, value)
        return foundation.ReadAttributeRecord(attribute_id, foundation.Status.SUCCESS, typed)

    def override(self, attribute_id, value):
        """From now on the attribute is `value`: an integer, or UNSUPPORTED, INVALID (its type's non-value) or OWN.

        Raises ValueError as `overriding` does.
        """
        value = self.overriding(attribute_id, value)
        self._overrides.pop(attribute_id, None)
        if value != OWN:
            self._overrides[attribute_id] = value

    def overriding(self, attribute_id, value):
        """What the attribute would be: OWN, None if unsupported, or a value of its type.

        Raises ValueError for an attribute that it does not know, and for a value that is none of its type.
        """
        definition = self._definition(attribute_id)
        if definition is None:
            raise ValueError(f"there is no attribute {attribute_id:#06x}")
        if value in (OWN, UNSUPPORTED):
            return OWN if value == OWN else None
        if value == INVALID:
            return _non_value(definition)
        if issubclass(definition.type, int):
            return definition.type(value)
        raise ValueError(f"attribute {attribute_id:#06x} is no number")

    def _definition(self, attribute_id):
        return next((each for each in self.attributes if each.id == attribute_id), None)


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """servers: {cluster id: Server}; clients: cluster ids of which it is the client."""

    number: int
    device_type: int
    servers: dict
    clients: tuple = ()
    profile: int = SMART_ENERGY_PROFILE

    def descriptor(self):
        return zdo_types.SizePrefixedSimpleDescriptor(
            endpoint=self.number,
            profile=self.profile,
            device_type=self.device_type,
            device_version=0,
            input_clusters=list(self.servers),
            output_clusters=list(self.clients),
        )


class Device:
    """Answers ZDO and ZCL requests; while `silent` it hears nothing and says nothing.

    has_key: whether it shares a link key with the display; without one nothing it says is APS-secured.
    """

    def __init__(self, name, eui64, nwk, endpoints, logical_type=zdo_types.LogicalType.Router):
        """name: what people call it. eui64: 16 hex digits as printed. nwk: its 16-bit network address."""
        self.name = name
        self.eui64 = t.EUI64.convert(eui64)
        self.nwk = nwk
        self.endpoints = {endpoint.number: endpoint for endpoint in endpoints}
        self.logical_type = logical_type
        self.silent = False
        self.has_key = True
        self._sequence = 0

    def sequence(self):
        """The next transaction sequence number of its own requests and reports."""
        self._sequence = (self._sequence + 1) % 256
        return self._sequence

    def hear(self, frame, utc):
        """The frames it sends in answer, in order."""
        if frame.profile == ZDO_PROFILE:
            answer = zdo.answer(self, frame)
            return [] if answer is None else [self._reply(frame, 0, *answer, secured=False)]
        replies = []
        for endpoint in self._addressed(frame):
            for payload, secured in zcl.answer(endpoint, frame, utc):
                secured = secured and self.has_key
                reply = self._reply(frame, endpoint.number, frame.cluster, payload, secured)
                server = endpoint.servers.get(frame.cluster)
                replies.append(spoil(reply, server and server.spoil))
        return replies

    def report(self, cluster, attributes, utc, to, to_endpoint, secured):
        """An unsolicited Report Attributes of these attribute definitions, as a frame."""
        endpoint = self.serving(cluster)
        payload = zcl.report(endpoint.servers[cluster], attributes, utc, self.sequence())
        return Frame(
            self.nwk, to, endpoint.number, to_endpoint, SMART_ENERGY_PROFILE, cluster, payload, secured=secured
        )

    def command(self, cluster, command, fields, to, to_endpoint, secured, sender=None, endpoint=None):
        """An unsolicited command of the server of this cluster, as a frame.

        fields: zigpy's Struct. sender: another Device, and endpoint: another number, from which it comes instead.
        """
        payload = zcl.server_command(self.sequence(), command, fields)
        nwk = (sender or self).nwk
        source = self.serving(cluster).number if endpoint is None else endpoint
        return Frame(nwk, to, source, to_endpoint, SMART_ENERGY_PROFILE, cluster, payload, secured=secured)

    def serving(self, cluster):
        """The Endpoint that serves this cluster."""
        return next(endpoint for endpoint in self.endpoints.values() if cluster in endpoint.servers)

    def _addressed(self, frame):
        """Endpoints the frame is for; one sent to all endpoints is for those that serve its cluster."""
        for endpoint in self.endpoints.values():
            if endpoint.profile == frame.profile and (
                endpoint.number == frame.destination_endpoint
                or (frame.destination_endpoint == ALL_ENDPOINTS and frame.cluster in endpoint.servers)
            ):
                yield endpoint

    def _reply(self, frame, endpoint, cluster, payload, secured):
        return Frame(
            self.nwk, frame.source, endpoint, frame.source_endpoint, frame.profile, cluster, payload, secured=secured
        )


class _NoString(t.LVBytes):
    def serialize(self):
        return b"\xff"


def _non_value(definition):
    """Zigbee's invalid value of the attribute's type; a bitmap has none."""
    if issubclass(definition.type, bytes | str):
        return _NoString()
    non_value = foundation.DataType.from_type_id(definition.zcl_type).non_value
    if non_value is None:
        raise ValueError(f"attribute {definition.id:#06x} is of a type in which every value is valid")
    return definition.type(non_value)
