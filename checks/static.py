"""All static checks of notebooks and pages: everything that can be seen without running them."""

import ast
import io
import itertools
import re
import tokenize

from checks.form import (
    WIDEST,
    check_code,
    check_form,
    check_outputs,
    check_runs,
    check_seal,
    is_as_written,
    texts_of,
)
from checks.links import check_links
from checks.notebook import UnreadableError, load
from checks.pictures import check_pictures
from checks.prose import check_numbers, check_words, fits, read_text, words_of

NEAR = 3  # a number in a text may stand in that many code cells before it and after it


def check_project(project):
    """Return the problems of all notebooks and pages, each as one line."""
    problems = list(project.more("check_project", project))
    for path in project.notebooks():
        problems += check_notebook(path, project)
    for page in project.pages:
        problems += [f"{page}: {problem}" for problem in check_page(project.root / page, project)]
    return problems or [
        f"pyproject.toml: the word {word!r} occurs nowhere; take it out of [tool.notebook_checks]"
        for word in unused_words(project)
    ]


def check_notebook(path, project):
    """Return the problems of the notebook at `path`, each as one line."""
    try:
        stored = load(path, project)
    except UnreadableError as error:
        return [str(error)]
    if not stored.cells:
        return [f"{path.name}: has no cells; restore it"]
    problems = []
    for check in [*CHECKS, *project.more("notebook_checks")]:
        try:
            found = list(check(stored))
        except Exception as error:  # whatever is so odd that a check cannot cope with it
            found = [(None, f"cannot be checked ({type(error).__name__}: {error}); simplify it")]
        problems += [stored.line(*problem) for problem in found]
    if not problems and project.sealed and not is_as_written(stored):
        return [stored.line(None, f"is not written as it would be stored; {stored.store}")]
    return problems


def check_page(path, project):
    """Yield what is wrong with the links, the words and the bound numbers of a Markdown page."""
    if not path.is_file():
        yield "is missing; restore it, or take it out of [tool.notebook_checks] in pyproject.toml"
        return
    text = read_text(path.read_text(encoding="utf-8"), page=True)
    yield from text.problems
    yield from check_links(text, path, project)
    yield from check_words(text, project.words)
    names = project.more("page_names", project, default={}) if text.bindings else {}
    for binding in text.bindings:
        yield from check_figure(binding, names)


def check_figure(binding, names):
    """Yield what is wrong with a number on a page that is bound to `names`."""
    try:
        value = eval(binding.expression, dict(names))
    except Exception as error:  # whatever an expression can raise
        yield f"the binding {binding} cannot be computed ({error!r}); correct it"
        return
    if not fits(binding.number, repr(value), binding.tolerance):
        yield f"{binding.number} is said, but {binding.expression} is {value:g}; correct it"


def unused_words(project):
    """Return the words that pyproject.toml lists although nothing says them."""
    pages = [project.root / page for page in project.pages]
    sources = [page.read_text(encoding="utf-8") for page in pages if page.is_file()]
    for path in project.notebooks():
        sources += [source for _, source in described(load(path, project))]
    texts = [read_text(source, page=True).prose for source in sources]
    said = {word.lower() for text in texts for word in words_of(text)}
    return sorted(set(project.words) - said)


def described(stored):
    """Yield position and source of all that is written for people: Markdown and alt texts."""
    yield from stored.texts()
    for position, cell, output in stored.pictures():
        alt = output.metadata.get("image/png", {}).get("alt", "")
        yield position, cell.metadata.get("alt", alt)


def check_prose(stored):
    """Words, numbers, bindings and links of all texts are in order."""
    project = stored.project
    beside = project.more("run_besides", stored, default={})
    for position, source in described(stored):
        cell, run = stored.cells[position], beside.get(position, [])
        text = read_text(source, code_run=run)
        exceptions = cell.metadata.get("exceptions", {})
        problems = [
            *text.problems,
            *check_words(text, project.words),
            # As if it lay where it belongs: a copy may be elsewhere.
            *check_links(text, project.folder / stored.path.name, project),
            *binding_problems(stored, text),
            *exception_problems(exceptions, text),
        ]
        if cell.cell_type == "markdown" and not words_of(text.plain):
            problems.append("shows nothing that one can read; remove it")
        if cell.cell_type == "code" and "alt" not in cell.metadata:
            text = read_text(" ".join(alts_in(cell.source)))  # made by the code, so compared
        known = numbers_near(stored, position) | numbers_in("\n".join(run)) | set(project.numbers)
        problems += check_numbers(text, known, exceptions)
        for problem in problems:
            yield position, problem


def binding_problems(stored, text):
    """Yield which tolerances of a text's bindings are not in order."""
    tolerances = [binding.tolerance for binding in text.bindings]
    if any(tolerances) and stored.path.stem not in stored.project.tolerant:
        yield "a binding has a tolerance, but results are the same everywhere here"
    if not all(tolerance <= WIDEST for tolerance in tolerances):
        yield f"a binding has a tolerance of more than {WIDEST}; make it narrower"


def exception_problems(exceptions, text):
    """Yield which exceptions of a cell let pass nothing, or too much, or give no reason."""
    for phrase, reason in exceptions.items():
        times = text.plain.count(phrase)
        if times != 1:
            yield f"its exception {phrase!r} occurs {times} times in it, not once; correct it"
        if not isinstance(reason, str) or not reason.strip():
            yield f"its exception {phrase!r} has no reason; write one"


def numbers_near(stored, position):
    """Return the numbers in code and text outputs of the code cells round a position."""
    more = stored.project.more
    code = [
        p for p, cell in stored.code() if not more("is_the_same_everywhere", cell, default=False)
    ]
    before = [p for p in code if p <= position][-NEAR:]
    after = [p for p in code if p > position][:NEAR]
    return numbers_of_code([stored.cells[p] for p in before + after])


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


CHECKS = [
    check_seal,
    check_form,
    check_runs,
    check_outputs,
    check_pictures,
    check_prose,
    check_code,
]
