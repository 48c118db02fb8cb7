"""Hand out the series without its solutions, and see who solved what.

make handout                      writes handout.zip
make collect FROM=submitted       reads the notebooks in submitted/NAME/
make collect FROM=submitted RUN=1 runs them again, which takes as long as their code
"""

import argparse
import os
import re
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from checks.series import FOLD
from helpers.exercises import EXERCISES
from tools import NOTEBOOKS, ROOT

# What `make lab` needs, and what tells how to use it.
FILES = [
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    ".github/lab.png",
    "data/README.md",
    "data/digits.npz",
    "data/cnn.json",
    "data/cnn.keras",
    "data/scoreboard.json",
    "data/studies/*.json",
    "bench/RESULTS.md",
    "bench/*.png",
    "proof/PROOF.md",
    "src/helpers/*.*",
    "src/helpers/exercises/*.py",
    "tools/make_environment.py",
    "tools/workbook.py",
]


def hand_out(target):
    """Write a zip file with all that a learner needs, but without the solutions."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for pattern in FILES:
            for path in sorted(ROOT.glob(pattern)):
                archive.write(path, Path("digits", path.relative_to(ROOT)))
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            notebook.cells = [c for c in notebook.cells if not c.source.startswith(FOLD)]
            text = nbformat.writes(notebook) + "\n"
            archive.writestr(f"digits/notebooks/{path.name}", text)


def collect(folder, *, run):
    """Yield, for each subfolder, its name and the numbers of the exercises solved in it.

    Parameters
    ----------
    folder : Path
        With one subfolder for each learner, and their notebooks somewhere in it.
    run : bool
        Whether to run the notebooks, instead of believing what is stored in them.
    """
    for learner in sorted(path for path in folder.iterdir() if path.is_dir()):
        solved, read = set(), 0
        with tempfile.TemporaryDirectory() as cache:
            for path in sorted(learner.rglob("*.ipynb")):
                # What JupyterLab saves by itself is older than what was handed in.
                if ".ipynb_checkpoints" in path.parts:
                    continue
                try:
                    notebook = nbformat.read(path, as_version=4)
                    if run:
                        execute(notebook, cache)
                except Exception as error:  # whatever people hand in
                    reason = " ".join(str(error).split())[:100]
                    print(f"{path}: left out ({type(error).__name__}: {reason})", file=sys.stderr)
                    continue
                solved |= solved_in(notebook)
                read += 1
            if not read:
                print(f"{learner}: no notebooks found in it", file=sys.stderr)
        yield learner.name, [number for number in EXERCISES if number in solved]


def execute(notebook, cache):
    """Run a notebook as if it lay in `notebooks/`; cells that fail are passed over."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": NOTEBOOKS}},
    )
    try:
        with open(os.devnull, "w") as silence:
            client.execute(env={**os.environ, "DIGITS_CACHE": cache}, stderr=silence)
    except (CellTimeoutError, DeadKernelError):
        pass  # what was solved before counts


def solved_in(notebook):
    """Return the numbers of the exercises whose checks say that they are solved."""
    texts = (
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code" and "check(" in cell.source
        for output in cell.outputs
    )
    return set(re.findall(r"^✓ Exercise (\S+) is solved\.", "\n".join(texts), re.M))


def main():
    """Hand out or collect, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--collect", type=Path, metavar="FOLDER")
    parser.add_argument("--run", action="store_true")
    arguments = parser.parse_args()
    if arguments.collect is None:
        target = ROOT / "handout.zip"
        hand_out(target)
        print(f"Wrote {target.name}: the series without its solutions.")
        return 0
    if not arguments.collect.is_dir():
        print(
            f"There is no folder {arguments.collect}. Put the notebooks of each learner into a "
            "folder of their name, and name the folder above: make collect FROM=submitted"
        )
        return 1
    for name, solved in collect(arguments.collect, run=arguments.run):
        print(f"{name:20} {len(solved):2} of {len(EXERCISES)}  {' '.join(solved)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
