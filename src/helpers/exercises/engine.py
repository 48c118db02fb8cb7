"""Run what a learner wrote, safely, and find out which of the usual mistakes it makes."""

import contextlib
import copy
import ctypes
import dataclasses
import functools
import inspect
import io
import itertools
import sys
import sysconfig
import threading
import time
import types
import warnings
from collections.abc import Callable

import numpy as np

from helpers.exercises.comparing import (
    BlankError,
    HintError,
    alike,
    can_be_typed,
    check_kind,
    equal,
    example_sentence,
    general_hint,
    show,
    words,
)
from helpers.exercises.explaining import explain
from helpers.exercises.leaking import (
    argument_names,
    exchanged_arguments,
    leaked_names,
    unused_arguments,
)

# Where the code of Python itself and of packages lies.
_LIBRARIES = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<frozen", "<__"})


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
    allowed: tuple = ()  # names of the notebook, of data, that an answer may use
    wrong: list = dataclasses.field(default_factory=list)  # pairs: part of a hint, code it is for

    def examine(self, answer):
        """Return if the answer is right.

        Raises
        ------
        BlankError
            If there is none yet.
        HintError
            If it is wrong.
        OutOfTimeError
            If it was stopped; the message is a sentence about arguments that it never uses, if
            there are any, for what it uses instead may be what takes long.
        """
        try:
            self._examine(answer)
        except OutOfTimeError:
            raise OutOfTimeError(self.unused(answer)) from None

    def _examine(self, answer):
        if answer is ...:
            raise BlankError
        if not callable(answer):
            raise HintError(
                "The check needs the function itself, its name without parentheses, but got "
                f"{show(answer)}."
            )
        self.check_arguments(answer)
        # Drawn at random, so that a table of the results that hints show is no answer; from fixed
        # seeds, so that the same answer gets the same verdict.
        draws = (self.examples(np.random.default_rng(seed)) for seed in range(self.draws))
        examples = list(itertools.chain(*draws))
        leak = self.leak(answer, right=False)
        if leak:
            # First of all, for what such an answer does depends on the notebook, and so it may
            # look like any mistake, or take long.
            problem = self.problem_of(answer, examples[0])
            if problem:
                raise HintError(f"{leak} {problem}")
        expected = [self.right(*arguments) for arguments in examples]
        # All examples are run before the first verdict, for a mistake is recognized by all
        # results: on a single small example, different mistakes often come to the same.
        outcomes = [self.outcome(answer, arguments) for arguments in examples]
        results = [result for result, _ in outcomes]
        problem = self.first_problem(examples, results, expected)
        if problem:
            if leak:
                raise HintError(f"{leak} {problem}")
            if all(result is None for result in results) and _has_printed():
                raise HintError(
                    "It prints something, but returns nothing (None): `print` shows a value, "
                    "`return` hands it back."
                )
            # Before all mistakes, for the results may look like any of them.
            exchanged = exchanged_arguments(answer, self.names)
            if exchanged:
                raise HintError(
                    f"The function gets {words(self.names)}, in this order; here they stand as "
                    f"{words(exchanged)}. {problem}"
                )
            self.recognize(examples, results, expected)
            unused = self.unused(answer)
            # Whoever mends that first gets to the arguments later.
            if any(isinstance(result, UnboundLocalError) for result in results):
                unused = ""
            raise HintError(f"{unused} {problem}".lstrip())
        self.check_habits(answer, outcomes)

    def check_habits(self, answer, outcomes):
        """Raise a `HintError` about what an answer should not do although its results are right."""
        leak = self.leak(answer, right=True)
        if leak:
            raise HintError(
                "The result is right, but only as long as the notebook stays as it is: "
                f"{leak[0].lower()}{leak[1:]}"
            )
        # Only now, for a wrong result matters more than a bad habit.
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

    @property
    def names(self):
        """The names of the arguments."""
        return list(inspect.signature(self.right).parameters)

    def check_arguments(self, answer):
        """Raise a `HintError` if a function cannot be called with as many arguments."""
        check_arguments(answer, self.names)

    def leak(self, answer, *, right):
        """Return a sentence about names of the notebook that a function uses, or None."""
        return leak_sentence(answer, self.names, right=right, allowed=self.allowed)

    def unused(self, answer):
        """Return a sentence about arguments that a function does not use, or an empty text."""
        unused = unused_arguments(answer, len(self.names))
        if not unused:
            return ""
        position = argument_names(answer, len(self.names)).index(unused[0])
        given = self.examples(np.random.default_rng(0))[0][position]
        if len(unused) == 1 and isinstance(given, types.FunctionType):
            return f"It never uses {words(unused)}; call that function, and no other in its place."
        what = "it" if len(unused) == 1 else "them"
        return f"It never uses {words(unused)}; the result has to depend on {what}."

    def outcome(self, function, arguments):
        """Return what a function makes of the arguments, and whether it changed them."""
        result, changed = outcome_of(function, arguments)
        # None, blanks and exceptions get the sentences of `check_kind`, whatever the exercise is.
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

    def problem_of(self, answer, arguments):
        """Return what is wrong with an answer in one example, or None."""
        result, _ = self.outcome(answer, arguments)
        return self.problem(arguments, result, self.right(*arguments))

    def first_problem(self, examples, results, expected):
        """Return what is wrong with one of the results, or None.

        The smallest examples come first, so it is the one that is the easiest to follow; one with
        an input that can be typed in again, if there is one.
        """
        hidden = None
        for arguments, result, wanted in zip(examples, results, expected, strict=True):
            problem = self.problem(arguments, result, wanted)
            if problem and can_be_typed(self.right, arguments):
                return problem
            hidden = hidden or problem
        return hidden

    def does(self, function, examples, results):
        """Return whether a function makes these results of the examples."""
        wrong = (self.outcome(function, arguments)[0] for arguments in examples)
        # Not as strict as for right answers: one mistake can be written in many ways, and these
        # round differently.
        return all(map(functools.partial(alike, tolerance=1e-5), results, wrong))

    def given(self, arguments):
        """Return a sentence about the input of an example."""
        return f"(That was for {', '.join(map(show, arguments))}.)"

    def recognize(self, examples, results, expected):
        """Raise a `HintError` if the results are what a usual mistake makes."""
        # The hint says what to do, the problem on which input it shows.
        problem = self.first_problem(examples, results, expected)
        # The first hint that fits is given, so what is special has to stand before what fits more
        # results; a test sees that no hint hides another.
        for hint, mistake in self.mistakes.items():
            if isinstance(mistake, Looks):
                found = mistake.like(results, expected, examples)
            else:
                ways = mistake if isinstance(mistake, tuple) else (mistake,)
                found = any(self.does(way, examples, results) for way in ways)
            if found:
                raise HintError(f"{hint} {problem}")
        for result in results:
            # An `if` about a whole array can stand in an answer to any exercise, with the same
            # remedy, but that some mistakes have one of their own.
            if isinstance(result, ValueError) and "truth value" in str(result):
                raise HintError(explain(result))
            # A name that is not there, too.
            if type(result) is NameError and result.name:
                raise HintError(
                    f"It uses the name `{result.name}`, but nothing has this name: is it "
                    "misspelled, or has its cell not been run? The function is given "
                    f"{words(self.names)}."
                )
        hint = general_hint(results, expected)
        if hint:
            raise HintError(f"{hint} {problem}")


def _has_printed():
    """Return whether an answer has printed something while `within` runs it."""
    return isinstance(sys.stdout, io.StringIO) and sys.stdout.tell() > 0


def check_arguments(answer, names):
    """Raise a `HintError` if a function cannot be called with arguments of these names."""
    try:
        signature = inspect.signature(answer)
    except Exception:  # many functions that are not written in Python do not have one
        return
    try:
        signature.bind(*names)
    except TypeError:
        count = len(names)
        raise HintError(
            f"The function has to take {count} argument{'s' * (count != 1)}, "
            f"{words(names)}; this one takes {words(signature.parameters) or 'none'}."
        ) from None


def leak_sentence(answer, names, *, right=False, allowed=()):
    """Return a sentence about names of the notebook that a function uses, or None.

    `names` are those of its arguments; see `leaked_names`.
    """
    leaked = [name for name in leaked_names(answer, right=right) if name not in allowed]
    if not leaked:
        return None
    return (
        f"It takes {words(leaked)} from the notebook around it. A function should use only "
        f"what it is given, here {words(argument_names(answer, len(names)) or names)}, and what "
        "it makes of that."
    )


@dataclasses.dataclass
class Looks:
    """A mistake that is recognized by what comes out, not by a function that makes it."""

    holds: Callable  # called with the result and what is right, for each example
    together: bool = False  # whether it is called once, with lists of all results and examples

    def like(self, results, expected, examples):
        """Return whether all results look like this mistake."""
        try:
            if self.together:
                return bool(self.holds(results, expected, examples))
            return all(map(self.holds, results, expected))
        # What has another kind or shape than expected cannot be compared, so it looks different.
        except (TypeError, ValueError, IndexError, AttributeError, ArithmeticError):
            return False


def stops(*parts):
    """Return a mistake that is recognized by what an exception says, in one example at least."""

    def holds(results, _expected, _examples):
        errors = [str(got) for got in results if isinstance(got, Exception)]
        return any(part in error for part in parts for error in errors)

    return Looks(holds, together=True)


def within(seconds, work):
    """Return what ``work()`` returns and what it printed, or raise what it raises.

    It runs on a thread of its own, so that this returns in time whatever it does. On a busy
    computer it gets more time, because others compute meanwhile: up to five times as much.

    Raises
    ------
    HintError
        If it is not done after that many seconds of computing.
    """
    outcome, printed = {}, io.StringIO()

    def run():
        try:
            outcome["value"] = work()
        except BaseException as error:  # sys.exit() in an answer, too
            outcome["error"] = error

    # A daemon, or an answer that cannot be stopped would keep the kernel from shutting down.
    thread, fate = threading.Thread(target=run, daemon=True), None
    quiet = contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed)
    with quiet[0], quiet[1], warnings.catch_warnings():
        # What overflows gets a hint; NumPy's red boxes above it would only distract from that.
        warnings.simplefilter("ignore")
        thread.start()
        try:
            _wait(thread, seconds)
        except BaseException:  # somebody interrupts the kernel
            _stop(thread)
            raise
        if thread.is_alive():
            fate = _stop(thread)
    if fate:
        stopped = outcome.get("error")
        if isinstance(stopped, OutOfTimeError) and str(stopped):
            fate = f"{stopped} Or {fate[0].lower()}{fate[1:]}"
        raise HintError(f"It is not done after {seconds:g} seconds. {fate}")
    if "error" in outcome:
        if not isinstance(outcome["error"], Exception):
            raise RuntimeError from outcome["error"]  # not to be taken for one of the kernel
        raise outcome["error"]
    return outcome["value"], printed.getvalue()


def _wait(thread, seconds):
    """Wait until a thread ends, or has had so many seconds of computing."""
    start, computed = time.monotonic(), time.process_time()
    thread.join(seconds)
    # What waits instead of computing, as `time.sleep` does, has an end as well.
    while (
        thread.is_alive()
        and time.process_time() - computed < seconds
        and time.monotonic() - start < 5 * seconds
    ):
        thread.join(0.05)


def _stop(thread):
    """End a thread, and return a sentence about whether that worked."""
    # Again and again: the exception comes only between two instructions of Python, not inside of
    # NumPy, and the answer may catch it by a bare `except:`.
    for _ in range(20):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTimeError)
        )
        # Not `join`: once it was interrupted, Python 3.11 calls the thread ended.
        time.sleep(0.05)
        if thread not in threading.enumerate():
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
    # An answer may change its copies as it likes, without spoiling them for others. Functions and
    # models are passed on as they are: to copy a model takes long.
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
    # 16 times the entries make a loop take many times as long. Without one, a few instructions may
    # still be added, as by a branch for larger arrays.
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

    # Debuggers and coverage trace, too; they get their place back.
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        outcome_of(function, arguments)
    finally:
        sys.settrace(before)
    return count
