"""Execute notebooks from fresh kernels and store their outputs, normalized.

    make notebooks                                   all of them
    .venv/bin/python tools/notebooks.py 03 06        only these steps

Normalized: no times, no versions of Python, no widget views (dead without a kernel; each stands
beside a still picture), ids of cells in their order, and the alt text of a cell's metadata on its
picture. Where a cell fails, that notebook is left as it was.

`tests/manifest.json` lists what was stored, so that no cell changes or vanishes without a new run.
"""

import ast
import hashlib
import json
import linecache
import os
import re
import symtable
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbval.plugin import coalesce_streams

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
MANIFEST = ROOT / "tests" / "manifest.json"
WIDGET = "application/vnd.jupyter.widget-view+json"
# What the cell with the solution of an exercise begins with.
FOLD = "<details>\n<summary>Solution</summary>"
DEFINING = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign


def execute(path, cache):
    """Execute the notebook at `path` in place, with `cache` for what it would save."""
    notebook = nbformat.read(path, as_version=4)
    # What it sets makes IPython capture what nbval captures.
    environment = {**os.environ, "DIGITS_CACHE": cache, "PYTEST_CURRENT_TEST": path.name}
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": path.parent}},
    )
    with open(os.devnull, "w") as silence:
        client.execute(env=environment, stderr=silence)
    for position, cell in enumerate(notebook.cells, start=1):
        cell.id = f"{path.stem[:2]}-{position:02d}"
    normalize(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    enter(path.stem, notebook)


def normalize(notebook):
    """Remove from an executed notebook what differs from run to run or is dead when stored."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
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
    """Return a line for the manifest: type, fingerprint of what was written, kinds of output."""
    written = json.dumps([cell.source, cell.metadata], sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(written.encode()).hexdigest()[:12]
    outputs = cell.get("outputs", [])
    kinds = [output.get("name") or "+".join(sorted(output.get("data", []))) for output in outputs]
    return " ".join([cell.cell_type, fingerprint, *kinds])


def enter(name, notebook, manifest=MANIFEST):
    """Write down in the manifest what the cells of a notebook are."""
    series = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    series[name] = [describe(cell) for cell in notebook.cells]
    text = json.dumps(dict(sorted(series.items())), indent=1, ensure_ascii=False)
    manifest.write_text(text + "\n", encoding="utf-8")


def source_of(path, names):
    """Return the statements of a notebook that define `names`, and all that these need.

    Parameters
    ----------
    path : Path
    names : sequence of str
        Functions or variables at the top level of its cells.

    Returns
    -------
    str
        Python code without comments, in the order of the notebook.

    Raises
    ------
    ValueError
        If one of `names` is defined nowhere.
    """
    cells = nbformat.read(path, as_version=4).cells
    sources = [c.source for c in cells if c.cell_type == "code" and not c.metadata.get("tags")]
    statements = ast.parse("\n".join(sources)).body
    tables = [symtable.symtable(ast.unparse(s), path.name, "exec") for s in statements]
    needed, missing = set(), list(names)
    seen = set(names)
    while missing:
        name = missing.pop()
        makers = [
            i
            for i, (statement, table) in enumerate(zip(statements, tables, strict=True))
            if isinstance(statement, DEFINING) and name in _bound(table)
        ]
        if name in names and not makers:
            raise ValueError(f"{path.name} does not define {name!r}.")
        for i in makers:
            needed.add(i)
            missing += _used(tables[i]) - seen
            seen |= _used(tables[i])
    return "\n".join(ast.unparse(statements[i]) for i in sorted(needed))


def load_source(path, names):
    """Return what a notebook defines by `names`, ready to use; see `source_of`.

    Returns
    -------
    dict of str to object
        `names`, and all that they need.
    """
    source, file = source_of(path, names), f"<{path.name}: {', '.join(names)}>"
    # tf.function reads the source of what it compiles.
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    found = {}
    exec(compile(source, file, "exec"), found)
    return found


def _bound(table):
    """Return the names that the code of a symbol table assigns, defines or imports."""
    symbols = table.get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _used(table):
    """Return the global names that the code of a symbol table uses, functions included."""
    names = {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    if table.get_type() == "module":
        names = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    return names.union(*(_used(child) for child in table.get_children()))


def main(steps):
    """Execute the notebooks whose names begin with one of `steps`, or all."""
    paths = [
        p
        for p in sorted(NOTEBOOKS.glob("*.ipynb"))
        if p.name.startswith(tuple(steps or "0123456789"))
    ]
    failed = not paths
    for path in paths:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as cache:
            try:
                execute(path, cache)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                failed = True
                print(f"{path.name}: not stored, a cell failed\n{error}")
            else:
                print(f"{path.name}: {time.perf_counter() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
