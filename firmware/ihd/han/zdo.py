"""The Zigbee Device Object: what we are, and the questions to others.

Source: Zigbee PRO R22 (05-3474), 2.4. Payloads begin with a transaction sequence number.
"""

from micropython import const

from ihd.zcl import schema

PROFILE = const(0x0000)
SMART_ENERGY = const(0x0109)
ENDPOINT = const(1)

SERVERS = (0x0000,)  # Basic
# Time, Price, Metering, Messaging, Prepayment, Device Management: their tables are loaded when needed
CLIENTS = (0x000A, 0x0700, 0x0702, 0x0703, 0x0705, 0x0708)

NWK_ADDR_REQ = const(0x0000)
IEEE_ADDR_REQ = const(0x0001)
SIMPLE_DESC_REQ = const(0x0004)
ACTIVE_EP_REQ = const(0x0005)
MATCH_DESC_REQ = const(0x0006)
DEVICE_ANNCE = const(0x0013)
RESPONSE = const(0x8000)

SUCCESS = const(0x00)

EVERYONE = const(0xFFFD)  # all devices whose receiver is on

ADDRESSES = "BEH"  # status, EUI-64, network address: NWK_addr_rsp and IEEE_addr_rsp
MATCHES = "BH#B"  # status, network address, endpoints: Match_Desc_rsp and Active_EP_rsp
SIMPLE = "BHB?BHHB#H#H"  # status, address, length; endpoint, profile, device, version, servers, clients
ANNOUNCEMENT = "HEB"  # network address, EUI-64, capability


def match_request(short, *servers):
    """A Match_Desc_req behind its sequence number: who at `short` serves one of the Smart Energy clusters `servers`?"""
    return schema.write("HH#H#H", short, SMART_ENERGY, servers, ())
