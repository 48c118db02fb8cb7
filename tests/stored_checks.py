"""Static checks of the stored notebooks: everything that can be seen without running them.

    .venv/bin/python -m tests.stored_checks          one line per problem, in seconds

nbval and `tests/notebook_checks.py` run the notebooks and compare what comes out.
"""

import ast
import base64
import builtins
import copy
import difflib
import functools
import io
import itertools
import json
import re
import sys
import tokenize
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from nbval.plugin import comment_markers
from PIL import Image
from spellchecker import SpellChecker

from tools.notebooks import MANIFEST, NOTEBOOKS, ROOT, alt_text, describe, normalize

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TAGS = set()  # what a cell may be tagged with
TOLERANT = set()  # notebooks whose cells may have a tolerance, because they train convolutions
PROSE = tomllib.loads(Path(__file__).with_name("prose.toml").read_text(encoding="utf-8"))
PAGES = ["README.md", "data/README.md", "bench/training.md", "bench/canvas.md"]
SERIES = json.loads(MANIFEST.read_text(encoding="utf-8"))

# "92.4 %<!-- 100 * accuracy -->" or "3,500<!-- len(X_train) -->" or "9.3 s<!-- t ± 2 -->"
BINDING = re.compile(
    r"(?P<number>[-−]?\d[\d,]*(?:\.\d+)?)[^\d\n<>]{0,20}<!--\s*(?P<expression>.+?)"
    r"(?:\s*±\s*(?P<tolerance>[\d.]+))?\s*-->"
)

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


def unused_words(folder):
    """Return what tests/prose.toml lists as a word although nothing says it."""
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    for name in SERIES:
        texts += [text for _, text in described(read(folder / f"{name}.ipynb"))]
    said = {word.lower() for text in texts for word in words_of(text)}
    return sorted(set(PROSE["words"]) - said)


def check_page(path):
    """Yield what is wrong with the links, the words and the steps of a Markdown page."""
    text = path.read_text(encoding="utf-8")
    yield from link_problems_in(path, text)
    for word in misspelled(text):
        yield f"{word!r} is misspelled or British, or belongs into tests/prose.toml"
    for number, title, file, minutes in re.findall(
        r"^\| \[(\d+) · (.+?)\]\((\S+?)\) \|.*\| (\d+) \|$", text, re.M
    ):
        first = text_of(path.parent / file)[:1500]
        if f"# Step {number} · {title}\n" not in first or f"About {minutes} minutes" not in first:
            yield f"step {number} has another name or takes another time; correct it"


def check_notebook(path, listed=None):
    """Return the problems of the notebook at `path`, each as one line.

    `listed` is what the manifest shall say about its cells, if it is not the one of the series.
    """
    if path.stem not in SERIES:
        return [f"{path.name}: is not in tests/{MANIFEST.name}; to list it, run make notebooks"]
    try:
        notebook = read(path)
    except UnreadableError as error:
        return [str(error)]
    if not notebook.cells:
        return [f"{path.name}: has no cells; restore it"]
    problems = [
        problem_line(path, notebook, position, problem)
        for check in CHECKS
        for position, problem in check(path, notebook)
    ]
    listed = SERIES[path.stem] if listed is None else listed
    problems += [
        problem_line(path, notebook, position, problem)
        for position, problem in check_manifest(listed, notebook)
    ]
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
    except UnicodeDecodeError:
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
    except json.JSONDecodeError as error:
        raise UnreadableError(f"{path.name}: is not JSON ({error}); restore it") from None
    version = (raw.get("nbformat"), raw.get("nbformat_minor")) if isinstance(raw, dict) else None
    if version != (4, 5):
        version = ".".join(map(str, version)) if version and None not in version else "no notebook"
        raise UnreadableError(
            f"{path.name}: its format is {version}, not 4.5; open and save it in JupyterLab, then "
            "run make notebooks"
        )
    try:
        nbformat.validate(raw)
    except (nbformat.ValidationError, KeyError, AttributeError, TypeError) as error:
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


def check_manifest(listed, notebook):
    """Every cell is as it was when the outputs were stored."""
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
        if cell.cell_type == "code":
            for line in cell.source.splitlines():
                if line.strip().lstrip("#").strip() in comment_markers and "#" in line:
                    yield position, f"says {line.strip()!r}; remove the comment"
        if cell.get("attachments"):
            yield position, "has attachments; link to files instead"
        if not cell.source.strip():
            yield position, "is empty; remove it"
    text = path.read_text(encoding="utf-8")
    if len(text.encode()) >= 1_000_000:
        yield None, f"has {len(text.encode()):,} bytes, a million or more; make pictures smaller"
    machine = re.search(
        r"(/(home|root|work|tmp|Users|private|var/folders)/|\\\\Users)[\w.-]*", text
    )
    if machine:
        yield None, f"names a folder of one machine, {machine[0]!r}; do not print paths"


def is_as_written(path, notebook):
    """Return whether the file is, to the byte, what tools/notebooks.py would write."""
    tidy = copy.deepcopy(notebook)
    normalize(tidy)
    return path.read_text(encoding="utf-8") == nbformat.writes(tidy) + "\n"


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
    drawn = set()
    for position, cell, output in pictures(notebook):
        drawn.add(position)
        if "image/png" not in output.data:
            yield position, "its picture is not a PNG; run make notebooks"
            continue
        try:
            picture = decode(output.data["image/png"])
        except (ValueError, OSError, SyntaxError):
            yield position, "its picture cannot be decoded; run make notebooks"
            continue
        if min(picture.size) < 50:
            yield position, f"its picture has only {picture.size} pixels; draw it larger"
        if all(low == high for low, high in picture.convert("RGB").getextrema()):
            yield position, "its picture is blank; draw something, then run make notebooks"
        alt = output.metadata.get("image/png", {}).get("alt", "")
        if len(alt) <= 30:
            yield position, "its picture has no alt text; write what one should see, as its `alt`"
        if "alt" in cell.metadata and alt != alt_text(cell):
            yield position, "its picture has an old alt text; run make notebooks"
        if output.metadata != {"image/png": {"alt": alt}}:
            yield position, "its picture has metadata beside the alt text; run make notebooks"
    for position, cell in enumerate(notebook.cells):
        if "alt" in cell.metadata and position not in drawn:
            yield position, "has an alt text but no picture; run make notebooks"


def decode(data):
    """Return a stored PNG, in base64, as a loaded picture of Pillow."""
    picture = Image.open(io.BytesIO(base64.b64decode(data, validate=False)))
    picture.load()
    return picture


def check_contract(path, notebook):
    """It opens, closes and leads on as every notebook of the series."""
    prose = [text for _, text in prose_cells(notebook)]
    if not prose or notebook.cells[0].cell_type != "markdown":
        yield 0, "a notebook opens with text, not with code; write it"
        return
    if not re.match(rf"# Step {int(path.stem[:2])} · \w.+\n", prose[0]):
        yield 0, f"its first line must be '# Step {int(path.stem[:2])} · …'"
    for part in ("**You will**", "**You will learn**", "**You need**"):
        if part not in prose[0]:
            yield 0, f"the opening lacks {part}; write it"
    if not re.search(r"About \d+ minutes; the code (itself )?runs in \d+ seconds\.", prose[0]):
        yield 0, "the opening lacks 'About … minutes; the code runs in … seconds.'; write it"
    last = len(notebook.cells) - 1
    for part in ("## What you now know", "**Further reading.**"):
        if part not in notebook.cells[last].source:
            yield last, f"the closing lacks {part}; write it"
    steps = list(SERIES)
    position = steps.index(path.stem)
    for neighbor in steps[max(0, position - 1) : position] + steps[position + 1 : position + 2]:
        for place in (0, last):
            if f"]({neighbor}.ipynb)" not in notebook.cells[place].source:
                yield place, f"does not lead to {neighbor}.ipynb; add the link"
    code = [cell.source for _, cell in code_cells(notebook)]
    for line in ORIGINAL.get(path.stem, []):
        if not any(line in source for source in code):
            yield None, f"lacks the line {line!r} of the original tutorial; write it"


def check_links(path, notebook):
    """Links lead to what they say, and pictures in the text have alt texts."""
    for position, text in prose_cells(notebook):
        for problem in link_problems_in(path, text):
            yield position, problem


def link_problems_in(path, text):
    """Yield what is wrong with the links and pictures of a text in the file at `path`."""
    for target in re.findall(r"!\[\s*\]\(([^)]*)\)", text):
        yield f"the picture {target!r} has no alt text; write one"
    if re.search(r"<img(?![^>]*\balt=\"[^\"]+\")", text):
        yield "a picture in it has no alt text; write one"
    if re.search(r"\]\((?![^)\n]+\))|\]\(\s*\)", text):
        yield "a link in it has no target; write one"
    for label, target in re.findall(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)", text):
        for problem in link_problems(path, label, target):
            yield f"the link [{label}]({target}) {problem}; correct it"


def link_problems(path, label, target):
    """Yield what is wrong with one link of the notebook or page at `path`."""
    url = urlsplit(target)
    if url.scheme:
        if url.scheme not in ("http", "https") or "." not in url.netloc:
            yield "is no web address"
        return
    file = (path.parent / url.path).resolve() if url.path else path
    # A notebook that is checked elsewhere, in a test, links to the repository all the same.
    home = (NOTEBOOKS / url.path).resolve() if url.path else path
    if not file.exists() and not home.exists():
        yield "leads nowhere"
        return
    file = file if file.exists() else home
    if url.fragment and url.fragment not in anchors(file):
        yield f"leads to no heading of {file.name}"
    step = re.match(r"[Ss]tep (\d+)(?:: (.+))?$", label)
    if step and file.suffix == ".ipynb":
        if int(step[1]) != int(file.name[:2]):
            yield "names another step than it leads to"
        elif step[2] and f"# Step {step[1]} · {step[2]}\n" not in text_of(file):
            yield "does not bear the name of that step"


def text_of(file):
    """Return the Markdown of a file."""
    if file.suffix != ".ipynb":
        return file.read_text(encoding="utf-8")
    notebook = nbformat.read(file, as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def anchors(file):
    """Return the anchors of all headings of a file, as JupyterLab and as GitHub write them."""
    headings = re.findall(r"^#+ (.+?)\s*$", text_of(file), re.M)
    lab = {heading.replace(" ", "-") for heading in headings}
    return lab | {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings}


def described(notebook):
    """Yield position and text of all that is written for people: Markdown and alt texts."""
    yield from prose_cells(notebook)
    for position, cell, output in pictures(notebook):
        yield (
            position,
            cell.metadata.get("alt") or output.metadata.get("image/png", {}).get("alt", ""),
        )


CODE = r"```.*?```|`[^`\n]*`"
MATH = r"\$\$.*?\$\$|\$[^$\n]*\$"
LINK_TARGET = r"(?<=\])\([^)]*\)|https?://\S+|</?\w[^>]*>"


def check_spelling(path, notebook):
    """Every word is in the dictionary, in American spelling, or in tests/prose.toml."""
    for position, text in described(notebook):
        for word in misspelled(text):
            yield position, f"{word!r} is misspelled or British, or belongs into tests/prose.toml"


def misspelled(text):
    """Return the words of a Markdown text that no dictionary knows, or only a British one."""
    words = words_of(text)
    lower = {word.lower() for word in words} - set(PROSE["words"])
    wrong = dictionary().unknown(lower) | lower & set(PROSE["british"])
    return sorted(word for word in words if word.lower() in wrong)


def words_of(text):
    """Return the words of a Markdown text, outside of code, formulas and links' targets."""
    plain = re.sub(f"{CODE}|{MATH}|{LINK_TARGET}|<!--.*?-->", " ", text, flags=re.S)
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", plain.replace("’", "'"))
    return {word.removesuffix("'s") for word in words}


@functools.cache
def dictionary():
    """Return the dictionary of English."""
    return SpellChecker(language="en", distance=1)


NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
WORD = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|"
    r"fifty|sixty|hundred|thousand)"
)
UNIT = (
    r"(?: ?%| percent\b| (?:percentage )?points?\b| (?:milli|micro)?seconds?\b| m?s\b| minutes?\b|"
    r" errors?\b| mistakes?\b| times as\b)"
)
# What looks like a result: a number with a unit, a share, or a number beside a measure's name.
RESULT = re.compile(
    rf"(?:{NUMBER}|{WORD}){UNIT}|{WORD} (?:out )?of (?:ten|a hundred|a thousand)\b|"
    rf"(?:{NUMBER}|{WORD})(?: \w+){{0,3}} (?:right|wrong|correct(?:ly)?|misread|errors|mistakes)\b|"
    rf"\b(?:accuracy|loss|recall|precision)\b[^.\d\n]{{0,25}}{NUMBER}|"
    rf"{NUMBER} (?:accuracy|loss|recall|precision)\b",
    re.I,
)


def check_numbers(path, notebook):
    """Numbers in texts that look like results are bound to the run, or listed with a reason."""
    known = numbers_of_code(notebook)
    allowed = [entry["text"] for entry in PROSE["numbers"] if entry["notebook"] == path.stem]
    seen = set()
    for position, text in described(notebook):
        cell = notebook.cells[position]
        if cell.cell_type == "code" and "alt" not in cell.metadata:
            text = " ".join(alts_in(cell.source))
        text = BINDING.sub(lambda binding: re.sub(r"\d", "#", binding[0]), text)
        spans = []
        for phrase in allowed:
            for match in re.finditer(re.escape(phrase), text):
                spans.append(match.span())
                seen.add(phrase)
        if position == 0:
            spans += [m.span() for m in re.finditer(r"About \d+ minutes; .* \d+ seconds", text)]
        plain = blank_out(f"{CODE}|{MATH}|{LINK_TARGET}|<!--.*?-->", text)
        found = list(RESULT.finditer(plain))
        plain = blank_out(rf"{LINK_TARGET}|\[[^\]]*\]|<!--.*?-->|\(\d{{4}}\)", text)
        plain = re.sub(r"\\,|(?<=\d)\{,\}", "  ", plain)
        for match in re.finditer(NUMBER, plain):
            digits = match[0].replace(",", "")
            if len(digits) > 1 and digits not in known:
                found.append(match)
        for match in found:
            start, end = match.span()
            if not any(a <= start and end <= b for a, b in spans):
                yield (
                    position,
                    f"the number in {' '.join(match[0].split())!r} follows from nothing that runs; "
                    "bind it, as in 92 %<!-- 100 * accuracy -->, or list it in tests/prose.toml",
                )
    for phrase in set(allowed) - seen:
        yield None, f"does not say {phrase!r} anymore; take it out of tests/prose.toml"


def blank_out(pattern, text):
    """Return `text` with spaces in place of all that matches the pattern."""
    return re.sub(pattern, lambda match: " " * len(match[0]), text, flags=re.S)


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


def numbers_of_code(notebook):
    """Return all numbers in code and text outputs, as they are written but without commas."""
    texts = []
    for _, cell in code_cells(notebook):
        texts.append(cell.source)
        for output in cell.outputs:
            texts += [output.get("text", "")]
            texts += [v for k, v in output.get("data", {}).items() if k.startswith("text/")]
    plain = re.sub(r"(?<=\d)[,_](?=\d)", "", "\n".join(texts))
    return set(re.findall(r"\d+(?:\.\d+)?", plain)) | set(re.findall(r"\d+", plain))


def check_bindings(path, notebook):
    """A binding has a number before it and computes with what the notebook made."""
    for position, cell in enumerate(notebook.cells):
        text = cell.source if cell.cell_type == "markdown" else cell.metadata.get("alt", "")
        bindings = list(BINDING.finditer(text))
        if len(bindings) != text.count("<!--"):
            yield position, "a comment follows no number, or follows it too far away; move it"
        for binding in bindings:
            try:
                tree = ast.parse(binding["expression"], mode="eval")
            except SyntaxError:
                yield position, f"the binding {binding[0]!r} is no expression; mend it"
                continue
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            if not names - set(dir(builtins)):
                yield (
                    position,
                    f"the binding {binding[0]!r} computes with nothing that was run; use a name",
                )
            number = abs(float(binding["number"].replace(",", "").replace("−", "-")))
            if float(binding["tolerance"] or 0) > 0.2 * number:
                yield position, f"the tolerance in {binding[0]!r} is more than a fifth; reduce it"


def check_code(path, notebook):
    """Code is Python, and its comments quote no results, because nothing compares them."""
    for position, cell in code_cells(notebook):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield position, f"is no Python ({error}); mend it"
            continue
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
            if token.type == tokenize.COMMENT and RESULT.search(token.string):
                yield position, f"the comment {token.string!r} quotes a result; print it instead"


CHECKS = [
    check_form,
    check_runs,
    check_outputs,
    check_pictures,
    check_contract,
    check_links,
    check_spelling,
    check_bindings,
    check_numbers,
    check_code,
]


def main():
    """Print the problems of all notebooks, and return 1 if there are any."""
    problems = check_series()
    print("\n".join(problems) or f"{len(SERIES)} notebooks are stored as they should be.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
