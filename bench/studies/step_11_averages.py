"""What the running averages of batch normalization do to the convolutional network of step 11.

It learns from the 5,000 images of the series, with the pixels in their places and shuffled, as in
`step_11_shape`. After 5 and after 15 epochs it is measured on the last 10,000 training images, as
it is and with averages that are computed again from the images it learns from.
"""

import numpy as np

from bench.networks import code_of
from bench.studies.step_11_shape import MARKS, SEEDS


def study():
    """Train; return right answers in percent, by pixels and averages, shape (marks, seeds)."""
    needed = ["build", "images", "shuffled", "few", "y", "percent_right"]
    names = code_of("11_cnn", needed, "float32")
    right = {}
    for pixels in ("images", "shuffled"):
        runs = np.array([measure(names, names[pixels], seed) for seed in range(SEEDS)])
        right[f"{pixels}, running"], right[f"{pixels}, computed again"] = runs.transpose(2, 1, 0)
        print(pixels, runs.mean(axis=0), flush=True)
    return {"marks": MARKS, "right": right}


def measure(names, pictures, seed):
    """Train one network; return right answers in percent, shape (marks, 2)."""
    import tensorflow as tf

    tf.keras.utils.set_random_seed(seed)
    model, few, y = names["build"](), names["few"], names["y"]
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=loss, optimizer="adam", steps_per_execution=20)
    inputs, found = pictures[few][..., None] / np.float32(255), []
    for epochs in np.diff([0, *MARKS]):
        model.fit(inputs, y[few], epochs=epochs, verbose=0)
        as_it_is, weights = read(names, model, pictures), model.get_weights()
        average_again(model, inputs[np.random.default_rng(0).permutation(len(inputs))])
        found.append([as_it_is, read(names, model, pictures)])
        model.set_weights(weights)  # the training goes on as if nothing had been
    return found


def read(names, model, pictures):
    """Return how many of the last 10,000 images a network reads, in percent."""
    return names["percent_right"](model, pictures[-10_000:], names["y"][-10_000:])


def average_again(model, inputs):
    """Set the averages of batch normalization to the means over all batches of `inputs`."""
    from tensorflow.keras.layers import BatchNormalization

    layers = [layer for layer in model.layers if isinstance(layer, BatchNormalization)]
    for count, batch in enumerate(np.split(inputs, 20)):
        for layer in layers:
            layer.momentum = count / (count + 1)  # of a mean, not of a running average
        model(batch, training=True)
    for layer in layers:
        layer.momentum = 0.99
