"""The exercises of step 3: the data."""

import functools

import numpy as np

from helpers import data
from helpers.exercises.engine import Looks, stops
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results


@exercise(
    "3.1",
    "Percent right",
    todo="Replace the ... by the percentage of guesses that equal their label.",
    examples=lambda rng: [
        (np.array([1, 2, 3, 4]), np.array([1, 2, 9, 4])),
        # Never 5000 of them, as there are in the notebook.
        (np.array([5]), np.array([5])),
        (np.array([0, 0, 1]), np.array([3, 1, 1])),
        # None is right, so that what never counts beyond 1 differs from what always is 1.
        (np.array([7, 8]), np.array([1, 2])),
        tuple(rng.integers(0, 3, (2, 57))),
    ],
    mistakes={
        "That is a share; times 100 it is a percentage.": lambda guesses, y: (guesses == y).mean(),
        "That is how many are right; divide by the number of all, times 100.": (
            lambda guesses, y: 1.0 * (guesses == y).sum()
        ),
        "That is 100 times how many are right; divide by the number of all.": (
            lambda guesses, y: 100 * (guesses == y).sum()
        ),
        "The comparison needs parentheses: `*` comes before `==`, so the guesses themselves are "
        "multiplied.": (
            lambda guesses, y: 100 * guesses == y,
            lambda guesses, y: (100 * guesses == y).mean(),
            lambda guesses, y: 100 * guesses == y.mean(),
        ),
        "That is 100 only if all are right at once: ask which share of them is, and divide with "
        "`/`, for `//` cuts off the decimals.": (
            lambda guesses, y: 100 * bool((guesses == y).all()),
        ),
        "`any` and `max` ask whether a single guess is right; ask which share of them is.": (
            lambda guesses, y: 100 * bool((guesses == y).any())
        ),
        "That is how far the guesses are from the labels; a guess is right or wrong, so compare "
        "with `==`.": (
            lambda guesses, y: 100 * (guesses - y).mean(),
            lambda guesses, y: 100 * abs(guesses - y).mean(),
            lambda guesses, y: 100 * guesses.mean() / y.mean(),
            lambda guesses, y: 100 - 100 * abs(guesses - y).mean(),
        ),
        "That computes with the digits of the right guesses; count the guesses instead.": (
            lambda guesses, y: 100 * guesses[guesses == y].sum() / y.sum(),
            lambda guesses, y: 100 * guesses[guesses == y].mean(),
        ),
        "Each guess has a label of its own, the one at the same position: compare it with no other "
        "label.": (
            lambda guesses, y: 100 * np.isin(guesses, y).mean(),
            lambda guesses, y: 100 * (guesses[:, None] == y).sum() / len(y),
            lambda guesses, y: 100 * len(set(guesses) & set(y)) / len(y),
            lambda guesses, y: 100 * (np.sort(guesses) == np.sort(y)).mean(),
        ),
        "That is the percentage of errors.": lambda guesses, y: 100 * (guesses != y).mean(),
        "That divides by a fixed number: divide by how many guesses there are, `len(y)`, or take "
        "the mean.": tuple(
            lambda guesses, y, n=n: 100 * (guesses == y).sum() / n for n in (5000, 3, 4, 10, 57)
        ),
        "A percentage is the share times 100, not divided by it; the share is how many are right, "
        "divided by how many there are.": (
            lambda guesses, y: (guesses == y).mean() / 100,
            lambda guesses, y: (guesses == y).sum() / 100,
        ),
        "That is the share of the errors; the percentage of right guesses is 100 times the share "
        "of those.": lambda guesses, y: (guesses != y).mean(),
        "That counts only one guess: does `return` stand inside the loop?": (
            lambda guesses, y: 100 * (guesses[0] == y[0]) / len(y),
            lambda guesses, y: 100 / len(y) if (guesses == y).any() else None,
        ),
        "It never counts beyond 1: does it set the number to 1 instead of adding, as in `+= 1`, or "
        "does a `return` stand inside the `if`?": (
            lambda guesses, y: 100 * int((guesses == y).any()) / len(y)
        ),
        "`np.where` with a condition alone returns a tuple, whose length is 1: count the positions "
        "in its `[0]`.": lambda guesses, y: 100 * len(np.where(guesses == y)) / len(y),
        "It counts every guess as right: `len` counts False, too, and after `guesses = y` all are "
        "equal.": (
            lambda guesses, y: 100.0,
            lambda guesses, y: 100 * len(guesses == y),
        ),
        "A loop `for i in guesses` runs through the guesses themselves; their positions are "
        "`range(len(guesses))`.": (
            lambda guesses, y: 100 * sum(guesses[i] == y[i] for i in guesses) / len(y),
            lambda guesses, y: 100 * sum(guesses[i] == y[i] for i in y) / len(y),
        ),
        "The first guess is left out: `range(len(y))` begins with 0 by itself.": (
            lambda guesses, y: 100 * (guesses == y)[1:].sum() / len(y),
            lambda guesses, y: 100 * (guesses == y)[1:].mean(),
        ),
        "The number stands in an array of its own: is it divided by `y.shape`, which is a tuple, "
        "or put into brackets?": lambda guesses, y: np.array([100 * (guesses == y).mean()]),
        "The last guess is left out: `range(len(y))` ends before `len(y)` by itself.": (
            lambda guesses, y: 100 * (guesses == y)[:-1].sum() / len(y),
            lambda guesses, y: 100 * (guesses == y)[:-1].mean(),
        ),
        "That compares the right guesses with the wrong ones; divide by the number of all.": (
            lambda guesses, y: 100 * (guesses == y).sum() / (guesses != y).sum()
        ),
        "That is true or false for each guess; take the average of it.": (
            lambda guesses, y: guesses == y,
            lambda guesses, y: 100 * (guesses == y),
            lambda guesses, y: 100 * (guesses == y) / len(y),
            lambda guesses, y: (guesses == y).tolist(),
            lambda guesses, y: (100 * (guesses == y)).tolist(),
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


def _drawn(results, _expected, _examples):
    # What a figure consists of, or what the helpers that draw one say about a row that is none.
    said = " ".join(str(got) for got in results if isinstance(got, Exception))
    kinds = {type(got).__module__.partition(".")[0] for got in results}
    return "matplotlib" in kinds or "draw_digit" in said or "(ink)" in said


def _exchanged_in_place(row):
    image = row.reshape(20, 20)
    for i in range(20):
        for j in range(20):
            image[i, j] = image[j, i]
    return image


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
        "It lies on its side and is mirrored, for this row was written column by column: exchange "
        'rows with columns, once. (`.T` and `order="F"` cancel each other, and a `.T` whose '
        "result is not kept is lost.)": lambda row: row.reshape(20, 20),
        "Left and right are exchanged: the transpose alone is enough.": (
            lambda row: row.reshape(20, 20).T[:, ::-1]
        ),
        "Top and bottom are exchanged: the transpose alone is enough.": (
            lambda row: row.reshape(20, 20).T[::-1]
        ),
        "It is upside down: the transpose alone is enough.": (
            lambda row: row.reshape(20, 20).T[::-1, ::-1]
        ),
        "That reverses the order of rows or columns; exchange rows with columns, with `.T`.": (
            lambda row: row.reshape(20, 20)[::-1],
            lambda row: row.reshape(20, 20)[:, ::-1],
            lambda row: row.reshape(20, 20)[::-1, ::-1],
        ),
        "That is still one long row; fold it into 20 rows of 20, and go on with what `reshape` "
        "returns, for `row` itself stays as it is.": (
            lambda row: row,
            lambda row: row.reshape(1, 400),
            lambda row: row.reshape(400, 1),
        ),
        "It stood upright for a moment, then it became one long row again: leave out what unfolds "
        "it.": lambda row: row.reshape(20, 20).T.reshape(400),
        "A row of 400 numbers is an image of 20 × 20.": (
            lambda row: row.reshape(28, 28).T,
            lambda row: row.reshape(10, 40).T,
            lambda row: row.reshape(order="F"),
        ),
        'The order is given by its name, `order="F"`.': stops("'str' object cannot"),
        "It draws the image; return the array itself.": Looks(_drawn, together=True),
        "That is only the part that the example shows; return the whole image.": (
            lambda row: row.reshape(20, 20).T[0, :3],
            lambda row: row.reshape(20, 20).T[0],
        ),
        "An image has two axes, rows and columns; leave out the third one.": (
            lambda row: row.reshape(20, 20).T[None],
            lambda row: row.reshape(20, 20).T[:, :, None],
        ),
        "Some entries are overwritten before they are used: fill a new image from the row.": (
            _exchanged_in_place
        ),
        "The places are right, but the values have changed; leave them as they are.": (
            lambda row: 1 - row.reshape(20, 20).T,
            lambda row: row.reshape(20, 20).T > 0,
            lambda row: row.reshape(20, 20).T / 255,
        ),
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
    cases = [(X[:1], X[1:], y[1:]), (X[:40], X[40:], y[40:])]
    # White on black, too: on paper, whoever adds up along the wrong axis always gets the first
    # pixel, so 0, and whoever does not square always gets the digit with most ink, also 0.
    X = np.roll(1 - X, 190, axis=1)  # and the first pixel in the middle
    return [*cases, (X[:20], X[20:], y[20:])]


def _by_average(distances, *, averages=None):
    # The usual mistakes are other distances, or other averages.
    def read(images, X, y):
        return distances(images, (averages or _averages)(X, y))

    return read


def _differences(images, examples):
    return images[:, None, :] - examples


def _never_set_again(distances, *, forget):
    # A loop that looks for the smallest distance, but over all images together.
    best, smallest, digits = 0, np.inf, []
    for row in distances:
        best = 0 if forget else best
        for digit, distance in enumerate(row):
            if distance < smallest:
                best, smallest = digit, distance
        digits.append(best)
    return np.array(digits)


def _centers(center, digits=range(10)):
    return lambda X, y: np.array([center(X[y == digit]) for digit in digits])


@exercise(
    "3.3",
    "A reader of your own",
    todo="Replace the ... by the digit whose average image is the nearest, for each image.",
    examples=_digits_to_read,
    mistakes={
        "That is the farthest average: take `argmin`.": (
            lambda images, X, y: _distances(images, _averages(X, y)).argmax(axis=1)
        ),
        "The sum goes over the averages instead of the pixels, which are the last axis: add up "
        "with `axis=1` for one image, with `axis=2` for all images at once.": (
            _by_average(lambda a, b: (_differences(a, b) ** 2).sum(axis=1).argmin(axis=1)),
            _by_average(lambda a, b: (_differences(a, b) ** 2).sum(axis=1)),
        ),
        "It always says 0: without an axis, `sum` makes one number of all ten distances, so add up "
        "with `axis=1`. Or are all averages the same, or does a smallest distance begin with 0?": (
            lambda images, X, y: np.zeros(len(images), dtype=int)
        ),
        "The smallest distance is never renewed: whenever a smaller one is found, keep it together "
        "with its digit.": lambda images, X, y: np.full(len(images), 9),
        "The smallest distance of one image is still there for the next: set it again for each "
        "image, inside the loop over the images.": (
            _by_average(lambda a, b: _never_set_again(_distances(a, b), forget=True)),
            _by_average(lambda a, b: _never_set_again(_distances(a, b), forget=False)),
        ),
        "The smallest distance has to begin with more than any distance, such as `np.inf`.": tuple(
            _by_average(
                lambda a, b, most=most: np.where(
                    _distances(a, b).min(axis=1) < most, _distances(a, b).argmin(axis=1), 0
                )
            )
            for most in (10, 20, 30)
        ),
        "That is the average with the nearest single pixel; add up the squares of all pixels "
        "first.": _by_average(lambda a, b: (_differences(a, b) ** 2).max(axis=2).argmin(axis=1)),
        "The squares have to be added up before `argmin` looks for the smallest.": (
            _by_average(lambda a, b: (_differences(a, b) ** 2).argmin(axis=2))
        ),
        "That is a single digit; return one for each image. Does `return` stand inside the loop, "
        "is the result not collected, or is an axis missing?": (
            _by_average(lambda a, b: int(_distances(a, b)[0].argmin())),
            _by_average(lambda a, b: int(_distances(a, b)[-1].argmin())),
            _by_average(lambda a, b: int(_distances(a, b).argmin())),
            _by_average(lambda a, b: np.array(_distances(a, b).argmin())),
            _by_average(lambda a, b: _distances(a, b)[:1].argmin(axis=1)),
            _by_average(lambda a, b: _distances(a, b)[-1:].argmin(axis=1)),
            _by_average(lambda a, b: _distances(a, b).argmin(axis=1) * (np.arange(len(a)) == 0)),
        ),
        "`images - averages` does not take each image with each average: go through the images in "
        "a loop, and subtract `averages` from one at a time.": tuple(
            _by_average(lambda a, b, axis=axis: ((a - b) ** 2).sum(axis=1).argmin(axis=axis))
            for axis in (None, 1)
        ),
        "Each average is a single number instead of 400 pixels: take `mean(axis=0)`, which goes "
        "over the images, of all images of a digit, `X_train[y_train == digit]`.": stops(
            "(400,) (10,)"
        ),
        "Something has a single axis where it needs two: are the averages rows of 400 pixels, from "
        "`mean(axis=0)`, and does each image have ten distances, from `sum(axis=1)`?": stops(
            "axis 1 is out of bounds for array of dimension 1"
        ),
        "`append` changes the list and returns nothing, so nothing is set to what it returns: "
        "leave out the `=`.": Looks(
            lambda results, _expected, _examples: "has no attribute 'append'" in str(results[-1]),
            together=True,
        ),
        "Nothing has been collected: `np.append` leaves the old array as it is and returns a new "
        "one. Append to a list instead, and make an array of it at the end.": (
            lambda images, X, y: np.array([])
        ),
        "With a list one cannot calculate as with an array: make an array of the averages, with "
        "`np.array`.": Looks(
            lambda got, _right: (
                isinstance(got, TypeError) and "operand" in str(got) and "'list'" in str(got)
            )
        ),
        "That is the nearest image for each average; take the nearest average for each image: "
        "`argmin(axis=1)`, or `nearest(images, averages)`, in this order.": _by_average(
            lambda a, b: _distances(a, b).argmin(axis=0)
        ),
        "Differences are squared by `** 2`; `^` is something else.": (
            _by_average(lambda a, b: (_differences(a, b) ^ 2).sum(axis=2).argmin(axis=1))
        ),
        "That is the sum of the images of a digit, not their average: take the mean.": (
            _by_average(
                lambda a, b: _distances(a, b).argmin(axis=1),
                averages=_centers(lambda X: X.sum(axis=0)),
            )
        ),
        "That is no average: divide the sum by how many images of the digit there are, or take "
        "`mean(axis=0)`.": tuple(
            _by_average(lambda a, b: _distances(a, b).argmin(axis=1), averages=averages)
            for averages in (
                *(_centers(lambda X, n=n: X.sum(axis=0) / n) for n in (10, 100, 350, 400, 500)),
                lambda X, y: _centers(lambda X: X.sum(axis=0))(X, y) / len(X),
            )
        ),
        "That takes a single image of each digit; take the average of all of them.": tuple(
            _by_average(
                lambda a, b: _distances(a, b).argmin(axis=1),
                averages=_centers(lambda X, place=place: X[place]),
            )
            for place in (0, -1)
        ),
        "Those are the averages of all other digits: compare with `==`.": _by_average(
            lambda a, b: _distances(a, b).argmin(axis=1),
            averages=lambda X, y: np.array([X[y != d].mean(axis=0) for d in range(10)]),
        ),
        "That compares only how much ink there is in all: an average image has 400 pixels, "
        "`mean(axis=0)`, and the differences are squared pixel by pixel, before they are added.": (
            _by_average(
                lambda a, b: abs(a.mean(axis=1)[:, None] - b).argmin(axis=1),
                averages=_centers(lambda X: X.mean()),
            ),
            _by_average(
                lambda a, b: ((a[:, :, None] - b) ** 2).sum(axis=1).argmin(axis=1),
                averages=_centers(lambda X: X.mean()),
            ),
            _by_average(lambda a, b: abs(_differences(a, b).sum(axis=2)).argmin(axis=1)),
        ),
        "The average goes over the pixels instead of the images: take `mean(axis=0)`.": (
            lambda images, X, y: np.array([X[y == digit].mean(axis=1) for digit in range(10)])
        ),
        "The averages begin with the 1, so each position is one less than its digit: begin with "
        "the 0.": _by_average(
            lambda a, b: _distances(a, b).argmin(axis=1),
            averages=_centers(lambda X: X.mean(axis=0), range(1, 10)),
        ),
        "The average of the 9 is missing: `range(10)` goes from 0 to 9.": _by_average(
            lambda a, b: _distances(a, b).argmin(axis=1),
            averages=_centers(lambda X: X.mean(axis=0), range(9)),
        ),
        "That is the median of the images; take the average, `mean(axis=0)`.": (
            _by_average(
                lambda a, b: _distances(a, b).argmin(axis=1),
                averages=_centers(lambda X: np.median(X, axis=0)),
            )
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
        "The position of the nearest average is the digit itself, so it needs no `y_train[…]`.": (
            lambda images, X, y: y[_distances(images, _averages(X, y)).argmin(axis=1)]
        ),
        "That is one number for all images; return the digit that each is read as.": Looks(
            lambda results, _expected, _examples: isinstance(results[0], float), together=True
        ),
        "That is the position of the nearest training image, and neither its label nor an "
        "average.": lambda images, X, y: _distances(images, X).argmin(axis=1),
        "The part examples² depends on the average, too: without it the comparison favors dark "
        "averages.": lambda images, X, y: (-images @ _averages(X, y).T).argmin(axis=1),
        "Of (a − b)² = a² − 2ab + b², the part 2ab is subtracted, and counts twice.": (
            _by_average(lambda a, b: ((b**2).sum(axis=1) + 2 * a @ b.T).argmin(axis=1)),
            _by_average(lambda a, b: ((b**2).sum(axis=1) - a @ b.T).argmin(axis=1)),
            _by_average(lambda a, b: (a @ b.T).argmin(axis=1)),
        ),
        "That is something about each of the ten averages; return the position of the nearest one "
        "alone, `argmin(axis=1)`.": (
            _by_average(lambda a, b: _distances(a, b).argsort(axis=1)),
            _by_average(lambda a, b: _distances(a, b) == _distances(a, b).min(1, keepdims=True)),
        ),
        "Each digit stands in brackets of its own; leave them out.": (
            _by_average(lambda a, b: _distances(a, b).argmin(axis=1)[:, None])
        ),
        "`nearest` takes two things, images and examples; give it the ten averages as examples.": (
            stops("nearest() takes 2")
        ),
        "Those are the smallest distances; return their positions, with `argmin(axis=1)`.": (
            lambda images, X, y: _distances(images, _averages(X, y)).min(axis=1)
        ),
        "Those are the distances; return the position of the smallest, `argmin(axis=1)`.": (
            lambda images, X, y: _distances(images, _averages(X, y))
        ),
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
        # All training images agree in one pixel; and a single one, which is all of them.
        (np.array([[0.0, 1.0], [0.5, 1.0]]), np.array([[1.0, 1.0], [0.5, 0.0]])),
        (small[:1], small[:2]),
        (small, small[[0, 2]]),
        # Nearly equal is not equal.
        (X, X[4:9] + 1e-9),
        # No leak at all, once with a training image that is there twice.
        (small, tests[2:]),
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
        "That counts training images; the exercise asks for test images.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=0).sum()
        ),
        "One equal pixel does not make two images equal, and Python's `in` asks for no more: all "
        "pixels have to be, so `all`, then `any`.": lambda X_train, X_test: (
            (X_test[:, None] == X_train).any(axis=2).any(axis=1).sum()
        ),
        "One equal pixel does not make two images equal, and each test image counts once: `all` "
        "pixels have to be, of `any` training image.": lambda X_train, X_test: (
            (X_test[:, None] == X_train).any(axis=2).sum()
        ),
        "`all(axis=0)` asks of each pixel whether all training images agree; `all(axis=1)`, or "
        "`axis=2` where there are three axes, asks of each image whether all of its pixels do.": (
            lambda X_train, X_test: sum(
                bool((X_train == image).all(axis=0).any()) for image in X_test
            ),
            lambda X_train, X_test: sum(
                bool((X_train == image).any(axis=0).all()) for image in X_test
            ),
        ),
        "First `all`, then `any`: some image has to be equal in all of its pixels.": (
            lambda X_train, X_test: sum(
                bool((X_train == image).any(axis=1).all()) for image in X_test
            ),
            lambda X_train, X_test: sum((X_train == t).any().all(axis=1) for t in X_test),
        ),
        "It asks whether all images are equal, in all of their pixels: `all(axis=1)` asks of each "
        "image, then `any()` whether one of them is.": lambda X_train, X_test: sum(
            bool((X_train == image).all()) for image in X_test
        ),
        "The sets have different lengths and cannot be compared as wholes: take one test "
        "image at a time.": (
            lambda X_train, X_test: (X_train == X_test).all(axis=1).sum(),
            lambda X_train, X_test: (X_train == X_test).all(axis=1).any(),
            lambda X_train, X_test: (X_train == X_test).all().sum(),
            lambda X_train, X_test: (X_train == X_test).sum(),
        ),
        "It never finds a leak. Not all images have 400 pixels, and `np.array_equal` compares "
        "whole tables: `all(axis=1)` compares row by row, whatever their length is.": (
            lambda X_train, X_test: 0
        ),
        "It counts every test image: `len` counts False, too, and an `any` without parentheses "
        "counts as true.": lambda X_train, X_test: len(X_test),
        "That counts equal pixels; two images are equal if `all` of their pixels are.": (
            lambda X_train, X_test: (X_test[:, None] == X_train).sum()
        ),
        "That counts the test images that differ from some training image; count those that equal "
        "one.": (
            lambda X_train, X_test: sum(bool((X_train != t).any()) for t in X_test),
            lambda X_train, X_test: sum(bool((X_train != t).all(axis=1).any()) for t in X_test),
        ),
        "It never counts beyond 1: add to the number, as in `+= 1`, and let `return` stand after "
        "the loop, not inside it.": (
            lambda X_train, X_test: int(_pairs_of_equal(X_train, X_test).any()),
            lambda X_train, X_test: 1 if _pairs_of_equal(X_train, X_test).any() else None,
        ),
        "It looks only at the first test image: does `return` stand inside the loop?": (
            lambda X_train, X_test: int(_pairs_of_equal(X_train, X_test).any(axis=1)[0]),
            lambda X_train, X_test: bool(_pairs_of_equal(X_train, X_test).any(axis=1)[0]),
        ),
        "That counts the training images that equal the first test image: go through all test "
        "images in a loop.": lambda X_train, X_test: (X_train == X_test[0]).all(axis=1).sum(),
        "The first test image is left out: positions begin with 0.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=1)[1:].sum()
        ),
        "The last test image is left out: `range(len(X_test))` ends before `len(X_test)` by "
        "itself.": lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=1)[:-1].sum(),
        "It looks only at the last test image: add up over all of them.": (
            lambda X_train, X_test: bool(_pairs_of_equal(X_train, X_test).any(axis=1)[-1])
        ),
        "It counts only the last test image: set the number to 0 above the loop, not inside it.": (
            lambda X_train, X_test: int(_pairs_of_equal(X_train, X_test).any(axis=1)[-1])
        ),
        "It takes `X_test[0]` in every round: take the image of the round instead.": (
            lambda X_train, X_test: (
                len(X_test) * int(_pairs_of_equal(X_train, X_test).any(axis=1)[0])
            )
        ),
        "That says whether there is any leak; count the test images.": (
            lambda X_train, X_test: bool(_pairs_of_equal(X_train, X_test).any())
        ),
        "That is true or false for each test image; add them up.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=1),
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=1).tolist(),
        ),
        "`any()` is missing: it asks whether one of the training images is equal.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).sum(axis=0)
        ),
        "Those are the test images that are in no leak; count the others.": (
            lambda X_train, X_test: int((~_pairs_of_equal(X_train, X_test).any(axis=1)).sum())
        ),
        "That counts numbers that occur in both sets; compare whole rows.": (
            lambda X_train, X_test: len(np.intersect1d(X_train, X_test)),
            lambda X_train, X_test: np.isin(X_test, X_train).sum(),
        ),
        "A set keeps each image once: two equal test images are two leaks.": (
            lambda X_train, X_test: len(
                {tuple(row) for row in X_train} & {tuple(row) for row in X_test}
            )
        ),
        "A Python set takes no arrays; compare with `==`, image by image.": (
            lambda X_train, X_test: len(set(X_train) & set(X_test))
        ),
        "Those are the leaks themselves, or their positions; return how many there are, with "
        "`len`.": Looks(
            lambda got, right: isinstance(got, list | np.ndarray) and len(got) == right
        ),
        "The parentheses after `any` are missing, so it is never asked.": (
            lambda X_train, X_test: sum((X_train == image).any for image in X_test)
        ),
        "Almost equal is not equal: in one set of the check, each pixel has moved by a billionth, "
        "and there is no leak. Compare with `==`.": (
            lambda X_train, X_test: sum(
                bool(np.isclose(X_train, image).all(axis=1).any()) for image in X_test
            ),
            lambda X_train, X_test: int(np.isclose(X_test[:, None], X_train).all(axis=2).sum()),
        ),
        "Only images at the same position are compared; each test image needs all training "
        "images.": (
            lambda X_train, X_test: sum(
                bool((a == b).all()) for a, b in zip(X_train, X_test, strict=False)
            ),
            lambda X_train, X_test: sum(
                bool((X_train[i] == X_test[i]).all()) for i in range(len(X_test))
            ),
        ),
        "The loop runs past the last test image: go through `X_test` itself, or through "
        "`range(len(X_test))`.": stops("out of bounds"),
        "That counts every row that is there more than once, within one set, too: compare each "
        "test image with the training images.": lambda X_train, X_test: (
            len(X_train) + len(X_test) - len(np.unique([*X_train, *X_test], axis=0))
        ),
        "Images are not equal just because their sums are.": (
            lambda X_train, X_test: (
                np.isclose(X_test.sum(axis=1)[:, None], X_train.sum(axis=1)).any(axis=1).sum()
            ),
            lambda X_train, X_test: (
                (X_test.sum(axis=1)[:, None] == X_train.sum(axis=1)).any(axis=1).sum()
            ),
            lambda X_train, X_test: len({*X_train.sum(axis=1)} & {*X_test.sum(axis=1)}),
        ),
        "That is a share or a percentage; return how many there are.": (
            lambda X_train, X_test: _pairs_of_equal(X_train, X_test).any(axis=1).mean(),
            lambda X_train, X_test: 100 * _pairs_of_equal(X_train, X_test).any(axis=1).mean(),
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
        "needs parentheses": "(100 * guesses == y).mean()",
        "a guess is right or wrong": "100 * (guesses - y).mean()",
        "percentage of errors": "100 * (guesses != y).mean()",
        "true or false for each": "guesses == y",
        "cut off": "int(100 * (guesses == y).mean())",
        "right guesses with the wrong": "100 * (guesses == y).sum() / (guesses != y).sum()",
        "divides by a fixed number": "100 * (guesses == y).sum() / 5000",
        "if all are right at once": "100 * ((guesses == y).sum() // len(y))",
        "whether a single guess": "100 * (guesses == y).any()",
        "with the digits": "100 * guesses[guesses == y].mean()",
        "the one at the same position": "100 * sum(g in y for g in guesses) / len(y)",
        "not divided by it": "(guesses == y).mean() / 100",
        "the share of the errors": "1 - (guesses == y).mean()",
        "whose length is 1": "100 * len(np.where(guesses == y)) / len(y)",
        "`len` counts False": "100 * len(guesses == y) / len(y)",
        "guesses themselves; their": "100 * sum(guesses[i] == y[i] for i in guesses) / len(y)",
        "in an array of its own": "100 * (guesses == y).sum() / y.shape",
    },
)

_COUNT = (
    "n = 0\n    for i in range({}):\n        n += guesses[i] == y[i]\n    {}return 100 * n / len(y)"
)

wrong_bodies(
    "3.1",
    {
        "only one guess": _COUNT.format("len(y)", "    "),
        "The last guess is left out": _COUNT.format("len(y) - 1", ""),
        "The first guess is left out": _COUNT.format("1, len(y)", ""),
        "never counts beyond 1": "n = 0\n    for guess, label in zip(guesses, y):\n"
        "        if guess == label:\n            n = 1\n    return 100 * n / len(y)",
    },
)

wrong_results(
    "3.2",
    {
        "lies on its side": "row.reshape(20, 20)",
        "Left and right": "np.fliplr(row.reshape(20, 20).T)",
        "Top and bottom": "np.flipud(row.reshape(20, 20).T)",
        "still one long row": "row",
        "but the right shape is (20, 20)": "row.reshape(1, 400)",
        "reverses the order": "row.reshape(20, 20)[::-1]",
        "one long row again": "row.reshape(20, 20).T.reshape(400)",
        "by its name": "row.reshape(20, 20, 'F')",
        "part that the example shows": "row.reshape(20, 20).T[0, :3]",
        "leave out the third": "row.reshape(1, 20, 20).T",
        "the values have changed": "1 - row.reshape(20, 20).T",
        "call it": "row.reshape(20, 20).transpose",
    },
)

wrong_bodies(
    "3.2",
    {
        "It draws the image": "import matplotlib.pyplot as plt\n"
        "    return plt.imshow(row.reshape(20, 20).T)",
        "overwritten before": "image = row.reshape(20, 20)\n    for r in range(20):\n"
        "        for c in range(20):\n            image[r, c] = image[c, r]\n    return image",
    },
)

_TEN, _OF_DIGIT = "for d in range(10)", "X_train[y_train == d]"

_AVERAGES = f"m = np.array([{_OF_DIGIT}.mean(axis=0) {_TEN}])\n    "

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
        "`np.array(...)` turns it": f"list({_DISTANCES}.argmin(axis=1))",
        "return one for each image": f"np.array({_DISTANCES}.argmin())",
        "over the averages instead of the pixels": (
            "np.array([((image - m) ** 2).sum(axis=0).argmin() for image in images])"
        ),
        "one number of all ten": (
            "np.array([((image - m) ** 2).sum().argmin() for image in images])"
        ),
        "one at a time": "((images - m) ** 2).sum(axis=1).argmin(axis=1)",
        "a single number instead of 400 pixels": (
            "np.array([((t - np.array([X_train[y_train == d].mean() for d in range(10)])) ** 2)"
            ".argmin() for t in images])"
        ),
        "the digit itself": f"y_train[{_DISTANCES}.argmin(axis=1)]",
        "one number for all images": (
            f"100 * ({_DISTANCES}.argmin(axis=1) == y_train[: len(images)]).mean()"
        ),
        "make an array of the averages": "nearest(images, list(m))",
        "where it needs two": (
            "np.array([((image - m) ** 2).sum() for image in images]).argmin(axis=1)"
        ),
        "the old array": "np.append(np.array([]), [])",
        "in this order": "nearest(m, images)",
        "about each of the ten averages": f"{_DISTANCES}.argsort(axis=1)",
        "in brackets of its own": f"{_DISTANCES}.argmin(axis=1)[:, None]",
        "takes two things": "nearest(images, X_train, y_train)",
        "and counts twice": "((m**2).sum(axis=1) - images @ m.T).argmin(axis=1)",
    },
    before=_AVERAGES,
)

wrong_results(
    "3.3",
    {
        "That is no average": f"nearest(images, np.array([{_OF_DIGIT}.sum(axis=0) / 350 {_TEN}]))",
        "a single image of each": f"nearest(images, np.array([{_OF_DIGIT}[0] {_TEN}]))",
        "all other digits": (
            f"nearest(images, np.array([X_train[y_train != d].mean(axis=0) {_TEN}]))"
        ),
    },
)

wrong_bodies(
    "3.3",
    {
        "leave out the `=`": f"{_AVERAGES}digits = []\n    for image in images:\n"
        "        digits = digits.append(((image - m) ** 2).sum(axis=1).argmin())\n"
        "    return np.array(digits)",
        "never renewed": f"{_AVERAGES}digits = []\n    for image in images:\n"
        "        best, smallest = 0, np.inf\n        for d in range(10):\n"
        "            if ((image - m[d]) ** 2).sum() < smallest:\n                best = d\n"
        "        digits.append(best)\n    return np.array(digits)",
    }
    | {
        hint: f"{_AVERAGES}digits, smallest = [], np.inf\n    for image in images:\n"
        f"        best = 0{set_again}\n        for d in range(10):\n"
        "            distance = ((image - m[d]) ** 2).sum()\n"
        "            if distance < smallest:\n                best, smallest = d, distance\n"
        "        digits.append(best)\n    return np.array(digits)"
        for hint, set_again in {
            "still there for the next": "",
            "such as": "; smallest = 10",
        }.items()
    },
)

wrong_results(
    "3.4",
    {
        "counts equal pairs": "sum((a == b).all() for a in X_train for b in X_test)",
        "One equal pixel": "sum(image in X_train for image in X_test)",
        "same position": "sum((a == b).all() for a, b in zip(X_train, X_test))",
        "sums are": "sum(np.isclose(X_train.sum(axis=1), t.sum()).any() for t in X_test)",
        "asks of each pixel": "sum((X_train == image).all(axis=0).any() for image in X_test)",
        "asks whether all images": "sum((X_train == image).all().any() for image in X_test)",
        "First `all`, then `any`": "sum((X_train == t).any(axis=1).all() for t in X_test)",
        "as wholes": "(X_train == X_test).all(axis=1).any()",
        "that equal the first test image": "(X_train == X_test[0]).all(axis=1).sum()",
        "positions begin with 0": "sum((X_train == X_test[i]).all(axis=1).any() "
        "for i in range(1, len(X_test)))",
        "in every round": "sum((X_train == X_test[0]).all(axis=1).any() for image in X_test)",
        "counts training images": "sum((X_test == image).all(axis=1).any() for image in X_train)",
        "Not all images have 400": "sum(((X_train == t).sum(axis=1) == 400).any() for t in X_test)",
        "each test image counts once": "sum((a == b).any() for a in X_test for b in X_train)",
        "counts numbers": "np.isin(X_test, X_train).sum()",
        "counts every test image": "len([(X_train == t).all(axis=1).any() for t in X_test])",
        "counts equal pixels": "sum((X_train == image).sum() for image in X_test)",
        "differ from some": "sum((X_train != t).any(axis=1).any() for t in X_test)",
        "The last test image is left out": "sum((X_train == X_test[i]).all(axis=1).any() "
        "for i in range(len(X_test) - 1))",
        "past the last test image": "sum((X_train == X_test[i]).all(axis=1).any() "
        "for i in range(len(X_train)))",
        "leaks themselves": "[t for t in X_test if (X_train == t).all(axis=1).any()]",
        "Almost equal": "sum(np.isclose(X_train, t).all(axis=1).any() for t in X_test)",
        "more than once": "len(X_train) + len(X_test) - "
        "len(np.unique(np.concatenate([X_train, X_test]), axis=0))",
        "share or a percentage": "np.mean([(X_train == t).all(axis=1).any() for t in X_test])",
        "true or false for each": "[(X_train == t).all(axis=1).any() for t in X_test]",
    },
)

wrong_bodies(
    "3.4",
    {
        "above the loop": "for image in X_test:\n        count = 0\n"
        "        count += (X_train == image).all(axis=1).any()\n    return count",
        "not inside it": "n = 0\n    for image in X_test:\n"
        "        if (X_train == image).all(axis=1).any():\n            n += 1\n"
        "            return n\n    return n",
    },
)
