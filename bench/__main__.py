"""Run the measurements, one after the other, each in a process of its own.

    python -m bench                    all that need no file
    python -m bench --strokes FILE     all
    python -m bench training canvas    only these
    python -m bench strokes FILE       only this one, which reads a file of pen strokes

The file may also be named by the environment variable STROKES. Each program writes its section of
bench/RESULTS.md; what it measures and how, its module says.
"""

import argparse
import os
import subprocess
import sys

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

# As `make` has it. (With oneDNN, step 11 trains faster, but its numbers differ more between
# processors.)
DEFAULTS = {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}

# Some machines hold NumPy to the matrix product of another processor by these. TensorFlow heeds
# neither, so the two would not be compared fairly, nor NumPy be measured as it is installed.
REMOVED = "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"

# Not `-m bench.training`: the module would then be loaded twice, once as `__main__`, and again in
# each process that it starts, with all that only its page needs, and that memory is measured.
START = "import sys; from bench.{} import main; main(*sys.argv[1:])"


def environment(usual):
    """Return the environment to measure in, made from the usual one."""
    return {
        **DEFAULTS,
        **{name: value for name, value in usual.items() if name not in REMOVED},
    }


def plan(words, strokes=None):
    """Return what to run.

    Parameters
    ----------
    words : list of str
        Names of programs, and a file after "strokes" if it is not given otherwise; all programs
        if there are none.
    strokes : str, optional
        The file of pen strokes.

    Returns
    -------
    list of (str, list of str)
        The names of programs with what they are called with.

    Raises
    ------
    ValueError
        If a word is no program, or "strokes" has no file.
    """
    if not words:
        # It is the only one that needs what the repository does not have.
        words = [name for name in PROGRAMS if strokes or name != "strokes"]
    planned, left = [], list(words)
    while left:
        name = left.pop(0)
        if name not in PROGRAMS:
            raise ValueError(f"There is no program {name!r}; there are {', '.join(PROGRAMS)}.")
        arguments = []
        if name == "strokes":
            named = left and left[0] not in PROGRAMS
            arguments = [left.pop(0) if named else strokes]
        if None in arguments or "" in arguments:
            raise ValueError("What file of pen strokes? Write python -m bench strokes FILE.")
        planned.append((name, arguments))
    return planned


def main():
    """Run what the command line names; return 1 as soon as something fails."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="names of programs; all, if none are given")
    parser.add_argument("--strokes", metavar="FILE", help="a file of pen strokes")
    arguments = parser.parse_intermixed_args()
    try:
        planned = plan(arguments.words, arguments.strokes or os.environ.get("STROKES"))
    except ValueError as error:
        sys.exit(str(error))
    for name, words in planned:
        print(f"{name}:", flush=True)
        command = [sys.executable, "-c", START.format(name), *words]
        if subprocess.run(command, env=environment(os.environ)).returncode:
            print(f"{name} failed; what it says stands above.", flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
