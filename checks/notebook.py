"""Stored notebooks: read them, bring them into one form, seal them, take code out of them."""

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import nbformat

from checks.project import Project

WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SEAL = "stored"  # in the metadata of a notebook: what `seal` wrote


class UnreadableError(ValueError):
    """A file that is no notebook as these checks want it; the message is one line."""


@dataclasses.dataclass
class Stored:
    """A notebook as it is stored, and the project it belongs to."""

    path: Path
    notebook: nbformat.NotebookNode
    project: Project

    @property
    def cells(self):
        """All cells."""
        return self.notebook.cells

    def code(self):
        """Yield the position of each code cell, and the cell."""
        for position, cell in enumerate(self.cells):
            if cell.cell_type == "code":
                yield position, cell

    def texts(self):
        """Yield the position and the source of each Markdown cell."""
        for position, cell in enumerate(self.cells):
            if cell.cell_type == "markdown":
                yield position, cell.source

    def pictures(self):
        """Yield for each stored picture the position of its cell, the cell, its PNG and its alt."""
        for position, cell in self.code():
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    alt = output.metadata.get("image/png", {}).get("alt", "")
                    yield position, cell, output.data["image/png"], alt

    def name_of(self, position):
        """Return how a cell is called: "cell 12", or "cell 12 (In [7])" for code."""
        if self.cells[position].cell_type != "code":
            return f"cell {position + 1}"
        code = sum(cell.cell_type == "code" for cell in self.cells[: position + 1])
        return f"cell {position + 1} (In [{code}])"

    def line(self, position, problem):
        """Return a problem as one line that names the notebook and, if any, the cell."""
        where = f", {self.name_of(position)}" if position is not None else ""
        return f"{self.path.name}{where}: {' '.join(problem.split())}"

    @property
    def store(self):
        """What to do, for messages, so that its outputs are stored again."""
        number = re.match(r"\d+", self.path.name)
        return self.project.store.format(step=int(number[0]) if number else self.path.stem)


def load(path, project):
    """Return the notebook at `path` as a `Stored`.

    Raises
    ------
    UnreadableError
        If it has merge-conflict markers, is not JSON, not of format 4.5, not valid, or not for
        the kernel python3.
    """

    def refuse(problem):
        raise UnreadableError(f"{path.name}: {problem}") from None

    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError):
        refuse("is not UTF-8 text; restore it")
    conflict = re.search(r"^(<{7}|\|{7}|={7}|>{7})", text, re.M)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        refuse(f"line {line} is a merge-conflict marker; resolve the conflict")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        refuse(f"is not JSON ({error}); restore it")
    version = (raw.get("nbformat"), raw.get("nbformat_minor")) if isinstance(raw, dict) else None
    if version != (4, 5) or not all(isinstance(number, int) for number in version):
        version = ".".join(map(str, version)) if version and None not in version else "no notebook"
        refuse(f"its format is {version}, not 4.5; open and save it in JupyterLab")
    try:
        nbformat.validate(raw)
    except Exception as error:  # not only ValidationError: it stumbles itself, too
        refuse(f"is not a valid notebook ({' '.join(str(error).split())[:200]}); restore it")
    notebook = nbformat.reads(text, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        refuse(f"its kernel is {kernel or 'not named'}, not python3; choose it in JupyterLab")
    return Stored(path, notebook, project)


def markdown_of(path):
    """Return the texts of a notebook's Markdown cells, none if it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def normalize(notebook):
    """Remove from an executed notebook what differs from run to run or is dead when stored.

    That is: times, the version of Python, widget views (each stands beside a still picture). The
    ids of cells stay as Jupyter gave them. A picture gets the alt text of its cell's metadata.
    """
    from nbval.plugin import coalesce_streams  # not at the top: the book is built without pytest

    seal = {SEAL: notebook.metadata[SEAL]} if SEAL in notebook.metadata else {}
    notebook.metadata = nbformat.from_dict({**METADATA, **seal})
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = coalesce_streams(cell.outputs)
        for output in cell.outputs:
            data = output.get("data", {})
            data.pop(WIDGET, None)
            if "metadata" in output:
                alt = alt_text(cell) or output.metadata.get("image/png", {}).get("alt")
                described = "image/png" in data and alt
                output.metadata = {"image/png": {"alt": alt}} if described else {}


def alt_text(cell):
    """Return the alt text in the metadata of a cell, without its bindings, or None."""
    alt = cell.metadata.get("alt")
    return re.sub(r"<!--.*?-->", "", alt, flags=re.S) if alt else None


def describe(cell):
    """Return a line about a cell: type, id, fingerprint of what was written, kinds of output."""
    written = [cell.source, cell.metadata]
    outputs = cell.get("outputs", [])
    kinds = [output.get("name") or "+".join(sorted(output.get("data", []))) for output in outputs]
    return " ".join([cell.cell_type, str(cell.get("id")), _fingerprint(written)[:12], *kinds])


def seal(stored, seconds=None):
    """Write into the metadata of a notebook what it is, so that later changes show.

    `cells` has a line for each cell, `packages` what the outputs were made with, and `run` a
    fingerprint of all that a run depends on: where it has not changed, no run is needed. `seconds`
    is how long it took; it stays as it was if it was about the same, or if nothing was run.
    """
    before = stored.notebook.metadata.get(SEAL, {}).get("seconds")
    if before and (seconds is None or before / 2 <= seconds <= 2 * before):
        seconds = before
    stored.notebook.metadata[SEAL] = nbformat.from_dict({
        "seconds": round(seconds or 0),
        "cells": [describe(cell) for cell in stored.cells],
        "packages": stored.project.packages,
        "run": run_fingerprint(stored),
    })


def run_fingerprint(stored):
    """Return the SHA-256 of code cells, their outputs, and the sources they depend on."""
    cells = [cell for _, cell in stored.code()]
    # Alt texts are left out: they are copied from the cells, not made by a run.
    outputs = [[{**out, "metadata": {}} for out in cell.outputs] for cell in cells]
    sources = [
        (path.relative_to(stored.project.root).as_posix(), path.read_text(encoding="utf-8"))
        for path in stored.project.source_files()
        if _belongs_to(path, stored.path)
    ]
    return _fingerprint([[cell.source for cell in cells], outputs, sources])


def _belongs_to(source, notebook):
    """Return whether a notebook can depend on a source: one that bears a number has its own."""
    number, own = re.search(r"_(\d+)$", source.stem), re.match(r"\d+", notebook.stem)
    return not (number and own) or int(number[1]) == int(own[0])


def needs_a_run(stored):
    """Return whether outputs, code, helpers or packages are not those of the last run."""
    sealed = stored.notebook.metadata.get(SEAL, {})
    return (
        sealed.get("run") != run_fingerprint(stored)
        or sealed.get("packages") != stored.project.packages
    )


def _fingerprint(content):
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
