"""The exercises of step 10: regularization."""

import functools
import itertools

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, check_kind
from helpers.exercises.engine import Looks, outcome_of
from helpers.exercises.registry import exercise, open_task, wrong, wrong_bodies, wrong_results


def _stop(losses, patience, *, late=0, equal=False, before=False, total=False, above=False):
    """Return the epochs of the stop and of the best loss; the options are usual mistakes."""
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        lowest = losses[max(0, epoch - 1) if before else best]
        if loss < lowest or (equal and loss == lowest) or epoch == 0:
            best, waited = epoch, waited if total else 0
        elif not (above and loss == lowest):
            waited += 1
        if waited >= patience + late:
            break
    return epoch + 1, best + 1


def _from(lowest, best, *, keep=True):
    """Return a function like `_stop` that begins with these as the lowest loss and the best epoch.

    `lowest` may be a function of the losses. Without `keep`, it stays the lowest loss.
    """

    def stop(losses, patience):
        low, found, waited = lowest(losses) if callable(lowest) else lowest, best, 0
        for epoch, loss in enumerate(losses, start=1):
            if loss < low:
                low, found, waited = loss if keep else low, epoch, 0
            else:
                waited += 1
            if waited == patience:
                break
        return epoch, found

    return stop


def _first(losses):
    return losses[0]


@exercise(
    "10.1",
    "When to stop",
    todo="Replace the ... by the epoch after which training stops, and the best one until then.",
    examples=lambda rng: [
        ([0.5, 0.3, 0.4, 0.35, 0.2], 2),
        # A loss that equals the lowest; one that never stops; a better one after the stop.
        ([0.5, 0.3, 0.4, 0.3, 0.6, 0.25, 0.7], 3),
        ([0.9, 0.7, 0.5, 0.4, 0.3], 2),
        ([0.4, 0.5, 0.6, 0.1], 2),
        # It rises now and then, and each new lowest loss starts the count again.
        ([0.9, 0.95, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65, 0.66, 0.67, 0.68], 3),
        # It falls from epoch to epoch, but stays above the lowest.
        ([0.9, 0.2, 0.6, 0.5, 0.4, 0.3, 0.25], 3),
        # The lowest comes again, then only higher ones.
        ([0.5, 0.3, 0.4, 0.3, 0.6, 0.7], 3),
        # Above 1, and above 100.
        ([2.3, 1.8, 1.5, 1.2, 1.1], 2),
        ([130.0, 120.0, 125.0, 110.0], 2),
        ((np.linspace(1, 0.3, 12) + rng.normal(0, 0.1, 12)).round(2).tolist(), 3),
    ],
    mistakes={
        "Epochs are counted from 1.": (
            lambda losses, patience: tuple(epoch - 1 for epoch in _stop(losses, patience)),
            lambda losses, patience: (_stop(losses, patience)[0] - 1, _stop(losses, patience)[1]),
            lambda losses, patience: (_stop(losses, patience)[0], _stop(losses, patience)[1] - 1),
        ),
        "The order is wrong: first the epoch after which it stops, then the best one.": (
            lambda losses, patience: _stop(losses, patience)[::-1]
        ),
        "It stops one epoch too late: after `patience` epochs without a new lowest loss.": (
            lambda losses, patience: _stop(losses, patience, late=1)
        ),
        "It stops one epoch too early: it waits for `patience` epochs after the best one.": (
            lambda losses, patience: _stop(losses, patience, late=-1)
        ),
        "A loss that equals the lowest is not a new lowest one: use < for a new one, and >= for "
        "all others.": lambda losses, patience: _stop(losses, patience, equal=True),
        "An epoch whose loss equals the lowest brings no new one, either: count it as waited, with "
        ">= instead of >.": lambda losses, patience: _stop(losses, patience, above=True),
        "A loss can be larger than the number that the lowest one begins with: begin with the "
        "first loss, or with `np.inf`.": tuple(
            _from(lowest, best) for lowest in (1, 10, 100) for best in (0, 1)
        ),
        "No loss is below 0, so the lowest one cannot begin with 0: begin with the first loss, or "
        "with `np.inf`.": (_from(0, 0), _from(0, 1)),
        "The first epoch counts as waited there, but its loss is the first lowest one: begin the "
        "loop with the second epoch.": (_from(_first, 1), _from(_first, 0)),
        "It compares with the first loss in every epoch: keep each new lowest loss.": (
            _from(_first, 1, keep=False),
            _from(_first, 0, keep=False),
            # From the second epoch on.
            lambda losses, patience: tuple(
                epoch + 1
                for epoch in _from(lambda _: losses[0], 0, keep=False)(losses[1:], patience)
            ),
        ),
        "Where it never stops, the last epoch counts: there is none beyond `len(losses)`.": (
            lambda losses, patience: (
                _stop(losses, patience)[1] + patience,
                _stop(losses, patience)[1],
            )
        ),
        "That compares with the epoch before; compare with the lowest loss so far.": (
            lambda losses, patience: _stop(losses, patience, before=True)
        ),
        "Each new lowest loss starts the count again: set it back to 0.": (
            lambda losses, patience: _stop(losses, patience, total=True)
        ),
        "What comes after the stop is never seen: the best epoch is the best until then.": (
            lambda losses, patience: (_stop(losses, patience)[0], int(np.argmin(losses)) + 1),
            # As if the best epoch of all were known from the start.
            lambda losses, patience: (
                int(np.argmin(losses)) + 1 + patience,
                int(np.argmin(losses)) + 1,
            ),
            lambda losses, patience: (
                min(int(np.argmin(losses)) + 1 + patience, len(losses)),
                int(np.argmin(losses)) + 1,
            ),
        ),
        "It never stops: leave the loop as soon as it has waited for `patience` epochs.": (
            lambda losses, patience: (len(losses), int(np.argmin(losses)) + 1)
        ),
        "Those are two epochs too many: is 1 added twice?": lambda losses, patience: tuple(
            epoch + 1 for epoch in _stop(losses, patience)
        ),
        "The second value is the loss of the best epoch; return the number of that epoch.": (
            lambda losses, patience: (
                _stop(losses, patience)[0],
                losses[_stop(losses, patience)[1] - 1],
            )
        ),
    },
)
def stop_after(losses, patience):
    """Return after which epoch training stops, and which one was the best, counted from 1."""
    return _stop(losses, patience)


def _running(means, momentum, *, start=0.0):
    average = np.full(means.shape[1:], start)
    for mean in means:
        average = average + (1 - momentum) * (mean - average)
    return average


def _after_each(got, right):
    # A list or an array of them.
    return np.ndim(got) == right.ndim + 1 and len(got) > 1 and np.allclose(got[-1], right)


@exercise(
    "10.2",
    "The running average",
    todo="Replace the ... by the running average after the last batch, a number for each neuron.",
    examples=lambda rng: [
        (np.array([[1.0], [1.0]]), 0.9),
        (np.array([[4.0, -2.0], [0.0, 2.0], [8.0, 0.0]]), 0.5),
        (rng.normal(2, 1, (6, 3)).round(1), 0.8),
        (rng.normal(-1, 2, (4, 4)).round(1), 0.75),
    ],
    mistakes={
        "That is the ordinary mean of all batches; here each batch moves the average a little.": (
            lambda means, momentum: means.mean(axis=0),
            lambda means, momentum: np.cumsum(means, axis=0)[-1] / len(means),
            lambda means, momentum: (1 - momentum) * means.mean(axis=0),
        ),
        "A batch is left out: go through all rows of `means`.": (
            lambda means, momentum: _running(means[:-1], momentum),
            lambda means, momentum: _running(means[1:], momentum),
        ),
        "It moves by `momentum`; it should keep that share and move by `1 - momentum`.": (
            lambda means, momentum: _running(means, 1 - momentum)
        ),
        "It begins with the first batch; the average of the layer begins with 0.": (
            lambda means, momentum: functools.reduce(
                lambda average, mean: momentum * average + (1 - momentum) * mean, means
            )
        ),
        "The average begins with 0; that of the variance begins with 1.": (
            lambda means, momentum: _running(means, momentum, start=1.0)
        ),
        "It moves toward the mean of the batch, by a share of the difference: subtract the average "
        "first.": (lambda means, momentum: (1 - momentum) * means.sum(axis=0),),
        "That uses only the last batch; go through all of them, and keep what has been reached.": (
            lambda means, momentum: (1 - momentum) * means[-1],
            lambda means, momentum: means[-1],
        ),
        "That uses only the first batch; does `return` stand inside the loop?": (
            lambda means, momentum: (1 - momentum) * means[0]
        ),
        "Those are the averages after each batch; return only the last one.": Looks(_after_each),
        "It moves away from the mean of the batch: subtract the average from the mean.": (
            lambda means, momentum: _running(means, 2 - momentum)
        ),
        "Each row is a batch: go through the rows, not through the columns.": (
            lambda means, momentum: _running(means.T, momentum)
        ),
        "The batches come from first to last; here they are taken from last to first.": (
            lambda means, momentum: _running(means[::-1], momentum)
        ),
        "The share that is kept is missing: multiply the average by `momentum`, not the sum of "
        "both.": lambda means, momentum: functools.reduce(
            lambda average, mean: momentum * (average + mean), means, 0 * means[0]
        ),
        "Each neuron has an average of its own; that is one for all.": (
            lambda means, momentum: np.full(
                means.shape[1:], _running(means.mean(axis=1)[:, None], momentum)[0]
            )
        ),
    },
)
def running_average(means, momentum):
    """Return the average that begins with 0 and is moved by each row of means."""
    return _running(means, momentum)


def _results(rng):
    """Return the results of two methods, one for each seed."""
    cases = [(np.array([94.0, 95.0, 96.0]), np.array([96.0, 97.0, 98.0]))]
    # Different numbers of seeds, so that each mean has to be divided by the root of its own.
    for seeds in [(3, 3), (3, 5), (8, 4)]:
        cases.append(tuple(rng.normal(rng.uniform(80, 95), 0.5, n).round(1) for n in seeds))
    return cases


def _error(results):
    return float(results.std(ddof=1) / np.sqrt(len(results)))


def _gain(before, after, *, error=None):
    # The usual mistakes are other ideas of how uncertain a mean is.
    error = error or _error
    return float(after.mean() - before.mean()), float(np.hypot(error(before), error(after)))


@exercise(
    "10.3",
    "A gain, or luck?",
    todo="Replace the ... by the gain and its uncertainty.",
    examples=_results,
    mistakes={
        "The sign of the gain is wrong: it is the mean after minus the mean before.": (
            lambda before, after: (-_gain(before, after)[0], _gain(before, after)[1])
        ),
        "The order is wrong: first the gain, then its uncertainty.": (
            lambda before, after: _gain(before, after)[::-1]
        ),
        "That is the deviation of a whole population; of a sample it is `std(ddof=1)`.": (
            lambda before, after: _gain(
                before, after, error=lambda results: results.std() / np.sqrt(len(results))
            )
        ),
        "That is how much single results scatter; divide by the root of the number of seeds.": (
            lambda before, after: _gain(before, after, error=lambda results: results.std(ddof=1)),
            lambda before, after: _gain(before, after, error=np.std),
        ),
        "Divide by the square root of the number of seeds, not by the number itself.": (
            lambda before, after: _gain(
                before, after, error=lambda results: results.std(ddof=1) / len(results)
            )
        ),
        "Uncertainties add up as squares: take the root of the sum of both squares.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(_gain(before, before)[1] + _gain(after, after)[1]) / np.sqrt(2),
            )
        ),
        "Under the root, squares are added: take `var(ddof=1)`, which is the square of "
        "`std(ddof=1)`.": (
            lambda before, after: (
                _gain(before, after)[0],
                np.sqrt(before.std(ddof=1) / len(before) + after.std(ddof=1) / len(after)),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                np.sqrt(before.std() / len(before) + after.std() / len(after)),
            ),
        ),
        "First square the two standard errors, then take the root of their sum.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.sqrt(_error(before) + _error(after))),
            )
        ),
        "The uncertainty of a difference is neither the mean nor the difference of the two "
        "uncertainties: take the root of the sum of both squares.": (
            lambda before, after: (_gain(before, after)[0], (_error(before) + _error(after)) / 2),
            lambda before, after: (_gain(before, after)[0], _error(after) - _error(before)),
            lambda before, after: (_gain(before, after)[0], abs(_error(after) - _error(before))),
            lambda before, after: (_gain(before, after)[0], _gain(before, after)[1] / 2),
        ),
        "That is the uncertainty of one of the two means; the gain has that of both.": (
            lambda before, after: (_gain(before, after)[0], _error(after)),
            lambda before, after: (_gain(before, after)[0], _error(before)),
            lambda before, after: (_gain(before, after)[0], max(_error(before), _error(after))),
        ),
        "The results of the two methods are not paired, so they cannot be subtracted one by one: "
        "take the mean of each first.": (
            lambda before, after: (
                (after - before).mean(),
                (after - before).std(ddof=1) / np.sqrt(len(after)),
            ),
        ),
        "Together, the results scatter by the gain, too: take the deviation of each method.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.concatenate([before, after]).std(ddof=1)),
            )
        ),
        "The gain is the difference of the means, not of medians, sums or best results.": (
            lambda before, after: (
                float(np.median(after) - np.median(before)),
                _gain(before, after)[1],
            ),
            lambda before, after: (after.sum() - before.sum(), _gain(before, after)[1]),
            lambda before, after: (after.max() - before.max(), _gain(before, after)[1]),
        ),
        "The gain is the difference itself; it is not divided by anything.": (
            lambda before, after: (
                _gain(before, after)[0] / before.mean(),
                _gain(before, after)[1],
            ),
            lambda before, after: (
                _gain(before, after)[0] / _gain(before, after)[1],
                _gain(before, after)[1],
            ),
        ),
        "A gain can be negative: leave out `abs`.": (
            lambda before, after: (abs(_gain(before, after)[0]), _gain(before, after)[1])
        ),
        "That is twice the uncertainty; return it as it is.": (
            lambda before, after: (_gain(before, after)[0], 2 * _gain(before, after)[1])
        ),
        "Divide by the root of the number of seeds; `ddof=1` has already taken care of the − 1.": (
            lambda before, after: _gain(
                before,
                after,
                error=lambda results: results.std(ddof=1) / np.sqrt(len(results) - 1),
            )
        ),
        "Divide by the root of the number of seeds; with more seeds, a mean is more certain.": (
            lambda before, after: _gain(
                before, after, error=lambda results: results.std(ddof=1) * np.sqrt(len(results))
            )
        ),
        "The root is missing: that is the square of the uncertainty.": (
            lambda before, after: (_gain(before, after)[0], _gain(before, after)[1] ** 2)
        ),
        "The two may have different numbers of seeds: divide each by its own.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(before.std(ddof=1), after.std(ddof=1)) / np.sqrt(len(before))),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(before.std(ddof=1), after.std(ddof=1)) / np.sqrt(len(after))),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                float(
                    np.hypot(before.std(ddof=1), after.std(ddof=1))
                    / np.sqrt(len(before) + len(after))
                ),
            ),
        ),
    },
)
def gain_of(before, after):
    """Return the difference of the means and its standard error."""
    return _gain(before, after)


VERSIONS, HIDDEN = 30, 64  # of each image, and neurons


@functools.cache
def _few_digits():
    """Return 500 images of MNIST, 50 of each digit, and 5,000 others to measure on, with labels."""
    (images, labels), _ = data.load_mnist()
    mixed = np.random.default_rng(104).permutation(len(images))
    mixed = mixed[(mixed > 6000) & (mixed < 40_000)]  # the page trains and chooses on others
    few = np.concatenate([mixed[labels[mixed] == digit][:50] for digit in range(10)])
    others = np.setdiff1d(mixed, few)[::6][:5000]
    return [(images[part] / 255, labels[part].astype(int)) for part in (few, others)]


def _train(X, y, rng):
    """Train a small network by Adam in batches of 32, four epochs; return its parameters.

    In NumPy, and with 64 bits, so that the result is the same on every processor.
    """
    sizes = [X.shape[1], HIDDEN, 10]
    parameters = []
    for inputs, outputs in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (inputs + outputs))
        parameters += [rng.uniform(-limit, limit, (inputs, outputs)), np.zeros(outputs)]
    means, squares = ([np.zeros_like(p) for p in parameters] for _ in range(2))
    order = np.concatenate([rng.permutation(len(y)) for _ in range(4)])
    for step, start in enumerate(range(0, len(order), 32), start=1):
        batch = order[start : start + 32]
        W1, b1, W2, b2 = parameters
        a = np.maximum(X[batch] @ W1 + b1, 0)
        d = _softmax(a @ W2 + b2)
        d[np.arange(len(batch)), y[batch]] -= 1
        d /= len(batch)
        d_hidden = (d @ W2.T) * (a > 0)
        gradients = [X[batch].T @ d_hidden, d_hidden.sum(axis=0), a.T @ d, d.sum(axis=0)]
        rate = 0.001 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        for p, g, mean, square in zip(parameters, gradients, means, squares, strict=True):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            p -= rate * mean / (np.sqrt(square) + 1e-7)
    return parameters


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@open_task(
    "10.4",
    "Images of your own",
    todo="Replace the ... by as many images as there are, each of them changed a little.",
    ours=92.0,
    enough=91.5,
    form="{:.1f} %",
    names=("images", "rng"),
    seconds=60,
)
def train_on_changed(my_augment):
    """Return how many other images networks read that learn from changed ones, over 3 seeds."""
    (images, labels), (others, right) = _few_digits()
    scores = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        versions = []
        for _ in range(VERSIONS):
            changed, _ = outcome_of(my_augment, (images, rng))
            check_kind(changed, images)
            if not np.isfinite(changed).all() or changed.min() < -0.01 or changed.max() > 1.01:
                raise HintError(
                    f"It returns values from {np.min(changed):g} to {np.max(changed):g}; paper is "
                    "0 and ink is 1."
                )
            versions.append(np.asarray(changed, float).reshape(len(images), -1))
        W1, b1, W2, b2 = _train(np.concatenate(versions), np.tile(labels, VERSIONS), rng)
        logits = np.maximum(others.reshape(len(others), -1) @ W1 + b1, 0) @ W2 + b2
        scores.append(100 * (logits.argmax(axis=1) == right).mean())
    score = float(np.mean(scores))
    if score < 80:
        return score, "smaller changes. Are these still digits that somebody would write?"
    if score < 90:
        return score, "moving and turning each image a little, at random, as `change` does it."
    return score, (
        "what else differs from hand to hand: how digits lean, how bold the pen is, how lines bend."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

_LOOP = (
    "best = wait = 0\n    for epoch, loss in enumerate(losses):\n"
    "        if loss {} losses[best] or epoch == 0:\n            best, wait = epoch, 0\n"
    "        else:\n            wait += 1\n        if wait {} patience:\n            break\n    "
)

_LOWEST = (
    "\n    for i in range(len(losses)):\n        if losses[i] < low:\n"
    "            low, best, wait = losses[i], i + 1, 0\n        else:\n            wait += 1\n"
    "        if wait == patience:\n            break\n    return i + 1, best"
)

wrong_bodies(
    "10.1",
    {
        "counted from 1": _LOOP.format("<", ">=") + "return epoch, best",
        "The order is wrong": _LOOP.format("<", ">=") + "return best + 1, epoch + 1",
        "too late": _LOOP.format("<", ">") + "return epoch + 1, best + 1",
        "use < for a new one": _LOOP.format("<=", ">=") + "return epoch + 1, best + 1",
        "count it as waited": _LOOP.format("<", ">=").replace("else:", "elif loss > losses[best]:")
        + "return epoch + 1, best + 1",
        "can be larger": f"low, best, wait = 1, 0, 0{_LOWEST}",
        "than the number": f"low, best, wait = 100, 1, 0{_LOWEST}",
        "No loss is below 0": f"low, best, wait = 0, 0, 0{_LOWEST}",
        "The first epoch counts as waited": f"low, best, wait = losses[0], 1, 0{_LOWEST}",
        "with the first loss in every epoch": f"low, best, wait = losses[0], 1, 0{_LOWEST}".replace(
            "low, best, wait = losses[i], i + 1, 0", "best, wait = i + 1, 0"
        ),
        "none beyond": _LOOP.format("<", ">=") + "return best + 1 + patience, best + 1",
        "never stops": "return len(losses), int(np.argmin(losses)) + 1",
        "never seen": _LOOP.format("<", ">=") + "return epoch + 1, int(np.argmin(losses)) + 1",
        "with the epoch before": "best, wait = 1, 0\n    for i in range(1, len(losses)):\n"
        "        if losses[i] < losses[i - 1]:\n            best, wait = i + 1, 0\n"
        "        else:\n            wait += 1\n        if wait == patience:\n            break\n"
        "    return i + 1, best",
    },
)

wrong_results(
    "10.2",
    {
        "the ordinary mean": "means.mean(axis=0)",
        "here each batch moves": "(1 - momentum) * means.mean(axis=0)",
        "the last batch": "(1 - momentum) * means[-1]",
        "the first batch": "(1 - momentum) * means[0]",
    },
)
wrong_bodies(
    "10.2",
    {
        "move by `1 - momentum`": "average = 0\n    for mean in means:\n"
        "        average = (1 - momentum) * average + momentum * mean\n    return average",
        "begins with the first batch": "average = means[0]\n    for mean in means[1:]:\n"
        "        average = momentum * average + (1 - momentum) * mean\n    return average",
        "subtract the average first": "average = 0\n    for mean in means:\n"
        "        average = average + (1 - momentum) * mean\n    return average",
        "moves away": "average = 0\n    for mean in means:\n"
        "        average = average + (1 - momentum) * (average - mean)\n    return average",
        "A batch is left out": "average = 0\n    for mean in means[:-1]:\n"
        "        average = momentum * average + (1 - momentum) * mean\n    return average",
        "only the last one": "average, averages = 0, []\n    for mean in means:\n"
        "        average = average + (1 - momentum) * (mean - average)\n"
        "        averages.append(average)\n    return averages",
    },
)

_GAIN = "after.mean() - before.mean()"

_SQUARES = "before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)"

wrong_results(
    "10.3",
    {
        "The sign of the gain": f"before.mean() - after.mean(), np.sqrt({_SQUARES})",
        "are not paired": "(after - before).mean(), (after - before).std(ddof=1) "
        "/ len(after) ** 0.5",
        "of one of the two means": f"{_GAIN}, after.std(ddof=1) / len(after) ** 0.5",
        "leave out `abs`": f"abs({_GAIN}), np.sqrt({_SQUARES})",
        "The order is wrong": f"np.sqrt({_SQUARES}), {_GAIN}",
        "of a sample it is": (
            f"{_GAIN}, np.sqrt(before.var() / len(before) + after.var() / len(after))"
        ),
        "single results scatter": f"{_GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1))",
        "not by the number itself": (
            f"{_GAIN}, np.hypot(before.std(ddof=1) / len(before), after.std(ddof=1) / len(after))"
        ),
        "add up as squares": (
            f"{_GAIN}, before.std(ddof=1) / len(before) ** 0.5 "
            "+ after.std(ddof=1) / len(after) ** 0.5"
        ),
        "Under the root": (
            f"{_GAIN}, np.sqrt(before.std(ddof=1) / len(before) + after.std(ddof=1) / len(after))"
        ),
        "The root is missing": f"{_GAIN}, {_SQUARES}",
        "divide each by its own": (
            f"{_GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1)) / len(after) ** 0.5"
        ),
    },
)

for hint, body in {
    "but the right shape is (500, 28, 28)": "return images.reshape(len(images), 784)",
    "paper is 0 and ink is 1": "return 255 * images",
    "returns a list": "return [np.roll(image, 1, axis=1) for image in images]",
    "returns nothing": "np.roll(images, rng.integers(-2, 3), axis=2)",
}.items():
    wrong("10.4", hint, f"def my_augment(images, rng):\n    {body}")
