"""The exercises of step 1: arrays and images."""

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results


def _ring(top, bottom, left, right, *, border=(2, 2), ink=(0, 1, 0)):
    # The answer and its mistakes are one drawing with other borders and inks.
    image = np.full((20, 20), float(ink[0]))
    image[top:bottom, left:right] = ink[1]
    image[top + border[0] : bottom - border[1], left + border[0] : right - border[1]] = ink[2]
    return image


@exercise(
    "1.1",
    "Draw a zero",
    todo="Replace the ... : take the ink out of the inside again, then return the image.",
    examples=lambda rng: [
        # Not square, or exchanging rows and columns would not show.
        (3, 17, 5, 15),
        (2, 9, 6, 19),
        # Up to the edges, where indices that are one off do not fit.
        (0, 20, 0, 11),
        tuple(int(i) for corner in (0, 0) for i in rng.integers((0, 13), (7, 20))),
    ],
    mistakes={
        # The forgotten part first, then the border: whole, then on two sides only.
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
        # With 0.5 itself, for > and >=, and not only square, for `len`.
        (np.array([[0.0, 0.5], [0.75, 1.0]]),),
        (np.array([[0.2, 0.4, 0.6]]),),
        # No ink at all: whoever divides by the amount of ink fails here.
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
        # The first pair is the one of the hints: row 3 has three full rows before it.
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


# With a name, for the hint shows the function by its name.
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
        # Where the value is 0 but the slope is not.
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
        # From here on, what comes out depends on the learner's nudge: no function makes the same
        # numbers, so these are told apart by their size. The vaguest stands near the end.
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
    # A measured slope has an error. Any reasonable nudge passes, three decimals do not.
    tolerance=1e-4,
)
def slope(f, x):
    """Return the slope of the function f at x, to 4 digits."""
    return _slope(f, x)


# Wrong answers as learners write them, each with part of the hint that it must get.

_BLOCK = "image = np.zeros((20, 20)); image[top:bottom, left:right] = 1; "

wrong_bodies(
    "1.1",
    {
        hint: f"{_BLOCK}{inside} = 0\n    return image"
        for hint, inside in {
            "inside is still full": "image[top:top]",
            "border is 1 pixel": "image[top + 1 : bottom - 1, left + 1 : right - 1]",
            "bottom and on the right the border is missing": (
                "image[top + 2 : bottom, left + 2 : right]"
            ),
            "border is 3 pixels wide: the end": "image[top + 2 : bottom - 3, left + 2 : right - 3]",
        }.items()
    },
)

wrong_bodies(
    "1.1",
    {
        "Rows and columns are exchanged": (
            "image = np.zeros((20, 20))\n    image[left:right, top:bottom] = 1\n"
            "    image[left + 2 : right - 2, top + 2 : bottom - 2] = 0\n    return image"
        ),
        "returns nothing": "image = np.zeros((20, 20))",
    },
)

wrong_results(
    "1.2",
    {
        "how many pixels": "np.count_nonzero(image > 0.5)",
        "average darkness": "np.mean(image)",
        "use > instead of >=": "(image >= 0.5).sum() / image.size",
        "percentage": "100 * np.mean(image > 0.5)",
        "with any ink": "np.count_nonzero(image) / image.size",
        "`image.size` is the number of any image": "(image > 0.5).sum() / 400",
        "counts rows": "(image > 0.5).sum() / len(image)",
        "not less": "(image < 0.5).mean()",
        "a single number is asked for": "image > 0.5",
    },
)

wrong_results(
    "1.3",
    {
        "Rows and columns are exchanged": "long_row[row + 20 * column]",
        "One entry too few": "long_row[20 * (row - 1) + (column - 1)]",
        "That is the position": "row * 20 + column",
        "each row counts 20 times": "long_row[row + column]",
        "one direction only": "long_row[row, column]",
    },
)

wrong_results(
    "1.4",
    {
        "twice the slope": "(f(x + 1e-5) - f(x - 1e-5)) / 1e-5",
        "half the slope": "(f(x + 1e-6) - f(x)) / 2e-6",
        "divide it by the distance": "f(x + 1e-4) - f(x - 1e-4)",
        "The sign is wrong": "(f(x - 1e-5) - f(x + 1e-5)) / 2e-5",
        "lost in rounding": "(f(x + 1e-20) - f(x - 1e-20)) / 2e-20",
        "not close enough": "(f(x + 0.1) - f(x)) / 0.1",
        "That is the value": "f(x)",
        "It is rounded": "round((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, 3)",
        "neither too much nor so little": "(f(x + 1e-13) - f(x - 1e-13)) / 2e-13",
        "parentheses around the difference": "f(x + 1e-5) - f(x - 1e-5) / 2e-5",
    },
)
