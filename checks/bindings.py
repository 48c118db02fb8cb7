"""Bindings: what a text says, held to what was run, by a comment that readers do not see.

    It reads 92.4 %<!-- 100 * accuracy --> of them.           the number before it
    The shape is (5000, 400).<!-- *X.shape -->                all numbers of the sentence, in order
    The 5 is the hardest.<!-- true 5d4b: recall.argmin() == 5 -->   what it claims in words
    It never overwrites.<!-- tested 5d4b: tests/test_it.py::test_it_stays -->   what a test holds
    It is $a + b$<!-- formula(a=1, b=x) == y -->.             a formula, see `checks.formulas`

The four signs behind "true" or "tested" are made of these words, so that nobody changes them and
leaves the condition as it is; the check says which signs they must be. These comments and the one
for all numbers reach back to the beginning of the sentence, or to the comment before of their kind.
A number may be written as a word, from zero to a thousand. After ``±`` stands a tolerance, with the
reason: ``<!-- 100 * score ± 1: five runs gave 98.1 to 98.9 -->``.
"""

import ast
import builtins
import dataclasses
import hashlib
import re

PLAIN_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WORDS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand",
)
NUMBER_WORDS = dict(zip(_WORDS, [*range(20), *range(20, 101, 10), 1000], strict=True))
AS_WORD = rf"\b(?:{'|'.join(NUMBER_WORDS)})\b"
# Not the digits of a name, such as layer1 or float32; "one" and "zero" are hardly ever counts.
NUMBER = re.compile(
    rf"(?<![\w.])(?:(?<![^\s(\[=])[-\u2212])?{PLAIN_NUMBER}|(?!one\b|zero\b){AS_WORD}", re.I
)
YEAR = r"\b(?:19|20)\d\d\b"
# A reference, which the links are held to; a digit that is meant as a thing, as in "draw a seven".
REFERENCE = r"\b(?:step|exercise)s? \d+(?:\.\d)?(?:(?:,| and| to) \d+(?:\.\d)?)*"
_DIGIT = "(?:two|three|four|five|six|seven|eight|nine)"
THING = (
    rf"\b(?:a|our|its|another|the (?:same|first))(?: \w+)? {_DIGIT}(?!-|\w| \w{{4,}}s\b)|"
    rf"(?<!best of )(?<!worst of )(?<!all of )(?<!one of )\bthe {_DIGIT}"
    r"(?=[,.:;)]| (?:is|was|has|sits|lies|in|on|to|with|as|that|from|pale)\b)"
)
# What the reason of a tolerance says was measured, as in "five runs gave 98.1 to 98.9".
RANGE = rf"({PLAIN_NUMBER}) to ({PLAIN_NUMBER})"
# While a text is taken apart: where a binding was, where a formula was, what is bound, code.
BOUND, FORMULA, HIDDEN = "\ue000", "\ue001", "\ue002"
# How messages end about what need not follow from a run.
REASON = (
    "or give the reason why it may stand, as `exceptions` in the metadata of the cell, or, for a "
    "page, in pyproject.toml"
)
# Units that may stand between a bound number and its binding.
UNITS = {"", "%", "percent", "point", "points", "million", "times", "s", "ms", "seconds", "MB"}


@dataclasses.dataclass
class Binding:
    """What a text says, and the expression that must give it."""

    kind: str  # "number", "numbers", "claim", "formula" or "tested"
    said: list[str]  # the numbers, the words of the claim, or the formula
    expression: str
    tolerance: float = 0.0

    def __str__(self):
        """Return it nearly as it is written."""
        said = " … ".join(self.said) + (" " if self.kind in ("numbers", "claim", "tested") else "")
        mark = {"numbers": "*", "claim": "true: ", "tested": "tested: "}.get(self.kind, "")
        return f"{said}<!-- {mark}{self.expression} -->"

    def problem(self, value, missed=()):
        """Return what is wrong, as a sentence, or None.

        Parameters
        ----------
        value : object
            What the expression gave: floats in a list, or a bool; a str if it raised an error.
        missed : sequence of str
            Names on which it does not depend.
        """
        if isinstance(value, str):
            return f"{str(self)!r}: the expression gives {value}; correct it"
        if self.kind in ("claim", "formula"):
            if value is not True:
                return f"{str(self)!r}: the condition is not true; correct what is said"
        elif len(value) != len(self.said):
            return f"{str(self)!r}: {len(self.said)} numbers are said, {len(value)} computed"
        elif not all(fits(n, v, self.tolerance) for n, v in zip(self.said, value, strict=True)):
            computed = ", ".join(f"{v:.10g}" for v in value)
            return f"{str(self)!r}: the expression is {computed}; correct the number"
        if missed:
            return (
                f"{str(self)!r} would say the same if {missed[0]} were another; compute it from "
                "what it names"
            )
        return None


def read_bindings(text, expressions, formulas):
    """Pair each comment of a `checks.prose.Text` with what it is about, and hide those numbers.

    `formulas` has the formula that a comment computes with, by the number of the comment.
    """
    if text.plain.count(BOUND) != len(expressions):
        text.problems.append("a comment stands where no text is; move it")
        return
    parts = text.plain.split(BOUND)
    text.plain = ""
    reached = {"numbers": 0, "claim": 0}  # where the comment before of that kind ends
    for i, expression in enumerate(expressions):
        text.plain += parts[i]
        what, _, tolerance = (part.strip() for part in expression.partition("±"))
        if i in formulas:
            binding = Binding("formula", [formulas[i]], expression)
        elif what.startswith("*"):
            binding = _numbers(text, what[1:].strip(), reached["numbers"])
            reached["numbers"] = len(text.plain)
        elif claim := re.fullmatch(r"(true|tested) ?([0-9a-f]{4})?:(.+)", expression):
            binding = _claim(text, *claim.groups(), reached["claim"])
            reached["claim"] = len(text.plain)
        else:
            binding = _number(text, what, parts[i + 1])
        if not binding:
            continue
        text.bindings.append(binding)
        if binding.kind != "tested":
            text.problems += expression_problems(binding)
        if tolerance and binding.kind in ("number", "numbers"):
            tolerance, _, reason = (part.strip() for part in tolerance.partition(":"))
            try:
                binding.tolerance = float(tolerance)
            except ValueError:
                text.problems.append(f"the tolerance {tolerance!r} is no number; mend it")
            text.problems += _tolerance_problems(binding, reason)
    text.plain += parts[-1]


def _tolerance_problems(binding, reason):
    """Yield what is wrong with the tolerance of a binding, by the reason that is given for it."""
    ends = [float(end) for pair in re.findall(RANGE, reason) for end in pair]
    if not ends:
        yield (
            f"the tolerance of {binding} does not say what was measured; write it, as in "
            "± 1: five runs gave 98.1 to 98.9"
        )
        return
    low, high = min(ends), max(ends)
    if binding.tolerance > 3 * (high - low):
        yield f"the tolerance of {binding} is far wider than what was measured; narrow it"
    for number in binding.said:
        half = 0.5 * 10 ** -len(number.partition(".")[2])
        if not low - half <= float(number) <= high + half:
            yield f"{binding} says what was not measured, {low:g} to {high:g}; correct it"


def blank_out(plain):
    """Return a text with blanks for numbers that are none: years, references, digits as things."""
    free = rf"{YEAR}|{REFERENCE}|{THING}"
    return re.sub(free, lambda match: " " * len(match[0]), plain, flags=re.I)


def sentence_start(plain):
    """Return where the last sentence of a text begins, which may be closed already."""
    open_end = re.sub(r"[\s.!?:;)\"”*]+$", "", plain)
    return max((match.end() for match in re.finditer(r"[.!?][)\"”]*\s+|\n\n", open_end)), default=0)


def _numbers(text, expression, reached):
    start = max(reached, sentence_start(text.plain))
    found = list(NUMBER.finditer(blank_out(text.plain), start))
    if not found:
        text.problems.append(f"no number stands in the sentence of <!-- *{expression} -->; move it")
        return None
    # Names of rows that the sentence says, too, as in "JAX 0.12 and PyTorch 0.26".
    names = re.findall(r"""[\["']([A-Za-z][\w-]+)[^\["']*["']\]""", expression)
    places = [text.plain.find(name, start) for name in dict.fromkeys(names)]
    places = [place for place in places if place >= 0]
    if places != sorted(places):
        text.problems.append(f"<!-- *{expression} --> names things in another order; correct it")
    for match in found:
        _hide(text, *match.span())
    return Binding("numbers", [as_digits(match[0]) for match in found], expression)


def _claim(text, mark, signs, expression, reached):
    start = max(reached, sentence_start(text.plain))
    text.claimed.append((start, len(text.plain)))
    words = re.findall(r"\w+", text.plain[start:].replace(HIDDEN, "").lower())
    kind = "claim" if mark == "true" else mark
    binding = Binding(kind, [" ".join(words)], expression.strip())
    wanted = hashlib.sha256(binding.said[0].encode()).hexdigest()[:4]
    if signs != wanted:
        text.problems.append(
            f"the condition of {binding} was not written for these words; if it says what they "
            f"say, begin it with {mark} {wanted}: instead"
        )
    return binding


def _number(text, expression, after):
    """Return the binding of the number right before the end of what is read so far, or None."""
    found = re.search(r"([\w.,\u2010-\u2015\u2212-]*\d)(\D{0,20})$", text.plain)
    word = re.search(rf"({AS_WORD})()$", text.plain, re.I)
    found = word or found
    if not found:
        text.problems.append(f"no number stands before <!-- {expression} -->; move it")
        return None
    number, unit = found[1], found[2].strip(" )")
    binding = Binding("number", [as_digits(number)], expression)
    if not word and not re.fullmatch(rf"[-\u2212]?{PLAIN_NUMBER}", number, re.A):
        text.problems.append(f"{number!r} is no number as one writes it; mend it")
        binding.said = ["nan"]
    elif unit not in UNITS or (unit == "million" and "1e6" not in expression):
        text.problems.append(f"{unit!r} may not stand between {number} and its binding")
    elif re.match(r"\w|[.,]\d", after):
        text.problems.append(f"what follows the binding of {number} touches it; add a space")
    _hide(text, *found.span(1))
    return binding


def _hide(text, start, end):
    text.plain = text.plain[:start] + HIDDEN * (end - start) + text.plain[end:]


def as_digits(number):
    """Return a number as it stands in a text, "twelve" or "−3,500", with ASCII digits."""
    if number.lower() in NUMBER_WORDS:
        return str(NUMBER_WORDS[number.lower()])
    return number.replace("\u2212", "-").replace(",", "")


def expression_problems(binding):
    """Yield why an expression does not tell what was computed."""
    try:
        nodes = list(ast.walk(ast.parse(binding.expression, mode="eval")))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        yield f"the binding {binding} is no expression; mend it"
        return
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in nodes} - {""}
    if not names - set(dir(builtins)):
        yield f"the binding {binding} computes with nothing that was run; use a name"
    if any(isinstance(node, ast.NamedExpr | ast.IfExp) for node in nodes) or any(
        "__" in name for name in names
    ):
        yield f"the binding {binding} does more than to compute; simplify it"
    if binding.kind == "number":
        value = float(binding.said[0])
        constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
        numbers = [c for c in constants if isinstance(c, int | float)]
        if any(c == value and c > 10 and c != 100 for c in numbers):
            yield f"the binding {binding} holds the number itself; compute it"


def fits(number, value, tolerance=0.0):
    """Return whether the float `value` rounds to the text `number`.

    Rounding must not take away more than a sixth of it, as 1 for 0.77 would.
    """
    if tolerance:
        return abs(value - float(number)) <= tolerance
    decimals = len(number.partition(".")[2])
    rounds = float(f"{value:.{decimals}f}") == float(number)
    return rounds and abs(value - float(number)) <= abs(value) / 6
