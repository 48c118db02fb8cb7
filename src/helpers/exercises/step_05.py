"""The exercises of step 5: the same in Keras."""

import functools
import itertools

import numpy as np

from helpers import data
from helpers.exercises.comparing import BlankError, HintError, show
from helpers.exercises.engine import Looks, outcome_of, stops
from helpers.exercises.explaining import explain
from helpers.exercises.registry import exercise, open_task, wrong, wrong_bodies, wrong_results
from helpers.exercises.step_02 import relu


# A model starts from random weights, so its outputs say nothing about the code. What is compared
# is its plan: sizes and activations.
def _plan(sizes):
    """Return what a stack of dense layers is: texts such as "25 relu"."""
    last = len(sizes) - 2
    return [f"{n} {'linear' if i == last else 'relu'}" for i, n in enumerate(sizes[1:])]


def _plan_of(model):
    """Return the same of a Keras model, or raise a HintError."""
    import keras

    # Keras is imported only here: it takes seconds, and most checks do without it.
    if isinstance(model, list) and any(isinstance(one, keras.layers.Layer) for one in model):
        raise HintError("Those are the layers alone; put them into `Sequential(…)`.")
    if not isinstance(model, keras.Model):
        raise HintError(f"It should return a Keras model, but returns {show(model)}.")
    if not getattr(model, "built", False) or not hasattr(model, "input_shape"):
        raise HintError(
            "The model does not know how many inputs it gets: begin the stack with tf.keras.Input."
        )
    layers = [la for la in model.layers if not isinstance(la, keras.layers.InputLayer)]
    # An activation may also be a layer of its own, behind the one that it belongs to.
    activations = keras.layers.Activation | keras.layers.ReLU | keras.layers.Softmax
    plan = []
    for layer in layers:
        if isinstance(layer, keras.layers.Dense):
            plan.append([layer.units, _name_of(layer.activation)])
        elif not isinstance(layer, activations):
            raise HintError(f"The model has a layer `{type(layer).__name__}`; `Dense` will do.")
        elif not plan:
            raise HintError("An activation stands before the first `Dense`; it belongs behind it.")
        else:
            name = _name_of(getattr(layer, "activation", layer))
            # Two that are the same do no more than one, and a linear one does nothing.
            if plan[-1][1] in ("linear", name):
                plan[-1][1] = name
            elif name != "linear":
                raise HintError("Behind one layer stand two different activations.")
    dense = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
    if not all(layer.use_bias for layer in dense):
        raise HintError("There are layers without biases; leave out `use_bias`.")
    if len(model.input_shape) != 2:
        raise HintError("The shape of the inputs has more than one entry; it is (sizes[0],).")
    return [
        str(model.input_shape[1]),
        *(f"{units} {name}" for units, name in plan),
    ]


def _name_of(activation):
    """Return what an activation does, if its name does not tell."""
    # A ReLU may be a text, a function, a layer or a `lambda`; what counts is what it does.
    name = getattr(activation, "__name__", None)
    if name and str(activation.__module__).startswith("keras"):
        return name
    name = name or type(activation).__name__.lower()
    if name == "softmax":
        return name
    # Up to 100, for some ReLUs have a limit.
    values = np.asarray(activation(np.array([[-1.0, 0.5, 100.0]]))).ravel().tolist()
    known = {(0.0, 0.5, 100.0): "relu", (-1.0, 0.5, 100.0): "linear"}
    return known.get(tuple(values), f"{name} of another kind")


def _units(plan):
    return [text.split()[0] for text in plan]


def _ends_on(activation):
    return lambda got, right: (
        [*got[:-1], got[-1].split()[0]]
        == [
            *right[:-1],
            right[-1].split()[0],
        ]
        and got[-1].endswith(activation)
    )


@exercise(
    "5.1",
    "Any network, in Keras",
    todo="Replace the ... by a Sequential model with a layer for each size after the first.",
    examples=lambda rng: [
        ((4, 2, 2),),
        # All sizes differ, so that layers in a wrong order cannot look right.
        (tuple((3 + rng.permutation(5)).tolist()),),
    ],
    mistakes={
        "It is the wrong way around: the layers in between need a ReLU, and the last one is "
        "linear.": Looks(
            lambda got, right: (
                _units(got) == _units(right)
                and got[-1].endswith("relu")
                and all(text.endswith("linear") for text in got[1:-1])
            )
        ),
        "The last layer has a ReLU, which would cut off negative logits: it has to be linear.": (
            Looks(_ends_on("relu"))
        ),
        "The last layer has a softmax; it has to give logits, so it is linear.": (
            Looks(_ends_on("softmax"))
        ),
        "All layers are linear, and so they are one: those in between need a ReLU.": Looks(
            lambda got, right: (
                [t.split()[0] for t in got] == [t.split()[0] for t in right]
                and all(t.endswith("linear") for t in got[1:])
            )
        ),
        "There is one layer too many: the first size is the number of inputs, not a layer.": Looks(
            lambda got, right: len(got) == len(right) + 1 and _units(got)[2:] == _units(right)[1:]
        ),
        "The last layer is there twice: add it only once, after the loop.": Looks(
            lambda got, right: (
                _units(got)
                in (
                    [*_units(right), *_units(right)[-1:]],
                    [*_units(right)[:1], *_units(right), *_units(right)[-1:]],
                )
            )
        ),
        "The layers in between have another activation; they need a ReLU.": Looks(
            lambda got, right: (
                _units(got) == _units(right)
                and not any(text.endswith(("relu", "linear")) for text in got[1:-1])
            )
        ),
        "The number of inputs is fixed; it is `sizes[0]`.": Looks(
            lambda got, right: got[1:] == right[1:] and got[0] == "400"
        ),
        "The last layer has a fixed size; it is `sizes[-1]`.": Looks(
            lambda got, right: got[:-1] == right[:-1] and got[-1] == "10 linear"
        ),
        "The numbers of inputs and outputs are fixed; they are `sizes[0]` and `sizes[-1]`.": Looks(
            lambda got, right: (
                got[1:-1] == right[1:-1] and (got[0], got[-1]) == ("400", "10 linear")
            )
        ),
        "The layers belong into one list, in square brackets: `Sequential([…])`.": Looks(
            lambda got, _right: (
                isinstance(got, ValueError | TypeError)
                and any(part in str(got) for part in ("Argument `name`", "positional arguments"))
            )
        ),
        "`shape` is a tuple, and a single entry makes one only with a comma: "
        "`shape=(sizes[0],)`.": stops("to a shape"),
        "A position stands where a size belongs; the size at the position `i` is `sizes[i]`.": (
            Looks(
                lambda got, right: (
                    "units=0" in str(got)
                    or _units(got)[1:-1] == [str(i) for i in range(1, len(right) - 1)]
                )
            )
        ),
        "A `Dense` takes a single size: add one layer for each size, in a loop.": stops(
            "for `units`"
        ),
        "A list stands among the layers, but the stack takes single ones: collect all layers in "
        "one list, with `append`, and give that to `Sequential`.": Looks(
            lambda got, _right: (
                isinstance(got, ValueError)
                and "can be added to a Sequential" in str(got)
                and "'list'" in str(got)
            )
        ),
        '"None" in quotes is the name of no activation: write "linear", or None without quotes.': (
            stops("identifier: None")
        ),
        'Keras does not know an activation of this name: the ReLU is "relu", in small letters.': (
            stops("activation function")
        ),
        "The same layer stands in the stack again and again: make a new `Dense` for each size, "
        "inside the loop.": stops("incompatible with the layer"),
        "Some layers in between have a ReLU and some do not: all but the last one need it.": Looks(
            lambda got, right: (
                _units(got) == _units(right)
                and all(text.endswith(("relu", "linear")) for text in got[1:])
            )
        ),
        "The last layer is missing.": Looks(lambda got, right: got == right[:-1]),
        "The first layer is missing: of all sizes, only the first is not a layer.": Looks(
            lambda got, right: got == [right[0], *right[2:]]
        ),
        "The sizes come in the wrong order.": Looks(
            lambda got, right: sorted(_units(got)) == sorted(_units(right))
        ),
        "The sizes are shifted by one: the first layer is missing, and the last one is there "
        "twice.": Looks(
            lambda got, right: _units(got) == _units([right[0], *right[2:], right[-1]])
        ),
        "That is only the first layer: `return` stands inside the loop.": Looks(
            lambda got, right: got == right[:2]
        ),
        "The model is made again in every round: make it above the loop, and only add layers "
        "inside.": Looks(
            lambda got, right: got in ([right[0], *right[-2:]], [right[0], right[-2]])
        ),
        "It takes a position behind the last one: positions are counted from 0, so the last size "
        "is `sizes[-1]`, and `for i in sizes` gives the sizes themselves.": Looks(
            lambda results, _expected, _examples: isinstance(results[-1], IndexError),
            together=True,
        ),
        "It works only for a certain number of sizes: go through all of them in a loop.": Looks(
            lambda got, right: (
                isinstance(got, IndexError) or _units(got) == _units(right)[: len(got)]
            )
        ),
        # Last, for it fits every short stack; what is missing from it is better said.
        "The stack is too short: go through all sizes in a loop.": Looks(
            lambda got, right: len(got) < len(right) or got == right
        ),
    },
    # To build a model takes long, and the check has to answer at once.
    draws=1,
    view=_plan_of,
)
def build(sizes):
    """Return what a Keras model of these sizes consists of."""
    return [str(sizes[0]), *_plan(sizes)]


def _two_layers(rng, inputs, hidden, outputs):
    shapes = (inputs, hidden), hidden, (hidden, outputs), outputs
    return tuple(rng.normal(size=shape).round(1) for shape in shapes)


@exercise(
    "5.2",
    "Two layers in one",
    todo="Replace the ... by the weights and biases of the one layer that does the same.",
    examples=lambda rng: [
        (np.array([[2.0]]), np.array([1.0]), np.array([[-0.5]]), np.array([3.0])),
        # Small enough to be shown, and to be computed by hand.
        (
            np.array([[1.0, 2.0], [0.0, -1.0]]),
            np.array([1.0, 2.0]),
            np.array([[0.0, 1.0], [3.0, 1.0]]),
            np.array([4.0, 5.0]),
        ),
        # Here every product fits, so that a wrong order gives numbers instead of an error.
        _two_layers(rng, 3, 3, 3),
        _two_layers(rng, 4, 3, 2),
        _two_layers(rng, 5, 2, 6),
    ],
    mistakes={
        "That is one of the two: return both at once, as in `return W, b`. The first `return` ends "
        "the function.": (
            lambda W1, b1, W2, b2: W1 @ W2,
            lambda W1, b1, W2, b2: b1 @ W2 + b2,
        ),
        "That is a model; return its weights and biases.": Looks(
            lambda got, _right: str(type(got).__module__).startswith("keras")
        ),
        "W and b are joined to one array; return them separated by a comma.": (
            lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 @ W2 + b2])
        ),
        "The biases are a single row of numbers, as b1 and b2 are: leave them in that shape.": (
            lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2)[None]),
            lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2)[:, None]),
        ),
        "The biases of the first layer go through the second one, too: b1 @ W2.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2)
        ),
        "Only the biases of the first layer go through W2; those of the second one come after it, "
        "so b2 stands outside of the parentheses.": (
            lambda W1, b1, W2, b2: (W1 @ W2, (b1 + b2) @ W2),
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ (W2 + b2)),
        ),
        "The two biases are exchanged: b1 goes through W2, then b2 is added.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b2 @ W1 + b1),
            lambda W1, b1, W2, b2: (W1 @ W2, b2 @ W2 + b1),
        ),
        "Each bias of the first layer has weights of its own to the outputs: b1 @ W2, not a sum "
        "or average of b1.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1.sum() + b2),
            lambda W1, b1, W2, b2: (W1 @ W2, b1.sum() * W2.sum(axis=0) + b2),
            lambda W1, b1, W2, b2: (W1 @ W2, b1.mean() * W2.mean() + b2),
        ),
        "The sum along `axis=1` leaves a number for each neuron in between; there is one for each "
        "output, as b1 @ W2 gives them.": (
            lambda W1, b1, W2, b2: (W1 @ W2, (b1[:, None] * W2).sum(axis=1) + b2)
        ),
        "The biases of the first layer are lost; they go through the second one.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b2)
        ),
        "The biases stand on the left of the product, as the images do: b1 @ W2, not W2 @ b1.": (
            lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2)
        ),
        "The biases b1 have already left the first layer; what they meet is W2.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W1 + b2),
            lambda W1, b1, W2, b2: (W1 @ W2, W1 @ b1 + b2),
            lambda W1, b1, W2, b2: (W2 @ W1, b2 @ W1 + b1),
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W1 @ W2 + b2),
            lambda W1, b1, W2, b2: (W1 @ W2, W1 @ W2 @ b1 + b2),
        ),
        "Both products are the wrong way around: what comes first stands on the left.": (
            lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2)
        ),
        "The biases are not joined: b1 goes through W2, then b2 is added, which leaves one bias "
        "for each output.": lambda W1, b1, W2, b2: (W1 @ W2, np.concatenate([b1, b2])),
        "The biases b2 are added, not subtracted.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 - b2)
        ),
        "The two biases are not multiplied: b1 goes through W2, then b2 is added.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 * b2),
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ b2),
        ),
        "For the biases, `*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 * W2 + b2)
        ),
        "There is no transpose here: W1 @ W2 fits as it is.": (
            lambda W1, b1, W2, b2: (W1.T @ W2, b1 @ W2 + b2),
            lambda W1, b1, W2, b2: (W1 @ W2.T, b1 @ W2 + b2),
            lambda W1, b1, W2, b2: (W1 @ W2.T, b1 @ W2.T + b2),
        ),
        "The two layers are linear, without a ReLU between them.": (
            lambda W1, b1, W2, b2: (relu(W1) @ W2, b1 @ W2 + b2),
            lambda W1, b1, W2, b2: (relu(W1 @ W2), b1 @ W2 + b2),
            lambda W1, b1, W2, b2: (W1 @ W2, relu(b1) @ W2 + b2),
        ),
        "b1 @ W2 belongs to the biases, not to the weights.": (
            lambda W1, b1, W2, b2: (W1 @ W2 + b1 @ W2, b2),
            lambda W1, b1, W2, b2: ((W1 + b1) @ W2, b2),
            lambda W1, b1, W2, b2: ((W1 + b1) @ W2 + b2, b2),
            lambda W1, b1, W2, b2: ((W1 @ W2 + b1) @ W2, b2),
        ),
        "The biases of the second layer are missing; add them at the end.": (
            lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2)
        ),
        "The order of the weights is wrong: what comes first stands on the left, W1 @ W2.": (
            lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2)
        ),
        "`*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2),
            lambda W1, b1, W2, b2: (W1 * W2, b1 @ W2 + b2),
        ),
        "That adds the weights; one layer after the other is their product.": (
            lambda W1, b1, W2, b2: (W1 + W2, b1 + b2),
            lambda W1, b1, W2, b2: (W1 + W2, b1 @ W2 + b2),
        ),
        "W and b are exchanged: return W first, then b.": (
            lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2)
        ),
    },
)
def collapse(W1, b1, W2, b2):
    """Return W and b with X @ W + b = (X @ W1 + b1) @ W2 + b2."""
    return W1 @ W2, b1 @ W2 + b2


_models = {}


def _leave_it(*_, **__):
    raise HintError(
        "It takes a layer out of the model that it is given: leave the model as it is, and leave "
        "out the last of its layers, `model.layers[:-1]`."
    )


def _model_of(*activations):
    """Return a Keras model of small layers with these activations."""
    import keras

    model = _models.get(activations)
    if model is None or [a for _, a in _activations(model)] != list(activations):
        layers = [
            keras.layers.Dense(2, activation=activation, name=f"layer{i}")
            for i, activation in enumerate(activations, start=1)
        ]
        # Kept, because building takes long; built again if an answer has changed it.
        model = _models[activations] = keras.Sequential([keras.Input((3,)), *layers])
        model.pop = _leave_it
    return model


def _unchanged(names):
    """Return the result as it is, or raise a HintError if an answer has changed an activation."""
    import keras

    changed = False
    for activations, model in _models.items():
        for layer, activation in zip(model.layers, activations, strict=True):
            if getattr(layer.activation, "__name__", None) != activation:
                layer.activation, changed = keras.activations.get(activation), True
    if changed:
        raise HintError(
            "It changes an activation of the model that it is given: leave the model as it is, and "
            "leave out the last of its layers, `model.layers[:-1]`."
        )
    return names


def _models_to_inspect(rng):
    plans = [
        ["relu", "linear"],
        ["relu", "linear", "linear"],
        ["linear", "relu", "linear", "linear"],
        # Neither tanh nor softmax is a ReLU, and neither is linear.
        ["tanh", "linear", "softmax"],
        [*rng.choice(["relu", "linear"], 3).tolist(), "linear"],
        # So many that nobody gets their order right by luck.
        ["linear"] * 6,
    ]
    return [(_model_of(*plan),) for plan in plans]


def _but_named(model, *, last):
    return [name for name, a in _activations(model) if a == "linear" and name != last]


def _activations(model):
    return [(layer.name, layer.activation.__name__) for layer in model.layers]


@exercise(
    "5.3",
    "Which ReLU was forgotten?",
    todo="Replace the ... by the names of all linear layers but the last.",
    examples=_models_to_inspect,
    mistakes={
        "Leave out the last layer: it has to be linear.": (
            lambda model: [name for name, a in _activations(model) if a == "linear"]
        ),
        "Those are the layers with a ReLU; return the ones without.": (
            lambda model: [name for name, a in _activations(model) if a == "relu"]
        ),
        "Those are the layers that are not linear: `==` asks for what is equal, `!=` for what is "
        "not.": (
            lambda model: [name for name, a in _activations(model)[:-1] if a != "linear"],
            lambda model: [name for name, a in _activations(model) if a != "linear"],
        ),
        "It leaves out the last linear layer, which need not be the last of the model: leave out "
        "the last of all layers, `model.layers[:-1]`.": (
            lambda model: [name for name, a in _activations(model) if a == "linear"][:-1]
        ),
        "It ends at the first layer that is not linear: go on with the next one.": (
            lambda model: [
                name
                for name, _ in itertools.takewhile(
                    lambda layer: layer[1] == "linear", _activations(model)[:-1]
                )
            ],
            lambda model: (
                forgotten(model) if len(forgotten(model)) == len(model.layers) - 1 else []
            ),
        ),
        "The other layers leave a None in the list: put the `if` at its end, without an `else`.": (
            lambda model: [name if a == "linear" else None for name, a in _activations(model)[:-1]]
        ),
        "`print` shows a name and leaves a None in the list: put the name itself there.": (
            lambda model: [None for _ in forgotten(model)]
        ),
        "Each name stands in brackets of its own, alone or with others: collect the names "
        "themselves.": (
            lambda model: [[name] for name in forgotten(model)],
            lambda model: [(name, "linear") for name in forgotten(model)],
        ),
        "It looks at a certain number of layers, but there can be more or fewer: all but the last "
        "are `model.layers[:-1]`.": (
            lambda model: [name for name, a in _activations(model)[:2] if a == "linear"]
        ),
        "It looks at the last layer, the only one that may be linear.": (
            lambda model: [name for name, a in _activations(model)[-1:] if a == "linear"]
        ),
        "The names stand in another order than the layers: go through these from the first to the "
        "last, without a set.": Looks(
            lambda got, right: (
                isinstance(got, list) and got is not right and sorted(got) == sorted(right)
            )
        ),
        "Those are all layers but the last; return only those that are linear.": (
            lambda model: [name for name, _ in _activations(model)[:-1]]
        ),
        "Those are the layers; return their names, `layer.name`.": Looks(
            lambda got, right: (
                isinstance(got, list)
                and not any(isinstance(layer, str) for layer in got)
                and [getattr(layer, "name", None) for layer in got] == right
            )
        ),
        'Not every layer without a ReLU is linear: compare with "linear".': (
            lambda model: [name for name, a in _activations(model)[:-1] if a != "relu"]
        ),
        "Those are positions; return the names, `layer.name`.": lambda model: [
            i for i, (_, a) in enumerate(_activations(model)[:-1]) if a == "linear"
        ],
        "It leaves out the first layer; that one needs a ReLU, too.": (
            lambda model: [name for name, a in _activations(model)[1:-1] if a == "linear"]
        ),
        "It leaves out the first layer, but it is the last one that may be linear: [:-1].": (
            lambda model: [name for name, a in _activations(model)[1:] if a == "linear"],
            lambda model: [name for name, a in _activations(model) if a == "linear"][1:],
        ),
        "It leaves out two layers at the end; only the last one may be linear: [:-1].": (
            lambda model: [name for name, a in _activations(model)[:-2] if a == "linear"]
        ),
        "Those are the names of activations; return those of the layers, `layer.name`.": (
            lambda model: [a for name, a in _activations(model)[:-1] if a == "linear"]
        ),
        "That is only the first of them: does `return` stand inside the loop?": (
            lambda model: forgotten(model)[:1],
            lambda model: next(iter(forgotten(model)), None),
            lambda model: next(iter(forgotten(model)), []),
            lambda model: forgotten(model)[:1] if _activations(model)[0][1] == "linear" else [],
            lambda model: next(iter(forgotten(model)), ""),
        ),
        "That is only the last of them: collect them all, with `append`.": (
            lambda model: forgotten(model)[-1:]
        ),
        "It looks only at the last layer but one: set the list above the loop, or every round "
        "begins with an empty one.": (
            lambda model: [name for name, a in _activations(model)[-2:-1] if a == "linear"]
        ),
        "An activation is a function, and the name of a function is `__name__`: "
        "`layer.activation.__name__`.": stops("'function' object has no attribute"),
        "`+=` takes the letters of a name one by one: add the whole name, with `append`.": (
            lambda model: list("".join(forgotten(model)))
        ),
        "Those are True and False; return the names of the layers for which it is true.": (
            lambda model: [a == "linear" for _, a in _activations(model)[:-1]],
            lambda model: [a == "linear" for _, a in _activations(model)],
        ),
        "The last layer has another name in each model: leave it out by its position, [:-1].": (
            tuple(functools.partial(_but_named, last=f"layer{i}") for i in (2, 3, 4))
        ),
        "`append` changes the list and returns nothing: write it on a line of its own, without an "
        "`=`.": stops("'append'"),
        "That is how many there are; return their names.": (lambda model: len(forgotten(model))),
        "Return a list, in square brackets.": Looks(
            lambda got, right: (
                isinstance(got, tuple | set | np.ndarray) and sorted(got) == sorted(right)
            )
        ),
        "That is one text; return a list of the names.": Looks(
            lambda got, right: isinstance(got, str) and all(name in got for name in right)
        ),
        "The layers of a model are in a list of their own, `model.layers`.": stops("'Sequential'"),
        "`model.layers` is a list, and each layer in it has a name of its own: go through it in a "
        "loop.": stops("'list' object has no attribute"),
        "`__name__` belongs to the activation; the name of a layer is `layer.name`.": stops(
            "'Dense' object has no attribute '__name__'"
        ),
        "Weights have neither a layer's name nor an activation: go through `model.layers`.": stops(
            "'Variable' object has no attribute"
        ),
        "`get_layer` takes a name; the layer at the position `i` is `model.layers[i]`.": stops(
            "No such layer"
        ),
        "An activation is a function; ask for its name, `layer.activation.__name__`, without "
        "calling it.": stops("() missing"),
        "It finds nothing. An activation is a function: compare its name, "
        '`layer.activation.__name__`, with "linear", in small letters.': lambda model: [],
    },
    view=_unchanged,
)
def forgotten(model):
    """Return the names of the linear layers that stand before the last."""
    return [name for name, a in _activations(model)[:-1] if a == "linear"]


# The images that nobody is asked to keep for the end, in two halves: what a layer is set from, and
# what it is measured on. Each half has both parts once.
def _halves():
    X, y = data.load_data()
    (X_train, y_train), (X_val, y_val), _ = data.split_data(X, y)
    images, labels = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
    order = np.random.default_rng(5).permutation(len(labels))
    first, second = ((images[half], labels[half]) for half in np.split(order, 2))
    return (first, second), (second, first)


# What Keras says when weights are set in a wrong way, as parts of its messages, and the remedies.
_SET_WRONGLY = {
    "(400, 10) is not compatible with provided weight shape (10, 400)": (
        "The weights need a column for each digit, but here each digit has a row: transpose them, "
        "with `.T`."
    ),
    "(10,) is not compatible": (
        "There is one bias for each of the 10 digits: if the averages are in rows, add up with "
        "`axis=1`."
    ),
    "weight list of length 1,": (
        "`set_weights` takes a list of two arrays, the weights and the biases; one of them is "
        "missing."
    ),
    "was expecting 0 weights": (
        "The layer has no weights yet: begin the stack with tf.keras.Input, so that it knows how "
        "many inputs it gets."
    ),
    "set_weights() takes 2": (
        "`set_weights` takes one list: put the weights and the biases into square brackets."
    ),
    "has no setter": (
        "The weights of a layer cannot be replaced by `=`: hand them to `set_weights`, in a list "
        "with the biases."
    ),
}


def _set_wrongly(error):
    """Return what to do about an exception that Keras raises when weights are set, or None."""
    return next((hint for part, hint in _SET_WRONGLY.items() if part in str(error)), None)


def _layer_for(design, images, labels):
    """Return the weights and biases of the layer that an answer makes of these images."""
    import keras

    model, changed = outcome_of(design, (images, labels))
    if model is ... or isinstance(model, NotImplementedError):
        raise BlankError
    if isinstance(model, BaseException):
        raise HintError(_set_wrongly(model) or explain(model))
    if changed:
        raise HintError("The function changes the images or labels it is given: work on copies.")
    if model is None:
        raise HintError(
            "It returns nothing (None): `set_weights` gives nothing back, so return the model "
            "itself, on a line of its own at the end."
        )
    if not isinstance(model, keras.Model):
        raise HintError(f"It should return a Keras model, but returns {show(model)}.")
    layers = [la for la in model.layers if not isinstance(la, keras.layers.InputLayer)]
    if len(layers) != 1 or not isinstance(layers[0], keras.layers.Dense):
        names = ", ".join(type(layer).__name__ for layer in layers) or "no layers"
        raise HintError(f"The model should have a single Dense layer, but it has: {names}.")
    values = layers[0].get_weights()
    if [v.shape for v in values] != [(400, 10), (10,)]:
        raise HintError(
            "The layer should have 400 inputs, 10 neurons and biases; its weights have the shapes "
            f"{', '.join(str(v.shape) for v in values) or 'of nothing, for it is not built'}."
        )
    if not all(np.isfinite(v).all() for v in values):
        raise HintError("Some of its weights are nan or infinite: is something divided by 0?")
    return values


def _share(layer, images, labels):
    """Return which percentage of these images a layer reads."""
    weights, biases = layer
    return 100 * ((images @ weights + biases).argmax(axis=1) == labels).mean()


def _slip(layer, images, labels):
    """Return which part of the reader by averages went wrong in a layer, or None."""
    weights, biases = layer
    A = np.array([images[labels == digit].mean(axis=0) for digit in range(10)])
    away = -(A**2).sum(axis=1)
    slips = [
        (A.T, away, "the factor 2 before the averages is missing."),
        (2 * A.T, -away, "the sign of the biases is wrong: they take away, so they are negative."),
        (
            2 * A.T,
            -(A.sum(axis=1) ** 2),
            "for the biases, square each pixel of an average before you add them up.",
        ),
    ]
    for wrong_weights, wrong_biases, advice in slips:
        if np.allclose(weights, wrong_weights, atol=1e-4) and np.allclose(
            biases, wrong_biases, rtol=1e-3
        ):
            return advice
    return None


@open_task(
    "5.4",
    "A layer that nobody trained",
    todo="Replace the ... by a model with one Dense layer whose weights you have set.",
    ours=79.8,
    form="{:.1f} %",
    names=("images", "labels"),
)
def untrained(design):
    """Return how much a layer reads of images that it was not set from, and what to try next."""
    seen, unseen = [], []
    for known, other in _halves():
        layer = _layer_for(design, *known)
        seen.append(_share(layer, *known))
        unseen.append(_share(layer, *other))
    # Whoever sets the weights from what is given does not care which number a digit bears. Other
    # weights, such as those of images loaded inside the function, then read next to nothing.
    (images, labels), (others, truth) = _halves()[0]
    renamed = _share(_layer_for(design, images, (labels + 3) % 10), others, (truth + 3) % 10)
    if renamed < unseen[0] - 5:
        raise HintError(
            "It does not make its weights from the images and labels that it is given: the check "
            "calls every zero a 3, every one a 4 and so on, and then it reads "
            f"{renamed:.1f} % instead of {unseen[0]:.1f} %. Other images than those do not count."
        )
    score = np.mean(unseen)
    # Each piece of advice leads to the next one.
    if score < 75:
        return score, _slip(_layer_for(design, images, labels), images, labels) or (
            "give each neuron the average of its digit as weights, and a bias that takes away the "
            "head start of averages with much ink. Step 4 has the formula."
        )
    if np.mean(seen) > score + 8:
        return score, (
            f"it reads {np.mean(seen):.1f} % of the images that it was set from, so some of that "
            "is memory. Keep the weights smaller, by adding a multiple of `np.eye(400)` to X.T @ X."
        )
    if score < 80.5:
        return score, (
            "averages with much ink have the louder voice. Divide each by its length, the square "
            "root of the sum of its squares."
        )
    if score < 82:
        return score, (
            "let NumPy find the weights whose outputs come nearest to 1 for the right digit and 0 "
            "for the others, with `np.linalg.lstsq`. (A column of ones beside the pixels gives the "
            "biases.)"
        )
    if score < 85.5:
        return score, (
            "neighboring pixels tell much the same. Look up linear discriminant analysis, which "
            "takes into account how the pixels of one digit vary together. A small multiple of "
            "`np.eye(400)` helps there, too."
        )
    return score, (
        "a linear discriminant analysis with another multiple of `np.eye(400)`. The best one that "
        "we found reads about 87 %."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

_INPUT = "tf.keras.Input(shape=(sizes[0],))"

wrong_results(
    "5.1",
    {
        "cut off negative logits": f"Sequential([{_INPUT}, "
        '*[Dense(n, activation="relu") for n in sizes[1:]]])',
        "it has to give logits": f'Sequential([{_INPUT}, *[Dense(n, activation="relu") '
        'for n in sizes[1:-1]], Dense(sizes[-1], activation="softmax")])',
        "All layers are linear": f"Sequential([{_INPUT}, *[Dense(n) for n in sizes[1:]]])",
        "one layer too many": f'Sequential([{_INPUT}, *[Dense(n, activation="relu") '
        "for n in sizes[:-1]], Dense(sizes[-1])])",
        "does not know how many inputs": 'Sequential([*[Dense(n, activation="relu") '
        "for n in sizes[1:-1]], Dense(sizes[-1])])",
        "return a Keras model": "sizes",
        "only with a comma": "Sequential([tf.keras.Input(shape=(sizes[0])), Dense(sizes[-1])])",
        "stands among the layers": f'Sequential([{_INPUT}, [Dense(n, activation="relu") '
        "for n in sizes[1:-1]], Dense(sizes[-1])])",
        "another activation": f'Sequential([{_INPUT}, *[Dense(n, activation="tanh") '
        "for n in sizes[1:-1]], Dense(sizes[-1])])",
        "the layers alone": f'[{_INPUT}, *[Dense(n, activation="relu") '
        "for n in sizes[1:-1]], Dense(sizes[-1])]",
        "in small letters": f'Sequential([{_INPUT}, *[Dense(n, activation="Relu") '
        "for n in sizes[1:-1]], Dense(sizes[-1])])",
        "Some layers in between": f'Sequential([{_INPUT}, Dense(sizes[1], activation="relu"), '
        "*[Dense(n) for n in sizes[2:]]])",
        "the wrong way around": f"Sequential([{_INPUT}, *[Dense(n) for n in sizes[1:-1]], "
        'Dense(sizes[-1], activation="relu")])',
        "in square brackets": f"Sequential({_INPUT}, *[Dense(n) for n in sizes[1:]])",
        "inputs and outputs are fixed": "Sequential([tf.keras.Input(shape=(400,)), "
        '*[Dense(n, activation="relu") for n in sizes[1:-1]], Dense(10)])',
        "the size at the position": f"Sequential([{_INPUT}, "
        '*[Dense(i, activation="relu") for i in range(len(sizes))]])',
        "without quotes": f'Sequential([{_INPUT}, *[Dense(n, activation="relu") '
        'for n in sizes[1:-1]], Dense(sizes[-1], activation="None")])',
        "shifted by one": f'Sequential([{_INPUT}, *[Dense(n, activation="relu") '
        "for n in sizes[2:]], Dense(sizes[-1])])",
        "behind the last one": f'Sequential([{_INPUT}, *[Dense(sizes[i], activation="relu") '
        "for i in sizes[1:-1]], Dense(sizes[-1])])",
        "they need a ReLU": f'Sequential([{_INPUT}, *[Dense(n, activation="relu6") '
        "for n in sizes[1:-1]], Dense(sizes[-1])])",
        "a layer `Dropout`": f'Sequential([{_INPUT}, *[Dense(n, activation="relu") '
        "for n in sizes[1:-1]], tf.keras.layers.Dropout(0.5), Dense(sizes[-1])])",
    },
)

wrong_bodies(
    "5.1",
    {
        "only the first layer": f"model = Sequential([{_INPUT}])\n    for n in sizes[1:-1]:\n"
        '        model.add(Dense(n, activation="relu"))\n        return model',
        "again in every round": "for n in sizes[1:-1]:\n"
        f'        model = Sequential([{_INPUT}, Dense(n, activation="relu"), Dense(sizes[-1])])\n'
        "    return model",
        "The same layer stands": 'hidden = Dense(sizes[1], activation="relu")\n'
        f"    return Sequential([{_INPUT}, *[hidden for _ in sizes[1:-1]], Dense(sizes[-1])])",
    },
)

wrong_results(
    "5.2",
    {
        "go through the second one, too": "W1 @ W2, b1 + b2",
        "are lost": "W1 @ W2, b2",
        "outside of the parentheses": "W1 @ W2, (b1 + b2) @ W2",
        "not W2 @ b1": "W1 @ W2, W2 @ b1 + b2",
        "what they meet is W2": "W1 @ W2, b1 @ W1 + b2",
        "second layer are missing": "W1 @ W2, b1 @ W2",
        "should return 2 values": "W1 @ W2, b1, b2",
        "return both at once": "W1 @ W2",
        "That is a model": "Sequential([tf.keras.Input(shape=(len(W1),)), Dense(len(b2))])",
        "joined to one array": "np.concatenate([W1 @ W2, [b1 @ W2 + b2]])",
        "without `np.array`": "np.array([W1 @ W2, b1 @ W2 + b2])",
        "in that shape": "W1 @ W2, (b1 @ W2 + b2).reshape(1, -1)",
        "biases are exchanged": "W1 @ W2, b2 @ W1 + b1",
        "a sum or average of b1": "W1 @ W2, b1.sum() + b2",
        "along `axis=1`": "W1 @ W2, (b1[:, None] * W2).sum(axis=1) + b2",
        "W and b are exchanged": "b1 @ W2 + b2, W1 @ W2",
        "Both products": "W2 @ W1, W2 @ b1 + b2",
        "not joined": "W1 @ W2, np.concatenate([b1, b2])",
        "The order of the weights": "W2 @ W1, b1 @ W2 + b2",
    },
)

wrong_results(
    "5.3",
    {
        "Leave out the last layer": "[la.name for la in model.layers "
        'if la.activation.__name__ == "linear"]',
        "layers with a ReLU": "[la.name for la in model.layers "
        'if la.activation.__name__ == "relu"]',
        "`==` asks for": "[la.name for la in model.layers[:-1] if la.activation.__name__ != "
        '"linear"]',
        "the last linear layer": "[la.name for la in model.layers "
        'if la.activation.__name__ == "linear"][:-1]',
        "without an `else`": '[la.name if la.activation.__name__ == "linear" else None '
        "for la in model.layers[:-1]]",
        "shows a name": "[print(la.name) for la in model.layers[:-1] "
        'if la.activation.__name__ == "linear"]',
        "brackets of its own": "[[la.name] for la in model.layers[:-1] "
        'if la.activation.__name__ == "linear"]',
        "a certain number of layers": "[la.name for la in model.layers[:2] "
        'if la.activation.__name__ == "linear"]',
        "the only one that may be linear": "[la.name for la in model.layers[-1:] "
        'if la.activation.__name__ == "linear"]',
        "another order": "[la.name for la in model.layers[-2::-1] "
        'if la.activation.__name__ == "linear"]',
        "a list of their own": '[la.name for la in model if la.activation.__name__ == "linear"]',
        "a name of its own": "model.layers[:-1].name",
        "`__name__` belongs": "[la.__name__ for la in model.layers[:-1] "
        'if la.activation.__name__ == "linear"]',
        "Weights have neither": "[w.name for w in model.weights "
        'if w.activation.__name__ == "linear"]',
        "`get_layer` takes": "[model.get_layer(i).name for i in range(len(model.layers) - 1)]",
        "without calling it": '[la.name for la in model.layers if la.activation() == "linear"]',
        "last layer but one": "[la.name for la in model.layers[-2:-1] "
        'if la.activation.__name__ == "linear"]',
        "the name of a function": '[la for la in model.layers if la.activation.name == "linear"]',
        "Those are True and False": '[la.activation.__name__ == "linear" '
        "for la in model.layers[:-1]]",
        "has another name in each": "[la.name for la in model.layers "
        'if la.activation.__name__ == "linear" and la.name != "layer3"]',
        "compare its name": '[la.name for la in model.layers[:-1] if la.activation == "linear"]',
        "Those are the layers;": "[la for la in model.layers[:-1] "
        'if la.activation.__name__ == "linear"]',
        "True or False; the exercise asks for a list": 'any(la.activation.__name__ == "linear" '
        "for la in model.layers[:-1])",
    },
)

wrong_bodies(
    "5.3",
    {
        "changes an activation": "model.layers[-1].activation = tf.keras.activations.relu\n"
        '    return [la.name for la in model.layers if la.activation.__name__ == "linear"]',
        "go on with the next one": "names = []\n    for la in model.layers[:-1]:\n"
        '        if la.activation.__name__ != "linear":\n            break\n'
        "        names.append(la.name)\n    return names",
        "takes a layer out": "model.pop()\n    return [la.name for la in model.layers "
        'if la.activation.__name__ == "linear"]',
        "on a line of its own": "names = []\n    for la in model.layers[:-1]:\n"
        '        if la.activation.__name__ == "linear":\n'
        "            names = names.append(la.name)\n    return names",
    },
)

_ONE = "model = Sequential([tf.keras.Input(shape=(400,)), Dense({})])\n    "

_AVERAGES = (
    _ONE.format("10")
    + "A = np.array([images[labels == d].mean(axis=0) for d in range(10)])\n    "
    + "B = -(A**2).sum(axis=1)\n    "
)

for hint, body in {
    "should return a Keras model": "return np.zeros((400, 10)), np.zeros(10)",
    "a single Dense layer, but it has: Dense, Dense": (
        _ONE.format("25), Dense(10") + "return model"
    ),
    "shapes (400, 5), (5,)": _ONE.format("5") + "return model",
    "it is not built": "return Sequential([Dense(10)])",
    "nan or infinite": _ONE.format("10")
    + "model.set_weights([np.full((400, 10), np.nan), np.zeros(10)])\n    return model",
    "work on copies": "images[images < 0.5] = 0\n    return None",
    "instead of": "from helpers import load_data\n    X, y = load_data()\n    "
    + "A = np.array([X[y == d].mean(axis=0) for d in range(10)])\n    "
    + _ONE.format("10")
    + "model.set_weights([2 * A.T, -(A**2).sum(axis=1)])\n    return model",
    "with `.T`": _AVERAGES + "model.set_weights([2 * A, B])\n    return model",
    "add up with `axis=1`": _AVERAGES
    + "model.set_weights([2 * A.T, -(A**2).sum(axis=0)])\n    return model",
    "one of them is missing": _AVERAGES + "model.set_weights([2 * A.T])\n    return model",
    "into square brackets": _AVERAGES + "model.set_weights(2 * A.T, B)\n    return model",
    "on a line of its own": _AVERAGES + "return model.set_weights([2 * A.T, B])",
    "hand them to `set_weights`": _AVERAGES + "model.layers[0].kernel = 2 * A.T\n    return model",
    "begin the stack": "model = Sequential([Dense(10)])\n"
    "    model.set_weights([np.zeros((400, 10)), np.zeros(10)])\n    return model",
    "the factor 2": _AVERAGES + "model.set_weights([A.T, B])\n    return model",
    "sign of the biases": _AVERAGES + "model.set_weights([2 * A.T, -B])\n    return model",
    "square each pixel": _AVERAGES
    + "model.set_weights([2 * A.T, -(A.sum(axis=1) ** 2)])\n    return model",
}.items():
    wrong("5.4", hint, f"def untrained(images, labels):\n    {body}")
