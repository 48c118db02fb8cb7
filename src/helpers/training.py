"""Watch a training, and keep the trained model for the steps that follow."""

import contextlib
import hashlib
import html
import json
import time

import ipywidgets
import keras
import numpy as np
from IPython import get_ipython
from IPython.display import Image, display
from matplotlib.ticker import MaxNLocator, NullFormatter

from helpers import data
from helpers.widgets import Bar, render, show_live


def progress(items, label):
    """Yield from a list while a bar shows how far it is and how long it has taken.

    Parameters
    ----------
    items : iterable
        What to go through.
    label : str
        What is going on, such as ``"training five networks"``.
    """
    items = list(items)
    bar = Bar(len(items), label, stored=f"{label}: {len(items)} done")
    for done, item in enumerate(items):
        bar.show(done)
        yield item
    bar.show(len(items))
    bar.close()


def time_ways(ways, *, digits=None):
    """Time functions one after the other and show how long each takes.

    The times are only shown while the code runs: no two computers agree on them.

    Parameters
    ----------
    ways : dict of str to callable
        What each is called; each is called twice, and the shorter time counts.
    digits : int, optional
        How many digits each reads. If it is given, the milliseconds for one are shown.
    """
    table = ipywidgets.HTML()
    show_live(table, "Run this cell to see the times.")
    rows = ""
    for name, way in ways.items():
        seconds = min(_seconds(way) for _ in range(2))
        time_text = f"{1000 * seconds / digits:.2f} ms a digit" if digits else f"{seconds:.2f} s"
        rows += f"<tr><td>{html.escape(name)}</td><td>{time_text}</td></tr>"
        table.value = f"<table>{rows}</table>"


def _seconds(way):
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


class LiveCurves(keras.callbacks.Callback):
    """Draw the curves of a training while it runs, and leave a picture of them behind.

    A Keras callback: ``model.fit(..., callbacks=[LiveCurves(40)])``. A training loop of one's own
    calls ``on_train_begin()``, ``on_epoch_end(epoch, {"loss": ...})`` and ``on_train_end()``. Where
    the training is interrupted, or a loss is not a number, the picture stays, and a line says so.

    Parameters
    ----------
    epochs : int
        How many epochs there will be.
    alt : str, optional
        What there is to see in the picture, for readers who do not see it.
    """

    def __init__(self, epochs, *, alt="The loss falls fast at first, then slowly."):
        super().__init__()
        self.curves = {}
        if epochs < 1:
            raise ValueError(f"A training needs at least one epoch, not {epochs}.")
        self.epochs, self.alt = epochs, alt

    def on_train_begin(self, logs=None):
        """Show an empty bar."""
        self.curves = {}
        self._bar = Bar(self.epochs, "epoch", stored=f"Training, {self.epochs} epochs at most.")
        self._drawn = time.perf_counter()
        # Keras does not tell its callbacks of an interrupt, but the cell ends all the same.
        if shell := get_ipython():
            shell.events.register("post_run_cell", self._after_cell)

    def on_epoch_end(self, epoch, logs=None):
        """Move the bar; add the numbers of `logs` to the curves."""
        for name, value in (logs or {}).items():
            self.curves.setdefault(name, []).append(float(value))
        # Drawing takes some 60 ms: once a second looks alive and costs little.
        picture = None
        if time.perf_counter() - self._drawn > 1:
            picture = self._render()
            self._drawn = time.perf_counter()
        self._bar.show(epoch + 1, picture=picture)

    def on_train_end(self, logs=None):
        """Leave the finished picture."""
        self._leave(self.alt)

    def _after_cell(self, _result):
        done = max(map(len, self.curves.values()), default=0)
        sentence = f"The training was stopped after {done} of {self.epochs} epochs."
        print(sentence)
        self._leave(f"{sentence} The loss until then.")

    def _leave(self, alt):
        with contextlib.suppress(ValueError, AttributeError):  # if it is not registered
            get_ipython().events.unregister("post_run_cell", self._after_cell)
        self._bar.close()
        if not self.curves:
            return
        if broken := first_break(self.curves):
            alt = (
                f"In epoch {broken} the loss is not a finite number: the training blew up, and no "
                "later epoch can mend it. A smaller learning rate may help."
            )
            print(alt)
        display(Image(self._render(), alt=alt))

    def _render(self):
        return render(lambda ax: draw_curves(ax, self.curves, epochs=self.epochs))


def first_break(curves):
    """Return the first epoch, from 1, with a loss that is nan or infinite, or None."""
    losses = [values for name, values in curves.items() if "loss" in name]
    # Each by itself: with `validation_freq`, one has fewer values than the other.
    broken = [np.flatnonzero(~np.isfinite(values)) for values in losses]
    return min((int(where[0]) + 1 for where in broken if len(where)), default=None)


def draw_curves(ax, curves, *, epochs, limits=None):
    """Draw loss curves over the epochs, on a log axis.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    curves : dict of str to sequence of float
        One value per epoch, such as ``history.history``; accuracies are left out, for they
        need an axis of their own.
    epochs : int
        Length of the axis.
    limits : (float, float), optional
        Ends of the axis of the loss, to have it the same in several pictures.
    """
    losses = {name: values for name, values in curves.items() if "loss" in name}
    for name, values in losses.items():
        finite = np.flatnonzero(np.isfinite(values))
        # A single point would make no line.
        (line,) = ax.plot(range(1, len(values) + 1), values, marker="o" if len(finite) == 1 else "")
        if not len(finite):
            continue
        label = "unseen images" if name.startswith("val") else "training images"
        ax.annotate(
            label if len(losses) > 1 else "",
            (finite[-1] + 1, values[finite[-1]]),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
            annotation_clip=False,
        )
    ax.set(xlim=(0, epochs), xlabel="epoch", ylabel="loss")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    shown = [loss for values in losses.values() for loss in values if 0 < loss < np.inf]
    if not shown:
        middle = {"ha": "center", "va": "center", "transform": ax.transAxes}
        ax.text(0.5, 0.5, "no loss is a number that can be drawn", **middle)
        return
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    if limits:
        ax.set(ylim=limits)
    lowest, highest = limits or (min(shown), max(shown))
    if highest < 10 * lowest:  # so near to each other that a log axis has no tick there
        ax.yaxis.set_major_locator(MaxNLocator(4))
        ax.yaxis.set_major_formatter("{x:.3g}")


def shared_model(name, train):
    """Return the trained model that another step saved, or train it now and save it.

    Parameters
    ----------
    name : str
        Name of the file in ``data/``, without ``.keras``.
    train : callable
        Called as ``train(callbacks)``, returns the trained `keras.Model`; `callbacks` are for
        ``fit`` and show the progress. It is called where there is no file yet, or where the file
        cannot be read or does not turn 400 numbers into ten; such a file is left as it is.

    Returns
    -------
    keras.Model
    """
    path = _path(name)
    bar = Bar(1, "epoch", stored=f"The trained network {name!r} is ready.")
    was_there, model = path.exists(), None
    if was_there:
        # Keras has a dozen kinds of errors for a damaged file.
        with contextlib.suppress(Exception):
            saved = keras.saving.load_model(path)
            if (saved.input_shape, saved.output_shape) == ((None, 400), (None, 10)):
                model = saved
    if model is not None:
        bar.say(f"Loaded the trained network from {path}. To train it again, delete the file.")
        return model
    model = train([_Progress(bar)])
    if was_there:
        bar.say(
            f"{path} is damaged or holds another network, so the network was trained again. "
            "Delete that file, and the next one will be kept."
        )
    else:
        bar.say(f"There was no trained network, so it was trained now. {_save(model, path)}")
    return model


def save_model(model, name, *, about=""):
    """Save a model as ``data/<name>.keras``, whole or not at all.

    Where that cannot be done (a read-only folder, a full disk), this says so and goes on.

    Parameters
    ----------
    model : keras.Model
    name : str
    about : str
        What it was trained on, for example; it is kept beside the model as ``data/<name>.txt``.
    """
    said = _save(model, _path(name), about)
    sentence = ipywidgets.Label(said)
    show_live(sentence, f"The network {name!r} is saved.")


def load_network():
    """Return the convolutional network that comes with the series, ``data/cnn.keras``.

    It was trained by code of steps 11 and 13, which ``tools/make_network.py`` runs: digits in,
    float32 (n, 28, 28, 1) from 0 to 1; logits out, float32 (n, 10).

    Returns
    -------
    keras.Model

    Raises
    ------
    FileNotFoundError
        If the file is missing.
    ValueError
        If it is damaged or another one.
    """
    path = data.DATA / "cnn.keras"
    remedy = "Get it back with: git checkout -- data"
    if not path.is_file():
        raise FileNotFoundError(f"The network is missing: there is no file {path}. {remedy}")
    try:
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        same = card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be checked ({error}). {remedy}") from None
    if not same:
        raise ValueError(
            f"The file {path} is damaged, or is not the network of the series. {remedy}"
        )
    return keras.saving.load_model(path, compile=False)


def _path(name):
    return data.CACHE / f"{name}.keras"


def _save(model, path, about=""):
    """Save a model, then the note about it, and return a sentence about the model."""
    try:
        data.write_whole(path, model.save)
    except OSError as error:
        return f"It cannot be saved as {path} ({error}). A step that needs it will train it again."
    if about:
        with contextlib.suppress(OSError):  # a network without a note is as good
            data.write_whole(
                path.with_suffix(".txt"),
                lambda note: note.write_text(about + "\n", encoding="utf-8"),
            )
    return f"Saved as {path}."


class _Progress(keras.callbacks.Callback):
    """Move a bar with the epochs of a training."""

    def __init__(self, bar):
        super().__init__()
        self.bar = bar

    def on_epoch_end(self, epoch, logs=None):
        """Move the bar."""
        self.bar.show(epoch + 1, total=self.params["epochs"])
