"""The ways in which bench.training trains the 400-25-15-10 network, and the measuring of them.

Each maker is called once in a process of its own, with the parameters to begin with and the order
of the images; what it needs is imported there. It returns the function that trains.
"""

import statistics
import time
import warnings
from functools import partial
from importlib.util import find_spec

import numpy as np

from bench.side_by_side import Way, take_turns
from helpers import load_data
from tools import NOTEBOOKS
from tools.sources import load_source

STEP_12 = NOTEBOOKS / "12_backpropagation.ipynb"
# Other work on the machine moves the ratios of single turns by a third (RESULTS.md has the smallest
# and the largest); half of so many turns must go wrong before the median does. All of them take
# about a quarter of an hour.
TURNS = 15
EPOCHS = 40
STEPS = 157
PLAIN = "Keras, `fit` as it is"
AT_ONCE = "Keras, `steps_per_execution=157`"
COMPILED = "TensorFlow, compiled epochs of step 12"
NUMPY = "NumPy, as in step 12"
EXTRAS = {"PyTorch": "torch", "JAX, compiled epochs": "jax"}
PARTS = ["forward", "loss_and_gradients", "adam_step", "train"]


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
    """Return a function that trains with the compiled epochs of step 12."""
    use("float64")
    X, y = data()
    step_12 = load_source(STEP_12, ["compile_epoch"])

    def train(epochs):
        model = build_keras("float64")
        one_epoch = step_12["compile_epoch"](model, X, y)
        losses = [one_epoch(order) for _ in range(epochs)]
        return float(losses[-1]), errors(model(X).numpy(), y)

    return train


def numpy_trainer(start, order, parts=None):
    """Return a function that trains with the functions of step 12.

    If there is a dict `parts`, the function returns it instead, with the seconds spent in the
    functions that it names.
    """
    X, y = data()
    step_12 = load_source(STEP_12, ["train", "forward"])
    for name in parts or {}:
        step_12[name] = timed(step_12[name], parts, name)

    def train(epochs):
        parameters = [array.copy() for array in start]
        losses = step_12["train"](parameters, X, y, epochs * [order])
        return parts or (losses[-1], errors(step_12["forward"](parameters, X)[-1], y))

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


def makers():
    """Return the makers by the names of the ways, without those whose package is missing."""
    found = {
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
    return {
        name: make for name, make in found.items() if name not in EXTRAS or find_spec(EXTRAS[name])
    }


def measure():
    """Measure all ways in turns.

    Returns
    -------
    dict
        ``ways``: for each, the seconds in each turn with all epochs (``whole``) and with one
        (``one``), the last loss, how many images are ``wrong``, and MB of memory; ``missing``: the
        ways that are not installed; ``peak``: operations per second of a matrix product; ``parts``:
        seconds in each of `PARTS`.
    """
    start, order = once(keras_start)
    ways = {name: Way(make, start, order) for name, make in makers().items()}
    # What packages do only once, such as loading parts of themselves, is no part of training.
    take_turns(ways, 1, 1)
    # Before more trainings add to it what garbage they leave.
    memory = {name: way.memory for name, way in ways.items()}
    trainings = {
        (name, epochs): partial(way, epochs) for name, way in ways.items() for epochs in (EPOCHS, 1)
    }
    seconds, results = take_turns(trainings, TURNS)
    for way in ways.values():
        way.close()
    # In a process of its own, since taking the time of each call takes time, too.
    zeros = dict.fromkeys(PARTS, 0.0)
    parts = once(partial(numpy_trainer, parts=zeros), start, order, call=[EPOCHS])
    products = Way(matrix_product)
    peak = statistics.median(products() for _ in range(TURNS))
    products.close()
    return {
        "ways": {
            name: {
                "whole": seconds[name, EPOCHS],
                "one": seconds[name, 1],
                "loss": float(results[name, EPOCHS][0]),
                "wrong": results[name, EPOCHS][1],
                "memory": memory[name],
            }
            for name in ways
        },
        "missing": [name for name in EXTRAS if name not in ways],
        "peak": peak,
        "parts": parts,
    }


def once(make, *arguments, call=()):
    """Return what a way returns that is called a single time."""
    way = Way(make, *arguments)
    result = way(*call)
    way.close()
    return result
