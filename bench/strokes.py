"""Read real pen strokes of people whose writing is not in MNIST.

    .venv/bin/python -m bench strokes --strokes FILE

FILE is JSON, perhaps packed by gzip: `{"box": [width, height], "digits": [{"label": 3, "writer":
"a", "strokes": [[[x, y], ...], ...]}, ...]}`, y downwards. Most of these
digits are far smaller than their box. They are drawn as the canvas reads them, with a pen that is
thinner for small writing, and as it shows them. Writes a section of bench/RESULTS.md.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

from bench import results
from helpers import draw_strokes, to_digit
from helpers.ink import BRUSH

SECTION = "Pen strokes of other people"
# By their digits the remedies of step 14 and their rates were chosen: the writers of pendigits,
# ordered by how many of their digits the network misreads, and of each four the first and the last.
CHOSEN_BY = {
    *("tr04", "tr05", "tr06", "tr07", "tr09", "tr10", "tr12", "tr13", "tr19", "tr20"),
    *("tr23", "tr24", "tr26", "tr28", "tr30"),
}


def load(path):
    """Return the labels, the writers and the drawings in the file at `path`: arrays and a list.

    A drawing is a list of strokes, float64 (n, 2) from 0 to 1.
    """
    content = Path(path).read_bytes()
    packed = content[:2] == b"\x1f\x8b"
    data = json.loads(gzip.decompress(content) if packed else content)
    labels = np.array([digit["label"] for digit in data["digits"]])
    writers = np.array([digit["writer"] for digit in data["digits"]])
    drawings = [
        [np.clip(np.array(stroke) / data["box"], 0, 1) for stroke in digit["strokes"] if stroke]
        for digit in data["digits"]
    ]
    return labels, writers, drawings


def measure(path):
    """Read all digits in the file at `path`; return how many there are and the shares read rightly.

    For each row: the share of all digits, then that of each digit from 0 to 9.
    """
    from helpers.training import load_network

    labels, writers, drawings = load(path)
    model, others = load_network(), ~np.isin(writers, sorted(CHOSEN_BY))

    def right(pen):
        images = [to_digit(draw_strokes(drawing, pen=pen), 28) for drawing in drawings]
        logits = model.predict(np.array(images)[..., None], batch_size=500, verbose=0)
        return logits.argmax(axis=1) == labels

    def shares(right, labels):
        each = [right, *(right[labels == digit] for digit in range(10))]
        return [float(some.mean()) for some in each]

    thin, broad = right(None), right(BRUSH)
    return {
        "digits": len(labels),
        "writers": len(set(writers)),
        "shares": {
            "as the canvas reads them": shares(thin, labels),
            "these, by writers who report in step 14": shares(thin[others], labels[others]),
            "with the broad pen that it shows": shares(broad, labels),
        },
    }


def section(found):
    """Return the lines of the section."""
    return [
        f"{found['digits']:,} digits by {found['writers']} writers, in percent read correctly by "
        "the network that comes with the series. None of them was used to train it, but its recipe "
        "was chosen with an eye on how it reads them. Small writing is read with a thinner pen "
        "than the canvas shows. How thin was chosen with an eye on all of these writers, too, but "
        "seven settings that were tried differ by at most 0.2 points. `bench/strokes.py` says what "
        "file it wants.",
        "",
        *results.table(
            ["drawn", "all", *"0123456789"],
            [
                [name, *(f"{100 * share:.1f}" for share in shares)]
                for name, shares in found["shares"].items()
            ],
        ),
    ]


def main(path):
    """Read the file at `path`, and write the section."""
    results.write("strokes", measure(path), ["tensorflow", "keras", "numpy"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench strokes --strokes FILE, which sets the environment.")
