"""The host's end of the wires: the board's requests in, answers out, its lines of output in their order."""

import os
import select
import struct
from collections import namedtuple

from .standins import _operations

_HEADER = struct.Struct("=III")
_RESULT = struct.Struct("=i")

Request = namedtuple("Request", "operation unit value length data")

PATIENCE_MS = 60_000


class Silent(Exception):
    """The program neither asked for anything nor ended within PATIENCE_MS of the host's time."""


class Wires:
    """Talks to one child; `on_event(line)` and `on_log(line)` get its standard output and standard error, as bytes."""

    def __init__(self, child, on_event, on_log):
        self._child = child
        self._hear = {child.events: on_event, child.log: on_log}
        self._partial = {child.events: b"", child.log: b""}
        self._poll = select.poll()
        for descriptor in (child.requests, *self._hear):
            self._poll.register(descriptor, select.POLLIN)

    def request(self):
        """The next Request, or None when the program has ended."""
        packet = self._read()
        while packet and not _complete(packet):
            packet += self._read()
        if not packet:
            self._drain()
            return None
        operation, value, length = _HEADER.unpack_from(packet)
        return Request(operation & 0xFF, operation >> 8, value, length, packet[_HEADER.size :])

    def answer(self, result):
        """Send an int, or bytes and how many they are."""
        packet = _RESULT.pack(result) if isinstance(result, int) else _RESULT.pack(len(result)) + result
        try:
            os.write(self._child.answers, packet)
        except BrokenPipeError:
            return  # the next request finds the end

    def sleep(self, seconds, interest):
        """Let the host's time pass while the program waits, until `interest` calls; True when the program has ended."""
        poll = select.poll()
        for descriptor, events in ((self._child.requests, select.POLLIN), *interest):
            poll.register(descriptor, events)
        ready = poll.poll(None if seconds is None else int(seconds * 1000 + 0.999))
        return any(descriptor == self._child.requests for descriptor, _ in ready)

    def _read(self):
        while True:
            ready = self._poll.poll(PATIENCE_MS)
            if not ready:
                raise Silent(f"the program has asked for nothing in {PATIENCE_MS // 1000} s")
            asked = False
            for descriptor, _ in ready:  # what was written before the request is heard before it
                if descriptor == self._child.requests:
                    asked = True
                elif not self._listen(descriptor):
                    self._poll.unregister(descriptor)
            if asked:
                return os.read(self._child.requests, 65536)

    def _listen(self, descriptor):
        data = os.read(descriptor, 65536)
        *lines, self._partial[descriptor] = (self._partial[descriptor] + data).split(b"\n")
        for line in lines:
            self._hear[descriptor](line)
        return data

    def _drain(self):
        for descriptor, hear in self._hear.items():
            while self._listen(descriptor):
                pass
            if self._partial[descriptor]:
                hear(self._partial[descriptor])


def _complete(packet):
    if len(packet) < _HEADER.size:
        return False
    operation, _, length = _HEADER.unpack_from(packet)
    return operation & 0xFF in _operations.READS or len(packet) == _HEADER.size + length
