"""The exercises of step 3: the data."""

import functools

import numpy as np

from helpers import data
from helpers.exercises.registry import exercise, wrong_results


@exercise(
    "3.1",
    "Percent right",
    todo="Replace the ... by the percentage of guesses that equal their label.",
    examples=lambda rng: [
        (np.array([1, 2, 3, 4]), np.array([1, 2, 9, 4])),
        # Never 5000 of them, as there are in the notebook.
        (np.array([5]), np.array([5])),
        (np.array([0, 0, 1]), np.array([3, 1, 1])),
        tuple(rng.integers(0, 3, (2, 57))),
    ],
    mistakes={
        "That is a share; times 100 it is a percentage.": lambda guesses, y: (guesses == y).mean(),
        "That is how many are right; divide by the number of all, times 100.": (
            lambda guesses, y: (guesses == y).sum()
        ),
        "That is the percentage of errors.": lambda guesses, y: 100 * (guesses != y).mean(),
        "There are not always 5000 guesses: divide by how many there are, or take the mean.": (
            lambda guesses, y: 100 * (guesses == y).sum() / 5000
        ),
        "That is true or false for each guess; take the average of it.": (
            lambda guesses, y: guesses == y
        ),
        "It is rounded; leave all decimals.": (
            lambda guesses, y: float(round(100 * (guesses == y).mean()))
        ),
        "It is cut off to a whole number; leave all decimals.": (
            lambda guesses, y: int(100 * (guesses == y).mean())
        ),
    },
)
def percent_right(guesses, y):
    """Return the percentage of right guesses."""
    return float(100 * (guesses == y).mean())


@functools.cache
def some_digits():
    """Return 200 real digits and their labels, 20 of each; few, for a check answers at once."""
    X, y = data.load_data()
    # The images are sorted, so every 25th makes a set with all digits.
    return X[::25], y[::25]


@exercise(
    "3.2",
    "Stand it upright",
    todo="Replace the ... by an image of 20×20 that stands upright.",
    examples=lambda rng: [
        # All entries differ, so that no exchange goes unseen.
        (np.arange(400.0),),
        *((row.reshape(20, 20).T.reshape(400),) for row in rng.choice(some_digits()[0], 2)),
    ],
    mistakes={
        "It lies on its side and is mirrored: this row was written column by column.": (
            lambda row: row.reshape(20, 20)
        ),
        "Left and right are exchanged: the transpose alone is enough.": (
            lambda row: row.reshape(20, 20).T[:, ::-1]
        ),
        "Top and bottom are exchanged: the transpose alone is enough.": (
            lambda row: row.reshape(20, 20).T[::-1]
        ),
        "That is still one long row; fold it into 20 rows of 20.": lambda row: row,
    },
)
def upright(row):
    """Return the image of a row that was written column by column."""
    return row.reshape(20, 20).T


def _averages(X, y):
    return np.array([X[y == digit].mean(axis=0) for digit in range(10)])


def _distances(images, examples):
    return ((images[:, None, :] - examples) ** 2).sum(axis=2)


def _digits_to_read(rng):
    """Return real digits: (images, X_train, y_train)."""
    X, y = some_digits()
    mixed = rng.permutation(len(X))
    X, y = X[mixed], y[mixed]
    # What is read is not among what the averages are made of, as it should be.
    return [(X[:1], X[1:], y[1:]), (X[:40], X[40:], y[40:])]


@exercise(
    "3.3",
    "A reader of your own",
    todo="Replace the ... by the digit whose average image is the nearest, for each image.",
    examples=_digits_to_read,
    mistakes={
        "That is the farthest average: take `argmin`.": (
            lambda images, X, y: _distances(images, _averages(X, y)).argmax(axis=1)
        ),
        "The differences have to be squared before they are added, or they cancel each other.": (
            lambda images, X, y: (images[:, None] - _averages(X, y)).sum(axis=2).argmin(axis=1)
        ),
        "That adds up the absolute differences; square them instead.": (
            lambda images, X, y: abs(images[:, None] - _averages(X, y)).sum(axis=2).argmin(axis=1)
        ),
        # Its guesses are digits and mostly right, so the hint says what else was asked for.
        "That compares with single training images; compare with the ten averages.": (
            lambda images, X, y: y[_distances(images, X).argmin(axis=1)]
        ),
        "That is the position of the nearest training image, and neither its label nor an "
        "average.": lambda images, X, y: _distances(images, X).argmin(axis=1),
        "The part examples² depends on the average, too: without it the comparison favors dark "
        "averages.": lambda images, X, y: (-images @ _averages(X, y).T).argmin(axis=1),
        "Those are the smallest distances; their positions are asked for, with `argmin(axis=1)`.": (
            lambda images, X, y: _distances(images, _averages(X, y)).min(axis=1)
        ),
        "Those are the distances; the position of the smallest is asked for, with "
        "`argmin(axis=1)`.": lambda images, X, y: _distances(images, _averages(X, y)),
    },
)
def read_by_average(images, X_train, y_train):
    """Return for each image the digit of the nearest average."""
    return _distances(images, _averages(X_train, y_train)).argmin(axis=1)


def _pairs_of_equal(X_train, X_test):
    # A table of all pairs, for what is asked and what is mistaken for it are sums over it.
    return (X_test[:, None] == X_train).all(axis=2)


def _sets_with_leaks(rng):
    # One row is there twice: a test image that equals both is still one leak.
    small = np.array([[0.0, 1.0], [1.0, 1.0], [0.5, 0.0], [0.0, 1.0]])
    tests = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 1.0]])
    X = rng.random((20, 9)).round(1)
    leaky = np.concatenate([rng.random((5, 9)).round(1), X[[3, 3, 17]]])
    return [
        (small, tests),
        (tests, small[:2]),
        (small, small[[0, 2]]),
        # Nearly equal is not equal.
        (small, tests + 1e-9),
        # No leak at all.
        (X, rng.random((6, 9))),
        (X, leaky),
    ]


@exercise(
    "3.4",
    "Find the leak",
    todo="Replace the ... by the number of test images that are among the training images, too.",
    examples=_sets_with_leaks,
    mistakes={
        "That counts equal pairs: a test image that is twice in the training set counts once.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).sum()
        ),
        "That counts training images; test images are asked for.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=0).sum()
        ),
        "One equal pixel does not make two images equal, and Python's `in` asks for no more: all "
        "pixels have to be, so `all`, then `any`.": lambda X_train, X_test: (
            (X_test[:, None] == X_train).any(axis=2).any(axis=1).sum()
        ),
        "It finds none: `all()` without an axis asks about all images at once; `all(axis=1)` asks "
        "about each row.": lambda X_train, X_test: 0,
        "Almost equal is not equal: compare with ==.": lambda X_train, X_test: sum(
            bool(np.isclose(X_train, image).all(axis=1).any()) for image in X_test
        ),
        "Only images at the same position are compared; each test image needs all training "
        "images.": lambda X_train, X_test: sum(
            bool((a == b).all()) for a, b in zip(X_train, X_test, strict=False)
        ),
        "Images are not equal just because their sums are.": lambda X_train, X_test: (
            np.isclose(X_test.sum(axis=1)[:, None], X_train.sum(axis=1)).any(axis=1).sum()
        ),
        "That is a share; their number is asked for.": lambda X_train, X_test: (
            _pairs_of_equal(X_train, X_test).any(axis=1).mean()
        ),
    },
)
def leaked(X_train, X_test):
    """Return how many rows of X_test are rows of X_train."""
    return int(_pairs_of_equal(X_train, X_test).any(axis=1).sum())


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "3.1",
    {
        "times 100 it is": "np.mean(guesses == y)",
        "how many are right": "(guesses == y).sum()",
        "percentage of errors": "100 * (guesses != y).mean()",
        "true or false for each": "guesses == y",
        "cut off": "int(100 * (guesses == y).mean())",
        "not always 5000": "100 * (guesses == y).sum() / 5000",
    },
)

wrong_results(
    "3.2",
    {
        "lies on its side": "row.reshape(20, 20)",
        "Left and right": "np.fliplr(row.reshape(20, 20).T)",
        "Top and bottom": "np.flipud(row.reshape(20, 20).T)",
        "still one long row": "row",
        "shape (1, 400)": "row.reshape(1, 400)",
    },
)

_AVERAGES = "m = np.array([X_train[y_train == d].mean(axis=0) for d in range(10)])\n    "

_DISTANCES = "((images[:, None] - m) ** 2).sum(axis=2)"

wrong_results(
    "3.3",
    {
        "farthest": f"{_DISTANCES}.argmax(axis=1)",
        "cancel each other": "(images[:, None] - m).sum(axis=2).argmin(axis=1)",
        "absolute differences": "np.abs(images[:, None] - m).sum(axis=2).argmin(axis=1)",
        "single training images": (
            "y_train[((images[:, None] - X_train) ** 2).sum(axis=2).argmin(1)]"
        ),
        "Those are the distances": _DISTANCES,
        "Those are the smallest distances": f"{_DISTANCES}.min(axis=1)",
        "`np.array(...)` makes one": f"list({_DISTANCES}.argmin(axis=1))",
        "of the shape ()": f"np.array({_DISTANCES}.argmin())",
    },
    before=_AVERAGES,
)

wrong_results(
    "3.4",
    {
        "counts equal pairs": "sum((a == b).all() for a in X_train for b in X_test)",
        "One equal pixel": "sum(image in X_train for image in X_test)",
        "same position": "sum((a == b).all() for a, b in zip(X_train, X_test))",
        "sums are": "sum(np.isclose(X_train.sum(axis=1), t.sum()).any() for t in X_test)",
        "counts training images": "sum((X_test == image).all(axis=1).any() for image in X_train)",
    },
)
