"""The exercises: the solution passes, the blank and every mistake are told what is wrong."""

import ast
import contextlib
import functools
import inspect
import linecache
import signal
import subprocess
import sys
import threading
import time
import types
import warnings
from datetime import date

import nbformat
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.text import Text
from tensorflow import keras

from checks.series import tasks_of
from helpers import data, exercises, to_digit
from helpers.exercises import (
    EXERCISES,
    check,
    diagnose,
    problems_of_exercises,
    show_progress,
    solved_exercises,
)
from helpers.exercises.comparing import (
    Absolute,
    HintError,
    can_be_typed,
    check_kind,
    equal,
    general_hint,
    show,
)
from helpers.exercises.engine import Exercise, Looks, loops_over, outcome_of, within
from helpers.exercises.explaining import explain
from helpers.exercises.measuring import OpenTask
from kernels import patience
from tools import NOTEBOOKS, ROOT

FUNCTIONS = [number for number, task in EXERCISES.items() if isinstance(task, Exercise)]
# Those whose answers are functions: the others take networks that are trained, which takes long.
OPEN = [n for n, task in EXERCISES.items() if isinstance(task, OpenTask) and task.names]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "CACHE", tmp_path)
    return tmp_path


@functools.cache
def tasks():
    """Return the exercises of all notebooks, by their numbers."""
    return {task.number: task for path in paths() for task in tasks_of(nbformat.read(path, 4))}


def paths():
    return sorted(NOTEBOOKS.glob("*.ipynb"))


@functools.cache
def definitions(step):
    """Return the functions that the notebook of a step defines, and the usual imports."""
    names = {"np": np, "tf": tf, "Sequential": keras.Sequential, "Dense": keras.layers.Dense}
    names["to_digit"] = to_digit
    (path,) = NOTEBOOKS.glob(f"{int(step):02}_*.ipynb")
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code" and not cell.metadata.get("tags"):
            nodes = [n for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef)]
            exec(compile(ast.Module(nodes, []), path.name, "exec"), names)
    return names


def answer(number, code):
    """Return what the code puts into the place of the blank."""
    names = dict(definitions(number.partition(".")[0]))
    exec(code if not isinstance(code, str) else compile(code, "answer", "exec"), names)
    return names[tasks()[number].call.split()[-1].rstrip(")")]


def test_there_are_enough_exercises():
    assert list(tasks()) == list(EXERCISES)
    assert len(EXERCISES) >= 24


@pytest.mark.parametrize("number", FUNCTIONS + OPEN)
def test_the_solution_passes_and_the_blank_does_not(number):
    # The run of the notebooks checks the solutions, too, among all the names of their steps.
    assert diagnose(number, answer(number, tasks()[number].solution)).solved
    blank = diagnose(number, answer(number, tasks()[number].stub))
    assert blank.blank
    assert not blank.solved
    assert str(blank).startswith(f"○ Exercise {number} is not solved yet. Replace the ...")


@pytest.mark.parametrize("number", tasks())
def test_a_blank_is_its_solution_with_parts_left_out(number):
    solution = iter(tasks()[number].solution.splitlines())
    kept = [line for line in tasks()[number].stub.splitlines() if line and "..." not in line]
    assert [line for line in kept if line not in solution] == []


@pytest.mark.parametrize("command", [["check", "--ignore=F821"], ["format", "--diff"]])
def test_solutions_are_code_like_that_of_the_cells(command):
    # As the cells of one notebook; the names that a solution uses come from its own (F821).
    cells = [nbformat.v4.new_code_cell(task.solution) for task in tasks().values()]
    found = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--stdin-filename=notebooks/a.ipynb"],
        input=nbformat.writes(nbformat.v4.new_notebook(cells=cells)),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("number", EXERCISES)
def test_wrong_answers_get_their_own_hints(number):
    wrong = EXERCISES[number].wrong
    sentences = [diagnose(number, answer(number, code)).sentence for _, code in wrong]
    for (hint, _), sentence in zip(wrong, sentences, strict=True):
        assert hint in sentence
        assert "\n" not in sentence
    assert len(set(sentences)) == len(sentences)


def test_there_are_enough_wrong_answers():
    assert problems_of_exercises() == []


@pytest.mark.parametrize("number", FUNCTIONS)
def test_no_hint_hides_another(number):
    for hint, mistake in EXERCISES[number].mistakes.items():
        for way in mistake if isinstance(mistake, tuple) else [mistake]:
            if not isinstance(way, Looks):
                assert diagnose(number, way).sentence.startswith(hint)


def never_ending(*_):
    while True:
        pass


def stubborn(*_):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.01)


def prints(*_):
    print("the answer")


def gives_up(*_):
    raise KeyError("no\nsuch key")


def leaves(*_):
    raise SystemExit


def interrupts(*_):
    raise KeyboardInterrupt


def calls_itself(*arguments):
    return calls_itself(*arguments)


def generates(*_):
    yield 1.0


async def waits(*_):
    return 1.0


class Odd:
    """Something that fails whatever one does with it."""

    def __getattr__(self, name):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __array__(self, *_):
        raise RuntimeError

    __hash__ = None


BAD = {
    "no function": 3.0,
    "a text": "relu",
    "a list": [1, 2],
    "an array": np.zeros(3),
    "None": None,
    "a class": Odd,
    "a function without arguments": lambda: 1,
    "an odd object": lambda *a: Odd(),
    "an exception": gives_up,
    "an exit": leaves,
    "an interrupt": interrupts,
    "endless recursion": calls_itself,
    "printing only": prints,
    "a generator": generates,
    "a coroutine": waits,
    "a map": lambda *a: map(abs, [1]),
    "a lazy tensor": lambda *a: tf.constant([1.0, 2.0]),
    "a symbolic tensor": lambda *a: keras.Input((3,)),
    "a variable": lambda *a: tf.Variable(1.0),
    "a matrix": lambda *a: np.matrix([[1.0]]),
    "a masked array": lambda *a: np.ma.masked_array([1.0, 2.0], [True, False]),
    "objects": lambda *a: np.array([None, 1]),
    "complex numbers": lambda *a: np.ones(3) * 1j,
    "nan": lambda *a: float("nan"),
    "a function": lambda *a: abs,
    "a ragged list": lambda *a: [[1, 2], [3]],
}


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("number", EXERCISES)
def test_bad_input_gets_one_sentence(number, bad, capsys):
    check(number, bad)
    printed = capsys.readouterr()
    assert len(printed.out) < 700
    assert max(map(len, printed.out.splitlines())) <= 80
    assert "\n" not in str(diagnose(number, bad))
    assert "Traceback" not in printed.out
    assert not printed.err
    assert ("✗" in printed.out) or (bad is None and number not in FUNCTIONS)


def test_dots_and_not_implemented_are_not_solved_yet():
    def later(z):
        raise NotImplementedError

    for blank in (..., later, lambda z: ...):
        assert diagnose("2.1", blank).blank


@pytest.mark.parametrize("endless", [never_ending, stubborn])
def test_an_endless_loop_is_told_so_in_time(endless, monkeypatch, capsys):
    monkeypatch.setattr(exercises, "SECONDS", 0.3)
    start = time.perf_counter()
    verdict = diagnose("2.1", endless)
    assert time.perf_counter() - start < 5 * patience.factor()
    assert verdict.sentence.startswith("It is not done after 0.3 seconds.")
    assert ("restart the kernel" in verdict.sentence) is (endless is stubborn)
    print("still printing")
    assert capsys.readouterr().out == "still printing\n"


def test_an_interrupted_check_goes_on_nowhere():
    threads, times = [], iter(range(3))

    def endless_three_times(*_):
        if not threads:
            press = signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]
            threading.Timer(0.1, *press).start()
        threads.append(threading.current_thread())
        for _ in times:
            with contextlib.suppress(BaseException):
                while True:
                    time.sleep(0.01)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt):
        diagnose("2.1", endless_three_times)
    signal.signal(signal.SIGINT, before)
    assert threads[0] not in threading.enumerate()


def test_changing_the_input_is_a_mistake():
    def relu_slope(z):
        z[z < 0] = 0
        z[z > 0] = 1
        return z.copy()

    assert "changes what it is given" in diagnose("2.1", relu_slope).sentence


def test_printing_beside_the_right_result_is_none(capsys):
    def relu_slope(z):
        print("z is", z)
        return (z > 0) * 1.0

    check("2.1", relu_slope)
    assert capsys.readouterr().out == (
        "✓ Exercise 2.1 is solved. (What it printed is left out here.) That makes 1 of\n"
        f"  {len(EXERCISES)}.\n"
    )


def test_the_smallest_failing_example_is_shown():
    sentence = diagnose("2.1", lambda z: z * 0.0 + 7).sentence
    assert sentence == (
        "For z = [-1.5, 0. , 2.5] it returns [7., 7., 7.]; the right answer is [0., 0., 1.]."
    )


WHOLE = np.arange(24).reshape(4, 6) * 1000
LARGE = WHOLE.astype(float)


@pytest.mark.parametrize(
    ("right", "deviations", "tolerance", "sentence"),
    [
        (LARGE, {(2, 3): 7}, 1e-6, "15007 at [2, 3]; the right answer is 15000."),
        (LARGE, {(2, 3): 7, (3, 0): 7}, 1e-6, "15007 at [2, 3]; the right answer is 15000."),
        (LARGE, {(0, 0): 1e-3, (2, 3): 7}, 1e-6, "15007 at [2, 3]; the right answer is 15000."),
        (LARGE, {(2, 3): 0.06}, 1e-6, "15000.1 at [2, 3]; the right answer is 15000."),
        (LARGE * np.nan, {}, 1e-6, None),
        (WHOLE + 10**7, {(2, 3): 1}, 1e-6, "10015001 at [2, 3]; the right answer is 10015000."),
        (LARGE.ravel(), {(23,): 1e-3}, 1e-12, "23000.001 at [23]; the right answer is 23000."),
    ],
)
def test_the_entry_that_a_sentence_names_is_the_first_wrong_one(
    right, deviations, tolerance, sentence
):
    result = right.copy()
    for place, deviation in deviations.items():
        result[place] += deviation
    exercise = Exercise("1.1", "", "", lambda z: right, None, {}, tolerance)
    for returned, wanted, of in [
        (result, right, ""),
        ((1.0, result), (1.0, right), " as its second value"),
    ]:
        said = exercise.problem((0,), returned, wanted)
        assert said == (sentence and f"For z = 0 it returns {sentence}".replace(";", f"{of};"))


@pytest.mark.parametrize("ask", [check, diagnose])
def test_an_unknown_exercise_is_an_error(ask):
    last = list(tasks())[-1]
    assert int(last.partition(".")[0]) > 9, "the last in the order of texts is the last of step 9"
    message = rf"^There is no exercise '99.1'; the first is '1.1', the last is '{last}'\.$"
    with pytest.raises(ValueError, match=message):
        ask("99.1", abs)


@pytest.mark.parametrize("number", FUNCTIONS)
def test_a_check_answers_at_once(number):
    function = answer(number, tasks()[number].solution)
    diagnose(number, function)
    start = time.process_time()
    diagnose(number, function)
    assert time.process_time() - start < 0.1


def train(X, y, epochs, seed=0):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((400,)), keras.layers.Dense(10)])
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(0.01),
        steps_per_execution=20,
    )
    model.fit(X, y, epochs=epochs, verbose=0)
    return model


def three(X, y, epochs):
    return [train(X, y, epochs, seed) for seed in range(3)]


def test_challengers_must_be_better():
    (X, y), _, _ = data.split_data(*data.load_data())
    verdict = diagnose("8.4", three(X, y, 3))
    assert not verdict.solved
    assert verdict.score < 94
    assert "more images help most" in verdict.sentence


def test_one_challenger_may_not_stand_for_three():
    (X, y), _, _ = data.split_data(*data.load_data())
    verdict = diagnose("8.4", 3 * [train(X, y, 3)])
    assert "the same one: train each from a seed of its own" in verdict.sentence


def test_a_challenger_that_saw_the_validation_images_is_found_out():
    (X, y), val, _ = data.split_data(*data.load_data())
    honest = [train(X, y, 3, seed) for seed in (1, 2)]
    verdict = diagnose("8.4", [*honest, train(*val, 60)])
    assert "has it been trained on the" in verdict.sentence


def test_a_challenger_that_saw_training_and_validation_images_is_found_out():
    X, y = data.load_data()
    (X_train, y_train), (X_val, y_val), _ = data.split_data(X, y)
    both = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
    verdict = diagnose("8.4", three(*both, 60))
    assert "of the test images: has it been trained on the validation images?" in verdict.sentence


def test_a_challenger_that_saw_everything_is_found_out():
    X, y = data.load_data()
    verdict = diagnose("8.4", three(X, y, 60))
    assert "trained on X_train only: has it been" in verdict.sentence


def test_the_text_names_the_bar_of_the_challenge():
    text = (NOTEBOOKS / "08_error_analysis.ipynb").read_text(encoding="utf-8")
    assert f"at least {EXERCISES['8.4'].enough:g} % of them" in text


def test_progress_is_kept(cache, capsys):
    assert not any(day for _, _, day in solved_exercises())
    for number in ("2.1", "1.2", "2.1"):
        check(number, answer(number, tasks()[number].solution))
    day = date.today().isoformat()
    capsys.readouterr()
    show_progress()
    assert capsys.readouterr().out == (
        f"You have solved 2 of {len(EXERCISES)} exercises.\n"
        f"✓ 1.2 How much ink?, {day}\n✓ 2.1 The slope of a ReLU, {day}\n"
    )


class Tomorrow(date):
    """A calendar that is ahead."""

    @classmethod
    def today(cls):
        return cls(2099, 12, 31)


def test_the_day_is_that_on_which_it_was_first_solved(cache, monkeypatch):
    monkeypatch.setattr(exercises, "date", Tomorrow)
    (cache / "progress.txt").write_text("1.2 2026-01-31\n1.2 2026-02-28\n")
    for number in ("1.2", "2.1", "2.1"):
        check(number, answer(number, tasks()[number].solution))
    days = {number: day for number, _, day in solved_exercises() if day}
    assert days == {"1.2": "2026-01-31", "2.1": "2099-12-31"}


def test_exercises_through_a_step_are_those_of_that_step_and_before(cache):
    (cache / "progress.txt").write_text("1.1 2026-01-31\n9.1 2026-02-28\n10.1 2026-03-31\n")
    some = solved_exercises(through=9)
    assert [day for _, _, day in some if day] == ["2026-01-31", "2026-02-28"]
    assert some == solved_exercises()[: len(some)]
    assert {number.partition(".")[0] for number, _, _ in some} == set("123456789")


def test_progress_is_shown_in_the_order_of_the_steps(cache, capsys):
    lines = [f"{number} 2026-01-31\n" for number in ("10.2", "9.4", "2.1", "11.1", "1.3")]
    (cache / "progress.txt").write_text("".join(lines))
    assert [number for number, _, _ in solved_exercises()] == list(tasks())
    show_progress()
    shown = [line.split()[1] for line in capsys.readouterr().out.splitlines()[1:]]
    assert shown == ["1.3", "2.1", "9.4", "10.2", "11.1"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[1]",
        b"\xff\xfe",
        b"1.1",
        b"1.1 today",
        b"77.7 2026-01-01\n",
        b"\0" * 10**5,
        b"1.1 \n",
    ],
)
def test_a_damaged_progress_file_loses_nothing_else(content, cache, capsys):
    (cache / "progress.txt").write_bytes(content)
    show_progress()
    assert capsys.readouterr().out == "You have solved none of the exercises yet.\n"
    check("1.2", answer("1.2", tasks()["1.2"].solution))
    assert "That makes 1 of" in capsys.readouterr().out
    assert [number for number, _, day in solved_exercises() if day] == ["1.2"]


def test_whole_lines_of_a_damaged_progress_file_count(cache):
    (cache / "progress.txt").write_bytes(b"\xef\xbb\xbf1.1 2026-01-31\r\nab\xff\n2.1 2026-02-0")
    assert [(n, day) for n, _, day in solved_exercises() if day] == [("1.1", "2026-01-31")]


def test_two_notebooks_may_enter_progress_at_once():
    def enter(numbers):
        for number in numbers:
            exercises._enter(number)

    halves = [list(EXERCISES)[::2], list(EXERCISES)[1::2]]
    threads = [threading.Thread(target=enter, args=[half]) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(day for _, _, day in solved_exercises())


@pytest.mark.parametrize("place", ["missing/folder", "file/folder"])
def test_progress_that_cannot_be_kept_is_said(place, cache, capsys, monkeypatch):
    (cache / "file").write_text("no folder")
    monkeypatch.setattr(data, "CACHE", cache / place)
    check("1.2", answer("1.2", tasks()["1.2"].solution))
    printed = " ".join(capsys.readouterr().out.split())
    assert "is solved. That makes 1 of" in printed
    assert "cannot be kept for later" in printed


def test_only_right_answers_count():
    check("1.2", np.mean)
    check("1.2", ...)
    assert not any(day for _, _, day in solved_exercises())


def test_an_answer_cannot_spoil_the_models_of_the_check():
    def forgotten(model):
        for layer in model.layers[:-1]:
            layer.activation = keras.activations.relu
        return []

    assert not diagnose("5.3", forgotten).solved
    assert not diagnose("5.3", lambda model: []).solved
    assert diagnose("5.3", answer("5.3", tasks()["5.3"].solution)).solved


RIGHT = {
    "1.1": """def zero(top, bottom, left, right):
    image = [[0] * 20 for _ in range(20)]
    for row in range(top, bottom):
        for column in range(left, right):
            inside = top + 2 <= row < bottom - 2 and left + 2 <= column < right - 2
            image[row][column] = int(not inside)
    return np.array(image)""",
    "1.2": "ink_share = lambda image: np.float32(np.count_nonzero(image > 0.5) / image.size)",
    "2.1": "relu_slope = lambda z: np.where(z > 0, 1, 0)",
    "2.2": """def hat(x):
    heights = []
    for v in x:
        if v <= 1 or v >= 3:
            heights.append(0)
        elif v <= 2:
            heights.append(v - 1)
        else:
            heights.append(3 - v)
    return np.array(heights)""",
    "2.3": "softmax_rows = lambda z: np.array([softmax(row) for row in z])",
    "3.3": """def read_by_average(images, X_train, y_train):
    averages = np.zeros((10, 400))
    for digit in range(10):
        averages[digit] = np.mean(X_train[y_train == digit], axis=0)
    return np.array([((averages - image) ** 2).sum(1).argmin() for image in images])""",
    "4.1": """def count_parameters(sizes):
    total = sizes[1] * (sizes[0] + 1)
    return total if len(sizes) == 2 else total + count_parameters(sizes[1:])""",
    "4.2": "dense = lambda X, W, b: (X @ W + b).clip(0)",
    "5.1": """def build(sizes):
    x = inputs = tf.keras.Input((sizes[0],))
    for size in sizes[1:-1]:
        x = Dense(size, activation=tf.keras.layers.ReLU())(x)
    return tf.keras.Model(inputs, Dense(sizes[-1], activation=lambda z: z)(x))""",
    "12.2": """def numerical_gradient(f, w):
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        w[place] += 1e-5
        above = f(w)
        w[place] -= 2e-5
        slopes[place] = (above - f(w)) / 2e-5
        w[place] += 1e-5
    return slopes""",
    "7.1": """def top_k(probabilities, k):
    rest, digits = probabilities.copy(), []
    for _ in range(k):
        digits.append(rest.argmax(axis=1))
        rest[np.arange(len(rest)), digits[-1]] = -1
    return np.array(digits).T""",
    "10.1": """def stop_after(losses, patience):
    lowest, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses), best""",
    "7.2": """def to_the_middle(image):
    row, column = center_of_ink(image)
    down, right = round(10 - row), round(10 - column)
    return np.pad(image, 20)[20 - down : 40 - down, 20 - right : 40 - right]""",
    "8.2": """def precision_and_recall(matrix, digit):
    sums = matrix[:, digit].sum(), matrix[digit].sum()
    return np.array([matrix[digit, digit] / n if n else 0 for n in sums])""",
}


# One line each: what stands behind `return`.
MORE_RIGHT = {
    "1.2": ["1 - (image <= 0.5).mean()", "sum(sum(image > 0.5)) / image.size"],
    "1.3": ["long_row.reshape(20, 20)[row][column]", "np.split(long_row, 20)[row][column]"],
    "1.4": ["(f(x + 1e-7) - f(x - 1e-7)) / 2e-7", "(f(x + 0.001) - f(x - 0.001)) / 0.002"],
    "2.1": ["np.heaviside(z, 0)", "np.sign(np.maximum(z, 0))", "(np.sign(z) + 1) // 2"],
    "2.2": ["relu(1 - abs(x - 2))", "np.interp(x, [1, 2, 3], [0, 1, 0])"],
    "2.4": ["np.logaddexp.reduce(logits - logits[label])"],
    "3.1": ["100 - 100 * (guesses != y).mean()", "np.where(guesses == y, 100, 0).mean()"],
    "3.2": ["np.array([row[i::20] for i in range(20)])", "row.reshape(20, 20, order='F')"],
    "3.4": ["sum(image.tolist() in X_train.tolist() for image in X_test)"],
    "5.2": ["[(W2.T @ W1.T).T, W2.T @ b1 + b2]"],
    "12.1": ["np.dot(a.T, d_z), np.ones(len(a)) @ d_z, (W @ d_z.T).T"],
    "6.1": [
        "np.argsort(probabilities[range(len(y)), y])[0]",
        "tf.keras.losses.sparse_categorical_crossentropy(y, probabilities).numpy().argmax()",
    ],
    "6.2": ["min(rates, key=lambda rate: (np.isnan(loss_of(rate)), loss_of(rate)))"],
    "7.1": [
        "np.argsort(probabilities, axis=1)[:, :-k-1:-1]",
        "np.flip(np.argsort(probabilities, axis=1), axis=1)[:, :k]",
    ],
    "7.3": ["(probabilities.max(1) >= threshold) * (probabilities.argmax(1) + 1) - 1"],
    "8.1": ["np.bincount(10 * truth + guesses, minlength=100).reshape(10, 10)"],
    "8.3": ["np.argsort((probabilities * np.eye(probabilities.shape[1])[labels]).sum(axis=1))[:k]"],
    "9.1": ["np.array([i for d in range(10) for i in np.flatnonzero(labels == d)[:k]])"],
    "9.2": ["min(place + size - 1, count - 1)", "range(count)[: place + size][-1]"],
    "9.3": ["(1 / share) ** (-1 / b)", "np.exp(np.log(share) / b)"],
    "10.2": [
        "(1 - momentum) * momentum ** np.arange(len(means))[::-1] @ means",
    ],
    "11.1": ["(size - window - 1) // 2 + 1", "int((size - window + 1) / 2)"],
    "11.2": ["window**2 * channels * filters + (filters if bias else 0)"],
    "11.3": [
        "np.lib.stride_tricks.sliding_window_view(feature_map, (2, 2))[::2, ::2].mean((2, 3))"
    ],
    "11.4": ["np.where(np.arange(10) == y[:, None], 1 - 0.9 * share, share / 10)"],
    "13.1": [
        "values[:, neuron].argsort()[::-1][:count]",
        "np.array(sorted(range(len(values)), key=lambda i: -values[i, neuron])[:count])",
    ],
    "14.1": [
        "np.argsort(np.bincount(truth[guesses != truth], minlength=10))[-1]",
        "max(range(10), key=truth[guesses != truth].tolist().count)",
    ],
    "13.2": ["int(np.argmax(maps.sum(axis=0).sum(axis=0) * weights.T[digit]))"],
    "13.3": ["100 - 100 * np.prod(guesses != truth, axis=0).mean()"],
}


def returning(number, result):
    right = EXERCISES[number].right
    names = ", ".join(inspect.signature(right).parameters)
    return answer(number, f"def {right.__name__}({names}):\n    return {result}")


@pytest.mark.parametrize("number", sorted({*RIGHT, *MORE_RIGHT}))
def test_right_answers_of_another_kind_pass(number):
    functions = [returning(number, result) for result in MORE_RIGHT.get(number, [])]
    if number in RIGHT:
        functions.append(answer(number, RIGHT[number]))
    for function in functions:
        verdict = diagnose(number, function)
        assert verdict.solved, verdict.sentence


def test_activations_may_be_layers_of_their_own():
    code = """def build(sizes):
    model = Sequential([tf.keras.Input((sizes[0],))])
    for size in sizes[1:-1]:
        model.add(Dense(size))
        model.add(tf.keras.layers.{})
    model.add(Dense(sizes[-1]))
    return model"""
    for layer in ("ReLU()", 'Activation("relu")'):
        assert diagnose("5.1", answer("5.1", code.format(layer))).solved
    assert not diagnose("5.1", answer("5.1", code.format("Softmax()"))).solved


def with_names(function, **names):
    """Return a function as if it stood in a notebook in which there are these names, too."""
    return types.FunctionType(function.__code__, {**function.__globals__, **names})


@pytest.mark.parametrize("number", FUNCTIONS)
def test_names_of_the_notebook_are_noticed_in_an_answer(number):
    function = answer(number, tasks()[number].solution)
    first = next(iter(inspect.signature(EXERCISES[number].right).parameters))
    names = ", ".join(inspect.signature(EXERCISES[number].right).parameters)
    # The same answer, but with the first argument taken from around it.
    source = f"def leaky({names.replace(first, 'other', 1)}):\n    return right({names})"
    exec(source, scope := {"right": function})
    arguments = EXERCISES[number].examples(np.random.default_rng(9))[-1]
    leaky = with_names(scope["leaky"], **{first: arguments[0]})
    if callable(arguments[0]) and not hasattr(arguments[0], "layers"):
        return  # of a function one cannot say that it belongs to the notebook only
    sentence = diagnose(number, leaky).sentence
    assert f"takes `{first}` from the notebook" in sentence


def leak_of(result, **names):
    return diagnose("3.1", with_names(returning("3.1", result), **names)).sentence


def test_a_name_that_leaks_is_named_whether_the_result_is_right_or_not():
    assert leak_of("(guesses == y_train).mean()", y_train=np.arange(4)).startswith(
        "It takes `y_train` from the notebook around it. A function should use only what it is "
        "given, here `guesses` and `y`, and what it makes of that. For guesses = [1, 2, 3, 4],"
    )
    right = "(guesses == y).mean() * m"
    assert leak_of(right, m=100).startswith("The result is right, but only as long as the notebook")
    assert "takes `X` and `m` from" in leak_of(f"len(X) * {right}", X=[1], m=100)
    assert "takes `m` from" in leak_of(f"[{right} for _ in range(1)][0]", m=100)
    assert "takes `model` from" in leak_of("model(y)", model=keras.Sequential())
    assert "takes `layer` from" in leak_of("layer.name", layer=keras.layers.Dense(2))


def test_what_an_answer_may_use_of_the_notebook_is_no_leak():
    assert leak_of("share(guesses, y) * 100", share=lambda a, b: (a == b).mean()) == ""
    assert leak_of("(guesses == y).mean() * PERCENT", PERCENT=100) == ""
    cell = "percent = 100\ndef f(guesses, y):\n    return (guesses == y).mean() * percent"
    linecache.cache["a cell"] = len(cell), None, cell.splitlines(keepends=True), "a cell"
    exec(compile(cell, "a cell", "exec"), names := {})
    assert diagnose("3.1", names["f"]).solved


def test_a_name_that_is_nowhere_is_called_misspelled():
    assert leak_of("100 * (guesses == Y).mean()") == (
        "It uses the name `Y`, but nothing has this name: is it misspelled, or has its cell not "
        "been run? The function is given `guesses` and `y`."
    )


def test_a_name_that_has_no_value_yet_is_said():
    function = answer("3.1", "def percent_right(guesses, y):\n    n += 1\n    return n")
    assert diagnose("3.1", function).sentence.startswith(
        "It uses `n` before that has a value: set it above the loop"
    )


def test_arguments_that_do_not_fit_are_named():
    assert diagnose("3.1", lambda guesses: 1).sentence == (
        "The function has to take 2 arguments, `guesses` and `y`; this one takes `guesses`."
    )


@pytest.mark.parametrize("number", FUNCTIONS)
def test_inputs_that_are_shown_can_be_typed_in_again(number):
    exercise = EXERCISES[number]
    names = {"np": np, "nan": np.nan, "inf": np.inf}
    for seed in range(exercise.draws):
        for arguments in exercise.examples(np.random.default_rng(seed)):
            if can_be_typed(exercise.right, arguments):
                for argument in arguments:
                    # A model has no text that makes it.
                    if not hasattr(argument, "layers"):
                        typed = eval(show(argument), names)
                        assert same(typed, argument), f"{show(argument)} is not {argument}"


def same(typed, argument):
    if callable(argument):
        return callable(typed)
    if isinstance(argument, list):
        return all(map(same, typed, argument))
    if isinstance(argument, bytes):
        return typed == argument
    return np.array_equal(np.asarray(typed), argument, equal_nan=argument is not str)


def test_an_input_that_can_be_typed_is_shown_before_one_that_cannot():
    arguments = [(np.zeros(20),), (np.zeros(2),)]
    exercise = Exercise("1.1", "", "", lambda z: 1, lambda rng: arguments, {})
    sentence = exercise.first_problem(arguments, [2, 2], [1, 1])
    assert sentence == "For z = [0., 0.] it returns 2; the right answer is 1."
    assert "shape (20,)" in exercise.first_problem(arguments, [2, 1], [1, 1])


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda right: right.T, "Rows and columns are exchanged."),
        (lambda right: -right, "The sign is wrong."),
        (lambda right: right * 100, "It is 100 times as large as it should be."),
        (lambda right: right.round(2), "It is rounded; leave all decimals."),
        (lambda right: right[0], "That is only the first one"),
        (lambda right: right[:1], "That is only the first one: is there a `return` inside a loop?"),
        (lambda right: right / 0 * 0, "It gives nan, which is no number"),
        (
            lambda right: np.zeros(0),
            "It returns the same result, whatever it is given. (`np.append`",
        ),
        (lambda right: right.ravel(), "The entries are right, but they stand in one long row"),
        (lambda right: right + 1, "It is 1 too large everywhere."),
        (lambda right: right * 0, "It returns the same result, whatever it is given."),
        (lambda right: right + right**2, None),
    ],
)
def test_mistakes_that_any_exercise_may_see_are_recognized(change, hint):
    expected = list(np.random.default_rng(0).normal(size=(3, 4, 5)))
    found = general_hint([change(right) for right in expected], expected)
    assert found is None if hint is None else found.startswith(hint)


def test_an_argument_that_is_never_used_is_named():
    assert diagnose("11.1", lambda size, window: (size - 7) // 2).sentence.startswith(
        "It never uses `window`; the result has to depend on it."
    )


def test_arguments_in_another_order_are_named_where_that_matters():
    said = diagnose("9.2", lambda place, count, size: min(place + size, count) - 1).sentence
    assert said.startswith(
        "The function gets `place`, `size` and `count`, in this order; here they stand as `place`, "
        "`count` and `size`. For place = "
    )
    # It adds the two that are exchanged, so nothing is wrong.
    assert diagnose("9.2", lambda size, place, count: min(place + size, count) - 1).solved


def test_a_single_number_in_an_array_is_taken_out():
    said = diagnose("9.3", lambda b, share: np.array([share]) ** (1 / b)).sentence
    assert said.startswith("It is the right number, but in an array: take it out, with `[0]`.")


def test_a_function_that_is_never_called_is_named_even_if_another_takes_long(monkeypatch):
    monkeypatch.setattr(exercises, "SECONDS", 0.3)
    said = "It never uses `loss_of`; call that function, and no other in its place."
    assert diagnose("6.2", lambda rates, loss_of: sum(rates)).sentence.startswith(said)
    slow = diagnose("6.2", lambda rates, loss_of: never_ending(rates))
    assert slow.sentence == (
        f"It is not done after 0.3 seconds. {said} Or is there a loop that never ends?"
    )


def test_who_prints_the_answer_is_told_to_return_it():
    assert diagnose("2.1", prints).sentence == (
        "It prints something, but returns nothing (None): `print` shows a value, `return` hands it "
        "back."
    )
    quiet = diagnose("2.1", lambda z: print("the answer") or z).sentence
    assert "prints" not in quiet


@pytest.mark.parametrize("error", [9e-6, -9e-6, 1.1e-5])
def test_an_absolute_tolerance_does_not_grow_with_the_numbers(error):
    for number in (0.0, 1.0, 1e6):
        assert equal(number + error, number, Absolute(1e-5)) is (abs(error) < 1e-5)


def test_a_tiny_number_in_the_input_is_not_shown_as_0():
    exercise = Exercise("1.1", "", "", lambda z: 1, None, {})
    said = exercise.problem((np.array([1e-9, -0.5]),), 2, 1)
    assert said == "For z = [1e-09, -0.5] it returns 2; the right answer is 1."


def test_the_right_value_among_others_is_seen():
    hint = general_hint([(1, 5.0), (2, 7.0)], [5.0, 7.0])
    assert hint == "One of the values that it returns is right; return that one alone."
    assert general_hint([(1, 5.0), (7.0, 2)], [5.0, 7.0]) is None


@pytest.mark.parametrize("join", [np.array, np.hstack])
def test_who_joins_several_results_to_an_array_is_told_to_separate_them(join):
    result, _ = outcome_of(lambda: join([np.ones((2, 3)), np.ones(2)]), ())
    with pytest.raises(HintError, match=r"separated by a comma, without `np\.array`"):
        check_kind(result, (np.ones((2, 3)), np.ones(2)))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("np.array([1.0]).sum(axis=1)", "There is no axis 1 here, because this array is a single"),
        ("np.ones((2, 3)).sum(axis=2)", "There is no axis 2 here: this array has 2 axes, which"),
        ("np.float64(3).sum(axis=1)", "a single number has no axes at all"),
        ("np.add(1, 0.5, out=np.zeros(1, int))", "whole numbers cannot take up decimals by `+=`"),
        ("(...)(3)", "a function that is still a blank"),
        ("np.zeros(2, 3)", "parentheses of its own, as in `np.zeros((2, 3))`"),
        ("[3, 1].sort()[:1]", "(`append`, `sort` and the like change a list where it is and"),
        ("[].append(1).append(2)", "(`append`, `sort` and the like change a list where it is and"),
        ("abs[1]", "A function is called with round parentheses; square brackets pick"),
        ("(0.5)[-1]", "Square brackets stand after a single number, which has no entries"),
        ("np.ones(2) > 0.5.mean()", "parentheses, as in `(a > b).mean()`"),
        ("[True, False].mean()", "A list has no `.mean`: make an array of it with `np.array(...)`"),
        ("range([1, 2])", "`range` takes `len(...)`"),
        ("range(np.ones(2, int))", "(`range` takes `len(...)`, how many there are; `np.max`"),
        ("same(1)", "without 'argument': put what the function needs between its parentheses"),
        ("abs < abs", "It computes with a function instead of what the function returns"),
        ("abs * 2.0", "It computes with a function instead of what the function returns"),
        ("0.5 ^ 2.0", "In Python a power is written `**`, as in `x ** 2`"),
        ("np.ones(2) ^ 2", "In Python a power is written `**`, as in `x ** 2`"),
        ("10 - (1, 2)", "take them apart first, as in `row, column = ...`"),
        ("np.ones((2, 3)).T()", "`.T` and `.shape` take no parentheses"),
        ("[1, 2][0.5]", "`for i in range(len(a))` through their positions"),
        ("np.ones(2)[np.ones(1)]", "`for i in range(len(a))` through their positions"),
        ("np.ones((2, 3)).mean(axis=[0, 1])", "several axes stand in parentheses"),
        ("np.ones((2, 3)).mean(0, 1)", "so do several axes, as in `mean(axis=(1, 3))`"),
        ("np.ones(8).reshape(2, 5)", "An array of 8 numbers does not fit into the shape (2,5)"),
        ("[0 for a, b in [(1,)]]", "stand 2 names, but there are only 1 values"),
        ("list(3)", "A single number has no entries to go through"),
        ("min([])", "`min` has nothing to choose from"),
        ("np.concatenate(*[np.zeros(2), np.zeros(2)])", "`np.concatenate` takes one list"),
        ("np.ones(2) == 1 & np.arange(2) == 1", "need parentheses of their own"),
        ("np.ones(2) > 1 & np.ones(2) < 2", "need parentheses of their own"),
        ("np.ones(4)[4]", "position 4 where there are only 4 entries, which are counted from 0"),
        ("np.ones((2, 3)) + np.ones(2)", "Arrays of the shapes (2,3) and (2,) do not fit"),
        ("np.ones(3).__setitem__(slice(3), np.ones(2))", "(2,) does not fit into a place of the"),
        ("np.ones(3)[np.ones(2) > 0]", "2 values of True and False, but the length of what"),
        ("np.ones(6).reshape(2, 6 / 2)", "A number with decimals stands where a whole one belongs"),
        ("np.zeros(6 / 2)", "A number with decimals stands where a whole one belongs"),
        ("float(np.ones(2))", "take a single number; an array is converted by `.astype(float)`"),
        ("np.ones(2).shape[1]", "(A `shape` has one entry for each axis"),
        ("np.exp(1.0, axis=0)", "an argument `axis`, there is none of this name"),
        ("np.ones((2, 3)).max(1, True)", "are given by their names, as in `keepdims=True`"),
        ("np.float64(3)[0]", "Square brackets stand after a single number, which has no entries"),
        ("np.sum(x for x in [1.0])", "use Python's own `sum`"),
        ("exec('a = a[0] = 0')", "the first `=` makes `a` itself 0"),
        ("np.ones(2)[0, 1]", "2 positions or slices, but the number of axes of this array is 1"),
        ("1 / 0", "It divides by 0"),
        ("np.zeros(np.sqrt(4))", "A number with decimals stands where a whole one belongs"),
        ("np.where(np.ones(2) > 0, 1)", "one for where it is true, one for elsewhere"),
        ("np.ones(2).where(1)", "An array has no `.where`: is it misspelled, or a function of"),
        ("np.sin.diff(1)", "A function has no `.diff`: call it, as in `f(x)`"),
        ("np.where[[1]]", "A function is called with round parentheses; square brackets pick"),
        ("np.where(np.ones(2), np.ones(2), np.ones((2, 3)))", "shapes (2,), (2,) and (2,3) do not"),
        ("[] + np.ones(2)", "an empty list or array has none"),
        ("np.min(3, 7)", "what follows it is an axis; to compare two numbers, use `min`"),
        ("(3).min(4)", "two numbers are compared by `min(a, b)`"),
        ("min(3 and 4)", "`min` and `max` need a list, or two numbers with a comma"),
        ("max([1, 2], axis=0)", "Python's own `max` has no `axis`; `np.max` has one"),
        ("np.flatnonzero(labels=3)", "(A comparison is written `==`.)"),
        ("np.log(0.5, 2)", "Functions such as `np.log` and `np.exp` take one number or array"),
        ("0.5 ** (1, 2)", "It computes with several values as if they were one number"),
        ("sorted(np.ones((2, 3)))", "Python's own `max` or `sorted` cannot decide"),
        ("np.arange(np.ones(2))", "`np.arange` takes `len(...)`"),
        ("np.mean(np.ones(2), np.ones(2))", "as in `np.mean([a, b], axis=0)`"),
        ("[1, 2].flatten()", "A list has no `.flatten`"),
        ("[1, 2].dot([3, 4])", "A list has no `.dot`"),
        ("np.ones(5).reshape(2, -1)", "cannot be divided into rows or columns of this length"),
        ("np.ones(5).reshape(2, 3)", "does not fit into the shape (2,3)"),
        ("[1, 2][::0]", "The step of a slice or a `range` is 0"),
        ("range(0, 4, 0)", "The step of a slice or a `range` is 0"),
        ("sum([[1], [2]])", "not a list of lists"),
        ("np.mean([1, 2], weights=[1, 2])", "`np.average` does"),
        ("len(3)", "A single number has no length"),
        ("[0 for a, b in [abs]]", "It takes apart a function instead of what the function returns"),
        (
            "[0 for a, b in [0.5]]",
            "(`for i, x in enumerate(a)` goes through positions and entries.)",
        ),
        ("round(np.ones(2))", "`round` takes a single number, but gets an array"),
        ("np.concatenate([np.int64(3)])", "it stands around the list of all arrays"),
        ("np.argmin([])", "`argmin` has nothing to choose from"),
        ("tf.keras.layers.AveragePooling2D()", "It calls `AveragePooling2D` without 'pool_size'"),
        ("(0.5).watch", "It stops with AttributeError"),
    ],
)
def test_why_an_answer_stopped_is_a_sentence_that_helps(code, said):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python's, about what stands before the parentheses
        run = eval(f"lambda: {code}")
    stopped, _ = outcome_of(run, ())
    assert said in explain(stopped)


def test_colors_of_a_message_are_left_out():
    assert explain(ValueError("\x1b[1mInvalid\x1b[0m")) == "It stops with ValueError: Invalid."


def test_who_gives_an_argument_another_name_reads_that_one(monkeypatch):
    def share(img):
        return (image > 0.5).mean()  # noqa: F821

    monkeypatch.setitem(globals(), "image", np.ones((2, 2)))
    assert "what it is given, here `img`" in diagnose("1.2", share).sentence


def test_what_waits_for_others_gets_more_time_but_not_forever(monkeypatch):
    assert within(0.2, lambda: time.sleep(0.5) or 7) == (7, "")
    over = threading.Event()
    with pytest.raises(HintError, match=r"not done after 0\.2 seconds"):
        within(0.2, lambda: over.wait(60))
    over.set()  # or Python 3.11 would make the next test that traces wait for it


def test_calls_get_copies():
    given = np.zeros(3)

    def change(z):
        z += 1

    assert outcome_of(change, (given,)) == (None, True)
    assert not given.any()


NUMBERS, COUNTS = np.arange(3) * 1.0, np.arange(3)


@pytest.mark.parametrize(
    ("result", "expected", "message"),
    [
        (None, 1.0, "It returns nothing (None): is there a `return` at its end"),
        ("a", 1.0, "It returns a string; the exercise asks for a single number."),
        (True, 1.0, "It returns True or False; the exercise asks for a single number."),
        (NUMBERS, 1.0, "an array of the shape (3,); the exercise asks for a single number."),
        (np.float64(2), 1, "It returns a float; the exercise asks for a whole number (int)."),
        ({}, "a", "It returns a dict; the exercise asks for a string."),
        ((1,), [1], "It returns a tuple; the exercise asks for a list."),
        (object(), [1], "It returns an object; the exercise asks for a list."),
        (iter([1]), [1], "It returns a list_iterator; the exercise asks for a list."),
        (map(abs, []), [1], "It returns a map, whose entries come one by one"),
        (5, NUMBERS, "It returns a whole number; the exercise asks for a NumPy array of the"),
        ([1, 2, 3], NUMBERS, "of the shape (3,). `np.array(...)` turns it into one."),
        ([NUMBERS[:1], NUMBERS[1:]], NUMBERS, "`np.concatenate(...)` joins the arrays of this"),
        ([NUMBERS], NUMBERS[None], "of the shape (1, 3). `np.array(...)` turns it into one."),
        (NUMBERS[:2], NUMBERS, "of the shape (2,), but the right shape is (3,)."),
        (NUMBERS > 1, NUMBERS, "It returns True and False; the exercise asks for numbers."),
        (
            COUNTS > 1,
            (COUNTS > 1) * 1.0,
            "asks for numbers. `(...).astype(float)` or `(...) * 1.0`",
        ),
        ((1, 2), NUMBERS, "asks for a NumPy array of the shape (3,)."),
        (NUMBERS * 1j, NUMBERS, "It returns an array of the dtype complex128, not of numbers."),
        (NUMBERS, COUNTS, "asks for whole numbers (int). `.astype(int)` converts them."),
        (NUMBERS / 2, COUNTS, "an array of float64; the exercise asks for whole numbers (int)."),
        (NUMBERS.mean, 1.0, "It returns a function itself, not what it gives: call it, with"),
        (Text(), NUMBERS, "It draws something (Text); return the array itself."),
        ((1, 2, 3), (1, 2), "should return 2 values, separated by commas, but returns 3."),
        (1.0, (1, 2), "should return 2 values, separated by commas, but returns a float."),
        ((1, NUMBERS), (1, COUNTS), "As its second value it returns an array of float64; the"),
        (("a", 1), (1, 2), "As its first value it returns a string; the"),
        (ValueError("no.\n way."), 1.0, "It stops with ValueError: no. way."),
        (KeyError(), 1.0, "It stops with KeyError."),
        (ValueError("It has an inhomogeneous shape"), 1.0, "different lengths; `np.concatenate`"),
        (TypeError("numpy boolean subtract, the `-` operator, is not supported"), 1, "`&`, `|`"),
        (ValueError("x" * 300), 1.0, f"It stops with ValueError: {'x' * 200} …."),
    ],
)
def test_what_is_of_another_kind_is_called_by_its_name(result, expected, message):
    with pytest.raises(HintError) as caught:
        check_kind(result, expected)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (np.array(2.0), 1.0),
        (2, 1.0),
        (np.int32(2), 1),
        (COUNTS, NUMBERS),
        (COUNTS > 1, NUMBERS > 1),
        (NUMBERS, (1.0, 2.0, 3.0)),
        ([1.0, COUNTS], (1.0, COUNTS)),
        ("a", "b"),
    ],
)
def test_what_is_of_the_right_kind_in_another_form_will_do(result, expected):
    check_kind(result, expected)


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (np.arange(12), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"),
        (np.arange(13), "an array of the shape (13,)"),
        (np.array([[0.12345, 1], [2, 3]]), "[[0.123, 1. ], [2. , 3. ]]"),
        (0.1234567, "0.123457"),
        (np.int64(7), "7"),
        (np.array(True), "True"),
        ((1, NUMBERS), "(1, [0., 1., 2.])"),
        ([NUMBERS, np.arange(13)], "[[0., 1., 2.], an array of the shape (13,)]"),
        (np.maximum, "np.maximum"),
        (float, "float"),
        ("x" * 100, "'" + "x" * 76 + "…"),
        ("x" * 78, repr("x" * 78)),
    ],
)
def test_arguments_and_results_are_shown_in_one_short_line(thing, text):
    assert show(thing) == text


@pytest.mark.parametrize(("count", "limit"), [(4, 12), (12, 4)])
def test_arguments_that_would_fill_the_screen_are_shown_by_their_shapes(count, limit):
    exercise = Exercise("1.1", "", "", lambda a, b, c, d: 1, None, {})
    arguments = [np.arange(count) + 0.125] * 4
    shown = show(arguments[0], limit=limit)
    given = ", ".join(f"{name} = {shown}" for name in "abcd")
    assert exercise.problem(arguments, 2, 1) == f"For {given} it returns 2; the right answer is 1."


@pytest.mark.parametrize(
    ("argument", "change", "noticed"),
    [
        (np.zeros(3), lambda a: a.fill(1), True),
        (np.zeros(3), lambda a: a.resize(4, refcheck=False), True),
        (np.array([np.nan, 1]), lambda a: None, False),
        (np.ones(3), lambda a: np.subtract(a + 1e-14, 0, out=a), False),
        (np.ones(3), lambda a: np.add(a, 1e-9, out=a), True),
        ([1, 2], lambda a: a.append(3), True),
        ([np.zeros(2), np.zeros(2)], lambda a: a[1].fill(1), True),
        ([np.zeros(2)], lambda a: None, False),
        ({"a": 1}, lambda a: a.update(a=2), True),
        ({"a": 1}, lambda a: None, False),
        (3.0, lambda a: a + 1, False),
    ],
)
def test_a_changed_argument_is_noticed(argument, change, noticed):
    assert outcome_of(lambda first, second: change(second), (0, argument))[1] is noticed


@pytest.mark.parametrize(
    ("function", "loops"),
    [
        (lambda z: np.maximum(z, 0), False),
        (lambda z: np.median(z) + np.percentile(z, 5), False),
        (lambda z: np.where(z > 0, z, 0) if len(z) > 8 else z * (z > 0), False),
        (lambda z: np.array([max(0, x) for x in z]), True),
        (lambda z: np.vectorize(lambda x: max(0, x))(z), True),
        (lambda z: sum(1 for _ in z), True),
    ],
)
def test_going_through_the_entries_one_by_one_counts_as_a_loop(function, loops):
    before = sys.gettrace()
    assert loops_over(function, (np.arange(4.0),), (np.arange(64.0),)) is loops
    assert sys.gettrace() is before


def test_what_is_given_as_an_answer_but_is_no_function_is_named():
    for given, named in ((np.arange(2), "[0, 1]"), ("relu", "'relu'"), (2.5, "2.5")):
        sentence = diagnose("2.1", given).sentence
        assert sentence.endswith(f"its name without parentheses, but got {named}.")


def test_an_object_that_fails_when_one_looks_at_it_is_said_to():
    verdict = diagnose("2.1", Odd())
    assert str(verdict) == (
        "✗ Exercise 2.1 is not right yet. Looking at the answer raises RuntimeError."
    )
