"""The exercises of step 16: on several computers."""

import contextlib
import functools

import numpy as np

from helpers.data import load_data, split_data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import Looks
from helpers.exercises.explaining import explain
from helpers.exercises.measuring import called
from helpers.exercises.registry import (
    exercise,
    listed,
    open_task,
    written,
    wrong,
    wrong_results,
    wrong_written,
)
from helpers.exercises.step_15 import as_whole, stops


def _gradients(rng, counts, shape):
    return [rng.normal(size=shape).round(1) for _ in counts], np.array(counts)


# `TOTAL` is what has to be divided by the number of all images.
_COMBINE = listed(
    """
That is the plain average, in which a worker with few images counts as much as one with many: weight
each gradient by its count.
    np.mean(gradients, axis=0)
Divide by the number of all images, `counts.sum()`.
    TOTAL / len(counts)
    TOTAL
    TOTAL / counts[-1]
    TOTAL / counts[0]
    TOTAL / counts.max()
    np.average(gradients, axis=0, weights=counts) * len(counts)
That is the sum of the gradients; they are averages, so weight each by its own count, and divide by
the number of all images. (A `zip` goes through gradients and counts at once; one loop inside
another pairs each with all.)
    sum(gradients)
    sum(gradients) / counts.sum()
Each gradient is an average already: multiply it by its count, do not divide.
    sum(g / c for g, c in zip(gradients, counts))
    sum(g / c for g, c in zip(gradients, counts)) / len(counts)
    sum(g / c for g, c in zip(gradients, counts)) * counts.sum()
Put parentheses around the sum: all of it is divided by the number of images.
    sum(g * c for g, c in zip(gradients[:-1], counts)) + gradients[-1] * counts[-1] / counts.sum()
    counts[0] * gradients[0] + counts[1] * gradients[1] / counts.sum()
Only the first two gradients are in it; there may be more workers than two.
    sum(gradients[i] * counts[i] for i in (0, 1)) / counts.sum()
    (gradients[0] * counts[0] + gradients[1] * counts[1]) / (counts[0] + counts[1])
    gradients[0] * counts[0] + gradients[1] * counts[1]
    (gradients[0] * counts[0] + gradients[1] * counts[1]) / 2
    (gradients[0] + gradients[1]) / counts.sum()
`np.average` has divided by the sum of the weights already.
    np.average(gradients, axis=0, weights=counts) / counts.sum()
Each part is divided by the number of all images already: add them up, and take no mean.
    np.mean([g * c / counts.sum() for g, c in zip(gradients, counts)], axis=0)
Divide once, after the loop.
    total = 0
    for g, c in zip(gradients, counts):
        total = (total + g * c) / counts.sum()
    return total
Divide by the number of images that there are, `counts.sum()`, not by 32.
    TOTAL / 32
    (counts[0] * gradients[0] + counts[1] * gradients[1]) / 32
Only the last gradient is in it: start with 0, and add each to the total, with `+=`.
    for g, c in zip(gradients, counts):
        total = g * c
    return total / counts.sum()
Only the first gradient is in it: is the `return` inside the loop?
    gradients[0] * counts[0] / counts.sum()
    gradients[0]
The first gradient is missing: the positions are counted from 0.
    sum(gradients[i] * counts[i] for i in range(1, len(counts))) / counts.sum()
The last gradient is missing: `range(len(gradients))` goes through all.
    sum(gradients[i] * counts[i] for i in range(len(counts) - 1)) / counts.sum()
The weights are upside down: the more images, the more a gradient counts.
    np.average(gradients, axis=0, weights=1 / counts)
`//` cuts off the decimals; divide by `/`.
    TOTAL // counts.sum()
Axis 0 counts the workers; axis 1 belongs to the gradients themselves.
    np.average(gradients, axis=1, weights=counts)
So NumPy multiplies the entries within a gradient, not the gradients: go through both with `zip`, or
use `np.average` with `axis=0`.
    (np.array(gradients) * counts).sum(axis=0) / counts.sum()
    (np.array(gradients) * counts).sum(axis=1) / counts.sum()
    gradients * counts / counts.sum()
    sum(g * counts for g in gradients) / counts.sum()
    gradients @ counts / counts.sum()
    np.mean(gradients, axis=0) * counts / counts.sum()
That is right only for gradients of one axis; with two, `counts` meets the rows of each gradient:
use `np.average` with `axis=0`, or a loop with `zip`.
    counts @ gradients / counts.sum()
    np.dot(counts, gradients) / counts.sum()
    (np.array(gradients) * counts[:, None]).sum(axis=0) / counts.sum()
`zip` is missing: `for g, c in zip(gradients, counts)`.
    sum(g * c for g, c in (gradients, counts)) / counts.sum()
""".replace("TOTAL", "sum(g * c for g, c in zip(gradients, counts))")
)


def _one_number(results, _expected, _examples):
    # What fits the first gradients may stop with an error at others.
    got = [result for result in results if not isinstance(result, Exception)]
    return got and all(isinstance(result, float | np.number) for result in got)


def _parts(results, expected, examples):
    return all(
        isinstance(got, list) and len(got) == len(counts) and np.allclose(sum(got), wanted)
        for got, wanted, (_, counts) in zip(results, expected, examples, strict=True)
    )


@exercise(
    "16.1",
    "Uneven shares",
    todo="Replace the ... by the gradient of the whole batch.",
    examples=lambda rng: [
        ([np.array([1.0, 2.0]), np.array([4.0, 8.0])], np.array([20, 10])),
        _gradients(rng, [20, 12], (2, 3)),
        _gradients(rng, [5, 1, 10], (3, 2)),
        _gradients(rng, [7, 7, 7, 3], (4,)),
    ],
    mistakes={
        **written("gradients, counts", _COMBINE),
        "That is one number; the result has the shape of each gradient.": (
            Looks(_one_number, together=True)
        ),
        "Those are the parts; add them up, with `sum(...)`.": Looks(_parts, together=True),
        "Say over which axis: `axis=0` counts the workers.": stops("Axis must be specified"),
        "`np.mean` and `np.sum` take no weights; `np.average` does.": stops("argument 'weights'"),
        "`weights` takes one number for each gradient: `counts` itself.": (
            stops("Shape of weights must")
        ),
    },
)
def combine(gradients, counts):
    """Return the gradient of a batch from those of its shares and their numbers of images."""
    return np.average(gradients, axis=0, weights=counts)


_SHARE = listed("""
That is a block, one image behind the other; take every `workers`-th image instead.
    np.array_split(batch, workers)[worker]
    batch[worker:workers]
    batch[worker * workers : (worker + 1) * workers]
    batch[worker * len(batch) // workers : (worker + 1) * len(batch) // workers]
    batch[worker * (len(batch) // workers) : (worker + 1) * (len(batch) // workers)]
    np.split(batch, workers)[worker]
    batch[worker : worker + workers]
    batch[worker : len(batch) // workers]
The images need not divide evenly among the workers, so `reshape` can fail: take a slice with a
step.
    batch.reshape(-1, workers)[:, worker]
    batch.reshape(workers, -1)[worker]
    batch.reshape(workers, -1)
    batch.reshape(-1, workers)
Every worker gets the same images now: begin at the place `worker`.
    batch[::workers]
Those are the images from the place `worker` on, all of them; take every `workers`-th.
    batch[worker:]
The two are exchanged: begin at `worker`, and go on in steps of `workers`.
    batch[workers :: max(worker, 1)]
    batch[workers::worker]
    batch[range(workers, len(batch), worker)]
The last image can be missing: leave the end of the slice empty.
    batch[worker:-1:workers]
Places and workers are counted from 0, so begin at the place `worker`.
    batch[worker - 1 :: workers]
    batch[worker + 1 :: workers]
    batch[np.arange(1, len(batch) + 1) % workers == worker]
That picks by the numbers of the images; what counts is their place in the batch.
    batch[batch % workers == worker]
Those are places in the batch; return the images at these places.
    np.arange(len(batch))[worker::workers]
`worker` is where to begin, so it stands in front of the first colon.
    batch[:worker:workers]
The step is the number of workers, not the size of a share.
    batch[worker :: len(batch) // workers]
That is one number; a share has several images: `batch[start::step]`.
    batch[worker + workers]
    batch[::workers][worker]
    batch[worker * workers]
    len(batch[worker::workers])
    batch[worker::workers].sum()
That is only the first of its images; go on to the end of the batch, in steps of `workers`.
    batch[worker : worker + workers : workers]
Those are only the first two images; go on to the end of the batch.
    np.array([batch[worker], batch[worker + workers]])
That says of each place whether it belongs to the worker; use it as a mask: `batch[...]`.
    np.arange(len(batch)) % workers == worker
From one image of a worker to the next it is `workers` places, not one more or less.
    batch[worker :: workers + 1]
    batch[worker :: workers - 1]
    batch[worker :: 2 * workers]
Worker 1 begins at the place 1, not at `workers`: begin at `worker`.
    batch[worker * workers :: workers]
The images need not divide evenly: some workers get one more than `len(batch) // workers`.
    np.array([batch[worker + i * workers] for i in range(len(batch) // workers)])
Leave the batch in its order; it is mixed on purpose.
    np.sort(batch)[worker::workers]
Those are the images of all other workers.
    np.delete(batch, np.arange(worker, len(batch), workers))
""")


@exercise(
    "16.2",
    "Who gets which images?",
    todo="Replace the ... by the part of the batch that belongs to this worker.",
    examples=lambda rng: [
        (np.array([10, 11, 12, 13, 14]), 0, 2),
        (np.array([10, 11, 12, 13, 14]), 1, 2),
        (rng.permutation(32), 2, 3),
        (rng.permutation(7), 3, 4),
        (rng.permutation(64), 7, 8),
    ],
    mistakes=written("batch, worker, workers", _SHARE),
)
def share_of(batch, worker, workers):
    """Return every `workers`-th entry of a batch, from the place `worker` on."""
    return batch[worker::workers]


_AGAIN = listed("""
The epoch that broke off is not finished itself: only those before it are.
    epoch % every
That is the epoch of the last checkpoint; count the epochs that were finished after it.
    (epoch - 1) // every * every
    epoch // every * every
    [e for e in range(1, epoch) if e % every == 0][-1]
That is the number of checkpoints; count the epochs since the last one.
    epoch // every
    (epoch - 1) // every
    -(-epoch // every)
That is how many epochs are left until the next checkpoint; look back, not ahead.
    every - epoch % every
    every - (epoch - 1) % every
    -epoch % every
Those are all finished epochs; the ones before the last checkpoint are kept.
    epoch - 1
The epoch in which it happened was not finished, so it does not count.
    (epoch - 1) % every + 1
    (epoch - 1) % every + 1 if epoch > 1 else 0
    (epoch - 1) % every if epoch > every else epoch
Several checkpoints may have been left; count from the last one, with `%`.
    epoch - every
    epoch - 1 - every
    epoch - 1 - every if epoch > every else 0
    max(0, epoch - 1 - every)
    max(0, epoch - every)
    abs(epoch - every)
    abs(epoch - 1 - every)
Subtract the 1 before you take the remainder or divide, or it can become -1.
    epoch % every - 1
Subtract the 1 before you take the remainder: where the epoch that broke off is a multiple of
`every`, `every - 1` epochs were finished since the last checkpoint.
    max(epoch % every - 1, 0)
    abs(epoch % every - 1)
That is the most that there can be; count those since the last checkpoint.
    every - 1
    every
    min(epoch - 1, every)
    min(epoch - 1, every - 1)
`%` and `//` come before `-`: put `epoch - 1` into parentheses.
    epoch - 1 % every
    epoch - 1 // every * every
    epoch - 1 - (epoch - 1 // every * every)
Before the first checkpoint, all finished epochs are lost.
    0 if epoch <= every else (epoch - 1) % every
The two sides of `%` are exchanged.
    every % (epoch - 1)
    every % epoch
`epoch - 1` epochs were finished: the remainder of that.
    (epoch + 1) % every
    (epoch - 2) % every
    epoch % every + 1
That is how many times `every` goes into it; take the remainder, with `%`.
    (epoch - 1) / every
A checkpoint is left after every `every`-th epoch: the remainder of a division by `every` itself.
    (epoch - 1) % (every + 1)
    epoch % (every + 1)
    epoch % (every - 1)
Right after a checkpoint nothing is lost: go on subtracting while it is `>= every`.
    n = epoch - 1
    while n > every:
        n -= every
    return n
Each checkpoint keeps `every` epochs, not one.
    epoch - 1 - (epoch - 1) // every
`round` can go up, to a checkpoint that was not reached; `//` rounds down.
    epoch - 1 - round((epoch - 1) / every) * every
How many epochs there are in all does not matter: count those that were finished before this one.
    (9 - epoch) % every
    9 % every
""")


@exercise(
    "16.3",
    "Done again",
    todo="Replace the ... by the number of whole epochs that have to be done again.",
    examples=lambda rng: [
        (5, 3),
        (7, 3),
        (1, 3),
        (3, 5),
        (3, 7),
        (10, 1),
        *((int(rng.integers(2, 60)), int(rng.integers(2, 9))) for _ in range(6)),
    ],
    view=as_whole,  # a remainder by `math.fmod` counts whole epochs just as well
    mistakes=written("epoch, every", _AGAIN),
)
def done_again(epoch, every):
    """Return how many epochs were finished since the last checkpoint when this one broke off."""
    return (epoch - 1) % every


MOST, _SIZE = 20, (401, 10)
SEEDS, EPOCHS, RATE = 3, 3, 0.3
_ENOUGH = 88.5  # without `np.abs` one reaches 88.4 % at most


@functools.cache
def _digits():
    X, y = load_data()
    (X, y), (others, right), _ = split_data(X.astype(float), y)
    X, others = (np.hstack([part, np.ones((len(part), 1))]) for part in (X, others))
    return X, y, others, right


def _gradient(W, X, y):
    logits = X @ W
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return X.T @ p / len(y)


def _why(error):
    """Return a sentence about why an answer stopped; the memory is what is new in this task."""
    if isinstance(error, KeyError):
        return (
            "`memory` is empty at first, so there is nothing to look up in it: "
            "`memory.get(name, 0)` gives 0 then."
        )
    if "'dict'" in str(error):
        return (
            '`memory` is a dictionary: what it keeps stands under a name, as in `memory["left"]`.'
        )
    return explain(error)


def _ask(compress, gradient, memory):
    sent = called(compress, gradient, memory, explained=_why)
    if isinstance(sent, list):
        with contextlib.suppress(ValueError):  # of parts that have different lengths
            sent = np.array(sent)
    if not isinstance(sent, np.ndarray) or sent.shape != _SIZE or sent.dtype.kind not in "fiu":
        raise HintError(
            f"It must return an array of numbers of the shape {_SIZE}, but gives {show(sent)}."
        )
    count = np.count_nonzero(sent)
    if count > MOST:
        raise HintError(f"It sends {count} numbers that are not 0; at most {MOST} are allowed.")
    return sent.astype(float)


def _advice(score, low, memories):
    """Return one thing to try next, by the lowest number that was sent and by what is kept."""
    if low >= 0 and score < _ENOUGH:
        return (
            "numbers below 0, for it never sends one. Choose by `np.abs`, and send what you have "
            "chosen with its sign."
        )
    if score < 75:
        return "the numbers that matter most, whatever their sign: `np.abs` and `np.argsort`."
    if score < _ENOUGH:
        if any(memories):
            return (
                "the memory. What was sent has to leave it, and nothing else: keep what is left of "
                "the gradient and of the memory together, and send from both together, too."
            )
        return (
            "what you did not send is lost. `memory` can keep it for the next batch, under a name "
            'of your own, as in `memory["left"] = ...`. (`memory = ...` would only give the name '
            "`memory` to something else.)"
        )
    return "fewer numbers: how good is it with ten, or five?"


@open_task(
    "16.4",
    "Send only twenty numbers",
    todo="Replace the ... by an array that holds at most twenty numbers that are not 0.",
    ours=89.0,
    enough=_ENOUGH,
    form="{:.1f} %",
    names=("gradient", "memory"),
    seconds=60,
)
def train_with_little_sent(compress):
    """Return how many validation images are read after workers have sent that little."""
    X, y, others, right = _digits()
    scores, low, high = [], 0.0, 0.0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        W, memories = np.zeros(_SIZE), ({}, {})
        for _ in range(EPOCHS):
            order = rng.permutation(len(y))
            for start in range(0, len(order), 32):
                batch = order[start : start + 32]
                sent = [
                    _ask(compress, _gradient(W, X[batch[i::2]], y[batch[i::2]]), memories[i])
                    for i in (0, 1)
                ]
                low = min(low, *(one.min() for one in sent))
                high = max(high, *(one.max() for one in sent))
                W = W - RATE * (sent[0] + sent[1]) / 2
        scores.append(100 * (np.nan_to_num(others @ W).argmax(axis=1) == right).mean())
    if low == high == 0:
        raise HintError(
            "It sends nothing but zeros. Does it choose the smallest numbers, or write into a "
            "copy? (`flatten` makes one; `ravel` of a new array does not.)"
        )
    score = float(np.mean(scores))
    return score, _advice(score, low, memories)


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_written("16.1", _COMBINE)
wrong_results(
    "16.1",
    {
        "That is one number": "np.average([g.mean() for g in gradients], weights=counts)",
        "Those are the parts": "[g * c / counts.sum() for g, c in zip(gradients, counts)]",
        "Say over which axis": "np.average(gradients, weights=counts)",
        "take no weights": "np.mean(gradients, axis=0, weights=counts)",
        "one number for each gradient": "np.average(gradients, axis=0, weights=[counts])",
    },
)
wrong_written("16.2", _SHARE)
wrong_written("16.3", _AGAIN)

_SEND = (
    "largest = np.argsort(np.abs(gradient).ravel())[{}]\n    sent = np.zeros(gradient.shape)\n"
    "    sent.ravel()[largest] = {}.ravel()[largest]\n    {}\n    return sent"
)

for hint, body in {
    "at most 20 are allowed": "return gradient",
    "It sends 21 numbers": _SEND.format("-21:", "gradient", ""),
    "of the shape (401, 10)": "return np.sort(gradient.ravel())[-20:]",
    "`memory` is empty at first": "return gradient * memory['mask']",
    "`memory` is a dictionary": "return gradient + memory",
    "nothing but zeros": _SEND.format(":20", "gradient", ""),
    "never sends one": _SEND.format("-20:", "np.abs(gradient)", ""),
    "is lost": _SEND.format("-20:", "gradient", "memory = gradient - sent"),
    "has to leave it": _SEND.format("-20:", "gradient", 'memory["left"] = gradient'),
}.items():
    wrong("16.4", hint, f"def compress(gradient, memory):\n    {body}")
