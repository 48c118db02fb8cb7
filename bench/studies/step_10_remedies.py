"""The remedies of step 10 with five seeds and up to 60 epochs, all on the same seeds.

Network, training and remedies are those of step 10. Besides, there is dropout on the inputs, too (a
rate of 0.2, and 0.3 for the hidden units), early stopping by the right answers instead of the loss,
and all remedies together without a stop. Each network is measured after 20 and after 60 epochs, on
the images it has seen and on the 10,000 of validation; early stopping where it stopped. The test
set is not used.
"""

import numpy as np

from bench.networks import code_of

SEEDS = 5
MARKS = [20, 60]  # the epochs after which a network is measured


def study():
    """Train; return right answers in percent and losses, by remedy, shape (marks, seeds)."""
    import tensorflow as tf
    from tensorflow.keras.layers import Dense, Dropout

    needed = ["train", "score", "with_dropout", "with_normalization", "with_both", "augmented"]
    names = code_of("10_dropout", [*needed, "X_val", "y_val", "decay"], "float64")
    names["epochs"] = MARKS[-1]
    data = [names[name] for name in ("X", "y", "X_val", "y_val")]

    def with_dropout_of_inputs():
        layers = [Dropout(0.2)]
        for units in (128, 64):
            layers += [Dense(units, activation="relu"), Dropout(0.3)]
        return layers

    def measure(model):
        return [*names["score"](model, *data[:2]), *names["score"](model, *data[2:])]

    class Marks(tf.keras.callbacks.Callback):
        """Measure on the way."""

        def __init__(self):
            super().__init__()
            self.found = []

        def on_epoch_end(self, epoch, logs=None):
            if epoch + 1 in MARKS:
                self.found.append(measure(self.model))

    class RightAnswers(tf.keras.callbacks.Callback):
        """Add the share of right answers on the watched images to what early stopping reads."""

        def on_epoch_end(self, epoch, logs=None):
            right, _ = names["score"](self.model, names["X_watch"], names["y_watch"])
            logs["val_accuracy"] = right / 100

    def all_marks(seed, **how):
        marks = Marks()
        names["train"](seed, callbacks=[marks], **how)
        return marks.found

    def stopped(seed, *before, **how):
        stopping = tf.keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True, **how)
        return [measure(names["train"](seed, callbacks=[*before, stopping]))]

    decay, augmented = names["decay"], names["augmented"]
    together = {"hidden": names["with_both"], "decay": decay, "feed": augmented}
    by_right = {"monitor": "val_accuracy", "mode": "max"}
    ways = {
        "plain": all_marks,
        "early stopping": stopped,
        "early stopping, right answers": lambda seed: stopped(seed, RightAnswers(), **by_right),
        "weight decay": lambda seed: all_marks(seed, decay=decay),
        "dropout": lambda seed: all_marks(seed, hidden=names["with_dropout"]),
        "dropout, inputs too": lambda seed: all_marks(seed, hidden=with_dropout_of_inputs),
        "batch normalization": lambda seed: all_marks(seed, hidden=names["with_normalization"]),
        "augmentation": lambda seed: all_marks(seed, feed=augmented),
        "all together": lambda seed: all_marks(seed, **together),
    }
    found = {"marks": MARKS, "seen": {}, "unseen": {}, "loss": {}}
    for name, way in ways.items():
        runs = np.array([way(seed) for seed in range(SEEDS)])  # seeds, marks, four measures
        for what, column in [("seen", 0), ("unseen", 2), ("loss", 3)]:
            found[what][name] = runs[:, :, column].T
        print(name, found["unseen"][name].mean(axis=1), flush=True)
    return found
