"""The UART's other end outside this process: a TCP connection or a pseudo-terminal, in the shape of a UART peer.

A peer has `board_sent(data, ms)`, `due()` and `advance(ms)` as the bench has; these add `interest()`, what the board's
wait should watch, and `close()`. Nothing is paced. A peer that does not read is waited for by nobody: what it leaves
beyond BACKLOG is lost, as on a line without flow control.
"""

import errno
import os
import select
import socket
import sys
import tty

CHUNK = 1024  # the board's receive buffer: more is not read before that is empty, and TCP holds the peer back
BACKLOG = 65536
RETRY_MS = 1000
FORMS = {"tcp": "tcp:HOST:PORT", "tcp-listen": "tcp-listen:PORT", "pty": "pty"}


class Nothing:
    """An UART with nothing on it: what is sent is gone, and nothing ever comes."""

    def board_sent(self, data, ms):
        pass

    def due(self):
        return None

    def advance(self, ms):
        return b""


class _Line:
    """A stream that may or may not have someone at its other end."""

    def __init__(self):
        self._file = None  # of whoever is there: a socket or a descriptor
        self._out = bytearray()
        self._retry = 0  # board ms at which to look again for someone

    def board_sent(self, data, ms):
        if self._file is not None:
            self._out += data[: BACKLOG - len(self._out)]
            self._flush()

    def due(self):
        return self._retry if self._file is None else None

    def advance(self, ms):
        if self._file is None:
            self._meet(ms)
        if self._file is None:
            return b""
        self._flush()
        try:
            data = self._read()
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._part()
        return data

    def interest(self):
        """(file descriptor, poll events) that end the board's wait."""
        if self._file is None:
            return []
        return [(self._descriptor(), select.POLLIN | (select.POLLOUT if self._out else 0))]

    def _flush(self):
        try:
            while self._out:
                del self._out[: os.write(self._descriptor(), self._out)]
        except BlockingIOError:
            return
        except OSError:
            self._out.clear()  # the next read finds out why

    def _part(self):
        self._file = None
        self._out.clear()


class _Tcp(_Line):
    def _descriptor(self):
        return self._file.fileno()

    def _read(self):
        return self._file.recv(CHUNK)

    def _greet(self, connection, peer):
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = connection
        print(f"UART: connected to {peer[0]}:{peer[1]}", file=sys.stderr)

    def _part(self):
        self._file.close()
        print("UART: disconnected", file=sys.stderr)
        super()._part()


class TcpConnect(_Tcp):
    """`tcp:HOST:PORT`: connects, and tries again every second of board time."""

    def __init__(self, host, port):
        super().__init__()
        self._address = (host, port)
        self._trying = None
        self._missed = False  # said that nobody is there

    def interest(self):
        return [(self._trying.fileno(), select.POLLOUT)] if self._trying else super().interest()

    def _meet(self, ms):
        if self._trying is None:
            if ms < self._retry:
                return
            self._retry = ms + RETRY_MS
            self._trying = socket.socket(socket.AF_INET)
            self._trying.setblocking(False)
        try:
            state = self._trying.connect_ex(self._address)
        except socket.gaierror as error:
            state = error.errno
        if state in (errno.EINPROGRESS, errno.EALREADY):
            if ms >= self._retry:
                self._retry = ms + RETRY_MS
                self._miss()
            return
        trying, self._trying = self._trying, None
        if state in (0, errno.EISCONN):
            self._greet(trying, self._address)
        else:
            trying.close()
            self._miss()

    def _miss(self):
        if not self._missed:
            print("virtual board: " + nobody(*self._address), file=sys.stderr)
            self._missed = True

    def close(self):
        for connection in (self._trying, self._file):
            if connection is not None:
                connection.close()


class TcpListen(_Tcp):
    """`tcp-listen:PORT` on 127.0.0.1: one connection at a time is the UART, the next one waits for its end."""

    def __init__(self, port):
        super().__init__()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=1)
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]

    def due(self):
        return None

    def interest(self):
        return super().interest() or [(self._listener.fileno(), select.POLLIN)]

    def _meet(self, ms):
        try:
            self._greet(*self._listener.accept())
        except BlockingIOError:
            return

    def close(self):
        for connection in (self._listener, self._file):
            if connection is not None:
                connection.close()


class Pty(_Line):
    """`pty`: a pseudo-terminal in raw mode; `port` is its path. What is sent while nobody has it open is lost."""

    def __init__(self):
        super().__init__()
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.port = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self._master, False)

    def _descriptor(self):
        return self._master

    def _read(self):
        return os.read(self._master, CHUNK)

    def _meet(self, ms):
        self._retry = ms + RETRY_MS // 10
        hung_up = select.poll()
        hung_up.register(self._master, 0)
        if not hung_up.poll(0):
            self._file = self._master

    def close(self):
        os.close(self._master)


def nobody(host, port):
    """What to say, once, when nobody listens at the other end."""
    return f"nobody at {host}:{port} yet, trying every second"


def address(text: str, kinds=tuple(FORMS)):
    """(kind, host, port) of what `--uart` says; raises ValueError, whose text is a sentence without its subject."""
    kind, _, rest = text.partition(":")
    host, _, port = rest.rpartition(":")
    if text == "pty" and kind in kinds:
        return kind, None, None
    if kind == "pty" or kind not in kinds or not port or bool(host) != (kind == "tcp"):
        raise ValueError(f"{text} is none of {', '.join(FORMS[kind] for kind in kinds)}")
    lowest = 1 if kind == "tcp" else 0
    if not (port.isdecimal() and len(port) <= 5 and lowest <= int(port) <= 65535):
        raise ValueError(f"{text} needs a port from {lowest} to 65535, not {port}")
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise ValueError(f"{text} names a host that cannot be") from error
    return kind, host, int(port)


def open_uart(kind, host, port):
    """The transport of an `address`; raises OSError for a port that cannot be had."""
    if kind == "pty":
        return Pty()
    return TcpConnect(host, port) if kind == "tcp" else TcpListen(port)
