"""Plain descent on pale images for three times as many epochs, to see if it is only too slow.

As in `step_06_rates`, from which the rates, the seeds and the images are taken.
"""

import numpy as np

from bench.studies.step_06_rates import NAMES, SEEDS, plain
from helpers import load_data, split_data
from tools import NOTEBOOKS
from tools.sources import load_source

EPOCHS = 120
RATES = [0.03, 0.3]


def study():
    """Return the percentage of pale validation images that are read: shape (rates, seeds)."""
    code = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    code["adam_step"] = plain  # `train` takes its steps by this name
    X, y = load_data()
    (X_train, y_train), (X_val, y_val), _ = split_data(0.1 * X.astype(np.float64), y)
    accuracy = np.zeros((len(RATES), SEEDS))
    for row, rate in enumerate(RATES):
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            parameters = code["initialize"]((400, 25, 15, 10), rng)
            orders = [rng.permutation(len(y_train)) for _ in range(EPOCHS)]
            code["train"](parameters, X_train, y_train, orders, learning_rate=rate)
            right = code["forward"](parameters, X_val)[-1].argmax(axis=1) == y_val
            accuracy[row, seed] = 100 * right.mean()
    return {"epochs": EPOCHS, "rates": RATES, "accuracy": accuracy}
