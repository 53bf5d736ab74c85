"""The virtual board as a process: its command line, its transports, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from board_program import BOTH, folder, need
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 60
WIDE = os.environ | {"COLUMNS": "400"}

ECHO = """
buffer = bytearray(256)
say(event="boot", version="1")
while True:
    poll.poll(10000)
    count = uart.readinto(buffer)
    if count:
        uart.write(memoryview(buffer)[:count])
"""


class Process:
    """A running `python -m tools.virtual_board`, in a process group of its own."""

    def __init__(self, tmp_path, interpreter, program, *words):
        need(interpreter)
        command = [sys.executable, "-m", "tools.virtual_board", "--interpreter", interpreter]
        self.it = subprocess.Popen(
            [*command, "--device", str(folder(tmp_path, program)), *map(str, words)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.it.kill()
        self.it.wait()
        self.it.stdout.close()
        self.it.stderr.close()

    def event(self, name):
        """The next event of that name."""
        for line in self.it.stdout:
            event = json.loads(line)
            if event["event"] == name:
                return event
        raise AssertionError(f"no {name} event; standard error: {self.it.stderr.read()}")

    def end(self, number=None):
        """(exit status, the rest of standard error), after a signal if `number` is given."""
        if number:
            self.it.send_signal(number)
        _, log = self.it.communicate(timeout=PATIENCE_S)
        return self.it.returncode, log

    def children(self):
        return [int(pid) for pid in Path(f"/proc/{self.it.pid}/task/{self.it.pid}/children").read_text().split()]


def gone(pid):
    """Wait until a process has ended (an orphan may stay unreaped where nobody cares for orphans)."""
    for _ in range(PATIENCE_S * 100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def exchange(link, octets):
    """Send through a socket until as much has come back; the echo."""
    link.sendall(octets)
    back = b""
    while len(back) < len(octets) and (piece := link.recv(4096)):
        back += piece
    return back


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


@BOTH
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_sigterm_and_sigint_end_it_with_status_0_and_no_child_stays(interpreter, number, tmp_path):
    with Process(tmp_path, interpreter, ECHO) as board:
        assert board.event("boot")["pid"] == board.it.pid
        children = board.children()
        status, log = board.end(number)
        assert status == 0 and "Traceback" not in log
        assert len(children) == 1 and gone(children[0])


@BOTH
def test_sigterm_to_the_whole_group_is_as_quiet(interpreter, tmp_path):
    with Process(tmp_path, interpreter, ECHO) as board:
        board.event("boot")
        os.killpg(board.it.pid, signal.SIGTERM)
        status, log = board.end()
    assert status == 0 and "Traceback" not in log


@BOTH
@pytest.mark.parametrize("cut", [os.kill, os.killpg])
def test_power_cut_takes_the_child_along_and_leaves_every_finished_flash_operation(interpreter, cut, tmp_path):
    program = """
history = Partition.find(Partition.TYPE_DATA, label="history")[0]
word = bytearray(4)
place = 0
while True:
    history.readblocks(place // 4096, word, place % 4096)
    if word == b"\\xff\\xff\\xff\\xff":
        break
    place += 4
say(event="boot", version="1", place=place)
for place in range(place, 500000, 4):
    history.writeblocks(place // 4096, (place // 4).to_bytes(4, "little"), place % 4096)
    say(event="written", place=place)
rest()
"""
    path = tmp_path / "flash.img"
    start = 0
    for _ in range(3):
        with Process(tmp_path, interpreter, program, "--flash", path) as board:
            assert board.event("boot")["place"] >= start
            for _ in range(20):
                written = board.event("written")["place"]
            (child,) = board.children()
            cut(board.it.pid, signal.SIGKILL)
            board.it.wait()
            assert gone(child)
        content = path.read_bytes()
        start = written + 4
        assert len(content) == 524_288
        assert all(content[n : n + 4] == (n // 4).to_bytes(4, "little") for n in range(0, start, 4))


@BOTH
def test_tcp_listen_takes_one_connection_after_the_other(interpreter, tmp_path):
    with Process(tmp_path, interpreter, ECHO, "--uart", "tcp-listen:0") as board:
        port = board.event("uart")["port"]
        board.event("boot")
        for octets in (b"\x7e\x7d\x11\x13", b"again" * 100):
            with connect(port) as link:
                assert exchange(link, octets) == octets
        assert board.end(signal.SIGTERM)[0] == 0


def test_tcp_holds_a_peer_back_and_loses_nothing(tmp_path):
    flood = os.urandom(300_000)
    with Process(tmp_path, "cpython", ECHO, "--uart", "tcp-listen:0") as board:
        with connect(board.event("uart")["port"]) as link:
            sender = threading.Thread(target=link.sendall, args=(flood,))
            sender.start()
            back = b""
            while len(back) < len(flood) and (piece := link.recv(65536)):
                back += piece
            sender.join()
        assert back == flood


@BOTH
def test_tcp_connects_and_connects_again(interpreter, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        port = listener.getsockname()[1]
        with Process(tmp_path, interpreter, ECHO, "--uart", f"tcp:127.0.0.1:{port}", "--speed", "10"):
            for octets in (b"one", b"two"):
                link, _ = listener.accept()
                with link:
                    link.settimeout(PATIENCE_S)
                    assert exchange(link, octets) == octets


def test_tcp_waits_for_a_listener_that_comes_later(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with Process(tmp_path, "cpython", ECHO, "--uart", f"tcp:localhost:{port}", "--speed", "10") as board:
            board.event("boot")
            assert board.it.stderr.readline() == f"virtual board: nobody at localhost:{port} yet, trying every second\n"
            listener.listen()
            listener.settimeout(PATIENCE_S)
            link, _ = listener.accept()
            with link:
                link.settimeout(PATIENCE_S)
                assert exchange(link, b"late") == b"late"
            status, log = board.end(signal.SIGTERM)
    assert status == 0 and "nobody" not in log


def test_a_host_that_nobody_knows_is_told_once(tmp_path):
    uart = "tcp:no-such-host.invalid:4000"
    with Process(tmp_path, "cpython", 'poll.poll(5000)\nsay(event="later")\nrest()', "--uart", uart) as board:
        board.event("later")
        status, log = board.end(signal.SIGTERM)
    assert status == 0
    assert log == "virtual board: nobody at no-such-host.invalid:4000 yet, trying every second\n"


@BOTH
def test_pty_is_raw_and_may_be_opened_again(interpreter, tmp_path):
    with Process(tmp_path, interpreter, ECHO, "--uart", "pty", "--speed", "10") as board:
        path = board.event("uart")["port"]
        board.event("boot")
        for octets in (b"\x7e\r\n\x03\x04\x11\x13\x7f", b"again"):
            line = os.open(path, os.O_RDWR | os.O_NOCTTY)
            os.write(line, octets)
            back = b""
            while len(back) < len(octets):
                back += os.read(line, 100)
            os.close(line)
            assert back == octets


@BOTH
def test_a_traceback_ends_it_with_status_1_and_an_error_event(interpreter, tmp_path):
    program = 'say(event="boot", version="1")\nraise KeyError("gone")'
    with Process(tmp_path, interpreter, program) as board:
        board.event("boot")
        error = board.event("error")
        status, log = board.end()
    assert error["where"] == "main.py" and error["what"].startswith("KeyError: ")
    assert status == 1 and "Traceback" in log and log.splitlines()[-1].startswith("virtual board: KeyError: ")


def test_a_program_that_ends_is_a_board_that_has_failed(tmp_path):
    with Process(tmp_path, "cpython", "say()") as board:
        status, log = board.end()
    assert status == 1 and log == "virtual board: main.py has ended\n"


@pytest.mark.parametrize(
    "words, complaint",
    [
        (("--flash", "small.img"), "small.img holds 4 bytes, not 524288"),
        (("--vfs", "small.img"), "small.img holds 4 bytes, not 1572864"),
        (("--uart", "carrier-pigeon"), "carrier-pigeon is none of tcp:HOST:PORT"),
        (("--panel", "tft"), "--panel: tft is not built yet"),
        (("--press", "up@3"), "up is none of prev, next, select"),
        (("--set", "poll"), "poll is not KEY=VALUE"),
        (("--press", "prev"), "--press: prev needs seconds"),
        (("--press", "prev@-1"), "--press: prev@-1 needs seconds"),
        *((("--speed", bad), f"--speed: {bad} is not a number from") for bad in ("0", "-1", "nan", "inf", "fast")),
        (("--uart", "tcp:127.0.0.1:99999"), "--uart: tcp:127.0.0.1:99999 needs a port from 1 to 65535"),
        (("--uart", "tcp:127.0.0.1"), "--uart: tcp:127.0.0.1 is none of tcp:HOST:PORT"),
        (("--uart", "tcp:a..b:4000"), "--uart: tcp:a..b:4000 names a host that cannot be"),
        (("--heap", "abc"), "--heap: abc is not a number of bytes"),
        *(((option, "no/x.png"), f"{option}: no/x.png cannot be made") for option in ("--flash", "--vfs", "--screen")),
    ],
)
def test_what_cannot_be_is_refused_by_name_before_anything_runs(words, complaint, tmp_path):
    (tmp_path / "small.img").write_bytes(b"tiny")
    words = [str(tmp_path / word) if word == "small.img" else word for word in words]
    with Process(tmp_path, "cpython", "say()", *words) as board:
        status, log = board.end()
    assert complaint in log and log.count("\n") == 1
    assert status == (1 if "small.img" in complaint else 2)


def test_help_explains_every_option_and_offers_nothing_that_is_not_built():
    for tool in ("tools.virtual_board", "tools.bench"):
        command = [sys.executable, "-m", tool, "--help"]
        text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=WIDE).stdout
        options = re.findall(r"^  --\S+", text, re.MULTILINE)
        explained = re.findall(r"^  --\S+ \S.*?\s{2,}(?!--)\S", text, re.MULTILINE)
        assert options and len(explained) == len(options), text
        assert "oled|tft" not in text


@BOTH
def test_settings_keys_screen_events_file_and_speed(interpreter, tmp_path):
    program = """
keys = {"prev": Pin(32), "next": Pin(33), "select": Pin(39)}
say(event="settings", settings=json.load(open("settings.json")))
i2c.writeto(0x3C, b"\\x00\\x8D\\x14\\xAF\\xA5")
poll.poll(10)
seen = []
while len(seen) < 2:
    seen += [name for name in keys if not keys[name].value() and name not in seen]
    poll.poll(20)
say(event="seen", keys=seen)
rest()
"""
    events, screen = tmp_path / "events.jsonl", tmp_path / "screen.png"
    settings = ("--set", "poll_s=5", "--set", "name=Flat 2", "--set", 'list=["a", null]')
    words = ("--press", "select@2", "--press", "prev@1.5", "--events", events, "--screen", screen, "--speed", "20")
    with Process(tmp_path, interpreter, program, *settings, *words) as board:
        assert board.event("settings")["settings"] == {"poll_s": 5, "name": "Flat 2", "list": ["a", None]}
        assert board.event("seen")["keys"] == ["prev", "select"]
        assert board.end(signal.SIGTERM)[0] == 0
    assert [json.loads(line)["event"] for line in events.read_text().splitlines()] == ["settings", "seen"]
    assert Image.open(screen).getextrema() == (255, 255)


def test_stand_ins_heap_is_printed_and_the_limit_holds(tmp_path):
    program = 'say(event="boot", version="1")\nheld = bytearray(100000)'
    with Process(tmp_path, "micropython", program, "--heap", "64K") as board:
        boot = board.event("boot")
        status, log = board.end()
    assert boot["heap"] == 65_536
    assert f"the stand-ins take {boot['standins']} bytes of heap, not charged" in log
    assert status == 1 and "MemoryError" in log
