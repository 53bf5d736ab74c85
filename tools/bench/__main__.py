"""The bench in real time: it plays the XBee and the network to a board at the other end of a TCP connection.

The board's milliseconds start with the first connection; `--speed N` lets N of its seconds pass in one of ours.
"""

import argparse
import select
import socket
import sys
import time

from tools.bench import Bench, ScenarioError, load_scenario

LONGEST_WAIT_S = 0.5


def connections(uart):
    """Connected sockets, one after the other: `tcp:HOST:PORT` is tried every second, `tcp-listen:PORT` waits on
    127.0.0.1."""
    kind, _, where = uart.partition(":")
    if kind == "tcp-listen":
        with socket.create_server(("127.0.0.1", int(where))) as server:
            print(f"Listening on port {server.getsockname()[1]}.", flush=True)
            while True:
                yield server.accept()[0]
    host, _, port = where.rpartition(":")
    while True:
        try:
            yield socket.create_connection((host, int(port)))
        except OSError:
            time.sleep(1)


def converse(bench, connection, board_ms, end_ms, speed):
    """Carry bytes both ways; returns whether the scenario has ended, rather than the board hung up."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while (now := board_ms()) < end_ms:
            connection.sendall(bench.advance(now))
            due = bench.due()
            wait = LONGEST_WAIT_S if due is None else max(0, due - board_ms()) / 1000 / speed
            readable, _, _ = select.select([connection], [], [], min(wait, LONGEST_WAIT_S))
            if readable:
                received = connection.recv(4096)
                if not received:
                    return False
                bench.board_sent(received, board_ms())
    except ConnectionError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--uart", required=True, help="tcp:HOST:PORT or tcp-listen:PORT")
    parser.add_argument("--speed", type=int, default=1, help="seconds of board time a second")
    parser.add_argument("--scenario", default="a-day-at-home", help="a TOML file, or the name of one that comes along")
    parser.add_argument("--capture", help="pcap file to write")
    options = parser.parse_args()
    try:
        scenario = load_scenario(options.scenario)
    except (ScenarioError, OSError) as error:
        sys.exit(str(error))
    bench = Bench(scenario, options.capture, tell=lambda sentence: print(sentence, flush=True))
    start = None

    def board_ms():
        return int((time.monotonic() - start) * 1000 * options.speed)

    for connection in connections(options.uart):
        start = time.monotonic() if start is None else start
        with connection:
            if converse(bench, connection, board_ms, scenario.duration_ms, options.speed):
                break
    bench.close()
    for fault in bench.faults:
        print(f"Fault at {fault}")
    sys.exit(1 if bench.faults else 0)


if __name__ == "__main__":
    main()
