"""Device Management (0x0708) of a meter: what it has to say of tenancy, supplier and customer, and how it says it.

Source: Zigbee Smart Energy 1.4, D.11; GB use: GBCS GCS09 and GCS44, in which both providers and the tariff type are 0.
"""

import dataclasses

import zigpy.types as t
from zigpy.zcl.foundation import Status, ZCLAttributeDef

from tools.bench.details import Details
from tools.bench.devices import UNSUPPORTED, Server

NOW, NO_TIME = 0x00000000, 0xFFFFFFFF
# The client asks with the same number with which the server publishes.
COMMANDS = {"tenancy": 0x00, "supplier": 0x01}
KINDS = tuple(COMMANDS)
GET_SITE_ID, REPORT_EVENT_CONFIGURATION, GET_CIN = 0x03, 0x04, 0x05
REQUEST_NEW_PASSWORD_RESPONSE, UPDATE_SITE_ID = 0x02, 0x03
SET_EVENT_CONFIGURATION, GET_EVENT_CONFIGURATION, UPDATE_CIN = 0x04, 0x05, 0x06

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
NONE = "none"


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


class Update(t.Struct):
    """UpdateSiteID, UpdateCIN."""

    issuer_event_id: t.uint32_t
    time: t.UTCTime
    provider_id: t.uint32_t
    identity: t.LVBytes


class EventConfiguration(t.Struct):
    event_id: t.uint16_t
    configuration: t.bitmap8


class ReportEventConfiguration(t.Struct):
    command_index: t.uint8_t
    total_commands: t.uint8_t
    configurations: t.List[EventConfiguration]


class SetEventConfiguration(t.Struct):
    """For a list of events; the other ways to choose them are not said here."""

    issuer_event_id: t.uint32_t
    start: t.UTCTime
    configuration: t.bitmap8
    control: t.enum8
    events: t.LVList[t.uint16_t, t.uint8_t]


class GetEventConfiguration(t.Struct):
    event_id: t.uint16_t


class RequestNewPasswordResponse(t.Struct):
    issuer_event_id: t.uint32_t
    time: t.UTCTime
    duration_minutes: t.uint16_t
    password_type: t.enum8
    password: t.LVBytes


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

# id, type, field of the Details
OF_DETAILS = (
    (0x0100, t.uint32_t, "provider"),
    (0x0101, t.LVBytes, "name"),
    (0x0102, t.LVBytes, "contact"),
    (0x0400, t.uint32_t, "low_medium"),
    (0x0401, t.uint32_t, "medium_high"),
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
    """offers: {kind: Offer}, details: Details, both to be changed at will.

    event_configurations: every ReportEventConfiguration that came.
    """

    def __init__(self, details=None):
        self.offers = {kind: Offer() for kind in KINDS}
        self.details = details or Details()
        self.event_configurations = []
        attributes = {
            ZCLAttributeDef(id=number, type=kind_of_value): self._reader(kind, field, default)
            for kind, number, kind_of_value, field, default in ATTRIBUTES
        }
        for number, kind_of_value, field in OF_DETAILS:
            attributes[ZCLAttributeDef(id=number, type=kind_of_value)] = self.details.reader(field)
        commands = {command: self._answerer(kind) for kind, command in COMMANDS.items()}
        commands[GET_SITE_ID] = lambda body, utc: self._found(UPDATE_SITE_ID, "site")
        commands[GET_CIN] = lambda body, utc: self._found(UPDATE_CIN, "cin")
        commands[REPORT_EVENT_CONFIGURATION] = self._take_configuration
        super().__init__(attributes, commands)

    def update(self, field, details=None):
        """The Update of `site` or `cin`, or None while there is none. details: others than its own."""
        details = details or self.details
        identity = details.reader(field)(None)
        if identity is None:
            return None
        return Update(
            issuer_event_id=details.event, time=details.event, provider_id=details.provider or 0, identity=identity
        )

    def _found(self, command, field):
        update = self.update(field)
        return Status.NOT_FOUND if update is None else (command, update)

    def _take_configuration(self, body, utc):
        self.event_configurations.append(ReportEventConfiguration.deserialize(body)[0])
        return Status.SUCCESS

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
