"""The board's end of the wires: one request out, one answer back, nothing decided here."""

import os
import sys
from array import array

import _operations

_send = open(os.getenv("REQUESTS"), "wb", 0).write  # noqa: SIM115 - open as long as the board runs
_receive = sys.stdin.buffer.readinto
_request = array("I", (0, 0, 0))
_answer = array("i", (0,))


def ask(operation, value=0, send=(), into=None, unit=0):
    """Ask the models one thing and wait for the answer; raises OSError with their errno.

    send: the buffers that follow the request; into: the buffer that the answer's data fill.
    """
    _request[0] = operation | unit << 8
    _request[1] = value
    _request[2] = len(into) if into is not None else 0
    for part in send:
        _request[2] += len(part)
    try:
        _send(_request)
        for part in send:
            _send(part)
    except OSError:
        raise SystemExit  # the models are gone, and the power with them
    if _receive(_answer) != 4:
        raise SystemExit
    result = _answer[0]
    if result < 0:
        raise OSError(-result)
    if into is not None and result:
        _receive(into if result == len(into) else memoryview(into)[:result])
    return result


class Blocks:
    """A NOR flash behind the wires, with the block-device methods of `esp32.Partition`."""

    def __init__(self, unit):
        self._unit = unit

    def readblocks(self, block, buffer, offset=0):
        ask(_operations.BLOCK_READ, block * 4096 + offset, into=buffer, unit=self._unit)

    def writeblocks(self, block, buffer, offset=None):
        if offset is None:
            raise NotImplementedError("writeblocks without an offset erases whole sectors: erase with ioctl(6, block)")
        ask(_operations.BLOCK_PROGRAM, block * 4096 + offset, (buffer,), unit=self._unit)

    def ioctl(self, command, argument):
        if command == 4:
            return ask(_operations.BLOCK_SIZE, unit=self._unit) // 4096
        if command == 5:
            return 4096
        if command == 6:
            ask(_operations.BLOCK_ERASE, argument * 4096, unit=self._unit)
        return 0
