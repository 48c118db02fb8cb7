"""The exercises: what each answer should do, and the mistakes that one makes on the way.

Each has a function that does what the answer should do, examples to compare on, the smallest
first, and the usual mistakes: functions that do what one does who makes that mistake, each with
its hint.
"""

import dataclasses
import functools
import itertools

import numpy as np

from helpers import data
from helpers.exercises.engine import BlankError, Exercise, HintError, Looks, show

EXERCISES = {}


def exercise(number, title, *, todo, examples, mistakes, **more):
    """Register the function under it as what an answer should do."""

    def register(right):
        EXERCISES[number] = Exercise(number, title, todo, right, examples, mistakes, **more)
        return right

    return register


# Step 1: arrays and images.


def _ring(top, bottom, left, right, *, border=(2, 2), ink=(0, 1, 0)):
    image = np.full((20, 20), float(ink[0]))
    image[top:bottom, left:right] = ink[1]
    image[top + border[0] : bottom - border[1], left + border[0] : right - border[1]] = ink[2]
    return image


@exercise(
    "1.1",
    "Draw a zero",
    todo="Replace the ... : take the ink out of the inside again, then return the image.",
    examples=lambda rng: [
        (3, 17, 5, 15),
        (2, 9, 6, 19),
        (0, 20, 0, 11),
        tuple(int(i) for corner in (0, 0) for i in rng.integers((0, 13), (7, 20))),
    ],
    mistakes={
        "The inside is still full of ink; a second assignment can set it to 0.": (
            lambda t, b, le, r: _ring(t, b, le, r, ink=(0, 1, 1))
        ),
        "The border is 1 pixel wide; it should be 2.": (
            lambda t, b, le, r: _ring(t, b, le, r, border=(1, 1))
        ),
        "The border is 3 pixels wide; it should be 2.": (
            lambda t, b, le, r: _ring(t, b, le, r, border=(3, 3))
        ),
        "At the bottom and on the right the border is missing: the inside ends 2 pixels before "
        "the outside does.": lambda t, b, le, r: _ring(t, b, le, r, border=(2, 0)),
        "At the bottom and on the right the border is 1 pixel wide: there, too, the inside ends 2 "
        "pixels before the outside does.": lambda t, b, le, r: _ring(t, b, le, r, border=(2, 1)),
        "At the bottom and on the right the border is 3 pixels wide: the end of a slice is not "
        "part of it, so subtract 2 there.": lambda t, b, le, r: _ring(t, b, le, r, border=(2, 3)),
        "Rows and columns are exchanged: the slice of the rows comes first.": (
            lambda t, b, le, r: _ring(le, r, t, b)
        ),
        "Ink and paper are exchanged: paper is 0, ink is 1.": (
            lambda t, b, le, r: _ring(t, b, le, r, ink=(1, 0, 1))
        ),
    },
)
def zero(top, bottom, left, right):
    """Return an image of 20×20 with a ring of ink, 2 pixels wide."""
    return _ring(top, bottom, left, right)


@exercise(
    "1.2",
    "How much ink?",
    todo="Replace the ... by the share of pixels that are darker than 0.5.",
    examples=lambda rng: [
        (np.array([[0.0, 0.5], [0.75, 1.0]]),),
        (np.array([[0.2, 0.4, 0.6]]),),
        (np.zeros((2, 2)),),
        (rng.random((20, 20)).round(1),),
    ],
    mistakes={
        "That is how many pixels; their share is that number divided by the number of all "
        "pixels.": lambda image: (image > 0.5).sum(),
        "That is the average darkness; compare with 0.5 first.": lambda image: image.mean(),
        "Pixels of exactly 0.5 are not darker than 0.5: use > instead of >=.": (
            lambda image: (image >= 0.5).mean()
        ),
        "That counts every pixel with any ink: compare with 0.5, not with 0.": (
            lambda image: (image > 0).mean()
        ),
        "That is a percentage; a share goes from 0 to 1.": lambda image: 100 * (image > 0.5).mean(),
        "That is the share of the other pixels: ink is 1, so dark is more than 0.5, not less.": (
            lambda image: (image <= 0.5).mean(),
            lambda image: (image < 0.5).mean(),
        ),
        "`len(image)` counts rows; `image.size` is the number of pixels.": (
            lambda image: (image > 0.5).sum() / len(image)
        ),
        "Not every image has 400 pixels; `image.size` is the number of any image.": (
            lambda image: (image > 0.5).sum() / 400
        ),
    },
)
def ink_share(image):
    """Return which share of the pixels is darker than 0.5."""
    return float((image > 0.5).mean())


@exercise(
    "1.3",
    "Find the pixel",
    todo="Replace the ... by the entry of the long row that lies in this row and column.",
    examples=lambda rng: [
        (rng.random(400).round(2), row, column)
        for row, column in [(3, 4), (0, 7), (19, 2), (11, 18), tuple(rng.integers(0, 20, 2))]
    ],
    mistakes={
        "Rows and columns are exchanged: full rows of 20 come first, then the column.": (
            lambda long_row, row, column: long_row[column * 20 + row]
        ),
        "One row too few: both are counted from 0, so row 3 has three full rows before it.": (
            lambda long_row, row, column: long_row[(row - 1) * 20 + column]
        ),
        "One entry too few: both are counted from 0, so nothing has to be subtracted.": (
            lambda long_row, row, column: long_row[(row - 1) * 20 + column - 1]
        ),
        "That is the position; the entry at that position is asked for.": (
            lambda long_row, row, column: row * 20 + column
        ),
        "The long row has one direction only: row and column together make one position.": (
            lambda long_row, row, column: long_row[row, column]
        ),
        "A row has 20 entries, so each row counts 20 times.": (
            lambda long_row, row, column: long_row[row + column]
        ),
    },
)
def pixel(long_row, row, column):
    """Return one pixel of a 20×20 image that was reshaped to 400 numbers."""
    return float(long_row[row * 20 + column])


def square(x):
    """Return x²."""
    return x * x


def _slope(f, x):
    return float((f(x + 1e-5) - f(x - 1e-5)) / 2e-5)


@exercise(
    "1.4",
    "Measure a slope",
    todo="Replace the ... : nudge x to both sides and divide the difference by the distance.",
    examples=lambda rng: [
        (square, 3.0),
        (np.sin, 1.0),
        (np.exp, -0.5),
        (np.sin, 0.0),
        (np.cos, rng.normal()),
    ],
    mistakes={
        "That is twice the slope: the two ends are 2 nudges apart.": (
            lambda f, x: 2 * _slope(f, x)
        ),
        "That is half the slope: the distance is 2 nudges only if you nudge to both sides.": (
            lambda f, x: _slope(f, x) / 2
        ),
        "The sign is wrong: subtract the value on the left from the value on the right.": (
            lambda f, x: -_slope(f, x)
        ),
        "That is the value, not the slope.": lambda f, x: f(x),
        "That is how much the result changes; divide it by the distance, in parentheses: "
        "/ (2 * nudge).": Looks(
            lambda got, right: abs(got) < 0.2 * abs(right) and got * right >= 0 and got != 0
        ),
        "So small a nudge is lost in rounding: take one of about 0.00001.": Looks(
            lambda got, right: got == 0 or not np.isfinite(got) or abs(got - right) < 1e-6
        ),
        "It is rounded; leave all decimals.": Looks(
            lambda got, right: abs(got - right) < 1e-3 and got in (round(got, 3), round(got, 4))
        ),
        "That is close, but not close enough: nudge to both sides, by about 0.00001, which is "
        "neither too much nor so little that rounding shows.": Looks(
            lambda got, right: abs(got - right) < 0.3
        ),
        "Put parentheses around the difference: a division comes before a subtraction.": Looks(
            lambda got, right: abs(got) > 20 * max(1, abs(right)) or abs(right - 1) < 1e-9
        ),
    },
    tolerance=1e-4,
)
def slope(f, x):
    """Return the slope of the function f at x, to 4 digits."""
    return _slope(f, x)


# Step 2: activations.


def _relu(z):
    return np.maximum(0.0, z)


@exercise(
    "2.1",
    "The slope of a ReLU",
    todo="Replace the ... by an array with 1 where z is positive and 0 elsewhere.",
    examples=lambda rng: [
        (np.array([-1.5, 0.0, 2.5]),),
        (np.array([0.5]),),
        (np.array([[3.0, -0.1], [0.0, 1e-9]]),),
        (rng.normal(size=(5, 7)),),
    ],
    mistakes={
        "At 0 itself the slope is 0 by custom: use > instead of >=.": lambda z: (z >= 0) * 1.0,
        "That is the ReLU itself; its slope is how much it grows when z grows.": _relu,
        "Where z is negative the ReLU is flat, and its slope is 0, not −1.": np.sign,
        "The slope is 1 only where z is positive; where z is negative, the ReLU is flat.": (
            np.ones_like
        ),
        "The wrong way around: the slope is 1 where z is positive.": (
            lambda z: (z < 0) * 1.0,
            lambda z: (z <= 0) * 1.0,
        ),
        "The slope is 1 wherever z is positive, not z itself.": lambda z: z * 1.0,
    },
    grow=lambda n: (np.linspace(-1, 1, n),),
)
def relu_slope(z):
    """Return the slope of max(0, z), entry by entry."""
    return (z > 0).astype(float)


@exercise(
    "2.2",
    "A hat from three ReLUs",
    todo="Replace the ... by a sum of three ReLUs, each times a number.",
    examples=lambda rng: [
        (np.array([0.0, 1.0, 2.0, 3.0, 4.0]),),
        (np.array([1.5, 2.5]),),
        (np.linspace(-3, 9, 50),),
        (rng.normal(2, 2, (6, 4)),),
    ],
    mistakes={
        "Up to 3 it is right, but then it goes on falling below 0: one more turn is missing.": (
            lambda x: _relu(x - 1) - 2 * _relu(x - 2)
        ),
        "At 2 it becomes flat instead of falling: to turn from slope 1 to −1 it takes −2.": (
            lambda x: _relu(x - 1) - _relu(x - 2)
        ),
        "At 2 it turns too little, and then it does not come back to 0: from slope 1 to −1 it "
        "takes −2.": lambda x: _relu(x - 1) - _relu(x - 2) + _relu(x - 3),
        "From 1 on it rises and never turns: that is only the first of three ReLUs.": (
            lambda x: _relu(x - 1)
        ),
        "The corners sit at 0, 1 and 2; they should be at 1, 2 and 3.": (
            lambda x: _relu(x) - 2 * _relu(x - 1) + _relu(x - 2)
        ),
        "The corners are on the wrong side: relu(x − 1) has its corner at 1, relu(x + 1) at −1.": (
            lambda x: _relu(x + 1) - 2 * _relu(x + 2) + _relu(x + 3)
        ),
        "After 3 it is not flat: there the slope has to change from −1 to 0, so by +1.": (
            lambda x: _relu(x - 1) - 2 * _relu(x - 2) + 2 * _relu(x - 3)
        ),
    },
)
def hat(x):
    """Return 0 up to 1, 1 at 2, 0 from 3 on, and straight lines in between."""
    return _relu(x - 1) - 2 * _relu(x - 2) + _relu(x - 3)


def _softmax(z, *, axis=1, largest=None, divide=True):
    powers = np.exp(z - (z.max(axis=1, keepdims=True) if largest is None else largest))
    return powers / powers.sum(axis=axis, keepdims=True) if divide else powers


@exercise(
    "2.3",
    "Softmax, row by row",
    todo="Replace the ... by the softmax of each row, safe for large logits.",
    examples=lambda rng: [
        (np.array([[2.0, 1.0, 0.0]]),),
        (np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]),),
        (np.array([[1000.0, 999.0], [0.0, 0.0]]),),
        (np.array([[5.0, -1.0, 0.5], [-1000.0, -1001.0, -1002.0], [1.0, 2.0, 3.0]]),),
        (rng.normal(scale=300, size=(6, 10)),),
    ],
    mistakes={
        "It overflows: subtract the largest logit of each row before `np.exp`.": (
            lambda z: _softmax(z, largest=0)
        ),
        "It adds up the whole table; each row needs a sum of its own, with axis=1.": (
            lambda z: _softmax(z, axis=None)
        ),
        "The whole table adds up to 1, but each row should: take maximum and sum within each row, "
        "with axis=1.": (
            lambda z: _softmax(z, axis=None, largest=z.max()),
            lambda z: _softmax(z, axis=None, largest=0),
        ),
        "It goes down the columns: a row is one image, so the sum is over axis=1.": (
            lambda z: _softmax(z - z.max(axis=0), axis=0, largest=0)
        ),
        "The largest logit of the whole table is too much for the other rows, whose powers all "
        "become 0: take the largest of each row.": lambda z: _softmax(z, largest=z.max()),
        "The sums of the rows have to be a column, so that each row is divided by its own: add "
        "keepdims=True.": (
            lambda z: _no_keepdims(z, z.max(axis=1)),
            lambda z: _no_keepdims(z, z.max(axis=1, keepdims=True)),
            lambda z: _no_keepdims(z, 0),
            lambda z: _no_keepdims(z, z.max()),
        ),
        "The powers are right; now divide each row by its sum.": (
            lambda z: _softmax(z, divide=False)
        ),
    },
)
def softmax_rows(z):
    """Return the softmax of each row of a table."""
    return _softmax(z)


def _no_keepdims(z, largest):
    powers = np.exp(z - largest)
    return powers / powers.sum(axis=1)


@exercise(
    "2.4",
    "The loss, straight from the logits",
    todo="Replace the ... by minus the logarithm of the right answer's probability.",
    examples=lambda rng: [
        (np.array([0.0, 0.0]), 1),
        (np.array([2.0, 1.0, 0.0]), 0),
        (np.array([0.0, 800.0]), 0),
        (np.array([-900.0, -905.0, -901.0]), 2),
        (rng.normal(scale=5, size=10), int(rng.integers(0, 10))),
    ],
    mistakes={
        "It overflows: take out the largest logit before `np.exp`.": (
            lambda z, label: np.log(np.exp(z).sum()) - z[label]
        ),
        "It goes through the probabilities, and one of them is stored as 0: leave out the softmax "
        "and compute from the logits.": lambda z, label: -np.log(_softmax(z[None])[0][label]),
        "The naive softmax overflows: compute from the logits, with the largest taken out.": (
            lambda z, label: -np.log(_softmax(z[None], largest=0)[0][label])
        ),
        "The sign is wrong: a loss is never negative.": lambda z, label: -_loss(z, label),
        "You took the largest logit out of the sum; add it again after the logarithm.": (
            lambda z, label: _loss(z, label) - z.max()
        ),
        "That is the logarithm with base 10; `np.log` is the natural one.": (
            lambda z, label: _loss(z, label) / np.log(10)
        ),
        "That is the probability; its negative logarithm is asked for.": (
            lambda z, label: np.exp(-_loss(z, label))
        ),
        "It always takes the first logit; the one at the position `label` counts.": (
            lambda z, label: _loss(z, 0)
        ),
        "It always takes the largest logit; the one at the position `label` counts.": (
            lambda z, label: _loss(z, z.argmax())
        ),
    },
)
def loss_of(logits, label):
    """Return minus the logarithm of the probability of `label`."""
    return float(_loss(logits, label))


def _loss(z, label):
    return np.log(np.exp(z - z.max()).sum()) + z.max() - z[label]


# Step 3: the data.


@exercise(
    "3.1",
    "Percent right",
    todo="Replace the ... by the percentage of guesses that equal their label.",
    examples=lambda rng: [
        (np.array([1, 2, 3, 4]), np.array([1, 2, 9, 4])),
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
def _some_digits():
    X, y = data.load_data()
    return X[::25], y[::25]


@exercise(
    "3.2",
    "Stand it upright",
    todo="Replace the ... by an image of 20×20 that stands upright.",
    examples=lambda rng: [
        (np.arange(400.0),),
        *((row.reshape(20, 20).T.reshape(400),) for row in rng.choice(_some_digits()[0], 2)),
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
    X, y = _some_digits()
    mixed = rng.permutation(len(X))
    X, y = X[mixed], y[mixed]
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
    return (X_test[:, None] == X_train).all(axis=2)


def _sets_with_leaks(rng):
    small = np.array([[0.0, 1.0], [1.0, 1.0], [0.5, 0.0], [0.0, 1.0]])
    tests = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 1.0]])
    X = rng.random((20, 9)).round(1)
    leaky = np.concatenate([rng.random((5, 9)).round(1), X[[3, 3, 17]]])
    return [
        (small, tests),
        (tests, small[:2]),
        (small, small[[0, 2]]),
        (small, tests + 1e-9),
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


# Step 4: the network.


@exercise(
    "4.1",
    "Count the parameters of any network",
    todo="Replace the ... by the sum of all weights and biases.",
    examples=lambda rng: [
        ((2, 1),),
        ((4, 3, 2),),
        ((400, 25, 15, 10),),
        ((10, 10, 5),),
        (tuple(rng.integers(1, 99, 5).tolist()),),
    ],
    mistakes={
        "The biases are missing: one for each output of each layer.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes))
        ),
        "The inputs have no biases; only what a layer computes has.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + sum(sizes)
        ),
        "There is one bias for each output of a layer, not for each input.": (
            lambda sizes: sum(a * b + a for a, b in itertools.pairwise(sizes))
        ),
        "That is only the first layer. Does `return` stand inside the loop?": (
            lambda sizes: sizes[0] * sizes[1] + sizes[1],
            lambda sizes: sizes[0] * sizes[1] + sizes[1] if len(sizes) > 1 else None,
            lambda sizes: sizes[0] * sizes[1] + sizes[1] if len(sizes) > 1 else 0,
        ),
        "There is one layer less than there are sizes: the last size has no neighbor after it.": (
            lambda sizes: sum(sizes[i] * sizes[i + 1] for i in range(len(sizes)))
        ),
        "Each layer joins only neighbors: multiply pairs of neighbors and add the products.": (
            lambda sizes: int(np.prod(sizes))
        ),
        "The last layer is missing.": (
            lambda sizes: sum(a * b + b for a, b in itertools.pairwise(sizes[:-1]))
        ),
        "That counts the units, not the lines between them.": lambda sizes: sum(sizes),
        "A layer has one bias for each output, not one in all.": (
            lambda sizes: sum(a * b + 1 for a, b in itertools.pairwise(sizes))
        ),
    },
)
def count_parameters(sizes):
    """Return the number of weights and biases of dense layers between these sizes."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes))


def _layer(rng, images, inputs, outputs):
    return (
        rng.normal(size=(images, inputs)),
        rng.normal(size=(inputs, outputs)),
        rng.normal(size=outputs),
    )


@exercise(
    "4.2",
    "One dense layer",
    todo="Replace the ... by what a layer with ReLU makes of all images.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[1.0, -1.0], [0.5, -1.0]]), np.array([0.5, 1.0])),
        _layer(rng, 1, 3, 3),
        _layer(rng, 3, 3, 3),
        _layer(rng, 5, 8, 4),
    ],
    mistakes={
        "The ReLU is missing: negative sums become 0.": lambda X, W, b: X @ W + b,
        "The biases are missing.": lambda X, W, b: _relu(X @ W),
        "First add the biases, then apply the ReLU.": lambda X, W, b: _relu(X @ W) + b,
        "The biases are subtracted; add them.": lambda X, W, b: _relu(X @ W - b),
        "The product needs X on the left: each row of X meets each column of W.": (
            lambda X, W, b: _relu(W @ X + b)
        ),
        "The weights are transposed: W already has one column for each output.": (
            lambda X, W, b: _relu(X @ W.T + b)
        ),
        "`*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda X, W, b: _relu(X * W + b)
        ),
        "`np.max` looks for the largest of one array; `np.maximum` compares entry by entry.": (
            lambda X, W, b: np.max(0, X @ W + b)
        ),
    },
    grow=lambda n: _layer(np.random.default_rng(n), n, n, n),
)
def dense(X, W, b):
    """Return max(0, X @ W + b)."""
    return _relu(X @ W + b)


def _stack(rng, sizes, images):
    arrays = []
    for a, b in itertools.pairwise(sizes):
        arrays += [rng.normal(size=(a, b)).round(1), rng.normal(size=b).round(1)]
    return arrays, rng.normal(size=(images, sizes[0])).round(1)


def _pass(parameters, X, *, bend=_relu, last=lambda z: z, biases=True, layers=None):
    pairs = list(zip(parameters[::2], parameters[1::2], strict=True))[:layers]
    for W, b in pairs:
        X = X @ W + b * biases
        X = last(X) if W is pairs[-1][0] else bend(X)
    return X


@exercise(
    "4.3",
    "Forward through any network",
    todo="Replace the ... so that it goes through all layers, however many there are.",
    examples=lambda rng: [
        _stack(rng, (2, 2, 1), 1),
        _stack(rng, (3, 2), 2),
        _stack(rng, (5, 4, 3, 2), 3),
        _stack(rng, (4, 4, 4, 4, 4), 2),
        _stack(rng, (6, 5, 5, 4, 3, 2), 4),
    ],
    mistakes={
        "The last layer has no ReLU: logits may be negative.": (
            lambda parameters, X: _pass(parameters, X, last=_relu)
        ),
        "There is no ReLU between the layers, so all of them are one.": (
            lambda parameters, X: _pass(parameters, X, bend=lambda z: z)
        ),
        "The biases are missing.": lambda parameters, X: _pass(parameters, X, biases=False),
        "It ends after three layers; there can be more.": (
            lambda parameters, X: _pass(parameters, X, layers=3)
        ),
        "It works for three layers only; go through the list in pairs.": (
            lambda parameters, X: _three_layers(parameters, X)
        ),
        "Each layer takes two entries of the list, weights and biases: go in steps of 2.": (
            lambda parameters, X: _one_by_one(parameters, X)
        ),
        "Each layer takes the output of the one before, not the images again.": (
            lambda parameters, X: _always_from_the_images(parameters, X)
        ),
        "The last layer is missing.": lambda parameters, X: _pass(parameters[:-2], X, last=_relu),
        "It stops after the first layer: `return` stands inside the loop.": (
            lambda parameters, X: _pass(parameters, X, layers=1, last=_relu)
        ),
    },
)
def logits_of(parameters, X):
    """Return the logits of a network of any number of dense layers with ReLU between them."""
    return _pass(parameters, X)


def _one_by_one(parameters, X):
    for i in range(len(parameters)):
        X = _relu(X @ parameters[i] + parameters[i + 1])
    return X


def _always_from_the_images(parameters, X):
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = X @ W + b
    return z


def _three_layers(parameters, X):
    W1, b1, W2, b2, W3, b3 = parameters
    return _relu(_relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3


# Step 5: the same in Keras.


def _plan(sizes):
    """Return what a stack of dense layers is: texts such as "25 relu"."""
    last = len(sizes) - 2
    return [f"{n} {'linear' if i == last else 'relu'}" for i, n in enumerate(sizes[1:])]


def _plan_of(model):
    """Return the same of a Keras model, or raise a HintError."""
    import keras

    if not isinstance(model, keras.Model):
        raise HintError(f"It should return a Keras model, but returns {show(model)}.")
    if not getattr(model, "built", False) or not hasattr(model, "input_shape"):
        raise HintError(
            "The model does not know how many inputs it gets: begin the stack with tf.keras.Input."
        )
    layers = [la for la in model.layers if not isinstance(la, keras.layers.InputLayer)]
    if not all(isinstance(layer, keras.layers.Dense) for layer in layers):
        raise HintError("The model has other layers than `Dense`.")
    if not all(layer.use_bias for layer in layers):
        raise HintError("There are layers without biases; leave out `use_bias`.")
    if len(model.input_shape) != 2:
        raise HintError("The shape of the inputs has more than one entry; it is (sizes[0],).")
    return [
        str(model.input_shape[1]),
        *(f"{layer.units} {_name_of(layer.activation)}" for layer in layers),
    ]


def _name_of(activation):
    """Return what an activation does, if its name does not tell."""
    name = getattr(activation, "__name__", type(activation).__name__.lower())
    if name in ("relu", "linear", "softmax"):
        return name
    values = np.asarray(activation(np.array([[-1.0, 0.5, 2.0]]))).ravel().tolist()
    return {(0.0, 0.5, 2.0): "relu", (-1.0, 0.5, 2.0): "linear"}.get(tuple(values), name)


def _ends_on(activation):
    return lambda got, right: (
        [*got[:-1], got[-1].split()[0]]
        == [
            *right[:-1],
            right[-1].split()[0],
        ]
        and got[-1].endswith(activation)
    )


@exercise(
    "5.1",
    "Any network, in Keras",
    todo="Replace the ... by a Sequential model with a layer for each size after the first.",
    examples=lambda rng: [
        ((4, 2, 2),),
        (tuple((3 + rng.permutation(5)).tolist()),),
    ],
    mistakes={
        "The last layer has a ReLU, which would cut off negative logits: it has to be linear.": (
            Looks(_ends_on("relu"))
        ),
        "The last layer has a softmax; it has to give logits, so it is linear.": (
            Looks(_ends_on("softmax"))
        ),
        "All layers are linear, and so they are one: those in between need a ReLU.": Looks(
            lambda got, right: (
                [t.split()[0] for t in got] == [t.split()[0] for t in right]
                and all(t.endswith("linear") for t in got[1:])
            )
        ),
        "One layer too many: the first size is the number of inputs, and no layer.": Looks(
            lambda got, right: len(got) == len(right) + 1
        ),
        "The last layer is missing.": Looks(lambda got, right: got == right[:-1]),
        "The first layer is missing: only the inputs are no layer.": Looks(
            lambda got, right: got == [right[0], *right[2:]]
        ),
        "The sizes come in the wrong order.": Looks(
            lambda got, right: [t.split()[0] for t in got] == [t.split()[0] for t in right][::-1]
        ),
        "The stack is too short: go through all sizes in a loop.": Looks(
            lambda got, right: len(got) < len(right) or len(right) < 4
        ),
    },
    draws=1,
    view=_plan_of,
)
def build(sizes):
    """Return what a Keras model of these sizes consists of."""
    return [str(sizes[0]), *_plan(sizes)]


def _two_layers(rng, inputs, hidden, outputs):
    shapes = (inputs, hidden), hidden, (hidden, outputs), outputs
    return tuple(rng.normal(size=shape) for shape in shapes)


@exercise(
    "5.2",
    "Two layers in one",
    todo="Replace the ... by the weights and biases of the one layer that does the same.",
    examples=lambda rng: [
        (np.array([[2.0]]), np.array([1.0]), np.array([[-0.5]]), np.array([3.0])),
        _two_layers(rng, 3, 3, 3),
        _two_layers(rng, 4, 3, 2),
        _two_layers(rng, 5, 2, 6),
    ],
    mistakes={
        "The biases of the first layer go through the second one, too: b1 @ W2.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2)
        ),
        "The biases of the first layer are lost; they go through the second one.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b2)
        ),
        "The biases of the second layer are missing; they come on top.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2)
        ),
        "The order of the weights is wrong: what comes first stands on the left, W1 @ W2.": (
            lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2)
        ),
        "`*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2)
        ),
        "That adds the weights; one layer after the other is their product.": (
            lambda W1, b1, W2, b2: (W1 + W2, b1 + b2),
            lambda W1, b1, W2, b2: (W1 + W2, b1 @ W2 + b2),
        ),
        "They are exchanged: first W, then b.": (lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2)),
    },
)
def collapse(W1, b1, W2, b2):
    """Return W and b with X @ W + b = (X @ W1 + b1) @ W2 + b2."""
    return W1 @ W2, b1 @ W2 + b2


_models = {}


def _model_of(*activations):
    """Return a Keras model of small layers with these activations."""
    import keras

    model = _models.get(activations)
    if model is None or [a for _, a in _activations(model)] != list(activations):
        layers = [
            keras.layers.Dense(2, activation=activation, name=f"layer{i}")
            for i, activation in enumerate(activations, start=1)
        ]
        # Kept, for building takes long; made anew if an answer has changed it.
        model = _models[activations] = keras.Sequential([keras.Input((3,)), *layers])
    return model


def _models_to_inspect(rng):
    plans = [
        ["relu", "linear"],
        ["relu", "linear", "linear"],
        ["linear", "relu", "linear", "linear"],
        ["tanh", "linear", "softmax"],
        [*rng.choice(["relu", "linear"], 3).tolist(), "linear"],
    ]
    return [(_model_of(*plan),) for plan in plans]


def _activations(model):
    return [(layer.name, layer.activation.__name__) for layer in model.layers]


@exercise(
    "5.3",
    "Which ReLU was forgotten?",
    todo="Replace the ... by the names of all linear layers but the last.",
    examples=_models_to_inspect,
    mistakes={
        "The last layer belongs to no such list: it has to be linear.": (
            lambda model: [name for name, a in _activations(model) if a == "linear"]
        ),
        "Those are the layers with a ReLU; the ones without are asked for.": (
            lambda model: [name for name, a in _activations(model) if a == "relu"]
        ),
        "Those are all layers but the last; only those that are linear are asked for.": (
            lambda model: [name for name, _ in _activations(model)[:-1]]
        ),
        "Those are the layers; their names are asked for, `layer.name`.": Looks(
            lambda got, right: (
                isinstance(got, list)
                and not any(isinstance(layer, str) for layer in got)
                and [getattr(layer, "name", None) for layer in got] == right
            )
        ),
        'Not every layer without a ReLU is linear: compare with "linear".': (
            lambda model: [name for name, a in _activations(model)[:-1] if a != "relu"]
        ),
        "Those are positions; the names are asked for, `layer.name`.": lambda model: [
            i for i, (_, a) in enumerate(_activations(model)[:-1]) if a == "linear"
        ],
        "It leaves out the first layer; that one needs a ReLU, too.": (
            lambda model: [name for name, a in _activations(model)[1:-1] if a == "linear"]
        ),
        "It finds nothing, because an activation is a function: compare its name, "
        "`layer.activation.__name__`.": lambda model: [],
    },
)
def forgotten(model):
    """Return the names of the linear layers that stand before the last."""
    return [name for name, a in _activations(model)[:-1] if a == "linear"]


# Step 6: training.


def _backward_case(rng, images, inputs, outputs):
    shapes = (images, inputs), (inputs, outputs), (images, outputs)
    return tuple(rng.normal(size=shape).round(1) for shape in shapes)


@exercise(
    "6.1",
    "Backward through one layer",
    todo="Replace the ... by the slopes for W, b and a.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]])),
        _backward_case(rng, 2, 2, 2),
        _backward_case(rng, 3, 3, 3),
        _backward_case(rng, 4, 3, 2),
    ],
    mistakes={
        "The slopes for W and a are right, those for b are not: add up d_z over the images, with "
        "sum(axis=0).": lambda a, W, d_z: (a.T @ d_z, d_z, d_z @ W.T),
        "For b, add up over the images, axis=0; axis=1 adds up over the neurons.": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(axis=1), d_z @ W.T)
        ),
        "For b, each neuron has a sum of its own: sum(axis=0).": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(), d_z @ W.T)
        ),
        "For b, take the sum over the images, not the average: d_z already says how much each "
        "image counts.": lambda a, W, d_z: (a.T @ d_z, d_z.mean(axis=0), d_z @ W.T),
        "For a, each slope goes back along its weights: d_z @ W.T.": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(axis=0), d_z @ W)
        ),
        "For W, the input comes first: a.T @ d_z has the shape of W.": (
            lambda a, W, d_z: (d_z.T @ a, d_z.sum(axis=0), d_z @ W.T)
        ),
        "For W, the input has to be transposed: a.T @ d_z.": (
            lambda a, W, d_z: (a @ d_z, d_z.sum(axis=0), d_z @ W.T)
        ),
        "Do not divide by the number of images: d_z already contains that.": (
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T / len(a)),
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T),
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0), d_z @ W.T),
        ),
        "The sign is wrong; nothing is subtracted here.": (
            lambda a, W, d_z: (-a.T @ d_z, -d_z.sum(axis=0), -d_z @ W.T)
        ),
        "The three are right but in another order: first W, then b, then a.": (
            lambda a, W, d_z: (d_z @ W.T, a.T @ d_z, d_z.sum(axis=0))
        ),
    },
)
def backward(a, W, d_z):
    """Return the slopes for W, b and a of a layer z = a @ W + b, given those for z."""
    return a.T @ d_z, d_z.sum(axis=0), d_z @ W.T


def sum_of_squares(w):
    """Return the sum of all squares."""
    return (w**2).sum()


def product_of_sines(w):
    """Return the product of the sines of all entries."""
    return np.prod(np.sin(w))


def _each_slope(f, w):
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        slopes[place] = (f(w + nudge) - f(w - nudge)) / 2e-5
    return slopes


@exercise(
    "6.2",
    "A gradient, measured",
    todo="Replace the ... by the slope of f for each entry of w.",
    examples=lambda rng: [
        (sum_of_squares, np.array([1.0, 2.0])),
        (sum_of_squares, np.array([[0.5], [-1.5], [3.0]])),
        (product_of_sines, np.array([[1.0, 2.0], [0.5, 1.3]])),
        (product_of_sines, rng.uniform(0.5, 2.5, (2, 3))),
    ],
    mistakes={
        "All entries are nudged at once; each needs a nudge of its own.": (
            lambda f, w: np.full(w.shape, (f(w + 1e-5) - f(w - 1e-5)) / 2e-5)
        ),
        "All entries are nudged at once, which gives one number; each needs a nudge of its own.": (
            lambda f, w: (f(w + 1e-5) - f(w - 1e-5)) / 2e-5
        ),
        "That is twice the gradient: the two ends are 2 nudges apart.": (
            lambda f, w: 2 * _each_slope(f, w)
        ),
        "That is half the gradient: nudge to both sides, or divide by one nudge only. (`v = w` is "
        "no copy of an array; `w.copy()` is.)": (lambda f, w: _each_slope(f, w) / 2),
        "The sign is wrong: subtract the value on the left from the value on the right.": (
            lambda f, w: -_each_slope(f, w)
        ),
        "That is how much f changes; divide it by the distance.": Looks(
            lambda got, right: 0 < abs(got).max() < 0.2 * abs(right).max()
        ),
        "The nudge of one entry is still there when the next is measured: take it back, or start "
        "from a copy each time. It may also be too large.": Looks(
            lambda got, right: np.allclose(got, right, atol=0.3)
        ),
    },
    tolerance=1e-4,
)
def numerical_gradient(f, w):
    """Return the slopes of f for all entries of w, in the shape of w."""
    return _each_slope(f, w)


def _measured(*losses):
    """Return rates, in no order, and a function that gives the loss for each."""
    rates = [10.0 ** -((3 * i + 1) % 7) for i in range(len(losses))]
    table = dict(zip(rates, losses, strict=True))

    def measured_loss(rate):
        return table[rate]

    return rates, measured_loss


@exercise(
    "6.3",
    "Hunt for the learning rate",
    todo="Replace the ... by the rate whose loss is the lowest.",
    examples=lambda rng: [
        _measured(2.0, 0.5, 3.0),
        _measured(0.7),
        _measured(700.0, 500.0, 900.0),
        _measured(2.3, 1.1, 0.4, 0.3, float("nan")),
        _measured(float("nan"), 1.0, 2.0),
        _measured(0.9, float("nan"), 0.2, 1.0),
        _measured(float("inf"), 2.0, 0.1, 1.0),
        _measured(*rng.random(6).tolist()),
    ],
    mistakes={
        "That is the lowest loss; the rate that reaches it is asked for.": (
            lambda rates, loss_of: float(np.nanmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: float(np.min([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: min(loss_of(rate) for rate in rates),
        ),
        "Leaving out losses moves the positions of the others: keep each loss with its rate.": (
            lambda rates, loss_of: _shifted(rates, [loss_of(rate) for rate in rates])
        ),
        "That is the rate with the highest loss.": lambda rates, loss_of: max(rates, key=loss_of),
        "That is the position of the rate in the list; the rate itself is asked for.": (
            lambda rates, loss_of: int(np.nanargmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: int(np.argmin([loss_of(rate) for rate in rates])),
        ),
        "A training that blew up has the loss nan, and with nan every comparison is false, so it "
        "wins or stays: leave it out.": lambda rates, loss_of: min(rates, key=loss_of),
        "`argmin` takes nan, a training that blew up, for the smallest: use `np.nanargmin`.": (
            lambda rates, loss_of: rates[int(np.argmin([loss_of(rate) for rate in rates]))]
        ),
        "That is the largest rate, whatever its loss.": lambda rates, loss_of: max(rates),
        "That is the smallest rate, whatever its loss.": lambda rates, loss_of: min(rates),
    },
    tolerance=1e-12,
)
def best_rate(rates, loss_of):
    """Return the rate with the lowest loss, leaving out those whose loss is nan."""
    return float(rates[int(np.nanargmin([loss_of(rate) for rate in rates]))])


def _shifted(rates, losses):
    kept = [loss for loss in losses if loss == loss]
    return rates[kept.index(min(kept))]


def _stop(losses, patience, *, answer=lambda best, now: best, strict=True, reset=True):
    best, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        better = loss < losses[best - 1] or epoch == 1
        if not strict:
            better = better or loss == losses[best - 1]
        if better:
            best, waited = epoch, waited * (not reset)
        else:
            waited += 1
        if waited == patience:
            return answer(best, epoch)
    return answer(best, len(losses))


@exercise(
    "6.4",
    "When to stop",
    todo="Replace the ... by the best epoch that one has seen when patience runs out.",
    examples=lambda rng: [
        ([0.9, 0.5, 0.6, 0.7, 0.4], 2),
        ([0.9, 0.5, 0.6, 0.4, 0.7], 2),
        ([0.9, 0.5, 0.6, 0.7, 0.8, 0.9, 0.1], 2),
        ([0.5, 0.6, 0.7, 0.8], 3),
        ([1.0, 0.9, 0.8], 1),
        ([500.0, 400.0, 450.0, 460.0, 3.0], 2),
        ([1.0, 0.8, 0.9, 0.7, 0.75, 0.72, 0.71, 0.2], 3),
        ([0.5, 0.5, 0.5, 0.4], 2),
        ([1.0, 1.1, 0.9, 1.2, 0.8, 1.3, 0.7, 1.4, 1.5], 2),
        ((np.linspace(1, 0, 30) + rng.random(30)).round(2).tolist(), 4),
    ],
    mistakes={
        "Epochs are counted from 1, positions from 0.": lambda losses, p: _stop(losses, p) - 1,
        "That is the epoch in which the training stops; the best one before it is asked for.": (
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now)
        ),
        "That is the best of all epochs; once patience runs out, the later ones are never run.": (
            lambda losses, p: int(np.argmin(losses)) + 1
        ),
        "Each time the loss reaches a new low, the waiting begins anew.": (
            lambda losses, p: _stop(losses, p, reset=False)
        ),
        "A loss that is just as low is no improvement: use < instead of <=.": (
            lambda losses, p: _stop(losses, p, strict=False)
        ),
        "It stops one epoch too late: when the waiting reaches the patience, it is over.": (
            lambda losses, p: _stop(losses, p + 1)
        ),
        "It compares each epoch with the one before; compare with the best so far.": (
            lambda losses, p: _compare_with_last(losses, p)
        ),
    },
)
def best_epoch(val_losses, patience):
    """Return the best epoch, from 1, before `patience` epochs in a row brought nothing better."""
    return _stop(val_losses, patience)


def _compare_with_last(losses, patience):
    best, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[epoch - 2]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return best


# Step 7: prediction.


def _probabilities(rng, images):
    return _softmax(rng.normal(scale=2, size=(images, 10)))


def _top(p, k, *, sign=-1, axis=1):
    return np.argsort(sign * p, axis=axis, kind="stable")[:, :k]


@exercise(
    "7.1",
    "The best guesses",
    todo="Replace the ... by the k most probable digits of each row, the most probable first.",
    examples=lambda rng: [
        (np.array([[0.05, 0.1, 0.4, 0.2, 0.14, 0.04, 0.03, 0.02, 0.015, 0.005]]), 2),
        (_probabilities(rng, 3), 3),
        (_probabilities(rng, 10), 1),
        (_probabilities(rng, 6), 10),
    ],
    mistakes={
        "They are in the wrong order: the most probable comes first.": (
            lambda p, k: _top(p, k)[:, ::-1]
        ),
        "Those are the least probable digits.": lambda p, k: _top(p, k, sign=1),
        "Those are the probabilities; the digits are asked for, with `argsort`.": (
            lambda p, k: -np.sort(-p, axis=1)[:, :k]
        ),
        "It sorts down the columns; each row is an image, so axis=1.": lambda p, k: _top(
            p, k, axis=0
        ),
        "`[:k]` takes k rows; `[:, :k]` takes k columns of every row.": (
            lambda p, k: np.argsort(p, axis=1)[:k],
            lambda p, k: np.argsort(-p, axis=1)[:k],
        ),
        "That is only the most probable digit; k of them are asked for.": (
            lambda p, k: p.argmax(axis=1)
        ),
        "It reverses the images instead of the digits: [:, ::-1] reverses each row.": (
            lambda p, k: np.argsort(p, axis=1, kind="stable")[::-1][:, :k]
        ),
    },
)
def top_k(probabilities, k):
    """Return the k most probable digits of each row."""
    return _top(probabilities, k)


def _center_of_ink(image):
    """Return row and column of the center of mass."""
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum(), (columns * image).sum() / image.sum()


def _center_of_box(image):
    rows, columns = np.nonzero(image)
    return (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2


def _move(image, row, column):
    return np.roll(image, (round(row), round(column)), axis=(0, 1))


def _images_to_center(rng):
    dot = np.zeros((20, 20))
    dot[3, 5] = 1
    corner = np.zeros((20, 20))
    corner[2:4, 3:12] = 1
    corner[4:11, 10:12] = 0.6
    digit = _some_digits()[0][rng.integers(200)].reshape(20, 20)
    digit = np.pad(digit[3:17, 3:17], 3)  # so that no ink is lost, however it is moved
    return [(dot,), (corner,), (_move(digit, -2, 1),), (_move(digit, 1, -3),)]


def _toward(center, *, target=10, sign=1, swap=False):
    def move(image):
        row, column = center(image)
        by = sign * (target - row), sign * (target - column)
        return _move(image, *by[::-1]) if swap else _move(image, *by)

    return move


@exercise(
    "7.2",
    "Into the middle",
    todo="Replace the ... by the image, moved so that its center of ink comes to row and column "
    "10.",
    examples=_images_to_center,
    mistakes={
        "It moves the wrong way: from where the center is, to 10.": (
            _toward(_center_of_ink, sign=-1)
        ),
        "That centers the smallest box around the ink; the center of the ink itself counts.": (
            _toward(_center_of_box)
        ),
        "Rows and columns are exchanged: the first shift is for the rows, axis 0.": (
            _toward(_center_of_ink, swap=True)
        ),
        "The target is row and column 10, not 9.5.": _toward(_center_of_ink, target=9.5),
        "That goes to the middle of 28×28; here it is row and column 10.": (
            _toward(_center_of_ink, target=14)
        ),
        "The image is where it was: `np.roll` returns a new image, it does not change the old "
        "one.": lambda image: image,
        "`np.roll` moves by whole pixels: round the shift with `round`.": (
            lambda image: np.roll(image, 10 - _center_of_ink(image)[0], axis=0)
        ),
        "The shift is cut off instead of rounded: `int` and `np.roll` drop the decimals, `round` "
        "goes to the nearest whole pixel.": lambda image: np.roll(
            image, [int(10 - c) for c in _center_of_ink(image)], axis=(0, 1)
        ),
        "`np.roll` without axis=(0, 1) treats the image as one long row.": lambda image: np.roll(
            image, [round(10 - c) for c in _center_of_ink(image)]
        ),
    },
)
def to_the_middle(image):
    """Return a 20×20 image, moved by whole pixels so that its center of ink is at (10, 10)."""
    return _toward(_center_of_ink)(image)


def _set_by_table(p, threshold):
    guesses = p.argmax(axis=1)
    guesses[p < threshold] = -1
    return guesses


@exercise(
    "7.3",
    "Or say nothing",
    todo="Replace the ... by the most probable digit, or −1 where it is less probable than the "
    "threshold.",
    examples=lambda rng: [
        (np.array([[0.1, 0.6, 0.3, 0, 0, 0, 0, 0, 0, 0]]), 0.7),
        (np.array([[0, 0, 0.75, 0.25, 0, 0, 0, 0, 0, 0]]), 0.75),
        (np.array([[0.1, 0.7, 0.2, 0, 0, 0, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0]]), 0.6),
        (_probabilities(rng, 12), 0.5),
        (_probabilities(rng, 12), 0.0),
    ],
    mistakes={
        "It always answers: where the highest probability is below the threshold, it should be "
        "−1.": lambda p, t: p.argmax(axis=1),
        "The wrong way around: it answers where it is unsure.": (
            lambda p, t: np.where(p.max(axis=1) < t, p.argmax(axis=1), -1)
        ),
        "A probability equal to the threshold is enough: use >= instead of >.": (
            lambda p, t: np.where(p.max(axis=1) > t, p.argmax(axis=1), -1)
        ),
        "It looks at the highest probability of the whole table; each row has its own, axis=1.": (
            lambda p, t: np.where(p.max() >= t, p.argmax(axis=1), -1)
        ),
        "Those are probabilities; the digit is asked for, with `argmax`.": (
            lambda p, t: np.where(p.max(axis=1) >= t, p.max(axis=1), -1)
        ),
        "A 0 would be taken for the digit 0: say −1 where there is no answer.": (
            lambda p, t: np.where(p.max(axis=1) >= t, p.argmax(axis=1), 0)
        ),
        "Compare the highest probability of each row, not all ten: with "
        "`probabilities.max(axis=1)` there is one for each image.": (
            lambda p, t: _set_by_table(p, t),
            lambda p, t: np.where(p >= t, p.argmax(axis=1), -1),
        ),
        "It leaves out the unsure ones, so one does not know anymore which image is which: put −1 "
        "in their place.": lambda p, t: p.argmax(axis=1)[p.max(axis=1) >= t],
    },
)
def decide(probabilities, threshold):
    """Return the most probable digit of each row, or −1."""
    sure = probabilities.max(axis=1) >= threshold
    return np.where(sure, probabilities.argmax(axis=1), -1)


# Step 8: errors.


def _count_pairs(truth, guesses):
    matrix = np.zeros((10, 10), dtype=int)
    np.add.at(matrix, (truth, guesses), 1)
    return matrix


def _set_pairs(truth, guesses):
    matrix = np.zeros((10, 10), dtype=int)
    matrix[truth, guesses] += 1
    return matrix


@exercise(
    "8.1",
    "Count the confusions",
    todo="Replace the ... by a table of 10×10 counts, one row for each true digit.",
    examples=lambda rng: [
        (np.array([3, 3, 5]), np.array([3, 8, 3])),
        (np.array([1, 1, 1, 7]), np.array([7, 7, 1, 7])),
        (np.full(300, 4), np.full(300, 9)),
        tuple(rng.integers(0, 10, (2, 300))),
    ],
    mistakes={
        "Rows and columns are exchanged: the row is the true digit.": (
            lambda truth, guesses: _count_pairs(truth, guesses).T
        ),
        "`matrix[truth, guesses] += 1` adds 1 only once to each cell, even where a pair comes "
        "several times: use a loop or `np.add.at`.": _set_pairs,
        "Those are shares; the counts are asked for.": (
            lambda truth, guesses: _count_pairs(truth, guesses) / len(truth)
        ),
        "Only the right answers are counted; the errors belong off the diagonal.": (
            lambda truth, guesses: np.diag(np.diag(_count_pairs(truth, guesses)))
        ),
        "Only the errors are counted; the right answers belong on the diagonal.": (
            lambda truth, guesses: (
                _count_pairs(truth, guesses) - np.diag(np.diag(_count_pairs(truth, guesses)))
            )
        ),
        "Each row is divided by its sum; the counts are asked for.": lambda truth, guesses: (
            _count_pairs(truth, guesses) / _count_pairs(truth, guesses).sum(axis=1, keepdims=True)
        ),
    },
)
def count_confusions(truth, guesses):
    """Return how often each true digit (row) was taken for each digit (column)."""
    return _count_pairs(truth, guesses)


def _ratio(part, whole):
    return float(part / whole) if whole else 0.0


def _table(*rows):
    return np.array(rows)


@exercise(
    "8.2",
    "Precision and recall",
    todo="Replace the ... by precision and recall, two numbers from 0 to 1.",
    examples=lambda rng: [
        (_table([8, 2], [4, 6]), 0),
        (_table([8, 2], [4, 6]), 1),
        (_table([5, 0, 0], [3, 0, 2], [1, 0, 9]), 1),
        (rng.integers(0, 50, (10, 10)), int(rng.integers(0, 10))),
    ],
    mistakes={
        "They are exchanged: precision goes down the column, recall along the row.": (
            lambda m, d: precision_and_recall(m, d)[::-1],
            lambda m, d: (m[d, d] / m[d].sum(), m[d, d] / m[:, d].sum()),
        ),
        "Both are divided by the number of all images; divide by one column and by one row.": (
            lambda m, d: (_ratio(m[d, d], m.sum()),) * 2
        ),
        "If a digit was never predicted, its precision is 0 divided by 0; return 0.0 then.": (
            lambda m, d: (m[d, d] / m[:, d].sum(), m[d, d] / m[d].sum())
        ),
        "Both are computed along the row; precision goes down the column, `matrix[:, digit]`.": (
            lambda m, d: (_ratio(m[d, d], m[d].sum()),) * 2
        ),
        "Those are percentages; shares from 0 to 1 are asked for.": (
            lambda m, d: tuple(100 * share for share in precision_and_recall(m, d))
        ),
        "The right answers themselves belong into the sums of row and column, too.": (
            lambda m, d: (
                _ratio(m[d, d], m[:, d].sum() - m[d, d]),
                _ratio(m[d, d], m[d].sum() - m[d, d]),
            )
        ),
    },
)
def precision_and_recall(matrix, digit):
    """Return precision and recall of a digit, given the confusion matrix."""
    right = matrix[digit, digit]
    return _ratio(right, matrix[:, digit].sum()), _ratio(right, matrix[digit].sum())


def _with_wrong_labels(rng):
    """Return probabilities, labels of which k are wrong, and k."""
    cases = []
    for images, k in [(6, 2), (40, 3), (200, 5)]:
        truth = rng.integers(0, 10, images)
        logits = rng.normal(size=(images, 10))
        logits[np.arange(images), truth] += 4
        labels = truth.copy()
        planted = rng.choice(images, k, replace=False)
        labels[planted] = (labels[planted] + rng.integers(1, 10, k)) % 10
        cases.append((_softmax(logits), labels, k))
    return cases


def _given(p, y):
    return p[np.arange(len(y)), y]


@exercise(
    "8.3",
    "Find the wrong labels",
    todo="Replace the ... by the k positions whose labels the network believes least.",
    examples=_with_wrong_labels,
    mistakes={
        "Those are all positions; only the first k are asked for.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")
        ),
        "Those are the labels it believes the most: sort in the other direction.": (
            lambda p, y, k: np.argsort(-_given(p, y), kind="stable")[:k]
        ),
        "That is where the network is unsure; look at the probability it gives to the label.": (
            lambda p, y, k: np.argsort(p.max(axis=1), kind="stable")[:k]
        ),
        "They are in the wrong order: the least believed comes first.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[:k][::-1]
        ),
        "Those are the probabilities; the positions are asked for, with `argsort`.": (
            lambda p, y, k: np.sort(_given(p, y))[:k]
        ),
        "Those are the first errors, whatever the network thinks of them: sort by the "
        "probability of the label.": lambda p, y, k: np.flatnonzero(p.argmax(axis=1) != y)[:k],
        "Those are the labels at the positions; the positions themselves are asked for.": (
            lambda p, y, k: y[np.argsort(_given(p, y), kind="stable")[:k]]
        ),
    },
)
def suspects(probabilities, labels, k):
    """Return the positions of the k labels with the lowest probabilities, the lowest first."""
    return np.argsort(_given(probabilities, labels), kind="stable")[:k]


@dataclasses.dataclass
class Challenge:
    """A network of the learner's own, measured on the validation set of the series."""

    number: str
    title: str
    todo: str
    parameters: int  # how many it may have
    accuracy: float  # what it has to beat, in percent
    ceiling: float  # what it cannot reach honestly, in percent

    def examine(self, answer):
        """Return if the network is small enough and good enough; see `Exercise.examine`."""
        if answer is ... or answer is None:
            raise BlankError
        import keras

        if not isinstance(answer, keras.Model):
            raise HintError(f"The check wants a trained model of Keras, but got {show(answer)}.")
        if not answer.built:
            raise HintError("The model has not been built and trained yet.")
        if answer.count_params() > self.parameters:
            raise HintError(
                f"It has {answer.count_params():,} parameters; {self.parameters:,} are allowed."
            )
        X, y = data.load_data()
        (X_train, y_train), (X_val, y_val), (X_test, y_test) = data.split_data(X, y)
        try:
            seen, val, test = (
                100 * float((self.logits(answer, images).argmax(axis=1) == labels).mean())
                for images, labels in [(X_train, y_train), (X_val, y_val), (X_test, y_test)]
            )
        except HintError:
            raise
        except Exception:
            raise HintError(
                "It cannot read rows of 400 numbers: begin it with tf.keras.Input(shape=(400,))."
            ) from None
        if val > seen + 2:
            raise HintError(
                f"It reads {val:.1f} % of the validation images but only {seen:.1f} % of the "
                "training images: has it been trained on the wrong ones?"
            )
        if val - test > 4:
            # The test images give away what was trained on the validation images.
            raise HintError(
                f"It reads {val:.1f} % of the validation images but only {test:.1f} % of the test "
                "images: has it been trained on the validation images?"
            )
        if val > self.ceiling:
            raise HintError(
                f"It reads {val:.1f} % of the validation images, which no network of this size "
                "does that was trained on X_train only: has it been trained on them?"
            )
        if val < 20:
            raise HintError(f"It reads {val:.1f} %, which is guessing: has it been trained?")
        if val <= self.accuracy:
            raise HintError(
                f"It reads {val:.1f} % of the validation images; more than {self.accuracy} % are "
                "asked for. What would help most is more images, and a digit that was moved by a "
                "pixel is a new one for the network."
            )

    def logits(self, model, images):
        """Return the ten outputs for each image, or raise a HintError."""
        logits = np.asarray(model(images))
        if logits.shape != (len(images), 10):
            raise HintError(
                f"For {len(images)} images it gives outputs of the shape {logits.shape}; ten for "
                "each image are asked for."
            )
        if not np.isfinite(logits).all():
            raise HintError("Its outputs are nan or infinite: the training blew up.")
        return logits


EXERCISES["8.4"] = Challenge(
    "8.4",
    "Beat the network",
    "Replace the ... by a trained model.",
    parameters=10_575,
    accuracy=94.0,
    ceiling=98.6,
)


# Step 9: many images.


def _pictures(rng):
    small = np.array([[[0, 255], [51, 102]]], dtype=np.uint8)
    return [
        (small,),
        *((rng.integers(0, 256, shape, np.uint8),) for shape in [(3, 4, 4), (2, 5, 3)]),
    ]


@exercise(
    "9.1",
    "Ready for the network",
    todo="Replace the ... by a table of numbers from 0 to 1, one row for each image.",
    examples=_pictures,
    mistakes={
        "The values still go up to 255; divide by 255.": (
            lambda images: images.reshape(len(images), -1),
            lambda images: images.reshape(len(images), -1) * 1.0,
        ),
        "An 8-bit number has 256 values, but the largest is 255: divide by 255.": (
            lambda images: images.reshape(len(images), -1) / 256
        ),
        "`//` cuts off the decimals; use `/`.": (
            lambda images: images.reshape(len(images), -1) // 255
        ),
        "The images are still grids; each should become one row.": lambda images: images / 255,
        "All images together became one row; keep one row for each: reshape(len(images), -1).": (
            lambda images: images.reshape(-1) / 255,
            lambda images: images.reshape(1, -1) / 255,
        ),
        "The pixels of an image are in the order of its columns; leave out the transpose.": (
            lambda images: images.transpose(0, 2, 1).reshape(len(images), -1) / 255
        ),
    },
)
def as_rows(images):
    """Return images of 8 bits, shape (n, height, width), as rows of numbers from 0 to 1."""
    return images.reshape(len(images), -1) / 255


@exercise(
    "9.2",
    "Steps in an epoch",
    todo="Replace the ... by the number of batches that it takes to see each image once.",
    examples=lambda rng: [
        (10, 4),
        (8, 4),
        (5000, 32),
        (3, 32),
        (60_000, 1),
        tuple(rng.integers(2, 999, 2).tolist()),
    ],
    mistakes={
        "The images that are left over make one more, smaller batch: round up.": (
            lambda n, size: n // size
        ),
        "If the last batch is full, there is no other after it.": lambda n, size: n // size + 1,
        "It is rounded to the nearest; what is left over always makes a batch: round up.": (
            lambda n, size: round(n / size)
        ),
        "There are no parts of a step: round up to a whole number.": lambda n, size: n / size,
        "It is a float; `int` makes a whole number of it, or use `//`.": (
            lambda n, size: float(np.ceil(n / size))
        ),
        "That is how many images are left over for the last batch.": lambda n, size: n % size,
    },
)
def steps_per_epoch(count, batch_size):
    """Return how many batches there are, the last of which may be smaller."""
    return -(-count // batch_size)


def _measured_errors(rng):
    """Return counts and errors near a power law, and another pair."""
    cases = []
    for counts in ([100, 10_000], [500, 1000, 2000, 5000, 10_000]):
        counts = np.array(counts)
        noise = rng.uniform(0.97, 1.03, len(counts))
        cases.append((counts, rng.uniform(50, 200) * counts ** rng.uniform(-0.5, -0.2) * noise))
    return cases


def _fit(counts, errors, *, log=np.log):
    b, start = np.polyfit(log(counts), log(errors), 1)
    return float(np.exp(start)), float(b)


@exercise(
    "9.3",
    "Fit a power law",
    todo="Replace the ... by a and b of the law errors = a * count ** b.",
    examples=_measured_errors,
    mistakes={
        "The order is wrong: first a, then b. (`polyfit` returns the slope first.)": (
            lambda counts, errors: _fit(counts, errors)[::-1],
            lambda counts, errors: tuple(np.polyfit(np.log(counts), np.log(errors), 1)),
        ),
        "b is right, but a is still a logarithm: take `np.exp` of it.": (
            lambda counts, errors: (
                float(np.log(_fit(counts, errors)[0])),
                _fit(counts, errors)[1],
            )
        ),
        "That fits a straight line to the numbers themselves; take the logarithm of both.": (
            lambda counts, errors: tuple(np.polyfit(counts, errors, 1)[::-1].tolist())
        ),
        "Only the counts are logarithms; take those of the errors, too.": (
            lambda counts, errors: tuple(np.polyfit(np.log(counts), errors, 1)[::-1].tolist()),
            lambda counts, errors: _half_fit(np.log(counts), errors),
        ),
        "Only the errors are logarithms; take those of the counts, too.": (
            lambda counts, errors: _half_fit(counts, np.log(errors))
        ),
        "With `np.log10`, a is 10 to the power of the start, not `np.exp` of it.": (
            lambda counts, errors: (
                float(np.exp(np.log10(_fit(counts, errors)[0]))),
                _fit(counts, errors)[1],
            )
        ),
        "The sign of b is wrong: errors fall, so b is negative.": (
            lambda counts, errors: (_fit(counts, errors)[0], -_fit(counts, errors)[1])
        ),
    },
)
def power_law(counts, errors):
    """Return a and b of the straight line through the logarithms."""
    return _fit(counts, errors)


def _half_fit(x, y):
    b, start = np.polyfit(x, y, 1)
    return float(np.exp(start)), float(b)


@exercise(
    "9.4",
    "How many would it take?",
    todo="Replace the ... by the count at which the law gives that many errors.",
    examples=lambda rng: [
        (100.0, -0.5, 10.0),
        (170.0, -0.25, 5.0),
        (rng.uniform(50, 200), rng.uniform(-0.6, -0.2), rng.uniform(1, 9)),
    ],
    mistakes={
        "The fraction is upside down: errors / a comes first, then the power 1 / b.": (
            lambda a, b, errors: (a / errors) ** (1 / b)
        ),
        "That is the law itself, with the errors in the place of the count; solve it for the "
        "count.": lambda a, b, errors: a * errors**b,
        "To undo a power of b, take the power of 1 / b.": lambda a, b, errors: (errors / a) ** b,
        "A power is not undone by a division: take the power of 1 / b, in parentheses, for ** "
        "comes before /.": (lambda a, b, errors: errors / a / b),
        "The power belongs to the whole fraction: put errors / a in parentheses.": (
            lambda a, b, errors: errors / a ** (1 / b)
        ),
        "That is only its logarithm; take `np.exp` of it.": (
            lambda a, b, errors: np.log(errors / a) / b
        ),
    },
)
def count_needed(a, b, errors):
    """Return the count for which a * count ** b is that many errors."""
    return float((errors / a) ** (1 / b))


# Step 10: regularization.


def _drops(rng):
    """Return arguments of `drop`: some units, noise, a rate, and whether this is training."""
    cases = [(np.array([1.0, 2.0, 3.0]), np.array([0.7, 0.1, 0.6]), 0.5, True)]
    for shape, rate, training in [((4,), 0.2, True), ((4,), 0.2, False), ((5, 6), 0.75, True)]:
        cases.append((rng.normal(size=shape), rng.random(shape), rate, training))
    return cases


@exercise(
    "10.1",
    "Drop units",
    todo="Replace the ... by a, with zeros where a unit is dropped, and the others larger.",
    examples=_drops,
    mistakes={
        "What is kept must grow: divide it by the share that is kept, 1 - rate.": (
            lambda a, noise, rate, training: np.where(training & (noise < rate), 0.0, a)
        ),
        "Divide by the share that is kept, 1 - rate, not by the share that is dropped.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / rate) if training else a
            )
        ),
        "Multiplied by 1 - rate it shrinks; what is kept must grow: divide by 1 - rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a * (1 - rate)) if training else a
            )
        ),
        "It is the wrong way round: a unit is dropped where the noise is smaller than the rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, a / (1 - rate), 0.0) if training else a
            ),
            lambda a, noise, rate, training: (
                np.where(noise < rate, a / rate, 0.0) if training else a
            ),
            lambda a, noise, rate, training: np.where(noise < rate, a, 0.0) if training else a,
        ),
        "Dropping is for training only: without `training`, return a as it is.": (
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, a / (1 - rate)),
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, a),
        ),
        "Without `training`, nothing shrinks: what is kept has already grown in training.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / (1 - rate)) if training else a * (1 - rate)
            ),
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a) if training else a * (1 - rate)
            ),
        ),
        "Without `training`, nothing grows, either: return a as it is.": (
            lambda a, noise, rate, training: np.where(
                training & (noise < rate), 0.0, a / (1 - rate)
            )
        ),
        "What is dropped stays in its place, as a 0; do not take it out.": (
            lambda a, noise, rate, training: a[noise >= rate] / (1 - rate) if training else a,
            lambda a, noise, rate, training: a[noise >= rate] if training else a,
        ),
    },
)
def drop(a, noise, rate, training):
    """Return the units, of which those are 0 in training where the noise is below the rate."""
    return np.where(noise < rate, 0.0, a / (1 - rate)) if training else a


@exercise(
    "10.2",
    "Normalize a batch",
    todo="Replace the ... by z, each column less its mean and divided by its deviation.",
    examples=lambda rng: [
        (np.array([[1.0, 5.0], [3.0, 5.0]]), 1e-4),
        (rng.normal(3, 2, (3, 4)), 0.01),
        (rng.normal(-1, 0.1, (32, 5)), 0.001),
    ],
    mistakes={
        "That is one mean and one variance for each image; take them over the batch, `axis=0`.": (
            lambda z, eps: (z.T - z.mean(axis=1)).T / np.sqrt(z.var(axis=1) + eps)[:, None]
        ),
        "That is one mean and one variance for all; take them for each unit, `axis=0`.": (
            lambda z, eps: (z - z.mean()) / np.sqrt(z.var() + eps)
        ),
        "Divide by the square root of the variance, not by the variance.": (
            lambda z, eps: (z - z.mean(axis=0)) / (z.var(axis=0) + eps)
        ),
        "eps belongs under the root, to the variance, not to the standard deviation.": (
            lambda z, eps: (z - z.mean(axis=0)) / (z.std(axis=0) + eps)
        ),
        "A unit that is the same for all images has the variance 0: add eps to the variance.": (
            lambda z, eps: (z - z.mean(axis=0)) / z.std(axis=0)
        ),
        "The mean is not 0: subtract the mean of each unit first.": (
            lambda z, eps: z / np.sqrt(z.var(axis=0) + eps),
        ),
        "Parentheses are missing: subtract the mean first, then divide the difference.": (
            lambda z, eps: z - z.mean(axis=0) / np.sqrt(z.var(axis=0) + eps)
        ),
        "The mean is 0, but the deviation is not 1: divide by it.": (
            lambda z, eps: z - z.mean(axis=0)
        ),
        "That is the deviation of a sample, with n - 1; here it is that of the batch itself.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + eps)
        ),
    },
)
def normalize_batch(z, eps):
    """Return the batch with mean 0 and standard deviation 1 in each column."""
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps)


def _results(rng):
    """Return the results of two methods, one for each seed."""
    cases = [(np.array([94.0, 95.0, 96.0]), np.array([96.0, 97.0, 98.0]))]
    for seeds in [(3, 3), (3, 5), (8, 4)]:
        cases.append(tuple(rng.normal(rng.uniform(80, 95), 0.5, n) for n in seeds))
    return cases


def _gain(before, after, *, error=None):
    error = error or (lambda results: results.std(ddof=1) / np.sqrt(len(results)))
    return float(after.mean() - before.mean()), float(np.hypot(error(before), error(after)))


@exercise(
    "10.3",
    "A gain, or luck?",
    todo="Replace the ... by the gain and its uncertainty.",
    examples=_results,
    mistakes={
        "The sign of the gain is wrong: it is the mean after less the mean before.": (
            lambda before, after: (-_gain(before, after)[0], _gain(before, after)[1])
        ),
        "The order is wrong: first the gain, then its uncertainty.": (
            lambda before, after: _gain(before, after)[::-1]
        ),
        "That is the deviation of a whole population; of a sample it is `std(ddof=1)`.": (
            lambda before, after: _gain(
                before, after, error=lambda results: results.std() / np.sqrt(len(results))
            )
        ),
        "That is how much single results scatter; divide by the root of the number of seeds.": (
            lambda before, after: _gain(before, after, error=lambda results: results.std(ddof=1)),
            lambda before, after: _gain(before, after, error=np.std),
        ),
        "Divide by the square root of the number of seeds, not by the number itself.": (
            lambda before, after: _gain(
                before, after, error=lambda results: results.std(ddof=1) / len(results)
            )
        ),
        "Uncertainties add up as squares: take the root of the sum of both squares.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(_gain(before, before)[1] + _gain(after, after)[1]) / np.sqrt(2),
            )
        ),
        "The root is missing: that is the square of the uncertainty.": (
            lambda before, after: (_gain(before, after)[0], _gain(before, after)[1] ** 2)
        ),
        "The two may have different numbers of seeds: divide each by its own.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(before.std(ddof=1), after.std(ddof=1)) / np.sqrt(len(before))),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(before.std(ddof=1), after.std(ddof=1)) / np.sqrt(len(after))),
            ),
        ),
    },
)
def gain_of(before, after):
    """Return the difference of the means and its standard error."""
    return _gain(before, after)


# Step 11: convolution.


@exercise(
    "11.1",
    "How large is the map?",
    todo="Replace the ... by the number of pooled numbers a side.",
    examples=lambda rng: [
        (28, 3),
        (13, 3),
        (28, 1),
        (6, 6),
        (29, 4),
        tuple(rng.integers((20, 2), (60, 9)).tolist()),
    ],
    mistakes={
        "One more place: a window as large as the image fits once, so it is size - window + 1.": (
            lambda size, window: (size - window) // 2
        ),
        "The window must not go beyond the edge: it fits at size - window + 1 places.": (
            lambda size, window: size // 2
        ),
        "That is before pooling; then two become one.": lambda size, window: size - window + 1,
        "What is left over is cut off: round down.": (
            lambda size, window: -(-(size - window + 1) // 2)
        ),
        "There are no halves of a number: use `//`, which rounds down.": (
            lambda size, window: (size - window + 1) / 2
        ),
        "Only the sides count, not the area: return the numbers along one side.": (
            lambda size, window: ((size - window + 1) // 2) ** 2
        ),
        "First the convolution, then the pooling.": lambda size, window: size // 2 - window + 1,
    },
)
def map_size(size, window):
    """Return how many numbers a side a convolution and a pooling leave of an image."""
    return (size - window + 1) // 2


@exercise(
    "11.2",
    "Count the parameters",
    todo="Replace the ... by the number of weights, and of biases where there are any.",
    examples=lambda rng: [
        (3, 24, 48, False),
        (3, 1, 24, True),
        (5, 3, 2, True),
        (1, 7, 4, False),
        (*rng.integers(2, 9, 3).tolist(), True),
        (*rng.integers(2, 9, 3).tolist(), False),
    ],
    mistakes={
        "The window has window × window numbers.": (
            lambda window, channels, filters, bias: (window * channels + bias) * filters
        ),
        "Each filter has a kernel for each channel: multiply by the channels, too.": (
            lambda window, channels, filters, bias: (window**2 + bias) * filters
        ),
        "There are several filters, each with kernels of its own: multiply by their number.": (
            lambda window, channels, filters, bias: window**2 * channels + bias
        ),
        "Where `bias` is true, each filter has one more parameter.": (
            lambda window, channels, filters, bias: window**2 * channels * filters
        ),
        "A bias is there only if `bias` is true.": (
            lambda window, channels, filters, bias: (window**2 * channels + 1) * filters
        ),
        "Each filter has a bias of its own, not one for all of them.": (
            lambda window, channels, filters, bias: window**2 * channels * filters + bias
        ),
        "A filter has one bias, not one for each channel.": (
            lambda window, channels, filters, bias: (window**2 + bias) * channels * filters
        ),
    },
)
def conv_parameters(window, channels, filters, bias):
    """Return how many parameters a convolution has."""
    return (window * window * channels + bias) * filters


def _blocks(feature_map):
    height, width = feature_map.shape
    return feature_map.reshape(height // 2, 2, width // 2, 2)


@exercise(
    "11.3",
    "Pool by the mean",
    todo="Replace the ... by the means of blocks of 2 × 2 numbers.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0, 0.0, 0.0], [3.0, 6.0, 0.0, 8.0]]),),
        (rng.normal(size=(6, 4)),),
        (rng.normal(size=(26, 26)),),
    ],
    mistakes={
        "That keeps the largest of the four; keep their mean.": (
            lambda feature_map: _blocks(feature_map).max(axis=(1, 3))
        ),
        "That is the sum; divide it by 4.": lambda feature_map: _blocks(feature_map).sum(
            axis=(1, 3)
        ),
        "Those are the means of two neighbors in a row; take two rows together, too.": (
            lambda feature_map: _blocks(feature_map).mean(axis=3).reshape(len(feature_map), -1)
        ),
        "Those are the means of two rows; take two neighbors in a row together, too.": (
            lambda feature_map: _blocks(feature_map).mean(axis=1).reshape(len(feature_map) // 2, -1)
        ),
        "The axes 1 and 3 lie within a block; 0 and 2 are those that remain.": (
            lambda feature_map: _blocks(feature_map).mean(axis=(0, 2))
        ),
        "That takes every second number and leaves the others out.": (
            lambda feature_map: feature_map[::2, ::2]
        ),
        "That is the mean of all numbers; each block of 2 × 2 has its own.": (
            lambda feature_map: float(feature_map.mean())
        ),
        "The order got lost: reshape to (height // 2, 2, width // 2, 2), so that the axes 1 and 3 "
        "lie within a block.": (
            lambda feature_map: feature_map.reshape(
                feature_map.shape[0] // 2, feature_map.shape[1] // 2, 4
            ).mean(axis=2)
        ),
    },
)
def mean_pool(feature_map):
    """Return the means of blocks of 2 × 2 numbers."""
    return _blocks(feature_map).mean(axis=(1, 3))


@exercise(
    "11.4",
    "Smooth the labels",
    todo="Replace the ... by a table with one row for each label and ten numbers in it.",
    examples=lambda rng: [
        (np.array([1, 9]), 0.1),
        (np.array([3, 3, 0]), 0.2),
        (np.arange(10), 0.0),
        (rng.integers(0, 10, 7), rng.uniform(0.05, 0.5)),
    ],
    mistakes={
        "Those are still ones and zeros; take the share away and spread it.": (
            lambda y, share: np.eye(10)[y]
        ),
        "Ten digits get a part of the share: divide it by 10, not by 9; the right one gets its "
        "part, too.": lambda y, share: np.where(np.eye(10)[y] == 1, 1 - share, share / 9),
        "The rows add up to more than 1: each digit gets a tenth of the share.": (
            lambda y, share: np.eye(10)[y] * (1 - share) + share,
            lambda y, share: np.eye(10)[y] + share / 10,
            lambda y, share: np.where(np.eye(10)[y] == 1, 1 - share, share),
        ),
        "The rows add up to less than 1: spread what was taken away.": (
            lambda y, share: np.eye(10)[y] * (1 - share),
            lambda y, share: np.where(np.eye(10)[y] == 1, 1 - share, share / 10),
        ),
        "There is one column for each label; make it one row: leave out the transpose.": (
            lambda y, share: (np.eye(10)[y] * (1 - share) + share / 10).T
        ),
    },
)
def smooth_labels(y, share):
    """Return one-hot labels of which a share is spread over all ten digits."""
    return np.eye(10)[y] * (1 - share) + share / 10
