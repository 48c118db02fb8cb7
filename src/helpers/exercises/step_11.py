"""The exercises of step 11: convolution."""

import functools
import itertools
import re

import numpy as np

from helpers import data
from helpers.exercises.comparing import HintError, show
from helpers.exercises.engine import Looks, stops
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


def _by_convolve(size, window):
    # That of the page cuts out 3 × 3, with which a kernel of another size does not fit.
    return len(np.zeros((size - 2, 1, 1)) + np.zeros((3, 3)) * np.zeros((window, window))) // 2


_SIZES = listed("""
Both parts are rounded down by themselves there: subtract first, then halve once.
    size // 2 - (window - 1) // 2

Pooling halves the side; it does not take 2 away.
    size - window + 1 - 2

A map of a single number cannot be pooled by twos: then nothing is left.
    max(size - window + 1, 2) // 2
""")


@exercise(
    "11.1",
    "How large is the map?",
    todo="Replace the ... by the number of pooled numbers along one side.",
    examples=lambda rng: [
        # Maps with an even and an odd side, where a row is left over; windows of 1 and of all
        # pixels.
        (28, 3),
        (13, 3),
        (28, 1),
        (6, 6),
        (29, 4),
        tuple(rng.integers((20, 2), (60, 9)).tolist()),
    ],
    mistakes={
        "One more place: a window as large as the image fits once, so it is size - window + 1. "
        "(What is left over is cut off by `//` itself, without subtracting anything.)": (
            lambda size, window: (size - window) // 2,
            lambda size, window: (size - window - 1) // 2,
        ),
        # `size - window + 1 // 2` is `size - window`, so the hint has to hold for both.
        "The whole of size - window + 1 has to be divided by 2, so it stands in parentheses.": (
            lambda size, window: size - window + 1 // 2,
            lambda size, window: size - window + 1 / 2,
            lambda size, window: size - window // 2,
            lambda size, window: size - window // 2 + 1,
            lambda size, window: size - (window + 1) // 2,
            lambda size, window: size - (window - 1) // 2,
        ),
        "The two are exchanged: the window is subtracted from the size.": (
            lambda size, window: (window - size + 1) // 2,
            lambda size, window: (window - size) // 2,
            lambda size, window: window - size + 1,
        ),
        "What is left over cannot be reshaped: cut it off first, or compute with `//`.": (
            lambda size, window: _blocks(np.zeros((size - window + 1,) * 2)).shape[0]
        ),
        "Half a window at each edge fits only odd windows; a window takes window - 1 places, and "
        "`//` cuts off what is left over of the map.": (
            lambda size, window: (size - 2 * (window // 2)) // 2
        ),
        "The window must not go beyond the edge: it fits at size - window + 1 places.": (
            lambda size, window: size // 2
        ),
        "That is before pooling; then two become one.": lambda size, window: size - window + 1,
        "What is left over is cut off: round down. (A 1 added after the division rounds up; "
        "it belongs before it.)": (lambda size, window: -(-(size - window + 1) // 2)),
        "There are no halves of a number: use `//`, which rounds down and gives whole numbers.": (
            Looks(lambda got, _: isinstance(got, float))
        ),
        "It is rounded to the nearest, but what is left over is cut off: use `//`.": (
            lambda size, window: round((size - window + 1) / 2)
        ),
        "A larger window fits at fewer places: subtract it, so size - window + 1.": (
            lambda size, window: (size + window - 1) // 2
        ),
        "The window moves by one pixel at a time, so it does not divide the side.": (
            lambda size, window: size // window // 2,
            lambda size, window: size // window,
            lambda size, window: -(-size // window) // 2,
            lambda size, window: -(-size // window),
        ),
        "The pooling takes 2 numbers a side, whatever the window of the convolution is.": (
            lambda size, window: (size - window + 1) // window,
            lambda size, window: (size - window + 1) // (window - 1),
        ),
        "The window takes window - 1 places once, not twice or half of that.": (
            lambda size, window: (size - 2 * window + 1) // 2,
            lambda size, window: (size - 2 * window) // 2,
            lambda size, window: (size - window // 2) // 2,
        ),
        "2 × 2 numbers become one, so a side becomes half as long, not a quarter.": (
            lambda size, window: (size - window + 1) // 4
        ),
        "`%` gives what is left over; `//` gives how often 2 fits.": (
            lambda size, window: (size - window + 1) % 2
        ),
        "The exercise asks for the side; leave out the squares.": (
            lambda size, window: (size**2 - window**2 + 1) // 2,
            lambda size, window: (size - window**2 + 1) // 2,
            lambda size, window: (size - window + 1) ** 2 // 4,
        ),
        "Both sides have the same length; return one number.": (
            lambda size, window: ((size - window + 1) // 2,) * 2
        ),
        "Only the sides count, not the area: return the numbers along one side.": (
            lambda size, window: ((size - window + 1) // 2) ** 2
        ),
        "First the convolution, then the pooling; and a window takes window - 1 places, not twice "
        "as many.": (
            lambda size, window: size // 2 - window + 1,
            lambda size, window: size // 2 - window + 2,
        ),
        "`convolve` of this page takes windows of 3 × 3 only.": _by_convolve,
        **written("size, window", _SIZES),
    },
)
def map_size(size, window):
    """Return how many numbers a side a convolution and a pooling leave of an image."""
    return (size - window + 1) // 2


@exercise(
    "11.2",
    "Count the parameters",
    todo="Replace the ... by the number of weights, and of biases where there are any.",
    examples=lambda rng: [
        # With and without biases; one channel only; a window of one number.
        (3, 24, 48, False),
        (3, 1, 24, True),
        (5, 3, 2, True),
        (1, 7, 4, False),
        (*rng.integers(2, 9, 3).tolist(), True),
        (*rng.integers(2, 9, 3).tolist(), False),
    ],
    mistakes={
        "`if bias else 0` decides about the whole sum, or a factor `bias` multiplies all of it: "
        "put it in parentheses with the biases.": lambda window, channels, filters, bias: (
            (window**2 * channels + 1) * filters if bias else 0
        ),
        "`^` is no power in Python: write `**`.": (
            lambda window, channels, filters, bias: ((window ^ 2) * channels + bias) * filters,
            # Without parentheses, `^` comes last.
            lambda window, channels, filters, bias: (window ^ (2 * channels + bias)) * filters,
            lambda window, channels, filters, bias: (
                window ^ (2 * channels * filters + bias * filters)
            ),
            lambda window, channels, filters, bias: window ^ (2 * channels * filters),
            lambda window, channels, filters, bias: (
                (window ^ (2 * channels * filters)) + bias * filters
            ),
        ),
        "Where there are biases, only they are counted: add them to the weights (by `+=`, for "
        "`=+` replaces what is there).": lambda window, channels, filters, bias: (
            filters if bias else window**2 * channels * filters
        ),
        "The square of the window is `window**2`, not `2**window`, and the channels are a factor "
        "of their own.": (
            lambda window, channels, filters, bias: (2**window * channels + bias) * filters,
            lambda window, channels, filters, bias: (window**channels + bias) * filters,
        ),
        "The same weights serve all places of the image: do not multiply by how many there are.": (
            lambda window, channels, filters, bias: (
                window**2 * channels * filters * 26 * 26 + bias * filters
            ),
            lambda window, channels, filters, bias: (
                (window**2 * channels + bias) * filters * 26 * 26
            ),
        ),
        "The exercise asks for one number: multiply what the weights depend on, and add the "
        "biases.": Looks(lambda got, _: isinstance(got, tuple | list | dict)),
        "The window has window × window numbers.": (
            lambda window, channels, filters, bias: (window * channels + bias) * filters
        ),
        "Each filter has a kernel for each channel: multiply by the channels, too.": (
            lambda window, channels, filters, bias: (window**2 + bias) * filters,
            lambda window, channels, filters, bias: (
                (window**2 * channels + 1) * filters if bias else window**2 * filters
            ),
        ),
        "There are several filters, each with kernels of its own: multiply by their number.": (
            lambda window, channels, filters, bias: window**2 * channels + bias
        ),
        "Where `bias` is true, each filter has one more parameter.": (
            lambda window, channels, filters, bias: window**2 * channels * filters
        ),
        "A bias is there only if `bias` is true.": (
            lambda window, channels, filters, bias: (window**2 * channels + 1) * filters
        ),
        "There is a bias for each filter, not for each channel.": (
            lambda window, channels, filters, bias: (
                window**2 * channels * filters + bias * channels
            ),
            lambda window, channels, filters, bias: (
                window**2 * channels * filters + bias * (filters + channels)
            ),
        ),
        "The biases are added, not subtracted.": (
            lambda window, channels, filters, bias: (window**2 * channels - bias) * filters
        ),
        "Without biases there are still the weights: add the biases, do not multiply.": (
            lambda window, channels, filters, bias: window**2 * channels * filters * bias
        ),
        "It is the wrong way round: there are biases if `bias` is true.": (
            lambda window, channels, filters, bias: (window**2 * channels + (not bias)) * filters
        ),
        "The window has window × window numbers, which is neither twice the window nor a higher "
        "power of it.": (
            lambda window, channels, filters, bias: (window * 2 * channels + bias) * filters,
            lambda window, channels, filters, bias: (window**3 * channels + bias) * filters,
            lambda window, channels, filters, bias: (window**4 * channels + bias) * filters,
        ),
        "Each filter has a window for each channel: multiply the numbers, do not add them.": (
            lambda window, channels, filters, bias: window**2 + channels + filters + bias,
            lambda window, channels, filters, bias: (
                window**2 * (channels + filters) + bias * filters
            ),
            lambda window, channels, filters, bias: window**2 * channels + bias + filters,
            lambda window, channels, filters, bias: window**2 + channels + filters + bias * filters,
            lambda window, channels, filters, bias: window**2 * channels + filters + bias * filters,
            lambda window, channels, filters, bias: (
                2 * window + channels + filters + bias * filters
            ),
            lambda window, channels, filters, bias: 2 * window + channels + filters + bias,
            lambda window, channels, filters, bias: (window**2 + channels + bias) * filters,
            lambda window, channels, filters, bias: (2 * window + channels + bias) * filters,
        ),
        "Each filter has weights of its own: multiply them by the filters, too.": (
            lambda window, channels, filters, bias: window**2 * channels + filters * bias
        ),
        "The channels are counted twice.": (
            lambda window, channels, filters, bias: (window**2 * channels**2 + bias) * filters
        ),
        "The filters are counted twice.": (
            lambda window, channels, filters, bias: (
                window**2 * filters**2 * channels + bias * filters
            )
        ),
        "Each filter has a bias of its own, not one for all of them.": (
            lambda window, channels, filters, bias: window**2 * channels * filters + bias
        ),
        "A bias is one number for each filter; it has no window and no channels.": (
            lambda window, channels, filters, bias: window**2 * channels * (filters + bias),
            lambda window, channels, filters, bias: window**2 * (channels + bias) * filters,
            lambda window, channels, filters, bias: window**2 * (channels * filters + bias),
            lambda window, channels, filters, bias: window * (window * channels + bias) * filters,
            lambda window, channels, filters, bias: window**2 * channels * filters * (1 + bias),
            lambda window, channels, filters, bias: (window**2 * channels + 2 * bias) * filters,
        ),
        "A filter has one bias, not one for each channel.": (
            lambda window, channels, filters, bias: (window**2 + bias) * channels * filters
        ),
        "The biases are multiplied by the filters twice: inside the parentheses, take `bias` "
        "alone.": lambda window, channels, filters, bias: (
            (window**2 * channels + bias * filters) * filters
        ),
    },
)
def conv_parameters(window, channels, filters, bias):
    """Return how many parameters a convolution has."""
    return (window * window * channels + bias) * filters


def _blocks(feature_map):
    height, width = feature_map.shape
    # Blocks as axes 1 and 3; what one does with them is right or a mistake.
    return feature_map.reshape(height // 2, 2, width // 2, 2)


def _in_zeros(feature_map, step):
    """Return the means in a map of the full size, every `step` places."""
    result = np.zeros(feature_map.shape)
    height, width = (step * (side // 2) for side in feature_map.shape)
    result[:height:step, :width:step] = mean_pool(feature_map)
    return result


def _rows_twice(feature_map):
    # `[a:b][c:d]` cuts two rows out of two, then none.
    result = np.full([side // 2 for side in feature_map.shape], np.nan)
    result[:, 0] = _blocks(feature_map).mean(axis=(1, 2, 3))
    return result


def _of_three(feature_map):
    height, width = (side // 2 for side in feature_map.shape)
    return np.array([
        [feature_map[2 * i : 2 * i + 3, 2 * j : 2 * j + 3].mean() for j in range(width)]
        for i in range(height)
    ])


def _only(keep):
    # `keep` says of which blocks there is a mean; elsewhere, there are zeros.
    def answer(feature_map):
        i, j = np.indices([side // 2 for side in feature_map.shape])
        return mean_pool(feature_map) * keep(i, j)

    return answer


def _in_another_shape(got, right):
    got = np.asarray(got)
    return (
        got.shape != right.shape
        and got.size == right.size
        and np.allclose(got.ravel(), right.ravel())
    )


def _smaller_by_two(results, _, examples):
    # As `convolve` makes it, whatever its kernel; with one of 2 × 2 it stops, unless the result is
    # empty, as the first one is. Perhaps only every second number of that is kept.
    sides = [np.subtract(feature_map.shape, 2) for (feature_map,) in examples]
    return results[0].size == 0 and all(
        isinstance(got, ValueError)
        or np.array_equal(got.shape, two)
        or np.array_equal(got.shape, (two + 1) // 2)
        for got, two in zip(results, sides, strict=True)
    )


def _one_twice(twice, left_out):
    """Return a function that adds one of the four numbers twice, and leaves out another."""

    def answer(feature_map):
        blocks = _blocks(feature_map)
        more, less = (blocks[:, i, :, j] for i, j in (twice, left_out))
        return mean_pool(feature_map) + (more - less) / 4

    return answer


def _exchanged(feature_map):
    # What has its sides exchanged has no last place, unless it is square.
    result = np.zeros(feature_map.shape)[::2, ::2].T
    result[tuple(side // 2 - 1 for side in feature_map.shape)]
    return mean_pool(feature_map)


def _on_13(rows, columns):
    """Return a function that goes through these blocks and puts them into a map of 13 × 13."""

    def answer(feature_map):
        result = np.zeros((13, 13))
        height, width = feature_map.shape
        for i, j in itertools.product(range(rows or height // 2), range(columns or width // 2)):
            block = feature_map[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            result[i, j] = block.mean() if block.size else np.nan
        return result

    return answer


_POOLED = listed("""
That is the mean of a single block: put each into its place, `result[i // 2, j // 2] = …`, and
return all of them behind the loops.
    height, width = feature_map.shape
    for i in range(0, height, 2):
        for j in range(0, width, 2):
            result = feature_map[i : i + 2, j : j + 2].mean()
    return result
    feature_map[:2, :2].mean()

The columns go up to `width // 2`, not to `height // 2`.
    height, width = feature_map.shape
    result = np.zeros((height // 2, width // 2))
    for i in range(height // 2):
        for j in range(height // 2):
            result[i, j] = feature_map[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].mean()
    return result

Only the last of the four is kept: add them up, by `+=`.
    feature_map[1::2, 1::2] / 4

Only the first of the four is there: a block has two rows and two columns, `range(2)`.
    feature_map[::2, ::2] / 4

Block i begins at 2 * i and ends at 2 * i + 2.
    height, width = feature_map.shape
    result = np.zeros((height // 2, width // 2))
    for i in range(height // 2):
        for j in range(width // 2):
            block = feature_map[i : 2 * i, j : 2 * j]
            result[i, j] = block.mean() if block.size else np.nan
    return result

Each row of blocks is there several times: append it once, behind the inner loop.
    height, width = feature_map.shape
    means = feature_map.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return np.array([row for row in means for _ in range(width // 2)])

`np.resize` takes the first numbers as they are; `reshape` keeps all, in blocks.
    np.resize(feature_map, (feature_map.shape[0] // 2, feature_map.shape[1] // 2))

`reshape` keeps all numbers, and each block has 4 of them: the means come first.
    feature_map.reshape(feature_map.shape[0] // 2, feature_map.shape[1] // 2).mean()
""")


@exercise(
    "11.3",
    "Pool by the mean",
    todo="Replace the ... by the means of blocks of 2 × 2 numbers.",
    examples=lambda rng: [
        # Wider than high, then higher than wide: with squares, exchanged axes would fit.
        (np.array([[1.0, 2.0, 0.0, 0.0], [3.0, 6.0, 0.0, 8.0]]),),
        (rng.normal(size=(6, 4)).round(1),),
        (rng.normal(size=(26, 26)),),
    ],
    mistakes={
        "That keeps the largest of the four; keep their mean.": (
            lambda feature_map: _blocks(feature_map).max(axis=(1, 3)),
            lambda feature_map: _blocks(feature_map).max(axis=(1, 3)) / 4,
            lambda feature_map: _blocks(feature_map).max(axis=1).mean(axis=2),
            lambda feature_map: _blocks(feature_map).max(axis=3).mean(axis=1),
        ),
        "A place in the map is not the same in the result: what lies at `[row, column]` of the "
        "map belongs to `[row // 2, column // 2]`.": lambda feature_map: feature_map[0, 99],
        "The result has half as many rows and columns: begin with "
        "`np.zeros((height // 2, width // 2))`.": (
            lambda feature_map: _in_zeros(feature_map, 1),
            lambda feature_map: _in_zeros(feature_map, 2),
        ),
        "Two pairs of brackets cut out rows twice: write both slices into one, `[a:b, c:d]`.": (
            _rows_twice
        ),
        "A slice leaves out its end, so it has to end 2 after its beginning.": _of_three,
        "The result is an array of whole numbers, which cuts off the decimals: leave out "
        "`dtype=int`.": lambda feature_map: mean_pool(feature_map).astype(int),
        "The means are right, but their shape is not: `reshape` them to (height // 2, width // "
        "2).": Looks(_in_another_shape),
        "`convolve` moves its window by one number at a time, a block by two: cut the map into "
        "blocks instead.": Looks(_smaller_by_two, together=True),
        "After the first mean an axis is gone, and the last one is not 3 any more: give both at "
        "once, as in `mean(axis=(1, 3))`.": stops(
            "axis 3 is out of bounds for array of dimension 3"
        ),
        "Those are the blocks themselves; take the mean of each, over the axes within it.": _blocks,
        "Only the last row of blocks is there: each row has to be kept inside the outer loop.": (
            lambda feature_map: mean_pool(feature_map)[-1:]
        ),
        "Put parentheses around the sum: all four numbers are divided by 4, not only the last.": (
            lambda feature_map: (
                _blocks(feature_map).sum(axis=(1, 3)) - 0.75 * feature_map[1::2, 1::2]
            )
        ),
        "That is the sum; divide it by 4.": lambda feature_map: _blocks(feature_map).sum(
            axis=(1, 3)
        ),
        "Those are the means of two neighbors in a row; take two rows together, too.": (
            lambda feature_map: _blocks(feature_map).mean(axis=3).reshape(len(feature_map), -1),
            lambda feature_map: _blocks(feature_map).mean(axis=3).ravel(),
        ),
        "Those are the means of two rows; take two neighbors in a row together, too.": (
            lambda feature_map: _blocks(feature_map).mean(axis=1).reshape(len(feature_map) // 2, -1)
        ),
        "The axes 1 and 3 lie within a block; 0 and 2 are those that remain.": (
            lambda feature_map: _blocks(feature_map).mean(axis=(0, 2))
        ),
        "That takes every second number and leaves the others out.": (
            lambda feature_map: feature_map[::2, ::2]
        ),
        "A block has 4 numbers: divide the sum by 4, and by nothing else.": (
            lambda feature_map: _blocks(feature_map).sum(axis=(1, 3)) / 2,
            lambda feature_map: _blocks(feature_map).sum(axis=(1, 3)) / feature_map.size,
            lambda feature_map: _blocks(feature_map).sum(axis=(1, 3)) / (len(feature_map) // 2),
        ),
        "That is the median or the smallest of the four; keep their mean.": (
            lambda feature_map: np.median(_blocks(feature_map), axis=(1, 3)),
            lambda feature_map: _blocks(feature_map).min(axis=(1, 3)),
        ),
        "The mean is taken over the wrong two axes: those within a block are 1 and 3.": (
            lambda feature_map: _blocks(feature_map).mean(axis=(2, 3)),
            lambda feature_map: _blocks(feature_map).mean(axis=(1, 2)),
            lambda feature_map: _blocks(feature_map).mean(axis=(0, 1)),
            lambda feature_map: _blocks(feature_map).mean(axis=(0, 3)),
        ),
        "The two means are taken side by side there; take one over both axes, `mean(axis=(1, "
        "3))`.": Looks(
            lambda got, _: isinstance(got, tuple) and [one.ndim for one in got] == [3, 3]
        ),
        "The mean is taken over one axis only: a block has two, 1 and 3.": (
            lambda feature_map: _blocks(feature_map).mean(axis=1),
            lambda feature_map: _blocks(feature_map).mean(axis=3),
        ),
        "Height and width are exchanged: the height, `feature_map.shape[0]`, comes first.": (
            lambda feature_map: feature_map.reshape(
                feature_map.shape[1] // 2, 2, feature_map.shape[0] // 2, 2
            ).mean(axis=(1, 3)),
            _exchanged,
        ),
        "The image need not be square, nor have 26 numbers a side: take height and width from "
        "`feature_map.shape`.": (
            lambda feature_map: feature_map.reshape(13, 2, 13, 2).mean(axis=(1, 3)),
            lambda feature_map: feature_map.reshape(
                len(feature_map) // 2, 2, len(feature_map) // 2, 2
            ).mean(axis=(1, 3)),
            _on_13(13, 13),
            _on_13(None, None),
        ),
        "That takes one number from each quarter of the map, but a block consists of neighbors: "
        "add slices such as `[::2, ::2]`, or reshape to (height // 2, 2, width // 2, "
        "2).": lambda feature_map: feature_map.reshape(
            2, feature_map.shape[0] // 2, 2, feature_map.shape[1] // 2
        ).mean(axis=(0, 2)),
        "Only two of the four numbers are used: add all four, then divide by 4.": (
            lambda feature_map: (feature_map[::2, ::2] + feature_map[1::2, 1::2]) / 2,
            lambda feature_map: (
                (_blocks(feature_map).max(axis=(1, 3)) + _blocks(feature_map).min(axis=(1, 3))) / 2
            ),
            lambda feature_map: (feature_map[::2, 1::2] + feature_map[1::2, ::2]) / 2,
            *(
                lambda feature_map, one=one: _blocks(feature_map)[:, one].mean(axis=2)
                for one in (0, 1)
            ),
            *(
                lambda feature_map, one=one: _blocks(feature_map)[..., one].mean(axis=1)
                for one in (0, 1)
            ),
        ),
        "One of the four numbers is taken twice, and another left out.": tuple(
            _one_twice(*two)
            for two in itertools.permutations(itertools.product((0, 1), repeat=2), 2)
        ),
        "The last row or column of blocks is left out: `range(n)` already ends before n.": (
            _only(lambda i, j: (i < i.max()) & (j < j.max())),
            _only(lambda i, j: i < i.max()),
            _only(lambda i, j: j < j.max()),
        ),
        "The means need not be whole numbers: divide by 4 with `/`, not with `//`.": (
            lambda feature_map: _blocks(feature_map).sum(axis=(1, 3)) // 4
        ),
        "The blocks overlap; each begins 2 numbers after the one before.": (
            lambda feature_map: np.lib.stride_tricks.sliding_window_view(feature_map, (2, 2)).mean(
                axis=(2, 3)
            ),
            lambda feature_map: np.lib.stride_tricks.sliding_window_view(feature_map, (2, 2)).mean(
                axis=(2, 3)
            )[: len(feature_map) // 2, : feature_map.shape[1] // 2],
        ),
        "Shapes and `range` take whole numbers: use `//` instead of `/`.": (
            # Of a list, as in `axis=[1, 3]`, the message is almost the same.
            stops("'float' object cannot be interpreted")
        ),
        "Only the first block, or the first row of them, is there: does `return` stand inside the "
        "loop?": (
            _only(lambda i, _: i == 0),
            _only(lambda i, j: i + j == 0),
        ),
        "That is the mean of all numbers; each block of 2 × 2 has its own.": (
            lambda feature_map: float(feature_map.mean())
        ),
        "The order got lost: reshape to (height // 2, 2, width // 2, 2), so that the axes 1 and 3 "
        "lie within a block.": (
            lambda feature_map: feature_map.reshape(
                feature_map.shape[0] // 2, feature_map.shape[1] // 2, 4
            ).mean(axis=2),
            lambda feature_map: feature_map.reshape(
                feature_map.shape[0] // 2, feature_map.shape[1] // 2, 2, 2
            ).mean(axis=(1, 3)),
            lambda feature_map: feature_map.reshape(
                2, feature_map.shape[0] // 2, 2, feature_map.shape[1] // 2
            ).mean(axis=(1, 3)),
            lambda feature_map: feature_map.reshape(-1, 4).mean(axis=1),
        ),
        "The map has no blocks yet: `reshape` it into four axes first.": Looks(
            lambda got, _: re.search("axis [23] is out of bounds .* dimension 2", str(got))
        ),
        "A layer of Keras takes four axes, for images and channels as well: `feature_map[None, :, "
        ":, None]`.": stops("expected ndim=4"),
        **written("feature_map", _POOLED),
        "One number is left: neither add up the pooled map nor pick from it.": Looks(
            lambda got, _: isinstance(got, float)
        ),
    },
)
def mean_pool(feature_map):
    """Return the means of blocks of 2 × 2 numbers."""
    return _blocks(feature_map).mean(axis=(1, 3))


def _smooth(y, right, rest):
    """Return a table of two numbers: that of the right digit, and that of all others."""
    return np.where(np.eye(10)[y] == 1, right, rest)


def _written(*writes):
    """Return functions that begin with a tenth of the share and write into that."""

    def answer(write):
        def table(y, share):
            made = np.full((len(y), 10), share / 10)
            write(made, y, 1 - share)
            return made

        return table

    return tuple(map(answer, writes))


def _add_to_rows(table, y, more):
    table[y] += more


def _add_to_each_row(table, y, more):
    for digit in y:
        table[digit] += more


def _set_rows(table, y, more):
    table[y] = more


def _add_by_labels(table, y, more):
    for i in y:
        table[i, y[i]] += more


def _set_by_labels(table, y, more):
    for i in y:
        table[i, y[i]] = more + (1 - more) / 10


def _same_row(y, share):
    row = np.full(10, share / 10)
    np.add.at(row, y, 1 - share)
    return np.tile(row, (len(y), 1))


def _first_label(rest):
    """Return a function that does the first label only; the others have `rest` of the share."""
    return lambda y, share: np.where(
        np.arange(len(y))[:, None] == 0, smooth_labels(y, share), rest * share
    )


_ROWS = listed("""
The row is the position of a label, the column is the label itself: `for i, label in enumerate(y):
rows[i, label] …`.
    rows = np.full((len(y), 10), share / 10)
    for label in y:
        rows[label, label] += 1 - share
    return rows

First the share is taken away, then a tenth of it is added: `* (1 - share)` belongs to the ones
only.
    (np.eye(10)[y] + share / 10) * (1 - share)

Only the last label is left: keep a row for each, in a table or a list.
    (np.eye(10)[y] * (1 - share) + share / 10)[-1]
    (np.eye(10)[y] * (1 - share) + share / 10)[-1:]

There is a row for each digit there: the table has one row for each label, `len(y)`.
    rows = np.zeros((10, 10)) + share / 10
    for label in y:
        rows[label, label] += 1 - share
    return rows

A diagonal has one row and one column for each label; the columns are the ten digits:
`np.eye(10)[y]`.
    np.diag(y) * (1 - share) + share / 10
    np.diag(y * (1 - share) + share / 10)
    np.diag(y * (1 - share)) + share / 10

Return all ten columns: `[:, :3]` only shortened the example.
    (np.eye(10)[y] * (1 - share) + share / 10)[:, :3]

The others get a tenth of the share each, `share / 10`.
    np.where(np.eye(10)[y] == 1, 1 - share + share / 10, share)
    np.where(np.eye(10)[y] == 1, 1 - share + share / 10, share / 9)

The right digit has to stand out: it alone keeps 1 - share more than the others.
    np.full((len(y), 10), share / 10)
    np.ones((len(y), 10)) * (1 - share) + share / 10

The two values of `np.where` are exchanged: the first stands where the condition is true.
    np.where(np.eye(10)[y] == 1, share / 10, 1 - share + share / 10)

`y == 1` picks the images of a 1; compare the table itself, as in `rows == 1`.
    rows = np.eye(10)[y]
    rows[y == 1] -= share
    return rows + share / 10

The digits begin with 0: take `range(10)`.
    np.eye(11)[y][:, 1:] * (1 - share) + share / 10

Add the tenth of the share; do not multiply by it.
    np.eye(10)[y] * (1 - share) * share / 10
    np.eye(10)[y] * share / 10

A row that is divided by its sum is something else: multiply the ones by 1 - share instead.
    rows = np.eye(10)[y] + share
    return rows / rows.sum(axis=1, keepdims=True)
    (np.eye(10)[y] + share / 10) / (np.eye(10)[y] + share / 10).sum(axis=1, keepdims=True)

`y` has a single axis, and so has what `zeros_like` makes of it: begin with `np.zeros((len(y),
10))`.
    rows = np.zeros_like(y)
    for i, label in enumerate(y):
        rows[i][label] = 1 - share
    return rows + share / 10
""")
_OF_LABELS = next(iter(_ROWS))
_ROWS[_OF_LABELS] += [
    f"""rows = {begin}
for {loop}:
    {change}
return rows{rest}"""
    for begin, loop, change, rest in (
        ("np.zeros((len(y), 10))", "label in y", "rows[label, label] = 1 - share", " + share / 10"),
        (
            "np.full((len(y), 10), share / 10)",
            "i in range(len(y))",
            "rows[i][i] += 1 - share",
            "",
        ),
        (
            "np.eye(10)[y]",
            "label in y",
            "rows[label] = rows[label] * (1 - share) + share / 10",
            "",
        ),
    )
]


@exercise(
    "11.4",
    "Smooth the labels",
    todo="Replace the ... by a table with one row for each label and ten numbers in it.",
    examples=lambda rng: [
        # Labels that are missing or come twice: there are always ten columns, and one row a label.
        (np.array([1, 9]), 0.1),
        (np.array([3, 3, 0]), 0.2),
        # Labels that are positions as well.
        (np.array([0, 2, 1, 0]), 0.3),
        # Nothing to spread: these are one-hot labels.
        (np.arange(10), 0.0),
        (rng.integers(0, 10, 7), round(rng.uniform(0.05, 0.5), 2)),
    ],
    mistakes={
        "Those are still ones and zeros; take the share away and spread it.": (
            lambda y, share: np.eye(10)[y]
        ),
        "Ten digits get a part of the share: divide it by 10, not by 9; the right one gets its "
        "part, too.": lambda y, share: np.where(np.eye(10)[y] == 1, 1 - share, share / 9),
        "The share is given; fixed numbers such as 0.9 and 0.01 fit one of them only.": (
            lambda y, share: np.eye(10)[y] * 0.9 + 0.01,
            lambda y, share: np.eye(10)[y] * (1 - share) + 0.01,
            lambda y, share: np.eye(10)[y] * 0.9 + share / 10,
            lambda y, share: np.where(np.eye(10)[y] == 1, 0.91, 0.01),
        ),
        "The right digit gets its tenth of the share as well, in addition to 1 - share.": (
            lambda y, share: _smooth(y, 1 - share, share / 10)
        ),
        "The whole share is taken away from the 1, not only a tenth of it.": (
            lambda y, share: _smooth(y, 1 - share / 10, share / 10)
        ),
        "The other digits get a tenth of the share, too: add it to all ten numbers.": (
            lambda y, share: np.eye(10)[y] * (1 - share + share / 10)
        ),
        "Only the share is divided by 10: mind the parentheses.": (
            lambda y, share: (np.eye(10)[y] * (1 - share) + share) / 10,
            lambda y, share: (np.eye(10)[y] * (1 - share)) / 10 + share / 10,
            lambda y, share: np.eye(10)[y] * (1 - share) / 10 + share,
        ),
        "There are ten digits to spread the share over: divide it by 10, and by nothing else.": (
            lambda y, share: np.eye(10)[y] * (1 - share) + share / 100,
            lambda y, share: np.eye(10)[y] * (1 - share) + share / (10 * len(y)),
            lambda y, share: np.eye(10)[y] * (1 - share) + share / y,
        ),
        "The share goes from 0 to 1; it is not given in percent.": (
            lambda y, share: np.eye(10)[y] * (1 - share / 100) + share / 1000
        ),
        "An array of whole numbers cuts off the decimals: leave out `dtype=int`.": (
            lambda y, share: np.eye(10)[y] * int(1 - share) + share / 10,
            lambda y, share: smooth_labels(y, share).astype(int),
        ),
        "Only the first label is done: does `return` stand inside the loop?": (
            _first_label(0),
            _first_label(0.1),
        ),
        "That is one row for all labels; make one for each of them.": (
            lambda y, share: np.isin(np.arange(10), y) * (1 - share) + share / 10,
            lambda y, share: smooth_labels(y, share).sum(axis=0),
            lambda y, share: smooth_labels(y, share).mean(axis=0),
            lambda y, share: _same_row(y, share)[0],
        ),
        "A row of labels cannot be compared with ten digits; a column can, `y[:, None]`.": (
            lambda y, share: np.where(y == np.arange(10), 1 - share + share / 10, share / 10)
        ),
        "The labels stand where whole rows are picked: the row and the column belong into the "
        "brackets, as `[np.arange(len(y)), y]`.": _written(
            _add_to_rows, _add_to_each_row, _set_rows
        ),
        "`for i in y` goes through the labels, not through their positions: `range(len(y))`.": (
            _written(_add_by_labels, _set_by_labels)
        ),
        "`[y]` is missing: `np.eye(10)[y]` picks the row of a digit for each label.": (
            lambda y, share: np.eye(10) * (1 - share) + share / 10,
            lambda y, share: np.eye(10) * y * (1 - share) + share / 10,
        ),
        "There is one row for each label, but not always two or ten of them: `len(y)`.": (
            lambda y, share: (
                np.concatenate([np.eye(10)[y], np.zeros((10, 10))])[:10] * (1 - share) + share / 10
            ),
            lambda y, share: (
                np.zeros((2, 10))[np.arange(len(y))] + np.eye(10)[y] * (1 - share) + share / 10
            ),
            lambda y, share: smooth_labels(np.array([1, 9]), share),
        ),
        "The share and the rest are exchanged: 1 - share stays with the right digit.": (
            lambda y, share: np.eye(10)[y] * share + (1 - share) / 10,
            lambda y, share: np.eye(10)[y] * share + share / 10,
            lambda y, share: _smooth(y, share, share / 10),
        ),
        "There are always ten digits, however many labels there are or occur: `np.eye(10)[y]`.": (
            lambda y, share: np.eye(len(y))[y] * (1 - share) + share / 10,
            lambda y, share: np.eye(len(y)) * (1 - share) + share / 10,
            lambda y, share: np.eye(y.max() + 1)[y] * (1 - share) + share / 10,
            lambda y, share: np.eye(len(np.unique(y)))[y] * (1 - share) + share / 10,
            lambda y, share: np.eye(9)[y] * (1 - share) + share / 9,
            lambda y, share: np.eye(11)[y] * (1 - share) + share / 11,
            lambda y, share: np.eye(9)[y] * (1 - share) + share / 10,
            lambda y, share: np.eye(10)[y] * (1 - share) + share / len(y),
        ),
        "Nothing is taken away from the zeros: multiply by `(1 - share)`, in parentheses.": (
            lambda y, share: np.eye(10)[y] - share + share / 10,
            lambda y, share: np.eye(10)[y] - share,
            lambda y, share: np.eye(10)[y] - share / 10,
            lambda y, share: 1 - np.eye(10)[y] * (1 - share) + share / 10,
        ),
        "Digits are counted from 0, so nothing has to be subtracted from the labels.": (
            lambda y, share: np.eye(10)[y - 1] * (1 - share) + share / 10
        ),
        "All rows are the same: in a loop, make a new one for each label; without one, `[:, y]` "
        "is whole columns, and `[np.arange(len(y)), y]` one number of each row.": (
            lambda y, share: (
                np.isin(np.arange(10), y) * (1 - share) + share / 10 + np.zeros((len(y), 1))
            ),
            _same_row,
        ),
        "The labels are numbers from 0 to 9; make a row of zeros with a single 1 of each, "
        "`np.eye(10)[y]`.": lambda y, share: y * (1 - share) + share / 10,
        # Several ways to add too much; the remedy is the same for all.
        "The rows add up to more than 1: take the share away from the 1, and give each digit a "
        "tenth of it.": (
            lambda y, share: np.where(np.eye(10)[y] == 1, 1, share / 10),
            lambda y, share: np.eye(10)[y] * (1 - share) + share,
            lambda y, share: np.eye(10)[y] * (1 - share) + share / 9,
            lambda y, share: np.eye(10)[y] * (1 - share) + share * 10,
            lambda y, share: np.eye(10)[y] + share / 10,
            lambda y, share: np.where(np.eye(10)[y] == 1, 1 - share, share),
        ),
        "The rows add up to less than 1: spread what was taken away, by `/` (`//` makes it 0).": (
            lambda y, share: np.eye(10)[y] * (1 - share)
        ),
        "There is one column for each label; make it one row. (`[y]` picks rows, `[:, y]` columns; "
        "`y[:, None]` is a column of labels; of two loops, the outer one goes through the labels; "
        "`.T` is left out.)": lambda y, share: (np.eye(10)[y] * (1 - share) + share / 10).T,
        **written("y, share", _ROWS),
        "There are 11 columns, but ten digits: `np.eye(10)`, or in a loop an `else`, so that each "
        "digit gets one number.": Looks(lambda got, right: got.ndim == 2 and got.shape[1] == 11),
    },
)
def smooth_labels(y, share):
    """Return one-hot labels of which a share is spread over all ten digits."""
    return np.eye(10)[y] * (1 - share) + share / 10


_MOST = 8  # kernels
_BLOCK = 3  # its side, in which the largest value is kept


@functools.cache
def _halves():
    """Return images, labels, and which of them are for learning: every second one of a digit."""
    X, y = data.load_data()
    return X.reshape(-1, 20, 20), y, np.arange(len(y)) % 2 == 0


def _maps(kernel, images):
    """Return the pooled map of each image: float64 (n, 36), whatever the size of the kernel's."""
    places = sum(
        kernel[i, j] * images[:, i : i + 18, j : j + 18] for i in range(3) for j in range(3)
    )
    size = 18 // _BLOCK
    blocks = np.maximum(places, 0).reshape(-1, size, _BLOCK, size, _BLOCK)
    pooled = blocks.max(axis=(2, 4)).reshape(len(images), -1)
    return pooled / max(pooled.max(), 1e-12)


def read_by_dense(features):
    """Return which percentage of one half a dense layer reads, fitted to the other half."""
    _, labels, known = _halves()
    features = np.hstack([features, np.ones((len(labels), 1))])
    # The weights whose outputs come nearest to 1 for the right digit and to 0 for the others.
    F, wanted = features[known], np.eye(10)[labels[known]]
    W = np.linalg.solve(F.T @ F + 0.1 * np.eye(F.shape[1]), F.T @ wanted)
    return 100 * ((features[~known] @ W).argmax(axis=1) == labels[~known]).mean()


@open_task(
    "11.5",
    "Eight kernels of your own",
    todo="Replace the ... by an array of up to eight kernels, of the shape (8, 3, 3).",
    ours=94.9,
    enough=94.2,
    form="{:.1f} %",
)
def untrained_kernels(answer):
    """Return which percentage a dense layer reads in the maps of some kernels, and advice."""
    try:
        kernels = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        raise HintError(f"The check needs an array of kernels, but got {show(answer)}.") from None
    if kernels.ndim != 3 or kernels.shape[1:] != (3, 3) or not 1 <= len(kernels) <= _MOST:
        raise HintError(
            "The array should have the shape (8, 3, 3), or fewer kernels than 8, but its shape is "
            f"{kernels.shape}."
        )
    if not np.isfinite(kernels).all():
        raise HintError("Some of its numbers are nan or infinite.")
    images, _, _ = _halves()
    score = read_by_dense(np.hstack([_maps(kernel, images) for kernel in kernels]))
    silent = [i for i, kernel in enumerate(kernels) if not _maps(kernel, images).any()]
    if silent:
        return score, (
            f"ReLU cuts off all that kernel {silent[0]} finds, because none of its sums is above "
            "0. Give it numbers above 0 where it looks for ink."
        )
    if len(kernels) < _MOST:
        return score, f"you may have {_MOST} kernels, but this array holds {len(kernels)}."
    if abs(kernels.sum(axis=(1, 2))).mean() > abs(kernels).sum(axis=(1, 2)).mean() / 2:
        return score, (
            "most of these answer to ink of any shape. Let the numbers of a kernel add up to 0, "
            "and it answers to edges or lines."
        )
    if score < 94.2:
        return score, (
            "kernels of random numbers reach about 93 %. Take an edge, and turn it to all sides "
            "with `np.rot90`: ReLU hides the edges that lie the other way around."
        )
    if score < 94.7:
        return score, (
            "the edges of a stroke tell something, and so does its middle line: a row of "
            "numbers above 0 between two rows below 0."
        )
    return score, (
        "which of your kernels could you do without? Leave out one at a time, and put something "
        "else in its place, such as a corner or the end of a stroke."
    )


# Wrong answers as learners write them, each with part of the hint that it must get.

wrong_results(
    "11.1",
    {
        "One more place": "(size - window) // 2",
        "must not go beyond the edge": "size // 2",
        "before pooling": "size - window + 1",
        "round down": "-((window - size - 1) // 2)",
        "no halves": "(size - window + 1) / 2",
        "not the area": "((size - window + 1) // 2) ** 2",
        "It never uses `size`": "(28 - window + 1) // 2",
        "It never uses `window`": "(size - 2) // 2",
        "so it stands in parentheses": "size - window + 1 // 2",
        "First the convolution": "size // 2 - window + 1",
        "windows of 3 × 3 only": (
            "convolve(np.zeros((size, size)), np.ones((window, window))).shape[0] // 2"
        ),
    },
)

wrong_written("11.1", _SIZES)

wrong_results(
    "11.2",
    {
        "window × window": "window * channels * filters + bias * filters",
        "a kernel for each channel": "(window**2 + bias) * filters",
        "multiply by their number": "window**2 * channels + bias",
        "one more parameter": "window**2 * channels * filters",
        "filters twice: inside": "(window**2 * channels + bias * filters) * filters",
        "neither twice": "2 * window * channels * filters + bias * filters",
        "do not add them": "window**2 * (channels + filters) + bias * filters",
        "wrong way round": "(window**2 * channels + (not bias)) * filters",
        "only if `bias` is true": "(window**2 * channels + 1) * filters",
        "not one for all of them": "window**2 * channels * filters + bias",
        "not one for each channel": "(window**2 + bias) * channels * filters",
        "no window and no channels": "window**2 * channels * (filters + bias)",
    },
)

wrong_results(
    "11.1",
    {
        "The whole of size - window + 1": "size - window + 1 / 2",
        "the window is subtracted": "(window - size + 1) // 2",
        "not twice or half": "(size - 2 * window) // 2",
        "cannot be reshaped": "np.zeros(size - window + 1).reshape((size - window + 1) // 2, 2)"
        ".shape[0]",
    },
)

wrong_results(
    "11.2",
    {
        "no power in Python": "window ^ 2 * channels * filters + bias * filters",
        "only they are counted": "filters if bias else window**2 * channels * filters",
        "not `2**window`": "(2**window * channels + bias) * filters",
        "serve all places": "window**2 * channels * filters * 26 * 26 + bias * filters",
        "asks for one number": "window**2 * channels * filters, bias * filters",
        "it has no window": "window**2 * (channels + bias) * filters",
        "multiply the numbers": "window**2 + channels + filters + bias * filters",
        "There is a bias for each filter": (
            "window**2 * channels * filters + bias * (filters + channels)"
        ),
    },
)

_BLOCKS = "feature_map.reshape(len(feature_map) // 2, 2, -1, 2)"

wrong_results(
    "11.3",
    {
        "has no blocks yet": "feature_map.mean(axis=(1, 3))",
        "neither add up": f"{_BLOCKS}.mean(axis=(1, 3)).max()",
        "taken side by side": f"{_BLOCKS}.mean(axis=1), {_BLOCKS}.mean(axis=3)",
        "taken twice": "(feature_map[::2, ::2] + feature_map[::2, 1::2] + feature_map[1::2, ::2] "
        "+ feature_map[::2, ::2]) / 4",
        "takes four axes": "tf.keras.layers.AveragePooling2D(2)(feature_map).numpy()",
        "keeps the largest": f"{_BLOCKS}.max(axis=(1, 3))",
        "divide it by 4": f"{_BLOCKS}.sum(axis=(1, 3))",
        "two neighbors in a row; take two rows": "(feature_map[:, ::2] + feature_map[:, 1::2]) / 2",
        "the means of two rows": "(feature_map[::2] + feature_map[1::2]) / 2",
        "those that remain": f"{_BLOCKS}.mean(axis=(0, 2))",
        "not with `//`": f"{_BLOCKS}.sum(axis=(1, 3)) // 4",
        "every second number": "feature_map[::2, ::2]",
        "the mean of all numbers": "feature_map.mean()",
        "The order got lost": "feature_map.reshape(len(feature_map) // 2, -1, 4).mean(axis=2)",
    },
)

_LOOPS = (
    "height, width = feature_map.shape\n    result = np.zeros((height // 2, width // 2))\n"
    "    for row in range(height // 2):\n        for column in range(width // 2):\n"
    "            result[row, column] = "
    "feature_map[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].mean()\n"
)

wrong_bodies(
    "11.3",
    {
        "belongs to `[row // 2": _LOOPS.replace("t // 2)", "t)").replace("h // 2):", "h):")
        + "    return result",
        "already ends before n": _LOOPS.replace("// 2):", "// 2 - 1):") + "    return result",
        "half as many rows": _LOOPS.replace("((height // 2, width // 2))", "((height, width))")
        + "    return result",
        "cut out rows twice": _LOOPS.replace("+ 2, 2", "+ 2][2") + "    return result",
        "leaves out its end": _LOOPS.replace("+ 2", "+ 3") + "    return result",
        "cuts off the decimals": _LOOPS + "    return result.astype(int)",
        "their shape is not": _LOOPS + "    return result.ravel()",
        "the first row of them": _LOOPS + "            return result",
        "Only the last row": _LOOPS + "    return result[-1:]",
        "by one number at a time": "return (feature_map[:-2, :-2] + feature_map[1:-1, 1:-1]) / 4",
        "an axis is gone": f"return {_BLOCKS}.mean(axis=1).mean(axis=3)",
        "the blocks themselves": f"return {_BLOCKS}",
        "by nothing else": f"return {_BLOCKS}.sum(axis=(1, 3)) / feature_map.size",
        "Only two of the four": f"return ({_BLOCKS}.max(axis=(1, 3)) + {_BLOCKS}.min(axis=(1, 3)))"
        " / 2",
        "Shapes and `range`": "return [row for row in range(len(feature_map) / 2)]",
        "axes 1 and 3": "return feature_map.reshape(len(feature_map) // 2, -1, 2, 2).mean((1, 3))",
        "several axes stand": f"return {_BLOCKS}.mean(axis=[1, 3])",
    },
)

wrong_written("11.3", _POOLED)

_HOT = "np.eye(10)[y]"

wrong_results(
    "11.4",
    {
        "still ones and zeros": _HOT,
        "fixed numbers such as": f"{_HOT} * 0.9 + 0.01",
        "The share and the rest": f"{_HOT} * share + (1 - share) / 10",
        "not by 9": f"np.where({_HOT} == 1, 1 - share, share / 9)",
        "more than 1": f"{_HOT} * (1 - share) + share",
        "less than 1": f"{_HOT} * (1 - share)",
        "`.T` is left out": f"({_HOT} * (1 - share) + share / 10).T",
    },
)

_TABLE = (
    "table = np.full((len(y), 10), share / 10)\n    for i, digit in enumerate(y):\n"
    "        table[i, digit] += 1 - share\n"
)

wrong_bodies(
    "11.4",
    {
        "its tenth of the share as well": f"return np.where({_HOT} == 1, 1 - share, share / 10)",
        "not only a tenth": f"return np.where({_HOT} == 1, 1 - share / 10, share / 10)",
        "The other digits": f"return {_HOT} * (1 - share + share / 10)",
        "mind the parentheses": f"return ({_HOT} * (1 - share) + share) / 10",
        "to spread the share over": f"return {_HOT} * (1 - share) + share / {_HOT}.size",
        "not given in percent": f"return {_HOT} * (1 - share / 100) + share / 1000",
        "leave out `dtype=int`": "table = np.zeros((len(y), 10), dtype=int)\n"
        "    table[np.arange(len(y)), y] = 1 - share\n    return table + share / 10",
        "Only the first label": _TABLE + "        return table",
        "one row for all labels": "row = np.full(10, share / 10)\n    row[y] += 1 - share\n"
        "    return row",
        "a column can": "return np.where(y == np.arange(10), 1 - share + share / 10, share / 10)",
        "whole rows are picked": "table = np.full((len(y), 10), share / 10)\n"
        "    table[y] += 1 - share\n    return table",
        "through their positions": "table = np.full((len(y), 10), share / 10)\n"
        "    for i in y:\n        table[i, y[i]] += 1 - share\n    return table",
        "`[y]` is missing": "return np.eye(10) * (1 - share) + share / 10",
        "Nothing is taken away": f"return {_HOT} - share",
        "All rows are the same": "row, rows = np.full(10, share / 10), []\n    for digit in y:\n"
        "        row[digit] += 1 - share\n        rows.append(row)\n    return np.array(rows)",
    },
)

wrong_written("11.4", _ROWS)
wrong_bodies(
    "11.4",
    {
        "in a loop an `else`": "rows = []\n    for label in y:\n        row = []\n"
        "        for d in range(10):\n            if d == label:\n"
        "                row.append(1 - share + share / 10)\n            row.append(share / 10)\n"
        "        rows.append(row)\n    return np.array(rows)",
    },
)

wrong("11.5", "an array of kernels", 'own_kernels = "edges"')
wrong("11.5", "its shape is (3, 3)", "own_kernels = np.eye(3)")
wrong("11.5", "its shape is (9, 3, 3)", "own_kernels = np.ones((9, 3, 3))")
wrong("11.5", "nan or infinite", "own_kernels = np.full((8, 3, 3), np.inf)")
wrong("11.5", "ReLU cuts off all", "own_kernels = -np.ones((8, 3, 3))")
wrong("11.5", "you may have 8", "own_kernels = np.eye(3)[None]")
wrong("11.5", "ink of any shape", "own_kernels = np.ones((8, 3, 3))")
_EDGE = "[[1, 1, 1], [0, 0, 0], [-1, -1, -1]]"

wrong("11.5", "turn it to all sides", f"own_kernels = np.array([{_EDGE}] * 8)")

wrong_results(
    "11.1",
    {
        "fits only odd windows": "(size - 2 * (window // 2)) // 2",
    },
)
wrong_results(
    "11.2",
    {
        "the whole sum": "window**2 * channels * filters + filters if bias else 0",
        "write `**`": "((window ^ 2) * channels + bias) * filters",
    },
)
wrong_results(
    "11.3",
    {
        "each quarter of the map": "sum(part for half in np.split(feature_map, 2) "
        "for part in np.split(half, 2, axis=1)) / 4",
        "Put parentheses around the sum": "feature_map[::2, ::2] + feature_map[1::2, ::2] "
        "+ feature_map[::2, 1::2] + feature_map[1::2, 1::2] / 4",
    },
)
wrong_results(
    "11.4",
    {
        "There are always ten digits": "np.eye(y.max() + 1)[y] * (1 - share) + share / 10",
    },
)
