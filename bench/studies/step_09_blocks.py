"""How much sets of 10,000 images differ in how hard they are, neighbors in MNIST or random ones.

Networks as in step 9 are each trained on 20,000 random images of MNIST's 60,000 training images, by
the code of step 12 in NumPy. Each reads all others. Six sets of 10,000 neighbors are then compared
by their errors, and as many sets of images drawn at random. The test set is not used.
"""

import numpy as np

from helpers import load_mnist
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS = 5
TRAINED, SET, EPOCHS = 20_000, 10_000, 8
DRAWS = 200  # how often random sets are drawn
NAMES = ["initialize", "forward", "loss_and_gradients", "adam_step"]


def study():
    """Train and read; return the errors in percent of each set, and their spread."""
    names = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    (images, labels), _ = load_mnist()
    X, y = images.reshape(-1, 784), labels.astype(int)
    wrong = np.array([misread(names, X, y, seed) for seed in range(SEEDS)])
    rng = np.random.default_rng(SEEDS)
    errors = errors_of(wrong, np.arange(len(y)))
    at_random = [errors_of(wrong, rng.permutation(len(y))) for _ in range(DRAWS)]
    return {
        "errors": errors,
        "spread": errors.std(ddof=1),
        "spread_at_random": np.mean([one.std(ddof=1) for one in at_random]),
    }


def misread(names, X, y, seed):
    """Return for each image 1 if a network misreads it, 0 if not, and nan if it trained on it."""
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(y))[:TRAINED]
    parameters = names["initialize"]((784, 25, 15, 10), rng)
    m, v = np.zeros((2, sum(p.size for p in parameters)))
    steps = 0
    for _ in range(EPOCHS):
        order = rng.permutation(chosen)
        for start in range(0, TRAINED, 32):
            batch = order[start : start + 32]
            _, gradients = names["loss_and_gradients"](parameters, X[batch] / 255, y[batch])
            steps += 1
            names["adam_step"](parameters, gradients, m, v, steps, 0.001)
    *_, logits = names["forward"](parameters, X / 255)
    wrong = (logits.argmax(axis=1) != y).astype(float)
    wrong[chosen] = np.nan
    print(f"seed {seed}: {100 * np.nanmean(wrong):.2f} %", flush=True)
    return wrong


def errors_of(wrong, order):
    """Return the errors of each set in percent, the mean over the networks; `order` makes sets."""
    return 100 * np.nanmean(wrong[:, order.reshape(-1, SET)], axis=(0, 2))
