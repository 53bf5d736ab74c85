"""Makes the virtual environment .venv and installs the pinned tools in it, also where Python came without venv's pip.

Run by the system's own Python, so it needs nothing that is not there: pip comes from Python itself, else from the
system's pip, else from Debian's package of pip's wheel, unpacked privately and without root.
"""

import pathlib
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PRIVATE = ROOT / "build" / "pip"


class NoPip(Exception):
    """Neither Python, nor the system, nor apt has a pip."""


def make():
    """Create .venv if it is not whole, and return the command line of a pip that installs into it. Raises NoPip."""
    python = VENV / "bin" / "python"
    if not python.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, symlinks=True)
    own = [python, "-m", "pip"]
    if works(own) or works([python, "-m", "ensurepip"], []) and works(own):
        return own
    system = [sys.executable, "-m", "pip", "--python", python]
    if works(system):
        return system
    return [python, private_pip() / "pip"]


def works(command, question=("--version",)):
    """Whether a command ends well; what it prints is nobody's business."""
    return subprocess.run([*command, *question], capture_output=True, check=False).returncode == 0


def private_pip():
    """Debian's wheel of pip under build/pip. Raises NoPip."""
    PRIVATE.mkdir(parents=True, exist_ok=True)
    if shutil.which("apt-get") and shutil.which("dpkg"):
        subprocess.run(["apt-get", "download", "-qq", "python3-pip-whl"], cwd=PRIVATE, capture_output=True, check=False)
        for package in PRIVATE.glob("python3-pip-whl*.deb"):
            subprocess.run(["dpkg", "-x", package, PRIVATE], check=True)
    for wheel in PRIVATE.glob("usr/share/python-wheels/pip-*.whl"):
        return wheel
    raise NoPip("no pip: on Debian and Ubuntu, apt-get update and apt-get install python3-venv")


def main():
    """Set .venv up; 1 with a sentence when that cannot be done."""
    try:
        pip = make()
    except NoPip as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    words = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", ROOT / "requirements.txt"]
    return subprocess.run([*pip, *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
