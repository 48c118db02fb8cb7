"""The exercises of step 9: many images."""

import re

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_results


def _pictures(rng):
    small = np.array([[[0, 255], [51, 102]]], dtype=np.uint8)
    return [
        (small,),
        # Not square, so that rows and columns cannot be exchanged; 8 bits, as MNIST comes.
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
        "The images are still grids; each should become one row.": (
            lambda images: images / 255,
            lambda images: images.reshape(len(images), -1, 1) / 255,
        ),
        "784 and the like fit images of one size only; here they can have any: "
        "`reshape(len(images), -1)` finds out the rest.": Looks(
            lambda got, _right: (
                isinstance(got, ValueError)
                and re.search(r"into shape \(.*\b(784|400|28|20)\b", str(got))
            )
        ),
        "The number of images is fixed; it is `len(images)`.": Looks(
            lambda got, _right: (
                isinstance(got, ValueError) and re.search(r"into shape \(\d{4,},", str(got))
            )
        ),
        "A row has all pixels of an image, height times width; -1 finds out how many.": (
            lambda images: images.reshape(len(images), images.shape[1]) / 255,
            lambda images: images.reshape(len(images), images.shape[2]) / 255,
            lambda images: images[:, :, 0] / 255,
            lambda images: images[:, 0] / 255,
        ),
        "The two numbers of the new shape are exchanged: first the images, then the pixels.": (
            lambda images: images.reshape(-1, len(images)) / 255,
            lambda images: images.reshape(-1, len(images)).T / 255,
            lambda images: images.reshape(images.shape[1], -1) / 255,
        ),
        "The transpose mixes the images with each other: reshape alone keeps each in its row.": (
            lambda images: images.T.reshape(len(images), -1) / 255
        ),
        "The brightest pixel of some images is not 255: divide by 255, so that all are treated "
        "alike.": lambda images: images.reshape(len(images), -1) / images.max(),
        "Ink and paper are exchanged: leave out the `1 -`.": (
            lambda images: 1 - images.reshape(len(images), -1) / 255
        ),
        "These values go from −1 to 1; divide by 255, and nothing else.": (
            lambda images: images.reshape(len(images), -1) / 127.5 - 1
        ),
        "The largest value of 8 bits is 255: divide by that.": tuple(
            lambda images, by=by: images.reshape(len(images), -1) / by for by in (100, 28, 10, 784)
        ),
        "Multiplied by 255 they are even larger (and start again at 0, in 8 bits): divide.": (
            lambda images: images.reshape(len(images), -1) * 255
        ),
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
        (12, 4),
        # A last batch that is full, one that is smaller, and a single one that is not full.
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
        "The fraction is upside down: divide the number of images by the size of a batch.": (
            lambda n, size: size // n,
            lambda n, size: -(-size // n),
            lambda n, size: size / n,
        ),
        "Each image that is left over is counted as a step; together they are one batch.": (
            lambda n, size: n // size + n % size
        ),
        "Rounding a number that ends on .5 goes to the nearest even one: use `np.ceil`, or `//`.": (
            lambda n, size: round(n / size + 0.5)
        ),
        "That multiplies or subtracts; divide the images into batches.": (
            lambda n, size: n * size,
            lambda n, size: n - size,
        ),
        "One image more is not enough to fill a batch: add batch_size - 1 before you divide.": (
            lambda n, size: (n + 1) // size
        ),
        "Not only a single batch can be smaller: round up whenever images are left over.": (
            lambda n, size: max(1, n // size)
        ),
    },
)
def steps_per_epoch(count, batch_size):
    """Return how many batches there are, the last of which may be smaller."""
    # Rounded up in whole numbers: a float would be wrong for very large counts.
    return -(-count // batch_size)


def _measured_errors(rng):
    """Return counts and errors near a power law, and another pair."""
    cases = []
    # Through two points goes one law exactly; the five scatter, as measurements do.
    for counts in ([100, 10_000], [500, 1000, 2000, 5000, 10_000]):
        counts = np.array(counts)
        noise = rng.uniform(0.97, 1.03, len(counts))
        errors = rng.uniform(50, 200) * counts ** rng.uniform(-0.5, -0.2) * noise
        cases.append((counts, errors.round(2)))
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
        "`polyfit` returns the slope first: what you call a is b, and the other way around.": (
            lambda counts, errors: (
                float(np.exp(_fit(counts, errors)[1])),
                float(np.log(_fit(counts, errors)[0])),
            )
        ),
        "That fits the counts to the errors; in `polyfit`, the counts come first.": (
            lambda counts, errors: _fit(errors, counts)
        ),
        "b is the slope itself; only a has been a logarithm.": (
            lambda counts, errors: (_fit(counts, errors)[0], float(np.exp(_fit(counts, errors)[1])))
        ),
        "b is the slope itself; leave out the 1 / b.": (
            lambda counts, errors: (_fit(counts, errors)[0], 1 / _fit(counts, errors)[1])
        ),
        "The last argument of `polyfit` is the degree: a straight line has 1.": (
            lambda counts, errors: _parabola(counts, errors),
            lambda counts, errors: _two_of(np.polyfit(np.log(counts), np.log(errors), 2)),
        ),
        "With `np.log`, a is `np.exp` of the start, not 10 to the power of it.": (
            lambda counts, errors: (
                10 ** float(np.log(_fit(counts, errors)[0])),
                _fit(counts, errors)[1],
            )
        ),
        "Both logarithms have to be of the same kind: `np.log` twice, or `np.log10` twice.": (
            lambda counts, errors: _half_fit(np.log10(counts), np.log(errors)),
            lambda counts, errors: _half_fit(np.log(counts), np.log10(errors)),
        ),
        "To undo a logarithm, take `np.exp` of it; that is the logarithm once more.": (
            lambda counts, errors: (
                float(np.log(np.log(_fit(counts, errors)[0]))),
                _fit(counts, errors)[1],
            )
        ),
        "That goes through the first and the last point only; `polyfit` uses all of them.": (
            lambda counts, errors: _through_the_ends(counts, errors)
        ),
        "Those are the errors that the law gives; its a and b are asked for.": (
            lambda counts, errors: _fit(counts, errors)[0] * counts ** _fit(counts, errors)[1]
        ),
        "`np.log1p` is the logarithm of 1 more; take `np.log`.": (
            lambda counts, errors: _fit(counts, errors, log=np.log1p)
        ),
        "Leave the errors in the unit that they come in: nothing has to be divided by 100.": (
            lambda counts, errors: _fit(counts, errors / 100)
        ),
        "b is right, but a is still a logarithm: take `np.exp` of it.": (
            lambda counts, errors: (
                float(np.log(_fit(counts, errors)[0])),
                _fit(counts, errors)[1],
            ),
            lambda counts, errors: (
                float(np.log10(_fit(counts, errors)[0])),
                _fit(counts, errors)[1],
            ),
        ),
        "That fits a straight line to the numbers themselves; take the logarithm of both.": (
            lambda counts, errors: tuple(np.polyfit(counts, errors, 1)[::-1].tolist()),
            lambda counts, errors: _half_fit(counts, errors),
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


def _parabola(counts, errors):
    _, b, start = np.polyfit(np.log(counts), np.log(errors), 2)
    return float(np.exp(start)), float(b)


def _two_of(three):
    b, start = three
    return float(np.exp(start)), float(b)


def _through_the_ends(counts, errors):
    b = float(np.log(errors[-1] / errors[0]) / np.log(counts[-1] / counts[0]))
    return float(errors[0] / counts[0] ** b), b


def _half_fit(x, y):
    # With one logarithm instead of two, as one gets it by forgetting the other.
    b, start = np.polyfit(x, y, 1)
    return float(np.exp(start)), float(b)


@exercise(
    "9.4",
    "How many would it take?",
    todo="Replace the ... by the count at which the law gives that many errors.",
    examples=lambda rng: [
        # b is negative, for errors fall; the first one can be computed in the head: it is 100.
        (100.0, -0.5, 10.0),
        (170.0, -0.25, 5.0),
        (
            round(rng.uniform(50, 200), 1),
            round(rng.uniform(-0.6, -0.2), 3),
            round(rng.uniform(1, 9), 2),
        ),
    ],
    mistakes={
        # The same number, so the hint has to hold for both.
        "That is 1 divided by the right count: either the fraction is upside down, which is "
        "errors / a, or the sign of its power is wrong, which is 1 / b.": (
            lambda a, b, errors: (a / errors) ** (1 / b)
        ),
        "A root has the power 1 / b, and no − before it.": lambda a, b, errors: (errors / a) ** -b,
        "a is a factor, so divide by it; to subtract would undo a sum.": (
            lambda a, b, errors: (errors - a) ** (1 / b)
        ),
        "First divide by a, then take the power: a was multiplied last, so it goes first.": (
            lambda a, b, errors: errors ** (1 / b) / a,
            lambda a, b, errors: errors ** (1 / b),
        ),
        "Divide by a; multiplied once more, it is there twice.": (
            lambda a, b, errors: (errors * a) ** (1 / b)
        ),
        "A count need not be whole here: leave all decimals.": (
            lambda a, b, errors: int((errors / a) ** (1 / b)),
            lambda a, b, errors: round((errors / a) ** (1 / b)),
        ),
        "`//` cuts off the decimals; use `/`.": lambda a, b, errors: (errors / a) ** (1 // b),
        "The logarithm and the power have to belong together: `np.log` with `np.exp`, or "
        "`np.log10` with 10.": (
            lambda a, b, errors: 10 ** (np.log(errors / a) / b),
            lambda a, b, errors: np.exp(np.log10(errors / a) / b),
        ),
        "`np.log` has no second argument for the base: divide by b instead.": (
            lambda a, b, errors: np.log(errors / a, b)
        ),
        "That is the law itself, with the errors in the place of the count; solve it for the "
        "count.": lambda a, b, errors: a * errors**b,
        "To undo a power of b, take the power of 1 / b.": lambda a, b, errors: (errors / a) ** b,
        "A power is not undone by a division: take the power of 1 / b, in parentheses, for ** "
        "comes before /.": (lambda a, b, errors: errors / a / b),
        "The power belongs to the whole fraction: put errors / a in parentheses.": (
            lambda a, b, errors: errors / a ** (1 / b),
            lambda a, b, errors: a / errors ** (1 / b),
        ),
        "That is only its logarithm; take `np.exp` of it.": (
            lambda a, b, errors: np.log(errors / a) / b,
            lambda a, b, errors: np.log10(errors / a) / b,
        ),
    },
)
def count_needed(a, b, errors):
    """Return the count for which a * count ** b is that many errors."""
    return float((errors / a) ** (1 / b))


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "9.1",
    {
        "divide by 255": "images.reshape(len(images), -1).astype(float)",
        "8-bit number has 256": "images.reshape(len(images), -1) / 256",
        "still grids": "images / 255",
        "cuts off the decimals": "images.reshape(len(images), -1) // 255",
        "keep one row for each": "images.ravel() / 255",
        "where (1, 4) is right": "np.zeros((len(images), 784))",
        "fit images of one size only": "images.reshape(-1, 784) / 255",
        "first the images": "images.reshape(-1, len(images)) / 255",
    },
)

wrong_results(
    "9.2",
    {
        "left over make one more": "count // batch_size",
        "there is no other after it": "int(count / batch_size) + 1",
        "rounded to the nearest": "round(count / batch_size)",
        "no parts of a step": "count / batch_size",
        "nearest even one": "round(count / batch_size + 0.5)",
        "upside down": "batch_size // count",
        "It is a float": "np.ceil(count / batch_size)",
    },
)

wrong_results(
    "9.3",
    {
        "The order is wrong": "np.polyfit(np.log(counts), np.log(errors), 1)",
        "what you call a is b": "np.exp(np.polyfit(np.log(counts), np.log(errors), 1)[0]), "
        "np.polyfit(np.log(counts), np.log(errors), 1)[1]",
        "the counts come first": "np.exp(np.polyfit(np.log(errors), np.log(counts), 1)[1]), "
        "np.polyfit(np.log(errors), np.log(counts), 1)[0]",
        "a is still a logarithm": "np.polyfit(np.log(counts), np.log(errors), 1)[::-1]",
        "the numbers themselves": "np.polyfit(counts, errors, 1)[::-1]",
        "Only the counts": "np.polyfit(np.log(counts), errors, 1)[::-1]",
        "10 to the power": "np.exp(np.polyfit(np.log10(counts), np.log10(errors), 1)[1]), "
        "np.polyfit(np.log10(counts), np.log10(errors), 1)[0]",
    },
)

wrong_results(
    "9.4",
    {
        "the sign of its power": "(errors / a) ** (-1 / b)",
        "leave all decimals": "int((errors / a) ** (1 / b))",
        "That is the law itself": "a * errors**b",
        "To undo a power": "(errors / a) ** b",
        "for ** comes before /": "(errors / a) ** 1 / b",
        "only its logarithm": "(np.log(errors) - np.log(a)) / b",
    },
)
