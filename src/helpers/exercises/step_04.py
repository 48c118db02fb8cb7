"""The exercises of step 4: the network."""

import itertools

import numpy as np

from helpers.exercises.engine import Looks, stops
from helpers.exercises.registry import (
    exercise,
    listed,
    written,
    wrong_bodies,
    wrong_results,
    wrong_written,
)
from helpers.exercises.step_02 import relu

_COUNT = listed("""
The biases are missing: one for each output of each layer.
    sum(a * b for a, b in zip(sizes, sizes[1:]))
The inputs have no biases; only the outputs of a layer have them.
    sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)
There is one bias for each output of a layer, not for each input.
    sum(a * b + a for a, b in zip(sizes, sizes[1:]))
That is only the first layer. Does `return` stand inside the loop?
    (sizes[0] + 1) * sizes[1]
That is only the last layer: add up all of them, as in `+=`.
    (sizes[-2] + 1) * sizes[-1]
It relies on a certain number of layers: go through all sizes in a loop.
    sum((sizes[i] + 1) * sizes[i + 1] for i in range(3))
    sum((sizes[i] + 1) * sizes[i + 1] for i in range(2))
The biases of the last layer are missing: its outputs have them, too.
    sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes[1:-1])
The biases are multiplied by the inputs, too; each output has only one of them.
    sum(a * (b + b) for a, b in zip(sizes, sizes[1:]))
Every second layer is left out: the output of one layer is the input of the next.
    sum(a * b + b for a, b in list(zip(sizes, sizes[1:]))[::2])
Position −1 is the last one, so the last size is joined with the first: begin with 1.
    sum((sizes[i - 1] + 1) * sizes[i] for i in range(len(sizes)))
    sum((sizes[i - 1] + 1) * b for i, b in enumerate(sizes[1:]))
A layer joins a size with the next one, not with itself.
    sum(a * a + a for a in sizes)
    sum(a * a for a in sizes)
    sum(a * a + a for a in sizes[1:])
The layers are multiplied with each other; add them up.
    int(np.prod([a * b + b for a, b in zip(sizes, sizes[1:])]))
Only the last layer gets biases; every layer has one for each of its outputs.
    sum(a * b for a, b in zip(sizes, sizes[1:])) + sizes[-1]
Only the outputs of a layer get a bias: with `a` inputs and `b` outputs, that is `(a + 1) * b`.
    sum(a * b + a + b for a, b in zip(sizes, sizes[1:]))
    sum((a + 1) * (b + 1) for a, b in zip(sizes, sizes[1:]))
The sizes of neighbors are multiplied, not added: there is a weight for each pair of units.
    sum(a + b for a, b in zip(sizes, sizes[1:]))
    sum(a + b + b for a, b in zip(sizes, sizes[1:]))
    sum((a + b) * b for a, b in zip(sizes, sizes[1:]))
The inputs are joined with the first column behind them, not with the outputs.
    sizes[0] * sizes[-1] + sizes[-1]
That is a list with the number of each layer; add them up.
    [a * b + b for a, b in zip(sizes, sizes[1:])]
`sizes` holds single numbers; `zip(sizes[:-1], sizes[1:])` makes pairs of neighbors.
    sum(a * b + b for a, b in sizes)
The two sides of `zip` have different lengths: leave out the last size on the left, `sizes[:-1]`,
and the first one on the right, `sizes[1:]`.
    sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=True))
You cannot calculate with tuples: make an array of `sizes` first, or go through it in a loop.
    sum(sizes[:-1] * sizes[1:])
    (sizes[:-1] + 1) * sizes[1:]
There is one layer fewer than there are sizes: the last size has no neighbor after it. (`for i in
sizes` gives the sizes themselves, not positions.)
    sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes)))
Each layer joins only neighbors: multiply pairs of neighbors and add the products.
    int(np.prod(sizes))
    sum(a * b + b for a in sizes[:-1] for b in sizes[1:])
    sum(sizes[:-1]) * sum(sizes[1:]) + sum(sizes[1:])
Weights are missing: each layer has one for each pair of an input and an output.
    sum(sizes[1:])
    sizes[0] * sizes[1] + sizes[1] + sum(sizes[1:])
    sizes[0] * sizes[1] + sum(sizes[1:])
Those are two numbers; add the weights and the biases up.
    sum(a * b for a, b in zip(sizes, sizes[1:])), sum(sizes[1:])
The first layer is missing.
    sum(a * b + b for a, b in zip(sizes[1:], sizes[2:]))
The last layer is missing.
    sum(a * b + b for a, b in zip(sizes[:-1], sizes[1:-1]))
That counts the units, not the lines between them.
    sum(sizes)
A layer has one bias for each output, not one in all.
    sum(a * b + 1 for a, b in zip(sizes, sizes[1:]))
    sum(a * b for a, b in zip(sizes, sizes[1:])) + len(sizes)
    sum(a * b for a, b in zip(sizes, sizes[1:])) + 1
""")


@exercise(
    "4.1",
    "Count the parameters of any network",
    todo="Replace the ... by the number of all weights and biases.",
    examples=lambda rng: [
        # From one layer to four: who counts the three of the notebook only is found out.
        ((2, 1),),
        ((4, 3, 2),),
        ((400, 25, 15, 10),),
        ((10, 10, 5),),
        (tuple(rng.integers(1, 99, 5).tolist()),),
    ],
    mistakes={
        **written("sizes", _COUNT),
        "It takes a certain number of sizes apart, but there can be more or fewer: go through them "
        "in a loop.": Looks(
            lambda results, expected, _examples: (
                any("values to unpack" in str(got) for got in results)
                and all(
                    "values to unpack" in str(got) or got == right
                    for got, right in zip(results, expected, strict=True)
                )
            ),
            together=True,
        ),
    },
    # A whole number may be a float.
    view=lambda got: int(got) if isinstance(got, float) and got.is_integer() else got,
)
def count_parameters(sizes):
    """Return the number of weights and biases of dense layers between these sizes."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes))


def _layer(rng, images, inputs, outputs, *, decimals=1):
    shapes = (images, inputs), (inputs, outputs), outputs
    return tuple(rng.normal(size=shape).round(decimals) for shape in shapes)


_DENSE = listed("""
That tells where the sums are positive, by True or 1; keep the positive sums themselves.
    (X @ W + b) > 0
    np.where(X @ W + b > 0, 1, 0)
The ReLU comes last: it is applied to the sums, not to the images or the weights.
    np.maximum(0, X) @ W + b
    X @ np.maximum(0, W) + b
    X @ np.maximum(0, W + b)
The biases belong to the outputs, not to the inputs: first X @ W, then + b.
    np.maximum(0, (X + b) @ W)
    (X + b) @ W
That is a softmax; use a ReLU.
    np.exp(X @ W + b) / np.exp(X @ W + b).sum(axis=1, keepdims=True)
`*` and `sum` make one number of everything; `@` adds up one sum for each image and neuron.
    np.maximum(0, (X * W).sum() + b)
    (X * W).sum() + b
    np.maximum(0, (X @ W).sum() + b)
    np.maximum(0, np.sum(X * W.T) + b)
The ReLU is missing: negative sums become 0. (An `if` would decide for all of them at once.)
    X @ W + b
An `if` decides for all entries at once; the ReLU treats each of them by itself.
    z = X @ W + b
    return z if (z > 0).all() else 0 * z
The biases are missing.
    np.maximum(0, X @ W)
First add the biases, then apply the ReLU, once.
    np.maximum(0, X @ W) + b
    np.maximum(0, np.maximum(0, X @ W) + b)
The biases are subtracted; add them.
    np.maximum(0, X @ W - b)
The biases are multiplied; add them.
    np.maximum(0, X @ W * b)
    np.maximum(0, X @ W @ b)
The product needs X on the left: each row of X meets each column of W.
    np.maximum(0, W @ X + b)
    np.maximum(0, np.dot(W, X) + b)
    np.maximum(0, W.T @ X + b)
The biases come after the product: first X @ W, then + b.
    np.maximum(0, X @ (W + b))
The ReLU cuts off below 0, not below the biases; these are added.
    np.maximum(X @ W, b)
The ReLU cuts off below 0, not below 1.
    np.maximum(1, X @ W + b)
It is the wrong way around: the ReLU keeps what is positive.
    np.minimum(0, X @ W + b)
    np.maximum(0, -(X @ W + b))
The ReLU makes 0 of a negative sum; `abs` turns it around.
    abs(X @ W + b)
That is a sigmoid; use a ReLU.
    1 / (1 + np.exp(-X @ W - b))
Each neuron has a bias of its own: neither add them up nor use a single one.
    np.maximum(0, X @ W + b.sum())
    np.maximum(0, X @ W + b.mean())
    np.maximum(0, X @ W + b[0])
The biases are a row, one for each column of X @ W: leave them as they are.
    np.maximum(0, X @ W + b[:, None])
X and W are added; the product of matrices is `@`.
    np.maximum(0, X + W + b)
The sums of a layer are not divided by anything.
    np.maximum(0, X @ W / len(X) + b)
    np.maximum(0, X @ W / X.shape[1] + b)
`z[z > 0]` leaves entries out; those that are not positive stay in their places, as 0.
    (X @ W + b)[X @ W + b > 0]
The decimals are cut off; leave out the conversion to whole numbers.
    np.maximum(0, X @ W + b).astype(int)
`np.vectorize` makes whole numbers of all entries if the first is one; `np.maximum` does not.
    np.vectorize(lambda z: max(0, z))(X @ W + b)
The outputs of a layer are not added up: there is a row for each image, a column for each neuron.
    np.maximum(0, X @ W + b).sum(axis=1)
    np.maximum(0, X @ W + b).sum(axis=0)
That is a single number: `np.max` looks for the largest entry and `sum` adds up all, but the layer
gives a row for each image.
    np.max(X @ W + b)
    np.maximum(0, X @ W + b).max()
    np.maximum(0, X @ W + b).sum()
The weights are transposed: W already has one column for each output.
    np.maximum(0, X @ W.T + b)
`*` multiplies entry by entry; the product of matrices is `@`.
    np.maximum(0, X * W + b)
    X * W + b
`np.maximum` compares two things, and the other one is 0: `np.maximum(0, …)`.
    np.maximum(X @ W + b)
`np.max` looks for the largest of one array; `np.maximum` compares entry by entry.
    np.max(0, X @ W + b)
""")


@exercise(
    "4.2",
    "One dense layer",
    todo="Replace the ... by what a layer with ReLU makes of all images.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[1.0, -1.0], [0.5, -1.0]]), np.array([0.5, 1.0])),
        # Square ones, too: in them a transpose gives numbers instead of an error.
        _layer(rng, 1, 3, 3),
        _layer(rng, 2, 3, 3),
        # With finer numbers, for those who round.
        _layer(rng, 5, 8, 4, decimals=2),
    ],
    mistakes={
        **written("X, W, b", _DENSE),
        "`zip` pairs images with rows of W; there is no need for a loop, for `@` multiplies all "
        "images with all weights at once.": stops("zip()"),
        "`b += …` writes into the biases, in which there is room for one row only: make a new "
        "array, with `+`.": stops("non-broadcastable"),
        "`forward` knows three layers, and here is only one: compute it yourself.": stops(
            "expected 6, got 2"
        ),
    },
    # The product of matrices is what takes the place of the loops over images and neurons.
    grow=lambda n: _layer(np.random.default_rng(n), n, n, n),
)
def dense(X, W, b):
    """Return max(0, X @ W + b)."""
    return relu(X @ W + b)


def _stack(rng, sizes, images):
    arrays = []
    for a, b in itertools.pairwise(sizes):
        # Rounded, so that what a hint shows can be computed again by hand.
        arrays += [rng.normal(size=(a, b)).round(1), rng.normal(size=b).round(1)]
    return arrays, rng.normal(size=(images, sizes[0])).round(1)


def _pass(parameters, X, *, last=lambda z: z):
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = X @ W + b
        X = relu(z)
    return last(z)


def _near(one, right):
    return np.shape(one) == right.shape and np.allclose(one, right)


def _of_one_depth(results, expected, examples):
    # Right for one number of layers, while others stop, or give something else.
    found = {}
    for got, right, (parameters, _) in zip(results, expected, examples, strict=True):
        near = not isinstance(got, BaseException) and _near(got, right)
        found.setdefault(len(parameters) // 2, []).append(near)
    depths = [depth for depth, right in found.items() if all(right)]
    stops = any("to unpack" in str(got) or isinstance(got, IndexError) for got in results)
    return len(depths) == 1 and (stops or depths[0] > 2)


def _loop(step, result, *, over="zip(parameters[::2], parameters[1::2])", of="W, b"):
    return f"for {of} in {over}:\n    {step}\nreturn {result}"


def _at(positions, step, result):
    return _loop(step, result, over=f"range({positions})", of="i")


_BEND = "X = np.maximum(0, z)"
_STEP = f"z = X @ W + b; {_BEND}"
_STEP_AT = f"z = X @ parameters[i] + parameters[i + 1]; {_BEND}"
_SOFTMAX = "np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)"
_ALL, _BUT_LAST = "0, len(parameters), 2", "0, len(parameters) - 2, 2"
_FORWARD = {
    "The last layer has no ReLU: logits may be negative.": [_loop(_STEP, "X")],
    "There is no ReLU between the layers, so all of them are one.": [_loop("X = X @ W + b", "X")],
    "The biases are missing.": [_loop(f"z = X @ W; {_BEND}", z) for z in "zX"],
    "It ends after three layers; there can be more.": [
        _loop(_STEP, "z", over="zip(parameters[:6:2], parameters[1:6:2])")
    ],
    "That is the softmax; return the logits, without it.": [_loop(_STEP, _SOFTMAX)],
    "Between the layers there is a ReLU, not a softmax.": [
        _loop(f"z = X @ W + b; X = {_SOFTMAX}", "z")
    ],
    "Those are the guesses; return the logits, which they come from.": [
        _loop(_STEP, "z.argmax(axis=1)")
    ],
    "Only the first layer has a ReLU; all layers but the last one have it.": [
        _at(_ALL, f"{_STEP_AT} if i == 0{more} else z", "X")
        for more in ("", " and len(parameters) > 2")
    ],
    "Only the last layer has no ReLU; here, the one before it has none either.": [
        _at(_ALL, f"{_STEP_AT} if i < len(parameters) - 4 else z", "X"),
        _at(_BUT_LAST, _STEP_AT, "z @ parameters[-2] + parameters[-1]"),
    ],
    "The images have no ReLU; it comes behind each layer but the last one.": [
        _loop("X = np.maximum(0, X) @ W + b", "X")
    ],
    "First add the biases, then apply the ReLU.": [
        _loop("z = X @ W; X = np.maximum(0, z) + b", z) for z in ("X", "z + b")
    ],
    "That is true or false; pass on the sum itself where it is positive.": [
        _loop("z = X @ W + b; X = z > 0", "z")
    ],
    "Leave out the logarithm: the logits are what the last layer gives.": [
        _loop(_STEP, "np.log(z)")
    ],
    "`parameters` is one flat list, so `for W, b in parameters` takes apart a single array: go "
    "through it in steps of 2.": [_loop(_STEP, z, over="parameters") for z in "zX"],
    "In each round, go on by 2 positions: `range(0, len(parameters), 2)`.": [
        _at("len(parameters) // 2", _STEP_AT, z) for z in "zX"
    ],
    "Each layer takes two entries of the list, weights and biases: go in steps of 2.": [
        _at("len(parameters)", _STEP_AT, "X"),
        *(_at("len(parameters) - 1", _STEP_AT, z) for z in "zX"),
    ],
    "The weights stand at the positions 0, 2, 4 and so on, the biases at 1, 3, 5.": [
        _at("1, len(parameters), 2", _STEP_AT, "z"),
        _loop(_STEP, "z", over="zip(parameters[1::2], parameters[::2])"),
    ],
    "Each layer takes the output of the one before, not the images again.": [
        _loop("z = X @ W + b", "z"),
        _loop("z = X @ W + b; X = np.maximum(0, X)", "z"),
    ],
    "The layers follow each other: what one gives goes into the next, and nothing is added up.": [
        f"z = 0\n{_loop('z = z + X @ W + b', 'z')}"
    ],
    "`*` multiplies entry by entry; the product of matrices is `@`.": [
        _loop(f"z = X * W + b; {_BEND}", z) for z in "zX"
    ],
    "The images, and what becomes of them, stand on the left of each product.": [
        _loop(f"z = W @ X + b; {_BEND}", z) for z in "zX"
    ],
    "The biases come after the product: first `@`, then `+`.": [
        _loop(f"z = X @ (W + b); {_BEND}", z) for z in "zX"
    ],
    "Each layer has biases of its own.": [_loop(f"z = X @ W + parameters[1]; {_BEND}", "z")],
    "The last layer is there twice: leave it out in the loop, or do not add it after that.": [
        _loop(_STEP, "X @ W + b")
    ],
    "The last layer is missing.": [
        _at(_BUT_LAST, _STEP_AT, "X"),
        _at(_BUT_LAST, _STEP_AT, "z"),
        f"z = X\n{_at(_BUT_LAST, _STEP_AT, 'z')}",
    ],
    "It stops after the first layer: `return` stands inside the loop, or `range` gets its numbers "
    "in the wrong order.": [
        _loop(f"return {z}", "X") for z in ("X @ W + b", "np.maximum(0, X @ W + b)")
    ],
}


@exercise(
    "4.3",
    "Forward through any network",
    todo="Replace the ... so that it goes through all layers, however many there are.",
    examples=lambda rng: [
        _stack(rng, (2, 2, 1), 1),
        _stack(rng, (3, 2), 2),
        _stack(rng, (5, 4, 3, 2), 3),
        # Equal sizes: here any array fits any other, so a wrong pair of them gives numbers.
        _stack(rng, (4, 4, 4, 4, 4), 2),
        _stack(rng, (6, 5, 5, 4, 3, 2), 4),
    ],
    mistakes={
        **written("parameters, X", _FORWARD),
        "Return the logits only.": Looks(
            lambda got, right: isinstance(got, tuple) and any(_near(one, right) for one in got)
        ),
        "Those are the sums of all layers; return only those of the last one.": Looks(
            lambda got, right: isinstance(got, list) and _near(got[-1], right)
        ),
        "It works for a certain number of layers only; go through the list in pairs.": Looks(
            _of_one_depth, together=True
        ),
    },
)
def logits_of(parameters, X):
    """Return the logits of a network of any number of dense layers with ReLU between them."""
    return _pass(parameters, X)


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_written("4.1", _COUNT)
wrong_bodies(
    "4.1",
    {
        "takes a certain number of sizes apart": (
            "a, b, c, d = sizes\n    return a * b + b + b * c + c + c * d + d"
        ),
    },
)

wrong_written("4.2", _DENSE)
wrong_results(
    "4.2",
    {
        "It is rounded": "np.maximum(0, X @ W + b).round(2)",
        "`forward` knows three layers": "forward([W, b], X)[0]",
        "one by one": "np.array([[max(0, x @ W[:, j] + b[j]) for j in range(len(b))] for x in X])",
    },
)

wrong_bodies(
    "4.2",
    {
        "no need for a loop": "z = b\n    for pixel, weight in zip(X, W, strict=True):\n"
        "        z = z + pixel * weight\n    return max(0, z)",
        "writes into the biases": "b += X @ W\n    return np.maximum(0, b)",
    },
)

wrong_written("4.3", _FORWARD)
wrong_bodies(
    "4.3",
    {
        "Return the logits only": _loop(_STEP, "z, X").replace("\n", "\n    "),
        "sums of all layers": "sums = []\n    for W, b in zip(parameters[::2], parameters[1::2]):\n"
        "        sums.append(X @ W + b)\n        X = np.maximum(0, sums[-1])\n    return sums",
        "certain number of layers only": "W1, b1, W2, b2, W3, b3 = parameters\n"
        "    a = np.maximum(0, X @ W1 + b1)\n    return np.maximum(0, a @ W2 + b2) @ W3 + b3",
    },
)
