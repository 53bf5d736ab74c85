"""A settled home in which frames are spoilt, and the frames: what a display hears in it, what else it may hear."""

from ihd import on_demand, settings
from ihd import radio as radios
from ihd.app import App
from ihd.refused import Refused
from tools.counted_flash import CountedFlash
from tools.lean_home import HUB, UTC, Home, Panel, le, text

ESME = b"\x70\xb3\xd5\xc1\xe4\x7e\x13\x57"
GPF = b"\x70\xb3\xd5\xc1\xe4\xaa\x0f\x02"
STRANGER = b"\x70\xb3\xd5\xc1\xe4\x00\x00\x99"
CLUSTERS = (0, 0x000A, 0x0700, 0x0702, 0x0703, 0x0705, 0x0708, 0x0707, 0x0013, 0x8001, 0x8004, 0x8005, 0x8006)
DISPLAY = bytes(reversed(Home.eui64))
FIELDS = ("source", "short", "profile", "cluster", "source_endpoint", "endpoint", "secured", "broadcast", "payload")


def frame(cluster, payload, source=ESME, profile=0x0109, **other):
    """A frame, {field: value}, as its sender would send it."""
    short, endpoint = {ESME: (0x5566, 21), GPF: (0x7788, 3), HUB: (0, 5)}[source]
    given = {
        "source": source,
        "short": short,
        "profile": profile,
        "cluster": cluster,
        "source_endpoint": endpoint if profile else 0,
        "endpoint": 1 if profile else 0,
        "secured": profile != 0,
        "broadcast": False,
        "payload": payload,
    }
    return given | other


def own(cluster, command, payload, source=ESME, control=0x09):
    """A command of a server that answers nothing."""
    return frame(cluster, bytes((control, 7, command)) + payload, source)


def unasked(now):
    """What meters and others may send by themselves at Zigbee UTC `now`."""
    price = le(0, 4) + text(b"Day") + le(now, 4) + le(now, 4) + b"\0\x3a\3\x51\x20"
    price += le(0, 4) + le(60, 2) + le(24_500, 4)
    tail = b"\xff" + b"\xff" * 4 + b"\xff" + le(233, 4) + b"\0\x50\0\0\0\0\x02\x01\0"
    tariff = le(0, 4) + le(now, 4) + le(1, 4) + le(now - 9, 4) + b"\0" + text(b"Standard") + b"\2\0\0\x3a\3\x50"
    tariff += le(54_794, 4) + b"\0" + le(1, 3) + le(1000, 3)
    message = le(now, 4) + b"\xa0" + le(0, 4) + le(90, 2) + text(b"Please read me")
    tenancy = le(0, 4) + le(now, 4) + b"\0" + le(now + 90_000, 4) + le(0x200, 4)
    supplier = le(1, 4) + le(now, 4) + b"\0" + le(2, 4) + le(now + 90_000, 4) + le(0, 4)
    supplier += text(b"SSE") + text(b"0800 1")
    identity = le(now, 4) + le(now - 9, 4) + le(0, 4) + text(b"1900091234567")
    report = b"\x18\x07\x0a\0\4\x2a\xd2\4\0" + b"\0\0\x25" + le(18_402_611, 6) + b"\7\2\x30\1"
    scale = b"\x18\x07\x0a\0\3\x30\0\1\3\x22\1\0\0\2\3\x22\xe8\3\0"
    for source in (ESME, GPF):
        yield frame(0x0702, report, source)
        yield frame(0x0702, scale, source)
        yield own(0x0700, 0, price, source)
        yield own(0x0700, 0, price + tail, source)
        yield own(0x0700, 2, le(1, 4) + le(now - 9, 4) + le(102_264, 4) + b"\x50", source)
        yield own(0x0700, 3, le(1, 4) + le(now - 9, 4) + le(395, 4) + b"\1\x10", source)
        yield own(0x0700, 4, tariff, source)
        yield own(0x0703, 0, message, source)
        yield own(0x0703, 2, message + b"\1", source)
        yield own(0x0703, 1, le(now, 4) + b"\0", source)
        yield own(0x0703, 3, le(now, 4), source)
        yield own(0x0705, 1, bytes(20), source)
        yield own(0x0708, 0, tenancy, source)
        yield own(0x0708, 1, supplier, source)
        yield own(0x0708, 3, identity, source)
        yield own(0x0708, 6, identity, source)
        yield own(0x0708, 2, le(now, 4) + le(now, 4) + le(60, 2) + b"\1" + text(b"1234"), source)
        yield own(0x0708, 4, le(now, 4) + le(now, 4) + b"\1\0", source)
        yield own(0x0708, 5, b"\1\2", source)
        short = le(0x5566 if source == ESME else 0x7788, 2)
        yield frame(0x0013, b"\1" + short + bytes(reversed(source)) + b"\x8e", source, 0, broadcast=True)
        yield frame(0x0006, b"\2\x34\x12\x09\1\1\0\0\0", source, 0)
        yield frame(0x0001, b"\4" + le(0x1234, 2) + b"\0\0", source, 0)
    yield frame(0x0000, b"\4" + DISPLAY + b"\0\0", HUB, 0)
    yield frame(0x0002, b"\3" + le(0x1234, 2), HUB, 0)
    yield frame(0x0004, b"\3" + le(0x1234, 2) + b"\1", HUB, 0)
    yield frame(0x0005, b"\3" + le(0x1234, 2), HUB, 0)
    yield frame(0x0000, b"\0\x07\0\4\0\5\0", HUB, secured=False)


class Spoilt(Home):
    """A home through whose air anything may come. spoil(frame) makes another of it; None: all is as it should be."""

    def __init__(self):
        super().__init__()
        self.injected = []
        self.heard = []  # frames, while `listens`
        self.listens = False
        self.spoil = None
        self.refused = Refused()

    def boot(self):
        """The display comes to life and settles."""
        flash = CountedFlash()
        chosen = settings.checked({"gas_poll_s": 60}, None)
        self.app = App(self, Panel(), flash, chosen, self.refused, lambda event, **fields: None, lambda: (0, 0))
        self.listens = True
        self.run(2 * 3600)
        self.listens = False

    def poll(self, now):
        """The next frame that comes."""
        indication = self.indication
        if self.injected:
            self._give(self.injected.pop(0))
            return radios.INDICATION
        indication.broadcast = False
        kind = super().poll(now)
        if kind == radios.INDICATION:
            given = {name: getattr(indication, name) for name in FIELDS}
            given["payload"] = bytes(given["payload"])
            if self.listens:
                self.heard.append(given)
            if self.spoil:
                self._give(self.spoil(given))
        return kind

    def _give(self, given):
        for name in FIELDS:
            setattr(self.indication, name, given[name])
        self.indication.payload = memoryview(given["payload"])


def corpus():
    """(a settled Spoilt, good frames of every kind)."""
    on_demand_drop, on_demand.drop = on_demand.drop, lambda *names: None
    try:
        home = Spoilt()
        home.boot()
    finally:
        on_demand.drop = on_demand_drop
    kinds = {}
    for given in home.heard:
        payload = given["payload"]
        smart = given["profile"] != 0
        what = payload[2:5] if smart else b""
        kinds[given["source"], given["cluster"], what, len(payload)] = given
    return home, list(kinds.values()) + list(unasked(UTC + 7200))


def spoiler(dice):
    """A function that spoils a frame in one to three ways, drawn from `dice`."""

    def octets(payload):
        way = dice.randrange(5)
        if way == 0:
            return payload[: dice.randrange(len(payload) + 1)]
        if way == 1:
            return payload + dice.randbytes(dice.randrange(1, 24))
        if way == 2:
            return payload[:3] + dice.randbytes(dice.randrange(60))
        if not payload:
            return payload
        changed = bytearray(payload)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(changed))
            changed[at] = (
                changed[at] ^ 1 << dice.randrange(8) if way == 3 else dice.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
            )
        return bytes(changed)

    def header(payload):
        changed = bytearray(payload.ljust(3, b"\0"))
        at = dice.randrange(3)
        changed[at] = dice.choice(((0, 1, 8, 9, 0x18, 0x19, 0x0C), range(256), range(16))[at])
        return bytes(changed)

    ways = {
        "payload": octets,
        "header": header,
        "cluster": lambda _: dice.choice(CLUSTERS),
        "source": lambda _: dice.choice((ESME, GPF, HUB, STRANGER, radios.UNKNOWN, radios.COORDINATOR)),
        "short": lambda _: dice.choice((0, 0x5566, 0x7788, 0x1234, 0xFFFE, dice.randrange(0x10000))),
        "source_endpoint": lambda _: dice.choice((0, 3, 5, 21, dice.randrange(256))),
        "endpoint": lambda _: dice.choice((0, 1, 0xFF, dice.randrange(256))),
        "profile": lambda _: dice.choice((0, 0x0109, 0x0104)),
        "secured": lambda _: dice.choice((True, False, None)),
        "broadcast": lambda _: dice.choice((True, False)),
    }
    names = list(ways) + ["payload"] * 12 + ["header"] * 3

    def spoil(given):
        spoilt = dict(given)
        if dice.randrange(20) == 0:
            spoilt["payload"] = dice.randbytes(dice.randrange(90))
        for _ in range(dice.randrange(1, 4)):
            name = dice.choice(names)
            field = "payload" if name == "header" else name
            spoilt[field] = ways[name](spoilt[field])
        return spoilt

    return spoil
