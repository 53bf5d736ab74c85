"""Small simulators for the portable tests: a UART, a radio, a clock's start and a listener."""

from ihd import radio as radios
from ihd.clock import Clock
from ihd.han.directory import Device
from ihd.han.exchange import Exchange
from ihd.history.live_only import LiveOnly
from ihd.refused import Refused

START = (1 << 30) - 60000  # ticks: every test starts a minute before they wrap


class Uart:
    """A UART with what was received and what was sent; takes `room` octets a write."""

    def __init__(self, room=4096):
        self.incoming = bytearray()
        self.sent = bytearray()
        self.room = room

    def readinto(self, buffer):
        """Up to len(buffer) received octets, None when there are none."""
        n = min(len(buffer), len(self.incoming))
        if not n:
            return None
        buffer[:n] = self.incoming[:n]
        self.incoming = self.incoming[n:]
        return n

    def write(self, data):
        """Send what there is room for."""
        n = min(len(data), self.room)
        self.sent.extend(data[:n])
        return n

    def take(self):
        """All octets sent since the last call."""
        sent = bytes(self.sent)
        self.sent = bytearray()
        return sent


class Radio:
    """A joined radio: `sent` holds the arguments of every send, deliver() and receive() queue what poll tells."""

    def __init__(self):
        self.name = "radio"
        self.state = radios.JOINED
        self.eui64 = bytes((0, 0x13, 0xA2, 0, 1, 2, 3, 4))
        self.short = 0x1234
        self.signal = -52
        self.pan = bytes(8)
        self.sent = []
        self.queue = []
        self.indication = None
        self.token = 0
        self.delivered = False
        self.room = True

    def send(self, address, short, cluster, profile, source_endpoint, endpoint, payload, secured):
        """Log the frame; its token is its number."""
        if not self.room:
            return None
        self.sent.append((address, short, cluster, profile, source_endpoint, endpoint, bytes(payload), secured))
        return len(self.sent)

    def poll(self, now):
        """The next queued event."""
        if not self.queue:
            return None
        kind, what = self.queue.pop(0)
        if kind == radios.INDICATION:
            self.indication = what
        elif kind == radios.DELIVERY:
            self.token, self.delivered = what
        else:
            self.state = what
        return kind

    def wake(self, now):
        """Never by itself."""
        return 60000

    def forget(self, meter, before, scope):
        """Nothing is kept."""
        return False

    def holds(self, meter, before, scope):
        """Nothing is kept."""
        return False


def indication(payload, cluster, profile=0x0109, secured=True, source=None, short=0x5566, source_endpoint=9, **other):
    """A received frame; the rest are attributes of radio.Indication."""
    frame = radios.Indication()
    frame.payload = memoryview(bytes(payload))
    frame.cluster = cluster
    frame.profile = profile
    frame.secured = secured
    frame.source = source or bytes(range(8))
    frame.short = short
    frame.source_endpoint = source_endpoint
    frame.endpoint = 1 if profile else 0
    for name, value in other.items():
        setattr(frame, name, value)
    return frame


class Notes:
    """A recorder that writes to `history` at once; `taken` holds what it was given."""

    def __init__(self, history):
        self.history = history
        self.taken = []

    def room(self):
        """Always."""
        return 96

    def take(self, series, half_hour, value, marks=0):
        """A complete half-hour."""
        self.taken.append((series, half_hour, value, marks))
        self.history.append(series, half_hour, value, marks)


class Guard:
    """A guard's answers: `watches` as there, `since` what earliest() says."""

    def __init__(self):
        self.watches = {}
        self.since = None

    def earliest(self, number):
        """As tenancy.guard.Guard."""
        return self.since


class Home:
    """What a Meter and its Poller have of the app. facts: (what, value, unit). links: whether lost, each time."""

    def __init__(self, fuel="electricity", utc=None, history=None, recorder=None):
        self.radio = Radio()
        self.refused = Refused()
        self.exchange = Exchange(self.radio, self.refused)
        self.clock = Clock()
        if utc is not None:
            self.clock.set(utc, START)
        self.history = history or LiveOnly()
        self.recorder = recorder or Notes(self.history)
        self.guard = Guard()
        self.facts = []
        self.links = []
        self.device = Device(bytes(range(8)), 0x5566)
        self.device.fuel = fuel
        self.device.metering = 9

    def fact(self, meter, what, value, unit):
        """Something was learnt."""
        self.facts.append((what, value, unit))

    def link(self, meter):
        """The meter fell silent, or is heard again."""
        self.links.append(meter.lost)


class Listener:
    """Keeps the events it is told of."""

    def __init__(self):
        self.events = []

    def emit(self, event, **fields):
        """One event."""
        fields["event"] = event
        self.events.append(fields)

    def of(self, event):
        """The events of this name."""
        return [fields for fields in self.events if fields["event"] == event]


def raises(error, call, *arguments):
    """Whether call(*arguments) raises `error`."""
    try:
        call(*arguments)
    except error:
        return True
    return False


def counts(refused):
    """The counts of a Refused as a dict."""
    told = {}
    refused.tell(lambda event, why, count: told.update({why: count}))
    return told


def refusals():
    """A new Refused."""
    return Refused()
