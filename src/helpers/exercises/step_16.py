"""The exercises of step 16: on several computers."""

import functools

import numpy as np

from helpers.data import load_data, split_data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.measuring import called
from helpers.exercises.registry import exercise, open_task, wrong, wrong_results


def _gradients(rng, counts, shape):
    return [rng.normal(size=shape).round(1) for _ in counts], np.array(counts)


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
        "That is the plain average, in which a worker with few images counts as much as one with "
        "many: weight each gradient by its count.": (
            lambda gradients, counts: np.mean(gradients, axis=0)
        ),
        "Divide by the number of all images, `counts.sum()`.": (
            lambda gradients, counts: (
                sum(c * g for c, g in zip(counts, gradients, strict=True)) / len(counts)
            ),
            lambda gradients, counts: sum(c * g for c, g in zip(counts, gradients, strict=True)),
        ),
        "That is the sum of the gradients; they are averages, so weight each by its count and "
        "divide by the number of all images.": (
            lambda gradients, counts: np.sum(gradients, axis=0),
            lambda gradients, counts: np.sum(gradients, axis=0) / counts.sum(),
        ),
        "Each gradient is an average already: multiply it by its count, do not divide.": (
            lambda gradients, counts: sum(g / c for c, g in zip(counts, gradients, strict=True)),
            lambda gradients, counts: (
                sum(g / c for c, g in zip(counts, gradients, strict=True)) / len(counts)
            ),
        ),
        "Put parentheses around the sum: all of it is divided by the number of images.": (
            lambda gradients, counts: (
                sum(g * c for c, g in zip(counts[:-1], gradients[:-1], strict=True))
                + gradients[-1] * counts[-1] / counts.sum()
            )
        ),
        "Only the first two gradients are in it; there may be more workers than two.": (
            lambda gradients, counts: (
                (gradients[0] * counts[0] + gradients[1] * counts[1]) / counts.sum()
            ),
            lambda gradients, counts: (
                (gradients[0] * counts[0] + gradients[1] * counts[1]) / (counts[0] + counts[1])
            ),
        ),
        "That is one number; the result has the shape of each gradient.": (
            lambda gradients, counts: np.average([g.mean() for g in gradients], weights=counts),
        ),
    },
)
def combine(gradients, counts):
    """Return the gradient of a batch from those of its shares and their numbers of images."""
    return np.average(gradients, axis=0, weights=counts)


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
    mistakes={
        "That is a block, one image behind the other; take every `workers`-th image instead.": (
            lambda batch, worker, workers: np.array_split(batch, workers)[worker],
            lambda batch, worker, workers: batch[worker:workers],
            lambda batch, worker, workers: batch[worker * workers : (worker + 1) * workers],
            lambda batch, worker, workers: batch[
                worker * len(batch) // workers : (worker + 1) * len(batch) // workers
            ],
            lambda batch, worker, workers: batch[
                worker * (len(batch) // workers) : (worker + 1) * (len(batch) // workers)
            ],
        ),
        "The images need not divide evenly among the workers, so `reshape` can fail: take a slice "
        "with a step.": (
            lambda batch, worker, workers: batch.reshape(workers, -1)[worker],
            lambda batch, worker, workers: batch.reshape(-1, workers)[:, worker],
            lambda batch, worker, workers: batch.reshape(workers, -1),
            lambda batch, worker, workers: batch.reshape(-1, workers),
        ),
        "Every worker gets the same images now: begin at the place `worker`.": (
            lambda batch, worker, workers: batch[::workers]
        ),
        "Those are the images from the place `worker` on, all of them; take every `workers`-th.": (
            lambda batch, worker, workers: batch[worker:]
        ),
        "The two are exchanged: begin at `worker`, and go on in steps of `workers`.": (
            lambda batch, worker, workers: batch[workers :: max(worker, 1)],
            lambda batch, worker, workers: batch[workers::worker],
        ),
        "The last image can be missing: leave the end of the slice empty.": (
            lambda batch, worker, workers: batch[worker:-1:workers]
        ),
        "Workers are counted from 0, so begin at the place `worker`.": (
            lambda batch, worker, workers: batch[worker + 1 :: workers],
            lambda batch, worker, workers: batch[worker - 1 :: workers],
        ),
        "That picks by the numbers of the images; what counts is their place in the batch.": (
            lambda batch, worker, workers: batch[batch % workers == worker]
        ),
        "Those are places in the batch; return the images at these places.": (
            lambda batch, worker, workers: np.arange(len(batch))[worker::workers]
        ),
    },
)
def share_of(batch, worker, workers):
    """Return every `workers`-th entry of a batch, from the place `worker` on."""
    return batch[worker::workers]


@exercise(
    "16.3",
    "Done again",
    todo="Replace the ... by the number of whole epochs that have to be done again.",
    examples=lambda rng: [
        (5, 3),
        (7, 3),
        (1, 3),
        (3, 5),
        (10, 1),
        *((int(rng.integers(2, 60)), int(rng.integers(2, 9))) for _ in range(6)),
    ],
    mistakes={
        "The epoch that broke off is not finished itself: only those before it are.": (
            lambda epoch, every: epoch % every
        ),
        "That is the epoch of the last checkpoint; count the epochs that were finished after it.": (
            lambda epoch, every: (epoch - 1) // every * every,
            lambda epoch, every: epoch // every * every,
        ),
        "That is the number of checkpoints; count the epochs since the last one.": (
            lambda epoch, every: (epoch - 1) // every,
            lambda epoch, every: epoch // every,
        ),
        "That is how many epochs are left until the next checkpoint; look back, not ahead.": (
            lambda epoch, every: every - (epoch - 1) % every,
            lambda epoch, every: every - epoch % every,
        ),
        "Those are all finished epochs; the ones before the last checkpoint are kept.": (
            lambda epoch, every: epoch - 1
        ),
        "The epoch in which it happened was not finished, so it does not count.": (
            lambda epoch, every: (epoch - 1) % every + 1
        ),
        "Several checkpoints may have been left; count from the last one, with `%`.": (
            lambda epoch, every: epoch - every,
            lambda epoch, every: epoch - 1 - every,
        ),
        "Subtract the 1 before you take the remainder, or it can become -1.": (
            lambda epoch, every: epoch % every - 1
        ),
        "That is the most that there can be; count those before this epoch.": (
            lambda epoch, every: every - 1,
            lambda epoch, every: every,
        ),
    },
)
def done_again(epoch, every):
    """Return how many epochs were finished since the last checkpoint when this one broke off."""
    return (epoch - 1) % every


MOST, _SIZE = 20, (401, 10)


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


def _ask(compress, gradient, memory):
    sent = called(compress, gradient, memory)
    if not isinstance(sent, np.ndarray) or sent.shape != _SIZE or sent.dtype.kind not in "fiu":
        raise HintError(
            f"It must return an array of numbers of the shape {_SIZE}, but gives {show(sent)}."
        )
    count = np.count_nonzero(sent)
    if count > MOST:
        raise HintError(f"It sends {count} numbers that are not 0; at most {MOST} are allowed.")
    return sent.astype(float)


@open_task(
    "16.4",
    "Send only twenty numbers",
    todo="Replace the ... by an array that holds at most twenty numbers that are not 0.",
    ours=89.0,
    enough=88.0,
    form="{:.1f} %",
    names=("gradient", "memory"),
    seconds=60,
)
def train_with_little_sent(compress):
    """Return how many validation images are read after workers have sent that little."""
    X, y, others, right = _digits()
    scores = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        W, memories = np.zeros(_SIZE), ({}, {})
        for _ in range(3):
            order = rng.permutation(len(y))
            for start in range(0, len(order), 32):
                batch = order[start : start + 32]
                sent = [
                    _ask(compress, _gradient(W, X[batch[i::2]], y[batch[i::2]]), memories[i])
                    for i in (0, 1)
                ]
                W = W - 0.3 * (sent[0] + sent[1]) / 2
        scores.append(100 * (np.nan_to_num(others @ W).argmax(axis=1) == right).mean())
    score = float(np.mean(scores))
    if score < 75:
        return (
            score,
            "the numbers that matter most, whatever their sign: `np.abs` and `np.argsort`.",
        )
    if score < 87:
        return score, "what you did not send is lost. `memory` can keep it for the next batch."
    return score, "fewer numbers: how good is it with ten, or five?"


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "16.1",
    {
        "the plain average": "np.mean(gradients, axis=0)",
        "`counts.sum()`": "sum(c * g for c, g in zip(counts, gradients)) / len(counts)",
        "That is the sum of the gradients": "sum(gradients)",
        "first two gradients": "sum(gradients[i] * counts[i] for i in (0, 1)) / counts.sum()",
        "do not divide": "sum(g / c for c, g in zip(counts, gradients))",
    },
)

wrong_results(
    "16.2",
    {
        "That is a block": "np.array_split(batch, workers)[worker]",
        "`reshape` can fail": "batch.reshape(-1, workers)[:, worker]",
        "the same images": "batch[::workers]",
        "from the place `worker` on": "batch[worker:]",
        "counted from 0": "batch[worker - 1 :: workers]",
        "their place in the batch": "batch[batch % workers == worker]",
        "leave the end of the slice empty": "batch[worker:-1:workers]",
    },
)

wrong_results(
    "16.3",
    {
        "is not finished itself": "epoch % every",
        "the epoch of the last checkpoint": "(epoch - 1) // every * every",
        "the number of checkpoints": "epoch // every",
        "until the next checkpoint": "every - epoch % every",
        "the ones before the last checkpoint are kept": "epoch - 1",
        "Several checkpoints": "epoch - every",
        "before you take the remainder": "epoch % every - 1",
    },
)

for hint, body in {
    "at most 20 are allowed": "return gradient",
    "of the shape (401, 10)": "return np.sort(gradient.ravel())[-20:]",
    "KeyError": "return gradient * memory['mask']",
}.items():
    wrong("16.4", hint, f"def compress(gradient, memory):\n    {body}")
