"""A home through the Radio contract: a hub and two meters that answer in bytes written by hand, and the whole app.

Time passes from one thing that is due to the next. The log holds, in their order, what the app told, what it did to the
flash, and when it overwrote the panel.
"""

from fakes import START, Radio, indication, refusals
from flash import Flash

from ihd import radio as radios
from ihd import settings
from ihd.app import App
from ihd.clock import ticks_add

HUB = bytes.fromhex("00db1234567890c0")
UTC = 832_000_200  # 2026-05-13, ten minutes into a half-hour
HALF_HOUR = 1800
NOW = 0
NEVER = 0xFFFFFFFF
NOT_FOUND = 0x8B
UNSUPPORTED = 0x81
SILENT = "silent"


def le(value, size):
    """Little-endian octets."""
    return value.to_bytes(size, "little")


def tenancy(time, event_id, control=0x200, provider=0):
    """A PublishChangeOfTenancy payload."""
    return le(provider, 4) + le(event_id, 4) + b"\0" + le(time, 4) + le(control, 4)


def supplier(time, event_id, control=0, current=0, proposed=0, name=b"E-ON", contact=b"0333 202 4650"):
    """A PublishChangeOfSupplier payload."""
    head = le(current, 4) + le(event_id, 4) + b"\0" + le(proposed, 4) + le(time, 4) + le(control, 4)
    return head + bytes((len(name),)) + name + bytes((len(contact),)) + contact


class Meter:
    """One meter. gets: {command: payload to publish, a status, or SILENT}. attributes: {id of 0x0708: value; None for
    the non-value}; what is not there is unsupported. log(half_hour): what its own log has, None for nothing.

    serves: {cluster: endpoint} of Price, Messaging and Prepayment. records: {(cluster, id): type and value, octets}.
    publishes: {(cluster, command asked): [(command, payload), ...] to publish, or a status}."""

    def __init__(self, address, short, metering, management, device_type, unit):
        self.address = bytes.fromhex(address)
        self.name = address
        self.short = short
        self.metering = metering
        self.management = management
        self.device_type = device_type
        self.unit = unit
        self.register = 1_000_000
        self.watts = 300
        self.gets = {0: NOT_FOUND, 1: NOT_FOUND}
        self.attributes = {0x0200: None, 0x0201: 0, 0x0112: None, 0x0113: 0}
        self.serves = {}
        self.records = {}
        self.publishes = {}
        self.ambient = None  # its AmbientConsumptionIndicator
        self.log = lambda half_hour: None
        self.silent = False
        self.secured = True
        self.asked = []  # (cluster, command) of every ZCL request

    def attribute(self, cluster, number):
        """The record of one attribute behind its id and status; None when it is unsupported."""
        if (cluster, number) in self.records:
            return self.records[cluster, number]
        if cluster in (0x0700, 0x0703, 0x0705):
            return None
        if cluster == 0x0708:
            if number not in self.attributes:
                return None
            value = self.attributes[number]
            if isinstance(value, bytes):
                return b"\x41" + bytes((len(value),)) + value
            kind = 0xE2 if number in (0x0200, 0x0112) else 0x23 if number in (0x0110, 0x0400, 0x0401) else 0x1B
            return bytes((kind,)) + le(NEVER if value is None else value, 4)
        if number == 0x0207 and self.ambient is not None:
            return bytes((0x30, self.ambient))
        return {
            0x0000: b"\x25" + le(self.register, 6),
            0x0400: b"\x2a" + le(self.watts, 3),
            0x0300: bytes((0x30, self.unit)),
            0x0301: b"\x22" + le(1, 3),
            0x0302: b"\x22" + le(1000, 3),
            0x0306: bytes((0x18, self.device_type)),
        }.get(number)


class Panel:
    """A 128x64 panel: its memory, and in the log when it was blanked."""

    width = 128
    height = 64

    def __init__(self, log):
        self.ram = bytearray(1024)
        self.answers = True
        self._log = log

    def start(self):
        """Switch on."""
        self.blank()

    def refresh(self):
        """Set up again."""

    def blank(self):
        """Overwrite the memory."""
        if not self.answers:
            raise OSError(19)
        self.ram[:] = bytes(1024)
        self._log.append("blank")

    def show(self, x, y, w, h, buffer):
        """As SSD1306."""
        if not self.answers:
            raise OSError(19)
        for page in range(h // 8):
            start = (y // 8 + page) * 128 + x
            self.ram[start : start + w] = bytes(buffer[page * w : page * w + w])


class World:
    """flash: the history partition, which outlives cut() and boot(). app: the display, None while the power is off."""

    def __init__(self, flash=None, utc=UTC, **chosen):
        self.flash = Flash() if flash is None else flash
        self.flash.log = self.log = []
        self.chosen = chosen
        self.electricity = Meter("00db1234567890a0", 0x5566, 0x21, 0x21, 0x00, 0x00)
        self.gas = Meter("00db1234567890b0", 0x7788, 0x2A, 0x09, 0x80, 0x01)
        self.unset = 0  # how often the installation settings were removed
        self.others = []  # further meters
        self.utc = utc  # seconds
        self.knows_time = True
        self.local = b""  # the records of Time 0x0002 to 0x0005
        self.ms = 0
        self.app = None
        self.panel = Panel(self.log)
        self.answers = []  # (frame) of our own that are no question: Default Responses

    @property
    def events(self):
        """The events of the log."""
        return [entry for entry in self.log if isinstance(entry, dict)]

    def of(self, event, **fields):
        """The events of this name with these fields."""
        found = [each for each in self.events if each["event"] == event]
        return [each for each in found if all(each[name] == fields[name] for name in fields)]

    def counts(self):
        """{reason: refusals}."""
        return {each["why"]: each["count"] for each in self.of("refused")}

    def boot(self):
        """Power on."""
        self.radio = Radio()
        self.radio.queue.append((radios.NETWORK, radios.JOINED))
        given = {"electricity_poll_s": 300, "gas_poll_s": 1800}
        given.update(self.chosen)
        checked = settings.checked(given, None)
        self.app = App(self.radio, self.panel, self.flash, checked, refusals(), self._emit, lambda: (0, 0), self._unset)
        self.due = self.ms

    def cut(self):
        """Power off; the panel keeps its picture, as one with a supply of its own would."""
        self.app = None

    def run(self, seconds):
        """Let so many seconds pass."""
        end = self.ms + seconds * 1000
        while True:
            if self.app is None:
                self.ms = end
                return
            if self.radio.queue or self.ms >= self.due:
                self.step()
                continue
            if self.ms >= end:
                return
            self.ms = min(end, max(self.ms + 1, self.due))

    def step(self):
        """One step of the app, and the answers to what it sent."""
        self.due = self.ms + self.app.step(self.ticks)
        while self.radio.sent:
            self._hear(self.radio.sent.pop(0))

    @property
    def ticks(self):
        """Board ticks now."""
        return ticks_add(START, self.ms)

    @property
    def now(self):
        """Zigbee UTC now."""
        return self.utc + self.ms // 1000

    def settle(self):
        """Boot, and run until both meters are known and their gates open."""
        self.boot()
        self.run(60)
        for meter in (self.electricity, self.gas):
            assert self.of("gate", meter=meter.name)[-1]["open"], self.events

    def publish(self, meter, payload, command=0, sequence=7, **other):
        """An unsolicited publication; returns our answer as (status, secured), None for none."""
        self.answers = []
        other.setdefault("source", meter.address)
        other.setdefault("short", meter.short)
        other.setdefault("source_endpoint", meter.management)
        head = bytes((other.pop("control", 0x09), sequence, command))
        frame = indication(head + payload, other.pop("cluster", 0x0708), **other)
        self.radio.queue.append((radios.INDICATION, frame))
        self.step()
        return self.answers[0] if self.answers else None

    def _emit(self, event, **fields):
        fields["event"] = event
        fields["at"] = self.now
        self.log.append(fields)

    def _unset(self):
        self.unset += 1

    def _hear(self, sent):
        address, _, cluster, profile, _, endpoint, payload, secured = sent
        if profile == 0:
            return self._zdo(address, cluster, payload)
        if payload[2] == 0x0B and not payload[0] & 1:
            self.answers.append((payload[4], secured))
            return None
        if cluster == 0x000A:
            value = le(self.now, 4) if self.knows_time else b"\xff\xff\xff\xff"
            status = b"\x03" if self.knows_time else b"\0"
            answer = bytes((0x18, payload[1], 1)) + b"\0\0\0\xe2" + value + b"\1\0\0\x18" + status + self.local
            return self._reply(HUB, 0, cluster, 5, answer)
        for meter in [self.electricity, self.gas] + self.others:
            if meter.address == address and not meter.silent:
                meter.asked.append((cluster, payload[2]))
                answer = self._zcl(meter, cluster, payload)
                if endpoint in (meter.metering, meter.management) or endpoint == meter.serves.get(cluster):
                    for each in answer if isinstance(answer, list) else [answer] if answer else []:
                        self._reply(address, meter.short, cluster, endpoint, each, meter.secured)
        return None

    def _reply(self, source, short, cluster, endpoint, payload, secured=True, profile=0x0109):
        frame = indication(
            payload, cluster, profile, secured=secured, source=source, short=short, source_endpoint=endpoint
        )
        self.radio.queue.append((radios.INDICATION, frame))

    def _zcl(self, meter, cluster, payload):
        sequence, command = payload[1], payload[2]
        if payload[0] & 1:
            if cluster == 0x0702 and command == 8:
                return self._samples(meter, sequence, payload[3:])
            if cluster != 0x0708 or command > 1:
                told = meter.publishes.get((cluster, command), UNSUPPORTED)
                if isinstance(told, int):
                    return bytes((0x18, sequence, 0x0B, command, told))
                return [bytes((0x19, sequence, each[0])) + each[1] for each in told]
            told = meter.gets[command]
            if told == SILENT:
                return None
            if isinstance(told, int):
                return bytes((0x18, sequence, 0x0B, command, told))
            return bytes((0x09, sequence, command)) + told
        records = b""
        for at in range(3, len(payload), 2):
            record = meter.attribute(cluster, payload[at] | payload[at + 1] << 8)
            records += payload[at : at + 2] + (b"\x86" if record is None else b"\0" + record)
        return bytes((0x18, sequence, 1)) + records

    def _samples(self, meter, sequence, asked):
        start = int.from_bytes(asked[2:6], "little") // HALF_HOUR
        values = [meter.log(start + n) for n in range(asked[7])]
        values = [value for value in values if value is not None]
        if not values:
            return bytes((0x18, sequence, 0x0B, 8, NOT_FOUND))
        head = asked[:6] + b"\0" + le(HALF_HOUR, 2) + le(len(values), 2)
        return bytes((0x09, sequence, 7)) + head + b"".join([le(value, 3) for value in values])

    def _zdo(self, address, cluster, payload):
        sequence = payload[:1]
        if cluster == 0x0001:  # IEEE_addr_req
            return self._reply(HUB, 0, 0x8001, 0, sequence + b"\0" + reverse(HUB) + b"\0\0", False, 0)
        if cluster == 0x0006 and address in (HUB, radios.COORDINATOR):
            return self._reply(HUB, 0, 0x8006, 0, sequence + b"\0\0\0\1\5", False, 0)
        for meter in [self.electricity, self.gas] + self.others:
            short = le(meter.short, 2)
            if meter.silent:
                continue
            if cluster == 0x0006 and address == radios.BROADCAST:
                found = b"\0" + short + bytes((1, meter.metering))
            elif address != meter.address:
                continue
            elif cluster == 0x0006:
                endpoint = meter.serves.get(payload[6] | payload[7] << 8)
                found = b"\0" + short + (bytes((1, endpoint)) if endpoint else b"\0")
            elif cluster == 0x0005:
                endpoints = sorted({meter.metering, meter.management})
                found = b"\0" + short + bytes((len(endpoints),)) + bytes(endpoints)
            else:
                servers = b""
                for endpoint, server in ((meter.metering, 0x0702), (meter.management, 0x0708)):
                    if endpoint == payload[3]:
                        servers += le(server, 2)
                simple = payload[3:4] + b"\x09\1\1\5\0" + bytes((len(servers) // 2,)) + servers + b"\0"
                found = b"\0" + short + bytes((len(simple),)) + simple
            self._reply(meter.address, meter.short, 0x8000 | cluster, 0, sequence + found, False, 0)
        return None


def reverse(octets):
    """An EUI-64 as it travels."""
    return bytes(reversed(octets))
