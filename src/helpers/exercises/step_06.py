"""The exercises of step 6: training."""

import functools

import numpy as np

from helpers.exercises.comparing import HintError, check_kind
from helpers.exercises.engine import Looks, outcome_of, stops
from helpers.exercises.registry import exercise, open_task, wrong, wrong_bodies, wrong_results
from helpers.exercises.step_02 import softmax
from helpers.exercises.trainer import read_after


def _images(rng, n, classes):
    while True:
        shares = rng.random((n, classes)) ** 3
        shares /= shares.sum(axis=1, keepdims=True)
        # In whole percent, so that each row adds up to 1, and none of 0, whose loss is infinite.
        percent = np.array([rng.multinomial(100 - classes, row) + 1 for row in shares])
        probabilities, y = percent / 100, rng.integers(0, classes, n)
        lowest, next_to_it = np.sort(_right(probabilities, y))[:2]
        # With a tie, no image would be the costliest.
        if lowest < next_to_it:
            return probabilities, y


def _right(probabilities, y):
    return probabilities[np.arange(len(y)), y]


@exercise(
    "6.1",
    "The costliest image",
    todo="Replace the ... by the position of the image with the highest loss.",
    examples=lambda rng: [
        (np.array([[0.4, 0.6], [0.8, 0.2], [0.1, 0.9]]), np.array([0, 1, 1])),
        (np.array([[0.1, 0.9], [0.7, 0.3], [0.45, 0.55]]), np.array([1, 0, 0])),
        (np.array([[0.2, 0.2, 0.6], [0.05, 0.9, 0.05], [0.3, 0.4, 0.3]]), np.array([0, 1, 2])),
        _images(rng, 6, 3),
        _images(rng, 8, 10),
    ],
    mistakes={
        "That is the image with the lowest loss: where the probability is high, the loss is low.": (
            lambda p, y: int(_right(p, y).argmax()),
            lambda p, y: int(np.log(_right(p, y)).argmax()),
        ),
        "That is the loss; return the position of the image.": (
            lambda p, y: -np.log(_right(p, y)).min(),
            lambda p, y: -np.log(_right(p, y)).max(),
            lambda p, y: -np.log(_right(p, y)).mean(),
            lambda p, y: -np.log(_right(softmax(p), y)).mean(),
        ),
        "It always returns 0. Is there a single number in front of `argmax`, such as the average "
        "that a loss function of Keras gives, a minus inside of `np.log`, a `return` inside the "
        "loop, or a start value that nothing gets past?": lambda p, y: 0,
        "That is always the last image: keep the highest loss so far, too, and compare with "
        "that.": lambda p, y: len(y) - 1,
        "It compares each image with the one before; compare with the highest loss so far.": (
            lambda p, y: _beats_the_one_before(_right(p, y)),
            lambda p, y: _beats_the_one_before(-_right(p, y)),
        ),
        "Those are probabilities already: leave out the softmax, and do not give them to a loss "
        "function that is made for logits.": lambda p, y: int(_right(softmax(p), y).argmin()),
        "That is the row of the image; return its position.": (
            lambda p, y: p[_right(p, y).argmin()]
        ),
        "That is a probability; return the position of the image.": (
            lambda p, y: _right(p, y).min(),
            lambda p, y: _right(p, y).max(),
        ),
        "The minus sign belongs inside the parentheses, to the logarithms or probabilities: "
        "`(-np.log(...)).argmax()`.": lambda p, y: int(-np.log(_right(p, y)).argmax()),
        "That is an answer for each image; return the position with the highest loss.": (
            lambda p, y: -np.log(_right(p, y)),
            lambda p, y: _right(p, y),
            lambda p, y: np.argsort(_right(p, y)),
        ),
        "That is the image whose highest probability is the lowest. What counts is the probability "
        "of the right digit, whose place in each row is in `y`.": (
            lambda p, y: int(p.max(axis=1).argmin())
        ),
        "That is the digit, not the position of the image.": (
            lambda p, y: int(y[_right(p, y).argmin()])
        ),
        "`p[:, y]` takes whole columns, one for each entry of `y`; to take one entry from each "
        "row, number the rows as well: `[np.arange(len(y)), y]`.": (
            lambda p, y: int(p[:, y].argmin()),
            lambda p, y: int((-np.log(p[:, y])).argmax()),
        ),
        "The two positions are exchanged: first the number of the row, then that of the digit in "
        "it.": lambda p, y: int(p[y, np.arange(len(y))].argmin()),
        "The number of images is fixed, but there are not always so many: number as many rows as "
        "there are, `len(y)`.": (
            lambda p, y: int(p[np.arange(5000), y].argmin()),
            lambda p, y: int(p[np.arange(10), y].argmin()),
        ),
        "That numbers as many rows as there are digits to choose from; there is one for each "
        "image, so `len(y)`.": lambda p, y: int(p[np.arange(p.shape[1]), y].argmin()),
        "`len(y)` is a single number, and no row has it: number all rows, with "
        "`np.arange(len(y))`.": lambda p, y: int(p[len(y), y].argmin()),
        "There are not always ten digits to choose from: each row has `probabilities.shape[1]` "
        "entries.": lambda p, y: int((p * np.eye(10)[y]).sum(axis=1).argmin()),
        "`for i in y` gives the digits, not positions: go through `range(len(y))`.": (
            lambda p, y: int(np.argmax([-np.log(p[i, y[i]]) for i in y])),
            lambda p, y: int(np.argmin([p[i, y[i]] for i in y])),
            lambda p, y: int(y[np.argmin([p[i, y[i]] for i in y])]),
        ),
        "The digits are counted from 0, as positions are: subtract nothing from `y`.": (
            lambda p, y: int(p[np.arange(len(y)), y - 1].argmin())
        ),
        "That is the wrong guess with the highest probability; what counts is how little the right "
        "digit got.": (
            lambda p, y: int(np.where(p.argmax(axis=1) != y, p.max(axis=1), 0).argmax())
        ),
        "That is the first image that is read wrong, not the one with the highest loss.": (
            lambda p, y: int((p.argmax(axis=1) != y).argmax())
        ),
        "That compares guesses with labels; what counts is how little the right digit got.": (
            lambda p, y: int((p.argmax(axis=1) != y).argmin()),
            lambda p, y: int(abs(p.argmax(axis=1) - y).argmin()),
            lambda p, y: int(abs(p.argmax(axis=1) - y).argmax()),
        ),
        "Leaving out the images that are read right moves the positions of the others; besides, "
        "what counts is how little the right digit got.": (
            lambda p, y: int(p.max(axis=1)[p.argmax(axis=1) != y].argmax()),
            lambda p, y: int(_right(p, y)[p.argmax(axis=1) != y].argmin()),
        ),
        "`np.where` returns arrays of positions, one for each axis; `argmin` returns the position "
        "itself.": (
            lambda p, y: np.where(_right(p, y) == _right(p, y).min()),
            lambda p, y: np.where(_right(p, y) == _right(p, y).min())[0],
            lambda p, y: np.where(p == p.min()),
            lambda p, y: np.where(p == p.min())[0],
        ),
        "`p[y]` takes whole rows; to take one entry from each row, number the rows as well: "
        "`[np.arange(len(y)), y]`.": (
            lambda p, y: int((-np.log(p[y])).argmax()),
            lambda p, y: int(p[y].argmin()),
        ),
        "That does not take the entry of the right digit from each row: give two lists of "
        "positions, those of the rows and the digits, `[np.arange(len(y)), y]`.": (
            lambda p, y: int(p[y, y].argmin()),
            lambda p, y: int(p[0, y].argmin()),
            lambda p, y: int(p.T[y].argmin()),
            lambda p, y: int(np.take(p, y).argmin()),
        ),
        "That counts through all entries of the table; take the one of the right digit from each "
        "row first.": (lambda p, y: int(p.argmin()), lambda p, y: int(p.argmax())),
    },
)
def costliest(probabilities, y):
    """Return the position of the image whose right digit got the lowest probability."""
    return int(_right(probabilities, y).argmin())


def _beats_the_one_before(probabilities):
    position = 0
    for i in range(1, len(probabilities)):
        if probabilities[i] < probabilities[i - 1]:
            position = i
    return position


def _measured(*losses):
    """Return rates, in no order, and a function that gives the loss for each."""
    # Not sorted, or the first or the last rate would be right too often.
    rates = [10.0 ** -((3 * i + 2) % 7) for i in range(len(losses))]
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


def _fixed_nan(results, _expected, examples):
    # A training that blew up is taken if no loss is below the number that stands for nan.
    taken, left = [], []
    for got, (rates, loss_of) in zip(results, examples, strict=True):
        if got not in rates:
            return False
        losses = [loss_of(rate) for rate in rates]
        lowest = rates[int(np.nanargmin(losses))]
        if np.isnan(losses).any() and np.isnan(loss_of(got)):
            taken.append(loss_of(lowest))
        elif got == lowest:
            left.append(loss_of(lowest) if np.isnan(losses).any() else 0)
        else:
            return False
    # With 0 in its place, it is taken unless another loss is 0, too.
    return bool(taken) and 0 < max(left) <= min(taken)


@exercise(
    "6.2",
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
        _measured(0.9, 0.5, float("nan"), 0.2, 0.7),
        _measured(float("inf"), 2.0, 0.1, 1.0),
        # For those who replace nan by a large number, and by 0.
        _measured(7e30, float("nan"), 5e30),
        _measured(0.5, 0.0, float("nan")),
        _measured(*rng.random(6).round(3).tolist()),
    ],
    mistakes={
        "That is the lowest loss; return the rate that reaches it.": (
            lambda rates, loss_of: float(np.nanmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: float(np.min([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: min(loss_of(rate) for rate in rates),
            lambda rates, loss_of: sorted(loss_of(rate) for rate in rates)[0],
        ),
        "It tries only the first rate: `return` stands inside the loop.": Looks(
            lambda results, _expected, examples: all(
                got == rates[0]
                if loss_of(rates[0]) < np.inf
                else got is None or isinstance(got, UnboundLocalError)
                for got, (rates, loss_of) in zip(results, examples, strict=True)
            ),
            together=True,
        ),
        "If there is a `return` at the end, no loss gets past the `if`: begin with `float('inf')` "
        "as the lowest loss so far, compare with `<`, and see that no `not` is missing before "
        "`np.isnan`.": (lambda _rates, _loss_of: None),
        "`break` ends the whole search at the first training that blew up; `continue` goes on with "
        "the next rate.": (
            lambda rates, loss_of: _until_nan(rates, loss_of),
            lambda rates, loss_of: _until_nan(rates, loss_of, None),
            lambda rates, loss_of: _until_nan(rates, loss_of, 0),
        ),
        "`loss_of` gives a single number, so there is no position to take from it.": stops(
            "'float' object is not subscr"
        ),
        "`loss_of` is a function: call it, with round parentheses.": stops(
            "'function' object is not subscr"
        ),
        "It tries other rates than those it is given: go through `rates`.": Looks(
            lambda got, _right: isinstance(got, KeyError)
        ),
        "Return the rate only.": Looks(
            lambda got, right: isinstance(got, tuple | list) and len(got) == 2 and right in got
        ),
        "The search begins with a fixed number as the lowest loss so far, and all losses may be "
        "higher: begin with `float('inf')`.": Looks(_fixed_start, together=True),
        "nan became 0, which is the lowest of all: make it `float('inf')`, or leave it out.": (
            lambda rates, loss_of: rates[
                int(np.nan_to_num([loss_of(rate) for rate in rates]).argmin())
            ]
        ),
        "nan is replaced by a fixed number, and the other losses may be higher: use "
        "`float('inf')`, or leave it out.": Looks(_fixed_nan, together=True),
        "Its losses do not come from the `loss_of` that it is given: call that one, and define "
        "none of your own.": lambda rates, _loss_of: min(rates, key=lambda rate: abs(rate - 0.2)),
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
        "A loss is not a position in the list: `np.nanargmin` gives that of the smallest.": (
            lambda rates, loss_of: rates[min(loss_of(rate) for rate in rates)],
            lambda rates, loss_of: rates[np.nanmin([loss_of(rate) for rate in rates])],
        ),
        "It looks for a loss among the rates: its position is that among the losses, so collect "
        "these in a list of their own.": (
            lambda rates, loss_of: rates.index(min(loss_of(rate) for rate in rates)),
            lambda rates, loss_of: rates.index(np.nanmin([loss_of(rate) for rate in rates])),
        ),
        "Those are the losses of all rates; return the rate with the lowest.": (
            lambda rates, loss_of: [loss_of(rate) for rate in rates]
        ),
        "`loss_of` takes a single rate: call it for each of them.": (
            lambda rates, loss_of: loss_of(rates)
        ),
        "That is always the first rate. Does `return` stand inside the loop, does the search "
        "begin with 0, or have the losses lost the order of the rates? (`sorted` moves them, and "
        "without square brackets they are no list.)": lambda rates, _loss_of: rates[0],
        "That is always the last rate: keep the best one so far in a variable of its own, and "
        "return that.": lambda rates, _loss_of: rates[-1],
        "That is the loss of the smallest or the largest rate; return the rate with the lowest "
        "loss.": (
            lambda rates, loss_of: loss_of(min(rates)),
            lambda rates, loss_of: loss_of(max(rates)),
        ),
        "That is the position of the rate in the list; return the rate itself.": (
            lambda rates, loss_of: int(np.nanargmin([loss_of(rate) for rate in rates])),
            lambda rates, loss_of: int(np.argmin([loss_of(rate) for rate in rates])),
        ),
        # `min` keeps a nan only if it meets it first, `argmin` takes it wherever it stands.
        "A training that blew up has the loss nan. `<` is never true with nan, so no other "
        "loss replaces it: leave it out. (`loss == np.nan` is never true either: ask "
        "`np.isnan(loss)`.)": (
            lambda rates, loss_of: min(rates, key=loss_of),
            lambda rates, loss_of: sorted(rates, key=loss_of)[0],
        ),
        "It takes the training that blew up: `np.min` and `np.argmin` take nan for the smallest. "
        "Use `np.nanmin` or `np.nanargmin`, or leave nan out.": (
            lambda rates, loss_of: rates[int(np.argmin([loss_of(rate) for rate in rates]))],
            lambda rates, loss_of: _found_again(rates, [loss_of(rate) for rate in rates]),
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


def _until_nan(rates, loss_of, *start):
    lowest = float("inf")
    if start:  # else there is no best rate if the first loss is nan
        (best,) = start
    for rate in rates:
        if np.isnan(loss_of(rate)):
            break
        if loss_of(rate) < lowest:
            lowest, best = loss_of(rate), rate
    return best


def _rate_for_loss(rates, loss_of):
    best = float("inf")
    for rate in rates:
        if loss_of(rate) < best:
            best = rate
    return best


def _found_again(rates, losses):
    return rates[losses.index(np.min(losses))]


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


def _stop_below(losses, patience, *, start, first, margin=0):
    lowest, best, waited = start, first, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - margin:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best


@exercise(
    "6.3",
    "When to stop",
    todo="Replace the ... by the best epoch so far when patience runs out.",
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
        ([0.5, 0.5, 0.6, 0.7], 2),
        # A new low that is hardly lower.
        ([0.5, 0.4999, 0.6, 0.7], 2),
        ([1.0, 1.1, 0.9, 1.2, 0.8, 1.3, 0.7, 1.4, 1.5], 2),
        ((np.linspace(1, 0, 30) + rng.random(30)).round(2).tolist(), 4),
    ],
    mistakes={
        "Epochs are counted from 1, positions from 0.": (
            lambda losses, p: _stop(losses, p) - 1,
            lambda losses, p: _position_for_epoch(losses, p),
        ),
        "That is the epoch in which the training stops; return the best one before it.": (
            lambda losses, p: _stop(losses, p, answer=lambda best, now: now),
            lambda losses, p: _stop_or_end(losses, p, lambda best, now: now),
            lambda losses, p: _stop_or_end(
                losses, p, lambda best, now: losses.index(losses[now - 1]) + 1
            ),
        ),
        "That is the epoch before the one in which the training stops; return the best one so "
        "far.": (
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
        "That is one epoch too late: epochs are counted from 1, so the first one is 1, not 2.": (
            lambda losses, p: _stop(losses, p) + 1
        ),
        "If the list ends, the last epoch is not always the best: return the same as in the other "
        "case.": (
            lambda losses, p: _stop_or_end(
                losses, p, lambda best, now: best, end=lambda best: len(losses)
            ),
            lambda losses, p: _first_of_its_window(losses, p),
        ),
        "The last epoch is left out: `range` ends before its second number.": (
            lambda losses, p: _stop(losses[:-1], p)
        ),
        "If the list ends before patience does, nothing is returned: put a `return` after the "
        "loop.": lambda losses, p: _stop_or_end(
            losses, p, lambda best, now: best, end=lambda best: None
        ),
        "That is the lowest loss; return its epoch.": (
            lambda losses, p: losses[_stop(losses, p) - 1],
            lambda losses, p: min(losses),
        ),
        "Patience starts over with each new low; it is no fixed part of the list, neither at its "
        "start nor at its end.": (
            lambda losses, p: int(np.argmin(losses[:p])) + 1,
            lambda losses, p: int(np.argmin(losses[: p + 1])) + 1,
            lambda losses, p: int(np.argmin(losses[: len(losses) - p])) + 1,
            lambda losses, p: int(np.argmin(losses[p:])) + p + 1,
            lambda losses, p: losses[p],
        ),
        "It adds the patience to the best of all epochs; go through the epochs one by one, and "
        "return the best one when patience has run out.": (
            lambda losses, p: int(np.argmin(losses)) + 1 + p,
            lambda losses, p: min(int(np.argmin(losses)) + 1 + p, len(losses)),
        ),
        "It always returns 1: does the search begin with 0 as the lowest loss so far, or does "
        "`return` stand inside the loop?": lambda losses, p: 1,
        "It stops one epoch too early: the best epoch itself is not one of those that brought "
        "nothing better.": (
            lambda losses, p: _impatient(losses, p),
            lambda losses, p: _impatient_by_distance(losses, p),
        ),
        "The first epoch is counted as one without a new low, but it sets the lowest loss so far: "
        "begin to wait after it.": (
            lambda losses, p: _waits_for_first(losses, p),
            lambda losses, p: _waits_for_first(losses, p, waited=1),
        ),
        "The search begins with a fixed number as the lowest loss so far, and all losses may be "
        "higher: begin with `float('inf')`.": tuple(
            functools.partial(_stop_below, start=start, first=first)
            for start in (1, 10, 100)
            for first in (0, 1, None)
        ),
        "Each epoch is compared with the same number, such as the first loss: set the lowest loss "
        "so far anew with each new low.": (
            lambda losses, p: len(losses),
            lambda losses, p: _below_first(losses, p),
            lambda losses, p: _below_first(losses, p, counts=True),
        ),
        "It compares with the loss after the best epoch: epoch 1 stands at position 0, so that of "
        "`best` at `best - 1`.": (
            lambda losses, p: _next_to_best(losses, p),
            lambda losses, p: _next_to_best(losses, p, best=0),
        ),
        "It looks for a loss that is higher; lower is better.": (
            lambda losses, p: _stop([-loss for loss in losses], p)
        ),
        "Only epochs in a row count: when the loss falls again, the waiting starts over.": (
            lambda losses, p: _never_reset(losses, p)
        ),
        "That is the best of all epochs; once patience runs out, the later ones are never run.": (
            lambda losses, p: int(np.argmin(losses)) + 1
        ),
        "Each time the loss reaches a new low, the waiting starts over.": (
            lambda losses, p: _stop(losses, p, reset=False)
        ),
        "A loss that is just as low is no improvement: use < instead of <=.": (
            lambda losses, p: _stop(losses, p, strict=False)
        ),
        "An epoch that is just as low brings no new low, so it counts as waiting, too: write "
        "`else`, without another comparison.": (
            lambda losses, p: _waits_if(losses, p, lambda now, before, best: now > best)
        ),
        "Each epoch without a new low counts as waiting, even if its loss is lower than the one "
        "before.": (
            lambda losses, p: _waits_if(losses, p, lambda now, before, best: now > before),
            lambda losses, p: _waits_if(
                losses, p, lambda now, before, best: now > before, reset=True
            ),
        ),
        "The waiting is counted the wrong way around: a new low sets it to 0, any other epoch "
        "adds 1.": lambda losses, p: _waits_for_lows(losses, p),
        "A new low need not be lower by a certain margin: compare with `<` alone.": (
            tuple(
                functools.partial(_stop_below, start=np.inf, first=1, margin=margin)
                for margin in (0.001, 0.01, 0.1)
            )
        ),
        "It stops one epoch too late: when the waiting reaches the patience, it is over.": (
            lambda losses, p: _stop(losses, p + 1)
        ),
        "It compares each epoch with the one before; compare with the best so far.": (
            lambda losses, p: _compare_with_last(losses, p)
        ),
        "The list can end before patience does: look for no epoch behind its last one.": Looks(
            lambda results, _expected, _examples: any(
                isinstance(got, IndexError) for got in results
            ),
            together=True,
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


def _waits_for_first(losses, patience, *, waited=0):
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return best


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


def _impatient_by_distance(losses, patience):
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best = epoch
        elif epoch - best == patience - 1:
            break
    return best


def _below_first(losses, patience, *, counts=False):
    best, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[0]:
            best, waited = epoch, 0
        else:
            # Counted, the first epoch is one of those that were waited for.
            waited += 1
            if (waited if counts else epoch - best) == patience:
                break
    return best


def _first_of_its_window(losses, patience):
    for i in range(len(losses) - patience):
        if losses[i] < min(losses[i + 1 : i + 1 + patience]):
            return i + 1
    return len(losses)


def _position_for_epoch(losses, patience):
    best = 1
    for i in range(1, len(losses)):
        if losses[i] < losses[best - 1]:
            best = i
        elif i - best == patience:
            break
    return best


def _waits_if(losses, patience, worse, *, reset=False):
    best, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[best - 1]:
            best, waited = epoch, 0
        elif worse(losses[epoch - 1], losses[epoch - 2], losses[best - 1]):
            waited += 1
        elif reset:
            waited = 0
        if waited == patience:
            break
    return best


def _waits_for_lows(losses, patience):
    lowest, best, waited = np.inf, 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, best, waited = loss, epoch, waited + 1
        else:
            waited = 0
        if waited == patience:
            break
    return best


def _next_to_best(losses, patience, *, best=1):
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


# Not a variant of `_stop`, because it compares each loss with the one before.
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


EPOCHS = 10  # that the answer gives rates for


@open_task(
    "6.4",
    "A rate for each epoch",
    todo="Replace the ... by the rate of this epoch.",
    ours=93.7,
    enough=93.3,
    form="{:.1f} %",
    names=("epoch",),
    seconds=60,
)
def train_with_rates(rate_for):
    """Return how many validation images six networks read on average that train with the rates."""
    rates = [outcome_of(rate_for, (epoch,))[0] for epoch in range(1, EPOCHS + 1)]
    for epoch, rate in enumerate(rates, start=1):
        if isinstance(rate, IndexError):
            raise HintError(
                "A list of rates begins with position 0, but the first epoch is 1: take the rate "
                "at `epoch - 1`, and have one for each epoch."
            )
        if isinstance(rate, list | tuple | np.ndarray) and np.ndim(rate) == 1:
            raise HintError(
                "It returns the rates of all epochs; return a single number, the rate of this one."
            )
        check_kind(rate, 0.1)
        if not 0 < rate < np.inf:
            raise HintError(f"For epoch {epoch} the rate is {rate}; it has to be positive.")

    def step(parameters, gradients, _memory, epoch):
        for p, gradient in zip(parameters, gradients, strict=True):
            p -= rates[epoch - 1] * gradient

    score = read_after(step, EPOCHS)
    if score < 60:
        return score, "smaller rates, or larger ones; the curves of this step tell which."
    if score < 92.5:
        return score, "large steps while there is far to go, and small ones at the end."
    return score, "another moment for the change, or a smooth one: which epochs gain from it?"


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "6.1",
    {
        "with the lowest loss": "probabilities[np.arange(len(y)), y].argmax()",
        "That is the loss": "-np.log(probabilities[np.arange(len(y)), y]).max()",
        "That is a probability": "probabilities[np.arange(len(y)), y].min()",
        "an answer for each image": "-np.log(probabilities[np.arange(len(y)), y])",
        "whose highest probability is the lowest": "probabilities.max(axis=1).argmin()",
        "That is the digit": "y[probabilities[np.arange(len(y)), y].argmin()]",
        "takes whole columns": "probabilities[:, y].argmin()",
        "takes whole rows": "(-np.log(probabilities[y])).argmax()",
        "through all entries": "probabilities.argmin()",
        "It always returns 0": "tf.keras.losses.SparseCategoricalCrossentropy()("
        "y, probabilities).numpy().argmax()",
        "two positions are exchanged": "probabilities[y, np.arange(len(y))].argmin()",
        "number of images is fixed": "probabilities[np.arange(5000), y].argmin()",
        "for each image, so `len(y)`": "probabilities[np.arange(len(probabilities[0])), y]"
        ".argmin()",
        "no row has it": "probabilities[len(y), y].argmin()",
        "not always ten digits": "(probabilities * np.eye(10)[y]).sum(axis=1).argmin()",
        "not positions": "np.argmax([-np.log(probabilities[i][y[i]]) for i in y])",
        "counted from 0": "probabilities[np.arange(len(y)), y - 1].argmin()",
        "compares guesses with labels": "abs(probabilities.argmax(axis=1) - y).argmax()",
        "moves the positions": "probabilities.max(axis=1)[probabilities.argmax(axis=1) != y]"
        ".argmax()",
        "give two lists": "np.take(probabilities, y).argmin()",
        "probabilities already": "tf.nn.softmax(probabilities).numpy()"
        "[np.arange(len(y)), y].argmin()",
        "the row of the image": "probabilities[probabilities[np.arange(len(y)), y].argmin()]",
        "return that one alone": "(lambda p: (p.argmin(), -np.log(p.min())))("
        "probabilities[np.arange(len(y)), y])",
        "wrong guess with the highest": "np.where(probabilities.argmax(axis=1) != y, "
        "probabilities.max(axis=1), 0).argmax()",
        "first image that is read wrong": "(probabilities.argmax(axis=1) != y).argmax()",
        "`np.where` returns": "np.where(probabilities[np.arange(len(y)), y] "
        "== probabilities[np.arange(len(y)), y].min())",
        "The minus sign belongs": "-np.log(probabilities[np.arange(len(y)), y]).argmax()",
    },
)

_COSTLIEST = (
    "highest, position = 0, 0\n    for i in range(len(y)):\n"
    "        loss = -np.log(probabilities[i, y[i]])\n        if loss > highest:\n"
    "            highest, position = loss, i\n    return position"
)

wrong_bodies(
    "6.1",
    {
        "always the last image": _COSTLIEST.replace("highest, position = loss, i", "position = i"),
        "with the one before": _COSTLIEST.replace(
            "loss > highest", "i and loss > -np.log(probabilities[i - 1, y[i - 1]])"
        ),
    },
)

wrong_results(
    "6.2",
    {
        "That is the lowest loss": "np.nanmin([loss_of(rate) for rate in rates])",
        "That is the position": "int(np.nanargmin([loss_of(rate) for rate in rates]))",
        "`<` is never true with nan": "min(rates, key=loss_of)",
        "or leave nan out": "rates[np.argmin([loss_of(rate) for rate in rates])]",
        "highest loss": "max(rates, key=loss_of)",
        "call it for each": "loss_of(rates)",
        "nan became 0": "rates[np.nan_to_num([loss_of(rate) for rate in rates]).argmin()]",
        "nan is replaced by a fixed number": "min(rates, key=lambda rate: 100 "
        "if np.isnan(loss_of(rate)) else loss_of(rate))",
        "define none of your own": "min(rates, key=lambda rate: abs(rate - 0.2))",
        "among the rates": "rates.index(min(map(loss_of, rates)))",
        "always the first rate": "rates[np.nanargmin(loss_of(rate) for rate in rates)]",
        "call that function": "sum(rates) / len(rates)",
        "instead of what the function returns": "rates[np.nanargmin([loss_of for _ in rates])]",
        "It calls `loss_of` without 'rate'": "rates[np.nanargmin([loss_of() for _ in rates])]",
        "no position to take": "rates[np.nanargmin([loss_of(rate)[-1] for rate in rates])]",
        "is a function": "rates[np.nanargmin([loss_of[rate] for rate in rates])]",
        "go through `rates`": "min([0.3, 0.03, 0.003], key=loss_of)",
        "Return the rate only": "min((loss_of(rate), rate) for rate in rates "
        "if loss_of(rate) == loss_of(rate))",
        "is not a position": "rates[min(map(loss_of, rates))]",
        "moves the positions": "(lambda kept: rates[kept.index(min(kept))])("
        "[loss for loss in map(loss_of, rates) if not np.isnan(loss)])",
    },
)

_SEARCH = (
    "best, answer = 100, None\n    for rate in rates:\n        if loss_of(rate) < best:\n"
    "            best, answer = loss_of(rate), rate\n    return answer"
)

wrong_bodies(
    "6.2",
    {
        "begins with a fixed number": _SEARCH,
        "tries only the first rate": _SEARCH.replace("100", "np.inf").replace(
            "    return", "        return"
        ),
        "always the last rate": _SEARCH.replace("100", "np.inf").replace(
            "return answer", "return rate"
        ),
        "no loss gets past": _SEARCH.replace("100", "np.inf").replace(
            "if loss_of", "if np.isnan(loss_of(rate)) and loss_of"
        ),
        "`continue` goes on": _SEARCH.replace("100", "np.inf").replace(
            "        if", "        if np.isnan(loss_of(rate)):\n            break\n        if"
        ),
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
    "6.3",
    {
        "counted from 1": _LOOP.format("<", "0", "==", "break", "best - 1"),
        "in which the training stops": _LOOP.format("<", "0", "==", "break", "epoch"),
        "best of all epochs": "return int(np.argmin(val_losses)) + 1",
        "no fixed part of the list": "return np.argmin(val_losses[patience:]) + patience + 1",
        "adds the patience": "return int(np.argmin(val_losses)) + 1 + patience",
        "always returns 1": _LOOP.format("<", "0", "==", "break", "best").replace(
            "    return", "        return"
        ),
        "The last epoch is left out": "best = 1\n    for epoch in range(2, len(val_losses)):\n"
        "        if val_losses[epoch - 1] < val_losses[best - 1]:\n            best = epoch\n"
        "        elif epoch - best == patience:\n            break\n    return best",
        "The list can end before": "i = best = waited = 0\n    while waited < patience:\n"
        "        if val_losses[i] < val_losses[best]:\n            best, waited = i, 0\n"
        "        else:\n            waited += 1\n        i += 1\n    return best + 1",
        "counts as waiting, too": _LOOP.format("<", "0", "==", "break", "best").replace(
            "else:", "elif loss > val_losses[best - 1]:"
        ),
        "even if its loss is lower": _LOOP.format("<", "0", "==", "break", "best").replace(
            "else:", "elif loss > val_losses[epoch - 2]:"
        ),
        "the wrong way around": _LOOP.format("<", "waited + 1", "==", "break", "best").replace(
            "waited += 1", "waited = 0"
        ),
        "by a certain margin": _LOOP.format("<", "0", "==", "break", "best").replace(
            "val_losses[best - 1] or", "val_losses[best - 1] - 0.01 or"
        ),
        "starts over": _LOOP.format("<", "waited", "==", "break", "best"),
        "use < instead of <=": _LOOP.format("<=", "0", "==", "break", "best"),
        "the epoch before the one": _LOOP.format("<", "0", "==", "break", "epoch - 1"),
        "That is one epoch too late: epochs": _LOOP.format("<", "0", "==", "break", "best + 1"),
        "return its epoch": _LOOP.format("<", "0", "==", "break", "val_losses[best - 1]"),
        "one epoch too late": _LOOP.format("<", "0", ">", "break", "best"),
        "far anew with each new low": "low, best = np.inf, 1\n"
        "    for epoch, loss in enumerate(val_losses, start=1):\n        if loss < low:\n"
        "            best = epoch\n        elif epoch - best == patience:\n            break\n"
        "    return best",
        "one epoch too early": "best = 1\n    for epoch, loss in enumerate(val_losses, start=1):\n"
        "        if loss < val_losses[best - 1]:\n            best = epoch\n"
        "        elif epoch - best == patience - 1:\n            break\n    return best",
        "begin to wait after it": _LOOP.format("<", "0", "==", "break", "best").replace(
            " or epoch == 1", ""
        ),
    },
)

for hint, body in {
    "has to be positive": "return 0.3 - 0.03 * epoch",
    "rates of all epochs": "return [0.3] * 10",
    "take the rate at `epoch - 1`": "return ([0.3] * 7 + [0.03] * 3)[epoch]",
    "returns nothing": "rate = 0.3 / epoch",
}.items():
    wrong("6.4", hint, f"def rate_for(epoch):\n    {body}")
