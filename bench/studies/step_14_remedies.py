"""What the remedies of step 14 do for the made-up writer: five handwritings, five trainings.

Each time the writer writes a hundred digits to learn from and a hundred to measure with, all of
them different from before, and the networks draw other copies and other orders.
"""

import keras
import numpy as np

from helpers.handwriting import to_images
from helpers.made_up import made_up_writer
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS = range(5)
NAMES = [
    *("nearest", "teach_last", "copies_of", "with_others", "teach_all", "outputs_of"),
    *("to_features", "test", "y_test"),
]


def study():
    """Teach; return the unseen drawings misread and MNIST's test images misread, by remedy."""
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    step = load_source(NOTEBOOKS / "14_handwriting.ipynb", NAMES)
    rows = [measure(step, seed) for seed in SEEDS]
    names = list(rows[0])
    return {
        "unseen": 100,
        "misread": {name: [row[name][0] for row in rows] for name in names},
        "mnist": {name: [row[name][1] for row in rows] for name in names},
    }


def measure(step, seed):
    """Return for each remedy how many are misread of the unseen half and of MNIST."""
    drawings = made_up_writer(seed=100 + seed)
    images, labels = to_images(drawings)
    learn = np.array([drawing.half == "learn" for drawing in drawings])
    features = step["outputs_of"](step["to_features"], images)
    seen, unseen, F_test = (
        features[learn],
        features[~learn],
        step["outputs_of"](step["to_features"], step["test"]),
    )
    rng = np.random.default_rng(seed)
    copies = step["copies_of"](images[learn], labels[learn], 2000, rng)
    mixture = step["with_others"](*copies, 8000, rng)

    def by_layer(W, b):
        return [(rows @ W + b).argmax(axis=1) for rows in (unseen, F_test)]

    def by_network(model):
        return [
            step["outputs_of"](model, some).argmax(axis=1)
            for some in (images[~learn], step["test"])
        ]

    guesses = {
        "as it comes": by_layer(step["W"], step["b"]),
        "nearest of yours": [
            step["nearest"](rows, seen, labels[learn]) for rows in (unseen, F_test)
        ],
        "last layer": by_layer(*step["teach_last"](seen, labels[learn])),
        "all layers": by_network(step["teach_all"](*copies, batch_size=32, seed=seed)),
        "all layers, mixed": by_network(step["teach_all"](*mixture, batch_size=160, seed=seed)),
    }
    truth = labels[~learn], step["y_test"]
    return {
        name: [int((guess != right).sum()) for guess, right in zip(both, truth, strict=True)]
        for name, both in guesses.items()
    }
