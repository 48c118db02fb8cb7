"""How the cost of an epoch grows with images, width, batch and threads: python -m bench growth.

Of MNIST with 784 inputs, in float64, trained by Keras as in step 9 (a pipeline, a whole epoch at
once) and by the NumPy trainer of step 12. Each point has a process of its own, where one epoch is
trained for warming up and then measured again and again; its memory is the most that the process
needed, packages and data included. One thing is changed at a time, and the rest stays as in BASE.
"""

import os
import statistics
import sys

import matplotlib.pyplot as plt
import numpy as np

from bench import results
from bench.side_by_side import RATIO, Way, mean_seconds, ratio
from helpers import load_mnist
from tools import NOTEBOOKS
from tools.sources import load_source

SECTION = "How cost grows"
ALT = (
    "Pairs of curves for Keras and NumPy, time above and memory below. Time grows with the number "
    "of images, in the end in proportion, and with the width of the layer; it falls with larger "
    "batches, up to some size; a second thread does not help. NumPy is faster for narrow layers, "
    "and its memory grows faster with images."
)
TURNS = 5
BASE = {"images": 5000, "width": 25, "batch": 32, "threads": 1}
GRID = {
    "images": [500, 1000, 2000, 5000, 10_000, 20_000, 60_000],
    "width": [25, 50, 100, 200, 400, 800],
    "batch": [8, 16, 32, 64, 128, 256, 512],
    "threads": sorted({1, 2, os.cpu_count()}),
}


def by_keras(images, width, batch):
    """Return a function that trains an epoch with Keras and returns the seconds."""
    import tensorflow as tf

    tf.keras.backend.set_floatx("float64")
    (X, y), _ = load_mnist()
    as_inputs = load_source(NOTEBOOKS / "09_mnist.ipynb", ["as_inputs"])["as_inputs"]
    pipeline = tf.data.Dataset.from_tensor_slices((X[:images], y[:images].astype(int)))
    pipeline = pipeline.shuffle(images, seed=1).batch(batch).map(as_inputs).prefetch(2)
    model = tf.keras.Sequential([
        tf.keras.Input((784,)),
        tf.keras.layers.Dense(width, activation="relu"),
        tf.keras.layers.Dense(15, activation="relu"),
        tf.keras.layers.Dense(10),
    ])
    model.compile(
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=tf.keras.optimizers.Adam(0.001),
        steps_per_execution=len(pipeline),
    )
    return timed(lambda: model.fit(pipeline, epochs=1, shuffle=False, verbose=0))


def by_numpy(images, width, batch):
    """Return the same for the gradients and steps of step 12, in a loop with any size of batch."""
    names = ["initialize", "loss_and_gradients", "adam_step"]
    step_12 = load_source(NOTEBOOKS / "12_backpropagation.ipynb", names)
    (X, y), _ = load_mnist()
    X, y = X[:images].reshape(-1, 784) / 255, y[:images].astype(int)
    rng = np.random.default_rng(0)
    parameters = step_12["initialize"]((784, width, 15, 10), rng)
    m, v = np.zeros((2, sum(array.size for array in parameters)))

    def train():
        order = rng.permutation(images)
        for t, start in enumerate(range(0, images, batch), start=1):
            some = order[start : start + batch]
            _, gradients = step_12["loss_and_gradients"](parameters, X[some], y[some])
            step_12["adam_step"](parameters, gradients, m, v, t, 0.001)

    return timed(train)


def timed(train):
    """Return a function that returns the seconds of training once, warmed up.

    It trains again and again for at least half a second: a single epoch may be over in
    milliseconds.
    """
    train()
    return lambda: mean_seconds(train, 0.5)


def measure():
    """Measure all points; return one dict for each.

    Its ``seconds`` and ``memory`` are for Keras and for NumPy, the seconds for each turn.
    """
    found = []
    for what, values in GRID.items():
        for value in values:
            point = {**BASE, what: value}
            threads = point.pop("threads")
            ways = [Way(make, *point.values(), threads=threads) for make in (by_keras, by_numpy)]
            turns = [[way() for way in ways] for _ in range(TURNS)]
            memory = [way.memory for way in ways]
            for way in ways:
                way.close()
            seconds = [list(times) for times in zip(*turns, strict=True)]
            found.append({"what": what, "value": value, "seconds": seconds, "memory": memory})
            print(found[-1], flush=True)
    return found


def section(found):
    """Return the lines of the section."""
    rows = [
        [
            name_of(point["what"], point["value"]),
            *(f"{statistics.median(times):.3g}" for times in point["seconds"]),
            ratio(*reversed(point["seconds"])),
            *(f"{megabytes:,.0f}" for megabytes in point["memory"]),
        ]
        for point in found
    ]
    return [
        f"An epoch with {BASE['images']:,} images of MNIST, 784-{BASE['width']}-15-10, batches of "
        f"{BASE['batch']}, 64 bits, on {BASE['threads']} thread, and what changes if one of these "
        "changes. Keras as in step 9, with a pipeline and an epoch at once; NumPy with the code "
        "of step 12, which has all images as 64-bit numbers beforehand, where the pipeline of "
        f"Keras makes them batch by batch. The ratio is NumPy to Keras, in {TURNS} turns. {RATIO} "
        "Memory is the most that a process of its own needed, packages and data included; loading "
        "MNIST takes about half of NumPy's with up to 5,000 images.",
        "",
        *results.picture("growth", ALT),
        *results.table(
            ["what", "Keras, s", "NumPy, s", "ratio", "memory of Keras, MB", "of NumPy, MB"], rows
        ),
    ]


def name_of(what, value):
    """Return what a point is called, such as ``5,000 images``, ``1 thread`` or ``width 25``."""
    if what not in ("images", "threads"):
        return f"{what} {value}"
    return f"{value:,} {what if value > 1 else what.removesuffix('s')}"


def draw(found):
    """Draw time and memory of both ways over what is changed."""
    curves = {}
    for point in found:
        seconds = [statistics.median(times) for times in point["seconds"]]
        curves.setdefault(point["what"], []).append([point["value"], *seconds, *point["memory"]])
    plt.style.use("helpers.series")
    fig, axes = plt.subplots(2, len(curves), figsize=(9, 4.5), sharey="row")
    for column, (what, points) in zip(axes.T, curves.items(), strict=True):
        values, *measured = zip(*points, strict=True)
        for ax, pair in zip(column, [measured[:2], measured[2:]], strict=True):
            for name, numbers, marker in zip(["Keras", "NumPy"], pair, "os", strict=True):
                ax.plot(values, numbers, marker=marker, markersize=4, label=name)
            ax.set(xscale="log", xticks=values[:: max(1, len(values) // 3)])
            ax.xaxis.set_major_formatter("{x:,.0f}")
            ax.minorticks_off()
        column[0].set(yscale="log", yticks=[0.01, 0.1, 1])
        column[0].yaxis.set_major_formatter("{x:g}")
        column[0].minorticks_off()
        column[1].set(ylim=(0, None), xlabel=what)
    axes[0, 0].set_ylabel("seconds per epoch")
    axes[1, 0].set_ylabel("memory, MB")
    axes[0, 0].legend()
    return fig


def main():
    """Measure, and write the section and its picture."""
    results.write("growth", measure(), ["tensorflow", "keras", "numpy"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench growth, which sets the environment.")
