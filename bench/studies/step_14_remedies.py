"""What the remedies of step 14 do for the made-up writer, in fifteen handwritings.

Each time the writer writes a hundred digits to learn from and a hundred to measure with, all of
them different from before, and the networks draw other copies and other orders.
"""

import keras
import numpy as np

from bench.handwriting import NAMES, remedies
from helpers.handwriting import to_images
from helpers.made_up import made_up_writer
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS = range(15)


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

    def errors(read, read_mnist):
        wrong = (
            read(images[~learn], features[~learn]) != labels[~learn],
            read_mnist() != step["y_test"],
        )
        return [int(one.sum()) for one in wrong]

    def as_it_comes(rows):
        return (rows @ step["W"] + step["b"]).argmax(axis=1)

    F_test = step["outputs_of"](step["to_features"], step["test"])
    found = {"as it comes": errors(lambda _, rows: as_it_comes(rows), lambda: as_it_comes(F_test))}
    for name in remedies(step, None):
        # Each begins with the same random numbers, so all learn from the same copies.
        _, teach = remedies(step, np.random.default_rng(seed), seed)[name]
        found[name] = errors(*teach(images[learn], features[learn], labels[learn]))
    plain = {**step, "copies_of": repeat}
    _, teach = remedies(plain, np.random.default_rng(seed), seed)["all layers"]
    found["all, not warped"] = errors(*teach(images[learn], features[learn], labels[learn]))
    return found


def repeat(pictures, labels, count, rng):
    """Do what `copies_of` of the page does, but leave the pictures as they are."""
    which = rng.permutation(np.resize(np.arange(len(pictures)), count))
    return pictures[which], labels[which]
