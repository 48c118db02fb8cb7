"""The exercises of step 14: teach it your handwriting."""

import functools

import numpy as np

from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import Looks
from helpers.exercises.measuring import called
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_results,
    wrong_written,
)


def _readings(rng, count, share):
    """Return truth and guesses of which that share is right."""
    truth = rng.integers(0, 10, count)
    wrong_ones = (truth + rng.integers(1, 10, count)) % 10
    return truth, np.where(rng.random(count) < share, truth, wrong_ones)


def _errors(digits):
    return np.bincount(digits, minlength=10)


def _readings_without_tie(rng, count, share):
    """Return truth and guesses where of one digit alone most are misread."""
    while True:
        truth, guesses = _readings(rng, count, share)
        *_, second, most = sorted(_errors(truth[guesses != truth]))
        if most > second:
            return truth, guesses


_COSTLIEST = listed("""
That is the digit that is guessed wrongly most often; count the labels of what is misread, not the
guesses.
    np.bincount(guesses[guesses != truth]).argmax()
That is the digit of which most are read correctly: `!=` instead of `==`.
    np.bincount(truth[guesses == truth]).argmax()
That is how many errors there are; return the digit: `argmax`, not `max`.
    np.bincount(truth[guesses != truth]).max()
That is a place among the digits that `np.unique` has found; return the digit at that place.
    digits, counts = np.unique(truth[guesses != truth], return_counts=True)
    return counts.argmax()
That is the digit that occurs most; only what is misread counts.
    np.bincount(truth).argmax()
That is the digit that is guessed most; only what is misread counts.
    np.bincount(guesses).argmax()
That is the digit of which fewest are misread: `argmax`, not `argmin`.
    np.bincount(truth[guesses != truth], minlength=10).argmin()
That is the digit of which fewest are read correctly, which may be a rare one; count the errors.
    np.bincount(truth[guesses == truth], minlength=10).argmin()
That is the place of the first error; count the errors of each digit.
    (guesses != truth).argmax()
That is the number of all errors; count those of each digit, and find the most.
    (guesses != truth).sum()
Those are the errors of each digit; find the most with `argmax`.
    np.bincount(truth[guesses != truth], minlength=10)
    np.bincount(truth[guesses != truth])
Those are the labels of all that is misread; count how often each digit occurs among them.
    truth[guesses != truth]
That is the order of the digits, or all that share the first place; return one digit.
    counts = np.bincount(truth[guesses != truth], minlength=10)
    return np.flatnonzero(counts == counts.max())
    np.argsort(np.bincount(truth[guesses != truth], minlength=10))[::-1]
    np.argsort(-np.bincount(truth[guesses != truth], minlength=10))
That is how many are right and how many are wrong; count the labels of those that are wrong.
    np.bincount(guesses != truth).argmax()
That is the first of the misread digits, or the smallest; count how often each of them occurs.
    truth[guesses != truth][0]
    np.unique(truth[guesses != truth])[0]
That is the largest of the misread digits: count each. (A search keeps the largest count so far.)
    truth[guesses != truth].max()
That is a place among the misread drawings; first count how often each digit occurs there.
    truth[guesses != truth].argmax()
`argmax` of the counts is the digit already: the counts stand in the order of the digits.
    truth[np.bincount(truth[guesses != truth]).argmax()]
An error counts for the label of the drawing, not for its place: `counts[truth[i]] += 1`.
    np.eye(10)[np.flatnonzero(truth != guesses)].sum(axis=0).argmax()
An error counts once, for the label, and not for the guess as well.
    np.bincount(np.concatenate([truth[guesses != truth], guesses[guesses != truth]])).argmax()
Each error counts as one: how far apart two digits are, or what their mean is, says nothing here.
    np.bincount(truth, weights=np.abs(guesses - truth)).argmax()
    truth[np.abs(truth - guesses).argmax()]
    int(truth[guesses != truth].mean())
    np.median(truth[guesses != truth])
    np.bincount(truth - guesses).argmax()
That is how much more often a digit is the label than the guess; count what is misread.
    (np.bincount(truth, minlength=10) - np.bincount(guesses, minlength=10)).argmax()
    (np.bincount(truth) - np.bincount(guesses)).argmax()
That looks for the pair of label and guess that occurs most; add up the errors of each label.
    from collections import Counter
    pairs = Counter((t, g) for t, g in zip(truth, guesses) if t != g)
    return pairs.most_common(1)[0][0][0]
The digits go from 0 to 9, so a loop over them needs `range(10)`.
    max(range(9), key=lambda digit: ((truth == digit) & (guesses != digit)).sum())
    max(range(1, 10), key=lambda digit: ((truth == digit) & (guesses != digit)).sum())
Only the first drawing has been counted: does `return` stand inside the loop?
    truth[0] if truth[0] != guesses[0] else 0
That is the digit of which the largest share is misread; their number counts here.
    max(range(10), key=lambda d: np.mean(guesses[truth == d] != d) if d in truth else 0)
    np.argmax([(guesses[truth == digit] != digit).mean() for digit in range(10)])
""")


@exercise(
    "14.1",
    "Which digit costs most?",
    todo="Replace the ... by the digit that has the most misread drawings.",
    examples=lambda rng: [
        # Most errors; the largest share of errors; most guesses; the most frequent digit: no two of
        # them are the same.
        (
            np.array([1, 1, 7, 4, 4, 4, 9, 9, 9, 9]),
            np.array([7, 1, 2, 6, 6, 4, 9, 9, 9, 6]),
        ),
        (np.repeat([2, 5, 8], [20, 6, 3]), np.repeat([2, 3, 5, 3, 8, 3], [17, 3, 2, 4, 1, 2])),
        *(_readings_without_tie(rng, 200, 0.7) for _ in range(6)),
        (np.array([9, 9, 8]), np.array([4, 5, 8])),
    ],
    mistakes={
        **written("truth, guesses", _COSTLIEST),
        "`most_common` gives pairs of a digit and how often it occurs; `[0][0]` is a digit.": Looks(
            lambda got, right: type(got) in (list, tuple) and np.ravel(got)[0] == right
        ),
    },
)
def costliest(truth, guesses):
    """Return the digit of which most are misread."""
    return _errors(truth[guesses != truth]).argmax()


def _squares(point, known):
    return ((known - point) ** 2).sum(axis=1)


_NEAREST = listed("""
That is the label whose rows are nearest on average; look for the nearest single row.
    min(np.unique(labels), key=lambda d: ((known[labels == d].mean(axis=0) - point) ** 2).sum())
    min(np.unique(labels), key=lambda d: ((known[labels == d] - point) ** 2).sum(axis=1).mean())
A distance of 0 counts, too: `point` is not one of the rows of `known`.
    d = ((known - point) ** 2).sum(axis=1)
    d[d == 0] = np.inf
    return labels[d.argmin()]
That is always the first label. If everything is added up to one number, take `axis=1`; if a search
begins with 0, no distance is smaller: begin with `np.inf`.
    labels[np.linalg.norm(known - point).argmin()]
That is always the last label: a search has to keep the smallest distance so far, too.
    [label for row, label in zip(known, labels) if ((row - point) ** 2).sum() < np.inf][-1]
The first row is left out: a loop begins with row 0, as `range(len(known))` does.
    labels[1:][((known[1:] - point) ** 2).sum(axis=1).argmin()]
`range(len(point))` counts the numbers of a row; `range(len(known))` counts the rows.
    labels[min(range(len(point)), key=lambda i: ((known[i] - point) ** 2).sum())]
That is the number of the row; return its label.
    ((known - point) ** 2).sum(axis=1).argmin()
That is the label of the farthest row: `argmin`, not `argmax`.
    labels[((known - point) ** 2).sum(axis=1).argmax()]
That is the label of the second row in order; the nearest one comes first, at [0].
    labels[np.argsort(((known - point) ** 2).sum(axis=1))[1]]
That asks several rows; only the nearest one counts.
    np.bincount(labels[np.argsort(((known - point) ** 2).sum(axis=1))[:3]]).argmax()
Those are all labels, the nearest first; return that one alone.
    labels[np.argsort(((known - point) ** 2).sum(axis=1))]
Differences above and below 0 cancel each other: square each, in parentheses, then add them up.
    labels[((known - point).sum(axis=1) ** 2).argmin()]
    labels[(known - point**2).sum(axis=1).argmin()]
    labels[((known - point) ** 3).sum(axis=1).argmin()]
    abs((known - point).sum(axis=1)).argmin()
Each row of `known` is one drawing, so add up along the row: `axis=1`.
    labels[((known - point) ** 2).sum(axis=0).argmin() % len(labels)]
    labels[((known - point) ** 2).sum(axis=0).argmin()]
    labels[((known - point) ** 2).argmin()]
    labels[((known - point) ** 2).argmin(axis=1)]
That looks only at the first number of each row; add up the squares of all differences.
    labels[((known[:, 0] - point[0]) ** 2).argmin()]
That looks only at the largest difference of each row; add up the squares of all.
    labels[np.abs(known - point).max(axis=1).argmin()]
That is the smallest distance; return the label of that row.
    ((known - point) ** 2).sum(axis=1).min()
    ((known - point) ** 2).sum(axis=1).min() ** 0.5
`min` is the distance itself; the place of the row is `argmin`.
    labels[((known - point) ** 2).sum(axis=1).min()]
That is a pair of the distance and its label; return the label, at [1].
    min(zip(((known - point) ** 2).sum(axis=1), labels))
    min(zip(((known - point) ** 2).sum(axis=1) ** 0.5, labels))
That is the row itself; return its label.
    known[((known - point) ** 2).sum(axis=1).argmin()]
That adds up the differences themselves; square them first.
    labels[abs(known - point).sum(axis=1).argmin()]
A product is no distance, for a long row has large ones from afar: the squares of each row count as
well, `(known**2).sum(axis=1)`.
    labels[(known @ point).argmax()]
    labels[(known @ point).argmin()]
    labels[(known @ point / (np.linalg.norm(known, axis=1) * np.linalg.norm(point))).argmax()]
The product has to be subtracted twice: (k - p)² is k² - 2kp + p².
    labels[((known**2).sum(axis=1) - known @ point).argmin()]
The sign is wrong: `point` is subtracted, and so is twice the product.
    labels[((known + point) ** 2).sum(axis=1).argmin()]
That compares how long the rows are: subtract `point` from them first, then square the differences.
    labels[(known**2 - point**2).sum(axis=1).argmin()]
    labels[np.abs(np.linalg.norm(known, axis=1) - np.linalg.norm(point)).argmin()]
Those are the distances; find the smallest with `argmin`, and return its label.
    ((known - point) ** 2).sum(axis=1)
    ((known - point) ** 2).sum(axis=1) ** 0.5
""")


@exercise(
    "14.2",
    "The nearest of yours",
    todo="Replace the ... by the label of the row of known that is nearest to point.",
    examples=lambda rng: [
        (
            np.array([0.0, 0.0]),
            np.array([[3.0, 0.0], [1.0, -1.5], [-9.0, 1.0]]),
            np.array([4, 7, 2]),
        ),
        *(
            (rng.normal(size=size), rng.normal(size=(8, size)), rng.permutation(8) + 2)
            for size in (2, 3, 8, 8)
        ),
        # Far apart in one number, or a little in all.
        (
            np.zeros(9),
            np.concatenate([np.full((1, 9), 1.2), np.eye(9)[:2] * [[3], [3.2]]]),
            np.array([5, 6, 8]),
        ),
        # A label whose average is far although one of its rows is near; a distance of 0; and all
        # rows are far.
        (
            np.array([0.0, 0.0]),
            np.array([[0.5, 0.0], [10.0, 0.0], [3.0, 0.0]]),
            np.array([4, 4, 7]),
        ),
        (np.zeros(2), np.array([[5.0, 2.0], [0.0, 0.0], [1.5, -0.5]]), np.array([3, 8, 1])),
        (
            np.array([0.0, 0.0]),
            np.array([[3000.0, 0.0], [0.0, -4000.0], [-2000.0, 0.0]]),
            np.array([6, 9, 3]),
        ),
    ],
    mistakes={
        **written("point, known, labels", _NEAREST),
        "A distance can be larger than the number that the search begins with: begin with the "
        "distance of the first row, or with `np.inf`.": tuple(
            lambda point, known, labels, first=first, power=power: (
                labels[_squares(point, known).argmin()]
                if (_squares(point, known) ** power).min() < first
                else labels[0]
            )
            for first in (100, 1000)
            for power in (0.5, 1)
        ),
        "That is an array with one label; return the label alone, at [0].": Looks(
            lambda got, right: got.shape == (1,) and got[0] == right
        ),
    },
)
def label_of_nearest(point, known, labels):
    """Return the label of the row that is nearest to a point."""
    return labels[_squares(point, known).argmin()]


def _whole(result):
    # Counted with decimals, a number of drawings is as good.
    several = type(result) in (tuple, list) and all(isinstance(one, float) for one in result)
    return tuple(map(int, result)) if several and all(map(float.is_integer, result)) else result


def _half_right(results, expected, _examples):
    whole = all(isinstance(one, int | np.integer) for pair in results for one in pair)
    return whole and (np.array(results) == np.array(expected)).all(axis=0).any()


_CHANGED = listed("""
What is lost was right before: what is wrong afterward counts only if it was right.
    (after & ~before).sum(), (~after).sum()
They are exchanged: first what is right only afterward, then what was only before.
    (before & ~after).sum(), (after & ~before).sum()
Those are all that are right, before or afterward; count those that have changed.
    after.sum(), before.sum()
    before.sum(), after.sum()
Those are all that are wrong, before or afterward; count those that have changed.
    (~before).sum(), (~after).sum()
    (~after).sum(), (~before).sum()
That is how many more are right; five gained and five lost would give 0. Count both.
    after.sum() - before.sum()
    after.sum() - before.sum(), before.sum() - after.sum()
    max(after.sum() - before.sum(), 0), max(before.sum() - after.sum(), 0)
That is how many have changed; count the two directions separately.
    (before != after).sum()
    (before != after).sum(), (after != before).sum()
    (before != after).sum(), (before == after).sum()
    (before == after).sum(), (before != after).sum()
That is only one of the two numbers: return both behind one `return`, with a comma between them.
    (after & ~before).sum()
    (before & ~after).sum()
Those are shares; count with `sum`.
    (after & ~before).mean(), (before & ~after).mean()
    100 * (after & ~before).mean(), 100 * (before & ~after).mean()
    round(100 * (after & ~before).mean()), round(100 * (before & ~after).mean())
That counts what is right in both, or in neither; it tells nothing about a difference.
    (before & after).sum(), (~before & ~after).sum()
    (before & after).sum(), (before & after).sum()
Those are True and False for each drawing; count them with `sum`.
    after & ~before, before & ~after
Put parentheses around what is counted: `(... & ...).sum()`; what stands without is counted first.
    after & ~before.sum(), before & ~after.sum()
    after.sum() & ~before.sum(), before.sum() & ~after.sum()
Those are the places of the drawings; count them.
    np.flatnonzero(after & ~before), np.flatnonzero(before & ~after)
Those are all drawings: `len` and `.size` count False, too, but `sum` only what is True.
    len(after & ~before), len(before & ~after)
`|` takes what holds for one of the two, and `>=` takes equal ones; both have to hold: `&`.
    (after | ~before).sum(), (before | ~after).sum()
What is lost is counted as well, so it is not negative.
    (after & ~before).sum(), -(before & ~after).sum()
`else` counts the drawings that have not changed, too; ask for `before & ~after` there.
    (after & ~before).sum(), len(after) - (after & ~before).sum()
Only the first drawing has been counted: does `return` stand inside the loop?
    int(after[0] and not before[0]), int(before[0] and not after[0])
""")


@exercise(
    "14.3",
    "What did it gain, what did it lose?",
    todo="Replace the ... by how many are right only afterward, and how many only before.",
    examples=lambda rng: [
        (np.array([True, False, False, True, True]), np.array([True, True, True, False, True])),
        *(tuple(rng.random((2, 40)) < share) for share in ([[0.6], [0.8]], [[0.7], [0.4]])),
        (rng.random(9) < 0.5, np.ones(9, dtype=bool)),
    ],
    view=_whole,
    mistakes={
        **written("before, after", _CHANGED),
        "Those say whether there are any; count them with `sum`.": Looks(
            lambda got, _right: all(isinstance(one, bool | np.bool_) for one in got)
        ),
        "Only one of the two numbers is right: what has been lost was right before and is wrong "
        "afterward, and what has been gained the other way around.": Looks(
            _half_right, together=True
        ),
    },
)
def changed(before, after):
    """Return how many are right only afterward, and how many only before."""
    return (after & ~before).sum(), (before & ~after).sum()


_WRITERS = range(3)  # seeds of the writer that the open task is measured on
_MOST = 10


def _softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@functools.cache
def _digits_of_writers():
    """Return the network's last weights, and for each writer features, labels and halves."""
    import keras

    from helpers.handwriting import to_images
    from helpers.made_up import made_up_writer
    from helpers.training import load_network

    # Keras is imported only here: it takes seconds, and most checks do without it.
    network = load_network()
    to_features = keras.Model(network.inputs[0], network.layers[-2].output)
    W, b = (part.astype(np.float64) for part in network.layers[-1].get_weights())
    found = []
    for seed in _WRITERS:
        drawings = made_up_writer(20, seed=seed)
        images, labels = to_images(drawings)
        features = np.asarray(to_features(images[..., None]), dtype=np.float64)
        found.append((features, labels, np.array([one.half == "learn" for one in drawings])))
    return W, b, found


def _chosen(choose, features, labels, guesses):
    """Return what an answer chooses, or say what is wrong with it."""
    returned = called(choose, features.copy(), labels.copy(), guesses.copy())
    if returned is None:
        raise HintError("It returns nothing: is the `return` missing?")
    numbers = np.asarray(returned)
    if numbers.dtype == bool:
        raise HintError(
            "It returns True and False; `np.flatnonzero` gives the numbers of those that are True."
        )
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise HintError(
            "It should return the numbers of drawings, whole numbers in a list or an array, but "
            f"returns {show(returned)}."
        )
    if len(numbers) > _MOST:
        raise HintError(f"It chooses {len(numbers)} drawings; at most {_MOST} are allowed.")
    if len(np.unique(numbers)) < len(numbers):
        raise HintError("It chooses a drawing twice; each may be chosen once.")
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < len(labels):
        raise HintError(
            f"It chooses a drawing that is not there: the numbers go from 0 to {len(labels) - 1}."
        )
    return numbers.astype(int)


def _taught(W, b, features, labels):
    """Return the last layer after it has learned from some drawings."""
    wanted = np.eye(10)[labels] * 0.9 + 0.01
    for _ in range(300):
        slopes = (_softmax(features @ W + b) - wanted) / max(1, len(labels))
        W, b = W - 0.3 * features.T @ slopes, b - 0.3 * slopes.sum(axis=0)
    return W, b


@open_task(
    "14.4",
    "With ten drawings",
    todo="Replace the ... by the numbers of the drawings that the network should learn from.",
    ours=5.0,
    # What is left is one drawing in twenty; one more or less is luck with the arithmetic.
    enough=6.0,
    form="{:.1f} %",
    higher=False,
    names=("features", "labels", "guesses"),
    seconds=30,
)
def ten_drawings(choose):
    """Return how much is misread of unseen drawings, and what to try next."""
    before, after, useful = [], [], []
    W, b, found = _digits_of_writers()
    for features, labels, learn in found:
        guesses = (features @ W + b).argmax(axis=1)
        chosen = _chosen(choose, features[learn], labels[learn], guesses[learn])
        known, told = features[learn][chosen], labels[learn][chosen]
        new_W, new_b = _taught(W, b, known, told)
        now = (features @ new_W + new_b).argmax(axis=1)
        before.append(100 * (guesses != labels)[~learn].mean())
        after.append(100 * (now != labels)[~learn].mean())
        useful.append((guesses[learn][chosen] != told).mean() if len(chosen) else 0)
    score = np.mean(after)
    if score >= np.mean(before) and np.mean(useful) > 0.9:
        return score, (
            f"before it learned anything, it misread {np.mean(before):.1f} %. It learned only from "
            "what it misreads, and forgot the rest: also choose some that it reads correctly."
        )
    if score >= np.mean(before):
        return score, (
            f"before it learned anything, it misread {np.mean(before):.1f} %. Choose drawings that "
            "it misreads."
        )
    if np.mean(useful) < 0.4:
        return score, (
            "it already reads most of those that you choose, so they tell it little. "
            "Choose drawings with `guesses != labels`."
        )
    return score, (
        "drawings that are misread in the same way teach the same. Choose different ones, by their "
        "labels and guesses or by how far apart their features are, and with them some of those "
        "digits that they are mistaken for."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_written("14.1", _COSTLIEST)
_COUNTER = "from collections import Counter\n\n\ndef costliest(truth, guesses):\n    return Counter"
wrong("14.1", "pairs of a digit", f"{_COUNTER}(truth[guesses != truth]).most_common(1)")
wrong_written("14.2", _NEAREST)
wrong_results(
    "14.2",
    {
        "larger than the number that the search begins with": "min([(100, labels[0]), "
        "*zip(((known - point) ** 2).sum(axis=1) ** 0.5, labels)])[1]",
        "an array with one label": "labels[[((known - point) ** 2).sum(axis=1).argmin()]]",
    },
)
wrong_written("14.3", _CHANGED)
wrong_results(
    "14.3",
    {
        "whether there are any": "(after & ~before).any(), (before & ~after).any()",
        "Only one of the two numbers": "(after & ~before).sum(), (after & ~before).sum()",
    },
)

_CHOOSE = "def ten_to_learn(features, labels, guesses):\n    return "

wrong("14.4", "whole numbers in a list", f"{_CHOOSE}features[:10]")
wrong(
    "14.4",
    "asks for position 1000000",
    f"{_CHOOSE}[np.flatnonzero(labels == d)[10**6] for d in range(10)]",
)
wrong("14.4", "`np.flatnonzero` gives the numbers", f"{_CHOOSE}guesses != labels")
wrong("14.4", "at most 10", f"{_CHOOSE}np.flatnonzero(guesses == labels)")
wrong("14.4", "It chooses 11 drawings", f"{_CHOOSE}range(11)")
wrong("14.4", "is not there", f"{_CHOOSE}[100]")
wrong("14.4", "chooses a drawing twice", f"{_CHOOSE}[1, 1]")
wrong("14.4", "it misread", f"{_CHOOSE}[]")
