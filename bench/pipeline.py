"""Feed a network from tf.data in several ways, side by side: make bench.

The four ways of step 9, taken from the notebook, on 20,000 images of MNIST, one epoch each, in
turns; ratios are taken within a turn. Writes bench/pipeline.md.
"""

import os
import platform
import statistics
import sys
import time
from pathlib import Path

import keras
import nbformat
import tensorflow as tf

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
    timed = ways()
    seconds = {name: [] for name in timed}
    for turn in range(TURNS):
        for name, way in timed.items():
            start = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - start)
            print(f"turn {turn + 1}: {seconds[name][-1]:6.2f} s  {name}", flush=True)
    first = next(iter(timed))
    lines = [
        "# Feeding a network",
        "",
        "The four ways of step 9: 20,000 images, batches of 32, a network with 25 hidden units, "
        f"one epoch each, one after the other in {TURNS} turns. Written by `make bench`; the ratio "
        "is the median of the turns, with their smallest and largest.",
        "",
        "| way | seconds | ratio to the first |",
        "|---|---|---|",
    ]
    for name, times in seconds.items():
        ratios = [t / p for t, p in zip(times, seconds[first], strict=True)]
        spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
        median = statistics.median(ratios)
        lines.append(f"| {name} | {statistics.median(times):.2f} | {median:.2f} ({spread}) |")
    lines += [
        "",
        f"Measured with {os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras "
        f"{keras.__version__}.",
        "",
    ]
    (ROOT / "bench" / "pipeline.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
