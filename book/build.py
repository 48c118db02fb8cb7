"""Build the book: gather its pages, let Sphinx set them, take out what no page needs."""

import hashlib
import io
import re
import shutil
import struct
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from book import BUILT, HERE, BookError, formulas, style
from book.live import assemble
from book.pages import gather, inputs
from tools import PROJECT

# What the themes bring along, and no page of this book asks for.
UNUSED = [
    "_static/**/*.map",
    "_static/**/*.LICENSE.txt",
    "_static/locales",
    "_static/basic.css",
    "_static/scripts/fontawesome.js",
    "_static/styles",
    "_static/vendor",
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
    # It would only import the other, which a page would then ask for later than it could.
    shutil.copy(folder / "_static" / "basic.css", folder / "_static" / "styles" / "theme.css")
    style.merge(folder, apart="_static/katex/katex.css")
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in folder.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(hurry(page, folder, waits=path.stem == "search"), encoding="utf-8")
    formulas.write_style(folder / "_static" / "katex")
    (folder / "notebooks").mkdir()
    for path in project.notebooks():
        shutil.copy(path, folder / "notebooks")
    assemble(folder / "_static" / "live")


def hurry(page, folder, *, waits):
    """Return a page that shows its text before scripts, unless it waits for them, and pictures."""
    options = r'<script src="(_static/documentation_options\.js)[^"]*"></script>'
    page = re.sub(options, lambda m: f"<script>{(folder / m[1]).read_text('utf-8')}</script>", page)
    if not waits:
        page = re.sub(r'<script (?=src=")', "<script defer ", page)
    # Where a picture will be is known before it is there, so no text moves.
    return re.sub(r'<img (?=[^>]*src="(_images/[^"]+\.png)")', partial(_sized, folder), page)


def _sized(folder, match):
    # A PNG begins with its signature, and then with a chunk that tells its size.
    width, height = struct.unpack(">16x2I", (folder / match[1]).read_bytes()[:24])
    return f'<img loading="lazy" width="{width}" height="{height}" '


def size_of(folder):
    """Return how many bytes the files in a folder have."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
