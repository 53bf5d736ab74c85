"""Every attribute of the tables has in tshark the name that it has in the tables."""

import re

import tshark
from test_oracles_tables import ATTRIBUTES, attributes
from zigpy.types import EUI64

from ihd.zcl import frame
from tools.bench.capture import Capture
from tools.bench.frame import SMART_ENERGY_PROFILE, Frame

METER_NWK, OWN_NWK, METER = 0x1A01, 0x5AD1, EUI64.convert("00:07:81:00:00:00:00:01")
READ_ATTRIBUTES_RESPONSE, UNSUPPORTED_ATTRIBUTE = 0x01, 0x86
# tshark's name in words, where the table's is shorter, or longer lest it be that of something else.
OTHERS = {
    "STANDING_CHARGE_ATTRIBUTE": "standing charge",
    "CONVERSION_FACTOR_ATTRIBUTE": "conversion factor",
    "CONVERSION_FACTOR_TRAILING_DIGIT": "conversion factor trailingdigit",
    "CALORIFIC_VALUE_ATTRIBUTE": "calorific value",
    "TARIFF_CURRENCY": "currency",
    "TARIFF_PRICE_TRAILING_DIGIT": "price trailing digit",
    "EMERGENCY_CREDIT_LIMIT": "emergency credit limit allowance",
    "CURRENT_DAY_COST_DELIVERED": "current day cost consumption delivered",
    "PROPOSED_PROVIDER_CHANGE_TIME": "proposed provider change date time",
    "PROPOSED_PROVIDER_CONTACT": "proposed provider contact details",
    "CHANGE_OF_TENANCY_TIME": "change of tenancy update date time",
}
NAMELESS = {0x0400: "low medium threshold", 0x0401: "medium high threshold"}  # of Device Management


def test_attributes_have_their_names_in_tshark(tmp_path):
    tshark.needed()
    path = tmp_path / "names.pcap"
    capture = Capture(path, 0x1F2E)
    wanted = []
    for module in ATTRIBUTES:
        for number, name, _ in attributes(module):
            record = number.to_bytes(2, "little") + bytes([UNSUPPORTED_ATTRIBUTE])
            zcl = frame.write(0x18, 1, READ_ATTRIBUTES_RESPONSE, record)
            addresses = (METER_NWK, OWN_NWK, 21, 1, SMART_ENERGY_PROFILE, module.CLUSTER)
            capture.write(Frame(*addresses, zcl), METER, 0x30000000, len(wanted))
            words = OTHERS.get(name, name.lower().replace("_", " ")) if name else NAMELESS[number]
            wanted.append((number, words))
    capture.close()
    named = re.findall(r"Attribute: (.*) \(0x([0-9a-f]{4})\)", tshark.printed(path))
    found = [(int(number, 16), " ".join(re.findall("[a-z0-9]+", name.lower()))) for name, number in named]
    assert found == wanted and len(found) > 50
