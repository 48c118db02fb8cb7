"""The exercises of step 2: activations."""

import functools

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_results


def relu(z):
    """Return max(0, z), entry by entry."""
    return np.maximum(0.0, z)


def _measured(results, expected, _examples):
    # Nearly all slopes are nearly right, but not all, and there is none outside of 0 to 1.
    got, right = (np.concatenate([one.ravel() for one in many]) for many in (results, expected))
    return (
        got.shape == right.shape
        and got.min() > -1e-3
        and got.max() < 1 + 1e-3
        and np.mean(abs(got - right) < 1e-3) > 0.8
        and not np.isin(got, [0, 1]).all()
    )


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
        "At 0 itself the slope is 0 by convention: use > instead of >=.": lambda z: (z >= 0) * 1.0,
        "At 0 itself the slope is 0 by convention, not 0.5.": lambda z: np.heaviside(z, 0.5),
        "At 0 that is 0 divided by 0, which is nan: a comparison of z with 0 needs no division.": (
            lambda z: relu(z) / z,
            lambda z: (z / abs(z) + 1) / 2,
            lambda z: z / abs(z) * (z > 0),
        ),
        "0.5 is the threshold for ink; here all that is larger than 0 counts.": (
            lambda z: (z > 0.5) * 1.0
        ),
        "The 3 was only an example; here all that is larger than 0 counts.": (
            lambda z: (z > 3) * 1.0
        ),
        "That is the ReLU itself; its slope is how much it grows when z grows.": relu,
        "Where z is negative the ReLU is flat, and its slope is 0, not −1.": (
            np.sign,
            lambda z: np.where(z > 0, 1, -1),
        ),
        "That is a sigmoid, which bends; the slope of a ReLU is 0 or 1.": lambda z: (
            1 / (1 + np.exp(-z))
        ),
        "That compares the numbers with their neighbors; each one has a slope of its own.": (
            lambda z: np.gradient(z),
            lambda z: np.gradient(relu(z)),
            lambda z: np.gradient(relu(z), z),
            lambda z: np.diff(z),
            lambda z: np.diff(relu(z)),
        ),
        "That is still True and False: the comparison needs parentheses around it, before it is "
        "multiplied by 1.0.": Looks(
            lambda got, right: got.dtype == bool and np.array_equal(got, right)
        ),
        "That is one number for all of z; each entry has a slope of its own.": (
            lambda z: (z > 0).any() * 1.0,
            lambda z: (z > 0).all() * 1.0,
        ),
        "Between 0 and 1 that is z itself; the slope is 1 as soon as z is positive.": (
            lambda z: np.minimum(1, relu(z))
        ),
        "The slope is measured, so it is not exact, least of all near 0: ask instead where z is "
        "positive.": Looks(_measured, together=True),
        "The slope is 1 only where z is positive; where z is negative, the ReLU is flat.": (
            np.ones_like
        ),
        "It is the wrong way around: the slope is 1 where z is positive.": (
            lambda z: (z < 0) * 1.0,
            lambda z: (z <= 0) * 1.0,
        ),
        "The slope is 1 wherever z is positive, not z itself.": lambda z: z * 1.0,
    },
    # A slope that is measured with a nudge is nearly right, too.
    tolerance=1e-12,
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
        (rng.normal(2, 2, 24),),
    ],
    mistakes={
        "Up to 3 it is right, but then it goes on falling below 0: one more turn is missing.": (
            lambda x: relu(x - 1) - 2 * relu(x - 2)
        ),
        "At 2 it becomes flat instead of falling: turning from slope 1 to −1 takes −2.": (
            lambda x: relu(x - 1) - relu(x - 2)
        ),
        "At 2 it turns too little, and then it does not come back to 0: turning from slope 1 "
        "to −1 takes −2.": lambda x: relu(x - 1) - relu(x - 2) + relu(x - 3),
        "From 1 on it rises and never turns: that is only the first of three ReLUs.": (
            lambda x: relu(x - 1)
        ),
        "The corners sit at 0, 1 and 2; they should be at 1, 2 and 3.": (
            lambda x: relu(x) - 2 * relu(x - 1) + relu(x - 2)
        ),
        "The corners sit at 2, 3 and 4; they should be at 1, 2 and 3.": (
            lambda x: relu(x - 2) - 2 * relu(x - 3) + relu(x - 4)
        ),
        "The corners sit at 0.5, 1 and 1.5: the factors stand before each ReLU, not before x.": (
            lambda x: relu(2 * x - 1) - 2 * relu(2 * x - 2) + relu(2 * x - 3)
        ),
        "relu(2 * x − 2) has its corner at 1, not at 2: the factor stands before the ReLU.": (
            lambda x: relu(x - 1) - relu(2 * x - 2) + relu(x - 3)
        ),
        "A negative factor inside the parentheses turns the ReLU around; it stands before it.": (
            lambda x: relu(x - 1) + relu(-2 * (x - 2)) + relu(x - 3)
        ),
        "The factors are not the heights 0, 1 and 0: each says by how much the slope changes at "
        "its corner.": lambda x: relu(x - 2),
        "It rises up to 3 and stays there: the turn at 2 is missing.": (
            lambda x: relu(x - 1) - relu(x - 3)
        ),
        "Some sign is wrong. Each factor says by how much the slope changes at its corner: at 2 "
        "from 1 to −1, at 3 from −1 to 0.": tuple(
            lambda x, a=a, b=b: relu(x - 1) + a * relu(x - 2) + b * relu(x - 3)
            for a, b in [(-2, -1), (-1, -1), (1, 1), (2, 1), (1, -1), (2, -1), (-1, -2), (1, -2)]
        ),
        "At 2 it turns too much: turning from slope 1 to −1 takes −2.": tuple(
            lambda x, a=a, b=b: relu(x - 1) - a * relu(x - 2) + b * relu(x - 3)
            for a, b in [(3, 1), (3, 2), (4, 3), (3, 3)]
        ),
        "All three corners are at the same place: subtract 1, 2 and 3 inside the parentheses.": (
            lambda x: relu(x) - 2 * relu(x) + relu(x),
            lambda x: relu(x) - 1 - 2 * (relu(x) - 2) + relu(x) - 3,
            lambda x: relu(x) - 1 - 2 * relu(x) - 2 + relu(x) - 3,
        ),
        "A product of ReLUs is curved; add them, each times a number.": (
            lambda x: relu(x - 1) * relu(3 - x)
        ),
        "Between 1 and 3 it is right, but outside it goes below 0.": lambda x: 1 - abs(x - 2),
        "The corners are on the wrong side: relu(x − 1) has its corner at 1, relu(x + 1) at −1.": (
            lambda x: relu(x + 1) - 2 * relu(x + 2) + relu(x + 3)
        ),
        "After 3 it is not flat: there the slope has to change from −1 to 0, so by +1.": (
            lambda x: relu(x - 1) - 2 * relu(x - 2) + 2 * relu(x - 3),
            lambda x: relu(x - 1) - 2 * relu(x - 2) + 3 * relu(x - 3),
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


def _shares(powers):
    return powers / powers.sum(axis=1, keepdims=True)


def _cut_off(z, *, most):
    return softmax(np.clip(z, -most, most))


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
        "The largest logits are right, but the sum goes down the columns: it is over axis=1, "
        "too.": lambda z: softmax(z, axis=0),
        "The sum is right, but the largest logits are those of the columns: take them over axis=1, "
        "too.": lambda z: softmax(z - z.max(axis=0), largest=0),
        "The largest logit has to be subtracted before `np.exp`, so that nothing overflows.": (
            lambda z: _shares(np.exp(z) - z.max(axis=1, keepdims=True)),
        ),
        "Subtract the largest logit; divided by it, the differences between the logits change.": (
            lambda z: _shares(np.exp(z / z.max(axis=1, keepdims=True)))
        ),
        "Subtract the largest logit; added, it makes everything overflow even sooner.": (
            lambda z: softmax(z, largest=-z.max(axis=1, keepdims=True))
        ),
        "Subtract the largest logit of each row; with another number the powers can still "
        "overflow.": (
            lambda z: softmax(z, largest=z.mean(axis=1, keepdims=True)),
            lambda z: softmax(z, largest=z.min(axis=1, keepdims=True)),
            lambda z: softmax(z, largest=100),
            lambda z: softmax(z, largest=1000),
        ),
        "The largest logit is taken out only above or only below the line of the fraction; take "
        "it out of both.": (
            lambda z: np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(1)[:, None],
            lambda z: np.exp(z) / np.exp(z - z.max(axis=1, keepdims=True)).sum(1)[:, None],
        ),
        "The `np.exp` is missing: a softmax divides powers, not the logits themselves.": (
            _shares,
            lambda z: _shares(z - z.max(axis=1, keepdims=True)),
        ),
        "Below the line stands the sum of the powers, not that of the logits.": (
            lambda z: softmax(z, divide=False) / z.sum(axis=1, keepdims=True),
            lambda z: np.exp(z) / z.sum(axis=1, keepdims=True),
        ),
        "That is the softmax of a softmax; once is enough.": lambda z: softmax(softmax(z)),
        "The largest logit may be negative: leave out `abs`.": (
            lambda z: softmax(z, largest=abs(z).max(axis=1, keepdims=True))
        ),
        "What is cut off changes the differences between the logits: subtract the largest logit of "
        "each row instead.": tuple(
            functools.partial(_cut_off, most=most) for most in (100, 500, 700)
        ),
        "That is the logarithm of the softmax; return the probabilities themselves.": (
            lambda z: np.log(softmax(z)),
            lambda z: (
                z - z.max(axis=1, keepdims=True) - np.log(softmax(z, divide=False).sum(1))[:, None]
            ),
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


def _kept_from_zero(z, label, *, least, add):
    probability = softmax(z[None])[0][label]
    return -np.log(probability + least if add else max(probability, least))


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
        # Here it helps even to take out the position of the largest one.
        (np.array([0.0, 0.0, 0.0, 711.0]), 0),
        (rng.normal(scale=5, size=10).round(2), int(rng.integers(0, 10))),
    ],
    mistakes={
        "`argmax` is the position of the largest logit; take the logit itself, with `max`.": (
            lambda z, label: np.log(np.exp(z - z.argmax()).sum()) + z.argmax() - z[label]
        ),
        "The minus sign is missing, and a probability that is stored as 0 has no logarithm: "
        "compute from the logits.": (
            lambda z, label: np.log(softmax(z[None])[0][label]),
            lambda z, label: np.log(softmax(z[None], largest=0)[0][label]),
        ),
        "There is one row of logits here, without an axis 1: leave out `axis` and `keepdims`.": (
            lambda z, label: z.max(axis=1)
        ),
        "It overflows: take out the largest logit before `np.exp`, and add it only after `np.log`, "
        "for e to that power overflows, too.": (
            lambda z, label: np.log(np.exp(z).sum()) - z[label]
        ),
        # With and without a softmax, for each comes to the same.
        "On the way there is a power or a probability so small that it is stored as 0, or so large "
        "that it overflows. `np.log` undoes `np.exp`, so `logits[label]` needs neither of them.": (
            lambda z, label: -np.log(softmax(z[None])[0][label]),
            lambda z, label: np.log(np.exp(z - z[label]).sum()),
            lambda z, label: -np.log(np.exp(z - z.max())[label] / np.exp(z - z.max()).sum()),
        ),
        "`np.exp` overflows: take out the largest logit first. `np.log` undoes `np.exp`, so "
        "`logits[label]` needs neither of them.": (
            lambda z, label: -np.log(softmax(z[None], largest=0)[0][label]),
            lambda z, label: np.log(np.exp(z).sum()) - np.log(np.exp(z[label])),
        ),
        "A small number that is added, or a limit, only hides that the probability is stored as 0: "
        "compute from the logits, without it.": tuple(
            functools.partial(_kept_from_zero, least=10.0**-n, add=add)
            for n in (7, 8, 9, 10, 12, 15, 16, 20, 100, 300)
            for add in (True, False)
        ),
        "The sign is wrong: a loss is never negative.": lambda z, label: -_loss(z, label),
        "You took the largest logit out of the sum; add it again after the logarithm.": (
            lambda z, label: _loss(z, label) - z.max(),
            lambda z, label: _loss(z, label) - 2 * z.max(),
        ),
        "That subtracts the label; subtract the logit at its position, `logits[label]`.": (
            lambda z, label: _loss(z, label) + z[label] - label
        ),
        "The powers have to be added up, not averaged.": (
            lambda z, label: np.log(np.exp(z - z.max()).mean()) + z.max() - z[label]
        ),
        "The `np.exp` is missing: what is added up are powers, not logits.": (
            lambda z, label: np.log((z - z.max()).sum()) + z.max() - z[label],
            lambda z, label: np.log(z.sum()) - z[label],
        ),
        "From `logits[label]` nothing has to be taken out, for the largest logit is added again "
        "already.": lambda z, label: _loss(z, label) + z.max(),
        "Some signs are wrong: what was taken out is added again, and the logit of the right "
        "answer is subtracted.": (
            lambda z, label: np.log(np.exp(z - z.max()).sum()) - z.max() + z[label],
            lambda z, label: np.log(np.exp(z - z.max()).sum()) + z.max() + z[label],
        ),
        "It adds up the powers of the first two logits only: take the sum of all of them.": (
            lambda z, label: _loss(z[:2], 0) + z[0] - z[label]
        ),
        "The largest logit is added again after the logarithm, so outside of its parentheses.": (
            lambda z, label: np.log(np.exp(z - z.max()).sum() + z.max()) - z[label]
        ),
        "The logarithm of the sum is missing: without it, only the largest logit counts.": (
            lambda z, label: z.max() - z[label]
        ),
        "That is the sum of the powers; take its logarithm.": (
            lambda z, label: np.exp(z - z.max()).sum() + z.max() - z[label]
        ),
        "First add up the powers, then take the logarithm.": (
            lambda z, label: np.log(np.exp(z - z.max())).sum() + z.max() - z[label]
        ),
        "That is the logarithm of the logit; a probability comes from all logits together.": (
            lambda z, label: -np.log(z[label])
        ),
        "That is 1 minus the probability; the loss is minus the logarithm of the probability.": (
            lambda z, label: 1 - np.exp(-_loss(z, label))
        ),
        "It takes the logit before the right one: the positions are counted from 0, as labels "
        "are.": lambda z, label: _loss(z, label - 1),
        "That is the logarithm with base 10; `np.log` is the natural one.": (
            lambda z, label: _loss(z, label) / np.log(10),
            lambda z, label: np.log10(np.exp(z - z.max()).sum()) + z.max() - z[label],
        ),
        "That is the probability; return minus its logarithm.": (
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
        "needs parentheses around it": "z > 0 * 1.0",
        "one number for all of z": "(z > 0).any() * 1.0",
        "Between 0 and 1": "np.minimum(1, np.maximum(0, z))",
        "with their neighbors": "np.diff(np.maximum(0, z))",
        "one by one": "np.array([float(v > 0) for v in z.ravel()]).reshape(z.shape)",
        "returns a list": "[float(v > 0) for v in z]",
        "the wrong way around": "(z < 0).astype(int)",
        "The slope is measured": "(np.maximum(0, z) - np.maximum(0, z - 1e-9)) / 1e-9",
        "nan: a comparison": "np.maximum(0, z) / z",
        "not 0.5": "np.heaviside(z, 0.5)",
        "only an example": "(z > 3) * 1.0",
        "(`np.max` looks": "np.max(0, z)",
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
        "Some sign is wrong": "relu(x - 1) - 2 * relu(x - 2) - relu(x - 3)",
        "at 2, 3 and 4": "relu(x - 2) - 2 * relu(x - 3) + relu(x - 4)",
        "is curved": "relu(x - 1) * relu(3 - x)",
        "turn at 2 is missing": "relu(x - 1) - relu(x - 3)",
        "corner at 1, not at 2": "relu(x - 1) - relu(2 * x - 2) + relu(x - 3)",
        "turns the ReLU around": "relu(x - 1) + relu(-2 * (x - 2)) + relu(x - 3)",
        "not the heights": "0 * relu(x - 1) + 1 * relu(x - 2) + 0 * relu(x - 3)",
        "not before x": "relu(2 * x - 1) - 2 * relu(2 * x - 2) + relu(2 * x - 3)",
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
        "but the sum goes down": "np.exp(z - z.max(axis=1, keepdims=True)) / "
        "np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=0)",
        "with another number": "np.exp(z - z.mean(axis=1, keepdims=True)) / "
        "np.exp(z - z.mean(axis=1, keepdims=True)).sum(axis=1, keepdims=True)",
        "`np.exp` is missing": "z / z.sum(axis=1, keepdims=True)",
        "not that of the logits": "np.exp(z - z.max(axis=1, keepdims=True)) / "
        "z.sum(axis=1, keepdims=True)",
        "once is enough": "np.array([softmax(softmax(row)) for row in z])",
        "leave out `abs`": "(lambda p: p / p.sum(axis=1, keepdims=True))("
        "np.exp(z - abs(z).max(axis=1, keepdims=True)))",
        "What is cut off": "(lambda p: p / p.sum(axis=1, keepdims=True))("
        "np.exp(np.clip(z, -500, 500)))",
        "logarithm of the softmax": "z - z.max(axis=1, keepdims=True) - np.log("
        "np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))",
        "only above or only below": "np.exp(z - z.max(axis=1, keepdims=True)) / "
        "np.exp(z).sum(axis=1, keepdims=True)",
    },
)

wrong_results(
    "2.4",
    {
        "take out the largest logit": "np.log(np.sum(np.exp(logits))) - logits[label]",
        "stored as 0": "-np.log(softmax(logits)[label])",
        "overflows: take out the largest logit first": "-np.log(np.exp(logits) / "
        "np.exp(logits).sum())[label]",
        "only hides": "-np.log(softmax(logits)[label] + 1e-12)",
        "logarithm of the sum is missing": "logits.max() - logits[label]",
        "Some signs are wrong": "np.log(np.exp(logits - logits.max()).sum()) - logits.max() "
        "+ logits[label]",
        "the logarithm of the logit": "-np.log(logits[label])",
        "add it again": "np.log(np.exp(logits - logits.max()).sum()) - logits[label]",
        "first two logits only": "np.log(np.exp(logits[0] - max(logits)) "
        "+ np.exp(logits[1] - max(logits))) + max(logits) - logits[label]",
        "outside of its parentheses": "np.log(np.exp(logits - max(logits)).sum() + max(logits)) "
        "- logits[label]",
        "never negative": "logits[label] - logits.max() "
        "- np.log(np.exp(logits - logits.max()).sum())",
        "take the logit itself": "np.log(np.exp(logits - logits.argmax()).sum()) "
        "+ logits.argmax() - logits[label]",
        "minus sign is missing": "np.log(softmax(logits)[label])",
        "leave out `axis`": "np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum()) "
        "- logits[label]",
        "subtracts the label": "np.log(np.exp(logits - logits.max()).sum()) + logits.max() - label",
        "not averaged": "np.log(np.exp(logits - max(logits)).mean()) + max(logits) - logits[label]",
        "`np.exp` is missing": "np.log((logits - logits.max()).sum()) + logits.max() "
        "- logits[label]",
        "nothing has to be taken out": "np.log(np.exp(logits - max(logits)).sum()) + max(logits) "
        "- (logits[label] - max(logits))",
        "always takes the first": "np.log(np.exp(logits - max(logits)).sum()) + max(logits) "
        "- logits[0]",
    },
)
