"""Execute notebooks from fresh kernels and store their outputs, normalized and sealed.

    make notebooks                  all of them
    make notebooks STEP="3 6"       only these steps
    make notebooks STEP=3 ALWAYS=1  even if nothing has changed on which its outputs depend

A notebook is run if its code, its outputs, the helpers, or the packages are not those of its last
run. If only its text has changed, it is sealed again, which takes no time. Where a cell fails, the
notebook is left as it was.

What is removed from outputs and what a seal holds, `checks.notebook` says.
"""

import argparse
import ast
import dataclasses
import itertools
import os
import re
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell

from checks.notebook import UnreadableError, load, needs_a_run, normalize, seal
from checks.prose import read_text
from kernels import patience
from tools import PROJECT

SECONDS = 600  # the longest that a cell may take


def execute(stored):
    """Execute a notebook in place, with an empty folder for what it would save.

    Returns
    -------
    list of str
        Where a text quotes a result within its tolerance, but not as it was this time: what is
        stored just above would say something else.
    """
    problems = []
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as silence:
        # What the second one sets makes IPython capture what nbval captures.
        more = {stored.project.scratch: folder, "PYTEST_CURRENT_TEST": stored.path.name}
        client = NotebookClient(
            stored.notebook,
            timeout=int(SECONDS * patience.factor()),
            kernel_name="python3",
            store_widget_state=False,
            record_timing=False,
            resources={"metadata": {"path": stored.path.parent}},
        )
        client.reset_execution_trackers()
        counts = itertools.count(1)  # the client would count what is asked in between, too
        with client.setup_kernel(env={**os.environ, **more}, stderr=silence):
            for index, cell in enumerate(stored.cells):
                count = next(counts) if cell.cell_type == "code" else None
                client.execute_cell(cell, index, execution_count=count)
                problems += [stored.line(index, text) for text in inexact(cell, index, client)]
    return problems


def inexact(cell, index, client):
    """Yield which numbers with a tolerance in a cell's text are not what was just computed."""
    text = read_text(cell.source if cell.cell_type == "markdown" else cell.metadata.get("alt", ""))
    for binding in text.bindings:
        if not binding.tolerance:
            continue
        several = binding.expression if binding.kind == "numbers" else f"[{binding.expression}]"
        asked = new_code_cell(f"print([float(value) for value in {several}])")
        client.execute_cell(asked, index, store_history=False)
        client.nb.cells[index] = cell  # in whose place it was put
        exact = dataclasses.replace(binding, tolerance=0.0)
        problem = exact.problem(ast.literal_eval(asked.outputs[0].text))
        if problem:
            yield f"{problem}, and store it again, which then runs nothing"


def store(path, project, *, always=False):
    """Run a notebook if need be, and write it; return what was done, and all that is wrong."""
    stored, start = load(path, project), time.perf_counter()
    run = always or needs_a_run(stored)
    problems = execute(stored) if run else []
    # As long as it takes on a quiet machine, which this one need not be just now.
    seconds = (time.perf_counter() - start) / patience.factor() if run else None
    normalize(stored.notebook)
    seal(stored, seconds)
    nbformat.validate(stored.notebook)
    text = nbformat.writes(stored.notebook) + "\n"
    if not run and path.read_bytes() == text.encode():
        return "as it was", problems
    path.write_bytes(text.encode())
    done = f"{time.perf_counter() - start:.0f} s" if run else "its text stored, nothing run"
    return done, problems


def main():
    """Store all notebooks, or those of the steps named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", help="their numbers; all, if none are given")
    parser.add_argument("--always", action="store_true", help="run what has not changed, too")
    arguments = parser.parse_args()
    numbers = re.findall(r"[^\s,]+", " ".join(arguments.steps))
    try:
        named = [path for number in numbers for path in PROJECT.numbered(number)]
    except ValueError as error:
        sys.exit(str(error))
    failed = False
    for path in named or PROJECT.notebooks():
        try:
            done, problems = store(path, PROJECT, always=arguments.always)
            print("\n".join([f"{path.name}: {done}", *problems]), flush=True)
            failed |= bool(problems)
        except UnreadableError as error:
            failed = True
            print(error)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            failed = True
            print(f"{path.name}: not stored, a cell failed\n{error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
