"""Device Management (0x0708) of a meter: what it has to say of tenancy and supplier, and how it says it.

Source: Zigbee Smart Energy 1.4, D.11; GB use: GBCS GCS09 and GCS44, in which both providers and the tariff type are 0.
"""

import dataclasses

import zigpy.types as t
from zigpy.zcl.foundation import Status, ZCLAttributeDef

from tools.bench.devices import Server

NOW, NO_TIME = 0x00000000, 0xFFFFFFFF
# The client asks with the same number with which the server publishes.
COMMANDS = {"tenancy": 0x00, "supplier": 0x01}
KINDS = tuple(COMMANDS)

# What a scenario may choose for the two questions: the event (NOT_FOUND if there is none), a status, or nothing at all.
PUBLISH, SILENT = "publish", "silent"
REFUSALS = {
    "not_found": Status.NOT_FOUND,
    "unsupported": Status.UNSUP_CLUSTER_COMMAND,
    "unsupported_cluster": Status.UNSUPPORTED_CLUSTER,
    "failure": Status.FAILURE,
    "not_authorized": Status.NOT_AUTHORIZED,
}
# And for the attributes while they hold no event.
NONE, UNSUPPORTED = "none", "unsupported"


class PublishChangeOfTenancy(t.Struct):
    provider_id: t.uint32_t
    issuer_event_id: t.uint32_t
    tariff_type: t.bitmap8
    time: t.UTCTime
    control: t.bitmap32


class PublishChangeOfSupplier(t.Struct):
    current_provider_id: t.uint32_t
    issuer_event_id: t.uint32_t
    tariff_type: t.bitmap8
    proposed_provider_id: t.uint32_t
    time: t.UTCTime
    control: t.bitmap32
    proposed_provider_name: t.LVBytes
    proposed_provider_contact: t.LVBytes


PUBLICATIONS = {"tenancy": PublishChangeOfTenancy, "supplier": PublishChangeOfSupplier}

# kind, id, type, field of the publication, value while there is none
ATTRIBUTES = (
    ("tenancy", 0x0200, t.UTCTime, "time", NO_TIME),
    ("tenancy", 0x0201, t.bitmap32, "control", 0),
    ("supplier", 0x0110, t.uint32_t, "proposed_provider_id", 0),
    ("supplier", 0x0111, t.LVBytes, "proposed_provider_name", b""),
    ("supplier", 0x0112, t.UTCTime, "time", NO_TIME),
    ("supplier", 0x0113, t.bitmap32, "control", 0),
    ("supplier", 0x0114, t.LVBytes, "proposed_provider_contact", b""),
)


@dataclasses.dataclass
class Offer:
    """One kind of change on one meter.

    published: the publication that answers the question, or None. command: PUBLISH, SILENT or a key of REFUSALS.
    attributes: the publication whose fields they hold, or NONE, or UNSUPPORTED.
    """

    published: t.Struct | None = None
    command: str = PUBLISH
    attributes: t.Struct | str = NONE


class DeviceManagement(Server):
    """offers: {kind: Offer}, to be changed at will."""

    def __init__(self):
        self.offers = {kind: Offer() for kind in KINDS}
        super().__init__(
            attributes={
                ZCLAttributeDef(id=number, type=kind_of_value): self._reader(kind, field, default)
                for kind, number, kind_of_value, field, default in ATTRIBUTES
            },
            commands={command: self._answerer(kind) for kind, command in COMMANDS.items()},
        )

    def _reader(self, kind, field, default):
        def read(utc):
            held = self.offers[kind].attributes
            if held == UNSUPPORTED:
                return None
            value = default if held == NONE else getattr(held, field)
            # A change that says nothing of a contact comes from a meter without that attribute.
            return None if field == "proposed_provider_contact" and held != NONE and not value else value

        return read

    def _answerer(self, kind):
        def answer(body, utc):
            offer = self.offers[kind]
            if offer.command == SILENT:
                return None
            if offer.command in REFUSALS:
                return REFUSALS[offer.command]
            return Status.NOT_FOUND if offer.published is None else (COMMANDS[kind], offer.published)

        return answer
