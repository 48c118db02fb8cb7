"""The workbook holds what was published, and never loses what a learner wrote."""

import json
import subprocess
import sys

import nbformat
import pytest

from tools import ROOT, workbook


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two published notebooks, and no workbook yet."""
    published = tmp_path / "notebooks"
    published.mkdir()
    for name in ["01_packages.ipynb", "03_dataset.ipynb"]:
        (published / name).write_bytes((ROOT / "notebooks" / name).read_bytes())
    monkeypatch.setattr(workbook, "ROOT", tmp_path)
    monkeypatch.setattr(workbook, "PUBLISHED", published)
    monkeypatch.setattr(workbook, "WORKBOOK", tmp_path / "workbook")
    return published, tmp_path / "workbook"


def change(path, text):
    """Put a text in front of the first cell of a notebook, as an author or a learner would."""
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = [text, *notebook["cells"][0]["source"]]
    path.write_text(json.dumps(notebook))


def run(capsys, *numbers):
    assert workbook.main(list(numbers)) == 0
    return capsys.readouterr().out.splitlines()


def test_it_holds_all_pages_without_outputs(folders, capsys):
    published, mine = folders
    (line,) = run(capsys)
    assert line.startswith("Your workbook is in workbook/")
    for path in published.glob("*.ipynb"):
        notebook, copy = (nbformat.read(file, as_version=4) for file in (path, mine / path.name))
        nbformat.validate(copy)
        assert [cell.source for cell in copy.cells] == [cell.source for cell in notebook.cells]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert run(capsys) == []


def test_what_a_learner_wrote_stays(folders, capsys):
    published, mine = folders
    run(capsys)
    change(mine / "03_dataset.ipynb", "mine")
    written = (mine / "03_dataset.ipynb").read_bytes()
    assert run(capsys) == []
    for path in published.glob("*.ipynb"):
        change(path, "published anew")
    lines = run(capsys)
    assert lines[0].startswith("Brought up to date, as you had not begun them: 01_packages.")
    assert lines[1].startswith("Published anew since you began them: 03_dataset. Yours stay")
    assert "make fresh STEP=3" in lines[1]
    assert (mine / "03_dataset.ipynb").read_bytes() == written
    assert "published anew" in (mine / "01_packages.ipynb").read_text()


def test_a_new_page_is_added(folders, capsys):
    published, mine = folders
    (published / "03_dataset.ipynb").rename(published.parent / "later.ipynb")
    run(capsys)
    (published.parent / "later.ipynb").rename(published / "03_dataset.ipynb")
    assert run(capsys) == ["New in your workbook: 03_dataset."]
    assert (mine / "03_dataset.ipynb").exists()


def test_a_step_is_begun_anew_and_the_old_ones_are_kept(folders, capsys):
    published, mine = folders
    (published / "13_inside.ipynb").write_bytes((published / "03_dataset.ipynb").read_bytes())
    run(capsys)
    for turn in (1, 2):
        change(mine / "03_dataset.ipynb", f"turn {turn}")
        assert run(capsys, "3") == [
            f"Yours is now workbook/03_dataset_old_{turn}.ipynb; 03_dataset.ipynb is new."
        ]
        assert f"turn {turn}" in (mine / f"03_dataset_old_{turn}.ipynb").read_text()
        assert (
            "turn"
            not in json.loads((mine / "03_dataset.ipynb").read_text())["cells"][0]["source"][0]
        )


@pytest.mark.parametrize("number", ["4", "x", "3x", "-1"])
def test_a_step_that_is_not_there(folders, number):
    assert workbook.main([number]) == (
        f"The workbook cannot be laid out: There is no step {number}."
    )


@pytest.mark.parametrize("record", ["", "{", "[]", '{"03_dataset.ipynb": 5}'])
def test_without_a_record_nothing_is_overwritten(folders, capsys, record):
    published, mine = folders
    run(capsys)
    (mine / workbook.RECORD).write_text(record)
    change(mine / "03_dataset.ipynb", "mine")
    change(published / "03_dataset.ipynb", "published anew")
    run(capsys)
    assert "mine" in (mine / "03_dataset.ipynb").read_text()


def test_a_folder_that_cannot_be_written(folders):
    _, mine = folders
    mine.write_text("a file where the folder should be")
    assert workbook.main([]).startswith("The workbook cannot be laid out: ")


def test_make_fresh_asks_for_a_step():
    done = subprocess.run(["make", "fresh"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode
    assert "Name a step: make fresh STEP=3" in done.stderr


def test_it_needs_nothing_but_python(tmp_path):
    code = "import sys; sys.path.insert(0, 'tools'); import workbook"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr
