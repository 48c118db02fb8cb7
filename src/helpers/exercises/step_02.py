"""The exercises of step 2: activations."""

import numpy as np

from helpers.exercises.registry import exercise, wrong_results


def relu(z):
    """Return max(0, z), entry by entry."""
    return np.maximum(0.0, z)


@exercise(
    "2.1",
    "The slope of a ReLU",
    todo="Replace the ... by an array with 1 where z is positive and 0 elsewhere.",
    examples=lambda rng: [
        # With a 0, on which > and >= differ.
        (np.array([-1.5, 0.0, 2.5]),),
        (np.array([0.5]),),
        # Small is not 0: comparing with a threshold instead would show here.
        (np.array([[3.0, -0.1], [0.0, 1e-9]]),),
        (rng.normal(size=(5, 7)),),
    ],
    mistakes={
        # Nearly right first: >= differs at a single place, and deserves to be told which.
        "At 0 itself the slope is 0 by custom: use > instead of >=.": lambda z: (z >= 0) * 1.0,
        "That is the ReLU itself; its slope is how much it grows when z grows.": relu,
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
    # A loop gives the same numbers, but this step is about computing with whole arrays.
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
        # The corners first: at 4 one sees whether it is flat again.
        (np.array([0.0, 1.0, 2.0, 3.0, 4.0]),),
        (np.array([1.5, 2.5]),),
        # Far to both sides, where a turn that is missing has the largest effect.
        (np.linspace(-3, 9, 50),),
        (rng.normal(2, 2, (6, 4)),),
    ],
    mistakes={
        "Up to 3 it is right, but then it goes on falling below 0: one more turn is missing.": (
            lambda x: relu(x - 1) - 2 * relu(x - 2)
        ),
        "At 2 it becomes flat instead of falling: to turn from slope 1 to −1 it takes −2.": (
            lambda x: relu(x - 1) - relu(x - 2)
        ),
        "At 2 it turns too little, and then it does not come back to 0: from slope 1 to −1 it "
        "takes −2.": lambda x: relu(x - 1) - relu(x - 2) + relu(x - 3),
        "From 1 on it rises and never turns: that is only the first of three ReLUs.": (
            lambda x: relu(x - 1)
        ),
        "The corners sit at 0, 1 and 2; they should be at 1, 2 and 3.": (
            lambda x: relu(x) - 2 * relu(x - 1) + relu(x - 2)
        ),
        "The corners are on the wrong side: relu(x − 1) has its corner at 1, relu(x + 1) at −1.": (
            lambda x: relu(x + 1) - 2 * relu(x + 2) + relu(x + 3)
        ),
        "After 3 it is not flat: there the slope has to change from −1 to 0, so by +1.": (
            lambda x: relu(x - 1) - 2 * relu(x - 2) + 2 * relu(x - 3)
        ),
    },
)
def hat(x):
    """Return 0 up to 1, 1 at 2, 0 from 3 on, and straight lines in between."""
    return relu(x - 1) - 2 * relu(x - 2) + relu(x - 3)


def softmax(z, *, axis=1, largest=None, divide=True):
    """Return the softmax of each row, or what comes out if one part of it is done otherwise."""
    # The mistakes of several exercises are this with one part done otherwise.
    powers = np.exp(z - (z.max(axis=1, keepdims=True) if largest is None else largest))
    return powers / powers.sum(axis=axis, keepdims=True) if divide else powers


@exercise(
    "2.3",
    "Softmax, row by row",
    todo="Replace the ... by the softmax of each row, safe for large logits.",
    examples=lambda rng: [
        # Rows of different sums, then logits that overflow, then a row far below the others.
        (np.array([[2.0, 1.0, 0.0]]),),
        (np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]),),
        (np.array([[1000.0, 999.0], [0.0, 0.0]]),),
        (np.array([[5.0, -1.0, 0.5], [-1000.0, -1001.0, -1002.0], [1.0, 2.0, 3.0]]),),
        # Large enough to overflow in nearly every row.
        (rng.normal(scale=300, size=(6, 10)),),
    ],
    mistakes={
        "It overflows: subtract the largest logit of each row before `np.exp`.": (
            lambda z: softmax(z, largest=0)
        ),
        "It adds up the whole table; each row needs a sum of its own, with axis=1.": (
            lambda z: softmax(z, axis=None)
        ),
        "The whole table adds up to 1, but each row should: take maximum and sum within each row, "
        "with axis=1.": (
            lambda z: softmax(z, axis=None, largest=z.max()),
            lambda z: softmax(z, axis=None, largest=0),
        ),
        "It goes down the columns: a row is one image, so the sum is over axis=1.": (
            lambda z: softmax(z - z.max(axis=0), axis=0, largest=0)
        ),
        "The largest logit of the whole table is too much for the other rows, whose powers all "
        "become 0: take the largest of each row.": lambda z: softmax(z, largest=z.max()),
        "The sums of the rows have to be a column, so that each row is divided by its own: add "
        "keepdims=True.": (
            # All ways to take out the largest, for this mistake goes with each of them.
            lambda z: _no_keepdims(z, z.max(axis=1)),
            lambda z: _no_keepdims(z, z.max(axis=1, keepdims=True)),
            lambda z: _no_keepdims(z, 0),
            lambda z: _no_keepdims(z, z.max()),
        ),
        "The powers are right; now divide each row by its sum.": (
            lambda z: softmax(z, divide=False)
        ),
    },
)
def softmax_rows(z):
    """Return the softmax of each row of a table."""
    return softmax(z)


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
        # The loss is an ordinary number here, although `np.exp` overflows or gives only 0.
        (np.array([0.0, 800.0]), 0),
        (np.array([-900.0, -905.0, -901.0]), 2),
        (rng.normal(scale=5, size=10), int(rng.integers(0, 10))),
    ],
    mistakes={
        "It overflows: take out the largest logit before `np.exp`.": (
            lambda z, label: np.log(np.exp(z).sum()) - z[label]
        ),
        "It goes through the probabilities, and one of them is stored as 0: leave out the softmax "
        "and compute from the logits.": lambda z, label: -np.log(softmax(z[None])[0][label]),
        "The naive softmax overflows: compute from the logits, with the largest taken out.": (
            lambda z, label: -np.log(softmax(z[None], largest=0)[0][label])
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


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "2.1",
    {
        "use > instead of >=": "np.where(z >= 0, 1.0, 0.0)",
        "That is the ReLU itself": "np.maximum(z, 0)",
        "not −1": "np.sign(z)",
        "An `if`": "1 if z > 0 else 0",
        "returns True and False": "z > 0",
        "one by one": "np.array([float(v > 0) for v in z.ravel()]).reshape(z.shape)",
        "returns a list": "[float(v > 0) for v in z]",
        "The wrong way around": "(z < 0).astype(int)",
    },
)

wrong_results(
    "2.2",
    {
        "one more turn is missing": "relu(x - 1) - 2 * relu(x - 2)",
        "becomes flat": "relu(x - 1) - relu(x - 2)",
        "turns too little": "relu(x - 1) + relu(x - 3) - relu(x - 2)",
        "wrong side": "relu(x + 1) - 2 * relu(x + 2) + relu(x + 3)",
        "never turns": "relu(x - 1)",
    },
)

wrong_results(
    "2.3",
    {
        "It overflows": "np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
        "The whole table adds up to 1": "np.exp(z - z.max()) / np.exp(z - z.max()).sum()",
        "adds up the whole table; each row": "np.exp(z - z.max(axis=1)[:, None]) / "
        "np.exp(z - z.max(axis=1)[:, None]).sum()",
        "down the columns": "np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0)",
        "largest logit of the whole table": "np.exp(z - z.max()) / "
        "np.exp(z - z.max()).sum(axis=1, keepdims=True)",
        "keepdims=True": "np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1)",
        "a TensorFlow tensor": "tf.nn.softmax(z)",
        "now divide each row": "np.exp(z - z.max(axis=1, keepdims=True))",
    },
)

wrong_results(
    "2.4",
    {
        "take out the largest logit": "np.log(np.sum(np.exp(logits))) - logits[label]",
        "stored as 0": "-np.log(softmax(logits)[label])",
        "naive softmax overflows": "-np.log(np.exp(logits) / np.exp(logits).sum())[label]",
        "add it again": "np.log(np.exp(logits - logits.max()).sum()) - logits[label]",
        "never negative": "logits[label] - logits.max() "
        "- np.log(np.exp(logits - logits.max()).sum())",
        "always takes the first": "np.log(np.exp(logits - max(logits)).sum()) + max(logits) "
        "- logits[0]",
    },
)
