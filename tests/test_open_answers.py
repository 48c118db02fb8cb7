"""What the pages say of their open tasks: that our solutions reach it, and what is known before."""

import numpy as np
import pytest

from helpers import to_digit
from helpers.exercises import diagnose
from helpers.exercises.step_07 import read_leaning


def test_without_straightening_as_many_leaning_digits_are_read_as_the_page_says():
    score, advice = read_leaning(to_digit)
    assert round(score, 1) == 78.7
    assert "`np.polyfit` can tell" in advice


@pytest.mark.parametrize("value", [np.nan, -0.5, 255.0])
def test_a_picture_whose_values_are_no_ink_does_not_count(value):
    verdict = diagnose("7.4", lambda picture: np.full((20, 20), value))
    assert not verdict.solved
    assert "paper is 0 and ink is 1" in verdict.sentence
