"""A stranger's XBee 3 with a small Smart Energy HAN behind it, written from Digi's byte layouts alone."""

import calendar
import re
import socket
import struct
import threading
import time
from collections import namedtuple
from contextlib import suppress

START = calendar.timegm((2016, 11, 22, 10, 0, 0)) - calendar.timegm((2000, 1, 1, 0, 0, 0))
SMART_ENERGY = 0x0109
BASIC, TIME, METERING, DEVICE_MANAGEMENT = 0x0000, 0x000A, 0x0702, 0x0708
DEMAND, NON_VALUE = 0x0400, -0x800000
APS, ACKNOWLEDGED = 0x20, 0x01
READ, READ_RESPONSE, DEFAULT_RESPONSE = 0x00, 0x01, 0x0B
FAILURE, UNSUPPORTED_CLUSTER_COMMAND, UNSUPPORTED_GENERAL, NOT_FOUND = 0x01, 0x81, 0x82, 0x8B
UNSUPPORTED_CLUSTER = 0xC3
# ZCL type: octets, negative for signed.
WIDTHS = {0x18: 1, 0x20: 1, 0x22: 3, 0x25: 6, 0x2A: -3, 0x30: 1, 0xE2: 4}
# Many reserved bytes on purpose. JV and BT are missing on purpose: they get status 2.
AT = """AI= VR=1014 HV=424B SH=0013A200 SL=41AA7E13 MY=5B11 OP=D05A117D00001622 OI=7E13 CH=0F NP=00FF %V=0CE4 AP=02
DB=13 AO=07 BD=00000007 D6=01 D7=01 CE=00 SM=00 ZS=02 EE=01 EO=02 ID=0000000000000000 SC=7FFF SD=03 NW=0000 DC=00 NJ=00
SP=20 SN=0001 PS=00 KY= AC= WR="""

Heard = namedtuple("Heard", "node nwk source endpoint cluster profile options payload")


def enframe(body):
    """Return `body` as one frame of API mode 2."""
    raw = struct.pack(">H", len(body)) + body + bytes([0xFF - (sum(body) & 0xFF)])
    return b"\x7e" + re.sub(b"[\x7e\x7d\x11\x13]", lambda found: bytes([0x7D, found[0][0] ^ 0x20]), raw)


class Deframer:
    """Takes bytes of API mode 2, returns frame bodies, calls `complain(text)` at everything that mode 2 forbids."""

    def __init__(self, complain):
        self.complain, self.raw = complain, b""

    def feed(self, data):
        bodies = []
        for byte in data:
            if self.raw and (byte == 0x7E or self.raw[0] != 0x7E):
                self.complain(f"outside a frame, or cut short: {self.raw.hex()}")
                self.raw = b""
            self.raw += bytes([byte])
            plain = re.sub(rb"(?s)\x7d(.)", lambda found: bytes([found[1][0] ^ 0x20]), self.raw[1:])
            if byte == 0x7D or len(plain) < 3 or len(plain) < int.from_bytes(plain[:2], "big") + 3:
                continue
            # What a frame must have looked like shows any wrong escape and checksum.
            if self.raw == enframe(plain[2:-1]):
                bodies.append(plain[2:-1])
            else:
                self.complain(f"wrong escape or checksum: {self.raw.hex()}")
            self.raw = b""
        return bodies


# endpoints: {number: (profile, device, servers, clients)}; attributes: {(endpoint, cluster, id): (type, value)}
Node = namedtuple("Node", "eui nwk endpoints attributes")


def metering(end, kind, unit, divisor, summation):
    """Return the attributes of one metering endpoint, with its Basic cluster."""
    own = (0x0000, 0x25, summation), (0x0200, 0x18, 0), (0x0300, 0x30, unit), (0x0301, 0x22, 1), (0x0302, 0x22, divisor)
    own += (0x0303, 0x18, 0xFB), (0x0306, 0x18, kind)
    return {(end, BASIC, 0): (0x20, 2)} | {(end, METERING, attribute): value for attribute, *value in own}


class Han:
    """Hub with Time, ESME on endpoint 0x0B, GPF on 0x15; from 2016-11-22 10:00 UTC at `speed` times our clock."""

    def __init__(self, speed):
        self.speed, self.began, self.demands = speed, time.monotonic(), set()
        hub = {(5, TIME, 0): (0xE2, None), (5, TIME, 1): (0x18, 3), (5, BASIC, 0): (0x20, 2)}
        self.hub = Node(0x001E5E117D13C301, 0x0000, {5: (SMART_ENERGY, 0x0500, (BASIC, TIME), ())}, hub)
        esme = SMART_ENERGY, 0x0501, (BASIC, METERING, DEVICE_MANAGEMENT), (TIME,)
        ends = {2: (0x0104, 0x0007, (BASIC,), ()), 0x0B: esme}  # 2 is not Smart Energy: to be passed over
        self.esme = Node(0x00DB117E0A0B0C0D, 0x3A7D, ends, metering(0x0B, 0x00, 0x00, 1000, 12345678))
        ends = {0x15: (SMART_ENERGY, 0x0501, (BASIC, METERING), (TIME,))}
        self.gpf = Node(0x00DB13131617D0EF, 0x4C13, ends, metering(0x15, 0x80, 0x01, 100, 456789))  # steps of 10 l
        self.nodes = (self.hub, self.esme, self.gpf)
        self.demand(412)

    def utc(self):
        return START + int((time.monotonic() - self.began) * self.speed)

    def demand(self, watts):
        """Let the ESME measure `watts`; None is the non-value."""
        self.esme.attributes[0x0B, METERING, DEMAND] = (0x2A, NON_VALUE if watts is None else watts)
        self.demands.add(watts)

    def record(self, node, endpoint, cluster, attribute):
        """Return the record of a Read Attributes Response: id, status, type, value."""
        kind, value = node.attributes.get((endpoint, cluster, attribute), (None, None))
        if kind is None:
            return struct.pack("<HB", attribute, 0x86)
        value = self.utc() if kind == 0xE2 else value
        octets = value.to_bytes(abs(WIDTHS[kind]), "little", signed=WIDTHS[kind] < 0)
        return struct.pack("<HBB", attribute, 0, kind) + octets

    def zdo(self, node, cluster, data, unicast):
        """Return a node's answer to a ZDO request without its first byte; None: it keeps silent."""
        eui, place = struct.pack("<Q", node.eui), struct.pack("<H", node.nwk)
        if not (data[:8] == eui if cluster == 0 else data[:2] == place or (cluster == 6 and not unicast)):
            return b"\x81" + data[:8] if unicast else None
        if cluster in (0, 1):
            return b"\0" + eui + place
        if cluster == 2:
            descriptor = node is not self.hub, 0x40, 0x8E, 0x1234, 82, 255, 0x2C00, 255, 0
            return b"\0" + place + struct.pack("<BBBHBHHHB", *descriptor)
        if cluster == 4 and data[2] in node.endpoints:
            profile, device, *lists = node.endpoints[data[2]]
            lists = b"".join(struct.pack(f"<B{len(each)}H", len(each), *each) for each in lists)
            return b"\0" + place + struct.pack("<BBHHB", 6 + len(lists), data[2], profile, device, 1) + lists
        if cluster == 5:
            return b"\0" + place + bytes([len(node.endpoints), *sorted(node.endpoints)])
        if cluster == 6:
            profile, count = struct.unpack("<HB", data[2:5])
            ins = struct.unpack(f"<{count}H", data[5 : 5 + 2 * count])
            outs = struct.unpack(f"<{data[5 + 2 * count]}H", data[6 + 2 * count :])
            ends = []
            for end, (own, _, servers, clients) in node.endpoints.items():
                if own == profile and (set(servers) & set(ins) or set(clients) & set(outs)):
                    ends.append(end)
            return b"\0" + place + bytes([len(ends), *ends]) if ends or unicast else None
        return b"\x83" + place + b"\0" if cluster == 4 else b"\x84"


class OtherXBee:
    """The radio: a thread at a TCP port that obeys the board, and keeps `heard`, `frames`, `violations`, `probes`."""

    def __init__(self, han):
        self.han, self.changed = han, threading.Condition()
        self.frames, self.heard, self.reads, self.unknown = [], [], [], []
        self.violations, self.probes = [], []
        self.lose_statuses = 0
        self.sequence, self.initiated = 0x7F, {}
        self.at = {pair[:2].encode(): bytes.fromhex(pair[3:]) for pair in AT.split()}
        self.joins_at = han.utc() + 3

    def attach(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=0.1)
        self.answered = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def detach(self):
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.socket.close()

    def complain(self, text):
        # Until our first answer on a connection the board may be amid a probe: mode 1, +++, or half a frame.
        (self.violations if self.answered else self.probes).append(text)

    def wait(self, find, seconds=60):
        """Return what `find()` gives as soon as it is true; TimeoutError after `seconds`."""
        with self.changed:
            found = self.changed.wait_for(find, seconds)
            if not found:
                raise TimeoutError(f"last heard {self.heard[-3:]}, violations {self.violations}")
            return found

    def send(self, body):
        with self.changed:
            self.socket.sendall(enframe(body))

    def _run(self):
        deframer, data = Deframer(self.complain), None
        with suppress(OSError):
            while data != b"":
                try:
                    data = self.socket.recv(4096)
                except TimeoutError:
                    data = None
                with self.changed:
                    if self.joins_at and self.han.utc() >= self.joins_at:
                        self.joins_at = None
                        self.send(b"\x8a\x02")
                    for body in deframer.feed(data or b""):
                        self._obey(body)
                    self.changed.notify_all()

    def _obey(self, body):
        self.frames.append(body)
        try:
            if body[0] in (0x08, 0x09):
                self._command(body[1], body[2:4], body[4:])
            elif body[0] == 0x11:
                self._transmit(body, *struct.unpack(">BQHBBHHBB", body[1:20]))
            else:
                self.complain(f"frame type {body[0]:02x}")
        except (struct.error, IndexError) as problem:
            self.complain(f"{problem} in {body.hex()}")

    def _command(self, frame, name, value):
        status, answer = 0, b""
        if name not in self.at:
            status = 2
            self.unknown.append(name.decode("latin-1"))
        elif value:
            old = self.at[name]
            self.at[name] = value if name == b"KY" else value.rjust(len(old), b"\0")
            if name in (b"EE", b"ID", b"SC", b"KY") and self.at[name] != old:
                self.joins_at = self.han.utc() + 3
            if (name == b"AP" and value[-1] != 2) or (name == b"AO" and value[-1] & 3 != 3):
                self.complain(f"AT {name} set to {value.hex()}")
        else:
            answer = (b"\xff" if self.joins_at else b"\0") if name == b"AI" else b"" if name == b"KY" else self.at[name]
        if frame:
            self.send(b"\x88" + bytes([frame]) + name + bytes([status]) + answer)
            self.answered = True

    def _transmit(self, body, frame, eui, nwk, source, endpoint, cluster, profile, _, options):
        broadcast = eui == 0xFFFF
        node = next((n for n in self.han.nodes if eui == n.eui or eui == n.nwk == 0), None)
        delivery = 0x22 if self.joins_at else 0 if node or broadcast else 0x24
        if frame and self.lose_statuses:
            self.lose_statuses -= 1
        elif frame:
            short = 0xFFFD if delivery else node.nwk if node else 0xFFFE
            self.send(struct.pack(">BBHBBB", 0x8B, frame, short, 0, delivery, 0))
        if delivery == 0x24 or (node and nwk not in (0xFFFE, node.nwk)) or options & ~0x61:
            self.complain(f"no such node, or wrong options: {body.hex()}")
        if delivery:
            return
        heard = Heard(node, nwk, source, endpoint, cluster, profile, options, body[20:])
        self.heard.append(heard)
        if profile == 0:
            if source or endpoint or options & APS:
                self.complain(f"ZDO with endpoints or APS security: {body.hex()}")
            if cluster < 0x8000 and cluster != 0x0013:
                for each in (node,) if node else self.han.nodes:
                    answer = self.han.zdo(each, cluster, heard.payload[1:], node)
                    if answer and answer[0] == 0x81:
                        self.complain(f"asks {each.nwk:04x} about another node: {body.hex()}")
                    if answer:
                        self.receive(each, 0, 0, cluster | 0x8000, 0, heard.payload[:1] + answer)
        elif profile != SMART_ENERGY or source != 1 or broadcast or len(heard.payload) < 3:
            self.complain(f"neither ZDO nor a Smart Energy unicast from endpoint 1: {body.hex()}")
        else:
            self._zcl(heard, *heard.payload[:3])

    def receive(self, node, source, endpoint, cluster, profile, payload, options=0):
        """Give the board a frame that `node` sent: 0x91."""
        place = source, endpoint, cluster, profile, options | ACKNOWLEDGED
        self.send(struct.pack(">BQHBBHHB", 0x91, node.eui, node.nwk, *place) + payload)

    def _zcl(self, heard, control, sequence, command):
        node, endpoint, cluster, secured = heard.node, heard.endpoint, heard.cluster, heard.options & APS
        if control & 3 == 0 and command == DEFAULT_RESPONSE:
            if self.initiated.get((node.eui, endpoint, cluster, sequence)) != secured:
                self.complain(f"Default Response to nothing, to a response, or secured otherwise: {heard}")
            return
        servers = node.endpoints.get(endpoint, ((), (), ()))[2]
        # A meter without Device Management is asked all the same, where it meters: that it has none is its own to say.
        lacking = cluster == DEVICE_MANAGEMENT and METERING in servers and cluster not in servers
        if control & 0xEC or cluster not in servers and not lacking:
            self.complain(f"wrong frame control, or no such server: {heard}")
            return
        answer = DEFAULT_RESPONSE
        if not secured:
            self.complain(f"no APS security: {heard}")
            data = bytes([command, FAILURE])
        elif lacking:
            data = bytes([command, UNSUPPORTED_CLUSTER])
        elif control & 3:
            nothing = (cluster, command) in ((DEVICE_MANAGEMENT, 0), (DEVICE_MANAGEMENT, 1), (METERING, 8))
            data = bytes([command, NOT_FOUND if nothing else UNSUPPORTED_CLUSTER_COMMAND])
        elif command == READ:
            wanted = struct.unpack(f"<{len(heard.payload[3:]) // 2}H", heard.payload[3:])
            self.reads += [(node, cluster, attribute) for attribute in wanted]
            answer, data = READ_RESPONSE, b"".join(self.han.record(node, endpoint, cluster, each) for each in wanted)
        else:
            data = bytes([command, UNSUPPORTED_GENERAL])
        self.receive(node, endpoint, 1, cluster, SMART_ENERGY, bytes([0x18, sequence, answer]) + data, secured)

    def initiate(self, node, endpoint, cluster, zcl, secured=APS):
        """Send ZCL (control, command, data) of our own; return the board's Default Response as a Heard."""
        with self.changed:
            self.sequence = self.sequence + 1 & 0xFF
            self.initiated[node.eui, endpoint, cluster, self.sequence] = secured
            zcl = bytes([zcl[0], self.sequence]) + zcl[1:]
            self.receive(node, endpoint, 1, cluster, SMART_ENERGY, zcl, secured)
            return self._answer(node, endpoint, cluster, 1, bytes([self.sequence, DEFAULT_RESPONSE]))

    def ask(self, cluster, data):
        """Send the board a ZDO request as the hub; return the whole payload of its answer."""
        with self.changed:
            self.sequence = self.sequence + 1 & 0xFF
            self.receive(self.han.hub, 0, 0, cluster, 0, bytes([self.sequence]) + data)
            return self._answer(self.han.hub, 0, cluster | 0x8000, 0, bytes([self.sequence])).payload

    def _answer(self, node, endpoint, cluster, at, octets):
        def wanted(heard):
            place = heard.node, heard.endpoint, heard.cluster
            return place == (node, endpoint, cluster) and heard.payload[at:].startswith(octets)

        return self.wait(lambda: next(filter(wanted, self.heard), None))
