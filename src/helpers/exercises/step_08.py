"""The exercises of step 8: errors."""

import dataclasses
import re

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import Looks
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


def _count_pairs(truth, guesses):
    matrix = np.zeros((10, 10), dtype=int)
    # Unlike `+=`, it counts a pair as often as it comes.
    np.add.at(matrix, (truth, guesses), 1)
    return matrix


def _too_small(results, expected, _):
    # Where all ten digits occur, it is right; a list of ten rows has another fault.
    right = list(map(np.array_equal, results, expected))
    rest = [got for got, same in zip(results, right, strict=True) if not same]
    return bool(rest) and all(map(_is_small, rest))


def _is_small(got):
    # An index that is out of bounds for fewer than ten rows, or fewer rows.
    if isinstance(got, IndexError):
        return bool(re.search(r"with size \d\b", str(got)))
    return got.ndim == 2 and got.shape[0] == got.shape[1] != 10


def _set_pairs(truth, guesses):
    matrix = np.zeros((10, 10), dtype=int)
    matrix[truth, guesses] += 1
    return matrix


def _without_nine(truth, guesses):
    matrix = _count_pairs(truth, guesses)
    matrix[9] = matrix[:, 9] = 0
    return matrix


def _percent_of_rows(truth, guesses):
    matrix = _count_pairs(truth, guesses)
    with np.errstate(all="ignore"):  # a digit that does not occur: 0 divided by 0
        return 100 * matrix / matrix.sum(axis=1, keepdims=True)


def _at(places):
    """Return a function that counts at other places, those of each round of a loop."""

    def answer(truth, guesses):
        matrix = np.zeros((10, 10), dtype=int)
        for place in places(truth, guesses):
            matrix[place] += 1
        return matrix

    return answer


def _both_counts(truth, guesses):
    rows, columns = (np.bincount(digits, minlength=10) for digits in (truth, guesses))
    return np.where(rows[:, None] > 0, columns, 0)


def _beyond_the_last(results, _, examples):
    # A position that the arrays it is given do not have, not the table.
    return all(
        isinstance(got, IndexError) and str(got).endswith(f"with size {len(truth)}")
        for got, (truth, _) in zip(results, examples, strict=True)
    )


_PAIRS = listed("""
Only the last image is counted: make the table once, before the loop.
    for t, g in zip(truth, guesses):
        table = np.zeros((10, 10), dtype=int)
        table[t, g] += 1
    return table

`len` counts all images; `.sum()` counts those for which it is true.
    np.array([[len((truth == t) & (guesses == g)) for g in range(10)] for t in range(10)])

Each image counts in one place only, `[truth, guess]`.
    table = np.zeros((10, 10), dtype=int)
    for t, g in zip(truth, guesses):
        table[t, g] += 1
        table[g, t] += 1
    return table

Each `bincount` ends with the largest number that occurs: with `minlength=10`, all rows have ten
numbers, and nothing has to be joined.
    np.array([np.bincount(guesses[truth == d]) for d in range(10)])
""")


@exercise(
    "8.1",
    "Count the confusions",
    todo="Replace the ... by a table of 10×10 counts, one row for each true digit.",
    examples=lambda rng: [
        (np.array([3, 3, 5]), np.array([3, 8, 3])),
        (np.array([1, 1, 1, 7]), np.array([7, 7, 1, 7])),
        # 300 times one pair: `+= 1` counts it once, and 8 bits cannot count so far.
        (np.full(300, 4), np.full(300, 9)),
        tuple(rng.integers(0, 10, (2, 60))),
    ],
    mistakes={
        "Rows and columns are exchanged: the row is the true digit.": (
            lambda truth, guesses: _count_pairs(truth, guesses).T
        ),
        "Each pair is counted once, even if it comes several times. In a loop, `+= 1` adds to what "
        "is there (`=+ 1` puts a 1 in its place); `matrix[truth, guesses] += 1` does so only once: "
        "use a loop or `np.add.at`.": (_set_pairs),
        "Those are percentages; return the counts.": (
            _percent_of_rows,
            lambda truth, guesses: np.nan_to_num(_percent_of_rows(truth, guesses)),
            lambda truth, guesses: np.round(_percent_of_rows(truth, guesses)).astype(int),
            lambda truth, guesses: np.nan_to_num(np.round(_percent_of_rows(truth, guesses))).astype(
                int
            ),
            lambda truth, guesses: 100 * _count_pairs(truth, guesses) / len(truth),
            lambda truth, guesses: np.round(100 * _count_pairs(truth, guesses) / len(truth)).astype(
                int
            ),
        ),
        "The digits go from 0 to 9, and `range(9)` ends before the 9: take `range(10)`.": (
            _without_nine
        ),
        '`|` means "or"; an image counts where its label and its guess fit, with `&`.': (
            lambda truth, guesses: (
                np.bincount(truth, minlength=10)[:, None]
                + np.bincount(guesses, minlength=10)
                - _count_pairs(truth, guesses)
            )
        ),
        "The loop goes through ten images; go through all of them, `range(len(truth))`.": (
            # Where there are fewer, it stops with an IndexError.
            lambda truth, guesses: _count_pairs(truth[np.arange(10)], guesses[np.arange(10)])
        ),
        "Those are shares; return the counts.": (
            lambda truth, guesses: _count_pairs(truth, guesses) / len(truth)
        ),
        "The counts are right, but they are floats: make the table with `dtype=int`.": (
            lambda truth, guesses: _count_pairs(truth, guesses) * 1.0
        ),
        "With 8 bits, nothing can be counted beyond 255: take `dtype=int`.": (
            lambda truth, guesses: _count_pairs(truth, guesses).astype(np.uint8),
            lambda truth, guesses: _count_pairs(truth, guesses).astype(np.int8),
        ),
        "Only the first image is counted: does `return` stand inside the loop?": (
            lambda truth, guesses: _count_pairs(truth[:1], guesses[:1])
        ),
        "Every label meets every guess; go through both at once, with `zip(truth, guesses)`, or "
        "join the two comparisons by `&`.": (
            lambda truth, guesses: np.outer(
                np.bincount(truth, minlength=10), np.bincount(guesses, minlength=10)
            )
        ),
        "The table begins with ones; begin with zeros.": (
            lambda truth, guesses: _count_pairs(truth, guesses) + 1
        ),
        "Digits are counted from 0, and so are rows and columns: nothing has to be subtracted.": (
            lambda truth, guesses: np.roll(_count_pairs(truth, guesses), (-1, -1), axis=(0, 1))
        ),
        "All ten rows are alike, but each counts only the guesses where `truth` is its digit. "
        "(`[[0] * 10] * 10` is ten times the same row; `np.zeros((10, 10), dtype=int)` is not.)": (
            lambda truth, guesses: np.tile(np.bincount(guesses, minlength=10), (10, 1))
        ),
        "`bincount` ends with the largest number that occurs: give it `minlength=100`.": (
            lambda truth, guesses: np.bincount(10 * truth + guesses).reshape(10, 10)
        ),
        "The row is the label of an image, not its position: `truth[i]`, not `i`.": (
            _at(lambda truth, guesses: enumerate(guesses)),
            _at(lambda truth, guesses: enumerate(zip(truth, guesses, strict=True))),
        ),
        "`for i in truth` goes through the labels, not through their positions: "
        "`range(len(truth))`.": (
            _at(lambda truth, guesses: ((truth[i], guesses[i]) for i in truth)),
            _at(lambda truth, guesses: ((i, guesses[i]) for i in truth)),
        ),
        "An image is left out: `range(len(truth))` goes through all of them.": (
            lambda truth, guesses: _count_pairs(truth[:-1], guesses[:-1]),
            lambda truth, guesses: _count_pairs(truth[1:], guesses[1:]),
        ),
        "The digits begin with 0, which `range(1, 10)` leaves out: take `range(10)`.": (
            lambda truth, guesses: np.pad(_count_pairs(truth, guesses)[1:, 1:], ((1, 0), (1, 0)))
        ),
        "`.sum()` is missing: it counts the images for which both comparisons are true.": (
            lambda truth, guesses: (
                (truth == np.arange(10)[:, None, None]) & (guesses == np.arange(10)[:, None])
            )
        ),
        "The table stays empty: `+= 1` adds to an entry.": (
            lambda truth, guesses: np.zeros((10, 10), dtype=int)
        ),
        "Each comparison is counted by itself: join the two by `&`, then count.": _both_counts,
        "Those are sums of digits; count the images, by the sum of the comparison itself.": (
            lambda truth, guesses: _count_pairs(truth, guesses) * np.arange(10),
            lambda truth, guesses: _count_pairs(truth, guesses) * np.arange(10)[:, None],
        ),
        "`zip` is missing: `for row, column in zip(truth, guesses)` takes one of each.": (
            lambda truth, guesses: [0 for row, column in (truth, guesses)]
        ),
        "All pairs are counted again in each round of the loop; count one pair in each.": (
            lambda truth, guesses: _set_pairs(truth, guesses) * len(truth)
        ),
        "`histogram2d` divides the range from the smallest to the largest into ten; each digit "
        "needs a cell of its own.": lambda truth, guesses: np.histogram2d(truth, guesses, bins=10)[
            0
        ].astype(int),
        "There are always ten digits: the table is 10 × 10, whatever occurs.": Looks(
            _too_small, together=True
        ),
        "Only the right answers are counted; the errors belong off the diagonal.": (
            lambda truth, guesses: np.diag(np.diag(_count_pairs(truth, guesses)))
        ),
        "Only the errors are counted; the right answers belong on the diagonal.": (
            lambda truth, guesses: (
                _count_pairs(truth, guesses) - np.diag(np.diag(_count_pairs(truth, guesses)))
            )
        ),
        "Each row is divided by its sum; return the counts.": lambda truth, guesses: (
            _count_pairs(truth, guesses) / _count_pairs(truth, guesses).sum(axis=1, keepdims=True)
        ),
        "The loop goes through more images than there are: take `range(len(truth))`.": Looks(
            _beyond_the_last, together=True
        ),
        **written("truth, guesses", _PAIRS),
    },
)
def count_confusions(truth, guesses):
    """Return how often each true digit (row) was taken for each digit (column)."""
    return _count_pairs(truth, guesses)


def _ratio(part, whole):
    # The exercise says that a digit that was never predicted has the precision 0.
    return float(part / whole) if whole else 0.0


def _table(*rows):
    return np.array(rows)


def _over(sums, *, right=lambda m, d: m[d, d], guard=lambda whole: whole):
    """Return a function that divides by something else than the sums of column and row."""
    return lambda m, d: tuple(right(m, d) / guard(sums(part)) for part in (m[:, d], m[d]))


def _at_least_1(whole):
    return max(1, whole)


def _of_ten(m, d):
    return _ratio(m[d, d], sum(m[i, d] for i in range(10))), _ratio(m[d, d], m[d].sum())


@exercise(
    "8.2",
    "Precision and recall",
    todo="Replace the ... by precision and recall, two numbers from 0 to 1.",
    examples=lambda rng: [
        (_table([8, 2], [4, 6]), 0),
        (_table([8, 2], [4, 6]), 1),
        # The digit 1 was never predicted, so its precision would be 0 divided by 0.
        (_table([5, 0, 0], [3, 0, 2], [1, 0, 9]), 1),
        # The digit 1 never occurs, so its recall would be.
        (_table([5, 1, 0], [0, 0, 0], [1, 2, 9]), 1),
        (rng.integers(0, 50, (10, 10)), int(rng.integers(0, 10))),
    ],
    mistakes={
        "The two are exchanged: precision goes down the column, recall along the row.": (
            lambda m, d: precision_and_recall(m, d)[::-1],
            lambda m, d: (m[d, d] / m[d].sum(), m[d, d] / m[:, d].sum()),
        ),
        "Both are divided by the number of all images; divide by one column and by one row.": (
            lambda m, d: (_ratio(m[d, d], m.sum()),) * 2
        ),
        "One of the two is divided by the number of all images; divide precision by the sum of the "
        "column, and recall by that of the row.": (
            lambda m, d: (_ratio(m[d, d], m.sum()), _ratio(m[d, d], m[d].sum())),
            lambda m, d: (_ratio(m[d, d], m[:, d].sum()), _ratio(m[d, d], m.sum())),
            # Where one divides 0 by 0.
            lambda m, d: (m[d, d] / m.sum(), m[d, d] / m[d].sum()),
            lambda m, d: (m[d, d] / m[:, d].sum(), m[d, d] / m.sum()),
        ),
        "Those are the values of the digit before: rows and columns are counted from 0, as digits "
        "are, so nothing has to be subtracted.": lambda m, d: precision_and_recall(m, d - 1),
        "A single row or column has one axis only: add it up with `.sum()`.": (
            lambda m, d: m[d].sum(axis=1)
        ),
        "If a digit was never predicted, its precision is 0 divided by 0; return 0.0 then. (NumPy "
        "does not stop there but gives nan, which equals nothing and counts as true: look at the "
        "sum before you divide by it, at that of the column and at that of the row.)": (
            lambda m, d: (m[d, d] / m[:, d].sum(), m[d, d] / m[d].sum()),
            lambda m, d: (m[d, d] / m[:, d].sum(), _ratio(m[d, d], m[d].sum())),
        ),
        "If a digit never occurs, its recall is 0 divided by 0, too; return 0.0 then.": (
            lambda m, d: (_ratio(m[d, d], m[:, d].sum()), m[d, d] / m[d].sum())
        ),
        "Where there is nothing to divide by, let it be 0, not 1.": (
            lambda m, d: tuple(
                float(m[d, d] / whole) if whole else 1.0 for whole in (m[:, d].sum(), m[d].sum())
            ),
            lambda m, d: (0, 1) if m[d, d] == 0 else precision_and_recall(m, d),
            lambda m, d: (1, 0) if m[d, d] == 0 else precision_and_recall(m, d),
        ),
        "Something is added to each sum; that is needed only where the sum is 0.": tuple(
            _over(np.sum, guard=lambda whole, more=more: whole + more)
            for more in (1, 0.1, 0.01, 1e-3, 1e-4)
        ),
        "Those are the values of all digits; pick the column and the row of one, and add each up "
        "by `.sum()`.": Looks(
            lambda got, _: isinstance(got, tuple) and all(np.ndim(one) == 1 for one in got)
        ),
        "The matrix need not have ten rows: go up to `len(matrix)`, or take `.sum()`.": _of_ten,
        "`min(1, ...)` never is above 1; `max(1, ...)` leaves a sum as it is, unless it is 0.": (
            _over(np.sum, guard=lambda whole: min(1, whole))
        ),
        "`max(1, ...)` belongs around the sum below the fraction, not around the share.": (
            lambda m, d: (1, 1)
        ),
        "Those are the sums of column and row; divide the right answers by them.": (
            lambda m, d: (m[:, d].sum(), m[d].sum())
        ),
        "The fractions are upside down: the right answers are divided by a sum.": (
            lambda m, d: (m[:, d].sum() / m[d, d], m[d].sum() / m[d, d]),
            lambda m, d: (m[:, d].sum() / m[d, d], m[d].sum() / m[d, d]) if m[d, d] > 0 else (0, 0),
        ),
        "Those are the shares of the errors; return the shares of the right answers.": (
            lambda m, d: tuple(1 - share for share in precision_and_recall(m, d))
        ),
        "`//` cuts off the decimals; use `/`.": (
            lambda m, d: tuple(float(int(share)) for share in precision_and_recall(m, d))
        ),
        "Divide by the sum of the column or the row, not by its mean or its largest number.": (
            _over(np.mean, guard=_at_least_1),
            _over(np.mean),
            _over(np.max, guard=_at_least_1),
            _over(np.max),
        ),
        "Only the right answers for this digit count, not those for all digits.": (
            lambda m, d: (
                _ratio(np.trace(m), m[:, d].sum()),
                _ratio(np.trace(m), m[d].sum()),
            ),
            _over(np.sum, right=lambda m, _: np.trace(m), guard=_at_least_1),
            _over(np.sum, right=lambda m, _: np.trace(m)),
        ),
        "The accuracy is that of all digits; return precision and recall of this one.": (
            lambda m, d: (_ratio(m[d, d], m[:, d].sum()), np.trace(m) / m.sum()),
            lambda m, d: (np.trace(m) / m.sum(),) * 2,
        ),
        "Both go down the column; recall goes along the row, `matrix[digit]`.": (
            lambda m, d: (_ratio(m[d, d], m[:, d].sum()),) * 2
        ),
        "Both are computed along the row; precision goes down the column, `matrix[:, digit]`.": (
            lambda m, d: (_ratio(m[d, d], m[d].sum()),) * 2
        ),
        "Those are percentages; return shares from 0 to 1.": (
            lambda m, d: tuple(100 * share for share in precision_and_recall(m, d))
        ),
        "The right answers themselves belong in the sums of row and column, too.": (
            lambda m, d: (
                _ratio(m[d, d], m[:, d].sum() - m[d, d]),
                _ratio(m[d, d], m[d].sum() - m[d, d]),
            )
        ),
        "`[:digit]` is all rows before it, and `[digit:]` it and all behind it; a column is "
        "`[:, digit]`, a row `[digit]`.": (
            lambda m, d: (_ratio(m[d, d], m[:d].sum()), _ratio(m[d, d], m[d:].sum())),
            lambda m, d: tuple(m[d, d] / max(1, part.sum()) for part in (m[:d], m[d:])),
            lambda m, d: (m[d, d] / m[:d].sum(), m[d, d] / m[d:].sum()),
        ),
    },
)
def precision_and_recall(matrix, digit):
    """Return precision and recall of a digit, given the confusion matrix."""
    right = matrix[digit, digit]
    return _ratio(right, matrix[:, digit].sum()), _ratio(right, matrix[digit].sum())


def _with_wrong_labels(rng):
    """Return probabilities, labels of which k are wrong, and k."""
    # Small enough to be shown: an error, a label that is doubted more than that, and a label that
    # nothing is wrong with but that the network is not sure of.
    # Before it, fewer errors than k, as on the page.
    cases = [
        (np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([1, 1, 0]), 2),
        (
            np.array([[0.5, 0.4, 0.1], [0.05, 0.25, 0.7], [0.1, 0.1, 0.8], [0.1, 0.55, 0.35]]),
            np.array([0, 1, 2, 0]),
            2,
        ),
    ]
    # Among many, `argpartition` does not bring them into order.
    for images, k in [(6, 2), (40, 3), (200, 5), (1000, 300)]:
        truth = rng.integers(0, 10, images)
        logits = rng.normal(size=(images, 10))
        # Mostly right and sure, as the network of the notebook is, or no label could be
        # suspicious.
        logits[np.arange(images), truth] += 4
        labels = truth.copy()
        planted = rng.choice(images, k, replace=False)
        labels[planted] = (labels[planted] + rng.integers(1, 10, k)) % 10
        cases.append((softmax(logits), labels, k))
    # Two images that are alike, behind all of the others; only one label is believed less.
    probabilities = softmax(rng.normal(size=(_TWIN + 2, 10)))
    probabilities[_TWIN:] = 0.5 ** np.arange(1, 11)
    labels = probabilities.argmax(axis=1)
    labels[2:20:3] = (labels[2:20:3] + 1) % 10
    labels[_TWIN:] = 9
    for places, believed in ((8, 1e-9), (slice(_TWIN, None), 1e-6)):
        probabilities[places, labels[places]] = believed
    return [*cases, (probabilities, labels, 5)]


# Where the first of two images stands that are alike; no other example has as many.
_TWIN = 1200


def _twins_in_order(result):
    """Return positions with those of two equal probabilities in order, for both orders are right.

    What is sorted does not say which of the two comes first; not all computers agree on that.
    """
    if not isinstance(result, np.ndarray) or result.ndim != 1 or _TWIN not in result:
        return result
    places = np.flatnonzero(np.isin(result, (_TWIN, _TWIN + 1)))
    result = result.copy()
    result[places] = np.sort(result[places])
    return result


def _arange_of_labels(got, _):
    # The message is that of an `if` about an array.
    if not isinstance(got, ValueError) or "truth value" not in str(got):
        return False
    frames = got.__traceback__
    while frames.tb_next:
        frames = frames.tb_next
    names = frames.tb_frame.f_code.co_names
    return "arange" in names and not {"len", "shape", "size"} & {*names}


def _values_again(results, _, examples):
    # All probabilities have been compared with k of them.
    return all(
        isinstance(got, ValueError) and f"({len(y)},) ({k},)" in str(got)
        for got, (_, y, k) in zip(results, examples, strict=True)
    )


_POSITIONS = listed("""
Only one position comes back: are all probabilities kept (`append`), and does `return` stand behind
the loop?
    for i in range(len(labels)):
        believed = probabilities[i, labels[i]]
    return np.argsort(believed)[:k]

`for … in labels` goes through the labels, not through their positions: `range(len(labels))`, or
`zip(probabilities, labels)`.
    np.argsort([probabilities[i, labels[i]] for i in labels])[:k]
    np.argsort([probabilities[i, i] for i in labels])[:k]
    np.argsort(np.array([probabilities[i, labels[i]] for i in labels]))[:k]
    np.array(sorted(range(len(labels)), key=lambda n: probabilities[labels[n], labels[n]])[:k])

That leaves out the k-th, and they stand in the order of the images: the first k of `argsort` are
all of them, in the right order.
    believed = probabilities[np.arange(len(labels)), labels]
    return np.flatnonzero(believed < np.sort(believed)[k - 1])

Where two probabilities are equal, `index` finds the first of them twice: `argsort` returns the
position of each.
    believed = [p[label] for p, label in zip(probabilities, labels)]
    return np.array([believed.index(value) for value in sorted(believed)[:k]])
""")


def _errors(p, y, order):
    """Return the positions of all errors in some order."""
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(order[wrong], kind="stable")]


def _given(p, y):
    return p[np.arange(len(y)), y]


def _among_errors(*orders):
    """Return functions that sort the errors only, and return positions among them."""

    def answer(order, kind):
        return lambda p, y, k: np.argsort(order(p, y)[p.argmax(axis=1) != y], kind=kind)[:k]

    # There, the positions of twins are others, so that their order shows.
    return tuple(answer(order, kind) for order in orders for kind in ("stable", None))


@exercise(
    "8.3",
    "Find the wrong labels",
    todo="Replace the ... by the k positions whose labels the network believes least.",
    examples=_with_wrong_labels,
    view=_twins_in_order,
    mistakes={
        "Only images that are misread count there; a label can be doubted although the image is "
        "read as it says, so sort all of them.": (
            lambda p, y, k: _errors(p, y, _given(p, y))[:k],
            lambda p, y, k: np.argsort(
                np.where(p.argmax(axis=1) == y, 1, _given(p, y)), kind="stable"
            )[:k],
            lambda p, y, k: np.argsort(
                np.where(p.argmax(axis=1) == y, np.inf, _given(p, y)), kind="stable"
            )[:k],
        ),
        "There has to be one row for each label, `np.arange(len(labels))`; sort all of them, then "
        "take k.": lambda p, y, k: np.argsort(p[np.arange(k), y])[:k],
        "Rows and columns are exchanged: the rows, `np.arange(len(labels))`, come first, then the "
        "labels.": lambda p, y, k: np.argsort(p[y, np.arange(len(y))])[:k],
        "That is one position too few: the end of a slice is not part of it, so `[:k]`.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[: k - 1]
        ),
        "That is one position too many: the end of a slice is not part of it, so `[:k]`.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[: k + 1]
        ),
        "Those are all positions; return only the first k.": (
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
        "Those are the probabilities; return the positions, with `argsort`.": (
            lambda p, y, k: np.sort(_given(p, y))[:k],
            lambda p, y, k: _given(p, y)[:k],
            # As lists.
            lambda p, y, k: sorted(_given(p, y))[:k],
            lambda p, y, k: list(_given(p, y)[:k]),
        ),
        "Those are the most confident errors, as in the text above; here the label counts: sort by "
        "the probability that the network gives to the label.": (
            lambda p, y, k: _errors(p, y, -p.max(axis=1))[:k]
        ),
        "Those are the errors that the network is the least sure of; sort by the probability that "
        "it gives to the label.": (
            lambda p, y, k: _errors(p, y, p.max(axis=1))[:k],
            lambda p, y, k: np.argsort(
                np.where(p.argmax(axis=1) == y, 1, p.max(axis=1)), kind="stable"
            )[:k],
        ),
        "That is by another digit, or by how much it is ahead of the label; sort by the "
        "probability of the label itself.": (
            lambda p, y, k: np.argsort(_given(p, y) - p.max(axis=1), kind="stable")[:k],
            lambda p, y, k: np.argsort(
                -np.where(np.arange(p.shape[1]) == y[:, None], 0, p).max(axis=1), kind="stable"
            )[:k],
        ),
        "Those are the last k, the labels it believes the most; the first k are the lowest.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[-k:]
        ),
        "The positions are right, but sorted by number: leave them in the order of the "
        "probabilities.": lambda p, y, k: np.sort(np.argsort(_given(p, y), kind="stable")[:k]),
        "The lowest is left out: positions are counted from 0.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[1 : k + 1]
        ),
        "That looks at the first k images only; sort all of them, then take k.": (
            lambda p, y, k: np.argsort(_given(p[:k], y[:k]), kind="stable")
        ),
        "That is a single position; return k of them, `[:k]`.": (
            lambda p, y, k: int(np.argsort(_given(p, y), kind="stable")[k]),
            lambda p, y, k: int(_given(p, y).argmin()),
        ),
        "Only right and wrong are told apart; sort by the probability of the label.": (
            lambda p, y, k: np.argsort(p.argmax(axis=1) == y)[:k],
            lambda p, y, k: np.argsort(p.argmax(axis=1) != y)[:k],
            lambda p, y, k: np.argsort(p.argmax(axis=1) != y, kind="stable")[:k],
        ),
        "`probabilities[labels]` takes whole rows, and `probabilities[:, labels]` whole columns; "
        "the probability of each label stands in its own row: "
        "`probabilities[np.arange(len(labels)), labels]`.": (
            lambda p, y, k: np.argsort(p[y])[:k],
            lambda p, y, k: np.argsort(p[:, y])[:k],
            lambda p, y, k: np.argsort(p[:, y].min(axis=1))[:k],
            lambda p, y, k: np.argsort(p[y].min(axis=1))[:k],
            lambda p, y, k: np.argsort(p[y].max(axis=1))[:k],
            lambda p, y, k: np.argsort(p[y, :k]),
        ),
        "That sorts whole rows or columns; sort the probabilities of the labels, one of each row: "
        "`probabilities[np.arange(len(labels)), labels]`.": (
            lambda p, y, k: np.argsort(p)[:k],
            lambda p, y, k: np.argsort(p, axis=0)[:k],
        ),
        "`[k:]` begins with position k; the first k are `[:k]`.": (
            lambda p, y, k: np.argsort(_given(p, y), kind="stable")[k:]
        ),
        "The second argument of `argsort` is an axis, not how many: sort all, then take `[:k]`.": (
            lambda p, y, k: np.argsort(_given(p, y), k)
        ),
        "Those are positions among the errors only: sort all images, by the probability of the "
        "label.": _among_errors(_given, lambda p, _: p.max(axis=1), lambda p, _: -p.max(axis=1)),
        "`argsort` of an `argsort` gives ranks, not positions: apply it once.": (
            lambda p, y, k: np.argsort(np.argsort(_given(p, y)))[:k]
        ),
        "Those are the first k images, as positions in what is sorted already: leave out the first "
        "sorting. (Pairs are sorted by their first entry: put the probability first.)": (
            lambda p, y, k: np.arange(k)
        ),
        "`argmin` finds the same position each time; `argsort` puts all of them in order.": (
            lambda p, y, k: np.full(k, _given(p, y).argmin())
        ),
        "The columns are counted from 0, as digits are: nothing has to be subtracted from the "
        "labels.": lambda p, y, k: np.argsort(_given(p, y - 1), kind="stable")[:k],
        "The positions are right, but not in order: `argpartition` does not sort, `argsort` "
        "does.": Looks(
            lambda got, right: (
                isinstance(got, np.ndarray) and np.array_equal(np.sort(got), np.sort(right))
            )
        ),
        "Those are the rows of probabilities; return the positions.": (
            lambda p, y, k: p[np.argsort(_given(p, y), kind="stable")[:k]]
        ),
        "Those are the first errors, whatever the network thinks of them: sort by the "
        "probability of the label.": lambda p, y, k: np.flatnonzero(p.argmax(axis=1) != y)[:k],
        "Those are the labels at the positions; return the positions themselves.": (
            lambda p, y, k: y[np.argsort(_given(p, y), kind="stable")[:k]]
        ),
        "`np.arange` takes how many there are: `np.arange(len(labels))`.": Looks(_arange_of_labels),
        "Do not look for the values again: `argsort` returns their positions.": Looks(
            _values_again, together=True
        ),
        **written("probabilities, labels, k", _POSITIONS),
    },
)
def suspects(probabilities, labels, k):
    """Return the positions of the k labels with the lowest probabilities, the lowest first."""
    return np.argsort(_given(probabilities, labels), kind="stable")[:k]


@dataclasses.dataclass
class Challenge:
    """Networks of the learner's own, measured on the validation set of the series.

    One network could be good by luck of its seed; the average of several is not so easily.
    """

    networks: int  # how many, each from a seed of its own
    parameters: int  # how many each of them may have
    ceiling: float  # what none of them can reach honestly, in percent

    def measure(self, answer):
        """Return the average percentage read, if the networks are as asked for, or raise."""
        import keras

        if isinstance(answer, keras.Model):
            raise HintError(
                f"That is one network, which may be lucky; the check needs a list of "
                f"{self.networks}, each trained from a seed of its own."
            )
        if hasattr(answer, "__next__"):
            raise HintError(
                "That is a generator, which makes its models one by one: square brackets instead "
                "of round ones make a list of them."
            )
        if not isinstance(answer, list | tuple) or len(answer) != self.networks:
            raise HintError(
                f"The check needs a list of {self.networks} trained models of Keras, but got "
                f"{show(answer)}."
            )
        for model in answer:
            self.check_size(model)
        X, y = data.load_data()
        (X_train, y_train), (X_val, y_val), (X_test, y_test) = data.split_data(X, y)
        sets = [(X_train, y_train), (X_val, y_val), (X_test, y_test)]
        logits = [[self.logits(model, images) for images, _ in sets] for model in answer]
        right = 100 * np.array([
            [
                (of_set.argmax(axis=1) == labels).mean()
                for of_set, (_, labels) in zip(of_model, sets, strict=True)
            ]
            for of_model in logits
        ])
        for scores in right:
            self.judge(*scores)
        for i, one in enumerate(logits):
            if any(np.array_equal(one[1], other[1]) for other in logits[:i]):
                raise HintError(
                    "Two of the networks are the same one: train each from a seed of its own."
                )
        return right[:, 1].mean()

    def check_size(self, model):
        """Raise a HintError unless this is a network that was made, and not too large."""
        import keras

        if isinstance(model, keras.callbacks.History):
            raise HintError(
                "`fit` returns the history of the training; put the model itself into the list."
            )
        if not isinstance(model, keras.Model):
            raise HintError(f"The check needs trained models of Keras, but one is {show(model)}.")
        if not model.built:
            raise HintError("A model has not been built and trained yet.")
        if model.count_params() > self.parameters:
            raise HintError(
                f"A model has {model.count_params():,} parameters; {self.parameters:,} are allowed."
            )

    def judge(self, seen, val, test):
        """Raise a HintError if these percentages show that a network was not trained as asked.

        This comes before what is merely not enough, so that nobody is told to improve networks
        that have seen the images they are measured on.
        """
        reads = f"One of them reads {val:.1f} % of the validation images"
        # One reads what one was trained on better than anything else, but for a little luck.
        if val > seen + 2:
            raise HintError(
                f"{reads} but only {seen:.1f} % of the training images: has it been trained on "
                "the wrong ones?"
            )
        if val - test > 4:
            # The test images give away what was trained on the validation images. They are used
            # for nothing else: their score does not count.
            raise HintError(
                f"{reads} but only {test:.1f} % of the test images: has it been trained on the "
                "validation images?"
            )
        if val > self.ceiling:
            raise HintError(
                f"{reads}, which no network of this size does that was trained on X_train only: "
                "has it been trained on them?"
            )
        if val < 20:
            raise HintError(f"{reads}, which is guessing: has it been trained?")

    def logits(self, model, images):
        """Return the ten outputs for each image, or raise a HintError."""
        try:
            logits = np.asarray(model(images))
        except Exception:
            raise HintError(
                "A model cannot read rows of 400 numbers: begin it with "
                "tf.keras.Input(shape=(400,))."
            ) from None
        if logits.shape != (len(images), 10):
            raise HintError(
                f"For {len(images)} images one gives outputs of the shape {logits.shape}; it "
                "should give ten for each image."
            )
        if not np.isfinite(logits).all():
            raise HintError("The outputs of one are nan or infinite: the training blew up.")
        return logits


# As many parameters as the network of the series has.
CHALLENGE = Challenge(networks=3, parameters=10_575, ceiling=98.6)


@open_task(
    "8.4",
    "Beat the network",
    todo="Replace the ... by a list of three trained models.",
    ours=94.5,
    # 25 networks of the series read 92.4 ± 0.6 %, so the average of three of them scatters by
    # less than 0.4: this is more than luck with the seeds.
    enough=94.0,
    form="{:.1f} %",
)
def challenge(answer):
    """Return how many validation images the networks read on average, and what to try next."""
    score = CHALLENGE.measure(answer)
    if score < 94:
        return score, (
            "more images help most. There are no others, but a digit that was moved by a pixel is "
            "a new one for the network."
        )
    return score, (
        "a step of a whole pixel is coarse. Digits can also be turned, leaned or thickened a "
        "little, in a new way in each epoch."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

_COUNT = (
    "m = np.zeros((10, 10), int)\n    for t, g in zip(truth, guesses):\n        m[t, g] += 1\n"
    "    return "
)

wrong_bodies(
    "8.1",
    {
        "Rows and columns are exchanged": f"{_COUNT}m.T",
        "only once": "m = np.zeros((10, 10), int)\n    m[truth, guesses] += 1\n    return m",
        "Those are shares": f"{_COUNT}m / m.sum()",
        "but they are floats": f"{_COUNT}m.astype(float)",
        "ten times the same row": "m = [[0] * 10] * 10\n    for t, g in zip(truth, guesses):\n"
        "        m[t][g] += 1\n    return np.array(m)",
        "Every label meets": "m = np.zeros((10, 10), int)\n    for t in truth:\n"
        "        for g in guesses:\n            m[t, g] += 1\n    return m",
        "Only the errors": f"{_COUNT}m - np.diag(np.diag(m))",
        "shape (1, 3)": f"{_COUNT}np.array([truth])",
        "Those are percentages": f"{_COUNT}np.round(100 * m / m.sum(axis=1, keepdims=True))"
        ".astype(int)",
        "`range(9)` ends": "m = np.zeros((10, 10), int)\n    for t in range(9):\n"
        "        for g in range(9):\n            m[t, g] = ((truth == t) & (guesses == g)).sum()\n"
        "    return m",
        'means "or"': "m = np.zeros((10, 10), int)\n    for t in range(10):\n"
        "        for g in range(10):\n            m[t, g] = ((truth == t) | (guesses == g)).sum()\n"
        "    return m",
        "not through their positions": "m = np.zeros((10, 10), int)\n    for i in truth:\n"
        "        m[truth[i], guesses[i]] += 1\n    return m",
        "not its position": "m = np.zeros((10, 10), int)\n    for i, t in enumerate(truth):\n"
        "        m[i, guesses[i]] += 1\n    return m",
        "An image is left out": "m = np.zeros((10, 10), int)\n"
        "    for i in range(len(truth) - 1):\n        m[truth[i], guesses[i]] += 1\n    return m",
        "`range(1, 10)` leaves out": "m = np.zeros((10, 10), int)\n    for t in range(1, 10):\n"
        "        for g in range(1, 10):\n"
        "            m[t, g] = ((truth == t) & (guesses == g)).sum()\n"
        "    return m",
        "`.sum()` is missing": "return np.array([[(truth == t) & (guesses == g) "
        "for g in range(10)] for t in range(10)])",
        "give it `minlength=100`": "return np.bincount(10 * truth + guesses).reshape(10, 10)",
        "stays empty": "m = np.zeros((10, 10), int)\n    for t, g in zip(truth, guesses):\n"
        "        m[t, g] + 1\n    return m",
        "join the two by `&`": "m = np.zeros((10, 10), int)\n    for t in range(10):\n"
        "        for g in range(10):\n            m[t, g] = sum(truth == t) and sum(guesses == g)\n"
        "    return m",
        "sums of digits": "m = np.zeros((10, 10), int)\n    for t in range(10):\n"
        "        for g in range(10):\n"
        "            m[t, g] = guesses[(truth == t) & (guesses == g)].sum()\n    return m",
        "more images than there are": "m = np.zeros((10, 10), int)\n    for i in range(500):\n"
        "        m[truth[i], guesses[i]] += 1\n    return m",
        "through ten images": "m = np.zeros((10, 10), int)\n    for i in range(10):\n"
        "        m[truth[i], guesses[i]] += 1\n    return m",
        "always ten digits": _COUNT.replace(
            "m = np.zeros((10, 10), int)",
            "n = len(np.unique(truth))\n    m = np.zeros((n, n), int)",
        )
        + "m",
    },
)

wrong_written("8.1", _PAIRS)

_RATIOS = "r = matrix[digit, digit]\n    c, l = matrix[:, digit].sum(), matrix[digit].sum()\n    "

wrong_results(
    "8.2",
    {
        "The two are exchanged": "r / l, r / c",
        "0 divided by 0": "r / c, r / l",
        "number of all images": "(r / matrix.sum(),) * 2",
        "along the row; precision": "r / max(1, l), r / max(1, l)",
        "Those are percentages": "100 * r / max(1, c), 100 * r / max(1, l)",
        "Both go down": "r / max(1, c), r / max(1, c)",
        "Something is added": "r / (c + 1), r / (l + 1)",
        "values of all digits": "r / matrix.sum(axis=0), r / matrix.sum(axis=1)",
        "never is above 1": "r / min(1, c), r / min(1, l)",
        "below the fraction": "max(1, r / c), max(1, r / l)",
        "divide the right answers by": "c, l",
        "its largest number": "r / max(1, matrix[:, digit].max()), r / max(1, matrix[digit].max())",
        "The accuracy is that of all": "r / max(1, c), np.trace(matrix) / matrix.sum()",
        "need not have ten rows": (
            "r / max(1, sum(matrix[i, digit] for i in range(10))), r / max(1, l)"
        ),
        "its recall is 0 divided": "r / max(1, c), r / l",
        "One of the two is divided": "r / max(1, c), r / matrix.sum()",
        "a column is `[:, digit]`": (
            "r / max(1, matrix[:digit].sum()), r / max(1, matrix[digit:].sum())"
        ),
        "one axis only": "r / matrix[:, digit].sum(axis=0), r / matrix[digit].sum(axis=1)",
    },
    before=_RATIOS,
)

wrong_bodies(
    "8.2",
    {
        "the digit before": "digit = digit - 1\n    r = matrix[digit, digit]\n"
        "    return r / max(1, matrix[:, digit].sum()), r / max(1, matrix[digit].sum())",
    },
)

_GIVEN = "p = probabilities[np.arange(len(labels)), labels]\n    "

wrong_results(
    "8.3",
    {
        "believes the most": "np.argsort(-p)[:k]",
        "the network is unsure": "np.argsort(probabilities.max(axis=1))[:k]",
        "return only the first k": "np.argsort(p)",
        "wrong order": "np.argsort(p)[:k][::-1]",
        "Those are the probabilities": "np.sort(p)[:k]",
        "the first errors": "np.flatnonzero(probabilities.argmax(axis=1) != labels)[:k]",
        "most confident errors": "(lambda wrong: "
        "wrong[np.argsort(-probabilities[wrong].max(axis=1))[:k]])("
        "np.flatnonzero(probabilities.argmax(axis=1) != labels))",
        "takes whole rows": "np.argsort(probabilities[labels])[:k]",
        "sorted by number": "np.sort(np.argsort(p)[:k])",
        "Those are the labels": "labels[np.argsort(p)[:k]]",
        "one position too few": "np.argsort(p)[:k - 1]",
        "one position too many": "np.argsort(p)[:k + 1]",
        "look for the values again": "np.where(p == np.sort(p)[:k])[0]",
        "`argpartition` does not sort": "np.argpartition(p, k)[:k]",
        "the first k are `[:k]`": "np.argsort(p)[k:]",
        "is an axis, not how many": "np.argsort(p, k)",
        "among the errors only": "np.argsort(p[probabilities.argmax(axis=1) != labels])[:k]",
        "gives ranks": "np.argsort(np.argsort(p))[:k]",
        "leave out the first sorting": "np.argsort(np.sort(p))[:k]",
        "the same position each time": "np.array([p.argmin() for _ in range(k)])",
        "nothing has to be subtracted": (
            "np.argsort(probabilities[np.arange(len(labels)), labels - 1])[:k]"
        ),
        "sorts whole rows or columns": "np.argsort(probabilities, axis=0)[:k]",
        "That is by another digit": "np.argsort(p - probabilities.max(axis=1))[:k]",
        "return the positions, with": "sorted(p)[:k]",
        "one row for each label": "np.argsort(probabilities[np.arange(k), labels])",
        "come first, then the labels": (
            "np.argsort(probabilities[labels, np.arange(len(labels))])[:k]"
        ),
        "Only images that are misread": "np.array([i for i in np.argsort(p) "
        "if probabilities[i].argmax() != labels[i]][:k])",
        "although the image is read": "np.argsort(np.where("
        "probabilities.argmax(axis=1) == labels, 1, p))[:k]",
    },
    before=_GIVEN,
)

wrong_written("8.3", _POSITIONS)
wrong_results(
    "8.3",
    {"`np.arange` takes how many": "np.argsort(probabilities[np.arange(labels), labels])[:k]"},
)

_STACK = (
    "challengers = [Sequential([tf.keras.Input(shape=({},)), Dense({}), Dense({})])"
    " for seed in range(3)]"
)

for hint, code in {
    "has it been trained": _STACK.format(400, 25, 10),
    "parameters; 10,575 are allowed": _STACK.format(400, 30, 10),
    "ten for each image": _STACK.format(400, 20, 5),
    "cannot read rows of 400": _STACK.format(784, 5, 10),
    "trained models of Keras, but one is": "challengers = [95.0, 94.8, 94.9]",
    "a list of 3 trained models": "challengers = 95.0",
    "the history of the training": "challengers = [tf.keras.callbacks.History()] * 3",
    "That is a generator": "challengers = (Sequential([Dense(10)]) for seed in range(3))",
    "That is one network": (
        "challengers = Sequential([tf.keras.Input(shape=(400,)), Dense(20), Dense(10)])"
    ),
    "not been built": "challengers = [Sequential([Dense(10)]) for seed in range(3)]",
}.items():
    wrong("8.4", hint, code)
