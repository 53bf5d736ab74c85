"""The bench as a command of its own, at the other end of a TCP connection."""

import os
import signal
import socket
import subprocess
import sys

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


def test_a_scenario_that_cannot_be_played_ends_it_with_the_reason():
    ended = subprocess.run(
        [*COMMAND, "--scenario", "no-such-day"], check=False, capture_output=True, text=True, env=ENVIRONMENT
    )
    assert ended.returncode == 1 and "no-such-day.toml" in ended.stderr
