"""Measure, one program after the other.

    .venv/bin/python -m bench                    all programs
    .venv/bin/python -m bench training canvas    only these
    .venv/bin/python -m bench --strokes FILE     all, and what is made of the pen strokes in FILE

Each program runs in a process of its own, in the environment that is set here and nowhere else, and
writes its section of bench/RESULTS.md. Without a FILE no pen strokes are read.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools import ROOT

# What takes longest to set up and to run comes last, the whole series at the very end.
PROGRAMS = [
    "training",
    "pipeline",
    "networks",
    "growth",
    "prediction",
    "strokes",
    "numbers",
    "handwriting",
    "workers",
    "canvas",
    "live",
    "opening",
    "whole",
]

# These read a file of pen strokes; the readers read nothing else.
READERS = {"strokes", "handwriting"}
OF_STROKES = READERS | {"numbers", "live"}

# As `make lab` has them. With oneDNN, step 11 trains faster, but its numbers differ more between
# processors.
DEFAULTS = {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}

# Some machines hold NumPy to the matrix product of another processor. TensorFlow heeds none of it,
# so NumPy alone would be slower than it is as installed.
UNSET = "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"


def main(words=None):
    """Run the programs that the command line names, or all; stop at the first one that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure, side by side, and write bench/RESULTS.md.",
        epilog=f"The programs are {', '.join(PROGRAMS)}.",
    )
    parser.add_argument("programs", nargs="*", help="all, if none is named")
    parser.add_argument("--strokes", metavar="FILE", type=Path, help="see bench/strokes.py")
    arguments = parser.parse_args(words)
    try:
        names = chosen(arguments.programs, arguments.strokes)
    except ValueError as error:
        return str(error)
    for name in names:
        print(f"bench.{name}", flush=True)
        file = [arguments.strokes.resolve()] if arguments.strokes and name in OF_STROKES else []
        status = measure(name, *file)
        if status:
            return status
    return 0


def chosen(names, strokes):
    """Return the programs to run, in their order.

    Parameters
    ----------
    names : list of str
        All are meant if it is empty.
    strokes : Path or None
        Who names a file of pen strokes wants to have it read.

    Raises
    ------
    ValueError
        If there is no such program or no such file, or if there is no file to read.
    """
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        raise ValueError(f"There is no program {unknown[0]!r}; there are {', '.join(PROGRAMS)}.")
    if READERS & set(names) and not strokes:
        name = next(name for name in names if name in READERS)
        raise ValueError(f"The program {name!r} needs a file of pen strokes: --strokes FILE.")
    if strokes and not strokes.is_file():
        raise ValueError(f"There is no file {strokes}.")
    wanted = set(names or PROGRAMS)
    if not strokes:
        wanted -= READERS
    elif not wanted & OF_STROKES:
        wanted |= READERS
    return [name for name in PROGRAMS if name in wanted]


def measure(name, *arguments):
    """Run one program in a process of its own; return its exit status."""
    code = f"import sys; from bench.{name} import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment()).returncode


def environment():
    """Return the environment that everything is measured in."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**DEFAULTS, **kept}


if __name__ == "__main__":
    sys.exit(main())
