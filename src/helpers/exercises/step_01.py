"""The exercises of step 1: arrays and images."""

import functools

import numpy as np

from helpers.exercises.comparing import Absolute
from helpers.exercises.engine import Looks, stops
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results


def _ring(top, bottom, left, right, *, border=(2, 2), ink=(0, 1, 0)):
    # The answer and its mistakes are one drawing with other borders and inks.
    image = np.full((20, 20), float(ink[0]))
    image[top:bottom, left:right] = ink[1]
    image[top + border[0] : bottom - border[1], left + border[0] : right - border[1]] = ink[2]
    return image


def _without(inside):
    # Mistakes about which part of the block is taken out again.
    def draw(top, bottom, left, right):
        image = np.zeros((20, 20))
        image[top:bottom, left:right] = 1
        image[inside(top, bottom, left, right)] = 0
        return image

    return draw


def _in_two_brackets(top, bottom, left, right, *, block, inside):
    # Of what the first pair of brackets gives, the second takes rows again.
    image = np.zeros((20, 20))
    if block:
        image[top:bottom][left:right] = 1
    else:
        image[top:bottom, left:right] = 1
    if inside:
        image[top + 2 : bottom - 2][left + 2 : right - 2] = 0
    else:
        image[top + 2 : bottom - 2, left + 2 : right - 2] = 0
    return image


def _block_exchanged(top, bottom, left, right):
    image = np.zeros((20, 20))
    image[left:right, top:bottom] = 1
    image[top + 2 : bottom - 2, left + 2 : right - 2] = 0
    return image


def _in_its_place(results, _expected, examples):
    # No ink outside of the block, but some in it.
    blocks = [_ring(*corners, ink=(0, 1, 1)) for corners in examples]
    return all(
        got.shape == (20, 20) and got.any() and not got[block == 0].any()
        for got, block in zip(results, blocks, strict=True)
    )


def _bars_outside(top, bottom, left, right):
    image = np.zeros((20, 20))
    image[top : top + 2, left:right] = image[bottom : bottom + 2, left:right] = 1
    image[top:bottom, left : left + 2] = image[top:bottom, right : right + 2] = 1
    return image


def _border_around(top, bottom, left, right):
    image = np.zeros((20, 20))
    image[top - 2 : bottom + 2, left - 2 : right + 2] = 1
    image[top:bottom, left:right] = 0
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
        "`np.zeros` takes the shape as one thing: put both sizes in parentheses of their own, "
        "`np.zeros((20, 20))`.": stops("as a data type"),
        "The inside is paper, so set it to 0; the 2 is how wide the border is.": (
            lambda t, b, le, r: _ring(t, b, le, r, ink=(0, 1, 2)),
            lambda t, b, le, r: _ring(t, b, le, r, ink=(0, 1, -1)),
            lambda t, b, le, r: _ring(t, b, le, r, ink=(0, 1, 0.5)),
        ),
        "A slice is written with a colon, `start:end`; a comma stands between rows and columns.": (
            stops("too many indices")
        ),
        "The inside is a smaller array, which cannot be subtracted from the image: set it to 0 by "
        "an assignment.": stops("with shapes (20,20)"),
        "No ink is left: take it out of the inside only.": lambda t, b, le, r: np.zeros((20, 20)),
        "The block ends 1 pixel too late: a slice leaves out its end, so the ends are `bottom` and "
        "`right` as they are.": (
            lambda t, b, le, r: _ring(t, b + 1, le, r + 1),
            lambda t, b, le, r: _ring(t, b + 1, le, r + 1, border=(2, 3)),
        ),
        "On one side the border is missing; it runs along all four.": (
            _without(lambda t, b, le, r: np.s_[t + 2 : b - 2, le + 2 : r]),
            _without(lambda t, b, le, r: np.s_[t + 2 : b - 2, le : r - 2]),
            _without(lambda t, b, le, r: np.s_[t + 2 : b, le + 2 : r - 2]),
            _without(lambda t, b, le, r: np.s_[t : b - 2, le + 2 : r - 2]),
        ),
        "The bars at the bottom and on the right stand outside: they end at `bottom` and `right`, "
        "so they begin 2 pixels before that.": lambda t, b, le, r: _bars_outside(t, b, le, r),
        "The border lies around the block; it belongs inside, so the block ends where it did, and "
        "what is taken out is 2 pixels smaller on each side.": (
            lambda t, b, le, r: _border_around(t, b, le, r)
        ),
        "That is one long row; return the image itself, without `reshape`.": (
            lambda t, b, le, r: _ring(t, b, le, r).reshape(400)
        ),
        # The forgotten part first, then the border: whole, then on two sides only.
        "The inside is still full of ink; a second assignment can set it to 0. (`=` sets, but `==` "
        "only compares; and a slice whose end lies before its start is empty.)": (
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
        "At the top and on the left the border is not 2 pixels wide: there the inside begins 2 "
        "pixels after the outside does.": (
            lambda t, b, le, r: _ring(t, b, le, r, border=(1, 2)),
            lambda t, b, le, r: _ring(t, b, le, r, border=(0, 2)),
            lambda t, b, le, r: _ring(t, b, le, r, border=(3, 2)),
        ),
        "Rows and columns are exchanged: the slice of the rows comes first.": (
            lambda t, b, le, r: _ring(le, r, t, b)
        ),
        "In the block, rows and columns are exchanged: the slice of the rows comes first.": (
            _block_exchanged
        ),
        "In the inside, rows and columns are exchanged: there, too, the slice of the rows comes "
        "first.": _without(lambda t, b, le, r: np.s_[le + 2 : r - 2, t + 2 : b - 2]),
        "`[…][…]` slices the rows twice: the second pair of brackets sees what the first one left. "
        "Both slices belong in one pair, with a comma between them.": (
            functools.partial(_in_two_brackets, block=False, inside=True),
            functools.partial(_in_two_brackets, block=True, inside=False),
            functools.partial(_in_two_brackets, block=True, inside=True),
        ),
        "On the left and on the right the border is missing: the inside needs a slice of columns, "
        "too, 2 pixels narrower on both sides.": (
            _without(lambda t, b, le, r: np.s_[t + 2 : b - 2]),
            _without(lambda t, b, le, r: np.s_[t + 2 : b - 2, le:r]),
        ),
        "At the top and at the bottom the border is missing: there, too, the inside is 2 pixels "
        "smaller.": (
            _without(lambda t, b, le, r: np.s_[:, le + 2 : r - 2]),
            _without(lambda t, b, le, r: np.s_[t:b, le + 2 : r - 2]),
        ),
        "`2:-2` counts from the edges of the whole image; count from those of the block, such as "
        "`top + 2`.": (
            _without(lambda t, b, le, r: np.s_[2:-2, 2:-2]),
            _without(lambda t, b, le, r: np.s_[t + 2 : -2, le + 2 : -2]),
        ),
        "The inside is larger than the block: it begins 2 pixels later, so + 2, and ends 2 pixels "
        "earlier, so − 2.": _without(lambda t, b, le, r: np.s_[t - 2 : b + 2, le - 2 : r + 2]),
        "The inside is moved up and to the left: it begins 2 pixels after the block, so + 2.": (
            _without(lambda t, b, le, r: np.s_[t - 2 : b - 2, le - 2 : r - 2])
        ),
        "The inside stands in the same place in every image: use the arguments instead of fixed "
        "numbers.": _without(lambda t, b, le, r: np.s_[5:15, 7:13]),
        "That is only a part of the image; return the whole one.": (
            lambda t, b, le, r: _ring(t, b, le, r)[t:b, le:r],
            lambda t, b, le, r: _ring(t, b, le, r)[t + 2 : b - 2, le + 2 : r - 2],
            lambda t, b, le, r: 1 - _ring(t, b, le, r)[t + 2 : b - 2, le + 2 : r - 2],
            lambda t, b, le, r: _ring(t, b, le, r)[10, 3:9],
            lambda t, b, le, r: np.zeros((b - t - 4, r - le - 4), dtype=bool),
        ),
        "Ink and paper are exchanged: paper is 0, ink is 1.": (
            lambda t, b, le, r: _ring(t, b, le, r, ink=(1, 0, 1)),
            lambda t, b, le, r: _ring(t, b, le, r, ink=(1, 0, 0)),
        ),
        "The block is in its place, but what is taken out of it is not: that begins 2 pixels after "
        "the block and ends 2 pixels before it, in the rows as in the columns.": (
            Looks(_in_its_place, together=True)
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
        (np.ones((1, 2)),),
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
        "That counts only the first row: does `return` stand inside the loop?": (
            lambda image: (image[0] > 0.5).sum() / image.size,
            lambda image: (image[0] > 0.5).mean(),
        ),
        "That asks whether the average is darker than 0.5: compare each pixel first, then take the "
        "average.": lambda image: bool(image.mean() > 0.5),
        "That divides by the sum of all ink, or by how many pixels have any; divide by the number "
        "of all pixels, `image.size`.": (
            lambda image: (image > 0.5).sum() / image.sum(),
            lambda image: (image > 0.5).sum() / (image > 0).sum(),
        ),
        "Python's own `sum` adds up the rows, so one number remains for each column: take "
        "`(image > 0.5).sum()`.": (
            lambda image: (image > 0.5).sum(axis=0) / image.size,
            lambda image: (image > 0.5).sum(axis=0),
        ),
        "`len` counts the rows, whatever they hold: count what is True, with `sum`.": (
            lambda image: len(image) / image.size,
            lambda image: 1.0,
        ),
        "`np.where` with a condition alone returns a tuple, which is 2 long here: count what is "
        "True, with `sum`.": lambda image: 2 / image.size,
        "`image.shape` is a tuple of two numbers; `image.size` is the number of pixels.": (
            lambda image: (image > 0.5).sum() / np.array(image.shape)
        ),
        "`/ a * b` divides by `a` and multiplies by `b`: put the product in parentheses, or take "
        "`image.size`.": lambda image: (image > 0.5).sum() / image.shape[0] * image.shape[1],
        "Not every image is a square; `image.size` is the number of pixels.": (
            lambda image: (image > 0.5).sum() / len(image) ** 2,
            lambda image: (image > 0.5).sum() / image.shape[1] ** 2,
        ),
        "Not every image has 20 rows and columns: `image.shape` says how many, and without a loop "
        "nothing has to be counted.": stops("out of bounds"),
        "The comparison needs parentheses, or only 0.5 is averaged.": stops(
            "'float' object has no attribute"
        ),
        "That is a percentage; a share goes from 0 to 1.": lambda image: 100 * (image > 0.5).mean(),
        "That is the share of the other pixels: ink is 1, so dark is more than 0.5, not less.": (
            lambda image: (image <= 0.5).mean(),
            lambda image: (image < 0.5).mean(),
        ),
        "`len(image)` counts rows; `image.size` is the number of pixels.": (
            lambda image: (image > 0.5).sum() / len(image)
        ),
        "That divides by the number of columns; `image.size` is the number of pixels.": (
            lambda image: (image > 0.5).sum() / image.shape[1]
        ),
        "That divides by a fixed number; `image.size` tells how many pixels this image has.": tuple(
            lambda image, n=n: (image > 0.5).sum() / n for n in (400, 100, 4, 20)
        ),
        "It never counts beyond 1: does it set the number to 1 instead of adding, as in `+= 1`?": (
            lambda image: (image > 0.5).any() / image.size
        ),
        "That is how dark the dark pixels are; count them instead, whatever their values: take "
        "the average of `image > 0.5` itself.": (
            lambda image: image[image > 0.5].mean(),
            lambda image: image[image > 0.5].sum() / image.size,
            lambda image: image[image > 0.5].sum(),
        ),
        "That compares the dark pixels with the others; divide by the number of all pixels.": (
            lambda image: (image > 0.5).sum() / (image <= 0.5).sum(),
            lambda image: (image > 0.5).sum() / (image < 0.5).sum(),
        ),
        "The fraction is upside down: divide by the number of all pixels.": (
            lambda image: image.size / (image > 0.5).sum()
        ),
        "In these images ink is 1, not 255: compare with 0.5.": lambda image: (image > 127).mean(),
        "It is cut off to a whole number: use `/`, not `//`, and no `int`.": (
            lambda image: (image > 0.5).sum() // image.size
        ),
        "That is true or false for each pixel, so take the average of it.": (
            lambda image: image > 0.5,
            lambda image: (image > 0.5) / image.size,
        ),
        "That is one number for each row or column; take the average of all pixels, without an "
        "axis.": (
            lambda image: (image > 0.5).mean(axis=0),
            lambda image: (image > 0.5).mean(axis=1),
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
        "One row too few: rows are counted from 0, so row 3 has three full rows before it.": (
            lambda long_row, row, column: long_row[(row - 1) * 20 + column]
        ),
        "One row too many: rows are counted from 0, so row 3 has three full rows before it.": (
            lambda long_row, row, column: np.append(long_row, np.zeros(20))[
                (row + 1) * 20 + column
            ],
            lambda long_row, row, column: long_row[(row + 1) * 20 + column],
        ),
        "One entry too few: both are counted from 0, so nothing has to be subtracted.": (
            lambda long_row, row, column: long_row[(row - 1) * 20 + column - 1],
            lambda long_row, row, column: long_row[row * 20 + column - 1],
        ),
        "One entry too many: both are counted from 0, so nothing has to be added.": (
            lambda long_row, row, column: long_row[row * 20 + column + 1],
            lambda long_row, row, column: long_row[(row + 1) * 20 + column + 1],
        ),
        "That is the position; return the entry at that position.": (
            lambda long_row, row, column: row * 20 + column
        ),
        "The long row has one direction only: row and column together make one position.": (
            lambda long_row, row, column: long_row[row, column],
            lambda long_row, row, column: long_row[row][column],
        ),
        "A row has 20 entries, numbered from 0 to 19, so each row counts 20 times.": (
            lambda long_row, row, column: long_row[row + column],
            *(
                lambda long_row, row, column, n=n: long_row[n * row + column]
                for n in (10, 19, 21, 28)
            ),
        ),
        "A row has 20 entries; 400 is the length of the whole image.": (
            lambda long_row, row, column: long_row[400 * row + column]
        ),
        "The position is no whole number: what `/` returns has decimals, even where they are 0. "
        "Write the 20 itself.": (lambda long_row, row, column: long_row[400 / 20 * row + column]),
        "The row does not count here: multiply it by 20, the number of entries in a row.": (
            lambda long_row, row, column: long_row[row // 20 + column]
        ),
        "A minus sign counts from the end of the long row; leave it out.": (
            lambda long_row, row, column: long_row[-(row * 20 + column)]
        ),
        "The position is worked out inside the brackets: 20 multiplies the row, not an entry.": (
            lambda long_row, row, column: long_row[row] * 20 + long_row[column]
        ),
        "The shape of the image is (20, 20); row and column stand in brackets after it.": stops(
            "cannot reshape"
        ),
        "Row and column are not multiplied: before the pixel come full rows of 20, and then some "
        "more entries.": (
            lambda long_row, row, column: long_row[row * column],
            lambda long_row, row, column: long_row[20 * row * column % 400],
            lambda long_row, row, column: long_row[20 * row * column],
        ),
        "Only the rows count 20 times; the column counts once.": (
            lambda long_row, row, column: long_row[20 * (row + column)]
        ),
        "That is true or false; return the entry itself, without a comparison.": Looks(
            lambda got, _right: isinstance(got, bool | np.bool_)
        ),
        "That is cut off to a whole number; return the entry itself.": (
            lambda long_row, row, column: int(long_row[20 * row + column])
        ),
        "That is an array; return the single entry in this row and column, without a colon, and "
        "with one pair of brackets.": Looks(
            lambda got, _right: isinstance(got, np.ndarray) and got.ndim > 0
        ),
    },
)
def pixel(long_row, row, column):
    """Return one pixel of a 20×20 image that was reshaped to 400 numbers."""
    return float(long_row[row * 20 + column])


def formula(text, argument="x"):
    """Return a function that a hint shows as the learner can type it."""
    code = f"lambda {argument}: {text}"
    function = eval(code, {"np": np})
    function.__name__ = f"({code})"
    return function


_square = formula("x * x")


def _slope(f, x):
    return float((f(x + 1e-5) - f(x - 1e-5)) / 2e-5)


def _times(factor):
    # Measured with another nudge, it is nearly that; between them lies nothing else.
    return Looks(lambda got, right: abs(got - factor * right) < 1e-3 * max(1, abs(right)))


def _rounded(got, right):
    return any(got == round(got, n) and abs(got - right) < 10.0**-n for n in range(5))


def _nudged_too_far(results, expected, examples):
    # To both sides, a parabola gets its slope whatever the nudge is, and nothing else does: the
    # exponential function gets as much too much as the sine gets too little.
    off = {
        f: got / right - 1 for got, right, (f, _) in zip(results, expected, examples, strict=True)
    }
    return (
        abs(off[_square]) < 1e-6
        and 2e-7 < off[np.exp] < 0.25
        and 0.5 < -off[np.sin] / off[np.exp] < 1.5
    )


def _nudged_to_one_side(results, expected, examples):
    nudge = results[0] - expected[0]  # of a parabola, that is how much is too much
    if abs(nudge) < 5e-7:
        return False
    made = [(f(x + nudge) - f(x)) / nudge for f, x in examples]
    return np.allclose(results, made, rtol=1e-4, atol=1e-4)


def _nearly_the_value(results, _expected, examples):
    return np.allclose(results, [f(x) for f, x in examples], rtol=1e-3, atol=1e-3)


def _at_one_place(results, _expected, examples):
    # The 3 of the cell above, or none at all.
    return any(
        np.allclose(results, [_slope(f, place) for f, _ in examples], rtol=1e-3, atol=1e-3)
        for place in (0.0, 3.0)
    )


def _changes_of_slope(results, _expected, examples):
    made = [(f(x + 1e-4) - 2 * f(x) + f(x - 1e-4)) / 1e-8 for f, x in examples]
    return np.allclose(results, made, rtol=0.05, atol=1e-3)


def _times_x(results, expected, examples):
    made = [right * x for right, (_, x) in zip(expected, examples, strict=True)]
    return np.allclose(results, made, rtol=1e-3, atol=1e-3)


def _divided_by_x(results, expected, examples):
    cases = [
        (got, right, x) for got, right, (_, x) in zip(results, expected, examples, strict=True)
    ]
    # The slope itself, or, undivided, what is too small but where x is 0.
    return all(abs(got * x - right) < 1e-3 for got, right, x in cases if x) or all(
        abs(got) < 0.01 if x else abs(got) > 0.5 for got, _, x in cases
    )


def _many_times(results, expected, _examples):
    times = [got / right for got, right in zip(results, expected, strict=True)]
    return min(times) > 100 and np.allclose(times, times[0], rtol=1e-3)


def _nudged_by_far(nudge):
    # What `1e5` or `10 ^ -5` does, which mean 0.00001 but are not.
    return (
        lambda f, x: (f(x + nudge) - f(x - nudge)) / (2 * nudge),
        lambda f, x: (f(x + nudge) - f(x)) / nudge,
    )


def _lost(results, _expected, _examples):
    # Beside 3 such a nudge vanishes, beside 0 it does not; who always returns 0 did not nudge.
    return results[0] == 0 and any(results)


def _huge(sign):
    def holds(results, _expected, examples):
        values = [f(x) for f, x in examples]
        return all(
            got * value * sign > 1e3 * value**2
            for got, value in zip(results, values, strict=True)
            if abs(value) > 0.1
        )

    return Looks(holds, together=True)


@exercise(
    "1.4",
    "Measure a slope",
    todo="Replace the ... by how fast f grows at x; a nudge as above is a beginning.",
    examples=lambda rng: [
        (_square, 3.0),
        (np.sin, 1.0),
        (np.exp, -0.5),
        # Where the value is 0 but the slope is not.
        (np.sin, 0.0),
        # It bends so much that a nudge of 0.002 is too large.
        (np.exp, 3.0),
        (np.cos, round(rng.uniform(1.2, 1.9), 2)),
    ],
    mistakes={
        "That is true or false; return the slope itself, without a comparison.": Looks(
            lambda got, _right: isinstance(got, bool | np.bool_)
        ),
        "Nudge x instead of the result, as in `f(x + nudge)`.": Looks(
            lambda got, _right: abs(got - 1) < 1e-3
        ),
        "A function is called with round parentheses, as in `f(x)`; it is not a number that can be "
        "multiplied or added.": stops("unsupported operand"),
        "`np.gradient` and `np.diff` compare the neighbors in an array, but f(x) is one number: "
        "nudge x.": Looks(
            lambda got, _right: (
                "diff requires" in str(got) if isinstance(got, ValueError) else len(got) == 0
            )
        ),
        "That is a list of slopes; return a single one.": Looks(
            lambda got, _right: isinstance(got, list | tuple | np.ndarray) and len(got) > 0
        ),
        "The nudge is 0, and nothing can be divided by 0: take one of about 0.00001.": Looks(
            lambda results, _expected, _examples: isinstance(results[0], ZeroDivisionError),
            together=True,
        ),
        "Numbers of the kind `float32` have only 7 digits, too few for a difference of nearly "
        "equal values: leave x as it is.": Looks(lambda got, _right: isinstance(got, np.float32)),
        "TensorFlow's tape does not see what functions of NumPy do: measure the slope with a "
        "nudge.": stops("attribute '_id'"),
        "That is twice the slope: the two ends are 2 nudges apart.": _times(2),
        "That is half the slope: the distance is 2 nudges only if you nudge to both sides.": (
            _times(1 / 2)
        ),
        "The sign is wrong: subtract the value on the left from the value on the right.": (
            _times(-1)
        ),
        "That is the value, not the slope.": lambda f, x: f(x),
        "Nearly nothing is subtracted from the value: put parentheses around the whole difference, "
        "and around 2 * nudge.": Looks(_nearly_the_value, together=True),
        "That is f(x) divided by x; a slope is a difference divided by a difference.": (
            lambda f, x: f(x) / x if x else np.nan
        ),
        "The slope can be negative: leave out `abs`.": Looks(
            lambda got, right: abs(got - abs(right)) < 1e-3
        ),
        "If the nudge is a part of x, it is 0 at 0: add the same nudge to every x.": Looks(
            lambda got, right: (
                not np.isfinite(got) if abs(right - 1) < 1e-6 else abs(got - right) < 1e-3
            )
        ),
        "It measures at the same place, whatever x is: nudge `x` itself.": (
            Looks(_at_one_place, together=True)
        ),
        "That is how fast the slope changes; the slope is the difference of two values, divided by "
        "their distance.": Looks(_changes_of_slope, together=True),
        "x is multiplied by the nudge: add the nudge to x on one side, and subtract it on the "
        "other.": Looks(_times_x, together=True),
        "That is the slope times the same large number everywhere: divide by the distance once, "
        "and not by its square.": Looks(_many_times, together=True),
        "The difference is divided by x; divide it by the distance of the two places, 2 * nudge.": (
            Looks(_divided_by_x, together=True)
        ),
        "The nudge is far too large: 0.00001 is written `1e-5` or `10**-5`, for `^` is something "
        "else, and without the minus sign it is a large number.": tuple(
            way for nudge in (1e5, 1e4, 1e3, 10 ^ -5) for way in _nudged_by_far(nudge)
        ),
        # From here on, what comes out depends on the learner's nudge: no function makes the same
        # numbers, so these are told apart by their size. The vaguest stands near the end.
        "That is how much the result changes; divide it by the distance, in parentheses: "
        "/ (2 * nudge).": Looks(
            lambda got, right: abs(got) < 0.2 * abs(right) and got * right >= 0 and got != 0
        ),
        "It is rounded; leave all decimals.": Looks(_rounded),
        "So small a nudge is lost in rounding: take one of about 0.00001.": Looks(
            _lost, together=True
        ),
        "The nudge is too large, and the curve bends on the way: take one of about 0.00001.": (
            Looks(_nudged_too_far, together=True)
        ),
        "It nudges to one side only, which is off where the curve bends: nudge to both sides, by "
        "about 0.00001.": Looks(_nudged_to_one_side, together=True),
        "That is close, but not close enough: nudge to both sides, by about 0.00001, which is "
        "small, but not so small that rounding shows.": Looks(
            lambda got, right: abs(got - right) < 0.3 * max(1, abs(right))
        ),
        "Put parentheses around the difference: a division comes before a subtraction.": _huge(-1),
        "The slope comes from the difference of the two values, not from their sum.": _huge(1),
    },
    # A measured slope has an error. Any reasonable nudge to both sides passes. To one side, the
    # best nudge of the notebook does not: at 3, it misses the fourth decimal of the exponential.
    tolerance=Absolute(1e-5),
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
            "At the top and on the left the border": (
                "image[top + 1 : bottom - 2, left + 1 : right - 2]"
            ),
            "is written with a colon": "image[top + 2, bottom - 2, left + 2, right - 2]",
            "counts from the edges": "image[top + 2 : -2, left + 2 : -2]",
            "No ink is left": "image[:]",
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
        "In the inside, rows and columns": f"{_BLOCK}"
        "image[left + 2 : right - 2, top + 2 : bottom - 2] = 0\n    return image",
        "slices the rows twice": f"{_BLOCK}"
        "image[top + 2 : bottom - 2][left + 2 : right - 2] = 0\n    return image",
        "On the left and on the right": f"{_BLOCK}image[top + 2 : bottom - 2] = 0\n"
        "    return image",
        "`2:-2` counts": f"{_BLOCK}image[2:-2, 2:-2] = 0\n    return image",
        "instead of fixed numbers": f"{_BLOCK}image[5:15, 7:13] = 0\n    return image",
    },
)

wrong_bodies(
    "1.1",
    {
        "In the block": "image = np.zeros((20, 20))\n    image[left:right, top:bottom] = 1\n"
        "    image[top + 2 : bottom - 2, left + 2 : right - 2] = 0\n    return image",
        "in the rows as in the columns": f"{_BLOCK}"
        "image[top + 2 : bottom - 3, left + 2 : right - 2] = 0\n    return image",
        "a smaller array": f"{_BLOCK}"
        "return image - image[top + 2 : bottom - 2, left + 2 : right - 2]",
        "the first `=`": f"{_BLOCK}"
        "image = image[top + 2 : bottom - 2, left + 2 : right - 2] = 0\n    return image",
        "It draws": f"{_BLOCK}image[top + 2 : bottom - 2, left + 2 : right - 2] = 0\n"
        "    import matplotlib.pyplot as plt\n    return plt.imshow(image)",
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
        "`image.size` tells how many": "(image > 0.5).sum() / 400",
        "how dark the dark pixels are": "image[image > 0.5].mean()",
        "number of columns": "(image > 0.5).sum() / image.shape[1]",
        "counts rows": "(image > 0.5).sum() / len(image)",
        "not less": "(image < 0.5).mean()",
        "so take the average of it": "image > 0.5",
        "compare each pixel first": "image.mean() > 0.5",
        "or by how many pixels have any": "(image > 0.5).sum() / (image > 0).sum()",
        "adds up the rows": "sum(image > 0.5) / image.size",
        "counts the rows": "len(image > 0.5) / image.size",
        "which is 2 long": "len(np.where(image > 0.5)) / image.size",
        "a tuple of two numbers": "(image > 0.5).sum() / image.shape",
        "put the product": "(image > 0.5).sum() / image.shape[0] * image.shape[1]",
        "It never counts beyond": "(image > 0.5).any() / image.size",
        "cut off to a whole": "(image > 0.5).sum() // image.size",
        "is a square": "(image > 0.5).sum() / len(image) ** 2",
        "20 rows and columns": "sum(image[i, j] > 0.5 for i in range(20) for j in range(20)) / 400",
        "call it": "(image > 0.5).mean",
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
        "One entry too many": "long_row[20 * row + column + 1]",
        "not multiplied": "long_row[row * column]",
        "It never uses `column`": "long_row[20 * row]",
        "the length of the whole image": "long_row[len(long_row) * row + column]",
        "no whole number": "long_row[len(long_row) / 20 * row + column]",
        "does not count here": "long_row[row // 20 + column]",
        "from the end": "long_row[-(20 * row + column)]",
        "inside the brackets": "long_row[row] * 20 + long_row[column]",
        "brackets after it": "long_row.reshape(row, column)",
        "That is an array": "long_row[20 * row : column]",
        "One row too many": "long_row[20 * (row + 1) + column]",
        "the column counts once": "long_row[20 * (row + column)]",
    },
)

wrong_results(
    "1.4",
    {
        "twice the slope": "(f(x + 1e-5) - f(x - 1e-5)) / 1e-5",
        "half the slope": "(f(x + 1e-6) - f(x)) / 2e-6",
        "divide it by the distance": "f(x + 1e-4) - f(x - 1e-4)",
        "The sign is wrong": "(f(x - 1e-5) - f(x + 1e-5)) / 2e-5",
        "lost in rounding": "(f(x + 1e-16) - f(x)) / 1e-16",
        "to one side only": "(f(x + 0.00001) - f(x)) / 0.00001",
        "the curve bends": "(f(x + 0.02) - f(x - 0.02)) / 0.04",
        "not from their sum": "(f(x + 1e-5) + f(x - 1e-5)) / 2e-5",
        "leave out `abs`": "abs(f(x + 1e-5) - f(x - 1e-5)) / 2e-5",
        "That is the value": "f(x)",
        "It is rounded": "round((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, 4)",
        "small, but not so small": "(f(x + 1e-13) - f(x - 1e-13)) / 2e-13",
        "parentheses around the difference": "f(x + 1e-5) - f(x - 1e-5) / 2e-5",
        "Nearly nothing is subtracted": "f(x + 1e-5) - f(x - 1e-5) / 2 * 1e-5",
        "compare the neighbors": "np.gradient(f(x))",
        "a list of slopes": "[(f(x + n) - f(x)) / n for n in (0.1, 0.001, 1e-5)]",
        "The nudge is 0": "(f(x + 0) - f(x - 0)) / (2 * 0)",
        "only 7 digits": "(f(np.float32(x + 1e-5)) - f(np.float32(x - 1e-5))) / np.float32(2e-5)",
        "at the same place": "(f(3 + 1e-5) - f(3 - 1e-5)) / 2e-5",
        "how fast the slope changes": "(f(x + 1e-4) - 2 * f(x) + f(x - 1e-4)) / 1e-4**2",
        "multiplied by the nudge": "(f(x * (1 + 1e-5)) - f(x * (1 - 1e-5))) / 2e-5",
        "not by its square": "(f(x + 1e-5) - f(x - 1e-5)) / 1e-5**2",
        "is divided by x": "(f(x + 1e-5) - f(x - 1e-5)) / (x + 1e-5)",
        "far too large": "(f(x + 1e5) - f(x - 1e5)) / 2e5",
        "never uses `f`": "((x + 1e-5) ** 2 - (x - 1e-5) ** 2) / 2e-5",
        "That is f(x) divided by x": "f(x) / x",
        "part of x": "(f(x + 1e-5 * x) - f(x)) / (1e-5 * x)",
    },
)

wrong_bodies(
    "1.1",
    {
        "parentheses of their own": "image = np.zeros(20, 20)\n    return image",
        "the 2 is how wide": f"{_BLOCK}image[top + 2 : bottom - 2, left + 2 : right - 2] = 2\n"
        "    return image",
        "1 pixel too late": "image = np.zeros((20, 20))\n"
        "    image[top : bottom + 1, left : right + 1] = 1\n"
        "    image[top + 2 : bottom - 2, left + 2 : right - 2] = 0\n    return image",
        "runs along all four": "image = np.zeros((20, 20))\n"
        "    image[top : top + 2, left:right] = 1\n    image[bottom - 2 : bottom, left:right] = 1\n"
        "    image[top:bottom, left : left + 2] = 1\n    return image",
        "stand outside": "image = np.zeros((20, 20))\n"
        "    image[top : top + 2, left:right] = 1\n    image[bottom : bottom + 2, left:right] = 1\n"
        "    image[top:bottom, left : left + 2] = 1\n"
        "    image[top:bottom, right : right + 2] = 1\n    return image",
        "around the block": "image = np.zeros((20, 20))\n"
        "    image[top - 2 : bottom + 2, left - 2 : right + 2] = 1\n"
        "    image[top:bottom, left:right] = 0\n    return image",
        "one long row": f"{_BLOCK}image[top + 2 : bottom - 2, left + 2 : right - 2] = 0\n"
        "    return image.reshape(400)",
    },
)

wrong_bodies(
    "1.2",
    {
        "only the first row": "n = 0\n    for row in image:\n        for pixel in row:\n"
        "            n += pixel > 0.5\n        return n / image.size",
        "the sum of all ink": "return (image > 0.5).sum() / image.sum()",
        "only 0.5 is averaged": "return image > 0.5.mean()",
    },
)

wrong_results(
    "1.3",
    {
        "without a comparison": "long_row[20 * row + column] > 0",
        "cut off": "int(long_row[20 * row + column])",
    },
)

wrong_bodies(
    "1.4",
    {
        "without a comparison": "return abs((f(x + 1e-5) - f(x - 1e-5)) / 2e-5 - 1) < 0.0001",
        "Nudge x instead": "return (f(x) + 1e-5 - f(x)) / 1e-5",
        "is called with": "return (f * (x + 1e-5) - f * (x - 1e-5)) / 2e-5",
        "TensorFlow's tape": "x = tf.Variable(x)\n    with tf.GradientTape() as tape:\n"
        "        y = f(x)\n    return tape.gradient(y, x).numpy()",
    },
)
