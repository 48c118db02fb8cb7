"""Every kind of tampering is noticed, and bugs are; `make prove` tries more, and takes longer."""

import dataclasses
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from checks.compare import differences
from checks.notebook import Stored, seal
from checks.project import open_project
from checks.static import check_notebook
from proof.bugs import BUGS
from proof.prove import REPORT, problems_with
from proof.tampering import KINDS, PAGES, Page
from tools import NOTEBOOKS, ROOT
from tools.copies import copy_repository

PROJECT = dataclasses.replace(open_project(ROOT), readings="")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.group}: {kind.text}")
def test_tampering_is_noticed(kind, tmp_path):
    original = nbformat.read(NOTEBOOKS / f"{kind.step}.ipynb", as_version=4)
    text, tampered = kind.apply(original)
    file = tmp_path / f"{kind.step}.ipynb"
    file.write_bytes(text.encode())
    if tampered is None:
        assert check_notebook(file, PROJECT)
        return
    if kind.seen != "at once":
        assert check_notebook(file, PROJECT), "not even the seal notices"
    # Whoever tampers may well seal again.
    seal(Stored(file, tampered, PROJECT))
    file.write_bytes((nbformat.writes(tampered) + "\n").encode())
    problems = check_notebook(file, PROJECT)
    # The notebooks themselves are run and compared in the same `make test`, so what is stored in
    # them stands here for what a run makes.
    for cell, true in zip(tampered.cells, original.cells, strict=False):
        if cell.cell_type == true.cell_type == "code" and cell.source == true.source:
            problems += differences(cell, true.outputs, "store it")
    assert bool(problems) is (kind.seen == "at once")
    for problem in problems:
        assert "\n" not in problem


def test_the_report_tells_of_each_kind_what_finds_it():
    rows = dict(
        re.findall(r"^\| (.+?) \(`.+?`\) \| (.+?) \|$", REPORT.read_text(encoding="utf-8"), re.M)
    )
    for kind in KINDS:
        by = rows[kind.name.rpartition(" (")[0]]
        assert (by == "seal") is (kind.seen == "seal"), f"{kind.name}: {by}; run make prove"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A copy of the repository."""
    return copy_repository(tmp_path_factory.mktemp("copy"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lies_on_pages_are_noticed(page, root):
    assert problems_with(page, root)


@pytest.mark.parametrize("file", sorted({page.file for page in PAGES}))
def test_a_page_without_a_lie_passes(file, root):
    text = (root / file).read_text(encoding="utf-8")
    assert problems_with(Page(file, "nothing", text, text), root) == []


def test_there_are_many_kinds_and_bugs():
    assert len({(kind.group, kind.text) for kind in KINDS}) == len(KINDS) >= 60
    assert len({(bug.file, bug.text) for bug in BUGS}) == len(BUGS) >= 30


def test_each_bug_still_has_its_place():
    for bug in BUGS:
        if bug.file.endswith(".ipynb"):
            cells = nbformat.read(ROOT / bug.file, as_version=4).cells
            assert any(bug.old in c.source for c in cells if c.cell_type == "code"), bug.name
        else:
            source = (ROOT / bug.file).read_text(encoding="utf-8")
            assert source.count(bug.old) == 1, bug.name


# The last is no bug: if a sound copy failed, too, that a bug makes it fail would prove nothing.
@pytest.mark.parametrize(
    "bug",
    [*[bug for bug in BUGS if bug.file.endswith("data.py")][::6], None],
    ids=lambda bug: bug.text if bug else "none",
)
def test_bugs_are_found(bug, tmp_path):
    for folder in ("src", "data", "tests", "tools", "checks", "kernels"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    if bug:
        bug.put_into(tmp_path)
    # Without browser, notebooks and other plugins, which take longer to start than these tests.
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-o", "addopts=", "tests/test_data.py", "tests/test_mnist.py", "--rootdir=."],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(tmp_path / "src"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == (1 if bug else 0), done.stdout + done.stderr
