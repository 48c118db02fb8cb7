"""Read whole numbers: rows of 2 to 6 digits, found by `to_digits`.

    .venv/bin/python -m bench numbers
    .venv/bin/python -m bench numbers --strokes FILE

The rows are of MNIST's test images, of which the network has seen none; some of them were looked at
when the shares at the top of helpers/row.py were chosen. The digits differ in height and distance.
With FILE, which `bench/strokes.py` describes, there are also rows of pen strokes, drawn as on the
wide canvas, in different sizes as well. A number counts only if all of its digits are right. Writes
a section of bench/RESULTS.md.
"""

import sys
import warnings

import numpy as np

from bench import results
from bench.strokes import load
from helpers import draw_strokes, load_mnist, to_digits
from helpers.ink import WIDE, cut_out

SECTION = "Whole numbers"
ROWS = 1000
LENGTHS = range(2, 7)
# How far apart two digits are, in pixels of MNIST: the ink of a digit is 20 high.
GAPS = {"apart": (1, 8), "touching": (-3, 0)}


def row_of_images(images, gaps, rng):
    """Return images of MNIST in a row: uint8 (height, width), 255 is ink.

    Each is up to 6 pixels lower than the highest; `gaps` are the least and the largest distance in
    columns. Below 0, the boxes of the digits overlap, so many of them touch.
    """
    cut = [cut_out(image) for image in images]
    lower = rng.integers(7, size=len(cut))
    distances = rng.integers(gaps[0], gaps[1] + 1, size=len(cut))
    page = np.zeros((40, 30 * len(cut) + 20), np.uint8)
    right = 8
    for image, top, distance in zip(cut, lower + 7, distances, strict=True):
        left = max(8, right + distance)
        height, right = len(image), left + image.shape[1]
        part = page[top : top + height, left:right]
        np.maximum(part, image, out=part)
    return page[:, : right + 8]


def row_of_strokes(drawings, rng):
    """Return drawings in a row as on the wide canvas: strokes for `draw_strokes(..., wide=True)`.

    The longer side of each is 40 % to 65 % of the canvas's height, or less where the row would not
    fit, and the gaps between them are 3 % to 15 % of it. Each stands at a height of its own.
    """
    pen, sizes = 0.08, rng.uniform(0.4, 0.65, size=len(drawings))
    gaps = pen + rng.uniform(0.03, 0.15, size=len(drawings))
    digits = [_sized(drawing, size) for drawing, size in zip(drawings, sizes, strict=True)]
    widths = np.array([np.concatenate(digit)[:, 0].max() for digit in digits])
    shrink = min(1, (WIDE - 0.12 - (gaps[:-1].sum())) / widths.sum())
    x, strokes = 0.06, []
    for digit, width, gap in zip(digits, widths * shrink, gaps, strict=True):
        height = np.concatenate(digit)[:, 1].max() * shrink
        y = rng.uniform(0.06, max(0.07, 0.94 - height))
        strokes += [(stroke * shrink + [x, y]) / [WIDE, 1] for stroke in digit]
        x += width + gap
    return strokes


def _sized(drawing, size):
    """Return strokes whose longer side is `size`, and whose box begins at 0, 0."""
    points = np.concatenate(drawing)
    low, side = points.min(axis=0), np.ptp(points, axis=0).max() or 1
    return [(stroke - low) / side * size for stroke in drawing]


def measure(pictures, numbers, predict):
    """Read pictures of numbers.

    Parameters
    ----------
    pictures : list of ndarray
    numbers : list of ndarray
        The digits that are written on them.
    predict : callable
        Takes digits, float32 (n, 28, 28), and returns which they are, (n,).

    Returns
    -------
    dict of str to ndarray of bool, shape (n,)
        ``right``: all digits are read; ``counted``: as many were found as there are; ``named``:
        `to_digits` warned that some touch.
    """
    found, named = [], []
    for picture in pictures:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            found.append(to_digits(picture, 28))
        named.append(bool(said))
    read = np.split(
        predict(np.concatenate(found)), np.cumsum([len(digits) for digits in found])[:-1]
    )
    return {
        "right": np.array([list(a) == list(b) for a, b in zip(read, numbers, strict=True)]),
        "counted": np.array([len(a) == len(b) for a, b in zip(read, numbers, strict=True)]),
        "named": np.array(named),
    }


def section(found):
    """Return the lines of the section, of ``lengths`` and what `measure` returns."""
    lengths, rows = np.array(found["lengths"]), []
    for name, kept in found["read"].items():
        result = {what: np.array(values) for what, values in kept.items()}
        right = [result["right"], *(result["right"][lengths == n] for n in LENGTHS)]
        silent = ~result["right"] & ~result["counted"] & ~result["named"]
        rows.append(
            [name, *(f"{100 * share.mean():.1f}" for share in right)]
            + [f"{100 * some.mean():.1f}" for some in (~result["counted"], silent)]
        )
    return [
        f"{ROWS:,} numbers of 2 to 6 digits each, in percent read correctly, which means all of "
        "their digits, by `to_digits` and the network that comes with the series; then how many "
        "were not parted into as many digits as they have, and in how many of these nothing was "
        "said about it. MNIST's test images stand in a row, at uneven heights and 1 to 8 of their "
        "pixels apart; those called touching overlap by up to 3 columns, so that many of them do "
        "touch. `bench/numbers.py` says how the pen strokes are placed.",
        "",
        *results.table(
            ["digits", "all", *(f"of {n}" for n in LENGTHS), "miscounted", "and unsaid"], rows
        ),
    ]


def main(path=None):
    """Measure, with pen strokes if `path` is their file, and write the section."""
    from helpers.training import load_network

    model = load_network()

    def predict(digits):
        return model.predict(digits[..., None], batch_size=500, verbose=0).argmax(axis=1)

    _, (images, labels) = load_mnist()
    lengths, found = np.resize(LENGTHS, ROWS), {}
    for name, gaps in GAPS.items():
        rng = np.random.default_rng(0)
        chosen = [rng.integers(len(images), size=n) for n in lengths]
        pages = [row_of_images(images[some], gaps, rng) for some in chosen]
        found[f"MNIST, {name}"] = measure(pages, [labels[some] for some in chosen], predict)
    if path:
        of, _, drawings = load(path)
        rng = np.random.default_rng(0)
        chosen = [rng.integers(len(drawings), size=n) for n in lengths]
        rows = [row_of_strokes([drawings[i] for i in some], rng) for some in chosen]
        pages = [draw_strokes(row, wide=True) for row in rows]
        found["pen strokes"] = measure(pages, [of[some] for some in chosen], predict)
    results.write("numbers", {"lengths": lengths, "read": found}, ["tensorflow", "keras", "numpy"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench numbers, which sets the environment.")
