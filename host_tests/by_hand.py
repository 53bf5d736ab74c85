"""A board made of hexadecimal digits: API frames written and split by hand, for talking to the bench."""

import json

from tools.bench import Bench, Checker
from tools.bench.scenario import parse

SPECIAL = b"\x7e\x7d\x11\x13"
HUB, ESME, GPF = "70b3d5c1e4aa0001", "70b3d5c1e47e1357", "70b3d5c1e4aa0f02"
ALL, COORDINATOR = "000000000000ffff", "0000000000000000"

HOME = """
title = "A quarter of an hour"
start = 2026-01-14T00:00:00Z
duration = "00:15"
[eui64]
display = "0013a20041d5e0c7"
hub = "70b3d5c1e4aa0001"
electricity = "70b3d5c1e47e1357"
gas = "70b3d5c1e4aa0f02"
[load]
electricity = 18402611
gas = 6201934
"""


def api(digits, escaped=True):
    """The bytes of an API frame with this frame data."""
    data = bytes.fromhex(digits)
    inner = len(data).to_bytes(2, "big") + data + bytes([0xFF - sum(data) % 256])
    if escaped:
        inner = b"".join(bytes([0x7D, byte ^ 0x20]) if byte in SPECIAL else bytes([byte]) for byte in inner)
    return b"\x7e" + inner


def split(stream, escaped=True):
    """The frame data of each frame in a stream, as hex digits; asserts lengths and checksums."""
    found = []
    while stream:
        assert stream[0] == 0x7E
        plain = bytearray()
        at = 1
        while len(plain) < 3 or len(plain) < 3 + int.from_bytes(plain[:2], "big"):
            byte = stream[at]
            at += 1
            if escaped and byte == 0x7D:
                byte = stream[at] ^ 0x20
                at += 1
            else:
                assert not escaped or byte not in SPECIAL
            plain.append(byte)
        assert sum(plain[2:]) % 256 == 0xFF
        found.append(plain[2:-1].hex())
        stream = stream[at:]
    return found


def send(eui64, source_endpoint, endpoint, cluster, payload, profile=0x0109, options=0x20, frame_id=1, nwk=0xFFFE):
    """The frame data of an explicit transmit request (0x11)."""
    return (
        f"11{frame_id:02x}{eui64}{nwk:04x}{source_endpoint:02x}{endpoint:02x}{cluster:04x}{profile:04x}00{options:02x}"
        + payload
    )


def zdo(eui64, cluster, payload):
    return send(eui64, 0, 0, cluster, payload, profile=0, options=0)


def step(do, at="00:05", **keys):
    """A step of a scenario file."""
    values = {"do": do, "at": at} | keys
    return "[[step]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


class Board:
    """Says and hears frame data at its own milliseconds; `joined` starts it after the join, set up and with a clean
    line."""

    def __init__(self, toml="", joined=True, capture=None):
        self.scenario = parse(HOME + toml)
        self.told = []
        self.bench = Bench(self.scenario, capture, tell=self.told.append)
        self.checker = Checker(self.scenario)
        self.ms = 0
        if joined:
            self.wait(5000)
            self.say("0801414f07")

    def wait(self, ms):
        """What is heard, as a list of frame data, while so much time passes."""
        self.ms += ms
        return split(self.bench.advance(self.ms))

    def until(self, minute):
        """What is heard until so many minutes after the start."""
        return self.wait(minute * 60_000 - self.ms)

    def say(self, digits, wait=200):
        self.bench.board_sent(api(digits), self.ms)
        return self.wait(wait)

    def ask(self, digits):
        """The payload of the single frame that answers a unicast, and its receive options."""
        status, answer = self.say(digits)
        assert status[:2] == "8b" and status[10:12] == "00"
        assert answer[:2] == "91"
        return answer[36:], int(answer[34:36], 16)
