"""Hand out without solutions, and collect: on the real notebooks, in a real class of three."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from checks.series import FOLD, tasks_of
from helpers.exercises import EXERCISES
from tools import NOTEBOOKS, ROOT, classroom
from tools.classroom import collect, main


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_only_the_solutions_are_missing(path, handout):
    whole = nbformat.read(path, as_version=4)
    blank = nbformat.read(handout / "notebooks" / path.name, as_version=4)
    left_out = [cell for cell in whole.cells if cell not in blank.cells]
    assert len(left_out) == len(list(tasks_of(whole)))
    assert all(cell.source.startswith(FOLD) for cell in left_out)
    assert "Solution" not in (handout / "notebooks" / path.name).read_text(encoding="utf-8")


def test_the_helpers_and_the_data_come_along(handout):
    code = (
        "import helpers; from helpers.exercises import EXERCISES; "
        "print(helpers.load_data()[0].shape, len(EXERCISES), helpers.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=handout,
        env={"PYTHONPATH": str(handout / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"(5000, 400) {len(EXERCISES)} {handout}")


def test_the_handout_has_all_that_make_lab_names(handout):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    needed = re.search(r"^\.venv/ready: (.+)$", makefile, re.M)[1].split()
    assert needed
    for name in [*needed, "notebooks/01_packages.ipynb"]:
        assert (handout / name).is_file()
    assert not (handout / "tests").exists()


def test_the_handout_has_all_data_of_the_repository(handout):
    tracked = subprocess.check_output(["git", "ls-files", "data"], cwd=ROOT, text=True).split()
    there = [path for path in handout.glob("data/**/*") if path.is_file()]
    assert sorted(path.relative_to(handout).as_posix() for path in there) == tracked


def test_what_a_learner_has_made_is_not_handed_out(tmp_path, monkeypatch):
    made = ["handwriting.json", "progress.txt", "handwriting.keras", "handwriting.txt", "mnist.npz"]
    (tmp_path / "data").mkdir()
    for name in made:
        (tmp_path / "data" / name).touch()
    monkeypatch.setattr(classroom, "ROOT", tmp_path)
    monkeypatch.setattr(classroom, "NOTEBOOKS", tmp_path)
    classroom.hand_out(tmp_path / "handout.zip")
    assert zipfile.ZipFile(tmp_path / "handout.zip").namelist() == []


def hand_in(folder, name, numbers):
    """Hand in step 1 with some exercises solved; nothing is run."""
    notebook = nbformat.read(NOTEBOOKS / "01_packages.ipynb", as_version=4)
    for task in tasks_of(notebook):
        if task.number in numbers:
            notebook.cells[task.position + 1].source = task.solution
            output = notebook.cells[task.position + 2].outputs[0]
            output.text = f"✓ Exercise {task.number} is solved. That makes 1 of 29.\n"
    (folder / name).mkdir(parents=True)
    nbformat.write(notebook, folder / name / "01_packages.ipynb")


def test_collecting_lists_what_is_solved(tmp_path, capsys):
    hand_in(tmp_path, "anna", ["1.1", "1.4"])
    hand_in(tmp_path, "ben", [])
    (tmp_path / "cleo").mkdir()
    (tmp_path / "cleo" / "essay.ipynb").write_text("not a notebook")
    assert list(collect(tmp_path, run=False)) == [
        ("anna", ["1.1", "1.4"]),
        ("ben", []),
        ("cleo", []),
    ]
    complaints = r"\S+essay.ipynb: left out \(.+\)\n\S+cleo: no notebooks found in it\n"
    assert re.fullmatch(complaints, capsys.readouterr().err)


def test_notebooks_are_found_however_deep_they_lie_but_not_what_was_saved_before(tmp_path):
    hand_in(tmp_path, "anna/week 1/notebooks", ["1.1"])
    hand_in(tmp_path, "anna/notebooks/.ipynb_checkpoints", ["1.2"])
    assert list(collect(tmp_path, run=False)) == [("anna", ["1.1"])]


def test_collecting_can_run_the_notebooks_again(tmp_path, monkeypatch):
    hand_in(tmp_path, "anna", ["1.2", "1.3"])
    file = tmp_path / "anna" / "01_packages.ipynb"
    notebook = nbformat.read(file, as_version=4)
    (task,) = [task for task in tasks_of(notebook) if task.number == "1.2"]
    notebook.cells[task.position + 1].source = "def ink_share(image):\n    return 1 / 0"
    notebook.cells.insert(0, nbformat.v4.new_code_cell("this fails"))
    nbformat.write(notebook, file)
    teacher = tmp_path / "teacher"
    (tmp_path / "submitted").mkdir()
    (tmp_path / "anna").rename(tmp_path / "submitted" / "anna")
    monkeypatch.setenv("DIGITS_CACHE", str(teacher))
    teacher.mkdir()
    (teacher / "progress.txt").write_text("5.1 2026-01-31\n")
    assert list(collect(tmp_path / "submitted", run=True)) == [("anna", ["1.3"])]
    # What learners have solved is not what the teacher has.
    assert [path.name for path in teacher.iterdir()] == ["progress.txt"]
    assert (teacher / "progress.txt").read_text() == "5.1 2026-01-31\n"


def test_each_learner_has_an_empty_folder_for_what_their_notebooks_save(tmp_path, monkeypatch):
    for name in ("anna", "anna/second", "ben"):
        hand_in(tmp_path, name, [])
    folders = []

    def save(notebook, folder):
        saved = os.listdir(folder)
        folders.append((folder, saved))
        Path(folder, f"{len(saved)}.keras").touch()

    monkeypatch.setattr("tools.classroom.execute", save)
    assert dict(collect(tmp_path, run=True)) == {"anna": [], "ben": []}
    first, second, other = folders
    assert first[0] == second[0] != other[0]
    assert [saved for _, saved in folders] == [[], ["0.keras"], []]
    assert not any(os.path.exists(folder) for folder, _ in folders)


@pytest.mark.parametrize("reason", [CellTimeoutError, DeadKernelError])
def test_of_a_notebook_that_breaks_off_only_what_it_did_counts(tmp_path, monkeypatch, reason):
    hand_in(tmp_path, "anna", ["1.1", "1.2", "1.3"])

    def break_off(client, **_):
        (cell,) = [cell for cell in client.nb.cells if cell.source.startswith('check("1.2"')]
        text = "✓ Exercise 1.2 is solved. That makes 1 of 29.\n"
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
        raise reason

    monkeypatch.setattr("tools.classroom.NotebookClient.execute", break_off)
    assert list(collect(tmp_path, run=True)) == [("anna", ["1.2"])]


def test_only_what_a_check_printed_counts(tmp_path):
    hand_in(tmp_path, "anna", ["1.4"])
    file = tmp_path / "anna" / "01_packages.ipynb"
    notebook = nbformat.read(file, as_version=4)
    lines = [
        "✓ Exercise 1.1 is solved.",
        "✗ Exercise 1.2 is not right yet.",
        "he said: ✓ Exercise 1.3 is solved.",
    ]
    for source, text in [("print(boast)", lines[0]), ('check("1.2", f)', "\n".join(lines[1:]))]:
        cell = nbformat.v4.new_code_cell(source)
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
        notebook.cells.append(cell)
    nbformat.write(notebook, file)
    assert list(collect(tmp_path, run=False)) == [("anna", ["1.4"])]


def test_a_check_may_be_written_with_a_blank(tmp_path):
    hand_in(tmp_path, "anna", ["1.1", "1.4"])
    file = tmp_path / "anna" / "01_packages.ipynb"
    file.write_text(file.read_text().replace('check(\\"1.1\\"', 'check  (\\"1.1\\"'))
    assert "check  (" in file.read_text()
    assert list(collect(tmp_path, run=False)) == [("anna", ["1.1", "1.4"])]


def test_zip_files_are_read_as_folders(tmp_path, capsys):
    for name, solved in [("anna", ["1.1"]), ("ben", ["1.2"]), ("cleo", ["1.3"])]:
        hand_in(tmp_path, name, solved)
    (tmp_path / "anna" / "__MACOSX").mkdir()
    (tmp_path / "anna" / "__MACOSX" / "._01_packages.ipynb").write_text("of macOS")
    shutil.make_archive(tmp_path / "anna", "zip", tmp_path / "anna")
    shutil.rmtree(tmp_path / "anna")
    shutil.make_archive(tmp_path / "mine", "zip", tmp_path / "ben")
    shutil.rmtree(tmp_path / "ben")
    (tmp_path / "ben").mkdir()
    (tmp_path / "mine.zip").rename(tmp_path / "ben" / "mine.zip")
    (tmp_path / "cleo" / "broken.zip").write_text("no archive")
    (tmp_path / "dan.zip").write_text("no archive")
    assert list(collect(tmp_path, run=False)) == [
        ("anna", ["1.1"]),
        ("ben", ["1.2"]),
        ("cleo", ["1.3"]),
        ("dan", []),
    ]
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        str(tmp_path / "cleo" / "broken.zip"),
        str(tmp_path / "dan.zip"),
        str(tmp_path / "dan.zip"),
    ]
    assert "left out (BadZipFile: File is not a zip file)" in lines[0]
    assert lines[2].endswith("no notebooks found in it")


def test_what_somebody_hands_in_twice_counts_together(tmp_path):
    hand_in(tmp_path, "anna", ["1.1"])
    hand_in(tmp_path / "later", "anna", ["1.4"])
    shutil.make_archive(tmp_path / "anna", "zip", tmp_path / "later" / "anna")
    shutil.rmtree(tmp_path / "later")
    assert list(collect(tmp_path, run=False)) == [("anna", ["1.1", "1.4"])]


def test_a_zip_file_that_would_fill_the_memory_is_left_out(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tools.classroom.LARGEST", 10**6)
    with zipfile.ZipFile(tmp_path / "anna.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01_packages.ipynb", "0" * 2 * 10**6)
    assert list(collect(tmp_path, run=False)) == [("anna", [])]
    assert "it is larger than 1 MB" in capsys.readouterr().err


def test_the_list_of_a_class_has_a_line_for_each_learner(tmp_path, capsys, monkeypatch):
    hand_in(tmp_path, "ben", [])
    hand_in(tmp_path, "anna", ["1.1", "1.4"])
    (tmp_path / "list.txt").write_text("not a learner")
    monkeypatch.setattr(sys, "argv", ["classroom", "--collect", str(tmp_path)])
    assert main() == 0
    assert capsys.readouterr().out.splitlines() == [
        f"anna                  2 of {len(EXERCISES)}  1.1 1.4",
        f"ben                   0 of {len(EXERCISES)}  ",
    ]


def test_without_a_folder_to_collect_a_handout_is_written(capsys, monkeypatch):
    written = []
    monkeypatch.setattr("tools.classroom.hand_out", written.append)
    monkeypatch.setattr(sys, "argv", ["classroom"])
    assert main() == 0
    assert written == [ROOT / "handout.zip"]
    assert capsys.readouterr().out == "Wrote handout.zip: the series without its solutions.\n"


def test_every_file_that_is_left_out_is_named(tmp_path, capsys):
    hand_in(tmp_path, "anna", ["1.1"])
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / "anna" / name).write_text("no\nnotebook" * 100)
    assert list(collect(tmp_path, run=False)) == [("anna", ["1.1"])]
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        str(tmp_path / "anna" / name) for name in ("a.ipynb", "b.ipynb")
    ]


def test_a_folder_that_is_not_there_is_said():
    done = subprocess.run(
        [sys.executable, "-m", "tools.classroom", "--collect", "nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("There is no folder nowhere.")
