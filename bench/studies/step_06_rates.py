"""Plain descent, its refinements and Adam with several rates, to see which is better, and when.

40 epochs in batches of 32 with five seeds, by the code of step 12, on the 3,500 training images;
accuracies are those of the 500 validation images. Plain descent and Adam also learn from paler and
from stronger images: a tenth of the gray values, and ten times these.
"""

import numpy as np

from helpers import load_data, split_data
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS, EPOCHS = 5, 40
PLAIN = [0.01, 0.03, 0.1, 0.3, 1]
ADAM = [0.0003, 0.001, 0.003, 0.01, 0.03]
NAMES = ["initialize", "forward", "loss_and_gradients", "adam_step", "train"]


def in_one_row(step):
    """Return a step that hands each parameter array its part, as `adam_step` does."""

    def take(parameters, gradients, m, v, t, learning_rate):
        g = np.concatenate([gradient.ravel() for gradient in gradients])
        change, start = step(g, m, v, t, learning_rate), 0
        for p in parameters:
            p -= change[start : start + p.size].reshape(p.shape)
            start += p.size

    return take


def plain(parameters, gradients, m, v, t, learning_rate):
    """Step down the slope of this batch."""
    for p, gradient in zip(parameters, gradients, strict=True):
        p -= learning_rate * gradient


@in_one_row
def momentum(g, m, v, t, learning_rate):
    """Follow the average of recent gradients."""
    m += 0.1 * (g - m)
    return learning_rate * m


@in_one_row
def sizes(g, m, v, t, learning_rate):
    """Divide by the size of recent gradients, parameter by parameter; no momentum."""
    v += 0.001 * (g * g - v)
    return learning_rate * (1 - 0.999**t) ** 0.5 * g / (np.sqrt(v) + 1e-7)


def study():
    """Return for each way its rates and, for each rate and seed, loss, errors and accuracy."""
    code = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    X, y = load_data()
    X = X.astype(np.float64)
    (X_train, y_train), (X_val, y_val), _ = split_data(X, y)
    adam = code["adam_step"]

    def begin(seed):
        rng = np.random.default_rng(seed)
        return rng, code["initialize"]((400, 25, 15, 10), rng)

    def in_batches(step, X, y, rate, seed):
        rng, parameters = begin(seed)
        code["adam_step"] = step  # `train` takes its steps by this name
        orders = [rng.permutation(len(y)) for _ in range(EPOCHS)]
        losses = code["train"](parameters, X, y, orders, learning_rate=rate)
        return losses[-1], parameters

    def all_at_once(X, y, rate, seed):
        _, parameters = begin(seed)
        for _ in range(EPOCHS):
            loss, gradients = code["loss_and_gradients"](parameters, X, y)
            plain(parameters, gradients, None, None, None, rate)
        return loss, parameters

    def count_errors(parameters, X, y):
        return (code["forward"](parameters, X)[-1].argmax(axis=1) != y).sum()

    def scores(run, rates, gray=1):
        rows = []
        for rate in rates:
            for seed in range(SEEDS):
                loss, parameters = run(gray * X_train, y_train, rate, seed)
                wrong = count_errors(parameters, gray * X_val, y_val)
                errors = count_errors(parameters, gray * X_train, y_train)
                rows.append((loss, errors, 100 - 100 * wrong / len(y_val)))
        table = np.reshape(rows, (len(rates), SEEDS, 3))
        found = dict(zip(["loss", "errors", "accuracy"], np.moveaxis(table, 2, 0), strict=True))
        return {"rates": rates, **found}

    def stepping(step):
        return lambda *of: in_batches(step, *of)

    with np.errstate(all="ignore"):  # the largest rates blow up
        found = {
            "all images at once": scores(all_at_once, PLAIN),
            "plain": scores(stepping(plain), PLAIN),
            "momentum": scores(stepping(momentum), PLAIN),
            "step sizes": scores(stepping(sizes), ADAM),
            "Adam": scores(stepping(adam), ADAM),
            "plain, pale": scores(stepping(plain), PLAIN, 0.1),
            "Adam, pale": scores(stepping(adam), ADAM, 0.1),
            "plain, strong": scores(stepping(plain), PLAIN, 10),
            "Adam, strong": scores(stepping(adam), ADAM, 10),
        }
        # On all 5,000 images, as the page trains: how many of these remain wrong?
        for name, step, rate in [("0.1", plain, 0.1), ("0.3", plain, 0.3), ("Adam", adam, 0.001)]:
            runs = [in_batches(step, X, y, rate, seed) for seed in range(SEEDS)]
            found[f"all 5,000, {name}"] = {
                "loss": [loss for loss, _ in runs],
                "errors": [count_errors(parameters, X, y) for _, parameters in runs],
            }
    return found
