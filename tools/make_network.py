"""Train the network that comes with the series, by code of steps 11 and 13: data/cnn.keras.

    .venv/bin/python -m tools.make_network

Takes about seven minutes. `data/cnn.json` then holds the SHA-256 of the file, that of
the code that made it, and how long it took; a test sees that these steps still have this code.
"""

import ast
import hashlib
import inspect
import json
import time

from helpers import augment
from helpers.data import DATA, load_mnist, write_whole
from tools import NOTEBOOKS
from tools.sources import load_source, source_of

# The function that trains, and what it is called with.
RECIPE = (
    (NOTEBOOKS / "11_cnn.ipynb", ("train",)),
    (NOTEBOOKS / "13_inside.ipynb", ("settings",)),
)


def fingerprint():
    """Return the SHA-256 of the code that makes the network, helpers included, in hexadecimal."""
    parts = [source_of(*part) for part in RECIPE]
    parts.append(ast.unparse(ast.parse(inspect.getsource(augment))))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def recipe():
    """Return what the steps define for making the network: name → object."""
    names = {}
    for part in RECIPE:
        names.update(load_source(*part))
    return names


def main():
    """Train and store."""
    made_by, names = fingerprint(), recipe()
    (images, labels), _ = load_mnist()
    start = time.perf_counter()
    trained = names["train"](images, labels.astype(int), **names["settings"])
    seconds = time.perf_counter() - start
    model = names["build"](names["settings"]["deeper"])
    model.set_weights(trained.get_weights())  # and nothing of the optimizer
    path = DATA / "cnn.keras"
    write_whole(path, model.save)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = {"sha256": digest, "recipe": made_by, "seconds": round(seconds)}
    path.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size:,} bytes after {seconds:.0f} s")


if __name__ == "__main__":
    main()
