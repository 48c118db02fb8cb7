"""The page of results says what was measured, and pages that quote it cannot go stale."""

import functools

import numpy as np
import pytest

from bench import results
from bench.side_by_side import Way, ratio, take_turns
from checks.static import check_page


@pytest.fixture
def empty_page(tmp_path, monkeypatch):
    """An empty page of results."""
    monkeypatch.setattr(results, "PAGE", tmp_path / "RESULTS.md")
    return results.PAGE


def test_a_section_replaces_the_older_one_and_keeps_the_others(empty_page):
    results.write("Prediction", ["old"], ["numpy"])
    results.write("Training the network", ["first"], ["numpy"])
    results.write("Prediction", ["new"], ["numpy"])
    text = empty_page.read_text(encoding="utf-8")
    assert text.index("## Training the network\n\nfirst") < text.index("## Prediction\n\nnew")
    assert "old" not in text
    assert text.count(f"numpy {np.__version__}") == 2


def test_numbers_are_read_from_the_cells(empty_page):
    rows = [["`fit`", "1,234.5 (1–2)", "–"], ["-1", "-0.5 %", "7"]]
    results.write("Prediction", results.table(["way", "seconds", "n"], rows), ["numpy"])
    assert results.read()["Prediction"] == {
        "`fit`": {"seconds": 1234.5},
        "-1": {"seconds": -0.5, "n": 7},
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It takes 0.25<!-- results['Prediction']['a']['ratio'] --> of it.", None),
        (
            "It takes 0.3<!-- results['Prediction']['a']['ratio'] --> of it.",
            "0.3 is said, but it is",
        ),
        ("It takes 0.25<!-- results['Prediction']['b']['ratio'] --> of it.", "cannot be computed"),
        ("It takes 0.25<!-- result['Prediction'] --> of it.", "cannot be computed"),
    ],
)
def test_a_page_quotes_what_was_measured(empty_page, tmp_path, text, problem):
    results.write(
        "Prediction", results.table(["way", "ratio"], [["a", "0.253 (0.2–0.3)"]]), ["numpy"]
    )
    quoting = tmp_path / "README.md"
    quoting.write_text(text, encoding="utf-8")
    problems = list(check_page(quoting, tmp_path))
    assert len(problems) == (problem is not None)
    assert not problem or problem in problems[0]


def test_the_ratio_is_taken_within_each_turn():
    assert ratio([1.0, 4.0, 9.0], [2.0, 4.0, 6.0]) == "1.00 (0.50–1.50)"


def test_each_way_has_a_turn(capsys):
    seconds, found = take_turns({"a": lambda x: x + 1, "b": lambda x: 2 * x}, 3, 5)
    assert found == {"a": 6, "b": 10}
    assert [len(times) for times in seconds.values()] == [3, 3]


def test_a_way_runs_in_a_process_of_its_own():
    way = Way(functools.partial, pow, 2, threads=1)
    assert way(10) == 1024
    assert way(3) == 8
    assert way.memory > 1
    with pytest.raises(EOFError):
        way("no number")
    way.close()
