"""NOR flash: erase makes ones, programming only clears, and every operation is in the file before it is answered.

Source: the flash chips that ESP32 modules carry (4 KiB sectors); firmware/ihd/history/ring.py, Medium.
"""

import os
from pathlib import Path

SECTOR = 4096
HISTORY_SIZE = 524_288


class FlashError(Exception):
    """An operation that the chip cannot do, or an image that is not one; the text names which."""


class NorFlash:
    """`size` bytes of NOR flash, kept in the file at `path` or, without one, only as long as the object.

    A file that is absent is made, of ones or of `content`. `cells` is what the chip holds, for those who look on.
    """

    def __init__(self, size: int, path=None, content: bytes | None = None):
        self.size = size
        self.cells = bytearray(content or b"\xff" * size)
        self._file = None
        if path is not None:
            path = Path(path)
            if not path.exists():
                write_whole(path, self.cells)
            if path.stat().st_size != size:
                raise FlashError(f"{path} holds {path.stat().st_size} bytes, not {size}: not an image of this flash")
            self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            self.cells[:] = os.pread(self._file, size, 0)

    def read(self, offset: int, count: int) -> bytes:
        self._check(offset, count)
        return bytes(self.cells[offset : offset + count])

    def program(self, offset: int, data: bytes):
        """Clear bits; nothing is programmed and FlashError raised if a 0 would have to become 1."""
        self._check(offset, len(data))
        for place, new in enumerate(data, offset):
            old = self.cells[place]
            if new & ~old:
                raise FlashError(f"program at 0x{place:06x} needs 0 to become 1: 0x{old:02x} to 0x{new:02x}")
        self._store(offset, data)

    def erase(self, offset: int):
        if offset % SECTOR:
            raise FlashError(f"erase at 0x{offset:06x} is not at the start of a sector")
        self._check(offset, SECTOR)
        self._store(offset, b"\xff" * SECTOR)

    def close(self):
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _check(self, offset, count):
        if offset + count > self.size:
            raise FlashError(f"0x{offset:06x} and {count} bytes reach beyond the end of the flash")

    def _store(self, offset, data):
        # A power cut is SIGKILL here: what the kernel has, survives. No fsync.
        if self._file is not None:
            os.pwrite(self._file, data, offset)
        self.cells[offset : offset + len(data)] = data


def write_whole(path: Path, content: bytes):
    """Make or replace a file so that no reader and no power cut ever finds half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
