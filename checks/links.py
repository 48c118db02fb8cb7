"""Links and pictures in Markdown: they lead to what is there, or to a known host."""

import re
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from checks.notebook import markdown_of


def check_links(text, path, project):
    """Yield each link or picture that does not lead to what it says.

    Parameters
    ----------
    text : checks.prose.Text
    path : Path
        Where the text stands in the repository.
    project : checks.project.Project
    """
    for alt, target in text.pictures:
        if not alt:
            yield f"the picture {target!r} has no alt text; write one"
        if not inside(path.parent / target, project.root):
            yield f"the picture {target!r} is not there; correct it"
    for label, target in text.links:
        yield from paper_problems(label, target, project.papers)
        for problem in link_problems(label.strip(), target, path, project):
            yield f"the link [{label}]({target}) {problem}; correct it"


def paper_problems(label, target, papers):
    """Yield where the label of a paper has another author or year than the list of papers."""
    years = re.findall(r"\b(?:19|20)\d\d\b", label)
    if target not in papers:
        if years and "://" in target:
            yield (
                f"the paper [{label}]({target}) is not in `papers` under [tool.notebook_checks] in "
                "pyproject.toml; add its first author and its year"
            )
        return
    author, year = papers[target].rsplit(" ", 1)
    if author not in label or set(years) - {year}:
        yield f"the label [{label}]({target}) is not of {author}, {year}; correct it"


def inside(file, root):
    """Return whether there is such a file, in the repository."""
    try:
        return file.resolve().is_relative_to(root) and file.is_file()
    except (OSError, ValueError):
        return False


def link_problems(label, target, path, project):
    """Yield what is wrong with one link."""
    try:
        url = urlsplit(target)
    except ValueError:
        yield "is no address"
        return
    if not label:
        yield "has no text"
    if url.scheme or url.netloc:
        if url.scheme not in ("http", "https") or url.netloc not in project.hosts:
            yield "leads to a host that is not under [tool.notebook_checks] in pyproject.toml"
        return
    file = path.parent / url.path if url.path else path
    if url.query or not (url.path or url.fragment) or not inside(file, project.root):
        yield "leads nowhere"
        return
    if url.fragment and url.fragment not in anchors(file):
        yield f"leads to no heading of {file.name}"
    yield from project.more("link_problems", label, file, project)


def anchors(file):
    """Return the anchors of the headings of a page or notebook, as JupyterLab and GitHub do."""
    source = "\n".join(markdown_of(file))
    if file.suffix == ".md":
        source = file.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+?)\s*$", source, re.M)
    lab = {heading.replace(" ", "-") for heading in headings}
    return lab | {re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in headings}


def dead_links(project):
    """Yield each link to the web, of any text of the project, that gives no page."""
    sources = [(page, project.root / page) for page in project.pages]
    sources += [(path.name, path) for path in project.notebooks()]
    for name, path in sources:
        text = path.read_text(encoding="utf-8")
        for target in sorted(set(re.findall(r"\]\((https?://[^\s)]+)\)", text))):
            problem = unreachable(target)
            if problem:
                yield f"{name}: the link {target} gives no page ({problem}); correct it"


def unreachable(target):
    """Return why an address gives no page, or None."""
    request = Request(target, headers={"User-Agent": "Mozilla/5.0"})  # some refuse all others
    try:
        with urlopen(request, timeout=30):
            return None
    except HTTPError as error:
        # Publishers let no program in, but answer otherwise to what is not there.
        return None if error.code in (401, 403, 405, 418, 429) else str(error)
    except (OSError, ValueError) as error:
        return str(error)
