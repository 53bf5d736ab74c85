"""A stranger's XBee and meters are attached to the virtual board as its public page says, and the board must get on."""

import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from other_xbee import APS, DEMAND, METERING, SMART_ENERGY, START, TIME, Deframer, Han, OtherXBee, enframe

ROOT = Path(__file__).resolve().parent.parent
SPEED = 10
PATIENCE = 90  # seconds for anything to happen; only ever a bound
REPORTED, FORGED = 2222, 3333
BOARD_EUI, PLACE = bytes.fromhex("137EAA4100A21300"), bytes.fromhex("115B")
ESME, GPF = (f"{node.eui:016x}" for node in Han(0).nodes[1:])


class Board:
    """The virtual board as a process group of its own; keeps its events, and the lines that are none."""

    def __init__(self, folder, interpreter):
        self.folder, self.events, self.strays = folder, [], []
        command = [sys.executable, "-m", "tools.virtual_board", "--uart", "tcp-listen:0", "--events", "-"]
        command += ["--speed", str(SPEED), "--flash", folder / "flash.bin", "--vfs", folder / "vfs.bin"]
        command += ["--screen", folder / "screen.png", "--interpreter", interpreter]
        with open(folder / "log.txt", "wb") as log:
            self.process = Popen(command, cwd=ROOT, stdout=PIPE, stderr=log, start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                self.events.append(json.loads(line))
            except ValueError:
                self.strays.append(line)

    def log(self):
        return (self.folder / "log.txt").read_text(errors="replace")

    def event(self, name, since=0, **wanted):
        """Return the first event of that name and those values, from index `since` on, waiting for it."""
        wanted["event"] = name
        until = time.monotonic() + PATIENCE
        while True:
            alive = self.reader.is_alive()
            for event in self.events[since:]:
                if wanted.items() <= event.items():
                    return event
            late = time.monotonic() > until
            assert alive and not late, f"no {wanted} in {self.events[since:][-20:]}\nlog: {self.log()[-2000:]}"
            time.sleep(0.05)

    def power(self, watts, since=0):
        return self.event("fact", since, meter=ESME, fuel="electricity", what="power", value=watts, unit="W")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.reader.join(10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def vm_at_hand(tmp_path_factory):
    with Board(tmp_path_factory.mktemp("auto"), "auto") as board:
        return "micropython" in board.event("boot")["interpreter"].lower()


def attach(board, radio):
    """Connect to the port that the board's last `uart` event names, as soon as it listens."""
    board.event("uart")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return radio.attach([event["port"] for event in board.events if event["event"] == "uart"][-1])
        except ConnectionRefusedError:
            assert time.monotonic() < until, "the board does not listen"
            time.sleep(0.1)


@pytest.fixture(scope="module", params=["cpython", "micropython"])
def interpreter(request):
    if request.param == "micropython" and not request.getfixturevalue("vm_at_hand"):
        pytest.skip("no MicroPython VM at hand")
    return request.param


@pytest.fixture(scope="module")
def house(interpreter, tmp_path_factory):
    """Return (board, radio) that have come to an understanding: joined, both meters bound."""
    with Board(tmp_path_factory.mktemp(interpreter), interpreter) as board:
        assert interpreter in board.event("boot")["interpreter"].lower()
        radio = OtherXBee(Han(SPEED))
        attach(board, radio)
        try:
            board.event("joined")
            board.event("meter", meter=ESME, fuel="electricity", bound=True)
            board.event("meter", meter=GPF, fuel="gas", bound=True)
            yield board, radio
        finally:
            radio.detach()


@pytest.fixture
def attached(house):
    board, radio = house
    yield house
    assert not radio.violations + board.strays


def test_board_takes_its_time_of_2016_from_the_coordinator(attached):
    board, radio = attached
    assert START <= board.event("time")["utc"] <= radio.han.utc()
    assert any(node is radio.han.hub and cluster == TIME for node, cluster, _ in radio.reads)


def test_both_meters_are_named_by_eui_and_endpoint_and_read_in_watt_hours_and_litres(attached):
    board, _ = attached
    assert board.event("meter", meter=ESME, fuel="electricity", bound=True)["endpoint"] == 0x0B
    assert board.event("meter", meter=GPF, fuel="gas", bound=True)["endpoint"] == 0x15
    assert {event["meter"] for event in board.events if event["event"] == "meter"} == {ESME, GPF}
    board.event("fact", meter=ESME, fuel="electricity", what="summation", value=12345678, unit="Wh")
    board.event("fact", meter=GPF, fuel="gas", what="summation", value=4567890, unit="l")


def test_power_is_shown_watt_by_watt_and_export_negative(attached):
    board, radio = attached
    for watts in (0, 1, 7654, -1234, -1):
        since = len(board.events)
        radio.han.demand(watts)
        board.power(watts, since)


def test_non_value_of_demand_is_never_a_number(attached):
    board, radio = attached
    radio.han.demand(1777)
    board.power(1777)
    radio.han.demand(None)
    asked = len(radio.reads)

    def answered():
        return sum(node is radio.han.esme and attribute == DEMAND for node, _, attribute in radio.reads[asked:])

    radio.wait(lambda: answered() >= 2, PATIENCE)  # so the first answer has been dealt with
    since = len(board.events)
    radio.wait(lambda: answered() >= 4, PATIENCE)
    radio.han.demand(1888)
    board.power(1888, since)
    shown = [event["value"] for event in board.events[since:] if event["event"] == "fact" and event["what"] == "power"]
    assert set(shown[: shown.index(1888)]) <= {None}
    assert {e["value"] for e in board.events if e.get("what") == "power"} <= radio.han.demands | {REPORTED}


def test_zdo_addresses_and_the_only_endpoint_of_the_board(attached):
    _, radio = attached
    assert radio.ask(0x0000, BOARD_EUI + b"\0\0")[1:] == b"\0" + BOARD_EUI + PLACE
    assert radio.ask(0x0001, PLACE + b"\0\0")[1:] == b"\0" + BOARD_EUI + PLACE
    assert radio.ask(0x0005, PLACE)[1:] == b"\0" + PLACE + b"\x01\x01"


def test_zdo_node_descriptor_is_a_mains_powered_router_at_2_4_ghz(attached):
    _, radio = attached
    answer = radio.ask(0x0002, PLACE)
    assert answer[1:4] == b"\0" + PLACE and len(answer) == 17
    kind, band, capability, _, buffer, incoming, server, outgoing, extended = struct.unpack("<BBBHBHHHB", answer[4:])
    assert kind & 0x07 == 1 and band & 0xF8 == 0x40
    assert capability & 0x4E == 0x0E  # full function, mains, receiver on when idle, no MAC security
    assert buffer & 0x80 == 0 and incoming and outgoing and server & 0x01FF == 0 and extended == 0


def test_zdo_simple_descriptor_is_an_in_home_display(attached):
    _, radio = attached
    answer = radio.ask(0x0004, PLACE + b"\x01")
    assert answer[1:4] == b"\0" + PLACE and answer[4] == len(answer) - 5
    assert answer[5:10] == struct.pack("<BHH", 1, SMART_ENERGY, 0x0502) and answer[10] & 0xF0 == 0
    servers = struct.unpack_from(f"<{answer[11]}H", answer, 12)
    at = 12 + 2 * len(servers)
    clients = struct.unpack_from(f"<{answer[at]}H", answer, at + 1)
    assert len(answer) == at + 1 + 2 * len(clients)
    assert 0x0000 in servers and {0x000A, 0x0702, 0x0708} <= set(clients) and 0x0702 not in servers
    none = radio.ask(0x0004, PLACE + b"\x09")
    assert none[1] in (0x82, 0x83) and none[2:] == PLACE + b"\0"


def test_zdo_match_is_by_profile_and_by_side_of_the_cluster(attached):
    _, radio = attached
    one, none = PLACE + b"\x01\x01", PLACE + b"\0"
    assert radio.ask(0x0006, PLACE + struct.pack("<HBBH", SMART_ENERGY, 0, 1, 0x0702))[1:] == b"\0" + one
    assert radio.ask(0x0006, PLACE + struct.pack("<HBHB", SMART_ENERGY, 1, 0x0000, 0))[1:] == b"\0" + one
    for profile, cluster in ((SMART_ENERGY, 0x0702), (0x0104, 0x0000)):
        answer = radio.ask(0x0006, PLACE + struct.pack("<HBHB", profile, 1, cluster, 0))
        assert answer[1] in (0x00, 0x86) and answer[2:] == none


def report(watts):
    return bytes([0x08, 0x0A]) + struct.pack("<HB", DEMAND, 0x2A) + watts.to_bytes(3, "little", signed=True)


def assert_default_response(heard, command, statuses, options):
    control, _, response, about, status = heard.payload
    assert control & 0x07 == 0 and response == 0x0B and about == command and status in statuses
    assert heard.source == 1 and heard.options & APS == options


def test_report_is_refused_unsecured_and_taken_secured(attached):
    board, radio = attached
    since = len(board.events)
    heard = radio.initiate(radio.han.esme, 0x0B, METERING, report(FORGED), secured=0)
    assert_default_response(heard, 0x0A, {0x01}, 0)
    assert heard.payload[0] & 0x08 == 0  # from our client side
    assert board.event("refused", since)["count"] >= 1
    heard = radio.initiate(radio.han.esme, 0x0B, METERING, report(REPORTED))
    assert_default_response(heard, 0x0A, {0x00}, APS)
    board.power(REPORTED)
    assert FORGED not in [event.get("value") for event in board.events]


def test_unknown_commands_and_clusters_get_the_default_response_of_the_standard(attached):
    _, radio = attached
    heard = radio.initiate(radio.han.esme, 0x0B, METERING, b"\x09\x7e\x11\x13")
    assert_default_response(heard, 0x7E, {0x81}, APS)
    for control, statuses in ((0x01, {0xC3, 0x81}), (0x00, {0xC3, 0x82, 0x81})):
        heard = radio.initiate(radio.han.esme, 0x0B, 0x0B01, bytes([control, 0x00, 0x00, 0x00]))
        assert_default_response(heard, 0x00, statuses, APS)
        assert heard.payload[0] & 0x08  # from our server side to a client


def test_noise_and_broken_frames_are_survived(attached):
    board, radio = attached
    frames = bytes.fromhex("7E 00 05 88 01 41 49 00 ED"), enframe(b"\xab\x01"), enframe(b"\x91")
    for watts, noise in enumerate((*frames, bytes(range(256)), b"\x7e\xff\xff", b"\x7e\x00\x7d"), 5000):
        with radio.changed:
            radio.socket.sendall(noise)
            radio.han.demand(watts)
        board.power(watts)


def test_lost_transmit_statuses_are_no_stall(attached):
    board, radio = attached
    radio.lose_statuses = 3
    radio.wait(lambda: not radio.lose_statuses, PATIENCE)
    radio.han.demand(6001)
    board.power(6001)


def test_unknown_at_command_is_reported(attached):
    board, radio = attached
    reported = board.log() + json.dumps([event for event in board.events if event["event"] == "error"])
    assert all(name in reported for name in radio.unknown)


def test_cable_may_be_drawn_and_put_back(attached):
    board, radio = attached
    radio.detach()
    time.sleep(2)  # twenty seconds to the board: it is probing by now
    attach(board, radio)
    radio.han.demand(6543)
    board.power(6543)


def test_events_have_their_keys_and_the_screen_is_a_picture_of_the_panel(attached):
    board, _ = attached
    assert all({"event", "t", "ms"} <= event.keys() for event in board.events)
    picture = (board.folder / "screen.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and struct.unpack(">II", picture[16:24]) == (128, 64)
    assert (board.folder / "flash.bin").stat().st_size == 524288


def test_sigterm_ends_the_board_with_status_0(interpreter, tmp_path):
    with Board(tmp_path, interpreter) as board:
        radio = OtherXBee(Han(SPEED))
        attach(board, radio)
        board.event("joined")
        board.process.terminate()
        assert board.process.wait(PATIENCE) == 0
        radio.detach()


# What follows tries the stranger himself, with bytes written down by hand.


@contextmanager
def by_hand():
    """Yield (radio, ask): a joined radio whose clock stands still; `ask(sent, wanted)` plays the board, in hex."""

    def ask(sent, wanted):
        link.sendall(bytes.fromhex(sent))
        wanted = bytes.fromhex(wanted).hex(" ")
        assert answers.read(len(bytes.fromhex(wanted))).hex(" ") == wanted

    radio = OtherXBee(Han(0))
    radio.joins_at = None
    with socket.create_server(("127.0.0.1", 0)) as server:
        radio.attach(server.getsockname()[1])
        with server.accept()[0] as link:
            link.settimeout(10)
            answers = link.makefile("rb")
            try:
                yield radio, ask
            finally:
                radio.detach()


PUBLISHED = """7E 0016 11 01 0013A20040401234 FFFE 00 00 0031 0000 00 00 76 00 CE
7E 001F 11 01 000000000000FFFF FFFE 00 00 0000 0000 00 00 44 3412404000A21300 00 00 33
7E 0018 91 0013A20040522BAA 7D84 E0 E0 2211 C105 02 527844617461 52
7E 0007 8B 52 1234 02 00 01 D9
7E 001F 24 D5 0013A20012345678 FFFE 01 F6F1913D834A08D6ADAF1F91BAF4052D7316 6A
7E 0017 11 05 FFFFFFFFFFFFFFFF 1A2B 01 01 0700 0109 00 20 011000 68"""
ESCAPED = "7E 00 16 10 01 00 7D 33 A2 00 40 0A 01 27 FF FE 00 00 54 78 44 61 74 61 30 41 7D 33"


def test_strangers_framing_agrees_with_published_frames():
    complaints = []
    for plain in map(bytes.fromhex, PUBLISHED.splitlines()):
        escaped = enframe(plain[3:-1])
        pieces = escaped[1:].split(b"\x7d")
        assert escaped[:1] + pieces[0] + b"".join(bytes([p[0] ^ 0x20]) + p[1:] for p in pieces[1:]) == plain
        assert Deframer(complaints.append).feed(escaped) == [plain[3:-1]]
    body = bytes.fromhex("10 01 0013A200400A0127 FFFE 00 00 547844617461 3041")
    assert enframe(body) == bytes.fromhex(ESCAPED)
    assert Deframer(complaints.append).feed(bytes.fromhex(ESCAPED)) == [body]
    assert not complaints


def test_stranger_answers_byte_by_byte():
    with by_hand() as (radio, ask):
        # AT AI: joined. AT BT: unknown.
        ask("7E 00 04 08 01 41 49 6C", "7E 00 06 88 01 41 49 00 00 EC")
        ask("7E 00 04 08 81 42 54 E0", "7E 00 05 88 81 42 54 02 5E")
        # Read Time and TimeStatus of the coordinator: 0x8B, then 2016-11-22 10:00 with APS security.
        ask(
            "7E 00 1B 7D 31 07 00 00 00 00 00 00 00 00 FF FE 01 05 00 0A 01 09 00 20 00 21 00 00 00 01 00 8E",
            "7E 00 07 8B 07 00 00 00 00 00 6D"
            "7E 00 22 91 00 1E 5E 7D 31 7D 5D 7D 33 C3 01 00 00 05 01 00 0A 01 09 21"
            "18 21 01 00 00 00 E2 A0 D3 C6 1F 01 00 00 18 03 C2",
        )
        # Match_Desc to all: ESME and GPF answer.
        ask(
            "7E001F 7D3109 00 00 00 00 00 00 FF FF FF FE 00 00 00 06 00 00 00 00 33 FD FF 09 01 02 02 07 08 07 00 91",
            "7E 00 07 8B 09 FF FE 00 00 00 6E"
            "7E 00 18 91 00 DB 7D 31 7D 5E 0A 0B 0C 0D 3A 7D 5D 00 00 80 06 00 00 01 33 00 7D 5D 3A 01 0B A2"
            "7E 00 18 91 00 DB 7D 33 7D 33 16 17 D0 EF 4C 7D 33 00 00 80 06 00 00 01 33 00 7D 33 4C 01 15 F3",
        )
        assert radio.unknown == ["BT"] and not radio.violations + radio.probes


def test_stranger_meters_measure_export_and_nothing():
    han = Han(0)
    han.demand(-1234)
    assert han.record(han.esme, 0x0B, METERING, DEMAND) == bytes.fromhex("0004 00 2A 2EFBFF")
    han.demand(None)
    assert han.record(han.esme, 0x0B, METERING, DEMAND) == bytes.fromhex("0004 00 2A 000080")
    assert han.record(han.gpf, 0x15, METERING, 0x0306) == bytes.fromhex("0603 00 18 80")
    assert han.record(han.gpf, 0x15, METERING, DEMAND) == bytes.fromhex("0004 86")


BROKEN = [
    ("7E 00 04 08 01 41 49 6D", "checksum"),
    ("7E 00 04 08 7D 21 41 49 6C", "escape"),
    ("7E 00 04 08 11 41 49 5C", "escape"),
    ("7E 00 04 08 7E 00 04 08 01 41 49 6C", "cut short"),
    ("2B 2B 2B 7E 00 04 08 01 41 49 6C", "outside"),
    ("7E 00 02 10 01 EE", "frame type"),
]
# Nearly a good read of the ESME's demand: 11 07 00DB117E0A0B0C0D FFFE 01 0B 0702 0109 00 20 00 30 00 0004.
WRONG = [
    ("FFFE 01 0B 0702 0109 00 00 00 30 00 0004", "no APS"),
    ("FFFE 02 0B 0702 0109 00 20 00 30 00 0004", "from endpoint 1"),
    ("FFFE 01 0B 0702 0104 00 20 00 30 00 0004", "from endpoint 1"),
    ("FFFE 01 01 0702 0109 00 20 00 30 00 0004", "no such server"),
    ("1234 01 0B 0702 0109 00 20 00 30 00 0004", "no such node"),
    ("FFFE 01 0B 0702 0109 00 20 18 30 0B 0A00", "Default Response to nothing"),
    ("FFFE 00 00 0005 0000 00 00 33 0000", "another node"),
]


@pytest.mark.parametrize(
    "text, complaint",
    BROKEN + [(enframe(bytes.fromhex("11 07 00DB117E0A0B0C0D" + text)).hex(), complaint) for text, complaint in WRONG],
)
def test_stranger_notes_what_must_not_be_sent(text, complaint):
    with by_hand() as (radio, ask):
        ask("7E 00 04 08 01 41 49 6C", "7E 00 06 88 01 41 49 00 00 EC")
        ask(text, "")
        radio.wait(lambda: radio.violations, 10)
        assert complaint in radio.violations[0]
