"""Each step's exercises stand in a module of their own, which is found by its name."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from helpers.exercises import EXERCISES, problems_of_exercises, registry
from tools import NOTEBOOKS, ROOT

NEW = """
from helpers.exercises.registry import exercise, wrong, wrong_bodies, wrong_results


@exercise("17.2", "Two more", todo="Replace the ...", examples=lambda rng: [(1,)], mistakes={})
def two_more(n):
    return n + 2


@exercise("17.1", "One more", todo="Replace the ...", examples=lambda rng: [(1,)], mistakes={})
def one_more(n):
    return n + 1
"""
THREE = """
wrong_results("17.1", {"a": "n", "b": "m - 1"}, before="m = n\\n    ")
wrong_bodies("17.1", {"c": "n += 1\\n    return -n"})
"""
LIST = "from helpers.exercises import EXERCISES; print(*EXERCISES)"


@pytest.fixture
def package(tmp_path):
    """A copy of the helpers, and their package of exercises in it."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "src" / "helpers" / "exercises"


def run(package, code):
    """Run code with that copy; return what it prints, also of errors."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(package.parents[1])},
        capture_output=True,
        text=True,
    )


def failure(package):
    """Return the last line of what is printed when the exercises cannot be imported."""
    done = run(package, LIST)
    assert done.returncode == 1
    assert "another exception" not in done.stderr
    assert "direct cause" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_every_step_has_a_module_and_every_module_a_notebook():
    modules = [path.stem[-2:] for path in (ROOT / "src/helpers/exercises").glob("step_*.py")]
    assert sorted(modules) == sorted(path.name[:2] for path in NOTEBOOKS.glob("*.ipynb"))


def test_exercises_are_in_the_order_of_their_numbers():
    numbers = [tuple(map(int, number.split("."))) for number in EXERCISES]
    assert numbers == sorted(numbers)
    assert (9, 4) in numbers
    assert numbers[-1] > (10, 1)


def test_a_new_step_is_found_and_sorted(package):
    (package / "step_17.py").write_text(NEW)
    assert run(package, LIST).stdout.split() == [*EXERCISES, "17.1", "17.2"]


def test_the_exercises_do_not_import_tensorflow(package):
    done = run(
        package,
        "import sys, helpers.exercises; print({'tensorflow', 'keras'} & {*sys.modules})",
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{NEW}\nx = = 1\n", r"line 14, is not valid Python \(invalid syntax\)"),
        ("def f():\nreturn 1\n", r"line 2, is not valid Python \(expected an indented block .+\)"),
        ("a = 1\n\nb = c\n", r"line 3, stops with NameError \(name 'c' is not defined\)"),
        ("import no_such_thing\n", r"line 1, stops with ModuleNotFoundError \(.+\)"),
        ("eval('1 +')\n", r"line 1, stops with SyntaxError \(.+\)"),
        ("a\0\n", r"is not valid Python \(source code .+ null bytes\)"),
    ],
)
def test_a_broken_module_is_said_in_one_sentence(content, message, package):
    (package / "step_17.py").write_text(content)
    start = r"ImportError: src/helpers/exercises/step_17\.py,?"
    assert re.fullmatch(f"{start} {message}; mend it", failure(package))


def test_a_broken_module_that_another_imports_is_named_itself(package):
    (package / "step_17.py").write_text("from helpers.exercises.step_18 import x\n")
    (package / "step_18.py").write_text("\n)\n")
    problem = "ImportError: src/helpers/exercises/step_18.py, line 2, is not valid Python"
    assert problem in failure(package)
    (package / "step_18.py").write_text("\n1 / 0\n")
    assert "ImportError: src/helpers/exercises/step_18.py, line 2, stops with" in failure(package)


def test_a_mended_module_can_be_imported_again(package):
    (package / "step_17.py").write_text(f"{NEW}\nx = y\n")
    code = f"""
from pathlib import Path
try:
    import helpers.exercises
except ImportError as error:
    print(error.__cause__, error.__suppress_context__)
file = Path({str(package / "step_17.py")!r})
file.write_text(file.read_text().replace("x = y", "x = 100"))
{LIST}
"""
    first, second = run(package, code).stdout.splitlines()
    assert first == "None True"
    assert second.split() == [*EXERCISES, "17.1", "17.2"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("17.1", "3.1", "Exercise 3.1 is registered in src/helpers/exercises/step_17.py; move it "
         "to src/helpers/exercises/step_03.py, or correct its number."),
        ("17.1", "17.2", "Exercise 17.2 is registered twice in src/helpers/exercises/step_17.py; "
         "give one of the two another number."),
        ("17.1", "14", "The number '14' of an exercise in src/helpers/exercises/step_17.py is not "
         "a step and a position, such as '2.1'."),
    ],
)  # fmt: skip
def test_an_exercise_in_the_wrong_place_is_said(old, new, message, package):
    (package / "step_17.py").write_text(NEW.replace(f'"{old}"', f'"{new}"'))
    assert failure(package) == f"helpers.exercises.registry.RegistrationError: {message}"
    assert issubclass(registry.RegistrationError, ValueError)


@pytest.mark.parametrize("way", ["wrong_results('17.7', {'a': 'n'})", "wrong('17.7', 'a', 'n')"])
def test_a_wrong_answer_to_no_exercise_is_said(way, package):
    (package / "step_17.py").write_text(NEW + way)
    assert failure(package).endswith(
        "A wrong answer belongs to exercise 17.7, which is not there; write it below its exercise "
        "in src/helpers/exercises/step_17.py."
    )


def test_missing_wrong_answers_are_said(package):
    (package / "step_17.py").write_text(NEW + THREE)
    problems = run(package, "from helpers.exercises import *; print(*problems_of_exercises())")
    assert problems.stdout == (
        "exercise 17.2 has 0 wrong answers, but it needs at least three; write them in "
        "src/helpers/exercises/step_17.py\n"
    )
    codes = run(package, "from helpers.exercises import *; print(*EXERCISES['17.1'].wrong)").stdout
    assert codes.count("def one_more(n):") == 3


def test_wrong_answers_must_be_python(monkeypatch):
    monkeypatch.setattr(EXERCISES["1.1"], "wrong", [("a hint", "def f(")])
    problems = problems_of_exercises()
    assert problems[0].startswith("exercise 1.1 has 1 wrong answer, but")
    assert re.fullmatch(
        r"the wrong answer of exercise 1\.1 for the hint 'a hint' is not valid Python \(.+\); "
        r"mend it in src/helpers/exercises/step_01\.py",
        problems[1],
    )
    assert len(problems) == 2
