"""What make, the workflow and .ci/run run is what they must run, and nothing hides a failure."""

import os
import re
import subprocess

import pytest
import yaml

from tools import ROOT

RECIPES = {
    "test": [
        "ruff check .",
        "ruff format --check .",
        "python -m checks",
        "python -m book",
        "python -m pytest -rfEs -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/browser "
        "tests proof bench",
        "python -m pytest -rfEs --nbval -n 2 --dist loadfile --no-loadscope-reorder notebooks",
        "python -m pytest -rfEs -n 2 --dist loadgroup tests/browser",
        "python -m checks --left-out",
    ],
    "test STEP=7": [
        "python -m checks 7",
        'python -m pytest -q --nbval -n 2 --dist loadfile --step "7" notebooks '
        "tests/test_exercises.py",
        'python -m pytest -q -n 2 --dist loadgroup --step "7" tests/browser/test_notebooks.py',
    ],
    "notebooks STEP=7": ["python -m tools.notebooks 7"],
    "notebooks ALWAYS=1": ["python -m tools.notebooks --always"],
    "collect FROM=class RUN=1": ['python -m tools.classroom --collect "class" --run'],
    "prove": ["python -m proof.prove"],
    "book": ["python -m book"],
}
READY = [f"--old-file=.venv/{name}" for name in ("ready", "ready-book", "ready-test")]


@pytest.mark.parametrize("words", RECIPES)
def test_make_runs_what_it_must(words):
    done = subprocess.run(
        ["make", "-n", *READY, *words.split()],
        cwd=ROOT,
        # Not as a part of the `make test` that runs this, which hands on its own variables.
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    plain = re.sub(r"\.venv/\w+/(\w+)(?:\.exe)?", r"\1", done.stdout)
    assert [" ".join(line.split()) for line in plain.splitlines() if line.strip()] == RECIPES[words]


def test_opening_the_series_installs_what_is_asked_for_beside_it():
    # As if the lock were newer than what is installed.
    words = ["-n", "--what-if=requirements.lock", "--old-file=.venv/ready", "workbook"]
    command = ["make", *words, "WITH=anywhere workers"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True)
    installed = re.findall(r"make_environment\.py (\w+)", done.stdout.decode())
    assert installed == ["anywhere", "workers"]


def hidden(text):
    """Return the lines that go on although they fail."""
    return [
        line
        for line in text.splitlines()
        if re.match(r"\t@?-", line) or re.search(r"\|\|\s*(true|:)|;\s*(true|:|exit 0)\s*$", line)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Makefile",
        ".ci/run",
        ".github/workflows/book.yml",
        ".github/workflows/test.yml",
    ],
)
def test_no_line_hides_that_it_failed(name):
    assert hidden((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ["\t-pytest", "\t@-pytest", "pytest || true", "pytest; exit 0"])
def test_lines_that_hide_a_failure_are_seen(line):
    assert hidden(f"test:\n{line}\n")


def test_no_failure_is_ignored_by_make():
    assert not re.search(
        r"^\.(IGNORE|SILENT|ONESHELL|SHELLFLAGS)|MAKEFLAGS",
        (ROOT / "Makefile").read_text(encoding="utf-8"),
        re.M,
    )


def test_the_script_of_ci_ends_on_all_checks_and_stops_at_a_failure():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "BROWSER_TESTS=required make test"


def test_the_workflow_runs_all_checks_everywhere_with_a_browser_and_mnist():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    job = workflow["jobs"]["test"]
    assert job["env"] == {"BROWSER_TESTS": "required", "MNIST": "required"}
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert "apt-get install -y webkit2gtk-driver xvfb" in runs[0]
    assert runs[1:] == ["make mnist PYTHON=python", "make test PYTHON=python"]
    assert not {"if", "continue-on-error"} & set(job)
    assert not any({"if", "continue-on-error"} & set(step) for step in job["steps"])


def test_what_tests_may_be_skipped_for_is_said():
    """A skip stands with its reason; no test is switched off without one."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"mark\.(skip|xfail)\b(?!if)", source), path.name
        for call in re.findall(r"mark\.skipif\((.*?)\n?\)\n", source, re.S):
            assert "reason=" in call, path.name
