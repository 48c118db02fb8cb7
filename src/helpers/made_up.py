"""The digits of a writer who does not exist, for those who have not drawn any of their own."""

import numpy as np

from helpers.handwriting import HALVES, Drawing

# Drawn by us: for each digit its forms, for each form its strokes, for each stroke its points, x
# and y in percent of the canvas. A "/" stands between strokes. Curves go through the points; where
# a point comes twice, there is a corner.
_FORMS = {
    0: [
        "52,18 36,26 29,50 36,74 52,82 66,72 71,48 65,26 52,18",
        "58,20 40,20 30,42 34,72 52,80 68,64 68,36 56,20 44,24",
        "50,14 40,30 37,50 41,72 51,84 61,72 64,50 60,28 50,14",
        "64,26 46,18 30,34 30,62 48,78 68,64 70,40 60,24 50,22",
        "52,18 36,26 29,50 36,74 52,82 66,72 71,48 65,26 52,18 / 68,20 34,80",
    ],
    1: [
        "12,46 36,34 66,16 66,16 54,50 40,86",
        "24,58 60,16 60,16 56,50 50,86",
        "28,44 56,20 56,20 54,52 53,82 / 34,84 74,84",
        "12,38 30,36 68,18 68,18 54,50 44,86",
        "10,50 38,40 66,18 66,18 58,40 46,84",
    ],
    2: [
        "30,34 42,18 60,20 66,36 54,56 32,80 32,80 50,80 72,80",
        "28,30 46,16 64,26 60,48 42,68 28,78 34,68 46,74 56,82 74,76",
        "34,26 52,18 64,30 58,48 40,66 28,82 28,82 70,80",
        "26,38 40,20 58,22 62,40 48,62 26,80 34,70 44,74 72,82",
        "32,22 58,18 66,32 56,54 30,78 30,78 52,76 74,82",
    ],
    3: [
        "32,24 50,16 64,26 60,42 46,48 46,48 64,56 66,72 50,84 30,76",
        "30,20 66,20 66,20 46,44 46,44 66,54 64,76 46,84 28,76",
        "34,28 52,18 62,32 46,46 46,46 60,60 58,78 42,86 28,78",
        "28,22 48,16 62,26 56,42 40,46 58,50 68,66 56,82 32,80",
        "36,20 64,18 64,18 48,42 48,42 66,58 58,80 34,82",
    ],
    4: [
        "46,16 38,36 28,58 28,58 52,58 74,56 / 62,40 58,62 54,86",
        "44,14 36,44 28,78 28,78 46,78 64,66 / 56,60 54,74 48,88",
        "48,14 28,60 28,60 72,60 / 60,14 60,86",
        "40,20 34,40 34,54 48,58 64,46 66,20 66,20 62,54 58,86",
        "52,12 40,40 30,72 34,80 48,76 64,64 / 60,60 56,76 50,86",
    ],
    5: [
        "66,18 38,18 38,18 34,46 34,46 54,42 68,58 60,78 42,84 28,76",
        "40,20 36,46 36,46 54,44 66,60 56,80 32,80 / 40,20 70,18",
        "68,16 42,20 42,20 36,44 52,44 64,58 56,78 30,82",
        "38,22 34,48 34,48 58,46 64,66 50,82 28,78 / 36,22 66,20",
        "64,20 40,18 40,18 38,46 38,46 58,50 64,68 48,84 32,80",
    ],
    6: [
        "60,16 42,34 32,58 38,78 54,82 66,70 60,56 46,54 34,66",
        "64,20 44,28 32,52 36,76 54,82 64,68 54,56 36,62",
        "54,14 40,38 34,62 42,82 58,80 62,64 50,56 36,64",
        "62,18 40,36 30,64 46,82 64,74 60,58 44,58 34,70",
        "56,16 44,30 36,54 38,76 52,84 64,74 58,58 42,60 36,68",
    ],
    7: [
        "28,22 50,22 72,20 72,20 56,48 44,84 / 38,52 68,50",
        "26,26 28,18 70,18 70,18 58,44 46,86 / 36,50 70,46",
        "28,30 40,18 60,20 64,32 50,56 36,78 44,82 74,80 / 34,54 68,50",
        "24,28 34,20 52,24 72,18 72,18 54,50 42,86 / 34,62 68,52",
        "26,32 36,18 58,18 64,30 46,60 32,82 50,80 72,82 / 38,52 66,50",
    ],
    8: [
        "62,26 46,16 34,30 48,46 64,62 58,80 40,82 32,66 48,48 62,32 56,20",
        "68,16 54,16 50,26 54,38 56,60 48,84 42,76 48,52 70,20",
        "50,48 36,34 46,18 62,24 60,40 40,58 34,74 48,84 64,74 60,58 50,48",
        "70,18 50,14 38,26 48,40 62,36 68,22 60,52 50,84 44,74 52,56",
        "58,18 40,24 44,42 60,56 62,76 44,84 34,70 46,52 60,36 58,18",
    ],
    9: [
        "66,30 52,16 36,24 36,42 52,48 66,30 66,30 66,58 58,80 40,84 28,74",
        "48,26 40,20 36,28 46,32 62,22 62,22 64,54 50,82 26,84 18,74",
        "66,24 46,18 36,34 48,46 66,26 66,26 62,54 56,86",
        "56,18 40,18 38,32 52,38 64,34 64,34 70,60 56,84 34,86 22,76",
        "52,24 42,20 40,30 52,32 66,22 66,22 58,56 42,84 16,88",
    ],
}
_FINENESS = 8  # points from one of those to the next


def made_up_writer(each=20, *, seed=14):
    """Return the digits of a writer whom we have made up, as if they had been drawn on the canvas.

    There are five forms of each digit, with flagged ones, barred sevens and curled nines, some of
    them chosen because the network of the series misreads them. Each time a digit is written, it
    comes out a little different, as from a hand, but the same on all computers.

    Parameters
    ----------
    each : int
        How many of each digit; half of them for learning, half for measuring.
    seed : int
        Another one gives other digits by the same writer.

    Returns
    -------
    list of Drawing
    """
    drawings = []
    for label, forms in _FORMS.items():
        rng = np.random.default_rng([seed, label])
        for number in range(each):
            form = forms[rng.integers(len(forms))]
            strokes = _written([_points(stroke) for stroke in form.split("/")], rng)
            half = HALVES[number % 2]
            drawings.append(Drawing(label, strokes, half, "", f"made up {label} {number}"))
    return drawings


def _points(text):
    """Return the points of a stroke, float64 (n, 2) from 0 to 1."""
    return np.array([pair.split(",") for pair in text.split()], dtype=float) / 100


def _written(strokes, rng):
    """Return strokes as a hand writes them: points a little off, all of it slanted and moved."""
    slant, width, height = rng.normal([0.1, 0.95, 1], [0.12, 0.12, 0.08])
    turn = np.array([[width, 0], [-slant, height]])
    shift = rng.uniform(-0.04, 0.04, 2)
    curves = []
    for points in strokes:
        # A point that comes twice, for a corner, is moved as one.
        _, which = np.unique(points, axis=0, return_inverse=True)
        off = rng.normal(0, 0.025, (len(points), 2))[which.ravel()]
        moved = (points + off - 0.5) @ turn + 0.5 + shift
        curves.append(np.clip(_curve(moved), 0.02, 0.98))
    return curves


def _curve(points):
    """Return a curve through points, after Catmull and Rom (1974)."""
    if len(points) < 3:
        return points
    before = np.concatenate([points[:1], points[:-2]])
    after = np.concatenate([points[2:], points[-1:]])
    t = np.arange(_FINENESS)[:, None, None] / _FINENESS
    a, b = points[:-1], points[1:]
    bent = 0.5 * (
        2 * a
        + (b - before) * t
        + (2 * before - 5 * a + 4 * b - after) * t**2
        + (3 * a - before - 3 * b + after) * t**3
    )
    return np.concatenate([bent.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])
