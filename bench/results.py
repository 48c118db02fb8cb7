"""The page of all results, bench/RESULTS.md: each benchmark writes its own section of it.

What a benchmark has found is kept beside the page, in bench/raw, and its section and picture are
made of it. So words and pictures can be held to it, and changed without measuring again.
"""

import importlib
import json
import os
import platform
import re
from importlib.metadata import packages_distributions, version
from pathlib import Path

from tools import ROOT

PAGE = ROOT / "bench" / "RESULTS.md"
RAW = ROOT / "bench" / "raw"
HEAD = """\
# Measured, side by side

How fast, how accurate and how large this series is, beside what one would otherwise use. \
`make bench` measures all of it again and writes this page; a single section is made by its own \
program, as by `.venv/bin/python -m bench training`, and `bench/training.py` says how it measures. \
Seconds are those of one machine. **Ratios** are taken side by side within one run, so how fast \
the machine is matters less for them. But on another day, or on another machine, they can be \
different, too. All was measured with `TF_ENABLE_ONEDNN_OPTS=0`, as `make lab` has it.
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


def write(program, found, packages):
    """Keep what a program has found, and write its section and its picture.

    Parameters
    ----------
    program : str
        A module of this package. Its function ``section`` returns the lines of the section, in
        Markdown; headings inside of it begin with ``###``. Its ``draw``, if it has one, returns a
        figure.
    found : dict or list
        What both get. All of it must be what JSON can hold, or arrays.
    packages : list of str
        What was measured with, by the names one imports.
    """
    RAW.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(packages), "found": found}, default=lambda a: a.tolist())
    (RAW / f"{program}.json").write_text(text + "\n", encoding="utf-8")
    remake(program)


def remake(program):
    """Make the section of a program, and its picture, of what it found the last time."""
    raw = json.loads((RAW / f"{program}.json").read_text(encoding="utf-8"))
    module = importlib.import_module(f"bench.{program}")
    lines = module.section(raw["found"])
    if hasattr(module, "draw"):
        save_picture(program, module.draw(raw["found"]))
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = dict(re.findall(r"^## ([^\n]+)\n\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    parts[module.SECTION] = "\n".join([*lines, "", raw["machine"]])
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
