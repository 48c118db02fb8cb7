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

REPORT = ROOT / "tests" / "PROOF.md"


def main(words):
    """Try all, or what contains one of `words`; return 1 if something was not found."""
    start = time.perf_counter()
    kinds = [kind for kind in KINDS if wanted(f"{kind.group} {kind.text} {kind.step}", words)]
    found_bugs = [bug for bug in BUGS if wanted(f"{bug.file} {bug.text}", words)]
    with tempfile.TemporaryDirectory() as folder:
        copies = queue.SimpleQueue()
        for number in range(2):
            copies.put(copy_repository(Path(folder, str(number))))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            tampered = list(pool.map(lambda kind: try_in(copies, try_kind, kind), kinds))
            mutated = list(pool.map(lambda bug: try_in(copies, try_bug, bug), found_bugs))
    missed = [
        kind
        for kind, by in zip(kinds, tampered, strict=True)
        if by is None or (by == "manifest") is not (kind.seen == "manifest")
    ]
    missed += [b for b, by in zip(found_bugs, mutated, strict=True) if bool(by) is bool(b.harmless)]
    if not words:
        REPORT.write_text(
            report(zip(kinds, tampered, strict=True), zip(found_bugs, mutated, strict=True)),
            encoding="utf-8",
        )
    for one in missed:
        print("NOT AS IT SHOULD BE:", one.text, getattr(one, "file", ""))
    minutes = (time.perf_counter() - start) / 60
    tried = f"{len(kinds)} kinds of tampering and {len(found_bugs)} bugs"
    print(f"{tried} in {minutes:.0f} minutes, {len(missed)} not as they should be.")
    return 1 if missed else 0


def wanted(name, words):
    """Return whether one of the words is in the name, or there are none."""
    return not words or any(word in name for word in words)


def copy_repository(target):
    """Copy what git would see, and return where it is."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(command, cwd=ROOT, text=True).splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def try_in(copies, try_one, thing):
    """Call `try_one(thing, root)` in a free copy of the repository, and restore the copy."""
    root = copies.get()
    try:
        by = try_one(thing, root)
        print(f"{thing.text}: {by or 'not found'}", flush=True)
        return by
    finally:
        for name in {
            "tests/manifest.json",
            f"notebooks/{getattr(thing, 'step', '')}.ipynb",
            getattr(thing, "file", "tests/manifest.json"),
        }:
            if (ROOT / name).exists():
                shutil.copy(ROOT / name, root / name)
        copies.put(root)


def try_kind(kind, root):
    """Return what finds this kind of tampering: its name, or None."""
    file = root / "notebooks" / f"{kind.step}.ipynb"
    text, notebook = kind.apply(nbformat.read(file, as_version=4))
    file.write_bytes(text.encode())
    if check_notebook(file, [describe(cell) for cell in notebook.cells] if notebook else None):
        return "static checks"
    reseal(root)
    if run_pytest(root, f"notebooks/{kind.step}.ipynb"):
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
        near = [f"tests/test_{Path(bug.file).stem}.py"]
    # Not these: they prove, need a browser, or would make another environment.
    without = [f"--ignore=tests/{name}" for name in ("test_tampering.py", "browser", "test_lab.py")]
    for where in near, ["notebooks"], ["tests", *without]:
        found = run_pytest(root, *where)
        if found:
            return found
    return None


def run_pytest(root, *where):
    """Run pytest in a copy until a test fails; return the name of that test, or None."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--nbval", *where],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
    )
    return first_failure(done.stdout) if done.returncode else None


def first_failure(output):
    """Return the name of the test that failed, without its parameters."""
    found = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:::(.+?))?(?:\[.*)?(?: - .*)?$", output, re.M)
    return ", ".join(filter(None, found.groups())) if found else "pytest"


def report(kinds, bugs):
    """Return the two tables as Markdown."""
    lines = [
        "# What the checks find",
        "",
        "Written by `make prove` (tools/prove.py). For all but what only the manifest finds, the "
        "manifest was made anew after the change, so that its fingerprints could not help.",
        "",
        "## Tampering with a stored notebook",
        "",
        "| what | notebook | found by |",
        "|---|---|---|",
    ]
    lines += [f"| {k.group}: {k.text} | {k.step} | {by or '**nothing**'} |" for k, by in kinds]
    lines += [
        "",
        "Where only the manifest notices, what is stored is still true, or it is a matter of words "
        "that no program can judge.",
        "",
        "## Bugs in helpers and notebooks",
        "",
        "| bug | file | found by |",
        "|---|---|---|",
    ]
    for bug, by in bugs:
        nothing = f"harmless: {bug.harmless}" if bug.harmless else "**nothing**"
        lines.append(f"| {bug.text} | {bug.file} | {by or nothing} |")
    return "\n".join(lines).replace("\\r", "\\\\r") + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
