"""The tables of the Smart Energy clusters are the standard's: every row and number, written here a second time by hand.

Source: Zigbee Smart Energy 1.4, annex D, as Silicon Labs' XML and Wireshark's dissector have it. zigpy knows all of
Metering, and of the others the id.
"""

import re

import pytest
from zigpy.zcl.clusters import smartenergy
from zigpy.zcl.foundation import DataTypeId

from ihd.zcl.clusters import device_management, messaging, metering, prepayment, price

CLUSTERS = {
    0x0700: (price, smartenergy.Price),
    0x0702: (metering, smartenergy.Metering),
    0x0703: (messaging, smartenergy.Messaging),
    0x0705: (prepayment, smartenergy.Prepayment),
    0x0708: (device_management, smartenergy.DeviceManagement),
}
TYPES = {
    "u16": DataTypeId.uint16,
    "u24": DataTypeId.uint24,
    "u32": DataTypeId.uint32,
    "u48": DataTypeId.uint48,
    "s24": DataTypeId.int24,
    "s32": DataTypeId.int32,
    "enum8": DataTypeId.enum8,
    "bitmap8": DataTypeId.map8,
    "bitmap16": DataTypeId.map16,
    "bitmap32": DataTypeId.map32,
    "octstr": DataTypeId.octstr,
    "utc": DataTypeId.UTC,
}
LETTERS = {
    "u8": "B",
    "enum8": "B",
    "bitmap8": "B",
    "u16": "H",
    "u24": "T",
    "u32": "I",
    "utc": "I",
    "bitmap32": "I",
    "octstr": "o",
    "charstr": "o",
    "[": "?",
}
# id, its name in the table or -, type
ATTRIBUTES = {
    price: """
        0301 STANDING_CHARGE_ATTRIBUTE u32
        0302 CONVERSION_FACTOR_ATTRIBUTE u32
        0303 CONVERSION_FACTOR_TRAILING_DIGIT bitmap8
        0304 CALORIFIC_VALUE_ATTRIBUTE u32
        0305 CALORIFIC_VALUE_UNIT enum8
        0306 CALORIFIC_VALUE_TRAILING_DIGIT bitmap8
        0616 TARIFF_CURRENCY u16
        0617 TARIFF_PRICE_TRAILING_DIGIT bitmap8
    """,
    metering: """
        0000 CURRENT_SUMMATION_DELIVERED u48
        0001 CURRENT_SUMMATION_RECEIVED u48
        0014 SUPPLY_STATUS enum8
        0207 AMBIENT_CONSUMPTION_INDICATOR enum8
        0300 UNIT_OF_MEASURE enum8
        0301 MULTIPLIER u24
        0302 DIVISOR u24
        0306 METERING_DEVICE_TYPE bitmap8
        0306 METERING_DEVICE_TYPE enum8
        0307 SITE_ID octstr
        0311 CUSTOMER_ID_NUMBER octstr
        0400 INSTANTANEOUS_DEMAND s24
    """,
    messaging: "",
    prepayment: """
        0000 PAYMENT_CONTROL_CONFIGURATION bitmap16
        0001 CREDIT_REMAINING s32
        0002 EMERGENCY_CREDIT_REMAINING s32
        0003 CREDIT_STATUS bitmap8
        0005 ACCUMULATED_DEBT s32
        0010 EMERGENCY_CREDIT_LIMIT u32
        0011 EMERGENCY_CREDIT_THRESHOLD u32
        0031 LOW_CREDIT_WARNING u32
        0211 DEBT_AMOUNT_1 u32
        0216 DEBT_RECOVERY_FREQUENCY_1 enum8
        0217 DEBT_RECOVERY_AMOUNT_1 u32
        0221 DEBT_AMOUNT_2 u32
        0226 DEBT_RECOVERY_FREQUENCY_2 enum8
        0227 DEBT_RECOVERY_AMOUNT_2 u32
        0231 DEBT_AMOUNT_3 u32
        0239 DEBT_RECOVERY_TOP_UP_PERCENTAGE_3 u16
        0502 CURRENCY_SCALING_FACTOR enum8
        0503 CURRENCY u16
        051c CURRENT_DAY_COST_DELIVERED u48
    """,
    device_management: """
        0100 PROVIDER_ID u32
        0101 PROVIDER_NAME octstr
        0102 PROVIDER_CONTACT_DETAILS octstr
        0110 PROPOSED_PROVIDER_ID u32
        0111 PROPOSED_PROVIDER_NAME octstr
        0112 PROPOSED_PROVIDER_CHANGE_TIME utc
        0113 PROPOSED_PROVIDER_CHANGE_CONTROL bitmap32
        0114 PROPOSED_PROVIDER_CONTACT octstr
        0200 CHANGE_OF_TENANCY_TIME utc
        0201 PROPOSED_TENANCY_CHANGE_CONTROL bitmap32
        0400 - u32
        0401 - u32
    """,  # of the last two their one reader, home.thresholds, knows the names
}
# id, its name in the table, its format's name or -; payload, a [ before what may be missing
COMMANDS = {
    price: """
        c2s 00 GET_CURRENT_PRICE CURRENT_PRICE: options bitmap8
        c2s 01 GET_SCHEDULED_PRICES SCHEDULED_PRICES: earliest start utc, events u8
        c2s 04 GET_CONVERSION_FACTOR FACTORS: earliest start utc, least event u32, commands u8
        c2s 05 GET_CALORIFIC_VALUE FACTORS: earliest start utc, least event u32, commands u8
        c2s 06 GET_TARIFF_INFORMATION TARIFFS: earliest start utc, least event u32, commands u8, tariff type bitmap8
        s2c 00 PUBLISH_PRICE PRICE: provider u32, label octstr, event u32, now utc, unit enum8, currency u16,
            digits and tier bitmap8, tiers and register tier bitmap8, start utc, minutes u16, price u32, [,
            ratio u8, generation price u32, its ratio u8, alternate cost u32, its unit enum8, its digits bitmap8,
            block thresholds u8, control bitmap8, generation tiers u8, generation tier enum8, more tiers u8,
            more tier enum8, more register tier enum8
        s2c 02 PUBLISH_CONVERSION_FACTOR CONVERSION_FACTOR: event u32, start utc, factor u32, digits bitmap8
        s2c 03 PUBLISH_CALORIFIC_VALUE CALORIFIC_VALUE: event u32, start utc, value u32, unit enum8, digits bitmap8
        s2c 04 PUBLISH_TARIFF_INFORMATION TARIFF_INFORMATION: provider u32, event u32, tariff u32, start utc,
            type and scheme bitmap8, label octstr, tiers u8, block thresholds u8, unit enum8, currency u16,
            digits bitmap8, standing charge u32, block mode enum8, multiplier u24, divisor u24
    """,
    metering: """
        c2s 00 GET_PROFILE GET_PROFILE_FORM: channel enum8, end utc, periods u8
        s2c 00 PROFILE PROFILE_FORM: end utc, status enum8, period enum8, periods u8
        c2s 03 REQUEST_FAST_POLL_MODE FAST_POLL_FORM: seconds u8, minutes u8
        s2c 03 FAST_POLL_MODE FAST_POLL_MODE_FORM: seconds u8, end utc
        c2s 08 GET_SAMPLED_DATA GET_SAMPLED_DATA_FORM: sample u16, earliest utc, type enum8, samples u16
        s2c 07 SAMPLED_DATA SAMPLED_DATA_FORM: sample u16, start utc, type enum8, seconds u16, samples u16
    """,
    messaging: """
        c2s 00 GET_LAST_MESSAGE -:
        c2s 01 MESSAGE_CONFIRMATION CONFIRMATION: message u32, time utc, [, control bitmap8, response octstr
        s2c 00 DISPLAY_MESSAGE MESSAGE: message u32, control bitmap8, start utc, minutes u16, text charstr, [,
            more control bitmap8
        s2c 01 CANCEL_MESSAGE CANCELLED: message u32, control bitmap8
        s2c 02 DISPLAY_PROTECTED_MESSAGE MESSAGE: message u32, control bitmap8, start utc, minutes u16, text charstr,
            [, more control bitmap8
        s2c 03 CANCEL_ALL_MESSAGES ALL_CANCELLED: from utc
    """,
    prepayment: "",
    device_management: """
        c2s 00 GET_CHANGE_OF_TENANCY -:
        c2s 01 GET_CHANGE_OF_SUPPLIER -:
        c2s 02 REQUEST_NEW_PASSWORD -:
        c2s 03 GET_SITE_ID -:
        c2s 04 REPORT_EVENT_CONFIGURATION EVENT_CONFIGURATIONS: index u8, commands u8
        c2s 05 GET_CIN -:
        s2c 00 PUBLISH_CHANGE_OF_TENANCY CHANGE_OF_TENANCY: provider u32, event u32, tariff type bitmap8, from utc,
            control bitmap32
        s2c 01 PUBLISH_CHANGE_OF_SUPPLIER CHANGE_OF_SUPPLIER: provider u32, event u32, tariff type bitmap8,
            proposed provider u32, from utc, control bitmap32, name octstr, contact octstr
        s2c 02 REQUEST_NEW_PASSWORD_RESPONSE NEW_PASSWORD: event u32, from utc, minutes u16, type enum8, password octstr
        s2c 03 UPDATE_SITE_ID IDENTITY: event u32, from utc, provider u32, site octstr
        s2c 04 SET_EVENT_CONFIGURATION EVENT_CONFIGURATION: event u32, from utc, configuration bitmap8, control enum8
        s2c 05 GET_EVENT_CONFIGURATION EVENT: event id u16
        s2c 06 UPDATE_CIN IDENTITY: event u32, from utc, provider u32, customer octstr
    """,
}
# The other numbers of the tables: bits, enumerations, and a currency.
VALUES = {
    price: {"POUNDS": 826, "MEGAJOULES_A_CUBIC_METRE": 1},
    metering: {
        "HALF_HOURS": 2,
        "PROFILE_DATA_LOG": 0,
        "CONSUMPTION_DELIVERED": 0,
        "KWH": 0,
        "CUBIC_METRES": 1,
        "ELECTRIC": 0,
        "GAS": 1,
        "MIRRORED_GAS": 128,
    },
    messaging: {"IMPORTANCE": 0b1100, "ENHANCED_CONFIRMATION": 1 << 5, "CONFIRM": 1 << 7, "UNTIL_CHANGED": 65535},
    prepayment: {
        "PREPAYMENT": 1 << 1,
        "LOW_CREDIT": 1 << 1,
        "EMERGENCY_CREDIT_AVAILABLE": 1 << 3,
        "EMERGENCY_CREDIT_IN_USE": 1 << 5,
        "CREDIT_EXHAUSTED": 1 << 6,
    },
    device_management: {},
}
every_cluster = pytest.mark.parametrize("module", list(ATTRIBUTES), ids=lambda module: module.__name__.split(".")[-1])


def attributes(module):
    """(id, name or None, type) of each row by hand."""
    rows = [line.split() for line in ATTRIBUTES[module].splitlines() if line.strip()]
    return [(int(number, 16), None if name == "-" else name, TYPES[kind]) for number, name, kind in rows]


def commands(module):
    """(whether to the client, id, name, format's name or None, format) of each command by hand."""
    for row in re.split(r"\n\s+(?=c2s|s2c)", COMMANDS[module])[1:]:
        head, _, payload = row.partition(":")
        direction, number, name, form = head.split()
        letters = "".join(LETTERS[field.split()[-1]] for field in payload.split(",") if field.strip())
        yield direction == "s2c", int(number, 16), name, None if form == "-" else form, letters


@every_cluster
def test_clusters_and_attributes_are_the_standard_s(module):
    known, cluster = CLUSTERS[module.CLUSTER]
    assert (module, module.CLUSTER) == (known, cluster.cluster_id)
    table = getattr(module, "TYPES", b"")
    held = [(table[at] | table[at + 1] << 8, table[at + 2]) for at in range(0, len(table), 3)]
    assert held == [(number, kind) for number, _, kind in attributes(module)]
    for number, name, _ in attributes(module):
        assert name is None or getattr(module, name) == number, name


def test_of_all_but_metering_zigpy_knows_no_more_than_the_id():
    filled = [number for number, (_, cluster) in CLUSTERS.items() if cluster.attributes or cluster.server_commands]
    assert filled == [metering.CLUSTER]  # when it knows more, compare with it


@every_cluster
def test_commands_and_their_payloads_are_the_standard_s(module):
    for _, number, name, form, letters in commands(module):
        assert getattr(module, name) == number, name
        assert (getattr(module, form) if form else "") == letters, name


@every_cluster
def test_the_tables_have_no_number_and_no_format_that_is_not_here(module):
    constants = {name: value for name, value in vars(module).items() if name.isupper() and name != "TYPES"}
    here = VALUES[module] | {"CLUSTER": module.CLUSTER}
    here |= {name: number for number, name, _ in attributes(module) if name}
    for _, number, name, form, letters in commands(module):
        here[name] = number
        if form:
            here[form] = letters
    assert constants == here


def test_no_command_stands_here_twice():
    for module in COMMANDS:
        numbers = [(to_client, number) for to_client, number, *_ in commands(module)]
        assert len(set(numbers)) == len(numbers)
    assert sum(len(list(commands(module))) for module in COMMANDS) == 9 + 6 + 6 + 13
