"""Train all networks of the series on MNIST, beside a recipe of keras.io: make bench.

With the code of the notebooks, which is taken from them; all are measured on the 10,000 test
images. Our convolutional network is trained before and after the recipe, so that the ratio of
their times depends less on what else the machine does. Writes bench/networks.md, and
data/scoreboard.json, which the steps show.

The recipe is the example `mnist_convnet` of keras.io: 34,826 parameters, 15 epochs.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from bench.side_by_side import machine
from helpers import load_mnist, training
from helpers.data import DATA
from tools.notebooks import NOTEBOOKS, source_of

ROOT = Path(__file__).parents[1]


def code_of(step, names, floatx):
    """Return what a notebook defines by these names, ready to compute with that dtype."""
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    found = {}
    exec(source_of(NOTEBOOKS / f"{step}.ipynb", names), found)
    return found


def keras_io(images, y):
    """Train the network of keras.io's example as it is trained there."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    inputs, answers = (images / 255).astype("float32")[..., None], np.eye(10)[y]
    model.fit(inputs, answers, batch_size=128, epochs=15, validation_split=0.1, verbose=0)
    return model


def measure(make, percent_right, test):
    """Return parameters, errors in percent and seconds of training of the network that `make`s."""
    start = time.perf_counter()
    model = make()
    seconds = time.perf_counter() - start
    errors = 100 - float(percent_right(model, *test))
    return {"parameters": model.count_params(), "errors": round(errors, 2), "seconds": seconds}


def measure_averages(images, y, test):
    """Return the same for the nearest of ten average images."""
    start = time.perf_counter()
    averages = np.array([images[y == digit].mean(axis=0).ravel() for digit in range(10)])
    seconds = time.perf_counter() - start
    distances = (averages**2).sum(axis=1) - 2.0 * test[0].reshape(-1, 784) @ averages.T
    errors = 100 * float((distances.argmin(axis=1) != test[1]).mean())
    return {"parameters": averages.size, "errors": round(errors, 2), "seconds": seconds}


def networks():
    """Yield step, name, number of training images, and what was measured, one by one."""
    (images, labels), (test_images, test_labels) = load_mnist()
    y, test = labels.astype(int), (test_images, test_labels.astype(int))
    few = np.concatenate([np.flatnonzero(y == digit)[:500] for digit in range(10)])

    yield 9, "nearest average", 60_000, measure_averages(images, y, test)
    names = code_of("09_mnist", ["train", "percent_right"], "float64")
    for name, hidden, count, epochs in [
        ("25 and 15 units", (25, 15), 5000, 40),
        ("25 and 15 units", (25, 15), 60_000, 3),
        ("128 and 64 units", (128, 64), 60_000, 3),
    ]:
        make = partial(names["train"], hidden, images[:count], y[:count], epochs)
        yield 9, name, count, measure(make, names["percent_right"], test)

    names = code_of("10_dropout", ["train", "augmented", "score"], "float64")
    rows, right = test[0].reshape(-1, 784) / 255, lambda *of: names["score"](*of)[0]
    make = partial(names["train"], 0, feed=names["augmented"])
    yield 10, "128 and 64, augmented", 5000, measure(make, right, (rows, test[1]))

    names = code_of("11_cnn", ["train", "percent_right"], "float32")
    right = names["percent_right"]
    make = partial(names["train"], images[few], y[few], epochs=30, as_they_are=5, bend=0.7)
    yield 11, "convolutional", 5000, measure(make, right, test)
    runs = {epochs: partial(names["train"], images, y, epochs=epochs) for epochs in (2, 4)}
    before = {epochs: measure(make, right, test) for epochs, make in runs.items()}
    recipe = measure(partial(keras_io, images, y), right, test)
    after = {epochs: measure(make, right, test) for epochs, make in runs.items()}
    for step, name, epochs in [(None, "the next one, with 2 epochs", 2), (11, "convolutional", 4)]:
        seconds = [before[epochs]["seconds"], after[epochs]["seconds"]]
        low, high = sorted(time / recipe["seconds"] for time in seconds)
        ratio = f"{(low + high) / 2:.2f} ({low:.2f}–{high:.2f})"
        measured = {**after[epochs], "seconds": sum(seconds) / 2, "ratio": ratio}
        yield step, name, 60_000, measured
    yield None, "keras.io, `mnist_convnet`", 54_000, {**recipe, "ratio": "1"}
    shipped = measure(training.load_network, right, test)
    shipped["seconds"] = json.loads((DATA / "cnn.json").read_text(encoding="utf-8"))["seconds"]
    yield 11, "convolutional, shipped", 60_000, shipped


def main():
    """Train everything, write both files."""
    training.progress = lambda items, _label: items
    rows = []
    for step, name, images, measured in networks():
        rows.append({"step": step, "name": name, "images": images, **measured})
        rows[-1]["seconds"] = round(rows[-1]["seconds"], 1)
        print(rows[-1], flush=True)
    lines = [
        "# The networks of the series",
        "",
        "Errors on the 10,000 test images of MNIST, and seconds of training, beside the example "
        "`mnist_convnet` of keras.io with its 15 epochs, which holds 6,000 images apart. Written "
        "by `make bench`. The ratio is that of the times of training; our network was trained "
        "before and after the example.",
        "",
        "| network | images | parameters | errors | seconds | ratio to keras.io |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = row.pop("ratio", "")
        lines.append(
            f"| {row['name']} | {row['images']:,} | {row['parameters']:,} | {row['errors']:.2f} % "
            f"| {row['seconds']:.0f} | {ratio} |"
        )
    lines += ["", machine(tf, keras, np), ""]
    (ROOT / "bench" / "networks.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    ours = [json.dumps(row) for row in rows if row["step"]]
    (DATA / "scoreboard.json").write_text("[\n" + ",\n".join(ours) + "\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
