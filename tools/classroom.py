"""Hand out the series without its solutions, and see who solved what.

make handout                      writes handout.zip
make collect FROM=submitted       reads the notebooks in submitted/NAME/ or submitted/NAME.zip
make collect FROM=submitted RUN=1 runs them again, which takes as long as their code
"""

import argparse
import functools
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

LARGEST = 50 * 10**6  # bytes that a notebook in a zip file may have

# What `make lab` needs, and what tells how to use it.
FILES = [
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    ".github/canvas.gif",
    "data/README.md",
    "data/digits.npz",
    "data/cnn.json",
    "data/cnn.keras",
    "data/scoreboard.json",
    "data/studies/*.json",
    "notebooks/cluster.yaml",
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
    """Yield, for each learner, their name and the numbers of the exercises solved in it.

    Parameters
    ----------
    folder : Path
        With one subfolder or zip file for each learner, and their notebooks somewhere in it, be it
        in zip files.
    run : bool
        Whether to run the notebooks, instead of believing what is stored in them.
    """
    handed_in = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.suffix == ".zip":
            handed_in.setdefault(path.name.removesuffix(".zip"), []).append(path)
    for learner, paths in sorted(handed_in.items()):
        solved, read = set(), 0
        with tempfile.TemporaryDirectory() as cache:
            for path, source in notebooks_in(paths):
                try:
                    notebook = nbformat.reads(source(), as_version=4)
                    if run:
                        execute(notebook, cache)
                except Exception as error:  # whatever people hand in
                    reason = " ".join(str(error).split())[:100]
                    print(f"{path}: left out ({type(error).__name__}: {reason})", file=sys.stderr)
                    continue
                solved |= solved_in(notebook)
                read += 1
            if not read:
                print(f"{paths[0]}: no notebooks found in it", file=sys.stderr)
        yield learner, [number for number in EXERCISES if number in solved]


def notebooks_in(paths):
    """Yield where each notebook is, and a function that reads it; zip files are folders here."""
    for path in paths:
        if path.is_dir():
            yield from notebooks_in(sorted([*path.rglob("*.zip"), *path.rglob("*.ipynb")]))
        elif path.suffix == ".zip":
            try:
                names = sorted(zipfile.ZipFile(path).namelist())
            except (OSError, zipfile.BadZipFile) as error:
                yield path, functools.partial(_fail, error)
                continue
            for name in names:
                if name.endswith(".ipynb") and _is_handed_in(name):
                    yield path / name, functools.partial(_unpacked, path, name)
        elif _is_handed_in(path):
            yield path, functools.partial(path.read_text, encoding="utf-8")


def _is_handed_in(path):
    # What JupyterLab saves by itself is older; what macOS adds to a zip file is no notebook.
    return not {".ipynb_checkpoints", "__MACOSX"} & set(Path(path).parts)


def _unpacked(path, name):
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(name).file_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST // 10**6} MB")
        return archive.read(name).decode()


def _fail(error):
    raise error


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
        if cell.cell_type == "code" and re.search(r"\bcheck\s*\(", cell.source)
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
