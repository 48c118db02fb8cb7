"""Static checks of the stored notebooks: everything that can be seen without running them.

    .venv/bin/python -m tests.stored_checks          one line per problem, in seconds

nbval and `tests/notebook_checks.py` run the notebooks and compare what comes out.
"""

import ast
import base64
import copy
import dataclasses
import difflib
import functools
import io
import itertools
import json
import re
import struct
import sys
import tokenize

import nbformat
from nbval.plugin import comment_markers
from PIL import Image

from bench import results
from tests import prose_checks
from tests.prose_checks import ALLOWED, RESULT, read_text
from tools.notebooks import FOLD, MANIFEST, NOTEBOOKS, ROOT, alt_text, describe, normalize

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TAGS = {"exercise", "check"}  # what a cell may be tagged with
# Notebooks whose results may have a tolerance, because they train convolutions.
TOLERANT = {"11_cnn"}
MEASURES = "numbers", "levels"  # what a tolerance may be for
WIDEST = 15  # no tolerance may be larger, in the unit of the number
PAGES = [
    "README.md",
    "notebooks/TEACHING.md",
    "data/README.md",
    "bench/RESULTS.md",
]
TIMES = r"About \d+ minutes; the code (?:itself )?runs in \d+ seconds\."
NEAR = 3  # a number in a text may stand in that many code cells before it and after it
SERIES = json.loads(MANIFEST.read_text(encoding="utf-8"))

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


class UnreadableError(ValueError):
    """A file that is no notebook of this series; the message is one line."""


def check_series(folder=NOTEBOOKS):
    """Return the problems of all notebooks in `folder`, each as one line."""
    found = {path.stem for path in folder.glob("*.ipynb")}
    problems = [
        f"{name}.ipynb: is missing; restore it, or take it out of tests/{MANIFEST.name}"
        for name in SERIES
        if name not in found
    ]
    for name in sorted(found):
        problems += check_notebook(folder / f"{name}.ipynb")
    for page in PAGES:
        problems += [f"{page}: {problem}" for problem in check_page(ROOT / page)]
    return problems or [
        f"prose.toml: the word {word!r} occurs nowhere; take it out"
        for word in unused_words(folder)
    ]


def check_page(path, root=ROOT):
    """Yield what is wrong with the links, the words and the list of steps of a Markdown page."""
    source = path.read_text(encoding="utf-8")
    text = read_text(source, page=True)
    yield from text.problems
    yield from prose_checks.check_links(text, path, root, first_lines())
    yield from prose_checks.check_words(text)
    measured = results.read() if text.bindings else {}
    for binding in text.bindings:
        yield from check_figure(binding, measured)
    for number, title, file, minutes in re.findall(
        r"^\| \[(\d+) · (.+?)\]\((\S+?)\) \|.*\| (\d+) \|$", source, re.M
    ):
        first = first_cell(NOTEBOOKS / file.rpartition("/")[2])
        if f"# Step {number} · {title}\n" not in first or f"About {minutes} minutes" not in first:
            yield f"step {number} has another name or takes another time; correct it"


def check_figure(binding, measured):
    """Yield what is wrong with a figure that a page quotes from bench/RESULTS.md."""
    try:
        value = eval(binding.expression, {"results": measured})
    except (KeyError, NameError, TypeError, SyntaxError) as error:
        yield f"the binding {binding} cannot be computed ({error!r}); correct it"
        return
    if not prose_checks.fits(binding.number, repr(value), binding.tolerance):
        yield f"{binding.number} is said, but it is {value:g} in bench/RESULTS.md; correct it"


@functools.cache
def first_cell(file):
    """Return the source of the first cell of a notebook, or nothing if that cannot be read."""
    try:
        return read(file).cells[0].source
    except (OSError, IndexError, UnreadableError):
        return ""


@functools.cache
def first_lines():
    """Return the first line of each notebook, by its name."""
    return {name: first_cell(NOTEBOOKS / f"{name}.ipynb").partition("\n")[0] for name in SERIES}


def unused_words(folder):
    """Return what tests/prose.toml lists as a word although nothing says it."""
    sources = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    for name in SERIES:
        sources += [source for _, source in described(read(folder / f"{name}.ipynb"))]
    texts = [read_text(source, page=True).prose for source in sources]
    said = {word.lower() for text in texts for word in prose_checks.words_of(text)}
    return sorted(set(ALLOWED["words"]) - said)


def check_notebook(path, listed=None):
    """Return the problems of the notebook at `path`, each as one line.

    `listed` is what the manifest shall say about its cells, if it is not the one of the series.
    """
    if path.stem not in SERIES:
        return [f"{path.name}: is not in tests/{MANIFEST.name}; run make notebooks or remove it"]
    try:
        notebook = read(path)
    except UnreadableError as error:
        return [str(error)]
    if not notebook.cells:
        return [f"{path.name}: has no cells; restore it"]
    problems = []
    for check in [*CHECKS, functools.partial(check_manifest, listed)]:
        try:
            found = list(check(path, notebook))
        except Exception as error:  # whatever is so odd that a check cannot cope with it
            found = [(None, f"cannot be checked ({type(error).__name__}: {error}); simplify it")]
        problems += [problem_line(path, notebook, *problem) for problem in found]
    if not problems and not is_as_written(path, notebook):
        return [f"{path.name}: is not written as make notebooks writes it; run make notebooks"]
    return problems


def problem_line(path, notebook, position, problem):
    """Return `problem` after the names of the notebook and of its cell at `position`, if any."""
    where = path.name
    if position is not None:
        where += f", {cell_name(notebook, position)}"
    return f"{where}: {' '.join(problem.split())}"


def cell_name(notebook, position):
    """Return how the cell at `position` is called: "cell 12", or "cell 12 (In [7])" for code."""
    if notebook.cells[position].cell_type != "code":
        return f"cell {position + 1}"
    code = sum(cell.cell_type == "code" for cell in notebook.cells[: position + 1])
    return f"cell {position + 1} (In [{code}])"


def read(path):
    """Return the notebook at `path`.

    Raises
    ------
    UnreadableError
        If it has merge-conflict markers, is not JSON, not of format 4.5, not valid, or not for
        the kernel python3.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError):
        raise UnreadableError(f"{path.name}: is not UTF-8 text; restore it") from None
    conflict = re.search(r"^(<{7}|\|{7}|={7}|>{7})", text, re.M)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise UnreadableError(
            f"{path.name}: line {line} is a merge-conflict marker; resolve the conflict, then run "
            "make notebooks"
        )
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path.name}: is not JSON ({error}); restore it") from None
    version = (raw.get("nbformat"), raw.get("nbformat_minor")) if isinstance(raw, dict) else None
    if version != (4, 5) or not all(isinstance(number, int) for number in version):
        version = ".".join(map(str, version)) if version and None not in version else "no notebook"
        raise UnreadableError(
            f"{path.name}: its format is {version}, not 4.5; open and save it in JupyterLab, then "
            "run make notebooks"
        )
    try:
        nbformat.validate(raw)
    except Exception as error:  # not only ValidationError: it stumbles itself, too
        message = " ".join(str(error).split())[:200]
        raise UnreadableError(f"{path.name}: is not a valid notebook ({message})") from None
    notebook = nbformat.reads(text, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        raise UnreadableError(
            f"{path.name}: its kernel is {kernel or 'not named'}, not python3; run make notebooks"
        )
    return notebook


def prose_cells(notebook):
    """Yield the position and the text of each Markdown cell."""
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            yield position, cell.source


def code_cells(notebook):
    """Yield the position of each code cell, and the cell."""
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            yield position, cell


def pictures(notebook):
    """Yield the position of the cell, the cell and the output for each stored picture."""
    for position, cell in code_cells(notebook):
        for output in cell.outputs:
            if any(kind.startswith("image/") for kind in output.get("data", {})):
                yield position, cell, output


def check_manifest(listed, path, notebook):
    """Every cell is as it was when the outputs were stored."""
    listed = SERIES[path.stem] if listed is None else listed
    stored = [describe(cell) for cell in notebook.cells]
    matcher = difflib.SequenceMatcher(a=listed, b=stored, autojunk=False)
    for what, a, b, start, end in matcher.get_opcodes():
        if what == "delete":
            yield None, f"{b - a} cell(s) after cell {a} are gone; run make notebooks"
        elif what == "insert":
            yield start, f"{end - start} cell(s) from here on are new or moved; run make notebooks"
        elif what == "replace":
            for position in range(start, end):
                yield position, "is not as it was when it was run; run make notebooks"


def check_form(path, notebook):
    """The file is just what tools/notebooks.py writes."""
    if notebook.metadata != {"kernelspec": KERNEL, "language_info": {"name": "python"}}:
        yield None, "holds metadata of its own; run make notebooks"
    for position, cell in enumerate(notebook.cells):
        if cell.id != f"{path.stem[:2]}-{position + 1:02d}":
            yield position, f"its id is {cell.id!r}, out of order; run make notebooks"
        if cell.cell_type == "raw":
            yield position, "is a raw cell, which nobody runs or sees; make it code or Markdown"
        more = set(cell.metadata) - {"alt", "tags", "tolerance"}
        if more:
            yield position, f"has metadata {sorted(more)}; remove it"
        for tag in set(cell.metadata.get("tags", [])) - TAGS:
            yield position, f"has the tag {tag!r}, which is not allowed; remove it"
        if "tolerance" in cell.metadata and path.stem not in TOLERANT:
            yield position, "has a tolerance, but its results are the same everywhere; remove it"
        elif not isinstance(cell.metadata.get("tolerance", {"reason": ""}).get("reason"), str):
            yield position, "has a tolerance without a reason; write one beside it"
        elif not all(cell.metadata.get("tolerance", {}).get(of, 0) <= WIDEST for of in MEASURES):
            yield position, f"has a tolerance of more than {WIDEST}; make it narrower"
        if cell.cell_type == "code":
            for line in cell.source.splitlines():
                if line.strip().lstrip("#").strip() in comment_markers and "#" in line:
                    yield position, f"says {line.strip()!r}; remove the comment"
        if cell.get("attachments"):
            yield position, "has attachments; link to files instead"
        if not cell.source.strip():
            yield position, "is empty; remove it"
        for text in [cell.source, *texts_of(cell)]:
            machine = re.search(r"/(home|root|work|tmp|Users|private|var/folders)/[\w.-]*", text)
            if machine or "C:\\" in text:
                yield position, "names a folder of one machine; do not print paths"
    size = path.stat().st_size
    if size >= 1_000_000:
        yield None, f"has {size:,} bytes, a million or more; make pictures smaller"


def texts_of(cell):
    """Yield all text that the outputs of a cell hold."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        yield from (v for k, v in output.get("data", {}).items() if k.startswith("text/"))


def is_as_written(path, notebook):
    """Return whether the file is, to the byte, what tools/notebooks.py would write."""
    tidy = copy.deepcopy(notebook)
    normalize(tidy)
    return path.read_bytes() == (nbformat.writes(tidy) + "\n").encode()


def check_runs(path, notebook):
    """All code cells were run, in order, once."""
    for count, (position, cell) in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != count:
            yield position, f"its execution count is {cell.execution_count}; run make notebooks"
        for output in cell.outputs:
            if output.get("execution_count", count) != count:
                yield position, "its result has another execution count; run make notebooks"


def check_outputs(path, notebook):
    """Outputs are of the kinds that read well with no kernel."""
    known = {"text/plain", "text/html", "image/png"}
    for position, cell in code_cells(notebook):
        streams = [output.name for output in cell.outputs if output.output_type == "stream"]
        if len(streams) != len(set(streams)):
            yield position, "what it prints is stored in pieces; run make notebooks"
        for output in cell.outputs:
            if output.output_type == "error":
                yield position, f"ends in {output.ename}; mend it, then run make notebooks"
            if output.get("name") == "stderr":
                yield position, f"writes to stderr: {output.text[:80]!r}; prevent it"
            if "image/png" not in output.get("data", {}) and output.get("metadata"):
                yield position, "an output has metadata; run make notebooks"
            if re.search(r"[\r\b\x1b]", output.get("text", "")):
                yield position, "prints \\r, \\b or terminal codes; print whole plain lines"
            for kind in set(output.get("data", {})) - known:
                problem = "a dead widget" if "widget" in kind else f"an output of kind {kind}"
                yield position, f"stores {problem}; show a picture or text, then run make notebooks"
            data = output.get("data", {})
            if "image/png" not in data and data.get("text/plain", "").startswith("<Figure"):
                yield position, "its picture is missing; run make notebooks"


def check_pictures(path, notebook):
    """Every picture can be seen, and is described."""
    drawn, described_as = set(), set()
    for position, cell, output in pictures(notebook):
        drawn.add(position)
        if "image/png" not in output.data:
            yield position, "its picture is not a PNG; run make notebooks"
            continue
        try:
            picture = decode(output.data["image/png"])
        except ValueError as error:
            yield position, f"its picture {error}; run make notebooks"
            continue
        if min(picture.size) < 50:
            yield position, f"its picture has only {picture.size} pixels; draw it larger"
        if all(low == high for low, high in picture.convert("RGB").getextrema()):
            yield position, "its picture is blank; draw something, then run make notebooks"
        alt = output.metadata.get("image/png", {}).get("alt", "")
        if len(alt) <= 30 or len(prose_checks.words_of(alt)) < 5:
            yield position, "its picture has no alt text; write what one should see, as its `alt`"
        if alt in described_as and "alt" in cell.metadata:
            yield position, "its picture has the alt text of another one; write what is new"
        described_as.add(alt)
        if "alt" in cell.metadata and alt != alt_text(cell):
            yield position, "its picture has an old alt text; run make notebooks"
        if output.metadata != {"image/png": {"alt": alt}}:
            yield position, "its picture has metadata beside the alt text; run make notebooks"
    for position, cell in enumerate(notebook.cells):
        if "alt" in cell.metadata and position not in drawn:
            yield position, "has an alt text but no picture; run make notebooks"


def decode(data):
    """Return a stored PNG, in base64, as a loaded picture of Pillow.

    Raises
    ------
    ValueError
        If it is no complete PNG, or if it holds more than one still picture: a browser might show
        something else than what Pillow decodes.
    """
    try:
        content = base64.b64decode(data.replace("\n", ""), validate=True)
        picture = Image.open(io.BytesIO(content), formats=["PNG"])
        picture.load()
    except Exception:  # Pillow has many for damaged files
        raise ValueError("cannot be decoded") from None
    chunks, start = [], 8
    while start < len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        chunks.append(content[start + 4 : start + 8].decode("latin-1"))
        start += 12 + length
    if set(chunks) - {"IHDR", "PLTE", "tRNS", "pHYs", "tEXt", "IDAT", "IEND"}:
        raise ValueError(f"is more than a still picture, it has {sorted(set(chunks))}")
    if chunks[-1] != "IEND" or start != len(content) or picture.text.keys() - {"Software"}:
        raise ValueError("holds more than a picture")
    return picture


def check_contract(path, notebook):
    """It opens, closes and leads on as every notebook of the series."""
    first, last = notebook.cells[0], notebook.cells[-1]
    end = len(notebook.cells) - 1
    number = int(path.stem[:2])
    if first.cell_type != "markdown" or last.cell_type != "markdown":
        yield None, "begins or ends with code; write the opening and the closing"
        return
    if not re.match(rf"# Step {number} · \w.+\n", first.source):
        yield 0, f"its first line must be '# Step {number} · …'"
    for part in ("> **You will** ", "> **You will learn** ", "> **You need** "):
        if f"\n{part}" not in first.source:
            yield 0, f"the opening lacks {part!r}; write it"
    if not re.search(rf" {TIMES}\n", first.source):
        yield 0, "the opening lacks 'About … minutes; the code runs in … seconds.'; write it"
    if not last.source.startswith("## What you now know\n"):
        yield end, "the closing must begin with '## What you now know'"
    if "\n**Further reading.** " not in last.source:
        yield end, "the closing lacks **Further reading.**; write it"
    levels = [
        re.findall(r"^(#+) ", source, re.M)
        for position, source in prose_cells(notebook)
        if position
    ]
    if {level for found in levels for level in found} - {"##", "###"}:
        yield None, "has headings that are neither ## nor ###; correct them"
    steps = list(SERIES)
    place = steps.index(path.stem)
    for neighbor in steps[max(0, place - 1) : place] + steps[place + 1 : place + 2]:
        for position in (0, end):
            links = read_text(notebook.cells[position].source).links
            if f"{neighbor}.ipynb" not in [target for _, target in links]:
                yield position, f"does not lead to {neighbor}.ipynb; add the link"
    code = [cell.source for _, cell in code_cells(notebook)]
    for line in ORIGINAL.get(path.stem, []):
        if not any(line in source for source in code):
            yield None, f"lacks the line {line!r} of the original tutorial; write it"


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
    """Yield the exercises of a notebook.

    Raises
    ------
    UnreadableError
        If the cells round an exercise are not what they should be.
    """
    cells = notebook.cells
    for position, cell in enumerate(cells):
        if cell.cell_type != "code" or cell.metadata.get("tags") != ["exercise"]:
            continue
        text, call, folded = (cells[i] if 0 <= i < len(cells) else cell for i in (
            position - 1, position + 1, position + 2
        ))  # fmt: skip
        title = re.search(r"^### Exercise (\d+\.\d+) · (.+)$", text.source, re.M)
        solution = re.fullmatch(
            re.escape(FOLD) + r"\n\n```python\n(.+?)\n```\n\n(?:(?!```).)+\n\n</details>",
            folded.source,
            re.S,
        )
        if call.metadata.get("tags") != ["check"] or not title or not solution:
            raise UnreadableError(
                "an exercise is '### Exercise 1.1 · …', a cell tagged exercise, one tagged check "
                f"and a folded solution, but around cell {position + 1} something else stands"
            )
        examples = re.findall(r"`([^`]+)` gives `([^`]+)`", text.source)
        yield Task(position - 1, *title.groups(), examples, cell.source, call.source, solution[1])


def check_exercises(path, notebook):
    """There are exercises, each with a blank, a check and a solution; nothing needs them."""
    from helpers.exercises import EXERCISES  # not before the tests have set where to keep things

    try:
        tasks = list(tasks_of(notebook))
    except UnreadableError as error:
        yield None, f"{error}; mend it"
        return
    code = list(code_cells(notebook))
    tagged = sum(bool(cell.metadata.get("tags")) for _, cell in code)
    folds = sum(FOLD in source for _, source in prose_cells(notebook))
    if tagged != 2 * len(tasks) or folds != len(tasks):
        yield None, "has tagged cells or folded solutions that belong to no exercise; mend it"
    if not any("\nshow_progress()" in cell.source for _, cell in code[:2]):
        yield None, "does not show the progress at its top; call show_progress()"
    step = str(int(path.stem[:2]))
    wanted = [(n, e.title) for n, e in EXERCISES.items() if n.partition(".")[0] == step]
    if [(task.number, task.title) for task in tasks] != wanted or not 2 <= len(wanted) <= 4:
        module = f"src/helpers/exercises/step_{path.stem[:2]}.py"
        yield None, f"its exercises are not those of {module}, two to four; make them agree"
    for task in tasks:
        call = re.fullmatch(rf'check\("{re.escape(task.number)}", (\w+)\)', task.call)
        if not call or "..." not in task.stub:
            yield task.position + 1, "the blank needs '...', its check one call with its number"
            continue
        if "is not solved yet" not in str(notebook.cells[task.position + 2].outputs):
            yield task.position + 2, "does not say that the blank is not solved yet; mend it"
        others = [cell.source for p, cell in code if not 0 <= p - task.position <= 2]
        for name in names_set_by(task.stub):
            if any(re.search(rf"\b{name}\b", source) for source in others):
                yield task.position + 1, f"{name!r} is used elsewhere, too; choose another name"


def names_set_by(source):
    """Return the names that a cell sets, outside of its functions."""
    names = set()
    for node in ast.parse(source).body:
        named = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        stored = [n.id for n in named if isinstance(n.ctx, ast.Store)]
        names.update([node.name] if isinstance(node, ast.FunctionDef) else stored)
    return names


def described(notebook):
    """Yield position and source of all that is written for people: Markdown and alt texts."""
    yield from prose_cells(notebook)
    for position, cell, output in pictures(notebook):
        alt = output.metadata.get("image/png", {}).get("alt", "")
        yield position, cell.metadata.get("alt", alt)


def check_prose(path, notebook):
    """Words, numbers, bindings and links of all texts are in order."""
    allowed = {e["text"]: 0 for e in ALLOWED["numbers"] if e["notebook"] == path.stem}
    # What shows the progress is the same in all notebooks and has no numbers of its own.
    code = [p for p, cell in code_cells(notebook) if "show_progress()" not in cell.source]
    run_with = numbers_of_tasks(notebook)
    for position, source in described(notebook):
        cell = notebook.cells[position]
        text = read_text(source)
        problems = [
            *text.problems,
            *prose_checks.check_words(text),
            *prose_checks.check_links(text, NOTEBOOKS / path.name, ROOT, first_lines()),
        ]
        if any(binding.tolerance for binding in text.bindings) and path.stem not in TOLERANT:
            problems.append("a binding has a tolerance, but results are the same everywhere here")
        if not all(binding.tolerance <= WIDEST for binding in text.bindings):
            problems.append(f"a binding has a tolerance of more than {WIDEST}; make it narrower")
        if cell.cell_type == "code" and "alt" not in cell.metadata:
            text = read_text(" ".join(alts_in(cell.source)))  # made by the code, so compared
        if position == 0:
            text.plain = re.sub(TIMES, "", text.plain)
        before = [p for p in code if p <= position][-NEAR:]
        near = before + [p for p in code if p > position][:NEAR]
        known = numbers_of_code([notebook.cells[p] for p in near]) | set(ALLOWED["known"])
        known |= run_with.get(position, set())
        problems += prose_checks.check_numbers(text, known, allowed)
        for problem in problems:
            yield position, problem
    for phrase, times in allowed.items():
        if times != 1:
            yield None, f"says {phrase!r} {times} times, not once; correct tests/prose.toml"


def numbers_of_tasks(notebook):
    """Return, by the positions of its texts, the numbers that are run with an exercise."""
    try:
        tasks = list(tasks_of(notebook))
    except UnreadableError:
        return {}
    numbers = {}
    for task in tasks:
        text = "\n".join([*itertools.chain(*task.examples), task.solution])
        numbers[task.position] = numbers[task.position + 3] = numbers_in(text)
    return numbers


def alts_in(source):
    """Return the literal parts of all `alt=` arguments in a cell, if it can be parsed."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    parts = [ast.walk(node.value) for node in calls if node.arg == "alt"]
    constants = (node for node in itertools.chain(*parts) if isinstance(node, ast.Constant))
    return [node.value for node in constants if isinstance(node.value, str)]


def numbers_of_code(cells):
    """Return all numbers in code, but not in comments, and in text outputs, without commas."""
    texts = []
    for cell in cells:
        texts += texts_of(cell)
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
        except (tokenize.TokenError, SyntaxError):
            continue
        texts += [token.string for token in tokens if token.type != tokenize.COMMENT]
    return numbers_in("\n".join(texts))


def numbers_in(text):
    """Return all numbers in a text, without commas."""
    plain = re.sub(r"(?<=\d)[,_](?=\d)", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", plain)) | set(re.findall(r"\d+", plain))


def check_code(path, notebook):
    """Code is Python, quotes no results where nothing compares them, and cannot tell a test."""
    for position, cell in code_cells(notebook):
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            yield position, f"is no Python ({error}); mend it"
            continue
        tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
        quotes = [token.string for token in tokens if token.type == tokenize.COMMENT]
        nodes = list(ast.walk(tree))
        strings = [n.value for n in nodes if isinstance(n, ast.Expr)]
        quotes += [n.value for n in strings if isinstance(getattr(n, "value", None), str)]
        for quote in quotes:
            if RESULT.search(quote):
                yield position, f"{quote!r} quotes a result; print it instead"
        names = {getattr(n, "id", getattr(n, "attr", getattr(n, "name", ""))) for n in nodes}
        for name in names & {"environ", "getenv", "get_ipython", "explorers", "modules"}:
            yield position, f"uses {name}, which can tell a test from a reader; do without"
        if any(isinstance(n, ast.If) and isinstance(n.test, ast.Constant) for n in nodes):
            yield position, "holds code that never runs; remove it"


CHECKS = [
    check_form,
    check_runs,
    check_outputs,
    check_pictures,
    check_contract,
    check_exercises,
    check_prose,
    check_code,
]


def main():
    """Print the problems of all notebooks, and return 1 if there are any."""
    problems = check_series()
    print("\n".join(problems) or f"{len(SERIES)} notebooks are stored as they should be.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
