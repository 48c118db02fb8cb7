"""Drawings to try a network on: ten digits from one hand, and the letters of three fonts."""

import numpy as np

from helpers.ink import BRUSH, draw_strokes

# One of each digit: strokes of points "x y" in hundredths of the canvas, y down.
_SHAPES = {
    0: ["52 20, 36 30, 30 50, 36 70, 50 80, 64 70, 70 50, 66 30, 52 20"],
    1: ["52 18, 50 40, 49 60, 48 82"],
    2: ["32 32, 40 22, 54 20, 64 28, 62 42, 48 58, 30 76, 50 72, 72 76"],
    3: ["34 24, 50 18, 64 26, 60 40, 46 48, 62 54, 68 66, 58 78, 42 80, 30 72"],
    4: ["36 20, 30 50, 50 52, 70 48", "62 20, 58 50, 56 82"],
    5: ["66 20, 40 22, 37 46, 54 44, 66 54, 64 70, 50 80, 32 74"],
    6: ["58 18, 42 36, 34 58, 40 76, 54 80, 64 70, 60 58, 46 58, 36 68"],
    7: ["28 24, 50 22, 70 20, 58 46, 46 82"],
    8: ["60 26, 46 20, 36 30, 44 44, 60 56, 62 72, 48 80, 36 70, 42 56, 60 42, 64 30, 58 24"],
    9: ["64 32, 52 20, 38 28, 38 44, 52 50, 64 38, 64 30, 62 52, 56 82"],
}
_FONTS = ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"]  # come with Matplotlib


def draw_shapes(each, rng):
    """Draw ten digits, one shape of each, again and again: as nobody writes twice the same.

    Each drawing has a random place, a random size (its longer side takes 40 % to 80 % of the
    canvas), and leans a little to one side or the other.

    Parameters
    ----------
    each : int
        How many drawings of each digit.
    rng : numpy.random.Generator
        Chooses place, size and lean.

    Returns
    -------
    list of 10 · `each` ndarrays of uint8, shape (280, 280)
        Ink is 255; first all drawings of the 0, then those of the 1, and so on.
    ndarray of integers, shape (10 · each,)
        Which digits they are.

    Raises
    ------
    ValueError
        If `each` is not at least 1.
    """
    if each < 1:
        raise ValueError(f"There must be at least one drawing of each digit, not {each}.")
    labels = np.repeat(range(10), each)
    return [_write(_SHAPES[label], rng) for label in labels], labels


def draw_letters(letters):
    """Draw each letter in three fonts, large and in the middle of a canvas.

    Parameters
    ----------
    letters : str
        Such as ``"ABC"``.

    Returns
    -------
    list of ndarrays of uint8, shape (280, 280)
        Ink is 255; first all letters of the first font.
    """
    from matplotlib.font_manager import findfont
    from PIL import Image, ImageDraw, ImageFont

    pages = []
    for font in _FONTS:
        style = ImageFont.truetype(findfont(font), 200)
        for letter in letters:
            page = Image.new("L", (280, 280))
            ImageDraw.Draw(page).text((140, 140), letter, fill=255, font=style, anchor="mm")
            pages.append(np.asarray(page))
    return pages


def _write(shape, rng):
    """Return a drawing of strokes of points, given as texts."""
    strokes = [np.array([pair.split() for pair in s.split(",")], dtype=float) for s in shape]
    lean = rng.uniform(-0.3, 0.3)
    strokes = [points @ [[1, 0], [lean, 1]] for points in strokes]  # x grows by lean · y
    every_point = np.concatenate(strokes)
    low = every_point.min(axis=0)
    extent = every_point.max(axis=0) - low  # width and height
    scale = rng.uniform(0.4, 0.8) / extent.max()
    corner = rng.uniform(0.05, 0.95 - scale * extent)
    return draw_strokes([scale * (points - low) + corner for points in strokes], pen=BRUSH)
