"""Read real pen strokes of people whose writing is not in MNIST.

    .venv/bin/python -m bench strokes --strokes FILE

FILE is JSON, perhaps packed by gzip: `{"box": [width, height], "digits": [{"label": 3, "writer":
"a", "strokes": [[[x, y], ...], ...]}, ...]}`, y downwards. The strokes are drawn as in the canvas,
once as they lie in their box and once so that the digit fills 70 % of it. Writes a section of
bench/RESULTS.md.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np

from bench import results
from helpers import draw_strokes, to_digit

SECTION = "Pen strokes of other people"


def enlarge(strokes):
    """Return strokes moved and scaled so that they fill 70 % of the unit square."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    side = (high - low).max() or 1
    return [(stroke - (low + high) / 2) / side * 0.7 + 0.5 for stroke in strokes]


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

    For each way of drawing: the share of all digits, then that of each digit from 0 to 9.
    """
    from helpers.training import load_network

    labels, writers, drawings = load(path)
    model, shares = load_network(), {}
    for name, change in [("as they lie in their box", list), ("filling 70 % of it", enlarge)]:
        images = np.array([to_digit(draw_strokes(change(drawing)), 28) for drawing in drawings])
        logits = model.predict(images[..., None], batch_size=500, verbose=0)
        right = logits.argmax(axis=1) == labels
        each = [right, *(right[labels == digit] for digit in range(10))]
        shares[name] = [float(some.mean()) for some in each]
    return {"digits": len(labels), "writers": len(set(writers)), "shares": shares}


def section(found):
    """Return the lines of the section."""
    return [
        f"{found['digits']:,} digits by {found['writers']} writers, in percent read correctly by "
        "the network that comes with the series. None of them was used to train it, but its recipe "
        "was chosen with an eye on how it reads them. In the second row all are enlarged or made "
        "smaller to one size; the pen stays as wide as it is. `bench/strokes.py` says what file it "
        "wants.",
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
