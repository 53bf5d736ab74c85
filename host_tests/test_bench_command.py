"""The bench as a command of its own, at the other end of a TCP connection."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from by_hand import HOME, api

ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
COMMAND = [sys.executable, "-m", "tools.bench", "--uart", "tcp-listen:0"]
JOINED = b"\x7e\x00\x02\x8a\x02\x73"


def test_it_serves_a_board_in_scaled_time_also_when_the_board_comes_back(tmp_path):
    scenario = tmp_path / "short.toml"
    scenario.write_text(HOME.replace('"00:15"', '"00:02"'))
    options = ["--speed", "30", "--scenario", str(scenario), "--capture", str(tmp_path / "tcp.pcap")]
    process = subprocess.Popen(COMMAND + options, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        address = "127.0.0.1", int(process.stdout.readline().split()[-1].rstrip("."))
        for end in (JOINED, api("8802" + b"AI".hex() + "0000")):
            with socket.create_connection(address) as board:
                board.settimeout(30)
                board.sendall(api("0802" + b"AI".hex()))
                heard = b""
                while not heard.endswith(end):
                    piece = board.recv(256)
                    assert piece, heard
                    heard += piece
            assert api("8802" + b"AI".hex() + "00")[4:8] in heard
        with socket.create_connection(address):
            assert process.wait(30) == 0
        assert process.stdout.read() == ""
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        process.stdout.close()
    assert (tmp_path / "tcp.pcap").stat().st_size > 24


@pytest.mark.parametrize(
    "words, complaint",
    [
        (("--uart", "foo"), "--uart: foo is none of tcp:HOST:PORT, tcp-listen:PORT\n"),
        (("--uart", "pty"), "--uart: pty is none of tcp:HOST:PORT, tcp-listen:PORT\n"),
        (("--uart", "tcp-listen:80000"), "--uart: tcp-listen:80000 needs a port from 0 to 65535"),
        (("--speed", "0"), "--speed: 0 is not a number from"),
        (("--speed", "nan"), "--speed: nan is not a number from"),
        (("--capture", "/nonexistent/x.pcap"), "--capture: /nonexistent/x.pcap cannot be made"),
        (
            ("--scenario", "nope"),
            "--scenario: nope is no scenario that comes along; there is a-day-at-home, moving-day\n",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_with_status_2(words, complaint):
    ended = subprocess.run([*COMMAND, *words], check=False, capture_output=True, text=True, env=ENVIRONMENT)
    assert ended.returncode == 2 and complaint in ended.stderr
    assert ended.stderr.count("\n") == 1 and ended.stdout == ""


def test_a_port_that_is_taken_is_refused_too():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        uart = f"tcp-listen:{taken.getsockname()[1]}"
        ended = subprocess.run([*COMMAND, "--uart", uart], check=False, capture_output=True, text=True, env=ENVIRONMENT)
    assert ended.returncode == 2 and ended.stderr.endswith(f"--uart: {uart} cannot be had: Address already in use\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0_and_a_whole_capture(number, tmp_path):
    capture = tmp_path / "cut.pcap"
    with subprocess.Popen(
        [*COMMAND, "--speed", "100", "--capture", str(capture)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        address = "127.0.0.1", int(process.stdout.readline().split()[-1].rstrip("."))
        with socket.create_connection(address) as board:
            board.settimeout(30)
            heard = b""
            while JOINED not in heard:
                heard += board.recv(256)
            process.send_signal(number)
            _, log = process.communicate(timeout=30)
    assert process.returncode == 0 and log == ""
    content, place = capture.read_bytes(), 24
    while place < len(content):
        place += 16 + int.from_bytes(content[place + 8 : place + 12], sys.byteorder)
    assert 24 < place == len(content)


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_it_says_once_that_nobody_is_there_and_ends_quietly(host):
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with subprocess.Popen(
            [*COMMAND, "--uart", f"tcp:{host}:{port}"], stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
        ) as process:
            assert process.stderr.readline() == f"bench: nobody at {host}:{port} yet, trying every second\n"
            process.terminate()
            assert process.communicate(timeout=30)[1] == "" and process.returncode == 0
