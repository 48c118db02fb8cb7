"""The house: imports run one way, modules stay small, and importing changes nothing."""

import ast
import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

from tools import NOTEBOOKS, ROOT

# Which rooms a room may import from, besides itself.
MAY_IMPORT = {
    "helpers": set(),
    "kernels": set(),
    "checks": {"kernels", "helpers"},
    "tools": {"checks", "kernels", "helpers"},
    "bench": {"book", "tools", "checks", "kernels", "helpers"},
    "book": {"tools", "checks", "kernels", "helpers"},
    "proof": {"tools", "checks", "kernels", "helpers"},
    "tests": {"book", "tools", "checks", "kernels", "helpers"},
    "notebooks": {"helpers"},
}
FOLDERS = {room: ROOT / room for room in MAY_IMPORT} | {"helpers": ROOT / "src" / "helpers"}
# Files that are lists: they grow with what they list, and are read line by line.
TABLES = {"proof/tampering.py", "proof/bugs.py"}
# So do those with the mistakes of a step.
TABLES |= {f"src/helpers/exercises/step_{step:02}.py" for step in range(1, 17)}


def modules(room):
    """Return the Python files of a room."""
    return sorted(FOLDERS[room].rglob("*.py"))


MODULES = [path for room in MAY_IMPORT for path in modules(room)]


def rooms_imported(source):
    """Return the rooms that code imports from, inside of functions, too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found & MAY_IMPORT.keys()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room):
    sources = {path: path.read_text(encoding="utf-8") for path in modules(room)}
    if room == "notebooks":
        for path in NOTEBOOKS.glob("*.ipynb"):
            cells = nbformat.read(path, as_version=4).cells
            sources[path] = "\n".join(c.source for c in cells if c.cell_type == "code")
    assert sources
    for path, source in sources.items():
        wrong = rooms_imported(source) - {room} - MAY_IMPORT[room]
        assert not wrong, f"{path.relative_to(ROOT)} imports from {', '.join(sorted(wrong))}"


def test_the_map_of_the_house_shows_the_way_of_imports():
    (line,) = re.findall(r"^.*→.*$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    groups = [{room.strip() for room in group.split(",")} for group in line.split("→")]
    assert set().union(*groups) == MAY_IMPORT.keys()
    for i, group in enumerate(groups):
        reached = set().union(*groups[i:])
        for room in group:
            assert MAY_IMPORT[room] <= reached, room


def test_the_general_checks_do_not_know_the_series():
    for path in modules("checks"):
        if path.name != "series.py":
            source = path.read_text(encoding="utf-8")
            assert "helpers" not in rooms_imported(source), path.name
            assert not any(word in source for word in ("MNIST", "exercises", "helpers.")), path.name


def test_the_canvas_draws_by_ink_and_not_the_other_way():
    ink = (FOLDERS["helpers"] / "ink.py").read_text(encoding="utf-8")
    assert "helpers.canvas" not in ink


def test_tests_holds_nothing_but_tests():
    names = {path.name for path in modules("tests")}
    assert {n for n in names if not n.startswith("test_")} <= {"__init__.py", "conftest.py"}


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in MODULES
        if p.relative_to(ROOT).parts[0] in ("src", "book", "checks", "kernels", "proof", "tools")
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_files_and_functions_fit_a_reader(path):
    source = path.read_text(encoding="utf-8")
    if path.relative_to(ROOT).as_posix() not in TABLES:
        assert source.count("\n") <= 500
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


IMPORT_ALL = """
import importlib, json, os, sys
before = dict(os.environ)
for name in sys.argv[1:]:
    importlib.import_module(name)
    changed = {k for k in before.keys() | os.environ.keys() if before.get(k) != os.environ.get(k)}
    if changed:
        print(json.dumps([name, sorted(changed)]))
        break
"""


def test_no_import_changes_the_environment():
    names = []
    for room in MAY_IMPORT:
        for path in modules(room):
            parts = path.relative_to(FOLDERS[room].parent).with_suffix("").parts
            # A program is run, not imported; a conftest needs pytest around it, a cell a notebook.
            if path.name not in ("__main__.py", "conftest.py", "conf.py") and parts[-2] != "cells":
                names.append(".".join(parts).removesuffix(".__init__"))
    # These set variables of their own when they are first imported, whoever imports them.
    code = f"import tensorflow, keras, matplotlib.pyplot, playwright.sync_api\n{IMPORT_ALL}"
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_CORETYPE": "Haswell"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout, "{} changes {}".format(*json.loads(done.stdout))


def test_the_root_is_written_once():
    # Two of the tools run before there is anything to import from.
    alone = {"tools/make_environment.py", "tools/workbook.py"}
    asked = {"tools/__init__.py", "src/helpers/data.py", *alone}
    found = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if re.search(r"__file__\S*parents\[", path.read_text(encoding="utf-8"))
    }
    assert found <= asked
