"""Compare what came out with what is right, and say in one sentence how it differs."""

import functools
import inspect
import numbers
import re

import numpy as np

from helpers.exercises.explaining import explain

_ORDINALS = ("first", "second", "third", "fourth")
_ASKED = "the exercise asks for"


class HintError(Exception):
    """What is wrong with an answer; the message is one sentence for the learner."""


class BlankError(Exception):
    """There is no answer yet."""


class Absolute(float):
    """A tolerance that does not grow with the numbers."""


def check_kind(result, expected, what="It"):
    """Raise a `HintError` unless `result` is the same kind of thing as `expected`.

    `expected` is a number, an array, a text, a list, or a tuple of such; the kinds are compared,
    the shapes and whether numbers are whole, not the values.

    Raises
    ------
    BlankError
        If `result` is `...`, as a blank leaves it, or says that something is not implemented.
    HintError
        With what it is and what it should be.
    """
    # Some leave the blank inside their function, or write what their editor proposes for it.
    if result is ... or isinstance(result, NotImplementedError):
        raise BlankError
    if isinstance(result, BaseException):
        if isinstance(expected, tuple) and re.search(
            "inhomogeneous shape|same number of dimensions", str(result)
        ):
            raise HintError(
                "Arrays of different shapes do not fit into one: return them separated by a comma, "
                "without `np.array` or the like."
            )
        raise HintError(explain(result))
    _check_usable(result, what)
    if isinstance(expected, tuple):
        # An array of the right length will do: it unpacks in the same way.
        several = isinstance(result, tuple | list) or (type(result) is np.ndarray and result.ndim)
        if not several or len(result) != len(expected):
            # Whoever returns an array seldom thinks of its rows as several values.
            got = len(result) if isinstance(result, tuple | list) else _kind(result)
            raise HintError(
                f"{what} should return {len(expected)} values, separated by commas, but returns "
                f"{got}."
            )
        for name, one, wanted in zip(_ORDINALS, result, expected, strict=False):
            check_kind(one, wanted, f"As its {name} value it")
    elif isinstance(expected, str | list):
        if not isinstance(result, type(expected)):
            raise HintError(f"{what} returns {_kind(result)}; {_ASKED} {_kind(expected)}.")
    elif isinstance(expected, np.ndarray):
        _check_array(result, expected, what)
    else:
        _check_number(result, expected, what)


def _check_usable(result, what):
    # Nothing of this kind is right, whatever is expected.
    if result is None:
        raise HintError(
            f"{what} returns nothing (None): is there a `return` at its end, with a value that has "
            "been set?"
        )
    if inspect.isroutine(result):
        raise HintError(
            f"{what} returns a function itself, not what it gives: call it, with parentheses."
        )
    # By its name, so that nobody has to import TensorFlow for it.
    module = type(result).__module__.partition(".")[0]
    if module in ("tensorflow", "keras"):
        raise HintError(
            f"{what} returns a TensorFlow tensor. The exercise asks for a NumPy array or a number, "
            "so compute with `np`, or add `.numpy()`."
        )
    if module == "matplotlib":
        raise HintError(
            f"{what} draws something ({type(result).__name__}); return the array itself."
        )
    if inspect.isgenerator(result) or isinstance(result, map | filter | zip | range):
        raise HintError(
            f"{what} returns {_kind(result)}, whose entries come one by one when a loop asks for "
            "them: collect them first."
        )


def _joined(arrays):
    """Return the shape of what `np.concatenate` would make of these, or None."""
    try:
        return np.concatenate(arrays).shape
    except ValueError:
        return None


def _check_array(result, expected, what):
    # Not `isinstance`: in a matrix `*` is the product, and a masked array leaves entries out.
    if type(result) is not np.ndarray:
        remedy = " `np.array(...)` turns it into one." if _fits(result, expected.shape) else ""
        parts = isinstance(result, list) and {getattr(one, "ndim", 0) for one in result}
        if parts == {max(1, expected.ndim)} and _joined(result) == expected.shape:
            remedy = " `np.concatenate(...)` joins the arrays of this list into one."
        if isinstance(result, tuple) and all(
            isinstance(one, np.ndarray) and one.dtype.kind in "iu" for one in result
        ):
            remedy = (
                " (`np.where` with a condition alone gives positions; with two values it chooses.)"
            )
        raise HintError(
            f"{what} returns {_kind(result)}; {_ASKED} a NumPy array of the shape {expected.shape}."
            f"{remedy}"
        )
    if result.shape != expected.shape:
        raise HintError(
            f"{what} returns an array of the shape {result.shape}, but the right shape is "
            f"{expected.shape}."
        )
    # NumPy takes True for 1, so the comparison of the values would let it pass.
    if result.dtype == bool and expected.dtype != bool:
        # Where others are right, too, a comparison is not what lacks a conversion.
        remedy = ""
        if np.isin(expected, (0, 1)).all():
            remedy = " `(...).astype(float)` or `(...) * 1.0` turns them into numbers."
        raise HintError(f"{what} returns True and False; {_ASKED} numbers.{remedy}")
    if result.dtype.kind not in "fiub":
        raise HintError(f"{what} returns an array of the dtype {result.dtype}, not of numbers.")
    # Where whole numbers are right, they count something or are positions: a float cannot index.
    if expected.dtype.kind in "iu" and result.dtype.kind not in "iu":
        whole = np.array_equal(result, np.round(result * 1.0))
        remedy = " `.astype(int)` converts them." if whole else ""
        raise HintError(
            f"{what} returns an array of {result.dtype}; {_ASKED} whole numbers (int).{remedy}"
        )


def _fits(result, shape):
    """Return whether a list or tuple becomes an array of this shape."""
    if not isinstance(result, list | tuple):
        return False
    try:
        return np.shape(result) == shape
    except (TypeError, ValueError):  # its parts have different lengths
        return False


def _check_number(result, expected, what):
    # An array without axes is what many functions of NumPy return for a number.
    is_number = isinstance(result, numbers.Real | np.generic | np.ndarray) and np.ndim(result) == 0
    # For Python, True and False are whole numbers; the dtype tells them apart.
    if not is_number or np.asarray(result).dtype.kind not in "fiu":
        raise HintError(f"{what} returns {_kind(result)}; {_ASKED} a single number.")
    if isinstance(expected, numbers.Integral) and np.asarray(result).dtype.kind not in "iu":
        raise HintError(f"{what} returns {_kind(result)}; {_ASKED} a whole number (int).")


def _kind(thing):
    """Return what something is, in a few words."""
    if isinstance(thing, np.ndarray) and type(thing) is np.ndarray:
        return f"an array of the shape {thing.shape}"
    kinds = {float: "a float", int: "a whole number", str: "a string"}
    kinds |= {bool: "True or False", list: "a list", tuple: "a tuple", dict: "a dict"}
    name = type(thing).__name__
    # To a learner, `np.float64` is a float.
    thing = thing.item() if isinstance(thing, np.generic) else thing
    return kinds.get(type(thing), f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}")


def equal(result, expected, tolerance):
    """Return whether two things of the same kind are equal, numbers up to `tolerance`.

    The tolerance is relative to the number itself and to the largest of the array, unless it is
    `Absolute`.
    """
    if isinstance(expected, tuple):
        return all(equal(a, b, tolerance) for a, b in zip(result, expected, strict=True))
    if isinstance(expected, str | list):
        return result == expected
    return bool(_right(np.asarray(result), np.asarray(expected), tolerance).all())


def _right(result, expected, tolerance):
    """Return, for each entry of two arrays of one shape, whether it is right; see `equal`."""
    if expected.dtype.kind in "iu":
        return result == expected
    if isinstance(tolerance, Absolute):
        return np.isclose(result, expected, rtol=0, atol=tolerance, equal_nan=True)
    # Where large numbers cancel, the rest is as uncertain as they were.
    finite = abs(expected[np.isfinite(expected)])
    largest = finite.max() if finite.size and finite.max() > 0 else 1.0
    return np.isclose(result, expected, rtol=tolerance, atol=tolerance * largest, equal_nan=True)


def alike(result, other, tolerance):
    """Return whether two outcomes are the same: equal values, or exceptions of one type."""
    if isinstance(result, BaseException) or isinstance(other, BaseException):
        return type(result) is type(other) and _template(result) == _template(other)
    if result is None or other is None:
        return result is other
    if isinstance(result, complex) and isinstance(other, complex):
        return bool(np.isclose(result, other))  # a root of a negative number, by mistake
    truths = [isinstance(one, bool | np.bool_) for one in (result, other)]
    if any(truths):
        return all(truths) and bool(result) == bool(other)
    try:
        check_kind(result, other)
        return bool(equal(result, other, tolerance))
    # Lists of arrays, for example, cannot be compared.
    except (HintError, BlankError, ValueError, TypeError):
        return False


def _template(error):
    """Return what the messages of one mistake have in common, whatever it is made with."""
    message = re.sub(r"'[^']*'|\w+\(\)", "", str(error))
    return re.sub(r"[\W\d_]+", " ", message)


def general_hint(results, expected):
    """Return a hint about a mistake that can be made in any exercise, or None.

    It looks at all results, as the hints of the exercises do.
    """
    if any(isinstance(result, BaseException) for result in results):
        return None
    nothing = [result is None for result in results]
    if all(nothing):
        return None
    if any(nothing):
        return (
            "For some inputs it returns nothing: is there a case in which no `return` is reached, "
            "or in which the value that it returns has not been set?"
        )
    if _hold_the_right_one(results, expected):
        return "One of the values that it returns is right; return that one alone."
    for hint, change in _GENERAL:
        try:
            changed = [change(wanted) for wanted in expected]
        except (TypeError, ValueError, IndexError):
            continue
        # Not where the change changes nothing, as the transpose does in a single number.
        if any(not alike(a, b, 1e-6) for a, b in zip(changed, expected, strict=True)) and all(
            alike(result, other, 1e-6) for result, other in zip(results, changed, strict=True)
        ):
            return hint
    if all(
        alike(got, wanted, 1e-6) or _has_nan(got, wanted)
        for got, wanted in zip(results, expected, strict=True)
    ):
        return (
            "It gives nan, which is no number: there 0 is divided by 0, or a root, a logarithm or "
            "a power with decimals is taken of a negative number."
        )
    if len(results) > 2 and _all_alike(results) and not _all_alike(expected):
        same = "It returns the same result, whatever it is given."
        first = results[0].tolist() if isinstance(results[0], np.ndarray) else results[0]
        if isinstance(first, list) and not first:
            same += (
                " (`np.append` and `np.concatenate` return a new array: is it kept, as in "
                "`a = np.append(a, b)`?)"
            )
        return same
    return None


def _has_nan(result, expected):
    """Return whether there is a nan in a number or an array where none belongs."""
    if not isinstance(result, float | np.floating | np.ndarray) or isinstance(
        expected, str | list | tuple
    ):
        return False
    # What is no number equals itself.
    return bool(np.any(result != result)) and not np.any(expected != expected)


def _hold_the_right_one(results, expected):
    """Return whether all results have the right value at one and the same place among others."""
    for result, wanted in zip(results, expected, strict=True):
        if not isinstance(result, tuple) or isinstance(wanted, tuple | list):
            return False
    return any(
        all(
            alike(result[i], wanted, 1e-6) for result, wanted in zip(results, expected, strict=True)
        )
        for i in range(min(map(len, results), default=0))
    )


def _number(wanted):
    # A number or an array of numbers; of anything else there is no opposite and no double.
    if isinstance(wanted, str | list | tuple):
        raise TypeError
    return np.asarray(wanted)[()]


def _array(wanted):
    # No single number, for of that the change is another one.
    if not np.ndim(_number(wanted)):
        raise TypeError
    return _number(wanted)


def _in_an_array(wanted):
    if np.ndim(_number(wanted)):
        raise TypeError
    return np.asarray(wanted)[None]


def _round(wanted, decimals):
    if isinstance(wanted, tuple):
        return tuple(_round(one, decimals) for one in wanted)
    if _number(wanted).dtype.kind != "f":
        raise TypeError
    return np.round(_number(wanted) * 1.0, decimals)


# Pairs of a hint and what one has then done to the right result.
_GENERAL = [
    ("Rows and columns are exchanged.", lambda wanted: _number(wanted).T),
    (
        "The values come in the wrong order: the last one stands first.",
        lambda wanted: wanted[::-1] if isinstance(wanted, tuple | list) else _number(wanted)[::-1],
    ),
    (
        "That is only the first one: is there a [0] too many, or a `return` inside a loop?",
        lambda wanted: _number(wanted)[0],
    ),
    (
        "That is only the first one: is there a `return` inside a loop?",
        lambda wanted: _array(wanted)[:1],
    ),
    (
        "It is the right number, but in an array: take it out, with `[0]`.",
        _in_an_array,
    ),
    (
        "The entries are right, but they stand in one long row: give them the shape that is asked "
        "for.",
        lambda wanted: _array(wanted).ravel(),
    ),
    ("The sign is wrong.", lambda wanted: -_number(wanted)),
    ("It is 100 times as large as it should be.", lambda wanted: 100 * _number(wanted)),
    ("It is a hundredth of what it should be.", lambda wanted: _number(wanted) / 100),
    ("It is twice what it should be.", lambda wanted: 2 * _number(wanted)),
    ("It is half of what it should be.", lambda wanted: _number(wanted) / 2),
    ("It is 1 too large everywhere.", lambda wanted: _number(wanted) + 1),
    ("It is 1 too small everywhere.", lambda wanted: _number(wanted) - 1),
    *(
        ("It is rounded; leave all decimals.", functools.partial(_round, decimals=decimals))
        for decimals in range(5)
    ),
]


def _all_alike(results):
    return all(alike(results[0], other, 1e-9) for other in results[1:])


def words(names):
    """Return names as in a sentence: "`a`, `b` and `c`"."""
    *first, last = [f"`{name}`" for name in names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _given(function, arguments):
    """Return how a function is called, such as "x = 1, y = [2, 3]"."""
    names = list(inspect.signature(function).parameters)
    given = ", ".join(f"{n} = {show(a, tiny=True)}" for n, a in zip(names, arguments, strict=True))
    # A sentence that fills the screen is not read.
    if len(given) > 160:
        given = ", ".join(
            f"{n} = {show(a, limit=4)}" for n, a in zip(names, arguments, strict=True)
        )
    return given


def can_be_typed(function, arguments):
    """Return whether the learner sees all of an input, not only its shape or rounded numbers."""
    given = _given(function, arguments)
    if "an array of the shape" in given or "…" in given:
        return False
    arrays = [a for a in arguments if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    return all(np.array_equal(a.round(3), a, equal_nan=True) for a in arrays)


def example_sentence(function, arguments, result, expected, tolerance):
    """Return a sentence with the input, what came out and what is right."""
    given = _given(function, arguments)
    place = ""
    if isinstance(expected, tuple):
        pairs = zip(result, expected, strict=True)
        # One value is enough to look for the mistake.
        i = next(i for i, pair in enumerate(pairs) if not equal(*pair, tolerance))
        place = f" as its {_ORDINALS[i]} value"
        result, expected = result[i], expected[i]
    if isinstance(expected, np.ndarray) and expected.size > 12:
        # Too many to show; one wrong entry will do.
        wrong = ~_right(result, expected, tolerance)
        where = np.unravel_index(int(wrong.argmax()), expected.shape)
        place = f" at [{', '.join(str(int(i)) for i in where)}]{place}"
        result, expected = result[where], expected[where]
    # As many digits as it takes to see a difference.
    got, right = next(
        (pair for pair in (_shown(result, expected, n) for n in (3, 6, 9)) if pair[0] != pair[1]),
        _shown(result, expected, 16),
    )
    return f"For {given} it returns {got}{place}; the right answer is {right}."


def _shown(result, expected, digits):
    return show(result, digits=digits), show(expected, digits=digits)


def show(thing, *, limit=12, digits=3, tiny=False):
    """Return how an argument or a result is written; arrays of more entries only by their shape.

    What would be rounded to 0 is 0 in an array, unless `tiny` is set.
    """
    if isinstance(thing, type):
        return thing.__name__
    if isinstance(thing, np.ndarray) and thing.ndim:
        if thing.size > limit:
            return f"an array of the shape {thing.shape}"
        # NumPy breaks and indents; here everything has to go into one sentence.
        rounded = (
            tiny and thing.dtype.kind == "f" and (np.round(thing, digits)[thing != 0] == 0).any()
        )
        text = np.array2string(
            thing,
            precision=digits,
            separator=", ",
            suppress_small=True,
            formatter={"float_kind": "{:g}".format} if rounded else None,
        )
        return " ".join(text.split()).replace("[ ", "[")
    if isinstance(thing, tuple) and len(thing) > 1:
        return f"({', '.join(map(show, thing))})"
    if isinstance(thing, list) and any(isinstance(one, np.ndarray) for one in thing):
        return "[" + ", ".join(show(one, limit=limit) for one in thing) + "]"
    if isinstance(thing, float | np.floating):
        return f"{thing:.{digits + 3}g}"
    if isinstance(thing, np.generic) or (isinstance(thing, np.ndarray) and not thing.ndim):
        return str(thing)
    # A model of Keras, recognized without an import; its own text would fill a page.
    if hasattr(thing, "layers"):
        activations = [getattr(layer, "activation", None) for layer in thing.layers]
        names = [getattr(activation, "__name__", "other") for activation in activations]
        return f"a model with the activations {', '.join(names)}"
    if isinstance(thing, np.ufunc):
        return f"np.{thing.__name__}"
    if callable(thing):
        return getattr(thing, "__name__", "a function")
    text = repr(thing)
    return text if len(text) <= 80 else text[:77] + "…"
