"""Record what a training in the page begins with, as in step 6: book/live/start.npz.

    .venv/bin/python -m tools.make_start

The weights that Keras draws for the seed 1 and the order in which `fit` then takes the images,
which no JavaScript can find out; and each tenth of MNIST's test images, made small as the 5,000
are, to see how the network reads what it does not learn from. A test holds the file to this.
"""

import numpy as np

from helpers.data import load_mnist
from tools import NOTEBOOKS, ROOT
from tools.make_digits import reduce
from tools.sources import in_64_bits, load_source

PATH = ROOT / "book" / "live" / "start.npz"


def start():
    """Return the weights, float64 in one row without the biases, and the order, uint16 (5000,)."""
    import tensorflow as tf

    with in_64_bits():
        step_6 = load_source(NOTEBOOKS / "06_training.ipynb", ["compiled_model"])
        kernels = step_6["compiled_model"](seed=1).get_weights()[::2]  # the biases are 0
        return np.concatenate([kernel.ravel() for kernel in kernels]), _order(tf)


def _order(tf):
    """Return the order of 5,000 images in each epoch, seen by a layer that changes nothing."""
    passed = []

    class Watch(tf.keras.layers.Layer):
        def call(self, x):
            tf.py_function(lambda batch: passed.append(batch.numpy().ravel()), [x], [])
            return x

    tf.keras.utils.set_random_seed(1)
    model = tf.keras.Sequential([tf.keras.Input((1,)), Watch(), tf.keras.layers.Dense(1)])
    model.compile(loss="mse")
    numbers = np.arange(5000.0)[:, None]
    model.fit(numbers, numbers, epochs=1, verbose=0)
    return np.concatenate(passed).astype(np.uint16)


def unseen():
    """Return 1,000 test images, uint8 (1000, 400), and their labels, uint8 (1000,)."""
    _, (images, labels) = load_mnist()
    small = np.stack([reduce(image) for image in images[::10]])
    return small.reshape(-1, 400), labels[::10]


def main():
    """Record and store."""
    weights, order = start()
    images, labels = unseen()
    np.savez_compressed(PATH, weights=weights, order=order, unseen=images, unseen_labels=labels)
    print(f"{PATH}: {PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
