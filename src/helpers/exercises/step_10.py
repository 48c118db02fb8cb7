"""The exercises of step 10: regularization."""

import functools
import itertools

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, check_kind
from helpers.exercises.engine import Looks, outcome_of
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


def _from(lowest, best, *, keep=True, total=False):
    """Return a function like `_stop` that begins with these as the lowest loss and the best epoch.

    `lowest` may be a function of the losses. Without `keep`, it stays the lowest loss; if `total`,
    a new one does not start the count again.
    """

    def stop(losses, patience):
        low, found, waited = lowest(losses) if callable(lowest) else lowest, best, 0
        for epoch, loss in enumerate(losses, start=1):
            if loss < low:
                low, found, waited = loss if keep else low, epoch, waited if total else 0
            else:
                waited += 1
            if waited == patience:
                break
        return epoch, found

    return stop


def _first(losses):
    return losses[0]


def _waits_before(losses, patience, *, equal, reset):
    """Return it where the wait is counted against the epoch before, and the best is the lowest."""
    waited = epoch = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1] or (equal and losses[epoch] == losses[epoch - 1]):
            waited += 1
        elif reset:
            waited = 0
        if waited == patience:
            break
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


def _first_rise(losses, patience):
    for epoch in range(1, len(losses)):
        if losses[epoch] > losses[epoch - 1]:
            return epoch + patience, epoch
    return len(losses), len(losses)


def _far_before(losses, patience):
    for epoch in range(patience, len(losses)):
        if losses[epoch] >= losses[epoch - patience]:
            return epoch + 1, epoch - patience + 1
    return len(losses), len(losses)


def _lowest_before(losses, patience):
    """Return it where it compares with the loss `patience` epochs before; the best is right."""
    for epoch in range(patience, len(losses)):
        if losses[epoch] > losses[epoch - patience]:
            break
    else:
        epoch = len(losses) - 1
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


def _waits_from_the_last(losses, patience):
    """Return it where the first loss is compared with the last, which is at [-1]."""
    waited = 0
    for epoch in range(len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        if waited == patience:
            break
    return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1


def _lower_than_all_after(losses, patience):
    for i in range(len(losses) - patience):
        if all(losses[i] < later for later in losses[i + 1 : i + 1 + patience]):
            return i + 1 + patience, i + 1
    return len(losses), int(np.argmin(losses)) + 1


def _until_not_better(losses):
    """Return how many losses there are before the first one that is not lower than the last."""
    return next((i for i in range(1, len(losses)) if losses[i] >= losses[i - 1]), len(losses))


_EPOCHS = listed("""
Epochs are counted from 1, the entries of the list from 0: epoch `n` has the loss `losses[n - 1]`.
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best]:
            best = epoch
        elif epoch - best == patience:
            break
    return epoch, best

It goes on after the stop: leave the loop there, by `break` or `return`.
    best = wait = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best, wait = epoch, 0
        else:
            wait += 1
            if wait == patience:
                stop = epoch
    return stop + 1, best + 1

`losses[:i]` leaves out the loss at `i` itself, and it is empty at first: `losses[:i + 1]`.
    for i in range(len(losses)):
        best = np.argmin(losses[:i])
        if i - best == patience:
            break
    return i + 1, best + 1
""")
_EPOCHS[
    "Epochs are counted from 1, the entries of the list from 0: epoch `n` has the loss "
    "`losses[n - 1]`."
] += [
    """best = 1
for epoch in range(1, len(losses)):
    if losses[epoch] < losses[best]:
        best = epoch
    elif epoch - best == patience:
        break
return epoch, best""",
    """best = 1
for epoch in range(1, len(losses)):
    if losses[epoch] < losses[best]:
        best = epoch
    elif epoch - best == patience:
        return epoch, best
return len(losses), best""",
    """low, best, wait = losses[0], 1, 0
for epoch in range(1, len(losses)):
    if losses[epoch] < low:
        low, best, wait = losses[epoch], epoch, 0
    else:
        wait += 1
    if wait == patience:
        return epoch, best
return len(losses), best""",
    """low, best, wait = losses[0], 1, 0
for epoch in range(1, len(losses)):
    if losses[epoch] < low:
        low, best, wait = losses[epoch], epoch, 0
    else:
        wait += 1
    if wait == patience:
        break
return epoch, best""",
]
_EPOCHS["It goes on after the stop: leave the loop there, by `break` or `return`."] += [
    f"""stop, best = {stop}, 0
for epoch in range(len(losses)):
    if losses[epoch] < losses[best]:
        best = epoch
    if epoch - best {compared} patience:
        stop = epoch
return stop + 1, best + 1"""
    for stop, compared in (("0", "=="), ("-1", "=="), ("0", ">="), ("len(losses) - 1", ">="))
]


def _never_at_equal(losses, patience):
    """Return it where an epoch whose loss equals the lowest never ends the loop."""
    best = epoch = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if loss > losses[best] and epoch - best == patience:
            break
    return epoch + 1, best + 1


def _beyond(losses, patience):
    # The list ends before it stops.
    best = epoch = 0
    while epoch - best < patience:
        epoch += 1
        if losses[epoch] < losses[best]:
            best = epoch
    return epoch + 1, best + 1


def _unless_stopped(losses, patience, otherwise):
    """Return what `_stop` does, but with another first value where it never stops."""
    stop, best = _stop(losses, patience)
    return (stop if stop - best == patience else otherwise(losses, best)), best


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
        # It has to stop at a loss that equals the lowest.
        ([0.5, 0.3, 0.4, 0.3, 0.6, 0.2], 2),
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
            lambda losses, patience: _stop(losses, patience, late=1),
            # It looks at what it has waited at the beginning of the next epoch.
            lambda losses, patience: (
                min(_stop(losses, patience)[0] + 1, len(losses)),
                _stop(losses, patience)[1],
            ),
        ),
        "It stops one epoch too early: it waits for `patience` epochs after the best one.": (
            lambda losses, patience: _stop(losses, patience, late=-1)
        ),
        "A loss that equals the lowest is not a new lowest one: use < for a new one, and >= for "
        "all others.": (
            lambda losses, patience: _stop(losses, patience, equal=True),
            _lower_than_all_after,
        ),
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
            ),
            _beyond,
        ),
        "That compares with an earlier epoch; compare with the lowest loss so far.": (
            lambda losses, patience: _stop(losses, patience, before=True),
            *(
                functools.partial(_waits_before, equal=equal, reset=reset)
                for equal, reset in itertools.product((True, False), repeat=2)
            ),
            _first_rise,
            _far_before,
            _lowest_before,
            _waits_from_the_last,
        ),
        "It may have to stop at a loss that equals the lowest, too: look in every epoch at how "
        "long it has waited.": _never_at_equal,
        "The last epoch is left out: where it never stops, training ends after `len(losses)` "
        "epochs.": (
            lambda losses, patience: _stop(losses[:-1], patience),
            lambda losses, patience: _unless_stopped(
                losses, patience, lambda losses, _: len(losses) - 1
            ),
        ),
        "The loop ends in its first round: a `return` belongs behind it, less far to the right, "
        "and `break` only where it has waited for `patience` epochs.": (
            lambda losses, patience: (len(losses), 1),
            lambda losses, patience: (1, 1),
            lambda losses, patience: (len(losses), 1 + (losses[1] < losses[0])),
            lambda losses, patience: (2, 1 + (losses[1] < losses[0])),
        ),
        "The first value is the epoch after which it stops; that is the best one twice.": (
            lambda losses, patience: (_stop(losses, patience)[1],) * 2,
            lambda losses, patience: _unless_stopped(losses, patience, lambda _, best: best),
        ),
        "It looks for the highest loss, but the best is the lowest: compare with `<`.": (
            lambda losses, patience: _stop([-loss for loss in losses], patience)
        ),
        "The first value is how long it has waited; return the number of the epoch.": (
            lambda losses, patience: (
                _stop(losses, patience)[0] - _stop(losses, patience)[1],
                _stop(losses, patience)[1],
            )
        ),
        "The waiting starts from the best epoch, not from the first one.": (
            lambda losses, patience: (patience, int(np.argmin(losses[:patience])) + 1)
        ),
        "Each new lowest loss starts the count again: set it back to 0.": (
            lambda losses, patience: _stop(losses, patience, total=True),
            # The first epoch counts as waited, too.
            _from(_first, 1, total=True),
            _from(_first, 0, total=True),
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
        "It never stops: leave the loop as soon as it has waited for `patience` epochs, not for a "
        "fixed number of them. (Is there a `break` already? Perhaps the count is set back in each "
        "round, or the check stands inside the `if` that finds a new best one.)": (
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
        "Where it never stops, the last epoch counts: set the first value for that case, too.": (
            lambda losses, patience: _unless_stopped(losses, patience, lambda *_: 0),
            lambda losses, patience: _unless_stopped(losses, patience, lambda *_: 1),
            lambda losses, patience: _unless_stopped(losses, patience, lambda *_: -1),
        ),
        "Where it never stops, the best epoch does not lie `patience` epochs before the end: keep "
        "it when it is found.": lambda losses, patience: (
            _stop(losses, patience)[0],
            _stop(losses, patience)[0] - patience,
        ),
        "Where it never stops, the best epoch is still that of the lowest loss, which need not be "
        "the last one.": lambda losses, patience: (
            (stop, best)
            if (stop := _stop(losses, patience)[0]) - (best := _stop(losses, patience)[1])
            == patience
            else (len(losses),) * 2
        ),
        "The best epoch stays what it was at the beginning: keep it with each new lowest loss.": (
            lambda losses, patience: (_stop(losses, patience)[0], 1),
            lambda losses, patience: (_stop(losses, patience)[0], 0),
        ),
        "It stops waiting at the first epoch that is not better; a later one may be, within "
        "`patience` epochs.": (
            lambda losses, patience: (
                _until_not_better(losses) + patience,
                _until_not_better(losses),
            ),
            lambda losses, patience: (
                min(_until_not_better(losses) + 1, len(losses)),
                _until_not_better(losses),
            ),
        ),
        **written("losses, patience", _EPOCHS),
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
    # A list or an array of them, perhaps with the 0 of the beginning.
    first, last = (np.asarray(one) for one in (got[0], got[-1]))
    return last.shape == right.shape and np.allclose(last, right) and not np.allclose(first, right)


def _moved(means, move):
    """Return what comes of 0 if each batch makes `move(average, mean)` of it."""
    return functools.reduce(move, means, np.zeros(means.shape[1:]))


def _one_for_each_batch(means, momentum):
    # A number for each batch, where one for each neuron belongs.
    average = np.zeros(len(means))
    for mean in means:
        average = momentum * average + (1 - momentum) * mean
    return average


def _all_batches(means, momentum):
    average = 0
    for _ in means:
        average = momentum * average + (1 - momentum) * means
    return average


def _fixed_number(results, expected, _):
    # As `np.zeros(128)` makes it: a single neuron or as many fit, all others do not.
    (n,) = results[0].shape
    return n > 1 and all(
        got.shape == (n,)
        if wanted.size in (1, n)
        else isinstance(got, ValueError) and f"({n},)" in str(got)
        for got, wanted in zip(results, expected, strict=True)
    )


_MOVES = listed("""
The average is lost in each round: add the change to it, by `average + …` or `+=`.
    average = np.zeros(means.shape[1])
    for mean in means:
        average = (1 - momentum) * (mean - average)
    return average

The average is subtracted twice: either multiply it by `momentum`, or subtract it from the mean.
    average = np.zeros(means.shape[1])
    for mean in means:
        average = momentum * average + (1 - momentum) * (mean - average)
    return average

The average stays 0: the result has to be given to it, `average = …`.
    average = np.zeros(means.shape[1])
    for mean in means:
        average + (1 - momentum) * (mean - average)
    return average

The average keeps the share `momentum`; only the mean of the batch gets `1 - momentum`.
    average = np.zeros(means.shape[1])
    for mean in means:
        average = (1 - momentum) * average + (1 - momentum) * mean
    return average

Go through the batches, `range(len(means))`, not through as many rounds as there are neurons.
    average = np.zeros(means.shape[1])
    for i in range(means.shape[1]):
        average = momentum * average + (1 - momentum) * means[i]
    return average

`means[i]` is a whole row: move the whole average, without `[i]`.
    average = np.zeros(means.shape[1])
    for i in range(len(means)):
        average[i] = momentum * average[i] + (1 - momentum) * means[i]
    return average

`means.mean(axis=0)` is a single row already: go through the rows of `means` itself.
    average = 0
    for mean in means.mean(axis=0):
        average = momentum * average + (1 - momentum) * mean
    return average

It goes from batch to batch: subtract the average from the mean of the batch, not the batch before.
    average = np.zeros(means.shape[1])
    for i in range(1, len(means)):
        average += (1 - momentum) * (means[i] - means[i - 1])
    return average

It moves all the way to the mean of the batch, or takes only the last one: multiply the difference
by `1 - momentum`, and go through all batches.
    average = np.zeros(means.shape[1])
    for mean in means:
        average += mean - average
    return average
""")


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
            lambda means, momentum: (1 - momentum ** len(means)) * means.mean(axis=0),
        ),
        "Keras does not correct for the start, so the shares need not add up to 1: leave that "
        "out.": lambda means, momentum: _running(means, momentum) / (1 - momentum ** len(means)),
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
        "That uses only the last batch; go through all of them, and keep what has been reached. "
        "(The difference stands in parentheses of its own: `(1 - momentum) * (mean - average)`.)": (
            lambda means, momentum: (1 - momentum) * means[-1]
        ),
        "That uses only the first batch; does `return` stand inside the loop?": (
            lambda means, momentum: (1 - momentum) * means[0]
        ),
        "Those are the averages after each batch; return only the last one.": Looks(_after_each),
        "It moves away from the mean of the batch: subtract the average from the mean.": (
            lambda means, momentum: _running(means, 2 - momentum)
        ),
        "Each row is a batch, and each column belongs to a neuron: go through the rows, and keep "
        "one number for each column.": (
            lambda means, momentum: _running(means.T, momentum),
            lambda means, momentum: means.mean(axis=1),
            lambda means, momentum: (1 - momentum) * means.mean(axis=1),
        ),
        "The batches come from first to last; here they are taken from last to first.": (
            lambda means, momentum: _running(means[::-1], momentum)
        ),
        "Only the average is multiplied by `momentum`, not the sum of both; the mean of the batch "
        "is multiplied by `1 - momentum`. (As weights: the last batch has `1 - momentum` itself, "
        "so the powers of `momentum` end with 0.)": (
            lambda means, momentum: _moved(means, lambda a, mean: momentum * (a + mean)),
            lambda means, momentum: momentum * _running(means, momentum),
        ),
        "Each neuron has an average of its own; that is one for all.": (
            lambda means, momentum: np.full(
                means.shape[1:], _running(means.mean(axis=1)[:, None], momentum)[0]
            ),
            lambda means, momentum: float(_running(means, momentum).mean()),
            lambda means, momentum: float(_running(means, momentum)[0]),
        ),
        "The whole mean of the batch is added; multiply it by `1 - momentum` first.": (
            lambda means, momentum: _moved(means, lambda a, mean: momentum * a + mean),
            lambda means, momentum: _moved(
                means, lambda a, mean: momentum * a + (1 - momentum) + mean
            ),
        ),
        "Parentheses are missing: `1 - momentum` is a factor, so it stands in parentheses of its "
        "own.": (
            lambda means, momentum: _moved(means, lambda a, mean: a + 1 - momentum * (mean - a)),
            lambda means, momentum: _moved(
                means, lambda a, mean: momentum * a + 1 - momentum * mean
            ),
            lambda means, momentum: means.sum(axis=0) * 1 - momentum,
        ),
        "Begin with one number for each neuron, `np.zeros(means.shape[1])`.": (
            _one_for_each_batch,
            # A row for each batch, all of them alike.
            lambda means, momentum: np.tile(_running(means, momentum), (len(means), 1)),
            lambda means, momentum: np.array([]) + means[0],
        ),
        "`means` holds all batches; each round of the loop takes one of its rows.": _all_batches,
        "`range(len(means))` gives positions, not rows: the row at the position `i` is "
        "`means[i]`.": lambda means, momentum: _running(
            np.full(means.shape, np.arange(len(means))[:, None]), momentum
        ),
        "The result is not divided by the number of batches.": (
            lambda means, momentum: _running(means, momentum) / len(means)
        ),
        "It keeps a share of the batch before; keep a share of the average that has been "
        "reached.": lambda means, momentum: momentum * means[-2] + (1 - momentum) * means[-1],
        "`+=` already keeps the whole average: write `=`, or add only the change.": (
            lambda means, momentum: _moved(
                means, lambda a, mean: a + momentum * a + (1 - momentum) * mean
            )
        ),
        "There need not be as many neurons as on this page: begin with "
        "`np.zeros(means.shape[1])`.": Looks(_fixed_number, together=True),
        **written("means, momentum", _MOVES),
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


def _errors(*formulas, ddof=1):
    """Return functions that make the uncertainty by such formulas of both standard errors."""

    def answer(formula):
        def gain(before, after):
            errors = [part.std(ddof=ddof) / np.sqrt(len(part)) for part in (before, after)]
            return _gain(before, after)[0], float(formula(*errors, len(before), len(after)))

        return gain

    return tuple(map(answer, formulas))


# Formulas of the standard errors b and a of n and m results.
_TWO_MISTAKES = (
    lambda b, a, n, m: b + a,
    lambda b, a, n, m: b * b + a * a,
    lambda b, a, n, m: (b * b + a * a) / 2,
    lambda b, a, n, m: np.hypot(b / np.sqrt(n), a / np.sqrt(m)),
    lambda b, a, n, m: np.hypot(b * b, a * a),
    lambda b, a, n, m: np.sqrt(b + a),
    lambda b, a, n, m: a,
    lambda b, a, n, m: (b + a) / 2,
    lambda b, a, n, m: a - b,
)


def _pooled(scale, ddof):
    def gain(before, after):
        both = np.concatenate([before, after])
        return _gain(before, after)[0], float(both.std(ddof=ddof) / scale(len(both)))

    return gain


_UNCERTAIN = listed("""
`before` holds the results of one method, and `after` those of the other: take the mean of all of
them, not the last one (`[-1]`).
    gain = after[-1] - before[-1]
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))

The second argument of `std` and `var` is an axis: write `ddof=1` with its name.
    a, b = (np.std(one, 1) / np.sqrt(len(one)) for one in (before, after))
    return after.mean() - before.mean(), np.hypot(a, b)

Divide by the root of how many results there are, `np.sqrt(len(before))`, not by that of the
results themselves.
    a, b = before.std(ddof=1) / np.sqrt(before), after.std(ddof=1) / np.sqrt(after)
    return after.mean() - before.mean(), np.sqrt(a**2 + b**2)

The standard error is the standard deviation, not the mean, divided by the root of the number of
seeds.
    a, b = (one.mean() / np.sqrt(len(one)) for one in (before, after))
    return after.mean() - before.mean(), np.hypot(a, b)

The deviation of a sample divides by one less than the number of results: `ddof=1`, not 2.
    a, b = (np.std(one, ddof=2) / np.sqrt(len(one)) for one in (before, after))
    return after.mean() - before.mean(), np.hypot(a, b)
""")


def _paired(error):
    # With different numbers of seeds, it stops.
    return lambda before, after: ((after - before).mean(), error(after - before))


@exercise(
    "10.3",
    "A gain, or luck?",
    todo="Replace the ... by the gain and its uncertainty.",
    examples=_results,
    tolerance=3e-5,  # 32 bits will do
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
        "`ddof=1` is missing for one of the two methods.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(_error(before), after.std() / np.sqrt(len(after)))),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                float(np.hypot(before.std() / np.sqrt(len(before)), _error(after))),
            ),
        ),
        "`ddof=1` is missing, and something else is wrong, too: add that first, and the check will "
        "say more.": _errors(*_TWO_MISTAKES, ddof=0),
        "`** 1 / 2` is half of the first power: write `** 0.5` or `np.sqrt(...)`.": (
            _errors(lambda b, a, n, m: (b * b + a * a) / 2)
        ),
        "The root is taken of a part only: put the whole sum of both squares into its "
        "parentheses.": _errors(
            lambda b, a, n, m: b + a * a,
            lambda b, a, n, m: b * b + a,
        ),
        "`var` is a square already: add both without squaring them again.": (
            _errors(lambda b, a, n, m: np.hypot(b * b, a * a))
        ),
        "Two means do not show how uncertain they are: take the deviation among the seeds of each "
        "method.": (
            lambda before, after: (
                _gain(before, after)[0],
                float(np.std([before.mean(), after.mean()], ddof=1)),
            ),
            lambda before, after: (
                _gain(before, after)[0],
                float(np.std([before.mean(), after.mean()])),
            ),
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
            ),
            *_errors(
                lambda b, a, n, m: (b + a) ** 2,
                lambda b, a, n, m: np.sqrt(b * b + a),
                lambda b, a, n, m: np.sqrt(b + a * a),
                lambda b, a, n, m: np.sqrt(2 * b + 2 * a),
            ),
        ),
        "The uncertainty of a difference is neither the mean, the difference nor the product of "
        "the two uncertainties: take the root of the sum of both squares.": (
            *_errors(
                lambda b, a, n, m: np.sqrt((b * b + a * a) / 2),
                lambda b, a, n, m: np.sqrt(abs(a * a - b * b)),
                lambda b, a, n, m: np.sqrt(a * a - b * b),
                lambda b, a, n, m: np.sqrt(b * b - a * a),
                lambda b, a, n, m: b * a,
                lambda b, a, n, m: a * np.sqrt(m) - b * np.sqrt(n),
            ),
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
        "The results of the two methods are not paired, so they can be neither subtracted nor "
        "added one by one (`+` does not join arrays): take the mean of each first.": (
            _paired(_error),
            _paired(lambda gains: gains.std(ddof=1)),
            _paired(np.std),
            _paired(lambda gains: gains.std() / np.sqrt(len(gains))),
            lambda before, after: ((after - before).mean(), _gain(before, after)[1]),
        ),
        "Together, the results scatter by the gain, too: take the deviation of each method.": (
            *(
                _pooled(scale, ddof)
                for scale in (lambda _: 1, np.sqrt, lambda n: np.sqrt(n / 2), lambda n: n)
                for ddof in (1, 0)
            ),
        ),
        "The gain is the difference of both means, not one of them.": (
            lambda before, after: (after.mean(), _gain(before, after)[1]),
            lambda before, after: (before.mean(), _gain(before, after)[1]),
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
                100 * _gain(before, after)[0] / before.mean(),
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
        "That is a multiple of the uncertainty; return it as it is.": (
            _errors(
                *(lambda b, a, n, m, times=times: times * np.hypot(b, a) for times in (2, 1.96, 3))
            )
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
            *_errors(
                # Each by that of the other, and both by a number of the page.
                lambda b, a, n, m: np.hypot(b * np.sqrt(n / m), a * np.sqrt(m / n)),
                lambda b, a, n, m: np.sqrt((b * b * n + a * a * m) / 3),
                lambda b, a, n, m: np.sqrt((b * b * n + a * a * m) / 5),
            ),
            # Of all results, each without the mean of its method.
            lambda before, after: (
                _gain(before, after)[0],
                np.concatenate([before - before.mean(), after - after.mean()]).std(ddof=1)
                / np.sqrt(len(before) + len(after)),
            ),
        ),
        "`var` is the square already, so it is divided by the number of seeds itself, not by its "
        "root.": _errors(lambda b, a, n, m: np.sqrt(b * b * np.sqrt(n) + a * a * np.sqrt(m))),
        "That is how many standard errors the gain is; return the standard error itself.": (
            lambda before, after: (
                _gain(before, after)[0],
                _gain(before, after)[0] / _gain(before, after)[1],
            )
        ),
        "That is nan: a single number has no deviation, so take that of the seeds, for each "
        "method; and under the root nothing is subtracted, for `ddof=1` takes care of the − 1.": (
            lambda before, after: (_gain(before, after)[0], np.nan)
        ),
        "The gain is a single number: subtract the mean before from the mean after, not from each "
        "result.": Looks(lambda got, _: isinstance(got, tuple) and np.ndim(got[0]) == 1),
        **written("before, after", _UNCERTAIN),
    },
)
def gain_of(before, after):
    """Return the difference of the means and its standard error."""
    return _gain(before, after)


VERSIONS, HIDDEN, SEEDS = 30, 64, 3  # of each image, neurons, and trainings


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
    # One array for all, and for each seed the same one: they take 94 MB.
    versions = np.empty((VERSIONS, len(images), images[0].size))
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        for version in versions:
            changed, _ = outcome_of(my_augment, (images, rng))
            check_kind(changed, images)
            if not np.isfinite(changed).all() or changed.min() < -0.01 or changed.max() > 1.01:
                raise HintError(
                    f"It returns values from {np.min(changed):g} to {np.max(changed):g}; paper is "
                    "0 and ink is 1."
                )
            version[:] = np.reshape(changed, version.shape)
        X = versions.reshape(-1, versions.shape[-1])
        W1, b1, W2, b2 = _train(X, np.tile(labels, VERSIONS), rng)
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
    },
)

_BEST = (
    "best = 0\n    for epoch in range(len(losses)):\n        if losses[epoch] < losses[best]:\n"
    "            best = epoch\n        {}\n    return {}"
)

wrong_bodies(
    "10.1",
    {
        "with an earlier epoch": "best, wait = 0, 0\n    for i in range(1, len(losses)):\n"
        "        if losses[i] < losses[best]:\n            best = i\n"
        "        if losses[i] >= losses[i - 1]:\n            wait += 1\n        else:\n"
        "            wait = 0\n        if wait == patience:\n            return i + 1, best + 1\n"
        "    return len(losses), best + 1",
        "equals the lowest, too": _BEST.format(
            "if losses[epoch] > losses[best] and epoch - best == patience:\n            break",
            "epoch + 1, best + 1",
        ),
        "The last epoch is left out": _BEST.format(
            "if epoch - best == patience:\n            return epoch + 1, best + 1",
            "len(losses) - 1, best + 1",
        ),
        "set the first value for that case": "stop = 0\n    "
        + _BEST.format(
            "if epoch - best == patience:\n            stop = epoch + 1\n            break",
            "stop, best + 1",
        ),
        "before the end: keep it": f"low, best, wait = np.inf, 0, 0{_LOWEST}".replace(
            "return i + 1, best", "return i + 1, i + 1 - patience"
        ),
        "which need not be the last": _BEST.format(
            "if epoch - best == patience:\n            return epoch + 1, best + 1",
            "len(losses), len(losses)",
        ),
        "stays what it was": f"low, best, wait = np.inf, 1, 0{_LOWEST}".replace(
            "low, best, wait = losses[i], i + 1, 0", "low, wait = losses[i], 0"
        ),
        "within `patience` epochs": "best = 0\n    for i in range(1, len(losses)):\n"
        "        if losses[i] < losses[best]:\n            best = i\n        else:\n"
        "            break\n    return best + 1 + patience, best + 1",
        "ends in its first round": _BEST.format(
            "return len(losses), best + 1", "len(losses), best + 1"
        ),
        "the best one twice": _BEST.format(
            "if epoch - best == patience:\n            break", "best + 1, best + 1"
        ),
        "looks for the highest": _BEST.replace("] <", "] >").format(
            "if epoch - best == patience:\n            break", "epoch + 1, best + 1"
        ),
        "how long it has waited": _BEST.format(
            "if epoch - best == patience:\n            break", "epoch - best, best + 1"
        ),
        "not from the first one": "return patience, int(np.argmin(losses[:patience])) + 1",
    },
)

wrong_written("10.1", _EPOCHS)

_AVERAGE = "average = {}\n    for mean in means:\n        average {}\n    return average"

wrong_bodies(
    "10.2",
    {
        "does not correct for the start": _AVERAGE.format(
            "0", "= momentum * average + (1 - momentum) * mean"
        )
        + " / (1 - momentum ** len(means))",
        "not the sum of both": _AVERAGE.format("0", "= momentum * (average + mean)"),
        "one for all": _AVERAGE.format("0", "+= (1 - momentum) * (mean.mean() - average)"),
        "The whole mean": _AVERAGE.format("0", "= momentum * average + mean"),
        "Parentheses are missing": _AVERAGE.format(
            "0", "= average + 1 - momentum * (mean - average)"
        ),
        "one number for each neuron": _AVERAGE.format(
            "np.zeros_like(means)", "= momentum * average + (1 - momentum) * mean"
        ),
        "`np.zeros(means.shape[1])`": _AVERAGE.format(
            "np.zeros(len(means))", "+= (1 - momentum) * (mean - average)"
        ),
        "as many neurons as on this page": _AVERAGE.format(
            "np.zeros(128)", "= momentum * average + (1 - momentum) * mean"
        ),
        "holds all batches": _AVERAGE.format("0", "= average + (1 - momentum) * (means - average)"),
        "gives positions": "average = 0 * means[0]\n    for mean in range(len(means)):\n"
        "        average = momentum * average + (1 - momentum) * mean\n    return average",
        "not divided by the number": _AVERAGE.format(
            "0", "= momentum * average + (1 - momentum) * mean"
        )
        + " / len(means)",
        "the batch before": "return momentum * means[-2] + (1 - momentum) * means[-1]",
        "keeps the whole average": _AVERAGE.format(
            "0 * means[0]", "+= momentum * average + (1 - momentum) * mean"
        ),
        "Each row is a batch": "return means.mean(axis=1)",
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

wrong_written("10.2", _MOVES)

_GAIN = "after.mean() - before.mean()"

_SQUARES = "before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)"

wrong_results(
    "10.3",
    {
        "The sign of the gain": f"before.mean() - after.mean(), np.sqrt({_SQUARES})",
        "are not paired": "(after - before).mean(), (after - before).std(ddof=1) "
        "/ len(after) ** 0.5",
        "not by its root": f"{_GAIN}, np.sqrt(before.var(ddof=1) / np.sqrt(len(before)) "
        "+ after.var(ddof=1) / np.sqrt(len(after)))",
        "how many standard errors": f"{_GAIN}, ({_GAIN}) / np.sqrt({_SQUARES})",
        "a single number has no deviation": f"{_GAIN}, np.std({_GAIN}, ddof=1)",
        "a single number: subtract": f"after - before.mean(), np.sqrt({_SQUARES})",
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
        "for one of the two methods": f"{_GAIN}, np.hypot(before.std() / len(before) ** 0.5, "
        "after.std(ddof=1) / len(after) ** 0.5)",
        "something else is wrong": (
            f"{_GAIN}, before.var() / len(before) + after.var() / len(after)"
        ),
        "half of the first power": f"{_GAIN}, ({_SQUARES}) ** 1 / 2",
        "of a part only": f"{_GAIN}, np.sqrt(before.var(ddof=1) / len(before)) "
        "+ after.var(ddof=1) / len(after)",
        "is a square already": (
            f"{_GAIN}, np.hypot(before.var(ddof=1) / len(before), after.var(ddof=1) / len(after))"
        ),
        "Two means do not show": f"{_GAIN}, np.std([before.mean(), after.mean()], ddof=1)",
        "the difference nor the product": f"{_GAIN}, np.sqrt(({_SQUARES}) / 2)",
        "nor added one by one": f"np.mean(after - before), np.sqrt({_SQUARES})",
        "scatter by the gain": f"{_GAIN}, np.concatenate([before, after]).std(ddof=1) "
        "/ len(np.concatenate([before, after])) ** 0.5",
        "not one of them": f"after.mean(), np.sqrt({_SQUARES})",
        "a multiple of": f"{_GAIN}, 3 * np.sqrt({_SQUARES})",
        "different numbers of seeds": (
            f"{_GAIN}, np.sqrt(before.var(ddof=1) / len(after) + after.var(ddof=1) / len(before))"
        ),
        "divide each by its own": (
            f"{_GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1)) / len(after) ** 0.5"
        ),
    },
)

wrong_written("10.3", _UNCERTAIN)

for hint, body in {
    "but the right shape is (500, 28, 28)": "return images.reshape(len(images), 784)",
    "paper is 0 and ink is 1": "return 255 * images",
    "returns a list": "return [np.roll(image, 1, axis=1) for image in images]",
    "returns nothing": "np.roll(images, rng.integers(-2, 3), axis=2)",
}.items():
    wrong("10.4", hint, f"def my_augment(images, rng):\n    {body}")
