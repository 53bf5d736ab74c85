"""Messaging (0x0703) of a meter: what its supplier says to the people, and what they have confirmed.

Source: Zigbee Smart Energy 1.4, D.5; in GB a message's id is the Zigbee UTC of its issue.
"""

import zigpy.types as t
from zigpy.zcl.foundation import Status

from tools.bench.devices import Server

GET_LAST_MESSAGE, MESSAGE_CONFIRMATION = 0x00, 0x01
DISPLAY_MESSAGE, CANCEL_MESSAGE, CANCEL_ALL_MESSAGES = 0x00, 0x01, 0x03
UNTIL_CHANGED = 0xFFFF


class DisplayMessage(t.Struct):
    message_id: t.uint32_t
    control: t.bitmap8
    start: t.UTCTime
    duration_minutes: t.uint16_t
    # A character string; zigpy's own would count characters, not octets.
    message: t.LVBytes
    extended_control: t.bitmap8 = t.StructField(optional=True)


class CancelMessage(t.Struct):
    message_id: t.uint32_t
    control: t.bitmap8


class CancelAllMessages(t.Struct):
    time: t.UTCTime


class MessageConfirmation(t.Struct):
    message_id: t.uint32_t
    time: t.UTCTime
    control: t.bitmap8 = t.StructField(optional=True)
    response: t.LVBytes = t.StructField(optional=True)


class Messaging(Server):
    """message: the last DisplayMessage, or None. confirmations: every MessageConfirmation that came."""

    def __init__(self):
        self.message = None
        self.confirmations = []
        self._until = None
        super().__init__(commands={GET_LAST_MESSAGE: self._last, MESSAGE_CONFIRMATION: self._confirm})

    def tell(self, message, utc):
        """From now on this DisplayMessage, or None, is the last; it ends when its duration is over."""
        self.message, self._until = message, None
        if message is not None and message.duration_minutes != UNTIL_CHANGED:
            self._until = (message.start or utc) + message.duration_minutes * 60

    def _last(self, body, utc):
        over = self._until is not None and utc >= self._until
        return Status.NOT_FOUND if self.message is None or over else (DISPLAY_MESSAGE, self.message)

    def _confirm(self, body, utc):
        self.confirmations.append(MessageConfirmation.deserialize(body)[0])
        return Status.SUCCESS
