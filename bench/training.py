"""Train the 400-25-15-10 network in many ways, side by side: python -m bench.training.

The same 5,000 images in float64, batches of 32, 40 epochs, Adam 0.001: 6,280 steps. Each way runs
in a process of its own, which stays, with as many threads as its package takes by itself. After a
first turn of one epoch, which is not counted, they take turns, and ratios are taken within a turn.
All but scikit-learn begin with the same parameters, those that Keras draws after
``set_random_seed(1)``, and see the images in the same order, the one that ``fit`` then uses (in
every epoch the same, as step 6 shows): it is recorded from a first run. A time covers all there is
to do after loading the data: building, compiling, training. The same with a single epoch tells what
of it is for starting.

PyTorch and JAX are measured where they are installed; the project does not need them:
``python3 -m pip --python .venv/bin/python install torch jax``, some gigabytes.
"""

import statistics
import sys
import time
import warnings
from functools import partial
from importlib.util import find_spec

import matplotlib.pyplot as plt
import numpy as np

from bench import results
from bench.side_by_side import RATIO, Way, ratio, take_turns
from checks.notebook import load_source
from helpers import load_data
from tools import NOTEBOOKS

SECTION = "Training the network"
STEP_6 = NOTEBOOKS / "06_training.ipynb"
TURNS = 15
EPOCHS = 40
STEPS = 157
PLAIN = "Keras, `fit` as it is"
AT_ONCE = "Keras, `steps_per_execution=157`"
COMPILED = "TensorFlow, compiled epochs of step 6"
NUMPY = "NumPy, as in step 6"
EXTRAS = {"PyTorch": "torch", "JAX, compiled epochs": "jax"}


def data():
    """Return images, float64 (5000, 400), and labels, int64 (5000,)."""
    X, y = load_data()
    return X.astype(np.float64), y.astype(np.int64)


def keras_start():
    """Return a function that returns the parameters that Keras draws and the order it uses."""
    import keras
    import tensorflow as tf

    class Watch(keras.layers.Layer):
        def call(self, x):
            tf.py_function(lambda batch: seen.append(batch.numpy().ravel()), [x], [])
            return x

    seen = []

    def record():
        parameters = build_keras("float64").get_weights()
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((1,)), Watch(), keras.layers.Dense(1)])
        model.compile(loss="mse")
        numbers = np.arange(5000.0)[:, None]
        model.fit(numbers, numbers, epochs=1, verbose=0)
        return parameters, np.concatenate(seen).astype(int)

    return record


def use(dtype):
    """Let Keras compute with a dtype."""
    import keras

    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


def build_keras(dtype):
    """Return the network of step 6 with the parameters it begins with."""
    import keras

    use(dtype)
    keras.utils.set_random_seed(1)
    return keras.Sequential([
        keras.Input((400,)),
        keras.layers.Dense(25, activation="relu"),
        keras.layers.Dense(15, activation="relu"),
        keras.layers.Dense(10, activation="linear"),
    ])


def keras_fit(start, order, steps_per_execution=1, dtype="float64", curves=False):
    """Return a function that trains as step 6 does; all such functions return loss and errors."""
    import keras

    from helpers import training, widgets

    # What live curves show has no place in a terminal.
    training.display = training.show_live = widgets.display = lambda *_, **__: None
    X, y = data()

    def train(epochs):
        model = build_keras(dtype)
        model.set_weights(start)  # what is drawn depends on the dtype
        model.compile(
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            optimizer=keras.optimizers.Adam(0.001),
            steps_per_execution=steps_per_execution,
        )
        callbacks = [training.LiveCurves(epochs)] if curves else []
        history = model.fit(X, y, epochs=epochs, verbose=0, callbacks=callbacks)
        return history.history["loss"][-1], errors(model(X).numpy(), y)

    return train


def compiled_epochs(start, order):
    """Return a function that trains with the compiled epochs of step 6."""
    use("float64")
    X, y = data()
    step_6 = load_source(STEP_6, ["compile_epoch"])

    def train(epochs):
        model = build_keras("float64")
        one_epoch = step_6["compile_epoch"](model, X, y)
        losses = [one_epoch(order) for _ in range(epochs)]
        return float(losses[-1]), errors(model(X).numpy(), y)

    return train


def numpy_trainer(start, order, parts=None):
    """Return a function that trains with the functions of step 6.

    If there is a dict `parts`, the function returns it instead, with the seconds spent in the
    functions that it names.
    """
    X, y = data()
    step_6 = load_source(STEP_6, ["train", "forward"])
    for name in parts or {}:
        step_6[name] = timed(step_6[name], parts, name)

    def train(epochs):
        parameters = [array.copy() for array in start]
        losses = step_6["train"](parameters, X, y, epochs, iter(epochs * [order]))
        return parts or (losses[-1], errors(step_6["forward"](parameters, X)[-1], y))

    return train


def timed(function, seconds, name):
    """Return a function that also adds up how long it takes."""

    def call(*arguments):
        start = time.perf_counter()
        result = function(*arguments)
        seconds[name] += time.perf_counter() - start
        return result

    return call


def scikit_learn(start, order):
    """Return a function that trains scikit-learn's network, from its own start and orders."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    # Forty epochs are not meant to converge.
    warnings.simplefilter("ignore", ConvergenceWarning)
    X, y = data()

    def train(epochs):
        model = MLPClassifier(
            (25, 15),
            batch_size=32,
            max_iter=epochs,
            alpha=0,
            tol=0,
            n_iter_no_change=epochs + 1,
            random_state=0,
        )
        model.fit(X, y)
        return model.loss_, int((model.predict(X) != y).sum())

    return train


def pytorch(start, order):
    """Return a function that trains the same network in PyTorch."""
    import torch

    torch.set_default_dtype(torch.float64)
    X, y = data()
    X_torch, y_torch = torch.from_numpy(X), torch.from_numpy(y)
    batches = torch.from_numpy(order).split(32)

    def train(epochs):
        model = torch.nn.Sequential(
            torch.nn.Linear(400, 25),
            torch.nn.ReLU(),
            torch.nn.Linear(25, 15),
            torch.nn.ReLU(),
            torch.nn.Linear(15, 10),
        )
        with torch.no_grad():
            for parameter, array in zip(model.parameters(), start, strict=True):
                parameter.copy_(torch.from_numpy(array.T))
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
        loss_of = torch.nn.CrossEntropyLoss()
        for _ in range(epochs):
            total = 0
            for batch in batches:
                optimizer.zero_grad()
                loss = loss_of(model(X_torch[batch]), y_torch[batch])
                loss.backward()
                optimizer.step()
                total += loss.item() * len(batch)
        with torch.no_grad():
            return total / len(y), errors(model(X_torch).numpy(), y)

    return train


def jax_epochs(start, order):
    """Return a function that trains the same network in JAX, an epoch compiled as a whole."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y = data()
    X_jax, y_jax = jnp.array(X), jnp.array(y)
    full, rest = order[: len(order) // 32 * 32].reshape(-1, 32), order[len(order) // 32 * 32 :]

    def loss_of(parameters, batch):
        W1, b1, W2, b2, W3, b3 = parameters
        a1 = jax.nn.relu(X_jax[batch] @ W1 + b1)
        log_p = jax.nn.log_softmax(jax.nn.relu(a1 @ W2 + b2) @ W3 + b3)
        return -jnp.take_along_axis(log_p, y_jax[batch][:, None], axis=1).mean()

    def step(state, batch):
        parameters, m, v, t = state
        loss, gradients = jax.value_and_grad(loss_of)(parameters, batch)
        t += 1
        m = [m + 0.1 * (g - m) for m, g in zip(m, gradients, strict=True)]
        v = [v + 0.001 * (g * g - v) for v, g in zip(v, gradients, strict=True)]
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        parameters = [
            p - rate * m / (jnp.sqrt(v) + 1e-7) for p, m, v in zip(parameters, m, v, strict=True)
        ]
        return (parameters, m, v, t), loss * len(batch)

    def train(epochs):
        @jax.jit
        def one_epoch(state):
            state, losses = jax.lax.scan(step, state, full)
            state, last = step(state, rest)
            return state, (losses.sum() + last) / len(order)

        zeros = [jnp.zeros(array.shape) for array in start]
        state = [jnp.array(array) for array in start], zeros, zeros, jnp.array(0)
        for _ in range(epochs):
            state, loss = one_epoch(state)
        W1, b1, W2, b2, W3, b3 = map(np.asarray, state[0])
        a1 = np.maximum(0, X @ W1 + b1)
        return float(loss), errors(np.maximum(0, a1 @ W2 + b2) @ W3 + b3, y)

    return train


def errors(logits, y):
    """Return how many images are misread."""
    return int((logits.argmax(axis=1) != y).sum())


def matrix_product():
    """Return a function that returns how many operations per second a matrix product reaches."""
    a = np.random.default_rng(0).random((1200, 1200))

    def measure():
        start = time.perf_counter()
        for _ in range(10):
            a @ a
        return 10 * 2 * 1200**3 / (time.perf_counter() - start)

    return measure


def operations():
    """Return how many operations the arithmetic of one step takes, on average, and how many Adam's.

    A product of a batch with weights takes two for each weight and image, and so do the gradients
    of the weights and, but for the first layer, of what goes into it. Adam: 13 for each parameter.
    """
    weights = [400 * 25, 25 * 15, 15 * 10]
    images = 5000 / STEPS
    return 2 * images * (2 * sum(weights) + sum(weights[1:])), 13 * (sum(weights) + 50)


def main():
    """Measure all ways in turns and write the section."""
    first = Way(keras_start)
    start, order = first()
    first.close()
    makers = {
        PLAIN: keras_fit,
        "Keras, `fit` in 32 bits": partial(keras_fit, dtype="float32"),
        AT_ONCE: partial(keras_fit, steps_per_execution=STEPS),
        "Keras, the same with live curves, as in step 6": partial(
            keras_fit, steps_per_execution=STEPS, curves=True
        ),
        COMPILED: compiled_epochs,
        "scikit-learn, `MLPClassifier`": scikit_learn,
        "PyTorch": pytorch,
        "JAX, compiled epochs": jax_epochs,
        NUMPY: numpy_trainer,
    }
    missing = [name for name, package in EXTRAS.items() if not find_spec(package)]
    ways = {name: Way(make, start, order) for name, make in makers.items() if name not in missing}
    take_turns(ways, 1, 1)
    memory = {name: way.memory for name, way in ways.items()}
    trainings = {
        (name, epochs): partial(way, epochs) for name, way in ways.items() for epochs in (EPOCHS, 1)
    }
    seconds, found = take_turns(trainings, TURNS)
    for way in ways.values():
        way.close()
    parts = dict.fromkeys(["forward", "loss_and_gradients", "adam_step", "train"], 0.0)
    profile = Way(partial(numpy_trainer, parts=parts), start, order)
    products = Way(matrix_product)
    peak = statistics.median(products() for _ in range(TURNS))
    parts = profile(EPOCHS)
    profile.close()
    products.close()

    step, rows = {}, []
    for name in ways:
        whole, one = seconds[name, EPOCHS], seconds[name, 1]
        more = statistics.median(long - short for long, short in zip(whole, one, strict=True))
        step[name] = 1e6 * more / (EPOCHS - 1) / STEPS
        begin = max(0, statistics.median(one) - STEPS * step[name] / 1e6)
        loss, wrong = found[name, EPOCHS]
        rows.append([
            name,
            f"{statistics.median(whole):.2f}",
            ratio(whole, seconds[PLAIN, EPOCHS]),
            f"{step[name]:,.0f}",
            f"{begin:.1f}",
            f"{loss:.8f}",
            wrong,
            f"{memory[name]:,.0f}",
        ])
    products, adam = operations()
    floor = 1e6 * (products + adam) / peak
    layers = [step[PLAIN], step[AT_ONCE], step[COMPILED], floor]
    numpy_steps = EPOCHS * STEPS / 1e6
    backward = parts["loss_and_gradients"] - parts["forward"]
    rest = parts["train"] - parts["loss_and_gradients"] - parts["adam_step"]
    lines = [
        f"5,000 images, batches of 32, {EPOCHS} epochs, Adam 0.001, 64 bits but for one row: "
        f"{EPOCHS * STEPS:,} steps each, in {TURNS} turns, with as many threads as each package "
        "takes by itself. All but scikit-learn begin with the same parameters and see the images "
        "in the same order, in each epoch the same, as `fit` does after a seed was set; "
        "scikit-learn shuffles anew, which makes fewer errors on the images trained on. "
        f"{RATIO} A step is what each further one costs: the difference between {EPOCHS} epochs "
        "and one, also within each turn. Starting is everything before it (building, and compiling "
        "where something is compiled), without the imports. Memory is the most that a process of "
        "its own needed for an epoch, packages and data included.",
        "",
        *results.table(
            [
                "way",
                "seconds",
                "ratio",
                "µs per step",
                "starting, s",
                "final loss",
                "wrong of the 5,000 trained on",
                "memory, MB",
            ],
            rows,
        ),
        *([f"Not installed, so not measured: {' and '.join(missing)}.", ""] if missing else []),
        *results.picture(
            "training",
            draw(step, floor),
            "Bars: the time of a step is longest for Keras as it is and shortest for the ways "
            "with the least around the arithmetic, which alone would end at a line near zero.",
        ),
        "### Where the time of a step goes",
        "",
        f"The arithmetic of one step, {(products + adam) / 1e6:.2f} million operations, would take "
        f"{floor:.0f} µs at the {peak / 1e9:.0f} billion per second that a large matrix product "
        "reaches on this machine with all its cores: no network so small comes near it. For Keras, "
        "the table holds the differences between the ways above, from one to the next:",
        "",
        *results.table(
            ["what", "µs per step"],
            [
                ["returning to Python for each step", f"{layers[0] - layers[1]:.0f}"],
                ["pipeline and bookkeeping of `fit`", f"{layers[1] - layers[2]:.0f}"],
                [
                    "all else in a compiled epoch, operation by operation",
                    f"{layers[2] - layers[3]:.0f}",
                ],
                ["arithmetic, at best", f"{floor:.0f}"],
            ],
        ),
        "In NumPy, by the functions of step 6:",
        "",
        *results.table(
            ["function", "µs per step"],
            [
                ["`forward`", f"{parts['forward'] / numpy_steps:.0f}"],
                ["the rest of `loss_and_gradients`", f"{backward / numpy_steps:.0f}"],
                ["`adam_step`", f"{parts['adam_step'] / numpy_steps:.0f}"],
                [
                    "the loop, and picking the images",
                    f"{rest / numpy_steps:.0f}",
                ],
            ],
        ),
        "`steps_per_execution` and compiling change how often Python is asked, and no number: the "
        "loss stays the same, digit for digit. NumPy and JAX do the same steps, but round "
        "differently from Keras, which takes the powers of 0.9 and 0.999 in 32 bits; PyTorch's "
        "Adam adds its small number in another place. Thousands of steps magnify both.",
    ]
    extras = [package for name, package in EXTRAS.items() if name not in missing]
    results.write(SECTION, lines, ["tensorflow", "keras", "numpy", "sklearn", *extras])
    return 0


def draw(step, floor):
    """Draw the time of a step for each way, and a line for the arithmetic."""
    plt.style.use("helpers.series")
    names = sorted(step, key=step.get, reverse=True)
    fig, ax = plt.subplots(figsize=(8, 3.4))
    ax.barh(range(len(names)), [step[name] for name in names], color="C0")
    ax.axvline(floor, color="C1")
    for place, name in enumerate(names):
        ax.annotate(f" {step[name]:,.0f}", (step[name], place), va="center")
    ax.annotate("arithmetic at best", (floor, len(names) - 0.4), color="C1", va="bottom", ha="left")
    ax.set_yticks(range(len(names)), [name.replace("`", "") for name in names])
    ax.set(xlabel="µs per step", ylim=(-0.6, len(names) + 0.2))
    return fig


if __name__ == "__main__":
    sys.exit(main())
