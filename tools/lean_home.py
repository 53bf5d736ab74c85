"""A home that costs next to nothing: a hub and two meters behind the Radio contract, on both interpreters.

For measuring the whole App over days and weeks, also inside the heap of a VM: answers come at once, of tables that are
made once, and nothing is kept of what was asked. Both meters serve a tariff of two rates, credit and a message, and
have a log of their own. It is January, so local time is UTC.
"""

from ihd import radio as radios
from ihd.clock import ticks_add

UTC = 820_540_800  # 2026-01-01
START = (1 << 30) - 60000  # ticks
DAY = 86400
HALF_HOUR = 1800
HUB = b"\x70\xb3\xd5\xc1\xe4\xaa\x00\x01"
NOT_FOUND = b"\x8b"
UNSUPPORTED = b"\x81"
TEXT = b"Your new prices begin on 1 February. Call 0333 202 4650 for help."
SWITCHES = ((1800, 13_437), (27_000, 28_911))  # second of the day from which a price holds, 1e-5 GBP a kWh


def le(value, size):
    """Little-endian octets."""
    return value.to_bytes(size, "little")


def text(octets):
    """An octet string."""
    return bytes((len(octets),)) + octets


def shared(kwh):
    """{cluster << 16 | attribute: type and value} that a meter has; kwh: whether it counts electricity."""
    records = {
        0x07020300: b"\x30\0" if kwh else b"\x30\1",
        0x07020301: b"\x22\1\0\0",
        0x07020302: b"\x22\xe8\3\0",
        0x07020306: b"\x18\0" if kwh else b"\x18\x80",
        0x07020307: b"\x41" + text(b"1900091234567"),
        0x07020311: b"\x41" + text(b"12345678"),
        0x07020014: b"\x30\2",
        0x07080101: b"\x41" + text(b"E-ON"),
        0x07080102: b"\x41" + text(b"0333 202 4650"),
        0x07080200: b"\xe2\xff\xff\xff\xff",
        0x07080201: b"\x1b\0\0\0\0",
        0x07080112: b"\xe2\xff\xff\xff\xff",
        0x07080113: b"\x1b\0\0\0\0",
        0x07080400: b"\x23" + le(2300, 4),
        0x07080401: b"\x23" + le(4600, 4),
        0x07000301: b"\x23" + le(54_794, 4),
        0x07000616: b"\x21" + le(826, 2),
        0x07000617: b"\x18\x50",
        0x07050000: b"\x19\2\0",
        0x07050001: b"\x2b" + le(1_250_000, 4),
        0x07050002: b"\x2b" + le(1_000_000, 4),
        0x07050003: b"\x18\x08",
        0x07050005: b"\x2b" + le(250_000, 4),
        0x07050010: b"\x23" + le(1_000_000, 4),
        0x07050011: b"\x23" + le(100_000, 4),
        0x07050031: b"\x23" + le(200_000, 4),
        0x07050211: b"\x23" + le(250_000, 4),
        0x07050216: b"\x30\2",
        0x07050217: b"\x23" + le(50_000, 4),
        0x07050502: b"\x30\1",
        0x07050503: b"\x21" + le(826, 2),
        0x0705051C: b"\x25" + le(123_456, 6),
    }
    if not kwh:
        for number, record in ((2, b"\x23" + le(102_264, 4)), (3, b"\x18\x50"), (4, b"\x23" + le(395, 4))):
            records[0x07000300 + number] = record
        records[0x07000305] = b"\x30\1"
        records[0x07000306] = b"\x18\x10"
    return records


class Meter:
    """One meter, all on one endpoint. used(utc): what its register reads."""

    def __init__(self, address, short, endpoint, kwh):
        self.address = address
        self.short = short
        self.endpoint = endpoint
        self.kwh = kwh
        self.records = shared(kwh)

    def watts(self, utc):
        """The power, or litres an hour, in the minute of `utc`: it repeats each day but for some."""
        minute = utc // 60 % 1440
        return 180 + minute * 7919 % 400 + (2100 if 1050 <= minute < 1110 else 0)

    def register(self, utc):
        """What is shown: hundredths of what a day takes, and more of it as the day grows."""
        days, second = utc // DAY, utc % DAY
        return 8_402_611 + (days - UTC // DAY) * 11_000 + second * 11_000 // DAY

    def used(self, half_hour):
        """What its log has."""
        return self.register((half_hour + 1) * HALF_HOUR) - self.register(half_hour * HALF_HOUR)

    def attribute(self, cluster, number, utc):
        """The record of one attribute behind its id and status; None when it is unsupported."""
        if cluster == 0x0702:
            if number == 0:
                return b"\x25" + le(self.register(utc), 6)
            if number == 0x0400 and self.kwh:
                return b"\x2a" + le(self.watts(utc), 3)
        return self.records.get(cluster << 16 | number)

    def price(self, utc, number):
        """The PublishPrice of the price in force, or so many after it."""
        second = utc % DAY
        if not self.kwh:
            start, minutes, price, tier = UTC, 0xFFFF, 6_329, 1
        else:
            cheap = SWITCHES[0][0] <= second < SWITCHES[1][0]
            which = 0 if cheap else 1
            start = utc - second + SWITCHES[which][0] - (DAY if second < SWITCHES[0][0] else 0)
            for _ in range(number):
                start += self.minutes(which) * 60
                which = 1 - which
            minutes, price, tier = self.minutes(which), SWITCHES[which][1], which + 1
        head = le(0, 4) + text(b"Economy 7") + le(UTC, 4) + le(utc, 4) + bytes((0, 58, 3, 0x50 | tier, 0x20))
        return head + le(start, 4) + le(minutes, 2) + le(price, 4)

    def minutes(self, which):
        """How long the price of this number holds."""
        return 420 if which == 0 else 1020


class Panel:
    """A panel that nobody looks at."""

    width = 128
    height = 64

    def start(self):
        """Nothing to do."""

    refresh = blank = start

    def show(self, x, y, w, h, buffer):
        """Nothing to do."""


class Home:
    """The radio of a display in its home; run() lets time pass for the App `app` that was given it."""

    name = "radio"
    state = radios.JOINED
    eui64 = b"\0\x13\xa2\0\1\2\3\4"
    short = 0x1234
    pan = b"\1\2\3\4\5\6\7\x08"
    signal = -52
    log_days = 30  # that the meters' own logs reach back

    def __init__(self):
        self.electricity = Meter(b"\x70\xb3\xd5\xc1\xe4\x7e\x13\x57", 0x5566, 21, True)
        self.gas = Meter(b"\x70\xb3\xd5\xc1\xe4\xaa\x0f\x02", 0x7788, 3, False)
        self.meters = (self.electricity, self.gas)
        self.indication = radios.Indication()
        self.app = None
        self.ms = 0
        self._due = 0
        self._answers = [None]  # frames that come; None: the network is there
        self.sent = 0

    def went(self, kind, size, secured, everyone):
        """A frame went over the air, of what `kind` says, with so many octets of payload. For who counts."""

    def run(self, seconds):
        """Let so many seconds pass."""
        app = self.app
        end = self.ms + seconds * 1000
        while True:
            if self._answers or self.ms >= self._due:
                self._due = self.ms + app.step(ticks_add(START, self.ms % (1 << 30)))
            elif self.ms >= end:
                return
            else:
                self.ms = min(end, self._due)

    def press(self, name):
        """A key is pressed; a second passes."""
        self.app.key(name)
        self._due = self.ms
        self.run(1)

    @property
    def utc(self):
        """Zigbee UTC now."""
        return UTC + self.ms // 1000

    def poll(self, now):
        """The next answer."""
        if not self._answers:
            self.indication.payload = b""
            return None
        frame = self._answers.pop(0)
        if frame is None:
            return radios.NETWORK
        indication = self.indication
        source, indication.short, indication.source_endpoint, cluster, payload, kind = frame
        indication.source = source
        indication.cluster = cluster
        indication.payload = memoryview(payload)
        smart = indication.source_endpoint != 0
        indication.profile = 0x0109 if smart else 0
        indication.endpoint = 1 if smart else 0
        indication.secured = smart
        self.went(kind, len(payload), smart, False)
        return radios.INDICATION

    def wake(self, now):
        """Never by itself."""
        return 60000

    def forget(self, meter, before, scope):
        """Nothing is kept."""
        return False

    holds = forget

    def send(self, address, short, cluster, profile, source_endpoint, endpoint, payload, secured):
        """Answer at once."""
        self.sent += 1
        meter = None
        for each in self.meters:
            if each.address == address:
                meter = each
        kind = kind_of(meter, cluster, profile, payload)
        self.went(kind, len(payload), secured, address == radios.BROADCAST)
        if profile == 0:
            self._zdo(meter, address, cluster, payload, kind)
        elif kind == "answers":
            return 1
        elif cluster == 0x000A:
            answer = bytes((0x18, payload[1], 1)) + b"\0\0\0\xe2" + le(self.utc, 4) + b"\1\0\0\x18\3"
            for number in range(2, 6):
                answer += bytes((number, 0, 0x86))
            self._answers.append((HUB, 0, 5, cluster, answer, kind))
        elif meter and endpoint == meter.endpoint:
            for answer in self._zcl(meter, cluster, payload):
                self._answers.append((address, meter.short, endpoint, cluster, answer, kind))
        return 1 + self.sent % 250

    def _zcl(self, meter, cluster, payload):
        sequence, command = payload[1], payload[2]
        if payload[0] & 1:
            return self._command(meter, cluster, sequence, command, payload)
        parts = [bytes((0x18, sequence, 1))]
        utc = self.utc
        for at in range(3, len(payload), 2):
            record = meter.attribute(cluster, payload[at] | payload[at + 1] << 8, utc)
            parts.append(payload[at : at + 2])
            parts.append(b"\x86" if record is None else b"\0" + record)
        return (b"".join(parts),)

    def _command(self, meter, cluster, sequence, command, payload):
        own = bytes((0x19, sequence))
        if cluster == 0x0702 and command == 8:
            start = int.from_bytes(bytes(payload[5:9]), "little") // HALF_HOUR
            if start >= (UTC - self.log_days * DAY) // HALF_HOUR:
                count = payload[10]
                head = bytes((9, sequence, 7)) + payload[3:10] + le(HALF_HOUR, 2) + le(count, 2)
                return (head + b"".join([le(meter.used(start + n), 3) for n in range(count)]),)
            return (bytes((0x18, sequence, 0x0B, command)) + NOT_FOUND,)
        if cluster == 0x0702 and command == 3:
            return (own + bytes((3, 10)) + le(self.utc + 900, 4),)
        if cluster == 0x0700 and command == 0:
            return (own + b"\0" + meter.price(self.utc, 0),)
        if cluster == 0x0700 and command == 1:
            return [own + b"\0" + meter.price(self.utc, number) for number in range(2 if meter.kwh else 1)]
        if cluster == 0x0703 and command == 0:
            message = le(UTC, 4) + b"\0" + le(UTC, 4) + b"\xff\xff" + text(TEXT)
            return (own + b"\0" + message,)
        status = NOT_FOUND if cluster == 0x0708 and command < 2 else UNSUPPORTED
        return (bytes((0x18, sequence, 0x0B, command)) + status,)

    def _zdo(self, meter, address, cluster, payload, kind):
        head = bytes(payload[:1]) + b"\0"
        if cluster == 1 or cluster == 6 and address == HUB:
            found = bytes(reversed(HUB)) + b"\0\0" if cluster == 1 else b"\0\0\1\5"
            self._answers.append((HUB, 0, 0, 0x8000 | cluster, head + found, kind))
        for each in self.meters if address == radios.BROADCAST else (meter,) if meter else ():
            found = le(each.short, 2)
            if cluster == 5 or cluster == 6:
                found += bytes((1, each.endpoint))
            else:
                servers = b"\2\7\0\7\3\7\5\7\x08\7"
                simple = bytes((each.endpoint, 9, 1, 1, 5, 0, len(servers) // 2)) + servers + b"\0"
                found += text(simple)
            self._answers.append((each.address, each.short, 0, 0x8000 | cluster, head + found, kind))


OWN = {0x070208: "back-fill", 0x070203: "fast poll", 0x070800: "tenancy", 0x070801: "tenancy"}
NAMES = (0x07020307, 0x07020311, 0x07080101, 0x07080102)  # attributes that are asked for first
CLUSTERS = {0x0700: "price", 0x0703: "messages", 0x0705: "balances", 0x0708: "tenancy"}


def kind_of(meter, cluster, profile, payload):
    """What a frame that the display sends is about, in a word or two."""
    if profile == 0:
        return "search and ZDO"
    own = payload[0] & 1
    if payload[0] & 8 or not own and (payload[2] != 0 or len(payload) < 5):
        return "answers"
    if cluster == 0x000A:
        return "time"
    if own:
        kind = OWN.get(cluster << 8 | payload[2], "names, numbers" if cluster == 0x0708 else None)
        return kind or CLUSTERS.get(cluster, "other")
    first = payload[3] | payload[4] << 8
    if cluster << 16 | first in NAMES:
        return "names, numbers"
    if cluster != 0x0702:
        return CLUSTERS.get(cluster, "other")
    if first in (0x0014, 0x0001):
        return "supply state"
    return "power, register" if meter and meter.kwh else "gas"
