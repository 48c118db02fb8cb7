"""Digits of MNIST as other hands would write them: bent, with one more stroke, with a bold pen."""

import numpy as np

_Y, _X = np.mgrid[:28, :28].astype(np.float32)
_PART = 100  # images warped at once, to save memory


def warp(images, rng, bend, shift=0.5, stretch=0.1, turn=0.03):
    """Return each image shifted, stretched, slanted, turned and bent a little, at random.

    Elastic distortion after Simard, Steinkraus and Platt (2003), with 16 soft bumps in the place
    of a blurred random field. For each pixel it is computed from where its ink comes: the sum of
    19 fields of arrows, each with a random strength from a normal distribution. That place lies
    between pixels, so the ink is the mean of the four around it, weighted by nearness.

    Parameters
    ----------
    images : ndarray of float32, shape (n, 28, 28)
        Digits as in MNIST, paper 0.
    rng : numpy.random.Generator
        Draws the strengths.
    bend : float
        Standard deviation of each of the 16 bumps, in pixels.
    shift : float
        The same of the shift to the right and of that down, in pixels.
    stretch : float
        The same of how much wider and how much higher, as a share of the size.
    turn : float
        The same of how far rows and columns lean; both together turn or slant.

    Returns
    -------
    ndarray of float32, shape (n, 28, 28)
        The warped images; `images` stays as it is.

    Raises
    ------
    ValueError
        If `images` has another shape.
    """
    if images.shape[1:] != (28, 28):
        raise ValueError(f"Images must have the shape (n, 28, 28), not {images.shape}.")
    bends = 16 * [bend]
    sizes = [[shift, stretch, turn, *bends], [shift, turn, stretch, *bends]]
    sizes = np.array(sizes, dtype=np.float32)[:, None]
    warped = np.empty_like(images)
    for start in range(0, len(images), _PART):
        part = images[start : start + _PART]
        strengths = sizes * rng.standard_normal((2, len(part), 19), dtype=np.float32)
        x, y = np.clip(_FIELDS[1:3, None] + 13.5 + strengths @ _FIELDS, -2, 28.99) + 2
        left, top = x.astype(np.int32), y.astype(np.int32)  # the pixel to the upper left
        x, y = x - left, y - top  # how far beyond it, from 0 to 1
        ink = np.pad(part, ((0, 0), (2, 2), (2, 2))).ravel()  # a margin of 2: 32 by 32 pixels
        corner = 1024 * np.arange(len(part), dtype=np.int32)[:, None] + 32 * top + left
        above = (1 - x) * ink.take(corner) + x * ink.take(corner + 1)
        below = (1 - x) * ink.take(corner + 32) + x * ink.take(corner + 33)
        warped[start : start + _PART] = ((1 - y) * above + y * below).reshape(part.shape)
    return warped


def _fields_of_arrows():
    """Return 19 fields over 28 × 28 pixels, float32 (19, 784), from 0 in the middle.

    All pixels alike; columns; rows; 16 bumps, 7 pixels apart and about as wide.
    """
    rows, columns = np.mgrid[-13.5:14, -13.5:14]
    bumps = np.exp(-(((np.arange(28)[:, None] - np.arange(3.5, 28, 7)) / 7) ** 2)).T
    fields = [np.ones((28, 28)), columns, rows, *(np.outer(a, b) for a in bumps for b in bumps)]
    return np.array(fields, dtype=np.float32).reshape(19, 784)


_FIELDS = _fields_of_arrows()


def other_hands(images, labels, rng):
    """Draw onto some digits the stroke that people elsewhere would add.

    MNIST was written in the United States: its 1 is mostly a bare stem, its 7 has no bar. In many
    other countries a 1 has a flag, often a foot as well; a 7 has a bar, and a 9 ends in a hook.

    Parameters
    ----------
    images : ndarray of float32, shape (n, 28, 28)
        Digits as in MNIST, from 0 (paper) to 1 (ink).
    labels : ndarray of integers, shape (n,)
        Which digits they are.
    rng : numpy.random.Generator
        Chooses among the 1, 7 and 9 those that get a stroke, and the shape of it.

    Returns
    -------
    ndarray of float32, shape (n, 28, 28)
        The images with their strokes; `images` stays as it is.

    Raises
    ------
    ValueError
        If shapes do not match.
    """
    if images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise ValueError(
            "There must be images in the shape (n, 28, 28) and n labels, but their shapes are "
            f"{images.shape} and {labels.shape}."
        )
    images = images.copy()
    for digit, share, add in ((1, 0.6, _flag_and_foot), (7, 0.5, _bar), (9, 0.4, _hook)):
        chosen = np.flatnonzero((labels == digit) & (rng.random(len(labels)) < share))
        if len(chosen):
            images[chosen] = add(images[chosen], _Between(rng, len(chosen)))
    return images


def bold_pen(images, rng):
    """Fill the narrow gaps and small loops that a bolder pen would have filled, in some images.

    A morphological closing: for one or two rounds each pixel becomes the largest of itself and
    its four neighbors, then, for as many rounds, the smallest.

    Parameters
    ----------
    images : ndarray of float32, shape (n, height, width)
        From 0 (paper) to 1 (ink).
    rng : numpy.random.Generator
        Chooses: 70 % of the images stay, 15 % get one round, 15 % two.

    Returns
    -------
    ndarray of float32, shape (n, height, width)
        The images; `images` stays as it is.
    """
    closed = images.copy()
    rounds = rng.choice(3, size=len(images), p=[0.7, 0.15, 0.15])
    for count in (1, 2):
        some = images[rounds == count]
        for extreme in count * [np.maximum] + count * [np.minimum]:
            some = _with_neighbors(some, extreme)
        closed[rounds == count] = some
    return closed


def _with_neighbors(images, extreme):
    """Return the maximum, or minimum, of each pixel and its four neighbors; around is paper."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    result = images.copy()
    for neighbor in (
        padded[:, :-2, 1:-1],
        padded[:, 2:, 1:-1],
        padded[:, 1:-1, :-2],
        padded[:, 1:-1, 2:],
    ):
        extreme(result, neighbor, out=result)
    return result


class _Between:
    """Random numbers, one for each of `n` images: ``between(0.2, 0.5)``."""

    def __init__(self, rng, n):
        self.rng, self.n = rng, n

    def __call__(self, low, high):
        return self.rng.uniform(low, high, self.n).astype(np.float32)


def _flag_and_foot(images, between):
    """Give a bare 1 a flag, from its top down to the left, and some of them a foot."""
    ink = images.sum(axis=(1, 2))
    x, y = (images * _X).sum(axis=(1, 2)) / ink, (images * _Y).sum(axis=(1, 2)) / ink
    from_x, from_y = _X - x[:, None, None], _Y - y[:, None, None]
    # The stem is the straight line through the ink, by least squares: x + slant (row - y).
    slant = (images * from_x * from_y).sum(axis=(1, 2)) / (images * from_y**2).sum(axis=(1, 2))
    beside = (images * (from_x - slant[:, None, None] * from_y) ** 2).sum(axis=(1, 2)) / ink
    top, bottom = _rows(images)
    height = bottom - top
    width = np.clip(ink / np.maximum(height * np.sqrt(1 + slant**2), 5), 1.5, 4)
    edge = (width - 1) / 2
    # Ink that lies within a stroke this wide varies by width²/12; more means a flag is there.
    bare = (beside < width**2 / 12 * 2.5) & (height > 10)

    start_x, start_y = x + slant * (top - y), top + edge
    length, angle = between(0.15, 0.8) * height, np.deg2rad(between(22, 70))
    end_x, end_y = start_x - length * np.cos(angle), start_y + length * np.sin(angle)
    flag = _stroke(start_x, start_y, end_x, end_y, width)
    with_flag = bare & (between(0, 1) < 0.9)

    foot_x, foot_y, tilt = x + slant * (bottom - y), bottom - edge, between(-0.15, 0.15)
    left, right = between(0.05, 0.4) * height, between(0.05, 0.4) * height
    ends = (foot_x - left, foot_y + tilt * left, foot_x + right, foot_y - tilt * right)
    foot = _stroke(*ends, width)
    with_foot = bare & (between(0, 1) < 0.4)
    return _add(_add(images, flag, with_flag), foot, with_foot)


def _bar(images, between):
    """Give a 7 a short bar across its stem, near the middle."""
    top, bottom = _rows(images)
    y = top + (bottom - top) * between(0.4, 0.65)
    row = images[np.arange(len(images)), y.astype(int)]
    ink = np.maximum(row.sum(axis=1), 0.1)
    x = (row * _X[0]).sum(axis=1) / ink
    spread = (row * (_X[0] - x[:, None]) ** 2).sum(axis=1) / ink
    left, right, tilt = between(2, 6), between(2, 6), between(-0.3, 0.3)
    width = np.clip(images.sum(axis=(1, 2)) / 38, 1.5, 3.5)
    bar = _stroke(x - left, y + tilt * left, x + right, y - tilt * right, width)
    return _add(images, bar, (spread < 6) & (ink > 0.5))  # where one stroke crosses this row


def _hook(images, between):
    """Give a 9 a hook at its foot, to the left and up."""
    ink = images.sum(axis=(1, 2))
    width = np.clip(ink / 45, 1.5, 3.5)
    top, bottom = _rows(images)
    row = images[np.arange(len(images)), bottom.astype(int)]
    x, y = (row * _X[0]).sum(axis=1) / row.sum(axis=1), bottom - (width - 1) / 2
    length, rise = between(0.15, 0.5) * (bottom - top), between(-0.1, 0.6)
    middle_x, middle_y = x - length / 2, y + between(0, 0.12) * length
    hook = np.maximum(
        _stroke(x, y, middle_x, middle_y, width),
        _stroke(middle_x, middle_y, x - length, y - rise * length, width),
    )
    # A foot that already lies far to the left is a hook.
    return _add(images, hook, x > (images * _X).sum(axis=(1, 2)) / ink - 2)


def _rows(images):
    """Return the first and the last row with ink of each image, float32 (n,) and (n,)."""
    inked = images.max(axis=2) > 0.4
    first, last = inked.argmax(axis=1), 27 - inked[:, ::-1].argmax(axis=1)
    return first.astype(np.float32), last.astype(np.float32)


def _stroke(start_x, start_y, end_x, end_y, width):
    """Return straight strokes with round ends, float32 (n, 28, 28), from values of shape (n,)."""
    x, y, dx, dy, width = (
        values[:, None, None]
        for values in (start_x, start_y, end_x - start_x, end_y - start_y, width)
    )
    along = ((_X - x) * dx + (_Y - y) * dy) / (dx**2 + dy**2 + 1e-6)
    along = np.clip(along, 0, 1)
    distance = np.hypot(_X - x - along * dx, _Y - y - along * dy)
    return np.clip(width / 2 + 0.5 - distance, 0, 1)


def _add(images, strokes, where):
    """Return the images with the strokes drawn onto those `where` is true."""
    return np.where(where[:, None, None], np.maximum(images, strokes), images)
