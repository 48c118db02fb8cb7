"""Train the 400-25-15-10 network in several ways, side by side: make bench.

Same 5,000 images, batches of 32, 40 epochs, Adam 0.001: 6,280 steps each. The ways take turns, so
that whatever else the machine does hits all of them; ratios are taken within a turn. Writes
bench/training.md.
"""

import functools
import statistics
import sys
import warnings
from pathlib import Path

import keras
import numpy as np
import sklearn
import tensorflow as tf
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from bench.side_by_side import RATIO, machine, ratio, take_turns
from helpers import load_data, training
from helpers.training import LiveCurves
from tools.notebooks import NOTEBOOKS, source_of

ROOT = Path(__file__).parents[1]
TURNS = 5


def keras_way(X, y, *, floatx="float64", callbacks=(), **options):
    """Train with Keras as step 6 does; return final loss and wrongly read training images."""
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.Input((400,)),
        keras.layers.Dense(25, activation="relu"),
        keras.layers.Dense(15, activation="relu"),
        keras.layers.Dense(10, activation="linear"),
    ])
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(0.001),
        **options,
    )
    history = model.fit(X, y, epochs=40, verbose=0, callbacks=list(callbacks))
    return history.history["loss"][-1], (model(X).numpy().argmax(axis=1) != y).sum()


def numpy_way(X, y):
    """Train with the functions of step 6; return as `keras_way`."""
    step, names = {}, ["initialize", "train", "new_orders", "count_errors"]
    exec(source_of(NOTEBOOKS / "06_training.ipynb", names), step)
    rng = np.random.default_rng(0)
    parameters = step["initialize"]((400, 25, 15, 10), rng)
    X = X.astype(np.float64)
    losses = step["train"](parameters, X, y, 40, step["new_orders"](len(y), rng))
    return losses[-1], step["count_errors"](parameters, X, y)


def sklearn_way(X, y):
    """Train with scikit-learn; return as `keras_way`."""
    model = MLPClassifier(
        (25, 15), batch_size=32, max_iter=40, alpha=0, tol=0, n_iter_no_change=41, random_state=0
    )
    model.fit(X, y)
    return model.loss_, (model.predict(X) != y).sum()


WAYS = {
    "Keras, plain `compile` and `fit`": keras_way,
    "the same, 32 bits": lambda X, y: keras_way(X, y, floatx="float32"),
    "Keras, `steps_per_execution=157`": lambda X, y: keras_way(X, y, steps_per_execution=157),
    "the same with live curves drawn, as in step 6": lambda X, y: keras_way(
        X, y, steps_per_execution=157, callbacks=[LiveCurves(40)]
    ),
    "scikit-learn `MLPClassifier`": sklearn_way,
    "NumPy, as in step 6": numpy_way,
}


def main():
    """Measure all ways in turns and write the table."""
    X, y = load_data()
    # What live curves show has no place in a terminal.
    training.display = training.show_live = lambda *_, **__: None
    # Forty epochs are not meant to converge.
    warnings.simplefilter("ignore", ConvergenceWarning)
    ways = {name: functools.partial(train, X, y) for name, train in WAYS.items()}
    seconds, results = take_turns(ways, TURNS)
    plain = next(iter(seconds.values()))
    lines = [
        "# Training the 400-25-15-10 network",
        "",
        "5,000 images, batches of 32, 40 epochs, Adam 0.001: 6,280 steps each, one after the other "
        f"in {TURNS} turns. Written by `make bench`. {RATIO}",
        "",
        "| way | seconds | ratio to the first | final loss | wrong of 5,000 |",
        "|---|---|---|---|---|",
    ]
    for way, times in seconds.items():
        loss, wrong = results[way]
        lines.append(
            f"| {way} | {statistics.median(times):.1f} | {ratio(times, plain)} | {loss:.4f} "
            f"| {wrong} |"
        )
    lines += [
        "",
        "Each step is so small that most of the time goes into calling operations, not into "
        "arithmetic; that is why the way with the fewest layers of software wins. "
        "`steps_per_execution` changes how often Python is asked, and no number.",
        "",
        machine(tf, keras, np, sklearn),
        "",
    ]
    (ROOT / "bench" / "training.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
