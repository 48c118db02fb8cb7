"""The exercises: the solution passes, the blank and every mistake are told what is wrong."""

import ast
import contextlib
import functools
import random
import threading
import time
from datetime import date

import nbformat
import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from helpers import data, exercises
from helpers.exercises import check, diagnose, show_progress, solved_exercises
from helpers.exercises.engine import Looks, alike, outcome_of
from helpers.exercises.tasks import EXERCISES
from tests.stored_checks import tasks_of
from tests.wrong_answers import WRONG
from tools.notebooks import NOTEBOOKS

FUNCTIONS = [number for number in EXERCISES if number != "8.4"]


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
    path = paths()[int(step) - 1]
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


@pytest.mark.parametrize("number", FUNCTIONS)
def test_the_solution_passes_and_the_blank_does_not(number):
    # The run of the notebooks checks the solutions, too, among all the names of their steps.
    assert diagnose(number, answer(number, tasks()[number].solution)).solved
    blank = diagnose(number, answer(number, tasks()[number].stub))
    assert blank.blank
    assert not blank.solved
    assert str(blank).startswith(f"○ Exercise {number} is not solved yet. Replace the ...")


@pytest.mark.parametrize("number", EXERCISES)
def test_wrong_answers_get_their_own_hints(number):
    sentences = [diagnose(number, answer(number, code)).sentence for _, code in WRONG[number]]
    for (hint, _), sentence in zip(WRONG[number], sentences, strict=True):
        assert hint in sentence
        assert "\n" not in sentence
    assert len(set(sentences)) == len(sentences) >= 3


@pytest.mark.parametrize("number", FUNCTIONS)
def test_no_hint_hides_another(number):
    for hint, mistake in EXERCISES[number].mistakes.items():
        for way in mistake if isinstance(mistake, tuple) else [mistake]:
            if not isinstance(way, Looks):
                assert diagnose(number, way).sentence.startswith(hint)


@pytest.mark.parametrize("number", FUNCTIONS)
def test_random_wrong_functions_never_pass(number):
    tried = 0
    for function in wrong_functions(number):
        if is_wrong(number, function):
            tried += 1
            verdict = diagnose(number, function)
            assert not verdict.solved
            assert "\n" not in verdict.sentence
        if tried == 200:
            return
    pytest.fail(f"only {tried} wrong functions were found")


def is_wrong(number, function):
    """Return whether a function gives something wrong on other examples than the check has."""
    exercise = EXERCISES[number]
    for seed in range(1, 6):
        for arguments in exercise.examples(np.random.default_rng(seed)):
            result, _ = exercise.outcome(function, arguments)
            right = exercise.right(*arguments)
            if not alike(result, right, 10 * exercise.tolerance):
                return True
    return False


def wrong_functions(number):
    """Yield functions that are probably wrong: changed solutions, and solutions spoiled after."""
    rng = random.Random(number)
    right = answer(number, tasks()[number].solution)
    for _ in range(1000):
        if rng.random() < 0.6:
            changed = mutant(tasks()[number].solution, rng)
            if changed:
                yield answer(number, changed)
        else:
            yield spoiled(right, rng)


CHANGES = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add, ast.Mult],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.MatMult: [ast.Mult, ast.Add],
    ast.Pow: [ast.Mult, ast.Add],
    ast.Eq: [ast.NotEq, ast.Lt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Lt: [ast.LtE, ast.Gt],
}
NAMES = {
    "max": ["min", "sum", "mean"],
    "sum": ["mean", "max", "prod"],
    "mean": ["sum", "max", "std"],
    "argmax": ["argmin"],
    "argmin": ["argmax"],
    "nanargmin": ["argmin", "nanargmax"],
    "exp": ["log", "sqrt", "sinh"],
    "log": ["log10", "exp", "log2"],
    "all": ["any"],
    "any": ["all"],
    "maximum": ["minimum", "add"],
    "zeros": ["ones"],
    "argsort": ["sort", "argmax"],
    "T": ["real", "imag"],
    "round": ["int", "abs"],
}


def mutant(code, rng):
    """Return the code with one or two small changes, or None if nothing was changed."""
    tree = ast.parse(code)
    places = [(node, way) for node in ast.walk(tree) for way in ways(node)]
    for node, way in rng.sample(places, min(len(places), rng.choice([1, 1, 2]))):
        way(node, rng)
    try:
        return compile(ast.fix_missing_locations(tree), "answer", "exec")
    except (SyntaxError, ValueError):
        return None


def ways(node):
    """Yield what can be changed at one place of a program."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in CHANGES:
        yield lambda n, rng: setattr(n, "op", rng.choice(CHANGES[type(n.op)])())
    if isinstance(node, ast.BinOp):
        yield lambda n, rng: n.__dict__.update(left=n.right, right=n.left)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in CHANGES:
        yield lambda n, rng: n.ops.__setitem__(0, rng.choice(CHANGES[type(n.ops[0])])())
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield lambda n, rng: setattr(n, "value", rng.choice([n.value + 1, n.value - 1, -n.value]))
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield lambda n, rng: setattr(n, "attr", rng.choice(NAMES[n.attr]))
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield lambda n, rng: setattr(n, "id", rng.choice(NAMES[n.id]))
    if isinstance(node, ast.Call) and node.keywords:
        yield lambda n, rng: n.keywords.pop(rng.randrange(len(n.keywords)))
    if isinstance(node, ast.Call) and len(node.args) > 1:
        yield lambda n, rng: n.args.reverse()
    if isinstance(node, ast.UnaryOp):
        yield lambda n, rng: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.Slice):
        yield lambda n, rng: n.__dict__.update(lower=None)
        yield lambda n, rng: n.__dict__.update(upper=None)
    if isinstance(node, ast.FunctionDef | ast.For) and len(node.body) > 1:
        yield lambda n, rng: n.body.pop(rng.randrange(len(n.body) - 1))
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        yield lambda n, rng: rng.shuffle(n.elts)


def spoiled(right, rng):
    """Return a function that does the right thing and then spoils the result."""
    seed, kind = rng.randrange(10**6), rng.choice(list(SPOIL))
    first = []

    def function(*arguments):
        result = right(*arguments) if kind != "argument" else arguments[-1]
        first.append(result)
        if kind == "constant":
            return first[0]
        return spoil(result, SPOIL[kind], random.Random(seed))

    return function


def spoil(result, change, rng):
    """Change a result, or a part of it."""
    if isinstance(result, tuple):
        which = rng.randrange(len(result))
        return tuple(change(r, rng) if i == which else r for i, r in enumerate(result))
    return change(result, rng)


def one_entry(result, rng):
    changed = np.array(result, dtype=float)
    changed[np.unravel_index(rng.randrange(changed.size), changed.shape)] += rng.choice([1, -0.01])
    return changed if changed.ndim else float(changed)


SPOIL = {
    "constant": None,
    "argument": lambda r, rng: r,
    "none": lambda r, rng: None,
    "noise": lambda r, rng: r * (1 + rng.uniform(0.001, 1)),
    "more": lambda r, rng: r + rng.choice([1, 0.01, -1]),
    "minus": lambda r, rng: -r,
    "one entry": one_entry,
    "list": lambda r, rng: np.asarray(r).tolist() if np.ndim(r) else [r],
    "transposed": lambda r, rng: np.asarray(r).T if np.ndim(r) > 1 else np.asarray(r)[None],
    "reversed": lambda r, rng: np.asarray(r)[::-1] if np.ndim(r) else str(r),
    "sorted": lambda r, rng: np.sort(r, axis=0) if np.ndim(r) else bool(r),
    "rolled": lambda r, rng: np.roll(r, 1),
    "cut": lambda r, rng: np.asarray(r).ravel()[:-1],
    "truth": lambda r, rng: np.asarray(r) > rng.random(),
    "rounded": lambda r, rng: np.round(r, rng.choice([0, 1, 2])),
    "tensor": lambda r, rng: tf.constant(np.asarray(r, dtype=float)),
    "random": lambda r, rng: np.random.default_rng(rng.randrange(99)).random(np.shape(r)),
    "names": lambda r, rng: "right" if rng.random() < 0.5 else np.array(["right"]),
}


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
    assert ("✗" in printed.out) or (bad is None and number == "8.4")


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
    assert time.perf_counter() - start < 5
    assert verdict.sentence.startswith("It is not done after 0.3 seconds.")
    assert ("restart the kernel" in verdict.sentence) is (endless is stubborn)
    print("still printing")
    assert capsys.readouterr().out == "still printing\n"


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
    assert sentence == ("For z = [-1.5, 0. , 2.5] it returns [7., 7., 7.]; right is [0., 0., 1.].")


def test_an_unknown_exercise_is_an_error():
    with pytest.raises(ValueError, match=r"no exercise '99.1'; the first is '1.1', the last"):
        check("99.1", abs)


@pytest.mark.parametrize("number", FUNCTIONS)
def test_a_check_answers_at_once(number):
    function = answer(number, tasks()[number].solution)
    diagnose(number, function)
    start = time.process_time()
    diagnose(number, function)
    assert time.process_time() - start < 0.1


def train(X, y, epochs):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((400,)), keras.layers.Dense(10)])
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(0.01),
        steps_per_execution=20,
    )
    model.fit(X, y, epochs=epochs, verbose=0)
    return model


def test_a_challenger_must_be_better():
    (X, y), _, _ = data.split_data(*data.load_data())
    verdict = diagnose("8.4", train(X, y, 3))
    assert "more than 94.0 % are asked for" in verdict.sentence


def test_a_challenger_that_saw_the_validation_images_is_found_out():
    _, (X, y), _ = data.split_data(*data.load_data())
    verdict = diagnose("8.4", train(X, y, 60))
    assert "has it been trained on the" in verdict.sentence


def test_a_challenger_that_saw_training_and_validation_images_is_found_out():
    X, y = data.load_data()
    (X_train, y_train), (X_val, y_val), _ = data.split_data(X, y)
    both = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
    verdict = diagnose("8.4", train(*both, 60))
    assert "of the test images: has it been trained on the validation images?" in verdict.sentence


def test_a_challenger_that_saw_everything_is_found_out():
    X, y = data.load_data()
    verdict = diagnose("8.4", train(X, y, 60))
    assert "trained on X_train only: has it been" in verdict.sentence


def test_the_text_names_the_bar_of_the_challenge():
    text = (NOTEBOOKS / "08_error_analysis.ipynb").read_text(encoding="utf-8")
    assert f"more than {EXERCISES['8.4'].accuracy:g} % of them" in text


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
    "6.2": """def numerical_gradient(f, w):
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        w[place] += 1e-5
        above = f(w)
        w[place] -= 2e-5
        slopes[place] = (above - f(w)) / 2e-5
        w[place] += 1e-5
    return slopes""",
    "7.2": """def to_the_middle(image):
    row, column = center_of_ink(image)
    down, right = round(10 - row), round(10 - column)
    return np.pad(image, 20)[20 - down : 40 - down, 20 - right : 40 - right]""",
    "8.2": """def precision_and_recall(matrix, digit):
    sums = matrix[:, digit].sum(), matrix[digit].sum()
    return np.array([matrix[digit, digit] / n if n else 0 for n in sums])""",
}


@pytest.mark.parametrize("number", RIGHT)
def test_right_answers_of_another_kind_pass(number):
    verdict = diagnose(number, answer(number, RIGHT[number]))
    assert verdict.solved, verdict.sentence


def test_calls_get_copies():
    given = np.zeros(3)

    def change(z):
        z += 1

    assert outcome_of(change, (given,)) == (None, True)
    assert not given.any()
