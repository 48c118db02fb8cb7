"""The exercises of step 6: training."""

import functools

import numpy as np

from helpers.exercises.engine import Looks
from helpers.exercises.registry import exercise, wrong_bodies, wrong_results
from helpers.exercises.step_01 import formula


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
        "`*` multiplies entry by entry; the product of matrices is `@`.": (
            lambda a, W, d_z: (a.T * d_z, d_z.sum(axis=0), d_z * W.T)
        ),
        "For W, that is what W becomes after a step; its slopes alone are asked for.": (
            lambda a, W, d_z: (W - a.T @ d_z, d_z.sum(axis=0), d_z @ W.T)
        ),
        "For a, leave out the slope of the ReLU: it belongs to the step before, not to this "
        "layer.": lambda a, W, d_z: (a.T @ d_z, d_z.sum(axis=0), d_z @ W.T * (a > 0)),
        "For b, that is the first image only; add up over all of them, with sum(axis=0).": (
            lambda a, W, d_z: (a.T @ d_z, d_z[0], d_z @ W.T)
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


_sum_of_squares = formula("(w**2).sum()", "w")

# Its slope in one entry depends on all others, so a nudge that is not taken back shows.
_product_of_sines = formula("np.prod(np.sin(w))", "w")


def _each_slope(f, w):
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        slopes[place] = (f(w + nudge) - f(w - nudge)) / 2e-5
    return slopes


def _from_copies(f, w, nudge):
    # To one side, from a copy each time.
    return [(f(w + nudge * e) - f(w)) / nudge for e in _units(w)]


def _left_over(f, w, nudge, *, base=None):
    # To one side, but with all the nudges of the entries before.
    slopes, steps = [], np.zeros(w.shape)
    for unit in _units(w):
        before = f(w + steps) if base is None else f(w)
        steps = steps + nudge * unit
        slopes.append((f(w + steps) - before) / nudge)
    return slopes


def _units(w):
    return np.eye(w.size).reshape(-1, *w.shape)


def _made_by(make):
    # The nudge is the learner's own; on a sum of squares it shows in the first slope.
    def holds(results, expected, examples):
        nudge = results[0].flat[0] - expected[0].flat[0]
        return abs(nudge) > 5e-6 and all(
            np.allclose(got.ravel(), make(f, w, nudge), rtol=1e-3, atol=1e-3)
            for got, (f, w) in zip(results, examples, strict=True)
        )

    return Looks(holds, together=True)


def _nudged_too_far(results, expected, examples):
    # To both sides, squares get their slopes whatever the nudge, and all sines the same share.
    for got, right, (f, _) in zip(results, expected, examples, strict=True):
        share = got / right
        if f is _sum_of_squares:
            if not np.allclose(got, right, atol=1e-6):
                return False
        elif np.ptp(share) > 1e-3 or not 0.3 < share.max() < 1:
            return False
    return True


def _each_row(f, w):
    return np.array([
        (f(w + 1e-5 * e) - f(w - 1e-5 * e)) / 2e-5
        for e in (
            np.zeros(w.shape) + (np.arange(len(w)) == i).reshape(-1, *[1] * (w.ndim - 1))
            for i in range(len(w))
        )
    ])


@exercise(
    "6.2",
    "A gradient, measured",
    todo="Replace the ... by the slope of f for each entry of w.",
    examples=lambda rng: [
        (_sum_of_squares, np.array([1.0, 2.0])),
        (_sum_of_squares, np.array([[0.5], [-1.5], [3.0]])),
        (_product_of_sines, np.array([[1.0, 2.0], [0.5, 1.3]])),
        (_product_of_sines, rng.uniform(0.5, 2.5, (2, 3)).round(1)),
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
        "`range(len(w))` counts the rows of an array with two dimensions, so whole rows are nudged "
        "at once: `np.ndindex(w.shape)` goes through all entries.": (
            _each_row,
            lambda f, w: np.broadcast_to(
                _each_row(f, w).reshape(-1, *[1] * (w.ndim - 1)), w.shape
            ).copy(),
        ),
        "f gets a single entry; it needs the whole array, with a nudge in that entry.": (
            lambda f, w: np.array([_each_slope(f, entry[None])[0] for entry in w.ravel()]).reshape(
                w.shape
            )
        ),
        "Only the first entry has been measured: does `return` stand inside the loop?": (
            lambda f, w: _each_slope(f, w) * _units(w)[0]
        ),
        "The array for the slopes holds whole numbers and cuts off the decimals: make it with "
        "`np.zeros(w.shape)`.": Looks(
            lambda got, right: got.dtype.kind in "iu" and (abs(got - right) <= 1.001).all()
        ),
        "It is 0 everywhere. Either the nudge is so small that it is lost in rounding, or both "
        "ends are the same array: `v = w` is no copy, `w.copy()` is.": Looks(
            lambda got, _right: not got.any()
        ),
        "Put parentheses around the difference: a division comes before a subtraction.": Looks(
            lambda got, _right: (abs(got) > 1e3).all()
        ),
        "Multiplied, the nudge depends on the entry: add the same nudge to each.": Looks(
            lambda results, expected, examples: all(
                np.allclose(got, right * w, rtol=1e-3)
                for got, right, (_, w) in zip(results, expected, examples, strict=True)
            ),
            together=True,
        ),
        # These depend on the size of the learner's nudge, so they are told apart by theirs.
        "The nudge is too large, for f bends on the way: take one of about 0.00001.": Looks(
            _nudged_too_far, together=True
        ),
        "It nudges to one side only, and too far: nudge to both sides, by about 0.00001.": (
            _made_by(_from_copies)
        ),
        "The nudge of one entry is still there when the next is measured: take it back, or start "
        "from a copy each time.": _made_by(_left_over),
        "All nudges so far are still there when an entry is measured: take them back, or start "
        "from a copy each time.": _made_by(functools.partial(_left_over, base="w")),
        "That is how much f changes; divide it by the distance.": Looks(
            lambda got, right: 0 < abs(got).max() < 0.2 * abs(right).max()
        ),
        "That is close, but not close enough: nudge to both sides, by about 0.00001, which is "
        "neither too much nor so little that rounding shows, and take each nudge back.": Looks(
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

    # With a name that the learner can type.
    def loss_of(rate):
        return table[rate]

    shown = ", ".join(
        f"{rate:g}: {loss if np.isfinite(loss) else f'np.{loss}'}" for rate, loss in table.items()
    )
    loss_of.__name__ = f"{{{shown}}}.get"
    return rates, loss_of


def _fixed_start(results, expected, examples):
    # Whether a rate is found depends on nothing but how low the lowest loss is.
    lowest = [np.nanmin([loss_of(rate) for rate in rates]) for rates, loss_of in examples]
    found = [low for low, got, right in zip(lowest, results, expected, strict=True) if got == right]
    missed = [
        (low, got, rates[0])
        for low, got, right, (rates, _) in zip(lowest, results, expected, examples, strict=True)
        if got != right
    ]
    return all(
        got is None or isinstance(got, UnboundLocalError) or got in (0, -1, first)
        for _, got, first in missed
    ) and max(found, default=0) < min(low for low, _, _ in missed)


@exercise(
    "6.3",
    "Hunt for the learning rate",
    todo="Replace the ... by the rate whose loss is the lowest.",
    examples=lambda rng: [
        _measured(2.0, 0.5, 3.0),
        _measured(0.7),
        _measured(700.0, 500.0, 900.0),
        _measured(7e30, 5e30, 9e30),
        # A nan at the end, at the start, in the middle spoils different comparisons.
        _measured(2.3, 1.1, 0.4, 0.3, float("nan")),
        _measured(float("nan"), 1.0, 2.0),
        _measured(0.9, float("nan"), 0.2, 1.0),
        _measured(float("inf"), 2.0, 0.1, 1.0),
        _measured(*rng.random(6).round(3).tolist()),
    ],
    mistakes={
        "That is the lowest loss; the rate that reaches it is asked for.": (
            lambda rates, loss_of: float(np.nanmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: float(np.min([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: min(loss_of(rate) for rate in rates),
        ),
        "The search begins with a fixed number as the lowest loss so far, and all losses may be "
        "higher: begin with `float('inf')`.": Looks(_fixed_start, together=True),
        "Leaving out losses moves the positions of the others: keep each loss with its rate.": (
            lambda rates, loss_of: _shifted(rates, [loss_of(rate) for rate in rates])
        ),
        "That is the rate with the highest loss.": (
            lambda rates, loss_of: max(rates, key=loss_of),
            lambda rates, loss_of: rates[int(np.nanargmax([loss_of(rate) for rate in rates]))],
        ),
        "It compares with the same number all the time: keep the lowest loss so far, too.": (
            lambda rates, loss_of: [rate for rate in rates if loss_of(rate) < np.inf][-1]
        ),
        "That is the first rate that did not blow up: does `return` stand inside the loop?": (
            lambda rates, loss_of: next(rate for rate in rates if loss_of(rate) < np.inf),
            lambda rates, loss_of: next(rate for rate in rates if not np.isnan(loss_of(rate))),
        ),
        "The rate is kept where the loss belongs: one variable for the lowest loss, one for its "
        "rate.": lambda rates, loss_of: _rate_for_loss(rates, loss_of),
        "A loss is no position in the list: `np.nanargmin` gives the position of the smallest.": (
            lambda rates, loss_of: rates[min(loss_of(rate) for rate in rates)]
        ),
        "Those are the losses of all rates; the rate with the lowest is asked for.": (
            lambda rates, loss_of: [loss_of(rate) for rate in rates]
        ),
        "`loss_of` takes a single rate: call it for each of them.": (
            lambda rates, loss_of: loss_of(rates)
        ),
        "That is the first rate, whatever its loss.": lambda rates, loss_of: rates[0],
        "That is the loss of the smallest or the largest rate; the rate with the lowest loss is "
        "asked for.": (
            lambda rates, loss_of: loss_of(min(rates)),
            lambda rates, loss_of: loss_of(max(rates)),
        ),
        "That is the position of the rate in the list; the rate itself is asked for.": (
            lambda rates, loss_of: int(np.nanargmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: int(np.argmin([loss_of(rate) for rate in rates])),
        ),
        # `min` keeps a nan only if it meets it first, `argmin` takes it wherever it stands.
        "A training that blew up has the loss nan, and with nan every comparison is false, so it "
        "wins or stays: leave it out.": (
            lambda rates, loss_of: min(rates, key=loss_of),
            lambda rates, loss_of: sorted(rates, key=loss_of)[0],
        ),
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


def _rate_for_loss(rates, loss_of):
    best = float("inf")
    for rate in rates:
        if loss_of(rate) < best:
            best = rate
    return best


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


def _stop_below(losses, patience, *, start, first):
    lowest, best, waited = start, first, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best


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
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now),
            lambda losses, p: _stop_or_end(losses, p, lambda best, now: now),
        ),
        "That is the epoch before the one in which the training stops; the best one so far is "
        "asked for.": (
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now - 1),
            lambda losses, p: _stop_or_end(losses, p, lambda best, now: now - 1),
        ),
        "If the list ends before patience does, the best epoch is not as far back as that: keep it "
        "when you meet it.": lambda losses, p: _stop(losses, p, answer=lambda best, now: now - p),
        "Counted back from the end, that is one epoch too late: the best one was followed by "
        "`patience` others.": (
            lambda losses, p: _stop_or_end(losses, p, lambda best, now: now - p + 1),
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now - p + 1),
        ),
        "One epoch too many: epochs are counted from 1, so the first one is 1, not 2.": (
            lambda losses, p: _stop(losses, p) + 1
        ),
        "If the list ends, the last epoch is not always the best: return the same as in the other "
        "case.": lambda losses, p: _stop_or_end(
            losses, p, lambda best, now: best, end=lambda best: len(losses)
        ),
        "If the list ends before patience does, nothing is returned: put a `return` behind the "
        "loop.": lambda losses, p: _stop_or_end(
            losses, p, lambda best, now: best, end=lambda best: None
        ),
        "That is the lowest loss; its epoch is asked for.": (
            lambda losses, p: losses[_stop(losses, p) - 1],
            lambda losses, p: min(losses),
        ),
        "Patience begins anew with each new low; it is not a number of epochs from the start.": (
            lambda losses, p: int(np.argmin(losses[:p])) + 1,
            lambda losses, p: int(np.argmin(losses[: p + 1])) + 1,
        ),
        "It stops one epoch too early: the best epoch itself is not one of those that brought "
        "nothing better.": lambda losses, p: _impatient(losses, p),
        "The search begins with a fixed number as the lowest loss so far, and all losses may be "
        "higher: begin with `float('inf')`.": tuple(
            functools.partial(_stop_below, start=start, first=first)
            for start in (1, 10, 100)
            for first in (0, 1, None)
        ),
        "It compares with the loss after the best epoch: epoch 1 stands at position 0, so that of "
        "`best` at `best - 1`.": lambda losses, p: _next_to_best(losses, p),
        "It asks for a loss that is higher; lower is better.": (
            lambda losses, p: _stop([-loss for loss in losses], p)
        ),
        "Only epochs in a row count: when a loss is lower again, the waiting begins anew.": (
            lambda losses, p: _never_reset(losses, p)
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


def _stop_or_end(losses, patience, answer, *, end=lambda best: best):
    # As it is when the end of the list is answered in another way than the end of patience.
    stopped = _stop([*losses, *[np.inf] * patience], patience, answer=lambda best, now: (best, now))
    return answer(*stopped) if stopped[1] <= len(losses) else end(stopped[0])


def _impatient(losses, patience):
    best, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if epoch == 1 or loss < losses[best - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience - 1:
                break
    return best


def _next_to_best(losses, patience):
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return best


def _never_reset(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            waited += 1
            if waited == patience:
                return epoch + 1
    return len(losses)


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
        "whole rows are nudged at once": "slopes = np.zeros(w.shape)\n    for i in range(len(w)):\n"
        "        up = w.copy()\n        up[i] += 1e-7\n        slopes[i] = (f(up) - f(w)) / 1e-7\n"
        "    return slopes",
        "too large, for f bends": f"{_EACH}(f(up) - f(down)) / 2e-5\n    return slopes".replace(
            "e-5", "e-1"
        ),
        "`v = w` is no copy": f"{_EACH}(f(up) - f(down)) / 2e-5\n    return slopes".replace(
            ".copy()", ""
        ),
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
        "call it for each": "loss_of(rates)",
        "is no position": "rates[min(map(loss_of, rates))]",
        "moves the positions": "(lambda kept: rates[kept.index(min(kept))])("
        "[loss for loss in map(loss_of, rates) if not np.isnan(loss)])",
    },
)

_SEARCH = (
    "best, answer = 100, None\n    for rate in rates:\n        if loss_of(rate) < best:\n"
    "            best, answer = loss_of(rate), rate\n    return answer"
)

wrong_bodies(
    "6.3",
    {
        "begins with a fixed number": _SEARCH,
        "compares with the same number": _SEARCH.replace("100", "np.inf").replace(
            "best, answer = loss_of(rate), rate", "answer = rate"
        ),
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
        "the epoch before the one": _LOOP.format("<", "0", "==", "break", "epoch - 1"),
        "One epoch too many": _LOOP.format("<", "0", "==", "break", "best + 1"),
        "its epoch is asked for": _LOOP.format("<", "0", "==", "break", "val_losses[best - 1]"),
        "one epoch too late": _LOOP.format("<", "0", ">", "break", "best"),
    },
)
