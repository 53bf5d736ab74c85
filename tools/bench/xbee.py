"""An XBee 3 Zigbee module as its UART shows it: AT commands, transmissions, receptions, modem status.

Packets are digi-xbee's. Source: Digi 90001539; delivery statuses as in digi-xbee's TransmitStatus.
"""

import collections

from digi.xbee.exception import InvalidPacketException
from digi.xbee.models.address import XBee16BitAddress, XBee64BitAddress
from digi.xbee.models.status import ATCommandStatus, ModemStatus, TransmitStatus
from digi.xbee.packets.base import DictKeys
from digi.xbee.packets.common import (
    ATCommResponsePacket,
    ExplicitRXIndicatorPacket,
    ModemStatusPacket,
    TransmitStatusPacket,
)
from digi.xbee.packets.factory import build_frame

from tools.bench import zdo
from tools.bench.association import NO_ADDRESS, Association
from tools.bench.command_mode import CommandMode
from tools.bench.frame import (
    ALL_DEVICES,
    ALL_ROUTERS,
    COORDINATOR,
    LOWEST_BROADCAST,
    RX_ON_WHEN_IDLE,
    ZDO_PROFILE,
    Frame,
)
from tools.bench.registers import NETWORK, TABLE, WRITE_ONLY, BadValue, Registers
from tools.bench.splitter import Splitter

BOOT_MS = 60
AT_MS = 4
SENT_MS = 24
# MAC and APS retries are spent before a silent device is given up.
UNACKNOWLEDGED_MS = 1600

NO_DESTINATION = 0xFFFD
TO_16_BIT_ADDRESS, TO_ALL = 0xFFFFFFFFFFFFFFFF, 0xFFFF
TX_APS_SECURED, TX_OPTIONS = 0x20, 0x01 | 0x04 | 0x08 | 0x10 | 0x20 | 0x40
RX_ACKNOWLEDGED, RX_BROADCAST, RX_APS_SECURED = 0x01, 0x02, 0x20
AO_EXPLICIT, AO_ZDO_REQUESTS = 0x01, 0x02
LARGEST_PAYLOAD = 255


class Xbee:
    def __init__(self, timeline, han, put, fault, registers=None):
        """put(bytes): to the board's UART. fault(sentence): the board broke a rule. registers: {name: value} that
        differ at power-up from the table's."""
        self._timeline = timeline
        self._han = han
        self._put = put
        self._fault = fault
        eui64 = han.display.eui64.serialize()
        own = {
            "SL": int.from_bytes(eui64[:4], "little"),
            "SH": int.from_bytes(eui64[4:], "little"),
            "KY": han.link_key,
        }
        self.registers = Registers(own | (registers or {}))
        self.association = Association(timeline, self.registers, han, self._modem_status)
        self.counts = collections.Counter()
        self._power_ups = 0
        self._command_mode = CommandMode(timeline, self, put)
        self._power_up()

    @property
    def _api(self):
        return self.registers["AP"] in (1, 2)

    def receive(self, data):
        """Bytes that the board wrote."""
        if not self._api or self._command_mode.active:
            self._command_mode.feed(data)
            return
        for raw in self._splitter.feed(data):
            self._frame(raw)

    def deliver(self, frame, eui64):
        """A frame of the HAN for this node. eui64: the sender's, zigpy's type."""
        output = self.registers["AO"]
        request = frame.profile == ZDO_PROFILE and not frame.cluster & zdo.RESPONSE
        if request and not output & AO_ZDO_REQUESTS:
            # The module answers for itself, with Digi's own endpoints.
            self._han.send_answers(self._han.display, frame)
        elif not output & AO_EXPLICIT or not self._api:
            self.counts["frames not shown to the board"] += 1
        else:
            options = RX_BROADCAST if frame.broadcast else RX_ACKNOWLEDGED
            packet = ExplicitRXIndicatorPacket(
                XBee64BitAddress(eui64.serialize()[::-1]),
                XBee16BitAddress(frame.source.to_bytes(2, "big")),
                frame.source_endpoint,
                frame.destination_endpoint,
                frame.cluster,
                frame.profile,
                options | (RX_APS_SECURED if frame.secured else 0),
                frame.payload,
            )
            self._output(packet)

    def reset(self):
        """As by the RESET pin: what WR has not saved is gone."""
        self.registers.reset()
        self._power_up()

    def apply(self):
        """Queued registers take effect."""
        changed = self.registers.apply()
        if "AP" in changed:
            self._splitter = self._new_splitter()
        if any(name in NETWORK for name in changed):
            self.association.leave()

    def _power_up(self):
        self._power_ups += 1
        self._splitter = self._new_splitter()
        self._timeline.after(BOOT_MS, self._modem_status, ModemStatus.HARDWARE_RESET)
        self.association.look()

    def _new_splitter(self):
        return Splitter(self.registers["AP"] == 2, self._fault)

    def _frame(self, raw):
        handler = {0x08: self._at, 0x09: self._at, 0x11: self._transmit}.get(raw[3])
        if handler is None:
            self._fault(f"an API frame of type 0x{raw[3]:02X} was not understood")
            self.counts["unknown API frames"] += 1
            return
        try:
            # digi-xbee's factory takes unescaped bytes whatever the mode.
            packet = build_frame(raw)
        except InvalidPacketException as error:
            self._fault(f"an API frame of type 0x{raw[3]:02X} was malformed: {error}")
            self.counts["malformed API frames"] += 1
            return
        handler(packet, raw)

    def _at(self, packet, raw):
        # Taken from the bytes: digi-xbee's `command` mends what is not text.
        name = raw[5:7].decode("latin-1")
        status, value = self._execute(name, packet.parameter)
        if packet.frame_id:
            self._output(ATCommResponsePacket(packet.frame_id, bytes(raw[5:7]), status, value or None), AT_MS)
        queued = raw[3] == 0x09
        if name == "FR":
            self._timeline.after(AT_MS, self.reset)
        elif name == "AC" or not queued:
            self._timeline.after(AT_MS, self.apply)

    def _execute(self, name, parameter):
        """The status of an AT command and the bytes of its answer; a new value is queued."""
        if name == "WR":
            self.registers.save()
        if name in ("AC", "FR", "WR"):
            return ATCommandStatus.OK, b""
        if name not in TABLE:
            return ATCommandStatus.INVALID_COMMAND, b""
        if parameter is None:
            return ATCommandStatus.OK, b"" if name in WRITE_ONLY else self.registers.read(name)
        try:
            self.registers.queue(name, int.from_bytes(parameter, "big"))
        except BadValue:
            return ATCommandStatus.INVALID_PARAMETER, b""
        return ATCommandStatus.OK, b""

    def _transmit(self, packet, raw):
        # Read from the dictionary: digi-xbee's `source_endpoint` returns the destination's.
        fields = packet.to_dict()[DictKeys.FRAME_SPEC_DATA][DictKeys.API_DATA]
        options = fields[DictKeys.TRANSMIT_OPTIONS]
        if options & ~TX_OPTIONS:
            self._fault(f"reserved transmit options are set in 0x{options:02X}")
        address64 = int.from_bytes(fields[DictKeys.X64BIT_ADDR], "big")
        destination = self._destination(address64, int.from_bytes(fields[DictKeys.X16BIT_ADDR], "big"))
        status = self._send(destination, fields)
        if packet.frame_id:
            reached = status is TransmitStatus.SUCCESS
            used = destination if reached else NO_DESTINATION
            if reached and destination >= LOWEST_BROADCAST:
                used = NO_ADDRESS
            delay = UNACKNOWLEDGED_MS if status is TransmitStatus.NETWORK_ACK_FAILURE else SENT_MS
            address = XBee16BitAddress(used.to_bytes(2, "big"))
            self._output(TransmitStatusPacket(packet.frame_id, address, 0, transmit_status=status), delay)

    def _destination(self, address64, address16):
        """The network address that the two destination addresses of a frame mean, or None."""
        if address64 == TO_ALL:
            return address16 if address16 in (RX_ON_WHEN_IDLE, ALL_ROUTERS) else ALL_DEVICES
        if address64 == 0:
            return COORDINATOR
        if address64 == TO_16_BIT_ADDRESS:
            known = address16 >= LOWEST_BROADCAST or self._han.by_nwk(address16) is not None
            return address16 if known else None
        device = self._han.by_eui64(address64)
        return None if device is None else device.nwk

    def _send(self, destination, fields):
        """The delivery status of a frame; what keeps it from leaving the module comes first."""
        if not self.association.joined:
            return TransmitStatus.NOT_JOINED_NETWORK
        if destination is None:
            return TransmitStatus.ADDRESS_NOT_FOUND
        if destination == self._han.display.nwk:
            return TransmitStatus.SELF_ADDRESSED
        frame = Frame(
            self._han.display.nwk,
            destination,
            fields[DictKeys.SOURCE_ENDPOINT],
            fields[DictKeys.DEST_ENDPOINT],
            fields[DictKeys.PROFILE_ID],
            fields[DictKeys.CLUSTER_ID],
            bytes(fields[DictKeys.RF_DATA] or b""),
            secured=bool(fields[DictKeys.TRANSMIT_OPTIONS] & TX_APS_SECURED),
        )
        if frame.secured and frame.broadcast:
            return TransmitStatus.BROADCAST_ERROR_APS
        if len(frame.payload) > LARGEST_PAYLOAD:
            return TransmitStatus.PAYLOAD_TOO_LARGE
        return TransmitStatus.SUCCESS if self._han.send(frame) else TransmitStatus.NETWORK_ACK_FAILURE

    def _modem_status(self, status):
        if self._api:
            self._output(ModemStatusPacket(status))

    def _output(self, packet, delay_ms=0):
        """To the board, in the API mode of this moment."""
        data = bytes(packet.output(escaped=self.registers["AP"] == 2))
        self._timeline.after(delay_ms, self._say, self._power_ups, data)

    def _say(self, power_up, data):
        """What was still to be said before a reset is lost by it."""
        if power_up == self._power_ups:
            self._put(data)
