"""Train the network that comes with the series, by the code of step 11: data/cnn.keras.

    .venv/bin/python -m tools.make_network

Takes about seven minutes. `data/cnn.json` then holds the SHA-256 of the file, that of
the code that made it, and how long it took; a test sees that step 11 still has this code.
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

RECIPE = NOTEBOOKS / "11_cnn.ipynb", ("train", "settings")


def fingerprint():
    """Return the SHA-256 of the code that makes the network, helpers included, in hexadecimal."""
    code = source_of(*RECIPE) + ast.unparse(ast.parse(inspect.getsource(augment)))
    return hashlib.sha256(code.encode()).hexdigest()


def main():
    """Train and store."""
    made_by, names = fingerprint(), load_source(*RECIPE)
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
