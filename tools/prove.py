"""Prove that the checks find what they are there for; writes tests/PROOF.md.

    make prove                                       all kinds of tampering, all bugs
    .venv/bin/python -m tools.prove pictures 06      only what has this in its name

Each kind of tampering is done to a copy of one notebook, and each bug is put into a copy of the
repository. There the checks of `make test` run until one of them fails: the static checks, then
the tests of that module or the run of that notebook, then all others but a few.
"""

import concurrent.futures
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from tests.mutations import BUGS, reseal
from tests.stored_checks import check_notebook
from tests.tampering import KINDS
from tools.notebooks import ROOT, describe

# The tests of a module, where they do not just bear its name.
TESTS = {
    "engine": ["exercises"],
    "comparing": ["exercises"],
    "registry": ["registry", "exercises"],
    "data": ["data", "mnist"],
    "training": ["training", "network"],
}
REPORT = ROOT / "tests" / "PROOF.md"


def main(words):
    """Try all, or what contains one of `words`; return 1 if something is not as it should be."""
    start = time.perf_counter()
    wanted = [one for one in [*KINDS, *BUGS] if any(word in one.name for word in words or [""])]
    with tempfile.TemporaryDirectory() as folder:
        copies = queue.SimpleQueue()
        for number in range(2):
            copies.put(copy_repository(Path(folder, str(number))))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = dict(
                zip(wanted, pool.map(lambda one: try_in(copies, one), wanted), strict=True)
            )
    write_report(found)
    missed = [one for one, by in found.items() if not as_it_should_be(one, by)]
    for one in missed:
        print(f"NOT AS IT SHOULD BE: {one.name}")
    minutes = (time.perf_counter() - start) / 60
    print(f"{len(wanted)} tried in {minutes:.0f} minutes, {len(missed)} not as they should be.")
    return 1 if missed else 0


def as_it_should_be(one, by):
    """Return whether this was found by what should find it."""
    if one in BUGS:
        return bool(by) is not bool(one.harmless)
    return bool(by) and (by == "manifest") is (one.seen == "manifest")


def copy_repository(target):
    """Copy what git would see, and MNIST if it is there, and return where it is."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    for name in [*names, "data/mnist.npz"]:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def try_in(copies, one):
    """Return what finds this in a free copy of the repository, and restore the copy."""
    root = copies.get()
    try:
        by = try_bug(one, root) if one in BUGS else try_kind(one, root)
        print(f"{one.name}: {by or 'not found'}", flush=True)
        return by
    finally:
        for name in ("tests/manifest.json", one.file):
            shutil.copy(ROOT / name, root / name)
        copies.put(root)


def try_kind(kind, root):
    """Return what finds this kind of tampering: its name, or None."""
    file = root / kind.file
    text, notebook = kind.apply(nbformat.read(file, as_version=4))
    file.write_bytes(text.encode())
    if check_notebook(file, [describe(cell) for cell in notebook.cells] if notebook else None):
        return "static checks"
    reseal(root)
    if run_pytest(root, kind.file):
        return "comparison with a new run"
    return "manifest" if check_notebook(file) else None


def try_bug(bug, root):
    """Return what finds this bug: the first check that fails, or None."""
    bug.put_into(root)
    if bug.file.startswith("notebooks"):
        file = root / bug.file
        cells = nbformat.read(file, as_version=4).cells
        if check_notebook(file, [describe(cell) for cell in cells]):
            return "static checks"
        reseal(root)
        near = [bug.file]
    else:
        stem = Path(bug.file).stem
        # The package of the exercises itself, and the module of each of its steps.
        stem = "exercises" if re.fullmatch(r"__init__|step_\d\d", stem) else stem
        near = [f"tests/test_{name}.py" for name in TESTS.get(stem, [stem])]
    # Not these: they prove, need a browser, or would make another environment.
    without = [f"--ignore=tests/{name}" for name in ("test_tampering.py", "browser", "test_lab.py")]
    for where in near, ["notebooks"], ["tests", *without]:
        found = run_pytest(root, *where)
        if found:
            return found
    return None


def run_pytest(root, *where):
    """Run pytest in a copy until a test fails; return the name of that test, or None.

    A test that never ends has failed, too: ten minutes are more than any test takes.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--nbval"]
    end = ["-o", "faulthandler_timeout=600", "-o", "faulthandler_exit_on_timeout=true"]
    done = subprocess.run(
        [*command, *end, *where],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
    )
    return first_failure(done.stdout) if done.returncode else None


def first_failure(output):
    """Return the name of the test that failed, without its parameters."""
    found = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:::(.+?))?(?:\[.*)?(?: - .*)?$", output, re.M)
    return ", ".join(filter(None, found.groups())) if found else "pytest, without a result"


def write_report(found):
    """Write two tables; what was not tried now keeps its line."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    before = {name: line for line in text.splitlines() for name in [line.split(" | ")[0]]}

    def line(one):
        name = f"| {one.name}"
        if one not in found:
            return before.get(name, f"{name} | not tried yet |")
        nothing = "**nothing**"
        if getattr(one, "harmless", ""):
            nothing = f"nothing, it is harmless: {one.harmless}"
        return f"{name} | {found[one] or nothing} |"

    lines = [
        "# What the checks find",
        "",
        "Written by `make prove`. Before the checks ran, the manifest was made anew, so that its "
        "fingerprints could not help.",
        "",
        f"## Tampering with a stored notebook: {len(KINDS)} kinds",
        "",
        "| what | found by |",
        "|---|---|",
        *[line(kind) for kind in KINDS],
        "",
        "Where only the manifest as it was notices, what is stored is still true, or it is a "
        "matter of words that no program can judge.",
        "",
        f"## Bugs in helpers and notebooks: {len(BUGS)}",
        "",
        "| what | found by |",
        "|---|---|",
        *[line(bug) for bug in BUGS],
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
