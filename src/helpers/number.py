"""From a picture of a number to its digits, each as in MNIST."""

import warnings

import numpy as np

from helpers.ink import check_size, find_ink, steps_of
from helpers.row import split_row


def to_digits(picture, size=20):
    """Turn a picture of a number into its digits, each prepared as `to_digit` prepares one.

    Parameters
    ----------
    picture : array-like, shape (height, width)
        Grayscale, as in `to_digit`, with digits in one row. They may differ in height, and their
        distances, too. Digits that touch are cut apart where only a single stroke joins them.
    size : int
        20, as in the 5,000 digits of the series, or 28, as in MNIST.

    Returns
    -------
    list of ndarray of float32, shape (size, size)
        From left to right; 0 is paper, 1 is ink. Empty if there is no ink.

    Raises
    ------
    ValueError
        If `picture` or `size` is not as described.

    Warns
    -----
    UserWarning
        If digits seem to touch, and there is no clear place to cut: they are prepared as one.
    """
    found, problem = number_steps(picture, size)
    if problem:
        warnings.warn(problem, stacklevel=2)
    return [steps["final"].astype(np.float32) / 255 for steps in found]


def number_steps(picture, size=20):
    """Return what each step of `to_digits` makes of a picture.

    Parameters
    ----------
    picture, size
        As in `to_digits`.

    Returns
    -------
    steps : list of dict
        For each digit, from left to right, what `helpers.ink.digit_steps` returns.
    problem : str
        A sentence about digits that touch and were not cut apart; empty if there are none.
    """
    check_size(size)
    ink = find_ink(picture)
    if ink is None:
        return [], ""
    digits, unclear = split_row(ink)
    return [steps_of(digit, size) for digit in digits], _name(unclear, len(digits))


def _name(unclear, count):
    """Say which digits, by their positions, look like several of them."""
    if not unclear:
        return ""
    start, verb = "This", "looks"
    if count > 1:
        *others, last = (str(position + 1) for position in unclear)
        start = f"Digits {', '.join(others)} and {last}" if others else f"Digit {last}"
        start += ", counted from the left,"
        verb = "look" if others else "looks"
    return (
        f"{start} {verb} like digits that touch, and it is not clear where to cut. "
        "Leave a gap between them."
    )
