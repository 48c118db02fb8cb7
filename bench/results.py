"""The page of all results, bench/RESULTS.md: each benchmark writes its own section of it."""

import os
import platform
import re
from importlib.metadata import packages_distributions, version
from pathlib import Path

from tools import ROOT

PAGE = ROOT / "bench" / "RESULTS.md"
HEAD = """\
# Measured, side by side

How fast, how accurate and how large this series is, beside what one would otherwise use. \
`make bench` measures all of it again and writes this page; a single section is made by its own \
program, as by `.venv/bin/python -m bench training`, and `bench/training.py` says how it measures. \
Seconds are those of one machine; **ratios**, taken side by side within one run, carry over to \
yours better. All was measured with `TF_ENABLE_ONEDNN_OPTS=0`, as `make lab` has it.
"""
# In the order of the page.
SECTIONS = [
    "Training the network",
    "Feeding it",
    "Accuracy against training time",
    "How cost grows",
    "Prediction",
    "Pen strokes of other people",
    "Whole numbers",
    "Teaching it one hand",
    "Several workers",
    "The drawing canvas",
    "In the reader's browser",
    "Opening the book",
    "The whole",
]


def write(section, lines, packages):
    """Put a section into the page, in the place of an older one.

    Parameters
    ----------
    section : str
        One of `SECTIONS`.
    lines : list of str
        Markdown; headings inside of it begin with ``###``.
    packages : list of str
        What was measured with, by the names one imports.
    """
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = dict(re.findall(r"^## ([^\n]+)\n\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    parts[section] = "\n".join([*lines, "", machine(packages)])
    text = "\n".join([
        HEAD,
        *(f"## {name}\n\n{parts[name].strip()}\n" for name in SECTIONS if name in parts),
    ])
    PAGE.write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")
    print("\n".join(lines))


def table(titles, rows):
    """Return the lines of a table, with an empty line behind it."""
    lines = [titles, ["---"] * len(titles), *rows]
    return [*("| " + " | ".join(map(str, line)) + " |" for line in lines), ""]


def picture(name, alt):
    """Return the lines that show ``bench/<name>.png``."""
    return [f"![{alt}]({name}.png)", ""]


def save_picture(name, fig):
    """Save a figure as ``bench/<name>.png``."""
    import matplotlib.pyplot as plt  # which a program without a picture does not need

    fig.savefig(PAGE.with_name(f"{name}.png"), dpi=100)
    plt.close(fig)


def machine(packages):
    """Return the sentence about the machine and the versions of packages."""
    distributions = packages_distributions()
    versions = (f"{name} {version(distributions[name][0])}" for name in packages)
    return (
        f"Measured with {os.cpu_count()} cores, `{processor()}`, {platform.system()}, Python "
        f"{platform.python_version()}, {', '.join(versions)}."
    )


def processor():
    """Return the name of the processor, or at least its kind."""
    names = Path("/proc/cpuinfo")  # on Linux, where `platform` does not know it
    found = re.search(r"^model name\s*: (.+)$", names.read_text(), re.M) if names.exists() else None
    return f"{found[1]} ({platform.machine()})" if found else platform.machine()
