"""Execute notebooks from fresh kernels and store their outputs, normalized.

    make notebooks                                   all of them
    .venv/bin/python tools/notebooks.py 03 06        only these steps

Normalized: no times, no versions of Python, no widget views (dead without a kernel; each stands
beside a still picture), and the alt text of a cell's metadata on its picture. Where a cell fails,
that notebook is left as it was.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbval.plugin import coalesce_streams

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path, cache):
    """Execute the notebook at `path` in place, with `cache` for what it would save."""
    notebook = nbformat.read(path, as_version=4)
    # What it sets makes IPython capture what nbval captures.
    environment = {**os.environ, "DIGITS_CACHE": cache, "PYTEST_CURRENT_TEST": path.name}
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": path.parent}},
    )
    with open(os.devnull, "w") as silence:
        client.execute(env=environment, stderr=silence)
    normalize(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


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
            if "image/png" in data:
                alt = output.metadata.get("image/png", {}).get("alt") or cell.metadata.get("alt")
                output.metadata = {"image/png": {"alt": alt}} if alt else {}


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
