"""What bindings give, and on what they depend; in a notebook this runs in its kernel, as text."""

import ast
import itertools
import sys
import types

import numpy as np

CHANGES = 8  # that are tried of a record, a function or a model


def judge(expression, kind, names):
    """Return what an expression gives, and the names on which it does not depend.

    Each name that was computed is replaced by other values of its type. With one of them, at least,
    the result must be another one; with half of them if both are single numbers.

    Parameters
    ----------
    expression : str
    kind : str
        "number", "numbers", "claim" or "formula"; see `checks.bindings`. What a formula says is
        often so for all values, so it need depend on one name only.
    names : dict
        What it may name.

    Returns
    -------
    value : list of float, bool or str
        A str if it raised an error, or is not of its kind.
    missed : list of str
    """
    code = compile(expression, "<binding>", "eval")

    def result(**others):
        value = eval(code, {**names, **others})
        if kind in ("claim", "formula"):
            if not isinstance(value, bool | np.bool_):
                raise TypeError(f"{type(value).__name__}, not True or False")
            return bool(value)
        return [float(v) for v in (value if kind == "numbers" else [value])]

    try:
        value = result()
    except Exception as error:  # whatever an expression can raise
        return f"{type(error).__name__}: {error}", []
    if value is False:
        return value, []
    nodes = [node for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)]
    own = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}  # of comprehensions
    used = dict.fromkeys(node.id for node in nodes if node.id not in own)
    computed = [name for name in used if name in names and is_computed(names[name])]
    if not computed:
        return value, ["what was run"]
    missed = [name for name in computed if not matters(name, names, result, value, kind)]
    return value, missed if kind != "formula" or len(missed) == len(computed) else []


def formula(code):
    """Return a formula, which `checks.formulas` has written as Python, as a function."""
    known = {"log": np.log, "max": np.maximum, "e": np.e, "all": all}
    known |= {"equal": _equal, "times": _times}
    names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}

    def function(**symbols):
        if symbols.keys() != set(function.symbols):
            raise TypeError(f"the formula needs {', '.join(function.symbols)}")
        return eval(code, known | symbols)

    function.symbols = sorted(names - known.keys())
    return function


def _times(one, other):
    return one @ other if np.ndim(one) and np.ndim(other) else one * other


def _equal(first, *others, decimals):
    """Return whether all are the same, rounded if one is a number that is written out."""
    near = 1e-8 if decimals is None else 0.5 * 10**-decimals
    return all(np.allclose(first, other, atol=near) for other in others)


def is_computed(value):
    """Return whether a value can differ from run to run: it is no module and nobody else's code."""
    if isinstance(value, types.FunctionType | type):
        return value.__module__ == "__main__"
    return not isinstance(value, types.ModuleType | types.BuiltinFunctionType)


def matters(name, names, result, value, kind):
    """Return whether the result changes with the value of a name."""
    # Of two single numbers one change alone may be that of max(87.4, accuracy).
    single = kind == "number" and isinstance(names[name], int | float | np.number)
    outcomes = []
    for other in others(names[name]):
        try:
            outcomes.append(differs(result(**{name: other}), value))
        except Exception:  # what cannot be computed tells nothing
            continue
        if outcomes[-1] and not single:
            return True  # the others may take long, and would change nothing
    return not outcomes or (single and 2 * sum(outcomes) >= len(outcomes))


def differs(one, other):
    """Return whether two results are not the same, where NaN is the same as NaN."""
    if isinstance(one, bool):
        return one != other
    return len(one) != len(other) or not np.allclose(one, other, rtol=1e-9, equal_nan=True)


def others(value):
    """Yield other values of the same type."""
    if isinstance(value, bool | np.bool_):
        yield not value
    elif isinstance(value, int | float | np.number):
        yield from (type(value)(v) for v in (value + 1, value * 2 + 3, -value - 1, 0))
    elif isinstance(value, str):
        yield from (value + "x", value[1:], "")
    elif isinstance(value, np.ndarray):
        yield from other_arrays(value)
    elif isinstance(value, list | tuple) and type(value) in (list, tuple):
        changed = zip(*(itertools.islice(others(v), CHANGES) for v in value[:1000]), strict=False)
        changed = (type(value)(new) for new in changed)
        # A stand-in tries only so many, so each kind of change comes early.
        yield from itertools.islice(changed, 3)
        yield from (value[:-1], value[::-1], value + value[:1])
        yield from changed
        for first in itertools.islice(others(value[0]), 1) if value else ():
            yield type(value)([first, *value[1:]])
    elif isinstance(value, dict):
        yield dict(list(value.items())[:-1])
        for kind in range(3):
            changed = {k: list(itertools.islice(others(v), 4)) for k, v in value.items()}
            yield {k: new[min(kind, len(new) - 1)] for k, new in changed.items() if new}
        yield dict(zip(value, list(value.values())[::-1], strict=True))
    elif hasattr(value, "numpy"):
        tensor = sys.modules["tensorflow"].constant
        yield from (tensor(array) for array in other_arrays(np.asarray(value)))
    else:
        yield from (Changed(value, number) for number in range(CHANGES))


def other_arrays(array):
    """Yield arrays of other values, and of other shapes."""
    if array.dtype.kind == "O" and array.size > 1:  # such as axes
        yield np.roll(array.reshape(-1), 1).reshape(array.shape)
    if array.dtype.kind == "b":
        yield from (~array, np.ones_like(array), np.zeros_like(array))
    elif array.dtype.kind in "iuf":
        with np.errstate(all="ignore"):
            yield from (array + array.dtype.type(1), array * array.dtype.type(2), -array)
        yield np.roll(array.reshape(-1), 1).reshape(array.shape)
        yield np.zeros_like(array)
        one = array.copy()
        one.flat[:1] = 1 - array.flat[:1]
        yield one
    if array.ndim:
        yield array[::-1]
        yield array[:-1]
        yield array[: len(array) // 2]
        yield np.concatenate([array, array[:1]])
        yield array[..., :-1]


class Changed:
    """A stand-in for a function, a model or a record, whose answers are other ones."""

    def __init__(self, value, number):
        """Keep what stands behind it, and which of the changes is wanted."""
        self._value, self._number = value, number

    def __getattr__(self, name):
        return changed(getattr(self._value, name), self._number)

    def __call__(self, *arguments, **more):
        """Answer a call."""
        return changed(self._value(*arguments, **more), self._number)

    def __getitem__(self, key):
        return changed(self._value[key], self._number)

    def __len__(self):
        return len(self._value) + 1 + self._number

    def __iter__(self):
        return (changed(value, self._number) for value in self._value)


def changed(value, number):
    """Return one of the other values for what a stand-in answers."""
    new = list(itertools.islice(others(value), number, number + 1))
    return new[0] if new else next(others(value), value)
