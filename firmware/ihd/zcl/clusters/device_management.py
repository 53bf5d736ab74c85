"""Device Management (0x0708): who lives in this home and who supplies it, since when.

Source: Zigbee Smart Energy 1.4, D.11; GB use: GBCS GCS09, GCS44. Both control fields are bitmap32, little-endian as
everything on the air.
"""

from micropython import const

CLUSTER = const(0x0708)

# client to server, no payload
GET_CHANGE_OF_TENANCY = const(0x00)
GET_CHANGE_OF_SUPPLIER = const(0x01)

# server to client: an answer with our sequence number, or unsolicited
PUBLISH_CHANGE_OF_TENANCY = const(0x00)
PUBLISH_CHANGE_OF_SUPPLIER = const(0x01)
CHANGE_OF_TENANCY = "IIBII"  # provider, issuer event id, tariff type, implementation time (UTC), control
# current provider, issuer event id, tariff type, proposed provider, implementation time (UTC), control, name, contact
CHANGE_OF_SUPPLIER = "IIBIIIoo"

# client to server
REQUEST_NEW_PASSWORD = const(0x02)  # type: 1 service menu, 2 consumer menu
GET_SITE_ID = const(0x03)  # no payload
REPORT_EVENT_CONFIGURATION = const(0x04)
EVENT_CONFIGURATIONS = "BB"  # command index, commands; then pairs of event id (u16) and configuration (bitmap8)
GET_CIN = const(0x05)  # no payload

# server to client
REQUEST_NEW_PASSWORD_RESPONSE = const(0x02)
NEW_PASSWORD = "IIHBo"  # issuer event id, from when (UTC), for so many minutes, type, password
UPDATE_SITE_ID = const(0x03)
SET_EVENT_CONFIGURATION = const(0x04)
EVENT_CONFIGURATION = "IIBB"  # issuer event id, from when (UTC), configuration, control; then which events, by control
GET_EVENT_CONFIGURATION = const(0x05)
EVENT = "H"  # event id; 0xnnFF: the whole set nn
UPDATE_CIN = const(0x06)
IDENTITY = "IIIo"  # issuer event id, from when (UTC), provider, site id or customer id number

PROVIDER_ID = const(0x0100)
PROVIDER_NAME = const(0x0101)
PROVIDER_CONTACT_DETAILS = const(0x0102)
PROPOSED_PROVIDER_ID = const(0x0110)
PROPOSED_PROVIDER_NAME = const(0x0111)
PROPOSED_PROVIDER_CHANGE_TIME = const(0x0112)
PROPOSED_PROVIDER_CHANGE_CONTROL = const(0x0113)
PROPOSED_PROVIDER_CONTACT = const(0x0114)
CHANGE_OF_TENANCY_TIME = const(0x0200)
PROPOSED_TENANCY_CHANGE_CONTROL = const(0x0201)

TYPES = (
    b"\x00\x01\x23"  # ProviderID, u32
    b"\x01\x01\x41"  # ProviderName, octet string
    b"\x02\x01\x41"  # ProviderContactDetails, octet string
    b"\x10\x01\x23"  # ProposedProviderID, u32
    b"\x11\x01\x41"  # ProposedProviderName, octet string
    b"\x12\x01\xe2"  # ProposedProviderChangeDate/Time, UTC
    b"\x13\x01\x1b"  # ProposedProviderChangeControl, bitmap32
    b"\x14\x01\x41"  # ProposedProviderContactDetails, octet string
    b"\x00\x02\xe2"  # ChangeOfTenancyUpdateDate/Time, UTC
    b"\x01\x02\x1b"  # ProposedTenancyChangeControl, bitmap32
    b"\x00\x04\x23"  # LowMediumThreshold, u32
    b"\x01\x04\x23"  # MediumHighThreshold, u32
)
