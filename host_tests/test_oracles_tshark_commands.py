"""Every command that the tables give a format for, written with it from random values, means the same to tshark."""

import random
import types

import pytest
import tshark
from zigpy.types import EUI64

from ihd.zcl import frame, schema
from ihd.zcl.clusters import device_management, messaging, metering, price
from tools.bench.capture import ZIGBEE_EPOCH, Capture
from tools.bench.frame import SMART_ENERGY_PROFILE, Frame

METER_NWK, OWN_NWK, METER = 0x1A01, 0x5AD1, EUI64.convert("00:07:81:00:00:00:00:01")
EACH = 20  # random instances of each command, of each length that it may have
SIZES = {"B": 1, "H": 2, "T": 3, "I": 4}
ALPHABET = "abcdefghij KLMNOPQRST 0123456789 .,-+&/£"
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


def drawn(chance, letter):
    """A random value of a field, extremes more often than chance has them."""
    if letter == "o":
        return "".join(chance.choices(ALPHABET, k=chance.choice((0, 1, 12, 30)))).encode()
    last = (1 << 8 * SIZES[letter]) - 1
    return chance.choice((0, 1, last, *(chance.randint(0, last) for _ in range(5))))


def instances(chance, command, form, names):
    """(format, fields, [(tshark's name, letter, value) of each number and string]) of random instances of a command.

    The format has no `?` in it: schema.write wants all or nothing of what stands behind one, and the standard lets a
    payload end after any of these fields.
    """
    least, _, most = form.partition("?")
    for length in range(len(least), len(least + most) + 1):
        for number in range(EACH * len(EVENTS) if command == "SET_EVENT_CONFIGURATION" else EACH):
            letters = (least + most)[:length]
            values = [drawn(chance, letter) for letter in letters]
            following = "", [], []
            if command in REPEATED:
                count = chance.randint(0, 12)
                if command != "REPORT_EVENT_CONFIGURATION":
                    values[-1] = count
                following = repeated(chance, count, *REPEATED[command])
            elif command == "SET_EVENT_CONFIGURATION":
                values[-1] = number % len(EVENTS)
                following = events(chance, *EVENTS[values[-1]])
            told = list(zip(names[:length], letters, values, strict=True))
            yield letters + following[0], values + following[1], told + following[2]


def repeated(chance, count, group, names):
    """(format, fields, told as above) of so many groups of fields."""
    letters = group * count
    values = [drawn(chance, letter) for letter in letters]
    return letters, values, list(zip(names.split() * count, letters, values, strict=True))


def events(chance, letters, names):
    """(format, fields, told as above) that say which events are configured."""
    if letters != "#H":
        value = drawn(chance, letters)
        return letters, [value], [(names, letters, value)]
    several = tuple(drawn(chance, "H") for _ in range(chance.randint(0, 9)))
    count, each = names.split()
    return letters, [several], [(count, "B", len(several)), *((each, "H", event) for event in several)]


def full(prefix, sub, name):
    return prefix + (name[1:] if name.startswith("~") else sub + name)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """(frame of ours, as tshark dissects it) of each."""
    tshark.needed()
    path = tmp_path_factory.mktemp("commands") / "commands.pcap"
    capture, chance, ours = Capture(path, 0x1F2E), random.Random(20261122), []
    for (module, prefix), rows in ROWS.items():
        for to_client, command, form, sub, names in rows:
            layout = NO_FORMAT[form] if form in NO_FORMAT else getattr(module, form)
            for letters, values, told in instances(chance, command, layout, names.split()):
                control = chance.choice((0x01, 0x11)) | frame.FROM_SERVER * to_client
                payload = schema.write(letters, *values)
                zcl = frame.write(control, len(ours) & 0xFF, getattr(module, command), payload)
                addresses = (METER_NWK, OWN_NWK, 21, 1, SMART_ENERGY_PROFILE, module.CLUSTER)
                capture.write(Frame(*addresses, zcl), METER, 0x30000000, len(ours))
                told = [(full(prefix, sub, name), letter, value) for name, letter, value in told]
                head = (module.CLUSTER, to_client, getattr(module, command), len(ours) & 0xFF)
                ours.append(
                    types.SimpleNamespace(
                        command=(module, command), layout=layout, head=head, payload=payload, values=values, told=told
                    )
                )
    capture.close()
    return list(zip(ours, tshark.frames(path), strict=True))


def test_every_format_and_every_command_of_the_tables_is_here():
    for (module, _), rows in ROWS.items():
        texts = {name for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
        assert texts == {form for _, _, form, _, _ in rows} - set(NO_FORMAT), module.__name__
        directions = [(to_client, getattr(module, command)) for to_client, command, *_ in rows]
        assert len(set(directions)) == len(directions)
    count = sum(len(rows) for rows in ROWS.values())
    assert count == 9 + 6 + 6 + 13


def test_no_frame_is_malformed_and_each_is_the_command_that_was_meant(written):
    for mine, seen in written:
        assert not seen["malformed"], mine.payload.hex()
        assert not seen["general"]
        assert (seen["cluster"], seen["to_client"], seen["command"], seen["tsn"]) == mine.head


def test_tshark_reads_every_field_in_order_to_the_last_octet(written):
    for mine, seen in written:
        told = seen["payload"]
        assert [name for name, _, _ in told] == [name for name, _, _ in mine.told], mine.command
        assert b"".join(octets for _, _, octets in told) == mine.payload, mine.command


def test_tshark_reads_the_values_that_were_written(written):
    for mine, seen in written:
        for (name, letter, value), (_, text, octets) in zip(mine.told, seen["payload"], strict=True):
            if letter == "o":
                assert octets == bytes([len(value)]) + value
                assert text == value.decode("ascii", "replace"), name  # the only characters that it knows
                continue
            assert octets == value.to_bytes(SIZES[letter], "little"), name
            shown = next((show for end, show in SHOWN.items() if name.endswith("." + end)), int)
            assert tshark.value(text) == shown(value), name


def test_the_formats_read_back_what_was_written_however_long_it_is(written):
    for mine, _ in written:
        count = len(mine.layout.replace("?", ""))
        values = schema.read(mine.layout, mine.payload)
        assert values == (mine.values + [None] * count)[:count], mine.command


def test_each_length_and_each_control_was_written(written):
    lengths = {}
    for mine, _ in written:
        if "?" in mine.layout:
            lengths.setdefault(mine.command[1], set()).add(len(mine.values))
    assert lengths == {
        "PUBLISH_PRICE": set(range(11, 25)),
        "MESSAGE_CONFIRMATION": {2, 3, 4},
        "DISPLAY_MESSAGE": {5, 6},
        "DISPLAY_PROTECTED_MESSAGE": {5, 6},
    }
    controls = [mine.values[3] for mine, _ in written if mine.command[1] == "SET_EVENT_CONFIGURATION"]
    assert {control: controls.count(control) for control in set(controls)} == dict.fromkeys(range(4), EACH)
