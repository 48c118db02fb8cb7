"""Helpers of the series: they load, draw and check; the machine learning is in the notebooks."""

from helpers.data import load_data, split_data
from helpers.environment import check_environment

__all__ = ["check_environment", "load_data", "split_data"]
