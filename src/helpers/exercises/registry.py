"""Collect the exercises of all steps, each from the module of its step: `step_01.py` and so on.

Those modules are found by their names, so that a new step needs no line here or elsewhere. Each
holds, for its exercises, what the answer should do, the usual mistakes with their hints, and wrong
answers as learners write them, on which the tests try the hints.
"""

import ast
import importlib
import inspect
import re
import sys
import textwrap
import traceback
from pathlib import Path

import numpy as np

from helpers.exercises.engine import Exercise
from helpers.exercises.measuring import OpenTask

EXERCISES = {}  # by number; in numeric order as soon as `load_steps` is done

_FOLDER = Path(__file__).parent


class RegistrationError(ValueError):
    """An exercise or a wrong answer stands where it does not belong; the message says which."""


def exercise(number, title, *, todo, examples, mistakes, **more):
    """Register the function under it as what an answer should do.

    The function also says how an answer is called and what its arguments are called: the blank in
    the notebook and the wrong answers have the same names.

    Parameters
    ----------
    number, title : str
        As in the notebook, such as ``"2.1"``.
    todo, examples, mistakes, **more
        See `Exercise`.

    Raises
    ------
    RegistrationError
        If the number is no number, belongs into the module of another step or is there already.
    """

    def register(right):
        add(Exercise(number, title, todo, right, examples, mistakes, **more), right.__module__)
        return right

    return register


def open_task(number, title, *, todo, ours, form, **more):
    """Register the function under it as what measures the answers to an open task.

    It is called with the answer, and returns a score and a sentence with one thing to try next. It
    raises a `HintError` about an answer that cannot be measured, or must not count. It has to
    measure on images that the answer was not chosen on, or learners would fish for luck.

    Parameters
    ----------
    number, title : str
        As in the notebook, such as ``"5.4"``.
    todo, ours, form, **more
        See `OpenTask`.

    Raises
    ------
    RegistrationError
        As of `exercise`.
    """

    def register(measure):
        add(OpenTask(number, title, todo, measure, ours, form, **more), measure.__module__)
        return measure

    return register


def add(exercise, module):
    """Register an exercise of any kind, defined in the module of that name; see `exercise`."""
    number, here = exercise.number, module.rpartition(".")[2]
    # One that is no number could not be sorted, and its step has no module.
    if not re.fullmatch(r"[1-9]\d*\.[1-9]\d*", number):
        raise RegistrationError(
            f"The number {number!r} of an exercise in {_written(here)} is not a step and a "
            "position, such as '2.1'."
        )
    # Else nobody would find it, and the notebook of that step would have one too many.
    if here != _module_of(number):
        raise RegistrationError(
            f"Exercise {number} is registered in {_written(here)}; move it to "
            f"{_written(_module_of(number))}, or correct its number."
        )
    # The second would replace the first without a word.
    if number in EXERCISES:
        raise RegistrationError(
            f"Exercise {number} is registered twice in {_written(here)}; give one of the two "
            "another number."
        )
    EXERCISES[number] = exercise


def wrong(number, hint, code):
    """List a wrong answer to an exercise that stands above, and a part of the hint it must get.

    Raises
    ------
    RegistrationError
        If there is no such exercise yet.
    """
    if number not in EXERCISES:
        raise RegistrationError(
            f"A wrong answer belongs to exercise {number}, which is not there; write it below its "
            f"exercise in {_written(_module_of(number))}."
        )
    EXERCISES[number].wrong.append((hint, code))


def wrong_results(number, results, *, before=""):
    """List wrong answers that differ in what they return: {part of the hint: expression}.

    `before` is what stands before the `return` in all of them, as it stands in the function.
    """
    wrong_bodies(number, {h: f"{before}return {result}" for h, result in results.items()})


def wrong_bodies(number, bodies):
    """List wrong answers as {part of the hint: what stands in the function}.

    The first line has no indent, all others have theirs. What an exercise asks for must be a
    function; the wrong answers of another kind of exercise are listed by `wrong`.
    """
    right = getattr(EXERCISES.get(number), "right", None)
    # Without an exercise `wrong` says so.
    head = right and f"def {right.__name__}({', '.join(inspect.signature(right).parameters)}):"
    for hint, body in bodies.items():
        wrong(number, hint, f"{head}\n    {body}")


def listed(text):
    """Return {hint: codes} from a text in which below each hint, indented, stands what gets it.

    A code is an expression on a line; the first may be lines of a function, up to a `return`.
    """
    found = re.findall(r"^((?:\S.*\n)+)((?: .*\n)+)", text, re.MULTILINE)
    return {" ".join(hint.split()): _codes(textwrap.dedent(block)) for hint, block in found}


def _codes(block):
    body = re.match(r"(?:.*\n)*? *return .*\n", block)
    end = body.end() if body else 0
    return [block[: max(end - 1, 0)]] * bool(end) + block[end:].splitlines()


def written(arguments, table):
    """Return mistakes from a table of codes; see `listed`.

    The same table serves `wrong_written`, so that such a mistake is written down only once.
    """
    return {
        hint: tuple(_function(arguments, code) for code in codes) for hint, codes in table.items()
    }


def wrong_written(number, table):
    """List as wrong answers the first of each mistake in a table; see `listed`."""
    wrong_bodies(number, {hint: _body(codes[0]) for hint, codes in table.items()})


def _body(code):
    return (code if "return " in code else f"return {code}").replace("\n", "\n    ")


def _function(arguments, code):
    names = {"np": np}
    exec(f"def mistake({arguments}):\n    {_body(code)}", names)
    return names["mistake"]


def load_steps():
    """Import the modules of all steps, and bring their exercises into numeric order.

    Raises
    ------
    ImportError
        If a module is no Python or fails; in one sentence, for whoever writes a step reads it.
    RegistrationError
        If an exercise stands in the wrong module, or twice.
    """
    for path in sorted(_FOLDER.glob("step_[0-9][0-9].py")):
        module = f"{__package__}.{path.stem}"
        if module not in sys.modules:
            # What it had registered when it failed: in a notebook one mends it and imports again.
            for number in [number for number in EXERCISES if _module_of(number) == path.stem]:
                del EXERCISES[number]
        try:
            importlib.import_module(module)
        except RegistrationError:
            raise  # its message already names the module and the remedy
        except Exception as error:
            # Without the chain, which would show the insides of Python's import.
            raise ImportError(_why_not(path, error)) from None
    # A step may import from a later one, which is then registered first; as texts, "10.1" < "9.1".
    in_order = sorted(EXERCISES.items(), key=lambda item: [int(n) for n in item[0].split(".")])
    EXERCISES.clear()
    EXERCISES.update(in_order)


def problems_of_exercises():
    """Return a sentence for each thing that an exercise lacks before the tests can try it."""
    problems = []
    for number, exercise in EXERCISES.items():
        module = _written(_module_of(number))
        count = len(exercise.wrong)
        if count < 3:
            problems.append(
                f"exercise {number} has {count} wrong answer{'s' * (count != 1)}, but it needs at "
                f"least three; write them in {module}"
            )
        # The tests run the code; here it must not need TensorFlow nor take any time.
        for hint, code in exercise.wrong:
            try:
                ast.parse(code)
            except SyntaxError as error:
                problems.append(
                    f"the wrong answer of exercise {number} for the hint {hint!r} is not valid "
                    f"Python ({error.msg}); mend it in {module}"
                )
    return problems


def _module_of(number):
    return f"step_{int(number.partition('.')[0]):02}"


def _written(module):
    """Return the path of a module of this package, as one writes it in the repository."""
    return Path(*_FOLDER.parts[-3:], f"{module}.py").as_posix()


def _why_not(path, error):
    """Return one sentence about why the module in this file cannot be imported."""
    # A step may import from another one, which is then the one to mend.
    places = [(path, None)] + [
        (file, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if (file := Path(frame.filename)).parent == _FOLDER and file.name.startswith("step_")
    ]
    what = f"stops with {type(error).__name__} ({' '.join(str(error).split())})"
    # Not of a text that the module hands to `eval` or the like: that has no file.
    if isinstance(error, SyntaxError) and Path(error.filename or path).parent == _FOLDER:
        places.append((Path(error.filename or path), error.lineno))
        what = f"is not valid Python ({error.msg})"
    path, line = places[-1]
    return f"{_written(path.stem)}{f', line {line},' if line else ''} {what}; mend it"
