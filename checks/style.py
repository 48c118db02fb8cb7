"""Static checks of how a text reads: short sentences, one word for one thing, proselint's rules."""

import functools
import re

from checks.prose import CODE

LONGEST = 35  # words of a sentence; whoever reads it aloud needs a second breath
# Of proselint's rules those whose findings have been worth a change; "very" may be said.
RULES = [
    "archaism",
    "cliches",
    "hedging",
    "industrial_language",
    "lexical_illusions",
    "malapropisms",
    "misc.back_formations",
    "misc.debased",
    "misc.false_plurals",
    "misc.illogic",
    "misc.inferior_superior",
    "misc.latin",
    "misc.many_a",
    "misc.metadiscourse",
    "misc.preferred_forms",
    "misc.pretension",
    "misc.suddenly",
    "misc.whence",
    "mixed_metaphors",
    "mondegreens",
    "needless_variants",
    "nonwords",
    "oxymorons",
    "redundancy",
    "skunked_terms",
    "uncomparables",
]


def check_style(text, known, terms):
    """Yield what to write differently in a `checks.prose.Text`.

    Phrases in `known` may stand as they are. `terms` are words to avoid, each with the better one.
    """
    for paragraph in re.split(r"\n\s*\n", text.prose.replace(CODE, "x")):
        plain = " ".join(paragraph.split())
        for sentence in re.split(r"(?<=[.?!])[”\")]*\s+", plain):
            count = len(sentence.split())
            if count > LONGEST:
                yield f"has a sentence of {count} words, {sentence[:50]!r}…; make two of it"
        for words, message in [*other_words(plain, terms), *lint(plain)]:
            if not any(words in phrase for phrase in known):
                yield (
                    f"{words!r}: {message.rstrip('.')}. Say it another way, or give the reason "
                    "as an exception"
                )


def other_words(plain, terms):
    """Yield each word of a paragraph for which `terms` has a better one, and that as a message."""
    for word, better in terms.items():
        pattern = word.replace(" ", "[ -]")
        for found in re.findall(rf"\b{pattern}(?:e?s)?\b", plain, re.I):
            yield found, f"here we say {better!r}"


@functools.lru_cache(5000)
def lint(plain):
    """Return what proselint finds in a paragraph: pairs of the words and of its message."""
    # It takes a second to import.
    from proselint.checks import __register__
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    registry = CheckRegistry()
    if not registry.checks:
        # Only ours, for it looks all of them through for each paragraph.
        registry.register_many(c for c in __register__ if any(map(c.matches_partial, RULES)))
    file = LintFile("text", plain or " ")
    results = file.lint({"max_errors": 100, "checks": dict.fromkeys(RULES, True)})
    found = [r.check_result for r in results]
    return sorted({(file.content[slice(*one.span)].strip(), one.message) for one in found})
