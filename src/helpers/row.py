"""The digits of one row: which pieces of ink belong together, and where digits that touch part."""

import numpy as np

# Shares of the height of the highest piece. A piece that is _HIGH is a digit or the larger part of
# one. What is less high belongs to a digit, as the bar of a five does, unless it is a small digit:
# higher than _ALONE and farther than _FAR from all others.
_HIGH, _ALONE, _FAR = 0.45, 0.33, 0.2
_SMALLEST = 8  # pixels: dots are no digits
# What is this many times as wide as high may be cut if both parts have this share of its height;
# what is still wider and not cut is unclear. (Few digits are so wide, and most are zeros.)
_WIDE, _PART, _TOO_WIDE = 1.15, 0.75, 1.3
# A digit less high than this share of the highest one may be as wide as if it were so high.
_USUAL = 0.9
_SOLID = 60  # what is paler is the edge of a stroke
# To cross a further stroke is worse than to go through ink for this share of the height.
_ENTRY = 0.3


def split_row(ink, gap=0.02):
    """Part the ink of a row into its digits.

    Parameters
    ----------
    ink : ndarray of uint8, shape (height, width)
        255 is ink, 0 is paper, as `helpers.ink.find_ink` returns it; not empty. With at most 28
        pixels a side, it is an image of MNIST, and a single digit.
    gap : float
        Pieces that are nearer than this share of the height of all ink are parts of one digit, for
        a stroke may be interrupted, as by the edge of a shadow.

    Returns
    -------
    digits : list of ndarray of uint8, shape (height, width)
        From left to right. Together they are the ink; each pixel of it belongs to one digit.
    unclear : list of int
        Positions in `digits` of what looks like digits that touch, but has no clear place to cut.

    Notes
    -----
    Pieces that hang together or lie above each other are one digit. Digits that touch are cut
    along the path from top to bottom that crosses the fewest strokes and the least ink, if that is
    a single stroke and there is something high on both sides: no other path is clear.
    """
    if max(ink.shape) <= 28:
        return [ink], []
    step = -(-max(ink.shape) // 400)  # a finer look finds nothing else
    padded = np.pad(ink, [(0, -length % step) for length in ink.shape])
    rows, columns = (length // step for length in padded.shape)
    small = padded.reshape(rows, step, columns, step).max(axis=(1, 3))
    masks = _group(small, gap)
    usual = _USUAL * max(_length(mask, axis=0) for mask in masks)
    found = [part for mask in masks for part in _cut(np.where(mask, small, 0), usual)]
    unclear = [position for position, (_, doubt) in enumerate(found) if doubt]
    if len(found) == 1:
        return [ink], unclear
    digits = []
    for part, _ in found:
        mask = (part > 0).repeat(step, axis=0).repeat(step, axis=1)
        digits.append(np.where(mask[: ink.shape[0], : ink.shape[1]], ink, np.uint8(0)))
    return digits, unclear


def count_digits(ink):
    """Return how many digits ink that is taken for one seems to hold; one, if in doubt."""
    return len(split_row(ink, gap=0.05)[0])


def _group(ink, gap):
    """Return a mask for each digit, from left to right; digits that touch share one."""
    from scipy import ndimage

    width = 2 * int(gap / 2 * _length(ink, axis=0)) + 1
    pieces, count = ndimage.label(ndimage.maximum_filter(ink, width), np.ones((3, 3)))
    pieces[ink == 0] = 0
    numbers = np.arange(1, count + 1)
    heights = np.array([place[0].stop - place[0].start for place in ndimage.find_objects(pieces)])
    amounts = ndimage.sum_labels(ink / 255, pieces, numbers)
    # A sliver, such as what is left of a line, is no digit, however high.
    solid = amounts >= min(0.15 * amounts.max(), 0.03 * heights.max() ** 2)
    highest = heights[solid].max()
    if highest < _SMALLEST:
        return [ink > 0]
    large = solid & (heights >= _HIGH * highest)
    groups = []
    for number in numbers[large]:
        mask = pieces == number
        joined = [group for group in groups if _overlap(group, mask)]
        groups = [group for group in groups if not _overlap(group, mask)]
        groups.append(np.logical_or.reduce([*joined, mask]))
    if large.all():
        return sorted(groups, key=_middle)
    gaps = np.array([
        ndimage.minimum(ndimage.distance_transform_edt(~group), pieces, numbers) for group in groups
    ])
    far = gaps.min(axis=0) > _FAR * highest
    alone = solid & ~large & far & (heights > _ALONE * highest)
    for position, group in enumerate(groups):
        near = gaps.argmin(axis=0) == position
        group |= np.isin(pieces, numbers[near & ~large & ~alone])
    return sorted([*groups, *(pieces == number for number in numbers[alone])], key=_middle)


def _middle(mask):
    """Return the middle of the columns that marks take."""
    return np.flatnonzero(mask.any(axis=0))[[0, -1]].mean()


def _length(marks, axis):
    """Return how high (axis 0) or wide (axis 1) marks are, from the first to the last."""
    places = np.flatnonzero(marks.any(axis=1 - axis))
    return places[-1] - places[0] + 1 if len(places) else 0


def _overlap(a, b):
    """Return whether one lies above, in or around the other rather than beside it."""
    (left, right), (start, stop) = (
        np.flatnonzero(mask.any(axis=0))[[0, -1]] + [0, 1] for mask in (a, b)
    )
    overlap = min(right, stop) - max(left, start)
    if overlap <= 0.25 * min(right - left, stop - start):
        return False
    # Slanted digits stand beside each other in each of their rows.
    first, second = sorted((a, b), key=_middle)
    rows = a.any(axis=1) & b.any(axis=1)
    if rows.sum() < 0.5 * min(_length(mask, axis=0) for mask in (a, b)):
        return True
    end = first.shape[1] - 1 - first[rows, ::-1].argmax(axis=1)
    return (end < second[rows].argmax(axis=1)).mean() < 0.9


def _cut(ink, usual):
    """Cut where digits touch, if that is clear: return the ink of each, and if it is unclear."""
    height = _length(ink, axis=0)
    ratio = _length(ink, axis=1) / max(height, usual)
    if ratio <= _WIDE:
        return [(ink, False)]
    path = _path(ink)
    crossed = np.take_along_axis(ink, path[:, None], axis=1)[:, 0] > _SOLID
    if crossed.sum() > 0.5 * height:
        return [(ink, False)]  # a bar or a blob, not digits
    strokes = (np.diff(crossed, prepend=False).sum() + 1) // 2
    left = np.arange(ink.shape[1]) < path[:, None]
    parts = [np.where(left, ink, 0), np.where(left, 0, ink)]
    high = all(_length(part > _SOLID, axis=0) >= _PART * height for part in parts)
    much = min(part.sum(dtype=np.int64) for part in parts) >= 0.15 * ink.sum(dtype=np.int64)
    if strokes > 1 or not high or not much:
        return [(ink, ratio > _TOO_WIDE)]
    return [found for part in parts for found in _cut(part, usual)]


def _path(ink):
    """Return for each row the column where the clearest cut goes, the first to the right of it.

    It goes from top to bottom through the middle 60 % of the ink's width, by one column a row at
    most, and crosses few strokes and little ink; found by dynamic programming.
    """
    columns = np.flatnonzero(ink.any(axis=0))
    start, width = columns[0], np.ptp(columns) + 1
    start, stop = start + width // 5, start + -(-4 * width // 5)
    solid = ink[:, start:stop] > _SOLID
    cost = ink[:, start:stop] / 255 + 0.001
    count = stop - start
    entry = _ENTRY * _length(ink, axis=0)  # what it costs to come from paper to ink
    came_from = np.zeros(cost.shape, int)
    for row in range(1, len(cost)):
        before = np.pad(cost[row - 1], 1, constant_values=np.inf)
        entered = np.pad(cost[row - 1] + entry * ~solid[row - 1], 1, constant_values=np.inf)
        ways = np.stack([
            np.where(solid[row], entered[way:][:count], before[way:][:count]) for way in range(3)
        ])
        ways[[0, 2]] += 0.001  # straight on, if it makes no difference
        came_from[row] = ways.argmin(axis=0) - 1
        cost[row] += ways.min(axis=0)
    path = np.empty(len(cost), int)
    path[-1] = cost[-1].argmin()
    for row in range(len(cost) - 1, 0, -1):
        path[row - 1] = path[row] + came_from[row, path[row]]
    return path + start
