"""Helpers of the series: they load, draw and check; the machine learning is in the notebooks."""

from helpers.data import load_data, load_mnist, split_data
from helpers.environment import check_environment
from helpers.ink import draw_strokes, to_digit
from helpers.number import to_digits

__all__ = [
    "DigitCanvas",
    "check_environment",
    "draw_strokes",
    "load_data",
    "load_mnist",
    "split_data",
    "to_digit",
    "to_digits",
]


def __getattr__(name):
    # The widget needs ipywidgets, which takes longer to import than all the rest.
    if name == "DigitCanvas":
        from helpers.canvas import DigitCanvas

        return DigitCanvas
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")
