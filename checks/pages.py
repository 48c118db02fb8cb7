"""Static checks of Markdown pages that are no notebooks, such as the README."""

import re
from pathlib import Path

from checks.claims import check_claims, check_tests
from checks.links import check_links
from checks.numbers import check_numbers
from checks.prose import check_words, exception_problems, labels_of, read_text
from checks.readings import check_page_readings
from checks.style import check_style
from kernels.influence import judge

# A file or folder in code: it ends in one of these, or has a slash.
FILE = (
    r"(?:[\w.-]+/)*[\w.-]+\.(?:ipynb|js|json|keras|lock|md|npz|py|toml|txt|yaml|yml|zip)|"
    r"(?:[\w.-]+/)+\w*"
)


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
    yield from check_page_readings(page, source, project)
    if page not in project.generated:
        yield from check_style(text, known, project.terms)
        yield from check_numbers(text, [], known)
        yield from check_claims(text, known)
    yield from check_commands(source, text, path, project, known)
    names = project.more("page_names", project, default={}) if text.bindings else {}
    yield from check_tests(text, project)
    for binding in text.bindings:
        if binding.kind == "tested":
            continue
        problem = binding.problem(*judge(binding.expression, binding.kind, names))
        if problem:
            yield problem


def check_commands(source, text, path, project, known):
    """Yield which targets and variables of make, modules and files a text names in vain."""
    makefile = project.root / "Makefile"
    made = makefile.read_text(encoding="utf-8") if makefile.exists() else ""
    targets = re.findall(r"^([\w-]+)(?: [\w-]+)*:", made, re.M)
    targets += " ".join(re.findall(r"^\.PHONY: (.+)$", made, re.M)).split()
    fences = re.findall(r"^```\n(.*?)^```$", source, re.M | re.S)
    for line in [*text.code, *"".join(fences).splitlines()]:
        command = re.match(r"make ([a-z]\S*)(.*)", line)
        if command and command[1] not in targets:
            yield f"names `{line}`, but the Makefile has no {command[1]}; correct it"
        for name in re.findall(r"\b([A-Z]+)=", command[2] if command else ""):
            if not re.search(rf"\b{name}\b", made):
                yield f"names `{line}`, but the Makefile knows no {name}; correct it"
        for module in re.findall(r"\bpython[\d.]* -m ([\w.]+)", line):
            package, file = module.partition(".")[0], module.replace(".", "/")
            ours = (project.root / package).is_dir()
            if ours and not [*project.root.glob(file), *project.root.glob(f"{file}.py")]:
                yield f"names `{line}`, but there is no {module}; correct it"
    ignore = project.root / ".gitignore"
    ignored = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    later = re.findall(r"^[^#\s]\S*$", ignored, re.M)
    for word in {word for span in set(text.code) - known for word in span.split()}:
        if re.fullmatch(r"[0-9a-f]{32,}", word):
            if not _is_in_code(word, project):
                yield f"names `{word}`, a checksum that no program has; correct it"
        elif re.fullmatch(FILE, word):
            near = [project.root / word, path.parent / word, *project.root.glob(f"*/{word}")]
            there = any(f"{word}/".startswith(f"{kept.rstrip('/')}/") for kept in later)
            there |= any(file.exists() for file in near)
            made = Path(word).suffix and _is_in_code(f'"{Path(word).name}"', project)
            if not there and not made:
                yield f"names `{word}`, which is not there; correct it"


def _is_in_code(text, project):
    return any(text in file.read_text(encoding="utf-8") for file in project.source_files())
