"""Read one digit and 10,000 digits in several ways, side by side: python -m bench prediction.

The 400-25-15-10 network in float64, with the parameters that it begins with; what they are does not
matter for the time. Each way runs in a process of its own, on one thread and in turns. A turn calls
it again and again for at least half a second, and counts the mean.
"""

import statistics
import sys

import numpy as np

from bench import results
from bench.side_by_side import RATIO, Way, mean_seconds, ratio
from bench.training_ways import build_keras
from helpers import load_data
from tools import NOTEBOOKS
from tools.sources import load_source

SECTION = "Prediction"
TURNS = 15
COUNTS = 1, 10_000


def with_keras(kind):
    """Return a function of images that reads them with Keras, in one of these ways."""
    import tensorflow as tf

    model = build_keras("float64")
    read = {
        "predict": lambda X: model.predict(X, verbose=0),
        "predict at once": lambda X: model.predict(X, batch_size=len(X), verbose=0),
        "call": lambda X: model(X).numpy(),
        "compiled": lambda X: compiled(X).numpy(),
    }
    compiled = tf.function(model, reduce_retracing=True)
    return repeated(read[kind])


def with_numpy():
    """Return a function of images that reads them with the forward pass of step 12."""
    parameters = build_keras("float64").get_weights()
    forward = load_source(NOTEBOOKS / "12_backpropagation.ipynb", ["forward"])["forward"]
    return repeated(lambda X: forward(parameters, X)[-1])


def repeated(read):
    """Return a function of a count that returns the seconds it takes to read so many images."""
    X, _ = load_data()
    X = np.concatenate([X, X]).astype(np.float64)

    def seconds(count):
        images = X[:count]
        read(images)  # a new shape may be compiled first
        return mean_seconds(lambda: read(images), 0.5)

    return seconds


def measure():
    """Return, by the name of each way, its seconds in each turn for each of `COUNTS`."""
    ways = {
        "`model.predict(X)`": Way(with_keras, "predict", threads=1),
        "`model.predict(X, batch_size=len(X))`": Way(with_keras, "predict at once", threads=1),
        "`model(X)`": Way(with_keras, "call", threads=1),
        "`tf.function(model)(X)`": Way(with_keras, "compiled", threads=1),
        "NumPy, `forward` of step 12": Way(with_numpy, threads=1),
    }
    found = {name: [[] for _ in COUNTS] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            for count, times in zip(COUNTS, found[name], strict=True):
                times.append(way(count))
    for way in ways.values():
        way.close()
    return found


def section(found):
    """Return the lines of the section."""
    first, rows = next(iter(found.values())), []
    for name, measured in found.items():
        row = [name]
        for times, others in zip(measured, first, strict=True):
            row += [f"{1000 * statistics.median(times):.3g}", ratio(times, others)]
        rows.append(row)
    return [
        f"The 400-25-15-10 network, 64 bits, on one thread, in {TURNS} turns. {RATIO}",
        "",
        *results.table(
            ["way", "one image, ms", "ratio for one", "10,000 images, ms", "ratio for 10,000"], rows
        ),
        "`predict` is made for many images: it cuts them into batches, of 32 by itself, "
        "and feeds them through a pipeline, which has to be set up for each call. The other ways "
        "get all images at once. For a single image call the model, as the canvas does.",
    ]


def main():
    """Measure, and write the section."""
    results.write("prediction", measure(), ["tensorflow", "keras", "numpy"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench prediction, which sets the environment.")
