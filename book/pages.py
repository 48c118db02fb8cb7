"""Gather the pages of the book: notebooks and texts of the repository, with links of the book.

Each becomes a file in one folder, from which Sphinx builds. Bindings are taken out, links lead to
pages of the book, pictures get their alt texts, and what cannot be shown is refused.
"""

import base64
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

from book import BookError
from book.formulas import set_formula
from checks.links import anchors
from checks.notebook import WIDGET, load

# The pages besides the notebooks, by their names in the book.
TEXTS = {
    "index": "book/index.md",
    "glossary": "notebooks/GLOSSARY.md",
    "teaching": "notebooks/TEACHING.md",
    "results": "bench/RESULTS.md",
    "proof": "proof/PROOF.md",
    "data": "data/README.md",
}
# The front page of the repository is for those who have it; here the start page stands for it.
INSTEAD = {"README.md": "index"}
# What it shows as code, on a page for each file that a text leads to.
LANGUAGES = {".py": "python", ".yaml": "yaml"}
# What the book can show of an output: of several kinds that are stored, the first.
SHOWN = "image/svg+xml", "image/png", "image/jpeg", "text/html", "text/markdown", "text/latex"
# How a picture of this kind begins.
PNG = b"\x89PNG\r\n"
# How Keras prints a summary, next to plain text.
RICH = re.compile(r"<pre style=[^>]+>")
# The steps whose canvas lives in the book, and the network that reads there first.
LIVE = {7: "dense", 11: "cnn"}
# Where the start page takes the picture from that stands for an element until it lives.
STILLS = {"live-canvas": (7, "DigitCanvas("), "live-training": (6, "LiveCurves(")}
# Code, comments, formulas, and links or pictures; code is left as it is.
PARTS = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<formula>\$\$.+?\$\$|\$[^$\n]+\$)"
    r"|(?P<bang>!?)\[(?P<label>[^\[\]]*)\]\((?P<target>[^()\s]+)\)",
    re.S | re.M,
)


def gather(project, folder):
    """Write all pages of a project into a folder, which is emptied before.

    Raises
    ------
    BookError
        If a page has what the book cannot show, or leads to what is not in it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pictures").mkdir(parents=True)
    gathering = _Gathering(project, folder)
    for path in project.notebooks():
        gathering.add_notebook(path)
    for name, path in TEXTS.items():
        gathering.add_text(name, project.root / path)
    for path in sorted(gathering.programs):
        gathering.add_program(path)


class _Gathering:
    """What the pages are called, and what they lead to."""

    def __init__(self, project, folder):
        self.project, self.folder = project, folder
        self.notebooks = project.notebooks()
        self.pages = {path: path.stem for path in self.notebooks}
        for name, path in [*TEXTS.items(), *((name, path) for path, name in INSTEAD.items())]:
            self.pages[project.root / path] = name
        self.programs = set()

    def add_notebook(self, path):
        """Write a notebook as Sphinx reads it."""
        stored = load(path, self.project)
        live = LIVE.get(int(path.stem[:2])) if path.stem[:2].isdigit() else None
        for position, cell in enumerate(stored.cells):
            where = f"{path.name}, {stored.name_of(position)}"
            if cell.cell_type == "markdown":
                cell.source = self.translate(cell.source, path, where)
                continue
            alts = {_show(output, where) for output in cell.get("outputs", [])} - {None}
            if len(alts) > 1:
                raise BookError(f"{where}: shows pictures with several alt texts; give it one")
            for alt in alts:
                cell.metadata["mystnb"] = {"image": {"alt": alt}}
            if live and alts and "DigitCanvas(" in cell.source:
                cell.metadata.setdefault("tags", []).append(f"live-{live}")
                live = None  # the first canvas of a step
        nbformat.write(stored.notebook, self.folder / path.name)

    def add_text(self, name, path):
        """Write a page of text; the start page shows the map of the README, and lists all pages."""
        where = path.relative_to(self.project.root).as_posix()
        if not path.is_file():
            raise BookError(f"{where}: is missing; restore it")
        text = self.translate(path.read_text(encoding="utf-8"), path, where)
        if name == "index":
            text = re.sub(r"^```\{([\w-]+)\} ?(\w*)\n```$", self.fill, text, flags=re.M)
            text += _contents("The steps", [page.stem for page in self.notebooks])
            text += _contents("Besides", [page for page in TEXTS if page != name])
        (self.folder / f"{name}.md").write_text(text, encoding="utf-8")

    def add_program(self, path):
        """Write a page that shows a program, to which some text leads."""
        name = path.relative_to(self.project.root).as_posix()
        code = path.read_text(encoding="utf-8")
        language = LANGUAGES[path.suffix]
        text = f"---\norphan: true\n---\n# {name}\n\n````{language}\n{code}````\n"
        (self.folder / f"{self.pages[path]}.md").write_text(text, encoding="utf-8")

    def translate(self, text, path, where):
        """Return a text of the file `path` without bindings, and with the links of the book."""

        def part(match):
            if match["code"]:
                return match[0]
            if match["comment"]:
                return ""
            if match["formula"]:
                return self.formula(match[0], where)
            take = self.picture if match["bang"] else self.link
            target = take(match["target"], path, f"{where}: ")
            return f"{match['bang']}[{match['label']}]({target})"

        return PARTS.sub(part, text)

    def link(self, target, path, where):
        """Return where a link leads in the book; to a program that is not in it yet, add it."""
        url = urlsplit(target)
        if url.scheme or not url.path:
            return target
        file = (path.parent / url.path).resolve()
        inside = file.is_file() and file.is_relative_to(self.project.root)
        if file not in self.pages and inside and file.suffix in LANGUAGES:
            parts = file.relative_to(self.project.root).with_suffix("").parts
            self.pages[file] = "_".join(parts)
            self.programs.add(file)
        if file not in self.pages:
            raise BookError(
                f"{where}the link to {target} leads to no page of the book; correct it, or add the "
                "page to TEXTS in book/pages.py"
            )
        if url.fragment and url.fragment not in anchors(file):
            raise BookError(f"{where}the link to {target} leads to no heading there; correct it")
        suffix = ".ipynb" if file.suffix == ".ipynb" else ".md"
        return self.pages[file] + suffix + (f"#{url.fragment}" if url.fragment else "")

    def formula(self, formula, where):
        """Return a formula as it is, if it can be set."""
        try:
            set_formula(formula.strip("$"), display=formula.startswith("$$"))
        except BookError as problem:
            raise BookError(f"{where}: {problem}") from None
        return formula

    def picture(self, target, path, where):
        """Return where a picture lies in the book."""
        file = (path.parent / target).resolve()
        if not (file.is_file() and file.is_relative_to(self.project.root)):
            raise BookError(f"{where}the picture {target} is missing; make it again")
        if file.suffix == ".png" and not file.read_bytes().startswith(PNG):
            raise BookError(f"{where}the picture {target} is damaged; make it again")
        name = "_".join(file.relative_to(self.project.root).parts)
        shutil.copy(file, self.folder / "pictures" / name)
        return f"pictures/{name}"

    def fill(self, match):
        """Return what stands on the start page in the place of a name in braces."""
        kind, network = match.groups()
        if kind == "map":
            readme = self.project.root / "README.md"
            text = readme.read_text(encoding="utf-8")
            table = re.search(r"^## The steps\n+((?:\|.+\n)+)", text, re.M)[1]
            return self.translate(table, readme, "README.md")
        number, code = STILLS[kind]
        stored = load(*self.project.numbered(str(number)), self.project)
        for _, cell, png, alt in stored.pictures():
            if code in cell.source:
                (self.folder / "pictures" / f"{kind}.png").write_bytes(base64.b64decode(png))
                picture = f"![{alt}](pictures/{kind}.png)"
                more = f' data-network="{network}"' if network else ""
                return f'<div class="{kind}"{more}>\n\n{picture}\n\n</div>'
        raise BookError(
            f"{stored.path.name}: the still picture of {code}…) for the start page is missing; "
            f"{stored.store}"
        )


def _show(output, where):
    """Leave of an output what the book shows; return the alt text if it is a picture, or None."""
    if output.output_type == "error":
        raise BookError(f"{where}: stopped with {output.ename}; mend it and store it again")
    data = output.get("data", {})
    widget = data.pop(WIDGET, None)
    if RICH.match(data.get("text/html", "")):
        del data["text/html"]  # its colors are for white paper, and the text says the same
        data["text/plain"] = re.sub(r"\x1b\[[\d;]*m", "", data["text/plain"])
    best = next((kind for kind in SHOWN if kind in data), None)
    unknown = sorted(data.keys() - {*SHOWN, "text/plain"})
    if widget and not (best or "").startswith("image/"):
        raise BookError(f"{where}: shows a widget without a still picture; store it again")
    if data and not best and (unknown or "text/plain" not in data):
        raise BookError(
            f"{where}: has an output of the kind {unknown[0]}, which the book cannot show; let the "
            "cell show a picture or print text"
        )
    if best == "text/html" and "<script" in data[best]:
        raise BookError(f"{where}: has an output with a script, which the book cannot show")
    if not (best or "").startswith("image/"):
        return None
    if best == "image/png" and not _is_png(data[best]):
        raise BookError(f"{where}: its picture is damaged; store it again")
    alt = output.metadata.get(best, {}).get("alt")
    if not alt:
        raise BookError(f"{where}: shows a picture without an alt text; write it")
    return alt


def _is_png(text):
    try:
        return base64.b64decode(text).startswith(PNG)
    except ValueError:
        return False


def _contents(caption, names):
    lines = "\n".join(names)
    return f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def inputs(project):
    """Yield each file that the book is made of: if none of them changes, it stays the same."""
    yield from project.notebooks()
    for path in [*TEXTS.values(), *INSTEAD, "requirements.lock"]:
        yield project.root / path
    for folder in ("bench", "book", "src/helpers"):
        for path in sorted((project.root / folder).rglob("*")):
            hidden = {"_build", "__pycache__"} & {*Path(path).parts}
            if path.is_file() and not hidden and path.suffix != ".pyc":
                yield path
