r"""Formulas: what LaTeX says is computed, so that a wrong sign in it is found.

    $(a - b)^2 = a^2 - 2ab + b^2$      an identity: it must hold for whatever numbers
    $z = w x + b$<!-- formula(z=z, w=w, x=x, b=b) -->      must hold for those of the run
    $w x$<!-- formula(w=w, x=x) == z - b -->
    $n - 1$, $\log u$                  with a single sign: only names something

In the comment right behind it, ``formula`` is the formula as a function of its symbols: it gives
whether both sides are equal, or, where there is no equals sign, a value. ``x_1`` is a symbol, and
so is ``\text{the slope}``, as ``the_slope``. A formula often comes before the code that computes
it, so the comment is evaluated once all that it names is there. What stands in another formula of
the same notebook needs nothing.
"""

import ast
import contextlib
import functools
import re
import symtable

import lark
import numpy as np

from kernels.influence import formula

# Nothing but what our formulas need. Names beside each other are multiplied.
GRAMMAR = r"""
    start: said ("," said)*
    ?said: sum | sum (("=" | "\\approx") sum)+ -> sides | NAME "\\leftarrow" sum -> becomes
    ?sum: product | SIGN product -> signed | sum "+" product -> plus | sum "-" product -> minus
    ?product: power | product "\\cdot" power -> each | product "/" power -> over
        | product power -> times
    ?power: atom | atom "^" atom -> power | "\\log" power -> log
    ?atom: NAME -> itself | NUMBER -> itself | "(" sum ")" | "{" sum "}"
        | FUNCTION "(" sum ("," sum)* ")" -> call
        | "\\frac" "{" sum "}" "{" sum "}" -> over | "\\sqrt" "{" sum "}" -> root
    SIGN: "-" | "\\pm"
    FUNCTION.2: /\\max|\\text\{\w+\}(?=\()/
    NAME.1: /(\\text\{[\w ]+\}|\\(gamma|beta|mu|varepsilon)|[A-Za-z])(_(\w|\{\w+\}))?/
    NUMBER: /\d+(\.\d+)?/
    %ignore /\s+|\\[,;]|\\qquad/
"""
PYTHON = {
    "becomes": "{1}",
    "each": "({} * {})",
    "plus": "({} + {})",
    "minus": "({} - {})",
    "times": "times({}, {})",
    "over": "({} / {})",
    "power": "({} ** {})",
    "log": "log({})",
    "root": "({} ** 0.5)",
}
# x_0 + x_1 + \dots + x_9
DOTS = r"(?P<a>\S*?_)0(?P<b>\}*) \+ (?P=a)1(?P=b) \+ \\dots \+ (?P=a)(?P<last>\d+)(?P=b)"


class _ToPython(lark.Transformer):
    """Writes a formula as Python."""

    def __default__(self, data, children, meta):
        return PYTHON[data].format(*children)

    def itself(self, children):
        return re.sub(r"\\text|[\\{}]", "", children[0]).strip().replace(" ", "_")

    def signed(self, children):
        return f"(-{children[1]})" if children[0] == "-" else children[1]

    def call(self, children):
        return f"{self.itself(children)}({', '.join(children[1:])})"

    def sides(self, children):
        numbers = [side for side in children if re.fullmatch(r"[\d.]+", side)]
        decimals = [len(number.partition(".")[2]) for number in numbers] or [None]
        return f"equal({', '.join(children)}, decimals={decimals[0]})"

    def start(self, children):
        return children[0] if len(children) == 1 else f"all([{', '.join(children)}])"


@functools.cache
def _parser():
    return lark.Lark(GRAMMAR, parser="lalr")


@functools.cache
def to_python(latex):
    """Return what a formula says as an expression of Python.

    Raises
    ------
    ValueError
        If it has signs that nothing here can compute.
    """

    def all_of_them(match):
        terms = [f"{match['a']}{i}{match['b']}" for i in range(int(match["last"]) + 1)]
        return " + ".join(terms)

    plain = re.sub(DOTS, all_of_them, latex.strip("$ \n.,"))
    try:
        return _ToPython().transform(_parser().parse(plain))
    except lark.exceptions.LarkError as error:
        raise ValueError(type(error).__name__) from None


def says_something(code):
    """Return whether a formula has more than one sign, or one beside an equals sign."""
    nodes = list(ast.walk(ast.parse(code)))
    called = [node.func.id for node in nodes if isinstance(node, ast.Call)]
    signs = sum(isinstance(node, ast.BinOp | ast.UnaryOp) for node in nodes) + len(called)
    return signs - called.count("all") > 1


def is_identity(code):
    """Return whether both sides are equal for whatever numbers; names in capitals are matrices."""
    rng, function = np.random.default_rng(0), formula(code)
    size = (3, 3) if any(name[0].isupper() for name in function.symbols) else ()

    def holds():
        return function(**{name: rng.uniform(1, 2, size) for name in function.symbols})

    return code.startswith("equal(") and all(holds() for _ in range(3))


def known_from(stored, expression, position):
    """Return the position of the cell after which all names of an expression are there.

    It is `position`, or that of a later cell, where the last of them is set for the first time.
    """
    first = {}
    for place, cell in stored.code():
        with contextlib.suppress(SyntaxError):  # which running it will say
            for symbol in symtable.symtable(cell.source, "cell", "exec").get_symbols():
                if symbol.is_assigned() or symbol.is_imported():
                    first.setdefault(symbol.get_name(), place)
    try:
        names = {node for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}
    except SyntaxError:  # which evaluating it will say
        return position
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)}  # of comprehensions
    used = {node.id for node in names} - own
    return max([position, *(first[name] for name in used & first.keys())])


def check_formulas(texts):
    """Yield position and problem of each formula of a notebook that is held to nothing.

    `texts` yields position and `checks.prose.Text` of all that is written in it.
    """
    held, others = [], []
    for position, text in texts:
        for latex, bound in text.formulas:
            try:
                code = to_python(latex)
            except ValueError as error:
                yield position, f"the formula {latex} cannot be computed ({error}); simplify it"
                continue
            if bound or is_identity(code):
                held.append(code)
            elif says_something(code):
                others.append((position, latex, code))
    for position, latex, code in others:
        if not any(code in other for other in held):
            yield (
                position,
                (
                    f"the formula {latex} is held to nothing that runs; write "
                    "<!-- formula(x=…) --> behind it, with the values of its symbols"
                ),
            )
