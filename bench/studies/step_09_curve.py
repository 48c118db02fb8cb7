"""Errors over the number of training images, each network trained until it no longer gains.

The networks are those of step 9; they are trained by the code of step 12 in NumPy, which takes the
same steps as Keras and needs a fraction of the time. Each seed draws its own images from the first
50,000. After each look (an epoch, or 500 steps where an epoch is shorter) the last 10,000 training
images are read. One half of them says which look was the best, the other half gives the errors, and
the other way round; the mean of both is stored. A training ends five looks after the later of the
two best ones. The test set is not used.
"""

import numpy as np

from helpers import load_mnist
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS = 5
SIZES = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
WIDE_SIZES = [5000, 50_000]
PATIENCE = 5
MARKS = [1, 2, 4, 8, 12]  # the epochs of which the errors are stored, with all 50,000 images
NAMES = ["initialize", "forward", "loss_and_gradients", "adam_step"]


def study():
    """Train; return the errors in percent and the epochs, one row for each size."""
    names = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    (images, labels), _ = load_mnist()
    images, y = images.reshape(-1, 784), labels.astype(int)
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
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(50_000)[:size]
    parameters = names["initialize"]((784, *hidden, 10), rng)
    m, v = np.zeros((2, sum(p.size for p in parameters)))
    epochs = max(1, round(500 * 32 / size))  # in a look
    steps, misread, best = 0, [], [0, 0]
    while len(misread) < max(MARKS[-1], max(best) + 1 + PATIENCE):
        for _ in range(epochs):
            order = rng.permutation(chosen)
            for start in range(0, size, 32):
                batch = order[start : start + 32]
                _, gradients = names["loss_and_gradients"](
                    parameters, images[batch] / 255, y[batch]
                )
                steps += 1
                names["adam_step"](parameters, gradients, m, v, steps, 0.001)
        misread.append([
            1 - right(names, parameters, images[part], y[part])
            for part in (slice(50_000, 55_000), slice(55_000, 60_000))
        ])
        best = np.argmin(misread, axis=0)
    misread = np.array(misread)
    errors = 100 * (misread[best[0], 1] + misread[best[1], 0]) / 2
    print(f"{hidden} {size:6} {seed}: {errors:.2f} % after {epochs * (best + 1)}", flush=True)
    return errors, epochs * (best.mean() + 1), misread


def right(names, parameters, images, y):
    """Return which share of some images is read correctly."""
    *_, logits = names["forward"](parameters, images / 255)
    return (logits.argmax(axis=1) == y).mean()
