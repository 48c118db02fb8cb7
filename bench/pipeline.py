"""Feed a network from tf.data in several ways, side by side: make bench.

The four ways of step 9, taken from the notebook, on 20,000 images of MNIST, one epoch each, in
turns; ratios are taken within a turn. Writes bench/pipeline.md.
"""

import statistics
import sys
from pathlib import Path

import keras
import nbformat
import tensorflow as tf

from bench.side_by_side import RATIO, machine, ratio, take_turns
from helpers import load_mnist, training

ROOT = Path(__file__).parents[1]
TURNS = 5


def ways():
    """Return the ways that step 9 times, by name."""
    found = {}
    notebook = nbformat.read(ROOT / "notebooks" / "09_mnist.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    (timed,) = [source for source in sources if "time_ways(" in source]
    (stages,) = [source for source in sources if "from_tensor_slices" in source]
    (images, labels), _ = load_mnist()
    names = {
        "tf": tf,
        "Sequential": keras.Sequential,
        "Dense": keras.layers.Dense,
        "images": images,
        "y": labels.astype(int),
    }
    keras.config.set_floatx("float64")
    training.time_ways = found.update
    exec(stages, names)
    exec(timed, names)
    return found


def main():
    """Measure all ways in turns and write the table."""
    seconds, _ = take_turns(ways(), TURNS)
    first = next(iter(seconds.values()))
    lines = [
        "# Feeding a network",
        "",
        "The four ways of step 9: 20,000 images, batches of 32, a network with 25 hidden units, "
        f"one epoch each, one after the other in {TURNS} turns. Written by `make bench`. {RATIO}",
        "",
        "| way | seconds | ratio to the first |",
        "|---|---|---|",
    ]
    for name, times in seconds.items():
        lines.append(f"| {name} | {statistics.median(times):.2f} | {ratio(times, first)} |")
    lines += ["", machine(tf, keras), ""]
    (ROOT / "bench" / "pipeline.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
