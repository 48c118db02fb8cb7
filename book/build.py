"""Build the book: gather its pages, let Sphinx set them, take out what no page needs."""

import hashlib
import io
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from book import BUILT, HERE, BookError, formulas
from book.live import assemble
from book.pages import gather, inputs
from tools import PROJECT

# What the themes bring along, and no page of this book asks for.
UNUSED = [
    "_static/**/*.map",
    "_static/**/*.LICENSE.txt",
    "_static/locales",
    "_static/scripts/fontawesome.js",
    "_static/vendor/fontawesome/webfonts/fa-brands-400.woff2",
    "_static/vendor/fontawesome/webfonts/fa-regular-400.woff2",
    "_static/sbt-webpack-macros.html",
    "_static/webpack-macros.html",
    ".buildinfo",
    "objects.inv",
]


def build(target=BUILT / "html", project=PROJECT):
    """Build the book into a folder; if nothing has changed since it was built, leave it.

    Returns
    -------
    bool
        Whether it was built.

    Raises
    ------
    BookError
        If there is something that cannot stand in it. The book that was there before stays.
    """
    sign, stamp = fingerprint(project), target.with_suffix(".stamp")
    if target.is_dir() and stamp.is_file() and stamp.read_text(encoding="utf-8") == sign:
        return False
    work = target.with_suffix(".new")
    shutil.rmtree(work, ignore_errors=True)
    gather(project, work / "source")
    run_sphinx(work)
    finish(work / "html", project)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    (work / "html").rename(target)
    shutil.rmtree(work)
    stamp.write_text(sign, encoding="utf-8")
    return True


def fingerprint(project):
    """Return the SHA-256 of all that the book is made of."""
    paths = [path for path in inputs(project) if path.is_file()]  # what is missing is told later
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def run_sphinx(work):
    """Let Sphinx set the pages; whatever it warns of is refused."""
    warnings = io.StringIO()
    folders = [work / "source", HERE, work / "html", work / "doctrees"]
    try:
        sphinx = Sphinx(*folders, "html", status=None, warning=warnings, freshenv=True)
        sphinx.build()
    except SphinxError as error:
        raise BookError(f"Sphinx cannot build the book: {error}") from None
    lines = re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue()).splitlines()
    if lines:
        raise BookError(lines[0].replace(f"{work / 'source'}/", "").replace("WARNING: ", ""))


def finish(folder, project):
    """Add what is loaded beside the pages, and take out what is not."""
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    style = folder / "_static" / "styles" / "pydata-sphinx-theme.css"
    style.write_text(slim(style.read_text(encoding="utf-8"), folder), encoding="utf-8")
    basic = (folder / "_static" / "basic.css").read_text(encoding="utf-8")
    (style.parent / "theme.css").write_text(basic, encoding="utf-8")  # it would only import that
    for path in folder.glob("*.html"):
        if path.stem != "search":  # the text is shown before any script that it does not wait for
            text = path.read_text(encoding="utf-8")
            text = re.sub(r'<script (?=src="_static/(?!doc\w+_options))', "<script defer ", text)
            path.write_text(text, encoding="utf-8")
    formulas.write_style(folder / "_static" / "katex")
    (folder / "notebooks").mkdir()
    for path in project.notebooks():
        shutil.copy(path, folder / "notebooks")
    assemble(folder / "_static" / "live")


def slim(style, folder):
    """Return the style sheet of the theme without the two thousand icons that no page shows."""
    pages = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    shown = set(re.findall(r"\bfa-[\w-]+", pages))

    def rule(match):
        names = set(re.findall(r"\.(fa-[\w-]+)", match[1]))
        return match[0] if names & shown else ""

    return re.sub(r'(?<=\})((?:\.fa-[\w-]+,?)+)\{--fa:"[^"]*"\}', rule, style)


def size_of(folder):
    """Return how many bytes the files in a folder have."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
