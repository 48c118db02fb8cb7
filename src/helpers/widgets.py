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
import traitlets
from IPython.display import display
from matplotlib.figure import Figure

# Set once and for good, not for each picture: Matplotlib's settings are global, and callbacks may
# run on another thread than cells. The lock keeps two pictures from being drawn at once.
matplotlib.style.use("helpers.series")
_drawing = threading.RLock()

# Every interactive picture made in this process, newest last; the tests move their controls.
explorers = []


class Access(anywidget.AnyWidget):
    """Make the box of widgets that it lies in fit for use without a mouse, and without sight.

    The keys that are pressed in the box are no shortcuts of the notebook, and a screen reader
    hears the names and the values of its controls.

    Attributes
    ----------
    said : str
        What has just changed; a screen reader says it.
    """

    _esm = Path(__file__).with_name("access.js")
    said = traitlets.Unicode().tag(sync=True)


class Explorer:
    """A picture that is drawn anew whenever one of its controls moves.

    Parameters
    ----------
    draw : callable
        Called as ``draw(axes, **values)`` with Matplotlib axes and one value per control.
    controls : dict of str to ipywidgets.ValueWidget
        What the reader can move, by the names of `draw`'s arguments.
    alt : str
        What there is to see, for readers who do not see it, before a control was moved. From then
        on they are told the values and the titles of the axes.
    panels : int
        Number of axes side by side; with more than one, `draw` gets an array of them.
    figsize : (float, float), optional
        Width and height in inches.
    """

    def __init__(self, draw, controls, *, alt, panels=1, figsize=None):
        self.draw, self.controls, self.alt = draw, controls, alt
        self.panels, self.figsize = panels, figsize
        self.picture, self.access = ipywidgets.HTML(), Access()
        self.redraw()
        for control in controls.values():
            control.observe(self.redraw, names="value")
        self.widget = ipywidgets.VBox([*controls.values(), self.picture, self.access])
        explorers.append(self)

    def redraw(self, change=None):
        """Draw the picture for the present values; if that fails, say why in its place."""
        titles = []

        def draw(axes):
            self.draw(axes, **values)
            places = "left", "center", "right"
            titles.extend(ax.get_title(place) for ax in np.ravel(axes) for place in places)

        with _drawing:
            values = {name: control.value for name, control in self.controls.items()}
            try:
                self.png = render(draw, panels=self.panels, figsize=self.figsize)
            except Exception as error:
                self.access.said = f"{type(error).__name__}: {error}"
                self.picture.value = f"<pre>{html.escape(self.access.said)}</pre>"
                raise
            alt = self.alt
            if change:
                told = [*map(self._told, values), *titles]
                alt = self.access.said = "; ".join(filter(None, told))
            data = base64.b64encode(self.png).decode()
            self.picture.value = (
                f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}">'
            )

    def _told(self, name):
        """Return the name of a control and its value, as one reads them; nothing of a file."""
        control = self.controls[name]
        if isinstance(control.value, bytes):
            return ""
        value = getattr(control, "label", control.value)  # of a choice
        if getattr(control, "tooltips", None):
            value = control.tooltips[control.index]
        if isinstance(value, float):
            value = f"{value:g}"
        return f"{control.description or name} {value}"

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
