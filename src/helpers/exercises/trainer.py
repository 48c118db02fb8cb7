"""A training of the 400-25-15-10 network, to measure answers with."""

import itertools

import numpy as np

from helpers.data import load_data, split_data

SEEDS = 6  # so that luck has little to say


def read_after(step, epochs):
    """Train networks on the training images, from several seeds; read the validation images.

    In NumPy, and with 64 bits, so that the result is the same on every processor.

    Parameters
    ----------
    step : function
        Called after each batch of 32 images with the parameters, a list of arrays that it changes
        in place, their gradients, a dict in which it may keep something, and the epoch, from 1.
    epochs : int
        How long to train.

    Returns
    -------
    float
        Percentage of the 500 validation images that are read, the mean of all seeds.
    """
    X, y = load_data()
    (X, y), (others, right), _ = split_data(X.astype(float), y)
    scores = []
    with np.errstate(all="ignore"):  # of a training that blows up
        for seed in range(SEEDS):
            parameters = _trained(step, epochs, X, y, np.random.default_rng(seed))
            scores.append((_forward(parameters, others)[-1].argmax(axis=1) == right).mean())
    return 100 * float(np.mean(scores))


def _trained(step, epochs, X, y, rng):
    parameters, memory = [], {}
    for inputs, outputs in itertools.pairwise((400, 25, 15, 10)):
        limit = np.sqrt(6 / (inputs + outputs))
        parameters += [rng.uniform(-limit, limit, (inputs, outputs)), np.zeros(outputs)]
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(y))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            step(parameters, _gradients(parameters, X[batch], y[batch]), memory, epoch)
    return parameters


def _forward(parameters, X):
    W1, b1, W2, b2, W3, b3 = parameters
    a1 = np.maximum(X @ W1 + b1, 0)
    a2 = np.maximum(a1 @ W2 + b2, 0)
    return a1, a2, a2 @ W3 + b3


def _gradients(parameters, X, y):
    _, _, W2, _, W3, _ = parameters
    a1, a2, logits = _forward(parameters, X)
    d3 = np.exp(logits - logits.max(axis=1, keepdims=True))
    d3 /= d3.sum(axis=1, keepdims=True)
    d3[np.arange(len(y)), y] -= 1
    d3 /= len(y)
    d2 = (d3 @ W3.T) * (a2 > 0)
    d1 = (d2 @ W2.T) * (a1 > 0)
    pairs = [(X, d1), (a1, d2), (a2, d3)]
    return [part for a, d in pairs for part in (a.T @ d, d.sum(axis=0))]
