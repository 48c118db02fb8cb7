"""Claims in words: what a text says of a run without a number, such as "the hardest" or "never".

The lexicon is short on purpose: most of what it finds should be worth a binding. Questions and what
is only supposed are let pass.
"""

import re

from checks.bindings import HIDDEN, REASON
from checks.numbers import sentences, without
from checks.prose import CODE

_MORE = (
    "bigger|larger|smaller|better|worse|higher|lower|faster|slower|longer|shorter|darker|brighter|"
    "lighter|wider|narrower|thinner|thicker|closer|nearer|easier|harder|fewer|deeper|steeper|"
    "stronger|weaker|earlier|later|cheaper|surer|less|more"
)
_MOST = (
    "biggest|largest|smallest|best|worst|highest|lowest|fastest|slowest|longest|shortest|darkest|"
    "brightest|widest|closest|nearest|easiest|hardest|fewest|deepest|steepest|strongest|weakest|"
    "most|least"
)
_PLACE = (
    "half|halves|panel|picture|column|row|curve|line|strip|corner|image|bars?|one|end|edge|third|"
    "neuron|filter"
)
_ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
_MANY = "two|three|four|five|six|seven|eight|nine|ten|half"
LEXICON = {
    "comparison": (
        rf"\b(?:{_MORE})\b(?: [\w-]+){{0,3}} than\b|"
        rf"\b(?:is|are|was|were|becomes?|gets?|much|far|even|clearly|slightly|no) (?:{_MORE})\b"
        r"(?<!is more)(?<!are more)(?<!no more)(?<!no longer)|"
        rf"\bthe (?:{_MORE})\b[^,]*, (?:and )?the (?:{_MORE})\b|"
        r"\b(?:as (?:many|much|long|large|good|fast|often|high)|the same) (?:[\w-]+ )?as\b"
        r"(?! (?:it|you|we|they|there)\b)"
    ),
    "superlative": rf"(?<!at )\b(?:the|its|their) (?:\w+ )?(?:{_MOST})\b(?! of the time)",
    "quantity": (
        r"\b(?:never|none (?:of|was|is|were|are)|nearly all|almost all|all but|most of|hardly any|"
        "every one|"
        rf"all (?:of )?(?:the |its |their )?(?:{_MANY})|majority|"
        r"(?:more|less|fewer) than (?:half|twice))\b"
    ),
    "share": r"\b(?:(?<!and a )half (?:of|as|the)|a (?:third|quarter|fifth|tenth) of|two thirds)\b",
    "multiple": (
        rf"\b(?:twice (?:as|the|that|its)|doubles|doubled|halves|halved|(?:{_MANY}) times)\b"
    ),
    "order": (
        rf"\bthe (?:{_ORDINAL}) (?:{_PLACE}|layer|epoch|network|digit|value|axis|looks|is|shows)\b"
        r"(?! of the cell)|\bevery (?:second|third|fourth|fifth|other)\b"
    ),
    "color": (
        r"(?<!\w)(?<!for )\b(?:red|blue|orange|purple|green|gray|black|white|yellow|brown)\b"
        r"(?![- ]?(?:box|and[- ]white|values?|levels?))"
    ),
    "side": (
        r"\b(?:on|to|at|from) the (?:left|right|top|bottom)\b(?! (?:digit|answer|class))|"
        rf"\b(?:left|right|upper|lower|top|bottom|middle) (?:\w+ )?(?:{_PLACE})\b|"
        r"\b(?:upper|lower) (?:left|right)\b|\b(?:row by row|column by column)\b|"
        r"\b(?:one|each|the|its|along the|within each) (?:row|column) (?:for|of|has|holds|is)\b|"
        r"\((?:row|column)\)|\balong (?:a|each|the) (?:row|column)\b|"
        r"\b(?:above|below) the (?:\w+ )?(?:diagonal|line|curve)\b|\bfrom left to right\b"
    ),
    "change": (
        r"\b(?:rose|fell|grew|shrank|improved|overtakes?|overtook|keeps? "
        r"(?:rising|falling|growing))\b"
    ),
}
# In the description of a picture, what a curve does, and what is dark in it, can be seen.
SEEN = r"\b(?:rises|falls|climbs|drops|flat|darkest|brightest|palest)\b"
CLAIM = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in LEXICON.items()), re.I)
CLAIM_OF_PICTURE = re.compile(f"{CLAIM.pattern}|(?P<trait>{SEEN})", re.I)
SUPPOSED = re.compile(
    r"\?|\b(?:if|would|could|might|may|expect|imagine|suppose|guess|return)\b", re.I
)


def check_claims(text, known, pattern=CLAIM):
    """Yield each claim in a text that nothing holds to the run.

    Parameters
    ----------
    text : checks.prose.Text
    known : collection of str
        Phrases that may claim what they claim.
    pattern : re.Pattern, optional
        `CLAIM_OF_PICTURE` for an alt text.
    """
    code = [re.sub(r"\d", CODE, span) for span in text.code]
    plain = without(text.plain, {*known, *code})
    for start, end in sentences(plain):
        if SUPPOSED.search(plain[start : end + 1]):
            continue
        for match in pattern.finditer(plain, start, end):
            # A superlative may stand right before the number that it is about, which is bound.
            bound = match.lastgroup == "superlative" and HIDDEN in plain[match.end() :][:25]
            if bound or any(a <= match.start() < b for a, b in text.claimed):
                continue
            yield (
                f"the {match.lastgroup} {match[0]!r} in '{' '.join(plain[start:end].split())}' is "
                "held to nothing that runs; write what must be true, as in the hardest"
                f"<!-- true: recall.argmin() == 5 -->, {REASON}"
            )


def check_tests(text, project):
    """Yield each test that is said to hold a sentence, but is not there."""
    for binding in text.bindings:
        name, _, test = binding.expression.partition("::")
        file = project.root / name
        if binding.kind == "tested" and not (file.is_file() and f"def {test}(" in file.read_text()):
            yield f"there is no test {binding.expression} that could hold what is said; name it"
