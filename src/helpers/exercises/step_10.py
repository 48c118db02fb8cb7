"""The exercises of step 10: regularization."""

import numpy as np

from helpers.exercises.registry import exercise, wrong_results


def _drops(rng):
    """Return arguments of `drop`: some units, noise, a rate, and whether this is training."""
    cases = [
        (np.array([1.0, 2.0, 3.0]), np.array([0.7, 0.1, 0.6]), 0.5, True),
        # Noise that equals the rate is not smaller.
        (np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.1, 0.6]), 0.25, True),
    ]
    # At 0.5, dividing by the rate and by 1 - rate are the same; these rates tell them apart.
    for shape, rate, training in [((4,), 0.2, True), ((4,), 0.2, False), ((5, 6), 0.75, True)]:
        cases.append((rng.normal(size=shape).round(2), rng.random(shape).round(2), rate, training))
    return cases


@exercise(
    "10.1",
    "Drop units",
    todo="Replace the ... by a, with zeros where a unit is dropped, and the others larger.",
    examples=_drops,
    mistakes={
        "What is kept must grow: divide it by the share that is kept, 1 - rate.": (
            lambda a, noise, rate, training: np.where(training & (noise < rate), 0.0, a)
        ),
        "Divide by the share that is kept, 1 - rate, not by the share that is dropped.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / rate) if training else a
            )
        ),
        "Multiplied by 1 - rate it shrinks; what is kept must grow: divide by 1 - rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a * (1 - rate)) if training else a
            )
        ),
        "It is the wrong way round: a unit is dropped where the noise is smaller than the rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, a / (1 - rate), 0.0) if training else a
            ),
            lambda a, noise, rate, training: (
                np.where(noise < rate, a / rate, 0.0) if training else a
            ),
            lambda a, noise, rate, training: np.where(noise < rate, a, 0.0) if training else a,
            lambda a, noise, rate, training: (
                np.where(noise <= rate, a / (1 - rate), 0.0) if training else a
            ),
            lambda a, noise, rate, training: np.where(noise <= rate, a / (1 - rate), 0.0),
            # And without a look at `training`.
            lambda a, noise, rate, training: np.where(noise < rate, a / (1 - rate), 0.0),
            lambda a, noise, rate, training: np.where(noise < rate, a / rate, 0.0),
            lambda a, noise, rate, training: np.where(noise < rate, a, 0.0),
        ),
        "Noise that equals the rate is not smaller than it, so such a unit is kept: use < or >=.": (
            lambda a, noise, rate, training: (
                np.where(noise <= rate, 0.0, a / (1 - rate)) if training else a
            )
        ),
        "Drop where the noise is smaller than the rate, not where it is larger than 1 - rate or "
        "smaller than it.": (
            lambda a, noise, rate, training: a * (noise > 1 - rate) / (1 - rate) if training else a,
            lambda a, noise, rate, training: a * (noise < 1 - rate) / (1 - rate) if training else a,
        ),
        "It drops when this is no training: the two cases are exchanged.": (
            lambda a, noise, rate, training: (
                a if training else np.where(noise < rate, 0.0, a / (1 - rate))
            )
        ),
        "Without `training`, return a as it is, not zeros.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / (1 - rate)) if training else 0 * a
            )
        ),
        "The rate is given, so that 0.5 or 2 fits one case only: divide by 1 - rate.": (
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, a * 2) if training else a,
            lambda a, noise, rate, training: (
                np.where(noise < 0.5, 0.0, a / (1 - rate)) if training else a
            ),
        ),
        "The noise only decides which units are dropped; divide by 1 - rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / (1 - noise)) if training else a
            ),
            lambda a, noise, rate, training: a * noise / (1 - rate) if training else a,
        ),
        "What is kept must grow: divide by 1 - rate, not by 1 + rate.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / (1 + rate)) if training else a
            )
        ),
        "Parentheses are missing: a division comes before a subtraction, so `/ (1 - rate)`.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / 1 - rate) if training else a
            )
        ),
        "That is the mask alone; multiply the units by it.": (
            lambda a, noise, rate, training: (noise >= rate) / (1 - rate) if training else a,
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, 1.0) if training else a,
        ),
        "The noise is compared with the rate, not the units themselves.": (
            lambda a, noise, rate, training: (
                np.where(a < rate, 0.0, a / (1 - rate)) if training else a
            )
        ),
        "Divide by the share that is kept on average, 1 - rate, not by what this noise happens to "
        "keep.": lambda a, noise, rate, training: (
            np.where(noise < rate, 0.0, a * a.size / (noise >= rate).sum()) if training else a
        ),
        # With and without the growth, for each is written: what counts here is the other case.
        "Dropping is for training only: without `training`, return a as it is.": (
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, a / (1 - rate)),
            lambda a, noise, rate, training: np.where(noise < rate, 0.0, a),
        ),
        "Without `training`, nothing shrinks: what is kept has already grown in training.": (
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a / (1 - rate)) if training else a * (1 - rate)
            ),
            lambda a, noise, rate, training: (
                np.where(noise < rate, 0.0, a) if training else a * (1 - rate)
            ),
        ),
        "Without `training`, nothing grows, either: return a as it is.": (
            lambda a, noise, rate, training: np.where(
                training & (noise < rate), 0.0, a / (1 - rate)
            )
        ),
        "What is dropped stays in its place, as a 0; do not take it out.": (
            lambda a, noise, rate, training: a[noise >= rate] / (1 - rate) if training else a,
            lambda a, noise, rate, training: a[noise >= rate] if training else a,
        ),
    },
)
def drop(a, noise, rate, training):
    """Return the units, of which those are 0 in training where the noise is below the rate."""
    return np.where(noise < rate, 0.0, a / (1 - rate)) if training else a


@exercise(
    "10.2",
    "Normalize a batch",
    todo="Replace the ... by z, each column less its mean and divided by its deviation.",
    examples=lambda rng: [
        # The second unit is the same for all images: without eps this is 0 divided by 0.
        (np.array([[1.0, 5.0], [3.0, 5.0]]), 1e-4),
        (rng.normal(3, 2, (3, 4)).round(1), 0.01),
        # A variance so small that it matters where eps is added.
        (rng.normal(-1, 0.1, (32, 5)), 0.001),
    ],
    mistakes={
        "That is one mean and one variance for each image; take them over the batch, `axis=0`.": (
            lambda z, eps: (z.T - z.mean(axis=1)).T / np.sqrt(z.var(axis=1) + eps)[:, None],
            lambda z, eps: (z - z.mean(axis=1)) / np.sqrt(z.var(axis=1) + eps),
        ),
        "The mean is that of all numbers; each unit has its own, `axis=0`.": (
            lambda z, eps: (z - z.mean()) / np.sqrt(z.var(axis=0) + eps)
        ),
        "The variance is that of all numbers; each unit has its own, `axis=0`.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var() + eps)
        ),
        "Under the root belongs the variance, `z.var`, not the standard deviation.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.std(axis=0) + eps)
        ),
        "Add eps to the variance before the root is taken, so that nothing is divided by 0.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0)) + eps
        ),
        "eps is added to the variance; it is not subtracted, multiplied or squared.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) - eps),
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) * eps),
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps**2),
        ),
        "Subtract the mean; added, it moves everything further away.": (
            lambda z, eps: (z + z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps)
        ),
        "Divide by the root; multiplied, what scatters much scatters even more.": (
            lambda z, eps: (z - z.mean(axis=0)) * np.sqrt(z.var(axis=0) + eps)
        ),
        "That goes from 0 to 1; here the mean becomes 0 and the standard deviation 1.": (
            lambda z, eps: (z - z.min(axis=0)) / (z.max(axis=0) - z.min(axis=0) + eps)
        ),
        "That subtracts the median; subtract the mean.": (
            lambda z, eps: (z - np.median(z, axis=0)) / np.sqrt(z.var(axis=0) + eps)
        ),
        "That is one mean and one variance for all; take them for each unit, `axis=0`.": (
            lambda z, eps: (z - z.mean()) / np.sqrt(z.var() + eps)
        ),
        "Divide by the square root of the variance, not by the variance.": (
            lambda z, eps: (z - z.mean(axis=0)) / (z.var(axis=0) + eps)
        ),
        "eps belongs under the root, to the variance, not to the standard deviation.": (
            lambda z, eps: (z - z.mean(axis=0)) / (z.std(axis=0) + eps)
        ),
        "A unit that is the same for all images has the variance 0: add eps to the variance.": (
            lambda z, eps: (z - z.mean(axis=0)) / z.std(axis=0)
        ),
        "The mean is not 0: subtract the mean of each unit first.": (
            lambda z, eps: z / np.sqrt(z.var(axis=0) + eps),
        ),
        "Parentheses are missing: subtract the mean first, then divide the difference.": (
            lambda z, eps: z - z.mean(axis=0) / np.sqrt(z.var(axis=0) + eps)
        ),
        "The mean is 0, but the deviation is not 1: divide by it.": (
            lambda z, eps: z - z.mean(axis=0)
        ),
        "That is the deviation of a sample, with n - 1; here it is that of the batch itself.": (
            lambda z, eps: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + eps)
        ),
    },
)
def normalize_batch(z, eps):
    """Return the batch with mean 0 and standard deviation 1 in each column."""
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps)


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
        "The sign of the gain is wrong: it is the mean after less the mean before.": (
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
        "The results of the two methods come in no pairs, so they cannot be subtracted one by one: "
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
        "That is twice the uncertainty; it is asked for once.": (
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


# Wrong answers as learners write them, each with part of the hint that it must get.

_KEPT = "np.where(noise < rate, 0.0, {})"

wrong_results(
    "10.1",
    {
        "must grow": f"{_KEPT.format('a')} if training else a",
        "not by the share that is dropped": f"{_KEPT.format('a / rate')} if training else a",
        "it shrinks": f"{_KEPT.format('a * (1 - rate)')} if training else a",
        "the wrong way round": "a * (noise < rate) / (1 - rate) if training else a",
        "so such a unit is kept": "np.where(noise <= rate, 0, a / (1 - rate)) if training else a",
        "two cases are exchanged": f"a if training else {_KEPT.format('a / (1 - rate)')}",
        "for training only": "a * (noise >= rate) / (1 - rate)",
        "nothing shrinks": f"{_KEPT.format('a')} if training else (1 - rate) * a",
        "nothing grows": f"{_KEPT.format('a / (1 - rate)')} if training else a / (1 - rate)",
        "stays in its place": "a[noise >= rate] / (1 - rate) if training else a",
    },
)

wrong_results(
    "10.2",
    {
        "for each image": "((z.T - z.mean(axis=1)) / np.sqrt(z.var(axis=1) + eps)).T",
        "one variance for all": "(z - z.mean()) / np.sqrt(z.var() + eps)",
        "not by the variance": "(z - z.mean(axis=0)) / (z.var(axis=0) + eps)",
        "Under the root belongs": "(z - z.mean(axis=0)) / np.sqrt(z.std(axis=0) + eps)",
        "The mean is that of all": "(z - z.mean()) / np.sqrt(z.var(axis=0) + eps)",
        "belongs under the root": "(z - z.mean(axis=0)) / (z.std(axis=0) + eps)",
        "has the variance 0": "(z - z.mean(axis=0)) / z.std(axis=0)",
        "The mean is not 0": "z / np.sqrt(z.var(axis=0) + eps)",
        "Parentheses are missing": "z - z.mean(axis=0) / np.sqrt(z.var(axis=0) + eps)",
        "divide by it": "z - z.mean(axis=0)",
        "with n - 1": "(z - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + eps)",
    },
)

_GAIN = "after.mean() - before.mean()"

_SQUARES = "before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)"

wrong_results(
    "10.3",
    {
        "The sign of the gain": f"before.mean() - after.mean(), np.sqrt({_SQUARES})",
        "come in no pairs": "(after - before).mean(), (after - before).std(ddof=1) "
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
        "The root is missing": f"{_GAIN}, {_SQUARES}",
        "divide each by its own": (
            f"{_GAIN}, np.hypot(before.std(ddof=1), after.std(ddof=1)) / len(after) ** 0.5"
        ),
    },
)
