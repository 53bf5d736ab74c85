"""The whole app in this process, in lock-step with the bench at its UART; digi-xbee writes and reads what is added."""

from by_hand import ESME, HOME
from digi.xbee.models.address import XBee16BitAddress, XBee64BitAddress
from digi.xbee.packets.base import DictKeys, XBeePacket
from digi.xbee.packets.common import ExplicitRXIndicatorPacket
from digi.xbee.packets.factory import build_frame
from fake_panel import Panel
from portable.fakes import START, Listener, Uart
from xbee3_profile import PROFILE

from ihd import settings
from ihd.app import App
from ihd.clock import ticks_add
from ihd.radio.xbee import XBee
from ihd.refused import Refused
from tools.bench import Bench
from tools.bench.scenario import parse

ESME_NWK = 0x3F21
AT_HOME_MS = 20_000  # by then the display has joined, knows the time, has both meters and their scales


class WholeBoard:
    """toml: more of the scenario. flash, capture: as for the app and the bench.

    refused: the counts. events: as emitted. sent: every API frame the board wrote, as a digi-xbee packet. line(bytes):
    what becomes of the bench's bytes on their way to the board.
    """

    def __init__(self, toml="", flash=None, capture=None):
        self.bench = Bench(parse(HOME + toml), capture)
        self.uart = Uart()
        self.panel = Panel()
        self.refused = Refused()
        self.sent = []
        self.line = lambda data: data
        self.ms = 0
        self._due = 0
        self._listener = Listener()
        emit = self._listener.emit
        self.radio = XBee(self.uart, PROFILE, self.refused, lambda what, where: emit("error", what=what, where=where))
        given = settings.checked({}, None)
        self.app = App(self.radio, self.panel, flash, given, self.refused, emit, lambda: (0, 0))

    @property
    def events(self):
        return self._listener.events

    def of(self, event):
        """The events of this name."""
        return self._listener.of(event)

    @property
    def counts(self):
        """{reason: count} as the events told it."""
        return {event["why"]: event["count"] for event in self.of("refused")}

    def run(self, ms):
        """Let so many milliseconds pass."""
        end = self.ms + ms
        while True:
            self.uart.incoming.extend(self.line(self.bench.advance(self.ms)))
            if self.uart.incoming or self.ms >= self._due:
                self._step()
            if self.ms == end:
                return
            due = self.bench.due()
            self.ms = min(end, max(self.ms + 1, min(self._due, end if due is None else due)))

    def hear(self, data):
        """These bytes come in at once; returns the frames (transmit packets) that the board wrote on hearing them."""
        known = len(self.sent)
        self.uart.incoming.extend(data)
        self._step()
        return [packet for packet in self.sent[known:] if packet.get_frame_type_value() == 0x11]

    def _step(self):
        wait = self.app.step(ticks_add(START, self.ms))
        self._due = self.ms + max(1, wait)
        written = self.uart.take()
        self.sent.extend(packets(written))
        if written:
            self.bench.board_sent(written, self.ms)


def at_home(**parts):
    """A board that shows both meters; parts: as of WholeBoard."""
    board = WholeBoard(**parts)
    board.run(AT_HOME_MS)
    assert set(board.app.meters) == {"electricity", "gas"} and board.counts == {}
    return board


def packets(stream):
    """The API frames in a clean stream of API mode 2, as digi-xbee packets."""
    return [build_frame(bytearray(b"\x7e") + XBeePacket.unescape_data(part)) for part in stream.split(b"\x7e")[1:]]


def explicit(stream):
    """The fields of the frames in a clean stream that carry something from or to the network."""
    return [fields(packet) for packet in packets(stream) if packet.get_frame_type_value() in (0x11, 0x91)]


def fields(packet):
    """What an explicit packet, sent or received, says: address and short of the other side, source_endpoint, endpoint,
    cluster, profile, options, payload."""
    told = packet.to_dict()[DictKeys.FRAME_SPEC_DATA][DictKeys.API_DATA]
    return {
        "address": bytes(told[DictKeys.X64BIT_ADDR]).hex(),
        "short": int.from_bytes(told[DictKeys.X16BIT_ADDR], "big"),
        "source_endpoint": told[DictKeys.SOURCE_ENDPOINT],
        "endpoint": told[DictKeys.DEST_ENDPOINT],
        "cluster": told[DictKeys.CLUSTER_ID],
        "profile": told[DictKeys.PROFILE_ID],
        "options": told.get(DictKeys.TRANSMIT_OPTIONS, told.get(DictKeys.RECEIVE_OPTIONS)),
        "payload": bytes(told[DictKeys.RF_DATA] or b""),
    }


def received(
    cluster, payload, profile=0x0109, source=ESME, short=ESME_NWK, source_endpoint=21, endpoint=1, options=0x21
):
    """The bytes with which an XBee in API mode 2 hands over this frame."""
    address = XBee64BitAddress.from_hex_string(source)
    nwk = XBee16BitAddress(short.to_bytes(2, "big"))
    packet = ExplicitRXIndicatorPacket(
        address, nwk, source_endpoint, endpoint, cluster, profile, options, bytearray(payload)
    )
    return bytes(packet.output(escaped=True))
