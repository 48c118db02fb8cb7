"""Whoever changes a word, or the code that it rests on, is asked to read it again."""

import dataclasses
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from checks import readings
from checks.notebook import Stored
from tools import PROJECT, audit

CELLS = [
    new_code_cell(
        "# the larger, the darker\nw = 3  # a weight\nif w:\n    # one row\n    w = 4", id="a"
    ),
    new_markdown_cell("The weight is 3<!-- w -->, as $w_1$.\n\nSoftmax keeps the order.", id="b"),
    new_code_cell("show(w)", id="c", metadata={"alt": "A rising curve."}),
]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one notebook and one page, of which nothing has been read."""
    own = dataclasses.replace(
        PROJECT, root=tmp_path, folder=tmp_path, pages=["PAGE.md"], readings="readings.json"
    )
    nbformat.write(new_notebook(cells=CELLS, metadata=METADATA), tmp_path / "04_own.ipynb")
    (tmp_path / "PAGE.md").write_text("# A page\n\nOne row for each image.\n")
    monkeypatch.setattr(audit, "PROJECT", own)
    return own


METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def unread(project, old="", new=""):
    """Return what is unread after a text was changed."""
    cells = json.loads(json.dumps(CELLS).replace(old, new) if old else json.dumps(CELLS))
    notebook = nbformat.from_dict({**new_notebook(), "cells": cells})
    return list(readings.check_readings(Stored(project.folder / "04_own.ipynb", notebook, project)))


def run(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["audit", *words])
    audit.main()


@pytest.mark.parametrize(
    ("old", "new", "cell", "more"),
    [
        ("keeps the order", "reverses the order", 1, 0),
        ("$w_1$", "$w_2$", 1, 0),
        ("the larger, the darker", "the larger, the brighter", 0, 0),
        ("one row", "one column", 0, 0),
        ("A rising curve", "A falling curve", 2, 0),
        ("show(w)", "show(-w)", 2, 0),
        ("w = 3", "w = 4", 0, 2),
        ("<!-- w -->", "<!-- 3 -->", 1, 0),
    ],
)
def test_what_was_changed_is_to_be_read_again(project, monkeypatch, old, new, cell, more):
    assert " and 3 more passages " in unread(project)[0][1]
    run(monkeypatch, "4", "--read")
    assert unread(project) == []
    ((position, problem),) = unread(project, old, new)
    assert position == cell
    assert ("more passages" in problem) is (more > 0)
    assert not more or f" and {more} more passages " in problem


def test_a_bound_number_may_change_with_the_run(project, monkeypatch):
    run(monkeypatch, "4", "--read")
    assert unread(project, "is 3<", "is 4<") == []


def test_the_message_says_what_to_do(project, monkeypatch):
    run(monkeypatch, "4", "--read")
    ((_, problem),) = unread(project, "keeps the order", "reverses the order")
    assert "nobody has read 'Softmax reverses the order.' since" in problem
    assert "make audit STEP=4 READ=1" in problem


def test_pages_are_read_too(project, monkeypatch):
    run(monkeypatch, "PAGE.md", "--read")
    page = project.root / "PAGE.md"
    assert list(readings.check_page_readings("PAGE.md", page.read_text(), project)) == []
    changed = page.read_text().replace("row", "column")
    (problem,) = readings.check_page_readings("PAGE.md", changed, project)
    assert "nobody has read 'One column for each image.' since" in problem
    assert "make audit PAGE=PAGE.md READ=1" in problem


def test_what_is_not_there_is_said_in_one_sentence(project, monkeypatch):
    for word in ("77", "NOPAGE.md"):
        with pytest.raises(SystemExit, match=f"There is no notebook number {word}; "):
            run(monkeypatch, word)


def test_what_is_shown(project, monkeypatch, capsys):
    run(monkeypatch)
    shown = capsys.readouterr().out
    assert "04_own.ipynb [0]\n    | # the larger" not in shown  # comments are told apart
    assert "    | w = 3\n" in shown
    assert "+= The weight is 3, as $w_1$." in shown
    assert "+? Softmax keeps the order." in shown
    assert "+? One row for each image." in shown
    run(monkeypatch, "4", "PAGE.md", "--read")
    capsys.readouterr()
    run(monkeypatch)
    assert "Softmax" not in capsys.readouterr().out
    run(monkeypatch, "4")
    assert " ? Softmax keeps the order." in capsys.readouterr().out
