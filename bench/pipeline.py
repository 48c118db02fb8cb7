"""Feed a network from tf.data in several ways, side by side: python -m bench pipeline.

The four ways of step 9, taken from the notebook, on 20,000 images of MNIST, some epochs each, in
turns; ratios are taken within a turn. Writes a section of bench/RESULTS.md.
"""

import statistics
import sys

from bench import results
from bench.side_by_side import RATIO, ratio, take_turns
from tools import NOTEBOOKS
from tools.sources import load_source

SECTION = "Feeding it"
TURNS = 11
EPOCHS = 3


def ways():
    """Return the ways that step 9 times, by name; each trains for `EPOCHS` epochs."""
    import keras

    keras.config.set_floatx("float64")
    step_9 = load_source(
        NOTEBOOKS / "09_mnist.ipynb", ["one_epoch", "by_image", "by_image_cached", "pipeline"]
    )
    one_epoch = step_9["one_epoch"]
    return {
        name: lambda train=train: [train() for _ in range(EPOCHS)]
        for name, train in {
            "image by image": one_epoch(step_9["by_image"]),
            "image by image, cached": one_epoch(step_9["by_image_cached"]),
            "batch by batch": one_epoch(step_9["pipeline"]),
            "625 steps at once": one_epoch(step_9["pipeline"], 625),
        }.items()
    }


def measure():
    """Return the seconds that each way took in each turn, by its name."""
    seconds, _ = take_turns(ways(), TURNS)
    return seconds


def section(found):
    """Return the lines of the section."""
    first = next(iter(found.values()))
    rows = [
        [name, f"{statistics.median(times) / EPOCHS:.2f}", ratio(times, first)]
        for name, times in found.items()
    ]
    return [
        "The four ways of step 9: 20,000 images, batches of 32, a network with 25 hidden units, "
        f"{EPOCHS} epochs each, in {TURNS} turns; the time given is that of one. {RATIO}",
        "",
        *results.table(["way", "seconds", "ratio"], rows),
    ]


def main():
    """Measure, and write the section."""
    results.write("pipeline", measure(), ["tensorflow", "keras"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench pipeline, which sets the environment.")
