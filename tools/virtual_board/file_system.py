"""The board's file system: a littlefs image that carries the installation settings."""

import json
from pathlib import Path

from littlefs import LittleFS, LittleFSError

from .flash import FlashError, write_whole

SIZE = 1_572_864  # what a 4 MB ESP32 leaves for it behind the application and `history`
SETTINGS = "settings.json"

# As MicroPython's VfsLfs2 formats it.
_GEOMETRY = {"block_size": 4096, "block_count": SIZE // 4096, "read_size": 32, "prog_size": 32}


def prepare(path=None, settings: dict | None = None) -> bytes:
    """The image in the file at `path`, made if absent, with `settings` merged into its settings.json.

    Without a path, an image that nobody keeps. Raises FlashError for a file that is no such image.
    """
    path = Path(path) if path is not None else None
    exists = path is not None and path.exists()
    files = _mount(path.read_bytes(), path) if exists else LittleFS(**_GEOMETRY)
    if settings:
        known = {}
        if SETTINGS in files.listdir("/"):
            with files.open(SETTINGS) as stream:
                known = json.load(stream)
        with files.open(SETTINGS, "w") as stream:
            json.dump({**known, **settings}, stream)
    image = bytes(files.context.buffer)
    if path is not None and (settings or not exists):
        write_whole(path, image)
    return image


def extract(image: bytes, folder: Path):
    """Write the files of `image` into `folder`."""
    files = _mount(image, "the image")
    for parent, folders, names in files.walk("/"):
        place = folder / parent.lstrip("/")
        for name in folders:
            (place / name).mkdir()
        for name in names:
            with files.open(f"{parent.rstrip('/')}/{name}", "rb") as stream:
                (place / name).write_bytes(stream.read())


def _mount(image, name) -> LittleFS:
    if len(image) != SIZE:
        raise FlashError(f"{name} holds {len(image)} bytes, not {SIZE}: not an image of the file system")
    files = LittleFS(mount=False, **_GEOMETRY)
    files.context.buffer[:] = image
    try:
        files.mount()
    except LittleFSError as error:
        raise FlashError(f"{name} is not a littlefs image: {error}") from error
    return files
