"""The exercises of step 14: teach it your handwriting."""

import functools

import numpy as np

from helpers.exercises.comparing import HintError, show
from helpers.exercises.measuring import called
from helpers.exercises.registry import exercise, open_task, wrong, wrong_results


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
        "That is the digit that is guessed wrongly most often; count the labels of what is "
        "misread, not the guesses.": (
            lambda truth, guesses: _errors(guesses[guesses != truth]).argmax()
        ),
        "That is the digit of which most are read correctly: `!=` instead of `==`.": (
            lambda truth, guesses: _errors(truth[guesses == truth]).argmax()
        ),
        "That is how many errors there are; return the digit: `argmax`, not `max`.": (
            lambda truth, guesses: _errors(truth[guesses != truth]).max()
        ),
        "That is the digit that occurs most; only what is misread counts.": (
            lambda truth, guesses: _errors(truth).argmax()
        ),
        "That is the digit that is guessed most; only what is misread counts.": (
            lambda truth, guesses: _errors(guesses).argmax()
        ),
        "That is the digit of which fewest are misread: `argmax`, not `argmin`.": (
            lambda truth, guesses: _errors(truth[guesses != truth]).argmin()
        ),
        "That is the place of the first error; count the errors of each digit.": (
            lambda truth, guesses: (guesses != truth).argmax()
        ),
        "That is the number of all errors; count those of each digit, and find the most.": (
            lambda truth, guesses: (guesses != truth).sum()
        ),
        "Those are the errors of each digit; find the most with `argmax`.": (
            lambda truth, guesses: _errors(truth[guesses != truth]),
            lambda truth, guesses: np.bincount(truth[guesses != truth]),
        ),
        "That is the digit of which the largest share is misread; their number counts here.": (
            lambda truth, guesses: (
                _errors(truth[guesses != truth]) / np.maximum(_errors(truth), 1)
            ).argmax()
        ),
    },
)
def costliest(truth, guesses):
    """Return the digit of which most are misread."""
    return _errors(truth[guesses != truth]).argmax()


def _squares(point, known):
    return ((known - point) ** 2).sum(axis=1)


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
        # A label whose average is far although one of its rows is near; and all rows are far.
        (
            np.array([0.0, 0.0]),
            np.array([[0.0, 0.0], [10.0, 0.0], [3.0, 0.0]]),
            np.array([4, 4, 7]),
        ),
        (
            np.array([0.0, 0.0]),
            np.array([[3000.0, 0.0], [0.0, -4000.0], [-2000.0, 0.0]]),
            np.array([6, 9, 3]),
        ),
    ],
    mistakes={
        "That is the label whose rows are nearest on average; look for the nearest single row.": (
            lambda point, known, labels: min(
                np.unique(labels),
                key=lambda label: ((known[labels == label].mean(axis=0) - point) ** 2).sum(),
            ),
            lambda point, known, labels: min(
                np.unique(labels), key=lambda label: _squares(point, known[labels == label]).mean()
            ),
        ),
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
        "That is the number of the row; return its label.": (
            lambda point, known, labels: _squares(point, known).argmin()
        ),
        "That is the label of the farthest row: `argmin`, not `argmax`.": (
            lambda point, known, labels: labels[_squares(point, known).argmax()]
        ),
        "Without a square, or `abs`, differences above and below 0 cancel each other.": (
            lambda point, known, labels: labels[(known - point).sum(axis=1).argmin()],
            lambda point, known, labels: labels[abs((known - point).sum(axis=1)).argmin()],
            lambda point, known, labels: abs((known - point).sum(axis=1)).argmin(),
        ),
        "Each row of `known` is one drawing, so add up along the row: `axis=1`.": (
            lambda point, known, labels: labels[
                ((known - point) ** 2).sum(axis=0).argmin() % len(labels)
            ],
            lambda point, known, labels: labels[((known - point) ** 2).argmin()],
        ),
        "That is the smallest distance; return the label of that row.": (
            lambda point, known, labels: _squares(point, known).min(),
            lambda point, known, labels: _squares(point, known).min() ** 0.5,
        ),
        "That adds up the differences themselves; square them first.": (
            lambda point, known, labels: labels[abs(known - point).sum(axis=1).argmin()]
        ),
        "The largest product is not the smallest distance: a long row wins from afar.": (
            lambda point, known, labels: labels[(known @ point).argmax()]
        ),
        "Those are the distances; find the smallest with `argmin`, and return its label.": (
            lambda point, known, labels: _squares(point, known),
            lambda point, known, labels: _squares(point, known) ** 0.5,
        ),
    },
)
def label_of_nearest(point, known, labels):
    """Return the label of the row that is nearest to a point."""
    return labels[_squares(point, known).argmin()]


@exercise(
    "14.3",
    "What did it gain, what did it lose?",
    todo="Replace the ... by how many are right only afterward, and how many only before.",
    examples=lambda rng: [
        (np.array([True, False, False, True, True]), np.array([True, True, True, False, True])),
        *(tuple(rng.random((2, 40)) < share) for share in ([[0.6], [0.8]], [[0.7], [0.4]])),
        (rng.random(9) < 0.5, np.ones(9, dtype=bool)),
    ],
    mistakes={
        "What is lost was right before: what is wrong afterward counts only if it was right.": (
            lambda before, after: ((after & ~before).sum(), (~after).sum())
        ),
        "They are exchanged: first what is right only afterward, then what was only before.": (
            lambda before, after: ((before & ~after).sum(), (after & ~before).sum())
        ),
        "Those are all that are right, before or afterward; count those that have changed.": (
            lambda before, after: (after.sum(), before.sum()),
            lambda before, after: (before.sum(), after.sum()),
        ),
        "That is how many more are right; five gained and five lost would give 0. Count both.": (
            lambda before, after: after.sum() - before.sum(),
            lambda before, after: (after.sum() - before.sum(), before.sum() - after.sum()),
        ),
        "That is how many have changed; count the two directions separately.": (
            lambda before, after: (before != after).sum(),
            lambda before, after: ((before != after).sum(), (after != before).sum()),
        ),
        "Those are shares; count with `sum`.": (
            lambda before, after: ((after & ~before).mean(), (before & ~after).mean()),
            lambda before, after: (
                100 * (after & ~before).mean(),
                100 * (before & ~after).mean(),
            ),
        ),
        "That counts what is right in both, or in neither; it tells nothing about a difference.": (
            lambda before, after: ((before & after).sum(), (~before & ~after).sum())
        ),
        "Those are True and False for each drawing; count them with `sum`.": (
            lambda before, after: (after & ~before, before & ~after)
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
    ours=5.7,
    # What is left is one drawing in eighteen; one more or less is luck with the arithmetic.
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

wrong_results(
    "14.1",
    {
        "guessed wrongly most often": "np.bincount(guesses[guesses != truth]).argmax()",
        "`!=` instead of `==`": "np.bincount(truth[guesses == truth]).argmax()",
        "`argmax`, not `max`": "np.bincount(truth[guesses != truth]).max()",
        "the digit that occurs most": "np.bincount(truth).argmax()",
        "the largest share": "max(range(10), key=lambda d: np.mean(guesses[truth == d] != d) "
        "if d in truth else 0)",
        "the errors of each digit": "np.bincount(truth[guesses != truth], minlength=10)",
    },
)

wrong_results(
    "14.2",
    {
        "the number of the row": "((known - point) ** 2).sum(axis=1).argmin()",
        "`argmin`, not `argmax`": "labels[((known - point) ** 2).sum(axis=1).argmax()]",
        "nearest on average": "min(np.unique(labels), key=lambda d: "
        "((known[labels == d].mean(axis=0) - point) ** 2).sum())",
        "differences above and below 0": "((known - point).sum(axis=1) ** 2).argmin()",
        "larger than the number that the search begins with": "min([(100, labels[0]), "
        "*zip(((known - point) ** 2).sum(axis=1) ** 0.5, labels)])[1]",
        "cancel each other": "labels[abs((known - point).sum(axis=1)).argmin()]",
        "the smallest distance": "((known - point) ** 2).sum(axis=1).min()",
        "The largest product": "labels[(known @ point).argmax()]",
    },
)

wrong_results(
    "14.3",
    {
        "What is lost was right before": "(after & ~before).sum(), (~after).sum()",
        "They are exchanged": "(before & ~after).sum(), (after & ~before).sum()",
        "all that are right": "after.sum(), before.sum()",
        "Count both": "after.sum() - before.sum()",
        "the two directions": "(before != after).sum()",
        "Those are shares": "(after & ~before).mean(), (before & ~after).mean()",
    },
)

_CHOOSE = "def ten_to_learn(features, labels, guesses):\n    return "

wrong("14.4", "whole numbers in a list", f"{_CHOOSE}features[:10]")
wrong("14.4", "IndexError", f"{_CHOOSE}[np.flatnonzero(labels == d)[10**6] for d in range(10)]")
wrong("14.4", "`np.flatnonzero` gives the numbers", f"{_CHOOSE}guesses != labels")
wrong("14.4", "at most 10", f"{_CHOOSE}np.flatnonzero(guesses == labels)")
wrong("14.4", "is not there", f"{_CHOOSE}[100]")
wrong("14.4", "chooses a drawing twice", f"{_CHOOSE}[1, 1]")
wrong("14.4", "it misread", f"{_CHOOSE}[]")
