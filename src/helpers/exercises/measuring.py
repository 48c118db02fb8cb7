"""Open tasks: their answers are measured instead of being right or wrong."""

import dataclasses
import math
from collections.abc import Callable

from helpers.exercises.comparing import BlankError, HintError, show
from helpers.exercises.engine import check_arguments, leak_sentence
from helpers.exercises.explaining import explain


def called(answer, *arguments, explained=explain):
    """Return what an answer makes of the arguments, which it may change.

    Raises
    ------
    BlankError
        If it is still a blank.
    HintError
        If it stops; ``explained`` says why.
    """
    try:
        result = answer(*arguments)
    except NotImplementedError:
        raise BlankError from None
    except Exception as error:
        raise HintError(explained(error)) from None
    if result is ...:
        raise BlankError
    return result


@dataclasses.dataclass
class OpenTask:
    """A task without a best answer: the learner may come back and do better."""

    number: str
    title: str
    todo: str  # what a blank is told
    measure: Callable  # of the answer: a score, and one thing to try next; or it raises a HintError
    ours: float  # what the solution in the notebook reaches
    form: str  # how a score is written, such as "{:.1f} %"
    enough: float | None = None  # with which score it counts as solved; `ours`, if left out
    higher: bool = True  # whether a higher score is better
    names: tuple = ()  # the arguments of the answer, if it has to be a function
    seconds: float = 10  # until it is stopped
    wrong: list = dataclasses.field(default_factory=list)  # as of an `Exercise`

    def examine(self, answer):
        """Return the score of an answer and one thing to try next; see `Exercise.examine`."""
        if answer is ... or answer is None:
            raise BlankError
        if self.names:
            self.check_function(answer)
        score, advice = self.measure(answer)
        if not math.isfinite(score):
            raise HintError(f"What was measured is not a number ({score}), so it cannot count.")
        return float(score), advice

    def check_function(self, answer):
        """Raise a HintError unless this is a function that uses only what it is given."""
        # A model of Keras can be called, too; by its name, for an import would take seconds.
        is_model = any(kind.__name__ == "Model" for kind in type(answer).__mro__)
        if is_model or not callable(answer):
            raise HintError(
                "The check needs the function itself, its name without parentheses, but got "
                f"{show(answer)}."
            )
        check_arguments(answer, self.names)
        leak = leak_sentence(answer, self.names)
        if leak:
            raise HintError(leak)

    def written(self, score):
        """Return a score as the learner reads it."""
        return self.form.format(score)

    def better(self, scores):
        """Return the best of some scores, or None if there are none."""
        return (max if self.higher else min)(scores, default=None)

    def is_enough(self, score):
        """Return whether a score counts as solved; what reads the same as enough is enough."""
        enough = self.ours if self.enough is None else self.enough
        return self.better([score, enough]) == score or self.written(score) == self.written(enough)

    def sentence(self, score, advice):
        """Return what was reached, what the series reaches, and what to try next."""
        return (
            f"You reach {self.written(score)}; our own solution reaches {self.written(self.ours)}. "
            f"To try next: {advice}"
        )
