"""The dense and the convolutional network of step 11, normalized or not, pixels shuffled or not.

All learn from the 5,000 images of the series by the same training, and are measured after 5 and
after 15 epochs on the last 10,000 training images. Without batch normalization, each layer has a
bias in its place. "flat" is the convolutional network with Flatten in the place of the mean over
each map, so that it, too, can tell places apart. The test set is not used.
"""

import numpy as np

from bench.networks import code_of

SEEDS = 3
MARKS = [5, 15]  # the epochs after which a network is measured


def study():
    """Train; return right answers in percent, by network, shape (marks, seeds)."""
    needed = ["build", "dense", "images", "shuffled", "few", "y", "percent_right"]
    names = code_of("11_cnn", needed, "float32")
    ways = {
        "dense": (names["dense"], "images"),
        "dense, shuffled": (names["dense"], "shuffled"),
        "dense, normalized": (normalized_dense, "images"),
        "convolutional, normalized": (names["build"], "images"),
        "convolutional": (lambda: changed(names["build"](), normalized=False), "images"),
        "convolutional, normalized, shuffled": (names["build"], "shuffled"),
        "flat, normalized, shuffled": (lambda: changed(names["build"](), flat=True), "shuffled"),
    }
    right = {}
    for name, (make, pictures) in ways.items():
        runs = [train_and_measure(names, make, names[pictures], seed) for seed in range(SEEDS)]
        right[name] = np.array(runs).T
        print(name, right[name].mean(axis=1), right[name].std(axis=1, ddof=1), flush=True)
    return {"marks": MARKS, "right": right}


def train_and_measure(names, make, pictures, seed):
    """Train as `learn_and_test` does in step 11, but longer; return right answers in percent."""
    import tensorflow as tf

    tf.keras.utils.set_random_seed(seed)
    model, few, y = make(), names["few"], names["y"]
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, optimizer="adam", steps_per_execution=20)
    inputs, found = pictures[few][..., None] / np.float32(255), []
    for epochs in np.diff([0, *MARKS]):
        model.fit(inputs, y[few], epochs=epochs, verbose=0)
        found.append(names["percent_right"](model, pictures[-10_000:], y[-10_000:]))
    return found


def normalized_dense():
    """Return the dense network with batch normalization before each ReLU."""
    from tensorflow.keras import Input, Sequential
    from tensorflow.keras.layers import BatchNormalization, Dense, Flatten, ReLU

    layers = [Flatten()]
    for units in (128, 64):
        layers += [Dense(units, use_bias=False), BatchNormalization(), ReLU()]
    return Sequential([Input((28, 28, 1)), *layers, Dense(10)])


def changed(model, *, normalized=True, flat=False):
    """Return a new network like `model`, without normalization or without the mean of maps."""
    from tensorflow.keras import Input, Sequential
    from tensorflow.keras.layers import BatchNormalization, Conv2D, Flatten, GlobalAveragePooling2D

    layers = []
    for layer in model.layers:
        config = layer.get_config()
        if not normalized and isinstance(layer, BatchNormalization):
            continue
        if not normalized and isinstance(layer, Conv2D):
            config["use_bias"] = True
        flatten = flat and isinstance(layer, GlobalAveragePooling2D)
        layers.append(Flatten() if flatten else type(layer).from_config(config))
    return Sequential([Input((28, 28, 1)), *layers])
