"""Finds a genuine MicroPython VM, or obtains Debian's 32-bit one privately and without root.

    python -m tools.micropython_vm             prints its command line; ends with 1 when there is none
    python -m tools.micropython_vm --obtain    obtains the 32-bit one first; for set-up, so ends with 0 all the same

The order is $MICROPYTHON, `micropython` on the path, then Debian's i386 package unpacked under build/micropython/.
Only a 32-bit VM has objects of the size they have on an ESP32 and can judge heap: `find(bits=32)` insists.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "build" / "micropython"
WRAPPER = FOLDER / "micropython"
SUITE = "trixie"  # Debian 13 packages MicroPython 1.25.0
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

PROBE = "import sys; print(32 if sys.maxsize < 1 << 32 else 64, *sys.implementation[1][:3])"

# Runs the unpacked VM through the loader that was unpacked beside it: no i386 library is needed on the machine.
SCRIPT = """#!/bin/sh
root="$(dirname "$(readlink -f "$0")")/root"
exec "$root/usr/lib/ld-linux.so.2" --library-path "$root/usr/lib/i386-linux-gnu:$root/lib/i386-linux-gnu" \\
    "$root/usr/bin/micropython" "$@"
"""


class NotObtained(Exception):
    """The private 32-bit package cannot be had here; the text is one line that says why."""


@functools.lru_cache
def probe(command: str) -> tuple[int, str] | None:
    """Ask `command` what it is: (32 or 64, "1.25.0"), or None when it does not run as MicroPython."""
    try:
        done = subprocess.run([command, "-c", PROBE], check=False, capture_output=True, text=True, timeout=20)
        bits, major, minor, patch = done.stdout.split()
        return int(bits), f"{major}.{minor}.{patch}"
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def find(obtain: bool = False, bits: int | None = None) -> list[str] | None:
    """The command line of a VM that runs here, or None.

    bits: 32 or 64 to insist on that size. obtain: fetch the private 32-bit package (4 MB, 4 s) if nothing else serves,
    and say in one line on standard error why it cannot be had.
    """
    for command in (os.environ.get("MICROPYTHON"), shutil.which("micropython"), str(WRAPPER)):
        known = probe(command) if command else None
        if known and bits in (None, known[0]):
            return [command]
        if command and not known and command == os.environ.get("MICROPYTHON"):
            print(f"$MICROPYTHON is {command}, which does not run as MicroPython", file=sys.stderr)
    if not obtain or bits == 64:
        return None
    try:
        _obtain()
    except NotObtained as reason:
        print(f"no 32-bit MicroPython VM: {reason}", file=sys.stderr)
        return None
    probe.cache_clear()
    return [str(WRAPPER)]


def _obtain():
    if not KEYRING.exists() or not shutil.which("apt-get"):
        raise NotObtained("this machine has no apt with Debian's archive keyring")
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="micropython-", dir=FOLDER.parent) as folder:
        work = Path(folder)
        _download(work)
        fresh = work / "fresh"
        (fresh / "root").mkdir(parents=True)
        for package in sorted((work / "cache" / "archives").glob("*.deb")):
            _run("dpkg", "-x", package, fresh / "root")
        (fresh / WRAPPER.name).write_text(SCRIPT)
        (fresh / WRAPPER.name).chmod(0o755)
        if not probe(str(fresh / WRAPPER.name)):
            raise NotObtained("the package does not run here; does this kernel lack IA32 emulation?")
        shutil.rmtree(FOLDER, ignore_errors=True)
        fresh.rename(FOLDER)  # the index lists (20 MB) and the packages go with `work`


def _download(work: Path):
    """Fetch micropython:i386 and what it depends on with lists, cache and status of our own, and nobody else's."""
    for name in ("lists/partial", "cache/archives/partial"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "sources.list").write_text(f"deb [arch=i386 signed-by={KEYRING}] {_site()} {SUITE} main\n")
    options = {
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::State::Status": work / "status",
        "Dir::Cache": work / "cache",
        "APT::Architecture": "i386",
        "APT::Architectures": "i386",
        "APT::Sandbox::User": "",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::http::Timeout": "30",
        "Debug::NoLocking": "1",
    }
    apt = ["apt-get", "-qq", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    _run(*apt, "update")
    _run(*apt, "install", "--download-only", "-y", "--no-install-recommends", "micropython")


def _site() -> str:
    """Where the machine's own sources find Debian's main archive."""
    targets = _run("apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(ORIGIN)")
    for line in targets.splitlines():
        site, release, *origin = line.split(" ")
        if "-" not in release and origin in (["Debian"], [""]):  # not bookworm-security, not bookworm-updates
            return site
    raise NotObtained("apt's sources name no Debian archive")


def _run(*command) -> str:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    words = [str(word) for word in command]
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        complaints = [line for line in done.stderr.splitlines() if not line.startswith("W:")]
        raise NotObtained(f"{command[0]} says: {(complaints or ['failed'])[0]}")
    return done.stdout


def main(words) -> int:
    obtain = words == ["--obtain"]
    command = find(obtain, bits=32) or find()
    if not command:
        if not obtain:
            print("no MicroPython VM at hand; --obtain looks for one", file=sys.stderr)
        return 0 if obtain else 1
    bits, version = probe(command[0])
    judges = "" if bits == 32 else ": it runs the firmware, but heap is judged on a 32-bit VM only"
    print(f"MicroPython {version}, {bits}-bit{judges}", file=sys.stderr)
    print(*command)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
