"""Readings: no paragraph is published that nobody has read beside the cell that it rests on.

A condition holds a number or a claim to the run, but what a sentence says besides only a reader can
judge. So a file keeps a sign of each paragraph, alt text and comment as it was when it was last
read; whoever changes a word, or the code above, is asked to read it again. A bound number may
change with the run. `tools/audit.py` shows what to read, and writes the file.
"""

import dataclasses
import hashlib
import json
import re

from checks.numbers import comments_of, without_comments
from checks.prose import read_text


@dataclasses.dataclass
class Passage:
    """A paragraph, an alt text, or the comments of a cell: what is read at once."""

    position: int | None  # of the cell; None on a page
    source: str
    rests_on: int | None = None  # the code cell that it speaks of
    code: str = ""  # of that cell

    @property
    def sign(self):
        """Six signs that are made of all that a reader sees of it, and of the code."""
        text = read_text(self.source)
        formulas = re.findall(r"\$[^$]+\$", re.sub(r"<!--.*?-->", "", self.source, flags=re.S))
        held = [binding.expression for binding in text.bindings]
        commands = re.findall(r"^```\n.*", self.source, re.M | re.S)
        seen = [text.plain, text.code, text.links, formulas, held, self.code, *commands]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:6]


def passages_of(source, *where):
    """Return the paragraphs of a Markdown text as passages."""
    parts = re.split(r"\n\s*\n", source)
    return [Passage(*where[:1], part, *where[1:]) for part in parts if part.strip()]


def passages_in(stored):
    """Return what is to be read in a notebook, in its order."""
    found, above, code = [], None, ""
    for position, cell in enumerate(stored.cells):
        if cell.cell_type == "code":
            above, code = position, without_comments(cell.source)
            comments = [token.string.lstrip("# ") for token in comments_of(cell.source)]
            comments += re.findall(r'""".*?"""', cell.source, re.S)
            for written in ["\n\n".join(comments), cell.metadata.get("alt", "")]:
                if written:
                    found.append(Passage(position, written, above, code))
        else:
            found += passages_of(cell.source, position, above, code)
    return found


def readings(project):
    """Return the signs of what has been read, by the name of its page."""
    path = project.root / project.readings
    if not path.is_file():
        return {}
    return {name: signs.split() for name, signs in json.loads(path.read_text("utf-8")).items()}


def unread(passages, name, project):
    """Return those of the passages of a page that were not read as they are."""
    known = set(readings(project).get(name, []))
    return [passage for passage in passages if passage.sign not in known]


def check_readings(stored):
    """Yield which passage of a notebook, and how many more, nobody has read as they are."""
    if stored.project.readings:
        step = re.match(r"0*(\d*)", stored.path.stem)[1]
        new = unread(passages_in(stored), stored.path.name, stored.project)
        if new:
            yield new[0].position, _ask(new, f"STEP={step}")


def check_page_readings(page, source, project):
    """Yield which paragraph of a page, and how many more, nobody has read as they are."""
    if project.readings and (new := unread(passages_of(source, None), page, project)):
        yield _ask(new, f"PAGE={page}")


def _ask(new, which):
    start = " ".join((read_text(new[0].source).plain or new[0].source).split())[:60]
    more = f" and {len(new) - 1} more passages" if len(new) > 1 else ""
    return (
        f"nobody has read '{start}'{more} since they, or the code above, were changed; see make "
        f"audit {which}, and when all is true, run make audit {which} READ=1"
    )
