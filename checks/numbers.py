"""Numbers in what is written for people: each is bound, or stands in a cell nearby, with its name.

A number is known without a binding if a line of code or of text output nearby has it beside a word
that also stands beside it in the text, or if several of a sentence stand in an output one after the
other, as those of a shape do. Otherwise two of them could be exchanged.
"""

import functools
import io
import re
import tokenize

from checks.bindings import NUMBER, PLAIN_NUMBER, REASON, as_digits, blank_out
from checks.form import texts_of
from checks.prose import words_of

NEAR = 3  # so many code cells before and after a text may have its numbers
REACH = 3  # so many words on each side of a number may name it
ANY = NUMBER.pattern
# How long a cell takes on the reader's computer follows from nothing that it computes.
TIME = (
    rf"\b[Aa]bout (?:a|{ANY}) (?:seconds?|minutes?)\b"
    rf"(?:; the code (?:itself )?runs in {ANY} seconds\b)?"
)
# Words that stand beside any number, and so name none.
COMMON = words_of(
    "about after all and any are before both but can each for from has have here how into its more "
    "not now one only our out over same than that the them then there these they this times was "
    "were what when which with you your print"
)


def check_numbers(text, lines, known):
    """Yield each number in a text that follows from nothing.

    Parameters
    ----------
    text : checks.prose.Text
    lines : list of list of str
        The lines of each piece of code, or of output, that stands near.
    known : collection of str
        Phrases that may say whatever numbers they say.
    """
    plain = without(text.plain, known)
    for start, end in sentences(plain):
        found = list(NUMBER.finditer(plain, start, end))
        numbers = [as_digits(match[0]) for match in found]
        for match, number in zip(found, numbers, strict=True):
            if in_a_row(numbers, lines) or is_named(number, plain, match, lines):
                continue
            around = " ".join(plain[max(start, match.start() - 25) : match.end() + 25].split())
            yield (
                f"the number {match[0]} in '…{around}…' follows from nothing that runs; bind it, "
                "as in 92 %<!-- 100 * accuracy -->, or all of the sentence, as in "
                f"<!-- *X.shape --> at its end, {REASON}"
            )


def without(plain, known):
    """Return a plain text in which blanks stand for what may say any number."""
    for phrase in sorted(known, key=len, reverse=True):
        plain = plain.replace(phrase, " " * len(phrase))
    return blank_out(re.sub(TIME, lambda match: " " * len(match[0]), plain, flags=re.I))


def sentences(plain):
    """Yield where each sentence begins and ends."""
    start = 0
    for match in re.finditer(r"[.!?][)\"”]*\s+|\n\n|$", plain):
        yield start, match.start()
        start = match.end()


def in_a_row(numbers, lines):
    """Return whether several numbers stand one after the other in one piece of code or output."""
    pieces = [[number for line in piece for number in numbers_in(line)] for piece in lines]
    several = len(numbers) > 1
    return several and any(
        there[i : i + len(numbers)] == numbers for there in pieces for i in range(len(there))
    )


def is_named(number, plain, match, lines):
    """Return whether a line has this number, and a word that stands beside it in the text."""
    before, after = names_in(plain[: match.start()][-80:]), names_in(plain[match.end() :][:80])
    beside = set(before[-REACH:] + after[:REACH])
    return any(
        number in numbers_in(line) and beside & set(names_in(line))
        for piece in lines
        for line in piece
    )


def numbers_in(line):
    """Return all numbers of a line in their order, without commas."""
    return [
        found.replace(",", "").replace("_", "")
        for found in re.findall(rf"-?(?<![\w.])(?:\d[\d_]*_\d+|{PLAIN_NUMBER})", line)
        for found in [found, found.lstrip("-")][: 1 + found.startswith("-")]
    ]


def names_in(text):
    """Return the words of a text that can name a number, shortened, so that plurals are alike."""
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return [word[:5].rstrip("s") for word in words if word not in COMMON]


def pieces_of(cell):
    """Return the lines of the code of a cell, without comments, and of each of its text outputs."""
    return [without_comments(cell.source).splitlines(), *(t.splitlines() for t in texts_of(cell))]


@functools.lru_cache(2000)
def without_comments(source):
    """Return code without its comments."""
    lines = source.splitlines()
    for token in comments_of(source):
        row, column = token.start
        lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)


@functools.lru_cache(2000)
def comments_of(source):
    """Return the comments of code as tokens, none if it cannot be read."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token for token in tokens if token.type == tokenize.COMMENT]
