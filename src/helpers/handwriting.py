"""Collect a learner's digits, pen stroke by pen stroke, and keep them in a file."""

import base64
import contextlib
import dataclasses
import datetime
import html
import json
import os
import pathlib
import time
import uuid

import ipywidgets
import numpy as np

from helpers import data
from helpers.canvas import DigitCanvas
from helpers.ink import BRUSH, check_strokes, draw_strokes, to_digit
from helpers.widgets import Access, render

HALVES = ("learn", "measure")
VERSION = 1
_FORM = "handwritten digits"
_HEAD = {"form": _FORM, "version": VERSION}
# A lock that is older was left behind by a kernel that died.
_STALE = 5.0


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A digit that somebody drew.

    Parameters
    ----------
    label : int
        The digit that was asked for, 0 to 9.
    strokes : list of ndarray of float64, each of shape (n, 2)
        As in `helpers.draw_strokes`.
    half : str
        ``"learn"`` or ``"measure"``: what it may be used for, decided when it was kept.
    when : str
        The moment it was kept, such as ``"2026-11-27T18:00:00+00:00"``.
    key : str
        Tells it from all others, on whatever computer they were drawn.
    """

    label: int
    strokes: list
    half: str
    when: str
    key: str


class Handwriting:
    """The file with the digits of one person.

    It is written after each digit, whole or not at all, and read again before that, so that two
    notebooks may add to the same file. What cannot be read is never written over.

    Parameters
    ----------
    path : Path, optional
        ``data/handwriting.json``, if it is left out. There need not be such a file yet.
    writer : str
        Whose digits they are. A file in which there are those of another writer is refused.

    Raises
    ------
    ValueError
        By all methods, if the file is damaged, of a newer version or of another writer.
    PermissionError
        If it may not be read.
    """

    def __init__(self, path=None, *, writer="me"):
        self.path = data.CACHE / "handwriting.json" if path is None else path
        self.writer = writer

    def drawings(self):
        """Return the digits in the file, a list of `Drawing`; an empty one if there is no file."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise PermissionError(
                f"The file {self.path} cannot be opened: check its permissions."
            ) from error
        except UnicodeDecodeError:
            text = ""
        writer, drawings = _parse(text, self.path)
        if writer != self.writer:
            raise ValueError(
                f"The file {self.path} holds the digits of {writer!r}, not of {self.writer!r}: say "
                f"writer={writer!r} if they are yours, or else name a file of your own."
            )
        return drawings

    def add(self, label, strokes):
        """Keep a digit, decide for which half it is, and return the `Drawing`.

        Of each digit there are never two more in one half than in the other; which of two goes
        where is drawn by lot. That rests on what is in the file, not on what a network says.

        Parameters
        ----------
        label : int
            0 to 9.
        strokes : sequence of array-like, each of shape (n, 2)
            As in `helpers.draw_strokes`.

        Raises
        ------
        ValueError
            If the label or the strokes are not as described, or nothing is drawn.
        OSError
            If the file cannot be written; it stays as it was.
        """
        if not isinstance(label, int | np.integer) or not 0 <= label <= 9:
            raise ValueError(f"The label must be a whole number from 0 to 9, not {label!r}.")
        strokes = check_strokes(strokes)
        if not strokes:
            raise ValueError("There is nothing to keep: draw the digit first.")
        with self._locked():
            drawings = self.drawings()
            halves = [drawing.half for drawing in drawings if drawing.label == label]
            first, second = (halves.count(half) for half in HALVES)
            lot = np.random.default_rng([int(label), len(halves)]).integers(2)
            half = HALVES[lot if first == second else int(first > second)]
            when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            drawing = Drawing(int(label), strokes, half, when, uuid.uuid4().hex)
            self._write([*drawings, drawing])
        return drawing

    def remove(self, key):
        """Take the digit with this key out of the file; if it is not there, nothing happens."""
        with self._locked():
            self._write([drawing for drawing in self.drawings() if drawing.key != key])

    def bring_in(self, path):
        """Add the digits of another file that are not here yet, and return how many those were.

        They keep their halves.

        Parameters
        ----------
        path : str or Path
            Such as one from another computer.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        """
        path = pathlib.Path(path)
        if not path.exists():
            raise FileNotFoundError(f"There is no file {path}.")
        others = Handwriting(path, writer=self.writer).drawings()
        with self._locked():
            drawings = self.drawings()
            known = {drawing.key for drawing in drawings}
            new = [drawing for drawing in others if drawing.key not in known]
            self._write(drawings + new)
        return len(new)

    def rescue(self):
        """Keep what can still be read of a damaged file, and return how many digits that are.

        The damaged file is put aside, under a name of its own.
        """
        text = self.path.read_text(encoding="utf-8", errors="replace")
        drawings = []
        for line in text.splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                drawings.append(_drawing(json.loads(line.rstrip().rstrip(","))))
        with self._locked():
            os.replace(self.path, self.path.with_name(f"{time.time_ns()}-{self.path.name}"))
            self._write(drawings)
        return len(drawings)

    def _write(self, drawings):
        """Write the file, one line for each digit."""
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise PermissionError(f"The file {self.path} is write-protected: change that first.")
        lines = ",\n".join(_line(drawing) for drawing in drawings)
        head = json.dumps({**_HEAD, "writer": self.writer})[:-1]
        text = f'{head}, "digits": [\n{lines}\n]}}\n'
        data.write_whole(self.path, lambda temporary: temporary.write_text(text, encoding="utf-8"))

    @contextlib.contextmanager
    def _locked(self):
        """Keep other notebooks from writing between our reading and our writing."""
        lock, start = self.path.with_name(f".{self.path.name}.lock"), time.monotonic()
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                if time.monotonic() - start > _STALE:
                    with contextlib.suppress(OSError):
                        lock.unlink()
                    start = time.monotonic()
                time.sleep(0.01)
            except OSError as error:
                raise type(error)(
                    f"{self.path} cannot be written ({error.strerror}): check the folder."
                ) from error
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.unlink()


def _line(drawing):
    """Return a drawing as one line of JSON; four decimals are less than a pixel of any screen."""
    entry = dataclasses.asdict(drawing)
    entry["strokes"] = [np.round(stroke, 4).tolist() for stroke in drawing.strokes]
    return json.dumps(entry)


def _drawing(entry):
    """Return an entry of the file as a `Drawing`, or raise a ValueError, KeyError or TypeError."""
    label, half = entry["label"], entry["half"]
    strokes = check_strokes(entry["strokes"])
    if type(label) is not int or not 0 <= label <= 9 or half not in HALVES or not strokes:
        raise ValueError("This is not a digit.")
    return Drawing(label, strokes, half, str(entry["when"]), str(entry["key"]))


def _parse(text, path):
    """Return the writer and the drawings in the text of a file, or say what is wrong with it."""
    damaged = (
        f"The file {path} is damaged: Handwriting().rescue() keeps the digits that can still be "
        "read and puts the damaged file aside."
    )
    try:
        content = json.loads(text)
    except ValueError:
        raise ValueError(damaged) from None
    if not isinstance(content, dict) or content.get("form") != _FORM:
        raise ValueError(
            f"The file {path} does not hold drawn digits: move it elsewhere, and a new one will be "
            "started."
        )
    if content.get("version") != VERSION:
        raise ValueError(
            f"The file {path} has version {content.get('version')!r}, but this series knows only "
            f"version {VERSION}: use the series that wrote it, or move the file elsewhere."
        )
    try:
        return str(content["writer"]), [_drawing(entry) for entry in content["digits"]]
    except (ValueError, KeyError, TypeError):
        raise ValueError(damaged) from None


def to_images(drawings):
    """Return drawings as images and labels.

    Parameters
    ----------
    drawings : sequence of Drawing

    Returns
    -------
    images : ndarray of float32, shape (n, 28, 28)
        As in MNIST: 0 is paper, 1 is ink.
    labels : ndarray of int64, shape (n,)
    """
    images = [to_digit(draw_strokes(drawing.strokes), 28) for drawing in drawings]
    images = np.array(images, dtype=np.float32).reshape(-1, 28, 28)
    return images, np.array([drawing.label for drawing in drawings], dtype=np.int64)


def missing(drawings, least=1):
    """Return a sentence about what of each digit is lacking in a half, "" if nothing is.

    Parameters
    ----------
    drawings : sequence of Drawing
    least : int
        How many of each digit there must be in each half.
    """
    counts = {half: np.zeros(10, dtype=int) for half in HALVES}
    for drawing in drawings:
        counts[drawing.half][drawing.label] += 1
    few = [digit for digit in range(10) if min(counts[half][digit] for half in HALVES) < least]
    if not few:
        return ""
    return f"There are too few drawings of {', '.join(map(str, few))}: draw more of each."


# Collecting


class Collector:
    """A canvas that asks for one digit after the other, in mixed order, and keeps each.

    The network does not say how it reads them, so that nobody writes to please it.

    Parameters
    ----------
    store : Handwriting
    count : int
        How many digits there shall be in the end, those that are there included.
    """

    def __init__(self, store, count=50):
        self.store, self.count = store, count
        self.kept = []  # keys, in the order of this session
        self._skipped, self._sure = 0, False
        self.pad = _Pad()
        self.prompt, self.message = ipywidgets.Label(), ipywidgets.HTML()
        self.access = Access()
        self.buttons = {
            name: ipywidgets.Button(description=name, tooltip=tip)
            for name, tip in [
                ("Keep", "keep this digit and go on"),
                ("Skip", "ask for another digit first"),
                ("Take back", "take the digit kept last out of the file"),
            ]
        }
        for button, act in zip(
            self.buttons.values(), (self.keep, self.skip, self.take_back), strict=True
        ):
            button.on_click(lambda _button, act=act: self._try(act))
        row = ipywidgets.HBox(list(self.buttons.values()))
        self.widget = ipywidgets.Box(
            [self.prompt, self.pad, row, self.message, self.access],
            layout={"flex_flow": "column", "display": "flex"},
        )
        self.asked = None
        self._try(lambda: "")

    def keep(self):
        """Keep what is drawn as the digit that is asked for; return a sentence."""
        if self.asked is None:
            return "You have written all the digits. For more, ask for a larger count."
        strokes = self.pad.strokes
        if not strokes:
            return "Draw the digit first."
        doubt = _doubt(strokes)
        if doubt and not self._sure:
            self._sure = True
            return f"{doubt} Press Keep once more to keep it as it is, or Clear to draw it again."
        label = self.asked
        self.kept.append(self.store.add(label, strokes).key)
        self.pad.clear()
        return f"Your {label} has been kept."

    def skip(self):
        """Ask for another digit first; return a sentence."""
        self._skipped += 1
        self.pad.clear()
        return ""

    def take_back(self):
        """Take the digit that was kept last out of the file; return a sentence."""
        if not self.kept:
            return "There is nothing to take back in this session."
        self.store.remove(self.kept[-1])
        self.kept.pop()
        return "The last digit has been taken back."

    def _try(self, act):
        """Do something and show what came of it; what is drawn stays if it fails."""
        sure = self._sure
        try:
            said = act()
            self._ask()
        except (OSError, ValueError) as error:
            said = str(error)
            if self.pad.strokes:
                said += " Nothing is lost: what you have drawn is still on the canvas."
        self.message.value = html.escape(said)
        self.access.said = f"{said} {self.prompt.value}".strip()
        self._sure = self._sure and not sure

    def _ask(self):
        """Show which digit is wanted."""
        labels = [drawing.label for drawing in self.store.drawings()]
        wanted = _order(self.count)
        for label in labels:
            with contextlib.suppress(ValueError):  # more of this digit than asked for
                wanted.remove(label)
        wanted = wanted[: max(0, self.count - len(labels))]
        self.asked = wanted[self._skipped % len(wanted)] if wanted else None
        self.prompt.value = (
            f"All {len(labels)} digits have been kept."
            if self.asked is None
            else f"Write a{'n' * (self.asked == 8)} {self.asked}, {len(labels) + 1} of {self.count}"
        )

    def _repr_mimebundle_(self, **_):
        view = self.widget._repr_mimebundle_()
        alt = f"A canvas that asks for digits: {self.prompt.value}"
        png = base64.b64encode(self.pad.still(self.prompt.value)).decode()
        return {**view, "text/plain": alt, "image/png": png}, {"image/png": {"alt": alt}}


class _Pad(DigitCanvas):
    """A canvas on which nobody reads."""

    def __init__(self):
        super().__init__(lambda digit: None, size=28)
        self.add_class("digit-canvas-alone")

    def _read(self, _change=None):
        number = int.from_bytes(self._drawing[:4], "little")
        self._answer = {"number": number, "text": "", "problem": "", "details": ""}

    def still(self, title):
        """Return the picture for a page with no kernel, as PNG bytes."""
        from helpers.plotting import draw_digit  # brings pyplot along

        def draw(ax):
            draw_digit(ax, draw_strokes(self.strokes, pen=BRUSH) / 255)
            ax.set_title(title, fontsize="small")

        return render(draw, figsize=(2.3, 2.3))


def _order(count):
    """Return which digits are asked for: all ten in mixed order, and so on."""
    rng = np.random.default_rng(14)
    rounds = [rng.permutation(10) for _ in range(-(-count // 10))]
    return np.concatenate([*rounds, np.array([], dtype=int)])[:count].astype(int).tolist()


def _doubt(strokes):
    """Return a sentence if this can hardly be a digit, or ""."""
    points = np.concatenate(strokes)
    size = np.ptp(points, axis=0).max()
    if size < 0.1:
        return "This is hardly more than a dot."
    length = sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)
    if length > 10 * size:
        return "This looks like a scribble."
    return ""


# Two networks on one canvas


class Beside:
    """What several networks say to one digit, for `helpers.DigitCanvas` to show below the canvas.

    Parameters
    ----------
    readings : dict of str to array-like of shape (10,)
        The probabilities, by the name of each network.
    """

    def __init__(self, readings):
        self.readings = {name: np.asarray(each).ravel() for name, each in readings.items()}
        self.summary = "; ".join(
            f"{name}: {each.argmax()}, {100 * each.max():.0f} %"
            for name, each in self.readings.items()
        )

    def svg(self):
        """Return the picture for the browser: a row of ten bars for each network."""
        rows = []
        for row, (name, each) in enumerate(self.readings.items()):
            bottom = 70 * row + 50
            verdict = f"{name}: {each.argmax()}, {100 * each.max():.0f} %"
            rows.append(f'<text x="0" y="{bottom}">{html.escape(verdict)}</text>')
            for digit, share in enumerate(each):
                x, height = 220 + 30 * digit, 40 * float(share)
                rows.append(
                    f'<rect x="{x}" y="{bottom - height:.1f}" width="20" height="{height:.1f}" '
                    f'fill="var(--dc-best, #0072b2)"/><text x="{x + 6}" y="{bottom + 14}">'
                    f"{digit}</text>"
                )
        height = 70 * len(self.readings)
        label = html.escape(self.summary, quote=True)
        return (
            f'<svg role="img" aria-label="{label}" viewBox="0 0 530 {height}" width="530" '
            f'font-size="13" fill="currentColor">{"".join(rows)}</svg>'
        )

    def draw(self, ax):
        """Draw the same for a page with no kernel: a group of bars for each digit."""
        width = 0.8 / len(self.readings)
        for i, (name, each) in enumerate(self.readings.items()):
            left = np.arange(10) + (i - (len(self.readings) - 1) / 2) * width
            ax.bar(left, each, width, label=name)
        ax.set(xticks=range(10), ylim=(0, 1), xlabel="digit", ylabel="probability")
        ax.legend()
