"""Static checks of what is written for people: Markdown and alt texts.

A number with a binding, `92.4 %<!-- 100 * accuracy -->`, is compared when the notebook runs; here
it is only checked that it can be. Other numbers must not look like results.
"""

import ast
import builtins
import dataclasses
import functools
import re
import unicodedata

from markdown_it import MarkdownIt
from spellchecker import SpellChecker

PLAIN_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
MARKDOWN = MarkdownIt("commonmark").enable("table")

# While a text is taken apart: where a binding was, where a formula was, a digit that is bound.
BOUND, FORMULA, HIDDEN = "\ue000", "\ue001", "\ue002"
# What a folded part begins with; nothing else in HTML may hide a text.
FOLD = r"<details>\n<summary>\w[\w ]*</summary>"


@dataclasses.dataclass
class Binding:
    """A number in a text, and the expression that must round to it."""

    number: str
    expression: str
    tolerance: float = 0.0

    def __str__(self):
        """Return it nearly as it is written."""
        return f"{self.number}<!-- {self.expression} -->"


@dataclasses.dataclass
class Text:
    """What a reader sees of a Markdown text, and what is wrong with it."""

    plain: str = ""  # without markup; bound digits are HIDDEN
    prose: str = ""  # the same without code and formulas
    bindings: list = dataclasses.field(default_factory=list)
    code: list = dataclasses.field(default_factory=list)  # spans in backticks
    links: list = dataclasses.field(default_factory=list)  # (label, target)
    pictures: list = dataclasses.field(default_factory=list)  # (alt text, target)
    problems: list = dataclasses.field(default_factory=list)


def read_text(source, *, page=False, code_run=()):
    """Take a Markdown text apart.

    Parameters
    ----------
    source : str
    page : bool
        Whether it may show code and pictures; a notebook runs its code and draws its pictures.
    code_run : sequence of str
        Code that a notebook may show all the same, since something runs it.
    """
    text = Text()
    odd = sorted(
        {c for c in source if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")} - {"\n"}
    )
    if odd:
        text.problems.append(f"holds invisible characters {odd}; remove them")
        return text
    source, expressions, formulas = _without_comments(source)
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
    read_bindings(text, expressions)
    return text


def _without_comments(source):
    """Put a mark in the place of each comment and formula; return these, too, in their order.

    Before the Markdown is read, since it would take the `*` and `_` in them for emphasis.
    """
    expressions, formulas = [], []

    def take_out(match):
        if match["code"]:
            return match[0]
        if match["comment"]:
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
    return source, expressions, formulas


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
            seen = child.content
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
        elif child.type == "link_close":
            text.links.append((text.plain[label:], target))
        text.plain += unicodedata.normalize("NFKC", seen)
        text.prose += said or (" " if seen else "")


def plain_formula(formula, text):
    """Return the numbers and letters of a formula in their order."""
    if formula.count("{") != formula.count("}"):
        text.problems.append(f"the braces in {formula[:40]!r} do not match; mend it")
    plain = re.sub(r"\\[,!;: ]|[{}$]", "", formula).replace(r"\%", "%")
    return re.sub(r"\\[a-zA-Z]+", " ", plain)


# Units that may stand between a bound number and its binding.
UNITS = {"", "%", "percent", "point", "points", "million", "times", "s", "ms", "seconds", "MB"}


def read_bindings(text, expressions):
    """Pair each binding of a `Text` with the number before it, and hide these digits."""
    if text.plain.count(BOUND) != len(expressions):
        text.problems.append("a comment stands where no text is; move it")
        return
    parts = text.plain.split(BOUND)
    for i, expression in enumerate(expressions):
        found = re.search(r"([\w.,\u2010-\u2015\u2212-]*\d)(\D{0,20})$", parts[i])
        if not found:
            text.problems.append(f"no number stands before <!-- {expression} -->; move it")
            continue
        number, unit = found[1], found[2].strip(" )")
        expression, _, tolerance = (part.strip() for part in expression.partition("±"))
        binding = Binding(number.replace("\u2212", "-"), expression)
        text.bindings.append(binding)
        if not re.fullmatch(rf"[-\u2212]?{PLAIN_NUMBER}", number, re.A):
            text.problems.append(f"{number!r} is no number as one writes it; mend it")
            binding.number = "nan"
        elif unit not in UNITS or (unit == "million" and "1e6" not in expression):
            text.problems.append(f"{unit!r} may not stand between {number} and its binding")
        elif re.match(r"\w|[.,]\d", parts[i + 1]):
            text.problems.append(f"what follows the binding of {number} touches it; add a space")
        text.problems += expression_problems(binding)
        try:
            binding.tolerance = float(tolerance or 0)
        except ValueError:
            text.problems.append(f"the tolerance {tolerance!r} is no number; mend it")
        parts[i] = parts[i][: found.start(1)] + HIDDEN * len(number) + found[2]
    text.plain = "".join(parts)
    text.prose = text.prose.replace(BOUND, "")


def expression_problems(binding):
    """Yield why an expression does not tell what was computed."""
    try:
        nodes = list(ast.walk(ast.parse(binding.expression, mode="eval")))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        yield f"the binding {binding} is no expression; mend it"
        return
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if not names - set(dir(builtins)):
        yield f"the binding {binding} computes with nothing that was run; use a name"
    if any(isinstance(node, ast.NamedExpr) for node in nodes) or any(
        "__" in name for name in names
    ):
        yield f"the binding {binding} does more than to compute; simplify it"
    value = float(binding.number.replace(",", ""))
    constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
    if any(isinstance(c, int | float) and c == value and c > 10 and c != 100 for c in constants):
        yield f"the binding {binding} holds the number itself; compute it"


def fits(number, value, tolerance=0.0):
    """Return whether the text `value` of a float rounds to the text `number`.

    Rounding must not take away more than a sixth of it, as 1 for 0.77 would.
    """
    try:
        value = float(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return False
    plain = number.replace(",", "")
    if tolerance:
        return abs(value - float(plain)) <= tolerance
    decimals = len(plain.partition(".")[2])
    rounds = float(f"{value:.{decimals}f}") == float(plain)
    return rounds and abs(value - float(plain)) <= abs(value) / 6


# Words that the dictionary has, but that are British.
BRITISH = {
    *("ageing", "artefact", "catalogue", "grey", "judgement", "labelled", "labelling", "learnt"),
    *("licence", "maths", "modelled", "modelling", "towards", "travelled", "whilst"),
}


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


@functools.cache
def dictionary():
    """Return the dictionary of English."""
    return SpellChecker(language="en", distance=1)


WORD = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million|dozen)"
)
ANY = rf"(?:\b{PLAIN_NUMBER}|{WORD}\b)"
# What looks like a result: a number with a unit, a share, or a number beside a measure's name.
RESULT = re.compile(
    rf"{ANY}[\s-]*(?:%|‰|per ?cent\b|(?:percentage )?points?\b)|"
    rf"{ANY}[\s-](?:(?:milli|micro)?seconds?|minutes?|hours?|days|ms|s|min|h|times)\b|"
    rf"{ANY} (?:in|of|out of|from) (?:a )?{ANY}|"
    rf"{ANY} (?:\w+ )?(?:(?:are|were) (?:\w+ )?)?"
    r"(?:right|wrong|correct(?:ly)?|misread|errors?|mistakes?)\b|"
    rf"\b(?:accuracy|loss|recall(?= (?:is|was|of))|precision)\b[^.\d\n(]{{0,25}}{PLAIN_NUMBER}|"
    rf"\b{PLAIN_NUMBER} (?:accuracy|loss|recall|precision)\b",
    re.I,
)


# How long a cell takes on the reader's computer follows from nothing that it computes.
TIME = (
    rf"\b[Aa]bout {ANY} (?:seconds|minutes)\b"
    rf"(?:; the code (?:itself )?runs in {ANY} seconds\b)?"
)


def check_numbers(text, known, exceptions=()):
    """Yield each number that looks like a result, or that is not `known`, and is not bound.

    Parameters
    ----------
    text : Text
    known : set of str
        Numbers that may stand in the text, without commas.
    exceptions : collection of str
        Phrases that may say whatever number they say.
    """
    spans = [match.span() for match in re.finditer(TIME, text.plain)]
    for phrase in exceptions:
        spans += [match.span() for match in re.finditer(re.escape(phrase), text.plain)]
    plain = re.sub(r"\bsteps? \d+(?: and \d+)?", lambda m: " " * len(m[0]), text.plain, flags=re.I)
    found = [match.span() for match in RESULT.finditer(plain)]
    for match in re.finditer(PLAIN_NUMBER, plain):
        digits = match[0].replace(",", "")
        year = re.fullmatch(r"(?:19|20)\d\d", match[0])
        if len(digits) > 1 and digits not in known and not year:
            found.append(match.span())
    for start, end in _whole(found):
        if not any(a <= start and end <= b for a, b in spans):
            yield (
                f"the number in {' '.join(plain[start:end].split())!r} follows from nothing that "
                "runs; bind it, as in 92 %<!-- 100 * accuracy -->, or give the reason why it may "
                "stand, as `exceptions` in the metadata of the cell"
            )


def _whole(spans):
    """Return spans without those that lie inside another, so that nothing is said twice."""
    spans = sorted(set(spans), key=lambda span: (span[0], -span[1]))
    kept = []
    for span in spans:
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept
