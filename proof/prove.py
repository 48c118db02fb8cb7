"""Prove that the checks find what they are there for; writes proof/PROOF.md.

    make prove                                       all kinds of tampering, all bugs
    .venv/bin/python -m proof.prove pictures 06      only what has this in its name

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

from checks.notebook import Stored, seal
from checks.pages import check_page
from checks.project import open_project
from checks.series import check_project
from checks.static import check_notebook
from proof.bugs import BUGS
from proof.tampering import KINDS, PAGES
from tools import ROOT
from tools.audit import note, numbered
from tools.copies import copy_repository

# The tests of a module, where they do not just bear its name.
TESTS = {
    "engine": ["exercises"],
    "exercises": ["exercises", "open_tasks", "open_answers", "random_answers"],
    "comparing": ["exercises"],
    "registry": ["registry", "exercises"],
    "measuring": ["open_tasks"],
    "data": ["data", "mnist"],
    "training": ["training", "network"],
    "server": ["environment"],
    "claims": ["checks"],
    "readings": ["audit"],
    "paper": ["ink"],
    "row": ["number"],
}
OF_THE_BOOK = {"book": "book", "book/live": "live"}
REPORT = ROOT / "proof" / "PROOF.md"


def main(words):
    """Try all, or what contains one of `words`; return 1 if something is not as it should be."""
    start = time.perf_counter()
    wanted = [
        one for one in [*KINDS, *PAGES, *BUGS] if any(word in one.name for word in words or [""])
    ]
    with tempfile.TemporaryDirectory() as folder:
        copies = queue.SimpleQueue()
        for number in range(2):
            copies.put(copy_repository(Path(folder, str(number))))
        found = {}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            tries = {pool.submit(try_in, copies, one): one for one in wanted}
            for done in concurrent.futures.as_completed(tries):
                found[tries[done]] = done.result()
                write_report(found)  # at once, for it takes hours and may be ended
    missed = [one for one in wanted if not as_it_should_be(one, found[one])]
    for one in missed:
        print(f"NOT AS IT SHOULD BE: {one.name}")
    minutes = (time.perf_counter() - start) / 60
    print(f"{len(wanted)} tried in {minutes:.0f} minutes, {len(missed)} not as they should be.")
    return 1 if missed else 0


def as_it_should_be(one, by):
    """Return whether this was found by what should find it."""
    if one in BUGS:
        return bool(by) is not bool(one.harmless)
    return bool(by) and (by == "seal") is (one.seen == "seal")


def try_in(copies, one):
    """Return what finds this in a free copy of the repository, and restore the copy."""
    root = copies.get()
    try:
        if one in PAGES:
            by = "static checks" if problems_with(one, root) else None
        else:
            by = try_bug(one, root) if one in BUGS else try_kind(one, root)
        shutil.copy(ROOT / one.file, root / one.file)  # without the bug again
        if one in BUGS and by and fails_anyway(root, by):
            by = None
        print(f"{one.name}: {by or 'not found'}", flush=True)
        return by
    finally:
        shutil.copy(ROOT / one.file, root / one.file)
        copies.put(root)


def fails_anyway(root, by):
    """Return whether the test that found a bug fails in a copy without it, too."""
    file, _, name = by.partition(", ")
    if not file.startswith("tests/"):
        return False
    again = run_pytest(root, file, *(["-k", name] if name else []))
    if again:
        print(f"It fails without a bug, too: {again}", flush=True)
    return bool(again)


def problems_with(page, root):
    """Return what the checks say of a lie on a page, told in a copy of the repository."""
    file = root / page.file
    text = file.read_text(encoding="utf-8")
    assert text.count(page.old) == 1, f"{page.old!r} is there {text.count(page.old)} ×"
    try:
        file.write_text(text.replace(page.old, page.new), encoding="utf-8")
        project = open_project(root)
        return [*check_page(page.file, project), *check_project(project)]
    finally:
        file.write_text(text, encoding="utf-8")


def try_kind(kind, root):
    """Return what finds this kind of tampering: its name, or None."""
    file, project = root / kind.file, open_project(root)
    text, notebook = kind.apply(nbformat.read(file, as_version=4))
    file.write_bytes(text.encode())
    sealed = check_notebook(file, project)
    if notebook is not None:
        # Whoever tampers can seal again, so the seal shall not help the other checks.
        seal(Stored(file, notebook, project))
        file.write_bytes((nbformat.writes(notebook) + "\n").encode())
    if check_notebook(file, project):
        return "static checks"
    if run_pytest(root, kind.file):
        return "comparison with a new run"
    return "seal" if sealed else None


def try_bug(bug, root):
    """Return what finds this bug: the first check that fails, or None."""
    bug.put_into(root)
    if bug.file.startswith("notebooks"):
        file, project = root / bug.file, open_project(root)
        notebook = nbformat.read(file, as_version=4)
        seal(Stored(file, notebook, project))
        file.write_bytes((nbformat.writes(notebook) + "\n").encode())
        if check_notebook(file, project):
            return "static checks"
        near = [bug.file]
    else:
        stem = Path(bug.file).stem
        # The package of the exercises itself, and the module of each of its steps.
        stem = "exercises" if re.fullmatch(r"__init__|step_\d\d", stem) else stem
        stem = OF_THE_BOOK.get(str(Path(bug.file).parent), stem)
        near = [f"tests/test_{name}.py" for name in TESTS.get(stem, [stem])]
    # Not these: they prove, need a browser, or would make another environment.
    without = [
        f"--ignore=tests/{name}" for name in ("browser", "test_lab.py", "test_environment.py")
    ]
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
    if done.returncode not in (0, 1, 2):  # 4: there is no such file; 5: there is no test in it
        raise RuntimeError(f"pytest {' '.join(where)} ended with {done.returncode}: {done.stderr}")
    return first_failure(done.stdout, done.stderr) if done.returncode else None


def first_failure(output, errors):
    """Return the name of the test that failed, or did not end, without its parameters."""
    found = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:::(.+?))?(?:\[.*)?(?: - .*)?$", output, re.M)
    # Of one that did not end, only what the threads were doing is known.
    found = found or re.search(
        r'^  File "\S*?(tests/\w+\.py)", line \d+ in (test_\w+)$', errors, re.M
    )
    return ", ".join(filter(None, found.groups())) if found else "pytest, without a result"


def write_report(found):
    """Write two tables; what was not tried now keeps its line."""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    before = {name: line for line in text.splitlines() for name in [line.split(" | ")[0]]}

    def line(one):
        # The file as code: it is no text to be read.
        text, _, file = one.name.rpartition(" (")
        name = f"| {text} (`{file[:-1]}`)"
        if one not in found:
            return before.get(name, f"{name} | not tried yet |")
        nothing = "**nothing**"
        if getattr(one, "harmless", ""):
            nothing = f"nothing, it is harmless: {one.harmless}"
        # The name of a test or of a notebook as code, too.
        by = re.sub(
            r"tests/\S+(?<!,)(, \S+)?|notebooks/\S+(?<!,)", r"`\g<0>`", found[one] or nothing
        )
        return f"{name} | {by} |"

    lines = [
        "# What the checks find",
        "",
        "Written by `make prove`. Before the other checks ran, the notebook was sealed again, so "
        "that the fingerprints in its metadata could not help; nor could `readings.json`.",
        "",
        f"## Tampering with a stored notebook: {len(KINDS)} kinds",
        "",
        "| what | found by |",
        "|---|---|",
        *[line(kind) for kind in KINDS],
        "",
        "Where only the seal as it was notices, what is stored is still true, or it is a matter "
        "of words that no program can judge.",
        "",
        f"## Lies on other pages: {len(PAGES)}",
        "",
        "| what | found by |",
        "|---|---|",
        *[line(page) for page in PAGES],
        "",
        f"## Bugs in helpers and notebooks: {len(BUGS)}",
        "",
        "| what | found by |",
        "|---|---|",
        *[line(bug) for bug in BUGS],
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, passages in numbered("proof/PROOF.md").items():
        note(name, passages)  # a program wrote it, so nobody need read it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
