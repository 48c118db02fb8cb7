"""All static checks of notebooks and pages: everything that can be seen without running them."""

import ast
import dataclasses
import re

from checks.bindings import REASON
from checks.claims import CLAIM, CLAIM_OF_PICTURE, check_claims, check_tests
from checks.form import (
    check_code,
    check_form,
    check_outputs,
    check_runs,
    check_seal,
    check_written,
    texts_of,
    tolerance_problems,
)
from checks.formulas import check_formulas
from checks.links import check_links
from checks.notebook import UnreadableError, load
from checks.numbers import NEAR, check_numbers, comments_of, pieces_of, without_comments
from checks.pages import check_commands, check_page
from checks.pictures import check_pictures
from checks.prose import Text, check_words, exception_problems, labels_of, read_text, words_of
from checks.readings import check_readings
from checks.style import check_style


def check_project(project):
    """Return the problems of all notebooks and pages, each as one line."""
    problems = list(project.more("check_project", project))
    for path in project.notebooks():
        problems += check_notebook(path, project)
    for page in project.pages:
        problems += [f"{page}: {problem}" for problem in check_page(page, project)]
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
    if not problems and project.sealed:
        return [stored.line(*problem) for problem in check_written(stored)]
    return problems


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
    for position, cell, _, alt in stored.pictures():
        yield position, cell.metadata.get("alt", alt)


def check_formulas_of(stored):
    """Formulas are held to what runs, or are so for whatever numbers."""
    texts = [(position, read_text(source)) for position, source in described(stored)]
    yield from check_formulas(texts)


def check_prose(stored):
    """Words, numbers, claims, code, bindings and links of all texts are in order."""
    project = stored.project
    beside = project.more("run_besides", stored, default={})
    place = project.folder / stored.path.name  # where it belongs: a copy may be elsewhere
    written = [
        without_blanks(part) for _, cell in stored.code() for part in (cell.source, *texts_of(cell))
    ]
    for position, source in described(stored):
        cell, run = stored.cells[position], beside.get(position, [])
        is_text = cell.cell_type == "markdown"
        text = read_text(source, code_run=tuple(run))
        exceptions = cell.metadata.get("exceptions", {})
        problems = [
            *text.problems,
            *check_words(text, project.words),
            *check_links(text, place, project),
            *check_tests(text, project),
            *check_commands("", text, place, project, {*exceptions}),
            *tolerance_problems(
                [("numbers", b.tolerance) for b in text.bindings if b.tolerance], stored
            ),
        ]
        if is_text and not words_of(text.plain):
            problems.append("shows nothing that one can read; remove it")
        if not is_text and "alt" not in cell.metadata:
            text = read_text(alt_in(cell.source))  # made by the code, so compared
        known = {*project.phrases, *exceptions, *labels_of(text)}
        problems += check_style(text, known, project.terms)
        problems += check_numbers(text, lines_near(stored, position, run), known)
        problems += check_claims(text, known, CLAIM if is_text else CLAIM_OF_PICTURE)
        problems += check_code_spans(text, [*written, *map(without_blanks, run)], known)
        for problem in problems:
            yield position, problem


def lines_near(stored, position, run):
    """Return the lines of each piece of code or output near a position, and of what is run there.

    `run` is the code of an exercise; see `check_numbers`.
    """
    more = stored.project.more
    code = [
        p for p, cell in stored.code() if not more("is_the_same_everywhere", cell, default=False)
    ]
    near = [p for p in code if p <= position][-NEAR:] + [p for p in code if p > position][:NEAR]
    pieces = [piece for p in near for piece in pieces_of(stored.cells[p])]
    return [*pieces, *(part.splitlines() for part in run)]


def check_code_spans(text, written, known):
    """Yield each piece of code in a text that computes something, but that no cell has."""
    for span in set(text.code) - set(known):
        plain = without_blanks(span)
        # What only names something, such as X, fit or f(x), need not stand there.
        computes = re.search(r"\d|\w.*[=@*+/].*\w", plain) and not plain.isidentifier()
        if computes and "…" not in plain and not any(plain in code for code in written):
            yield (
                f"the code `{span}` stands in no cell of this notebook; write it as the code has "
                f"it, {REASON}"
            )


def without_blanks(code):
    """Return code without blanks, to be compared with other code."""
    return re.sub(r"\s+", "", code)


def check_comments(stored):
    """Numbers in comments and docstrings stand in the code beside them or in what it prints."""
    for position, cell in stored.code():
        known = {*stored.project.phrases, *cell.metadata.get("exceptions", {})}
        for quote in quotes_in(cell.source):
            beside = [piece for piece in pieces_of(cell) if quote not in "\n".join(piece)]
            beside += [without_comments(cell.source).replace(quote, "").splitlines()]
            for problem in check_numbers(Text(plain=quote), beside, known):
                yield position, f"a comment: {problem}"


def check_exceptions(stored):
    """Each exception of a cell stands in its text, or in its alt text or comments, and once."""
    for position, cell in enumerate(stored.cells):
        text, more = read_text(cell.source), []
        if cell.cell_type == "code":
            text = read_text(cell.metadata.get("alt", alt_in(cell.source)))
            more = quotes_in(cell.source)
        written = dataclasses.replace(text, plain="\n".join([text.plain, *more]))
        for problem in exception_problems(cell.metadata.get("exceptions", {}), written):
            yield position, problem


def quotes_in(source):
    """Return the comments and docstrings of code."""
    comments = [token.string.lstrip("# ") for token in comments_of(source)]
    values = [node.value for node in nodes_of(source) if isinstance(node, ast.Expr)]
    return comments + [v.value for v in values if isinstance(getattr(v, "value", None), str)]


def alt_in(source):
    """Return the literal parts of all `alt=` arguments in code, as one text."""
    nodes = [n for n in nodes_of(source) if isinstance(n, ast.keyword) and n.arg == "alt"]
    parts = [getattr(part, "value", None) for node in nodes for part in ast.walk(node.value)]
    return " ".join(part for part in parts if isinstance(part, str))


def nodes_of(source):
    """Return all nodes of code, none if it is no Python."""
    try:
        return list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []


CHECKS = [
    check_seal,
    check_form,
    check_runs,
    check_outputs,
    check_pictures,
    check_prose,
    check_formulas_of,
    check_code,
    check_comments,
    check_exceptions,
    check_readings,
]
