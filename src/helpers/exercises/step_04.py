"""The exercises of step 4: the network."""

import itertools

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results
from helpers.exercises.step_02 import relu, softmax


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
        "The biases are missing: one for each output of each layer.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes))
        ),
        "The inputs have no biases; only the outputs of a layer have them.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + sum(sizes)
        ),
        "There is one bias for each output of a layer, not for each input.": (
            lambda sizes: sum(a * b + a for a, b in itertools.pairwise(sizes))
        ),
        "That is only the first layer. Does `return` stand inside the loop?": (
            lambda sizes: sizes[0] * sizes[1] + sizes[1],
            lambda sizes: sizes[0] * sizes[1] + sizes[1] if len(sizes) > 1 else None,
            lambda sizes: sizes[0] * sizes[1] + sizes[1] if len(sizes) > 1 else 0,
        ),
        "That is only the last layer: add up all of them, as in `+=`.": (
            lambda sizes: (sizes[-2] + 1) * sizes[-1]
        ),
        "It relies on a certain number of layers: go through all sizes in a loop.": (
            lambda sizes: sum((sizes[i] + 1) * sizes[i + 1] for i in range(3)),
            lambda sizes: sum((sizes[i] + 1) * sizes[i + 1] for i in range(2)),
        ),
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
        "The biases of the last layer are missing: its outputs have them, too.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + sum(sizes[1:-1])
        ),
        "The biases are multiplied by the inputs, too; each output has only one of them.": (
            lambda sizes: sum(a * (b + b) for a, b in itertools.pairwise(sizes))
        ),
        "Every second layer is left out: the output of one layer is the input of the next.": (
            lambda sizes: sum(a * b + b for a, b in list(itertools.pairwise(sizes))[::2])
        ),
        "Position −1 is the last one, so the last size is joined with the first: begin with 1.": (
            lambda sizes: sum((sizes[i - 1] + 1) * sizes[i] for i in range(len(sizes)))
        ),
        "A layer joins a size with the next one, not with itself.": (
            lambda sizes: sum(a * a + a for a in sizes),
            lambda sizes: sum(a * a for a in sizes),
            lambda sizes: sum(a * a + a for a in sizes[1:]),
        ),
        "The layers are multiplied with each other; add them up.": (
            lambda sizes: int(np.prod([a * b + b for a, b in itertools.pairwise(sizes)]))
        ),
        "Only the last layer gets biases; every layer has one for each of its outputs.": (
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + sizes[-1]
        ),
        "Only the outputs of a layer get a bias: that is (a + 1) * b, not (a + 1) * (b + 1).": (
            lambda sizes: sum((a + 1) * (b + 1) for a, b in itertools.pairwise(sizes))
        ),
        "The sizes of neighbors are multiplied, not added: there is a weight for each pair of "
        "units.": (
            lambda sizes: sum(a + b for a, b in itertools.pairwise(sizes)),
            lambda sizes: sum(a + b + b for a, b in itertools.pairwise(sizes)),
        ),
        "The inputs are joined with the first column behind them, not with the outputs.": (
            lambda sizes: sizes[0] * sizes[-1] + sizes[-1]
        ),
        "That is a list with the number of each layer; add them up.": (
            lambda sizes: [a * b + b for a, b in itertools.pairwise(sizes)]
        ),
        "`sizes` holds single numbers; `zip(sizes[:-1], sizes[1:])` makes pairs of neighbors.": (
            lambda sizes: sum(a * b + b for a, b in sizes)
        ),
        "The two sides of `zip` have different lengths: leave out the last size on the left, "
        "`sizes[:-1]`, and the first one on the right, `sizes[1:]`.": (
            lambda sizes: sum(a * b + b for a, b in zip(list(sizes), sizes[1:], strict=True))
        ),
        "You cannot calculate with tuples: make an array of `sizes` first, or go through it in a "
        "loop.": (
            lambda sizes: sum(sizes[:-1] * sizes[1:]),
            lambda sizes: (sizes[:-1] + 1) * sizes[1:],
        ),
        "There is one layer fewer than there are sizes: the last size has no neighbor after it.": (
            lambda sizes: sum(sizes[i] * sizes[i + 1] for i in range(len(sizes)))
        ),
        "Each layer joins only neighbors: multiply pairs of neighbors and add the products.": (
            lambda sizes: int(np.prod(sizes))
        ),
        "The last layer is missing.": (
            lambda sizes: sum(a * b + b for a, b in itertools.pairwise(sizes[:-1]))
        ),
        "That counts the units, not the lines between them.": lambda sizes: sum(sizes),
        "A layer has one bias for each output, not one in all.": (
            lambda sizes: sum(a * b + 1 for a, b in itertools.pairwise(sizes)),
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + len(sizes),
            lambda sizes: sum(a * b for a, b in itertools.pairwise(sizes)) + 1,
        ),
    },
)
def count_parameters(sizes):
    """Return the number of weights and biases of dense layers between these sizes."""
    return sum(a * b + b for a, b in itertools.pairwise(sizes))


def _layer(rng, images, inputs, outputs):
    return (
        rng.normal(size=(images, inputs)).round(1),
        rng.normal(size=(inputs, outputs)).round(1),
        rng.normal(size=outputs).round(1),
    )


@exercise(
    "4.2",
    "One dense layer",
    todo="Replace the ... by what a layer with ReLU makes of all images.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[1.0, -1.0], [0.5, -1.0]]), np.array([0.5, 1.0])),
        # Square ones, too: in them a transpose gives numbers instead of an error.
        _layer(rng, 1, 3, 3),
        _layer(rng, 2, 3, 3),
        _layer(rng, 5, 8, 4),
    ],
    mistakes={
        "That is True and False; keep the positive sums themselves.": (
            lambda X, W, b: X @ W + b > 0,
            lambda X, W, b: (X @ W + b > 0) * 1.0,
        ),
        "The ReLU comes last: it is applied to the sums, not to the images.": (
            lambda X, W, b: relu(X) @ W + b
        ),
        "The biases belong to the outputs, not to the inputs: first X @ W, then + b.": (
            lambda X, W, b: (X + b) @ W,
            lambda X, W, b: relu((X + b) @ W),
        ),
        "That is a softmax; use a ReLU.": lambda X, W, b: softmax(X @ W + b),
        "`*` and `sum` make one number of everything; `@` adds up one sum for each image and "
        "neuron.": (
            lambda X, W, b: (X * W).sum() + b,
            lambda X, W, b: relu((X * W).sum() + b),
        ),
        "`zip` pairs images with rows of W; there is no need for a loop, for `@` multiplies all "
        "images with all weights at once.": Looks(
            lambda results, _expected, _examples: any(
                isinstance(got, ValueError) and "zip()" in str(got) for got in results
            ),
            together=True,
        ),
        "`b += …` writes into the biases, in which there is room for one row only: make a new "
        "array, with `+`.": Looks(
            lambda got, _right: isinstance(got, ValueError) and "non-broadcastable" in str(got)
        ),
        "The ReLU is missing: negative sums become 0.": lambda X, W, b: X @ W + b,
        "The biases are missing.": lambda X, W, b: relu(X @ W),
        "First add the biases, then apply the ReLU.": lambda X, W, b: relu(X @ W) + b,
        "The biases are subtracted; add them.": lambda X, W, b: relu(X @ W - b),
        "The product needs X on the left: each row of X meets each column of W.": (
            lambda X, W, b: relu(W @ X + b),
            lambda X, W, b: relu(np.dot(W, X) + b),
            lambda X, W, b: relu(W.T @ X + b),
        ),
        "The biases come after the product: first X @ W, then + b.": (
            lambda X, W, b: relu(X @ (W + b))
        ),
        "The ReLU cuts off below 0, not below the biases; these are added.": (
            lambda X, W, b: np.maximum(X @ W, b)
        ),
        "The ReLU cuts off below 0, not below 1.": lambda X, W, b: np.maximum(1, X @ W + b),
        "It is the wrong way around: the ReLU keeps what is positive.": (
            lambda X, W, b: np.minimum(0, X @ W + b)
        ),
        "The ReLU makes 0 of a negative sum; `abs` turns it around.": (
            lambda X, W, b: abs(X @ W + b)
        ),
        "That is a sigmoid; use a ReLU.": lambda X, W, b: 1 / (1 + np.exp(-X @ W - b)),
        "Each neuron has a bias of its own; do not add them up.": (
            lambda X, W, b: relu(X @ W + b.sum()),
            lambda X, W, b: relu(X @ W + b.mean()),
        ),
        "The biases are a row, one for each column of X @ W: leave them as they are.": (
            lambda X, W, b: relu(X @ W + b[:, None])
        ),
        "X and W are added; the product of matrices is `@`.": lambda X, W, b: relu(X + W + b),
        "That is a single number: `np.max` looks for the largest entry and `sum` adds up all, but "
        "the layer gives a row for each image.": (
            lambda X, W, b: float(np.max(X @ W + b)),
            lambda X, W, b: float(relu(X @ W + b).sum()),
        ),
        "The weights are transposed: W already has one column for each output.": (
            lambda X, W, b: relu(X @ W.T + b)
        ),
        "`*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda X, W, b: relu(X * W + b),
            lambda X, W, b: X * W + b,
        ),
        "`np.maximum` compares two things, and the other one is 0: `np.maximum(0, …)`.": (
            lambda X, W, b: np.maximum(X @ W + b)
        ),
        "`np.max` looks for the largest of one array; `np.maximum` compares entry by entry.": (
            lambda X, W, b: np.max(0, X @ W + b)
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


def _pass(parameters, X, *, bend=relu, last=lambda z: z, biases=True, layers=None):
    # The answer and its mistakes differ in single parts of this pass.
    pairs = list(zip(parameters[::2], parameters[1::2], strict=True))[:layers]
    for W, b in pairs:
        X = X @ W + b * biases
        X = last(X) if W is pairs[-1][0] else bend(X)
    return X


def _as_it_is(z):
    return z


def _near(one, right):
    return np.shape(one) == right.shape and np.allclose(one, right)


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
        "The last layer has no ReLU: logits may be negative.": (
            lambda parameters, X: _pass(parameters, X, last=relu)
        ),
        "There is no ReLU between the layers, so all of them are one.": (
            lambda parameters, X: _pass(parameters, X, bend=_as_it_is)
        ),
        "The biases are missing.": (
            lambda parameters, X: _pass(parameters, X, biases=False),
            lambda parameters, X: _pass(parameters, X, biases=False, last=relu),
        ),
        "It ends after three layers; there can be more.": (
            lambda parameters, X: _pass(parameters, X, layers=3)
        ),
        # Unlike the one above, it stops with an error for any other number of layers.
        "It works for three layers only; go through the list in pairs.": Looks(
            lambda results, _expected, _examples: (
                any("expected 6" in str(got) for got in results)
                and all(
                    "expected 6" in str(got) for got in results if isinstance(got, BaseException)
                )
            ),
            together=True,
        ),
        "That is the softmax; return the logits, without it.": (
            lambda parameters, X: _pass(parameters, X, last=softmax)
        ),
        "Between the layers there is a ReLU, not a softmax.": (
            lambda parameters, X: _pass(parameters, X, bend=softmax)
        ),
        "Those are the guesses; return the logits, which they come from.": (
            lambda parameters, X: _pass(parameters, X).argmax(axis=1)
        ),
        "Return the logits only.": Looks(
            lambda got, right: isinstance(got, tuple) and any(_near(one, right) for one in got)
        ),
        "Those are the sums of all layers; return only those of the last one.": Looks(
            lambda got, right: isinstance(got, list) and _near(got[-1], right)
        ),
        "Only the first layer has a ReLU; all layers but the last one have it.": (
            lambda parameters, X: _pass(
                parameters[2:], relu(_pass(parameters[:2], X)), bend=_as_it_is
            ),
            lambda parameters, X: (
                _pass(parameters[2:], relu(_pass(parameters[:2], X)), bend=_as_it_is)
                if len(parameters) > 2
                else _pass(parameters, X)
            ),
        ),
        "The images have no ReLU; it comes behind each layer but the last one.": (
            lambda parameters, X: _pass(parameters, relu(X))
        ),
        "First add the biases, then apply the ReLU.": (
            lambda parameters, X: _relu_before_biases(parameters, X),
            lambda parameters, X: _relu_before_biases(parameters, X, last=_as_it_is),
        ),
        "That is true or false; pass on the sum itself where it is positive.": (
            lambda parameters, X: _pass(parameters, X, bend=lambda z: z > 0)
        ),
        "Leave out the logarithm: the logits are what the last layer gives.": (
            lambda parameters, X: np.log(_pass(parameters, X))
        ),
        "`parameters` is one flat list, so `for W, b in parameters` takes apart a single array: go "
        "through it in steps of 2.": (
            lambda parameters, X: _unpacked(parameters, X),
            lambda parameters, X: _unpacked(parameters, X, last=relu),
        ),
        "In each round, go on by 2 positions: `range(0, len(parameters), 2)`.": (
            lambda parameters, X: _half_the_list(parameters, X)
        ),
        "Each layer takes two entries of the list, weights and biases: go in steps of 2.": (
            lambda parameters, X: _one_by_one(parameters[:-1], X, parameters),
            lambda parameters, X: _one_by_one(parameters, X, parameters),
            lambda parameters, X: _one_by_one(parameters[:-1], X, parameters, last=_as_it_is),
        ),
        "Each layer takes the output of the one before, not the images again.": (
            lambda parameters, X: _always_from_the_images(parameters, X)
        ),
        "The last layer is missing.": (
            lambda parameters, X: _pass(parameters[:-2], X, last=relu),
            lambda parameters, X: _pass(parameters[:-2], X),
            lambda parameters, X: _without_last(parameters, X),
        ),
        "It stops after the first layer: `return` stands inside the loop.": (
            lambda parameters, X: _pass(parameters, X, layers=1, last=relu),
            lambda parameters, X: _pass(parameters, X, layers=1),
        ),
    },
)
def logits_of(parameters, X):
    """Return the logits of a network of any number of dense layers with ReLU between them."""
    return _pass(parameters, X)


def _one_by_one(beginnings, X, parameters, *, last=relu):
    for i in range(len(beginnings)):
        z = X @ parameters[i] + parameters[i + 1]
        X = relu(z)
    return last(z)


def _always_from_the_images(parameters, X):
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = X @ W + b
    return z


def _relu_before_biases(parameters, X, *, last=relu):
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        X = (last if b is parameters[-1] else relu)(X @ W) + b
    return X


def _without_last(parameters, X):
    for i in range(0, len(parameters) - 2, 2):
        z = X @ parameters[i] + parameters[i + 1]
        X = relu(z)
    return z


def _unpacked(parameters, X, *, last=lambda z: z):
    for W, b in parameters:
        z = X @ W + b
        X = relu(z)
    return last(z)


def _half_the_list(parameters, X):
    for i in range(len(parameters) // 2):
        z = X @ parameters[i] + parameters[i + 1]
        X = relu(z)
    return z


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "4.1",
    {
        "The biases are missing": "sum(a * b for a, b in zip(sizes, sizes[1:]))",
        "inputs have no biases": "sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)",
        "not for each input": "sum((b + 1) * a for a, b in zip(sizes, sizes[1:]))",
        "counts the units": "sum(sizes)",
        "on a certain number of layers": "sum((sizes[i] + 1) * sizes[i + 1] for i in (0, 1, 2))",
        "begin with 1": "sum((sizes[i - 1] + 1) * sizes[i] for i in range(len(sizes)))",
        "makes pairs of neighbors": "sum(a * b + b for a, b in sizes)",
        "have different lengths": "sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=True))",
        "add them up": "[a * b + b for a, b in zip(sizes, sizes[1:])]",
        "biases of the last layer": "sum(a * b for a, b in zip(sizes, sizes[1:])) "
        "+ sum(sizes[1:-1])",
        "multiplied by the inputs": "sum(a * (b + b) for a, b in zip(sizes, sizes[1:]))",
        "only the first layer": "(sizes[0] + 1) * sizes[1]",
        "has no neighbor after it": "sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes)))",
    },
)

wrong_bodies(
    "4.1",
    {
        "takes a certain number of sizes apart": (
            "a, b, c, d = sizes\n    return a * b + b + b * c + c + c * d + d"
        ),
    },
)

wrong_results(
    "4.2",
    {
        "The ReLU is missing": "X @ W + b",
        "The biases are missing": "np.maximum(0, X @ W)",
        "First add the biases": "np.maximum(0, X @ W) + b",
        "product of matrices is `@`": "np.maximum(0, X * W + b)",
        "needs X on the left": "np.maximum(0, W @ X + b)",
        "keep the positive sums": "(X @ W + b) > 0",
        "The ReLU comes last": "np.maximum(0, X) @ W + b",
        "not to the inputs": "np.maximum(0, (X + b) @ W)",
        "That is a softmax": "(lambda p: p / p.sum(axis=1, keepdims=True))(np.exp(X @ W + b))",
        "one number of everything": "np.maximum(0, (X * W).sum() + b)",
        "`np.maximum` compares entry by entry": "np.max(0, X @ W + b)",
        "the other one is 0": "np.maximum(X @ W + b)",
        "The biases come after": "np.maximum(0, X @ (W + b))",
        "not below the biases": "np.maximum(X @ W, b)",
        "do not add them up": "np.maximum(0, X @ W + b.sum())",
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

_LAYERS = "for W, b in zip(parameters[::2], parameters[1::2]):\n        "

wrong_bodies(
    "4.3",
    {
        "The last layer has no ReLU": f"{_LAYERS}X = np.maximum(0, X @ W + b)\n    return X",
        "There is no ReLU between": f"{_LAYERS}X = X @ W + b\n    return X",
        "go in steps of 2": "for i in range(len(parameters)):\n"
        "        X = np.maximum(0, X @ parameters[i] + parameters[i + 1])\n    return X",
        "the output of the one before": f"{_LAYERS}z = X @ W + b\n    return z",
        "`return` stands inside": f"{_LAYERS}z = X @ W + b\n        return z",
        "That is the softmax": f"{_LAYERS}z = X @ W + b\n        X = np.maximum(0, z)\n"
        "    return softmax(z)",
        "takes apart a single array": "for W, b in parameters:\n        z = X @ W + b\n"
        "        X = np.maximum(0, z)\n    return z",
        "Return the logits only": f"{_LAYERS}z = X @ W + b\n        X = np.maximum(0, z)\n"
        "    return z, X",
        "sums of all layers": f"sums = []\n    {_LAYERS}sums.append(X @ W + b)\n"
        "        X = np.maximum(0, sums[-1])\n    return sums",
        "Only the first layer": "a = np.maximum(0, X @ parameters[0] + parameters[1])\n"
        "    for i in range(2, len(parameters), 2):\n"
        "        a = a @ parameters[i] + parameters[i + 1]\n    return a",
        "The images have no ReLU": f"{_LAYERS}X = np.maximum(0, X) @ W + b\n    return X",
        "then apply the ReLU": f"{_LAYERS}z = X @ W\n        X = np.maximum(0, z) + b\n"
        "    return z + b",
        "The last layer is missing": "for i in range(0, len(parameters) - 2, 2):\n"
        "        z = X @ parameters[i] + parameters[i + 1]\n        X = np.maximum(0, z)\n"
        "    return X",
        "The biases are missing": f"{_LAYERS}z = X @ W\n        X = np.maximum(0, z)\n    return z",
        "three layers only": "W1, b1, W2, b2, W3, b3 = parameters\n"
        "    a = np.maximum(0, X @ W1 + b1)\n    return np.maximum(0, a @ W2 + b2) @ W3 + b3",
    },
)
