"""Interactive pictures: move a control, see what changes; a still picture stays in the notebook."""

import base64
import html
import io
import threading
import time
from pathlib import Path

import anywidget
import ipywidgets
import matplotlib.style
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure

# Set once and for good, not for each picture: Matplotlib's settings are global, and callbacks may
# run on another thread than cells. The lock keeps two pictures from being drawn at once.
matplotlib.style.use("helpers.series")
_drawing = threading.RLock()

# Every interactive picture made in this process, newest last; the tests move their controls.
explorers = []


class KeyGuard(anywidget.AnyWidget):
    """Keep the keys that are pressed in a box of widgets from being shortcuts of the notebook."""

    _esm = Path(__file__).with_name("keys.js")


class Explorer:
    """A picture that is drawn anew whenever one of its controls moves.

    Parameters
    ----------
    draw : callable
        Called as ``draw(axes, **values)`` with Matplotlib axes and one value per control.
    controls : dict of str to ipywidgets.ValueWidget
        What the reader can move, by the names of `draw`'s arguments.
    alt : str
        What there is to see, for readers who do not see it.
    panels : int
        Number of axes side by side; with more than one, `draw` gets an array of them.
    figsize : (float, float), optional
        Width and height in inches.
    """

    def __init__(self, draw, controls, *, alt, panels=1, figsize=None):
        self.draw, self.controls, self.alt = draw, controls, alt
        self.panels, self.figsize = panels, figsize
        self.picture = ipywidgets.HTML()
        self.redraw()
        for control in controls.values():
            control.observe(self.redraw, names="value")
        self.widget = ipywidgets.VBox([*controls.values(), self.picture, KeyGuard()])
        explorers.append(self)

    def redraw(self, _change=None):
        """Draw the picture for the present values; if that fails, say why in its place."""
        with _drawing:
            values = {name: control.value for name, control in self.controls.items()}
            try:
                self.png = render(
                    lambda axes: self.draw(axes, **values), panels=self.panels, figsize=self.figsize
                )
            except Exception as error:
                self.picture.value = f"<pre>{html.escape(f'{type(error).__name__}: {error}')}</pre>"
                raise
            data = base64.b64encode(self.png).decode()
            alt = html.escape(self.alt, quote=True)
            self.picture.value = f'<img alt="{alt}" src="data:image/png;base64,{data}">'

    def _repr_mimebundle_(self, **_):
        widget = self.widget._repr_mimebundle_()
        data = {**widget, "text/plain": self.alt, "image/png": base64.b64encode(self.png).decode()}
        return data, {"image/png": {"alt": self.alt}}


def explore(draw, *, alt, panels=1, figsize=None, **controls):
    """Show an `Explorer`; ``explore(draw, z=FloatSlider(), alt="...")`` calls ``draw(ax, z=0)``."""
    display(Explorer(draw, controls, alt=alt, panels=panels, figsize=figsize))


def cell_buttons(matrix):
    """Return a grid of buttons, one for each cell of a confusion matrix; the worst is chosen.

    Parameters
    ----------
    matrix : ndarray of integers, shape (n, n)
        True digits in rows, predicted ones in columns. Each count stands on its button, a dot for
        none. Chosen is the largest count that is not on the diagonal.

    Returns
    -------
    ipywidgets.ToggleButtons
        Its value is the chosen cell as (row, column).

    Raises
    ------
    ValueError
        If it is not a square table of integers.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "iu":
        raise ValueError(
            "The table must be square and hold integers, but this one holds "
            f"{matrix.dtype} in the shape {matrix.shape}."
        )
    errors = matrix - np.diag(np.diag(matrix))
    cells = [(row, column) for row in range(len(matrix)) for column in range(len(matrix))]
    # ipywidgets tells buttons apart by their labels, so invisible spaces stand behind the counts.
    labels = [f"{matrix[cell] or '·'}" + "\u200b" * i for i, cell in enumerate(cells)]
    return ipywidgets.ToggleButtons(
        options=list(zip(labels, cells, strict=True)),
        value=divmod(int(errors.argmax()), len(matrix)),
        tooltips=[f"{row} read as {column}" for row, column in cells],
        style={"button_width": "50px"},
        layout={"width": f"{56 * len(matrix)}px"},
    )


def show_live(widget, stored):
    """Show a widget that only matters while the code runs.

    Parameters
    ----------
    widget : ipywidgets.Widget
    stored : str
        The line that stands in its place on a page with no kernel; the same in every run.
    """
    display({**widget._repr_mimebundle_(), "text/plain": stored}, raw=True)


class Bar:
    """A progress bar with a line of text and room for a picture.

    Parameters
    ----------
    total : int
        How many items there are.
    label : str
        What is counted.
    stored : str
        The line that stands in its place on a page with no kernel.
    """

    def __init__(self, total, label, *, stored):
        self.label, self.start = label, time.perf_counter()
        self.bar = ipywidgets.IntProgress(max=total)
        self.text = ipywidgets.Label()
        self.picture = ipywidgets.HTML()
        self.box = ipywidgets.VBox([ipywidgets.HBox([self.bar, self.text]), self.picture])
        show_live(self.box, stored)

    def show(self, done, *, total=None, picture=None):
        """Show that `done` items are finished, and the PNG bytes `picture` below."""
        self.bar.max = total or self.bar.max
        self.bar.value = done
        seconds = time.perf_counter() - self.start
        self.text.value = f"{self.label} {done} of {self.bar.max}, {seconds:.1f} s"
        if picture:
            png = base64.b64encode(picture).decode()
            self.picture.value = f'<img alt="" src="data:image/png;base64,{png}">'

    def say(self, sentence):
        """Replace the bar by a sentence."""
        self.box.children = [ipywidgets.Label(sentence)]

    def close(self):
        """Leave only the line of text, with the time it took."""
        self.box.children = [self.text]


def render(draw, *, panels=1, figsize=None):
    """Return what ``draw(axes)`` draws as PNG bytes.

    Uses no pyplot, whose current figure belongs to the cells.
    """
    with _drawing:
        figure = Figure(figsize=figsize)
        draw(figure.subplots(1, panels))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
    return buffer.getvalue()
