"""What the plugin says of notebooks that it runs: many small ones, in one run of pytest."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kernels import patience
from tests.test_checks import code_cell, picture
from tools import ROOT

CONTROL = """
from ipywidgets import IntSlider
from helpers.widgets import Explorer
def draw(ax, n):
    {}
made = Explorer(draw, {{"n": IntSlider(1, min=0, max=5)}}, alt="a line")
"""


def prose(text):
    return [code_cell("a, X = 0.924, [[1, 2], [3, 4], [5, 6]]"), new_markdown_cell(text)]


def calling(source):
    return [code_cell(f"def f():\n    exec({source!r})"), new_markdown_cell("5<!-- f() -->")]


# The cells of each notebook, and what the only line about it says; None if all is well.
LIMIT = 8  # seconds for a cell: far more than those need here that end
SMALL = {
    "fits": (prose("92.4 %<!-- 100 * a -->"), None),
    "lies": (prose("92.5 %<!-- 100 * a -->"), "cell 2: .*the expression is 92.4"),
    "unknown": (prose("92.4 %<!-- 100 * b -->"), "cell 2: .*name 'b' is not defined"),
    "third": (prose("1<!-- a --> and 92<!-- 100 * a --> and 3<!-- 100 * a -->"), "'3<!-- 100 "),
    "anyway": (prose("92.4 %<!-- 92 + 0.4 + 0 * a -->"), "would say the same if a were another"),
    "row": (prose("Its 3 rows have 2 columns.<!-- *(len(X), len(X[0])) -->"), None),
    "swapped": (prose("Its 2 rows have 3 columns.<!-- *(len(X), len(X[0])) -->"), "is 3, 2"),
    "few": (prose("Its 3 rows have 2.<!-- *(len(X),) -->"), "2 numbers are said, 1 computed"),
    "true": (prose("Nearly all are right.<!-- true: a > 0.9 -->"), None),
    "false": (prose("Nearly all are wrong.<!-- true: a < 0.1 -->"), "condition is not true"),
    # Several checks of one cell: with two workers, each must have a name of its own.
    "formulas": (
        prose(
            "$2a$<!-- formula(a=a) == 1.848 --> or $3a$<!-- formula(a=a) == 3 --> or "
            "92.4 %<!-- 100 * a -->"
        ),
        "cell 2: .*3a.*is not true",
    ),
    "formula_below": (
        [
            new_markdown_cell("$b = 2a$<!-- formula(a=a, b=b) -->"),
            *prose("A b."),
            code_cell("b = 2 * a"),
        ],
        None,
    ),
    "formula_odd": (prose(r"$a \circ b$<!-- formula(a=a, b=a) -->"), "'formula' is not defined"),
    "formula_broken": (prose("$2a$<!-- formula(a= -->"), "cell 2: .*SyntaxError"),
    "place": (
        [code_cell("a = 1"), new_markdown_cell("1<!-- a -->"), code_cell("a = 2")],
        None,
    ),
    "moved": ([code_cell(CONTROL.format("ax.plot([0, n])"))], None),
    "still": ([code_cell(CONTROL.format("ax.plot([0, 1])"))], "n = 0 changes nothing"),
    "breaks": ([code_cell(CONTROL.format("ax.plot([0, 1 / n])"))], "ZeroDivisionError"),
    "bad_binding": (calling("1 / 0"), "cell 2: .*division by zero"),
    "slow_binding": (calling("while True: pass"), f"cell 2: gives no answer within {LIMIT} s"),
    "dead_binding": (calling("import os; os._exit(1)"), "cell 2: its kernel died"),
}
FAILING = {
    "slow": ("import time; time.sleep(60)", f"is not done after {LIMIT} s; make it faster"),
    "deaf": (
        "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
        f"is not done after {LIMIT} s",
    ),
    "dead": ("import os; os._exit(1)", "its kernel died"),
    "large": ("b'x' * 10**9", "needs more than 0.5 GiB of memory and was stopped"),
    "growing": ("x = []\nwhile True: x.append('y' * 10**6)", "needs more than 0.5 GiB of memory"),
    "error": ("1 / 0", "raises ZeroDivisionError: division by zero; mend the cell"),
    "exit": ("raise SystemExit", "raises SystemExit"),
    "syntax": ("1 +", "raises SyntaxError"),
    "asks": ("input()", "raises StdinNotImplementedError"),
}
DRAW = "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()"
DIFFERENCES = [
    code_cell("print(7)", new_output("stream", name="stdout", text="8\n")),
    code_cell("print(7)"),
    code_cell("7", new_output("display_data", data={"text/plain": "7"})),
    code_cell(DRAW, picture(lambda image: None), alt="a line"),
    new_code_cell("a = 7"),
    code_cell("print(7)", new_output("stream", name="stdout", text="7\n")),
]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The run of pytest on all these notebooks, and its folder."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, (cells, _) in SMALL.items():
        write(folder / f"{name}.ipynb", *cells)
    for name, (source, _) in FAILING.items():
        write(folder / f"{name}.ipynb", code_cell("a = 1"), code_cell(source), code_cell("a"))
    write(folder / "differences.ipynb", *DIFFERENCES)
    done = run(folder, "-k", "not stored", f"--nbval-cell-timeout={LIMIT}", "--notebook-memory=0.5")
    assert done.returncode == 1
    return done, folder


@pytest.fixture(scope="module")
def output(done):
    """What pytest prints about all these notebooks."""
    return done[0].stdout


@pytest.fixture(scope="module")
def outcomes(done):
    """What became of the checks of each notebook, in their order."""
    found = {}
    for case in ElementTree.parse(done[1] / "report.xml").iter("testcase"):
        outcome = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found.setdefault(case.get("classname").removesuffix(".ipynb"), []).extend(
            outcome or ["passed"]
        )
    return found


def write(path, *cells):
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def run(folder, *options):
    """Run pytest with nbval on the notebooks in a folder, and return it."""
    (folder / "conftest.py").write_text('pytest_plugins = ["checks.plugin"]\n')
    settings = '[tool.notebook_checks]\ncontrols = "helpers.widgets:explorers"\n'
    (folder / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n{settings}")
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q", "-rA"]
    command += ["--rootdir", folder, "--confcutdir", folder, "-c", folder / "pyproject.toml"]
    command += [
        "--junitxml",
        folder / "report.xml",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--color=no",
        *options,
        folder,
    ]
    limit = 300 * patience.factor()
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit)


def lines_about(name, output):
    """Return the lines with problems of one notebook, each once."""
    found = re.findall(rf"^{name}\.ipynb(?:, cell|:) .*$", output, re.M)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("name", SMALL)
def test_what_is_wrong_is_one_line(name, output, outcomes):
    message, lines = SMALL[name][1], lines_about(name, output)
    if message is None:
        assert lines == []
        assert set(outcomes[name]) == {"passed"}
    else:
        assert len(lines) == 1
        assert re.search(message, lines[0])


@pytest.mark.parametrize("name", FAILING)
def test_a_cell_that_fails_ends_the_notebook(name, output, outcomes):
    (line,) = lines_about(name, output)
    assert line.startswith(f"{name}.ipynb, cell 2 (In [2]): ")
    assert FAILING[name][1] in line
    # The last two are the cell that follows, and the controls.
    assert outcomes[name] == ["passed", "failure", "skipped", "skipped"]


def test_no_traceback_of_the_tools_is_shown(output):
    assert "/nbval/" not in output
    assert "another exception" not in output


def test_every_difference_of_a_run_is_a_line(output):
    lines = lines_about("differences", output)
    assert lines[:3] == [
        "differences.ipynb, cell 1 (In [1]): line 1 of its output is stored as '8', now it is "
        "'7'; if that is right, run it again and save it",
        "differences.ipynb, cell 2 (In [2]): stored is nothing, but it now makes stdout; "
        "run it again and save it",
        "differences.ipynb, cell 3 (In [3]): stored is display_data of text/plain, but it now "
        "makes execute_result of text/plain; run it again and save it",
    ]
    assert "cell 4 (In [4]): its picture is stored with 64 × 64 pixels, now it has " in lines[3]
    assert lines[-1].endswith("cell 5 (In [5]): was never run; run it again and save it")


def test_what_is_no_notebook_ends_pytest_with_one_line(tmp_path):
    (tmp_path / "03_dataset.ipynb").write_text("<html>")
    done = run(tmp_path)
    assert done.returncode != 0
    assert "\n03_dataset.ipynb: is not JSON" in done.stdout
    assert "Traceback" not in done.stdout
