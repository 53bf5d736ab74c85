"""The published commands of Price, Metering, Messaging, Prepayment and Device Management, both ways, field by field.

What a field says is compared as the vectors print it.
"""

from datetime import datetime, timedelta

from test_oracles_tables import commands
from test_vectors import STATUS, published, read

from ihd import wire
from ihd.zcl import frame, general, schema
from ihd.zcl.clusters import device_management, messaging, metering, prepayment, price

PRICE, METERING, MESSAGING, PREPAYMENT, MANAGEMENT = 0x0700, 0x0702, 0x0703, 0x0705, 0x0708
TABLES = {PRICE: price, METERING: metering, MESSAGING: messaging, PREPAYMENT: prepayment, MANAGEMENT: device_management}
GENERAL = ("ReadAttributes", "ReadAttributesResponse", "DefaultResponse")
ZIGBEE_EPOCH = datetime(2000, 1, 1)


def time(value):
    if value in (0, 0xFFFFFFFF):
        return "%02X %02X %02X %02X" % tuple(value.to_bytes(4, "little"))
    return str(ZIGBEE_EPOCH + timedelta(seconds=value))


def identity(value):
    """An issuer event id, in GB the time of issue."""
    return str(ZIGBEE_EPOCH + timedelta(seconds=value))


def text(value):
    return value.decode() if value else "00"


def bits(value):
    return f"0x{value:02X}"


def flags(value):
    return f"0x{value:08X}"


SCHEME = {0x00: "TOU Tariff / Delivered Tariff", 0x10: "Block Tariff / Delivered Tariff"}.get
CURRENCY = {826: "GBP", 978: "Euro"}.get
KWH = {0x00: "kWh"}.get
ISSUED = (("Issuer Event Id", identity),)
# (cluster, direction, command as printed): number, format, (field as printed, how it is printed) in order
USED = {
    (PRICE, "c2s", "GetCurrentPrice"): (0x00, price.CURRENT_PRICE, (("Command Options", str),)),
    (PRICE, "s2c", "PublishPrice"): (
        0x00,
        price.PRICE,
        (
            *(("Provider Id", str), ("Rate Label", text), *ISSUED, ("Current Time", time), ("Unit of Measure", str)),
            *(("Currency", CURRENCY), ("Price Trailing Digit and Price Tier", bits)),
            *(("Number of Price Tiers and Register Tier", bits), ("Start Time", time)),
            *(("Duration in Minutes", str), ("Price", str)),
        ),
    ),
    (PRICE, "s2c", "PublishConversionFactor"): (
        0x02,
        price.CONVERSION_FACTOR,
        (
            *(*ISSUED, ("Start Time", time)),
            *(("Conversion Factor", str), ("Conversion Factor Trailing Digit", bits)),
        ),
    ),
    (PRICE, "s2c", "PublishCalorificValue"): (
        0x03,
        price.CALORIFIC_VALUE,
        (
            *(*ISSUED, ("Start Time", time), ("Calorific Value", str)),
            *(("Calorific Value Unit", str), ("Calorific Value Trailing Digit", bits)),
        ),
    ),
    (PRICE, "s2c", "PublishTariffInformation"): (
        0x04,
        price.TARIFF_INFORMATION,
        (
            *(("Provider Id", str), *ISSUED, ("Issuer Tariff Id", str), ("Start Time", time)),
            *(("Tariff Type / Charging Scheme", SCHEME), ("Tariff Label", text)),
            *(("Number of Price Tiers in Use", str), ("Number of Block Thresholds in Use", str)),
            *(("Unit of Measure", KWH), ("Currency", CURRENCY), ("Price Trailing Digit", bits)),
            *(("Standing Charge", str), ("Tier Block Mode", str)),
            *(("Block Threshold Multiplier", str), ("Block Threshold Divisor", str)),
        ),
    ),
    (METERING, "c2s", "GetSampledData"): (
        0x08,
        metering.GET_SAMPLED_DATA_FORM,
        (("Sample Id", str), ("Earliest Sample Time", time), ("Sample Type", str), ("Number of Samples", str)),
    ),
    (MESSAGING, "s2c", "DisplayMessage"): (
        0x00,
        messaging.MESSAGE,
        (
            *(("Message Id", identity), ("Message Control", bits), ("Start Time", time)),
            *(("Duration in Minutes", str), ("Message", text)),
        ),
    ),
    (MANAGEMENT, "c2s", "ReportEventConfiguration"): (
        0x04,
        device_management.EVENT_CONFIGURATIONS + "HB" * 44,
        (
            *(("Command Index", str), ("Total Commands", str)),
            *(each for n in range(1, 45) for each in ((f"Event Id {n}", str), (f"Event Configuration {n}", bits))),
        ),
    ),
    (MANAGEMENT, "s2c", "PublishChangeOfTenancy"): (
        0x00,
        device_management.CHANGE_OF_TENANCY,
        (
            *(("Provider Id", str), *ISSUED, ("Tariff Type", bits), ("Implementation Date Time", time)),
            *(("Proposed Tenancy Change Control", flags),),
        ),
    ),
    (MANAGEMENT, "s2c", "PublishChangeOfSupplier"): (
        0x01,
        device_management.CHANGE_OF_SUPPLIER,
        (
            *(("Current Provider Id", str), *ISSUED, ("Tariff Type", bits), ("Proposed Provider Id", str)),
            *(("Provider Change Implementation Time", time), ("Provider Change Control", flags)),
            *(("Proposed Provider Name", text), ("Proposed Provider Contact Details", text)),
        ),
    ),
    (MANAGEMENT, "s2c", "UpdateSiteId"): (
        0x03,
        device_management.IDENTITY,
        (*ISSUED, ("Site Id Time", time), ("Provider Id", str), ("Site Id", text)),
    ),
    (MANAGEMENT, "s2c", "SetEventConfiguration"): (
        0x04,
        device_management.EVENT_CONFIGURATION + "#H",  # all published ones list the events
        (
            *(*ISSUED, ("Start Date Time", time), ("Event Configuration", bits)),
            *(("Configuration Control", str), ("Number of Events", str)),
        ),
    ),
    (MANAGEMENT, "s2c", "GetEventConfiguration"): (0x05, device_management.EVENT, (("Event Id", str),)),
    (MANAGEMENT, "s2c", "UpdateCIN"): (
        0x06,
        device_management.IDENTITY,
        (*ISSUED, ("CIN Implementation Time", time), ("Provider Id", str), ("Customer Id Number", text)),
    ),
}
SETS = "a supplier sets it on the meter, in a GBCS message"
TOPS_UP = "that is for a PPMID, and in a GBCS message"
SUPPLY = "switching the supply is not for a display"
SNAPSHOTS = "the display keeps its own history and asks for sampled data"
PRICE_NOW = "the display shows the price now, which Publish Price says"
NOT_USED = {
    (PRICE, "c2s", "GetBillingPeriod"): "the display counts in days, weeks and months",
    (PRICE, "s2c", "PublishBillingPeriod"): "the display counts in days, weeks and months",
    (PRICE, "s2c", "PublishBlockPeriod"): PRICE_NOW,
    (PRICE, "s2c", "PublishBlockThresholds"): PRICE_NOW,
    (PRICE, "s2c", "PublishPriceMatrix"): PRICE_NOW,
    (METERING, "c2s", "GetSnapshot"): SNAPSHOTS,
    (METERING, "c2s", "SetSupplyStatus"): SUPPLY,
    (METERING, "c2s", "SetUncontrolledFlowThreshold"): SETS,
    (METERING, "c2s", "StartSampling"): "the meter's log of half-hours is always there",
    (METERING, "s2c", "StartSamplingResponse"): "the meter's log of half-hours is always there",
    (PREPAYMENT, "c2s", "SelectAvailableEmergencyCredit"): TOPS_UP,
    (PREPAYMENT, "c2s", "ConsumerTopUp"): TOPS_UP,
    (PREPAYMENT, "s2c", "ConsumerTopUpResponse"): TOPS_UP,
    (PREPAYMENT, "c2s", "GetTopUpLog"): TOPS_UP,
    (PREPAYMENT, "s2c", "PublishTopUpLog"): TOPS_UP,
    (PREPAYMENT, "c2s", "GetDebtRepaymentLog"): "the display shows the debt that is, which attributes say",
    (PREPAYMENT, "c2s", "GetPrepaySnapshot"): SNAPSHOTS,
    (PREPAYMENT, "c2s", "ChangeDebt"): SETS,
    (PREPAYMENT, "c2s", "ChangePaymentMode"): SETS,
    (PREPAYMENT, "c2s", "CreditAdjustment"): SETS,
    (PREPAYMENT, "c2s", "EmergencyCreditSetup"): SETS,
    (PREPAYMENT, "c2s", "SetLowCreditWarningLevel"): SETS,
    (PREPAYMENT, "c2s", "SetMaximumCreditLimit"): SETS,
    (PREPAYMENT, "c2s", "SetOverallDebtCap"): SETS,
}
# The commands as a Default Response prints them.
ANSWERED = {
    (PRICE, "c2s"): {
        "Publish Block Period": 1,
        "Publish Conversion Factor": 2,
        "Publish Calorific Value": 3,
        "Publish Tariff Information": 4,
        "Publish Price Matrix": 5,
        "Publish Block Thresholds": 6,
        "Publish Billing Period": 9,
    },
    (PRICE, "s2c"): {"Get Current Price": 0, "Get Billing Period": 11},
    (METERING, "s2c"): {
        "Get Snapshot": 6,
        "Get Sampled Data": 8,
        "Change Supply": 11,
        "Set Supply Status": 13,
        "Set Uncontrolled Flow Threshold": 14,
    },
    (MESSAGING, "c2s"): {"Display Message": 0},
    (PREPAYMENT, "s2c"): {
        "Select Available Emergency Credit": 0,
        "Change Debt": 2,
        "Emergency Credit Setup": 3,
        "Credit Adjustment": 5,
        "Get Prepay Snapshot": 7,
        "Get Top Up Log": 8,
        "Set Low Credit Warning Level": 9,
        "Get Debt Repayment Log": 10,
        "Set Maximum Credit Limit": 11,
        "Set Overall Debt Cap": 12,
    },
    (MANAGEMENT, "c2s"): {
        "Publish Change of Tenancy": 0,
        "Publish Change of Supplier": 1,
        "Request New Password Response": 2,
        "Update Site Id": 3,
        "Set Event Configuration": 4,
        "Update CIN": 6,
    },
    (MANAGEMENT, "s2c"): {"05": 5},  # a client's answer to Get Event Configuration, with its direction turned
}
NO_COMMAND = {"FF": 0xFF}  # a frame that could not be read


def ours(*commands):
    """(which, entry, control, sequence, command, payload, frame) of the published frames of our clusters."""
    for entry, cluster, data in published():
        if cluster in TABLES and (not commands or entry["command"] in commands):
            which = cluster, entry["direction"], entry["command"]
            yield which, entry, *read(data), data


def test_every_published_command_of_our_clusters_is_used_or_has_a_reason_why_not():
    here = {which for which, *_ in ours() if which[2] not in GENERAL}
    assert here == set(USED) | set(NOT_USED) and not set(USED) & set(NOT_USED)
    assert all(NOT_USED.values())


def test_the_tables_have_the_numbers_of_the_used_commands_and_none_of_the_others():
    held = {(cluster, told[:2]) for cluster, module in TABLES.items() for told in commands(module)}
    for which, _, control, _, command, _, _ in ours():
        if which[2] not in GENERAL:
            assert control & frame.CLUSTER_SPECIFIC and bool(control & frame.FROM_SERVER) == (which[1] == "s2c")
            assert ((which[0], (which[1] == "s2c", command)) in held) == (which in USED), which


def test_used_commands_are_read_to_the_values_that_the_vectors_print():
    seen = set()
    for which, entry, control, _, command, payload, _ in ours():
        if which not in USED:
            continue
        seen.add(which)
        number, form, printed = USED[which]
        assert control & frame.CLUSTER_SPECIFIC and command == number, which
        values = schema.read(form, payload)
        if form.endswith("#H"):
            *values, events = values
            values += [len(events), *events]
            printed = (*printed, *((f"Event Id {n}", str) for n in range(1, len(events) + 1)))
        told = [(name, show(value)) for (name, show), value in zip(printed, values, strict=False)]
        assert told == list(entry["fields"].items()), which
        assert set(values[len(printed) :]) <= {None}, which  # what the payload has not
    assert seen == set(USED)


def test_used_commands_are_written_to_the_same_octets():
    for which, _, control, sequence, command, payload, data in ours():
        if which in USED:
            _, form, _ = USED[which]
            values = [value for value in schema.read(form, payload) if value is not None]
            assert frame.write(control, sequence, command, schema.write(form, *values)) == data, which


def test_used_commands_are_malformed_when_they_are_cut():
    for which, _, _, _, _, payload, _ in ours():
        if which in USED:
            for end in range(len(payload)):
                try:
                    schema.read(USED[which][1], payload[:end])
                except wire.Malformed:
                    continue
                raise AssertionError((which, end))


def test_default_responses_are_written_to_the_same_octets():
    named = {which: set() for which in ANSWERED}
    for (cluster, direction, _), entry, control, sequence, command, payload, data in ours("DefaultResponse"):
        of, status = entry["fields"]["Command Id"], STATUS[entry["fields"]["Status Code"]]
        assert set(entry["fields"]) == {"Command Id", "Status Code"} and general.is_answer(control, command)
        number = (ANSWERED[cluster, direction] | NO_COMMAND)[of]
        named[cluster, direction] |= {of} - set(NO_COMMAND)
        assert list(payload) == [number, status]
        asked = frame.CLUSTER_SPECIFIC | (frame.FROM_SERVER & ~control)
        assert general.default_response(asked, sequence, number, status) == data
    assert named == {which: set(names) for which, names in ANSWERED.items()}
