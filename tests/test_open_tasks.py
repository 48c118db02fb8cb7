"""Open tasks are measured, and the best result of each is kept."""

import importlib
import re

import nbformat
import numpy as np
import pytest
from tensorflow import keras

from checks.bindings import NUMBER, Binding, as_digits, blank_out
from helpers import data, exercises
from helpers.exercises import EXERCISES, best_scores, check, diagnose, show_progress, trainer
from helpers.exercises.comparing import HintError
from helpers.exercises.measuring import OpenTask
from tests.test_exercises import OPEN, answer, tasks
from tools import NOTEBOOKS

# A reason why a number may stand in the text of a task: what in the module of its check says it.
HELD = r"check: (.+)"


def phrases(number):
    """Return what an open task says without a binding, each phrase with its reason."""
    text = next(
        cell
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "markdown" and cell.source.startswith(f"### Exercise {number} ")
    )
    return text.metadata.get("exceptions", {})


@pytest.mark.parametrize(
    "number", [n for n, task in EXERCISES.items() if isinstance(task, OpenTask)]
)
def test_what_the_page_says_of_a_check_is_what_it_does(number):
    module = importlib.import_module(EXERCISES[number].measure.__module__)
    names = {**vars(module), "task": EXERCISES[number], "trainer": trainer, "data": data}
    goals = []
    for phrase, reason in phrases(number).items():
        if found := re.fullmatch(HELD, reason):
            held = np.array(eval(f"[{found[1]}]", names), dtype=float).ravel()
            said = [as_digits(one) for one in NUMBER.findall(blank_out(phrase))]
            assert Binding("numbers", said, found[1]).problem(held) is None
            goals.append("task." in reason)
        elif reason.startswith("what the check"):
            assert not NUMBER.search(blank_out(phrase)), f"write 'check: …' for {phrase!r}"
    assert any(goals), "the text does not say with which score the task counts as solved"


def measure(answer):
    """Return a number as its own score."""
    if not isinstance(answer, float):
        raise HintError("The check wants a number.")
    return answer, "add a little."


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "CACHE", tmp_path)
    return tmp_path


@pytest.fixture
def task(monkeypatch):
    """An open task at the place of exercise 1.1, whose answers are their own scores."""
    task = OpenTask("1.1", "Be large", "Replace the ... .", measure, ours=50, form="{:.1f} %")
    monkeypatch.setitem(EXERCISES, "1.1", task)
    return task


def said(capsys, number, answer):
    check(number, answer)
    return " ".join(capsys.readouterr().out.split())


def progress(capsys):
    show_progress()
    return capsys.readouterr().out.splitlines()


def test_a_check_says_what_was_reached_what_we_reach_and_what_to_try(task, capsys):
    assert said(capsys, "1.1", 40.0) == (
        "· Exercise 1.1 is measured, but not solved yet. You reach 40.0 %; our own solution "
        "reaches 50.0 %. To try next: add a little. This is your best result."
    )
    assert said(capsys, "1.1", 60.0) == (
        "✓ Exercise 1.1 is solved. You reach 60.0 %; our own solution reaches 50.0 %. To try "
        f"next: add a little. This is your best result. That makes 1 of {len(EXERCISES)}."
    )
    assert "Your best result is 60.0 %." in said(capsys, "1.1", 55.0)


def test_the_best_result_is_kept_and_shown(task, capsys):
    for score in (30.0, 45.5, 20.0):
        check("1.1", score)
    assert best_scores() == {"1.1": 45.5}
    capsys.readouterr()
    assert progress(capsys) == [
        "You have solved none of the exercises yet.",
        "· 1.1 Be large, not solved yet, best result 45.5 % (ours: 50.0 %)",
    ]
    for score in (70.0, 52.0, 10.0):
        check("1.1", score)
    capsys.readouterr()
    count, line = progress(capsys)
    assert count == f"You have solved 1 of {len(EXERCISES)} exercises."
    assert line.startswith("✓ 1.1 Be large, 20")
    assert line.endswith(", best result 70.0 % (ours: 50.0 %)")


def test_what_reads_the_same_as_ours_is_enough(task):
    assert diagnose("1.1", 49.96).solved
    assert not diagnose("1.1", 49.94).solved


def test_a_task_may_ask_for_less_than_we_reach(task):
    task.enough = 40
    assert diagnose("1.1", 40.0).solved
    assert not diagnose("1.1", 39.0).solved


def test_where_less_is_better_the_least_is_kept(task):
    task.higher = False
    assert diagnose("1.1", 49.0).solved
    assert not diagnose("1.1", 51.0).solved
    for score in (60.0, 30.0, 45.0):
        check("1.1", score)
    assert best_scores() == {"1.1": 30.0}


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "much", 3, [50.0]])
def test_what_cannot_be_measured_is_not_kept(bad, task, capsys):
    assert said(capsys, "1.1", bad).startswith("✗ Exercise 1.1 is not right yet. ")
    assert best_scores() == {}


def test_a_result_that_was_cut_off_does_not_count(task, cache):
    whole = "1.1 2026-01-31 45.500000 .\n"
    for cut in range(len(whole) - 1):
        (cache / "progress.txt").write_text(whole[:cut])
        assert best_scores() == {}
    (cache / "progress.txt").write_text(whole)
    assert best_scores() == {"1.1": 45.5}


def test_results_of_what_is_no_open_task_are_left_out(cache):
    (cache / "progress.txt").write_text("1.2 2026-01-31 45.500000 .\n")
    assert best_scores() == {}
    assert not any(day for _, _, day in exercises.solved_exercises())


def test_a_result_that_cannot_be_kept_is_said(task, cache, capsys, monkeypatch):
    monkeypatch.setattr(data, "CACHE", cache / "missing")
    assert "cannot be kept for later" in said(capsys, "1.1", 40.0)


def test_an_interrupt_is_said_in_one_sentence(task, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(exercises, "within", interrupted)
    assert said(capsys, "1.1", 60.0) == (
        "The check of exercise 1.1 was interrupted; run its cell again."
    )
    assert best_scores() == {}


def test_a_measurement_that_takes_too_long_is_stopped(task):
    def forever(_):
        while True:
            pass

    task.measure, task.seconds = forever, 0.2
    assert "not done after 0.2 seconds" in diagnose("1.1", 1.0).sentence


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (7, "needs the function itself"),
        (keras.Sequential([keras.layers.Dense(1)]), "needs the function itself"),
        (lambda: 1.0, "has to take 1 argument, `x`; this one takes none"),
        (eval("lambda x: secret", {"secret": np.zeros(3)}), "It takes `secret` from the notebook"),
    ],
)
def test_a_function_must_use_only_what_it_is_given(given, hint, task):
    task.names = ("x",)
    assert hint in diagnose("1.1", given).sentence


@pytest.mark.parametrize("number", [number for number in OPEN if EXERCISES[number].names])
def test_what_is_not_implemented_is_not_solved_yet(number):
    def later(*_):
        raise NotImplementedError

    assert diagnose(number, later).blank


@pytest.mark.parametrize("number", OPEN)
def test_our_own_result_is_what_the_solution_reaches(number):
    task, verdict = EXERCISES[number], diagnose(number, answer(number, tasks()[number].solution))
    assert task.written(verdict.score) == task.written(task.ours)


# Exercise 5.4. What each of these reaches was measured, and each leads to the advice of the next.

MEANS = "A = np.array([images[labels == d].mean(axis=0) for d in range(10)])\n    "
MODEL = "model = Sequential([tf.keras.Input(shape=(400,)), Dense(10)])\n    "
ONES = "Z = np.c_[images, np.ones(len(images))]\n    "
WAYS = {
    "no biases": (f"{MEANS}W, b = A.T, np.zeros(10)", 58.0, "a bias that takes away"),
    "averages": (f"{MEANS}W, b = 2 * A.T, -(A**2).sum(axis=1)", 79.8, "Divide each by its length"),
    "of one length": (
        f"{MEANS}W = (A / np.sqrt((A**2).sum(axis=1, keepdims=True))).T\n    b = np.zeros(10)",
        80.7,
        "np.linalg.lstsq",
    ),
    "least squares": (
        f"{ONES}P = np.linalg.lstsq(Z, np.eye(10)[labels])[0]\n    W, b = P[:-1], P[-1]",
        80.6,
        "some of that is memory",
    ),
    "least squares without biases": (
        "W, b = np.linalg.lstsq(images, np.eye(10)[labels])[0], np.zeros(10)",
        79.9,
        "some of that is memory",
    ),
    "smaller weights": (
        "S = images.T @ images + 30 * np.eye(400)\n    "
        "W, b = np.linalg.solve(S, images.T @ np.eye(10)[labels]), np.zeros(10)",
        84.7,
        "Look up linear discriminant analysis",
    ),
    "discriminant": (
        f"{MEANS}D = images - A[labels]\n    S = D.T @ D / len(D) + 0.03 * np.eye(400)\n    "
        "W = np.linalg.solve(S, A.T)\n    b = -0.5 * (A * W.T).sum(axis=1)",
        87.2,
        "another multiple",
    ),
}


@pytest.mark.parametrize(("code", "score", "advice"), WAYS.values(), ids=WAYS)
def test_better_layers_get_more(code, score, advice):
    design = f"def untrained(images, labels):\n    {code}\n    {MODEL}"
    verdict = diagnose("5.4", answer("5.4", f"{design}model.set_weights([W, b])\n    return model"))
    assert abs(verdict.score - score) < 0.3
    assert verdict.solved == (score > 79)
    assert advice in verdict.sentence
