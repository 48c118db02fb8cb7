"""The page of all results, bench/RESULTS.md: each benchmark writes its own section of it."""

import os
import platform
import re
from importlib.metadata import packages_distributions, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "bench" / "RESULTS.md"
HEAD = """\
# Measured, side by side

How fast, how accurate and how large this series is, beside what one would otherwise use. \
`make bench` measures all of it anew and writes this page; a single section is made by its own \
program, such as `.venv/bin/python -m bench.training`, which says how it measures. Seconds are \
those of one machine; **ratios**, taken side by side within one run, carry over to yours better. \
All was measured with `TF_ENABLE_ONEDNN_OPTS=0`, as `make lab` has it.
"""
# In the order of the page.
SECTIONS = [
    "Training the network",
    "Feeding it",
    "Accuracy against training time",
    "How cost grows",
    "Prediction",
    "Pen strokes of other people",
    "The drawing canvas",
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


def read():
    """Return the numbers in the tables of the page.

    Returns
    -------
    dict of str to dict
        ``read()[section][row][column]`` is the first number in that cell, as a float; a row is
        named by its first cell. Cells without a number are left out.
    """
    found, section, columns = {}, None, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section, columns = found.setdefault(line[3:], {}), None
        elif not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = cells(line)
        elif not line.startswith("| ---"):
            row, *values = cells(line)
            numbers = {
                column: re.search(r"-?\d+(?:\.\d+)?", value.replace(",", ""))
                for column, value in zip(columns[1:], values, strict=True)
            }
            section.setdefault(row, {}).update({
                column: float(number[0]) for column, number in numbers.items() if number
            })
    return found


def cells(line):
    """Return the cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(titles, rows):
    """Return the lines of a table, with an empty line behind it."""
    lines = [titles, ["---"] * len(titles), *rows]
    return [*("| " + " | ".join(map(str, line)) + " |" for line in lines), ""]


def picture(name, fig, alt):
    """Save a figure as ``bench/<name>.png``; return the lines that show it."""
    import matplotlib.pyplot as plt  # which reading the page does not need

    fig.savefig(PAGE.with_name(f"{name}.png"), dpi=100)
    plt.close(fig)
    return [f"![{alt}]({name}.png)", ""]


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
