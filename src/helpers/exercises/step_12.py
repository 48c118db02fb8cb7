"""The exercises of step 12: backpropagation."""

import functools
import itertools

import numpy as np

from helpers.exercises.comparing import HintError, alike
from helpers.exercises.engine import Looks
from helpers.exercises.measuring import called
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
from helpers.exercises.step_01 import formula
from helpers.exercises.trainer import read_after


def _backward_case(rng, images, inputs, outputs):
    shapes = (images, inputs), (inputs, outputs), (images, outputs)
    return tuple(rng.normal(size=shape).round(1) for shape in shapes)


def _in_another_order(results, expected, _examples):
    return any(
        all(
            alike(got, tuple(right[i] for i in order), 1e-5)
            for got, right in zip(results, expected, strict=True)
        )
        for order in itertools.permutations(range(3))
    )


# What concerns one of the three slopes stands before what concerns all of them.
_BACKWARD = listed("""
The slopes for W and a are right, those for b are not: add up d_z over the images, with sum(axis=0).
    a.T @ d_z, d_z, d_z @ W.T
For b, add up over the images, axis=0; axis=1 adds up over the neurons.
    a.T @ d_z, d_z.sum(axis=1), d_z @ W.T
For b, each neuron has a sum of its own: sum(axis=0).
    a.T @ d_z, d_z.sum(), d_z @ W.T
For b, take the sum over the images, not the average: d_z already says how much each image counts.
    a.T @ d_z, d_z.mean(axis=0), d_z @ W.T
For b, that is the first image only; add up over all of them, with sum(axis=0).
    a.T @ d_z, d_z[0], d_z @ W.T
For a, each slope goes back along its weights: d_z @ W.T.
    a.T @ d_z, d_z.sum(axis=0), d_z @ W
    a.T @ d_z, d_z.sum(axis=0), W @ d_z
    a.T @ d_z, d_z.sum(axis=0), W @ d_z.T
For a, leave out the slope of the ReLU: it belongs to the step before, not to this layer.
    a.T @ d_z, d_z.sum(axis=0), d_z @ W.T * (a > 0)
For W, the input comes first: a.T @ d_z has the shape of W.
    d_z.T @ a, d_z.sum(axis=0), d_z @ W.T
For W, the input has to be transposed: a.T @ d_z.
    a @ d_z, d_z.sum(axis=0), d_z @ W.T
For W, that is what W becomes after a step; return its slopes alone.
    W - a.T @ d_z, d_z.sum(axis=0), d_z @ W.T
Do not divide by the number of images: d_z already contains that.
    a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T / len(a)
    a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T
    a.T @ d_z / len(a), d_z.sum(axis=0), d_z @ W.T
    a.T @ d_z / 3, d_z.sum(axis=0), d_z @ W.T
    a.T @ d_z / 3, d_z.sum(axis=0) / 3, d_z @ W.T
    a.T @ d_z / 3, d_z.sum(axis=0) / 3, d_z @ W.T / 3
`*` multiplies entry by entry; the product of matrices is `@`.
    a.T * d_z, d_z.sum(axis=0), d_z * W.T
The sign is wrong; nothing is subtracted here.
    -a.T @ d_z, -d_z.sum(axis=0), -d_z @ W.T
That leaves out b; return three arrays, for W, b and a.
    a.T @ d_z, d_z @ W.T
That is right for a single image only. Each image has a row: a.T @ d_z adds up the outer products of
all rows, and d_z @ W.T gives each row slopes of its own.
    np.outer(a, d_z), d_z.sum(axis=0), d_z @ W.T
    np.outer(a, d_z), d_z.sum(axis=0), W @ d_z
    np.outer(a, d_z), d_z, W @ d_z
    np.outer(a, d_z), d_z, d_z @ W.T
Those are the slopes for the first image alone; all rows of `a` and `d_z` count.
    np.outer(a[0], d_z[0]), d_z[0], W @ d_z[0]
    np.outer(a[0], d_z[0]), d_z[0], d_z[0] @ W.T
For b, leave out `keepdims`: b is a single row, with one axis.
    a.T @ d_z, d_z.sum(axis=0, keepdims=True), d_z @ W.T
For b, 1 is how much z grows with b. By the chain rule, that has to be multiplied by d_z, and added
up over the images.
    a.T @ d_z, 1, d_z @ W.T
    a.T @ d_z, np.ones(W.shape[1]), d_z @ W.T
For b, it is d_z that is added up over the images, not a.
    a.T @ d_z, a.sum(axis=0), d_z @ W.T
For a, each image keeps a row of its own, so nothing is added up over the images.
    a.T @ d_z, d_z.sum(axis=0), (d_z @ W.T).sum(axis=0)
    a.T @ d_z, d_z.sum(axis=0), (d_z @ W.T).mean(axis=0)
`reshape` leaves the numbers in their order; rows and columns are exchanged by `.T`.
    a.reshape(a.shape[1], -1) @ d_z, d_z.sum(axis=0), d_z @ W.reshape(W.shape[1], -1)
    a.reshape(a.shape[1], a.shape[0]) @ d_z, d_z.sum(axis=0), d_z @ W.T
    a.T @ d_z, d_z.sum(axis=0), d_z @ W.reshape(W.shape[1], W.shape[0])
Leave out the slope of the ReLU for z: d_z holds the slopes for z already.
    d_z = d_z * (a @ W > 0)
    return a.T @ d_z, d_z.sum(axis=0), d_z @ W.T
For a, one product is enough: d_z @ W.T has the shape of a already.
    a.T @ d_z, d_z.sum(axis=0), d_z @ W.T @ W
""")


@exercise(
    "12.1",
    "Backward through one layer",
    todo="Replace the ... by the slopes for W, b and a.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]])),
        # Square, so that a forgotten transpose gives numbers; the last one gives its error.
        _backward_case(rng, 2, 2, 2),
        _backward_case(rng, 3, 3, 3),
        _backward_case(rng, 4, 3, 2),
    ],
    mistakes={
        **written("a, W, d_z", _BACKWARD),
        "The three are right but in another order: first W, then b, then a.": (
            Looks(_in_another_order, together=True)
        ),
        "It returns one array instead of three: write all three behind one `return`, with commas "
        "between them.": Looks(lambda got, _right: type(got) is np.ndarray and got.size > 0),
    },
)
def backward(a, W, d_z):
    """Return the slopes for W, b and a of a layer z = a @ W + b, given those for z."""
    return a.T @ d_z, d_z.sum(axis=0), d_z @ W.T


_sum_of_squares = formula("(w**2).sum()", "w")

# Its slope in one entry depends on all others, so a nudge that is not taken back shows.
_product_of_sines = formula("np.prod(np.sin(w))", "w")


def _each_slope(f, w, into=None):
    slopes = np.zeros(w.shape) if into is None else into
    for place in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        slopes[place] = (f(w + nudge) - f(w - nudge)) / 2e-5
    return slopes


def _from_copies(f, w, nudge):
    # To one side, from a copy each time.
    return [(f(w + nudge * e) - f(w)) / nudge for e in _units(w)]


def _left_over(f, w, nudge, *, base=None):
    # To one side, but with all the nudges of the entries before.
    slopes, steps = [], np.zeros(w.shape)
    for unit in _units(w):
        before = f(w + steps) if base is None else f(w)
        steps = steps + nudge * unit
        slopes.append((f(w + steps) - before) / nudge)
    return slopes


def _units(w):
    return np.eye(w.size).reshape(-1, *w.shape)


def _near(make):
    # Measured with another nudge, it is nearly that; as a list or in all places of an array, too.
    def holds(results, _expected, examples):
        return all(
            np.allclose(got, make(*arguments), rtol=1e-3, atol=1e-4)
            for got, arguments in zip(results, examples, strict=True)
        )

    return Looks(holds, together=True)


def _stops(*parts):
    # Not in all examples: what needs two axes is no problem where there are two.
    def holds(results, _expected, _examples):
        errors = [str(got) for got in results if isinstance(got, Exception)]
        return any(part in error for part in parts for error in errors)

    return Looks(holds, together=True)


def _made_by(make):
    # The nudge is the learner's own; on a sum of squares it shows in the first slope.
    def holds(results, expected, examples):
        nudge = results[0].flat[0] - expected[0].flat[0]
        return abs(nudge) > 5e-6 and all(
            np.allclose(got.ravel(), make(f, w, nudge), rtol=1e-3, atol=1e-3)
            for got, (f, w) in zip(results, examples, strict=True)
        )

    return Looks(holds, together=True)


def _all_so_far(results, expected, examples):
    # With small nudges, each slope has those before it in it.
    added_up = (
        np.allclose(got.ravel(), right.ravel().cumsum(), rtol=1e-3, atol=1e-3)
        for got, right in zip(results, expected, strict=True)
    )
    left = _made_by(functools.partial(_left_over, base="w"))
    return all(added_up) or left.like(results, expected, examples)


def _nudged_too_far(results, expected, examples):
    # To both sides, squares get their slopes whatever the nudge, and all sines the same share.
    for got, right, (f, _) in zip(results, expected, examples, strict=True):
        share = got / right
        if f is _sum_of_squares:
            if not np.allclose(got, right, atol=1e-6):
                return False
        elif np.ptp(share) > 1e-3 or not 0.3 < share.max() < 1:
            return False
    return True


def _far_too_far(results, expected, examples):
    # To both sides, squares still get their slopes, and sines hardly any.
    return all(
        np.allclose(got, right if f is _sum_of_squares else 0, atol=1e-4)
        for got, right, (f, _) in zip(results, expected, examples, strict=True)
    )


def _of_a_nudge(results, _expected, examples):
    # Of two nudges alone, squares make the same tiny number each time, and sines 0.
    return all(
        got.max() < 1e-3 and np.ptp(got) < 1e-9 and (got.min() > 0) == (f is _sum_of_squares)
        for got, (f, _) in zip(results, examples, strict=True)
    )


def _in_another_shape(results, expected, _examples):
    return all(
        np.shape(got) and np.allclose(np.ravel(got), right.ravel(), atol=1e-3)
        for got, right in zip(results, expected, strict=True)
    )


def _each_row(f, w):
    return np.array([
        (f(w + 1e-5 * e) - f(w - 1e-5 * e)) / 2e-5
        for e in (
            np.zeros(w.shape) + (np.arange(len(w)) == i).reshape(-1, *[1] * (w.ndim - 1))
            for i in range(len(w))
        )
    ])


def _loop(*change, slope="(f(up) - f(down)) / 2e-5"):
    """Return an answer that is right but for the slope, or what is changed: old text, new text."""
    code = (
        "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n"
        "        up, down = w.copy(), w.copy()\n        up[i] += 1e-5\n        down[i] -= 1e-5\n"
        f"        slopes[i] = {slope}\n    return slopes"
    )
    return code.replace(*change) if change else code


@exercise(
    "12.2",
    "A gradient, measured",
    todo="Replace the ... by the slope of f for each entry of w.",
    examples=lambda rng: [
        (_sum_of_squares, np.array([1.0, 2.0])),
        (_sum_of_squares, np.array([[0.5], [-1.5], [3.0]])),
        (_product_of_sines, np.array([[1.0, 2.0], [0.5, 1.3]])),
        (_product_of_sines, rng.uniform(0.5, 2.5, (2, 3)).round(1)),
    ],
    mistakes={
        "All entries are nudged at once; each needs a nudge of its own.": (
            _near(lambda f, w: (f(w + 1e-5) - f(w - 1e-5)) / 2e-5)
        ),
        "That is the slope for the last entry alone, since each slope replaces the one before: "
        "write it into its place, `slopes[place] = ...`.": (
            _near(lambda f, w: _each_slope(f, w).flat[-1])
        ),
        "Those are the right slopes, but not in an array of the shape of w: end with "
        "`np.array(slopes).reshape(w.shape)`.": Looks(_in_another_shape, together=True),
        "`np.ndindex` takes a shape, not an array: `np.ndindex(w.shape)`.": (
            lambda f, w: np.ndindex(w)
        ),
        "The slopes are written into w, so f gets them instead of the entries: collect them in an "
        "array of their own, such as `np.zeros(w.shape)`.": lambda f, w: _each_slope(f, w, w),
        "`w.shape` has as many numbers as w has axes, and w may have a single one: "
        "`np.ndindex(w.shape)` goes through the entries of any array.": (
            _stops("tuple index out of range", "not enough values to unpack")
        ),
        "`range(w.size)` counts all entries, but one number in square brackets picks a whole row "
        "where w has two axes: `np.ndindex(w.shape)` goes through all entries.": (
            _stops("is out of bounds for axis 0 with")
        ),
        "Divide by a number, the distance between the two ends, not by the array that holds the "
        "nudge.": _stops("setting an array element with a sequence"),
        "`np.gradient` takes numbers, not a function: measure each slope with a nudge.": (
            _stops("invalid number of arguments")
        ),
        "f computes with NumPy, which a tape cannot follow: measure each slope with a nudge.": (
            _stops("Tensor' object", "Variable' object")
        ),
        "That is twice the gradient: the two ends are 2 nudges apart.": (
            lambda f, w: 2 * _each_slope(f, w)
        ),
        "That is half the gradient: nudge to both sides, or divide by one nudge only. (`v = w` is "
        "no copy of an array; `w.copy()` is.)": (lambda f, w: _each_slope(f, w) / 2),
        "The sign is wrong: subtract the value on the left from the value on the right.": (
            lambda f, w: -_each_slope(f, w)
        ),
        "`range(len(w))` counts the rows of an array with two dimensions, so whole rows are nudged "
        "at once: `np.ndindex(w.shape)` goes through all entries.": (
            _each_row,
            lambda f, w: np.broadcast_to(
                _each_row(f, w).reshape(-1, *[1] * (w.ndim - 1)), w.shape
            ).copy(),
        ),
        "f gets a single entry; it needs the whole array, with a nudge in that entry.": (
            lambda f, w: np.vectorize(lambda entry: _each_slope(f, np.array([entry]))[0])(w)
        ),
        "f gets a part of w, as `for row in w` gives it; it needs the whole array, with a nudge in "
        "one entry.": _near(lambda f, w: [(f(i + 1e-5) - f(i - 1e-5)) / 2e-5 for i in w]),
        "Only the first entry has been measured: does `return` stand inside the loop?": (
            lambda f, w: _each_slope(f, w) * _units(w)[0],
            lambda f, w: _each_slope(f, w).flat[0],
        ),
        "Subtract the values of f, not what f is given: `f(...) - f(...)`.": (
            Looks(_of_a_nudge, together=True)
        ),
        "The nudge is far too large: 1e5 is 100,000, and 1e-5 is 0.00001.": (
            Looks(_far_too_far, together=True)
        ),
        "The array for the slopes holds whole numbers and cuts off the decimals: make it with "
        "`np.zeros(w.shape)`.": Looks(
            lambda got, right: got.dtype.kind in "iu" and (abs(got - right) <= 1.001).all()
        ),
        "It is 0 everywhere. Either the nudge is so small that it is lost in rounding, or both "
        "ends are the same array: `v = w` makes no copy, `w.copy()` does.": Looks(
            lambda got, _right: not got.any()
        ),
        "Put parentheses around the difference: a division comes before a subtraction.": Looks(
            lambda got, _right: (abs(got) > 1e3).all()
        ),
        "Multiplied, the nudge depends on the entry: add the same nudge to each.": (
            _near(lambda f, w: w * _each_slope(f, w))
        ),
        # These depend on the size of the learner's nudge, so they are told apart by theirs.
        "The nudge is too large, because f bends on the way: take one of about 0.00001.": Looks(
            _nudged_too_far, together=True
        ),
        "It nudges to one side only, and too far: nudge to both sides, by about 0.00001.": (
            _made_by(_from_copies)
        ),
        "The nudge of one entry is still there when the next is measured: take it back, or start "
        "from a copy each time.": _made_by(_left_over),
        "All nudges so far are still there when an entry is measured: take them back, or start "
        "from a copy each time.": Looks(_all_so_far, together=True),
        "`/ 2 * h` divides by 2 and then multiplies by h: put parentheses around `2 * h`.": Looks(
            lambda got, right: 0 < abs(got).max() < 3e-9 * abs(right).max()
        ),
        "That is how much f changes; divide it by the distance.": Looks(
            lambda got, right: 0 < abs(got).max() < 0.2 * abs(right).max()
        ),
        "That is close, but not close enough: nudge to both sides, by about 0.00001, which is "
        "small, but not so small that rounding shows, and take each nudge back.": Looks(
            lambda got, right: np.allclose(got, right, atol=0.3)
        ),
    },
    tolerance=1e-4,
)
def numerical_gradient(f, w):
    """Return the slopes of f for all entries of w, in the shape of w."""
    return _each_slope(f, w)


EPOCHS = 5


@open_task(
    "12.3",
    "A step of your own",
    todo="Replace the ... by lines that change the parameters.",
    ours=92.1,
    enough=91.5,
    form="{:.1f} %",
    names=("parameters", "gradients", "memory"),
    seconds=60,
)
def train_with_steps(my_step):
    """Return how many validation images six networks read on average that take these steps."""
    parameters = [np.ones((3, 2)), np.ones(2)]
    called(my_step, parameters, [array / 4 for array in parameters], {})
    if all((array == 1).all() for array in parameters):
        raise HintError(
            "It leaves the parameters as they are: change each array in place, as in "
            "`parameters[i] -= ...`. (`p = p - ...` makes a new array.)"
        )
    score = read_after(lambda p, g, memory, _epoch: my_step(p, g, memory), EPOCHS)
    if score < 60:
        return score, "the sign, and the size of the steps: print what one step changes."
    if score < 90.5:
        return score, "the two ideas of Adam; `memory` keeps their averages. Which rate suits it?"
    return score, "smaller steps toward the end: `memory` can count the 550 steps of a training."


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_written("12.1", _BACKWARD)
wrong_results(
    "12.1",
    {
        "another order": "d_z @ W.T, a.T @ d_z, d_z.sum(axis=0)",
        "another order: first W": "d_z.sum(axis=0), a.T @ d_z, d_z @ W.T",
        "instead of three": "a.T @ d_z",
    },
)

wrong_bodies(
    "12.2",
    {
        "`np.ndindex` takes a shape": _loop("ndindex(w.shape)", "ndindex(w)"),
        "slopes are written into w": _loop("np.zeros(w.shape)", "w"),
        "All entries are nudged at once": "return (f(w + 1e-6) - f(w)) / 1e-6",
        "for the last entry alone": _loop("[i] =", " ="),
        "not in an array of the shape of w": "slopes = []\n    for i in np.ndindex(w.shape):\n"
        "        e = np.zeros(w.shape)\n        e[i] = 1e-5\n"
        "        slopes.append((f(w + e) - f(w - e)) / 2e-5)\n    return slopes",
        "the entries of any array": _loop(
            "np.ndindex(w.shape)", "[(i, j) for i in range(w.shape[0]) for j in range(w.shape[1])]"
        ),
        "counts all entries, but": _loop("np.ndindex(w.shape)", "range(w.size)"),
        "not by the array": _loop(slope="(f(up) - f(down)) / (up - down)"),
        "`np.gradient` takes numbers": "return np.gradient(f, w)",
        "a tape cannot follow": "v = tf.Variable(w)\n    with tf.GradientTape() as tape:\n"
        "        loss = f(v)\n    return tape.gradient(loss, v).numpy()",
        "f gets a part of w": "return np.array([(f(i + 1e-5) - f(i - 1e-5)) / 2e-5 for i in w])",
        "Subtract the values of f": _loop(slope="f(up - down) / 2e-5"),
        "1e5 is 100,000": _loop("e-5", "e5"),
        "All nudges so far": "nudge, slopes = np.zeros(w.shape), np.zeros(w.shape)\n    for i in "
        "np.ndindex(w.shape):\n        nudge[i] = 1e-5\n        slopes[i] = (f(w + nudge) - "
        "f(w - nudge)) / 2e-5\n    return slopes",
        "twice the gradient": _loop(slope="(f(up) - f(down)) / 1e-5"),
        "how much f changes": _loop(slope="f(up) - f(down)"),
        "parentheses around `2 * h`": _loop(slope="(f(up) - f(down)) / 2 * 1e-5"),
        "The sign is wrong": _loop(slope="(f(down) - f(up)) / 2e-5"),
        "whole rows are nudged at once": _loop("np.ndindex(w.shape)", "range(len(w))"),
        "too large, because f bends": _loop("e-5", "e-1"),
        "`v = w` makes no copy": _loop(".copy()", ""),
        "changes what it is given": (_loop("return", "w += 1\n    return")),
        "take it back": "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n"
        "        before = f(w)\n        w[i] += 0.01\n        slopes[i] = (f(w) - before) / 0.01\n"
        "    return slopes",
    },
)

for hint, body in {
    "leaves the parameters as they are": "for p, g in zip(parameters, gradients):\n"
    "        p = p - 0.1 * g",
    "list index out of range": "for i in range(3):\n        parameters[i] -= gradients[i]",
    "KeyError": "memory['m'] += gradients[0]\n    parameters[0] -= memory['m']",
}.items():
    wrong("12.3", hint, f"def my_step(parameters, gradients, memory):\n    {body}")
