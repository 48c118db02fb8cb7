"""Train the 400-25-15-10 network in several ways, side by side: make bench.

Same 5,000 images, batches of 32, 40 epochs, Adam 0.001: 6,280 steps each. The ways take turns, so
that whatever else the machine does hits all of them; ratios are taken within a turn. Writes
bench/training.md.
"""

import ast
import os
import platform
import statistics
import sys
import time
import warnings
from pathlib import Path

import keras
import nbformat
import numpy as np
import sklearn
import tensorflow as tf
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from helpers import load_data, training
from helpers.training import LiveCurves

ROOT = Path(__file__).parents[1]
TURNS = 5


def functions_of(step):
    """Return the functions that a notebook defines, by name."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{step}.ipynb", as_version=4)
    found = {"np": np}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    exec(compile(ast.Module([node], []), f"{step}.ipynb", "exec"), found)
    return found


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
    step = functions_of("06_training")
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
    seconds, results = {way: [] for way in WAYS}, {}
    for turn in range(TURNS):
        for way, train in WAYS.items():
            start = time.perf_counter()
            results[way] = train(X, y)
            seconds[way].append(time.perf_counter() - start)
            print(f"turn {turn + 1}: {seconds[way][-1]:6.2f} s  {way}", flush=True)
    plain = next(iter(WAYS))
    lines = [
        "# Training the 400-25-15-10 network",
        "",
        "5,000 images, batches of 32, 40 epochs, Adam 0.001: 6,280 steps each, one after the other "
        f"in {TURNS} turns. Written by `make bench`; the ratio is the median of the turns, with "
        "their smallest and largest.",
        "",
        "| way | seconds | ratio to the first | final loss | wrong of 5,000 |",
        "|---|---|---|---|---|",
    ]
    for way, times in seconds.items():
        ratios = [t / p for t, p in zip(times, seconds[plain], strict=True)]
        spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
        loss, wrong = results[way]
        lines.append(
            f"| {way} | {statistics.median(times):.1f} "
            f"| {statistics.median(ratios):.2f} ({spread}) | {loss:.4f} | {wrong} |"
        )
    lines += [
        "",
        "Each step is so small that most of the time goes into calling operations, not into "
        "arithmetic; that is why the way with the fewest layers of software wins. "
        "`steps_per_execution` changes how often Python is asked, and no number.",
        "",
        f"Measured with {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras "
        f"{keras.__version__}, NumPy {np.__version__}, scikit-learn {sklearn.__version__}.",
        "",
    ]
    (ROOT / "bench" / "training.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
