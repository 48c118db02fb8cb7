"""Static checks of Markdown pages that are no notebooks, such as the README."""

import re
from pathlib import Path

from checks.claims import check_claims
from checks.links import check_links
from checks.numbers import check_numbers
from checks.prose import check_words, exception_problems, labels_of, read_text
from checks.readings import check_page_readings
from checks.style import check_style
from kernels.influence import judge

FILES = "ipynb|js|json|keras|lock|md|npz|py|toml|txt|yml|zip"  # what a span of code ends in then


def check_page(page, project):
    """Yield what is wrong with the texts, links, commands and bindings of a page.

    Parameters
    ----------
    page : str
        Its path, from the root of the repository.
    project : checks.project.Project
    """
    path = project.root / page
    if not path.is_file():
        yield "is missing; restore it, or take it out of [tool.notebook_checks] in pyproject.toml"
        return
    source = path.read_text(encoding="utf-8")
    text = read_text(project.more("held_elsewhere", source, default=source), page=True)
    exceptions = project.exceptions.get(page, {})
    known = {*project.phrases, *exceptions, *labels_of(text)}
    yield from text.problems
    yield from exception_problems(exceptions, text)
    yield from check_links(text, path, project)
    yield from check_words(text, project.words)
    if page not in project.generated:
        yield from check_style(text, known, project.terms)
        yield from check_numbers(text, [], known)
        yield from check_claims(text, known)
        yield from check_page_readings(page, source, project)
    yield from check_commands(source, text, path, project, known)
    names = project.more("page_names", project, default={}) if text.bindings else {}
    for binding in text.bindings:
        problem = binding.problem(*judge(binding.expression, binding.kind, names))
        if problem:
            yield problem


def check_commands(source, text, path, project, known):
    """Yield which targets of make, and which files, a page names although there are none."""
    makefile = project.root / "Makefile"
    made = makefile.read_text(encoding="utf-8") if makefile.exists() else ""
    targets = re.findall(r"^([\w-]+)(?: [\w-]+)*:", made, re.M)
    targets += " ".join(re.findall(r"^\.PHONY: (.+)$", made, re.M)).split()
    fences = re.findall(r"^```\n(.*?)^```$", source, re.M | re.S)
    for line in [*text.code, *"".join(fences).splitlines()]:
        command = re.match(r"make ([a-z]\S*)", line)
        if command and command[1] not in targets:
            yield f"names `{line}`, but the Makefile has no {command[1]}; correct it"
    ignore = project.root / ".gitignore"
    later = ignore.read_text(encoding="utf-8").split() if ignore.exists() else []
    makers = [file.read_text(encoding="utf-8") for file in project.source_files()]
    for span in set(text.code) - known:
        if not re.fullmatch(rf"[\w./-]+/|[\w./-]+\.(?:{FILES})", span):
            continue
        near = [project.root / span, path.parent / span, *project.root.glob(f"*/{span}")]
        made_later = span in later or any(f'"{Path(span).name}"' in code for code in makers)
        if not any(file.exists() for file in near) and not made_later:
            yield f"names `{span}`, which is not there; correct it"
