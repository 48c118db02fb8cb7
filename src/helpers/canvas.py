"""A canvas to draw a digit on, and to watch a network read it."""

import base64
import contextlib
import math
import re
import threading
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from helpers.data import check_probabilities
from helpers.ink import BRUSH, WIDE, check_strokes, digit_steps, draw_strokes, resample
from helpers.number import number_steps
from helpers.row import count_digits
from helpers.widgets import render

# Softmax of probabilities gives at most e / (e + 9).
TWICE = 0.2322
ALIKE = (
    "All ten probabilities are nearly the same: either the network has not been trained, or "
    "softmax was applied twice."
)
LONGEST = 300  # letters of a message that are shown at once
# Between browser and kernel a drawing is one row of uint16, little-endian, in pairs: first the
# number of the drawing, low half and high half, then each point as x, y from 0 to _FULL. Behind
# each stroke stands the pair _LIFT, _LIFT.
_FULL, _LIFT = 65534, 65535
_HERE = Path(__file__)


class DigitCanvas(anywidget.AnyWidget):
    """Draw a digit with mouse, finger, pen or keys; a network reads it while you draw.

    The ink is drawn by the browser, so it flows even while the kernel is busy. The strokes go to
    the kernel, which turns them into a digit (`helpers.to_digit`) and asks `predict`.

    Parameters
    ----------
    predict : callable
        Gets a digit, float32 (size, size) from 0 to 1, and returns its ten probabilities. What it
        raises is shown in the widget. It may be called on another thread than cells, but never
        twice at once for one canvas.
    size : int
        20 or 28, as in `helpers.to_digit`.
    strokes : sequence of array-like, each of shape (n, 2), optional
        What is drawn at first.
    inside : callable, optional
        Gets the same digit and returns a `helpers.inside.Diagram`, which is shown below and drawn
        anew with each change of the drawing.
    wide : bool
        Whether there is room for a number: three times as wide as high. Its digits are told apart
        as by `helpers.to_digits`, and `predict` reads each of them.

    Raises
    ------
    TypeError
        If `predict` or `inside` cannot be called.
    ValueError
        If `size` or `strokes` is not as described, or if `inside` is to be shown for a number.
    """

    _esm = _HERE.with_suffix(".js")
    _css = _HERE.with_suffix(".css")
    _brush = traitlets.Float(BRUSH).tag(sync=True)
    _ratio = traitlets.Int(1).tag(sync=True)
    _drawing = traitlets.Bytes(b"\0\0\0\0").tag(
        sync=True, from_json=lambda message, canvas: canvas._receive(message)
    )
    _answer = traitlets.Dict().tag(sync=True)

    def __init__(self, predict, size=20, *, strokes=(), inside=None, wide=False):
        if not callable(predict):
            raise TypeError(
                "predict must be a function that takes a digit and returns ten probabilities, "
                f"not {predict!r}."
            )
        if not callable(inside) and inside is not None:
            raise TypeError(
                "inside must be a function that takes a digit and returns a Diagram, "
                f"not {inside!r}."
            )
        if size not in (20, 28):
            raise ValueError(f"size must be 20 or 28, not {size!r}.")
        if wide and inside:
            raise ValueError(
                "inside shows one digit, but a wide canvas reads several: use one of them."
            )
        self._predict, self._size, self._inside = predict, size, inside
        self._lock = threading.RLock()
        self._digits, self._diagram = [], None
        ratio = WIDE if wide else 1
        super().__init__(_drawing=_encode(check_strokes(strokes), 0), _ratio=ratio)
        self._read()
        self.observe(self._read, names="_drawing")

    @property
    def strokes(self):
        """What is drawn: a list of float64 arrays of shape (n, 2), from 0 to 1; assignable."""
        return _decode(self._drawing)[0]

    @strokes.setter
    def strokes(self, strokes):
        strokes = check_strokes(strokes)
        with self._lock:
            self._drawing = _encode(strokes, _decode(self._drawing)[1] + 1)

    @property
    def digit(self):
        """What the network gets: float32 (size, size) from 0 to 1, or None if nothing is drawn.

        Of a number it is the first digit; `digits` holds all.
        """
        return self._digits[0].copy() if self._digits else None

    @property
    def digits(self):
        """What the network gets, a list with each digit of a number as `digit`, left to right."""
        return [digit.copy() for digit in self._digits]

    def undo(self):
        """Take the last stroke away."""
        self.strokes = self.strokes[:-1]

    def clear(self):
        """Take all strokes away."""
        self.strokes = []

    def _receive(self, message):
        """Return the drawing in a message from the browser; the present one if it is damaged."""
        try:
            message = bytes(message)
            _, number = _decode(message)
        except (TypeError, ValueError):
            self._answer = {
                **self._answer,
                "details": "",
                "problem": "Part of the drawing got lost on the way: draw another stroke.",
            }
            return self._drawing
        # What the kernel has drawn meanwhile is newer.
        return self._drawing if number < _decode(self._drawing)[1] else message

    def _read(self, _change=None):
        """Let the network read the drawing, and tell the browser what came out."""
        with self._lock:
            strokes, number = _decode(self._drawing)
            text = "Draw a digit." if self._ratio == 1 else "Write a number."
            answer = {"number": number, "text": text, "problem": "", "details": ""}
            self._digits, self._diagram = [], None
            if self._inside:
                answer["inside"] = ""
            try:
                read = self._read_digit if self._ratio == 1 else self._read_number
                read(draw_strokes(strokes, wide=self._ratio != 1), answer)
            except Exception as error:  # of whatever kind: drawing goes on
                answer["problem"], answer["details"] = explain(error, self._size)
            self._answer = answer

    def _read_digit(self, picture, answer):
        """Put into an answer what the network reads in a picture of one digit."""
        steps = digit_steps(picture, self._size)
        if steps is None:
            return
        self._digits = [steps["final"].astype(np.float32) / 255]
        answer["pictures"] = _pictures(steps)
        answer["text"] = "The network could not read it."
        probabilities = _ten_probabilities(self._predict(self.digit))
        answer["probabilities"] = probabilities.round(4).tolist()
        answer["text"] = _said(probabilities)
        count = count_digits(steps["ink"])
        if probabilities.max() < TWICE:
            answer["problem"] = ALIKE
        elif count > 1:
            answer["problem"] = (
                f"This looks like {count} digits, and they are read as one. Write one at a time, "
                "or use DigitCanvas(…, wide=True)."
            )
        if self._inside:
            self._diagram = self._inside(self.digit)
            answer["inside"] = self._diagram.svg()

    def _read_number(self, picture, answer):
        """Put into an answer what the network reads in a picture of several digits."""
        found, answer["problem"] = number_steps(picture, self._size)
        if not found:
            return
        self._digits = [steps["final"].astype(np.float32) / 255 for steps in found]
        answer["digits"] = [["", steps["final"].tobytes()] for steps in found]
        answer["text"] = "The network could not read it."
        read = [_ten_probabilities(self._predict(digit)) for digit in self.digits]
        for shown, probabilities in zip(answer["digits"], read, strict=True):
            shown[0] = _said(probabilities)
        number = "".join(str(probabilities.argmax()) for probabilities in read)
        shares = ", ".join(f"{100 * probabilities.max():.0f} %" for probabilities in read)
        answer["text"] = f"{number} ({shares})"
        if min(probabilities.max() for probabilities in read) < TWICE:
            answer["problem"] = ALIKE

    def _repr_mimebundle_(self, **_):
        data, metadata = super()._repr_mimebundle_()
        png = base64.b64encode(self._still()).decode()
        alt = f"A canvas to draw on; what the network says to the drawing: {self._answer['text']}"
        if self._diagram is not None:
            alt += f". {self._diagram.summary}"
        data |= {"text/plain": alt, "image/png": png}
        return data, {**metadata, "image/png": {"alt": alt}}

    def _still(self):
        """Return the picture for a page with no kernel, as PNG bytes."""
        # Not at the top: it brings pyplot along, which nothing here needs.
        from helpers.plotting import draw_digit, draw_probabilities

        if self._ratio != 1:
            return render(self._draw_number, figsize=(7, 3.6 if self._digits else 2.4))

        def draw_reading(axes):
            draw_digit(axes[0], draw_strokes(self.strokes, pen=BRUSH) / 255)
            draw_digit(axes[1], self._digits[0] if self._digits else np.zeros((20, 20)))
            probabilities = self._answer.get("probabilities", [0] * 10)
            draw_probabilities(axes[2], probabilities)
            for ax, title in zip(axes, ("drawn", "what the network gets", ""), strict=True):
                ax.set_title(title, fontsize="small")

        if self._diagram is None:
            return render(draw_reading, panels=3, figsize=(7, 2.3))

        def draw_both(ax):
            above, below = ax.figure.subfigures(2, 1, height_ratios=[2.3, 3.7])
            ax.remove()
            draw_reading(above.subplots(1, 3))
            self._diagram.draw(below.subplots())

        return render(draw_both, figsize=(7, 6))

    def _draw_number(self, ax):
        """Draw the still picture of a wide canvas: what is written, and below what is read."""
        from helpers.plotting import draw_digit

        above, figure = ax, ax.figure
        if self._digits:
            ax.remove()
            above, below = figure.subfigures(2, 1, height_ratios=[2, 1.2])
            axes = below.subplots(1, max(6, len(self._digits)))
            for place, digit in zip(axes, self._digits, strict=False):
                draw_digit(place, digit)
            for place, (said, _) in zip(axes, self._answer.get("digits", []), strict=False):
                place.set_title(said, fontsize="small")
            for place in axes[len(self._digits) :]:
                place.set_axis_off()
            above = above.subplots()
        above.imshow(draw_strokes(self.strokes, wide=True), cmap="gray_r", vmin=0, vmax=255)
        above.set(xticks=[], yticks=[], title="drawn")
        above.spines[:].set_visible(True)


def explain(error, size):
    """Return what went wrong in `predict` in one sentence, and the rest of the message.

    Parameters
    ----------
    error : Exception
    size : int
        Pixels on each side of the digit that `predict` got.

    Returns
    -------
    sentence, details : str
        `details` is empty if the sentence says it all.
    """
    message = re.sub(r"\x1b\[[\d;]*m", "", str(error)).strip()
    wanted = re.search(r"[Ee]xpected shape \(None, ([\d, ]+?),?\)|to have value (\d+),", message)
    # Of Keras's several ways to say so.
    got = re.search(r"incompatible shape (\(.*?\))|input with shape (\(.*?\))", message)
    if not wanted or not got:
        sentence = " ".join([f"{type(error).__name__}:", *message.partition("\n")[0].split()])
        if len(sentence) > LONGEST:
            sentence = sentence[:LONGEST] + " …"
        return sentence, "" if " ".join(message.split()) in sentence else message
    shape = [int(number) for number in (wanted[1] or wanted[2]).split(",")]
    batch = ", ".join(map(str, [1, *shape]))
    sentence = f"The network got an input of shape {got[1] or got[2]}, but needs ({batch})"
    if math.prod(shape) == size * size:
        return f"{sentence}, a batch of one digit: give it digit.reshape({batch}).", message
    side = math.isqrt(math.prod(shape))
    other = f", as DigitCanvas(predict, size={side}) makes" if side in (20, 28) else ""
    return (
        f"{sentence}: it reads digits of {side}×{side} pixels{other}, not {size}×{size}.",
        message,
    )


def _encode(strokes, number):
    """Return strokes as they go between browser and kernel."""
    parts = [np.array([number & 0xFFFF, number >> 16 & 0xFFFF])]
    for stroke in strokes:
        parts += [np.round(stroke * _FULL).ravel(), np.array([_LIFT, _LIFT])]
    return np.concatenate(parts).astype("<u2").tobytes()


def _decode(message):
    """Return the strokes and the number of a drawing, or raise a ValueError."""
    if len(message) % 4 or not message:
        raise ValueError("A drawing consists of whole pairs.")
    pairs = np.frombuffer(message, "<u2").reshape(-1, 2)
    number = int(pairs[0] @ [1, 1 << 16])
    points = pairs[1:]
    if len(points) and not (points[-1] == _LIFT).all():
        raise ValueError("The last stroke is incomplete.")
    lifted = (points == _LIFT).all(axis=1)
    if (points[~lifted] > _FULL).any():
        raise ValueError("A point lies outside of the canvas.")
    ends = np.flatnonzero(lifted)
    strokes = np.split(points, ends + 1)[:-1]
    return [stroke[:-1] / _FULL for stroke in strokes if len(stroke) > 1], number


def _said(probabilities):
    """Return the most probable digit and its probability, as they are shown."""
    return f"{probabilities.argmax()}, {100 * probabilities.max():.0f} %"


def _pictures(steps):
    """Return the steps from drawing to digit for display: name → bytes, square, one per pixel."""
    return {
        "cut out": resample(steps["square"], 48, 48).tobytes(),
        "20 × 20": steps["stretched"].tobytes(),
        "centered": steps["centered"].tobytes(),
        "final": steps["final"].tobytes(),
    }


def _ten_probabilities(returned):
    """Return what `predict` returned as ten probabilities, or say what is wrong with them."""
    with contextlib.suppress(ValueError):  # lists of different lengths, which the check refuses
        if np.shape(returned) == (1, 10):  # a table with one row, as a network returns
            returned = returned[0]
    name = "The 10 probabilities that predict returns"
    probabilities = check_probabilities(returned, (10,), name=name)
    # A network's float32, or a learner's rounding, may miss 1 by a little.
    if abs(probabilities.sum() - 1) > 0.01:
        raise ValueError(
            f"{name} must add up to 1, but these do not. Softmax turns logits into such."
        )
    return probabilities
