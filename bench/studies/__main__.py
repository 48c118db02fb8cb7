"""Run studies and store what they find in data/studies/.

    .venv/bin/python -m bench.studies step_06_rates    one of them
    .venv/bin/python -m bench.studies                  those whose program has changed

Beside the results stand checksums of the program and of themselves, so that a test notices results
that another program gave, or that somebody changed.
"""

import ast
import hashlib
import io
import json
import re
import sys
import time
import tokenize
from importlib import import_module
from pathlib import Path

import numpy as np

from helpers.data import DATA, write_whole

PROGRAMS = Path(__file__).parent
RESULTS = DATA / "studies"


def main(names):
    """Run the studies that are named, or those that are out of date; return the exit status."""
    known = [path.stem for path in sorted(PROGRAMS.glob("step_*.py"))]
    if unknown := [name for name in names if name not in known]:
        return f"There is no study {unknown[0]!r}; there are {', '.join(known)}."
    for name in names or [name for name in known if not is_current(name)]:
        print(name, flush=True)
        begun = time.perf_counter()
        found = import_module(f"bench.studies.{name}").study()
        results = json.loads(json.dumps(found, default=plain))
        stored = {
            "program": checksum(name),
            "found": checksum_of(results),
            "minutes": round((time.perf_counter() - begun) / 60, 1),
            "results": results,
        }
        text = json.dumps(stored, indent=1)
        RESULTS.mkdir(exist_ok=True)
        write_whole(
            RESULTS / f"{name}.json", lambda path, text=text: path.write_text(text + "\n", "utf-8")
        )
    return 0


def checksum(name):
    """Return the SHA-256 of what a study's program does, as hexadecimal text.

    Its comments and docstrings do not count, nor the notebook that its code is taken from: to
    reword a sentence, or to move a function to another step, is no reason to compute for an hour.
    """
    text = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node) is not None:
            first = node.body[0]
            lines[first.lineno - 1 : first.end_lineno] = [""] * (
                first.end_lineno - first.lineno + 1
            )
    tokens = list(tokenize.generate_tokens(io.StringIO("\n".join([*lines, ""])).readline))
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    code = "\n".join(line.rstrip() for line in lines if line.strip())
    return hashlib.sha256(re.sub(r"\w+\.ipynb", ".ipynb", code).encode()).hexdigest()


def checksum_of(results):
    """Return the SHA-256 of what a study found, as hexadecimal text."""
    return hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest()


def is_current(name):
    """Return whether the results of a study come from its program as it is, and stand as found."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return False
    stored = json.loads(path.read_text("utf-8"))
    return (stored["program"], stored["found"]) == (checksum(name), checksum_of(stored["results"]))


def plain(value):
    """Return what JSON can hold for a NumPy number or array, with six digits of a float."""
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value]
    if isinstance(value, np.floating):
        return float(f"{value:.6g}")
    return value.item()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
