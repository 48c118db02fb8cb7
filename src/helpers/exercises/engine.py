"""Run what a learner wrote, safely, and say in one sentence how it differs from what is right."""

import contextlib
import copy
import ctypes
import dataclasses
import functools
import inspect
import io
import itertools
import numbers
import sys
import sysconfig
import threading
import warnings
from collections.abc import Callable

import numpy as np

_ORDINALS = ("first", "second", "third", "fourth")
# Where the code of Python itself and of packages lies.
_LIBRARIES = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<frozen", "<__"})


class HintError(Exception):
    """What is wrong with an answer; the message is one sentence for the learner."""


class BlankError(Exception):
    """There is no answer yet."""


class OutOfTimeError(BaseException):
    """Ends an answer that takes too long; no `except Exception` of a learner catches it."""


@dataclasses.dataclass
class Exercise:
    """A function that the learner is to write."""

    number: str
    title: str
    todo: str  # what a blank is told
    right: Callable  # what the answer should do
    examples: Callable  # of a random generator: tuples of arguments, the smallest first
    mistakes: dict  # hint: what one does who makes this mistake, as functions or a `Looks`
    tolerance: float = 1e-6
    draws: int = 5  # how often examples are drawn
    grow: Callable | None = None  # n: arguments with n entries, where a loop is a mistake
    view: Callable | None = None  # what is compared of a result, or a HintError about it

    def examine(self, answer):
        """Return if the answer is right.

        Raises
        ------
        BlankError
            If there is none yet.
        HintError
            If it is wrong.
        """
        if answer is ...:
            raise BlankError
        if not callable(answer):
            raise HintError(
                "The check wants the function itself, its name without parentheses, but got "
                f"{show(answer)}."
            )
        # From fixed seeds: the same answer gets the same verdict.
        draws = (self.examples(np.random.default_rng(seed)) for seed in range(self.draws))
        examples = list(itertools.chain(*draws))
        expected = [self.right(*arguments) for arguments in examples]
        outcomes = [self.outcome(answer, arguments) for arguments in examples]
        results = [result for result, _ in outcomes]
        for arguments, result, wanted in zip(examples, results, expected, strict=True):
            problem = self.problem(arguments, result, wanted)
            if problem:
                self.recognize(examples, results, expected)
                raise HintError(problem)
        if any(changed for _, changed in outcomes):
            raise HintError(
                "The result is right, but the function changes what it is given: make a new array "
                "instead, or work on a copy."
            )
        if self.grow and loops_over(answer, self.grow(4), self.grow(64)):
            raise HintError(
                "The result is right, but it goes through the entries one by one: let NumPy "
                "compute with all of them at once, without a loop."
            )

    def outcome(self, function, arguments):
        """Return what a function makes of the arguments, and whether it changed them."""
        result, changed = outcome_of(function, arguments)
        if self.view and not (result is None or result is ... or isinstance(result, Exception)):
            try:
                result = self.view(result)
            except HintError as hint:
                result = hint
        return result, changed

    def problem(self, arguments, result, wanted):
        """Return what is wrong with one result, or None."""
        if isinstance(result, HintError):
            return str(result)
        try:
            check_kind(result, wanted)
        except HintError as hint:
            return f"{hint} {self.given(arguments)}"
        if not equal(result, wanted, self.tolerance):
            return example_sentence(self.right, arguments, result, wanted, self.tolerance)
        return None

    def does(self, function, examples, results):
        """Return whether a function makes these results of the examples."""
        wrong = (self.outcome(function, arguments)[0] for arguments in examples)
        return all(map(functools.partial(alike, tolerance=1e-5), results, wrong))

    def given(self, arguments):
        """Return a sentence about the input of an example."""
        return f"(That was for {', '.join(map(show, arguments))}.)"

    def recognize(self, examples, results, expected):
        """Raise a `HintError` if the results are what a usual mistake makes."""
        for result in results:
            if isinstance(result, ValueError) and "truth value" in str(result):
                raise HintError(explain(result))
        for hint, mistake in self.mistakes.items():
            if isinstance(mistake, Looks):
                found = mistake.like(results, expected)
            else:
                ways = mistake if isinstance(mistake, tuple) else (mistake,)
                found = any(self.does(way, examples, results) for way in ways)
            if found:
                problems = map(self.problem, examples, results, expected)
                raise HintError(f"{hint} {next(filter(None, problems))}")


@dataclasses.dataclass
class Looks:
    """A mistake that is recognized by what comes out, not by a function that makes it."""

    holds: Callable  # called with the result and what is right, for each example

    def like(self, results, expected):
        """Return whether all results look like this mistake."""
        try:
            return all(map(self.holds, results, expected))
        except (TypeError, ValueError, IndexError):
            return False


def within(seconds, work):
    """Return what ``work()`` returns and what it printed, or raise what it raises.

    It runs on a thread of its own, so that this returns in time whatever it does.

    Raises
    ------
    HintError
        If it is not done after that many seconds.
    """
    outcome, printed = {}, io.StringIO()

    def run():
        try:
            outcome["value"] = work()
        except BaseException as error:  # sys.exit() in an answer, too
            outcome["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    quiet = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed)
    with quiet[0], quiet[1], warnings.catch_warnings():
        warnings.simplefilter("ignore")
        thread.start()
        try:
            thread.join(seconds)
        except BaseException:  # somebody interrupts the kernel
            _stop(thread)
            raise
    if thread.is_alive():
        raise HintError(f"It is not done after {seconds:g} seconds. {_stop(thread)}")
    if "error" in outcome:
        if not isinstance(outcome["error"], Exception):
            raise RuntimeError from outcome["error"]  # not to be taken for one of the kernel
        raise outcome["error"]
    return outcome["value"], printed.getvalue()


def _stop(thread):
    """End a thread, and return a sentence about whether that worked."""
    for _ in range(20):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTimeError)
        )
        thread.join(0.05)
        if not thread.is_alive():
            return "Is there a loop that never ends?"
    return "It cannot be stopped, so restart the kernel; is there a loop that never ends?"


def outcome_of(function, arguments):
    """Call a function with copies of `arguments`.

    Returns
    -------
    result : object
        What it returns, or the exception that it raises.
    changed : bool
        Whether it changed one of the arrays, lists or dicts it was given.
    """
    given = [copy.deepcopy(a) if isinstance(a, np.ndarray | list | dict) else a for a in arguments]
    with np.errstate(all="ignore"):
        try:
            result = function(*given)
        except OutOfTimeError:
            raise
        except BaseException as error:  # sys.exit(), or whatever an answer raises
            result = error
    return result, not all(_same_inside(a, b) for a, b in zip(arguments, given, strict=True))


def _same_inside(before, after):
    """Return whether an argument is as it was."""
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_same_inside, before, after))
    if isinstance(before, np.ndarray):
        # Adding a nudge and taking it back may leave a rounding error.
        return before.shape == after.shape and np.allclose(before, after, 1e-12, 1e-12, True)
    return not isinstance(before, dict) or before == after


def loops_over(function, few, many):
    """Return whether `function` takes more steps of Python for many entries than for few.

    Counts the instructions of the interpreter, which are the same in every run; what NumPy does
    inside is one of them.
    """
    counts = [_instructions(function, arguments) for arguments in (few, many)]
    return counts[1] > 1.5 * counts[0] + 20


def _instructions(function, arguments):
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        frame.f_trace_opcodes = True
        # What libraries have in Python depends on the shapes, not on what the learner wrote.
        if frame.f_code.co_filename.startswith(_LIBRARIES):
            return None if event == "call" else trace
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        outcome_of(function, arguments)
    finally:
        sys.settrace(before)
    return count


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
    if result is ... or isinstance(result, NotImplementedError):
        raise BlankError
    if isinstance(result, BaseException):
        raise HintError(explain(result))
    if result is None:
        raise HintError(
            f"{what} returns nothing (None): is there a `return` at its end, with a value that has "
            "been set?"
        )
    module = type(result).__module__.partition(".")[0]
    if module in ("tensorflow", "keras"):
        raise HintError(
            f"{what} returns a TensorFlow tensor; a NumPy array or a number is asked for: compute "
            "with `np`, or add `.numpy()`."
        )
    if inspect.isgenerator(result) or isinstance(result, map | filter | zip | range):
        raise HintError(
            f"{what} returns something that has yet to be gone through ({_kind(result)}): collect "
            "its entries first."
        )
    if isinstance(expected, tuple):
        several = isinstance(result, tuple | list) or (type(result) is np.ndarray and result.ndim)
        if not several or len(result) != len(expected):
            got = f"{len(result)} of them" if several else _kind(result)
            raise HintError(
                f"{what} should return {len(expected)} values, separated by commas, but returns "
                f"{got}."
            )
        for name, one, wanted in zip(_ORDINALS, result, expected, strict=False):
            check_kind(one, wanted, f"As its {name} value it")
    elif isinstance(expected, str | list):
        if not isinstance(result, type(expected)):
            raise HintError(f"{what} returns {_kind(result)}, but {_kind(expected)} is asked for.")
    elif isinstance(expected, np.ndarray):
        _check_array(result, expected, what)
    else:
        _check_number(result, expected, what)


def explain(error):
    """Return one sentence about an exception that an answer raised."""
    message = " ".join(str(error).split())
    if isinstance(error, ValueError) and "truth value of an array" in message:
        return (
            "An `if`, `and` or Python's own `max` cannot decide for a whole array at once: compare "
            "the array itself, as in `z > 0`, or take `np.where`, `np.maximum`, or, for two arrays "
            "as wholes, `np.array_equal`."
        )
    if message.startswith("matmul"):
        return (
            "The two sides of an `@` do not fit together: the left one needs as many columns as "
            "the right one has rows."
        )
    if len(message) > 200:
        message = message[:200] + " …"
    message = f": {message.rstrip('.')}" if message else ""
    return f"It stops with {type(error).__name__}{message}."


def _check_array(result, expected, what):
    if type(result) is not np.ndarray:
        remedy = " `np.array(...)` makes one of it." if isinstance(result, list | tuple) else ""
        raise HintError(
            f"{what} returns {_kind(result)}, but a NumPy array of the shape {expected.shape} is "
            f"asked for.{remedy}"
        )
    if result.shape != expected.shape:
        raise HintError(
            f"{what} returns an array of the shape {result.shape} where {expected.shape} is right."
        )
    if result.dtype == bool and expected.dtype != bool:
        raise HintError(
            f"{what} returns True and False, but numbers are asked for: `.astype(float)` or a "
            "multiplication makes numbers of them."
        )
    if result.dtype.kind not in "fiub":
        raise HintError(f"{what} returns an array of the dtype {result.dtype}, not of numbers.")
    if expected.dtype.kind in "iu" and result.dtype.kind not in "iu":
        raise HintError(
            f"{what} returns an array of {result.dtype}, but whole numbers (int) are asked for."
        )


def _check_number(result, expected, what):
    is_number = isinstance(result, numbers.Real | np.generic | np.ndarray) and np.ndim(result) == 0
    if not is_number or np.asarray(result).dtype.kind not in "fiu":
        raise HintError(f"{what} returns {_kind(result)}, but a single number is asked for.")
    if isinstance(expected, numbers.Integral) and np.asarray(result).dtype.kind not in "iu":
        raise HintError(f"{what} returns {_kind(result)}, but a whole number (int) is asked for.")


def _kind(thing):
    """Return what something is, in a few words."""
    if isinstance(thing, np.ndarray) and type(thing) is np.ndarray:
        return f"an array of the shape {thing.shape}"
    kinds = {float: "a float", int: "a whole number", str: "a string"}
    kinds |= {bool: "True or False", list: "a list", tuple: "a tuple", dict: "a dict"}
    name = type(thing).__name__
    thing = thing.item() if isinstance(thing, np.generic) else thing
    return kinds.get(type(thing), f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}")


def equal(result, expected, tolerance):
    """Return whether two things of the same kind are equal, numbers up to `tolerance`.

    The tolerance is relative to the number itself and to the largest of the array.
    """
    if isinstance(expected, tuple):
        return all(equal(a, b, tolerance) for a, b in zip(result, expected, strict=True))
    if isinstance(expected, str | list):
        return result == expected
    result, expected = np.asarray(result), np.asarray(expected)
    if expected.dtype.kind in "iu":
        return np.array_equal(result, expected)
    finite = abs(expected[np.isfinite(expected)])
    largest = finite.max() if finite.size and finite.max() > 0 else 1.0
    return np.allclose(result, expected, rtol=tolerance, atol=tolerance * largest, equal_nan=True)


def alike(result, other, tolerance):
    """Return whether two outcomes are the same: equal values, or exceptions of one type."""
    if isinstance(result, BaseException) or isinstance(other, BaseException):
        return type(result) is type(other)
    if result is None or other is None:
        return result is other
    try:
        check_kind(result, other)
    except (HintError, BlankError):
        return False
    return equal(result, other, tolerance)


def example_sentence(function, arguments, result, expected, tolerance):
    """Return a sentence with the input, what came out and what is right."""
    names = list(inspect.signature(function).parameters)
    given = ", ".join(f"{n} = {show(a)}" for n, a in zip(names, arguments, strict=True))
    if len(given) > 160:
        given = ", ".join(
            f"{n} = {show(a, limit=4)}" for n, a in zip(names, arguments, strict=True)
        )
    place = ""
    if isinstance(expected, tuple):
        pairs = zip(result, expected, strict=True)
        i = next(i for i, pair in enumerate(pairs) if not equal(*pair, tolerance))
        place = f" as its {_ORDINALS[i]} value"
        result, expected = result[i], expected[i]
    if isinstance(expected, np.ndarray) and expected.size > 12:
        # Too many to show; one wrong entry will do.
        far = ~np.isclose(result, expected, rtol=1e-5, atol=1e-8, equal_nan=True)
        where = np.unravel_index(int(far.argmax()), expected.shape)
        place = f" at [{', '.join(str(int(i)) for i in where)}]{place}"
        result, expected = result[where], expected[where]
    # As many digits as it takes to see a difference.
    got, right = next(
        (pair for pair in (_shown(result, expected, n) for n in (3, 6, 9)) if pair[0] != pair[1]),
        _shown(result, expected, 16),
    )
    return f"For {given} it returns {got}{place}; right is {right}."


def _shown(result, expected, digits):
    return show(result, digits=digits), show(expected, digits=digits)


def show(thing, *, limit=12, digits=3):
    """Return how an argument or a result is written; arrays of more entries only by their shape."""
    if isinstance(thing, type):
        return thing.__name__
    if isinstance(thing, np.ndarray) and thing.ndim:
        if thing.size > limit:
            return f"an array of the shape {thing.shape}"
        text = np.array2string(thing, precision=digits, separator=", ")
        return " ".join(text.split()).replace("[ ", "[")
    if isinstance(thing, tuple) and len(thing) > 1:
        return f"({', '.join(map(show, thing))})"
    if isinstance(thing, list) and any(isinstance(one, np.ndarray) for one in thing):
        return "[" + ", ".join(show(one, limit=limit) for one in thing) + "]"
    if isinstance(thing, float | np.floating):
        return f"{thing:.{digits + 3}g}"
    if isinstance(thing, np.generic) or (isinstance(thing, np.ndarray) and not thing.ndim):
        return str(thing)
    if hasattr(thing, "layers"):
        activations = [getattr(layer, "activation", None) for layer in thing.layers]
        names = [getattr(activation, "__name__", "other") for activation in activations]
        return f"a model with the activations {', '.join(names)}"
    if callable(thing):
        return getattr(thing, "__name__", "a function")
    text = repr(thing)
    return text if len(text) <= 80 else text[:77] + "…"
