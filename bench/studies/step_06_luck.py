"""What the order of the images, the last epochs and a wrong gradient do to Adam with 0.001.

40 epochs in batches of 32 with ten seeds, by the code of step 12. Accuracies are those of the 500
validation images, for networks trained on the 3,500 training images.
"""

import numpy as np

from helpers import load_data, split_data
from tools import NOTEBOOKS
from tools.sources import load_source

SEEDS, EPOCHS = 10, 40
NAMES = [
    *("initialize", "forward", "average_loss", "loss_and_gradients", "wrong_gradients"),
    *("adam_step", "train"),
]


def study():
    """Return what was found with each seed."""
    code = load_source(NOTEBOOKS / "12_backpropagation.ipynb", NAMES)
    X, y = load_data()
    X = X.astype(np.float64)
    (X_train, y_train), (X_val, y_val), _ = split_data(X, y)

    def network(seed, X, y, orders="new_orders", look=None):
        rng = np.random.default_rng(seed)
        parameters = code["initialize"]((400, 25, 15, 10), rng)
        order = [rng.permutation(len(y)) for _ in range(EPOCHS)]
        if orders == "same_order":
            order = EPOCHS * order[:1]
        code["train"](parameters, X, y, order, on_epoch=look and (lambda *_: look(parameters)))
        return parameters

    def count_errors(parameters, X, y):
        return (code["forward"](parameters, X)[-1].argmax(axis=1) != y).sum()

    def accuracy(parameters):
        return 100 - 100 * count_errors(parameters, X_val, y_val) / len(y_val)

    found = {}
    for orders in ["new_orders", "same_order"]:
        trained = [network(seed, X, y, orders) for seed in range(SEEDS)]
        found[f"errors, {orders}"] = [count_errors(each, X, y) for each in trained]
        trained = [network(seed, X_train, y_train, orders) for seed in range(SEEDS)]
        found[f"accuracy, {orders}"] = [accuracy(each) for each in trained]

    # After each epoch: losses on seen and unseen images, accuracy on unseen ones.
    courses = np.zeros((SEEDS, EPOCHS, 3))
    for seed in range(SEEDS):
        course = []
        network(
            seed,
            X_train,
            y_train,
            look=lambda parameters, course=course: course.append((
                code["average_loss"](parameters, X_train, y_train),
                code["average_loss"](parameters, X_val, y_val),
                accuracy(parameters),
            )),
        )
        courses[seed] = course
    found["loss by epoch"] = courses[:, :, 0].round(4)
    found["validation loss by epoch"] = courses[:, :, 1].round(4)
    found["validation accuracy by epoch"] = courses[:, :, 2].round(1)

    # How far does a step go, compared with the rate?
    right, largest, beyond = code["adam_step"], [], []

    def watched(parameters, gradients, m, v, t, learning_rate):
        before = np.concatenate([p.ravel() for p in parameters])
        right(parameters, gradients, m, v, t, learning_rate)
        step = abs(np.concatenate([p.ravel() for p in parameters]) - before) / learning_rate
        largest.append(step.max())
        beyond.append((step > 1).mean())

    code["adam_step"] = watched
    network(0, X, y)
    code["adam_step"] = right
    found["largest step, in rates"] = {"ever": max(largest), "median": np.median(largest)}
    found["steps beyond the rate, %"] = 100 * np.mean(beyond)

    # >= instead of >, as in the planted mistake.
    code["loss_and_gradients"] = lambda *of: (0, code["wrong_gradients"](*of))
    found["accuracy, wrong gradient"] = [
        accuracy(network(seed, X_train, y_train)) for seed in range(SEEDS)
    ]
    return found
