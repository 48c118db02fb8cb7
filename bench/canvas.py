"""Measure the drawing canvas beside ipycanvas's drawing pad: python -m bench canvas.

A real Chromium draws with its mouse in a real JupyterLab, in one notebook, on `DigitCanvas` and on
the drawing pad of ipycanvas's documentation, the example "hand drawing": there the kernel gets each
event of the mouse and draws the ink, line by line. Here it also reads the digit on pen-up, by the
same recipe and the same network, step 7's. The two take turns, so that whatever else the machine
does hits both. Writes a section of bench/RESULTS.md.

All times are taken in the page, by its own clock:

- Ink, at each move of the pen to a pixel without ink. *Own ink*: from before the canvas's listeners
  get the event until getImageData, called behind them, has returned ink from that pixel. *Pen to
  ink*: from the same moment until, in an animation frame, that pixel is found to hold ink.
- Pen-up to text, from the pointerup until the text is in the page. For DigitCanvas this is the
  answer with the number of the finished drawing, which the drawing's last message bears, even if an
  earlier answer said the same: the page sees the numbers in the messages, and the n-th answer makes
  the n-th change of the text. For ipycanvas it is the first text, as there was none before.
- A reading, from sending a drawing until its answer arrives; the kernel's part of it, from the
  stamps of its messages "busy" and answer.
- Messages: all on the kernel's WebSocket, with headers and what the kernel says of its state. A
  message of the drawing is in flight until the kernel says that it has finished with it.
- A busy kernel has an execute request, as from a cell, that takes two seconds. A drawing counts if
  the pen was lifted meanwhile.
"""

import sys

import numpy as np

from bench import results
from bench.canvas_lab import KERNELS, NAMES, STROKES, measure
from bench.results import table

SECTION = "The drawing canvas"
PACKAGES = ["jupyterlab", "jupyter_server", "ipykernel", "ipywidgets", "anywidget", "ipycanvas"]


def main():
    """Measure, and write the section."""
    results.write("canvas", measure(), PACKAGES)


def section(found):
    """Return the lines of the section."""
    return [
        "`DigitCanvas` beside the drawing pad of ipycanvas's documentation, with the network of "
        "step 7, in one JupyterLab and one run. How it is measured stands at the top of "
        "`bench/canvas.py`. The ratio is ipycanvas to `DigitCanvas`, of the medians.",
        "",
        *how_long(found),
        *what_is_sent(found),
        *many_strokes(found["strokes"]),
        "### Targets",
        "",
        *table(
            ["target", "measured", "met"],
            [[*target, "yes" if met else "no"] for *target, met in targets(found)],
        ),
        f"It took {found['seconds']:.0f} s, load {found['load'][0]:.1f} before and "
        f"{found['load'][1]:.1f} after, Chromium {found['browser']} without a window and without a "
        "GPU.",
    ]


def how_long(found):
    """Return the lines about the times."""
    holds, idle = found["holds"], found["logs"]["idle"]["ours"]
    rows = [*rows_of_times(found["logs"]), *rows_of_readings(found["logs"])]
    named = sum(map(named_before_pen_up, idle))
    return [
        "### How long it takes",
        "",
        "Milliseconds, p50 / p95.",
        "",
        *table(["what", "kernel", "DigitCanvas", "ipycanvas", "ratio", "measured"], rows),
        "ipycanvas has no ink of its own: it comes from the kernel. The cells took "
        f"{min(holds) / 1000:.1f} to {max(holds) / 1000:.1f} s; where nothing can be read before "
        "their end, it is the rest of them that is measured. While the kernel was idle, "
        f"`DigitCanvas` had named the digit before pen-up in {named} drawings of {len(idle)}.",
        "",
    ]


def rows_of_times(logs):
    """Yield the rows that hold both canvases side by side."""
    figures = {
        "own ink": lambda some: joined(some, "own"),
        "pen to ink": lambda some: joined(some, "inks"),
        "pen-up to text": pen_up_to_text,
    }
    for figure, values_of in figures.items():
        for kernel, words in KERNELS.items():
            ours, theirs = (values_of(logs[kernel][name]) for name in NAMES)
            if theirs:
                more = [percentiles(theirs), ratio_of_medians(theirs, ours)]
                yield [figure, words, percentiles(ours), *more, f"{len(ours)}, {len(theirs)}"]
            else:
                yield [figure, words, percentiles(ours), "–", "–", len(ours)]


def rows_of_readings(logs):
    """Yield the rows about a single reading, which only DigitCanvas has by itself.

    While a cell keeps the GIL, the kernel reads nothing.
    """
    for kernel in ["idle", "asleep"]:
        trips = joined(logs[kernel]["ours"], "trips")
        for part, words in enumerate(["a reading", "the kernel's part of a reading"]):
            times = percentiles([trip[part] for trip in trips])
            yield [words, KERNELS[kernel], times, "–", "–", len(trips)]


def what_is_sent(found):
    """Return the lines about messages."""
    logs, rows = found["logs"], []
    for words, value_of in {
        "messages to the kernel": lambda log: log["out"]["count"],
        "bytes to the kernel": lambda log: log["out"]["bytes"],
        "largest message to the kernel, bytes": lambda log: log["out"]["largest"],
        "messages to the page": lambda log: log["in"]["count"],
        "bytes to the page": lambda log: log["in"]["bytes"],
        "largest message to the page, bytes": lambda log: log["in"]["largest"],
    }.items():
        ours, theirs = ([value_of(log) for log in logs["idle"][name]] for name in NAMES)
        summary = np.max if "largest" in words else np.median
        values = [f"{summary(values):,.0f}" for values in (ours, theirs)]
        rows.append([words, *values, ratio_of_medians(theirs, ours)])
    for kernel, words in KERNELS.items():
        ours, theirs = (most_in_flight(logs[kernel][name]) for name in NAMES)
        row = [f"most messages in flight, kernel {words}", ours, theirs]
        rows.append([*row, ratio_of_medians(theirs, ours)])
    rows += [
        ["state of the drawing, bytes, at most", f"{largest_state(logs):,}", "–", "–"],
        ["readings per second while drawing", f"{found['live']:.1f}", "0, by design", "–"],
    ]
    return [
        "### What is sent",
        "",
        f"For a digit with the kernel idle, the median of {len(logs['idle']['ours'])}; what is "
        "called largest or most, the maximum. `DigitCanvas` reads while one draws, ipycanvas's pad "
        "on pen-up.",
        "",
        *table(["what", "DigitCanvas", "ipycanvas", "ratio"], rows),
    ]


def most_in_flight(logs):
    """Return how many messages were on their way at once, at most."""
    return max(log["flying"] for log in logs)


def largest_state(logs):
    """Return how many bytes the state of a drawn digit had at most."""
    return max(log["state"] for some in logs.values() for log in some["ours"])


def many_strokes(strokes):
    """Return the lines about many strokes on one canvas."""
    return [
        f"### {STROKES:,} strokes on one DigitCanvas",
        "",
        *table(
            ["what", *(f"after {some['drawn']:,}" for some in strokes)],
            [
                [words, *(f"{some[key]:,{form}}" for some in strokes)]
                for key, words, form in [
                    ("seconds", "seconds of drawing", ".1f"),
                    ("kept", "strokes in the kernel", "d"),
                    ("state", "state of the drawing, bytes", "d"),
                    ("heap", "JavaScript heap of the page, MB", ".1f"),
                    ("kernel", "memory of the kernel, MB", ".1f"),
                ]
            ],
        ),
    ]


def targets(found):
    """Yield what was aimed at, what was measured, and whether that meets it."""
    logs, (few, many) = found["logs"], found["strokes"]
    for kernel, words in [("idle", "kernel idle"), ("without GIL", "GIL kept")]:
        own = np.percentile(joined(logs[kernel]["ours"], "own"), 95)
        yield f"own ink, p95, {words}: below 2 ms", f"{own:.1f} ms", own < 2
    drawn = [log for some in logs.values() for log in some["ours"]]
    missed, inked = sum(log["missed"] for log in drawn), len(joined(drawn, "own"))
    yield "ink behind each event", f"{inked:,} of {inked + missed:,}", missed == 0
    p50, p95 = np.percentile(pen_up_to_text(logs["idle"]["ours"]), [50, 95])
    yield "pen-up to text, p50, kernel idle: below 40 ms", f"{p50:.0f} ms", p50 < 40
    yield "pen-up to text, p95, kernel idle: below 100 ms", f"{p95:.0f} ms", p95 < 100
    yield "at least 10 readings per second", f"{found['live']:.1f}", found["live"] >= 10
    flying = max(most_in_flight(logs[kernel]["ours"]) for kernel in KERNELS)
    yield "at most 1 message in flight", flying, flying <= 1
    state = largest_state(logs)
    yield "state of a digit: below 2 KB", f"{state:,} bytes", state < 2000
    yield (
        f"no stroke of {STROKES:,} lost",
        f"{many['kept']:,} of {many['drawn']:,}",
        few["kept"] == few["drawn"] and many["kept"] == many["drawn"],
    )
    growth = [100 * (many[key] / few[key] - 1) for key in ("heap", "kernel")]
    yield (
        f"memory from stroke {few['drawn']} to {many['drawn']:,}: 5 % more at most",
        "page {:+.1f} %, kernel {:+.1f} %".format(*growth),
        max(growth) <= 5,
    )


def joined(logs, key):
    """Return what all logs hold under a key, in one list."""
    return [value for log in logs for value in log[key]]


def pen_up_to_text(logs):
    """Return the milliseconds from pen-up to text of each digit."""
    which = {"ours": -1, "theirs": 0}
    return [log["texts"][which[log["name"]]][0] - log["up"] for log in logs]


def named_before_pen_up(log):
    """Return whether the text named the digit, rightly or not, before the pen was lifted."""
    before = [text for at, text in log["texts"] if at <= log["up"]]
    return bool(before) and before[-1][0] == log["texts"][-1][1][0]


def percentiles(values):
    """Return median and 95th percentile as text."""
    return " / ".join(f"{value:,.1f}" for value in np.percentile(values, [50, 95]))


def ratio_of_medians(theirs, ours):
    """Return how many times as much one is as the other, as text.

    There are no turns to pair: a canvas may be drawn on more often than the other meanwhile.
    """
    times = np.median(theirs) / np.median(ours)
    return f"{times:,.0f}" if times >= 10 else f"{times:.1f}"


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench canvas, which sets the environment.")
