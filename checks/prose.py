"""Static checks of what is written for people: Markdown and alt texts.

What is bound, see `checks.bindings`, is compared when the notebook runs; here it is only taken out.
"""

import dataclasses
import functools
import re
import unicodedata

from markdown_it import MarkdownIt
from spellchecker import SpellChecker

from checks.bindings import BOUND, FORMULA, read_bindings

MARKDOWN = MarkdownIt("commonmark").enable("table")

CODE = "\ue003"  # in a plain text: a digit that stands in code
# Letters among digits, other digits, fractions, combining marks, letters of two scripts in a word.
DISGUISED = (
    r"\b\d+[OolIS|]\d*\b(?!-)|\b[OolI]\d+\b|[\u0300-\u036f\u20d0-\u20ff]|"
    r"[\u00bc-\u00be\u2150-\u218f]|(?![0-9])[\d\u2070-\u209c]|"
    r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]"
)
# What a folded part begins with; nothing else in HTML may hide a text.
FOLD = r"<details>\n<summary>\w[\w ]*</summary>"


@dataclasses.dataclass
class Text:
    """What a reader sees of a Markdown text, and what is wrong with it."""

    plain: str = ""  # without markup; bound digits are HIDDEN, those in code are CODE
    prose: str = ""  # the same without formulas; a piece of code is CODE
    bindings: list = dataclasses.field(default_factory=list)
    claimed: list = dataclasses.field(default_factory=list)  # (start, end) in `plain`
    code: list = dataclasses.field(default_factory=list)  # spans in backticks
    formulas: list = dataclasses.field(default_factory=list)  # (LaTeX, whether it is bound)
    formulas: list = dataclasses.field(default_factory=list)  # (LaTeX, whether it is bound)
    links: list = dataclasses.field(default_factory=list)  # (label, target)
    pictures: list = dataclasses.field(default_factory=list)  # (alt text, target)
    problems: list = dataclasses.field(default_factory=list)


@functools.lru_cache(2000)  # so nobody may change what it returns
def read_text(source, *, page=False, code_run=()):
    """Take a Markdown text apart.

    Parameters
    ----------
    source : str
    page : bool
        Whether it may show code and pictures; a notebook runs its code and draws its pictures.
    code_run : tuple of str
        Code that a notebook may show all the same, since something runs it.
    """
    text = Text()
    odd = sorted(
        {c for c in source if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")} - {"\n"}
    )
    if odd:
        text.problems.append(f"holds invisible characters {odd}; remove them")
        return text
    for disguise in re.findall(DISGUISED, unicodedata.normalize("NFC", source)):
        text.problems.append(f"holds {disguise!r}, which looks like other signs; write it plainly")
    source, expressions, formulas, held = _without_comments(source)
    text.formulas = [(latex, i in held.values()) for i, latex in enumerate(formulas)]
    environment = {}
    tokens = MARKDOWN.parse(source, environment)
    if environment.get("references"):
        text.problems.append("defines links apart from where they are used, unseen; write them out")
    formulas = iter(formulas)
    folded = False  # whether this is inside of <details>
    for token in tokens:
        if token.type == "inline":
            read_inline(token, formulas, text, page)
            text.plain += "\n\n"
            text.prose += "\n\n"
        elif token.type in ("fence", "code_block"):
            if not page and token.content.strip() not in code_run:
                text.problems.append("shows code that nothing runs; put it into a cell")
            for _ in re.findall(FORMULA, token.content):
                next(formulas)
        elif token.type == "html_block" and re.fullmatch(FOLD, token.content.strip()):
            folded = True
        elif token.type == "html_block" and folded and token.content.strip() == "</details>":
            folded = False
        elif token.type == "html_block" and not re.fullmatch(r"(<br>|\s)*", token.content):
            text.problems.append(f"holds HTML, {token.content.strip()[:40]!r}; write Markdown")
    if folded:
        text.problems.append("folds away what follows; close the <details>")
    read_bindings(text, expressions, {i: text.formulas[j][0] for i, j in held.items()})
    text.prose = text.prose.replace(BOUND, "")
    return text


def _without_comments(source):
    """Put a mark in the place of each comment and formula; return these, too, in their order.

    Last comes a dict: for which comment, by its number, `formula` means which formula.
    """
    # Before the Markdown is read, since it would take the * and _ in them for emphasis.
    expressions, formulas, held = [], [], {}

    def take_out(match):
        if match["code"]:
            return match[0]
        if match["comment"]:
            if "formula(" in match[0] and formulas:
                held[len(expressions)] = len(formulas) - 1
            expressions.append(" ".join(match["comment"][4:-3].split()))
            return BOUND
        formulas.append(match[0])
        return FORMULA

    source = re.sub(
        r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|(?P<comment><!--.*?-->)|"
        r"\$\$.+?\$\$|\$[^$\n]+\$",
        take_out,
        source,
        flags=re.S,
    )
    return source, expressions, formulas, held


def read_inline(token, formulas, text, page):
    """Add the content of an inline token of markdown-it to a `Text`."""
    label = None
    for child in token.children:
        seen = said = ""
        if child.type == "text":
            said = re.sub(FORMULA, " ", child.content)
            seen = re.sub(FORMULA, lambda _: plain_formula(next(formulas), text), child.content)
            markup = re.search(r"\*\*|__|~~|\||\$|\]\(|<!--|^#+(?=\S)", said)
            if markup:
                text.problems.append(f"shows {markup[0]!r}, markup that is not closed; mend it")
        elif child.type == "code_inline":
            seen, said = re.sub(r"\d", CODE, child.content), CODE
            text.code.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            seen = said = " "
        elif child.type == "html_inline":
            seen = said = "\n"
            if child.content != "<br>":
                text.problems.append(f"holds HTML, {child.content[:40]!r}; write Markdown")
        elif child.type == "image":
            text.pictures.append((child.content, child.attrGet("src")))
            seen = said = child.content
            if not page:
                text.problems.append("holds a picture that nothing made; draw it in a cell")
        elif child.type == "link_open":
            label, target = len(text.plain), child.attrGet("href")
            if child.attrGet("title"):
                text.problems.append("a link has a title, which only a mouse shows; remove it")
        elif child.type == "link_close":
            text.links.append((text.plain[label:], target))
        text.plain += unicodedata.normalize("NFKC", seen)
        text.prose += said or (" " if seen else "")


def plain_formula(formula, text):
    """Return the numbers and letters of a formula in their order, without what counts or powers."""
    if formula.count("{") != formula.count("}"):
        text.problems.append(f"the braces in {formula[:40]!r} do not match; mend it")
    plain = re.sub(r"\\text\{([^{}]*)\}", r" \1 ", formula)
    plain = re.sub(r"[_^](?:\{[^{}]*\}|\w)", " ", plain)
    plain = re.sub(r"\\[,!;: ]|[{}$]", "", plain).replace(r"\%", "%")
    return re.sub(r"\\[a-zA-Z]+", " ", plain)


def check_words(text, words):
    """Yield each word that the dictionary lacks, or has only as British English.

    `words` are those that may stand all the same, in lower case.
    """
    for word in misspelled(text.prose, words):
        yield (
            f"{word!r} is misspelled or British; correct it, or add it to `words` under "
            "[tool.notebook_checks] in pyproject.toml"
        )


def misspelled(plain, words=()):
    """Return the words of a plain text that no dictionary knows, or only a British one."""
    found = words_of(plain)
    lower = {word.lower() for word in found} - set(words)
    wrong = dictionary().unknown(lower) | lower & BRITISH
    return sorted(word for word in found if word.lower() in wrong)


def words_of(plain):
    """Return the words of a plain text."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", plain.replace("’", "'"))
    return {word.removesuffix("'s") for word in words}


# Words that the dictionary has, but that are British.
BRITISH = words_of(
    "ageing artefact catalogue grey judgement labelled labelling learnt licence maths modelled "
    "modelling towards travelled whilst"
)


@functools.cache
def dictionary():
    """Return the dictionary of English."""
    return SpellChecker(language="en", distance=1)


def labels_of(text):
    """Return the labels of links to other pages with a title, which is compared with them."""
    return [label for label, target in text.links if ".ipynb" in target and ":" in label]


def exception_problems(exceptions, text):
    """Yield which exceptions of a cell let pass nothing, or too much, or give no reason."""
    for phrase, reason in exceptions.items():
        times = text.plain.count(phrase) or text.code.count(phrase)
        if times != 1:
            yield f"its exception {phrase!r} occurs {times} times in it, not once; correct it"
        if not isinstance(reason, str) or not reason.strip():
            yield f"its exception {phrase!r} has no reason; write one"
