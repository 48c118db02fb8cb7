"""Dropout and batch normalization with early stopping, to see if they add to it.

As in `step_10_remedies`, which has the plain network with early stopping, from the same seeds.
"""

import numpy as np

from bench.networks import code_of
from bench.studies.step_10_remedies import MARKS, SEEDS


def study():
    """Return the loss on the validation images, for each remedy the losses of all seeds."""
    import tensorflow as tf

    needed = ["train", "score", "with_dropout", "with_normalization"]
    names = code_of("10_dropout", [*needed, "X_val", "y_val"], "float64")
    names["epochs"] = MARKS[-1]

    def loss_of(seed, hidden):
        stopping = tf.keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
        model = names["train"](seed, callbacks=[stopping], hidden=names[hidden])
        return names["score"](model, names["X_val"], names["y_val"])[1]

    return {
        remedy: np.array([loss_of(seed, hidden) for seed in range(SEEDS)])
        for remedy, hidden in [
            ("dropout", "with_dropout"),
            ("batch normalization", "with_normalization"),
        ]
    }
