"""The page of all results, bench/RESULTS.md, written from what each program keeps in bench/raw/."""

import json
import os
import platform
import re
from importlib import import_module
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
# In the order of the page. What takes longest to set up and to run comes last.
PROGRAMS = [
    "training",
    "pipeline",
    "networks",
    "growth",
    "prediction",
    "strokes",
    "canvas",
    "whole",
]
RAW = PAGE.parent / "raw"  # what each program has found, before anything is counted or rounded


def keep(program, found, packages):
    """Keep what a program has found, and write the page and its picture anew.

    Parameters
    ----------
    program : str
        One of `PROGRAMS`.
    found : object
        What its `section` and `draw` take, as JSON can hold it.
    packages : list of str
        What was measured with, by the names one imports.
    """
    RAW.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(packages), "found": rounded(found)})
    (RAW / f"{program}.json").write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    draw = getattr(import_module(f"bench.{program}"), "draw", None)
    if draw:
        import matplotlib.pyplot as plt  # which a program without a picture does not need

        fig = draw(raw(program)["found"])
        fig.savefig(PAGE.with_name(f"{program}.png"), dpi=100)
        plt.close(fig)


def raw(program):
    """Return what a program has found and with what, or None if it has not been run."""
    path = RAW / f"{program}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def page():
    """Return the text of the page, from what the programs have found."""
    parts = [HEAD]
    for program in PROGRAMS:
        record, module = raw(program), import_module(f"bench.{program}")
        if record:
            lines = [f"## {module.SECTION}", "", *module.section(record["found"])]
            parts.append("\n".join([*lines, "", record["machine"], ""]))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def rounded(found):
    """Return what was found with seven digits of each float: more, no clock is good for."""
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [rounded(value) for value in found]
    return float(f"{found:.7g}") if isinstance(found, float) else found


def table(titles, rows):
    """Return the lines of a table, with an empty line behind it."""
    lines = [titles, ["---"] * len(titles), *rows]
    return [*("| " + " | ".join(map(str, line)) + " |" for line in lines), ""]


def picture(name, alt):
    """Return the lines that show ``bench/<name>.png``."""
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
