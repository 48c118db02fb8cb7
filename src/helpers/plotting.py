"""Draw the pictures of the series: digits, networks, probabilities, errors.

Every function draws into the Matplotlib axes it is given, or makes a figure and returns it.
"""

import itertools

import numpy as np
from matplotlib import pyplot as plt

from helpers.data import check_image, check_images, check_labels, check_probabilities

# Okabe and Ito's, for what is right and what is wrong; told apart with any color vision.
RIGHT, WRONG, QUIET = "#0072B2", "#D55E00", "#999999"


def show_digits(X, *, titles=None, columns=10):
    """Draw images in rows, ink dark on light as on paper.

    Parameters
    ----------
    X : ndarray, shape (n, 400) or (n, 20, 20), values from 0 to 1
    titles : sequence of n, optional
        What stands above each image.
    columns : int
        Images per row.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the images are not as described, or there is not one title for each.
    """
    images = check_images(X)
    if columns < 1:
        raise ValueError(f"There must be at least one image per row, not {columns}.")
    if len(images) > 200:
        raise ValueError(f"{len(images)} images are too many to see: show some of them, X[:100].")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"There are {len(images)} images but {len(titles)} titles.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = 7 / columns * rows * (1 if titles is None else 1.3)
    fig, axes = plt.subplots(rows, columns, figsize=(7, height), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        draw_digit(ax, image)
        if titles is not None:
            ax.set_title(titles[i], fontsize="small", loc="center")
    return fig


def draw_digit(ax, image):
    """Draw one image, shape (side, side) or (side²,), values from 0 to 1, with a thin frame.

    Raises
    ------
    ValueError
        If `image` is not as described.
    """
    image = check_image(image)
    ax.axis("on")
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=QUIET, linewidth=0.5)


def show_pixels(image):
    """Draw one image with the value of each pixel written into it, in hundredths.

    Parameters
    ----------
    image : ndarray, shape (side, side) or (side²,), values from 0 to 1

    Returns
    -------
    matplotlib.figure.Figure
    """
    image = check_image(image)
    fig, ax = plt.subplots(figsize=(7, 7))
    draw_digit(ax, image)
    for (row, column), value in np.ndenumerate(image):
        if value > 0:
            color = "white" if value > 0.5 else "black"
            style = {"ha": "center", "va": "center", "color": color, "fontsize": 8}
            ax.text(column, row, f"{100 * value:.0f}", **style)
    ticks = range(len(image))
    ax.set(xticks=ticks, yticks=ticks, xlabel="column", ylabel="row")
    ax.tick_params(labelsize=8, length=0)
    return fig


def show_weights(W, *, limit=None, columns=9):
    """Draw what each neuron multiplies the pixels with: purple is positive, orange negative.

    Parameters
    ----------
    W : ndarray, shape (400, neurons) or (784, neurons)
        One column for each neuron, its weights in the order of the pixels.
    limit : float, optional
        Weight from which on the color is full; by default that of the strongest hundredth.
    columns : int
        Neurons per row.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a column does not fit a square of pixels.
    """
    W = np.asarray(W)
    side = round(len(W) ** 0.5)
    if W.ndim != 2 or side * side != len(W):
        raise ValueError(
            f"W has the shape {W.shape}; it needs one row for each pixel of a square, such as "
            "(400, 25)."
        )
    rows = -(-W.shape[1] // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(7, 7.4 / columns * rows), squeeze=False)
    limit = limit or np.percentile(abs(W), 99)
    for ax in axes.flat:
        ax.axis("off")
    for ax, weights in zip(axes.flat, W.T, strict=False):
        ax.imshow(weights.reshape(side, side), cmap="PuOr", vmin=-limit, vmax=limit)
    return fig


def show_network(sizes, *, activations):
    """Draw a network of dense layers, some of its units and all that joins them.

    Parameters
    ----------
    sizes : sequence of int
        Units per layer, input first, such as ``(400, 25, 15, 10)``.
    activations : sequence of str
        What stands under each layer; one for each.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if len(sizes) != len(activations) or not all(size >= 1 for size in sizes):
        raise ValueError(f"Each of the layers {sizes} needs at least one unit and one name.")
    fig, ax = plt.subplots(figsize=(7, 4))
    # A long column is cut in the middle, where dots stand for the rest.
    half = np.linspace(1, 0.2, 7)
    columns = [
        np.linspace(1, -1, size) * size / 16 if size <= 16 else np.concatenate([half, -half[::-1]])
        for size in sizes
    ]
    for x, (left, right) in enumerate(itertools.pairwise(columns)):
        for start in left:
            for end in right:
                ax.plot([x, x + 1], [start, end], color=QUIET, linewidth=0.3, zorder=1)
    for x, (column, size, activation) in enumerate(zip(columns, sizes, activations, strict=True)):
        ax.scatter([x] * len(column), column, s=70, color=RIGHT, edgecolor="white", zorder=2)
        if size > len(column):
            ax.text(x, 0, "⋮", fontsize=18, va="center", ha="center", zorder=3)
        ax.text(x, 1.15, size, ha="center", fontweight="bold")
        ax.text(x, -1.25, activation, ha="center")
    ax.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-1.35, 1.3))
    ax.axis("off")
    return fig


def show_numbers(layers, weights, *, names, slopes=False):
    """Draw a small network with its numbers: in each unit its value, on each line its weight.

    Parameters
    ----------
    layers : sequence of ndarray, shape (units,)
        The values of the units, input first; at most four units a layer.
    weights : sequence of ndarray, shape (units, units of the next layer)
        One for each pair of neighboring layers.
    names : sequence of str
        What stands above each layer.
    slopes : bool
        Whether the values are slopes, which flow from the right to the left.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    layers, weights = [np.asarray(v) for v in layers], [np.asarray(W) for W in weights]
    shapes = [(len(left), len(right)) for left, right in itertools.pairwise(layers)]
    if len(names) != len(layers) or [W.shape for W in weights] != shapes:
        raise ValueError(f"Weights between these layers have the shapes {shapes}, and each a name.")
    if max(map(len, layers)) > 4:
        raise ValueError("More than four units a layer leave no room for numbers.")
    fig, ax = plt.subplots(figsize=(7, 1.1 + 0.9 * max(map(len, layers))))
    color = WRONG if slopes else RIGHT
    places = [np.linspace(1, -1, 2 * len(v) + 1)[1::2] for v in layers]
    for x, W in enumerate(weights):
        for (i, j), weight in np.ndenumerate(W):
            ends = [(x, places[x][i]), (x + 1, places[x + 1][j])]
            style = {"arrowstyle": "-|>", "color": QUIET, "shrinkA": 20, "shrinkB": 20}
            start, end = ends[::-1] if slopes else ends
            ax.annotate("", end, start, arrowprops=style)
            # Not in the middle, where lines cross.
            at = np.array(ends[0]) + 0.3 * (np.array(ends[1]) - ends[0])
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            ax.text(*at, _minus(f"{weight:g}"), ha="center", va="center", fontsize=9, bbox=box)
    for x, (values, heights) in enumerate(zip(layers, places, strict=True)):
        for value, height in zip(values, heights, strict=True):
            ax.plot(x, height, "o", markersize=38, color=color, markeredgecolor="white")
            text = _minus(f"{value + 0:.2f}")  # adding 0 makes 0 of -0
            style = {"ha": "center", "va": "center", "fontsize": 9, "fontweight": "bold"}
            ax.text(x, height, text, color="white", **style)
        ax.text(x, 0.95, names[x], ha="center", va="bottom")
    ax.set(xlim=(-0.4, len(layers) - 0.6), ylim=(-1, 1.15))
    ax.axis("off")
    return fig


def _minus(number):
    return number.replace("-", "−")


def draw_probabilities(ax, probabilities, *, truth=None):
    """Draw ten probabilities as bars; the largest stands out, and the right one is marked.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    probabilities : ndarray, shape (10,), from 0 to 1
    truth : int, optional
        The digit that it really is.

    Raises
    ------
    ValueError
        If there are not ten numbers from 0 to 1.
    """
    probabilities = check_probabilities(probabilities, (10,))
    best = probabilities.argmax()
    colors = [QUIET] * 10
    colors[best] = RIGHT if truth in (None, best) else WRONG
    ax.bar(range(10), probabilities, color=colors)
    highest = probabilities[best]
    ax.text(best, highest, f"{100 * highest:.0f} %", ha="center", va="bottom")
    labels = [f"{digit}\n▲" if digit == truth else str(digit) for digit in range(10)]
    ax.set(xlabel="digit", ylabel="probability", ylim=(0, 1.1), yticks=[0, 0.5, 1])
    ax.set_xticks(range(10), labels)


def show_predictions(X, probabilities, y, *, columns=5):
    """Draw images, each with what the network takes it for and how sure it is.

    Parameters
    ----------
    X : ndarray, shape (n, 400) or (n, 20, 20), values from 0 to 1
    probabilities : ndarray, shape (n, 10)
    y : ndarray of integers, shape (n,)
        What they really are.
    columns : int
        Images per row.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the three do not belong together.
    """
    _check_predictions(X, probabilities, y)
    columns = max(1, min(columns, len(y)))
    rows = max(1, -(-len(y) // columns))
    fig, axes = plt.subplots(rows, columns, figsize=(7, 9.1 / columns * rows), squeeze=False)
    draw_predictions(axes.ravel(), X, probabilities, y)
    return fig


def draw_predictions(axes, X, probabilities, y):
    """Draw images and their predictions into as many of the `axes`; see `show_predictions`."""
    _check_predictions(X, probabilities, y)
    for ax in axes:
        ax.axis("off")
    if len(y) == 0:
        axes[0].set_title("none", fontsize="small", loc="center")
        return
    for ax, image, p, truth in zip(
        axes, check_images(X), np.asarray(probabilities), y, strict=False
    ):
        draw_digit(ax, image)
        guess = p.argmax()
        title = f"{guess}, {100 * p[guess]:.0f} %" + ("" if guess == truth else f"\nlabel {truth}")
        color = RIGHT if guess == truth else WRONG
        ax.set_title(title, fontsize="small", loc="center", color=color)


def draw_numbers(ax, numbers, *, title="", limit=2):
    """Draw a small table of numbers as squares, purple above 0 and orange below, each written.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    numbers : ndarray, shape (rows, columns)
    title : str
    limit : float
        From this number on, and from its negative, the color is as strong as it gets.

    Raises
    ------
    ValueError
        If `numbers` is no table, or has more than six columns, which leave no room for numbers.
    """
    numbers = np.asarray(numbers)
    if numbers.ndim != 2 or numbers.shape[1] > 6:
        raise ValueError(
            f"The numbers must be a table with at most six columns, not of shape {numbers.shape}."
        )
    ax.imshow(numbers, cmap="PuOr", vmin=-limit, vmax=limit)
    for (row, column), number in np.ndenumerate(numbers):
        ax.text(column, row, f"{number + 0.0:.2f}", ha="center", va="center")  # 0 for -0
    ax.set_title(title, fontsize="small")
    ax.axis("off")


def draw_confusion(ax, matrix):
    """Draw a confusion matrix: rows are the true digits, columns the predicted ones.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    matrix : ndarray of integers, shape (10, 10)
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (10, 10) or matrix.dtype.kind not in "iu" or matrix.min() < 0:
        raise ValueError(
            "A confusion matrix holds counts, integers from 0 up in the shape (10, 10), "
            f"but this is\n{matrix}"
        )
    errors = np.where(np.eye(10, dtype=bool), 0, matrix)
    ax.imshow(errors, cmap="Oranges", vmax=max(1, errors.max()) * 1.5)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            weight = "bold" if row == column else "normal"
            ax.text(column, row, count, ha="center", va="center", fontweight=weight)
    ax.set(xticks=range(10), yticks=range(10), xlabel="predicted", ylabel="true digit")


def show_certificate(progress):
    """Draw which exercises are solved: one row for each step, one field for each exercise.

    Parameters
    ----------
    progress : list of (str, str, str or None)
        Number, title and the day on which it was solved, such as
        ``("2.1", "The slope of a ReLU", "2026-01-31")``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    days = [day for _, _, day in progress if day]
    steps = sorted({int(number.partition(".")[0]) for number, _, _ in progress})
    fig, ax = plt.subplots(figsize=(7, 1 + 0.45 * len(steps)))
    for number, _, day in progress:
        step, place = map(int, number.split("."))
        color = RIGHT if day else "none"
        x, y = place, steps.index(step)
        ax.add_patch(plt.Rectangle((x - 0.4, y - 0.4), 0.8, 0.8, facecolor=color, edgecolor=QUIET))
        style = {"color": "white", "fontweight": "bold"} if day else {}
        ax.text(x, y, number, ha="center", va="center", fontsize="small", **style)
    for y, step in enumerate(steps):
        ax.text(0.4, y, f"step {step}", ha="right", va="center")
    widest = max((int(number.partition(".")[2]) for number, _, _ in progress), default=1)
    ax.set(xlim=(-1, widest + 0.5), ylim=(len(steps) - 0.5, -0.5))
    ax.axis("off")
    when = f", the last on {max(days)}" if days else ""
    ax.set_title(f"{len(days)} of {len(progress)} exercises solved{when}")
    return fig


def show_scoreboard(rows):
    """Draw the errors of several networks on a logarithmic axis, with what they took beside them.

    Parameters
    ----------
    rows : list of dict
        As `helpers.data.load_scoreboard` returns them.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, ax = plt.subplots(figsize=(7, 1 + 0.3 * len(rows)), layout="none")
    height = fig.get_figheight()
    fig.subplots_adjust(left=0.28, right=0.53, bottom=0.5 / height, top=1 - 0.3 / height)
    errors = [row["errors"] for row in rows]
    places = range(len(rows))
    ax.hlines(places, 0.2, errors, color=QUIET, linewidth=1)
    ax.plot(errors, places, "o", color=RIGHT)
    ax.set(xscale="log", xlim=(0.2, 30), ylim=(len(rows) - 0.5, -0.5), xlabel="errors, %")
    ax.set_yticks(places, [row["name"] for row in rows])
    ax.set_xticks([0.3, 1, 3, 10], ["0.3", "1", "3", "10"])
    ax.minorticks_off()
    columns = {
        "errors": [f"{row['errors']:.2f} %" for row in rows],
        "images": [f"{row['images']:,}" for row in rows],
        "parameters": [f"{row['parameters']:,}" for row in rows],
        "seconds": [f"{row['seconds']:.0f}" for row in rows],
    }
    for x, (title, texts) in zip((1.44, 1.88, 2.4, 2.85), columns.items(), strict=True):
        for y, text in enumerate([title, *texts], start=-1):
            ax.text(x, y, text, ha="right", va="center", transform=ax.get_yaxis_transform())
    return fig


def _check_predictions(X, probabilities, y):
    """Raise a ValueError unless images, probabilities and labels belong together; none is fine."""
    if np.ndim(y) != 1 or len(X) != len(y):
        raise ValueError(
            f"There must be one label for each of the {len(X)} images, "
            f"but the labels have the shape {np.shape(y)}."
        )
    check_probabilities(probabilities, (len(y), 10))
    if len(y):
        check_images(X)
        check_labels(y)
