"""Train the 400-25-15-10 network in many ways, side by side: python -m bench training.

The same 5,000 images in float64, batches of 32, 40 epochs, Adam 0.001: 6,280 steps. Each way runs
in a process of its own, which stays, with as many threads as its package takes by itself. After a
first turn of one epoch, which is not counted, they take turns, and ratios are taken within a turn.
All but scikit-learn begin with the same parameters, those that Keras draws after
``set_random_seed(1)``, and see the images in the same order, the one that ``fit`` then uses (in
every epoch the same, as step 12 shows): it is recorded from a first run. A time covers all there is
to do after loading the data: building, compiling, training. The same with a single epoch tells what
of it is for starting.

PyTorch and JAX are measured where they are installed; the project does not need them:
``python3 -m pip --python .venv/bin/python install torch jax``, some gigabytes.
"""

import statistics
import sys

import matplotlib.pyplot as plt

from bench import results
from bench.side_by_side import RATIO, ratio
from bench.training_ways import AT_ONCE, COMPILED, EPOCHS, EXTRAS, PLAIN, STEPS, TURNS, measure

SECTION = "Training the network"
ALT = (
    "Bars: the time of a step is longest for Keras as it is and shortest for the ways with the "
    "least around the arithmetic, which alone would end at a line near zero."
)


def main():
    """Measure, and write the section and its picture."""
    found = measure()
    extras = [package for name, package in EXTRAS.items() if name in found["ways"]]
    packages = ["tensorflow", "keras", "numpy", "sklearn", *extras]
    results.write("training", found, packages)


def section(found):
    """Return the lines of the section."""
    missing = found["missing"]
    return [
        f"5,000 images, batches of 32, {EPOCHS} epochs, Adam 0.001, 64 bits but for one row: "
        f"{EPOCHS * STEPS:,} steps each, in {TURNS} turns, with as many threads as each package "
        "takes by itself. All but scikit-learn begin with the same parameters and see the images "
        "in the same order, in each epoch the same, as `fit` does after a seed was set; "
        "scikit-learn shuffles anew, which makes fewer errors on the images trained on. "
        f"{RATIO} A step is what each further one costs: the difference between {EPOCHS} epochs "
        "and one, also within each turn. Starting is everything before it (building, and compiling "
        "where something is compiled), without the imports. Memory is the most that a process of "
        "its own needed for an epoch, packages and data included.",
        "",
        *results.table(
            [
                "way",
                "seconds",
                "ratio",
                "µs per step",
                "starting, s",
                "final loss",
                "wrong of the 5,000 trained on",
                "memory, MB",
            ],
            rows_of(found),
        ),
        *([f"Not installed, so not measured: {' and '.join(missing)}.", ""] if missing else []),
        *results.picture("training", ALT),
        *where_it_goes(found),
    ]


def rows_of(found):
    """Return the rows of the table of all ways."""
    step, rows = steps_of(found), []
    for name, way in found["ways"].items():
        begin = max(0, statistics.median(way["one"]) - STEPS * step[name] / 1e6)
        rows.append([
            name,
            f"{statistics.median(way['whole']):.2f}",
            ratio(way["whole"], found["ways"][PLAIN]["whole"]),
            f"{step[name]:,.0f}",
            f"{begin:.1f}",
            f"{way['loss']:.8f}",
            way["wrong"],
            f"{way['memory']:,.0f}",
        ])
    return rows


def steps_of(found):
    """Return the microseconds that a further step takes, for each way.

    The time of one epoch is taken off that of all, turn by turn: so nothing of building, compiling
    and the first call is counted.
    """
    steps = {}
    for name, way in found["ways"].items():
        pairs = zip(way["whole"], way["one"], strict=True)
        more = statistics.median(long - short for long, short in pairs)
        steps[name] = 1e6 * more / (EPOCHS - 1) / STEPS
    return steps


def where_it_goes(found):
    """Return the lines about what the time of a step is spent on."""
    step, parts, peak = steps_of(found), found["parts"], found["peak"]
    products, adam = operations()
    floor = floor_of(found)
    layers = [step[PLAIN], step[AT_ONCE], step[COMPILED], floor]
    numpy_steps = EPOCHS * STEPS / 1e6
    backward = parts["loss_and_gradients"] - parts["forward"]
    rest = parts["train"] - parts["loss_and_gradients"] - parts["adam_step"]
    return [
        "### Where the time of a step goes",
        "",
        f"The arithmetic of one step, {(products + adam) / 1e6:.2f} million operations, would take "
        f"{floor:.0f} µs at the {peak / 1e9:.0f} billion per second that a large matrix product "
        "reaches on this machine with all its cores: no network so small comes near it. For Keras, "
        "the table holds the differences between the ways above, from one to the next:",
        "",
        *results.table(
            ["what", "µs per step"],
            [
                ["returning to Python for each step", f"{layers[0] - layers[1]:.0f}"],
                ["pipeline and bookkeeping of `fit`", f"{layers[1] - layers[2]:.0f}"],
                [
                    "all else in a compiled epoch, operation by operation",
                    f"{layers[2] - layers[3]:.0f}",
                ],
                ["arithmetic, at best", f"{floor:.0f}"],
            ],
        ),
        "In NumPy, by the functions of step 12:",
        "",
        *results.table(
            ["function", "µs per step"],
            [
                ["`forward`", f"{parts['forward'] / numpy_steps:.0f}"],
                ["the rest of `loss_and_gradients`", f"{backward / numpy_steps:.0f}"],
                ["`adam_step`", f"{parts['adam_step'] / numpy_steps:.0f}"],
                [
                    "the loop, and picking the images",
                    f"{rest / numpy_steps:.0f}",
                ],
            ],
        ),
        "`steps_per_execution` and compiling change how often Python is asked, and no number: the "
        "loss stays the same, digit for digit. NumPy and JAX do the same steps, but round "
        "differently from Keras, which takes the powers of 0.9 and 0.999 in 32 bits; PyTorch's "
        "Adam adds its small number in another place. Thousands of steps magnify both.",
    ]


def operations():
    """Return how many operations the arithmetic of one step takes, on average, and how many Adam's.

    A product of a batch with weights takes two for each weight and image, and so do the gradients
    of the weights and, but for the first layer, of what goes into it. Adam: 13 for each parameter.
    """
    weights = [400 * 25, 25 * 15, 15 * 10]
    images = 5000 / STEPS
    return 2 * images * (2 * sum(weights) + sum(weights[1:])), 13 * (sum(weights) + 50)


def floor_of(found):
    """Return the microseconds of a step if all its arithmetic were as fast as a large product."""
    return 1e6 * sum(operations()) / found["peak"]


def draw(found):
    """Draw the time of a step for each way, and a line for the arithmetic."""
    step, floor = steps_of(found), floor_of(found)
    plt.style.use("helpers.series")
    names = sorted(step, key=step.get, reverse=True)
    fig, ax = plt.subplots(figsize=(8, 3.4))
    ax.barh(range(len(names)), [step[name] for name in names], color="C0")
    ax.axvline(floor, color="C1")
    for place, name in enumerate(names):
        ax.annotate(f" {step[name]:,.0f}", (step[name], place), va="center")
    ax.annotate("arithmetic at best", (floor, len(names) - 0.4), color="C1", va="bottom", ha="left")
    ax.set_yticks(range(len(names)), [name.replace("`", "") for name in names])
    ax.set(xlabel="µs per step", ylim=(-0.6, len(names) + 0.2))
    return fig


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench training, which sets the environment.")
