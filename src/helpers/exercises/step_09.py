"""The exercises of step 9: many images."""

import functools
import re

import numpy as np

from helpers import data
from helpers.exercises.comparing import BlankError, HintError, explain, show
from helpers.exercises.engine import Looks, outcome_of
from helpers.exercises.registry import exercise, open_task, wrong, wrong_results


def _of_each(labels, k):
    return [np.flatnonzero(labels == digit)[:k] for digit in np.unique(labels)]


@exercise(
    "9.1",
    "As many of each",
    todo="Replace the ... by the positions of the first k images of each digit, in one array.",
    examples=lambda rng: [
        (np.array([3, 0, 3, 0, 3]), 2),
        (np.array([5, 9, 7, 9, 5, 7, 7, 9, 5]), 1),
        # Each digit at least three times.
        (rng.permutation(np.tile(np.arange(10), 5)), 3),
        (np.concatenate([rng.permutation(10), rng.integers(0, 10, 30), np.arange(10)]), 2),
    ],
    mistakes={
        "Those are the labels at the positions; return the positions themselves.": (
            lambda labels, k: labels[np.concatenate(_of_each(labels, k))]
        ),
        "They are sorted by position; all those of the smallest digit come first.": (
            lambda labels, k: np.sort(np.concatenate(_of_each(labels, k)))
        ),
        "Those are the first k images of all; return the first k of each digit.": (
            lambda labels, k: np.arange(k)
        ),
        "Those are all images of each digit; return only the first k, `[:k]`.": (
            lambda labels, k: np.argsort(labels, kind="stable"),
            lambda labels, k: np.argsort(labels),
        ),
        "Sorted by their labels, all images of the smallest digit come first; take the first k of "
        "each digit instead.": (
            lambda labels, k: np.argsort(labels, kind="stable")[: k * len(np.unique(labels))],
            lambda labels, k: np.argsort(labels)[: k * len(np.unique(labels))],
            lambda labels, k: np.argsort(labels, kind="stable")[: k * 10],
            lambda labels, k: np.argsort(labels)[: k * 10],
        ),
        "A digit is left out: `range(10)` goes from 0 to 9.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in range(1, 10)
            ]),
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in range(9)
            ]),
        ),
        "The first image of each digit is left out: positions are counted from 0, so `[:k]`.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[1 : k + 1] for digit in np.unique(labels)
            ])
        ),
        "A comparison gives True or False for each image; `np.flatnonzero` gives the positions of "
        "those that are True.": Looks(lambda got, right: got.dtype == bool),
        "`np.concatenate` needs a list: put square brackets around the arrays and their `for`.": (
            lambda labels, k: np.concatenate(one for one in _of_each(labels, k))
        ),
        "`np.concatenate` takes one list of arrays: leave out the `*` before it.": (
            lambda labels, k: np.concatenate(*_of_each(labels, k)),
            lambda labels, k: np.concatenate(*[
                np.flatnonzero(labels == digit)[:k] for digit in range(10)
            ]),
        ),
        "Those are the last k of each digit; return the first k, `[:k]`.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[-k:] for digit in np.unique(labels)
            ])
        ),
        "The largest digit comes first; begin with the smallest.": (
            lambda labels, k: np.concatenate(_of_each(labels, k)[::-1])
        ),
        "That is one of each too many: the end of a slice is not part of it, so `[:k]`.": (
            lambda labels, k: np.concatenate(_of_each(labels, k + 1))
        ),
        "That is image number k of each digit, `[k]`; the first k are `[:k]`.": (
            lambda labels, k: np.array([
                np.flatnonzero(labels == digit)[k] for digit in np.unique(labels)
            ]),
            lambda labels, k: np.array([
                np.flatnonzero(labels == digit)[k - 1] for digit in np.unique(labels)
            ]),
        ),
        "Those are the images of one digit; `return` stands inside the loop, or the loop is "
        "missing.": (
            lambda labels, k: _of_each(labels, k)[0],
            lambda labels, k: _of_each(labels, k)[-1],
            lambda labels, k: np.flatnonzero(labels == 0)[:k],
        ),
        "That goes through the labels of all images; `np.unique(labels)` has each digit once.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in labels
            ])
        ),
        "The positions are right, but they are floats, as `np.array([])` is: begin with an empty "
        "list, and join what is in it at the end.": (
            lambda labels, k: np.concatenate(_of_each(labels, k)) * 1.0
        ),
        "It is an array with a row for each digit; `np.concatenate` makes a single one of them.": (
            lambda labels, k: np.array(_of_each(labels, k))
        ),
    },
)
def first_of_each(labels, k):
    """Return the positions of the first k images of each digit, the smallest digit first."""
    return np.concatenate(_of_each(labels, k))


@exercise(
    "9.2",
    "A small buffer",
    todo="Replace the ... by the largest position that can be handed out at this place.",
    examples=lambda rng: [
        (0, 10, 100),
        (5, 10, 100),
        # Near the end, where nothing is left to come in; a buffer for all; one that mixes nothing.
        (95, 10, 100),
        (0, 100, 100),
        (7, 1, 100),
        (3, 500, 60),
        (*tuple(rng.integers(1, 40, 2).tolist()), 1000),
    ],
    mistakes={
        "Near the end nothing more comes in: it cannot be larger than the last position, which is "
        "`count - 1`.": (
            lambda place, size, count: place + size - 1,
            lambda place, size, count: min(place + size - 1, count),
        ),
        "Positions are counted from 0: the first `size` images have the positions 0 to "
        "`size - 1`.": (
            lambda place, size, count: min(place + size, count),
            lambda place, size, count: min(place + size, count - 1),
        ),
        "That is true for the first place only; with each image that is handed out, one more comes "
        "in.": (
            lambda place, size, count: min(size, count) - 1,
            lambda place, size, count: size - 1,
        ),
        "That would be so if all images were mixed; here only those that have been in the buffer "
        "can come out.": lambda place, size, count: count - 1,
        "`%` begins again at 0; near the end, the last position, `count - 1`, stays the largest.": (
            lambda place, size, count: (place + size - 1) % count,
            lambda place, size, count: (place + size) % count,
        ),
        "With each image that is handed out, a single one comes in, not `size` more: add, instead "
        "of multiplying.": (
            lambda place, size, count: min((place + 1) * size, count) - 1,
            lambda place, size, count: min((place + 1) * size, count),
            lambda place, size, count: min((place + 1) * size, count - 1),
            lambda place, size, count: (place + 1) * size - 1,
            lambda place, size, count: (place + 1) * size,
            lambda place, size, count: min(place * size, count) - 1,
        ),
        "The buffer is refilled with one image at a time, not when it is empty.": (
            lambda place, size, count: min((place // size + 1) * size, count) - 1
        ),
        "That is how many images are left; return the position of one.": (
            lambda place, size, count: count - place,
            lambda place, size, count: count - place - 1,
            lambda place, size, count: min(size, count - place),
        ),
        "That is the larger of the two; take the smaller one.": (
            lambda place, size, count: max(place + size, count) - 1
        ),
        "That is where it would be without any mixing.": lambda place, size, count: place,
    },
)
def last_possible(place, size, count):
    """Return the largest position that a buffer of this size can hand out at a place."""
    return min(place + size, count) - 1


@exercise(
    "9.3",
    "How many more?",
    todo="Replace the ... by the factor by which the number of images must grow.",
    examples=lambda rng: [
        # These can be computed in the head: 4 and 100.
        (-0.5, 0.5),
        (-0.5, 0.1),
        (-0.25, 0.5),
        (round(rng.uniform(-0.6, -0.2), 3), round(rng.uniform(0.1, 0.9), 2)),
    ],
    mistakes={
        "That is 1 divided by the right factor: is a minus sign too many, or is the share upside "
        "down?": (
            lambda b, share: share ** (-1 / b),
            lambda b, share: (1 / share) ** (1 / b),
        ),
        "To undo a power of b, take the power of 1 / b.": (
            lambda b, share: share**b,
            lambda b, share: share**-b,
        ),
        "`^` is no power in Python: write `**`.": Looks(
            lambda got, right: isinstance(got, TypeError) and " ^:" in str(got)
        ),
        "The two are exchanged: `b` belongs in the exponent, and `share` below it.": (
            lambda b, share: b ** (1 / share),
            lambda b, share: b**share,
        ),
        "A power is not undone by a division: take the power of 1 / b.": (
            lambda b, share: share / b,
            lambda b, share: -share / b,
            lambda b, share: 1 / share / b,
            lambda b, share: 1 / (share * b),
        ),
        "That would be right if the errors were divided by as much as the images are multiplied "
        "by; they fall more slowly, by a power of b.": lambda b, share: 1 / share,
        "A factor need not be whole: leave all decimals.": (
            lambda b, share: round(share ** (1 / b)),
            lambda b, share: int(share ** (1 / b)),
            lambda b, share: int(np.ceil(share ** (1 / b))),
        ),
        "`//` cuts off the decimals; use `/`.": lambda b, share: share ** (1 // b),
        "That is only the logarithm of the factor; take `np.exp` of it.": (
            lambda b, share: np.log(share) / b,
            lambda b, share: np.log10(share) / b,
        ),
        "The `share` is what is left of the errors, not what goes away.": (
            lambda b, share: (1 - share) ** (1 / b)
        ),
        "That is the growth alone; by what factor does the number of images grow in all?": (
            lambda b, share: share ** (1 / b) - 1
        ),
    },
)
def growth_needed(b, share):
    """Return the factor for the images at which a power law leaves this share of the errors."""
    return float(share ** (1 / b))


@functools.cache
def _other_digits():
    """Return 10,000 images with new labels to learn from, and 10,000 others to measure on.

    Which label stands for which digit is drawn once for all: who looks the digits up in MNIST
    finds other ones.
    """
    (images, labels), _ = data.load_mnist()
    rng = np.random.default_rng(94)
    chosen = rng.permutation(len(images))[:20_000]
    renamed = rng.permutation(10)[labels[chosen]]
    return [(images[chosen[part]], renamed[part]) for part in (slice(10_000), slice(10_000, None))]


def _explain(error):
    """Return a sentence about an exception of the training; Keras's own would fill a page."""
    message = str(error)
    if "valid range" in message:
        return "There are ten digits, so the last layer needs ten outputs."
    if re.search("compile_loss|same rank", message):
        return (
            "The loss does not fit the labels: they are whole numbers, one for each image, and ten "
            "outputs need `SparseCategoricalCrossentropy(from_logits=True)`."
        )
    if re.search("expected .*ndim=4", message):
        return "Pooling and convolution need images: put `Reshape((28, 28, 1))` before them."
    if re.search("shape.*784|784.*shape|target.ndim", message, re.DOTALL):
        return (
            "What the network gets does not fit it: let it begin with "
            "tf.keras.Input(shape=(784,)), and train it on `images.reshape(-1, 784) / 255`. The "
            "labels stay as they are."
        )
    return explain(error)


@open_task(
    "9.4",
    "Small, but good",
    todo="Replace the ... by a network that has been trained on the images.",
    ours=94.7,
    enough=94.0,
    form="{:.0f} %",  # a training differs by tenths between processors
    names=("images", "labels"),
    seconds=60,
)
def train_on_others(train_small):
    """Return how many of 10,000 other images the network reads that the function trains."""
    import keras

    (images, labels), (others, right) = _other_digits()
    model, _ = outcome_of(train_small, (images, labels))
    if model is ... or isinstance(model, NotImplementedError):
        raise BlankError
    if isinstance(model, BaseException):
        raise HintError(_explain(model))
    if isinstance(model, keras.callbacks.History):
        raise HintError(
            "`fit` returns the history of the training: return the model itself, in a line below."
        )
    if not isinstance(model, keras.Model) or not model.built:
        raise HintError(
            f"The function should return a trained model of Keras, but returns {show(model)}."
        )
    if model.count_params() > 20_000:
        raise HintError(f"The network has {model.count_params():,} parameters; 20,000 are allowed.")
    try:
        outputs = np.concatenate([
            np.asarray(model(part)) for part in np.array_split(others.reshape(-1, 784) / 255, 10)
        ])
    except Exception:
        raise HintError(
            "The network cannot read rows of 784 numbers from 0 to 1: begin it with "
            "tf.keras.Input(shape=(784,))."
        ) from None
    if outputs.shape != (len(others), 10):
        raise HintError(
            f"For {len(others):,} images it gives outputs of the shape {outputs.shape}; it should "
            "give ten for each."
        )
    if not np.isfinite(outputs).all():
        raise HintError("Its outputs are nan or infinite: the training blew up.")
    score = 100 * (outputs.argmax(axis=1) == right).mean()
    if score < 30:
        return score, "a look at the training: are the images divided by 255, is the loss right?"
    if score < 92:
        return score, "more epochs, with steps_per_execution so that they fit into the time."
    if score < 94:
        return score, "more neurons. They cost 784 parameters each; would a coarser image do?"
    return score, (
        "more images of your own: moved by a pixel, each digit is a new one for the network."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "9.1",
    {
        "Those are all images": "np.argsort(labels, kind='stable')",
        "They are sorted by position": "np.sort(np.concatenate([np.flatnonzero(labels == d)[:k] "
        "for d in range(10)]))",
        "first k images of all": "np.arange(k)",
        "the positions themselves": "np.sort(np.concatenate([labels[labels == d][:k] "
        "for d in range(10)]))",
        "inside the loop, or the loop": "np.flatnonzero(labels == labels.min())[:k]",
        "a list": "[np.flatnonzero(labels == d)[:k] for d in np.unique(labels)]",
        "the end of a slice": "np.concatenate([np.flatnonzero(labels == d)[:k + 1] "
        "for d in range(10)])",
        "all images of the smallest digit come": "np.argsort(labels)[:k * len(np.unique(labels))]",
        "A digit is left out": "np.concatenate([np.flatnonzero(labels == d)[:k] "
        "for d in range(1, 10)])",
        "The first image of each digit": "np.concatenate([np.flatnonzero(labels == d)[1:k + 1] "
        "for d in range(10)])",
        "True or False for each image": "np.concatenate([(labels == d)[:k] "
        "for d in np.unique(labels)])",
        "put square brackets": "np.concatenate(np.flatnonzero(labels == d)[:k] for d in range(10))",
        "one list of arrays": "np.concatenate(*[np.flatnonzero(labels == d)[:k] "
        "for d in np.unique(labels)])",
        "has each digit once": "np.concatenate([np.flatnonzero(labels == d)[:k] for d in labels])",
    },
)

wrong_results(
    "9.2",
    {
        "Near the end": "place + size - 1",
        "counted from 0": "min(place + size, count)",
        "for the first place only": "size - 1",
        "if all images were mixed": "count - 1",
        "how many images are left": "count - place",
        "without any mixing": "place",
        "begins again at 0": "(place + size - 1) % count",
        "a single one comes in": "min((place + 1) * size, count) - 1",
    },
)

wrong_results(
    "9.3",
    {
        "1 divided by the right factor": "share ** (-1 / b)",
        "To undo a power": "share ** b",
        "is not undone by a division": "share / b",
        "they fall more slowly": "1 / share",
        "leave all decimals": "round(share ** (1 / b))",
        "A factor need not be whole": "int(np.ceil(share ** (1 / b)))",
        "write `**`": "share ^ (1 / b)",
        "The two are exchanged": "b ** (1 / share)",
        "only the logarithm": "np.log(share) / b",
        "not what goes away": "(1 - share) ** (1 / b)",
    },
)

_LOSS = "tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)"


def _training(*, images="images.reshape(-1, 784)", outputs=10, loss=_LOSS, fit="m.fit"):
    # Of a few images only, for an error shows at once.
    return (
        f"m = Sequential([tf.keras.Input(shape=(784,)), Dense({outputs})])\n"
        f"    m.compile('adam', loss={loss})\n"
        f"    {fit}({images}[:64] / 255, labels[:64], verbose=0)\n    return m"
    )


for hint, body in {
    "20,000 are allowed": "return Sequential([tf.keras.Input(shape=(784,)), Dense(26), Dense(10)])",
    "but returns None": "Sequential([tf.keras.Input(shape=(784,)), Dense(10)])",
    "a trained model of Keras, but returns 95": "return 95.0",
    "cannot read rows of 784": "return Sequential([tf.keras.Input(shape=(400,)), Dense(10)])",
    "ten for each": "return Sequential([tf.keras.Input(shape=(784,)), Dense(5)])",
    "train it on `images.reshape": _training(images="images"),
    "The loss does not fit": _training(loss="'mse'"),
    "put `Reshape": _training().replace(
        "Dense(10)", "tf.keras.layers.AveragePooling2D(2), Dense(10)"
    ),
    "needs ten outputs": _training(outputs=5),
    "the history of the training": _training(fit="return m.fit"),
}.items():
    wrong("9.4", hint, f"def train_small(images, labels):\n    {body}")
