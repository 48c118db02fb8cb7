"""`make notebooks` runs what it must, says so, and spoils nothing when a cell fails."""

import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from checks.notebook import METADATA, SEAL
from checks.project import open_project
from tools import notebooks


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository of two notebooks that have not been run."""
    (tmp_path / "pyproject.toml").write_text('[tool.notebook_checks]\nscratch = "A_CACHE"\n')
    for name in ("01_one.ipynb", "02_two.ipynb"):
        cells = [new_markdown_cell("Half a sentence"), new_code_cell("6 * 7")]
        nbformat.write(new_notebook(cells=cells, metadata=METADATA), tmp_path / name)
    project = open_project(tmp_path)
    monkeypatch.setattr(notebooks, "PROJECT", project)
    return project


@pytest.fixture
def runs(monkeypatch):
    """The names of the notebooks that have been run, each of which takes a minute."""
    names, now = [], [0.0]

    def execute(stored):
        names.append(stored.path.name)
        now[0] += 61
        (cell,) = [cell for cell in stored.notebook.cells if cell.cell_type == "code"]
        if cell.source == "1 / 0":
            cell.outputs = []
            raise CellExecutionError("Traceback", "ZeroDivisionError", "division by zero")
        data = {"text/plain": "42"}
        cell.execution_count = 1
        cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
        return []

    # However slow this machine is just now.
    monkeypatch.setattr(notebooks.patience, "factor", lambda: 1.0)
    monkeypatch.setattr(notebooks, "execute", execute)
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    return names


def make(monkeypatch, capsys, *words):
    """Return the status and the lines of `make notebooks`."""
    monkeypatch.setattr(sys, "argv", ["notebooks", *words])
    return notebooks.main(), capsys.readouterr().out.splitlines()


def edit(path, position, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[position].source = source
    nbformat.write(notebook, path)


def test_a_notebook_is_run_once_and_its_time_is_told_and_kept(project, runs, monkeypatch, capsys):
    lines = ["01_one.ipynb: 61 s", "02_two.ipynb: 61 s"]
    assert make(monkeypatch, capsys) == (0, lines)
    assert runs == ["01_one.ipynb", "02_two.ipynb"]
    for path in project.notebooks():
        stored = nbformat.read(path, as_version=4)
        assert stored.cells[1].outputs[0].data == {"text/plain": "42"}
        assert stored.metadata[SEAL]["seconds"] == 61
    before = [path.read_bytes() for path in project.notebooks()]
    lines = ["01_one.ipynb: as it was", "02_two.ipynb: as it was"]
    assert make(monkeypatch, capsys) == (0, lines)
    assert [path.read_bytes() for path in project.notebooks()] == before
    assert len(runs) == 2


def test_only_what_has_changed_is_run_or_what_is_asked_for(project, runs, monkeypatch, capsys):
    make(monkeypatch, capsys)
    edit(project.root / "01_one.ipynb", 0, "A whole sentence.")
    edit(project.root / "02_two.ipynb", 1, "7 * 6")
    runs.clear()
    lines = ["01_one.ipynb: its text stored, nothing run", "02_two.ipynb: 61 s"]
    assert make(monkeypatch, capsys) == (0, lines)
    assert make(monkeypatch, capsys, "1", "--always") == (0, ["01_one.ipynb: 61 s"])
    assert make(monkeypatch, capsys, "2, 1")[1] == [
        "02_two.ipynb: as it was",
        "01_one.ipynb: as it was",
    ]
    assert runs == ["02_two.ipynb", "01_one.ipynb"]


def test_a_notebook_that_fails_is_left_as_it_was_and_the_others_are_stored(
    project, runs, monkeypatch, capsys
):
    make(monkeypatch, capsys)
    failing = project.root / "01_one.ipynb"
    edit(failing, 1, "1 / 0")
    edit(project.root / "02_two.ipynb", 1, "7 * 6")
    before = failing.read_bytes()
    status, lines = make(monkeypatch, capsys)
    assert status == 1
    assert lines[0] == "01_one.ipynb: not stored, a cell failed"
    assert any("division by zero" in line or "Traceback" in line for line in lines)
    assert lines[-1] == "02_two.ipynb: 61 s"
    assert failing.read_bytes() == before


def test_what_is_no_notebook_is_said_and_the_others_are_stored(project, runs, monkeypatch, capsys):
    (project.root / "01_one.ipynb").write_text("{")
    status, lines = make(monkeypatch, capsys)
    assert status == 1
    assert len(lines) == 2
    assert lines[0].startswith("01_one.ipynb")
    assert lines[1] == "02_two.ipynb: 61 s"
    assert (project.root / "01_one.ipynb").read_text() == "{"


def test_a_run_has_an_empty_folder_for_what_it_saves(project, monkeypatch):
    path = project.root / "01_one.ipynb"
    edit(path, 1, "import os\nos.listdir(os.environ['A_CACHE']), os.path.samefile('.', '..')")
    monkeypatch.setenv("A_CACHE", "mine")
    stored = notebooks.load(path, project)
    assert notebooks.execute(stored) == []
    assert stored.cells[1].outputs[0].data["text/plain"] == "([], False)"


def test_what_is_quoted_within_a_tolerance_is_what_was_just_computed(project, monkeypatch, capsys):
    path = project.root / "01_one.ipynb"
    cells = [
        new_code_cell("right, errors = 85.0, [3, 5]"),
        new_markdown_cell("82 %<!-- right ± 5: four runs gave 82 to 85 --> of them."),
        new_markdown_cell("It makes 3 and 6 errors.<!-- *errors ± 2: four runs gave 2 to 6 -->"),
        new_markdown_cell("85 %<!-- right ± 5: four runs gave 82 to 85 --> of them."),
        new_code_cell("right"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), path)
    status, lines = make(monkeypatch, capsys, "1")
    assert status == 1
    assert lines[0].startswith("01_one.ipynb: ")
    wanted = [
        "01_one.ipynb, cell 2: '82<!-- right -->': the expression is 85; correct the number, and "
        "store it again, which then runs nothing",
        "01_one.ipynb, cell 3: '3 … 6 <!-- *errors -->': the expression is 3, 5; correct the "
        "number, and store it again, which then runs nothing",
    ]
    assert lines[1:] == wanted
    # What was asked in between is neither counted nor stored.
    stored = nbformat.read(path, as_version=4)
    assert [c.get("execution_count") for c in stored.cells] == [1, None, None, None, 2]
