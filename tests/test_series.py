"""The steps as a whole: files, tables and exercises agree, and what does not is said in a line."""

import ast
import hashlib
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from checks import series
from checks.notebook import Stored, load, needs_a_run, normalize, seal
from checks.project import open_project
from checks.series import steps_of
from checks.static import check_notebook
from tools import PROJECT, ROOT
from tools.copies import copy_repository


@pytest.fixture
def clone(tmp_path):
    """A copy of the repository, in a folder whose name has all that names should not have."""
    return open_project(copy_repository(tmp_path / "Ünser Haus's neu"))


def problems(project):
    """Return what the static checks print, run in the copy by a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "checks"],
        cwd=project.root,
        env={"PYTHONPATH": str(project.root / "src"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return [] if done.returncode == 0 else done.stdout.splitlines()


def problems_of_the_whole(project):
    """Return what is wrong with the steps as a whole; no page is read through for it."""
    return list(series.check_project(project))


def edit(file, old, new):
    """Replace a text in a file, where it must be."""
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def change(path, project, what, *, sealed=True):
    """Change a stored notebook by a function, and store it as `make notebooks` would."""
    notebook = nbformat.read(path, as_version=4)
    what(notebook)
    if sealed:
        normalize(notebook)
        seal(Stored(path, notebook, project))
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def test_the_copy_has_no_problems(clone):
    assert problems(clone) == []


# A new step


MODULE = '''"""The exercises of step 16."""

import numpy as np

from helpers.exercises.registry import exercise, wrong_results


@exercise(
    "17.1",
    "Double it",
    todo="Replace the ... by twice the array.",
    examples=lambda rng: [(np.arange(3.0),), (rng.normal(size=4),)],
    mistakes={"That is the array itself; take it twice.": lambda x: x},
)
def double(x):
    """Return twice an array."""
    return 2 * x


@exercise(
    "17.2",
    "Halve it",
    todo="Replace the ... by half the array.",
    examples=lambda rng: [(np.arange(3.0),), (rng.normal(size=4),)],
    mistakes={"That is the array itself; take half of it.": lambda x: x},
)
def halve(x):
    """Return half an array."""
    return x / 2


for number in ("17.1", "17.2"):
    wrong_results(
        number,
        {
            "That is the array itself": "x",
            "returns nothing": "None",
            "a NumPy array of the shape": "list(x)",
        },
    )
'''
DRAW = """import matplotlib.pyplot as plt
import numpy as np

x = np.arange(7)
plt.style.use("helpers.series")
plt.plot(x, x**2)
plt.show()"""


def exercise_cells(number, title, name, answer):
    """Return the four cells of an exercise."""
    stub = f"def {name}(x):\n    return ..."
    fold = f"<details>\n<summary>Solution</summary>\n\n```python\n{stub[:-3]}{answer}\n```\n\n"
    return [
        new_markdown_cell(f"### Exercise {number} · {title}\n\nWrite a function of an array."),
        new_code_cell(stub, metadata={"tags": ["exercise"]}),
        new_code_cell(f'check("{number}", {name})', metadata={"tags": ["check"]}),
        new_markdown_cell(f"{fold}Arithmetic happens to all entries at once.\n\n</details>"),
    ]


def write_step(project, name="17_squares.ipynb", before="16_workers.ipynb"):
    """Do what CONTRIBUTING.md says for a new step, but for its run."""
    previous = {path.name: step for path, step in zip_steps(project)}[before]
    number = int(name[:2])
    page = f"[Step {previous.number}: {previous.title}]({before})"
    back = f"← {page} · Back to the [overview](../README.md)"
    cells = [
        new_markdown_cell(
            f"# Step {number} · Draw squares\n\n"
            "At the end of this step you will have drawn a curve.\n\n"
            "> **You will** draw a curve.<br>\n> **You will learn** to square an array.<br>\n"
            "> **You need** arrays. About 15 minutes; the code runs in 2 seconds.\n>\n"
            f"> {back}"
        ),
        new_code_cell("from helpers.exercises import check, show_progress\n\nshow_progress()"),
        new_markdown_cell("## Square them"),
        new_code_cell(DRAW, metadata={"alt": "A curve that goes upward, more and more steeply."}),
        new_markdown_cell("The last of the 7<!-- len(x) --> values is 36<!-- x[-1] ** 2 -->."),
        *exercise_cells("17.1", "Double it", "double", "2 * x"),
        *exercise_cells("17.2", "Halve it", "halve", "x / 2"),
        new_markdown_cell(
            "## What you now know\n\n"
            "An array can be squared. A curve can be drawn. That is all.\n\n"
            "**Further reading.** [NumPy](https://numpy.org)\n\n" + back
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, project.folder / name)
    (project.root / "src/helpers/exercises/step_17.py").write_text(MODULE, encoding="utf-8")
    for page, prefix in (("README.md", "notebooks/"), ("notebooks/TEACHING.md", "")):
        text = (project.root / page).read_text(encoding="utf-8")
        row = next(line for line in text.splitlines() if f"]({prefix}{before})" in line)
        new = f"| [{number} · Draw squares]({prefix}{name}) | draw a curve | 15 |"
        edit(project.root / page, row, f"{row}\n{new}")
    edit(project.root / "README.md", "Sixteen<!--", "Seventeen<!--")
    link = f"[Step {number}: Draw squares]({name}) →"
    edit(project.folder / before, "Back to the [overview](../README.md)", link)


def zip_steps(project):
    return [(step.path, step) for step in steps_of(project)]


def make_notebooks(project, *steps):
    """Run tools/notebooks.py in a copy, and return what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "tools.notebooks", *steps],
        cwd=project.root,
        env={"PYTHONPATH": str(project.root / "src"), "PATH": "", "TF_CPP_MIN_LOG_LEVEL": "1"},
        capture_output=True,
        text=True,
    )


def test_a_step_is_added_by_the_recipe_and_nothing_else(clone):
    write_step(clone)
    done = make_notebooks(clone, "16", "17")
    assert done.returncode == 0, done.stdout + done.stderr
    # Only a link was changed in step 16, so the two minutes that it takes are not spent again.
    assert "16_workers.ipynb: its text stored, nothing run\n" in done.stdout
    assert problems(clone) == []
    outputs = nbformat.read(clone.folder / "17_squares.ipynb", as_version=4).cells[3].outputs
    assert "A curve that goes upward" in outputs[0].metadata["image/png"]["alt"]


@pytest.mark.parametrize(
    ("page", "old", "new", "message"),
    [
        (
            "README.md",
            "| 45 |",
            "| 50 |",
            "README.md: says 50 minutes for step 5, which itself says 45; correct one of them",
        ),
        (
            "notebooks/TEACHING.md",
            "[2 · Bend a line]",
            "[2 · Bend a rod]",
            "notebooks/TEACHING.md: calls 02_activations.ipynb '2 · Bend a rod', but its first "
            "line says '2 · Bend a line'; correct one of them",
        ),
        (
            "notebooks/TEACHING.md",
            "step 16 ends with a picture",
            "step 10 ends with a picture",
            "notebooks/TEACHING.md: does not say that step 16 ends with a picture of what is "
            "solved; say so",
        ),
        (
            "notebooks/GLOSSARY.md",
            "| [step 8](08_error_analysis.ipynb) |\n| regul",
            "| [step 7](07_prediction.ipynb) |\n| regul",
            "notebooks/GLOSSARY.md: step 7 has no 'recall' in bold; name the step that explains it",
        ),
        (
            "notebooks/GLOSSARY.md",
            "| recall |",
            "| aardvark |",
            "notebooks/GLOSSARY.md: 'aardvark' stands after 'precision'; sort the words",
        ),
    ],
)
def test_pages_and_notebooks_are_held_to_each_other(clone, page, old, new, message):
    edit(clone.root / page, old, new)
    assert message in problems_of_the_whole(clone)


def test_a_row_without_a_notebook_and_a_notebook_without_a_row_are_named(clone):
    shutil.move(clone.folder / "15_anywhere.ipynb", clone.root)
    found = problems_of_the_whole(clone)
    assert (
        "README.md: its table has a row for step 15, but notebooks/15_anywhere.ipynb is "
        "missing; restore it"
    ) in found
    text = (clone.root / "README.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "10_dropout.ipynb" in line)
    edit(clone.root / "README.md", row + "\n", "")
    assert any(
        line.startswith("README.md: its table has no row for step 10; add | [10 · ")
        for line in problems_of_the_whole(clone)
    )


# Bad input


def test_a_notebook_that_is_no_step_is_named(clone):
    shutil.copy(clone.folder / "02_activations.ipynb", clone.folder / "Untitled.ipynb")
    line = "Untitled.ipynb: is no step; name it like 12_name.ipynb, or move it out of notebooks/"
    assert line in problems_of_the_whole(clone)


def test_a_step_that_is_there_twice_is_named(clone):
    shutil.copy(clone.folder / "02_activations.ipynb", clone.folder / "02_again.ipynb")
    line = "02_again.ipynb: step 2 is there already, as 02_activations.ipynb; number it anew"
    assert line in problems_of_the_whole(clone)


def test_a_gap_in_the_numbers_is_named(clone):
    (clone.folder / "05_model.ipynb").unlink()
    line = "06_training.ipynb: there is no step 5 before it; close the gap"
    assert line in problems_of_the_whole(clone)


def test_an_exercise_module_that_is_no_python_is_named_once(clone):
    (clone.root / "src/helpers/exercises/step_04.py").write_text("def broken(:\n")
    found = problems(clone)
    assert [line for line in found if "step_04.py" in line] == [
        "src/helpers/exercises/step_04.py, line 1, is not valid Python (invalid syntax); mend it"
    ]


def test_outputs_of_an_older_lock_are_named(clone):
    version = clone.packages["numpy"]
    lock = clone.root / "requirements.lock"
    lock.write_text(lock.read_text().replace(f"numpy=={version}", "numpy==99.0.0"))
    line = (
        f"03_dataset.ipynb: its outputs were made with numpy {version}, but requirements.lock has "
        "99.0.0; run make notebooks STEP=3"
    )
    assert check_notebook(clone.folder / "03_dataset.ipynb", open_project(clone.root)) == [line]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("77", "There is no notebook number 77; those of notebooks/ go from 01_packages.ipynb to "),
        ("six", "There is no notebook number six; those of notebooks/ go from 01_packages.ipynb"),
    ],
)
def test_an_unknown_step_is_an_error_in_one_sentence(number, message):
    for module in ("tools.notebooks", "checks"):
        done = subprocess.run(
            [sys.executable, "-m", module, number], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert done.stderr.startswith(message)
        assert done.stderr.count("\n") == 1


def test_a_number_names_one_step():
    assert [path.name for path in PROJECT.numbered("1")] == ["01_packages.ipynb"]
    assert [path.name for path in PROJECT.numbered("06")] == ["06_training.ipynb"]
    assert [path.name for path in PROJECT.numbered("11")] == ["11_cnn.ipynb"]


# Seals: no run that proves nothing


def test_a_typo_in_a_text_needs_no_run(clone):
    path = clone.folder / "03_dataset.ipynb"
    change(path, clone, lambda n: n.cells[-1].update(source=n.cells[-1].source + " "), sealed=False)
    notebook = nbformat.read(path, as_version=4)
    assert not needs_a_run(Stored(path, notebook, clone))
    position = len(notebook.cells)
    assert check_notebook(path, clone) == [
        f"03_dataset.ipynb, cell {position}: its text is not as it was stored; run make notebooks "
        "STEP=3, which then runs nothing"
    ]


def test_a_new_sentence_is_one_message_and_ids_stay(clone):
    path = clone.folder / "03_dataset.ipynb"
    before = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    new = new_markdown_cell("A new sentence.", id="made-by-jupyter")
    change(path, clone, lambda n: n.cells.insert(4, new), sealed=False)
    (problem,) = check_notebook(path, clone)
    assert problem.startswith("03_dataset.ipynb, cell 5: 1 cell(s) from here on are new or moved")
    assert make_notebooks(clone, "3").stdout == "03_dataset.ipynb: its text stored, nothing run\n"
    after = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert after == [*before[:4], "made-by-jupyter", *before[4:]]
    assert check_notebook(path, clone) == []


@pytest.mark.parametrize(
    "what",
    [
        lambda n: code(n).update(source=code(n).source + "\n"),
        lambda n: code(n).outputs.append(new_output("stream", name="stdout", text="7\n")),
        lambda n: n.metadata.stored.packages.update(numpy="1.0.0"),
        lambda n: n.metadata.pop("stored"),
    ],
)
def test_what_a_run_would_change_needs_one(what):
    stored = load(PROJECT.folder / "03_dataset.ipynb", PROJECT)
    seal(stored)
    assert not needs_a_run(stored)
    what(stored.notebook)
    assert needs_a_run(stored)


def code(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


# Messages that mean what they say


def spoil_exercise(notebook, old, new):
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        (
            lambda n: spoil_exercise(n, "### Exercise 3.1 · Percent right", "### Exercise 3.1 · X"),
            "03_dataset.ipynb: calls exercise 3.1 'X', but src/helpers/exercises/step_03.py calls "
            "it 'Percent right'; correct one of them",
        ),
        (
            lambda n: spoil_exercise(n, "3.1", "3.9"),
            "03_dataset.ipynb: has the exercise 3.9, which src/helpers/exercises/step_03.py lacks; "
            "write it there",
        ),
        (
            lambda n: spoil_exercise(n, "3.1", "3.9"),
            "03_dataset.ipynb: lacks the exercise 3.1 of src/helpers/exercises/step_03.py; add it "
            "or remove it there",
        ),
    ],
)
def test_each_cause_has_its_own_sentence(clone, what, message):
    path = clone.folder / "03_dataset.ipynb"
    change(path, clone, what)
    assert message in check_notebook(path, clone)


@pytest.mark.parametrize(
    ("name", "number", "tags", "message"),
    [
        ("03_dataset", "3.1", ["check", "open"], "is not open; remove the tag 'open' of its check"),
        ("05_model", "5.4", ["check"], "is open; add the tag 'open' of its check"),
    ],
)
def test_a_check_says_whether_its_exercise_is_open(clone, name, number, tags, message):
    path = clone.folder / f"{name}.ipynb"

    def spoil(notebook):
        (cell,) = [c for c in notebook.cells if c.source.startswith(f'check("{number}"')]
        cell.metadata.tags = tags

    change(path, clone, spoil)
    assert f"{name}.ipynb: exercise {number} {message}" in check_notebook(path, clone)


def test_an_empty_alt_text_is_said_to_be_missing(clone):
    path = clone.folder / "03_dataset.ipynb"

    def spoil(notebook):
        cell = next(cell for cell in notebook.cells if "alt" in cell.metadata)
        cell.metadata.pop("alt")
        for output in cell.outputs:
            output.metadata = {}

    change(path, clone, spoil)
    (problem,) = check_notebook(path, clone)
    assert problem.endswith(
        "its picture has no alt text; write what one should see, as `alt` in its metadata"
    )


def test_a_number_is_reported_once(clone):
    path = clone.folder / "03_dataset.ipynb"
    text = "There are 98 % of them."
    change(path, clone, lambda n: n.cells.insert(4, new_markdown_cell(text, id="new")))
    (problem,) = check_notebook(path, clone)
    assert "the number 98 in '…There are 98 % of them.…' follows from nothing" in problem


def run_in(project, *command, **more):
    """Run Python in a copy of the repository, which shall find no other MNIST than its own."""
    environment = {"PYTHONPATH": str(project.root / "src"), "PATH": "", **more}
    return subprocess.run(
        [sys.executable, *command],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_what_is_left_out_without_mnist_is_named(clone):
    (clone.root / "data" / "mnist.npz").unlink(missing_ok=True)
    done = run_in(clone, "-m", "checks", "--left-out")
    assert done.stdout == (
        "NOT RUN: 09_mnist, 10_dropout, 11_cnn, 13_inside, 14_handwriting, 15_anywhere; they need "
        "MNIST, which `make mnist` downloads.\n"
    )
    (clone.root / "data" / "mnist.npz").touch()
    assert run_in(clone, "-m", "checks", "--left-out").stdout == "All notebooks were run.\n"


def test_mnist_that_is_required_may_not_be_missing(clone):
    (clone.root / "data" / "mnist.npz").unlink(missing_ok=True)
    pytest_ = "-m", "pytest", "--nbval", "--co", "-q", "notebooks/10_dropout.ipynb"
    assert run_in(clone, *pytest_).returncode == 0
    done = run_in(clone, *pytest_, MNIST="required")
    assert done.returncode == 2
    assert "10_dropout.ipynb cannot be left out, since MNIST=required" in done.stdout


def test_words_to_avoid_are_those_that_contributing_lists():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]*)\|$", text.partition("One word for")[2], re.M
    )
    listed = {word: ours for ours, words in rows for word in re.findall("`(.+?)`", words)}
    assert listed.keys() == PROJECT.terms.keys()
    for word, ours in listed.items():
        assert set(ours.split(", ")) & {PROJECT.terms[word], PROJECT.terms[word].split()[-1]}, word


# What is optional may be left out


def made_and_used(source):
    """Return the names that a cell makes, and those that it uses."""
    made, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (made if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.alias):
            made.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.arg):
            made.add(node.name if isinstance(node, ast.FunctionDef) else node.arg)
    return made, used


def missed_without_the_optional(cells):
    """Return the names that only optional cells make, and that others use."""
    depth, before, missed, optional = 0, set(), set(), set()
    for cell in cells:
        if cell.cell_type == "code":
            made, used = made_and_used(cell.source)
            if depth:
                optional |= made - before
            else:
                before |= made
                missed |= used & optional - before
            continue
        for level, title in re.findall(r"^(#+) (.*)$", cell.source, re.M):
            if not depth or len(level) <= depth:
                depth = len(level) if "optional" in title.lower() else 0
    return missed


def test_what_an_optional_section_makes_is_found():
    texts = ["## One (optional)", "import a\nb = 1", "### Three", "c = b", "## Two", "print(a, d)"]
    new = [new_code_cell, new_markdown_cell]
    cells = [new[text.startswith("#")](text) for text in texts]
    assert missed_without_the_optional(cells) == {"a"}


@pytest.mark.parametrize("path", PROJECT.notebooks(), ids=lambda path: path.stem)
def test_nobody_misses_what_an_optional_section_makes(path):
    assert missed_without_the_optional(load(path, PROJECT).cells) == set()


def test_the_license_is_the_one_that_it_is_called():
    text = re.sub(r"^Copyright .+$", "", (ROOT / "LICENSE").read_text(encoding="utf-8"), flags=re.M)
    assert PROJECT.table("project")["license"] == "MIT"
    # Of the words of the MIT license, without the line of the copyright.
    words = "7c9b48b52decb9837c70f608678129e1ac79e056829c8d1e82e8cdd8aed562f8"
    assert hashlib.sha256(" ".join(text.split()).encode()).hexdigest() == words
