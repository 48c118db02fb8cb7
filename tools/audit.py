"""Read a notebook beside its run: print each sentence that claims something, and what holds it.

    make audit STEP=6             what step 6 claims, each below the cell that it rests on
    make audit PAGE=README.md     the same of a page
    make audit STEP=6 READ=1      all of it was read, and is true

Before a sentence stands `=` if a condition or a bound number holds it to the run, `?` if only a
reader does, and `+` besides if it has changed since it was last read. Without a step or page, what
has changed anywhere is shown.
"""

import argparse
import json
import re
import sys
import textwrap

from checks.bindings import NUMBER
from checks.claims import LEXICON
from checks.form import texts_of
from checks.notebook import load
from checks.numbers import sentences, without_comments
from checks.prose import read_text
from checks.readings import passages_in, passages_of, readings, unread
from helpers.data import write_whole
from tools import PROJECT

LINES = 6  # so many of a cell's code and of its output are shown
# Beyond the lexicon: words whose opposite would turn a sentence into a lie.
OPPOSITES = (
    r"\b(?:left|right|top|bottom|upper|lower|rows?|columns?|above|below|positive|negative|"
    r"increases?|decreases?|rises?|falls?|grows?|shrinks?|keeps?|dark|bright|light|wrong|more|less|"
    r"fewer|smaller|larger|higher|better|worse|training|validation|test|first|second|last|before|"
    r"after|always|never|only|every|each|all|none|no|not|both|because|so|causes?|proves?|shows?)\b"
)
CLAIMS = re.compile("|".join([*LEXICON.values(), OPPOSITES]), re.I)


def main():
    """Print what is to be read, or note that it was read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="numbers of steps, or pages such as README.md")
    parser.add_argument("--read", action="store_true", help="note that all of it was read")
    arguments = parser.parse_args()
    names = re.findall(r"[^\s,]+", " ".join(arguments.names))
    try:
        named = {name: passages for word in names for name, passages in numbered(word).items()}
    except ValueError as error:  # there is no such step or page
        sys.exit(str(error))
    for name, passages in (named or everything()).items():
        new = {id(passage) for passage in unread(passages, name, PROJECT)}
        if arguments.read:
            note(name, passages)
            print(f"{name}: {len(passages)} passages read, {len(new)} of them new")
        else:
            show(name, [p for p in passages if named or id(p) in new], new)


def numbered(word):
    """Return the passages of a page, or of the notebooks of a number, by its name."""
    if word in PROJECT.pages:
        return {word: passages_of((PROJECT.root / word).read_text("utf-8"), None)}
    return {path.name: passages_in(load(path, PROJECT)) for path in PROJECT.numbered(word)}


def everything():
    """Return the passages of all notebooks and pages."""
    steps = [re.match(r"\d+", path.name)[0] for path in PROJECT.notebooks()]
    return {
        name: passages
        for word in [*steps, *PROJECT.pages]
        for name, passages in numbered(word).items()
    }


def note(name, passages):
    """Write down that all passages of a page were read as they are."""
    signs = {**readings(PROJECT), name: [passage.sign for passage in passages]}
    text = json.dumps({page: " ".join(signs[page]) for page in sorted(signs)}, indent=1)
    path = PROJECT.root / PROJECT.readings
    write_whole(path, lambda temporary: temporary.write_text(text + "\n", encoding="utf-8"))


def show(name, passages, new):
    """Print passages, each group below the cell that it rests on."""
    cells = load(PROJECT.folder / name, PROJECT).cells if name.endswith(".ipynb") else []
    above = None
    for passage in passages:
        lines = list(lines_of(passage, fresh=id(passage) in new))
        if not lines:
            continue
        if passage.rests_on not in (None, above):
            above = passage.rests_on
            print(f"\n{name} [{above}]")
            for part in [without_comments(cells[above].source), *texts_of(cells[above])]:
                seen = [line.rstrip() for line in part.splitlines() if line.strip()]
                print(*(f"    | {line}" for line in seen[-LINES:]), sep="\n")
        elif above is None and passage is passages[0]:
            print(f"\n{name}")
        print("\n".join(lines))


def lines_of(passage, *, fresh):
    """Yield the sentences of a passage that claim something, or all if it is fresh."""
    seen = re.sub(r"<!--.*?-->", "", passage.source, flags=re.S)
    text = read_text(passage.source)
    held = text.claimed or text.bindings
    conditions = "; ".join(binding.expression for binding in text.bindings)
    for start, end in sentences(seen):
        sentence = " ".join(seen[start : end + 1].split())
        if sentence and (fresh or CLAIMS.search(sentence) or NUMBER.search(sentence)):
            mark = ("+" if fresh else " ") + ("=" if held else "?")
            yield textwrap.fill(sentence, 100, initial_indent=f"{mark} ", subsequent_indent="   ")
    if conditions and fresh | bool(CLAIMS.search(seen)):
        yield textwrap.indent(textwrap.fill(conditions, 94), "      ")


if __name__ == "__main__":
    main()
