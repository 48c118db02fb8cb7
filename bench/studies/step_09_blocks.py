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
NAMES = ["initialize", "forward", "train"]


def study():
    """Train and read; return the errors in percent of each set, and their spread."""
    names = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    (images, labels), _ = load_mnist()
    X, y = images.reshape(-1, 784) / 255, labels.astype(int)
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
    orders = [rng.permutation(TRAINED) for _ in range(EPOCHS)]
    names["train"](parameters, X[chosen], y[chosen], orders)
    *_, logits = names["forward"](parameters, X)
    wrong = (logits.argmax(axis=1) != y).astype(float)
    wrong[chosen] = np.nan
    print(f"seed {seed}: {100 * np.nanmean(wrong):.2f} %", flush=True)
    return wrong


def errors_of(wrong, order):
    """Return the errors of each set in percent, the mean over the networks; `order` makes sets."""
    return 100 * np.nanmean(wrong[:, order.reshape(-1, SET)], axis=(0, 2))
