"""The published answers of Price, Metering and Prepayment are read to their values, and asked for in the same octets.

The vectors leave the values empty; they were read by hand.
"""

from test_vectors import ANSWERS as METERING_ANSWERS
from test_vectors import ATTRIBUTES as METERING_ATTRIBUTES
from test_vectors import records
from test_vectors_home import METERING, PREPAYMENT, PRICE, TABLES, ours

from ihd import wire
from ihd.zcl import frame, general, schema

# Smart Energy 1.4, D.4.2.2 and D.7.2.2: the names as the vectors print them.
ATTRIBUTES = {
    METERING: METERING_ATTRIBUTES[METERING],
    PRICE: {
        "Block 1 Threshold": 0x0100,
        "Block 2 Threshold": 0x0101,
        "Block 3 Threshold": 0x0102,
        "Threshold Multiplier": 0x0202,
        "Threshold Divisor": 0x0203,
        "Standing Charge": 0x0301,
        "Conversion Factor": 0x0302,
        "Conversion Factor Trailing Digit": 0x0303,
        "Calorific Value": 0x0304,
        "Calorific Value Unit": 0x0305,
        "Calorific Value Trailing Digit": 0x0306,
        **{f"No Tier Block {n} Price": 0x0400 + n - 1 for n in range(1, 5)},
        **{f"Tier {n} Block 1 Price": 0x0400 + 0x10 * n for n in range(1, 5)},
        "Unit of Measure": 0x0615,
        "Currency": 0x0616,
        "Price Trailing Digits": 0x0617,
    },
    PREPAYMENT: {
        "Payment Control Configuration": 0x0000,
        "Credit Remaining": 0x0001,
        "Overall Debt Cap": 0x0006,
        "Emergency Credit Limit": 0x0010,
        "Emergency Credit Threshold": 0x0011,
        "Max Credit Limit": 0x0021,
        "Max Credit Per Top Up": 0x0022,
        "Low Credit Warning Level": 0x0031,
        "Cut Off Value": 0x0040,
        "Debt Recovery Frequency 1": 0x0216,
        "Debt Recovery Amount 1": 0x0217,
        "Debt Recovery Frequency 2": 0x0226,
        "Debt Recovery Amount 2": 0x0227,
        "Debt Recovery Top Up Percentage 3": 0x0239,
    },
}
# The vectors print no values of answers; these were read by hand: (id, status, type, value).
ANSWERS = {which: told for which, told in METERING_ANSWERS.items() if which[0] == METERING} | {
    (
        PRICE,
        (
            "18000103020022e803000202002201000000010025a0860100000001010025400d0300000002010025e0930400000015060030000004"
            "00236829000001040023c02b000002040023e62d000003040023e02e0000100400238025000020040023d827000030040023fe290000"
            "40040023f82a0000160600213a03170600185001030023c1570000"
        ),
    ): [
        *((0x0203, 0, 0x22, 1000), (0x0202, 0, 0x22, 1)),
        *((0x0100, 0, 0x25, 100_000), (0x0101, 0, 0x25, 200_000), (0x0102, 0, 0x25, 300_000), (0x0615, 0, 0x30, 0)),
        *((0x0400, 0, 0x23, 10_600), (0x0401, 0, 0x23, 11_200), (0x0402, 0, 0x23, 11_750), (0x0403, 0, 0x23, 12_000)),
        *((0x0410, 0, 0x23, 9_600), (0x0420, 0, 0x23, 10_200), (0x0430, 0, 0x23, 10_750), (0x0440, 0, 0x23, 11_000)),
        *((0x0616, 0, 0x21, 826), (0x0617, 0, 0x18, 0x50), (0x0301, 0, 0x23, 22_465)),
    ],
    (
        PREPAYMENT,
        (
            "08000139020021e8030600002b40420f00160200300126020030014000002bc0b4b3ff1000002340420f0011000023400d0300310000"
            "2320a10700210000238096980022000023404b4c001702002320a1070027020023400d0300"
        ),
    ): [
        *((0x0239, 0, 0x21, 1000), (0x0006, 0, 0x2B, 1_000_000), (0x0216, 0, 0x30, 1), (0x0226, 0, 0x30, 1)),
        *((0x0040, 0, 0x2B, -5_000_000), (0x0010, 0, 0x23, 1_000_000), (0x0011, 0, 0x23, 200_000)),
        *((0x0031, 0, 0x23, 500_000), (0x0021, 0, 0x23, 10_000_000), (0x0022, 0, 0x23, 5_000_000)),
        *((0x0217, 0, 0x23, 500_000), (0x0227, 0, 0x23, 200_000)),
    ],
    (PREPAYMENT, "0801010100002ba0252600"): [(0x0001, 0, 0x2B, 2_500_000)],
    (PREPAYMENT, "0800010000c0"): [(0x0000, 0xC0, None, None)],
    (PREPAYMENT, "08000100000019970c"): [(0x0000, 0, 0x19, 0x0C97)],
}


def test_attributes_are_asked_for_with_the_same_octets():
    asked = {cluster: set() for cluster in ATTRIBUTES}
    for (cluster, direction, _), entry, control, sequence, _, payload, data in ours("ReadAttributes"):
        assert direction == "c2s" and not control
        numbers = [ATTRIBUTES[cluster][name] for name in entry["fields"].values()]
        assert numbers == [wire.unsigned(payload, at, 2) for at in range(0, len(payload), 2)]
        assert general.read_attributes(sequence, numbers) == data
        asked[cluster] |= set(numbers)
    for cluster, numbers in asked.items():
        assert numbers == set(ATTRIBUTES[cluster].values()), hex(cluster)


def test_answers_are_read_to_the_values_read_by_hand_and_are_of_the_tables_types():
    seen, held = set(), set()
    for (cluster, _, _), entry, control, _, command, payload, data in ours("ReadAttributesResponse"):
        told = ANSWERS[cluster, data.hex()]
        seen.add((cluster, data.hex()))
        assert control & frame.FROM_SERVER and general.is_answer(control, command)
        assert records(payload) == told and len(told) == len(entry["fields"])
        for attribute, status, kind, _ in told:
            right = status or schema.has_type(TABLES[cluster].TYPES, attribute, kind)
            assert right is not False, hex(attribute)  # None: not in the table
            if right is True:
                held.add((cluster, attribute))
    assert seen == set(ANSWERS)
    assert {cluster: sorted(number for of, number in held if of == cluster) for cluster in ATTRIBUTES} == {
        METERING: [0x0307],
        PRICE: [0x0301, 0x0616, 0x0617],
        PREPAYMENT: [0x0000, 0x0001, 0x0010, 0x0011, 0x0031, 0x0216, 0x0217, 0x0226, 0x0227, 0x0239],
    }
