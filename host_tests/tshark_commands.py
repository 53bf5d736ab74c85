"""The clusters' own commands by tshark's names for their fields: what it reads of one, and what the firmware does."""

from collections import namedtuple

import tshark

from ihd.zcl import schema
from ihd.zcl.clusters import device_management, messaging, metering, price
from tools.bench.capture import ZIGBEE_EPOCH

SIZES = {"B": 1, "H": 2, "T": 3, "I": 4}
NO_FORMAT = {"": "", "PASSWORD_TYPE": "B"}  # of a password's type the tables tell in words only
TO_SERVER, TO_CLIENT = False, True
TARIFF = "earliest_start_time min_issuer_event_id number_of_commands"
MESSAGE = "id ctrl start_time duration ~message ext.ctrl"
# A row a command: whereto, its name in the table and its format's; what tshark's names of its fields begin with, and
# how they go on. A ~ stands before a name that does not begin so.
ROWS = {
    (price, "zbee_zcl_se.price."): (
        (TO_SERVER, "GET_CURRENT_PRICE", "CURRENT_PRICE", "", "command_options"),
        (TO_SERVER, "GET_SCHEDULED_PRICES", "SCHEDULED_PRICES", "", "start_time number_of_events"),
        (TO_SERVER, "GET_CONVERSION_FACTOR", "FACTORS", "", TARIFF),
        (TO_SERVER, "GET_CALORIFIC_VALUE", "FACTORS", "", TARIFF),
        (TO_SERVER, "GET_TARIFF_INFORMATION", "TARIFFS", "", TARIFF + " tariff_type"),
        (
            *(TO_CLIENT, "PUBLISH_PRICE", "PRICE", ""),
            "provider_id rate_label issuer_event_id current_time unit_of_measure currency"
            + " trailing_digit_and_price_tier number_of_price_tiers_and_register_tier start_time duration_in_minutes"
            + " price price.ratio generation_price generation_price.ratio alternate_cost_delivered"
            + " alternate_cost.unit alternate_cost.trailing_digit number_of_block_thresholds control"
            + " number_of_generation_tiers generation_tier extended_number_of_price_tiers extended_price_tier"
            + " extended_register_tier",
        ),
        (
            *(TO_CLIENT, "PUBLISH_CONVERSION_FACTOR", "CONVERSION_FACTOR", ""),
            "issuer_event_id start_time conversion_factor conversion_factor_trailing_digit",
        ),
        (
            *(TO_CLIENT, "PUBLISH_CALORIFIC_VALUE", "CALORIFIC_VALUE", ""),
            "issuer_event_id start_time calorific_value calorific_value.unit calorific_value.trailing_digit",
        ),
        (
            *(TO_CLIENT, "PUBLISH_TARIFF_INFORMATION", "TARIFF_INFORMATION", "tariff_information."),
            "~provider_id ~issuer_event_id ~issuer_tariff_id ~start_time type_and_charging_scheme tariff_label"
            + " number_of_price_tiers_in_use number_of_block_thresholds_in_use ~unit_of_measure ~currency"
            + " price.trailing_digit standing_charge tier_block_mode block_threshold_multiplier"
            + " block_threshold_divisor",
        ),
    ),
    (messaging, "zbee_zcl_se.msg."): (
        (TO_SERVER, "GET_LAST_MESSAGE", "", "", ""),
        (
            *(TO_SERVER, "MESSAGE_CONFIRMATION", "CONFIRMATION", "message."),
            "id confirm_time confirm.ctrl ~message",
        ),
        (TO_CLIENT, "DISPLAY_MESSAGE", "MESSAGE", "message.", MESSAGE),
        (TO_CLIENT, "DISPLAY_PROTECTED_MESSAGE", "MESSAGE", "message.", MESSAGE),
        (TO_CLIENT, "CANCEL_MESSAGE", "CANCELLED", "message.", "id ctrl"),
        (TO_CLIENT, "CANCEL_ALL_MESSAGES", "ALL_CANCELLED", "", "impl_time"),
    ),
    (metering, "zbee_zcl_se.met."): (
        (TO_SERVER, "GET_PROFILE", "GET_PROFILE_FORM", "get_profile.", "interval_channel end_time number_of_periods"),
        (
            *(TO_CLIENT, "PROFILE", "PROFILE_FORM", "get_profile_response."),
            "end_time status profile_interval_period number_of_periods_delivered",
        ),
        (
            *(TO_SERVER, "REQUEST_FAST_POLL_MODE", "FAST_POLL_FORM", "request_fast_poll_mode."),
            "fast_poll_update_period duration",
        ),
        (
            *(TO_CLIENT, "FAST_POLL_MODE", "FAST_POLL_MODE_FORM", "request_fast_poll_mode_response."),
            "applied_update_period fast_poll_mode_end_time",
        ),
        (
            *(TO_SERVER, "GET_SAMPLED_DATA", "GET_SAMPLED_DATA_FORM", "get_sampled_data."),
            "sample_id sample_start_time sample_type number_of_samples",
        ),
        (
            *(TO_CLIENT, "SAMPLED_DATA", "SAMPLED_DATA_FORM", "get_sampled_data_rsp."),
            "sample_id sample_start_time sample_type sample_request_interval number_of_samples",
        ),
    ),
    (device_management, "zbee_zcl_se.device_management."): (
        (TO_SERVER, "GET_CHANGE_OF_TENANCY", "", "", ""),
        (TO_SERVER, "GET_CHANGE_OF_SUPPLIER", "", "", ""),
        (TO_SERVER, "REQUEST_NEW_PASSWORD", "PASSWORD_TYPE", "", "password_type"),
        (TO_SERVER, "GET_SITE_ID", "", "", ""),
        (TO_SERVER, "REPORT_EVENT_CONFIGURATION", "EVENT_CONFIGURATIONS", "", "command_index total_commands"),
        (TO_SERVER, "GET_CIN", "", "", ""),
        (
            *(TO_CLIENT, "PUBLISH_CHANGE_OF_TENANCY", "CHANGE_OF_TENANCY", "publish_change_of_tenancy."),
            "provider_id issuer_event_id tariff_type implementation_date proposed_tenancy_change_control",
        ),
        (
            *(TO_CLIENT, "PUBLISH_CHANGE_OF_SUPPLIER", "CHANGE_OF_SUPPLIER", "publish_change_of_supplier."),
            "current_provider_id issuer_event_id tariff_type proposed_provider_id provider_change_implementation_time"
            + " provider_change_control provider_proposed_provider_name provider_proposed_provider_contact_details",
        ),
        (
            *(TO_CLIENT, "REQUEST_NEW_PASSWORD_RESPONSE", "NEW_PASSWORD", "request_new_password."),
            "issuer_event_id implementation_date duration_in_minutes ~password_type password",
        ),
        (
            *(TO_CLIENT, "UPDATE_SITE_ID", "IDENTITY", "update_site_id."),
            "issuer_event_id site_id_time provider_id site_id",
        ),
        (
            *(TO_CLIENT, "SET_EVENT_CONFIGURATION", "EVENT_CONFIGURATION", "set_event_configuration."),
            "issuer_event_id start_time ~event_configuration configuration_control",
        ),
        (TO_CLIENT, "GET_EVENT_CONFIGURATION", "EVENT", "get_event_configuration.", "event_id"),
        (
            *(TO_CLIENT, "UPDATE_CIN", "IDENTITY", "update_cin."),
            "issuer_event_id cin_implementation_time provider_id customerid_number",
        ),
    ),
}
# What follows as often as the last field says, or in Report Event Configuration to the end of the frame.
REPEATED = {
    "PROFILE": ("T", "intervals"),
    "SAMPLED_DATA": ("T", "samples"),
    "REPORT_EVENT_CONFIGURATION": ("HB", "event_id event_configuration"),
}
# Set Event Configuration: which events, by configuration control.
EVENTS = (
    ("#H", "event_configuration.number_of_events event_configuration.event_id"),
    ("H", "event_configuration.event_group_id"),
    ("B", "event_configuration.log_id"),
    ("B", "event_configuration.configuration_value_match"),
)
# tshark 4.0 errs in these; of every field the octets are compared as well, by hand.
SHOWN = {
    # a bitmap that it reads big-endian: little-endian is what GB sends (GCS09: 00 02 00 00)
    "publish_change_of_tenancy.proposed_tenancy_change_control": lambda value: turned(value, 4),
    # the same for these minutes
    "request_new_password.duration_in_minutes": lambda value: turned(value, 2),
    # a Zigbee time that it shows as one of Unix
    "request_fast_poll_mode_response.fast_poll_mode_end_time": lambda value: value - ZIGBEE_EPOCH,
    # no errors: the standard gives a meaning to these bits only
    "message.confirm.ctrl": lambda value: value & 0x01,
    "price.tariff_type": lambda value: value & 0x0F,
}


def turned(value, size):
    return int.from_bytes(value.to_bytes(size, "little"), "big")


def full(prefix, sub, name):
    return prefix + (name[1:] if name.startswith("~") else sub + name)


Command = namedtuple("Command", "name layout prefix names")
# (cluster, to the client, command): its Command
COMMANDS = {
    (module.CLUSTER, to_client, getattr(module, name)): Command(
        name, NO_FORMAT[form] if form in NO_FORMAT else getattr(module, form), prefix + sub, names.split()
    )
    for (module, prefix), rows in ROWS.items()
    for to_client, name, form, sub, names in rows
}


def told(command, payload):
    """{name: value} of the fields that the firmware reads in the payload of a Command, to the last octet.

    A value is an integer, a text, or a tuple of what is repeated.
    """
    values = schema.read(command.layout, payload)
    while values and values[-1] is None:
        values.pop()
    letters = command.layout.replace("?", "")[: len(values)]
    fields = {name.lstrip("~"): _plain(value) for name, value in zip(command.names, values, strict=False)}
    if command.name in REPEATED:
        group, name = REPEATED[command.name]
        several = schema.read(letters + group * values[-1], payload)[len(values) :]
        fields[name] = tuple(several)
        letters, values = letters + group * len(several), values + several
    assert schema.write(letters, *values) == payload, command.name
    return fields


def seen(command, fields):
    """The same as tshark reads it. fields: of tshark.frames(). A field that it shows wrong counts by its octets."""
    above = ".".join(command.prefix.split(".")[:2]) + "."
    short = {above + name[1:] if name[0] == "~" else command.prefix + name: name for name in command.names}
    found = {REPEATED[command.name][1]: ()} if command.name in REPEATED else {}
    for name, text, octets in fields:
        if name in short:
            wrong = any(name.endswith("." + end) for end in SHOWN)
            is_text = command.layout.replace("?", "")[command.names.index(short[name])] == "o"
            value = int.from_bytes(octets, "little") if wrong else text if is_text else tshark.value(text)
            found[short[name].lstrip("~")] = value
        else:
            found[REPEATED[command.name][1]] += (tshark.value(text),)
    return found


def _plain(value):
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
