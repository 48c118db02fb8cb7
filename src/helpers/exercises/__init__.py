"""Check the answers to the exercises, and remember which are solved."""

import dataclasses
import re
import textwrap
from datetime import date

from helpers import data
from helpers.exercises.comparing import BlankError, HintError
from helpers.exercises.engine import within
from helpers.exercises.measuring import OpenTask
from helpers.exercises.registry import EXERCISES, load_steps, problems_of_exercises

__all__ = [
    "EXERCISES",
    "SECONDS",
    "Verdict",
    "best_scores",
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

    The answer to an open task is measured, and the best result is kept.

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
    number = str(number)
    try:
        verdict = diagnose(number, answer)
    except KeyboardInterrupt:
        print(f"The check of exercise {number} was interrupted; run its cell again.")
        return
    more = []
    if verdict.score is not None:
        more.append(_enter_score(EXERCISES[number], verdict.score))
    if verdict.solved:
        more.append(_enter(number))
    verdict.sentence = " ".join([verdict.sentence, *more]).lstrip()
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
    """Print one line for each exercise that has been solved, in this or in an earlier session.

    So are open tasks with their best results, whether these are enough to be solved or not.
    """
    best = best_scores()
    exercises = solved_exercises()
    solved = sum(day is not None for _, _, day in exercises)
    count = f"{solved} of {len(EXERCISES)}" if solved else "none of the"
    print(f"You have solved {count} exercises{'.' if solved else ' yet.'}")
    for number, title, day in exercises:
        reached = ""
        if number in best:
            task = EXERCISES[number]
            reached = (
                f"{', ' if day else ', not solved yet, '}best result "
                f"{task.written(best[number])} (ours: {task.written(task.ours)})"
            )
        if day or reached:
            print(f"{'✓' if day else '·'} {number} {title}{f', {day}' if day else ''}{reached}")


def best_scores():
    """Return the best score that the learner has reached in each open task, by its number."""
    scores = {}
    for number, _, score in _lines():
        if score is not None and isinstance(EXERCISES[number], OpenTask):
            scores.setdefault(number, []).append(score)
    return {number: EXERCISES[number].better(of_task) for number, of_task in scores.items()}


@dataclasses.dataclass
class Verdict:
    """What a check found."""

    number: str
    solved: bool
    blank: bool
    sentence: str
    score: float | None = None  # of an open task that could be measured

    def __str__(self):
        """Return it as one line."""
        mark, state = "✗", "not right yet"
        if self.solved:
            mark, state = "✓", "solved"
        elif self.blank:
            mark, state = "○", "not solved yet"
        elif self.score is not None:
            mark, state = "·", "measured, but not solved yet"
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
    is_open = isinstance(exercise, OpenTask)
    seconds = exercise.seconds if is_open else SECONDS
    try:
        measured, printed = within(seconds, lambda: exercise.examine(answer))
    except BlankError:
        return Verdict(exercise.number, False, True, exercise.todo)
    except HintError as hint:
        return Verdict(exercise.number, False, False, str(hint))
    except Exception as error:
        # An object that fails as soon as one looks at it.
        kind = type(error).__name__
        return Verdict(exercise.number, False, False, f"Looking at the answer raises {kind}.")
    note = "(What it printed is left out here.)" if printed else ""
    if is_open:
        sentence = f"{exercise.sentence(*measured)} {note}".rstrip()
        score, _ = measured
        return Verdict(exercise.number, exercise.is_enough(score), False, sentence, score)
    return Verdict(exercise.number, True, False, note)


def _path():
    return data.CACHE / "progress.txt"


def _read():
    """Return the day on which each exercise was first solved."""
    solved = {}
    for number, day, score in _lines():
        if score is None:
            solved.setdefault(number, day)
    return solved


def _lines():
    """Yield what is kept: number, day, and a score or None; of a damaged file, what is whole.

    A line without a score says that an exercise was solved, one with a score what an open task
    has reached.
    """
    try:
        text = _path().read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        # All else is left out: it was cut off, or belongs to another version of the series.
        found = re.fullmatch(r"(\S+) (\d{4}-\d\d-\d\d)(?: (-?\d+(?:\.\d+)?) \.)?", line)
        if found and found[1] in EXERCISES:
            yield found[1], found[2], None if found[3] is None else float(found[3])


def _enter(number):
    """Write down that an exercise is solved, and return a sentence about all of them."""
    solved = _read().keys() | {number}
    sentence = f"That makes {len(solved)} of {len(EXERCISES)}."
    return f"{sentence} {_add(number)}".rstrip()


def _enter_score(task, score):
    """Write down what an open task has reached, and return a sentence about the best so far."""
    before = best_scores().get(task.number)
    if before is not None and task.better([before, score]) == before:
        return f"Your best result is {task.written(before)}."
    # The dot shows that the number before it was not cut off.
    problem = _add(task.number, f" {score:.6f} .")
    return f"This is your best result. {problem}".rstrip()


def _add(number, more=""):
    """Add a line of today; return why that failed, or an empty text."""
    try:
        # A line is added and nothing else touched, so that two notebooks may do it at once.
        with _path().open("a", encoding="utf-8") as file:
            file.write(f"\n{number} {date.today().isoformat()}{more}\n")
    except OSError as error:
        return f"(It cannot be kept for later: {error}.)"
    return ""
