"""The bench in real time: it plays the XBee and the network to a board at the other end of a TCP connection.

The board's milliseconds start with the first connection; `--speed N` lets N of its seconds pass in one of ours.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time

from tools.bench import Bench, ScenarioError, load_scenario
from tools.virtual_board.__main__ import Parser, file, speed, uart
from tools.virtual_board.transports import nobody

LONGEST_WAIT_S = 0.5
LONGEST_ATTEMPT_S = 5
ENDINGS = (signal.SIGTERM, signal.SIGINT)


def accepted(server):
    """Connected sockets, one after the other, of whoever calls."""
    while True:
        yield server.accept()[0]


def connected(host, port):
    """Connected sockets, one after the other; until somebody is there, it is tried every second."""
    missed = False
    while True:
        try:
            connection = socket.create_connection((host, port), LONGEST_ATTEMPT_S)
        except OSError:
            if not missed:
                print("bench: " + nobody(host, port), file=sys.stderr)
            missed = True
            time.sleep(1)
        else:
            connection.settimeout(None)
            yield connection


@contextlib.contextmanager
def _undisturbed():
    """No signal ends the bench in here, where a frame may be half in the capture."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def converse(bench, connection, board_ms, end_ms, speed):
    """Carry bytes both ways; returns whether the scenario has ended, rather than the board hung up."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while (now := board_ms()) < end_ms:
            with _undisturbed():
                data = bench.advance(now)
            connection.sendall(data)
            due = bench.due()
            wait = LONGEST_WAIT_S if due is None else max(0, due - board_ms()) / 1000 / speed
            readable, _, _ = select.select([connection], [], [], min(wait, LONGEST_WAIT_S))
            if readable:
                received = connection.recv(4096)
                if not received:
                    return False
                with _undisturbed():
                    bench.board_sent(received, board_ms())
    except ConnectionError:
        return False
    return True


def _arguments():
    """The options, with the scenario read and `connections` in place of the address."""
    parser = Parser(prog="python -m tools.bench", description=__doc__.splitlines()[0])
    add = parser.add_argument
    where = "where the board is, tried every second, or the port of 127.0.0.1 at which it calls (0: a free one)"
    add(
        "--uart",
        metavar="tcp:HOST:PORT|tcp-listen:PORT",
        type=lambda text: uart(text, ("tcp", "tcp-listen")),
        required=True,
        help=where,
    )
    add(
        "--speed", metavar="N", type=speed, default=1, help="seconds of board time a second, default 1; the board's too"
    )
    known = "a TOML file, or the name of one that comes along; a-day-at-home if not given"
    add("--scenario", metavar="NAME|FILE", default="a-day-at-home", help=known)
    add("--capture", metavar="FILE", type=file, help="pcap file to write, with every frame as if decrypted")
    options = parser.parse_args()
    try:
        options.scenario = load_scenario(options.scenario)
    except ScenarioError as error:
        parser.error(f"--scenario: {error}")
    kind, host, port = options.uart
    if kind == "tcp":
        options.connections = connected(host, port)
        return options
    try:
        server = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        parser.error(f"--uart: {kind}:{port} cannot be had: {os.strerror(error.errno)}")
    print(f"Listening on port {server.getsockname()[1]}.", flush=True)
    options.connections = accepted(server)
    return options


def _end(signum, frame):
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def main():
    for number in ENDINGS:
        signal.signal(number, _end)
    options = _arguments()
    try:
        bench = Bench(options.scenario, options.capture, tell=lambda sentence: print(sentence, flush=True))
    except ValueError as error:  # the loads find out what a register must have been before its history
        sys.exit(f"bench: {error}")
    for name, value in options.scenario.settings.items():
        print(f"This scenario is for a board with the setting {name}={value}.", flush=True)
    start = None

    def board_ms():
        return int((time.monotonic() - start) * 1000 * options.speed)

    try:
        for connection in options.connections:
            start = time.monotonic() if start is None else start
            with connection:
                if converse(bench, connection, board_ms, options.scenario.duration_ms, options.speed):
                    break
    finally:
        bench.close()
        for fault in bench.faults:
            print(f"Fault at {fault}")
    sys.exit(1 if bench.faults else 0)


if __name__ == "__main__":
    main()
