"""What is only ours: the contract of a page, the exercises, MNIST, and the tables of steps.

`checks.project.Project.more` asks for the functions here by their names.
"""

import ast
import dataclasses
import itertools
import json
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from checks.bindings import as_digits
from checks.notebook import SEAL, markdown_of
from checks.project import KernelCheck
from checks.prose import read_text
from checks.tables import read_tables

# What the cell with the solution of an exercise begins with.
FOLD = "<details>\n<summary>Solution</summary>"
TIMES = r"About (\d+) minutes; the code (?:itself )?runs in \d+ seconds\."
# What a text says of the next cell, such as "(About half a minute.)".
TAKES = r"(?:\(|takes )about (half an?|an?|[\w.]+) (second|minute|hour)s?\b"
AMOUNTS = {"a": 1, "an": 1, "half a": 0.5, "half an": 0.5}
# A row of the tables in README and TEACHING.
ROW = r"^\| \[(\d+) · (.+?)\]\((\S+?)\) \|(.*)\| (\d+) \|$"
# A row of the glossary: a word, what it is, and the step that explains it.
WORD = r"^\| ([^|]+) \| ([^|]+) \| \[step (\d+)\]\((\S+)\) \|$"
FEWEST, MOST = 2, 4  # exercises of a step
SPREAD = 4  # so many times the time that is said another computer may take

# The lines of the original tutorial, each in the step that explains it.
ORIGINAL = {
    "01_packages": [
        "import numpy as np",
        "import matplotlib.pyplot as plt",
        "import tensorflow as tf",
        "from tensorflow.keras.layers import Dense",
        "from tensorflow.keras.models import Sequential",
    ],
    "02_activations": ["a = max(0, z)"],
    "03_dataset": ["X, y = load_data()"],
    "05_model": [
        "model = Sequential([",
        "tf.keras.Input(shape=(400,)),",
        'Dense(25, activation="relu", name="layer1"),',
        'Dense(15, activation="relu", name="layer2"),',
        'Dense(10, activation="linear", name="layer3"),',
    ],
    "06_training": [
        "loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),",
        "optimizer=tf.keras.optimizers.Adam(0.001),",
        "model.fit(X, y, epochs=40,",
    ],
    "07_prediction": [
        "model.predict(X[1015].reshape(1, 400),",
        "prediction_p = tf.nn.softmax(prediction)",
        "yhat = np.argmax(prediction_p)",
    ],
}


def notebook_checks():
    """Return the checks of a single notebook."""
    return [check_contract, check_exercises, check_references]


# The steps as a whole: their files, and the pages that list them.


@dataclasses.dataclass
class Step:
    """A notebook by what its first cell says."""

    path: Path
    number: int
    title: str
    minutes: str
    exact: bool = True  # whether its results are the same everywhere
    needs_mnist: bool = False
    bits: int = 64  # of the numbers that its networks compute with


def steps_of(project):
    """Return the steps in their order, by what their first cells say."""
    steps = []
    for path in project.notebooks():
        first = next(iter(markdown_of(path)), "")
        title, minutes = re.match(r"# Step \d+ · (.+)\n", first), re.search(TIMES, first)
        if re.match(r"\d\d_", path.name):
            said = (found[1] if found else "" for found in (title, minutes))
            exact = path.stem not in project.tolerant
            source = path.read_text(encoding="utf-8")
            # Keras has 32 bits where nothing else is said.
            bits = 32 if "Sequential(" in source and "set_floatx" not in source else 64
            needs_mnist = "load_mnist()" in source
            steps.append(Step(path, int(path.name[:2]), *said, exact, needs_mnist, bits))
    return steps


def check_project(project):
    """Yield what is wrong with the steps as a whole and with the pages that list them."""
    yield from _file_problems(project)
    steps = steps_of(project)
    for page, prefix in (("README.md", "notebooks/"), ("notebooks/TEACHING.md", "")):
        for problem in _row_problems((project.root / page).read_text("utf-8"), steps, prefix):
            yield f"{page}: {problem}"
    yield from _certificate_problems(project, steps)
    yield from _glossary_problems(project)
    yield from _module_problems(steps)


def _file_problems(project):
    """Yield which notebooks are no steps, and where the numbers have a gap or a step twice."""
    numbers = {}
    for path in project.notebooks():
        if not re.fullmatch(r"\d\d_[a-z_]+\.ipynb", path.name):
            yield (
                f"{path.name}: is no step; name it like 12_name.ipynb, or move it out of "
                f"{project.folder.name}/"
            )
        else:
            numbers.setdefault(int(path.name[:2]), []).append(path.name)
    for number, names in sorted(numbers.items()):
        if len(names) > 1:
            yield f"{names[1]}: step {number} is there already, as {names[0]}; number it anew"
        if number > 1 and number - 1 not in numbers:
            yield f"{names[0]}: there is no step {number - 1} before it; close the gap"


def _row_problems(source, steps, prefix):
    """Yield where the table of steps on a page and the notebooks differ."""
    rows = {row[2]: row for row in re.findall(ROW, source, re.M)}
    targets = [prefix + step.path.name for step in steps]
    for step, target in zip(steps, targets, strict=True):
        number, title, _, _, minutes = rows.get(target, [""] * 5)
        if not number:
            row = f"| [{step.number} · {step.title}]({target}) | … | {step.minutes} |"
            yield f"its table has no row for step {step.number}; add {row}"
            continue
        if (int(number), title) != (step.number, step.title):
            yield (
                f"calls {target} '{number} · {title}', but its first line says "
                f"'{step.number} · {step.title}'; correct one of them"
            )
        if minutes != step.minutes:
            yield (
                f"says {minutes} minutes for step {step.number}, which itself says "
                f"{step.minutes or 'none'}; correct one of them"
            )
    for target, (number, *_) in rows.items():
        if target not in targets:
            yield f"its table has a row for step {number}, but {target} is missing; restore it"
    if [target for target in rows if target in targets] != [t for t in targets if t in rows]:
        yield "the rows of its table are not in the order of the steps; sort them"


def _certificate_problems(project, steps):
    """Yield where the picture of all that is solved is not the one that is told of."""
    teaching = (project.root / "notebooks" / "TEACHING.md").read_text("utf-8")
    told = re.search(r"step (\d+)\]?(?:\([^)]*\))? ends with a picture", teaching)
    for step in steps:
        text = step.path.read_text("utf-8")
        shown = re.search(r"show_certificate\(solved_exercises\((?:through=(\d+))?\)", text)
        if shown and shown[1] != str(step.number):
            # Otherwise its stored picture would change with each new step.
            yield (
                f"{step.path.name}: its certificate must end with its own step; write "
                f"solved_exercises(through={step.number})"
            )
        if shown and (not told or int(told[1]) != step.number):
            yield (
                f"notebooks/TEACHING.md: does not say that step {step.number} ends with a picture "
                "of what is solved; say so"
            )


def _glossary_problems(project):
    """Yield which words of the glossary do not stand in bold where it says, or in no order."""
    page = "notebooks/GLOSSARY.md"
    rows = re.findall(WORD, (project.root / page).read_text("utf-8"), re.M)
    bold = {
        path.name: {
            word.lower() for word in re.findall(r"\*\*(.+?)\.?\*\*", "\n".join(markdown_of(path)))
        }
        for path in project.notebooks()
    }
    for word, _, number, target in rows:
        # "dense" is in bold where it says "a dense layer".
        forms = {word.lower(), f"{word.lower()}s", re.sub(r" (layer|set)$", "", word.lower())}
        if not target.startswith(f"{int(number):02d}_") or not forms & bold.get(target, set()):
            yield f"{page}: step {number} has no {word!r} in bold; name the step that explains it"
    words = [word for word, *_ in rows]
    for first, second in itertools.pairwise(words):
        if first.lower() >= second.lower():
            yield f"{page}: {second!r} stands after {first!r}; sort the words"


def _module_problems(steps):
    """Yield what is wrong with the modules of the exercises."""
    try:
        from helpers.exercises import EXERCISES, problems_of_exercises
    except ImportError as error:
        yield str(error)
        return
    yield from problems_of_exercises()
    for step in sorted({int(number.partition(".")[0]) for number in EXERCISES}):
        if step not in [one.number for one in steps]:
            yield (
                f"src/helpers/exercises/step_{step:02d}.py: there is no notebook of step {step}; "
                "write one, or remove the module"
            )


# A single page.


def check_references(stored):
    """Each step that a text names is a link, and the time in the opening is what was measured."""
    own = stored.path.stem[:2].lstrip("0")
    for position, source in stored.texts():
        unlinked = read_text(re.sub(r"\[[^\]]*\]\([^)]*\)", "", source)).plain
        for number in re.findall(r"\bsteps? (\d+)", unlinked, re.I):
            if number != own:
                yield position, f"names step {number} without a link to it; write it"
    said, measured = seconds_of(stored), stored.notebook.metadata.get(SEAL, {}).get("seconds")
    # Computers differ, and this one may be busy: only what misleads is wrong.
    if measured and not said / SPREAD <= measured <= SPREAD * max(said, 3):
        yield 0, f"says that its code runs in {said} seconds, but it took {measured}; correct it"
    for position, source in list(stored.texts())[1:]:
        for takes, unit in re.findall(TAKES, read_text(source).plain, re.I):
            amount = float(AMOUNTS.get(takes.lower()) or as_digits(takes))
            seconds = amount * 60 ** "smh".index(unit[0].lower())
            if seconds > said:
                yield position, f"takes {takes} {unit}, longer than all code together; correct it"


def link_problems(label, file, project):
    """Yield what is wrong with the label of a link to `file`, if it names a step or the data."""
    if "data card" in label and file.resolve() != project.root / "data" / "README.md":
        yield "names the data card, but leads elsewhere"
    if file.name == "LICENSE" and label != project.table("project")["license"]:
        yield "is not the license that pyproject.toml names"
    step = re.search(r"\bstep\s+(\d+)(?:: (.+))?$", label, re.I)
    if not step:
        return
    first = next(iter(markdown_of(file)), "")
    if not first or not file.name.startswith(f"{int(step[1]):02d}_"):
        yield "names another step than it leads to"
    elif step[2] and first.partition("\n")[0] != f"# Step {step[1]} · {step[2]}":
        yield "does not bear the name of that step"


def held_elsewhere(source):
    """Return the text of a page without what `check_project` holds to the notebooks."""
    source = re.sub(ROW, lambda row: f"| | {row[4]} | |", source, flags=re.M)
    return re.sub(WORD, lambda row: f"| {row[1]} | {row[2]} | |", source, flags=re.M)


def page_names(project):
    """Return what the bindings on Markdown pages may compute with."""
    requires = project.table("project")["requires-python"]
    lowest, beyond = map(int, re.fullmatch(r">=3\.(\d+),<3\.(\d+)", requires).groups())
    with np.load(project.root / "data" / "digits.npz") as file:
        digits = dict(file)
    return {
        "results": read_tables(project.root / "bench" / "RESULTS.md"),
        "scores": json.loads((project.root / "data" / "scoreboard.json").read_text("utf-8")),
        "steps": steps_of(project),
        "pythons": [float(f"3.{minor}") for minor in range(lowest, beyond)],
        "images": digits["images"],
        "labels": digits["labels"],
        "locked": list(project.packages),
        "FEWEST": FEWEST,
        "MOST": MOST,
    }


def check_contract(stored):
    """Check that it opens, closes and leads on as every notebook of the series."""
    end, name = len(stored.cells) - 1, stored.path.stem
    number = int(name[:2]) if name[:2].isdigit() else 0
    parts = [
        (0, rf"\A# Step {number} · \w.+\n", f"# Step {number} · …"),
        (0, r"\n> \*\*You will\*\* ", "> **You will** "),
        (0, r"\n> \*\*You will learn\*\* ", "> **You will learn** "),
        (0, r"\n> \*\*You need\*\* ", "> **You need** "),
        (0, rf" {TIMES}\n", "About … minutes; the code runs in … seconds."),
        (end, r"\A## What you now know\n", "## What you now know"),
        (end, r"\n\*\*Further reading\.\*\* ", "**Further reading.** "),
    ]
    for position, pattern, part in parts:
        if not re.search(pattern, stored.cells[position].source):
            yield position, f"lacks {part!r} in its place; write it"
    below = "\n".join(source for position, source in stored.texts() if position)
    if set(re.findall(r"^(#+) ", below, re.M)) - {"##", "###"}:
        yield None, "has headings that are neither ## nor ###; correct them"
    pairs = itertools.pairwise(path.name for path in stored.project.notebooks())
    neighbors = {name for pair in pairs if stored.path.name in pair for name in pair}
    for position in (0, end):
        # A link within a sentence, as to what one needs, is no way there.
        ways = re.findall(r".*[←→].*", stored.cells[position].source)
        targets = [target for _, target in read_text("\n".join(ways)).links]
        for neighbor in sorted(neighbors - {stored.path.name, *targets}):
            yield position, f"does not lead to {neighbor}; add the link"
    code = [cell.source for _, cell in stored.code()]
    for line in ORIGINAL.get(name, []):
        if not any(line in source for source in code):
            yield None, f"lacks the line {line!r} of the original tutorial; write it"


# Exercises.


@dataclasses.dataclass
class Task:
    """An exercise as a notebook has it: four cells in a row."""

    position: int  # of the first of them, the text
    number: str
    title: str
    examples: list  # pairs of code and what it gives
    stub: str
    call: str
    solution: str


def tasks_of(notebook):
    """Yield the exercises of a notebook; where the cells round one are not as they should be, none.

    `check_exercises` says so then.
    """
    cells = notebook.cells
    rows = zip(cells, cells[1:], cells[2:], cells[3:], strict=False)
    for position, (text, stub, call, folded) in enumerate(rows):
        title = re.search(r"^### Exercise (\d+\.\d+) · (.+)$", text.source, re.M)
        solution = re.fullmatch(
            re.escape(FOLD) + r"\n\n```python\n(.+?)\n```\n\n(?:(?!```).)+\n\n</details>",
            folded.source,
            re.S,
        )
        tags = [cell.metadata.get("tags") for cell in (stub, call)]
        called = tags[1] in (["check"], ["check", "open"])
        if tags[0] == ["exercise"] and called and stub.cell_type == "code" and title and solution:
            examples = re.findall(r"`([^`]+)` gives `([^`]+)`", text.source)
            sources = stub.source, call.source, solution[1]
            yield Task(position, *title.groups(), examples, *sources)


def check_exercises(stored):
    """There are exercises, each with a blank, a check and a solution; nothing needs them."""
    tasks, code = list(tasks_of(stored.notebook)), list(stored.code())
    if not any(is_the_same_everywhere(cell) for _, cell in code[:2]):
        yield None, "does not show the progress at its top; call show_progress()"
    parts = {task.position + i for task in tasks for i in (1, 2, 3)}
    for position, cell in enumerate(stored.cells):
        if (cell.metadata.get("tags") or FOLD in cell.source) and position not in parts:
            yield (
                position,
                (
                    "belongs to no exercise: '### Exercise 1.1 · …', a cell tagged exercise, one "
                    "tagged check and a folded solution; mend it"
                ),
            )
            return
    yield from ((None, problem) for problem in _registered_problems(stored, tasks))
    for task in tasks:
        call = re.fullmatch(rf'check\("{re.escape(task.number)}", (\w+)\)', task.call)
        if "..." not in task.stub:
            yield task.position + 1, "the blank of an exercise needs '...' where the answer goes"
        if not call:
            yield task.position + 2, f'is not the call check("{task.number}", name); correct it'
        elif "is not solved yet" not in str(stored.cells[task.position + 2].outputs):
            yield task.position + 2, "does not say that the blank is not solved yet; mend it"
        others = [cell.source for p, cell in code if not 0 <= p - task.position <= 2]
        for name in _names_set_by(task.stub):
            if any(re.search(rf"\b{name}\b", source) for source in others):
                yield task.position + 1, f"{name!r} is used elsewhere, too; choose another name"


def _registered_problems(stored, tasks):
    """Yield where the exercises of a notebook are not those of its module."""
    try:
        # Not at the top: what is imported then looks at once where things are to be kept.
        from helpers.exercises import EXERCISES
    except ImportError:
        return  # said once, for the series as a whole
    step = stored.path.stem[:2]
    module = f"src/helpers/exercises/step_{step}.py"
    registered = {
        number: exercise
        for number, exercise in EXERCISES.items()
        if number.partition(".")[0] == step.lstrip("0")
    }
    wanted = {number: exercise.title for number, exercise in registered.items()}
    here = {task.number: task.title for task in tasks}
    for number in here.keys() - wanted.keys():
        yield f"has the exercise {number}, which {module} lacks; write it there"
    for number in wanted.keys() - here.keys():
        yield f"lacks the exercise {number} of {module}; add it or remove it there"
    for number in here.keys() & wanted.keys():
        if here[number] != wanted[number]:
            yield (
                f"calls exercise {number} {here[number]!r}, but {module} calls it "
                f"{wanted[number]!r}; correct one of them"
            )
    if here.keys() == wanted.keys() and list(here) != list(wanted):
        yield f"has its exercises in another order than {module}; sort them"
    are_open = {n for n, exercise in registered.items() if hasattr(exercise, "measure")}
    for task in tasks:
        tagged = "open" in stored.cells[task.position + 2].metadata.tags
        if task.number in registered and tagged != (task.number in are_open):
            what = "is not open; remove" if tagged else "is open; add"
            yield f"exercise {task.number} {what} the tag 'open' of its check"
    if not FEWEST <= len(tasks) - len(are_open) <= MOST or len(are_open) > 1:
        yield (
            f"has {len(tasks)} exercises, {len(are_open)} of them open; a step has {FEWEST} to "
            f"{MOST}, and may have an open one besides"
        )


def _names_set_by(source):
    """Return the names that a cell sets, outside of its functions."""
    names = set()
    for node in ast.parse(source).body:
        named = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        stored = [n.id for n in named if isinstance(n.ctx, ast.Store)]
        names.update([node.name] if isinstance(node, ast.FunctionDef) else stored)
    return names


def is_the_same_everywhere(cell):
    """Return whether this is the cell at the top that shows the progress."""
    return "\nshow_progress()" in cell.source


def run_besides(stored):
    """Return, by the positions of its texts, the code that is run with an exercise."""
    code = {}
    for task in tasks_of(stored.notebook):
        run = [task.solution, *(part for example in task.examples for part in example)]
        code[task.position] = code[task.position + 3] = run
    return code


def kernel_checks(stored):
    """Yield, for each exercise, that its solution passes and does what its examples say."""
    for task in tasks_of(stored.notebook):
        expressions = {str(i): f"str({e})" for i, (e, _) in enumerate(task.examples)}
        expressions["verdict"] = f"str({task.call.replace('check(', 'diagnose(', 1)})"
        yield KernelCheck(
            f"exercise {task.number}",
            task.position,
            f"{task.solution}\nfrom helpers.exercises import diagnose",
            expressions,
            # The loop goes on, but each check must keep its own task.
            lambda values, task=task: _solution_problems(task, values),
        )


def _solution_problems(task, values):
    """Return what is wrong with a solution, by what became of it in the kernel."""
    problems = []
    if not values["verdict"].startswith("✓"):
        problems.append(f"its solution does not pass: {values['verdict']}; mend it")
    for i, (expression, result) in enumerate(task.examples):
        if values[str(i)].split() != result.split():
            problems.append(f"{expression!r} gives {values[str(i)]}, not {result}; correct it")
    return problems


# MNIST, and Ray.


def reason_to_skip(stored):
    """Return why a notebook cannot be run if it needs MNIST or Ray and there is none, or None."""
    from helpers.data import find_mnist  # not before it is set where things are kept

    needed = any("load_mnist()" in cell.source for _, cell in stored.code())
    if needed and find_mnist() is None:
        return "they need MNIST, which `make mnist` downloads"
    if any("start_ray(" in cell.source for _, cell in stored.code()) and not find_spec("ray"):
        return "they need Ray, which `make test` installs, but not on Windows"
    return None


def seconds_of(stored):
    """Return how many seconds a notebook says that its code runs, 0 if it does not say."""
    said = [re.search(r"the code (?:itself )?runs in (\d+) seconds", t) for _, t in stored.texts()]
    return next((int(found[1]) for found in said if found), 0)
