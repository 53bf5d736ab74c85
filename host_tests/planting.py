"""Plants defects, one after the other in a copy of the repository, and sees the test fail that guards against it.

A defect that no test notices survives; one whose text no longer stands exactly once in its file is stale. Either ends
the run with 1, and so does a test that fails without any defect.
"""

import argparse
import collections
import concurrent.futures
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import micropython_vm  # noqa: E402 - found through the line before

VECTORS = ROOT.parent / "shared" / "vectors"
AT_A_TIME = 2
TIMEOUT = 300  # s

# name: the defect. test: the pytest node that must fail when `text` in `file` becomes `replacement`.
Mutant = collections.namedtuple("Mutant", "name file text replacement test")


class Stale(Exception):
    """The mutant's text does not stand exactly once in its file; the text says how often."""


def copy(source, tree):
    """Copy what git tracks, and what it neither tracks nor ignores, from `source` into the folder `tree`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=source, stdout=subprocess.PIPE, text=True, check=True).stdout
    for name in listing.split("\0"):
        if name and (source / name).exists():  # what is deleted is listed until that is committed
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, tree / name)


def plant(tree, mutant):
    """Make the defect in the copy `tree`. Raises Stale."""
    file = tree / mutant.file
    content = file.read_text() if file.exists() else ""
    if content.count(mutant.text) != 1:
        raise Stale(f"its text stands {content.count(mutant.text)} times in {mutant.file}")
    file.write_text(content.replace(mutant.text, mutant.replacement))


def run(tree, *tests, seconds=None):
    """(exit status, output) of pytest with `tests` in the copy `tree`. With CI set, a test fails rather than skips.

    Raises subprocess.TimeoutExpired after so many seconds, TIMEOUT by default.
    """
    environment = {**os.environ, "CI": "true"}
    if VECTORS.is_dir():
        environment.setdefault("GBCS_VECTORS", str(VECTORS))
    if vm := micropython_vm.find():
        environment["MICROPYTHON"] = vm[0]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=seconds or TIMEOUT
    )
    return done.returncode, done.stdout + done.stderr


def verdict(mutant, tree):
    """What became of one mutant in the copy `tree`: "killed", "SURVIVED", or what is wrong with it."""
    file = tree / mutant.file
    content = file.read_text() if file.exists() else None
    try:
        plant(tree, mutant)
        forget_compiled(file)
        status, output = run(tree, mutant.test)
    except Stale as reason:
        return f"STALE: {reason}"
    except subprocess.TimeoutExpired:
        return f"DOES NOT END: its test runs for more than {TIMEOUT} s"
    finally:
        if content is not None:
            file.write_text(content)
            forget_compiled(file)
        shutil.rmtree(tree / "build", ignore_errors=True)
    return {0: "SURVIVED", 1: "killed"}.get(status, f"DOES NOT RUN:\n{output}")


def forget_compiled(file):
    """Have Python compile `file` anew: it may be changed again within a second, and be as long as before."""
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


def complaint(mutants, source=ROOT):
    """What pytest says of the mutants' tests without any mutant; "" when all pass and none is skipped."""
    tests = sorted({mutant.test for mutant in mutants})
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder)
        copy(source, tree)
        try:
            status, output = run(tree, "-n", str(AT_A_TIME), *tests, seconds=max(TIMEOUT, 5 * len(tests)))
        except subprocess.TimeoutExpired:
            return "They do not end."
    return output if status or " skipped" in output else ""


def main(mutants, source=ROOT, words=None):
    """Plant, test and tell of the mutants whose names hold one of `words`, without any of all; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help="a part of the names of the mutants wanted; without, all")
    parser.add_argument("--tested", action="store_true", help="their tests have just passed without any mutant")
    given = parser.parse_args(words)
    wanted = given.name
    chosen = [mutant for mutant in mutants if not wanted or any(word in mutant.name for word in wanted)]
    if not chosen:
        parser.error("no mutant is called that")
    print(f"{len(chosen)} mutants, about {3 + len(chosen) // 2} s ...", flush=True)
    failure = "" if given.tested else complaint(chosen, source)
    if failure:
        print(f"Without any mutant these tests must pass, and do not:\n{failure}")
        return 1
    killed = 0
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool,
    ):
        trees = queue.SimpleQueue()
        for n in range(AT_A_TIME):
            copy(source, Path(folder) / str(n))
            trees.put(Path(folder) / str(n))

        def judge(mutant):
            tree = trees.get()
            try:
                return verdict(mutant, tree)
            finally:
                trees.put(tree)

        for mutant, outcome in zip(chosen, pool.map(judge, chosen), strict=True):
            killed += outcome == "killed"
            print(f"{mutant.name:<52} {outcome}", flush=True)
    print(f"{killed} of {len(chosen)} killed")
    return 0 if killed == len(chosen) else 1
