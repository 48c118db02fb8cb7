"""Six ways from a drawing to 20×20 pixels, with five networks, and digits that people wrote.

The networks are those of step 7, with the seeds 1 to 5. They read the drawings of the ten shapes,
and 1,000 digits of MNIST, 100 of each, that are not among the 5,000 images. Each of these is
enlarged to a random size and put at a random place on a canvas, as the shapes are.
"""

import numpy as np

from helpers import load_data, load_mnist
from helpers.ink import as_in_the_data, cut_out, resample
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS, OF_EACH = range(1, 6), 100


def unseen_digits():
    """Return images and labels of MNIST's training set that are not among the 5,000."""
    (images, labels), _ = load_mnist()
    X, _ = load_data()
    known = {row.tobytes() for row in np.uint8(np.round(255 * X))}
    taken, missing = [], np.full(10, OF_EACH)
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        if missing[label] and as_in_the_data(image).tobytes() not in known:
            taken.append(i)
            missing[label] -= 1
    return images[taken], labels[taken].astype(int)


def on_canvas(image, rng):
    """Return a digit of MNIST on a canvas of 280×280 pixels, of random size and at a random place.

    Its longer side takes 40 % to 80 % of the canvas.
    """
    ink = cut_out(image)
    scale = rng.uniform(0.4, 0.8) * 280 / max(ink.shape)
    height, width = np.maximum(1, np.round(scale * np.array(ink.shape))).astype(int)
    top, left = (int(rng.uniform(0.05 * 280, 0.95 * 280 - side)) for side in (height, width))
    canvas = np.zeros((280, 280), np.uint8)
    canvas[top : top + height, left : left + width] = resample(ink, width, height)
    return canvas


def study():
    """Return for each set and way what `by_digit` finds."""
    import tensorflow as tf

    names = ["train", "ways", "labels", "drawings"]
    code = load_source(NOTEBOOKS / "07_prediction.ipynb", names)
    code["tf"].keras.backend.set_floatx("float64")
    set_seed, networks = tf.keras.utils.set_random_seed, []
    for seed in SEEDS:
        tf.keras.utils.set_random_seed = lambda _, seed=seed: set_seed(seed)  # instead of its own
        networks.append(code["train"]([]))
    tf.keras.utils.set_random_seed = set_seed

    rng = np.random.default_rng(0)
    images, labels = unseen_digits()
    sets = {
        "shapes": (code["drawings"], code["labels"]),
        "MNIST": ([on_canvas(image, rng) for image in images], labels),
    }
    found = {
        "as they are in MNIST": by_digit(networks, [as_in_the_data(i) for i in images], labels)
    }
    for name, (drawings, truth) in sets.items():
        for way, prepare in code["ways"].items():
            found[f"{name}, {way}"] = by_digit(networks, [prepare(d) for d in drawings], truth)
    return found


def by_digit(networks, images, labels):
    """Return the percentage read correctly, one row for each network, one column for each digit."""
    X = np.array(images).reshape(-1, 400) / 255
    right = np.array([model(X).numpy().argmax(axis=1) == labels for model in networks])
    return np.array([[100 * row[labels == digit].mean() for digit in range(10)] for row in right])
