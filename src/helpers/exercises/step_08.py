"""The exercises of step 8: errors."""

import dataclasses

import numpy as np

from helpers import data
from helpers.exercises.comparing import BlankError, HintError, show
from helpers.exercises.registry import add, exercise, wrong, wrong_bodies, wrong_results
from helpers.exercises.step_02 import softmax


def _count_pairs(truth, guesses):
    matrix = np.zeros((10, 10), dtype=int)
    # Unlike `+=`, it counts a pair as often as it comes.
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
        # 300 times one pair: `+= 1` counts it once, and 8 bits cannot count so far.
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
    # The exercise says that a digit that was never predicted has the precision 0.
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
        # The digit 1 was never predicted, so its precision would be 0 divided by 0.
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
        # Mostly right and sure, as the network of the notebook is, or no label could be
        # suspicious.
        logits[np.arange(images), truth] += 4
        labels = truth.copy()
        planted = rng.choice(images, k, replace=False)
        labels[planted] = (labels[planted] + rng.integers(1, 10, k)) % 10
        cases.append((softmax(logits), labels, k))
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
    """Networks of the learner's own, measured on the validation set of the series.

    One network could be good by luck of its seed; the average of several is not so easily.
    """

    number: str
    title: str
    todo: str
    networks: int  # how many, each from a seed of its own
    parameters: int  # how many each of them may have
    accuracy: float  # what they have to beat on average, in percent
    ceiling: float  # what none of them can reach honestly, in percent
    wrong: list = dataclasses.field(default_factory=list)  # as of an `Exercise`

    def examine(self, answer):
        """Return if the networks are small enough and good enough; see `Exercise.examine`."""
        if answer is ... or answer is None:
            raise BlankError
        import keras

        if isinstance(answer, keras.Model):
            raise HintError(
                f"That is one network, which may be lucky; the check wants a list of "
                f"{self.networks}, each trained from a seed of its own."
            )
        if not isinstance(answer, list | tuple) or len(answer) != self.networks:
            raise HintError(
                f"The check wants a list of {self.networks} trained models of Keras, but got "
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
        average = right[:, 1].mean()
        if average <= self.accuracy:
            raise HintError(
                f"On average they read {average:.1f} % of the validation images; more than "
                f"{self.accuracy} % are asked for. What would help is more images, and a digit "
                "that was moved by a pixel is a new one for the network."
            )

    def check_size(self, model):
        """Raise a HintError unless this is a network that was made, and not too large."""
        import keras

        if not isinstance(model, keras.Model):
            raise HintError(f"The check wants trained models of Keras, but one is {show(model)}.")
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
                f"For {len(images)} images one gives outputs of the shape {logits.shape}; ten for "
                "each image are asked for."
            )
        if not np.isfinite(logits).all():
            raise HintError("The outputs of one are nan or infinite: the training blew up.")
        return logits


add(
    Challenge(
        "8.4",
        "Beat the network",
        "Replace the ... by a list of three trained models.",
        networks=3,
        parameters=10_575,  # as many as the network of the series has
        # 25 networks of the series read 92.4 ± 0.6 %, so the average of three of them scatters by
        # less than 0.4: this is more than luck with the seeds.
        accuracy=94.0,
        ceiling=98.6,
    ),
    __name__,
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
        "of float64": f"{_COUNT}m.astype(float)",
        "Only the errors": f"{_COUNT}m - np.diag(np.diag(m))",
        "shape (1, 3)": f"{_COUNT}np.array([truth])",
    },
)

_RATIOS = "r = matrix[digit, digit]\n    c, l = matrix[:, digit].sum(), matrix[digit].sum()\n    "

wrong_results(
    "8.2",
    {
        "They are exchanged": "r / l, r / c",
        "0 divided by 0": "r / c, r / l",
        "number of all images": "(r / matrix.sum(),) * 2",
        "along the row; precision": "r / max(1, l), r / max(1, l)",
        "Those are percentages": "100 * r / max(1, c), 100 * r / max(1, l)",
    },
    before=_RATIOS,
)

_GIVEN = "p = probabilities[np.arange(len(labels)), labels]\n    "

wrong_results(
    "8.3",
    {
        "believes the most": "np.argsort(-p)[:k]",
        "the network is unsure": "np.argsort(probabilities.max(axis=1))[:k]",
        "only the first k": "np.argsort(p)",
        "wrong order": "np.argsort(p)[:k][::-1]",
        "Those are the probabilities": "np.sort(p)[:k]",
        "the first errors": "np.flatnonzero(probabilities.argmax(axis=1) != labels)[:k]",
        "Those are the labels": "labels[np.argsort(p)[:k]]",
    },
    before=_GIVEN,
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
    "That is one network": (
        "challengers = Sequential([tf.keras.Input(shape=(400,)), Dense(20), Dense(10)])"
    ),
    "not been built": "challengers = [Sequential([Dense(10)]) for seed in range(3)]",
}.items():
    wrong("8.4", hint, code)
