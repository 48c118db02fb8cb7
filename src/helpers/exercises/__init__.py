"""Check the answers to the exercises, and remember which are solved."""

import dataclasses
import re
import textwrap
from datetime import date

from helpers import data
from helpers.environment import set_defaults
from helpers.exercises.comparing import BlankError, HintError
from helpers.exercises.engine import within
from helpers.exercises.registry import EXERCISES, load_steps, problems_of_exercises

__all__ = [
    "EXERCISES",
    "SECONDS",
    "Verdict",
    "check",
    "diagnose",
    "problems_of_exercises",
    "show_progress",
    "solved_exercises",
]

# Here, so that whoever imports anything of this package finds all exercises, in their order.
load_steps()

SECONDS = 2  # until an answer is taken for one that never ends


def check(number, answer):
    """Print whether the answer to an exercise is right, or what is wrong with it.

    Parameters
    ----------
    number : str
        Number of the exercise, such as ``"2.1"``.
    answer : object
        What the exercise asks for, in most cases a function.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    verdict = diagnose(number, answer)
    if verdict.solved:
        verdict.sentence = f"{verdict.sentence} {_enter(str(number))}".lstrip()
    # JupyterLab would break long lines anywhere.
    print(textwrap.fill(str(verdict), 80, subsequent_indent="  "))


def solved_exercises(through=None):
    """Return the exercises in their order, each as (number, title, day it was solved or None).

    Parameters
    ----------
    through : int, optional
        The last step whose exercises are wanted; all of them, if it is left out.
    """
    solved = _read()
    return [
        (e.number, e.title, solved.get(e.number))
        for e in EXERCISES.values()
        if through is None or int(e.number.partition(".")[0]) <= through
    ]


def show_progress():
    """Print one line for each exercise that has been solved, in this or in an earlier session."""
    set_defaults()  # here, because it is the first that each notebook calls
    solved = [(number, title, day) for number, title, day in solved_exercises() if day]
    count = f"{len(solved)} of {len(EXERCISES)}" if solved else "none of the"
    print(f"You have solved {count} exercises{'.' if solved else ' yet.'}")
    for number, title, day in solved:
        print(f"✓ {number} {title}, {day}")


@dataclasses.dataclass
class Verdict:
    """What a check found."""

    number: str
    solved: bool
    blank: bool
    sentence: str

    def __str__(self):
        """Return it as one line."""
        mark = "✓" if self.solved else "○" if self.blank else "✗"
        state = "solved" if self.solved else "not solved yet" if self.blank else "not right yet"
        return f"{mark} Exercise {self.number} is {state}. {self.sentence}".rstrip()


def diagnose(number, answer):
    """Return the `Verdict` on an answer; see `check`."""
    # As a text, for `check(2.1, ...)` is easily written and means the same.
    exercise = EXERCISES.get(str(number))
    if exercise is None:
        first, *_, last = EXERCISES
        raise ValueError(
            f"There is no exercise {number!r}; the first is {first!r}, the last is {last!r}."
        )
    try:
        _, printed = within(SECONDS, lambda: exercise.examine(answer))
    except BlankError:
        return Verdict(exercise.number, False, True, exercise.todo)
    except HintError as hint:
        return Verdict(exercise.number, False, False, str(hint))
    except Exception as error:
        # An object that fails as soon as one looks at it.
        kind = type(error).__name__
        return Verdict(exercise.number, False, False, f"Looking at the answer raises {kind}.")
    note = "(What it printed is left out here.)" if printed else ""
    return Verdict(exercise.number, True, False, note)


def _path():
    return data.CACHE / "progress.txt"


def _read():
    """Return the day on which each exercise was first solved; of a damaged file, what is whole."""
    try:
        text = _path().read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return {}
    solved = {}
    for line in text.splitlines():
        number, _, day = line.partition(" ")
        # All else is left out: it was cut off, or belongs to another version of the series.
        if number in EXERCISES and re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            solved.setdefault(number, day)
    return solved


def _enter(number):
    """Write down that an exercise is solved, and return a sentence about all of them."""
    solved = _read().keys() | {number}
    sentence = f"That makes {len(solved)} of {len(EXERCISES)}."
    try:
        # A line is added and nothing else touched, so that two notebooks may do it at once.
        with _path().open("a", encoding="utf-8") as file:
            file.write(f"\n{number} {date.today().isoformat()}\n")
    except OSError as error:
        return f"{sentence} (It cannot be kept for later: {error}.)"
    return sentence
