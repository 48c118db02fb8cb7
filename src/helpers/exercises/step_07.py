"""The exercises of step 7: prediction."""

import functools
import re

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, check_kind
from helpers.exercises.engine import Looks, outcome_of, stops
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_bodies,
    wrong_results,
    wrong_written,
)
from helpers.exercises.step_02 import softmax
from helpers.exercises.step_03 import some_digits


def _probabilities(rng, images):
    return softmax(rng.normal(scale=2, size=(images, 10)))


def _top(p, k, *, sign=-1, axis=1):
    # Stable, so that equal probabilities come in the same order in all variants.
    return np.argsort(sign * p, axis=axis, kind="stable")[:, :k]


def _by_masking(p, k):
    rest, digits = p.copy(), []
    for _ in range(k):
        digits.append(rest.argmax(axis=1))
        rest[np.arange(len(rest)), digits[-1]] = 0
    return np.stack(digits, axis=1)


def _takes_rows(results, expected, examples):
    return all(
        got.dtype.kind in "iu" and got.shape == (min(k, len(p)), p.shape[1])
        for got, (p, k) in zip(results, examples, strict=True)
    )


# Below each hint the answers that get it; the first is a wrong answer of the tests, too.
_TOP = listed("""
Those are positions of images, not digits: sort the digits within each row, with axis=1.
    np.argsort(probabilities.max(axis=1))[::-1][:k]
    np.argsort(probabilities.max(axis=1))[:k]
    np.argsort(probabilities.max(axis=1))[-k:]
`[k]` is image number k; `[:, :k]` takes k columns of every row.
    np.argsort(-probabilities, axis=1)[k]
    np.argsort(probabilities, axis=1)[k]
    np.argsort(probabilities, axis=1)[-k]
    np.argsort(probabilities, axis=1)[::-1][k]
    np.argsort(probabilities, axis=1)[:, ::-1][k]
The most probable digit is left out, and so is one column: `[:, :k]` begins with position 0, and
`[:, -k:]` ends with the last.
    np.argsort(probabilities, axis=1)[:, ::-1][:, 1:k]
    np.argsort(probabilities, axis=1)[:, -k:-1]
    np.argsort(probabilities, axis=1)[:, -k:-1][:, ::-1]
Reverse each row first, `[:, ::-1]`, and then take `[:, :k]`: both in one slice do something else.
    np.argsort(probabilities, axis=1)[:, k::-1]
    np.argsort(probabilities, axis=1)[:, :k:-1]
    np.argsort(probabilities, axis=1)[:, -k:-1:-1]
    np.argsort(probabilities, axis=1)[:, ::-k]
Sort all digits first, and then take k of them.
    np.argsort(probabilities[:, :k], axis=1)[:, ::-1]
    np.argsort(-probabilities[:, :k], axis=1)
`argpartition` does not sort; `argsort` does.
    np.argpartition(-probabilities, k, axis=1)[:, :k]
The positions are the answer: do not put them into brackets behind `probabilities`.
    probabilities[np.argsort(-probabilities, axis=1)[:, :k]]
    probabilities[np.argsort(probabilities, axis=1)[:, ::-1][:, :k]]
    probabilities[np.argsort(probabilities, axis=1)[:, -k:]]
That is what the function gets; return the k columns that `argsort` leads to.
    probabilities
""")


@exercise(
    "7.1",
    "The best guesses",
    todo="Replace the ... by the k most probable digits of each row, the most probable first.",
    examples=lambda rng: [
        # Not ten columns, as on the page; then a 0 that comes last.
        (np.array([[0.1, 0.2, 0.4, 0.3]]), 2),
        (np.array([[0.7, 0.0, 0.2, 0.1]]), 4),
        (np.array([[0.05, 0.1, 0.4, 0.2, 0.14, 0.04, 0.03, 0.02, 0.015, 0.005]]), 2),
        (_probabilities(rng, 3), 3),
        # As many images as digits, so that the wrong axis fits; then all ten digits.
        (_probabilities(rng, 10), 1),
        (_probabilities(rng, 6), 10),
    ],
    mistakes={
        "It counts on ten columns, but there can be fewer: `-k` counts from the end, and "
        "`probabilities.shape[1]` is how many there are.": (
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, 10 - k :][:, ::-1],
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, 9 : 9 - k : -1],
            lambda p, k: np.array([sorted(range(10), key=lambda d: -row[d])[:k] for row in p]),
        ),
        "They are in the wrong order: the most probable comes first.": Looks(
            lambda got, right: (
                got.dtype.kind in "iu"
                and np.array_equal(np.sort(got, axis=1), np.sort(right, axis=1))
            )
        ),
        "Those are the least probable digits.": lambda p, k: _top(p, k, sign=1),
        "Those are the probabilities; return the digits, with `argsort`.": (
            lambda p, k: -np.sort(-p, axis=1)[:, :k],
            lambda p, k: np.sort(-p, axis=1)[:, :k],
            lambda p, k: np.sort(p, axis=1)[:, :k],
            lambda p, k: [sorted(row, reverse=True)[:k] for row in p],
        ),
        "It sorts down the columns; each row is an image, so axis=1.": (
            lambda p, k: _top(p, k, axis=0),
            lambda p, k: np.argsort(p, axis=0, kind="stable")[:, ::-1][:, :k],
            lambda p, k: np.argsort(p, axis=0, kind="stable")[:, -k:],
        ),
        # Whether the digits are sorted, and how, is seen when the columns are right.
        "`[:k]` takes k rows; `[:, :k]` takes k columns of every row.": Looks(
            _takes_rows, together=True
        ),
        "That is only the most probable digit; return k of them.": (
            lambda p, k: p.argmax(axis=1),
            lambda p, k: p.argmax(axis=1)[:k],
            lambda p, k: list(p.argmax(axis=1)[:k]),
            lambda p, k: p.argmax(axis=1)[:, None],
        ),
        "That is the most probable digit k times: leave out a digit that has been taken.": (
            lambda p, k: np.stack([p.argmax(axis=1)] * k, axis=1)
        ),
        "A digit that is set to 0 is taken again where the others are 0, too: set it to −1.": (
            _by_masking
        ),
        "Those are the least probable digits: reverse each row before you take k columns of it.": (
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, :k][:, ::-1]
        ),
        "The images come in reverse order, too: `np.flip` turns all axes around, so give it "
        "axis=1.": lambda p, k: _top(p, k)[::-1],
        "`[:, k]` and `[:, -k]` are a single column; `[:, :k]` takes the first k.": (
            lambda p, k: _top(np.c_[p, p * 0 - 1], 11)[:, k],
            lambda p, k: _top(p, 10)[:, k],
            lambda p, k: _top(p, 10)[:, k - 1],
        ),
        "That is one column too many: the end of a slice is not part of it, so `[:, :k]`.": (
            lambda p, k: _top(p, k + 1)
        ),
        "That is one column too few: the end of a slice is not part of it. So take `[:, :k]`, or "
        "backward `[:, -1 : -k - 1 : -1]`.": (lambda p, k: _top(p, k - 1)),
        "The most probable digit is left out: positions are counted from 0.": (
            lambda p, k: _top(p, 10)[:, 1 : k + 1]
        ),
        "Those are all but k of the digits; `[:, :k]` takes the first k, `[:, -k:]` the last.": (
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, k:],
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, :-k],
            lambda p, k: np.argsort(p, axis=1, kind="stable")[:, -k::-1],
            lambda p, k: _top(p, 10)[:, k:],
        ),
        "The minus sign belongs to the probabilities, inside the parentheses.": (
            lambda p, k: -np.argsort(p, axis=1)[:, :k]
        ),
        "That sorts all images together; with axis=1 each row is sorted on its own.": (
            lambda p, k: np.argsort(-p, axis=None, kind="stable")[:k]
        ),
        "`argsort` sorts in one direction only: sort `-probabilities`, or reverse each row.": Looks(
            lambda got, right: (
                isinstance(got, TypeError)
                and re.search("'(?:reverse|descending|ascending)'", str(got))
            )
        ),
        "Sorting the positions again gives ranks; one `argsort` is enough.": (
            lambda p, k: np.argsort(_top(p, 10), axis=1, kind="stable")[:, :k]
        ),
        "It reverses the images instead of the digits: [:, ::-1] reverses each row.": (
            lambda p, k: np.argsort(p, axis=1, kind="stable")[::-1][:, :k]
        ),
        **written("probabilities, k", _TOP),
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


def _center_of_dark(image):
    rows, columns = np.nonzero(image > 0.5)
    return (rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2


def _center_of_pixels(image):
    rows, columns = np.nonzero(image)
    return rows.mean(), columns.mean()


def _plus_half(center):
    return lambda image: [c + 0.5 for c in center(image)]


def _corner_of_ink(image):
    rows, columns = np.nonzero(image)
    return rows.min(), columns.min()


def _darkest(image):
    return np.unravel_index(image.argmax(), image.shape)


def _darkest_lines(image):
    return image.sum(axis=1).argmax(), image.sum(axis=0).argmax()


def _move(image, row, column):
    return np.roll(image, (round(row), round(column)), axis=(0, 1))


def _rolled(shifts):
    # Mistakes about how far it is moved: what comes of the center, before `np.roll`.
    return lambda image: np.roll(image, shifts(*_center_of_ink(image)), axis=(0, 1))


def _images_to_center(rng):
    # A single pixel is the easiest to think through; the corner has its center of ink elsewhere
    # than that of the box around it.
    dot = np.zeros((20, 20))
    dot[3, 5] = 1
    corner = np.zeros((20, 20))
    corner[2:4, 3:12] = 1
    corner[4:11, 10:12] = 0.6
    digit = some_digits()[0][rng.integers(200)].reshape(20, 20)
    digit = np.pad(digit[3:17, 3:17], 3)  # so that no ink is lost, however it is moved
    # The last one is pale, so that who makes the ink darker is seen.
    return [(dot,), (corner,), (_move(digit, -2, 2),), (0.8 * _move(digit, 1, -3),)]


def _always_by(results, _expected, examples):
    # The first image is a single pixel, so it shows by how much the answer moves.
    places = [np.argwhere(image) for image in (results[0], examples[0][0])]
    shift = (places[0] - places[1])[0]
    return shift.any() and all(
        np.allclose(got, np.roll(image, shift, axis=(0, 1)))
        for got, (image,) in zip(results, examples, strict=True)
    )


def _comes_back(results, expected, examples):
    def off(image):
        return np.hypot(*(np.array(_center_of_ink(image)) - 10))

    return all(
        np.array_equal(np.sort(got.ravel()), np.sort(image.ravel()))
        and off(got) < off(right) + 1e-9
        for got, right, (image,) in zip(results, expected, examples, strict=True)
    )


def _by_slices(results, _expected, _examples):
    return any(
        isinstance(got, ValueError) and re.search("broadcast input|negative values", str(got))
        for got in results
    )


def _has_other_ink(results, _expected, examples):
    return all(got.shape == (20, 20) for got in results) and not all(
        np.isin(got.round(6), image.round(6)).all()
        for got, (image,) in zip(results, examples, strict=True)
    )


# Shapes of an image with all its pixels.
_WHOLE = [(20, 20), (400,), (1, 400), (400, 1), (1, 20, 20), (20, 20, 1), (1, 20, 20, 1)]


def _toward(center, *, target=10, sign=1, swap=False):
    # The mistakes are the same move from another center, to another target or the other way.
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
            _toward(_center_of_ink, sign=-1),
            _rolled(lambda row, column: (row - 10, column - 10)),
        ),
        "That centers the smallest box around the ink; the center of the ink itself counts.": (
            # All ways to round, and the box around dark ink only.
            _toward(_center_of_box),
            _toward(_center_of_dark),
            _toward(_plus_half(_center_of_box)),
            lambda image: np.roll(image, [10 - int(c) for c in _center_of_box(image)], axis=(0, 1)),
            lambda image: np.roll(image, [int(10 - c) for c in _center_of_box(image)], axis=(0, 1)),
            lambda image: np.roll(
                image, [10 - int(c + 0.5) for c in _center_of_box(image)], axis=(0, 1)
            ),
        ),
        "Every pixel with any ink counts the same there; in the center of ink, a darker one weighs "
        "more.": _toward(_center_of_pixels),
        "That brings the upper left corner of the ink to the middle; its center belongs there.": (
            _toward(_corner_of_ink)
        ),
        "That brings the darkest pixel, or the darkest row and column, to the middle; the center "
        "of all ink belongs there.": (_toward(_darkest), _toward(_darkest_lines)),
        "The same shift for every image moves them all alike: subtract where the center is now "
        "from 10.": Looks(_always_by, together=True),
        "That is where the center is; the shift is 10 minus that.": (
            _rolled(lambda row, column: (round(row), round(column))),
            _rolled(lambda row, column: (int(row), int(column))),
            _rolled(lambda row, column: (round(-row), round(-column))),
        ),
        "It moves to one side only, and may go too far: a shift can be negative, and `round` finds "
        "the nearest pixel.": (
            _rolled(lambda row, column: [max(0, int(np.ceil(10 - c))) for c in (row, column)]),
            _rolled(lambda row, column: [max(0, round(10 - c)) for c in (row, column)]),
            _rolled(lambda row, column: (max(0, int(np.ceil(10 - row))), 0)),
        ),
        "It moves by a single pixel; the shift is as many as are missing to 10.": (
            _rolled(lambda row, column: [1 if c < 10 else -1 for c in (row, column)]),
            _rolled(lambda row, column: [int(np.sign(10 - c)) for c in (row, column)]),
        ),
        "That is one pixel too far: 10 minus the center, rounded, is enough.": (
            _rolled(lambda row, column: (round(10 - row) + 1, round(10 - column) + 1))
        ),
        "The shift can be negative, to the left or up: leave out `abs`.": (
            _rolled(lambda row, column: (abs(round(10 - row)), abs(round(10 - column))))
        ),
        "The sign of one of the two shifts is wrong: both are 10 minus the center.": (
            _rolled(lambda row, column: (round(row - 10), round(10 - column))),
            _rolled(lambda row, column: (round(10 - row), round(column - 10))),
        ),
        "It moves along one axis only; it needs a shift for the rows and one for the columns, with "
        "axis=(0, 1). (Or does a second `np.roll` start from `image` again, instead of from what "
        "the first one has moved?)": (
            lambda image: np.roll(image, round(10 - _center_of_ink(image)[0]), axis=0),
            lambda image: np.roll(image, round(10 - _center_of_ink(image)[1]), axis=1),
            lambda image: np.roll(image, [round(10 - c) for c in _center_of_ink(image)], axis=0),
        ),
        "Both axes get the same shift; the one for the columns comes from the column of the "
        "center.": (
            _rolled(lambda row, column: (round(10 - row),) * 2),
            _rolled(lambda row, column: (round(10 - column),) * 2),
        ),
        "In `np.roll` the image comes first, then the shifts.": stops("array of dimension 1"),
        "The third argument of `np.roll` is an axis: put both shifts into one tuple, "
        "and add axis=(0, 1).": lambda image: np.roll(
            image, *(round(10 - c) for c in _center_of_ink(image))
        ),
        "`center_of_ink` returns two values, and nothing can be subtracted from both at once: "
        "unpack them, as in `row, column = center_of_ink(image)`.": stops("and 'tuple'"),
        "Slices and `np.pad` do not fit for shifts up or to the left, where a number is negative "
        "(in a slice, it counts from the end): `np.roll` moves to all sides.": Looks(
            _by_slices, together=True
        ),
        "That cuts a piece out of the image, or adds to it; `np.roll` moves it.": Looks(
            lambda got, right: (
                isinstance(got, np.ndarray) and got.ndim == 2 and got.shape not in _WHOLE
            )
        ),
        "Return the image itself, with 20 rows of 20 pixels: leave out `reshape`.": Looks(
            lambda got, right: got.shape in _WHOLE[1:]
        ),
        "Those are two numbers, such as where the center is, or the shift; return the image, "
        "moved to the middle.": Looks(lambda got, right: np.shape(got) == (2,)),
        "To get the center, divide by all the ink, `image.sum()`; or use `center_of_ink`.": (
            _toward(lambda image: [c * image.sum() for c in _center_of_ink(image)])
        ),
        "Its center may be as near, but only because ink comes back on the other side, which tears "
        "the digit apart: the shift is 10 minus the center.": Looks(_comes_back, together=True),
        "That makes the pixels darker or lighter instead of moving them: `np.roll` moves.": (
            lambda image: image + (10 - _center_of_ink(image)[0])
        ),
        "Rows and columns are exchanged: the first shift is for the rows, axis 0.": (
            _toward(_center_of_ink, swap=True)
        ),
        "The target is row and column 10, not 9, 9.5 or 9.9.": (
            _toward(_center_of_ink, target=9.9),
            _toward(_center_of_ink, target=9.5),
            _toward(_center_of_ink, target=9),
            _rolled(lambda row, column: (9 - round(row), 9 - round(column))),
        ),
        "That goes to the middle of 28×28; here it is row and column 10.": (
            _toward(_center_of_ink, target=14)
        ),
        "The image is where it was: go on with what `np.roll` returns, for that is a new image.": (
            lambda image: image
        ),
        # It stops with an error, and so is recognized by that, whatever the learner's line is.
        "`np.roll` moves by whole pixels: round the shift with `round`.": (
            lambda image: np.roll(image, 10 - _center_of_ink(image)[0], axis=0),
        ),
        "The shift is cut off instead of rounded, by `int`, `np.floor`, `np.ceil` or `np.roll` "
        "itself; `round` goes to the nearest whole pixel.": (
            _rolled(lambda row, column: (int(10 - row), int(10 - column))),
            # To the same side always, as `np.ceil` and `np.floor` do.
            _rolled(lambda row, column: (10 - int(row), 10 - int(column))),
            _rolled(lambda row, column: [int(np.floor(10 - c)) for c in (row, column)]),
            _rolled(lambda row, column: [int(10.5 - c) for c in (row, column)]),
        ),
        # Both do the same to an image with a margin.
        "`np.roll` without axis=(0, 1) treats the image as one long row, and with axis=1 it moves "
        "each row by both shifts.": (
            lambda image: np.roll(image, [round(10 - c) for c in _center_of_ink(image)]),
            lambda image: np.roll(image, [round(10 - c) for c in _center_of_ink(image)], axis=1),
            lambda image: np.roll(image, [10 - c for c in _center_of_ink(image)]),
            lambda image: np.roll(image, round(10 - _center_of_ink(image)[0])),
        ),
        # Last, for of an image that is scaled or blurred one cannot say where it belongs.
        "Some pixels have become darker or lighter: only move them, by whole pixels.": Looks(
            _has_other_ink, together=True
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


def _right_where_sure(got, right):
    # Of another kind: texts, None or floats, where whole numbers would be right.
    if got.dtype.kind in "iu":
        return np.array_equal(got, right)  # one in which it is sure everywhere
    pairs = zip(got.tolist(), right.tolist(), strict=True)
    return got.dtype.kind in "OUf" and all(str(a) in (f"{b}", f"{b}.0") for a, b in pairs if b >= 0)


def _for_each_entry(results, _expected, examples):
    return all(got.size == p.size for got, (p, _) in zip(results, examples, strict=True))


def _ten_rows(p, threshold):
    digits = p.argmax(axis=1)
    for row in range(10):
        if p[row].max() < threshold:
            digits[row] = -1
    return digits


# `best` is the highest probability of each row.
_DECIDE = {
    hint: [code.replace("best", "probabilities.max(axis=1)") for code in codes]
    for hint, codes in listed("""
A single −1 stands for all images: give each an entry of its own, with `np.where` or in a loop.
    probabilities.argmax(axis=1) if probabilities.max() >= threshold else -1
    probabilities.argmax(axis=1) if (best >= threshold).all() else -1
    probabilities.argmax(axis=1) if (best >= threshold).any() else -1
It appends −1 for every row, too: `else` is missing, or `continue`.
    answers = []
    for row in probabilities:
        if row.max() >= threshold:
            answers.append(row.argmax())
        answers.append(-1)
    return np.array(answers)
Do not round before the comparison: 0.46 does not reach 0.5.
    np.where(best.round(1) >= threshold, probabilities.argmax(axis=1), -1)
    np.where(best.round() >= threshold, probabilities.argmax(axis=1), -1)
    np.where(best.round(2) >= threshold, probabilities.argmax(axis=1), -1)
A 1 would be taken for the digit 1: where there is no answer, put −1, with the minus sign.
    np.where(best >= threshold, probabilities.argmax(axis=1), 1)
The `argmax` of the highest probabilities is the surest image; take that of `probabilities`, with
axis=1.
    np.where(best >= threshold, best.argmax(), -1)
    np.where(best >= threshold, best.argmax(axis=0), -1)
In `np.where` the condition comes first, then what holds where it is true, then what holds
elsewhere.
    np.where(probabilities.argmax(axis=1), best >= threshold, -1)
    np.where(probabilities.argmax(axis=1), -1, best >= threshold)
That takes 1 from the digits, too: `np.where` puts −1 only where there is no answer.
    probabilities.argmax(axis=1) * (best >= threshold) - 1
Compare with `>=`; a difference, or being equal, says too little.
    np.where(best == threshold, probabilities.argmax(axis=1), -1)
    np.where(best - threshold, probabilities.argmax(axis=1), -1)
""").items()
}


@exercise(
    "7.3",
    "Or say nothing",
    todo="Replace the ... by the most probable digit, or −1 where it is less probable than the "
    "threshold.",
    examples=lambda rng: [
        # Not ten columns, as on the page.
        (np.array([[0.7, 0.2, 0.1], [0.4, 0.3, 0.3]]), 0.6),
        (np.array([[0.1, 0.6, 0.3, 0, 0, 0, 0, 0, 0, 0]]), 0.7),
        # Exactly the threshold, for > and >=.
        (np.array([[0, 0, 0.75, 0.25, 0, 0, 0, 0, 0, 0]]), 0.75),
        (np.array([[0.1, 0.7, 0.2, 0, 0, 0, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0]]), 0.6),
        (_probabilities(rng, 12), 0.5),
        # Below what is left of 0.9 after another softmax, above the mean of all ten.
        (np.array([[0, 0.1, 0.9, 0, 0, 0, 0, 0, 0, 0]]), 0.2),
        # With this threshold it has to answer always.
        (_probabilities(rng, 12), 0.0),
    ],
    mistakes={
        "Without an axis, `argmax` and `max` look at the whole table; with axis=1 there is one for "
        "each row.": (
            lambda p, t: np.where(p.max() >= t, p.argmax(), -1),
            lambda p, t: np.where(p.max(axis=1) >= t, p.argmax(), -1),
            lambda p, t: int(p.argmax()) if p.max() >= t else -1,
        ),
        "axis=0 goes down the columns; a row is one image, so axis=1.": (
            lambda p, t: np.where(p.max(axis=0) >= t, p.argmax(axis=0), -1),
            lambda p, t: np.where(p.max(axis=1) >= t, p.argmax(axis=0), -1),
            lambda p, t: np.where(p.max(axis=0) >= t, p.argmax(axis=1), -1),
        ),
        "That compares the digit with the threshold; compare its probability, "
        "`probabilities.max(axis=1)`.": (
            lambda p, t: np.where(p.argmax(axis=1) >= t, p.argmax(axis=1), -1),
            lambda p, t: np.where(p.argmax(axis=1) > t, p.argmax(axis=1), -1),
        ),
        "Those are probabilities already: leave out the softmax.": (
            lambda p, t: np.where(softmax(p).max(axis=1) >= t, p.argmax(axis=1), -1),
            lambda p, t: np.where(softmax(p).max(axis=1) > t, p.argmax(axis=1), -1),
        ),
        "It counts on ten columns, but there can be fewer: go through `range(len(row))`.": (
            lambda p, t: [row[9] for row in p] and decide(p, t)
        ),
        "`argmax` of True and False gives the first digit that reaches the threshold; take the "
        "`argmax` of the probabilities.": (
            lambda p, t: (p >= t).argmax(axis=1),
            lambda p, t: (p > t).argmax(axis=1),
            lambda p, t: np.where(p.max(axis=1) >= t, (p >= t).argmax(axis=1), -1),
        ),
        "That compares the average or the lowest of a row; compare the highest, "
        "`probabilities.max(axis=1)`.": (
            lambda p, t: np.where(p.mean(axis=1) >= t, p.argmax(axis=1), -1),
            lambda p, t: np.where(p.min(axis=1) >= t, p.argmax(axis=1), -1),
        ),
        "That looks at the first image only; each has its own highest probability, axis=1.": (
            lambda p, t: np.where(p[0].max() >= t, p.argmax(axis=1), -1)
        ),
        "That is the answer for the first image only; give one for each.": (
            lambda p, t: int(decide(p, t)[0]),
            lambda p, t: next((int(digit) for digit in decide(p, t) if digit >= 0), -1),
        ),
        "Those are the least probable digits: `argmax`, not `argmin`.": (
            lambda p, t: np.where(p.max(axis=1) >= t, p.argmin(axis=1), -1)
        ),
        "That says only whether it is sure; return the digit.": (
            lambda p, t: p.max(axis=1) >= t,
            lambda p, t: np.where(p.max(axis=1) >= t, 1, -1),
        ),
        "The digits are right, but they are floats, as `np.ones` and `np.zeros` make them: begin "
        "with `np.full(len(probabilities), -1)`, or add dtype=int.": Looks(
            lambda got, right: got.dtype.kind == "f" and np.array_equal(got, right)
        ),
        "Where there is no answer, put the whole number −1; anything else changes the kind of "
        "the whole array.": (Looks(_right_where_sure)),
        "It always answers: where the highest probability is below the threshold, it should be "
        "−1.": lambda p, t: p.argmax(axis=1),
        "It is the wrong way around: it answers where it is unsure.": (
            lambda p, t: np.where(p.max(axis=1) < t, p.argmax(axis=1), -1),
            lambda p, t: np.where(p.max(axis=1) <= t, p.argmax(axis=1), -1),
            lambda p, t: np.where(1 - p.max(axis=1) >= t, p.argmax(axis=1), -1),
        ),
        "A probability equal to the threshold is enough: use >= instead of >.": (
            lambda p, t: np.where(p.max(axis=1) > t, p.argmax(axis=1), -1)
        ),
        "It looks at the highest probability of the whole table; each row has its own, axis=1.": (
            lambda p, t: np.where(p.max() >= t, p.argmax(axis=1), -1)
        ),
        "Those are probabilities; return the digit, with `argmax`.": (
            lambda p, t: np.where(p >= t, p, -1),
            lambda p, t: np.where(p > t, p, -1),
            lambda p, t: np.where(p.max(axis=1) >= t, p.max(axis=1), -1),
            lambda p, t: np.where(p.max(axis=1) >= t, p.max(axis=1), -1).astype(int),
        ),
        "A 0 would be taken for the digit 0: put −1 where there is no answer, among the digits. "
        "(Among the probabilities, it is too early: where all of a row are the same, `argmax` "
        "gives position 0.)": (lambda p, t: np.where(p.max(axis=1) >= t, p.argmax(axis=1), 0)),
        "Compare the highest probability of each row, not all ten: with "
        "`probabilities.max(axis=1)` there is one for each image.": (
            lambda p, t: _set_by_table(p, t),
            lambda p, t: np.where(p >= t, p.argmax(axis=1), -1),
        ),
        "It leaves out the unsure ones, so nobody can tell which image is which: put −1 in their "
        "place.": (
            lambda p, t: p.argmax(axis=1)[p.max(axis=1) >= t],
            # Of no entries, `np.array` makes floats.
            lambda p, t: np.array([row.argmax() for row in p if row.max() >= t]),
            lambda p, t: [row.argmax() for row in p if row.max() >= t],
        ),
        "It counts on ten rows, but there can be fewer, or more: `range(len(probabilities))`.": (
            _ten_rows
        ),
        "That is an answer for each probability; give one for each row, by its highest.": Looks(
            _for_each_entry, together=True
        ),
        "One side is a column, so the result has two axes: leave out `keepdims` or `reshape`, and "
        "take `[:, 0]` of a column.": Looks(
            lambda got, right: got.shape in [(len(right), 1), (len(right), len(right))]
        ),
        "That is a single number, but each row needs an answer: put all of them into one array.": (
            Looks(
                lambda got, right: (
                    np.ndim(got) == 0 and isinstance(got, int | float | np.generic | np.ndarray)
                )
            )
        ),
        **written("probabilities, threshold", _DECIDE),
    },
)
def decide(probabilities, threshold):
    """Return the most probable digit of each row, or −1."""
    sure = probabilities.max(axis=1) >= threshold
    return np.where(sure, probabilities.argmax(axis=1), -1)


_LEAN = (
    "in an upright digit, the middle of the ink hardly moves to the side from row to row. How much "
    "does it here? `np.polyfit` can tell (like `np.nonzero`, it has the rows first, then the "
    "columns). Shift each row back by that, times its distance from row 140, before `to_digit`."
)

LEANING = 300  # pictures that the check of 7.4 draws
STEEPEST = 0.8  # columns from row to row


@functools.cache
def _leaning_pictures():
    """Return canvases with validation images that lean, up to 39° to a side, and their labels."""
    from helpers.ink import cut_out, resample

    _, (X, y), _ = data.split_data(*data.load_data())
    rng = np.random.default_rng(74)
    chosen = rng.choice(len(y), LEANING, replace=False)
    pictures = []
    for row in X[chosen]:
        ink = cut_out(np.uint8(255 * row.reshape(20, 20)))
        scale = rng.uniform(90, 170) / max(ink.shape)
        height, width = np.maximum(1, np.round(scale * np.array(ink.shape))).astype(int)
        large = resample(ink, int(width), int(height))
        middle, lean = 140 + rng.uniform(-20, 20), rng.uniform(-STEEPEST, STEEPEST)
        top = int(140 + rng.uniform(-20, 20) - height / 2)
        picture = np.zeros((280, 280), np.uint8)
        for place in range(height):
            left = int(np.clip(middle - width / 2 + lean * (place - height / 2), 0, 280 - width))
            picture[top + place, left : left + width] = large[place]
        pictures.append(picture)
    return pictures, y[chosen]


@open_task(
    "7.4",
    "Writing that leans",
    todo="Replace the ... by a picture of 20×20 pixels that is as easy to read as possible.",
    ours=93.3,
    enough=92.0,
    form="{:.1f} %",
    names=("picture",),
    seconds=30,
)
def read_leaning(prepare):
    """Return how many of the leaning pictures are read, by the most similar training image."""
    (X, y), _, _ = data.split_data(*data.load_data())
    pictures, labels = _leaning_pictures()
    rows = []
    for picture in pictures:
        digit, _ = outcome_of(prepare, (picture,))
        if isinstance(digit, TypeError) and re.search(
            "arrays can be converted|__round__", str(digit)
        ):
            raise HintError(
                "An array stands where a single number belongs. (`np.polyfit` returns two numbers, "
                "the slope and the column at the top: unpack them.)"
            )
        if digit is None:
            raise HintError(
                "It returns nothing (None): is there a `return` at its end? (`to_digit` returns "
                "None if no ink is left: do all 280 rows go into the picture that it gets?)"
            )
        check_kind(digit, np.zeros((20, 20)))
        if not np.isfinite(digit).all() or digit.min() < 0 or digit.max() > 1:
            raise HintError(
                f"It returns values from {np.min(digit):g} to {np.max(digit):g}; in the training "
                "images paper is 0 and ink is 1."
            )
        rows.append(np.asarray(digit, float).ravel())
    rows = np.array(rows)
    nearest = ((X**2).sum(axis=1) - 2 * rows @ X.T).argmin(axis=1)
    score = 100 * (y[nearest] == labels).mean()
    if score < 83:
        return score, (
            "return to_digit(picture), which does all but the straightening, and reads 84.0 %. If "
            "you do straighten, either the digits lean more than before (is the sign of the shift "
            "right?), or their ink comes back on the other side: leave row 140 where it is."
        )
    if round(score, 1) == 84.0:
        return score, (
            "straightening the picture, for so far it makes no difference. (Is the result of "
            "`np.roll` put into a picture, and does `to_digit` get that one?) Think of this: "
            f"{_LEAN}"
        )
    if score < 92:
        return score, _LEAN
    return score, (
        "the training images are not quite upright, either. How much do they lean on average?"
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "7.1",
    {
        "wrong order": "np.argsort(probabilities, axis=1)[:, -k:]",
        "least probable": "np.argsort(probabilities, axis=1)[:, :k]",
        "Those are the probabilities": "-np.sort(-probabilities, axis=1)[:, :k]",
        "only the most probable": "probabilities.argmax(axis=1)",
        "takes k rows": "np.argsort(-probabilities, axis=1)[:k]",
        "down the columns": "np.argsort(-probabilities, axis=0)[:, :k]",
        "The most probable digit is left out": "np.argsort(-probabilities, axis=1)[:, 1:k + 1]",
        "inside the parentheses": "-np.argsort(probabilities, axis=1)[:, :k]",
        "`-k` counts from the end": "np.argsort(probabilities, axis=1)[:, 10 - k:][:, ::-1]",
        "how many there are": "np.array([sorted(range(10), key=lambda d: row[d], reverse=True)"
        "[:k] for row in probabilities])",
        "or backward": "np.argsort(probabilities, axis=1)[:, -1:-k:-1]",
        "`np.flip` turns all axes": "np.flip(np.argsort(probabilities, axis=1))[:, :k]",
        "reverse each row before": "np.argsort(probabilities, axis=1)[:, :k][:, ::-1]",
        "digit k times": "np.array([[row.argmax() for _ in range(k)] for row in probabilities])",
    },
)

wrong_written("7.1", _TOP)

wrong_bodies(
    "7.1",
    {
        "sorts in one direction": "return np.argsort(probabilities, axis=1, descending=True)",
        "`[:, -k]` are a single": "return np.argsort(probabilities, axis=1)[:, -k]",
        "the most probable comes first.": "return np.sort(np.argsort(probabilities)[:, -k:])",
        "set it to −1": "rows = []\n    for row in probabilities.copy():\n        best = []\n"
        "        for _ in range(k):\n            best.append(row.argmax())\n"
        "            row[best[-1]] = 0\n        rows.append(best)\n    return np.array(rows)",
    },
)

_CENTER = "row, column = center_of_ink(image)\n    "

_BOX = (
    "rows, columns = np.nonzero(image)\n    row = (rows.min() + rows.max()) / 2\n"
    "    column = (columns.min() + columns.max()) / 2\n    "
)

_MOVE = "return np.roll(image, (round({}), round({})), axis=(0, 1))"

wrong_bodies(
    "7.2",
    {
        "the wrong way": _CENTER + _MOVE.format("row - 10", "column - 10"),
        "Rows and columns are exchanged": _CENTER + _MOVE.format("10 - column", "10 - row"),
        "smallest box": _BOX + _MOVE.format("10 - row", "10 - column"),
        "cut off instead of rounded": f"{_CENTER}return np.roll(image, (int(10 - row), "
        "int(10 - column)), axis=(0, 1))",
        "one long row": f"{_CENTER}return np.roll(image, (round(10 - row), round(10 - column)))",
        "upper left corner": "rows, columns = np.nonzero(image)\n    "
        + _MOVE.format("10 - rows.min()", "10 - columns.min()"),
        "counts the same": "rows, columns = np.nonzero(image)\n    "
        + _MOVE.format("10 - rows.mean()", "10 - columns.mean()"),
        "9.5 or 9.9": _CENTER + _MOVE.format("9.9 - row", "9.9 - column"),
        "not 9,": f"{_CENTER}return np.roll(image, (9 - round(row), 9 - round(column)), (0, 1))",
        "the same shift": f"{_CENTER}return np.roll(image, round(10 - row), axis=(0, 1))",
        "is an axis": f"{_CENTER}return np.roll(image, round(10 - row), round(10 - column))",
        "returns two values": "return np.roll(image, 10 - center_of_ink(image), axis=(0, 1))",
        "where it was": f"{_CENTER}np.roll(image, (1, 1), axis=(0, 1))\n    return image",
        "moves them all alike": "return np.roll(image, (3, -1), axis=(0, 1))",
        "to one side only": f"{_CENTER}while row < 10:\n        row += 1\n"
        "        image = np.roll(image, 1, axis=0)\n    while column < 10:\n        column += 1\n"
        "        image = np.roll(image, 1, axis=1)\n    return image",
        "by a single pixel": f"{_CENTER}return np.roll(image, (1 if row < 10 else -1, "
        "1 if column < 10 else -1), axis=(0, 1))",
        "along one axis only": f"{_CENTER}moved = np.roll(image, round(10 - row), axis=0)\n"
        "    moved = np.roll(image, round(10 - column), axis=1)\n    return moved",
        "do not fit for shifts": f"{_CENTER}down, right = round(10 - row), round(10 - column)\n"
        "    moved = np.zeros((20, 20))\n    moved[down:, right:] = image\n    return moved",
        "cuts a piece out": f"{_CENTER}return image[round(row) - 10 :, round(column) - 10 :]",
        "leave out `reshape`": _CENTER
        + _MOVE.format("10 - row", "10 - column")
        + ".reshape(1, 400)",
        "Those are two numbers": "return np.round(center_of_ink(image))",
        "the image comes first": f"{_CENTER}return np.roll((round(10 - row), round(10 - column)), "
        "image, axis=(0, 1))",
        "divide by all the ink": "row = image.sum(axis=1) @ np.arange(20)\n"
        "    column = image.sum(axis=0) @ np.arange(20)\n    "
        + _MOVE.format("10 - row", "10 - column"),
        "tears the digit apart": "moves = [np.roll(image, (r, c), axis=(0, 1)) "
        "for r in range(-10, 11) for c in range(-10, 11)]\n    return min(moves, key=lambda one: "
        "np.hypot(*(np.array(center_of_ink(one)) - 10)))",
        "have become darker": f"{_CENTER}moved = np.roll(image, (round(10 - row), "
        "round(10 - column)), axis=(0, 1))\n    return moved / moved.max()",
        "or the darkest row": "row, column = image.sum(axis=1).argmax(), image.sum(axis=0).argmax()"
        "\n    return np.roll(image, (10 - row, 10 - column), axis=(0, 1))",
    },
)

wrong_results(
    "7.3",
    {
        "It always answers": "probabilities.argmax(axis=1)",
        "use >= instead of >": "np.where(probabilities.max(axis=1) > threshold, "
        "probabilities.argmax(axis=1), -1)",
        "whole table": "np.where(probabilities.max() >= threshold, "
        "probabilities.argmax(axis=1), -1)",
        "Without an axis": "np.where(probabilities.max() >= threshold, probabilities.argmax(), -1)",
        "axis=0 goes down": "np.where(probabilities.max(axis=0) >= threshold, "
        "probabilities.argmax(axis=0), -1)",
        "compares the digit": "np.where(probabilities.argmax(axis=1) >= threshold, "
        "probabilities.argmax(axis=1), -1)",
        "the whole number −1": "np.where(probabilities.max(axis=1) >= threshold, "
        "probabilities.argmax(axis=1), np.nan)",
        "there is one for each image": "np.where(probabilities >= threshold, "
        "probabilities.argmax(axis=1), -1)",
        "leaves out the unsure": "probabilities.argmax(axis=1)"
        "[probabilities.max(axis=1) >= threshold]",
        "An `if`": "probabilities.argmax(axis=1) if probabilities.max(axis=1) >= threshold else -1",
        "leave out the softmax": "np.where(tf.nn.softmax(probabilities).numpy().max(axis=1) "
        ">= threshold, probabilities.argmax(axis=1), -1)",
        "the first digit that reaches": "(probabilities >= threshold).argmax(axis=1)",
        "put the whole number": "np.where(probabilities.max(axis=1) >= threshold, "
        "probabilities.argmax(axis=1), 'unknown')",
        "changes the kind": "np.array([row.argmax() if row.max() >= threshold else None "
        "for row in probabilities])",
    },
)

wrong_written("7.3", _DECIDE)

wrong_results(
    "7.3",
    {"each row needs an answer": "np.argmax(probabilities.max(axis=1) * (threshold > 0.1))"},
)

wrong_bodies(
    "7.3",
    {
        "or the lowest of a row": "return np.where(probabilities.min(axis=1) >= threshold, "
        "probabilities.argmax(axis=1), -1)",
        "`np.full(len": "answers = -np.ones(len(probabilities))\n"
        "    sure = probabilities.max(axis=1) >= threshold\n"
        "    answers[sure] = probabilities[sure].argmax(axis=1)\n    return answers",
        "taken for the digit 0": "p = np.where(probabilities < threshold, -1, probabilities)\n"
        "    return p.argmax(axis=1)",
        "the wrong way around": "answers = probabilities.argmax(axis=1)\n"
        "    answers[probabilities.max(axis=1) > threshold] = -1\n    return answers",
        "counts on ten rows": "answers = probabilities.argmax(axis=1)\n    for i in range(10):\n"
        "        if probabilities[i].max() < threshold:\n            answers[i] = -1\n"
        "    return answers",
        "for each probability": "return np.where(probabilities >= threshold, "
        "np.arange(probabilities.shape[1]), -1)",
        "`[:, 0]` of a column": "sure = probabilities.max(axis=1) >= threshold\n"
        "    return np.where(sure, np.argsort(-probabilities, axis=1)[:, :1], -1)",
        "range(len(row))": "answers = []\n    for row in probabilities:\n        best = 0\n"
        "        for d in range(10):\n            if row[d] > row[best]:\n"
        "                best = d\n        answers.append(best if row[best] >= threshold else -1)\n"
        "    return np.array(answers)",
    },
)

for hint, code in {
    "but the right shape is (20, 20)": "prepare = lambda picture: picture / 255",
    "the shape (400,), but": "prepare = lambda picture: np.zeros(400)",
    "paper is 0 and ink is 1": "prepare = lambda picture: picture[::14, ::14] * 1.0",
    "the function itself": "prepare = np.zeros((20, 20))",
    "has to take 1 argument": "prepare = lambda: np.zeros((20, 20))",
    "no ink is left": "def prepare(picture):\n    return to_digit(picture * 0)",
    "so far it makes no difference": "def prepare(picture):\n"
    "    for i in range(280):\n        np.roll(picture[i], 140 - i)\n    return to_digit(picture)",
    "returns two numbers": "def prepare(picture):\n    rows, columns = np.nonzero(picture)\n"
    "    slope = np.polyfit(rows, columns, 1)\n    return to_digit(np.array([np.roll(row, "
    "int(slope * (rows.mean() - i))) for i, row in enumerate(picture)]))",
    "it has the rows first": "def prepare(picture):\n    rows, columns = np.nonzero(picture)\n"
    "    slope, _ = np.polyfit(columns, rows, 1)\n    return to_digit(np.array([np.roll(row, "
    "round(slope * (140 - i))) for i, row in enumerate(picture)]))",
}.items():
    wrong("7.4", hint, code)
