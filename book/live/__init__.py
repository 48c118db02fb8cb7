"""What runs in the reader's browser: a canvas that a network reads, and a training."""

import base64
import gzip
import json
from pathlib import Path

import numpy as np

from helpers.data import load_data

HERE = Path(__file__).parent
HELPERS = HERE.parents[1] / "src" / "helpers"
# Modules and styles by packs. The page runs the first of each, which may import the others.
PACKS = {
    "canvas": (
        *("drawing.js", "canvas.js", "kernel.js", "ink.js", "row.js", "network.js"),
        *("canvas.css", "live.css"),
    ),
    "training": ("training.js", "trainer.js", "live.css"),
}
FROM_HELPERS = "canvas.js", "canvas.css"
NETWORKS = "dense", "cnn"


def assemble(folder):
    """Write all files that the live parts of a page need.

    A page names one of them, ``live.js``, which loads the others: packed by gzip as ``NAME.pack``,
    and with the same bytes as ``NAME.pack.js`` for pages that are opened from a folder.

    Parameters
    ----------
    folder : path
        Made if it is not there; what else is in it stays.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "live.js").write_bytes((HERE / "live.js").read_bytes())
    for name, content in files().items():
        packed = gzip.compress(content, mtime=0)
        (folder / f"{name}.pack").write_bytes(packed)
        text = base64.b64encode(packed).decode()
        (folder / f"{name}.pack.js").write_text(f'live.receive("{name}", "{text}");\n', "ascii")


def files():
    """Return the files that are packed: name → bytes."""
    found = {name: (HERE / f"{name}.bin").read_bytes() for name in NETWORKS}
    for name, members in PACKS.items():
        sources = {member: _source(member) for member in members}
        found[f"{name}-scripts"] = json.dumps(sources, ensure_ascii=False).encode()
    found["training-data"] = training_data()
    return found


def _source(name):
    folder = HELPERS if name in FROM_HELPERS else HERE
    return (folder / name).read_text(encoding="utf-8")


def training_data():
    """Return what a training in the page begins with, in the order in which trainer.js reads it.

    The weights that Keras begins with in step 6 and the order of the images there, the 5,000 digits
    with their labels, and 1,000 that the network does not learn from.
    """
    X, y = load_data()
    with np.load(HERE / "start.npz") as start:
        parts = [start["weights"].astype("<f8"), start["order"].astype("<u2")]
        parts += [np.round(255 * X).astype(np.uint8), y.astype(np.uint8)]
        parts += [start["unseen"], start["unseen_labels"]]
    return b"".join(part.tobytes() for part in parts)
