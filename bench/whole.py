"""What the series as a whole takes, in seconds and megabytes: python -m bench.whole.

In a fresh clone of the last commit, in a temporary folder: installing, importing the helpers, each
notebook under nbval, one after the other, and ``make test``, which must pass. Memory is the sum
over all processes that a command starts, looked at ten times a second; what two processes share is
counted twice in it. MNIST is copied from ``data/`` if it is there.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench import results
from bench.side_by_side import THREADS, take_turns

SECTION = "The whole"
TURNS = 5


def observe(command, folder):
    """Run a command that must succeed; return its seconds and the most memory it needed, in MB."""
    environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
    start, most = time.perf_counter(), 0
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        while process.poll() is None:
            most = max(most, memory_of(process))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode()[-3000:]}")
    print(f"{seconds:7.1f} s {most:7.0f} MB  {' '.join(command)}", flush=True)
    return seconds, most


def memory_of(process):
    """Return the memory of a process and of all that it started, in MB."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:  # ended meanwhile
            continue
    return total / 1e6


def size_of(folder):
    """Return the size of all files in a folder, in MB."""
    files = (path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink())
    return sum(files) / 1e6


def imported(python, statement, folder):
    """Return the row of a statement: median seconds of a new Python with it, and its memory."""

    def execute(code):
        command = [python, "-c", code]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)

    seconds, _ = take_turns({statement: lambda: execute(statement)}, TURNS)
    times = seconds[statement]
    spread = f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f})"
    memory = execute(f"{statement}\nimport psutil\nprint(psutil.Process().memory_info().rss)")
    return [f"`{statement}`", spread, f"{float(memory.stdout) / 1e6:,.0f}", ""]


def main():
    """Measure everything and write the section."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "digits"
        subprocess.run(["git", "clone", "--quiet", results.ROOT, clone], check=True)
        rows = [["the repository", "", "", f"{size_of(clone) - size_of(clone / '.git'):,.0f}"]]
        mnist = results.ROOT / "data" / "mnist.npz"
        if mnist.exists():
            shutil.copy(mnist, clone / "data")
        seconds, memory = observe(["make", ".venv/ready"], clone)
        size = f"{size_of(clone / '.venv'):,.0f}"
        rows.append(["installing, download included", f"{seconds:.0f}", f"{memory:,.0f}", size])
        python = str(clone / ".venv" / "bin" / "python")
        for statement in ["pass", "import numpy", "import tensorflow", "import helpers"]:
            rows.append(imported(python, statement, clone))
        for path in sorted((clone / "notebooks").glob("*.ipynb")):
            command = [python, "-m", "pytest", "-q", "--nbval", str(path.relative_to(clone))]
            seconds, memory = observe(command, clone)
            name = f"step {int(path.name[:2])} under nbval"
            rows.append([name, f"{seconds:.0f}", f"{memory:,.0f}", ""])
        seconds, memory = observe(["make", "test"], clone)
        rows.append(["`make test`, two workers", f"{seconds:.0f}", f"{memory:,.0f}", ""])
    lines = [
        "In a fresh clone, on one thread each. Memory is the most that all processes of a command "
        "needed together. For imports, seconds are the median of "
        f"{TURNS} new Pythons with the fastest and the slowest, and memory is that after them.",
        "",
        *results.table(["what", "seconds", "memory, MB", "on disk, MB"], rows),
    ]
    results.write(SECTION, lines, ["tensorflow", "jupyterlab", "nbval"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
