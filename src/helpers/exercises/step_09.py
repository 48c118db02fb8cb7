"""The exercises of step 9: many images."""

import functools
import re

import numpy as np

from helpers import data
from helpers.exercises.comparing import BlankError, HintError, show
from helpers.exercises.engine import Looks, outcome_of, stops
from helpers.exercises.explaining import explain
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_bodies,
    wrong_results,
    wrong_written,
)


def _of_each(labels, k):
    return [np.flatnonzero(labels == digit)[:k] for digit in np.unique(labels)]


# Below each hint the answers that get it; the first is a wrong answer of the tests, too. `each(a)`
# joins `a` for each digit `d`.
_EACH = listed("""
`range(...)` of how many digits or images there are gives other digits: go through
`np.unique(labels)` itself.
    each(np.flatnonzero(labels == d)[:k], range(len(np.unique(labels))))
    each(np.flatnonzero(labels == d)[:k], range(k))
    each(np.flatnonzero(labels == d)[:k], range(1, len(np.unique(labels)) + 1))
That is one of each too few: `[:k]` begins with position 0 and ends before position k.
    each(np.flatnonzero(labels == d)[:k - 1])
    each(np.flatnonzero(labels == d)[1:k])
`[k:]` leaves out the first k of each digit; `[:k]` takes them.
    each(np.flatnonzero(labels == d)[k:])
`np.where` and `np.nonzero` give a tuple: take `[0]` of it before `[:k]`, or use `np.flatnonzero`.
    each(np.where(labels == d)[:k])
    each(np.nonzero(labels == d)[:k], range(10))
    np.concatenate([np.where(labels == d)[:k] for d in np.unique(labels)], axis=1)
It looks at the first k images of all only: `[:k]` belongs behind `np.flatnonzero(...)`.
    each(np.flatnonzero((labels == d)[:k]))
    each(np.flatnonzero(labels[:k] == d), range(10))
Those are digits; return the positions of their images, with `np.flatnonzero`.
    np.unique(labels)[:k]
    np.unique(labels)
Those are only the first images of each digit, one of each; take k of each.
    np.unique(labels, return_index=True)[1]
    np.unique(labels, return_index=True)[1][:k]
The positions are those in the sorted labels: leave `labels` as they are.
    labels = np.sort(labels)
    return np.concatenate([np.flatnonzero(labels == d)[:k] for d in np.unique(labels)])
The smallest digit comes first, not the one that occurs first: use `np.unique` or `sorted`.
    each(np.flatnonzero(labels == d)[:k], dict.fromkeys(labels.tolist()))
All images of one digit stand together: the loop over the digits is the outer one.
    np.array([np.flatnonzero(labels == d)[j] for j in range(k) for d in np.unique(labels)])
A comparison with the digit is missing, as in `labels == digit`.
    each(np.flatnonzero(d)[:k])
    each(np.flatnonzero(labels)[:k])
    np.flatnonzero(labels)[:k]
    np.flatnonzero(np.unique(labels))[:k]
There are not equally many of each: look for each digit with `labels == digit`.
    n = len(labels) // len(np.unique(labels))
    order = np.argsort(labels, kind="stable")
    return each(order[int(d) * n:int(d) * n + k], range(len(np.unique(labels))))
    each(np.argsort(labels, kind="stable")[d * len(labels) // 10:][:k], range(10))
Only the last digit is left: each round of the loop replaces what the round before has found;
collect the parts in a list, by `append`.
    for d in np.unique(labels):
        parts = [np.flatnonzero(labels == d)[:k]]
    return np.concatenate(parts)
    np.flatnonzero(labels == 9)[:k]
""")


def _each(code):
    """Return a code in which `each(a)` or `each(a, digits)` is written in full."""
    found = re.search(r"each\((.*?)(?:, ((?:range|dict.fromkeys)\(.*))?\)$", code)
    if not found:
        return code
    digits = found[2] or "np.unique(labels)"
    return f"{code[: found.start()]}np.concatenate([{found[1]} for d in {digits}])"


_EACH = {hint: list(map(_each, codes)) for hint, codes in _EACH.items()}


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
        "A digit is left out: `range(10)` goes from 0 to 9, for a range begins with 0 if it is "
        "given one number, and ends before its last.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in range(labels.max())
            ]),
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in range(labels.min(), labels.max())
            ]),
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
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[k] for digit in np.unique(labels)
            ]),
        ),
        "Those are the images of one digit only: does `return` stand inside the loop, is the loop "
        "missing, does `[:k]` stand behind `np.concatenate(...)` instead of inside of it, or does "
        "a counter not begin at 0 again for each digit?": (
            lambda labels, k: _of_each(labels, k)[0],
            lambda labels, k: np.argsort(labels)[:k],
            lambda labels, k: np.flatnonzero(labels == 0)[:k],
        ),
        "`np.unique(labels)` has another length than `labels`, so the two cannot be compared: "
        "compare with one digit at a time, in a loop.": Looks(
            # What is computed with an empty list has a shape of (0,), and is something else.
            lambda got, right: (
                isinstance(got, ValueError) and re.search(r"shapes \([1-9]\d*,\) \([1-9]", str(got))
            )
        ),
        "That goes through the labels of all images; `np.unique(labels)` has each digit once.": (
            lambda labels, k: np.concatenate([
                np.flatnonzero(labels == digit)[:k] for digit in labels
            ])
        ),
        "The positions are right, but they are floats: an empty list or array that is joined with "
        "them makes them so, and so does `np.zeros`. Collect the parts by `append` and join them "
        "once, at the end, or add dtype=int.": (
            lambda labels, k: np.concatenate(_of_each(labels, k)) * 1.0
        ),
        "It is an array with a row for each digit; `np.concatenate` makes a single one of them.": (
            lambda labels, k: np.array(_of_each(labels, k))
        ),
        **written("labels, k", _EACH),
    },
)
def first_of_each(labels, k):
    """Return the positions of the first k images of each digit, the smallest digit first."""
    return np.concatenate(_of_each(labels, k))


def _too_large_at_the_end(results, expected, examples):
    pairs = list(zip(results, expected, examples, strict=True))
    return all(
        got == right if place + size <= count else isinstance(got, IndexError) or got >= right
        for got, right, (place, size, count) in pairs
    ) and not any(isinstance(got, float) for got in results)


_BUFFER = listed("""
One more comes in with each image that is handed out: add `place`, instead of taking the larger of
the two.
    min(max(place, size - 1), count - 1)
    min(max(place, size) - 1, count - 1)
    max(place, size - 1)
    max(place, size) - 1
    size - 1 if place < size else place
Nothing is counted from the end here: begin with `place`, but never go beyond the last position.
    min(place + size - 1, count - size)
    count - size + place
    count - size - place
    count - size - 1
    count - size
    min(size - 1, count - 1 - place)
That is a share of the images; return a position.
    (place + size) / count
    (place + size - 1) / count
    min(place + size - 1, count - 1) / count
    place / count
The 1 is taken off twice: once is enough, for positions are counted from 0.
    min(place + size - 2, count - 1)
    min(place - 1 + size, count) - 1
    min(place + size - 1, count - 1) - 1
    min(place + size - 1, count) - 1
""")


@exercise(
    "9.2",
    "A small buffer",
    todo="Replace the ... by the largest position that can be handed out at this place.",
    examples=lambda rng: [
        (0, 10, 100),
        (5, 10, 100),
        # Near the end, where nothing is left to come in; a buffer for all; one that mixes nothing.
        (95, 10, 100),
        (91, 10, 100),
        (0, 100, 100),
        (7, 1, 100),
        (3, 500, 60),
        # Far more images than one may write instead of `size`.
        (*tuple(rng.integers(1, 40, 2).tolist()), 70_000),
    ],
    mistakes={
        "Near the end nothing more comes in: it cannot be larger than the last position, which is "
        "`count - 1`.": Looks(_too_large_at_the_end, together=True),
        "Positions are counted from 0: the first `size` images have the positions 0 to "
        "`size - 1`.": (
            lambda place, size, count: min(place + size, count),
            lambda place, size, count: min(place + size, count - 1),
            lambda place, size, count: min(place + size + 1, count),
            lambda place, size, count: place + size - 1 if place + size < count else count,
            lambda place, size, count: min(place + size + 1, count - 1),
            lambda place, size, count: min(place + size, count) + 1,
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
        "Those are two numbers: `min(...)` of them is the smaller one.": Looks(
            lambda got, right: isinstance(got, tuple) and len(got) == 2 and right in got
        ),
        **written("place, size, count", _BUFFER),
    },
)
def last_possible(place, size, count):
    """Return the largest position that a buffer of this size can hand out at a place."""
    return min(place + size, count) - 1


def _no_decimals(results, expected, _examples):
    # Of a text, `float` would make a number.
    if any(isinstance(got, str) for got in results):
        return False
    pairs = [(float(got), right) for got, right in zip(results, expected, strict=True)]
    return (
        all(got.is_integer() and abs(got - right) <= 1 for got, right in pairs)
        # In steps of a tenth, or by doubling.
        or all(-1e-9 < got - right < 0.1001 for got, right in pairs)
        or all(right <= got <= 2 * right and np.log2(got).is_integer() for got, right in pairs)
    )


def _times_a_number(results, expected, _examples):
    # The number of images itself, or how many are to be added.
    for less in (0, 1):
        pairs = zip(results, expected, strict=True)
        ratios = np.array([got / (right - less) for got, right in pairs])
        if np.allclose(ratios, ratios[0]) and ratios[0] > 100.5:
            return True
    return False


def _no_number(got, _right):
    return (isinstance(got, float) and np.isnan(got)) or (
        isinstance(got, ValueError) and "math domain" in str(got)
    )


_FACTOR = listed("""
The bases are mixed: `np.exp` undoes `np.log`, `10 **` undoes `np.log10`, `2 **` undoes `np.log2`.
    10 ** (np.log(share) / b)
    np.exp(np.log10(share) / b)
    2 ** (np.log(share) / b)
    10 ** (np.log2(share) / b)
    2 ** (np.log10(share) / b)
    np.exp(np.log2(share) / b)
Before you divide by b, take the logarithm of the share.
    np.exp(share / b)
    10 ** (share / b)
    np.exp(b * share)
    10 ** (b * share)
    np.exp(share) / b
    10 ** (-b / share)
That is only the logarithm of the factor, and has the wrong sign: take that of `share` as it is, and
then `np.exp`.
    -np.log(share) / b
    -np.log10(share) / b
`share` itself is what is left: subtract nothing from it and add nothing.
    (share - 1) ** (1 / b)
    (1 + share) ** (1 / b)
    (share - 1) ** b
The share is a fraction already, so percent do not occur here.
    (share / 100) ** (1 / b)
    (100 * share) ** (1 / b)
The factor has nothing to do with a logarithm of `b`: take that of the share, and divide it by `b`.
    np.log(share) / np.log(-b)
    np.log(-b) / np.log(share)
""")


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
            lambda b, share: share ** (1 - b),
            lambda b, share: share ** (b - 1),
            lambda b, share: (share / b) ** (1 / b),
        ),
        "It gives no number: a negative number has no logarithm and no root, nor a power that is "
        "not whole, and `b` is negative. (Are the two exchanged?)": Looks(_no_number),
        "With a comma, `(1, b)` is two numbers; a fraction is written `1 / b`.": stops(
            "and 'tuple'"
        ),
        "`^` is no power in Python: write `**`.": stops(" ^:"),
        "The two are exchanged: `b` belongs in the exponent, and `share` below it.": (
            lambda b, share: b ** (1 / share),
            lambda b, share: b**share,
            lambda b, share: (1 / b) ** share,
            lambda b, share: (1 / b) ** (1 / share),
        ),
        "A power is not undone by a division: take the power of 1 / b, with `**`. (`**` comes "
        "before `/`, so `1 / b` needs parentheses, and so does all that `np.exp` is taken of.)": (
            lambda b, share: share / b,
            lambda b, share: -share / b,
            lambda b, share: 1 / share / b,
            lambda b, share: 1 / (share * b),
            lambda b, share: b / share,
            lambda b, share: b * share,
        ),
        "That would be right if the errors were divided by as much as the images are multiplied "
        "by; they fall more slowly, by a power of b.": lambda b, share: 1 / share,
        "A factor need not be whole: leave all decimals, and compute it, instead of trying out "
        "some.": Looks(_no_decimals, together=True),
        "That is how many images there must be, or how many more; divide it by how many there are "
        "now.": Looks(_times_a_number, together=True),
        "`//` cuts off the decimals; use `/`.": lambda b, share: share ** (1 // b),
        "That is only the logarithm of the factor; take `np.exp` of it.": (
            lambda b, share: np.log(share) / b,
            lambda b, share: np.log10(share) / b,
        ),
        "The `share` is what is left of the errors, not what goes away.": (
            lambda b, share: (1 - share) ** (1 / b)
        ),
        "That is the growth alone, or its opposite; by what factor does the number of images grow "
        "in all?": (
            lambda b, share: share ** (1 / b) - 1,
            lambda b, share: 1 - share ** (1 / b),
        ),
        **written("b, share", _FACTOR),
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


def _outputs(model, rows):
    """Return the outputs of a model for many rows, a part at a time."""
    return np.concatenate([np.asarray(model(part)) for part in np.array_split(rows, 10)])


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


ALLOWED = 20_000  # parameters


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
    if model.count_params() > ALLOWED:
        raise HintError(
            f"The network has {model.count_params():,} parameters; {ALLOWED:,} are allowed."
        )
    try:
        outputs = _outputs(model, others.reshape(-1, 784) / 255)
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
    # Sound networks read more after the first epoch.
    if score < 85:
        # What was learned from such images is read far better from such.
        undivided = _outputs(model, others.reshape(-1, 784)).argmax(axis=1) == right
        if 100 * undivided.mean() > score + 5:
            return score, "to divide the images by 255 before the training, too, as the check does."
        return score, (
            "a look at the training: are the images divided by 255, does the loss have "
            "from_logits=True, and has the last layer no ReLU?"
        )
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
        "a list": "[np.flatnonzero(labels == d)[:k] for d in np.unique(labels)]",
        "the end of a slice": "np.concatenate([np.flatnonzero(labels == d)[:k + 1] "
        "for d in range(10)])",
        "all images of the smallest digit come": "np.argsort(labels)[:k * len(np.unique(labels))]",
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

wrong_written("9.1", _EACH)

wrong_results(
    "9.1",
    {
        "compare with one digit at a time": "np.flatnonzero(labels == np.unique(labels))[:k]",
        "ends before its last": "np.concatenate([np.flatnonzero(labels == d)[:k] "
        "for d in range(labels.max())])",
    },
)

wrong_bodies(
    "9.1",
    {
        "not begin at 0 again": "found, n = [], 0\n    for d in np.unique(labels):\n"
        "        for i in range(len(labels)):\n            if labels[i] == d and n < k:\n"
        "                found.append(i)\n                n += 1\n    return np.array(found)",
        "makes them so": "parts = []\n    for d in np.unique(labels):\n"
        "        parts = np.concatenate([parts, np.flatnonzero(labels == d)[:k]])\n"
        "    return parts",
    },
)

wrong_written("9.2", _BUFFER)

wrong_bodies(
    "9.2",
    {
        "`count - 1`": "if place + size - 1 > count:\n        return count - 1\n"
        "    return place + size - 1",
        "is the smaller one": "return place + size - 1, count - 1",
        "the first `size` images": "return min(place + size + 1, count - 1)",
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

wrong_written("9.3", _FACTOR)

wrong_bodies(
    "9.3",
    {
        "It gives no number": "return np.log(share) / np.log(b)",
        "With a comma": "return share ** (1, b)",
        "trying out": "count = np.arange(1, 10**6)\n"
        "    return count[np.argmin(abs(count ** b - share))]",
        "how many images there must be": "return 50_000 * share ** (1 / b)",
        "or its opposite": "return 1 - share ** (1 / b)",
    },
)

wrong_results(
    "9.3",
    {
        "1 divided by the right factor": "share ** (-1 / b)",
        "To undo a power": "share ** b",
        "is not undone by a division": "share / b",
        "they fall more slowly": "1 / share",
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
