"""The checks that run beside nbval notice what they are there for."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.notebook_checks import BINDING, fits

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("number", "value", "tolerance", "fitting"),
    [
        ("92.4", "92.3501", None, True),
        ("92.4", "92.3499", None, False),
        ("92", "92.4", None, True),
        ("3,500", "3500.0", None, True),
        ("3,500", "3499.0", None, False),
        ("−1", "-1.0", None, True),
        ("-1", "1.0", None, False),
        ("0.50", "0.5", None, True),
        ("92.0", "92.4", "0.5", True),
        ("92.0", "92.6", "0.5", False),
        ("92.4", "nan", None, False),
        ("92.4", "name 'accuracy' is not defined", None, False),
    ],
)
def test_a_number_fits_what_rounds_to_it(number, value, tolerance, fitting):
    assert fits(number, value, tolerance) is fitting


@pytest.mark.parametrize(
    ("text", "number", "expression", "tolerance"),
    [
        ("about 92.4 %<!-- 100 * a -->.", "92.4", "100 * a", None),
        ("**92.8<!-- m --> ± 0.4<!-- s --> %**", "92.8", "m", None),
        ("$\\ln 10 = 2.303$<!-- np.log(10) -->", "2.303", "np.log(10)", None),
        ("3,500<!-- len(X) --> images", "3,500", "len(X)", None),
        ("9.3 s<!-- t ± 2 -->", "9.3", "t", "2"),
    ],
)
def test_bindings_are_found(text, number, expression, tolerance):
    found = BINDING.search(text)
    assert found["number"] == number
    assert found["expression"] == expression
    assert found["tolerance"] == tolerance


def check(folder, *cells):
    """Run pytest with nbval on a notebook of these cells, as a reader would, and return it."""
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "made.ipynb")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.notebook_checks"]\n')
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q"]
    (folder / "pytest.ini").write_text("[pytest]\n")
    command += ["--rootdir", folder, "--confcutdir", folder, "-c", folder / "pytest.ini", folder]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def code_cell(source):
    return new_code_cell(source, execution_count=1)


def test_prose_that_fits_passes(tmp_path):
    done = check(tmp_path, code_cell("a = 0.924"), new_markdown_cell("92.4 %<!-- 100 * a -->"))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("92.5 %<!-- 100 * a -->", "the expression is 92.4"),
        ("92.4 %<!-- 100 * accuracy -->", "name 'accuracy' is not defined"),
        ("nearly all<!-- a -->", "follows no number"),
        ("1<!-- a --> and 92<!-- 100 * a --> and 3<!-- 100 * a -->", "'3<!-- 100 * a -->'"),
    ],
)
def test_prose_that_lies_fails(tmp_path, prose, message):
    done = check(tmp_path, code_cell("a = 0.924"), new_markdown_cell(prose))
    assert done.returncode == 1
    assert message in done.stdout


def test_prose_is_compared_where_it_stands(tmp_path):
    cells = code_cell("a = 1"), new_markdown_cell("1<!-- a -->"), code_cell("a = 2")
    assert check(tmp_path, *cells).returncode == 0


CONTROL = """
from ipywidgets import IntSlider
from helpers.widgets import Explorer
def draw(ax, n):
    {body}
made = Explorer(draw, {{"n": IntSlider(1, min=0, max=5)}}, alt="a line")
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("ax.plot([0, n])", None),
        ("ax.plot([0, 1])", "n = 0 changes nothing"),
        ("ax.plot([0, 1 / n])", "ZeroDivisionError"),
    ],
)
def test_controls_are_moved(tmp_path, body, message):
    done = check(tmp_path, code_cell(CONTROL.format(body=body)))
    assert done.returncode == (1 if message else 0), done.stdout
    assert (message or "passed") in done.stdout
