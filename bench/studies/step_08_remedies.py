"""What helps the network of step 8, on 10,000 images of MNIST that no step trains on.

The images of the series are the first 500 of each digit among MNIST's 60,000 training images. Of
the other 55,000, 10,000 are measured on and 3,500 are trained on in addition; all are made as small
as those of the series. Networks with the same number have the same seed.
"""

import keras
import numpy as np

from helpers import load_data, load_mnist, split_data
from helpers.ink import as_in_the_data
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS = 25  # networks as the step trains them
PAIRS = 10  # of each other kind
GOAL = 0.98  # of the answers are to be right, as in the step


def study():
    """Train; return percentages of right answers, and how thresholds and seeds differ."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    names = load_source(NOTEBOOKS / "08_error_analysis.ipynb", ["train", "probabilities_of"])
    train, probabilities_of = names["train"], names["probabilities_of"]
    (X_train, y_train), (X_val, y_val), (X_test, y_test) = split_data(*load_data())
    X, y = others()
    measured, more = slice(10_000), slice(10_000, 10_000 + len(X_train))
    twice = np.concatenate([X_train, X[more]]), np.concatenate([y_train, y[more]])
    mixed = np.random.default_rng(1).permutation(len(twice[0]))
    twice = twice[0][mixed], twice[1][mixed]
    half = X_train[: len(X_train) // 2], y_train[: len(y_train) // 2]
    whole = X_train, y_train
    kinds = {
        "half of the images": lambda seed: train(*half, seed),
        "half of the images, twice the epochs": lambda seed: train(*half, seed, epochs=80),
        "twice the epochs": lambda seed: train(*whole, seed, epochs=80),
        "twice the images": lambda seed: train(*twice, seed),
        "128 and 64 units": lambda seed: wide(*whole, seed),
    }
    models = [train(*whole, seed) for seed in range(SEEDS)]
    sets = {"measured": (X[measured], y[measured]), "test": (X_test, y_test), "val": (X_val, y_val)}
    p = {name: np.array([probabilities_of(m, A) for m in models]) for name, (A, _) in sets.items()}
    right = {name: p[name].argmax(axis=2) == labels for name, (_, labels) in sets.items()}
    percent = {"as it is": 100 * right["measured"].mean(axis=1)}
    for kind, make in kinds.items():
        guesses = [probabilities_of(make(s), X[measured]).argmax(axis=1) for s in range(PAIRS)]
        percent[kind] = 100 * (np.array(guesses) == y[measured]).mean(axis=1)
        print(kind, percent[kind], flush=True)
    fives = np.arange(SEEDS).reshape(-1, 5)
    votes = [p["measured"][five].mean(axis=0).argmax(axis=1) == y[measured] for five in fives]
    percent["five together"] = 100 * np.mean(votes, axis=1)
    return {
        "measured on": len(y[measured]),
        "percent": percent,
        "seeds": seeds_differ(right["measured"]),
        "fives": [promise(p, right, five) for five in fives],
        "without threshold": 100 * right["test"].mean(axis=1),
    }


def others():
    """Return the images of MNIST's training set that are not in the series, mixed, as rows."""
    (images, labels), _ = load_mnist()
    used = np.concatenate([np.flatnonzero(labels == digit)[:500] for digit in range(10)])
    rest = np.random.default_rng(0).permutation(np.setdiff1d(np.arange(len(labels)), used))[:20_000]
    small = np.array([as_in_the_data(image) for image in images[rest]])
    return small.reshape(-1, 400) / 255, labels[rest].astype(int)


def wide(X, y, seed):
    """Train a network with 128 and 64 units, otherwise like that of the step."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((400,)),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10),
    ])
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(0.001),
        steps_per_execution=-(-len(X) // 32),
    )
    model.fit(X, y, epochs=40, verbose=0)
    return model


def seeds_differ(right):
    """Return by how many points networks differ, and how much of it is the choice of the images.

    Networks that are equally good also differ on a set of images, since each trips over others.
    What the variance between networks has beyond that is how good they are.
    """
    seen = right.mean(axis=1).var(ddof=1)
    chance = right.var(axis=0, ddof=1).mean() / right.shape[1]
    return {
        "spread": 100 * np.sqrt(seen),
        "of equal networks": 100 * np.sqrt(chance),
        "beyond it": 100 * np.sqrt(max(0, seen - chance)),
    }


def promise(p, right, five):
    """Return the threshold that five networks choose on validation images, and how it does.

    One threshold for all five: the lowest at which `GOAL` of their answers are right.
    """
    sure = {name: p[name][five].max(axis=2) for name in p}
    thresholds = np.linspace(0.5, 0.99, 50)
    good = [t for t in thresholds if right["val"][five][sure["val"] >= t].mean() >= GOAL]
    threshold = min(good) if good else 1.0
    answered = sure["test"] >= threshold
    return {
        "threshold": threshold,
        "answered": 100 * answered.mean(axis=1),
        "right": [
            100 * right["test"][i][mine].mean() for i, mine in zip(five, answered, strict=True)
        ],
    }
