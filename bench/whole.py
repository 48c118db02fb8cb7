"""What the series as a whole takes, in seconds and megabytes: python -m bench whole.

In a fresh clone of the last commit, in a temporary folder: installing, importing the helpers, each
notebook under nbval, one after the other, and ``make test``, which must pass. Memory is the sum
over all processes that a command starts, looked at ten times a second; what two processes share is
counted twice in it. MNIST is copied from ``data/`` if it is there.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench import results
from bench.side_by_side import spread, take_turns
from tools import ROOT, THREADS

SECTION = "The whole"
TURNS = 5


def observe(command, folder):
    """Run a command that must succeed; return its seconds and the most memory it needed, in MB."""
    # As `make test` has it, so that a step takes here what it takes there.
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
    return {"seconds": seconds, "memory": most}


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
    """Return the seconds that each of some new Pythons takes with a statement, and its memory."""

    def execute(code):
        command = [python, "-c", code]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)

    seconds, _ = take_turns({statement: lambda: execute(statement)}, TURNS)
    memory = execute(f"{statement}\nimport psutil\nprint(psutil.Process().memory_info().rss)")
    return {"seconds": seconds[statement], "memory": float(memory.stdout) / 1e6}


def measure():
    """Measure everything; sizes and memory are in MB."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "digits"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        found = {"repository": size_of(clone) - size_of(clone / ".git")}
        mnist = ROOT / "data" / "mnist.npz"
        if mnist.exists():
            shutil.copy(mnist, clone / "data")
        found["installing"] = observe(["make", ".venv/ready"], clone)
        found["installed"] = size_of(clone / ".venv")
        python = str(clone / ".venv" / "bin" / "python")
        found["imports"] = {
            statement: imported(python, statement, clone)
            for statement in ["pass", "import numpy", "import tensorflow", "import helpers"]
        }
        # A learner's environment was measured; nbval is in what the tests add to it.
        subprocess.run(["make", ".venv/ready-test"], cwd=clone, check=True)
        found["steps"] = {}
        for path in sorted((clone / "notebooks").glob("*.ipynb")):
            command = [python, "-m", "pytest", "-q", "--nbval", str(path.relative_to(clone))]
            found["steps"][f"step {int(path.name[:2])}"] = observe(command, clone)
        found["test"] = observe(["make", "test"], clone)
        return found


def section(found):
    """Return the lines of the section."""
    rows = [
        ["the repository", "", "", f"{found['repository']:,.0f}"],
        [
            "installing, download included",
            *in_words(found["installing"]),
            f"{found['installed']:,.0f}",
        ],
    ]
    for statement, needed in found["imports"].items():
        rows.append([f"`{statement}`", spread(needed["seconds"]), f"{needed['memory']:,.0f}", ""])
    for step, needed in found["steps"].items():
        rows.append([f"{step} under nbval", *in_words(needed), ""])
    rows.append(["`make test`", *in_words(found["test"]), ""])
    return [
        "In a fresh clone, on one thread each. Memory is the most that all processes of a command "
        "needed together. For imports, seconds are the median of "
        f"{TURNS} new Pythons with the fastest and the slowest, and memory is that after them.",
        "",
        *results.table(["what", "seconds", "memory, MB", "on disk, MB"], rows),
    ]


def in_words(needed):
    """Return the cells with the seconds and the memory that a command needed."""
    return [f"{needed['seconds']:.0f}", f"{needed['memory']:,.0f}"]


def main():
    """Measure, and write the section."""
    results.write("whole", measure(), ["tensorflow", "jupyterlab", "nbval"])


if __name__ == "__main__":
    sys.exit("Measure it by python -m bench whole, which sets the environment.")
