"""Errors over the number of training images, each network trained until it no longer gains.

The network, its training and the pipeline are those of step 9. Each seed draws its own images from
the first 50,000. After each look (an epoch, or 500 steps where an epoch is shorter) the last 10,000
training images are read. One half of them says which look was the best, the other half gives the
errors, and the other way round; the mean of both is stored. A training ends five looks after the
later of the two best ones. The test set is not used.
"""

import numpy as np

from bench.networks import code_of
from helpers import load_mnist

SEEDS = 5
SIZES = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
WIDE_SIZES = [5000, 50_000]
PATIENCE = 5
MARKS = [1, 2, 4, 8, 12]  # the epochs of which the errors are stored, with all 50,000 images


def study():
    """Train; return the errors in percent and the epochs, one row for each size."""
    names = code_of("09_mnist", ["train", "as_inputs"], "float64")
    (images, labels), _ = load_mnist()
    y = labels.astype(int)
    found = {"sizes": SIZES, "wide_sizes": WIDE_SIZES, "marks": MARKS}
    for prefix, hidden, sizes in [("", (25, 15), SIZES), ("wide_", (128, 64), WIDE_SIZES)]:
        rows = [
            [train_until_best(names, hidden, images, y, size, seed) for seed in range(SEEDS)]
            for size in sizes
        ]
        found[prefix + "errors"] = np.array([[run[0] for run in row] for row in rows])
        found[prefix + "epochs"] = np.array([[run[1] for run in row] for row in rows])
        found[prefix + "by_epoch"] = np.array([
            [100 * run[2][mark - 1].mean() for run in rows[-1]] for mark in MARKS
        ])
    return found


def train_until_best(names, hidden, images, y, size, seed):
    """Train one network.

    Returns
    -------
    errors : float
        Percentage of the validation images misread.
    epochs : float
        How many it took to the best look, the mean of both halves.
    misread : ndarray
        Which share of each half was misread at each look, shape (looks, 2).
    """
    import tensorflow as tf

    chosen = np.random.default_rng(seed).permutation(50_000)[:size]
    model = names["train"](hidden, images[chosen], y[chosen], 0, seed)  # builds and compiles it
    data = tf.data.Dataset.from_tensor_slices((images[chosen], y[chosen]))
    data = data.shuffle(size, seed=seed).batch(32).map(names["as_inputs"]).prefetch(2)
    epochs = max(1, round(500 / len(data)))
    inputs, answers = names["as_inputs"](images[50_000:], y[50_000:])
    misread, best = [], [0, 0]
    while len(misread) < max(MARKS[-1], max(best) + 1 + PATIENCE):
        model.fit(data, epochs=epochs, shuffle=False, verbose=0)
        wrong = model(inputs).numpy().argmax(axis=1) != answers
        misread.append(wrong.reshape(2, 5000).mean(axis=1))
        best = np.argmin(misread, axis=0)
    misread = np.array(misread)
    errors = 100 * (misread[best[0], 1] + misread[best[1], 0]) / 2
    print(f"{hidden} {size:6} {seed}: {errors:.2f} % after {epochs * (best + 1)}", flush=True)
    return errors, epochs * (best.mean() + 1), misread
