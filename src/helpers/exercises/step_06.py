"""The exercises of step 6: training."""

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results


def _backward_case(rng, images, inputs, outputs):
    shapes = (images, inputs), (inputs, outputs), (images, outputs)
    return tuple(rng.normal(size=shape).round(1) for shape in shapes)


@exercise(
    "6.1",
    "Backward through one layer",
    todo="Replace the ... by the slopes for W, b and a.",
    examples=lambda rng: [
        (np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]])),
        # Square, so that a forgotten transpose gives numbers; the last one gives its error.
        _backward_case(rng, 2, 2, 2),
        _backward_case(rng, 3, 3, 3),
        _backward_case(rng, 4, 3, 2),
    ],
    mistakes={
        # What concerns one of the three slopes stands before what concerns all of them.
        "The slopes for W and a are right, those for b are not: add up d_z over the images, with "
        "sum(axis=0).": lambda a, W, d_z: (a.T @ d_z, d_z, d_z @ W.T),
        "For b, add up over the images, axis=0; axis=1 adds up over the neurons.": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(axis=1), d_z @ W.T)
        ),
        "For b, each neuron has a sum of its own: sum(axis=0).": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(), d_z @ W.T)
        ),
        "For b, take the sum over the images, not the average: d_z already says how much each "
        "image counts.": lambda a, W, d_z: (a.T @ d_z, d_z.mean(axis=0), d_z @ W.T),
        "For a, each slope goes back along its weights: d_z @ W.T.": (
            lambda a, W, d_z: (a.T @ d_z, d_z.sum(axis=0), d_z @ W)
        ),
        "For W, the input comes first: a.T @ d_z has the shape of W.": (
            lambda a, W, d_z: (d_z.T @ a, d_z.sum(axis=0), d_z @ W.T)
        ),
        "For W, the input has to be transposed: a.T @ d_z.": (
            lambda a, W, d_z: (a @ d_z, d_z.sum(axis=0), d_z @ W.T)
        ),
        "Do not divide by the number of images: d_z already contains that.": (
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T / len(a)),
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T),
            lambda a, W, d_z: (a.T @ d_z / len(a), d_z.sum(axis=0), d_z @ W.T),
        ),
        "The sign is wrong; nothing is subtracted here.": (
            lambda a, W, d_z: (-a.T @ d_z, -d_z.sum(axis=0), -d_z @ W.T)
        ),
        "The three are right but in another order: first W, then b, then a.": (
            lambda a, W, d_z: (d_z @ W.T, a.T @ d_z, d_z.sum(axis=0))
        ),
    },
)
def backward(a, W, d_z):
    """Return the slopes for W, b and a of a layer z = a @ W + b, given those for z."""
    return a.T @ d_z, d_z.sum(axis=0), d_z @ W.T


def sum_of_squares(w):
    """Return the sum of all squares."""
    return (w**2).sum()


# Its slope in one entry depends on all others, so a nudge that is not taken back shows.
def product_of_sines(w):
    """Return the product of the sines of all entries."""
    return np.prod(np.sin(w))


def _each_slope(f, w):
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        slopes[place] = (f(w + nudge) - f(w - nudge)) / 2e-5
    return slopes


@exercise(
    "6.2",
    "A gradient, measured",
    todo="Replace the ... by the slope of f for each entry of w.",
    examples=lambda rng: [
        (sum_of_squares, np.array([1.0, 2.0])),
        (sum_of_squares, np.array([[0.5], [-1.5], [3.0]])),
        (product_of_sines, np.array([[1.0, 2.0], [0.5, 1.3]])),
        (product_of_sines, rng.uniform(0.5, 2.5, (2, 3))),
    ],
    mistakes={
        "All entries are nudged at once; each needs a nudge of its own.": (
            lambda f, w: np.full(w.shape, (f(w + 1e-5) - f(w - 1e-5)) / 2e-5)
        ),
        "All entries are nudged at once, which gives one number; each needs a nudge of its own.": (
            lambda f, w: (f(w + 1e-5) - f(w - 1e-5)) / 2e-5
        ),
        "That is twice the gradient: the two ends are 2 nudges apart.": (
            lambda f, w: 2 * _each_slope(f, w)
        ),
        "That is half the gradient: nudge to both sides, or divide by one nudge only. (`v = w` is "
        "no copy of an array; `w.copy()` is.)": (lambda f, w: _each_slope(f, w) / 2),
        "The sign is wrong: subtract the value on the left from the value on the right.": (
            lambda f, w: -_each_slope(f, w)
        ),
        # These two depend on the size of the learner's nudge, so they are told apart by theirs.
        "That is how much f changes; divide it by the distance.": Looks(
            lambda got, right: 0 < abs(got).max() < 0.2 * abs(right).max()
        ),
        "The nudge of one entry is still there when the next is measured: take it back, or start "
        "from a copy each time. It may also be too large.": Looks(
            lambda got, right: np.allclose(got, right, atol=0.3)
        ),
    },
    tolerance=1e-4,
)
def numerical_gradient(f, w):
    """Return the slopes of f for all entries of w, in the shape of w."""
    return _each_slope(f, w)


def _measured(*losses):
    """Return rates, in no order, and a function that gives the loss for each."""
    # Not sorted, or the first or the last rate would be right too often.
    rates = [10.0 ** -((3 * i + 1) % 7) for i in range(len(losses))]
    table = dict(zip(rates, losses, strict=True))

    def measured_loss(rate):
        return table[rate]

    return rates, measured_loss


@exercise(
    "6.3",
    "Hunt for the learning rate",
    todo="Replace the ... by the rate whose loss is the lowest.",
    examples=lambda rng: [
        _measured(2.0, 0.5, 3.0),
        _measured(0.7),
        _measured(700.0, 500.0, 900.0),
        # A nan at the end, at the start, in the middle spoils different comparisons.
        _measured(2.3, 1.1, 0.4, 0.3, float("nan")),
        _measured(float("nan"), 1.0, 2.0),
        _measured(0.9, float("nan"), 0.2, 1.0),
        _measured(float("inf"), 2.0, 0.1, 1.0),
        _measured(*rng.random(6).tolist()),
    ],
    mistakes={
        "That is the lowest loss; the rate that reaches it is asked for.": (
            lambda rates, loss_of: float(np.nanmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: float(np.min([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: min(loss_of(rate) for rate in rates),
        ),
        "Leaving out losses moves the positions of the others: keep each loss with its rate.": (
            lambda rates, loss_of: _shifted(rates, [loss_of(rate) for rate in rates])
        ),
        "That is the rate with the highest loss.": lambda rates, loss_of: max(rates, key=loss_of),
        "That is the position of the rate in the list; the rate itself is asked for.": (
            lambda rates, loss_of: int(np.nanargmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: int(np.argmin([loss_of(rate) for rate in rates])),
        ),
        # `min` keeps a nan only if it meets it first, `argmin` takes it wherever it stands.
        "A training that blew up has the loss nan, and with nan every comparison is false, so it "
        "wins or stays: leave it out.": lambda rates, loss_of: min(rates, key=loss_of),
        "`argmin` takes nan, a training that blew up, for the smallest: use `np.nanargmin`.": (
            lambda rates, loss_of: rates[int(np.argmin([loss_of(rate) for rate in rates]))]
        ),
        "That is the largest rate, whatever its loss.": lambda rates, loss_of: max(rates),
        "That is the smallest rate, whatever its loss.": lambda rates, loss_of: min(rates),
    },
    # The rate is one of the list, not computed, so it is right to the last digit or wrong.
    tolerance=1e-12,
)
def best_rate(rates, loss_of):
    """Return the rate with the lowest loss, leaving out those whose loss is nan."""
    return float(rates[int(np.nanargmin([loss_of(rate) for rate in rates]))])


def _shifted(rates, losses):
    kept = [loss for loss in losses if loss == loss]
    return rates[kept.index(min(kept))]


def _stop(losses, patience, *, answer=lambda best, now: best, strict=True, reset=True):
    best, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        better = loss < losses[best - 1] or epoch == 1
        if not strict:
            better = better or loss == losses[best - 1]
        if better:
            best, waited = epoch, waited * (not reset)
        else:
            waited += 1
        if waited == patience:
            return answer(best, epoch)
    return answer(best, len(losses))


@exercise(
    "6.4",
    "When to stop",
    todo="Replace the ... by the best epoch that one has seen when patience runs out.",
    examples=lambda rng: [
        ([0.9, 0.5, 0.6, 0.7, 0.4], 2),
        ([0.9, 0.5, 0.6, 0.4, 0.7], 2),
        # The lowest comes after the end, where nobody would have seen it.
        ([0.9, 0.5, 0.6, 0.7, 0.8, 0.9, 0.1], 2),
        ([0.5, 0.6, 0.7, 0.8], 3),
        ([1.0, 0.9, 0.8], 1),
        ([500.0, 400.0, 450.0, 460.0, 3.0], 2),
        ([1.0, 0.8, 0.9, 0.7, 0.75, 0.72, 0.71, 0.2], 3),
        # Equal losses, for < and <=.
        ([0.5, 0.5, 0.5, 0.4], 2),
        ([1.0, 1.1, 0.9, 1.2, 0.8, 1.3, 0.7, 1.4, 1.5], 2),
        ((np.linspace(1, 0, 30) + rng.random(30)).round(2).tolist(), 4),
    ],
    mistakes={
        "Epochs are counted from 1, positions from 0.": lambda losses, p: _stop(losses, p) - 1,
        "That is the epoch in which the training stops; the best one before it is asked for.": (
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now)
        ),
        "That is the best of all epochs; once patience runs out, the later ones are never run.": (
            lambda losses, p: int(np.argmin(losses)) + 1
        ),
        "Each time the loss reaches a new low, the waiting begins anew.": (
            lambda losses, p: _stop(losses, p, reset=False)
        ),
        "A loss that is just as low is no improvement: use < instead of <=.": (
            lambda losses, p: _stop(losses, p, strict=False)
        ),
        "It stops one epoch too late: when the waiting reaches the patience, it is over.": (
            lambda losses, p: _stop(losses, p + 1)
        ),
        "It compares each epoch with the one before; compare with the best so far.": (
            lambda losses, p: _compare_with_last(losses, p)
        ),
    },
)
def best_epoch(val_losses, patience):
    """Return the best epoch, from 1, before `patience` epochs in a row brought nothing better."""
    return _stop(val_losses, patience)


# Not a variant of `_stop`, for it compares each loss with the one before.
def _compare_with_last(losses, patience):
    best, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[epoch - 2]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return best


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "6.1",
    {
        "add up d_z over the images": "a.T @ d_z, d_z, d_z @ W.T",
        "axis=1 adds up over the neurons": "a.T @ d_z, d_z.sum(axis=1), d_z @ W.T",
        "not the average": "a.T @ d_z, d_z.mean(axis=0), d_z @ W.T",
        "goes back along its weights": "a.T @ d_z, d_z.sum(axis=0), d_z @ W",
        "another order": "d_z @ W.T, a.T @ d_z, d_z.sum(axis=0)",
        "d_z already contains that": "a.T @ d_z / len(a), d_z.sum(axis=0) / len(a), d_z @ W.T",
        "the input comes first": "d_z.T @ a, d_z.sum(axis=0), d_z @ W.T",
    },
)

_EACH = (
    "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n        up, down = w.copy(), "
    "w.copy()\n        up[i] += 1e-5\n        down[i] -= 1e-5\n        slopes[i] = "
)

wrong_bodies(
    "6.2",
    {
        "All entries are nudged at once, which": "return (f(w + 1e-5) - f(w - 1e-5)) / 2e-5",
        "twice the gradient": f"{_EACH}(f(up) - f(down)) / 1e-5\n    return slopes",
        "how much f changes": f"{_EACH}f(up) - f(down)\n    return slopes",
        "The sign is wrong": f"{_EACH}(f(down) - f(up)) / 2e-5\n    return slopes",
        "changes what it is given": (
            f"{_EACH}(f(up) - f(down)) / 2e-5\n    w += 1\n    return slopes"
        ),
        "take it back": "slopes = np.zeros(w.shape)\n    for i in np.ndindex(w.shape):\n"
        "        before = f(w)\n        w[i] += 0.01\n        slopes[i] = (f(w) - before) / 0.01\n"
        "    return slopes",
    },
)

wrong_results(
    "6.3",
    {
        "That is the lowest loss": "np.nanmin([loss_of(rate) for rate in rates])",
        "That is the position": "int(np.nanargmin([loss_of(rate) for rate in rates]))",
        "every comparison is false": "min(rates, key=loss_of)",
        "`argmin` takes nan": "rates[np.argmin([loss_of(rate) for rate in rates])]",
        "highest loss": "max(rates, key=loss_of)",
        "moves the positions": "(lambda kept: rates[kept.index(min(kept))])("
        "[loss for loss in map(loss_of, rates) if not np.isnan(loss)])",
    },
)

_LOOP = (
    "best, waited = 1, 0\n    for epoch, loss in enumerate(val_losses, start=1):\n"
    "        if loss {} val_losses[best - 1] or epoch == 1:\n            best, waited = epoch, {}\n"
    "        else:\n            waited += 1\n        if waited {} patience:\n            {}\n"
    "    return {}"
)

wrong_bodies(
    "6.4",
    {
        "counted from 1": _LOOP.format("<", "0", "==", "break", "best - 1"),
        "in which the training stops": _LOOP.format("<", "0", "==", "break", "epoch"),
        "best of all epochs": "return int(np.argmin(val_losses)) + 1",
        "begins anew": _LOOP.format("<", "waited", "==", "break", "best"),
        "use < instead of <=": _LOOP.format("<=", "0", "==", "break", "best"),
        "one epoch too late": _LOOP.format("<", "0", ">", "break", "best"),
    },
)
