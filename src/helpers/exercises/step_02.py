"""The exercises of step 2: activations."""

import functools
import math

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results


def relu(z):
    """Return max(0, z), entry by entry."""
    return np.maximum(0.0, z)


def _measured(results, expected, _examples):
    # Nearly all slopes are nearly right, but not all, and there is none outside of 0 to 1. What is
    # compared is 0, 0.5 or 1 exactly.
    got, right = (np.concatenate([one.ravel() for one in many]) for many in (results, expected))
    return (
        got.shape == right.shape
        and got.min() > -1e-3
        and got.max() < 1 + 1e-3
        and np.mean(abs(got - right) < 1e-3) > 0.8
        and not np.isin(got, [0, 0.5, 1]).all()
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
        "The slope is measured, so it is not exact, least of all near 0: ask instead where z is "
        "positive.": Looks(_measured, together=True),
        # Nearly right first: >= differs at a single place, and deserves to be told which.
        "At 0 itself the slope is 0 by convention: use > instead of >=.": lambda z: (z >= 0) * 1.0,
        "At 0 itself the slope is 0 by convention, not 0.5.": lambda z: np.heaviside(z, 0.5),
        "At 0 that is 0 divided by 0, which is nan: a comparison of z with 0 needs no division.": (
            lambda z: relu(z) / z,
            lambda z: (z / abs(z) + 1) / 2,
            lambda z: z / abs(z) * (z > 0),
            lambda z: z / abs(z),
            lambda z: z / z,
            lambda z: (z > 0) / z,
        ),
        "A positive number may be tiny: compare with 0 itself.": tuple(
            lambda z, n=n: (z > 10.0**-n) * 1.0 for n in range(1, 9)
        ),
        "The slope is 1 as soon as z is larger than 0, not only from 1 on.": (
            lambda z: (z > 1) * 1.0
        ),
        "Negative numbers count as true, too; compare with 0, by `>`.": lambda z: (z != 0) * 1.0,
        "Only the positive entries are replaced; where z is negative, the slope is 0.": (
            lambda z: np.where(z > 0, 1, z)
        ),
        "That picks the positive entries; each entry has a slope, so compare without picking.": (
            lambda z: z[z > 0] * 1.0,
            lambda z: (z[z > 0] > 0) * 1.0,
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
        "That is still True and False: turn it into numbers, with parentheses around the "
        "comparison, as in `(a > 3) * 1.0`.": Looks(
            lambda got, right: got.dtype == bool and np.array_equal(got, right)
        ),
        "That is one number for all of z; each entry has a slope of its own.": (
            lambda z: (z > 0).any() * 1.0,
            lambda z: (z > 0).all() * 1.0,
            lambda z: (z > 0).sum() * 1.0,
            lambda z: (z > 0).mean(),
        ),
        "Between 0 and 1 that is z itself; the slope is 1 as soon as z is positive.": (
            lambda z: np.minimum(1, relu(z))
        ),
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


def _turns(holds):
    # Nearly all that is built here consists of straight lines with corners at whole numbers. What
    # it is made of can be found out: a constant, the slope on the left, and the turns at 0 to 4.
    def look(results, _expected, examples):
        x, got = np.concatenate([one for (one,) in examples]), np.concatenate(results)
        parts = np.stack([np.ones_like(x), x, *(relu(x - corner) for corner in range(5))], axis=1)
        found = np.linalg.lstsq(parts, got)[0]
        level, left, *turns = found.round(6)
        # A multiple of the hat has a hint of its own.
        multiple = np.allclose(found, turns[1] * np.array([0, 0, 0, 1, -2, 1, 0]), atol=1e-5)
        return np.allclose(parts @ found, got) and not multiple and holds(level, left, turns)

    return Looks(look, together=True)


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
        "That is only the last of three ReLUs: add them up.": lambda x: relu(x - 3),
        "All three corners are at the same place: subtract 1, 2 and 3 inside the parentheses. Or "
        "`relu` is missing, or stands around the whole sum: each part needs one of its own.": (
            lambda x: relu(x) - 2 * relu(x) + relu(x),
            lambda x: relu(x) - 1 - 2 * (relu(x) - 2) + relu(x) - 3,
            lambda x: relu(x) - 1 - 2 * relu(x) - 2 + relu(x) - 3,
        ),
        "A product of ReLUs or a sine is curved; add ReLUs, each times a number.": (
            lambda x: relu(x - 1) * relu(3 - x),
            lambda x: relu(np.sin(np.pi * (x - 1) / 2)),
        ),
        "Those are the three parts; add them.": Looks(
            lambda got, _right: isinstance(got, list | tuple) and len(got) == 3
        ),
        "That is one number for all of x; add the ReLUs by `+`, without `sum`.": Looks(
            lambda got, _right: isinstance(got, float)
        ),
        "It jumps from 0 to 1 and back; between the corners it should be a straight line.": Looks(
            lambda got, right: got.shape == right.shape and np.isin(got, (0, 1)).all()
        ),
        "Between 1 and 3 it is right, but outside it goes below 0.": lambda x: 1 - abs(x - 2),
        "The corners are on the wrong side: relu(x − 1) has its corner at 1, relu(x + 1) at −1.": (
            lambda x: relu(x + 1) - 2 * relu(x + 2) + relu(x + 3)
        ),
        # From here on, what is wrong is read off the lines, from the left to the right.
        "On the left of 1 it is not flat: x without a ReLU has a slope everywhere, and so has "
        "`relu(3 - x)` on the left of 3.": _turns(lambda _level, left, _turns: left != 0),
        "On the left of 1 it is not 0: add or subtract numbers inside the parentheses of `relu`, "
        "not outside.": _turns(lambda level, _left, _turns: level != 0),
        "It has a corner at 0 or at 4: there are three, at 1, 2 and 3.": _turns(
            lambda _level, _left, turns: turns[0] != 0 or turns[4] != 0
        ),
        "At 1 the slope has to change from 0 to 1, so by +1.": _turns(
            lambda _level, _left, turns: turns[1] != 1
        ),
        "At 2 the slope has to change from 1 to −1, so by −2.": _turns(
            lambda _level, _left, turns: turns[2] != -2
        ),
        "After 3 it is not flat: there the slope has to change from −1 to 0, so by +1.": _turns(
            lambda _level, _left, turns: turns[3] != 1
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
        # Too large for numbers of 80 bits, too.
        (np.array([[20000.0, 19999.0], [0.0, 1.0]]),),
        (np.array([[5.0, -1.0, 0.5], [-1000.0, -1001.0, -1002.0], [1.0, 2.0, 3.0]]),),
        # Large enough to overflow in nearly every row.
        (rng.normal(scale=300, size=(6, 10)),),
    ],
    mistakes={
        "It overflows: subtract the largest logit of each row before `np.exp`.": (
            lambda z: softmax(z, largest=0),
            lambda z: softmax(z.astype(np.longdouble), largest=0),
        ),
        "It adds up the whole table; each row needs a sum of its own, with axis=1.": (
            lambda z: softmax(z, axis=None),
            lambda z: softmax(z, divide=False) / softmax(z, largest=z.max(), divide=False).sum(),
        ),
        "The whole table adds up to 1, but each row should: take maximum and sum within each row, "
        "with axis=1.": (
            lambda z: softmax(z, axis=None, largest=z.max()),
            lambda z: softmax(z, axis=None, largest=0),
        ),
        "It goes down the columns: a row is one image, so the sum is over axis=1.": (
            lambda z: softmax(z - z.max(axis=0), axis=0, largest=0),
            lambda z: softmax(z - z.max(axis=0), axis=0, largest=0).T,
        ),
        "The largest logits are right, but the sum goes down the columns: it is over axis=1, "
        "too.": lambda z: softmax(z, axis=0),
        "The sum is right, but the largest logits are those of the columns: take them over axis=1, "
        "too.": lambda z: softmax(z - z.max(axis=0), largest=0),
        "The largest logit has to be subtracted before `np.exp`, so that nothing overflows.": (
            lambda z: _shares(np.exp(z) - z.max(axis=1, keepdims=True)),
            lambda z: _shares(np.exp(z) - np.exp(z).max(axis=1, keepdims=True)),
            lambda z: _shares(np.exp(z) / np.exp(z).max(axis=1, keepdims=True)),
        ),
        "The sign is turned around: subtract the largest logit from the others, and take the "
        "powers of that.": (
            lambda z: softmax(-z),
            lambda z: softmax(-z, largest=-z.max(axis=1, keepdims=True)),
        ),
        "What overflows stays wrong when `nan_to_num` puts a 0 there: subtract the largest logit "
        "of each row before `np.exp`.": lambda z: np.nan_to_num(softmax(z, largest=0)),
        "The powers are those of e: take `np.exp`.": (
            lambda z: softmax(z * np.log(2)),
            lambda z: softmax(z * np.log(10)),
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
            lambda z: softmax(z, largest=700),
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
        "Divide after `np.exp`, not inside of it.": (
            lambda z: np.exp(z / z.sum(axis=1, keepdims=True)),
            lambda z: np.exp(_shares(z - z.max(axis=1, keepdims=True))),
        ),
        "Divide by the sum of the row: that is the mean.": (lambda z: softmax(z) * z.shape[1]),
        "Divide by the sum of the row; `*` multiplies.": lambda z: (
            softmax(z, divide=False) * softmax(z, divide=False).sum(axis=1, keepdims=True)
        ),
        "That gives all to the largest logit of a row; a softmax gives each its share.": (
            lambda z: (z == z.max(axis=1, keepdims=True)) * 1.0
        ),
        "The largest logits are subtracted; the powers and the division are still missing.": (
            lambda z: z - z.max(axis=1, keepdims=True)
        ),
        "That is the table as it was given: a loop that sets `row = ...` changes nothing in the "
        "table.": lambda z: z,
        "It takes the whole table in every round of the loop: take the row of the round.": (
            lambda z: np.array([softmax(z, axis=None, largest=z.max()) for _row in z])
        ),
        "That is only the last row: collect one for each row of the table.": (
            lambda z: softmax(z)[-1]
        ),
        "An array of whole numbers cuts off the decimals: begin with `np.zeros(z.shape)`.": (
            lambda z: softmax(z).astype(int)
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
        "The largest logits and the sums of the rows have to be columns, so that each row gets its "
        "own: add keepdims=True to both.": (
            lambda z: _shares(np.exp(z - z.max(axis=1))),
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
        # Too far apart for the mean, and for numbers of 80 bits.
        (np.array([20000.0, 0.0, 20000.0, 0.0]), 1),
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
            lambda z, label: np.log(np.exp(z).sum()) - z[label],
        ),
        "Take out the largest logit; with another one, or with the mean, the powers can still "
        "overflow, and so can 1 divided by a probability.": tuple(
            lambda z, label, m=m: np.log(np.exp(z - m(z, label)).sum()) + m(z, label) - z[label]
            for m in (
                lambda z, label: z.mean(),
                lambda z, label: np.median(z),
                lambda z, label: z.min(),
                lambda z, label: z[0],
                lambda z, label: z[-1],
                lambda z, label: z[label],
            )
        ),
        # With and without a softmax, for each comes to the same.
        "On the way there is a power or a probability so small that it is stored as 0, or so large "
        "that it overflows. `np.log` undoes `np.exp`, so `logits[label]` needs neither of them.": (
            lambda z, label: -np.log(softmax(z[None])[0][label]),
            lambda z, label: -np.log(np.exp(z - z.max())[label] / np.exp(z - z.max()).sum()),
            lambda z, label: -math.log(softmax(z[None])[0][label]),
            lambda z, label: np.log(np.exp(z - z.max()).sum()) + z.max() - np.log(np.exp(z[label])),
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
        "The loss of one image is no average: leave out the division.": (
            lambda z, label: _loss(z, label) / len(z)
        ),
        "That is one number for each logit: add up the powers, by `sum`, before the logarithm.": (
            lambda z, label: z - z[label],
            lambda z, label: np.log(np.exp(z - z.max())) + z.max() - z[label],
        ),
        "Those are the losses for all labels; return the one at the position `label`.": (
            lambda z, label: -np.log(softmax(z[None])[0]),
            lambda z, label: np.log(np.exp(z - z.max()).sum()) + z.max() - z,
        ),
        "The number stands in an array of its own: leave out `keepdims`, and write the label in "
        "one pair of brackets only.": lambda z, label: np.array([_loss(z, label)]),
        "It is cut off to a whole number; leave all decimals.": (
            lambda z, label: int(_loss(z, label))
        ),
        "The powers of all logits are added up, that of the right one, too.": (
            lambda z, label: (
                np.log(np.exp(np.delete(z, label) - z.max()).sum()) + z.max() - z[label]
            )
        ),
        "`logits[label]` is subtracted as it is, without `np.exp`.": (
            lambda z, label: _loss(z, label) + z[label] - np.exp(z[label])
        ),
        "The largest logit is subtracted from the logits, so inside of the parentheses of "
        "`np.exp`.": lambda z, label: np.log((np.exp(z) - z.max()).sum()) + z.max() - z[label],
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
            lambda z, label: -np.log(np.exp(z - z.max()).sum()) + z.max() - z[label],
            lambda z, label: -np.log(np.exp(z - z.max()).sum()) + z.max() + z[label],
            lambda z, label: -np.log(np.exp(z - z.max()).sum()) - z.max() - z[label],
        ),
        "It adds up the powers of the first two logits only: take the sum of all of them.": (
            lambda z, label: _loss(z[:2], 0) + z[0] - z[label],
            lambda z, label: np.log(np.exp(z[0]) + np.exp(z[1])) - z[label],
            lambda z, label: np.log(np.exp(z[label]) + np.exp(z[1 - label])) - z[label],
        ),
        "What is added to the logarithm, or subtracted from it, stands outside of its "
        "parentheses.": (
            lambda z, label: np.log(np.exp(z - z.max()).sum() + z.max()) - z[label],
            lambda z, label: np.log(np.exp(z - z.max()).sum() + z.max() - z[label]),
            lambda z, label: np.log((np.exp(z - z.max()) + z.max()).sum()) - z[label],
        ),
        "The logarithm of the sum is missing; the loss depends on all logits.": (
            lambda z, label: z.max() - z[label],
            lambda z, label: -z[label],
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
        "It takes the logit beside the right one: the positions are counted from 0, as labels "
        "are.": (
            lambda z, label: _loss(z, label - 1),
            lambda z, label: _loss(z, label + 1),
        ),
        "That is a logarithm with base 10 or 2; `np.log` is the natural one.": (
            lambda z, label: _loss(z, label) / np.log(10),
            lambda z, label: np.log10(np.exp(z - z.max()).sum()) + z.max() - z[label],
            lambda z, label: _loss(z, label) / np.log(2),
            lambda z, label: np.log2(np.exp(z - z.max()).sum()) + z.max() - z[label],
        ),
        "That is the probability; return minus its logarithm.": (
            lambda z, label: np.exp(-_loss(z, label)),
            lambda z, label: -np.exp(-_loss(z, label)),
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
        "with parentheses around": "z > 0 * 1.0",
        "may be tiny": "(z > 1e-6) * 1.0",
        "not only from 1 on": "(z > 1) * 1.0",
        "count as true": "z.astype(bool).astype(float)",
        "compare without picking": "z[z > 0] * 1.0",
        "converted by": "float(z > 0)",
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
        "`np.max` looks": "np.max(0, z)",
    },
)

wrong_bodies(
    "2.1",
    {
        "Only the positive": "slope = z.copy()\n    slope[z > 0] = 1\n    return slope",
        "has fewer axes": "slope = np.zeros(z.shape)\n    for i in range(z.shape[0]):\n"
        "        for j in range(z.shape[1]):\n            slope[i, j] = z[i, j] > 0\n"
        "    return slope",
        "in one long row": "slope = []\n    for one in z.flatten():\n"
        "        slope.append(1.0 if one > 0 else 0.0)\n    return np.array(slope)",
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
        "After 3 it is not flat": "relu(x - 1) - 2 * relu(x - 2) + 2 * relu(x - 3)",
        "the last of three": "relu(x - 3)",
        "each part needs one of its own": "relu((x - 1) - 2 * (x - 2) + (x - 3))",
        "Those are the three parts": "relu(x - 1), -2 * relu(x - 2), relu(x - 3)",
        "one number for all of x": "(relu(x - 1) - 2 * relu(x - 2) + relu(x - 3)).sum()",
        "It jumps": "np.where((x > 1) & (x < 3), 1, 0)",
        "has a slope everywhere": "x - 2 * relu(x - 1) + 2 * relu(x - 3)",
        "not outside": "relu(x - 1) - 2 * relu(x) - 2 + relu(x) - 3",
        "a corner at 0 or at 4": "relu(x) - 2 * relu(x - 2) + relu(x - 4)",
        "from 0 to 1, so": "2 * relu(x - 1) - 2 * relu(x - 2)",
        "from 1 to −1, so": "relu(x - 1) + 2 * relu(x - 2) + 3 * relu(x - 3)",
        "as in `(a > 0) & (b > 0)`": "np.where(x > 1 & x < 2, x - 1, 0)",
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
        "keepdims=True to both": "np.exp(z - z.max(axis=1)) "
        "/ np.exp(z - z.max(axis=1)).sum(axis=1)",
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
        "turned around": "np.array([softmax(row.max() - row) for row in z])",
        "the table as it was": "z",
        "in every round": "np.array([softmax(z) for row in z])",
        "only the last row": "softmax(z[-1])",
        "still missing": "z - z.max(axis=1, keepdims=True)",
        "gives all to the largest": "(z == z.max(axis=1, keepdims=True)) * 1.0",
        "cuts off the decimals": "np.array([softmax(row) for row in z], dtype=int)",
        "in one long row": "np.concatenate([softmax(row) for row in z])",
        "is it misspelled": "np.exp(z - z.max(axis=1), keepdims=True)",
        "by their names": "np.exp(z - z.max(1, True))",
    },
)

wrong_results(
    "2.3",
    {
        "that is the mean": "powers / powers.mean(axis=1, keepdims=True)",
        "`*` multiplies": "powers * powers.sum(axis=1, keepdims=True)",
    },
    before="powers = np.exp(z - z.max(axis=1, keepdims=True))\n    ",
)

wrong_results(
    "2.3",
    {
        "before `np.exp`, so": "(powers / m) / (powers / m).sum(axis=1, keepdims=True)",
        "puts a 0 there": "np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))",
        "those of e": "(lambda p: p / p.sum(axis=1, keepdims=True))("
        "2 ** (z - z.max(axis=1, keepdims=True)))",
        "not inside of it": "np.exp(z / z.sum(axis=1, keepdims=True))",
    },
    before="powers = np.exp(z)\n    m = powers.max(axis=1, keepdims=True)\n    ",
)

wrong_results(
    "2.4",
    {
        "take out the largest logit": "np.log(np.sum(np.exp(logits))) - logits[label]",
        "stored as 0": "-np.log(softmax(logits)[label])",
        "overflows: take out the largest logit first": "-np.log(np.exp(logits) / "
        "np.exp(logits).sum())[label]",
        "only hides": "-np.log(softmax(logits)[label] + 1e-12)",
        "logarithm of the sum is": "logits.max() - logits[label]",
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
        "minus its logarithm": "-softmax(logits)[label]",
        "the losses for all labels": "-np.log(softmax(logits))",
    },
)

wrong_results(
    "2.4",
    {
        "no average": "(np.log(np.exp(logits - m).sum()) + m - logits[label]) / len(logits)",
        "for each logit": "np.log(np.exp(logits - m)) + m - logits[label]",
        "in an array of its own": "np.log(np.exp(logits - m).sum()) + m - logits[[label]]",
        "cut off": "int(np.log(np.exp(logits - m).sum()) + m - logits[label])",
        "that of the right one, too": "np.log(np.exp(np.delete(logits, label) - m).sum()) + m "
        "- logits[label]",
        "as it is, without": "np.log(np.exp(logits - m).sum()) + m - np.exp(logits[label])",
        "so inside of the": "np.log((np.exp(logits) - m).sum()) + m - logits[label]",
        "base 10 or 2": "np.log2(np.exp(logits - m).sum()) + m - logits[label]",
        "depends on all logits": "-logits[label]",
        "beside the right one": "np.log(np.exp(logits - m).sum()) + m - logits[label + 1]",
        "no entries to pick": "np.log(np.exp(logits - m).sum()) + m - m[label]",
        "Some signs are wrong": "-np.log(np.exp(logits - m).sum()) + m - logits[label]",
    },
    before="m = logits.max()\n    ",
)

wrong_results(
    "2.4",
    {"or with the mean": "np.log(np.exp(logits - m).sum()) + m - logits[label]"},
    before="m = logits.mean()\n    ",
)
