"""Formulas are set while the book is built: KaTeX runs here, and no script runs in the reader."""

import functools
import json
import re

import quickjs
from docutils import nodes

from book import HERE, BookError

KATEX = HERE / "katex"


@functools.cache
def engine():
    """Return a JavaScript engine that has read KaTeX; that takes a tenth of a second."""
    context = quickjs.Context()
    context.eval((KATEX / "katex.min.js").read_text(encoding="utf-8"))
    return context


@functools.cache
def set_formula(formula, *, display=False):
    """Return a formula in TeX as HTML, with MathML in it for those who listen.

    Raises
    ------
    BookError
        If KaTeX cannot read it.
    """
    options = json.dumps({"displayMode": display, "strict": "ignore"})
    call = f"[katex.renderToString({json.dumps(formula)}, {options})]"
    try:
        # As JSON, because the engine hands over no string that it has put together lazily.
        return json.loads(engine().eval(call).json())[0]
    except quickjs.JSException as error:
        problem = str(error).splitlines()[0].removeprefix("ParseError: KaTeX parse error: ")
        raise BookError(f"the formula {formula!r} cannot be set ({problem}); correct it") from None


def write_style(folder):
    """Write what a browser needs to show formulas: the style sheet, and the fonts that it names."""
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    style = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    # Every browser that can show the book reads WOFF2.
    style = re.sub(r',url\([^)]+\.(?:woff|ttf)\) format\("[^"]+"\)', "", style)
    (folder / "katex.css").write_text(style, encoding="utf-8")
    for font in (KATEX / "fonts").iterdir():
        (folder / "fonts" / font.name).write_bytes(font.read_bytes())


def visit_inline(translator, node):
    """Write a formula that stands in a sentence."""
    translator.body.append(set_formula(node.astext()))
    raise nodes.SkipNode  # or else it would stand there twice


def visit_block(translator, node):
    """Write a formula that stands by itself; where it is too wide, it scrolls alone."""
    formula = set_formula(node.astext(), display=True)
    translator.body.append(
        f'<div class="formula" role="group" aria-label="Formula" tabindex="0">{formula}</div>'
    )
    raise nodes.SkipNode
