"""The plugin by itself, in a folder that has nothing of this series."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kernels import patience
from tools import ROOT


@pytest.fixture
def elsewhere(tmp_path):
    """A folder with the general part of `checks`, a notebook of three cells and its settings."""
    shutil.copytree(ROOT / "checks", tmp_path / "lib" / "checks")
    shutil.copytree(ROOT / "kernels", tmp_path / "lib" / "kernels")
    (tmp_path / "lib" / "checks" / "series.py").unlink()
    folder = tmp_path / "a repository"
    folder.mkdir()
    write(folder, "print(6 * 7)", "42\n", "The answer is 42<!-- 6 * seven -->.")
    settings = '[tool.notebook_checks]\nphrases = ["42 is"]\n[tool.pytest.ini_options]\n'
    (folder / "pyproject.toml").write_text(f'{settings}addopts = "-p checks.plugin"\n')
    return folder


def write(folder, code, printed, prose):
    stream = [new_output("stream", name="stdout", text=printed)] if printed else []
    notebook = new_notebook(
        cells=[
            new_code_cell("seven = 7", execution_count=1),
            new_code_cell(code, execution_count=2, outputs=stream),
            new_markdown_cell(prose),
        ]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "answer.ipynb")


def run_pytest(folder, **environment):
    """Run pytest in the folder with what lies beside it, and nothing of this repository."""
    lib = str(folder.parent / "lib")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "--color=no"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": lib, **environment},
        capture_output=True,
        text=True,
        timeout=100 * patience.factor(),
    )


def test_it_checks_a_notebook_of_another_repository(elsewhere):
    done = run_pytest(elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout  # the stored form, two cells, and the number in the text


@pytest.mark.parametrize(
    ("code", "printed", "prose", "message"),
    [
        ("print(6 * 7)", "42\n", "The answer is 24<!-- 6 * seven -->.", "the expression is 42"),
        (
            "print(6 * 7)",
            "24\n",
            "It is 42<!-- 6 * seven -->.",
            "is stored as '24', now it is '42'",
        ),
        ("print(6 * 7)", "", "It is 42<!-- 6 * seven -->.", "stored is nothing, but it now makes"),
        ("print(6 * 7)", "42\n", "People read 98 % of them.", "follows from nothing that runs"),
        ("import os; os._exit(1)", "42\n", "It is 42<!-- 6 * seven -->.", "its kernel died"),
    ],
)
def test_a_lie_is_one_line_that_says_what_to_do(elsewhere, code, printed, prose, message):
    write(elsewhere, code, printed, prose)
    done = run_pytest(elsewhere)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("answer.ipynb, cell")]
    assert len(lines) == 1, done.stdout
    assert message in lines[0]
    assert "run it again" in lines[0] or "; " in lines[0]


def test_a_setting_that_is_none_is_named(elsewhere):
    (elsewhere / "pyproject.toml").write_text("[tool.notebook_checks]\nmemroy = 3\n")
    done = run_pytest(elsewhere, PYTEST_ADDOPTS="-p checks.plugin")
    assert done.returncode == 4
    assert "[tool.notebook_checks] has 'memroy', which is no setting" in done.stderr


CORE = """
import numpy as np, threadpoolctl
np.ones((2, 2)) @ np.ones((2, 2))
libraries = threadpoolctl.threadpool_info()
seven = 7
print(*{one.get("architecture") for one in libraries if one["internal_api"] == "openblas"})
"""


def test_what_openblas_is_told_reaches_the_kernel(elsewhere):
    # Some machine may have another BLAS, which heeds none of this.
    code = f"import os\nos.environ['OPENBLAS_CORETYPE'] = 'Prescott'\n{CORE}"
    direct = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    core = direct.stdout.strip()
    write(elsewhere, CORE, f"{core}\n", "The number is 7<!-- seven -->.")
    done = run_pytest(elsewhere, OPENBLAS_CORETYPE="Prescott")
    assert done.returncode == 0, done.stdout
    if core == "Prescott":
        assert run_pytest(elsewhere, OPENBLAS_CORETYPE="Haswell").returncode == 1
