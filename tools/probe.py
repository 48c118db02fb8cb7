"""Run the checks of the notebooks on other code paths of this machine, to see what is portable.

    make probe                                       all paths
    .venv/bin/python -m tools.probe AVX locale       only what has this in its name

Prints, for each path, which cells make something else there.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tools import ROOT, THREADS
from tools.copies import copy_repository


def main(words):
    """Run all paths, or those that contain one of `words`; return 1 if a cell is not portable."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, variables, where in paths(Path(folder)):
            if words and not any(word in name for word in words):
                continue
            start = time.perf_counter()
            lines = differences({**one_thread(), **variables}, where)
            seconds = time.perf_counter() - start
            failed = failed or bool(lines)
            print(f"{name}: {'NOT PORTABLE' if lines else 'the same'}, {seconds:.0f} s", flush=True)
            for line in lines:
                print(f"    {line}", flush=True)
    return 1 if failed else 0


def one_thread():
    """Return the settings that `make test` has."""
    return {
        "TF_CPP_MIN_LOG_LEVEL": "1",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        **dict.fromkeys(THREADS, "1"),
    }


def paths(folder):
    """Yield name, environment variables, and (working folder, repository) of each code path."""
    here = ROOT, ROOT
    yield "as it is", {}, here
    for name, flag, onednn, blas, without in [
        ("SSE4.1", "sse4_1", "SSE41", "Prescott", {"X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR"}),
        ("AVX", "avx", "AVX", "Sandybridge", {"X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR"}),
        ("AVX2", "avx2", "AVX2", "Haswell", {"X86_V4", "AVX512_ICL", "AVX512_SPR"}),
        ("AVX512", "avx512f", "AVX512_CORE", "SkylakeX", {"AVX512_SPR"}),
    ]:
        if flag not in processor():
            print(f"{name}: this processor has none, so this was not tried")
            continue
        numpy = ",".join(sorted(without & numpy_features()))
        settings = {"ONEDNN_MAX_CPU_ISA": onednn, "OPENBLAS_CORETYPE": blas}
        for onednn_on in "01":
            more = {"TF_ENABLE_ONEDNN_OPTS": onednn_on, "NPY_DISABLE_CPU_FEATURES": numpy}
            yield f"{name}, oneDNN {'on' if onednn_on == '1' else 'off'}", settings | more, here
    two = dict.fromkeys(THREADS, "2")
    yield "two threads", two, here
    yield "two threads, oneDNN on", {**two, "TF_ENABLE_ONEDNN_OPTS": "1"}, here
    yield "PYTHONHASHSEED=12345", {"PYTHONHASHSEED": "12345"}, here
    yield "timezone Asia/Kathmandu", {"TZ": "Asia/Kathmandu"}, here
    # Where a file is opened without naming its encoding, this shows it.
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    yield "locale C, ASCII only", ascii_only, here
    if foreign_locale():
        yield f"locale {foreign_locale()}", {"LC_ALL": foreign_locale()}, here
    else:
        print("locale of another language: this machine has none, so this was not tried")
    yield "another working folder", {}, (folder, ROOT)
    copy = copy_repository(folder / "Zürich, für später" / "ein Übungsheft")
    yield "a path with spaces and umlauts", {"PYTHONPATH": str(copy / "src")}, (copy, copy)


def processor():
    """Return the flags of the processor; on a system that does not list them, none."""
    info = Path("/proc/cpuinfo")
    return set(info.read_text().split()) if info.exists() else set()


def numpy_features():
    """Return the instruction sets that NumPy uses here and can be told not to use."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return set(found)


def foreign_locale():
    """Return an installed locale that is not English, or None."""
    try:
        names = subprocess.check_output(["locale", "-a"], text=True).split()
    except OSError:
        names = []
    return next((name for name in names if not name.startswith(("C", "POSIX", "en"))), None)


def differences(variables, where):
    """Run the notebooks with these variables; return a line for each cell that differs."""
    folder, repository = where
    command = [sys.executable, "-m", "pytest", "--nbval", "-n", "2", "--dist", "loadfile", "-q"]
    command += ["-p", "no:cacheprovider", "--rootdir", repository]
    command += ["-c", repository / "pyproject.toml", repository / "notebooks"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True
    )
    if done.returncode == 0:
        return []
    lines = re.findall(r"^\d\d_\w+\.ipynb.*: .+$", done.stdout, re.M)
    return lines or (done.stdout + done.stderr).splitlines()[-5:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
