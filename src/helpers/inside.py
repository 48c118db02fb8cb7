"""A diagram of a network that is reading a digit: which neurons answer, and what carries most."""

import dataclasses
import itertools

import numpy as np
from matplotlib.patches import Circle, Rectangle

from helpers.plotting import QUIET, RIGHT

WIDTH, HEIGHT = 660, 340
# Purple and orange, as all weights of the series; told apart with any color vision.
MORE, LESS = "#5e3c99", "#e66101"
_TOP, _BOTTOM = 34, 324  # of the columns of neurons
_PICTURE = 10, 79, 200  # left, top and side of the digit


@dataclasses.dataclass
class _Neuron:
    """A circle of the diagram."""

    x: float
    y: float
    radius: float
    share: float  # of the largest value in its layer; 0 if it does not answer
    name: str


@dataclasses.dataclass
class _Line:
    """A connection that is among those that carry most."""

    start: tuple
    end: tuple
    share: float  # of the largest between these two layers
    positive: bool


class Diagram:
    """A network of dense layers with what goes through it for one digit.

    Each neuron is a circle, the fuller the larger its value is beside the others of its layer; it
    is empty where the value is not above 0. Lines are those connections that carry most: a value
    times the weight between it and a neuron of the next layer. They are purple where that raises
    the sum of this neuron, orange and dashed where it lowers it.

    Parameters
    ----------
    layers : sequence of ndarray
        The values of each layer, shape (units,); first the digit, shape (side²,), last the
        outputs.
    weights : sequence of ndarray, shape (units, units of the next layer)
        One for each pair of neighboring layers.
    strongest : int
        How many connections are drawn between two layers, at most.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """

    def __init__(self, layers, weights, strongest=25):
        self.layers = [np.asarray(values, dtype=float) for values in layers]
        self.weights = [np.asarray(W, dtype=float) for W in weights]
        sizes = [values.shape for values in self.layers]
        wanted = [(*left, *right) for left, right in itertools.pairwise(sizes)]
        if any(len(size) != 1 for size in sizes) or [W.shape for W in self.weights] != wanted:
            shapes = [W.shape for W in self.weights]
            raise ValueError(
                f"Layers of the shapes {sizes} need weights of the shapes {wanted}, not {shapes}."
            )
        self.side = round(len(self.layers[0]) ** 0.5)
        if len(sizes) < 3 or self.side**2 != len(self.layers[0]):
            raise ValueError(
                "The first layer must be a square picture, followed by two layers at least, but "
                f"the shapes are {sizes}."
            )
        self.strongest = strongest

    @property
    def summary(self):
        """What there is to see, in one sentence, for readers who do not see it."""
        parts = [
            f"{(values > 0).sum()} of {len(values)}, most of all number {values.argmax()}"
            for values in self.layers[1:-1]
        ]
        return f"Neurons that answer: {'; '.join(parts)}. Largest output: {self._best}."

    @property
    def _best(self):
        return int(self.layers[-1].argmax())

    def svg(self):
        """Return the diagram as SVG; in a page with a dark theme its colors are lighter."""
        left, top, side = _PICTURE
        step = side / self.side
        picture = "".join(
            f'<rect x="{left + step * column:.1f}" y="{top + step * row:.1f}" '
            f'width="{step:.1f}" height="{step:.1f}" fill-opacity="{ink:.2f}"/>'
            for (row, column), ink in np.ndenumerate(self._image())
            if ink > 0.02
        )
        lines = "".join(
            f'<line class="{"more" if line.positive else "less"}" x1="{line.start[0]:.1f}" '
            f'y1="{line.start[1]:.1f}" x2="{line.end[0]:.1f}" y2="{line.end[1]:.1f}" '
            f'stroke-width="{_line_width(line):.2f}"/>'
            for line in self._lines()
        )
        neurons = "".join(
            f'<circle class="empty" cx="{n.x:.1f}" cy="{n.y:.1f}" r="{n.radius:.1f}"/>'
            f'<circle class="neuron" cx="{n.x:.1f}" cy="{n.y:.1f}" r="{n.radius:.1f}" '
            f'fill-opacity="{n.share:.2f}"><title>{n.name}</title></circle>'
            for column in self._columns()
            for n in column
        )
        texts = "".join(
            f'<text class="{"best" if bold else "name"}" x="{x:.1f}" y="{y:.1f}">{text}</text>'
            for x, y, text, bold in self._texts()
        )
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{self.summary}">'
            f'<rect class="frame" x="{left}" y="{top}" width="{side}" height="{side}"/>'
            f'<g class="picture">{picture}</g>{lines}{neurons}{texts}</svg>'
        )

    def draw(self, ax):
        """Draw the same with Matplotlib, for a page with no kernel."""
        left, top, side = _PICTURE
        where = (left, left + side, top + side, top)
        ax.imshow(self._image(), cmap="gray_r", vmin=0, vmax=1, extent=where)
        frame = {"fill": False, "edgecolor": QUIET, "linewidth": 0.5}
        ax.add_patch(Rectangle((left, top), side, side, **frame))
        for line in self._lines():
            ends = zip(line.start, line.end, strict=True)
            style = "-" if line.positive else (0, (4, 2))
            color = MORE if line.positive else LESS
            ax.plot(*ends, color=color, linestyle=style, linewidth=0.7 * _line_width(line))
        for n in itertools.chain(*self._columns()):
            white = {"facecolor": "white", "edgecolor": QUIET, "linewidth": 0.7, "zorder": 3}
            full = {"facecolor": RIGHT, "alpha": n.share, "zorder": 4}
            for how in (white, full):
                ax.add_patch(Circle((n.x, n.y), n.radius, **how))
        for x, y, text, bold in self._texts():
            weight = "bold" if bold else "normal"
            ax.text(x, y, text, ha="center", va="baseline", fontsize=8.5, fontweight=weight)
        ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), aspect="equal")
        ax.axis("off")

    def _image(self):
        return np.clip(self.layers[0], 0, 1).reshape(self.side, self.side)

    def _columns(self):
        """Return the neurons, one list for each layer behind the digit."""
        places = np.linspace(320, WIDTH - 45, len(self.layers) - 1)
        columns = []
        for layer, (x, values) in enumerate(zip(places, self.layers[1:], strict=True), start=1):
            gap = (_BOTTOM - _TOP) / len(values)
            largest = max(values.max(), 1e-9)
            columns.append([
                _Neuron(
                    x,
                    _TOP + (i + 0.5) * gap,
                    min(0.42 * gap, 9),
                    max(value, 0) / largest,
                    f"layer {layer}, neuron {i}: {value:.2f}",
                )
                for i, value in enumerate(values)
            ])
        return columns

    def _lines(self):
        """Return the connections that carry most, the weakest first, so that none hides it."""
        left, top, side = _PICTURE
        step = side / self.side
        rows, columns = np.divmod(np.arange(self.side**2), self.side)
        ends = [np.column_stack([left + step * (columns + 0.5), top + step * (rows + 0.5)])]
        ends += [np.array([(n.x, n.y) for n in column]) for column in self._columns()]
        lines = []
        for values, W, starts, stops in zip(
            self.layers, self.weights, ends, ends[1:], strict=False
        ):
            carried = values[:, None] * W
            largest = np.abs(carried).max()
            order = np.argsort(np.abs(carried), axis=None)[::-1][: self.strongest]
            for i, j in zip(*np.unravel_index(order[::-1], carried.shape), strict=True):
                if carried[i, j]:
                    share = abs(carried[i, j]) / largest
                    lines.append(_Line(tuple(starts[i]), tuple(stops[j]), share, carried[i, j] > 0))
        return lines

    def _texts(self):
        """Return what is written: x, y, text, and whether it is bold."""
        left, top, side = _PICTURE
        columns = self._columns()
        texts = [(left + side / 2, top - 10, "what the network gets", False)]
        for column in columns:
            texts.append((column[0].x, 18, f"{len(column)} neurons", False))
        for i, n in enumerate(columns[-1]):
            texts.append((n.x + 22, n.y + 4, str(i), i == self._best))
        return texts


def _line_width(line):
    """Return how wide a line is drawn, in pixels."""
    return 0.4 + 2.6 * line.share
