"""Read real pen strokes of people whose writing is not in MNIST.

    .venv/bin/python -m bench.strokes FILE

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
from helpers.training import load_network


def enlarge(strokes):
    """Return strokes moved and scaled so that they fill 70 % of the unit square."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    side = (high - low).max() or 1
    return [(stroke - (low + high) / 2) / side * 0.7 + 0.5 for stroke in strokes]


def main(path):
    """Read all digits in the file and write the table."""
    content = Path(path).read_bytes()
    data = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    labels = np.array([digit["label"] for digit in data["digits"]])
    writers = len({digit["writer"] for digit in data["digits"]})
    drawings = [
        [np.clip(np.array(stroke) / data["box"], 0, 1) for stroke in digit["strokes"] if stroke]
        for digit in data["digits"]
    ]
    model, rows = load_network(), {}
    for name, change in [("as they lie in their box", list), ("filling 70 % of it", enlarge)]:
        images = np.array([to_digit(draw_strokes(change(drawing)), 28) for drawing in drawings])
        logits = model.predict(images[..., None], batch_size=500, verbose=0)
        right = logits.argmax(axis=1) == labels
        rows[name] = [right.mean(), *(right[labels == digit].mean() for digit in range(10))]
    lines = [
        f"{len(labels):,} digits by {writers} writers, in percent read correctly by the network "
        "that comes with the series. None of them was used to train it, but its recipe was chosen "
        "with an eye on how it reads them. In the second row all are enlarged or made smaller to "
        "one size; the pen stays as wide as it is. `bench/strokes.py` says what file it wants.",
        "",
        *results.table(
            ["drawn", "all", *"0123456789"],
            [[name, *(f"{100 * s:.1f}" for s in shares)] for name, shares in rows.items()],
        ),
    ]
    results.write("Pen strokes of other people", lines, ["tensorflow", "keras", "numpy"])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
