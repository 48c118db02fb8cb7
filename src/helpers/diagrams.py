"""Draw how numbers flow through a network: units with their values, weights, layers with shapes."""

import itertools

import numpy as np
from matplotlib import pyplot as plt

from helpers.plotting import QUIET, RIGHT

# As in `PuOr`, in which the series draws weights; told apart with any color vision.
POSITIVE, NEGATIVE = "#542788", "#B35806"


def show_flow(values, weights, *, titles, notes=None):
    """Draw columns of units with what is in them, and the weights that join each to the next.

    Positive weights are purple and solid, negative ones orange and dashed, and zeros are gray;
    weights that are texts are gray, too.

    Parameters
    ----------
    values : list of sequences of str or float
        What is in the units, column by column.
    weights : list of nested sequences of str or float
        Between each column and the next, one row for each unit on the left and one column for
        each on the right.
    titles : sequence of str
        What stands above each column.
    notes : list of sequences of str, optional
        What stands below each unit, such as its bias; one sequence for each column.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If columns, weights and titles do not belong together.
    """
    shapes = [(len(rows), {len(row) for row in rows}) for rows in weights]
    wanted = [(len(a), {len(b)}) for a, b in itertools.pairwise(values)]
    if len(titles) != len(values) or shapes != wanted:
        raise ValueError(
            f"For {len(values)} columns there must be as many titles, and between two of them a "
            "row of weights for each unit on the left, with a weight for each on the right."
        )
    tallest = max(map(len, values))
    fig, ax = plt.subplots(figsize=(7, 0.6 + 0.8 * tallest))
    places = [
        [(2 * x, (len(of) - 1) / 2 - i) for i in range(len(of))] for x, of in enumerate(values)
    ]
    for left, right, rows in zip(places, places[1:], weights, strict=False):
        for start, row in zip(left, rows, strict=True):
            for end, weight in zip(right, row, strict=True):
                _draw_weight(ax, start, end, weight)
    for x, (column, title) in enumerate(zip(values, titles, strict=True)):
        ax.text(2 * x, (tallest - 1) / 2 + 0.55, title, ha="center")
        for i, (place, value) in enumerate(zip(places[x], column, strict=True)):
            ax.scatter(*place, s=1000, color="white", edgecolor=RIGHT, linewidth=1.5, zorder=3)
            ax.text(*place, _written(value), ha="center", va="center", zorder=4)
            if notes and notes[x]:
                note = notes[x][i].replace("-", "−")
                ax.text(place[0], place[1] - 0.45, note, ha="center", fontsize="small")
    ax.set(xlim=(-0.5, 2 * len(values) - 1.5), ylim=(-tallest / 2 - 0.1, tallest / 2 + 0.35))
    ax.axis("off")
    return fig


def show_layers(model):
    """Draw a stack of dense layers: what goes in, what each holds, and what comes out.

    Parameters
    ----------
    model : keras.Model
        A built `Sequential` of `Dense` layers.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = plt.subplots(figsize=(7, 2))
    end = 2 * (len(model.layers) + 1)
    shapes = [model.input_shape[1]]
    ax.text(0, 0, "images", ha="center", va="center")
    for i, layer in enumerate(model.layers, start=1):
        inputs, outputs = layer.kernel.shape
        shapes.append(outputs)
        text = (
            f"{layer.name}\n{inputs}×{outputs} weights\n{outputs} biases\n"
            f"{layer.activation.__name__}"
        )
        ax.add_patch(plt.Rectangle((2 * i - 0.73, -0.75), 1.46, 1.5, fill=False, edgecolor=RIGHT))
        style = {"ha": "center", "va": "center", "fontsize": "small", "linespacing": 1.6}
        ax.text(2 * i, 0, text, **style)
    ax.text(end, 0, "logits", ha="center", va="center")
    for i, units in enumerate(shapes):
        start, stop = 2 * i + (0.77 if i else 0.42), 2 * i + (1.22 if 2 * i + 2 < end else 1.6)
        ax.annotate("", (stop, 0), (start, 0), arrowprops={"arrowstyle": "->", "color": QUIET})
        ax.text((start + stop) / 2, 0.2, units, ha="center", fontsize="small")
    ax.set(xlim=(-0.5, end + 0.5), ylim=(-1, 1))
    ax.axis("off")
    return fig


def draw_strip(ax, values):
    """Draw numbers from 0 up as a framed strip of fields, the first on top, the largest black.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    values : ndarray, shape (n,)

    Raises
    ------
    ValueError
        If `values` is no row of numbers, or one of them is negative.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or not values.size or not (values >= 0).all():
        raise ValueError(f"A strip shows a row of numbers from 0 up, but this is {values!r}.")
    ax.imshow(values.reshape(-1, 1), cmap="gray_r", vmin=0, aspect="auto")
    ax.hlines(np.arange(1, values.size) - 0.5, -0.5, 0.5, color=QUIET, linewidth=0.5)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=QUIET)


def _written(value):
    return value if isinstance(value, str) else f"{value:g}".replace("-", "−")


def _draw_weight(ax, start, end, weight):
    """Draw the line of one weight, with its number on it."""
    color, style = QUIET, "-"
    if not isinstance(weight, str) and weight:
        color, style = (POSITIVE, "-") if weight > 0 else (NEGATIVE, "--")
    (x0, y0), (x1, y1) = start, end
    ax.plot([x0, x1], [y0, y1], color=color, linestyle=style, linewidth=1.2, zorder=1)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ink = "black" if color == QUIET else color
    # Near its start, before the lines cross.
    place = x0 + 0.22 * (x1 - x0), y0 + 0.22 * (y1 - y0)
    ax.text(*place, _written(weight), ha="center", va="center", color=ink, bbox=box, zorder=2)
