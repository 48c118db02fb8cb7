"""Time an epoch by one process and by two workers, and hold the model of step 16 against it.

    .venv/bin/python -m bench workers

The measurement is that of bench/studies/step_16_steps.py, made anew; its results are not stored, so
that the page of step 16 stays as it is. Writes a section of bench/RESULTS.md.
"""

import sys

import numpy as np

from bench import results
from bench.studies.step_16_steps import RUNS, study
from tools import NOTEBOOKS
from tools.sources import load_source

SECTION = "Several workers"
IMAGES = 5000
WAYS = ["one thread", "two threads", "two workers"]


def rows_of(found):
    """Return the rows of the table, in seconds per epoch."""
    rows = []
    # The page's own model, with the times measured now.
    page = load_source(NOTEBOOKS / "16_workers.ipynb", ["arithmetic"])
    page["steps"] = {"sizes": np.array(found["sizes"])}
    for network in ("dense", "convolutional"):
        one = found[network]
        page["steps"][network] = {"one thread": np.array(one["one thread"])}
        for i, size in enumerate(found["sizes"]):
            modeled = page["arithmetic"](network, size / 2) + one["exchange"]
            steps = -(-IMAGES // size)
            alone, *others = [one[way][i] for way in WAYS]
            rows.append([
                f"{network}, batches of {size}",
                *(f"{steps * seconds:.3f}" for seconds in (alone, *others)),
                f"{steps * modeled:.3f}",
                f"{steps * (others[-1] - modeled):.3f}",
                f"{others[-1] / others[0]:.2f}",
            ])
    return rows


def section(found):
    """Return the lines of the section."""
    exchange = " and ".join(
        f"{1e3 * found[network]['exchange']:.2f} ms for the {network} one with its "
        f"{found[network]['parameters']:,} parameters"
        for network in ("dense", "convolutional")
    )
    return [
        f"Seconds per epoch of {IMAGES:,} images in 64 bits: the dense network of step 16 and a "
        "small convolutional one, by one process with one thread and with two, and by two workers "
        "of Ray on the same computer, with one thread each. Each is the fastest of "
        f"{RUNS} runs. The model is that of step 16: a line through the three times of one thread, "
        "or through 0 where it would begin below 0, at half the images, and the exchange of the "
        "gradients, which was measured by itself. What is left is waiting: below 0, the line is "
        f"too high. To exchange gradients takes {exchange}. The last column is the time of two "
        "workers, divided by that of one process with two threads. No GPU was measured.",
        "",
        *results.table(
            ["network", *WAYS, "model of two workers", "waiting", "workers to threads"],
            rows_of(found),
        ),
    ]


def main():
    """Measure, and write the section."""
    results.write("workers", study(), ["tensorflow", "keras", "numpy", "ray"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench workers, which sets the environment.")
