"""Messaging (0x0703): what the supplier has to say to the people in the home.

Source: Zigbee Smart Energy 1.4, D.5; GB use: GBCS GCS07, in which a message's id is the Zigbee UTC of its issue.
"""

from micropython import const

CLUSTER = const(0x0703)

# client to server
GET_LAST_MESSAGE = const(0x00)  # no payload
MESSAGE_CONFIRMATION = const(0x01)
CONFIRMATION = "II?Bo"  # message id, time (UTC), control, response

# server to client
DISPLAY_MESSAGE = const(0x00)
CANCEL_MESSAGE = const(0x01)
DISPLAY_PROTECTED_MESSAGE = const(0x02)
CANCEL_ALL_MESSAGES = const(0x03)
MESSAGE = "IBIHo?B"  # message id, control, start (UTC; 0: now), duration in minutes, text, extended control
CANCELLED = "IB"  # message id, control
ALL_CANCELLED = "I"  # from when (UTC)

IMPORTANCE = const(0x0C)  # bits of control: 0 low to 3 critical
ENHANCED_CONFIRMATION = const(0x20)
CONFIRM = const(0x80)
UNTIL_CHANGED = const(0xFFFF)  # duration
